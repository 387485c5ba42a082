"""The page for the citizen: how the year went, in figures, in a picture and in a few words."""

from collections import Counter
from collections.abc import Sequence

from pipeline.documents import grafici
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.grafici import Grafico
from pipeline.documents.word import Documento
from pipeline.numeri import con_segno, numero, percentuale
from pipeline.parole import citazione
from pipeline.score import PARAMETRO
from pipeline.tables import MEDIA_SETTORI, Riga, righe

MAX_GRAFICO = 6.3
"""How high the chart of this page can be, in centimetres: eight settori, six if their names are long."""
MAX_VOCI = 3
"""How many obiettivi are named in a list of this page."""
MAX_NOME, MAX_TESTO, MAX_NOMI = 40, 90, 120
"""How much of a name, of an obiettivo and of a list of names has room on this page; all is told whole
in its own chapter."""
IN_BREVE = "I risultati in breve"
PER_SETTORE = "Risultati per settore"


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the sintesi, on a page of its own."""
    documento.volta_pagina()
    documento.titolo("Sintesi dei risultati", 1)
    grado = percentuale(fascicolo.valutazione.ente)
    documento.testo(
        f"Grado di raggiungimento degli obiettivi: {con_segno(grado)}"
        + (" (provvisorio: vedi «Che cosa manca»)" if fascicolo.bozza else "")
        if grado
        else fascicolo.niente_ancora or "Il grado di raggiungimento degli obiettivi non è calcolabile.",
        "Riquadro",
    )
    documento.testo(_che_cosa_dice(fascicolo))
    obiettivi = righe(fascicolo.valutazione.distinti)
    contano = sum(obiettivo["conta"] for obiettivo in obiettivi)
    documento.tabella(
        IN_BREVE,
        ("Settori", "Obiettivi distinti", "Valutati", "Esclusi dalla media", "Grado dell'ente %"),
        [
            (
                str(len(fascicolo.settori)),
                str(len(obiettivi)),
                str(contano),
                str(len(obiettivi) - contano),
                grado or "non calcolabile",
            )
        ],
        (1, 1, 1, 1, 1),
        centrate=range(5),
    )
    if fascicolo.settori and ha_posto(fascicolo.settori):
        settori(documento, fascicolo.settori)
    documento.titolo("Che cosa è andato bene", 2)
    documento.elenco(_bene(fascicolo, obiettivi))
    documento.titolo("Che cosa è andato meno bene", 2)
    documento.elenco(_meno_bene(fascicolo, obiettivi))
    documento.volta_pagina()


def settori(documento: Documento, settori: Sequence[Riga]) -> None:
    """The chart of the gradi per settore; the figures are in the table of the Risultati."""
    documento.figure("Grado di raggiungimento per settore", _barre(settori), PER_SETTORE)


def ha_posto(settori: Sequence[Riga]) -> bool:
    """Whether the chart of the settori has room on this page; if not, it is in the Risultati."""
    return sum(grafico.altezza for grafico in _barre(settori)) <= MAX_GRAFICO


def _barre(settori: Sequence[Riga]) -> list[Grafico]:
    return [
        grafici.barre([r["denominazione"] for r in parte], [r["grado"] for r in parte], "settore")
        for parte in grafici.riquadri(settori)
    ]


def _che_cosa_dice(fascicolo: Fascicolo) -> str:
    rendicontati = " e ".join(fascicolo.unita) or "nessuna scheda"
    return (
        f"Nel {fascicolo.anno} gli uffici hanno rendicontato {rendicontati}. Il grado dice quanta parte "
        "di ciò che era programmato è stata realizzata: 100 % è tutto. È la "
        f"{fascicolo.valutazione.regola}, spiegata nella nota sul metodo. "
        f"{fascicolo.chi_attribuisce}{_comuni(fascicolo)}"
    )


def _comuni(fascicolo: Fascicolo) -> str:
    """How an obiettivo common to several settori counts, where there is one."""
    if not fascicolo.comuni:
        return ""
    media = percentuale(fascicolo.valutazione.media_obiettivi)
    if fascicolo.valutazione.regola != MEDIA_SETTORI or not media:
        return " Un obiettivo comune a più settori conta una volta."
    return (
        " Nella tabella, invece, un obiettivo comune a più settori conta una volta: così la media è "
        f"{con_segno(media)}."
    )


def _bene(fascicolo: Fascicolo, obiettivi: list[Riga]) -> list[str]:
    contano = [obiettivo for obiettivo in obiettivi if obiettivo["conta"]]
    pieni = sum(obiettivo["grado"] >= 100 for obiettivo in contano)
    frasi = []
    if pieni:
        frasi.append(f"Obiettivi raggiunti per intero: {pieni} su {len(contano)}.")
    if fascicolo.parametri.fasce:
        alta = fascicolo.parametri.fasce[0]
        buoni = [r["denominazione"] for r in fascicolo.settori if r["fascia"] == alta.nome]
        if buoni:
            frasi.append(
                f"Settori nella fascia «{alta.nome}» (da {con_segno(numero(alta.da))}), {len(buoni)} su "
                f"{len(fascicolo.settori)}: {citazione(', '.join(buoni), MAX_NOMI)}."
            )
    misurati = [
        indicatore["grado_misurato"]
        for indicatore in righe(fascicolo.tabelle.indicatori)
        if indicatore["grado_misurato"] is not None and fascicolo.nella_media(indicatore)
    ]
    raggiunti = sum(grado >= 100 for grado in misurati)
    if raggiunti:
        frasi.append(
            f"Indicatori che hanno raggiunto il valore atteso: {raggiunti} su {len(misurati)} misurati "
            "negli obiettivi valutati."
        )
    return frasi or ["Nessun obiettivo valutato è stato raggiunto per intero."]


def _meno_bene(fascicolo: Fascicolo, obiettivi: list[Riga]) -> list[str]:
    frasi = _piu_bassi(fascicolo, obiettivi)
    motivi = Counter(obiettivo["motivo"] for obiettivo in obiettivi if not obiettivo["conta"])
    if motivi:
        perche = "; ".join(f"{motivo} {n}" for motivo, n in motivi.most_common())
        frasi.append(f"Obiettivi esclusi dalla media: {motivi.total()} ({perche}).")
    if fuori := len(fascicolo.fuori_valutazione):
        frasi.append(
            f"Schede non comprese nella valutazione: {fuori} (elencate con gli obiettivi esclusi)."
        )
    senza = [riga["denominazione"] for riga in fascicolo.settori if riga["grado"] is None]
    if senza:
        nomi = citazione(", ".join(senza), MAX_NOMI)
        frasi.append(f"Settori senza percentuale ({len(senza)}): {nomi}.")
    scostati = len(fascicolo.valutazione.coerenza)
    if scostati:
        frasi.append(
            f"Schede con il grado dichiarato lontano da quello misurato: {scostati} (vedi «Scostamenti "
            "e criticità»)."
        )
    return frasi or ["Tutti gli obiettivi sono stati valutati e raggiunti per intero."]


def _piu_bassi(fascicolo: Fascicolo, obiettivi: list[Riga]) -> list[str]:
    """The obiettivi with the lowest gradi, lowest first, as many as have room: of those with the same
    grado all are named, or none."""
    sotto = sorted((o for o in obiettivi if o["conta"] and o["grado"] < 100), key=lambda o: o["grado"])
    nominati = sotto
    if len(sotto) > MAX_VOCI:
        nominati = [o for o in sotto[:MAX_VOCI] if o["grado"] < sotto[MAX_VOCI]["grado"]]
    frasi = []
    for obiettivo in nominati:
        nome = "Più settori" if obiettivo["comune"] else fascicolo.denominazioni[obiettivo["settore"]]
        settore = citazione(nome, MAX_NOME)
        titolo = citazione(fascicolo.voce(obiettivo)["descrizione"], MAX_TESTO)
        grado = con_segno(percentuale(obiettivo["grado"]))
        frasi.append(f"{settore}: «{titolo}», {grado}{_perche(obiettivo)}.")
    if len(sotto) > len(nominati):
        altri = "Altri obiettivi" if nominati else "Obiettivi"
        frasi.append(f"{altri} sotto il {con_segno('100')}: {len(sotto) - len(nominati)}.")
    return frasi


def _perche(voce: Riga) -> str:
    """That a grado was not attributed to the obiettivo: it is what the ente counts in its place."""
    return " (non consuntivato: fissato dall'ente)" if voce["origine"] == PARAMETRO else ""
