"""Tables -> findings: what single cells cannot tell. Never reads a file, never changes a table."""

from pipeline.checks import da_compilare, ente, indicatori, missioni, nomi, nucleo, risorse, schede, voci
from pipeline.checks.comuni import Caso, Regola
from pipeline.rilievi import GRAVITA, Rilievo, senza_conseguenze
from pipeline.tables import ChiaveScheda, Parametri, Provenienza, Tabelle, chiave_scheda, coperte
from pipeline.workbooks.registro import cella

REGOLE: tuple[Regola, ...] = (
    da_compilare.cartelle,
    voci.voci,
    voci.coperture,
    voci.titoli,
    schede.obiettivi,
    schede.senza_nome,
    schede.senza_missione,
    schede.mancanti,
    schede.non_previsti,
    schede.pesi_indicatori,
    schede.pesi_fasi,
    indicatori.non_misurati,
    indicatori.da_misurare,
    indicatori.non_allineati,
    indicatori.senza_motivo,
    missioni.codici,
    schede.esiti,
    schede.attuazione,
    schede.spezzati,
    schede.lontani,
    schede.doppi,
    nomi.persone,
    nomi.uffici,
    nomi.da_chiarire,
    ente.termine,
    ente.altri_anni,
    ente.responsabili,
    voci.settori,
    voci.complessive,
    ente.pesi,
    ente.pesi_delle_voci,
    risorse.programmi,
    risorse.importi,
    ente.premi_per_gruppi,
    nucleo.comuni,
    nucleo.giudizi,
)
"""Every rule: a new one is a function of its room, and a line here."""


def controlla(tabelle: Tabelle, parametri: Parametri, gia_rilevati: list[Rilievo]) -> list[Rilievo]:
    """The findings of all the rules, less those that only follow from one already made at the cell.

    A consequence is dropped when the cause at the same cell weighs at least as much.
    """
    cause = {(r.file, r.foglio, r.cella): GRAVITA.index(r.gravita) for r in gia_rilevati if r.cella}
    vuoti = da_compilare.settori(tabelle, gia_rilevati)
    non_lette = _schede_dette("foglio", tabelle, gia_rilevati)
    aggiunte = _schede_dette("", tabelle, gia_rilevati)
    senza_grado = _senza_grado(tabelle, gia_rilevati)
    parziali = _letti_in_parte(tabelle, gia_rilevati)
    caso = Caso(tabelle, parametri, non_lette, vuoti, aggiunte, senza_grado, parziali)
    trovati = [rilievo for regola in REGOLE for rilievo in regola(caso)]
    # where a cell feeds several tables, each rule says its say once
    unici = {(r.codice, r.file, r.foglio, r.cella or r.messaggio): r for r in reversed(trovati)}
    propri = senza_conseguenze(reversed(unici.values()), [*gia_rilevati, *trovati])
    return [
        r
        for r in propri
        if cause.get((r.file, r.foglio, r.cella), len(GRAVITA)) > GRAVITA.index(r.gravita)
    ]


def _schede_dette(
    esclude: str, tabelle: Tabelle, gia_rilevati: list[Rilievo]
) -> frozenset[ChiaveScheda]:
    """The schede that findings of reading name, by what these keep out: with the sheet, those that could
    not be read; with nothing, those that the form did not have."""
    settori = {letta["file"]: letta["settore"] for letta in tabelle.righe.provenienza}
    return frozenset(
        (settori[r.file], int(r.dati["scheda"]))
        for r in gia_rilevati
        if r.regola.esclude == esclude and "scheda" in r.dati and r.file in settori
    )


def _letti_in_parte(tabelle: Tabelle, gia_rilevati: list[Rilievo]) -> frozenset[str]:
    """The settori of whose workbook a sheet that belongs there is missing or was not understood."""
    fuori = {r.file for r in gia_rilevati if r.regola.nasconde == "foglio"}
    letti = tabelle.righe.provenienza
    return frozenset(letta["settore"] for letta in letti if letta["file"] in fuori and letta["settore"])


def _senza_grado(tabelle: Tabelle, gia_rilevati: list[Rilievo]) -> frozenset[ChiaveScheda]:
    """The schede of whose declared grado, or of that of a voce that covers them, the reading has found
    that it is no grado."""
    righe = tabelle.righe
    fuori = {(r.file, r.foglio, r.cella) for r in gia_rilevati if r.regola.esclude == "cella"}
    gradi: list[tuple[str, Provenienza, set[ChiaveScheda]]] = [
        ("schede", scheda, {chiave_scheda(scheda)}) for scheda in righe.schede
    ]
    gradi += [("voci", voce, set(coperte(voce))) for voce in righe.voci]
    return frozenset(
        chiave
        for tabella, riga, sue in gradi
        if (riga["file"], riga["foglio"], cella(tabella, "grado_dichiarato", riga)) in fuori
        for chiave in sue
    )
