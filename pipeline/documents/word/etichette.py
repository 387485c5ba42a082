"""What LibreOffice 7.4 leaves out of the tags of a PDF: which cells name a row, what a table says.

The .docx has it all: its tables are those of the PDF, in the same order. Source: ISO 32000-1, 14.8.4.3.4
and 14.8.5.7.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pikepdf
from docx.oxml.ns import qn
from lxml import etree
from pikepdf import Array, Dictionary, Name, Object

from pipeline.documents.word.base import DOCUMENTO

DIDASCALIA = "/caption"
"""How LibreOffice tags a paragraph with the style of the captions."""


class TavolaDetta(NamedTuple):
    """What a table of a .docx says of itself. `griglia`: its first column names the rows."""

    titolo: str
    descrizione: str
    griglia: bool


def completa(documento: pikepdf.Pdf, docx: Path) -> bool:
    """Give each table of a PDF the title, the summary, the caption and the row headers of the same table
    in the .docx that it was made from. False, and nothing is done, where the tables are others.

    A PDF without tags has no tables.
    """
    radice = documento.Root.get("/StructTreeRoot")
    tavole, elementi = list(_del_docx(docx)), [] if radice is None else list(_tabelle(radice))
    if len(tavole) != len(elementi):
        return False
    for tavola, elemento in zip(tavole, elementi, strict=True):
        _di_che_parla(elemento, tavola)
        _con_didascalia(elemento)
        if tavola.griglia:
            _nomi_delle_righe(elemento)
    return True


def _del_docx(docx: Path) -> Iterator[TavolaDetta]:
    with ZipFile(docx) as pacco:
        corpo = etree.fromstring(pacco.read(DOCUMENTO))
    for proprieta in corpo.iter(qn("w:tblPr")):
        yield TavolaDetta(
            _valore(proprieta, "w:tblCaption"),
            _valore(proprieta, "w:tblDescription"),
            _valore(proprieta, "w:tblLook", "w:firstColumn") == "1",
        )


def _valore(proprieta: etree._Element, nome: str, attributo: str = "w:val") -> str:
    trovata = proprieta.find(qn(nome))
    return "" if trovata is None else trovata.get(qn(attributo), "")


def _figli(elemento: Object) -> Iterator[Object]:
    """The elements inside another: what it marks on the page is not one."""
    figli = elemento.get("/K", Array())
    for figlio in figli if isinstance(figli, Array) else [figli]:
        if isinstance(figlio, Dictionary) and "/S" in figlio:
            yield figlio


def _tabelle(elemento: Object) -> Iterator[Object]:
    for figlio in _figli(elemento):
        if figlio.S == "/Table":
            yield figlio
        else:
            yield from _tabelle(figlio)


def _aggiungi(elemento: Object, attributi: Dictionary) -> None:
    suoi = elemento.get("/A", Array())
    elemento.A = Array([*(suoi if isinstance(suoi, Array) else [suoi]), attributi])


def _di_che_parla(elemento: Object, tavola: TavolaDetta) -> None:
    if tavola.titolo:
        elemento.T = tavola.titolo
    if tavola.descrizione:
        _aggiungi(elemento, Dictionary(O=Name.Table, Summary=tavola.descrizione))


def _con_didascalia(elemento: Object) -> None:
    """The caption above a table becomes its first part."""
    fratelli = elemento.P.get("/K")
    if not isinstance(fratelli, Array):
        return
    posto = [fratello.objgen for fratello in fratelli].index(elemento.objgen)
    sopra = fratelli[posto - 1] if posto else None
    if isinstance(sopra, Dictionary) and sopra.get("/S") == Name(DIDASCALIA):
        del fratelli[posto - 1]
        sopra.S, sopra.P = Name.Caption, elemento
        elemento.K = Array([sopra, *_figli(elemento)])


def _nomi_delle_righe(elemento: Object) -> None:
    """The first cell of each row under the heading names it."""
    for riga in _figli(elemento):
        celle = list(_figli(riga))
        if riga.S == Name.TR and celle and celle[0].S == Name.TD:
            celle[0].S = Name.TH
            _aggiungi(celle[0], Dictionary(O=Name.Table, Scope=Name.Row))
