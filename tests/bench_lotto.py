"""What many enti cost, in a plain loop and on the cluster: `PYTHONPATH=. python tests/bench_lotto.py`.

    bench_lotto.py 20              twenty times the example: eight workbooks, 38 schede
    bench_lotto.py 200 --piccoli   the tiny ente of the tests: four workbooks, 4 schede
    bench_lotto.py 20 --genera enti   only writes them in a folder, to try make lotto on

The enti are copies, each in a folder of its own: what differs between two runs is the way, not the work.
Each way runs in a process of its own. The seconds of the processor weigh less what else the machine does
than those of the clock; they count also the children, and the start of everything.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any, NamedTuple

import fixtures_ente as fx

from pipeline.documents import manifest
from pipeline.documents.manifest import Chiesto
from pipeline.lotto import cluster, enti
from pipeline.lotto.enti import Fatto

ESEMPIO = Path(__file__).parent.parent / "input_workbooks"
STATO = Path("/proc/self/status")


class Misura(NamedTuple):
    orologio: float
    processore: float
    memoria: list[float]
    """MiB of a process after each tenth of the enti."""


def genera(cartella: Path, quanti: int, piccoli: bool) -> None:
    """Write so many enti into a folder."""
    for n in range(quanti):
        destinazione = cartella / f"ente_{n:05}"
        if piccoli:
            fx.write_world(destinazione)
        else:
            destinazione.mkdir(parents=True, exist_ok=True)
            for file in ESEMPIO.glob("*.*"):
                shutil.copy(file, destinazione)


def memoria() -> float:
    righe = dict(riga.split(":", 1) for riga in STATO.read_text().splitlines())
    return int(righe["VmRSS"].split()[0]) / 1024


def ciclo(cartelle: list[Path], uscita: Path) -> Iterator[tuple[Fatto, Callable[[], float]]]:
    for cartella in cartelle:
        yield enti.fai(cartella, uscita / cartella.name, Chiesto()), memoria


def distribuito(
    processi: int, cartelle: list[Path], uscita: Path
) -> Iterator[tuple[Fatto, Callable[[], float]]]:
    with cluster.locale(processi) as client:
        for fatto in cluster.esegui(client, cartelle, uscita, Chiesto()):
            yield fatto, lambda: max(client.run(memoria).values())


def misura(via: Callable[..., Any], cartelle: list[Path], uscita: Path) -> Misura:
    inizio, memorie = time.perf_counter(), []
    for n, (fatto, quanta) in enumerate(via(cartelle, uscita), start=1):
        assert fatto.esito in ("pronti", "bozza"), fatto
        if n % max(1, len(cartelle) // 10) == 0:
            memorie.append(quanta())
    orologio = time.perf_counter() - inizio
    usi = [getrusage(di) for di in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return Misura(orologio, sum(uso.ru_utime + uso.ru_stime for uso in usi), memorie)


def confronta(cartella: Path, uscita: Path) -> None:
    cartelle = enti.trova(cartella).enti
    vie = {
        "un ciclo, in un processo": (ciclo, "ciclo"),
        "lotto, un processo": (partial(distribuito, 1), "uno"),
        "lotto, due processi": (partial(distribuito, 2), "due"),
        "lotto, due processi, già fatti": (partial(distribuito, 2), "due"),
    }
    base = 0.0
    for nome, (via, dove) in vie.items():
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processo:
            fatta = processo.submit(misura, via, cartelle, uscita / dove).result()
        base = base or fatta.processore
        print(
            f"  {nome:<32}{fatta.orologio:8.1f} s  processore {fatta.processore:8.1f} s "
            f"({fatta.processore / base:5.2f} volte, {len(cartelle) / fatta.processore:5.2f} enti al "
            f"secondo)  memoria {' '.join(f'{m:.0f}' for m in fatta.memoria)} MiB",
            flush=True,
        )
    for nome in (c.name for c in cartelle):
        impronte = [_impronte(uscita / dove / nome) for dove in ("ciclo", "uno", "due")]
        assert impronte[0] == impronte[1] == impronte[2] != {}, nome
    print(f"  i documenti dei {len(cartelle)} enti sono gli stessi, byte per byte")


def _impronte(ente: Path) -> dict[str, str]:
    return next((manifest.documenti(anno) for anno in ente.iterdir() if anno.is_dir()), {})


def main() -> None:
    chiede = argparse.ArgumentParser(description="Che cosa costano molti enti.")
    chiede.add_argument("quanti", type=int)
    chiede.add_argument("--piccoli", action="store_true")
    chiede.add_argument("--genera", type=Path)
    detto = chiede.parse_args()
    if detto.genera:
        genera(detto.genera, detto.quanti, detto.piccoli)
        return
    with tempfile.TemporaryDirectory() as nome:
        genera(Path(nome) / "enti", detto.quanti, detto.piccoli)
        print(f"{detto.quanti} enti, Python {sys.version.split()[0]}")
        confronta(Path(nome) / "enti", Path(nome) / "uscita")


if __name__ == "__main__":
    main()
