"""Rules on the indicatori: what could be measured, were it not for something to correct in a cell."""

from collections.abc import Iterator

from pipeline.checks.comuni import Caso, rilievo
from pipeline.parole import citazione, quanti
from pipeline.rilievi import Rilievo
from pipeline.tables import Indicatore
from pipeline.valori import ALTRO_ANNO, DUE_LETTURE, NEGATIVO
from pipeline.workbooks.affiancati import quante
from pipeline.workbooks.registro import cella

_CODICI = {
    ALTRO_ANNO: ("I02", "atteso"),
    NEGATIVO: ("I03", "raggiunto"),
    DUE_LETTURE: ("I04", "raggiunto"),
}


def non_misurati(caso: Caso) -> Iterator[Rilievo]:
    """Dates of a year before, negative results, numbers with two readings: whole values or one part."""
    for riga in caso.righe.indicatori:
        for motivo, (codice, colonna) in _CODICI.items():
            if riga["motivo"].endswith(motivo):
                settore = caso.righe.settori.prima(riga["settore"])
                raggiunto = citazione(riga["raggiunto"])
                scritti = {
                    "atteso": citazione(riga["atteso"]),
                    "raggiunto": raggiunto,
                    "e_raggiunto": f", raggiunto «{raggiunto}»" if riga["raggiunto"] else "",
                    "anno": str(settore["anno"] or "") if settore else "",
                }
                yield rilievo(codice, riga, cella("indicatori", colonna, riga), **scritti)


def non_allineati(caso: Caso) -> Iterator[Rilievo]:
    """Indicatori in one cell whose values are on more lines, or on fewer; not where none is written,
    nor where there is no valore atteso to measure."""
    for riga in caso.righe.indicatori:
        indicatori = quante(riga["indicatore"])
        if riga["da_allineare"] and indicatori and quante(riga["atteso"]):
            yield _non_allineati(riga, indicatori)


def _non_allineati(riga: Indicatore, indicatori: int) -> Rilievo:
    """Said at the cell that has another number of lines than the other two, or than the indicatori."""
    attesi, raggiunti = quante(riga["atteso"]), quante(riga["raggiunto"])
    if attesi == raggiunti:
        colonna, altri, righe = "indicatore", "valori attesi e raggiunti", attesi
    elif attesi != indicatori:
        colonna, altri, righe = "atteso", "i valori attesi", attesi
    else:
        colonna, altri, righe = "raggiunto", "i raggiunti", raggiunti
    dati = {n: quanti(q, "riga", "righe") for n, q in (("indicatori", indicatori), ("righe", righe))}
    return rilievo("V34", riga, cella("indicatori", colonna, riga), altri=altri, **dati)
