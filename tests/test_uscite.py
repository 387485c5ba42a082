"""How a command ends, whatever the computer does to it: in Italian, with its code, no traceback."""

import errno
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from conftest import RADICE
from fixtures_ente import write_world
from typer.testing import CliRunner, Result

from pipeline import excel, modelli, run
from pipeline.cli.comandi import app
from pipeline.documents import deposito
from pipeline.documents.ritorno import correzioni
from pipeline.files import scrivi_intero
from pipeline.fine import Fermato, Fine, esegui
from pipeline.valori.__main__ import main as valori
from pipeline.veste import DOCUMENTI
from pipeline.workbooks import lettore
from pipeline.workbooks.lettore import Lettore

WORK = (
    (run, "relazione"),
    (run, "rimanda"),
    (run, "per_il_nucleo"),
    (run, "email"),
    (modelli, "prepara"),
)
"""What the commands call to do their work."""
COMANDI = ("relazione", "pdf", "controlla", "modelli", "nucleo", "email")
INGLESE = re.compile(r"\b(Traceback|Error|Usage|Option|No such|Invalid|Missing|Got|Try|Aborted)\b")
posix = pytest.mark.skipif(os.name != "posix", reason="devices and limits of a Unix")


def invoke(*argomenti: str | Path) -> Result:
    esito = CliRunner().invoke(app, [str(argomento) for argomento in argomenti])
    assert not INGLESE.search(esito.output), esito.output
    return esito


def ended(comando: Any, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The code a command ends with, and what it says of itself."""
    with pytest.raises(SystemExit) as fine:
        esegui(comando)
    detto = capsys.readouterr().err
    assert not INGLESE.search(detto), detto
    assert isinstance(fine.value.code, int)
    return fine.value.code, detto


def shell(comando: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["sh", "-c", comando], cwd=RADICE, capture_output=True, text=True, check=False)


def failing(errore: BaseException) -> Any:
    def fail(*_: Any, **__: Any) -> None:
        raise errore

    return fail


# ------------------------------------------------------------------------------------------- the codes


@pytest.mark.parametrize(
    ("argomenti", "altre", "detto"),
    [
        (["--help"], {}, "controlla"),
        (["relazione", "--help"], {}, "--uscita"),
        (["relazzione"], {}, "il comando «relazzione» non c'è"),
        (["relazione"], {"RELAZIONE_ALTRE": "CARTELA"}, "forse è «CARTELLA=»"),
        (["relazione"], {"RELAZIONE_PAGINE": "forse"}, "si scrive PAGINE=no"),
        (["relazione"], {"RELAZIONE_PDF": "si"}, "si usa con make pdf e make atti."),
        (["lotto"], {"RELAZIONE_PDF": "sì"}, "PDF=sì con «lotto» non cambia niente"),
        (["lotto", "--processi", "tanti"], {}, "PROCESSI=tanti non si capisce"),
        (["lotto"], {"RELAZIONE_NOMI": "forse"}, "NOMI=forse non si capisce"),
        (["controlla", "--cartella", "non_c_e"], {}, "Controllare il nome"),
    ],
)
def test_what_does_no_work_does_not_load_what_works(
    argomenti: list[str], altre: dict[str, str], detto: str
) -> None:
    prova = (
        "import sys; from pipeline import __main__ as programma\n"
        "try: programma.main()\n"
        "finally: print({'pandas', 'numpy', 'lxml', 'openpyxl', 'xlsxwriter', 'docx'} & {*sys.modules})"
    )
    fatto = subprocess.run(
        [sys.executable, "-c", prova, *argomenti],
        env={**os.environ, **altre},
        cwd=RADICE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert detto in fatto.stdout + fatto.stderr
    assert fatto.stdout.endswith("set()\n")


ALTRUI = {
    "the pages and the PDF": {"pikepdf"},
    "the edition to be published": {"jinja2", "duckdb", "pipeline.omissioni"},
    "the copies that go back": {"openpyxl"},
    "the mail": {
        "pipeline.posta.bozze",
        "pipeline.posta.spedizione",
        "smtplib",
        "ssl",
        "urllib.request",
    },
    "the invented ente": {"pipeline.inventato"},
}
"""What a relazione without pages does without -> what of it is slow to load."""


def test_a_relazione_without_pages_loads_nothing_of_the_other_commands(tmp_path: Path) -> None:
    dove = ["--cartella", str(write_world(tmp_path / "ente")), "--uscita", str(tmp_path)]
    prova = (
        "import gc, sys; from pipeline import __main__ as programma\n"
        "try: programma.main()\n"
        f"finally: print({set().union(*ALTRUI.values())} & {{*sys.modules}}, gc.isenabled())"
    )
    fatto = subprocess.run(
        [sys.executable, "-c", prova, "relazione", *dove],
        env={**os.environ, "RELAZIONE_PAGINE": "no"},
        cwd=RADICE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (tmp_path / "2024" / "relazione_2024.docx").is_file()
    assert fatto.stdout.endswith("set() True\n")


def test_the_page_of_the_ced_tells_every_code() -> None:
    testo = (RADICE / "docs" / "per-il-ced.md").read_text(encoding="utf-8")
    capitolo = testo.partition("## Come finisce un comando")[2].partition("\n## ")[0]
    assert {int(n) for n in re.findall(r"^\| (\d+) \|", capitolo, re.M)} == {*Fine, 4}


@pytest.mark.parametrize(
    ("scritto", "detto"),
    [
        ("controlla --carella x", "l'opzione «--carella» non c'è"),
        ("controlla --cartela x", "l'opzione «--cartela» non c'è"),
        ("controlla -x", "l'opzione «-x» non c'è"),
        ("--versione", "l'opzione «--versione» non c'è"),
        ("controla", "il comando «controla» non c'è"),
        ("relazione 2021 2022", "non si sa che cosa farsi di «2021 2022»"),
        ("relazione --cartella", "all'opzione «--cartella» manca il suo valore"),
        ("relazione --pubblica=si", "l'opzione «--pubblica» non vuole un valore"),
        ("", "manca che cosa fare"),
        ("modelli --da . --riscrivi .", "Si usa DA oppure RISCRIVI"),
        ("email --ripeti x", "--ripeti si usa con --invia"),
        ("pdf --da niente.docx", "niente.docx non c'è"),
    ],
)
def test_a_command_written_wrong_is_said_in_italian(scritto: str, detto: str, tmp_path: Path) -> None:
    esito = invoke(*scritto.split(), *(["--cartella", tmp_path] if scritto.startswith("email") else []))
    assert esito.exit_code == Fine.COMANDO_SBAGLIATO
    assert detto in " ".join(esito.output.split())


@pytest.mark.parametrize("comando", COMANDI)
@pytest.mark.parametrize("dove", ["cartella", "uscita"])
def test_a_file_in_the_place_of_a_folder_is_said_before_anything_is_read(
    comando: str, dove: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mio", encoding="utf-8")
    if comando == "modelli":
        esito = invoke(comando, "--cartella", tmp_path / "file")
    else:
        altra = "--uscita" if dove == "cartella" else "--cartella"
        esito = invoke(comando, f"--{dove}", tmp_path / "file", altra, tmp_path)
    assert esito.exit_code == Fine.COMANDO_SBAGLIATO
    assert "è un file, non una cartella" in " ".join(esito.output.split())
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mio"


@pytest.mark.parametrize(
    ("variabile", "valore", "detto"),
    [
        ("CARTELLA", "", "CARTELLA è vuota"),
        ("USCITA", "", "USCITA è vuota"),
        ("CARTELLA", "non c'è", "La cartella non c'è non c'è."),
        ("PUBBLICA", "yes", "PUBBLICA=yes non si capisce"),
        ("PAGINE", "0", "PAGINE=0 non si capisce: si scrive PAGINE=no o PAGINE=si, o niente."),
    ],
)
def test_what_make_hands_over_counts_and_what_it_cannot_mean_is_said(
    variabile: str, valore: str, detto: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"RELAZIONE_{variabile}", valore)
    esito = invoke("relazione")
    assert esito.exit_code == Fine.COMANDO_SBAGLIATO
    assert detto in " ".join(esito.output.split())


@pytest.mark.parametrize(("valore", "chiesta"), [("si", True), ("Sì", True), ("no", False), ("", False)])
def test_yes_and_no_are_written_in_every_way(
    valore: str, chiesta: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chiamata: list[Any] = []

    def seen(*argomenti: Any) -> None:
        chiamata.extend(argomenti)
        raise Fermato("basta così", Fine.NIENTE)

    monkeypatch.setenv("RELAZIONE_PUBBLICA", valore)
    monkeypatch.setattr(run, "relazione", seen)
    assert invoke("relazione", "--cartella", tmp_path).exit_code == Fine.NIENTE
    assert chiamata[2] is chiesta


def test_a_variable_of_the_office_does_not_count_unless_make_hands_it_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTELLA", str(tmp_path / "di altri"))
    monkeypatch.setattr(run, "rimanda", failing(Fermato("fin qui")))
    assert "fin qui" in invoke("controlla", "--cartella", tmp_path).output


# ------------------------------------------------------------------------------------- what stops it


@pytest.mark.parametrize(
    ("numero", "detto"),
    [
        (errno.ENOSPC, "x.docx: non c'è più spazio."),
        (errno.EDQUOT, "x.docx: non c'è più spazio."),
        (errno.EACCES, "x.docx: non se ne ha il permesso."),
        (errno.EROFS, "x.docx: il disco è in sola lettura."),
        (errno.ENOTDIR, "x.docx: c'è un file dove serve una cartella."),
        (errno.EFBIG, "x.docx: il file supera la dimensione permessa."),
        (errno.EIO, "x.docx: il disco non risponde."),
        (errno.ENAMETOOLONG, "x.docx: il nome è troppo lungo."),
        (errno.ELOOP, "leggere o scrivere x.docx."),
    ],
)
@pytest.mark.parametrize("comando", COMANDI)
def test_what_the_system_refuses_is_said_with_its_remedy(
    comando: str, numero: int, detto: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rifiuta = failing(OSError(numero, os.strerror(numero), "x.docx"))
    for modulo, nome in WORK:
        monkeypatch.setattr(modulo, nome, rifiuta)
    esito = invoke(comando, "--cartella", tmp_path)
    assert esito.exit_code == Fine.NON_RIUSCITO
    assert detto in esito.output and "Nessun documento è rimasto a metà" in esito.output
    assert os.strerror(numero) not in esito.output


@pytest.mark.parametrize(
    "errore",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory", "/bin/sh"),
        ImportError("libx.so: failed to map segment from shared object"),
        RuntimeError("can't start new thread"),
    ],
)
def test_little_memory_is_said(errore: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    fine, detto = ended(failing(errore), capsys)
    assert fine == Fine.NON_RIUSCITO and "La memoria del computer non basta" in detto


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not bound the memory")
def test_libraries_that_do_not_fit_in_the_memory_do_not_speak_for_us() -> None:
    """OpenBLAS would end the process itself, in English and with code 1."""
    fatto = shell(f"ulimit -v 250000; exec '{sys.executable}' -m pipeline controlla --cartella .")
    assert (fatto.returncode, fatto.stdout) == (Fine.NON_RIUSCITO, "")
    assert fatto.stderr.startswith("La memoria del computer non basta")


def test_a_reader_that_does_not_start_is_no_fault_of_the_file(
    good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(_: Lettore) -> "subprocess.Popen[bytes]":
        comando = [sys.executable, "-S", "-c", ""]
        return subprocess.Popen(comando, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(lettore, "_PRONTI", {})
    monkeypatch.setattr(Lettore, "_nuovo", dead)
    with Lettore() as che_legge, pytest.raises(MemoryError):
        che_legge.apri(good / "ente.xlsx")


@pytest.mark.parametrize("comando", COMANDI)
def test_an_interruption_is_said(comando: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for modulo, nome in WORK:
        monkeypatch.setattr(modulo, nome, failing(KeyboardInterrupt()))
    esito = invoke(comando, "--cartella", tmp_path)
    assert esito.exit_code == Fine.INTERROTTO and "Interrotto." in esito.output


def test_a_fault_of_ours_is_said_to_be_ours_and_its_detail_is_not_on_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(run, "rimanda", failing(KeyError("Rossi Maria")))
    esito = invoke("controlla", "--cartella", tmp_path)
    (dettaglio,) = tmp_path.glob("errore_relazione_*.txt")
    assert esito.exit_code == Fine.ERRORE
    _, detto = esito.output.split("\n", 1)  # the first line says which ente it is
    assert detto.startswith("Errore del programma, non dei file")
    assert str(dettaglio) in esito.output and "Rossi" not in esito.output
    assert "KeyError: 'Rossi Maria'" in dettaglio.read_text(encoding="utf-8")
    assert os.name != "posix" or dettaglio.stat().st_mode & 0o077 == 0


def test_a_fault_of_ours_is_said_also_where_its_detail_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "non c'è"))
    fine, detto = ended(failing(ZeroDivisionError()), capsys)
    assert fine == Fine.ERRORE and "non si è potuto salvare" in detto


def test_without_a_temporary_folder_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    errore = FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")
    fine, detto = ended(failing(errore), capsys)
    assert fine == Fine.NON_RIUSCITO and "Non c'è una cartella temporanea" in detto


# --------------------------------------------------------------------------------- disks that are full


def test_a_full_disk_is_of_the_document_and_leaves_the_one_before(tmp_path: Path) -> None:
    """An error of write() names no file; one of the temporary file would name that."""
    (tmp_path / "a.txt").write_text("prima", encoding="utf-8")
    for errore in (OSError(errno.ENOSPC, "x"), OSError(errno.ENOSPC, "x", ".a.parziale.txt")):
        with pytest.raises(OSError) as trovato:
            scrivi_intero(tmp_path / "a.txt", failing(errore))
        assert trovato.value.filename == str(tmp_path / "a.txt")
        assert [p.read_text(encoding="utf-8") for p in tmp_path.iterdir()] == ["prima"]


@posix
def test_a_workbook_that_cannot_be_written_is_an_error_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """xlsxwriter has an exception of its own, and would leave its temporary files behind."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    libro = excel.Libro(tmp_path / "non c'è" / "x.xlsx", DOCUMENTI)
    libro.add_worksheet().write_string(0, 0, "x")
    with pytest.raises(FileNotFoundError):
        libro.close()
    assert list(tmp_path.iterdir()) == []


def test_a_copy_for_which_there_is_no_space_is_not_said_to_be_the_file_s_fault(
    good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correzioni, "_riletta", failing(OSError(errno.ENOSPC, "x")))
    with pytest.raises(OSError):
        correzioni._copia(good / "ente.xlsx", [])


@posix
def test_a_whole_run_on_a_full_disk(good: Path, tmp_path: Path) -> None:
    """No file larger than 4 kB can be written: the first document stops it."""
    comando = f"'{sys.executable}' -m pipeline controlla --cartella '{good}' --uscita '{tmp_path}/fuori'"
    fatto = shell(f"ulimit -f 8; {comando}")
    assert (fatto.returncode, fatto.stdout.count("\n")) == (Fine.NON_RIUSCITO, 1)
    assert "controlli_2024.xlsx: il file supera la dimensione permessa" in fatto.stderr
    assert not INGLESE.search(fatto.stderr)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [deposito.NOME]


# --------------------------------------------------------------------------------------------- screens


def say() -> None:
    print("«perché» …")


@posix
def test_a_screen_that_takes_no_more_does_not_stop_the_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fatto = []
    with Path("/dev/full").open("w", encoding="utf-8") as pieno:
        monkeypatch.setattr(sys, "stdout", pieno)
        fine, detto = ended(lambda: fatto.append(print("x" * 10_000, flush=True)), capsys)
    assert fatto and fine == Fine.NON_RIUSCITO
    assert detto.startswith("Non si riesce a scrivere sullo schermo: non c'è più spazio.")


@posix
@pytest.mark.parametrize("fine", [Fine.FATTO, Fine.DA_SISTEMARE, Fine.NIENTE])
def test_who_reads_may_leave(
    fine: Fine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `head` does."""

    def comando() -> Fine:
        print("x", flush=True)
        return fine

    capo, altro_capo = os.pipe()
    os.close(capo)
    with os.fdopen(altro_capo, "w", encoding="utf-8") as chiuso:
        monkeypatch.setattr(sys, "stdout", chiuso)
        assert ended(comando, capsys) == (fine, "")


def test_a_screen_that_is_closed_from_the_beginning_is_not_missed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert ended(say, capsys) == (Fine.FATTO, "")


@posix
def test_with_everything_closed_the_code_says_how_it_ended() -> None:
    for argomenti, fine in (("'>5' 7", Fine.FATTO), ("", Fine.COMANDO_SBAGLIATO)):
        comando = f"'{sys.executable}' -m pipeline.valori {argomenti} <&- >&- 2>&-"
        assert shell(comando).returncode == fine


@pytest.mark.parametrize(
    ("codifica", "atteso"),
    [
        ("utf-8", "«È» → così… – 5 ≥ 4, naïve, ?, 日"),
        ("ascii", "\"E'\" -> cosi'... - 5 >= 4, naive, ?, ?"),
        ("cp1252", "«È» -> così… – 5 >= 4, naïve, ?, ?"),
        ("latin-1", "«È» -> così... - 5 >= 4, naïve, ?, ?"),
    ],
)
def test_a_screen_of_few_characters_shows_the_others_in_another_way(
    codifica: str, atteso: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    schermo = io.TextIOWrapper(io.BytesIO(), encoding=codifica, newline="")
    monkeypatch.setattr(sys, "stdout", schermo)
    testo = "«È» → così… – 5 ≥ 4, naïve, \udce9, 日"
    assert ended(lambda: print(testo, end=""), capsys) == (Fine.FATTO, "")
    assert schermo.buffer.getvalue().decode(codifica) == atteso  # type: ignore[attr-defined]


# ------------------------------------------------------------------------------------ pipeline.valori


@pytest.mark.parametrize("argomenti", [[], ["1"] * 5, ["1", "1", "su"], ["1", "1", "-", "99999"]])
def test_the_usage_of_valori_is_code_2(argomenti: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    fine, detto = ended(lambda: print(valori(argomenti)), capsys)
    assert fine == Fine.COMANDO_SBAGLIATO and detto.startswith("uso:")
