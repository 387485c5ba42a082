"""`make esempio`: the invented ente has everything once, and is right where it is meant to be."""

import shutil
from pathlib import Path

import pytest
from conftest import UnaVolta
from documents_as_text import docx_lines
from typer.testing import CliRunner

from pipeline import inventato, run
from pipeline.cli.comandi import app
from pipeline.fine import Fine
from pipeline.tables import CAPITOLI, COLONNE, STATI, VALUTAZIONI, piena, righe

ALTROVE = {
    "voci": {"grado_nucleo", "note"},  # the Nucleo writes in its own workbook
    "accettati": {"gravita", "nel_foglio", "nella_cella", "non_va", "rimedio", "che_cosa"},
    "personale": {"nominativo", "ruolo", "gruppo"},  # not a table of the forms
}
"""The columns that an ente which uses everything does not need."""


def copied(cartella: Path) -> Path:
    inventato.scrivi(cartella)
    return cartella


@pytest.fixture
def arrivato(una_volta: UnaVolta, tmp_path: Path) -> Path:
    """The invented ente, in a folder of its own."""
    return Path(shutil.copytree(una_volta("inventato", copied), tmp_path / "ente"))


@pytest.fixture
def completo(arrivato: Path) -> Path:
    """The same when the two settori have sent what was missing."""
    shutil.copytree(arrivato / inventato.ARRIVATI_DOPO, arrivato, dirs_exist_ok=True)
    return arrivato


def test_it_has_one_settore_that_is_missing_and_one_with_mistakes(arrivato: Path) -> None:
    esito = run.controlla(arrivato)
    assert [(r.codice, r.file, r.cella) for r in esito.rilievi] == [
        ("M07", "cultura.xlsx", ""),
        ("C02", "tecnico.xlsx", "D31"),
        ("V01", "tecnico.xlsx", "D7"),
        ("B03", "tecnico.xlsx", "B14"),
        ("V08", "tecnico.xlsx", "G8"),
        ("V36", "tecnico.xlsx", "C20"),
    ]
    assert all(quadratura.torna for quadratura in esito.raccolta.quadrature)


def test_what_arrives_afterwards_leaves_nothing_to_mend(completo: Path) -> None:
    esito = run.controlla(completo)
    assert esito.fascicolo is not None and not esito.rilievi
    gradi = {s.settore: str(s.grado)[:5] for s in esito.fascicolo.valutazione.settori}
    assert gradi == {"affari": "94", "tecnico": "88.28", "cultura": "99.6", "sociale": "94.75"}
    assert len(esito.fascicolo.accettati) == 1


def test_everything_the_forms_admit_is_used(completo: Path) -> None:
    esito = run.controlla(completo)
    tabelle = esito.raccolta.tabelle
    vuote = {
        f"{nome}.{colonna.nome}"
        for nome, df in tabelle.per_nome().items()
        for colonna in COLONNE[nome]
        if colonna.da_cella and colonna.nome not in ALTROVE.get(nome, ())
        if not any(piena(riga[colonna.nome]) for riga in righe(df))
    }
    assert vuote == set()
    assert {riga["capitolo"] for riga in tabelle.righe.testi} == set(CAPITOLI)
    assert {riga["valutazione"] for riga in tabelle.righe.schede} >= set(VALUTAZIONI)
    usati = {riga["stato"] for riga in tabelle.righe.voci}
    assert set(STATI) - usati == {"non consuntivato"}  # which blocks the relazione, or gives a grado


def test_its_draft_says_of_what_cannot_be_worked_out_that_it_cannot(
    arrivato: Path, tmp_path: Path
) -> None:
    """Of its lavori pubblici some pesi are missing; the trasversale has two gradi."""
    _, relazione, *_ = run.relazione(arrivato, tmp_path / "uscita").documenti
    testo = "\n".join(docx_lines(relazione)).replace("\N{NO-BREAK SPACE}", " ")
    assert "Lavori pubblici e ambiente: non calcolabile" in testo and "il dichiarato è ," not in testo
    assert "Dichiarato 96 % (in 1 settore); dichiarato 90 % (in 1 settore); in linea" in testo
    assert "«Due pubblicazioni in ritardo a marzo»." in testo


def test_it_is_always_the_same(arrivato: Path, tmp_path: Path) -> None:
    inventato.scrivi(tmp_path / "di nuovo")
    prima, dopo = (
        {p.relative_to(c): p.read_bytes() for c in (cartella,) for p in c.rglob("*.xlsx")}
        for cartella in (arrivato, tmp_path / "di nuovo")
    )
    assert prima == dopo and len(prima) == 8


def test_the_command_puts_it_in_a_folder_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a name in `esempio`, never among the workbooks of the office; never on anything."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "input_workbooks").mkdir()
    primo, secondo = (CliRunner().invoke(app, ["esempio"]) for _ in range(2))
    assert primo.exit_code == 0, primo.output
    assert (tmp_path / "esempio" / "ente.xlsx").is_file()
    assert not [*(tmp_path / "input_workbooks").iterdir()]
    assert secondo.exit_code == Fine.COMANDO_SBAGLIATO and "non si tocca" in secondo.output
