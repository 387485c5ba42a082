"""The templates: what is written is read back, by us, by openpyxl and through LibreOffice.

The tables are drawn by strategie.py; the complete example stands in input_workbooks.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
from conftest import ESEMPIO
from fixtures_ente import below, copy_sheet, put_many
from house_rules import xlsx_faults
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from libreoffice import cached_values, convert_all, formula_cells, needs_soffice
from lxml import etree
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from strategie import (
    COME_ERRORI,
    COME_ESCAPE,
    COME_NUMERI,
    COME_XML,
    LUNGHI,
    Settore,
    contenuto,
    enti,
    scomodo,
    settori,
)
from validators import faults, sdk_faults

from pipeline import ingest, modelli, veste
from pipeline.rilievi import Rilievo
from pipeline.tables import TRASVERSALI, VALUTAZIONI, Riga, Tabelle, celle_piene, costruisci
from pipeline.workbooks import ente, form, messaggi, missioni, schede
from pipeline.workbooks.fields import Campo, Lettura, trova_riga
from pipeline.workbooks.grid import Foglio, indirizzo
from pipeline.workbooks.lettore import apri
from pipeline.workbooks.settore import FINE_VOCI, PESI_INCOMPLETI, Testata

EXAMPLES = sorted(ESEMPIO.glob("*.xlsx"))
SETTORI = [path for path in EXAMPLES if path.name != ente.FILE]
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TO_FILL = {"FF" + colour.removeprefix("#") for colour in (veste.INPUT, veste.NUCLEO)}
SECTIONS = (
    ("obiettivi", schede.INTESTAZIONE_OBIETTIVI),
    ("collegamenti", schede.COLLEGAMENTO),
    ("indicatori", schede.INDICATORE),
    ("stati", schede.STATO),
)

round_trips = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # to make a failing example small: add Phase.shrink
    suppress_health_check=list(HealthCheck),
)
few = settings(round_trips, max_examples=8)
"""For what costs too much to be tried so many times."""

Area = tuple[str, int, int]
"""A cell of a workbook: sheet, row, column."""


def objections(lettura: Lettura) -> list[Rilievo]:
    """The findings of a reading, less the remarks on values that are kept as they are."""
    remarks = ("I01", "C11", "C12", "C13", "C17", "C18")
    return [rilievo for rilievo in lettura.rilievi if rilievo.codice not in remarks]


def written(settore: Settore, folder: Path) -> Path:
    path = folder / f"{settore.testata.settore}.xlsx"
    schede.scrivi(path, settore.testata, settore.tabelle, settore.n_schede)
    return path


def written_ente(tabelle: Tabelle, folder: Path) -> Path:
    path = folder / ente.FILE
    ente.scrivi(path, tabelle, 2020)
    return path


def read(path: Path) -> Lettura:
    return ingest.leggi_sola(apri(path))[0]


def tables(lettura: Lettura) -> dict[str, list[Riga]]:
    return contenuto(costruisci(lettura.righe))


def assert_reconciled(lettura: Lettura) -> None:
    in_tables = celle_piene(costruisci(lettura.righe))[lettura.file]
    assert lettura.compilate == in_tables + len(lettura.escluse)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cartelle")


@pytest.fixture(scope="module")
def blanks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Blank workbooks: of a settore with two schede, of the trasversali, of the ente."""
    folder = tmp_path_factory.mktemp("vuote")
    vuote = costruisci({})
    paths = {"ente": written_ente(vuote, folder)}
    for settore in ("tecnico", TRASVERSALI):
        modello = TRASVERSALI if settore == TRASVERSALI else "schede"
        testata = Testata("Ente", 2020, settore, "Settore tecnico", modello)
        paths[settore] = written(Settore(testata, vuote, 2), folder)
    return paths


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with every awkward text in every kind of cell."""
    return written(scomodo(), tmp_path_factory.mktemp("scomodo"))


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook drawn at random, with several rows in every section."""
    drawn: list[Settore] = []

    @settings(few, max_examples=4)
    @given(settori(minimo=4, trasversali=False))
    def draw(settore: Settore) -> None:
        drawn.append(settore)

    draw()
    richest = max(drawn, key=lambda settore: sum(map(len, contenuto(settore.tabelle).values())))
    path = written(richest, tmp_path_factory.mktemp("affollata"))
    return path.rename(path.with_name("affollata.xlsx"))  # not to be taken for one of the example


# --- what is written is read back


@round_trips
@given(settore=settori())
def test_a_settore_workbook_reads_as_it_was_written(settore: Settore, folder: Path) -> None:
    lettura = read(written(settore, folder))
    assert tables(lettura) == contenuto(settore.tabelle)
    assert objections(lettura) == []
    assert_reconciled(lettura)


@round_trips
@given(tabelle=enti())
def test_ente_reads_as_it_was_written(tabelle: Tabelle, folder: Path) -> None:
    lettura = read(written_ente(tabelle, folder))
    assert tables(lettura) == contenuto(tabelle)
    assert objections(lettura) == []
    assert_reconciled(lettura)


def test_every_awkward_text_is_read_in_every_cell(awkward: Path) -> None:
    lettura = read(awkward)
    assert tables(lettura) == contenuto(scomodo().tabelle)
    assert objections(lettura) == []
    assert_reconciled(lettura)


@pytest.mark.parametrize("testo", ["<r><t>x</t></r>", "<r>x</r>", "_x005F_x0041_", "_x0041_x0042_"])
def test_text_that_imitates_the_format_is_read_as_typed(testo: str, tmp_path: Path) -> None:
    settore = with_row("stati", testo=testo, voce=testo)
    path = written(settore, tmp_path)
    assert tables(read(path)) == contenuto(settore.tabelle)
    assert faults(path) == []


@pytest.mark.parametrize("cella", ["stati", "schede", "indicatori"])
@pytest.mark.parametrize("testo", ["x" * 32_768, "😀" * 16_384])
def test_text_too_long_for_a_cell_is_refused_not_cut(cella: str, testo: str, tmp_path: Path) -> None:
    campo = {"stati": "testo", "schede": "descrizione", "indicatori": "indicatore"}[cella]
    with pytest.raises(ValueError, match="does not fit"):
        written(with_row(cella, **{campo: testo}), tmp_path)


def with_row(tabella: str, **valori: object) -> Settore:
    """A workbook with one scheda, and one row in the table named."""
    chiavi = {"settore": "s", "scheda": 1}
    n = {} if tabella == "schede" else {"n": 1}
    righe: dict[str, list[Riga]] = {"schede": [dict(chiavi)]}
    righe["settori"] = [{"settore": "s", "denominazione": "Uno", "anno": 2020, "modello": "schede"}]
    righe[tabella] = [{**chiavi, **n, **valori}]
    return Settore(Testata("Ente", 2020, "s", "Uno", "schede"), costruisci(righe))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_has_no_findings_and_is_reconciled(path: Path) -> None:
    lettura = read(path)
    assert objections(lettura) == []
    assert lettura.compilate > 0
    assert_reconciled(lettura)


def test_a_blank_settore_workbook_is_empty(blanks: dict[str, Path]) -> None:
    for settore in ("tecnico", TRASVERSALI):
        lettura = read(blanks[settore])
        assert list(tables(lettura)) == ["settori"]  # its own name: nothing typed by the office
        assert objections(lettura) == []
        assert lettura.compilate == 0
        assert_reconciled(lettura)


def test_a_blank_ente_asks_only_for_what_it_needs(blanks: dict[str, Path]) -> None:
    lettura = read(blanks["ente"])
    assert [(r.codice, r.foglio, r.dati.get("campo")) for r in lettura.rilievi] == [
        ("E04", "Ente", "Denominazione"),
        ("E04", "Ente", "Anno"),
        ("E06", "Settori", None),
    ]
    lette = tables(lettura)
    assert set(lette) == {"ente", "parametri", "messaggi"}
    assert {riga["valore"] for riga in lette["ente"]} == {""}
    predefiniti = {chiave: predefinito for chiave, _, predefinito, _ in ente.PARAMETRI}
    assert {riga["parametro"]: riga["valore"] for riga in lette["parametri"]} == predefiniti
    assert {riga["messaggio"]: riga["testo"] for riga in lette["messaggi"]} == {
        chiave: messaggio.testo for chiave, messaggio in messaggi.MESSAGGI.items()
    }


@few
@given(settore=settori())
def test_the_same_tables_give_the_same_bytes(settore: Settore, folder: Path) -> None:
    assert written(settore, folder).read_bytes() == written(settore, folder).read_bytes()


@few
@given(tabelle=enti())
def test_the_same_ente_gives_the_same_bytes(tabelle: Tabelle, folder: Path) -> None:
    assert written_ente(tabelle, folder).read_bytes() == written_ente(tabelle, folder).read_bytes()


def test_order_of_the_rows_of_other_settori_does_not_matter(tmp_path: Path) -> None:
    """The tables of a whole ente may be given: only the rows of the settore are written."""
    tutte = ingest.raccogli(ESEMPIO).tabelle
    path = ESEMPIO / "segretario.xlsx"
    testata = Testata("Ente", 2020, "segretario", "Segretario", "schede")
    riscritta = written(Settore(testata, tutte), tmp_path)
    assert tables(read(riscritta)) == tables(read(path))


# --- rows inserted by the office


def insert_blank_rows(source: Path, target: Path, after: dict[str, list[int]]) -> Path:
    """Copy a workbook inserting a blank row after each row named, as a spreadsheet does.

    Cells, merges, drop-downs, links and the references of the formulas move down with their rows.
    """

    def moved(sheet: str, row: int) -> int:
        return row + sum(place < row for place in after.get(sheet, []))

    names = [sheet.title for sheet in openpyxl.load_workbook(source).worksheets]
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", item.filename)
            if found:
                content = _with_rows_moved(content, names[int(found[1]) - 1], moved)
            new.writestr(item, content)
    return target


def _with_rows_moved(content: bytes, sheet: str, moved: Callable[[str, int], int]) -> bytes:
    root = etree.fromstring(content)

    def reference(text: str) -> str:
        return re.sub(r"(\$?[A-Z]{1,3}\$?)(\d+)", lambda m: m[1] + str(moved(sheet, int(m[2]))), text)

    for row in root.iter(f"{S}row"):
        row.set("r", str(moved(sheet, int(row.get("r", "0")))))
    for tag, attribute in (
        ("c", "r"),
        ("f", "ref"),
        ("mergeCell", "ref"),
        ("dataValidation", "sqref"),
        ("hyperlink", "ref"),
        ("dimension", "ref"),
    ):
        for node in root.iter(f"{S}{tag}"):
            if node.get(attribute):
                node.set(attribute, reference(node.get(attribute, "")))
    for formula in root.iter(f"{S}f"):
        formula.text = _formula_moved(formula.text or "", sheet, moved)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _formula_moved(formula: str, sheet: str, moved: Callable[[str, int], int]) -> str:
    def one(match: re.Match[str]) -> str:
        row = moved(match[2] or match[3] or sheet, int(match[5]))
        return f"{match[1] or ''}{match[4]}{row}"

    return re.sub(r"((?:'([^']+)'|\b([A-Za-z]+))!)?(\$?\b[A-Z]{1,2}\$?)(\d+)\b", one, formula)


def insertion_places(foglio: Foglio) -> list[int]:
    """The rows after which an office may insert: anywhere inside the sections of a form."""
    last = foglio.ultima_riga()
    if foglio.nome == "Valutazione":
        first = trova_riga(foglio, schede.INTESTAZIONE_VOCI) or 0
        return list(range(first, trova_riga(foglio, [FINE_VOCI], first) or 0))
    if foglio.nome.startswith("Scheda "):
        boxes = trova_riga(foglio, list(VALUTAZIONI.values()))
        return [row for row in range(1, last) if row != boxes]
    if foglio.nome in ente.TITOLI or foglio.nome == "Settore":
        return list(range(3, last + 1))
    return []


@st.composite
def insertions(draw: st.DrawFn, path: Path) -> dict[str, list[int]]:
    places = {foglio.nome: insertion_places(foglio) for foglio in apri(path).fogli.values()}
    return {
        name: draw(st.lists(st.sampled_from(rows), min_size=1, max_size=5))
        for name, rows in places.items()
        if rows
    }


@settings(round_trips, max_examples=15)
@given(settore=settori(), data=st.data())
def test_blank_rows_inserted_change_nothing(settore: Settore, data: st.DataObject, folder: Path) -> None:
    path = written(settore, folder)
    longer = insert_blank_rows(path, folder / "allungata.xlsx", data.draw(insertions(path)))
    lettura = read(longer)
    assert tables(lettura) == contenuto(settore.tabelle)
    assert objections(lettura) == []
    assert_reconciled(lettura)


@settings(round_trips, max_examples=12)
@given(path=st.sampled_from(EXAMPLES), data=st.data())
def test_blank_rows_inserted_in_the_example_change_nothing(
    path: Path, data: st.DataObject, folder: Path
) -> None:
    longer = insert_blank_rows(path, folder / "esempio.xlsx", data.draw(insertions(path)))
    assert xlsx_faults(longer) == []
    lettura = read(longer)
    assert tables(lettura) == tables(read(path))
    assert objections(lettura) == []


# --- what the reading does not depend on


@pytest.mark.parametrize("path", SETTORI, ids=lambda path: path.stem)
def test_results_of_formulas_and_hidden_sheet_are_not_needed(path: Path, tmp_path: Path) -> None:
    """openpyxl keeps no result of a formula; without `_modello` the document properties tell."""
    book = openpyxl.load_workbook(path)
    del book[form.FOGLIO_MODELLO]
    book.save(tmp_path / path.name)
    lettura, settore = ingest.leggi_sola(apri(tmp_path / path.name))
    assert (lettura.righe, settore) == (read(path).righe, path.stem)
    assert objections(lettura) == []
    assert_reconciled(lettura)


# --- the form


def cells_of(book: Workbook) -> Iterator[tuple[Area, Cell]]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                yield (sheet.title, cell.row, cell.column), cell


def unlocked(book: Workbook) -> set[Area]:
    return {place for place, cell in cells_of(book) if not cell.protection.locked}


def rows_of(sheet: str, rows: range, columns: range) -> set[Area]:
    return {(sheet, row, column) for row in rows for column in columns}


def inputs_of_scheda(foglio: Foglio) -> set[Area]:
    """The cells to fill of a blank Scheda sheet, from its headings."""
    nome, wide = foglio.nome, len(schede.LARGHEZZE_SCHEDA)
    cells: set[Area] = set()
    for campo in (schede.TITOLO, schede.DESCRIZIONE):
        row = trova_riga(foglio, [campo.etichetta]) or 0
        cells |= rows_of(nome, range(row, row + 1), range(2, wide + 1))
    for tabella, campi in SECTIONS:
        row = 1 + (trova_riga(foglio, [campo.etichetta for campo in campi]) or 0)
        last = wide if campi is schede.STATO else campi[-1].colonna
        cells |= rows_of(nome, range(row, row + schede.VUOTE[tabella]), range(1, last + 1))
    row = 1 + (trova_riga(foglio, list(VALUTAZIONI.values())) or 0)
    return cells | rows_of(nome, range(row, row + 1), range(1, 5))


def inputs_of_settore(fogli: dict[str, Foglio]) -> set[Area]:
    cells = rows_of("Settore", range(6, 9), range(2, 3))
    for nome, foglio in fogli.items():
        if nome.startswith("Scheda "):
            cells |= inputs_of_scheda(foglio)
    if "Valutazione" in fogli:
        row = 1 + (trova_riga(fogli["Valutazione"], schede.INTESTAZIONE_VOCI) or 0)
        rows = range(row, row + schede.VUOTE["voci"])
        cells |= {("Valutazione", r, campo.colonna) for r in rows for campo in schede.VOCI}
    return cells


def inputs_of_ente(fogli: dict[str, Foglio]) -> set[Area]:
    cells = set()
    for nome, campi in ente.CASELLE.items():
        cells |= rows_of(nome, range(3, 3 + len(campi)), range(2, 3))
    cells |= rows_of("Parametri", range(4, 4 + len(ente.PARAMETRI)), range(2, 3))
    cells |= rows_of("Messaggi", range(4, 4 + len(messaggi.MESSAGGI)), range(2, 4))
    for nome, _, campi, _, vuote, almeno in ente.TABELLE:
        cells |= rows_of(nome, range(4, 4 + max(vuote, almeno)), range(1, len(campi) + 1))
    return cells


@pytest.mark.parametrize("which", ["tecnico", TRASVERSALI, "ente"])
def test_only_the_cells_to_fill_are_unlocked(which: str, blanks: dict[str, Path]) -> None:
    inputs = inputs_of_ente if which == "ente" else inputs_of_settore
    expected = inputs(apri(blanks[which]).fogli)
    assert unlocked(openpyxl.load_workbook(blanks[which])) == expected


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_is_read_was_unlocked_and_the_template_locked(path: Path) -> None:
    lettura = read(path)
    free = unlocked(openpyxl.load_workbook(path))
    for foglio in lettura.cartella.fogli.values():
        assert {(foglio.nome, *posto) for posto in foglio.lette} <= free
        assert not {(foglio.nome, *posto) for posto in foglio.del_modello} & free


@pytest.mark.parametrize("which", ["tecnico", "ente"])
def test_the_cells_to_fill_are_the_coloured_ones(which: str, blanks: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(blanks[which])
    for place, cell in cells_of(book):
        if not isinstance(cell, MergedCell):  # the other cells of a merge have no look of their own
            assert (cell.fill.start_color.rgb in TO_FILL) is (not cell.protection.locked), place


@pytest.mark.parametrize("which", ["tecnico", TRASVERSALI, "ente"])
def test_sheets_are_protected_without_password(which: str, blanks: dict[str, Path]) -> None:
    for sheet in openpyxl.load_workbook(blanks[which]).worksheets:
        if sheet.title != form.FOGLIO_MODELLO:
            assert sheet.protection.sheet, sheet.title
            assert not sheet.protection.password, sheet.title
            assert not sheet.protection.hashValue, sheet.title
            assert not sheet.protection.insertRows, sheet.title  # False: allowed


def validations(sheet: Worksheet, row: int, column: int) -> list[tuple[str, str]]:
    """Kind and content of the validations on a cell."""
    found = []
    for rule in sheet.data_validations.dataValidation:
        for area in str(rule.sqref).split():
            left, top, right, bottom = range_boundaries(area)
            if left <= column <= right and top <= row <= bottom:
                found.append((rule.type or "", rule.formula1 or ""))
    return found


def expected_validations(campo: Campo) -> list[tuple[str, str]]:
    if campo.tipo in ("scelta", "segno"):
        return [("list", f'"{",".join(campo.scelte or ("X",))}"')]
    if campo.tipo in ("numero", "importo"):
        return [("decimal", "0")]
    if campo.tipo == "sigla":
        return [("custom", 'ISERROR(FIND(" ",A4))')]
    return [("", "")] if campo.aiuto else []


def fields_by_column(path: Path) -> Iterator[tuple[Area, Campo]]:
    """Each cell to fill of a blank workbook with its field."""
    fogli = apri(path).fogli
    for nome, foglio in fogli.items():
        if nome == "Valutazione":
            yield from _below(foglio, schede.INTESTAZIONE_VOCI, schede.VOCI, schede.VUOTE["voci"])
        elif nome.startswith("Scheda "):
            for tabella, campi in SECTIONS:
                labels = [campo.etichetta for campo in campi]
                yield from _below(foglio, labels, campi, schede.VUOTE[tabella])
            labels = [campo.etichetta for campo in schede.INTESTAZIONE_VALUTAZIONE]
            yield from _below(foglio, labels, schede.INTESTAZIONE_VALUTAZIONE, 1)
        for di, _, campi, _, vuote, almeno in ente.TABELLE:
            if di == nome:
                labels = [campo.etichetta for campo in campi]
                yield from _below(foglio, labels, campi, max(vuote, almeno))


def _below(
    foglio: Foglio, labels: tuple[str, ...] | list[str], campi: tuple[Campo, ...], rows: int
) -> Iterator[tuple[Area, Campo]]:
    heading = trova_riga(foglio, labels)
    assert heading, (foglio.nome, labels)
    for row in range(heading + 1, heading + 1 + rows):
        for campo in campi:
            yield (foglio.nome, row, campo.colonna), campo


@pytest.mark.parametrize("which", ["tecnico", TRASVERSALI, "ente"])
def test_every_field_has_its_drop_down_or_limits(which: str, blanks: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(blanks[which])
    fields = list(fields_by_column(blanks[which]))
    assert fields
    for (sheet, row, column), campo in fields:
        found = validations(book[sheet], row, column)
        normal = [("" if kind in ("any", "none") else kind, what) for kind, what in found]
        if campo.tipo == "grado":  # 70, not 70%: a condition on the first cell of the column
            assert [kind for kind, _ in normal] == ["custom"], (sheet, row, column)
        else:
            assert normal == expected_validations(campo), (sheet, row, column)


def test_the_rule_of_the_mean_is_chosen_from_a_list(blanks: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(blanks["ente"])["Parametri"]
    regole = "media dei settori,media degli obiettivi distinti"
    assert validations(sheet, 4, 2) == [("list", f'"{regole}"')]


@pytest.mark.parametrize("path", SETTORI, ids=lambda path: path.stem)
def test_drop_downs_reach_every_row_of_the_example(path: Path) -> None:
    """Also the filled rows, and the spare ones below."""
    book = openpyxl.load_workbook(path)
    stato = next(campo for campo in schede.VOCI if campo.chiave == "stato")
    rows = {row for sheet, row, column in unlocked(book) if sheet == "Valutazione"}
    assert rows or path.stem == TRASVERSALI
    for row in rows:
        found = validations(book["Valutazione"], row, stato.colonna)
        assert found == expected_validations(stato), row


@pytest.mark.parametrize("which", ["blank", "filled"])
def test_atteso_and_raggiunto_are_text_cells(which: str, blanks: dict[str, Path]) -> None:
    path = blanks["tecnico"] if which == "blank" else ESEMPIO / "ufficio_tecnico.xlsx"
    fogli, book = apri(path).fogli, openpyxl.load_workbook(path)
    labels = [campo.etichetta for campo in schede.INDICATORE if campo.dalla == 1]
    for nome, foglio in fogli.items():
        if nome.startswith("Scheda "):
            heading = trova_riga(foglio, labels) or 0
            end = trova_riga(foglio, [campo.etichetta for campo in schede.STATO]) or 0
            assert end > heading + 1
            for row in range(heading + 1, end):
                formats = {book[nome].cell(row, column).number_format for column in (2, 3)}
                assert formats <= {"@"} or row == end - 1, (nome, row)


@pytest.mark.parametrize("which", ["tecnico", TRASVERSALI, "ente"])
def test_sheets_print_on_a4_as_wide_as_the_page(which: str, blanks: dict[str, Path]) -> None:
    for sheet in openpyxl.load_workbook(blanks[which]).worksheets:
        if sheet.title != form.FOGLIO_MODELLO:
            assert int(sheet.page_setup.paperSize) == 9, sheet.title
            assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
            assert sheet.page_setup.fitToWidth in (None, 1), sheet.title
            assert sheet.page_setup.fitToHeight == 0, sheet.title


def test_headings_are_repeated_on_every_page(blanks: dict[str, Path]) -> None:
    expected = {"Valutazione": "$6:$6", "Scheda 1": "$1:$1", "Scheda 2": "$1:$1"}
    book = openpyxl.load_workbook(blanks["tecnico"])
    assert {name: book[name].print_title_rows for name in expected} == expected
    book = openpyxl.load_workbook(blanks["ente"])
    for name, *_ in ente.TABELLE:
        assert book[name].print_title_rows == "$3:$3"


@pytest.mark.parametrize("path", SETTORI, ids=lambda path: path.stem)
def test_valutazione_and_schede_are_linked_both_ways(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    numbered = [sheet for sheet in book.worksheets if sheet.title.startswith("Scheda ")]
    if path.stem == TRASVERSALI:
        assert "Valutazione" not in book.sheetnames
        assert all(link_of(sheet, 1, 5) is None for sheet in numbered)
        return
    there = {cell.hyperlink.location for cell in links_of(book["Valutazione"])}
    assert there == {f"'{sheet.title}'!A1" for sheet in numbered}
    for sheet in numbered:
        assert link_of(sheet, 1, 5) == "'Valutazione'!A1"
    for cell in links_of(book["Valutazione"]):
        assert cell.hyperlink.location == f"'Scheda {cell.value}'!A1"


def links_of(sheet: Worksheet) -> list[Cell]:
    return [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def link_of(sheet: Worksheet, row: int, column: int) -> str | None:
    link = sheet.cell(row, column).hyperlink
    return link.location if link else None


@pytest.mark.parametrize("which", ["tecnico", TRASVERSALI, "ente"])
def test_a_workbook_says_what_it_is_in_two_places(which: str, blanks: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(blanks[which])
    hidden = book[form.FOGLIO_MODELLO]
    assert hidden.sheet_state == "veryHidden"
    marks = {row[0].value: row[1].value or "" for row in hidden.iter_rows(max_col=2)}
    assert marks["modello"] == {"tecnico": "schede"}.get(which, which)
    assert marks["versione"] == form.VERSIONE
    assert {mark.name: mark.value or "" for mark in book.custom_doc_props.props} == marks


# --- sound files


@pytest.mark.parametrize("which", ["tecnico", TRASVERSALI, "ente"])
def test_blank_workbooks_are_sound(which: str, blanks: dict[str, Path]) -> None:
    assert faults(blanks[which]) == []


@pytest.mark.parametrize("name", ["ente", "affari_generali", "ufficio_tecnico"])
def test_filled_workbooks_are_sound(name: str) -> None:
    assert faults(ESEMPIO / f"{name}.xlsx") == []


def test_the_open_xml_sdk_agrees(blanks: dict[str, Path], awkward: Path) -> None:
    for path in (blanks["tecnico"], blanks["ente"], awkward):
        assert sdk_faults(path) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_keeps_the_house_rules(path: Path) -> None:
    assert xlsx_faults(path) == []


def test_a_workbook_of_awkward_texts_is_sound(awkward: Path) -> None:
    assert faults(awkward) == []


TITOLI = (*COME_ERRORI, *COME_ESCAPE, *COME_NUMERI, *COME_XML, LUNGHI[2])


@pytest.mark.parametrize("titolo", TITOLI, ids=lambda titolo: titolo[:20])
def test_the_valutazione_shows_the_titles_as_typed(titolo: str, tmp_path: Path) -> None:
    """The result kept for a formula is the very text: never an error, never an escape undone."""
    path = written(with_row("schede", titolo=titolo), tmp_path)
    with zipfile.ZipFile(path) as package:
        sheet = etree.fromstring(package.read("xl/worksheets/sheet3.xml"))
    cells = [c for c in sheet.iter(f"{S}c") if "'Scheda 1'!B2" in (c.findtext(f"{S}f") or "")]
    shown = [re.sub(r"_x([0-9A-F]{4})_", _character, c.findtext(f"{S}v") or "") for c in cells]
    assert ([c.get("t") for c in cells], shown) == (["str"], [titolo])


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


# --- through LibreOffice


INSERTED_BELOW = {"Valutazione": (6, 12, 33), missioni.FOGLIO_VOCI: (3, 10, 31)}
"""After which rows of a form with twenty voci a row is inserted: under the headings, in the middle, and
just above the totals."""
INSERTED: dict[str, list[dict[str, Any]]] = {
    "senza_pesi": [{"grado": 0}, {"schede": "1, 2"}, {"nucleo": "50 %"}],
    "con_pesi": [{"grado": 10, "peso": 7}, {"grado": "90 %", "peso": "3"}, {"nucleo": 1, "peso": 0}],
    "senza_un_peso": [{"grado": 0, "peso": 1}, {"grado": 5}, {"grado": 5, "peso": 1}],
    "non_valutati": [{"stato": "sospeso"}, {"stato": "non consuntivato"}, {"grado": 1}],
}
"""What is typed in the rows inserted, in which there is no formula."""


def with_rows_inserted(folder: Path, nome: str, modello: ModuleType) -> Path:
    """A form with twenty voci, all at 97, and three rows inserted."""
    settore = f"{modello.NOME}_{nome}"
    peso = Decimal(2) if nome in ("con_pesi", "senza_un_peso") else None
    comuni = {"settore": settore, "stato": "valutato", "peso": peso}
    grado = {"grado_dichiarato": Decimal(97)}
    schede_ = [{"settore": settore, "scheda": n, "titolo": f"O{n}", **grado} for n in range(1, 21)]
    voci = [{**comuni, **grado, "n": n, "descrizione": f"O{n}"} for n in range(1, 21)]
    tabelle = costruisci({"schede": schede_, "voci": voci})
    testata = Testata("Ente", 2020, settore, "Settore", modello.NOME, Decimal(40))
    modello.scrivi(folder / "prima.xlsx", testata, tabelle, 20)
    foglio = modello.FOGLIO_VOCI
    after = INSERTED_BELOW[foglio]
    path = insert_blank_rows(folder / "prima.xlsx", folder / f"{settore}.xlsx", {foglio: [*after]})
    campi = schede.VOCI if modello is schede else missioni.CAMPI
    colonne = {campo.chiave.removeprefix("grado_"): campo.colonna for campo in campi}
    colonne |= {"grado": colonne["dichiarato"]}
    for n, (riga, valori) in enumerate(zip(after, INSERTED[nome], strict=True), start=1):
        scritti = {"stato": "valutato"} | valori
        if modello is schede:
            scritti["descrizione"] = "Nuova"
        else:
            scritti |= {"programma": "01.02", "obiettivo": "Nuovo"}
            scritti.pop("schede", None)
        put_many(path, foglio, {indirizzo(riga + n, colonne[k]): v for k, v in scritti.items()})
    return path


@pytest.fixture(scope="module")
def inserted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("inserite")
    return {
        f"{modello.NOME}_{nome}": with_rows_inserted(folder, nome, modello)
        for nome in INSERTED
        for modello in (schede, missioni)
    }


@needs_soffice
@pytest.mark.parametrize("nome", INSERTED)
@pytest.mark.parametrize("modello", [schede, missioni], ids=lambda modello: modello.NOME)
def test_rows_inserted_are_in_the_totals_of_the_sheet(
    modello: ModuleType, nome: str, inserted: dict[str, Path], through_libreoffice: dict[str, Path]
) -> None:
    """A row inserted has no formula for its grado: the totals do without, and say what the relazione
    says."""
    which = f"{modello.NOME}_{nome}"
    lettura, settore = ingest.leggi_sola(apri(inserted[which]))
    assert settore == which and len(lettura.righe["voci"]) == 23
    testata = Testata("Ente", 2020, which, "Settore", modello.NOME, Decimal(40))
    figure = modelli._risultati(costruisci(lettura.righe), testata)
    ws = openpyxl.load_workbook(through_libreoffice[which], data_only=True)[modello.FOGLIO_VOCI]
    riga = next(r for r in range(1, ws.max_row + 1) if ws.cell(r, 1).value == FINE_VOCI)
    obiettivi, valutati, complessiva = (ws.cell(riga + n, 3).value for n in range(3))
    assert (obiettivi, valutati) == (23, figure.valutati)
    atteso = PESI_INCOMPLETI if nome == "senza_un_peso" else float(str(figure.complessivo))
    assert complessiva == atteso
    if modello is schede:  # the rows under it go on from its number
        assert [ws.cell(r, 1).value for r in (8, 13, 15)] == [2, 7, 9]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form with the schede 1 and 4, the second copied for one more; in the copy a row inserted moves
    the % down."""
    folder = tmp_path_factory.mktemp("copiata")
    uno, quattro, voce = {"scheda": 1}, {"scheda": 4}, {"settore": "copiata", "stato": "valutato"}
    gradi = ((uno, Decimal(50)), (quattro, Decimal(90)))
    tabelle = costruisci(
        {
            "schede": [{**n, "settore": "copiata", "grado_dichiarato": g} for n, g in gradi],
            "voci": [{**voce, "n": 1, "schede": "1"}, {**voce, "n": 2, "schede": "4, 2"}],
        }
    )
    testata = Testata("Ente", 2020, "copiata", "Settore", schede.NOME)
    schede.scrivi(folder / "prima.xlsx", testata, tabelle, 1)
    copy_sheet(folder / "prima.xlsx", "Scheda 4", "Scheda 2")
    path = insert_blank_rows(folder / "prima.xlsx", folder / "copiata.xlsx", {"Scheda 2": [20]})
    grado = below(path, "Scheda 2", "% raggiungimento")
    put_many(path, "Scheda 2", {"B2": "Parcheggi", grado: 10})
    return path


@needs_soffice
def test_a_scheda_made_by_copying_a_sheet_is_in_the_list_and_in_the_totals(
    copied: Path, through_libreoffice: dict[str, Path]
) -> None:
    """The second voce has the mean of the schede 4 and 2, as in the relazione."""
    lettura, _ = ingest.leggi_sola(apri(through_libreoffice["copiata"]))
    assert_reconciled(lettura)
    testata = Testata("Ente", 2020, "copiata", "Settore", schede.NOME)
    figure = modelli._risultati(costruisci(lettura.righe), testata)
    assert lettura.complessiva is not None
    assert lettura.complessiva[1] == figure.complessivo == 50
    valutazione = lettura.cartella.fogli["Valutazione"]
    testa = max(r for r, c in valutazione.piene() if c == 1 and valutazione.testo(r, c) == "Scheda")
    elenco = [[valutazione.testo(testa + n, c) for c in (1, 2, 3)] for n in range(1, 5)]
    assert elenco == [["1", "", "50"], ["4", "", "90"], ["2", "Parcheggi", "10"], ["", "", ""]]


@pytest.fixture(scope="module")
def through_libreoffice(
    libreoffice: str,
    awkward: Path,
    crowded: Path,
    inserted: dict[str, Path],
    copied: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Path]:
    """The examples, the awkward and the crowded workbook, those with rows inserted or a sheet copied:
    opened, recalculated and saved again."""
    folder = tmp_path_factory.mktemp("libreoffice")
    sources = [*EXAMPLES, awkward, crowded, *inserted.values(), copied]
    saved = convert_all(sources, folder, "xlsx", recalculate=True)
    return {path.stem: path for path in saved}


@needs_soffice
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_saved_by_libreoffice_reads_the_same(
    path: Path, through_libreoffice: dict[str, Path]
) -> None:
    assert_same_reading(read(path), read(through_libreoffice[path.stem]))


@needs_soffice
@pytest.mark.parametrize("path", SETTORI, ids=lambda path: path.stem)
def test_the_figures_of_the_valutazione_are_those_recalculated(
    path: Path, through_libreoffice: dict[str, Path]
) -> None:
    kept, recalculated = cached_values(path), cached_values(through_libreoffice[path.stem])
    for sheet, cells in formula_cells(path).items():
        for cell in cells:
            before, after = kept[sheet].get(cell), recalculated[sheet].get(cell)
            same = pytest.approx(before, rel=1e-9) if isinstance(before, int | float) else before
            assert after == same, (sheet, cell)


@needs_soffice
def test_awkward_texts_saved_by_libreoffice_read_the_same(
    awkward: Path, through_libreoffice: dict[str, Path]
) -> None:
    assert_same_reading(read(awkward), read(through_libreoffice[awkward.stem]))


@needs_soffice
def test_a_crowded_workbook_saved_by_libreoffice_reads_the_same(
    crowded: Path, through_libreoffice: dict[str, Path]
) -> None:
    assert_same_reading(read(crowded), read(through_libreoffice[crowded.stem]))


def assert_same_reading(before: Lettura, after: Lettura) -> None:
    """The same values in the same cells, and nothing to say of them."""
    assert {name: sheet.lette for name, sheet in filled(after)} == {
        name: sheet.lette for name, sheet in filled(before)
    }
    assert after.righe == before.righe
    assert after.rilievi == before.rilievi and objections(before) == []
    assert_reconciled(after)


def filled(lettura: Lettura) -> list[tuple[str, Foglio]]:
    return [(name, sheet) for name, sheet in lettura.cartella.fogli.items() if sheet.lette]
