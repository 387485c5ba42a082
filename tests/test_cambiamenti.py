"""What changes during the year: a settore with another code, a new one, another responsabile, the form
of another year filled in."""

from pathlib import Path

import fixtures_ente as fx
import openpyxl
import pytest
from fixtures_ente import AREA, ENTE, RAGIONERIA, TECNICO, at, beside, put, put_many
from test_rilievi import found

from pipeline import modelli, run
from pipeline.rilievi import Rilievo


def recoded(ente: Path, codice: str, denominazione: str) -> Path:
    """The ragioneria listed with another code and another name; its workbook is the one of before."""
    celle = {
        at(ente / ENTE, "Settori", "ragioneria"): codice,
        at(ente / ENTE, "Settori", "Settore Ragioneria"): denominazione,
    }
    put_many(ente / ENTE, "Settori", celle)
    return ente


def blocking(ente: Path) -> list[Rilievo]:
    return [r for r in run.controlla(ente).rilievi if r.gravita == "blocca"]


@pytest.mark.parametrize(
    ("codice", "denominazione"),
    [("finanza", "Settore Finanza"), ("finanze", "Ragioneria e finanze"), ("rag", "Area 2")],
)
def test_a_settore_with_another_code_is_known_again(ente: Path, codice: str, denominazione: str) -> None:
    """One finding for the two sides of it; the way out that it tells leads out."""
    recoded(ente, codice, denominazione)
    (rilievo,) = blocking(ente)
    assert (rilievo.codice, rilievo.file) == ("M05", RAGIONERIA)
    assert f"forse è diventato «{denominazione}» ({codice})" in rilievo.messaggio
    assert "il codice «ragioneria»" in rilievo.rimedio
    (consegna,) = (c for c in run.controlla(ente).consegne if c.settore == codice)
    assert (consegna.file, consegna.stato) == (RAGIONERIA, "non letto")
    put(ente / ENTE, "Settori", at(ente / ENTE, "Settori", codice), "ragioneria")
    esito = run.controlla(ente)
    assert found(esito) == [] and esito.fascicolo is not None
    assert denominazione in esito.fascicolo.denominazioni.values()


def test_of_two_missing_settori_none_is_guessed_without_a_reason(ente: Path) -> None:
    recoded(ente, "finanza", "Settore Finanza")
    put(ente / ENTE, "Settori", at(ente / ENTE, "Settori", "Anna Bianchi"), "Paolo Neri")
    (ente / TECNICO).unlink()
    assert sorted(r.codice for r in blocking(ente)) == ["M05", "M07", "M07"]
    (rilievo,) = (r for r in blocking(ente) if r.codice == "M05")
    assert "forse" not in rilievo.messaggio and "codice di prima" in rilievo.rimedio


def test_a_workbook_of_another_kind_is_not_the_missing_settore(ente: Path) -> None:
    (ente / TECNICO).unlink()
    altra = fx.write_missioni_world(ente.parent / "altra") / AREA
    (ente / AREA).write_bytes(altra.read_bytes())
    fuori, manca = sorted(blocking(ente), key=lambda r: r.codice)
    assert (fuori.codice, manca.codice) == ("M05", "M07")
    assert "forse" not in fuori.messaggio


def test_a_settore_added_during_the_year_gets_its_form_and_the_others_are_left(ente: Path) -> None:
    prima = {percorso.name: percorso.read_bytes() for percorso in ente.glob("*.xlsx")}
    riga = int(at(ente / ENTE, "Settori", "tecnico")[1:]) + 1
    put_many(
        ente / ENTE, "Settori", {f"A{riga}": "cultura", f"B{riga}": "Cultura", f"C{riga}": "Eva Gialli"}
    )
    scritti = modelli.prepara(ente).scritti
    assert [percorso.name for percorso in scritti] == ["cultura.xlsx"]
    assert all((ente / n).read_bytes() == contenuto for n, contenuto in prima.items() if n != ENTE)


def test_the_form_has_the_responsabile_of_the_list_and_is_still_blank(ente: Path) -> None:
    (ente / TECNICO).unlink()
    modelli.prepara(ente)
    cella = beside(ente / TECNICO, "Settore", "Responsabile")
    assert at(ente / TECNICO, "Settore", "Luca Verdi") == cella
    assert [codice for codice, _ in found(run.controlla(ente))] == ["V31"]


def test_the_responsabile_that_a_workbook_has_is_kept(ente: Path, tmp_path: Path) -> None:
    put(ente / TECNICO, "Settore", beside(ente / TECNICO, "Settore", "Responsabile"), "Paolo Neri")
    modelli.prepara(tmp_path / "nuova", riscrivi=ente)
    assert at(tmp_path / "nuova" / TECNICO, "Settore", "Paolo Neri")


@pytest.mark.parametrize(
    ("scritto", "detto"),
    [
        ("Paolo Neri", True),
        ("VERDI LUCA", False),
        ("geom. Luca Verdi, Responsabile del settore", False),
        ("Verdi", False),
        ("Luca Verdi fino al 30 giugno, poi Paolo Neri", False),
        ("Anna Bianchi, Luca Verdi", False),
    ],
)
def test_another_responsabile_is_said_with_both_places(ente: Path, scritto: str, detto: bool) -> None:
    cella = beside(ente / TECNICO, "Settore", "Responsabile")
    put(ente / TECNICO, "Settore", cella, scritto)
    rilievi = [r for r in run.controlla(ente).rilievi if r.codice == "E18"]
    assert [(r.file, r.cella) for r in rilievi] == (
        [(ENTE, at(ente / ENTE, "Settori", "Luca Verdi"))] if detto else []
    )
    for rilievo in rilievi:
        assert all(p in rilievo.messaggio for p in ("Luca Verdi", scritto, TECNICO, f"cella {cella}"))


def test_the_work_written_in_the_form_of_another_year_is_saved(ente: Path, tmp_path: Path) -> None:
    prima = run.controlla(ente)
    fx.write_settore(ente / TECNICO, "tecnico", anno=fx.ANNO - 1)
    (rilievo,) = run.controlla(ente).rilievi
    assert rilievo.codice == "M03" and "RISCRIVI=" in rilievo.rimedio
    assert modelli.prepara(tmp_path / "nuova", riscrivi=ente).rifiutate == []
    dopo = run.controlla(tmp_path / "nuova")
    assert found(dopo) == []
    for nome in ("voci", "indicatori", "stati"):
        uno, altro = (getattr(e.raccolta.tabelle, nome) for e in (prima, dopo))
        assert uno.drop(columns="file").equals(altro.drop(columns="file"))
    assert at(tmp_path / "nuova" / TECNICO, "Scheda 1", "SCHEDA 1 – 2024") == "A1"


def test_a_code_with_a_blank_is_refused_while_it_is_typed(ente: Path) -> None:
    """Of one typed elsewhere, or before there was the rule, nothing is lost: it is read."""
    ws = openpyxl.load_workbook(ente / ENTE)["Settori"]
    cella = at(ente / ENTE, "Settori", "tecnico")
    (regola,) = (r for r in ws.data_validations.dataValidation if cella in r.sqref)
    prima = str(regola.sqref).split(":")[0]
    assert (regola.type, regola.formula1) == ("custom", f'ISERROR(FIND(" ",{prima}))')
    assert regola.showErrorMessage and "senza spazi" in regola.error
    assert "trasversali" in regola.prompt and "T1" in regola.prompt
