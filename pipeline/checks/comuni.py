"""What the rules share: making a rilievo, what enters the mean, percentages said in words."""

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.numeri import numero
from pipeline.rilievi import Rilievo
from pipeline.tables import (
    NON_CONSUNTIVATO,
    VALUTATO,
    Parametri,
    Riga,
)
from pipeline.workbooks.registro import cella


def rilievo(codice: str, riga: Riga, cella: str = "", /, **dati: str) -> Rilievo:
    return Rilievo(codice, riga["file"], riga["foglio"], cella, dati)


def entra(voce: Riga, parametri: Parametri) -> bool:
    """Whether the stato of a voce lets it into the mean."""
    fisso = voce["stato"] == NON_CONSUNTIVATO and parametri.grado_non_consuntivato is not None
    return bool(voce["stato"] == VALUTATO or fisso)


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


CENTO, VICINO_A_CENTO, ROTTO = Decimal(100), Decimal(10), Decimal("0.1")
"""Pesi may be on any scale; those that sum to nearly 100 were meant to sum to it, but for three times
33,33."""


def fanno_cento(tabella: str, pesate: list[Riga], di: str) -> Iterator[Rilievo]:
    pesi = [riga["peso"] for riga in pesate]
    if len(pesi) > 1 and None not in pesi and ROTTO < abs(sum(pesi) - CENTO) <= VICINO_A_CENTO:
        posto = cella(tabella, "peso", pesate[0])
        yield rilievo("V19", pesate[0], posto, di=di, somma=numero(sum(pesi)))
