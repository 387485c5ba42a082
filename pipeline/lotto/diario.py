"""lotto.jsonl: one line for each ente of each run, as it ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

from pipeline.documents.deposito import CartellaInUso
from pipeline.files import aggiungi_riga, blocca, chiudi_riga
from pipeline.lotto.enti import Fatto

NOME = "lotto.jsonl"


@contextmanager
def apri(uscita: Path) -> Iterator[Callable[[Fatto], None]]:
    """What adds a line to the list in `uscita`, held for one run at a time; each line is on the disk
    before the next ente is told. Raises CartellaInUso and OSError."""
    uscita.mkdir(parents=True, exist_ok=True)
    with (uscita / NOME).open("a+b") as elenco:
        try:
            blocca(elenco.fileno())
        except BlockingIOError:
            raise CartellaInUso(
                f"In {uscita} sta lavorando un altro «make lotto». Non è stato scritto niente. "
                "Aspettare che finisca e ripetere; se non finisce, chiuderlo (Ctrl+C nella sua "
                "finestra) e ripetere."
            ) from None
        chiudi_riga(elenco)
        yield partial(_aggiungi, elenco)


def _aggiungi(elenco: IO[bytes], fatto: Fatto) -> None:
    quando = datetime.now().astimezone().isoformat(timespec="seconds")
    aggiungi_riga(elenco, {**asdict(fatto), "quando": quando})
