"""The productions of the language of indicators: from words to a typed value."""

import re
import unicodedata
from calendar import isleap
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any

from pipeline import numeri
from pipeline.valori.lessico import (
    ASSENTI,
    PRIMA,
    PULIZIA,
    PUNTO_E_TRE,
    Lessema,
    NonLeggibile,
    altra_lettura,
    base,
    radice,
    trova_lessemi,
)
from pipeline.valori.tipi import (
    CENTO,
    CRESCENTE,
    DA_DIRE,
    DECRESCENTE,
    MAX_CARATTERI,
    Assente,
    Atteso,
    Composto,
    Contesto,
    Intervallo,
    Nota,
    Numero,
    Quantita,
    Raggiunto,
    Scadenza,
    Semplice,
    SiNo,
    Soglia,
    Testo,
    Valore,
    Verso,
)

# The productions --------------------------------------------------------------------------------------
#
# Letters are the classes of LESSICO; besides them: n number, y year, d date, ( a note in parentheses,
# ) a note that puts a reserve on the value or gives it another limit, t a tolerance in parentheses,
# V "previsti" in a raggiunto, w any other word, # digits that are not a number, ? any other sign.

_PREP = r"(?:[fP]|i(?!p))*"  # di, a, il, per, i: not the "I" of "I trimestre"
_QUANTO = r"(?:[kcu]°?:?)*[-+]?[nyz](?:xf?(?=c)|x)?[%cuA]?"
_Q = rf"(?P<quanto>{_QUANTO})"
_NOTE = r"(?P<note>\(*)"
_AGGIUNTE = r"(?P<note>[()]*)"
_COSA = "wOBM"
_PAROLE = r"(?P<coda>(?:/[wOBMuAp]|P[nz]?[wOBMuAp]|[wOBMfiuAsPqav]|(?<=u)D|(?<=uw)D){0,5})"
_CODA = _PAROLE + _NOTE
_NOMI = rf"(?:[{_COSA}]|u(?![kcu°:]*[-+nyz]))[{_COSA}fPEDiqau/]{{0,5}}?"  # not "giorni 60"
_NOME = rf"(?:[k%c]?°?f?(?P<nome>{_NOMI})(?P<due>[:T=]*))?T?:?"
_AZIONE = r"[wfiOBMPuasSA]+"
_DATA = r"(?P<data>[dnymripFAPu°/f-]+)"  # which of these are dates, `_scadenza` knows

Produzione = Callable[[re.Match[str], list[Lessema]], "Semplice | None"]


def _pezzo(forma: re.Match[str], gruppo: str, lessemi: list[Lessema]) -> list[Lessema]:
    """The words of a group of a shape: one letter, one word."""
    return lessemi[forma.start(gruppo) : forma.end(gruppo)] if forma[gruppo] else []


def _commento(forma: re.Match[str], lessemi: list[Lessema]) -> str:
    return "; ".join(lessema.testo[1:-1].strip() for lessema in _pezzo(forma, "note", lessemi))


def _quantita(lessemi: list[Lessema], etichetta: str = "", commento: str = "") -> Numero | None:
    """The number of a quantity: prefix, sign, digits, multiplier, unit."""
    valore, unita, scritto, negativo = Decimal(0), "", "", False
    note: tuple[Nota, ...] = ()
    for i, lessema in enumerate(lessemi):
        if lessema.classe in "ny":
            valore, note = lessema.valore
            scritto = lessema.testo
        elif lessema.classe == "z":
            valore = Decimal(lessema.valore)
        elif lessema.classe in "+-":
            staccato = lessemi[i + 1].inizio != lessema.fine
            if staccato and (lessema.classe == "-" or lessema.inizio):
                return None  # "+ 5%" is 5%, but "- 5" may be the item of a list
            negativo = lessema.classe == "-"
        elif lessema.classe == "x":
            valore = ESATTO.multiply(valore, lessema.valore)
            scritto = ""
        elif lessema.classe in "%cuA":
            unita = {"%": "%", "c": "euro", "A": "anni"}.get(lessema.classe) or lessema.valore
    if unita == "%" and PUNTO_E_TRE.fullmatch(scritto):
        raise NonLeggibile(
            f"«{scritto}%» si può leggere in due modi: scrivere {scritto.replace('.', ',')}% "
            f"oppure {scritto.replace('.', '')}%"
        )
    valore = valore.copy_negate() if negativo else valore
    altra = altra_lettura(scritto) if unita != "euro" else None  # money has no thousandths
    return Numero(valore, unita, etichetta, commento, note, altra=altra)


ESATTO = Context(prec=400)


def _leggi_numero(forma: re.Match[str], lessemi: list[Lessema]) -> Numero | None:
    """The quantity of a shape, with its label and its note: "n. 52 SCIA (prot. 12)"."""
    etichetta, commento = _etichetta(forma, lessemi), _commento(forma, lessemi)
    quanto = _quantita(_pezzo(forma, "quanto", lessemi), etichetta, commento)
    if quanto is None or not _nome_ammesso(forma, quanto):
        return None
    if "C" in forma[0]:
        circa = f"«{_scritto(lessemi)}» è letto {numeri.numero(quanto.valore)}"
        quanto = replace(quanto, note=(*quanto.note, Nota(circa, "scrivere il valore esatto")))
    nome, coda = _pezzo(forma, "nome", lessemi), _pezzo(forma, "coda", lessemi)
    if not quanto.unita:  # "giorni di ritardo: 5"
        unita = next((uno.valore for uno in nome if uno.classe == "u"), "")
        quanto = replace(quanto, unita=unita) if unita else quanto
    if not nome and not coda and quanto.unita not in TEMPI:
        return quanto
    ogni = _ogni(coda, "/P") or _ogni([uno for uno in nome if uno.classe != "u"], "P")
    verso = _verso_detto(quanto, nome, coda)
    return replace(
        quanto, unita=f"{quanto.unita} per {ogni}".strip() if ogni else quanto.unita, verso=verso
    )


TEMPI = ("giorni", "ore", "minuti", "settimane", "mesi", "anni")


def _ogni(parole: list[Lessema], segni: str) -> str:
    """What a rate is of: "al mese", "/settimana", "per dipendente". A year is the whole, not a rate."""
    for i, lessema in enumerate(parole):
        if lessema.classe in "qu":
            return str(lessema.valore)
        dopo = parole[i + 1 : i + 3]
        di_ciascuno = lessema.classe in segni or (
            base(lessema.testo) == "a" and (not i or lessema.testo.lower() == "a")
        )
        if di_ciascuno and dopo and dopo[0].classe not in "fiA":  # "per la mensa" is a purpose
            quanti = 2 if dopo[0].classe in "nz" else 1
            return " ".join(_di_che(uno) for uno in dopo[:quanti])
    return ""


def _di_che(lessema: Lessema) -> str:
    return str(lessema.valore) if lessema.classe in "uz" else radice(base(lessema.testo))


def _verso_detto(quanto: Numero, nome: list[Lessema], coda: list[Lessema]) -> str:
    """What the words say of more and less: of a time and of what one wants to avoid, at least that
    more is hardly better. A reduction of the times is not a time: the first word of a name counts."""
    tempo = quanto.unita in TEMPI
    detti = {uno.valore for uno in nome[:1] + coda if uno.classe == "M"}
    if DECRESCENTE in detti and (tempo or not quanto.unita):
        return DECRESCENTE
    if any(uno.classe == "B" for uno in nome + coda):
        return DA_DIRE if quanto.valore else DECRESCENTE
    if tempo:
        return CRESCENTE if CRESCENTE in detti else DA_DIRE
    return ""


def _nome_ammesso(forma: re.Match[str], quanto: Numero) -> bool:
    """Whether words may stand before the number: "SCIA: 40", "attese 40", "voto medio 4", "spesa < 40".

    Not "Delibera n. 12": there the number is a name.
    """
    nome = forma["nome"]
    limitato = forma.groupdict().get("op") and forma.start("op") < forma.start("quanto")
    return not nome or bool(forma["due"]) or quanto.unita == "%" or "M" in nome or bool(limitato)


def _etichetta(forma: re.Match[str], lessemi: list[Lessema]) -> str:
    nome = [*_pezzo(forma, "nome", lessemi), *_pezzo(forma, "coda", lessemi)]
    return " ".join(base(lessema.testo) for lessema in nome)


def _scritto(lessemi: list[Lessema]) -> str:
    return " ".join(lessema.testo for lessema in lessemi)


def _leggi_soglia(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """A bound, its operator before or after: "almeno l'80%", "5 errori max", "30 gg (max)"."""
    numero = _leggi_numero(forma, lessemi)
    operatore = _pezzo(forma, "op", lessemi)[0]
    if numero is None:
        return None
    if operatore.classe == "j" and numero.verso != DA_DIRE:
        raise NonLeggibile(_AMMESSI)
    if not numero.unita and not numero.etichetta and _pezzo(forma, "quanto", lessemi)[-1].classe == "y":
        raise NonLeggibile(_DI_UN_ANNO)
    return _soglia(numero, *operatore.valore)


_DI_UN_ANNO = (
    "non dice se è un anno o una quantità: scrivere il valore di quell'anno, o «n.» e il numero"
)
_AMMESSI = "non dice se è un limite o una quantità da raggiungere: scrivere «max» o «almeno»"


def _soglia(numero: Numero, verso: Verso, stretta: bool) -> Soglia:
    resto = (numero.unita, numero.etichetta, numero.commento, numero.note, numero.altra)
    return Soglia(verso, stretta, numero.valore, *resto)


def _leggi_termine(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """At most: "entro 30 giorni"; "entro 10" may be a day."""
    numero = _leggi_numero(forma, lessemi)
    if numero is None or not numero.unita:
        return None
    if base(_pezzo(forma, "quanto", lessemi)[0].testo) == "giorno":
        return None  # "entro il giorno 10"
    prima = _pezzo(forma, "op", lessemi)[0].valore == PRIMA
    return _soglia(numero, DECRESCENTE, stretta=prima)


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
        if scarto is None or scarto.unita not in ("%", "", centro.unita or scarto.unita):
            return None
        if scarto.unita not in ("%", ""):
            centro = replace(centro, unita=scarto.unita)
        ampiezza, percento, commento = scarto.valore, scarto.unita == "%", ""
    note = centro.note
    if percento:
        if centro.unita == "%" and centro.valore != CENTO:
            letta = f"la tolleranza di {numeri.numero(ampiezza)}% è letta come quota del valore atteso"
            note += (Nota(letta, "scrivere i due estremi: «da 72% a 88%»"),)
        ampiezza = ESATTO.divide(ESATTO.multiply(centro.valore.copy_abs(), ampiezza), CENTO)
    return Intervallo(
        ESATTO.subtract(centro.valore, ampiezza),
        ESATTO.add(centro.valore, ampiezza),
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
    if _ogni(_pezzo(forma, "coda", lessemi), "/P"):
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
        raise NonLeggibile(
            f"«{scritto.replace(' ', '')}» è un periodo di anni, non una quantità: "
            "se è una scadenza scrivere «entro» e l'anno"
        )
    giorno = _scadenza(quanto) if quanto[1].testo == "/" and not forma["op"] else None
    if giorno and (giorno.anno or _giorno_e_mese(quanto)):
        return giorno
    if not sotto or _CON_ZERO.search(scritto) or _ogni(_pezzo(forma, "coda", lessemi), "/P"):
        return None
    rapporto = CALCOLO.divide(sopra, sotto)
    etichetta, commento = _etichetta(forma, lessemi), _commento(forma, lessemi)
    numero = Numero(rapporto, "rapporto", etichetta, commento, (*note, *altre))
    return _soglia(numero, *_pezzo(forma, "op", lessemi)[0].valore) if forma["op"] else numero


def _leggi_tutti(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    return Numero(CENTO, "%")


def _giorno_e_mese(lessemi: list[Lessema]) -> bool:
    """Whether digits around a bar can only be a day: "30/06" has a zero, "31/12" the greater first."""
    cifre = [uno for uno in lessemi if uno.classe in "ny"]
    maggiore_prima = len(cifre) == 2 and cifre[0].valore[0] > cifre[1].valore[0]
    return maggiore_prima or bool(_CON_ZERO.search(_scritto(lessemi)))


_CON_ZERO = re.compile(r"\b0[0-9]\b")
CALCOLO = Context(prec=28)
_PERIODO = re.compile(r"(?:19|20)[0-9]{2} / (?:(?:19|20)[0-9]{2}|[0-9]{2})")
_GIORNI = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE = (
    ("giorno", re.compile(r"u?(?P<g>[nr])°?-?(?P<m>m)-?(?P<a>[ny]?)")),
    ("giorno", re.compile(r"(?P<g>n)/(?P<m>n)(?P<a>)")),
    ("mese", re.compile(r"F?u?(?P<m>m)-?(?P<a>[ny]?)")),
    ("mese", re.compile(r"(?P<m>n)/(?P<a>y)")),
    ("periodo", re.compile(r"(?P<r>[nri])°?(?P<p>p)(?P<a>y?)")),
    ("anno", re.compile(r"F?A|F?A?(?P<a>y)")),
)


def _scadenza(lessemi: list[Lessema]) -> Scadenza | None:
    """A date, a day, a month, a quarter, a year -> its days; None if there is no such day."""
    utili = _senza_preposizioni(lessemi)
    if len(utili) == 1 and utili[0].classe in "dn":
        return _data_in_cifre(utili[0].testo)
    genere, parti = _parti_della_data(lessemi)
    return _giorni(genere, parti) if genere else None


def _senza_preposizioni(lessemi: list[Lessema]) -> list[Lessema]:
    return [lessema for lessema in lessemi if lessema.classe not in "fP"]


def _parti_della_data(lessemi: list[Lessema]) -> tuple[str, dict[str, Lessema]]:
    """Which of `_DATE` they are, and its parts by their names; "" if none."""
    utili = _senza_preposizioni(lessemi)
    if any(lessema.classe == "/" and lessema.testo != "/" for lessema in utili):
        return "", {}  # "3 su 4"
    lettere = "".join(lessema.classe for lessema in utili)
    for genere, modello in _DATE:
        if forma := modello.fullmatch(lettere):
            trovate = (nome for nome, trovato in forma.groupdict().items() if trovato)
            return genere, {nome: utili[forma.start(nome)] for nome in trovate}
    return "", {}


def _giorni(genere: str, parti: dict[str, Lessema]) -> Scadenza | None:
    """The days that the parts of a date name: g day, m month, r p the nth period, a year."""
    scritto = parti["a"].testo if "a" in parti else ""
    anno = _anno(scritto)
    note = _anno_breve(scritto, anno)
    if scritto and anno is None:
        return None
    inizio, fine = (1, 1), (12, 31)
    if "m" in parti:
        mese = parti["m"].valore if parti["m"].classe == "m" else _intero(parti["m"].testo)
        if not 1 <= mese <= 12:
            return None
    if genere == "giorno":
        return _un_giorno(anno, mese, _ordinale(parti["g"]), note)
    if genere == "mese":
        inizio, fine = (mese, 1), (mese, _GIORNI[mese - 1])
    if genere == "periodo":
        mesi = parti["p"].valore
        ordine = _ordinale(parti["r"])
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
    note = _anno_breve(anno, _anno(anno))
    return _un_giorno(_anno(anno), _intero(mese), _intero(giorno), note)


def _anno_breve(scritto: str, anno: int | None) -> tuple[Nota, ...]:
    letto = Nota(f"l'anno «{scritto}» è letto {anno}", "scrivere l'anno con quattro cifre")
    return (letto,) if len(scritto) == 2 else ()


def _ordinale(lessema: Lessema) -> int:
    return int(lessema.valore) if lessema.classe in "ri" else _intero(lessema.testo)


def _intero(scritto: str) -> int:
    """One or two digits; 0, which is no day and no month, for anything else."""
    return int(scritto) if len(scritto) <= 2 and scritto.isdecimal() else 0


def _anno(scritto: str) -> int | None:
    if not scritto.isdecimal() or len(scritto) not in (2, 4):
        return None
    return int(scritto) + (2000 if len(scritto) == 2 else 0)


def _un_giorno(anno: int | None, mese: int, giorno: int, note: tuple[Nota, ...] = ()) -> Scadenza | None:
    if not 1 <= mese <= 12 or not 1 <= giorno <= ultimo_del_mese(anno, mese):
        return None
    return Scadenza(anno, (mese, giorno), (mese, giorno), note=note)


def ultimo_del_mese(anno: int | None, mese: int) -> int:
    """How many days a month has, February 29 when the year is not said."""
    return 28 if mese == 2 and anno and not isleap(anno) else _GIORNI[mese - 1]


def _leggi_scadenza(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """By when: "entro il 30/06/2020", "approvazione entro giugno 2020", "Incarico: maggio 2020".

    Raises NonLeggibile for a day that its month has not.
    """
    scritta = _pezzo(forma, "data", lessemi)
    entro = _pezzo(forma, "entro", lessemi)[-1:]
    if entro and entro[0].classe == "o" and base(entro[0].testo) != _NON_OLTRE:
        return None
    if not entro and forma["data"] in ("n", "n/n", "n/y", "A"):
        return None
    data = _scadenza(scritta)
    if data is None and _di_nessun_mese(scritta):
        raise NonLeggibile(_SENZA_QUEL_GIORNO)
    if data is None:
        return None
    if entro and entro[0].valore == PRIMA and (data := _il_giorno_prima(data)) is None:
        return None
    sola = len(lessemi) == 1 and lessemi[0].classe == "y"
    return replace(
        data,
        impegno=bool(entro),
        quantita=lessemi[0].valore[0] if sola else None,
        commento=_commento(forma, lessemi),
    )


def _di_nessun_mese(data: list[Lessema]) -> bool:
    """Whether what is no date is a day up to 31 and a month, in words or in digits: "31 settembre"."""
    genere, parti = _parti_della_data(data)
    if genere != "giorno" or not 1 <= _ordinale(parti["g"]) <= 31:
        return False
    return parti["m"].classe == "m" or 1 <= _intero(parti["m"].testo) <= 12


_NON_OLTRE = "non oltre"  # not "fino al": until then is not by then


def _il_giorno_prima(data: Scadenza) -> Scadenza | None:
    """The last good day of "prima del 30/06": the 29th. None where it is in a year that is not said."""
    (mese, giorno), anno = data.inizio, data.anno
    if (mese, giorno) == (1, 1):
        if anno is None:
            return None
        anno, fine = anno - 1, (12, 31)
    elif giorno > 1:
        fine = (mese, giorno - 1)
    else:
        fine = (mese - 1, ultimo_del_mese(anno, mese - 1))
    return replace(data, anno=anno, inizio=fine, fine=fine)


def _leggi_si(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """A yes, with what follows it: a date, or a remark that puts no reserve on it."""
    resto = _pezzo(forma, "resto", lessemi)
    if len(resto) > 1 and resto[0].inizio == lessemi[0].fine and resto[0].fine == resto[1].inizio:
        return None  # "on-line"
    if lessemi[0].classe == "s" and re.fullmatch("k?°?n", forma["resto"]):
        return None  # "realizzati 5"
    data = _scadenza([lessema for lessema in resto if lessema.classe not in "e,:;-"]) if resto else None
    commento = _commento(forma, lessemi)
    dentro = trova_lessemi(commento)
    if data is None and len(dentro) == 1 and dentro[0].classe == "d":
        data = _scadenza(dentro)
    forse_rapporto = "/" in forma["resto"] and not _giorno_e_mese(resto)  # "SI, 3/4"
    if (data is None and _con_riserva([*resto, *dentro])) or forse_rapporto:
        raise NonLeggibile(_CON_RISERVA)
    detto = " ".join(filter(None, (_scritto(resto), commento)))
    letto = Nota(
        f"«{_scritto(lessemi)}» è letto sì", "scrivere solo SÌ, la data oppure quanto è stato fatto"
    )
    note = (letto,) if detto and not data else ()
    return SiNo(True, data=data, commento=detto, note=note)


_CON_RISERVA = "non è un sì pieno, porta una riserva: scrivere SÌ, NO o quanto è stato fatto"


def _con_riserva(lessemi: list[Lessema]) -> bool:
    """Words that limit, deny or count; "n. 12" and "n. 12/2020" are the number of an act."""
    lettere = "".join(lessema.classe for lessema in lessemi)
    if re.search(r"[RB!XVTNDU%nyolj/]", re.sub(r"k°?n(?:/y)?", "", lettere)):
        return True
    return bool(_DA_FARE.search(_scritto(lessemi)))


_DA_FARE = re.compile(r"\bda \w+[aei]re\b", re.IGNORECASE)  # "da completare"


def _leggi_tutto_fatto(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """Done, all of it: "SI al 100%". Done for less is no yes."""
    quanto = _quantita(_pezzo(forma, "quanto", lessemi))
    return SiNo(True) if quanto and quanto.valore == CENTO else None


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
    """None at all, alone or of what one wants to avoid ("nessun reclamo"): beside other words it may be
    something else ("nessun dato")."""
    da_evitare = _pezzo(forma, "cosa", lessemi)
    return Numero(
        Decimal(0), etichetta=_scritto(da_evitare).lower(), verso=DECRESCENTE if da_evitare else ""
    )


def _leggi_attese(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """The frame of a value without the value: "Attese", "%"."""
    return Assente()


PRODUZIONI: tuple[tuple[str, str, Produzione], ...] = (
    # an example, the shape it has, what it means
    ("sì o no", r"[Ss]\(*[/fw-]?N", _leggi_si_no),
    ("SI al 100%", r"[Ss][,:;-]?f*(?P<quanto>n%)", _leggi_tutto_fatto),
    ("fatto (delibera n. 3)", rf"O?[Ss]a*(?P<resto>){_AGGIUNTE}", _leggi_si),
    ("SI, il 12/05/2020", rf"O?[Ss](?P<resto>[,:;-]?e?{_PREP}{_DATA}){_AGGIUNTE}", _leggi_si),
    ("SI, come da convenzione", rf"O?[Ss](?P<resto>[,:;-][^()]+){_AGGIUNTE}", _leggi_si),
    ("non realizzato (rinviato al 2021)", r"O?(?:N|![Ss])(?P<resto>(?:[^n/].*)?)", _leggi_no),
    ("obiettivo sospeso", r"O?X.{0,8}", _leggi_stato),
    ("entro il 30/06/2020", rf"T?:?(?P<entro>[le]?e|o?){_PREP}{_DATA}{_NOTE}", _leggi_scadenza),
    (
        "avvio del bando entro giugno",
        rf"{_AZIONE}T?(?P<entro>[le]?e|o){_PREP}{_DATA}{_NOTE}",
        _leggi_scadenza,
    ),
    (
        "incarico atteso: maggio 2020",
        rf"{_AZIONE}[T:-]+(?P<entro>){_PREP}{_DATA}{_NOTE}",
        _leggi_scadenza,
    ),
    ("n. 40 SCIA", rf"(?:s{_PREP})?{_NOME}=?C?{_PREP}{_Q}C?T?{_PAROLE}C?{_NOTE}", _leggi_numero),
    (
        "almeno l'80%",
        rf"f?{_NOME}k?°?(?P<op>[olj])[fPi=:]*{_Q}C?T?{_PAROLE}[ljC]?{_NOTE}",
        _leggi_soglia,
    ),
    (
        "tempo massimo di risposta: 30 gg",
        rf"k?°?(?P<op>l)[fPi]*(?P<nome>[{_COSA}][{_COSA}fPi]{{0,5}}?)(?P<due>:?){_Q}{_CODA}",
        _leggi_soglia,
    ),
    ("5 errori max", rf"{_NOME}D?{_Q}{_PAROLE}(?P<op>[lj])[wfiOBD]{{0,4}}{_NOTE}", _leggi_soglia),
    ("entro 30 giorni", rf"{_NOME}l?(?P<op>e)l?{_PREP}{_Q}{_PAROLE}l?{_NOTE}", _leggi_termine),
    ("50 (+/- 25% Covid-19)", rf"{_NOME}{_Q}{_CODA}(?P<tra>t)", _leggi_tolleranza),
    ("50 ± 5", rf"{_NOME}{_Q}±(?P<tra>)(?P<scarto>{_QUANTO}){_CODA}", _leggi_tolleranza),
    ("tra 10 e 20", rf"{_NOME}D{_PREP}(?P<primo>{_QUANTO})[fPiE]+{_Q}{_CODA}", _leggi_intervallo),
    (
        "8 su 10 previsti",
        rf"{_NOME}(?P<op>[ol]?){_PREP}k?(?P<quanto>[ny]/[ny]){_PAROLE}[TV]?{_NOTE}",
        _leggi_rapporto,
    ),
    ("tutti", r"T?:?U", _leggi_tutti),
    ("nessun reclamo", r"T?:?0(?P<cosa>B?)T?", _leggi_nessuno),
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
    if separatori & set(_SOLO_CON_ETICHETTA) and not all(nome_di(parte) for parte in parti):
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


def nome_di(valore: Valore | None) -> str:
    return valore.etichetta if isinstance(valore, Quantita) else ""


# Reading a cell ---------------------------------------------------------------------------------------


def parse_atteso(testo: str) -> Atteso:
    """What a valore atteso asks for. Empty is Contesto; what no production describes is Testo."""
    pulito = testo.strip()
    return Testo() if len(pulito) > MAX_CARATTERI else _atteso(pulito)


def parse_raggiunto(testo: str) -> Raggiunto:
    """What a raggiunto says. Empty is Assente, never 0; what no production describes is Testo."""
    pulito = testo.strip()
    return Testo() if len(pulito) > MAX_CARATTERI else _raggiunto(pulito)


@lru_cache(maxsize=2048)
def _atteso(testo: str) -> Atteso:
    valore = _leggi(testo, True)
    if isinstance(valore, SiNo) and not valore.si and valore.motivo:
        return Testo()
    if isinstance(valore, SiNo) and valore.si:
        return replace(valore.data, impegno=True) if valore.data else replace(valore, motivo="")
    return valore


@lru_cache(maxsize=2048)
def _raggiunto(testo: str) -> Raggiunto:
    valore = _leggi(testo, False)
    if isinstance(valore, Contesto):
        return Assente()
    if isinstance(valore, SiNo) and valore.motivo == _DA_SCEGLIERE:
        return Testo("è rimasto «sì/no»: scegliere una delle due risposte")
    return valore


_CORNICE = ' \t\n"«»“”;:*•·'


def _leggi(testo: str, atteso: bool) -> Valore:
    if not testo:
        return Contesto()
    piano = pulisci(testo)
    return _elenco(piano, atteso) or _leggi_uno(piano, atteso, con_parti=True)


def pulisci(testo: str) -> str:
    """One way to write apostrophes, dashes and blanks, and nothing around."""
    piano = unicodedata.normalize("NFC", testo).translate(PULIZIA)
    return _SPAZI.sub(" ", piano).strip(_CORNICE)


_DURI = r"[\t\u00a0\u2009\u202f]"  # between digits they stay: they part the thousands
_SPAZI = re.compile(rf"[ \t]{{2,}}|(?<![0-9]){_DURI}(?:{_DURI}| )*|{_DURI}+(?![0-9])")


def _leggi_uno(testo: str, atteso: bool, con_parti: bool = False) -> Any:
    """One value, or with `con_parti` several joined by signs."""
    if _e_assente(testo):
        return Assente()
    lessemi = parole(testo, atteso)
    try:
        semplice = _semplice([uno for uno in lessemi if uno.classe != "\n"])
        return semplice or (con_parti and _composto(lessemi)) or _testo(lessemi)
    except NonLeggibile as motivo:
        return Testo(str(motivo))


def parole(testo: str, atteso: bool) -> list[Lessema]:
    """The words of a text as the productions see them."""
    lessemi = trova_lessemi(testo.rstrip(" ;,.:"))
    if not atteso:  # "5 previsti" is no result
        lessemi = [uno._replace(classe="V") if uno.classe == "T" else uno for uno in lessemi]
    return _con_note(lessemi, atteso) if "(" in testo else lessemi


def _con_note(lessemi: list[Lessema], atteso: bool) -> list[Lessema]:
    """The words, with those in parentheses that are part of the value: "30 gg (max)", "3 (al mese)".

    "5 (cinque)" says a number again. What limits the value, "5 (in corso)", is of class ")".
    """
    if not any(uno.classe in "nyz" for uno in lessemi):
        return lessemi
    parole: list[Lessema] = []
    for lessema in lessemi:
        if lessema.classe != "(":
            parole.append(lessema)
            continue
        dentro = trova_lessemi(lessema.testo[1:-1])
        lettere = "".join(uno.classe for uno in dentro)
        if _DEL_VALORE.fullmatch(lettere):
            parole += [uno._replace(inizio=lessema.inizio, fine=lessema.fine) for uno in dentro]
        elif not re.fullmatch("[zU]" if not parole or parole[-1].classe != "z" else "[zUn]", lettere):
            dubbia = (_LIMITA_ATTESO if atteso else _LIMITA_RAGGIUNTO).search(lettere)
            dubbia = dubbia or _DA_FARE.search(lessema.testo)
            parole.append(lessema._replace(classe=")") if dubbia else lessema)
    return parole


_DEL_VALORE = re.compile(r"f?l|q|uw?|%|P[wOBM]|M+q?|Mq")
_LIMITA_ATTESO = re.compile(r"[RX!?]|[olj].*[nyz]|e|^o$")
_LIMITA_RAGGIUNTO = re.compile(r"[RX!?NT]|^o$")


def _testo(lessemi: list[Lessema]) -> Testo:
    """What no production describes: prose, or numbers without the words that join them."""
    lettere = "".join(lessema.classe for lessema in lessemi)
    if ")" in lettere and re.search("[nyz]", lettere):
        return Testo(_CON_NOTA)
    solo_cifre = re.fullmatch(r"[^wOSsNXR!mA?]*", lettere) and re.search(r"[ny#d]", lettere)
    if solo_cifre and _data_che_non_esiste(" ".join(lessema.testo for lessema in lessemi)):
        return Testo(_SENZA_QUEL_GIORNO)
    if re.search(r"[ny]%?[wfiu]*e", lettere):
        return Testo(_CON_SCADENZA)
    return Testo(_SOLO_CIFRE if solo_cifre else "")


_UNA_DATA = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2((?:\d\d)?\d\d)(?![\d/.-])")


def _data_che_non_esiste(testo: str) -> bool:
    """Whether it holds a day with month and year that no calendar has: 31/09/2026."""
    return any(
        _un_giorno(_anno(anno), int(mese), int(giorno)) is None
        for giorno, _, mese, anno in _UNA_DATA.findall(testo)
    )


_SENZA_QUEL_GIORNO = "ha una data che non esiste: controllare giorno, mese e anno"
_CON_NOTA = (
    "ha tra parentesi qualcosa che ne cambia il valore: scriverlo senza, o in un altro indicatore"
)
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
