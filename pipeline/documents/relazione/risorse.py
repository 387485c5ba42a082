"""What stands under each missione and programma of the bilancio."""

from collections.abc import Sequence
from itertools import groupby

from pipeline import bilancio
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.word import grafici
from pipeline.documents.word.blocchi import Cella
from pipeline.documents.word.documento import Documento
from pipeline.numeri import percentuale
from pipeline.score import MissioneValutata
from pipeline.tables import chiave_scheda

PER_MISSIONE = "Obiettivi per missione e programma"


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the figures per missione and programma, with the schede under each, and their chart."""
    figure = fascicolo.missioni()
    documento.titolo("Missioni e programmi", 2)
    if not figure:
        documento.testo("Nessuna scheda è collegata a una missione.")
        return
    documento.testo(
        "Il collegamento con il bilancio di ogni scheda dice sotto quale missione e programma stanno le "
        "sue risorse; gli importi sono nel rendiconto. Una scheda può stare in più missioni. Il grado è "
        "la media degli obiettivi valutati, ciascuno con il suo peso.",
        "Prima di tabella",
    )
    documento.tabella(
        PER_MISSIONE,
        ("Missione e programma", "Schede", "Obiettivi valutati", "Grado %"),
        [_riga(fascicolo, missione) for missione in figure],
        (40, 34, 13, 13),
        centrate=(2, 3),
    )
    missioni = [missione for missione in figure if not missione.programmi]
    barre = [
        grafici.missioni(
            [etichetta(missione) for missione in parte],
            [missione.valutati for missione in parte],
            [missione.obiettivi - missione.valutati for missione in parte],
            [missione.grado for missione in parte],
        )
        for parte in grafici.riquadri(missioni)
    ]
    documento.figure("Obiettivi e grado per missione", barre, PER_MISSIONE)


def etichetta(figure: MissioneValutata) -> str:
    """The code and the name of a missione, or of a programma: "01.02 – Segreteria generale"; of several
    programmi taken together, the codes."""
    codice = con_punto(figure.programmi) or figure.missione
    if "," in codice:
        return f"{figure.missione} – programmi {codice}"
    return " – ".join(filter(None, (codice, figure.denominazione or "non in nomenclatura")))


def con_punto(programmi: str) -> str:
    """Codes as they are written in the budget: "0102, 0103" -> "01.02, 01.03"."""
    return ", ".join(bilancio.con_punto(codice) for codice in programmi.split(", ") if codice)


def _riga(fascicolo: Fascicolo, figure: MissioneValutata) -> Sequence[Cella]:
    """A missione in bold, its schede at its programmi."""
    programma = bool(figure.programmi)
    return (
        [(etichetta(figure), "Testo tabella" if programma else "Totale tabella")],
        _schede(fascicolo, figure),
        f"{figure.valutati} su {figure.obiettivi}",
        percentuale(figure.grado) or "non calcolabile",
    )


def _schede(fascicolo: Fascicolo, figure: MissioneValutata) -> str:
    """The schede of a programma, or those of a missione that name no programma of it."""
    sue = [
        chiave_scheda(riga)
        for settore in fascicolo.ordine
        for riga in fascicolo.righe.collegamenti.di(settore)
        if riga["codice_missione"] == figure.missione and riga["codici_programma"] == figure.programmi
    ]
    per_settore = groupby(dict.fromkeys(sue), key=lambda scheda: scheda[0])
    return "; ".join(
        f"{fascicolo.denominazioni[settore]} {', '.join(str(n) for _, n in schede)}"
        for settore, schede in per_settore
    )
