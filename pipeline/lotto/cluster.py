"""The processes that do the enti: some of this computer, or those of a dask scheduler.

A pool of processes is lost with one of them that dies; here only its ente is, and another takes it.
"""

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing import resource_tracker
from pathlib import Path
from uuid import uuid4

import dask
from dask.system import CPU_COUNT
from distributed import Client, Future, KilledWorker, LocalCluster, as_completed

from pipeline.documents import manifest
from pipeline.documents.manifest import Chiesto
from pipeline.documents.provvisori import cartella_provvisoria
from pipeline.fine import Fermato, Fine
from pipeline.lotto.enti import Fatto, fai

PROVE = 3
"""After how many processes that die while they do it an ente is given up."""
MEMORIA = "1 GiB"
"""What a process may take before it is ended, and its ente given to another: an ente takes a fifth."""
ATTESA = 30
"""How many seconds a scheduler, and its first process, are waited for."""
IN_CASA = {
    "distributed.scheduler.allowed-failures": PROVE - 1,
    # a process holds one ente and no results: there is nothing to move to the disk
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    # no pages about it on a port
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


@contextmanager
def locale(processi: int) -> Iterator[Client]:
    """Processes of this computer, one ente at a time each; all the processors with `processi` 0.

    What they say to each other is ciphered, and only who has the key of this run can speak to them: on
    a computer of many, a scheduler in clear would run what anyone sends. Raises OSError.
    """
    _in_silenzio()
    with cartella_provvisoria() as appoggio, dask.config.set(IN_CASA):
        with _senza_interruzioni():
            cluster = LocalCluster(
                n_workers=processi or CPU_COUNT,
                threads_per_worker=1,
                processes=True,
                memory_limit=MEMORIA,
                dashboard_address="127.0.0.1:0",
                local_directory=str(appoggio),
                security=True,
                silence_logs=logging.CRITICAL,
            )
        with cluster, Client(cluster) as client:
            yield client


@contextmanager
def _senza_interruzioni() -> Iterator[None]:
    """Ctrl+C is of this command alone, which ends its processes: those born here, and whoever they or
    its threads start later, do not get it (the terminal sends it to all of them)."""
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
    for nome in ("distributed", "tornado", "asyncio"):
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

    No more are under way than there are processes: what waits takes no memory, and one that ends a
    process takes no other down with it. Raises Fermato when the scheduler is lost.
    """
    restano, sue = iter(cartelle), dict[str, Path]()
    corsa = as_completed(loop=client.loop)
    _manda(client, corsa, islice(restano, _posti(client)), sue, uscita, chiesto)
    for finito in corsa:
        yield _esito(finito, sue.pop(finito.key))
        liberi = max(0, _posti(client) - corsa.count())
        _manda(client, corsa, islice(restano, liberi), sue, uscita, chiesto)


def _posti(client: Client) -> int:
    """How many enti the processes do at once; one, while a dead process is being replaced."""
    posti: dict[str, int] = client.nthreads()
    return max(1, sum(posti.values()))


def _manda(
    client: Client,
    corsa: as_completed,
    cartelle: Iterator[Path],
    sue: dict[str, Path],
    uscita: Path,
    chiesto: Chiesto,
) -> None:
    for cartella in cartelle:
        chiave = f"ente-{uuid4()}"
        sue[chiave] = cartella
        dove = uscita / cartella.name
        corsa.add(client.submit(_nel_processo, cartella, dove, chiesto, key=chiave, pure=False))


def _nel_processo(cartella: Path, uscita: Path, chiesto: Chiesto) -> Fatto:
    """As `fai`; what fails a second time while it is cleared away has been told already."""
    sys.unraisablehook = lambda _: None
    return fai(cartella, uscita, chiesto)


def _esito(finito: "Future[Fatto]", cartella: Path) -> Fatto:
    """How an ente ended, also when its process did not live to tell. Raises Fermato."""
    if finito.status == "finished":
        return finito.result()
    if finito.status == "error":
        errore = finito.exception()
        perche = (
            "il processo che doveva farlo non l'ha capito: controllare che abbia lo stesso programma"
        )
        if isinstance(errore, KilledWorker):
            perche = (
                f"il processo che lo faceva è finito di colpo {errore.allowed_failures + 1} volte, di "
                "solito perché la memoria non basta: provarlo da solo con make relazione "
                f"CARTELLA={cartella}"
            )
        return Fatto(cartella.name, "non riuscito", perche)
    raise Fermato(
        "Lo scheduler non risponde più. Gli enti finiti restano: ripetere lo stesso comando, che "
        "riprende dai mancanti.",
        Fine.NON_RIUSCITO,
    )
