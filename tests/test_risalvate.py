"""The example saved again by other programs: it reads the same, and can be annotated."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ESEMPIO
from test_contorno import assert_same_tables

from pipeline import run
from pipeline.documents.ritorno import correzioni
from pipeline.rilievi import Rilievo

QUI = Path(__file__).parent
MODULI = QUI.parent / ".ci" / "node_modules"


def _node(modulo: str, programma: str) -> Callable[[Path, Path], list[str]]:
    def comando(da: Path, a: Path) -> list[str]:
        if shutil.which("node") is None or not (MODULI / modulo).exists():
            pytest.skip(f"manca {modulo} (npm install --no-save --prefix .ci xlsx exceljs)")
        return ["node", str(QUI / "risalva.js"), programma, str(da), str(a)]

    return comando


def _gnumeric(da: Path, a: Path) -> list[str]:
    if shutil.which("ssconvert") is None:
        pytest.skip("manca ssconvert (Gnumeric)")
    return ["ssconvert", "-T", "Gnumeric_Excel:xlsx2", str(da), str(a)]


PROGRAMMI = {
    "sheetjs": (_node("xlsx", "sheetjs"), ".xlsx"),
    "sheetjs, .ods": (_node("xlsx", "sheetjs"), ".ods"),
    "exceljs": (_node("exceljs", "exceljs"), ".xlsx"),
    "gnumeric": (_gnumeric, ".xlsx"),
}


@pytest.mark.lungo
@pytest.mark.parametrize("programma", PROGRAMMI)
def test_the_example_saved_by_another_program_reads_the_same(
    programma: str, tmp_path: Path, esempio: run.Esito
) -> None:
    comando, suffisso = PROGRAMMI[programma]
    cartella = tmp_path / "ente"
    cartella.mkdir()
    for da in ESEMPIO.glob("*.xlsx"):
        a = (cartella / da.name).with_suffix(suffisso)
        ambiente = {**os.environ, "NODE_PATH": str(MODULI)}
        subprocess.run(comando(da, a), env=ambiente, check=True, capture_output=True, timeout=120)
    esito = run.controlla(cartella)
    assert_same_tables(esito, esempio)
    assert [_detto(r) for r in esito.rilievi] == [_detto(r) for r in esempio.rilievi]
    if suffisso == ".xlsx":
        rilievi = [Rilievo("C05", percorso.name) for percorso in cartella.iterdir()]
        assert correzioni.scrivi(cartella, tmp_path / "copie", rilievi).mancate == {}


def _detto(rilievo: Rilievo) -> tuple[str, str, str]:
    return rilievo.codice, rilievo.foglio, rilievo.cella
