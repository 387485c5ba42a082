"""Rules on the indicatori: what could be measured, were it not for something to correct in a cell."""

from collections.abc import Iterator

from pipeline.checks.comuni import Caso, rilievo
from pipeline.parole import citazione
from pipeline.rilievi import Rilievo
from pipeline.valori import ALTRO_ANNO, DUE_LETTURE, NEGATIVO
from pipeline.workbooks.registro import cella

_CODICI = {
    ALTRO_ANNO: ("I02", "atteso"),
    NEGATIVO: ("I03", "raggiunto"),
    DUE_LETTURE: ("I04", "raggiunto"),
}


def non_misurati(caso: Caso) -> Iterator[Rilievo]:
    """Dates of a year before, negative results, numbers with two readings: whole values or one part."""
    for riga in caso.righe.indicatori:
        for motivo, (codice, colonna) in _CODICI.items():
            if riga["motivo"].endswith(motivo):
                settore = caso.righe.settori.prima(riga["settore"])
                raggiunto = citazione(riga["raggiunto"])
                scritti = {
                    "atteso": citazione(riga["atteso"]),
                    "raggiunto": raggiunto,
                    "e_raggiunto": f", raggiunto «{raggiunto}»" if riga["raggiunto"] else "",
                    "anno": str(settore["anno"] or "") if settore else "",
                }
                yield rilievo(codice, riga, cella("indicatori", colonna, riga), **scritti)
