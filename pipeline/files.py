"""Files written whole or not at all, and gone through in sight of who waits."""

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

CARTA_INTESTATA = "carta_intestata.docx"
STEMMI = ("stemma.png", "stemma.jpg", "stemma.jpeg")
"""What may stand among the workbooks without being one: the letterhead, and the arms of the ente."""

_PARZIALE = ".parziale"
_ABBANDONATO = 600.0
"""After how many seconds a temporary file is one that a killed run has left."""

Segui = Callable[[str, list[Path]], Iterable[Path]]
"""How a long list of files is gone through: what is being done with them, and the files."""


def in_silenzio(_: str, percorsi: list[Path]) -> Iterable[Path]:
    """Go through the files without a word."""
    return percorsi


def scrivi_intero(percorso: Path, scrivi: Callable[[Path], object]) -> None:
    """Write under a temporary name in the same folder, then rename.

    Whenever the run is killed the file is the old one or the new one, never torn. Two runs at once do
    not meet: each writes a temporary file of its own. Raises what `scrivi` raises, and OSError.
    """
    _togli_abbandonati(percorso)
    nome = f".{percorso.stem}.{uuid4().hex}{_PARZIALE}{percorso.suffix}"
    provvisorio = percorso.with_name(nome)
    try:
        scrivi(provvisorio)
        with provvisorio.open("r+b") as flusso:
            os.fsync(flusso.fileno())
        provvisorio.replace(percorso)
    except OSError as errore:
        if errore.errno is None:  # not of the system
            raise
        # of the document, not of its temporary name or of none: an error of write() has no file
        raise OSError(errore.errno, errore.strerror, str(percorso)) from errore
    finally:
        provvisorio.unlink(missing_ok=True)
    _fissa_cartella(percorso.parent)


def _togli_abbandonati(percorso: Path) -> None:
    for altro in percorso.parent.glob(f".*{_PARZIALE}{percorso.suffix}"):
        with suppress(OSError):
            if time.time() - altro.stat().st_mtime > _ABBANDONATO:
                altro.unlink()


def _fissa_cartella(cartella: Path) -> None:
    """Bring the new name to the disk too, where a folder can be opened (not on Windows)."""
    with suppress(OSError):
        numero = os.open(cartella, os.O_RDONLY)
        try:
            os.fsync(numero)
        finally:
            os.close(numero)
