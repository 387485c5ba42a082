"""The texts that people type, as the paragraphs and the lists that they meant."""

import re
from itertools import pairwise
from typing import Literal, NamedTuple

Elenco = Literal["", "•", "1.", "1)", "a)"]

_PUNTO = re.compile(r"\s*[-–—•·▪*](?:\s+|(?=[^\W\d]))(\S.*)")
_NUMERO = re.compile(r"\s*(\d{1,2})([.)])\s+(\S.*)")
_LETTERA = re.compile(r"\s*([a-z])\)\s+(\S.*)")
_SEGUITO = re.compile(r"\s|[^\W\d_A-ZÀ-Ý]")


class Brano(NamedTuple):
    """A paragraph; line breaks in `testo` stay. `elenco` is the kind of list of which it is an item,
    `n` its number there. `nuovo`: it begins a numbered list."""

    testo: str
    elenco: Elenco = ""
    n: int = 0
    nuovo: bool = False


def brani(testo: str) -> list[Brano]:
    """A typed text -> its paragraphs; nothing of it is lost but blank lines and the marks of the lists.

    A blank line divides paragraphs. Lines with a dash or a bullet, or numbered one after the other, are
    a list when there are at least two of them: "- 5 %" alone is a figure. A line that goes on in lower
    case, or is indented, belongs to the item above it.
    """
    righe = testo.split("\n")
    voci = _in_elenco([_voce(riga) for riga in righe])
    trovati: list[Brano] = []
    aperto = False
    for riga, voce in zip(righe, voci, strict=True):
        if voce is not None:
            trovati.append(voce)
        elif riga.strip() and aperto and (not trovati[-1].elenco or _SEGUITO.match(riga)):
            trovati[-1] = trovati[-1]._replace(testo=f"{trovati[-1].testo}\n{riga}")
        elif riga.strip():
            trovati.append(Brano(riga))
        aperto = bool(riga.strip())
    return trovati


def _voce(riga: str) -> Brano | None:
    """What a line would be as an item of a list."""
    if trovato := _PUNTO.fullmatch(riga):
        return Brano(trovato[1], "•")
    if trovato := _NUMERO.fullmatch(riga):
        return Brano(trovato[3], "1." if trovato[2] == "." else "1)", int(trovato[1]))
    if trovato := _LETTERA.fullmatch(riga):
        return Brano(trovato[2], "a)", ord(trovato[1]) - ord("a") + 1)
    return None


def _in_elenco(voci: list[Brano | None]) -> list[Brano | None]:
    """The same, without the items that make no list with others; the first of a list is marked."""
    buone: list[Brano | None] = [None] * len(voci)
    for tipo in dict.fromkeys(voce.elenco for voce in voci if voce):
        sue = [(posto, voce) for posto, voce in enumerate(voci) if voce and voce.elenco == tipo]
        for (prima, una), (dopo, altra) in pairwise(sue):
            if tipo == "•" or altra.n == una.n + 1:
                buone[prima] = buone[prima] or una._replace(nuovo=tipo != "•")
                buone[dopo] = altra
    return buone
