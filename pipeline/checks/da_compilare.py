"""Workbooks that nobody has filled in: as they were prepared, with the plan at most."""

from collections.abc import Iterator

from pipeline.checks.comuni import Caso
from pipeline.consegne import VUOTA
from pipeline.parole import normalizza, segnaposto
from pipeline.rilievi import Rilievo
from pipeline.tables import Settore, Tabelle

RISULTATI = (
    ("schede", ("valutazione", "grado_dichiarato")),
    ("fasi", ("realizzato",)),
    ("indicatori", ("raggiunto", "motivo_scostamento")),
    ("stati", ("testo",)),
    ("voci", ("stato", "grado_dichiarato", "grado_nucleo", "note_responsabile", "note")),
)
"""What is filled in at the end of the year: `make modelli DA=` empties it and keeps the rest."""


def settori(tabelle: Tabelle, gia_rilevati: list[Rilievo]) -> frozenset[str]:
    """The settori whose workbook was read and holds no result.

    One where something typed could not be read, or stands out of the form, is to be mended: what is
    there may be a result. So is one without any obiettivo but with who compiles it, other than the name
    that `make modelli` has put there: it is the plan that is missing.
    """
    scritti = set[str]()
    for tabella, colonne in RISULTATI:
        for riga in getattr(tabelle.righe, tabella):
            if riga["settore"] not in scritti and any(_scritto(riga[colonna]) for colonna in colonne):
                scritti.add(riga["settore"])
    col_piano = set(tabelle.schede["settore"]) | set(tabelle.voci["settore"])
    scritti |= {
        riga["settore"]
        for riga in tabelle.righe.settori
        if riga["settore"] not in col_piano and _di_mano_sua(riga, tabelle)
    }
    guasti = {r.file for r in gia_rilevati if r.regola.esclude}
    lette = {r["settore"] for r in tabelle.righe.provenienza if r["file"] not in guasti}
    return frozenset(lette - scritti - {""})


def _di_mano_sua(riga: Settore, tabelle: Tabelle) -> bool:
    """Whether somebody has said who compiles a workbook."""
    elencato = tabelle.elencati.get(riga["settore"])
    preparato = elencato["responsabile"] if elencato else ""
    altro = normalizza(riga["responsabile"]) != normalizza(preparato)
    return bool(riga["ruolo"] or riga["categoria"] or (riga["responsabile"] and altro))


def cartelle(caso: Caso) -> Iterator[Rilievo]:
    for letta in caso.righe.provenienza:
        if letta["settore"] in caso.vuoti:
            yield Rilievo(VUOTA, letta["file"])


def _scritto(valore: object) -> bool:
    return valore not in ("", None) and not segnaposto(str(valore))
