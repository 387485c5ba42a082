"""The money of each programma, from the rendiconto, summed: never weighed against a grado.

An amount that is not known (left blank, or unreadable) makes unknown every sum it is part of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pipeline.tables import Risorsa

Voce = Literal["stanziato", "impegnato", "pagato"]
VOCI: tuple[Voce, ...] = ("stanziato", "impegnato", "pagato")
"""The amounts of a programma, from what could be spent to what was."""


@dataclass(frozen=True)
class Importi:
    """What was allotted, committed and paid; None is not known."""

    stanziato: Decimal | None
    impegnato: Decimal | None
    pagato: Decimal | None

    def di(self, voce: Voce) -> Decimal | None:
        return {"stanziato": self.stanziato, "impegnato": self.impegnato, "pagato": self.pagato}[voce]

    @property
    def zero(self) -> bool:
        """Whether it is known that there is no money."""
        noti = [importo for voce in VOCI if (importo := self.di(voce)) is not None]
        return bool(noti) and not any(noti)


@dataclass(frozen=True)
class Risorse:
    """The sums by programma ("0102") and by missione ("01"), in order, and of all; `fuori` counts the
    rows of no programma, which are in none."""

    programmi: dict[str, Importi]
    missioni: dict[str, Importi]
    totale: Importi
    fuori: int = 0

    def __bool__(self) -> bool:
        return bool(self.programmi)

    @property
    def con_importi(self) -> list[str]:
        """The programmi that have money, or may have."""
        return [codice for codice, importi in self.programmi.items() if not importi.zero]

    def voci(self) -> list[Voce]:
        """The amounts that some programma has: an ente may have pasted only some of them."""
        tutti = self.programmi.values()
        return [voce for voce in VOCI if any(importi.di(voce) is not None for importi in tutti)]

    @property
    def incompleti(self) -> bool:
        """Whether some of these are not known."""
        return any(i.di(voce) is None for i in self.programmi.values() for voce in self.voci())


def somma(righe: Iterable[Risorsa]) -> Risorse:
    """The sums of the rows of the sheet Risorse."""
    tutte = list(righe)
    contate = sorted((riga for riga in tutte if riga["codice"]), key=lambda riga: riga["codice"])
    programmi = dict.fromkeys(riga["codice"] for riga in contate)
    missioni = dict.fromkeys(codice[:2] for codice in programmi)
    return Risorse(
        {p: _importi(riga for riga in contate if riga["codice"] == p) for p in programmi},
        {m: _importi(riga for riga in contate if riga["codice"][:2] == m) for m in missioni},
        _importi(contate),
        len(tutte) - len(contate),
    )


def _importi(righe: Iterable[Risorsa]) -> Importi:
    sue = list(righe)
    return Importi(*(_somma(riga[voce] for riga in sue) for voce in VOCI))


def _somma(valori: Iterable[Decimal | None]) -> Decimal | None:
    somma = Decimal(0)
    for valore in valori:
        if valore is None:
            return None
        somma += valore
    return somma
