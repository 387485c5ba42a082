"""What people do with a real clipboard in LibreOffice, and the way back."""

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from fixtures_ente import AREA, OPERATIVI
from libreoffice import needs_soffice

from pipeline import run
from pipeline.documents.ritorno import correzioni

MANI = Path(__file__).parent / "mani.py"
TABELLA = """<table>
<tr><td>MISSIONE</td><td>12</td><td>Diritti sociali, politiche sociali e famiglia</td></tr>
<tr><td>12.01</td><td>Aprire il centro estivo</td><td>Aiutare le famiglie</td></tr>
</table>"""
CELLE = [f"{colonna}{riga}" for riga in (4, 5) for colonna in "ABC"]


@pytest.fixture(scope="session")
def python_con_uno() -> str:
    """A Python that can talk to LibreOffice: the package python3-uno is for the one of the system."""
    for python in (sys.executable, "/usr/bin/python3"):
        if (
            Path(python).exists()
            and not subprocess.run(
                [python, "-c", "import uno"], capture_output=True, check=False
            ).returncode
        ):
            return python
    pytest.skip("no Python here can import uno (python3-uno): this check needs it")


@pytest.mark.lungo
@needs_soffice
def test_a_table_pasted_as_people_do_is_corrected_in_the_copy(
    python_con_uno: str, ente_missioni: Path, tmp_path: Path
) -> None:
    """Ctrl+V locks the cells; the finding says it, and in the annotated copy one can type again."""

    def fai(*passi: dict[str, str]) -> None:
        comando = [python_con_uno, str(MANI), str(tmp_path / "profilo"), json.dumps(passi)]
        subprocess.run(comando, check=True, timeout=120, capture_output=True)

    def scrivi(in_: Path) -> list[dict[str, str]]:
        digitate = [{"foglio": OPERATIVI, "cella": cella, "digita": "prova"} for cella in CELLE]
        return [{"apri": str(in_)}, *digitate, {"salva": str(tmp_path / f"da_{in_.parent.name}.xlsx")}]

    pagina, cartella = tmp_path / "tabella.html", ente_missioni / AREA
    pagina.write_text(TABELLA, encoding="utf-8")
    incolla = {"foglio": OPERATIVI, "cella": "A4", "incolla": "Paste"}
    fai({"copia": str(pagina)}, {"apri": str(cartella)}, incolla, {"salva": str(cartella)})
    esito = run.controlla(ente_missioni)
    assert [r.dati["celle"] for r in esito.rilievi if r.codice == "M21"] == ["A4:C5"]
    copie = tmp_path / "copie"
    correzioni.scrivi(ente_missioni, copie, esito.rilievi)
    fai(*scrivi(cartella), *scrivi(copie / AREA))
    assert "prova" not in _valori(tmp_path / f"da_{ente_missioni.name}.xlsx")
    assert _valori(tmp_path / "da_copie.xlsx") == ["prova"] * len(CELLE)


def _valori(percorso: Path) -> list[object]:
    ws = openpyxl.load_workbook(percorso)[OPERATIVI]
    return [ws[cella].value for cella in CELLE]
