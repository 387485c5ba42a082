"""What stands under each missione and programma of the bilancio."""

from collections.abc import Sequence

from pipeline import bilancio
from pipeline.documents.cifre import su
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import ente, rimandi
from pipeline.documents.relazione.titoli import titolo_o
from pipeline.documents.word.blocchi import Cella, Tavola
from pipeline.documents.word.documento import Documento
from pipeline.numeri import in_colonna
from pipeline.parole import quanti
from pipeline.score import MissioneValutata
from pipeline.tables import chiave_scheda

TITOLO = "Obiettivi per missione e programma"
MAX_NOMI = 2
"""How many programmi taken together are called by their names."""


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the figures per missione and programma, with the schede under each."""
    figure = fascicolo.missioni()
    missioni = sum(not figura.programmi for figura in figure)
    trovato = f"{TITOLO}: {quanti(missioni, 'missione', 'missioni')}" if figure else TITOLO
    documento.capitolo(titolo_o(fascicolo, TITOLO, trovato), testo=TITOLO)
    if figure:
        documento.testo(
            "Il collegamento con il bilancio di ogni scheda dice sotto quale missione e programma "
            "stanno le sue risorse; gli importi sono nel rendiconto. Una scheda può stare in più "
            "missioni. Il grado è la media degli obiettivi valutati, ciascuno con il suo peso."
        )
        documento.tabella(tavola(fascicolo, TITOLO, figure))
    else:
        documento.testo("Nessuna scheda è collegata a una missione.")
    ente.del_capitolo(documento, fascicolo, "Risorse")


def tavola(
    fascicolo: Fascicolo, titolo: str, figure: Sequence[MissioneValutata], settore: str = ""
) -> Tavola:
    """The missioni, each with its programmi under it, of the ente or of a settore."""
    gradi = in_colonna([figura.grado for figura in figure], "non calcolabile")
    righe: list[Sequence[Cella]] = [
        (
            [(etichetta(figura), "Testo tabella" if figura.programmi else "Totale tabella")],
            _schede(fascicolo, figura, settore),
            su(figura.valutati, figura.obiettivi),
            grado,
        )
        for figura, grado in zip(figure, gradi, strict=True)
    ]
    return Tavola(
        titolo,
        ("Missione e programma", "Schede", "Obiettivi valutati", "Grado %"),
        righe,
        (7.6, 5.4, 2.0, 2.0),
        cifre={2, 3},
    )


def etichetta(figure: MissioneValutata) -> str:
    """The code and the name of a missione, or of a programma: "01.02 – Segreteria generale"; of several
    programmi taken together, the codes."""
    codici = figure.programmi.split(", ") if figure.programmi else []
    if len(codici) > MAX_NOMI:
        return f"Programmi da {bilancio.con_punto(codici[0])} a {bilancio.con_punto(codici[-1])}"
    codice = con_punto(figure.programmi) or figure.missione
    return " – ".join(filter(None, (codice, figure.denominazione or "non in nomenclatura")))


def con_punto(programmi: str) -> str:
    """Codes as they are written in the budget: "0102, 0103" -> "01.02, 01.03"."""
    return ", ".join(bilancio.con_punto(codice) for codice in programmi.split(", ") if codice)


def _schede(fascicolo: Fascicolo, figure: MissioneValutata, settore: str) -> str:
    """The schede of a programma, or those of a missione that name no programma of it."""
    sue = [
        chiave_scheda(riga)
        for suo in ([settore] if settore else fascicolo.ordine)
        for riga in fascicolo.righe.collegamenti.di(suo)
        if riga["codice_missione"] == figure.missione and riga["codici_programma"] == figure.programmi
    ]
    return rimandi.alle_schede(fascicolo, sue) or ("" if figure.programmi else "nei programmi")
