"""Rules on missioni and programmi: codes that do not exist, names that are of another code."""

import re
from collections.abc import Iterator, Mapping

from pipeline import bilancio
from pipeline.checks.comuni import Caso, rilievo
from pipeline.ingest import anno_di
from pipeline.parole import citazione
from pipeline.rilievi import Rilievo
from pipeline.tables import Collegamento, Missione
from pipeline.workbooks.registro import cella


def codici(caso: Caso) -> Iterator[Rilievo]:
    """Missioni and programmi not in the nomenclature of the year, or there by another name."""
    anno = anno_di(caso.tabelle)
    for riga in caso.righe.missioni:
        if not riga["missione"]:
            posto, aiuto = cella("missioni", "missione", riga), "Scrivere il codice della missione."
            yield rilievo("C04", riga, posto, campo="Missione", aiuto=aiuto)
        nome, colonna = riga["denominazione"], "denominazione"
        if not nome:  # it may follow the code in the same cell
            nome, colonna = bilancio.nome_scritto(riga["missione"]), "missione"
        yield from _missione("missioni", riga, riga["missione"], nome, colonna)
    for collegamento in caso.righe.collegamenti:
        nome, colonna = collegamento["denominazione_missione"], "denominazione_missione"
        yield from _missione("collegamenti", collegamento, collegamento["missione"], nome, colonna)
        yield from _programma(collegamento, anno)


def _missione(
    tabella: str, riga: Missione | Collegamento, missione: str, nome: str, colonna_nome: str
) -> Iterator[Rilievo]:
    codice = bilancio.leggi(missione, "").missione
    if codice in bilancio.MISSIONI:
        yield from _nome(riga, tabella, colonna_nome, codice, nome, bilancio.MISSIONI)
    elif missione:
        giusta = bilancio.codice_di(missione)
        forse = f"Forse {giusta}? " if giusta else ""
        posto = cella(tabella, "missione", riga)
        yield rilievo("B01", riga, posto, valore=citazione(missione), forse=forse)


def _programma(riga: Collegamento, anno: int | None) -> Iterator[Rilievo]:
    missione = riga["codice_missione"]
    letti = bilancio.leggi(riga["missione"], riga["programma"]).programmi
    posto, valore = cella("collegamenti", "programma", riga), citazione(riga["programma"])
    if valore and not letti and not re.fullmatch(r"\d{1,2}", valore):
        yield rilievo("B05", riga, posto, valore=valore)
    if missione not in bilancio.MISSIONI or not letti:
        return
    programmi = bilancio.programmi(anno, missione)
    ignoti = [programma for programma in letti if programma not in programmi]
    della_missione = (codice for codice in ignoti if codice.startswith(missione))
    di_altri_anni = next(filter(None, (bilancio.di_altri_anni(c, anno) for c in della_missione)), None)
    if di_altri_anni:
        yield _fuori_periodo(riga, posto, di_altri_anni, str(anno))
    elif ignoti:
        yield rilievo("B02", riga, posto, valore=valore, missione=missione)
    elif len(letti) == 1:
        nome, colonna = riga["denominazione_programma"], "denominazione_programma"
        if bilancio.nome_superato(letti[0], nome, anno):
            dati = {"codice": letti[0], "ufficiale": programmi[letti[0]], "valore": citazione(nome)}
            yield rilievo("B04", riga, cella("collegamenti", colonna, riga), **dati)
        else:
            yield from _nome(riga, "collegamenti", colonna, letti[0], nome, programmi)


def _fuori_periodo(riga: Collegamento, posto: str, programma: bilancio.Programma, anno: str) -> Rilievo:
    """A programma of other years: since when it is there, or until when, and which one to write."""
    da_venire = programma.dal > int(anno)
    quando = f"c'è solo dal {programma.dal}" if da_venire else f"c'è stato fino al {programma.al}"
    nome = bilancio.denominazione("", programma.gia, int(anno))
    aiuto = f"che vale nel {anno}"
    if da_venire and nome:
        gia = bilancio.con_punto(programma.gia)
        aiuto = f"{gia} «{nome}», che fino al {programma.dal - 1} lo comprende"
    codice = bilancio.con_punto(programma.codice)
    dati = {"codice": codice, "nome": programma.nome, "quando": quando, "anno": anno}
    return rilievo("B06", riga, posto, **dati, aiuto=aiuto)


def _nome(
    riga: Missione | Collegamento,
    tabella: str,
    colonna: str,
    codice: str,
    nome: str,
    elenco: Mapping[str, str],
) -> Iterator[Rilievo]:
    giusto = bilancio.codice_giusto(codice, nome, elenco)
    if giusto is None:
        return
    posto = cella(tabella, colonna, riga)
    dati = {"codice": codice, "ufficiale": elenco[codice], "valore": citazione(nome)}
    if giusto:
        yield rilievo("B03", riga, posto, **dati, giusto=giusto)
    else:
        yield rilievo("B04", riga, posto, **dati)
