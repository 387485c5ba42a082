"""The consolidated workbook as it is written: its sheets, and where formulas find their cells."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline import excel, tables
from pipeline.documents.cifre import SOLIDITA
from pipeline.documents.fascicolo import EDIZIONE, Fascicolo
from pipeline.numeri import arrotonda, in_decimale
from pipeline.prospetti import Colonna, Dati, Prospetto, tabella
from pipeline.score import VoceValutata
from pipeline.tables import VALUTAZIONI, ChiaveScheda, Riga, Scheda, chiave_scheda, piena, righe
from pipeline.veste import DOCUMENTI

ETICHETTE = {
    "settore": "Settore",
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
    "misurabili": "Indicatori misurati",
    "attesi": "Indicatori con un valore atteso",
    "indicatori": "Indicatori",
    "unita": "Unità",
    "partenza": "Valore di partenza",
    "stanziati": "Premi stanziati €",
    "distribuiti": "Premi distribuiti €",
    "realizzato": "% realizzato",
    "denominazione_missione": "Denominazione missione",
    "denominazione_programma": "Denominazione programma",
}
LARGHEZZE = {
    "testo": 70.0,
    "descrizione": 55.0,
    "definizione": 55.0,
    "indicatore": 50.0,
    "titolo": 45.0,
    "atteso": 24.0,
    "raggiunto": 36.0,
    "voce": 36.0,
    "denominazione": 34.0,
    "responsabile": 34.0,
    "denominazione_missione": 34.0,
    "denominazione_programma": 34.0,
    "valutazione": 28.0,
    "orizzonte": 18.0,
    "assegnazione": 24.0,
    "settore": 26.0,
    "email": 32.0,
    "nome": 30.0,
    "ruolo": 26.0,
    "capitolo": 18.0,
    "file": 30.0,
    "supporto": 36.0,
    "motivo": 50.0,
    "messaggio": 70.0,
    "fonte": 24.0,
    "partenza": 18.0,
}
"""Of the columns of the tables that are shown as they are."""
NOTE = {
    "Copertina": "",
    "Riepilogo": "Una riga per settore, le medie d'ente, dichiarato e misurato, il grafico",
    "Cifre": "Le cifre della relazione, ciascuna con il suo nome",
    "Misura": "Quanti indicatori si sono potuti misurare, settore per settore",
    "Voci": "Le voci: i gradi e la loro origine sono formule; motivo e fascia no",
    "Schede": "Le schede: titolo, valutazione e grado dichiarato",
    "Obiettivi": "Le definizioni degli obiettivi di ogni scheda",
    "Fasi": "Le fasi di ogni obiettivo",
    "Indicatori": "Gli indicatori con valore atteso e raggiunto, come scritti",
    "Collegamenti": "Missioni e programmi di bilancio di ogni scheda",
    "Stati": "Lo stato di attuazione",
    "Missioni": "Le missioni come scritte dai settori che rendicontano per missione",
    "Nucleo": "Ciò che il Nucleo ha scritto in nucleo.xlsx. Uso interno: gradi e note sono in Voci",
    "Coerenza": "Le schede in cui grado dichiarato e misurato divergono: valori, non formule",
    "Per missione": "Schede e gradi per missione e programma di bilancio",
    "Partecipazioni": "Chi prende parte a ogni obiettivo. Uso interno: non si pubblica",
    "Personale": "La media degli obiettivi di ogni persona, con i nomi come sono scritti (quelli dubbi "
    "sono nei Rilievi). Uso interno: non si pubblica",
    "Settori": "L'elenco dei settori, con pesi e somme",
    "Ente": "I dati dell'ente",
    "Parametri": "Le scelte di calcolo",
    "Testi": "I capitoli di ente.xlsx",
    "Destinatari": "A chi si invia la relazione. Uso interno: non si pubblica",
    "Accettati": "Gli avvisi che per l'ufficio vanno bene così. Uso interno: non si pubblica",
    "Premi": "I premi per gruppi. Uso interno: ciò che si pubblica è nei dati aperti",
    "Messaggi": "I testi della posta. Uso interno: non si pubblica",
    "Rilievi": "Che cosa non va, dove, e come si corregge",
    "Provenienza": "I file letti, con impronta SHA-256 e quadratura delle celle",
}
"""The sheets in order (the valutazione of each settore comes after Riepilogo) and what they hold."""

SOLO_SE_PIENE = {
    "Missioni": "missioni",
    "Nucleo": "giudizi",
    "Partecipazioni": "personale",
    "Personale": "personale",
    "Accettati": "accettati",
    "Premi": "premi",
}
"""Sheets that are there only when their table has rows."""
USO_INTERNO = ("Nucleo", "Partecipazioni", "Personale", "Destinatari", "Accettati", "Premi", "Messaggi")
"""Sheets that do not leave the office: neither by mail nor published."""
INTERNI = (*USO_INTERNO, "Rilievi")
"""Sheets that are not in the edition to be published."""
FACOLTATIVE = {
    "schede": ("responsabile", "supporto", "previsto", "blocco"),
    "fasi": ("peso", "realizzato"),
    "indicatori": ("unita", "fonte", "partenza"),
    "voci": ("note_responsabile",),
}
"""Columns of the tables shown only when a settore fills them in."""

PRIMA = 4
"""First row of data in every table sheet: title, note, headings, then data."""

PRIMA_VOCE = 8
"""First row of the voci in the sheet of a settore."""


class Libro:
    """The workbook being written: its sheets, and as `prospetti` the columns and rows of each."""

    def __init__(self, percorso: Path, fascicolo: Fascicolo, da_inviare: bool = False) -> None:
        self.fascicolo = fascicolo
        self.fuori = INTERNI if fascicolo.pubblica else USO_INTERNO if da_inviare else ()
        self.libro = excel.Libro(percorso, DOCUMENTI)
        coda = f" – {EDIZIONE.lower()}" if fascicolo.pubblica else ""
        self.libro.set_properties(
            {
                "title": f"Consolidato della performance {fascicolo.anno}{coda}",
                "author": fascicolo.ente.get("denominazione", ""),
                "created": datetime(fascicolo.anno, 12, 31),
            }
        )
        self.formati = self.libro.formati
        self.nomi = _nomi_fogli(fascicolo)
        self.fogli: dict[str, Worksheet] = {}
        self.prospetti: dict[str, Prospetto] = {}

    def apri_fogli(self) -> None:
        """Add the sheets in their order, without those of tables that nobody fills in."""
        for nome in NOTE:
            tabella = SOLO_SE_PIENE.get(nome)
            vuoto = tabella and getattr(self.fascicolo.tabelle, tabella).empty
            if vuoto or nome in self.fuori:
                continue
            self.fogli[nome] = self.foglio(nome)
            if nome == "Riepilogo":
                self.fogli |= {valutata: self.foglio(valutata) for valutata in self.nomi.values()}

    def foglio(self, nome: str) -> Worksheet:
        ws = self.libro.pagina(nome)
        if self.fascicolo.bozza:
            ws.set_header('&C&"Arial,Bold"&14BOZZA')
        return ws

    def metti(self, ws: Worksheet, riga: int, colonna: int, valore: Any, formato: str) -> None:
        excel.scrivi(ws, riga, colonna, valore, self.formati[formato])

    def formula(
        self, ws: Worksheet, riga: int, colonna: int, formula: str, valore: Any, formato: str
    ) -> None:
        excel.formula(ws, riga, colonna, formula, valore, self.formati[formato])

    def titolo(self, ws: Worksheet, titolo: str, nota: str) -> None:
        self.metti(ws, 1, 1, titolo, "titolo")
        ws.set_row(0, 24)
        self.metti(ws, 2, 1, nota, "sottotitolo")

    def tabella(self, nome: str) -> None:
        """Write a sheet that is one table."""
        ws, prospetto = self.fogli[nome], self.prospetti[nome]
        self.titolo(ws, nome, NOTE[nome])
        tabella(ws, prospetto, self.formati, nome, NOTE[nome], 45, self.prospetti)

    def contenuto(self, tabella: str) -> tuple[list[Colonna], list[Riga]]:
        """The columns and the rows of a table, as a sheet shows them."""
        df = getattr(self.fascicolo.tabelle, tabella)
        colonne = [
            Colonna(c.nome, etichetta(c.nome), LARGHEZZE.get(c.nome, 12.0), _formato(c))
            for c in tables.colonne(tabella)
            if c.segno != "posto" and self._da_mostrare(tabella, c)
        ]
        return colonne, [self.riga_in_chiaro(riga) for riga in righe(df)]

    def _da_mostrare(self, tabella: str, colonna: tables.Colonna) -> bool:
        """Whether a column has what to show, if it need not have it. A zero is a number that says
        something, where it is not a count of ours."""
        if colonna.nome not in FACOLTATIVE.get(tabella, ()):
            return True
        valori = getattr(self.fascicolo.tabelle, tabella)[colonna.nome]
        return any(valore if colonna.tipo == "intero" else piena(valore) for valore in valori)

    def delle_voci(self, colonne: Sequence[Colonna], dati: Sequence[Dati]) -> list[Colonna]:
        """The columns of a sheet of voci, without those that none of them fills in."""
        vuote = [c for c in FACOLTATIVE["voci"] if not any(piena(riga[c]) for riga in dati)]
        return [colonna for colonna in colonne if colonna.chiave not in vuote]

    @cached_property
    def posti_schede(self) -> dict[ChiaveScheda, tuple[Scheda, int]]:
        """Each scheda and the row of the sheet Schede where it stands."""
        schede = enumerate(self.fascicolo.righe.schede, start=PRIMA)
        return {chiave_scheda(scheda): (scheda, posto) for posto, scheda in schede}

    def coperte(self, voce: VoceValutata) -> list[tuple[Scheda, int]]:
        """The schede that a voce covers, each with its row of the sheet Schede."""
        posti = self.posti_schede
        return [posti[coperta] for coperta in voce.coperte if coperta in posti]

    def voci_in_ordine(self) -> list[VoceValutata]:
        """The voci as the sheet Voci lists them, a settore after the other."""
        return [voce for settore in self.nomi for voce in self.fascicolo.voci(settore)]

    def righe_voci(self, settore: str) -> list[int]:
        """The rows of a settore in the sheet Voci, one after the other."""
        voci = enumerate(self.voci_in_ordine(), start=PRIMA)
        return [riga for riga, voce in voci if voce.settore == settore]

    def riga_in_chiaro(self, riga: Mapping[str, Any]) -> Riga:
        return {chiave: self.in_chiaro(chiave, valore) for chiave, valore in riga.items()}

    def in_chiaro(self, chiave: str, valore: Any) -> Any:
        """Codes as the words of the documents."""
        if chiave == "settore":
            return self.fascicolo.denominazioni.get(valore, valore)
        if chiave == "base":
            return SOLIDITA[valore]
        if chiave == "valutazione":
            return VALUTAZIONI.get(valore, "")
        if isinstance(valore, bool):
            return "sì" if valore else ""
        if isinstance(valore, list):  # codes: in brackets, a formula finds each whole
            return " ".join(f"[{codice}]" for codice in valore)
        return valore


def riga_voce(voce: VoceValutata) -> Riga:
    """A voce as a row: as typed and with its figures; peso, gradi and notes the final ones."""
    finali: Riga = {"peso": voce.peso, "quota": in_decimale(voce.quota)}
    finali |= {"grado_nucleo": voce.del_nucleo, "note": voce.note}
    return {**vars(voce), **voce.riga, **finali}


def etichetta(chiave: str) -> str:
    return ETICHETTE.get(chiave) or chiave.replace("_", " ").capitalize()


def apici(nome: str) -> str:
    return nome.replace("'", "''")


def arrotondato(valore: Decimal | None) -> Decimal | None:
    return None if valore is None else arrotonda(valore)


def _formato(colonna: tables.Colonna) -> str:
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
