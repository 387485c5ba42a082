"""docs/rilievi.md: every code, with what the code says of it; `make golden` accepts a change."""

from collections.abc import Callable

import pytest
from conftest import Outcome
from documents_as_text import differences
from pagina_rilievi import (
    EXAMPLES,
    PAGE,
    WITHOUT_A_CASE,
    as_printed,
    code_of,
    rewritten,
    sections,
    with_all_the_codes,
)
from test_rilievi import Case

from pipeline.rilievi import CATALOGO, Rilievo

Outcomes = Callable[[Case], Outcome]
TEXT = PAGE.read_text(encoding="utf-8")
SECTIONS = {code_of(section): section for section in sections(TEXT)}


def _example(codice: str, outcomes: Outcomes) -> Rilievo:
    if codice in WITHOUT_A_CASE:
        return WITHOUT_A_CASE[codice]
    return next(r for r in outcomes(EXAMPLES[codice]).esito.rilievi if r.codice == codice)


def test_the_page_has_the_codes_of_the_catalogue_in_order() -> None:
    assert [codice for codice in map(code_of, sections(TEXT)) if codice] == list(CATALOGO)


@pytest.mark.parametrize("codice", CATALOGO)
def test_a_section_has_heading_gravity_and_example_as_the_code_says(
    codice: str, outcomes: Outcomes
) -> None:
    section, example = SECTIONS[codice], _example(codice, outcomes)
    ora = rewritten(section, example)
    assert differences("docs/rilievi.md", section.splitlines(), ora.splitlines()) == []
    assert as_printed(example) in section and f"**{CATALOGO[codice].gravita}**" in section
    assert "**Che cosa fare.**" in section


def test_so_has_the_example_that_opens_the_page(outcomes: Outcomes) -> None:
    assert as_printed(_example("C01", outcomes)) in sections(TEXT)[0] + sections(TEXT)[1]


def test_a_code_without_a_section_gets_one_to_write_the_prose_in() -> None:
    senza = TEXT.replace(SECTIONS["B03"], "")
    scritta = with_all_the_codes(senza)
    assert [codice for codice in map(code_of, sections(scritta)) if codice] == list(CATALOGO)
    (nuova,) = (s for s in sections(scritta) if code_of(s) == "B03")
    example = Rilievo(
        "B03", "a.xlsx", dati=dict.fromkeys(("codice", "ufficiale", "valore", "giusto"), "1")
    )
    assert as_printed(example) in rewritten(nuova, example)
    assert "Gravità: **da correggere**." in rewritten(nuova, example)
    assert rewritten(nuova, example).startswith("## B03 – codice e nome discordi\n")
