"""What a run was made of, beside its documents: the only place for the clock and the versions."""

import json
import platform
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.documents.fascicolo import Fascicolo
from pipeline.files import scrivi_intero

NOME = "manifest.json"
LIBRERIE = ("pandas", "python-calamine", "xlsxwriter", "python-docx", "lxml", "matplotlib", "pikepdf")


def scrivi(
    percorso: Path, fascicolo: Fascicolo, documenti: Iterable[Path], inizio: datetime, secondi: float
) -> None:
    """Write which files a run read and made, each with its SHA-256, when, and with what versions."""
    dati = {
        "anno": fascicolo.anno,
        "ente": fascicolo.ente.get("denominazione", ""),
        "bozza": fascicolo.bozza,
        "inizio": inizio.isoformat(timespec="seconds"),
        "secondi": round(secondi, 2),
        "file": [
            {"file": r["file"], "sha256": r["sha256"], "celle": r["celle"]}
            for r in fascicolo.righe.provenienza
        ],
        "righe": {nome: len(df) for nome, df in fascicolo.tabelle.per_nome().items()},
        "rilievi": len(fascicolo.rilievi),
        "documenti": {documento.name: impronta(documento) for documento in documenti},
        "versioni": {
            "programma": __version__,
            "python": platform.python_version(),
            **{nome: version(nome) for nome in LIBRERIE},
        },
    }
    testo = json.dumps(dati, ensure_ascii=False, indent=2) + "\n"
    scrivi_intero(percorso, lambda parziale: parziale.write_text(testo, encoding="utf-8"))


def leggi(destinazione: Path) -> dict[str, Any]:
    """The manifest of a folder of documents; empty when there is none that can be read."""
    try:
        letto = json.loads((destinazione / NOME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return letto if isinstance(letto, dict) else {}


def documenti(destinazione: Path) -> dict[str, str]:
    """The documents that the last run made in a folder, with the SHA-256 they had."""
    scritti = leggi(destinazione).get("documenti")
    return scritti if isinstance(scritti, dict) else {}


def metti_da_parte(destinazione: Path) -> list[Path]:
    """Rename the documents that someone has changed since they were made: a run never takes away the
    work of a person. Returns their new paths.

    The manifest goes: it is of documents that are about to change, and a run that is killed must not
    leave its own for the work of a person.
    """
    conservati = []
    for nome, sua in documenti(destinazione).items():
        percorso = destinazione / Path(nome).name
        if percorso.is_file() and impronta(percorso) != sua:
            nomi = (percorso.with_stem(f"{percorso.stem}_ritoccata_{n}") for n in count(1))
            libero = next(altro for altro in nomi if not altro.exists())
            conservati.append(percorso.rename(libero))
    (destinazione / NOME).unlink(missing_ok=True)
    return conservati


def impronta(percorso: Path) -> str:
    """The SHA-256 of a file."""
    return sha256(percorso.read_bytes()).hexdigest()
