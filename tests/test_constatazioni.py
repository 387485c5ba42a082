"""Headings by rule and short codes: what the figures say, also when there is little to say."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pipeline import run
from pipeline.documents import cifre
from pipeline.documents.atti import campi
from pipeline.documents.relazione import constatazioni, nucleo
from pipeline.documents.word.blocchi import senza_segni
from pipeline.score import Confronto, Imbuto, SettoreValutato
from pipeline.sigle import sigle
from pipeline.tables import Fascia, costruisci

D = Decimal


def settori(*gradi: str | None) -> list[SettoreValutato]:
    return [
        SettoreValutato(
            *(str(n), f"Settore {n}", None, 1, 1, 0, D(1), D(1)),
            *(None if grado is None else D(grado), None, ""),
        )
        for n, grado in enumerate(gradi, start=1)
    ]


@pytest.mark.parametrize(
    ("gradi", "detto"),
    [
        ([], "nessun settore ha una percentuale"),
        ([None, None], "nessun settore ha una percentuale"),
        (["99.08"], "Settore 1 99,08 %"),
        (["100", "100"], "tutti i settori al 100 %"),
        (["80", "80", None], "tutti i settori all'80 %; 1 senza percentuale"),
        (
            ["99.08", "99.75", "100", "87.71"],
            "tre settori su quattro con almeno il 99 %, Settore 4 all'87,71 %",
        ),
        (["100", "100", "50"], "due settori su tre al 100 %, Settore 3 al 50 %"),
        (["70", "72"], "due settori fra 70 e 72 %"),
        ([str(60 + n) for n in range(40)], "40 settori fra 60 e 99 %"),
    ],
)
def test_the_results_in_a_heading(gradi: list[str | None], detto: str) -> None:
    trovato = constatazioni.dei_settori(settori(*gradi))
    assert trovato.replace("\N{NO-BREAK SPACE}", " ") == detto


@pytest.mark.parametrize(
    ("coppie", "detto"),
    [
        ([], "Dichiarato e misurato non si possono confrontare"),
        ([("100", "100")], "Dichiarato e misurato coincidono"),
        ([("100", "100"), ("90", "90")], "Dichiarato e misurato coincidono in tutti i settori"),
        ([("90", "95"), ("90", "90")], "In nessun settore gli indicatori dicono meno del dichiarato"),
        (
            [("90", "80")],
            "Gli indicatori dicono meno del dichiarato nell'unico settore confrontato: in A, 10 punti "
            "su 1 obiettivo",
        ),
        (
            [("90", "80"), ("100", "50"), ("90", "90")],
            "Gli indicatori dicono meno del dichiarato in due settori su tre: lo scarto maggiore "
            "è in B, 50 punti su 1 obiettivo",
        ),
    ],
)
def test_declared_against_measured_in_a_caption(coppie: list[tuple[str, str]], detto: str) -> None:
    confronti = [
        (nome, Confronto(nome, 1, 1, D(dichiarato), D(misurato)))
        for nome, (dichiarato, misurato) in zip("ABC", coppie, strict=False)
    ]
    assert constatazioni.del_confronto(confronti) == detto


@pytest.mark.parametrize(
    ("imbuto", "detto"),
    [
        ((0, 0, 0, 0, 0), "Nessun indicatore"),
        ((1, 0, 0, 0, 0), "L'unico indicatore non si misura"),
        ((27, 0, 0, 0, 0), "Nessuno dei 27 indicatori si misura"),
        ((1, 1, 1, 1, 1), "L'unico indicatore si misura; 1 ha raggiunto il valore atteso"),
        ((8, 8, 8, 8, 8), "Si misurano tutti gli 8 indicatori; tutti hanno raggiunto il valore atteso"),
        (
            (246, 191, 175, 115, 89),
            "Si misurano 115 indicatori su 246; 89 hanno raggiunto il valore atteso",
        ),
        ((9, 5, 4, 1, 0), "Si misura 1 indicatore su 9; nessuno ha raggiunto il valore atteso"),
    ],
)
def test_the_funnel_in_a_heading(imbuto: tuple[int, ...], detto: str) -> None:
    assert constatazioni.dell_imbuto(Imbuto(*imbuto)) == detto


@pytest.mark.parametrize(
    ("conti", "detto"),
    [
        ([0, 0], "Nessun obiettivo ha una fascia"),
        ([1, 0], "L'unico obiettivo è nella fascia «alta»"),
        ([31, 0], "Tutti i 31 obiettivi sono nella fascia «alta»"),
        ([3, 28], "28 obiettivi distinti su 31 sono nella fascia «bassa»"),
    ],
)
def test_the_fasce_in_a_heading(conti: list[int], detto: str) -> None:
    fasce = (Fascia("alta", D(90)), Fascia("bassa", D(0)))
    assert constatazioni.delle_fasce(fasce, conti) == detto


@pytest.mark.parametrize(
    ("misurati", "tutti", "detto"),
    [
        (3, 4, "solida ●●●"),
        (74, 100, "parziale ●●○"),
        (1, 4, "parziale ●●○"),
        (24, 100, "debole ●○○"),
        (0, 9, "nessuna ○○○"),
        (0, 0, "nessuna ○○○"),
    ],
)
def test_how_solid_a_measure_is(misurati: int, tutti: int, detto: str) -> None:
    assert cifre.base(misurati, tutti).replace("\N{NO-BREAK SPACE}", " ") == detto


@pytest.mark.parametrize(
    ("nomi", "attese"),
    [
        (["Affari generali", "Istruzione – Socio educativo", "Segretario"], ["AG", "IS", "SG"]),
        (["Settore 1", "Settore 2", "Settore 12"], ["S1", "S2", "S12"]),
        (["Settore Tecnico", "Settore Ragioneria"], ["TC", "RG"]),
        (["Settore 1 – Affari generali", "Settore 2 – Tributi"], ["AG", "TR"]),
        (["Area amministrativa", "Attività artistiche"], ["AA", "AR"]),
        (["", "1", "x"], ["ST", "S1", "X1"]),
    ],
)
def test_the_code_of_a_settore(nomi: list[str], attese: list[str]) -> None:
    assert list(sigle({str(n): nome for n, nome in enumerate(nomi)}).values()) == attese


def test_no_two_settori_have_the_same_code_nor_that_of_the_trasversali() -> None:
    nomi = {str(n): f"Gestione {'del territorio' if n % 2 else 'tributi'}" for n in range(40)}
    date = list(sigle(nomi).values())
    assert len({*date}) == 40 and "T" not in date


@pytest.mark.parametrize(
    ("titolo", "nominata"),
    [
        ("Prevenzione della corruzione", True),
        ("Piano anticorruzione.", True),
        ("Misure anti-corruzione", True),
        ("Trasparenza, legalità", True),
        ("Obblighi di TRASPARENZA/pubblicazione", True),
        ("Contrasto all'illegalità edilizia", False),
        ("Sfalcio del verde", False),
    ],
)
def test_an_obiettivo_is_of_anticorruzione_by_the_same_rule_in_relazione_and_acts(
    esempio: run.Esito, titolo: str, nominata: bool
) -> None:
    assert esempio.fascicolo is not None
    schede = [{**s, "titolo": titolo} for s in esempio.fascicolo.righe.schede.di("affari_generali")[:1]]
    tabelle = replace(esempio.fascicolo.tabelle, schede=costruisci({"schede": schede}).schede)
    fascicolo = replace(esempio.fascicolo, tabelle=tabelle)
    della_relazione = dict(nucleo._controlli(fascicolo))["Anticorruzione e trasparenza"]
    dell_atto = campi.comuni(fascicolo).semplici["anticorruzione"]
    assert della_relazione.startswith("La nominano") == nominata
    assert dell_atto.startswith("Le nominano") == nominata


def test_the_own_obiettivi_and_those_that_lower_the_mean_are_told(esempio: run.Esito) -> None:
    """The figure is that of `score`, which the consolidato has too."""
    fascicolo = esempio.fascicolo
    assert fascicolo is not None
    dette = {
        s.settore: senza_segni(" ".join(constatazioni.del_settore(fascicolo, s)))
        for s in fascicolo.settori
    }
    tecnico, polizia = dette["ufficio_tecnico"], dette["polizia_locale"]
    assert "I soli propri sono all'80,89\N{NO-BREAK SPACE}%." in tecnico
    assert "Abbassano la media UT" in tecnico and "(50\N{NO-BREAK SPACE}%)" in tecnico
    assert "soli propri" not in polizia and "Abbassano" not in polizia


@pytest.mark.parametrize(
    ("grado", "detto"), [("99.08", "al 99,08"), ("87", "all'87"), ("11", "all'11"), ("0", "allo 0")]
)
def test_a_percentage_has_its_article(grado: str, detto: str) -> None:
    assert constatazioni._al(D(grado)) == f"{detto}\N{NO-BREAK SPACE}%"
