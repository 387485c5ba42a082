"""A sheet copied for one more scheda: read whatever it is called, and with what number."""

from pathlib import Path

import fixtures_ente as fx
import openpyxl
import pytest
from conftest import RADICE
from corpus_ostile import as_ods, zipped
from fixtures_ente import ENTE, TECNICO, TRASV, at, below, put, put_many
from test_rilievi import copied_scheda, found

from pipeline import modelli, run
from pipeline.documents.ritorno import correzioni
from pipeline.workbooks.grid import Foglio
from pipeline.workbooks.numerazione import numera
from pipeline.workbooks.schede import SCHEDE_DI_SCORTA


def schede_of(esito: run.Esito, settore: str = "tecnico") -> dict[int, str]:
    assert esito.fascicolo is not None
    assert all(q.torna for q in esito.raccolta.quadrature)
    return {s["scheda"]: s["foglio"] for s in esito.fascicolo.righe.schede.di(settore)}


@pytest.mark.parametrize(
    ("fogli", "numeri"),
    [
        (["Scheda 1", "Scheda 1 (2)"], [1, 2]),
        (["Scheda 1", "Scheda 1_2", "Scheda 2"], [1, 3, 2]),
        (["Parcheggi", "Scheda 1", "Scheda 3"], [2, 1, 3]),
        (["Scheda 1", "Scheda 7 - Parcheggi", "Parchi"], [1, 7, 2]),
        (["Scheda 1", "SCHEDA N. 4", "scheda5", "Scheda 06", "8"], [1, 4, 5, 6, 8]),
        (["Scheda 1", "2025 alberi", "Scheda 0"], [1, 2, 3]),
        (["Scheda 4 (2)", "Scheda 4 (3)"], [4, 1]),
        (["scheda 2", "SCHEDA 2"], [2, 1]),
    ],
)
def test_the_number_of_a_scheda_is_that_of_its_tab_else_the_first_free(
    fogli: list[str], numeri: list[int]
) -> None:
    numerate = {foglio.nome: numero for numero, foglio in numera([Foglio(n) for n in fogli]).items()}
    assert [numerate[nome] for nome in fogli] == numeri


def test_the_number_typed_in_the_title_counts_if_it_is_free() -> None:
    fogli = [
        Foglio(nome, {(1, 1): titolo})
        for nome, titolo in (
            ("Scheda 1", "SCHEDA 1 – 2024"),
            ("Copia", "SCHEDA 1 – 2024"),
            ("Parchi", "Scheda 6"),
        )
    ]
    assert {n: f.nome for n, f in numera(fogli).items()} == {1: "Scheda 1", 2: "Copia", 6: "Parchi"}


@pytest.mark.parametrize("nome", ["Scheda 1 (2)", "Scheda 1_2", "Parcheggi", "5"])
def test_a_copied_scheda_is_read_with_its_number(ente: Path, nome: str) -> None:
    numero = 5 if nome == "5" else 2
    copied_scheda(ente / TECNICO, nome, f"1, {numero}")
    esito = run.controlla(ente)
    assert found(esito) == [("M19", (TECNICO, nome, ""))]
    assert f"scheda {numero}" in esito.rilievi[0].messaggio
    assert f"la leggono da sé quando si chiama «Scheda {numero}»" in esito.rilievi[0].rimedio
    assert schede_of(esito) == {1: "Scheda 1", numero: nome}


def test_a_copied_scheda_with_its_tab_renamed_is_a_scheda_like_the_others(ente: Path) -> None:
    """Its locked title still has the number of the other: nobody is asked to correct that."""
    copied_scheda(ente / TECNICO, "Scheda 2", "1, 2")
    assert found(run.controlla(ente)) == []


def test_a_hidden_copy_is_a_scheda_too(ente: Path) -> None:
    copied_scheda(ente / TECNICO, "Parcheggi", "1, 2")
    libro = openpyxl.load_workbook(ente / TECNICO)
    libro["Parcheggi"].sheet_state = "veryHidden"
    libro.save(ente / TECNICO)
    esito = run.controlla(ente)
    assert [codice for codice, _ in found(esito)] == ["M15", "M19"]
    assert schede_of(esito) == {1: "Scheda 1", 2: "Parcheggi"}


def test_an_added_scheda_that_no_voce_covers_blocks(ente: Path) -> None:
    """Also without a grado: somebody wanted one scheda more."""
    copied_scheda(ente / TECNICO, "Parcheggi", "1")
    put(ente / TECNICO, "Parcheggi", below(ente / TECNICO, "Parcheggi", "% raggiungimento"), None)
    esito = run.controlla(ente)
    assert [codice for codice, _ in found(esito)] == ["V37", "M19"]
    assert esito.bloccato


def test_an_added_trasversale_is_read_too(ente: Path) -> None:
    fx.copy_sheet(ente / TRASV, "Scheda 1", "Scheda 1 (2)")
    put(ente / TRASV, "Scheda 1 (2)", "B2", "Un'altra")
    put(ente / TECNICO, "Valutazione", below(ente / TECNICO, "Valutazione", "Schede", 2), "T1, T2")
    esito = run.controlla(ente)
    assert found(esito) == [("M19", (TRASV, "Scheda 1 (2)", ""))]
    assert "il suo numero è T2; il grado si scrive anche" in esito.rilievi[0].rimedio
    assert schede_of(esito, "trasversali") == {1: "Scheda 1", 2: "Scheda 1 (2)"}


def test_a_scheda_beyond_the_rows_that_wait_for_one_has_its_grado_in_the_voce(ente: Path) -> None:
    numero = 1 + SCHEDE_DI_SCORTA
    copied_scheda(ente / TECNICO, f"Scheda {numero} bis", f"1, {numero}")
    assert "la leggono da sé" in run.controlla(ente).rilievi[0].rimedio
    libro = openpyxl.load_workbook(ente / TECNICO)
    libro[f"Scheda {numero} bis"].title = f"Scheda {numero + 1} bis"
    libro.save(ente / TECNICO)
    put(
        ente / TECNICO, "Valutazione", below(ente / TECNICO, "Valutazione", "Schede"), f"1, {numero + 1}"
    )
    assert "si scrive anche nella riga della voce" in run.controlla(ente).rilievi[0].rimedio


def test_the_blank_form_copied_is_no_scheda(ente: Path) -> None:
    (ente / TECNICO).unlink()
    modelli.prepara(ente)
    fx.copy_sheet(ente / TECNICO, "Scheda 1", "Scheda 1 (2)")
    assert [codice for codice, _ in found(run.controlla(ente))] == ["V31"]


def test_a_sheet_with_some_headings_of_a_scheda_is_not_left_out(ente: Path) -> None:
    copied_scheda(ente / TECNICO, "Parcheggi", "1, 2")
    put(ente / TECNICO, "Parcheggi", at(ente / TECNICO, "Parcheggi", "Raggiunto"), "Risultato")
    assert found(run.controlla(ente)) == [("M09", (TECNICO, "Parcheggi", ""))]


def test_one_table_of_a_scheda_on_a_sheet_of_its_own_blocks(ente: Path) -> None:
    teste = ("INDICATORI", "Valore atteso", "Raggiunto", "Peso", "Verso")
    valori = dict(zip(("A1", "B1", "C1", "D1", "E1"), teste, strict=True)) | {"A2": "Altro"}
    fx.add_sheet(ente / TECNICO, "Altri indicatori", valori)
    assert found(run.controlla(ente)) == [("M20", (TECNICO, "Altri indicatori", ""))]


def test_a_scheda_brought_from_another_workbook_says_so(ente: Path) -> None:
    copied_scheda(ente / TECNICO, "Scheda 2", "1, 2")
    put_many(ente / TECNICO, "Scheda 2", {"A1": "SCHEDA 3 – 2023", "B1": "Settore Scuola"})
    (rilievo,) = run.controlla(ente).rilievi
    assert (rilievo.codice, rilievo.foglio) == ("M19", "Scheda 2")
    assert "«SCHEDA 3 – 2023» e «Settore Scuola»" in rilievo.messaggio


def test_two_more_schede_are_better_had_in_a_new_form(ente: Path, tmp_path: Path) -> None:
    copied_scheda(ente / TECNICO, "Parcheggi", "1, 2, 3")
    fx.copy_sheet(ente / TECNICO, "Parcheggi", "Scheda 1 (3)")
    put(ente / TECNICO, "Scheda 1 (3)", "B2", "Alberi")
    rilievi = run.controlla(ente).rilievi
    assert len(rilievi) == 2 and all("RISCRIVI=" in rilievo.rimedio for rilievo in rilievi)
    modelli.prepara(tmp_path / "nuova", riscrivi=ente)
    esito = run.controlla(tmp_path / "nuova")
    assert found(esito) == []
    assert schede_of(esito) == {n: f"Scheda {n}" for n in (1, 2, 3)}


def test_the_annotated_copy_of_a_copied_scheda_has_its_notes_on_its_sheet(ente: Path) -> None:
    copied_scheda(ente / TECNICO, "Scheda 1 (2)", "1, 2")
    grado = below(ente / TECNICO, "Scheda 1 (2)", "% raggiungimento")
    put(ente / TECNICO, "Scheda 1 (2)", grado, 120)
    esito = run.controlla(ente)
    correzioni.scrivi(ente, ente.parent / "copie", esito.rilievi)
    libro = openpyxl.load_workbook(ente.parent / "copie" / TECNICO)
    assert libro["Scheda 1 (2)"][grado].comment and not libro["Scheda 1"][grado].comment
    (ente / TECNICO).write_bytes((ente.parent / "copie" / TECNICO).read_bytes())
    put(ente / TECNICO, "Scheda 1 (2)", grado, 90)
    assert found(run.controlla(ente)) == [("M19", (TECNICO, "Scheda 1 (2)", ""))]


def test_a_copy_in_a_workbook_of_the_first_version_is_read(tmp_path: Path) -> None:
    for nome in (ENTE, "polizia_locale.xlsx"):
        (tmp_path / nome).write_bytes((RADICE / "tests/versione_1" / nome).read_bytes())
    polizia = tmp_path / "polizia_locale.xlsx"
    prima = schede_of(run.controlla(tmp_path), "polizia_locale")
    fx.copy_sheet(polizia, "Scheda 1", "Scheda 1 (2)")
    put(polizia, "Scheda 1 (2)", "B2", "Parcheggi")
    numero = max(prima) + 1
    esito = run.controlla(tmp_path)
    assert schede_of(esito, "polizia_locale") == {**prima, numero: "Scheda 1 (2)"}
    sue = {r.codice: r for r in esito.rilievi if r.foglio == "Scheda 1 (2)"}
    assert sue.keys() >= {"M19", "V37"}
    assert "il grado si scrive anche nella riga della voce" in sue["M19"].rimedio


def test_a_copied_scheda_is_read_in_an_ods_too(ente: Path) -> None:
    copied_scheda(ente / TECNICO, "Scheda 1_2", "1, 2")
    (ente / "tecnico.ods").write_bytes(zipped(as_ods((ente / TECNICO).read_bytes())))
    (ente / TECNICO).unlink()
    esito = run.controlla(ente)
    assert ("M19", ("tecnico.ods", "Scheda 1_2", "")) in found(esito)
    assert schede_of(esito) == {1: "Scheda 1", 2: "Scheda 1_2"}
