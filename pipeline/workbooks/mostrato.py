"""The text that a cell shows beside its value (.ods) -> what the two together say."""

import re
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pipeline import numeri
from pipeline.workbooks.aspetto import (
    GIORNI,
    MESI,
    PRIMO,
    PRIMO_1904,
    Aspetto,
    componi,
    dal_seriale,
    data_in_parole,
    in_numero,
    in_parole,
    in_testo,
    in_unita,
    pulito,
    senza_cifre,
    solo_se_dice,
)

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def da_mostrato(valore: Any, mostrato: str, percentuale: bool = False) -> Aspetto | None:
    """What a cell says whose shown text is known (.ods), None where it is what its value says.

    `percentuale`: the file itself says that the number is a percentage.
    """
    if in_testo(valore) == mostrato:
        return None
    if isinstance(valore, str):
        return _testo_mostrato(valore, mostrato)
    if isinstance(valore, bool | time | timedelta):
        return _altro_mostrato(valore, mostrato)
    if len(mostrato) > _MASSIMO:
        return Aspetto(pulito(mostrato), discorde=True)
    if isinstance(valore, datetime):
        return _data_mostrata(valore, mostrato) or Aspetto(pulito(mostrato), discorde=True)
    numero = in_numero(valore)
    return None if numero is None else numero_mostrato(numero, mostrato, percentuale)


def come_percentuale(valore: float) -> Aspetto:
    """A number that the file says to be a percentage, without saying how it looks."""
    numero = numeri.decimale(valore) * 100
    return Aspetto(f"{numeri.numero(numero)}%", numero)


def _testo_mostrato(testo: str, mostrato: str) -> Aspetto | None:
    if pulito(testo) == pulito(mostrato):
        return None
    return Aspetto(mostrato.strip(), discorde=pulito(testo) not in pulito(mostrato))


def _altro_mostrato(valore: bool | time | timedelta, mostrato: str) -> Aspetto | None:
    """A VERO that shows other words, a time that shows its minutes or hours alone."""
    mostrato = pulito(mostrato)
    if isinstance(valore, bool):
        logico = mostrato.upper() in LOGICI
        return None if logico else Aspetto(mostrato, discorde=not mostrato)
    cifre = re.fullmatch("([0-9:]+)(?: [^0-9:]+)?", mostrato)
    return Aspetto(mostrato) if cifre and cifre[1] in in_unita(valore) else None


LOGICI = {"VERO": True, "TRUE": True, "FALSO": False, "FALSE": False}
"""LibreOffice keeps some of them as numbers: what they show tells them apart."""

_MASSIMO = 255
"""Longer than any number or date can look."""

_SPAZI = "'’\u00a0\u2009\u202f "
_GRUPPO = re.compile(rf"[0-9]+(?:[.,{_SPAZI}][0-9]{{3}})*(?:[.,][0-9]+)?")
_FRAZIONE = re.compile(r"(?:([0-9]+) +)?([0-9]+)/([1-9][0-9]*)")
_SCIENTIFICO = re.compile(r"([0-9]+(?:[.,][0-9]+)?)[Ee]([+-]?[0-9]{1,3})")


def numero_mostrato(numero: Decimal, mostrato: str, percentuale: bool = False) -> Aspetto | None:
    """The number that is found in its look, whole or in percent; else the date, or the words."""
    gruppi = list(_GRUPPO.finditer(mostrato))
    if not gruppi:
        return senza_cifre(numero, mostrato)
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
    return solo_se_dice(numero, componi(scalato, prima, dopo, zeri))


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
    if "/" in mostrato and (frazione := _FRAZIONE.search(mostrato)):
        intero, sopra, sotto = (int(cifre or 0) for cifre in frazione.groups())
        if abs(Decimal(intero) + Decimal(sopra) / sotto - numero) <= Decimal(1) / (2 * sotto):
            return frazione
    if "e" in mostrato.lower() and (potenza := _SCIENTIFICO.search(mostrato)):
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
        return Aspetto(pulito(mostrato))  # the same digits, put apart: 333-1234567
    discorde = Aspetto(pulito(mostrato), discorde=True)
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
    for primo in (PRIMO, PRIMO_1904):
        giorno = dal_seriale(float(numero), primo) if 1 <= numero < 100_000 else None
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
    return data_in_parole(parti - {"cifre"}, giorno, in_parole(prima), in_parole(dopo))


def _nome(parola: str, giorno: datetime) -> str:
    """What a word in the look of a date is: "" when it only stands beside it."""
    if parola[0] in "0123456789":
        return "cifre"
    inizia = parola.lower() if len(parola) > 2 else "\0"
    if any(mesi[giorno.month - 1].startswith(inizia) for mesi in (MESI, _MONTHS)):
        return "mese"
    if any(nome.startswith(inizia) for nome in GIORNI + _DAYS):
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
