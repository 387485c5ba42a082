"""Files written whole or not at all, and gone through in sight of who waits."""

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

CARTA_INTESTATA = "carta_intestata.docx"
STEMMI = ("stemma.png", "stemma.jpg", "stemma.jpeg")
TRACCE = (
    "traccia_delibera.docx",
    "traccia_verbale.docx",
    "traccia_valutazione.docx",
    "traccia_nota.docx",
)
"""What may stand among the workbooks without being one: the letterhead, the arms of the ente, the texts
of the acts."""

LIVELLO = 2
"""How tightly a document is compressed. Of 9: the usual 6 takes two and a half times as long, for an
eighth less of a file that is small anyway (docs/prestazioni.md)."""

_SEGNO = ".~"
_LUNGO, _CORTO = 20, 5
"""How long a temporary name is, at most and at least."""
_PROVVISORIO = re.compile(r"\.~[0-9a-f]{3,18}|\..+\.parziale(\.\w+)?")
"""The temporary names; the longer ones are of the versions before."""
_ABBANDONATO = 600.0
"""After how many seconds a temporary file is one that a killed run has left."""

Segui = Callable[[str, list[Path]], Iterable[Path]]
"""How a long list of files is gone through: what is being done with them, and the files."""


def in_silenzio(_: str, percorsi: list[Path]) -> Iterable[Path]:
    """Go through the files without a word."""
    return percorsi


def scrivi_intero(
    percorso: Path,
    scrivi: Callable[[Path], object],
    prima: Callable[[str], object] = lambda impronta: None,
) -> str:
    """Write under a temporary name in the same folder, then rename. Returns the SHA-256 of what was
    written; `prima` is told it before the file takes its name.

    Whenever the run is killed the file is the old one or the new one, never torn. Two runs at once do
    not meet: each writes a temporary file of its own. Raises OSError, and what `scrivi` and
    `prima` raise.
    """
    _togli_abbandonati(percorso.parent)
    provvisorio = _provvisorio(percorso)
    try:
        scrivi(provvisorio)
        with provvisorio.open("r+b") as flusso:
            impronta = hashlib.file_digest(flusso, "sha256").hexdigest()
            os.fsync(flusso.fileno())
        prima(impronta)
        provvisorio.replace(percorso)
    except OSError as errore:
        if errore.errno is None:  # not of the system
            raise
        # of the document, not of its temporary name or of none: an error of write() has no file
        raise OSError(errore.errno, errore.strerror, str(percorso)) from errore
    finally:
        provvisorio.unlink(missing_ok=True)
    _fissa_cartella(percorso.parent)
    return impronta


def _provvisorio(percorso: Path) -> Path:
    """A name that no one has in the same folder; not longer than the final one, which may be as long as
    the disk takes."""
    quante = max(_CORTO, min(len(percorso.name), _LUNGO)) - len(_SEGNO)
    while (provvisorio := percorso.with_name(_SEGNO + uuid4().hex[:quante])).exists():
        pass
    return provvisorio


def e_provvisorio(nome: str) -> bool:
    """Whether a name is that of a document while it is being written."""
    return bool(_PROVVISORIO.fullmatch(nome))


def _togli_abbandonati(cartella: Path) -> None:
    for altro in cartella.glob(".*"):
        with suppress(OSError):
            if e_provvisorio(altro.name) and time.time() - altro.stat().st_mtime > _ABBANDONATO:
                altro.unlink()


def blocca(numero: int) -> bool:
    """Lock an open file or folder for who comes first. The system lets go of it when it is closed or
    the process ends, also after a kill -9: what stays on the disk holds nobody back.

    False where the system has no such locks (Windows, some network disks). Raises BlockingIOError if
    another has it.
    """
    try:
        import fcntl

        fcntl.flock(numero, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except (ImportError, OSError):
        return False
    return True


def chiudi_riga(elenco: IO[bytes]) -> None:
    """Take away the last line of a list open for reading and appending, if a kill has cut it short."""
    elenco.seek(0)
    contenuto = elenco.read()
    if not contenuto.endswith(b"\n"):
        elenco.truncate(contenuto.rfind(b"\n") + 1)


def aggiungi_riga(elenco: IO[bytes], riga: dict[str, Any]) -> None:
    """Add a line to a list, surely on the disk when this returns. Raises OSError."""
    # half a character in the name of a file becomes its escape, which is JSON too
    testo = json.dumps(riga, ensure_ascii=False).encode("utf-8", "backslashreplace")
    try:
        elenco.write(testo + b"\n")
        elenco.flush()
        os.fsync(elenco.fileno())
    except OSError as errore:  # that of a write has no file
        raise OSError(errore.errno, errore.strerror, str(elenco.name)) from errore


def _fissa_cartella(cartella: Path) -> None:
    """Bring the new name to the disk too, where a folder can be opened (not on Windows)."""
    with suppress(OSError):
        numero = os.open(cartella, os.O_RDONLY)
        try:
            os.fsync(numero)
        finally:
            os.close(numero)
