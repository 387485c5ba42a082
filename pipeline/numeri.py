"""Means, rounding and Italian spelling of numbers: one rule for Excel, Word and the screen."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Any

CENTESIMO = Decimal("0.01")


def media_pesata(
    coppie: Iterable[tuple[Decimal | Fraction, Decimal | Fraction]],
) -> Fraction | None:
    """Sum(peso x grado) / sum(peso) of (peso, grado) pairs, exact; None when the pesi sum to 0."""
    esatte = [(peso.as_integer_ratio(), grado.as_integer_ratio()) for peso, grado in coppie]
    pesi = _somma(peso for peso, _ in esatte)
    return _somma((p * g, per_p * per_g) for (p, per_p), (g, per_g) in esatte) / pesi if pesi else None


def media(gradi: Iterable[Decimal | None]) -> Decimal | None:
    """The plain mean of the gradi that are there; None when there is none."""
    esatti = [grado.as_integer_ratio() for grado in gradi if grado is not None]
    if not esatti:
        return None
    somma = _somma(esatti)
    with localcontext(prec=56):  # twice the usual places: a mean of means still ends on its half
        return Decimal(somma.numerator) / Decimal(somma.denominator * len(esatti))


def _somma(frazioni: Iterable[tuple[int, int]]) -> Fraction:
    """The exact sum of (numerator, denominator) pairs: first of those with the same denominator, which
    most have."""
    per_denominatore: dict[int, int] = {}
    for numeratore, denominatore in frazioni:
        per_denominatore[denominatore] = per_denominatore.get(denominatore, 0) + numeratore
    somme = [Fraction(n, d) for d, n in per_denominatore.items()]
    return sum(somme[1:], somme[0]) if somme else Fraction(0)


def in_decimale(valore: Fraction | None) -> Decimal | None:
    """An exact fraction as an unrounded decimal number."""
    return None if valore is None else Decimal(valore.numerator) / Decimal(valore.denominator)


def arrotonda(valore: Decimal) -> Decimal:
    """Round to two places, halves away from zero: 90.125 -> 90.13 (1442/16, docs/metodo.md). No zero
    has a sign."""
    return valore.quantize(CENTESIMO, rounding=ROUND_HALF_UP) + 0


@lru_cache(maxsize=2**10)  # most are 100, row after row
def percentuale(valore: Decimal | None) -> str:
    """Spell a published percentage: 99.0769... -> "99,08"; None -> "" (missing is not zero)."""
    return "" if valore is None else str(arrotonda(valore)).replace(".", ",")


def breve(valore: Decimal | None) -> str:
    """Spell a percentage in a sentence, without places where it is whole: "100", "99,08"; None -> ""."""
    return "" if valore is None else percentuale(valore).removesuffix(",00")


def in_colonna(valori: Sequence[Decimal | None], senza: str = "–") -> list[str]:
    """Spell the percentages of a column alike: without places where all are whole, else with two."""
    scritti = [percentuale(valore) for valore in valori]
    if all(scritto.endswith(",00") for scritto in scritti if scritto):
        scritti = [scritto.removesuffix(",00") for scritto in scritti]
    return [scritto or senza for scritto in scritti]


def con_segno(grado: str) -> str:
    """A spelled percentage with its sign, never broken in two: "99,08" -> "99,08 %", "" -> ""."""
    return f"{grado}\N{NO-BREAK SPACE}%" if grado else ""


def numero(valore: Decimal) -> str:
    """Spell a number with no more places than it has: 98.0 -> "98", 64.52 -> "64,52"."""
    testo = format(valore, "f")
    if "." in testo:
        testo = testo.rstrip("0").rstrip(".")
    return testo.replace(".", ",")


def importo(valore: Decimal) -> str:
    """Spell an amount of euro, to the cent: 1234567.9 -> "1.234.567,90"."""
    return f"{arrotonda(valore):,.2f}".translate(str.maketrans(",.", ".,"))


def in_parole(valore: Any) -> str:
    """The value of a cell as it is read: a number as in `numero`, a mark as X."""
    if isinstance(valore, Decimal):
        return numero(valore)
    return "X" if valore is True else str(valore)


def decimale(valore: int | float) -> Decimal:
    """The decimal number that a spreadsheet cell shows, free of binary noise; no zero has a sign."""
    return Decimal(valore) if isinstance(valore, int) else Decimal(f"{valore:.15g}") or Decimal(0)
