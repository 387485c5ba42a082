"""Excel as we write it: text stays text, formulas carry their value, rows are as high as their text."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.worksheet import Worksheet

from pipeline.veste import Stili

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


class Foglio(Worksheet):
    """A sheet whose formulas stand as we write them: none has a function that came after Excel 2007, and
    xlsxwriter would look for thirty of them in each."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("{").removeprefix("=").removesuffix("}")

    def _xml_rich_inline_string(self, string: str, attributes: Any = ()) -> None:
        # <r>...</r> is what someone has typed, not markup of ours
        self._xml_inline_string(string, False, attributes)


class Libro(xlsxwriter.Workbook):
    """A workbook in which text is text: never a formula, a link or markup. It has formats by name.

    With the folder `appoggio` a row goes to the disk when the next one begins: they are written in
    order, and there may be any number of them.
    """

    def __init__(self, percorso: Path, stili: Stili, appoggio: Path | None = None) -> None:
        opzioni = {"strings_to_formulas": False, "strings_to_urls": False}
        # in memory: a run that fails would leave its temporary files, with what is typed in them
        dove = {"constant_memory": True, "tmpdir": str(appoggio)} if appoggio else {"in_memory": True}
        super().__init__(str(percorso), {**opzioni, **dove})
        self.formati = {nome: self.add_format(dict(stile)) for nome, stile in stili.items()}

    def pagina(self, nome: str, orizzontale: bool = True, sopra: float = 0.7) -> Worksheet:
        """A new sheet, to be printed on A4 as wide as the page."""
        ws = self.add_worksheet(nome, Foglio)
        ws.set_paper(9)
        if orizzontale:
            ws.set_landscape()
        ws.set_margins(left=0.5, right=0.5, top=sopra, bottom=0.7)
        ws.fit_to_pages(1, 0)
        ws.set_footer("&L&F&C&A&RPagina &P di &N")
        ws.hide_gridlines(2)
        return ws

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
    elif not isinstance(valore, str):
        ws.write_number(riga - 1, colonna - 1, float(valore), stile)
    elif ws.write_string(riga - 1, colonna - 1, valore, stile) != 0:
        raise ValueError(f"text of {len(valore)} characters does not fit a cell")


def formula(
    ws: Worksheet,
    riga: int,
    colonna: int,
    testo: str,
    valore: Any,
    stile: Format,
    di_righe: bool = False,
) -> None:
    """Write a formula with its computed value, so that a preview shows the right figure.

    With `di_righe` it works row by row on whole columns (Ctrl+Shift+Enter), and still fills one cell.
    """
    noto = "" if valore is None else float(valore) if isinstance(valore, Decimal) else valore
    if isinstance(noto, str):  # a leading # written otherwise: a title «#N/D» is not an error
        noto = re.sub("^#", "_x0023_", _protetto(noto))
    posto = (riga - 1, colonna - 1)
    if di_righe:
        ws.write_array_formula(*posto, *posto, f"{{{testo}}}", stile, noto)
    else:
        ws.write_formula(*posto, testo, stile, noto)


def altezza(celle: Iterable[tuple[str, float]], minima: float = 15.0) -> float:
    """Row height in points for texts and the widths (in characters) of the cells that hold them."""
    righe = max((_righe(testo, larghezza) for testo, larghezza in celle), default=1)
    return min(409.0, max(minima, righe * 13.0 + 2))


@lru_cache(maxsize=2**14)  # of five texts of a workbook, four have been in another of its sheets
def _righe(testo: str, larghezza: float) -> int:
    return sum(_a_capo(riga, larghezza) for riga in testo.split("\n"))


def _a_capo(riga: str, larghezza: float) -> int:
    """On how many lines a text goes, word by word. A capital is a third wider than a small letter."""
    righe, occupato = 1, 0.0
    for parola in riga.split():
        lunga = len(parola) + sum(map(str.isupper, parola)) * 0.35
        occupato += lunga + (occupato > 0)
        if occupato > larghezza:
            righe += (occupato > lunga) + int((lunga - 0.01) / larghezza)
            occupato = lunga % larghezza
    return righe
