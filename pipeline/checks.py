"""Tables -> findings: what single cells cannot tell. Never reads a file, never changes a table."""

from collections.abc import Iterator

import pandas as pd

from pipeline import bilancio
from pipeline.parole import citazione
from pipeline.rilievi import GRAVITA, Rilievo
from pipeline.tables import (
    NON_CONSUNTIVATO,
    STATI,
    TRASVERSALI,
    VALUTATO,
    Parametri,
    Riga,
    Tabelle,
    righe,
    schede_coperte,
)
from pipeline.workbooks.schede import cella


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
        *_settori(tabelle, parametri),
        *_pesi_ente(tabelle),
    ]
    non_letti = {(r.file, r.foglio) for r in gia_rilevati if r.codice in ("M08", "M09")}
    rimandi_rotti = {r.file for r in trovati if r.codice == "V05"}
    return [
        r
        for r in trovati
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
    lette = set(tabelle.settori["settore"])
    for voce in righe(tabelle.voci):
        nome = citazione(voce["descrizione"]) or f"riga {voce['riga']}"
        coperte = schede_coperte(voce["settore"], voce["schede"])
        if not voce["descrizione"]:
            yield _rilievo(
                "C04",
                voce,
                cella("voci", "descrizione", voce["riga"]),
                campo="Descrizione obiettivo",
                aiuto="Scrivere l'obiettivo come va nella relazione.",
            )
        yield from _schede_esistenti(voce, nome, coperte, set(gradi) | non_lette, lette)
        if non_lette.isdisjoint(coperte or []):
            yield from _stato(voce, nome, [gradi.get(c) for c in coperte or []], parametri)


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
        posto = cella("voci", "schede", voce["riga"])
        if coperte is None:
            perche = "non si capisce quali schede"
        else:
            nomi = [f"T{n}" if settore == TRASVERSALI else str(n) for settore, n in ignote]
            perche = f"non c'è una scheda {', '.join(nomi)}"
        yield _rilievo("V05", voce, posto, voce=nome, valore=citazione(voce["schede"]), perche=perche)


def _stato(voce: Riga, nome: str, gradi_schede: list[object], parametri: Parametri) -> Iterator[Rilievo]:
    stato, riga = voce["stato"], voce["riga"]
    propri = [voce["grado_dichiarato"], voce["grado_nucleo"]]
    ha_grado = any(grado is not None for grado in propri)
    if not stato:
        yield _rilievo("V04", voce, cella("voci", "stato", riga), voce=nome, ammessi=", ".join(STATI))
    elif stato == VALUTATO:
        if not ha_grado and all(grado is None for grado in gradi_schede):
            yield _rilievo("V03", voce, cella("voci", "grado_dichiarato", riga), voce=nome)
    else:
        if ha_grado:
            chiave = "grado_dichiarato" if propri[0] is not None else "grado_nucleo"
            yield _rilievo("V09", voce, cella("voci", chiave, riga), voce=nome, stato=stato)
        if not voce["note"] and not _entra(voce, parametri):
            yield _rilievo("V08", voce, cella("voci", "note", riga), voce=nome, stato=stato)


def _schede(tabelle: Tabelle) -> Iterator[Rilievo]:
    """Schede in no voce, or in more than one of a settore (a trasversale is in every settore)."""
    in_una_voce: set[tuple[str, int]] = set()
    for settore, voci in tabelle.voci.groupby("settore", sort=False):
        dove: dict[tuple[str, int], list[Riga]] = {}
        for voce in righe(voci):
            for coperta in dict.fromkeys(schede_coperte(str(settore), voce["schede"]) or []):
                dove.setdefault(coperta, []).append(voce)
        in_una_voce.update(dove)
        for (di, numero), sue in dove.items():
            if len(sue) > 1:
                nome = f"T{numero}" if di == TRASVERSALI else str(numero)
                posto = cella("voci", "schede", sue[1]["riga"])
                elenco = ", ".join(f"n. {voce['n']}" for voce in sue)
                yield _rilievo("V07", sue[1], posto, scheda=nome, voci=elenco)
    con_voci = set(tabelle.voci["settore"])
    for scheda in righe(tabelle.schede):
        attesa = scheda["settore"] in con_voci or (scheda["settore"] == TRASVERSALI and con_voci)
        if attesa and (scheda["settore"], scheda["scheda"]) not in in_una_voce:
            titolo = citazione(scheda["titolo"]) or str(scheda["scheda"])
            yield _rilievo("V06", scheda, f"B{scheda['riga']}", scheda=titolo)


def _obiettivi(tabelle: Tabelle) -> Iterator[Rilievo]:
    for obiettivo in righe(tabelle.obiettivi):
        if not obiettivo["definizione"]:
            yield _rilievo("V10", obiettivo, f"A{obiettivo['riga']}", n=str(obiettivo["n"]))


def _incomplete(tabelle: Tabelle, non_letti: set[str]) -> Iterator[Rilievo]:
    """Rows with something in them but not what names them; workbooks with fewer schede than listed."""
    for scheda in righe(tabelle.schede):
        if not scheda["titolo"]:
            aiuto = "Scrivere il nome breve della scheda."
            yield _rilievo("C04", scheda, f"B{scheda['riga']}", campo="Titolo", aiuto=aiuto)
    for nome, chiave, campo, aiuto in (
        ("indicatori", "indicatore", "Indicatore", "Scrivere che cosa si misura."),
        ("collegamenti", "missione", "Missione", "Scrivere il codice della missione."),
    ):
        for riga in righe(getattr(tabelle, nome)):
            if not riga[chiave]:
                yield _rilievo("C04", riga, cella(nome, chiave, riga["riga"]), campo=campo, aiuto=aiuto)
    lette = dict(zip(tabelle.settori["settore"], tabelle.settori["file"], strict=True))
    for elencato in righe(tabelle.elenco.drop_duplicates("settore")):
        trovate = int((tabelle.schede["settore"] == elencato["settore"]).sum())
        letto = elencato["settore"] in lette and elencato["settore"] not in non_letti
        if letto and trovate < (elencato["n_schede"] or 0):
            dove = {"file": lette[elencato["settore"]], "foglio": ""}
            yield _rilievo("V15", dove, attese=str(elencato["n_schede"]), trovate=str(trovate))


def _pesi_indicatori(tabelle: Tabelle) -> Iterator[Rilievo]:
    for _, suoi in tabelle.indicatori.groupby(["settore", "scheda"], sort=False):
        indicatori = righe(suoi)
        senza = [i for i in indicatori if i["peso"] is None]
        if 0 < len(senza) < len(indicatori):
            yield _rilievo("V14", senza[0], cella("indicatori", "peso", senza[0]["riga"]))


def _bilancio(tabelle: Tabelle) -> Iterator[Rilievo]:
    """Missioni and programmi that the nomenclature does not know, or knows by another name."""
    for riga in righe(tabelle.collegamenti):
        letto = bilancio.leggi(riga["missione"], riga["programma"])
        if letto.missione not in bilancio.MISSIONI:
            if riga["missione"]:
                posto = cella("collegamenti", "missione", riga["riga"])
                yield _rilievo("B01", riga, posto, valore=citazione(riga["missione"]))
            continue
        nome = riga["denominazione_missione"]
        yield from _nome(riga, "denominazione_missione", letto.missione, nome, bilancio.MISSIONI)
        programmi = bilancio.programmi_di(letto.missione)
        if riga["programma"] and (
            not letto.programmi or any(p not in programmi for p in letto.programmi)
        ):
            dati = {"valore": citazione(riga["programma"]), "missione": letto.missione}
            yield _rilievo("B02", riga, cella("collegamenti", "programma", riga["riga"]), **dati)
        elif len(letto.programmi) == 1:
            nome = riga["denominazione_programma"]
            yield from _nome(riga, "denominazione_programma", letto.programmi[0], nome, programmi)


def _nome(riga: Riga, campo: str, codice: str, nome: str, elenco: dict[str, str]) -> Iterator[Rilievo]:
    giusto = bilancio.codice_giusto(codice, nome, elenco)
    if giusto is None:
        return
    posto = cella("collegamenti", campo, riga["riga"])
    dati = {"codice": codice, "ufficiale": elenco[codice], "valore": citazione(nome)}
    if giusto:
        yield _rilievo("B03", riga, posto, **dati, giusto=giusto)
    else:
        yield _rilievo("B04", riga, posto, **dati)


def _settori(tabelle: Tabelle, parametri: Parametri) -> Iterator[Rilievo]:
    for settore in righe(tabelle.settori):
        if settore["settore"] == TRASVERSALI:
            continue
        voci = righe(tabelle.voci[tabelle.voci["settore"] == settore["settore"]])
        dove = {"file": settore["file"], "foglio": "Valutazione"}
        nome = settore["denominazione"]
        senza = [voce for voce in voci if voce["peso"] is None]
        valutate = [voce for voce in voci if _entra(voce, parametri)]
        if not voci:
            yield _rilievo("V13", dove, settore=nome)
        elif 0 < len(senza) < len(voci):
            posto = cella("voci", "peso", senza[0]["riga"])
            yield _rilievo("V01", dove, posto, quanti=str(len(senza)), totale=str(len(voci)))
        elif valutate and all(voce["peso"] == 0 for voce in valutate):
            yield _rilievo("V02", dove, cella("voci", "peso", valutate[0]["riga"]))
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
