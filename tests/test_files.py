"""What the run writes is whole, whenever it is stopped."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import NamedTuple

import fixtures_ente as fx
import pytest
from conftest import RADICE

from pipeline import run
from pipeline.cli import comandi as cli
from pipeline.documents import deposito
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
    """Not at once: it could be of a run that is still writing. Nor what is of others."""
    vecchi = [tmp_path / nome for nome in (".~0123456789", ".a.0123.parziale.txt")]
    altri = [tmp_path / nome for nome in (".~lock.a.txt#", ".~appunti")]
    nuovo = tmp_path / ".~4567"
    for percorso in (*vecchi, *altri, nuovo):
        percorso.write_text("metà")
    for percorso in (*vecchi, *altri):
        os.utime(percorso, (OLD, OLD))
    scrivi_intero(tmp_path / "a.txt", lambda p: p.write_text("intero"))
    assert {p.name for p in tmp_path.iterdir()} == {nuovo.name, "a.txt", *(p.name for p in altri)}


@pytest.mark.parametrize("nome", ["a.txt", "ente.xlsx", "relazione_2024.docx", "à" * 120 + ".xlsx"])
def test_a_temporary_name_is_never_longer_than_the_name(tmp_path: Path, nome: str) -> None:
    visti: list[str] = []

    def scrivi(percorso: Path) -> None:
        visti.append(percorso.name)
        percorso.write_text("x")

    scrivi_intero(tmp_path / nome, scrivi)
    assert len(visti[0]) <= len(nome) and visti[0].isascii() and (tmp_path / nome).exists()


def test_what_is_said_to_have_been_written_is_what_was_written(tmp_path: Path) -> None:
    detti: list[str] = []
    impronta = scrivi_intero(tmp_path / "a.txt", lambda p: p.write_text("intero"), detti.append)
    assert detti == [impronta] == [sha256(b"intero").hexdigest()]


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


def command(cartella: Path, uscita: Path, quale: str = "relazione") -> "subprocess.Popen[bytes]":
    comando = [sys.executable, "-m", "pipeline", quale, "--cartella", str(cartella)]
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
    return {p.name: p.read_bytes() for p in (uscita / str(fx.ANNO)).glob("[!.]*") if p.is_file()}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, World]:
    """The same ente before and after a correction."""
    cartelle = [fx.write_world(tmp_path_factory.mktemp("mondo") / nome) for nome in ("prima", "dopo")]
    percorso = cartelle[1] / fx.TECNICO
    fx.put(percorso, "Scheda 1", fx.beside(percorso, "Scheda 1", "Titolo"), "Un altro titolo")
    mondi = []
    for cartella in cartelle:
        uscita = tmp_path_factory.mktemp("intero")
        run.relazione(cartella, uscita)
        run.rimanda(cartella, uscita)
        mondi.append(World(cartella, documents(uscita)))
    prima, dopo = mondi
    assert set(prima.documenti) == {
        "consolidato_2024.xlsx",
        "consolidato_2024_da_inviare.xlsx",
        "controlli_2024.xlsx",
        "relazione_2024.docx",
        MANIFEST,
    }
    assert all(prima.documenti[n] != dopo.documenti[n] for n in ("relazione_2024.docx", MANIFEST))
    return prima, dopo


MANIFEST = "manifest.json"


def whole_and_true(uscita: Path, worlds: tuple[World, World]) -> None:
    """Every document is of a run, whole; and the manifest, if there, is of the run that made them."""
    trovati = documents(uscita)
    assert set(trovati) <= set(worlds[0].documenti), "nothing is taken for the work of a person"
    for nome in set(trovati) - {MANIFEST}:
        assert trovati[nome] in (worlds[0].documenti[nome], worlds[1].documenti[nome]), nome
    if MANIFEST in trovati:
        detto = json.loads(trovati[MANIFEST])
        (mondo,) = (w for w in worlds if json.loads(w.documenti[MANIFEST])["file"] == detto["file"])
        assert set(detto["documenti"]) == {
            n for n in mondo.documenti if n.startswith(("consolidato", "relazione"))
        }
        for nome, impronta in detto["documenti"].items():
            assert impronta == sha256(trovati[nome]).hexdigest()
            assert trovati[nome] == mondo.documenti[nome]


def leftovers_go(uscita: Path, world: World) -> None:
    """What the killed runs left is gone after one that is not killed, and the documents are its own."""
    cartella = uscita / str(fx.ANNO)
    for rimasto in cartella.glob(".~*"):
        os.utime(rimasto, (OLD, OLD))
    assert command(world.cartella, uscita).wait(timeout=120) == 0
    assert [p.name for p in cartella.glob(".*")] == [deposito.NOME]
    documenti = documents(uscita)
    for nome in ("consolidato_2024.xlsx", "relazione_2024.docx"):
        assert documenti[nome] == world.documenti[nome]


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
@pytest.mark.parametrize("volte", [6, pytest.param(100, marks=pytest.mark.lungo)])
def test_killed_at_any_instant_no_document_is_torn_and_no_manifest_lies(
    worlds: tuple[World, World], tmp_path: Path, volte: int
) -> None:
    caso = Random(volte)
    uscita = tmp_path / "uscita"
    inizio = time.monotonic()
    assert command(worlds[0].cartella, uscita).wait(timeout=120) == 0
    durata = time.monotonic() - inizio
    interrotte = 0
    for volta in range(volte):
        quale = "controlla" if volta % 5 == 4 else "relazione"
        processo = command(worlds[volta % 2].cartella, uscita, quale)
        time.sleep(durata * caso.uniform(0.2, 1.1))
        processo.kill()
        interrotte += processo.wait(timeout=60) == -signal.SIGKILL
        assert {"consolidato_2024.xlsx", "relazione_2024.docx"} <= set(documents(uscita))
        whole_and_true(uscita, worlds)
        _nobody_left(processo.pid)
    print(f"{interrotte} killed before their end, of {volte}")
    assert interrotte >= volte // 3
    leftovers_go(uscita, worlds[1])


@pytest.mark.skipif(os.name != "posix", reason="the first is stopped with a signal")
@pytest.mark.parametrize("volte", [2, pytest.param(50, marks=pytest.mark.lungo)])
def test_two_runs_that_meet_leave_the_documents_of_one_of_them(
    worlds: tuple[World, World], tmp_path: Path, volte: int
) -> None:
    """The first is stopped anywhere on its way, the second goes all the way, the first goes on."""
    caso = Random(volte)
    uscita = tmp_path / "uscita"
    inizio = time.monotonic()
    assert command(worlds[0].cartella, uscita).wait(timeout=120) == 0
    durata = time.monotonic() - inizio
    fini: Counter[tuple[int | None, ...]] = Counter()
    for volta in range(volte):
        prima, dopo = (worlds[(volta + n) % 2].cartella for n in (0, 1))
        primo = command(prima, uscita)
        time.sleep(durata * caso.uniform(0.3, 1.0))
        os.killpg(primo.pid, signal.SIGSTOP)
        secondo = command(dopo, uscita, "controlla" if volta % 5 == 4 else "relazione")
        del_secondo = secondo.wait(timeout=120)
        if del_secondo == 0:
            whole_and_true(uscita, worlds)
        os.killpg(primo.pid, signal.SIGCONT)
        fini[primo.wait(timeout=120), del_secondo] += 1
        whole_and_true(uscita, worlds)
        assert MANIFEST in documents(uscita)
        _nobody_left(primo.pid)
        _nobody_left(secondo.pid)
    print(f"how the first and the second have ended: {dict(fini)}")
    assert set(fini) <= {(0, 0), (0, Fine.OCCUPATO)}
    leftovers_go(uscita, worlds[1])


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


@pytest.mark.parametrize("contenuto", ['{"documenti": ["relazione_2024.docx"]}', "{"])
def test_a_manifest_that_says_nothing_of_the_documents_is_no_trouble(
    good: Path, tmp_path: Path, contenuto: str
) -> None:
    run.relazione(good, tmp_path)
    (tmp_path / "2024" / "manifest.json").write_text(contenuto)
    assert run.relazione(good, tmp_path).conservati == []
