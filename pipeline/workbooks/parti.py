"""Where the parts of an Excel workbook are: found once, by their relationships, for every reader.

calamine looks for some parts under fixed names, openpyxl for others by their type: a file in which they
could look at different things is refused. What is left is put together anew, under the usual names: the
guard and calamine read this plain archive, never the file. Source: ECMA-376, parts 1 and 2.
"""

import posixpath
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from pipeline.workbooks import natura
from pipeline.workbooks.archivio import Archivio, Conti, Parti, chiave
from pipeline.workbooks.grid import FileRifiutato, rifiuto

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STILI, TESTI = "xl/styles.xml", "xl/sharedStrings.xml"
CORE, PROPRIETA = "docProps/core.xml", "docProps/custom.xml"

_UFFICIO = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACCO = "http://schemas.openxmlformats.org/package/2006"
_LIBRO = f"{{{MAIN}}}workbook"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}workbook"
_SOLITO = "xl/workbook.xml"
_RELAZIONE = f"{{{_PACCO}/relationships}}Relationship"
_TIPO = f"{{{_PACCO}/content-types}}Override"
_SHEETS, _SHEET = f"{{{MAIN}}}sheets", f"{{{MAIN}}}sheet"
_TIPI = "[Content_Types].xml"
_FINALI = {
    _SOLITO: "sheet.main+xml",
    STILI: "spreadsheetml.styles+xml",
    TESTI: "spreadsheetml.sharedStrings+xml",
}
"""How the type of a part that stands once in a workbook ends."""
_SI = ("1", "true")


class Descritto(NamedTuple):
    """A sheet of the workbook: its title, kind ("worksheet", "chartsheet"…) and part in the file."""

    titolo: str
    tipo: str
    parte: str
    nascosto: bool


@dataclass(frozen=True)
class Piano:
    """A workbook laid out plainly: the n-th sheet, from 1, is the part `parte(n)` of `parti`. In `pacco`
    the same parts are a zip, and the sheet has its number for a name."""

    parti: Parti
    pacco: bytes
    fogli: list[Descritto]
    dal_1904: bool
    da_calcolare: bool
    """Whether the program that wrote it leaves the calculation of the formulas to the next one."""

    @staticmethod
    def parte(numero: int) -> str:
        return f"xl/worksheets/sheet{numero}.xml"


def libro_di(archivio: Archivio) -> str | None:
    """The part that a package says to be its document, whatever it holds; None when it says none."""
    trovate = [parte for _, tipo, parte in _relazioni(archivio, "") if tipo == "officeDocument"]
    if len(trovate) > 1:
        raise _ambiguo(archivio, "due parti dicono di essere quella principale")
    if trovate:
        return trovate[0]
    return _SOLITO if archivio.ha(_SOLITO) else None


def in_piano(archivio: Archivio, parte: str) -> Piano:
    """The workbook whose main part is `parte`, laid out. Raises FileRifiutato."""
    libro = _libro(archivio, parte)
    relazioni, del_pacco = _relazioni(archivio, parte), _relazioni(archivio, "")
    fogli = _fogli(archivio, libro, {ident: (tipo, dove) for ident, tipo, dove in relazioni})
    parti = {Piano.parte(n): archivio.leggi(foglio.parte) for n, foglio in enumerate(fogli, start=1)}
    uniche = {
        _SOLITO: parte,
        STILI: _unica(archivio, relazioni, "styles", STILI),
        TESTI: _unica(archivio, relazioni, "sharedStrings", TESTI),
        CORE: _unica(archivio, del_pacco, "core-properties", CORE),
        PROPRIETA: _unica(archivio, del_pacco, "custom-properties", PROPRIETA),
    }
    _concordi(archivio, uniche)
    for solita in (STILI, TESTI, CORE, PROPRIETA):
        if uniche[solita]:
            parti[solita] = archivio.leggi(uniche[solita])
    calcolo, generali = libro.find(f"{{{MAIN}}}calcPr"), libro.find(f"{{{MAIN}}}workbookPr")
    dal_1904 = generali is not None and generali.get("date1904") in _SI
    lasciato = calcolo is not None and (
        calcolo.get("fullCalcOnLoad") in _SI or calcolo.get("calcCompleted", "1") not in _SI
    )
    pacco = _in_uno_zip({**_di_servizio(len(fogli), dal_1904), **parti})
    return Piano(Parti(archivio.nome, parti), pacco, fogli, dal_1904, lasciato)


def _di_servizio(fogli: int, dal_1904: bool) -> dict[str, bytes]:
    """The parts that say where the others are."""
    nomi = [(f"r{n}", n) for n in range(1, fogli + 1)]
    elenco = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="{ident}"/>' for ident, n in nomi)
    libro = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{_UFFICIO}"><workbookPr date1904="{int(dal_1904)}"/>'
        f"<sheets>{elenco}</sheets></workbook>"
    )
    return {
        "_rels/.rels": _elenco([("r1", "officeDocument", _SOLITO)]),
        _SOLITO: libro.encode(),
        "xl/_rels/workbook.xml.rels": _elenco(
            [(ident, "worksheet", f"/{Piano.parte(n)}") for ident, n in nomi]
        ),
    }


def _in_uno_zip(parti: dict[str, bytes]) -> bytes:
    """Parts in a zip, as they are."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as pacco:
        for nome, contenuto in parti.items():
            pacco.writestr(zipfile.ZipInfo(nome), contenuto)
    return buffer.getvalue()


def _elenco(relazioni: list[tuple[str, str, str]]) -> bytes:
    voci = "".join(
        f'<Relationship Id="{ident}" Type="{_UFFICIO}/{tipo}" Target="{dove}"/>'
        for ident, tipo, dove in relazioni
    )
    return f'<Relationships xmlns="{_PACCO}/relationships">{voci}</Relationships>'.encode()


def _ambiguo(archivio: Archivio, perche: str) -> FileRifiutato:
    return rifiuto("F03", archivio.nome, perche)


def _libro(archivio: Archivio, parte: str) -> etree._Element:
    """The main part, if it is that of a workbook."""
    radice = None if parte.endswith(".bin") else archivio.albero(parte)
    if radice is None or radice.tag not in (_LIBRO, _STRICT):
        raise FileRifiutato(natura.rilievo(archivio.nome, natura.riconosci(archivio.contenuto)))
    if radice.tag == _STRICT:
        raise rifiuto("F01", archivio.nome, "è in una variante del formato («Strict Open XML»)")
    return radice


def _relazioni(archivio: Archivio, parte: str) -> list[tuple[str, str, str]]:
    """The relationships of a part ("" is the package) to other parts: identifier, kind, part.

    The kind is the last word of its type: what stands before it changes with the variant of the format.
    """
    cartella, nome = posixpath.split(parte)
    dove = posixpath.join(cartella, "_rels", f"{nome}.rels")
    if not parte and not archivio.ha(dove):
        return []
    relazioni = []
    for nodo in archivio.albero(dove).iterchildren(etree.Element):
        if nodo.tag != _RELAZIONE:
            raise _ambiguo(archivio, "un elenco delle sue parti contiene altro")
        if nodo.get("TargetMode") != "External":
            meta, tipo = nodo.get("Target", ""), nodo.get("Type", "").rpartition("/")[2]
            relazioni.append((nodo.get("Id", ""), tipo, _assoluta(cartella, meta)))
    if len({ident for ident, _, _ in relazioni}) < len(relazioni):
        raise _ambiguo(archivio, "due sue parti hanno lo stesso identificativo")
    return relazioni


@lru_cache(maxsize=256)  # those of a form are the same in all its workbooks
def _assoluta(cartella: str, meta: str) -> str:
    """The part that a relationship of a folder leads to."""
    return posixpath.normpath(posixpath.join("/", cartella, unquote(meta))).lstrip("/")


def _unica(archivio: Archivio, relazioni: list[tuple[str, str, str]], tipo: str, solita: str) -> str:
    """The part of a kind of which there is at most one; where no relationship says, the usual one."""
    trovate = {chiave(dove): dove for _, di_tipo, dove in relazioni if di_tipo == tipo}
    if len(trovate) > 1:
        raise _ambiguo(archivio, f"ha più parti dello stesso tipo ({tipo})")
    return next(iter(trovate.values()), solita if archivio.ha(solita) else "")


def _concordi(archivio: Archivio, uniche: dict[str, str]) -> None:
    """The list of types, which other programs follow, must not name another part of a kind."""
    if not archivio.ha(_TIPI):
        return
    for nodo in archivio.albero(_TIPI).iter(_TIPO):
        parte, tipo = nodo.get("PartName", "").lstrip("/"), nodo.get("ContentType", "")
        for solita, finale in _FINALI.items():
            if tipo.endswith(finale) and chiave(parte) != chiave(uniche[solita]) and archivio.ha(parte):
                raise _ambiguo(archivio, f"gli elenchi delle sue parti non concordano ({parte})")


def _fogli(
    archivio: Archivio, libro: etree._Element, relazioni: dict[str, tuple[str, str]]
) -> list[Descritto]:
    """The sheets in their order."""
    elenchi = list(libro.iter("{*}sheets"))
    if [nodo.tag for nodo in elenchi] != [_SHEETS] or elenchi[0].getparent() is not libro:
        raise _ambiguo(archivio, "l'elenco dei fogli non è quello di un file Excel")
    fogli, conti = [], Conti(archivio.nome)
    for nodo in elenchi[0].iterchildren(etree.Element):
        conti.un_foglio()
        tipo, dove = relazioni.get(nodo.get(f"{{{_UFFICIO}}}id", ""), ("", ""))
        if nodo.tag != _SHEET or not archivio.ha(dove):
            raise _ambiguo(archivio, "l'elenco dei fogli non corrisponde al contenuto")
        nascosto = nodo.get("state", "visible") != "visible"
        fogli.append(Descritto(nodo.get("name", ""), tipo, dove, nascosto))
    titoli = {foglio.titolo.casefold() for foglio in fogli}
    if len(titoli) < len(fogli) or len({chiave(foglio.parte) for foglio in fogli}) < len(fogli):
        raise _ambiguo(archivio, "nell'elenco dei fogli uno è ripetuto")
    return fogli
