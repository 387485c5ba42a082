"""The page for the citizen: how the year went, in figures, in a picture and in a few words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pipeline.documents import cifre as le_cifre
from pipeline.documents.cifre import MEDIE, Cifra
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.word import grafici
from pipeline.documents.word.documento import Documento
from pipeline.documents.word.grafici import Grafico
from pipeline.numeri import con_segno, numero, percentuale
from pipeline.parole import citazione, maiuscola
from pipeline.score import PARAMETRO, ObiettivoDistinto, SettoreValutato, VoceValutata
from pipeline.tables import MEDIA_OBIETTIVI, MEDIA_SETTORI

MAX_GRAFICO = 4.8
"""How high the chart of this page can be, in centimetres: six settori, four if their names are long."""
MAX_VOCI = 3
"""How many obiettivi are named in a list of this page."""
MAX_NOME, MAX_TESTO, MAX_NOMI = 40, 70, 120
"""How much of a name, of an obiettivo and of a list of names has room on this page; all is told whole
in its own chapter."""
IL_GRADO = "Il grado dell'ente"
PER_SETTORE = "Risultati per settore"

Cifre = Mapping[str, Cifra]


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the sintesi, on a page of its own."""
    documento.volta_pagina()
    documento.titolo("Sintesi dei risultati", 1)
    grado, cifre = percentuale(fascicolo.valutazione.ente), le_cifre.cifre(fascicolo)
    documento.testo(
        f"Grado dell'ente: {con_segno(grado)}, {_media_di(fascicolo, cifre)}"
        + (" (provvisorio: vedi «Che cosa manca»)" if fascicolo.bozza else "")
        if grado
        else fascicolo.niente_ancora or "Il grado dell'ente non è calcolabile.",
        "Riquadro",
    )
    documento.testo(_che_cosa_dice(fascicolo))
    medie(documento, fascicolo, IL_GRADO)
    documento.testo(_catena(fascicolo, cifre), "Riquadro")
    if fascicolo.settori and ha_posto(fascicolo.settori):
        settori(documento, fascicolo.settori)
    documento.titolo("Che cosa è andato bene", 2)
    documento.elenco(_bene(fascicolo, cifre))
    documento.titolo("Che cosa è andato meno bene", 2)
    documento.elenco(_meno_bene(fascicolo, cifre))
    documento.volta_pagina()


def medie(documento: Documento, fascicolo: Fascicolo, titolo: str) -> None:
    """The two means of the ente, the published first, and why they differ."""
    come = {
        MEDIA_SETTORI: "la media delle percentuali dei settori",
        MEDIA_OBIETTIVI: "ogni obiettivo conta una volta",
    }
    documento.tabella(
        titolo,
        ("Media", "Grado %", "Uso", "Come conta"),
        [
            (
                MEDIE[regola],
                percentuale(grado) or "non calcolabile",
                "pubblicata" if regola == fascicolo.valutazione.regola else "per confronto",
                come[regola],
            )
            for regola, grado in fascicolo.medie.items()
        ],
        (5, 2, 3, 6),
        centrate=(1,),
    )
    if perche := fascicolo.perche_due_medie:
        documento.testo(perche, "Dopo tabella")


def settori(documento: Documento, settori: Sequence[SettoreValutato]) -> None:
    """The chart of the gradi per settore; the figures are in the table of the Risultati."""
    documento.figure("Grado di raggiungimento per settore", _barre(settori), PER_SETTORE)


def ha_posto(settori: Sequence[SettoreValutato]) -> bool:
    """Whether the chart of the settori has room on this page; if not, it is in the Risultati."""
    return sum(grafico.altezza for grafico in _barre(settori)) <= MAX_GRAFICO


def _barre(settori: Sequence[SettoreValutato]) -> list[Grafico]:
    return [
        grafici.barre([s.denominazione for s in parte], [s.grado for s in parte], "settore")
        for parte in grafici.riquadri(settori)
    ]


def _media_di(fascicolo: Fascicolo, cifre: Cifre) -> str:
    """What the grado of the ente is the mean of, over how many out of how many."""
    if fascicolo.valutazione.regola == MEDIA_OBIETTIVI:
        quanti, tutti = cifre[le_cifre.VALUTATI].valore, cifre[le_cifre.DISTINTI].valore
        return f"media degli obiettivi distinti ({quanti} valutati su {tutti})"
    con_grado = sum(settore.grado is not None for settore in fascicolo.settori)
    return f"media dei settori ({con_grado} su {len(fascicolo.settori)})"


def _che_cosa_dice(fascicolo: Fascicolo) -> str:
    di_che = "ogni percentuale è la media dei gradi degli obiettivi valutati del settore"
    if fascicolo.valutazione.regola == MEDIA_OBIETTIVI:
        di_che = "è la media dei gradi degli obiettivi valutati"
    return (
        f"{maiuscola(di_che)}: 100 % vuol dire che nel {fascicolo.anno} sono stati raggiunti per "
        "intero. Ciò che è escluso, o in nessuna voce, non conta; il calcolo è nella nota sul metodo. "
        f"{fascicolo.chi_attribuisce}"
    )


def _catena(fascicolo: Fascicolo, cifre: Cifre) -> str:
    """From what was reported to what is valued: the obiettivi are always the distinct ones."""
    rendicontati = " e ".join(fascicolo.unita) or "nessuna scheda"
    distinti, valutati, esclusi = (
        cifre[nome].valore for nome in (le_cifre.DISTINTI, le_cifre.VALUTATI, le_cifre.ESCLUSI)
    )
    return (
        f"{maiuscola(rendicontati)} → {distinti} obiettivi distinti → {valutati} valutati, "
        f"{esclusi} esclusi dalla media"
    )


def _bene(fascicolo: Fascicolo, cifre: Cifre) -> list[str]:
    pieni, valutati = cifre[le_cifre.PIENI].valore, cifre[le_cifre.VALUTATI].valore
    frasi = []
    if pieni:
        frasi.append(f"{le_cifre.PIENI}: {pieni} su {valutati} valutati.")
    if nome := le_cifre.prima_fascia(fascicolo):
        alta = fascicolo.parametri.fasce[0]
        buoni = [s.denominazione for s in fascicolo.settori if s.fascia == alta.nome]
        if buoni:
            frasi.append(
                f"{nome} (da {con_segno(numero(alta.da))}): {cifre[nome].scritta} su "
                f"{len(fascicolo.settori)}, cioè {citazione(', '.join(buoni), MAX_NOMI)}."
            )
    if misurati := _indicatori(cifre):
        frasi.append(misurati)
    return frasi or ["Nessun obiettivo valutato è stato raggiunto per intero."]


def _indicatori(cifre: Cifre) -> str:
    """From all the indicatori to those met, so that a few measured are not taken for all."""
    tutti, attesi, quantificabili, misurati, raggiunti = (
        cifre[nome].scritta for nome in le_cifre.INDICATORI.values()
    )
    if tutti == "0" or attesi == "0":
        return ""
    return (
        f"Indicatori raggiunti: {raggiunti} sui {misurati} misurati. Gli indicatori sono {tutti}: "
        f"{attesi} con un valore atteso, {quantificabili} quantificabili."
    )


def _meno_bene(fascicolo: Fascicolo, cifre: Cifre) -> list[str]:
    obiettivi = fascicolo.valutazione.distinti
    frasi = _piu_bassi(fascicolo, obiettivi)
    if quanti := cifre[le_cifre.ESCLUSI].valore:
        motivi = le_cifre.esclusi(obiettivi).most_common()
        perche = "; ".join(f"{motivo} {n}" for motivo, n in motivi)
        frasi.append(f"{le_cifre.ESCLUSI}: {quanti} ({perche}).")
    if fuori := cifre[le_cifre.FUORI].valore:
        frasi.append(
            f"Schede non comprese nella valutazione: {fuori} (elencate con gli obiettivi esclusi)."
        )
    senza = [s.denominazione for s in fascicolo.settori if s.grado is None]
    if senza:
        nomi = citazione(", ".join(senza), MAX_NOMI // 2)
        frasi.append(f"{le_cifre.SENZA_PERCENTUALE}: {len(senza)}, cioè {nomi}.")
    if lontane := cifre[le_cifre.LONTANE].valore:
        frasi.append(f"{le_cifre.LONTANE}: {lontane} (vedi «Scostamenti e criticità»).")
    return frasi or ["Tutti gli obiettivi sono stati valutati e raggiunti per intero."]


def _piu_bassi(fascicolo: Fascicolo, obiettivi: list[ObiettivoDistinto]) -> list[str]:
    """The obiettivi with the lowest gradi, lowest first, as many as have room: of those with the same
    grado all are named, or none."""
    sotto = sorted((o for o in obiettivi if o.conta and not o.pieno), key=_grado)
    nominati = sotto
    if len(sotto) > MAX_VOCI:
        nominati = [o for o in sotto[:MAX_VOCI] if _grado(o) < _grado(sotto[MAX_VOCI])]
    frasi = [f"{le_cifre.SOTTO}: {len(sotto)}{_fra_cui(sotto, nominati)}"] if sotto else []
    for obiettivo in nominati:
        nome = "Più settori" if obiettivo.comune else fascicolo.denominazioni[obiettivo.voce.settore]
        settore = citazione(nome, MAX_NOME)
        titolo = citazione(obiettivo.voce.riga["descrizione"], MAX_TESTO)
        grado = con_segno(percentuale(obiettivo.grado))
        frasi.append(f"{settore}: «{titolo}», {grado}{_perche(obiettivo.voce)}.")
    return frasi


def _grado(obiettivo: ObiettivoDistinto) -> Decimal:
    """Of one that counts: it has one."""
    return obiettivo.grado or Decimal(0)


def _fra_cui(sotto: list[ObiettivoDistinto], nominati: list[ObiettivoDistinto]) -> str:
    """That the obiettivi of the lines below are those of the count, or the lowest of them."""
    if not nominati:
        return "."
    return ", qui di seguito." if len(nominati) == len(sotto) else "; i più bassi sono qui di seguito."


def _perche(voce: VoceValutata) -> str:
    """That a grado was not attributed to the obiettivo: it is what the ente counts in its place."""
    return " (non consuntivato: fissato dall'ente)" if voce.origine == PARAMETRO else ""
