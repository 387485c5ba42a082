"""Excel as we write it: text stays text, formulas carry their value, rows are as high as their text."""

import copy
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from html import escape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.url import Url
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import RowInfo, Worksheet

from pipeline.files import LIVELLO
from pipeline.veste import Stili

MAX_PROPRIETA = 255
"""Characters of a custom property of a workbook."""
MAX_TESTO = 32_767
"""Characters of a text in a cell, as UTF-16 counts them."""
_CORTO = MAX_TESTO // 2
"""A text of so many has them at most, whatever they are."""
_COME_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def _protetto(testo: str) -> str:
    """Text that reads as typed also where it imitates the format's escapes (_x0041_ is "A")."""
    return _COME_ESCAPE.sub("_x005F_", testo) if "_x" in testo else testo


class _Testi(SharedStrings):
    """The texts of a workbook, as typed: xlsxwriter takes <r>...</r> for its own markup and loses
    it, and mistakes two escapes in a row (_x005F_x0041_)."""

    def _write_sst_strings(self) -> None:
        self.fh.write("".join(map(_si, self.string_table.string_array)))  # type: ignore[attr-defined]


def _si(testo: str) -> str:
    spazi = ' xml:space="preserve"' if testo != testo.strip() else ""
    return f"<si><t{spazi}>{escape(_protetto(testo), quote=False)}</t></si>"


class _Pacco(Packager):
    """The parts of a workbook and, where it is to be saved, the file: xlsxwriter has one level only."""

    def __init__(self, percorso: Path | None) -> None:
        super().__init__()
        self.percorso = percorso

    def _create_package(self) -> list[Any]:
        """The parts that xlsxwriter has to write in the file: none, if it is written here."""
        parti: list[Any] = super()._create_package()  # type: ignore[no-untyped-call]
        if self.percorso is None:
            return parti
        file = BytesIO()  # the zip goes back and forth: on the disk once, whole
        with ZipFile(file, "w") as zip_:
            for parte, nome, _ in parti:
                zip_.writestr(ZipInfo(nome), parte.getvalue(), ZIP_DEFLATED, LIVELLO)
        self.percorso.write_bytes(file.getbuffer())
        return []

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
    xlsxwriter would look for thirty of them in each.

    Most rows are written once and whole. Those become XML at once: cell by cell xlsxwriter takes two or
    three times as long, as it keeps them all and goes over them again at the end.
    """

    def __init__(self) -> None:
        super().__init__()
        self.intere: dict[int, str] = {}
        self.posti: dict[tuple[Format, ...], list[tuple[str, str]]] = {}
        self.finito = ""

    @property
    def vuoto(self) -> bool:
        """Whether no cell has been written yet."""
        return self.dim_rowmin is None

    def riga(
        self,
        numero: int,
        valori: Sequence[Any],
        formati: tuple[Format, ...],
        alta: float,
        formule: Sequence[str] = (),
    ) -> None:
        """Write a row counted from 1, whole, from its first column on: the value of each cell, or of the
        formula that it has, and its format; the height of the row is in points.

        None and "" leave a cell empty. No other cell of the row can be written, before or after.
        Raises ValueError for that, for values that are not as many as the formats, or as the formulas if
        there are any, for a text that does not fit a cell, for a number that none holds.
        """
        if len(valori) != len(formati):
            quanti = f"{len(valori)} values, {len(formati)} formats"
            raise ValueError(f"{self.name}: row {numero} has {quanti}")
        riga, pixel = numero - 1, int(alta * 4 / 3 + 0.5)
        if self.table.get(riga) or riga in self.intere:
            raise ValueError(f"{self.name}: row {numero} is already written")
        for colonna in (0, len(formati) - 1):
            self._check_dimensions(riga, colonna)
        self.row_info[riga], self.row_sizes[riga] = RowInfo(pixel), [pixel, False]
        solita = pixel == self.default_row_height == self.original_row_height
        quanto = "" if solita else f' ht="{pixel * 0.75:.16g}" customHeight="1"'
        if self.excel_version == 2010:
            quanto += ' x14ac:dyDescent="0.25"'
        celle = "".join(self._rese(numero, valori, formati, formule or [""] * len(valori)))
        self.intere[riga] = f'<row r="{numero}"{quanto}>{celle}</row>'

    def unisci(self, riga: int, da: int, a: int) -> None:
        """Merge some cells of a row written whole."""
        self.merge.append([riga - 1, da - 1, riga - 1, a - 1])

    def collega(self, riga: int, colonna: int, dove: str, testo: str) -> None:
        """Make a link of a cell, which says that text, of a row written whole."""
        legame = Url(dove)
        legame.text = testo
        self.hyperlinks[riga - 1][colonna - 1] = legame

    def tabella_intera(
        self, prima: int, da: int, ultima: int, a: int, proprieta: dict[str, Any]
    ) -> None:
        """As `add_table`, over whole rows: there no cell can be of another table, or merged. xlsxwriter
        would look at each, and keep a note of it: a thirtieth of what an ente costs."""
        self.add_table(prima, da, prima + 1, a, proprieta)
        sua, intera = self.tables[-1], xl_range(prima, da, ultima, a)
        sua |= {dove: intera for dove in ("range", "a_range", "autofilter") if dove in sua}

    def finisci(self) -> None:
        """Make the XML of the sheet, for any workbook that has it: nothing more can be written in it."""
        self._set_xml_writer(StringIO())
        self._assemble_xml_file()
        self.finito = self.fh.getvalue()  # type: ignore[attr-defined]
        self.table.clear()
        self.intere.clear()

    def _assemble_xml_file(self) -> None:
        if self.finito:
            self.fh.write(self.finito)  # type: ignore[attr-defined]
        else:
            super()._assemble_xml_file()

    def _check_dimensions(self, *posto: Any, **altro: Any) -> int:
        """Before anything is written somewhere."""
        if self.finito:
            raise ValueError(f"{self.name}: the sheet is finished")
        return super()._check_dimensions(*posto, **altro)

    def _prepare_tables(self, table_id: int, seen: dict[str, bool]) -> None:
        self.external_table_links.clear()  # those of the other workbook that has the sheet
        super()._prepare_tables(table_id, seen)

    def _rese(
        self, numero: int, valori: Iterable[Any], formati: tuple[Format, ...], formule: Iterable[str]
    ) -> Iterator[str]:
        """The XML of cells, as xlsxwriter would write it."""
        indice = self.str_table._get_shared_string_index  # type: ignore[attr-defined]
        for (prima, dopo), valore, formula in zip(self._posti(formati), valori, formule, strict=True):
            if formula:
                yield _resa_formula(f"{prima}{numero}{dopo}", formula, noto(valore))
            elif isinstance(valore, int):
                yield f"{prima}{numero}{dopo}><v>{valore:.16G}</v></c>"
            elif valore is None or valore == "":
                yield f"{prima}{numero}{dopo}/>"
            elif isinstance(valore, str):
                if len(valore) > _CORTO and len(valore.encode("utf-16-le")) > 2 * MAX_TESTO:
                    raise _non_ci_sta(valore)
                yield f'{prima}{numero}{dopo} t="s"><v>{indice(valore)}</v></c>'
            else:
                yield f"{prima}{numero}{dopo}><v>{_finito(valore):.16G}</v></c>"

    def _posti(self, formati: tuple[Format, ...]) -> list[tuple[str, str]]:
        """How the cells of a row begin: the XML before the number of the row, and that after it."""
        if formati not in self.posti:
            self.posti[formati] = [
                (f'<c r="{lettere(colonna)}', f'" s="{formato._get_xf_index()}"')  # type: ignore[no-untyped-call]
                for colonna, formato in enumerate(formati)
            ]
        return self.posti[formati]

    def _write_empty_row(self, row: int, spans: str | None, row_info: Any = None) -> None:
        if row in self.intere:
            self.fh.write(self.intere[row])  # type: ignore[attr-defined]
        else:
            super()._write_empty_row(row, spans, row_info)

    def _write_rows(self) -> None:
        if aperte := [riga + 1 for riga in self.intere if self.table.get(riga)]:
            raise ValueError(f"{self.name}: cells written in rows that were already whole: {aperte}")
        super()._write_rows()

    def _calculate_spans(self) -> None:
        """Left out: how far the cells of a row go is a hint, and of whole rows nobody counts them."""
        self.row_spans = {}

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("{").removeprefix("=").removesuffix("}")

    def _xml_rich_inline_string(self, string: str, attributes: Any = ()) -> None:
        # <r>...</r> is what someone has typed, not markup of ours
        self._xml_inline_string(string, False, attributes)


class Libro(xlsxwriter.Workbook):
    """A workbook in which text is text: never a formula, a link or markup. It has formats by name.

    Without a path it is written with `salva`. With the folder `appoggio` a row goes to the disk when the
    next one begins: they are written in order, and there may be any number of them.
    """

    def __init__(self, percorso: Path | None, stili: Stili, appoggio: Path | None = None) -> None:
        opzioni = {"strings_to_formulas": False, "strings_to_urls": False}
        # in memory: a run that fails would leave its temporary files, with what is typed in them
        dove = {"constant_memory": True, "tmpdir": str(appoggio)} if appoggio else {"in_memory": True}
        super().__init__(str(percorso) if percorso else BytesIO(), {**opzioni, **dove})
        self.da_salvare: Path | None = None
        self.formati = {nome: self.add_format(dict(stile)) for nome, stile in stili.items()}

    def pagina(self, nome: str, orizzontale: bool = True, sopra: float = 0.7) -> Foglio:
        """A new sheet, to be printed on A4 as wide as the page."""
        ws = cast(Foglio, self.add_worksheet(nome, Foglio))
        ws.set_paper(9)
        if orizzontale:
            ws.set_landscape()
        ws.set_margins(left=0.5, right=0.5, top=sopra, bottom=0.7)
        ws.fit_to_pages(1, 0)
        ws.set_footer("&L&F&C&A&RPagina &P di &N")
        ws.hide_gridlines(2)
        return ws

    def fogli(self) -> list[Foglio]:
        """The sheets in their order."""
        return cast(list[Foglio], self.worksheets())

    def salva(self, percorso: Path) -> None:
        """Write the file at a path that was not known before. Raises as `close`."""
        self.da_salvare = percorso
        self.close()

    def finisci(self) -> None:
        """Finish the sheets written so far: nothing more can be written in them. Not the first, which is
        the one that opens, nor those with drawings or comments: of these the workbook says more."""
        for ws in self.fogli()[1:]:
            if not (ws.vuoto or ws.charts or ws.images or ws.shapes or ws.has_vml):
                ws.finisci()

    def copia(self) -> "Libro":
        """The workbook as it stands: what is then written in one of the two is not in the other. The
        finished sheets are in both."""
        piatti = (self.str_table.string_table, self.xf_format_indices, self.dxf_format_indices)
        memo: dict[int, Any] = {id(piatto): dict(piatto) for piatto in piatti}
        memo |= {id(ws): ws for ws in self.fogli() if ws.finito}
        for formato in self.formats:  # of plain values, but for where they find their number
            memo[id(formato)] = altro = copy.copy(formato)
            altro.xf_format_indices = memo[id(self.xf_format_indices)]
            altro.dxf_format_indices = memo[id(self.dxf_format_indices)]
        return copy.deepcopy(self, memo)

    def _get_packager(self) -> Packager:
        return _Pacco(self.da_salvare)

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
        raise _non_ci_sta(valore)


def _resa_formula(posto: str, testo: str, valore: Any) -> str:
    formula = escape(testo.removeprefix("="), quote=False)
    if isinstance(valore, str) and valore:
        return f'{posto} t="str"><f>{formula}</f><v>{escape(valore, quote=False)}</v></c>'
    return f"{posto}><f>{formula}</f><v>{valore}</v></c>"


def _non_ci_sta(testo: str) -> ValueError:
    return ValueError(f"text of {len(testo)} characters does not fit a cell")


def _finito(valore: Any) -> float:
    numero = float(valore)
    if not math.isfinite(numero):
        raise ValueError(f"{valore} is not a number that a cell can hold")
    return numero


lettere = lru_cache(maxsize=2**8)(xl_col_to_name)
"""The letters of a column counted from 0."""


def noto(valore: Any) -> Any:
    """The value of a formula as the file holds it."""
    if isinstance(valore, Decimal):
        return float(valore)
    if not isinstance(valore, str):
        return "" if valore is None else valore
    testo = _protetto(valore)  # a leading # written otherwise: a title «#N/D» is not an error
    return f"_x0023_{testo[1:]}" if testo.startswith("#") else testo


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
    posto = (riga - 1, colonna - 1)
    if di_righe:
        ws.write_array_formula(*posto, *posto, f"{{{testo}}}", stile, noto(valore))
    else:
        ws.write_formula(*posto, testo, stile, noto(valore))


MAIUSCOLA = 0.35
"""How much wider a capital is than a small letter, which is one wide."""


def altezza(celle: Iterable[tuple[Any, float]], minima: float = 15.0) -> float:
    """Row height in points for what cells hold, of which only a text may need more than a line, and
    their widths in characters."""
    lunghi = [
        (valore, larghezza)
        for valore, larghezza in celle
        if isinstance(valore, str) and (len(valore) * (1 + MAIUSCOLA) > larghezza or "\n" in valore)
    ]
    righe = max([_righe(*lungo) for lungo in lunghi], default=1)
    return min(409.0, max(minima, righe * 13.0 + 2))


@lru_cache(maxsize=2**14)  # of five texts of a workbook, four have been in another of its sheets
def _righe(testo: str, larghezza: float) -> int:
    return sum(_a_capo(riga, larghezza) for riga in testo.split("\n"))


def _a_capo(riga: str, larghezza: float) -> int:
    """On how many lines a text goes, word by word."""
    righe, occupato = 1, 0.0
    for parola in riga.split():
        maiuscole = 0 if parola.islower() else sum(map(str.isupper, parola))
        lunga = len(parola) + maiuscole * MAIUSCOLA
        occupato += lunga + (occupato > 0)
        if occupato > larghezza:
            righe += (occupato > lunga) + int((lunga - 0.01) / larghezza)
            occupato = lunga % larghezza
    return righe
