"""How the workbooks we write look and behave: colours, heights, drop-downs, protection, print."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline import excel
from pipeline.workbooks.fields import Campo
from pipeline.workbooks.grid import FOGLIO_MODELLO, Foglio

VERSIONE = "1"
FOGLIO_CORREZIONI = "Da correggere"
INTESTAZIONE_CORREZIONI = (
    "Codice",
    "Gravità",
    "Foglio",
    "Cella",
    "Che cosa non va",
    "Come si corregge",
)
RIGA_CORREZIONI = 6
"""Where the headings of the list of corrections stand."""

BLU = "#1F3864"
CHIARO = "#DCE6F1"
INPUT = "#FFF9E5"
NUCLEO = "#E8F3E4"
GRIGIO = "#F2F2F2"

_BORDO = {"border": 1, "border_color": "#A6A6A6"}
_BASE = {"font_name": "Arial", "font_size": 10, "valign": "top", "text_wrap": True}

FORMATI: dict[str, dict[str, Any]] = {
    "titolo": {"bold": True, "font_size": 14, "font_color": BLU, "text_wrap": False},
    "fascia": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": BLU,
        "text_wrap": False,
        "valign": "vcenter",
    },
    "fascia_libera": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": BLU,
        "valign": "vcenter",
        "locked": False,
    },
    "intestazione": {"bold": True, "bg_color": CHIARO, "valign": "vcenter", **_BORDO},
    "etichetta": {"bold": True, "bg_color": GRIGIO, **_BORDO},
    "fisso": {"bg_color": GRIGIO, **_BORDO},
    "testo_forte": {
        "bold": True,
        "valign": "vcenter",
        "text_wrap": False,
        "bg_color": CHIARO,
        "locked": False,
        "num_format": "@",
    },
    "testo": {"bg_color": INPUT, "locked": False, "num_format": "@", **_BORDO},
    "numero": {"bg_color": INPUT, "locked": False, "align": "center", **_BORDO},
    "testo_nucleo": {"bg_color": NUCLEO, "locked": False, "num_format": "@", **_BORDO},
    "numero_nucleo": {"bg_color": NUCLEO, "locked": False, "align": "center", **_BORDO},
    "segno": {"bg_color": INPUT, "locked": False, "align": "center", "num_format": "@", **_BORDO},
    "calcolo": {"bg_color": GRIGIO, "align": "center", "num_format": "0.00", **_BORDO},
    "conteggio": {"bg_color": GRIGIO, "align": "center", "num_format": "0", **_BORDO},
    "totale": {
        "bold": True,
        "font_size": 12,
        "bg_color": CHIARO,
        "align": "center",
        "num_format": "0.00",
        **_BORDO,
    },
    "prosa": {},
    "prosa_corta": {"text_wrap": False},
    "link": {"font_color": "#0563C1", "underline": 1, "text_wrap": False},
}


class Modulo:
    """A workbook being written as a form: xlsxwriter with our formats and habits.

    Text never becomes a formula or a link; a text too long for a cell raises ValueError.
    """

    def __init__(self, percorso: Path, anno: int, proprieta: Mapping[str, str]) -> None:
        self.libro = excel.Libro(percorso)
        self.formati: dict[str, Format] = {
            nome: self.libro.add_format({**_BASE, **stile}) for nome, stile in FORMATI.items()
        }
        self.proprieta = dict(proprieta)
        # a fixed date: the same tables always give the same bytes
        brevi = {nome: valore[: excel.MAX_PROPRIETA] for nome, valore in self.proprieta.items()}
        fisse = {"title": brevi.get("titolo", ""), "created": datetime(anno, 12, 31)}
        self.libro.set_properties({**fisse, "author": brevi.get("ente", "")})
        for nome, valore in brevi.items():
            self.libro.set_custom_property(nome, valore, "text")

    def foglio(self, nome: str, larghezze: Iterable[float], orizzontale: bool = False) -> Worksheet:
        """A protected A4 sheet with the given column widths, fitted to the page's width."""
        ws = self.libro.add_worksheet(nome)
        for colonna, larghezza in enumerate(larghezze):
            ws.set_column(colonna, colonna, larghezza)
        ws.set_paper(9)
        if orizzontale:
            ws.set_landscape()
        ws.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        ws.fit_to_pages(1, 0)
        ws.set_footer("&L&F&C&A&RPagina &P di &N")
        ws.hide_gridlines(2)
        ws.protect(
            "",
            {
                "format_rows": True,
                "format_columns": True,
                "format_cells": True,
                "insert_rows": True,
                "delete_rows": True,
                "insert_hyperlinks": True,
            },
        )
        return ws

    def scrivi(self, ws: Worksheet, riga: int, colonna: int, valore: Any, formato: str) -> None:
        excel.scrivi(ws, riga, colonna, valore, self.formati[formato])

    def formula(
        self, ws: Worksheet, riga: int, colonna: int, formula: str, valore: Any, formato: str
    ) -> None:
        excel.formula(ws, riga, colonna, formula, valore, self.formati[formato])

    def unisci(self, ws: Worksheet, riga: int, da: int, a: int, valore: str, formato: str) -> None:
        """Merge a row's cells from column `da` to `a` and write a text in them."""
        ws.merge_range(riga - 1, da - 1, riga - 1, a - 1, "", self.formati[formato])
        self.scrivi(ws, riga, da, valore, formato)

    def regola(self, ws: Worksheet, campo: Campo, prima: int, ultima: int) -> None:
        """Drop-down, limits and help on entry for a field, on the rows from `prima` to `ultima`."""
        opzioni: dict[str, Any] = {"validate": "any"}
        if campo.tipo == "scelta":
            opzioni = {"validate": "list", "source": list(campo.scelte)}
            opzioni["error_message"] = "Scegliere un valore dall'elenco."
        elif campo.tipo == "segno":
            opzioni = {"validate": "list", "source": ["X"]}
            opzioni["error_message"] = "Scrivere X oppure lasciare vuoto."
        elif campo.tipo == "grado":
            opzioni = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
            opzioni["error_message"] = "Serve un numero da 0 a 100."
        elif campo.tipo == "numero":
            opzioni = {"validate": "decimal", "criteria": ">=", "value": 0}
            opzioni["error_message"] = "Serve un numero non negativo."
        if campo.aiuto:
            opzioni["input_title"] = campo.etichetta[:32]
            opzioni["input_message"] = campo.aiuto[:255]
        if "error_message" in opzioni:
            opzioni["error_title"] = campo.etichetta[:32]
        elif not campo.aiuto:
            return
        ws.data_validation(prima - 1, campo.colonna - 1, ultima - 1, campo.colonna - 1, opzioni)

    def chiudi(self) -> None:
        """Add the sheet that identifies the workbook, and save."""
        ws = self.libro.add_worksheet(FOGLIO_MODELLO)
        for riga, (nome, valore) in enumerate(self.proprieta.items(), start=1):
            ws.write_string(riga - 1, 0, nome)
            ws.write_string(riga - 1, 1, valore)
        ws.very_hidden()
        self.libro.close()


def nostro(foglio: Foglio) -> bool:
    """Whether a sheet is one that the program adds (the mark, the list of corrections) and not a part
    of the form. Its cells are then accounted for, but for what was typed beside or under the list."""
    if foglio.nome == FOGLIO_MODELLO:
        foglio.segna_modello(*foglio.piene())
        return True
    colonne = range(1, len(INTESTAZIONE_CORREZIONI) + 1)
    if tuple(foglio.testo(RIGA_CORREZIONI, c) for c in colonne) != INTESTAZIONE_CORREZIONI:
        return False
    for riga, colonna in foglio.piene():
        della_lista = riga <= RIGA_CORREZIONI or re.fullmatch(r"[A-Z]\d\d", foglio.testo(riga, 1))
        if della_lista and colonna in colonne:
            foglio.segna_modello((riga, colonna))
    return True


def attuali(campi: Iterable[Campo]) -> list[Campo]:
    """The fields that the form has now, of all those that it ever had."""
    return [campo for campo in campi if campo.fino_a is None]


def formato_di(campo: Campo) -> str:
    """The look of a field's cell."""
    aspetti = {"numero": "numero", "grado": "numero", "segno": "segno"}
    return aspetti.get(campo.tipo, "testo")
