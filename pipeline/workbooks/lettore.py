"""Opening a workbook: in this process, or in another one that may die of it.

The guard knows the ways in which a file hangs or kills a process; a parser may have others. So the run
reads in a child process, with bounded memory and time: a file that costs the child its life becomes a
finding, another child takes its place, and the other files are read.
"""

import atexit
import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, TypeVar

from pipeline.parole import leggibile
from pipeline.rilievi import Rilievo
from pipeline.workbooks import archivio, natura, ods, parti, xlsx
from pipeline.workbooks.grid import Cartella, FileRifiutato, rifiuto

ESTENSIONI = natura.CARTELLE
MEMORIA = 512 * 2**20
SECONDI = 30.0

_PRONTI: dict[tuple[int, int], "subprocess.Popen[bytes]"] = {}
"""The children that wait for the next who reads: starting one takes longer than it reads for. Each is
of a process (one that forks is another) and has so much memory."""
_RADICE = str(Path(__file__).parents[2])
T = TypeVar("T")


def apri(percorso: Path) -> Cartella:
    """Read a workbook in this process, after the guard has passed it; what it is, its content says.

    Raises FileRifiutato for anything that is not a sound, plain .xlsx or .ods within the limits.
    """
    nome = leggibile(percorso.name)
    if nome != percorso.name:
        raise rifiuto("F12", nome)
    contenuto = archivio.leggi_file(percorso)
    with archivio.aperto(nome, contenuto) as pacco:
        if ods.riconosce(pacco):
            return ods.leggi(pacco)
        if libro := parti.libro_di(pacco):
            return xlsx.leggi(pacco, libro)
        raise FileRifiutato(natura.rilievo(nome, natura.riconosci(contenuto)))


def guarda(percorso: Path) -> natura.Natura | None:
    """What a file is whose name is not that of a workbook; None if it holds none and is none.

    Never raises: of a file that cannot be opened, or is very large, only the name counts.
    """
    nome = leggibile(percorso.name)
    try:
        contenuto = archivio.leggi_file(percorso)
    except FileRifiutato:
        return natura.dal_nome(nome)
    return natura.guarda(nome, contenuto)


class Lettore:
    """Reads one workbook after another in a child process, replaced when it dies. Use it with `with`:
    the child stays for the next who reads, and ends with this process."""

    def __init__(self, memoria: int = MEMORIA, secondi: float = SECONDI) -> None:
        self.memoria, self.secondi = memoria, secondi
        self.figlio: subprocess.Popen[bytes] | None = None
        self.risponde = False

    def __enter__(self) -> "Lettore":
        self.figlio = _PRONTI.pop((os.getpid(), self.memoria), None)
        return self

    def __exit__(
        self, tipo: type[BaseException] | None, errore: BaseException | None, dove: TracebackType | None
    ) -> None:
        if tipo is None and self.figlio is not None:
            altro = _PRONTI.pop((os.getpid(), self.memoria), None)
            _PRONTI[os.getpid(), self.memoria], self.figlio = self.figlio, altro
        self._congeda()

    def apri(self, percorso: Path) -> Cartella:
        """As `apri` above. Raises FileRifiutato also when the child does not survive the file."""
        esito = self.esegui(_apri_o_rilievo, percorso.absolute())
        if isinstance(esito, Cartella):
            return esito
        mega, secondi = self.memoria // 2**20, round(self.secondi)
        dettaglio = f"servono più di {mega} MB di memoria, o più di {secondi} secondi"
        raise FileRifiutato(esito) if esito else rifiuto("F09", leggibile(percorso.name), dettaglio)

    def esegui(self, funzione: Callable[..., T], *argomenti: Any) -> T | None:
        """What a function of a module of ours returns in the child; None when the child dies of it.

        Raises MemoryError when no child lives, whatever it is asked: no file is at fault.
        """
        gia_usato = self.figlio is not None
        vivo, esito = self._chiedi(funzione, argomenti)
        if not vivo and gia_usato:
            # what earlier files left behind in the child is not this one's fault
            vivo, esito = self._chiedi(funzione, argomenti)
        self.risponde = vivo or self.risponde or self._chiedi(os.getpid, (), SECONDI)[0]
        if not self.risponde:
            raise MemoryError("the process that reads does not start")
        return esito

    def _chiedi(
        self, funzione: Callable[..., T], argomenti: tuple[Any, ...], secondi: float | None = None
    ) -> tuple[bool, T | None]:
        """Whether the child lives, and its answer; no child is left if it dies or its time is over."""
        figlio = self.figlio = self.figlio or self._nuovo()
        sveglia = Timer(secondi or self.secondi, figlio.kill)
        sveglia.start()
        try:
            assert figlio.stdin and figlio.stdout  # both are pipes
            pickle.dump((funzione, argomenti), figlio.stdin)
            figlio.stdin.flush()
            return True, pickle.load(figlio.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            self._congeda()
            return False, None
        finally:
            sveglia.cancel()

    def _nuovo(self) -> "subprocess.Popen[bytes]":
        comando = f"import gc; gc.disable(); from {__name__} import servi; servi({self.memoria})"
        percorsi = os.pathsep.join(filter(None, (_RADICE, os.environ.get("PYTHONPATH"))))
        return subprocess.Popen(
            [sys.executable, "-P", "-c", comando],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": percorsi},
        )

    def _congeda(self) -> None:
        if self.figlio is not None:
            _termina(self.figlio)
            self.figlio = None


def _termina(figlio: "subprocess.Popen[bytes]") -> None:
    figlio.kill()
    with suppress(BrokenPipeError), figlio:
        pass  # closes the pipes and waits for the end


@atexit.register
def _termina_i_pronti() -> None:
    for (processo, _), figlio in _PRONTI.items():
        if processo == os.getpid():
            _termina(figlio)


def _apri_o_rilievo(percorso: Path) -> Cartella | Rilievo:
    try:
        return apri(percorso)
    except FileRifiutato as rifiutato:
        return rifiutato.rilievo


def servi(memoria: int) -> None:
    """The child: do what the parent asks, one thing after another, until it closes or is no more.

    What is loaded by now, with the collector at rest, stays to the end: it need not go through that.
    """
    gc.freeze()
    gc.enable()
    _limita(memoria)
    while True:
        try:
            funzione, argomenti = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(funzione(*argomenti), sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _limita(memoria: int) -> None:
    """Bound the memory, where the system can (Linux; macOS ignores it, Windows has no such limit)."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memoria, memoria))
