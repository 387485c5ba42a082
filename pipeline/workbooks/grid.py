"""A workbook as grids of cells, every cell at its address, whatever the file it comes from."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from pipeline.celle import lettere
from pipeline.rilievi import Rilievo
from pipeline.workbooks.aspetto import Aspetto, in_numero, in_testo
from pipeline.workbooks.formati import Formato

_CONTROLLO = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")

ERRORI = {
    "#REF!": "#RIF!",
    "#VALUE!": "#VALORE!",
    "#NAME?": "#NOME?",
    "#N/A": "#N/D",
    "#NULL!": "#NULLO!",
}
"""Errors as an Italian spreadsheet shows them, where it differs."""

Posto = tuple[int, int]
"""Row and column, both from 1."""

FOGLIO_MODELLO = "_modello"
"""The hidden sheet in which a workbook says what it is."""
MAX_MARCHIO = 10_000
"""How much of a word of the mark is read: what is longer is not ours, and no cell would hold it."""

Tratto = tuple[str, str]
"""A run of a text and the mark it has ("" for none): in apice, in pedice, barrato."""
BARRATO = "barrato"


class FileRifiutato(Exception):
    """The file cannot be read safely or at all; `rilievo` says why."""

    def __init__(self, rilievo: Rilievo) -> None:
        super().__init__(rilievo.messaggio)
        self.rilievo = rilievo


def rifiuto(
    codice: str, file: str, dettaglio: str = "", foglio: str = "", cella: str = ""
) -> FileRifiutato:
    """The exception to raise for a file that stays out, with its finding."""
    return FileRifiutato(Rilievo(codice, file, foglio, cella, {"dettaglio": dettaglio}))


@dataclass(frozen=True)
class Elemento:
    """A thing that stands over the cells and is not read: what it is (a key of contorno.NOMI), the cell
    where it begins and what it says, as far as they are known."""

    tipo: str
    cella: str = ""
    testo: str = ""


@dataclass
class Foglio:
    """The filled cells of a sheet, and which of them a reader has accounted for."""

    nome: str
    celle: dict[Posto, Any] = field(default_factory=dict)
    formati: dict[Posto, Formato] = field(default_factory=dict)
    """Only those that may show more than the digits of a value, until the values are there."""
    aspetti: dict[Posto, Aspetto] = field(default_factory=dict)
    """Of the cells that show more than their value says, or something else."""
    errori: dict[Posto, str] = field(default_factory=dict)
    formule: set[Posto] = field(default_factory=set)
    non_calcolate: set[Posto] = field(default_factory=set)
    incerte: dict[Posto, str] = field(default_factory=dict)
    """Cells that hold something which cannot be told for sure -> what is written there."""
    segnate: dict[Posto, tuple[Tratto, ...]] = field(default_factory=dict)
    """Cells of which some or all of the text has a mark that changes what it says."""
    del_modello: set[Posto] = field(default_factory=set)
    lette: set[Posto] = field(default_factory=set)
    unite: dict[Posto, Posto] = field(default_factory=dict)
    """Of cells merged downwards: each of the first column below the top one -> the top one."""
    contorno: list[Elemento] = field(default_factory=list, compare=False)
    protetto: bool = field(default=False, compare=False)
    sbloccate: set[Posto] = field(default_factory=set, compare=False)
    """Whether one can write only in the cells that are not locked, and which they are, also empty ones.
    A sheet with whole rows or columns not locked counts as one without protection."""
    nascosto: bool = False
    righe_nascoste: set[int] = field(default_factory=set, compare=False)
    colonne_nascoste: set[int] = field(default_factory=set, compare=False)
    """What does not show of the sheet, all of it or part: `celle_nascoste` says which cells it holds."""

    def piene(self) -> frozenset[Posto]:
        """Every cell that holds something, also an error, a formula without a result, who knows what."""
        return self._piene

    def ultima_riga(self) -> int:
        return max(self._per_riga, default=0)

    def colonne_piene(self, riga: int) -> list[int]:
        """The columns in which a row holds something, in their order."""
        return self._per_riga.get(riga, [])

    def testo(self, riga: int, colonna: int) -> str:
        """The cell as text, as a person sees it in an Italian spreadsheet ("" when empty)."""
        posto = (riga, colonna)
        aspetto = self.aspetti.get(posto)
        return aspetto.testo if aspetto else in_testo(self.celle.get(posto, ""))

    def numero(self, posto: Posto) -> Decimal | None:
        """The number that a cell shows (98 % is 98), None if it holds or shows none."""
        aspetto = self.aspetti.get(posto)
        return aspetto.numero if aspetto else in_numero(self.celle.get(posto))

    def metti(self, valori: Mapping[Posto, Any]) -> None:
        """Put values at their addresses; a text of blanks is no content."""
        self.celle.update(
            {posto: v for posto, v in valori.items() if not isinstance(v, str) or v.strip()}
        )

    def vesti(self, posto: Posto, aspetto: Aspetto | None) -> None:
        """Note what a cell shows; a number shown as a date is one."""
        if aspetto:
            self.aspetti[posto] = aspetto
            if aspetto.giorno and not isinstance(self.celle[posto], date):
                self.celle[posto] = aspetto.giorno

    def applica_formati(self) -> None:
        """From the formats, now that the values are there, what the cells show."""
        for posto, formato in self.formati.items():
            if posto in self.celle:
                self.vesti(posto, formato.aspetto(self.celle[posto]))
        self.formati.clear()

    def segna_modello(self, *posti: Posto) -> None:
        """Account for cells that belong to the template itself (labels, headings, formulas)."""
        self.del_modello |= self.piene().intersection(posti)

    def bloccate(self, posti: Iterable[Posto]) -> list[Posto]:
        """Which of some cells cannot be written in; what another one covers is not a cell of its own."""
        return [p for p in posti if self.protetto and p not in self.sbloccate and p not in self.unite]

    def celle_nascoste(self) -> set[Posto]:
        """The filled cells that a person who opens the workbook does not see."""
        if self.nascosto:
            return set(self.piene())
        if not (self.righe_nascoste or self.colonne_nascoste):  # of most sheets
            return set()
        return {
            (riga, colonna)
            for riga, colonna in self.piene()
            if riga in self.righe_nascoste or colonna in self.colonne_nascoste
        }

    def contata(self, posto: Posto) -> bool:
        """Whether a reader has accounted for a cell."""
        return posto in self.lette or posto in self.del_modello

    def non_lette(self) -> list[Posto]:
        return sorted(self.piene() - self.lette - self.del_modello)

    # worked out once: the readers ask at every cell, and a sheet no longer changes after it is read
    @cached_property
    def _piene(self) -> frozenset[Posto]:
        return frozenset(self.celle) | self.errori.keys() | self.incerte.keys() | self.non_calcolate

    @cached_property
    def particolari(self) -> frozenset[Posto]:
        """The cells of which there is more to say than their value, or that have none."""
        senza_valore = self.errori.keys() | self.incerte.keys() | self.non_calcolate
        return frozenset(senza_valore | self.segnate.keys() | self.aspetti.keys())

    @cached_property
    def _per_riga(self) -> dict[int, list[int]]:
        righe: dict[int, list[int]] = {}
        # as the file has them they are nearly in their order: a set would have to be sorted anew
        for riga, colonna in sorted([*self.celle, *(self._piene - self.celle.keys())]):
            righe.setdefault(riga, []).append(colonna)
        return righe


@dataclass(frozen=True)
class Cartella:
    """A workbook read whole: sheets by name, custom document properties, SHA-256 of the file.

    `salvato` is the day on which it was last saved ("31/12/2024"), if it says it.
    `rilievi` are the remarks on the file itself (macros left out, links to other files). `da_calcolare`:
    who wrote it left its formulas to be calculated by the next program.
    """

    file: str
    fogli: dict[str, Foglio]
    proprieta: dict[str, str]
    sha256: str
    rilievi: tuple[Rilievo, ...] = ()
    salvato: str = ""
    da_calcolare: bool = False

    @cached_property
    def marchio(self) -> dict[str, str]:
        """What the workbook says it is: from its hidden sheet, or from its document properties."""
        foglio = self.fogli.get(FOGLIO_MODELLO)
        detto = self.proprieta
        if foglio is not None:
            detto = {foglio.testo(n, 1): foglio.testo(n, 2) for n in range(1, foglio.ultima_riga() + 1)}
        return {chiave: ripulisci(valore)[0][:MAX_MARCHIO] for chiave, valore in detto.items()}

    @property
    def versione(self) -> int:
        """The version of the form with which it was made, 0 when it does not say it."""
        numero = re.match("[0-9]{1,4}", self.marchio.get("versione", ""))
        return int(numero[0]) if numero else 0


def indirizzo(riga: int, colonna: int, fisso: bool = False) -> str:
    """(7, 5) -> "E7", or "$E$7" for a formula that goes on meaning that cell wherever it is copied."""
    segno = "$" if fisso else ""
    return f"{segno}{lettere(colonna)}{segno}{riga}"


def tratto(da: int, a: int, colonna: int, fisso: bool = False) -> str:
    """(7, 9, 5) -> "E7:E9"."""
    return f"{indirizzo(da, colonna, fisso)}:{indirizzo(a, colonna, fisso)}"


def ripulisci(testo: str) -> tuple[str, bool]:
    """Text without control characters, line breaks as "\\n"; and whether anything was taken out."""
    if testo.isprintable():  # as most are, on one line
        return testo, False
    piano = testo.replace("\r\n", "\n").replace("\r", "\n")
    pulito = _CONTROLLO.sub("", piano)
    return pulito, pulito != piano
