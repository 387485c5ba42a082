"""Rules on the voci of the settori: what they cover, their stato, their pesi."""

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.comuni import ROTTO, Caso, fanno_cento, percentuale_detta, rilievo
from pipeline.numeri import CENTESIMO, arrotonda, con_segno, numero, percentuale
from pipeline.parole import citazione, normalizza
from pipeline.rilievi import Rilievo
from pipeline.score import (
    GRADO_MANCANTE,
    complessivo_del_foglio,
    dichiarato,
    entra,
    grado_e_origine,
    senza_peso,
)
from pipeline.tables import (
    DICHIARATO,
    STATI,
    TRASVERSALI,
    VALUTATO,
    ChiaveScheda,
    Parametri,
    Scheda,
    Voce,
    chiave_scheda,
    coperte,
    del_nucleo,
    nota,
    schede_coperte,
    sigla,
)
from pipeline.workbooks import registro
from pipeline.workbooks.registro import cella


def voci(caso: Caso) -> Iterator[Rilievo]:
    """What is wrong with single voci; not what follows from schede that could not be read, or that stand
    in workbooks that are missing, left out or still to be filled in."""
    schede, stati = caso.righe.schede, caso.righe.stati
    esistenti = set(schede.per_scheda) | caso.non_lette
    for voce in caso.righe.voci:
        nome = citazione(voce["descrizione"]) or f"riga {voce['riga']}"
        sue = schede_coperte(voce["settore"], voce["schede"])
        if not voce["descrizione"]:
            yield rilievo(
                "C04",
                voce,
                cella("voci", "descrizione", voce),
                campo="Descrizione obiettivo",
                aiuto="Scrivere l'obiettivo come va nella relazione.",
            )
        yield from _schede_esistenti(voce, nome, sue, esistenti, caso.attesi)
        if not caso.da_leggere(sue or ()):
            attuazione = [stato["testo"] for stato in stati.delle(sue or ())]
            si_leggono = caso.senza_grado.isdisjoint(sue or ())
            yield from _stato(
                voce, nome, schede.delle(sue or ()), si_leggono, attuazione, caso.parametri
            )


def _schede_esistenti(
    voce: Voce,
    nome: str,
    coperte: tuple[ChiaveScheda, ...] | None,
    esistenti: set[ChiaveScheda],
    attesi: set[str],
) -> Iterator[Rilievo]:
    """V05, unless the workbook that should hold the scheda is awaited."""
    ignote = [c for c in coperte or () if c not in esistenti and c[0] not in attesi]
    if coperte is None or ignote:
        posto = cella("voci", "schede", voce)
        if coperte is None:
            perche = "non si capisce quali schede"
        else:
            perche = f"non c'è una scheda {', '.join(map(sigla, ignote))}"
        yield rilievo("V05", voce, posto, voce=nome, valore=citazione(voce["schede"]), perche=perche)


def _stato(
    voce: Voce,
    nome: str,
    schede: list[Scheda],
    si_leggono: bool,
    attuazione: list[str],
    parametri: Parametri,
) -> Iterator[Rilievo]:
    """What is wrong with stato and grado; `si_leggono`: the gradi written for it are gradi."""
    stato = voce["stato"]
    propri = [voce["grado_dichiarato"], voce["grado_nucleo"]]
    senza_gradi = del_nucleo(voce) is None and dichiarato(voce, schede) is None
    if not stato:
        yield _senza_stato(voce, nome, attuazione if senza_gradi else [])
    elif stato == VALUTATO:
        if si_leggono and grado_e_origine(voce, schede, parametri)[2] == GRADO_MANCANTE:
            manca = "né la voce né le sue schede hanno un grado"
            manca += _quanto_misurata(schede, parametri.base) if parametri.origine != DICHIARATO else ""
            posto = cella("voci", "grado_dichiarato", voce)
            yield rilievo("V03", voce, posto, voce=nome, manca=manca)
    else:
        if propri != [None, None]:
            quale = "grado_nucleo" if propri[0] is None else "grado_dichiarato"
            yield rilievo("V09", voce, cella("voci", quale, voce), voce=nome, stato=stato)
        if not (voce["note_responsabile"] or nota(voce)) and not entra(voce, parametri):
            proprie, altre = (cella("voci", note, voce) for note in ("note_responsabile", "note"))
            yield rilievo("V08", voce, proprie or altre, voce=nome, stato=stato)


def _quanto_misurata(schede: list[Scheda], base: Decimal) -> str:
    """Why the indicatori do not give the grado, as the ente would have it."""
    attesi = sum(scheda["attesi"] for scheda in schede)
    if not attesi:
        return " o un indicatore con un valore atteso"
    misurati = sum(scheda["misurabili"] for scheda in schede)
    return (
        f"; gli indicatori misurati sono {misurati} su {attesi} con un valore atteso, e alla scheda ne "
        f"serve {con_segno(numero(base))}"
    )


SENZA_SEGNO = (
    "Riscrivere quei gradi come 70, non 70%, dopo aver tolto alle caselle il formato percentuale (tasto "
    "destro, Formato celle, Numero): con il segno le formule del foglio li prendono per 0,7."
)
DA_RICALCOLARE = (
    "Aprire il file, farlo ricalcolare e salvarlo. Se resta diversa vale la relazione e non c'è "
    "nulla da correggere: è una formula del foglio che non vede tutte le righe."
)
_STATO = {"sospes": "sospeso", "rinviat": "rinviato", "non valutabil": "non valutabile"}


def _senza_stato(voce: Voce, nome: str, attuazione: list[str]) -> Rilievo:
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


def coperture(caso: Caso) -> Iterator[Rilievo]:
    """Schede in no voce, or in more than one of a settore (a trasversale is in every settore)."""
    in_una_voce: set[ChiaveScheda] = set()
    con_voci = dict.fromkeys(voce["settore"] for voce in caso.righe.voci)
    for settore in con_voci:
        dove: dict[ChiaveScheda, list[Voce]] = {}
        for voce in caso.righe.voci.di(settore):
            for coperta in coperte(voce):
                dove.setdefault(coperta, []).append(voce)
        in_una_voce.update(dove)
        for coperta, sue in dove.items():
            if len(sue) > 1:
                posto = cella("voci", "schede", sue[1])
                elenco = ", ".join(f"n. {voce['n']}" for voce in sue)
                yield rilievo("V07", sue[1], posto, scheda=sigla(coperta), voci=elenco)
    for scheda in caso.righe.schede:
        attesa = scheda["settore"] in con_voci or (scheda["settore"] == TRASVERSALI and con_voci)
        if attesa and chiave_scheda(scheda) not in in_una_voce:
            yield _in_nessuna_voce(scheda, chiave_scheda(scheda) in caso.aggiunte)


def _in_nessuna_voce(scheda: Scheda, aggiunta: bool) -> Rilievo:
    """V06; V37 of what was meant to count: a scheda with a grado, or that somebody has added."""
    titolo, posto = (
        citazione(scheda["titolo"]) or str(scheda["scheda"]),
        cella("schede", "titolo", scheda),
    )
    if (grado := scheda["grado_dichiarato"]) is None and not aggiunta:
        return rilievo("V06", scheda, posto, scheda=titolo)
    che = "è stata aggiunta" if grado is None else f"ha un grado ({con_segno(numero(grado))})"
    return rilievo("V37", scheda, posto, n=sigla(chiave_scheda(scheda)), scheda=titolo, che=che)


def titoli(caso: Caso) -> Iterator[Rilievo]:
    """Voci that are called as a scheda of their settore and cover others: two numbers that have changed
    places are seen in no other way."""
    chiamate = {(s["settore"], normalizza(s["titolo"])): chiave_scheda(s) for s in caso.righe.schede}
    for voce in caso.righe.voci:
        sue, nome = coperte(voce), normalizza(voce["descrizione"])
        altra = chiamate.get((voce["settore"], nome)) if nome else None
        titoli = (normalizza(s["titolo"]) for s in caso.righe.schede.delle(sue))
        if sue and altra and nome not in titoli:
            yield rilievo(
                "V43",
                voce,
                cella("voci", "schede", voce),
                voce=citazione(voce["descrizione"]),
                scritte=citazione(voce["schede"]),
                altra=sigla(altra),
            )


def settori(caso: Caso) -> Iterator[Rilievo]:
    for settore in caso.righe.settori:
        if settore["settore"] == TRASVERSALI:
            continue
        voci = caso.righe.voci.di(settore["settore"])
        dove = settore["file"], registro.foglio_voci(settore["modello"])
        dati = {"settore": settore["denominazione"]}
        valutate = [voce for voce in voci if entra(voce, caso.parametri)]
        if not voci:
            yield Rilievo("V13", *dove, dati=dati)
        else:
            yield from _pesi(voci, valutate, caso.parametri)
        if any(voce["stato"] for voce in voci) and not valutate:
            yield Rilievo("V12", *dove, dati=dati)


def complessive(caso: Caso) -> Iterator[Rilievo]:
    """Workbooks whose own percentage is not what the program works out from the same cells."""
    for letta in caso.righe.provenienza:
        if (scritta := letta["complessiva"]) is None:
            continue
        calcolata = complessivo_del_foglio(letta["settore"], caso.righe, caso.parametri)
        if calcolata is None or abs(scritta - arrotonda(calcolata)) <= CENTESIMO:
            continue
        nel_foglio, celle = registro.foglio_voci(letta["modello"]), letta["in_percento"]
        yield Rilievo(
            "V32",
            letta["file"],
            nel_foglio,
            cella("provenienza", "complessiva", letta),
            {
                "scritta": percentuale(scritta),
                "calcolata": percentuale(calcolata),
                "perche": f"; con il segno % sono scritti i gradi {celle}" if celle else "",
                "rimedio": SENZA_SEGNO if celle else DA_RICALCOLARE,
            },
        )


def _pesi(voci: list[Voce], valutate: list[Voce], parametri: Parametri) -> Iterator[Rilievo]:
    """Whether the pesi of a settore allow its mean, and sum to what they should. What is out of the
    mean needs none."""
    if senza := senza_peso(voci, parametri):
        quanti, totale = str(len(senza)), str(len(valutate))
        oppure = ", oppure toglierlo a tutte (peseranno allo stesso modo)"
        if parametri.somma_pesi is not None:
            oppure = f": insieme devono fare {numero(parametri.somma_pesi)}"
        posto = cella("voci", "peso", senza[0])
        yield rilievo("V01", senza[0], posto, quanti=quanti, totale=totale, oppure=oppure)
        return
    if valutate and all(voce["peso"] == 0 for voce in valutate):
        yield rilievo("V02", valutate[0], cella("voci", "peso", valutate[0]))
    pesate = [voce for voce in voci if voce["peso"] is not None]
    if parametri.somma_pesi is None:
        yield from fanno_cento("voci", pesate, "delle voci")
    else:
        yield from _fanno(pesate or voci, parametri.somma_pesi)


def _fanno(voci: list[Voce], attesa: Decimal) -> Iterator[Rilievo]:
    """V29, at any distance from what the ente wants; without pesi too."""
    scritti = [voce["peso"] for voce in voci if voce["peso"] is not None]
    somma = sum(scritti, Decimal(0))
    if abs(somma - attesa) > ROTTO:
        pesi = f"i pesi delle voci sommano a {numero(somma)}" if scritti else "le voci non hanno pesi"
        yield rilievo("V29", voci[0], cella("voci", "peso", voci[0]), pesi=pesi, attesa=numero(attesa))
