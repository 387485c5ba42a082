"""Several indicatori in one cell, one a line, and the values in the cells beside: which is of which."""

from collections.abc import Sequence


def quante(cella: str) -> int:
    """How many lines of a cell say something."""
    return len(_piene(cella.split("\n")))


def affianca(indicatori: str, accanto: Sequence[str]) -> list[tuple[str, ...]] | None:
    """The indicatori of a cell, each with its line of the cells beside; None where these have another
    number of lines, and nobody knows which value is of which indicatore.

    Cells beside that say nothing leave the text as it is, whole: it may well be one indicatore on
    several lines. A line left blank beside an indicatore is a value that is missing.
    """
    nomi = indicatori.split("\n")
    colonne = [_accanto(nomi, cella) for cella in accanto]
    if not any(map(quante, accanto)) or (quante(indicatori) < 2 and None not in colonne):
        return [(indicatori, *accanto)]
    divise = [colonna for colonna in colonne if colonna is not None]
    return list(zip(_piene(nomi), *divise, strict=True)) if len(divise) == len(colonne) else None


def riunisci(valori: Sequence[str]) -> str:
    """The cell of the values of several indicatori, from which `affianca` has the same values."""
    return "\n".join(valori) if any(map(quante, valori)) else "".join(valori[:1])


def ripartisci(indicatori: str, testo: str, quanti: int) -> list[str]:
    """A text said of the indicatori of a cell, for each of the `quanti` that they are: its line, where
    there is one for each; else the whole text, which is of all of them."""
    righe = _accanto(indicatori.split("\n"), testo) if quanti > 1 else None
    return righe or [testo] * quanti


def raccogli(testi: Sequence[str]) -> str:
    """The cell of the texts of several indicatori, from which `ripartisci` has the same texts."""
    return testi[0] if len(set(testi)) == 1 else riunisci(testi)


def _accanto(nomi: list[str], cella: str) -> list[str] | None:
    """The values of a cell, one for each indicatore."""
    righe, quanti = cella.split("\n"), max(1, len(_piene(nomi)))
    piene = _piene(righe)
    if not piene:
        return [cella, *[""] * (quanti - 1)]
    sue = [riga for nome, riga in zip(nomi, righe, strict=False) if nome.strip()]
    if len(righe) == len(nomi) and len(_piene(sue)) == len(piene):
        return sue
    return piene if len(piene) == quanti else None


def _piene(righe: list[str]) -> list[str]:
    return [riga for riga in righe if riga.strip()]
