"""Addresses of cells, told together."""

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


def riquadri(celle: Iterable[str]) -> list[str]:
    """Cells as rectangles, where columns side by side have the same rows: ["A4:B9", "D4"]."""
    colonne: dict[int, list[int]] = {}
    for riga, colonna in map(xl_cell_to_rowcol, celle):
        colonne.setdefault(colonna, []).append(riga)
    per_righe: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for colonna in sorted(colonne):
        per_righe.setdefault(tuple(di_seguito(colonne[colonna])), []).append(colonna)
    trovati = [
        (prima, da, ultima, a)
        for righe, sue in per_righe.items()
        for prima, ultima in di_seguito(sue)
        for da, a in righe
    ]
    return [xl_range(da, prima, a, ultima) for prima, da, ultima, a in sorted(trovati)]


def di_seguito(numeri: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as runs, first and last: 9, 7, 8, 23 -> [(7, 9), (23, 23)]."""
    catene: list[tuple[int, int]] = []
    for numero in sorted(set(numeri)):
        if catene and catene[-1][1] == numero - 1:
            catene[-1] = (catene[-1][0], numero)
        else:
            catene.append((numero, numero))
    return catene
