"""Rows written whole, and a workbook copied as it stands."""

from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import excel
from pipeline.veste import DOCUMENTI

MAX_TESTO = 32_767

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
            ws.riga(numero, [(f, v, libro.formati[stile]) for f, v, stile in riga], 20 + numero)
            continue
        for colonna, (formula, valore, stile) in enumerate(riga, start=1):
            if formula:
                excel.formula(ws, numero, colonna, formula, valore, libro.formati[stile])
            else:
                excel.scrivi(ws, numero, colonna, valore, libro.formati[stile])
        ws.set_row(numero - 1, 20 + numero)
    libro.close()
    with ZipFile(percorso) as pacco:
        return {n: pacco.read(n).decode() for n in pacco.namelist() if n != "docProps/core.xml"}


celle = st.tuples(formule, valori, st.sampled_from(["testo", "grado", "numero"]))


@given(righe=st.lists(st.lists(celle, min_size=1, max_size=30), max_size=5))
def test_a_row_written_whole_is_the_one_xlsxwriter_writes_cell_by_cell(
    righe: list[list[tuple[str, object, str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    percorso = tmp_path_factory.mktemp("righe") / "a.xlsx"
    intere = written(percorso, righe, intere=True)
    assert intere == written(percorso, righe, intere=False)


@pytest.mark.parametrize("dopo", [False, True])
def test_a_whole_row_takes_no_other_cell(dopo: bool, tmp_path: Path) -> None:
    libro = excel.Libro(tmp_path / "a.xlsx", DOCUMENTI)
    ws, stile = libro.pagina("Prova"), libro.formati["testo"]
    intera = [("", "a", stile), ("", "b", stile)]
    if dopo:
        ws.riga(2, intera, 15)
        excel.scrivi(ws, 2, 1, "altro", stile)
        with pytest.raises(ValueError, match=r"Prova: .*\[2\]"):
            libro.close()
    else:
        excel.scrivi(ws, 2, 5, "altro", stile)
        with pytest.raises(ValueError, match="Prova: row 2 is already written"):
            ws.riga(2, intera, 15)


@pytest.mark.parametrize("valore", [float("nan"), float("inf"), Decimal("NaN")])
def test_a_number_that_no_cell_holds_is_not_written(valore: object, tmp_path: Path) -> None:
    libro = excel.Libro(tmp_path / "a.xlsx", DOCUMENTI)
    with pytest.raises(ValueError, match="is not a number that a cell can hold"):
        libro.pagina("Prova").riga(1, [("", valore, libro.formati["numero"])], 15)


@pytest.mark.parametrize(("lettera", "quante"), [("a", MAX_TESTO), ("𝔸", MAX_TESTO // 2)])
def test_a_text_longer_than_a_cell_is_not_cut_in_silence(
    lettera: str, quante: int, tmp_path: Path
) -> None:
    libro = excel.Libro(tmp_path / "a.xlsx", DOCUMENTI)
    ws, stile = libro.pagina("Prova"), libro.formati["testo"]
    ws.riga(1, [("", lettera * quante, stile)], 15)
    with pytest.raises(ValueError, match="does not fit a cell"):
        ws.riga(2, [("", lettera * (quante + 1), stile)], 15)


def test_a_copy_and_its_original_go_on_each_by_itself(tmp_path: Path) -> None:
    libro = excel.Libro(None, DOCUMENTI)
    ws, stile = libro.pagina("Comune"), libro.formati["testo"]
    ws.riga(1, [("", "di tutti", stile)], 15)
    copia = libro.copia()
    ws.riga(2, [("", "riservato", stile)], 15)
    libro.pagina("Ufficio").riga(1, [("", "interno", stile)], 15)
    copia.fogli()[0].riga(2, [("", "della copia", copia.formati["testo"])], 15)
    libro.salva(tmp_path / "libro.xlsx")
    copia.salva(tmp_path / "copia.xlsx")

    def tutto(nome: str) -> str:
        with ZipFile(tmp_path / nome) as pacco:
            return "".join(pacco.read(parte).decode() for parte in pacco.namelist())

    assert [p in tutto("libro.xlsx") for p in ("di tutti", "riservato", "Ufficio", "copia")] == [
        *(True, True, True, False),
    ]
    assert [p in tutto("copia.xlsx") for p in ("di tutti", "della copia", "riservato", "Ufficio")] == [
        *(True, True, False, False),
    ]
