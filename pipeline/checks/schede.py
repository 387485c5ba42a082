"""Rules on the schede: what is missing, what contradicts the percentage, what is there twice."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Literal

from pipeline.celle import intervalli
from pipeline.checks import non_fatto
from pipeline.checks.comuni import (
    CENTO,
    Caso,
    con_grado,
    fanno_cento,
    giudicate,
    percentuale_detta,
    rilievo,
)
from pipeline.numeri import con_segno, media, numero, percentuale
from pipeline.parole import citazione, normalizza, quanti, segnaposto
from pipeline.rilievi import Rilievo
from pipeline.tables import (
    VALUTATO,
    VALUTAZIONI,
    Indicatore,
    Provenienza,
    Scheda,
    Stato,
    Voce,
    chiave_scheda,
    coperte,
    del_nucleo,
)
from pipeline.workbooks import registro
from pipeline.workbooks.registro import cella

MAX_POSTI = 10
"""How many places are listed in a finding that is said once for all of them."""
MAX_VALORE = 30
"""How much of an atteso or of a raggiunto is quoted beside the others."""


def obiettivi(caso: Caso) -> Iterator[Rilievo]:
    con_fasi = {(chiave_scheda(fase), fase["obiettivo"]) for fase in caso.righe.fasi}
    for obiettivo in caso.righe.obiettivi:
        if not obiettivo["definizione"] and (chiave_scheda(obiettivo), obiettivo["n"]) in con_fasi:
            posto = cella("obiettivi", "definizione", obiettivo)
            yield rilievo("V10", obiettivo, posto, n=str(obiettivo["n"]))


def senza_nome(caso: Caso) -> Iterator[Rilievo]:
    """Rows with something in them but not what names them."""
    for scheda in caso.righe.schede:
        if not scheda["titolo"]:
            aiuto = "Scrivere il nome breve della scheda."
            yield rilievo("C04", scheda, cella("schede", "titolo", scheda), campo="Titolo", aiuto=aiuto)
    for indicatore in caso.righe.indicatori:
        if not indicatore["indicatore"]:
            posto, aiuto = cella("indicatori", "indicatore", indicatore), "Scrivere che cosa si misura."
            yield rilievo("C04", indicatore, posto, campo="Indicatore", aiuto=aiuto)


def senza_missione(caso: Caso) -> Iterator[Rilievo]:
    """Links without a missione; where a heading says it, what cannot be read is said there, once."""
    righe = caso.righe
    for riga in righe.collegamenti:
        scritta = riga["missione"] or riga["codice_missione"]
        blocchi = {missione["n"] for missione in righe.missioni.di(riga["settore"])}
        if scritta or any(s["blocco"] in blocchi for s in righe.schede.della(chiave_scheda(riga))):
            continue
        if re.fullmatch(r"\s*\d{0,2}\s*", riga["programma"]):
            posto, aiuto = cella("collegamenti", "missione", riga), "Scrivere il codice della missione."
            if posto == cella("collegamenti", "programma", riga):  # a programma says its missione too
                yield rilievo("B05", riga, posto, valore=citazione(riga["programma"]))
            else:
                yield rilievo("C04", riga, posto, campo="Missione", aiuto=aiuto)


def mancanti(caso: Caso) -> Iterator[Rilievo]:
    """Workbooks with fewer schede than listed; not those with a scheda that could not be read."""
    non_letti = {settore for settore, _ in caso.non_lette}
    for settore, elencato in caso.tabelle.elencati.items():
        trovate, attese = len(caso.righe.schede.di(settore)), elencato["n_schede"] or 0
        letto = None if settore in non_letti else caso.righe.settori.prima(settore)
        per_foglio = registro.una_scheda_per_foglio(registro.atteso(elencato))
        if letto and per_foglio and trovate < attese:
            dati = {"attese": str(attese), "trovate": str(trovate)}
            yield Rilievo("V15", letto["file"], dati=dati)


def non_previsti(caso: Caso) -> Iterator[Rilievo]:
    """Obiettivi with a grado but without the mark of the year."""
    for scheda in caso.righe.schede:
        posto = cella("schede", "previsto", scheda)
        if posto and scheda["grado_dichiarato"] is not None and not scheda["previsto"]:
            yield rilievo("V18", scheda, posto, obiettivo=citazione(scheda["titolo"]))


def pesi_indicatori(caso: Caso) -> Iterator[Rilievo]:
    for indicatori in caso.righe.indicatori.per_scheda.values():
        yield from fanno_cento("indicatori", indicatori, "degli indicatori della scheda")
        senza = [i for i in indicatori if i["peso"] is None]
        if 0 < len(senza) < len(indicatori):
            yield rilievo("V14", senza[0], cella("indicatori", "peso", senza[0]))


def pesi_fasi(caso: Caso) -> Iterator[Rilievo]:
    """They change no grado: only a sum that was meant to be 100 is worth a word."""
    for fasi in caso.righe.fasi.per_scheda.values():
        for _, sue in groupby(fasi, key=lambda fase: fase["obiettivo"]):
            yield from fanno_cento("fasi", list(sue), "delle fasi dell'obiettivo")


def esiti(caso: Caso) -> Iterator[Rilievo]:
    """Where the percentage of a scheda disagrees with its box, its text or its lack of indicatori."""
    righe = caso.righe
    valutate = {coperta for v in righe.voci if v["stato"] == VALUTATO for coperta in coperte(v)}
    for scheda in righe.schede:
        indicatori = righe.indicatori.della(chiave_scheda(scheda))
        if chiave_scheda(scheda) in valutate and not indicatori:
            yield rilievo("V21", scheda, cella("schede", "titolo", scheda), scheda=_nome(scheda))
        if (grado := scheda["grado_dichiarato"]) is not None:
            raggiunti = [indicatore["raggiunto"] for indicatore in indicatori]
            yield from _esito(scheda, grado, righe.stati.della(chiave_scheda(scheda)), raggiunti)


def _esito(
    scheda: Scheda, grado: Decimal, stati: list[Stato], raggiunti: list[str]
) -> Iterator[Rilievo]:
    casella = scheda["valutazione"]
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


def _nome(scheda: Scheda) -> str:
    return citazione(scheda["titolo"]) or str(scheda["scheda"])


def lontani(caso: Caso) -> Iterator[Rilievo]:
    """Gradi declared, by a scheda or by the voce that covers it, far from what the indicatori measure.

    Not where the Nucleo has given the grado already.
    """
    viste, righe = giudicate(caso.righe), caso.righe
    for scheda in righe.schede:
        if chiave_scheda(scheda) not in viste:
            gradi = (scheda["grado_dichiarato"], scheda["grado_misurato"])
            yield from _lontani("schede", scheda, _nome(scheda), [scheda], caso, *gradi)
    for voce in righe.voci:
        sue = righe.schede.delle(coperte(voce))
        senza_grado = all(scheda["grado_dichiarato"] is None for scheda in sue)
        if voce["stato"] == VALUTATO and del_nucleo(voce) is None and senza_grado:
            gradi = (voce["grado_dichiarato"], media(scheda["grado_misurato"] for scheda in sue))
            nome = citazione(voce["descrizione"])
            yield from _lontani("voci", voce, nome, sue, caso, *gradi)


def _lontani(
    tabella: str,
    riga: Scheda | Voce,
    nome: str,
    schede: list[Scheda],
    caso: Caso,
    dichiarato: Decimal | None,
    misurato: Decimal | None,
) -> Iterator[Rilievo]:
    if not caso.parametri.lontani(dichiarato, misurato):
        return
    misurabili, attesi = (sum(s["misurabili"] for s in schede), sum(s["attesi"] for s in schede))
    dati = {
        "scheda": nome,
        "dichiarato": con_segno(percentuale(dichiarato)),
        "misurato": con_segno(percentuale(misurato)),
        "quanti": f"{misurabili} su {quanti(attesi, 'indicatore', 'indicatori')} con un valore atteso",
        "bassi": _piu_bassi(caso.righe.indicatori.delle(map(chiave_scheda, schede))),
    }
    yield rilievo("V30", riga, cella(tabella, "grado_dichiarato", riga), **dati)


def _piu_bassi(indicatori: list[Indicatore]) -> str:
    """The two indicatori that lower the measured grado most, each with its cell and what is there."""
    misurati = [(i["grado_misurato"], i) for i in indicatori if i["grado_misurato"] is not None]
    detti = [
        f"{cella('indicatori', 'raggiunto', i)} (atteso «{citazione(i['atteso'], MAX_VALORE)}», "
        f"raggiunto «{citazione(i['raggiunto'], MAX_VALORE)}»)"
        for grado, i in sorted(misurati, key=lambda misurato: misurato[0])[:2]
        if grado < CENTO
    ]
    return f"; pesano di più {' e '.join(detti)}" if detti else ""


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


def attuazione(caso: Caso) -> Iterator[Rilievo]:
    """Schede with a grado that nothing shows, and the placeholder of the form where nobody wrote.

    Said once a scheda, and of the placeholder once a file: where nothing shows the grado, the
    placeholder is only why. A text is not an indicatore: where there is one, it is said to be all.
    """
    stati, indicatori = caso.righe.stati, caso.righe.indicatori
    raccontate = {chiave_scheda(s) for s in stati if not segnaposto(s["testo"] or s["voce"])}
    mostrate = {chiave_scheda(i) for i in indicatori if i["raggiunto"].strip()}
    attesi = {chiave_scheda(i): i for i in reversed(indicatori) if i["atteso"].strip()}
    senza_riscontro = con_grado(caso) & set(attesi) - mostrate
    for scheda in caso.righe.schede:
        if chiave_scheda(scheda) in senza_riscontro:
            posto = cella("indicatori", "raggiunto", attesi[chiave_scheda(scheda)])
            anche, rimedio = _ANCHE_IL_TESTO[chiave_scheda(scheda) in raccontate]
            yield rilievo("V26", scheda, posto, scheda=_nome(scheda), anche=anche, rimedio=rimedio)
    mai_scritti: dict[str, list[tuple[Stato, str]]] = {}
    for stato in stati:
        for colonna, testo in (("voce", stato["voce"]), ("testo", stato["testo"])):
            if segnaposto(testo) and chiave_scheda(stato) not in senza_riscontro:
                mai_scritti.setdefault(stato["file"], []).append((stato, colonna))
    for (primo, colonna), *altri in mai_scritti.values():
        testo = primo["voce"] if colonna == "voce" else primo["testo"]
        dati = {"testo": citazione(testo), "anche": _anche("stati", altri)}
        yield rilievo("V25", primo, cella("stati", colonna, primo), **dati)


ColonnaStato = Literal["voce", "testo"]
COLONNE_STATO: tuple[ColonnaStato, ...] = ("voce", "testo")
Pezzo = tuple[Stato, ColonnaStato]


def spezzati(caso: Caso) -> Iterator[Rilievo]:
    """Texts pasted over several boxes of the stato di attuazione, said once each: the sentence of a box
    goes on in the next."""
    for stati in caso.righe.stati.per_scheda.values():
        testo: list[Pezzo] = []
        for prima, dopo in pairwise(stati):
            if colonna := _dove_continua(prima, dopo, bool(testo)):
                testo = [*(testo or [(prima, colonna)]), (dopo, colonna)]
            else:
                yield from _spezzato(testo)
                testo = []
        yield from _spezzato(testo)


def _spezzato(pezzi: list[Pezzo]) -> Iterator[Rilievo]:
    if pezzi:
        (primo, colonna), *altri = pezzi
        celle = intervalli(cella("stati", colonna, stato) for stato, _ in altri)
        yield rilievo(
            "V33",
            primo,
            cella("stati", colonna, primo),
            testo=citazione(primo[colonna], 60),
            seguito=citazione(altri[0][0][colonna], 60),
            celle=", ".join(celle),
        )


LUNGO = 40
"""From how many characters a line that does not end may be part of a longer text."""
CHIUDONO = '.!?:;…)»”"]'
_SOSPESO = re.compile(
    r"(?:[,–-]|(?:^|\s)(?:ed?|od?|d[ai]|ad?|in|con|su|per|[tf]ra|il|l[aoe]|i|gli|l['’]|un[oa]?|che|non|se"
    r"|come|(?:[ds]|ne|a|da)?[ue]?l(?:l[oae]|l['’])?|(?:d[ae]?|ne?|su|a)(?:i|gli)))$",
    re.IGNORECASE,
)
"""How a text that goes on elsewhere ends: with a comma, an article, a preposition."""


def _dove_continua(prima: Stato, dopo: Stato, continua: bool) -> ColonnaStato | None:
    """The column in which the text of a box goes on in the next one, which has nothing else.

    A box that begins and ends as the next one, in small letters and with no full stop, is a line of a
    list: it goes on only after a comma, or a word that no text ends with.
    """
    piene = [colonna for colonna in COLONNE_STATO if dopo[colonna].strip()]
    if len(piene) != 1 or dopo["riga"] != prima["riga"] + 1:
        return None
    (colonna,) = piene
    testo, seguito = prima[colonna].strip(), dopo[colonna].strip()
    if not testo or testo[-1] in CHIUDONO or not seguito[0].islower():
        return None
    sospeso = bool(_SOSPESO.search(testo))
    di_una_frase = (continua or not testo[0].islower()) and len(testo) >= LUNGO
    return colonna if sospeso or di_una_frase else None


def _anche(tabella: str, altri: Sequence[tuple[Provenienza, str]]) -> str:
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


def doppi(caso: Caso) -> Iterator[Rilievo]:
    """Schede of a settore with the same title, description and programmi: said once, however many."""
    uguali: dict[tuple[str, ...], list[Scheda]] = {}
    for scheda in caso.righe.schede:
        testi = (normalizza(scheda["titolo"]), normalizza(scheda["descrizione"]))
        collegamenti = caso.righe.collegamenti.della(chiave_scheda(scheda))
        suoi = [riga["codici_programma"] for riga in collegamenti]
        if testi[0]:
            uguali.setdefault((scheda["settore"], *testi, *suoi), []).append(scheda)
    for prima, *altre in uguali.values():
        if altre:
            dove = f"cella {cella('schede', 'titolo', prima)} del foglio «{prima['foglio']}»"
            anche = _anche("schede", [(altra, "titolo") for altra in altre[1:]])
            dati = {"scheda": citazione(prima["titolo"]), "altra": dove, "anche": anche}
            yield rilievo("V24", altre[0], cella("schede", "titolo", altre[0]), **dati)
