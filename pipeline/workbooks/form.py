"""How the workbooks we write look and behave: colours, heights, drop-downs, protection, print."""

import re
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline import excel
from pipeline.prospetti import Colonna
from pipeline.veste import BLOCCATI, MODULI
from pipeline.workbooks.fields import IN_CIFRE, Campo
from pipeline.workbooks.grid import FOGLIO_MODELLO, Foglio, indirizzo

VERSIONE = "2"
NON_IN_PERCENTO = "Scrivere 70, non 70%: un numero da 0 a 100, senza il segno."
FOGLIO_CORREZIONI = "Da correggere"
CORREZIONI = (
    Colonna("codice", "Codice", 9),
    Colonna("gravita", "Gravità", 15),
    Colonna("foglio", "Foglio", 18),
    Colonna("cella", "Cella", 14),
    Colonna("messaggio", "Che cosa non va", 62),
    Colonna("rimedio", "Come si corregge", 62),
)
"""What is told of a finding, wherever findings are listed."""
INTESTAZIONE_CORREZIONI = tuple(colonna.titolo for colonna in CORREZIONI)
RIGA_CORREZIONI = 6
"""Where the headings of the list of corrections stand."""


class Modulo:
    """A workbook being written as a form: xlsxwriter with our formats and habits.

    Text never becomes a formula or a link; a text too long for a cell raises ValueError.
    """

    def __init__(self, percorso: Path, anno: int, proprieta: Mapping[str, str]) -> None:
        self.libro = excel.Libro(percorso, MODULI)
        self.formati = self.libro.formati
        self.proprieta = dict(proprieta)
        # a fixed date: the same tables always give the same bytes
        brevi = {nome: valore[: excel.MAX_PROPRIETA] for nome, valore in self.proprieta.items()}
        fisse = {"title": brevi.get("titolo", ""), "created": datetime(anno, 12, 31)}
        self.libro.set_properties({**fisse, "author": brevi.get("ente", "")})
        for nome, valore in brevi.items():
            self.libro.set_custom_property(nome, valore, "text")

    def foglio(self, nome: str, larghezze: Iterable[float], orizzontale: bool = False) -> Worksheet:
        """A protected A4 sheet with the given column widths, fitted to the page's width."""
        ws = self.libro.pagina(nome, orizzontale, sopra=0.6)
        for colonna, larghezza in enumerate(larghezze):
            ws.set_column(colonna, colonna, larghezza)
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

    def bloccato(self) -> "Modulo":
        """The same workbook, for a sheet in which there is nothing to fill in."""
        altro = copy(self)
        fissi = {nome: self.formati[fisso] for nome, fisso in BLOCCATI.items()}
        altro.formati = {**self.formati, **fissi}
        return altro

    def scrivi(self, ws: Worksheet, riga: int, colonna: int, valore: Any, formato: str) -> None:
        excel.scrivi(ws, riga, colonna, valore, self.formati[formato])

    def formula(
        self, ws: Worksheet, riga: int, colonna: int, formula: str, valore: Any, formato: str
    ) -> None:
        excel.formula(ws, riga, colonna, formula, valore, self.formati[formato])

    def formula_di_righe(
        self, ws: Worksheet, riga: int, colonna: int, formula: str, valore: Any, formato: str
    ) -> None:
        """A formula that works row by row on whole columns, which a spreadsheet is to be told."""
        excel.formula(ws, riga, colonna, formula, valore, self.formati[formato], di_righe=True)

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
        elif campo.tipo == "sigla":
            senza_spazi = f'=ISERROR(FIND(" ",{indirizzo(prima, campo.colonna)}))'
            opzioni = {"validate": "custom", "value": senza_spazi}
            opzioni["error_message"] = "Scriverlo senza spazi, per esempio ufficio_tecnico."
        elif campo.tipo == "grado":
            cella = indirizzo(prima, campo.colonna)
            # typed with its sign, 70% is 0,7 for a formula, and 100% is 1
            formula = f"=OR({cella}=0,AND({cella}>1,{cella}<=100))"
            opzioni = {"validate": "custom", "value": formula, "error_message": NON_IN_PERCENTO}
        elif campo.tipo in ("numero", "importo"):
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
    return campo.tipo if campo.tipo in (*IN_CIFRE, "segno") else "testo"
