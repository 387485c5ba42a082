"""Tables -> findings: what single cells cannot tell. Never reads a file, never changes a table."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pandas as pd

from pipeline import bilancio, personale
from pipeline.numeri import con_segno, numero
from pipeline.parole import citazione, normalizza
from pipeline.rilievi import GRAVITA, Rilievo
from pipeline.tables import (
    NON_CONSUNTIVATO,
    STATI,
    TRASVERSALI,
    VALUTATO,
    VALUTAZIONI,
    Parametri,
    Riga,
    Tabelle,
    righe,
    schede_coperte,
)
from pipeline.workbooks import ente, registro
from pipeline.workbooks.registro import cella


def controlla(tabelle: Tabelle, parametri: Parametri, gia_rilevati: list[Rilievo]) -> list[Rilievo]:
    """The findings of all the rules, less those that only follow from one already made at the cell.

    A consequence is dropped when the cause at the same cell weighs at least as much.
    """
    cause = {(r.file, r.foglio, r.cella): GRAVITA.index(r.gravita) for r in gia_rilevati if r.cella}
    non_lette = _schede_non_lette(tabelle, gia_rilevati)
    trovati = [
        *_voci(tabelle, parametri, non_lette),
        *_schede(tabelle),
        *_obiettivi(tabelle),
        *_incomplete(tabelle, {settore for settore, _ in non_lette}),
        *_pesi_indicatori(tabelle),
        *_bilancio(tabelle),
        *_esiti(tabelle),
        *_doppi(tabelle),
        *_persone(tabelle),
        *_uffici(tabelle),
        *_termine(tabelle),
        *_settori(tabelle, parametri),
        *_pesi_ente(tabelle),
    ]
    non_letti = {(r.file, r.foglio) for r in gia_rilevati if r.codice in ("M08", "M09")}
    rimandi_rotti = {r.file for r in trovati if r.codice == "V05"}
    # where a cell feeds several tables, each rule says its say once
    unici = {(r.codice, r.file, r.foglio, r.cella or r.messaggio): r for r in reversed(trovati)}
    return [
        r
        for r in reversed(unici.values())
        if (r.file, r.foglio) not in non_letti
        and not (r.codice == "V06" and r.file in rimandi_rotti)
        and cause.get((r.file, r.foglio, r.cella), len(GRAVITA)) > GRAVITA.index(r.gravita)
    ]


def _rilievo(codice: str, riga: Riga, cella: str = "", /, **dati: str) -> Rilievo:
    return Rilievo(codice, riga["file"], riga["foglio"], cella, dati)


def _schede_non_lette(tabelle: Tabelle, gia_rilevati: list[Rilievo]) -> set[tuple[str, int]]:
    """The schede that are in their workbook but on a sheet that could not be read."""
    settori = dict(zip(tabelle.provenienza["file"], tabelle.provenienza["settore"], strict=True))
    return {
        (settori[r.file], int(r.foglio.split()[-1]))
        for r in gia_rilevati
        if r.codice == "M09" and r.foglio.lower().startswith("scheda ") and r.file in settori
    }


def _entra(voce: Riga, parametri: Parametri) -> bool:
    """Whether the stato of a voce lets it into the mean."""
    fisso = voce["stato"] == NON_CONSUNTIVATO and parametri.grado_non_consuntivato is not None
    return bool(voce["stato"] == VALUTATO or fisso)


def _voci(tabelle: Tabelle, parametri: Parametri, non_lette: set[tuple[str, int]]) -> Iterator[Rilievo]:
    gradi = {(r["settore"], r["scheda"]): r["grado_dichiarato"] for r in righe(tabelle.schede)}
    testi: dict[tuple[str, int], list[str]] = {}
    for stato in righe(tabelle.stati):
        testi.setdefault((stato["settore"], stato["scheda"]), []).append(stato["testo"])
    lette = set(tabelle.settori["settore"])
    for voce in righe(tabelle.voci):
        nome = citazione(voce["descrizione"]) or f"riga {voce['riga']}"
        coperte = schede_coperte(voce["settore"], voce["schede"])
        if not voce["descrizione"]:
            yield _rilievo(
                "C04",
                voce,
                cella("voci", "descrizione", voce),
                campo="Descrizione obiettivo",
                aiuto="Scrivere l'obiettivo come va nella relazione.",
            )
        yield from _schede_esistenti(voce, nome, coperte, set(gradi) | non_lette, lette)
        if non_lette.isdisjoint(coperte or []):
            delle_schede = [gradi.get(c) for c in coperte or []]
            attuazione = [testo for c in coperte or [] for testo in testi.get(c, [])]
            yield from _stato(voce, nome, delle_schede, attuazione, parametri)


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
        yield _rilievo("V05", voce, posto, voce=nome, valore=citazione(voce["schede"]), perche=perche)


def _stato(
    voce: Riga,
    nome: str,
    gradi_schede: list[Decimal | None],
    attuazione: list[str],
    parametri: Parametri,
) -> Iterator[Rilievo]:
    stato = voce["stato"]
    propri = [voce["grado_dichiarato"], voce["grado_nucleo"]]
    ha_grado = any(grado is not None for grado in propri)
    senza_gradi = not ha_grado and all(grado is None for grado in gradi_schede)
    if not stato:
        yield _senza_stato(voce, nome, attuazione if senza_gradi else [])
    elif stato == VALUTATO:
        if senza_gradi:
            yield _rilievo("V03", voce, cella("voci", "grado_dichiarato", voce), voce=nome)
    else:
        if ha_grado:
            chiave = "grado_dichiarato" if propri[0] is not None else "grado_nucleo"
            yield _rilievo("V09", voce, cella("voci", chiave, voce), voce=nome, stato=stato)
        if not voce["note"] and not _entra(voce, parametri):
            yield _rilievo("V08", voce, cella("voci", "note", voce), voce=nome, stato=stato)


_PERCENTUALE = re.compile(
    r"\b(?:raggiunt|realizzat|completat|conseguit|attuat|eseguit)[oaie]\s+(?:solo\s+)?(?:al|per il)\s+"
    r"(\d{1,2}(?:,\d+)?|100)\s*%|^\s*(\d{1,2}(?:,\d+)?|100)\s*%\s*$",
    re.IGNORECASE,
)
_STATO = {"sospes": "sospeso", "rinviat": "rinviato", "non valutabil": "non valutabile"}


def _senza_stato(voce: Riga, nome: str, attuazione: list[str]) -> Rilievo:
    """A voce without stato; with the percentage or the stato that its text alone says, if it does.

    What the text says is proposed and never taken.
    """
    for testo in attuazione:
        if trovata := _PERCENTUALE.search(testo):
            dati = {"testo": citazione(testo), "proposto": trovata[1] or trovata[2]}
            posto = cella("voci", "grado_dichiarato", voce)
            return _rilievo("V16", voce, posto, voce=nome, **dati)
        for inizio, stato in _STATO.items():
            if re.search(rf"\b{inizio}[oaie]\b", testo, re.IGNORECASE):
                dati = {"testo": citazione(testo), "proposto": stato}
                return _rilievo("V17", voce, cella("voci", "stato", voce), voce=nome, **dati)
    ammessi = ", ".join(STATI)
    return _rilievo("V04", voce, cella("voci", "stato", voce), voce=nome, ammessi=ammessi)


def _schede(tabelle: Tabelle) -> Iterator[Rilievo]:
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
                yield _rilievo("V07", sue[1], posto, scheda=nome, voci=elenco)
    con_voci = set(tabelle.voci["settore"])
    for scheda in righe(tabelle.schede):
        attesa = scheda["settore"] in con_voci or (scheda["settore"] == TRASVERSALI and con_voci)
        if attesa and (scheda["settore"], scheda["scheda"]) not in in_una_voce:
            titolo = citazione(scheda["titolo"]) or str(scheda["scheda"])
            yield _rilievo("V06", scheda, cella("schede", "titolo", scheda), scheda=titolo)


def _obiettivi(tabelle: Tabelle) -> Iterator[Rilievo]:
    for obiettivo in righe(tabelle.obiettivi):
        if not obiettivo["definizione"]:
            posto = cella("obiettivi", "definizione", obiettivo)
            yield _rilievo("V10", obiettivo, posto, n=str(obiettivo["n"]))


def _incomplete(tabelle: Tabelle, non_letti: set[str]) -> Iterator[Rilievo]:
    """Rows with something in them but not what names them; workbooks with fewer schede than listed."""
    for scheda in righe(tabelle.schede):
        if not scheda["titolo"]:
            aiuto = "Scrivere il nome breve della scheda."
            yield _rilievo("C04", scheda, cella("schede", "titolo", scheda), campo="Titolo", aiuto=aiuto)
    for riga in righe(tabelle.indicatori):
        if not riga["indicatore"]:
            posto, aiuto = cella("indicatori", "indicatore", riga), "Scrivere che cosa si misura."
            yield _rilievo("C04", riga, posto, campo="Indicatore", aiuto=aiuto)
    for riga in righe(tabelle.collegamenti):
        senza_missione = not riga["missione"] and not riga["codice_missione"]
        if senza_missione and re.fullmatch(r"\s*\d{0,2}\s*", riga["programma"]):
            posto, aiuto = cella("collegamenti", "missione", riga), "Scrivere il codice della missione."
            yield _rilievo("C04", riga, posto, campo="Missione", aiuto=aiuto)
    lette = dict(zip(tabelle.settori["settore"], tabelle.settori["file"], strict=True))
    for elencato in righe(tabelle.elenco.drop_duplicates("settore")):
        sue = tabelle.schede[tabelle.schede["settore"] == elencato["settore"]]
        trovate = len(sue)
        letto = elencato["settore"] in lette and elencato["settore"] not in non_letti
        # only where each scheda has a sheet of its own, that can be deleted by mistake
        letto &= len(set(sue["foglio"])) == trovate
        if letto and trovate < (elencato["n_schede"] or 0):
            dove = {"file": lette[elencato["settore"]], "foglio": ""}
            yield _rilievo("V15", dove, attese=str(elencato["n_schede"]), trovate=str(trovate))
    for scheda in righe(tabelle.schede[tabelle.schede["blocco"] > 0]):
        if scheda["grado_dichiarato"] is not None and not scheda["previsto"]:
            posto = cella("schede", "previsto", scheda)
            yield _rilievo("V18", scheda, posto, obiettivo=citazione(scheda["titolo"]))


CENTO, VICINO_A_CENTO = Decimal(100), Decimal(10)
"""Pesi may be on any scale; those that sum to nearly 100 were meant to sum to it."""


def _fanno_cento(tabella: str, pesate: list[Riga], di: str) -> Iterator[Rilievo]:
    pesi = [riga["peso"] for riga in pesate]
    if len(pesi) > 1 and None not in pesi and 0 < abs(sum(pesi) - CENTO) <= VICINO_A_CENTO:
        posto = cella(tabella, "peso", pesate[0])
        yield _rilievo("V19", pesate[0], posto, di=di, somma=numero(sum(pesi)))


def _esiti(tabelle: Tabelle) -> Iterator[Rilievo]:
    """Where the percentage of a scheda disagrees with its box, its text or its lack of indicatori."""
    con_indicatori = set(zip(tabelle.indicatori["settore"], tabelle.indicatori["scheda"], strict=True))
    valutate = {
        coperta
        for voce in righe(tabelle.voci)
        if voce["stato"] == VALUTATO
        for coperta in schede_coperte(voce["settore"], voce["schede"]) or []
    }
    stati: dict[tuple[str, int], list[Riga]] = {}
    for stato in righe(tabelle.stati):
        stati.setdefault((stato["settore"], stato["scheda"]), []).append(stato)
    for scheda in righe(tabelle.schede):
        chiave = (scheda["settore"], scheda["scheda"])
        if chiave in valutate - con_indicatori:
            titolo = citazione(scheda["titolo"]) or str(scheda["scheda"])
            yield _rilievo("V21", scheda, cella("schede", "titolo", scheda), scheda=titolo)
        if scheda["grado_dichiarato"] is not None:
            yield from _esito(scheda, stati.get(chiave, []))


_NON_FATTO = re.compile(
    r"\s*(?:l'\s*)?(?:obiettivo\s+)?(?:non\s+(?:è\s+stato\s+)?(?:raggiunt|realizzat|attuat)|sospes|rinviat)[oa]\b",
    re.IGNORECASE,
)


def _esito(scheda: Riga, stati: list[Riga]) -> Iterator[Rilievo]:
    grado, casella = scheda["grado_dichiarato"], scheda["valutazione"]
    if (posto := cella("schede", "valutazione", scheda)) and not casella:
        yield _rilievo("V20", scheda, posto, grado=con_segno(numero(grado)))
    posto = cella("schede", "grado_dichiarato", scheda)
    if grado == CENTO and casella not in ("", "in_linea"):
        yield _rilievo("V22", scheda, posto, casella=VALUTAZIONI[casella])
    if len(stati) == 1:  # of several texts each is about a fase, not about the whole
        testo = stati[0]["testo"]
        trovata = _PERCENTUALE.search(testo)
        detto = Decimal((trovata[1] or trovata[2]).replace(",", ".")) if trovata else grado
        if detto != grado or (grado == CENTO and _NON_FATTO.match(testo)):
            yield _rilievo("V23", scheda, posto, grado=con_segno(numero(grado)), testo=citazione(testo))


def _doppi(tabelle: Tabelle) -> Iterator[Rilievo]:
    """Schede of a settore with the same title, description and programmi."""
    codici: dict[tuple[str, int], list[str]] = {}
    for riga in righe(tabelle.collegamenti):
        codici.setdefault((riga["settore"], riga["scheda"]), []).append(riga["codici_programma"])
    prime: dict[tuple[str, ...], Riga] = {}
    for scheda in righe(tabelle.schede):
        testi = (normalizza(scheda["titolo"]), normalizza(scheda["descrizione"]))
        suoi = codici.get((scheda["settore"], scheda["scheda"]), [])
        prima = prime.setdefault((scheda["settore"], *testi, *suoi), scheda)
        if prima is not scheda and testi[0]:
            dove = f"foglio «{prima['foglio']}», cella {cella('schede', 'titolo', prima)}"
            dati = {"scheda": citazione(scheda["titolo"]), "altra": dove}
            yield _rilievo("V24", scheda, cella("schede", "titolo", scheda), **dati)


def _uffici(tabelle: Tabelle) -> Iterator[Rilievo]:
    """Uffici of the fasi whose names differ by one letter."""
    fasi = [riga for riga in righe(tabelle.fasi) if riga["assegnazione"]]
    conti = Counter(" ".join(riga["assegnazione"].split()) for riga in fasi)
    prime = {" ".join(riga["assegnazione"].split()): riga for riga in reversed(fasi)}
    for coppia in personale.stessa_parola(conti):
        raro, altro = sorted(coppia, key=lambda nome: conti[nome])
        riga, dove = prime[raro], prime[altro]
        luogo = Rilievo("N04", dove["file"], dove["foglio"], cella("fasi", "assegnazione", dove)).dove
        dati = {"nome": citazione(raro), "altro": citazione(altro), "dove": luogo}
        yield _rilievo("N04", riga, cella("fasi", "assegnazione", riga), **dati)


def _termine(tabelle: Tabelle) -> Iterator[Rilievo]:
    """The relazione is adopted by 30 June of the year after (art. 10 c. 1 b D.Lgs. 150/2009)."""
    valori = {riga["chiave"]: riga for riga in righe(tabelle.ente)}
    data = ente.leggi_data(valori["data"]["valore"]) if "data" in valori else None
    anno = valori["anno"]["valore"].strip() if "anno" in valori else ""
    if data and re.fullmatch(ente.ANNO, anno) and data > date(int(anno) + 1, 6, 30):
        riga = valori["data"]
        dati = {"data": f"{data:%d/%m/%Y}", "anno": str(int(anno) + 1)}
        yield _rilievo("E12", riga, f"B{riga['riga']}", **dati)


def _pesi_indicatori(tabelle: Tabelle) -> Iterator[Rilievo]:
    for _, suoi in tabelle.indicatori.groupby(["settore", "scheda"], sort=False):
        indicatori = righe(suoi)
        yield from _fanno_cento("indicatori", indicatori, "degli indicatori della scheda")
        senza = [i for i in indicatori if i["peso"] is None]
        if 0 < len(senza) < len(indicatori):
            yield _rilievo("V14", senza[0], cella("indicatori", "peso", senza[0]))


def _bilancio(tabelle: Tabelle) -> Iterator[Rilievo]:
    """Missioni and programmi that the nomenclature does not know, or knows by another name."""
    for riga in righe(tabelle.missioni):
        if riga["denominazione"] and not riga["missione"]:
            posto, aiuto = cella("missioni", "missione", riga), "Scrivere il codice della missione."
            yield _rilievo("C04", riga, posto, campo="Missione", aiuto=aiuto)
        yield from _missione("missioni", riga, riga["missione"], riga["denominazione"], "denominazione")
    for riga in righe(tabelle.collegamenti):
        nome = riga["denominazione_missione"]
        yield from _missione("collegamenti", riga, riga["missione"], nome, "denominazione_missione")
        yield from _programma(riga)


def _missione(
    tabella: str, riga: Riga, missione: str, nome: str, colonna_nome: str
) -> Iterator[Rilievo]:
    codice = bilancio.leggi(missione, "").missione
    if codice in bilancio.MISSIONI:
        yield from _nome(riga, tabella, colonna_nome, codice, nome, bilancio.MISSIONI)
    elif missione:
        giusta = bilancio.codice_di(missione)
        forse = f"Forse {giusta}? " if giusta else ""
        posto = cella(tabella, "missione", riga)
        yield _rilievo("B01", riga, posto, valore=citazione(missione), forse=forse)


def _programma(riga: Riga) -> Iterator[Rilievo]:
    missione = riga["codice_missione"]
    letti = bilancio.leggi(riga["missione"], riga["programma"]).programmi
    posto, valore = cella("collegamenti", "programma", riga), citazione(riga["programma"])
    if valore and not letti and not re.fullmatch(r"\d{1,2}", valore):
        yield _rilievo("B05", riga, posto, valore=valore)
    if missione not in bilancio.MISSIONI or not letti:
        return
    programmi = bilancio.programmi_di(missione)
    if any(programma not in programmi for programma in letti):
        yield _rilievo("B02", riga, posto, valore=valore, missione=missione)
    elif len(letti) == 1:
        nome, colonna = riga["denominazione_programma"], "denominazione_programma"
        yield from _nome(riga, "collegamenti", colonna, letti[0], nome, programmi)


def _nome(
    riga: Riga, tabella: str, colonna: str, codice: str, nome: str, elenco: dict[str, str]
) -> Iterator[Rilievo]:
    giusto = bilancio.codice_giusto(codice, nome, elenco)
    if giusto is None:
        return
    posto = cella(tabella, colonna, riga)
    dati = {"codice": codice, "ufficiale": elenco[codice], "valore": citazione(nome)}
    if giusto:
        yield _rilievo("B03", riga, posto, **dati, giusto=giusto)
    else:
        yield _rilievo("B04", riga, posto, **dati)


def _nome_dubbio(nome: str) -> str:
    """The code of what is odd in a name by itself, "" for nothing."""
    if not personale.e_nome_e_cognome(nome):
        return "N03"
    return "N02" if personale.forse_piu_persone(nome) else ""


def _persone(tabelle: Tabelle) -> Iterator[Rilievo]:
    """Names that may be one person written in two ways, or two people written as one."""
    persone = [riga for riga in righe(tabelle.personale) if not riga["gruppo"]]
    conti = Counter(riga["nominativo"] for riga in persone)
    prime = {riga["nominativo"]: riga for riga in reversed(persone)}
    for nome, riga in reversed(prime.items()):
        dubbio = _nome_dubbio(nome)
        if dubbio:
            yield _rilievo(dubbio, riga, cella("schede", riga["ruolo"], riga), nome=nome)
    for coppia in personale.quasi_uguali(nome for nome in conti if not _nome_dubbio(nome)):
        # the rarer spelling is the likelier slip
        raro, altro = sorted(coppia, key=lambda nome: conti[nome])
        riga, dove = prime[raro], prime[altro]
        foglio = "" if dove["file"] == riga["file"] else f" di {dove['file']}"
        posto = cella("schede", dove["ruolo"], dove) + foglio
        dati = {"nome": raro, "altro": altro, "dove": posto}
        yield _rilievo("N01", riga, cella("schede", riga["ruolo"], riga), **dati)


def _settori(tabelle: Tabelle, parametri: Parametri) -> Iterator[Rilievo]:
    for settore in righe(tabelle.settori):
        if settore["settore"] == TRASVERSALI:
            continue
        voci = righe(tabelle.voci[tabelle.voci["settore"] == settore["settore"]])
        dove = {"file": settore["file"], "foglio": registro.foglio_voci(settore["modello"])}
        nome = settore["denominazione"]
        yield from _fanno_cento("voci", voci, "delle voci")
        senza = [voce for voce in voci if voce["peso"] is None]
        valutate = [voce for voce in voci if _entra(voce, parametri)]
        if not voci:
            yield _rilievo("V13", dove, settore=nome)
        elif 0 < len(senza) < len(voci):
            posto = cella("voci", "peso", senza[0])
            yield _rilievo("V01", dove, posto, quanti=str(len(senza)), totale=str(len(voci)))
        elif valutate and all(voce["peso"] == 0 for voce in valutate):
            yield _rilievo("V02", dove, cella("voci", "peso", valutate[0]))
        if any(voce["stato"] for voce in voci) and not valutate:
            yield _rilievo("V12", dove, settore=nome)


def _pesi_ente(tabelle: Tabelle) -> Iterator[Rilievo]:
    settori = tabelle.elenco[tabelle.elenco["settore"] != TRASVERSALI]
    dove = {"file": "ente.xlsx", "foglio": "Settori"}
    if 0 < settori["peso"].notna().sum() < len(settori):
        yield _rilievo("E05", dove)
    pesate = pd.notna(tabelle.voci["peso"]).groupby(tabelle.voci["settore"]).any()
    if pesate.any() and not pesate.all():
        yield _rilievo("V11", dove)
