"""Which indicatori that are not measured are told to who can mend them, and at which cell."""

from pathlib import Path

import fixtures_ente as fx
import pytest
from fixtures_ente import TECNICO, below, put_many
from test_rilievi import found
from typer.testing import CliRunner

from pipeline import run
from pipeline.cli.comandi import app
from pipeline.rilievi import insieme
from pipeline.valori import misura_testi

FIELDS = {"atteso": "Valore atteso", "raggiunto": "Raggiunto", "verso": "Verso"}


def put_row(ente: Path, n: int, **valori: str | None) -> None:
    """Write over the nth row of the indicatori of the tecnico, or make it one."""
    percorso = ente / TECNICO
    celle = {below(percorso, "Scheda 1", FIELDS[campo], n): v for campo, v in valori.items()}
    altre = {
        below(percorso, "Scheda 1", "INDICATORI", n): "Che cosa",
        below(percorso, "Scheda 1", "Peso", n): 1,
    }
    put_many(percorso, "Scheda 1", {**(altre if n > 1 else {}), **celle})


@pytest.mark.parametrize(
    ("atteso", "raggiunto", "verso", "campo"),
    [
        ("40", "vedi allegato", "crescente", "raggiunto"),
        ("10%", "sì", "crescente", "raggiunto"),
        ("3/4", "12/5", "crescente", "raggiunto"),
        ("¾", "12/5", "crescente", "atteso"),
        ("Manutenzione con n.7tagli/stagione", "5", "crescente", "atteso"),
        ("2 PL + 30 CDU", "32", "crescente", "atteso"),
        ("2020/2022", "SI", "crescente", "atteso"),
        ("0", "0", "crescente", "verso"),
        ("< 10", "5", "crescente", "verso"),
        ("SI", "No (rinviato al 2025)", "crescente", "raggiunto"),
        ("entro il 30/06/2024", "in corso", None, "raggiunto"),
    ],
)
def test_what_hinders_the_measure_is_told_at_its_cell(
    ente: Path, atteso: str, raggiunto: str, verso: str | None, campo: str
) -> None:
    put_row(ente, 1, atteso=atteso, raggiunto=raggiunto, verso=verso)
    assert found(run.controlla(ente)) == [
        ("V36", (TECNICO, "Scheda 1", below(ente / TECNICO, "Scheda 1", FIELDS[campo])))
    ]


@pytest.mark.parametrize("raggiunto", ["15", "20", "22", "= 22"])
def test_a_number_after_an_equals_sign_is_that_number(raggiunto: str) -> None:
    """LibreOffice makes «= 20» of «=> 20»: as for the bare number, more than that is 100 too."""
    for verso in ("", "crescente", "decrescente"):
        assert misura_testi("= 20", raggiunto, verso) == misura_testi("20", raggiunto, verso)
    assert misura_testi("= 20", "22")[1].grado == misura_testi(">= 20", "22")[1].grado == 100


@pytest.mark.parametrize(
    ("atteso", "raggiunto"),
    [
        ("Come da piano", "Come da piano"),
        ("Proseguimento delle attività", "12"),
        ("entro il 30/06/2025", "SI"),
        ("A consuntivo", "119"),
        (None, "119"),
    ],
)
def test_what_nobody_can_mend_is_not_told(ente: Path, atteso: str | None, raggiunto: str) -> None:
    put_row(ente, 1, atteso=atteso, raggiunto=raggiunto, verso=None)
    assert found(run.controlla(ente)) == []


def test_an_empty_raggiunto_is_told_beside_one_that_is_there(ente: Path) -> None:
    put_row(ente, 2, atteso="10", raggiunto=None, verso=None)
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto", 2)
    (rilievo,) = run.controlla(ente).rilievi
    assert (rilievo.codice, rilievo.cella) == ("V36", cella)
    assert "manca il raggiunto" in rilievo.messaggio


@pytest.mark.parametrize(
    ("foglio", "intestazione"), [("Scheda 1", "% raggiungimento"), ("Valutazione", "Grado dichiarato %")]
)
def test_it_is_told_in_one_pass_with_the_grado_that_cannot_be_read(
    ente: Path, foglio: str, intestazione: str
) -> None:
    put_row(ente, 1, atteso="10", raggiunto="vedi allegato")
    for dove, titolo in (("Scheda 1", "% raggiungimento"), ("Valutazione", "Grado dichiarato %")):
        fx.put(ente / TECNICO, dove, below(ente / TECNICO, dove, titolo), None)
    fx.put(ente / TECNICO, foglio, below(ente / TECNICO, foglio, intestazione), "circa 80")
    assert {codice for codice, _ in found(run.controlla(ente))} == {"C01", "V36"}


@pytest.mark.parametrize(
    "raggiunto",
    [
        *("31/09/2024", "il 30.2.2024", "12/13/2024", "31-04-24", "entro il 31/06/2024"),
        *("31 settembre 2024", "il 30 febbraio", "29 feb. 2023", "bando entro il 31 giugno"),
    ],
)
def test_a_day_that_no_calendar_has_is_said_as_such(ente: Path, raggiunto: str) -> None:
    put_row(ente, 1, atteso="entro il 30/09/2024", raggiunto=raggiunto)
    (rilievo,) = run.controlla(ente).rilievi
    assert "il raggiunto ha una data che non esiste" in rilievo.messaggio


def test_two_days_of_the_calendar_exist(ente: Path) -> None:
    put_row(ente, 1, atteso="entro il 30/09/2024", raggiunto="29/02/2024 30/08/2024")
    (rilievo,) = run.controlla(ente).rilievi
    assert "non si sa come leggere" in rilievo.messaggio


@pytest.mark.parametrize("raggiunto", ["29 febbraio 2024", "29 febbraio", "30 settembre"])
def test_the_last_day_of_a_month_exists(ente: Path, raggiunto: str) -> None:
    put_row(ente, 1, atteso="entro il 30/09/2024", raggiunto=raggiunto)
    assert run.controlla(ente).rilievi == []


def test_not_without_a_grado_nor_where_the_nucleo_has_given_it(ente: Path) -> None:
    put_row(ente, 2, atteso="10", raggiunto=None, verso=None)
    fx.put(ente / TECNICO, "Valutazione", below(ente / TECNICO, "Valutazione", "Grado Nucleo %"), 90)
    assert found(run.controlla(ente)) == []


def test_the_message_tells_the_cells_of_a_cause_together(ente: Path, tmp_path: Path) -> None:
    for n in (2, 3):
        put_row(ente, n, atteso="10", raggiunto=None, verso=None)
    esito, preparate = run.email(ente, tmp_path / "uscita")
    assert len(esito.rilievi) == 2 and len(insieme(esito.rilievi)) == 1
    (messaggio,) = (b for b in preparate.bozze if b.nome == "conferme_tecnico")
    celle = [below(ente / TECNICO, "Scheda 1", "Raggiunto", n) for n in (2, 3)]
    assert f"celle {celle[0]}:{celle[1]}\n" in messaggio.testo
    assert "una cosa" in messaggio.oggetto


def test_the_screen_tells_every_cell_once_for_each_motive(ente: Path, tmp_path: Path) -> None:
    put_row(ente, 1, atteso="10", raggiunto="vedi allegato")
    for n in (2, 3):
        put_row(ente, n, atteso="10", raggiunto=None, verso=None)
    argomenti = ["controlla", "--cartella", str(ente), "--uscita", str(tmp_path / "uscita")]
    schermo = " ".join(CliRunner().invoke(app, argomenti).output.split())
    prima, *vuote = (below(ente / TECNICO, "Scheda 1", "Raggiunto", n) for n in (1, 2, 3))
    foglio = f"V36 {TECNICO}, foglio «Scheda 1»"
    assert f"{foglio}, cella {prima} L'indicatore non si misura: il raggiunto è descritto" in schermo
    insieme = f"{foglio}, celle {vuote[0]}:{vuote[1]}: 2 celle L'indicatore non si misura: manca"
    assert insieme in schermo
