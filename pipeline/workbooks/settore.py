"""What every settore workbook has, whatever its template: its identity, `Istruzioni`, `Settore`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline.excel import altezza
from pipeline.parole import citazione, normalizza
from pipeline.tables import (
    DICHIARATO,
    NON_CONSUNTIVATO,
    ORIGINI,
    STATI,
    VALUTATO,
    PerScheda,
    PerSettore,
    Riga,
)
from pipeline.workbooks import form
from pipeline.workbooks.fields import Campo, Lettura, trova_riga
from pipeline.workbooks.form import Modulo
from pipeline.workbooks.grid import Foglio, indirizzo
from pipeline.workbooks.sezioni import salta_senza_etichetta, segna_titolo, trova_caselle

SETTORE = (
    Campo("responsabile", "Responsabile", 2, aiuto="Chi risponde del settore."),
    Campo("ruolo", "Ruolo", 2, aiuto="Per esempio: Responsabile di settore, Segretario comunale."),
    Campo("categoria", "Categoria", 2, aiuto="L'area o la categoria contrattuale, se serve."),
)
TITOLO_SETTORE = "SETTORE"
FINE_VOCI = "OBIETTIVI"
"""The label of the first total: the rows of the voci end above it."""
VALUTATI = "VALUTATI"
COMPLESSIVA = "PERCENTUALE DI RAGGIUNGIMENTO COMPLESSIVA"
NON_CONSUNTIVATI = "Grado attribuito ai non consuntivati"
ORIGINE = "Origine del grado"
TOTALI = (FINE_VOCI, VALUTATI, COMPLESSIVA, NON_CONSUNTIVATI, ORIGINE)
PESI_INCOMPLETI = "pesi incompleti"
DAGLI_INDICATORI, NELLA_RELAZIONE = "dagli indicatori", "nella relazione"
"""What stands for a grado that the formulas of a workbook cannot tell, and for the mean of such gradi:
only the program reads the indicatori."""
INCOLLARE = (
    "Da Word, da un PDF o da una pagina web si incolla solo il testo: in Excel tasto destro, Incolla "
    "speciale, Testo (nelle versioni recenti Ctrl+Maiusc+V); in LibreOffice Ctrl+Alt+Maiusc+V, e OK se "
    "chiede come dividerlo. Con Ctrl+V le caselle diventano bianche e bloccate: si rimedia subito con "
    "Ctrl+Z; oppure togliendo la protezione del foglio, senza password (Excel: Revisione, Rimuovi "
    "protezione foglio; LibreOffice: Strumenti, Proteggi foglio)."
)
"""The last line of the sheet Istruzioni, in every form. The keys: those of Excel for Microsoft 365, and
of LibreOffice 7.4, as its configuration has them for spreadsheets."""
ISTRUZIONI_DI_PRIMA = (
    "1. Si scrive solo nelle caselle gialle; il resto è protetto, senza password. Le caselle verdi "
    "della Valutazione sono del Nucleo.",
    "3. Un foglio Scheda per ogni scheda: obiettivi e fasi, bilancio, indicatori, stato di "
    "attuazione, una X nella valutazione, la percentuale.",
    "5. Valore atteso e Raggiunto sono testo: si scrivono come nel piano (> 15, almeno 80%, SI, "
    "2 PL + 30 CDU). Un dato che manca si lascia vuoto: vuoto non vale zero.",
    "6. Foglio Valutazione: una riga per obiettivo, con i numeri delle schede che riassume, lo stato "
    "e il grado. Solo le voci «valutato» entrano nella media; per le altre si scrive il motivo nelle "
    "note.",
    "7. Le schede trasversali sono in una cartella a parte: nella Valutazione si indicano con T1, T2…",
    "12. Le schede trasversali sono in una cartella a parte: nella Valutazione si indicano con T1, T2…",
    "2. Foglio Settore: responsabile, ruolo, categoria.",
    "1. Si scrive solo nelle caselle gialle; il resto è protetto, senza password.",
    "3. Foglio Obiettivi operativi: una riga per obiettivo, sotto la riga della sua missione. La "
    "tabella già pronta in Word si può incollare: le prime nove colonne sono le sue.",
    "3. Foglio Obiettivi operativi: una riga per obiettivo, sotto la riga della sua missione. La "
    "tabella già pronta in Word si può incollare, anche sopra le righe delle missioni: le prime nove "
    "colonne sono le sue.",
    "8. Si salva in formato .xlsx e si restituisce all'ufficio senza cambiare i nomi dei fogli.",
    "4. Se le righe non bastano, se ne inseriscono altre in mezzo alla tabella (tasto destro sul "
    "numero di riga, Inserisci). Se un testo non si vede tutto, si allarga la riga.",
    "4. Per un'altra missione si usa un blocco vuoto in fondo, oppure si inserisce una riga e si scrive "
    "Missione e il codice nella prima colonna (Missione 09). Per altri obiettivi si inseriscono righe "
    "in mezzo (tasto destro sul numero di riga, Inserisci).",
    "1. Si scrive solo nelle caselle gialle; il resto è protetto, senza password. Le caselle verdi "
    "sono del Nucleo.",
    "7. La percentuale è un numero da 0 a 100. Un dato che manca si lascia vuoto: vuoto non vale zero. "
    "Un obiettivo sospeso o rinviato prende il suo stato, e il motivo nelle note: esce dalla media.",
    "8. La percentuale in fondo è un primo conto: fa fede quella della relazione.",
    "9. Si salva in formato .xlsx e si restituisce all'ufficio senza cambiare i nomi dei fogli.",
)
"""Lines of the sheet Istruzioni that the forms had before: whoever changes one puts it here,
or the workbooks already handed out would be told that somebody typed it."""


@dataclass(frozen=True)
class Testata:
    """What a settore workbook is about: it is printed on it and identifies it when it comes back."""

    ente: str
    anno: int
    settore: str
    denominazione: str
    modello: str
    grado_non_consuntivato: Decimal | None = None
    origine: str = DICHIARATO


@dataclass(frozen=True)
class Risultati:
    """The figures shown by the live formulas of a workbook: grado by voce, then the totals.

    A grado, and the complessivo, may be the words that stand for it.
    """

    gradi: dict[int, Decimal | str | None]
    valutati: int = 0
    complessivo: Decimal | str | None = None
    rinviati: frozenset[int] = frozenset()
    """Voci whose grado the ente takes from their indicatori, which a form does not measure."""
    pesi_incompleti: bool = False


def apri_modulo(percorso: Path, testata: Testata) -> Modulo:
    """A new workbook that carries its identity."""
    return Modulo(
        percorso,
        testata.anno,
        {
            "titolo": f"{testata.denominazione} {testata.anno}",
            "modello": testata.modello,
            "versione": form.VERSIONE,
            "ente": testata.ente,
            "anno": str(testata.anno),
            "settore": testata.settore,
        },
    )


def di(righe: PerSettore[Any], settore: str) -> list[Riga]:
    """The rows of a settore, as a form takes them: by the keys of its fields."""
    return righe.di(settore)


def della(righe: PerScheda[Any], settore: str, scheda: int) -> list[Riga]:
    """The same, of one of its schede."""
    return righe.della((settore, scheda))


def scrivi_istruzioni(modulo: Modulo, istruzioni: Sequence[str]) -> None:
    ws = modulo.foglio("Istruzioni", (120.0,), orizzontale=True)
    for riga, testo in enumerate((*istruzioni, INCOLLARE), start=1):
        modulo.scrivi(ws, riga, 1, testo, "titolo" if riga == 1 else "prosa")
        ws.set_row(riga - 1, 24 if riga == 1 else altezza([(testo, 105)], 20))


def _fissi(testata: Testata) -> list[tuple[str, str]]:
    return [
        ("Ente", testata.ente),
        ("Anno", str(testata.anno)),
        ("Centro di responsabilità", testata.denominazione),
    ]


def cella_settore(testata: Testata, chiave: str) -> str:
    """Where a field of the sheet Settore stands, for the formulas of the others."""
    campi = [campo.chiave for campo in SETTORE]
    posto = 3 + len(_fissi(testata)) + campi.index(chiave)
    return f"Settore!{indirizzo(posto, SETTORE[campi.index(chiave)].colonna)}"


def scrivi_settore(modulo: Modulo, testata: Testata, dati: list[Riga]) -> None:
    """The sheet of label and value; `dati` are the rows of the table `settori` (none for a blank)."""
    ws = modulo.foglio("Settore", (28.0, 70.0))
    modulo.scrivi(ws, 1, 1, TITOLO_SETTORE, "titolo")
    riga = 3
    for etichetta, valore in _fissi(testata):
        modulo.scrivi(ws, riga, 1, etichetta, "etichetta")
        modulo.scrivi(ws, riga, 2, valore, "fisso")
        riga += 1
    for campo in form.attuali(SETTORE):
        modulo.scrivi(ws, riga, 1, campo.etichetta, "etichetta")
        valore = dati[0][campo.chiave] if dati else ""
        modulo.scrivi(ws, riga, 2, valore, "testo")
        ws.set_row(riga - 1, altezza([(valore, 70)], 18))
        modulo.regola(ws, campo, riga, riga)
        riga += 1


def scrivi_totali(
    modulo: Modulo,
    ws: Worksheet,
    riga: int,
    conta: str,
    entrano: str,
    pesi: str,
    gradi: str,
    testata: Testata,
    voci: list[Riga],
    risultati: Risultati,
) -> None:
    """The totals from `riga` down, as live formulas: how many voci, how many valued, the percentage.

    They follow from what is typed and not from the column of the gradi, of which a row inserted by the
    office has no formula. `conta` is the formula that counts the voci; `entrano`, `pesi` and `gradi` are
    what formulas say of all the rows: which enter the mean, with what peso, with what grado.
    """
    complessivo: Any = risultati.complessivo
    if risultati.valutati and risultati.pesi_incompleti:
        complessivo = PESI_INCOMPLETI
    pesi = f'IFERROR({in_numero(pesi)},"")'
    valutati, pesate = indirizzo(riga + 1, 3), f"SUM(({entrano})*ISNUMBER({pesi}))"
    media = (
        f"IF({pesate}=0,ROUND(AVERAGE({gradi}),2),"
        f'IFERROR(ROUND(SUMPRODUCT({pesi},{gradi})/SUMPRODUCT({pesi},--ISNUMBER({gradi})),2),""))'
    )
    if testata.origine != DICHIARATO:
        altrove = f'SUM(--({gradi}="{DAGLI_INDICATORI}"))'
        media = f'IF({altrove}>0,"{NELLA_RELAZIONE}",{media})'
    alcuni = f"AND({pesate}>0,{pesate}<SUM(--({entrano})))"
    media = f'=IF({valutati}=0,"",IF({alcuni},"{PESI_INCOMPLETI}",{media}))'
    con_grado = f'=SUM(({gradi}<>"")*(1-({pesi}=0)))'
    totali = (
        (FINE_VOCI, modulo.formula, f"={conta}", len(voci), "conteggio"),
        (VALUTATI, modulo.formula_di_righe, con_grado, risultati.valutati, "conteggio"),
        (COMPLESSIVA, modulo.formula_di_righe, media, complessivo, "totale"),
    )
    for posizione, (etichetta, scrivi, formula, valore, formato) in enumerate(totali, start=riga):
        modulo.unisci(ws, posizione, 1, 2, etichetta, "etichetta")
        scrivi(ws, posizione, 3, formula, valore, formato)
        ws.set_row(posizione - 1, 30 if etichetta == COMPLESSIVA else 20)
    modulo.unisci(ws, riga + 3, 1, 2, NON_CONSUNTIVATI, "etichetta")
    modulo.scrivi(ws, riga + 3, 3, testata.grado_non_consuntivato, "conteggio")
    modulo.unisci(ws, riga + 4, 1, 2, ORIGINE, "etichetta")
    modulo.scrivi(ws, riga + 4, 3, testata.origine, "fisso")
    ws.set_row(riga + 3, altezza([(testata.origine, 16)], 16))


def formula_grado(stato: str, valutata: str, grado: str, fissato: str, se_fissato: str = "") -> str:
    """What a formula says of the grado of a voce, from the cell of its stato, or of all, from the cells:
    `grado` where the condition `valutata` holds; for what is non consuntivato the cell `fissato`, or
    what stands for it, if it has a number; else nothing (docs/metodo.md)."""
    return f'IF({valutata},{grado},IF({fissata(stato, fissato)},{se_fissato or fissato},""))'


def fissata(stato: str, fissato: str) -> str:
    """The condition that a voce has the grado of the cell `fissato`. No AND: of many rows it makes one
    answer."""
    return f'({stato}="{NON_CONSUNTIVATO}")*ISNUMBER({fissato})'


def in_numero(cella: str) -> str:
    """A formula's reading of a number, also pasted as text ("100 %"); an error where there is none."""
    testo = cella
    for tolto in ('"%"', '" "', "CHAR(160)"):
        testo = f'SUBSTITUTE({testo},{tolto},"")'
    return f"IF(ISNUMBER({cella}),{cella},VALUE({testo}))"


def colonna_totali(foglio: Foglio, fine: int, prima: int) -> int:
    """The column of the totals, from their first row and the column of their labels: that of the formula
    that counts the voci."""
    formule = (c for c in foglio.colonne_piene(fine) if (fine, c) in foglio.formule)
    return next(formule, prima + 2)


def segna_totali(foglio: Foglio, fine: int, colonna: int) -> None:
    """Account for the values that the template writes beside the labels of the totals, from the row
    `fine` on: three formulas, the grado of the non consuntivati, the origin of the grado."""
    for n, etichetta in enumerate(TOTALI):
        posto = (fine + n, colonna)
        testo = normalizza(foglio.testo(*posto))
        if etichetta == ORIGINE:
            nostro = testo in {normalizza(origine) for origine in ORIGINI}
        elif etichetta == NON_CONSUNTIVATI:
            nostro = testo.replace(" ", "").isdigit()
        else:
            nostro = posto in foglio.formule
        if nostro:
            foglio.segna_modello(posto)


def annota_complessiva(lettura: Lettura, foglio: Foglio, fine: int, prima: int) -> None:
    """Note the percentage that a workbook has worked out, from the first row and column of its totals:
    not where who saved it left the calculation to the next program."""
    posto = (fine + TOTALI.index(COMPLESSIVA), colonna_totali(foglio, fine, prima))
    calcolata = foglio.numero(posto) if posto in foglio.formule else None
    if calcolata is not None and not lettura.cartella.da_calcolare:
        lettura.complessiva = (posto, calcolata)


def rinvia(risultati: Risultati, voci: list[Riga]) -> Risultati:
    """The figures of a workbook whose formulas leave some gradi to the indicatori."""
    if not risultati.rinviati:
        return risultati
    altrove = [voce for voce in voci if voce["n"] in risultati.rinviati]
    senza = [v for v in altrove if risultati.gradi.get(v["n"]) is None and v["peso"] != 0]
    return replace(
        risultati,
        gradi={**risultati.gradi, **dict.fromkeys(risultati.rinviati, DAGLI_INDICATORI)},
        valutati=risultati.valutati + len(senza),
        complessivo=NELLA_RELAZIONE,
    )


PREREQUISITO = re.compile(r"[x✗✘☒/–—-]+|n\.?\s?[ap]\.?|pre-?requisito", re.IGNORECASE)
"""What is written as the peso of what has none: the prerequisites of the others."""


def leggi_voce(lettura: Lettura, campi: Sequence[Campo], foglio: Foglio, riga: int) -> Riga:
    """The fields of a voce. A peso that says «prerequisito» has its own finding, which depends on the
    stato."""
    (peso,) = (campo for campo in campi if campo.chiave == "peso")
    posto, scritto = (riga, peso.colonna), foglio.testo(riga, peso.colonna).strip()
    if not PREREQUISITO.fullmatch(scritto):
        return lettura.leggi_riga(campi, foglio, riga)
    foglio.lette.add(posto)
    altri = [campo for campo in campi if campo is not peso]
    valori = {**lettura.leggi_riga(altri, foglio, riga), "peso": None}
    stato = valori["stato"]
    codice = "V27" if stato in STATI and stato != VALUTATO else "V28"
    dati = {"valore": citazione(scritto)}
    lettura.rileva(codice, foglio.nome, posto, **dati, **({"stato": stato} if codice == "V27" else {}))
    return valori


def fogli_per_nome(lettura: Lettura, attesi: Sequence[str]) -> dict[str, Foglio]:
    """The sheets of a workbook; those of the template whatever the capitals of their name."""
    fogli = lettura.cartella.fogli

    def nome_di(nome: str) -> str:
        return next(
            (a for a in attesi if a not in fogli and normalizza(nome) == normalizza(a)),
            nome,
        )

    return {nome_di(nome): foglio for nome, foglio in fogli.items()}


def leggi_istruzioni(lettura: Lettura, foglio: Foglio, istruzioni: Sequence[str]) -> None:
    """The lines that the form has or had are ours, wherever they stand; anything else is reported."""
    note = (*istruzioni, INCOLLARE, *ISTRUZIONI_DI_PRIMA)
    foglio.segna_modello(*(p for p in foglio.piene() if foglio.testo(*p) in note))
    if altre := foglio.non_lette():  # blanks and quotation marks as another program has them
        nostre = {normalizza(testo) for testo in note}
        foglio.segna_modello(*(p for p in altre if normalizza(foglio.testo(*p)) in nostre))
    lettura.riporta_non_lette(foglio)


def leggi_settore(lettura: Lettura, foglio: Foglio, testata: Testata) -> None:
    segna_titolo(foglio, TITOLO_SETTORE)
    caselle = trova_caselle(foglio, SETTORE)
    for etichetta, valore in _fissi(testata):
        riga = trova_riga(foglio, [etichetta], colonna=caselle.etichette)
        if riga:
            foglio.segna_modello((riga, caselle.etichette))
            if normalizza(foglio.testo(riga, caselle.valori)) == normalizza(valore):
                foglio.segna_modello((riga, caselle.valori))
    if caselle.manca:
        salta_senza_etichetta(lettura, foglio, caselle)
        return
    valori = caselle.leggi(lettura, foglio)
    lettura.aggiungi(
        "settori",
        foglio,
        1,
        settore=testata.settore,
        denominazione=testata.denominazione,
        anno=testata.anno,
        modello=testata.modello,
        celle={chiave: caselle.posto(chiave) for chiave in valori},
        **valori,
    )
    lettura.riporta_non_lette(foglio)
