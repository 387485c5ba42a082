"""The consolidated Excel: what was read, row by row, and the means as live formulas.

Every formula carries the value computed by `score`, so that a preview shows the same figure that a
recalculation gives. Tables are real Excel tables; text never becomes a formula or a link.
"""

from pathlib import Path

from pipeline.documents.consolidato import inizio, riepilogo, tabelle, valutazione
from pipeline.documents.consolidato.libro import Libro
from pipeline.documents.fascicolo import Fascicolo


def scrivi(percorso: Path, fascicolo: Fascicolo, da_inviare: bool = False) -> None:
    """Write the consolidated workbook; with `da_inviare`, without the sheets for the office alone. The
    same fascicolo always gives the same bytes."""
    libro = Libro(percorso, fascicolo, da_inviare)
    libro.apri_fogli()
    for stanza in (tabelle, valutazione, riepilogo):
        stanza.descrivi(libro)  # where everything stands, before any formula refers to it
    libro.nomina()
    riepilogo.nomina(libro)
    inizio.scrivi(libro)
    riepilogo.scrivi(libro)
    for settore in libro.nomi:
        valutazione.scrivi(libro, settore)
    tabelle.scrivi(libro)
    libro.libro.close()
