"""The modello "schede": the workbook of a settore, one sheet a scheda and the sheet Valutazione.

`scrivi` makes it (blank, or with what the tables hold), `leggi` reads it back; both follow the fields
declared here. Sections are found by their headings, so that rows can be inserted. `trasversali.xlsx`
is the same workbook without the Valutazione.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.celle import lettere
from pipeline.excel import altezza
from pipeline.parole import citazione, elenco_di, normalizza
from pipeline.tables import (
    DICHIARATO,
    MISURATO_O_DICHIARATO,
    STATI,
    TRASVERSALI,
    VALUTATO,
    VALUTAZIONI,
    VERSI,
    Riga,
    Tabelle,
    costruisci,
    sigla,
)
from pipeline.workbooks import esempio, form
from pipeline.workbooks.fields import (
    A_CAPO,
    NOTA_OBBLIGATORIO,
    Campo,
    Lettura,
    celle_di,
    colonne_compilate,
    come_intestazione,
    segna_non_spuntate,
    trova_riga,
)
from pipeline.workbooks.form import Modulo, attuali, formato_di
from pipeline.workbooks.grid import Foglio, Posto, indirizzo, ripulisci, tratto
from pipeline.workbooks.numerazione import nome_scheda, numera, numeri_liberi, numero_scheda
from pipeline.workbooks.settore import (
    DAGLI_INDICATORI,
    FINE_VOCI,
    TOTALI,
    Risultati,
    Testata,
    annota_complessiva,
    apri_modulo,
    cella_settore,
    colonna_totali,
    della,
    di,
    fissata,
    fogli_per_nome,
    formula_grado,
    in_numero,
    leggi_istruzioni,
    leggi_settore,
    leggi_voce,
    rinvia,
    scrivi_istruzioni,
    scrivi_settore,
    scrivi_totali,
    segna_totali,
)
from pipeline.workbooks.sezioni import (
    COME_NEL_MODELLO,
    ELIMINARLO,
    Sezione,
    annota_colonne,
    salta_altro_foglio,
    salta_senza_intestazione,
    segna_caselle,
    segna_titolo,
    trova_etichetta,
    trova_sezione,
)

NOME = "schede"
NOME_TRASVERSALI = "trasversali"
FOGLIO_VOCI = "Valutazione"
UNITA = ("scheda", "schede")
"""What a workbook of this template is made of, one and many."""
UNA_PER_FOGLIO = True

SENZA_SEGNO = "Da 0 a 100, senza il segno: 70, non 70%."
VOCI = (
    Campo(
        "descrizione",
        "Descrizione obiettivo",
        2,
        aiuto="L'obiettivo come va nella relazione.",
        obbligatorio=True,
    ),
    Campo(
        "schede",
        "Schede",
        3,
        "codice",
        aiuto="I numeri delle schede che la voce riassume: 3 oppure 8, 9. "
        "Per una scheda trasversale: T1.",
    ),
    Campo(
        "peso",
        "Peso",
        4,
        "numero",
        "Il peso nella media. Tutti vuoti se contano allo stesso modo; alle voci escluse non serve.",
    ),
    Campo(
        "stato",
        "Stato",
        5,
        "scelta",
        "Solo le voci «valutato» entrano nella media; le altre restano elencate.",
        STATI,
        obbligatorio=True,
    ),
    Campo(
        "grado_dichiarato",
        "Grado dichiarato %",
        6,
        "grado",
        f"{SENZA_SEGNO} Se è vuoto vale la media delle schede indicate.",
    ),
    Campo(
        "note_responsabile",
        "Motivo / note del responsabile",
        7,
        aiuto="Il motivo, se la voce è rinviata, sospesa o non valutabile; altrimenti ciò che serve.",
        dalla=2,
    ),
    Campo(
        "grado_nucleo",
        "Grado Nucleo %",
        8,
        "grado",
        f"A cura del Nucleo di valutazione: se c'è, prevale sul dichiarato. {SENZA_SEGNO}",
    ),
    Campo("note", "Note Nucleo", 10, aiuto="A cura del Nucleo di valutazione."),
)
DEL_NUCLEO = ("grado_nucleo", "note")
GRADO_VOCE = 9
COLONNE_VOCI = (
    Campo("n", "N.", 1),
    *VOCI,
    Campo("grado", "Grado di raggiungimento %", GRADO_VOCE),
)
"""The columns of the Valutazione, also those that the form works out."""
INTESTAZIONE_VOCI = tuple(c.etichetta for c in sorted(COLONNE_VOCI, key=lambda c: c.colonna))
GRADO_ELENCO = 3
CENTRO = "CENTRO DI RESPONSABILITÀ"
COLONNE_ELENCO = (
    Campo("scheda", "Scheda", 1),
    Campo("titolo", "Titolo", 2),
    Campo("grado", "% raggiungimento", GRADO_ELENCO),
)
"""The list of the schede, all worked out."""
ELENCO_SCHEDE = tuple(campo.etichetta for campo in COLONNE_ELENCO)
ETICHETTE_VALUTAZIONE = (
    *INTESTAZIONE_VOCI,
    CENTRO,
    "RESPONSABILE",
    "CATEGORIA",
    *TOTALI,
    *ELENCO_SCHEDE,
    NOTA_OBBLIGATORIO,
)
VERSO_VALUTAZIONE = "Valutazione →"

TITOLO = Campo("titolo", "Titolo", 2, aiuto="Il nome breve della scheda.", obbligatorio=True)
OBIETTIVO = (
    Campo(
        "definizione",
        "DEFINIZIONE OBIETTIVO",
        1,
        aiuto="Una sola volta, sulla prima riga dell'obiettivo; sotto, solo le altre fasi.",
        obbligatorio=True,
    ),
    Campo("strategico", "STRATEGICO", 5, "segno", "X se l'obiettivo è strategico."),
)
FASE = (
    Campo("descrizione", "DESCRIZIONE/FASI", 2, aiuto="Una fase per riga."),
    Campo(
        "orizzonte",
        "ORIZZONTE TEMPORALE",
        3,
        "data",
        aiuto="Per esempio: gennaio – giugno, primo semestre.",
    ),
    Campo("assegnazione", "ASSEGNAZIONE OBIETTIVO", 4, aiuto="L'ufficio o il ruolo incaricato."),
    Campo(
        "peso", "PESO FASE", 6, "numero", "Facoltativo: quanto conta la fase nell'obiettivo.", dalla=2
    ),
    Campo(
        "realizzato",
        "% REALIZZATO",
        7,
        "grado",
        f"Facoltativo: quanto della fase è fatto. {SENZA_SEGNO} Non cambia il grado.",
        dalla=2,
    ),
)
DESCRIZIONE = Campo("descrizione", "Descrizione", 2, aiuto="Che cosa si vuole ottenere e perché.")
COLLEGAMENTO = (
    Campo("missione", "MISSIONE", 1, "codice", "Il codice della missione: 01, 12…", obbligatorio=True),
    Campo("denominazione_missione", "Denominazione della missione", 2),
    Campo("programma", "PROGRAMMA", 3, "codice", aiuto="Il codice del programma: 02, Da 01 a 07…"),
    Campo("denominazione_programma", "Denominazione del programma", 4),
)
INDICATORE = (
    Campo(
        "indicatore",
        "INDICATORI",
        1,
        aiuto="Che cosa si misura. Un indicatore per riga.",
        obbligatorio=True,
    ),
    Campo(
        "atteso",
        "Valore atteso",
        2,
        "atteso",
        "Per esempio: 40, >= 15, almeno 80%, entro il 30/06. Si scrive >= 15, non => 15: LibreOffice "
        "cambia => in =.",
    ),
    Campo("raggiunto", "Raggiunto", 3, "raggiunto", "Il valore a fine anno; vuoto se non c'è il dato."),
    Campo("peso", "Peso", 4, "numero", "Il peso fra gli indicatori della scheda; può restare vuoto."),
    Campo("verso", "Verso", 5, "scelta", "Decrescente se un valore minore è migliore.", VERSI),
    Campo("unita", "Unità", 6, aiuto="Facoltativa: giorni, pratiche, euro…", dalla=2),
    Campo("fonte", "Fonte", 7, aiuto="Facoltativa: da dove viene il dato.", dalla=2),
    Campo(
        "partenza",
        "Valore di partenza",
        8,
        "codice",
        "Facoltativo: il valore da cui si parte, o la media degli anni precedenti.",
        dalla=2,
    ),
    Campo(
        "motivo_scostamento",
        "Motivo dello scostamento",
        9,
        aiuto="Se il raggiunto è sotto l'atteso: perché, in una frase. Va nella relazione.",
        dalla=2,
    ),
)
UN_TESTO = f"Un testo per casella. Per incollarlo: doppio clic nella casella, poi incollare. {A_CAPO}"
STATO = (
    Campo("voce", "STATO DI ATTUAZIONE", 1, aiuto="La fase o l'obiettivo di cui si parla."),
    Campo("testo", "Che cosa è stato fatto", 2, aiuto=UN_TESTO),
)
CASELLE = tuple(
    Campo(chiave, parole, colonna, "segno", "X nella sola casella che vale.")
    for colonna, (chiave, parole) in enumerate(VALUTAZIONI.items(), start=1)
)
PERCENTUALE = Campo("grado_dichiarato", "% raggiungimento", 4, "grado", SENZA_SEGNO)

FASCIA_BILANCIO = "Collegamento con il bilancio"
FASCIA_VALUTAZIONE = "Valutazione sullo stato di avanzamento"
BILANCIO = Campo("bilancio", FASCIA_BILANCIO, 1)
AVANZAMENTO = Campo("avanzamento", FASCIA_VALUTAZIONE, 1)
INTESTAZIONE_OBIETTIVI = (OBIETTIVO[0], *FASE[:3], OBIETTIVO[1], *FASE[3:])
INTESTAZIONE_VALUTAZIONE = (*CASELLE, PERCENTUALE)

SEZIONI: dict[str, tuple[Campo, ...]] = {
    "obiettivi": INTESTAZIONE_OBIETTIVI,
    "collegamenti": COLLEGAMENTO,
    "indicatori": INDICATORE,
    "stati": STATO,
    "valutazione": INTESTAZIONE_VALUTAZIONE,
}
"""The tables of a Scheda in the printed order."""

LARGHEZZE_SCHEDA = (36.0, 40.0, 27.0, 25.0, 13.0, 11.0, 17.0, 15.0, 30.0)
LARGHEZZE_VALUTAZIONE = (7.0, 52.0, 16.0, 8.0, 16.0, 13.0, 34.0, 11.0, 15.0, 34.0)
VUOTE = {"obiettivi": 6, "collegamenti": 3, "indicatori": 8, "stati": 4, "voci": 20}
DI_SCORTA = 2
VOCI_DI_SCORTA = 6
SCHEDE_DI_SCORTA = 5
"""How many schede made by copying a sheet the list of the Valutazione takes in by itself."""
ALTA = 100.0
"""How high a box for a whole text is: seven lines."""

_TUTTI, _SETTORI, _TRASVERSALI = "tutti", "settori", "trasversali"
ISTRUZIONI = (
    (_TUTTI, "Si scrive solo nelle caselle gialle; il resto è protetto, senza password."),
    (_SETTORI, "Le caselle verdi della Valutazione sono del Nucleo di valutazione."),
    (
        _TUTTI,
        "L'asterisco * segna ciò che serve in ogni riga usata; il resto si compila se c'è.",
    ),
    (_TUTTI, "Foglio Settore: responsabile, ruolo, categoria."),
    (
        _TUTTI,
        "Un foglio Scheda per ogni scheda: obiettivi e fasi, bilancio, indicatori, stato di "
        "attuazione, una X nella valutazione, la percentuale. Una scheda già compilata, da imitare, è "
        f"nell'ultimo foglio, «{esempio.FOGLIO}».",
    ),
    (
        _TUTTI,
        "Se le righe non bastano, se ne inseriscono altre in mezzo alla tabella (tasto destro sul "
        "numero di riga, Inserisci). Una riga di troppo si lascia vuota: non conta. Se per eliminarla "
        "il programma lo chiede, si toglie la protezione, che non ha password (Excel: Revisione, "
        "Rimuovi protezione foglio; LibreOffice: Strumenti, Proteggi foglio). Se un testo non si vede "
        "tutto, si allarga la riga.",
    ),
    (
        _SETTORI,
        "In una riga inserita nella Valutazione N. e grado restano vuoti: entra nel conto lo stesso.",
    ),
    (
        _TUTTI,
        "Valore atteso e Raggiunto sono testo: si scrivono come nel piano (>= 15, almeno 80%, SI, "
        "2 PL + 30 CDU). Si scrive >= 15 e non => 15, che LibreOffice cambia in = 15. Un dato che manca "
        "si lascia vuoto: vuoto non vale zero.",
    ),
    (
        _TUTTI,
        "Stato di attuazione: un testo per casella. Per incollarlo: doppio clic nella casella, poi "
        f"incollare. {A_CAPO}",
    ),
    (_TUTTI, "Le percentuali si scrivono da 0 a 100, senza il segno: 70, non 70%."),
    (
        _SETTORI,
        "Foglio Valutazione: una riga per obiettivo, con i numeri delle schede che riassume, lo stato e "
        "il grado (se è già nella scheda non serve ripeterlo). Solo le voci «valutato» entrano nella "
        "media; per le altre si scrive perché, nella colonna gialla «Motivo / note del responsabile».",
    ),
    (
        _SETTORI,
        "Le schede trasversali sono in un file a parte: nella Valutazione si indicano con T1, T2…",
    ),
    (
        _TRASVERSALI,
        "Queste schede sono comuni a tutti i settori, che le indicano con T1, T2…",
    ),
    (_TUTTI, "Si salva in formato .xlsx e si restituisce all'ufficio senza cambiare i nomi dei fogli."),
)
"""Who is to be told, and what."""


# ------------------------------------------------------------------------------------------ writing


def scrivi(
    percorso: Path,
    testata: Testata,
    tabelle: Tabelle,
    n_schede: int,
    risultati: Risultati | None = None,
) -> None:
    """Write the workbook of a settore with what `tabelle` hold of it, and blank rows to go on.

    `n_schede` is the least number of Scheda sheets; `risultati` the figures to cache in the formulas.
    """
    modulo = apri_modulo(percorso, testata)
    scrivi_istruzioni(modulo, _istruzioni(testata.settore == TRASVERSALI))
    scrivi_settore(modulo, testata, di(tabelle.righe.settori, testata.settore))
    numeri = {int(riga["scheda"]) for riga in di(tabelle.righe.schede, testata.settore)}
    numeri |= set(range(1, n_schede + 1))
    valutazione = None
    if testata.settore != TRASVERSALI:
        valutazione = modulo.foglio("Valutazione", LARGHEZZE_VALUTAZIONE, orizzontale=True)
    gradi = {}
    for numero in sorted(numeri):
        ws = modulo.foglio(f"Scheda {numero}", LARGHEZZE_SCHEDA, orizzontale=True)
        _scrivi_titoli(modulo, ws, testata, numero)
        dove = _scrivi_scheda(modulo, ws, testata.settore, numero, tabelle)
        gradi[numero] = f"'Scheda {numero}'!{dove}"
    if valutazione is not None:
        _scrivi_valutazione(modulo, valutazione, testata, tabelle, gradi, risultati or Risultati({}))
    _scrivi_esempio(modulo)
    modulo.chiudi()


def _istruzioni(sola_trasversali: bool) -> list[str]:
    """How to fill in the workbook: that of a settore, or that of the trasversali alone."""
    altri = _SETTORI if sola_trasversali else _TRASVERSALI
    righe = [testo for chi, testo in ISTRUZIONI if chi != altri]
    return ["Come si compila", *(f"{n}. {testo}" for n, testo in enumerate(righe, start=1))]


def _scrivi_titoli(modulo: Modulo, ws: Worksheet, testata: Testata, numero: int) -> None:
    modulo.scrivi(ws, 1, 1, f"SCHEDA {numero} – {testata.anno}", "titolo")
    modulo.scrivi(ws, 1, 2, testata.denominazione, "titolo")
    if testata.settore != TRASVERSALI:
        ws.write_url(0, 4, "internal:'Valutazione'!A1", modulo.formati["link"], VERSO_VALUTAZIONE)
    modulo.scrivi(ws, 1, _ultima_colonna(), NOTA_OBBLIGATORIO, "nota")


def _scrivi_esempio(modulo: Modulo) -> None:
    """The last sheet: a scheda filled in, to be imitated and not to be written in."""
    fisso = modulo.bloccato()
    ws = fisso.foglio(esempio.FOGLIO, LARGHEZZE_SCHEDA, orizzontale=True)
    fisso.scrivi(ws, 1, 1, esempio.TITOLO, "titolo")
    fisso.scrivi(ws, 1, 2, esempio.SOTTOTITOLO, "titolo")
    _scrivi_scheda(fisso, ws, esempio.SETTORE, 1, costruisci(esempio.CONTENUTO))


def _scrivi_scheda(modulo: Modulo, ws: Worksheet, settore: str, numero: int, tabelle: Tabelle) -> str:
    """Write what stands under the titles of a Scheda; returns the address of its % raggiungimento."""
    ws.set_row(0, 22)
    ws.repeat_rows(0)
    ws.freeze_panes(1, 0)
    schede = della(tabelle.righe.schede, settore, numero)
    dati = schede[0] if schede else {}
    riga = _scrivi_casella(modulo, ws, 2, TITOLO, dati.get("titolo", ""), 18)
    riga = _scrivi_obiettivi(modulo, ws, riga + 1, settore, numero, tabelle)
    riga = _scrivi_casella(modulo, ws, riga + 1, DESCRIZIONE, dati.get("descrizione", ""), 45)
    modulo.unisci(ws, riga + 1, 1, _ultima_colonna(), FASCIA_BILANCIO, "fascia")
    sezioni = (
        ("collegamenti", riga + 2, 18.0),
        ("indicatori", 0, 18.0),
        ("stati", 0, ALTA),
    )
    for tabella, inizio, minima in sezioni:
        contenuto = della(getattr(tabelle.righe, tabella), settore, numero)
        di_scorta = 1 if minima == ALTA else DI_SCORTA
        vuote = di_scorta if contenuto else VUOTE[tabella]
        riga = _scrivi_sezione(modulo, ws, inizio or riga + 1, tabella, contenuto, vuote, minima)
    return _scrivi_esito(modulo, ws, riga + 1, dati)


def _ultima_colonna() -> int:
    """Up to where the bands and the wide boxes of a Scheda go."""
    return len(LARGHEZZE_SCHEDA)


def _scrivi_casella(
    modulo: Modulo, ws: Worksheet, riga: int, campo: Campo, valore: str, minima: float
) -> int:
    """A label and a wide box for one text. Returns the next row."""
    modulo.scrivi(ws, riga, 1, campo.intestazione, "etichetta")
    modulo.unisci(ws, riga, campo.colonna, _ultima_colonna(), valore, "testo")
    modulo.regola(ws, campo, riga, riga)
    ws.set_row(riga - 1, altezza([(valore, sum(LARGHEZZE_SCHEDA[1:]))], minima))
    return riga + 1


def _scrivi_obiettivi(
    modulo: Modulo, ws: Worksheet, riga: int, settore: str, numero: int, tabelle: Tabelle
) -> int:
    """The table of obiettivi and fasi: the definizione stands on the row of its first fase."""
    contenuto: list[Riga] = []
    fasi = della(tabelle.righe.fasi, settore, numero)
    for obiettivo in della(tabelle.righe.obiettivi, settore, numero):
        sue = [fase for fase in fasi if fase["obiettivo"] == obiettivo["n"]]
        prima = sue[0] if sue else {}
        contenuto.append({**prima, **{campo.chiave: obiettivo[campo.chiave] for campo in OBIETTIVO}})
        contenuto.extend(sue[1:])
    vuote = DI_SCORTA if contenuto else VUOTE["obiettivi"]
    return _scrivi_sezione(modulo, ws, riga, "obiettivi", contenuto, vuote, 18.0)


def _scrivi_sezione(
    modulo: Modulo,
    ws: Worksheet,
    riga: int,
    tabella: str,
    contenuto: list[Riga],
    vuote: int,
    minima: float,
) -> int:
    """A heading row, the rows of content and some blank ones; what has been done, in words, takes what
    width is left. Returns the row after the section."""
    campi, larga = attuali(SEZIONI[tabella]), tabella == "stati"
    for campo in campi:
        if larga and campo.chiave == "testo":
            modulo.unisci(ws, riga, campo.colonna, _ultima_colonna(), campo.intestazione, "intestazione")
        else:
            modulo.scrivi(ws, riga, campo.colonna, campo.intestazione, "intestazione")
    teste = [(campo.intestazione, LARGHEZZE_SCHEDA[campo.colonna - 1]) for campo in campi]
    ws.set_row(riga - 1, altezza(teste, 20))
    ultima = riga + len(contenuto) + vuote
    for campo in campi:
        modulo.regola(ws, campo, riga + 1, ultima)
    for posizione, dati in enumerate([*contenuto, *({} for _ in range(vuote))], start=riga + 1):
        misure = []
        for campo in campi:
            valore = dati.get(campo.chiave, campo.vuoto)
            if campo.tipo == "segno":
                valore = "X" if valore else ""
            if larga and campo.chiave == "testo":
                modulo.unisci(ws, posizione, campo.colonna, _ultima_colonna(), valore, "testo")
                misure.append((valore, sum(LARGHEZZE_SCHEDA[1:])))
            else:
                modulo.scrivi(ws, posizione, campo.colonna, valore, formato_di(campo))
                misure.append((str(valore or ""), LARGHEZZE_SCHEDA[campo.colonna - 1]))
        ws.set_row(posizione - 1, altezza(misure, minima if not dati else 18.0))
    return ultima + 1


def _scrivi_esito(modulo: Modulo, ws: Worksheet, riga: int, dati: Riga) -> str:
    """The three boxes and the percentage. Returns the address of the percentage."""
    modulo.unisci(ws, riga, 1, _ultima_colonna(), FASCIA_VALUTAZIONE, "fascia")
    for campo in INTESTAZIONE_VALUTAZIONE:
        modulo.scrivi(ws, riga + 1, campo.colonna, campo.etichetta, "intestazione")
    ws.set_row(riga, 45)
    for campo in CASELLE:
        segno = "X" if dati.get("valutazione") == campo.chiave else ""
        modulo.scrivi(ws, riga + 2, campo.colonna, segno, "segno")
        modulo.regola(ws, campo, riga + 2, riga + 2)
    grado = dati.get("grado_dichiarato")
    modulo.scrivi(ws, riga + 2, PERCENTUALE.colonna, grado, formato_di(PERCENTUALE))
    modulo.regola(ws, PERCENTUALE, riga + 2, riga + 2)
    ws.set_row(riga + 1, 24)
    return indirizzo(riga + 2, PERCENTUALE.colonna)


def _scrivi_valutazione(
    modulo: Modulo,
    ws: Worksheet,
    testata: Testata,
    tabelle: Tabelle,
    gradi_schede: dict[int, str],
    risultati: Risultati,
) -> None:
    modulo.scrivi(ws, 1, 1, _titolo_valutazione(testata), "titolo")
    ws.set_row(0, 22)
    settori = di(tabelle.righe.settori, testata.settore)
    intestazioni = (
        (CENTRO, testata.denominazione, ""),
        ("RESPONSABILE", settori[0]["responsabile"] if settori else "", "responsabile"),
        ("CATEGORIA", settori[0]["categoria"] if settori else "", "categoria"),
    )
    for riga, (etichetta, valore, chiave) in enumerate(intestazioni, start=2):
        modulo.unisci(ws, riga, 1, 2, etichetta, "etichetta")
        ws.merge_range(
            riga - 1, 2, riga - 1, len(LARGHEZZE_VALUTAZIONE) - 1, "", modulo.formati["fisso"]
        )
        if chiave:
            riferimento = cella_settore(testata, chiave)
            formula = f'=IF({riferimento}="","",{riferimento})'
            modulo.formula(ws, riga, 3, formula, valore, "fisso")
        else:
            modulo.scrivi(ws, riga, 3, valore, "fisso")
        ws.set_row(riga - 1, altezza([(valore, 120)], 16))
    modulo.scrivi(ws, 1, 3, NOTA_OBBLIGATORIO, "nota")
    testa = 6
    for campo in attuali(COLONNE_VOCI):
        modulo.scrivi(ws, testa, campo.colonna, campo.intestazione, "intestazione")
    ws.set_row(testa - 1, 42)
    ws.repeat_rows(testa - 1)
    ws.freeze_panes(testa, 0)

    voci = di(tabelle.righe.voci, testata.settore)
    risultati = rinvia(risultati, voci)
    prima, ultima = testa + 1, testa + _righe_delle_voci(len(voci), len(gradi_schede))
    elenco_prima = ultima + 8
    elenco = (elenco_prima, elenco_prima + len(gradi_schede) + SCHEDE_DI_SCORTA - 1)
    for campo in attuali(VOCI):
        modulo.regola(ws, campo, prima, ultima)
    for posizione in range(prima, ultima + 1):
        dati = voci[posizione - prima] if posizione - prima < len(voci) else {}
        _scrivi_voce(modulo, ws, testata, posizione, prima, ultima, elenco, dati, risultati)
    fine = ultima + 2
    _scrivi_totali(modulo, ws, testa, fine, elenco, testata, voci, risultati)
    _scrivi_elenco_schede(modulo, ws, elenco_prima - 2, testata, tabelle, gradi_schede)
    _scrivi_schede_in_piu(modulo, ws, elenco_prima + len(gradi_schede), gradi_schede)


def _righe_delle_voci(voci: int, schede: int) -> int:
    """How many rows for the voci: one a scheda at least, and some to spare."""
    return max(max(voci, schede) + VOCI_DI_SCORTA, 0 if voci else VUOTE["voci"])


def _scrivi_totali(
    modulo: Modulo,
    ws: Worksheet,
    testa: int,
    fine: int,
    elenco: tuple[int, int],
    testata: Testata,
    voci: list[Riga],
    risultati: Risultati,
) -> None:
    """The totals, from the row of the headings down to their own: wherever in between the office inserts
    rows, they are in. The count leaves out the column in which it stands."""
    colonne = {campo.chiave: tratto(testa, fine, campo.colonna) for campo in COLONNE_VOCI}
    conta = _conta({campo.chiave: colonne[campo.chiave] for campo in VOCI if campo.chiave != "schede"})
    fissato = indirizzo(fine + 3, 3)
    entrano = f"({_valutata(colonne)})+{fissata(colonne['stato'], fissato)}>0"
    gradi = _grado(colonne, _delle_schede_di_tutte(colonne["schede"], elenco), fissato, testata.origine)
    scrivi_totali(modulo, ws, fine, conta, entrano, colonne["peso"], gradi, testata, voci, risultati)


def _conta(colonne: dict[str, str]) -> str:
    """The formula that counts the rows with something typed, under the headings that it begins with."""
    piene = "+".join(f'({colonna}<>"")' for colonna in colonne.values())
    return f"SUMPRODUCT(--({piene}>0))-1"


def _grado(celle: dict[str, str], delle_schede: str, fissato: str, origine: str) -> str:
    """What a formula says of the grado of a voce, from its cells, or of all, from the columns."""
    propri = f'"{"" if origine == DICHIARATO else DAGLI_INDICATORI}"'
    if origine != MISURATO_O_DICHIARATO:
        propri = f"IFERROR({in_numero(celle['grado_dichiarato'])},IFERROR({delle_schede},{propri}))"
    grado = f"IFERROR({in_numero(celle['grado_nucleo'])},{propri})"
    return formula_grado(celle["stato"], _valutata(celle), grado, fissato)


def _valutata(celle: dict[str, str]) -> str:
    return f'{celle["stato"]}="{VALUTATO}"'


def _coperte(schede: str, numeri: str) -> str:
    """Which numbers of schede are among those typed in a cell, or in each cell of a column."""
    elenco = f'SUBSTITUTE({schede}," ","")'
    for separatore in ('"+"', '";"', "CHAR(10)"):  # as in tables.schede_coperte
        elenco = f'SUBSTITUTE({elenco},{separatore},",")'
    elenco = f'SUBSTITUTE(","&{elenco}&",",",0",",")'
    return f'ISNUMBER(SEARCH(","&{numeri}&",",{elenco}))'


def _delle_schede(schede: str, elenco: tuple[int, int]) -> str:
    """The mean of the gradi of the schede typed in a cell; an error where there is none."""
    numeri, gradi = (tratto(*elenco, colonna, fisso=True) for colonna in (1, GRADO_ELENCO))
    coperta = f"{_coperte(schede, numeri)}*ISNUMBER({gradi})"
    return f"SUMPRODUCT({coperta},{gradi})/SUMPRODUCT({coperta})"


def _delle_schede_di_tutte(schede: str, elenco: tuple[int, int]) -> str:
    """The same of every cell of a column: a row of the matrix for each, a column for each scheda."""
    numeri, gradi = (tratto(*elenco, colonna) for colonna in (1, GRADO_ELENCO))
    coperta = f"--{_coperte(schede, f'TRANSPOSE({numeri})')}"
    con_grado = f"IF(ISNUMBER({gradi}),{gradi},0)"
    return f"MMULT({coperta},{con_grado})/MMULT({coperta},--ISNUMBER({gradi}))"


def _titolo_valutazione(testata: Testata) -> str:
    return f"VALUTAZIONE DEL SETTORE – {testata.anno}"


def _scrivi_voce(
    modulo: Modulo,
    ws: Worksheet,
    testata: Testata,
    riga: int,
    prima: int,
    ultima: int,
    elenco: tuple[int, int],
    dati: Riga,
    risultati: Risultati,
) -> None:
    n = dati.get("n")
    celle = {campo.chiave: indirizzo(riga, campo.colonna) for campo in COLONNE_VOCI}
    teste = (xl_rowcol_to_cell(prima - 2, campo.colonna - 1, row_abs=True) for campo in VOCI)
    fin_qui = {c.chiave: f"{testa}:{celle[c.chiave]}" for c, testa in zip(VOCI, teste, strict=True)}
    compilate = f"{celle['descrizione']}:{celle['grado_nucleo']},{celle['note']}"
    conta = f'=IF(COUNTA({compilate})=0,"",{_conta(fin_qui)})'
    modulo.formula(ws, riga, 1, conta, n, "conteggio")
    misure = []
    for campo in attuali(VOCI):
        valore = dati.get(campo.chiave, campo.vuoto)
        formato = formato_di(campo) + ("_nucleo" if campo.chiave in DEL_NUCLEO else "")
        modulo.scrivi(ws, riga, campo.colonna, valore, formato)
        misure.append((str(valore or ""), LARGHEZZE_VALUTAZIONE[campo.colonna - 1]))
    fissato = indirizzo(ultima + 5, 3, fisso=True)
    formula = f"={_grado(celle, _delle_schede(celle['schede'], elenco), fissato, testata.origine)}"
    modulo.formula(ws, riga, GRADO_VOCE, formula, risultati.gradi.get(n or 0), "calcolo")
    ws.set_row(riga - 1, altezza(misure, 18))


def _scrivi_elenco_schede(
    modulo: Modulo,
    ws: Worksheet,
    riga: int,
    testata: Testata,
    tabelle: Tabelle,
    gradi_schede: dict[int, str],
) -> None:
    """The schede of the settore with links to their sheets, titles and gradi (live)."""
    for colonna, etichetta in zip((1, 2, GRADO_ELENCO), ELENCO_SCHEDE, strict=True):
        modulo.scrivi(ws, riga + 1, colonna, etichetta, "intestazione")
    ws.set_row(riga, 30)
    schede = {dati["scheda"]: dati for dati in di(tabelle.righe.schede, testata.settore)}
    for posizione, (numero, cella) in enumerate(gradi_schede.items(), start=riga + 2):
        dati = schede.get(numero, {})
        foglio = cella.split("!")[0]
        ws.write_url(posizione - 1, 0, f"internal:{foglio}!A1", modulo.formati["link"], str(numero))
        ws.write_number(posizione - 1, 0, numero, modulo.formati["link"])
        titolo = dati.get("titolo", "")
        intitolata = f"{foglio}!{indirizzo(2, TITOLO.colonna)}"
        modulo.formula(ws, posizione, 2, f'=IF({intitolata}="","",{intitolata})', titolo, "fisso")
        grado = f'=IF({cella}="","",{cella})'
        modulo.formula(ws, posizione, GRADO_ELENCO, grado, dati.get("grado_dichiarato"), "calcolo")
        ws.set_row(posizione - 1, altezza([(titolo, LARGHEZZE_VALUTAZIONE[1])], 16))


def _scrivi_schede_in_piu(modulo: Modulo, ws: Worksheet, prima: int, schede: Container[int]) -> None:
    """Rows of the list that show nothing until somebody copies a sheet and calls it by their number.

    They look for it by its name, since no formula can refer to a sheet that is not there yet, and for
    the % by its heading, since rows inserted move it.
    """
    esito = lettere(PERCENTUALE.colonna)
    for riga, numero in enumerate(numeri_liberi(schede, SCHEDE_DI_SCORTA), start=prima):
        titolo = _in_foglio(numero, indirizzo(2, TITOLO.colonna))
        gradi = _in_foglio(numero, f"{esito}:{esito}")
        grado = f'INDEX({gradi},MATCH("{PERCENTUALE.etichetta}",{gradi},0)+1)'
        c_e = f'=IF(ISERROR(ROW({titolo})),"",{numero})'
        modulo.formula(ws, riga, 1, c_e, "", "prosa")
        modulo.formula(ws, riga, 2, f'=IFERROR(IF({titolo}="","",{titolo}),"")', "", "prosa")
        mostrato = f'=IFERROR(IF({grado}="","",{grado}),"")'
        modulo.formula(ws, riga, GRADO_ELENCO, mostrato, "", "calcolo_a_comparsa")
        ws.set_row(riga - 1, 16)
    primo = f'=${indirizzo(prima, 1)}<>""'
    condizione = {"type": "formula", "criteria": primo, "format": modulo.formati["comparsa"]}
    ws.conditional_format(prima - 1, 0, prima + SCHEDE_DI_SCORTA - 2, GRADO_ELENCO - 1, condizione)


def _in_foglio(numero: int, celle: str) -> str:
    """Some cells of the sheet of a scheda, for a formula; an error where there is no such sheet."""
    return f"""INDIRECT("'{nome_scheda(numero)}'!{celle}")"""


# ------------------------------------------------------------------------------------------ reading


def leggi(lettura: Lettura, testata: Testata) -> None:
    """Read a workbook written by `scrivi` and filled in: rows and findings go into `lettura`."""
    fogli = fogli_per_nome(lettura, ("Istruzioni", "Settore", "Valutazione", esempio.FOGLIO))
    attesi = ["Settore"] + ([] if testata.settore == TRASVERSALI else ["Valutazione"])
    for nome in attesi:
        if nome not in fogli:
            lettura.rileva("M08", nome, atteso=nome)
    schede = []
    for nome, foglio in fogli.items():
        if nome == "Istruzioni":
            leggi_istruzioni(lettura, foglio, [*_istruzioni(False), *_istruzioni(True)])
        elif nome == "Settore":
            leggi_settore(lettura, foglio, testata)
        elif nome == FOGLIO_VOCI and testata.settore != TRASVERSALI:
            _leggi_valutazione(lettura, foglio, testata)
        elif nome == esempio.FOGLIO or normalizza(esempio.SOTTOTITOLO) in _titolo(foglio):
            _leggi_esempio(lettura, foglio)
        elif form.nostro(foglio):
            lettura.riporta_non_lette(foglio)
        elif numero_scheda(foglio) or _e_una_scheda(foglio):
            schede.append(foglio)
        elif foglio.piene():
            tabelle = [("una scheda", campi) for campi in SEZIONI.values()]
            tabelle += [(f"«{FOGLIO_VOCI}»", COLONNE_VOCI)] if FOGLIO_VOCI in fogli else []
            salta_altro_foglio(lettura, foglio, ("Settore", FOGLIO_VOCI, nome_scheda(1)), tabelle)
    da_se = _entrano_da_se(fogli[FOGLIO_VOCI]) if FOGLIO_VOCI in fogli else []
    _leggi_schede(lettura, numera(schede), testata, da_se)


def _entrano_da_se(valutazione: Foglio) -> list[int]:
    """The numbers of the schede that the list of the Valutazione waits for: in its rows that have a
    formula instead of a number (the forms of the first version have none)."""
    elenco = trova_sezione(valutazione, COLONNE_ELENCO)
    if elenco is None:
        return []
    colonna, righe = elenco["scheda"].colonna, range(elenco.testa + 1, valutazione.ultima_riga() + 1)
    in_attesa = [p for p in valutazione.formule if p[0] > elenco.testa and p[1] == colonna]
    scritti = (valutazione.testo(riga, colonna) for riga in righe if (riga, colonna) not in in_attesa)
    return numeri_liberi([int(n) for n in scritti if n.isdecimal()], len(in_attesa))


def _e_una_scheda(foglio: Foglio) -> bool:
    """Whether a sheet is a scheda, however it is called. One with some of the headings is too: what
    lacks is then reported, and a whole scheda is not left out."""
    return sum(trova_sezione(foglio, campi) is not None for campi in SEZIONI.values()) > 1


def _leggi_schede(
    lettura: Lettura, schede: Mapping[int, Foglio], testata: Testata, da_se: Container[int]
) -> None:
    """Read the schede, those called as in the form before the others. A copy that nobody has filled in
    is no scheda: it would be printed twice. `da_se`: the numbers that the Valutazione waits for."""
    lette: list[Foglio] = []
    aggiunte = [numero for numero, foglio in schede.items() if not numero_scheda(foglio)]
    for numero in sorted(schede, key=lambda numero: (numero in aggiunte, numero)):
        foglio = schede[numero]
        copiato = numero in aggiunte or f"scheda {numero} " not in _titolo(foglio)
        uguale = next((altro for altro in lette if copiato and _uguali(foglio, altro)), None)
        if uguale is not None:
            che = f"è uguale in tutto a «{uguale.nome}»: forse è una copia ancora da compilare"
            rimedio = f"Compilarlo, se è una scheda in più; altrimenti {ELIMINARLO}."
            lettura.salta_foglio("M20", foglio, che=che, rimedio=rimedio, scheda=str(numero))
        elif _leggi_scheda(lettura, foglio, testata, numero):
            lette.append(foglio)
            if numero in aggiunte:
                _di_quale_numero(lettura, foglio, testata, numero, len(aggiunte), numero in da_se)
    for righe in lettura.righe.values():
        righe.sort(key=lambda riga: riga.get("scheda", 0))  # a copy may have a number in between


def _di_quale_numero(
    lettura: Lettura, foglio: Foglio, testata: Testata, numero: int, quante: int, da_se: bool
) -> None:
    """Report a scheda that the form does not have, with the number that it has got. With `da_se` the
    Valutazione finds it by itself, once its tab has the name."""
    nome = nome_scheda(numero)
    grado = (
        "; il grado si scrive anche nella riga della voce, che il totale di quel foglio non legge qui"
    )
    if da_se:
        grado = f"; elenco e totali di quel foglio la leggono da sé quando si chiama «{nome}»"
    detto = sigla((testata.settore, numero))
    rimedio = (
        f"Nella Valutazione il suo numero è {detto}{grado}. Per dare al foglio il suo nome: doppio clic "
        f"sulla linguetta in basso, scrivere «{nome}», Invio; se non serve, {ELIMINARLO}."
    )
    if quante > 1:
        rimedio += (
            " L'ufficio può anche rifare il file con più schede (make modelli RISCRIVI=…): fogli, "
            "titoli e totali sono allora a posto."
        )
    che = f"il foglio ha le intestazioni di una scheda, ed è letto come scheda {numero}"
    lettura.rileva("M19", foglio.nome, None, che=che, rimedio=rimedio, scheda=str(numero))


def _titolo(foglio: Foglio) -> str:
    return " ".join(normalizza(foglio.testo(1, colonna)) for colonna in foglio.colonne_piene(1))


def _uguali(uno: Foglio, altro: Foglio) -> bool:
    """Whether two sheets hold the same, their titles aside."""
    contenuti = (
        {posto: valore for posto, valore in {**foglio.celle, **foglio.errori}.items() if posto[0] > 1}
        for foglio in (uno, altro)
    )
    return next(contenuti) == next(contenuti)


def _leggi_esempio(lettura: Lettura, foglio: Foglio) -> None:
    """What the form has in the filled-in scheda is no content; what somebody typed there is reported."""
    campi = (TITOLO, DESCRIZIONE, BILANCIO, AVANZAMENTO, *chain.from_iterable(SEZIONI.values()))
    scritte = set(chain.from_iterable(campo.intestazioni for campo in campi))
    scritte |= {come_intestazione(testo) for testo in ("X", *esempio.testi())}
    nostri = (p for p in foglio.piene() if come_intestazione(foglio.testo(*p)) in scritte)
    foglio.segna_modello(*nostri)
    lettura.riporta_non_lette(foglio)


def _leggi_valutazione(lettura: Lettura, foglio: Foglio, testata: Testata) -> None:
    sezione = trova_sezione(foglio, COLONNE_VOCI)
    if sezione is None:
        salta_senza_intestazione(lettura, foglio, COLONNE_VOCI)
        return
    testa = sezione.testa
    fine = trova_riga(foglio, [FINE_VOCI], testa, colonna=sezione.prima)
    if fine is None:
        lettura.salta_foglio("M09", foglio, atteso=FINE_VOCI, rimedio=COME_NEL_MODELLO)
        return
    _segna_cornice(foglio, testata, sezione, fine)
    annota_complessiva(lettura, foglio, fine, sezione.prima)
    annota_colonne(lettura, foglio, sezione, fine - 1)
    campi = sezione.solo(VOCI)
    segna_caselle(lettura, foglio, campi, range(testa + 1, fine), DEL_NUCLEO)
    n = 0
    for riga in range(testa + 1, fine):
        if not colonne_compilate(foglio, riga, campi):
            continue
        n += 1
        valori = leggi_voce(lettura, campi, foglio, riga)
        lettura.aggiungi(
            "voci",
            foglio,
            riga,
            settore=testata.settore,
            n=n,
            celle=celle_di(campi, riga),
            **valori,
        )
    lettura.riporta_non_lette(foglio)


def _segna_cornice(foglio: Foglio, testata: Testata, sezione: Sezione, fine: int) -> None:
    """Account for what the template itself writes in the Valutazione: labels, links and formulas."""
    titolo = _titolo_valutazione(testata)
    etichette = {normalizza(testo) for testo in (*ETICHETTE_VALUTAZIONE, testata.denominazione, titolo)}
    elenco = trova_sezione(foglio, COLONNE_ELENCO, fine)
    calcolate = (sezione["n"].colonna, sezione["grado"].colonna)
    in_elenco = {campo.colonna for campo in elenco.campi.values()} if elenco else set()
    ultima = elenco.testa if elenco else foglio.ultima_riga()
    totali = colonna_totali(foglio, fine, sezione.prima)
    segna_totali(foglio, fine, totali)
    for posto in foglio.piene():
        riga, colonna = posto
        fuori = riga <= sezione.testa or riga >= fine
        nostra = fuori and normalizza(foglio.testo(riga, colonna)) in etichette
        if posto in foglio.formule:
            nostra = (
                (sezione.testa < riga < fine and colonna in calcolate)
                or (riga < sezione.testa and colonna == totali)
                or (riga > ultima and colonna in (*in_elenco, *calcolate))
            )
        elif elenco and riga > ultima and colonna == elenco["scheda"].colonna:
            titolo_accanto = (riga, elenco["titolo"].colonna) in foglio.formule
            nostra |= titolo_accanto and foglio.testo(riga, colonna).replace(",", "").isdigit()
        if nostra:
            foglio.segna_modello(posto)


@dataclass(frozen=True)
class _Disposta:
    """A Scheda as it stands in a workbook: its tables, and the rows of its labels."""

    sezioni: dict[str, Sezione]
    righe: dict[str, int]

    @cached_property
    def prima(self) -> int:
        """The column of the labels."""
        return min(sezione.prima for sezione in self.sezioni.values())

    @cached_property
    def dei_testi(self) -> int:
        """The column of the boxes beside the labels: where a whole column inserted in the sheet has
        moved all that the form has there."""
        seconde = {
            self.sezioni[nome][campo.chiave].colonna
            for nome, campi in SEZIONI.items()
            for campo in campi
            if campo.colonna == TITOLO.colonna and campo.chiave in self.sezioni[nome].campi
        }
        return seconde.pop() if len(seconde) == 1 else self.prima + 1

    def righe_di(self, nome: str) -> range:
        """The rows of a table, under its headings."""
        finisce = {
            "obiettivi": self.righe["descrizione"],
            "collegamenti": self.sezioni["indicatori"].testa,
            "indicatori": self.sezioni["stati"].testa,
            "stati": self.righe["avanzamento"],
            "valutazione": self.sezioni["valutazione"].testa + 2,
        }
        return range(self.sezioni[nome].testa + 1, finisce[nome])

    def testo(self, lettura: Lettura, foglio: Foglio, campo: Campo) -> tuple[str, Posto]:
        """What the box beside a label says, and where it stands."""
        posto = (self.righe[campo.chiave], self.dei_testi)
        suo = campo.nella(posto[1])
        segna_caselle(lettura, foglio, [suo], range(posto[0], posto[0] + 1))
        return lettura.leggi(suo, foglio, posto[0]), posto


def _disponi(lettura: Lettura, foglio: Foglio, numero: int) -> _Disposta | None:
    """Find the tables of a Scheda, each after the one before, and its labels; None, and a finding, when
    one is not there.

    The label Descrizione is the last before the bilancio: what stands above it was typed by the office
    and may say anything.
    """
    sezioni: dict[str, Sezione] = {}
    cerca = 1
    for nome, campi in SEZIONI.items():
        sezione = trova_sezione(foglio, campi, cerca)
        if sezione is None:
            salta_senza_intestazione(lettura, foglio, campi, cerca, scheda=str(numero))
            return None
        sezioni[nome], cerca = sezione, sezione.testa + 1
    teste = {nome: sezione.testa for nome, sezione in sezioni.items()}
    fra_obiettivi_e_bilancio = range(teste["collegamenti"], teste["obiettivi"], -1)
    disposta = _Disposta(sezioni, {})
    for campo, righe in (
        (TITOLO, range(1, teste["obiettivi"])),
        (DESCRIZIONE, fra_obiettivi_e_bilancio),
        (BILANCIO, fra_obiettivi_e_bilancio),
        (AVANZAMENTO, range(teste["valutazione"], teste["stati"], -1)),
    ):
        riga = trova_etichetta(foglio, campo, righe, disposta.prima)
        if riga is None:
            dati = {"atteso": campo.etichetta, "rimedio": COME_NEL_MODELLO, "scheda": str(numero)}
            lettura.salta_foglio("M09", foglio, **dati)
            return None
        disposta.righe[campo.chiave] = riga
    return disposta


def _leggi_scheda(lettura: Lettura, foglio: Foglio, testata: Testata, numero: int) -> bool:
    """Read the sheet of a scheda. Returns whether there is one, and not only the blank form."""
    disposta = _disponi(lettura, foglio, numero)
    if disposta is None:
        return False
    _segna_titoli(lettura, foglio, testata, disposta.prima)
    foglio.segna_modello(*((riga, disposta.prima) for riga in disposta.righe.values()))
    for nome, sezione in disposta.sezioni.items():
        annota_colonne(lettura, foglio, sezione, disposta.righe_di(nome).stop - 1)
    gia_lette = len(foglio.lette)
    chiavi: Riga = {"settore": testata.settore, "scheda": numero}
    titolo, del_titolo = disposta.testo(lettura, foglio, TITOLO)
    _leggi_obiettivi(lettura, foglio, disposta, chiavi)
    descrizione, della_descrizione = disposta.testo(lettura, foglio, DESCRIZIONE)
    for tabella in ("collegamenti", "indicatori", "stati"):
        _leggi_sezione(lettura, foglio, tabella, disposta, chiavi)
    esito, (riga, *_) = disposta.sezioni["valutazione"], disposta.righe_di("valutazione")
    valutazione = _leggi_caselle(lettura, foglio, esito, riga)
    grado = lettura.leggi(esito[PERCENTUALE.chiave], foglio, riga)
    for nome, sezione in disposta.sezioni.items():
        segna_caselle(lettura, foglio, sezione.campi.values(), disposta.righe_di(nome))
    compilata = len(foglio.lette) > gia_lette
    if compilata:
        lettura.aggiungi(
            "schede",
            foglio,
            del_titolo[0],
            **chiavi,
            titolo=titolo,
            descrizione=descrizione,
            valutazione=valutazione,
            grado_dichiarato=grado,
            celle={
                "titolo": del_titolo,
                "descrizione": della_descrizione,
                "valutazione": (riga, esito[CASELLE[0].chiave].colonna),
                "grado_dichiarato": (riga, esito[PERCENTUALE.chiave].colonna),
            },
        )
    lettura.riporta_non_lette(foglio)
    return compilata


def _segna_titoli(lettura: Lettura, foglio: Foglio, testata: Testata, prima: int) -> None:
    """Account for the first row: the title, the settore, the link to the Valutazione. Titles of another
    workbook are told of the whole sheet: their cells are locked, nobody is asked to mend them."""
    segna_titolo(foglio, testata.denominazione, VERSO_VALUTAZIONE, NOTA_OBBLIGATORIO)
    altri = []
    for posto in ((1, prima), (1, prima + 1)):
        if posto in foglio.piene() and posto not in foglio.del_modello:
            foglio.segna_modello(posto)
            testo = foglio.testo(*posto)
            if not re.fullmatch(rf"scheda [0-9]+ {testata.anno}", normalizza(testo)):
                altri.append(f"«{citazione(ripulisci(testo)[0])}»")
    if altri:
        che = f"in alto nel foglio c'è {elenco_di(altri)}: forse la scheda viene da un altro file"
        rimedio = (
            "Se i dati sono di questo settore e di quest'anno, nulla da fare; altrimenti riscriverli."
        )
        lettura.rileva("M19", foglio.nome, None, che=che, rimedio=rimedio)


def _leggi_obiettivi(lettura: Lettura, foglio: Foglio, disposta: _Disposta, chiavi: Riga) -> None:
    sezione, righe = disposta.sezioni["obiettivi"], disposta.righe_di("obiettivi")
    campi, delle_fasi = sezione.solo(OBIETTIVO), sezione.solo(FASE)
    obiettivi = fasi = 0
    segna_non_spuntate(foglio, sezione["strategico"], righe)
    for riga in righe:
        if not colonne_compilate(foglio, riga, sezione.campi.values()):
            continue
        obiettivo = lettura.leggi_riga(campi, foglio, riga)
        fase = lettura.leggi_riga(delle_fasi, foglio, riga)
        if obiettivi == 0 or any(obiettivo.values()):
            obiettivi, fasi = obiettivi + 1, 0
            suoi = {**chiavi, **obiettivo, "n": obiettivi}
            lettura.aggiungi("obiettivi", foglio, riga, celle=celle_di(campi, riga), **suoi)
        if any(fase.values()):
            fasi += 1
            if fasi == 1:
                lettura.righe["obiettivi"][-1]["assegnazione"] = fase["assegnazione"]
            suoi = {**chiavi, **fase, "obiettivo": obiettivi, "n": fasi}
            lettura.aggiungi("fasi", foglio, riga, celle=celle_di(delle_fasi, riga), **suoi)


def _leggi_sezione(
    lettura: Lettura, foglio: Foglio, tabella: str, disposta: _Disposta, chiavi: Riga
) -> None:
    campi = disposta.sezioni[tabella].campi.values()
    n = 0
    for riga in disposta.righe_di(tabella):
        if colonne_compilate(foglio, riga, campi):
            n += 1
            valori = lettura.leggi_riga(campi, foglio, riga)
            celle = celle_di(campi, riga)
            lettura.aggiungi(tabella, foglio, riga, **chiavi, n=n, celle=celle, **valori)


def _leggi_caselle(lettura: Lettura, foglio: Foglio, sezione: Sezione, riga: int) -> str:
    """The key of the marked box; "" when none or more than one is marked."""
    caselle = sezione.solo(CASELLE)
    for campo in caselle:
        segna_non_spuntate(foglio, campo, range(riga, riga + 1))
    segnate = [campo for campo in caselle if lettura.leggi(campo, foglio, riga)]
    if len(segnate) == 1:
        return segnate[0].chiave
    for campo in segnate:
        lettura.rileva("C08", foglio.nome, (riga, campo.colonna))
    return ""
