"""Whatever happens to a workbook on its way, the run goes on and no cell is lost without a word."""

import shutil
from collections import Counter
from pathlib import Path
from random import Random

import fixtures_ente as fx
import pytest
from conftest import ESEMPIO
from mutanti import mutant

from pipeline import run
from pipeline.run import Esito
from pipeline.workbooks.form import FOGLIO_MODELLO
from pipeline.workbooks.schede import FASCIA_BILANCIO

GOOD = sorted(ESEMPIO.rglob("*.xlsx"))
COMPANIONS = ("ente.xlsx", "segretario.xlsx", "area_amministrativa.xlsx")


def world(cartella: Path, seme: int) -> str:
    """A part of an example, one workbook of which is a mutant. Returns its name."""
    caso = Random(seme)
    buono = caso.choice(GOOD)
    cartella.mkdir()
    for compagno in COMPANIONS:
        if (buono.parent / compagno).exists():
            shutil.copy(buono.parent / compagno, cartella)
    (cartella / buono.name).write_bytes(mutant(buono.read_bytes(), caso))
    return buono.name


def holds(esito: Esito, nome: str) -> str:
    """What must be true of a run, whatever its files. Returns what became of the mutant."""
    lette = {q.file for q in esito.raccolta.quadrature}
    assert all(q.torna for q in esito.raccolta.quadrature)
    for rilievo in esito.rilievi:
        assert rilievo.messaggio and rilievo.rimedio and rilievo.dove
    codici = {r.codice for r in esito.rilievi if r.file == nome}
    assert "P01" not in codici
    assert "F09" not in codici, "a file that kills the child is one the guard should have refused"
    assert nome in lette or codici, "neither read nor reported"
    return "letto" if nome in lette else min(codici)


# --------------------------------------------------------- what the mutants have found, one by one


def test_a_band_among_the_obiettivi_is_no_obiettivo(tmp_path: Path) -> None:
    """Rows moved: the band of the bilancio stands above, where the obiettivi are read."""
    cartella = fx.write_world(tmp_path / "ente")
    percorso = cartella / fx.TECNICO
    fx.put(percorso, "Scheda 1", fx.below(percorso, "Scheda 1", FASCIA_BILANCIO, 0), None)
    fx.put(
        percorso, "Scheda 1", fx.below(percorso, "Scheda 1", "DEFINIZIONE OBIETTIVO", 2), FASCIA_BILANCIO
    )
    esito = run.controlla(cartella)
    assert all(q.torna for q in esito.raccolta.quadrature)


@pytest.mark.parametrize("esempio", [ESEMPIO, ESEMPIO / "esempio_missioni"], ids=["schede", "missioni"])
def test_without_the_list_of_the_settori_the_documents_come_out(tmp_path: Path, esempio: Path) -> None:
    """The settori nobody has listed have their people and their low gradi too."""
    cartella = Path(shutil.copytree(esempio, tmp_path / "ente"))
    fx.remove_sheet(cartella / fx.ENTE, "Settori")
    esito = run.relazione(cartella, tmp_path)
    assert "M08" in [r.codice for r in esito.rilievi]
    assert len(esito.documenti) == 3


@pytest.mark.parametrize("posto", ["B1", "B2", "B3", "B4", "B5", "B6"])
@pytest.mark.parametrize("testo", ["parola " * 6000, "_x0007__x001F__xFFFE_"], ids=["long", "control"])
def test_a_mark_that_no_cell_holds_does_not_stop_the_documents(
    tmp_path: Path, posto: str, testo: str
) -> None:
    cartella = fx.write_world(tmp_path / "ente")
    for file in (fx.ENTE, fx.TECNICO):
        fx.put_inline(cartella / file, FOGLIO_MODELLO, posto, testo)
    assert run.relazione(cartella, tmp_path).documenti


def test_a_mark_that_no_cell_holds_does_not_stop_them_without_a_list_either(tmp_path: Path) -> None:
    cartella = fx.write_world(tmp_path / "ente")
    fx.remove_sheet(cartella / fx.ENTE, "Settori")
    for posto in ("B1", "B4", "B5", "B6"):
        fx.put_inline(cartella / fx.TECNICO, FOGLIO_MODELLO, posto, "parola " * 6000)
    assert run.relazione(cartella, tmp_path).documenti


# ----------------------------------------------------------------------------------------- the mutants


@pytest.mark.parametrize("seme", range(45))
def test_a_mutant_is_read_whole_or_reported(tmp_path: Path, seme: int) -> None:
    nome = world(tmp_path / "ente", seme)
    holds(run.controlla(tmp_path / "ente"), nome)


@pytest.mark.lungo
def test_two_thousand_mutants(tmp_path: Path) -> None:
    """One in ten also becomes a consolidato and a relazione."""
    sorti: Counter[str] = Counter()
    for seme in range(2_000):
        cartella = tmp_path / str(seme)
        nome = world(cartella, seme)
        try:
            esito = run.controlla(cartella)
            sorti[holds(esito, nome)] += 1
            if seme % 10 == 0:
                run.relazione(cartella, tmp_path / "uscita")
        except BaseException as errore:
            errore.add_note(f"seme {seme}, {nome}")
            raise
        shutil.rmtree(cartella)
    print(sorti)
    assert sorti["letto"] > 1_000
