"""A bad file costs its own settore, never the others, the run or the machine."""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import fixtures_ente as fx
import pytest
from conftest import ESEMPIO, RADICE
from corpus_ostile import CORPUS, SHEET, as_ods, unzipped, zipped
from fixtures_ente import foreign_words
from misure import Costo, costa, raccogli
from typer.testing import CliRunner

from pipeline import ingest
from pipeline.cli.comandi import app
from pipeline.ingest import Raccolta
from pipeline.rilievi import Rilievo
from pipeline.tables import Tabelle, righe
from pipeline.workbooks.grid import FileRifiutato
from pipeline.workbooks.lettore import MEMORIA, SECONDI, Lettore, apri

SETTORE = "polizia_locale.xlsx"
MEGA = 2**20

needs_limits = pytest.mark.skipif(
    sys.platform != "linux", reason="the memory of a process can be limited on Linux only"
)


def finding(lettore: Lettore, percorso: Path) -> Rilievo:
    with pytest.raises(FileRifiutato) as preso:
        lettore.apri(percorso)
    return preso.value.rilievo


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fx.write_world(tmp_path_factory.mktemp("buono") / "ente")


# --------------------------------------------------------------------------------- the child that reads


def test_the_child_reads_what_this_process_reads() -> None:
    percorsi = sorted(ESEMPIO.glob("*.xlsx"))
    with Lettore() as lettore:
        assert [lettore.apri(percorso) for percorso in percorsi] == [apri(p) for p in percorsi]


def test_the_child_is_one_for_all_who_read(good: Path) -> None:
    figli = set()
    for nome in fx.FILES:
        with Lettore() as lettore:
            lettore.apri(good / nome)
            assert lettore.figlio is not None
            figli.add(lettore.figlio.pid)
        assert lettore.figlio is None
    assert len(figli) == 1
    with pytest.raises(KeyboardInterrupt), Lettore() as lettore:  # perhaps in the midst of an answer
        raise KeyboardInterrupt
    with pytest.raises(ProcessLookupError):
        os.kill(figli.pop(), 0)


def test_two_who_read_at_the_same_time_have_a_child_each(good: Path) -> None:
    with Lettore() as uno, Lettore() as altro:
        lette = {lettore.apri(good / fx.TECNICO).file: lettore.figlio for lettore in (uno, altro)}
        assert uno.figlio is not altro.figlio and lette == {fx.TECNICO: altro.figlio}
        figli = [lettore.figlio for lettore in (uno, altro)]
    assert sum(figlio is not None and figlio.poll() is None for figlio in figli) == 1


def test_the_child_ends_with_the_process_that_it_reads_for(good: Path) -> None:
    prova = (
        "import sys; from pathlib import Path; from pipeline.workbooks.lettore import Lettore\n"
        "with Lettore() as lettore: lettore.apri(Path(sys.argv[1])); print(lettore.figlio.pid)"
    )
    detto = subprocess.check_output([sys.executable, "-c", prova, good / fx.TECNICO], cwd=RADICE)
    with pytest.raises(ProcessLookupError):
        os.kill(int(detto), 0)


def test_the_child_loads_nothing_that_it_does_not_read_with() -> None:
    heavy = ("pandas", "numpy", "xlsxwriter", "openpyxl", "docx")
    with Lettore() as lettore:
        assert lettore.esegui(eval, f"[m for m in {heavy} if m in __import__('sys').modules]") == []


def test_the_child_finds_the_files_from_any_folder(
    good: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Relative names hold; a module that happens to lie there is not taken for ours."""
    (tmp_path / "zipfile.py").write_text("raise SystemExit", encoding="utf-8")
    shutil.copy(good / fx.TECNICO, tmp_path)
    monkeypatch.chdir(tmp_path)
    with Lettore() as lettore:
        assert lettore.apri(Path(fx.TECNICO)).file == fx.TECNICO


def test_another_child_takes_the_place_of_a_dead_one(good: Path) -> None:
    """Killed from outside between two files: neither is lost."""
    with Lettore() as lettore:
        lettore.apri(good / fx.TECNICO)
        assert lettore.figlio is not None
        os.kill(lettore.figlio.pid, signal.SIGKILL)
        assert lettore.apri(good / fx.RAGIONERIA) == apri(good / fx.RAGIONERIA)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a file that never ends is made with a pipe")
def test_a_file_that_never_ends_is_left_in_time(good: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "eterno.xlsx")
    with Lettore(secondi=1) as lettore:
        assert finding(lettore, tmp_path / "eterno.xlsx").codice == "F09"
        lettore.secondi = 30
        assert lettore.apri(good / fx.TECNICO).file == fx.TECNICO


@needs_limits
def test_a_file_that_fills_the_memory_is_left(good: Path, tmp_path: Path) -> None:
    percorso = tmp_path / "enorme.xlsx"
    percorso.write_bytes(
        CORPUS["a_name_space_repeated_in_memory"].make((good / fx.TECNICO).read_bytes())
    )
    with Lettore() as lettore:
        rilievo = finding(lettore, percorso)
        assert (rilievo.codice, rilievo.file) == ("F09", "enorme.xlsx")
        assert lettore.apri(good / fx.TECNICO).file == fx.TECNICO


def test_macros_are_left_out_and_said(good: Path, tmp_path: Path) -> None:
    percorso = Path(shutil.copy(good / fx.TECNICO, tmp_path / "tecnico.xlsm"))
    fx.add_macros(percorso)
    con_macro, senza = apri(percorso), apri(good / fx.TECNICO)
    assert con_macro.fogli == senza.fogli
    assert [r.codice for r in con_macro.rilievi] == ["F10"]
    assert senza.rilievi == ()


# -------------------------------------------------------------------------------------------- odd names


ODD_NAMES = [
    ("caf\udce9.xlsx", "F12"),  # a byte that is no letter, as old archives leave them
    ("caf\udce8.xlsx", "F12"),
    ("a\x07b.ods", "F12"),
    ("a\nb.xlsx", "F12"),
    ("\u202excod.xlsx", "F12"),
    ("caf\udce9.csv", "F06"),
    ("verbale\x1b[31m.pdf", "F08"),
    ("[bold]{x}%s.xlsx", "F01"),
    ("=1+1.xlsx", "F01"),
    ("-rf.xlsx", "F01"),
    ("n" * 250 + ".xlsx", "F01"),
    ("perché no\xa0– «così» \U0001f600.xlsx", "F01"),
]


def test_files_with_odd_names_are_told_and_the_documents_come_out(good: Path, tmp_path: Path) -> None:
    cartella = Path(shutil.copytree(good, tmp_path / "ente"))
    for nome, _ in ODD_NAMES:
        (cartella / nome).write_bytes(b"Appunti")
    esito = CliRunner().invoke(
        app, ["relazione", "--cartella", str(cartella), "--uscita", str(tmp_path)]
    )
    assert isinstance(esito.exception, SystemExit), esito.exception
    trovati = Counter(r.codice for r in ingest.raccogli(cartella).rilievi)
    assert trovati == Counter(codice for _, codice in ODD_NAMES)
    assert set(trovati) <= set(esito.output.split())
    assert (tmp_path / str(fx.ANNO) / f"relazione_{fx.ANNO}.docx").exists()


# ------------------------------------------------------------------------------------- the true reason


@pytest.mark.parametrize("unite", ["A:A", "1:1", "", "A1:", "uno"])
def test_a_merge_that_excel_never_leaves_costs_no_cell(unite: str, good: Path, tmp_path: Path) -> None:
    """Whole columns, whole rows, nonsense: calamine refuses the file, the guard has its cells."""
    parti = unzipped((good / fx.TECNICO).read_bytes())
    parti[SHEET] = parti[SHEET].replace(
        b"</sheetData>", f'</sheetData><mergeCells><mergeCell ref="{unite}"/></mergeCells>'.encode(), 1
    )
    (tmp_path / "t.xlsx").write_bytes(zipped(parti))
    assert apri(tmp_path / "t.xlsx").fogli == apri(good / fx.TECNICO).fogli


def test_a_sheet_of_macros_of_excel_4_is_the_reason_that_is_said(good: Path, tmp_path: Path) -> None:
    parti = unzipped((good / fx.TECNICO).read_bytes())
    spazio = "http://schemas.microsoft.com/office/excel/2006/main"
    parti[SHEET] = f'<xm:macrosheet xmlns:xm="{spazio}"/>'.encode()
    (tmp_path / "t.xlsx").write_bytes(zipped(parti))
    with pytest.raises(FileRifiutato) as preso:
        apri(tmp_path / "t.xlsx")
    rilievo = preso.value.rilievo
    assert rilievo.codice == "F03" and "foglio di macro di Excel 4.0" in rilievo.messaggio


# ------------------------------------------------------------------------------------------- the corpus


@pytest.fixture(scope="module")
def ravaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Raccolta, Costo]:
    """The example with one settore missing and the whole corpus in its place; what it cost."""
    cartella = Path(shutil.copytree(ESEMPIO, tmp_path_factory.mktemp("guasto") / "ente"))
    buono = (cartella / SETTORE).read_bytes()
    (cartella / SETTORE).unlink()
    for nome, guasto in CORPUS.items():
        (cartella / f"{nome}{guasto.suffisso}").write_bytes(guasto.make(buono))
    return costa(raccogli, cartella)


@pytest.fixture(scope="module")
def intact() -> Raccolta:
    return ingest.raccogli(ESEMPIO)


def test_the_corpus_is_large_and_made_of_good_workbooks(tmp_path: Path) -> None:
    """What the bad files are made from is read without a word, as .xlsx and as .ods."""
    assert len(CORPUS) >= 40
    assert {guasto.codice for guasto in CORPUS.values()} == {"F01", "F02", "F03", "F04", "F05", "F09"}
    buono = (ESEMPIO / SETTORE).read_bytes()
    (tmp_path / "buono.ods").write_bytes(zipped(as_ods(buono)))
    come_ods, come_xlsx = apri(tmp_path / "buono.ods"), apri(ESEMPIO / SETTORE)
    assert {n: f.celle for n, f in come_ods.fogli.items()} == {
        n: f.celle for n, f in come_xlsx.fogli.items()
    }
    assert come_ods.proprieta == come_xlsx.proprieta


@needs_limits
@pytest.mark.parametrize("nome", CORPUS)
def test_a_bad_file_gives_its_one_finding(ravaged: tuple[Raccolta, Costo], nome: str) -> None:
    guasto = CORPUS[nome]
    suoi = [r for r in ravaged[0].rilievi if r.file == f"{nome}{guasto.suffisso}"]
    assert [r.codice for r in suoi] == [guasto.codice]
    assert suoi[0].gravita == "blocca"
    assert foreign_words(suoi[0].messaggio + suoi[0].rimedio) == []


@needs_limits
def test_the_other_seven_workbooks_are_read_as_ever(
    ravaged: tuple[Raccolta, Costo], intact: Raccolta
) -> None:
    assert rows(ravaged[0].tabelle) == rows(intact.tabelle)
    sette = [q for q in intact.quadrature if q.file != SETTORE]
    assert ravaged[0].quadrature == sette and len(sette) == 7
    nomi = {f"{nome}{guasto.suffisso}" for nome, guasto in CORPUS.items()}
    altri = [r for r in ravaged[0].rilievi if r.file not in nomi]
    assert [(r.codice, r.file) for r in altri] == [
        *[(r.codice, r.file) for r in intact.rilievi if r.file != SETTORE],
        ("M07", SETTORE),
    ]


def rows(tabelle: Tabelle) -> dict[str, list[dict[str, Any]]]:
    return {n: [r for r in righe(df) if r["file"] != SETTORE] for n, df in tabelle.per_nome().items()}


@needs_limits
def test_the_memory_stays_bounded(ravaged: tuple[Raccolta, Costo]) -> None:
    """Of the run, and of the child that read."""
    assert ravaged[1].run < 512 * MEGA
    assert 0 < ravaged[1].figlio <= MEMORIA


@needs_limits
def test_no_file_takes_longer_than_its_bound(ravaged: tuple[Raccolta, Costo]) -> None:
    """Twice its time, when a child that had read others dies of it: a new one tries again."""
    assert len(ravaged[1].secondi) > len(CORPUS)
    assert max(ravaged[1].secondi.values()) < 2 * SECONDI + 5


@needs_limits
@pytest.mark.parametrize("nome", ["nothing", "parts_that_overlap", "a_name_space_repeated_in_memory"])
def test_a_bad_file_in_the_place_of_a_good_one_is_not_also_missing(
    good: Path, tmp_path: Path, nome: str
) -> None:
    cartella = Path(shutil.copytree(good, tmp_path / "ente"))
    buono = (cartella / fx.TECNICO).read_bytes()
    (cartella / fx.TECNICO).write_bytes(CORPUS[nome].make(buono))
    raccolta = ingest.raccogli(cartella)
    assert [(r.codice, r.file) for r in raccolta.rilievi] == [(CORPUS[nome].codice, fx.TECNICO)]
    assert [q.file for q in raccolta.quadrature] == [fx.ENTE, fx.TRASV, fx.RAGIONERIA]
