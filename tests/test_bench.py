"""The benches, on very little: what they measure is the program of today, and who they compare does the
same work. No test looks at a time."""

import xml.etree.ElementTree as ET
from pathlib import Path

import bench_abile
import bench_ente
import bench_lotto
import bench_relazione
import openpyxl
import pytest
from bench_disegno import disegna

from pipeline.lotto import enti


@pytest.fixture(scope="module")
def ente(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cartella = tmp_path_factory.mktemp("bench") / "ente"
    bench_ente.genera(cartella, 2)
    return cartella


def given(ente: Path, lavoro: Path) -> None:
    bench_abile.traccia(lavoro / "traccia.docx")
    bench_ente.prepara(ente, lavoro)


def test_the_others_read_what_we_read_and_get_our_means(ente: Path, tmp_path: Path) -> None:
    given(ente, tmp_path)
    bench_ente.uguali(ente, tmp_path)
    assert {p.name for p in tmp_path.iterdir()} >= {"abile.xlsx", "abile.docx", "celle.xlsx"}


def test_who_writes_our_documents_writes_all_of_them(ente: Path, tmp_path: Path) -> None:
    given(ente, tmp_path)
    bench_ente.uguali(ente, tmp_path)
    bench_ente._stessi(tmp_path)
    percorso = tmp_path / "celle_consolidato_2020_da_inviare.xlsx"
    libro = openpyxl.load_workbook(percorso)
    libro.worksheets[-1]["A1"] = "un'altra cosa"
    libro.save(percorso)
    with pytest.raises(AssertionError):
        bench_ente._stessi(tmp_path)


def test_the_floor_of_the_consolidato_has_all_its_cells(
    ente: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_ente, "migliore", lambda fa, volte=1: fa() or 0.1)
    passi = bench_ente.stadi(ente, tmp_path)
    assert len(passi) == 7
    nostro, loro = (openpyxl.load_workbook(tmp_path / nome) for nome in ("c.xlsx", "x.xlsx"))
    piene = [
        sum(c.value is not None for ws in libro for riga in ws.iter_rows() for c in riga)
        for libro in (nostro, loro)
    ]
    assert piene[0] > 500
    assert piene[0] * 3 / 4 < piene[1] < piene[0]  # the headings of tables and links are not asked for


def test_the_enti_of_a_lotto_are_all_different(tmp_path: Path) -> None:
    bench_lotto.genera(tmp_path / "enti", 2, piccoli=True)
    uno, altro = enti.trova(tmp_path / "enti").enti
    assert {p.name for p in uno.iterdir()} == {p.name for p in altro.iterdir()}
    assert (uno / "ente.xlsx").read_bytes() != (altro / "ente.xlsx").read_bytes()


def test_the_drawing_says_its_figures(tmp_path: Path) -> None:
    linee = {"noi": [(38, 2.0), (720, 12.5)], "<altri>": [(38, 1.0), (720, 0.08)]}
    disegna(tmp_path / "costo.svg", "Un ente", "schede", linee)
    radice = ET.parse(tmp_path / "costo.svg").getroot()
    testi = [nodo.text or "" for nodo in radice.iter()]
    assert {"noi", "<altri>", "schede", "0,01", "1.000"} <= set(testi)
    assert any("noi 2 s a 38, 12,5 s a 720" in testo for testo in testi)


def test_the_bench_of_the_relazione_can_be_loaded() -> None:
    assert callable(bench_relazione.confronta)
