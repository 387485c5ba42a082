"""Addresses of cells, told together."""

import re
from collections.abc import Iterable


def intervalli(celle: Iterable[str]) -> list[str]:
    """Cells as ranges down their columns: E7, E8, E9, E23 -> ["E7:E9", "E23"], in reading order."""
    posti = sorted({_posto(cella) for cella in celle}, key=lambda p: (len(p[0]), p))
    catene: list[tuple[str, int, int]] = []
    for colonna, riga in posti:
        if catene and catene[-1][0] == colonna and catene[-1][2] == riga - 1:
            catene[-1] = (colonna, catene[-1][1], riga)
        else:
            catene.append((colonna, riga, riga))
    return [f"{c}{da}" if da == a else f"{c}{da}:{c}{a}" for c, da, a in catene]


def _posto(cella: str) -> tuple[str, int]:
    colonna, riga = re.fullmatch(r"([A-Z]+)([0-9]+)", cella).groups()  # type: ignore[union-attr]
    return colonna, int(riga)
