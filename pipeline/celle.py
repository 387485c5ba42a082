"""Addresses of cells. Rows and columns count from 1, as one sees them.

Not xlsxwriter's: loading it would cost the process that reads a sixth of its start.
"""

from collections.abc import Iterable
from string import ascii_uppercase


def lettere(colonna: int) -> str:
    """28 -> "AB"."""
    prima, ultima = divmod(colonna - 1, len(ascii_uppercase))
    return (lettere(prima) if prima else "") + ascii_uppercase[ultima]


def coordinate(cella: str) -> tuple[int, int]:
    """ "E7" -> (7, 5)."""
    colonna = 0
    nome = cella.rstrip("0123456789")
    for lettera in nome:
        colonna = colonna * len(ascii_uppercase) + ascii_uppercase.index(lettera) + 1
    return int(cella.removeprefix(nome)), colonna


def intervalli(celle: Iterable[str]) -> list[str]:
    """Cells as ranges down their columns: E7, E8, E9, E23 -> ["E7:E9", "E23"], in reading order."""
    colonne: dict[int, list[int]] = {}
    for riga, colonna in map(coordinate, celle):
        colonne.setdefault(colonna, []).append(riga)
    return [
        f"{lettere(colonna)}{da}" + (f":{lettere(colonna)}{a}" if a > da else "")
        for colonna in sorted(colonne)
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
