"""Rules on the sheet Risorse: rows of no programma or of one that is there twice, odd amounts."""

from collections.abc import Iterator
from itertools import pairwise

from pipeline import bilancio
from pipeline.checks.comuni import Caso, rilievo
from pipeline.ingest import anno_di
from pipeline.numeri import importo
from pipeline.parole import citazione
from pipeline.rilievi import Rilievo
from pipeline.risorse import VOCI
from pipeline.tables import Risorsa
from pipeline.workbooks.registro import cella

FUORI = "gli importi di questa riga non sono in nessun totale"
SENZA_NOME = "gli importi sono contati, sotto il solo codice"


def programmi(caso: Caso) -> Iterator[Rilievo]:
    """Rows that name no programma, or one that the nomenclature of the year has not; programmi that are
    there twice."""
    anno, prime = anno_di(caso.tabelle), dict[str, Risorsa]()
    di_quando = f" del {anno}" if anno else ""
    for riga in caso.righe.risorse:
        codice = riga["codice"]
        if not codice:
            yield _senza_programma(riga)
            continue
        posto, nome = cella("risorse", "programma", riga), bilancio.con_punto(codice)
        if codice not in bilancio.programmi(anno):
            perche = f"{nome} non è un programma della nomenclatura{di_quando}"
            aiuto = "Controllare i codici della missione e del programma."
            yield rilievo("E20", riga, posto, perche=perche, effetto=SENZA_NOME, aiuto=aiuto)
        if codice in prime:
            yield rilievo("E22", riga, posto, nome=nome, prima=str(prime[codice]["riga"]))
        prime.setdefault(codice, riga)


def _senza_programma(riga: Risorsa) -> Rilievo:
    """What a row lacks to be of a programma, at the cell to mend."""
    missione, programma = riga["missione"].strip(), riga["programma"].strip()
    letto = bilancio.leggi(missione, "").missione
    if missione and letto not in bilancio.MISSIONI:
        forse = bilancio.codice_di(missione)
        perche = f"«{citazione(missione)}» non è il codice di una missione"
        aiuto = f"{f'Forse {forse}? ' if forse else ''}Scrivere il codice della missione, per esempio 01"
        colonna, aiuto = "missione", f"{aiuto}; la riga di un totale si toglie."
    elif not programma:
        perche = "manca il programma"
        aiuto = "Scrivere il codice del programma, per esempio 02; la riga di un totale si toglie."
        colonna = "programma"
    else:
        della = f" della missione {letto}" if letto else ""
        perche = f"«{citazione(programma)}» non è il codice di un programma{della}"
        aiuto = "Scrivere un programma solo, con la sua missione: 01 e 02, oppure 01.02."
        colonna = "programma"
    posto = cella("risorse", colonna, riga)
    return rilievo("E20", riga, posto, perche=perche, effetto=FUORI, aiuto=aiuto)


def importi(caso: Caso) -> Iterator[Rilievo]:
    """What was paid is part of what was committed, and this of what was allotted (D.Lgs. 118/2011, all.
    4/2)."""
    for riga in caso.righe.risorse:
        nome = bilancio.con_punto(riga["codice"]) if riga["codice"] else f"Riga {riga['riga']}"
        detti = [(voce, valore) for voce in VOCI if (valore := riga[voce]) is not None]
        for (prima, massimo), (dopo, valore) in pairwise(detti):
            if valore > massimo:
                dati = {"di_piu": f"{dopo} {importo(valore)}", "di_meno": f"{prima} {importo(massimo)}"}
                yield rilievo("E21", riga, cella("risorse", dopo, riga), nome=nome, **dati)
