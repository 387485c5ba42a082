"""What many enti cost, in a plain loop and on the cluster: `PYTHONPATH=. python tests/bench_lotto.py`.

    bench_lotto.py 20              twenty times the example: eight workbooks, 38 schede
    bench_lotto.py 1 10 100 --disegna lotto.svg    with a drawing of the cost by size
    bench_lotto.py 200 --piccoli   the tiny ente of the tests: four workbooks, 4 schede
    bench_lotto.py 20 --genera enti   only writes them in a folder, to try make lotto on

The enti are copies, each in a folder of its own, with names, texts and values of its own: what is
remembered of the texts already read helps no more than it does with true enti.
Each way runs in a process of its own. The seconds of the processor weigh less what else the machine does
than those of the clock; they count also the children, and the start of everything: they are taken when
the process has ended, because one that still waits (that which reads) is not counted before.
"""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import fixtures_ente as fx
from bench_disegno import disegna
from lxml import etree

from pipeline import ingest
from pipeline.documents import manifest
from pipeline.documents.manifest import Chiesto
from pipeline.lotto import cluster, enti, insieme
from pipeline.lotto.enti import Fatto

ESEMPIO = Path(__file__).parent.parent / "input_workbooks"
STATO = Path("/proc/self/status")
TESTI = "xl/sharedStrings.xml"
DA_SOLI, UNO_OGNI = 200, 20
"""Of more enti than those the loop and the single process are not measured, and one in so many is made
by itself, to be compared."""
NUMERO = re.compile(r"(?<![\d/.,])\d{1,3}(?![\d/.,])")
"""What is neither a year nor a part of a date or of a decimal."""


class Misura(NamedTuple):
    orologio: float
    memoria: list[float]
    """MiB of a process after each tenth of the enti."""


def genera(cartella: Path, quanti: int, piccoli: bool) -> None:
    """Write so many enti into a folder."""
    origine = fx.write_world(cartella.with_name("piccolo")) if piccoli else ESEMPIO
    da_variare = _da_variare(origine)
    for n in range(1, quanti + 1):
        destinazione = cartella / f"ente_{n:05}"
        destinazione.mkdir(parents=True, exist_ok=True)
        for file in origine.glob("*.xlsx"):
            with ZipFile(file) as letto, ZipFile(destinazione / file.name, "w", ZIP_DEFLATED) as scritto:
                for parte in letto.namelist():
                    contenuto = letto.read(parte)
                    if parte == TESTI:
                        contenuto = _variati(contenuto, da_variare, n)
                    scritto.writestr(parte, contenuto)


def _da_variare(origine: Path) -> dict[str, bool]:
    """The texts that change from an ente to another, and whether they do by their numbers."""
    tabelle = ingest.raccogli(origine).tabelle
    indicatori = tabelle.righe.indicatori
    valori = {i[nome] for i in indicatori for nome in ("atteso", "raggiunto")}
    valori -= {voce["schede"] for voce in tabelle.righe.voci}
    nomi = {i["indicatore"] for i in indicatori} | {tabelle.dati_ente["denominazione"]}
    return dict.fromkeys(nomi, False) | dict.fromkeys(valori, True)


def _variati(contenuto: bytes, da_variare: dict[str, bool], n: int) -> bytes:
    radice = etree.fromstring(contenuto)
    for nodo in radice.iter("{*}t"):
        if nodo.text in da_variare:
            conta = da_variare[nodo.text]
            nodo.text = (
                NUMERO.sub(lambda m: str(int(m[0]) + n), nodo.text) if conta else f"{nodo.text} {n}"
            )
    return etree.tostring(radice, xml_declaration=True, encoding="UTF-8", standalone=True)


def memoria() -> float:
    righe = dict(riga.split(":", 1) for riga in STATO.read_text().splitlines())
    return int(righe["VmRSS"].split()[0]) / 1024


def ciclo(cartelle: list[Path], uscita: Path) -> Iterator[tuple[Fatto, Callable[[], float]]]:
    for cartella in cartelle:
        yield enti.fai(cartella, uscita / cartella.name, Chiesto()), memoria


def distribuito(
    processi: int, cartelle: list[Path], uscita: Path
) -> Iterator[tuple[Fatto, Callable[[], float]]]:
    with cluster.locale(processi, len(cartelle)) as client:
        for fatto in cluster.esegui(client, cartelle, uscita, Chiesto()):
            yield fatto, lambda: max(client.run(memoria).values())


def insieme_dopo(cartelle: list[Path], uscita: Path) -> Iterator[tuple[Fatto, Callable[[], float]]]:
    fatti = [Fatto(cartella.name, "pronti") for cartella in cartelle]
    insieme.scrivi(cartelle, uscita, fatti, nomi=False)
    for fatto in fatti:
        yield fatto, memoria


def misura(via: Callable[..., Any], cartelle: list[Path], uscita: Path) -> Misura:
    inizio, memorie = time.perf_counter(), []
    for n, (fatto, quanta) in enumerate(via(cartelle, uscita), start=1):
        assert fatto.esito in ("pronti", "bozza"), fatto
        if n % max(1, len(cartelle) // 10) == 0:
            memorie.append(quanta())
    return Misura(time.perf_counter() - inizio, memorie)


def dei_finiti() -> float:
    """The seconds of the processor of the children of this process that have ended, and of theirs."""
    uso = getrusage(RUSAGE_CHILDREN)
    return uso.ru_utime + uso.ru_stime


def confronta(cartella: Path, uscita: Path) -> dict[str, float]:
    """Print what each way takes for the enti of a folder. Returns the seconds of the processor."""
    cartelle = enti.trova(cartella).enti
    secondi: dict[str, float] = {}
    da_soli = {
        "un ciclo, in un processo": (ciclo, "ciclo"),
        "lotto, un processo": (partial(distribuito, 1), "uno"),
    }
    vie = {
        **(da_soli if len(cartelle) <= DA_SOLI else {}),
        "lotto, due processi": (partial(distribuito, 2), "due"),
        "lotto, due processi, già fatti": (partial(distribuito, 2), "due"),
        "ciò che si dice di tutti": (insieme_dopo, "due"),
    }
    base = 0.0
    for nome, (via, dove) in vie.items():
        prima = dei_finiti()
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processo:
            fatta = processo.submit(misura, via, cartelle, uscita / dove).result()
        processore = secondi[nome] = dei_finiti() - prima
        base = base or processore
        print(
            f"  {nome:<32}{fatta.orologio:8.1f} s  processore {processore:8.1f} s "
            f"({processore / base:5.2f} volte, {len(cartelle) / processore:5.2f} enti al "
            f"secondo)  memoria {' '.join(f'{m:.0f}' for m in fatta.memoria)} MiB",
            flush=True,
        )
    da_confrontare = cartelle if len(cartelle) <= DA_SOLI else cartelle[::UNO_OGNI]
    for cartella_di_uno in da_confrontare:
        _uguale_da_solo(cartella_di_uno, uscita)
    print(
        f"  i documenti di {len(da_confrontare)} enti su {len(cartelle)} sono quelli di ognuno da solo"
    )
    return secondi


def _uguale_da_solo(cartella: Path, uscita: Path) -> None:
    """Raises AssertionError unless all the ways have made the same documents, byte for byte."""
    nome = cartella.name
    if not (uscita / "ciclo" / nome).exists():
        enti.fai(cartella, uscita / "ciclo" / nome, Chiesto())
    impronte = [_impronte(fatti) for fatti in uscita.glob(f"*/{nome}")]
    assert len(impronte) > 1 and all(impronta == impronte[0] != {} for impronta in impronte), nome


def _impronte(ente: Path) -> dict[str, str]:
    return next((manifest.documenti(anno) for anno in ente.iterdir() if anno.is_dir()), {})


def main() -> None:
    chiede = argparse.ArgumentParser(description="Che cosa costano molti enti.")
    chiede.add_argument("quanti", type=int, nargs="+")
    chiede.add_argument("--piccoli", action="store_true")
    chiede.add_argument("--genera", type=Path)
    chiede.add_argument("--disegna", type=Path)
    detto = chiede.parse_args()
    if min(detto.quanti) < 1:
        chiede.error("gli enti sono almeno uno")
    if detto.genera:
        genera(detto.genera, max(detto.quanti), detto.piccoli)
        return
    linee: dict[str, list[tuple[float, float]]] = {}
    for quanti in detto.quanti:
        with tempfile.TemporaryDirectory() as nome:
            genera(Path(nome) / "enti", quanti, detto.piccoli)
            print(f"{quanti} enti, Python {sys.version.split()[0]}")
            for via, secondi in confronta(Path(nome) / "enti", Path(nome) / "uscita").items():
                linee.setdefault(via, []).append((quanti, secondi))
    if detto.disegna:
        disegna(detto.disegna, "Molti enti", "enti di 38 schede", linee)


if __name__ == "__main__":
    main()
