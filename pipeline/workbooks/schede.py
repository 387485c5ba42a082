"""The modello "schede": the workbook of a settore, one sheet a scheda and the sheet Valutazione.

`scrivi` makes it (blank, or with what the tables hold), `leggi` reads it back; both follow the fields
declared here. Sections are found by their headings, so that rows can be inserted. `trasversali.xlsx`
is the same workbook without the Valutazione.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.excel import altezza
from pipeline.parole import normalizza
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
)
from pipeline.workbooks import form
from pipeline.workbooks.fields import (
    Campo,
    Lettura,
    colonne_compilate,
    etichetta_mancante,
    segna_non_spuntate,
    trova_riga,
)
from pipeline.workbooks.form import Modulo, formato_di
from pipeline.workbooks.grid import Foglio, indirizzo, tratto
from pipeline.workbooks.settore import (
    DAGLI_INDICATORI,
    FINE_VOCI,
    TOTALI,
    Risultati,
    Testata,
    apri_modulo,
    cella_settore,
    di,
    fogli_per_nome,
    formula_grado,
    leggi_istruzioni,
    leggi_settore,
    leggi_voce,
    rinvia,
    scrivi_istruzioni,
    scrivi_settore,
    scrivi_totali,
    segna_origine,
)

NOME = "schede"
NOME_TRASVERSALI = "trasversali"
FOGLIO_VOCI = "Valutazione"
UNITA = ("scheda", "schede")
"""What a workbook of this template is made of, one and many."""

VOCI = (
    Campo("descrizione", "Descrizione obiettivo", 2, aiuto="L'obiettivo come va nella relazione."),
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
    ),
    Campo(
        "grado_dichiarato",
        "Grado dichiarato %",
        6,
        "grado",
        "Da 0 a 100. Se è vuoto vale la media delle schede indicate.",
    ),
    Campo(
        "grado_nucleo",
        "Grado Nucleo %",
        7,
        "grado",
        "A cura del Nucleo di valutazione: se c'è, prevale sul dichiarato.",
    ),
    Campo("note", "Note Nucleo", 9, aiuto="Note del Nucleo; il motivo, se la voce è esclusa."),
)
DEL_NUCLEO = ("grado_nucleo", "note")
INTESTAZIONE_VOCI = (
    "N.",
    *(campo.etichetta for campo in VOCI[:-1]),
    "Grado di raggiungimento %",
    VOCI[-1].etichetta,
)
GRADO_VOCE = 8
COLONNE_VOCI = (
    Campo("n", "N.", 1),
    *VOCI,
    Campo("grado", "Grado di raggiungimento %", GRADO_VOCE),
)
"""The columns of the Valutazione, also those that the form works out."""
GRADO_ELENCO = 3
CENTRO = "CENTRO DI RESPONSABILITÀ"
ELENCO_SCHEDE = ("Scheda", "Titolo", "% raggiungimento")
ETICHETTE_VALUTAZIONE = (
    *INTESTAZIONE_VOCI,
    CENTRO,
    "RESPONSABILE",
    "CATEGORIA",
    *TOTALI,
    *ELENCO_SCHEDE,
)
VERSO_VALUTAZIONE = "Valutazione →"

TITOLO = Campo("titolo", "Titolo", 2, aiuto="Il nome breve della scheda.")
OBIETTIVO = (
    Campo(
        "definizione",
        "DEFINIZIONE OBIETTIVO",
        1,
        aiuto="Una sola volta, sulla prima riga dell'obiettivo; sotto, solo le altre fasi.",
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
)
DESCRIZIONE = Campo("descrizione", "Descrizione", 2, aiuto="Che cosa si vuole ottenere e perché.")
COLLEGAMENTO = (
    Campo("missione", "MISSIONE", 1, "codice", aiuto="Il codice della missione: 01, 12…"),
    Campo("denominazione_missione", "Denominazione della missione", 2),
    Campo("programma", "PROGRAMMA", 3, "codice", aiuto="Il codice del programma: 02, Da 01 a 07…"),
    Campo("denominazione_programma", "Denominazione del programma", 4),
)
INDICATORE = (
    Campo("indicatore", "INDICATORI", 1, aiuto="Che cosa si misura. Un indicatore per riga."),
    Campo("atteso", "Valore atteso", 2, "atteso", "Per esempio: 40, > 15, almeno 80%, entro il 30/06."),
    Campo("raggiunto", "Raggiunto", 3, "raggiunto", "Il valore a fine anno; vuoto se non c'è il dato."),
    Campo("peso", "Peso", 4, "numero", "Il peso fra gli indicatori della scheda; può restare vuoto."),
    Campo("verso", "Verso", 5, "scelta", "Decrescente se un valore minore è migliore.", VERSI),
)
STATO = (
    Campo("voce", "STATO DI ATTUAZIONE", 1, aiuto="La fase o l'obiettivo di cui si parla."),
    Campo("testo", "Che cosa è stato fatto", 2, aiuto="Testo libero; Alt+Invio va a capo."),
)
CASELLE = tuple(
    Campo(chiave, parole, colonna, "segno", "X nella sola casella che vale.")
    for colonna, (chiave, parole) in enumerate(VALUTAZIONI.items(), start=1)
)
PERCENTUALE = Campo("grado_dichiarato", "% raggiungimento", 4, "grado", "Da 0 a 100.")

FASCIA_BILANCIO = "Collegamento con il bilancio"
FASCIA_VALUTAZIONE = "Valutazione sullo stato di avanzamento"
INTESTAZIONE_OBIETTIVI = (OBIETTIVO[0], *FASE, OBIETTIVO[1])
INTESTAZIONE_VALUTAZIONE = (*CASELLE, PERCENTUALE)

INTESTAZIONI = {
    "DEFINIZIONE OBIETTIVO": INTESTAZIONE_OBIETTIVI,
    "MISSIONE": COLLEGAMENTO,
    "INDICATORI": INDICATORE,
    "STATO DI ATTUAZIONE": STATO,
    CASELLE[0].etichetta: INTESTAZIONE_VALUTAZIONE,
}
"""The heading rows of a Scheda in the printed order, by their first label."""

LARGHEZZE_SCHEDA = (40.0, 46.0, 32.0, 30.0, 14.0)
LARGHEZZE_VALUTAZIONE = (8.0, 60.0, 16.0, 9.0, 17.0, 13.0, 13.0, 17.0, 46.0)
VUOTE = {"obiettivi": 8, "collegamenti": 3, "indicatori": 10, "stati": 5, "voci": 20}
DI_SCORTA = 2
VOCI_DI_SCORTA = 6

ISTRUZIONI = (
    "Come si compila",
    "1. Si scrive solo nelle caselle gialle; il resto è protetto, senza password. Le caselle verdi "
    "della Valutazione sono del Nucleo.",
    "2. Foglio Settore: responsabile, ruolo, categoria.",
    "3. Un foglio Scheda per ogni scheda: obiettivi e fasi, bilancio, indicatori, stato di "
    "attuazione, una X nella valutazione, la percentuale.",
    "4. Se le righe non bastano, se ne inseriscono altre in mezzo alla tabella (tasto destro sul "
    "numero di riga, Inserisci). Se un testo non si vede tutto, si allarga la riga.",
    "5. Valore atteso e Raggiunto sono testo: si scrivono come nel piano (> 15, almeno 80%, SI, "
    "2 PL + 30 CDU). Un dato che manca si lascia vuoto: vuoto non vale zero.",
    "6. Foglio Valutazione: una riga per obiettivo, con i numeri delle schede che riassume, lo stato "
    "e il grado. Solo le voci «valutato» entrano nella media; per le altre si scrive il motivo nelle "
    "note.",
    "7. Le schede trasversali sono in una cartella a parte: nella Valutazione si indicano con T1, T2…",
    "8. Si salva in formato .xlsx e si restituisce all'ufficio senza cambiare i nomi dei fogli.",
)


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
    scrivi_istruzioni(modulo, _istruzioni(testata))
    scrivi_settore(modulo, testata, di(tabelle.settori, testata.settore))
    numeri = {int(riga["scheda"]) for riga in di(tabelle.schede, testata.settore)}
    numeri |= set(range(1, n_schede + 1))
    valutazione = None
    if testata.settore != TRASVERSALI:
        valutazione = modulo.foglio("Valutazione", LARGHEZZE_VALUTAZIONE, orizzontale=True)
    gradi = {}
    for numero in sorted(numeri):
        gradi[numero] = _scrivi_scheda(modulo, testata, numero, tabelle)
    if valutazione is not None:
        _scrivi_valutazione(modulo, valutazione, testata, tabelle, gradi, risultati or Risultati({}))
    modulo.chiudi()


def _istruzioni(testata: Testata) -> list[str]:
    """How to fill in the workbook; the one of the trasversali has no Valutazione."""
    sola = testata.settore == TRASVERSALI
    return [testo for testo in ISTRUZIONI if not (sola and "Valutazione" in testo and testo[0] in "67")]


def _scrivi_scheda(modulo: Modulo, testata: Testata, numero: int, tabelle: Tabelle) -> str:
    """Write a Scheda sheet; returns the reference to its % raggiungimento."""
    nome = f"Scheda {numero}"
    ws = modulo.foglio(nome, LARGHEZZE_SCHEDA, orizzontale=True)
    modulo.scrivi(ws, 1, 1, f"SCHEDA {numero} – {testata.anno}", "titolo")
    modulo.scrivi(ws, 1, 2, testata.denominazione, "titolo")
    if testata.settore != TRASVERSALI:
        ws.write_url(0, 4, "internal:'Valutazione'!A1", modulo.formati["link"], VERSO_VALUTAZIONE)
    ws.set_row(0, 22)
    ws.repeat_rows(0)
    ws.freeze_panes(1, 0)
    schede = di(tabelle.schede, testata.settore, numero)
    dati = schede[0] if schede else {}
    riga = _scrivi_casella(modulo, ws, 2, TITOLO, dati.get("titolo", ""), 18)
    riga = _scrivi_obiettivi(modulo, ws, riga + 1, testata.settore, numero, tabelle)
    riga = _scrivi_casella(modulo, ws, riga + 1, DESCRIZIONE, dati.get("descrizione", ""), 60)
    modulo.unisci(ws, riga + 1, 1, 5, FASCIA_BILANCIO, "fascia")
    sezioni = (
        ("collegamenti", COLLEGAMENTO, riga + 2, 18.0),
        ("indicatori", INDICATORE, 0, 18.0),
        ("stati", STATO, 0, 75.0),
    )
    for tabella, campi, inizio, minima in sezioni:
        contenuto = di(getattr(tabelle, tabella), testata.settore, numero)
        vuote = DI_SCORTA if contenuto else VUOTE[tabella]
        riga = _scrivi_sezione(modulo, ws, inizio or riga + 1, campi, contenuto, vuote, minima)
    return f"'{nome}'!" + _scrivi_esito(modulo, ws, riga + 1, dati)


def _scrivi_casella(
    modulo: Modulo, ws: Worksheet, riga: int, campo: Campo, valore: str, minima: float
) -> int:
    """A label and a wide box for one text. Returns the next row."""
    modulo.scrivi(ws, riga, 1, campo.etichetta, "etichetta")
    modulo.unisci(ws, riga, campo.colonna, 5, valore, "testo")
    modulo.regola(ws, campo, riga, riga)
    ws.set_row(riga - 1, altezza([(valore, sum(LARGHEZZE_SCHEDA[1:]))], minima))
    return riga + 1


def _scrivi_obiettivi(
    modulo: Modulo, ws: Worksheet, riga: int, settore: str, numero: int, tabelle: Tabelle
) -> int:
    """The table of obiettivi and fasi: the definizione stands on the row of its first fase."""
    contenuto: list[Riga] = []
    fasi = di(tabelle.fasi, settore, numero)
    for obiettivo in di(tabelle.obiettivi, settore, numero):
        sue = [fase for fase in fasi if fase["obiettivo"] == obiettivo["n"]]
        prima = sue[0] if sue else {}
        contenuto.append(
            {
                **prima,
                "definizione": obiettivo["definizione"],
                "strategico": obiettivo["strategico"],
            }
        )
        contenuto.extend(sue[1:])
    vuote = DI_SCORTA if contenuto else VUOTE["obiettivi"]
    return _scrivi_sezione(modulo, ws, riga, INTESTAZIONE_OBIETTIVI, contenuto, vuote, 18.0)


def _scrivi_sezione(
    modulo: Modulo,
    ws: Worksheet,
    riga: int,
    campi: tuple[Campo, ...],
    contenuto: list[Riga],
    vuote: int,
    minima: float,
) -> int:
    """A heading row, the rows of content and some blank ones; the last column takes what width is
    left. Returns the row after the section."""
    larga = campi is STATO
    for campo in campi:
        if larga and campo is campi[-1]:
            modulo.unisci(ws, riga, campo.colonna, 5, campo.etichetta, "intestazione")
        else:
            modulo.scrivi(ws, riga, campo.colonna, campo.etichetta, "intestazione")
    ws.set_row(riga - 1, 20)
    ultima = riga + len(contenuto) + vuote
    for campo in campi:
        modulo.regola(ws, campo, riga + 1, ultima)
    for posizione, dati in enumerate([*contenuto, *({} for _ in range(vuote))], start=riga + 1):
        misure = []
        for campo in campi:
            valore = dati.get(campo.chiave, campo.vuoto)
            if campo.tipo == "segno":
                valore = "X" if valore else ""
            if larga and campo is campi[-1]:
                modulo.unisci(ws, posizione, campo.colonna, 5, valore, "testo")
                misure.append((valore, sum(LARGHEZZE_SCHEDA[1:])))
            else:
                modulo.scrivi(ws, posizione, campo.colonna, valore, formato_di(campo))
                misure.append((str(valore or ""), LARGHEZZE_SCHEDA[campo.colonna - 1]))
        ws.set_row(posizione - 1, altezza(misure, minima if not dati else 18.0))
    return ultima + 1


def _scrivi_esito(modulo: Modulo, ws: Worksheet, riga: int, dati: Riga) -> str:
    """The three boxes and the percentage. Returns the address of the percentage."""
    modulo.unisci(ws, riga, 1, 5, FASCIA_VALUTAZIONE, "fascia")
    for campo in INTESTAZIONE_VALUTAZIONE:
        modulo.scrivi(ws, riga + 1, campo.colonna, campo.etichetta, "intestazione")
    ws.set_row(riga, 45)
    for campo in CASELLE:
        segno = "X" if dati.get("valutazione") == campo.chiave else ""
        modulo.scrivi(ws, riga + 2, campo.colonna, segno, "segno")
        modulo.regola(ws, campo, riga + 2, riga + 2)
    grado = dati.get("grado_dichiarato")
    modulo.scrivi(ws, riga + 2, PERCENTUALE.colonna, grado, "numero")
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
    settori = di(tabelle.settori, testata.settore)
    intestazioni = (
        (CENTRO, testata.denominazione, ""),
        ("RESPONSABILE", settori[0]["responsabile"] if settori else "", "responsabile"),
        ("CATEGORIA", settori[0]["categoria"] if settori else "", "categoria"),
    )
    for riga, (etichetta, valore, chiave) in enumerate(intestazioni, start=2):
        modulo.unisci(ws, riga, 1, 2, etichetta, "etichetta")
        ws.merge_range(riga - 1, 2, riga - 1, 8, "", modulo.formati["fisso"])
        if chiave:
            riferimento = cella_settore(testata, chiave)
            formula = f'=IF({riferimento}="","",{riferimento})'
            modulo.formula(ws, riga, 3, formula, valore, "fisso")
        else:
            modulo.scrivi(ws, riga, 3, valore, "fisso")
        ws.set_row(riga - 1, altezza([(valore, 120)], 16))
    testa = 6
    for colonna, etichetta in enumerate(INTESTAZIONE_VOCI, start=1):
        modulo.scrivi(ws, testa, colonna, etichetta, "intestazione")
    ws.set_row(testa - 1, 42)
    ws.repeat_rows(testa - 1)
    ws.freeze_panes(testa, 0)

    voci = di(tabelle.voci, testata.settore)
    risultati = rinvia(risultati, voci, testata.origine)
    prima, ultima = testa + 1, testa + len(voci) + (VOCI_DI_SCORTA if voci else VUOTE["voci"])
    elenco_prima = ultima + 8
    elenco = (elenco_prima, elenco_prima + max(len(gradi_schede), 1) - 1)
    for campo in VOCI:
        modulo.regola(ws, campo, prima, ultima)
    for posizione in range(prima, ultima + 1):
        dati = voci[posizione - prima] if posizione - prima < len(voci) else {}
        _scrivi_voce(modulo, ws, testata, posizione, prima, ultima, elenco, dati, risultati)
    colonne = {campo.chiave: campo.colonna for campo in COLONNE_VOCI}
    numeri, pesi, stati, gradi = (
        tratto(prima, ultima, colonne[chiave]) for chiave in ("n", "peso", "stato", "grado")
    )
    conta = f"COUNT({numeri})"
    scrivi_totali(modulo, ws, ultima + 2, conta, stati, pesi, gradi, testata, voci, risultati)
    _scrivi_elenco_schede(modulo, ws, elenco_prima - 2, testata, tabelle, gradi_schede)


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
    sopra = f"{xl_rowcol_to_cell(prima - 2, 0, row_abs=True)}:{indirizzo(riga - 1, 1)}"
    compilate = f"{celle['descrizione']}:{celle['grado_nucleo']},{celle['note']}"
    conta = f'=IF(COUNTA({compilate})=0,"",MAX({sopra})+1)'
    modulo.formula(ws, riga, 1, conta, n, "conteggio")
    misure = []
    for campo in VOCI:
        valore = dati.get(campo.chiave, campo.vuoto)
        formato = formato_di(campo) + ("_nucleo" if campo.chiave in DEL_NUCLEO else "")
        modulo.scrivi(ws, riga, campo.colonna, valore, formato)
        misure.append((str(valore or ""), LARGHEZZE_VALUTAZIONE[campo.colonna - 1]))
    numeri, gradi = (tratto(*elenco, colonna, fisso=True) for colonna in (1, GRADO_ELENCO))
    elenco_schede = f'SUBSTITUTE({celle["schede"]}," ","")'
    for separatore in ('"+"', '";"', "CHAR(10)"):  # as in tables.schede_coperte
        elenco_schede = f'SUBSTITUTE({elenco_schede},{separatore},",")'
    elenco_schede = f'SUBSTITUTE(","&{elenco_schede}&",",",0",",")'
    coperta = f'ISNUMBER(SEARCH(","&{numeri}&",",{elenco_schede}))*ISNUMBER({gradi})'
    delle_schede = f"SUMPRODUCT({coperta},{gradi})/SUMPRODUCT({coperta})"
    mancando = f'"{"" if testata.origine == DICHIARATO else DAGLI_INDICATORI}"'
    dichiarato, nucleo = celle["grado_dichiarato"], celle["grado_nucleo"]
    propri = f"IF(ISNUMBER({dichiarato}),{dichiarato},IFERROR({delle_schede},{mancando}))"
    if testata.origine == MISURATO_O_DICHIARATO:
        propri = mancando
    formula = formula_grado(
        celle["stato"],
        f'{celle["stato"]}="{VALUTATO}"',
        f"IF(ISNUMBER({nucleo}),{nucleo},{propri})",
        indirizzo(ultima + 5, 3, fisso=True),
    )
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
    schede = {dati["scheda"]: dati for dati in di(tabelle.schede, testata.settore)}
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


# ------------------------------------------------------------------------------------------ reading


def leggi(lettura: Lettura, testata: Testata) -> None:
    """Read a workbook written by `scrivi` and filled in: rows and findings go into `lettura`."""
    fogli = fogli_per_nome(lettura, ("Istruzioni", "Settore", "Valutazione"))
    attesi = ["Settore"] + ([] if testata.settore == TRASVERSALI else ["Valutazione"])
    for nome in attesi:
        if nome not in fogli:
            lettura.rileva("M08", nome, atteso=nome)
    lette = set()
    for nome in sorted(fogli, key=_numero_scheda):
        foglio, numero = fogli[nome], _numero_scheda(nome)
        if nome == "Istruzioni":
            leggi_istruzioni(lettura, foglio, ISTRUZIONI)
        elif nome == "Settore":
            leggi_settore(lettura, foglio, testata)
        elif nome == "Valutazione" and testata.settore != TRASVERSALI:
            _leggi_valutazione(lettura, foglio, testata)
        elif form.nostro(foglio):
            lettura.riporta_non_lette(foglio)
        elif numero and numero not in lette:
            lette.add(numero)
            _leggi_scheda(lettura, foglio, testata, numero)
        elif foglio.piene():
            lettura.salta_non_previsto(foglio, ("Settore", "Valutazione", "Scheda 1"))


def _numero_scheda(nome: str) -> int:
    """The number of a sheet Scheda, in the order of which they are printed; 0 for another sheet."""
    scheda = re.fullmatch(r"Scheda ([1-9][0-9]{0,3})", nome, re.IGNORECASE)
    return int(scheda[1]) if scheda else 0


def _leggi_valutazione(lettura: Lettura, foglio: Foglio, testata: Testata) -> None:
    testa = trova_riga(foglio, INTESTAZIONE_VOCI)
    fine = trova_riga(foglio, [FINE_VOCI], testa or 1)
    if testa is None or fine is None:
        mancante = FINE_VOCI if testa else etichetta_mancante(foglio, INTESTAZIONE_VOCI)
        lettura.salta_foglio("M09", foglio, atteso=mancante)
        return
    _segna_cornice(foglio, testata, testa, fine)
    n = 0
    for riga in range(testa + 1, fine):
        if not colonne_compilate(foglio, riga, VOCI):
            continue
        n += 1
        valori = leggi_voce(lettura, VOCI, foglio, riga)
        lettura.aggiungi(
            "voci",
            foglio,
            riga,
            settore=testata.settore,
            n=n,
            **valori,
        )
    lettura.riporta_non_lette(foglio)


def _segna_cornice(foglio: Foglio, testata: Testata, testa: int, fine: int) -> None:
    """Account for what the template itself writes in the Valutazione: labels, links and formulas."""
    titolo = _titolo_valutazione(testata)
    etichette = {normalizza(testo) for testo in (*ETICHETTE_VALUTAZIONE, testata.denominazione, titolo)}
    elenco = trova_riga(foglio, ELENCO_SCHEDE[:2], fine) or foglio.ultima_riga()
    segna_origine(foglio, fine + 4)
    for posto in foglio.piene():
        riga, colonna = posto
        fuori = riga <= testa or riga >= fine
        nostra = fuori and normalizza(foglio.testo(riga, colonna)) in etichette
        if posto in foglio.formule:
            nostra = (
                (testa < riga < fine and colonna in (1, GRADO_VOCE))
                or ((riga < testa or fine <= riga < fine + 3) and colonna == 3)
                or (riga > elenco and colonna in (2, GRADO_ELENCO, GRADO_VOCE))
            )
        elif posto == (fine + 3, 3) or (riga > elenco and colonna == 1 and (riga, 2) in foglio.formule):
            nostra = foglio.testo(riga, colonna).replace(",", "").isdigit()
        if nostra:
            foglio.segna_modello(posto)


def _leggi_scheda(lettura: Lettura, foglio: Foglio, testata: Testata, numero: int) -> None:
    sezioni = _trova_sezioni(foglio)
    mancante = next((nome for nome, riga in sezioni.items() if riga is None), None)
    if mancante is not None:
        if mancante in INTESTAZIONI:
            etichette = [campo.etichetta for campo in INTESTAZIONI[mancante]]
            mancante = etichetta_mancante(foglio, etichette)
        lettura.salta_foglio("M09", foglio, atteso=mancante)
        return
    dove = {nome: riga or 0 for nome, riga in sezioni.items()}
    _segna_intestazioni(foglio, testata, numero, dove)
    chiavi: Riga = {"settore": testata.settore, "scheda": numero}
    prima = len(foglio.lette)
    titolo = lettura.leggi(TITOLO, foglio, dove["Titolo"])
    _leggi_obiettivi(lettura, foglio, dove["DEFINIZIONE OBIETTIVO"] + 1, dove["Descrizione"], chiavi)
    descrizione = lettura.leggi(DESCRIZIONE, foglio, dove["Descrizione"])
    tabelle = (
        ("collegamenti", COLLEGAMENTO, dove["MISSIONE"], dove["INDICATORI"]),
        ("indicatori", INDICATORE, dove["INDICATORI"], dove["STATO DI ATTUAZIONE"]),
        ("stati", STATO, dove["STATO DI ATTUAZIONE"], dove[FASCIA_VALUTAZIONE]),
    )
    for tabella, campi, testa, fine in tabelle:
        _leggi_sezione(lettura, foglio, tabella, campi, range(testa + 1, fine), chiavi)
    riga = dove[CASELLE[0].etichetta] + 1
    valutazione = _leggi_caselle(lettura, foglio, riga)
    grado = lettura.leggi(PERCENTUALE, foglio, riga)
    if len(foglio.lette) > prima:
        lettura.aggiungi(
            "schede",
            foglio,
            dove["Titolo"],
            **chiavi,
            titolo=titolo,
            descrizione=descrizione,
            valutazione=valutazione,
            grado_dichiarato=grado,
            riga_esito=riga,
        )
    lettura.riporta_non_lette(foglio)


def _trova_sezioni(foglio: Foglio) -> dict[str, int | None]:
    """Row of each heading, in the printed order; None for one that is not there.

    Each is looked for after the one before. The label Descrizione is the last before the bilancio:
    what stands above it was typed by the office and may say anything.
    """
    trovate: dict[str, int | None] = {}
    cerca = 1
    for nome, campi in (("Titolo", (TITOLO,)), *INTESTAZIONI.items()):
        trovate[nome] = trova_riga(foglio, [campo.etichetta for campo in campi], cerca)
        cerca = (trovate[nome] or cerca) + 1
    for nome, da, a in (
        ("Descrizione", "DEFINIZIONE OBIETTIVO", "MISSIONE"),
        (FASCIA_BILANCIO, "DEFINIZIONE OBIETTIVO", "MISSIONE"),
        (FASCIA_VALUTAZIONE, "STATO DI ATTUAZIONE", CASELLE[0].etichetta),
    ):
        inizio, fine = trovate[da], trovate[a]
        trovate[nome] = None
        if inizio and fine:
            trovate[nome] = trova_riga(foglio, [nome], inizio, fine, ultima=True)
    return trovate


def _segna_intestazioni(foglio: Foglio, testata: Testata, numero: int, dove: dict[str, int]) -> None:
    for colonna, testo in ((1, f"SCHEDA {numero} – {testata.anno}"), (2, testata.denominazione)):
        if normalizza(foglio.testo(1, colonna)) == normalizza(testo):
            foglio.segna_modello((1, colonna))
    if foglio.testo(1, 5) == VERSO_VALUTAZIONE:
        foglio.segna_modello((1, 5))
    for nome in ("Titolo", "Descrizione", FASCIA_BILANCIO, FASCIA_VALUTAZIONE):
        foglio.segna_modello((dove[nome], 1))
    for nome, campi in INTESTAZIONI.items():
        foglio.segna_modello(*((dove[nome], campo.colonna) for campo in campi))


def _leggi_obiettivi(lettura: Lettura, foglio: Foglio, inizio: int, fine: int, chiavi: Riga) -> None:
    obiettivi = fasi = 0
    segna_non_spuntate(foglio, OBIETTIVO[1], range(inizio, fine))
    for riga in range(inizio, fine):
        if not colonne_compilate(foglio, riga, INTESTAZIONE_OBIETTIVI):
            continue
        obiettivo = lettura.leggi_riga(OBIETTIVO, foglio, riga)
        fase = lettura.leggi_riga(FASE, foglio, riga)
        nuovo = obiettivi == 0 or any(obiettivo.values())
        if nuovo:
            obiettivi, fasi = obiettivi + 1, 0
            lettura.aggiungi(
                "obiettivi",
                foglio,
                riga,
                **chiavi,
                n=obiettivi,
                **obiettivo,
            )
        if any(fase.values()):
            fasi += 1
            if fasi == 1:
                lettura.righe["obiettivi"][-1]["assegnazione"] = fase["assegnazione"]
            lettura.aggiungi("fasi", foglio, riga, **chiavi, obiettivo=obiettivi, n=fasi, **fase)


def _leggi_sezione(
    lettura: Lettura,
    foglio: Foglio,
    tabella: str,
    campi: tuple[Campo, ...],
    intervallo: range,
    chiavi: Riga,
) -> None:
    n = 0
    for riga in intervallo:
        if colonne_compilate(foglio, riga, campi):
            n += 1
            valori = lettura.leggi_riga(campi, foglio, riga)
            lettura.aggiungi(tabella, foglio, riga, **chiavi, n=n, **valori)


def _leggi_caselle(lettura: Lettura, foglio: Foglio, riga: int) -> str:
    """The key of the marked box; "" when none or more than one is marked."""
    for campo in CASELLE:
        segna_non_spuntate(foglio, campo, range(riga, riga + 1))
    segnate = [campo for campo in CASELLE if lettura.leggi(campo, foglio, riga)]
    if len(segnate) == 1:
        return segnate[0].chiave
    for campo in segnate:
        lettura.rileva("C08", foglio.nome, (riga, campo.colonna))
    return ""


_POSTI = {
    "schede": (TITOLO,),
    "obiettivi": OBIETTIVO,
    "fasi": FASE,
    "voci": VOCI,
    "collegamenti": COLLEGAMENTO,
    "indicatori": INDICATORE,
    "stati": STATO,
}
_DELL_ESITO = {"grado_dichiarato": PERCENTUALE, "valutazione": CASELLE[0]}


def cella(tabella: str, chiave: str, riga: Mapping[str, Any]) -> str:
    """Address of a field of a row of a table, for the rules; "" if this template has no such field."""
    if tabella == "schede" and chiave in _DELL_ESITO:
        return indirizzo(riga["riga_esito"], _DELL_ESITO[chiave].colonna)
    colonne = [campo.colonna for campo in _POSTI[tabella] if campo.chiave == chiave]
    return indirizzo(riga["riga"], colonne[0]) if colonne else ""
