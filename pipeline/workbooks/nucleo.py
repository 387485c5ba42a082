"""`nucleo.xlsx`: every obiettivo of the ente once, and beside it what the Nucleo writes."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.excel import altezza
from pipeline.tables import Riga
from pipeline.workbooks import form
from pipeline.workbooks.fields import Campo, Lettura, celle_di
from pipeline.workbooks.form import Modulo
from pipeline.workbooks.grid import Foglio
from pipeline.workbooks.sezioni import (
    Sezione,
    annota_colonne,
    salta_senza_intestazione,
    segna_titolo,
    trova_sezione,
)

NOME = "nucleo"
FILE = "nucleo.xlsx"
FOGLIO, ISTRUZIONI = "Obiettivi", "Istruzioni"
TITOLO = "OBIETTIVI PER IL NUCLEO DI VALUTAZIONE"
CAMPI = (
    Campo("obiettivo", "Obiettivo", 1, "codice"),
    Campo("settore", "Settore", 2),
    Campo("descrizione", "Descrizione", 3),
    Campo("schede", "Schede", 4),
    Campo("stato", "Stato", 5),
    Campo("motivo", "Motivo o note del settore", 6),
    Campo("grado_dichiarato", "Grado dichiarato %", 7, "grado"),
    Campo("grado_misurato", "Grado misurato %", 8, "grado"),
    Campo("misurati", "Indicatori misurati", 9),
    Campo("scarto", "Dichiarato − misurato", 10),
    Campo("visto", "Visto, confermo", 11, "segno", "Una X: visto, il grado è confermato."),
    Campo(
        "grado_nucleo",
        "Grado Nucleo %",
        12,
        "grado",
        "Solo se diverso: prevale sul dichiarato, in tutti i settori per un obiettivo comune.",
    ),
    Campo("note", "Note Nucleo", 13, aiuto="Vanno nella relazione, accanto al grado."),
)
LARGHEZZE = (26.0, 24.0, 46.0, 9.0, 17.0, 34.0, 11.0, 11.0, 11.0, 11.0, 11.0, 11.0, 40.0)
SCRITTI = ("obiettivo", "descrizione", "grado_dichiarato", "visto", "grado_nucleo", "note")
"""What is read back; the rest is for reading, and is made anew every time."""
DEL_NUCLEO = ("visto", "grado_nucleo", "note")
ASPETTI = {"visto": "segno_nucleo", "grado_nucleo": "numero_nucleo", "note": "testo_nucleo"}
PRIMA = 4
TESTI = (
    "Il file del Nucleo di valutazione",
    "1. Foglio Obiettivi: una riga per obiettivo dell'ente; quelli comuni a più settori (T1, T2…) una "
    "volta sola. Si scrive nelle caselle verdi; il resto è protetto, senza password.",
    "2. «Visto, confermo»: una X dice che il Nucleo ha guardato l'obiettivo e ne conferma il grado.",
    "3. «Grado Nucleo %»: un numero da 0 a 100, solo dove il Nucleo dà un grado diverso. Prevale su "
    "quello dichiarato; per un obiettivo comune vale in tutti i settori.",
    "4. «Note Nucleo»: vanno nella relazione e nel consolidato, accanto al grado.",
    "5. Il file si salva come .xlsx e si restituisce all'ufficio, che lo mette fra quelli dei "
    "settori con il nome nucleo.xlsx. Se poi un settore consegna di nuovo, ciò che il Nucleo ha scritto "
    "resta; dove il grado dichiarato è cambiato, l'ufficio lo sa da un avviso.",
)
"""The sheet Istruzioni; whoever changes a line keeps the old one readable, as in `settore`."""


def scrivi(percorso: Path, nome_ente: str, anno: int, obiettivi: Iterable[Riga]) -> None:
    """Write the workbook. `obiettivi`: a row for each, with the keys of `CAMPI` (gradi rounded)."""
    proprieta = {"titolo": f"Nucleo di valutazione {anno}", "modello": NOME, "versione": form.VERSIONE}
    modulo = Modulo(percorso, anno, {**proprieta, "ente": nome_ente, "anno": str(anno)})
    _scrivi_istruzioni(modulo)
    ws = modulo.foglio(FOGLIO, LARGHEZZE, orizzontale=True)
    modulo.scrivi(ws, 1, 1, TITOLO, "titolo")
    modulo.scrivi(ws, 2, 1, f"{nome_ente}, anno {anno}", "prosa_corta")
    ws.set_row(0, 22)
    for campo in CAMPI:
        modulo.scrivi(ws, PRIMA - 1, campo.colonna, campo.etichetta, "intestazione")
    ws.set_row(PRIMA - 2, 30)
    ws.repeat_rows(PRIMA - 2)
    ws.freeze_panes(PRIMA - 1, 3)
    righe = list(obiettivi)
    for riga, dati in enumerate(righe, start=PRIMA):
        _scrivi_riga(modulo, ws, riga, dati)
    for campo in CAMPI:
        if campo.chiave in DEL_NUCLEO and righe:
            modulo.regola(ws, campo, PRIMA, PRIMA + len(righe) - 1)
    modulo.chiudi()


def _scrivi_riga(modulo: Modulo, ws: Any, riga: int, dati: Riga) -> None:
    misure = []
    for campo in CAMPI:
        valore = dati.get(campo.chiave, campo.vuoto)
        if campo.tipo == "segno":
            valore = "X" if valore else ""
        aspetto = "calcolo" if campo.tipo == "grado" else "fisso"
        modulo.scrivi(ws, riga, campo.colonna, valore, ASPETTI.get(campo.chiave, aspetto))
        misure.append((str(valore if valore is not None else ""), LARGHEZZE[campo.colonna - 1]))
    ws.set_row(riga - 1, altezza(misure, 18))


def _scrivi_istruzioni(modulo: Modulo) -> None:
    ws = modulo.foglio(ISTRUZIONI, (120.0,), orizzontale=True)
    for riga, testo in enumerate(TESTI, start=1):
        modulo.scrivi(ws, riga, 1, testo, "titolo" if riga == 1 else "prosa")
        ws.set_row(riga - 1, 24 if riga == 1 else altezza([(testo, 105)], 20))


def leggi(lettura: Lettura) -> None:
    """Read the workbook: its rows go into `giudizi`, what is wrong into the findings."""
    for nome, foglio in lettura.cartella.fogli.items():
        if form.nostro(foglio):
            lettura.riporta_non_lette(foglio)
        elif nome == FOGLIO:
            _leggi_obiettivi(lettura, foglio)
        elif nome == ISTRUZIONI:
            foglio.segna_modello(*(p for p in foglio.piene() if foglio.testo(*p) in TESTI))
            lettura.riporta_non_lette(foglio)
        elif foglio.piene():
            lettura.salta_non_previsto(foglio, (FOGLIO, ISTRUZIONI))
    if FOGLIO not in lettura.cartella.fogli:
        lettura.rileva("M08", FOGLIO, atteso=FOGLIO)


def _leggi_obiettivi(lettura: Lettura, foglio: Foglio) -> None:
    segna_titolo(foglio, TITOLO)
    sezione = trova_sezione(foglio, CAMPI)
    if sezione is None:
        salta_senza_intestazione(lettura, foglio, CAMPI)
        return
    foglio.segna_modello(*(p for p in foglio.piene() if p[0] == sezione.testa - 1 and p[1] == 1))
    annota_colonne(lettura, foglio, sezione, foglio.ultima_riga())
    _segna_da_leggere(foglio, sezione)
    suoi = sezione.solo(campo for campo in CAMPI if campo.chiave in SCRITTI)
    for riga in range(sezione.testa + 1, foglio.ultima_riga() + 1):
        if any((riga, campo.colonna) in foglio.piene() for campo in suoi):
            valori = lettura.leggi_riga(suoi, foglio, riga)
            celle = celle_di(suoi, riga)
            lettura.aggiungi("giudizi", foglio, riga, celle=celle, **valori)
            nostre = {posto for chiave, posto in celle.items() if chiave not in DEL_NUCLEO}
            foglio.segna_modello(*(p for p in nostre if (foglio.nome, p) not in lettura.escluse))
    lettura.riporta_non_lette(foglio)


def _segna_da_leggere(foglio: Foglio, sezione: Sezione) -> None:
    """Account for the cells that are there to be read, beside a code."""
    codice = sezione["obiettivo"].colonna
    colonne = {campo.colonna for chiave, campo in sezione.campi.items() if chiave not in SCRITTI}
    foglio.segna_modello(
        *(
            (riga, colonna)
            for riga, colonna in foglio.piene()
            if riga > sezione.testa and colonna in colonne and (riga, codice) in foglio.piene()
        )
    )
