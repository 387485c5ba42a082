"""LibreOffice: where it is, and how it is run so that it ends, with whatever it has started, when it is
time or when we do."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from time import monotonic

_POSTI = (
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
    Path("C:/Program Files/LibreOffice/program/soffice.exe"),
    Path("C:/Program Files (x86)/LibreOffice/program/soffice.exe"),
)
"""Where the installers put LibreOffice without adding it to the PATH."""

_OPZIONI = {
    "SelectPdfVersion": {"type": "long", "value": "2"},  # PDF/A-2b
    "PDFUACompliance": {"type": "boolean", "value": "true"},
    "UseTaggedPDF": {"type": "boolean", "value": "true"},
    "ExportBookmarks": {"type": "boolean", "value": "true"},
    "UseLosslessCompression": {"type": "boolean", "value": "true"},  # charts are lines and words
}
_USCITA = f"pdf:writer_pdf_Export:{json.dumps(_OPZIONI)}"

_CON_IL_FILO = 'exec 3<&0; (read _ <&3; kill -9 0) >/dev/null 2>&1 & exec "$@" </dev/null 3<&-'
"""Runs a command; when nobody holds the other end of its input any more, ends it and all it has started.
"""
_FATTO = "convert "
"""How the line begins that LibreOffice says of a document it converts."""
_NON_TROVATO = (126, 127)
"""What a shell returns for a command that it cannot run. Source: POSIX, XCU, 2.8.2."""


class ConversioneFallita(Exception):
    """There is no PDF: what happened and what to do, in words for the office."""


def niente() -> None:
    """Nothing to do in the meantime."""


def trova() -> Path | None:
    """The LibreOffice executable: on the PATH, or where the installers put it."""
    sul_path = shutil.which("soffice") or shutil.which("libreoffice")
    if sul_path:
        return Path(sul_path)
    in_opt = sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)
    return next((posto for posto in (*_POSTI, *in_opt) if posto.is_file()), None)


def esegui(soffice: Path, copie: list[Path], secondi: float, intanto: Callable[[], None]) -> str:
    """Have LibreOffice make a PDF beside each copy, and do something else in the meantime; return its
    last words, ready to go into a message.

    Its exit code says nothing: it is 0 also for a file it cannot load. Raises ConversioneFallita.
    """
    comando = _comando(soffice, copie)
    with _filo() as (prefisso, capo):
        try:
            processo = subprocess.Popen(
                [*prefisso, *senza_rete(), *comando],
                stdin=capo,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
        except OSError as errore:
            raise _non_parte(comando, errore.strerror) from None
        detto = _ascolta(processo, secondi, intanto)
    if processo.returncode in _NON_TROVATO:
        raise _non_parte(comando, " ".join(detto.split()))
    righe = [riga.strip() for riga in detto.splitlines() if not riga.startswith(_FATTO)]
    ultima = next(filter(None, reversed(righe)), "")
    return f" (ha risposto: {ultima})" if ultima else ""


def _comando(soffice: Path, copie: list[Path]) -> list[str]:
    """Convert beside the copies. With a profile of its own, an open LibreOffice is not in the way, nor
    is one that was stopped."""
    profilo = copie[0].with_suffix(".profilo").as_uri()
    opzioni = [f"-env:UserInstallation={profilo}", "--headless", "--norestore"]
    uscita = ["--convert-to", _USCITA, "--outdir", str(copie[0].parent)]
    return [str(soffice), *opzioni, *uscita, *map(str, copie)]


def _ascolta(processo: "subprocess.Popen[str]", secondi: float, intanto: Callable[[], None]) -> str:
    """What a process says, to its end or to the end of its time."""
    inizio = monotonic()
    try:
        intanto()
        return processo.communicate(timeout=max(1.0, secondi - (monotonic() - inizio)))[0]
    except subprocess.TimeoutExpired:
        _termina(processo)
        raise ConversioneFallita(
            f"LibreOffice non ha finito il PDF in {secondi:.0f} secondi. Chiudere gli altri programmi e "
            "ripetere il comando; se c'è una carta intestata, provare anche senza."
        ) from None
    except BaseException:  # a Ctrl-C: it does not reach a process with a session of its own
        _termina(processo)
        raise


def _non_parte(comando: list[str], perche: str | None) -> ConversioneFallita:
    return ConversioneFallita(
        f"LibreOffice non parte ({comando[0]}: {perche}). Reinstallarlo e ripetere il comando."
    )


@contextmanager
def _filo() -> Iterator[tuple[list[str], int]]:
    """How to run a command that ends with this process, however this one ends, and its input: a pipe in
    which nobody writes. On Windows there is no such way."""
    if os.name != "posix":
        yield [], subprocess.DEVNULL
        return
    capo, altro_capo = os.pipe()
    try:
        yield ["/bin/sh", "-c", _CON_IL_FILO, "sh"], capo
    finally:
        os.close(capo)
        os.close(altro_capo)


@cache
def senza_rete() -> list[str]:
    """How to run a command without any network, where the system lets one (Linux): else nothing."""
    comando = ["unshare", "--map-root-user", "--net"]
    try:
        prova = subprocess.run([*comando, "true"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return comando if prova.returncode == 0 else []


def _termina(processo: "subprocess.Popen[str]") -> None:
    """End a process and all it has started: soffice is only a launcher."""
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(processo.pid, signal.SIGKILL)
    else:
        subprocess.run(
            ["taskkill", "/F", "/T", "/PID", str(processo.pid)], capture_output=True, check=False
        )
    processo.communicate()  # until the last of them has let go of the output
