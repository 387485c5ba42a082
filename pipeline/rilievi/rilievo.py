"""The record of a finding, and what a list of them can be asked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.celle import coordinate
from pipeline.parole import maiuscola
from pipeline.rilievi.catalogo import AMBITI, CATALOGO, GRAVITA, Ambito, Gravita, Regola

MAX_FRASE = 1_000
NASCONDONO = [(codice, regola.nasconde) for codice, regola in CATALOGO.items() if regola.nasconde]
"""What hides the rest, and where."""


@dataclass(frozen=True)
class Rilievo:
    """One finding at one place. `dati` fills the words of the catalogue's message and remedy."""

    codice: str
    file: str
    foglio: str = ""
    cella: str = ""
    dati: dict[str, str] = field(default_factory=dict)

    @property
    def regola(self) -> Regola:
        return CATALOGO[self.codice]

    @property
    def gravita(self) -> Gravita:
        return self.regola.gravita

    @property
    def messaggio(self) -> str:
        return self._frase(self.regola.messaggio)

    @property
    def rimedio(self) -> str:
        return self._frase(self.regola.rimedio)

    def _frase(self, modello: str) -> str:
        """Words of the catalogue filled in, of a length that can be read (and fits a cell)."""
        frase = maiuscola(modello.format(**self.dati))
        return frase if len(frase) <= MAX_FRASE else frase[: MAX_FRASE - 1] + "…"

    @property
    def riga(self) -> int:
        """The row of the cell, 0 without a cell."""
        return _posto(self.cella)[0]

    @property
    def dove(self) -> str:
        """File, foglio and cella in words, as far as they are known."""
        parti = [self.file]
        if self.foglio:
            parti.append(f"foglio «{self.foglio}»")
        if self.cella:
            parti.append(f"cella {self.cella}")
        return ", ".join(parti)

    def ambito(self, fino_a: Ambito) -> tuple[object, ...]:
        """Its file, its foglio in it, its row, or its cell."""
        return (self.file, self.foglio, self.riga, self.cella)[: AMBITI.index(fino_a) + 1]


def senza_conseguenze(rilievi: Iterable[Rilievo], cause: Iterable[Rilievo]) -> list[Rilievo]:
    """The findings that do not follow from one of the causes, as the catalogue says."""
    note = {(causa.codice, causa.ambito(ambito)) for causa in cause for ambito in AMBITI}

    def segue(rilievo: Rilievo) -> bool:
        dovute = [(causa, rilievo.regola.entro) for causa in rilievo.regola.segue]
        dovute += [(causa, dove) for causa, dove in NASCONDONO if causa != rilievo.codice]
        return any((causa, rilievo.ambito(dove)) in note for causa, dove in dovute)

    return [rilievo for rilievo in rilievi if rilievo.regola.nostra or not segue(rilievo)]


def insieme(rilievi: Iterable[Rilievo]) -> list[list[Rilievo]]:
    """The findings that say the same thing in the same sheet, together."""
    gruppi: dict[tuple[str, ...], list[Rilievo]] = {}
    for r in rilievi:
        gruppi.setdefault((r.codice, r.file, r.foglio, r.messaggio, r.rimedio), []).append(r)
    return list(gruppi.values())


def ordina(rilievi: Iterable[Rilievo]) -> list[Rilievo]:
    """Worst first, then by place: the same list whatever the order in which they were found."""
    return sorted(
        rilievi,
        key=lambda r: (
            GRAVITA.index(r.gravita),
            r.file,
            _in_ordine(r.foglio),
            _posto(r.cella),
            r.codice,
            r.messaggio,
        ),
    )


def _in_ordine(foglio: str) -> list[tuple[str, int]]:
    """Scheda 2 before Scheda 10."""
    return [(testo, int(cifre or 0)) for testo, cifre in re.findall(r"(\D*)(\d*)", foglio)]


def _posto(cella: str) -> tuple[int, int]:
    """Row, then column: the order in which a sheet is gone through. No cell comes before the first."""
    return coordinate(cella) if cella else (0, 0)


def bloccanti(rilievi: Iterable[Rilievo]) -> list[Rilievo]:
    return [r for r in rilievi if r.gravita == "blocca"]
