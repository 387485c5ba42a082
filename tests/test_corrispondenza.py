"""docs/corrispondenza.md, where the law is answered: its chapters are those of the relazione."""

import re
from pathlib import Path

import pytest
from conftest import RADICE
from documents_as_text import docx_lines

from pipeline import run
from pipeline.tables import CAPITOLI

DELLA_BOZZA = "Che cosa manca"


@pytest.fixture(scope="module")
def named() -> set[str]:
    page = (RADICE / "docs" / "corrispondenza.md").read_text(encoding="utf-8")
    return set(re.findall(r"\*\*(.+?)\*\*", page))


def chapters(esempio: run.Esito, relazione: Path) -> set[str]:
    """The chapters of the example; those of the settori are named after them."""
    assert esempio.fascicolo is not None
    headings = {r.split("⇥")[1] for r in docx_lines(relazione) if r.startswith("[TOC1]")}
    return headings - set(esempio.fascicolo.denominazioni.values())


def test_every_chapter_named_on_the_page_exists(
    named: set[str], esempio: run.Esito, relazione: Path
) -> None:
    assert named <= chapters(esempio, relazione) | set(CAPITOLI) | {DELLA_BOZZA}


def test_every_chapter_of_the_relazione_is_on_the_page(
    named: set[str], esempio: run.Esito, relazione: Path
) -> None:
    assert chapters(esempio, relazione) | set(CAPITOLI) | {DELLA_BOZZA} <= named
