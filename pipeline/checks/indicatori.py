"""Rules on the indicatori: what could be measured, were it not for something to correct in a cell."""

import re
from collections.abc import Iterator

from pipeline.checks.comuni import Caso, con_grado, giudicate, rilievo
from pipeline.numeri import breve, con_segno
from pipeline.parole import citazione, elenco_di, quanti
from pipeline.rilievi import Rilievo
from pipeline.score import entra
from pipeline.tables import (
    DICHIARATO,
    VALUTATO,
    Indicatore,
    chiave_scheda,
    coperte,
    motivo_della_voce,
    sotto_l_atteso,
)
from pipeline.valori import (
    ALTRO_ANNO,
    DUE_LETTURE,
    MANCA_RAGGIUNTO,
    MAX_CARATTERI,
    NEGATIVO,
    NON_MISURABILE,
    SENZA_DATI,
)
from pipeline.workbooks.affiancati import quante
from pipeline.workbooks.registro import cella

MAX_VALORE, MAX_DETTI = 30, 3
"""How much of a value is quoted in a finding, and how many indicatori of one cell are told."""
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


_A_PAROLE = "a parole: serve una valutazione qualitativa"
_DEL_PIANO = re.compile(
    rf"{SENZA_DATI}|il valore atteso non è stato fissato|la scadenza .* viene dopo l'anno rendicontato"
)
"""What nobody is to mend: rows of context, what the piano left open or for later."""
_AL_VERSO = re.compile(r"verso (decrescente|\(|indicato)")
_ALL_ATTESO = re.compile(
    r"(parte \d+: )?(il valore atteso|non si sa se|non si capisce se sono anni|"
    r"uno dei due è .*anche il valore atteso)"
)
_COME_DETTO = "Correggere la cella; se non si può misurare, nulla da fare."
_RIMEDI = {
    MANCA_RAGGIUNTO: "Scrivere il valore raggiunto; se il dato non c'è, nulla da fare.",
    f"il raggiunto è descritto {_A_PAROLE}": "Scrivere solo il risultato (un numero, SÌ o NO, una "
    "data); le parole vanno nello stato di attuazione. Se non si può misurare, nulla da fare.",
    f"il valore atteso è descritto {_A_PAROLE}": "Scriverlo come si misura (20, >= 20, 80 %, entro il "
    "30/06, SÌ); se non si può misurare, nulla da fare.",
}
"""What to write, where the motivo does not say it already."""


def da_misurare(caso: Caso) -> Iterator[Rilievo]:
    """The indicatori with a valore atteso, under a grado that somebody has declared (be it one that
    cannot be read), that could be measured if a cell were written otherwise: one finding a cell, in the
    words of the consolidato.

    What the piano itself left to words is nobody's fault. Of a scheda without any raggiunto V26 tells.
    """
    schede = con_grado(caso) | (caso.senza_grado - giudicate(caso.righe))
    if caso.parametri.origine != DICHIARATO:  # then a measure may be the grado
        valutate = (voce for voce in caso.righe.voci if voce["stato"] == VALUTATO)
        schede |= {coperta for voce in valutate for coperta in coperte(voce)} - giudicate(caso.righe)
    schede &= {chiave_scheda(i) for i in caso.righe.indicatori if i["raggiunto"].strip()}
    for riga in caso.righe.indicatori:
        if chiave_scheda(riga) in schede and _mendabile(riga):
            motivo = riga["motivo"]
            dati = {"motivo": motivo, "rimedio": _RIMEDI.get(motivo, _COME_DETTO)}
            yield rilievo("V36", riga, cella("indicatori", _colonna(motivo), riga), **dati)


def senza_motivo(caso: Caso) -> Iterator[Rilievo]:
    """The indicatori under the atteso of which nobody says why: one finding a cell to be filled in; none
    where the workbook has no such cell.

    Not where a voce that covers the scheda says it already, or is out of the mean: V08 asks there.
    """
    spiegate = {
        scheda
        for voce in caso.righe.voci
        if motivo_della_voce(voce) or not (voce["stato"] == "" or entra(voce, caso.parametri))
        for scheda in coperte(voce)
    }
    da_scrivere: dict[tuple[str, str, str], list[Indicatore]] = {}
    for riga in caso.righe.indicatori:
        scritto = riga["motivo_scostamento"].strip() or chiave_scheda(riga) in spiegate
        if scritto or not sotto_l_atteso(riga):
            continue
        if posto := cella("indicatori", "motivo_scostamento", riga):
            da_scrivere.setdefault((riga["file"], riga["foglio"], posto), []).append(riga)
    for (_, _, posto), sue in da_scrivere.items():
        yield rilievo("V42", sue[0], posto, valori=elenco_di(list(map(_sotto, sue[:MAX_DETTI]))))


def _sotto(riga: Indicatore) -> str:
    atteso, raggiunto = (citazione(riga[c], MAX_VALORE) for c in ("atteso", "raggiunto"))
    grado = con_segno(breve(riga["grado_misurato"]))
    return f"«{raggiunto}» su un atteso di «{atteso}» ({grado})"


def _mendabile(riga: Indicatore) -> bool:
    """Whether who fills in the form can make an indicatore measurable."""
    motivo, atteso = riga["motivo"], riga["atteso"].strip()
    if riga["esito"] != NON_MISURABILE or not atteso or _DEL_PIANO.match(motivo):
        return False
    if riga["da_allineare"]:  # V34 tells
        return False
    if motivo.endswith(tuple(_CODICI)):
        return False
    if motivo == f"il valore atteso è descritto {_A_PAROLE}":
        return len(atteso) <= MAX_CARATTERI and any(segno.isnumeric() for segno in atteso)
    return True


def _colonna(motivo: str) -> str:
    """The field in which what hinders the measure is mended."""
    if _AL_VERSO.search(motivo):
        return "verso"
    return "atteso" if _ALL_ATTESO.match(motivo) else "raggiunto"


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
