"""What a run was made of, beside its documents: the only place for the clock and the versions.

So it also tells whether a run would make the same documents again: the checkpoint of a long work.
"""

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.documents.fascicolo import Fascicolo
from pipeline.files import scrivi_intero
from pipeline.numeri import arrotonda
from pipeline.rilievi import GRAVITA, Rilievo, bloccanti

NOME = "manifest.json"
DETTI = {"anno", "bozza", "bloccano", "gravita", "percentuali"}
"""What is told again of an ente that is passed over."""
FACOLTATIVE = ("duckdb",)
"""Where they are installed there are more documents."""
LIBRERIE = ("pandas", "python-calamine", "xlsxwriter", "python-docx", "lxml", "pikepdf", "pillow")


@dataclass(frozen=True)
class Chiesto:
    """What a run is asked for, besides the documents of every run."""

    pubblica: bool = False
    pagine: bool = False
    in_pdf: bool = False
    con_atti: bool = False


def ingresso(cartella: Path) -> dict[str, str]:
    """What a run may read in a folder: every name, with the SHA-256 of what is a file.

    Taken before a run reads: if a file changes meanwhile, the manifest is of the older one and the next
    run does it again. What cannot be read counts by its name alone. A folder is not read, but it may
    have the name of a workbook.
    """
    return {
        percorso.name: _del_contenuto(percorso)
        for percorso in sorted(cartella.iterdir())
        if percorso.suffix or not percorso.is_dir()
    }


def _del_contenuto(percorso: Path) -> str:
    with suppress(OSError):
        if percorso.is_file():  # a pipe would be waited for
            return impronta(percorso)
    return ""


def scrivi(
    destinazione: Path,
    fascicolo: Fascicolo,
    documenti: Mapping[Path, str],
    letto: Mapping[str, str],
    chiesto: Chiesto,
    inizio: datetime,
    secondi: float,
) -> Path:
    """Write which files a run read and made, each with its SHA-256, when, and with what versions.

    The imprints are those of the bytes that were read and written, never of what is on the disk now;
    `letto` is the `ingresso` of the folder before it was read, `chiesto` what was asked for and made.
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
        "ingresso": letto,
        "chiesto": asdict(chiesto),
        "rilievi": len(fascicolo.rilievi),
        "gravita": conti(fascicolo.rilievi),
        "bloccano": [f"{r.codice} {r.dove}: {r.regola.titolo}" for r in bloccanti(fascicolo.rilievi)],
        "percentuali": percentuali(fascicolo),
        "documenti": {
            percorso.relative_to(destinazione).as_posix(): impronta
            for percorso, impronta in documenti.items()
        },
        "versioni": versioni(),
    }
    testo = json.dumps(dati, ensure_ascii=False, indent=2) + "\n"
    elenco = destinazione / NOME
    # half a character in the name of a file becomes its escape, which is JSON too
    scrivi_intero(elenco, lambda parziale: parziale.write_text(testo, "utf-8", "backslashreplace"))
    return elenco


def conti(rilievi: Iterable[Rilievo]) -> dict[str, int]:
    """How many findings there are of each gravity."""
    quante = Counter(rilievo.gravita for rilievo in rilievi)
    return {gravita: quante[gravita] for gravita in GRAVITA}


def percentuali(fascicolo: Fascicolo) -> dict[str, float | None]:
    """The means of the ente, rounded as they are printed; None where one cannot be computed."""
    valutazione = fascicolo.valutazione
    medie = {
        "pubblicata": valutazione.ente,
        "settori": valutazione.media_settori,
        "obiettivi": valutazione.media_obiettivi,
    }
    return {nome: None if media is None else float(arrotonda(media)) for nome, media in medie.items()}


@cache
def versioni() -> dict[str, str]:
    """Of the program, and of what its documents depend on."""
    return {
        "programma": __version__,
        "python": platform.python_version(),
        **{nome: version(nome) for nome in LIBRERIE},
        **{nome: version(nome) for nome in FACOLTATIVE if find_spec(nome)},
    }


def vale_ancora(destinazione: Path, letto: Mapping[str, str], chiesto: Chiesto | None) -> bool:
    """Whether the documents of a folder are those that a run would make now, byte for byte: the same
    inputs (see `ingresso`; the parametri are among them), asked for the same (None: whatever it was),
    by the same versions, and each document as it was written."""
    detto = leggi(destinazione)
    attesi = {"ingresso": letto, "versioni": versioni()}
    if chiesto is not None:
        attesi["chiesto"] = asdict(chiesto)
    if any(detto.get(nome) != atteso for nome, atteso in attesi.items()) or not detto.keys() >= DETTI:
        return False
    scritti = documenti(destinazione)
    return bool(scritti) and all(
        _del_contenuto(destinazione / nome) == sua for nome, sua in scritti.items()
    )


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
    """The SHA-256 of a file, of whatever size."""
    with percorso.open("rb") as flusso:
        return hashlib.file_digest(flusso, "sha256").hexdigest()
