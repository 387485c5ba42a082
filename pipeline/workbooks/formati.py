"""What a cell shows of its value: the number format of an .xlsx, the paragraphs of an .ods.

A value means what the cell shows (docs/metodo.md, «Che cosa dice una cella»): the format may scale it,
leave out the day of a date, put a unit beside it. Digits rounded away are no difference: the value
rules. Where value and look disagree and no rule decides, the `Aspetto` says so.

The parts of a format: ECMA-376 part 1, 18.8.30 (numFmts) and 18.8.31; which section holds for a value,
as in SheetJS SSF and LibreOffice.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from pipeline import numeri

MESI = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno"),
    *("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_GIORNI = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TRIMESTRI = ("I", "II", "III", "IV")

_DATA, _ORA, _DURATA = "dd/mm/yyyy", "hh:mm", "[h]:mm"
_EURO, _CONTABILE = '#,##0 "€"', '_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-;_-* "-"?? "€"_-;_-@_-'
PREDEFINITI = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    48: "##0.0E+0",
    49: "@",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: "#,##0",
    43: "#,##0.00",
    **dict.fromkeys((5, 6, 7, 8), _EURO),
    **dict.fromkeys((42, 44), _CONTABILE),
    14: _DATA,
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    22: "dd/mm/yyyy hh:mm",
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47), _ORA),
    **dict.fromkeys((27, 28, 29, 30, 31, 36, *range(50, 59)), _DATA),
    46: _DURATA,
}
"""The formats that a workbook names by number alone, as an Italian Excel shows them. Those from 27 to 36
and from 50 to 58 are dates and times of the East: here only that they are dates matters."""

_MASSIMO = 1_024
"""Longer than any format: Excel stops at 255 characters."""


@dataclass(frozen=True)
class Aspetto:
    """What a cell says where its look says more than its value.

    `testo` is the cell in words; `numero` the value with the scale of its format, None when it shows no
    number; `giorno` the date that a number stands for. `discorde`: no rule decides between the two.
    """

    testo: str
    numero: Decimal | None = None
    giorno: datetime | None = None
    discorde: bool = False


# ------------------------------------------------------------------------------------------ the values


def in_testo(valore: Any) -> str:
    """A cell's value as Italian text: 42.0 -> "42", a date -> "30/06/2024"."""
    if isinstance(valore, str):
        return valore
    if isinstance(valore, bool):
        return "VERO" if valore else "FALSO"
    if isinstance(valore, int | float) and math.isfinite(valore):
        return numeri.numero(numeri.decimale(valore))
    if isinstance(valore, datetime):
        giorno = valore.strftime("%d/%m/%Y")
        return giorno if valore.time() == time() else f"{giorno} {valore:%H:%M}"
    if isinstance(valore, date):
        return valore.strftime("%d/%m/%Y")
    if isinstance(valore, time):
        return valore.strftime("%H:%M")
    if isinstance(valore, timedelta):
        minuti = round(valore.total_seconds() / 60)
        return f"{minuti // 60}:{minuti % 60:02d}"
    return str(valore)


def in_numero(valore: Any) -> Decimal | None:
    """A numeric cell as a decimal number, None if it is not one."""
    if isinstance(valore, bool) or not isinstance(valore, int | float) or not math.isfinite(valore):
        return None
    return numeri.decimale(valore)


def mese_e_anno(giorno: date) -> str:
    return f"{MESI[giorno.month - 1]} {giorno.year}"


_PRIMO, _PRIMO_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_SERIALI = range(32_874, 58_806)
"""The days from 1990 to 2060, as a spreadsheet counts them."""


def giorno_del_seriale(testo: str) -> date | None:
    """The day that a bare number may stand for: "44196" -> 31/12/2020; None for any other text."""
    if not re.fullmatch(r"[0-9]{5}(?:,[0-9]+)?", testo) or int(testo[:5]) not in _SERIALI:
        return None
    return (_PRIMO + timedelta(days=int(testo[:5]))).date()


def _dal_seriale(valore: float, primo: datetime) -> datetime | None:
    try:
        return primo + timedelta(seconds=round(valore * 86_400))
    except OverflowError:
        return None


def data_iso(testo: str) -> datetime | None:
    """A date as the formats write it (2020-06-15, with a time, fractions, Z); None if it is none.

    Some programs write midnight in Italy as the instant it is in Greenwich, 22:00 or 23:00 of the day
    before: it is the day after.
    """
    try:
        istante = datetime.fromisoformat(testo.strip())
    except ValueError:
        return None
    if istante.tzinfo is None:
        return istante
    locale = istante.replace(tzinfo=None)
    mezzanotte = istante.hour in (22, 23) and istante.time().replace(hour=0, tzinfo=None) == time()
    return locale.replace(hour=0) + timedelta(days=1) if mezzanotte else locale


# ----------------------------------------------------------------------------------- numbers in words


def _pulito(testo: str) -> str:
    return " ".join(testo.split())


def _componi(numero: Decimal, prima: str, dopo: str, zeri: int = 1) -> Aspetto:
    """A number between the words that stand around it, where its sign stands too.

    A minus or brackets shown are the sign; a sign that is not shown, or is shown and is not there,
    makes another number of it.
    """
    prima, dopo = _pulito(prima), dopo.rstrip()
    parentesi = prima.endswith("(") and ")" in dopo
    in_coda = numero < 0 and dopo.strip() == "-"
    negativo = parentesi or in_coda or bool(_MENO.search(prima))
    intero, virgola, decimali = numeri.numero(abs(numero)).partition(",")
    cifre = intero if virgola else intero.zfill(zeri)
    cifre += virgola + decimali
    percento = "%" if "%" in prima + dopo else ""
    if numero and negativo != (numero < 0):
        return Aspetto(_pulito(f"{prima} {cifre}{dopo}"), discorde=True)
    if negativo:
        prima = _pulito(_MENO.sub(" ", prima).rstrip(" ("))
        dopo = "" if in_coda else dopo.replace(")", "", 1) if parentesi else dopo
    segno = "-" if numero < 0 else ""
    attaccato = "" if not prima or prima[-1] in "+" else " "
    coda = dopo.replace("%", "").rstrip()
    coda = (" " if coda[:1] == " " else "") + _pulito(coda)
    testo = f"{prima.replace('%', '').strip()}{attaccato}{segno}{cifre}{percento}{coda}"
    return Aspetto(testo.strip(), numero)


_MENO = re.compile("^[-−]|[-−]$")


def _senza_cifre(valore: Decimal, parole: str) -> Aspetto:
    """A number of which only words are shown; a dash is the zero of the accountants."""
    zero = _TRATTO.fullmatch(parole.strip())
    if zero and not valore:
        return _componi(valore, zero[1], zero[2])
    parole = _pulito(parole)
    return Aspetto(parole, discorde=not any(c.isalnum() for c in parole))


_TRATTO = re.compile(r"([^\w–—−-]*)[-–—−]([^\w–—−-]*)")


# -------------------------------------------------------------------------------- the parts of a format

_PEZZI = re.compile(
    r'"(?P<testo>[^"]*)"?|\\(?P<segno>.)|_(?P<spazio>.)|\*(?P<ripetuto>.)|\[(?P<quadra>[^\]]*)\]'
    r"|(?P<generale>general|standard)|(?P<meridiano>am/pm|a/p)|(?P<esponente>e[+-])"
    r"|(?P<fine>;)|(?P<cifra>[0#?])|(?P<data>y+|m+|d+|h+|s+|e+|q+|n{2,4}|aaaa?)|(?P<altro>.)",
    re.IGNORECASE | re.DOTALL,
)
_Pezzo = tuple[str, str]
"""What a piece of a format is, and its text."""

_CONDIZIONE = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_PARTI = {"y": "anno", "e": "anno", "h": "ora", "s": "secondi", "q": "trimestre"}


@dataclass(frozen=True)
class _Sezione:
    """One of the sections of a format: the words around the value, and how it shows it."""

    genere: str
    prima: str = ""
    dopo: str = ""
    scala: Decimal = Decimal(1)
    zeri: int = 1
    con_zero: bool = True
    decimali: int = 0
    spezzata: tuple[_Pezzo, ...] = ()
    parti: frozenset[str] = frozenset()
    condizione: tuple[str, Decimal] | None = None

    @property
    def semplice(self) -> bool:
        """Whether what it shows is the value, but for the digits."""
        intorno = (self.prima + self.dopo).strip() or self.spezzata or not self.con_zero
        return self.genere == "numero" and not intorno and self.scala == 1 and self.zeri < 2

    @property
    def solo_negativi(self) -> bool:
        segno, limite = self.condizione or (">", Decimal(0))
        return segno in ("<", "<=") and limite <= 0

    def vale_per(self, valore: Decimal) -> bool:
        assert self.condizione is not None
        segno, limite = self.condizione
        return {
            "<": valore < limite,
            "<=": valore <= limite,
            ">": valore > limite,
            ">=": valore >= limite,
            "=": valore == limite,
            "<>": valore != limite,
        }[segno]


_GENERALE = _Sezione("numero")


def _sezioni(codice: str) -> tuple[_Sezione, ...]:
    gruppi: list[list[_Pezzo]] = [[]]
    for trovato in _PEZZI.finditer(codice):
        quale = trovato.lastgroup or "testo"
        if quale == "fine":
            gruppi.append([])
        else:
            gruppi[-1].append((quale, trovato[quale]))
    return tuple(_sezione(gruppo) for gruppo in gruppi)


def _sezione(pezzi: list[_Pezzo]) -> _Sezione:
    condizione = None
    utili: list[_Pezzo] = []
    for quale, testo in pezzi:
        if quale != "quadra":
            utili.append((quale, testo))
        elif confronto := _CONDIZIONE.fullmatch(testo.strip()):
            condizione = confronto[1], Decimal(confronto[2])
        elif testo.startswith("$"):
            utili.append(("testo", testo[1:].partition("-")[0]))
        elif testo and set(testo.lower()) <= {testo[0].lower()} & set("hms"):
            utili.append(("durata", testo[0].lower()))
    sezione = _con_i_suoi_pezzi(utili)
    return replace(sezione, condizione=condizione) if condizione else sezione


def _con_i_suoi_pezzi(pezzi: list[_Pezzo]) -> _Sezione:
    quali = {quale for quale, _ in pezzi}
    if quali & {"data", "durata"}:
        return _di_data(pezzi)
    if ("altro", "@") in pezzi:
        posto = pezzi.index(("altro", "@"))
        return _Sezione("testo", _parole(pezzi[:posto]), _parole(pezzi[posto + 1 :]))
    if quali & {"generale", "cifra"}:
        return _di_numero(pezzi)
    return _Sezione("parole", _parole(pezzi))


def _parole(pezzi: Iterable[_Pezzo]) -> str:
    """What the pieces show beside digits and dates; a blank as wide as a character is a blank."""
    mostrati = (" " if quale == "spazio" else testo for quale, testo in pezzi if quale != "ripetuto")
    return "".join(mostrati)


def _di_data(pezzi: list[_Pezzo]) -> _Sezione:
    parti: set[str] = set()
    posti = [i for i, (quale, _) in enumerate(pezzi) if quale in ("data", "durata")]
    for i, posto in enumerate(posti):
        quale, testo = pezzi[posto]
        lettera = testo[0].lower()
        if quale == "durata":
            parti.add(f"durata {lettera}")
        elif lettera == "m" and len(testo) < 3 and _sono_minuti(pezzi, posti, i):
            parti.add("minuti")
        elif lettera in "mdna":
            lunghe = {"m": "mese", "d": "giorno" if len(testo) < 3 else "settimana"}
            parti.add(lunghe.get(lettera, "settimana"))
        else:
            parti.add(_PARTI[lettera])
    prima, dopo = _parole(pezzi[: posti[0]]), _parole(pezzi[posti[-1] + 1 :])
    return _Sezione("data", _in_parole(prima), _in_parole(dopo), parti=frozenset(parti))


def _sono_minuti(pezzi: list[_Pezzo], posti: list[int], i: int) -> bool:
    """An m after the hours or before the seconds."""
    vicini = (pezzi[posti[j]][1][0].lower() for j in (i - 1, i + 1) if 0 <= j < len(posti))
    dopo_le_ore = i > 0 and pezzi[posti[i - 1]][1][0].lower() == "h"
    return dopo_le_ore or list(vicini)[-1:] == ["s"]


def _in_parole(testo: str) -> str:
    """Words beside a date («entro il»), not its punctuation nor the signs of the East."""
    return _pulito(testo) if re.search("[a-zà-ù]", testo, re.IGNORECASE) else ""


def _di_numero(pezzi: list[_Pezzo]) -> _Sezione:
    cifre = [i for i, (quale, _) in enumerate(pezzi) if quale in ("cifra", "generale")]
    fine = _fine_del_numero(pezzi, cifre[-1] + 1)
    corpo = pezzi[cifre[0] : fine]
    schema = "".join(testo for pezzo in corpo for testo in pezzo[1:] if _di_schema(pezzo))
    intero, _, decimali = schema.partition(".")
    generale = any(quale in ("esponente", "generale") for quale, _ in corpo) or "/" in schema
    percento = sum(pezzo == ("altro", "%") for pezzo in pezzi)
    migliaia = sum(len(parte) - len(parte.rstrip(",")) for parte in (intero, decimali))
    con_parole = any(testo.strip() and not _di_schema((quale, testo)) for quale, testo in corpo)
    return _Sezione(
        "numero",
        _parole(pezzi[: cifre[0]]),
        _parole(pezzi[fine:]),
        Decimal(100) ** percento / Decimal(1000) ** migliaia,
        1 if generale or "," in intero.rstrip(",") else intero.count("0"),
        generale or "0" in schema,
        decimali.count("#") + decimali.count("?"),
        tuple(corpo) if con_parole and not generale else (),
    )


def _di_schema(pezzo: _Pezzo) -> bool:
    """Whether a piece says how the digits are shown, or is one."""
    return pezzo[0] in ("cifra", "esponente") or pezzo in _SEGNI_DI_CIFRE


_SEGNI_DI_CIFRE = {("altro", segno) for segno in ",./%"}


def _fine_del_numero(pezzi: list[_Pezzo], fine: int) -> int:
    """Where a number ends: the commas that scale it and a fixed denominator (# ?/10) belong to it."""
    denominatore = pezzi[fine : fine + 1] == [("altro", "/")]
    while fine < len(pezzi) and (
        pezzi[fine] == ("altro", ",") or (denominatore and pezzi[fine][1] in "/123456789")
    ):
        fine += 1
    return fine


# ------------------------------------------------------------------------------------------ the format


@dataclass(frozen=True)
class Formato:
    """A number format that may show more than the digits of a value."""

    sezioni: tuple[_Sezione, ...]
    dal_1904: bool = False

    def aspetto(self, valore: Any) -> Aspetto | None:
        """What the cell says, None where it is what its value says."""
        if isinstance(valore, str):
            return self._di_testo(valore)
        if isinstance(valore, date | time | timedelta):
            return self._di_data(valore)
        numero = in_numero(valore)
        if numero is None:
            return None
        sezione, negativa = self._sezione(numero)
        if sezione.genere == "data":
            giorno = _dal_seriale(float(numero), _PRIMO_1904 if self.dal_1904 else _PRIMO)
            return _data_in_parole(sezione, giorno) if giorno else Aspetto(_TROPPO, discorde=True)
        return _numero_in_parole(sezione, numero, negativa)

    def _sezione(self, numero: Decimal) -> tuple[_Sezione, bool]:
        """The section that holds for a number, and whether it leaves the sign to its words."""
        numeriche = self.sezioni[:3]
        if len(self.sezioni) < 4 and numeriche[-1].genere == "testo":
            numeriche = numeriche[:-1]
        condizioni = [sezione.condizione for sezione in numeriche[:2]]
        if any(condizioni):
            veri = (i for i, s in enumerate(numeriche[:2]) if s.condizione and s.vale_per(numero))
            quale = next(veri, 2 if all(condizioni) else 1)
        else:
            quale = 1 if numero < 0 else 2 if numero == 0 else 0
            quale = quale if quale < len(numeriche) else 0
        if quale >= len(numeriche):
            return _GENERALE, False
        return numeriche[quale], quale > 0 or numeriche[quale].solo_negativi

    def _di_testo(self, testo: str) -> Aspetto | None:
        sezione = self.sezioni[-1]
        if sezione.genere != "testo" and len(self.sezioni) < 4:
            return None
        if sezione.genere != "testo":
            return Aspetto(_pulito(sezione.prima), discorde=True)
        if not (sezione.prima + sezione.dopo).strip():
            return None
        return Aspetto(f"{sezione.prima.lstrip()}{testo}{sezione.dopo.rstrip()}")

    def _di_data(self, valore: date | time | timedelta) -> Aspetto | None:
        sezione, negativa = self._sezione(_seriale(valore))
        if sezione.genere == "data":
            return _data_in_parole(sezione, valore)
        if isinstance(valore, date) and self.dal_1904:
            return None
        return _numero_in_parole(sezione, _seriale(valore), negativa)


@lru_cache(maxsize=1024)
def leggi(codice: str, dal_1904: bool = False) -> Formato | None:
    """A format from its code; None when it only says how the digits of a number are shown."""
    sezioni = _sezioni(codice[:_MASSIMO])
    semplice = len(sezioni) == 1 and (sezioni[0].semplice or not codice.strip("@ "))
    return None if semplice else Formato(sezioni, dal_1904)


def _seriale(valore: date | time | timedelta) -> Decimal:
    if isinstance(valore, time):
        valore = datetime.combine(_PRIMO, valore)
    elif isinstance(valore, date) and not isinstance(valore, datetime):
        valore = datetime.combine(valore, time())
    durata = valore - _PRIMO if isinstance(valore, datetime) else valore
    return numeri.decimale(durata / timedelta(days=1))


def _numero_in_parole(sezione: _Sezione, numero: Decimal, negativa: bool) -> Aspetto | None:
    scalato = numero * sezione.scala
    if sezione.genere == "parole" or not (sezione.con_zero or _arrotonda(scalato, sezione.decimali)):
        return _senza_cifre(numero, sezione.prima + " " + sezione.dopo)
    prima = sezione.prima if negativa or numero >= 0 else f"-{sezione.prima.lstrip()}"
    if sezione.spezzata:
        mostrato = prima + _cifre_fra_parole(sezione.spezzata, scalato) + sezione.dopo
        return _numero_mostrato(numero, mostrato)
    aspetto = _componi(scalato, prima, sezione.dopo, sezione.zeri)
    return _solo_se_dice(numero, aspetto)


def _solo_se_dice(numero: Decimal, aspetto: Aspetto) -> Aspetto | None:
    """The look of a number, unless it is what the number itself says."""
    tale = (aspetto.testo, aspetto.numero) == (numeri.numero(numero), numero)
    return None if tale else aspetto


def _arrotonda(numero: Decimal, decimali: int) -> Decimal:
    return numero.quantize(Decimal(1).scaleb(-decimali), rounding=ROUND_HALF_UP)


def _cifre_fra_parole(corpo: tuple[_Pezzo, ...], numero: Decimal) -> str:
    """The digits of a number in a format that puts words among them: 000-000, 0"h"00."""
    punto = corpo.index(("altro", ".")) if ("altro", ".") in corpo else len(corpo)
    decimali = sum(quale == "cifra" for quale, _ in corpo[punto:])
    cifre = str(int(_arrotonda(abs(numero), decimali).scaleb(decimali)))
    posti = sum(quale == "cifra" for quale, _ in corpo)
    mostrati = []
    for quale, testo in reversed(corpo):
        if quale == "cifra":
            posti -= 1
            quante = 1 if posti else len(cifre)
            mostrati.append((cifre[-quante:] if cifre else "") or ("0" if testo == "0" else ""))
            cifre = cifre[:-quante] if quante else ""
        elif (quale, testo) != ("altro", ","):
            mostrati.append("," if (quale, testo) == ("altro", ".") else testo)
    return "".join(reversed(mostrati))


_TROPPO = "#####"
"""What a cell shows that cannot show its value."""


# ------------------------------------------------------------------------------------- dates in words


def _data_in_parole(sezione: _Sezione, valore: date | time | timedelta) -> Aspetto:
    """A date or a time, as far as its format shows it."""
    if isinstance(valore, time | timedelta):
        return _ora_in_parole(sezione.parti, valore)
    testo = _giorno_in_parole(sezione.parti, valore)
    if testo is None:
        return Aspetto(str(valore.day), discorde=True)
    giorno = valore if isinstance(valore, datetime) else datetime.combine(valore, time())
    return Aspetto(_pulito(f"{sezione.prima} {testo} {sezione.dopo}"), giorno=giorno)


def _giorno_in_parole(parti: frozenset[str], giorno: date) -> str | None:
    """A date of which these parts are shown, None where they make no date: a day without a month."""
    mese = MESI[giorno.month - 1]
    if {"giorno", "mese", "anno"} <= parti:
        return in_testo(giorno) if "ora" in parti else f"{giorno:%d/%m/%Y}"
    if {"mese", "anno"} <= parti:
        return mese_e_anno(giorno)
    if "trimestre" in parti:
        anno = f" {giorno.year}" if "anno" in parti else ""
        return f"{_TRIMESTRI[(giorno.month - 1) // 3]} trimestre{anno}"
    if "mese" in parti:
        return f"{giorno.day} {mese}" if "giorno" in parti else mese
    if "giorno" in parti:
        return None
    if "anno" in parti:
        return str(giorno.year)
    return _GIORNI[giorno.weekday()] if "settimana" in parti else f"{giorno:%H:%M}"


def _ora_in_parole(parti: frozenset[str], valore: time | timedelta) -> Aspetto:
    """A time of day or a length of time; the day before the first one is no date."""
    if isinstance(valore, time) and parti & {"giorno", "mese", "anno"} and "ora" not in parti:
        return Aspetto("00/01/1900", discorde=True)
    if isinstance(valore, timedelta) and len(parti) == 1:
        unita = {"durata h": 3600, "durata m": 60, "durata s": 1}.get(next(iter(parti)), 0)
        if unita:
            return Aspetto(str(int(valore.total_seconds()) // unita))
    return Aspetto(in_testo(valore))


# -------------------------------------------------------------------------------- the text that is shown


def da_mostrato(valore: Any, mostrato: str, percentuale: bool = False) -> Aspetto | None:
    """What a cell says whose shown text is known (.ods), None where it is what its value says.

    `percentuale`: the file itself says that the number is a percentage.
    """
    if isinstance(valore, str):
        return _testo_mostrato(valore, mostrato)
    if isinstance(valore, bool | time | timedelta):
        return _altro_mostrato(valore, mostrato)
    if isinstance(valore, datetime):
        return _data_mostrata(valore, mostrato) or Aspetto(_pulito(mostrato), discorde=True)
    numero = in_numero(valore)
    return None if numero is None else _numero_mostrato(numero, mostrato, percentuale)


def come_percentuale(valore: float) -> Aspetto:
    """A number that the file says to be a percentage, without saying how it looks."""
    numero = numeri.decimale(valore) * 100
    return Aspetto(f"{numeri.numero(numero)}%", numero)


def _testo_mostrato(testo: str, mostrato: str) -> Aspetto | None:
    if _pulito(testo) == _pulito(mostrato):
        return None
    return Aspetto(mostrato.strip(), discorde=_pulito(testo) not in _pulito(mostrato))


def _altro_mostrato(valore: Any, mostrato: str) -> Aspetto | None:
    """A VERO or a time: whatever stands there instead of it is what the cell says."""
    logico = isinstance(valore, bool) and mostrato.strip().upper() not in LOGICI
    return Aspetto(_pulito(mostrato), discorde=not mostrato.strip()) if logico else None


LOGICI = {"VERO": True, "TRUE": True, "FALSO": False, "FALSE": False}
"""LibreOffice keeps some of them as numbers: what they show tells them apart."""

_SPAZI = "'’\u00a0\u2009\u202f "
_GRUPPO = re.compile(rf"[0-9]+(?:[.,{_SPAZI}][0-9]{{3}})*(?:[.,][0-9]+)?")
_FRAZIONE = re.compile(r"(?:([0-9]+) +)?([0-9]+)/([1-9][0-9]*)")
_SCIENTIFICO = re.compile(r"([0-9]+(?:[.,][0-9]+)?)[Ee]([+-]?[0-9]{1,3})")


def _numero_mostrato(numero: Decimal, mostrato: str, percentuale: bool = False) -> Aspetto | None:
    """The number that is found in its look, whole or in percent; else the date, or the words."""
    gruppi = list(_GRUPPO.finditer(mostrato))
    if not gruppi:
        return _senza_cifre(numero, mostrato)
    if trovato := _frazione_o_potenza(abs(numero), mostrato):
        return _fra_parole(numero, numero, mostrato, trovato)
    scale = (Decimal(100), Decimal(1)) if percentuale or "%" in mostrato else (Decimal(1),)
    for scala in scale:
        for gruppo in gruppi:
            if _mostra(gruppo[0], abs(numero * scala)):
                return _fra_parole(numero, numero * scala, mostrato, gruppo)
    giorno = _data_mostrata_da(numero, mostrato)
    return giorno or _scalato(numero, mostrato, gruppi)


def _fra_parole(
    numero: Decimal, scalato: Decimal, mostrato: str, cifre: re.Match[str]
) -> Aspetto | None:
    zeri = len(cifre[0]) if cifre[0].isdigit() and cifre[0].startswith("0") else 1
    prima, dopo = mostrato[: cifre.start()], mostrato[cifre.end() :]
    return _solo_se_dice(numero, _componi(scalato, prima, dopo, zeri))


def _letture(cifre: str) -> set[Decimal]:
    """The numbers that digits may show: the comma, or the dot, before the decimals."""
    letture = set()
    for virgola, punto in (",.", ".,"):
        scritto = rf"([0-9]+(?:[{punto}{_SPAZI}][0-9]{{3}})*)(?:[{virgola}]([0-9]+))?"
        if trovato := re.fullmatch(scritto, cifre):
            letture.add(Decimal(re.sub("[^0-9]", "", trovato[1]) + "." + (trovato[2] or "")))
    return letture


def _mostra(cifre: str, numero: Decimal) -> bool:
    """Whether digits show a number, rounded to the places they have."""
    return any(_arrotondato(lettura, numero) for lettura in _letture(cifre))


def _arrotondato(lettura: Decimal, numero: Decimal) -> bool:
    esponente = lettura.as_tuple().exponent
    assert isinstance(esponente, int)
    return abs(lettura - numero) <= Decimal(5).scaleb(esponente - 1)


def _frazione_o_potenza(numero: Decimal, mostrato: str) -> re.Match[str] | None:
    """Where a number is shown as 1 1/2, or as 1,5E+03."""
    if frazione := _FRAZIONE.search(mostrato):
        intero, sopra, sotto = (int(cifre or 0) for cifre in frazione.groups())
        if abs(Decimal(intero) + Decimal(sopra) / sotto - numero) <= Decimal(1) / (2 * sotto):
            return frazione
    if potenza := _SCIENTIFICO.search(mostrato):
        mantissa, esponente = Decimal(potenza[1].replace(",", ".")), int(potenza[2])
        if _arrotondato(mantissa.scaleb(esponente), numero):
            return potenza
    return None


def _scalato(numero: Decimal, mostrato: str, gruppi: list[re.Match[str]]) -> Aspetto:
    """A number shown in thousands or millions, where only one reading of its digits makes it so."""
    trovati = {
        lettura
        for lettura in _letture(gruppi[0][0])
        for potenza in (3, 6, 9)
        if lettura and _arrotondato(lettura, abs(numero).scaleb(-potenza))
    }
    if len(gruppi) > 1 and "".join(gruppo[0] for gruppo in gruppi) == str(abs(numero)):
        return Aspetto(_pulito(mostrato))  # the same digits, put apart: 333-1234567
    discorde = Aspetto(_pulito(mostrato), discorde=True)
    if len(gruppi) > 1 or len(trovati) != 1:
        return discorde
    (lettura,) = trovati
    potenza = next(p for p in (3, 6, 9) if _arrotondato(lettura, abs(numero).scaleb(-p)))
    return _fra_parole(numero, numero.scaleb(-potenza), mostrato, gruppi[0]) or discorde


_OROLOGIO = re.compile(
    r"(?<![0-9])T?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: *[ap]m\b)?", re.I
)
_TRIMESTRE = re.compile(
    r"\b[QT] ?([1-4])\b(?: *trim[a-z]*\.?)?|\b([1-4]) ?[°ºoa^]? ?(?:trim|quarter|[QT]\b)[a-z]*\.?",
    re.IGNORECASE,
)
_PAROLA = re.compile(r"[^\W\d_]+|[0-9]+")
_SCHEMI: tuple[tuple[str, ...], ...] = (
    *(("giorno", "mese", "anno"), ("anno", "mese", "giorno"), ("mese", "giorno", "anno")),
    *(("giorno", "mese"), ("mese", "anno"), ("anno", "mese"), ("anno",), ()),
)
"""In which order the numbers of a date may stand: the Italian one first."""
_SCHEMI_CON_MESE: tuple[tuple[str, ...], ...] = (
    *_SCHEMI[:3],
    ("giorno", "anno"),
    ("anno", "giorno"),
    ("giorno",),
    ("anno",),
    (),
)


def _data_mostrata_da(numero: Decimal, mostrato: str) -> Aspetto | None:
    """A date that the file keeps as a number (SheetJS): shown, it can be nothing else."""
    for primo in (_PRIMO, _PRIMO_1904):
        giorno = _dal_seriale(float(numero), primo) if 1 <= numero < 100_000 else None
        aspetto = _data_mostrata(giorno, mostrato) if giorno else None
        if aspetto and not aspetto.discorde:
            return aspetto
    return None


def _data_mostrata(giorno: datetime, mostrato: str) -> Aspetto | None:
    """The parts of a date found in its look, None if the look is not one of this date."""
    senza_ora = _OROLOGIO.sub(" ", mostrato)
    parti = {"ora"} if senza_ora != mostrato else set()
    trimestre = _TRIMESTRE.search(senza_ora)
    if trimestre:
        if int(trimestre[1] or trimestre[2]) != (giorno.month + 2) // 3:
            return None
        parti.add("trimestre")
        senza_ora = senza_ora.replace(trimestre[0], " ")
    parole = [(p, _nome(p[0], giorno)) for p in _PAROLA.finditer(senza_ora)]
    schema = _schema(giorno, parole)
    if schema is None or "altro mese" in (nome for _, nome in parole):
        return None
    parti |= {*schema, *(nome for _, nome in parole if nome)}
    sue = [p for p, nome in parole if nome]
    if not parti:
        return None
    prima, dopo = (senza_ora[: sue[0].start()], senza_ora[sue[-1].end() :]) if sue else ("", "")
    sezione = _Sezione("data", _in_parole(prima), _in_parole(dopo), parti=frozenset(parti - {"cifre"}))
    return _data_in_parole(sezione, giorno)


def _nome(parola: str, giorno: datetime) -> str:
    """What a word in the look of a date is: "" when it only stands beside it."""
    if parola.isdigit():
        return "cifre"
    inizia = parola.lower() if len(parola) > 2 else "\0"
    if any(mesi[giorno.month - 1].startswith(inizia) for mesi in (MESI, _MONTHS)):
        return "mese"
    if any(nome.startswith(inizia) for nome in _GIORNI + _DAYS):
        return "settimana"
    return "altro mese" if any(nome.startswith(inizia) for nome in MESI + _MONTHS) else ""


def _schema(giorno: datetime, parole: list[tuple[re.Match[str], str]]) -> tuple[str, ...] | None:
    """Which parts of the date its numbers are, in their order; None when they are not of this date."""
    nomi = [nome for _, nome in parole if nome in ("cifre", "mese")]
    cifre = [p[0] for p, nome in parole if nome == "cifre"]
    schemi = _SCHEMI_CON_MESE if "mese" in nomi else _SCHEMI
    if nomi == ["mese", "cifre"]:
        schemi = (("anno",), ("giorno",))  # giu-20: the year before the day
    for schema in schemi:
        if len(schema) == len(cifre) and all(map(_e_la_parte, schema, cifre, [giorno] * len(cifre))):
            da_sola = len(cifre) == 1 and "mese" not in nomi
            return None if da_sola and len(cifre[0]) < 4 else schema
    return None


def _e_la_parte(parte: str, cifre: str, giorno: datetime) -> bool:
    valori = {"giorno": giorno.day, "mese": giorno.month, "anno": giorno.year}
    corto = parte == "anno" and len(cifre) == 2 and int(cifre) == giorno.year % 100
    return corto or int(cifre) == valori[parte]
