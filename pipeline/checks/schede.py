"""Rules on the schede: what is missing, what contradicts the percentage, what is there twice."""

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks import non_fatto
from pipeline.checks.comuni import CENTO, fanno_cento, percentuale_detta, rilievo
from pipeline.numeri import con_segno, media, numero, percentuale
from pipeline.parole import citazione, normalizza, quanti, segnaposto
from pipeline.rilievi import Rilievo
from pipeline.tables import (
    VALUTATO,
    VALUTAZIONI,
    Parametri,
    Riga,
    Tabelle,
    righe,
    schede_coperte,
)
from pipeline.workbooks import registro
from pipeline.workbooks.registro import cella

MAX_POSTI = 10
"""How many places are listed in a finding that is said once for all of them."""
MAX_VALORE = 30
"""How much of an atteso or of a raggiunto is quoted beside the others."""


def obiettivi(tabelle: Tabelle) -> Iterator[Rilievo]:
    con_fasi = {(fase["settore"], fase["scheda"], fase["obiettivo"]) for fase in righe(tabelle.fasi)}
    for obiettivo in righe(tabelle.obiettivi):
        chiave = (obiettivo["settore"], obiettivo["scheda"], obiettivo["n"])
        if not obiettivo["definizione"] and chiave in con_fasi:
            posto = cella("obiettivi", "definizione", obiettivo)
            yield rilievo("V10", obiettivo, posto, n=str(obiettivo["n"]))


def incomplete(tabelle: Tabelle, non_letti: set[str]) -> Iterator[Rilievo]:
    """Rows with something in them but not what names them; workbooks with fewer schede than listed."""
    for scheda in righe(tabelle.schede):
        if not scheda["titolo"]:
            aiuto = "Scrivere il nome breve della scheda."
            yield rilievo("C04", scheda, cella("schede", "titolo", scheda), campo="Titolo", aiuto=aiuto)
    for riga in righe(tabelle.indicatori):
        if not riga["indicatore"]:
            posto, aiuto = cella("indicatori", "indicatore", riga), "Scrivere che cosa si misura."
            yield rilievo("C04", riga, posto, campo="Indicatore", aiuto=aiuto)
    sotto_una_missione = _sotto_una_missione(tabelle)
    for riga in righe(tabelle.collegamenti):
        senza_missione = not riga["missione"] and not riga["codice_missione"]
        senza_missione &= (riga["settore"], riga["scheda"]) not in sotto_una_missione
        if senza_missione and re.fullmatch(r"\s*\d{0,2}\s*", riga["programma"]):
            posto, aiuto = cella("collegamenti", "missione", riga), "Scrivere il codice della missione."
            if posto == cella("collegamenti", "programma", riga):  # a programma says its missione too
                yield rilievo("B05", riga, posto, valore=citazione(riga["programma"]))
            else:
                yield rilievo("C04", riga, posto, campo="Missione", aiuto=aiuto)
    lette = dict(zip(tabelle.settori["settore"], tabelle.settori["file"], strict=True))
    for elencato in righe(tabelle.elenco.drop_duplicates("settore")):
        sue = tabelle.schede[tabelle.schede["settore"] == elencato["settore"]]
        trovate = len(sue)
        letto = elencato["settore"] in lette and elencato["settore"] not in non_letti
        if (
            letto
            and registro.una_scheda_per_foglio(registro.atteso(elencato))
            and trovate < (elencato["n_schede"] or 0)
        ):
            dove = {"file": lette[elencato["settore"]], "foglio": ""}
            yield rilievo("V15", dove, attese=str(elencato["n_schede"]), trovate=str(trovate))
    for scheda in righe(tabelle.schede):
        posto = cella("schede", "previsto", scheda)
        if posto and scheda["grado_dichiarato"] is not None and not scheda["previsto"]:
            yield rilievo("V18", scheda, posto, obiettivo=citazione(scheda["titolo"]))


def _sotto_una_missione(tabelle: Tabelle) -> set[tuple[str, int]]:
    """The schede under the heading of a missione: if that cannot be read, it is said there, once."""
    scritte = {(riga["settore"], riga["n"]) for riga in righe(tabelle.missioni)}
    return {
        (scheda["settore"], scheda["scheda"])
        for scheda in righe(tabelle.schede)
        if (scheda["settore"], scheda["blocco"]) in scritte
    }


def pesi_indicatori(tabelle: Tabelle) -> Iterator[Rilievo]:
    for _, suoi in tabelle.indicatori.groupby(["settore", "scheda"], sort=False):
        indicatori = righe(suoi)
        yield from fanno_cento("indicatori", indicatori, "degli indicatori della scheda")
        senza = [i for i in indicatori if i["peso"] is None]
        if 0 < len(senza) < len(indicatori):
            yield rilievo("V14", senza[0], cella("indicatori", "peso", senza[0]))


def esiti(tabelle: Tabelle) -> Iterator[Rilievo]:
    """Where the percentage of a scheda disagrees with its box, its text or its lack of indicatori."""
    con_indicatori = set(zip(tabelle.indicatori["settore"], tabelle.indicatori["scheda"], strict=True))
    valutate = {
        coperta
        for voce in righe(tabelle.voci)
        if voce["stato"] == VALUTATO
        for coperta in schede_coperte(voce["settore"], voce["schede"]) or []
    }
    raggiunti: dict[tuple[str, int], list[str]] = {}
    for indicatore in righe(tabelle.indicatori):
        raggiunti.setdefault(_chiave(indicatore), []).append(indicatore["raggiunto"])
    stati: dict[tuple[str, int], list[Riga]] = {}
    for stato in righe(tabelle.stati):
        stati.setdefault((stato["settore"], stato["scheda"]), []).append(stato)
    for scheda in righe(tabelle.schede):
        chiave = (scheda["settore"], scheda["scheda"])
        if chiave in valutate - con_indicatori:
            titolo = citazione(scheda["titolo"]) or str(scheda["scheda"])
            yield rilievo("V21", scheda, cella("schede", "titolo", scheda), scheda=titolo)
        if scheda["grado_dichiarato"] is not None:
            yield from _esito(scheda, stati.get(chiave, []), raggiunti.get(chiave, []))


def _esito(scheda: Riga, stati: list[Riga], raggiunti: list[str]) -> Iterator[Rilievo]:
    grado, casella = scheda["grado_dichiarato"], scheda["valutazione"]
    if (posto := cella("schede", "valutazione", scheda)) and not casella:
        yield rilievo("V20", scheda, posto, grado=con_segno(numero(grado)))
    posto, nome = cella("schede", "grado_dichiarato", scheda), _nome(scheda)
    if grado == CENTO and casella not in ("", "in_linea"):
        yield rilievo("V22", scheda, posto, casella=VALUTAZIONI[casella], scheda=nome)
    dati = {"grado": con_segno(numero(grado)), "scheda": nome}
    testi = [stato["testo"] for stato in stati]
    # of several texts each is about a fase: none says the percentage of the whole
    detto = percentuale_detta(testi[0]) if len(testi) == 1 else None
    if detto not in (None, grado):
        yield rilievo("V23", scheda, posto, testo=citazione(testi[0]), chi="il testo", **dati)
    elif grado == CENTO and (frase := _non_fatto(testi)):
        yield rilievo("V23", scheda, posto, testo=citazione(frase), chi="il testo", **dati)
    elif grado == CENTO and (frase := _non_fatto(raggiunti)):
        yield rilievo("V23", scheda, posto, testo=citazione(frase), chi="un raggiunto", **dati)


def _non_fatto(testi: list[str]) -> str:
    """The first sentence that says that something was not done."""
    return next(filter(None, map(non_fatto.detto, testi)), "")


def _nome(scheda: Riga) -> str:
    return citazione(scheda["titolo"]) or str(scheda["scheda"])


def lontani(tabelle: Tabelle, parametri: Parametri) -> Iterator[Rilievo]:
    """Gradi declared, by a scheda or by the voce that covers it, far from what the indicatori measure.

    Not where the Nucleo has given the grado already.
    """
    del_nucleo, misurati = _del_nucleo(tabelle), _misurati(tabelle)
    schede = {_chiave(scheda): scheda for scheda in righe(tabelle.schede)}
    for chiave, scheda in schede.items():
        gradi = (scheda["grado_dichiarato"], scheda["grado_misurato"])
        if chiave not in del_nucleo and parametri.lontani(*gradi):
            yield _lontani("schede", scheda, _nome(scheda), [scheda], misurati, *gradi)
    for voce in righe(tabelle.voci):
        sue = [schede[chiave] for chiave in _coperte(voce) if chiave in schede]
        senza_grado = all(scheda["grado_dichiarato"] is None for scheda in sue)
        gradi = (voce["grado_dichiarato"], media(scheda["grado_misurato"] for scheda in sue))
        decide_la_voce = voce["stato"] == VALUTATO and voce["grado_nucleo"] is None and senza_grado
        if decide_la_voce and parametri.lontani(*gradi):
            yield _lontani("voci", voce, citazione(voce["descrizione"]), sue, misurati, *gradi)


def _lontani(
    tabella: str,
    riga: Riga,
    nome: str,
    schede: list[Riga],
    misurati: dict[tuple[str, int], list[Riga]],
    dichiarato: Decimal,
    misurato: Decimal | None,
) -> Rilievo:
    misurabili, attesi = (sum(s[c] for s in schede) for c in ("misurabili", "attesi"))
    dati = {
        "scheda": nome,
        "dichiarato": con_segno(percentuale(dichiarato)),
        "misurato": con_segno(percentuale(misurato)),
        "quanti": f"{misurabili} su {quanti(attesi, 'indicatore', 'indicatori')} con un valore atteso",
        "bassi": _piu_bassi([i for scheda in schede for i in misurati.get(_chiave(scheda), [])]),
    }
    return rilievo("V30", riga, cella(tabella, "grado_dichiarato", riga), **dati)


def _misurati(tabelle: Tabelle) -> dict[tuple[str, int], list[Riga]]:
    """The indicatori of each scheda that are measured, the lowest first."""
    misurati: dict[tuple[str, int], list[Riga]] = {}
    con_grado = [i for i in righe(tabelle.indicatori) if i["grado_misurato"] is not None]
    for indicatore in sorted(con_grado, key=lambda i: i["grado_misurato"]):
        misurati.setdefault(_chiave(indicatore), []).append(indicatore)
    return misurati


def _piu_bassi(indicatori: list[Riga]) -> str:
    """The two indicatori that lower the measured grado most, each with its cell and what is there."""
    detti = [
        f"{cella('indicatori', 'raggiunto', i)} (atteso «{citazione(i['atteso'], MAX_VALORE)}», "
        f"raggiunto «{citazione(i['raggiunto'], MAX_VALORE)}»)"
        for i in indicatori[:2]
        if i["grado_misurato"] < CENTO
    ]
    return f"; pesano di più {' e '.join(detti)}" if detti else ""


def _del_nucleo(tabelle: Tabelle) -> set[tuple[str, int]]:
    """The schede of the voci to which the Nucleo has given a grado."""
    voci = (voce for voce in righe(tabelle.voci) if voce["grado_nucleo"] is not None)
    return {coperta for voce in voci for coperta in _coperte(voce)}


def _coperte(voce: Riga) -> list[tuple[str, int]]:
    return schede_coperte(voce["settore"], voce["schede"]) or []


_ANCHE_IL_TESTO = {
    False: (
        " e lo stato di attuazione non dice che cosa è stato fatto",
        "Scrivere i valori raggiunti o lo stato di attuazione; se il grado poggia su altro, spiegarlo "
        "nello stato di attuazione.",
    ),
    True: (
        "",
        "Scrivere i valori raggiunti; se il grado poggia solo su ciò che dice lo stato di attuazione, "
        "nulla da fare.",
    ),
}
"""What is missing of a grado, and what to do, without and with a text that tells of it."""


def attuazione(tabelle: Tabelle) -> Iterator[Rilievo]:
    """Schede with a grado that nothing shows, and the placeholder of the form where nobody wrote.

    Said once a scheda, and of the placeholder once a file: where nothing shows the grado, the
    placeholder is only why. A text is not an indicatore: where there is one, it is said to be all.
    """
    stati, indicatori = righe(tabelle.stati), righe(tabelle.indicatori)
    raccontate = {_chiave(s) for s in stati if not segnaposto(s["testo"] or s["voce"])}
    mostrate = {_chiave(i) for i in indicatori if i["raggiunto"].strip()}
    attesi = {_chiave(i): i for i in reversed(indicatori) if i["atteso"].strip()}
    senza_riscontro = _con_grado(tabelle) & set(attesi) - mostrate
    for scheda in righe(tabelle.schede):
        if (chiave := _chiave(scheda)) in senza_riscontro:
            posto = cella("indicatori", "raggiunto", attesi[chiave])
            anche, rimedio = _ANCHE_IL_TESTO[chiave in raccontate]
            yield rilievo("V26", scheda, posto, scheda=_nome(scheda), anche=anche, rimedio=rimedio)
    mai_scritti: dict[str, list[tuple[Riga, str]]] = {}
    for stato in stati:
        for colonna in ("voce", "testo"):
            if segnaposto(stato[colonna]) and _chiave(stato) not in senza_riscontro:
                mai_scritti.setdefault(stato["file"], []).append((stato, colonna))
    for (primo, colonna), *altri in mai_scritti.values():
        dati = {"testo": citazione(primo[colonna]), "anche": _anche("stati", altri)}
        yield rilievo("V25", primo, cella("stati", colonna, primo), **dati)


def _anche(tabella: str, altri: list[tuple[Riga, str]]) -> str:
    """Where else in the same file the same thing was found, for a finding that is said once."""
    posti = ", ".join(
        f"«{riga['foglio']}» {cella(tabella, colonna, riga)}" for riga, colonna in altri[:MAX_POSTI]
    )
    oltre = "…" if len(altri) > MAX_POSTI else ""
    return (
        f" Lo stesso in {quanti(len(altri), 'altra cella', 'altre celle')}: {posti}{oltre}."
        if altri
        else ""
    )


def _chiave(riga: Riga) -> tuple[str, int]:
    return riga["settore"], riga["scheda"]


def _con_grado(tabelle: Tabelle) -> set[tuple[str, int]]:
    """The schede with a grado of their own, or of a voce valutata that covers them; not those of which
    the Nucleo has given it: it has looked already."""
    con_grado = {_chiave(s) for s in righe(tabelle.schede) if s["grado_dichiarato"] is not None}
    for voce in righe(tabelle.voci):
        if voce["stato"] == VALUTATO and voce["grado_dichiarato"] is not None:
            con_grado.update(_coperte(voce))
    return con_grado - _del_nucleo(tabelle)


def doppi(tabelle: Tabelle) -> Iterator[Rilievo]:
    """Schede of a settore with the same title, description and programmi: said once, however many."""
    codici: dict[tuple[str, int], list[str]] = {}
    for riga in righe(tabelle.collegamenti):
        codici.setdefault((riga["settore"], riga["scheda"]), []).append(riga["codici_programma"])
    uguali: dict[tuple[str, ...], list[Riga]] = {}
    for scheda in righe(tabelle.schede):
        testi = (normalizza(scheda["titolo"]), normalizza(scheda["descrizione"]))
        suoi = codici.get((scheda["settore"], scheda["scheda"]), [])
        if testi[0]:
            uguali.setdefault((scheda["settore"], *testi, *suoi), []).append(scheda)
    for prima, *altre in uguali.values():
        if altre:
            dove = f"cella {cella('schede', 'titolo', prima)} del foglio «{prima['foglio']}»"
            anche = _anche("schede", [(altra, "titolo") for altra in altre[1:]])
            dati = {"scheda": citazione(prima["titolo"]), "altra": dove, "anche": anche}
            yield rilievo("V24", altre[0], cella("schede", "titolo", altre[0]), **dati)
