"""What is typed after `make` reaches the program as it is typed, and how make ends."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import fixtures_ente as fx
import pytest
from conftest import RADICE
from typer.testing import CliRunner

from pipeline.cli import comandi as cli
from pipeline.fine import Fine

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")

VARIABILI = (
    *("CARTELLA", "USCITA", "PUBBLICA", "PAGINE", "PDF", "TRACCE", "DA", "RISCRIVI", "INVIA"),
    *("RIPETI", "SI", "SCHEDULER", "PROCESSI", "NOMI"),
)
MAKE = str(shutil.which("make"))

DICE = """#!/bin/sh
# in the place of the program: what it was called with, and the code it is told to end with
echo "$*" >> argomenti
env -0 > ambiente
exit "${FINE:-0}"
"""
VERO = f"""#!/bin/sh
PYTHONPATH='{RADICE}' exec '{sys.executable}' "$@"
"""

SCRITTI = [
    "$(touch segno)",
    "$$(touch segno)",
    "`touch segno`",
    '"; touch segno; "',
    "'; touch segno; '",
    "x; touch segno",
    "x && touch segno",
    "x | touch segno",
    "x > segno",
    "$(shell touch segno)",
    "${shell touch segno}",
    "$(eval X := $(shell touch segno))",
    "$(error ferma)",
    "$(info detto)",
    "\\$(touch segno)",
    '\\"; touch segno; \\"',
    "$(",
    "$",
    "a$b e ${HOME}",
    "anno #1",
    "fatto al 100%",
    "dentro\\sotto\\",
    "-rf",
    "--help",
    'detta "la nuova"',
    "l'anno – perché no «così»",
    "* ? [a] ~ ! & (b)",
    "a:b = c",
    "coda ",
]


@pytest.fixture
def progetto(tmp_path: Path) -> Path:
    """The Makefile alone, with a program that says what it was given."""
    shutil.copy(RADICE / "Makefile", tmp_path)
    (tmp_path / "ambiente.py").write_text("", encoding="utf-8")
    return answering(tmp_path, DICE)


def answering(progetto: Path, programma: str) -> Path:
    percorso = progetto / ".venv" / "bin" / "python"
    percorso.parent.mkdir(parents=True, exist_ok=True)
    percorso.write_text(programma, encoding="utf-8")
    percorso.chmod(0o755)
    return progetto


def make(progetto: Path, *argomenti: str, **ambiente: str) -> "subprocess.CompletedProcess[str]":
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHON": sys.executable, **ambiente}
    return subprocess.run(
        [MAKE, *argomenti],
        cwd=progetto,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def received(progetto: Path) -> dict[str, str]:
    voci = (progetto / "ambiente").read_text(encoding="utf-8").split("\0")
    return dict(voce.split("=", 1) for voce in voci if voce.startswith("RELAZIONE_"))


@pytest.mark.parametrize("scritto", SCRITTI)
@pytest.mark.parametrize("dove", ["after make", "in the environment"])
def test_every_variable_arrives_as_it_is_typed_and_nothing_of_it_runs(
    progetto: Path, scritto: str, dove: str
) -> None:
    valori = dict.fromkeys(VARIABILI, scritto)
    if dove == "after make":
        fatto = make(progetto, "relazione", *(f"{nome}={valore}" for nome, valore in valori.items()))
    else:
        fatto = make(progetto, "relazione", **valori)
    assert (fatto.returncode, fatto.stdout, fatto.stderr) == (0, "", "")
    trovati = received(progetto)
    assert {nome: trovati[f"RELAZIONE_{nome}"] for nome in VARIABILI} == valori
    assert (progetto / "argomenti").read_text(encoding="utf-8") == "-m pipeline relazione\n"
    assert not list(progetto.rglob("segno"))


@pytest.mark.parametrize("scritto", SCRITTI)
def test_a_python_that_is_no_program_is_said_and_nothing_of_it_runs(
    progetto: Path, scritto: str
) -> None:
    fatto = make(progetto, "controlla", f"PYTHON={scritto}")
    assert fatto.returncode == 2
    assert f"qui «{scritto}» non c'è" in fatto.stdout
    assert {p.name for p in progetto.iterdir()} == {"Makefile", "ambiente.py", ".venv"}


def test_a_python_in_an_odd_folder_is_found(progetto: Path) -> None:
    strano = progetto / "il mio $python" / "python3"
    strano.parent.mkdir()
    strano.symlink_to(sys.executable)
    assert make(progetto, "controlla", f"PYTHON={strano}").returncode == 0


def test_what_is_not_typed_is_the_usual(progetto: Path) -> None:
    make(progetto, "pdf")
    trovati = received(progetto)
    assert (trovati["RELAZIONE_CARTELLA"], trovati["RELAZIONE_USCITA"]) == ("input_workbooks", "output")
    assert {trovati[f"RELAZIONE_{nome}"] for nome in VARIABILI[2:]} == {""}


@pytest.mark.parametrize(
    "comando",
    [
        "nuovo",
        "relazione",
        "pdf",
        "controlla",
        "modelli",
        "carta",
        "nucleo",
        "email",
        "lotto",
        "pulisci",
    ],
)
@pytest.mark.parametrize("fine", [*Fine, 4, 127, 139])
def test_make_fails_only_where_the_command_could_not_be_done(
    progetto: Path, comando: str, fine: int
) -> None:
    """What the program has said needs no English line after it; up to 4 it has said all."""
    fatto = make(progetto, comando, FINE=str(int(fine)))
    assert (fatto.returncode, "make: ***" in fatto.stderr) == ((0, False) if fine < 5 else (2, True))


def test_a_draft_ends_in_the_words_of_the_program(progetto: Path) -> None:
    """With the program itself, in folders that a shell would not let through."""
    cartella = fx.write_world(progetto / 'anno "2024" $(touch segno)')
    (cartella / fx.TECNICO).unlink()
    answering(progetto, VERO)
    fatto = make(progetto, "controlla", f"CARTELLA={cartella.name}", "USCITA=fuori`touch segno`")
    assert (fatto.returncode, fatto.stderr) == (0, "")
    assert fatto.stdout.splitlines()[-1].endswith("la relazione esce come BOZZA.")
    assert (progetto / "fuori`touch segno`" / "2024" / "controlli_2024.xlsx").is_file()
    assert not (progetto / "segno").exists()
    fatto = make(progetto, "relazione", "CARTELLA=niente")
    assert (fatto.returncode, fatto.stdout) == (0, "")
    assert fatto.stderr == "La cartella niente non c'è. Controllare il nome.\n"


@pytest.mark.parametrize("scritto", [["relazzione"], ["CARTELLA=", "anno"], ["$(touch segno)"]])
def test_a_target_that_is_not_there_is_said_in_italian(progetto: Path, scritto: list[str]) -> None:
    fatto = make(progetto, *scritto)
    assert fatto.returncode == 2
    assert "Questo comando non c'è" in fatto.stdout and "make relazione " in fatto.stdout
    assert not (progetto / "segno").exists()


@pytest.mark.parametrize("nome", [*VARIABILI, "PYTHON"])
def test_a_variable_in_small_letters_is_refused_with_the_right_one(progetto: Path, nome: str) -> None:
    """It would be passed over, and the command would work on the usual folder. Nothing of it runs."""
    for scritto in (f"{nome.lower()}=$(shell touch segno)", f"{nome.capitalize()}=$$(touch segno)"):
        fatto = make(progetto, "controlla", scritto)
        assert fatto.returncode == 0 and not (progetto / "segno").exists()
        assert received(progetto)["RELAZIONE_ALTRE"] == scritto.split("=")[0]
        assert f"si scrive «{nome}=»" in cli.variabile_sbagliata(scritto.split("=")[0])


def test_the_program_does_nothing_with_a_variable_that_make_has_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cartella, uscita = fx.write_world(tmp_path / "ente"), tmp_path / "uscita"
    comando = ["controlla", "--cartella", str(cartella), "--uscita", str(uscita)]
    for dove, nome, detto in (
        ("RELAZIONE_ALTRE", "CARTELA", "forse è «CARTELLA=»"),
        ("RELAZIONE_ALTRE", "ANNO", "Dopo make si può scrivere: CARTELLA=, USCITA="),
        ("Uscita", "altrove", "si scrive «USCITA=»"),
    ):
        with monkeypatch.context() as ambiente:
            ambiente.setenv(dove, nome)
            fatto = CliRunner().invoke(cli.app, comando)
        assert fatto.exit_code == Fine.COMANDO_SBAGLIATO and detto in fatto.output
    assert not uscita.exists()


def test_who_types_no_folder_is_told_first_which_one_it_is(progetto: Path) -> None:
    cartella = fx.write_world(progetto / "input_workbooks")
    answering(progetto, VERO)
    di_norma = make(progetto, "modelli").stdout.splitlines()[0]
    assert di_norma.startswith("Comune di Prova, anno 2024: file in «input_workbooks». CARTELLA non è")
    detta = make(progetto, "modelli", f"CARTELLA={cartella.name}").stdout.splitlines()[0]
    assert detta == "Comune di Prova, anno 2024: file in «input_workbooks»."
    invio = make(progetto, "email", "INVIA=si")
    assert "make email CARTELLA=nome INVIA=si. Non è stato mandato niente." in invio.stderr
    assert not (progetto / "output").exists()
