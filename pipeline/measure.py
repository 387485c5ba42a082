"""Tables -> the same tables with what each row says beyond its text: measured gradi, codes, people.

The measured grado stands beside the declared one and never overwrites it.
"""

from collections.abc import Iterable
from decimal import Decimal

from pipeline import bilancio, giudizi, personale
from pipeline.numeri import in_decimale, media, media_pesata
from pipeline.tables import (
    RESPONSABILE,
    SUPPORTO,
    Collegamento,
    Indicatore,
    Persona,
    Risorsa,
    Scheda,
    Tabelle,
    chiave_scheda,
)
from pipeline.valori import (
    NON_MISURABILE,
    Misura,
    Numero,
    Soglia,
    misura_testi,
    parse_atteso,
    parse_raggiunto,
)
from pipeline.valori.tipi import Valore

NON_ALLINEATI = "indicatori e valori della casella non si corrispondono riga per riga"
"""Why several indicatori in one cell are not measured."""


def misura(tabelle: Tabelle, anno: int | None) -> Tabelle:
    """Fill in the derived columns of `indicatori`, `schede`, `collegamenti`, `risorse` and `voci` for
    the year reported, and the table `personale` with the people named in the schede.

    Where ente.xlsx does not say the year, each workbook is measured for the one it was prepared for:
    there will be no document, and its findings are those that will stay.
    """
    righe = tabelle.righe
    preparati = {settore["settore"]: settore["anno"] or None for settore in righe.settori}
    misurate = tabelle.con(
        indicatori=(_indicatore(i, anno or preparati.get(i["settore"])) for i in righe.indicatori),
        collegamenti=map(_collegamento, righe.collegamenti),
        personale=_personale(righe.schede),
        risorse=map(_risorsa, righe.risorse),
        voci=giudizi.applica(righe.giudizi, righe.voci),
    )
    misurati = misurate.righe.indicatori
    return misurate.con(schede=(_scheda(s, misurati.della(chiave_scheda(s))) for s in righe.schede))


def _indicatore(riga: Indicatore, anno: int | None) -> Indicatore:
    tipo, misurato = misura_testi(riga["atteso"], riga["raggiunto"], riga["verso"], anno)
    if riga["da_allineare"] and riga["atteso"].strip():
        misurato = Misura(None, None, NON_MISURABILE, NON_ALLINEATI)
    return {
        **riga,
        "tipo": tipo,
        "numero_atteso": _numero(parse_atteso(riga["atteso"])),
        "numero_raggiunto": _numero(parse_raggiunto(riga["raggiunto"])),
        "grado_misurato": misurato.grado,
        "rapporto": misurato.rapporto,
        "esito": misurato.esito,
        "motivo": misurato.motivo,
    }


def _numero(letto: Valore) -> Decimal | None:
    """The one number of a cell: none where there are several, or words, or a date."""
    return letto.valore if isinstance(letto, Numero | Soglia) else None


def _scheda(riga: Scheda, suoi: list[Indicatore]) -> Scheda:
    """The measured grado of a scheda: the weighted mean of those of its indicators that have one.

    No peso anywhere counts 1 each; with only some pesi given there is no mean.
    """
    gradi = [(i["peso"], i["grado_misurato"]) for i in suoi if i["grado_misurato"] is not None]
    pesati = sum(i["peso"] is not None for i in suoi)
    grado = None
    if not pesati:
        grado = media(grado for _, grado in gradi)
    elif pesati == len(suoi):
        grado = in_decimale(media_pesata((peso or Decimal(0), grado) for peso, grado in gradi))
    return {
        **riga,
        "grado_misurato": grado,
        "misurabili": len(gradi),
        "attesi": sum(bool(i["atteso"].strip()) for i in suoi),
        "indicatori": len(suoi),
    }


def _collegamento(riga: Collegamento) -> Collegamento:
    letto = bilancio.leggi(riga["missione"], riga["programma"])
    codici = ", ".join(letto.programmi)
    return {**riga, "codice_missione": letto.missione, "codici_programma": codici}


def _risorsa(riga: Risorsa) -> Risorsa:
    return {**riga, "codice": bilancio.un_programma(riga["missione"], riga["programma"])}


def _personale(schede: Iterable[Scheda]) -> list[Persona]:
    """A row for each person of each scheda, under one spelling in the whole ente; who answers for it
    and also supports it is there once, as responsabile."""
    partecipano = []
    for scheda in schede:
        visti: set[str] = set()
        for ruolo, cella in ((RESPONSABILE, scheda["responsabile"]), (SUPPORTO, scheda["supporto"])):
            for letto in personale.leggi(cella):
                if personale.chiave(letto.nome) in visti:
                    continue
                visti.add(personale.chiave(letto.nome))
                partecipano.append(
                    Persona(
                        file=scheda["file"],
                        foglio=scheda["foglio"],
                        riga=scheda["riga"],
                        modello=scheda["modello"],
                        posti=scheda["posti"],
                        settore=scheda["settore"],
                        scheda=scheda["scheda"],
                        n=len(visti),
                        nominativo=letto.nome,
                        ruolo=ruolo,
                        gruppo=letto.gruppo,
                    )
                )
    forme = personale.forme(riga["nominativo"] for riga in partecipano)
    return [{**riga, "nominativo": forme[personale.chiave(riga["nominativo"])]} for riga in partecipano]
