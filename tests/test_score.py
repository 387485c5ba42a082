"""The rules of the means: what counts, with which peso, and how it is rounded (docs/metodo.md)."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import FrozenInstanceError, dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from conftest import ESEMPIO
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from pipeline import ingest
from pipeline.numeri import arrotonda, percentuale
from pipeline.score import Partecipazione, SettoreValutato, Valutazione, entra, fascia, valuta
from pipeline.tables import (
    DICHIARATO,
    DICHIARATO_O_MISURATO,
    MEDIA_OBIETTIVI,
    MEDIA_SETTORI,
    MISURATO_O_DICHIARATO,
    NON_CONSUNTIVATO,
    RESPONSABILE,
    STATI,
    SUPPORTO,
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
    return solo(valutazione).grado


def solo(valutazione: Valutazione) -> SettoreValutato:
    """The one settore."""
    [settore] = valutazione.settori
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
    [riga] = [riga for riga in example.settori if riga.settore == settore]
    assert percentuale(riga.grado) == pubblicata
    assert (riga.somma_pesata, riga.somma_pesi) == (somma, valutati)
    assert (riga.obiettivi, riga.valutati) == (obiettivi, valutati)
    assert riga.esclusi == obiettivi - valutati


def test_the_two_means_of_the_ente(example: Valutazione) -> None:
    assert percentuale(example.media_settori) == "97,76"
    assert percentuale(example.media_obiettivi) == "94,00"
    assert example.regola == MEDIA_SETTORI
    assert example.ente == example.media_settori


def test_the_trasversali_are_no_settore_of_the_mean(example: Valutazione) -> None:
    assert TRASVERSALI not in {settore.settore for settore in example.settori}


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
        ("-0.0049", "0,00"),
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
    assert (settore.grado, settore.somma_pesi, settore.somma_pesata) == (85, 2, 170)
    assert (settore.valutati, settore.esclusi, settore.obiettivi) == (2, 1, 3)


@pytest.mark.parametrize("stato", [*EXCLUDED, ""])
def test_an_excluded_voce_says_why(stato: str) -> None:
    [riga] = valuta(ente({"a": [voce(80, stato=stato)]}), Parametri()).voci
    assert not riga.conta
    assert riga.grado is None
    assert riga.motivo == (stato or "stato mancante o non leggibile")


def test_a_voce_valued_without_grado_says_so_and_leaves_the_mean() -> None:
    tabelle = ente({"a": [voce(), voce(60)]})
    valutazione = valuta(tabelle, Parametri())
    assert [riga.motivo for riga in valutazione.voci] == ["grado mancante", ""]
    assert solo(valutazione).grado == 60


def test_the_parametro_gives_non_consuntivati_a_grado() -> None:
    parametri = Parametri(grado_non_consuntivato=Decimal(50))
    voci = [voce(100), voce(stato=NON_CONSUNTIVATO)]
    assert grado_di(*voci) == 100
    assert grado_di(*voci, parametri=parametri) == 75
    [_, riga] = valuta(ente({"a": voci}), parametri).voci
    assert (riga.grado, riga.origine, riga.motivo) == (50, "parametro", "")


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
    [riga] = valuta(ente({"a": [sua]}, schede), Parametri()).voci
    assert (riga.grado, riga.origine) == (grado, origine)


Misurate = dict[int, tuple[object, int, int]]
"""Scheda -> its measured grado, how many of its indicatori are measured, how many have an atteso."""


def misurata(sua: Riga, schede: Misurate, origine: str, base: int = 100) -> tuple[object, str]:
    """The grado and its origin of a voce whose schede have measured gradi (and declared none)."""
    tabelle = ente({"a": [sua]})
    scritte = [
        {
            "settore": "a",
            "scheda": n,
            "grado_misurato": numero(grado),
            "misurabili": misurabili,
            "attesi": attesi,
            "indicatori": attesi + 1,
        }
        for n, (grado, misurabili, attesi) in schede.items()
    ]
    parametri = Parametri(origine=origine, base=Decimal(base))
    [riga] = valuta(replace(tabelle, schede=tabella("schede", scritte)), parametri).voci
    return riga.grado, riga.origine


@pytest.mark.parametrize(
    ("origine", "sua", "attesi"),
    [
        (DICHIARATO, voce(schede="1"), (None, "")),
        (DICHIARATO, voce(80, schede="1"), (80, "dichiarato")),
        (DICHIARATO_O_MISURATO, voce(80, schede="1"), (80, "dichiarato")),
        (DICHIARATO_O_MISURATO, voce(schede="1"), (60, "misurato")),
        (DICHIARATO_O_MISURATO, voce(schede="1", nucleo=70), (70, "Nucleo")),
        (DICHIARATO_O_MISURATO, voce(schede="1", stato="rinviato"), (None, "")),
        (MISURATO_O_DICHIARATO, voce(80, schede="1"), (60, "misurato")),
        (MISURATO_O_DICHIARATO, voce(80, schede="9"), (80, "dichiarato")),
        (MISURATO_O_DICHIARATO, voce(80, schede="1", nucleo=70), (70, "Nucleo")),
        (MISURATO_O_DICHIARATO, voce(80, stato="sospeso", schede="1"), (None, "")),
    ],
)
def test_the_ente_chooses_where_the_grado_comes_from(
    origine: str, sua: Riga, attesi: tuple[object, str]
) -> None:
    assert misurata(sua, {1: (60, 3, 3)}, origine) == attesi


@pytest.mark.parametrize(
    ("schede", "base", "grado"),
    [
        ({1: (100, 1, 7)}, 100, None),  # one of seven never makes a scheda
        ({1: (100, 6, 7)}, 100, None),
        ({1: (100, 7, 7)}, 100, 100),
        ({1: (100, 3, 4)}, 75, 100),
        ({1: (100, 2, 3)}, 75, None),
        ({1: (None, 0, 0)}, 1, None),
        ({1: (100, 4, 4), 2: (0, 1, 4)}, 100, None),  # nor does it make half of a voce
        ({1: (100, 4, 4), 2: (50, 4, 4)}, 100, 75),
        ({1: (100, 4, 4), 2: (None, 0, 0)}, 100, 100),  # of which nothing was expected
    ],
)
def test_the_measured_grado_counts_where_it_has_its_base(
    schede: Misurate, base: int, grado: object
) -> None:
    coperte = ", ".join(map(str, schede))
    trovato, _ = misurata(voce(schede=coperte), schede, DICHIARATO_O_MISURATO, base)
    assert trovato == grado


def test_a_scheda_named_twice_counts_once() -> None:
    assert grado_di(voce(schede="1, 1, 2"), s1=100, s2=50) == 75


# --- pesi


def test_the_pesi_weigh() -> None:
    assert grado_di(voce(100, 3), voce(0, 1)) == 75


def test_a_peso_of_zero_counts_for_nothing() -> None:
    assert grado_di(voce(100, 0), voce(40, 2)) == 40


def test_without_pesi_every_voce_weighs_one() -> None:
    assert grado_di(voce(100), voce(50)) == 75


def test_with_only_some_pesi_there_is_no_mean() -> None:
    assert grado_di(voce(100, 1), voce(50)) is None


@pytest.mark.parametrize("stato", [*EXCLUDED, ""])
def test_what_is_out_of_the_mean_needs_no_peso(stato: str) -> None:
    """A prerequisite among the obiettivi of the piano: it has no peso, and stops nothing."""
    assert grado_di(voce(100, 3), voce(0, 1), voce(None, None, stato)) == 75
    assert grado_di(voce(100), voce(50), voce(None, 20, stato)) == 75


def test_a_peso_of_zero_is_not_among_the_valutati() -> None:
    settore = solo(valutazione := valuta(ente({"a": [voce(100, 0), voce(40, 2)]}), Parametri()))
    assert (settore.obiettivi, settore.valutati, settore.esclusi) == (2, 1, 1)
    [nulla, _] = valutazione.voci
    assert (nulla.grado, nulla.conta, nulla.motivo, nulla.quota) == (
        100,
        False,
        "peso nullo",
        None,
    )


def test_a_trasversale_of_peso_zero_somewhere_counts_whole_in_the_others() -> None:
    settori = {
        "a": [voce(50, 0, schede="T1"), voce(0, 2)],
        "b": [voce(100, 2, schede="T1")],
    }
    assert valuta(ente(settori), Parametri()).media_obiettivi == 50


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
    assert percentuale(settore.grado) == "90,00"
    assert settore.fascia == "parzialmente raggiunto"


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
    gradi = {riga.settore: riga.grado for riga in valutazione.settori}
    return gradi, valutazione.media_settori, valutazione.media_obiettivi


@rules
@given(enti())
def test_a_mean_lies_within_the_gradi_it_comes_from(
    drawn: tuple[dict[str, list[Riga]], dict[str, object]],
) -> None:
    valutazione = valuta(ente(*drawn[:1], pesi=drawn[1]), Parametri())
    tutti = [riga.grado for riga in valutazione.voci if riga.conta]
    for settore in valutazione.settori:
        propri = [
            riga.grado for riga in valutazione.voci if riga.conta and riga.settore == settore.settore
        ]
        if settore.grado is not None:
            assert min(propri) <= settore.grado <= max(propri)
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
    uscite = valutazione.voci
    assert [riga.settore for riga in uscite] == [nome for nome, sue in drawn[0].items() for _ in sue]
    for riga in uscite:
        con_peso = riga.grado is not None and riga.peso != 0
        assert riga.conta is con_peso is (riga.motivo == "")
    for settore in valutazione.settori:
        assert settore.obiettivi == settore.valutati + settore.esclusi


@rules
@given(st.lists(GRADI, min_size=1))
def test_rounding_moves_by_half_a_hundredth_at_most(gradi: list[Decimal]) -> None:
    media = media_di(gradi)
    assert abs(arrotonda(media) - media) <= Decimal("0.005")


# --- per missione and per programma


def collegata(tabelle: Tabelle, programmi: dict[tuple[str, int], str]) -> Tabelle:
    """The ente with its schede linked to "01" (a missione) or to "01 0103" (one of its programmi)."""
    collegamenti = []
    for (settore, scheda), codici in programmi.items():
        missione, _, programma = codici.partition(" ")
        dati = {"codice_missione": missione, "codici_programma": programma}
        collegamenti.append({"settore": settore, "scheda": scheda, "n": 1, **dati})
    schede = [{"settore": settore, "scheda": scheda} for settore, scheda in programmi]
    return replace(
        tabelle,
        schede=tabella("schede", schede),
        collegamenti=tabella("collegamenti", collegamenti),
    )


def missioni_di(
    settori: dict[str, list[Riga]], programmi: dict[tuple[str, int], str], settore: str = ""
) -> dict[str, Riga]:
    """The figures of the whole ente (or of a settore) by "01" and "01 0103"."""
    valutazione = valuta(collegata(ente(settori), programmi), Parametri())
    return {
        f"{riga.missione} {riga.programmi}".strip(): riga
        for riga in valutazione.missioni
        if riga.settore == settore
    }


def gradi(figure: dict[str, Riga]) -> dict[str, Decimal | None]:
    return {nome: riga.grado for nome, riga in figure.items()}


def conti(figure: dict[str, Riga]) -> dict[str, tuple[int, int]]:
    return {nome: (riga.obiettivi, riga.valutati) for nome, riga in figure.items()}


def test_the_pesi_weigh_in_a_missione_and_in_a_programma() -> None:
    settori = {"a": [voce(100, 3, schede="1"), voce(0, 1, schede="2"), voce(40, 6, schede="3")]}
    programmi = {("a", 1): "01 0103", ("a", 2): "01 0103", ("a", 3): "01 0104"}
    figure = missioni_di(settori, programmi)
    assert gradi(figure) == {"01": 54, "01 0103": 75, "01 0104": 40}
    assert conti(figure) == {"01": (3, 3), "01 0103": (2, 2), "01 0104": (1, 1)}


def test_a_missione_takes_from_every_settore_and_each_settore_has_its_own() -> None:
    settori = {"a": [voce(100, 1, schede="1")], "b": [voce(0, 3, schede="1"), voce(7, 9, schede="2")]}
    programmi = {("a", 1): "01", ("b", 1): "01", ("b", 2): "05"}
    assert gradi(missioni_di(settori, programmi)) == {"01": 25, "05": 7}
    assert gradi(missioni_di(settori, programmi, "a")) == {"01": 100}
    assert gradi(missioni_di(settori, programmi, "b")) == {"01": 0, "05": 7}


def test_a_missione_without_pesi_is_a_plain_mean() -> None:
    settori = {"a": [voce(100, schede="1"), voce(50, schede="2")]}
    assert gradi(missioni_di(settori, {("a", 1): "01", ("a", 2): "01"})) == {"01": 75}


@pytest.mark.parametrize("stato", EXCLUDED)
def test_an_excluded_obiettivo_leaves_the_mean_of_its_missione_and_is_still_one_of_it(
    stato: str,
) -> None:
    settori = {"a": [voce(80, 1, schede="1"), voce(0, 9, stato, schede="2"), voce(90, 1, schede="3")]}
    figure = missioni_di(settori, dict.fromkeys([("a", 1), ("a", 2), ("a", 3)], "01 0103"))
    assert gradi(figure) == {"01": 85, "01 0103": 85}
    assert conti(figure) == {"01": (3, 2), "01 0103": (3, 2)}


def test_a_missione_where_nothing_is_valued_has_no_grado() -> None:
    settori = {"a": [voce(80, schede="1"), voce(None, None, "sospeso", schede="2")]}
    figure = missioni_di(settori, {("a", 1): "01", ("a", 2): "05 0502"})
    assert gradi(figure) == {"01": 80, "05": None, "05 0502": None}
    assert conti(figure)["05"] == (1, 0)


def test_a_settore_without_mean_leaves_the_missioni_too() -> None:
    settori = {"a": [voce(100, 1, schede="1"), voce(0, schede="2")], "b": [voce(60, 1, schede="1")]}
    figure = missioni_di(settori, {("a", 1): "01", ("a", 2): "01", ("b", 1): "01"})
    assert gradi(figure) == {"01": 60}
    assert conti(figure) == {"01": (3, 3)}


@pytest.mark.parametrize("quanti", [1, 2, 3, 7])
def test_a_trasversale_counts_once_in_its_missione(quanti: int) -> None:
    """100 with peso 2 in every settore, and one own voce of 40 with peso 1: (2 x 100 + 40) / 3."""
    settori = {f"s{n}": [voce(100, 2, schede="T1"), voce(0, 5, schede="2")] for n in range(quanti)}
    settori["s0"].append(voce(40, 1, schede="1"))
    programmi = {(TRASVERSALI, 1): "01", ("s0", 1): "01"}
    programmi |= {(nome, 2): "05" for nome in settori}
    figure = missioni_di(settori, programmi)
    assert percentuale(figure["01"].grado) == "80,00"
    assert conti(figure) == {"01": (2, 2), "05": (quanti, quanti)}


def test_a_trasversale_excluded_somewhere_counts_once_in_its_missione_among_the_others() -> None:
    settori = {
        "a": [voce(100, 1, schede="T1"), voce(0, 1, schede="1")],
        "b": [voce(80, 1, schede="T1")],
        "c": [voce(0, 1, "rinviato", schede="T1")],
    }
    figure = missioni_di(settori, {(TRASVERSALI, 1): "01", ("a", 1): "01"})
    assert (gradi(figure), conti(figure)) == ({"01": 45}, {"01": (2, 2)})


def test_a_third_of_a_trasversale_is_not_rounded_on_the_way() -> None:
    """(50 + 7 x 1) / 8 is 7,125 exactly, so 7,13; as in the mean of the distinct obiettivi."""
    settori = {nome: [voce(50, 1, schede="T1")] for nome in "abc"}
    settori["a"].append(voce(1, 7, schede="1"))
    tabelle = collegata(ente(settori), {(TRASVERSALI, 1): "01", ("a", 1): "01"})
    valutazione = valuta(tabelle, Parametri())
    [missione] = [riga for riga in valutazione.missioni if not riga.settore]
    assert percentuale(valutazione.media_obiettivi) == "7,13"
    assert percentuale(missione.grado) == "7,13"


def test_a_programma_under_another_missione_than_its_own_is_not_mixed_with_it() -> None:
    """05.02 typed under missione 01 is reported (B02), and stays where it was typed."""
    settori = {"a": [voce(100, schede="1"), voce(0, schede="2")]}
    figure = missioni_di(settori, {("a", 1): "01 0502", ("a", 2): "05 0502"})
    assert gradi(figure) == {"01": 100, "01 0502": 100, "05": 0, "05 0502": 0}


# --- per person

Persone = dict[tuple[str, int], list[tuple[str, str]]]
"""Who takes part in a scheda: names with their role, "R" for the responsabile, "S" for the others."""


def con_persone(tabelle: Tabelle, persone: Persone, gruppi: tuple[str, ...] = ()) -> Tabelle:
    """The ente with these people; its schede are those that have some."""
    personale = [
        {
            "settore": settore,
            "scheda": scheda,
            "n": n,
            "nominativo": nome,
            "ruolo": RESPONSABILE if ruolo == "R" else SUPPORTO,
            "gruppo": nome in gruppi,
        }
        for (settore, scheda), sue in persone.items()
        for n, (nome, ruolo) in enumerate(sue, start=1)
    ]
    schede = [{"settore": settore, "scheda": scheda} for settore, scheda in persone]
    return replace(tabelle, schede=tabella("schede", schede), personale=tabella("personale", personale))


def persone_di(settori: dict[str, list[Riga]], persone: Persone) -> dict[str, Riga]:
    valutazione = valuta(con_persone(ente(settori), persone), Parametri())
    return {riga.nominativo: riga for riga in valutazione.personale}


def test_the_mean_of_a_person_weighs_and_that_of_what_they_answer_for_stands_apart() -> None:
    settori = {"a": [voce(100, 3, schede="1"), voce(0, 1, schede="2"), voce(40, 6, schede="3")]}
    anna, carlo = ("Anna", "R"), ("Carlo", "S")
    persone = {("a", 1): [anna, carlo], ("a", 2): [anna], ("a", 3): [("Anna", "S"), carlo]}
    figure = persone_di(settori, persone)
    assert {nome: (r.grado, r.grado_responsabile) for nome, r in figure.items()} == {
        "Anna": (54, 75),
        "Carlo": (60, None),
    }
    assert {nome: (r.obiettivi, r.da_responsabile) for nome, r in figure.items()} == {
        "Anna": (3, 2),
        "Carlo": (2, 0),
    }


@pytest.mark.parametrize("stato", EXCLUDED)
def test_an_excluded_obiettivo_leaves_the_mean_of_a_person_and_is_still_theirs(stato: str) -> None:
    settori = {"a": [voce(80, 1, schede="1"), voce(0, 9, stato, schede="2")]}
    anna = persone_di(settori, {("a", 1): [("Anna", "R")], ("a", 2): [("Anna", "R")]})["Anna"]
    assert (anna.grado, anna.grado_responsabile) == (80, 80)
    assert (anna.obiettivi, anna.da_responsabile, anna.valutati) == (2, 2, 1)


def test_a_person_of_excluded_obiettivi_only_has_no_mean() -> None:
    settori = {"a": [voce(80, schede="1"), voce(None, None, "sospeso", schede="2")]}
    anna = persone_di(settori, {("a", 2): [("Anna", "R")]})["Anna"]
    assert (anna.grado, anna.obiettivi, anna.valutati) == (None, 1, 0)


@pytest.mark.parametrize("ruoli", ["RS", "SR", "SS", "RR"])
def test_a_person_in_two_roles_on_an_obiettivo_counts_once_as_responsabile(ruoli: str) -> None:
    settori = {"a": [voce(80, 1, schede="1"), voce(20, 1, schede="2")]}
    persone = {("a", 1): [("Anna", ruolo) for ruolo in ruoli], ("a", 2): [("Anna", "S")]}
    tabelle = con_persone(ente(settori), persone)
    valutazione = valuta(tabelle, Parametri())
    [anna] = valutazione.personale
    da_responsabile = "R" in ruoli
    assert (anna.obiettivi, anna.da_responsabile) == (2, int(da_responsabile))
    assert (anna.grado, anna.grado_responsabile) == (50, 80 if da_responsabile else None)
    assert [(r.voce.n, r.ruolo) for r in valutazione.partecipazioni] == [
        (1, RESPONSABILE if da_responsabile else SUPPORTO),
        (2, SUPPORTO),
    ]


def test_a_person_in_two_schede_of_a_voce_counts_once_as_responsabile() -> None:
    settori = {"a": [voce(80, 1, schede="1, 2"), voce(20, 3, schede="3")]}
    persone = {("a", 1): [("Anna", "S")], ("a", 2): [("Anna", "R")], ("a", 3): [("Anna", "S")]}
    anna = persone_di(settori, persone)["Anna"]
    assert (anna.obiettivi, anna.da_responsabile, anna.grado) == (2, 1, 35)


@pytest.mark.parametrize(
    ("sue", "grado", "propri"),
    [
        ([(100, 1, "T1"), (80, 3, "1")], 85, 80),
        ([(100, 1, "T1"), (80, 1, "1"), (50, 2, "2")], 70, 60),
        ([(80, 3, "1"), (40, 1, "2")], 70, 70),
        ([(100, 1, "T1")], 100, None),
        ([(100, None, "T1"), (80, 1, "1")], None, None),
        ([(100, 1, "T1"), (80, 0, "1")], 100, None),
    ],
)
def test_the_own_obiettivi_of_a_settore_have_their_mean(
    sue: list[tuple[object, object, str]], grado: object, propri: object
) -> None:
    voci = [voce(suo, peso, schede=schede) for suo, peso, schede in sue]
    [settore] = valuta(ente({"a": voci}), Parametri()).settori
    assert (settore.grado, settore.grado_propri) == (grado, propri)


def test_a_trasversale_is_one_obiettivo_of_a_person_in_however_many_settori() -> None:
    comune = {"schede": "T1", "descrizione": "Comune"}
    settori = {"a": [voce(100, 1, **comune), voce(0, 1, schede="1")], "b": [voce(100, 1, **comune)]}
    persone = {(TRASVERSALI, 1): [("Anna", "R")], ("a", 1): [("Anna", "S")]}
    anna = persone_di(settori, persone)["Anna"]
    assert (anna.obiettivi, anna.da_responsabile, anna.valutati) == (2, 1, 2)
    assert (anna.grado, anna.grado_responsabile) == (50, 100)


def test_a_person_in_two_settori_has_one_mean() -> None:
    settori = {"a": [voce(100, 1, schede="1")], "b": [voce(0, 3, schede="1")]}
    anna = persone_di(settori, {("a", 1): [("Anna", "R")], ("b", 1): [("Anna", "S")]})["Anna"]
    assert (anna.obiettivi, anna.grado, anna.grado_responsabile) == (2, 25, 100)


def test_a_person_of_a_scheda_in_no_voce_is_not_there() -> None:
    persone = {("a", 1): [("Anna", "R")], ("a", 2): [("Carlo", "R")]}
    assert list(persone_di({"a": [voce(80, schede="1")]}, persone)) == ["Anna"]


def test_groups_come_after_the_people_and_each_in_order_of_name() -> None:
    nomi = ["Ugo", "Tutti gli uffici", "élisa", "Altre P.O", "Anna"]
    persone = {("a", 1): [(nome, "S") for nome in nomi]}
    tabelle = con_persone(
        ente({"a": [voce(80, schede="1")]}), persone, ("Tutti gli uffici", "Altre P.O")
    )
    personale = valuta(tabelle, Parametri()).personale
    assert [(riga.nominativo, riga.gruppo) for riga in personale] == [
        ("Anna", False),
        ("élisa", False),
        ("Ugo", False),
        ("Altre P.O", True),
        ("Tutti gli uffici", True),
    ]


# --- what holds for the missioni and the people of any ente

CODICI = st.sampled_from(["01", "01 0103", "01 0104", "05", "05 0502", ""])
ALCUNE_PERSONE = st.lists(
    st.tuples(st.sampled_from(["Anna", "Carlo", "Elisa", "Tutti gli uffici"]), st.sampled_from("RS")),
    max_size=4,
)
TRASVERSALI_COPERTE = ("T1", "T2")


@st.composite
def enti_collegati(draw: DrawFn) -> Tabelle:
    """Settori whose every voce covers a scheda of its own or a trasversale, linked and with people."""
    nomi = draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True))
    settori: dict[str, list[Riga]] = {}
    schede = [(TRASVERSALI, 1), (TRASVERSALI, 2)]
    for nome in nomi:
        sue = draw(st.lists(voci(con_pesi=draw(st.booleans())), min_size=1, max_size=5))
        comuni = draw(st.lists(st.sampled_from(TRASVERSALI_COPERTE), max_size=len(sue), unique=True))
        proprie = [str(n) for n in range(1, 1 + len(sue) - len(comuni))]
        schede += [(nome, int(n)) for n in proprie]
        coperte = [*comuni, *proprie]
        settori[nome] = [{**sua, "schede": c} for sua, c in zip(sue, coperte, strict=True)]
    programmi = {scheda: draw(CODICI) for scheda in schede}
    persone = {scheda: draw(ALCUNE_PERSONE) for scheda in schede}
    return con_persone(collegata(ente(settori), programmi), persone, ("Tutti gli uffici",))


@dataclass
class Conto:
    """A mean worked out by hand: what counts, and the keys of all there is."""

    tutti: set[str]
    valutati: set[str]
    somma: Fraction = Fraction(0)
    pesi: Fraction = Fraction(0)

    @property
    def grado(self) -> Fraction | None:
        return self.somma / self.pesi if self.pesi else None


def a_mano(tabelle: Tabelle, scelta: Callable[[Riga], bool]) -> Conto:
    """The mean of the chosen voci, with fractions and nothing of `score`."""
    tutte = righe(tabelle.voci)
    gradi = {(v["settore"], v["n"]): grado_a_mano(v) for v in tutte}
    contano = {(v["settore"], v["n"]): peso for v, peso in pesi_a_mano(tutte, gradi)}
    conto = Conto(set(), set())
    for v in filter(scelta, tutte):
        chiave, comune = (v["settore"], v["n"]), v["schede"].startswith("T")
        nome = v["schede"] if comune else f"{v['settore']} {v['n']}"
        conto.tutti.add(nome)
        grado = gradi[chiave]
        if grado is not None and v["peso"] != 0:
            conto.valutati.add(nome)
        if chiave in contano:
            volte = sum(a["schede"] == nome and (a["settore"], a["n"]) in contano for a in tutte)
            peso = contano[chiave] / (volte if comune else 1)
            conto.somma, conto.pesi = conto.somma + peso * grado, conto.pesi + peso
    return conto


def grado_a_mano(voce: Riga) -> Fraction | None:
    grado = voce["grado_dichiarato"] if voce["grado_nucleo"] is None else voce["grado_nucleo"]
    return Fraction(grado) if voce["stato"] == VALUTATO and grado is not None else None


def pesi_a_mano(
    tutte: list[Riga], gradi: dict[tuple[str, int], Fraction | None]
) -> Iterator[tuple[Riga, Fraction]]:
    """The voci that count, each with its peso: none of a settore whose pesi give no mean."""
    for settore in dict.fromkeys(v["settore"] for v in tutte):
        sue = [v for v in tutte if v["settore"] == settore]
        con_grado = [v for v in sue if gradi[settore, v["n"]] is not None]
        senza = [v["peso"] is None for v in sue if v["stato"] == VALUTATO]
        if any(senza) and not all(senza):
            continue
        pesi = [Fraction(1 if v["peso"] is None else v["peso"]) for v in con_grado]
        contano = [(v, peso) for v, peso in zip(con_grado, pesi, strict=True) if peso]
        if sum(peso for _, peso in contano):
            yield from contano


def della_scheda(voce: Riga) -> tuple[str, int]:
    """The one scheda that a voce drawn by `enti_collegati` covers."""
    comune = voce["schede"].startswith("T")
    return (TRASVERSALI if comune else voce["settore"], int(voce["schede"].removeprefix("T")))


def uguali(grado: Decimal | None, atteso: Fraction | None) -> bool:
    """Whether a grado is the exact fraction, but for what a decimal number cannot hold."""
    if grado is None or atteso is None:
        return grado is atteso
    return abs(Fraction(grado) - atteso) < Fraction(1, 10**20)


@rules
@given(enti_collegati())
def test_the_figures_of_the_missioni_are_those_worked_out_by_hand(tabelle: Tabelle) -> None:
    codici = {
        (r["settore"], r["scheda"]): (r["codice_missione"], r["codici_programma"])
        for r in righe(tabelle.collegamenti)
    }
    figure = [r for r in valuta(tabelle, Parametri()).missioni if not r.settore]
    attese = {(m, p) for m, p in codici.values() if m} | {(m, "") for m, _ in codici.values() if m}
    assert {(r.missione, r.programmi) for r in figure} == attese
    for riga in figure:

        def ne_fa_parte(voce: Riga, riga: Riga = riga) -> bool:
            missione, programmi = codici[della_scheda(voce)]
            return missione == riga.missione and riga.programmi in ("", programmi)

        conto = a_mano(tabelle, ne_fa_parte)
        assert uguali(riga.grado, conto.grado)
        assert (riga.obiettivi, riga.valutati) == (len(conto.tutti), len(conto.valutati))


@rules
@given(enti_collegati())
def test_the_figures_of_the_people_are_those_worked_out_by_hand(tabelle: Tabelle) -> None:
    ruoli: dict[str, dict[tuple[str, int], set[str]]] = {}
    for riga in righe(tabelle.personale):
        suoi = ruoli.setdefault(riga["nominativo"], {})
        suoi.setdefault((riga["settore"], riga["scheda"]), set()).add(riga["ruolo"])
    for riga in valuta(tabelle, Parametri()).personale:
        suoi = ruoli[riga.nominativo]

        def risponde(voce: Riga, suoi: dict[tuple[str, int], set[str]] = suoi) -> bool:
            return RESPONSABILE in suoi.get(della_scheda(voce), ())

        def partecipa(voce: Riga, suoi: dict[tuple[str, int], set[str]] = suoi) -> bool:
            return della_scheda(voce) in suoi

        assert uguali(riga.grado, a_mano(tabelle, partecipa).grado)
        assert uguali(riga.grado_responsabile, a_mano(tabelle, risponde).grado)
        assert riga.gruppo is (riga.nominativo == "Tutti gli uffici")


@rules
@given(enti_collegati(), st.data())
def test_the_order_of_the_rows_is_irrelevant_to_missioni_and_people(
    tabelle: Tabelle, data: st.DataObject
) -> None:
    mescolate = {}
    for nome in ("voci", "schede", "collegamenti", "personale", "elenco"):
        df = getattr(tabelle, nome)
        mescolate[nome] = df.iloc[list(data.draw(st.permutations(range(len(df)))))]
    prima = valuta(tabelle, Parametri())
    dopo = valuta(replace(tabelle, **mescolate), Parametri())
    assert dopo.personale == prima.personale
    per_nome = [
        {(r.settore, r.missione, r.programmi): r for r in valutazione.missioni}
        for valutazione in (prima, dopo)
    ]
    assert per_nome[1] == per_nome[0]
    assert [insieme(v.partecipazioni) for v in (prima, dopo)] == [insieme(prima.partecipazioni)] * 2


def insieme(partecipazioni: list[Partecipazione]) -> set[tuple[object, ...]]:
    return {(p.nominativo, p.gruppo, p.ruolo, p.voce.settore, p.voce.n) for p in partecipazioni}


# ------------------------------------------------------------------------- the distinct obiettivi


def test_of_the_58_voci_of_the_example_33_are_distinct_and_22_of_the_31_valued_are_full(
    example: Valutazione,
) -> None:
    distinti = example.distinti
    contano = [obiettivo for obiettivo in distinti if obiettivo.conta]
    assert (len(example.voci), len(distinti), len(contano)) == (58, 33, 31)
    assert sum(obiettivo.grado >= 100 for obiettivo in contano) == 22


def test_a_trasversale_is_one_obiettivo_with_the_mean_of_the_gradi_it_has() -> None:
    settori = {
        "a": [voce(stato="rinviato", schede="T1"), voce(50, schede="1")],
        "b": [voce(80, schede="T1")],
        "c": [voce(100, schede="T1")],
    }
    distinti = valuta(ente(settori), Parametri()).distinti
    assert [(d.voce.settore, d.voce.n, d.conta, d.grado) for d in distinti] == [
        ("b", 1, True, Decimal(90)),
        ("a", 2, True, Decimal(50)),
    ]


@pytest.mark.parametrize(
    ("schede", "comune"),
    [("T1", True), ("t2 + T1", True), ("T1, 8", False), ("8", False), ("", False), ("tutte", False)],
)
def test_a_voce_is_trasversale_if_it_covers_trasversali_and_nothing_else(
    schede: str, comune: bool
) -> None:
    settori = {"a": [voce(40, schede=schede)], "b": [voce(80, schede=schede)]}
    valutazione = valuta(ente(settori), Parametri())
    assert [sua.trasversale for sua in valutazione.voci] == [comune, comune]
    assert len(valutazione.distinti) == (1 if comune else 2)
    confronti = [confronto.settore for confronto in valutazione.confronti]
    assert confronti == [*([TRASVERSALI] if comune else []), "a", "b"]


@pytest.mark.parametrize(
    ("proprio", "delle_schede", "atteso"),
    [(None, (80, None, 60), 70), (0, (80,), 0), (90, (), 90), (None, (None,), None), (None, (), None)],
)
def test_the_declared_grado_of_a_voce_is_its_own_or_the_mean_of_its_schede(
    proprio: object, delle_schede: tuple[object, ...], atteso: object
) -> None:
    schede = {("a", n): grado for n, grado in enumerate(delle_schede, start=1)}
    sua = voce(proprio, stato="rinviato", schede=", ".join(str(n) for _, n in schede))
    (valutata,) = valuta(ente({"a": [sua]}, schede), Parametri()).voci
    assert (valutata.dichiarato, valutata.grado) == (atteso, None)


@pytest.mark.parametrize("stato", [*STATI, ""])
@pytest.mark.parametrize("fisso", [None, Decimal(0), Decimal(50)])
def test_what_enters_the_mean_is_what_is_valued_or_fixed_by_the_ente(
    stato: str, fisso: Decimal | None
) -> None:
    parametri = Parametri(grado_non_consuntivato=fisso)
    tabelle = ente({"a": [voce(80, stato=stato)]})
    atteso = stato == VALUTATO or (stato == NON_CONSUNTIVATO and fisso is not None)
    assert entra(tabelle.righe.voci[0], parametri) == atteso
    assert [sua.conta for sua in valuta(tabelle, parametri).voci] == [atteso]


def test_scoring_changes_nothing_that_it_is_given() -> None:
    tabelle = ente({"a": [voce(100, 0), voce(schede="1")], "b": [voce(50)]}, {("a", 1): 70}, {"a": 2})
    righe_prima = deepcopy(tabelle.righe)
    valutazione = valuta(tabelle, Parametri())
    assert tabelle.righe == righe_prima
    with pytest.raises(FrozenInstanceError):
        valutazione.voci[0].__setattr__("peso", Decimal(1))


def test_an_obiettivo_that_counts_nowhere_is_one_that_does_not_count() -> None:
    settori = {nome: [voce(stato="rinviato", schede="T1")] for nome in ("a", "b")}
    (unico,) = valuta(ente(settori), Parametri()).distinti
    assert (unico.conta, unico.grado, unico.voce.motivo) == (False, None, "rinviato")


def test_the_obiettivi_of_a_settore_that_is_not_listed_are_not_among_the_distinct() -> None:
    tabelle = ente({"a": [voce(50, schede="1")], "b": [voce(80, schede="1")]})
    sola = replace(tabelle, elenco=tabelle.elenco[tabelle.elenco["settore"] == "a"])
    (unico,) = valuta(sola, Parametri()).distinti
    assert unico.voce.settore == "a"


def test_the_grado_of_a_distinct_obiettivo_is_the_one_it_has_in_the_mean_of_the_ente() -> None:
    """Peso 10 with 0 and peso 2 with 100, shared between two settori: quote 5 and 1."""
    settori = {"a": [voce(0, peso=10, schede="T1")], "b": [voce(100, peso=2, schede="T1")]}
    valutazione = valuta(ente(settori), Parametri())
    (unico,) = valutazione.distinti
    assert unico.comune and unico.grado == valutazione.media_obiettivi
    assert arrotonda(unico.grado) == Decimal("16.67")


def test_a_distinct_obiettivo_valued_somewhere_is_not_fixed_by_the_ente() -> None:
    settori = {
        "a": [voce(stato="non consuntivato", schede="T1")],
        "b": [voce(100, schede="T1"), voce(stato="non consuntivato", schede="1")],
    }
    valutazione = valuta(ente(settori), Parametri(grado_non_consuntivato=Decimal(0)))
    comune, proprio = valutazione.distinti
    assert (comune.grado, comune.voce.origine) == (50, "dichiarato")
    assert (proprio.grado, proprio.voce.origine) == (0, "parametro")
