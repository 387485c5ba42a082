"""The guides: their links lead somewhere, their commands and messages are the program's, their pictures
are of what it makes today; in Word they are whole, and accessible."""

import re
import shutil
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import docx
import figure_guide
import pytest
from conftest import RADICE, UnaVolta
from docx.oxml.ns import qn
from house_rules import docx_faults
from libreoffice import needs_pdftotext
from markdown_it import MarkdownIt
from markdown_it.token import Token
from PIL import Image
from typer.testing import CliRunner

from avvio import leggi_makefile
from pipeline import inventato, run
from pipeline.cli.comandi import app
from pipeline.documents.word import guida

PAGINE = sorted([*RADICE.glob("*.md"), *(RADICE / "docs").rglob("*.md"), RADICE / "tests/README.md"])
MOSTRATE = [p for p in PAGINE if p.name != "CHANGELOG.md"]
NOMI = [str(p.relative_to(RADICE)) for p in MOSTRATE]
MAX_BYTE = 60_000


def tokens(pagina: Path) -> list[Token]:
    insieme = MarkdownIt().enable("table").parse(pagina.read_text(encoding="utf-8"))
    return [t for blocco in insieme for t in (blocco, *(blocco.children or ()))]


def anchors(pagina: Path) -> set[str]:
    """The headings of a page as a link names them."""
    trovati, dopo_titolo = set(), False
    for token in tokens(pagina):
        if dopo_titolo and token.type == "inline":
            testo = "".join(t.content for t in token.children or ())
            trovati.add(re.sub(r"[^\w\- ]", "", testo.lower()).replace(" ", "-"))
        dopo_titolo = token.type == "heading_open"
    return trovati


@pytest.mark.parametrize("pagina", MOSTRATE, ids=NOMI)
def test_every_link_leads_somewhere(pagina: Path) -> None:
    for token in tokens(pagina):
        dove = unquote(str(token.attrs.get("href", token.attrs.get("src", ""))))
        if not dove or "://" in dove or dove.startswith("mailto:"):
            continue
        file, _, ancora = dove.partition("#")
        meta = (pagina.parent / file).resolve() if file else pagina
        assert meta.exists(), dove
        if ancora:
            assert ancora in anchors(meta), dove


@pytest.mark.parametrize("pagina", MOSTRATE, ids=NOMI)
def test_every_command_that_is_quoted_is_there(pagina: Path) -> None:
    makefile = (RADICE / "Makefile").read_text(encoding="utf-8")
    bersagli = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    _, variabili = leggi_makefile()
    for token in tokens(pagina):
        if token.type in ("code_inline", "fence", "code_block"):
            for comando, resto in re.findall(r"(?m)^\s*make +([a-z-]+)(.*)$", token.content):
                assert comando in bersagli, token.content
                assert set(re.findall(r"\b([A-Z]+)=", resto)) <= {*variabili, "LIVELLO"}, token.content


def test_the_screen_that_is_quoted_is_the_one_seen(una_volta: UnaVolta, tmp_path: Path) -> None:
    inventato.scrivi(tmp_path / "ente")
    visto = CliRunner().invoke(
        app, ["controlla", "--cartella", str(tmp_path / "ente"), "--uscita", str(tmp_path / "u")]
    )
    detto = " ".join(visto.output.split())
    pagina = RADICE / "docs" / "guida-ufficio.md"
    citati = [t.content for t in tokens(pagina) if t.type == "fence"]
    assert citati and all(" ".join(citato.split()) in detto for citato in citati)


SITI = {
    *("datapackage.org", "docs.astral.sh", "www.libreoffice.org", "www.python.org", "www.w3.org"),
    "python.org",
}
"""Where the pages send who reads them: to no place from which packages are taken."""
UN_SITO = re.compile(r"https?://([\w.-]+\w)|(?<![\w@.])((?:[\w-]+\.)+(?:org|com|io|net|dev))\b")
INTERO = re.compile(r"(?<![\w./~>:*-])/[a-z]+/[\w./-]*")
DI_ESEMPIO = ("/bin/", "/comune/", "/mnt/", "/tmp/")
"""How the paths begin that a page may write whole: of nobody's machine, or of everybody's."""


def test_no_page_tells_of_a_machine_or_of_where_packages_are_taken() -> None:
    for pagina in (*PAGINE, figure_guide.PAROLE, figure_guide.DISEGNO, inventato.DATI):
        testo = pagina.read_text(encoding="utf-8")
        siti = {con or senza for con, senza in UN_SITO.findall(testo)}
        assert siti <= SITI, (pagina, siti - SITI)
        interi = [percorso for percorso in INTERO.findall(testo) if not percorso.startswith(DI_ESEMPIO)]
        assert not interi, (pagina, interi)
        assert not re.search("index[-_]url", testo), pagina


UN_FILE = re.compile(
    "cartell[ae] (di lavoro(?! Excel)|de[il] settor[ei]|del nucleo|compilat|consegnat|dell'ente)", re.I
)
DI_PRIMA = {"messaggi.py", "CHANGELOG.md"}
"""They hold words of before, in which a workbook was a «cartella»."""


def test_a_workbook_is_a_file_and_a_cartella_is_a_folder() -> None:
    scritti = [*PAGINE, RADICE / "Makefile", RADICE / "avvio.py", *(RADICE / "pipeline").rglob("*.py")]
    detti = {
        f"{percorso.name}: {trovato[0]}"
        for percorso in scritti
        if percorso.name not in DI_PRIMA
        for trovato in UN_FILE.finditer(percorso.read_text(encoding="utf-8"))
    }
    assert detti == set()


# ------------------------------------------------------------------------------------- the pictures

MISURE = RADICE / "docs" / "misure"
"""What the benches draw: who writes to the office reads none of it."""


def test_every_picture_is_used_says_what_it_shows_and_is_small() -> None:
    usate: set[Path] = set()
    for pagina in PAGINE:
        for token in tokens(pagina):
            if token.type == "image":
                assert len(token.content) > 40, (pagina, token.attrs["src"])
                usate.add((pagina.parent / str(token.attrs["src"])).resolve())
    # the guides are also in Word, which wants a .png
    usate |= {file.with_suffix(".png") for file in usate if file.parent != MISURE}
    assert usate == {file for cartella in (figure_guide.CARTELLA, MISURE) for file in cartella.iterdir()}
    for file in usate:
        assert file.stat().st_size <= MAX_BYTE, file
        if file.suffix == ".png":
            with Image.open(file) as figura:
                assert figura.mode == "P", file


def test_a_picture_is_of_the_words_kept_beside_it() -> None:
    di_che = {nome: figure_guide.impronta(parole) for nome, parole in figure_guide.lette().items()}
    di_che["glossario"] = figure_guide.impronta_del(figure_guide.DISEGNO)
    for nome, attesa in di_che.items():
        with Image.open(figure_guide.CARTELLA / f"{nome}.png") as figura:
            assert figura.info[figure_guide.SEGNO] == attesa, f"{nome}: make golden"


@pytest.mark.lento
@needs_pdftotext
def test_what_is_pictured_is_what_the_program_makes(una_volta: UnaVolta) -> None:
    """The same words, near enough in the same places: another LibreOffice may move them a little."""
    pdf = una_volta("figure", figure_guide.impagina)
    attese = figure_guide.lette()
    assert set(attese) == set(figure_guide.FIGURE)
    for nome, prima in attese.items():
        _, ora = figure_guide.parole(pdf, nome)
        assert [p.testo for p in ora] == [p.testo for p in prima], f"{nome}: make golden"
        lontane = [(p, q) for p, q in zip(prima, ora, strict=True) if _distanza(p, q) > 3]
        assert not lontane, f"{nome}: make golden"


def _distanza(una: figure_guide.Parola, altra: figure_guide.Parola) -> float:
    return max(abs(una.x - altra.x), abs(una.y - altra.y))


# ------------------------------------------------------------------------------------------ in Word


@pytest.mark.parametrize("pagina", guida.tutte(), ids=guida.GUIDE)
def test_a_guide_in_word_has_all_that_the_page_has(pagina: Path, tmp_path: Path) -> None:
    percorso = tmp_path / guida.nome_in_word(pagina)
    percorso.write_bytes(guida.in_word("", None, pagina=pagina))
    assert docx_faults(percorso) == []
    assert percorso.read_bytes() == guida.in_word("", None, pagina=pagina)
    documento = docx.Document(BytesIO(percorso.read_bytes()))
    detto = "".join(nodo.text or "" for nodo in documento.element.body.iter(qn("w:t")))
    scritto = [t.content for t in tokens(pagina) if t.type in ("text", "code_inline")]
    alternativi = {nodo.get("descr") for nodo in documento.element.body.iter(qn("wp:docPr"))}
    assert {t.content for t in tokens(pagina) if t.type == "image"} == alternativi
    assert [pezzo for pezzo in scritto if pezzo.strip() not in detto] == []


def test_the_guides_are_written_for_an_ente_and_never_over_what_somebody_changed(
    ente: Path, tmp_path: Path
) -> None:
    scritte, conservate = run.guide(ente, tmp_path / "uscita")
    assert len(scritte) == len(guida.GUIDE) and not conservate
    testata = docx.Document(str(scritte[0])).sections[0].header
    assert testata.paragraphs[0].text == "Comune di Prova – anno 2024"
    shutil.copy(scritte[1], scritte[0])
    _, conservate = run.guide(None, tmp_path / "uscita")
    assert [p.name for p in conservate] == ["dieci-minuti-responsabile_ritoccata_1.docx"]
