"""Excel as we write it: text stays text, formulas carry their value, rows are as high as their text."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.worksheet import Worksheet

MAX_PROPRIETA = 255
"""Characters of a custom property of a workbook."""
_COME_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def _protetto(testo: str) -> str:
    """Text that reads as typed also where it imitates the format's escapes (_x0041_ is "A")."""
    return _COME_ESCAPE.sub("_x005F_", testo)


class _Testi(SharedStrings):
    """The texts of a workbook, as typed: xlsxwriter takes <r>...</r> for its own markup and loses
    it, and mistakes two escapes in a row (_x005F_x0041_)."""

    def _write_si(self, string: str) -> None:
        spazi = [("xml:space", "preserve")] if string != string.strip() else []
        self._xml_si_element(_protetto(string), spazi)


class _Pacco(Packager):
    def _write_shared_strings_file(self) -> None:
        tabella = self.workbook.str_table  # type: ignore[attr-defined]
        if tabella.count:
            testi = _Testi()
            testi.string_table = tabella
            parte = self._filename("xl/sharedStrings.xml")  # type: ignore[no-untyped-call]
            testi._set_xml_writer(parte)
            testi._assemble_xml_file()


class Libro(xlsxwriter.Workbook):
    """A workbook in which text is text: never a formula, a link or markup."""

    def __init__(self, percorso: Path) -> None:
        opzioni = {"strings_to_formulas": False, "strings_to_urls": False}
        # in memory: a run that fails would leave its temporary files, with what is typed in them
        super().__init__(str(percorso), {**opzioni, "in_memory": True})

    def _get_packager(self) -> Packager:
        return _Pacco()

    def close(self) -> None:
        """Write the file. Raises OSError, which xlsxwriter hides in an exception of its own."""
        try:
            super().close()
        except FileCreateError as errore:
            raise errore.args[0] from None


def scrivi(ws: Worksheet, riga: int, colonna: int, valore: Any, stile: Format) -> None:
    """Write a value at a cell counted from 1; None and "" leave it empty.

    Raises ValueError for a text that does not fit a cell (xlsxwriter would drop it in silence).
    """
    if valore is None or valore == "":
        ws.write_blank(riga - 1, colonna - 1, None, stile)
    elif isinstance(valore, Decimal | int):
        ws.write_number(riga - 1, colonna - 1, float(valore), stile)
    elif ws.write_string(riga - 1, colonna - 1, valore, stile) != 0:
        raise ValueError(f"text of {len(valore)} characters does not fit a cell")


def formula(ws: Worksheet, riga: int, colonna: int, testo: str, valore: Any, stile: Format) -> None:
    """Write a formula with its computed value, so that a preview shows the right figure."""
    noto = "" if valore is None else float(valore) if isinstance(valore, Decimal) else valore
    if isinstance(noto, str):  # a leading # written otherwise: a title «#N/D» is not an error
        noto = re.sub("^#", "_x0023_", _protetto(noto))
    ws.write_formula(riga - 1, colonna - 1, testo, stile, noto)


def tabella(
    ws: Worksheet,
    testa: int,
    colonne: Sequence[tuple[str, float, str]],
    dati: Sequence[Sequence[Any]],
    formati: Mapping[str, Format],
    nome: str,
    descrizione: str,
) -> None:
    """Write an Excel table with its headings at row `testa`, widths, heights, frozen headings.

    `colonne` are (heading, width, name of the format); the headings are in the format "intestazione".
    Without data the table has one blank row, which Excel asks for.
    """
    ultima = testa + max(len(dati), 1)
    ws.add_table(
        testa - 1,
        0,
        ultima - 1,
        len(colonne) - 1,
        {
            "name": f"Tab_{nome.replace(' ', '_')}",
            "style": "Table Style Light 1",
            "columns": [
                {"header": titolo, "header_format": formati["intestazione"]} for titolo, _, _ in colonne
            ],
            "title": nome,
            "description": descrizione,
        },
    )
    for colonna, (_, larghezza, _) in enumerate(colonne):
        ws.set_column(colonna, colonna, larghezza)
    ws.set_row(testa - 1, 30)
    ws.freeze_panes(testa, 0)
    ws.repeat_rows(testa - 1)
    for riga, valori in enumerate(dati or [[""] * len(colonne)], start=testa + 1):
        celle = list(zip(valori, colonne, strict=True))
        for colonna, (valore, (_, _, formato)) in enumerate(celle, start=1):
            scrivi(ws, riga, colonna, valore, formati[formato])
        testi = [(valore, larghezza) for valore, (_, larghezza, _) in celle if isinstance(valore, str)]
        ws.set_row(riga - 1, altezza(testi))


def altezza(celle: Iterable[tuple[str, float]], minima: float = 15.0) -> float:
    """Row height in points for texts and the widths (in characters) of the cells that hold them."""
    righe = 1
    for testo, larghezza in celle:
        quante = sum(max(1, math.ceil(len(r) / larghezza)) for r in testo.split("\n"))
        righe = max(righe, quante)
    return min(409.0, max(minima, righe * 13.0 + 2))
