"""The modello "missioni": one table of obiettivi operativi, typed, pasted, read, scored and printed.

What both templates share is in test_workbooks.py, the single rules in test_rilievi.py; the tables are
drawn by strategie.py, the complete example stands in input_workbooks/esempio_missioni.
"""

import ast
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import openpyxl
import pytest
from conftest import ESEMPIO, RADICE
from documents_as_text import docx_lines
from fixtures_ente import (
    ANNO,
    COMUNE,
    ELENCO,
    ENTE,
    put_inline,
    rewrite,
    tables_of_area,
    tables_of_ente,
    write_world,
)
from house_rules import xlsx_faults
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from libreoffice import (
    cached_values,
    convert_all,
    formula_cells,
    needs_soffice,
    with_wrong_cached_values,
)
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet
from strategie import (
    ETICHETTE_MISSIONI,
    SCOMODI,
    Blocco,
    Settore,
    blocchi,
    come_il_modello,
    contenuto,
    per_missione,
    settori_per_missione,
    sotto_la_sua_missione,
    with_all_messages,
)
from test_relazione import clean_when_printed
from test_workbooks import few, insert_blank_rows, round_trips
from validators import faults

from pipeline import bilancio, ingest, run
from pipeline.documents.relazione import per_missione as stampa
from pipeline.measure import NON_ALLINEATI
from pipeline.modelli import Preparati, prepara
from pipeline.numeri import arrotonda
from pipeline.score import Imbuto, Valutazione, valuta
from pipeline.tables import (
    DICHIARATO,
    ORIGINI,
    TRASVERSALI,
    VALUTATO,
    Parametri,
    Riga,
    Tabelle,
    cella_di,
    celle_piene,
    costruisci,
    righe,
)
from pipeline.valori import MANCA_RAGGIUNTO, NON_MISURABILE
from pipeline.veste import INPUT, NUCLEO
from pipeline.workbooks import ente, missioni, schede, sotto_missione
from pipeline.workbooks.fields import NOTA_OBBLIGATORIO, OBBLIGATORIO, Lettura, trova_riga
from pipeline.workbooks.lettore import apri
from pipeline.workbooks.settore import DAGLI_INDICATORI, FINE_VOCI, NELLA_RELAZIONE, Testata

fewer = settings(few, max_examples=5)

ESEMPIO_MISSIONI = ESEMPIO / "esempio_missioni"
AMMINISTRATIVA = ESEMPIO_MISSIONI / "area_amministrativa.xlsx"
FOGLIO = missioni.FOGLIO_VOCI
TESTA = missioni.TESTA


def read(path: Path) -> Lettura:
    return ingest.leggi_sola(apri(path))[0]


def tables(lettura: Lettura) -> dict[str, list[Riga]]:
    return contenuto(costruisci(lettura.righe))


def objections(lettura: Lettura) -> list[tuple[str, str]]:
    """Code and cell of the findings, less the remarks on what is kept as it is, or is not there."""
    remarks = ("I01", "C04", "C11", "C12", "C13", "C17", "C18")
    return [(r.codice, r.cella) for r in lettura.rilievi if r.codice not in remarks]


def assert_reconciled(lettura: Lettura) -> None:
    in_tables = celle_piene(costruisci(lettura.righe))[lettura.file] - lettura.ripetuti
    assert lettura.compilate == in_tables + len(lettura.escluse)


def written(settore: Settore, folder: Path) -> Path:
    path = folder / f"{settore.testata.settore}.xlsx"
    missioni.scrivi(path, settore.testata, settore.tabelle, settore.n_schede)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("missioni")


# --- the example, counted by hand from its cells


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> run.Esito:
    return run.relazione(ESEMPIO_MISSIONI, tmp_path_factory.mktemp("esempio_missioni"))


@pytest.fixture(scope="module")
def typed() -> list[list[str]]:
    """The rows of the example as typed, by openpyxl: the nine columns of the familiar table."""
    sheet = openpyxl.load_workbook(AMMINISTRATIVA)[FOGLIO]
    last = next(c.row for c in sheet["A"] if c.value == FINE_VOCI)
    lines = sheet.iter_rows(TESTA + 1, last - 1, max_col=9, values_only=True)
    return [["" if v is None else str(v) for v in line] for line in lines if any(line)]


@pytest.fixture(scope="module")
def typed_obiettivi(typed: list[list[str]]) -> list[list[str]]:
    return [line for line in typed if line[0] != missioni.MISSIONE]


def of(esito: run.Esito, table: str) -> list[Riga]:
    assert esito.fascicolo is not None
    return righe(esito.fascicolo.tabelle.per_nome()[table])


def figures(esito: run.Esito) -> Valutazione:
    assert esito.fascicolo is not None
    return esito.fascicolo.valutazione


def test_the_example_has_as_many_obiettivi_as_its_table_has_rows(
    example: run.Esito, typed: list[list[str]], typed_obiettivi: list[list[str]]
) -> None:
    assert len(typed_obiettivi) == 27
    assert [s["titolo"] for s in of(example, "schede")] == [line[1] for line in typed_obiettivi]
    assert len(of(example, "voci")) == len(figures(example).voci) == 27
    codes = [line[1] for line in typed if line[0] == missioni.MISSIONE and line[1]]
    blocks = Counter(s["blocco"] for s in of(example, "schede"))
    assert [(m["n"], m["missione"]) for m in of(example, "missioni")] == list(enumerate(codes, start=1))
    assert dict(zip(codes, blocks.values(), strict=True)) == {
        "01": 10,
        "04": 4,
        "05": 2,
        "06": 2,
        "12": 9,
    }


def test_the_nine_columns_are_read_as_typed(
    example: run.Esito, typed_obiettivi: list[list[str]]
) -> None:
    def one(table: str, scheda: int, column: str) -> str:
        return "".join(r[column] for r in of(example, table) if r["scheda"] == scheda)

    for scheda, line in zip(of(example, "schede"), typed_obiettivi, strict=True):
        n, grado = scheda["scheda"], scheda["grado_dichiarato"]
        assert [
            one("collegamenti", n, "programma"),
            scheda["titolo"],
            scheda["descrizione"],
            scheda["responsabile"],
            scheda["supporto"],
            "X" if scheda["previsto"] else "",
            one("indicatori", n, "indicatore"),
            one("stati", n, "testo"),
            "" if grado is None else str(grado),
        ] == line


def test_the_strategic_obiettivi_are_those_with_an_s(
    example: run.Esito, typed_obiettivi: list[list[str]]
) -> None:
    with_s = [n for n, line in enumerate(typed_obiettivi, start=1) if line[0].endswith("S")]
    assert [o["scheda"] for o in of(example, "obiettivi") if o["strategico"]] == with_s
    assert len(with_s) == 5


def test_the_programmi_are_read_in_every_spelling(example: run.Esito) -> None:
    links = of(example, "collegamenti")
    codes = {r["programma"]: (r["codice_missione"], r["codici_programma"]) for r in links}
    assert codes["12.9"] == ("12", "1209")
    assert codes["01.01 S"] == ("01", "0101")
    assert all(re.fullmatch(r"\d{4}", programmi) for _, programmi in codes.values())


def test_the_percentages_and_their_mean(example: run.Esito, typed_obiettivi: list[list[str]]) -> None:
    given_ = [Decimal(line[8]) for line in typed_obiettivi if line[8]]
    assert Counter(map(int, given_)) == {100: 22, 50: 2, 0: 1}
    [settore] = figures(example).settori
    assert (settore.obiettivi, settore.valutati, settore.esclusi) == (27, 25, 2)
    assert settore.grado == Fraction(sum(map(Fraction, given_)), 25) == 92
    assert example.fascicolo is not None
    assert example.fascicolo.valutazione.ente == 92


def test_the_two_without_percentage_are_reported_each_with_its_reason(example: run.Esito) -> None:
    without = [s["riga"] for s in of(example, "schede") if s["grado_dichiarato"] is None]
    told = [r for r in example.rilievi if r.codice in ("V03", "V04", "V08", "V09", "V16", "V17")]
    places = {r.codice: r.cella for r in told}
    assert places == {"V08": f"R{without[0]}", "V16": f"I{without[1]}"}
    [proposal] = [r for r in told if r.codice == "V16"]
    assert proposal.dati["proposto"] == "50"
    assert "scrivere 50" in proposal.rimedio
    reasons = [v.motivo for v in figures(example).voci if not v.conta]
    assert reasons == ["sospeso", "né stato né percentuale"]


def test_names_nearly_alike_are_reported_in_pairs_and_never_merged(example: run.Esito) -> None:
    pairs = [{r.dati["nome"], r.dati["altro"]} for r in example.rilievi if r.codice == "N01"]
    expected = [
        {"Paola Brambati", "Maria Paola Brambiti"},
        {"Raffaella Sala", "Rafaella Sala"},
        {"Anna Castaldi", "Anna Castoldi"},
    ]
    assert sorted(map(sorted, pairs)) == sorted(map(sorted, expected))
    names = {p.nominativo for p in figures(example).personale}
    assert names >= set().union(*expected)


def test_groups_are_not_people(example: run.Esito) -> None:
    groups = {p.nominativo for p in figures(example).personale if p.gruppo}
    assert groups == {
        "Agenti di PL",
        "Altre P.O",
        "Personale di segreteria",
        "Tutti gli uffici",
        "tutti gli uffici interessati",
    }


def test_every_filled_cell_of_the_example_is_accounted_for(example: run.Esito) -> None:
    """What the office typed: under the headings, less the labels and the formulas; and who answers."""
    book = openpyxl.load_workbook(AMMINISTRATIVA)
    under = book[FOGLIO].iter_rows(TESTA + 1, total_of(AMMINISTRATIVA) - 1)
    cells = [c for row in under for c in row if c.value is not None and c.data_type != "f"]
    by_office = sum(c.value != missioni.MISSIONE for c in cells)
    by_office += sum(c.value is not None for (c,) in book["Settore"]["B6:B8"])
    quadrature = {q.file: q for q in example.raccolta.quadrature}
    assert all(q.torna for q in quadrature.values())
    quadratura = quadrature[AMMINISTRATIVA.name]
    assert (quadratura.compilate, quadratura.in_rilievi) == (by_office, 0)


def total_of(path: Path) -> int:
    """The row of the first total: the table ends above it."""
    return trova_riga(apri(path).fogli[FOGLIO], [FINE_VOCI], TESTA, ultima=True) or 0


def by_hand(name: str) -> str:
    """What is the same in two spellings of a name: its letters, word by word, in any order."""
    plain = name.casefold().replace("ò", "o")
    return " ".join(sorted("".join(c for c in word if c.isalpha()) for word in plain.split()))


def names_by_hand(*cells: str) -> set[str]:
    parts = [part for cell in cells for part in re.split(r",| - | -$", cell)]
    return {by_hand(part) for part in parts if part.strip()}


Taking = tuple[set[str], set[str], Decimal | None, Decimal | None]
"""Who answers for an obiettivo, who takes part in it in any way, its peso and its grado if it counts."""


def assert_means_of_people(esito: run.Esito, obiettivi: list[Taking]) -> None:
    """Each person's figures, against sums of exact fractions made here."""

    def mean(counted: list[tuple[Decimal | None, Decimal | None]]) -> Fraction | None:
        pairs = [(Fraction(p), Fraction(g)) for p, g in counted if p is not None and g is not None]
        return sum(p * g for p, g in pairs) / sum(p for p, _ in pairs) if pairs else None

    def same(grado: Decimal | None, exact: Fraction | None) -> bool:
        if grado is None or exact is None:
            return grado is exact
        return abs(Fraction(grado) - exact) < Fraction(1, 10**20)

    people = figures(esito).personale
    everybody = {name for _, taking, _, _ in obiettivi for name in taking}
    assert sorted(by_hand(p.nominativo) for p in people) == sorted(everybody)
    for person in people:
        key = by_hand(person.nominativo)
        takes = [(peso, grado) for _, taking, peso, grado in obiettivi if key in taking]
        answers = [(peso, grado) for answering, _, peso, grado in obiettivi if key in answering]
        assert (person.obiettivi, person.da_responsabile) == (len(takes), len(answers)), key
        assert person.valutati == sum(grado is not None for _, grado in takes), key
        assert same(person.grado, mean(takes)), key
        assert same(person.grado_responsabile, mean(answers)), key


def test_the_means_of_the_people_of_the_example(
    example: run.Esito, typed_obiettivi: list[list[str]]
) -> None:
    taking: list[Taking] = [
        (
            names_by_hand(line[3]),
            names_by_hand(line[3], line[4]),
            Decimal(1),
            Decimal(line[8]) if line[8] else None,
        )
        for line in typed_obiettivi
    ]
    assert_means_of_people(example, taking)


def test_the_documents_of_the_example_are_sound(example: run.Esito) -> None:
    assert not example.bloccato
    assert faults(example.documenti[0]) == []
    assert faults(example.documenti[1]) == []
    assert xlsx_faults(AMMINISTRATIVA) == []


# --- what is written is read back


@settings(round_trips, max_examples=15)
@given(settore=settori_per_missione())
def test_a_workbook_reads_as_it_was_written(settore: Settore, folder: Path) -> None:
    lettura = read(written(settore, folder))
    assert tables(lettura) == contenuto(settore.tabelle)
    assert objections(lettura) == []
    assert_reconciled(lettura)


TESTATA = Testata(COMUNE, ANNO, "sociale", "Settore Sociale", missioni.NOME)
DODICI: Riga = {"missione": "12", "denominazione": "Diritti sociali, politiche sociali e famiglia"}
NIDO: Riga = {
    "programma": "12.01",
    "obiettivo": "Aprire il nido",
    "finalita": "Accogliere più bambini.",
    "responsabile": "Anna Verdi",
    "supporto": "Ugo Bruni",
    "previsto": True,
    "indicatori": "Posti aperti",
    "realizzazione": "Aperto a settembre",
    "grado_dichiarato": Decimal(100),
}


def sheet_of(*scritti: Blocco) -> Settore:
    return Settore(TESTATA, per_missione(TESTATA, list(scritti)))


def test_every_awkward_text_is_read_in_every_cell(folder: Path) -> None:
    testi = [*SCOMODI, *ETICHETTE_MISSIONI]
    testuali = [c.chiave for c in missioni.CAMPI if c.tipo == "testo"]
    scritte = [{**dict.fromkeys(testuali, testo), "programma": "12.01"} for testo in testi]
    scritte += [{"programma": testo, "grado_dichiarato": Decimal(7)} for testo in SCOMODI]
    scritte = [sotto_la_sua_missione(None, scritta) for scritta in scritte]
    teste: list[Blocco] = [({"missione": testo, "denominazione": testo}, []) for testo in testi]
    settore = sheet_of((None, scritte), *teste)
    lettura = read(written(settore, folder))
    assert tables(lettura) == contenuto(settore.tabelle)
    assert objections(lettura) == []
    assert_reconciled(lettura)


@pytest.mark.parametrize(
    "prime",
    [
        pytest.param({"programma": "Missione 12 – Programma 01"}, id="missione and programma"),
        pytest.param({"programma": "Missione 04"}, id="a missione alone"),
        pytest.param({"programma": missioni.LEGENDA}, id="the legend"),
        pytest.param({"programma": "PROGRAMMI"}, id="the first heading"),
        pytest.param(
            {"programma": "PROGRAMMI", "obiettivo": "OBIETTIVI OPERATIVI", "finalita": "FINALITÀ"},
            id="the first three headings",
        ),
        pytest.param(
            {
                "programma": "Programma 12.01",
                "obiettivo": "Obiettivi operativi del nido",
                "finalita": "Finalità sociali",
            },
            id="words that begin as the headings",
        ),
        pytest.param({"programma": "", "obiettivo": "Percentuale di carta riciclata"}, id="a total"),
        pytest.param({"programma": FINE_VOCI}, id="the label of the total"),
        pytest.param({"programma": missioni.TITOLO}, id="the title"),
    ],
)
def test_a_row_that_begins_as_one_of_the_template_is_told_by_the_rest_of_it(
    prime: Riga, tmp_path: Path
) -> None:
    settore = sheet_of((DODICI, [NIDO, NIDO | prime, NIDO]))
    lettura = read(written(settore, tmp_path))
    assert tables(lettura) == contenuto(settore.tabelle)
    assert objections(lettura) == []
    assert_reconciled(lettura)


@fewer
@given(settore=settori_per_missione())
def test_the_same_tables_give_the_same_bytes(settore: Settore, folder: Path) -> None:
    assert written(settore, folder).read_bytes() == written(settore, folder).read_bytes()


@pytest.mark.parametrize("chiave", ["obiettivo", "note"])
def test_text_too_long_for_a_cell_is_refused_not_cut(chiave: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        written(sheet_of((None, [{chiave: "x" * 32_768}])), tmp_path)


def test_a_blank_workbook_reads_as_nothing(tmp_path: Path) -> None:
    lettura = read(written(Settore(TESTATA, costruisci({}), 12), tmp_path))
    assert list(tables(lettura)) == ["settori"]
    assert lettura.rilievi == []
    assert lettura.compilate == 0


def test_code_and_name_of_a_missione_are_cells_to_fill(blank: Path) -> None:
    """The cells beside them can be written over too, when a table is pasted whole, and look it less."""
    sheet = openpyxl.load_workbook(blank / AREA)[FOGLIO]
    gialle = [cell.column for cell in sheet[TESTA + 1] if cell.fill.start_color.rgb == f"FF{INPUT[1:]}"]
    assert gialle == [missioni.CODICE.colonna, missioni.DENOMINAZIONE.colonna]
    assert not any(cell.protection.locked for cell in sheet[TESTA + 1])


def test_what_is_of_the_nucleo_is_green_and_what_is_compulsory_is_marked(blank: Path) -> None:
    sheet = openpyxl.load_workbook(blank / AREA)[FOGLIO]
    verdi = [cell.column for cell in sheet[TESTA + 2] if cell.fill.start_color.rgb == f"FF{NUCLEO[1:]}"]
    assert verdi == [campo.colonna for campo in missioni.DEL_NUCLEO]
    segnate = [cell.value for cell in sheet[TESTA] if str(cell.value).endswith(OBBLIGATORIO)]
    assert segnate == ["PROGRAMMI *", "OBIETTIVI OPERATIVI *"]
    assert sheet["D2"].value == NOTA_OBBLIGATORIO


@pytest.mark.parametrize("quanti", [1, 60])
def test_a_blank_workbook_has_room_for_the_obiettivi_listed(quanti: int, tmp_path: Path) -> None:
    path = written(Settore(TESTATA, costruisci({}), quanti), tmp_path)
    sheet = openpyxl.load_workbook(path)[FOGLIO]
    rows = [r for r in range(TESTA + 1, total_of(path)) if sheet.cell(r, 1).value is None]
    free = [r for r in rows if not sheet.cell(r, missioni.OBIETTIVO.colonna).protection.locked]
    assert len(free) >= quanti


# --- rows and headings put in the middle


@st.composite
def insertions(draw: st.DrawFn, path: Path) -> list[int]:
    places = st.sampled_from(range(TESTA, total_of(path) - 1))
    return sorted(draw(st.lists(places, min_size=1, max_size=5)))


@fewer
@given(settore=settori_per_missione(), data=st.data())
def test_blank_rows_inserted_change_nothing(settore: Settore, data: st.DataObject, folder: Path) -> None:
    path = written(settore, folder)
    longer = insert_blank_rows(path, folder / "allungata.xlsx", {FOGLIO: data.draw(insertions(path))})
    lettura = read(longer)
    assert tables(lettura) == contenuto(settore.tabelle)
    assert objections(lettura) == []
    assert_reconciled(lettura)


def assume_openpyxl_keeps(settore: Settore) -> None:
    """It undoes what looks like an escape of the format (_x0041_)."""
    assume(not re.search(r"_x[0-9A-Fa-f]{4}_", str(contenuto(settore.tabelle))))


@fewer
@given(settore=settori_per_missione(), data=st.data())
def test_headings_pasted_again_in_the_middle_change_nothing(
    settore: Settore, data: st.DataObject, folder: Path
) -> None:
    assume_openpyxl_keeps(settore)
    path = written(settore, folder)
    after = data.draw(insertions(path))[0]
    longer = insert_blank_rows(path, folder / "incollata.xlsx", {FOGLIO: [after]})
    book = openpyxl.load_workbook(longer)
    for column in data.draw(st.sampled_from([range(1, 10), range(1, 16)])):
        book[FOGLIO].cell(after + 1, column).value = book[FOGLIO].cell(TESTA, column).value
    book.save(longer)
    lettura = read(longer)
    assert tables(lettura) == contenuto(settore.tabelle)
    assert objections(lettura) == []
    assert_reconciled(lettura)


UNIBILI = {campo.chiave: campo.colonna for campo in missioni.UNIBILI}


def merged_downwards(path: Path, first: int, last: int, *columns: int) -> None:
    book = openpyxl.load_workbook(path)
    for column in columns:
        for row in range(first + 1, last + 1):
            book[FOGLIO].cell(row, column).value = None
        book[FOGLIO].merge_cells(start_row=first, start_column=column, end_row=last, end_column=column)
    book.save(path)


@fewer
@given(scritti=blocchi(minimo=2), chiavi=st.sets(st.sampled_from(sorted(UNIBILI)), min_size=1))
def test_a_cell_merged_over_two_rows_counts_for_both(
    scritti: list[Blocco], chiavi: set[str], folder: Path
) -> None:
    prima, seconda = scritti[0][1][:2]
    seconda |= {chiave: prima[chiave] for chiave in chiavi} | {"note": "sua"}
    if come_il_modello(seconda):
        seconda["programma"] = prima["programma"] = "12.01"
    settore = sheet_of(*scritti)
    assume_openpyxl_keeps(settore)
    path = written(settore, folder)
    merged_downwards(path, TESTA + 1, TESTA + 2, *(UNIBILI[chiave] for chiave in chiavi))
    lettura = read(path)
    assert tables(lettura) == contenuto(settore.tabelle)
    assert objections(lettura) == []
    assert_reconciled(lettura)


# --- whatever is typed, wherever

ANYTHING = st.one_of(
    st.sampled_from(ETICHETTE_MISSIONI),
    st.sampled_from(("Missione 04 – Istruzione", "01.02 S", "100 %", "X", "sospeso", "strategico")),
    st.sampled_from((0, 1, 0.5, 100, 12.9, 1.01, -3, True, datetime(2024, 2, 1))),
    st.integers(1, 999).map("appunto {}".format),
)
CELLS = st.dictionaries(
    st.tuples(st.integers(1, 24), st.integers(1, 17)), ANYTHING, min_size=5, max_size=60
)


@fewer
@given(cells=CELLS, data=st.data())
def test_whatever_is_typed_wherever_is_in_the_tables_or_reported(
    cells: dict[tuple[int, int], object], data: st.DataObject, folder: Path
) -> None:
    path = written(Settore(TESTATA, costruisci({}), 6), folder)
    book = openpyxl.load_workbook(path)
    sheet = book[FOGLIO]
    for merge in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merge))
    for (row, column), value in cells.items():
        sheet.cell(row, column).value = value
    column, row = data.draw(st.integers(1, 9)), data.draw(st.integers(TESTA + 1, 20))
    sheet.merge_cells(start_row=row, start_column=column, end_row=row + 2, end_column=column)
    notes = [str(v) for v in cells_of(sheet) if str(v).startswith("appunto ")]
    book.save(path)
    lettura = read(path)
    assert_reconciled(lettura)
    kept = " ".join(str(v) for sue in lettura.righe.values() for r in sue for v in r.values())
    told = " ".join(str(v) for r in lettura.rilievi for v in r.dati.values())
    skipped = {r.codice for r in lettura.rilievi} & {"M08", "M09"}
    assert skipped or all(note in kept + told for note in notes)


def cells_of(sheet: Worksheet) -> list[object]:
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


# --- what is pasted into the blank workbook

AREA = "sociale.xlsx"
Cells = dict[str, Any]
"""What to write, by address."""
Edit = Callable[[Worksheet], object]
Paste = Callable[..., run.Esito]

HEADING: Cells = {"A4": "MISSIONE", "B4": "12", "C4": DODICI["denominazione"]}
"""The heading of a missione as the template has it, in the first row under the headings."""
GOOD: dict[str, Any] = {
    "A": "12.01",
    "B": "Aprire il nido",
    "C": "Accogliere più bambini.",
    "D": "Anna Verdi",
    "E": "Ugo Bruni",
    "F": "X",
    "G": "Posti aperti",
    "H": "Aperto a settembre",
    "I": 100,
}


def obiettivo(number: int, **cells: Any) -> Cells:
    """A good obiettivo in a row of the sheet, unlike those of other rows; some cells otherwise."""
    good = GOOD | {"B": f"Aprire il nido n. {number}"} | cells
    return {f"{column}{number}": value for column, value in good.items()}


def ente_of(*elenco: Riga) -> Tabelle:
    """The ente of the fixtures with other settori listed."""
    return replace(tables_of_ente(), elenco=costruisci({"elenco": elenco}).elenco)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ente of one settore that reports by missione: blank, each block of twenty rows."""
    folder = tmp_path_factory.mktemp("vuota")
    listed = {"settore": "sociale", "denominazione": TESTATA.denominazione, "modello": missioni.NOME}
    ente.scrivi(folder / ENTE, ente_of(listed), ANNO)
    written(Settore(TESTATA, costruisci({}), 80), folder)
    return folder


@pytest.fixture
def paste(blank: Path, tmp_path: Path) -> Paste:
    """Write into the blank workbook, alter its sheet, and read the folder; nothing may be lost."""

    def write(*pieces: Cells, edit: Edit | None = None) -> run.Esito:
        edited(blank, tmp_path / "ente", *pieces, edit=edit)
        esito = run.controlla(tmp_path / "ente")
        assert all(q.torna for q in esito.raccolta.quadrature)
        return esito

    return write


def edited(blank: Path, folder: Path, *pieces: Cells, edit: Edit | None = None) -> Path:
    shutil.copytree(blank, folder)
    book = openpyxl.load_workbook(folder / AREA)
    for piece in pieces:
        for address, value in piece.items():
            book[FOGLIO][address] = value
    if edit is not None:
        edit(book[FOGLIO])
    book.save(folder / AREA)
    return folder / AREA


def found(esito: run.Esito) -> list[tuple[str, str]]:
    """Code and cell of the findings about the workbook."""
    return sorted((r.codice, r.cella) for r in esito.rilievi if r.file == AREA)


def at_row(esito: run.Esito, table: str, number: int) -> Riga:
    [only] = [r for r in of(esito, table) if r["riga"] == number and r["file"] == AREA]
    return only


def codes_at(esito: run.Esito, number: int) -> tuple[str, str]:
    """Missione and programmi of the obiettivo in a row."""
    link = at_row(esito, "collegamenti", number)
    return link["codice_missione"], link["codici_programma"]


def test_good_rows_have_no_findings(paste: Paste) -> None:
    esito = paste(HEADING, obiettivo(5), obiettivo(6))
    assert found(esito) == []
    assert codes_at(esito, 5) == codes_at(esito, 6) == ("12", "1201")
    assert at_row(esito, "voci", 5)["stato"] == VALUTATO


PERCENTAGES_TYPED: list[tuple[object, str, object, str]] = [
    ("100 %", "General", 100, ""),
    ("100%", "@", 100, ""),
    ("100\u00a0%", "@", 100, ""),
    (" 98,5 % ", "@", "98.5", ""),
    (100, "@", 100, ""),
    (1, "0%", 100, ""),
    (0.5, "0%", 50, ""),
    (0.333, "0.0%", "33.3", ""),
    (0, "General", 0, ""),
    (1, "General", 1, "C11"),
    (0.5, "General", "0.5", "C11"),
    ("cento", "General", None, "C01"),
    ("98.5", "@", None, "C01"),
    (101, "General", None, "C02"),
    (1.5, "0%", None, "C02"),
]
"""What is in the cell, how it is shown, how it is read, what is said of it."""


MEASURED = {"G": "Posti aperti\nDomande accolte", "J": "20\n>= 80%", "K": "15\n90%"}


def measures(esito: run.Esito, number: int) -> list[tuple[object, ...]]:
    """The indicatori of a row of the sheet: texts, kind, measured grado."""
    sue = (riga for riga in of(esito, "indicatori") if riga["riga"] == number)
    chiavi = ("n", "indicatore", "atteso", "raggiunto", "tipo", "grado_misurato")
    return [tuple(riga[chiave] for chiave in chiavi) for riga in sue]


def test_indicatori_are_measured_one_a_line(paste: Paste) -> None:
    """The measured grado stands beside the declared one, which is the one that counts."""
    esito = paste(HEADING, obiettivo(5, **MEASURED), obiettivo(6, J="> 3", K="2"), obiettivo(7))
    assert found(esito) == [("V30", "I5"), ("V30", "I6"), ("V42", "L5"), ("V42", "L6")]
    assert measures(esito, 5) == [
        (1, "Posti aperti", "20", "15", "numero", 75),
        (2, "Domande accolte", ">= 80%", "90%", "soglia", 100),
    ]
    assert measures(esito, 7) == [(1, "Posti aperti", "", "", "contesto", None)]
    [prima, *_] = of(esito, "indicatori")
    assert [cella_di(prima, c) for c in ("indicatore", "atteso", "raggiunto")] == ["G5", "J5", "K5"]
    gradi = [(s["grado_dichiarato"], s["misurabili"], s["attesi"]) for s in of(esito, "schede")]
    assert gradi == [(100, 2, 2), (100, 1, 1), (100, 0, 0)]
    assert at_row(esito, "schede", 5)["grado_misurato"] == Decimal("87.5")
    assert [voce.grado for voce in figures(esito).voci] == [100, 100, 100]
    assert figures(esito).imbuto[""] == Imbuto(4, 3, 3, 3, 1)


def test_what_does_not_go_line_by_line_is_kept_and_not_measured(paste: Paste) -> None:
    esito = paste(HEADING, obiettivo(5, **MEASURED | {"J": "20"}), obiettivo(6, G="A\nB", K="1"))
    assert found(esito) == [("V34", "J5")]
    [riga] = [r for r in of(esito, "indicatori") if r["riga"] == 5]
    assert (riga["indicatore"], riga["atteso"], riga["raggiunto"]) == (MEASURED["G"], "20", "15\n90%")
    assert (riga["grado_misurato"], riga["esito"]) == (None, NON_MISURABILE)
    assert riga["motivo"] == NON_ALLINEATI
    # without an atteso there is nothing to measure, and nothing to object to
    assert measures(esito, 6) == [(1, "A\nB", "", "1", "contesto", None)]


def test_indicatori_without_their_raggiunto(paste: Paste) -> None:
    esito = paste(
        HEADING,
        obiettivo(5, **MEASURED | {"K": "15"}),
        obiettivo(6, J="20"),
        obiettivo(7, **MEASURED | {"K": "20\n"}),
    )
    assert found(esito) == [("V26", "K6"), ("V34", "K5"), ("V36", "K7")]
    assert [measured[-1] for measured in measures(esito, 7)] == [100, None]
    assert of(esito, "indicatori")[-1]["motivo"] == MANCA_RAGGIUNTO


def test_each_line_has_its_doubtful_readings(paste: Paste) -> None:
    esito = paste(HEADING, obiettivo(5, **MEASURED | {"K": "15.5\ncirca 90%"}))
    detti = [r.dati["lettura"] for r in esito.rilievi if r.codice == "I01"]
    assert len(detti) == 2 and {r.cella for r in esito.rilievi if r.codice == "I01"} == {"K5"}


def test_indicatori_and_values_merged_over_two_rows_are_of_both(paste: Paste) -> None:
    def merge(sheet: Worksheet) -> None:
        for column in "GJK":
            sheet.merge_cells(f"{column}5:{column}6")

    esito = paste(HEADING, obiettivo(5, **MEASURED), obiettivo(6), edit=merge)
    assert measures(esito, 5) == measures(esito, 6) and len(measures(esito, 6)) == 2


@pytest.mark.parametrize(
    ("origine", "gradi"),
    [
        (ORIGINI[0], [100, None, 100]),
        (ORIGINI[1], [100, Decimal("87.5"), 100]),
        (ORIGINI[2], [Decimal("87.5"), Decimal("87.5"), 100]),
    ],
)
def test_the_measured_grado_counts_where_the_ente_wants_it(
    origine: str, gradi: list[object], paste: Paste
) -> None:
    measured = {**MEASURED, "N": VALUTATO}
    esito = paste(
        HEADING, obiettivo(5, **measured), obiettivo(6, **measured | {"I": None}), obiettivo(7)
    )
    assert esito.fascicolo is not None
    valutazione = valuta(esito.fascicolo.tabelle, Parametri(origine=origine))
    assert [voce.grado for voce in valutazione.voci] == gradi


def test_the_relazione_prints_the_measured_indicatori_under_their_obiettivo(paste: Paste) -> None:
    esito = paste(HEADING, obiettivo(5, **MEASURED), obiettivo(6))
    assert esito.fascicolo is not None
    documento = MagicMock()
    stampa.scrivi(documento, esito.fascicolo, "sociale")
    *_, ultima = (chiamata.args[0].righe for chiamata in documento.tabella.call_args_list)
    prima, *altre = ultima
    assert prima[0][0][0].endswith("\N{NO-BREAK SPACE}1. Aprire il nido n. 5")
    assert prima[-1].testo.startswith("87,50")
    assert [riga[:3] for riga in altre] == [
        ("Posti aperti", "20", "15"),
        ("Domande accolte", ">= 80%", "90%"),
    ]


def test_the_nucleo_has_its_grado_and_its_note(paste: Paste) -> None:
    """The grado prevails; the note stands beside that of the responsabile, each said whose it is."""
    nucleo = {"P": 60, "S": "Visto il raggiunto, 60."}
    esito = paste(HEADING, obiettivo(5, R="Fatto a dicembre.", **nucleo), obiettivo(6))
    assert found(esito) == [] and esito.fascicolo is not None
    voce = at_row(esito, "voci", 5)
    assert (voce["grado_nucleo"], voce["note"]) == (60, "Visto il raggiunto, 60.")
    assert voce["note_responsabile"] == "Fatto a dicembre."
    prima, seconda = figures(esito).voci
    assert (prima.grado, prima.origine, seconda.grado) == (60, "Nucleo", 100)
    documento = MagicMock()
    stampa.scrivi(documento, esito.fascicolo, "sociale")
    tabella = documento.tabella.call_args_list[1].args[0].righe
    fatto = [testo for testo, _ in tabella[0][-2]]
    assert fatto[1:] == [
        "Nota: Fatto a dicembre.",
        "Nota dell'organo di valutazione: Visto il raggiunto, 60.",
    ]


def test_a_percentage_in_every_form(paste: Paste) -> None:
    def shown(sheet: Worksheet) -> None:
        for number, (_, shown_as, _, _) in enumerate(PERCENTAGES_TYPED, start=5):
            sheet[f"I{number}"].number_format = shown_as

    rows = [obiettivo(number, I=typed) for number, (typed, *_) in enumerate(PERCENTAGES_TYPED, start=5)]
    esito = paste(HEADING, *rows, edit=shown)
    read_as = [None if g is None else Decimal(str(g)) for _, _, g, _ in PERCENTAGES_TYPED]
    assert [s["grado_dichiarato"] for s in of(esito, "schede")] == read_as
    told = [(code, f"I{number}") for number, (*_, code) in enumerate(PERCENTAGES_TYPED, 5) if code]
    assert [(c, cell) for c, cell in found(esito) if cell.startswith("I")] == sorted(told)
    assert {c for c, cell in found(esito) if not cell.startswith("I")} <= {"V03"}


def bold(*parts: str) -> CellRichText:
    """A text of runs, every other one in bold."""
    runs = [TextBlock(InlineFont(b=True), part) if n % 2 else part for n, part in enumerate(parts)]
    return CellRichText(*runs)


def test_words_in_bold_are_words(paste: Paste) -> None:
    cells = {
        "A": bold("12.01 ", "S"),
        "B": bold("Aprire ", "il nido", " a settembre"),
        "D": bold("Anna ", "Verdi", ", Ugo Bruni"),
        "I": bold("10", "0 %"),
    }
    esito = paste(HEADING, obiettivo(5, **cells, E=None))
    assert found(esito) == []
    scheda = at_row(esito, "schede", 5)
    assert (scheda["titolo"], scheda["grado_dichiarato"]) == ("Aprire il nido a settembre", 100)
    assert at_row(esito, "obiettivi", 5)["strategico"] and codes_at(esito, 5) == ("12", "1201")
    assert [p["nominativo"] for p in of(esito, "personale")] == ["Anna Verdi", "Ugo Bruni"]


@pytest.mark.parametrize(
    "programma",
    [
        "12.01 S",
        "S 12.01",
        "12.01S",
        "12.01 (s)",
        "12.01 - S",
        "12.01 strategico",
        "12.01 (strategico)",
        "12.01 - Strategico",
        "12.01 S - Interventi per l'infanzia",
        "12.01 Interventi per l'infanzia (S)",
    ],
)
def test_the_mark_of_a_strategic_obiettivo(programma: str) -> None:
    assert bilancio.strategico(programma)
    assert bilancio.leggi("12", programma) == bilancio.leggi("12", "12.01")


@pytest.mark.parametrize(
    "programma", ["12.01", "12.01 Sociale", "12.01 - Servizi", "12.01 Servizi (sociali)"]
)
def test_a_name_that_begins_with_an_s_marks_nothing(programma: str) -> None:
    assert not bilancio.strategico(programma)


def test_non_breaking_spaces_are_spaces(paste: Paste) -> None:
    cells = {"A": "12.01\u00a0S", "D": "Anna\u00a0Verdi,\u00a0Ugo\u00a0Bruni", "E": "Ugo Bruni"}
    excluded = {"I": None, "N": "sospeso\u00a0", "R": "Fondi\u00a0mancanti"}
    esito = paste({"A4": "Missione\u00a012"}, obiettivo(5, **cells, **excluded), obiettivo(6))
    assert found(esito) == []
    assert at_row(esito, "obiettivi", 5)["strategico"] and codes_at(esito, 5) == ("12", "1201")
    names = [p["nominativo"] for p in of(esito, "personale") if p["scheda"] == 1]
    assert names == ["Anna Verdi", "Ugo Bruni"]
    voce = at_row(esito, "voci", 5)
    assert (voce["stato"], voce["note_responsabile"]) == ("sospeso", "Fondi\u00a0mancanti")


MERGEABLE = {
    "A": ("collegamenti", "programma"),
    "B": ("schede", "titolo"),
    "C": ("schede", "descrizione"),
    "D": ("schede", "responsabile"),
    "E": ("schede", "supporto"),
    "G": ("indicatori", "indicatore"),
    "H": ("stati", "testo"),
}
"""The columns in which a cell merged downwards speaks for all its rows, and what it says."""


def test_a_cell_merged_downwards_counts_for_every_row(paste: Paste) -> None:
    """In each of the columns, over three rows of their own."""
    first = dict(zip(MERGEABLE, range(5, 30, 3), strict=False))
    rows = []
    for column, top in first.items():
        shared = (GOOD[column], None, None)
        rows += [obiettivo(n, **{column: cell}) for n, cell in enumerate(shared, start=top)]
        if column != "C":
            rows.append({f"C{n}": f"Finalità n. {n}" for n in range(top, top + 3)})

    def merge(sheet: Worksheet) -> None:
        for column, top in first.items():
            sheet.merge_cells(f"{column}{top}:{column}{top + 2}")

    esito = paste(HEADING, *rows, edit=merge)
    assert found(esito) == []
    for column, top in first.items():
        table, key = MERGEABLE[column]
        assert [at_row(esito, table, n)[key] for n in range(top, top + 3)] == [GOOD[column]] * 3


def test_an_s_in_a_merged_programma_is_read_for_all_and_said(paste: Paste) -> None:
    rows = [obiettivo(5, A="12.01 S"), obiettivo(6, A=None)]
    esito = paste(HEADING, *rows, edit=lambda sheet: sheet.merge_cells("A5:A6"))
    assert found(esito) == [("I01", "A5")]
    assert [o["strategico"] for o in of(esito, "obiettivi")] == [True, True]


def test_a_cell_merged_over_a_heading_does_not_make_it_an_obiettivo(paste: Paste) -> None:
    heading = {"A6": "Missione 04 – Istruzione e diritto allo studio"}
    esito = paste(
        HEADING,
        obiettivo(5),
        heading,
        obiettivo(7, A="04.01", D=None),
        edit=lambda sheet: sheet.merge_cells("D5:D7"),
    )
    assert found(esito) == []
    assert [s["responsabile"] for s in of(esito, "schede")] == ["Anna Verdi", "Anna Verdi"]
    assert codes_at(esito, 7) == ("04", "0401")


def test_a_merged_text_too_long_is_reported_once_and_copied_nowhere(blank: Path, tmp_path: Path) -> None:
    """Another program may put in a cell more than Excel can hold."""
    rows = [obiettivo(5), obiettivo(6, D=None)]
    path = edited(
        blank, tmp_path / "ente", HEADING, *rows, edit=lambda sheet: sheet.merge_cells("D5:D6")
    )
    put_inline(path, FOGLIO, "D5", "Anna Verdi, " * 3_000)
    esito = run.relazione(tmp_path / "ente", tmp_path / "fuori")
    assert found(esito) == [("C10", "D5")]
    assert [s["responsabile"] for s in of(esito, "schede")] == ["", ""]


HEADINGS = ["PROGRAMMI", "OBIETTIVI OPERATIVI", "FINALITÀ", "Responsabile", "Personale di supporto"]
HEADINGS += [str(ANNO), "INDICATORI DI OUTPUT", "GRADO DI REALIZZAZIONE DELL’OBIETTIVO"]
HEADINGS += ["% di realizzazione del personale coinvolto"]


def test_headings_pasted_with_the_rows_are_no_obiettivo(paste: Paste) -> None:
    again = dict(zip((f"{column}6" for column in "ABCDEFGHI"), HEADINGS, strict=True))
    esito = paste(HEADING, obiettivo(5), again, obiettivo(7), {"F3": ANNO})
    assert found(esito) == []
    assert len(of(esito, "schede")) == 2


def test_a_note_in_headings_pasted_again_is_not_lost(paste: Paste) -> None:
    """What is not a heading is no heading, wherever it stands."""
    again = dict(zip((f"{column}6" for column in "ABCDEFGHI"), HEADINGS, strict=True))
    esito = paste(HEADING, obiettivo(5), again, {"E6": "Ugo Bruni", "R6": "da rivedere"})
    assert found(esito) == [("M10", "E6"), ("M10", "R6")]
    assert len(of(esito, "schede")) == 1


def test_the_total_that_closes_a_pasted_table_is_reported_and_no_obiettivo(paste: Paste) -> None:
    esito = paste(HEADING, obiettivo(5), {"A6": "MEDIA", "I6": 100})
    assert found(esito) == [("M10", "A6"), ("M10", "I6")]
    assert len(of(esito, "schede")) == 1


def test_the_legend_pasted_with_the_rows_is_no_obiettivo(paste: Paste) -> None:
    legends = {f"A{number}": "S = Obiettivo strategico" for number in (4, 7, 24)}
    heading = {"A5": "Missione 12", "B4": None, "C4": None}
    esito = paste(legends, heading, obiettivo(6), obiettivo(8))
    assert found(esito) == []
    assert len(of(esito, "schede")) == 2


ISTRUZIONE = "Istruzione e diritto allo studio"
HEADED = [
    ("MISSIONE", "04", ISTRUZIONE),
    ("Missione", 4, None),
    ("MISSIONE", f"04 – {ISTRUZIONE}", None),
    (f"Missione 04 – {ISTRUZIONE}", None, None),
    (f"MISSIONE 4: {ISTRUZIONE.upper()}", None, None),
    ("missione\u00a004", None, None),
    ("Missione n. 4", ISTRUZIONE, None),
    ("Missione 04", None, ISTRUZIONE),
]


def headed(*headings: tuple[object, ...], programma: str) -> list[Cells]:
    """Blocks of one obiettivo each, from the first row of the sheet; a heading fills A, B and C."""
    pieces: list[Cells] = []
    for number, heading in enumerate(headings):
        top = 4 + 2 * number
        pieces.append(dict(zip((f"A{top}", f"B{top}", f"C{top}"), heading, strict=True)))
        pieces.append(obiettivo(top + 1, A=programma))
    return pieces


def test_a_missione_is_headed_in_every_way(paste: Paste) -> None:
    esito = paste(*headed(*HEADED, programma="04.01"))
    assert found(esito) == []
    codes = [(r["codice_missione"], r["codici_programma"]) for r in of(esito, "collegamenti")]
    assert codes == [("04", "0401")] * len(HEADED)
    assert [s["blocco"] for s in of(esito, "schede")] == list(range(1, len(HEADED) + 1))


def test_a_heading_may_be_merged_over_the_row(paste: Paste) -> None:
    heading = {"A4": f"Missione 04 – {ISTRUZIONE}"}
    esito = paste(heading, obiettivo(5, A="04.01"), edit=lambda sheet: sheet.merge_cells("A4:I4"))
    assert found(esito) == []
    assert codes_at(esito, 5) == ("04", "0401")


def test_a_note_beside_a_heading_leaves_it_a_heading(paste: Paste) -> None:
    """Its label says what the row is."""
    esito = paste(HEADING, {"D4": "da rivedere"}, obiettivo(5))
    assert found(esito) == [("M10", "D4")]
    assert codes_at(esito, 5) == ("12", "1201")
    assert len(of(esito, "missioni")) == len(of(esito, "schede")) == 1


NUMBERS: list[tuple[str, list[tuple[object, str]]]] = [
    ("12", [(12.9, "1209"), (12.09, "1209"), ("12.9", "1209"), (12.01, "1201"), (1, "1201")]),
    ("01", [(1.01, "0101"), (1.02, "0102"), (2, "0102"), (1.11, "0111")]),
]
"""Under each missione, what is in the cell of the programma and the programma it is."""


@pytest.mark.parametrize("shown_as", ["General", "@"])
def test_a_programma_may_be_a_number(shown_as: str, paste: Paste) -> None:
    cells, expected, number = [], [], 4
    for missione, programmi in NUMBERS:
        cells.append({f"A{number}": "MISSIONE", f"B{number}": missione})
        for typed_, code in programmi:
            number += 1
            cells.append(obiettivo(number, A=typed_))
            expected.append((code[:2], code))
        number += 1

    def shown(sheet: Worksheet) -> None:
        for cell in sheet["A"]:
            cell.number_format = shown_as

    esito = paste(*cells, edit=shown)
    codes = [(r["codice_missione"], r["codici_programma"]) for r in of(esito, "collegamenti")]
    assert codes == expected
    assert found(esito) == []


def test_a_programma_that_has_two_readings_is_read_by_rule_and_said(paste: Paste) -> None:
    """1.10 typed as a number is 1.1."""
    esito = paste({"B4": "01"}, obiettivo(5, A=1.1))
    assert found(esito) == [("I01", "A5")]
    assert codes_at(esito, 5) == ("01", "0101")


def test_a_programma_turned_into_a_date_is_reported(paste: Paste) -> None:
    told = found(paste(HEADING, obiettivo(5, A=datetime(ANNO, 1, 12))))
    assert {cell for _, cell in told} == {"A5"}


def test_a_row_moved_by_one_column_is_reported_cell_by_cell(paste: Paste) -> None:
    moved = {f"{chr(ord(column) + 1)}5": value for column, value in GOOD.items()}
    esito = paste(HEADING, moved)
    assert {("C04", "A5"), ("C09", "F5"), ("C01", "I5")} <= set(found(esito))
    assert esito.bloccato


@pytest.mark.parametrize("programma", ["12.88", "12.01, 04.01", "12.01, 12.88"])
def test_an_unknown_programma_is_reported_at_its_cell(programma: str, paste: Paste) -> None:
    assert found(paste(HEADING, obiettivo(5, A=programma))) == [("B02", "A5")]


UNKNOWN = [
    (("MISSIONE", "33", None), "B"),
    (("MISSIONE", "33", "Varie"), "B"),
    (("MISSIONE", "Altre cose", None), "B"),
    (("Missione 33 – Varie", None, None), "A"),
    (("Missione 33", None, None), "A"),
]


@pytest.mark.parametrize("programma", ["33.01", "01"])
def test_an_unknown_missione_is_reported_once_at_its_heading(programma: str, paste: Paste) -> None:
    """Whatever programma they say, the obiettivi under it are its own and not of the one above."""
    known = ("MISSIONE", "12", None)
    headings = [h for heading, _ in UNKNOWN for h in (known, heading)]
    pieces = headed(*headings, programma=programma)
    pieces += [{f"A{4 * n + 5}": "12.01"} for n in range(len(UNKNOWN))]
    esito = paste(*pieces)
    assert found(esito) == sorted(
        ("B01", f"{column}{4 * n + 6}") for n, (_, column) in enumerate(UNKNOWN)
    )
    assert [s["blocco"] for s in of(esito, "schede")] == list(range(1, len(headings) + 1))
    assert all(codes_at(esito, 4 * n + 7)[0] != "12" for n in range(len(UNKNOWN)))


MISNAMED = [
    ("MISSIONE", "12", "{}"),
    ("MISSIONE", "12 – {}", None),
    ("Missione 12 – {}", None, None),
    ("Missione 12", "{}", None),
]


@pytest.mark.parametrize(
    ("name", "code"), [("Ordine pubblico e sicurezza", "B03"), ("Gli affari di casa", "B04")]
)
def test_a_wrong_name_of_a_missione_is_reported_at_its_heading(
    name: str, code: str, paste: Paste
) -> None:
    headings = [tuple(cell and cell.format(name) for cell in heading) for heading in MISNAMED]
    esito = paste(*headed(*headings, programma="12.01"))
    assert found(esito) == sorted((code, cell) for cell in ("C4", "B6", "A8", "B10"))


def test_what_is_written_outside_the_table_is_reported(paste: Paste) -> None:
    """Beside it, above it, below it, and over the formulas."""
    outside = ["B2", "D1", "H2", "T4", "Q5", "T5", "Q24", "A96", "C95", "H90"]
    esito = paste(HEADING, obiettivo(5), dict.fromkeys(outside, "da rivedere"))
    told = [(r.codice, r.cella, r.dati["valore"]) for r in esito.rilievi if r.file == AREA]
    assert sorted(told) == sorted(("M10", cell, "da rivedere") for cell in outside)


@pytest.mark.parametrize(
    ("column", "instead"),
    [("A", "COLONNA"), ("A", None), ("B", "COLONNA"), ("C", None), ("F", "2019"), ("R", "VARIE")],
)
def test_a_heading_changed_or_gone_is_named(column: str, instead: str | None, paste: Paste) -> None:
    headings: list[str] = []

    def change(sheet: Worksheet) -> None:
        headings.append(str(sheet[f"{column}{TESTA}"].value).removesuffix(" *"))
        sheet[f"{column}{TESTA}"] = instead

    esito = paste(HEADING, obiettivo(5), edit=change)
    assert found(esito)[0] == ("M09", "") and of(esito, "schede") == []
    assert [r.dati["atteso"] for r in esito.rilievi if r.codice == "M09"] == headings


def test_a_column_taken_away_names_the_first_heading_out_of_place(paste: Paste) -> None:
    esito = paste(HEADING, obiettivo(5), edit=lambda sheet: sheet.delete_cols(3))
    missing = [r.dati["atteso"] for r in esito.rilievi if r.codice == "M09"]
    assert missing == [missioni.FINALITA.etichetta]


def test_without_its_total_the_sheet_is_not_read(paste: Paste) -> None:
    def untitled(sheet: Worksheet) -> None:
        [total] = [cell for cell in sheet["A"] if cell.value == FINE_VOCI]
        total.value = None

    esito = paste(HEADING, obiettivo(5), edit=untitled)
    assert [r.dati["atteso"] for r in esito.rilievi if r.codice == "M09"] == [FINE_VOCI]


@pytest.mark.parametrize("name", ["Settore", FOGLIO])
def test_a_sheet_that_is_gone_is_missed(name: str, paste: Paste) -> None:
    esito = paste(HEADING, obiettivo(5), edit=lambda sheet: sheet.parent.remove(sheet.parent[name]))
    assert [(r.codice, r.foglio) for r in esito.rilievi if r.codice == "M08"] == [("M08", name)]


def test_the_sheet_is_known_whatever_its_capitals(blank: Path, tmp_path: Path) -> None:
    def shout(parts: dict[str, bytes]) -> None:
        book = parts["xl/workbook.xml"].decode()
        parts["xl/workbook.xml"] = book.replace(f'"{FOGLIO}"', f'"{FOGLIO.upper()}"').encode()

    path = edited(blank, tmp_path / "ente", HEADING, obiettivo(5, A="12.88"))
    rewrite(path, shout)
    assert found(run.controlla(tmp_path / "ente")) == [("B02", "A5")]


def test_obiettivi_before_any_heading_are_judged_like_the_others(paste: Paste) -> None:
    esito = paste(dict.fromkeys(HEADING), obiettivo(4, F=None))
    assert found(esito) == [("M16", "A4"), ("V18", "F4")]
    assert codes_at(esito, 4) == ("12", "1201")


# --- headings deleted, emptied, sorted away

Line = str | tuple[object, ...]
"""A row of the sheet: the programma of an obiettivo, or the three cells of a heading."""
M04, M12 = ("MISSIONE", "04", ISTRUZIONE), ("MISSIONE", "12", None)
BLANK = ("MISSIONE", None, None)


def sheet(*lines: Line) -> list[Cells]:
    """The rows from the first under the headings of the table."""
    return [
        obiettivo(number, A=line)
        if not isinstance(line, tuple)
        else {f"{column}{number}": cell for column, cell in zip("ABC", line, strict=True)}
        for number, line in enumerate(lines, start=4)
    ]


def missione_of(esito: run.Esito, number: int) -> str:
    """The missione under which the obiettivo in a row is printed."""
    blocks = {m["n"]: bilancio.leggi(m["missione"], "").missione for m in of(esito, "missioni")}
    return blocks.get(at_row(esito, "schede", number)["blocco"], "")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param([M12, "12.01", "04.01", "04.02"], ["A6"], id="deleted"),
        pytest.param(["12.01", "12.02", M04, "04.01"], ["A4"], id="the first deleted"),
        pytest.param(["12.01", "04.01", "12.02"], ["A4", "A5"], id="all deleted"),
        pytest.param([M12, "12.01", "04.01", "04.02", M04], ["A6"], id="below its obiettivi"),
        pytest.param(["04.01", "12.01", M12, M04], ["A4", "A5"], id="all at the bottom"),
        pytest.param([M04, M12, "04.01", "12.01"], ["A6"], id="all at the top"),
        pytest.param([M12, "12.01", BLANK, "04.01"], ["B6"], id="emptied but for its label"),
        pytest.param([M12, "12.01", ("MISSIONE", "05", None), "04.01"], ["B6"], id="of another code"),
        pytest.param([M12, "04.01", "04.02"], ["B4"], id="the only one, of another code"),
        pytest.param([M12, "12.01", "04.01", "12.02"], ["A6"], id="one of another missione"),
        pytest.param([M12, "12.01", "04.01", M04, "04.02"], ["A6"], id="one not under its own"),
        pytest.param([M12, "12.01", "0401", "4.2 S", "04/06 - Servizi"], ["A6"], id="other spellings"),
        pytest.param([M12, "12.01", "Missione 4 – Programma 2", "Prog. 04.06"], ["A6"], id="in words"),
    ],
)
def test_the_code_tells_the_missione(lines: list[Line], told: list[str], paste: Paste) -> None:
    """Once for each missione whose heading is not above its obiettivi."""
    esito = paste(dict.fromkeys(HEADING), *sheet(*lines))
    assert found(esito) == [("M16", cell) for cell in told]
    for number, line in enumerate(lines, start=4):
        if not isinstance(line, tuple):
            missione, _ = codes_at(esito, number)
            assert missione == missione_of(esito, number) == bilancio.leggi("", line).missione


def test_a_row_without_a_code_of_its_own_goes_with_the_row_above(paste: Paste) -> None:
    esito = paste(*sheet(M12, "12.01", "04.01", "02", "04.06"))
    [manca] = [r for r in esito.rilievi if r.codice == "M16"]
    assert (manca.cella, manca.dati["celle"]) == ("A6", "A6:A8")
    assert codes_at(esito, 7) == ("04", "0402")


def test_a_programma_merged_under_a_missing_heading_counts_for_all(paste: Paste) -> None:
    rows = sheet(M12, "12.01", "04.01", "04.01")
    esito = paste(*rows, {"A7": None}, edit=lambda ws: ws.merge_cells("A6:A7"))
    assert found(esito) == [("M16", "A6")]
    assert missione_of(esito, 6) == missione_of(esito, 7) == "04"


def test_a_heading_of_another_code_is_one_finding(paste: Paste) -> None:
    """That its name is of another code too (B03) only follows."""
    assert found(paste(*sheet(("MISSIONE", "05", ISTRUZIONE), "04.01", "04.02"))) == [("M16", "B4")]


def test_a_heading_without_a_code_is_asked_for_one(paste: Paste) -> None:
    """Nothing under it says which; with its name it is known, and its obiettivi stay under it."""
    esito = paste(*sheet(BLANK, "01"), *[{"A8": "MISSIONE", "C8": ISTRUZIONE}, obiettivo(9, A="04.01")])
    assert found(esito) == [("C04", "B4"), ("C04", "B8")]
    assert at_row(esito, "schede", 9)["blocco"] == 2


@pytest.mark.parametrize(
    "heading",
    [
        (None, "04", ISTRUZIONE),
        (None, f"04 – {ISTRUZIONE}", None),
        ("MISIONE", "04", None),
        ("Missiome", 4, ISTRUZIONE),
    ],
)
def test_a_heading_whose_label_is_spoilt_is_a_heading(heading: Line, paste: Paste) -> None:
    esito = paste(*sheet(heading, "04.01"))
    assert found(esito) == []
    assert len(of(esito, "schede")) == 1 and missione_of(esito, 5) == "04"


@pytest.mark.parametrize(
    ("lines", "remedy"),
    [
        ([M12, "12.01", "04.01"], "Inserire una riga sopra la 6"),
        ([M12, "12.01", "04.01", "12.02"], "blocco MISSIONE vuoto"),
        ([M12, "12.01", "04.01", M04], "Portare la riga 7 sopra questi obiettivi"),
        ([M12, "12.01", "04.01", M04, "04.02"], "Portare questi obiettivi sotto la riga 7"),
        ([M12, "12.01", BLANK, "04.01"], "Scrivere 04 in questa casella"),
    ],
)
def test_the_remedy_of_a_missing_heading_can_be_done(
    lines: list[Line], remedy: str, paste: Paste
) -> None:
    [manca] = [r for r in paste(*sheet(*lines)).rilievi if r.codice == "M16"]
    assert remedy in manca.rimedio


SORTABLE = ("M01", "M04", "M12", "01.02", "01.05", "04.01", "0406", "12.9", "33.01", "", "02")


@given(lines=st.permutations(SORTABLE))
def test_rows_in_any_order_are_under_the_missione_of_their_code(lines: list[str]) -> None:
    """And where the heading above is another, a finding names their row."""
    blocks = [sotto_missione.Blocco({})]
    for row, line in enumerate(lines, start=1):
        if line.startswith("M"):
            blocks.append(
                sotto_missione.Blocco({"riga": row, "missione": line[1:], "denominazione": ""})
            )
        else:
            code = bilancio.leggi("", line).missione
            code = code if code in bilancio.MISSIONI else ""
            blocks[-1].obiettivi.append(sotto_missione.Obiettivo(row, {"programma": line}, [], code))
    placed, missing = sotto_missione.ricomponi(blocks)
    named = {o.riga: m.missione for m in missing for o in m.obiettivi}
    assert len({m.missione for m in missing}) == len(missing)
    assert sorted(o.riga for b in placed for o in b.obiettivi) == sorted(
        row for row, line in enumerate(lines, start=1) if not line.startswith("M")
    )
    above = {o.riga: b.testa.get("missione", "") for b in blocks for o in b.obiettivi}
    for block in placed:
        for o in block.obiettivi:
            assert o.missione in ("", block.missione)
            assert named.get(o.riga, above[o.riga]) == block.missione


def without_headings(sheet: Worksheet) -> None:
    """The rows of the missioni 01 and 04 deleted."""
    sheet.delete_rows(17)
    sheet.delete_rows(4)


def sorted_by_programma(sheet: Worksheet) -> None:
    """As a spreadsheet sorts a selection: the words after the codes, the blank rows last."""
    columns = [c.colonna for c in missioni.CAMPI]
    rows = [[sheet.cell(n, c).value for c in columns] for n in range(TESTA + 1, 53)]
    rows.sort(key=lambda row: (row[0] is None, str(row[0])))
    for number, row in enumerate(rows, start=TESTA + 1):
        for column, value in zip(columns, row, strict=True):
            sheet.cell(number, column).value = value


@pytest.fixture(scope="module", params=[without_headings, sorted_by_programma])
def disordered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disordine") / "ente"
    shutil.copytree(ESEMPIO_MISSIONI, folder)
    book = openpyxl.load_workbook(AMMINISTRATIVA)
    request.param(book[FOGLIO])
    book.save(folder / AMMINISTRATIVA.name)
    return folder


def test_an_example_in_disorder_is_printed_under_the_same_headings(
    disordered: Path, example: run.Esito, tmp_path: Path
) -> None:
    esito = run.relazione(disordered, tmp_path)
    headings = [
        [line for line in docx_lines(e.documenti[1]) if line.startswith("[Heading2] Missione")]
        for e in (example, esito)
    ]
    assert [h.casefold() for h in headings[1]] == [h.casefold() for h in headings[0]]
    assert not any("Senza missione" in line for line in docx_lines(esito.documenti[1]))
    assert {r.codice for r in esito.rilievi} - {r.codice for r in example.rilievi} == {"M16"}


@pytest.mark.parametrize("origin", ["riscrivi", "da"])
def test_a_workbook_prepared_from_one_in_disorder_has_its_headings(
    origin: str, disordered: Path, tmp_path: Path
) -> None:
    assert prepara(tmp_path / "nuova", **{origin: disordered}).rilievi == []
    esito = run.controlla(tmp_path / "nuova")
    assert "M16" not in {r.codice for r in esito.rilievi}
    blocks = {m["n"]: m["missione"] for m in of(esito, "missioni")}
    under = {s["scheda"]: blocks[s["blocco"]] for s in of(esito, "schede")}
    assert {r["scheda"]: r["codice_missione"] for r in of(esito, "collegamenti")} == under
    assert Counter(under.values()) == {"01": 10, "04": 4, "05": 2, "06": 2, "12": 9}


# --- the nomenclature of the year


@pytest.mark.parametrize(("anno", "quanti"), [(2025, 99), (2026, 100)])
def test_the_list_of_the_programmi_is_that_of_the_year(anno: int, quanti: int, tmp_path: Path) -> None:
    path = written(Settore(replace(TESTATA, anno=anno), costruisci({}), 1), tmp_path)
    listed_ = {str(a.value): b.value for a, b in openpyxl.load_workbook(path)["Programmi"]["A4:B120"]}
    listed_.pop("None")
    assert len(listed_) == quanti and ("12.11" in listed_) is (anno >= 2026)
    assert listed_["12.01"] == bilancio.denominazione("12", "1201", anno)
    assert read(path).rilievi == []


# --- both templates in one ente

AREE = ("area", "sociale")
STRATEGICO = NIDO | {"programma": "12.01 S", "supporto": "Ugo Bruni, Tutti gli uffici"}
SOCIALE: list[Blocco] = [
    (
        DODICI,
        [
            STRATEGICO | {"peso": Decimal(2)},
            NIDO
            | {"obiettivo": "Ampliare il nido", "responsabile": "Verdi Anna"}
            | {"peso": Decimal(1), "grado_nucleo": Decimal(60)},
            NIDO
            | {
                "obiettivo": "Aprire il centro anziani",
                "programma": "12.3",
                "responsabile": "Elisa Bruni",
            }
            | {"peso": Decimal(3), "grado_dichiarato": None, "stato": "sospeso", "note": "Senza fondi"},
        ],
    ),
    (
        {"missione": "04", "denominazione": ISTRUZIONE},
        [
            NIDO
            | {"obiettivo": "Rifare la mensa", "programma": "4.6", "responsabile": "Elisa Bruni"}
            | {"supporto": "Anna Verdi", "peso": Decimal(4), "grado_dichiarato": Decimal(50)}
        ],
    ),
]
LISTED: list[Riga] = [
    ELENCO[0],
    ELENCO[1] | {"peso": None},
    {"settore": "area", "denominazione": "Area Amministrativa", "modello": missioni.NOME},
    ELENCO[2] | {"peso": None},
    {"settore": "sociale", "denominazione": "Settore Sociale", "modello": missioni.NOME},
]
PERCENTAGES = {
    "ragioneria": Fraction(95 + 90 + 100, 3),
    "area": Fraction(95 + 80 + 100, 3),
    "tecnico": Fraction(95 + 100, 2),
    "sociale": Fraction(2 * 100 + 60 + 4 * 50, 7),
}


def write_mixed(folder: Path) -> Path:
    write_world(folder)
    ente.scrivi(folder / ENTE, ente_of(*LISTED), ANNO)
    testata = replace(TESTATA, settore="area", denominazione="Area Amministrativa")
    missioni.scrivi(folder / "area.xlsx", testata, tables_of_area(), 1)
    missioni.scrivi(folder / AREA, TESTATA, per_missione(TESTATA, SOCIALE), 1)
    return folder


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> run.Esito:
    """Two settori on schede, with a trasversale, and two on missioni, listed one after the other."""
    folder = tmp_path_factory.mktemp("misto")
    return run.relazione(write_mixed(folder / "dentro"), folder / "fuori")


def test_the_mixed_ente_has_nothing_that_blocks(mixed: run.Esito) -> None:
    assert not mixed.bloccato
    assert [r.codice for r in mixed.rilievi] == []
    assert [path.suffix for path in mixed.documenti] == [".xlsx", ".docx", ".json"]


def test_each_settore_has_its_percentage_whatever_its_template(mixed: run.Esito) -> None:
    gradi = {s.settore: s.grado for s in figures(mixed).settori}
    assert {s: arrotonda(g) for s, g in gradi.items()} == {
        s: rounded(exact) for s, exact in PERCENTAGES.items()
    }
    assert mixed.fascicolo is not None and mixed.fascicolo.valutazione.ente is not None
    assert arrotonda(mixed.fascicolo.valutazione.ente) == rounded(sum(PERCENTAGES.values()) / 4)


def rounded(exact: Fraction) -> Decimal:
    return arrotonda(Decimal(exact.numerator) / Decimal(exact.denominator))


def test_the_riepilogo_lists_the_settori_as_ente_does(mixed: run.Esito) -> None:
    book = openpyxl.load_workbook(mixed.documenti[0], data_only=True)
    lines = [(row[1].value, row[7].value) for row in book["Riepilogo"].iter_rows(5, 8)]
    names = [r["denominazione"] for r in LISTED if r["settore"] != TRASVERSALI]
    assert lines == [
        (name, float(rounded(exact))) for name, exact in zip(names, PERCENTAGES.values(), strict=True)
    ]
    assert [name for name in book.sheetnames if name in names] == names


def test_the_relazione_of_a_mixed_ente_reads_as_one(mixed: run.Esito) -> None:
    lines = docx_lines(mixed.documenti[1])
    chapters = [line.split("⇥")[1] for line in lines if line.startswith("[TOC1]")]
    names = [r["denominazione"] for r in LISTED]
    first = chapters.index(names[0])
    assert chapters[first : first + 5] == names
    assert chapters[first + 5] == "Per l'organo di valutazione"
    assert len(chapters) == len(set(chapters))
    assert {name: under(lines, name) for name in names} == {
        names[0]: ["TitoloScheda"],
        names[1]: ["TitoloScheda", "TitoloScheda"],
        names[2]: ["Heading2", "Heading2"],
        names[3]: ["TitoloScheda"],
        names[4]: ["Heading2", "Heading2"],
    }


def under(lines: list[str], chapter: str) -> list[str]:
    """The styles of the headings of the second level in a chapter."""
    start = next(n for n, line in enumerate(lines) if line.startswith(f"[Heading1] {chapter}"))
    rest = lines[start + 1 :]
    end = next((n for n, line in enumerate(rest) if line.startswith("[Heading1]")), len(rest))
    return re.findall(r"^\[(Heading2|TitoloScheda)\]", "\n".join(rest[:end]), re.MULTILINE)


def test_the_relazione_counts_both_kinds(mixed: run.Esito) -> None:
    text = "\n".join(docx_lines(mixed.documenti[1]))
    assert re.search(r"compilato 4 schede\b.* e 8 obiettivi operativi\. Nella valutazione", text)


def test_everybody_named_in_the_operativi_is_in_the_sheet_personale(mixed: run.Esito) -> None:
    book = openpyxl.load_workbook(mixed.documenti[0], data_only=True)
    listed = {by_hand(str(row[0].value)) for row in book["Personale"].iter_rows(min_row=4)}
    named = {
        name
        for scheda in of(mixed, "schede")
        if scheda["settore"] in AREE
        for name in names_by_hand(scheda["responsabile"], scheda["supporto"])
    }
    assert listed == named
    assert len(named) >= 6


def test_the_people_of_a_mixed_ente_are_weighed_with_the_pesi(mixed: run.Esito) -> None:
    finali = {(v["settore"], v["n"]): v for v in of(mixed, "voci")}
    taking: list[Taking] = []
    for scheda in of(mixed, "schede"):
        if scheda["settore"] in AREE:
            voce = finali[scheda["settore"], scheda["scheda"]]
            grado = voce["grado_nucleo"]
            grado = scheda["grado_dichiarato"] if grado is None else grado
            answering = names_by_hand(scheda["responsabile"])
            everybody = answering | names_by_hand(scheda["supporto"])
            counts = voce["stato"] == VALUTATO
            taking.append((answering, everybody, voce["peso"], grado if counts else None))
    assert_means_of_people(mixed, taking)
    anna = next(p for p in figures(mixed).personale if by_hand(p.nominativo) == "anna verdi")
    assert arrotonda(anna.grado) == rounded(Fraction(2 * 100 + 60 + 4 * 50, 7))
    assert arrotonda(anna.grado_responsabile) == rounded(Fraction(2 * 100 + 60, 3))


def test_the_documents_of_a_mixed_ente_are_sound(mixed: run.Esito) -> None:
    assert faults(mixed.documenti[0]) == []
    assert faults(mixed.documenti[1]) == []


def test_a_mixed_ente_gives_the_same_bytes_twice(mixed: run.Esito, tmp_path: Path) -> None:
    again = run.relazione(write_mixed(tmp_path / "dentro"), tmp_path / "fuori")
    for one, other in zip(mixed.documenti[:2], again.documenti[:2], strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_the_order_of_the_list_is_the_order_of_the_documents(mixed: run.Esito, tmp_path: Path) -> None:
    """The same percentages, with the settori on missioni listed first."""
    write_mixed(tmp_path / "dentro")
    ente.scrivi(tmp_path / "dentro" / ENTE, ente_of(*reversed(LISTED)), ANNO)
    fascicolo = run.controlla(tmp_path / "dentro").fascicolo
    assert fascicolo is not None and mixed.fascicolo is not None
    assert fascicolo.ordine == [TRASVERSALI, "sociale", "tecnico", "area", "ragioneria"]
    assert fascicolo.valutazione.ente == mixed.fascicolo.valutazione.ente


# --- through LibreOffice

SPARSE: dict[str, list[Blocco]] = {
    "pesati": [
        (None, [NIDO | {"peso": Decimal("0.5"), "grado_nucleo": Decimal("33.33")}]),
        (
            DODICI,
            [
                NIDO | {"peso": Decimal(3)},
                NIDO | {"peso": Decimal(1), "grado_dichiarato": Decimal(85)},
                NIDO | {"peso": Decimal(9), "grado_dichiarato": None, "stato": "rinviato"},
                NIDO | {"peso": Decimal(2), "grado_dichiarato": None, "stato": "non consuntivato"},
            ],
        ),
    ],
    "incompleti": [
        (
            DODICI,
            [
                NIDO | {"peso": Decimal(3)},
                {"programma": "12.01", "grado_dichiarato": Decimal(50)},
                NIDO | {"programma": "Missione di settore", "peso": Decimal(1)},
            ],
        )
    ],
}
"""Settori by what their obiettivi give: gradi of every origin with pesi, or not all that they should."""
ATTESO = NIDO | {"indicatori": "Posti", "atteso": "20", "raggiunto": "15"}
MISURATI: list[Blocco] = [
    (
        DODICI,
        [
            ATTESO,
            ATTESO | {"grado_dichiarato": None, "stato": VALUTATO},
            ATTESO | {"grado_nucleo": Decimal("33.33")},
            ATTESO | {"grado_dichiarato": None, "stato": "rinviato"},
            ATTESO | {"grado_dichiarato": None, "stato": "non consuntivato"},
            NIDO | {"grado_dichiarato": Decimal(85)},
        ],
    )
]
"""A settore whose indicatori have a valore atteso, under each rule on where a grado comes from."""
PER_ORIGINE = {f"misurati{n}": origine for n, origine in enumerate(ORIGINI)}


@pytest.fixture(scope="module")
def recalculated(
    libreoffice: str,
    example: run.Esito,
    mixed: run.Esito,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[Path, Path]]:
    """Each workbook with formulas, and its copy recalculated after every kept value was made wrong."""
    folder = tmp_path_factory.mktemp("ricalcolati")
    paths = dict(write_sparse(folder / "sparsi", SPARSE))
    for name, origine in PER_ORIGINE.items():
        paths |= write_sparse(folder / name, {name: MISURATI}, origine)
    paths |= {"esempio": example.documenti[0], "misto": mixed.documenti[0], "area": AMMINISTRATIVA}

    spoiled = [with_wrong_cached_values(paths[name], folder / f"{name}.xlsx") for name in paths]
    saved = convert_all(spoiled, folder / "fuori", "xlsx", recalculate=True)
    return {name: (paths[name], path) for name, path in zip(paths, saved, strict=True)}


def write_sparse(
    folder: Path, settori: dict[str, list[Blocco]], origine: str = DICHIARATO
) -> dict[str, Path]:
    """A workbook for each way of giving gradi, rewritten by us so that it keeps its figures."""
    folder.mkdir()
    listed = [{"settore": n, "denominazione": n, "modello": missioni.NOME} for n in settori]
    tabelle = ente_of(*listed)
    scelti = {"non_consuntivato": "50", "origine": origine}
    parametri = [
        riga | {"valore": scelti.get(riga["parametro"], riga["valore"])}
        for riga in righe(tabelle.parametri)
    ]
    tabelle = replace(tabelle, parametri=costruisci({"parametri": parametri}).parametri)
    ente.scrivi(folder / ENTE, tabelle, ANNO)
    for name, scritti in settori.items():
        testata = replace(TESTATA, settore=name, denominazione=name)
        written(Settore(testata, per_missione(testata, scritti)), folder)
    assert prepara(folder / "riscritti", riscrivi=folder).rilievi == []
    return {path.stem: path for path in (folder / "riscritti").glob("[!e]*.xlsx")}


def test_a_row_with_an_atteso_leaves_its_grado_to_the_indicatori(tmp_path: Path) -> None:
    """Where the ente wants it measured: its own workbook makes no figure up."""
    detti = {}
    for name, origine in PER_ORIGINE.items():
        path = write_sparse(tmp_path / name, {name: MISURATI}, origine)[name]
        sheet = openpyxl.load_workbook(path, data_only=True)[FOGLIO]
        finali = [sheet.cell(riga, missioni.COLONNA_FINALE).value for riga in range(5, 11)]
        totali = trova_riga(apri(path).fogli[FOGLIO], [FINE_VOCI])
        assert totali is not None
        detti[origine] = (*finali, sheet.cell(totali + 2, 3).value)
    del_nucleo, escluso, fissato, proprio = (pytest.approx(33.33), None, 50, 85)
    comuni = (del_nucleo, escluso, fissato, proprio)
    assert detti == {
        ORIGINI[0]: (100, None, *comuni, pytest.approx(67.08)),
        ORIGINI[1]: (100, DAGLI_INDICATORI, *comuni, NELLA_RELAZIONE),
        ORIGINI[2]: (DAGLI_INDICATORI, DAGLI_INDICATORI, *comuni, NELLA_RELAZIONE),
    }


@needs_soffice
@pytest.mark.parametrize("name", ["esempio", "misto", "area", *SPARSE, *PER_ORIGINE])
def test_the_figures_kept_are_those_recalculated(
    name: str, recalculated: dict[str, tuple[Path, Path]]
) -> None:
    ours, theirs = recalculated[name]
    kept, computed = cached_values(ours), cached_values(theirs)
    cells = [(sheet, cell) for sheet, found_ in formula_cells(ours).items() for cell in found_]
    assert len(cells) > 5
    for sheet, cell in cells:
        before, after = kept[sheet].get(cell), computed[sheet].get(cell)
        same = pytest.approx(before, rel=1e-9) if isinstance(before, int | float) else before
        assert after == same, (sheet, cell)


@needs_soffice
def test_the_example_saved_by_libreoffice_reads_the_same(
    recalculated: dict[str, tuple[Path, Path]],
) -> None:
    ours, theirs = recalculated["area"]
    before, after = read(ours), read(theirs)
    assert tables(after) == tables(before)
    assert objections(after) == []
    assert_reconciled(after)


@needs_soffice
def test_the_relazione_of_a_mixed_ente_prints_clean(mixed: run.Esito, tmp_path: Path) -> None:
    clean_when_printed(mixed.documenti[1], tmp_path)


# --- the workbooks to fill in


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Preparati]:
    folder = tmp_path_factory.mktemp("anno_dopo")
    return folder, prepara(folder, da=ESEMPIO_MISSIONI)


def content(path: Path) -> dict[str, list[Riga]]:
    return tables(read(path))


def test_a_listed_settore_gets_a_blank_workbook_in_its_template(tmp_path: Path) -> None:
    listed = {"settore": "sociale", "denominazione": "Settore Sociale", "modello": missioni.NOME}
    ente.scrivi(tmp_path / ENTE, ente_of(listed | {"n_schede": Decimal(40)}), ANNO)
    preparati = prepara(tmp_path)
    assert [path.name for path in preparati.scritti] == [AREA]
    assert openpyxl.load_workbook(tmp_path / AREA).sheetnames == [
        "Istruzioni",
        "Settore",
        FOGLIO,
        "Programmi",
        "_modello",
    ]
    lettura = read(tmp_path / AREA)
    assert list(tables(lettura)) == ["settori"]
    assert (lettura.rilievi, lettura.compilate) == ([], 0)
    assert faults(tmp_path / AREA) == []
    raccolta = ingest.raccogli(tmp_path)
    assert raccolta.rilievi == []


def blocks(path: Path) -> dict[str, int]:
    """The missioni that a form is headed with, and how many rows there are under each heading."""
    foglio = openpyxl.load_workbook(path)[FOGLIO]
    prime = [foglio.cell(riga, 1).value for riga in range(1, foglio.max_row + 1)]
    teste = [riga for riga, testo in enumerate(prime, start=1) if testo == missioni.MISSIONE]
    fine = prime.index(FINE_VOCI)
    return {
        foglio.cell(riga, 2).value or "": dopo - riga - 1
        for riga, dopo in zip(teste, [*teste[1:], fine], strict=True)
    }


@pytest.mark.parametrize(
    ("chieste", "attesi"),
    [
        ("1, 04; 04", {"01": 71, "04": 71, "": 6}),
        ("09", {"09": 142, "": 6}),
    ],
)
def test_the_blocks_are_those_of_the_missioni_asked_for(
    chieste: str, attesi: dict[str, int], tmp_path: Path
) -> None:
    listed = {"settore": "sociale", "denominazione": "Sociale", "modello": missioni.NOME}
    listed |= {"n_schede": Decimal(142), "missioni": chieste}
    ente.scrivi(tmp_path / ENTE, ente_of(listed), ANNO)
    assert prepara(tmp_path).rilievi == []
    assert blocks(tmp_path / AREA) == attesi
    assert ingest.raccogli(tmp_path).rilievi == []
    riscritta = tmp_path / "riscritta"
    assert prepara(riscritta, riscrivi=tmp_path).rilievi == []
    assert (riscritta / AREA).read_bytes() == (tmp_path / AREA).read_bytes()


def test_there_is_room_for_all_the_obiettivi_without_asking_for_missioni(tmp_path: Path) -> None:
    missioni.scrivi(tmp_path / AREA, Testata("E", 2021, "area", "A", missioni.NOME), costruisci({}), 142)
    foglio = openpyxl.load_workbook(tmp_path / AREA)[FOGLIO]
    prime = [foglio.cell(riga, 1).value for riga in range(TESTA + 1, foglio.max_row)]
    righe_vuote = prime[: prime.index(FINE_VOCI) - 1].count(None)
    assert prime.count(missioni.MISSIONE) == 4 and righe_vuote == 144


def test_a_missione_typed_in_two_blocks_is_printed_as_one(tmp_path: Path) -> None:
    """As it is read: its obiettivi together, with the numbers that they have in the sheet."""
    tabelle = tables_of_area()
    doppia = {"settore": "area", "n": 3, "missione": "1", "denominazione": ""}
    tutte = costruisci({"missioni": [*righe(tabelle.missioni), doppia]}).missioni
    sparse = tabelle.schede.assign(blocco=[1, 3, 2, 2])
    ente.scrivi(tmp_path / ENTE, ente_of({"settore": "area", "modello": missioni.NOME}), ANNO)
    testata = Testata(COMUNE, ANNO, "area", "Area", missioni.NOME)
    missioni.scrivi(tmp_path / AREA, testata, replace(tabelle, missioni=tutte, schede=sparse), 1)
    esito = run.controlla(tmp_path)
    assert esito.fascicolo is not None and [r.codice for r in esito.rilievi] == []
    documento = MagicMock()
    stampa.scrivi(documento, esito.fascicolo, "area")
    titoli = [chiamata.args[0] for chiamata in documento.titolo.call_args_list]
    assert [titolo.split(" – ")[0] for titolo in titoli] == ["Missione 01", "Missione 05"]
    _, prima, seconda = (chiamata.args[0].righe for chiamata in documento.tabella.call_args_list)
    detti = [[riga[0][1][0].split(".")[0][-1] for riga in tabella] for tabella in (prima, seconda)]
    assert detti == [["1", "4"], ["2", "3"]]


def test_carrying_over_keeps_the_plan_and_empties_the_results(carried: tuple[Path, Preparati]) -> None:
    folder, preparati = carried
    assert preparati.rilievi == []
    before, after = content(AMMINISTRATIVA), content(folder / AMMINISTRATIVA.name)
    assert before.pop("stati")
    emptied: dict[str, Riga] = {
        "settori": {"anno": 2022},
        "schede": {"grado_dichiarato": None},
        "voci": {"stato": "", "grado_dichiarato": None, "grado_nucleo": None}
        | dict.fromkeys(("note_responsabile", "note"), ""),
    }
    assert after == {
        table: [{**riga, **emptied.get(table, {})} for riga in sue] for table, sue in before.items()
    }
    assert {"missioni", "collegamenti", "indicatori", "obiettivi"} <= set(after)
    assert sum(o["strategico"] for o in after["obiettivi"]) == 5


def test_the_year_after_stands_in_the_headings(carried: tuple[Path, Preparati]) -> None:
    sheet = openpyxl.load_workbook(carried[0] / AMMINISTRATIVA.name)[FOGLIO]
    assert sheet.cell(TESTA, missioni.PREVISTO.colonna).value == "2022"


def test_the_year_after_lacks_only_its_results(carried: tuple[Path, Preparati]) -> None:
    """The workbook is to be filled in, the texts of the ente are to be read again, and that is all."""
    dopo = run.controlla(carried[0])
    assert [r.file for r in dopo.rilievi if r.codice == "V31"] == [AMMINISTRATIVA.name]
    assert {r.codice for r in dopo.rilievi} == {"V31", "E15"}
    assert len(of(dopo, "voci")) == 27
    assert all(q.torna for q in dopo.raccolta.quadrature)


def test_rewriting_keeps_everything(tmp_path: Path) -> None:
    preparati = prepara(tmp_path / "nuova", riscrivi=ESEMPIO_MISSIONI)
    assert preparati.rilievi == []
    for path in ESEMPIO_MISSIONI.glob("*.xlsx"):
        expected = with_all_messages(content(path))
        assert content(tmp_path / "nuova" / path.name) == expected
    before = figures(run.controlla(ESEMPIO_MISSIONI)).settori
    assert figures(run.controlla(tmp_path / "nuova")).settori == before
    prepara(tmp_path / "ancora", riscrivi=tmp_path / "nuova")
    for path in (tmp_path / "nuova").iterdir():
        assert (tmp_path / "ancora" / path.name).read_bytes() == path.read_bytes()


@settings(few, max_examples=2)
@given(settore=settori_per_missione())
def test_whatever_was_written_is_rewritten_or_carried_over(
    settore: Settore, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("qualunque")
    testata = replace(settore.testata, ente=COMUNE, anno=ANNO)
    path = written(replace(settore, testata=testata), folder)
    listed = {"settore": testata.settore, "denominazione": testata.denominazione}
    ente.scrivi(folder / ENTE, ente_of(listed | {"modello": missioni.NOME}), ANNO)
    assert prepara(folder / "nuova", riscrivi=folder).rilievi == []
    assert content(folder / "nuova" / path.name) == content(path)
    assert prepara(folder / "anno_dopo", da=folder).rilievi == []
    after = content(folder / "anno_dopo" / path.name)
    assert not after.get("stati")
    assert all(voce["stato"] == voce["note"] == "" for voce in after.get("voci", []))
    assert_reconciled(read(folder / "anno_dopo" / path.name))


def test_a_workbook_of_which_a_cell_would_be_lost_is_not_rewritten(tmp_path: Path) -> None:
    shutil.copytree(ESEMPIO_MISSIONI, tmp_path / "vecchia")
    book = openpyxl.load_workbook(tmp_path / "vecchia" / AMMINISTRATIVA.name)
    book[FOGLIO]["T6"] = "appunto"
    book.save(tmp_path / "vecchia" / AMMINISTRATIVA.name)
    preparati = prepara(tmp_path / "nuova", riscrivi=tmp_path / "vecchia")
    assert [(r.codice, r.cella) for r in preparati.rilievi] == [("M10", "T6")]
    assert not (tmp_path / "nuova" / AMMINISTRATIVA.name).exists()


def test_a_workbook_of_the_other_template_is_not_read_as_this_one(tmp_path: Path) -> None:
    write_mixed(tmp_path)
    testata = replace(TESTATA, modello=schede.NOME)
    schede.scrivi(tmp_path / AREA, testata, costruisci({}), 1)
    assert [(r.codice, r.file) for r in run.controlla(tmp_path).rilievi] == [("M12", AREA)]


# --- one place for the differences

LAYOUT = RADICE / "pipeline" / "documents" / "relazione" / "settori.py"
KNOWN = {"atteso", "registro.NOMI", "ente.NOME", "nucleo.NOME", "registro.atteso(riga)"}
"""What ingest compares a workbook's mark with: it names no template of a settore."""


def templates_asked_for(source: str) -> list[str]:
    """The comparisons of a modello with anything but what `ingest` expects; also `match modello`."""

    def is_modello(node: ast.expr) -> bool:
        if isinstance(node, ast.Subscript):
            return isinstance(node.slice, ast.Constant) and node.slice.value == "modello"
        if isinstance(node, ast.Call):  # .get("modello")
            return any(isinstance(a, ast.Constant) and a.value == "modello" for a in node.args)
        name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
        return bool(name == "modello")

    def sides(node: ast.AST) -> list[ast.expr]:
        if isinstance(node, ast.Compare):
            return [node.left, *node.comparators]
        return [node.subject] if isinstance(node, ast.Match) else []

    def known(side: ast.expr) -> bool:
        parts = side.elts if isinstance(side, ast.Tuple) else [side]
        return all(ast.unparse(p).lstrip("*") in KNOWN for p in parts)

    asked = []
    for node in ast.walk(ast.parse(source)):
        others = [side for side in sides(node) if not is_modello(side)]
        if len(others) < len(sides(node)) and not (others and all(map(known, others))):
            asked.append(f"line {getattr(node, 'lineno', 0)}: {ast.unparse(node)[:80]}")
    return asked


@pytest.mark.parametrize(
    "source",
    [
        "if modello == 'missioni': pass",
        "x = riga['modello'] in (schede.NOME, missioni.NOME)",
        "while self.modello != missioni.NOME: pass",
        "[r for r in rows if 'schede' == r.get('modello')]",
        "match modello:\n    case 'missioni': pass",
    ],
)
def test_the_rule_sees_who_asks_for_a_template(source: str) -> None:
    assert len(templates_asked_for(source)) == 1


def test_only_the_workbooks_know_which_template_is_which() -> None:
    """Elsewhere the tables are all there is; the layouts of the relazione are one table."""
    for path in sorted((RADICE / "pipeline").rglob("*.py")):
        if "workbooks" not in path.parts:
            assert templates_asked_for(path.read_text(encoding="utf-8")) == [], path.name
    assert LAYOUT.read_text(encoding="utf-8").count("missioni.NOME") == 1
