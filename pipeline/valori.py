"""The language of indicators: what officials write as valore atteso and raggiunto, and its measure.

A cell is read in three steps. `_lessemi` cuts the text into words and gives each a class, one letter,
from the vocabulary (`LESSICO`). The letters of a text make its shape: "almeno 80 %" is "on%". The
productions (`PRODUZIONI`) are the shapes of the language, each with what it means; a text that no
production describes is a Testo: it is shown, never measured. `misura` then compares the two values.

Pure: a parse depends on its text alone, a measure on its arguments. Never a guess: what can be read
in two ways is either read by a declared rule and reported (`note`) or not measured, with the remedy.
The rules are in docs/indicatori.md, with their examples checked by a test.
"""

import re
import unicodedata
from calendar import isleap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date
from decimal import Context, Decimal
from functools import lru_cache, reduce
from typing import Any, ClassVar, Final, Literal, NamedTuple

from pipeline import numeri

MAX_CARATTERI = 160
"""A longer cell is prose, whatever it holds."""

ANNI = range(2010, 2040)
"""Four bare digits in this range are read as a year, unless they face a quantity."""

CRESCENTE: Final = "crescente"
DECRESCENTE: Final = "decrescente"
Verso = Literal["crescente", "decrescente"]

RAGGIUNTO = "raggiunto"
PARZIALE = "parziale"
NON_RAGGIUNTO = "non raggiunto"
NON_MISURABILE = "non misurabile"
DI_CONTESTO = "di contesto"
ESITI = (RAGGIUNTO, PARZIALE, NON_RAGGIUNTO, NON_MISURABILE, DI_CONTESTO)

CENTO = Decimal(100)
QUASI = Decimal("99.99")
"""The most that a target not met can earn: 15 against ">15" is not 100."""


# What a cell can say --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Numero:
    """A quantity: "40", "€ 1.500,00", "64,52%", "8/10" (unita "rapporto"), "52 SCIA" (etichetta)."""

    tipo: ClassVar[str] = "numero"
    valore: Decimal
    unita: str = ""
    etichetta: str = ""
    commento: str = ""
    note: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Soglia:
    """A bound: at least (crescente) or at most (decrescente) `valore`; `stretta` leaves it out."""

    tipo: ClassVar[str] = "soglia"
    verso: Verso
    stretta: bool
    valore: Decimal
    unita: str = ""
    etichetta: str = ""
    commento: str = ""
    note: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intervallo:
    """From `da` to `a`, both included; `centro` when it was written as a tolerance."""

    tipo: ClassVar[str] = "intervallo"
    da: Decimal
    a: Decimal
    centro: Decimal | None = None
    unita: str = ""
    etichetta: str = ""
    commento: str = ""
    note: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scadenza:
    """A stretch of days within a year (None when not written), first and last as (month, day).

    As a valore atteso it is due by `fine`. `impegno`: it says "entro", so as a raggiunto it promises.
    `quantita`: a bare "2020", which facing a quantity is the number.
    """

    tipo: ClassVar[str] = "scadenza"
    anno: int | None
    inizio: tuple[int, int]
    fine: tuple[int, int]
    impegno: bool = False
    quantita: Decimal | None = None
    commento: str = ""
    note: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SiNo:
    """Done or not; `motivo` is the reason beside a no, `data` the day beside a yes."""

    tipo: ClassVar[str] = "sì/no"
    si: bool
    motivo: str = ""
    data: Scadenza | None = None
    commento: str = ""
    note: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contesto:
    """An empty valore atteso: the indicatore describes the context."""

    tipo: ClassVar[str] = "contesto"
    note: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assente:
    """A cell that says there is no value: empty, "--", "n.d.", "a consuntivo"."""

    tipo: ClassVar[str] = "assente"
    note: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Testo:
    """Words that no production describes; `perche` when there is more to say than that."""

    tipo: ClassVar[str] = "testo"
    perche: str = ""
    note: tuple[str, ...] = ()


Quantita = Numero | Soglia | Intervallo
Semplice = Quantita | Scadenza | SiNo | Contesto | Assente | Testo


@dataclass(frozen=True, slots=True)
class Composto:
    """Several values in a cell: "40 +150", "2 PL + 30 CDU", "a. entro 2020; b. entro 2021"."""

    tipo: ClassVar[str] = "composto"
    parti: tuple[Semplice, ...]
    note: tuple[str, ...] = ()


Valore = Semplice | Composto
Atteso = Valore
Raggiunto = Valore


@dataclass(frozen=True, slots=True)
class Misura:
    """grado 0..100 and rapporto (per cent, not capped), both unrounded; esito is one of ESITI.

    grado is None exactly when the esito is "non misurabile" or "di contesto"; it is 100 exactly when
    the esito is "raggiunto". `motivo` says how it was measured, or why it was not.
    """

    grado: Decimal | None
    rapporto: Decimal | None
    esito: str
    motivo: str


# The vocabulary: class of a word -> the ways to write it ----------------------------------------------

_PREPOSIZIONI = {
    "di": "del dello della dell dei degli delle d",
    "a": "al allo alla all ai agli alle ad",
    "da": "dal dallo dalla dall dai dagli dalle",
}
_PIANA = str.maketrans("àáèéìíòóùúâêîôû", "aaeeiioouuaeiou")
_ARTICOLATE = {forma: base for base, forme in _PREPOSIZIONI.items() for forma in forme.split()}


def _base(parola: str) -> str:
    """A word for looking up: no case, accents, apostrophe; prepositions without their article."""
    piana = parola.lower().translate(_PIANA).rstrip("'")
    return _ARTICOLATE.get(piana, piana)


def _declina(radici: str, finali: str = "o a i e") -> str:
    """Stems to words: "fatt avviat" -> "fatto | fatta | fatti | fatte | avviato | ..."."""
    return " | ".join(radice + finale for radice in radici.split() for finale in finali.split())


def _serie(classe: str, primo: int, forme: str) -> list[tuple[str, Any, str]]:
    """Words that count: "primo, secondo | ii" are 1 and 2."""
    return [(classe, valore, uno) for valore, uno in enumerate(forme.split(", "), start=primo)]


LESSICO: tuple[tuple[str, Any, str], ...] = (
    # o: operators, as (verso, stretta); the preposition that follows is left to the productions
    (
        "o",
        (CRESCENTE, False),
        ">= | => | ≥ | ⩾ | > = | > o = | almeno | minimo | minima | min | al minimo | non meno | "
        "non inferiore | non minore | maggiore o uguale | maggiore uguale | superiore o uguale | "
        "superiore o pari | uguale o superiore | uguale o maggiore | pari o superiore | o piu",
    ),
    (
        "o",
        (CRESCENTE, True),
        "> | maggiore | maggiori | superiore | superiori | oltre | piu di | sopra",
    ),
    (
        "o",
        (DECRESCENTE, False),
        "<= | =< | ≤ | ⩽ | < = | < o = | massimo | massima | max | al massimo | al piu | non piu | "
        "non superiore | non maggiore | non oltre | minore o uguale | minore uguale | "
        "inferiore o uguale | inferiore o pari | uguale o inferiore | uguale o minore | "
        "pari o inferiore | entro il limite | entro il limite massimo | entro un massimo | "
        "fino a | sino a | o meno",
    ),
    ("o", (DECRESCENTE, True), "< | minore | minori | inferiore | inferiori | meno di | sotto"),
    ("=", None, "= | pari a | uguale a"),
    ("C", None, "circa | ca | all incirca | indicativamente | ~ | ≈"),
    ("±", None, "± | +/- | +- | tolleranza | con tolleranza"),
    # quantities
    ("%", None, "% | per cento | percento"),
    ("c", None, "€ | euro | eur"),
    ("k", None, "n | nr | nro | num | numero"),
    ("x", Decimal(1_000), "mila"),
    ("x", Decimal(1_000_000), "mln | milione | milioni"),
    ("x", Decimal(1_000_000_000), "mld | miliardo | miliardi"),
    ("u", "giorni", "gg | g | giorno | giorni"),
    ("u", "ore", "ora | ore | h | hh"),
    ("u", "minuti", "minuto | minuti"),
    ("u", "settimane", "settimana | settimane"),
    ("u", "mesi", "mese | mesi"),
    ("u", "anni", "anni"),
    ("u", "mq", "mq | m² | m2"),
    ("u", "mc", "mc | m³ | m3"),
    ("u", "m", "m | ml | mt | metri"),
    ("u", "km", "km | chilometri"),
    ("u", "kg", "kg | chilogrammi"),
    ("u", "t", "t | ton | tonnellate"),
    ("u", "kWh", "kwh"),
    ("u", "MWh", "mwh"),
    *_serie("z", 0, "zero, uno | una | un, due, tre, quattro, cinque"),
    ("0", None, "nessuno | nessuna"),
    *_serie("z", 6, "sei, sette, otto, nove, dieci"),
    # dates
    ("e", None, "entro | entro e non oltre"),
    *_serie("m", 1, "gennaio | gen, febbraio | feb, marzo | mar, aprile | apr, maggio | mag"),
    *_serie("m", 6, "giugno | giu, luglio | lug, agosto | ago, settembre | set | sett, ottobre | ott"),
    *_serie("m", 11, "novembre | nov, dicembre | dic"),
    ("p", 2, "bimestre"),
    ("p", 3, "trimestre | trim"),
    ("p", 4, "quadrimestre"),
    ("p", 6, "semestre | sem"),
    *_serie("r", 1, "primo, secondo | ii, terzo | iii, quarto | iv, quinto | v, sesto | vi"),
    ("i", 1, "i"),  # the article, or the first trimestre
    ("F", None, "fine"),
    ("A", None, "anno | esercizio"),
    # yes and no
    ("S", None, "si | yes | ok | on | x | vero | ✓ | ✔ | ☑ | ☒"),
    (
        "s",
        None,
        _declina(
            "fatt realizzat effettuat eseguit completat conclus ultimat attuat raggiunt conseguit "
            "approvat adottat attivat rispettat pubblicat predispost installat"
        ),
    ),
    ("N", None, "no | off | falso"),
    ("!", None, "non | non ancora | non e stato | non e stata"),
    (
        "O",
        None,
        "obiettivo | obiettivi | attivita | azione | azioni | indicatore | intervento | interventi",
    ),
    (
        "X",
        None,
        _declina("rinviat rimandat posticipat sospes annullat slittat avviat stimat")
        + " | in corso | in itinere | in fase | da fare | non valutabile | non consuntivato",
    ),
    # words that put a reserve on what stands beside them
    (
        "R",
        None,
        "parziale | parzialmente | in parte | quasi | solo | soltanto | ma | pero | tranne | eccetto | "
        "salvo | meno | piu | ritardo | in ritardo | escluso | esclusa | mai",
    ),
    # connectives
    ("T", None, _declina("attes previst programmat")),
    ("T", None, "valore atteso | valori attesi | target | valore target"),
    ("D", None, "da | tra | fra | compreso tra | compresa tra | compreso fra"),
    ("E", None, "e | ed | &"),
    ("/", None, "/ | su"),
    ("f", None, "di | a | il | lo | la | l | gli | le | per | con"),
    ("f", None, "in | in data | nel | nello | nella | nell"),
    *((segno, None, segno) for segno in "+-:;,°"),
    ("°", None, "º | ª"),
    ("\n", None, "\n"),
)


def _vocabolario() -> dict[str, list[tuple[tuple[str, ...], str, Any]]]:
    """First word -> the phrases that begin with it, longest first, with their class and value."""
    frasi: dict[str, list[tuple[tuple[str, ...], str, Any]]] = {}
    for classe, valore, forme in LESSICO:
        for forma in forme.split(" | "):
            parole = tuple(_base(parola) for parola in forma.split(" "))
            frasi.setdefault(parole[0], []).append((parole, classe, valore))
    for voci in frasi.values():
        voci.sort(key=lambda voce: -len(voce[0]))
    return frasi


_FRASI = _vocabolario()

_SENZA_VALORE = (
    "nd np na nv nq n/d n/a n/p #n/d #n/a #rif! #ref! #div/0! #valore! aconsuntivo daconsuntivare "
    "dadefinire dadeterminare darilevare nondisponibile datonondisponibile nonpervenuto nonrilevato "
    "nonrilevata nonrilevabile nonquantificabile nonapplicabile nonprevisto nonprevista"
)
ASSENTI = frozenset(_SENZA_VALORE.split())
"""What stands for "no value", without blanks, dots and case."""


# Numbers: one declared rule ---------------------------------------------------------------------------

_ITALIANO = re.compile(r"[0-9]+(?:,[0-9]+)?|[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_SPAZIATO = re.compile(r"[1-9][0-9]{0,2}(?:['\u00a0\u2009\u202f][0-9]{3})+(?:[.,][0-9]+)?")
_INGLESE = re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})")
_CON_PUNTO = re.compile(r"[0-9]+\.[0-9]+")
_VIRGOLA_E_TRE = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_PUNTO_E_TRE = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def _numero(scritto: str) -> tuple[Decimal, tuple[str, ...]] | None:
    """Digits with their separators -> the number, and a note when the rule had to choose.

    A comma separates the decimals, a dot the thousands when exactly three digits follow it (10.000 is
    ten thousand); otherwise the dot separates the decimals (64.52) and the reading is reported.
    """
    if _ITALIANO.fullmatch(scritto):
        valore = Decimal(scritto.replace(".", "").replace(",", "."))
        return valore, _letto(scritto, valore) if _VIRGOLA_E_TRE.fullmatch(scritto) else ()
    if _INGLESE.fullmatch(scritto):
        return Decimal(scritto.replace(",", "")), ()
    if _SPAZIATO.fullmatch(scritto):
        valore = Decimal(re.sub(r"[^0-9.]", "", scritto.replace(",", ".")))
        return valore, _letto(scritto, valore)
    if _CON_PUNTO.fullmatch(scritto):
        valore = Decimal(scritto)
        return valore, _letto(scritto, valore)
    return None


def _letto(scritto: str, valore: Decimal) -> tuple[str, ...]:
    return (f"«{scritto}»: letto {numeri.numero(valore)}",)


# From text to words -----------------------------------------------------------------------------------


class Lessema(NamedTuple):
    """A word of the text: its class (one letter), the text as written, its value, where it stands."""

    classe: str
    testo: str
    valore: Any
    inizio: int
    fine: int


class _NonLeggibile(Exception):
    """The text has no single reading; the message says what to write instead."""


_PULIZIA = str.maketrans(
    {
        **dict.fromkeys("’‘‛`´′", "'"),
        **dict.fromkeys("–—―‒−‐‑", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", None),
        **dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"),
    }
)
_LESSEMA = re.compile(
    r"(?P<nota>\([^()]*\))"
    r"|(?P<data>(?:[0-9]{1,2}(?P<s>[./-])[0-9]{1,2}(?P=s)(?:(?:19|20)[0-9]{2}|[0-9]{2})"
    r"|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})(?![0-9]))"
    r"|(?P<numero>(?:(?<![^\W\d_])\.)?[0-9]+(?:[.,'\u00a0\u2009\u202f][0-9]+)*)"
    r"|(?P<parola>covid(?:-?19)?(?![^\W_])|m[23](?![^\W_])|(?:[^\W\d_]|[²³])+'?)"
    r"|(?P<segno>[<>=]=|=[<>]|\+/-|\+-|[^\s.']|\n|(?<=[0-9])')",
    re.IGNORECASE,
)
_TOLLERANZA = re.compile(
    r"\(\s*(?:tolleranza\s*)?(?:\+\s*/?\s*-|±|tolleranza)\s*([0-9]+(?:,[0-9]+)?)\s*(%?)", re.IGNORECASE
)


def _lessemi(testo: str) -> list[Lessema]:
    """The words of a text, each with its class; dots and apostrophes of abbreviations are left out."""
    pezzi = list(_LESSEMA.finditer(testo))
    basi = [(_base(pezzo[0]) or "?") if pezzo.lastgroup in _DA_CERCARE else "" for pezzo in pezzi]
    lessemi = []
    i = 0
    while i < len(pezzi):
        pezzo, quanti = pezzi[i], 1
        if basi[i]:
            classe, valore, quanti = _riconosci(basi, i)
            inizio, fine = pezzo.start(), pezzi[i + quanti - 1].end()
            lessemi.append(Lessema(classe, testo[inizio:fine], valore, inizio, fine))
        else:
            lessemi.append(_in_cifre(pezzo))
        i += quanti
    return lessemi


_DA_CERCARE = ("parola", "segno")


def _riconosci(basi: Sequence[str], i: int) -> tuple[str, Any, int]:
    """Class, value and length in words of the longest phrase of the vocabulary that begins at i."""
    for parole, classe, valore in _FRASI.get(basi[i], ()):
        quante = len(parole)
        if quante == 1 or tuple(basi[i : i + quante]) == parole:
            return classe, valore, quante
    return ("w" if basi[i][0].isalpha() else "?"), None, 1


def _in_cifre(pezzo: re.Match[str]) -> Lessema:
    """A number, a date, or a note in parentheses."""
    genere, scritto = pezzo.lastgroup, pezzo[0]
    classe = "d"
    valore: Any = None
    if genere == "numero":
        valore = _numero(scritto)
        anno = len(scritto) == 4 and scritto.isdecimal() and int(scritto) in ANNI
        classe = "y" if anno else "n" if valore else "#"
    elif genere == "nota":
        valore = _TOLLERANZA.match(scritto)
        classe = "t" if valore else "("
    return Lessema(classe, scritto, valore, pezzo.start(), pezzo.end())


# The productions --------------------------------------------------------------------------------------
#
# Letters are the classes of LESSICO; besides them: n number, y year, d date, ( a note in parentheses,
# t a tolerance in parentheses, w any other word, # digits that are not a number, ? any other sign.

_PREP = r"(?:f|i(?!p))*"  # di, a, il, i: not the "I" of "I trimestre"
_QUANTO = r"(?:[kc]°?)*[-+]?[nyz]x?[%cuA]?"
_Q = rf"(?P<quanto>{_QUANTO})"
_NOTE = r"(?P<note>\(*)"
_CODA = rf"(?P<coda>(?:/[wuA]|[wfiOuAsm]|(?<=u)D){{0,4}}){_NOTE}"
_NOME = r"(?:(?P<nome>[wO][wOfi]{0,3}?)(?P<due>[:T=]*))?T?:?"
_AZIONE = r"[wfiOusSA]+"
_DATA = r"(?P<data>[dnymripFAu°/f]+)"  # which of these are dates, `_scadenza` knows

Produzione = Callable[[re.Match[str], list[Lessema]], "Semplice | None"]


def _pezzo(forma: re.Match[str], gruppo: str, lessemi: list[Lessema]) -> list[Lessema]:
    """The words of a group of a shape: one letter, one word."""
    return lessemi[forma.start(gruppo) : forma.end(gruppo)] if forma[gruppo] else []


def _commento(forma: re.Match[str], lessemi: list[Lessema]) -> str:
    return "; ".join(lessema.testo[1:-1].strip() for lessema in _pezzo(forma, "note", lessemi))


def _quantita(lessemi: list[Lessema], etichetta: str = "", commento: str = "") -> Numero | None:
    """The number of a quantity: prefix, sign, digits, multiplier, unit."""
    valore, unita, scritto, negativo = Decimal(0), "", "", False
    note: tuple[str, ...] = ()
    for i, lessema in enumerate(lessemi):
        if lessema.classe in "ny":
            valore, note = lessema.valore
            scritto = lessema.testo
        elif lessema.classe == "z":
            valore = Decimal(lessema.valore)
        elif lessema.classe in "+-":
            if lessemi[i + 1].inizio != lessema.fine:
                return None
            negativo = lessema.classe == "-"
        elif lessema.classe == "x":
            valore = _ESATTO.multiply(valore, lessema.valore)
        elif lessema.classe in "%cuA":
            unita = {"%": "%", "c": "euro", "A": "anni"}.get(lessema.classe) or lessema.valore
    if unita == "%" and _PUNTO_E_TRE.fullmatch(scritto):
        raise _NonLeggibile(
            f"«{scritto}%» si può leggere in due modi: scrivere {scritto.replace('.', ',')}% "
            f"oppure {scritto.replace('.', '')}%"
        )
    return Numero(valore.copy_negate() if negativo else valore, unita, etichetta, commento, note)


_ESATTO = Context(prec=400)


def _leggi_numero(forma: re.Match[str], lessemi: list[Lessema]) -> Numero | None:
    """The quantity of a shape, with its label and its note: "n. 52 SCIA (dato provvisorio)"."""
    etichetta, commento = _etichetta(forma, lessemi), _commento(forma, lessemi)
    quanto = _quantita(_pezzo(forma, "quanto", lessemi), etichetta, commento)
    if quanto is None or not _nome_ammesso(forma, quanto):
        return None
    if "C" in forma[0]:
        circa = f"«{_scritto(lessemi)}»: letto {numeri.numero(quanto.valore)}"
        return replace(quanto, note=(*quanto.note, circa))
    return quanto


def _nome_ammesso(forma: re.Match[str], quanto: Numero) -> bool:
    """Whether words may stand before the number: "SCIA: 40", "attese 40", "Bellusco 95%".

    Not "Delibera n. 12": there the number is a name.
    """
    return not forma["nome"] or bool(forma["due"]) or quanto.unita == "%"


def _etichetta(forma: re.Match[str], lessemi: list[Lessema]) -> str:
    nome = [*_pezzo(forma, "nome", lessemi), *_pezzo(forma, "coda", lessemi)]
    return " ".join(_base(lessema.testo) for lessema in nome)


def _scritto(lessemi: list[Lessema]) -> str:
    return " ".join(lessema.testo for lessema in lessemi)


def _leggi_soglia(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    numero = _leggi_numero(forma, lessemi)
    operatore = _pezzo(forma, "op", lessemi)[0]
    if numero is None:
        return None
    verso: Verso = operatore.valore[0]
    in_coda = forma.start("op") > forma.start("quanto")
    if in_coda and _base(operatore.testo) not in _IN_CODA:
        return None  # "15 min" may be minutes
    return _soglia(numero, verso, stretta=operatore.valore[1])


def _soglia(numero: Numero, verso: Verso, stretta: bool) -> Soglia:
    resto = (numero.unita, numero.etichetta, numero.commento, numero.note)
    return Soglia(verso, stretta, numero.valore, *resto)


_IN_CODA = ("minimo", "minima", "massimo", "massima", "max", "al massimo", "o piu", "o meno")


def _leggi_termine(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """At most: "entro 30 giorni"."""
    numero = _leggi_numero(forma, lessemi)
    if numero is None or numero.unita in ("", "%", "euro"):
        return None
    return _soglia(numero, DECRESCENTE, stretta=False)


def _leggi_tolleranza(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """From 37,5 to 62,5: "50 (+/- 25% Covid-19)". Without % the tolerance is in the same unit."""
    centro = _leggi_numero(forma, lessemi)
    if centro is None:
        return None
    if forma["tra"]:
        scritta = _pezzo(forma, "tra", lessemi)[0]
        ampiezza, percento = Decimal(scritta.valore[1].replace(",", ".")), bool(scritta.valore[2])
        commento = scritta.testo[scritta.valore.end() : -1].strip()
    else:
        scarto = _quantita(_pezzo(forma, "scarto", lessemi))
        if scarto is None or scarto.unita not in ("%", "", centro.unita):
            return None
        ampiezza, percento, commento = scarto.valore, scarto.unita == "%", ""
    note = centro.note
    if percento:
        if centro.unita == "%" and centro.valore != CENTO:
            note += (f"tolleranza di {numeri.numero(ampiezza)}%: letta come quota del valore atteso",)
        ampiezza = _ESATTO.divide(_ESATTO.multiply(centro.valore.copy_abs(), ampiezza), CENTO)
    return Intervallo(
        _ESATTO.subtract(centro.valore, ampiezza),
        _ESATTO.add(centro.valore, ampiezza),
        centro.valore,
        centro.unita,
        centro.etichetta,
        commento or centro.commento,
        note,
    )


def _leggi_intervallo(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """From one number to another: "tra 10 e 20", "dal 10 al 20%"."""
    primo = _quantita(_pezzo(forma, "primo", lessemi))
    secondo = _quantita(_pezzo(forma, "quanto", lessemi))
    if primo is None or secondo is None or primo.valore > secondo.valore:
        return None
    if primo.unita not in ("", secondo.unita):
        return None
    return Intervallo(
        primo.valore,
        secondo.valore,
        unita=secondo.unita,
        etichetta=_etichetta(forma, lessemi),
        commento=_commento(forma, lessemi),
        note=primo.note + secondo.note,
    )


def _leggi_rapporto(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """A ratio, "8/10" or "almeno 8 su 10"; but "30/06" is a day and "2015/2019" a period of years."""
    quanto = _pezzo(forma, "quanto", lessemi)
    (sopra, note), (sotto, altre), scritto = quanto[0].valore, quanto[2].valore, _scritto(quanto)
    if _PERIODO.fullmatch(scritto):
        raise _NonLeggibile(
            f"«{scritto.replace(' ', '')}» è un periodo di anni, non una quantità: "
            "se è una scadenza scrivere «entro» e l'anno"
        )
    giorno = _scadenza(quanto) if quanto[1].testo == "/" and not forma["op"] else None
    if giorno and (_CON_ZERO.search(scritto) or sopra > sotto or giorno.anno):
        return giorno
    if not sotto or _CON_ZERO.search(scritto):
        return None
    rapporto = _CALCOLO.divide(sopra, sotto)
    etichetta, commento = _etichetta(forma, lessemi), _commento(forma, lessemi)
    numero = Numero(rapporto, "rapporto", etichetta, commento, (*note, *altre))
    return _soglia(numero, *_pezzo(forma, "op", lessemi)[0].valore) if forma["op"] else numero


_CON_ZERO = re.compile(r"\b0[0-9]\b")
_CALCOLO = Context(prec=28)
_PERIODO = re.compile(r"(?:19|20)[0-9]{2} / (?:(?:19|20)[0-9]{2}|[0-9]{2})")
_GIORNI = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE = (
    ("giorno", re.compile(r"(?P<g>n)°?(?P<m>m)(?P<a>[ny]?)")),
    ("giorno", re.compile(r"(?P<g>n)/(?P<m>n)(?P<a>)")),
    ("mese", re.compile(r"F?u?(?P<m>m)(?P<a>[ny]?)")),
    ("mese", re.compile(r"(?P<m>n)/(?P<a>y)")),
    ("periodo", re.compile(r"(?P<r>[nri])°?(?P<p>p)(?P<a>y?)")),
    ("anno", re.compile(r"F?A|F?A?(?P<a>y)")),
)


def _scadenza(lessemi: list[Lessema]) -> Scadenza | None:
    """A date, a day, a month, a quarter, a year -> its days; None if there is no such day."""
    utili = [lessema for lessema in lessemi if lessema.classe != "f"]
    if len(utili) == 1 and utili[0].classe in "dn":
        return _data_in_cifre(utili[0].testo)
    lettere = "".join(lessema.classe for lessema in utili)
    for genere, modello in _DATE:
        if forma := modello.fullmatch(lettere):
            parti = {
                nome: utili[forma.start(nome)] for nome, trovato in forma.groupdict().items() if trovato
            }
            return _giorni(genere, parti)
    return None


def _giorni(genere: str, parti: dict[str, Lessema]) -> Scadenza | None:
    """The days that the parts of a date name: g day, m month, r p the nth period, a year."""
    scritto = parti["a"].testo if "a" in parti else ""
    anno = _anno(scritto)
    note = (f"«{scritto}»: letto {anno}",) if len(scritto) == 2 else ()
    if scritto and anno is None:
        return None
    inizio, fine = (1, 1), (12, 31)
    if "m" in parti:
        mese = parti["m"].valore if parti["m"].classe == "m" else _intero(parti["m"].testo)
        if not 1 <= mese <= 12:
            return None
    if genere == "giorno":
        return _un_giorno(anno, mese, _intero(parti["g"].testo), note)
    if genere == "mese":
        inizio, fine = (mese, 1), (mese, _GIORNI[mese - 1])
    if genere == "periodo":
        mesi = parti["p"].valore
        ordine = parti["r"].valore if parti["r"].classe in "ri" else _intero(parti["r"].testo)
        if not 1 <= ordine <= 12 // mesi:
            return None
        inizio, fine = ((ordine - 1) * mesi + 1, 1), (ordine * mesi, _GIORNI[ordine * mesi - 1])
    return Scadenza(anno, inizio, fine, note=note)


def _data_in_cifre(scritto: str) -> Scadenza | None:
    """A day in digits: "30/06/2020", "30.6.20", "2020-06-30", "30.06"."""
    parti = re.split(r"[./-]", scritto)
    if len(parti) == 2:
        return _un_giorno(None, _intero(parti[1]), _intero(parti[0])) if "." in scritto else None
    if len(parti) != 3:
        return None
    giorno, mese, anno = reversed(parti) if len(parti[0]) == 4 else parti
    note = (f"«{scritto}»: letto {_anno(anno)}",) if len(anno) == 2 else ()
    return _un_giorno(_anno(anno), _intero(mese), _intero(giorno), note)


def _intero(scritto: str) -> int:
    """One or two digits; 0, which is no day and no month, for anything else."""
    return int(scritto) if len(scritto) <= 2 and scritto.isdecimal() else 0


def _anno(scritto: str) -> int | None:
    if not scritto.isdecimal() or len(scritto) not in (2, 4):
        return None
    return int(scritto) + (2000 if len(scritto) == 2 else 0)


def _un_giorno(anno: int | None, mese: int, giorno: int, note: tuple[str, ...] = ()) -> Scadenza | None:
    if not 1 <= mese <= 12 or not 1 <= giorno <= _ultimo_del_mese(anno, mese):
        return None
    return Scadenza(anno, (mese, giorno), (mese, giorno), note=note)


def _ultimo_del_mese(anno: int | None, mese: int) -> int:
    """How many days a month has, February 29 when the year is not said."""
    return 28 if mese == 2 and anno and not isleap(anno) else _GIORNI[mese - 1]


def _leggi_scadenza(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """By when: "entro il 30/06/2020", "approvazione entro giugno 2020", "Incarico: maggio 2020"."""
    data = _scadenza(_pezzo(forma, "data", lessemi))
    entro = _pezzo(forma, "entro", lessemi)
    if data is None or (entro and not _base(entro[0].testo).startswith(_FINO_A)):
        return None
    if not entro and forma["data"] in ("n", "n/n", "n/y", "A"):
        return None
    sola = len(lessemi) == 1 and lessemi[0].classe == "y"
    return replace(
        data,
        impegno=bool(entro),
        quantita=lessemi[0].valore[0] if sola else None,
        commento=_commento(forma, lessemi),
    )


_FINO_A = ("entro", "non oltre", "fino", "sino")


def _leggi_si(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """A yes, with what follows it: a date, or a remark that puts no reserve on it."""
    resto = _pezzo(forma, "resto", lessemi)
    if len(resto) > 1 and resto[0].inizio == lessemi[0].fine and resto[0].fine == resto[1].inizio:
        return None  # "on-line"
    data = _scadenza([lessema for lessema in resto if lessema.classe not in "e,:;-"]) if resto else None
    commento = _commento(forma, lessemi)
    dentro = _lessemi(commento)
    if data is None and len(dentro) == 1 and dentro[0].classe == "d":
        data = _scadenza(dentro)
    if data is None and _con_riserva([*resto, *dentro]):
        raise _NonLeggibile(_CON_RISERVA)
    detto = " ".join(filter(None, (_scritto(resto), commento)))
    note = (f"«{_scritto(lessemi)}»: letto sì",) if detto and not data else ()
    return SiNo(True, data=data, commento=detto, note=note)


_CON_RISERVA = "non è un sì pieno, porta una riserva: scrivere SÌ, NO o quanto è stato fatto"


def _con_riserva(lessemi: list[Lessema]) -> bool:
    """Words that limit, deny or count; "n. 12" and "n. 12/2020" are the number of an act."""
    lettere = "".join(lessema.classe for lessema in lessemi)
    if re.search(r"[R!XN%no/]", re.sub(r"k°?n(?:/y)?", "", lettere)):
        return True
    return bool(re.search(r"\bda \w+[aei]re\b", _scritto(lessemi)))  # "da completare"


def _leggi_si_no(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """The question, not the answer: "Si/no"."""
    return SiNo(True, motivo=_DA_SCEGLIERE)


_DA_SCEGLIERE = "sì o no"


def _leggi_no(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """A no, with its reason if there is one: "No (rinviato a 2021)"."""
    resto = _scritto(_pezzo(forma, "resto", lessemi)).strip(" ,;:-")
    return SiNo(False, motivo=resto.removeprefix("(").removesuffix(")"))


def _leggi_stato(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """How things stand instead of a value: "Attività sospesa causa Covid"."""
    return Testo(_STATO)


_STATO = "indica uno stato (in corso, rinviato…), non un valore: riportarlo nello stato della voce"


def _leggi_nessuno(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """None at all, alone: beside other words it may be something else ("nessun dato")."""
    return Numero(Decimal(0))


def _leggi_attese(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """The frame of a value without the value: "Attese", "%"."""
    return Assente()


PRODUZIONI: tuple[tuple[str, str, Produzione], ...] = (
    # an example, the shape it has, what it means
    ("sì o no", r"[Ss]\(*[/fw-]?N", _leggi_si_no),
    ("fatto (delibera n. 3)", rf"O?[Ss](?P<resto>){_NOTE}", _leggi_si),
    ("SI, il 12/05/2020", rf"O?[Ss](?P<resto>[,:;-]?e?{_PREP}{_DATA}){_NOTE}", _leggi_si),
    ("SI, come da convenzione", rf"O?[Ss](?P<resto>[,:;-][^(]+){_NOTE}", _leggi_si),
    ("non realizzato (rinviato al 2021)", r"O?(?:N|![Ss])(?P<resto>(?:[^n/].*)?)", _leggi_no),
    ("obiettivo sospeso", r"O?X.{0,8}", _leggi_stato),
    ("entro il 30/06/2020", rf"T?:?(?P<entro>[eo]?){_PREP}{_DATA}{_NOTE}", _leggi_scadenza),
    (
        "avvio del bando entro giugno",
        rf"{_AZIONE}T?(?P<entro>[eo]){_PREP}{_DATA}{_NOTE}",
        _leggi_scadenza,
    ),
    (
        "incarico atteso: maggio 2020",
        rf"{_AZIONE}[T:-]+(?P<entro>){_PREP}{_DATA}{_NOTE}",
        _leggi_scadenza,
    ),
    ("n. 40 SCIA", rf"(?:s{_PREP})?{_NOME}=?C?{_PREP}{_Q}C?T?{_CODA}", _leggi_numero),
    ("almeno l'80%", rf"{_NOME}(?P<op>o)[fi=]*{_Q}{_CODA}", _leggi_soglia),
    ("5 max", rf"{_NOME}{_Q}{_CODA}(?P<op>o)", _leggi_soglia),
    ("entro 30 giorni", rf"{_NOME}e{_PREP}{_Q}{_CODA}", _leggi_termine),
    ("50 (+/- 25% Covid-19)", rf"{_NOME}{_Q}{_CODA}(?P<tra>t)", _leggi_tolleranza),
    ("50 ± 5", rf"{_NOME}{_Q}±(?P<tra>)(?P<scarto>{_QUANTO}){_CODA}", _leggi_tolleranza),
    ("tra 10 e 20", rf"{_NOME}D{_PREP}(?P<primo>{_QUANTO})[fE]+{_Q}{_CODA}", _leggi_intervallo),
    ("8/10", rf"{_NOME}(?P<op>o?){_PREP}k?(?P<quanto>[ny]/[ny]){_CODA}", _leggi_rapporto),
    ("attese nessuna", r"T?:?0T?", _leggi_nessuno),
    ("attese", r"T+:*|[%ckuxC°]+", _leggi_attese),
)
_MODELLI = tuple((re.compile(modello, re.DOTALL), azione) for _, modello, azione in PRODUZIONI)


def _semplice(lessemi: list[Lessema]) -> Semplice | None:
    """One value, by the first production that describes the words."""
    for forma, azione in _forme("".join([lessema.classe for lessema in lessemi])):
        if (valore := azione(forma, lessemi)) is not None:
            return valore
    return None


@lru_cache(maxsize=4096)
def _forme(lettere: str) -> tuple[tuple[re.Match[str], Produzione], ...]:
    """The productions that describe a shape: few shapes serve all the texts that are written."""
    trovate = ((modello.fullmatch(lettere), azione) for modello, azione in _MODELLI)
    return tuple((forma, azione) for forma, azione in trovate if forma)


# Several values in a cell -----------------------------------------------------------------------------

_SEPARATORI = "+;-,E\n"
_SOLO_CON_ETICHETTA = "-,E"  # "10 - 20" may be a range: between bare numbers they do not separate
_VOCE = re.compile(r"(?:^|(?<=[\s;,.]))([a-h])\s?[.)](?=\s|$)", re.IGNORECASE)


def _composto(lessemi: list[Lessema]) -> Composto | None:
    """Values joined by signs, "40 +150" or "95% Bellusco – 90% Mezzago": every part must be one."""
    gruppi: list[list[Lessema]] = [[]]
    separatori = set()
    for lessema in lessemi:
        if lessema.classe in _SEPARATORI:
            separatori.add(lessema.classe)
            gruppi.append([])
        else:
            gruppi[-1].append(lessema)
    gruppi = _con_tolleranza_comune([gruppo for gruppo in gruppi if gruppo])
    parti = [_semplice(gruppo) for gruppo in gruppi]
    if len(parti) < 2 or any(parte is None or isinstance(parte, Assente | Testo) for parte in parti):
        return None
    if separatori & set(_SOLO_CON_ETICHETTA) and not all(_nome(parte) for parte in parti):
        return None
    return _unisci(parti)


def _con_tolleranza_comune(gruppi: list[list[Lessema]]) -> list[list[Lessema]]:
    """A tolerance written once, after the last part, holds for all."""
    con = [bool(gruppo) and gruppo[-1].classe == "t" for gruppo in gruppi]
    if len(gruppi) > 1 and con[-1] and not any(con[:-1]):
        return [*([*gruppo, gruppi[-1][-1]] for gruppo in gruppi[:-1]), gruppi[-1]]
    return gruppi


def _elenco(testo: str, atteso: bool) -> Composto | None:
    """A marked list, "a. entro 2020; b. entro 2021", when at least one item is a value."""
    if testo[:1] not in "aA":
        return None
    segni = list(_VOCE.finditer(testo))
    lettere = "".join(segno[1].lower() for segno in segni)
    if len(segni) < 2 or segni[0].start() or not "abcdefgh".startswith(lettere):
        return None
    fini = [segno.start() for segno in segni[1:]] + [len(testo)]
    parti = [
        _leggi_uno(testo[segno.end() : fine], atteso) for segno, fine in zip(segni, fini, strict=True)
    ]
    return None if all(isinstance(parte, Testo) for parte in parti) else _unisci(parti)


def _unisci(parti: Iterable[Semplice | None]) -> Composto:
    buone = tuple(parte for parte in parti if parte is not None)
    return Composto(buone, tuple(nota for parte in buone for nota in parte.note))


def _nome(valore: Valore | None) -> str:
    return valore.etichetta if isinstance(valore, Quantita) else ""


# Reading a cell ---------------------------------------------------------------------------------------


def parse_atteso(testo: str) -> Atteso:
    """What a valore atteso asks for. Empty is Contesto; what no production describes is Testo."""
    valore = _leggi_cella(testo, True)
    if isinstance(valore, SiNo) and not valore.si and valore.motivo:
        return Testo()
    if isinstance(valore, SiNo) and valore.si:
        return replace(valore.data, impegno=True) if valore.data else replace(valore, motivo="")
    return valore


def parse_raggiunto(testo: str) -> Raggiunto:
    """What a raggiunto says. Empty is Assente, never 0; what no production describes is Testo."""
    valore = _leggi_cella(testo, False)
    if isinstance(valore, Contesto):
        return Assente()
    if isinstance(valore, SiNo) and valore.motivo == _DA_SCEGLIERE:
        return Testo("è rimasto «sì/no»: scegliere una delle due risposte")
    return valore


def _leggi_cella(testo: str, atteso: bool) -> Valore:
    pulito = testo.strip()
    if not pulito:
        return Contesto()
    return Testo() if len(pulito) > MAX_CARATTERI else _leggi(pulito, atteso)


@lru_cache(maxsize=4096)
def _leggi(testo: str, atteso: bool) -> Valore:
    piano = unicodedata.normalize("NFC", testo).translate(_PULIZIA).strip(' \t\n"«»“”;:')
    return _elenco(piano, atteso) or _leggi_uno(piano, atteso, con_parti=True)


def _leggi_uno(testo: str, atteso: bool, con_parti: bool = False) -> Any:
    """One value, or with `con_parti` several joined by signs."""
    if _e_assente(testo):
        return Assente()
    lessemi = _lessemi(testo.rstrip(" ;,.:"))
    if not atteso:  # "5 previsti" is no result
        lessemi = [uno._replace(classe="R") if uno.classe == "T" else uno for uno in lessemi]
    try:
        semplice = _semplice([uno for uno in lessemi if uno.classe != "\n"])
        return semplice or (con_parti and _composto(lessemi)) or _testo(lessemi)
    except _NonLeggibile as motivo:
        return Testo(str(motivo))


def _testo(lessemi: list[Lessema]) -> Testo:
    """What no production describes: prose, or numbers without the words that join them."""
    lettere = "".join(lessema.classe for lessema in lessemi)
    solo_cifre = re.fullmatch(r"[^wOSsNXR!mA?]*", lettere) and re.search(r"[ny#d]", lettere)
    if re.search(r"[ny]%?[wfiu]*e", lettere):
        return Testo(_CON_SCADENZA)
    return Testo(_SOLO_CIFRE if solo_cifre else "")


_CON_SCADENZA = "unisce una quantità e una scadenza: scriverle in due indicatori"
_SOLO_CIFRE = "ha numeri che non si sa come leggere: scriverne uno solo, o unire le parti con «+»"


def _e_assente(testo: str) -> bool:
    """Signs only ("--", "/", "…"), or one of the ways to say that there is no value."""
    if not _QUALCOSA.search(testo):
        return True
    return testo[0].lower() in _INIZIALI and _INUTILI.sub("", testo.lower()) in ASSENTI


_QUALCOSA = re.compile(r"[^\W_]|[✓✔☑☒✗✘]")
_INUTILI = re.compile(r"\([^()]*\)|[\s.]")
_INIZIALI = frozenset(parola[0] for parola in ASSENTI)


# Measuring --------------------------------------------------------------------------------------------


class _Tratto(NamedTuple):
    """The numbers between two ends (None: no end), without the ends when `stretto`."""

    minimo: Decimal | None
    massimo: Decimal | None
    stretto: bool = False

    def contiene(self, altro: "_Tratto") -> bool:
        """Whether all of the other lies in this one."""
        pari_ammesso = not self.stretto or altro.stretto
        return (
            self.minimo is None
            or (altro.minimo is not None and altro.minimo > self.minimo)
            or (altro.minimo == self.minimo and pari_ammesso)
        ) and (
            self.massimo is None
            or (altro.massimo is not None and altro.massimo < self.massimo)
            or (altro.massimo == self.massimo and pari_ammesso)
        )


def misura_testi(
    atteso: str, raggiunto: str, verso: str | None = "", anno: int | None = None
) -> tuple[str, Misura]:
    """From the two cells of an indicatore, the tipo of its valore atteso and the measure."""
    richiesto, ottenuto = parse_atteso(atteso), parse_raggiunto(raggiunto)
    return _concorda(richiesto, ottenuto)[0].tipo, misura(richiesto, ottenuto, verso, anno)


def letture_dubbie(atteso: str, raggiunto: str) -> tuple[str, ...]:
    """What was read by a declared rule in the two cells, to be reported: "«64.52»: letto 64,52"."""
    return parse_atteso(atteso).note + parse_raggiunto(raggiunto).note


def misura(
    atteso: Atteso, raggiunto: Raggiunto, verso: str | None = None, anno: int | None = None
) -> Misura:
    """How much of the valore atteso was reached.

    `verso` is the one written beside the indicatore, if any: without it the operator tells, else more
    is better. `anno` is the year reported, for deadlines: without it every deadline is due.
    """
    atteso, raggiunto = _concorda(atteso, raggiunto)
    if isinstance(atteso, Contesto):
        return Misura(None, None, DI_CONTESTO, "senza valore atteso è un dato di contesto")
    if isinstance(atteso, Assente):
        return _no("il valore atteso non è stato fissato")
    if isinstance(atteso, Scadenza) and not isinstance(raggiunto, Composto):
        return _misura_scadenza(atteso, raggiunto, anno)
    if isinstance(raggiunto, Assente | Contesto):
        return _no("manca il raggiunto")
    if isinstance(atteso, Testo):
        return _no(_a_parole("il valore atteso", atteso))
    if isinstance(raggiunto, Testo):
        return _no(_a_parole("il raggiunto", raggiunto))
    if isinstance(atteso, Composto) or isinstance(raggiunto, Composto):
        return _misura_parti(atteso, raggiunto, verso, anno)
    if isinstance(atteso, SiNo):
        return _misura_si_no(atteso, raggiunto)
    assert isinstance(atteso, Quantita)  # nothing else is left
    if isinstance(raggiunto, Quantita):
        return _misura_quantita(atteso, raggiunto, verso)
    if isinstance(raggiunto, Scadenza):
        return _no("si attende una quantità e il raggiunto è una data: scrivere il numero")
    if raggiunto.si and _e_cento_per_cento(atteso):
        return _si("fatto, come atteso")
    return _no("si attende una quantità e il raggiunto è un sì o un no: scrivere quanto (0 se nulla)")


def _no(motivo: str) -> Misura:
    return Misura(None, None, NON_MISURABILE, motivo)


def _si(motivo: str, rapporto: Decimal | None = None) -> Misura:
    return Misura(CENTO, rapporto, RAGGIUNTO, motivo)


def _zero(motivo: str, rapporto: Decimal | None = None) -> Misura:
    return Misura(Decimal(0), rapporto, NON_RAGGIUNTO, motivo)


def _non_raggiunto(rapporto: Decimal, motivo: str) -> Misura:
    """Not met: the ratio, never below 0 and never quite 100."""
    grado = min(max(rapporto, Decimal(0)), QUASI)
    if rapporto > QUASI:
        motivo = f"non raggiunto, anche se di pochissimo: non supera {numeri.numero(QUASI)}"
    return Misura(grado, rapporto, PARZIALE if grado else NON_RAGGIUNTO, motivo)


def _a_parole(soggetto: str, testo: Testo) -> str:
    if not testo.perche:
        return f"{soggetto} è descritto a parole: serve una valutazione qualitativa"
    return f"{soggetto} {testo.perche}"


def _concorda(atteso: Atteso, raggiunto: Raggiunto) -> tuple[Atteso, Raggiunto]:
    """A bare "2020" facing a quantity is a quantity, and a quantity facing a date is a year."""
    if isinstance(atteso, Scadenza) and atteso.quantita and isinstance(raggiunto, Quantita):
        return Numero(atteso.quantita), raggiunto
    if isinstance(raggiunto, Scadenza) and raggiunto.quantita and isinstance(atteso, Quantita):
        return atteso, Numero(raggiunto.quantita)
    return atteso, raggiunto


def _e_cento_per_cento(valore: Valore) -> bool:
    return isinstance(valore, Numero) and valore.unita == "%" and valore.valore == CENTO


# yes, no and deadlines


def _misura_si_no(atteso: SiNo, raggiunto: SiNo | Scadenza | Quantita) -> Misura:
    if atteso.si and _e_cento_per_cento(raggiunto):
        return _si("fatto al 100%")
    datato = isinstance(raggiunto, Scadenza) and not (raggiunto.impegno or raggiunto.quantita)
    if atteso.si and datato:
        return _si("fatto, con la data indicata")
    if not isinstance(raggiunto, SiNo):
        return _no("si attende un sì o un no e il raggiunto è un'altra cosa: scrivere SÌ o NO")
    if raggiunto.si == atteso.si:
        return _si("fatto, come atteso" if atteso.si else "non fatto, come atteso")
    if not raggiunto.si and raggiunto.motivo:
        return _no(_NO_MOTIVATO)
    return _zero("atteso un sì, raggiunto un no" if atteso.si else "atteso un no, raggiunto un sì")


_NO_MOTIVATO = (
    "il «no» ha una motivazione: indicare lo stato della voce (rinviato, sospeso, non valutabile) "
    "oppure scrivere solo NO"
)


def _misura_scadenza(atteso: Scadenza, raggiunto: Semplice, anno: int | None) -> Misura:
    """On time 100, late 0. What is due after the year reported is not measured, unless it is done."""
    fatto = raggiunto.data or atteso if isinstance(raggiunto, SiNo) and raggiunto.si else raggiunto
    if _e_cento_per_cento(fatto):
        fatto = atteso
    if isinstance(fatto, Scadenza) and atteso.quantita and fatto.quantita and fatto != atteso:
        return _no("non si capisce se sono anni o quantità: scrivere «entro 2020» oppure «n. 2020»")
    termine, oggi = _ultimo(atteso, anno), anno and date(anno, 12, 31)
    futura = bool(termine and oggi and termine > oggi)
    if isinstance(fatto, Scadenza) and (fatto is atteso or not fatto.impegno):
        compiuta = fatto is atteso or not (oggi and (_primo(fatto, anno) or oggi) > oggi)
        if compiuta or not futura:
            return _entro(atteso, fatto, anno)
    if futura and termine:
        return _no(f"la scadenza ({termine:%d/%m/%Y}) viene dopo l'anno rendicontato")
    if isinstance(fatto, Assente | Contesto):
        return _no("manca il raggiunto")
    if isinstance(fatto, Testo):
        return _no(_a_parole("il raggiunto", fatto))
    if isinstance(fatto, SiNo):
        return _no(_NO_MOTIVATO) if fatto.motivo else _zero("non fatto entro la scadenza")
    if isinstance(fatto, Scadenza):
        return _no("il raggiunto ripete una scadenza: scrivere la data in cui è stato fatto, SÌ o NO")
    return _no("si attende una scadenza e il raggiunto è una quantità: scrivere la data, SÌ o NO")


def _entro(atteso: Scadenza, fatto: Scadenza, anno: int | None) -> Misura:
    if fatto is atteso:
        return _si("fatto entro la scadenza, secondo il responsabile")
    termine, primo, ultimo = _ultimo(atteso, anno), _primo(fatto, anno), _ultimo(fatto, anno)
    if termine is None or primo is None or ultimo is None:
        return _no("manca l'anno della data: scriverla per intero")
    if ultimo <= termine:
        return _si("fatto entro la scadenza")
    if primo <= termine:
        return _no("non si capisce se la data viene prima o dopo la scadenza: scrivere il giorno")
    giorni = (primo - termine).days
    esatto = "" if primo == ultimo else "almeno "
    return _zero(
        f"fatto dopo la scadenza, con {esatto}{giorni} giorn{'o' if giorni == 1 else 'i'} di ritardo"
    )


def _primo(scadenza: Scadenza, anno: int | None) -> date | None:
    return _giorno(scadenza.anno or anno, scadenza.inizio)


def _ultimo(scadenza: Scadenza, anno: int | None) -> date | None:
    return _giorno(scadenza.anno or anno, scadenza.fine)


def _giorno(anno: int | None, giorno: tuple[int, int]) -> date | None:
    """A day of a year, None when no year is known; the end of February whatever the year."""
    if not anno or not MINYEAR <= anno <= MAXYEAR:
        return None
    mese, numero = giorno
    return date(anno, mese, min(numero, _ultimo_del_mese(anno, mese)))


# quantities


def _misura_quantita(atteso: Quantita, raggiunto: Quantita, verso: str | None) -> Misura:
    """Met 100, else the ratio on the failing side; a raggiunto with an operator only if it decides."""
    if (coppia := _stessa_unita(atteso, raggiunto)) is None:
        return _no(_unita_diverse(atteso, raggiunto))
    atteso, raggiunto = coppia
    if motivo := _senza_misura(atteso, raggiunto, verso):
        return _no(motivo)
    ammesso, possibile = _ammesso(atteso, verso), _possibile(raggiunto)
    raggiunta = ammesso.contiene(possibile)
    if not isinstance(raggiunto, Numero):
        if raggiunta:
            return _si("raggiunto, qualunque sia il valore esatto")
        return _no(_NON_DECIDIBILE)
    rapporto = _rapporto(atteso, raggiunto.valore, verso)
    if raggiunta:
        return _si("valore atteso raggiunto", rapporto)
    r = raggiunto.valore
    if ammesso.minimo is not None and r <= ammesso.minimo:
        quota, motivo = _quota(r, ammesso.minimo, CRESCENTE), "raggiunto diviso valore atteso"
    else:
        assert ammesso.massimo is not None
        quota = _quota(r, ammesso.massimo, DECRESCENTE)
        motivo = "oltre il massimo atteso: valore atteso diviso raggiunto"
    if quota is None:
        return _zero("il valore atteso, 0, non è rispettato", rapporto)
    esito = _non_raggiunto(quota, motivo)
    return replace(esito, rapporto=rapporto)


_NON_DECIDIBILE = "il raggiunto dà solo un limite, che non basta a decidere: scrivere il valore esatto"


def _ammesso(atteso: Quantita, verso: str | None) -> _Tratto:
    """The numbers that meet a target; a verso makes a tolerance one-sided."""
    if isinstance(atteso, Intervallo):
        massimo = None if verso == CRESCENTE else atteso.a
        return _Tratto(None if verso == DECRESCENTE else atteso.da, massimo)
    stretto = isinstance(atteso, Soglia) and atteso.stretta
    if _verso(atteso, verso) == DECRESCENTE:
        return _Tratto(None, atteso.valore, stretto)
    return _Tratto(atteso.valore, None, stretto)


def _possibile(raggiunto: Quantita) -> _Tratto:
    """The numbers that a raggiunto may stand for."""
    if isinstance(raggiunto, Intervallo):
        return _Tratto(raggiunto.da, raggiunto.a)
    if isinstance(raggiunto, Numero):
        return _Tratto(raggiunto.valore, raggiunto.valore)
    if raggiunto.verso == DECRESCENTE:
        return _Tratto(None, raggiunto.valore, raggiunto.stretta)
    return _Tratto(raggiunto.valore, None, raggiunto.stretta)


def _verso(atteso: Numero | Soglia, verso: str | None) -> str:
    return atteso.verso if isinstance(atteso, Soglia) else verso or CRESCENTE


def _senza_misura(atteso: Quantita, raggiunto: Quantita, verso: str | None) -> str:
    """Why a target measures nothing, "" when it does."""
    if isinstance(atteso, Intervallo):
        return ""
    if isinstance(atteso, Soglia) and verso and verso != atteso.verso:
        return f"il verso indicato ({verso}) contraddice il segno del valore atteso: correggerlo"
    uguali = isinstance(raggiunto, Numero) and raggiunto.valore == atteso.valore
    if isinstance(atteso, Numero) and atteso.valore < 0 and not verso and not uguali:
        return "il valore atteso è negativo: indicare il verso (crescente o decrescente)"
    inclusa = isinstance(atteso, Numero) or not atteso.stretta
    if not atteso.valore and inclusa and _verso(atteso, verso) == CRESCENTE:
        return "un valore atteso 0 non misura nulla: se meno è meglio indicare il verso decrescente"
    return ""


def _rapporto(atteso: Quantita, r: Decimal, verso: str | None) -> Decimal | None:
    """The raw ratio: raggiunto on atteso, or the other way round when less is better."""
    if isinstance(atteso, Intervallo):
        return _quota(r, atteso.centro, CRESCENTE) if atteso.centro and atteso.centro > 0 else None
    return _quota(r, atteso.valore, _verso(atteso, verso))


def _quota(r: Decimal, limite: Decimal, verso: str) -> Decimal | None:
    """raggiunto / limite in per cent (limite / raggiunto when less is better), None where senseless.

    Below zero the scale is mirrored: more than -5 is like less than 5.
    """
    if limite < 0:
        return _quota(r.copy_negate(), limite.copy_negate(), _OPPOSTO[verso])
    if not limite:
        return None
    if verso == CRESCENTE:
        return _CALCOLO.multiply(_CALCOLO.divide(r, limite), CENTO)
    return _CALCOLO.multiply(_CALCOLO.divide(limite, r), CENTO) if r > 0 else None


_OPPOSTO = {CRESCENTE: DECRESCENTE, DECRESCENTE: CRESCENTE}


def _stessa_unita(atteso: Quantita, raggiunto: Quantita) -> tuple[Quantita, Quantita] | None:
    """The two in the same unit: 8/10 is 80%. A unit may go without saying, never the per cent."""
    if atteso.unita == raggiunto.unita:
        return atteso, raggiunto
    if {atteso.unita, raggiunto.unita} == {"%", "rapporto"}:
        return _in_percento(atteso), _in_percento(raggiunto)
    sottintesa = not (atteso.unita and raggiunto.unita)
    if sottintesa and not {atteso.unita, raggiunto.unita} & {"%", "rapporto"}:
        return atteso, raggiunto
    return None


def _in_percento(valore: Quantita) -> Quantita:
    if isinstance(valore, Numero) and valore.unita == "rapporto":
        return replace(valore, valore=_CALCOLO.multiply(valore.valore, CENTO), unita="%")
    return valore


def _unita_diverse(atteso: Quantita, raggiunto: Quantita) -> str:
    if "%" in (atteso.unita, raggiunto.unita):
        manca = "il raggiunto" if atteso.unita == "%" else "il valore atteso"
        return f"uno dei due è una percentuale: scrivere anche {manca} con il segno %"
    if "rapporto" in (atteso.unita, raggiunto.unita):
        return "uno dei due è un rapporto: scrivere anche l'altro come rapporto o percentuale"
    return f"le unità sono diverse ({atteso.unita} e {raggiunto.unita}): scrivere la stessa"


# several values


def _misura_parti(atteso: Atteso, raggiunto: Raggiunto, verso: str | None, anno: int | None) -> Misura:
    """The plain mean of the parts, when each has its counterpart and can be measured."""
    if not isinstance(raggiunto, Composto):
        return _no("il valore atteso ha più parti e il raggiunto una sola: scrivere un valore per parte")
    if isinstance(atteso, Composto):
        coppie = _allinea(atteso.parti, raggiunto.parti)
        if coppie is None:
            return _no("le parti del raggiunto non corrispondono a quelle del valore atteso")
    else:
        coppie = [(atteso, parte) for parte in raggiunto.parti]
    misure = [misura(uno, altro, verso, anno) for uno, altro in coppie]
    for numero, una in enumerate(misure, start=1):
        if una.grado is None:
            return _no(f"parte {numero}: {una.motivo}")
    media = _media([una.grado for una in misure if una.grado is not None])
    esito = Misura(media, None, _esito(media), f"media delle {len(misure)} parti")
    if not isinstance(atteso, Composto) and (somma := _somma(raggiunto.parti)):
        return esito if misura(atteso, somma, verso, anno).grado == media else _no(_PARTI_O_SOMMA)
    return esito


_PARTI_O_SOMMA = "non si capisce se le parti del raggiunto si sommano: scrivere un solo valore"


def _media(gradi: Sequence[Decimal]) -> Decimal:
    """The plain mean: 100 when all are, and never quite 100 when one is not."""
    media = _CALCOLO.divide(_totale(gradi), len(gradi))
    return CENTO if all(grado == CENTO for grado in gradi) else min(media, QUASI)


def _esito(grado: Decimal) -> str:
    return RAGGIUNTO if grado == CENTO else PARZIALE if grado else NON_RAGGIUNTO


def _allinea(
    attesi: Sequence[Semplice], raggiunti: Sequence[Semplice]
) -> list[tuple[Semplice, Semplice]] | None:
    """Parts by name when all have one, else by place; None when names or number of parts disagree."""
    if len(attesi) != len(raggiunti):
        return None
    per_nome = {_nome(parte): parte for parte in raggiunti}
    nomi = [_nome(parte) for parte in attesi]
    if all(per_nome) and len(per_nome) == len(raggiunti) and set(nomi) == set(per_nome):
        return [(parte, per_nome[nome]) for parte, nome in zip(attesi, nomi, strict=True)]
    coppie = list(zip(attesi, raggiunti, strict=True))
    discordi = any(_nome(uno) and _nome(altro) and _nome(uno) != _nome(altro) for uno, altro in coppie)
    return None if discordi else coppie


def _somma(parti: Sequence[Semplice]) -> Numero | None:
    """The sum of parts that can be summed: plain quantities of one unit; percentages cannot."""
    numeri_soli = [_concorda(parte, Numero(Decimal(0)))[0] for parte in parti]
    addendi = [parte for parte in numeri_soli if isinstance(parte, Numero)]
    unita = {parte.unita for parte in addendi}
    if len(addendi) != len(parti) or len(unita) > 1 or unita & {"%", "rapporto"}:
        return None
    return Numero(_totale(parte.valore for parte in addendi), addendi[0].unita)


def _totale(valori: Iterable[Decimal]) -> Decimal:
    return reduce(_ESATTO.add, valori, Decimal(0))
