"""The vocabulary of the language of indicators, its numbers, and how a text is cut into words."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from pipeline import numeri
from pipeline.valori.tipi import ANNI, CRESCENTE, DECRESCENTE, Nota

# The vocabulary: class of a word -> the ways to write it ----------------------------------------------

_PREPOSIZIONI = {
    "di": "del dello della dell dei degli delle d",
    "a": "al allo alla all ai agli alle ad",
    "da": "dal dallo dalla dall dai dagli dalle",
}
_PIANA = str.maketrans("àáèéìíòóùúâêîôû", "aaeeiioouuaeiou")
_ARTICOLATE = {forma: base for base, forme in _PREPOSIZIONI.items() for forma in forme.split()}


def base(parola: str) -> str:
    """A word for looking up: no case, accents, apostrophe; prepositions without their article."""
    piana = parola.lower().translate(_PIANA).rstrip("'")
    return _ARTICOLATE.get(piana, piana)


def _declina(radici: str, finali: str = "o a i e") -> str:
    """Stems to words: "fatt avviat" -> "fatto | fatta | fatti | fatte | avviato | ..."."""
    return " | ".join(radice + finale for radice in radici.split() for finale in finali.split())


def _serie(classe: str, primo: int, forme: str) -> list[tuple[str, Any, str]]:
    """Words that count: "primo, secondo | ii" are 1 and 2."""
    return [(classe, valore, uno) for valore, uno in enumerate(forme.split(", "), start=primo)]


def _ciascuno(periodo: str) -> str:
    """ "al mese", "ogni mese": the ways to say that a quantity is of each."""
    return f"a {periodo} | per {periodo} | ogni {periodo}"


_LIMITABILI = "limite soglia valore numero tempo durata termine importo spesa punteggio voto"


def _di_che(radice: str, maschile: str) -> str:
    """What a limit is of: "valore massimo", "soglia massima"."""
    femminili = ("soglia", "durata", "spesa")
    return " | ".join(
        f"{nome} {forma}"
        for nome in _LIMITABILI.split()
        for forma in ([f"{radice}a"] if nome in femminili else maschile.split(" | "))
    )


PRIMA = "prima"
NEUTRO = "neutro"

LESSICO: tuple[tuple[str, Any, str], ...] = (
    # o: operators, as (verso, stretta); the preposition that follows is left to the productions
    (
        "o",
        (CRESCENTE, False),
        ">= | => | ≥ | ⩾ | > = | > o = | min | non meno | "
        "non inferiore | non minore | maggiore o uguale | maggiore uguale | superiore o uguale | "
        "superiore o pari | uguale o superiore | uguale o maggiore | pari o superiore",
    ),
    (
        "o",
        (CRESCENTE, True),
        "> | maggiore | maggiori | superiore | superiori | oltre | piu di | sopra | "
        "al di sopra | superare | supera",
    ),
    (
        "o",
        (DECRESCENTE, False),
        "<= | =< | ≤ | ⩽ | < = | < o = | non piu | "
        "non superiore | non maggiore | non oltre | minore o uguale | minore uguale | "
        "inferiore o uguale | inferiore o pari | uguale o inferiore | uguale o minore | "
        "pari o inferiore | entro il limite | entro il limite massimo | entro un massimo | "
        "entro il termine | entro il termine massimo | nel limite | nei limiti | entro i limiti | "
        "fino a | sino a | non superare | non supera | non superi | senza superare | tetto | "
        "tetto massimo | tetto di spesa | limite di spesa | massimo consentito | massimo ammesso",
    ),
    (
        "o",
        (DECRESCENTE, True),
        "< | minore | minori | inferiore | inferiori | meno di | sotto | al di sotto",
    ),
    # l: operators that may also follow the number, or stand after it in parentheses
    (
        "l",
        (CRESCENTE, False),
        "almeno | al minimo | un minimo | per un minimo | o piu | e piu | e oltre | ed oltre | "
        "o oltre | in su | " + _declina("minim") + " | " + _di_che("minim", "minimo"),
    ),
    (
        "l",
        (DECRESCENTE, False),
        "al massimo | al piu | un massimo | per un massimo | fino a un massimo | o meno | max | "
        "limite | "
        + _declina("massim consentit tollerat")
        + " | accettabile | accettabili | tollerabile | tollerabili | "
        + _di_che("massim", "massimo | max"),
    ),
    (
        "j",
        (DECRESCENTE, False),
        _declina("ammess") + " | ammissibile | ammissibili",
    ),  # «5 errori ammessi», not «20 domande ammesse»
    ("=", None, "= | pari a | uguale a"),
    ("C", None, "circa | ca | all incirca | indicativamente | ~ | ≈"),
    ("±", None, "± | +/- | +- | tolleranza | con tolleranza"),
    # quantities
    ("%", None, "% | per cento | percento"),
    ("c", None, "€ | euro | eur"),
    ("k", None, "n | nº | nr | nro | n ro | num | numero"),
    ("x", Decimal(1_000), "mila | k"),
    ("x", Decimal(1_000_000), "mln | milione | milioni"),
    ("x", Decimal(1_000_000_000), "mld | miliardo | miliardi"),
    ("u", "giorni", "gg | g | giorno | giorni"),
    ("u", "ore", "ora | ore | h | hh"),
    ("u", "minuti", "minuto | minuti"),
    ("u", "settimane", "settimana | settimane"),
    ("u", "mesi", "mese | mesi"),
    ("u", "anni", "anni"),
    ("u", "mq", "mq | m² | m2 | metri quadri | metri quadrati"),
    ("u", "mc", "mc | m³ | m3 | metri cubi"),
    ("u", "m", "m | ml | mt | metri"),
    ("u", "km", "km | chilometri"),
    ("u", "kg", "kg | chilogrammi"),
    ("u", "t", "t | ton | tonnellate"),
    ("u", "kWh", "kwh"),
    ("u", "MWh", "mwh"),
    ("u", "per mille", "‰ | per mille"),
    *_serie("z", 0, "zero, uno | una | un, due, tre, quattro, cinque"),
    ("0", None, "nessuno | nessuna | nessun"),
    *_serie("z", 6, "sei, sette, otto, nove, dieci, undici, dodici, tredici, quattordici, quindici"),
    *_serie("z", 16, "sedici, diciassette, diciotto, diciannove, venti"),
    *(
        ("z", valore, parola)
        for valore, parola in (
            *((25, "venticinque"), (30, "trenta"), (40, "quaranta"), (45, "quarantacinque")),
            *((50, "cinquanta"), (60, "sessanta"), (70, "settanta"), (80, "ottanta")),
            *((90, "novanta"), (100, "cento"), (1000, "mille")),
        )
    ),
    ("U", None, "tutti | tutte"),
    # what is not counted but said of each: «3 al mese», «5 per dipendente»
    (
        "P",
        None,
        "per | ogni | per ogni | per ciascun | per ciascuno | per ciascuna | per singolo | in ogni",
    ),
    ("q", "mesi", _ciascuno("mese") + " | mensile | mensili | mensilmente"),
    ("q", "settimane", _ciascuno("settimana") + " | settimanale | settimanali"),
    ("q", "giorni", _ciascuno("giorno") + " | al dì | die | " + _declina("giornalier quotidian")),
    ("q", "ore", _ciascuno("ora")),
    *(
        ("q", periodo, f"{_ciascuno(periodo)} | {periodo[:-1]}ale | {periodo[:-1]}ali")
        for periodo in ("bimestre", "trimestre", "quadrimestre", "semestre")
    ),
    ("q", "due settimane", "quindicinale | quindicinali | bisettimanale | bisettimanali"),
    (
        "q",
        "persona",
        "pro capite | procapite | a testa | a persona | cad | " + _declina("ciascun cadaun"),
    ),
    # a: what adds nothing, the year being the whole
    ("a", None, _declina("annu") + " | annuale | annuali | annualmente"),
    (
        "a",
        None,
        "come previsto | come prevista | come previsti | come previste | come programmato | "
        "come atteso | come da programma | come da piano | nei tempi | nei termini | "
        "nei tempi previsti | nei termini previsti",
    ),
    # M: names of what is measured, with the verso that some of them say
    (
        "M",
        None,
        _declina("complessiv")
        + " | medio | media | medi | medie | in media | in totale | tot | totale | "
        "totali | voto | giudizio | gradimento | punteggio | indice | tasso | livello | grado | "
        "percentuale | quota | valore | importo | spesa | costo | costi | spese | "
        "soddisfazione | raggiungere",
    ),
    ("M", DECRESCENTE, "tempo | tempi | tempistica | tempistiche | attesa media | tempo di attesa"),
    ("M", CRESCENTE, "formazione | apertura | vigilanza | presidio"),
    # B: what one wants less of
    (
        "B",
        None,
        "errore | errori | reclamo | reclami | ritardo | ritardi | assenza | assenze | "
        "sinistro | sinistri | infortunio | infortuni | ricorso | ricorsi | contestazione | "
        "contestazioni | scostamento | scostamenti | irregolarità | difformità | anomalia | "
        "anomalie | disservizio | disservizi | interruzione | interruzioni | violazione | "
        "violazioni | inadempienza | inadempienze | sforamento | sforamenti | guasto | guasti | "
        "incidente | incidenti | lamentela | lamentele | omissione | omissioni | disguido | "
        "disguidi | non conformità | criticità | contenzioso | contenziosi | residuo | residui | "
        "insoluto | insoluti | morosità",
    ),
    # dates
    ("e", None, "entro | entro e non oltre | non piu tardi | al piu tardi"),
    ("e", PRIMA, "prima di"),
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
    # yes and no; the neutral participles add nothing to what is counted («10 incontri svolti»)
    ("S", None, "si | yes | ok | on | x | vero | ✓ | ✔ | ☑ | ☒"),
    (
        "s",
        NEUTRO,
        _declina(
            "fatt realizzat effettuat eseguit completat conclus ultimat attuat raggiunt conseguit "
            "svolt organizzat"
        ),
    ),
    ("s", None, _declina("approvat adottat attivat rispettat pubblicat predispost installat")),
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
        + " | in corso | in itinere | in fase | da fare | non valutabile | non consuntivato | "
        "in programma | in attesa | in lavorazione | in istruttoria | in valutazione | "
        "in approvazione | in svolgimento | in esecuzione | in definizione | in preparazione | "
        "in elaborazione | in sospeso",
    ),
    # words that put a reserve on what stands beside them
    (
        "R",
        None,
        "parziale | parziali | parzialmente | in parte | quasi | solo | soltanto | ma | pero | "
        "tranne | eccetto | salvo | meno | piu | in ritardo | con ritardo | mai | stima | paio | "
        "decina | decine | rimanenti | mancanti | pendenti | inevasi | inevase | "
        "arretrati | arretrate | potenziali | teorici | teoriche | dozzina | dozzine | "
        "centinaio | centinaia | migliaio | migliaia | provvisorio | provvisoria | provvisori | "
        + _declina("presunt respint rifiutat scadut fallit"),
    ),
    ("v", None, _declina("esclus")),
    # connectives
    ("T", None, _declina("attes previst programmat pianificat preventivat ipotizzat propost")),
    ("T", None, "valore atteso | valori attesi | target | valore target"),
    ("D", None, "da | tra | fra | compreso tra | compresa tra | compreso fra"),
    ("E", None, "e | ed | &"),
    ("/", None, "/ | su"),
    ("f", None, "di | a | il | lo | la | l | gli | le | con"),
    ("f", None, "come da | in | in data | nel | nello | nella | nell"),
    ("f", None, "lunedì | martedì | mercoledì | giovedì | venerdì | sabato | domenica"),
    *((segno, None, segno) for segno in "+-:;,°"),
    ("°", None, "º | ª"),
    ("\n", None, "\n"),
)


def _vocabolario() -> dict[str, list[tuple[tuple[str, ...], str, Any]]]:
    """First word -> the phrases that begin with it, longest first, with their class and value."""
    frasi: dict[str, list[tuple[tuple[str, ...], str, Any]]] = {}
    for classe, valore, forme in LESSICO:
        for forma in forme.split(" | "):
            parole = tuple(base(parola) for parola in forma.split(" "))
            frasi.setdefault(parole[0], []).append((parole, classe, valore))
    for voci in frasi.values():
        voci.sort(key=lambda voce: -len(voce[0]))
    return frasi


_FRASI = _vocabolario()

_DI_CONTORNO = frozenset(
    base(parola)
    for classe, valore, forme in LESSICO
    if classe in "fPiTMaAEqu/-:" or valore == NEUTRO
    for forma in forme.split(" | ")
    for parola in forma.split(" ")
)
_FINALE = re.compile(r"h?(?<![aeiou])[aeiou]+$")


def radici(etichetta: str) -> frozenset[str]:
    """What is counted, whatever the number and the words around it: "12 incontri svolti" -> incontr."""
    return frozenset(radice(parola) for parola in etichetta.split() if parola not in _DI_CONTORNO)


def radice(parola: str) -> str:
    """A word without what tells one from many: "incontro", "incontri"."""
    return _FINALE.sub("", parola) if len(parola) > 3 else parola


DA_EVITARE = frozenset(
    radice(base(forma)) for classe, _, forme in LESSICO if classe == "B" for forma in forme.split(" | ")
)
"""What one wants less of."""

_SENZA_VALORE = (
    ""
    "nd np na nv nq nc n/d n/a n/p #n/d #n/a #rif! #ref! #div/0! #valore! aconsuntivo daconsuntivare "
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
PUNTO_E_TRE = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def altra_lettura(scritto: str) -> Decimal | None:
    """What digits with one separator and three digits after it would be by the other rule: 87.500 is
    87 500, by the other 87,5; None when there is no other."""
    if PUNTO_E_TRE.fullmatch(scritto):
        return Decimal(scritto)
    if _VIRGOLA_E_TRE.fullmatch(scritto):
        return Decimal(scritto.replace(",", ""))
    return None


def _numero(scritto: str) -> tuple[Decimal, tuple[Nota, ...]] | None:
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


def _letto(scritto: str, valore: Decimal) -> tuple[Nota, ...]:
    return (Nota(f"«{scritto}» è letto {numeri.numero(valore)}", _RISCRIVERE),)


_RISCRIVERE = (
    "riscriverlo con la virgola per i decimali e il punto per le migliaia (64,52 oppure 10.000)"
)


# From text to words -----------------------------------------------------------------------------------


class Lessema(NamedTuple):
    """A word of the text: its class (one letter), the text as written, its value, where it stands."""

    classe: str
    testo: str
    valore: Any
    inizio: int
    fine: int


class NonLeggibile(Exception):
    """The text has no single reading; the message says what to write instead."""


PULIZIA = str.maketrans(
    {
        **dict.fromkeys("’‘‛`´′", "'"),
        **dict.fromkeys("–—―‒−‐‑", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", None),
        **dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"),
        "[": "(",
        "]": ")",
    }
)
_LESSEMA = re.compile(
    r"(?P<nota>\([^()]*\))"
    r"|(?P<parola>24\s?h?\s?/\s?7(?![0-9/])|covid(?:-?19)?(?![^\W_])|m[23](?![^\W_])|(?:[^\W\d_]|[²³])+'?)"
    r"|(?P<data>(?:[0-9]{1,2}(?P<s>[./-])[0-9]{1,2}(?P=s)(?:(?:19|20)[0-9]{2}|[0-9]{2})"
    r"|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})(?![0-9]))"
    r"|(?P<numero>(?:(?<![^\W\d_])\.)?[0-9]+(?:[.,'\u00a0\u2009\u202f][0-9]+)*)"
    r"|(?P<segno>[<>=]=|=[<>]|\+/-|\+-|[^\s.']|\n|(?<=[0-9])')",
    re.IGNORECASE,
)
_TOLLERANZA = re.compile(
    r"\(\s*(?:tolleranza\s*)?(?:\+\s*/?\s*-|±|tolleranza)\s*([0-9]+(?:,[0-9]+)?)\s*(%?)", re.IGNORECASE
)


def trova_lessemi(testo: str) -> list[Lessema]:
    """The words of a text, each with its class; dots and apostrophes of abbreviations are left out."""
    pezzi = list(_LESSEMA.finditer(testo))
    basi = [(base(pezzo[0]) or "?") if pezzo.lastgroup in _DA_CERCARE else "" for pezzo in pezzi]
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
