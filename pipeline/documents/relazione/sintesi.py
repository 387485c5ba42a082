"""The page for the citizen: how the year went, in figures, in a picture and in a few words."""

from collections import Counter
from collections.abc import Sequence

from pipeline.documents import grafici
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.word import Documento
from pipeline.numeri import con_segno, numero, percentuale
from pipeline.parole import citazione
from pipeline.tables import Riga, righe

MAX_BARRE = 10
"""How many settori the chart of this page holds."""
MAX_VOCI = 4
"""How many obiettivi are named in a list of this page."""
MAX_NOME, MAX_TESTO, MAX_NOMI = 60, 110, 220
"""How much of a name, of an obiettivo and of a list of names has room on this page; all is told whole
in its own chapter."""
IN_BREVE = "I risultati in breve"
PER_SETTORE = "Risultati per settore"


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the sintesi, on a page of its own."""
    documento.volta_pagina()
    documento.titolo("Sintesi dei risultati", 1)
    media = percentuale(fascicolo.valutazione.ente)
    documento.testo(
        f"Grado di raggiungimento degli obiettivi: {con_segno(media)}"
        if media
        else "Il grado di raggiungimento degli obiettivi non è calcolabile.",
        "Riquadro",
    )
    documento.testo(_che_cosa_dice(fascicolo))
    valutati, esclusi = (sum(riga[c] for riga in fascicolo.settori) for c in ("valutati", "esclusi"))
    documento.tabella(
        IN_BREVE,
        ("Settori", "Obiettivi da valutare", "Valutati", "Esclusi dalla media", "Grado dell'ente %"),
        [
            (
                str(len(fascicolo.settori)),
                str(valutati + esclusi),
                str(valutati),
                str(esclusi),
                media or "non calcolabile",
            )
        ],
        (1, 1, 1, 1, 1),
        centrate=range(5),
    )
    if 0 < len(fascicolo.settori) <= MAX_BARRE:
        settori(documento, fascicolo.settori)
    documento.titolo("Che cosa è andato bene", 2)
    documento.elenco(_bene(fascicolo))
    documento.titolo("Che cosa è andato meno bene", 2)
    documento.elenco(_meno_bene(fascicolo))
    documento.volta_pagina()


def settori(documento: Documento, settori: Sequence[Riga]) -> None:
    """The chart of the gradi per settore; the figures are in the table of the Risultati."""
    barre = [
        grafici.barre([r["denominazione"] for r in parte], [r["grado"] for r in parte], "settore")
        for parte in grafici.riquadri(settori)
    ]
    documento.figure("Grado di raggiungimento per settore", barre, PER_SETTORE)


def _che_cosa_dice(fascicolo: Fascicolo) -> str:
    rendicontati = " e ".join(fascicolo.unita) or "nessuna scheda"
    return (
        f"Nel {fascicolo.anno} gli uffici hanno rendicontato {rendicontati}. Il grado dice quanta parte "
        "di ciò che era programmato è stata realizzata: 100 % è tutto. "
        f"È la {fascicolo.valutazione.regola}; come si calcola è spiegato nella nota sul metodo."
    )


def _bene(fascicolo: Fascicolo) -> list[str]:
    voci = righe(fascicolo.valutazione.voci)
    contano = [voce for voce in voci if voce["conta"]]
    pieni = sum(voce["grado"] >= 100 for voce in contano)
    frasi = []
    if contano:
        frasi.append(f"Raggiunti per intero: {pieni} obiettivi su {len(contano)} valutati.")
    if fascicolo.parametri.fasce:
        alta = fascicolo.parametri.fasce[0]
        buoni = [r["denominazione"] for r in fascicolo.settori if r["fascia"] == alta.nome]
        nomi = f": {citazione(', '.join(buoni), MAX_NOMI)}" if buoni else ""
        frasi.append(
            f"Settori nella fascia «{alta.nome}» (da {con_segno(numero(alta.da))}): {len(buoni)} su "
            f"{len(fascicolo.settori)}{nomi}."
        )
    misurati = [i for i in righe(fascicolo.tabelle.indicatori) if i["grado_misurato"] is not None]
    if misurati:
        raggiunti = sum(indicatore["grado_misurato"] >= 100 for indicatore in misurati)
        frasi.append(
            f"Indicatori che hanno raggiunto il valore atteso: {raggiunti} su {len(misurati)} misurati."
        )
    return frasi or ["Nessun obiettivo è stato ancora valutato."]


def _meno_bene(fascicolo: Fascicolo) -> list[str]:
    frasi = _piu_bassi(fascicolo)
    motivi = Counter(v["motivo"] for v in righe(fascicolo.valutazione.voci) if not v["conta"])
    if motivi:
        perche = "; ".join(f"{motivo} {n}" for motivo, n in motivi.most_common())
        frasi.append(f"Obiettivi esclusi dalla media: {motivi.total()} ({perche}).")
    senza = [riga["denominazione"] for riga in fascicolo.settori if riga["grado"] is None]
    if senza:
        nomi = citazione(", ".join(senza), MAX_NOMI)
        frasi.append(f"Settori senza percentuale: {len(senza)}: {nomi}.")
    scostati = len(fascicolo.valutazione.coerenza)
    if scostati:
        frasi.append(
            f"Schede con un grado dichiarato lontano da quello dei loro indicatori: {scostati} (si veda "
            "il capitolo Scostamenti e criticità)."
        )
    return frasi or ["Tutti gli obiettivi sono stati valutati e raggiunti per intero."]


def _piu_bassi(fascicolo: Fascicolo) -> list[str]:
    """The obiettivi with the lowest gradi, lowest first; a trasversale once."""
    voci = [voce for r in fascicolo.settori for voce in fascicolo.voci(r["settore"])]
    sotto: dict[str, Riga] = {}
    for voce in sorted((v for v in voci if v["conta"]), key=lambda v: v["grado"]):
        if voce["grado"] < 100:
            sotto.setdefault(voce["chiave"], voce)
    frasi = []
    for voce in list(sotto.values())[:MAX_VOCI]:
        settore = citazione(fascicolo.denominazioni[voce["settore"]], MAX_NOME)
        obiettivo = citazione(voce["descrizione"], MAX_TESTO)
        grado = con_segno(percentuale(voce["grado"]))
        frasi.append(f"{settore}: «{obiettivo}», {grado}{_perche(voce)}.")
    if len(sotto) > MAX_VOCI:
        frasi.append(f"Altri obiettivi sotto il 100 %: {len(sotto) - MAX_VOCI}.")
    return frasi


def _perche(voce: Riga) -> str:
    """That a grado was not attributed to the obiettivo: it is what the ente counts in its place."""
    return (
        " (non consuntivato: conta così per scelta dell'ente)" if voce["origine"] == "parametro" else ""
    )
