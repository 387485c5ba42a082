"""The folder of the year: one command at a time, and nothing of the office's taken away.

With real commands, killed and overlapping: test_files.py.
"""

import errno
import hashlib
import json
import os
import shutil
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import fixtures_ente as fx
import pytest

from pipeline import files, run
from pipeline.cli import comandi as cli
from pipeline.documents import deposito, edizioni, manifest
from pipeline.documents.deposito import CartellaInUso, Deposito
from pipeline.documents.ritorno import correzioni
from pipeline.documents.word import pdf
from pipeline.files import scrivi_intero
from pipeline.fine import Fine
from pipeline.posta.spedizione import ELENCO, Inviati, InvioFallito


def put(cartella: Path, testo: str = "nuovo", nome: str = "a.txt") -> Deposito:
    """One command that writes one document."""
    with deposito.apri(cartella, "make relazione") as aperto:
        aperto.scrivi(cartella / nome, lambda p: p.write_text(testo))
    return aperto


def texts(cartella: Path) -> dict[str, str]:
    return {p.name: p.read_text() for p in cartella.glob("[!.]*")}


# ----------------------------------------------------------------------------------- one at a time


def test_two_commands_do_not_write_in_the_same_folder(tmp_path: Path) -> None:
    with (
        deposito.apri(tmp_path / "2024", "make pdf") as primo,
        pytest.raises(CartellaInUso, match=r"«make pdf», dato il .* \(processo \d+\). .* Aspettare"),
        deposito.apri(tmp_path / "2024", "make relazione"),
    ):
        pass
    primo.scritti.clear()
    assert put(tmp_path / "2024").conservati == []


def test_another_folder_is_another_matter(tmp_path: Path) -> None:
    with deposito.apri(tmp_path / "2024", "make relazione"):
        assert put(tmp_path / "2025").scritti


def test_without_locks_the_commands_work_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows, some network disks: no lock, but the documents are proved as ever."""
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with deposito.apri(tmp_path, "make relazione") as primo:
        put(tmp_path, "secondo")
        primo.scrivi(tmp_path / "a.txt", lambda p: p.write_text("primo"))
    assert texts(tmp_path)["a.txt"] == "primo"


def test_without_locks_no_mail_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice is worse than not at all."""
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with pytest.raises(InvioFallito, match="un altro invio"), Inviati(tmp_path / ELENCO):
        pass


@pytest.mark.parametrize("comando", ["relazione", "controlla", "email", "pdf --da"])
def test_the_second_command_says_who_is_first_and_writes_nothing(
    good: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    comando: str,
) -> None:
    anno = tmp_path / "2024"
    dove = ["--cartella", str(good), "--uscita", str(tmp_path)]
    dove = ["--da", str(anno / "mia.docx")] if comando == "pdf --da" else dove
    monkeypatch.setattr(sys, "argv", ["x", comando.split()[0], *dove])
    with deposito.apri(anno, "make relazione"):
        (anno / "mia.docx").write_bytes(b"x")
        prima = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
        with pytest.raises(SystemExit) as fine:
            cli.main()
        assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == prima
    assert fine.value.code == Fine.OCCUPATO
    schermata = " ".join(capsys.readouterr().err.split())
    assert "«make relazione», dato il" in schermata and "Non è stato scritto niente" in schermata


# ------------------------------------------------------------------------------- what is not ours


@pytest.mark.parametrize("giornale", [True, False], ids=["log", "no log"])
def test_what_the_program_has_not_written_is_kept(tmp_path: Path, giornale: bool) -> None:
    if giornale:
        put(tmp_path, nome="b.txt")
    (tmp_path / "a.txt").write_text("dell'ufficio")
    assert put(tmp_path).conservati == [tmp_path / "a_ritoccata_1.txt"]
    assert texts(tmp_path)["a_ritoccata_1.txt"] == "dell'ufficio"


def test_what_it_has_written_is_simply_written_again(tmp_path: Path) -> None:
    for testo in ("uno", "due", "uno", "tre"):
        assert put(tmp_path, testo).conservati == []
    assert texts(tmp_path) == {"a.txt": "tre"}


def test_what_someone_has_changed_is_kept_each_time(tmp_path: Path) -> None:
    for n in (1, 2):
        put(tmp_path)
        (tmp_path / "a.txt").write_text(f"ritocco {n}")
    put(tmp_path)
    assert texts(tmp_path) == {
        "a.txt": "nuovo",
        "a_ritoccata_1.txt": "ritocco 1",
        "a_ritoccata_2.txt": "ritocco 2",
    }


def test_an_older_document_put_back_is_the_choice_of_a_person(tmp_path: Path) -> None:
    for testo in ("approvata", "poi", "poi ancora"):
        put(tmp_path, testo)
    (tmp_path / "a.txt").write_text("approvata")
    assert [p.read_text() for p in put(tmp_path).conservati] == ["approvata"]


def test_what_is_to_be_taken_away_is_kept_if_it_is_of_others(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "b.txt").write_text("dell'ufficio")
    with deposito.apri(tmp_path, "make relazione") as aperto:
        assert [aperto.togli(tmp_path / nome) for nome in ("a.txt", "b.txt", "c.txt")] == [
            True,
            False,
            False,
        ]
    assert texts(tmp_path) == {"b_ritoccata_1.txt": "dell'ufficio"}


def test_what_is_no_file_is_kept_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    put(tmp_path)
    assert (tmp_path / "a_ritoccata_1.txt").is_dir()


def test_a_name_already_long_is_kept_under_a_shorter_one(tmp_path: Path) -> None:
    nome = "à" * 120 + ".txt"
    (tmp_path / nome).write_text("dell'ufficio")
    (altro,) = put(tmp_path, nome=nome).conservati
    assert altro.name == "à" * 50 + "_ritoccata_1.txt"


# --------------------------------------------------------------------------------------- a kill -9


class Killed(BaseException):
    """As a kill -9: nothing of ours runs after it."""


@pytest.mark.parametrize("passo", range(6))
def test_killed_at_any_step_nothing_is_taken_for_the_work_of_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passo: int
) -> None:
    """Twice in a row at the same step: the document is then older than the two last lines of the log."""
    put(tmp_path, "buono")
    passi = 0

    def step(vero: Callable[..., object]) -> Callable[..., object]:
        def either(*argomenti: object) -> object:
            nonlocal passi
            passi += 1
            if passi > passo:
                raise Killed
            return vero(*argomenti)

        return either

    for testo in ("primo ucciso", "secondo ucciso"):
        passi = 0
        with monkeypatch.context() as m:
            for che, nome in ((os, "fsync"), (Path, "replace"), (files, "_fissa_cartella")):
                m.setattr(che, nome, step(getattr(che, nome)))
            with pytest.raises(Killed):
                put(tmp_path, testo)
    assert put(tmp_path).conservati == []
    assert texts(tmp_path) == {"a.txt": "nuovo"}


@pytest.mark.parametrize("coda", [b'{"nome": "a.t', b"\xff\xfe\n", b"[]\nnull\n", b'{"nome": 3}\n'])
def test_a_log_cut_short_or_spoiled_is_no_trouble(tmp_path: Path, coda: bytes) -> None:
    put(tmp_path)
    with (tmp_path / deposito.NOME).open("ab") as giornale:
        giornale.write(coda)
    assert put(tmp_path).conservati == []
    righe = (tmp_path / deposito.NOME).read_bytes().splitlines()
    assert json.loads(righe[-1])["comando"] == "make relazione"


def test_the_manifest_of_a_version_without_log_proves_its_documents(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after a run of this version that was killed when the manifest had gone."""
    run.relazione(good, tmp_path)
    (tmp_path / "2024" / deposito.NOME).unlink()
    with monkeypatch.context() as m:
        m.setattr(edizioni, "scrivi", lambda *_: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            run.relazione(good, tmp_path)
    assert not (tmp_path / "2024" / manifest.NOME).exists()
    assert run.relazione(good, tmp_path).conservati == []


# ------------------------------------------------------------------------------- the real documents


@pytest.mark.parametrize("contenuto", [None, "[]"])
def test_without_a_manifest_the_work_of_a_person_is_kept(
    good: Path, tmp_path: Path, contenuto: str | None
) -> None:
    """The relazione, a PDF that someone has signed, the public edition; not what is as it was made."""
    prima = run.relazione(good, tmp_path, pubblica=True)
    elenco = tmp_path / "2024" / manifest.NOME
    firmato = tmp_path / "2024" / "relazione_2024.pdf"
    firmato.write_bytes(b"%PDF firmato")
    pubblica = tmp_path / "2024" / "relazione_2024_pubblica.docx"
    for percorso in (prima.documenti[1], pubblica):
        percorso.write_bytes(percorso.read_bytes() + b"ritocco")
    elenco.unlink() if contenuto is None else elenco.write_text(contenuto)
    dopo = run.relazione(good, tmp_path)
    assert sorted(p.name for p in dopo.conservati) == [
        "relazione_2024_pubblica_ritoccata_1.docx",
        "relazione_2024_ritoccata_1.docx",
        "relazione_2024_ritoccata_1.pdf",
    ]
    assert sorted(p.name for p in dopo.tolti) == [
        "consolidato_2024_pubblica.xlsx",
        "da_rileggere_2024_NON_PUBBLICARE.txt",
        "dati_aperti",
        "pagina_2024_pubblica.html",
    ]


def test_the_notes_of_the_office_in_the_workbook_of_the_checks_are_kept(
    good: Path, tmp_path: Path
) -> None:
    controlli = run.rimanda(good, tmp_path).documenti[0]
    assert run.rimanda(good, tmp_path).conservati == []
    controlli.write_bytes(controlli.read_bytes() + b"note")
    (altro,) = run.email(good, tmp_path)[0].conservati
    assert altro.name == "controlli_2024_ritoccata_1.xlsx" and altro.read_bytes().endswith(b"note")


def test_a_copy_that_is_not_byte_for_byte_ours_is_left(ente: Path, tmp_path: Path) -> None:
    """Whoever it says to have been saved by."""
    fx.put(ente / fx.TECNICO, "Scheda 1", "H30", "da rivedere")
    _, copia = run.rimanda(ente, tmp_path).documenti
    assert run.rimanda(ente, tmp_path).lasciate == []
    copia.write_bytes(copia.read_bytes() + b"note")
    assert run.rimanda(ente, tmp_path).lasciate == [copia]
    assert copia.read_bytes().endswith(b"note")


def test_a_copy_of_a_version_without_log_is_known_by_what_it_says(ente: Path, tmp_path: Path) -> None:
    fx.put(ente / fx.TECNICO, "Scheda 1", "H30", "da rivedere")
    _, copia = run.rimanda(ente, tmp_path).documenti
    (tmp_path / "2024" / deposito.NOME).unlink()
    assert run.rimanda(ente, tmp_path).documenti[1:] == [copia]


def test_a_pdf_that_someone_has_signed_is_kept_when_its_document_is_converted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word, finito = tmp_path / "relazione.docx", tmp_path / "relazione.pdf"
    word.write_bytes(b"")
    for contenuto in (b"%PDF primo", b"%PDF secondo"):
        monkeypatch.setattr(pdf, "converti", lambda da, a, soffice, byte=contenuto: a.write_bytes(byte))
        assert run.converti(word, None) == (finito, [])
    finito.write_bytes(b"%PDF firmato")
    assert run.converti(word, None) == (finito, [tmp_path / "relazione_ritoccata_1.pdf"])
    assert (tmp_path / "relazione_ritoccata_1.pdf").read_bytes() == b"%PDF firmato"


def test_the_manifest_tells_what_was_written_whatever_is_there_now(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone saves over a document while the run is still at the next one."""
    scritti: list[bytes] = []

    def meddle(fascicolo: object, aperto: Deposito, *altro: object) -> object:
        esito = vero(fascicolo, aperto, *altro)  # type: ignore[arg-type]
        word = aperto.cartella / "relazione_2024.docx"
        scritti.append(word.read_bytes())
        word.write_bytes(b"di un altro")
        return esito

    vero = edizioni.scrivi
    monkeypatch.setattr(edizioni, "scrivi", meddle)
    run.relazione(good, tmp_path)
    detta = manifest.documenti(tmp_path / "2024")["relazione_2024.docx"]
    assert detta == hashlib.sha256(scritti[0]).hexdigest()


# -------------------------------------------------------------------------------------- odd names


def test_a_file_with_a_name_as_long_as_the_disk_takes_has_its_copy(ente: Path, tmp_path: Path) -> None:
    fx.put(ente / fx.TECNICO, "Scheda 1", "H30", "da rivedere")
    nome = "x" * 250 + ".xlsx"
    (ente / fx.TECNICO).rename(ente / nome)
    esito = run.rimanda(ente, tmp_path)
    assert [p.name for p in esito.documenti[1:]] == [nome] and not esito.senza_copia


def test_a_name_that_the_folder_of_the_documents_refuses_stops_only_its_copy(
    ente: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in (fx.TECNICO, fx.RAGIONERIA):
        fx.put(ente / file, "Scheda 1", "H30", "da rivedere")

    def refused(percorso: Path, *altro: object) -> str:
        if percorso.name == fx.TECNICO:
            raise OSError(errno.ENAMETOOLONG, "File name too long", str(percorso))
        return scrivi_intero(percorso, *altro)  # type: ignore[arg-type]

    monkeypatch.setattr(deposito, "scrivi_intero", refused)
    esito = run.rimanda(ente, tmp_path)
    assert [p.name for p in esito.documenti] == ["controlli_2024.xlsx", fx.RAGIONERIA]
    assert esito.senza_copia == {fx.TECNICO: correzioni.NOME_RIFIUTATO}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not take such names")
def test_odd_names_never_end_in_a_traceback(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ente = Path(shutil.copytree(good, tmp_path / 'l\'ente "di" $prova'))
    originale = (ente / fx.TECNICO).read_bytes()
    nomi = [b"a capo\n.xlsx", b"non utf \xe8\xff.xlsx", b'"virgolette\'".xlsx', b"\xff", b"[red].docx"]
    for nome in nomi:
        (ente / os.fsdecode(nome)).write_bytes(originale)
    with tarfile.open(ente / "archivio.tar", "w") as archivio:
        archivio.addfile(tarfile.TarInfo(os.fsdecode(b"\xff\ntecnico.xlsx")))
    uscita = tmp_path / "fuori \"$x\" 'qui'"
    for comando in ("controlla", "relazione", "email"):
        monkeypatch.setattr(
            sys, "argv", ["x", comando, "--cartella", str(ente), "--uscita", str(uscita)]
        )
        with pytest.raises(SystemExit) as fine:
            cli.main()
        assert fine.value.code in (0, 1)
    assert "F12" in capsys.readouterr().out
    assert (uscita / "2024" / manifest.NOME).exists()
