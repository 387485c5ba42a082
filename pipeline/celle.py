"""Addresses of cells. Rows and columns count from 1, as one sees them.

Not xlsxwriter's: loading it would cost the process that reads a sixth of its start.
"""

import re
from collections.abc import Iterable
from functools import cache
from string import ascii_uppercase


@cache  # a sheet has few columns, and every address asks for one
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
    return [
        _area(colonna, da, colonna, a)
        for colonna, righe in sorted(_per_colonna(celle).items())
        for da, a in righe
    ]


def riquadri(celle: Iterable[str]) -> list[str]:
    """Cells as rectangles, where columns side by side have the same rows: ["A4:B9", "D4"]."""
    per_righe: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for colonna, righe in _per_colonna(celle).items():
        per_righe.setdefault(tuple(righe), []).append(colonna)
    trovati = [
        (prima, da, ultima, a)
        for righe, colonne in per_righe.items()
        for prima, ultima in di_seguito(colonne)
        for da, a in righe
    ]
    return [_area(*trovato) for trovato in sorted(trovati)]


def _per_colonna(celle: Iterable[str]) -> dict[int, list[tuple[int, int]]]:
    """The columns of some cells, with the runs of their rows."""
    colonne: dict[int, list[int]] = {}
    for riga, colonna in map(coordinate, celle):
        colonne.setdefault(colonna, []).append(riga)
    return {colonna: di_seguito(righe) for colonna, righe in colonne.items()}


def _area(prima: int, da: int, ultima: int, a: int) -> str:
    angoli = f"{lettere(prima)}{da}", f"{lettere(ultima)}{a}"
    return ":".join(dict.fromkeys(angoli))


def contiene(scritte: str, cella: str) -> bool:
    """Whether a cell is among those written, as `intervalli` tells them: E9 in "E7:E19, E23"."""
    for parte in filter(None, re.split(r"[\s,;]+", scritte.replace("$", "").upper())):
        estremi = re.fullmatch(r"([A-Z]{1,3}\d{1,7})(?::([A-Z]{1,3}\d{1,7}))?", parte)
        if estremi and cella:
            (alto, sinistra), (basso, destra) = (
                coordinate(estremo) for estremo in (estremi[1], estremi[2] or estremi[1])
            )
            riga, colonna = coordinate(cella)
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
