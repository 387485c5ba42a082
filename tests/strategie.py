"""Hypothesis strategies: the tables of one settore workbook, and of ente.xlsx.

What they draw respects the conventions of the tables (docs/metodo.md) and nothing else: n counts from
1 in order, no row is wholly empty, text is "" or has something besides blanks, without control
characters and with "\\n" as line break. The words in the cells are as awkward as an office can type.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pipeline.tables import (
    MEDIA_OBIETTIVI,
    MEDIA_SETTORI,
    PROVENIENZA,
    TRASVERSALI,
    VALUTAZIONI,
    Riga,
    Tabelle,
    costruisci,
    piena,
    righe,
)
from pipeline.workbooks import ente, messaggi, schede
from pipeline.workbooks.fields import Campo
from pipeline.workbooks.schede import Testata

MAX_UTF16 = 32_767
"""What a cell holds: Excel counts a character outside the basic plane twice."""

ETICHETTE = (
    *schede.ETICHETTE_VALUTAZIONE,
    *(campo.etichetta for campo in schede.INTESTAZIONE_OBIETTIVI),
    *(campo.etichetta for campo in schede.COLLEGAMENTO),
    *(campo.etichetta for campo in schede.INDICATORE),
    *(campo.etichetta for campo in schede.STATO),
    *(campo.etichetta for campo in schede.CASELLE),
    *(campo.etichetta for campo in schede.SETTORE),
    *(campo.etichetta for campo in ente.ENTE),
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
    dove = [colonna.nome for colonna in PROVENIENZA]
    return {
        nome: righe(df.drop(columns=dove))
        for nome, df in tabelle.per_nome().items()
        if len(df) and nome != "provenienza"
    }


def valori(campo: Campo) -> SearchStrategy[object]:
    """What the cell of a field may hold, empty included."""
    if campo.tipo == "scelta":
        return st.sampled_from(["", *campo.scelte])
    if campo.tipo == "segno":
        return st.booleans()
    if campo.tipo in ("testo", "atteso", "raggiunto"):
        return TESTI
    return st.none() | (GRADI if campo.tipo == "grado" else PESI)


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
    """Voci with whatever in the column Schede: it is a trasversale when that starts with T."""
    coperte = st.one_of(st.sampled_from(["", "1", "1, 2", "2+3", "T1", "t2", " T1, T2", "8;9"]), TESTI)
    celle = {campo.chiave: valori(campo) for campo in schede.VOCI} | {"schede": coperte}
    scritte = st.fixed_dictionaries(celle).filter(lambda voce: any(map(piena, voce.values())))
    return st.lists(scritte, min_size=minimo, max_size=minimo + 4).map(
        lambda voci: [
            {**voce, "trasversale": voce["schede"].strip().upper().startswith("T")}
            for voce in _numerate(voci, settore=settore)
        ]
    )


@st.composite
def testate(draw: DrawFn, trasversali: bool = False) -> Testata:
    return Testata(
        ente=draw(BREVI),
        anno=draw(st.integers(2000, 2099)),
        settore=TRASVERSALI if trasversali else draw(st.sampled_from(["a", "ufficio_tecnico", "x1"])),
        denominazione=draw(BREVI),
        grado_non_consuntivato=draw(st.none() | GRADI),
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
            **{campo.chiave: draw(TESTI) for campo in schede.SETTORE},
        }
    ]
    if not comune:
        insieme["voci"] = draw(_voci(testata.settore, minimo))
    return Settore(testata, costruisci(insieme), draw(st.integers(0, 3)))


# --- ente.xlsx

CODICI = st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1, max_size=12)
FASCE = st.sampled_from(["", "raggiunto da 90; parziale da 50,5%; no da 0", "tutto da 0"])
PERCENTUALI = st.sampled_from(["", "0", "50", "99,5", " 10 % ", "100%"])
VALORI_ENTE = {
    "denominazione": BREVI,
    "anno": st.sampled_from(["2020", " 2031 "]),
    "data": st.sampled_from(["", "30/06/2021", "1.2.2021", "29-02-2020"]),
}
VALORI_PARAMETRI = {
    "media": st.sampled_from(["", MEDIA_SETTORI, MEDIA_OBIETTIVI, "Media dei settori"]),
    "non_consuntivato": PERCENTUALI,
    "fasce": FASCE,
    "tolleranza": PERCENTUALI,
}


@st.composite
def enti(draw: DrawFn) -> Tabelle:
    """The tables of an ente.xlsx with nothing to object to."""
    elenco = [
        {**dati, "settore": codice, "n_schede": n_schede}
        for codice in draw(st.lists(CODICI, min_size=1, max_size=4, unique=True))
        for dati in [draw(st.fixed_dictionaries({c.chiave: valori(c) for c in ente.SETTORI[1:-1]}))]
        for n_schede in [draw(st.none() | st.integers(0, ente.MAX_SCHEDE).map(Decimal))]
    ]
    insieme: dict[str, list[Riga]] = {
        "ente": [
            {"chiave": campo.chiave, "valore": draw(VALORI_ENTE.get(campo.chiave, TESTI))}
            for campo in ente.ENTE
        ],
        "elenco": elenco,
        "testi": draw(st.lists(riga(*ente.TESTI), max_size=4)),
        "destinatari": draw(st.lists(riga(*ente.DESTINATARI), max_size=4)),
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
    testata = Testata("Ente <&> l'Unione", 2020, settore, 'Settore "=1+1" _x0041_')
    insieme: dict[str, list[Riga]] = {
        "settori": [
            {
                "settore": settore,
                "denominazione": testata.denominazione,
                "anno": testata.anno,
                "modello": testata.modello,
                **{campo.chiave: testo for campo, testo in zip(schede.SETTORE, SCOMODI, strict=False)},
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
