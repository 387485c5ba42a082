"""Addresses of cells, told together."""

import re
from collections.abc import Iterable


def intervalli(celle: Iterable[str]) -> list[str]:
    """Cells as ranges down their columns: E7, E8, E9, E23 -> ["E7:E9", "E23"], in reading order."""
    colonne: dict[str, list[int]] = {}
    for colonna, riga in map(_posto, celle):
        colonne.setdefault(colonna, []).append(riga)
    return [
        f"{colonna}{da}" if da == a else f"{colonna}{da}:{colonna}{a}"
        for colonna in sorted(colonne, key=lambda c: (len(c), c))
        for da, a in di_seguito(colonne[colonna])
    ]


def di_seguito(numeri: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as runs, first and last: 9, 7, 8, 23 -> [(7, 9), (23, 23)]."""
    catene: list[tuple[int, int]] = []
    for numero in sorted(set(numeri)):
        if catene and catene[-1][1] == numero - 1:
            catene[-1] = (catene[-1][0], numero)
        else:
            catene.append((numero, numero))
    return catene


def _posto(cella: str) -> tuple[str, int]:
    colonna, riga = re.fullmatch(r"([A-Z]+)([0-9]+)", cella).groups()  # type: ignore[union-attr]
    return colonna, int(riga)
