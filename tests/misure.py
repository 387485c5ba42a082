"""What a hostile file costs whoever opens it: seconds and memory, measured in a process of its own.

The memory of a process is known when it ends, and that of a child begins from its parent's: so nothing
that is measured here has run in the process of the tests.
"""

import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

_RADICE = Path(__file__).parent.parent


class Costo(NamedTuple):
    """Seconds by the name of the file; the peak of the run and that of its children, in bytes."""

    secondi: dict[str, float]
    run: int
    figlio: int


def costa(funzione: Callable[..., tuple[T, dict[str, float]]], *argomenti: Any) -> tuple[T, Costo]:
    """What a function of this module returns in a process of its own, and what it cost."""
    fatto = subprocess.run(
        [sys.executable, "-c", "import misure; misure.servi()"],
        input=pickle.dumps((funzione.__name__, argomenti)),
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(_RADICE), str(_RADICE / "tests")))},
        stdout=subprocess.PIPE,
        timeout=600,
        check=True,
    )
    esito, secondi, memoria = pickle.loads(fatto.stdout)
    return esito, Costo(secondi, *memoria)


def servi() -> None:
    from pipeline.workbooks import lettore

    nome, argomenti = pickle.load(sys.stdin.buffer)
    esito, secondi = globals()[nome](*argomenti)
    stato = Path("/proc/self/status")  # ru_maxrss begins from that of the process that started this one
    righe = stato.read_text().splitlines() if stato.exists() else []
    suo = next((int(riga.split()[1]) for riga in righe if riga.startswith("VmHWM:")), 0)
    lettore._termina_i_pronti()  # the children that have not ended are in no count
    figlio = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    pickle.dump((esito, secondi, (suo * 1024, figlio * 1024)), sys.stdout.buffer)


# ---------------------------------------------------------------------------------- what is measured


def raccogli(cartella: Path) -> tuple[Any, dict[str, float]]:
    """The files of a folder, read as a run reads them."""
    from pipeline import ingest
    from pipeline.workbooks.lettore import Lettore

    secondi: dict[str, float] = {}
    esegui = Lettore.esegui

    def misurato(lettore: Lettore, funzione: Callable[..., T], *argomenti: Any) -> T | None:
        inizio = perf_counter()
        try:
            return esegui(lettore, funzione, *argomenti)
        finally:
            secondi[argomenti[0].name] = perf_counter() - inizio

    Lettore.esegui = misurato  # type: ignore[method-assign]
    return ingest.raccogli(cartella), secondi


def giudica(
    carte: Mapping[str, bytes], stemmi: Mapping[str, bytes]
) -> tuple[dict[str, Any], dict[str, float]]:
    """Letterheads and stemmi as the child that reads finds them; None for what it did not survive."""
    from pipeline.documents.word import esame
    from pipeline.workbooks.lettore import Lettore

    esiti: dict[str, Any] = {}
    secondi: dict[str, float] = {}
    with Lettore() as lettore:
        for nome, contenuto in {**carte, **stemmi}.items():
            inizio = perf_counter()
            if nome in carte:
                esiti[nome] = lettore.esegui(esame.intestata, "carta_intestata.docx", contenuto)
            else:
                esiti[nome] = lettore.esegui(esame.stemma, contenuto)
            secondi[nome] = perf_counter() - inizio
    return esiti, secondi
