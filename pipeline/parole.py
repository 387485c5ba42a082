"""Comparing and quoting text."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from hashlib import sha256


@lru_cache(maxsize=4096)
def normalizza(testo: str) -> str:
    """Text for comparing labels, names and choices: no case, accents, punctuation, extra blanks."""
    piano = testo.casefold()
    if not piano.isascii():  # accents are looked for one letter at a time
        scomposto = unicodedata.normalize("NFKD", piano)
        piano = "".join(c for c in scomposto if not unicodedata.combining(c))
    return " ".join(_FRA_PAROLE.sub(" ", piano).split())


_FRA_PAROLE = re.compile(r"[\s.,:;'’\"«»()/–-]+")


_COMUNI = {"settore", "servizio", "servizi", "ufficio", "uffici", "area", "direzione", "comune"}
"""Words that the names of many settori have."""


def somigliano(uno: str, altro: str) -> bool:
    """Whether two names of settori or codes may be of the same: nearly equal, or with a word in common
    that says something."""
    parole = [normalizza(nome.replace("_", " ")) for nome in (uno, altro)]
    proprie = [{p for p in testo.split() if len(p) > 3} - _COMUNI for testo in parole]
    return bool(proprie[0] & proprie[1]) or bool(get_close_matches(parole[0], parole[1:], cutoff=0.8))


_SEGNAPOSTO = "campo dedicato alla relazione finale"
"""What the printed form has in the stato di attuazione until somebody writes there."""


def segnaposto(testo: str) -> bool:
    """Whether a text is only the placeholder of the form, whatever its case, blanks and brackets."""
    piano = testo.casefold()
    return "campo" in piano and " ".join(re.findall(r"[^\W_]+", piano)) == _SEGNAPOSTO


def citazione(testo: str, massimo: int = 80) -> str:
    """Text short enough to quote in a message, on one line: cut after a word, where one ends in the
    second half."""
    piano = " ".join(testo.split())
    if len(piano) <= massimo:
        return piano
    parole = piano[:massimo].rpartition(" ")[0].rstrip(" ,;:.(–-")
    return f"{parole if len(parole) >= massimo // 2 else piano[: massimo - 1]}…"


_ILLEGGIBILI = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def impronta(testo: str) -> str:
    """What tells whether a text is still the same, whatever its blanks; "" for no text."""
    parole = " ".join(testo.split())
    return sha256(parole.encode()).hexdigest()[:12] if parole else ""


def leggibile(nome: str) -> str:
    """A file name as it can be shown: no control characters, nor what is no character at all."""
    return _ILLEGGIBILI.sub("?", nome)


def maiuscola(testo: str) -> str:
    """A sentence with its first letter in capitals."""
    return testo[:1].upper() + testo[1:]


def in_frase(testo: str) -> str:
    """A typed text on one line, without the dash or the full stop that would not go in a sentence."""
    piano = " ".join(testo.split())
    return (piano[2:] if piano.startswith(_TRATTINI) else piano).removesuffix(".")


_TRATTINI = ("- ", "– ", "• ")


def quanti(n: int, uno: str, molti: str) -> str:
    """How many, with the noun that agrees: quanti(1, "scheda", "schede") -> "1 scheda"."""
    return f"{n} {uno if n == 1 else molti}"


_IN_LETTERE = (
    *("nessuna", "una", "due", "tre", "quattro", "cinque"),
    *("sei", "sette", "otto", "nove", "dieci"),
)


_CARDINALI = ("zero", "uno", *_IN_LETTERE[2:])


def cardinale(n: int) -> str:
    """A number as in a heading: in letters up to ten."""
    return _CARDINALI[n] if n < len(_CARDINALI) else str(n)


def cose(n: int) -> str:
    """How many things, as in a sentence: "una cosa", "due cose", "12 cose"."""
    numero = _IN_LETTERE[n] if n < len(_IN_LETTERE) else str(n)
    return f"{numero} {'cosa' if n < 2 else 'cose'}"


def con_articolo(n: int, di: bool = False) -> str:
    """Several things with their article: "i 3", "gli 8"; with `di`, "dei 3", "degli 8"."""
    gli = n == 11 or str(n)[:1] == "8"
    return f"{('degli' if gli else 'dei') if di else ('gli' if gli else 'i')} {n}"


def elenco_di(parti: Sequence[str]) -> str:
    """A list in words: "a, b e c"."""
    return " e ".join(filter(None, (", ".join(parti[:-1]), *parti[-1:])))
