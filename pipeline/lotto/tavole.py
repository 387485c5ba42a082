"""The tables of an ente, kept beside its documents for what is told of all the enti together.

They are those of the open data, and one more with the figures of the ente. A file of them is of a
manifest: when the documents are made again it no longer is, whoever made them.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from pipeline.documents import manifest
from pipeline.documents.aperti.tavole import (
    CIFRE,
    IMBUTO,
    INDICATORI,
    PER_MISSIONE,
    SCHEDE,
    SEMPRE,
    SETTORI,
    VOCI,
    Tavola,
)
from pipeline.documents.fascicolo import Fascicolo
from pipeline.files import scrivi_intero
from pipeline.numeri import media
from pipeline.rilievi import Gravita
from pipeline.tables import CONTO, MEDIA_OBIETTIVI, MEDIA_SETTORI, PER_CENTO, Colonna, Detto, Riga, Tipo


def una(nome: str, tipo: Tipo, testo: str, unita: str = "", valori: tuple[str, ...] = ()) -> Colonna:
    return Colonna(nome, tipo, detto=Detto(testo, unita, valori))


RILIEVI: dict[Gravita, str] = {
    "blocca": "bloccano",
    "da correggere": "da_correggere",
    "avviso": "avvisi",
}


def _dell_ente(fascicolo: Fascicolo) -> Iterator[Riga]:
    valutazione = fascicolo.valutazione
    contano = [obiettivo.voce for obiettivo in valutazione.contano]
    coppie = [
        (voce.dichiarato, voce.grado_misurato)
        for voce in contano
        if voce.dichiarato is not None and voce.grado_misurato is not None
    ]
    conti = manifest.conti(fascicolo.rilievi)
    yield {
        "regola": valutazione.regola,
        "grado": valutazione.ente,
        "media_settori": valutazione.media_settori,
        "media_obiettivi": valutazione.media_obiettivi,
        "settori": len(fascicolo.settori),
        "schede": len(fascicolo.schede),
        "obiettivi": len(valutazione.distinti),
        "valutati": len(contano),
        "obiettivi_misurati": sum(o.voce.grado_misurato is not None for o in valutazione.distinti),
        "confrontati": len(coppie),
        "dichiarato": media(dichiarato for dichiarato, _ in coppie),
        "misurato": media(misurato for _, misurato in coppie),
        "differenza": media(dichiarato - misurato for dichiarato, misurato in coppie),
        **vars(fascicolo.imbuto()),
        **{nome: conti[gravita] for gravita, nome in RILIEVI.items()},
    }


SU_QUALI = "sugli obiettivi distinti valutati che hanno i due gradi, ciascuno una volta"
ENTI = Tavola(
    "enti",
    "Gli enti",
    "Una riga per ente, con le sue medie e i suoi conti.",
    (
        *SEMPRE,
        una(
            "regola",
            "testo",
            "Quale delle due medie l'ente pubblica",
            "",
            (MEDIA_SETTORI, MEDIA_OBIETTIVI),
        ),
        una("grado", "decimale", "Grado dell'ente: la media che pubblica", PER_CENTO),
        una(
            "media_settori",
            "decimale",
            "Media delle percentuali dei settori, con i loro pesi",
            PER_CENTO,
        ),
        una(
            "media_obiettivi",
            "decimale",
            "Media dei gradi degli obiettivi distinti valutati: uno comune a più settori è uno",
            PER_CENTO,
        ),
        una("settori", "intero", "Quanti settori elenca ente.xlsx, senza le schede trasversali", CONTO),
        una("schede", "intero", "Quante schede, o obiettivi operativi, hanno i settori", CONTO),
        una("obiettivi", "intero", "Quanti obiettivi distinti hanno le valutazioni dei settori", CONTO),
        una("valutati", "intero", "Quanti di essi entrano nella media", CONTO),
        una(
            "obiettivi_misurati",
            "intero",
            "Quanti di tutti hanno un grado misurato",
            CONTO,
        ),
        una("confrontati", "intero", "Quanti dei valutati hanno grado dichiarato e misurato", CONTO),
        una("dichiarato", "decimale", f"Media dei gradi dichiarati {SU_QUALI}", PER_CENTO),
        una("misurato", "decimale", f"Media dei gradi misurati {SU_QUALI}", PER_CENTO),
        una("differenza", "decimale", "Dichiarato meno misurato, in punti, sugli stessi", PER_CENTO),
        *IMBUTO,
        una("bloccano", "intero", "Quanti rilievi bloccano", CONTO),
        una("da_correggere", "intero", "Quanti rilievi sono da correggere", CONTO),
        una("avvisi", "intero", "Quanti rilievi sono avvisi", CONTO),
    ),
    _dell_ente,
)
TAVOLE = (ENTI, CIFRE, SETTORI, VOCI, SCHEDE, INDICATORI, PER_MISSIONE)
"""Without the premi, whose groups may be of few people: they stay in the consolidato of each ente."""


def dove(anno: Path) -> Path:
    """The file of the tables of the documents in a folder of a year: beside it, for in it there is only
    what make relazione writes."""
    return anno.with_name(f"tavole_{anno.name}.jsonl")


def scrivi(anno: Path, fascicolo: Fascicolo) -> None:
    """Write the tables of the documents in the folder of a year. Raises OSError."""
    righe = [[tavola.nome, *riga] for tavola in TAVOLE for riga in tavola.compila(fascicolo)]
    testo = "".join(json.dumps(riga, ensure_ascii=False, default=str) + "\n" for riga in righe)
    sotto = testo.encode("utf-8", "backslashreplace")
    prima = json.dumps(_di_che(anno, sha256(sotto).hexdigest()))
    scrivi_intero(dove(anno), lambda p: p.write_bytes(prima.encode() + b"\n" + sotto))


def valgono(anno: Path) -> bool:
    """Whether the tables are there, as they were written, of the documents as they are now and with the
    columns of now."""
    try:
        with dove(anno).open("rb") as flusso:
            prima = json.loads(flusso.readline())
            sotto = file_digest(flusso, "sha256").hexdigest()
        return bool(prima == _di_che(anno, sotto))
    except (OSError, ValueError):
        return False


def _di_che(anno: Path, sotto: str) -> dict[str, Any]:
    """What the first line says: of what documents the tables are, what columns they have, and the
    SHA-256 of the lines below it."""
    colonne = {tavola.nome: [colonna.nome for colonna in tavola.colonne] for tavola in TAVOLE}
    return {"manifest": manifest.impronta(anno / manifest.NOME), "colonne": colonne, "sotto": sotto}


def leggi(anno: Path, tavola: Tavola) -> Iterator[list[Any]]:
    """The rows of a table, as `scrivi` had them."""
    sue, decimali = f'["{tavola.nome}", ', [c.tipo == "decimale" for c in tavola.colonne]
    with dove(anno).open(encoding="utf-8", newline="\n") as flusso:
        for riga in flusso:
            if riga.startswith(sue):
                valori = zip(json.loads(riga)[1:], decimali, strict=True)
                yield [Decimal(v) if decimale and v is not None else v for v, decimale in valori]
