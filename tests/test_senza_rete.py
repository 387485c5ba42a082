"""The zip for computers without network: what is put in it, and how the environment is made from it."""

import zipfile
from pathlib import Path

import pytest
from conftest import RADICE

import ambiente
import senza_rete


@pytest.mark.parametrize(
    ("sistema", "python", "ha", "non_ha"),
    [
        ("linux", "3.11", {"secretstorage", "zipp"}, {"colorama"}),
        ("linux", "3.13", {"secretstorage", "numpy"}, {"colorama", "zipp"}),
        ("windows", "3.12", {"colorama", "pywin32-ctypes"}, {"secretstorage", "jeepney"}),
        ("macos", "3.12", {"pandas"}, {"colorama", "secretstorage", "pywin32-ctypes"}),
    ],
)
def test_every_system_has_what_its_markers_say(
    sistema: str, python: str, ha: set[str], non_ha: set[str]
) -> None:
    voci = list(senza_rete.voci(senza_rete.SISTEMI[sistema], python))
    nomi = {voce.partition("==")[0] for voce in voci}
    assert ha <= nomi and not non_ha & nomi and len(nomi) == len(voci)
    assert all("--hash=sha256:" in voce and ";" not in voce for voce in voci)


def test_the_zip_has_what_an_office_needs_and_not_the_tests(tmp_path: Path) -> None:
    (tmp_path / "pacchetti").mkdir()
    (tmp_path / "pacchetti" / "uno-1-py3-none-any.whl").write_bytes(b"ruota")
    senza_rete.comprimi(tmp_path / "pacchetti", tmp_path / "tutto.zip")
    with zipfile.ZipFile(tmp_path / "tutto.zip") as archivio:
        nomi = {nome.removeprefix("relazione-performance/") for nome in archivio.namelist()}
    assert {"relazione.cmd", "Makefile", "requirements.txt", "input_workbooks/ente.xlsx"} <= nomi
    assert "pacchetti/uno-1-py3-none-any.whl" in nomi and "pipeline/run.py" in nomi
    assert not [nome for nome in nomi if nome.startswith(("tests", ".", "output")) or "pycache" in nome]


def test_the_components_come_from_the_folder_beside_or_from_where_they_always_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ambiente._da_dove("requirements.txt") == [] and not (RADICE / ambiente.PACCHETTI).exists()
    monkeypatch.setattr(ambiente, "RADICE", str(tmp_path))
    (tmp_path / ambiente.PACCHETTI).mkdir()
    da_qui = ["--no-index", "--find-links", str(tmp_path / ambiente.PACCHETTI)]
    assert ambiente._da_dove("requirements.txt") == da_qui
    assert ambiente._da_dove("requirements-dev.txt") == []
