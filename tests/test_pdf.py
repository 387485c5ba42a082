"""The PDF of the relazione: archivable, accessible, repeatable, with the headings in their places."""

import os
import re
import select
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import carte
import page
import pikepdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from libreoffice import needs_pdftotext, pdf_pages

from pipeline.documents import stampa
from pipeline.documents.provvisori import cartella_provvisoria
from pipeline.documents.word import impaginatore, pdf
from pipeline.documents.word.base import Carta
from pipeline.documents.word.blocchi import Tavola
from pipeline.documents.word.documento import Documento
from pipeline.documents.word.impaginatore import trova
from pipeline.documents.word.pdf import ConversioneFallita, Titolo, converti, pagine

posix = pytest.mark.skipif(os.name != "posix", reason="un programma finto è uno script di shell")


@pytest.fixture(scope="session")
def stampata(relazione: Path, libreoffice: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The relazione of the example as a PDF."""
    percorso = tmp_path_factory.mktemp("pdf") / "relazione.pdf"
    converti(relazione, percorso, Path(libreoffice))
    return percorso


@pytest.fixture
def temporanea(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where the program keeps what must not outlive it."""
    cartella = tmp_path / "temporanea"
    cartella.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(cartella))
    return cartella


def faults(percorso: Path, profilo: str) -> list[str]:
    """What page-validation finds, but one thing that it gets wrong.

    It takes a stream whose last byte is a carriage return for one a byte longer than it says: it sees
    a line end of two bytes before `endstream`. So the lengths are looked at here.
    """
    trovati = page.validate_pdf(percorso, profile=profilo).failures
    altri = [f"{f.rule_id}: {f.message}" for f in trovati if "STREAM-LENGTH" not in f.rule_id]
    return altri + wrong_lengths(percorso)


def wrong_lengths(percorso: Path) -> list[str]:
    contenuto = percorso.read_bytes()
    flussi = list(
        re.finditer(rb"\d+ 0 obj\n<<(?:(?!endobj).)*?/Length (\d+).*?>>\nstream\n", contenuto, re.S)
    )
    assert len(flussi) == contenuto.count(b"endstream")
    return [
        f"/Length {flusso[1].decode()} a {flusso.start()}"
        for flusso in flussi
        if not contenuto.startswith(b"\nendstream", flusso.end() + int(flusso[1]))
    ]


# ------------------------------------------------------------------------------------------- the file


@pytest.mark.parametrize("profilo", ["2b", "ua1"])
def test_the_validator_finds_nothing(stampata: Path, profilo: str) -> None:
    assert faults(stampata, profilo) == []


def test_it_says_what_it_is_and_who_made_it(stampata: Path) -> None:
    with pikepdf.open(stampata) as documento, documento.open_metadata() as dati:
        assert dati["pdfaid:part"] == "2" and dati["pdfaid:conformance"] == "B"
        assert dati["pdfuaid:part"] == "1"
        assert dati["dc:title"].startswith("Relazione sulla performance 2020 – ")
        assert dati["pdf:Producer"].startswith("LibreOffice")


def test_the_pdfua_schema_is_declared_once(stampata: Path) -> None:
    with pikepdf.open(stampata) as documento:
        xmp = documento.Root.Metadata.read_bytes()
    assert len(re.findall(rb"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/<", xmp)) == 1


def test_its_dates_are_those_of_the_docx(stampata: Path, relazione: Path) -> None:
    quando = Document(str(relazione)).core_properties.modified
    assert quando is not None
    with pikepdf.open(stampata) as documento, documento.open_metadata() as dati:
        assert datetime.fromisoformat(dati["xmp:CreateDate"]) == quando
        assert str(documento.docinfo.CreationDate).startswith(f"D:{quando:%Y%m%d%H%M%S}")


def test_same_docx_same_bytes_wherever_and_whenever(
    stampata: Path, relazione: Path, libreoffice: str, tmp_path: Path
) -> None:
    altra = tmp_path / "altra.pdf"
    comando = (
        "import sys; from pathlib import Path; from pipeline.documents.word.pdf import converti; "
        "converti(*map(Path, sys.argv[1:]))"
    )
    ambiente = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "en_US.UTF-8", "PYTHONHASHSEED": "7"}
    subprocess.run(
        [sys.executable, "-c", comando, relazione, altra, libreoffice],
        env={**os.environ, **ambiente},
        cwd=Path(__file__).parents[1],
        check=True,
    )
    assert altra.read_bytes() == stampata.read_bytes()


def test_every_link_of_the_docx_is_one_of_the_pdf(stampata: Path, relazione: Path) -> None:
    """Of a link whose words have no style LibreOffice 7.4 makes a tag and nothing to follow."""
    corpo = Document(str(relazione)).element.body
    scritti = Counter(
        "".join(pezzo.text or "" for pezzo in link.iter(qn("w:t")))
        for link in corpo.iter(qn("w:hyperlink"))
    )
    with pikepdf.open(stampata) as documento:
        vivi = [a for foglio in documento.pages for a in foglio.get("/Annots", [])]
        assert all("/Dest" in link for link in vivi)
        assert scritti - Counter(str(link.Contents) for link in vivi) == Counter()


# ------------------------------------------------------------------------------------------ the tables


def elements(radice: pikepdf.Object, *tipi: str) -> Iterator[pikepdf.Object]:
    """The elements of some types inside another, in order of reading."""
    figli = radice.get("/K", pikepdf.Array())
    for figlio in figli if isinstance(figli, pikepdf.Array) else [figli]:
        if isinstance(figlio, pikepdf.Dictionary) and "/S" in figlio:
            if figlio.S in tipi:
                yield figlio
            yield from elements(figlio, *tipi)


def attribute(elemento: pikepdf.Object, nome: str) -> str:
    """What the attributes of an element say under a name of the tables."""
    suoi = elemento.get("/A", pikepdf.Array())
    for attributi in suoi if isinstance(suoi, pikepdf.Array) else [suoi]:
        if attributi.O == "/Table" and nome in attributi:
            return str(attributi[nome])
    return ""


def test_every_table_has_its_title_its_summary_and_its_caption(stampata: Path, relazione: Path) -> None:
    tabelle = Document(str(relazione)).element.body.findall(qn("w:tbl"))
    detti = [
        tuple(tabella.find(f".//{qn(nome)}").get(qn("w:val")) for nome in NOMI) for tabella in tabelle
    ]
    con_didascalia = [style_of(tabella.getprevious()) == "Caption" for tabella in tabelle]
    with pikepdf.open(stampata) as documento:
        nel_pdf = list(elements(documento.Root.StructTreeRoot, "/Table"))
        assert [(str(t["/T"]), attribute(t, "/Summary")) for t in nel_pdf] == detti
        assert [t["/K"][0].S == "/Caption" for t in nel_pdf] == con_didascalia
    assert any(con_didascalia)


NOMI = ("w:tblCaption", "w:tblDescription")


def style_of(capoverso: Any) -> str:
    return str(capoverso.pPr.pStyle.val)


def test_a_table_has_headings_of_columns_and_where_the_first_names_the_rows_of_rows(
    stampata: Path, relazione: Path
) -> None:
    tabelle = Document(str(relazione)).element.body.findall(qn("w:tbl"))
    griglie = [t.find(f".//{qn('w:tblLook')}").get(qn("w:firstColumn")) == "1" for t in tabelle]
    with pikepdf.open(stampata) as documento:
        for tabella, griglia in zip(
            elements(documento.Root.StructTreeRoot, "/Table"), griglie, strict=True
        ):
            testa, *righe = (list(elements(r, "/TH", "/TD")) for r in elements(tabella, "/TR"))
            assert {attribute(cella, "/Scope") for cella in testa} == {"/Column"}
            for prima, *altre in righe:
                assert attribute(prima, "/Scope") == ("/Row" if griglia else "")
                assert {cella.S for cella in altre} == {"/TD"}
    assert set(griglie) == {True, False}


@posix
def test_a_pdf_with_other_tables_than_the_docx_is_told(docx: Path, tmp_path: Path) -> None:
    documento = Documento()
    documento.proprieta("Prova", "Ente", datetime(2020, 12, 31))
    documento.tabella(Tavola("Prova", ("A", "B"), [("a", "b")], (1, 1)))
    documento.salva(docx)
    un_pdf(tmp_path / "intero")
    cerca = 'while [ "$1" != --outdir ]; do shift; done'
    programma = un_soffice(tmp_path, f'{cerca}; cp "{tmp_path}/intero" "$2/relazione_1.pdf"')
    with pytest.raises(ConversioneFallita, match="le sue tabelle non sono quelle del documento"):
        converti(docx, docx.with_suffix(".pdf"), programma)
    assert content(docx.parent) == ["prova.docx"]


# ---------------------------------------------------------------------------------------- the headings


LIVELLI = {"Heading 1": 1, "Heading 2": 2, "Heading 3": 3, "Titolo scheda": 2}


def test_the_bookmarks_are_the_headings(stampata: Path, relazione: Path) -> None:
    titoli = [
        (LIVELLI[paragrafo.style.name or ""], " ".join(paragrafo.text.split()))
        for paragrafo in Document(str(relazione)).paragraphs
        if paragrafo.style is not None and paragrafo.style.name in LIVELLI
    ]
    assert [(titolo.livello, titolo.testo) for titolo in pagine(stampata)] == titoli


@needs_pdftotext
def test_every_heading_is_on_its_page(stampata: Path) -> None:
    fogli = ["".join(foglio.split()) for foglio in pdf_pages(stampata)]
    assert [
        titolo
        for titolo in pagine(stampata)
        if "".join(titolo.testo.split()) not in fogli[titolo.pagina - 1]
    ] == []


@needs_pdftotext
def test_headings_alike_and_odd_ones_keep_order_level_and_page(libreoffice: str, tmp_path: Path) -> None:
    """Forty settori with the same headings: a mark after each says on which page it is."""
    documento = Documento()
    documento.proprieta("Prova", "Ente", datetime(2020, 12, 31))
    attesi: list[tuple[int, str]] = []
    for _ in range(40):
        for livello, testo in ((1, "Affari & <altro>"), (2, "Scheda 1 –\n«così»"), (3, "Indicatori")):
            documento.titolo(testo, livello)
            documento.testo(f"segno{len(attesi)}fine")
            attesi.append((livello, " ".join(testo.split())))
    docx, uscita = tmp_path / "quaranta.docx", tmp_path / "quaranta.pdf"
    documento.salva(docx)
    converti(docx, uscita, Path(libreoffice))
    segni = {
        int(segno): foglio
        for foglio, testo in enumerate(pdf_pages(uscita), start=1)
        for segno in re.findall(r"segno(\d+)fine", testo)
    }
    assert pagine(uscita) == [Titolo(*atteso, segni[n]) for n, atteso in enumerate(attesi)]
    assert len(set(segni.values())) > 1


# ------------------------------------------------------------------------------------- what goes wrong


@pytest.fixture
def docx(tmp_path: Path) -> Path:
    """A small document of ours, in a folder of its own."""
    percorso = tmp_path / "documento" / "prova.docx"
    percorso.parent.mkdir()
    documento = Documento()
    documento.proprieta("Prova", "Ente", datetime(2020, 12, 31))
    documento.titolo("Prova", 1)
    documento.salva(percorso)
    return percorso


def content(cartella: Path) -> list[str]:
    return [percorso.name for percorso in cartella.iterdir()]


@pytest.mark.parametrize("contenuto", [b"", b"solo testo", b"PK\x03\x04 e poi niente", b"%PDF-1.7\n"])
def test_a_file_that_is_no_docx_is_told(docx: Path, contenuto: bytes) -> None:
    docx.write_bytes(contenuto)
    with pytest.raises(ConversioneFallita, match=r"«prova\.docx» non è un documento Word intero"):
        converti(docx, docx.with_suffix(".pdf"), Path("soffice"))
    assert content(docx.parent) == ["prova.docx"]


def test_a_docx_that_libreoffice_cannot_load_is_told_and_leaves_nothing(
    libreoffice: str, docx: Path, temporanea: Path
) -> None:
    with zipfile.ZipFile(docx) as archivio:
        parti = {nome: archivio.read(nome) for nome in archivio.namelist()}
    with zipfile.ZipFile(docx, "w") as archivio:
        for nome, parte in parti.items():
            archivio.writestr(nome, b"<w:document" if nome == "word/document.xml" else parte)
    with pytest.raises(ConversioneFallita, match=r"non ha prodotto il PDF di «prova\.docx»"):
        converti(docx, docx.with_suffix(".pdf"), Path(libreoffice))
    assert content(docx.parent) == ["prova.docx"]
    assert content(temporanea) == []


def un_soffice(cartella: Path, corpo: str) -> Path:
    """A program in the place of LibreOffice: a shell script."""
    programma = cartella / "soffice"
    programma.write_text(f"#!/bin/sh\n{corpo}\n", encoding="utf-8")
    programma.chmod(0o755)
    return programma


def un_pdf(percorso: Path) -> bytes:
    with pikepdf.new() as documento:
        documento.add_blank_page()
        documento.save(percorso)
    return percorso.read_bytes()


@posix
@pytest.mark.parametrize("parte", [0, 0.5, 0.95], ids=["vuoto", "a metà", "senza fine"])
def test_half_a_pdf_is_no_pdf_and_the_old_one_stays(
    docx: Path, tmp_path: Path, temporanea: Path, parte: float
) -> None:
    vecchio = docx.with_suffix(".pdf")
    intero = un_pdf(vecchio)
    (tmp_path / "parte").write_bytes(intero[: int(len(intero) * parte)])
    cerca = 'while [ "$1" != --outdir ]; do shift; done'
    programma = un_soffice(tmp_path, f'{cerca}; cp "{tmp_path}/parte" "$2/relazione_1.pdf"; echo fatto')
    with pytest.raises(ConversioneFallita, match=r"\(ha risposto: fatto\)"):
        converti(docx, vecchio, programma)
    assert vecchio.read_bytes() == intero
    assert content(temporanea) == []


@posix
@pytest.mark.parametrize(
    ("guasto", "avvii", "detto"),
    [
        ("echo non si carica; continue", ["1 2 3"], r"PDF di «b\.docx» \(ha risposto: non si carica\)"),
        ("echo crollato; exit 1", ["1 2 3", "3"], r"PDF di «b\.docx» \(ha risposto: crollato\)"),
        ("exec sleep 600", ["1 2 3", "3"], "non ha finito il PDF in 1 secondi"),
    ],
)
def test_a_document_that_is_not_laid_out_costs_the_others_nothing(
    docx: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    guasto: str,
    avvii: list[str],
    detto: str,
) -> None:
    """Of three in one start the second is bad: those after one that stops it are tried again."""
    un_pdf(tmp_path / "una.pdf")
    programma = un_soffice(
        tmp_path,
        f"""while [ "$1" != --outdir ]; do shift; done; cd "$2"; shift 2
echo $(for d; do basename "$d" .docx | cut -d_ -f2; done) >>"{tmp_path}/avvii"
for d; do n=$(basename "$d" .docx); if [ $n = relazione_2 ]; then {guasto}; fi
cp "{tmp_path}/una.pdf" $n.pdf; echo "convert $d -> $n.pdf using filter : x"; done""",
    )
    lavori = {docx.with_name(f"{nome}.docx"): tmp_path / f"{nome}.pdf" for nome in "abc"}
    for parte in lavori:
        parte.write_bytes(docx.read_bytes())
    monkeypatch.setattr(pdf, "_rifinisci", lambda docx, copia, finito: finito.write_bytes(b"%PDF"))
    falliti = pdf.converti_insieme(lavori, programma, secondi=1)
    assert [(word.name, bool(re.search(detto, str(e)))) for word, e in falliti.items()] == [
        ("b.docx", True)
    ]
    assert [finito.exists() for finito in lavori.values()] == [True, False, True]
    assert (tmp_path / "avvii").read_text().splitlines() == avvii


@posix
def test_a_pdf_of_before_is_not_taken_for_the_new_one(docx: Path, tmp_path: Path) -> None:
    vecchio = docx.with_suffix(".pdf")
    intero = un_pdf(vecchio)
    with pytest.raises(ConversioneFallita, match="non ha prodotto"):
        converti(docx, vecchio, un_soffice(tmp_path, "exit 0"))
    assert vecchio.read_bytes() == intero


@posix
def test_time_over_ends_it_with_all_its_children(docx: Path, tmp_path: Path, temporanea: Path) -> None:
    """The child of the program holds a pipe open: with the child gone, whoever reads finds the end."""
    canale = tmp_path / "canale"
    os.mkfifo(canale)
    programma = un_soffice(tmp_path, f'(echo vivo; exec sleep 600) > "{canale}" &\nwait')
    lettura = os.open(canale, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(ConversioneFallita, match="non ha finito il PDF in 3 secondi"):
            converti(docx, docx.with_suffix(".pdf"), programma, secondi=3)
        assert os.read(lettura, 100) == b"vivo\n"
        select.select(
            [lettura], [], [], 10
        )  # the system lets go of a killed process's files in its time
        assert os.read(lettura, 100) == b""  # BlockingIOError if someone still holds the other end
    finally:
        os.close(lettura)
    assert content(docx.parent) == ["prova.docx"]
    assert content(temporanea) == []


FINISCE_COL_PADRE = """
import sys
from pathlib import Path
from pipeline.documents.word import impaginatore, pdf
from pipeline.documents import stampa
pdf.converti(*map(Path, sys.argv[1:]))
"""


@posix
@pytest.mark.parametrize("segnale", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_the_run_and_its_folder_at_the_next(
    docx: Path, tmp_path: Path, temporanea: Path, segnale: signal.Signals
) -> None:
    """Killed, the run can do nothing more: what it had started holds a pipe open until it is gone."""
    canale = tmp_path / "canale"
    os.mkfifo(canale)
    programma = un_soffice(tmp_path, f'(echo vivo; exec sleep 600) > "{canale}" &\nwait')
    uscita = docx.with_suffix(".pdf")
    corsa = subprocess.Popen(
        [sys.executable, "-c", FINISCE_COL_PADRE, docx, uscita, programma],
        env={**os.environ, "TMPDIR": str(temporanea)},
        cwd=Path(__file__).parents[1],
    )
    with canale.open("rb", buffering=0) as lettura:
        assert lettura.readline() == b"vivo\n"
        corsa.send_signal(segnale)
        corsa.wait()
        assert lettura.read() == b""  # waits for whoever still holds the other end
    assert len(content(temporanea)) == 1
    with pytest.raises(ConversioneFallita):
        converti(docx, uscita, un_soffice(tmp_path, "exit 0"))
    assert content(temporanea) == []


def test_the_folder_of_a_run_that_lives_is_left_alone(temporanea: Path) -> None:
    with cartella_provvisoria() as sua:
        (sua / "documento").write_text("x", encoding="utf-8")
        with cartella_provvisoria() as altra:
            assert altra != sua
        assert content(sua) == ["documento"]
    assert content(temporanea) == []


def test_folders_of_others_are_left_alone(temporanea: Path, tmp_path: Path) -> None:
    altrove = tmp_path / "altrove"
    altrove.mkdir()
    (temporanea / "relazione-di-altri").mkdir()
    (temporanea / "relazione-performance-legame").symlink_to(altrove)
    with cartella_provvisoria():
        pass
    assert altrove.is_dir()
    assert sorted(content(temporanea)) == ["relazione-di-altri", "relazione-performance-legame"]


@pytest.mark.skipif(
    not impaginatore.senza_rete(), reason="this system does not let one be without a network"
)
def test_libreoffice_reaches_nothing(
    docx: Path, libreoffice: str, ascolto: tuple[int, list[bytes]]
) -> None:
    """Of a document that the program would refuse, put there by hand."""
    porta, arrivati = ascolto
    nucleo = carte.unzipped(docx.read_bytes())["docProps/core.xml"]
    ostile = carte.unzipped(carte.with_linked_picture(f"http://127.0.0.1:{porta}/stemma.png"))
    docx.write_bytes(carte.zipped(ostile | {"docProps/core.xml": nucleo}))
    converti(docx, docx.with_suffix(".pdf"), Path(libreoffice))
    assert docx.with_suffix(".pdf").is_file()
    assert arrivati == []


def test_the_time_fits_the_document(docx: Path, tmp_path: Path) -> None:
    """However little a hostile letterhead weighs, and however long a good relazione is."""
    assert pdf.SECONDI < pdf.secondi_per(docx) < pdf.SECONDI + 5
    lungo = Documento()
    lungo.proprieta("Prova", "Ente", datetime(2020, 12, 31))
    for _ in range(2_000):
        lungo.testo("parola " * 500)
    lungo.salva(tmp_path / "lungo.docx")
    assert pdf.secondi_per(tmp_path / "lungo.docx") > 120


@posix
def test_a_letterhead_that_stops_libreoffice_costs_its_time_once(
    docx: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "SECONDI", 1.0)
    monkeypatch.setattr(pdf, "BYTE_AL_SECONDO", 10**9)
    inizio = time.monotonic()
    with pytest.raises(ConversioneFallita, match=r"non ha finito il PDF in 1 secondi.*carta intestata"):
        converti(docx, docx.with_suffix(".pdf"), un_soffice(tmp_path, "exec sleep 600"))
    assert time.monotonic() - inizio < 30


@pytest.mark.parametrize("nome", ["with_numbered_headings", "with_a_numbered_index"])
def test_a_letterhead_that_numbers_headings_or_index_has_pages_as_ever(
    nome: str, libreoffice: str, tmp_path: Path
) -> None:
    """The bookmarks have the number of the heading, «Indice» and its lines have none."""
    documento = Documento(Carta(carte.GOOD[nome](b"")), pagine=[3, 3, 3])
    documento.proprieta("Prova", "Ente", datetime(2020, 12, 31))
    documento.indice_qui()
    documento.capitolo("Primo")
    documento.scheda("AG 1", "Secondo", "100 %")
    documento.capitolo("Terzo")
    documento.salva(tmp_path / "r.docx")
    converti(tmp_path / "r.docx", tmp_path / "r.pdf", Path(libreoffice))
    numeri = stampa._pagine(tmp_path / "r.pdf", documento.voci)
    assert len(numeri) == 3
    if nome == "with_numbered_headings":
        testi = [titolo.testo for titolo in pagine(tmp_path / "r.pdf")]
        assert testi == ["1. Primo", "AG 1 Secondo 100 %", "2. Terzo"]
    righe = "\n".join(pdf_pages(tmp_path / "r.pdf")).splitlines()
    assert "Indice" in [riga.strip() for riga in righe]
    indice = [riga.split() for riga in righe if riga.endswith(" 3")]
    assert [riga[:-1] for riga in indice] == [["Primo"], ["AG", "1", "Secondo", "100", "%"], ["Terzo"]]


def test_without_libreoffice_it_says_so_and_what_to_do(docx: Path) -> None:
    with pytest.raises(ConversioneFallita, match=r"manca LibreOffice\. Installarlo"):
        converti(docx, docx.with_suffix(".pdf"), None)
    assert content(docx.parent) == ["prova.docx"]


def test_a_libreoffice_that_does_not_start_is_told(docx: Path, tmp_path: Path) -> None:
    with pytest.raises(ConversioneFallita, match=r"LibreOffice non parte .*Reinstallarlo"):
        converti(docx, docx.with_suffix(".pdf"), tmp_path / "altrove")


# --------------------------------------------------------------------------------- where LibreOffice is


@posix
@pytest.mark.parametrize("nome", ["soffice", "libreoffice"])
def test_it_is_found_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nome: str) -> None:
    programma = un_soffice(tmp_path, "exit 0").rename(tmp_path / nome)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert trova() == programma


def test_it_is_found_where_the_installers_put_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posto = tmp_path / "soffice.exe"
    posto.write_bytes(b"")
    monkeypatch.setenv("PATH", str(tmp_path / "vuota"))
    monkeypatch.setattr(impaginatore, "_POSTI", (tmp_path / "altrove", posto))
    assert trova() == posto
