"""Folders that must not outlive a run, however it ends."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.files import blocca

_NOME = "relazione-performance-"
_NUOVA = ".relazione-performance-"
_ABBANDONATA = 3600.0
"""After how many seconds a folder is one that a killed run has left, where it cannot be asked."""


@contextmanager
def cartella_provvisoria() -> Iterator[Path]:
    """A folder that is gone at the end; those that killed runs have left go at the beginning.

    While the run lives it holds its folder locked: the system lets go of it, also after a kill -9.
    Raises OSError when none can be made.
    """
    _togli_abbandonate()
    nuova = Path(tempfile.mkdtemp(prefix=_NUOVA))
    blocco = _blocca(nuova)
    # under its own name only when locked: another run must not take it for an abandoned one
    cartella = nuova.rename(nuova.with_name(nuova.name.replace(_NUOVA, _NOME, 1)))
    try:
        yield cartella
    finally:
        shutil.rmtree(cartella, ignore_errors=True)
        if blocco is not None:
            os.close(blocco)


def _blocca(cartella: Path) -> int | None:
    """Lock a folder; None where the system has no such locks. Raises BlockingIOError if it is in use."""
    if os.name != "posix":  # Windows does not even open a folder
        return None
    numero = os.open(cartella, os.O_RDONLY)
    try:
        if blocca(numero):
            return numero
    except BaseException:
        os.close(numero)
        raise
    os.close(numero)
    return None


def _togli_abbandonate() -> None:
    for cartella in Path(tempfile.gettempdir()).glob(f"{_NOME}*"):
        with suppress(OSError):  # in use, or of another user
            if cartella.is_symlink() or not cartella.is_dir():
                continue
            blocco = _blocca(cartella)
            if blocco is not None:
                os.close(blocco)
            elif time.time() - cartella.stat().st_mtime < _ABBANDONATA:
                continue
            shutil.rmtree(cartella, ignore_errors=True)
