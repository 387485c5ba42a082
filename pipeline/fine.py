"""How a command ends: its exit code, and what it says when something stops it. Never a traceback.

Standard library only: this speaks also when the rest cannot be loaded.
"""

import codecs
import errno
import mmap
import os
import platform
import sys
import tempfile
import traceback
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn, TextIO, cast

from pipeline import __version__


class Fine(IntEnum):
    """The exit codes, as docs/per-il-ced.md tells them. Up to 4 the command has done its part and said
    the rest: for `make` that is no failure."""

    FATTO = 0
    """Done, and nothing blocks."""
    DA_SISTEMARE = 1
    """Done as far as it goes: something blocks, is missing or was refused, and the screen says what."""
    COMANDO_SBAGLIATO = 2
    """The command cannot be followed as it is written: nothing was read."""
    NIENTE = 3
    """The inputs were read, and nothing could be written from them."""
    OCCUPATO = 4
    """Another command is writing in the same folder: nothing was written."""
    NON_RIUSCITO = 5
    """The computer did not let it: no space, no permission, no memory, a screen that does not take."""
    ERRORE = 6
    """A fault of the program."""
    INTERROTTO = 130
    """Ctrl+C: 128 and the number of the signal, as a shell says it."""


MEMORIA = 320 * 2**20
"""How much a run takes at least: with less the libraries cannot be loaded."""

SENZA_TEMPORANEA = (
    "Non c'è una cartella temporanea in cui scrivere: forse il disco è pieno.\n"
    "Liberare spazio, o indicarne un'altra con TMPDIR, e ripetere."
)
_INTERO = "Nessun documento è rimasto a metà: ognuno è quello di prima o quello nuovo."
INTERROTTO = f"\nInterrotto. {_INTERO}"
SENZA_MEMORIA = (
    "La memoria del computer non basta. Chiudere gli altri programmi e ripetere; se c'è un limite alla\n"
    f"memoria (ulimit -v), toglierlo.\n{_INTERO}"
)
_DI_NORMA = (
    "",
    "Se è aperto in un altro programma, chiuderlo e ripetere; altrimenti controllare lo spazio sul\n"
    "disco e di poter scrivere in quella cartella.",
)
_PIENO = (
    "non c'è più spazio",
    "Liberare spazio, anche dove sono i file temporanei, o indicare un altro disco con USCITA, e\n"
    "ripetere.",
)
_VIETATO = (
    "non se ne ha il permesso",
    "Se è aperto in un altro programma, chiuderlo e ripetere; altrimenti controllare i permessi, o\n"
    "indicare un'altra cartella con USCITA.",
)
_UN_FILE = ("c'è un file dove serve una cartella", "Controllare i nomi di CARTELLA e di USCITA.")
_CAUSE = {
    errno.ENOSPC: _PIENO,
    errno.EDQUOT: _PIENO,
    errno.EFBIG: ("il file supera la dimensione permessa", "Togliere il limite (ulimit -f) e ripetere."),
    errno.EACCES: _VIETATO,
    errno.EPERM: _VIETATO,
    errno.EROFS: ("il disco è in sola lettura", "Indicare un'altra cartella con USCITA."),
    errno.ENOTDIR: _UN_FILE,
    errno.EEXIST: _UN_FILE,
    errno.EISDIR: ("c'è una cartella dove serve un file", "Spostarla o rinominarla e ripetere."),
    errno.ENOENT: ("non c'è", "Controllare il nome, e che nessuno l'abbia spostato intanto."),
    errno.ENAMETOOLONG: ("il nome è troppo lungo", "Accorciare i nomi delle cartelle e ripetere."),
    errno.EILSEQ: (
        "nel nome ci sono caratteri guasti",
        "Rinominare la cartella o il file, e ripetere.",
    ),
    errno.EMFILE: ("troppi file aperti", "Chiudere gli altri programmi e ripetere."),
    errno.ENFILE: ("troppi file aperti", "Chiudere gli altri programmi e ripetere."),
    errno.EIO: ("il disco non risponde", "Controllare il disco o la rete e ripetere."),
}
"""What the system says when it refuses -> why, and what to do."""


class Fermato(Exception):
    """Why a command stops, in words for the office, and how it ends."""

    def __init__(self, perche: str, fine: Fine = Fine.COMANDO_SBAGLIATO) -> None:
        super().__init__(perche)
        self.fine = fine


def processo(comando: Callable[[], object]) -> NoReturn:
    """As `esegui`, for a command that has the whole process to itself and has still to be loaded."""

    def caricato() -> object:
        # a library that finds no memory while it is loaded ends the process, with words of its own
        mmap.mmap(-1, MEMORIA).close()
        return comando()

    # what fails a second time while it is cleared away has been told already
    sys.unraisablehook = lambda _: None
    esegui(caricato)


def esegui(comando: Callable[[], object]) -> NoReturn:
    """Run a command, say in Italian what stops it, and leave with its Fine.

    The command returns a Fine, or nothing when all is well, or leaves by itself; raising Fermato it says
    why. A screen that takes no more does not stop it.
    """
    with _schermata() as schermata:
        codice = _fine_di(comando)
        schermata.flush()
        guasto = schermata.guasto
        if guasto is not None and not isinstance(guasto, BrokenPipeError):  # who reads may leave
            perche, _ = _perche(guasto)
            _di(f"Non si riesce a scrivere sullo schermo{perche}. Il comando è andato avanti lo stesso.")
            codice = Fine.NON_RIUSCITO if codice in (Fine.FATTO, Fine.DA_SISTEMARE) else codice
    raise SystemExit(codice)


def _fine_di(comando: Callable[[], object]) -> int:
    try:
        return int(cast(Any, comando()) or Fine.FATTO)
    except SystemExit as fine:
        return fine.code if isinstance(fine.code, int) else Fine.FATTO
    except Fermato as perche:
        return _detto(str(perche), perche.fine)
    except KeyboardInterrupt:
        return _detto(INTERROTTO, Fine.INTERROTTO)
    except Exception as errore:
        if _di_memoria(errore):
            return _detto(SENZA_MEMORIA, Fine.NON_RIUSCITO)
        if isinstance(errore, OSError):
            return _detto(_rifiuto(errore), Fine.NON_RIUSCITO)
        return _detto(_difetto(errore), Fine.ERRORE)


def _detto(testo: str, fine: Fine) -> Fine:
    _di(testo)
    return fine


def _di(testo: str) -> None:
    with suppress(OSError, ValueError):
        print(testo, file=sys.stderr, flush=True)


def _di_memoria(errore: BaseException | None) -> bool:
    """Whether an error, or one that it comes from, says that there is no memory."""
    while errore is not None:
        if isinstance(errore, MemoryError) or getattr(errore, "errno", None) == errno.ENOMEM:
            return True
        if any(segno in str(errore) for segno in ("allocate memory", "map segment", "start new thread")):
            return True
        errore = errore.__cause__ or errore.__context__
    return False


def _perche(errore: OSError | ValueError) -> tuple[str, str]:
    """Why the system refuses, to follow the name of what; and what to do."""
    causa, rimedio = _CAUSE.get(getattr(errore, "errno", None) or 0, _DI_NORMA)
    return f": {causa}" if causa else "", rimedio


def _rifiuto(errore: OSError) -> str:
    if errore.errno == errno.ENOENT and not errore.filename:  # only tempfile says so
        return f"{SENZA_TEMPORANEA}\n{_INTERO}"
    che_cosa = str(errore.filename) if errore.filename else "un file"
    causa, rimedio = _perche(errore)
    return f"Non si riesce a leggere o scrivere {che_cosa}{causa}.\n{rimedio}\n{_INTERO}"


def in_breve(errore: Exception) -> str:
    """Why one of many works was stopped, in one line; "" where it is a fault of ours."""
    if _di_memoria(errore):
        return "la memoria del computer non basta"
    if isinstance(errore, OSError):
        che_cosa = str(errore.filename) if errore.filename else "un file"
        return f"non si riesce a leggere o scrivere {che_cosa}{_perche(errore)[0]}"
    return ""


def _difetto(errore: Exception) -> str:
    """What to say of a fault of ours, the technical part of which goes to a file."""
    dove = _salva(errore)
    dettaglio = (
        f"Il dettaglio tecnico è in {dove}: mandarlo a chi cura il programma, dopo aver guardato\n"
        "che non vi siano dati personali."
        if dove
        else "Il dettaglio tecnico non si è potuto salvare: dire a chi cura il programma quale\n"
        "comando era."
    )
    return f"Errore del programma, non dei file: il comando si è fermato.\n{dettaglio}\n{_INTERO}"


def _salva(errore: Exception) -> str:
    """Write the traceback where only who runs the command can read it; "" if it cannot be written."""
    testo = dettaglio(errore)
    with suppress(OSError, MemoryError):
        numero, nome = tempfile.mkstemp(prefix="errore_relazione_", suffix=".txt")
        with os.fdopen(numero, "w", encoding="utf-8", errors="replace") as flusso:
            flusso.write(testo)
        return nome
    return ""


def dettaglio(errore: Exception) -> str:
    """The technical part of a fault of ours, for who looks after the program."""
    versioni = f"programma {__version__}, Python {platform.python_version()}, {platform.platform()}"
    return "".join([f"{versioni}\n{sys.argv}\n\n", *traceback.format_exception(errore)])


# -------------------------------------------------------------------------------------- the screen


class _Schermata:
    """An output that, when it takes no more, is let go: the work goes on, and `guasto` says why."""

    def __init__(self, flusso: TextIO) -> None:
        self.flusso = flusso
        self.guasto: OSError | ValueError | None = None

    def write(self, testo: str) -> int:
        self._prova(lambda: self.flusso.write(testo))
        return len(testo)

    def flush(self) -> None:
        self._prova(self.flusso.flush)

    def _prova(self, azione: Callable[[], object]) -> None:
        if self.guasto is None:
            try:
                azione()
            except (OSError, ValueError) as errore:  # ValueError: closed
                self.guasto = errore
                self._abbandona()

    def _abbandona(self) -> None:
        """Nobody gets what is still to be written: at the end Python would try again, and complain."""
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.flusso.fileno())

    def __getattr__(self, nome: str) -> Any:
        return getattr(self.flusso, nome)


@contextmanager
def _schermata() -> Iterator[_Schermata]:
    """The outputs of this process, as they can be: closed, full, or of few characters."""
    _occupa_chiusi()
    uscita, errori = sys.stdout, sys.stderr
    # closed from the beginning, as `>&-` does: who runs it does not want to be told
    nulla = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (it ends with the process)
    flussi = [uscita or nulla, errori or nulla]
    for flusso in flussi:
        if riconfigura := getattr(flusso, "reconfigure", None):
            riconfigura(errors=_PIANO)
    schermata = _Schermata(flussi[0])
    sys.stdout, sys.stderr = cast(TextIO, schermata), flussi[1]
    try:
        yield schermata
    finally:
        sys.stdout, sys.stderr = uscita, errori


def _occupa_chiusi() -> None:
    """Put nothing in the place of an input or output that is closed: the next file to be opened would
    take its number, and what others print would end up in a document."""
    for numero in (0, 1, 2):
        try:
            os.fstat(numero)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number


_PIANO = "relazione.piano"
_COME = (
    {"…": "...", "→": "->", "•": "*", "·": ".", "×": "x", "≥": ">=", "≤": "<=", "€": "EUR", "✓": "x"}
    | dict.fromkeys("«»“”„", '"')
    | dict.fromkeys("’‘\u0300\u0301", "'")
    | dict.fromkeys("–—−━", "-")
)
"""How a typewriter has the characters that some screens have not; an accent follows its letter."""


def _piano(errore: UnicodeError) -> tuple[str, int]:
    """What stands on a screen for characters that it has not: «perché» is perche'."""
    assert isinstance(errore, UnicodeEncodeError)
    scritto = errore.object[errore.start : errore.end]
    return "".join(map(_con_i_soli_ascii, scritto)), errore.end


def _con_i_soli_ascii(carattere: str) -> str:
    if carattere in _COME:
        return _COME[carattere]
    pezzi = [_COME.get(c, c) for c in unicodedata.normalize("NFKD", carattere)]
    return "".join(c for c in pezzi if c.isascii()) or "?"


codecs.register_error(_PIANO, _piano)
