"""make pulisci: what the commands have written goes, after a yes; the work of people stays."""

from pathlib import Path

import fixtures_ente as fx
import pytest
from fixtures_ente import TECNICO, below, put
from typer.testing import CliRunner, Result

from pipeline import run
from pipeline.cli import azioni
from pipeline.cli import comandi as cli
from pipeline.documents import deposito
from pipeline.fine import Fine


@pytest.fixture
def uscita(tmp_path: Path) -> Path:
    """What `make email` leaves of an ente with something to correct."""
    cartella = fx.write_world(tmp_path / "ente")
    put(cartella / TECNICO, "Valutazione", below(cartella / TECNICO, "Valutazione", "Peso"), "due")
    run.email(cartella, tmp_path / "uscita")
    return tmp_path / "uscita"


def files(cartella: Path) -> set[str]:
    return {p.relative_to(cartella).as_posix() for p in cartella.rglob("*") if p.is_file()}


def pulisci(uscita: Path, *altro: str) -> Result:
    return CliRunner().invoke(cli.app, ["pulisci", "--uscita", str(uscita), *altro])


def test_nothing_goes_without_a_yes_and_then_all_that_was_listed(uscita: Path) -> None:
    prima = files(uscita)
    chiesto = pulisci(uscita)
    assert chiesto.exit_code == Fine.DA_SISTEMARE and "SI=si" in chiesto.output
    assert files(uscita) == prima
    fatto = pulisci(uscita, "--si")
    assert fatto.exit_code == Fine.FATTO
    detti = set(fatto.output.replace("\n", " ").split())
    assert all(str(uscita / nome) in detti for nome in prima if deposito.NOME not in nome)
    assert list(uscita.iterdir()) == []
    assert "niente da cancellare" in pulisci(uscita, "--si").output.replace("\n", " ")


@pytest.mark.parametrize(("risposta", "resta"), [("sì", False), ("SI", False), ("", True), ("no", True)])
def test_a_person_is_asked(
    uscita: Path, monkeypatch: pytest.MonkeyPatch, risposta: str, resta: bool
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: risposta)
    monkeypatch.setattr(azioni, "da_tastiera", lambda: True)
    assert pulisci(uscita).exit_code == Fine.FATTO
    assert (uscita / "2024").exists() == resta


def test_the_work_of_people_stays(uscita: Path) -> None:
    anno = uscita / "2024"
    (anno / "relazione_2024_ritoccata_1.docx").write_bytes(b"mia")
    (anno / "da_correggere" / TECNICO).write_bytes(b"corretta a mano")
    (anno / "email" / "inviati.jsonl").write_text("{}\n", encoding="utf-8")
    (anno / "note.txt").write_text("mie", encoding="utf-8")
    (uscita / "2019").mkdir()
    (uscita / "2019" / "di_altri.docx").write_bytes(b"altro")
    detto = pulisci(uscita, "--si").output
    assert files(uscita) == {
        "2019/di_altri.docx",
        f"2024/{deposito.NOME}",
        "2024/da_correggere/tecnico.xlsx",
        "2024/email/inviati.jsonl",
        "2024/note.txt",
        "2024/relazione_2024_ritoccata_1.docx",
    }
    assert "Restano" in detto and "note.txt" in detto


def test_who_is_writing_is_not_disturbed(uscita: Path) -> None:
    prima = files(uscita)
    with deposito.apri(uscita / "2024", "make relazione"):
        assert pulisci(uscita, "--si").exit_code == Fine.OCCUPATO
    assert files(uscita) == prima
