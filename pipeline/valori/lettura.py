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
    PULIZIA,
    PUNTO_E_TRE,
    Lessema,
    NonLeggibile,
    base,
    trova_lessemi,
)
from pipeline.valori.tipi import (
    CENTO,
    DECRESCENTE,
    MAX_CARATTERI,
    Assente,
    Atteso,
    Composto,
    Contesto,
    Intervallo,
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
            valore = ESATTO.multiply(valore, lessema.valore)
        elif lessema.classe in "%cuA":
            unita = {"%": "%", "c": "euro", "A": "anni"}.get(lessema.classe) or lessema.valore
    if unita == "%" and PUNTO_E_TRE.fullmatch(scritto):
        raise NonLeggibile(
            f"«{scritto}%» si può leggere in due modi: scrivere {scritto.replace('.', ',')}% "
            f"oppure {scritto.replace('.', '')}%"
        )
    return Numero(valore.copy_negate() if negativo else valore, unita, etichetta, commento, note)


ESATTO = Context(prec=400)


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
    return " ".join(base(lessema.testo) for lessema in nome)


def _scritto(lessemi: list[Lessema]) -> str:
    return " ".join(lessema.testo for lessema in lessemi)


def _leggi_soglia(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    numero = _leggi_numero(forma, lessemi)
    operatore = _pezzo(forma, "op", lessemi)[0]
    if numero is None:
        return None
    verso: Verso = operatore.valore[0]
    in_coda = forma.start("op") > forma.start("quanto")
    if in_coda and base(operatore.testo) not in _IN_CODA:
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
    if giorno and (_CON_ZERO.search(scritto) or sopra > sotto or giorno.anno):
        return giorno
    if not sotto or _CON_ZERO.search(scritto):
        return None
    rapporto = CALCOLO.divide(sopra, sotto)
    etichetta, commento = _etichetta(forma, lessemi), _commento(forma, lessemi)
    numero = Numero(rapporto, "rapporto", etichetta, commento, (*note, *altre))
    return _soglia(numero, *_pezzo(forma, "op", lessemi)[0].valore) if forma["op"] else numero


_CON_ZERO = re.compile(r"\b0[0-9]\b")
CALCOLO = Context(prec=28)
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
    if not 1 <= mese <= 12 or not 1 <= giorno <= ultimo_del_mese(anno, mese):
        return None
    return Scadenza(anno, (mese, giorno), (mese, giorno), note=note)


def ultimo_del_mese(anno: int | None, mese: int) -> int:
    """How many days a month has, February 29 when the year is not said."""
    return 28 if mese == 2 and anno and not isleap(anno) else _GIORNI[mese - 1]


def _leggi_scadenza(forma: re.Match[str], lessemi: list[Lessema]) -> Semplice | None:
    """By when: "entro il 30/06/2020", "approvazione entro giugno 2020", "Incarico: maggio 2020"."""
    data = _scadenza(_pezzo(forma, "data", lessemi))
    entro = _pezzo(forma, "entro", lessemi)
    if data is None or (entro and not base(entro[0].testo).startswith(_FINO_A)):
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
    dentro = trova_lessemi(commento)
    if data is None and len(dentro) == 1 and dentro[0].classe == "d":
        data = _scadenza(dentro)
    if data is None and _con_riserva([*resto, *dentro]):
        raise NonLeggibile(_CON_RISERVA)
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
    piano = unicodedata.normalize("NFC", testo).translate(PULIZIA).strip(' \t\n"«»“”;:')
    return _elenco(piano, atteso) or _leggi_uno(piano, atteso, con_parti=True)


def _leggi_uno(testo: str, atteso: bool, con_parti: bool = False) -> Any:
    """One value, or with `con_parti` several joined by signs."""
    if _e_assente(testo):
        return Assente()
    lessemi = trova_lessemi(testo.rstrip(" ;,.:"))
    if not atteso:  # "5 previsti" is no result
        lessemi = [uno._replace(classe="R") if uno.classe == "T" else uno for uno in lessemi]
    try:
        semplice = _semplice([uno for uno in lessemi if uno.classe != "\n"])
        return semplice or (con_parti and _composto(lessemi)) or _testo(lessemi)
    except NonLeggibile as motivo:
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
