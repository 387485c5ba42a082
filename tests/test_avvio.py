"""The commands without make: relazione.cmd and relazione.command; a path of Windows on Linux."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import RADICE
from test_makefile import DICE, received

import ambiente
import avvio
from pipeline.cli import percorsi
from pipeline.cli.comandi import VARIABILI, app
from pipeline.fine import Fermato

PRONTO = """import os
RADICE = os.path.dirname(os.path.abspath(__file__))
WINDOWS = False
PYTHON = os.path.join(RADICE, ".venv", "bin", "python")
def main(python, elenchi):
    return 0
"""
COMANDI, VALORI = avvio.leggi_makefile()
CMD = (RADICE / "relazione.cmd").read_bytes()


@pytest.fixture
def progetto(tmp_path: Path) -> Path:
    """What starts the commands, in a folder like an office has; the program says what it was given."""
    progetto = tmp_path / "OneDrive - Unione (è prova) & C"
    programma = progetto / ".venv" / "bin" / "python"
    programma.parent.mkdir(parents=True)
    programma.write_text(DICE, encoding="utf-8")
    programma.chmod(0o755)
    for nome in ("avvio.py", "relazione.command", "Makefile"):
        shutil.copy(RADICE / nome, progetto)
    (progetto / "ambiente.py").write_text(PRONTO, encoding="utf-8")
    return progetto


def start(progetto: Path, *parole: str, scritto: str = "", **variabili: str) -> tuple[int, str]:
    """How relazione.command ends, called from elsewhere, and what it says."""
    fatto = subprocess.run(
        [progetto / "relazione.command", *parole],
        cwd="/",
        env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **variabili},
        input=scritto,
        capture_output=True,
        text=True,
        check=False,
    )
    return fatto.returncode, fatto.stdout + fatto.stderr


def test_the_commands_are_those_of_the_makefile() -> None:
    nomi = {comando.name or comando.callback.__name__ for comando in app.registered_commands}  # type: ignore[union-attr]
    assert set(COMANDI) == nomi
    assert tuple(VALORI) == VARIABILI


# ------------------------------------------------------------------------------------- the two files

linux = pytest.mark.skipif(sys.platform == "win32", reason="there is no bash")


@linux
@pytest.mark.parametrize(
    "valore", ["C:\\Users\\Dati ente", "l'anno – perché no", "a=b", "$(touch segno)"]
)
def test_what_is_typed_arrives_as_with_make(progetto: Path, valore: str) -> None:
    assert start(progetto, "controlla", f"CARTELLA={valore}", "PUBBLICA=si") == (0, "")
    arrivati = received(progetto)
    assert (arrivati["RELAZIONE_CARTELLA"], arrivati["RELAZIONE_CARTELLA_DA"]) == (
        valore,
        "command line",
    )
    assert (arrivati["RELAZIONE_USCITA"], arrivati["RELAZIONE_PUBBLICA"]) == ("output", "si")
    assert (progetto / "argomenti").read_text(encoding="utf-8") == "-m pipeline controlla\n"
    assert not list(progetto.rglob("segno"))


@linux
def test_without_a_folder_it_is_the_usual_one_and_said_so(progetto: Path) -> None:
    """And a word of the guides before the command is no mistake."""
    assert start(progetto, "make", "relazione") == (0, "")
    arrivati = received(progetto)
    assert arrivati["RELAZIONE_CARTELLA"] == "input_workbooks"
    assert arrivati["RELAZIONE_CARTELLA_DA"] == "file"


@linux
@pytest.mark.parametrize("fine", [0, 1, 5, 6])
def test_it_ends_as_the_command(progetto: Path, fine: int) -> None:
    assert start(progetto, "pdf", FINE=str(fine))[0] == fine


@linux
def test_a_variable_that_make_has_not_is_for_the_program_to_refuse(progetto: Path) -> None:
    assert start(progetto, "controlla", "cartella=x")[0] == 0
    assert received(progetto)["RELAZIONE_ALTRE"] == "cartella"


@linux
@pytest.mark.parametrize("parole", [["relazzione"], ["controlla", "anno"], ["CARTELLA", "=", "anno"]])
def test_a_command_that_is_not_there_is_said(progetto: Path, parole: list[str]) -> None:
    fine, detto = start(progetto, *parole)
    assert fine == 2 and "Questo comando non c'è" in detto and "controlla" in detto
    assert not (progetto / "argomenti").exists()


def test_the_file_for_windows_is_one_that_windows_reads() -> None:
    """CRLF, since cmd.exe loses its labels without; no character that depends on the code page."""
    assert CMD.isascii() and CMD.count(b"\r\n") == CMD.count(b"\n") == len(CMD.splitlines())
    for nome in ("relazione.cmd", "make.cmd"):
        assert (RADICE / nome).read_bytes().endswith(b"\r\n")
    assert b"\r" not in (RADICE / "relazione.command").read_bytes()
    assert "*.cmd text eol=crlf" in (RADICE / ".gitattributes").read_text(encoding="utf-8")


def test_the_file_for_windows_goes_where_it_should() -> None:
    """It cannot be run here: it is read. Every way to a Python gives it all that was typed and keeps how
    it ended; what went wrong stays on the window."""
    righe = CMD.decode("ascii").split("\r\n")
    salti = set(re.findall(r"goto (\w+)", "\n".join(righe)))
    assert salti == {riga[1:] for riga in righe if riga.startswith(":")}
    avvii = [n for n, riga in enumerate(righe) if "avvio.py" in riga]
    assert len(avvii) == 3 and all(righe[n].endswith("avvio.py %*") for n in avvii)
    assert all(righe[n + 1] == 'set "FINE=%errorlevel%"' for n in avvii)
    fine = righe[righe.index(":fine") :]
    assert "if %FINE% neq 0 pause" in fine and fine[-2] == "exit /b %FINE%"
    assert 'pushd "%~dp0"' in righe and "chcp 65001 >nul" in righe
    assert not re.search(r"runas|enabledelayedexpansion|\(\s*$", CMD.decode("ascii"), re.IGNORECASE)


@pytest.mark.parametrize(
    ("riga", "parole"),
    [
        (r'controlla "CARTELLA=C:\Dati ente\2021"', ["controlla", r"CARTELLA=C:\Dati ente\2021"]),
        (r'controlla CARTELLA="C:\Dati ente"', ["controlla", r"CARTELLA=C:\Dati ente"]),
        (r"controlla CARTELLA=C:\l'anno", ["controlla", r"CARTELLA=C:\l'anno"]),
        ("  ", []),
    ],
)
def test_a_line_typed_on_windows_is_split_as_windows_does(riga: str, parole: list[str]) -> None:
    assert avvio.spezza(riga, windows=True) == parole
    with pytest.raises(ValueError, match="CARTELLA"):
        avvio.spezza('controlla "CARTELLA=C:', windows=True)


def test_after_a_double_click_commands_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scritti = iter(["make controlla CARTELLA=anno", "'", ""])
    fatti: list[list[str]] = []
    monkeypatch.setattr("builtins.input", lambda _: next(scritti))
    monkeypatch.setattr(avvio, "esegui", lambda parole, *_: fatti.append(parole) or 1)
    assert avvio.dialogo(COMANDI, VALORI) == 0
    assert fatti == [["make", "controlla", "CARTELLA=anno"]]
    assert "senza la sua compagna" in capsys.readouterr().out


# --------------------------------------------------------------------------- the first run that teaches


@pytest.mark.parametrize(
    ("contenuto", "dice", "poi"),
    [
        (None, "non c'è", "esempio"),
        ([], "è vuota", "esempio"),
        (["~$ente.xlsx", "appunti.txt"], "è vuota", "modelli"),
        (["tecnico.ods"], "non c'è ente.xlsx", "modelli"),
        (["ENTE.xlsx"], "c'è solo ente.xlsx", "modelli"),
        (["ente.ods", "tecnico.xlsx"], "ci sono 2 file", "controlla"),
    ],
)
def test_what_to_do_next_is_said_in_five_lines(
    tmp_path: Path, contenuto: list[str] | None, dice: str, poi: str
) -> None:
    cartella = tmp_path / "anno"
    if contenuto is not None:
        cartella.mkdir()
    for nome in contenuto or ():
        (cartella / nome).touch()
    passi = avvio.primi_passi(str(cartella), "make ")
    assert dice in passi[0] and f"make {poi}" in "\n".join(passi)
    assert len(passi) <= 5


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_alone_says_it_too(progetto: Path) -> None:
    detto = subprocess.run(["make"], cwd=progetto, capture_output=True, text=True, check=True).stdout
    assert detto.startswith("La cartella «input_workbooks» non c'è. Per cominciare:\n")
    assert "\n  make controlla " in detto and "avvio.py" not in detto


# ---------------------------------------------------------------------------------- the environment


def test_on_windows_the_environment_is_of_the_user_and_the_computer() -> None:
    """Not in OneDrive, and with room for long names; two projects have one each."""
    ente, altro = r"C:\Users\x\OneDrive - Unione\relazione", r"C:\relazione"
    posti = {ambiente.posto(dove, True, "L") for dove in (ente, ente.upper(), altro)}
    assert len(posti) == 2 and all(posto.startswith(str(Path("L", "relazione-"))) for posto in posti)
    assert ambiente.posto("/p", False, "L") == ambiente.posto("/p", True, None) == "/p/.venv"


@pytest.mark.parametrize(
    ("scritto", "versione"),
    [
        ("version = 3.12.4\n", "3.12"),
        ("uv = 0.5\nversion_info = 3.11.7\n", "3.11"),
        ("home = 3.9\n", ""),
    ],
)
def test_the_environment_says_for_which_python_it_was_made(
    tmp_path: Path, scritto: str, versione: str
) -> None:
    (tmp_path / "pyvenv.cfg").write_text(scritto, encoding="utf-8")
    assert ambiente._fatto_per(str(tmp_path / "pyvenv.cfg")) == versione
    assert ambiente._fatto_per(str(tmp_path / "manca")) == ""


# ------------------------------------------------------------------------------- a path of Windows


@pytest.fixture
def wsl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The disk C: as WSL has it."""
    disco = tmp_path / "mnt" / "c"
    disco.mkdir(parents=True)
    monkeypatch.setattr(percorsi, "MONTATI", disco.parent)
    monkeypatch.chdir(tmp_path)
    return disco


@pytest.mark.parametrize(
    ("scritto", "tradotto"),
    [
        (r"C:\Users\Dati ente\2021", "Users/Dati ente/2021"),
        ("c:/Users/x", "Users/x"),
        (r"C:\Users\OneDrive - Unione\perché" + "\\", "Users/OneDrive - Unione/perché"),
        ("C:\\", ""),
    ],
)
def test_under_wsl_it_is_the_folder_that_windows_means(wsl: Path, scritto: str, tradotto: str) -> None:
    assert percorsi.percorso_qui(scritto) == wsl / tradotto


@pytest.mark.parametrize(
    ("scritto", "detto"),
    [
        (r"D:\dati", "è un percorso di Windows"),
        (r"\\server\dati", "una cartella di rete si copia"),
        (r"C:dati\2021", "/c/dati/2021"),
        (r"anni\2021", "qui si scrive anni/2021"),
        (r"\dati", "qui si scrive /dati"),
        (r"\\wsl$\Ubuntu\home\manca", "qui si scrive /home/manca"),
    ],
)
def test_what_cannot_be_reached_is_refused_with_what_to_write(
    wsl: Path, scritto: str, detto: str
) -> None:
    prima = list(Path().rglob("*"))
    with pytest.raises(Fermato, match=re.escape(detto)) as rifiuto:
        percorsi.percorso_qui(scritto)
    assert str(rifiuto.value).startswith(scritto)
    assert list(Path().rglob("*")) == prima


def test_what_is_here_is_taken_with_either_bar(wsl: Path) -> None:
    for nome in ("anni/2021", "a:b", "con\\barra"):
        Path(nome).mkdir(parents=True)
    for scritto, atteso in (
        ("anni/2021", "anni/2021"),
        (r"anni\2021", "anni/2021"),
        ("a:b", "a:b"),
        ("con\\barra", "con\\barra"),
        (
            rf"\\wsl.localhost\Ubuntu{str(Path().absolute()).replace('/', chr(92))}",
            str(Path().absolute()),
        ),
        ("nuova", "nuova"),
    ):
        assert percorsi.percorso_qui(scritto) == Path(atteso)
