"""What stands under each missione and programma of the bilancio."""

from collections.abc import Iterator, Sequence

from pipeline import bilancio
from pipeline.documents.cifre import su
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import ente, rimandi
from pipeline.documents.relazione.promesso import TESTO
from pipeline.documents.word.blocchi import Cella, Tavola, forte
from pipeline.documents.word.documento import Documento
from pipeline.numeri import importo, in_colonna
from pipeline.parole import maiuscola, quanti
from pipeline.risorse import Importi, Voce
from pipeline.score import MissioneValutata
from pipeline.tables import chiave_scheda

TITOLO = "Obiettivi per missione e programma"
CON_RISORSE = "Obiettivi e risorse per missione e programma"
NIENTE = "–"
MAX_NOMI = 2
"""How many programmi taken together are called by their names."""


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the figures per missione and programma, with the schede under each, and the money of each
    where ente.xlsx has it."""
    figure = fascicolo.missioni()
    titolo = CON_RISORSE if fascicolo.risorse else TITOLO
    trovato = _trovato(fascicolo, figure)
    documento.capitolo(trovato, testo=titolo)
    if fascicolo.risorse:
        _con_gli_importi(documento, fascicolo, figure)
    elif figure:
        documento.testo(
            "Il collegamento con il bilancio di ogni scheda dice sotto quale missione e programma "
            "stanno le sue risorse; gli importi sono nel rendiconto. Una scheda può stare in più "
            "missioni. Il grado è la media degli obiettivi valutati, ciascuno con il suo peso."
        )
        documento.tabella(tavola(fascicolo, TITOLO, figure))
    else:
        documento.testo("Nessuna scheda è collegata a una missione.")
    ente.del_capitolo(documento, fascicolo, "Risorse")


def _trovato(fascicolo: Fascicolo, figure: Sequence[MissioneValutata]) -> str:
    con_importi = fascicolo.risorse.con_importi
    missioni = {figura.missione for figura in figure} | {codice[:2] for codice in con_importi}
    if not missioni:
        return TITOLO
    detto = quanti(len(missioni), "missione", "missioni")
    if not fascicolo.risorse:
        return f"{TITOLO}: {detto}"
    programmi = {p for figura in figure for p in figura.programmi.split(", ") if p} | {*con_importi}
    return f"Obiettivi e risorse: {detto}, {quanti(len(programmi), 'programma', 'programmi')}"


def _con_gli_importi(
    documento: Documento, fascicolo: Fascicolo, figure: Sequence[MissioneValutata]
) -> None:
    """The table with the money, and which programmi have only money or only obiettivi: listed, as facts
    that the rendiconto and the schede state, and not judged."""
    documento.testo(
        "Gli importi sono quelli del rendiconto, in euro, di tutto il programma e non dei suoi soli "
        "obiettivi. Il grado è la media degli obiettivi valutati, ciascuno con il suo peso: dice che "
        "cosa si è raggiunto, non come si è speso. Una scheda può stare in più missioni."
    )
    documento.tabella(_tavola_importi(fascicolo, figure))
    collegati = {p for f in figure for p in f.programmi.split(", ") if p}
    con_importi = fascicolo.risorse.con_importi
    for che_cosa, programmi in (
        ("Programmi con risorse e nessun obiettivo", [p for p in con_importi if p not in collegati]),
        ("Programmi con obiettivi e nessuna risorsa", sorted(collegati - set(con_importi))),
    ):
        if programmi:
            nomi = "; ".join(
                _con_il_nome("", p, bilancio.denominazione("", p, fascicolo.anno)) for p in programmi
            )
            documento.testo(f"{forte(che_cosa)} ({len(programmi)}): {nomi}.", "Contesto")
    for nota in _note(fascicolo, figure):
        documento.testo(nota, "Contesto")


def _note(fascicolo: Fascicolo, figure: Sequence[MissioneValutata]) -> Iterator[str]:
    """What the table does not show, or cannot."""
    risorse = fascicolo.risorse
    if any(", " in figura.programmi for figura in figure):
        yield "Gli importi sono nella riga del loro programma, anche dove più programmi stanno insieme."
    if risorse.incompleti:
        yield f"{NIENTE}: importo non indicato; le somme che lo comprendono non si calcolano."
    if risorse.fuori:
        righe = quanti(risorse.fuori, "riga", "righe")
        yield f"{righe} del foglio Risorse senza un programma riconosciuto: importi non compresi."


def _tavola_importi(fascicolo: Fascicolo, figure: Sequence[MissioneValutata]) -> Tavola:
    """Every missione with its programmi under it, by code: the money of a missione is the sum of theirs,
    and the last row the sum of the missioni."""
    risorse = fascicolo.risorse
    gradi = in_colonna([figura.grado for figura in figure], "non calcolabile")
    per_codici = {(f.missione, f.programmi): (f, g) for f, g in zip(figure, gradi, strict=True)}
    con_importi = {(codice[:2], codice) for codice in risorse.con_importi}
    posti = per_codici.keys() | con_importi | {(missione, "") for missione, _ in con_importi}
    voci = risorse.voci()
    righe: list[Sequence[Cella]] = []
    for missione, programmi in sorted(posti):
        nome = _detta(fascicolo, missione, programmi)
        suoi = risorse.programmi if programmi else risorse.missioni
        euro = _in_euro(suoi.get(programmi or missione), voci, forte=not programmi)
        righe.append((nome, *_obiettivi(fascicolo, *per_codici.get((missione, programmi), ())), *euro))
    totale: list[Cella] = [[("Totale", "Totale tabella")], NIENTE, NIENTE, NIENTE]
    righe.append((*totale, *_in_euro(risorse.totale, voci, forte=True)))
    return Tavola(
        CON_RISORSE,
        ("Missione e programma", "Schede", "Obiettivi valutati", "Grado %", *map(maiuscola, voci)),
        righe,
        (3.9, 2.5, 1.7, 1.8, *(2.4 for _ in voci)),
        cifre=range(2, 4 + len(voci)),
    )


def _detta(fascicolo: Fascicolo, missione: str, programmi: str) -> Cella:
    """The name of a missione, of a programma, of several."""
    nome = bilancio.denominazione(missione, programmi, fascicolo.anno)
    return [(_con_il_nome(missione, programmi, nome), TESTO if programmi else "Totale tabella")]


def _obiettivi(
    fascicolo: Fascicolo, figura: MissioneValutata | None = None, grado: str = NIENTE
) -> tuple[Cella, Cella, Cella]:
    """The schede, the count and the grado of a row; a dash of one that has no scheda."""
    if figura is None:
        return "nessuna", NIENTE, NIENTE
    return _schede(fascicolo, figura, ""), su(figura.valutati, figura.obiettivi), grado


def _in_euro(importi: Importi | None, voci: Sequence[Voce], forte: bool) -> list[Cella]:
    stile = "Totale numero tabella" if forte else "Numero tabella"
    valori = [None if importi is None else importi.di(voce) for voce in voci]
    return [[(NIENTE if v is None else importo(v), stile)] for v in valori]


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
    return _con_il_nome(figure.missione, figure.programmi, figure.denominazione)


def _con_il_nome(missione: str, programmi: str, denominazione: str) -> str:
    codici = programmi.split(", ") if programmi else []
    if len(codici) > MAX_NOMI:
        return f"Programmi da {bilancio.con_punto(codici[0])} a {bilancio.con_punto(codici[-1])}"
    codice = con_punto(programmi) or missione
    return " – ".join(filter(None, (codice, denominazione or "non in nomenclatura")))


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
