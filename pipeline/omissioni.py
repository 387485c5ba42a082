"""The personal data in a text: the names of known people, e-mail addresses, codici fiscali, telephones.

Pure. A name is found in any order, case and punctuation; a surname alone only after a title ("geom."):
alone it may be a street or an ordinary word, and it is left to who reads.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise, permutations
from operator import itemgetter
from pathlib import Path

from pipeline.grafie import APOSTROFI, INVISIBILI, Pezzo, pezzi, ricomposti
from pipeline.uffici import DI_UFFICI, NOMI_PROPRI, PARTICELLA

NOME, INDIRIZZO, DATO = "[nominativo omesso]", "[indirizzo omesso]", "[dato omesso]"

_FRA_PAROLE = rf"[\s_,(){APOSTROFI}\"“”«»*{INVISIBILI}\u2010-\u2015\u2212-]*"
_LEGATE = re.compile(rf"{_FRA_PAROLE}|\.|[/\\|&+:;]|%20|(?:&nbsp;|&#160;)+", re.IGNORECASE)
"""What may stand between two words of a name: not a full stop and a blank, which end a sentence."""
_FRA_MAIUSCOLE = re.compile(r"\s{0,3}[/\\|&+:~]\s{0,3}")
"""The same between two words with a capital: "Mario / Rossi"."""
_DOPO_PUNTO = re.compile(rf"\.?{_FRA_PAROLE}")
"""What may stand after an initial or a title."""
_ACCANTO = re.compile(rf"[\s{INVISIBILI}]*+[{APOSTROFI}]?[\s{INVISIBILI}]*+|[-\u2010\u2011_]")
"""What stands between the words of one name when nothing separates people: no comma, no dash."""
_FRA_COGNOMI = re.compile(r"\s{0,3}(?:[/\\|&+~]|[-–—:;])\s{0,3}")
"""What joins the surnames of colleagues: "Verdi/Bruni"."""
_DELLA_LINGUA = frozenset(
    Path(__file__).with_name("cognomi_della_lingua.txt").read_text(encoding="utf-8").split()
)
"""Surnames that are words of the language or names of places: two joined may be no people."""
_SULLA_RIGA = re.compile(r"[^\S\r\n]+")
_NON_COGNOMI = DI_UFFICI - {"conti", "sede", "reparto", "sindaci", "comune", "poli", "casa", "medici"}
_SIGLE = ("lgs", "iva")
"""What follows a letter and a full stop without being a surname: D. Lgs., P. IVA."""
MIN_ATTACCATE, MIN_COGNOME = 7, 4
"""From how many letters two names are known as one word, and a surname with an initial: shorter ones may
be words of the language."""
MAX_ATTACCATE = 8
"""A name of more words is not looked for as one: it is several people, or no name."""
PRIMA_DEL_COGNOME = 4
"""How far a surname may be from its first initial: "M. G. De La Torre"."""
MAX_PAROLE = 3
"""How many words are listed after a title: two first names and a surname."""

_LOCALE = r"[\w.!#$%&'*+/=?^`{|}~-]"
_INDIRIZZI = re.compile(rf"(?<!{_LOCALE}){_LOCALE}++[@＠﹫][\w-]+(?:\.[\w-]+)*")
_CIFRA = r"[\dL-NP-V]"
_CODICE_FISCALE = re.compile(
    r"(?<!\w)(?:(?=\w*\d)[A-Z]{6}"
    + _CIFRA
    + "{2}[A-EHLMPRST]"
    + _CIFRA
    + "{2}[A-Z]"
    + _CIFRA
    + "{3}[A-Z]"
    r"|[A-Z]{3}\s[A-Z]{3}\s\d{2}[A-EHLMPRST]\d{2}\s[A-Z]\d{3}\s?[A-Z])(?!\w)",
    re.IGNORECASE,
)
"""Sixteen characters; where two people would share one, letters from L to V stand for the digits."""
_TELEFONO = re.compile(
    r"(?:(?<!\w)(?:tel|telefono|cell|cellulare|fax)(?!\w)[.:/ \t\xa0]*(?:n[.°]?[ \t\xa0]*)?"
    r"|(?<!\w)(?=\+39))"
    r"(?P<numero>\+?\d[\d ./()\xa0-]{4,}\d)",
    re.IGNORECASE,
)
"""A number is a telephone only if a word says so, or the prefix of Italy."""
_FORSE_TELEFONO = re.compile(
    r"(?<![\w.,/+-])(?<!\d[ \xa0])(?:3\d\d(?:[ \xa0./-]?\d){7}"
    r"|(?=(?:\d[ \xa0./-]?){9})0(?:[26][ \xa0./-]\d\d|[1-9]\d{1,2}[ \xa0./-])\d(?:[ \xa0.-]?\d){4,7})"
    r"(?![.,:/-]?\d|\w)"
)
"""The ten digits of a mobile, or a prefix, a separator and a number: it may also be a protocol."""


@dataclass(frozen=True)
class Noto:
    """A known person. `forti` are the words that say who it is: not particles, not initials.

    `certo`: whether it surely is a person; False for a name by its capitals alone, which gives way only
    where it has them; None for what may be an office, which gives way only after a title.
    """

    parole: Counter[str]
    forti: frozenset[str]
    certo: bool | None = True

    @property
    def cognome(self) -> str:
        """The only word that says who it is, if it is no given name; "" otherwise."""
        solo = next(iter(self.forti), "") if len(self.forti) == 1 else ""
        return "" if solo in NOMI_PROPRI else solo


@dataclass(frozen=True)
class Pulito:
    """A text without what was found: `segni` stand in its place, `dubbi` is what to read again."""

    testo: str
    segni: list[str] = field(default_factory=list)
    dubbi: list[str] = field(default_factory=list)


class Ricerca:
    """What to look for: the names of some people, and what is personal whoever it is of."""

    def __init__(
        self, nomi: Iterable[str], forse: Iterable[str] = (), dubbi: Iterable[str] = ()
    ) -> None:
        self.noti: dict[str, list[Noto]] = {}
        self.attaccate: dict[str, list[str]] = {}
        self.utenti: set[str] = set()
        for certo, di_questi in ((True, nomi), (False, forse), (None, dubbi)):
            for nome in dict.fromkeys(di_questi):
                for noto in _noti(nome, certo):
                    self._aggiungi(noto)
        self.massima = max(map(len, self.noti), default=0)

    def _aggiungi(self, noto: Noto) -> None:
        for parola in noto.parole:
            self.noti.setdefault(parola, []).append(noto)
        if noto.certo is None or len(noto.parole) > MAX_ATTACCATE:
            return
        for coppia in permutations(sorted(noto.forti), 2):
            if len("".join(coppia)) >= MIN_ATTACCATE:
                self.attaccate["".join(coppia)] = list(coppia)
            if len(coppia[1]) >= MIN_COGNOME and coppia[1] not in NOMI_PROPRI:
                self.utenti |= {coppia[0][0] + coppia[1], coppia[1] + coppia[0][0]}
        intere = list(noto.parole)
        for n in range(len(intere)):
            girate = intere[n:] + intere[:n]
            self.attaccate.setdefault("".join(girate), girate)

    def pulisci(self, testo: str) -> Pulito:
        """The text with a mark in place of each thing found; a text without any comes back as it is."""
        pezzi = list(ricomposti(testo, self.noti, self.attaccate, self.massima))
        trovati = [*self._persone(testo, pezzi), *self._cognomi_uniti(testo, pezzi)]
        nomi = [
            (pezzi[da].da, _con_parentesi(testo, pezzi[da].da, pezzi[a].a), NOME) for da, a in trovati
        ]
        tratti = _uniti(sorted([*_fissi(testo), *nomi]))
        nuovo, fine = [], 0
        for da, a, segno in tratti:
            nuovo += [testo[fine:da], segno]
            fine = a
        liberi = [pezzo for pezzo in pezzi if not _coperto(pezzo.da, pezzo.a, tratti)]
        segni = [segno for _, _, segno in tratti]
        numeri = [n[0] for n in _FORSE_TELEFONO.finditer(testo) if not _coperto(*n.span(), tratti)]
        dubbi = [*self._dubbi(testo, liberi), *numeri]
        return Pulito("".join(nuovo) + testo[fine:], segni, dubbi)

    def _persone(self, testo: str, pezzi: list[Pezzo]) -> Iterator[tuple[int, int]]:
        """The first and last piece of every name."""
        visti: dict[int, int] = {}
        for posto, pezzo in enumerate(pezzi):
            for noto in self.noti.get(pezzo.parola, []):
                if posto >= (primo := visti.get(id(noto), 0)):
                    da, a, fino = _tratto(testo, pezzi, primo, posto, noto)
                    if not _e_lui(pezzi[da : fino + 1], noto):
                        da, a = _con_nome_accanto(testo, pezzi, posto, noto)
                    if da < a or _e_lui(pezzi[da : fino + 1], noto):
                        visti[id(noto)] = a + 1
                        yield da, a

    def _cognomi_uniti(self, testo: str, pezzi: list[Pezzo]) -> Iterator[tuple[int, int]]:
        """The surnames of two people joined by a sign: "Verdi/Bruni"."""
        for posto, (prima, dopo) in enumerate(pairwise(pezzi)):
            if prima.parola == dopo.parola or not (self._e_cognome(prima) and self._e_cognome(dopo)):
                continue
            if _FRA_COGNOMI.fullmatch(testo, prima.a, dopo.da):
                yield from ((posto, posto), (posto + 1, posto + 1))

    def _e_cognome(self, pezzo: Pezzo) -> bool:
        """Whether a piece with a capital is a surname of a known person, and nothing else."""
        altro = pezzo.parola in NOMI_PROPRI or pezzo.parola in DI_UFFICI or pezzo.parola in _DELLA_LINGUA
        return not altro and pezzo.maiuscolo and self._di_un_noto(pezzo)

    def _dubbi(self, testo: str, liberi: list[Pezzo]) -> Iterator[str]:
        """What follows a title or an initial, and words of known names with a capital, left where
        they are."""
        visti = 0
        for posto, pezzo in enumerate(liberi):
            ultimo = _ultima_maiuscola(testo, liberi, posto)
            if posto < visti:
                continue
            if ultimo > posto and (not pezzo.parola or _forse_cognome(testo, liberi, posto)):
                visti = ultimo + 1
                yield " ".join(testo[pezzo.da : liberi[ultimo].a].split())
            elif pezzo.parola in self.utenti or (pezzo.maiuscolo and self._di_un_noto(pezzo)):
                yield pezzo.scritto

    def _di_un_noto(self, pezzo: Pezzo) -> bool:
        return any(pezzo.parola in noto.forti for noto in self.noti.get(pezzo.parola, []))


def _noti(nome: str, certo: bool | None) -> Iterator[Noto]:
    """A name as it is, and with its particles and surnames written as one word: D'Amico, Damico."""
    parole = [pezzo for pezzo in pezzi(nome) if pezzo.parola]
    yield _noto([pezzo.parola for pezzo in parole], certo)
    unite: list[str] = []
    prima = ""
    for pezzo in parole:
        parola = prima + pezzo.parola
        apostrofo = nome[pezzo.a : pezzo.a + 1] in tuple(APOSTROFI) and pezzo is not parole[-1]
        if pezzo is not parole[-1] and (PARTICELLA.fullmatch(pezzo.parola) or apostrofo):
            prima = parola
        else:
            unite.append(parola)
            prima = ""
    if len(unite) < len(parole):
        yield _noto(unite, certo)


def _noto(parole: list[str], certo: bool | None) -> Noto:
    forti = frozenset(p for p in parole if len(p) > 1 and not PARTICELLA.fullmatch(p))
    return Noto(Counter(parole), forti, certo)


def _con_nome_accanto(testo: str, pezzi: list[Pezzo], posto: int, noto: Noto) -> tuple[int, int]:
    """A given name and the surname by which a person is known, the first and last piece of the two; the
    surname alone if there is none beside it, or not one that begins as is known."""
    if pezzi[posto].parola == noto.cognome and pezzi[posto].maiuscolo:
        iniziali = {parola for parola in noto.parole if len(parola) == 1}
        for altro in (posto - 1, posto + 1):
            if 0 <= altro < len(pezzi) and _nome_proprio(pezzi[altro]):
                da, a = sorted((altro, posto))
                sua = not iniziali or pezzi[altro].parola[0] in iniziali
                if sua and _accanto(testo, pezzi[da], pezzi[a]):
                    return da, a
    return posto, posto


def _nome_proprio(pezzo: Pezzo) -> bool:
    return pezzo.maiuscolo and pezzo.parola in NOMI_PROPRI


def _legati(testo: str, prima: Pezzo, dopo: Pezzo) -> bool:
    fra = _DOPO_PUNTO if prima.puntata or not prima.parola else _LEGATE
    if fra.fullmatch(testo, prima.a, dopo.da) is not None:
        return True
    maiuscole = prima.maiuscolo and dopo.maiuscolo
    return maiuscole and _FRA_MAIUSCOLE.fullmatch(testo, prima.a, dopo.da) is not None


def _accanto(testo: str, prima: Pezzo, dopo: Pezzo) -> bool:
    con_punto = prima.puntata or (not prima.parola and testo[prima.a : prima.a + 1] == ".")
    return _ACCANTO.fullmatch(testo, prima.a + con_punto, dopo.da) is not None


def _segue_un_cognome(testo: str, pezzi: list[Pezzo], posto: int) -> bool:
    """Whether after an initial comes what may be its surname: "M. Bianchi", "M. G. De Luca"."""
    for prima, pezzo in pairwise(pezzi[posto : posto + PRIMA_DEL_COGNOME + 1]):
        if not _accanto(testo, prima, pezzo):
            return False
        if not pezzo.iniziale and not PARTICELLA.fullmatch(pezzo.parola):
            lungo = len(pezzo.parola) > 2 and pezzo.parola not in _SIGLE
            return lungo and pezzo.maiuscolo
    return False


def _forse_cognome(testo: str, pezzi: list[Pezzo], posto: int) -> bool:
    """Whether at a place begins a name such as "M. Bianchi", and not the end of a sigla ("P.O.")."""
    pezzo, dopo = pezzi[posto : posto + 2]
    if not (pezzo.puntata and pezzo.maiuscolo) or dopo.puntata or dopo.parola in _NON_COGNOMI:
        return False
    return testo[pezzo.da - 1 : pezzo.da] != "." and _segue_un_cognome(testo, pezzi, posto)


def _ultima_maiuscola(testo: str, pezzi: list[Pezzo], posto: int) -> int:
    """The last of the words with a capital that follow a piece, three at most; itself if none does."""
    fine = posto
    for prima, pezzo in pairwise(pezzi[posto : posto + MAX_PAROLE + 1]):
        if not (pezzo.parola and pezzo.maiuscolo and _accanto(testo, prima, pezzo)):
            break
        fine += 1
    return fine


def _tratto(testo: str, pezzi: list[Pezzo], primo: int, posto: int, noto: Noto) -> tuple[int, int, int]:
    """The run of words of a person that begins at a piece, each as often as in the name, with the
    initials that stand for some of them and the titles; before it, titles and initials from `primo`.

    Its first and last piece, and the last that says who it is: past the run if an initial on the same
    line may be of the surname that follows ("Verdi M. Bianchi").
    """
    restano = noto.parole - Counter([pezzi[posto].parola])
    da = a = fino = qui = posto
    while qui + 1 < len(pezzi) and _legati(testo, pezzi[qui], pezzi[qui + 1]):
        qui += 1
        if sua := _sua(pezzi[qui], restano):
            restano -= Counter([sua])
            if pezzi[qui].iniziale and _di_un_altro(testo, pezzi, qui, restano):
                restano += Counter([sua])
                fino = qui if _SULLA_RIGA.fullmatch(testo, pezzi[a].a, pezzi[qui].da) else a
                break
            a = fino = qui
        elif pezzi[qui].parola and not _di_mezzo(testo, pezzi, qui, restano):
            break
    while da > primo and _legati(testo, pezzi[da - 1], pezzi[da]):
        sua = _sua(pezzi[da - 1], restano) if pezzi[da - 1].iniziale else ""
        if pezzi[da - 1].parola and not (sua and _accanto(testo, pezzi[da - 1], pezzi[da])):
            break
        restano -= Counter([sua])
        da -= 1
    return da, a, fino


def _di_mezzo(testo: str, pezzi: list[Pezzo], posto: int, restano: Counter[str]) -> bool:
    """Whether a piece is another first name of the person whose surname follows: "Mario G. Rossi"."""
    if posto + 1 == len(pezzi) or not (pezzi[posto].puntata or _nome_proprio(pezzi[posto])):
        return False
    dopo = pezzi[posto + 1]
    accanto = all(_accanto(testo, *coppia) for coppia in pairwise(pezzi[posto - 1 : posto + 2]))
    return accanto and len(dopo.parola) > 1 and dopo.parola in restano and dopo.maiuscolo


def _di_un_altro(testo: str, pezzi: list[Pezzo], posto: int, restano: Counter[str]) -> bool:
    """Whether an initial begins the name of someone else, none of whose words are left to this one."""
    dopo = pezzi[posto + 1 : posto + 2]
    tiene = any(testo[pezzi[posto].a : pezzo.da] in ("_", ".") for pezzo in dopo)
    altro = tiene or _segue_un_cognome(testo, pezzi, posto)
    return altro and not any(_sua(pezzo, restano) for pezzo in dopo)


def _sua(pezzo: Pezzo, restano: Counter[str]) -> str:
    """The word of a name, of those that are left, for which a piece stands; "" if for none."""
    if pezzo.iniziale:
        return next((parola for parola in restano if parola.startswith(pezzo.parola)), "")
    return pezzo.parola if pezzo.parola in restano else ""


def _con_parentesi(testo: str, da: int, a: int) -> int:
    """The end of a name, past the bracket that closes one of its own: "Ferrante (Lucia)"."""
    aperta = testo.count("(", da, a) > testo.count(")", da, a)
    return a + (aperta and testo[a : a + 1] == ")")


def _e_lui(tratto: list[Pezzo], noto: Noto) -> bool:
    """Two words say who it is; or one with an initial or a title."""
    if noto.certo is None and all(pezzo.parola for pezzo in tratto):
        return False
    if noto.certo is False and not all(pezzo.maiuscolo for pezzo in tratto):
        return False
    comuni = Counter(pezzo.parola for pezzo in tratto if not pezzo.iniziale) & noto.parole
    forti = sum(quante for parola, quante in comuni.items() if parola in noto.forti)
    if forti and any(pezzo.iniziale or not pezzo.parola for pezzo in tratto):
        return True
    if noto.forti and sum(noto.parole[parola] for parola in noto.forti) > 1:
        return forti > 1
    # "Rita Li" and "La Porta" have one such word: all of them count, but only with a capital
    return comuni.total() > 1 and all(pezzo.maiuscolo for pezzo in tratto)


def _fissi(testo: str) -> Iterator[tuple[int, int, str]]:
    yield from ((*trovato.span(), INDIRIZZO) for trovato in _INDIRIZZI.finditer(testo))
    yield from ((*trovato.span(), DATO) for trovato in _CODICE_FISCALE.finditer(testo))
    yield from ((*trovato.span("numero"), DATO) for trovato in _TELEFONO.finditer(testo))


def _coperto(da: int, a: int, tratti: list[tuple[int, int, str]]) -> bool:
    prima = bisect_left(tratti, a, key=itemgetter(0)) - 1
    return prima >= 0 and tratti[prima][1] > da


def _uniti(tratti: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Stretches in order, those that overlap made into one."""
    uniti: list[tuple[int, int, str]] = []
    for da, a, segno in tratti:
        if uniti and da < uniti[-1][1]:
            altro_da, altro_a, altro_segno = uniti.pop()
            segno = segno if a - da > altro_a - altro_da else altro_segno
            da, a = altro_da, max(a, altro_a)
        uniti.append((da, a, segno))
    return uniti
