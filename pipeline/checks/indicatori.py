"""Rules on the indicatori: what could be measured, were it not for something to correct in a cell."""

from collections.abc import Iterator

from pipeline.checks.comuni import rilievo
from pipeline.parole import citazione
from pipeline.rilievi import Rilievo
from pipeline.tables import Tabelle, righe
from pipeline.valori import ALTRO_ANNO, DUE_LETTURE, NEGATIVO
from pipeline.workbooks.registro import cella

_CODICI = {
    ALTRO_ANNO: ("I02", "atteso"),
    NEGATIVO: ("I03", "raggiunto"),
    DUE_LETTURE: ("I04", "raggiunto"),
}


def non_misurati(tabelle: Tabelle) -> Iterator[Rilievo]:
    """Dates of a year before, negative results, numbers with two readings: whole values or one part."""
    anni = dict(zip(tabelle.settori["settore"], tabelle.settori["anno"], strict=True))
    for riga in righe(tabelle.indicatori):
        for motivo, (codice, colonna) in _CODICI.items():
            if riga["motivo"].endswith(motivo):
                scritti = {nome: citazione(riga[nome]) for nome in ("atteso", "raggiunto")}
                scritti["e_raggiunto"] = (
                    f", raggiunto «{scritti['raggiunto']}»" if riga["raggiunto"] else ""
                )
                scritti["anno"] = str(anni.get(riga["settore"]) or "")
                yield rilievo(codice, riga, cella("indicatori", colonna, riga), **scritti)
