"""The language of indicators: what is read, what it measures, and what it refuses (docs/metodo.md).

The golden table tests/golden/indicatori_esempio.tsv is the judgement, row by row, on the indicators of
the example. Accept a wanted change with: python -m tests.test_valori --aggiorna

tests/golden/indicatori_giudicati.tsv is what a careful Nucleo would say of everyday and awkward pairs,
by kind: the grado, or nothing where it would not measure. It is written by hand, never regenerated.
"""

import difflib
import re
import sys
import time
from collections.abc import Callable
from decimal import Decimal, localcontext
from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline import ingest, valori
from pipeline.fine import Fermato
from pipeline.numeri import arrotonda, numero, percentuale
from pipeline.tables import righe
from pipeline.valori import (
    ANNI,
    CENTO,
    DI_CONTESTO,
    ESITI,
    MAX_CARATTERI,
    NON_MISURABILE,
    PRODUZIONI,
    QUASI,
    RAGGIUNTO,
    Assente,
    Composto,
    Contesto,
    Intervallo,
    Misura,
    Numero,
    Scadenza,
    SiNo,
    Soglia,
    lessico,
    lettura,
    letture_dubbie,
    misura,
    misura_testi,
    parse_atteso,
    parse_raggiunto,
)
from pipeline.valori.__main__ import main as spiega

RADICE = Path(__file__).parent.parent
GOLDEN = Path(__file__).with_name("golden") / "indicatori_esempio.tsv"
GUIDA = RADICE / "docs" / "metodo.md"
COLONNE = (
    *("settore", "scheda", "n", "indicatore", "atteso", "raggiunto"),
    *("tipo", "grado", "rapporto", "esito", "motivo"),
)
TIPI = (Numero, Soglia, SiNo, Scadenza, Intervallo, Composto, Contesto, Assente, valori.Testo)
PROPERTY = settings(derandomize=True, deadline=None, max_examples=300)


# The example, row by row


def classification() -> list[dict[str, str]]:
    """The indicators of the example as they are judged now, every value as text."""
    tabelle = ingest.raccogli(RADICE / "input_workbooks").tabelle
    anni = {riga["settore"]: riga["anno"] for riga in righe(tabelle.settori)}
    giudizi = []
    for riga in righe(tabelle.indicatori):
        tipo, misurato = misura_testi(
            riga["atteso"], riga["raggiunto"], riga["verso"], anni[riga["settore"]]
        )
        valori_riga = (
            *(riga["settore"], riga["scheda"], riga["n"], riga["indicatore"][:60].rstrip()),
            *(riga["atteso"], riga["raggiunto"], tipo),
            *(percentuale(misurato.grado), percentuale(misurato.rapporto)),
            *(misurato.esito, misurato.motivo),
        )
        giudizi.append(dict(zip(COLONNE, map(_escaped, valori_riga), strict=True)))
    return giudizi


def _escaped(valore: object) -> str:
    return str(valore).replace("\\", r"\\").replace("\n", r"\n").replace("\t", r"\t")


def as_lines(giudizi: list[dict[str, str]]) -> list[str]:
    return ["\t".join(COLONNE), *("\t".join(giudizio.values()) for giudizio in giudizi)]


def golden() -> list[dict[str, str]]:
    righe_lette = GOLDEN.read_text(encoding="utf-8").removesuffix("\n").split("\n")[1:]
    return [dict(zip(COLONNE, riga.split("\t"), strict=True)) for riga in righe_lette]


def test_the_example_is_judged_as_agreed() -> None:
    trovate = as_lines(classification())
    attese = GOLDEN.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    differenze = "\n".join(
        riga for riga in difflib.unified_diff(attese, trovate, "agreed", "now", lineterm="", n=0)
    )
    assert not differenze, differenze


def test_every_row_of_the_example_is_there_and_says_why() -> None:
    giudizi = golden()
    assert len(giudizi) == 246
    assert {giudizio["esito"] for giudizio in giudizi} == set(ESITI)
    for giudizio in giudizi:
        assert giudizio["motivo"], giudizio
        assert bool(giudizio["grado"]) == (giudizio["esito"] not in (NON_MISURABILE, DI_CONTESTO))


def test_scheda_8_measures_60_2() -> None:
    """Declared 90 %: 80% / 64,52%, 6 / 0 and 2 / 2 say 60,2."""
    gradi = [
        misura_testi(atteso, raggiunto)[1].grado
        for atteso, raggiunto in (("80%", "64,52%"), ("6", "0"), ("2", "2"))
    ]
    assert [percentuale(grado) for grado in gradi] == ["80,65", "0,00", "100,00"]
    assert arrotonda(sum((g for g in gradi if g is not None), Decimal(0)) / 3) == Decimal("60.22")


# Everyday and awkward spellings, as a Nucleo would judge them

GIUDICATI = Path(__file__).with_name("golden") / "indicatori_giudicati.tsv"


def judged() -> list[dict[str, str]]:
    prima, *altre = GIUDICATI.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return [dict(zip(prima.split("\t"), riga.split("\t"), strict=True)) for riga in altre]


COPPIE = judged()


def grado_of(coppia: dict[str, str], forma: Callable[[str], str] = str) -> str:
    atteso, raggiunto = forma(coppia["atteso"]), forma(coppia["raggiunto"])
    return percentuale(misura_testi(atteso, raggiunto, coppia["verso"], int(coppia["anno"]))[1].grado)


@pytest.mark.parametrize("genere", list(dict.fromkeys(coppia["genere"] for coppia in COPPIE)))
def test_a_pair_is_judged_as_a_nucleo_would(genere: str) -> None:
    sbagliate = [
        f"{coppia['atteso']} / {coppia['raggiunto']}: {grado_of(coppia)} non {coppia['grado']}"
        for coppia in COPPIE
        if coppia["genere"] == genere and grado_of(coppia) != coppia["grado"]
    ]
    assert not sbagliate, "\n".join(sbagliate)


def test_no_pair_is_judged_twice() -> None:
    chiavi = [(c["atteso"], c["raggiunto"], c["verso"], c["anno"]) for c in COPPIE]
    assert len(COPPIE) == len(set(chiavi)) > 2_000


@pytest.mark.parametrize(
    "forma",
    [
        str.upper,
        str.lower,
        str.title,
        lambda testo: f" {testo}\n",
        lambda testo: re.sub(r"(?<![0-9]) | (?![0-9])", "\u00a0", testo),
        lambda testo: testo.replace(" ", "  "),
        lambda testo: testo.replace("'", "’"),
    ],
    ids=["capitals", "small", "title", "around", "hard", "double", "apostrophe"],
)
def test_blanks_and_capitals_change_nothing(forma: Callable[[str], str]) -> None:
    cambiate = [c for c in COPPIE if grado_of(c, forma) != c["grado"]]
    assert not cambiate


@pytest.mark.parametrize(
    "scritto", sorted({c[colonna] for c in COPPIE for colonna in ("atteso", "raggiunto")})
)
def test_equal_texts_are_met_or_not_measured(scritto: str) -> None:
    for verso in ("", "crescente", "decrescente"):
        grado = misura_testi(scritto, scritto, verso, 2020)[1].grado
        assert grado is None or grado == CENTO


# Pairs found in published documents


@pytest.mark.parametrize(
    ("atteso", "raggiunto", "tipo", "grado", "esito"),
    [
        ("", "48.239 (dato Monza e Brianza)", "contesto", "", "di contesto"),
        (">15", ">100", "soglia", "100,00", "raggiunto"),
        ("< 10", "<10", "soglia", "100,00", "raggiunto"),
        ("> di 5", "8", "soglia", "100,00", "raggiunto"),
        ("< di 5", "0", "soglia", "100,00", "raggiunto"),
        ("<2", "0", "soglia", "100,00", "raggiunto"),
        ("≤ 0", "5", "soglia", "0,00", "non raggiunto"),
        (">5", "0", "soglia", "0,00", "non raggiunto"),
        ("1000", "1168", "numero", "100,00", "raggiunto"),
        ("20", "1", "numero", "5,00", "parziale"),
        ("11.000", "12.141", "numero", "100,00", "raggiunto"),
        ("11000", "10822", "numero", "98,38", "parziale"),
        ("1050", "1005", "numero", "95,71", "parziale"),
        ("€ 1.500.000,00", "1.570.342,29", "numero", "100,00", "raggiunto"),
        ("Atteso 40", "52", "numero", "100,00", "raggiunto"),
        ("100%", "70%", "numero", "70,00", "parziale"),
        ("100%", "NP", "numero", "", "non misurabile"),
        ("80%", "--", "numero", "", "non misurabile"),
        ("0", "0", "numero", "", "non misurabile"),
        ("0", "--", "numero", "", "non misurabile"),
        ("Attese nessuna", "/", "numero", "", "non misurabile"),
        ("Attese", "119", "assente", "", "non misurabile"),
        ("%", "", "assente", "", "non misurabile"),
        ("A consuntivo", "", "assente", "", "non misurabile"),
        ("Si", "si", "sì/no", "100,00", "raggiunto"),
        ("Si", "No", "sì/no", "0,00", "non raggiunto"),
        ("ON", "ON", "sì/no", "100,00", "raggiunto"),
        ("Si/no", "SI", "sì/no", "100,00", "raggiunto"),
        ("SI", "No (rinviato a 2021)", "sì/no", "", "non misurabile"),
        (">2", "No", "soglia", "", "non misurabile"),
        ("1", "No", "numero", "", "non misurabile"),
        ("minimo 1 progetto attivato", "non realizzato", "soglia", "", "non misurabile"),
        ("40 +150", "121+245", "composto", "100,00", "raggiunto"),
        ("45+16+22", "45+16+22", "composto", "100,00", "raggiunto"),
        ("2 PL + 30 CDU", "1 PL + 57 CDU", "composto", "75,00", "parziale"),
        ("Almeno 80%", "95% Bellusco – 90% Mezzago", "soglia", "100,00", "raggiunto"),
        ("Almeno 80%", "85% Bellusco- 90% Mezzago", "soglia", "100,00", "raggiunto"),
        ("30 (+/- 25% Covid-19)", "187", "intervallo", "20,05", "parziale"),
        ("2 PL + 62 CDU (+/- 25% Covid-19)", "", "composto", "", "non misurabile"),
        ("Entro 2020", "SI", "scadenza", "100,00", "raggiunto"),
        ("entro 2020", "100%", "scadenza", "100,00", "raggiunto"),
        ("Entro 2021", "Entro 2021", "scadenza", "", "non misurabile"),
        ("a. entro 2020; b. entro 2021", "Lavori in corso", "composto", "", "non misurabile"),
        ("organizzazione del Cre entro giugno 2021", "", "scadenza", "", "non misurabile"),
        ("2015/2019", "2015/2019", "testo", "", "non misurabile"),
        ("2020/22", "", "testo", "", "non misurabile"),
        ("5 ≤ 0 ≤ 0 ≤ 0 ≤ 0 ≤ 0", "4 0 4 0 3", "testo", "", "non misurabile"),
        (
            "Come da piano",
            "Come da Piano e sue modificazioni e integrazioni",
            "testo",
            "",
            "non misurabile",
        ),
        ("Sopralluoghi attesi n.6", "Attività sospesa causa Covid", "numero", "", "non misurabile"),
        (
            "Vuotature attese n.2/settimana.",
            "Vengono effettuate n.2 vuotature",
            "numero",
            "",
            "non misurabile",
        ),
        ("Manutenzione del verde con n.7tagli/stagione", "SI", "testo", "", "non misurabile"),
    ],
)
def test_a_pair(atteso: str, raggiunto: str, tipo: str, grado: str, esito: str) -> None:
    trovato, misurato = misura_testi(atteso, raggiunto, anno=2020)
    assert (trovato, percentuale(misurato.grado), misurato.esito) == (tipo, grado, esito)


# Reading


@pytest.mark.parametrize(
    ("scritto", "letto", "dubbia"),
    [
        ("40", "40", False),
        ("64,52", "64.52", False),
        ("10.000", "10000", False),
        ("48.239", "48239", False),
        ("1.570.342,29", "1570342.29", False),
        ("1,570,342.29", "1570342.29", False),
        ("1,500,000", "1500000", False),
        ("64.52", "64.52", True),
        ("0.500", "0.5", True),
        ("1,000", "1", True),
        ("1'000", "1000", True),
        ("10\u202f000", "10000", True),
        ("10 mila", "10000", False),
        ("1,5 milioni", "1500000", False),
        ("-5", "-5", False),
        ("−5", "-5", False),
        ("circa 40", "40", True),
        ("due", "2", False),
        ("nessuno", "0", False),
    ],
)
def test_the_rule_of_numbers(scritto: str, letto: str, dubbia: bool) -> None:
    valore = parse_raggiunto(scritto)
    assert isinstance(valore, Numero)
    assert valore.valore == Decimal(letto)
    assert bool(valore.note) is dubbia
    assert all(f"letto {numero(Decimal(letto))}" in nota.letto for nota in valore.note)


@pytest.mark.parametrize(
    "scritto",
    [
        *(
            "1 000",
            ".5",
            ",5",
            "- 5",
            "5.2.1",
            "1.00.000",
            "10/0",
            "12:30",
            "10-20",
            "15 min",
            "½",
            "٣٤",
        ),
        *(
            "1_000",
            "5'",
            "10^3",
            "meno 5%",
            "4 0 4 0 3",
            ">= 5 <= 10",
            "entro 10",
            "29/02/2021",
            "31/02",
        ),
        *("99.125%", "2015/2019", "2020/22", "2005/2009", "Delibera n. 12", "80% entro il 30/06"),
        *(
            "SI parzialmente",
            "SI (in parte)",
            "Si è provveduto",
            "SI, da completare",
            "on-line",
            "nessun dato",
            "fatto 3 su 5 volte",
            "tutti i casi",
            "✗",
        ),
    ],
)
def test_what_has_no_single_reading_is_text(scritto: str) -> None:
    assert isinstance(parse_raggiunto(scritto), valori.Testo)


SAME = {
    "≥ 80%": (
        *("almeno 80 %", "non meno dell'80%", ">= 80%", "=>80%", "> o = 80%", "minimo 80%", "min. 80%"),
        *(
            "80% minimo",
            "almeno l’80%",
            "non inferiore all'80%",
            "maggiore o uguale a 80%",
            "ALMENO 80%",
        ),
        *(
            "superiore o uguale all'80 per cento",
            "≥80,00%",
            "uguale o superiore a 80%",
            "almeno\u00a080\u00a0%",
        ),
    ),
    "> 5": (
        ">5",
        "> di 5",
        "superiore a 5",
        "superiore ad 5",
        "oltre 5",
        "più di 5",
        "piu' di 5",
        "maggiore di 5",
    ),
    "≤ 10 gg.": (
        *("<= 10 giorni", "max 10 gg", "massimo 10 gg.", "al massimo 10 giorni", "10 giorni max"),
        *("non oltre 10 giorni", "non più di 10 gg", "entro 10 giorni", "entro il limite di 10 giorni"),
    ),
    "< 3": ("<3", "inferiore a 3", "meno di 3", "minore di 3", "sotto i 3"),
    "40": (
        "n. 40",
        "N.40",
        "n° 40",
        "nr. 40",
        "Atteso 40",
        "attesi: 40",
        "40 attesi",
        "= 40",
        "pari a 40",
        " 40. ",
    ),
    "€ 1.500,00": ("1500 €", "euro 1.500", "1.500,00 euro", "EUR 1500"),
    "SI": ("Sì", "sì", "si'", "SI’", "ON", "X", "fatto", "realizzata", "OK", "✓"),
    "NO": ("No", "no.", "OFF", "non realizzato", "non fatto", "Non ancora attivato"),
    "--": ("/", "n.d.", "N.D.", "n/d", "NP", "n.p.", "a consuntivo", "…", "...", "da definire", "#N/D"),
    "entro il 30/06/2020": (
        *("entro il 30.06.2020", "entro il 30-6-20", "entro 30 giugno 2020", "Entro giugno 2020"),
        *(
            "entro il primo semestre 2020",
            "entro il II trimestre 2020",
            "entro e non oltre il 30/06/2020",
        ),
        *("non oltre il 30 giugno 2020", "entro fine giugno 2020", "entro il 2° trimestre del 2020"),
    ),
    "entro 2020": (
        "entro il 2020",
        "Entro l'anno 2020",
        "entro la fine del 2020",
        "entro il 31/12/2020",
    ),
    "50 (+/- 25%)": ("50 +/- 25%", "50 ± 25%", "50 (± 25%)", "50 (tolleranza 25%)", "da 37,5 a 62,5"),
}


@pytest.mark.parametrize(("scritto", "altro"), [(k, v) for k, vv in SAME.items() for v in vv])
def test_equivalent_spellings_measure_alike(scritto: str, altro: str) -> None:
    raggiunti = ("0", "3", "5", "40", "79%", "80%", "9 gg", "10 giorni", "12 gg", "1500", "SI", "NO")
    for raggiunto in (*raggiunti, "15/06/2020", "agosto 2020", "37,5", "100", "", "prosa", ">100%"):
        uno, due = (misura_testi(testo, raggiunto, anno=2020) for testo in (scritto, altro))
        assert (uno[0], uno[1].grado, uno[1].esito) == (due[0], due[1].grado, due[1].esito)


@pytest.mark.parametrize(
    ("scritto", "tipo"),
    [
        ("2 PL + 62 CDU (+/- 25% Covid-19)", Intervallo),
        ("3 incontri e 2 eventi", Numero),
        ("Bellusco: 95; Mezzago: 90", Numero),
        ("a) SI b) NO", SiNo),
        ("12/05/2020; maggio 2020", Scadenza),
        ("a. entro 2020; b. entro 2021", Scadenza),
        ("40\n150", Numero),
    ],
)
def test_the_parts_of_a_compound(scritto: str, tipo: type) -> None:
    valore = parse_atteso(scritto)
    assert isinstance(valore, Composto)
    assert [type(parte) for parte in valore.parti] == [tipo, tipo]


@pytest.mark.parametrize("scritto", ["5 previsti", "attesi 5", "programmato: 5", "Si/no"])
def test_what_was_expected_is_no_result(scritto: str) -> None:
    assert not isinstance(parse_atteso(scritto), valori.Testo)
    assert isinstance(parse_raggiunto(scritto), valori.Testo)


def test_a_no_with_a_reason_is_no_target() -> None:
    assert isinstance(parse_atteso("No (salvo urgenze)"), valori.Testo)
    assert misura_testi("NO", "No (mai richiesto)")[1].grado == CENTO


@pytest.mark.parametrize(
    ("scritto", "tipo"),
    [
        ("8/10", Numero),
        ("8 su 10", Numero),
        ("15 su 12", Numero),
        ("almeno 8/10", Soglia),
        ("max 8/10", Soglia),
        ("entro 8/10", Scadenza),
        ("30/06", Scadenza),
        ("31/12", Scadenza),
        ("5/2020", Scadenza),
        ("entro 06/2020", Scadenza),
        ("1500/2020", Numero),
    ],
)
def test_a_ratio_or_a_day(scritto: str, tipo: type) -> None:
    assert type(parse_atteso(scritto)) is tipo


def test_what_a_value_keeps_besides_its_number() -> None:
    note = parse_raggiunto("48.239 (dato Monza e Brianza)")
    assert isinstance(note, Numero) and note.commento == "dato Monza e Brianza"
    unita = parse_raggiunto("12 giorni lavorativi")
    assert isinstance(unita, Numero) and (unita.unita, unita.etichetta) == ("giorni", "lavorativi")
    rapporto = parse_raggiunto("1,15 (318,27/275,37)")
    assert isinstance(rapporto, Numero) and rapporto.valore == Decimal("1.15")
    motivo = parse_raggiunto("No (rinviato a 2021)")
    assert isinstance(motivo, SiNo) and motivo.motivo == "rinviato a 2021"
    assert len(letture_dubbie("80% (+/- 5%)", "80%")) == 1
    assert [nota.letto for nota in letture_dubbie("SI", "SI (bozza)")] == ["«SI (bozza)» è letto sì"]
    assert [nota.letto for nota in letture_dubbie("64.52", "giugno 20")] == [
        "«64.52» è letto 64,52",
        "l'anno «20» è letto 2020",
    ]


@pytest.mark.parametrize(("esempio", "modello", "azione"), PRODUZIONI)
def test_each_production_describes_its_example(esempio: str, modello: str, azione: object) -> None:
    lessemi = lessico.trova_lessemi(esempio)
    forma = re.fullmatch(modello, "".join(lessema.classe for lessema in lessemi))
    assert forma and callable(azione) and azione(forma, lessemi) is not None


@pytest.mark.parametrize(
    ("classe", "forma"),
    [(classe, forma) for classe, _, forme in valori.LESSICO for forma in forme.split(" | ")],
)
def test_each_word_of_the_vocabulary_is_found(classe: str, forma: str) -> None:
    assert [lessema.classe for lessema in lessico.trova_lessemi(forma)] == [classe]


# Measuring


@pytest.mark.parametrize(
    ("atteso", "raggiunto", "anno", "grado"),
    [
        ("entro giugno 2020", "15/06/2020", 2020, "100,00"),
        ("entro giugno 2020", "maggio 2020", 2020, "100,00"),
        ("entro giugno 2020", "SI (12/05/2020)", 2020, "100,00"),
        ("entro giugno 2020", "approvato il 15/07/2020", 2020, "0,00"),
        ("entro giugno 2020", "01/07/2020", 2020, "0,00"),
        ("entro giugno 2020", "SI", 2020, "100,00"),
        ("entro giugno 2020", "NO", 2020, "0,00"),
        ("entro giugno 2020", "No (rinviato)", 2020, ""),
        ("entro giugno 2020", "70%", 2020, ""),
        ("entro giugno 2020", "in corso", 2020, ""),
        ("entro il 15/06", "giugno 2020", 2020, ""),
        ("entro il 01/06/2020", "giugno 2020", 2020, ""),
        ("entro il 30/06", "29/06", 2020, "100,00"),
        ("entro il 30/06", "01/07", 2020, "0,00"),
        ("entro febbraio", "29/02", 2020, "100,00"),
        ("entro il 28/02/2020", "29/02/2020", 2020, "0,00"),
        ("entro 2021", "", 2020, ""),
        ("entro 2021", "NO", 2020, ""),
        ("entro 2021", "NO", 2021, "0,00"),
        ("entro 2021", "NO", None, "0,00"),
        ("entro 2021", "SI", 2020, "100,00"),
        ("entro 2021", "novembre 2020", 2020, "100,00"),
        ("entro 2021", "marzo 2021", 2020, ""),
        ("entro 2021", "marzo 2021", 2021, "100,00"),
        ("entro il 30/06", "15/06/2020", None, ""),
        ("2020", "2020", 2020, "100,00"),
        ("2020", "2021", 2020, ""),
        ("2020", "1900", 2020, "94,06"),
        ("1900", "2020", 2020, "100,00"),
        ("SI, entro il 30/06/2020", "15/07/2020", 2020, "0,00"),
    ],
)
def test_deadlines(atteso: str, raggiunto: str, anno: int | None, grado: str) -> None:
    assert percentuale(misura_testi(atteso, raggiunto, anno=anno)[1].grado) == grado


@pytest.mark.parametrize(
    ("atteso", "raggiunto", "verso", "grado"),
    [
        (">15", "15", "", "99,99"),
        (">15", "14,9999999", "", "99,99"),
        ("<50", "50", "", "99,99"),
        ("≥15", "15", "", "100,00"),
        (">15", ">10", "", ""),
        (">15", ">15", "", "100,00"),
        (">15", "≥15", "", ""),
        ("≥15", ">15", "", "100,00"),
        ("40", ">10", "", ""),
        ("40", "<10", "", ""),
        ("10", "15", "decrescente", "66,67"),
        ("10", "0", "decrescente", "100,00"),
        ("< 10", "5", "crescente", ""),
        ("> 10", "5", "crescente", "50,00"),
        ("0", "0", "decrescente", "100,00"),
        ("0", "3", "decrescente", "0,00"),
        ("0", "3", "", ""),
        ("≥ 0", "3", "", ""),
        ("> 0", "0", "", "0,00"),
        ("> 0", "1", "", "100,00"),
        ("-5", "-5", "", "100,00"),
        ("-5", "-3", "", ""),
        ("-5", "-3", "decrescente", "60,00"),
        ("-5", "1", "decrescente", "0,00"),
        ("-0,5", "-0,3", "decrescente", "60,00"),
        ("-5", "-10", "crescente", "50,00"),
        ("10", "-2", "", ""),
        ("50 (+/- 25%)", "37,5", "", "100,00"),
        ("50 (+/- 25%)", "30", "", "80,00"),
        ("50 (+/- 25%)", "125", "", "50,00"),
        ("50 (+/- 25%)", "125", "crescente", "100,00"),
        ("50 (+/- 25%)", "tra 40 e 50", "", "100,00"),
        ("80%", "0,75", "", ""),
        ("80%", "12", "", ""),
        ("80", "64,52%", "", ""),
        ("80%", "8/10", "", "100,00"),
        ("8/10", "9/12", "", "93,75"),
        ("10", "8/10", "", ""),
        ("≤ 10 gg.", "12", "", "83,33"),
        ("≤ 10 gg.", "1 mese", "", ""),
        ("SI", "100%", "", "100,00"),
        ("SI", "90%", "", ""),
        ("SI", "3", "", ""),
        ("SI", "12/05/2020", "", "100,00"),
        ("100%", "SI", "", "100,00"),
        ("80%", "SI", "", ""),
        ("NO", "NO", "", "100,00"),
        ("NO", "SI", "", "0,00"),
        ("5", "12/05/2020", "", ""),
        ("40+150", "30", "", ""),
        ("40+150", "20+300", "", "75,00"),
        ("100+100", "100+99,999", "", "99,99"),
        ("40+150", "1+2+3", "", ""),
        ("40+150", "20+n.d.", "", ""),
        ("200", "121+245", "", ""),
        ("100", "121+245", "", "100,00"),
        ("2 PL + 30 CDU", "57 CDU + 1 PL", "", "75,00"),
        ("2 PL + 30 CDU", "57 SCIA + 1 PL", "", ""),
        ("almeno 80%", "95% A – 60% B", "", "87,50"),
    ],
)
def test_quantities_and_answers(atteso: str, raggiunto: str, verso: str, grado: str) -> None:
    misurato = misura_testi(atteso, raggiunto, verso, 2020)[1]
    assert percentuale(misurato.grado) == grado, misurato


def test_missing_is_never_zero() -> None:
    attesi = ("40", ">15", "SI", "entro 2020", "50 (+/- 25%)", "40 + 150", "Come da piano", "0", "NO")
    for atteso, raggiunto, verso in product(
        attesi, ("", " ", "--", "NP", "n.d.", "/"), ("", "decrescente")
    ):
        misurato = misura_testi(atteso, raggiunto, verso, 2020)[1]
        assert misurato == Misura(None, None, NON_MISURABILE, "manca il raggiunto")


def test_the_raw_ratio_stays_beside_the_capped_grado() -> None:
    misurato = misura_testi(">200", "762")[1]
    assert (misurato.grado, misurato.rapporto) == (CENTO, Decimal(381))


# Properties


AMOUNTS = st.decimals(-1000, 100_000, places=2).filter(lambda n: n not in ANNI)
VERSI = st.sampled_from(["", "crescente", "decrescente"])


@PROPERTY
@given(
    AMOUNTS,
    AMOUNTS,
    AMOUNTS,
    VERSI,
    st.sampled_from(["", "≥ ", "> ", "≤ ", "< "]),
    st.sampled_from(["", "%"]),
)
def test_monotone_bounded_and_100_exactly_when_met(
    t: Decimal, r1: Decimal, r2: Decimal, verso: str, segno: str, unita: str
) -> None:
    down = segno in ("≤ ", "< ") or (not segno and verso == "decrescente")
    assume(not segno or verso in ("", "decrescente" if down else "crescente"))
    assume(segno or verso or t >= 0)
    atteso = f"{segno}{numero(t)}{unita}"
    if t == 0 and not down and segno != "> ":
        assert misura_testi(atteso, f"{numero(r1)}{unita}", verso)[1].grado is None
        return
    gradi = []
    for r in sorted((r1, r2, t), reverse=down):
        grado = misura_testi(atteso, f"{numero(r)}{unita}", verso)[1].grado
        if r < 0 < t:  # the code of what was never reported
            assert grado is None
            continue
        met = {"≥ ": r >= t, "> ": r > t, "≤ ": r <= t, "< ": r < t}.get(
            segno, r <= t if down else r >= t
        )
        assert grado is not None and 0 <= grado <= 100
        assert (grado == 100) == met and (met or grado <= QUASI)
        gradi.append(grado)
    assert gradi == sorted(gradi)


SPELLINGS = {
    "≥ {}": ("almeno {}", "non meno di {}", ">={}", "minimo {}", "{} minimo", "> o = {}", "{} o più"),
    "> {}": ("oltre {}", "superiore a {}", "> di {}", "più di {}"),
    "≤ {}": ("max {}", "al massimo {}", "<={}", "non più di {}", "{} max", "fino a {}"),
    "< {}": ("meno di {}", "inferiore a {}", "<{}", "sotto {}"),
    "{}": ("n. {}", "Atteso {}", "{} attesi", "pari a {}", "valore atteso: {}", "{}."),
}


@PROPERTY
@given(
    st.sampled_from([(a, b) for a, bb in SPELLINGS.items() for b in bb]),
    st.decimals(0, 100_000, places=2).filter(lambda n: n not in ANNI),
    AMOUNTS,
    st.sampled_from(["", "%", " %", " euro"]),
)
def test_equivalent_spellings_measure_the_same_misura(
    forme: tuple[str, str], t: Decimal, r: Decimal, unita: str
) -> None:
    scritto = f"{numero(t)}{unita}"
    raggiunto = f"{numero(r)}{unita}"
    assert misura_testi(forme[0].format(scritto), raggiunto) == misura_testi(
        forme[1].format(scritto), raggiunto
    )


PIECES = st.sampled_from(
    [forma for _, _, forme in valori.LESSICO for forma in forme.split(" | ")]
    + [
        "(",
        ")",
        "(+/- 25% Covid-19)",
        "(rinviato a 2021)",
        "n.d.",
        "12/05/2020",
        "2020",
        "10.000",
        "64,52",
    ]
    + [
        "7",
        "40",
        "a.",
        "b.",
        "PL",
        "Bellusco",
        ".",
        "'",
        "|",
        "€",
        "1.2.3",
        "0",
        "30",
        "\n",
        "\u00a0",
        "è",
    ]
)
LANGUAGE = st.lists(PIECES, max_size=12).map(" ".join) | st.lists(PIECES, max_size=12).map("".join)
CELLS = LANGUAGE | st.text(max_size=40) | st.text(alphabet="0123456789.,%<>=+-/()ab ", max_size=30)


QUANTITA = st.sampled_from(
    ["{}", "n. {}", "{} CDU", "{}%", "{} €", "{} giorni", "{} al mese", "+ {}", "voto medio {}", "{} h"]
)
MASSIMI = ("max {}", "{} (max)", "entro {}", "{} o meno")
LIMITI = st.sampled_from(["{}", "almeno {}", "{} (minimo)", "> {}", *MASSIMI])


@PROPERTY
@given(QUANTITA, LIMITI, st.integers(1, 999), st.integers(0, 999), st.integers(0, 999), VERSI)
def test_more_is_never_worse_where_more_is_better(
    cosa: str, limite: str, t: int, r1: int, r2: int, verso: str
) -> None:
    atteso = limite.format(cosa.format(t))
    minore, maggiore = (misura_testi(atteso, cosa.format(r), verso)[1].grado for r in sorted((r1, r2)))
    for grado in (minore, maggiore):
        assert grado is None or 0 <= grado <= CENTO
    if limite in MASSIMI or (limite == "{}" and verso == "decrescente"):
        minore, maggiore = maggiore, minore
    if minore is not None and maggiore is not None:
        assert minore <= maggiore


# Why: python -m pipeline.valori


def test_the_explanation_of_a_pair() -> None:
    detto = spiega(["30 gg (max)", "45", "-", "2020"])
    for riga in ("forma       nul", "come «5 errori max»", "verso decrescente, valore 30, unita giorni"):
        assert riga in detto
    assert "grado       66,67" in detto and "atteso diviso raggiunto" in detto
    assert "Raggiunto" not in spiega(["almeno l'80 %"])
    for argomenti in ([], ["a", "b", "su"], ["a", "b", "-", "x"], ["a", "b", "-", "2020", "c"]):
        with pytest.raises(Fermato, match="uso:"):
            spiega(argomenti)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(CELLS, CELLS)
def test_any_pair_has_an_explanation(atteso: str, raggiunto: str) -> None:
    assert "Misura" in spiega([atteso, raggiunto])


@pytest.mark.parametrize("anno", [-1, 0, 10_000])
def test_a_year_that_no_calendar_has_gives_no_deadline(anno: int) -> None:
    assert misura_testi("gennaio", "", "", anno)[1].esito == NON_MISURABILE


@pytest.mark.lento
@settings(derandomize=True, deadline=None, max_examples=1500)
@given(CELLS, CELLS, VERSI, st.none() | st.integers(-5, 12_000))
def test_any_text_has_an_answer(atteso: str, raggiunto: str, verso: str, anno: int | None) -> None:
    tipo, misurato = misura_testi(atteso, raggiunto, verso, anno)
    assert tipo in {classe.tipo for classe in TIPI}
    assert misurato.esito in ESITI
    assert (misurato.grado is None) == (misurato.esito in (NON_MISURABILE, DI_CONTESTO))
    assert misurato.grado is None or 0 <= misurato.grado <= 100
    assert (misurato.grado == 100) == (misurato.esito == RAGGIUNTO)
    assert misurato.motivo and "\n" not in misurato.motivo and len(misurato.motivo) < 250


@PROPERTY
@given(CELLS)
def test_a_parse_depends_on_its_text_alone(testo: str) -> None:
    letto = parse_atteso(testo), parse_raggiunto(testo)
    lettura._atteso.cache_clear()
    lettura._raggiunto.cache_clear()
    lettura._forme.cache_clear()
    with localcontext() as contesto:
        contesto.prec = 3
        assert (parse_atteso(testo), parse_raggiunto(testo)) == letto
        assert parse_atteso(f"  {testo}\t") == letto[0]
    assert hash(letto[0]) == hash(parse_atteso(testo))


@pytest.mark.parametrize(
    "pezzo",
    [
        *(
            "9",
            "9.",
            "9,",
            "9 ",
            "9'",
            "(",
            ")",
            "((",
            "()",
            ">",
            "> ",
            "≤ 0 ",
            "+",
            "1+",
            "1 + ",
            "- ",
            "a. ",
        ),
        *(
            "a) 1 b) ",
            "entro ",
            "entro i ",
            "di ",
            "i ",
            "n ",
            "n° ",
            "SI ",
            "no ",
            "non ",
            "%",
            "è",
            "\u0301",
        ),
        *(
            "1/",
            "1/1 ",
            "12/05/2020 ",
            "(+/- 25%) ",
            "'",
            ".",
            "\n",
            "1 e ",
            "9999.999.",
            "attesi ",
            ": ",
            "🙂",
        ),
    ],
)
def test_long_cells_do_not_hang(pezzo: str) -> None:
    inizio = time.perf_counter()
    for lunghezza in (MAX_CARATTERI - 1, MAX_CARATTERI, 10_000):
        testo = (pezzo * lunghezza)[:lunghezza]
        for scritto in (testo, f"{testo[:-1]}x", f"40{testo[2:]}"):
            misura_testi(scritto, scritto, anno=2020)
    assert time.perf_counter() - inizio < 1


def test_a_long_cell_is_prose() -> None:
    assert parse_raggiunto("1" * 10_000) == valori.Testo()
    assert isinstance(parse_raggiunto("1" * MAX_CARATTERI), Numero)


def test_values_are_plain_data() -> None:
    for testo in ("40", ">15", "SI", "entro 2020", "50 (+/- 25%)", "40 + 150", "", "--", "prosa"):
        valore = parse_atteso(testo)
        assert valore == parse_atteso(testo) and hash(valore) == hash(parse_atteso(testo))
        assert misura(valore, parse_raggiunto(testo)).esito in ESITI
    assert len({classe.tipo for classe in TIPI}) == len(TIPI)


# The guide


def guide_tables() -> dict[tuple[str, ...], list[dict[str, str]]]:
    """The tables of docs/metodo.md by their heading, without code marks; "cella vuota" is ""."""
    tabelle: dict[tuple[str, ...], list[dict[str, str]]] = {}
    blocchi = re.findall(r"(?:^\|.*\|\n)+", GUIDA.read_text(encoding="utf-8"), re.MULTILINE)
    for blocco in blocchi:
        prima, _, *altre = [_cells(riga) for riga in blocco.splitlines()]
        tabelle.setdefault(tuple(prima), []).extend(
            dict(zip(prima, riga, strict=True)) for riga in altre
        )
    return tabelle


def _cells(riga: str) -> list[str]:
    celle = [cella.strip().replace("`", "") for cella in riga.strip("|\n").split(" | ")]
    return ["" if cella == "cella vuota" else cella for cella in celle]


def test_the_examples_of_the_guide_are_true() -> None:
    esempi = guide_tables()["valore atteso", "raggiunto", "tipo", "grado", "perché"]
    for esempio in esempi:
        tipo, misurato = misura_testi(esempio["valore atteso"], esempio["raggiunto"], anno=2020)
        assert (tipo, percentuale(misurato.grado) or "–", misurato.motivo) == (
            esempio["tipo"],
            esempio["grado"],
            esempio["perché"],
        )
    assert {esempio["tipo"] for esempio in esempi} == {classe.tipo for classe in TIPI}
    assert {"100,00", "0,00", "–"} < {esempio["grado"] for esempio in esempi}


def test_the_kinds_of_the_guide_are_those_of_the_code() -> None:
    tipi = guide_tables()["tipo", "come si scrive", "come si misura"]
    assert [riga["tipo"] for riga in tipi] == [classe.tipo for classe in TIPI]
    for riga in tipi:
        for esempio in riga["come si scrive"].split(" · "):
            assert parse_atteso(esempio).tipo == riga["tipo"], esempio


def test_the_numbers_of_the_guide_are_read_so() -> None:
    for riga in guide_tables()["scritto", "letto", "segnalato"]:
        valore = parse_raggiunto(riga["scritto"])
        if riga["letto"] == "non si legge":
            assert isinstance(valore, valori.Testo)
        else:
            assert isinstance(valore, Numero) and numero(valore.valore) == riga["letto"].rstrip("%")
            assert riga["segnalato"] == ("sì" if valore.note else "no")


def test_the_doubtful_rows_of_the_guide_are_those_of_the_example() -> None:
    giudizi = {(g["settore"], g["scheda"], g["n"]): g for g in golden()}
    dubbie = guide_tables()["settore", "scheda", "n.", "atteso", "raggiunto", "grado", "scelta"]
    assert dubbie
    for riga in dubbie:
        giudizio = giudizi[riga["settore"], riga["scheda"], riga["n."]]
        for colonna in ("atteso", "raggiunto"):
            assert giudizio[colonna].startswith(riga[colonna].removesuffix("…"))
        assert riga["grado"] == (giudizio["grado"] or "–")


if __name__ == "__main__":
    if sys.argv[1:] != ["--aggiorna"]:
        sys.exit("uso: python -m tests.test_valori --aggiorna")
    GOLDEN.write_text("\n".join(as_lines(classification())) + "\n", encoding="utf-8")
