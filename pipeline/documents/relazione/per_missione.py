"""The part of a settore that fills in the modello "missioni": its obiettivi operativi by missione."""

from collections.abc import Sequence

from pipeline import bilancio
from pipeline.documents.cifre import su
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import indicatori, risorse
from pipeline.documents.relazione.risorse import con_punto
from pipeline.documents.word.blocchi import Barra, Cella, Tavola
from pipeline.documents.word.documento import Documento
from pipeline.numeri import breve, con_segno
from pipeline.parole import normalizza, segnaposto
from pipeline.score import MISURATO, NUCLEO, PARAMETRO, VoceValutata
from pipeline.tables import RESPONSABILE, SUPPORTO, ChiaveScheda, Scheda, chiave_scheda
from pipeline.workbooks import missioni

DEL_NUCLEO = " dell'organo di valutazione"


def scrivi(documento: Documento, fascicolo: Fascicolo, settore: str) -> None:
    """Write the summary of a settore by missione, then a table of obiettivi for each missione."""
    _sintesi(documento, fascicolo, settore)
    schede = fascicolo.righe.schede.di(settore)
    for titolo, blocchi in _per_titolo(fascicolo, settore).items():
        sue = [scheda for scheda in schede if scheda["blocco"] in blocchi]
        if sue:
            _missione(documento, fascicolo, titolo, sue)


def _per_titolo(fascicolo: Fascicolo, settore: str) -> dict[str, set[int]]:
    """The blocks of the sheet by what is printed over their obiettivi: a missione has as many blocks as
    the office liked, and is one."""
    titoli: dict[str, str] = {}
    blocchi: dict[str, set[int]] = {"": {0}}
    for riga in fascicolo.righe.missioni.di(settore):
        codice = bilancio.leggi(riga["missione"], "").missione
        nome = riga["denominazione"] or bilancio.denominazione(codice)
        titolo = _nome(codice or riga["missione"], nome)
        titolo = titoli.setdefault(codice or normalizza(titolo), titolo)
        blocchi.setdefault(titolo, set()).add(riga["n"])
    return blocchi


def _sintesi(documento: Documento, fascicolo: Fascicolo, settore: str) -> None:
    """The figures by missione and programma."""
    figure = fascicolo.missioni(settore)
    if not figure:
        return
    strategici = sum(riga["strategico"] for riga in fascicolo.righe.obiettivi.di(settore))
    titolo = f"Risultati per missione e programma: {fascicolo.denominazioni[settore]}"
    documento.tabella(risorse.tavola(fascicolo, titolo, figure, settore))
    documento.testo(
        f"Obiettivi strategici: {strategici}; nelle tabelle sono indicati come tali.", "Dopo tabella"
    )


def _nome(missione: str, denominazione: str) -> str:
    return " – ".join(filter(None, (missione, denominazione)))


def _missione(documento: Documento, fascicolo: Fascicolo, titolo: str, schede: list[Scheda]) -> None:
    """The table of a missione, in the order and with the numbers of the workbook."""
    documento.titolo(_testata(fascicolo, schede[0]["settore"], titolo))
    persone = () if fascicolo.pubblica else (("Responsabile e personale", 16),)
    colonne = (
        ("Programma, obiettivo e finalità", 28),
        *persone,
        ("Indicatori di output", 19),
        ("Grado di realizzazione", 26),
        ("Grado %", 11),
    )
    documento.tabella(
        Tavola(
            f"Obiettivi operativi: missione {titolo}".removesuffix(": missione "),
            [intestazione for intestazione, _ in colonne],
            [_riga(fascicolo, scheda) for scheda in schede],
            [peso for _, peso in colonne],
            cifre={len(colonne) - 1},
        ),
        numerata=False,
    )
    _indicatori(documento, fascicolo, titolo, schede)


def _testata(fascicolo: Fascicolo, settore: str, titolo: str) -> str:
    """The heading of a missione; with the sigla of the settore where several have missioni, so that no
    two headings say the same."""
    detto = f"Missione {titolo}" if titolo else "Senza missione"
    di_piu_settori = list(fascicolo.modelli.values()).count(missioni.NOME) > 1
    return f"{fascicolo.sigle[settore]} – {detto}" if di_piu_settori else detto


def _indicatori(documento: Documento, fascicolo: Fascicolo, titolo: str, schede: list[Scheda]) -> None:
    """The indicatori of a missione that have a valore atteso or a raggiunto: under each obiettivo, with
    what those that can be measured say together."""
    righe: list[Sequence[Cella]] = []
    for scheda in schede:
        suoi = fascicolo.righe.indicatori.della(chiave_scheda(scheda))
        if any((i["atteso"] + i["raggiunto"]).strip() for i in suoi):
            righe.append(_insieme(fascicolo.codice(scheda), scheda, len(suoi)))
            righe += [indicatori.riga(i) for i in suoi]
    if righe:
        documento.tabella(
            Tavola(
                f"Indicatori di output: missione {titolo}".removesuffix(": missione "),
                ("Obiettivo e indicatori", "Atteso", "Raggiunto", "Misurato"),
                righe,
                indicatori.DI_CIFRE,
                detto=f"Indicatori di output: missione {titolo}".removesuffix(": missione "),
            ),
            numerata=False,
        )


def _insieme(codice: str, scheda: Scheda, tutti: int) -> Sequence[Cella]:
    """An obiettivo in the table of its indicatori: how many are measured, what they say together."""
    grado = scheda["grado_misurato"]
    misura = con_segno(breve(grado)) if grado is not None else "non si misura"
    testi = (f"{codice}. {scheda['titolo']}", su(scheda["misurabili"], tutti), "misurati")
    nomi: list[Cella] = [[(testo, "Totale tabella")] for testo in testi]
    return [*nomi, Barra(misura, grado, forte=True)]


def _riga(fascicolo: Fascicolo, scheda: Scheda) -> tuple[Cella, ...]:
    righe, questa = fascicolo.righe, chiave_scheda(scheda)
    collegamenti = righe.collegamenti.della(questa)
    programmi = "\n".join(riga["codici_programma"] for riga in collegamenti)
    nome = "\n".join(riga["programma"] for riga in collegamenti)
    if programmi:
        nome = bilancio.denominazione("", programmi, fascicolo.anno)
    obiettivo = [
        (" ".join(filter(None, (con_punto(programmi), nome))), "Testo tabella"),
        (f"{fascicolo.codice(scheda)}. {scheda['titolo']}", "Totale tabella"),
    ]
    if any(riga["strategico"] for riga in righe.obiettivi.della(questa)):
        obiettivo.append(("Obiettivo strategico", "Testo tabella"))
    if scheda["descrizione"]:
        obiettivo.append((scheda["descrizione"], "Testo tabella"))
    fatto = "\n".join(stato["testo"] for stato in righe.stati.della(questa))
    persone = _persone(fascicolo, questa)
    if fascicolo.pubblica:  # only uffici are left: they need no column
        obiettivo += persone
    return (
        [capoverso for capoverso in obiettivo if capoverso[0]],
        *([] if fascicolo.pubblica else [persone or ""]),
        "\n".join(indicatore["indicatore"] for indicatore in righe.indicatori.della(questa)),
        *_realizzazione(fascicolo, scheda, "" if segnaposto(fatto) else fatto),
    )


def _persone(fascicolo: Fascicolo, scheda: ChiaveScheda) -> list[tuple[str, str]]:
    persone = fascicolo.righe.personale.della(scheda)
    risponde = [p["nominativo"] for p in persone if p["ruolo"] == RESPONSABILE]
    collabora = [p["nominativo"] for p in persone if p["ruolo"] == SUPPORTO]
    etichetta = "Responsabile: " if fascicolo.pubblica else ""  # there, the column says it
    cella = [(f"{etichetta}{nome}", "Testo tabella") for nome in risponde]
    if collabora:
        cella.append((f"Supporto: {', '.join(collabora)}", "Testo tabella"))
    return cella


def _realizzazione(fascicolo: Fascicolo, scheda: Scheda, testo: str) -> tuple[Cella, Cella]:
    """What was done, with the note of who values it; and the grado that counts, or why there is none."""
    voci = fascicolo.voci(scheda["settore"])
    voce = next((voce for voce in voci if voce.n == scheda["scheda"]), None)
    if voce is None:
        return testo, breve(scheda["grado_dichiarato"])
    fatto = [(testo, "Testo tabella")] if testo else []
    for di_chi, nota in (("", voce.riga["note_responsabile"]), (DEL_NUCLEO, voce.note)):
        if nota:
            fatto.append((f"Nota{di_chi}: {nota}", "Testo tabella"))
    grado = breve(voce.grado) or voce.riga["stato"] or "non indicato"
    return fatto or "", grado + _di_chi(voce, scheda)


def _di_chi(voce: VoceValutata, scheda: Scheda) -> str:
    """Whose a grado is, where it is not the one that the responsabile declares."""
    if voce.origine == PARAMETRO:
        return " (fissato dall'ente)"
    if voce.origine not in (NUCLEO, MISURATO):
        return ""
    chi = "organo di valutazione" if voce.origine == NUCLEO else "misurato"
    dichiarato = breve(scheda["grado_dichiarato"])
    return f" ({chi}" + (f"; dichiarato {dichiarato})" if dichiarato else ")")
