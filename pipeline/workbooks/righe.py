"""The rows of a sheet of an Excel workbook: those that differ by their values alone are parsed once.

The sheets of a form, and its files, have the same rows: the same cells in the same places, with the same
styles. So the values are taken out of the text of a row, and what is left, its `sagoma`, goes through
expat once and is kept. A value so taken holds no markup: any reader would find it as it is. A sheet in
which the text could deceive (comments, CDATA, instructions) is not taken apart.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from string import ascii_letters
from typing import NamedTuple
from xml.etree import ElementTree

from pipeline.celle import coordinate
from pipeline.workbooks.contenuti import F, V
from pipeline.workbooks.grid import Posto
from pipeline.workbooks.parti import MAIN

MAX_FOGLIO, MAX_RIGHE, MAX_SAGOMA, MAX_INTORNO = 2**20, 400, 4_096, 16_384
"""The longest sheet, in characters and in rows, that is taken apart: a row that is new costs more by
itself than in a tree of the whole sheet. And how long are, at most, the rows that are kept, and the
sheets without their rows."""

IMPOSSIBILE: Posto = (0, 0)
"""Where a reference that makes no sense leads."""

_ROW, _C = (f"{{{MAIN}}}{nome}" for nome in ("row", "c"))
_MUTI = {
    f"{{{MAIN}}}{nome}"
    for nome in (
        *("sheetViews", "sheetView", "pane", "selection", "hyperlinks", "hyperlink"),
        *("dataValidations", "dataValidation", "formula1", "formula2"),
        *("conditionalFormatting", "cfRule", "formula"),
    )
}
"""Most of what stands around the rows, and says nothing of the cells."""
_APRE, _CHIUDE, _FINE_RIGA = "<sheetData>", "</sheetData>", "</row>"
_TESTA = re.compile(r"\ufeff?(?:<\?xml[^<>]*>)?\s*(<([^\s<>/]+)[^<>]*>)")
_VALORI = re.compile("<v>([^<>&\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*)</v>")
"""A value as it is: no entity, and no character that XML changes or has not."""
_SPAZIO_LUNGO = re.compile(r"""xmlns[^=]*=\s*["'][^"']{300}""")
"""The name space is kept with every name."""
_ATTRIBUTI = ("r", "s", "customFormat", "hidden", "ht")
_SEGNO = "0"
"""What stands for a value in a `sagoma`: there no other <v> can hold it."""


@lru_cache(maxsize=8192)
def posto_di(riferimento: str) -> Posto:
    """A reference as row and column; the sheets of a form have the same ones."""
    if not re.fullmatch(r"[A-Za-z]{1,3}[1-9][0-9]{0,6}", riferimento):
        return IMPOSSIBILE
    return coordinate(riferimento.upper())


class Piena(NamedTuple):
    """A cell with one value, and perhaps the formula of which it is: its place, type and style."""

    posto: Posto
    tipo: str
    stile: int
    formula: bool


class Stampo(NamedTuple):
    """A row without its values: its attributes, how many elements it has, the cells that have a value,
    in their order, and the places of all its cells by style."""

    attributi: dict[str, str]
    elementi: int
    piene: tuple[Piena, ...]
    per_stile: tuple[tuple[str, tuple[Posto, ...]], ...]


class Spezzato(NamedTuple):
    """A sheet taken apart: itself without its rows; the tags to put around one of them; the rows."""

    intorno: str
    testa: str
    coda: str
    righe: str

    def frammenti(self) -> Iterator[str]:
        """The rows one by one; some may stay together, and the last may be blanks."""
        inizio = 0
        while fine := self.righe.find(_FINE_RIGA, inizio) + 1:
            fine += len(_FINE_RIGA) - 1
            yield self.righe[inizio:fine]
            inizio = fine
        yield self.righe[inizio:]

    def albero_intorno(self) -> tuple[ElementTree.Element, int]:
        """The sheet without its rows, not to be changed, and how many of its elements are left out."""
        leggi = _intorno if len(self.intorno) <= MAX_INTORNO else _intorno.__wrapped__
        return leggi(self.intorno)

    def albero(self, frammento: str) -> ElementTree.Element:
        """The `sheetData` that holds a row. Raises ElementTree.ParseError."""
        return _albero(self.testa, frammento, self.coda)

    def stampo(self, frammento: str) -> tuple[Stampo | None, list[str]]:
        """The rest of a row and its values, if it holds nothing else and every cell says where it is."""
        if len(frammento) > MAX_SAGOMA or "<is>" in frammento:
            return None, []
        pezzi = _VALORI.split(frammento)
        return _stampo(self.testa, tuple(pezzi[::2]), self.coda), pezzi[1::2]


def spezza(testo: str) -> Spezzato | None:
    """A sheet taken apart, None if its rows may not be where they seem to be.

    Without comments, CDATA and instructions, a «<» can only begin a tag.
    """
    if len(testo) > MAX_FOGLIO or testo.count(_FINE_RIGA) > MAX_RIGHE:
        return None
    prima, apre, dopo = testo.partition(_APRE)
    righe, chiude, coda = dopo.partition(_CHIUDE)
    radice = _TESTA.match(prima)
    if not (apre and chiude and radice) or testo.count("sheetData") > 2:
        return None
    if "<!" in testo or testo.rfind("<?") > 1 or _SPAZIO_LUNGO.search(testo):
        return None
    testa, nome = radice.groups()
    if len(testa) > MAX_SAGOMA:
        return None
    return Spezzato(prima + _APRE + _CHIUDE + coda, testa + _APRE, f"{_CHIUDE}</{nome}>", righe)


@lru_cache(maxsize=128)
def _intorno(testo: str) -> tuple[ElementTree.Element, int]:
    radice = ElementTree.fromstring(testo)
    muti = [figlio for figlio in radice if _muto(figlio)]
    radice[:] = [figlio for figlio in radice if not _muto(figlio)]
    return radice, sum(len(list(muto.iter())) for muto in muti)


def _muto(elemento: ElementTree.Element) -> bool:
    """Whether an element says nothing of the cells, and all that it holds."""
    profondo = any(len(nipote) for figlio in elemento for nipote in figlio)
    return not profondo and all(nodo.tag in _MUTI for nodo in elemento.iter())


def _albero(testa: str, frammento: str, coda: str) -> ElementTree.Element:
    return ElementTree.fromstring(testa + frammento + coda)[0]


@lru_cache(maxsize=2048)
def _stampo(testa: str, sagoma: tuple[str, ...], coda: str) -> Stampo | None:
    """What a row is apart from its values; None if it is not a plain one, or no row at all."""
    try:
        righe = list(_albero(testa, f"<v>{_SEGNO}</v>".join(sagoma), coda))
        return _di_riga(righe[0], len(sagoma) - 1) if len(righe) == 1 else None
    except (ElementTree.ParseError, ValueError):  # for who reads it as a tree
        return None


def _di_riga(riga: ElementTree.Element, valori: int) -> Stampo | None:
    celle = list(riga)
    piene = [cella for cella in celle if len(cella) or cella.text]
    attesa = str(int(riga.get("r", "0")))
    if riga.tag != _ROW or any(cella.tag != _C for cella in celle) or len(piene) != valori:
        return None
    if not all(cella.get("r", "").lstrip(ascii_letters) == attesa for cella in celle):
        return None
    if attesa == "0" or not all(map(_con_un_valore, piene)):
        return None
    attributi = {nome: valore for nome in _ATTRIBUTI if (valore := riga.get(nome)) is not None}
    elementi = 1 + len(celle) + sum(map(len, piene))
    return Stampo(attributi, elementi, tuple(map(_piena, piene)), _per_stile(celle))


def _con_un_valore(cella: ElementTree.Element) -> bool:
    """Whether a cell has its value, before it at most a formula, and nothing else."""
    altro = cella.text or any(len(figlio) or figlio.tail for figlio in cella)
    di_che = [figlio.tag for figlio in cella]
    return not altro and di_che in ([V], [F, V]) and cella[-1].text == _SEGNO


def _piena(cella: ElementTree.Element) -> Piena:
    posto, stile = posto_di(cella.attrib["r"]), int(cella.get("s", "0"))
    return Piena(posto, cella.get("t", "n"), stile, len(cella) > 1)


def _per_stile(celle: list[ElementTree.Element]) -> tuple[tuple[str, tuple[Posto, ...]], ...]:
    stili: dict[str, list[Posto]] = {}
    for cella in celle:
        stili.setdefault(cella.get("s", ""), []).append(posto_di(cella.attrib["r"]))
    return tuple((stile, tuple(posti)) for stile, posti in stili.items())
