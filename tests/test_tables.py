"""The tables and their records: described once, and checked by mypy."""

from decimal import Decimal
from pathlib import Path

import pytest
from mypy import api

from pipeline import tables
from pipeline.tables import (
    CHIAVI,
    COLONNE,
    PROVENIENZA,
    Colonna,
    Scheda,
    Tabelle,
    chiave_scheda,
    colonne,
    costruisci,
    tabella,
)

CHIAVE_SBAGLIATA = """
from pipeline.tables import Tabelle

def prova(tabelle: Tabelle) -> None:
    tabelle.righe.voci[0]["grado_nucleo"]
    tabelle.righe.voci[0]["grado_nuclo"]
    tabelle.righe.indicatori.della(("tecnico", 1))[0]["titolo"]
"""


@pytest.mark.lento
def test_mypy_refuses_a_key_that_a_row_does_not_have(tmp_path: Path) -> None:
    prova = tmp_path / "prova.py"
    prova.write_text(CHIAVE_SBAGLIATA, encoding="utf-8")
    scelte = ("--strict", "--follow-imports=skip", "--no-incremental", "--cache-dir=/dev/null")
    detto, _, _ = api.run([*scelte, tables.__file__, str(prova)])
    errori = [riga for riga in detto.splitlines() if ": error:" in riga]
    assert [riga.split("error: ")[1].split("  [")[0] for riga in errori] == [
        'TypedDict "Voce" has no key "grado_nuclo"',
        'TypedDict "Indicatore" has no key "titolo"',
    ]


def test_a_table_has_the_columns_of_its_record_and_then_where_it_was_read() -> None:
    assert [c.nome for c in PROVENIENZA] == ["file", "foglio", "riga", "posti", "modello"]
    for nome, df in costruisci({}).per_nome().items():
        assert list(df.columns) == [colonna.nome for colonna in colonne(nome)]
    assert COLONNE["fasi"] == (
        Colonna("settore", "testo", "chiave"),
        Colonna("scheda", "intero", "chiave"),
        Colonna("obiettivo", "intero", "chiave"),
        Colonna("n", "intero", "chiave"),
        Colonna("descrizione", "testo"),
        Colonna("orizzonte", "testo"),
        Colonna("assegnazione", "testo"),
        Colonna("peso", "decimale"),
        Colonna("realizzato", "decimale"),
    )
    assert CHIAVI["fasi"] == ("settore", "scheda", "obiettivo", "n")
    assert CHIAVI["elenco"] == ()
    assert {c.nome for c in COLONNE["schede"] if c.segno == "derivata"} == {
        "grado_misurato",
        "misurabili",
        "attesi",
        "indicatori",
    }


@pytest.mark.parametrize(
    ("nome", "righe", "perche"),
    [
        ("voci", [{"grado_nuclo": None}], "not in the contract"),
        ("voci", [{"grado_nucleo": 80}], "is not decimale"),
        ("voci", [{"note": None}], "is not testo"),
        ("voci", [{"n": "1"}], "is not intero"),
        ("schede", [{"previsto": 1}], "is not logico"),
        ("voci", [{"settore": "a", "n": 1}, {"settore": "a", "n": 1}], "rows with the same"),
    ],
)
def test_a_row_that_breaks_the_contract_is_refused(
    nome: str, righe: list[dict[str, object]], perche: str
) -> None:
    with pytest.raises(ValueError, match=perche):
        tabella(nome, righe)


def test_the_rows_at_hand_are_those_that_the_tables_give_back() -> None:
    tabelle = costruisci({"voci": [{"settore": "a", "n": 1}], "schede": [{"titolo": "Uno"}]})
    voci = [{**voce, "grado_giudizio": Decimal("99.5"), "visto": True} for voce in tabelle.righe.voci]
    nuove = tabelle.con(voci=voci, schede=())
    for una in (tabelle, nuove, costruisci({})):
        assert una.righe == Tabelle(**una.per_nome()).righe
    assert (tabelle.righe.voci[0]["visto"], nuove.righe.voci[0]["visto"]) == (False, True)
    assert (len(tabelle.schede), len(nuove.schede)) == (1, 0)


def test_the_rows_are_found_by_settore_and_by_scheda() -> None:
    scritte = [("a", 1), ("b", 1), ("a", 2)]
    righe = costruisci(
        {"schede": [{"settore": settore, "scheda": n} for settore, n in scritte]},
    ).righe.schede

    def chiavi(schede: list[Scheda]) -> list[tuple[str, int]]:
        return [chiave_scheda(scheda) for scheda in schede]

    assert chiavi(list(righe)) == scritte
    assert chiavi(righe.di("a")) == [("a", 1), ("a", 2)]
    assert chiavi(righe.delle([("a", 2), ("c", 1), ("b", 1)])) == [("a", 2), ("b", 1)]
    assert (righe.di("c"), righe.della(("c", 1)), righe.prima("c")) == ([], [], None)


def test_of_a_settore_listed_twice_the_first_row_counts_and_one_without_a_code_does_not() -> None:
    scritti = [("b", "Uno", 2), ("", "Senza codice", 1), ("a", "Due", None), ("b", "Tre", 3)]
    elenco = [
        {"settore": s, "denominazione": d, "peso": None if p is None else Decimal(p)}
        for s, d, p in scritti
    ]
    elencati = costruisci({"elenco": elenco}).elencati
    assert [(s, riga["denominazione"]) for s, riga in elencati.items()] == [("b", "Uno"), ("a", "Due")]


def test_what_is_said_of_the_ente_is_found_by_key() -> None:
    ente = [{"chiave": "anno", "valore": "2020"}, {"chiave": "organo", "valore": "Giunta"}]
    assert costruisci({"ente": ente}).dati_ente == {"anno": "2020", "organo": "Giunta"}
