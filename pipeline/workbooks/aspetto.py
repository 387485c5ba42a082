"""What a cell says: its value as a person reads it, and in words where its look says more.

A value means what the cell shows (docs/metodo.md, «Che cosa dice una cella»): its format may scale it,
leave out the day of a date, put a unit beside it. Digits rounded away are no difference: the value
rules. Where value and look disagree and no rule decides, the `Aspetto` says so.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pipeline import numeri

MESI = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno"),
    *("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
)
GIORNI = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
_TRIMESTRI = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Aspetto:
    """What a cell says where its look says more than its value.

    `testo` is the cell in words; `numero` the value with the scale of its format, None when it shows no
    number; `giorno` the date that a number stands for. `discorde`: no rule decides between the two.
    """

    testo: str
    numero: Decimal | None = None
    giorno: datetime | None = None
    discorde: bool = False


# ------------------------------------------------------------------------------------------ the values


def in_testo(valore: Any) -> str:
    """A cell's value as Italian text: 42.0 -> "42", a date -> "30/06/2024"."""
    if isinstance(valore, str):
        return valore
    if isinstance(valore, bool):
        return "VERO" if valore else "FALSO"
    if isinstance(valore, int | float) and math.isfinite(valore):
        return numeri.numero(numeri.decimale(valore))
    if isinstance(valore, datetime):
        giorno = valore.strftime("%d/%m/%Y")
        return giorno if valore.time() == time() else f"{giorno} {valore:%H:%M}"
    if isinstance(valore, date):
        return valore.strftime("%d/%m/%Y")
    if isinstance(valore, time):
        return valore.strftime("%H:%M")
    if isinstance(valore, timedelta):
        minuti = round(valore.total_seconds() / 60)
        return f"{minuti // 60}:{minuti % 60:02d}"
    return str(valore)


def in_numero(valore: Any) -> Decimal | None:
    """A numeric cell as a decimal number, None if it is not one."""
    if isinstance(valore, bool) or not isinstance(valore, int | float) or not math.isfinite(valore):
        return None
    return numeri.decimale(valore)


def mese_e_anno(giorno: date) -> str:
    return f"{MESI[giorno.month - 1]} {giorno.year}"


PRIMO, PRIMO_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_SERIALI = range(32_874, 58_806)
"""The days from 1990 to 2060, as a spreadsheet counts them."""


def giorno_del_seriale(testo: str) -> date | None:
    """The day that a bare number may stand for: "44196" -> 31/12/2020; None for any other text."""
    if not _FORSE_SERIALE.fullmatch(testo) or int(testo[:5]) not in _SERIALI:
        return None
    return (PRIMO + timedelta(days=int(testo[:5]))).date()


_FORSE_SERIALE = re.compile(r"[0-9]{5}(?:,[0-9]+)?")


def dal_seriale(valore: float, primo: datetime) -> datetime | None:
    try:
        return primo + timedelta(seconds=round(valore * 86_400))
    except OverflowError:
        return None


def data_iso(testo: str) -> datetime | None:
    """A date as the formats write it (2020-06-15, with a time, fractions, Z); None if it is none.

    Some programs write midnight in Italy as the instant it is in Greenwich, 22:00 or 23:00 of the day
    before: it is the day after.
    """
    try:
        istante = datetime.fromisoformat(testo.strip())
        piano = istante.replace(tzinfo=None)
        mezzanotte = istante.tzinfo and piano.hour in (22, 23) and piano.time().replace(hour=0) == time()
        return piano.replace(hour=0) + timedelta(days=1) if mezzanotte else piano
    except (ValueError, OverflowError):
        return None


# ----------------------------------------------------------------------------------- numbers in words


def pulito(testo: str) -> str:
    return " ".join(testo.split())


def componi(numero: Decimal, prima: str, dopo: str, zeri: int = 1) -> Aspetto:
    """A number of at least so many digits, between the words that stand around it.

    Its sign stands among them: where none is shown, or one that is not there, look and value disagree.
    """
    prima, dopo = pulito(prima), dopo.rstrip()
    percento = "%" if "%" in prima + dopo else ""
    intero, virgola, decimali = numeri.numero(abs(numero)).partition(",")
    cifre = (intero if virgola else intero.zfill(zeri)) + virgola + decimali
    negativo, senza_prima, senza_dopo = _senza_segno(prima, dopo)
    if numero and negativo != (numero < 0):
        return Aspetto(_accostati(prima, cifre + dopo), discorde=True)
    segno = "-" if numero < 0 else ""
    coda = senza_dopo.replace("%", "").rstrip()
    coda = (" " if coda[:1].isspace() else "") + pulito(coda)
    davanti = senza_prima.replace("%", "").strip()
    return Aspetto(_accostati(davanti, f"{segno}{cifre}{percento}{coda}"), numero)


def _senza_segno(prima: str, dopo: str) -> tuple[bool, str, str]:
    """Whether the words around a number make it negative, by a minus or brackets; and the others."""
    if prima.endswith("(") and ")" in dopo:
        return True, prima[:-1].rstrip(), dopo.replace(")", "", 1)
    if _MENO.search(prima):
        return True, pulito(_MENO.sub(" ", prima)), dopo
    return (True, prima, "") if dopo.strip() in ("-", "−") else (False, prima, dopo)


def _accostati(prima: str, cifre: str) -> str:
    return f"{prima}{cifre}" if not prima or prima[-1] in "+-−(" else f"{prima} {cifre}"


_MENO = re.compile("^[-−]|[-−]$")


def senza_cifre(valore: Decimal, parole: str) -> Aspetto:
    """A number of which only words are shown; a dash is the zero of the accountants."""
    zero = _TRATTO.fullmatch(parole.strip())
    if zero and not valore:
        return componi(valore, zero[1], zero[2])
    parole = pulito(parole)
    return Aspetto(parole, discorde=not any(c.isalnum() for c in parole))


_TRATTO = re.compile(r"([^\w–—−-]*)[-–—−]([^\w–—−-]*)")


def solo_se_dice(numero: Decimal, aspetto: Aspetto) -> Aspetto | None:
    """The look of a number, unless it is what the number itself says."""
    tale = (aspetto.testo, aspetto.numero) == (numeri.numero(numero), numero)
    return None if tale else aspetto


# ------------------------------------------------------------------------------------- dates in words


def data_in_parole(
    parti: Iterable[str], valore: date | time | timedelta, prima: str = "", dopo: str = ""
) -> Aspetto:
    """A date or a time of which these parts are shown, between the words beside it."""
    parti = frozenset(parti)
    if isinstance(valore, time | timedelta):
        return _ora_in_parole(parti, valore, prima, dopo)
    testo = _giorno_in_parole(parti, valore)
    if testo is None:
        return Aspetto(str(valore.day), discorde=True)
    giorno = valore if isinstance(valore, datetime) else datetime.combine(valore, time())
    return Aspetto(pulito(f"{prima} {testo} {dopo}"), giorno=giorno)


def _giorno_in_parole(parti: frozenset[str], giorno: date) -> str | None:
    """A date of which these parts are shown, None where they make no date: a day without a month."""
    mese = MESI[giorno.month - 1]
    if {"giorno", "mese", "anno"} <= parti:
        return in_testo(giorno) if "ora" in parti else f"{giorno:%d/%m/%Y}"
    if {"mese", "anno"} <= parti:
        return mese_e_anno(giorno)
    if "trimestre" in parti:
        anno = f" {giorno.year}" if "anno" in parti else ""
        return f"{_TRIMESTRI[(giorno.month - 1) // 3]} trimestre{anno}"
    if "mese" in parti:
        return f"{giorno.day} {mese}" if "giorno" in parti else mese
    if "giorno" in parti:
        return None
    if "anno" in parti:
        return str(giorno.year)
    return GIORNI[giorno.weekday()] if "settimana" in parti else f"{giorno:%H:%M}"


def _ora_in_parole(parti: frozenset[str], valore: time | timedelta, prima: str, dopo: str) -> Aspetto:
    """A time of day or a length of time; the day before the first one is no date."""
    if isinstance(valore, time) and parti & {"giorno", "mese", "anno"} and "ora" not in parti:
        return Aspetto("00/01/1900", discorde=True)
    ore, minuti, secondi, in_minuti = in_unita(valore)
    corte = {"durata h": ore, "durata m": minuti, "durata s": secondi, "minuti secondi": in_minuti}
    testo = corte.get(" ".join(sorted(parti)), in_testo(valore))
    return Aspetto(pulito(f"{prima} {testo} {dopo}"))


def in_unita(valore: time | timedelta) -> tuple[str, str, str, str]:
    """A length of time in whole hours, in minutes, in seconds, and in minutes with their seconds."""
    if isinstance(valore, time):
        valore = datetime.combine(PRIMO, valore) - PRIMO
    secondi = int(valore.total_seconds())
    in_minuti = f"{secondi // 60:02d}:{secondi % 60:02d}"
    return str(secondi // 3600), str(secondi // 60), str(secondi), in_minuti


def in_parole(testo: str) -> str:
    """Words beside a date («entro il»), not its punctuation nor the signs of the East."""
    return pulito(testo) if re.search("[a-zà-ù]", testo, re.IGNORECASE) else ""
