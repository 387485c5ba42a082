"""Several indicatori in one cell, one a line: which value is of which, and when nobody knows."""

import pytest

from pipeline.workbooks.affiancati import affianca, quante, raccogli, ripartisci, riunisci


@pytest.mark.parametrize(
    ("indicatori", "attesi", "raggiunti", "insieme"),
    [
        ("Sedute", "40", "38", [("Sedute", "40", "38")]),
        (
            "Sedute\nVerbali",
            "40\n>= 80%",
            "38\n75%",
            [("Sedute", "40", "38"), ("Verbali", ">= 80%", "75%")],
        ),
        # nothing beside: the text is shown as it is, whatever its lines
        ("Sedute\ndel Consiglio", "", "", [("Sedute\ndel Consiglio", "", "")]),
        ("Sedute\ndel Consiglio", " ", "\n", [("Sedute\ndel Consiglio", " ", "\n")]),
        # what is missing
        ("Sedute\nVerbali", "40\n50", "", [("Sedute", "40", ""), ("Verbali", "50", "")]),
        ("Sedute\nVerbali", "", "38\n45", [("Sedute", "", "38"), ("Verbali", "", "45")]),
        ("A\nB\nC", "1\n2\n3", "1\n\n3", [("A", "1", "1"), ("B", "2", ""), ("C", "3", "3")]),
        ("A\nB\nC", "1\n2\n3", "1\n2\n", [("A", "1", "1"), ("B", "2", "2"), ("C", "3", "")]),
        ("A\nB", "\n2", "1\n2", [("A", "", "1"), ("B", "2", "2")]),
        ("", "40", "38", [("", "40", "38")]),
        # lines left blank to set the others apart
        ("A\n\nB", "1\n2", "1\n\n2", [("A", "1", "1"), ("B", "2", "2")]),
        ("A\nB", "1\n\n2", "1\n2\n", [("A", "1", "1"), ("B", "2", "2")]),
        ("A\n", "1", "", [("A\n", "1", "")]),
        # another number of lines
        ("A\nB", "1", "2\n3", None),
        ("A\nB", "1\n2", "1\n2\n3", None),
        ("A", "40\n150", "121\n245", None),
        ("A\nB\n\nC", "1\n2\n3\n4", "", None),
        ("", "1\n2", "", None),
    ],
)
def test_values_go_with_indicatori_line_by_line(
    indicatori: str, attesi: str, raggiunti: str, insieme: list[tuple[str, ...]] | None
) -> None:
    assert affianca(indicatori, (attesi, raggiunti)) == insieme


@pytest.mark.parametrize(
    ("valori", "cella"),
    [(["40", "", "2"], "40\n\n2"), (["40", "", ""], "40\n\n"), (["", ""], ""), (["40"], "40"), ([], "")],
)
def test_values_are_put_together_again(valori: list[str], cella: str) -> None:
    assert riunisci(valori) == cella
    if any(valori):
        nomi = "\n".join(f"Indicatore {n}" for n in range(len(valori)))
        assert [suo for _, suo in affianca(nomi, [cella]) or []] == valori


def test_a_line_of_blanks_is_no_line() -> None:
    assert [*map(quante, ("", " ", "a", "a\n \nb\n"))] == [0, 0, 1, 2]


@pytest.mark.parametrize(
    ("indicatori", "testo", "ciascuno"),
    [
        ("A\nB", "perché A\nperché B", ["perché A", "perché B"]),
        ("A\nB", "perché B", ["perché B", "perché B"]),
        ("A\nB", "\nperché B", ["", "perché B"]),
        ("A\nB", "uno\ndue\ntre", ["uno\ndue\ntre", "uno\ndue\ntre"]),
        ("A\nB", "", ["", ""]),
        ("A", "uno\ndue", ["uno\ndue"]),
    ],
)
def test_a_text_said_of_several_is_of_each_line_by_line_or_whole(
    indicatori: str, testo: str, ciascuno: list[str]
) -> None:
    assert ripartisci(indicatori, testo, len(ciascuno)) == ciascuno
    assert ripartisci(indicatori, raccogli(ciascuno), len(ciascuno)) == ciascuno
