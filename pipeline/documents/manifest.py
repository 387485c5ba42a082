"""What a run was made of, beside its documents: the only place for the clock and the versions."""

import json
import platform
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.documents.fascicolo import Fascicolo
from pipeline.files import scrivi_intero

NOME = "manifest.json"
LIBRERIE = ("pandas", "python-calamine", "xlsxwriter", "python-docx", "lxml", "pikepdf", "pillow")


def scrivi(
    destinazione: Path,
    fascicolo: Fascicolo,
    documenti: Mapping[Path, str],
    inizio: datetime,
    secondi: float,
) -> Path:
    """Write which files a run read and made, each with its SHA-256, when, and with what versions.

    The imprints are those of the bytes that were read and written, never of what is on the disk now.
    """
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
        "documenti": {
            percorso.relative_to(destinazione).as_posix(): impronta
            for percorso, impronta in documenti.items()
        },
        "versioni": {
            "programma": __version__,
            "python": platform.python_version(),
            **{nome: version(nome) for nome in LIBRERIE},
        },
    }
    testo = json.dumps(dati, ensure_ascii=False, indent=2) + "\n"
    elenco = destinazione / NOME
    scrivi_intero(elenco, lambda parziale: parziale.write_text(testo, encoding="utf-8"))
    return elenco


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
    return _testi(scritti.items()) if isinstance(scritti, dict) else {}


def letti(destinazione: Path) -> dict[str, str]:
    """The workbooks that the last run read, with the SHA-256 they had."""
    voci = leggi(destinazione).get("file")
    voci = [voce for voce in voci if isinstance(voce, dict)] if isinstance(voci, list) else []
    return _testi((voce.get("file"), voce.get("sha256")) for voce in voci)


def _testi(coppie: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """What is text: a manifest may have passed through the hands of a person."""
    return {a: b for a, b in coppie if isinstance(a, str) and isinstance(b, str)}


def impronta(percorso: Path) -> str:
    """The SHA-256 of a file."""
    return sha256(percorso.read_bytes()).hexdigest()
