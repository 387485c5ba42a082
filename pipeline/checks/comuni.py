"""What the rules share: what they look at, making a rilievo, percentages said in words."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pipeline.numeri import numero
from pipeline.rilievi import Rilievo
from pipeline.tables import (
    TRASVERSALI,
    VALUTATO,
    ChiaveScheda,
    Fase,
    Indicatore,
    Parametri,
    Provenienza,
    Righe,
    Tabelle,
    Voce,
    chiave_scheda,
    coperte,
    del_nucleo,
)
from pipeline.workbooks.registro import cella


@dataclass(frozen=True)
class Caso:
    """What the rules look at: the tables of an ente and its choices.

    `non_lette` are the schede on a sheet of their workbook that could not be read, `vuoti` the settori
    whose workbook is still to be filled in. `aggiunte`: the schede that the form did not have.
    `senza_grado`: those whose declared grado, or that of their voce, is written and cannot be read.
    `parziali`: the settori of whose workbook a sheet is missing or could not be read.
    """

    tabelle: Tabelle
    parametri: Parametri
    non_lette: frozenset[ChiaveScheda] = frozenset()
    vuoti: frozenset[str] = frozenset()
    aggiunte: frozenset[ChiaveScheda] = frozenset()
    senza_grado: frozenset[ChiaveScheda] = frozenset()
    parziali: frozenset[str] = frozenset()

    @property
    def righe(self) -> Righe:
        return self.tabelle.righe

    @cached_property
    def attesi(self) -> set[str]:
        """The settori whose workbook is missing, was left out or is still to be filled in."""
        letti = {settore["settore"] for settore in self.righe.settori}
        return (set(self.tabelle.elencati or {TRASVERSALI}) - letti) | self.vuoti

    def da_leggere(self, sue: Sequence[ChiaveScheda]) -> bool:
        """Whether of some schede one could not be read, or stands in a workbook that is awaited."""
        return not self.non_lette.isdisjoint(sue) or any(settore in self.attesi for settore, _ in sue)


Regola = Callable[[Caso], Iterator[Rilievo]]


def rilievo(codice: str, riga: Provenienza, cella: str = "", /, **dati: str) -> Rilievo:
    return Rilievo(codice, riga["file"], riga["foglio"], cella, dati)


_NUMERO = r"(\d{1,2}(?:[.,]\d+)?|100(?:[.,]0+)?)\s*%"
_DETTA = re.compile(
    r"\b(?:raggiunt|realizzat|completat|conseguit|attuat|eseguit)[oaie]\s+(?:solo\s+)?"
    rf"(?:al(?:l['’])?|per\s+(?:il|l['’]))\s*{_NUMERO}|^\s*{_NUMERO}\s*$",
    re.IGNORECASE,
)


def percentuale_detta(testo: str) -> Decimal | None:
    """The percentage that a text says was reached ("Raggiunto al 50%"), None if it does not."""
    trovata = _DETTA.search(testo)
    if trovata is None:
        return None
    prima = re.split(r"[.;:,]", testo[: trovata.start()])[-1]
    if re.search(r"\bnon\b", prima, re.IGNORECASE):
        return None
    return Decimal((trovata[1] or trovata[2]).replace(",", "."))


def giudicate(righe: Righe) -> set[ChiaveScheda]:
    """The schede of the voci to which the Nucleo has given a grado, or confirms theirs."""
    voci = (voce for voce in righe.voci if voce["visto"] or del_nucleo(voce) is not None)
    return {coperta for voce in voci for coperta in coperte(voce)}


def con_grado(caso: Caso) -> set[ChiaveScheda]:
    """The schede with a grado of their own, or of a voce valutata that covers them; not those of which
    the Nucleo has given it: it has looked already."""
    con_grado = {chiave_scheda(s) for s in caso.righe.schede if s["grado_dichiarato"] is not None}
    for voce in caso.righe.voci:
        if voce["stato"] == VALUTATO and voce["grado_dichiarato"] is not None:
            con_grado.update(coperte(voce))
    return con_grado - giudicate(caso.righe)


CENTO, VICINO_A_CENTO, ROTTO = Decimal(100), Decimal(10), Decimal("0.1")
"""Pesi may be on any scale; those that sum to nearly 100 were meant to sum to it, but for three times
33,33."""


def fanno_cento(
    tabella: str, pesate: Sequence[Voce] | Sequence[Indicatore] | Sequence[Fase], di: str
) -> Iterator[Rilievo]:
    pesi = [riga["peso"] for riga in pesate if riga["peso"] is not None]
    if 1 < len(pesi) == len(pesate) and ROTTO < abs(sum(pesi) - CENTO) <= VICINO_A_CENTO:
        posto = cella(tabella, "peso", pesate[0])
        yield rilievo("V19", pesate[0], posto, di=di, somma=numero(sum(pesi, Decimal(0))))
