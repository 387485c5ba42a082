"""Hypothesis strategies: the tables of one settore workbook, and of ente.xlsx.

What they draw respects the conventions of the tables (docs/metodo.md) and nothing else: n counts from
1 in order, no row is wholly empty, text is "" or has something besides blanks, without control
characters and with "\\n" as line break. The words in the cells are as awkward as an office can type.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pipeline import bilancio
from pipeline.parole import normalizza
from pipeline.tables import (
    COLONNE,
    MEDIA_OBIETTIVI,
    MEDIA_SETTORI,
    ORIGINI,
    PROVENIENZA,
    TRASVERSALI,
    VALUTATO,
    VALUTAZIONI,
    Riga,
    Tabelle,
    costruisci,
    piena,
    righe,
)
from pipeline.workbooks import ente, messaggi, missioni, schede, sotto_missione
from pipeline.workbooks.affiancati import affianca, ripartisci
from pipeline.workbooks.fields import TESTI as CON_PAROLE
from pipeline.workbooks.fields import Campo
from pipeline.workbooks.settore import SETTORE, TOTALI, Testata

MAX_UTF16 = 32_767
"""What a cell holds: Excel counts a character outside the basic plane twice."""

ETICHETTE = (
    *schede.ETICHETTE_VALUTAZIONE,
    *(campo.etichetta for campo in schede.INTESTAZIONE_OBIETTIVI),
    *(campo.etichetta for campo in schede.COLLEGAMENTO),
    *(campo.etichetta for campo in schede.INDICATORE),
    *(campo.etichetta for campo in schede.STATO),
    *(campo.etichetta for campo in schede.CASELLE),
    *(campo.etichetta for campo in SETTORE),
    *(campo.etichetta for campi in ente.CASELLE.values() for campo in campi),
    *(campo.etichetta for campo in ente.SETTORI),
    *(campo.etichetta for campo in ente.TESTI),
    *ente.TITOLI.values(),
    *ente.INTESTAZIONE_PARAMETRI,
    *messaggi.INTESTAZIONE,
    *(messaggio.etichetta for messaggio in messaggi.MESSAGGI.values()),
    schede.TITOLO.etichetta,
    schede.DESCRIZIONE.etichetta,
    schede.FASCIA_BILANCIO,
    schede.FASCIA_VALUTAZIONE,
    schede.VERSO_VALUTAZIONE,
    "SCHEDA 1 – 2020",
    "Descrizione:",
    "titolo",
)
"""The words of the forms themselves, which an office may well type in a cell."""

COME_FORMULE = (
    "=1+1",
    '=HYPERLINK("http://a.example")',
    "+39 039 620831",
    "-5",
    "- voce",
    "@tutti",
    "{=A1}",
)
COME_NUMERI = (
    "007",
    "42",
    "1,5",
    "1.5",
    "80%",
    "10/12",
    "2015/2019",
    "1E5",
    "> di 5",
    "40 +150",
    "30/06/2020",
)
COME_VUOTI = ("NA", "N/A", "None", "null", "NULL", "nan", "--", "/", "TRUE", "FALSO")
COME_ERRORI = ("#DIV/0!", "#N/D", "#N/A", "#RIF!")
COME_LINK = ("https://www.comune.example/a?b=1&c=2#d", "mailto:a@b.example", "internal:'Scheda 1'!A1")
COME_XML = ("<>&", "a < b & c > d", "]]>", "&amp;", "&#10;", "<r>", "<b>x</b>", '"x"', "'x", "«l'anno»")
COME_ESCAPE = ("_x0041_", "_x005F_", "a_x000D_b", "_x0041", "_X0041_", "__x0041__")
CON_SPAZI = (
    " prima",
    "dopo ",
    "  due  volte  ",
    "\tx",
    "x\t",
    "a\tb",
    "\nx",
    "x\n",
    "a\n\n b",
    "\n- a\n- b\n",
)
FUORI_DAL_PIANO = (
    "😀",
    "👩‍👩‍👧",
    "𝒜x",
    "e\u0301",
    "\u200bx",
    "a\u00a0b",
    "a\u2028b",
    "\ufeffx",
    "ﬁ",
    "☒",
    "X",
)
# LibreOffice breaks a paragraph of more than 16,367 characters, when its cell has several paragraphs
LUNGHI = (
    "Testo lungo, con accenti è ò à. " * 100,
    "riga\n" * 800 + "fine",
    "x" * MAX_UTF16,
    "😀" * 16_383 + "x",
    " " + ("à" * 10_921 + "\n") * 3,
)
SCOMODI = (
    *COME_FORMULE,
    *COME_NUMERI,
    *COME_VUOTI,
    *COME_ERRORI,
    *COME_LINK,
    *COME_XML,
    *COME_ESCAPE,
    *CON_SPAZI,
    *FUORI_DAL_PIANO,
)
"""Texts that a spreadsheet, a parser or a template may take for something else."""

_CARATTERI = st.one_of(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    st.sampled_from(" \n\t'\"&<>=_àèé€"),
)
_LIBERI = st.text(_CARATTERI, min_size=1, max_size=40).filter(str.strip)
PIENI: SearchStrategy[str] = st.one_of(
    st.sampled_from(SCOMODI),
    st.sampled_from(ETICHETTE),
    _LIBERI,
    st.builds("{}{}".format, st.sampled_from("=+-@ \n\t"), _LIBERI),
    st.integers(0, 999).flatmap(lambda n: st.sampled_from(LUNGHI if n < 50 else SCOMODI)),
)
"""Text that says something."""

TESTI: SearchStrategy[str] = st.one_of(st.just(""), PIENI, PIENI)
BREVI = st.one_of(st.sampled_from(SCOMODI), _LIBERI)
GRADI = st.one_of(
    st.integers(0, 100).map(Decimal),
    st.decimals(0, 100, places=2),
    st.sampled_from([Decimal("0.1"), Decimal("33.333"), Decimal("99.995"), Decimal("0.001")]),
)
PESI = st.one_of(
    st.integers(0, 100).map(Decimal),
    st.decimals(0, 1000, places=3),
    st.sampled_from([Decimal("12345678.9"), Decimal("0.0001")]),
)


IMPORTI = st.decimals(0, 10**9, places=2)


@dataclass(frozen=True, repr=False)
class Settore:
    """A settore workbook to be: whose it is, what it holds, how many schede it has at least."""

    testata: Testata
    tabelle: Tabelle
    n_schede: int = 1

    def __repr__(self) -> str:
        """As rows, not as data frames cut short: a failing example must be readable."""
        return f"Settore({self.testata}, {contenuto(self.tabelle)}, {self.n_schede})"


def contenuto(tabelle: Tabelle) -> dict[str, list[Riga]]:
    """The rows of the tables by name, less where they were read; empty tables are left out."""
    dove = {colonna.nome for colonna in PROVENIENZA}
    return {
        nome: righe(df.drop(columns=list(dove - {colonna.nome for colonna in COLONNE[nome]})))
        for nome, df in tabelle.per_nome().items()
        if len(df) and nome != "provenienza"
    }


def valori(campo: Campo) -> SearchStrategy[object]:
    """What the cell of a field may hold, empty included."""
    if campo.tipo == "scelta":
        return st.sampled_from(["", *campo.scelte])
    if campo.tipo == "segno":
        return st.booleans()
    if campo.tipo in CON_PAROLE:
        return TESTI
    return st.none() | {"grado": GRADI, "importo": IMPORTI}.get(campo.tipo, PESI)


def riga(*campi: Campo) -> SearchStrategy[Riga]:
    """A row with something in at least one of its cells."""
    celle = st.fixed_dictionaries({campo.chiave: valori(campo) for campo in campi})
    return celle.filter(lambda scritta: any(map(piena, scritta.values())))


def _numerate(righe_lette: list[Riga], **chiavi: object) -> list[Riga]:
    return [{**chiavi, "n": n, **dati} for n, dati in enumerate(righe_lette, start=1)]


@st.composite
def _obiettivi(draw: DrawFn, minimo: int, **chiavi: object) -> tuple[list[Riga], list[Riga]]:
    """Obiettivi and their fasi: only the first obiettivo may have fasi and nothing of its own."""
    obiettivi: list[Riga] = []
    fasi: list[Riga] = []
    proprie = st.lists(riga(*schede.FASE), max_size=3)
    for n in range(1, draw(st.integers(minimo, 3)) + 1):
        sue = draw(proprie)
        celle = st.fixed_dictionaries({campo.chiave: valori(campo) for campo in schede.OBIETTIVO})
        suo = draw(celle if n == 1 and sue else riga(*schede.OBIETTIVO))
        assegnazione = sue[0]["assegnazione"] if sue else ""
        obiettivi.append({**chiavi, "n": n, **suo, "assegnazione": assegnazione})
        fasi += _numerate(sue, **chiavi, obiettivo=n)
    return obiettivi, fasi


@st.composite
def _scheda(draw: DrawFn, settore: str, numero: int, minimo: int) -> dict[str, list[Riga]]:
    """The rows of one scheda; none at all when nothing is written in it."""
    chiavi = {"settore": settore, "scheda": numero}
    obiettivi, fasi = draw(_obiettivi(min(minimo, 2), **chiavi))
    scritte = {"obiettivi": obiettivi, "fasi": fasi}
    for tabella, campi in (
        ("collegamenti", schede.COLLEGAMENTO),
        ("indicatori", schede.INDICATORE),
        ("stati", schede.STATO),
    ):
        scritte[tabella] = _numerate(
            draw(st.lists(riga(*campi), min_size=minimo, max_size=minimo + 3)), **chiavi
        )
    testa = {
        "titolo": draw(TESTI),
        "descrizione": draw(TESTI),
        "valutazione": draw(st.sampled_from(["", *VALUTAZIONI])),
        "grado_dichiarato": draw(st.none() | GRADI),
    }
    if any(scritte.values()) or any(map(piena, testa.values())):
        scritte["schede"] = [{**chiavi, **testa}]
    return scritte


def _voci(settore: str, minimo: int) -> SearchStrategy[list[Riga]]:
    """Voci with whatever in the column Schede."""
    coperte = st.one_of(st.sampled_from(["", "1", "1, 2", "2+3", "T1", "t2", " T1, T2", "8;9"]), TESTI)
    celle = {campo.chiave: valori(campo) for campo in schede.VOCI} | {"schede": coperte}
    scritte = st.fixed_dictionaries(celle).filter(lambda voce: any(map(piena, voce.values())))
    return st.lists(scritte, min_size=minimo, max_size=minimo + 4).map(
        lambda voci: _numerate(voci, settore=settore)
    )


@st.composite
def testate(draw: DrawFn, trasversali: bool = False) -> Testata:
    return Testata(
        ente=draw(BREVI),
        anno=draw(st.integers(2000, 2099)),
        settore=TRASVERSALI if trasversali else draw(st.sampled_from(["a", "ufficio_tecnico", "x1"])),
        denominazione=draw(BREVI),
        modello="trasversali" if trasversali else "schede",
        grado_non_consuntivato=draw(st.none() | GRADI),
        origine=draw(st.sampled_from(ORIGINI)),
    )


@st.composite
def settori(draw: DrawFn, minimo: int = 0, trasversali: bool | None = None) -> Settore:
    """A whole settore workbook; `minimo` is the least number of rows in each section."""
    comune = draw(st.booleans()) if trasversali is None else trasversali
    testata = draw(testate(trasversali=comune))
    numeri = draw(st.sets(st.integers(1, 12), min_size=min(minimo, 2), max_size=3))
    sue = [draw(_scheda(testata.settore, numero, minimo)) for numero in sorted(numeri)]
    insieme: dict[str, list[Riga]] = {
        tabella: list(chain.from_iterable(scritte.get(tabella, []) for scritte in sue))
        for tabella in ("schede", "obiettivi", "fasi", "collegamenti", "indicatori", "stati")
    }
    insieme["settori"] = [
        {
            "settore": testata.settore,
            "denominazione": testata.denominazione,
            "anno": testata.anno,
            "modello": testata.modello,
            **{campo.chiave: draw(TESTI) for campo in SETTORE},
        }
    ]
    if not comune:
        insieme["voci"] = draw(_voci(testata.settore, minimo))
    return Settore(testata, costruisci(insieme), draw(st.integers(0, 3)))


# --- ente.xlsx

CODICI = st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1, max_size=12)
FASCE = st.sampled_from(["", "raggiunto da 90; parziale da 50,5%; no da 0", "tutto da 0"])
PERCENTUALI = st.sampled_from(["", "0", "50", "99,5", " 10 % ", "100%"])
GIORNI = st.sampled_from(["", "30/06/2021", "1.2.2021", "29-02-2020"])
VALORI_ENTE = {
    "denominazione": BREVI,
    "anno": st.sampled_from(["2020", " 2031 "]),
    "data": GIORNI,
    "scadenza": GIORNI,
    "licenza": st.sampled_from(("", *ente.LICENZE)),
}
VALORI_PARAMETRI = {
    "media": st.sampled_from(["", MEDIA_SETTORI, MEDIA_OBIETTIVI, "Media dei settori"]),
    "non_consuntivato": PERCENTUALI,
    "fasce": FASCE,
    "tolleranza": PERCENTUALI,
    "somma_pesi": st.sampled_from(["", "100", "10,5"]),
    "origine": st.sampled_from(["", *ORIGINI, "Misurato, in mancanza il dichiarato"]),
    "base": st.sampled_from(["", "1", "75 %", "100"]),
}


@st.composite
def enti(draw: DrawFn) -> Tabelle:
    """The tables of an ente.xlsx with nothing to object to."""
    elenco = [
        {**dati, "settore": codice, "n_schede": n_schede, "modello": modello, "missioni": sue}
        for codice in draw(st.lists(CODICI, min_size=1, max_size=4, unique=True))
        for dati in [draw(st.fixed_dictionaries({c.chiave: valori(c) for c in ente.SETTORI[1:-2]}))]
        for n_schede in [draw(st.none() | st.integers(0, ente.MAX_SCHEDE).map(Decimal))]
        for modello in [draw(st.sampled_from(["", schede.NOME, missioni.NOME]))]
        for sue in [draw(st.sampled_from(["", "01", "01, 4;12", "04 - Istruzione"]))]
    ]
    insieme: dict[str, list[Riga]] = {
        "ente": [
            {"chiave": campo.chiave, "valore": draw(VALORI_ENTE.get(campo.chiave, TESTI))}
            for campi in ente.CASELLE.values()
            for campo in campi
        ],
        "elenco": elenco,
        "testi": draw(st.lists(riga(*ente.TESTI), max_size=4)),
        "destinatari": draw(st.lists(riga(*ente.DESTINATARI), max_size=4)),
        "accettati": [
            {**dati, **{chiave: draw(CODICI) for chiave in ente.CHI_ACCETTA}}
            for dati in draw(st.lists(riga(*ente.ACCETTATI), max_size=3))
        ],
        "risorse": draw(st.lists(riga(*ente.RISORSE), max_size=3)),
        "premi": draw(st.lists(riga(*ente.PREMI), max_size=3)),
        "messaggi": [
            {"messaggio": chiave, "oggetto": draw(TESTI), "testo": draw(TESTI)}
            for chiave in messaggi.MESSAGGI
        ],
        "parametri": [
            {"parametro": chiave, "valore": draw(VALORI_PARAMETRI[chiave])}
            for chiave, *_ in ente.PARAMETRI
        ],
    }
    return costruisci(insieme)


# --- every awkward text at once


def scomodo(settore: str = "x1") -> Settore:
    """A workbook in which every awkward text stands in every kind of text cell."""
    testi = [*SCOMODI, *ETICHETTE, *LUNGHI]
    chiavi = {"settore": settore, "scheda": 1}
    testata = Testata("Ente <&> l'Unione", 2020, settore, 'Settore "=1+1" _x0041_', "schede")
    insieme: dict[str, list[Riga]] = {
        "settori": [
            {
                "settore": settore,
                "denominazione": testata.denominazione,
                "anno": testata.anno,
                "modello": testata.modello,
                **{campo.chiave: testo for campo, testo in zip(SETTORE, SCOMODI, strict=False)},
            }
        ],
        "schede": [{"settore": settore, "scheda": n, "titolo": t} for n, t in enumerate(COME_NUMERI, 1)],
        "obiettivi": [
            {**chiavi, "n": n, "definizione": t, "assegnazione": t} for n, t in enumerate(testi, 1)
        ],
        "fasi": [
            {**chiavi, "obiettivo": o, "n": n, "descrizione": t, "orizzonte": t, "assegnazione": t}
            for o, t in enumerate(testi, 1)
            for n in (1, 2)
        ],
    }
    for tabella, campi in (
        ("collegamenti", schede.COLLEGAMENTO[:3]),
        ("indicatori", (*schede.INDICATORE[:1], *schede.INDICATORE[2:3])),
        ("stati", schede.STATO),
        ("voci", (schede.VOCI[0], schede.VOCI[-1])),
    ):
        comuni: Riga = {"settore": settore} if tabella == "voci" else chiavi
        insieme[tabella] = _numerate(
            [{campo.chiave: testo for campo in campi} for testo in testi], **comuni
        )
    return Settore(testata, costruisci(insieme), 1)


# --- the workbook of a settore that reports by missione

ETICHETTE_MISSIONI = (
    *(campo.etichetta for campo in missioni.CAMPI),
    missioni.MISSIONE,
    missioni.TITOLO,
    missioni.LEGENDA,
    missioni.FINALE,
    *TOTALI,
    "Programma 01.02",
    "Obiettivi operativi del 2021",
    "missione 1",
    "MISSIONE 04 – ISTRUZIONE",
    "Missione 33",
    "Missione 01 – Programma 02",
)
SCRITTE: SearchStrategy[str] = st.one_of(TESTI, TESTI, st.sampled_from(ETICHETTE_MISSIONI))
CODICI_MISSIONE = ("01", "4", "12", "Missione 09", "06 - Politiche giovanili", "33")
CODICI_PROGRAMMA = ("01.02", "01.02 S", "12.9", "0601 (s)", "01, 02", "Da 01 a 03", "33.01", "S")
PERSONE = (
    "Anna Verdi",
    "Verdi Anna, Ugo Bruni",
    "Anna Verdi - Ugo Bruni",
    "ANNA VERDI;\nUgo Bruni e D'Amico Rosa",
    "Anna\u00a0Verdi",
    "Tutti gli uffici",
    "Anna Verdi Ugo Bruni",
)
PROPRIE: dict[str, tuple[str, ...]] = {
    "programma": (*CODICI_PROGRAMMA, "PROGRAMMI", "Missione 04 – Istruzione", missioni.LEGENDA),
    "obiettivo": ("Aprire il nido", "OBIETTIVI OPERATIVI", "Obiettivi operativi del 2021"),
    "finalita": ("Accogliere più bambini", "FINALITÀ", "Finalità sociali"),
    "responsabile": PERSONE,
    "supporto": PERSONE,
}
"""What an office writes in a cell, beside whatever else it may write."""

Blocco = tuple[Riga | None, list[Riga]]
"""The heading of a missione, None for what stands before the first, and the rows under it."""


def per_missione(testata: Testata, blocchi: list[Blocco], **di_settore: str) -> Tabelle:
    """The tables of the workbook that holds these blocks; a row gives only the cells it fills in."""
    settore = {"settore": testata.settore}
    insieme: dict[str, list[Riga]] = defaultdict(list)
    insieme["settori"].append(
        {
            **settore,
            "denominazione": testata.denominazione,
            "anno": testata.anno,
            "modello": testata.modello,
            **di_settore,
        }
    )
    for testa, scritte in blocchi:
        if testa is not None:
            insieme["missioni"].append({**settore, "n": len(insieme["missioni"]) + 1, **testa})
        blocco = len(insieme["missioni"])
        for n, scritta in enumerate(scritte, start=len(insieme["schede"]) + 1):
            for tabella, sue in _obiettivo_operativo(n, scritta, testa or {}).items():
                insieme[tabella] += [{**settore, **dati} for dati in sue]
            insieme["schede"][-1]["blocco"] = blocco
    return costruisci(insieme)


def _obiettivo_operativo(n: int, scritta: Riga, testa: Riga) -> dict[str, list[Riga]]:
    """The rows that an obiettivo operativo has in each table, without those that say nothing."""
    celle = {campo.chiave: campo.vuoto for campo in missioni.CAMPI} | {"strategico": False} | scritta
    codice = bilancio.leggi(testa.get("missione", ""), "").missione
    codice = codice if codice in bilancio.MISSIONI else ""
    strategico = celle["strategico"] or bilancio.strategico(celle["programma"])
    con_grado = celle["grado_dichiarato"] is not None or celle["grado_nucleo"] is not None
    propria = ("responsabile", "supporto", "previsto", "grado_dichiarato")
    righe_date: dict[str, Riga] = {
        "schede": {"titolo": celle["obiettivo"], "descrizione": celle["finalita"]}
        | {chiave: celle[chiave] for chiave in propria},
        "voci": {"n": n, "descrizione": celle["obiettivo"], "schede": str(n)}
        | {
            chiave: celle[chiave]
            for chiave in ("peso", "grado_dichiarato", "grado_nucleo", "note_responsabile", "note")
        }
        | {"stato": celle["stato"] or (VALUTATO if con_grado else "")},
    }
    if celle["obiettivo"] or strategico:
        righe_date["obiettivi"] = {"definizione": celle["obiettivo"], "strategico": strategico}
    if codice or celle["programma"]:
        righe_date["collegamenti"] = {"missione": codice, "programma": celle["programma"]}
    if celle["realizzazione"]:
        righe_date["stati"] = {"testo": celle["realizzazione"]}
    per_tabella = {tabella: [dati] for tabella, dati in righe_date.items()}
    di_output = ("indicatori", "atteso", "raggiunto", "motivo_scostamento")
    per_tabella["indicatori"] = _di_output(*(celle[c] for c in di_output))
    for tabella, sue in per_tabella.items():
        for posto, dati in enumerate(sue, start=1):
            if tabella != "voci":
                dati["scheda"] = n
            if tabella not in ("schede", "voci"):
                dati["n"] = posto
    return per_tabella


def _di_output(indicatori: str, atteso: str, raggiunto: str, motivo: str) -> list[Riga]:
    """The indicatori of a row of the sheet (`test_affiancati` says what they should be)."""
    if not any((indicatori, atteso, raggiunto, motivo)):
        return []
    insieme = affianca(indicatori, (atteso, raggiunto))
    righe = insieme or [(indicatori, atteso, raggiunto)]
    motivi = ripartisci(indicatori, motivo, len(righe))
    return [
        {
            "indicatore": i,
            "atteso": a,
            "raggiunto": r,
            "motivo_scostamento": m,
            "da_allineare": insieme is None,
        }
        for (i, a, r), m in zip(righe, motivi, strict=True)
    ]


def come_il_modello(scritta: Riga) -> bool:
    """Whether a row typed reads as one of the template's own, and nothing in it could tell.

    It begins with the label of a missione; or with "Missione 04" and has at most a name beside it; or
    it is the legend and nothing else; or the headings; or the total that closes a pasted table.
    """
    piene = [campo for campo in missioni.CAMPI if piena(scritta[campo.chiave])]
    prime = [normalizza(scritta[chiave]) for chiave in ("programma", "obiettivo", "finalita")]
    grado = scritta["grado_dichiarato"]
    if prime[0] == normalizza(missioni.MISSIONE):
        return True
    if re.match(r"missione (n )?\d", prime[0]):
        return piene[-1].colonna <= missioni.DENOMINAZIONE.colonna
    if prime[0] == normalizza(missioni.LEGENDA):
        return len(piene) == 1
    if re.match(r"(media|totale|percentuale)\b", " ".join(prime[:2]).strip()):
        return len(piene) <= 2 and grado is not None
    testi = [*prime, normalizza(scritta["realizzazione"])]
    inizi = ("programm", "obiettiv", "finalita", "grado")
    return grado is None and all(map(str.startswith, testi, inizi))


def _cella(campo: Campo) -> SearchStrategy[object]:
    """What the cell of an obiettivo operativo may hold, empty included."""
    if campo is missioni.TIPO:
        return st.booleans()
    if campo.chiave in PROPRIE:
        return st.one_of(st.sampled_from(PROPRIE[campo.chiave]), SCRITTE)
    return SCRITTE if campo.tipo == "testo" else valori(campo)


OBIETTIVI_OPERATIVI = st.fixed_dictionaries(
    {campo.chiave: _cella(campo) for campo in missioni.CAMPI}
).filter(lambda riga: any(map(piena, riga.values())) and not come_il_modello(riga))


def sotto_la_sua_missione(testa: Riga | None, scritta: Riga) -> Riga:
    """The row, without the programma of a missione that is not that of its heading: see M16."""
    detta = bilancio.leggi("", scritta["programma"]).missione
    fuori = detta in bilancio.MISSIONI and detta != sotto_missione.Blocco(testa or {}).missione
    return scritta | {"programma": "01, 02"} if fuori else scritta


@st.composite
def blocchi(draw: DrawFn, minimo: int = 0) -> list[Blocco]:
    """The blocks of a sheet; `minimo` is the least number of rows in each."""
    scritte = st.lists(OBIETTIVI_OPERATIVI, min_size=minimo, max_size=minimo + 3)
    testata_di_missione = st.fixed_dictionaries(
        {
            "missione": st.one_of(st.sampled_from(CODICI_MISSIONE), SCRITTE),
            "denominazione": SCRITTE,
        }
    )
    sotto = draw(st.lists(st.tuples(testata_di_missione, scritte), max_size=3))
    # a heading left blank, with nothing under it, says nothing
    tutti = [(None, draw(scritte)), *((t, sue) for t, sue in sotto if sue or any(t.values()))]
    return [(testa, [sotto_la_sua_missione(testa, sua) for sua in sue]) for testa, sue in tutti]


@st.composite
def settori_per_missione(draw: DrawFn, minimo: int = 0) -> Settore:
    """A settore workbook of obiettivi operativi; `minimo` is the least number of rows in a block."""
    testata = replace(draw(testate()), modello=missioni.NOME)
    di_settore = {campo.chiave: draw(TESTI) for campo in SETTORE}
    tabelle = per_missione(testata, draw(blocchi(minimo)), **di_settore)
    return Settore(testata, tabelle, draw(st.integers(0, 30)))


def with_all_messages(before: dict[str, list[Riga]]) -> dict[str, list[Riga]]:
    """What was read of an ente.xlsx, with the lines of the sheet Ente and the ready texts of the
    messages that came after it."""
    if before.get("ente"):
        presenti = {riga["chiave"] for riga in before["ente"]}
        for posto, campo in enumerate(ente.ENTE):
            if campo.chiave not in presenti:
                before["ente"].insert(posto, {"chiave": campo.chiave, "valore": ""})
    if scritti := before.get("messaggi"):
        suoi = {riga["messaggio"]: riga for riga in scritti}
        before["messaggi"] = [
            suoi.get(chiave, {"messaggio": chiave, "oggetto": pronto.oggetto, "testo": pronto.testo})
            for chiave, pronto in messaggi.MESSAGGI.items()
        ]
    return before
