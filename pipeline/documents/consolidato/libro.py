"""The consolidated workbook as it is written: its sheets, and where formulas find their cells."""

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline import excel, tables
from pipeline.documents.fascicolo import EDIZIONE, Fascicolo
from pipeline.excel import Foglio
from pipeline.numeri import arrotonda, in_decimale
from pipeline.prospetti import Colonna, Dati, Prospetto, tabella
from pipeline.score import VoceValutata
from pipeline.tables import VALUTAZIONI, ChiaveScheda, Riga, Scheda, chiave_scheda, piena
from pipeline.veste import DOCUMENTI

ETICHETTE = {
    "settore": "Sigla",
    "scheda": "Scheda",
    "n": "N.",
    "obiettivo": "Obiettivo n.",
    "email": "E-mail",
    "gravita": "Gravità",
    "nel_file": "File del rilievo",
    "nel_foglio": "Foglio del rilievo",
    "nella_cella": "Cella del rilievo",
    "non_va": "Che cosa non va",
    "rimedio": "Come si corregge",
    "che_cosa": "Che cosa c'è",
    "chi": "Accettato da",
    "perche": "Perché",
    "quando": "Il giorno",
    "grado_dichiarato": "Grado dichiarato %",
    "grado_misurato": "Grado misurato %",
    "numero_atteso": "Atteso, numero letto",
    "numero_raggiunto": "Raggiunto, numero letto",
    "misurabili": "Indicatori misurati",
    "attesi": "Indicatori con un valore atteso",
    "indicatori": "Indicatori",
    "grado_nucleo": "Grado Nucleo %",
    "grado_giudizio": "Grado in nucleo.xlsx %",
    "note_giudizio": "Note in nucleo.xlsx",
    "visto": "Visto dal Nucleo",
    "note_responsabile": "Motivo / note del responsabile",
    "n_schede": "N. schede",
    "sha256": "SHA-256",
    "unita": "Unità",
    "partenza": "Valore di partenza",
    "motivo_scostamento": "Motivo dello scostamento",
    "stanziati": "Premi stanziati €",
    "distribuiti": "Premi distribuiti €",
    "realizzato": "% realizzato",
    "denominazione_missione": "Denominazione missione",
    "denominazione_programma": "Denominazione programma",
}
LARGHEZZE = {
    "testo": 70.0,
    "descrizione": 42.0,
    "definizione": 55.0,
    "indicatore": 50.0,
    "titolo": 34.0,
    "atteso": 24.0,
    "raggiunto": 36.0,
    "voce": 36.0,
    "denominazione": 34.0,
    "responsabile": 22.0,
    "denominazione_missione": 30.0,
    "denominazione_programma": 30.0,
    "valutazione": 20.0,
    "orizzonte": 18.0,
    "assegnazione": 26.0,
    "settore": 9.0,
    "scheda": 8.0,
    "n": 6.0,
    "riga": 6.0,
    "obiettivo": 10.0,
    "peso": 7.0,
    "grado_dichiarato": 10.0,
    "grado_misurato": 10.0,
    "rapporto": 9.0,
    "tipo": 10.0,
    "misurabili": 9.0,
    "attesi": 9.0,
    "indicatori": 9.0,
    "previsto": 8.0,
    "blocco": 7.0,
    "missione": 14.0,
    "programma": 16.0,
    "verso": 11.0,
    "note": 36.0,
    "note_responsabile": 36.0,
    "note_giudizio": 36.0,
    "foglio": 13.0,
    "email": 32.0,
    "nome": 30.0,
    "ruolo": 26.0,
    "capitolo": 18.0,
    "file": 25.0,
    "supporto": 18.0,
    "motivo": 50.0,
    "motivo_scostamento": 40.0,
    "messaggio": 16.0,
    "oggetto": 40.0,
    "fonte": 24.0,
    "sha256": 66.0,
    "partenza": 18.0,
}
"""Of the columns of the tables that are shown as they are."""
LEGGERE = {
    "Inizio": "Le cifre, che cosa guardare per primo, i settori, l'elenco dei fogli",
    "Riepilogo": "Una riga per settore, le medie d'ente, dichiarato e misurato, il grafico",
    "Per missione": "Schede e gradi per missione e programma; dichiarato e misurato delle schede che "
    "hanno entrambi",
    "Risorse": "Gli importi del rendiconto per programma, come scritti in ente.xlsx, e la loro somma",
    "Cifre": "Le cifre della relazione, ciascuna con il suo nome",
    "Misura": "Quanti indicatori si sono potuti misurare, settore per settore, e la base",
}
FILTRARE = {
    "Dati": "Una riga per indicatore con settore, scheda, missione, misura ed esito: da filtrare, o per "
    "una tabella pivot. Una scheda senza indicatori ha una riga sola, senza numero",
    "Voci": "Le voci: i gradi e la loro origine sono formule; motivo, fascia e base no",
    "Conti": "Quanto pesa ogni voce nelle medie d'ente e nel confronto fra dichiarato e misurato",
    "Ripartizione": "Quanto pesa ogni voce nelle missioni e nei programmi a cui è collegata",
    "Valutazioni": "Le righe dei fogli Valutazione, come scritte",
    "Schede": "Le schede: titolo, valutazione e grado dichiarato",
    "Obiettivi": "Le definizioni degli obiettivi di ogni scheda",
    "Fasi": "Le fasi di ogni obiettivo",
    "Collegamenti": "Missioni e programmi di bilancio di ogni scheda",
    "Stati": "Lo stato di attuazione",
    "Missioni": "Le missioni come scritte dai settori che rendicontano per missione",
    "Elenco": "I settori come li elenca ente.xlsx, con la sigla che hanno in tutti i fogli",
    "Settori": "I settori come si presentano nei loro file",
    "Ente": "I dati dell'ente",
    "Parametri": "Le scelte di calcolo",
    "Testi": "I capitoli di ente.xlsx",
}
CONTROLLARE = {
    "Coerenza": "Le schede in cui grado dichiarato e misurato divergono: valori, non formule",
    "Rilievi": "Che cosa non va, dove, e come si corregge",
    "Provenienza": "I file letti, con impronta SHA-256 e quadratura delle celle",
}
UFFICIO = {
    "Nucleo": "Ciò che il Nucleo ha scritto in nucleo.xlsx. Uso interno: gradi e note sono in Voci",
    "Partecipazioni": "Chi prende parte a ogni obiettivo. Uso interno: non si pubblica",
    "Personale": "La media degli obiettivi di ogni persona, con i nomi come sono scritti (quelli dubbi "
    "sono nei Rilievi). Uso interno: non si pubblica",
    "Destinatari": "A chi si invia la relazione. Uso interno: non si pubblica",
    "Accettati": "Gli avvisi che per l'ufficio vanno bene così. Uso interno: non si pubblica",
    "Premi": "I premi per gruppi. Uso interno: ciò che si pubblica è nei dati aperti",
    "Messaggi": "I testi della posta. Uso interno: non si pubblica",
}
"""The sheets for the office alone: they are neither sent by mail nor published."""
COMUNI = {**LEGGERE, **FILTRARE, **CONTROLLARE}
NOTE = {**COMUNI, **UFFICIO}
"""The sheets in order (the valutazione of each settore comes after Riepilogo) and what they hold."""
STRATI = (
    ("Per leggere", LEGGERE, "#1F3864"),
    ("Per filtrare", FILTRARE, "#2E8B57"),
    ("Per controllare", CONTROLLARE, "#C55A11"),
    ("Uso interno: non si invia e non si pubblica", UFFICIO, "#7F7F7F"),
)
"""The layers of the sheets: what each is for, its sheets, the colour of their tabs."""

SOLO_SE_PIENE = {
    "Missioni": "missioni",
    "Nucleo": "giudizi",
    "Partecipazioni": "personale",
    "Personale": "personale",
    "Risorse": "risorse",
    "Accettati": "accettati",
    "Premi": "premi",
}
"""Sheets that are there only when their table has rows."""
NON_PUBBLICI = (*UFFICIO, "Rilievi")
"""Sheets that are not in the edition to be published."""
FACOLTATIVE = {
    "schede": ("responsabile", "supporto", "previsto", "blocco"),
    "fasi": ("peso", "realizzato"),
    "indicatori": ("motivo_scostamento", "unita", "fonte", "partenza"),
    "voci": ("note_responsabile",),
    "elenco": ("responsabile", "email", "missioni"),
    "settori": ("responsabile", "categoria"),
}
"""Columns of the tables shown only when somebody fills them in; nobody, in the edition to be published,
those on people."""

PRIMA = 4
"""First row of data in every table sheet: title, note, headings, then data."""

PRIMA_VOCE = 8
"""First row of the voci in the sheet of a settore."""

INDIETRO = "← Inizio"
LARGA_A4 = 190
"""The width in characters beyond which a sheet is printed on A3: on A4 it would be too small to read."""
VERSIONE = 2
"""Of the consolidato as a format: who reads it again finds in it the sheets and the headings of this
version (docs/sviluppo.md). It grows when one of them changes its name or its meaning."""

NOMI = {
    "Riepilogo": ("grado", "peso_che_conta", "peso_grado"),
    "Dati": ("settore", "n", "con_atteso", "quantificabile", "misurato", "raggiunto_atteso"),
    "Voci": ("base", "origine"),
    "Conti": (
        *("obiettivo", "una_volta", "conta", "peso_che_conta", "quota", "quota_grado"),
        *("gruppo", "confronto", "peso_confronto", "peso_dichiarato", "peso_misurato"),
    ),
    "Ripartizione": ("codice", "quota", "quota_grado"),
    "Schede": ("voci", "obiettivo", "grado_dichiarato", "grado_misurato", "con_la_base"),
    "Collegamenti": ("missione_che_conta", "programma_che_conta", "grado_dichiarato", "grado_misurato"),
    "Partecipazioni": ("persona", "responsabile", "una_volta", "quota", "quota_grado", "grado"),
    "Coerenza": ("scarto",),
    "Rilievi": ("gravita", "settore", "aperto"),
}
"""The columns that formulas of other sheets call by name: Conti_quota is the column «quota» of Conti."""
IN_BREVE = {"Partecipazioni": "Parti", "Collegamenti": "Legami", "Ripartizione": "Quote"}
"""How the names begin, where that of the sheet would make formulas long."""


Descritto = tuple[Sequence[Colonna], Sequence[Dati]]
"""The columns of a sheet, and its rows."""


class Libro:
    """The workbook being written: its sheets, and as `prospetti` the columns and rows of each."""

    def __init__(self, fascicolo: Fascicolo) -> None:
        self.fascicolo = fascicolo
        self.libro = excel.Libro(None, DOCUMENTI)
        coda = f" – {EDIZIONE.lower()}" if fascicolo.pubblica else ""
        self.libro.set_properties(
            {
                "title": f"Consolidato della performance {fascicolo.anno}{coda}",
                "author": fascicolo.ente.get("denominazione", ""),
                "created": datetime(fascicolo.anno, 12, 31),
            }
        )
        self.libro.set_custom_property("Versione del consolidato", VERSIONE, "number")
        self.formati = self.libro.formati
        self.nomi = _nomi_fogli(fascicolo)
        self.titoli = {nome: fascicolo.denominazioni[codice] for codice, nome in self.nomi.items()}
        self.fogli: dict[str, Foglio] = {}
        self.prospetti: dict[str, Prospetto] = {}

    def salva(self, percorso: Path) -> None:
        """Write the file. Raises OSError."""
        self.libro.salva(percorso)

    def finisci(self) -> None:
        """Finish the sheets written so far: whoever copies the workbook has the same."""
        self.libro.finisci()

    def copia(self) -> "Libro":
        """The workbook as it stands: what is written from now on in one of the two is not in the
        other."""
        altro = copy.copy(self)
        altro.libro = self.libro.copia()
        altro.formati = altro.libro.formati
        altro.fogli = {str(ws.name): ws for ws in altro.libro.fogli()}
        altro.prospetti = dict(self.prospetti)
        return altro

    def apri_fogli(self, nomi: Iterable[str]) -> None:
        """Add some sheets in their order, without those of tables that nobody fills in."""
        colori = {nome: colore for _, strato, colore in STRATI for nome in strato}
        for nome in nomi:
            tabella = SOLO_SE_PIENE.get(nome)
            vuoto = tabella and not getattr(self.fascicolo.righe, tabella)
            if vuoto or (self.fascicolo.pubblica and nome in NON_PUBBLICI):
                continue
            self.fogli[nome] = self.foglio(nome, colori[nome])
            if nome == "Riepilogo":
                self.fogli |= {sua: self.foglio(sua, colori[nome]) for sua in self.nomi.values()}

    def foglio(self, nome: str, colore: str) -> Foglio:
        ws = self.libro.pagina(nome)
        ws.set_tab_color(colore)
        if self.fascicolo.bozza:
            ws.set_header('&C&"Arial,Bold"&14BOZZA')
        return ws

    def nomina(self) -> None:
        """Give its name to every column, or cell, that formulas call by name."""
        for foglio, chiavi in NOMI.items():
            if foglio in self.prospetti:
                for chiave in chiavi:
                    self.chiama(
                        f"{IN_BREVE.get(foglio, foglio)}_{chiave}",
                        self.prospetti[foglio].colonna(chiave),
                    )

    def chiama(self, nome: str, dove: str) -> None:
        self.libro.define_name(nome, f"={dove}")

    def metti(self, ws: Foglio, riga: int, colonna: int, valore: Any, formato: str) -> None:
        excel.scrivi(ws, riga, colonna, valore, self.formati[formato])

    def formula(
        self, ws: Foglio, riga: int, colonna: int, formula: str, valore: Any, formato: str
    ) -> None:
        excel.formula(ws, riga, colonna, formula, valore, self.formati[formato])

    def titolo(self, ws: Foglio, titolo: str, nota: str, prima: float) -> None:
        """The heading of a sheet: its title, what it holds and the way back, which stands where the
        first column, as wide as `prima`, lets all be read."""
        larga = prima > 15
        self.metti(ws, 1, 1, titolo, "titolo")
        ws.set_row(0, 24)
        self.indietro(ws, 1 if larga else 2, 2 if larga else 1)
        self.metti(ws, 2, 1 if larga else 2, nota, "sottotitolo")

    def indietro(self, ws: Foglio, riga: int, colonna: int) -> None:
        self.rimanda(ws, riga, colonna, "Inizio", INDIETRO)

    def rimanda(self, ws: Foglio, riga: int, colonna: int, foglio: str, testo: str) -> None:
        """A link to another sheet."""
        ws.write_url(riga - 1, colonna - 1, legame(foglio), self.formati["link"], testo)

    def tabella(self, nome: str) -> None:
        """Write a sheet that is one table. Dati has its headings on the first row, as a pivot wants, and
        what only a pivot reads is not printed."""
        ws, prospetto = self.fogli[nome], self.prospetti[nome]
        if prospetto.prima == PRIMA:
            self.titolo(ws, nome, NOTE[nome], prospetto.colonne[0].larghezza)
        else:
            self.indietro(ws, 1, len(prospetto.colonne) + 2)
            ws.print_area(0, 0, prospetto.ultima - 1, prospetto.numero("motivo") - 1)
        if sum(colonna.larghezza for colonna in prospetto.colonne) > LARGA_A4:
            ws.set_paper(8)
        # a heading is bold, and has a button over its last letters
        alta = excel.altezza(((c.titolo, c.larghezza - 2) for c in prospetto.colonne), 30)
        tabella(ws, prospetto, self.formati, nome, NOTE[nome], alta, self.prospetti)

    def contenuto(self, tabella: str) -> tuple[list[Colonna], list[Riga]]:
        """The columns and the rows of a table, as a sheet shows them."""
        sue = getattr(self.fascicolo.righe, tabella)
        return self.colonne(tabella), [self.riga_in_chiaro(riga) for riga in sue]

    def colonne(self, tabella: str) -> list[Colonna]:
        """The columns of a table, as a sheet shows them."""
        return [
            Colonna(c.nome, etichetta(c.nome), LARGHEZZE.get(c.nome, 12.0), _formato(c))
            for c in tables.colonne(tabella)
            if c.segno != "posto" and self._da_mostrare(tabella, c)
        ]

    def _da_mostrare(self, tabella: str, colonna: tables.Colonna) -> bool:
        """Whether a column has what to show, if it need not have it. A zero is a number that says
        something, where it is not a count of ours."""
        if colonna.nome not in FACOLTATIVE.get(tabella, ()):
            return True
        valori = (riga[colonna.nome] for riga in getattr(self.fascicolo.righe, tabella))
        return any(valore if colonna.tipo == "intero" else piena(valore) for valore in valori)

    def delle_voci(self, colonne: Sequence[Colonna], dati: Sequence[Dati]) -> list[Colonna]:
        """The columns of a sheet of voci, without those that none of them fills in."""
        vuote = [c for c in FACOLTATIVE["voci"] if not any(piena(riga[c]) for riga in dati)]
        return [colonna for colonna in colonne if colonna.chiave not in vuote]

    @cached_property
    def di_quale_settore(self) -> dict[str, str]:
        """The settore of each file that was read."""
        return {letta["file"]: letta["settore"] for letta in self.fascicolo.righe.provenienza}

    @cached_property
    def posti_schede(self) -> dict[ChiaveScheda, tuple[Scheda, int]]:
        """Each scheda and the row of the sheet Schede where it stands."""
        schede = enumerate(self.fascicolo.righe.schede, start=PRIMA)
        return {chiave_scheda(scheda): (scheda, posto) for posto, scheda in schede}

    def coperte(self, voce: VoceValutata) -> list[tuple[Scheda, int]]:
        """The schede that a voce covers, each with its row of the sheet Schede."""
        posti = self.posti_schede
        return [posti[coperta] for coperta in voce.coperte if coperta in posti]

    @cached_property
    def _per_obiettivo(self) -> dict[str, set[ChiaveScheda]]:
        """The schede that the sheet Schede gives to each obiettivo: to the first that covers them."""
        gruppi: dict[str, set[ChiaveScheda]] = {}
        for scheda in self.fascicolo.righe.schede:
            for voce in self.fascicolo.voci_di(scheda)[:1]:
                gruppi.setdefault(self.obiettivo(voce), set()).add(chiave_scheda(scheda))
        return gruppi

    def schede_per_formula(self, voce: VoceValutata) -> Riga:
        """What formulas need to know of the schede of a voce: where they stand and, if the sheet Schede
        gives them all to it and no other, by what code."""
        coperte = self.coperte(voce)
        codice = self.obiettivo(voce)
        sole = self._per_obiettivo.get(codice) == {chiave_scheda(scheda) for scheda, _ in coperte}
        return {"posti": [posto for _, posto in coperte], "codice": codice if sole else ""}

    def voci_in_ordine(self) -> list[VoceValutata]:
        """The voci as the sheet Voci lists them, a settore after the other."""
        return [voce for settore in self.nomi for voce in self.fascicolo.voci(settore)]

    def riga_in_chiaro(self, riga: Mapping[str, Any]) -> Riga:
        """A row with the words of the documents: its settore and its scheda by the codes they have in
        every sheet, AG and AG 8."""
        chiara = {c: ("sì" if v else "") if isinstance(v, bool) else v for c, v in riga.items()}
        if "valutazione" in riga:
            chiara["valutazione"] = VALUTAZIONI.get(riga["valutazione"], "")
        if "settore" in riga:
            chiara["settore"] = self.sigla(riga["settore"])
        if "scheda" in riga:
            chiara["scheda"] = self.codice((riga["settore"], riga["scheda"]))
        return chiara

    def sigla(self, settore: str) -> str:
        return self.fascicolo.sigle.get(settore, settore)

    def codice(self, scheda: ChiaveScheda) -> str:
        return self.fascicolo.codice_di(scheda).replace("\N{NO-BREAK SPACE}", " ")

    def schede_di(self, voce: VoceValutata) -> str:
        """The codes of the schede of a voce; what was typed, where it is not understood."""
        return ", ".join(map(self.codice, voce.coperte)) or voce.riga["schede"]

    def obiettivo(self, voce: VoceValutata) -> str:
        """The code of the obiettivo of a voce: that of its schede if it is common to the settori."""
        if voce.trasversale:
            return " + ".join(self.codice(scheda) for scheda in sorted(voce.coperte))
        return f"{self.sigla(voce.settore)} voce {voce.n}"


def riga_voce(voce: VoceValutata) -> Riga:
    """A voce as a row: as typed and with its figures; peso, gradi and notes the final ones."""
    finali: Riga = {"peso": voce.peso, "quota": in_decimale(voce.quota)}
    finali |= {"grado_nucleo": voce.del_nucleo, "note": voce.note}
    return {**vars(voce), **voce.riga, **finali}


def etichetta(chiave: str) -> str:
    return ETICHETTE.get(chiave) or chiave.replace("_", " ").capitalize()


def legame(foglio: str) -> str:
    """Where a link to a sheet leads."""
    return f"internal:'{apici(foglio)}'!A1"


def apici(nome: str) -> str:
    return nome.replace("'", "''")


def arrotondato(valore: Decimal | None) -> Decimal | None:
    return None if valore is None else arrotonda(valore)


def _formato(colonna: tables.Colonna) -> str:
    if colonna.nome == "scheda":  # by its code
        return "testo"
    if colonna.nome in ("grado_dichiarato", "grado_misurato", "rapporto"):
        return "grado"
    return {"intero": "intero", "decimale": "numero"}.get(colonna.tipo, "testo")


def _nomi_fogli(fascicolo: Fascicolo) -> dict[str, str]:
    """A valid, unique sheet name for each settore, as near as can be to its name."""
    presi = {nome.lower() for nome in NOTE}
    nomi = {}
    for riga in fascicolo.settori:
        ammesso = re.sub(r"[\[\]:*?/\\]", " ", riga.denominazione).strip("' ")
        base = ammesso[:31].strip("' ") or "Settore"
        nome, giro = base, 2
        while nome.lower() in presi:
            coda = f" {giro}"
            nome, giro = base[: 31 - len(coda)] + coda, giro + 1
        presi.add(nome.lower())
        nomi[riga.settore] = nome
    return nomi
