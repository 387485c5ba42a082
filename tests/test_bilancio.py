"""The nomenclature of missioni and programmi: codes in every spelling, and the years they are there."""

from time import perf_counter

import pytest

from pipeline import bilancio, measure
from pipeline.checks import missioni
from pipeline.checks.comuni import Caso
from pipeline.tables import Parametri, costruisci, in_posti

INSIEME = "Interventi per l'infanzia e i minori e per asili nido"
MINORI, NIDO = "Interventi per l'infanzia e i minori", "Interventi per asili nido"


@pytest.mark.parametrize(
    ("missione", "programma"),
    [
        ("04", "2"),
        ("04", "Prog. 02"),
        ("04", "programma n. 2"),
        ("", "04.02"),
        ("", "4.2"),
        ("", "0402"),
        ("", "4/2"),
        ("", "Prog. 04.02 S"),
        ("", "Missione 04 – Programma 02"),
        ("", "miss. 4, prog. 2"),
        ("", "M04 P02"),
    ],
)
def test_a_programma_in_every_spelling(missione: str, programma: str) -> None:
    assert bilancio.leggi(missione, programma) == bilancio.Collegamento("04", ("0402",))


@pytest.mark.parametrize("programma", ["progetto 2", "P2 - Piscina", "Missione 04", "2 palestre"])
def test_words_with_a_number_are_no_programma(programma: str) -> None:
    assert bilancio.leggi("04", programma).programmi == ()


@pytest.mark.parametrize("anno", [2016, 2020, 2025])
def test_until_2025_the_nido_is_in_the_first_programma(anno: int) -> None:
    sociali = bilancio.programmi(anno, "12")
    assert (sociali["1201"], "1211" in sociali) == (INSIEME, False)
    assert bilancio.denominazione("12", "1201, 1211", anno) == INSIEME
    altrove = bilancio.di_altri_anni("1211", anno)
    assert altrove is not None and (altrove.nome, altrove.dal, altrove.gia) == (NIDO, 2026, "1201")


@pytest.mark.parametrize("anno", [2026, 2030, None])
def test_from_2026_the_nido_has_a_programma_of_its_own(anno: int | None) -> None:
    sociali = bilancio.programmi(anno, "12")
    assert (sociali["1201"], sociali["1211"]) == (MINORI, NIDO)
    assert bilancio.denominazione("12", "1201, 1211", anno) == f"{MINORI}; {NIDO}"
    assert bilancio.di_altri_anni("1211", anno) is None


def test_a_code_of_no_year_is_of_no_other_year() -> None:
    assert bilancio.di_altri_anni("1277", 2020) is None


@pytest.mark.parametrize(
    ("nome", "anno", "superato"),
    [
        (INSIEME, 2025, False),
        (INSIEME, 2026, True),
        (INSIEME.upper(), 2026, True),
        (MINORI, 2026, False),
        (MINORI, 2025, False),
        ("", 2026, False),
    ],
)
def test_a_name_left_behind(nome: str, anno: int, superato: bool) -> None:
    assert bilancio.nome_superato("1201", nome, anno) is superato


def test_no_programma_has_two_names_in_a_year() -> None:
    for anno in range(2016, 2031):
        codici = [p.codice for p in bilancio.NOMENCLATURA if p.vale(anno)]
        assert len(codici) == len(set(codici))


def told(anno: int, programma: str, nome: str = "") -> list[tuple[str, str]]:
    """Code and cell of what is said, in a year, of a link with the missione 12."""
    dove = {"file": "sociale.xlsx", "foglio": "Scheda 1", "riga": 9}
    posti = in_posti({"missione": (9, 1), "programma": (9, 3), "denominazione_programma": (9, 4)})
    link = {"settore": "sociale", "scheda": 1, "n": 1, "missione": "12", "programma": programma}
    tabelle = costruisci(
        {
            "ente": [{"chiave": "anno", "valore": str(anno)} | dove],
            "collegamenti": [link | {"denominazione_programma": nome, "posti": posti} | dove],
        }
    )
    return [
        (r.codice, r.cella) for r in missioni.codici(Caso(measure.misura(tabelle, anno), Parametri()))
    ]


@pytest.mark.parametrize(
    ("anno", "programma", "nome", "attesi"),
    [
        (2025, "11", NIDO, [("B06", "C9")]),
        (2025, "12.11", "", [("B06", "C9")]),
        (2025, "01, 11", "", [("B06", "C9")]),
        (2025, "Da 01 a 11", "", [("B06", "C9")]),
        (2025, "01", INSIEME, []),
        (2025, "01", MINORI, []),
        (2026, "11", NIDO, []),
        (2026, "01", MINORI, []),
        (2026, "01", INSIEME, [("B04", "D9")]),
        (2026, "01", NIDO, [("B03", "D9")]),
        (2026, "77", "", [("B02", "C9")]),
    ],
)
def test_the_year_of_the_ente_decides(
    anno: int, programma: str, nome: str, attesi: list[tuple[str, str]]
) -> None:
    assert told(anno, programma, nome) == attesi


@pytest.mark.parametrize(
    "nome", ["e " * 16_000, "interventi " * 2_900, "x" * 32_000], ids=["e", "words", "x"]
)
def test_a_long_text_is_the_name_of_nothing_at_once(nome: str) -> None:
    """A bound far above what it takes; comparing it letter by letter takes minutes."""
    inizio = perf_counter()
    assert bilancio.codice_giusto("1201", nome, bilancio.programmi(2020)) == ""
    assert bilancio.codice_di(nome) == ""
    assert perf_counter() - inizio < 20
