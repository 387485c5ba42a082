"""Where a grado comes from, as the ente chooses: the responsabile, the indicatori, the Nucleo."""

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from conftest import ESEMPIO
from fixtures_ente import beside, put_many

from pipeline import modelli, run, score
from pipeline.tables import DICHIARATO, DICHIARATO_O_MISURATO, MISURATO_O_DICHIARATO, ORIGINI

POLIZIA = "polizia_locale.xlsx"


@pytest.fixture(scope="module")
def cartella(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example where the Polizia locale declares no grado of its own: its indicatori alone say it.
    Three of the five of scheda 1 are measured, one of the three of scheda 2."""
    cartella = tmp_path_factory.mktemp("indicatori") / "ente"
    shutil.copytree(ESEMPIO, cartella, ignore=shutil.ignore_patterns("esempio_missioni", "ente.xlsx"))
    modelli.prepara(cartella, riscrivi=ESEMPIO)  # an ente.xlsx with all the parametri
    libro = openpyxl.load_workbook(cartella / POLIZIA)
    for riga in (12, 13):
        libro["Valutazione"].cell(riga, 6).value = None
    for foglio in ("Scheda 1", "Scheda 2"):
        ultima = max(c.row for c in libro[foglio]["D"] if c.value == "% raggiungimento")
        libro[foglio].cell(ultima + 1, 4).value = None
    libro.save(cartella / POLIZIA)
    return cartella


def con_regola(cartella: Path, tmp_path: Path, origine: str, base: str) -> run.Esito:
    copia = Path(shutil.copytree(cartella, tmp_path / "ente"))
    celle = {
        beside(copia / "ente.xlsx", "Parametri", etichetta): valore
        for etichetta, valore in (("Origine del grado", origine), ("Base del grado misurato %", base))
    }
    put_many(copia / "ente.xlsx", "Parametri", celle)
    return run.controlla(copia)


def gradi(esito: run.Esito) -> list[tuple[object, str]]:
    """Of the two obiettivi of the Polizia locale."""
    assert esito.fascicolo is not None
    voci = esito.fascicolo.voci("polizia_locale")
    return [(voce.grado, voce.origine) for voce in voci if voce.n > 5]


def senza_grado(esito: run.Esito) -> list[str]:
    return [r.messaggio for r in esito.rilievi if r.codice == "V03"]


@pytest.mark.parametrize(
    ("origine", "base", "attesi", "bloccano"),
    [
        (DICHIARATO, "", [(None, ""), (None, "")], 2),
        ("", "", [(None, ""), (None, "")], 2),
        (DICHIARATO_O_MISURATO, "", [(None, ""), (None, "")], 2),
        (DICHIARATO_O_MISURATO, "60", [(100, "misurato"), (None, "")], 1),
        (DICHIARATO_O_MISURATO, "33", [(100, "misurato"), (0, "misurato")], 0),
        (MISURATO_O_DICHIARATO, "33", [(100, "misurato"), (0, "misurato")], 0),
    ],
)
def test_indicatori_that_are_measured_give_the_grado_where_the_ente_says_so(
    cartella: Path,
    tmp_path: Path,
    origine: str,
    base: str,
    attesi: list[tuple[object, str]],
    bloccano: int,
) -> None:
    esito = con_regola(cartella, tmp_path, origine, base)
    assert gradi(esito) == attesi
    assert len(senza_grado(esito)) == bloccano
    assert {r.codice for r in esito.rilievi if r.gravita == "blocca"} == ({"V03"} if bloccano else set())


def test_what_lacks_of_the_base_is_told(cartella: Path, tmp_path: Path) -> None:
    [detto] = senza_grado(con_regola(cartella, tmp_path, DICHIARATO_O_MISURATO, "60"))
    assert "gli indicatori misurati sono 1 su 3 con un valore atteso" in detto
    assert "60\N{NO-BREAK SPACE}%" in detto


@pytest.mark.parametrize("origine", ORIGINI)
def test_obiettivi_operativi_have_no_atteso_and_keep_what_is_declared(origine: str) -> None:
    fascicolo = run.controlla(ESEMPIO / "esempio_missioni").fascicolo
    assert fascicolo is not None
    parametri = replace(fascicolo.parametri, origine=origine, base=Decimal(1))
    prima, dopo = fascicolo.valutazione, score.valuta(fascicolo.tabelle, parametri)
    attese = [(voce.grado, voce.origine, voce.motivo) for voce in prima.voci]
    assert [(voce.grado, voce.origine, voce.motivo) for voce in dopo.voci] == attese
    assert dopo.ente == prima.ente
