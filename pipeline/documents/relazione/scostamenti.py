"""What did not go as planned: the obiettivi left out, the gaps, the criticità."""

import re
from collections import Counter

from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione.settori import note_di
from pipeline.documents.word.documento import Documento
from pipeline.numeri import con_segno, numero, percentuale
from pipeline.parole import maiuscola
from pipeline.score import NON_QUANTIFICABILI
from pipeline.tables import VALUTAZIONI, Indicatore

IN_LINEA = "in_linea"


def esclusi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the voci that leave the mean, and why; and the schede that are in no voce."""
    documento.titolo("Obiettivi esclusi dalla media", 1)
    esclusi = [
        (settore.denominazione, voce.riga["descrizione"], voce.motivo, note_di(voce))
        for settore in fascicolo.settori
        for voce in fascicolo.voci(settore.settore)
        if not voce.conta
    ]
    if esclusi:
        documento.testo(
            "Le voci seguenti non entrano nella media, né con il grado né con il peso.",
            "Prima di tabella",
        )
        documento.tabella(
            "Voci escluse dalla media",
            ("Settore", "Obiettivo", "Motivo", "Note"),
            esclusi,
            (20, 40, 18, 30),
        )
    else:
        documento.testo("Nessuna voce è esclusa dalla media.")
    if fascicolo.fuori_valutazione:
        documento.testo(
            "Le schede seguenti sono rendicontate in questa relazione, ma nessuna voce della "
            "valutazione le comprende.",
            "Dopo tabella" if esclusi else "Normal",
        )
        documento.tabella(
            "Schede non comprese nella valutazione",
            ("Settore", "Scheda", "Titolo"),
            [
                (fascicolo.denominazioni[scheda["settore"]], str(scheda["scheda"]), scheda["titolo"])
                for scheda in fascicolo.fuori_valutazione
            ],
            (25, 10, 65),
            centrate=(1,),
        )


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the gaps between what was planned and what was reached (art. 10 c. 1 b D.Lgs. 150/2009)."""
    documento.titolo("Scostamenti e criticità", 1)
    documento.titolo("Scostamenti fra grado dichiarato e misurato", 2)
    tolleranza = numero(fascicolo.parametri.tolleranza)
    coerenza = fascicolo.valutazione.coerenza
    if coerenza:
        documento.testo(
            "Le schede in cui il grado dichiarato e quello misurato dagli indicatori differiscono di "
            f"più di {tolleranza} punti, dalla differenza maggiore.",
            "Prima di tabella",
        )
        documento.tabella(
            "Scostamenti fra grado dichiarato e misurato",
            (
                "Settore e scheda",
                "Dichiarato %",
                "Misurato %",
                "Scarto (punti)",
                "Misurati, di quelli con un atteso",
            ),
            [
                (
                    f"{fascicolo.sigla(discorde.scheda)} – {discorde.scheda['titolo']}",
                    percentuale(discorde.scheda["grado_dichiarato"]),
                    percentuale(discorde.scheda["grado_misurato"]),
                    percentuale(discorde.scarto),
                    f"{discorde.scheda['misurabili']} su {discorde.scheda['attesi']}",
                )
                for discorde in coerenza
            ],
            (48, 13, 13, 11, 15),
            centrate=(1, 2, 3, 4),
        )
    else:
        documento.testo(
            f"In nessuna scheda i due gradi differiscono di più di {tolleranza} punti."
            if any(confronto.confrontati for confronto in fascicolo.valutazione.confronti)
            else "Il confronto non si può fare: nessun obiettivo ha sia il grado dichiarato sia quello "
            "misurato."
        )
    _senza_misura(documento, fascicolo)
    indicatori = [i for s in fascicolo.ordine for i in fascicolo.righe.indicatori.di(s)]
    _non_raggiunti(documento, fascicolo, indicatori)
    _non_misurabili(documento, indicatori)
    _criticita(documento, fascicolo)


def _senza_misura(documento: Documento, fascicolo: Fascicolo) -> None:
    """How many gradi stand on the word of the responsabile alone."""
    con_grado = [scheda for scheda in fascicolo.schede if scheda["grado_dichiarato"] is not None]
    senza = [fascicolo.sigla(scheda) for scheda in con_grado if scheda["grado_misurato"] is None]
    if senza:
        quali = f" ({'; '.join(senza)})" if len(senza) < len(con_grado) else ""
        documento.testo(
            f"Gradi dichiarati senza indicatori che si misurino: {len(senza)} su {len(con_grado)}"
            f"{quali}.",
            "Dopo tabella" if len(fascicolo.valutazione.coerenza) else "Normal",
        )


def _non_raggiunti(documento: Documento, fascicolo: Fascicolo, indicatori: list[Indicatore]) -> None:
    documento.titolo("Indicatori sotto il valore atteso", 2)
    gradi = [(i, i["grado_misurato"]) for i in indicatori]
    misurati = [(i, grado) for i, grado in gradi if grado is not None]
    documento.tabella_o_nota(
        "Indicatori sotto il valore atteso",
        ("Settore e scheda", "Indicatore", "Valore atteso", "Raggiunto", "Grado misurato"),
        [
            (
                fascicolo.sigla(i) + ("" if fascicolo.nella_media(i) else " (fuori dalla media)"),
                i["indicatore"],
                i["atteso"],
                i["raggiunto"],
                con_segno(percentuale(grado)),
            )
            for i, grado in misurati
            if grado < 100
        ],
        (24, 34, 15, 15, 12),
        "Tutti gli indicatori misurati hanno raggiunto il valore atteso."
        if misurati
        else "Nessun indicatore si può misurare.",
        centrate=(4,),
    )


def _in_breve(motivo: str) -> str:
    """Why, for who reads: without the value, and what to do about it, which are for who compiles."""
    return re.sub(" «[^»0-9]*[0-9][^»]*»", "", motivo).partition(": ")[0]


PASSI = ("senza un valore atteso", "con un atteso non quantificabile", "quantificabili, ma non misurati")
"""Where an indicatore stops, on the way from all of them to those measured."""


def _passo(indicatore: Indicatore) -> str:
    if not indicatore["atteso"].strip():
        return PASSI[0]
    return PASSI[1] if indicatore["tipo"] in NON_QUANTIFICABILI else PASSI[2]


def _non_misurabili(documento: Documento, indicatori: list[Indicatore]) -> None:
    """How many indicators could not be measured, at which step and why."""
    documento.titolo("Indicatori non misurati", 2)
    esclusi = [i for i in indicatori if i["grado_misurato"] is None]
    if not esclusi:
        documento.testo("Tutti gli indicatori sono stati misurati.")
        return
    quali = (
        f"di questi {len(esclusi)} non entrano" if len(esclusi) < len(indicatori) else "nessuno entra"
    )
    documento.testo(
        f"Gli indicatori sono {len(indicatori)}; {quali} nel grado misurato, per i motivi seguenti.",
        "Prima di tabella",
    )
    passi = Counter(map(_passo, esclusi))
    motivi = Counter((_passo(i), _in_breve(i["motivo"])) for i in esclusi)
    in_ordine = sorted(motivi.items(), key=lambda m: (PASSI.index(m[0][0]), -m[1]))
    documento.tabella(
        "Indicatori non misurati, per motivo",
        ("Indicatori", "Motivo", "Quanti"),
        [
            *(
                (f"{maiuscola(p)}: {passi[p]}", maiuscola(motivo), str(n))
                for (p, motivo), n in in_ordine
            ),
            ("Tutti i non misurati", f"su {len(indicatori)} indicatori", str(len(esclusi))),
        ],
        (34, 51, 15),
        centrate=(2,),
    )


def _criticita(documento: Documento, fascicolo: Fascicolo) -> None:
    """The schede whose responsabile ticked another box than "in linea"."""
    valutate = [scheda for scheda in fascicolo.schede if scheda["valutazione"]]
    if not valutate:
        return
    documento.titolo("Schede non in linea con le attese", 2)
    documento.tabella_o_nota(
        "Schede non in linea con le attese",
        ("Settore e scheda", "Valutazione del responsabile", "Dichiarato %"),
        [
            (
                f"{fascicolo.sigla(scheda)} – {scheda['titolo']}",
                VALUTAZIONI[scheda["valutazione"]],
                percentuale(scheda["grado_dichiarato"]) or "non indicato",
            )
            for scheda in valutate
            if scheda["valutazione"] != IN_LINEA
        ],
        (52, 32, 16),
        f"Schede con una valutazione del responsabile: {len(valutate)}, tutte in linea con le attese.",
        centrate=(2,),
    )
