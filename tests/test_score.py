"""The rules of the means: what counts, with which peso, and how it is rounded (docs/metodo.md)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from conftest import ESEMPIO
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline import ingest
from pipeline.numeri import arrotonda, percentuale
from pipeline.score import Valutazione, fascia, valuta
from pipeline.tables import (
    MEDIA_OBIETTIVI,
    MEDIA_SETTORI,
    NON_CONSUNTIVATO,
    STATI,
    TRASVERSALI,
    VALUTATO,
    Fascia,
    Parametri,
    Riga,
    Tabelle,
    costruisci,
    righe,
    tabella,
)

VUOTE = costruisci({})
EXCLUDED = [stato for stato in STATI if stato != VALUTATO]
FASCE = (
    Fascia("raggiunto", Decimal(90)),
    Fascia("parzialmente raggiunto", Decimal(50)),
    Fascia("non raggiunto", Decimal(0)),
)

rules = settings(max_examples=20, deadline=None, derandomize=True)


def numero(valore: object) -> Decimal | None:
    return None if valore is None else Decimal(str(valore))


def voce(grado: object = None, peso: object = None, stato: str = VALUTATO, **altro: Any) -> Riga:
    nucleo = numero(altro.pop("nucleo", None))
    return {
        "grado_dichiarato": numero(grado),
        "grado_nucleo": nucleo,
        "peso": numero(peso),
        "stato": stato,
        **altro,
    }


def ente(
    settori: dict[str, list[Riga]],
    schede: dict[tuple[str, int], object] | None = None,
    pesi: dict[str, object] | None = None,
) -> Tabelle:
    """The tables of an ente from the voci of its settori, the gradi of schede, the settori's pesi."""
    pesi = pesi or {}
    voci: list[Riga] = [
        {"settore": settore, "n": n, **sua}
        for settore, sue in settori.items()
        for n, sua in enumerate(sue, start=1)
    ]
    gradi = [
        {"settore": settore, "scheda": scheda, "grado_dichiarato": numero(grado)}
        for (settore, scheda), grado in (schede or {}).items()
    ]
    elenco = [{"settore": settore, "peso": numero(pesi.get(settore))} for settore in settori]
    return replace(
        VUOTE,
        voci=tabella("voci", voci),
        schede=tabella("schede", gradi),
        elenco=tabella("elenco", elenco),
    )


def grado_di(*voci: Riga, parametri: Parametri | None = None, **schede: object) -> Decimal | None:
    """The grado of a settore with these voci; `s1=80` is the grado of its scheda 1."""
    gradi = {("a", int(nome[1:])): grado for nome, grado in schede.items()}
    valutazione = valuta(ente({"a": list(voci)}, gradi), parametri or Parametri())
    return solo(valutazione)["grado"]


def solo(valutazione: Valutazione) -> Riga:
    """The one settore."""
    [settore] = righe(valutazione.settori)
    return settore


# --- the published figures


@pytest.fixture(scope="module")
def example() -> Valutazione:
    raccolta = ingest.raccogli(ESEMPIO)
    return valuta(raccolta.tabelle, raccolta.parametri)


@pytest.mark.parametrize(
    ("settore", "pubblicata", "somma", "valutati", "obiettivi"),
    [
        ("affari_generali", "99,08", 1288, 13, 14),
        ("economico_finanziaria", "99,75", 798, 8, 8),
        ("istruzione_socio_educativo", "100,00", 800, 8, 8),
        ("ufficio_tecnico", "87,71", 1228, 14, 15),
        ("polizia_locale", "100,00", 700, 7, 7),
        ("segretario", "100,00", 600, 6, 6),
    ],
)
def test_the_published_figure_of_each_settore(
    settore: str, pubblicata: str, somma: int, valutati: int, obiettivi: int, example: Valutazione
) -> None:
    [riga] = [riga for riga in righe(example.settori) if riga["settore"] == settore]
    assert percentuale(riga["grado"]) == pubblicata
    assert (riga["somma_pesata"], riga["somma_pesi"]) == (somma, valutati)
    assert (riga["obiettivi"], riga["valutati"]) == (obiettivi, valutati)
    assert riga["esclusi"] == obiettivi - valutati


def test_the_two_means_of_the_ente(example: Valutazione) -> None:
    assert percentuale(example.media_settori) == "97,76"
    assert percentuale(example.media_obiettivi) == "94,00"
    assert example.regola == MEDIA_SETTORI
    assert example.ente == example.media_settori


def test_the_trasversali_are_no_settore_of_the_mean(example: Valutazione) -> None:
    assert TRASVERSALI not in set(example.settori["settore"])


# --- rounding


def test_a_half_is_rounded_up_once_at_the_end() -> None:
    grado = grado_di(*[voce(100)] * 6, *[voce(84)] * 8, voce(85), voce(85))
    assert grado == Decimal(1442) / 16 == Decimal("90.125")
    assert percentuale(grado) == "90,13"


@pytest.mark.parametrize(
    ("valore", "scritto"),
    [
        ("90.125", "90,13"),
        ("2.675", "2,68"),
        ("99.995", "100,00"),
        ("0.005", "0,01"),
        ("0.0049", "0,00"),
    ],
)
def test_halves_go_up_whatever_the_binary_float(valore: str, scritto: str) -> None:
    assert percentuale(Decimal(valore)) == scritto


def test_means_of_means_are_not_rounded_on_the_way() -> None:
    """(100/3 + 200/3) / 2 is 50: two rounded means would give 50,01 or 49,99."""
    un_terzo, due_terzi = [voce(100), voce(0), voce(0)], [voce(100), voce(100), voce(0)]
    valutazione = valuta(ente({"a": un_terzo, "b": due_terzi}), Parametri())
    assert valutazione.media_settori == 50


def test_a_mean_of_schede_is_not_rounded_on_the_way() -> None:
    """(3 x 100/3 + 0,08) / 16 is 6,255 exactly, so 6,26."""
    grado = grado_di(voce(peso=3, schede="1,2,3"), voce("0.08", 1), voce(0, 12), s1=100, s2=0, s3=0)
    assert percentuale(grado) == "6,26"


# --- missing is not zero


def test_nothing_valued_has_no_grado() -> None:
    assert grado_di() is None
    assert grado_di(voce(stato="rinviato"), voce(stato="sospeso")) is None
    assert percentuale(None) == ""


def test_an_ente_with_nothing_valued_has_no_mean() -> None:
    valutazione = valuta(ente({"a": [voce(stato="rinviato")], "b": []}), Parametri())
    assert valutazione.media_settori is None
    assert valutazione.media_obiettivi is None
    assert valutazione.ente is None


def test_a_grado_of_zero_counts() -> None:
    assert grado_di(voce(0)) == 0
    assert grado_di(voce(0), voce(100)) == 50


def test_a_settore_without_grado_leaves_the_mean_of_the_ente() -> None:
    valutazione = valuta(ente({"a": [voce(80)], "b": [voce(stato="rinviato")]}), Parametri())
    assert valutazione.media_settori == 80


# --- what is excluded


@pytest.mark.parametrize("stato", EXCLUDED)
def test_an_excluded_voce_leaves_numerator_and_pesi(stato: str) -> None:
    valutazione = valuta(ente({"a": [voce(80, 1), voce(0, 9, stato), voce(90, 1)]}), Parametri())
    settore = solo(valutazione)
    assert (settore["grado"], settore["somma_pesi"], settore["somma_pesata"]) == (85, 2, 170)
    assert (settore["valutati"], settore["esclusi"], settore["obiettivi"]) == (2, 1, 3)


@pytest.mark.parametrize("stato", [*EXCLUDED, ""])
def test_an_excluded_voce_says_why(stato: str) -> None:
    [riga] = righe(valuta(ente({"a": [voce(80, stato=stato)]}), Parametri()).voci)
    assert not riga["conta"]
    assert riga["grado"] is None
    assert riga["motivo"] == (stato or "stato mancante o non leggibile")


def test_a_voce_valued_without_grado_says_so_and_leaves_the_mean() -> None:
    tabelle = ente({"a": [voce(), voce(60)]})
    valutazione = valuta(tabelle, Parametri())
    assert [riga["motivo"] for riga in righe(valutazione.voci)] == ["grado mancante", ""]
    assert solo(valutazione)["grado"] == 60


def test_the_parametro_gives_non_consuntivati_a_grado() -> None:
    parametri = Parametri(grado_non_consuntivato=Decimal(50))
    voci = [voce(100), voce(stato=NON_CONSUNTIVATO)]
    assert grado_di(*voci) == 100
    assert grado_di(*voci, parametri=parametri) == 75
    [_, riga] = righe(valuta(ente({"a": voci}), parametri).voci)
    assert (riga["grado"], riga["origine"], riga["motivo"]) == (50, "parametro", "")


def test_a_parametro_of_zero_is_a_grado() -> None:
    parametri = Parametri(grado_non_consuntivato=Decimal(0))
    assert grado_di(voce(100), voce(stato=NON_CONSUNTIVATO), parametri=parametri) == 50


@pytest.mark.parametrize("stato", [s for s in EXCLUDED if s != NON_CONSUNTIVATO])
def test_the_parametro_is_for_no_other_stato(stato: str) -> None:
    parametri = Parametri(grado_non_consuntivato=Decimal(50))
    assert grado_di(voce(100), voce(stato=stato), parametri=parametri) == 100


# --- where a grado comes from


@pytest.mark.parametrize(
    ("sua", "grado", "origine"),
    [
        (voce(80, nucleo=70, schede="1"), 70, "Nucleo"),
        (voce(80, nucleo=0, schede="1"), 0, "Nucleo"),
        (voce(80, schede="1"), 80, "dichiarato"),
        (voce(0, schede="1"), 0, "dichiarato"),
        (voce(schede="1"), 60, "schede"),
        (voce(schede="1, 2"), 75, "schede"),
        (voce(schede="1; 2"), 75, "schede"),
        (voce(schede="1+2"), 75, "schede"),
        (voce(schede="1, 3"), 60, "schede"),
        (voce(schede="3"), None, ""),
        (voce(schede="t1"), 40, "schede"),
        (voce(schede="vedi 1"), None, ""),
    ],
)
def test_nucleo_prevails_over_declared_over_the_mean_of_the_schede(
    sua: Riga, grado: int | None, origine: str
) -> None:
    schede = {("a", 1): 60, ("a", 2): 90, ("a", 3): None, (TRASVERSALI, 1): 40}
    [riga] = righe(valuta(ente({"a": [sua]}, schede), Parametri()).voci)
    assert (riga["grado"], riga["origine"]) == (grado, origine)


def test_a_scheda_named_twice_counts_once() -> None:
    assert grado_di(voce(schede="1, 1, 2"), s1=100, s2=50) == 75


# --- pesi


def test_the_pesi_weigh() -> None:
    assert grado_di(voce(100, 3), voce(0, 1)) == 75


def test_a_peso_of_zero_counts_for_nothing() -> None:
    assert grado_di(voce(100, 0), voce(40, 2)) == 40


def test_without_pesi_every_voce_weighs_one() -> None:
    assert grado_di(voce(100), voce(50)) == 75


@pytest.mark.parametrize("stato", STATI)
def test_with_only_some_pesi_there_is_no_mean(stato: str) -> None:
    assert grado_di(voce(100, 1), voce(50, None, stato)) is None


def test_pesi_that_sum_to_zero_give_no_mean() -> None:
    assert grado_di(voce(100, 0), voce(50, 0)) is None
    assert grado_di(voce(100, 0), voce(50, 4, "rinviato")) is None


def test_a_settore_without_mean_leaves_both_means_of_the_ente() -> None:
    partial = [voce(100, 1), voce(0)]
    valutazione = valuta(ente({"a": partial, "b": [voce(60, 1)]}), Parametri())
    assert (valutazione.media_settori, valutazione.media_obiettivi) == (60, 60)


def test_the_settori_weigh_by_ente_xlsx() -> None:
    settori = {"a": [voce(100)], "b": [voce(50)]}
    assert valuta(ente(settori, pesi={"a": 3, "b": 1}), Parametri()).media_settori == Decimal("87.5")


def test_pesi_of_only_some_settori_do_not_count() -> None:
    settori = {"a": [voce(100)], "b": [voce(50)]}
    assert valuta(ente(settori, pesi={"a": 3}), Parametri()).media_settori == 75


def test_the_parametro_picks_the_published_mean() -> None:
    tabelle = ente({"a": [voce(100)], "b": [voce(40), voce(40)]})
    assert valuta(tabelle, Parametri()).ente == 70
    assert valuta(tabelle, Parametri(regola_media=MEDIA_OBIETTIVI)).ente == 60


# --- trasversali


def test_a_trasversale_counts_once_among_the_distinct_obiettivi() -> None:
    """100 in three settori and one own voce of 0 each: 100/4 of the distinct, 50 of the settori."""
    settori = {nome: [voce(100, schede="T1"), voce(0)] for nome in "abc"}
    valutazione = valuta(ente(settori), Parametri())
    assert (valutazione.media_settori, valutazione.media_obiettivi) == (50, 25)


def test_a_trasversale_excluded_somewhere_counts_once_among_the_others() -> None:
    settori = {
        "a": [voce(100, schede="T1"), voce(0)],
        "b": [voce(80, schede="t 1")],
        "c": [voce(0, None, "rinviato", schede="T1")],
    }
    assert valuta(ente(settori), Parametri()).media_obiettivi == 45


def test_different_trasversali_are_different_obiettivi() -> None:
    settori = {"a": [voce(100, schede="T1")], "b": [voce(0, schede="T2")], "c": [voce(20, schede="T2")]}
    assert valuta(ente(settori), Parametri()).media_obiettivi == 55


@rules
@given(
    grado=st.decimals(0, 100, places=2),
    propri=st.lists(st.lists(st.decimals(0, 100, places=2), max_size=3), min_size=1, max_size=4),
)
def test_the_mean_of_distinct_obiettivi_is_that_of_a_single_list(
    grado: Decimal, propri: list[list[Decimal]]
) -> None:
    settori = {
        f"s{posto}": [voce(grado, schede="T1"), *map(voce, gradi)] for posto, gradi in enumerate(propri)
    }
    distinti = [grado, *(g for gradi in propri for g in gradi)]
    media = valuta(ente(settori), Parametri()).media_obiettivi
    assert media == media_di(distinti)


def media_di(gradi: list[Decimal]) -> Decimal:
    return sum(gradi, Decimal(0)) / len(gradi)


# --- fasce


@pytest.mark.parametrize(
    ("grado", "attesa"),
    [
        ("100", "raggiunto"),
        ("90", "raggiunto"),
        ("89.9999999", "parzialmente raggiunto"),
        ("50", "parzialmente raggiunto"),
        ("49.999", "non raggiunto"),
        ("0", "non raggiunto"),
    ],
)
def test_a_fascia_holds_its_threshold_and_not_the_next(grado: str, attesa: str) -> None:
    assert fascia(Decimal(grado), FASCE) == attesa


def test_the_fascia_looks_at_the_unrounded_value() -> None:
    settore = solo(valuta(ente({"a": [voce("89.99"), voce(90), voce(90)]}), Parametri(fasce=FASCE)))
    assert percentuale(settore["grado"]) == "90,00"
    assert settore["fascia"] == "parzialmente raggiunto"


def test_no_grado_or_no_fasce_no_fascia() -> None:
    assert fascia(None, FASCE) == ""
    assert fascia(Decimal(80), ()) == ""


# --- what holds for any ente

GRADI = st.decimals(0, 100, places=2)
PESI = st.decimals(0, 100, places=1)


@st.composite
def voci(draw: st.DrawFn, con_pesi: bool) -> Riga:
    sua = voce(
        draw(st.none() | GRADI),
        draw(PESI) if con_pesi else None,
        draw(st.sampled_from([VALUTATO, VALUTATO, *STATI])),
        nucleo=draw(st.none() | GRADI),
    )
    return {**sua, "schede": draw(st.sampled_from(["", "1", "T1", "T2", "1, T1"]))}


@st.composite
def enti(draw: st.DrawFn) -> tuple[dict[str, list[Riga]], dict[str, object]]:
    """Settori with their voci, each settore with all the pesi or with none; pesi of the settori."""
    nomi = draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True))
    settori = {
        nome: draw(st.lists(voci(con_pesi=draw(st.booleans())), min_size=1, max_size=5)) for nome in nomi
    }
    pesati = draw(st.booleans())
    return settori, {nome: draw(PESI) if pesati else None for nome in nomi}


def figures(valutazione: Valutazione) -> tuple[dict[str, Decimal | None], object, object]:
    """The grado of each settore by name, and the two means."""
    gradi = {riga["settore"]: riga["grado"] for riga in righe(valutazione.settori)}
    return gradi, valutazione.media_settori, valutazione.media_obiettivi


@rules
@given(enti())
def test_a_mean_lies_within_the_gradi_it_comes_from(
    drawn: tuple[dict[str, list[Riga]], dict[str, object]],
) -> None:
    valutazione = valuta(ente(*drawn[:1], pesi=drawn[1]), Parametri())
    tutti = [riga["grado"] for riga in righe(valutazione.voci) if riga["conta"]]
    for settore in righe(valutazione.settori):
        propri = [
            riga["grado"]
            for riga in righe(valutazione.voci)
            if riga["conta"] and riga["settore"] == settore["settore"]
        ]
        if settore["grado"] is not None:
            assert min(propri) <= settore["grado"] <= max(propri)
    for media in (valutazione.media_settori, valutazione.media_obiettivi):
        assert media is None or min(tutti) <= media <= max(tutti)


@rules
@given(drawn=enti(), data=st.data())
def test_the_order_of_rows_and_settori_is_irrelevant(
    drawn: tuple[dict[str, list[Riga]], dict[str, object]], data: st.DataObject
) -> None:
    settori, pesi = drawn
    mescolati = {
        nome: data.draw(st.permutations(settori[nome]))
        for nome in data.draw(st.permutations([*settori]))
    }
    prima = figures(valuta(ente(settori, pesi=pesi), Parametri()))
    assert figures(valuta(ente(mescolati, pesi=pesi), Parametri())) == prima


@rules
@given(drawn=enti(), data=st.data())
def test_the_order_of_the_tables_is_irrelevant(
    drawn: tuple[dict[str, list[Riga]], dict[str, object]], data: st.DataObject
) -> None:
    tabelle = ente(drawn[0], pesi=drawn[1])
    posti = data.draw(st.permutations(range(len(tabelle.voci))))
    mescolate = replace(tabelle, voci=tabelle.voci.iloc[list(posti)])
    assert figures(valuta(mescolate, Parametri())) == figures(valuta(tabelle, Parametri()))


@rules
@given(drawn=enti(), fattore=st.sampled_from([Decimal(10), Decimal("0.5"), Decimal(7), Decimal("0.01")]))
def test_scaling_all_the_pesi_changes_nothing(
    drawn: tuple[dict[str, list[Riga]], dict[str, object]], fattore: Decimal
) -> None:
    settori, pesi = drawn
    pesate = {nome: [sua for sua in sue if sua["peso"] is not None] for nome, sue in settori.items()}
    assume(any(pesate.values()))
    scalate = {nome: [scalata(sua, fattore) for sua in sue] for nome, sue in pesate.items()}
    pesi_scalati = {nome: None if peso is None else peso * fattore for nome, peso in pesi.items()}
    prima = figures(valuta(ente(pesate, pesi=pesi), Parametri()))
    assert figures(valuta(ente(scalate, pesi=pesi_scalati), Parametri())) == prima


def scalata(sua: Riga, fattore: Decimal) -> Riga:
    return {**sua, "peso": sua["peso"] * fattore}


@rules
@given(drawn=enti())
def test_equal_pesi_are_as_good_as_none(
    drawn: tuple[dict[str, list[Riga]], dict[str, object]],
) -> None:
    senza = {nome: [{**sua, "peso": None} for sua in sue] for nome, sue in drawn[0].items()}
    uguali = {nome: [{**sua, "peso": Decimal(1)} for sua in sue] for nome, sue in drawn[0].items()}
    senza_pesi, con_uno = ente(senza), ente(uguali, pesi=dict.fromkeys(drawn[0], 5))
    assert figures(valuta(con_uno, Parametri())) == figures(valuta(senza_pesi, Parametri()))


@rules
@given(drawn=enti(), peso=st.integers(1, 50))
def test_equal_pesi_of_any_size_give_a_settore_the_same_grado(
    drawn: tuple[dict[str, list[Riga]], dict[str, object]], peso: int
) -> None:
    senza = {nome: [{**sua, "peso": None} for sua in sue] for nome, sue in drawn[0].items()}
    uguali = {nome: [{**sua, "peso": Decimal(peso)} for sua in sue] for nome, sue in drawn[0].items()}
    assert figures(valuta(ente(uguali), Parametri())) == figures(valuta(ente(senza), Parametri()))


@rules
@given(drawn=enti())
def test_excluded_voci_might_as_well_not_be_there(
    drawn: tuple[dict[str, list[Riga]], dict[str, object]],
) -> None:
    settori, pesi = drawn
    valutate = {nome: [v for v in sue if v["stato"] == VALUTATO] for nome, sue in settori.items()}
    tutte = figures(valuta(ente(settori, pesi=pesi), Parametri()))
    assert figures(valuta(ente(valutate, pesi=pesi), Parametri())) == tutte


@rules
@given(drawn=enti())
def test_every_voce_comes_out_once_with_a_grado_or_a_reason(
    drawn: tuple[dict[str, list[Riga]], dict[str, object]],
) -> None:
    valutazione = valuta(ente(drawn[0], pesi=drawn[1]), Parametri(fasce=FASCE))
    uscite = righe(valutazione.voci)
    assert [riga["settore"] for riga in uscite] == [nome for nome, sue in drawn[0].items() for _ in sue]
    for riga in uscite:
        assert riga["conta"] is (riga["grado"] is not None) is (riga["motivo"] == "")
    for settore in righe(valutazione.settori):
        assert settore["obiettivi"] == settore["valutati"] + settore["esclusi"]


@rules
@given(st.lists(GRADI, min_size=1))
def test_rounding_moves_by_half_a_hundredth_at_most(gradi: list[Decimal]) -> None:
    media = media_di(gradi)
    assert abs(arrotonda(media) - media) <= Decimal("0.005")
