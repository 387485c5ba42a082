"""The indicatori that did not reach their atteso, and why the others are not measured."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipeline.documents import cifre
from pipeline.documents.fascicolo import Fascicolo, Scostamento
from pipeline.documents.relazione import rimandi
from pipeline.documents.relazione.in_una_pagina import MISURA
from pipeline.documents.relazione.indicatori import SENZA, perche
from pipeline.documents.relazione.promesso import TESTO
from pipeline.documents.relazione.rimandi import NON_MISURATI, PER_SETTORE, SOTTO
from pipeline.documents.word.blocchi import Barra, Cella, Tavola
from pipeline.documents.word.documento import Documento
from pipeline.numeri import breve, con_segno
from pipeline.parole import in_frase, maiuscola, quanti
from pipeline.score import NON_QUANTIFICABILI, Imbuto
from pipeline.tables import Indicatore, chiave_scheda
from pipeline.valori import MANCA_RAGGIUNTO

PASSI = ("senza un valore atteso", "con un atteso non quantificabile", "quantificabili, ma non misurati")
"""Where an indicatore stops, on the way from all of them to those measured."""


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the indicatori under 100 and the reasons of those without a grado; nothing where none has an
    atteso, which is told already."""
    if not fascicolo.imbuto().attesi:
        return
    indicatori = [i for s in fascicolo.ordine for i in fascicolo.righe.indicatori.di(s)]
    sotto = fascicolo.scostamenti
    senza = [i for i in indicatori if i["grado_misurato"] is None]
    documento.capitolo(_trovato(indicatori, len(sotto), len(senza)), MISURA)
    if sotto:
        _sotto(documento, fascicolo)
    elif len(senza) < len(indicatori):
        documento.testo("Tutti gli indicatori misurati hanno raggiunto il valore atteso.")
    if senza:
        _non_misurati(documento, senza, fascicolo.imbuto())
    else:
        documento.testo("Tutti gli indicatori sono misurati.")


def _trovato(indicatori: Sequence[Indicatore], sotto: int, senza: int) -> str:
    if senza == len(indicatori):
        return f"Indicatori: nessuno misurato, su {senza}"
    non_misurati = quanti(senza, "non misurato", "non misurati") if senza else "tutti misurati"
    return f"Indicatori: {sotto or 'nessuno'} sotto l'atteso, {non_misurati}"


def _sotto(documento: Documento, fascicolo: Fascicolo) -> None:
    documento.tabella(
        Tavola(
            SOTTO,
            ("Scheda", "Indicatore", "Atteso", "Raggiunto", "Misurato"),
            [
                (
                    rimandi.alla_scheda(fascicolo, chiave_scheda(s.indicatore)),
                    _con_il_motivo(fascicolo, s, prima),
                    s.indicatore["atteso"],
                    s.indicatore["raggiunto"] or SENZA,
                    Barra(con_segno(breve(s.grado)), s.grado),
                )
                for prima, s in pairwise((None, *fascicolo.scostamenti))
                if s
            ],
            (1.3, 9.5, 2.0, 1.9, 2.3),
            detto=f"Sotto il valore atteso: {cifre.scostamenti(fascicolo)}{_raggiunti(fascicolo)}",
        )
    )


def _raggiunti(fascicolo: Fascicolo) -> str:
    """How many of those measured are not under it."""
    raggiunti = fascicolo.imbuto().raggiunti
    if raggiunti < 2:
        return "; un altro lo raggiunge" if raggiunti else ""
    return f"; gli altri {raggiunti} misurati lo raggiungono"


def _con_il_motivo(fascicolo: Fascicolo, scostamento: Scostamento, prima: Scostamento | None) -> Cella:
    """An indicatore and why it is under the atteso; `prima` is the one in the row above."""
    fuori = "" if fascicolo.nella_media(scostamento.indicatore) else " (fuori media)"
    nome = scostamento.indicatore["indicatore"].strip().removeprefix("- ") + fuori
    motivo = scostamento.motivo
    if not motivo:
        return f"{nome} – motivo non scritto"
    if prima and scostamento.della_voce and prima.della_voce and prima.motivo == motivo:
        return f"{nome} – {'stessa nota' if scostamento.nota else 'stesso motivo'}"
    return [(nome, TESTO), (f"{'Nota' if scostamento.nota else 'Motivo'}: {in_frase(motivo)}", TESTO)]


def _passo(indicatore: Indicatore) -> str:
    if not indicatore["atteso"].strip():
        return PASSI[0]
    return PASSI[1] if indicatore["tipo"] in NON_QUANTIFICABILI else PASSI[2]


def _motivo(indicatore: Indicatore) -> str:
    """Why an indicatore is not measured; a raggiunto that is missing is one more reason where the atteso
    could not be measured anyhow."""
    manca = indicatore["motivo"] == MANCA_RAGGIUNTO and _passo(indicatore) == PASSI[1]
    return "manca anche il raggiunto" if manca else perche(indicatore)


def _non_misurati(documento: Documento, senza: list[Indicatore], imbuto: Imbuto) -> None:
    """How many indicators could not be measured, at which step, out of how many that came to it, and
    why."""
    passi = Counter(map(_passo, senza))
    arrivano = dict(zip(PASSI, (imbuto.indicatori, imbuto.attesi, imbuto.quantificabili), strict=True))
    motivi = Counter((_passo(i), _motivo(i)) for i in senza)
    in_ordine = sorted(motivi.items(), key=lambda m: (PASSI.index(m[0][0]), -m[1]))
    righe: list[Sequence[Cella]] = [
        (
            maiuscola(motivo) or "Non misurato",
            f"{maiuscola(passo)}: {cifre.su(passi[passo], arrivano[passo])}",
            str(n),
        )
        for (passo, motivo), n in in_ordine
    ]
    tutti = rimandi.a(PER_SETTORE, quanti(imbuto.indicatori, "indicatore", "indicatori"))
    righe.append(
        (
            [("Tutti i non misurati", "Totale tabella")],
            [(f"su {tutti}; misurati: {imbuto.misurati}", "Totale tabella")],
            [(str(len(senza)), "Totale numero tabella")],
        )
    )
    documento.tabella(
        Tavola(
            NON_MISURATI,
            ("Motivo", "Indicatori", "Quanti"),
            righe,
            (9.2, 6.5, 1.3),
            cifre={2},
            detto="Perché "
            + quanti(len(senza), "indicatore non si misura", "indicatori non si misurano"),
        )
    )
