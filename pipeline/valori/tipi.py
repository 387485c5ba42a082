"""What a cell can say: the typed values of the language of indicators, and a measure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final, Literal, NamedTuple

MAX_CARATTERI = 160
"""A longer cell is prose, whatever it holds."""

ANNI = range(2010, 2040)
"""Four bare digits in this range are read as a year, unless they face a quantity."""

CRESCENTE: Final = "crescente"
DECRESCENTE: Final = "decrescente"
Verso = Literal["crescente", "decrescente"]
DA_DIRE: Final = "da dire"
"""The verso of a quantity that may well be better smaller: days, errors."""

RAGGIUNTO = "raggiunto"
PARZIALE = "parziale"
NON_RAGGIUNTO = "non raggiunto"
NON_MISURABILE = "non misurabile"
DI_CONTESTO = "di contesto"
ESITI = (RAGGIUNTO, PARZIALE, NON_RAGGIUNTO, NON_MISURABILE, DI_CONTESTO)

CENTO = Decimal(100)
QUASI = Decimal("99.99")
"""The most that a target not met can earn: 15 against ">15" is not 100."""


class Nota(NamedTuple):
    """What was read by a declared rule, and how to write it so that it has one reading."""

    letto: str
    rimedio: str


# What a cell can say --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Numero:
    """A quantity: "40", "€ 1.500,00", "64,52%", "8/10" (unita "rapporto"), "52 SCIA" (etichetta).

    The unita of a rate says of what: "3 al mese" is 3 of unita "per mesi". `verso` is what the words
    say of it ("tempo medio 10 gg"), `altra` the number by the other rule ("87.500" is also 87,5).
    """

    tipo: ClassVar[str] = "numero"
    valore: Decimal
    unita: str = ""
    etichetta: str = ""
    commento: str = ""
    note: tuple[Nota, ...] = ()
    verso: str = ""
    altra: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Soglia:
    """A bound: at least (crescente) or at most (decrescente) `valore`; `stretta` leaves it out."""

    tipo: ClassVar[str] = "soglia"
    verso: Verso
    stretta: bool
    valore: Decimal
    unita: str = ""
    etichetta: str = ""
    commento: str = ""
    note: tuple[Nota, ...] = ()
    altra: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Intervallo:
    """From `da` to `a`, both included; `centro` when it was written as a tolerance."""

    tipo: ClassVar[str] = "intervallo"
    da: Decimal
    a: Decimal
    centro: Decimal | None = None
    unita: str = ""
    etichetta: str = ""
    commento: str = ""
    note: tuple[Nota, ...] = ()


@dataclass(frozen=True, slots=True)
class Scadenza:
    """A stretch of days within a year (None when not written), first and last as (month, day).

    As a valore atteso it is due by `fine`. `impegno`: it says "entro", so as a raggiunto it promises.
    `quantita`: a bare "2020", which facing a quantity is the number.
    """

    tipo: ClassVar[str] = "scadenza"
    anno: int | None
    inizio: tuple[int, int]
    fine: tuple[int, int]
    impegno: bool = False
    quantita: Decimal | None = None
    commento: str = ""
    note: tuple[Nota, ...] = ()


@dataclass(frozen=True, slots=True)
class SiNo:
    """Done or not; `motivo` is the reason beside a no, `data` the day beside a yes."""

    tipo: ClassVar[str] = "sì/no"
    si: bool
    motivo: str = ""
    data: Scadenza | None = None
    commento: str = ""
    note: tuple[Nota, ...] = ()


@dataclass(frozen=True, slots=True)
class Contesto:
    """An empty valore atteso: the indicatore describes the context."""

    tipo: ClassVar[str] = "contesto"
    note: tuple[Nota, ...] = ()


@dataclass(frozen=True, slots=True)
class Assente:
    """A cell that says there is no value: empty, "--", "n.d.", "a consuntivo"."""

    tipo: ClassVar[str] = "assente"
    note: tuple[Nota, ...] = ()


@dataclass(frozen=True, slots=True)
class Testo:
    """Words that no production describes; `perche` when there is more to say than that."""

    tipo: ClassVar[str] = "testo"
    perche: str = ""
    note: tuple[Nota, ...] = ()


Quantita = Numero | Soglia | Intervallo
Semplice = Quantita | Scadenza | SiNo | Contesto | Assente | Testo


@dataclass(frozen=True, slots=True)
class Composto:
    """Several values in a cell: "40 +150", "2 PL + 30 CDU", "a. entro 2020; b. entro 2021"."""

    tipo: ClassVar[str] = "composto"
    parti: tuple[Semplice, ...]
    note: tuple[Nota, ...] = ()


Valore = Semplice | Composto
Atteso = Valore
Raggiunto = Valore


@dataclass(frozen=True, slots=True)
class Misura:
    """grado 0..100 and rapporto (per cent, not capped), both unrounded; esito is one of ESITI.

    grado is None exactly when the esito is "non misurabile" or "di contesto"; it is 100 exactly when
    the esito is "raggiunto". `motivo` says how it was measured, or why it was not.
    """

    grado: Decimal | None
    rapporto: Decimal | None
    esito: str
    motivo: str
