"""Typed texts as paragraphs and lists: what a person meant, and nothing of it lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.word.brani import Brano, brani


@pytest.mark.parametrize(
    ("testo", "attesi"),
    [
        ("", []),
        (" \n ", []),
        ("Una riga", [Brano("Una riga")]),
        ("Prima riga\nseconda riga", [Brano("Prima riga\nseconda riga")]),
        ("Primo capoverso\n\nSecondo", [Brano("Primo capoverso"), Brano("Secondo")]),
        ("- uno\n- due", [Brano("uno", "•"), Brano("due", "•")]),
        ("• uno\n-due", [Brano("uno", "•"), Brano("due", "•")]),
        (
            "Fatto:\n- una cosa\n  che continua\n- un'altra\ne ancora\nFine.",
            [
                Brano("Fatto:"),
                Brano("una cosa\n  che continua", "•"),
                Brano("un'altra\ne ancora", "•"),
                Brano("Fine."),
            ],
        ),
        ("- uno\n\n- due", [Brano("uno", "•"), Brano("due", "•")]),
        ("1. uno\n2. due", [Brano("uno", "1.", 1, nuovo=True), Brano("due", "1.", 2)]),
        ("3) tre\n4) quattro", [Brano("tre", "1)", 3, nuovo=True), Brano("quattro", "1)", 4)]),
        ("a) uno\nb) due", [Brano("uno", "a)", 1, nuovo=True), Brano("due", "a)", 2)]),
    ],
)
def test_lists_and_paragraphs(testo: str, attesi: list[Brano]) -> None:
    assert brani(testo) == attesi


@pytest.mark.parametrize(
    "testo",
    ["- 5 %", "--", "Totale\n- 5 %", "1. uno", "12.000\n13.500", "-5\n-7", "1. uno\n3. tre", "a) solo"],
    ids=repr,
)
def test_what_only_looks_like_a_list_is_left_as_typed(testo: str) -> None:
    assert brani(testo) == [Brano(testo)]


@given(st.text(alphabet="- •\n1.a)b2 xÈ", max_size=60))
def test_nothing_is_lost_but_marks_and_blank_lines(testo: str) -> None:
    """Every word of the text is there, in order, with what list it belongs to."""
    rimasto = ""
    for brano in brani(testo):
        segno = {"": "", "•": "-", "1.": f"{brano.n}.", "1)": f"{brano.n})"}.get(
            brano.elenco, f"{chr(96 + brano.n)})"
        )
        rimasto += segno + brano.testo
    assert _bare(rimasto) == _bare(testo)


def _bare(testo: str) -> str:
    senza_punti = re.sub("[-–—•·▪*]", "-", testo)
    return "".join(senza_punti.split())
