"""What goes to the Nucleo: its workbook, with every obiettivo and what it has written already."""

from decimal import Decimal
from pathlib import Path

from pipeline.documents.fascicolo import Fascicolo
from pipeline.numeri import arrotonda
from pipeline.score import ObiettivoDistinto, VoceValutata
from pipeline.tables import Riga, Scheda
from pipeline.workbooks import nucleo

TUTTI = "Più settori"
"""Where the obiettivi common to the settori are told to belong."""


def scrivi(percorso: Path, fascicolo: Fascicolo) -> None:
    """Write the workbook of the Nucleo."""
    ente = fascicolo.ente.get("denominazione", "")
    nucleo.scrivi(percorso, ente, fascicolo.anno, righe(fascicolo))


def righe(fascicolo: Fascicolo) -> list[Riga]:
    """Its rows: the obiettivi common to the settori, then those of each."""
    distinti = sorted(fascicolo.valutazione.distinti, key=lambda distinto: not distinto.voce.trasversale)
    return [_riga(fascicolo, distinto) for distinto in distinti]


def _riga(fascicolo: Fascicolo, distinto: ObiettivoDistinto) -> Riga:
    voce = distinto.voce
    dichiarato, misurato = _in_cifre(voce)
    return {
        "obiettivo": voce.chiave,
        "settore": TUTTI if voce.trasversale else fascicolo.denominazioni[voce.settore],
        "descrizione": voce.riga["descrizione"],
        "schede": voce.riga["schede"],
        "stato": voce.riga["stato"],
        "motivo": "\n".join(filter(None, (voce.riga["note_responsabile"], voce.riga["note"]))),
        "grado_dichiarato": dichiarato,
        "grado_misurato": misurato,
        "misurati": _misurati(fascicolo.righe.schede.delle(voce.coperte)),
        "scarto": None if dichiarato is None or misurato is None else dichiarato - misurato,
        "visto": voce.riga["visto"],
        "grado_nucleo": voce.del_nucleo,
        "note": voce.riga["note_giudizio"],
    }


def _in_cifre(voce: VoceValutata) -> list[Decimal | None]:
    return [None if g is None else arrotonda(g) for g in (voce.dichiarato, voce.grado_misurato)]


def _misurati(schede: list[Scheda]) -> str:
    attesi = sum(scheda["attesi"] for scheda in schede)
    return f"{sum(scheda['misurabili'] for scheda in schede)} su {attesi}" if attesi else "nessuno"
