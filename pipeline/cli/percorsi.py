"""A path as it is typed, also one of Windows under WSL or Linux, and what it means here."""

import os
import re
from pathlib import Path, PureWindowsPath

from pipeline import installato
from pipeline.fine import Fermato

MONTATI = Path("/mnt")
"""Where WSL has the disks of Windows."""
_DI_LINUX = re.compile(r"[\\/]{2}wsl(?:\$|\.localhost)[\\/][^\\/]+[\\/]?(.*)", re.IGNORECASE | re.DOTALL)
"""How Windows calls what is inside WSL."""


def percorso_qui(scritto: str | Path) -> Path:
    r"""The path that was typed, or copied from the Esplora file of Windows.

    Under WSL `C:\Users\x` is `/mnt/c/Users/x`. Raises Fermato with what to write where there is no such
    disk: on Linux it would be the name of a folder, made inside the project.
    """
    cosi = Path(scritto)
    if os.name == "nt" or cosi.exists() or not _di_windows(str(scritto)):
        return cosi
    di_windows = PureWindowsPath(scritto)
    if dentro := _DI_LINUX.fullmatch(str(scritto)):
        return _se_c_e(Path("/", PureWindowsPath(dentro[1]).as_posix()), scritto)
    if not di_windows.drive:
        return _se_c_e(Path(di_windows.as_posix()), scritto)
    disco = MONTATI / di_windows.drive[0].lower()
    if di_windows.drive.startswith("\\\\") or not disco.is_dir():
        raise Fermato(_non_qui(scritto))
    if not di_windows.root:
        raise Fermato(
            f"{scritto} non dice da quale cartella: dopo «{di_windows.drive}» ci vuole una barra, per "
            f"esempio {disco}/{'/'.join(di_windows.parts[1:])}."
        )
    return disco.joinpath(*di_windows.parts[1:])


def _di_windows(scritto: str) -> bool:
    return "\\" in scritto or bool(re.match(r"[A-Za-z]:|//wsl(\$|\.localhost)/", scritto))


def _se_c_e(tradotto: Path, scritto: str | Path) -> Path:
    """The path with the bars of Linux, if that folder or the one it would stand in is here."""
    if tradotto.exists():
        return tradotto
    raise Fermato(f"{scritto} è scritto con le barre di Windows; qui si scrive {tradotto}.")


def _non_qui(scritto: str | Path) -> str:
    return (
        f"{scritto} è un percorso di Windows, e da qui non si raggiunge. In WSL C:\\Users\\nome si "
        f"scrive {MONTATI}/c/Users/nome; una cartella di rete si copia in una di questo computer."
    )


def indicata(cartella: Path) -> str:
    """How a folder is named after a command: with an option where there is no make."""
    return f'--cartella "{cartella}"' if installato() else f'CARTELLA="{cartella}"'
