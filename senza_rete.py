"""A zip for computers without network: the program, and the components of requirements.txt as wheels.

    .venv/bin/python senza_rete.py [linux] [windows] [macos]     (make senza-rete)

Run where the network is; one zip for each system in output/senza_rete. Unzipped there, every command
finds the folder «pacchetti» and asks nobody else (ambiente.py). The imprints are checked here and there.
"""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

from ambiente import PACCHETTI

RADICE = Path(__file__).resolve().parent
USCITA = RADICE / "output" / "senza_rete"
PYTHON = ("3.11", "3.12", "3.13")
"""The Pythons for which there are wheels in a zip: those that an office is likely to have."""


class Sistema(NamedTuple):
    """What pip calls the computers of a system, and what the markers of the list call it."""

    piattaforme: tuple[str, ...]
    sys_platform: str


SISTEMI = {
    "linux": Sistema(
        ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64"), "linux"
    ),
    "windows": Sistema(("win_amd64",), "win32"),
    "macos": Sistema(("macosx_15_0_arm64",), "darwin"),
}
DEL_PROGETTO = (
    *("pipeline/**/*", "docs/**/*", "input_workbooks/**/*", "*.py", "*.cmd", "*.command", "Makefile"),
    *("requirements*.txt", "pyproject.toml", "publiccode.yml", "LICENSE", "*.md"),
)
"""What of the project an office needs: not its tests."""


def main(nomi: list[str]) -> int:
    USCITA.mkdir(parents=True, exist_ok=True)
    for nome in nomi or SISTEMI:
        percorso = USCITA / f"relazione-performance-{nome}.zip"
        with tempfile.TemporaryDirectory() as cartella:
            pacchetti = Path(cartella)
            for python in PYTHON:
                scarica(SISTEMI[nome], python, pacchetti)
            pip("wheel", "--no-deps", "--wheel-dir", pacchetti, RADICE)
            comprimi(pacchetti, percorso)
        print(f"{percorso.relative_to(RADICE)}: {percorso.stat().st_size // 10**6} MB")
    return 0


def scarica(sistema: Sistema, python: str, dove: Path) -> None:
    """Download the wheels of the list that a system and a Python need, with their imprints.

    Raises CalledProcessError: one is not to be had, or is not what it should be.
    """
    with tempfile.TemporaryDirectory() as cartella:
        elenco = Path(cartella) / "elenco.txt"
        elenco.write_text("".join(voci(sistema, python)), encoding="utf-8")
        scelta = [opzione for nome in sistema.piattaforme for opzione in ("--platform", nome)]
        scelta += ["--python-version", python, "--only-binary", ":all:", "--no-deps"]
        pip("download", *scelta, "--require-hashes", "-r", elenco, "--dest", dove)


def voci(sistema: Sistema, python: str) -> Iterator[str]:
    """The entries of requirements.txt that are for a system and a Python, without their markers: pip
    would judge those by the computer it runs on."""
    ambiente = {
        "sys_platform": sistema.sys_platform,
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    testo = (RADICE / "requirements.txt").read_text(encoding="utf-8")
    for voce in testo.replace("\\\n", "").splitlines():
        richiesta, *impronte = voce.split(" --hash=")
        if richiesta and not richiesta.startswith("#"):
            chiesto = Requirement(richiesta.strip())
            if chiesto.marker is None or chiesto.marker.evaluate(ambiente):
                yield " ".join([f"{chiesto.name}{chiesto.specifier}", *_hash(impronte)]) + "\n"


def _hash(impronte: list[str]) -> list[str]:
    return [f"--hash={impronta.strip()}" for impronta in impronte]


def comprimi(pacchetti: Path, percorso: Path) -> None:
    """The project and the wheels in a zip, all in one folder."""
    dentro = Path("relazione-performance")
    with zipfile.ZipFile(percorso, "w", zipfile.ZIP_DEFLATED) as archivio:
        for file in del_progetto():
            archivio.write(file, dentro / file.relative_to(RADICE))
        for wheel in sorted(pacchetti.iterdir()):
            archivio.write(wheel, dentro / PACCHETTI / wheel.name, zipfile.ZIP_STORED)


def del_progetto() -> list[Path]:
    trovati = {file for modello in DEL_PROGETTO for file in RADICE.glob(modello) if file.is_file()}
    return sorted(file for file in trovati if "__pycache__" not in file.parts)


def pip(*argomenti: str | Path) -> None:
    comando = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *argomenti]
    subprocess.run(comando, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
