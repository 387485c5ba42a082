"""The consolidated Excel: what was read, row by row, and the means as live formulas.

Every formula carries the value computed by `score`, so that a preview shows the same figure that a
recalculation gives. Tables are real Excel tables; text never becomes a formula or a link.
"""

from pathlib import Path
from typing import NamedTuple

from pipeline.documents.consolidato import inizio, riepilogo, tabelle, valutazione
from pipeline.documents.consolidato.libro import COMUNI, UFFICIO, Libro
from pipeline.documents.fascicolo import Fascicolo


class Composti(NamedTuple):
    """The consolidated workbook ready to be saved and, if it was asked for, the one for the
    destinatari."""

    intero: Libro
    da_inviare: Libro | None


def scrivi(percorso: Path, fascicolo: Fascicolo) -> None:
    """Write the consolidated workbook. The same fascicolo always gives the same bytes."""
    componi(fascicolo).intero.salva(percorso)


def componi(fascicolo: Fascicolo, anche_da_inviare: bool = False) -> Composti:
    """Compose the consolidated workbook. The one for the destinatari is the same, as it is before the
    sheets for the office alone are added."""
    libro = Libro(fascicolo)
    libro.apri_fogli(COMUNI)
    for stanza in (tabelle, valutazione, riepilogo):
        stanza.descrivi(libro)  # where everything stands, before any formula refers to it
    riepilogo.nomina(libro)
    riepilogo.scrivi(libro)
    valutazione.scrivi(libro)
    tabelle.scrivi(libro)
    libro.finisci()
    da_inviare = libro.copia() if anche_da_inviare else None
    libro.apri_fogli(UFFICIO)
    tabelle.descrivi(libro)
    tabelle.scrivi(libro)
    for uno in filter(None, (libro, da_inviare)):
        uno.nomina()
        inizio.scrivi(uno)
    return Composti(libro, da_inviare)
