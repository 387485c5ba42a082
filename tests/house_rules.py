"""What a workbook or a document of ours must respect and the format validators do not see.

A validator says whether the XML follows the schema. Excel also repairs, and Word silently
loses, files that follow it; and some faults are just bad manners towards who reads: a table
without a heading row, a picture without alternative text, empty lines as spacing.

`xlsx_faults` and `docx_faults` take a file and return one readable line per fault, none when
the file is good. They read the XML as it is in the package, since a library would mend on
reading some of what they look for.
"""

from __future__ import annotations

import ast
import posixpath
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import cast
from urllib.parse import unquote

from lxml import etree
from openpyxl.utils.cell import (
    column_index_from_string,
    coordinate_to_tuple,
    get_column_letter,
    range_boundaries,
)

Parts = dict[str, bytes]  # name of the part in the package -> its content
Area = tuple[int, int, int, int]  # first column, first row, last column, last row

DOC_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NS = {
    "s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": DOC_RELS,
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "dc": "http://purl.org/dc/elements/1.1/",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
}
S = f"{{{NS['s']}}}"
W = f"{{{NS['w']}}}"


def _parts(path: Path) -> Parts:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def _root(parts: Parts, name: str) -> etree._Element | None:
    return etree.fromstring(parts[name]) if name in parts else None


def _rels_name(part: str) -> str:
    """Name of the part that holds the relationships of `part`."""
    folder, file = posixpath.split(part)
    return f"{folder}/_rels/{file}.rels"


def _relationships(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """Return id -> (kind, name of the target part) of what `part` points to."""
    root = _root(parts, _rels_name(part))
    found: dict[str, tuple[str, str]] = {}
    for rel in root if root is not None else ():
        target = posixpath.join("/", posixpath.dirname(part), rel.get("Target", ""))
        kind = rel.get("Type", "").rsplit("/", 1)[-1]
        found[rel.get("Id", "")] = (kind, posixpath.normpath(target).lstrip("/"))
    return found


def _find(element: etree._Element, path: str) -> list[etree._Element]:
    """Return the elements at an XPath."""
    return cast("list[etree._Element]", element.xpath(path, namespaces=NS))


def _attributes(element: etree._Element, path: str) -> list[str]:
    """Return the values at an XPath that ends with an attribute."""
    return [str(value) for value in cast("list[str]", element.xpath(path, namespaces=NS))]


def _excerpt(text: str) -> str:
    """Return the text as it fits in a message."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


# --- workbooks

MAX_TEXT = 32_767  # characters in a cell
MAX_LIST = 255  # characters in the list written inside a data validation
MAX_SHEET_NAME = 31
LAST_COLUMN = 16_384  # XFD

# _x000B_ is how the format writes a character XML cannot hold; _x005F_ before it means that
# the text really reads so.
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
ESCAPED_CONTROL = re.compile(r"(?<!_x005F)_x(00[01][0-9A-F]|007F|FFF[EF])_", re.IGNORECASE)
VALID_NAME = re.compile(r"[^\W\d][\w.\\]*|\\[\w.\\]*")
A1_LIKE = re.compile(r"([A-Z]{1,3})[0-9]+", re.IGNORECASE)
R1C1_LIKE = re.compile(r"(R[0-9]*)?(C[0-9]*)?", re.IGNORECASE)
SHEET_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!.+")
HYPERLINK_INSIDE = re.compile(r'HYPERLINK\(\s*"#([^"]+)"', re.IGNORECASE)
TEXT_IN_FORMULA = re.compile(r'"(?:[^"]|"")*"')
# [1]Foglio!A1 or '[altro.xlsx]Foglio'!A1, but not Tabella[2024], a column of a table.
OTHER_WORKBOOK = re.compile(r"(?<![\w\[\]@,])\[(?:\d+|[^\[\]]+\.\w{3,4})\][^\[\]!]*!")
ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"}
ERRORS_IN_ITALIAN = {"#N/D", "#NOME?", "#NULLO!", "#RIF!", "#VALORE!"}


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: its name, its XML and the XML of its tables."""

    name: str
    root: etree._Element
    tables: list[etree._Element]


@dataclass(frozen=True)
class Book:
    """A workbook as the rules look at it; `strings` keep the format's escapes."""

    parts: Parts
    root: etree._Element
    sheets: list[Sheet]
    strings: list[str]


def xlsx_faults(path: Path) -> list[str]:
    """Return the faults of a workbook, one readable line each; empty when it is good."""
    book = _read_book(path)
    faults = [*_package_faults(book), *_sheet_name_faults(book), *_name_faults(book)]
    faults += [*_text_faults(book), *_style_faults(book), *_link_faults(book)]
    for sheet in book.sheets:
        own = [*_order_faults(sheet), *_merge_faults(sheet), *_table_faults(sheet, book)]
        own += [*_validation_faults(sheet), *_formula_faults(sheet)]
        faults += [f"{sheet.name}: {fault}" for fault in own]
    return faults


def _read_book(path: Path) -> Book:
    parts = _parts(path)
    root = etree.fromstring(parts["xl/workbook.xml"])
    targets = _relationships(parts, "xl/workbook.xml")
    sheets = []
    for entry in root.iterfind("s:sheets/s:sheet", NS):
        part = targets[entry.get(f"{{{DOC_RELS}}}id", "")][1]
        tables = [
            etree.fromstring(parts[target])
            for kind, target in _relationships(parts, part).values()
            if kind == "table"
        ]
        sheets.append(Sheet(entry.get("name", ""), etree.fromstring(parts[part]), tables))
    shared = _root(parts, "xl/sharedStrings.xml")
    strings = [_rich_text(item) for item in shared] if shared is not None else []
    return Book(parts, root, sheets, strings)


def _rich_text(item: etree._Element) -> str:
    """Return the text of a shared or inline string, joining its differently formatted runs."""
    return "".join(t.text or "" for t in _find(item, "s:t | s:r/s:t"))


def _decoded(text: str) -> str:
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _cell_text(cell: etree._Element, strings: list[str]) -> str | None:
    """Return the text of a cell as written in the file, or None when it holds no text."""
    if cell.get("t") == "inlineStr":
        return "".join(_rich_text(item) for item in cell.iterfind("s:is", NS))
    value = cell.findtext("s:v", namespaces=NS)
    if cell.get("t") == "s" and value is not None:
        return strings[int(value)]
    return (value or "") if cell.get("t") == "str" else None


def _area(reference: str) -> Area:
    left, top, right, bottom = range_boundaries(reference)
    return (left or 1, top or 1, right or LAST_COLUMN, bottom or 1_048_576)


def _overlap(one: str, other: str) -> bool:
    """True when two areas of the same sheet have a cell in common."""
    left, top, right, bottom = _area(one)
    other_left, other_top, other_right, other_bottom = _area(other)
    across = left <= other_right and other_left <= right
    return across and top <= other_bottom and other_top <= bottom


def _repeated(names: list[str]) -> list[str]:
    """Return the names met more than once, upper and lower case being the same to Excel."""
    return [name for name, times in Counter(n.casefold() for n in names).items() if times > 1]


def _package_faults(book: Book) -> Iterator[str]:
    for name in book.parts:
        if "vbaproject" in name.lower():
            yield f"the workbook carries macros: {name}"
        if name.startswith("xl/externalLinks/") and not name.endswith(".rels"):
            yield f"the workbook has an external link: {name}"
    for sheet in book.sheets:
        for cell, formula in _formulas(sheet):
            if OTHER_WORKBOOK.search(TEXT_IN_FORMULA.sub('""', formula)):
                yield f"{sheet.name}: the formula in {cell.get('r')} has an external link"


def _sheet_name_faults(book: Book) -> Iterator[str]:
    names = [sheet.name for sheet in book.sheets]
    for name in names:
        if len(name) > MAX_SHEET_NAME:
            yield f"sheet name longer than {MAX_SHEET_NAME} characters: {name!r}"
        if not name or re.search(r"[\[\]:*?/\\]", name):
            yield f"sheet name empty or with one of []:*?/\\ : {name!r}"
        if name.startswith("'") or name.endswith("'"):
            yield f"sheet name that starts or ends with an apostrophe: {name!r}"
    for name in _repeated(names):
        yield f"sheet name used twice: {name!r}"


def _is_valid_name(name: str) -> bool:
    """True when Excel takes it as the name of a range or of a table."""
    if len(name) > 255 or not VALID_NAME.fullmatch(name) or R1C1_LIKE.fullmatch(name):
        return False
    cell = A1_LIKE.fullmatch(name)
    return not (cell and column_index_from_string(cell[1].upper()) <= LAST_COLUMN)


def _name_faults(book: Book) -> Iterator[str]:
    """Defined names and table names: well formed, and unique where they are visible."""
    scopes: dict[str, list[str]] = {}
    for entry in book.root.iterfind("s:definedNames/s:definedName", NS):
        name, scope = entry.get("name", ""), entry.get("localSheetId", "workbook")
        scopes.setdefault(scope, []).append(name)
        if not name.startswith("_xlnm.") and not _is_valid_name(name):
            yield f"defined name that Excel refuses: {name!r}"
    for scope, names in scopes.items():
        for name in _repeated(names):
            yield f"defined name used twice in the same scope ({scope}): {name!r}"
    tables = [table.get("displayName", "") for sheet in book.sheets for table in sheet.tables]
    for name in tables:
        if not _is_valid_name(name):
            yield f"table name that Excel refuses: {name!r}"
    for name in _repeated(tables):
        yield f"table name used twice: {name!r}"
    taken = {name.casefold() for name in scopes.get("workbook", [])}
    for name in tables:
        if name.casefold() in taken:
            yield f"table name that is also a defined name: {name!r}"


def _text_faults(book: Book) -> Iterator[str]:
    texts: list[tuple[str, str]] = []
    first_use: dict[int, str] = {}  # place in the shared strings -> first cell that shows it
    for sheet in book.sheets:
        for cell in sheet.root.iter(f"{S}c"):
            where = f"{sheet.name}!{cell.get('r')}"
            if cell.get("t") in ("inlineStr", "str"):
                texts.append((where, _cell_text(cell, book.strings) or ""))
            elif cell.get("t") == "s":
                first_use.setdefault(int(cell.findtext("s:v", "0", NS)), where)
    for place, text in enumerate(book.strings):
        texts.append((first_use.get(place, "shared string"), text))
    for where, text in texts:
        # Excel counts in UTF-16: a character outside the basic plane counts twice
        if len(_decoded(text).encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
            yield f"{where}: text longer than {MAX_TEXT} characters: {_excerpt(text)}"
        if ESCAPED_CONTROL.search(text) or any(
            unicodedata.category(char) == "Cc" and char not in "\t\n" for char in text
        ):
            yield f"{where}: control character in the text: {_excerpt(text)}"


def _style_faults(book: Book) -> Iterator[str]:
    styles = _root(book.parts, "xl/styles.xml")
    count = len(styles.findall("s:cellXfs/s:xf", NS)) if styles is not None else 1
    for sheet in book.sheets:
        used = _attributes(sheet.root, "//s:c/@s | //s:row/@s | //s:col/@style")
        for index in sorted({int(number) for number in used}):
            if index >= count:
                yield f"{sheet.name}: style index out of range: {index} of {count}"


def _link_faults(book: Book) -> Iterator[str]:
    """Links inside the workbook: cells, HYPERLINK formulas, pictures and buttons."""
    links: list[tuple[str, str]] = []
    for sheet in book.sheets:
        # with an r:id the place is in another file
        for link in _find(sheet.root, "//s:hyperlink[@location and not(@r:id)]"):
            links.append((f"{sheet.name}!{link.get('ref')}", link.get("location", "")))
        for cell, formula in _formulas(sheet):
            where = f"{sheet.name}!{cell.get('r')}"
            links += [(where, place) for place in HYPERLINK_INSIDE.findall(formula)]
    for name in book.parts:
        if name.startswith("xl/drawings/_rels/"):
            targets = _attributes(etree.fromstring(book.parts[name]), "rel:*/@Target")
            links += [(name, unquote(target[1:])) for target in targets if target.startswith("#")]
    for where, place in links:
        if not _leads_somewhere(place, book):
            yield f"{where}: link to a place that does not exist: {place!r}"


def _leads_somewhere(place: str, book: Book) -> bool:
    """True when `place` is a cell of a sheet that exists, of this sheet, or a defined name."""
    reference = SHEET_REFERENCE.fullmatch(place)
    if reference:
        name = (reference[1] or "").replace("''", "'") or reference[2]
        return name.casefold() in {sheet.name.casefold() for sheet in book.sheets}
    names = _attributes(book.root, "s:definedNames/s:definedName/@name")
    names += [table.get("displayName", "") for sheet in book.sheets for table in sheet.tables]
    cell = re.fullmatch(r"\$?[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?", place, re.IGNORECASE)
    return bool(cell) or place.casefold() in {name.casefold() for name in names}


def _order_faults(sheet: Sheet) -> Iterator[str]:
    """Rows and cells: each once, in order, each cell in its own row."""
    rows = list(sheet.root.iterfind("s:sheetData/s:row", NS))
    for before, after in pairwise(int(row.get("r", 0)) for row in rows):
        if after <= before:
            yield f"rows out of order: {after} after {before}"
    addresses = [cell.get("r", "") for row in rows for cell in row.iterfind("s:c", NS)]
    for address, times in Counter(addresses).items():
        if times > 1:
            yield f"cell address used {times} times: {address}"
    for row in rows:
        cells = [coordinate_to_tuple(cell.get("r", "")) for cell in row.iterfind("s:c", NS)]
        columns = [column for _, column in cells]
        if any(after < before for before, after in pairwise(columns)):
            yield f"cells out of order in row {row.get('r')}"
        if any(number != int(row.get("r", 0)) for number, _ in cells):
            yield f"cell of another row in row {row.get('r')}"


def _merges(sheet: Sheet) -> list[str]:
    return [merge.get("ref", "") for merge in sheet.root.iterfind("s:mergeCells/s:mergeCell", NS)]


def _merge_faults(sheet: Sheet) -> Iterator[str]:
    for one, other in combinations(_merges(sheet), 2):
        if _overlap(one, other):
            yield f"overlapping merges: {one} and {other}"


def _table_faults(sheet: Sheet, book: Book) -> Iterator[str]:
    """A table: as wide as its columns, headed by texts that name them, alone in its area."""
    cells = {cell.get("r"): cell for cell in sheet.root.iter(f"{S}c")} if sheet.tables else {}
    for table in sheet.tables:
        name, reference = table.get("displayName", ""), table.get("ref", "")
        columns = [_decoded(n) for n in _attributes(table, "s:tableColumns/s:tableColumn/@name")]
        left, top, right, _ = _area(reference)
        if right - left + 1 != len(columns):
            width = right - left + 1
            yield f"table {name}: {len(columns)} columns, but {reference} is {width} wide"
        for column in _repeated(columns):
            yield f"table {name}: column name used twice: {column!r}"
        if table.get("headerRowCount", "1") != "0":
            for place, column in enumerate(columns):
                address = f"{get_column_letter(left + place)}{top}"
                head = cells.get(address)
                text = None if head is None else _cell_text(head, book.strings)
                if text is None or _decoded(text) != column:
                    yield f"table {name}: column {column!r} is headed {text!r} in {address}"
        for merge in _merges(sheet):
            if _overlap(reference, merge):
                yield f"table {name} overlaps the merge {merge}"
    for one, other in combinations(sheet.tables, 2):
        if _overlap(one.get("ref", ""), other.get("ref", "")):
            yield f"table {one.get('displayName')} overlaps table {other.get('displayName')}"


def _validation_faults(sheet: Sheet) -> Iterator[str]:
    """Lists written inside a data validation, which Excel splits at every comma.

    A comma within an item cannot be told from the one between two items, unless it leaves
    behind an item that is empty or starts with a blank ("Sì, completo"): that is reported.
    """
    for rule in _find(sheet.root, "//s:dataValidation[@type='list']"):
        source = (rule.findtext("s:formula1", namespaces=NS) or "").strip()
        where = f"data validation in {rule.get('sqref')}"
        if not source.startswith('"'):
            continue
        choices = source[1:-1]
        if not source.endswith('"') or '"' in choices.replace('""', ""):
            yield f"{where}: list with a quotation mark that is not doubled: {_excerpt(source)}"
        if len(choices) > MAX_LIST:
            yield f"{where}: list longer than {MAX_LIST} characters: {_excerpt(choices)}"
        items = choices.split(",")
        if any(not item or item != item.strip() for item in items):
            yield f"{where}: list with a comma inside an item, or an empty item: {choices!r}"
        for item in _repeated(items):
            yield f"{where}: item listed twice: {item!r}"


def _formulas(sheet: Sheet) -> list[tuple[etree._Element, str]]:
    """Return the cells that hold a formula, each with the formula."""
    return [
        (cell, formula.text or "")
        for cell in sheet.root.iter(f"{S}c")
        if (formula := cell.find("s:f", NS)) is not None
    ]


def _formula_faults(sheet: Sheet) -> Iterator[str]:
    """Every formula needs its result in the file, for the readers that do not calculate.

    An empty <v/> is a result: it is the empty text.
    """
    for cell, formula in _formulas(sheet):
        value = cell.find("s:v", NS)
        if value is None:
            yield f"formula without a cached value in {cell.get('r')}: {_excerpt(formula)}"
        elif cell.get("t") == "e" or (value.text or "") in ERRORS | ERRORS_IN_ITALIAN:
            yield f"formula whose cached value is an error in {cell.get('r')}: {value.text}"


# --- documents

A4 = {(11906, 16838), (16838, 11906)}  # twips, either way up
LANGUAGE = "it-IT"
WIDTH_TOLERANCE = 10  # twips
MAX_BOOKMARK_NAME = 40  # Word cuts off the rest, and references to it are lost
LIBRARY_NAME = "python-docx"
PLACEHOLDERS = ("{{", "}}", "«»")  # the last is a pair of quotation marks left empty
BUILT_IN_ANCHORS = {"_top"}
STORIES = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
REFERENCE = re.compile(r'\s*(?:PAGEREF|NOTEREF|REF)\s+"?([^\s"\\]+)', re.IGNORECASE)
SPACE = "{http://www.w3.org/XML/1998/namespace}space"

# What makes a paragraph without text something else than an empty line. A line break is not
# here: it is only a taller empty line.
CONTENT = (
    ".//w:drawing | .//w:pict | .//w:object | .//w:sym | .//w:fldChar | .//w:fldSimple"
    " | .//m:oMath | .//w:footnoteReference | .//w:endnoteReference | .//w:sectPr"
    " | .//w:br[@w:type='page' or @w:type='column']"
)


@dataclass(frozen=True)
class Document:
    """A document as the rules look at it; `stories` are body, headers, footers and notes."""

    parts: Parts
    body: etree._Element
    stories: dict[str, etree._Element]
    styles: dict[str, etree._Element]
    styles_root: etree._Element


def docx_faults(path: Path, *, tables_without_header: int = 0) -> list[str]:
    """Return the faults of a document, one readable line each; empty when it is good.

    `tables_without_header` is how many tables may do without a heading row.
    """
    document = _read_document(path)
    faults = [*_property_faults(document), *_page_faults(document), *_used_style_faults(document)]
    faults += [*_heading_faults(document), *_empty_paragraph_faults(document)]
    faults += _table_heading_faults(document, tables_without_header)
    faults += [*_table_text_faults(document), *_table_width_faults(document)]
    faults += [*_bookmark_faults(document), *_reference_faults(document)]
    for name, root in document.stories.items():
        own = [*_grid_faults(root), *_cell_faults(root), *_drawing_faults(root)]
        own += [*_blank_faults(root), *_placeholder_faults(root), *_field_faults(root)]
        faults += [f"{posixpath.basename(name)}: {fault}" for fault in own]
    return faults


def _read_document(path: Path) -> Document:
    parts = _parts(path)
    stories = {name: etree.fromstring(parts[name]) for name in parts if STORIES.fullmatch(name)}
    styles_root = etree.fromstring(parts["word/styles.xml"])
    styles = {style.get(f"{W}styleId", ""): style for style in styles_root.iterfind("w:style", NS)}
    return Document(parts, stories["word/document.xml"], stories, styles, styles_root)


def _text(element: etree._Element) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t"))


def _is_on(switch: etree._Element) -> bool:
    """True when an on/off property, present, is not written as off."""
    return switch.get(f"{W}val", "1").lower() not in ("0", "false", "off")


def _tables(root: etree._Element) -> list[tuple[str, etree._Element]]:
    """Return the tables, nested ones too, each with how to call it in a message."""
    found = []
    for number, table in enumerate(root.iter(f"{W}tbl"), start=1):
        caption = _attributes(table, "w:tblPr/w:tblCaption/@w:val")
        found.append((f"table {number} {caption[0]!r}" if caption else f"table {number}", table))
    return found


def _rows_and_cells(table: etree._Element) -> list[tuple[etree._Element, list[etree._Element]]]:
    """Return the rows of a table with their cells, also those inside a content control."""
    rows = _find(table, "w:tr | w:sdt/w:sdtContent/w:tr")
    return [(row, _find(row, "w:tc | w:sdt/w:sdtContent/w:tc")) for row in rows]


def _property_faults(document: Document) -> Iterator[str]:
    core = _root(document.parts, "docProps/core.xml")
    title = core.findtext("dc:title", namespaces=NS) if core is not None else None
    if not (title or "").strip():
        yield "the title of the document is empty"
    for field in ("dc:creator", "cp:lastModifiedBy", "dc:description"):
        value = core.findtext(field, namespaces=NS) if core is not None else None
        if LIBRARY_NAME in (value or ""):
            yield f"the properties name the library instead of the author: {field} {value!r}"
    if _has_placeholder(title or ""):
        yield f"placeholder left in the title of the document: {title!r}"
    path = "w:docDefaults/w:rPrDefault/w:rPr/w:lang/@w:val"
    language = "".join(_attributes(document.styles_root, path))
    if language != LANGUAGE:
        yield f"the language of the document is {language or 'not set'}, not {LANGUAGE}"


def _page_faults(document: Document) -> Iterator[str]:
    for number, section in enumerate(document.body.iter(f"{W}sectPr"), start=1):
        size = section.find("w:pgSz", NS)
        width, height = (0, 0) if size is None else (_twips(size, "w"), _twips(size, "h"))
        if (width, height) not in A4:
            yield f"section {number}: page of {width} x {height} twips, not A4"
        elif size is not None and width > height and size.get(f"{W}orient") != "landscape":
            yield f"section {number}: page lying down but not declared landscape"


def _twips(element: etree._Element, attribute: str) -> int:
    return int(float(element.get(f"{W}{attribute}", "0")))


def _used_style_faults(document: Document) -> Iterator[str]:
    for name, root in document.stories.items():
        used = _attributes(root, "//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val")
        for style in sorted(set(used) - set(document.styles)):
            yield f"{posixpath.basename(name)}: style used but not defined: {style!r}"


def _heading_level(paragraph: etree._Element, styles: dict[str, etree._Element]) -> int | None:
    """Return 1 to 9 for a heading, None for body text.

    A heading is one by its outline level, its own or the nearest along the styles it is
    based on, or by the built-in name of one of these styles.
    """
    levels = _attributes(paragraph, "w:pPr/w:outlineLvl/@w:val")
    style = "".join(_attributes(paragraph, "w:pPr/w:pStyle/@w:val"))
    seen: set[str] = set()
    while not levels and style in styles and style not in seen:
        seen.add(style)
        levels = _attributes(styles[style], "w:pPr/w:outlineLvl/@w:val")
        name = "".join(_attributes(styles[style], "w:name/@w:val"))
        built_in = re.fullmatch(r"heading ([1-9])", name, re.IGNORECASE)
        if not levels and built_in:
            return int(built_in[1])
        style = "".join(_attributes(styles[style], "w:basedOn/@w:val"))
    return int(levels[0]) + 1 if levels and int(levels[0]) < 9 else None


def _heading_faults(document: Document) -> Iterator[str]:
    headings = [
        (level, _text(paragraph))
        for paragraph in document.body.iter(f"{W}p")
        if (level := _heading_level(paragraph, document.styles)) is not None
    ]
    levels = [level for level, _ in headings]
    if 1 not in levels:
        yield "no Heading 1 in the document"
    before = 0 if 1 in levels else min(levels, default=0)
    for level, text in headings:
        if level > before + 1:
            where = f"Heading {before}" if before else "the start"
            yield f"heading levels jump: Heading {level} {_excerpt(text)} after {where}"
        before = level


def _empty_paragraph_faults(document: Document) -> Iterator[str]:
    """Empty lines used as spacing. The last paragraph of a cell may be empty: it must be there."""
    previous = ""
    for paragraph in document.body.iter(f"{W}p"):
        parent = paragraph.getparent()
        in_cell = parent is not None and parent.tag == f"{W}tc"
        if in_cell and paragraph.getnext() is None:
            continue
        if not _text(paragraph).strip() and not _find(paragraph, CONTENT):
            after = f"after {_excerpt(previous)}" if previous else "at the start"
            yield f"empty paragraph used as spacing, {after}"
        previous = _text(paragraph) or previous


def _table_heading_faults(document: Document, allowed: int) -> list[str]:
    without = []
    for label, table in _tables(document.body):
        first = _find(table, "(w:tr | w:sdt/w:sdtContent/w:tr)[1]/w:trPr/w:tblHeader")
        if not any(_is_on(switch) for switch in first):
            without.append(label)
    if len(without) <= allowed:
        return []
    rule = f"first row not marked as heading row ({allowed} allowed)"
    return [f"{label}: {rule}" for label in without]


def _table_text_faults(document: Document) -> Iterator[str]:
    path = "w:tblPr/w:tblCaption/@w:val | w:tblPr/w:tblDescription/@w:val"
    for label, table in _tables(document.body):
        if not "".join(_attributes(table, path)).strip():
            yield f"{label}: no alternative text (tblCaption or tblDescription)"


def _table_width_faults(document: Document) -> Iterator[str]:
    """A table must fit between the margins, by its grid and by the widths of its cells.

    The two should agree, but Word lays out by the cells and LibreOffice by the grid.
    """
    for label, table in _tables(document.body):
        sections = _find(table, "following::w:sectPr[1]")
        room = _text_width(sections[0]) if sections else None
        grid = sum(_twips(column, "w") for column in table.iterfind("w:tblGrid/w:gridCol", NS))
        cells = max((_cells_width(row) for _, row in _rows_and_cells(table)), default=0)
        if room is not None and max(grid, cells) > room + WIDTH_TOLERANCE:
            wide = f"grid {grid}, cells {cells} twips"
            yield f"{label}: wider than the text area: {wide}, room for {room}"


def _text_width(section: etree._Element) -> int | None:
    """Return the twips between the margins of a section; None when it does not say."""
    size, margins = section.find("w:pgSz", NS), section.find("w:pgMar", NS)
    if size is None or margins is None:
        return None
    taken = sum(_twips(margins, side) for side in ("left", "right", "gutter"))
    return _twips(size, "w") - taken


def _cells_width(cells: list[etree._Element]) -> int:
    """Return the twips that the cells of a row ask for, counting only those in twips."""
    widths = [w for cell in cells for w in _find(cell, "w:tcPr/w:tcW[@w:type='dxa']")]
    return sum(_twips(width, "w") for width in widths)


def _grid_faults(root: etree._Element) -> Iterator[str]:
    path = "w:trPr/w:gridBefore/@w:val | w:trPr/w:gridAfter/@w:val"
    for label, table in _tables(root):
        columns = len(table.findall("w:tblGrid/w:gridCol", NS))
        for number, (row, cells) in enumerate(_rows_and_cells(table), start=1):
            spanned = sum(
                int("".join(_attributes(cell, "w:tcPr/w:gridSpan/@w:val")) or 1) for cell in cells
            )
            spanned += sum(int(skipped) for skipped in _attributes(row, path))
            if spanned != columns:
                yield f"{label}: row {number} spans {spanned} columns, the grid has {columns}"


def _cell_faults(root: etree._Element) -> Iterator[str]:
    """Cells must end with a paragraph, and two tables need one between them.

    Without it Word calls the file corrupt, or makes one table of the two.
    """
    blocks = {f"{W}p": "paragraph", f"{W}tbl": "table", f"{W}sdt": "content control"}
    for label, table in _tables(root):
        for number, (_, cells) in enumerate(_rows_and_cells(table), start=1):
            for cell in cells:
                kinds = [blocks[child.tag] for child in cell if child.tag in blocks]
                if "paragraph" not in kinds:
                    yield f"{label}: cell without a paragraph in row {number}"
                elif kinds[-1] != "paragraph":
                    yield f"{label}: cell that ends with a {kinds[-1]} in row {number}"
        following = table.getnext()
        if following is not None and following.tag == f"{W}tbl":
            yield f"{label}: no paragraph between this table and the next"


def _drawing_faults(root: etree._Element) -> Iterator[str]:
    for properties in root.iter(f"{{{NS['wp']}}}docPr"):
        if not properties.get("descr", "").strip():
            yield f"drawing without alternative text: {properties.get('name')!r}"


def _blank_faults(root: etree._Element) -> Iterator[str]:
    """Word drops the blanks at the edges of a run that does not ask to keep them."""
    for run in root.iter(f"{W}t"):
        text = run.text or ""
        if text != text.strip() and run.get(SPACE) != "preserve":
            yield f'text with blanks at its edges and no xml:space="preserve": {_excerpt(text)}'


def _has_placeholder(text: str) -> bool:
    return any(mark in text for mark in PLACEHOLDERS)


def _placeholder_faults(root: etree._Element) -> Iterator[str]:
    """Texts are joined by paragraph: Word may split a placeholder between runs."""
    texts = [_text(paragraph) for paragraph in root.iter(f"{W}p")]
    texts += _attributes(root, "//wp:docPr/@descr | //wp:docPr/@title")
    texts += _attributes(root, "//w:tblCaption/@w:val | //w:tblDescription/@w:val")
    for text in filter(_has_placeholder, texts):
        yield f"placeholder left in the text: {_excerpt(text)}"


def _bookmark_names(document: Document) -> list[str]:
    """Return the names of the bookmarks, in lower case: to Word it makes no difference."""
    path = "//w:bookmarkStart/@w:name"
    return [n.lower() for root in document.stories.values() for n in _attributes(root, path)]


def _bookmark_faults(document: Document) -> Iterator[str]:
    for name in _repeated(_bookmark_names(document)):
        yield f"bookmark name used twice: {name!r}"
    for root in document.stories.values():
        ends = Counter(_attributes(root, "//w:bookmarkEnd/@w:id"))
        for start in root.iter(f"{W}bookmarkStart"):
            number, name = start.get(f"{W}id", ""), start.get(f"{W}name", "")
            if len(name) > MAX_BOOKMARK_NAME:
                yield f"bookmark name longer than {MAX_BOOKMARK_NAME} characters: {name!r}"
            if not ends[number]:
                yield f"bookmark that starts and does not end: {name!r}"
            ends[number] -= 1
        for number, left in ends.items():
            if left > 0:
                yield f"bookmark that ends and does not start: id {number}"


def _field_faults(root: etree._Element) -> Iterator[str]:
    """A field left open swallows, in Word, all the text that follows it."""
    open_fields: list[str] = []
    for mark in root.iter(f"{W}fldChar"):
        kind = mark.get(f"{W}fldCharType", "")
        if kind == "begin":
            open_fields.append(kind)
        elif not open_fields or open_fields[-1] == kind:
            yield f"field mark out of place: {kind}"
        elif kind == "separate":
            open_fields[-1] = kind
        else:
            open_fields.pop()
    if open_fields:
        yield f"fields that begin and do not end: {len(open_fields)}"


def _field_codes(root: etree._Element) -> list[str]:
    """Return the instructions of the fields, short and long form; nested ones stay apart."""
    pieces = [""]
    for element in root.iter(f"{W}fldChar", f"{W}instrText"):
        if element.tag == f"{W}fldChar":
            pieces.append("")
        else:
            pieces[-1] += element.text or ""
    return [*pieces, *_attributes(root, "//w:fldSimple/@w:instr")]


def _reference_faults(document: Document) -> Iterator[str]:
    known = {*_bookmark_names(document), *BUILT_IN_ANCHORS}
    for root in document.stories.values():
        for code in _field_codes(root):
            reference = REFERENCE.match(code)
            if reference and reference[1].lower() not in known:
                yield f"field that refers to a bookmark that does not exist: {code.strip()!r}"
        for anchor in _attributes(root, "//w:hyperlink/@w:anchor"):
            if anchor.lower() not in known:
                yield f"link to a bookmark that does not exist: {anchor!r}"


# --- the source: no column of a sheet is written by hand in a formula

_COLUMN = r"(?<![\w.'\"])\$?[A-Z]{1,3}"
_ROW = r"\$?(?:[1-9][0-9]*|\{\})"
_REFERENCE = re.compile(rf"{_COLUMN}{_ROW}(?!\w)|{_COLUMN}:\$?[A-Z]{{1,3}}\b|\$[A-Z]{{1,3}}\b")
_ONLY_REFERENCES = re.compile(rf"(?:[^!]*!)?{_COLUMN}{_ROW}(?::\$?[A-Z]{{1,3}}{_ROW})?")
_CORNER = re.compile(r"!A1\b")
_LETTERS = re.compile("[A-Z]+")


def column_letter_faults(source: str) -> list[str]:
    """What a module says of columns with their letters, one readable line each.

    A formula is a text that starts with = or calls a function (an f-string too: {} is what is put in).
    A text that is nothing but a reference is a piece of one, if it names a sheet, has a $ or the row put
    in; to A1 of a sheet one links. Letters to go through and arithmetic on their codes make references.
    """
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {
        id(piece) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in node.values
    }
    faults = []
    for node in ast.walk(tree):
        if id(node) in prose | inside:
            continue
        text, letters = _text_of(node), _letters_of(node)
        if text is not None and _has_letter(text):
            faults.append((node, f"a column by its letter in {text!r}"))
        elif letters:
            faults.append((getattr(node, "iter", node), f"columns by their letters: {letters}"))
    return [f"line {getattr(node, 'lineno', '?')}: {fault}" for node, fault in faults]


def _text_of(node: ast.AST) -> str | None:
    """A text of the source, with {} for what an f-string puts in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)
    return None


def _has_letter(text: str) -> bool:
    if text.startswith("=") or re.search(r"\b[A-Z]{2,}\(", text):
        return _REFERENCE.search(_CORNER.sub("", text)) is not None
    reference = _ONLY_REFERENCES.fullmatch(_CORNER.sub("", text))
    return reference is not None and any(sign in text for sign in ("!", "$", "{}", ":"))


def _letters_of(node: ast.AST) -> str:
    """The letters that a loop goes through, or the arithmetic that makes them; "" for none."""
    if isinstance(node, ast.comprehension | ast.For):
        values = node.iter.elts if isinstance(node.iter, ast.Tuple | ast.List) else [node.iter]
        texts = [v.value if isinstance(v, ast.Constant) else None for v in values]
        if all(isinstance(text, str) and _LETTERS.fullmatch(text) for text in texts):
            single = len(texts) == 1 or all(len(str(text)) == 1 for text in texts)
            return ", ".join(map(str, texts)) if single else ""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Constant):
        return node.value.value if _LETTERS.fullmatch(str(node.value.value)) else ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "chr":
        codes = {getattr(n, "value", None) for arg in node.args for n in ast.walk(arg)}
        return ast.unparse(node) if codes & {64, 65, "A"} else ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        code = ast.unparse(node)
        return code if re.search(r"\bord\(.*- (64|65|ord\('A'\))$", code) else ""
    return ""
