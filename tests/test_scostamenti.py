"""Why a raggiunto is under its atteso: asked for once, at its cell; printed and counted."""

import re
from pathlib import Path

import openpyxl
import pytest
from fixtures_ente import AREA, OPERATIVI, RAGIONERIA, TECNICO, below, put, put_many
from test_rilievi import found
from test_schede import case_of, headings
from typer.testing import CliRunner

from pipeline import modelli, run
from pipeline.cli.comandi import app
from pipeline.documents import cifre
from pipeline.documents.relazione import misura, nucleo, settori
from pipeline.documents.word.documento import Documento

SCHEDA, VOCI = "Scheda 1", "Valutazione"
MOTIVO, NOTE = "Motivo dello scostamento", "Motivo / note del responsabile"


def under(ente: Path, file: str = TECNICO, scheda: str = SCHEDA, n: int = 1, **altro: str) -> str:
    """Make an indicatore of a scheda measure 93,33; returns the cell of its reason."""
    campi = {"INDICATORI": "Atti", "Valore atteso": "> 15", "Raggiunto": "14", **altro}
    celle: dict[str, object] = {below(ente / file, scheda, campo, n): v for campo, v in campi.items()}
    if n > 1:
        celle[below(ente / file, scheda, "Peso", n)] = 1
    put_many(ente / file, scheda, celle)
    return below(ente / file, scheda, MOTIVO, n)


def printed(ente: Path) -> str:
    """The settori, the page of the Nucleo and that of the indicatori."""
    documento, fascicolo = Documento(), case_of(ente)
    for capitolo in (settori, nucleo, misura):
        capitolo.scrivi(documento, fascicolo)
    return re.sub(r"<[^>]+>", "|", "".join(documento.blocchi))


def test_a_reason_is_asked_for_at_its_cell_with_the_values(ente: Path) -> None:
    cella = under(ente)
    (rilievo,) = run.controlla(ente).rilievi
    assert (rilievo.codice, rilievo.file, rilievo.foglio, rilievo.cella) == (
        "V42",
        TECNICO,
        SCHEDA,
        cella,
    )
    assert "«14» su un atteso di «> 15» (93,33" in rilievo.messaggio
    testo = printed(ente)
    assert "Atti – motivo non scritto" in testo and "1 scostamento, nessuno con il motivo" in testo


def test_a_reason_that_is_written_is_printed_beside_the_figure_and_counted(
    ente: Path, tmp_path: Path
) -> None:
    put(ente / TECNICO, SCHEDA, under(ente), "Due assenze lunghe.")
    assert run.controlla(ente).rilievi == []
    fascicolo = case_of(ente)
    assert (len(fascicolo.scostamenti), fascicolo.motivati) == (1, 1)
    assert cifre.cifre(fascicolo)[cifre.MOTIVATI].valore == 1
    testo = printed(ente)
    assert testo.count("Motivo: Due assenze lunghe") == 2  # in the scheda and among all of them
    assert "otivo non scritto" not in testo
    assert "1 scostamento, con il motivo" in testo and "motivo non scritto" not in testo
    assert MOTIVO in headings(fascicolo, "Dati", 1, tmp_path)


def test_the_count_tells_how_many_of_all(ente: Path) -> None:
    put(ente / TECNICO, SCHEDA, under(ente), "Due assenze lunghe.")
    under(ente, RAGIONERIA)
    assert cifre.scostamenti(case_of(ente)) == "2 scostamenti, 1 con il motivo"
    assert "2 scostamenti, 1 con il motivo" in printed(ente)


def test_not_where_the_voce_says_it_already(ente: Path) -> None:
    under(ente)
    under(ente, n=2)
    nota = below(ente / TECNICO, VOCI, NOTE)
    put(ente / TECNICO, VOCI, nota, "Cantiere fermo sei mesi.")
    assert run.controlla(ente).rilievi == []
    assert case_of(ente).motivati == 2
    testo = printed(ente)
    assert "Motivo: Cantiere fermo sei mesi" in testo and "Atti – stesso motivo" in testo


def test_of_a_voce_that_is_out_the_reason_is_that_of_its_stato(ente: Path) -> None:
    under(ente)
    celle = {below(ente / TECNICO, VOCI, "Stato"): "rinviato"}
    put_many(ente / TECNICO, VOCI, celle)
    assert [codice for codice, _ in found(run.controlla(ente))] == ["V08"]
    put(ente / TECNICO, VOCI, below(ente / TECNICO, VOCI, "Note Nucleo"), "Rinviato al 2025.")
    assert found(run.controlla(ente)) == [] and case_of(ente).motivati == 1
    testo = printed(ente)
    assert "Nota: Rinviato al 2025" in testo and "Motivo: " not in testo


@pytest.mark.parametrize("raggiunto", ["16", None, "vedi allegato"])
def test_not_of_what_reached_its_atteso_or_is_not_measured(ente: Path, raggiunto: str | None) -> None:
    under(ente)
    put(ente / TECNICO, SCHEDA, below(ente / TECNICO, SCHEDA, "Raggiunto"), raggiunto)
    assert "V42" not in [codice for codice, _ in found(run.controlla(ente))]


def test_a_workbook_without_the_column_is_not_asked_for_it(ente: Path) -> None:
    under(ente)
    intestazione = below(ente / TECNICO, SCHEDA, MOTIVO, 0)
    put(ente / TECNICO, SCHEDA, intestazione, None)
    assert run.controlla(ente).rilievi == []
    assert len(case_of(ente).scostamenti) == 1


def test_the_screen_tells_those_of_a_file_together(ente: Path, tmp_path: Path) -> None:
    celle = [under(ente), under(ente, n=2)]
    argomenti = ["controlla", "--cartella", str(ente), "--uscita", str(tmp_path / "uscita")]
    schermo = " ".join(CliRunner().invoke(app, argomenti).output.split())
    assert f"V42 {TECNICO}, foglio «{SCHEDA}», celle {celle[0]}:{celle[1]}: 2 celle" in schermo
    assert schermo.count("V42 ") == 1


def test_the_year_after_begins_without_reasons(ente: Path, tmp_path: Path) -> None:
    cella = under(ente)
    put(ente / TECNICO, SCHEDA, cella, "Due assenze lunghe.")
    modelli.prepara(tmp_path / "riscritte", riscrivi=ente)
    modelli.prepara(tmp_path / "dopo", da=ente)
    valori = [
        openpyxl.load_workbook(tmp_path / anno / TECNICO)[SCHEDA][cella].value
        for anno in ("riscritte", "dopo")
    ]
    assert valori == ["Due assenze lunghe.", None]


@pytest.mark.parametrize(
    ("scritto", "motivi"),
    [
        ("Neve\nUna assenza", ["Neve", "Una assenza"]),
        ("Neve", ["Neve", "Neve"]),
        ("\nUna assenza", ["", "Una assenza"]),
        ("Neve,\npoi una frana,\npoi altra neve", ["Neve,\npoi una frana,\npoi altra neve"] * 2),
    ],
)
def test_of_several_indicatori_in_a_cell_each_has_its_line_or_all_the_whole(
    ente_missioni: Path, scritto: str, motivi: list[str]
) -> None:
    valori = {
        "INDICATORI DI OUTPUT": "Sedute\nVerbali",
        "VALORE ATTESO": "40\n20",
        "RAGGIUNTO": "38\n20",
    }
    celle = {below(ente_missioni / AREA, OPERATIVI, h, 2): v for h, v in valori.items()}
    celle[below(ente_missioni / AREA, OPERATIVI, "MOTIVO DELLO SCOSTAMENTO", 2)] = scritto
    put_many(ente_missioni / AREA, OPERATIVI, celle)
    esito = run.controlla(ente_missioni)
    assert all(q.torna for q in esito.raccolta.quadrature)
    indicatori = case_of(ente_missioni).righe.indicatori
    sue = [i["motivo_scostamento"] for i in indicatori if i["indicatore"] in ("Sedute", "Verbali")]
    assert sue == motivi
