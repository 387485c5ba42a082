"""What several tests share: the example run once, the documents as text."""

from pathlib import Path

import pytest
from libreoffice import libreoffice, pdftotext  # noqa: F401  (fixtures)

from pipeline import run

RADICE = Path(__file__).parent.parent
ESEMPIO = RADICE / "input_workbooks"


@pytest.fixture(scope="session")
def esempio(tmp_path_factory: pytest.TempPathFactory) -> run.Esito:
    """The documents of the example, in a folder of their own."""
    return run.relazione(ESEMPIO, tmp_path_factory.mktemp("esempio"))


@pytest.fixture(scope="session")
def consolidato(esempio: run.Esito) -> Path:
    return esempio.documenti[0]


@pytest.fixture(scope="session")
def relazione(esempio: run.Esito) -> Path:
    return esempio.documenti[1]
