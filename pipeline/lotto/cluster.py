"""The processes that do the enti: some of this computer, or those of a dask scheduler.

A pool of processes is lost with one of them that dies; here only its ente is, and another takes it.
"""

import gc
import logging
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from uuid import uuid4

import dask
from dask.system import CPU_COUNT
from distributed import Client, Future, KilledWorker, LocalCluster, wait

from pipeline.documents import manifest
from pipeline.documents.manifest import Chiesto
from pipeline.documents.provvisori import cartella_provvisoria
from pipeline.fine import Fermato, Fine
from pipeline.lotto.enti import Fatto, fai

MORTO = (
    "il processo che lo faceva è finito di colpo più volte, anche quando faceva solo questo: di solito "
    "la memoria non basta. Provarlo da solo, e poi ripetere: make relazione"
)
NON_PARTITI = (
    "I processi che fanno gli enti non si sono avviati: di solito la memoria non basta. Chiudere gli "
    "altri programmi e ripetere, oppure ripetere con uno solo: PROCESSI=1."
)
MEMORIA = "1 GiB"
"""What a process may take before it is ended, and its ente given to another: an ente takes a fifth."""
ATTESA = 30
"""How many seconds a scheduler, and its first process, are waited for."""
PAZIENZA = 600
"""How many seconds to go on without any process: those of a night come back by themselves."""
IN_CASA = {
    "distributed.scheduler.allowed-failures": 1,
    # a process holds one ente and no results: there is nothing to move to the disk
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    # a process that starts again on a busy computer is not to be taken for one that is lost
    "distributed.deploy.lost-worker-timeout": "120s",
    # nobody looks at where the time goes, and what is kept of it grows with the enti
    "distributed.worker.profile.enabled": False,
    # nor at how the processes are: with an ente every two seconds, looking fifty times a second costs
    # more than all the rest
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "500ms",
    # dask has a process give back what it frees at once, and every ente asks for it again: a threshold
    # set, whatever it is, also stops malloc from learning how large the blocks of an ente are
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
    # no pages about it on a port
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


@contextmanager
def locale(processi: int, enti: int) -> Iterator[Client]:
    """Processes of this computer, one ente at a time each; all the processors with `processi` 0, and
    never more than there are enti.

    What they say to each other is ciphered, and only who has the key of this run can speak to them: on
    a computer of many, a scheduler in clear would run what anyone sends. Raises OSError.
    """
    _in_silenzio()
    with (
        cartella_provvisoria() as appoggio,
        dask.config.set(IN_CASA | {"temporary-directory": str(appoggio)}),
    ):
        with _senza_interruzioni():
            quanti = min(processi or CPU_COUNT, enti)
            cluster = _avviato(quanti)
        with cluster, Client(cluster) as client:
            cluster.adapt(minimum=quanti, maximum=quanti)  # one that is lost all the same comes back
            yield client


def _avviato(quanti: int) -> LocalCluster:
    """Raises Fermato when a process ends while it starts."""
    try:
        return LocalCluster(
            n_workers=quanti,
            threads_per_worker=1,
            processes=True,
            memory_limit=MEMORIA,
            dashboard_address="127.0.0.1:0",
            security=True,
            silence_logs=logging.CRITICAL,
        )
    except RuntimeError as errore:
        raise Fermato(NON_PARTITI, Fine.NON_RIUSCITO) from errore


@contextmanager
def _senza_interruzioni() -> Iterator[None]:
    """Ctrl+C is of this command alone, which ends its processes: those born here, and whoever they or
    its threads start later, do not get it (the terminal sends it to all of them)."""
    if sys.platform == "win32":  # there is no such mask
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # started later, it would let it through
    prima = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, prima)


@contextmanager
def lontano(scheduler: str) -> Iterator[Client]:
    """The processes of a scheduler that is already there. Raises Fermato when they cannot be used."""
    _in_silenzio()
    try:
        client = Client(scheduler, timeout=ATTESA)
    except TypeError as errore:  # so dask says that it has no certificates
        raise Fermato(
            f"Per lo scheduler {scheduler} servono dei certificati, che qui dask non ha: si indicano in "
            "«distributed.comm.tls» della sua configurazione.",
            Fine.NON_RIUSCITO,
        ) from errore
    except (OSError, ValueError) as errore:
        raise Fermato(
            f"Lo scheduler {scheduler} non risponde. Controllare che sia avviato e l'indirizzo "
            "(tcp://nome:8786).",
            Fine.NON_RIUSCITO,
        ) from errore
    with client:
        _pronti(client, scheduler)
        yield client


def _in_silenzio() -> None:
    """What dask tells of its processes is in English, and who runs the command is told it in the end."""
    for nome in ("distributed", "distributed.client", "tornado", "asyncio"):
        logging.getLogger(nome).setLevel(logging.CRITICAL)


def _pronti(client: Client, scheduler: str) -> None:
    """Raise Fermato unless there is a process, and each has this very program."""
    try:
        client.wait_for_workers(1, timeout=ATTESA)
    except TimeoutError:
        raise Fermato(
            f"Lo scheduler {scheduler} risponde, ma non ha nessun processo che lavori. Avviarne: "
            f".venv/bin/dask worker {scheduler} --nthreads 1",
            Fine.NON_RIUSCITO,
        ) from None
    nostra = manifest.versioni()
    for processo, sua in client.run(manifest.versioni, on_error="return").items():
        if sua != nostra:
            programma = sua.get("programma") if isinstance(sua, dict) else "non c'è"
            raise Fermato(
                f"Il processo {processo} non ha lo stesso programma (qui {nostra['programma']}, là "
                f"{programma}) o le stesse librerie: i documenti potrebbero essere diversi. Avviarlo "
                "dalla stessa cartella del programma, con il suo .venv.",
                Fine.NON_RIUSCITO,
            )


def esegui(client: Client, cartelle: list[Path], uscita: Path, chiesto: Chiesto) -> Iterator[Fatto]:
    """Do the enti, each in `uscita`/<its folder>, and give each as it ends.

    No more are under way than there are processes: what waits takes no memory. An ente whose processes
    have died is tried again alone, at the end: it may have shared them with the one that ends them.
    Raises Fermato when there is no process, or no scheduler, any more.
    """
    persi = []
    for cartella, fatto in _giro(client, cartelle, uscita, chiesto):
        if fatto is None:
            persi.append(cartella)
        else:
            yield fatto
    for cartella in persi:
        for _, fatto in _giro(client, [cartella], uscita, chiesto):
            come = _da_solo(cartella, uscita, chiesto)
            yield fatto or Fatto(cartella.name, "non riuscito", f"{MORTO} {come}")


def _da_solo(cartella: Path, uscita: Path, chiesto: Chiesto) -> str:
    """What to write after make relazione for the documents that are wanted here, where they are."""
    altro = " PUBBLICA=si" * chiesto.pubblica + " PAGINE=no" * (not chiesto.pagine)
    return f'CARTELLA="{cartella}" USCITA="{uscita / cartella.name}"{altro}'


def _giro(
    client: Client, cartelle: list[Path], uscita: Path, chiesto: Chiesto
) -> Iterator[tuple[Path, Fatto | None]]:
    """Each folder with how it ended; None where the processes that had it have died."""
    restano, in_corso = iter(cartelle), dict[Future[Fatto], Path]()
    while True:
        liberi = max(0, _posti(client) - len(in_corso))
        for cartella in islice(restano, liberi):
            chiave, dove = f"ente-{uuid4()}", uscita / cartella.name
            compito = client.submit(_nel_processo, cartella, dove, chiesto, key=chiave, pure=False)
            in_corso[compito] = cartella
        if not in_corso:
            return
        for finito in _primi(client, list(in_corso)):
            cartella = in_corso.pop(finito)
            yield cartella, _esito(finito, cartella)


def _posti(client: Client) -> int:
    """How many enti the processes do at once; one, while a dead process is being replaced."""
    posti: dict[str, int] = client.nthreads()
    return max(1, sum(posti.values()))


def _nel_processo(cartella: Path, uscita: Path, chiesto: Chiesto) -> Fatto:
    """As `fai`; what fails a second time while it is cleared away has been told already. What an ente
    leaves goes before the next: the collector, that looks seldom, would let it pile up."""
    sys.unraisablehook = lambda _: None
    fatto = fai(cartella, uscita, chiesto)
    gc.collect()
    return fatto


def _primi(client: Client, in_corso: list["Future[Fatto]"]) -> set["Future[Fatto]"]:
    """Those that are done, as soon as one is. Raises Fermato."""
    try:
        while True:
            with suppress(TimeoutError):
                finiti: set[Future[Fatto]] = wait(in_corso, ATTESA, "FIRST_COMPLETED").done
                return finiti
            client.wait_for_workers(1, timeout=PAZIENZA)
    except (TimeoutError, CancelledError):
        raise Fermato(
            "Non c'è più nessun processo che lavori. Gli enti finiti restano: ripetere lo stesso "
            "comando, che riprende dai mancanti.",
            Fine.NON_RIUSCITO,
        ) from None


def _esito(finito: "Future[Fatto]", cartella: Path) -> Fatto | None:
    if finito.status == "finished":
        return finito.result()
    if isinstance(finito.exception(), KilledWorker):
        return None
    perche = "il processo che doveva farlo non l'ha capito: controllare che abbia lo stesso programma"
    return Fatto(cartella.name, "non riuscito", perche)
