"""The relazione laid out by LibreOffice: the pages in its index are those of the paper."""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import carte
import fixtures_ente as fx
import pytest
from conftest import RADICE
from docx import Document
from libreoffice import pdf_pages
from test_consolidato import fascicolo_di
from test_pdf import un_pdf, un_soffice
from test_relazione import hostile
from typer.testing import CliRunner
from validators import faults

from pipeline import run
from pipeline.cli import comandi as cli
from pipeline.documents import deposito, relazione, stampa
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.word import impaginatore, pdf
from pipeline.files import CARTA_INTESTATA
from pipeline.fine import Fine


def laid_out(fascicolo: Fascicolo, cartella: Path, libreoffice: str) -> tuple[Path, Path]:
    word, stampato = cartella / "relazione.docx", cartella / "relazione.pdf"
    una = stampa.Relazione(word, fascicolo, stampato)
    assert stampa.scrivi([una], Path(libreoffice)) == {}
    return word, stampato


def index_lines(pagina: str) -> dict[str, str]:
    """What the printed index says: first words of a line (the code, or the title) -> page."""
    righe = [re.split(r"\s{2,}", riga.strip()) for riga in pagina.splitlines()]
    return {celle[0]: celle[-1] for celle in righe if len(celle) > 1 and celle[-1].isdigit()}


def test_the_index_says_the_page_on_which_each_heading_is(
    esempio: run.Esito, tmp_path: Path, libreoffice: str
) -> None:
    assert esempio.fascicolo is not None
    word, stampato = laid_out(esempio.fascicolo, tmp_path, libreoffice)
    assert faults(word) == []
    pagine = pdf_pages(stampato)
    indice = index_lines(pagine[1])
    assert len(indice) == 38 + 7 + 8  # schede, settori with the trasversali, chapters: on one page
    for titolo in ("La relazione in una pagina", "Nota sul metodo"):
        assert titolo in pagine[int(indice[titolo]) - 1].splitlines(), titolo
    titoli = {t.testo: str(t.pagina) for t in pdf.pagine(stampato)}
    for codice in ("AG 8", "UT 12"):
        (pagina,) = (p for testo, p in titoli.items() if testo.startswith(f"{codice} "))
        assert indice[codice] == pagina


@pytest.mark.parametrize(
    ("quanti", "testo"), [(1, "x"), (9, "Servizi & sport " * 9), (40, "Cura " * 20)]
)
def test_the_one_page_has_a_page_of_its_own(
    tmp_path: Path, libreoffice: str, monkeypatch: pytest.MonkeyPatch, quanti: int, testo: str
) -> None:
    if quanti > 1:  # the pages written in the index move nothing: one round shows where it stands
        monkeypatch.setattr(stampa, "MAX_GIRI", 1)
    fascicolo = hostile(fascicolo_di(tmp_path / "dentro"), quanti, testo)
    _, stampato = laid_out(fascicolo, tmp_path, libreoffice)
    capitoli = [titolo for titolo in pdf.pagine(stampato) if titolo.livello == 1]
    posto = [titolo.testo for titolo in capitoli].index("La relazione in una pagina")
    sua, dopo = (titolo.pagina for titolo in capitoli[posto : posto + 2])
    assert dopo == sua + 1


def test_without_libreoffice_the_document_is_there_without_pages(tmp_path: Path) -> None:
    fascicolo = fascicolo_di(tmp_path / "dentro")
    (perche,) = stampa.scrivi([stampa.Relazione(tmp_path / "r.docx", fascicolo)], None).values()
    assert "manca LibreOffice" in perche
    relazione.scrivi(tmp_path / "senza.docx", fascicolo)
    assert (tmp_path / "r.docx").read_bytes() == (tmp_path / "senza.docx").read_bytes()


def a_soffice_that_tells(cartella: Path, libreoffice: str) -> tuple[Path, Path]:
    """LibreOffice, and a file with a line for each time that it starts."""
    programma, volte = cartella / "soffice", cartella / "volte"
    programma.write_text(f'#!/bin/sh\necho una >> "{volte}"\nexec "{libreoffice}" "$@"\n', "utf-8")
    programma.chmod(0o755)
    volte.write_text("")
    return programma, volte


def test_the_pages_of_a_document_are_counted_once(good: Path, tmp_path: Path, libreoffice: str) -> None:
    """The same folder again: the same bytes, and LibreOffice is not started; for a PDF, once."""
    programma, volte = a_soffice_that_tells(tmp_path, libreoffice)
    primi, secondi = (
        [
            p.read_bytes()
            for p in run.relazione(good, tmp_path / "fuori", soffice=programma).documenti[:2]
        ]
        for _ in range(2)
    )
    assert primi == secondi and volte.read_text() == "una\n"
    run.relazione(good, tmp_path / "fuori", soffice=programma, in_pdf=True)
    assert volte.read_text() == "una\n" * 2
    scritti = {p.name for p in (tmp_path / "fuori" / str(fx.ANNO)).glob("[!.]*")}
    assert f"relazione_{fx.ANNO}.pdf" in scritti and f"consolidato_{fx.ANNO}.xlsx" in scritti


def test_all_that_is_laid_out_together_has_one_start(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The relazioni of both editions, and once more for what their PDFs say of themselves; then the
    sheets of the two settori of both. In the place of LibreOffice, what says how many it is given."""
    avvii = tmp_path / "avvii"
    pagina = un_pdf(tmp_path / "una.pdf")
    programma = un_soffice(
        tmp_path,
        f"""while [ "$1" != --outdir ]; do shift; done; dove=$2; shift 2; echo $# >>"{avvii}"
for docx; do cp "{tmp_path}/una.pdf" "$dove/$(basename "$docx" .docx).pdf"; done""",
    )
    monkeypatch.setattr(pdf, "_rifinisci", lambda docx, copia, finito: finito.write_bytes(pagina))
    monkeypatch.setattr(stampa, "_pagine", lambda stampato, voci: [3] * len(voci))
    esito = run.relazione(good, tmp_path / "fuori", True, programma, in_pdf=True, con_atti=True)
    assert (esito.non_impaginata, avvii.read_text()) == ("", "2\n2\n4\n")
    assert [documenti.senza_pdf for documenti in esito.atti] == ["", ""]
    assert len(list((tmp_path / "fuori").rglob("*.pdf"))) == 2 + 2 + 4  # beside the acts too


def test_the_rest_is_written_while_libreoffice_works(tmp_path: Path, good: Path) -> None:
    """A LibreOffice that waits for it: if nobody wrote it in the meantime, nothing would come."""
    scritti = [f"relazione_{fx.ANNO}.docx", f"consolidato_{fx.ANNO}_da_inviare.xlsx"]
    posti = [tmp_path / "fuori" / str(fx.ANNO) / nome for nome in scritti]
    programma = tmp_path / "soffice"
    manca = " || ".join(f'[ ! -e "{posto}" ]' for posto in posti)
    attesa = f"while {manca}; do sleep 0.05; done; echo arrivato"
    programma.write_text(f"#!/bin/sh\n{attesa}\n", "utf-8")
    programma.chmod(0o755)
    esito = run.relazione(good, tmp_path / "fuori", soffice=programma)
    assert "arrivato" in esito.non_impaginata  # it made no PDF, and was there when the other was written


def test_without_pages_if_so_asked(
    good: Path, tmp_path: Path, libreoffice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    programma, volte = a_soffice_that_tells(tmp_path, libreoffice)
    monkeypatch.setattr(impaginatore, "trova", lambda: programma)
    monkeypatch.setenv("RELAZIONE_PAGINE", "no")
    codice, schermo = command("relazione", "--cartella", good, "--uscita", tmp_path / "fuori")
    assert (codice, volte.read_text()) == (0, "")
    assert "senza numeri di pagina, come chiesto (PAGINE=no)" in schermo
    codice, _ = command("pdf", "--cartella", good, "--uscita", tmp_path / "fuori")
    assert codice == 0 and volte.read_text()  # a PDF is made of pages


def test_headings_that_are_not_those_of_the_pdf_are_no_pages(
    tmp_path: Path, libreoffice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Better no page numbers than wrong ones."""
    vere = pdf.pagine
    monkeypatch.setattr(pdf, "pagine", lambda stampato: vere(stampato)[1:])
    una = stampa.Relazione(tmp_path / "r.docx", fascicolo_di(tmp_path / "dentro"))
    (perche,) = stampa.scrivi([una], Path(libreoffice)).values()
    assert "titoli" in perche
    assert (tmp_path / "r.docx").is_file()


def test_no_connection_is_made_whatever_the_letterhead_asks_for(
    ente: Path,
    tmp_path: Path,
    libreoffice: str,
    ascolto: tuple[int, list[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that is refused, and one that is taken without what it asks for; laid out once."""
    monkeypatch.setattr(stampa, "MAX_GIRI", 1)
    porta, arrivati = ascolto
    indirizzo = f"http://127.0.0.1:{porta}/stemma.png"
    campo = f'<w:p><w:fldSimple w:instr="INCLUDEPICTURE {indirizzo}"/></w:p>'
    legata = carte.add_rel(
        carte.in_header(campo), "word/header1.xml", carte.rel("rId9", "hyperlink", indirizzo, "External")
    )
    for contenuto, attesi in ((carte.with_linked_picture(indirizzo), ["F13"]), (legata, ["F14"])):
        (ente / CARTA_INTESTATA).write_bytes(contenuto)
        esito = run.relazione(ente, tmp_path, soffice=Path(libreoffice), in_pdf=True)
        assert [r.codice for r in esito.rilievi] == attesi
        assert (esito.non_impaginata, len(list(tmp_path.rglob("*.pdf")))) == ("", 1)
    assert arrivati == []


# -------------------------------------------------------------------------------------- the commands


def command(*argomenti: str | Path) -> tuple[int, str]:
    esito = CliRunner().invoke(cli.app, [str(argomento) for argomento in argomenti])
    return esito.exit_code, " ".join(esito.output.split())


def test_the_command_pdf_leaves_document_and_pdf_of_both_editions(
    good: Path, tmp_path: Path, libreoffice: str
) -> None:
    uscita, anno = tmp_path / "fuori", str(fx.ANNO)
    codice, schermo = command("pdf", "--cartella", good, "--uscita", uscita, "--pubblica")
    assert codice == 0
    for nome in (f"relazione_{anno}.pdf", f"relazione_{anno}_pubblica.pdf"):
        assert (uscita / anno / nome).read_bytes().startswith(b"%PDF")
        assert nome in schermo
    assert "senza numeri di pagina" not in schermo
    codice, schermo = command("relazione", "--cartella", good, "--uscita", uscita)
    assert list(uscita.rglob("*.pdf")) == []
    assert schermo.count("Tolto, perché di un'edizione precedente") == 7


def test_two_runs_give_the_same_bytes(good: Path, tmp_path: Path, libreoffice: str) -> None:
    """Another process, hash seed, time zone and locale; the same computer, for its fonts."""
    comando = [sys.executable, "-m", "pipeline", "pdf", "--cartella", str(good), "--uscita"]
    ambienti = (
        {"PYTHONHASHSEED": "1", "TZ": "Europe/Rome", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "en_US"},
    )
    for n, ambiente in enumerate(ambienti):
        uscita = str(tmp_path / str(n))
        env = {**os.environ, **ambiente}
        subprocess.run([*comando, uscita], cwd=RADICE, env=env, check=True, capture_output=True)
    for nome in ("consolidato", "relazione"):
        for una in (tmp_path / "0").rglob(f"{nome}_*"):
            altra = tmp_path / "1" / una.relative_to(tmp_path / "0")
            assert una.read_bytes() == altra.read_bytes(), una.name
    assert len(list((tmp_path / "0").rglob("*_*.*"))) == 4


def test_without_libreoffice_the_documents_come_out_and_it_is_said(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(impaginatore, "trova", lambda: None)
    codice, schermo = command("relazione", "--cartella", good, "--uscita", tmp_path)
    assert codice == 0
    assert "L'indice della relazione è senza numeri di pagina" in schermo
    codice, schermo = command("pdf", "--cartella", good, "--uscita", tmp_path)
    assert codice == 1
    assert "Nessun PDF. Il PDF non si può preparare: su questo computer manca LibreOffice" in schermo
    assert (tmp_path / str(fx.ANNO) / f"relazione_{fx.ANNO}.docx").is_file()


def test_a_document_retouched_in_word_becomes_a_pdf_as_it_is(
    good: Path, tmp_path: Path, libreoffice: str
) -> None:
    word = run.relazione(good, tmp_path).documenti[1]
    documento = Document(str(word))
    documento.add_paragraph("Postilla scritta a mano.")
    ritoccato = tmp_path / "la mia relazione.docx"
    documento.save(str(ritoccato))
    codice, schermo = command("pdf", "--da", ritoccato)
    assert codice == 0 and "la mia relazione.pdf" in schermo
    assert "Postilla scritta a mano." in pdf_pages(ritoccato.with_suffix(".pdf"))[-1]


@pytest.mark.parametrize("contenuto", [None, b"", b"testo"])
def test_what_is_no_document_is_no_pdf_and_it_is_said(
    tmp_path: Path, contenuto: bytes | None, libreoffice: str
) -> None:
    word = tmp_path / "r.docx"
    if contenuto is not None:
        word.write_bytes(contenuto)
    codice, schermo = command("pdf", "--da", word)
    assert codice == (Fine.COMANDO_SBAGLIATO if contenuto is None else Fine.NIENTE)
    assert ("non c'è" in schermo) if contenuto is None else ("Nessun PDF." in schermo)
    assert not word.with_suffix(".pdf").exists()


def test_the_pages_are_counted_again_on_another_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have other fonts; on the same one, those of the same relazione are remembered."""
    fascicolo, soffice = fascicolo_di(tmp_path / "dentro"), tmp_path / "soffice"
    soffice.touch()
    giri: list[str] = []
    monkeypatch.setattr(stampa, "_pagine", lambda stampato, voci: [3] * len(voci))
    for computer in ("uno", "uno", "due"):
        monkeypatch.setattr(platform, "node", lambda chi=computer: chi)
        monkeypatch.setattr(pdf, "converti_insieme", lambda *_, chi=computer: giri.append(chi) or {})
        with deposito.apri(tmp_path / "fuori", "prova") as aperto:
            stampa.scrivi([stampa.Relazione(tmp_path / "r.docx", fascicolo)], soffice, aperto)
    assert giri == ["uno", "due"]
