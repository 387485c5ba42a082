"""A text in words, however they are written: the pieces among which names are looked for.

A word is folded (no case, accents, signs that do not show, letters that look like others); one of those
looked for is known also when it is broken at the end of a line, spaced out, or glued to another.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

INVISIBILI = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\u2800\ufe00-\ufe0f\ufeff"
)
APOSTROFI = "'’‘`´ʼ′‛ʹ＇"
_PEZZO = re.compile(
    r"(?<![^\W\d_])(?P<titolo>(?:(?:dott|dr|d|prof)\.?\s?ss[ae]|(?:dott|sigg?)\.?\s?r[ia]|sig\.?\s?na|"
    r"dott|dr|prof|sigg?|ing|arch|avv|geom|rag|(?:on|cav)(?=\.)|dottor(?:e|i|essa|esse)?|"
    r"signor(?:e|i|a|ina)?|professor(?:e|i|essa|esse)?|ingegner[ei]?|architett[oaie]|avvocat[oaie]|"
    r"geometr[aie]|ragionier[eai]?)(?![^\W\d_])\.?)"
    rf"|(?P<parola>(?:[^\W\d_][\u0300-\u036f{INVISIBILI}]*)+)",
    re.IGNORECASE,
)
_SOSIA = (
    "аa еe оo рp сc уy хx іi ѕs јj ԁd һh кk мm тt вb нh АA ЕE ОO РP СC УY ХX ІI ЅS ЈJ КK МM ТT ВB НH "
    "αa οo ρp ιi κk νv τt υu χx ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ıi łl øo đd ŁL ØO ĐD"
)
_ALTRE_LETTERE = str.maketrans({coppia[0]: coppia[1] for coppia in _SOSIA.split()})
"""Cyrillic and Greek letters that look like ours, and ours with a stroke."""
_ROTTURA = re.compile(
    rf"[{INVISIBILI}]*(?:[-‐‑¬]\s*[{INVISIBILI}]*\s*|[{APOSTROFI}]|\s*[\r\n]\s*)[{INVISIBILI}]*"
)
"""What breaks a word: a hyphen, the end of a line, an apostrophe ("Dangelo" and "D'Angelo")."""
_FRA_LETTERE = re.compile(rf"[\s._{INVISIBILI}-]+")
MAX_ROTTURA = 12
"""A longer gap does not break a word."""
MAX_PARTI = 4
"""In how many parts a word may be broken."""
MIN_LETTERE = 3
"""From how many letters a word may be spaced out: two may be a sigla."""
_CATEGORIE = "ABCDEIO"
"""Letters that stand alone for something else: a category, an allegato, a conjunction."""


@dataclass(frozen=True)
class Pezzo:
    """A word or a title of a text, and where it stands; `parola` is folded, "" for a title.

    `iniziale`: it may stand for a name ("M. Rossi", "m_rossi"); `puntata`: with a full stop.
    """

    da: int
    a: int
    scritto: str
    parola: str
    iniziale: bool = False
    puntata: bool = False

    @property
    def maiuscolo(self) -> bool:
        return self.scritto[0].isupper()


def pezzi(testo: str) -> Iterator[Pezzo]:
    """The words and titles of a text, as they stand."""
    for trovato in _PEZZO.finditer(testo):
        da, a = trovato.span()
        if trovato[0] == "nbsp" and testo[da - 1 : da] == "&":
            continue  # a blank, in the language of the web
        parola = "" if trovato["titolo"] else piana(trovato[0])
        puntata = len(parola) == 1 and testo[a : a + 1] == "."
        sola = len(parola) == 1 and _e_iniziale(testo, da, a, puntata)
        yield Pezzo(da, a, trovato[0], parola, sola, sola and puntata)


def _e_iniziale(testo: str, da: int, a: int, puntata: bool) -> bool:
    """A capital with a full stop or alone, or any letter tied to a word as in a user name."""
    lettera = testo[da]
    if lettera.isupper() and (puntata or lettera not in _CATEGORIE):
        return True
    prima, dopo = testo[max(da - 2, 0) : da], testo[a : a + 2]
    legata_dopo = dopo[:1] in ("_", ".") and dopo[1:].isalpha()
    return legata_dopo or (prima[1:] in ("_", ".") and prima[:1].isalpha())


def piana(parola: str) -> str:
    """A word without case, accents and signs that do not show, in letters of ours."""
    if parola.isascii():
        return parola.lower()
    nostra = unicodedata.normalize("NFKD", parola).translate(_ALTRE_LETTERE).casefold()
    return "".join(lettera for lettera in unicodedata.normalize("NFKD", nostra) if lettera.isalpha())


def ricomposti(
    testo: str, note: Collection[str], attaccate: Mapping[str, list[str]], massima: int
) -> Iterator[Pezzo]:
    """The pieces of a text, the words in `note` whole however they are broken or spaced out; those
    glued to others ("MarioRossi", or a key of `attaccate`) each by itself.

    `massima` is the length of the longest of `note`.
    """
    letti, posto = list(pezzi(testo)), 0
    while posto < len(letti):
        pezzo, spaziata, quanti = letti[posto], 0, 1
        if pezzo.parola:
            spaziata = _spaziata(testo, letti, posto, note, massima)
            quanti = spaziata or _rotta(testo, letti, posto, note) or 1
        if quanti > 1:
            ultimo = letti[posto + quanti - 1]
            parola = "".join(altro.parola for altro in letti[posto : posto + quanti])
            puntata = ultimo.puntata and spaziata > 0
            yield Pezzo(pezzo.da, ultimo.a, testo[pezzo.da : ultimo.a], parola, puntata=puntata)
        elif not pezzo.parola or pezzo.parola in note:
            yield pezzo
        else:
            yield from _staccati(pezzo, note, attaccate)
        posto += quanti


def _spaziata(testo: str, letti: list[Pezzo], posto: int, note: Collection[str], massima: int) -> int:
    """How many letters from here spell a word of `note` ("R O S S I"), the longest; 0 for none."""
    lettere, trovate = "", 0
    for quante, pezzo in enumerate(letti[posto : posto + massima], start=1):
        prima = letti[posto + quante - 2] if quante > 1 else pezzo
        if len(pezzo.parola) != 1 or not _fra(_FRA_LETTERE, testo, prima, pezzo):
            break
        lettere += pezzo.parola
        trovate = quante if quante >= MIN_LETTERE and lettere in note else trovate
    return trovate


def _rotta(testo: str, letti: list[Pezzo], posto: int, note: Collection[str]) -> int:
    """In how many parts from here a word of `note` is broken, the most; 0 if in none."""
    parola, trovate = letti[posto].parola, 0
    for quante, (prima, dopo) in enumerate(pairwise(letti[posto : posto + MAX_PARTI]), start=2):
        if not dopo.parola or not _fra(_ROTTURA, testo, prima, dopo):
            break
        parola += dopo.parola
        trovate = quante if parola in note else trovate
    return trovate


def _fra(che_cosa: re.Pattern[str], testo: str, prima: Pezzo, dopo: Pezzo) -> bool:
    """Whether between two pieces there is only that, and little of it; nothing is between a piece and
    itself."""
    if prima is dopo:
        return True
    return dopo.da - prima.a <= MAX_ROTTURA and che_cosa.fullmatch(testo, prima.a, dopo.da) is not None


def _staccati(pezzo: Pezzo, note: Collection[str], attaccate: Mapping[str, list[str]]) -> list[Pezzo]:
    """The words glued in a piece, if some are of `note`; otherwise the piece itself."""
    if parole := attaccate.get(pezzo.parola):
        fine = pezzo.a - len(parole) + 1  # where one ends does not matter: they go together
        posti = [(pezzo.da, fine), *((n, n + 1) for n in range(fine, pezzo.a))]
        return [
            Pezzo(da, a, pezzo.scritto, parola) for (da, a), parola in zip(posti, parole, strict=True)
        ]
    confini = [0, *_gobbe(pezzo.scritto), len(pezzo.scritto)]
    parti = [
        Pezzo(pezzo.da + da, pezzo.da + a, pezzo.scritto[da:a], piana(pezzo.scritto[da:a]))
        for da, a in pairwise(confini)
    ]
    return parti if len(parti) > 1 and any(parte.parola in note for parte in parti) else [pezzo]


def _gobbe(scritto: str) -> list[int]:
    """Where a capital begins another word: MarioRossi, ROSSIMario."""
    if scritto.islower() or scritto.isupper() or scritto[1:].islower():
        return []
    return [
        n
        for n in range(1, len(scritto))
        if scritto[n].isupper()
        and (scritto[n - 1].islower() or (scritto[n - 1].isupper() and scritto[n + 1 : n + 2].islower()))
    ]
