"""The modello "missioni": the workbook of a settore that reports by missione, in one table.

The sheet `Obiettivi operativi` has the nine columns of the familiar table, so that it can be pasted
whole, and to their right what measures its indicatori and what the valutazione needs: a column among
the nine would take what is pasted from the next. A row is an obiettivo operativo: a scheda with one
obiettivo and its own voce. The rows of a missione stand under its heading.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from pipeline import bilancio
from pipeline.celle import intervalli
from pipeline.excel import altezza
from pipeline.parole import citazione, normalizza
from pipeline.tables import (
    DICHIARATO,
    DICHIARATO_O_MISURATO,
    MISURATO_O_DICHIARATO,
    STATI,
    VALUTATO,
    Riga,
    Tabelle,
    piena,
)
from pipeline.workbooks import form
from pipeline.workbooks.affiancati import affianca, raccogli, ripartisci, riunisci
from pipeline.workbooks.fields import (
    A_CAPO,
    NOTA_OBBLIGATORIO,
    Campo,
    Casella,
    Lettura,
    celle_di,
    colonne_compilate,
    segna_non_spuntate,
)
from pipeline.workbooks.form import Modulo, attuali, formato_di
from pipeline.workbooks.grid import Foglio, Posto, indirizzo, tratto
from pipeline.workbooks.settore import (
    DAGLI_INDICATORI,
    FINE_VOCI,
    TOTALI,
    Risultati,
    Testata,
    annota_complessiva,
    apri_modulo,
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
    Sezione,
    annota_colonne,
    salta_altro_foglio,
    salta_senza_intestazione,
    segna_caselle,
    trova_etichetta,
    trova_sezione,
)
from pipeline.workbooks.sotto_missione import Blocco, Mancante, Obiettivo, ricomponi

NOME = "missioni"
FOGLIO_VOCI = "Obiettivi operativi"
FOGLIO_PROGRAMMI = "Programmi"
UNITA = ("obiettivo operativo", "obiettivi operativi")
"""What a workbook of this template is made of, one and many."""
UNA_PER_FOGLIO = False

PROGRAMMA = Campo(
    "programma",
    "PROGRAMMI",
    1,
    "codice",
    aiuto="Il codice, per esempio 01.02. Con una S (01.02 S) l'obiettivo è strategico.",
    obbligatorio=True,
)
OBIETTIVO = Campo(
    "obiettivo",
    "OBIETTIVI OPERATIVI",
    2,
    aiuto="L'obiettivo come va nella relazione.",
    obbligatorio=True,
)
FINALITA = Campo("finalita", "FINALITÀ", 3, aiuto="Che cosa si vuole ottenere e perché.")
PERSONE = "Nome e cognome, uno per riga o separati da virgola. Anche un gruppo: Tutti gli uffici."
RESPONSABILE = Campo("responsabile", "Responsabile", 4, aiuto=PERSONE)
SUPPORTO = Campo("supporto", "Personale di supporto", 5, aiuto=PERSONE)
PREVISTO = Campo("previsto", "ANNO", 6, "segno", "X se l'obiettivo è previsto per quest'anno.")
INDICATORI = Campo(
    "indicatori",
    "INDICATORI DI OUTPUT",
    7,
    aiuto=f"Da che cosa si vede il risultato. Più indicatori: uno per riga. {A_CAPO}",
)
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
    "Da 0 a 100, senza il segno: 70, non 70%. Vuota se manca.",
)
DI_OUTPUT = "dell'indicatore di output. Più indicatori: uno per riga, nello stesso ordine."
ATTESO = Campo(
    "atteso",
    "VALORE ATTESO",
    10,
    "atteso",
    f"Facoltativo: 40, >= 15, almeno 80%, entro il 30/06. È quello {DI_OUTPUT}",
    dalla=2,
    a_righe=True,
)
RAGGIUNTO = Campo(
    "raggiunto",
    "RAGGIUNTO",
    11,
    "raggiunto",
    f"Il valore a fine anno; vuoto se non c'è il dato. È quello {DI_OUTPUT}",
    dalla=2,
    a_righe=True,
)
MOTIVO_SCOSTAMENTO = Campo(
    "motivo_scostamento",
    "MOTIVO DELLO SCOSTAMENTO",
    12,
    aiuto="Se il raggiunto è sotto l'atteso: perché, in una frase. Di più indicatori: uno per riga, o "
    "uno per tutti. Va nella relazione.",
    dalla=2,
)
TIPO = Campo(
    "strategico", "TIPO", 13, "scelta", "Solo se l'obiettivo è strategico.", ("strategico", "S")
)
STATO = Campo(
    "stato",
    "STATO",
    14,
    "scelta",
    "Vuoto con la percentuale vale «valutato». Gli altri stati escono dalla media.",
    STATI,
)
PESO = Campo("peso", "PESO", 15, "numero", "Il peso nella media. Tutti vuoti: contano allo stesso modo.")
NUCLEO = Campo(
    "grado_nucleo", "GRADO NUCLEO %", 16, "grado", "A cura del Nucleo: se c'è, prevale sulla %."
)
FINALE, COLONNA_FINALE = "GRADO FINALE %", 17
GRADO_FINALE = Campo("grado", FINALE, COLONNA_FINALE)
MOTIVO = Campo(
    "note_responsabile",
    "MOTIVO / NOTE DEL RESPONSABILE",
    18,
    aiuto="Il motivo, se l'obiettivo è rinviato, sospeso o non valutabile; altrimenti ciò che serve.",
    gia=("NOTE",),
)
NOTE = Campo("note", "NOTE NUCLEO", 19, aiuto="A cura del Nucleo di valutazione.", dalla=2)
DEL_NUCLEO = (NUCLEO, NOTE)
DELLA_VOCE = (STATO, PESO, MOTIVO, *DEL_NUCLEO)
"""What a voce has that its scheda has not."""

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
    ATTESO,
    RAGGIUNTO,
    MOTIVO_SCOSTAMENTO,
    TIPO,
    STATO,
    PESO,
    NUCLEO,
    MOTIVO,
    NOTE,
)
TABELLE: dict[str, dict[str, Campo]] = {
    "schede": {
        "titolo": OBIETTIVO,
        "descrizione": FINALITA,
        "responsabile": RESPONSABILE,
        "supporto": SUPPORTO,
        "previsto": PREVISTO,
        "grado_dichiarato": PERCENTUALE,
    },
    "obiettivi": {"definizione": OBIETTIVO},
    "collegamenti": {"programma": PROGRAMMA},
    "indicatori": {
        "indicatore": INDICATORI,
        "atteso": ATTESO,
        "raggiunto": RAGGIUNTO,
        "motivo_scostamento": MOTIVO_SCOSTAMENTO,
    },
    "stati": {"testo": REALIZZAZIONE},
    "voci": {
        "descrizione": OBIETTIVO,
        "peso": PESO,
        "stato": STATO,
        "grado_dichiarato": PERCENTUALE,
        "grado_nucleo": NUCLEO,
        "note_responsabile": MOTIVO,
        "note": NOTE,
    },
}
"""Which columns of the tables a row of the sheet fills in, with which field."""
UNIBILI = (
    PROGRAMMA,
    OBIETTIVO,
    FINALITA,
    RESPONSABILE,
    SUPPORTO,
    INDICATORI,
    REALIZZAZIONE,
    ATTESO,
    RAGGIUNTO,
    MOTIVO_SCOSTAMENTO,
)
"""What a table pasted from Word may hold once for several rows, in a cell merged downwards."""

PRIMO_TOTALE = Campo("totale", FINE_VOCI, 1)
MISSIONE = "MISSIONE"
CODICE = Campo("missione", "Missione", 2, "codice", aiuto="Il codice della missione: 01, 04, 12…")
DENOMINAZIONE = Campo("denominazione", "Denominazione", 3, aiuto="Il nome della missione.")

TITOLO = "OBIETTIVI OPERATIVI PER MISSIONE"
LEGENDA = "S = obiettivo strategico"
TESTA = 3
LARGHEZZE = (
    *(14.0, 32.0, 34.0, 18.0, 22.0, 7.0, 34.0, 36.0, 16.0),
    *(17.0, 17.0, 26.0, 11.0, 14.0, 8.0, 10.0, 10.0, 24.0, 24.0),
)
COME_INTESTAZIONE = 0.7
"""From here up (0..1) a text is a heading in other words: "Grado di raggiungimento dell'obiettivo"."""
TITOLO_PROGRAMMI = "MISSIONI E PROGRAMMI"
INTESTAZIONE_PROGRAMMI = ("Codice", "Programma", "Missione")
LARGHEZZE_PROGRAMMI = (12.0, 80.0, 80.0)
BLOCCHI_VUOTI, RIGHE_VUOTE, DI_SCORTA = 4, 6, 2

ISTRUZIONI = (
    "Come si compila",
    "1. Si scrive solo nelle caselle gialle; il resto è protetto, senza password. Le caselle verdi "
    "sono del Nucleo. L'asterisco * segna ciò che serve in ogni riga usata; serve anche la percentuale, "
    "oppure lo stato.",
    "2. Foglio Settore: responsabile, ruolo, categoria.",
    "3. Foglio Obiettivi operativi: una riga per obiettivo, sotto la riga della sua missione. La "
    "tabella già pronta in Word si può incollare, solo il testo (l'ultima riga dice con quali tasti), "
    "anche sopra le righe delle missioni: le prime nove colonne sono le sue.",
    "4. Per un'altra missione si usa un blocco vuoto in fondo, oppure si inserisce una riga e si scrive "
    "Missione e il codice nella prima colonna (Missione 09). Per altri obiettivi si inseriscono righe "
    "in mezzo (tasto destro sul numero di riga, Inserisci); in una riga inserita il grado finale resta "
    "vuoto, ma entra nel conto. La stessa missione può stare in più blocchi: nella relazione è una.",
    "5. Programma: il codice si sceglie dall'elenco o si scrive (01.02, 12.9); il foglio Programmi li "
    "riporta tutti. Obiettivo strategico: si scrive S dopo il codice, oppure si sceglie il tipo.",
    "6. Persone: nome e cognome, separati da virgola o a capo.",
    "7. Indicatori di output: si misurano se accanto, nelle colonne Valore atteso e Raggiunto, c'è "
    "quanto si voleva e quanto si è ottenuto, scritti come nel piano (40, >= 15, almeno 80%, entro il "
    "30/06). Più indicatori nella stessa casella: uno per riga, e i loro valori nello stesso ordine. "
    f"{A_CAPO}",
    "8. La percentuale è un numero da 0 a 100. Un dato che manca si lascia vuoto: vuoto non vale zero. "
    "Un obiettivo sospeso o rinviato prende il suo stato, e il motivo nella colonna "
    "gialla accanto: esce dalla media.",
    "9. La percentuale in fondo è un primo conto: fa fede quella della relazione.",
    "10. Si salva in formato .xlsx e si restituisce all'ufficio senza cambiare i nomi dei fogli.",
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
    modulo = apri_modulo(percorso, testata)
    scrivi_istruzioni(modulo, ISTRUZIONI)
    scrivi_settore(modulo, testata, di(tabelle.righe.settori, testata.settore))
    risultati = risultati or Risultati({})
    da_misurare = risultati.rinviati & _da_misurare(tabelle, testata.settore)
    risultati = replace(risultati, rinviati=da_misurare)
    risultati = rinvia(risultati, di(tabelle.righe.voci, testata.settore))
    _scrivi_obiettivi(modulo, testata, tabelle, quanti, risultati)
    _scrivi_programmi(modulo, testata.anno)
    modulo.chiudi()


def _blocchi(tabelle: Tabelle, settore: str, quanti: int) -> list[tuple[Riga | None, list[Riga], int]]:
    """The blocks to write: heading (None for rows before any), the rows, how many blank ones follow."""
    obiettivi = _obiettivi(tabelle, settore)
    sciolti = [riga for riga in obiettivi if riga["blocco"] == 0]
    chieste = di(tabelle.righe.missioni, settore)
    suoi = [[riga for riga in obiettivi if riga["blocco"] == m["n"]] for m in chieste]
    nuove = suoi.count([])  # missioni that have a heading, and nothing under it yet
    vuoti = 1 if obiettivi or chieste else BLOCCHI_VUOTI
    mancano = quanti - len(obiettivi) - DI_SCORTA * (len(suoi) - nuove)
    ciascuno = max(RIGHE_VUOTE, -(-mancano // (nuove or vuoti)))
    return [
        *([(None, sciolti, 0)] if sciolti else []),
        *((m, s, DI_SCORTA if s else ciascuno) for m, s in zip(chieste, suoi, strict=True)),
        *[({}, [], RIGHE_VUOTE if nuove else ciascuno)] * vuoti,
    ]


def _obiettivi(tabelle: Tabelle, settore: str) -> list[Riga]:
    """The rows of the sheet, from the tables: one a scheda, with its voce."""
    voci = {voce["n"]: voce for voce in di(tabelle.righe.voci, settore)}
    obiettivi = []
    for scheda in di(tabelle.righe.schede, settore):
        n = scheda["scheda"]
        riga = {**scheda, **_della_voce(voci.get(n, {}))}
        riga |= {"n": n, "obiettivo": scheda["titolo"], "finalita": scheda["descrizione"]}
        strategico = any(o["strategico"] for o in della(tabelle.righe.obiettivi, settore, n))
        for tabella in ("collegamenti", "indicatori", "stati"):
            sue = della(getattr(tabelle.righe, tabella), settore, n)
            for colonna, campo in TABELLE[tabella].items():
                insieme = raccogli if campo is MOTIVO_SCOSTAMENTO else riunisci
                riga[campo.chiave] = insieme([sua[colonna] for sua in sue])
        riga["strategico"] = strategico and not bilancio.strategico(riga["programma"])
        obiettivi.append(riga)
    return obiettivi


def _da_misurare(tabelle: Tabelle, settore: str) -> frozenset[int]:
    """The obiettivi whose indicatori have a valore atteso."""
    return frozenset(i["scheda"] for i in tabelle.righe.indicatori.di(settore) if i["atteso"])


def _della_voce(voce: Riga) -> Riga:
    """What the voce has of its own; a stato that follows from the percentage is not written."""
    propri = {campo.chiave: voce.get(campo.chiave, campo.vuoto) for campo in DELLA_VOCE}
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
    modulo.scrivi(ws, 2, 4, NOTA_OBBLIGATORIO, "prosa_corta")
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
            _scrivi_obiettivo(modulo, ws, testata, riga, dati, fine, risultati)
            riga += 1
    _scrivi_totali(modulo, ws, fine, testata, di(tabelle.righe.voci, testata.settore), risultati)


def _scrivi_totali(
    modulo: Modulo, ws: Worksheet, fine: int, testata: Testata, voci: list[Riga], risultati: Risultati
) -> None:
    """The totals, from the row of the headings down to their own: wherever in between the office inserts
    rows, they are in."""
    colonne = {campo.chiave: tratto(TESTA, fine, campo.colonna) for campo in CAMPI}
    fissato = indirizzo(fine + 3, 3)
    entrano = f"({_valutata(colonne)})+{fissata(colonne[STATO.chiave], fissato)}>0"
    gradi, pesi = _grado(colonne, fissato, testata.origine), colonne[PESO.chiave]
    scrivi_totali(modulo, ws, fine, _conta(colonne), entrano, pesi, gradi, testata, voci, risultati)


def _conta(colonne: dict[str, str]) -> str:
    """The formula that counts the obiettivi: rows with something, less the headings of missioni, of the
    table and of the totals. It leaves out the column in which it stands."""
    altre = {campo.chiave: colonne[campo.chiave] for campo in CAMPI if campo is not FINALITA}

    def lunghezze(campi: Iterable[Campo]) -> str:
        return "+".join(f"LEN({altre[campo.chiave]})" for campo in campi if campo.chiave in altre)

    testa = f'LEFT({colonne[PROGRAMMA.chiave]},{len(MISSIONE)})="{MISSIONE}"'
    oltre_la_testa = (campo for campo in CAMPI if campo.colonna > DENOMINAZIONE.colonna)
    return (
        f"SUMPRODUCT(--({lunghezze(CAMPI)}>0))-SUMPRODUCT(({testa})*({lunghezze(oltre_la_testa)}=0))-2"
    )


def _etichette(testata: Testata) -> dict[int, str]:
    """The headings by column; the mark of the year stands under the year itself."""
    etichette = {campo.colonna: campo.intestazione for campo in attuali(_colonne(testata))}
    return dict(sorted(etichette.items()))


def _colonne(testata: Testata) -> list[Campo]:
    """All the columns of the table, also the one that the form works out."""
    dell_anno = replace(PREVISTO, etichetta=str(testata.anno))
    return [*(dell_anno if campo is PREVISTO else campo for campo in CAMPI), GRADO_FINALE]


def _scrivi_missione(modulo: Modulo, ws: Worksheet, riga: int, dati: Riga) -> None:
    modulo.scrivi(ws, riga, 1, MISSIONE, "fascia_libera")
    for colonna in range(2, len(LARGHEZZE) + 1):  # neither merged nor locked: a table can be pasted over
        modulo.scrivi(ws, riga, colonna, None, "testo_forte")
    for campo in (CODICE, DENOMINAZIONE):
        modulo.scrivi(ws, riga, campo.colonna, dati.get(campo.chiave, ""), "casella_forte")
        modulo.regola(ws, campo, riga, riga)
    ws.set_row(riga - 1, 20)


def _scrivi_obiettivo(
    modulo: Modulo,
    ws: Worksheet,
    testata: Testata,
    riga: int,
    dati: Riga,
    fine: int,
    risultati: Risultati,
) -> None:
    misure = []
    for campo in attuali(CAMPI):
        valore = dati.get(campo.chiave, campo.vuoto)
        if campo is TIPO:
            valore = TIPO.scelte[0] if valore else ""
        elif campo.tipo == "segno":
            valore = "X" if valore else ""
        formato = formato_di(campo) + ("_nucleo" if campo in DEL_NUCLEO else "")
        modulo.scrivi(ws, riga, campo.colonna, valore, formato)
        misure.append((str(valore or ""), LARGHEZZE[campo.colonna - 1]))
    celle = {campo.chiave: indirizzo(riga, campo.colonna) for campo in CAMPI}
    formula = f"={_grado(celle, indirizzo(fine + 3, 3, fisso=True), testata.origine)}"
    finale = risultati.gradi.get(dati.get("n", 0))
    modulo.formula(ws, riga, COLONNA_FINALE, formula, finale, "calcolo")
    if dati:  # a blank row without a height grows with what is typed in it
        ws.set_row(riga - 1, altezza(misure, 18))


def _grado(celle: dict[str, str], fissato: str, origine: str) -> str:
    """What a formula says of the grado of a row, from its cells, or of all, from the columns. Where the
    ente wants the measured grado, a row with a valore atteso leaves it to the indicatori."""
    nucleo, percentuale = in_numero(celle[NUCLEO.chiave]), in_numero(celle[PERCENTUALE.chiave])
    misurata = f'IF({celle[ATTESO.chiave]}="","","{DAGLI_INDICATORI}")'
    propri = {
        DICHIARATO: f'IFERROR({percentuale},"")',
        DICHIARATO_O_MISURATO: f"IFERROR({percentuale},{misurata})",
        MISURATO_O_DICHIARATO: f'IF({celle[ATTESO.chiave]}="",IFERROR({percentuale},""),{misurata})',
    }
    grado = f"IFERROR({nucleo},{propri[origine]})"
    return formula_grado(celle[STATO.chiave], _valutata(celle), grado, fissato)


def _valutata(celle: dict[str, str]) -> str:
    """The condition that a row is *valutato*: it says so, or says nothing and has a percentage."""
    stato, grado, nucleo = (celle[campo.chiave] for campo in (STATO, PERCENTUALE, NUCLEO))
    return f'({stato}="{VALUTATO}")+({stato}="")*(({grado}<>"")+({nucleo}<>"")>0)'


def _regole(modulo: Modulo, ws: Worksheet, prima: int, ultima: int, anno: int) -> None:
    """Drop-downs and help of some rows. The list of the programmi refuses nothing: "12.9", "01.01 S"."""
    for campo in attuali(CAMPI)[1:]:
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
    ws = modulo.foglio(FOGLIO_PROGRAMMI, LARGHEZZE_PROGRAMMI, orizzontale=True)
    modulo.scrivi(ws, 1, 1, TITOLO_PROGRAMMI, "titolo")
    for colonna, etichetta in enumerate(INTESTAZIONE_PROGRAMMI, start=1):
        modulo.scrivi(ws, 3, colonna, etichetta, "intestazione")
    ws.repeat_rows(2)
    ws.freeze_panes(3, 0)
    for riga, programma in enumerate(bilancio.programmi(anno).items(), start=4):
        valori = _riga_programma(*programma)
        for colonna, valore in enumerate(valori, start=1):
            modulo.scrivi(ws, riga, colonna, valore, "fisso")
        ws.set_row(riga - 1, altezza(zip(valori, LARGHEZZE_PROGRAMMI, strict=True)))


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
            tabelle = [(f"«{FOGLIO_VOCI}»", _colonne(testata))] if FOGLIO_VOCI in fogli else []
            salta_altro_foglio(lettura, foglio, ("Settore", FOGLIO_VOCI, FOGLIO_PROGRAMMI), tabelle)


def _leggi_programmi(lettura: Lettura, foglio: Foglio) -> None:
    """The list is ours, of whatever year; whatever else is typed in its sheet is reported."""
    nostre = {TITOLO_PROGRAMMI, *INTESTAZIONE_PROGRAMMI}
    nostre |= {t for p in bilancio.NOMENCLATURA for t in _riga_programma(p.codice, p.nome)}
    nostre = {normalizza(testo) for testo in nostre}
    foglio.segna_modello(*(p for p in foglio.piene() if normalizza(foglio.testo(*p)) in nostre))
    lettura.riporta_non_lette(foglio)


def _leggi_obiettivi(lettura: Lettura, foglio: Foglio, testata: Testata) -> None:
    colonne = _colonne(testata)
    sezione = trova_sezione(foglio, colonne)
    if sezione is None:
        salta_senza_intestazione(lettura, foglio, colonne)
        return
    totali = range(foglio.ultima_riga(), sezione.testa, -1)
    fine = trova_etichetta(foglio, PRIMO_TOTALE, totali, sezione.prima)
    if fine is None:
        lettura.salta_foglio("M09", foglio, atteso=FINE_VOCI, rimedio=COME_NEL_MODELLO)
        return
    _segna_cornice(foglio, testata, sezione, fine)
    annota_complessiva(lettura, foglio, fine, sezione.prima)
    annota_colonne(lettura, foglio, sezione, fine - 1)
    righe = range(sezione.testa + 1, fine)
    segna_non_spuntate(foglio, sezione["previsto"], righe)
    segna_caselle(lettura, foglio, sezione.solo(CAMPI), righe, (NUCLEO.chiave,))
    blocchi, mancanti = ricomponi(_leggi_blocchi(lettura, foglio, sezione, fine))
    for senza_riga in mancanti:
        _rileva_mancante(lettura, foglio, sezione, senza_riga)
    _aggiungi_blocchi(lettura, foglio, testata.settore, sezione, blocchi)
    lettura.riporta_non_lette(foglio)


def _leggi_blocchi(lettura: Lettura, foglio: Foglio, sezione: Sezione, fine: int) -> list[Blocco]:
    """The rows between the headings of the table and its totals, as they stand."""
    campi = sezione.solo(CAMPI)
    blocchi = [Blocco({})]
    for riga in range(sezione.testa + 1, fine):
        piene = colonne_compilate(foglio, riga, campi)
        if not piene or _e_riepilogo(foglio, riga, sezione, piene):
            continue  # of a closing total, the cells are reported as content outside the form
        prima = (riga, sezione["programma"].colonna)
        if intestazioni := _intestazioni(foglio, riga, sezione):
            foglio.segna_modello(*intestazioni)
        elif piene == {prima[1]} and normalizza(foglio.testo(*prima)) == normalizza(LEGENDA):
            foglio.segna_modello(prima)
        elif della_missione := _campi_missione(foglio, riga, sezione, piene):
            blocchi.append(Blocco(_leggi_missione(lettura, foglio, riga, della_missione)))
            _segna_caselle_missione(lettura, foglio, riga, campi, della_missione)
        else:
            blocchi[-1].obiettivi.append(_leggi_obiettivo(lettura, foglio, riga, campi))
    return blocchi


def _aggiungi_blocchi(
    lettura: Lettura, foglio: Foglio, settore: str, sezione: Sezione, blocchi: list[Blocco]
) -> None:
    """Add the rows of the missioni, but for headings left blank, and those of the obiettivi."""
    n = 0
    in_blocco: list[tuple[Obiettivo, int, str]] = []
    for blocco in blocchi:
        testa = blocco.testa
        if testa and (blocco.obiettivi or testa["missione"] or testa["denominazione"]):
            n += 1
            _aggiungi_missione(lettura, foglio, settore, n, sezione, testa)
        codice = bilancio.leggi(testa.get("missione", ""), "").missione
        in_blocco += [(obiettivo, n if testa else 0, codice) for obiettivo in blocco.obiettivi]
    in_blocco.sort(key=lambda posto: posto[0].riga)
    for scheda, (obiettivo, numero, codice) in enumerate(in_blocco, start=1):
        _aggiungi_obiettivo(lettura, foglio, settore, scheda, obiettivo, numero, codice)


def _intestazioni(foglio: Foglio, riga: int, sezione: Sezione) -> list[Posto]:
    """The cells of a row that repeats the headings, as a table pasted whole does; none for another."""
    simili = [
        (riga, campo.colonna)
        for campo in sezione.campi.values()
        if bilancio.somiglianza(foglio.testo(riga, campo.colonna), campo.etichetta) >= COME_INTESTAZIONE
    ]
    prime = {(riga, campo.colonna) for campo in sezione.solo((PROGRAMMA, OBIETTIVO, FINALITA))}
    grado = (riga, sezione[PERCENTUALE.chiave].colonna)
    con_un_grado = grado in foglio.piene() and grado not in simili
    return simili if prime <= set(simili) and not con_un_grado else []


def _e_riepilogo(foglio: Foglio, riga: int, sezione: Sezione, piene: set[int]) -> bool:
    """Whether a row is the total or mean that closes a pasted table: it is no obiettivo."""
    testi = (foglio.testo(riga, c.colonna) for c in sezione.solo((PROGRAMMA, OBIETTIVO)))
    prime = " ".join(map(normalizza, testi)).strip()
    sola = len(piene) <= 2 and sezione[PERCENTUALE.chiave].colonna in piene
    return sola and re.match(r"(media|totale|percentuale)\b", prime) is not None


def _campi_missione(
    foglio: Foglio, riga: int, sezione: Sezione, piene: set[int]
) -> tuple[Campo, Campo] | None:
    """The fields of a row that heads a missione: where its code and its name are, in the first three
    columns of the table."""
    prima, codice, nome = (c.colonna for c in sezione.solo((PROGRAMMA, OBIETTIVO, FINALITA)))
    testo = normalizza(foglio.testo(riga, prima))
    sola = piene <= {prima, codice, nome}
    if testo == normalizza(MISSIONE) or (
        sola and _etichetta_guasta(*(foglio.testo(riga, c) for c in (prima, codice, nome)))
    ):
        foglio.segna_modello((riga, prima))
        return CODICE.nella(codice), DENOMINAZIONE.nella(nome)
    if not (sola and re.match(r"missione (?:n )?\d{1,2}\b", testo)):
        return None  # else, pasted in one cell: "Missione 04 – Istruzione"
    accanto = codice if codice in piene and nome not in piene else nome
    return CODICE.nella(prima), DENOMINAZIONE.nella(accanto)


def _etichetta_guasta(prima: str, scritto: str, nome: str) -> bool:
    """Whether a row has only the code and the name of a missione, its label spoilt or gone."""
    codice = bilancio.leggi(scritto, "").missione
    if codice not in bilancio.MISSIONI:
        return False
    if prima:
        return bilancio.somiglianza(prima, MISSIONE) >= bilancio.SOMIGLIANTE
    return bilancio.codice_di(nome or bilancio.nome_scritto(scritto)) == codice


def _segna_caselle_missione(
    lettura: Lettura, foglio: Foglio, riga: int, campi: Iterable[Campo], suoi: Iterable[Campo]
) -> None:
    """Note that the cells of a row are those of the heading of a missione: `suoi` are its own fields."""
    per_colonna = {campo.colonna: campo for campo in suoi}
    for campo in campi:
        formato = "fascia_libera" if campo.chiave == PROGRAMMA.chiave else "testo_forte"
        suo = per_colonna.get(campo.colonna, Campo("", MISSIONE, campo.colonna))
        if suo.chiave in (CODICE.chiave, DENOMINAZIONE.chiave):
            formato = "casella_forte"
        una_sola = range(riga, riga + 1), Casella(suo, formato)
        lettura.da_compilare[foglio.nome].append(una_sola)


def _leggi_missione(lettura: Lettura, foglio: Foglio, riga: int, campi: tuple[Campo, Campo]) -> Riga:
    codice, nome = campi
    return {
        "riga": riga,
        **lettura.leggi_riga(campi, foglio, riga),
        "codice": (riga, codice.colonna),
        "nome": (riga, nome.colonna),
    }


def _aggiungi_missione(
    lettura: Lettura, foglio: Foglio, settore: str, n: int, sezione: Sezione, testa: Riga
) -> None:
    """A heading, as read; or what one that is missing would say, which is in no cell of its own."""
    primo = (testa["riga"], sezione["programma"].colonna)
    lettura.aggiungi(
        "missioni",
        foglio,
        testa["riga"],
        settore=settore,
        n=n,
        **{campo.chiave: testa[campo.chiave] for campo in (CODICE, DENOMINAZIONE)},
        celle={"missione": testa.get("codice", primo), "denominazione": testa.get("nome", primo)},
        ripetuti=[] if "codice" in testa else [CODICE.chiave, DENOMINAZIONE.chiave],
    )


def _rileva_mancante(lettura: Lettura, foglio: Foglio, sezione: Sezione, mancante: Mancante) -> None:
    """Report a heading that is not above its obiettivi, where it is to be written."""
    sopra, colonna = mancante.sopra, sezione["programma"].colonna
    posto = (mancante.obiettivi[0].riga, colonna)
    scritto = citazione(sopra.get("missione", "") or sopra.get("denominazione", ""))
    celle = (indirizzo(obiettivo.riga, colonna) for obiettivo in mancante.obiettivi)
    lettura.rileva(
        "M16",
        foglio.nome,
        sopra["codice"] if mancante.errata else posto,
        missione=mancante.missione,
        celle=", ".join(intervalli(celle)),
        sopra=f"c'è la missione «{scritto}»" if scritto else "non c'è nessuna missione",
        aiuto=mancante.rimedio,
    )


def _segna_cornice(foglio: Foglio, testata: Testata, sezione: Sezione, fine: int) -> None:
    """Account for what the template itself writes: titles, headings, legends, formulas, totals."""
    fuori = {f"{TITOLO} – {testata.anno}", testata.denominazione, LEGENDA, *TOTALI}
    fuori |= {NOTA_OBBLIGATORIO}
    fuori |= {campo.etichetta for campo in sezione.campi.values()}
    nostre = {normalizza(testo) for testo in fuori}
    segna_totali(foglio, fine, colonna_totali(foglio, fine, sezione.prima))
    for posto in foglio.piene():
        riga, colonna = posto
        if posto in foglio.formule:
            nostra = riga < fine and colonna == sezione[GRADO_FINALE.chiave].colonna
        else:
            fra = sezione.testa < riga < fine
            nostra = not fra and normalizza(foglio.testo(riga, colonna)) in nostre
        if nostra:
            foglio.segna_modello(posto)


def _leggi_obiettivo(lettura: Lettura, foglio: Foglio, riga: int, campi: list[Campo]) -> Obiettivo:
    """A row as typed, with the missione that its programma names."""
    valori: Riga = leggi_voce(lettura, campi, foglio, riga)
    celle = celle_di(campi, riga)
    posto = celle["programma"]
    _programma_come_numero(lettura, foglio, posto, valori)
    unibili = {campo.chiave for campo in UNIBILI}
    suoi = [campo for campo in campi if campo.chiave in unibili]
    unite = lettura.da_celle_unite(suoi, foglio, riga, valori)
    if "programma" in unite:
        _s_unita(lettura, foglio, posto, valori["programma"])
    if not valori["programma"] and posto not in foglio.piene():
        lettura.rileva(
            "C04", foglio.nome, posto, campo="Programma", aiuto="Scrivere il codice, per esempio 01.02."
        )
    missione = bilancio.leggi("", valori["programma"]).missione
    return Obiettivo(riga, valori, unite, missione if missione in bilancio.MISSIONI else "", celle)


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
    riga, valori = obiettivo.riga, obiettivo.valori
    chiavi: Riga = {"settore": settore, "scheda": n}
    nella_scheda = _nella_tabella("schede", obiettivo)
    lettura.aggiungi("schede", foglio, riga, **chiavi, blocco=blocco, **nella_scheda)
    di_tipo = bool(valori["strategico"])
    strategico = di_tipo or bilancio.strategico(valori["programma"])
    if valori["obiettivo"] or strategico:
        propri = _nella_tabella("obiettivi", obiettivo)
        propri["ripetuti"] = ["definizione"] if di_tipo else ["definizione", "strategico"]
        lettura.aggiungi("obiettivi", foglio, riga, **chiavi, n=1, strategico=strategico, **propri)
    _aggiungi_collegamento(lettura, foglio, chiavi, obiettivo, missione)
    _aggiungi_indicatori(lettura, foglio, chiavi, obiettivo)
    attuazione = _nella_tabella("stati", obiettivo)
    if piena(attuazione["testo"]):
        lettura.aggiungi("stati", foglio, riga, **chiavi, n=1, **attuazione)
    _aggiungi_voce(lettura, foglio, settore, n, obiettivo)


def _aggiungi_indicatori(lettura: Lettura, foglio: Foglio, chiavi: Riga, obiettivo: Obiettivo) -> None:
    """The indicatori of an obiettivo: one a line of their cell, where those beside it have as many
    lines; else the cell as it is. Of a value, only the first row that has it has it from its cell."""
    propri = _nella_tabella("indicatori", obiettivo)
    colonne = [colonna for colonna in TABELLE["indicatori"] if colonna in propri]
    scritti = {colonna: propri.pop(colonna) for colonna in colonne}
    if not any(map(piena, scritti.values())):
        return
    motivo = scritti.pop(MOTIVO_SCOSTAMENTO.chiave, "")
    indicatori, *accanto = scritti.values()
    righe = affianca(indicatori, accanto)
    motivi = ripartisci(indicatori, motivo, len(righe or [()]))
    gia_date = set(propri.pop("ripetuti"))
    for n, valori in enumerate(righe or [(indicatori, *accanto)], start=1):
        propria = dict(zip(scritti, valori, strict=True))
        propria[MOTIVO_SCOSTAMENTO.chiave] = motivi[n - 1]
        lettura.aggiungi(
            "indicatori",
            foglio,
            obiettivo.riga,
            **chiavi,
            n=n,
            **propria,
            **propri,
            da_allineare=righe is None,
            ripetuti=[colonna for colonna in propria if colonna in gia_date],
        )
        gia_date |= {colonna for colonna, valore in propria.items() if piena(valore)}


def _nella_tabella(tabella: str, obiettivo: Obiettivo) -> Riga:
    """What a row of the sheet says in a table: the values, their cells, which of them another row has
    already, in a cell merged over several."""
    campi = {c: campo.chiave for c, campo in TABELLE[tabella].items() if campo.chiave in obiettivo.celle}
    return {
        **{colonna: obiettivo.valori[chiave] for colonna, chiave in campi.items()},
        "celle": {colonna: obiettivo.celle[chiave] for colonna, chiave in campi.items()},
        "ripetuti": [colonna for colonna, chiave in campi.items() if chiave in obiettivo.unite],
    }


def _aggiungi_collegamento(
    lettura: Lettura, foglio: Foglio, chiavi: Riga, obiettivo: Obiettivo, missione: str
) -> None:
    """The link with the bilancio: the missione above, if it is one, and the programma as typed."""
    missione = missione if missione in bilancio.MISSIONI else ""
    if missione or obiettivo.valori["programma"]:
        propri = _nella_tabella("collegamenti", obiettivo)
        propri["celle"]["missione"] = obiettivo.celle["programma"]
        propri["ripetuti"].append("missione")
        valori = {**chiavi, "n": 1, "missione": missione, **propri}
        lettura.aggiungi("collegamenti", foglio, obiettivo.riga, **valori)


def _programma_come_numero(lettura: Lettura, foglio: Foglio, posto: Posto, valori: Riga) -> None:
    """A code that became a number: 12,9 is 12.09; 12,1 may have been 12.10 and is reported."""
    if isinstance(foglio.celle.get(posto), float) and valori["programma"]:
        intero, _, decimali = valori["programma"].partition(",")
        valori["programma"] = f"{intero}.{decimali}" if decimali else intero
        if decimali == "1":
            lettura_fatta = f"«{intero},1» è letto {intero.zfill(2)}.01"
            rimedio = f"scrivere come testo '{intero.zfill(2)}.10"
            lettura.rileva(
                "I01", foglio.nome, posto, campo="Programma", lettura=lettura_fatta, rimedio=rimedio
            )


def _s_unita(lettura: Lettura, foglio: Foglio, posto: Posto, programma: str) -> None:
    """An S in a merged cell may be meant for one obiettivo only."""
    capo = foglio.unite[posto]
    if posto[0] == capo[0] + 1 and bilancio.strategico(programma):
        letto = f"«{programma}» unisce più righe, tutte lette come strategiche"
        rimedio = "dividere la cella e scrivere la S solo dove serve"
        lettura.rileva("I01", foglio.nome, capo, campo="Programma", lettura=letto, rimedio=rimedio)


def _aggiungi_voce(lettura: Lettura, foglio: Foglio, settore: str, n: int, obiettivo: Obiettivo) -> None:
    """The voce of an obiettivo. In this template a percentage without a stato says *valutato*."""
    propria = _nella_tabella("voci", obiettivo)
    propria["celle"]["schede"] = obiettivo.celle["obiettivo"]
    propria["ripetuti"] = ["descrizione", "schede", "grado_dichiarato"]
    scritti = {
        campo
        for campo in (STATO, PERCENTUALE, NUCLEO)
        if obiettivo.celle[campo.chiave] in foglio.piene()
    }
    if scritti and STATO not in scritti:
        propria["stato"] = VALUTATO
        propria["ripetuti"].append("stato")
    comuni: Riga = {"settore": settore, "n": n, "schede": str(n)}
    lettura.aggiungi("voci", foglio, obiettivo.riga, **comuni, **propria)
