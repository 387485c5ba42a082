"""The part of a settore that fills in the modello "missioni": its obiettivi operativi by missione."""

from pipeline import bilancio
from pipeline.documents import grafici
from pipeline.documents.blocchi import Cella
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione.risorse import con_punto, etichetta
from pipeline.documents.word import Documento
from pipeline.numeri import percentuale
from pipeline.parole import segnaposto
from pipeline.score import NUCLEO, PARAMETRO
from pipeline.tables import RESPONSABILE, SUPPORTO, Riga


def scrivi(documento: Documento, fascicolo: Fascicolo, settore: str) -> None:
    """Write the summary of a settore by missione, then a table of obiettivi for each missione."""
    _sintesi(documento, fascicolo, settore)
    schede = fascicolo.di("schede", settore)
    for blocco in [{"n": 0, "missione": "", "denominazione": ""}, *fascicolo.di("missioni", settore)]:
        sue = [scheda for scheda in schede if scheda["blocco"] == blocco["n"]]
        if sue:
            _missione(documento, fascicolo, blocco, sue)


def _sintesi(documento: Documento, fascicolo: Fascicolo, settore: str) -> None:
    """The figures by missione and programma, and the chart of the missioni."""
    figure = fascicolo.missioni(settore)
    if not figure:
        return
    strategici = sum(riga["strategico"] for riga in fascicolo.di("obiettivi", settore))
    documento.titolo("Sintesi per missione", 2)
    documento.testo(
        f"Obiettivi strategici: {strategici}; nelle tabelle sono indicati come tali.", "Prima di tabella"
    )
    nome = fascicolo.denominazioni[settore]
    titolo = f"Risultati per missione e programma: {nome}"
    documento.tabella(
        titolo,
        ("Missione e programma", "Obiettivi", "Valutati", "Grado %"),
        [
            (
                [(etichetta(riga), "Testo tabella" if riga["programmi"] else "Totale tabella")],
                str(riga["obiettivi"]),
                str(riga["valutati"]),
                percentuale(riga["grado"]) or "non calcolabile",
            )
            for riga in figure
        ],
        (58, 13, 13, 16),
        centrate=(1, 2, 3),
    )
    missioni = [riga for riga in figure if not riga["programmi"]]
    barre = [
        grafici.barre([etichetta(riga) for riga in parte], [riga["grado"] for riga in parte], "missione")
        for parte in grafici.riquadri(missioni)
    ]
    documento.figure(f"Grado per missione: {nome}", barre, titolo)


def _nome(missione: str, denominazione: str) -> str:
    return " – ".join(filter(None, (missione, denominazione)))


def _missione(documento: Documento, fascicolo: Fascicolo, blocco: Riga, schede: list[Riga]) -> None:
    """The table of a missione, in the order and with the numbers of the workbook."""
    codice = bilancio.leggi(blocco["missione"], "").missione
    denominazione = blocco["denominazione"] or bilancio.denominazione(codice)
    titolo = _nome(codice or blocco["missione"], denominazione)
    documento.titolo(f"Missione {titolo}" if titolo else "Senza missione", 2)
    persone = () if fascicolo.pubblica else (("Responsabile e personale", 16),)
    colonne = (
        ("Programma, obiettivo e finalità", 28),
        *persone,
        ("Indicatori di output", 19),
        ("Grado di realizzazione", 26),
        ("Grado %", 11),
    )
    documento.tabella(
        f"Obiettivi operativi: missione {titolo}".removesuffix(": missione "),
        [intestazione for intestazione, _ in colonne],
        [_riga(fascicolo, scheda) for scheda in schede],
        [peso for _, peso in colonne],
        centrate=(len(colonne) - 1,),
        numerata=False,
    )


def _riga(fascicolo: Fascicolo, scheda: Riga) -> tuple[Cella, ...]:
    settore, n = scheda["settore"], scheda["scheda"]

    def testo(tabella: str, colonna: str) -> str:
        return "\n".join(riga[colonna] for riga in fascicolo.di(tabella, settore, n))

    programmi = testo("collegamenti", "codici_programma")
    nome = testo("collegamenti", "programma")
    if programmi:
        nome = bilancio.denominazione("", programmi, fascicolo.anno)
    obiettivo = [
        (" ".join(filter(None, (con_punto(programmi), nome))), "Testo tabella"),
        (f"{n}. {scheda['titolo']}", "Totale tabella"),
    ]
    if any(riga["strategico"] for riga in fascicolo.di("obiettivi", settore, n)):
        obiettivo.append(("Obiettivo strategico", "Testo tabella"))
    if scheda["descrizione"]:
        obiettivo.append((scheda["descrizione"], "Testo tabella"))
    fatto = testo("stati", "testo")
    persone = _persone(fascicolo, settore, n)
    if fascicolo.pubblica:  # only uffici are left: they need no column
        obiettivo += persone
    return (
        [capoverso for capoverso in obiettivo if capoverso[0]],
        *([] if fascicolo.pubblica else [persone or ""]),
        testo("indicatori", "indicatore"),
        *_realizzazione(fascicolo, scheda, "" if segnaposto(fatto) else fatto),
    )


def _persone(fascicolo: Fascicolo, settore: str, n: int) -> list[tuple[str, str]]:
    persone = fascicolo.di("personale", settore, n)
    risponde = [p["nominativo"] for p in persone if p["ruolo"] == RESPONSABILE]
    collabora = [p["nominativo"] for p in persone if p["ruolo"] == SUPPORTO]
    etichetta = "Responsabile: " if fascicolo.pubblica else ""  # there, the column says it
    cella = [(f"{etichetta}{nome}", "Testo tabella") for nome in risponde]
    if collabora:
        cella.append((f"Supporto: {', '.join(collabora)}", "Testo tabella"))
    return cella


def _realizzazione(fascicolo: Fascicolo, scheda: Riga, testo: str) -> tuple[Cella, Cella]:
    """What was done, with the note of who values it; and the grado that counts, or why there is none."""
    n = scheda["scheda"]
    voce = next((v for v in fascicolo.voci(scheda["settore"]) if v["n"] == n), None)
    if voce is None:
        return testo, percentuale(scheda["grado_dichiarato"])
    fatto = [(testo, "Testo tabella")] if testo else []
    if voce["note"]:
        fatto.append((f"Nota: {voce['note']}", "Testo tabella"))
    grado = percentuale(voce["grado"]) or voce["stato"] or "non indicato"
    return fatto or "", grado + _di_chi(voce, scheda)


def _di_chi(voce: Riga, scheda: Riga) -> str:
    """Whose a grado is, where it is not the one that the responsabile declares."""
    if voce["origine"] == PARAMETRO:
        return " (fissato dall'ente)"
    if voce["origine"] != NUCLEO:
        return ""
    dichiarato = percentuale(scheda["grado_dichiarato"])
    return " (organo di valutazione" + (f"; dichiarato {dichiarato})" if dichiarato else ")")
