"""`ente.xlsx`: who the ente is, which settori to expect, its texts, its choices, who gets the report."""

import re
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from pipeline import bilancio
from pipeline.excel import altezza
from pipeline.numeri import numero as in_italiano
from pipeline.parole import citazione, impronta, normalizza
from pipeline.tables import (
    CAPITOLI,
    DICHIARATO,
    DICHIARATO_O_MISURATO,
    MEDIA_OBIETTIVI,
    MEDIA_SETTORI,
    MISURATO_O_DICHIARATO,
    ORIGINI,
    TRASVERSALI,
    Fascia,
    Parametri,
    Riga,
    Tabelle,
    righe,
)
from pipeline.workbooks import estremi, form, messaggi, registro
from pipeline.workbooks.fields import A_CAPO, Campo, Lettura, celle_di, numero_scritto, trova_riga
from pipeline.workbooks.form import Modulo, attuali, formato_di
from pipeline.workbooks.grid import FOGLIO_MODELLO, Cartella, Foglio, Posto
from pipeline.workbooks.sezioni import (
    COME_NEL_MODELLO,
    annota_colonne,
    salta_altro_foglio,
    salta_senza_etichetta,
    salta_senza_intestazione,
    segna_caselle,
    segna_titolo,
    trova_caselle,
    trova_sezione,
)

RIPORTATI = "testi_riportati"
"""In the mark of ente.xlsx: the prints of the texts carried over from the year before."""
NOME = "ente"
FILE = "ente.xlsx"

LICENZE = ("CC BY 4.0", "CC0 1.0", "IODL 2.0")
"""Those under which the open data may be published; the first where none is chosen."""

ENTE = (
    Campo("denominazione", "Denominazione", 2, aiuto="Il nome completo dell'ente."),
    Campo("provincia", "Provincia", 2, aiuto="Per esempio: Monza e Brianza (MB)."),
    Campo("anno", "Anno", 2, "codice", aiuto="L'anno rendicontato: quattro cifre."),
    Campo("data", "Data della relazione", 2, "data", aiuto="Per esempio: 30/06/2021."),
    Campo("organo", "Organo che approva", 2, aiuto="Per esempio: Giunta comunale."),
    Campo("atto", "Estremi dell'atto", 2, aiuto="Numero e data della deliberazione, se già c'è."),
    Campo("valutatore", "Organo di valutazione", 2, aiuto="Nucleo di valutazione oppure OIV."),
    Campo(
        "scadenza",
        "Scadenza delle consegne",
        2,
        "data",
        "Entro quando i responsabili rimandano i file, per esempio 31/03/2021: è {scadenza} nei "
        "messaggi. Dopo quel giorno chi non ha consegnato riceve un sollecito.",
        dalla=2,
    ),
    Campo(
        "licenza",
        "Licenza dei dati aperti",
        2,
        "scelta",
        f"Con quale licenza si pubblicano i dati aperti. Vuota: {LICENZE[0]}.",
        LICENZE,
        dalla=2,
    ),
)
SCADENZA = next(campo for campo in ENTE if campo.chiave == "scadenza")
CASELLE = {"Ente": ENTE, estremi.FOGLIO: estremi.ESTREMI}
"""The sheets that are labels with a box beside them."""
MAX_SCHEDE, MAX_OBIETTIVI = 100, 1000
"""A scheda has a sheet of its own, an obiettivo operativo a row."""
OBBLIGATORI = ("denominazione", "anno")
CODICE = r"[^\s.\\/:*?\"<>|~][^\\/:*?\"<>|]{0,49}"
"""It names a file: nothing that a file name cannot have, nor what starts a hidden or temporary one."""
ANNO = r"20[0-9]{2}"

COME_IL_CODICE = "Breve, senza spazi: dà il nome al file del settore."
SETTORI = (
    Campo(
        "settore",
        "Codice",
        1,
        "sigla",
        f"{COME_IL_CODICE} «{TRASVERSALI}» è il file delle schede comuni a più settori: si compila "
        "una volta, e ogni settore la richiama nella sua Valutazione scrivendo T1 nella colonna Schede.",
    ),
    Campo("denominazione", "Denominazione", 2, aiuto="Come va nella relazione."),
    Campo("responsabile", "Responsabile", 3),
    Campo("email", "E-mail", 4),
    Campo("peso", "Peso", 5, "numero", "Il peso nella media d'ente. Tutti vuoti: peso uguale."),
    Campo("modello", "Modello", 6, "scelta", "Il modulo che il settore compila.", registro.NOMI),
    Campo("n_schede", "N. schede", 7, "numero", "Quante schede, o obiettivi operativi, preparare."),
    Campo(
        "missioni",
        "Missioni",
        8,
        "codice",
        "Solo per il modello missioni: quali preparare, per esempio 01, 04, 12.",
        dalla=2,
    ),
)
UNIBILI = ("responsabile", "email", "missione")
"""What a table may hold once for several rows, in a cell merged downwards."""
TESTI = (
    Campo("capitolo", "Capitolo", 1, "scelta", "Dove va il testo nella relazione.", CAPITOLI),
    Campo("titolo", "Titolo", 2),
    Campo("testo", "Testo", 3, aiuto=f"{A_CAPO} «- » in testa alla riga fa un elenco."),
)
DESTINATARI = (
    Campo("nome", "Nome", 1),
    Campo("ruolo", "Ruolo", 2),
    Campo("email", "E-mail", 3),
)
ACCETTATI = (
    # without these a sheet is no list of ours; it may be made by hand in an ente.xlsx of before
    Campo("codice", "Codice", 1, "codice", "Solo un avviso, per esempio C13."),
    Campo("gravita", "Gravità", 2, dalla=2),
    Campo("nel_file", "File", 3, "codice", "Il nome del file, oppure il codice del settore."),
    Campo("nel_foglio", "Foglio", 4, "codice", "Vuoto: in tutti i fogli.", dalla=2),
    Campo("nella_cella", "Cella", 5, "codice", "Per esempio E7, o E7:E19. Vuota: in tutte.", dalla=2),
    Campo("non_va", "Che cosa non va", 6, "codice", "Se c'è, deve dire ancora lo stesso.", dalla=2),
    Campo("rimedio", "Come si corregge", 7, "codice", dalla=2),
    Campo("che_cosa", "Che cosa c'è", 8, "codice", "Se la cella cambia, la riga non vale.", dalla=2),
    Campo("chi", "Accettato da", 9, aiuto="Chi ha guardato e dice che va bene così."),
    Campo("perche", "Perché", 10, aiuto="Il motivo, per chi leggerà il consolidato."),
    Campo("quando", "Il giorno", 11, "data", "Per esempio 15/04/2021.", dalla=2),
)
"""The first eight as in the lists of the findings, so that a line of those is pasted here whole."""
PREMI = (
    Campo("gruppo", "Gruppo", 1, aiuto="Per esempio: Dirigenti; Dipendenti. Mai una persona."),
    Campo("fascia", "Fascia", 2, aiuto="La fascia di valutazione. Vuota: tutto il gruppo."),
    Campo("persone", "Persone", 3, "numero", "Quante sono: almeno cinque."),
    Campo("stanziati", "Premi stanziati €", 4, "numero", "Vuoto, se si stanziano per tutto il gruppo."),
    Campo("distribuiti", "Premi distribuiti €", 5, "numero"),
)
CHI_ACCETTA = ("codice", "nel_file", "chi", "perche")
DEL_PROGRAMMA = "Come nel rendiconto: un numero, o 1.234.567,89. Vuoto se non si sa: non vale zero."
RISORSE = (
    Campo("missione", "Missione", 1, "codice", "Il codice della missione: 01, 12…"),
    Campo("programma", "Programma", 2, "codice", "Il codice del programma: 02, oppure 01.02."),
    Campo("stanziato", "Stanziato", 3, "importo", DEL_PROGRAMMA),
    Campo("impegnato", "Impegnato", 4, "importo", DEL_PROGRAMMA),
    Campo("pagato", "Pagato", 5, "importo", DEL_PROGRAMMA),
)
PARAMETRO = Campo("valore", "Valore", 2, "codice")
COLONNE_PARAMETRI = (
    Campo("parametro", "Parametro", 1),
    PARAMETRO,
    Campo("spiegazione", "Spiegazione", 3),
)

PARAMETRI = (
    (
        "media",
        "Regola della media d'ente",
        MEDIA_SETTORI,
        f"«{MEDIA_SETTORI}» (ogni settore con il suo peso) oppure «{MEDIA_OBIETTIVI}» (ogni "
        "obiettivo una volta, i trasversali una sola). Si calcolano entrambe: questa è pubblicata.",
    ),
    (
        "non_consuntivato",
        "Grado per non consuntivato",
        "",
        "Vuoto: le voci non consuntivate escono dalla media. Un numero da 0 a 100: vi entrano con "
        "quel grado.",
    ),
    (
        "fasce",
        "Fasce",
        "raggiunto da 90; parzialmente raggiunto da 50; non raggiunto da 0",
        "Nome e soglia di ogni fascia, separate da punto e virgola. La soglia è compresa; il "
        "confronto si fa sul valore non arrotondato.",
    ),
    (
        "tolleranza",
        "Tolleranza fra dichiarato e misurato",
        "10",
        "Differenza in punti oltre la quale il grado dichiarato e quello misurato dagli indicatori "
        "si segnalano al Nucleo.",
    ),
    (
        "somma_pesi",
        "Somma dei pesi delle voci",
        "",
        "Quanto devono fare in tutto i pesi delle voci di un settore, per esempio 100: se no è un "
        "rilievo. Vuoto: possono avere qualunque somma.",
    ),
    (
        "origine",
        "Origine del grado",
        DICHIARATO,
        f"Da dove viene il grado di una voce: «{DICHIARATO}» dal responsabile, oppure "
        f"«{DICHIARATO_O_MISURATO}» dagli indicatori, oppure «{MISURATO_O_DICHIARATO}». Quello del "
        "Nucleo, se c'è, prevale sempre.",
    ),
    (
        "base",
        "Base del grado misurato %",
        "100",
        "Quanti indicatori di una scheda, su cento con un valore atteso, si devono poter misurare "
        "perché il grado misurato valga come grado: 100 vuol dire tutti.",
    ),
)
FACOLTATIVI = ("somma_pesi", "origine", "base")
"""The parametri that an ente.xlsx from before they were there may lack."""
DELL_ANNO_PRIMA = "è ancora, parola per parola, quello della relazione dell'anno prima"
COME_SCRIVERE = {
    "anno": "Scrivere l'anno con quattro cifre, per esempio 2020.",
    "data": "Scrivere giorno, mese e anno, per esempio 30/06/2021.",
    "media": f"Scrivere «{MEDIA_SETTORI}» oppure «{MEDIA_OBIETTIVI}».",
    "non_consuntivato": "Scrivere un numero da 0 a 100, per esempio 50, oppure lasciare vuoto.",
    "fasce": "Scrivere per esempio: raggiunto da 90; parzialmente raggiunto da 50; non raggiunto da 0. "
    "Dalla più alta alla più bassa, separate da punto e virgola; l'ultima parte da 0.",
    "tolleranza": "Scrivere un numero da 0 a 100, per esempio 10.",
    "somma_pesi": "Scrivere un numero maggiore di 0, per esempio 100, oppure lasciare vuoto.",
    "origine": f"Scrivere {', '.join(f'«{origine}»' for origine in ORIGINI)}.",
    "base": "Scrivere un numero maggiore di 0, fino a 100, per esempio 75.",
}
SCELTE = {"media": (MEDIA_SETTORI, MEDIA_OBIETTIVI), "origine": ORIGINI}
"""The parametri that are one of some sentences; the first is the default."""
LIMITI = {
    "non_consuntivato": (Decimal(0), Decimal(100)),
    "tolleranza": (Decimal(0), Decimal(100)),
    "somma_pesi": (Decimal("0.01"), Decimal(1_000_000)),
    "base": (Decimal("0.01"), Decimal(100)),
}
"""The parametri that are numbers, from the least to the most."""
TABELLE = (
    ("Settori", "elenco", SETTORI, (16.0, 46.0, 34.0, 34.0, 8.0, 14.0, 10.0, 24.0), 12, 40),
    ("Testi", "testi", TESTI, (18.0, 36.0, 110.0), 6, 0),
    ("Destinatari", "destinatari", DESTINATARI, (36.0, 36.0, 40.0), 6, 0),
    (
        "Accettati",
        "accettati",
        ACCETTATI,
        (9.0, 12.0, 26.0, 18.0, 12.0, 50.0, 40.0, 24.0, 26.0, 40.0, 14.0),
        20,
        0,
    ),
    ("Risorse", "risorse", RISORSE, (14.0, 14.0, 20.0, 20.0, 20.0), 60, 0),
    ("Premi", "premi", PREMI, (40.0, 40.0, 12.0, 22.0, 22.0), 8, 0),
)
"""The sheets that are a table: name, table, fields, widths, rows to spare, rows at least."""
TITOLI = {
    "Ente": "ENTE",
    "Settori": "SETTORI",
    "Testi": "TESTI DELLA RELAZIONE",
    "Parametri": "PARAMETRI",
    "Destinatari": "DESTINATARI DELLA RELAZIONE",
    "Accettati": "AVVISI CHE VANNO BENE COSÌ",
    "Risorse": "RISORSE PER PROGRAMMA, DAL RENDICONTO (FACOLTATIVO)",
    "Premi": "PREMI, PER GRUPPI (D.LGS. 33/2013, ART. 20)",
    messaggi.FOGLIO: messaggi.TITOLO,
    estremi.FOGLIO: estremi.TITOLO,
}
FOGLI_NUOVI = ("Accettati", "Risorse", "Premi", messaggi.FOGLIO, estremi.FOGLIO)
"""The sheets that an ente.xlsx from before they were there lacks."""
INTESTAZIONE_PARAMETRI = tuple(campo.etichetta for campo in COLONNE_PARAMETRI)


# ------------------------------------------------------------------------------------------ writing


def scrivi(percorso: Path, tabelle: Tabelle, anno: int, riportati: str = "") -> None:
    """Write ente.xlsx with what the tables hold, and blank rows to go on.

    `anno` dates the file; the year reported stands in the table `ente`. `riportati` are the prints of
    the texts that come from the year before (`impronte_dei_testi`), kept in the mark.
    """
    valori = tabelle.dati_ente
    proprieta = {"titolo": "Ente", "modello": NOME, "versione": form.VERSIONE}
    proprieta["ente"] = valori.get("denominazione", "")
    modulo = Modulo(percorso, anno, proprieta | ({RIPORTATI: riportati} if riportati else {}))
    _scrivi_caselle(modulo, "Ente", valori)
    for nome, tabella, campi, larghezze, vuote, almeno in TABELLE:
        if nome == "Destinatari":
            _scrivi_parametri(modulo, righe(tabelle.parametri))
        contenuto = righe(getattr(tabelle, tabella))
        vuote = max(vuote, almeno - len(contenuto))
        _scrivi_tabella(modulo, nome, campi, larghezze, contenuto, vuote)
    messaggi.scrivi(modulo, righe(tabelle.messaggi))
    _scrivi_caselle(modulo, estremi.FOGLIO, valori)
    modulo.chiudi()


def _scrivi_caselle(modulo: Modulo, nome: str, valori: dict[str, str]) -> None:
    ws = modulo.foglio(nome, (36.0, 80.0))
    modulo.scrivi(ws, 1, 1, TITOLI[nome], "titolo")
    for riga, campo in enumerate(attuali(CASELLE[nome]), start=3):
        valore = valori.get(campo.chiave, "")
        modulo.scrivi(ws, riga, 1, campo.etichetta, "etichetta")
        modulo.scrivi(ws, riga, 2, valore, "testo")
        modulo.regola(ws, campo, riga, riga)
        ws.set_row(riga - 1, altezza([(valore, 80)], 18))


def _scrivi_tabella(
    modulo: Modulo,
    nome: str,
    campi: tuple[Campo, ...],
    larghezze: tuple[float, ...],
    contenuto: list[Riga],
    vuote: int,
) -> None:
    ws = modulo.foglio(nome, larghezze, orizzontale=True)
    modulo.scrivi(ws, 1, 1, TITOLI[nome], "titolo")
    ws.set_row(0, 22)
    campi = tuple(attuali(campi))
    for campo in campi:
        modulo.scrivi(ws, 3, campo.colonna, campo.etichetta, "intestazione")
        modulo.regola(ws, campo, 4, 3 + len(contenuto) + vuote)
    ws.repeat_rows(2)
    ws.freeze_panes(3, 0)
    for riga, dati in enumerate([*contenuto, *({} for _ in range(vuote))], start=4):
        misure = []
        for campo in campi:
            valore = dati.get(campo.chiave, campo.vuoto)
            modulo.scrivi(ws, riga, campo.colonna, valore, formato_di(campo))
            misure.append((str(valore or ""), larghezze[campo.colonna - 1]))
        ws.set_row(riga - 1, altezza(misure, 18))


def _scrivi_parametri(modulo: Modulo, contenuto: list[Riga]) -> None:
    ws = modulo.foglio("Parametri", (36.0, 44.0, 90.0), orizzontale=True)
    modulo.scrivi(ws, 1, 1, TITOLI["Parametri"], "titolo")
    ws.set_row(0, 22)
    for colonna, etichetta in enumerate(INTESTAZIONE_PARAMETRI, start=1):
        modulo.scrivi(ws, 3, colonna, etichetta, "intestazione")
    valori = {riga["parametro"]: riga["valore"] for riga in contenuto}
    for riga, (chiave, etichetta, predefinito, spiegazione) in enumerate(PARAMETRI, start=4):
        valore = valori.get(chiave, predefinito if not contenuto or chiave in FACOLTATIVI else "")
        modulo.scrivi(ws, riga, 1, etichetta, "etichetta")
        modulo.scrivi(ws, riga, 2, valore, "testo")
        modulo.scrivi(ws, riga, 3, spiegazione, "fisso")
        ws.set_row(riga - 1, altezza([(valore, 44), (spiegazione, 90)], 18))
        if chiave in SCELTE:
            modulo.regola(ws, Campo(chiave, etichetta, 2, "scelta", "", SCELTE[chiave]), riga, riga)


# ------------------------------------------------------------------------------------------ reading


def leggi(lettura: Lettura) -> Parametri:
    """Read ente.xlsx: rows and findings go into `lettura`; the parametri come back as typed choices."""
    fogli = lettura.cartella.fogli
    for nome in TITOLI:
        if nome not in fogli and nome not in FOGLI_NUOVI:
            lettura.rileva("M08", nome, atteso=nome)
    parametri = Parametri()
    for nome, foglio in fogli.items():
        if form.nostro(foglio):
            lettura.riporta_non_lette(foglio)
        elif nome not in TITOLI:
            if foglio.piene():
                tabelle = [(f"«{nome}»", campi) for nome, _, campi, *_ in TABELLE if nome in fogli]
                salta_altro_foglio(lettura, foglio, tuple(TITOLI), tabelle)
        else:
            segna_titolo(foglio, TITOLI[nome])
            if nome in CASELLE:
                _leggi_caselle(lettura, foglio, CASELLE[nome])
            elif nome == "Parametri":
                parametri = _leggi_parametri(lettura, foglio)
            elif nome == messaggi.FOGLIO:
                messaggi.leggi(lettura, foglio)
            else:
                _leggi_tabella(lettura, foglio)
            lettura.riporta_non_lette(foglio)
    if "elenco" in lettura.righe:
        _controlla_elenco(lettura)
    elif not any(r.foglio == "Settori" for r in lettura.rilievi):
        lettura.rileva("E06", "Settori")
    return parametri


def _leggi_caselle(lettura: Lettura, foglio: Foglio, campi: tuple[Campo, ...]) -> None:
    caselle = trova_caselle(foglio, campi)
    if caselle.manca:
        salta_senza_etichetta(lettura, foglio, caselle)
        return
    valori = caselle.leggi(lettura, foglio)
    for campo in campi:
        if campo.chiave not in valori:
            continue
        valore, posto = valori[campo.chiave], caselle.posto(campo.chiave)
        if campo.chiave in OBBLIGATORI and posto not in foglio.piene():
            lettura.rileva("E04", foglio.nome, posto, campo=campo.etichetta, aiuto=campo.aiuto)
        sbagliato = (campo.chiave == "anno" and not re.fullmatch(ANNO, valore.strip())) or (
            campo.tipo == "data" and leggi_data(valore) is None
        )
        if valore and sbagliato:
            rimedio = COME_SCRIVERE[campo.tipo if campo.tipo == "data" else campo.chiave]
            _parametro_errato(lettura, foglio, posto, campo.etichetta, valore, rimedio)
        lettura.aggiungi(
            "ente", foglio, posto[0], chiave=campo.chiave, valore=valore, celle={"valore": posto}
        )


def impronte_dei_testi(tabelle: Tabelle) -> str:
    """The prints of the texts of the relazione, to know later whether they were changed."""
    return " ".join(filter(None, map(impronta, tabelle.testi["testo"])))


def testi_riportati(cartella: Cartella) -> str:
    """The prints that the mark of an ente.xlsx holds."""
    marchio = cartella.fogli.get(FOGLIO_MODELLO)
    riga = trova_riga(marchio, [RIPORTATI]) if marchio else None
    return marchio.testo(riga, 2) if marchio and riga else cartella.proprieta.get(RIPORTATI, "")


def leggi_data(testo: str) -> date | None:
    """A date written gg/mm/aaaa (or with dots or dashes), None for anything else."""
    try:
        return datetime.strptime(re.sub(r"[.-]", "/", testo.strip()), "%d/%m/%Y").date()
    except ValueError:
        return None


def _parametro_errato(
    lettura: Lettura, foglio: Foglio, posto: Posto, campo: str, valore: str, aiuto: str
) -> None:
    lettura.rileva("E02", foglio.nome, posto, campo=campo, valore=citazione(valore), aiuto=aiuto)


def _leggi_tabella(lettura: Lettura, foglio: Foglio) -> None:
    _, tabella, campi, *_ = next(t for t in TABELLE if t[0] == foglio.nome)
    sezione = trova_sezione(foglio, campi)
    if sezione is None:
        salta_senza_intestazione(lettura, foglio, campi)
        return
    annota_colonne(lettura, foglio, sezione, foglio.ultima_riga())
    suoi = sezione.solo(campi)
    segna_caselle(lettura, foglio, suoi, range(sezione.testa + 1, foglio.ultima_riga() + 1))
    unibili = [campo for campo in suoi if campo.chiave in UNIBILI]
    riportati = testi_riportati(lettura.cartella).split()
    for riga in range(sezione.testa + 1, foglio.ultima_riga() + 1):
        if any((riga, campo.colonna) in foglio.piene() for campo in suoi):
            valori = lettura.leggi_riga(suoi, foglio, riga)
            ripetuti = lettura.da_celle_unite(unibili, foglio, riga, valori)
            celle = celle_di(suoi, riga)
            lettura.aggiungi(tabella, foglio, riga, celle=celle, ripetuti=ripetuti, **valori)
            if tabella == "accettati":
                _chi_e_perche(lettura, lettura.righe[tabella][-1])
            if tabella == "testi" and impronta(valori["testo"]) in riportati:
                lettura.rileva("E15", foglio.nome, celle["testo"], perche=DELL_ANNO_PRIMA)


def _chi_e_perche(lettura: Lettura, riga: Riga) -> None:
    """An avviso is accepted by someone, for a reason; a line says at least which it is."""
    for campo in ACCETTATI:
        if campo.chiave in CHI_ACCETTA and not riga[campo.chiave].strip():
            lettura.rileva_in("C04", riga, campo.chiave, campo=campo.etichetta, aiuto=campo.aiuto)


def _leggi_parametri(lettura: Lettura, foglio: Foglio) -> Parametri:
    sezione = trova_sezione(foglio, COLONNE_PARAMETRI)
    if sezione is None:
        salta_senza_intestazione(lettura, foglio, COLONNE_PARAMETRI)
        return Parametri()
    prima, accanto = sezione["parametro"].colonna, sezione["spiegazione"].colonna
    dove = {k: trova_riga(foglio, [nome], sezione.testa, colonna=prima) for k, nome, _, _ in PARAMETRI}
    for chiave, etichetta, _, _ in PARAMETRI:
        if dove[chiave] is None and chiave not in FACOLTATIVI:
            lettura.salta_foglio("M09", foglio, atteso=etichetta, rimedio=COME_NEL_MODELLO)
            return Parametri()
    annota_colonne(lettura, foglio, sezione, foglio.ultima_riga())
    testi = dict.fromkeys(dove, "")
    posti: dict[str, Posto] = {}
    for chiave, _, _, spiegazione in PARAMETRI:
        riga = dove[chiave]
        if riga is None:
            continue
        foglio.segna_modello((riga, prima))
        if foglio.testo(riga, accanto) == spiegazione:
            foglio.segna_modello((riga, accanto))
        campo = sezione[PARAMETRO.chiave]
        segna_caselle(lettura, foglio, [campo], range(riga, riga + 1))
        valore, celle = lettura.leggi(campo, foglio, riga), celle_di([campo], riga)
        testi[chiave], posti[chiave] = valore, celle[campo.chiave]
        lettura.aggiungi("parametri", foglio, riga, parametro=chiave, valore=valore, celle=celle)
    return _interpreta(lettura, foglio, testi, posti)


def _interpreta(
    lettura: Lettura, foglio: Foglio, testi: dict[str, str], posti: dict[str, Posto]
) -> Parametri:
    """The typed choices; what cannot be understood is reported and left at its default."""
    etichette = {chiave: etichetta for chiave, etichetta, _, _ in PARAMETRI}
    base = Parametri()

    def errato(chiave: str) -> None:
        rimedio = COME_SCRIVERE[chiave]
        _parametro_errato(lettura, foglio, posti[chiave], etichette[chiave], testi[chiave], rimedio)

    scelti = {}
    for chiave, scelte in SCELTE.items():
        ammesse = {normalizza(scelta): scelta for scelta in scelte}
        scelti[chiave] = ammesse.get(normalizza(testi[chiave] or scelte[0]), "")
        if not scelti[chiave]:
            errato(chiave)
    numeri: dict[str, Decimal | None] = {}
    for chiave, (minimo, massimo) in LIMITI.items():
        numeri[chiave] = numero_scritto(testi[chiave])
        numero = numeri[chiave]
        if testi[chiave] and (numero is None or not minimo <= numero <= massimo):
            errato(chiave)
            numeri[chiave] = None
    fasce = leggi_fasce(testi["fasce"])
    if fasce is None:
        errato("fasce")
    return Parametri(
        regola_media=scelti["media"] or base.regola_media,
        grado_non_consuntivato=numeri["non_consuntivato"],
        fasce=fasce or (),
        tolleranza=_o(numeri["tolleranza"], base.tolleranza),
        somma_pesi=numeri["somma_pesi"],
        origine=scelti["origine"] or base.origine,
        base=_o(numeri["base"], base.base),
    )


def _o(numero: Decimal | None, predefinito: Decimal) -> Decimal:
    return predefinito if numero is None else numero


def leggi_fasce(testo: str) -> tuple[Fascia, ...] | None:
    """ "raggiunto da 90; non raggiunto da 0" -> bands, highest first; None when not understood.

    They go from the highest down to one that starts from 0, so that no value falls outside.
    """
    fasce = []
    for parte in filter(str.strip, re.split(r"[;\n]", testo)):
        trovata = re.fullmatch(r"(.+?) da (\d+(?:,\d+)?) ?%?", " ".join(parte.split()))
        if trovata is None:
            return None
        if re.search(r"[,%]|\bda\s+\d", trovata[1]):
            return None
        fasce.append(Fascia(trovata[1], Decimal(trovata[2].replace(",", "."))))
    soglie = [fascia.da for fascia in fasce]
    decrescenti = all(sopra > sotto for sopra, sotto in pairwise(soglie))
    if fasce and not (decrescenti and soglie[-1] == 0 and soglie[0] <= 100):
        return None
    if len({normalizza(fascia.nome) for fascia in fasce}) < len(fasce):
        return None
    return tuple(fasce)


def _controlla_elenco(lettura: Lettura) -> None:
    visti = set()
    codice = {"campo": "Codice", "aiuto": COME_IL_CODICE}
    for riga in lettura.righe.get("elenco", []):
        riga["settore"] = riga["settore"].strip()
        if not riga["settore"]:
            lettura.rileva_in("C04", riga, "settore", **codice)
        elif not re.fullmatch(CODICE, riga["settore"]) or riga["settore"].lower() == NOME:
            dati = codice | {"valore": citazione(riga["settore"])}
            lettura.rileva_in("E02", riga, "settore", **dati)
        elif riga["settore"] != TRASVERSALI and _dice_trasversali(riga):
            aiuto = f"Il codice degli obiettivi comuni a più settori è {TRASVERSALI}, tutto minuscolo."
            dati = {"campo": "Codice", "valore": riga["settore"], "aiuto": aiuto}
            lettura.rileva_in("E02", riga, "settore", **dati)
        elif aiuto := _troppe(riga):
            dati = {"campo": "N. schede", "valore": in_italiano(riga["n_schede"])}
            lettura.rileva_in("E02", riga, "n_schede", **dati, aiuto=aiuto)
        elif leggi_missioni(riga.get("missioni", "")) is None:
            dati = {"campo": "Missioni", "valore": citazione(riga["missioni"])}
            aiuto = "Scrivere i codici delle missioni separati da virgole, per esempio 01, 04, 12."
            lettura.rileva_in("E02", riga, "missioni", **dati, aiuto=aiuto)
        elif riga["settore"].lower() in visti:  # on many disks the file would be the same
            lettura.rileva_in("E03", riga, "settore", settore=riga["settore"])
        visti.add(riga["settore"].lower())


def _troppe(riga: Riga) -> str:
    """What to write instead of a number of schede that cannot be prepared, "" for one that can."""
    per_foglio = registro.una_scheda_per_foglio(registro.atteso(riga))
    massimo = MAX_SCHEDE if per_foglio else MAX_OBIETTIVI
    quante = riga["n_schede"] or 0
    troppe = quante > massimo or quante % 1
    return f"Scrivere un numero intero, al massimo {massimo}." if troppe else ""


def leggi_missioni(testo: str) -> list[str] | None:
    """ "01, 4" -> the codes of the missioni, each once; None when not understood."""
    parti = filter(None, map(str.strip, re.split(r"[,;\n]|\s(?=\d)", testo)))
    codici = [bilancio.leggi(parte, "").missione for parte in parti]
    return list(dict.fromkeys(codici)) if set(codici) <= set(bilancio.MISSIONI) else None


def _dice_trasversali(riga: Riga) -> bool:
    return TRASVERSALI in (riga["settore"].lower(), riga["modello"])
