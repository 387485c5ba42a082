"""A third template, that no room but its own module has ever heard of.

It is the modello "missioni" with its columns elsewhere, under the same names of sheets: whoever tells a
template by a sheet, or knows a column by heart, points its findings at the wrong cells.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import fixtures_ente as fx
import pytest
from fixtures_ente import AREA, COMUNE, ENTE
from test_rilievi import CASES, OF_BOTH, Case, Place
from test_versioni import here  # noqa: F401  (a fixture)

from pipeline import run
from pipeline.tables import costruisci
from pipeline.workbooks import ente, fields, missioni, registro
from pipeline.workbooks.settore import Testata

NOME = "prova"
COLONNE = [c.colonna for c in missioni.CAMPI if c.colonna > missioni.DENOMINAZIONE.colonna]
ALTROVE = dict(zip(sorted(COLONNE), sorted(COLONNE, reverse=True), strict=True))
"""Where the columns are: the first three head the missioni, and one more is worked out."""

COMUNI = [
    next(caso for caso in CASES if (caso.codice, caso.modello) == (codice, missioni.NOME))
    for codice in OF_BOTH
]


def third() -> ModuleType:
    """A module of its own, with the columns elsewhere."""

    def elsewhere(chiave: str, etichetta: str, colonna: int, *altro: Any, **nomi: Any) -> fields.Campo:
        return vero(chiave, etichetta, ALTROVE.get(colonna, colonna), *altro, **nomi)

    descritto = spec_from_file_location("terzo_modello", missioni.__file__)
    assert descritto and descritto.loader
    modulo, vero = module_from_spec(descritto), fields.Campo
    try:
        fields.Campo = elsewhere  # type: ignore
        descritto.loader.exec_module(modulo)
    finally:
        fields.Campo = vero  # type: ignore
    modulo.Campo = vero  # type: ignore
    return modulo


@pytest.fixture(scope="module")
def registered() -> Iterator[ModuleType]:
    """The template, as if it had a line in the register."""
    modulo = third()
    (nome, tabella, campi, larghezze, *vuote), *altre = ente.TABELLE
    nuovi = tuple(
        replace(campo, scelte=(*campo.scelte, NOME)) if campo.chiave == "modello" else campo
        for campo in campi
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registro._MODELLI, NOME, modulo)
        patch.setattr(registro, "NOMI", (*registro.NOMI, NOME))
        patch.setattr(ente, "TABELLE", ((nome, tabella, nuovi, larghezze, *vuote), *altre))
        yield modulo


@pytest.fixture(scope="module")
def world(registered: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The good ente that reports by missione, in the third template."""
    folder = tmp_path_factory.mktemp("terzo")
    elenco = [{"settore": "area", "denominazione": "Area Amministrativa", "modello": NOME}]
    elenco[0] |= {"n_schede": Decimal(len(fx.OBIETTIVI))}
    di_ente = replace(fx.tables_of_ente(), elenco=costruisci({"elenco": elenco}).elenco)
    ente.scrivi(folder / ENTE, di_ente, fx.ANNO)
    testata = Testata(COMUNE, fx.ANNO, "area", "Area Amministrativa", NOME)
    registered.scrivi(folder / AREA, testata, fx.tables_of_area(), 1)
    return folder


def found(folder: Path) -> list[tuple[str, Place]]:
    return [(r.codice, (r.file, r.foglio, r.cella)) for r in run.controlla(folder).rilievi]


def test_nothing_to_say_about_it(world: Path) -> None:
    esito = run.controlla(world)
    assert esito.rilievi == []
    assert set(esito.raccolta.tabelle.voci["modello"]) == {NOME}
    assert all(quadratura.torna for quadratura in esito.raccolta.quadrature)


@pytest.mark.parametrize("caso", COMUNI, ids=lambda caso: f"{caso.codice}-{caso.name}")
def test_its_findings_are_at_its_own_cells(caso: Case, world: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(world, tmp_path / "ente"))
    attesi = [(caso.codice, posto) for posto in caso.damage(folder)]
    assert sorted(found(folder)) == sorted(attesi)
