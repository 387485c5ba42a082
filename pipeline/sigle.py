"""Short codes for the settori, by which a scheda is called: Affari generali -> AG, its eighth AG 8."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, count, dropwhile

from pipeline.parole import normalizza

DEI_COMUNI = "T"
"""The code of the trasversali."""
_VUOTE = frozenset(
    [
        "a",
        "al",
        "alla",
        "alle",
        "agli",
        "ai",
        "con",
        "d",
        "da",
        "dal",
        "dei",
        "del",
        "della",
        "delle",
        "di",
        "e",
        "ed",
        "gli",
        "i",
        "il",
        "in",
        "l",
        "la",
        "le",
        "lo",
        "nei",
        "per",
        "s",
        "su",
        "tra",
        "un",
        "una",
    ]
)
"""Words that say nothing of a settore."""
_VOCALI = "aeiou"


def sigle(nomi: Mapping[str, str]) -> dict[str, str]:
    """The code of every settore of a mapping of its key to its name: each different, in capitals.

    The initials of the first two words that say something («Affari generali» AG, «Settore 12» S12); of
    one word, its first letter and the next consonant («Segretario» SG). A word with which every name
    begins says nothing, if others follow. Of two with the same code the first keeps it.
    """
    parole = dict(zip(nomi, _senza_la_comune([_parole(nome) for nome in nomi.values()]), strict=True))
    date: dict[str, str] = {}
    for chiave, sue in parole.items():
        usate = {*date.values(), DEI_COMUNI}
        date[chiave] = next(sigla for sigla in _proposte(sue) if sigla not in usate)
    return date


def _parole(nome: str) -> list[str]:
    tutte = ["".join(c for c in parola if c.isalnum()) for parola in normalizza(nome).split()]
    buone = [parola for parola in tutte if parola and parola not in _VUOTE]
    return buone if buone and not buone[0].isdigit() else ["settore", *buone]


def _senza_la_comune(nomi: list[list[str]]) -> list[list[str]]:
    """«Settore 1 – Affari generali» is called by its own words; «Settore 1» has no others."""
    senza = [[*dropwhile(str.isdigit, parole[1:])] for parole in nomi]
    uguali = len({parole[0] for parole in nomi}) == 1
    return senza if len(nomi) > 1 and uguali and all(senza) else nomi


def _proposte(parole: list[str]) -> Iterator[str]:
    """The codes that a name may have, best first; they never end."""
    pezzi = [parola if parola.isdigit() else parola[0] for parola in parole]
    if len(pezzi) > 1:
        yield "".join(pezzi[:2]).upper()
        yield from _di_due(pezzi[0], [*pezzi[2:], *parole[1][1:]])
        yield "".join(pezzi[:3]).upper()
    prima, *altre = list("".join(parole))
    yield from _di_due(prima, [*(c for c in altre if c not in _VOCALI), *altre])
    yield from ("".join((prima, *due)).upper() for due in combinations(altre, 2))
    yield from (f"{prima}{n}".upper() for n in count(1))


def _di_due(prima: str, seconde: Iterable[str]) -> Iterator[str]:
    return (f"{prima}{seconda}".upper() for seconda in seconde)
