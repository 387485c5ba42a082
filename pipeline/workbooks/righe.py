"""The rows of a sheet of an Excel workbook: those that differ by their values alone are parsed once.

The sheets of a form, and its files, have the same rows: the same cells in the same places, with the same
styles. So the values are taken out of the text of a row, and what is left, its `sagoma`, goes through
expat once and is kept. A value so taken holds no markup: any reader would find it as it is. A sheet in
which the text could deceive (comments, CDATA, instructions) is not taken apart.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from string import ascii_letters
from typing import NamedTuple
from xml.etree import ElementTree

from pipeline.celle import coordinate
from pipeline.workbooks.archivio import MAX_COLONNE, MAX_RIGHE
from pipeline.workbooks.contenuti import F, V
from pipeline.workbooks.contorno import riga_nascosta
from pipeline.workbooks.grid import Posto
from pipeline.workbooks.parti import MAIN

MAX_FOGLIO, MAX_SPEZZATE, MAX_SAGOMA, MAX_INTORNO = 2**20, 400, 4_096, 16_384
"""The longest sheet, in characters and in rows, that is taken apart: a row that is new costs more by
itself than in a tree of the whole sheet. And how long are, at most, the rows that are kept, and the
sheets without their rows."""

IMPOSSIBILE: Posto = (0, 0)
"""Where a reference that makes no sense leads."""

_ROW, _C = (f"{{{MAIN}}}{nome}" for nome in ("row", "c"))
_MUTI = {
    f"{{{MAIN}}}{nome}"
    for nome in (
        *("sheetPr", "pageSetUpPr", "tabColor", "dimension", "sheetFormatPr"),
        *("sheetViews", "sheetView", "pane", "selection", "hyperlinks", "hyperlink"),
        *("dataValidations", "dataValidation", "formula1", "formula2"),
        *("conditionalFormatting", "cfRule", "formula"),
        *("pageMargins", "pageSetup", "printOptions", "headerFooter", "oddFooter"),
    )
}
"""Most of what stands around the rows, and says nothing of the cells."""
_APRE, _CHIUDE, _FINE_RIGA = "<sheetData>", "</sheetData>", "</row>"
_TESTA = re.compile(r"\ufeff?(?:<\?xml[^<>]*>)?\s*(<([^\s<>/]+)[^<>]*>)")
_VALORI = re.compile("<v>([^<>&\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*)</v>")
"""A value as it is: no entity, and no character that XML changes or has not."""
_ALTRO = ("<!", "<?", "sheetData", "xmlns")
"""Where these stand among the rows, a text may look like a row, or a row be one of another kind."""
_SPAZIO_LUNGO = re.compile(r"""xmlns[^=]*=\s*["'][^"']{300}""")
"""The name space is kept with every name."""
_SEGNO = "0"
"""What stands for a value in a `sagoma`: there no other <v> can hold it."""


@lru_cache(maxsize=8192)
def posto_di(riferimento: str) -> Posto:
    """A reference as row and column; the sheets of a form have the same ones."""
    if not re.fullmatch(r"[A-Za-z]{1,3}[1-9][0-9]{0,6}", riferimento):
        return IMPOSSIBILE
    return coordinate(riferimento.upper())


class Riga(NamedTuple):
    """What a row says of itself: its number, whether it does not show, and the style, as it is written,
    of the cells that it has not."""

    numero: int
    nascosta: bool
    stile: str | None


def testa_di(attributi: Mapping[str, str], seguente: int) -> Riga:
    """A row by its attributes; one that does not say its number is the `seguente`."""
    sua = attributi.get("customFormat") in ("1", "true")
    numero = int(attributi.get("r", seguente))
    return Riga(numero, riga_nascosta(attributi), attributi.get("s") if sua else None)


class Piena(NamedTuple):
    """A cell with one value, and perhaps the formula of which it is: its place, type and style."""

    posto: Posto
    tipo: str
    stile: int
    formula: bool


class Stampo(NamedTuple):
    """A row without its values: how many elements it has; the cells that have a value, in their order;
    the places of those in which one can write."""

    riga: Riga
    elementi: int
    piene: tuple[Piena, ...]
    sbloccate: tuple[Posto, ...]
    testi: tuple[Posto, ...]
    """The places of `piene`, if all are shared texts, one after the other and where a form may be."""
    stili: frozenset[int]
    """Those of `piene`."""


class Intorno(NamedTuple):
    """A sheet without its rows: the tags to put around one of them; the rest as a tree, not to be
    changed, and how many of its elements are left out."""

    testa: str
    coda: str
    radice: ElementTree.Element
    muti: int


class Spezzato(NamedTuple):
    """A sheet taken apart. Some of its rows may stay together, and the last may be blanks."""

    intorno: Intorno
    righe: list[str]

    def albero(self, frammento: str) -> ElementTree.Element:
        """The `sheetData` that holds a row. Raises ElementTree.ParseError."""
        return _albero(self.intorno.testa, frammento, self.intorno.coda)

    def stampo(self, frammento: str, aperti: frozenset[str]) -> tuple[Stampo | None, list[str]]:
        """The rest of a row and its values, if it holds nothing else and every cell says where it is.
        `aperti` are the styles of the cells in which one can write."""
        if len(frammento) > MAX_SAGOMA or "<is>" in frammento:
            return None, []
        pezzi = _VALORI.split(frammento)
        intorno, sagoma = self.intorno, tuple(pezzi[::2])
        return _stampo(intorno.testa, sagoma, intorno.coda, aperti), pezzi[1::2]


def spezza(testo: str) -> Spezzato | None:
    """A sheet taken apart, None if its rows may not be where they seem to be.

    Without comments, CDATA and instructions, a «<» can only begin a tag. Raises ElementTree.ParseError.
    """
    if len(testo) > MAX_FOGLIO:
        return None
    prima, apre, dopo = testo.partition(_APRE)
    dentro, chiude, coda = dopo.partition(_CHIUDE)
    if not (apre and chiude) or any(segno in dentro for segno in _ALTRO):
        return None
    righe = dentro.split(_FINE_RIGA)
    intorno = prima + _APRE + _CHIUDE + coda
    leggi = _intorno if len(intorno) <= MAX_INTORNO else _intorno.__wrapped__
    suo = leggi(intorno) if len(righe) <= MAX_SPEZZATE + 1 else None
    return Spezzato(suo, [*(riga + _FINE_RIGA for riga in righe[:-1]), righe[-1]]) if suo else None


@lru_cache(maxsize=128)
def _intorno(testo: str) -> Intorno | None:
    radice = _TESTA.match(testo)
    if radice is None or len(radice[1]) > MAX_SAGOMA or testo.count("sheetData") > 2:
        return None
    if "<!" in testo or testo.rfind("<?") > 1 or _SPAZIO_LUNGO.search(testo):
        return None
    testa, nome = radice.groups()
    albero = ElementTree.fromstring(testo)
    muti = [figlio for figlio in albero if _muto(figlio)]
    for muto in muti:
        albero.remove(muto)
    quanti = sum(len(list(muto.iter())) for muto in muti)
    return Intorno(testa + _APRE, f"{_CHIUDE}</{nome}>", albero, quanti)


def _muto(elemento: ElementTree.Element) -> bool:
    """Whether an element says nothing of the cells, and all that it holds."""
    profondo = any(len(nipote) for figlio in elemento for nipote in figlio)
    return not profondo and all(nodo.tag in _MUTI for nodo in elemento.iter())


def _albero(testa: str, frammento: str, coda: str) -> ElementTree.Element:
    return ElementTree.fromstring(testa + frammento + coda)[0]


@lru_cache(maxsize=2048)
def _stampo(testa: str, sagoma: tuple[str, ...], coda: str, aperti: frozenset[str]) -> Stampo | None:
    """What a row is apart from its values; None if it is not a plain one, or no row at all."""
    try:
        righe = list(_albero(testa, f"<v>{_SEGNO}</v>".join(sagoma), coda))
        return _di_riga(righe[0], len(sagoma) - 1, aperti) if len(righe) == 1 else None
    except (ElementTree.ParseError, ValueError):  # for who reads it as a tree
        return None


def _di_riga(elemento: ElementTree.Element, valori: int, aperti: frozenset[str]) -> Stampo | None:
    celle = list(elemento)
    piene = [cella for cella in celle if len(cella) or cella.text]
    riga = testa_di(elemento.attrib, 0)
    if elemento.tag != _ROW or any(cella.tag != _C for cella in celle) or len(piene) != valori:
        return None
    if not all(cella.get("r", "").lstrip(ascii_letters) == str(riga.numero) for cella in celle):
        return None
    if not riga.numero or not all(map(_con_un_valore, piene)):
        return None
    elementi = 1 + len(celle) + sum(map(len, piene))
    sue = tuple(map(_piena, piene))
    sbloccate = tuple(posto_di(cella.attrib["r"]) for cella in celle if cella.get("s") in aperti)
    stili = frozenset(piena.stile for piena in sue)
    return Stampo(riga, elementi, sue, sbloccate, _testi(sue), stili)


def _testi(piene: tuple[Piena, ...]) -> tuple[Posto, ...]:
    posti = [piena.posto for piena in piene]
    soli = all(piena.tipo == "s" and not piena.formula for piena in piene)
    dentro = all(riga <= MAX_RIGHE and colonna <= MAX_COLONNE for riga, colonna in posti)
    return tuple(posti) if soli and dentro and posti == sorted(set(posti)) else ()


def _con_un_valore(cella: ElementTree.Element) -> bool:
    """Whether a cell has its value, before it at most a formula, and nothing else."""
    altro = cella.text or any(len(figlio) or figlio.tail for figlio in cella)
    di_che = [figlio.tag for figlio in cella]
    return not altro and di_che in ([V], [F, V]) and cella[-1].text == _SEGNO


def _piena(cella: ElementTree.Element) -> Piena:
    posto, stile = posto_di(cella.attrib["r"]), int(cella.get("s", "0"))
    return Piena(posto, cella.get("t", "n"), stile, len(cella) > 1)
