"""Tables -> findings: what single cells cannot tell. Never reads a file, never changes a table."""

from pipeline.checks import da_compilare, ente, indicatori, missioni, nomi, schede, voci
from pipeline.consegne import VUOTA
from pipeline.rilievi import GRAVITA, Rilievo
from pipeline.tables import Parametri, Tabelle, righe

CASELLE_DUBBIE = ("C06", "C07", "C08", "C09", "C16")
TESTI_NON_LETTI = ("M10", "C06", "C07", "C10", "C16")


def controlla(tabelle: Tabelle, parametri: Parametri, gia_rilevati: list[Rilievo]) -> list[Rilievo]:
    """The findings of all the rules, less those that only follow from one already made at the cell.

    A consequence is dropped when the cause at the same cell weighs at least as much.
    """
    cause = {(r.file, r.foglio, r.cella): GRAVITA.index(r.gravita) for r in gia_rilevati if r.cella}
    non_lette = _schede_non_lette(tabelle, gia_rilevati)
    vuote = da_compilare.settori(tabelle, gia_rilevati)
    trovati = [
        *voci.voci(tabelle, parametri, non_lette, vuote),
        *voci.coperture(tabelle),
        *schede.obiettivi(tabelle),
        *schede.incomplete(tabelle, {settore for settore, _ in non_lette}),
        *schede.pesi_indicatori(tabelle),
        *indicatori.non_misurati(tabelle),
        *missioni.codici(tabelle),
        *schede.esiti(tabelle),
        *schede.attuazione(tabelle),
        *schede.lontani(tabelle, parametri),
        *schede.doppi(tabelle),
        *nomi.persone(tabelle),
        *nomi.uffici(tabelle),
        *ente.termine(tabelle),
        *ente.altri_anni(tabelle),
        *voci.settori(tabelle, parametri),
        *ente.pesi(tabelle),
    ]
    non_letti = {(r.file, r.foglio) for r in gia_rilevati if r.codice in ("M08", "M09")}
    # a box that could not be read is not a box left empty
    caselle = {(r.file, r.foglio, r.riga) for r in gia_rilevati if r.codice in CASELLE_DUBBIE}
    # what could not be read, or stands in the wrong place, may be what shows the grado
    testi = {(r.file, r.foglio) for r in gia_rilevati if r.codice in TESTI_NON_LETTI}
    # a heading with the code of another missione has also the name of another
    senza_missione = {(r.file, r.foglio, r.riga) for r in gia_rilevati if r.codice == "M16"}
    rimandi_rotti = {r.file for r in trovati if r.codice == "V05"}
    file_vuoti = {r["file"] for r in righe(tabelle.provenienza) if r["settore"] in vuote}
    # where a cell feeds several tables, each rule says its say once
    unici = {(r.codice, r.file, r.foglio, r.cella or r.messaggio): r for r in reversed(trovati)}
    return [Rilievo(VUOTA, file) for file in sorted(file_vuoti)] + [
        r
        for r in reversed(unici.values())
        if r.file not in file_vuoti
        and (r.file, r.foglio) not in non_letti
        and not (r.codice == "V06" and r.file in rimandi_rotti)
        and not (r.codice == "V20" and (r.file, r.foglio, r.riga) in caselle)
        and not (r.codice in ("B03", "B04") and (r.file, r.foglio, r.riga) in senza_missione)
        and not (r.codice == "V26" and (r.file, r.foglio) in testi)
        and cause.get((r.file, r.foglio, r.cella), len(GRAVITA)) > GRAVITA.index(r.gravita)
    ]


def _schede_non_lette(tabelle: Tabelle, gia_rilevati: list[Rilievo]) -> set[tuple[str, int]]:
    """The schede that are in their workbook but on a sheet that could not be read."""
    settori = dict(zip(tabelle.provenienza["file"], tabelle.provenienza["settore"], strict=True))
    return {
        (settori[r.file], int(r.dati["scheda"]))
        for r in gia_rilevati
        if r.codice == "M09" and "scheda" in r.dati and r.file in settori
    }
