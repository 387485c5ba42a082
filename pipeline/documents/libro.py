"""The consolidated workbook as it is written: its sheets, and where formulas find their cells."""

import re
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline import excel
from pipeline.documents.cifre import SOLIDITA
from pipeline.documents.fascicolo import EDIZIONE, Fascicolo
from pipeline.tables import COLONNE, LUOGO, VALUTAZIONI, Colonna, Riga, righe

BLU, CHIARO, GRIGIO = "#1F3864", "#DCE6F1", "#F2F2F2"
_BORDO = {"border": 1, "border_color": "#BFBFBF"}
_BASE = {"font_name": "Arial", "font_size": 10, "valign": "top"}
FORMATI: dict[str, dict[str, Any]] = {
    "titolo": {"bold": True, "font_size": 16, "font_color": BLU},
    "sottotitolo": {"font_size": 11, "font_color": "#595959"},
    "bozza": {"bold": True, "font_size": 14, "font_color": "#C00000"},
    "prosa": {"text_wrap": True},
    "link": {"font_color": "#0563C1", "underline": 1},
    "intestazione": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": BLU,
        "text_wrap": True,
        "valign": "vcenter",
        **_BORDO,
    },
    "etichetta": {"bold": True, "bg_color": GRIGIO, "text_wrap": True, **_BORDO},
    "testo": {"text_wrap": True, "num_format": "@", **_BORDO},
    "intero": {"num_format": "0", "align": "center", **_BORDO},
    "numero": {"num_format": "General", "align": "center", **_BORDO},
    "quota": {"num_format": "0.0000", "align": "center", **_BORDO},
    "grado": {"num_format": "0.00", "align": "center", **_BORDO},
    "totale": {"bold": True, "bg_color": CHIARO, "text_wrap": True, **_BORDO},
    "scarto": {"num_format": "+0.00;-0.00;0.00", "align": "center", **_BORDO},
    "fuori_tolleranza": {"bg_color": "#FCE4D6", "font_color": "#9C0006", "bold": True},
    "totale_grado": {
        "bold": True,
        "bg_color": CHIARO,
        "num_format": "0.00",
        "align": "center",
        **_BORDO,
    },
}

ETICHETTE = {
    "settore": "Settore",
    "scheda": "Scheda",
    "n": "N.",
    "obiettivo": "Obiettivo n.",
    "n_schede": "N. schede",
    "email": "E-mail",
    "grado_dichiarato": "Grado dichiarato %",
    "grado_nucleo": "Grado Nucleo %",
    "grado_misurato": "Grado misurato %",
    "misurabili": "Indicatori misurati",
    "attesi": "Indicatori con un valore atteso",
    "indicatori": "Indicatori",
    "denominazione_missione": "Denominazione missione",
    "denominazione_programma": "Denominazione programma",
    "sha256": "SHA-256",
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
    "note": 36.0,
    "valore": 50.0,
    "denominazione": 34.0,
    "responsabile": 34.0,
    "della_cartella": 34.0,
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
    "parametro": 34.0,
    "chiave": 26.0,
    "cifra": 60.0,
    "sha256": 66.0,
    "file": 30.0,
    "supporto": 36.0,
    "missioni": 16.0,
    "programmi": 20.0,
    "stato": 18.0,
    "motivo": 50.0,
    "spiegazione": 80.0,
    "messaggio": 70.0,
    "rimedio": 60.0,
}
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
    "Coerenza": "Le schede in cui grado dichiarato e misurato divergono: valori, non formule",
    "Per missione": "Schede e gradi per missione e programma di bilancio",
    "Partecipazioni": "Chi prende parte a ogni obiettivo. Uso interno: non si pubblica",
    "Personale": "La media degli obiettivi di ogni persona, con i nomi come sono scritti (quelli dubbi "
    "sono nei Rilievi). Uso interno: non si pubblica",
    "Settori": "L'elenco dei settori, con pesi e somme",
    "Ente": "I dati dell'ente",
    "Parametri": "Le scelte di calcolo",
    "Testi": "I capitoli di ente.xlsx",
    "Destinatari": "A chi si invia la relazione",
    "Messaggi": "I testi della posta",
    "Rilievi": "Che cosa non va, dove, e come si corregge",
    "Provenienza": "I file letti, con impronta SHA-256 e quadratura delle celle",
}
"""The sheets in order (the valutazione of each settore comes after Riepilogo) and what they hold."""

SOLO_SE_PIENE = {"Missioni": "missioni", "Partecipazioni": "personale", "Personale": "personale"}
"""Sheets that are there only when their table has rows."""
INTERNI = ("Partecipazioni", "Personale", "Destinatari", "Messaggi", "Rilievi")
"""Sheets that are not in the edition to be published."""
DEGLI_OPERATIVI = ("responsabile", "supporto", "previsto", "blocco")
"""Columns of the schede shown only when a settore fills them in."""

PRIMA = 4
"""First row of data in every table sheet: title, note, headings, then data."""

TOLLERANZA = "Riepilogo!$B$3"
"""Where the tolerance between declared and measured stands."""

BASE = "Riepilogo!$F$3"
"""Where the base of the measured gradi stands."""

PRIMA_VOCE = 8
"""First row of the voci in the sheet of a settore."""


class Libro:
    """The workbook being written, and where the cells that formulas refer to have been put."""

    def __init__(self, percorso: Path, fascicolo: Fascicolo) -> None:
        self.fascicolo = fascicolo
        self.libro = excel.Libro(percorso)
        coda = f" – {EDIZIONE.lower()}" if fascicolo.pubblica else ""
        self.libro.set_properties(
            {
                "title": f"Consolidato della performance {fascicolo.anno}{coda}",
                "author": fascicolo.ente.get("denominazione", ""),
                "created": datetime(fascicolo.anno, 12, 31),
            }
        )
        self.formati: dict[str, Format] = {
            nome: self.libro.add_format({**_BASE, **stile}) for nome, stile in FORMATI.items()
        }
        self.nomi = _nomi_fogli(fascicolo)
        self.fogli: dict[str, Worksheet] = {}

    def apri_fogli(self) -> None:
        """Add the sheets in their order, without those of tables that nobody fills in."""
        for nome in NOTE:
            tabella = SOLO_SE_PIENE.get(nome)
            vuoto = tabella and getattr(self.fascicolo.tabelle, tabella).empty
            if vuoto or (self.fascicolo.pubblica and nome in INTERNI):
                continue
            self.fogli[nome] = self.foglio(nome)
            if nome == "Riepilogo":
                self.fogli |= {valutata: self.foglio(valutata) for valutata in self.nomi.values()}

    def foglio(self, nome: str) -> Worksheet:
        ws = self.libro.add_worksheet(nome)
        ws.set_paper(9)
        ws.set_landscape()
        ws.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        ws.fit_to_pages(1, 0)
        if self.fascicolo.bozza:
            ws.set_header('&C&"Arial,Bold"&14BOZZA')
        ws.set_footer("&L&F&C&A&RPagina &P di &N")
        ws.hide_gridlines(2)
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

    def tabella(self, nome: str, campi: list[tuple[str, str, str]], dati: list[list[Any]]) -> None:
        """A sheet with one Excel table: `campi` are (key for the width, heading, cell format)."""
        ws = self.fogli[nome]
        self.titolo(ws, nome, NOTE[nome])
        ultima = PRIMA + max(len(dati), 1) - 1
        ws.add_table(
            PRIMA - 2,
            0,
            ultima - 1,
            len(campi) - 1,
            {
                "name": f"Tab_{nome.replace(' ', '_')}",
                "style": "Table Style Light 1",
                "columns": [
                    {"header": etichetta, "header_format": self.formati["intestazione"]}
                    for _, etichetta, _ in campi
                ],
                "title": nome,
                "description": NOTE[nome],
            },
        )
        for colonna, (chiave, _, _) in enumerate(campi):
            ws.set_column(colonna, colonna, LARGHEZZE.get(chiave, 12.0))
        ws.set_row(PRIMA - 2, 45)
        ws.freeze_panes(PRIMA - 1, 0)
        ws.repeat_rows(PRIMA - 2)
        for riga, valori in enumerate(dati or [[""] * len(campi)], start=PRIMA):
            for colonna, ((_, _, formato), valore) in enumerate(
                zip(campi, valori, strict=True), start=1
            ):
                self.metti(ws, riga, colonna, valore, formato)
            testi = [
                (valore, LARGHEZZE.get(chiave, 12.0))
                for (chiave, _, _), valore in zip(campi, valori, strict=True)
                if isinstance(valore, str)
            ]
            ws.set_row(riga - 1, excel.altezza(testi))

    def contenuto(self, tabella: str) -> tuple[list[tuple[str, str, str]], list[list[Any]]]:
        """The columns and the rows of a table, as a sheet shows them."""
        campi = []
        for colonna in self.colonne(tabella):
            formato = {"intero": "intero", "decimale": "numero"}.get(colonna.tipo, "testo")
            if colonna.nome in ("grado_dichiarato", "grado_misurato", "rapporto"):
                formato = "grado"
            campi.append((colonna.nome, etichetta(colonna.nome), formato))
        dati = [
            [self.in_chiaro(chiave, riga[chiave]) for chiave, _, _ in campi]
            for riga in righe(getattr(self.fascicolo.tabelle, tabella))
        ]
        return campi, dati

    def colonne(self, tabella: str) -> list[Colonna]:
        df = getattr(self.fascicolo.tabelle, tabella)
        return [
            colonna
            for colonna in (*COLONNE[tabella], *LUOGO)
            if colonna.nome not in DEGLI_OPERATIVI or df[colonna.nome].astype(bool).any()
        ]

    def colonna_schede(self, chiave: str) -> int:
        """The column of the sheet Schede that shows a column of the table."""
        return [colonna.nome for colonna in self.colonne("schede")].index(chiave) + 1

    @property
    def colonna_con_la_base(self) -> int:
        """The last column of the sheet Schede: after its table, the scarto and this."""
        return len(self.colonne("schede")) + 2

    def gradi_con_base(self, voce: Riga) -> list[str]:
        """References, in the sheet Schede, to the measured gradi that the base lets count: one for each
        scheda of a voce that has an indicatore with an atteso."""
        colonna = lettera(self.colonna_con_la_base)
        sue = [self.posti_schede[c] for c in dict.fromkeys(voce["coperte"]) if c in self.posti_schede]
        return [f"Schede!${colonna}${dove}" for scheda, dove in sue if scheda["attesi"]]

    def scarti(
        self, nome: str, dichiarato: int, misurato: int, colonna: int, scarti: list[Decimal | None]
    ) -> None:
        """A column of live differences between two others, coloured beyond the tolerance."""
        ws = self.fogli[nome]
        d, m, c = lettera(dichiarato), lettera(misurato), lettera(colonna)
        for riga, scarto in enumerate(scarti, start=PRIMA):
            formula = (
                f'=IF(AND(ISNUMBER({d}{riga}),ISNUMBER({m}{riga})),ROUND({d}{riga}-{m}{riga},2),"")'
            )
            self.formula(ws, riga, colonna, formula, scarto, "scarto")
        ultima = PRIMA + max(len(scarti), 1) - 1
        ws.conditional_format(
            f"{c}{PRIMA}:{c}{ultima}",
            {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER(${c}{PRIMA}),ABS(${c}{PRIMA})>{TOLLERANZA})",
                "format": self.formati["fuori_tolleranza"],
            },
        )

    @cached_property
    def posti_schede(self) -> dict[tuple[str, int], tuple[Riga, int]]:
        """Each scheda and the row of the sheet Schede where it stands."""
        schede = righe(self.fascicolo.tabelle.schede)
        return {
            (scheda["settore"], scheda["scheda"]): (scheda, posto)
            for posto, scheda in enumerate(schede, start=PRIMA)
        }

    def gradi_schede(self, voce: Riga, chiave: str) -> list[str]:
        """References, in the sheet Schede, to a grado of the schede that a voce covers."""
        posti = self.posti_schede
        dei_gradi = lettera(self.colonna_schede(chiave))
        trovate = [posti[coperta] for coperta in dict.fromkeys(voce["coperte"]) if coperta in posti]
        return [f"Schede!${dei_gradi}${dove}" for scheda, dove in trovate if scheda[chiave] is not None]

    def rif(self, settore: str, totale: int) -> str:
        """Reference to a total of a settore's sheet: 0 obiettivi ... 5 the percentage."""
        quante = max(len(self.fascicolo.di("voci", settore)), 1)
        return f"'{apici(self.nomi[settore])}'!$C${PRIMA_VOCE + quante + 1 + totale}"

    def voci_in_ordine(self) -> list[Riga]:
        """The voci as the sheet Voci lists them, a settore after the other."""
        return [voce for settore in self.nomi for voce in self.fascicolo.voci(settore)]

    def righe_voci(self, settore: str) -> list[int]:
        """The rows of a settore in the sheet Voci, one after the other."""
        voci = enumerate(self.voci_in_ordine(), start=PRIMA)
        return [riga for riga, voce in voci if voce["settore"] == settore]

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


def etichetta(chiave: str) -> str:
    return ETICHETTE.get(chiave) or chiave.replace("_", " ").capitalize()


def apici(nome: str) -> str:
    return nome.replace("'", "''")


def lettera(colonna: int) -> str:
    return chr(64 + colonna)


def _nomi_fogli(fascicolo: Fascicolo) -> dict[str, str]:
    """A valid, unique sheet name for each settore, as near as can be to its name."""
    presi = {nome.lower() for nome in NOTE}
    nomi = {}
    for riga in fascicolo.settori:
        ammesso = re.sub(r"[\[\]:*?/\\]", " ", riga["denominazione"]).strip("' ")
        base = ammesso[:31].strip("' ") or "Settore"
        nome, giro = base, 2
        while nome.lower() in presi:
            coda = f" {giro}"
            nome, giro = base[: 31 - len(coda)] + coda, giro + 1
        presi.add(nome.lower())
        nomi[riga["settore"]] = nome
    return nomi
