"""Tables -> the same tables with what each row says beyond its text: measured gradi, codes, people.

The measured grado stands beside the declared one and never overwrites it.
"""

from dataclasses import replace

import pandas as pd

from pipeline import bilancio, personale
from pipeline.numeri import in_decimale, media, media_pesata
from pipeline.tables import PROVENIENZA, RESPONSABILE, SUPPORTO, Riga, Tabelle, righe, tabella
from pipeline.valori import misura_testi


def misura(tabelle: Tabelle, anno: int | None) -> Tabelle:
    """Fill in the derived columns of `indicatori`, `schede` and `collegamenti` for the year reported,
    and the table `personale` with the people named in the schede."""
    indicatori = tabella("indicatori", (_indicatore(riga, anno) for riga in righe(tabelle.indicatori)))
    per_scheda = _per_scheda(indicatori)
    schede = tabella("schede", (_scheda(riga, per_scheda) for riga in righe(tabelle.schede)))
    collegamenti = tabella("collegamenti", (_collegamento(riga) for riga in righe(tabelle.collegamenti)))
    return replace(
        tabelle,
        indicatori=indicatori,
        schede=schede,
        collegamenti=collegamenti,
        personale=tabella("personale", _personale(righe(tabelle.schede))),
    )


def _indicatore(riga: Riga, anno: int | None) -> Riga:
    tipo, misurato = misura_testi(riga["atteso"], riga["raggiunto"], riga["verso"], anno)
    return {
        **riga,
        "tipo": tipo,
        "grado_misurato": misurato.grado,
        "rapporto": misurato.rapporto,
        "esito": misurato.esito,
        "motivo": misurato.motivo,
    }


def _per_scheda(indicatori: pd.DataFrame) -> dict[tuple[str, int], list[Riga]]:
    gruppi: dict[tuple[str, int], list[Riga]] = {}
    for riga in righe(indicatori):
        gruppi.setdefault((riga["settore"], riga["scheda"]), []).append(riga)
    return gruppi


def _scheda(riga: Riga, per_scheda: dict[tuple[str, int], list[Riga]]) -> Riga:
    """The measured grado of a scheda: the weighted mean of those of its indicators that have one.

    No peso anywhere counts 1 each; with only some pesi given there is no mean.
    """
    suoi = per_scheda.get((riga["settore"], riga["scheda"]), [])
    misurabili = [i for i in suoi if i["grado_misurato"] is not None]
    pesi = [i["peso"] for i in suoi]
    grado = None
    if all(peso is None for peso in pesi):
        grado = media(i["grado_misurato"] for i in misurabili)
    elif None not in pesi:
        grado = in_decimale(media_pesata((i["peso"], i["grado_misurato"]) for i in misurabili))
    return {
        **riga,
        "grado_misurato": grado,
        "misurabili": len(misurabili),
        "attesi": sum(bool(i["atteso"].strip()) for i in suoi),
        "indicatori": len(suoi),
    }


def _collegamento(riga: Riga) -> Riga:
    letto = bilancio.leggi(riga["missione"], riga["programma"])
    codici = ", ".join(letto.programmi)
    return {**riga, "codice_missione": letto.missione, "codici_programma": codici}


def _personale(schede: list[Riga]) -> list[Riga]:
    """A row for each person of each scheda, under one spelling in the whole ente; who answers for it
    and also supports it is there once, as responsabile."""
    comuni = ("settore", "scheda", *(colonna.nome for colonna in PROVENIENZA))
    partecipano = []
    for scheda in schede:
        visti: set[str] = set()
        for ruolo in (RESPONSABILE, SUPPORTO):
            for letto in personale.leggi(scheda[ruolo]):
                if personale.chiave(letto.nome) in visti:
                    continue
                visti.add(personale.chiave(letto.nome))
                partecipano.append(
                    {
                        **{c: scheda[c] for c in comuni},
                        "n": len(visti),
                        "nominativo": letto.nome,
                        "ruolo": ruolo,
                        "gruppo": letto.gruppo,
                    }
                )
    forme = personale.forme(riga["nominativo"] for riga in partecipano)
    return [{**riga, "nominativo": forme[personale.chiave(riga["nominativo"])]} for riga in partecipano]
