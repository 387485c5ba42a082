"""Rules on the voci of the settori: what they cover, their stato, their pesi."""

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.comuni import ROTTO, entra, fanno_cento, percentuale_detta, rilievo
from pipeline.numeri import con_segno, numero
from pipeline.parole import citazione
from pipeline.rilievi import Rilievo
from pipeline.score import misurato_valido
from pipeline.tables import (
    DICHIARATO,
    STATI,
    TRASVERSALI,
    VALUTATO,
    Parametri,
    Riga,
    Tabelle,
    righe,
    schede_coperte,
)
from pipeline.workbooks import registro
from pipeline.workbooks.registro import cella


def voci(
    tabelle: Tabelle, parametri: Parametri, non_lette: set[tuple[str, int]], vuote: set[str]
) -> Iterator[Rilievo]:
    """What is wrong with single voci; not what follows from schede that could not be read
    (`non_lette`) or stand in workbooks still to be filled in (`vuote`)."""
    schede = {(r["settore"], r["scheda"]): r for r in righe(tabelle.schede)}
    testi: dict[tuple[str, int], list[str]] = {}
    for stato in righe(tabelle.stati):
        testi.setdefault((stato["settore"], stato["scheda"]), []).append(stato["testo"])
    lette = set(tabelle.settori["settore"]) - vuote
    for voce in righe(tabelle.voci):
        nome = citazione(voce["descrizione"]) or f"riga {voce['riga']}"
        coperte = schede_coperte(voce["settore"], voce["schede"])
        if not voce["descrizione"]:
            yield rilievo(
                "C04",
                voce,
                cella("voci", "descrizione", voce),
                campo="Descrizione obiettivo",
                aiuto="Scrivere l'obiettivo come va nella relazione.",
            )
        yield from _schede_esistenti(voce, nome, coperte, set(schede) | non_lette, lette)
        attese = any(settore in vuote for settore, _ in coperte or [])
        if non_lette.isdisjoint(coperte or []) and not attese:
            sue = [schede[c] for c in coperte or [] if c in schede]
            attuazione = [testo for c in coperte or [] for testo in testi.get(c, [])]
            yield from _stato(voce, nome, sue, attuazione, parametri)


def _schede_esistenti(
    voce: Riga,
    nome: str,
    coperte: list[tuple[str, int]] | None,
    esistenti: set[tuple[str, int]],
    lette: set[str],
) -> Iterator[Rilievo]:
    """V05, unless the workbook that should hold the scheda was not read at all."""
    ignote = [c for c in coperte or [] if c not in esistenti and c[0] in lette]
    if coperte is None or ignote:
        posto = cella("voci", "schede", voce)
        if coperte is None:
            perche = "non si capisce quali schede"
        else:
            nomi = [f"T{n}" if settore == TRASVERSALI else str(n) for settore, n in ignote]
            perche = f"non c'è una scheda {', '.join(nomi)}"
        yield rilievo("V05", voce, posto, voce=nome, valore=citazione(voce["schede"]), perche=perche)


def _stato(
    voce: Riga,
    nome: str,
    schede: list[Riga],
    attuazione: list[str],
    parametri: Parametri,
) -> Iterator[Rilievo]:
    stato = voce["stato"]
    propri = [voce["grado_dichiarato"], voce["grado_nucleo"]]
    ha_grado = any(grado is not None for grado in propri)
    senza_gradi = not ha_grado and all(scheda["grado_dichiarato"] is None for scheda in schede)
    misura = parametri.origine != DICHIARATO
    if not stato:
        yield _senza_stato(voce, nome, attuazione if senza_gradi else [])
    elif stato == VALUTATO:
        if senza_gradi and not (misura and misurato_valido(schede, parametri.base) is not None):
            manca = "né la voce né le sue schede hanno un grado"
            manca += _quanto_misurata(schede, parametri.base) if misura else ""
            posto = cella("voci", "grado_dichiarato", voce)
            yield rilievo("V03", voce, posto, voce=nome, manca=manca)
    else:
        if ha_grado:
            chiave = "grado_dichiarato" if propri[0] is not None else "grado_nucleo"
            yield rilievo("V09", voce, cella("voci", chiave, voce), voce=nome, stato=stato)
        if not voce["note"] and not entra(voce, parametri):
            yield rilievo("V08", voce, cella("voci", "note", voce), voce=nome, stato=stato)


def _quanto_misurata(schede: list[Riga], base: Decimal) -> str:
    """Why the indicatori do not give the grado, as the ente would have it."""
    attesi = sum(scheda["attesi"] for scheda in schede)
    if not attesi:
        return " o un indicatore con un valore atteso"
    misurati = sum(scheda["misurabili"] for scheda in schede)
    return (
        f"; gli indicatori misurati sono {misurati} su {attesi} con un valore atteso, e alla scheda ne "
        f"serve {con_segno(numero(base))}"
    )


_STATO = {"sospes": "sospeso", "rinviat": "rinviato", "non valutabil": "non valutabile"}


def _senza_stato(voce: Riga, nome: str, attuazione: list[str]) -> Rilievo:
    """A voce without stato; with the percentage or the stato that its text alone says, if it does.

    What the text says is proposed and never taken.
    """
    for testo in attuazione:
        if (detta := percentuale_detta(testo)) is not None:
            dati = {"testo": citazione(testo), "proposto": numero(detta)}
            posto = cella("voci", "grado_dichiarato", voce)
            return rilievo("V16", voce, posto, voce=nome, **dati)
        for inizio, stato in _STATO.items():
            if re.search(rf"\b{inizio}[oaie]\b", testo, re.IGNORECASE):
                dati = {"testo": citazione(testo), "proposto": stato}
                return rilievo("V17", voce, cella("voci", "stato", voce), voce=nome, **dati)
    ammessi = ", ".join(STATI)
    return rilievo("V04", voce, cella("voci", "stato", voce), voce=nome, ammessi=ammessi)


def coperture(tabelle: Tabelle) -> Iterator[Rilievo]:
    """Schede in no voce, or in more than one of a settore (a trasversale is in every settore)."""
    in_una_voce: set[tuple[str, int]] = set()
    for settore, voci in tabelle.voci.groupby("settore", sort=False):
        dove: dict[tuple[str, int], list[Riga]] = {}
        for voce in righe(voci):
            for coperta in dict.fromkeys(schede_coperte(str(settore), voce["schede"]) or []):
                dove.setdefault(coperta, []).append(voce)
        in_una_voce.update(dove)
        for (di, scheda_n), sue in dove.items():
            if len(sue) > 1:
                nome = f"T{scheda_n}" if di == TRASVERSALI else str(scheda_n)
                posto = cella("voci", "schede", sue[1])
                elenco = ", ".join(f"n. {voce['n']}" for voce in sue)
                yield rilievo("V07", sue[1], posto, scheda=nome, voci=elenco)
    con_voci = set(tabelle.voci["settore"])
    for scheda in righe(tabelle.schede):
        attesa = scheda["settore"] in con_voci or (scheda["settore"] == TRASVERSALI and con_voci)
        if attesa and (scheda["settore"], scheda["scheda"]) not in in_una_voce:
            titolo = citazione(scheda["titolo"]) or str(scheda["scheda"])
            yield rilievo("V06", scheda, cella("schede", "titolo", scheda), scheda=titolo)


def settori(tabelle: Tabelle, parametri: Parametri) -> Iterator[Rilievo]:
    for settore in righe(tabelle.settori):
        if settore["settore"] == TRASVERSALI:
            continue
        voci = righe(tabelle.voci[tabelle.voci["settore"] == settore["settore"]])
        dove = {"file": settore["file"], "foglio": registro.foglio_voci(settore["modello"])}
        nome = settore["denominazione"]
        valutate = [voce for voce in voci if entra(voce, parametri)]
        if not voci:
            yield rilievo("V13", dove, settore=nome)
        else:
            yield from _pesi(voci, valutate, parametri)
        if any(voce["stato"] for voce in voci) and not valutate:
            yield rilievo("V12", dove, settore=nome)


def _pesi(voci: list[Riga], valutate: list[Riga], parametri: Parametri) -> Iterator[Rilievo]:
    """Whether the pesi of a settore allow its mean, and sum to what they should. What is out of the
    mean needs none."""
    senza = [voce for voce in valutate if voce["peso"] is None]
    if 0 < len(senza) < len(valutate):
        quanti, totale = str(len(senza)), str(len(valutate))
        yield rilievo("V01", senza[0], cella("voci", "peso", senza[0]), quanti=quanti, totale=totale)
        return
    if valutate and all(voce["peso"] == 0 for voce in valutate):
        yield rilievo("V02", valutate[0], cella("voci", "peso", valutate[0]))
    pesate = [voce for voce in voci if voce["peso"] is not None]
    if parametri.somma_pesi is None:
        yield from fanno_cento("voci", pesate, "delle voci")
    else:
        yield from _fanno(pesate or voci, parametri.somma_pesi)


def _fanno(voci: list[Riga], attesa: Decimal) -> Iterator[Rilievo]:
    """V29, at any distance from what the ente wants; without pesi too."""
    somma = sum((voce["peso"] for voce in voci if voce["peso"] is not None), Decimal(0))
    if abs(somma - attesa) > ROTTO:
        posto = cella("voci", "peso", voci[0])
        yield rilievo("V29", voci[0], posto, somma=numero(somma), attesa=numero(attesa))
