"""How fast the program is, as ratios within one run: `make bench`, or

    PYTHONPATH=. python tests/bench.py 38 72 720 --disegna costo.svg

for enti of so many schede, with a drawing of the cost by size. Each figure is the best of a few runs on
this machine; only the ratios mean anything elsewhere.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import bench_ente
import bench_relazione
import openpyxl
from bench_disegno import disegna

from pipeline import run
from pipeline.documents.fascicolo import Fascicolo
from pipeline.tables import righe
from pipeline.valori import lettura, misura_testi
from pipeline.workbooks import lettore

ESEMPIO = Path(__file__).parent.parent / "input_workbooks"


def best(fa: Callable[[], object], volte: int = 3) -> float:
    tempi = []
    for _ in range(volte):
        inizio = time.perf_counter()
        fa()
        tempi.append(time.perf_counter() - inizio)
    return min(tempi)


def say(cosa: str, secondi: float, base: float | None = None) -> None:
    rapporto = "" if base is None else f"   {secondi / base:6.1f} volte"
    print(f"  {cosa:<58}{secondi * 1000:9.0f} ms{rapporto}")


def cartelle() -> None:
    print("Lettura delle otto cartelle dell'esempio")
    file = sorted(ESEMPIO.glob("*.xlsx"))
    nostra = best(lambda: [lettore.apri(f) for f in file])
    say("la nostra: guardia, poi calamine", nostra, nostra)
    say("openpyxl, sola lettura, tutte le celle", best(lambda: [_openpyxl(f) for f in file]), nostra)
    say("openpyxl, cartella intera", best(lambda: [openpyxl.load_workbook(f) for f in file]), nostra)


def _openpyxl(file: Path) -> int:
    libro = openpyxl.load_workbook(file, read_only=True, data_only=True)
    return sum(1 for foglio in libro for riga in foglio.iter_rows(values_only=True) for _ in riga)


def indicatori(fascicolo: Fascicolo) -> None:
    """The pairs of the example as they are, and with other figures in the same words."""
    print("Lettura e misura di 40.000 coppie atteso/raggiunto, ogni volta da capo")
    coppie = [(r["atteso"], r["raggiunto"]) for r in righe(fascicolo.tabelle.indicatori)]
    uguali = (coppie * (40_000 // len(coppie) + 1))[:40_000]
    caso = Random(1)
    diverse = [(_altre_cifre(a, caso), _altre_cifre(r, caso)) for a, r in uguali]
    for nome, tante in (("le 246 dell'esempio, ripetute", uguali), ("con cifre diverse", diverse)):
        say(f"{nome} ({len(set(tante))} coppie distinte)", best(lambda t=tante: _misura(t), 2))


def _altre_cifre(testo: str, caso: Random) -> str:
    return re.sub(r"[0-9]{1,3}\b", lambda m: str(caso.randrange(1, 10 ** len(m[0]))), testo)


def _misura(coppie: list[tuple[str, str]]) -> None:
    lettura._atteso.cache_clear()
    lettura._raggiunto.cache_clear()
    for atteso, raggiunto in coppie:
        misura_testi(atteso, raggiunto, "", 2020)


def main() -> None:
    chiede = argparse.ArgumentParser(description="Quanto è veloce il programma.")
    chiede.add_argument("schede", type=int, nargs="*", default=[38, 72])
    chiede.add_argument("--disegna", type=Path)
    detto = chiede.parse_args()
    if min(detto.schede) < 1:
        chiede.error("le schede di un ente sono almeno una")
    esito = run.controlla(ESEMPIO)
    assert esito.fascicolo is not None
    cartelle()
    indicatori(esito.fascicolo)
    with tempfile.TemporaryDirectory() as cartella:
        linee = bench_ente.confronta(sorted(set(detto.schede)), Path(cartella))
        if detto.disegna:
            disegna(detto.disegna, "Un ente, da freddo", "schede", linee)
        bench_relazione.confronta(esito.fascicolo, Path(cartella))


if __name__ == "__main__":
    main()
