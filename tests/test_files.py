"""What the run writes is whole, whenever it is stopped."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import NamedTuple

import fixtures_ente as fx
import pytest
from conftest import RADICE

from pipeline import cli, run
from pipeline.files import scrivi_intero
from pipeline.fine import Fine

OLD = time.time() - 24 * 3600


# ------------------------------------------------------------------------------------ one file at a time


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    for testo in ("prima", "dopo"):
        scrivi_intero(tmp_path / "a.txt", lambda p, testo=testo: p.write_text(testo))  # type: ignore[misc]
        assert (tmp_path / "a.txt").read_text() == testo
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("prima")

    def fail(percorso: Path) -> None:
        percorso.write_text("metà")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scrivi_intero(tmp_path / "a.txt", fail)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.txt": "prima"}


def test_two_runs_at_once_do_not_meet(tmp_path: Path) -> None:
    """The second begins and ends while the first is writing: each file is one of the two, whole."""

    def first(percorso: Path) -> None:
        with percorso.open("w") as flusso:
            flusso.write("primo ")
            flusso.flush()
            scrivi_intero(tmp_path / "a.txt", lambda p: p.write_text("secondo"))
            assert (tmp_path / "a.txt").read_text() == "secondo"
            flusso.write("intero")

    scrivi_intero(tmp_path / "a.txt", first)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.txt": "primo intero"}


def test_what_a_killed_run_left_is_removed_later(tmp_path: Path) -> None:
    """Not at once: it could be of a run that is still writing."""
    vecchio, nuovo = tmp_path / ".a.0123.parziale.txt", tmp_path / ".a.4567.parziale.txt"
    for percorso in (vecchio, nuovo):
        percorso.write_text("metà")
    os.utime(vecchio, (OLD, OLD))
    scrivi_intero(tmp_path / "a.txt", lambda p: p.write_text("intero"))
    assert sorted(p.name for p in tmp_path.iterdir()) == [nuovo.name, "a.txt"]


def test_a_document_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Open in Excel under Windows, a full disk, a folder of someone else."""
    cartella, uscita = fx.write_world(tmp_path / "ente"), tmp_path / "uscita"
    occupato = uscita / str(fx.ANNO)
    uscita.mkdir()
    occupato.write_text("non è una cartella")
    monkeypatch.setattr(
        sys, "argv", ["x", "relazione", "--cartella", str(cartella), "--uscita", str(uscita)]
    )
    with pytest.raises(SystemExit) as fine:
        cli.main()
    assert fine.value.code == Fine.NON_RIUSCITO
    schermata = capsys.readouterr().err
    assert f"Non si riesce a leggere o scrivere {occupato}" in schermata
    assert "Traceback" not in schermata


# --------------------------------------------------------------------------- the whole command, killed


class World(NamedTuple):
    """An ente to report on, and the documents it gives."""

    cartella: Path
    documenti: dict[str, bytes]


def command(cartella: Path, uscita: Path) -> "subprocess.Popen[bytes]":
    comando = [sys.executable, "-m", "pipeline", "relazione", "--cartella", str(cartella)]
    return subprocess.Popen(
        [*comando, "--uscita", str(uscita)],
        cwd=RADICE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "PATH": ""},  # without LibreOffice: most of the time would be its own
    )


def documents(uscita: Path) -> dict[str, bytes]:
    """What a person finds in the folder: not the hidden files."""
    return {p.name: p.read_bytes() for p in (uscita / str(fx.ANNO)).glob("[!.]*")}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, World]:
    """The same ente before and after a correction."""
    cartelle = [fx.write_world(tmp_path_factory.mktemp("mondo") / nome) for nome in ("prima", "dopo")]
    percorso = cartelle[1] / fx.TECNICO
    fx.put(percorso, "Scheda 1", fx.beside(percorso, "Scheda 1", "Titolo"), "Un altro titolo")
    mondi = []
    for cartella in cartelle:
        uscita = tmp_path_factory.mktemp("intero")
        assert command(cartella, uscita).wait(timeout=120) == 0
        mondi.append(World(cartella, documents(uscita)))
    prima, dopo = mondi
    assert len(prima.documenti) == 3
    assert all(prima.documenti[nome] != dopo.documenti[nome] for nome in prima.documenti)
    return prima, dopo


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
@pytest.mark.parametrize("volte", [10, pytest.param(100, marks=pytest.mark.lungo)])
def test_killed_at_any_instant_no_document_is_torn(
    worlds: tuple[World, World], tmp_path: Path, volte: int
) -> None:
    caso = Random(volte)
    uscita = tmp_path / "uscita"
    inizio = time.monotonic()
    assert command(worlds[0].cartella, uscita).wait(timeout=120) == 0
    durata = time.monotonic() - inizio
    interrotte = 0
    for volta in range(volte):
        processo = command(worlds[volta % 2].cartella, uscita)
        time.sleep(durata * caso.uniform(0.2, 1.1))
        processo.kill()
        interrotte += processo.wait(timeout=60) == -signal.SIGKILL
        trovati = documents(uscita)
        # the manifest is not there while what it lists is made again
        assert set(trovati) | {"manifest.json"} == set(worlds[0].documenti)
        for nome, contenuto in trovati.items():
            if nome == "manifest.json":  # it holds the time
                assert json.loads(contenuto)["anno"] == fx.ANNO
            else:
                assert contenuto in (worlds[0].documenti[nome], worlds[1].documenti[nome]), nome
        _nobody_left(processo.pid)
    assert interrotte >= volte // 3
    for rimasto in (uscita / str(fx.ANNO)).glob(".*"):
        os.utime(rimasto, (OLD, OLD))
    assert command(worlds[1].cartella, uscita).wait(timeout=120) == 0
    assert list((uscita / str(fx.ANNO)).glob(".*")) == []
    documenti = documents(uscita)
    for nome in set(documenti) - {"manifest.json"}:
        assert documenti[nome] == worlds[1].documenti[nome]
    shutil.rmtree(uscita)


def _nobody_left(gruppo: int) -> None:
    """The child that reads does not outlive the run that was killed."""
    fine = time.monotonic() + 60
    while time.monotonic() < fine:
        try:
            os.killpg(gruppo, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    pytest.fail("a process of the killed run is still there")


# --------------------------------------------------------------------------- the work of a person


def test_a_document_changed_by_hand_is_kept_under_another_name(good: Path, tmp_path: Path) -> None:
    prima = run.relazione(good, tmp_path)
    word = prima.documenti[1]
    word.write_bytes(word.read_bytes() + b"ritocco")
    dopo = run.relazione(good, tmp_path)
    assert [p.name for p in dopo.conservati] == ["relazione_2024_ritoccata_1.docx"]
    assert dopo.conservati[0].read_bytes().endswith(b"ritocco")
    word.write_bytes(b"di nuovo")
    assert [p.name for p in run.relazione(good, tmp_path).conservati] == [
        "relazione_2024_ritoccata_2.docx"
    ]


def test_documents_as_they_were_made_are_simply_made_again(good: Path, tmp_path: Path) -> None:
    prima = run.relazione(good, tmp_path, pubblica=True)
    dopo = run.relazione(good, tmp_path)
    assert dopo.conservati == []
    assert {p.name for p in tmp_path.rglob("*ritoccata*")} == set()
    assert len(dopo.documenti) < len(prima.documenti)


@pytest.mark.parametrize("contenuto", ["", "[]", '{"documenti": ["relazione_2024.docx"]}', "{"])
def test_a_manifest_that_says_nothing_of_the_documents_is_no_trouble(
    good: Path, tmp_path: Path, contenuto: str
) -> None:
    run.relazione(good, tmp_path)
    (tmp_path / "2024" / "manifest.json").write_text(contenuto)
    assert run.relazione(good, tmp_path).conservati == []
