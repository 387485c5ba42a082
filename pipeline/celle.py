"""Addresses of cells, told together."""

import re
from collections.abc import Iterable

from xlsxwriter.utility import xl_cell_to_rowcol, xl_range


def intervalli(celle: Iterable[str]) -> list[str]:
    """Cells as ranges down their columns: E7, E8, E9, E23 -> ["E7:E9", "E23"], in reading order."""
    colonne: dict[int, list[int]] = {}
    for riga, colonna in map(xl_cell_to_rowcol, celle):
        colonne.setdefault(colonna, []).append(riga)
    return [
        xl_range(da, colonna, a, colonna)
        for colonna in sorted(colonne)
        for da, a in di_seguito(colonne[colonna])
    ]


def contiene(scritte: str, cella: str) -> bool:
    """Whether a cell is among those written, as `intervalli` tells them: E9 in "E7:E19, E23"."""
    for parte in filter(None, re.split(r"[\s,;]+", scritte.replace("$", "").upper())):
        estremi = re.fullmatch(r"([A-Z]{1,3}\d{1,7})(?::([A-Z]{1,3}\d{1,7}))?", parte)
        if estremi and cella:
            (alto, sinistra), (basso, destra) = (
                xl_cell_to_rowcol(estremo) for estremo in (estremi[1], estremi[2] or estremi[1])
            )
            riga, colonna = xl_cell_to_rowcol(cella)
            if alto <= riga <= basso and sinistra <= colonna <= destra:
                return True
    return False


def di_seguito(numeri: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as runs, first and last: 9, 7, 8, 23 -> [(7, 9), (23, 23)]."""
    catene: list[tuple[int, int]] = []
    for numero in sorted(set(numeri)):
        if catene and catene[-1][1] == numero - 1:
            catene[-1] = (catene[-1][0], numero)
        else:
            catene.append((numero, numero))
    return catene
