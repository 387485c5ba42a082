"""Rows written whole, and a workbook copied as it stands."""

import zlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.format import Format

from pipeline import excel, files
from pipeline.veste import DOCUMENTI

MAX_TESTO = 32_767
ALTE = (15, 28, 40.6, 409)
"""How high rows are: as they are without saying it, and more."""

valori = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    st.sampled_from(["<r>a & b</r>", "_x0041_", "#N/D", "=A1", " spazi ", "riga\na capo"]),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-1000, 1000, places=4),
)
formule = st.sampled_from(["", "", '=IF(A1<>"",A1&"<b>",B1)', "=SUM(Conti_quota)"])


def written(percorso: Path, righe: list[list[tuple[str, object, str]]], intere: bool) -> dict[str, str]:
    """A workbook of these cells, by rows or cell by cell: its parts."""
    libro = excel.Libro(percorso, DOCUMENTI)
    ws = libro.pagina("Prova")
    for stile in libro.formati.values():
        stile._get_xf_index()  # formats are numbered as they are used: here in one order
    excel.scrivi(ws, 1, 1, "Titolo", libro.formati["titolo"])
    for numero, riga in enumerate(righe, start=3):
        if intere:
            formule, tutti, stili = zip(*riga, strict=True)
            formati = tuple(libro.formati[stile] for stile in stili)
            ws.riga(numero, tutti, formati, ALTE[numero % 4], formule)
            continue
        for colonna, (formula, valore, stile) in enumerate(riga, start=1):
            if formula:
                excel.formula(ws, numero, colonna, formula, valore, libro.formati[stile])
            else:
                excel.scrivi(ws, numero, colonna, valore, libro.formati[stile])
        ws.set_row(numero - 1, ALTE[numero % 4])
    libro.close()
    return parti(percorso)


celle = st.tuples(formule, valori, st.sampled_from(["testo", "grado", "numero"]))


@given(righe=st.lists(st.lists(celle, min_size=1, max_size=30), max_size=5))
def test_a_row_written_whole_is_the_one_xlsxwriter_writes_cell_by_cell(
    righe: list[list[tuple[str, object, str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    percorso = tmp_path_factory.mktemp("righe") / "a.xlsx"
    intere = written(percorso, righe, intere=True)
    assert intere == written(percorso, righe, intere=False)


def unita(percorso: Path, intera: bool) -> dict[str, str]:
    """A workbook with a row of cells made one, the first a link, in a sheet with bars."""
    libro = excel.Libro(percorso, DOCUMENTI)
    ws, stile = libro.pagina("Prova"), libro.formati["testo"]
    ws.excel_version = 2010
    if intera:
        ws.unisci(2, 1, 2)
        ws.collega(2, 1, "internal:'Prova'!A1", "vai")
        ws.riga(2, ["vai", None, 5], (stile, stile, stile), 15)
    else:
        ws.merge_range(1, 0, 1, 1, "", stile)
        ws.write_url(1, 0, "internal:'Prova'!A1", stile, "vai")
        excel.scrivi(ws, 2, 3, 5, stile)
    ws.conditional_format(1, 2, 1, 2, {"type": "data_bar", "data_bar_2010": True})
    libro.close()
    return parti(percorso)


def test_a_row_written_whole_may_have_cells_made_one_and_links(tmp_path: Path) -> None:
    assert unita(tmp_path / "a.xlsx", True) == unita(tmp_path / "b.xlsx", False)


def unisci(ws: excel.Foglio, stile: Format) -> None:
    ws.merge_range(0, 0, 1, 1, "altro", stile)


def aggiungi(ws: excel.Foglio, stile: Format) -> None:
    ws.add_table(1, 0, 4, 1, {"columns": [{"header": "a"}, {"header": "b"}]})


def scrivi(ws: excel.Foglio, stile: Format) -> None:
    excel.scrivi(ws, 2, 1, "altro", stile)


@pytest.mark.parametrize("altro", [scrivi, unisci, aggiungi])
@pytest.mark.parametrize("dopo", [False, True])
def test_a_whole_row_takes_no_other_cell(
    dopo: bool, altro: Callable[[excel.Foglio, Format], None], tmp_path: Path
) -> None:
    libro = excel.Libro(tmp_path / "a.xlsx", DOCUMENTI)
    ws, stile = libro.pagina("Prova"), libro.formati["testo"]
    intera = (2, ["a", "b"], (stile, stile), 15)
    if dopo:
        ws.riga(*intera)
        altro(ws, stile)
        with pytest.raises(ValueError, match=r"Prova: .*\[2\]"):
            libro.close()
    else:
        altro(ws, stile)
        with pytest.raises(ValueError, match="Prova: row 2 is already written"):
            ws.riga(*intera)


@pytest.mark.parametrize("filtro", [True, False])
def test_a_table_of_whole_rows_is_the_one_xlsxwriter_makes(filtro: bool, tmp_path: Path) -> None:
    fatte = []
    for come in ("add_table", "tabella_intera"):
        libro = excel.Libro(tmp_path / f"{come}.xlsx", DOCUMENTI)
        ws, stile = libro.pagina("Prova"), libro.formati["testo"]
        colonne = [{"header": titolo, "header_format": stile} for titolo in ("uno", "due")]
        proprieta = {"name": "Tab", "columns": colonne, "autofilter": filtro, "title": "Prova"}
        getattr(ws, come)(3, 0, 8, 1, proprieta)
        for riga in range(5, 10):
            ws.riga(riga, ["a", riga], (stile, stile), 15)
        libro.close()
        fatte.append(parti(tmp_path / f"{come}.xlsx"))
    assert fatte[0] == fatte[1]


def test_a_row_written_whole_has_a_format_for_each_value() -> None:
    libro = excel.Libro(None, DOCUMENTI)
    with pytest.raises(ValueError, match="Prova: row 1 has 2 values, 1 formats"):
        libro.pagina("Prova").riga(1, ["a", "b"], (libro.formati["testo"],), 15)


def test_a_row_written_whole_has_a_formula_for_each_value_or_none() -> None:
    libro = excel.Libro(None, DOCUMENTI)
    ws, stile = libro.pagina("Prova"), libro.formati["testo"]
    with pytest.raises(ValueError, match="zip"):
        ws.riga(1, ["a", "b"], (stile, stile), 15, ["=A2"])


@pytest.mark.parametrize("valore", [float("nan"), float("inf"), Decimal("NaN")])
def test_a_number_that_no_cell_holds_is_not_written(valore: object, tmp_path: Path) -> None:
    libro = excel.Libro(tmp_path / "a.xlsx", DOCUMENTI)
    with pytest.raises(ValueError, match="is not a number that a cell can hold"):
        libro.pagina("Prova").riga(1, [valore], (libro.formati["numero"],), 15)


@pytest.mark.parametrize(("lettera", "quante"), [("a", MAX_TESTO), ("𝔸", MAX_TESTO // 2)])
def test_a_text_longer_than_a_cell_is_not_cut_in_silence(
    lettera: str, quante: int, tmp_path: Path
) -> None:
    libro = excel.Libro(tmp_path / "a.xlsx", DOCUMENTI)
    ws, stile = libro.pagina("Prova"), libro.formati["testo"]
    ws.riga(1, [lettera * quante], (stile,), 15)
    with pytest.raises(ValueError, match="does not fit a cell"):
        ws.riga(2, [lettera * (quante + 1)], (stile,), 15)


def parti(percorso: Path) -> dict[str, str]:
    with ZipFile(percorso) as pacco:
        return {n: pacco.read(n).decode() for n in pacco.namelist() if n != "docProps/core.xml"}


def test_a_copy_and_its_original_go_on_each_by_itself(tmp_path: Path) -> None:
    libro = excel.Libro(None, DOCUMENTI)
    prima, ws = libro.pagina("Prima"), libro.pagina("Comune")
    ws.riga(1, ["di tutti"], (libro.formati["testo"],), 15)
    libro.finisci()
    copia = libro.copia()
    prima.riga(1, ["riservato"], (libro.formati["importo"],), 15)
    libro.pagina("Ufficio").riga(1, ["interno"], (libro.formati["scarto"],), 15)
    copia.fogli()[0].riga(1, ["della copia"], (copia.formati["titolo"],), 15)
    libro.salva(tmp_path / "libro.xlsx")
    copia.salva(tmp_path / "copia.xlsx")
    tutto, suo = ("".join(parti(tmp_path / f"{nome}.xlsx").values()) for nome in ("libro", "copia"))
    dell_uno, dell_altra = (
        ("riservato", "interno", "Ufficio", "#,##0.00", "+0.00"),
        ("della copia", 'sz val="16"'),
    )
    assert "di tutti" in tutto and "di tutti" in suo
    assert [p in tutto for p in (*dell_uno, *dell_altra)] == [True] * 5 + [False] * 2
    assert [p in suo for p in (*dell_uno, *dell_altra)] == [False] * 5 + [True] * 2


def di_un_foglio(percorso: Path, finito: bool, copia: bool) -> dict[str, str]:
    """A sheet with what our tables have, perhaps finished before the workbook, and in a copy of it."""
    libro = excel.Libro(None, DOCUMENTI)
    for stile in libro.formati.values():
        stile._get_xf_index()
    testo = libro.formati["testo"]
    libro.pagina("Altro")
    ws = libro.pagina("Prova")
    ws.add_table(2, 0, 3, 1, {"name": "Tab_prova", "columns": [{"header": "a"}, {"header": "b"}]})
    ws.riga(4, ["x", "x1"], (testo, testo), 28, ["", "=A4&1"])
    ws.write_url(0, 0, "internal:'Altro'!A1", testo, "vai")
    ws.merge_range(5, 0, 5, 1, "unite", testo)
    ws.freeze_panes(3, 0)
    ws.repeat_rows(2)
    ws.conditional_format(
        3, 0, 3, 0, {"type": "formula", "criteria": "=A4>1", "format": libro.formati["fuori_tolleranza"]}
    )
    if finito:
        libro.finisci()
    if copia:
        libro.copia().salva(percorso)
        libro.salva(percorso.with_stem("originale"))
        assert parti(percorso) == parti(percorso.with_stem("originale"))
    else:
        libro.salva(percorso)
    return parti(percorso)


def test_a_sheet_finished_before_its_workbook_is_the_same(tmp_path: Path) -> None:
    atteso = di_un_foglio(tmp_path / "a.xlsx", finito=False, copia=False)
    assert di_un_foglio(tmp_path / "b.xlsx", finito=True, copia=False) == atteso
    assert di_un_foglio(tmp_path / "c.xlsx", finito=True, copia=True) == atteso


def test_nothing_is_written_in_a_finished_sheet() -> None:
    libro = excel.Libro(None, DOCUMENTI)
    _, ws, stile = libro.pagina("Prima"), libro.pagina("Prova"), libro.formati["testo"]
    ws.riga(1, ["a"], (stile,), 15)
    libro.finisci()
    for scrive in (
        lambda: ws.riga(2, ["b"], (stile,), 15),
        lambda: excel.scrivi(ws, 2, 1, "b", stile),
        lambda: ws.set_row(1, 20),
        lambda: ws.merge_range(1, 0, 1, 2, "b", stile),
    ):
        with pytest.raises(ValueError, match="Prova: the sheet is finished"):
            scrive()


def test_a_sheet_with_a_drawing_is_finished_with_its_workbook(tmp_path: Path) -> None:
    libro = excel.Libro(None, DOCUMENTI)
    _, ws = libro.pagina("Prima"), libro.pagina("Prova")
    excel.scrivi(ws, 1, 1, 5, libro.formati["numero"])
    grafico = libro.add_chart({"type": "bar"})
    grafico.add_series({"values": "=Prova!$A$1:$A$1"})
    ws.insert_chart(3, 0, grafico)
    libro.finisci()
    copia = libro.copia()
    excel.scrivi(ws, 2, 1, "dopo", libro.formati["testo"])
    for uno, nome in ((libro, "libro"), (copia, "copia")):
        uno.salva(tmp_path / f"{nome}.xlsx")
        sue = parti(tmp_path / f"{nome}.xlsx")
        assert "<c:v>5</c:v>" in sue["xl/charts/chart1.xml"]
        assert "<drawing" in sue["xl/worksheets/sheet2.xml"]
        assert ("dopo" in sue.get("xl/sharedStrings.xml", "")) == (nome == "libro")


def test_the_parts_are_compressed_as_much_as_was_chosen(tmp_path: Path) -> None:
    libro = excel.Libro(None, DOCUMENTI)
    ws, stile = libro.pagina("Prova"), libro.formati["testo"]
    for numero in range(1, 200):
        ws.riga(numero, [f"riga {numero}"] * 9, (stile,) * 9, 15)
    libro.salva(tmp_path / "a.xlsx")
    with ZipFile(tmp_path / "a.xlsx") as pacco:
        for parte in pacco.infolist():
            preme = zlib.compressobj(files.LIVELLO, zlib.DEFLATED, -15)
            assert parte.compress_size == len(preme.compress(pacco.read(parte)) + preme.flush())
            assert parte.date_time == (1980, 1, 1, 0, 0, 0)
