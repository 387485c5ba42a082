"""The consolidated Excel: what was read, row by row, and the means as live formulas.

Every formula carries the value computed by `score`, so that a preview shows the same figure that a
recalculation gives. Tables are real Excel tables; text never becomes a formula or a link.
"""

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from xlsxwriter.chart_bar import ChartBar
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline import excel
from pipeline.documents.fascicolo import Fascicolo
from pipeline.numeri import arrotonda
from pipeline.rilievi import Rilievo, bloccanti
from pipeline.tables import MEDIA_OBIETTIVI, MEDIA_SETTORI, VALUTAZIONI, Riga, colonne, righe
from pipeline.workbooks.ente import ENTE, PARAMETRI

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
    "sha256": 66.0,
    "file": 30.0,
    "stato": 18.0,
    "motivo": 50.0,
    "spiegazione": 80.0,
    "messaggio": 70.0,
    "rimedio": 60.0,
}
NOTE = {
    "Copertina": "",
    "Riepilogo": "Una riga per settore, le medie d'ente, il grafico",
    "Voci": "Le voci: i gradi sono formule; origine, motivo e fascia valgono alla produzione",
    "Schede": "Le schede: titolo, valutazione e grado dichiarato",
    "Obiettivi": "Le definizioni degli obiettivi di ogni scheda",
    "Fasi": "Le fasi di ogni obiettivo",
    "Indicatori": "Gli indicatori con valore atteso e raggiunto, come scritti",
    "Collegamenti": "Missioni e programmi di bilancio di ogni scheda",
    "Stati": "Lo stato di attuazione",
    "Coerenza": "Le schede in cui grado dichiarato e misurato divergono, alla produzione",
    "Per missione": "Schede e gradi per missione e programma di bilancio",
    "Settori": "Responsabili, pesi e somme di ogni settore",
    "Ente": "I dati dell'ente",
    "Parametri": "Le scelte di calcolo",
    "Testi": "I capitoli di ente.xlsx",
    "Destinatari": "A chi si invia la relazione",
    "Messaggi": "I testi della posta",
    "Rilievi": "Che cosa non va, dove, e come si corregge",
    "Provenienza": "I file letti, con impronta SHA-256 e quadratura delle celle",
}
"""The sheets in order (the valutazione of each settore comes after Riepilogo) and what they hold."""

TABELLE_INTERE = (
    "Obiettivi",
    "Fasi",
    "Indicatori",
    "Stati",
    "Testi",
    "Destinatari",
    "Messaggi",
)
"""Sheets that show a table just as it is."""

PRIMA = 4
"""First row of data in every table sheet: title, note, headings, then data."""

NON_CONSUNTIVATO = "Riepilogo!$B$2"
"""Where the grado for the voci non consuntivate stands as a number."""
TOLLERANZA = "Riepilogo!$B$3"
"""Where the tolerance between declared and measured stands."""

INTESTAZIONE_VALUTAZIONE = (
    "N.",
    "DESCRIZIONE OBIETTIVO",
    "Schede",
    "Peso",
    "Stato",
    "Grado dichiarato %",
    "Grado Nucleo %",
    "Grado delle schede %",
    "GRADO DI RAGGIUNGIMENTO DELL'OBIETTIVO %",
    "Peso × grado",
    "NOTE",
)
LARGHEZZE_VALUTAZIONE = (6, 60, 12, 8, 17, 12, 12, 12, 22, 11, 46)
PRIMA_VOCE = 8


def scrivi(percorso: Path, fascicolo: Fascicolo) -> None:
    """Write the consolidated workbook. The same fascicolo always gives the same bytes."""
    Libro(percorso, fascicolo).scrivi()


class Libro:
    """The workbook being written, and where the cells that formulas refer to have been put."""

    def __init__(self, percorso: Path, fascicolo: Fascicolo) -> None:
        self.fascicolo = fascicolo
        self.libro = excel.Libro(percorso)
        self.libro.set_properties(
            {
                "title": f"Consolidato della performance {fascicolo.anno}",
                "author": fascicolo.ente.get("denominazione", ""),
                "created": datetime(fascicolo.anno, 12, 31),
            }
        )
        self.formati: dict[str, Format] = {
            nome: self.libro.add_format({**_BASE, **stile}) for nome, stile in FORMATI.items()
        }
        self.nomi = _nomi_fogli(fascicolo)
        self.fogli: dict[str, Worksheet] = {}

    def scrivi(self) -> None:
        for nome in NOTE:
            self.fogli[nome] = self._foglio(nome)
            if nome == "Riepilogo":
                self.fogli |= {valutata: self._foglio(valutata) for valutata in self.nomi.values()}
        self._copertina()
        self._riepilogo()
        for settore in self.nomi:
            self._valutazione(settore)
        self._voci()
        for nome in TABELLE_INTERE:
            self._tabella_intera(nome)
        self._schede()
        self._collegamenti()
        self._coerenza()
        self._per_missione()
        self._settori()
        self._ente()
        self._parametri()
        self._rilievi()
        self._provenienza()
        self.libro.close()

    # -------------------------------------------------------------------------------- cells

    def _foglio(self, nome: str) -> Worksheet:
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

    def _metti(self, ws: Worksheet, riga: int, colonna: int, valore: Any, formato: str) -> None:
        excel.scrivi(ws, riga, colonna, valore, self.formati[formato])

    def _formula(
        self, ws: Worksheet, riga: int, colonna: int, formula: str, valore: Any, formato: str
    ) -> None:
        excel.formula(ws, riga, colonna, formula, valore, self.formati[formato])

    def _titolo(self, ws: Worksheet, titolo: str, nota: str) -> None:
        self._metti(ws, 1, 1, titolo, "titolo")
        ws.set_row(0, 24)
        self._metti(ws, 2, 1, nota, "sottotitolo")

    def _tabella(self, nome: str, campi: list[tuple[str, str, str]], dati: list[list[Any]]) -> None:
        """A sheet with one Excel table: `campi` are (key for the width, heading, cell format)."""
        ws = self.fogli[nome]
        self._titolo(ws, nome, NOTE[nome])
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
                self._metti(ws, riga, colonna, valore, formato)
            testi = [
                (valore, LARGHEZZE.get(chiave, 12.0))
                for (chiave, _, _), valore in zip(campi, valori, strict=True)
                if isinstance(valore, str)
            ]
            ws.set_row(riga - 1, excel.altezza(testi))

    # ------------------------------------------------------------------------------- sheets

    def _copertina(self) -> None:
        fascicolo, ws = self.fascicolo, self.fogli["Copertina"]
        ws.set_portrait()
        ws.set_column(0, 0, 34)
        ws.set_column(1, 1, 80)
        self._titolo(
            ws,
            f"Consolidato della performance {fascicolo.anno}",
            fascicolo.ente.get("denominazione", ""),
        )
        riga = 4
        blocchi = bloccanti(fascicolo.rilievi)
        if blocchi:
            self._metti(ws, riga, 1, "BOZZA: i dati non sono completi", "bozza")
            riga += 1
            for rilievo in blocchi:
                testo = f"{rilievo.messaggio}\n→ {rilievo.rimedio}"
                self._metti(ws, riga, 1, rilievo.dove, "etichetta")
                self._metti(ws, riga, 2, testo, "testo")
                ws.set_row(riga - 1, excel.altezza([(rilievo.dove, 30), (testo, 80)]))
                riga += 1
            riga += 1
        valori = {campo.chiave: campo.etichetta for campo in ENTE}
        for chiave, etichetta in valori.items():
            self._metti(ws, riga, 1, etichetta, "etichetta")
            self._metti(ws, riga, 2, fascicolo.ente.get(chiave, ""), "testo")
            riga += 1
        riga += 1
        for testo in (
            "Le percentuali sono formule: cliccando su una cella si vede da dove viene.",
            "Il grado di una voce è quello del Nucleo se c'è, altrimenti il dichiarato, altrimenti "
            "la media delle sue schede. Le voci non valutate restano elencate ma escono dalla media.",
            f"Media d'ente pubblicata: {fascicolo.valutazione.regola}.",
        ):
            ws.merge_range(riga - 1, 0, riga - 1, 1, "", self.formati["prosa"])
            self._metti(ws, riga, 1, testo, "prosa")
            ws.set_row(riga - 1, 15 * (1 + len(testo) // 115))
            riga += 1
        riga += 1
        self._metti(ws, riga, 1, "Foglio", "intestazione")
        self._metti(ws, riga, 2, "Che cosa contiene", "intestazione")
        for nome in list(self.fogli)[1:]:
            riga += 1
            ws.write_url(riga - 1, 0, f"internal:'{_apici(nome)}'!A1", self.formati["link"], nome)
            settore = {v: k for k, v in self.nomi.items()}.get(nome, "")
            nota = NOTE.get(nome) or f"Valutazione: {fascicolo.denominazioni[settore]}"
            self._metti(ws, riga, 2, nota, "testo")

    def _tabella_intera(self, nome: str) -> None:
        """A sheet for a table as it is: its columns, and where each row was read."""
        campi, dati = self._contenuto(nome.lower())
        self._tabella(nome, campi, dati)

    def _contenuto(self, tabella: str) -> tuple[list[tuple[str, str, str]], list[list[Any]]]:
        """The columns and the rows of a table, as a sheet shows them."""
        campi = []
        for colonna in colonne(tabella):
            formato = {"intero": "intero", "decimale": "numero"}.get(colonna.tipo, "testo")
            if colonna.nome in ("grado_dichiarato", "grado_misurato", "rapporto"):
                formato = "grado"
            campi.append((colonna.nome, _etichetta(colonna.nome), formato))
        dati = [
            [self._in_chiaro(chiave, riga[chiave]) for chiave, _, _ in campi]
            for riga in righe(getattr(self.fascicolo.tabelle, tabella))
        ]
        return campi, dati

    def _schede(self) -> None:
        """The schede, with the gap between declared and measured (coloured beyond the tolerance)."""
        campi, dati = self._contenuto("schede")
        campi.append(("scarto", "Scarto dichiarato − misurato", "scarto"))
        self._tabella("Schede", campi, [[*valori, None] for valori in dati])
        chiavi = [chiave for chiave, _, _ in campi]
        colonne_gradi = [chiavi.index(c) + 1 for c in ("grado_dichiarato", "grado_misurato")]
        schede = righe(self.fascicolo.tabelle.schede)
        scarti = [_scarto(s["grado_dichiarato"], s["grado_misurato"]) for s in schede]
        self._scarti("Schede", colonne_gradi[0], colonne_gradi[1], len(chiavi), scarti)

    def _scarti(
        self, nome: str, dichiarato: int, misurato: int, colonna: int, scarti: list[Decimal | None]
    ) -> None:
        """A column of live differences between two others, coloured beyond the tolerance."""
        ws = self.fogli[nome]
        d, m, c = _lettera(dichiarato), _lettera(misurato), _lettera(colonna)
        for riga, scarto in enumerate(scarti, start=PRIMA):
            formula = (
                f'=IF(AND(ISNUMBER({d}{riga}),ISNUMBER({m}{riga})),ROUND({d}{riga}-{m}{riga},2),"")'
            )
            self._formula(ws, riga, colonna, formula, scarto, "scarto")
        ultima = PRIMA + max(len(scarti), 1) - 1
        ws.conditional_format(
            f"{c}{PRIMA}:{c}{ultima}",
            {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER(${c}{PRIMA}),ABS(${c}{PRIMA})>{TOLLERANZA})",
                "format": self.formati["fuori_tolleranza"],
            },
        )

    def _collegamenti(self) -> None:
        """The links to the budget, with the gradi of their scheda for the means per missione."""
        campi, dati = self._contenuto("collegamenti")
        campi += [
            ("conta", "Conta nella missione", "testo"),
            ("grado_dichiarato", "Grado dichiarato %", "grado"),
            ("grado_misurato", "Grado misurato %", "grado"),
        ]
        collegamenti = righe(self.fascicolo.tabelle.collegamenti)
        viste: set[tuple[str, int, str]] = set()
        for riga, valori in zip(collegamenti, dati, strict=True):
            chiave = (riga["settore"], riga["scheda"], riga["codice_missione"])
            valori += ["" if chiave in viste else "sì", None, None]
            viste.add(chiave)
        self._tabella("Collegamenti", campi, dati)
        ws, posti = self.fogli["Collegamenti"], self._posti_schede()
        for posizione, riga in enumerate(collegamenti, start=PRIMA):
            scheda, dove = posti.get((riga["settore"], riga["scheda"]), ({}, 0))
            for colonna, grado in enumerate(("grado_dichiarato", "grado_misurato"), len(campi) - 1):
                if dove:
                    cella = f"Schede!${_lettera(_colonna_schede(grado))}${dove}"
                    formula = f'=IF(ISNUMBER({cella}),{cella},"")'
                    self._formula(ws, posizione, colonna, formula, scheda[grado], "grado")

    def _posti_schede(self) -> dict[tuple[str, int], tuple[Riga, int]]:
        """Each scheda and the row of the sheet Schede where it stands."""
        schede = righe(self.fascicolo.tabelle.schede)
        return {
            (scheda["settore"], scheda["scheda"]): (scheda, posto)
            for posto, scheda in enumerate(schede, start=PRIMA)
        }

    def _coerenza(self) -> None:
        campi = [
            ("settore", "Settore", "testo"),
            ("scheda", "Scheda", "intero"),
            ("titolo", "Titolo", "testo"),
            ("grado_dichiarato", "Grado dichiarato %", "grado"),
            ("grado_misurato", "Grado misurato %", "grado"),
            ("scarto", "Scarto", "scarto"),
            ("misurabili", "Indicatori misurabili", "testo"),
            ("spiegazione", "Indicatori che lo spiegano", "testo"),
        ]
        dati = [
            [
                self._in_chiaro("settore", riga["settore"]),
                *(riga[c] for c in ("scheda", "titolo", "grado_dichiarato", "grado_misurato", "scarto")),
                f"{riga['misurabili']} su {riga['indicatori']}",
                "\n".join(self.fascicolo.spiegazione(riga)),
            ]
            for riga in righe(self.fascicolo.valutazione.coerenza)
        ]
        self._tabella("Coerenza", campi, dati)

    def _per_missione(self) -> None:
        """A row a missione, then a row for each of its programmi, with the means as live formulas."""
        campi = [
            ("missione", "Missione", "testo"),
            ("programma", "Programma", "testo"),
            ("denominazione", "Denominazione", "testo"),
            ("schede", "Schede", "intero"),
            ("n_dichiarate", "Con grado dichiarato", "intero"),
            ("grado_dichiarato", "Media grado dichiarato %", "grado"),
            ("n_misurate", "Con grado misurato", "intero"),
            ("grado_misurato", "Media grado misurato %", "grado"),
        ]
        missioni = self.fascicolo.missioni
        dati = [
            [r["missione"], r["programmi"], r["denominazione"], r["schede"], *[None] * 4]
            for r in missioni
        ]
        self._tabella("Per missione", campi, dati)
        ws = self.fogli["Per missione"]
        ultima = PRIMA + max(len(self.fascicolo.tabelle.collegamenti), 1) - 1
        chiavi = [c.nome for c in colonne("collegamenti")]

        def intervallo(colonna: int) -> str:
            return f"Collegamenti!${_lettera(colonna)}${PRIMA}:${_lettera(colonna)}${ultima}"

        missione = intervallo(chiavi.index("codice_missione") + 1)
        programmi = intervallo(chiavi.index("codici_programma") + 1)
        conta = intervallo(len(chiavi) + 1)
        for posizione, riga in enumerate(missioni, start=PRIMA):
            scelta = f"{programmi},B{posizione}" if riga["programmi"] else f'{conta},"sì"'
            for colonna, chiave, di_quale in ((6, "grado_dichiarato", 2), (8, "grado_misurato", 3)):
                gradi = intervallo(len(chiavi) + di_quale)
                quali = f"{missione},A{posizione},{scelta}"
                conta_gradi = f'=COUNTIFS({quali},{gradi},">=0")'
                quanti = riga[f"n_{chiave}"]
                self._formula(ws, posizione, colonna - 1, conta_gradi, quanti, "intero")
                media = f"AVERAGEIFS({gradi},{quali})"
                valore = None if riga[chiave] is None else arrotonda(riga[chiave])
                self._formula(ws, posizione, colonna, f'=IFERROR(ROUND({media},2),"")', valore, "grado")

    def _in_chiaro(self, chiave: str, valore: Any) -> Any:
        """Codes as the words of the documents."""
        if chiave == "settore":
            return self.fascicolo.denominazioni.get(valore, valore)
        if chiave == "valutazione":
            return VALUTAZIONI.get(valore, "")
        if isinstance(valore, bool):
            return "sì" if valore else ""
        return valore

    def _ente(self) -> None:
        etichette = {campo.chiave: campo.etichetta for campo in ENTE}
        campi = [
            ("chiave", "Dato", "testo"),
            ("valore", "Valore", "testo"),
            ("file", "File", "testo"),
            ("foglio", "Foglio", "testo"),
            ("riga", "Riga", "intero"),
        ]
        dati = [
            [etichette[r["chiave"]], r["valore"], r["file"], r["foglio"], r["riga"]]
            for r in righe(self.fascicolo.tabelle.ente)
        ]
        self._tabella("Ente", campi, dati)

    def _parametri(self) -> None:
        etichette = {chiave: (etichetta, testo) for chiave, etichetta, _, testo in PARAMETRI}
        campi = [
            ("parametro", "Parametro", "testo"),
            ("valore", "Valore", "testo"),
            ("testo", "Spiegazione", "testo"),
            ("file", "File", "testo"),
            ("foglio", "Foglio", "testo"),
            ("riga", "Riga", "intero"),
        ]
        dati = [
            [
                etichette[r["parametro"]][0],
                r["valore"],
                etichette[r["parametro"]][1],
                r["file"],
                r["foglio"],
                r["riga"],
            ]
            for r in righe(self.fascicolo.tabelle.parametri)
        ]
        self._tabella("Parametri", campi, dati)

    def _valutazione(self, settore: str) -> None:
        """The sheet of a settore in the published form, with its percentage as a live formula."""
        fascicolo, ws = self.fascicolo, self.fogli[self.nomi[settore]]
        dati = (fascicolo.di("settori", settore) or [{}])[0]
        self._metti(ws, 1, 1, f"Valutazione del settore – anno {fascicolo.anno}", "titolo")
        ws.set_row(0, 24)
        testata = (
            ("CENTRO DI RESPONSABILITÀ", fascicolo.denominazioni[settore]),
            ("RESPONSABILE", dati.get("responsabile", "")),
            ("CATEGORIA", dati.get("categoria", "")),
        )
        for riga, (etichetta, valore) in enumerate(testata, start=3):
            self._metti(ws, riga, 2, etichetta, "etichetta")
            ws.merge_range(riga - 1, 2, riga - 1, 8, "", self.formati["testo"])
            self._metti(ws, riga, 3, valore, "testo")
        for colonna, (etichetta, larghezza) in enumerate(
            zip(INTESTAZIONE_VALUTAZIONE, LARGHEZZE_VALUTAZIONE, strict=True), start=1
        ):
            self._metti(ws, PRIMA_VOCE - 1, colonna, etichetta, "intestazione")
            ws.set_column(colonna - 1, colonna - 1, larghezza)
        ws.set_row(PRIMA_VOCE - 2, 54)
        ws.repeat_rows(PRIMA_VOCE - 2)
        ws.freeze_panes(PRIMA_VOCE - 1, 2)
        voci = fascicolo.voci(settore)
        for riga, voce in enumerate(voci, start=PRIMA_VOCE):
            self._voce(ws, riga, voce)
        self._totali(ws, settore, len(voci))

    def _voce(self, ws: Worksheet, riga: int, voce: Riga) -> None:
        valori = (
            (1, voce["n"], "intero"),
            (2, voce["descrizione"], "testo"),
            (3, voce["schede"], "testo"),
            (4, voce["peso"], "numero"),
            (5, voce["stato"], "testo"),
            (6, voce["grado_dichiarato"], "grado"),
            (7, voce["grado_nucleo"], "grado"),
            (8, None, "grado"),
            (11, voce["note"], "testo"),
        )
        for colonna, valore, formato in valori:
            self._metti(ws, riga, colonna, valore, formato)
        if celle := self._gradi_schede(voce, "grado_dichiarato"):
            media = f"=AVERAGE({','.join(celle)})"
            self._formula(ws, riga, 8, media, voce["grado_schede"], "grado")
        testi = [(voce["descrizione"], 60.0), (voce["note"], 46.0), (voce["schede"], 12.0)]
        ws.set_row(riga - 1, excel.altezza(testi))
        parametro = NON_CONSUNTIVATO
        formula = (
            f'=IF(E{riga}="valutato",IF(ISNUMBER(G{riga}),G{riga},IF(ISNUMBER(F{riga}),F{riga},'
            f'IF(ISNUMBER(H{riga}),H{riga},""))),'
            f'IF(AND(E{riga}="non consuntivato",ISNUMBER({parametro})),{parametro},""))'
        )
        self._formula(ws, riga, 9, formula, voce["grado"], "grado")
        prodotto = None
        if voce["grado"] is not None and voce["peso"] is not None:
            prodotto = voce["peso"] * voce["grado"]
        formula = f'=IF(AND(ISNUMBER(I{riga}),ISNUMBER(D{riga})),D{riga}*I{riga},"")'
        self._formula(ws, riga, 10, formula, prodotto, "grado")

    def _gradi_schede(self, voce: Riga, chiave: str) -> list[str]:
        """References, in the sheet Schede, to a grado of the schede that a voce covers."""
        posti = self._posti_schede()
        lettera = _lettera(_colonna_schede(chiave))
        trovate = [posti[coperta] for coperta in dict.fromkeys(voce["coperte"]) if coperta in posti]
        return [f"Schede!${lettera}${dove}" for scheda, dove in trovate if scheda[chiave] is not None]

    def _totali(self, ws: Worksheet, settore: str, quante: int) -> None:
        figure = next(r for r in self.fascicolo.settori if r["settore"] == settore)
        prima, ultima = PRIMA_VOCE, PRIMA_VOCE + max(quante, 1) - 1
        pesi, gradi = f"D{prima}:D{ultima}", f"I{prima}:I{ultima}"
        completi = f"OR(COUNT({pesi})<COUNTA(A{prima}:A{ultima}),C{ultima + 5}=0)"
        grado = None if figure["grado"] is None else arrotonda(figure["grado"])
        totali = (
            ("Obiettivi", f"=COUNT(A{prima}:A{ultima})", figure["obiettivi"], "intero"),
            ("Valutati", f"=COUNT({gradi})", figure["valutati"], "intero"),
            ("Esclusi", f"=C{ultima + 2}-C{ultima + 3}", figure["esclusi"], "intero"),
            (
                "Somma dei pesi delle voci valutate",
                f"=SUMPRODUCT(ISNUMBER({gradi})*ISNUMBER({pesi}),{pesi})",
                figure["somma_pesi"],
                "numero",
            ),
            (
                "Somma di peso × grado",
                f"=SUM(J{prima}:J{ultima})",
                figure["somma_pesata"],
                "grado",
            ),
            (
                "PERCENTUALE DI RAGGIUNGIMENTO COMPLESSIVA",
                f'=IF({completi},"",ROUND(C{ultima + 6}/C{ultima + 5},2))',
                grado,
                "totale_grado",
            ),
        )
        for riga, (etichetta, formula, valore, formato) in enumerate(totali, start=ultima + 2):
            stile = "totale" if formato == "totale_grado" else "etichetta"
            self._metti(ws, riga, 2, etichetta, stile)
            self._formula(ws, riga, 3, formula, valore, formato)
        ws.set_row(ultima + 6, 20)

    def _rif(self, settore: str, totale: int) -> str:
        """Reference to a total of a settore's sheet: 0 obiettivi ... 5 the percentage."""
        quante = max(len(self.fascicolo.di("voci", settore)), 1)
        return f"'{_apici(self.nomi[settore])}'!$C${PRIMA_VOCE + quante + 1 + totale}"

    def _voci(self) -> None:
        campi = [
            ("settore", "Settore", "testo"),
            ("n", "N.", "intero"),
            ("descrizione", "Descrizione obiettivo", "testo"),
            ("trasversale", "Trasversale", "testo"),
            ("schede", "Schede", "testo"),
            ("peso", "Peso", "numero"),
            ("stato", "Stato", "testo"),
            ("dichiarato", "Grado dichiarato %", "grado"),
            ("grado_misurato", "Grado misurato %", "grado"),
            ("grado_nucleo", "Grado Nucleo %", "grado"),
            ("grado", "Grado finale %", "grado"),
            ("scarto", "Scarto dichiarato − misurato", "scarto"),
            ("origine", "Origine del grado", "testo"),
            ("motivo", "Motivo dell'esclusione", "testo"),
            ("fascia", "Fascia", "testo"),
            ("chiave", "Obiettivo distinto", "testo"),
            ("quota", "Peso nella media degli obiettivi distinti", "quota"),
            ("note", "Note", "testo"),
            ("file", "File", "testo"),
            ("foglio", "Foglio", "testo"),
            ("riga", "Riga", "intero"),
        ]
        voci = [voce for settore in self.nomi for voce in self.fascicolo.voci(settore)]
        dati = [[self._in_chiaro(chiave, voce.get(chiave)) for chiave, _, _ in campi] for voce in voci]
        self._tabella("Voci", campi, dati)
        ws, ultima = self.fogli["Voci"], PRIMA + max(len(voci), 1) - 1
        posizioni = dict.fromkeys(self.nomi, PRIMA_VOCE)
        scarti = []
        con_grado = {riga["settore"] for riga in self.fascicolo.settori if riga["grado"] is not None}
        for riga, voce in enumerate(voci, start=PRIMA):
            foglio, posto = f"'{_apici(self.nomi[voce['settore']])}'", posizioni[voce["settore"]]
            posizioni[voce["settore"]] += 1
            # declared in the voce, else the mean of its schede
            proprio, delle_schede = f"{foglio}!$F${posto}", f"{foglio}!$H${posto}"
            formula = (
                f'=IF(ISNUMBER({proprio}),{proprio},IF(ISNUMBER({delle_schede}),{delle_schede},""))'
            )
            dichiarato = voce["grado_dichiarato"]
            dichiarato = voce["grado_schede"] if dichiarato is None else dichiarato
            self._formula(ws, riga, 8, formula, dichiarato, "grado")
            if celle := self._gradi_schede(voce, "grado_misurato"):
                media = f"=AVERAGE({','.join(celle)})"
                self._formula(ws, riga, 9, media, voce["grado_misurato"], "grado")
            nucleo = f"{foglio}!$G${posto}"
            formula = f'=IF(ISNUMBER({nucleo}),{nucleo},"")'
            self._formula(ws, riga, 10, formula, voce["grado_nucleo"], "grado")
            self._formula(ws, riga, 11, f"={foglio}!$I${posto}", voce["grado"], "grado")
            scarti.append(_scarto(dichiarato, voce["grado_misurato"]))
            if voce["settore"] in con_grado:
                chiavi, gradi = f"$P${PRIMA}:$P${ultima}", f"$K${PRIMA}:$K${ultima}"
                quota = f"F{riga}/SUMPRODUCT(({chiavi}=P{riga})*ISNUMBER({gradi}))"
                formula = f'=IF(ISNUMBER(K{riga}),{quota},"")'
                self._formula(ws, riga, 17, formula, voce["quota"], "quota")
        self._scarti("Voci", 8, 9, 12, scarti)

    def _settori(self) -> None:
        campi = [
            ("settore", "Codice", "testo"),
            ("denominazione", "Denominazione", "testo"),
            ("responsabile", "Responsabile (elenco)", "testo"),
            ("email", "E-mail", "testo"),
            ("modello", "Modello", "testo"),
            ("n_schede", "N. schede", "numero"),
            ("peso", "Peso in ente.xlsx", "numero"),
            ("peso_media", "Peso nella media d'ente", "numero"),
            ("somma_pesi", "Somma pesi", "numero"),
            ("somma_pesata", "Somma peso × grado", "grado"),
            ("quoziente", "Grado non arrotondato", "quota"),
            ("responsabile", "Responsabile (cartella)", "testo"),
            ("ruolo", "Ruolo", "testo"),
            ("categoria", "Categoria", "testo"),
            ("file", "File", "testo"),
            ("foglio", "Foglio", "testo"),
            ("riga", "Riga", "intero"),
        ]
        fascicolo = self.fascicolo
        figure = {riga["settore"]: riga for riga in fascicolo.settori}
        elenco = righe(fascicolo.tabelle.elenco)
        dati = []
        for riga in elenco:
            letta = (fascicolo.di("settori", riga["settore"]) or [{}])[0]
            sue = figure.get(riga["settore"], {})
            dati.append(
                [
                    *(riga[c] for c in ("settore", "denominazione", "responsabile", "email")),
                    *(riga[c] for c in ("modello", "n_schede", "peso")),
                    sue.get("peso_media"),
                    None,
                    None,
                    None,
                    *(letta.get(c, "") for c in ("responsabile", "ruolo", "categoria")),
                    *(riga[c] for c in ("file", "foglio", "riga")),
                ]
            )
        self._tabella("Settori", campi, dati)
        ws = self.fogli["Settori"]
        for posizione, riga in enumerate(elenco, start=PRIMA):
            settore = riga["settore"]
            if settore not in figure:
                continue
            sue = figure[settore]
            somma = f"={self._rif(settore, 3)}"
            self._formula(ws, posizione, 9, somma, sue["somma_pesi"], "numero")
            pesata = f"={self._rif(settore, 4)}"
            self._formula(ws, posizione, 10, pesata, sue["somma_pesata"], "grado")
            if sue["grado"] is not None:
                formula = f"=J{posizione}/I{posizione}"
                self._formula(ws, posizione, 11, formula, sue["grado"], "quota")

    def _riepilogo(self) -> None:
        fascicolo, ws = self.fascicolo, self.fogli["Riepilogo"]
        self._metti(ws, 1, 1, f"Riepilogo {fascicolo.anno}", "titolo")
        ws.set_row(0, 24)
        self._metti(ws, 2, 1, "Grado per i non consuntivati", "etichetta")
        self._metti(ws, 2, 2, fascicolo.parametri.grado_non_consuntivato, "numero")
        self._metti(ws, 3, 1, "Tolleranza fra dichiarato e misurato", "etichetta")
        self._metti(ws, 3, 2, fascicolo.parametri.tolleranza, "numero")
        intestazioni = ("Settore", "Obiettivi", "Valutati", "Esclusi", "Somma pesi", "Grado %")
        settori = fascicolo.settori
        testa = 4
        ws.add_table(
            testa - 1,
            0,
            testa + max(len(settori), 1) - 1,
            5,
            {
                "name": "Tab_Riepilogo",
                "style": "Table Style Light 1",
                "autofilter": False,
                "columns": [
                    {"header": testo, "header_format": self.formati["intestazione"]}
                    for testo in intestazioni
                ],
                "title": "Riepilogo dei settori",
                "description": "Obiettivi, valutati, esclusi, somma dei pesi e grado di ogni settore",
            },
        )
        for colonna, larghezza in enumerate((44, 11, 11, 11, 13, 13)):
            ws.set_column(colonna, colonna, larghezza)
        ws.set_row(testa - 1, 24)
        ws.freeze_panes(testa, 1)
        for riga, sue in enumerate(settori, start=testa + 1):
            self._metti(ws, riga, 1, sue["denominazione"], "testo")
            valori = ("obiettivi", "valutati", "esclusi", "somma_pesi")
            for indice, chiave in enumerate(valori):
                formula = f"={self._rif(sue['settore'], indice)}"
                formato = "numero" if chiave == "somma_pesi" else "intero"
                self._formula(ws, riga, 2 + indice, formula, sue[chiave], formato)
            grado = None if sue["grado"] is None else arrotonda(sue["grado"])
            self._formula(ws, riga, 6, f"={self._rif(sue['settore'], 5)}", grado, "grado")
        ultima = testa + max(len(settori), 1)
        self._medie(ws, ultima + 1)
        if nota := fascicolo.nota_non_consuntivati:
            self._metti(ws, ultima + 4, 1, nota, "sottotitolo")
        if settori:
            self._grafico(ws, testa + 1, ultima)

    def _medie(self, ws: Worksheet, riga: int) -> None:
        """The two means of the ente: on unrounded gradi, rounded here once."""
        valutazione = self.fascicolo.valutazione
        n_settori = max(len(self.fascicolo.tabelle.elenco), 1)
        n_voci = max(len(self.fascicolo.tabelle.voci), 1)
        pesi = f"Settori!$H${PRIMA}:$H${PRIMA + n_settori - 1}"
        quozienti = f"Settori!$K${PRIMA}:$K${PRIMA + n_settori - 1}"
        quote = f"Voci!$Q${PRIMA}:$Q${PRIMA + n_voci - 1}"
        gradi = f"Voci!$K${PRIMA}:$K${PRIMA + n_voci - 1}"
        divisore = f"SUMPRODUCT(ISNUMBER({quozienti})*ISNUMBER({pesi}),{pesi})"
        medie = (
            (
                MEDIA_SETTORI,
                f'=IF({divisore}=0,"",ROUND(SUMPRODUCT({pesi},{quozienti})/{divisore},2))',
                valutazione.media_settori,
            ),
            (
                MEDIA_OBIETTIVI,
                f'=IF(SUM({quote})=0,"",ROUND(SUMPRODUCT({quote},{gradi})/SUM({quote}),2))',
                valutazione.media_obiettivi,
            ),
        )
        for posizione, (regola, formula, valore) in enumerate(medie, start=riga):
            pubblicata = " (pubblicata)" if regola == valutazione.regola else ""
            self._metti(ws, posizione, 1, f"Ente: {regola}{pubblicata}", "totale")
            for colonna in range(2, 6):
                self._metti(ws, posizione, colonna, None, "totale")
            arrotondato = None if valore is None else arrotonda(valore)
            self._formula(ws, posizione, 6, formula, arrotondato, "totale_grado")

    def _grafico(self, ws: Worksheet, prima: int, ultima: int) -> None:
        grafico = cast(ChartBar, self.libro.add_chart({"type": "bar"}))
        grafico.add_series(
            {
                "name": "Grado %",
                "categories": f"=Riepilogo!$A${prima}:$A${ultima}",
                "values": f"=Riepilogo!$F${prima}:$F${ultima}",
                "fill": {"color": BLU},
                "gap": 60,
                "data_labels": {
                    "value": True,
                    "num_format": "0.00",
                    "position": "inside_end",
                    "font": {"color": "#FFFFFF", "bold": True},
                },
            }
        )
        grafico.set_title({"name": "Grado di raggiungimento per settore", "name_font": {"size": 12}})
        grafico.set_x_axis({"min": 0, "max": 100, "major_gridlines": {"visible": True}})
        grafico.set_y_axis({"reverse": True})
        grafico.set_legend({"none": True})
        grafico.set_size({"width": 620, "height": 90 + 36 * (ultima - prima + 1)})
        ws.insert_chart(
            "H4",
            grafico,
            {
                "description": "Grafico a barre: grado di raggiungimento di ogni settore, gli stessi "
                "valori della tabella a fianco.",
            },
        )

    def _rilievi(self) -> None:
        campi = [
            ("codice", "Codice", "testo"),
            ("stato", "Gravità", "testo"),
            ("file", "File", "testo"),
            ("settore", "Foglio", "testo"),
            ("cella", "Cella", "testo"),
            ("messaggio", "Che cosa non va", "testo"),
            ("rimedio", "Come si corregge", "testo"),
        ]
        dati: list[list[Any]] = [_riga_rilievo(r) for r in self.fascicolo.rilievi]
        self._tabella("Rilievi", campi, dati)

    def _provenienza(self) -> None:
        campi = [
            ("file", "File", "testo"),
            ("settore", "Settore", "testo"),
            ("modello", "Modello", "testo"),
            ("versione", "Versione", "testo"),
            ("sha256", "SHA-256", "testo"),
            ("celle", "Celle compilate", "intero"),
            ("tabelle", "Nelle tabelle", "intero"),
            ("rilievi", "Nei rilievi", "intero"),
        ]
        conti = {q.file: q for q in self.fascicolo.quadrature}
        dati = [
            [
                r["file"],
                self._in_chiaro("settore", r["settore"]),
                r["modello"],
                r["versione"],
                r["sha256"],
                r["celle"],
                conti[r["file"]].in_tabelle,
                conti[r["file"]].in_rilievi,
            ]
            for r in righe(self.fascicolo.tabelle.provenienza)
        ]
        self._tabella("Provenienza", campi, dati)


def _riga_rilievo(r: Rilievo) -> list[Any]:
    return [r.codice, r.gravita, r.file, r.foglio, r.cella, r.messaggio, r.rimedio]


def _scarto(dichiarato: Decimal | None, misurato: Decimal | None) -> Decimal | None:
    return None if dichiarato is None or misurato is None else arrotonda(dichiarato - misurato)


def _colonna_schede(chiave: str) -> int:
    """The column of the sheet Schede that shows a column of the table."""
    return [colonna.nome for colonna in colonne("schede")].index(chiave) + 1


def _etichetta(chiave: str) -> str:
    return ETICHETTE.get(chiave) or chiave.replace("_", " ").capitalize()


def _apici(nome: str) -> str:
    return nome.replace("'", "''")


def _lettera(colonna: int) -> str:
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
