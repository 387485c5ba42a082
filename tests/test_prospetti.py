"""A sheet described once: formulas ask it for references, which follow its columns."""

import pytest

from pipeline.prospetti import Colonna, Prospetto, Rigo

A, B, C = (Colonna(chiave, chiave.upper()) for chiave in ("peso", "grado", "note"))
DUE_RIGHE = [{"peso": 1, "grado": 2, "note": ""}] * 2


def test_references_say_the_column_wherever_it_stands() -> None:
    foglio = Prospetto("Voci", (A, B, C), DUE_RIGHE, prima=4)
    assert (foglio.cella("grado", 7), foglio.cella("grado", 7, fissa=True)) == ("B7", "$B$7")
    assert foglio.tratto("grado", 4, 9) == "B4:B9"
    assert foglio.da_fuori("grado", 7) == "Voci!$B$7"
    assert foglio.colonna("grado") == "Voci!$B$4:$B$5"
    assert foglio.colonna("grado", 4, 4) == "Voci!$B$4:$B$4"
    assert Rigo(foglio, 5, DUE_RIGHE[0], {}).cella("note") == "C5"
    spostata = Prospetto("Voci", (A, Colonna("altra", "Altra"), B, C), DUE_RIGHE, prima=4)
    assert spostata.colonna("grado") == "Voci!$C$4:$C$5"


def test_after_the_twenty_sixth_column_there_are_others() -> None:
    colonne = [Colonna(f"c{n}", "") for n in range(1, 29)]
    foglio = Prospetto("Voci", colonne, [], prima=4)
    assert (foglio.cella("c26", 4), foglio.cella("c28", 4)) == ("Z4", "AB4")


def test_a_sheet_without_rows_has_a_blank_one() -> None:
    assert Prospetto("Voci", (A,), [], prima=4).colonna("peso") == "Voci!$A$4:$A$4"


def test_cells_that_have_a_name() -> None:
    foglio = Prospetto("'L''ente'", (A,), [], prima=4, caselle={"base": (3, 6)})
    assert foglio.casella("base") == "'L''ente'!$F$3"


def test_a_column_that_is_not_there_or_is_there_twice_is_an_error() -> None:
    with pytest.raises(KeyError):
        Prospetto("Voci", (A, B), [], prima=4).cella("note", 4)
    with pytest.raises(ValueError, match="the same key"):
        Prospetto("Voci", (A, A), [], prima=4)
