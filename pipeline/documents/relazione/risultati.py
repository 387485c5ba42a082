"""The results of the ente: per settore, declared against measured, by fascia."""

from decimal import Decimal

from pipeline.documents import grafici
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import sintesi
from pipeline.documents.word import Documento
from pipeline.numeri import con_segno, numero, percentuale

CONFRONTO = "Grado dichiarato e misurato per settore"
PER_FASCIA = "Obiettivi per fascia di risultato"


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the chapter of the results."""
    settori = fascicolo.settori
    documento.titolo("Risultati", 1)
    documento.titolo("I settori", 2)
    documento.testo(_settori(fascicolo), "Prima di tabella")
    _tabella_settori(documento, fascicolo)
    if fascicolo.nota_non_consuntivati:
        documento.testo(fascicolo.nota_non_consuntivati, "Dopo tabella")
    if not sintesi.ha_posto(settori):
        sintesi.settori(documento, settori)
    _medie(documento, fascicolo)
    _confronto(documento, fascicolo)
    if fascicolo.parametri.fasce:
        _fasce(documento, fascicolo)


def _settori(fascicolo: Fascicolo) -> str:
    mancano = [riga["denominazione"] for riga in fascicolo.settori if riga["grado"] is None]
    if not mancano:
        chi = "L'unico settore ha" if len(fascicolo.settori) == 1 else "Tutti i settori hanno"
        return f"{chi} una percentuale."
    con_grado = len(fascicolo.settori) - len(mancano)
    senza = ", ".join(mancano)
    return f"Settori con una percentuale: {con_grado} su {len(fascicolo.settori)}. Senza: {senza}."


def _tabella_settori(documento: Documento, fascicolo: Fascicolo) -> None:
    """The peso of a settore in the mean of the ente is told only where the pesi differ."""
    settori = fascicolo.settori
    pesati = len({riga["peso_media"] for riga in settori}) > 1
    documento.tabella(
        sintesi.PER_SETTORE,
        (
            "Settore",
            "Obiettivi",
            "Valutati",
            "Esclusi",
            "Somma pesi",
            "Grado %",
            "Fascia",
            *(["Peso nella media"] * pesati),
        ),
        [
            (
                riga["denominazione"],
                *(str(riga[c]) for c in ("obiettivi", "valutati", "esclusi")),
                numero(riga["somma_pesi"]),
                percentuale(riga["grado"]) or "non calcolabile",
                riga["fascia"],
                *([numero(riga["peso_media"])] * pesati),
            )
            for riga in settori
        ],
        (30, 11, 10, 10, 10, 12, 18, *([10] * pesati)),
        centrate=(1, 2, 3, 4, 5, 7),
    )


def _medie(documento: Documento, fascicolo: Fascicolo) -> None:
    valutazione = fascicolo.valutazione
    documento.titolo("La media dell'ente", 2)
    distinti = ", contando una volta sola quelli comuni a più settori" if fascicolo.comuni else ""
    documento.testo(
        "Le due medie rispondono a due domande: come sono andati in media i settori, e come sono andati "
        f"in media gli obiettivi{distinti}. Quale si pubblica lo sceglie l'ente.",
        "Prima di tabella",
    )
    documento.tabella(
        "Medie dell'ente",
        ("Media", "Grado %", "Uso"),
        [
            (
                nome,
                percentuale(valore) or "non calcolabile",
                "pubblicata" if nome.lower() == valutazione.regola else "per confronto",
            )
            for nome, valore in (
                ("Media dei settori", valutazione.media_settori),
                ("Media degli obiettivi distinti", valutazione.media_obiettivi),
            )
        ],
        (5, 2, 3),
        centrate=(1,),
    )


def _confronto(documento: Documento, fascicolo: Fascicolo) -> None:
    """Declared against measured, on the obiettivi that have both."""
    settori = [riga for riga in fascicolo.settori if riga["confrontati"]]
    if not settori:
        return
    documento.titolo("Grado dichiarato e grado misurato", 2)
    documento.testo(
        "Accanto al grado dichiarato, quello che risulta dagli indicatori. Le due medie di un settore "
        "si fanno sugli stessi obiettivi, quelli che hanno entrambi i gradi "
        f"({documento.rif(CONFRONTO)}): quanti sono, sui valutati, è scritto accanto al settore. Le "
        "schede in cui i due gradi sono lontani fra loro sono nel capitolo Scostamenti e criticità.",
        "Prima di tabella",
    )
    documento.tabella(
        CONFRONTO,
        ("Settore", "Obiettivi confrontati", "Dichiarato %", "Misurato %"),
        [
            (
                riga["denominazione"],
                f"{riga['confrontati']} su {riga['valutati']}",
                percentuale(riga["dichiarato"]),
                percentuale(riga["misurato"]),
            )
            for riga in settori
        ],
        (46, 20, 17, 17),
        centrate=(1, 2, 3),
    )
    punti = [
        grafici.dichiarato_misurato(
            [f"{r['denominazione']} ({r['confrontati']} su {r['valutati']})" for r in parte],
            [riga["dichiarato"] for riga in parte],
            [riga["misurato"] for riga in parte],
        )
        for parte in grafici.riquadri(settori)
    ]
    documento.figure(CONFRONTO + ": il confronto", punti, CONFRONTO)


def _fasce(documento: Documento, fascicolo: Fascicolo) -> None:
    voci = [voce for riga in fascicolo.settori for voce in fascicolo.voci(riga["settore"])]
    fasce = fascicolo.parametri.fasce
    conti = [sum(voce["fascia"] == fascia.nome for voce in voci) for fascia in fasce]
    documento.titolo("Gli obiettivi per fascia", 2)
    documento.testo(
        "Ogni obiettivo valutato sta nella fascia della sua percentuale; la soglia è compresa nella "
        "fascia."
        + (" Un obiettivo comune a più settori conta in ciascuno." if fascicolo.comuni else ""),
        "Prima di tabella",
    )
    documento.tabella(
        PER_FASCIA,
        ("Fascia", "Soglia", "Obiettivi", "Quota %"),
        [
            (
                fascia.nome,
                f"da {con_segno(numero(fascia.da))}",
                str(quanti),
                percentuale(Decimal(quanti) * 100 / (sum(conti) or 1)),
            )
            for fascia, quanti in zip(fasce, conti, strict=True)
        ],
        (5, 2, 2, 2),
        centrate=(1, 2, 3),
    )
    if fascicolo.nota_non_consuntivati:
        documento.testo(fascicolo.nota_non_consuntivati, "Dopo tabella")
    if any(conti):
        grafico = grafici.fasce([fascia.nome for fascia in fasce], conti)
        documento.figure("Distribuzione degli obiettivi per fascia", [grafico], PER_FASCIA)
