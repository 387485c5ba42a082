"""The people of an obiettivo as typed in a cell: who they are, whatever the order and the separators.

Nothing is corrected: names that look like one another are reported, and stay as they are.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations

from rapidfuzz.distance import OSA

from pipeline.parole import normalizza
from pipeline.uffici import PARTICELLA, TITOLI, Natura, natura

_TRATTINI = "-‐‑‒–—―−"
_SEPARATORI = re.compile(
    rf"[,;\n/\\|&+•▪·\uf0b7]|(?<=\w):(?=\w)|\s[{_TRATTINI}]+(?=\s|$)|^[{_TRATTINI}]+\s"
)
_E = re.compile(r"\s+ed?\s+", re.IGNORECASE)
_BIANCHI = re.compile(r"[^\S\n]+")
_GRAFIE = str.maketrans({**dict.fromkeys("`‘´", "'"), **dict.fromkeys("‐‑‒", "-")})
_UFFICI_CON_E = re.compile(
    r"tutt[ioe]|altr[ioe]|personale|agent[ie]|operator[ie]|dipendenti|collaboratori|uffici?o?|"
    r"serviz(?:io|i)|settor[ei]|are[ae]|squadr[ae]|polizia|segreteria|p o"
)
"""How what is no person begins, when an "e" may stand in its name."""
_QUALIFICA = re.compile(r"\s*\((?:p\.?\s?o|e\.?\s?q|resp(?:onsabile)?)\.?\)\s*$", re.IGNORECASE)
"""What follows a name between brackets to say that it heads an office: "Lucia Ferrante (P.O.)"."""
MOLTI_NOMI = 4
"""From how many words a name may well be two people without a separator."""
MAX_PAROLE = 6
"""A longer one is not a name: it would be compared in too many orders."""
LETTERE = 4
"""A shorter word is too short for one letter not to matter (Rita, Rina)."""
MOLTE_LETTERE = 40
"""A longer word is no part of a name: it is compared as it stands."""


@dataclass(frozen=True)
class Nominativo:
    """A person, or a group of people such as "Tutti gli uffici"."""

    nome: str
    gruppo: bool


def leggi(testo: str) -> list[Nominativo]:
    """The names in a cell, in order, each once: separated by comma, dash, slash, "e" or line break."""
    trovati: dict[str, Nominativo] = {}
    for letto in riconosci(testo):
        gruppo = letto.natura is Natura.UFFICIO
        trovati.setdefault(chiave(letto.scritto), Nominativo(letto.scritto, gruppo))
    return list(trovati.values())


@dataclass(frozen=True)
class Riconosciuto:
    """A piece of a cell as typed without titles, what it is, and the name alone if it is a person."""

    scritto: str
    natura: Natura
    nome: str


def riconosci(testo: str, uffici: Iterable[str] = ()) -> list[Riconosciuto]:
    """Who or what each piece of a cell is, in order; `uffici` are the names of the settori."""
    di_uffici = [normalizza(ufficio) for ufficio in uffici]
    trovati = []
    for parte in _parti(testo):
        pieno = " ".join(parte.split()).strip(f" .{_TRATTINI}")
        if not any(lettera.isalpha() for lettera in pieno):
            continue  # a dash or a slash says that there is nobody
        intero = _QUALIFICA.sub("", pieno)
        nome = _senza_ufficio_fra_parentesi(intero, di_uffici)
        quale, persona = natura(nome, di_uffici)
        trovati.append(Riconosciuto(TITOLI.sub("", nome).strip(f" .{_TRATTINI}"), quale, persona))
    return [trovato for trovato in trovati if trovato.scritto]


def _senza_ufficio_fra_parentesi(nome: str, uffici: list[str]) -> str:
    """The person alone of "Anna Verdi (Ufficio tributi)" and of "Ufficio tributi (Anna Verdi)"."""
    fuori, _, resto = nome.partition("(")
    dentro = resto.partition(")")[0]
    if not all(re.search(r"[^\W\d_]", parte) for parte in (fuori, dentro)):
        return nome
    nature = [natura(parte.strip(), uffici)[0] for parte in (fuori, dentro)]
    if (nature[0] is Natura.UFFICIO) == (nature[1] is Natura.UFFICIO):
        return nome
    return (dentro if nature[0] is Natura.UFFICIO else fuori).strip()


def _parti(testo: str) -> list[str]:
    """The pieces of a cell; "e" separates people, not the words of an office ("Tributi e commercio")."""
    parti: list[str] = []
    for parte in _SEPARATORI.split(_BIANCHI.sub(" ", testo)):
        if not parte.strip():
            continue
        di_ufficio = re.match(rf"(?:{_UFFICI_CON_E.pattern})\b", normalizza(parte))
        parti += [parte] if di_ufficio else _E.split(parte)
    return parti


def chiave(nome: str) -> str:
    """What two spellings of a name share: the words in any order, no accents, case or apostrophes."""
    return " ".join(sorted(normalizza(nome.translate(_GRAFIE)).split()))


def persone(testo: str, uffici: Iterable[str] = ()) -> list[str]:
    """The people in a cell that may name offices and roles instead ("Segretario comunale": nobody)."""
    di_persone = (Natura.PERSONA, Natura.FORSE)
    return [letto.nome for letto in riconosci(testo, uffici) if letto.natura in di_persone]


def forme(nomi: Iterable[str]) -> dict[str, str]:
    """For each `chiave` the spelling to show: the most frequent, the first of those even."""
    conti: dict[str, Counter[str]] = {}
    for nome in nomi:
        conti.setdefault(chiave(nome), Counter())[nome] += 1
    return {di: conto.most_common(1)[0][0] for di, conto in conti.items()}


def forse_piu_persone(nome: str) -> bool:
    """Whether a name is so long that a separator may be missing: "Anna Verdi Carlo Bruni"."""
    parole = [p for p in normalizza(nome).split() if not PARTICELLA.fullmatch(p)]
    return len(parole) >= MOLTI_NOMI


def e_nome_e_cognome(nome: str) -> bool:
    """Whether a name looks like one: two words or more, without digits, brackets or percentages."""
    parole = nome.split()
    return (
        len(parole) >= 2
        and not re.search(r"[\d()%]", nome)
        and all(len(parola.strip(".")) > 1 for parola in (parole[0], parole[-1]))
    )


def quasi_uguali(nomi: Iterable[str]) -> list[tuple[str, str]]:
    """Each name that may be the person of one before it, with the first such name: each word of the
    shorter is in the other, but for one letter changed, doubled, left out or swapped ("Castaldi" and
    "Castoldi")."""
    return _con_il_primo(nomi, lambda uno, altro: min(len(uno), len(altro)) > 1)


def stessa_parola(nomi: Iterable[str]) -> list[tuple[str, str]]:
    """Each name of an ufficio that has the words of one before it but for one letter of one of them,
    with the first such name."""
    return _con_il_primo(nomi, lambda uno, altro: len(uno) == len(altro))


def _con_il_primo(
    nomi: Iterable[str], confrontabili: Callable[[list[str], list[str]], bool]
) -> list[tuple[str, str]]:
    """Names are looked up by their words: comparing all with all takes minutes on a few thousand."""
    tutti = list(nomi)
    parole_di = [chiave(nome).split() for nome in tutti]
    con: defaultdict[str, set[int]] = defaultdict(set)
    coppie = []
    for quale, parole in enumerate(parole_di):
        for altro in sorted(_con_parole_vicine(parole, con)):
            if confrontabili(parole, parole_di[altro]) and _quasi_uguali(parole, parole_di[altro]):
                coppie.append((tutti[quale], tutti[altro]))
                break
        for variante in {v for parola in parole for v in _varianti(parola)}:
            con[variante].add(quale)
    return coppie


def _con_parole_vicine(parole: list[str], con: Mapping[str, set[int]]) -> set[int]:
    """The names at least two words of which, or the only one, are near words of this one."""
    conto = Counter(
        altro
        for parola in parole
        for altro in set().union(*(con.get(variante, ()) for variante in _varianti(parola)))
    )
    return {altro for altro, volte in conto.items() if volte >= min(2, len(parole))}


def _varianti(parola: str) -> set[str]:
    """A word and what is left of it without one letter: two words that differ by one letter changed,
    doubled, left out or swapped have one of these in common."""
    if not LETTERE < len(parola) <= MOLTE_LETTERE:
        return {parola}
    return {parola, *(parola[:n] + parola[n + 1 :] for n in range(len(parola)))}


def _quasi_uguali(uno: list[str], altro: list[str]) -> bool:
    corto, lungo = sorted((uno, altro), key=len)
    return (
        corto != lungo
        and len(lungo) <= MAX_PAROLE
        and any(all(map(_vicine, corto, scelte)) for scelte in permutations(lungo, len(corto)))
    )


def _vicine(parola: str, altra: str) -> bool:
    if parola == altra:
        return True
    lunga = min(len(parola), len(altra)) > LETTERE
    return lunga and OSA.distance(parola, altra, score_cutoff=1) <= 1
