"""The rules of house_rules.py and the second opinion of libreoffice.py, tried out themselves.

Each rule is shown a good file, in which it finds nothing, and the same file with one thing
damaged in the XML of the package, in which it finds that one thing.
"""

from __future__ import annotations

import base64
import io
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import docx
import libreoffice as lo
import pytest
import xlsxwriter
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm
from docx.table import Table
from house_rules import column_letter_faults, docx_faults, xlsx_faults
from libreoffice import (  # noqa: F401 - two of them are the fixtures behind the marks
    libreoffice,
    needs_pdftotext,
    needs_soffice,
    pdftotext,
)

import pipeline

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
WORKBOOK = "xl/workbook.xml"
TABLE = "xl/tables/table1.xml"
OTHER_TABLE = "xl/tables/table2.xml"
DRAWING_LINKS = "xl/drawings/_rels/drawing1.xml.rels"
DOCUMENT = "word/document.xml"
FOOTER = "word/footer1.xml"
STYLES = "word/styles.xml"
CORE = "docProps/core.xml"

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class Edit(NamedTuple):
    """In `part`, `old` becomes `new` where it first occurs; with no `old` the part is added."""

    part: str
    old: str
    new: str


def damaged(good: Path, target: Path, *edits: Edit) -> Path:
    """Write in `target` the good file with the edits; each must find what it replaces."""
    with zipfile.ZipFile(good) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for part, old, new in edits:
        before = parts[part].decode() if old else ""
        assert old in before, f"{old!r} is not in {part}: {before[:3000]}"
        parts[part] = before.replace(old, new, 1).encode() if old else new.encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target


def assert_only_fault(faults: list[str], expected: str) -> None:
    assert len(faults) == 1, faults
    assert expected in faults[0]


# --- workbooks


def write_good_workbook(path: Path) -> Path:
    """Write a small workbook with one of everything the rules look at."""
    with xlsxwriter.Workbook(path) as book:
        data, index = book.add_worksheet("Dati"), book.add_worksheet("Indice dell'ente")
        book.add_worksheet("Note")
        data.add_table(
            "A1:C3",
            {
                "name": "Obiettivi",
                "columns": [{"header": "Voce"}, {"header": "Importo\nin euro"}, {"header": "Note"}],
                "data": [["uno", 1, "x"], ["due", 2, "y"]],
            },
        )
        data.add_table(
            "A4:C6",
            {
                "name": "Indicatori",
                "columns": [{"header": "Voce"}, {"header": "2024"}, {"header": "2025"}],
                "data": [["tre", 3, 4], ["quattro", 5, 6]],
            },
        )
        data.merge_range("A8:B8", "unite")
        data.merge_range("D8:E8", "anche queste")
        data.write_row("A9", [1, 2])
        data.write_formula("A10", "=SUM(B2:B3)", None, 3)
        data.write_formula("B10", '="Totale "&A9', None, "Totale 1")
        data.write_formula("C10", '=IF(A9>0,"",1)', None, "")
        data.write_formula("D10", "=SUM(Indicatori[2024])+Note!A1", None, 8)
        data.write_formula("E10", "=A9=1", None, True)
        data.set_row(11, 30)  # a row without cells
        data.data_validation("G1", {"validate": "list", "source": ["Si", "No", "In parte"]})
        index.write_url("A1", "internal:Dati!A1", string="ai dati")
        index.write_url("A2", "internal:'Indice dell''ente'!A1", string="in cima")
        index.write_url("A3", "https://example.org#Altro!A1", string="fuori")
        index.write_formula("A4", '=HYPERLINK("#Dati!A9","vai")', None, "vai")
        index.write_string("A5", "letterale _x000B_, con\na capo")
        index.insert_textbox("C5", "pulsante", {"url": "internal:Dati!A1"})
        book.define_name("Totale", "=Dati!$A$10")
        book.define_name("Media_2", "=Dati!$A$9")
        book.define_name("Note!Totale", "=Note!$A$1")  # the same name in another scope
        data.print_area("A1:E10")
    return path


XLSX_DAMAGES: dict[str, tuple[str, list[Edit]]] = {
    "cell address twice": (
        "cell address used 2 times: A9",
        [Edit(SHEET, '<c r="B9">', '<c r="A9">')],
    ),
    "rows out of order": (
        "rows out of order: 3 after 10",
        [Edit(SHEET, '<row r="12"', '<row r="3"')],
    ),
    "cells out of order": (
        "cells out of order in row 9",
        [
            Edit(
                SHEET,
                '<c r="A9"><v>1</v></c><c r="B9"><v>2</v></c>',
                '<c r="B9"><v>2</v></c><c r="A9"><v>1</v></c>',
            )
        ],
    ),
    "cell in the wrong row": (
        "cell of another row in row 9",
        [Edit(SHEET, '<c r="B9">', '<c r="B11">')],
    ),
    "overlapping merges": (
        "overlapping merges: A8:B8 and B8:E8",
        [Edit(SHEET, 'ref="D8:E8"', 'ref="B8:E8"')],
    ),
    "header says something else": (
        "table Obiettivi: column 'Nota' is headed 'Note' in C1",
        [Edit(TABLE, 'name="Note"', 'name="Nota"')],
    ),
    "header is a number": (
        "column 'Voce' is headed None in A1",
        [Edit(SHEET, '<c r="A1" t="s">', '<c r="A1">')],
    ),
    "header is missing": (
        "column 'Note' is headed None in C1",
        [Edit(SHEET, '<c r="C1" t="s">', '<c r="D1" t="s">')],
    ),
    "column name twice": (
        "column name used twice: 'voce'",
        [Edit(TABLE, 'name="Note"', 'name="VOCE"'), Edit(STRINGS, "<t>Note</t>", "<t>VOCE</t>")],
    ),
    "table narrower than its columns": (
        "table Obiettivi: 3 columns, but A1:B3 is 2 wide",
        [Edit(TABLE, 'displayName="Obiettivi" ref="A1:C3"', 'displayName="Obiettivi" ref="A1:B3"')],
    ),
    "tables overlap": (
        "table Obiettivi overlaps table Indicatori",
        [Edit(TABLE, 'displayName="Obiettivi" ref="A1:C3"', 'displayName="Obiettivi" ref="A1:C4"')],
    ),
    "table over a merge": (
        "table Indicatori overlaps the merge C6:D6",
        [Edit(SHEET, 'ref="D8:E8"', 'ref="C6:D6"')],
    ),
    "table name twice": (
        "table name used twice: 'obiettivi'",
        [Edit(OTHER_TABLE, 'displayName="Indicatori"', 'displayName="OBIETTIVI"')],
    ),
    "table name with a blank": (
        "table name that Excel refuses: 'Tabella uno'",
        [Edit(TABLE, 'displayName="Obiettivi"', 'displayName="Tabella uno"')],
    ),
    "table name like a cell": (
        "table name that Excel refuses: 'PEG2024'",
        [Edit(TABLE, 'displayName="Obiettivi"', 'displayName="PEG2024"')],
    ),
    "table name that is a defined name": (
        "table name that is also a defined name: 'totale'",
        [Edit(TABLE, 'displayName="Obiettivi"', 'displayName="totale"')],
    ),
    "list too long": (
        "list longer than 255 characters",
        [Edit(SHEET, "In parte", "x" * 250)],
    ),
    "comma inside an item": (
        "list with a comma inside an item",
        [Edit(SHEET, "In parte", "In parte, poco")],
    ),
    "empty item": (
        "or an empty item: 'Si,No,'",
        [Edit(SHEET, "In parte", "")],
    ),
    "item listed twice": (
        "item listed twice: 'no'",
        [Edit(SHEET, "In parte", "NO")],
    ),
    "quotation mark in the list": (
        "quotation mark that is not doubled",
        [Edit(SHEET, "In parte", 'In "parte')],
    ),
    "defined name with a blank": (
        "defined name that Excel refuses: 'Media 2'",
        [Edit(WORKBOOK, 'name="Media_2"', 'name="Media 2"')],
    ),
    "defined name like R1C1": (
        "defined name that Excel refuses: 'R1'",
        [Edit(WORKBOOK, 'name="Media_2"', 'name="R1"')],
    ),
    "defined name twice": (
        "defined name used twice in the same scope (workbook): 'totale'",
        [Edit(WORKBOOK, 'name="Media_2"', 'name="TOTALE"')],
    ),
    "sheet name too long": (
        "sheet name longer than 31 characters",
        [Edit(WORKBOOK, 'sheet name="Note"', f'sheet name="{"n" * 32}"')],
    ),
    "sheet name with a colon": (
        "sheet name empty or with one of",
        [Edit(WORKBOOK, 'sheet name="Note"', 'sheet name="Note: 1"')],
    ),
    "sheet name with an apostrophe": (
        "sheet name that starts or ends with an apostrophe",
        [Edit(WORKBOOK, 'sheet name="Note"', 'sheet name="Note\'"')],
    ),
    "sheet name twice": (
        "sheet name used twice: 'dati'",
        [Edit(WORKBOOK, 'sheet name="Note"', 'sheet name="DATI"')],
    ),
    "shared string too long": (
        "Dati!A8: text longer than 32767 characters",
        [Edit(STRINGS, "<t>unite</t>", f"<t>{'x' * 32_768}</t>")],
    ),
    "inline string too long": (
        "Dati!A9: text longer than 32767 characters",
        [
            Edit(
                SHEET,
                '<c r="A9"><v>1</v></c>',
                f'<c r="A9" t="inlineStr"><is><t>{"x" * 32_768}</t></is></c>',
            )
        ],
    ),
    "formula without a value": (
        "formula without a cached value in A10: 'SUM(B2:B3)'",
        [Edit(SHEET, "<f>SUM(B2:B3)</f><v>3</v>", "<f>SUM(B2:B3)</f>")],
    ),
    "formula in error": (
        "formula whose cached value is an error in A10: #DIV/0!",
        [
            Edit(
                SHEET,
                '<c r="A10"><f>SUM(B2:B3)</f><v>3</v>',
                '<c r="A10" t="e"><f>SUM(B2:B3)</f><v>#DIV/0!</v>',
            )
        ],
    ),
    "formula in error as text": (
        "formula whose cached value is an error in B10: #N/D",
        [Edit(SHEET, "<v>Totale 1</v>", "<v>#N/D</v>")],
    ),
    "style out of range": (
        "Dati: style index out of range: 99",
        [Edit(SHEET, '<c r="A9">', '<c r="A9" s="99">')],
    ),
    "link to no sheet": (
        "Indice dell'ente!A1: link to a place that does not exist: 'Data!A1'",
        [Edit("xl/worksheets/sheet2.xml", 'location="Dati!A1"', 'location="Data!A1"')],
    ),
    "link to no name": (
        "link to a place that does not exist: 'Totali'",
        [Edit("xl/worksheets/sheet2.xml", 'location="Dati!A1"', 'location="Totali"')],
    ),
    "link in a formula": (
        "Indice dell'ente!A4: link to a place that does not exist: 'Data!A9'",
        [Edit("xl/worksheets/sheet2.xml", "#Dati!A9", "#Data!A9")],
    ),
    "link on a shape": (
        f"{DRAWING_LINKS}: link to a place that does not exist: 'Data!A1'",
        [Edit(DRAWING_LINKS, "#Dati!A1", "#Data!A1")],
    ),
    "control character": (
        "Dati!A8: control character in the text: 'unite_x000B_'",
        [Edit(STRINGS, "<t>unite</t>", "<t>unite_x000B_</t>")],
    ),
    "control character of an old code page": (
        "control character in the text",
        [Edit(STRINGS, "<t>unite</t>", "<t>l\x92unione</t>")],
    ),
    "macros": (
        "the workbook carries macros",
        [Edit("xl/vbaProject.bin", "", "macro")],
    ),
    "external link": (
        "the workbook has an external link: xl/externalLinks/externalLink1.xml",
        [Edit("xl/externalLinks/externalLink1.xml", "", "<externalLink/>")],
    ),
    "formula on another workbook": (
        "the formula in A10 has an external link",
        [Edit(SHEET, "SUM(B2:B3)", "SUM([1]Foglio1!B2:B3)")],
    ),
    "formula on another workbook by name": (
        "the formula in A10 has an external link",
        [Edit(SHEET, "SUM(B2:B3)", "SUM('C:\\dati\\[altro.xlsx]Foglio 1'!B2:B3)")],
    ),
}


@pytest.fixture(scope="module")
def good_workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_good_workbook(tmp_path_factory.mktemp("good") / "good.xlsx")


def test_a_good_workbook_has_no_faults(good_workbook: Path) -> None:
    assert xlsx_faults(good_workbook) == []


@pytest.mark.parametrize("name", XLSX_DAMAGES)
def test_each_fault_of_a_workbook_is_found(name: str, good_workbook: Path, tmp_path: Path) -> None:
    expected, edits = XLSX_DAMAGES[name]
    assert_only_fault(xlsx_faults(damaged(good_workbook, tmp_path / "bad.xlsx", *edits)), expected)


# --- documents


BOOKMARK = '<w:bookmarkStart w:id="7" w:name="_Ref_sintesi"/><w:bookmarkEnd w:id="7"/>'
LINK = '<w:hyperlink w:anchor="_Ref_sintesi"><w:r><w:t>Sintesi</w:t></w:r></w:hyperlink>'
SEPARATOR = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
FIELD = (  # its instruction is in two pieces, as Word may leave it
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    "<w:r><w:instrText>PAGEREF </w:instrText></w:r>"
    "<w:r><w:instrText>_Ref_sintesi \\h</w:instrText></w:r>"
    f"{SEPARATOR}"
    "<w:r><w:t>1</w:t></w:r>"
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


def write_good_document(path: Path) -> Path:
    """Write a small document with one of everything the rules look at."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "Relazione", "Comune", ""
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    language.set(qn("w:val"), "it-IT")
    first = document.sections[0]
    first.page_width, first.page_height = Mm(210), Mm(297)
    first.left_margin = first.right_margin = Mm(20)
    _append(first.footer.paragraphs[0]._p, '<w:fldSimple w:instr=" PAGE "/>')

    heading = document.add_heading("Sintesi", 1)
    _append(heading._p, BOOKMARK)
    document.add_heading("Risorse", 2)
    text = document.add_paragraph("Importi in euro ", style="List Bullet")
    _append(text._p, LINK + FIELD)
    table = document.add_table(2, 3, style="Table Grid")
    _describe(table, "Risorse assegnate")
    table.cell(0, 0).text = "Voce"
    table.cell(1, 0).merge(table.cell(1, 1))
    table.cell(1, 2).text = "Di cui:"
    _describe(table.cell(1, 2).add_table(1, 1), "Dettaglio")
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_heading("Grafico", 2)
    document.add_paragraph().add_run().add_picture(io.BytesIO(PICTURE), Mm(20))
    document.element.body.find(f".//{qn('wp:docPr')}").set("descr", "Un grafico a barre")

    second = document.add_section(WD_SECTION.NEW_PAGE)
    second.orientation = WD_ORIENT.LANDSCAPE
    second.page_width, second.page_height = Mm(297), Mm(210)
    document.add_heading("Allegato", 1)
    _describe(document.add_table(1, 5), "Obiettivi")  # wider than an upright page
    document.add_paragraph("Fine")
    document.save(str(path))
    return path


def _append(parent: BaseOxmlElement, fragment: str) -> None:
    """Add to `parent` the elements of a piece of XML whose prefix is w."""
    for element in parse_xml(f"<w:p {nsdecls('w')}>{fragment}</w:p>"):
        parent.append(element)


def _describe(table: Table, caption: str) -> None:
    """Give the table its alternative text and its heading row."""
    _append(table._tbl.tblPr, f'<w:tblCaption w:val="{caption}"/>')
    _append(table.rows[0]._tr.get_or_add_trPr(), "<w:tblHeader/>")


@pytest.fixture(scope="module")
def good_document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_good_document(tmp_path_factory.mktemp("good") / "good.docx")


def test_a_good_document_has_no_faults(good_document: Path) -> None:
    assert docx_faults(good_document) == []


LAST_PARAGRAPH = "<w:p><w:r><w:t>Fine</w:t></w:r></w:p>"
SMALL_TABLE = (
    '<w:tbl><w:tblPr><w:tblCaption w:val="Altra"/></w:tblPr>'
    '<w:tblGrid><w:gridCol w:w="500"/></w:tblGrid>'
    "<w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>"
)


def _before_the_end(fragment: str) -> list[Edit]:
    """An edit that puts a piece of XML before the last paragraph of the good document."""
    return [Edit(DOCUMENT, LAST_PARAGRAPH, fragment + LAST_PARAGRAPH)]


DOCX_DAMAGES: dict[str, tuple[str, list[Edit]]] = {
    "no title": (
        "the title of the document is empty",
        [Edit(CORE, "<dc:title>Relazione</dc:title>", "<dc:title/>")],
    ),
    "author is the library": (
        "the library instead of the author: dc:creator 'python-docx'",
        [Edit(CORE, ">Comune<", ">python-docx<")],
    ),
    "placeholder in the title": (
        "placeholder left in the title",
        [Edit(CORE, ">Relazione<", ">Relazione {{anno}}<")],
    ),
    "other language": (
        "the language of the document is en-US, not it-IT",
        [Edit(STYLES, '<w:lang w:val="it-IT"', '<w:lang w:val="en-US"')],
    ),
    "no language": (
        "the language of the document is not set, not it-IT",
        [Edit(STYLES, '<w:lang w:val="it-IT"', "<w:lang")],
    ),
    "not A4": (
        "section 1: page of 12240 x 15840 twips, not A4",
        [Edit(DOCUMENT, 'w:w="11906" w:h="16838"', 'w:w="12240" w:h="15840"')],
    ),
    "landscape not declared": (
        "section 2: page lying down but not declared landscape",
        [Edit(DOCUMENT, ' w:orient="landscape"', "")],
    ),
    "paragraph style not defined": (
        "document.xml: style used but not defined: 'ElencoPuntato'",
        [Edit(DOCUMENT, '"ListBullet"', '"ElencoPuntato"')],
    ),
    "table style not defined": (
        "document.xml: style used but not defined: 'Griglia'",
        [Edit(DOCUMENT, '"TableGrid"', '"Griglia"')],
    ),
    "style of the footer not defined": (
        "footer1.xml: style used but not defined: 'Pie'",
        [Edit(FOOTER, '"Footer"', '"Pie"')],
    ),
    "heading levels jump": (
        "heading levels jump: Heading 3 'Risorse' after Heading 1",
        [Edit(DOCUMENT, '"Heading2"', '"Heading3"')],
    ),
    "first heading too deep": (
        "heading levels jump: Heading 2 'Sintesi' after the start",
        [Edit(DOCUMENT, '"Heading1"', '"Heading2"')],
    ),
    "no Heading 1": (
        "no Heading 1 in the document",
        [Edit(DOCUMENT, '"Heading1"', '"Heading2"')] * 2,
    ),
    "empty paragraph": (
        "empty paragraph used as spacing, after 'Allegato'",
        _before_the_end("<w:p/>"),
    ),
    "paragraph with a line break only": (
        "empty paragraph used as spacing",
        _before_the_end("<w:p><w:r><w:br/></w:r></w:p>"),
    ),
    "empty paragraph in a cell": (
        "empty paragraph used as spacing, after 'Importi in euro Sintesi1'",
        [Edit(DOCUMENT, "<w:p><w:r><w:t>Voce", "<w:p/><w:p><w:r><w:t>Voce")],
    ),
    "cells beyond the grid": (
        "table 1 'Risorse assegnate': row 2 spans 4 columns, the grid has 3",
        [Edit(DOCUMENT, '<w:gridSpan w:val="2"/>', '<w:gridSpan w:val="3"/>')],
    ),
    "cell without a paragraph": (
        "table 2 'Dettaglio': cell without a paragraph in row 1",
        [Edit(DOCUMENT, "<w:p/></w:tc></w:tr></w:tbl>", "</w:tc></w:tr></w:tbl>")],
    ),
    "cell that ends with a table": (
        "table 1 'Risorse assegnate': cell that ends with a table in row 2",
        [Edit(DOCUMENT, "</w:tbl><w:p/></w:tc>", "</w:tbl></w:tc>")],
    ),
    "two tables in a row in a cell": (
        "table 2 'Dettaglio': no paragraph between this table and the next",
        [Edit(DOCUMENT, "</w:tbl><w:p/></w:tc>", f"</w:tbl>{SMALL_TABLE}<w:p/></w:tc>")],
    ),
    "two tables in a row": (
        "table 3 'Obiettivi': no paragraph between this table and the next",
        _before_the_end(SMALL_TABLE),
    ),
    "no heading row": (
        "table 1 'Risorse assegnate': first row not marked as heading row (0 allowed)",
        [Edit(DOCUMENT, "<w:tblHeader/>", "")],
    ),
    "heading row switched off": (
        "table 1 'Risorse assegnate': first row not marked as heading row (0 allowed)",
        [Edit(DOCUMENT, "<w:tblHeader/>", '<w:tblHeader w:val="0"/>')],
    ),
    "table without alternative text": (
        "table 1: no alternative text",
        [Edit(DOCUMENT, '<w:tblCaption w:val="Risorse assegnate"/>', "")],
    ),
    "drawing without alternative text": (
        "drawing without alternative text: 'Picture 1'",
        [Edit(DOCUMENT, ' descr="Un grafico a barre"', "")],
    ),
    "blanks that get lost": (
        "text with blanks at its edges and no xml:space=\"preserve\": 'Importi in euro '",
        [Edit(DOCUMENT, ' xml:space="preserve">Importi', ">Importi")],
    ),
    "placeholder": (
        "document.xml: placeholder left in the text: 'Fine {{ente}}'",
        [Edit(DOCUMENT, ">Fine<", ">Fine {{ente}}<")],
    ),
    "placeholder in two runs": (
        "document.xml: placeholder left in the text: '{{ente'",
        [Edit(DOCUMENT, ">Fine<", ">{</w:t></w:r><w:r><w:t>{ente<")],
    ),
    "empty quotation marks": (
        "document.xml: placeholder left in the text: 'Ente «»'",
        [Edit(DOCUMENT, ">Fine<", ">Ente «»<")],
    ),
    "placeholder in the footer": (
        "footer1.xml: placeholder left in the text: '{{ente}}'",
        [Edit(FOOTER, "<w:fldSimple", "<w:r><w:t>{{ente}}</w:t></w:r><w:fldSimple")],
    ),
    "placeholder in an alternative text": (
        "placeholder left in the text: '{{grafico}}'",
        [Edit(DOCUMENT, "Un grafico a barre", "{{grafico}}")],
    ),
    "grid wider than the page": (
        "table 1 'Risorse assegnate': wider than the text area: grid 9700, cells 9639 twips",
        [Edit(DOCUMENT, '<w:gridCol w:w="3213"/>', '<w:gridCol w:w="3274"/>')],
    ),
    "cells wider than the page": (
        "table 3 'Obiettivi': wider than the text area: grid 14570, cells 15656 twips",
        [Edit(DOCUMENT, '<w:tcW w:type="dxa" w:w="2914"/>', '<w:tcW w:type="dxa" w:w="4000"/>')],
    ),
    "bookmark twice": (
        "bookmark name used twice: '_ref_sintesi'",
        [
            Edit(
                DOCUMENT,
                ">Fine<",
                '>Fine</w:t></w:r><w:bookmarkStart w:id="8" w:name="_Ref_Sintesi"/>'
                '<w:bookmarkEnd w:id="8"/><w:r><w:t><',
            )
        ],
    ),
    "bookmark without an end": (
        "bookmark that starts and does not end: '_Ref_sintesi'",
        [Edit(DOCUMENT, '<w:bookmarkEnd w:id="7"/>', "")],
    ),
    "bookmark without a start": (
        "bookmark that ends and does not start: id 7",
        [Edit(DOCUMENT, '<w:bookmarkEnd w:id="7"/>', '<w:bookmarkEnd w:id="7"/>' * 2)],
    ),
    "bookmark name too long": (
        "bookmark name longer than 40 characters",
        [
            Edit(
                DOCUMENT,
                BOOKMARK,
                BOOKMARK + BOOKMARK.replace("7", "8").replace("_Ref_sintesi", "b" * 41),
            )
        ],
    ),
    "page reference to nothing": (
        "field that refers to a bookmark that does not exist: 'PAGEREF _Ref_altro",
        [Edit(DOCUMENT, ">_Ref_sintesi ", ">_Ref_altro ")],
    ),
    "reference to nothing in the footer": (
        "field that refers to a bookmark that does not exist: 'REF niente",
        [Edit(FOOTER, " PAGE ", " REF niente \\h ")],
    ),
    "field without an end": (
        "document.xml: fields that begin and do not end: 1",
        [Edit(DOCUMENT, '<w:r><w:fldChar w:fldCharType="end"/></w:r>', "")],
    ),
    "field without a beginning": (
        "document.xml: field mark out of place: end",
        [
            Edit(DOCUMENT, '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', ""),
            Edit(DOCUMENT, SEPARATOR, ""),
        ],
    ),
    "field with two separators": (
        "document.xml: field mark out of place: separate",
        [Edit(DOCUMENT, SEPARATOR, SEPARATOR * 2)],
    ),
    "link to nothing": (
        "link to a bookmark that does not exist: '_Ref_altro'",
        [Edit(DOCUMENT, 'w:anchor="_Ref_sintesi"', 'w:anchor="_Ref_altro"')],
    ),
}


@pytest.mark.parametrize("name", DOCX_DAMAGES)
def test_each_fault_of_a_document_is_found(name: str, good_document: Path, tmp_path: Path) -> None:
    expected, edits = DOCX_DAMAGES[name]
    assert_only_fault(docx_faults(damaged(good_document, tmp_path / "bad.docx", *edits)), expected)


def test_some_tables_may_do_without_a_heading_row(good_document: Path, tmp_path: Path) -> None:
    without_one = [Edit(DOCUMENT, "<w:tblHeader/>", "")]
    bad = damaged(good_document, tmp_path / "one.docx", *without_one)
    worse = damaged(good_document, tmp_path / "two.docx", *without_one * 2)
    assert docx_faults(bad, tables_without_header=1) == []
    assert len(docx_faults(worse, tables_without_header=1)) == 2


def test_a_table_may_have_a_description_instead_of_a_caption(
    good_document: Path, tmp_path: Path
) -> None:
    described = Edit(DOCUMENT, '<w:tblCaption w:val="Dettaglio"/>', '<w:tblDescription w:val="x"/>')
    assert docx_faults(damaged(good_document, tmp_path / "good.docx", described)) == []


# --- LibreOffice


@pytest.mark.parametrize(
    ("in_ci", "outcome"), [(False, pytest.skip.Exception), (True, pytest.fail.Exception)]
)
def test_without_the_program_a_test_is_skipped_but_fails_in_ci(
    in_ci: bool, outcome: type[BaseException]
) -> None:
    with pytest.raises(outcome, match="LibreOffice is not installed"):
        lo.stop_without("LibreOffice", in_ci)


def test_converting_without_libreoffice_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(lo, "soffice", lambda: None)
    with pytest.raises(lo.ConversionError, match="not installed"):
        lo.convert(tmp_path / "a.xlsx", tmp_path / "out", "pdf")


def test_a_program_that_hangs_is_ended_with_its_children() -> None:
    sleep = "import time; time.sleep(60)"
    launcher = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {sleep!r}])"
    start = time.monotonic()
    with pytest.raises(lo.ConversionError, match=r"not finished after 0\.5 s"):
        lo._run([sys.executable, "-c", launcher], timeout=0.5)
    assert time.monotonic() - start < 20


@needs_soffice
def test_a_conversion_that_writes_nothing_is_an_error(good_workbook: Path, tmp_path: Path) -> None:
    with pytest.raises(lo.ConversionError, match=r"no good\.nosuch"):
        lo.convert(good_workbook, tmp_path, "nosuch")


@needs_soffice
def test_a_file_of_an_earlier_run_does_not_pass_for_the_new_one(tmp_path: Path) -> None:
    (tmp_path / "missing.pdf").write_text("from an earlier run")
    with pytest.raises(lo.ConversionError, match=r"no missing\.pdf"):
        lo.convert(tmp_path / "missing.docx", tmp_path, "pdf")


@needs_soffice
def test_a_conversion_never_overwrites_its_source(good_workbook: Path) -> None:
    with pytest.raises(ValueError, match="overwrite"):
        lo.convert(good_workbook, good_workbook.parent, "xlsx")


@needs_soffice
def test_a_conversion_never_overwrites_another(good_workbook: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="another"):
        lo.convert_all([good_workbook, tmp_path / good_workbook.name], tmp_path / "out", "pdf")


RIGHT_VALUES = {"A10": 3, "B10": "Totale 1", "D10": 8, "E10": True}  # C10 is the empty text


def _of_formulas(values: lo.CellValues) -> dict[str, object]:
    """Return the values found in the formulas of the first sheet of the good workbook."""
    return {cell: value for cell, value in values["Dati"].items() if cell[1:] == "10"}


def test_formulas_and_their_kept_values(good_workbook: Path) -> None:
    assert lo.formula_cells(good_workbook) == {
        "Dati": {"A10", "B10", "C10", "D10", "E10"},
        "Indice dell'ente": {"A4"},
        "Note": set(),
    }
    assert _of_formulas(lo.cached_values(good_workbook)) == RIGHT_VALUES


@needs_soffice
def test_recalculation_does_not_trust_the_values_in_the_file(
    good_workbook: Path, tmp_path: Path
) -> None:
    wrong = lo.with_wrong_cached_values(good_workbook, tmp_path / "wrong.xlsx")
    all_wrong = dict.fromkeys(["A10", "B10", "C10", "D10", "E10"], lo.WRONG_VALUE)
    assert _of_formulas(lo.cached_values(wrong)) == all_wrong
    # On its own LibreOffice gives back what it finds: that is why recalculate=True exists
    as_found = lo.convert(wrong, tmp_path / "as_found", "xlsx")
    assert _of_formulas(lo.cached_values(as_found)) == all_wrong
    assert _of_formulas(lo.recalculated_values(wrong, tmp_path)) == RIGHT_VALUES


@needs_soffice
def test_differences_between_kept_and_recalculated_values(good_workbook: Path, tmp_path: Path) -> None:
    assert lo.formula_differences(good_workbook, tmp_path / "good") == []
    wrong = lo.with_wrong_cached_values(good_workbook, tmp_path / "wrong.xlsx")
    differences = lo.formula_differences(wrong, tmp_path / "wrong")
    assert len(differences) == 6
    assert differences[0] == "Dati!A10: in the file -999, recalculated 3"


# --- pages


def _document_with_pages(path: Path, contents: Sequence[str]) -> Path:
    """Write a document with a page for each content, under a header and over a footer."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Comune di Prova"
    _append(
        document.sections[0].footer.paragraphs[0]._p,
        '<w:r><w:t xml:space="preserve">Pagina </w:t></w:r><w:fldSimple w:instr=" PAGE "/>',
    )
    for content in contents:
        document.add_paragraph(content).paragraph_format.page_break_before = True
    document.save(str(path))
    return path


@needs_pdftotext
def test_pages_and_the_empty_ones_among_them(tmp_path: Path) -> None:
    contents = ["Il primo capitolo", "", "Il terzo capitolo", "Il quarto capitolo"]
    source = _document_with_pages(tmp_path / "pages.docx", contents)
    pdf = lo.convert(source, tmp_path, "pdf")
    pages = lo.pdf_pages(pdf)
    assert len(pages) == 4
    assert all(content in page for content, page in zip(contents, pages, strict=True))
    assert "Pagina 3" in pages[2]
    assert lo.empty_pages(pdf) == [2]


@needs_pdftotext
def test_a_single_page_is_not_empty_for_lack_of_others(tmp_path: Path) -> None:
    source = _document_with_pages(tmp_path / "page.docx", ["Un capitolo solo"])
    assert lo.empty_pages(lo.convert(source, tmp_path, "pdf")) == []


@needs_pdftotext
@pytest.mark.parametrize(("columns", "beyond"), [(4, []), (8, [1])])
def test_a_table_that_runs_off_the_page_is_found(
    columns: int, beyond: list[int], tmp_path: Path
) -> None:
    document = docx.Document()
    table = document.add_table(2, columns)
    table.autofit = False
    for column in table.columns:
        column.width = Mm(40)
    for cell in table._cells:
        cell.width, cell.text = Mm(40), "Una voce che riempie"
    document.save(str(tmp_path / "table.docx"))
    assert lo.pages_beyond_margin(lo.convert(tmp_path / "table.docx", tmp_path, "pdf")) == beyond


# --- no column by its letter

BY_LETTER = {
    "a cell of the same row": 'f"=IF(ISNUMBER(F{riga}),F{riga},0)"',
    "a fixed cell": 'f"=ROUND($C${riga},2)"',
    "a piece of a formula": 'f"SUMPRODUCT(D{da}:D{a},{pesi})"',
    "a reference to be put in": 'f"F{riga}"',
    "a range to be put in": 'f"D{da}:D{a}"',
    "a cell of another sheet": '"Riepilogo!$B$3"',
    "a cell of a sheet put in": 'f"{foglio}!B2"',
    "a whole column": '"=SUM(A:A)"',
    "a whole fixed column": '"=SUM($A:$C)"',
    "a cell written out": '"=A1+B2"',
    "two letters": 'f"=AB{riga}"',
    "the list of a drop-down": 'f"={foglio}!$A$4:$A${n}"',
    "letters to go through": '[f"{c}{riga}" for c in "ADEH"]',
    "letters one by one": '[f"{c}{riga}" for c in ("A", "C")]',
    "letters in a loop": '0\nfor c in "KLN": scrivi(c)',
    "a letter by its place": '"ABCDEF"[n]',
    "the letter of a number": "chr(64 + colonna)",
    "the number of a letter": "ord(lettera) - 64",
}
BY_NAME = '''
def formula(r):
    """Columns as =F{riga} or Riepilogo!$B$3 are told in prose only."""
    codici = ["A1", "V27", f"{n} C", "T1"]
    link = f"internal:'{foglio}'!A1"
    for lingua in ("IT", "EN"):
        peso, grado = r.cella("peso"), r.cella("grado")
    return f'=IF(AND(ISNUMBER({peso}),{grado}="SÌ"),{peso}*{grado},{voci.colonna("quota")})'
'''


@pytest.mark.parametrize("source", BY_LETTER.values(), ids=BY_LETTER)
def test_a_column_by_its_letter_is_found(source: str) -> None:
    assert len(column_letter_faults(f"x = {source}")) == 1


def test_columns_by_name_are_no_fault() -> None:
    assert column_letter_faults(BY_NAME) == []


def test_no_formula_of_ours_has_a_column_by_its_letter() -> None:
    modules = list(Path(pipeline.__file__).parent.rglob("*.py"))
    assert len(modules) > 50
    assert {
        str(p): faults
        for p in modules
        if (faults := column_letter_faults(p.read_text(encoding="utf-8")))
    } == {}
