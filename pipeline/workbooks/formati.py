"""The number formats of an .xlsx: from a value and the code of its format, what the cell shows.

Only what changes the meaning is read of a format: the section that holds for the value, the scale, the
words beside the digits, the parts of a date. The codes: ECMA-376 part 1, 18.8.30 and 18.8.31; which
section holds, as in SheetJS SSF and LibreOffice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from pipeline import numeri
from pipeline.workbooks.aspetto import (
    PRIMO,
    PRIMO_1904,
    Aspetto,
    componi,
    dal_seriale,
    data_in_parole,
    in_numero,
    in_parole,
    pulito,
    senza_cifre,
    solo_se_dice,
)
from pipeline.workbooks.mostrato import numero_mostrato

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
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35), _ORA),
    **dict.fromkeys((45, 47), "mm:ss"),
    **dict.fromkeys((27, 28, 29, 30, 31, 36, *range(50, 59)), _DATA),
    46: _DURATA,
}
"""The formats that a workbook names by number alone, as an Italian Excel shows them. Those from 27 to 36
and from 50 to 58 are dates and times of the East: here only that they are dates matters."""

_MASSIMO = 1_024
"""Longer than any format: Excel stops at 255 characters."""


# -------------------------------------------------------------------------------- the parts of a format

_PEZZI = re.compile(
    r'"(?P<testo>[^"]*)"?|\\(?P<segno>.)|_(?P<spazio>.)|\*(?P<ripetuto>.)|\[(?P<quadra>[^\]]*)\]'
    r"|(?P<generale>general|standard)|(?P<meridiano>am/pm|a/p)|(?P<esponente>e[+-])"
    r"|(?P<fine>;)|(?P<cifra>[0#?])|(?P<data>y+|m+|d+|h+|s+|e+|q+|g+|b{2,4}|n{2,4}|aaaa?)|(?P<altro>.)",
    re.IGNORECASE | re.DOTALL,
)
_Pezzo = tuple[str, str]
"""What a piece of a format is, and its text."""

_CONDIZIONE = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_PARTI = {
    "y": "anno",
    "e": "anno",
    "b": "anno",
    "g": "era",
    "h": "ora",
    "s": "secondi",
    "q": "trimestre",
}


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
    muti = ("ripetuto", "meridiano")
    return "".join(" " if quale == "spazio" else testo for quale, testo in pezzi if quale not in muti)


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
    return _Sezione("data", in_parole(prima), in_parole(dopo), parti=frozenset(parti))


def _sono_minuti(pezzi: list[_Pezzo], posti: list[int], i: int) -> bool:
    """An m after the hours or before the seconds."""
    vicini = (pezzi[posti[j]][1][0].lower() for j in (i - 1, i + 1) if 0 <= j < len(posti))
    dopo_le_ore = i > 0 and pezzi[posti[i - 1]][1][0].lower() == "h"
    return dopo_le_ore or list(vicini)[-1:] == ["s"]


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
            giorno = dal_seriale(float(numero), PRIMO_1904 if self.dal_1904 else PRIMO)
            return _data(sezione, giorno) if giorno else Aspetto(_TROPPO, discorde=True)
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
            return Aspetto(pulito(sezione.prima), discorde=True)
        if not (sezione.prima + sezione.dopo).strip():
            return None
        return Aspetto(f"{sezione.prima.lstrip()}{testo}{sezione.dopo.rstrip()}")

    def _di_data(self, valore: date | time | timedelta) -> Aspetto | None:
        sezione, negativa = self._sezione(_seriale(valore))
        if sezione.genere == "data":
            return _data(sezione, valore)
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
        valore = datetime.combine(PRIMO, valore)
    elif isinstance(valore, date) and not isinstance(valore, datetime):
        valore = datetime.combine(valore, time())
    durata = valore - PRIMO if isinstance(valore, datetime) else valore
    return numeri.decimale(durata / timedelta(days=1))


def _data(sezione: _Sezione, valore: date | time | timedelta) -> Aspetto:
    return data_in_parole(sezione.parti, valore, sezione.prima, sezione.dopo)


def _numero_in_parole(sezione: _Sezione, numero: Decimal, negativa: bool) -> Aspetto | None:
    scalato = numero * sezione.scala
    if sezione.genere == "parole" or not (sezione.con_zero or _arrotonda(scalato, sezione.decimali)):
        return senza_cifre(numero, sezione.prima + " " + sezione.dopo)
    prima = sezione.prima if negativa or numero >= 0 else f"-{sezione.prima.lstrip()}"
    if sezione.spezzata:
        mostrato = prima + _cifre_fra_parole(sezione.spezzata, scalato) + sezione.dopo
        return numero_mostrato(numero, mostrato)
    aspetto = componi(scalato, prima, sezione.dopo, sezione.zeri)
    return solo_se_dice(numero, aspetto)


def _arrotonda(numero: Decimal, decimali: int) -> Decimal:
    if abs(numero) >= 10**15:  # a spreadsheet shows no more digits
        return numero
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
