"""The rows of a sheet of an Excel workbook: those that differ by their values alone are parsed once.

The sheets of a form, and its files, have the same rows: the same cells in the same places, with the same
styles. So the values are taken out of the text of a row, and what is left, its `sagoma`, goes through
expat once and is kept. A value so taken holds no markup: any reader would find it as it is. A sheet in
which the text could deceive (comments, CDATA, instructions) is not taken apart.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from string import ascii_letters
from typing import NamedTuple
from xml.etree import ElementTree

from pipeline.celle import coordinate
from pipeline.workbooks.archivio import CAMBIATI, MAX_COLONNE, MAX_RIGHE, TESTA
from pipeline.workbooks.contenuti import F, V
from pipeline.workbooks.contorno import colonna_nascosta, riga_nascosta
from pipeline.workbooks.grid import Posto
from pipeline.workbooks.parti import MAIN

MAX_FOGLIO, MAX_SPEZZATE, MAX_SAGOMA, MAX_INTORNO = 2**20, 400, 4_096, 16_384
"""The longest sheet, in bytes and in rows, that is taken apart: a row that is new costs more by
itself than in a tree of the whole sheet. And how long are, at most, the rows that are kept, and the
sheets without their rows."""

IMPOSSIBILE: Posto = (0, 0)
"""Where a reference that makes no sense leads."""

_ROW, _C, _COL, _UNITA = (f"{{{MAIN}}}{nome}" for nome in ("row", "c", "col", "mergeCell"))
_MUTI = {
    f"{{{MAIN}}}{nome}"
    for nome in (
        *("sheetPr", "pageSetUpPr", "tabColor", "dimension", "sheetFormatPr"),
        *("sheetViews", "sheetView", "pane", "selection", "hyperlinks", "hyperlink"),
        *("dataValidations", "dataValidation", "formula1", "formula2"),
        *("conditionalFormatting", "cfRule", "formula"),
        *("pageMargins", "pageSetup", "printOptions", "headerFooter", "oddFooter"),
        *("cols", "mergeCells"),
    )
}
"""Most of what stands around the rows, and says nothing of the cells."""
_APRE, _CHIUDE, _FINE_RIGA = b"<sheetData>", b"</sheetData>", "</row>"
_VALORI = re.compile(f"<v>([^<>&{CAMBIATI}]*)</v>")
"""A value as it is, with no entity."""
_ALTRO = re.compile("<[^rcfv/]")
"""What begins no row, cell, formula or value: among the rows, a text may look like one of them."""
_SPAZIO_LUNGO = re.compile(r"""xmlns[^=]*=\s*["'][^"']{300}""")
"""The name space is kept with every name."""
_SEGNO, _VALORE = "\0", "0"
"""What stands for a value in a `sagoma`, where XML has no such character, and in its tree."""


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
    """A row without its values: how many elements it has; the cells that have a value, in their order
    and where a form may be; the places of those in which one can write."""

    riga: Riga
    elementi: int
    piene: tuple[Piena, ...]
    sbloccate: frozenset[Posto]
    testi: tuple[Posto, ...]
    """The places of `piene`, if all are shared texts, of styles of which there is no more to say."""


class Indici(NamedTuple):
    """Of the cell styles by their index: as it is written, those of the cells in which one can write;
    those of which there is more to say."""

    aperti: frozenset[str]
    particolari: frozenset[int]


class Intorno(NamedTuple):
    """A sheet without its rows: the tags to put around one of them; the rest as a tree, not to be
    changed, and how many of its elements are left out."""

    testa: str
    coda: str
    radice: ElementTree.Element
    muti: int


class Spezzato(NamedTuple):
    """A sheet taken apart: its rows without their values, and these in their order. Some of the rows may
    stay together."""

    intorno: Intorno
    sagome: list[str]
    valori: list[str]

    def righe(self, indici: Indici) -> Iterator[tuple[Stampo | None, str, list[str]]]:
        """Every row with its values; its stamp, if it holds nothing else and every cell says where it
        is."""
        testa, coda = self.intorno.testa, self.intorno.coda
        fine = 0
        for sagoma in self.sagome:
            inizio, fine = fine, fine + sagoma.count(_SEGNO)
            corta = len(sagoma) <= MAX_SAGOMA
            stampo = _stampo(testa, sagoma, coda, indici) if corta else None
            yield stampo, sagoma, self.valori[inizio:fine]

    def albero(self, righe: list[tuple[str, list[str]]]) -> ElementTree.Element:
        """The `sheetData` that holds some rows. Raises ElementTree.ParseError."""
        return _albero(self.intorno.testa, "".join(_intera(*riga) for riga in righe), self.intorno.coda)


def spezza(foglio: bytes) -> Spezzato | None:
    """A sheet taken apart, None if its rows may not be where they seem to be.

    Without comments, CDATA and instructions, a «<» can only begin a tag. Raises ElementTree.ParseError.
    """
    if len(foglio) > MAX_FOGLIO:
        return None
    prima, apre, dopo = foglio.partition(_APRE)
    dentro, chiude, coda = dopo.partition(_CHIUDE)
    if not (apre and chiude) or b"xmlns" in dentro or b"\0" in dentro:
        return None
    testo = dentro.decode()
    if _ALTRO.search(testo):
        return None
    pezzi = _VALORI.split(testo)
    *sagome, ultima = _SEGNO.join(pezzi[::2]).split(_FINE_RIGA)
    intorno = prima + _APRE + _CHIUDE + coda
    leggi = _intorno if len(intorno) <= MAX_INTORNO else _intorno.__wrapped__
    suo = leggi(intorno) if len(sagome) <= MAX_SPEZZATE else None
    sagome = [sagoma + _FINE_RIGA for sagoma in sagome] + [ultima] * bool(ultima.strip())
    return Spezzato(suo, sagome, pezzi[1::2]) if suo else None


@lru_cache(maxsize=128)
def _intorno(contenuto: bytes) -> Intorno | None:
    testo = contenuto.decode()
    radice = TESTA.match(testo)
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
    return Intorno(f"{testa}{_APRE.decode()}", f"{_CHIUDE.decode()}</{nome}>", albero, quanti)


def _muto(elemento: ElementTree.Element) -> bool:
    """Whether an element says nothing of the cells, and all that it holds."""
    profondo = any(len(nipote) for figlio in elemento for nipote in figlio)
    return not profondo and not any(map(_dice, elemento.iter()))


def _dice(elemento: ElementTree.Element) -> bool:
    """Whether an element around the rows may say something of the cells."""
    if elemento.tag == _COL:
        return "style" in elemento.attrib or colonna_nascosta(elemento.attrib)
    if elemento.tag == _UNITA:
        capo, fine = angoli(elemento.get("ref", ""))
        return fine[0] > capo[0]
    return elemento.tag not in _MUTI


def angoli(riferimento: str) -> tuple[Posto, Posto]:
    """The first and the last cell of some that are merged; twice the same, if that makes no sense."""
    capo, fine = (posto_di(angolo) for angolo in riferimento.partition(":")[::2])
    return (capo, fine) if IMPOSSIBILE not in (capo, fine) else (capo, capo)


def _albero(testa: str, frammento: str, coda: str) -> ElementTree.Element:
    return ElementTree.fromstring(testa + frammento + coda)[0]


def _intera(sagoma: str, valori: list[str]) -> str:
    """A row with its values."""
    resto = iter(valori)
    return re.sub(_SEGNO, lambda _: f"<v>{next(resto)}</v>", sagoma)


@lru_cache(maxsize=2048)
def _stampo(testa: str, sagoma: str, coda: str, indici: Indici) -> Stampo | None:
    """What a row is apart from its values; None if it is not a plain one, or no row at all."""
    try:
        righe = list(_albero(testa, sagoma.replace(_SEGNO, f"<v>{_VALORE}</v>"), coda))
        return _di_riga(righe[0], sagoma.count(_SEGNO), indici) if len(righe) == 1 else None
    except (ElementTree.ParseError, ValueError):  # for who reads it as a tree
        return None


def _di_riga(elemento: ElementTree.Element, valori: int, indici: Indici) -> Stampo | None:
    celle = list(elemento)
    piene = [cella for cella in celle if len(cella) or cella.text]
    riga = testa_di(elemento.attrib, 0)
    if elemento.tag != _ROW or any(cella.tag != _C for cella in celle) or len(piene) != valori:
        return None
    if not all(cella.get("r", "").lstrip(ascii_letters) == str(riga.numero) for cella in celle):
        return None
    if not riga.numero or not all(map(_con_un_valore, piene)):
        return None
    sue = tuple(map(_piena, piene))
    posti = [piena.posto for piena in sue]
    if IMPOSSIBILE in posti or posti != sorted(set(posti)):
        return None
    if any(riga > MAX_RIGHE or colonna > MAX_COLONNE for riga, colonna in posti):
        return None
    elementi = 1 + len(celle) + sum(map(len, piene))
    sbloccate = frozenset(
        posto_di(cella.attrib["r"]) for cella in celle if cella.get("s") in indici.aperti
    )
    return Stampo(riga, elementi, sue, sbloccate, _testi(sue, indici.particolari))


def _testi(piene: tuple[Piena, ...], particolari: frozenset[int]) -> tuple[Posto, ...]:
    soli = all(piena.tipo == "s" and not piena.formula for piena in piene)
    normali = particolari.isdisjoint(piena.stile for piena in piene)
    return tuple(piena.posto for piena in piene) if soli and normali else ()


def _con_un_valore(cella: ElementTree.Element) -> bool:
    """Whether a cell has its value, before it at most a formula, and nothing else."""
    altro = cella.text or any(len(figlio) or figlio.tail for figlio in cella)
    di_che = [figlio.tag for figlio in cella]
    return not altro and di_che in ([V], [F, V]) and cella[-1].text == _VALORE


def _piena(cella: ElementTree.Element) -> Piena:
    posto, stile = posto_di(cella.attrib["r"]), int(cella.get("s", "0"))
    return Piena(posto, cella.get("t", "n"), stile, len(cella) > 1)
