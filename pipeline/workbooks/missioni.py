"""The modello "missioni": the workbook of a settore that reports by missione, in one table.

The sheet `Obiettivi operativi` has the nine columns of the familiar table, so that it can be pasted
whole, and to their right what the valutazione needs. A row is an obiettivo operativo: a scheda with
one obiettivo and its own voce. The rows of a missione stand under its heading.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline import bilancio
from pipeline.celle import intervalli
from pipeline.excel import altezza
from pipeline.parole import citazione, normalizza
from pipeline.tables import DICHIARATO, STATI, VALUTATO, Riga, Tabelle
from pipeline.workbooks import form
from pipeline.workbooks.fields import (
    Campo,
    Lettura,
    colonne_compilate,
    segna_non_spuntate,
    trova_riga,
)
from pipeline.workbooks.form import Modulo, formato_di
from pipeline.workbooks.grid import Foglio, Posto, indirizzo, tratto
from pipeline.workbooks.settore import (
    FINE_VOCI,
    TOTALI,
    Risultati,
    Testata,
    apri_modulo,
    di,
    fogli_per_nome,
    formula_grado,
    leggi_istruzioni,
    leggi_settore,
    leggi_voce,
    scrivi_istruzioni,
    scrivi_settore,
    scrivi_totali,
    segna_origine,
)
from pipeline.workbooks.sotto_missione import Blocco, Mancante, Obiettivo, ricomponi

NOME = "missioni"
FOGLIO_VOCI = "Obiettivi operativi"
FOGLIO_PROGRAMMI = "Programmi"
UNITA = ("obiettivo operativo", "obiettivi operativi")
"""What a workbook of this template is made of, one and many."""

PROGRAMMA = Campo(
    "programma",
    "PROGRAMMI",
    1,
    "codice",
    aiuto="Il codice, per esempio 01.02. Con una S (01.02 S) l'obiettivo è strategico.",
)
OBIETTIVO = Campo("obiettivo", "OBIETTIVI OPERATIVI", 2, aiuto="L'obiettivo come va nella relazione.")
FINALITA = Campo("finalita", "FINALITÀ", 3, aiuto="Che cosa si vuole ottenere e perché.")
PERSONE = "Nome e cognome, uno per riga o separati da virgola. Anche un gruppo: Tutti gli uffici."
RESPONSABILE = Campo("responsabile", "Responsabile", 4, aiuto=PERSONE)
SUPPORTO = Campo("supporto", "Personale di supporto", 5, aiuto=PERSONE)
PREVISTO = Campo("previsto", "ANNO", 6, "segno", "X se l'obiettivo è previsto per quest'anno.")
INDICATORI = Campo("indicatori", "INDICATORI DI OUTPUT", 7, aiuto="Da che cosa si vede il risultato.")
REALIZZAZIONE = Campo(
    "realizzazione",
    "GRADO DI REALIZZAZIONE DELL'OBIETTIVO",
    8,
    aiuto="Che cosa è stato fatto, a parole. La percentuale va nella colonna accanto.",
)
PERCENTUALE = Campo(
    "grado_dichiarato",
    "% DI REALIZZAZIONE DEL PERSONALE COINVOLTO",
    9,
    "grado",
    "Da 0 a 100; vuoto se manca.",
)
TIPO = Campo(
    "strategico", "TIPO", 10, "scelta", "Solo se l'obiettivo è strategico.", ("strategico", "S")
)
STATO = Campo(
    "stato",
    "STATO",
    11,
    "scelta",
    "Vuoto con la percentuale vale «valutato». Gli altri stati escono dalla media.",
    STATI,
)
PESO = Campo("peso", "PESO", 12, "numero", "Il peso nella media. Tutti vuoti: contano allo stesso modo.")
NUCLEO = Campo(
    "grado_nucleo", "GRADO NUCLEO %", 13, "grado", "A cura del Nucleo: se c'è, prevale sulla %."
)
FINALE, COLONNA_FINALE = "GRADO FINALE %", 14
NOTE = Campo("note", "NOTE", 15, aiuto="Il motivo, se l'obiettivo è escluso; le note del Nucleo.")

CAMPI = (
    PROGRAMMA,
    OBIETTIVO,
    FINALITA,
    RESPONSABILE,
    SUPPORTO,
    PREVISTO,
    INDICATORI,
    REALIZZAZIONE,
    PERCENTUALE,
    TIPO,
    STATO,
    PESO,
    NUCLEO,
    NOTE,
)
UNIBILI = (PROGRAMMA, OBIETTIVO, FINALITA, RESPONSABILE, SUPPORTO, INDICATORI, REALIZZAZIONE)
"""What a table pasted from Word may hold once for several rows, in a cell merged downwards."""

MISSIONE = "MISSIONE"
CODICE = Campo("missione", "Missione", 2, "codice", aiuto="Il codice della missione: 01, 04, 12…")
DENOMINAZIONE = Campo("denominazione", "Denominazione", 3, aiuto="Il nome della missione.")
INTERA = Campo("missione", "Missione", 1, "codice")
"""A heading pasted in one cell: "Missione 04 – Istruzione"."""

TITOLO = "OBIETTIVI OPERATIVI PER MISSIONE"
LEGENDA = "S = obiettivo strategico"
TESTA = 3
LARGHEZZE = (12.0, 34.0, 40.0, 20.0, 24.0, 8.0, 38.0, 42.0, 17.0, 12.0, 15.0, 8.0, 11.0, 11.0, 34.0)
COME_INTESTAZIONE = 0.7
"""From here up (0..1) a text is a heading in other words: "Grado di raggiungimento dell'obiettivo"."""
TITOLO_PROGRAMMI = "MISSIONI E PROGRAMMI"
INTESTAZIONE_PROGRAMMI = ("Codice", "Programma", "Missione")
BLOCCHI_VUOTI, RIGHE_VUOTE, DI_SCORTA = 4, 6, 2

ISTRUZIONI = (
    "Come si compila",
    "1. Si scrive solo nelle caselle gialle; il resto è protetto, senza password. Le caselle verdi "
    "sono del Nucleo.",
    "2. Foglio Settore: responsabile, ruolo, categoria.",
    "3. Foglio Obiettivi operativi: una riga per obiettivo, sotto la riga della sua missione. La "
    "tabella già pronta in Word si può incollare, anche sopra le righe delle missioni: le prime nove "
    "colonne sono le sue.",
    "4. Per un'altra missione si usa un blocco vuoto in fondo, oppure si inserisce una riga e si scrive "
    "Missione e il codice nella prima colonna (Missione 09). Per altri obiettivi si inseriscono righe "
    "in mezzo (tasto destro sul numero di riga, Inserisci).",
    "5. Programma: il codice si sceglie dall'elenco o si scrive (01.02, 12.9); il foglio Programmi li "
    "riporta tutti. Obiettivo strategico: si scrive S dopo il codice, oppure si sceglie il tipo.",
    "6. Persone: nome e cognome, separati da virgola o a capo.",
    "7. La percentuale è un numero da 0 a 100. Un dato che manca si lascia vuoto: vuoto non vale zero. "
    "Un obiettivo sospeso o rinviato prende il suo stato, e il motivo nelle note: esce dalla media.",
    "8. La percentuale in fondo è un primo conto: fa fede quella della relazione.",
    "9. Si salva in formato .xlsx e si restituisce all'ufficio senza cambiare i nomi dei fogli.",
)


# ------------------------------------------------------------------------------------------ writing


def scrivi(
    percorso: Path,
    testata: Testata,
    tabelle: Tabelle,
    quanti: int,
    risultati: Risultati | None = None,
) -> None:
    """Write the workbook of a settore with what `tabelle` hold of it, and blank rows to go on.

    `quanti` is how many obiettivi to make room for; `risultati` the figures to cache in the formulas.
    """
    testata = replace(testata, origine=DICHIARATO)  # its indicatori have no atteso to be measured on
    modulo = apri_modulo(percorso, testata)
    scrivi_istruzioni(modulo, ISTRUZIONI)
    scrivi_settore(modulo, testata, di(tabelle.settori, testata.settore))
    _scrivi_obiettivi(modulo, testata, tabelle, quanti, risultati or Risultati({}))
    _scrivi_programmi(modulo, testata.anno)
    modulo.chiudi()


def _blocchi(tabelle: Tabelle, settore: str, quanti: int) -> list[tuple[Riga | None, list[Riga], int]]:
    """The blocks to write: heading (None for rows before any), the rows, how many blank ones follow."""
    obiettivi = _obiettivi(tabelle, settore)
    blocchi: list[tuple[Riga | None, list[Riga], int]] = []
    sciolti = [riga for riga in obiettivi if riga["blocco"] == 0]
    if sciolti:
        blocchi.append((None, sciolti, 0))
    for missione in di(tabelle.missioni, settore):
        suoi = [riga for riga in obiettivi if riga["blocco"] == missione["n"]]
        blocchi.append((missione, suoi, DI_SCORTA))
    mancano = max(0, quanti - len(obiettivi) - sum(vuote for _, _, vuote in blocchi))
    vuoti = 1 if obiettivi else BLOCCHI_VUOTI
    ciascuno = max(RIGHE_VUOTE, -(-mancano // vuoti))
    return blocchi + [({}, [], ciascuno)] * vuoti


def _obiettivi(tabelle: Tabelle, settore: str) -> list[Riga]:
    """The rows of the sheet, from the tables: one a scheda, with its voce."""
    voci = {voce["n"]: voce for voce in di(tabelle.voci, settore)}
    obiettivi = []
    for scheda in di(tabelle.schede, settore):
        n = scheda["scheda"]
        riga = {**scheda, **_della_voce(voci.get(n, {}))}
        riga |= {"n": n, "obiettivo": scheda["titolo"], "finalita": scheda["descrizione"]}
        strategico = any(o["strategico"] for o in di(tabelle.obiettivi, settore, n))
        for chiave, tabella, colonna in (
            ("programma", tabelle.collegamenti, "programma"),
            ("indicatori", tabelle.indicatori, "indicatore"),
            ("realizzazione", tabelle.stati, "testo"),
        ):
            riga[chiave] = "\n".join(r[colonna] for r in di(tabella, settore, n))
        riga["strategico"] = strategico and not bilancio.strategico(riga["programma"])
        obiettivi.append(riga)
    return obiettivi


def _della_voce(voce: Riga) -> Riga:
    """What the voce has of its own; a stato that follows from the percentage is not written."""
    propri = {campo.chiave: voce.get(campo.chiave, campo.vuoto) for campo in (STATO, PESO, NUCLEO, NOTE)}
    con_grado = any(voce.get(campo.chiave) is not None for campo in (PERCENTUALE, NUCLEO))
    return {**propri, "stato": ""} if con_grado and propri["stato"] == VALUTATO else propri


def _scrivi_obiettivi(
    modulo: Modulo, testata: Testata, tabelle: Tabelle, quanti: int, risultati: Risultati
) -> None:
    ws = modulo.foglio(FOGLIO_VOCI, LARGHEZZE, orizzontale=True)
    ws.set_paper(8)  # A3: fifteen columns are too small on A4
    modulo.scrivi(ws, 1, 1, f"{TITOLO} – {testata.anno}", "titolo")
    modulo.scrivi(ws, 1, 4, testata.denominazione, "titolo")
    modulo.scrivi(ws, 2, 1, LEGENDA, "prosa_corta")
    ws.set_row(0, 22)
    for colonna, etichetta in _etichette(testata).items():
        modulo.scrivi(ws, TESTA, colonna, etichetta, "intestazione")
    ws.set_row(TESTA - 1, 58)
    ws.repeat_rows(TESTA - 1)
    ws.freeze_panes(TESTA, 2)
    blocchi = _blocchi(tabelle, testata.settore, quanti)
    ultima = TESTA + sum((testa is not None) + len(suoi) + vuote for testa, suoi, vuote in blocchi)
    fine = ultima + 2
    riga = TESTA + 1
    for testa, suoi, vuote in blocchi:
        if testa is not None:
            _scrivi_missione(modulo, ws, riga, testa)
            riga += 1
        if suoi or vuote:
            _regole(modulo, ws, riga, riga + len(suoi) + vuote - 1, testata.anno)
        for dati in [*suoi, *({} for _ in range(vuote))]:
            _scrivi_obiettivo(modulo, ws, riga, dati, fine, risultati)
            riga += 1
    stati, pesi, gradi = (
        tratto(TESTA + 1, ultima, colonna) for colonna in (STATO.colonna, PESO.colonna, COLONNA_FINALE)
    )
    conta = _conta(TESTA + 1, ultima)
    voci = di(tabelle.voci, testata.settore)
    scrivi_totali(modulo, ws, fine, conta, stati, pesi, gradi, testata, voci, risultati)


def _conta(prima: int, ultima: int) -> str:
    """The formula that counts the obiettivi: rows with something, less the headings of missioni."""

    def lunghezze(campi: Iterable[Campo]) -> str:
        return "+".join(f"LEN({tratto(prima, ultima, campo.colonna)})" for campo in campi)

    testa = f'LEFT({tratto(prima, ultima, PROGRAMMA.colonna)},{len(MISSIONE)})="{MISSIONE}"'
    oltre_la_testa = (campo for campo in CAMPI if campo.colonna > DENOMINAZIONE.colonna)
    return f"SUMPRODUCT(--({lunghezze(CAMPI)}>0))-SUMPRODUCT(({testa})*({lunghezze(oltre_la_testa)}=0))"


def _etichette(testata: Testata) -> dict[int, str]:
    """The headings by column; the mark of the year stands under the year itself."""
    etichette = {campo.colonna: campo.etichetta for campo in CAMPI}
    return dict(
        sorted({**etichette, PREVISTO.colonna: str(testata.anno), COLONNA_FINALE: FINALE}.items())
    )


def _scrivi_missione(modulo: Modulo, ws: Worksheet, riga: int, dati: Riga) -> None:
    modulo.scrivi(ws, riga, 1, MISSIONE, "fascia_libera")
    for colonna in range(2, len(LARGHEZZE) + 1):  # neither merged nor locked: a table can be pasted over
        modulo.scrivi(ws, riga, colonna, None, "testo_forte")
    for campo in (CODICE, DENOMINAZIONE):
        modulo.scrivi(ws, riga, campo.colonna, dati.get(campo.chiave, ""), "testo_forte")
        modulo.regola(ws, campo, riga, riga)
    ws.set_row(riga - 1, 20)


def _scrivi_obiettivo(
    modulo: Modulo, ws: Worksheet, riga: int, dati: Riga, fine: int, risultati: Risultati
) -> None:
    misure = []
    for campo in CAMPI:
        valore = dati.get(campo.chiave, campo.vuoto)
        if campo is TIPO:
            valore = TIPO.scelte[0] if valore else ""
        elif campo.tipo == "segno":
            valore = "X" if valore else ""
        formato = formato_di(campo) + ("_nucleo" if campo is NUCLEO else "")
        modulo.scrivi(ws, riga, campo.colonna, valore, formato)
        misure.append((str(valore or ""), LARGHEZZE[campo.colonna - 1]))
    stato, grado, nucleo = (indirizzo(riga, campo.colonna) for campo in (STATO, PERCENTUALE, NUCLEO))
    formula = formula_grado(
        stato,
        f'OR({stato}="{VALUTATO}",AND({stato}="",COUNTA({grado},{nucleo})>0))',
        f"IF(ISNUMBER({nucleo}),{nucleo},{_numero(grado)})",
        indirizzo(fine + 3, 3, fisso=True),
    )
    finale = risultati.gradi.get(dati.get("n", 0))
    modulo.formula(ws, riga, COLONNA_FINALE, formula, finale, "calcolo")
    if dati:  # a blank row without a height grows with what is typed in it
        ws.set_row(riga - 1, altezza(misure, 18))


def _numero(cella: str) -> str:
    """A formula's reading of a percentage, also pasted as text ("100 %")."""
    testo = cella
    for tolto in ('"%"', '" "', "CHAR(160)"):
        testo = f'SUBSTITUTE({testo},{tolto},"")'
    return f'IF(ISNUMBER({cella}),{cella},IFERROR(VALUE({testo}),""))'


def _regole(modulo: Modulo, ws: Worksheet, prima: int, ultima: int, anno: int) -> None:
    """Drop-downs and help of some rows. The list of the programmi refuses nothing: "12.9", "01.01 S"."""
    for campo in CAMPI[1:]:
        modulo.regola(ws, campo, prima, ultima)
    opzioni = {
        "validate": "list",
        "source": f"={FOGLIO_PROGRAMMI}!{tratto(4, 3 + len(bilancio.programmi(anno)), 1, fisso=True)}",
        "show_error": False,
        "input_title": PROGRAMMA.etichetta,
        "input_message": PROGRAMMA.aiuto,
    }
    ws.data_validation(prima - 1, PROGRAMMA.colonna - 1, ultima - 1, PROGRAMMA.colonna - 1, opzioni)


def _riga_programma(codice: str, nome: str) -> tuple[str, str, str]:
    missione = codice[:2]
    return bilancio.con_punto(codice), nome, f"{missione} {bilancio.MISSIONI[missione]}"


def _scrivi_programmi(modulo: Modulo, anno: int) -> None:
    ws = modulo.foglio(FOGLIO_PROGRAMMI, (12.0, 80.0, 80.0), orizzontale=True)
    modulo.scrivi(ws, 1, 1, TITOLO_PROGRAMMI, "titolo")
    for colonna, etichetta in enumerate(INTESTAZIONE_PROGRAMMI, start=1):
        modulo.scrivi(ws, 3, colonna, etichetta, "intestazione")
    ws.repeat_rows(2)
    ws.freeze_panes(3, 0)
    for riga, valori in enumerate(bilancio.programmi(anno).items(), start=4):
        for colonna, valore in enumerate(_riga_programma(*valori), start=1):
            modulo.scrivi(ws, riga, colonna, valore, "fisso")


# ------------------------------------------------------------------------------------------ reading


def leggi(lettura: Lettura, testata: Testata) -> None:
    """Read a workbook written by `scrivi` and filled in: rows and findings go into `lettura`."""
    fogli = fogli_per_nome(lettura, ("Istruzioni", "Settore", FOGLIO_VOCI, FOGLIO_PROGRAMMI))
    for nome in ("Settore", FOGLIO_VOCI):
        if nome not in fogli:
            lettura.rileva("M08", nome, atteso=nome)
    for nome, foglio in fogli.items():
        if nome == "Istruzioni":
            leggi_istruzioni(lettura, foglio, ISTRUZIONI)
        elif nome == "Settore":
            leggi_settore(lettura, foglio, testata)
        elif nome == FOGLIO_VOCI:
            _leggi_obiettivi(lettura, foglio, testata)
        elif nome == FOGLIO_PROGRAMMI:
            _leggi_programmi(lettura, foglio)
        elif form.nostro(foglio):
            lettura.riporta_non_lette(foglio)
        elif foglio.piene():
            lettura.salta_non_previsto(foglio, ("Settore", FOGLIO_VOCI, FOGLIO_PROGRAMMI))


def _leggi_programmi(lettura: Lettura, foglio: Foglio) -> None:
    """The list is ours, of whatever year; whatever else is typed in its sheet is reported."""
    nostre = {TITOLO_PROGRAMMI, *INTESTAZIONE_PROGRAMMI}
    nostre |= {t for p in bilancio.NOMENCLATURA for t in _riga_programma(p.codice, p.nome)}
    nostre = {normalizza(testo) for testo in nostre}
    foglio.segna_modello(*(p for p in foglio.piene() if normalizza(foglio.testo(*p)) in nostre))
    lettura.riporta_non_lette(foglio)


def _leggi_obiettivi(lettura: Lettura, foglio: Foglio, testata: Testata) -> None:
    testa = _trova_testa(foglio, testata)
    mancante = PROGRAMMA.etichetta if testa is None else _etichetta_diversa(foglio, testa, testata)
    fine = trova_riga(foglio, [FINE_VOCI], (testa or 0) + 1, ultima=True)
    if testa is None or mancante or fine is None:
        lettura.salta_foglio("M09", foglio, atteso=mancante or FINE_VOCI)
        return
    _segna_cornice(foglio, testata, testa, fine)
    segna_non_spuntate(foglio, PREVISTO, range(testa + 1, fine))
    blocchi, mancanti = ricomponi(_leggi_blocchi(lettura, foglio, testata, testa, fine))
    for senza_riga in mancanti:
        _rileva_mancante(lettura, foglio, senza_riga)
    _aggiungi_blocchi(lettura, foglio, testata.settore, blocchi)
    lettura.riporta_non_lette(foglio)


def _leggi_blocchi(
    lettura: Lettura, foglio: Foglio, testata: Testata, testa: int, fine: int
) -> list[Blocco]:
    """The rows between the headings of the table and its totals, as they stand."""
    blocchi = [Blocco({})]
    for riga in range(testa + 1, fine):
        piene = colonne_compilate(foglio, riga, CAMPI)
        if not piene or _e_riepilogo(foglio, riga, piene):
            continue  # of a closing total, the cells are reported as content outside the form
        if intestazioni := _intestazioni(foglio, riga, testata):
            foglio.segna_modello(*intestazioni)
        elif piene == {1} and normalizza(foglio.testo(riga, 1)) == normalizza(LEGENDA):
            foglio.segna_modello((riga, 1))
        elif campi := _campi_missione(foglio, riga, piene):
            blocchi.append(Blocco(_leggi_missione(lettura, foglio, riga, campi)))
        else:
            blocchi[-1].obiettivi.append(_leggi_obiettivo(lettura, foglio, riga))
    return blocchi


def _aggiungi_blocchi(lettura: Lettura, foglio: Foglio, settore: str, blocchi: list[Blocco]) -> None:
    """Add the rows of the missioni, but for headings left blank, and those of the obiettivi."""
    n = 0
    in_blocco: list[tuple[Obiettivo, int, str]] = []
    for blocco in blocchi:
        testa = blocco.testa
        if testa and (blocco.obiettivi or testa["missione"] or testa["denominazione"]):
            n += 1
            _aggiungi_missione(lettura, foglio, settore, n, testa)
        codice = bilancio.leggi(testa.get("missione", ""), "").missione
        in_blocco += [(obiettivo, n if testa else 0, codice) for obiettivo in blocco.obiettivi]
    in_blocco.sort(key=lambda posto: posto[0].riga)
    for scheda, (obiettivo, numero, codice) in enumerate(in_blocco, start=1):
        _aggiungi_obiettivo(lettura, foglio, settore, scheda, obiettivo, numero, codice)


def _trova_testa(foglio: Foglio, testata: Testata) -> int | None:
    """The first row with most of the headings in their place, or with the first one."""
    etichette = {colonna: normalizza(testo) for colonna, testo in _etichette(testata).items()}
    for riga in range(1, foglio.ultima_riga() + 1):
        giuste = sum(normalizza(foglio.testo(riga, c)) == testo for c, testo in etichette.items())
        if giuste > len(etichette) // 2:
            return riga
    return trova_riga(foglio, [PROGRAMMA.etichetta])


def _etichetta_diversa(foglio: Foglio, testa: int, testata: Testata) -> str:
    """The first heading that is not where it should be ("" if all are)."""
    for colonna, etichetta in _etichette(testata).items():
        if normalizza(foglio.testo(testa, colonna)) != normalizza(etichetta):
            return etichetta
    return ""


def _intestazioni(foglio: Foglio, riga: int, testata: Testata) -> list[Posto]:
    """The cells of a row that repeats the headings, as a table pasted whole does; none for another."""
    simili = [
        (riga, colonna)
        for colonna, etichetta in _etichette(testata).items()
        if bilancio.somiglianza(foglio.testo(riga, colonna), etichetta) >= COME_INTESTAZIONE
    ]
    prime = {(riga, campo.colonna) for campo in (PROGRAMMA, OBIETTIVO, FINALITA)}
    grado = (riga, PERCENTUALE.colonna)
    con_un_grado = grado in foglio.piene() and grado not in simili
    return simili if prime <= set(simili) and not con_un_grado else []


def _e_riepilogo(foglio: Foglio, riga: int, piene: set[int]) -> bool:
    """Whether a row is the total or mean that closes a pasted table: it is no obiettivo."""
    prime = " ".join(normalizza(foglio.testo(riga, c.colonna)) for c in (PROGRAMMA, OBIETTIVO)).strip()
    sola = len(piene) <= 2 and PERCENTUALE.colonna in piene
    return sola and re.match(r"(media|totale|percentuale)\b", prime) is not None


def _campi_missione(foglio: Foglio, riga: int, piene: set[int]) -> tuple[Campo, Campo] | None:
    """The fields of a row that heads a missione: where its code and its name are."""
    prima = normalizza(foglio.testo(riga, 1))
    if prima == normalizza(MISSIONE) or _etichetta_guasta(foglio, riga, piene):
        foglio.segna_modello((riga, 1))
        return CODICE, DENOMINAZIONE
    sola = piene <= {1, CODICE.colonna, DENOMINAZIONE.colonna}
    if not (sola and re.match(r"missione (?:n )?\d{1,2}\b", prima)):
        return None
    accanto = CODICE.colonna in piene and DENOMINAZIONE.colonna not in piene
    return INTERA, replace(DENOMINAZIONE, colonna=CODICE.colonna) if accanto else DENOMINAZIONE


def _etichetta_guasta(foglio: Foglio, riga: int, piene: set[int]) -> bool:
    """Whether a row has only the code and the name of a missione, its label spoilt or gone."""
    prima, scritto, nome = (foglio.testo(riga, colonna) for colonna in (1, 2, 3))
    codice = bilancio.leggi(scritto, "").missione
    if not piene <= {1, CODICE.colonna, DENOMINAZIONE.colonna} or codice not in bilancio.MISSIONI:
        return False
    if prima:
        return bilancio.somiglianza(prima, MISSIONE) >= bilancio.SOMIGLIANTE
    return bilancio.codice_di(nome or bilancio.nome_scritto(scritto)) == codice


def _leggi_missione(lettura: Lettura, foglio: Foglio, riga: int, campi: tuple[Campo, Campo]) -> Riga:
    codice, nome = campi
    return {
        "riga": riga,
        **lettura.leggi_riga(campi, foglio, riga),
        "codice": (riga, codice.colonna),
        "nome": (riga, nome.colonna),
    }


def _aggiungi_missione(lettura: Lettura, foglio: Foglio, settore: str, n: int, testa: Riga) -> None:
    """A heading, as read; or what one that is missing would say, which is in no cell of its own."""
    primo = (testa["riga"], PROGRAMMA.colonna)
    lettura.aggiungi(
        "missioni",
        foglio,
        testa["riga"],
        settore=settore,
        n=n,
        **{campo.chiave: testa[campo.chiave] for campo in (CODICE, DENOMINAZIONE)},
        cella_missione=indirizzo(*testa.get("codice", primo)),
        cella_nome=indirizzo(*testa.get("nome", primo)),
        ripetuti=[] if "codice" in testa else [CODICE.chiave, DENOMINAZIONE.chiave],
    )


def _rileva_mancante(lettura: Lettura, foglio: Foglio, mancante: Mancante) -> None:
    """Report a heading that is not above its obiettivi, where it is to be written."""
    sopra = mancante.sopra
    posto = (mancante.obiettivi[0].riga, PROGRAMMA.colonna)
    scritto = citazione(sopra.get("missione", "") or sopra.get("denominazione", ""))
    celle = (indirizzo(obiettivo.riga, PROGRAMMA.colonna) for obiettivo in mancante.obiettivi)
    lettura.rileva(
        "M16",
        foglio.nome,
        sopra["codice"] if mancante.errata else posto,
        missione=mancante.missione,
        celle=", ".join(intervalli(celle)),
        sopra=f"c'è la missione «{scritto}»" if scritto else "non c'è nessuna missione",
        aiuto=mancante.rimedio,
    )


def _segna_cornice(foglio: Foglio, testata: Testata, testa: int, fine: int) -> None:
    """Account for what the template itself writes: titles, headings, legends, formulas, totals."""
    fuori = {normalizza(t) for t in (f"{TITOLO} – {testata.anno}", testata.denominazione, *TOTALI)}
    fuori |= {normalizza(testo) for testo in _etichette(testata).values()}
    segna_origine(foglio, fine + 4)
    for posto in foglio.piene():
        riga, colonna = posto
        testo = normalizza(foglio.testo(riga, colonna))
        if posto in foglio.formule:
            nostra = colonna == COLONNA_FINALE if riga < fine else colonna == 3
        elif testa < riga < fine:
            nostra = False
        else:
            nostra = testo in (*fuori, normalizza(LEGENDA))
            nostra |= posto == (fine + 3, 3) and testo.replace(" ", "").isdigit()
        if nostra:
            foglio.segna_modello(posto)


_IN_SCHEDA = {"obiettivo": "titolo", "finalita": "descrizione"}
"""What the table of the schede calls some columns of this sheet."""
_ALTROVE = ("programma", "indicatori", "realizzazione")
"""The columns that go into a table of their own."""


def _leggi_obiettivo(lettura: Lettura, foglio: Foglio, riga: int) -> Obiettivo:
    """A row as typed, with the missione that its programma names."""
    valori: Riga = leggi_voce(lettura, CAMPI, foglio, riga)
    _programma_come_numero(lettura, foglio, riga, valori)
    unite = lettura.da_celle_unite(UNIBILI, foglio, riga, valori)
    if "programma" in unite:
        _s_unita(lettura, foglio, riga, valori["programma"])
    posto = (riga, PROGRAMMA.colonna)
    if not valori["programma"] and posto not in foglio.piene():
        lettura.rileva(
            "C04", foglio.nome, posto, campo="Programma", aiuto="Scrivere il codice, per esempio 01.02."
        )
    missione = bilancio.leggi("", valori["programma"]).missione
    return Obiettivo(riga, valori, unite, missione if missione in bilancio.MISSIONI else "")


def _aggiungi_obiettivo(
    lettura: Lettura,
    foglio: Foglio,
    settore: str,
    n: int,
    obiettivo: Obiettivo,
    blocco: int,
    missione: str,
) -> None:
    """A scheda with its obiettivo, its link, indicatori, stato di attuazione and voce."""
    riga, valori, unite = obiettivo.riga, obiettivo.valori, obiettivo.unite
    chiavi: Riga = {"settore": settore, "scheda": n}
    lettura.aggiungi(
        "schede",
        foglio,
        riga,
        **chiavi,
        titolo=valori["obiettivo"],
        descrizione=valori["finalita"],
        blocco=blocco,
        riga_esito=riga,
        **{c: valori[c] for c in ("responsabile", "supporto", "previsto", "grado_dichiarato")},
        ripetuti=[_IN_SCHEDA.get(c, c) for c in unite if c not in _ALTROVE],
    )
    di_tipo = bool(valori["strategico"])
    strategico = di_tipo or bilancio.strategico(valori["programma"])
    if valori["obiettivo"] or strategico:
        lettura.aggiungi(
            "obiettivi",
            foglio,
            riga,
            **chiavi,
            n=1,
            definizione=valori["obiettivo"],
            strategico=strategico,
            ripetuti=["definizione"] if di_tipo else ["definizione", "strategico"],
        )
    _aggiungi_collegamento(lettura, foglio, chiavi, obiettivo, missione)
    for tabella, colonna, campo in (
        ("indicatori", "indicatore", INDICATORI),
        ("stati", "testo", REALIZZAZIONE),
    ):
        if valori[campo.chiave]:
            ripetuti = [colonna] if campo.chiave in unite else []
            testo = {colonna: valori[campo.chiave]}
            lettura.aggiungi(tabella, foglio, riga, **chiavi, n=1, **testo, ripetuti=ripetuti)
    _aggiungi_voce(lettura, foglio, riga, settore, n, valori)


def _aggiungi_collegamento(
    lettura: Lettura, foglio: Foglio, chiavi: Riga, obiettivo: Obiettivo, missione: str
) -> None:
    """The link with the bilancio: the missione above, if it is one, and the programma as typed."""
    missione = missione if missione in bilancio.MISSIONI else ""
    programma = obiettivo.valori["programma"]
    if missione or programma:
        ripetuti = ["missione", *(chiave for chiave in obiettivo.unite if chiave == "programma")]
        valori = {**chiavi, "n": 1, "missione": missione, "programma": programma}
        lettura.aggiungi("collegamenti", foglio, obiettivo.riga, **valori, ripetuti=ripetuti)


def _programma_come_numero(lettura: Lettura, foglio: Foglio, riga: int, valori: dict[str, Any]) -> None:
    """A code that became a number: 12,9 is 12.09; 12,1 may have been 12.10 and is reported."""
    posto = (riga, PROGRAMMA.colonna)
    if isinstance(foglio.celle.get(posto), float) and valori["programma"]:
        intero, _, decimali = valori["programma"].partition(",")
        valori["programma"] = f"{intero}.{decimali}" if decimali else intero
        if decimali == "1":
            lettura_fatta = f"«{intero},1» è letto {intero.zfill(2)}.01"
            rimedio = f"scrivere come testo '{intero.zfill(2)}.10"
            lettura.rileva(
                "I01", foglio.nome, posto, campo="Programma", lettura=lettura_fatta, rimedio=rimedio
            )


def _s_unita(lettura: Lettura, foglio: Foglio, riga: int, programma: str) -> None:
    """An S in a merged cell may be meant for one obiettivo only."""
    capo = foglio.unite[riga, PROGRAMMA.colonna]
    if riga == capo[0] + 1 and bilancio.strategico(programma):
        letto = f"«{programma}» unisce più righe, tutte lette come strategiche"
        rimedio = "dividere la cella e scrivere la S solo dove serve"
        lettura.rileva("I01", foglio.nome, capo, campo="Programma", lettura=letto, rimedio=rimedio)


def _aggiungi_voce(
    lettura: Lettura, foglio: Foglio, riga: int, settore: str, n: int, valori: dict[str, Any]
) -> None:
    """The voce of an obiettivo. In this template a percentage without a stato says *valutato*."""
    ripetuti = ["descrizione", "schede", "grado_dichiarato"]
    stato = valori["stato"]
    piene = {campo for campo in (STATO, PERCENTUALE, NUCLEO) if (riga, campo.colonna) in foglio.piene()}
    if piene and STATO not in piene:
        stato = VALUTATO
        ripetuti.append("stato")
    lettura.aggiungi(
        "voci",
        foglio,
        riga,
        settore=settore,
        n=n,
        descrizione=valori["obiettivo"],
        schede=str(n),
        peso=valori["peso"],
        stato=stato,
        grado_dichiarato=valori["grado_dichiarato"],
        grado_nucleo=valori["grado_nucleo"],
        note=valori["note"],
        ripetuti=ripetuti,
    )


_POSTI: dict[tuple[str, str], Campo] = {
    **{("voci", campo.chiave): campo for campo in (STATO, PESO, NUCLEO, NOTE, PERCENTUALE)},
    ("voci", "descrizione"): OBIETTIVO,
    ("voci", "schede"): OBIETTIVO,
    **{("schede", campo.chiave): campo for campo in (RESPONSABILE, SUPPORTO, PREVISTO, PERCENTUALE)},
    ("schede", "titolo"): OBIETTIVO,
    ("obiettivi", "definizione"): OBIETTIVO,
    ("collegamenti", "missione"): PROGRAMMA,
    ("collegamenti", "programma"): PROGRAMMA,
    ("indicatori", "indicatore"): INDICATORI,
    ("stati", "testo"): REALIZZAZIONE,
}


def cella(tabella: str, chiave: str, riga: Mapping[str, Any]) -> str:
    """Address of a field of a row of a table, for the rules; "" if this template has no such field."""
    if tabella == "missioni":
        return str(riga["cella_missione" if chiave == "missione" else "cella_nome"])
    campo = _POSTI.get((tabella, chiave))
    return indirizzo(riga["riga"], campo.colonna) if campo else ""
