"""The findings: what is wrong in a workbook, where, why, and what to write instead."""

from pipeline.rilievi.catalogo import AMBITI, CATALOGO, GRAVITA, Ambito, Gravita, Regola
from pipeline.rilievi.rilievo import Rilievo, bloccanti, insieme, ordina, senza_conseguenze

__all__ = [
    "AMBITI",
    "CATALOGO",
    "GRAVITA",
    "Ambito",
    "Gravita",
    "Regola",
    "Rilievo",
    "bloccanti",
    "insieme",
    "ordina",
    "senza_conseguenze",
]
