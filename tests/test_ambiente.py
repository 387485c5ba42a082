"""The first command on a fresh machine: the environment is made, mended, or refused with its remedy."""

import os
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from conftest import RADICE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="on Windows make runs inside WSL")

SISTEMA = "#!/bin/sh\nexit 1\n"
SENZA_ENSUREPIP = f"""#!/bin/sh
# the Python of Debian and Ubuntu without python3-venv
case "$*" in
*"import ensurepip"*) exit 1 ;;
"-m venv"*) /bin/mkdir -p "$3/bin"; echo "ensurepip is not available"; exit 1 ;;
esac
exec {sys.executable} "$@"
"""
VECCHIO = f"""#!/bin/sh
# a Python 3.9, as far as ambiente.py can tell
exec {sys.executable} -c "
import runpy, sys
sys.version_info = (3, 9, 2)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name='__main__')" "$@"
"""
PIP = """import sys
if sys.argv[1] != "--version":
    assert sys.argv[1:-1] == "install --quiet --disable-pip-version-check --require-hashes -r".split()
    open(sys.argv[-1]).close()
"""
SVELTO = f"""#!/bin/sh
# a Python with a pip that has nothing to install: the true one takes five seconds to arrive
case "$*" in
"-m venv"*)
    {sys.executable} -m venv --without-pip "$3" || exit 1
    for dove in "$3"/lib/python*/site-packages; do /bin/cp "${{0%/*}}/pip.py" "$dove"; done
    exit 0 ;;
esac
exec {sys.executable} "$@"
"""
UV = f"""#!/bin/sh
echo "$*" >> "${{0%/*}}/detto"
case "$1" in
venv) exec {sys.executable} -m venv --without-pip "$5" ;;
esac
"""


@pytest.fixture
def progetto(tmp_path: Path) -> Path:
    """The project with nothing to install: what is tried is the way, not the network."""
    (tmp_path / "comandi").mkdir()
    shutil.copy(RADICE / "ambiente.py", tmp_path)
    shutil.copy(RADICE / "Makefile", tmp_path)
    for elenco in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / elenco).write_text("# niente\n", encoding="utf-8")
    (tmp_path / "comandi" / "pip.py").write_text(PIP, encoding="utf-8")
    command(tmp_path, "svelto", SVELTO)
    return tmp_path


def command(progetto: Path, nome: str, testo: str) -> str:
    """A program of the machine, made up."""
    percorso = progetto / "comandi" / nome
    percorso.write_text(testo, encoding="utf-8")
    percorso.chmod(0o755)
    return str(percorso)


def prepare(progetto: Path, python: str = "", *elenchi: str) -> "subprocess.CompletedProcess[str]":
    """What `make` does first, on a machine that has only the made-up programs."""
    python = python or str(progetto / "comandi" / "svelto")
    comando = [python, "ambiente.py", python, *(elenchi or ("requirements.txt",))]
    ambiente = {"PATH": str(progetto / "comandi"), "LC_ALL": "C", "PIP_NO_INDEX": "1"}
    return subprocess.run(comando, cwd=progetto, env=ambiente, capture_output=True, text=True)


def answers(progetto: Path) -> bool:
    python = progetto / ".venv" / "bin" / "python"
    return python.exists() and subprocess.run([python, "-c", ""], check=False).returncode == 0


def test_it_is_made_once_and_then_nothing_is_said(progetto: Path) -> None:
    """With the true Python and the true pip, that are asked to complete it too."""
    fatto = prepare(progetto, sys.executable)
    assert fatto.returncode == 0, fatto.stderr
    assert "Preparo l'ambiente" in fatto.stderr and answers(progetto)
    assert prepare(progetto, sys.executable).stderr == ""
    (progetto / "requirements.txt").write_text("# altro\n", encoding="utf-8")
    assert prepare(progetto, sys.executable).stderr == "Completo l'ambiente…\n"


def test_without_ensurepip_the_one_command_is_said_and_nothing_is_left(progetto: Path) -> None:
    command(progetto, "apt", SISTEMA)
    fatto = prepare(progetto, command(progetto, "python3", SENZA_ENSUREPIP))
    assert fatto.returncode == 1
    assert "apt install python3-venv\n" in fatto.stderr
    assert "manca ensurepip" in fatto.stderr
    assert not (progetto / ".venv").exists()


@pytest.mark.parametrize(
    ("python", "gestore", "attesa"),
    [
        ("python3.12", "apt", "apt install python3.12-venv\n"),
        ("python3", "dnf", "dnf install python3\n"),
        ("python3", "apk", "apk add python3\n"),
        ("python3", "nessuno", "python.org"),
    ],
)
def test_the_command_is_that_of_the_system(
    progetto: Path, python: str, gestore: str, attesa: str
) -> None:
    if sys.platform == "darwin":
        pytest.skip("on macOS it is brew, whatever else there is")
    command(progetto, gestore, SISTEMA)
    assert attesa in prepare(progetto, command(progetto, python, SENZA_ENSUREPIP)).stderr


@pytest.mark.parametrize("resto", ["nothing", "only folders", "no pip", "python gone", "a file", "link"])
def test_one_that_was_left_half_made_is_mended(progetto: Path, resto: str) -> None:
    """As `python3 -m venv` leaves it where ensurepip is missing, or an upgrade of the system."""
    meta = progetto / ".venv"
    if resto == "only folders":
        (meta / "bin").mkdir(parents=True)
    elif resto == "no pip":
        venv.create(meta, with_pip=False)
    elif resto == "python gone":
        venv.create(meta, with_pip=False)
        (meta / "bin" / "python").unlink()
        (meta / "bin" / "python").symlink_to("/usr/bin/python2.99")
    elif resto == "a file":
        meta.write_text("", encoding="utf-8")
    elif resto == "link":
        meta.symlink_to(progetto / "altrove")
    fatto = prepare(progetto)
    assert fatto.returncode == 0, fatto.stderr
    assert answers(progetto)


def test_a_half_made_one_does_not_stay_where_it_cannot_be_mended(progetto: Path) -> None:
    venv.create(progetto / ".venv", with_pip=False)
    assert prepare(progetto, command(progetto, "python3", SENZA_ENSUREPIP)).returncode == 1
    assert not (progetto / ".venv").exists()


def test_one_made_for_a_python_that_was_upgraded_is_made_again(progetto: Path) -> None:
    prepare(progetto)
    (nome,) = (progetto / ".venv" / "lib").iterdir()
    nome.rename(nome.with_name("python3.10"))
    fatto = prepare(progetto)
    assert "Preparo l'ambiente" in fatto.stderr and fatto.returncode == 0
    assert [p.name for p in (progetto / ".venv" / "lib").iterdir()] == [nome.name]


def test_a_new_list_of_components_is_installed_in_the_same(progetto: Path) -> None:
    prepare(progetto)
    (progetto / "requirements.txt").write_text("# altro\n", encoding="utf-8")
    assert prepare(progetto).stderr == "Completo l'ambiente…\n"
    assert prepare(progetto).stderr == ""


def test_what_was_interrupted_is_resumed(progetto: Path) -> None:
    """The mark comes last: killed at any moment, the next command goes on."""
    assert prepare(progetto).returncode == 0
    (progetto / ".venv" / "requirements.txt.pronto").unlink()
    assert prepare(progetto).stderr == "Completo l'ambiente…\n"


def test_an_interruption_is_told_and_leaves_nothing_half_made(progetto: Path) -> None:
    lento = SENZA_ENSUREPIP.replace("exit 1", "exit 0", 1).replace(
        'echo "ensurepip is not available"; exit 1', "/bin/touch iniziato; /bin/sleep 60"
    )
    python = command(progetto, "python3", lento)
    comando = [python, "ambiente.py", python, "requirements.txt"]
    ambiente = {"PATH": str(progetto / "comandi")}
    with subprocess.Popen(
        comando,
        cwd=progetto,
        env=ambiente,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # what runs in the background is started with this signal ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as figlio:
        while not (progetto / "iniziato").exists():
            assert figlio.poll() is None
        os.killpg(figlio.pid, signal.SIGINT)
        _, detto = figlio.communicate(timeout=30)
    assert "riprende" in detto and "Traceback" not in detto
    assert not (progetto / ".venv").exists()


def test_an_old_python_is_told_what_is_needed(progetto: Path) -> None:
    command(progetto, "dnf", SISTEMA)
    fatto = prepare(progetto, command(progetto, "python3", VECCHIO))
    assert fatto.returncode == 1
    assert "Serve Python 3.11 o successivo, qui c'è il 3.9" in fatto.stderr
    assert not (progetto / ".venv").exists()


def test_a_newer_python_of_the_same_machine_is_pointed_at(progetto: Path) -> None:
    command(progetto, "python3.12", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    fatto = prepare(progetto, command(progetto, "python3", VECCHIO))
    assert "aggiungere al comando PYTHON=python3.12" in fatto.stderr


@pytest.mark.parametrize("versione", ["3.6", "3.7", "3.8", "3.9", "3.10"])
def test_it_can_be_read_by_an_old_python(progetto: Path, versione: str) -> None:
    vecchi = (Path.home() / ".pyenv" / "versions").glob(f"{versione}.*/bin/python3")
    trovato = shutil.which(f"python{versione}")
    python = next((str(p) for p in vecchi), trovato)
    if python is None or subprocess.run([python, "-c", ""], check=False).returncode:
        pytest.skip(f"no Python {versione} here")
    assert "Serve Python 3.11" in prepare(progetto, python).stderr


def test_uv_is_used_where_there_is(progetto: Path) -> None:
    """Also without ensurepip, that it does not need, and under a Python that is too old."""
    command(progetto, "uv", UV)
    assert prepare(progetto, command(progetto, "python3", SENZA_ENSUREPIP)).returncode == 0
    detto = (progetto / "comandi" / "detto").read_text(encoding="utf-8").splitlines()
    assert [riga.split()[0] for riga in detto] == ["--version", "venv", "pip"]
    assert "--require-hashes" in detto[2]
    shutil.rmtree(progetto / ".venv")
    assert prepare(progetto, command(progetto, "python3", VECCHIO)).returncode == 0


def test_an_uv_that_does_not_run_is_as_none(progetto: Path) -> None:
    command(progetto, "uv", "#!/bin/sh\nexit 127\n")
    assert prepare(progetto).returncode == 0 and answers(progetto)


@pytest.mark.parametrize(
    ("uscita", "attesa"),
    [
        ("NewConnectionError: [Errno 111] Connection refused", "la rete non risponde"),
        ("SSLError: CERTIFICATE_VERIFY_FAILED", "certificato"),
        ("OSError: [Errno 28] No space left on device", "non c'è più spazio"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "diverso da come deve essere"),
        ("error: command 'gcc' failed", "error: command 'gcc' failed"),
    ],
)
def test_why_the_components_do_not_come_is_said_in_plain_words(
    progetto: Path, uscita: str, attesa: str
) -> None:
    command(progetto, "uv", UV.replace("esac", f'pip) echo "{uscita}"; exit 2 ;;\nesac'))
    fatto = prepare(progetto)
    assert fatto.returncode == 1
    assert attesa in fatto.stderr and "ripetere" in fatto.stderr.lower()
    command(progetto, "uv", UV)
    assert prepare(progetto).returncode == 0


def test_an_environment_of_somebody_else_is_told(progetto: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (progetto / ".venv").mkdir()
    (progetto / ".venv" / "x").touch()
    (progetto / ".venv").chmod(0o500)
    fatto = prepare(progetto)
    (progetto / ".venv").chmod(0o700)
    assert "controllare i permessi" in fatto.stderr and "Traceback" not in fatto.stderr


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_goes_through_it(progetto: Path) -> None:
    command(progetto, "apt", SISTEMA)
    for python, attesa in (
        (command(progetto, "python3", SENZA_ENSUREPIP), "apt install python3-venv"),
        ("python3.99", "Serve Python 3.11 o successivo"),
    ):
        fatto = subprocess.run(
            ["make", "relazione", f"PYTHON={python}"],
            cwd=progetto,
            env={"PATH": f"{progetto / 'comandi'}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
        )
        assert fatto.returncode == 2
        assert attesa in fatto.stdout + fatto.stderr
        assert not (progetto / ".venv").exists()
