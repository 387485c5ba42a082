"""The letterhead and the stemma: what serves dresses the relazione, what does not is told."""

import os
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any

import carte
import pytest
from carte import BAD, GOOD, ITALIAN, PICTURES, PIEDE, TESTATA
from conftest import RADICE
from documents_as_text import body_lines
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import _BaseHeaderFooter
from fixtures_ente import foreign_words
from misure import Costo, costa, giudica
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from test_rilievi import found
from typer.testing import CliRunner
from validators import faults, sdk_faults

from pipeline import run
from pipeline.cli.comandi import app
from pipeline.documents import relazione
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.word import base, campionario, carta, esame, immagini
from pipeline.documents.word.base import Carta
from pipeline.documents.word.documento import Documento
from pipeline.files import CARTA_INTESTATA
from pipeline.fine import Fine
from pipeline.posta import bozze
from pipeline.rilievi import Rilievo
from pipeline.workbooks.lettore import MEMORIA, SECONDI, Lettore

W = f"{{{carte.MAIN}}}"

each_good = pytest.mark.parametrize("nome", GOOD)


@pytest.fixture(scope="session")
def fascicolo(good: Path) -> Fascicolo:
    """Nothing to say about it."""
    fascicolo = run.controlla(good).fascicolo
    assert fascicolo is not None
    return fascicolo


@pytest.fixture(scope="session")
def draft(fascicolo: Fascicolo) -> Fascicolo:
    return replace(fascicolo, rilievi=[Rilievo("P01", "x", dati=dict.fromkeys(P01, "1"))])


ODD = {"on_an_american_sheet": {"F19"}, "from_right_to_left": {"F20"}}
"""The letterheads that are taken as they are, but told."""
CHARTS = 1
"""How many the relazione of the tiny ente has."""
P01 = ("compilate", "tabelle", "rilievi")


@pytest.fixture(scope="session")
def plain(fascicolo: Fascicolo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The relazione without a letterhead."""
    percorso = tmp_path_factory.mktemp("senza") / "relazione.docx"
    relazione.scrivi(percorso, fascicolo)
    return percorso


@pytest.fixture(scope="session")
def dressed(
    fascicolo: Fascicolo, plain: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The relazione in every good letterhead, with a stemma."""
    cartella = tmp_path_factory.mktemp("vestite")
    fatte = {}
    for nome, make in GOOD.items():
        veste = Carta(make(plain.read_bytes()), carte.png())
        fatte[nome] = cartella / f"{nome}.docx"
        relazione.scrivi(fatte[nome], replace(fascicolo, carta=veste))
    return fatte


def read(cartella: Path, contenuto: bytes, nome: str = CARTA_INTESTATA) -> tuple[Carta, list[Rilievo]]:
    cartella.mkdir(exist_ok=True)
    (cartella / nome).write_bytes(contenuto)
    return carta.leggi(cartella)


def texts(percorso: Path) -> list[str]:
    """The lines of the body, without the identifiers of their styles and the stemma."""
    righe = [re.sub(r"^\[\w*\] ", "", riga) for riga in body_lines(percorso)]
    # a bar is of blanks, as many as the column has room for; ours alone has sections
    return [" ".join(riga.replace("⇥", " ").split()) for riga in righe if riga]


def contour(percorso: Path) -> str:
    """The text of all the headers and footers that the pages show."""
    sezione = Document(str(percorso)).sections[-1]
    parti = [sezione.header, sezione.footer, sezione.first_page_header, sezione.even_page_header]
    return "\n".join(words(parte) for parte in parti if not parte.is_linked_to_previous)


def words(parte: _BaseHeaderFooter) -> str:
    return "".join(str(testo) for testo in parte._element.xpath(".//w:t/text()"))


# ---------------------------------------------------------------------------------- good letterheads


@each_good
def test_a_good_letterhead_is_taken(nome: str, plain: Path, tmp_path: Path) -> None:
    contenuto = GOOD[nome](plain.read_bytes())
    veste, rilievi = read(tmp_path, contenuto)
    assert veste.intestata is not None
    assert {r.codice for r in rilievi} <= {"F14", "F16"} | ODD.get(nome, set())
    assert {r.codice for r in rilievi} >= ODD.get(nome, set())


@each_good
def test_a_letterhead_gives_a_sound_document(nome: str, dressed: dict[str, Path]) -> None:
    trovati = faults(dressed[nome])
    assert [t for t in trovati if "not A4" not in t or nome != "on_an_american_sheet"] == []


@each_good
def test_the_sdk_finds_a_letterhead_sound_too(nome: str, dressed: dict[str, Path]) -> None:
    assert sdk_faults(dressed[nome]) == []


@each_good
def test_a_letterhead_changes_no_word(nome: str, dressed: dict[str, Path], plain: Path) -> None:
    assert texts(dressed[nome]) == texts(plain)


@each_good
def test_every_list_is_one_of_ours(nome: str, dressed: dict[str, Path]) -> None:
    """No number of a list of ours leads to a list of the letterhead."""
    word = Document(str(dressed[nome]))
    numerazione = word.part.numbering_part.element
    nomi = {a.get(f"{W}abstractNumId"): base._nome(a) for a in numerazione.iter(f"{W}abstractNum")}
    liste = {n.get(f"{W}numId"): n.find(f"{W}abstractNumId").get(f"{W}val") for n in numerazione.num_lst}
    usati = {n.get(f"{W}val") for n in word.element.body.iter(f"{W}numId")}
    assert usati
    assert {nomi[liste[numero]] for numero in usati} <= set(base.ELENCHI.values())
    assert sorted(n for n in nomi.values() if n in base.ELENCHI.values()) == sorted(
        base.ELENCHI.values()
    )


@each_good
def test_every_style_is_there_once(nome: str, dressed: dict[str, Path]) -> None:
    word = Document(str(dressed[nome]))
    stili = [(base._tipo(s), base._nome(s).lower()) for s in word.styles.element.style_lst]
    chiavi = [base._id(s).lower() for s in word.styles.element.style_lst]
    assert len(set(stili)) == len(stili)
    assert len({nome for _, nome in stili}) == len(stili)
    assert len(set(chiavi)) == len(chiavi)
    assert len(base.stili(word)) == len(base.stili(Document(str(base.MODELLO))))


@each_good
def test_the_page_numbers_of_the_index_stand_at_the_end_of_the_line(
    nome: str, dressed: dict[str, Path]
) -> None:
    word = Document(str(dressed[nome]))
    chiavi = base.stili(word)
    larga = base.larghezza(word)
    for stile in ("toc 1", "toc 2"):
        (definizione,) = [s for s in word.styles.element.style_lst if base._id(s) == chiavi[stile]]
        *_, tabulazione = definizione.iter(f"{W}tab")
        assert tabulazione.get(f"{W}val") == "right"
        assert int(tabulazione.get(f"{W}pos")) == larga


@each_good
def test_only_the_pictures_that_are_shown_are_in_the_file(nome: str, dressed: dict[str, Path]) -> None:
    """One in the header, at most; the stemma; the charts."""
    with zipfile.ZipFile(dressed[nome]) as archivio:
        media = [parte for parte in archivio.namelist() if parte.startswith("word/media/")]
        rels = b"".join(archivio.read(n) for n in archivio.namelist() if n.endswith(".rels"))
    assert set(media) == {f"word/{m}" for m in re.findall(r"media/[\w.]+", rels.decode())}
    assert len(media) <= 1 + 1 + CHARTS
    assert b"External" not in rels


@pytest.mark.parametrize(
    "nome", sorted({*GOOD} - {"without_header_and_footer", "our_template", "a_relazione_of_ours"})
)
def test_the_header_and_the_footer_are_those_of_the_letterhead(
    nome: str, dressed: dict[str, Path]
) -> None:
    assert TESTATA in contour(dressed[nome])
    assert PIEDE in contour(dressed[nome])
    assert "BOZZA" not in contour(dressed[nome])


@each_good
def test_a_draft_is_marked_once_on_every_kind_of_page(nome: str, plain: Path, tmp_path: Path) -> None:
    documento = Documento(Carta(GOOD[nome](plain.read_bytes())))
    documento.testata("Ente – anno 2024", "BOZZA")
    documento.salva(tmp_path / "bozza.docx")
    for testata in base.testate(Document(str(tmp_path / "bozza.docx"))):
        assert not testata.is_linked_to_previous
        assert words(testata).count("BOZZA") == 1


def test_the_same_letterhead_gives_the_same_bytes(
    fascicolo: Fascicolo, dressed: dict[str, Path], tmp_path: Path
) -> None:
    ancora = tmp_path / "ancora.docx"
    relazione.scrivi(ancora, replace(fascicolo, carta=Carta(ITALIAN, carte.png())))
    assert ancora.read_bytes() == dressed["made_with_the_italian_word"].read_bytes()


def test_the_styles_of_the_letterhead_win_over_ours(dressed: dict[str, Path]) -> None:
    word = Document(str(dressed["made_with_the_italian_word"]))
    assert base.stili(word)["heading 1"] == "Titolo1"
    assert base.stili(word)["heading 2"] == "Heading2"
    titoli = [p for p in word.paragraphs if p._p.style == "Titolo1"]
    assert len(titoli) > 3


def test_tables_and_index_are_not_laid_out_as_a_letter(dressed: dict[str, Path]) -> None:
    word = Document(str(dressed["made_with_the_italian_word"]))
    lettera = word.styles["Normal"].paragraph_format
    assert (lettera.alignment, lettera.line_spacing) == (WD_ALIGN_PARAGRAPH.JUSTIFY, 2)
    for nome in ("Title", "toc 2", "Testo tabella", "Numero tabella", "Figura"):
        stile = word.styles[nome]
        formati = [stile.paragraph_format]
        if stile.base_style.name != "Normal":
            formati.append(stile.base_style.paragraph_format)
        for misura in ("alignment", "line_spacing", "left_indent", "first_line_indent"):
            assert any(getattr(formato, misura) is not None for formato in formati), (nome, misura)
    assert word.styles["Testo tabella"].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.LEFT
    assert word.styles["Numero tabella"].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert word.styles["Prima di tabella"].paragraph_format.alignment is None


def test_what_others_have_set_on_a_letterhead_does_not_bind_the_relazione(
    dressed: dict[str, Path],
) -> None:
    with zipfile.ZipFile(dressed["tied_to_a_template"]) as archivio:
        impostazioni = archivio.read("word/settings.xml")
    assert b"documentProtection" not in impostazioni
    assert b"attachedTemplate" not in impostazioni


# ------------------------------------------------------------------ an earlier relazione as letterhead


def test_a_draft_of_ours_is_a_letterhead_without_its_year_and_its_mark(
    fascicolo: Fascicolo, draft: Fascicolo, plain: Path, tmp_path: Path
) -> None:
    vecchia, nuova = tmp_path / "vecchia.docx", tmp_path / "nuova.docx"
    relazione.scrivi(vecchia, replace(draft, anno=2019))
    assert "anno 2019" in contour(vecchia)
    relazione.scrivi(nuova, replace(fascicolo, carta=Carta(vecchia.read_bytes())))
    assert contour(nuova) == contour(plain).replace("Nota sul metodo", "")  # it has one section


def test_the_mark_of_a_draft_on_a_letterhead_goes_away(
    fascicolo: Fascicolo, draft: Fascicolo, dressed: dict[str, Path], tmp_path: Path
) -> None:
    vecchia, nuova = tmp_path / "vecchia.docx", tmp_path / "nuova.docx"
    relazione.scrivi(vecchia, replace(draft, carta=Carta(ITALIAN)))
    assert "BOZZA" in contour(vecchia)
    assert faults(vecchia) == []
    relazione.scrivi(nuova, replace(fascicolo, carta=Carta(vecchia.read_bytes())))
    assert contour(nuova) == contour(dressed["made_with_the_italian_word"])


def test_letterhead_after_letterhead_nothing_grows(
    fascicolo: Fascicolo, dressed: dict[str, Path], tmp_path: Path
) -> None:
    """The relazione of each year is the letterhead of the next."""
    stili, definizioni, parti = [], [], []
    ultima = dressed["made_with_the_italian_word"]
    for n in range(3):
        veste, rilievi = read(tmp_path, ultima.read_bytes())
        assert rilievi == []
        ultima = tmp_path / f"{n}.docx"
        relazione.scrivi(ultima, replace(fascicolo, carta=veste))
        word = Document(str(ultima))
        stili.append(len(word.styles.element.style_lst))
        definizioni.append(len(base._definizioni(word)))
        parti.append(len(zipfile.ZipFile(ultima).namelist()))
    assert len(set(stili)) == len(set(definizioni)) == len(set(parti)) == 1


# ---------------------------------------------------------------------------------- bad letterheads


Judged = tuple[dict[str, Any], Costo]


@pytest.fixture(scope="session")
def judged() -> Judged:
    """All the hostile ones, one after another in one child, and what they cost."""
    brutte = {nome: make() for nome, (_, make) in BAD.items()}
    pesanti = {nome: make() for nome, make in carte.HEAVY.items()}
    return costa(giudica, brutte | pesanti, {nome: make() for nome, (_, make) in PICTURES.items()})


@pytest.mark.parametrize("nome", BAD)
def test_a_bad_letterhead_is_told_and_left(nome: str, judged: Judged) -> None:
    perche, _ = BAD[nome]
    pulita, rilievi = judged[0][nome]
    assert pulita is None
    assert [(r.codice, r.file) for r in rilievi] == [("F13", CARTA_INTESTATA)]
    assert perche in rilievi[0].messaggio
    assert foreign_words(rilievi[0].messaggio) == []


@pytest.mark.parametrize("nome", carte.HEAVY)
def test_a_heavy_letterhead_is_taken_without_what_weighs(nome: str, judged: Judged) -> None:
    pulita, rilievi = judged[0][nome]
    assert [r.codice for r in rilievi] == ["F14"]
    assert b"INCLUDETEXT" not in b"".join(carte.unzipped(pulita).values())


@pytest.mark.parametrize("nome", PICTURES)
def test_a_hostile_picture_is_told_or_drawn_anew(nome: str, judged: Judged) -> None:
    perche, _ = PICTURES[nome]
    esito = judged[0][nome]
    if perche:
        assert isinstance(esito, str)
        assert perche in esito
        assert foreign_words(esito) == []
    else:
        assert opened(esito).size == (40, 50)
        assert len(esito) < 10_000


def test_no_letterhead_or_picture_costs_more_than_its_bounds(judged: Judged) -> None:
    """Of time for each, of memory for all; what opens them is the child, which outlives them."""
    costo = judged[1]
    assert max(costo.secondi.values()) < 2 * SECONDI + 5
    if sys.platform == "linux":
        assert 0 < costo.figlio <= MEMORIA
        assert costo.run < MEMORIA // 2


def test_a_bad_letterhead_does_not_hinder_the_good_stemma(tmp_path: Path) -> None:
    (tmp_path / CARTA_INTESTATA).write_bytes(carte.with_macros())
    veste, rilievi = read(tmp_path, carte.png(), "stemma.png")
    assert veste.intestata is None
    assert veste.stemma is not None
    assert [r.codice for r in rilievi] == ["F13"]


def test_a_letterhead_that_the_child_does_not_survive_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the way: here it has less time than Python takes to begin."""
    monkeypatch.setattr(carta, "Lettore", partial(Lettore, MEMORIA - 1, secondi=0.01))
    (tmp_path / "stemma.png").write_bytes(carte.png())
    veste, rilievi = read(tmp_path, ITALIAN)
    assert veste == Carta()
    assert [r.codice for r in rilievi] == ["F13", "F15"]
    for rilievo in rilievi:
        assert "servono più di 511 MB di memoria, o più di 0 secondi" in rilievo.messaggio


@pytest.mark.parametrize(("nome", "codice"), [(CARTA_INTESTATA, "F13"), ("stemma.png", "F15")])
@pytest.mark.parametrize("che", ["lost link", "pipe"])
def test_what_is_not_a_file_is_told(nome: str, codice: str, che: str, ente: Path) -> None:
    if che == "lost link":
        (ente / nome).symlink_to(ente / "niente")
    else:
        os.mkfifo(ente / nome)
    assert found(run.controlla(ente)) == [(codice, (nome, "", ""))]


def test_without_a_good_letterhead_the_relazione_is_dressed_in_ours(
    ente: Path, plain: Path, tmp_path: Path
) -> None:
    (ente / CARTA_INTESTATA).write_bytes(carte.with_macros())
    (ente / "stemma.png").write_text("stemma", encoding="utf-8")
    esito = run.relazione(ente, tmp_path / "uscita")
    assert [codice for codice, _ in found(esito)] == ["F13", "F15"]
    assert esito.documenti[1].read_bytes() == plain.read_bytes()


def test_a_letterhead_that_cannot_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_use(*_: object, **__: object) -> None:
        raise PermissionError(13, "in use")

    (tmp_path / CARTA_INTESTATA).write_bytes(ITALIAN)
    monkeypatch.setattr(Path, "open", in_use)
    veste, rilievi = carta.leggi(tmp_path)
    assert (veste, [r.codice for r in rilievi]) == (Carta(), ["F13"])


def test_cut_anywhere_a_letterhead_never_hinders() -> None:
    for fine in range(1, len(ITALIAN), 97):
        pulita, rilievi = esame.intestata(CARTA_INTESTATA, ITALIAN[:fine])
        assert (pulita, [r.codice for r in rilievi]) == (None, ["F13"])


# --------------------------------------------------------------------------------------- what it lacks


def test_the_missing_styles_are_called_as_word_shows_them(tmp_path: Path) -> None:
    _, rilievi = read(tmp_path, ITALIAN)
    (rilievo,) = rilievi
    assert (rilievo.codice, rilievo.file) == ("F14", CARTA_INTESTATA)
    assert "«Titolo», «Sottotitolo», «Copertina» e altri " in rilievo.messaggio
    assert len(rilievo.messaggio) < 160 and "make carta" in rilievo.rimedio
    for presente in ("«Titolo 1»", "«Normale»", "«Normal»", "«No List»", "«Intestazione»"):
        assert presente not in rilievo.messaggio


def test_the_names_that_word_shows_are_of_styles_of_ours() -> None:
    nostri = base.stili(Document(str(base.MODELLO)))
    assert set(base.NOMI_IN_WORD) <= set(nostri)


BEGIN, END = '<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="end"/>'


@pytest.mark.parametrize(
    ("numero", "senza"),
    [
        (carte.PAGE_NUMBER, False),
        (carte.PAGE_NUMBER.replace("PAGE", "page \\* Arabic"), False),
        (f"<w:r>{BEGIN}<w:instrText> PAGE </w:instrText>{END}</w:r>", False),
        ("<w:r><w:instrText> PAGE </w:instrText></w:r>", True),
        (carte.PAGE_NUMBER.replace("PAGE", "NUMPAGES"), True),
        ("<w:r><w:t>PAGE</w:t></w:r>", True),
        ("", True),
    ],
)
def test_a_letterhead_must_number_its_pages(numero: str, senza: bool, tmp_path: Path) -> None:
    contenuto = carte.changed(ITALIAN, "word/footer1.xml", carte.PAGE_NUMBER, numero)
    _, rilievi = read(tmp_path, contenuto)
    assert ("F16" in [r.codice for r in rilievi]) == senza


# ------------------------------------------------------------------------------------------ the stemma

GOOD_STEMMI = {"stemma.png": carte.png(), "stemma.jpg": carte.jpeg(), "Stemma.PNG": carte.png()}
BAD_STEMMI = {
    "heavy": (bytes(carta.MAX_STEMMA + 1), "pesa più di 5 MB"),
    "of too many dots": (carte.png(10_000, 6_000), "più di 50 milioni di punti"),
    "a text": (b"stemma", "non è un'immagine PNG o JPEG"),
    "nothing": (b"", "non è un'immagine PNG o JPEG"),
    "a GIF renamed": (b"GIF89a\x28\x00\x32\x00" + bytes(20), "non è un'immagine PNG o JPEG"),
    "a TIFF renamed": (b"II*\x00\x08\x00\x00\x00" + bytes(2**20), "non è un'immagine PNG o JPEG"),
    "a web drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "non è un'immagine PNG o JPEG"),
    "without width": (carte.png(0, 50), "leggibile"),
    "only its heading": (carte.png()[:20], "leggibile"),
    "a PNG cut short": (carte.png(400, 500)[:-40], "danneggiata o incompleta"),
    "a JPEG cut short": (carte.jpeg()[:-20], "danneggiata o incompleta"),
    "a JPEG without its end": (carte.jpeg()[:-2], "danneggiata o incompleta"),
}


@pytest.mark.parametrize("nome", GOOD_STEMMI)
def test_a_good_stemma_is_taken(nome: str, tmp_path: Path) -> None:
    veste, rilievi = read(tmp_path, GOOD_STEMMI[nome], nome)
    assert veste.stemma is not None
    assert rilievi == []
    assert opened(veste.stemma).size == (40, 50)


def opened(contenuto: bytes) -> Image.Image:
    return Image.open(BytesIO(contenuto))


@pytest.mark.parametrize("nome", carte.JPEGS)
def test_every_legal_jpeg_is_the_same_picture(nome: str) -> None:
    immagine = opened(immagini.stemma(carte.JPEGS[nome])).convert("L")
    assert immagine.size == (40, 50)
    assert [immagine.getpixel((20, y)) for y in (0, 25, 49)] == pytest.approx([0, 127, 255], abs=12)


@pytest.mark.parametrize("modo", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("lato", [30, 3_000])
def test_every_kind_of_png_is_taken_and_made_no_larger_than_it_shows(modo: str, lato: int) -> None:
    flusso = BytesIO()
    Image.new(modo, (lato, lato // 2)).save(flusso, "PNG")
    immagine = opened(immagini.stemma(flusso.getvalue()))
    assert immagine.size == (min(lato, immagini.LATO), min(lato, immagini.LATO) // 2)
    assert (immagine.mode == "RGBA") == (modo in ("LA", "RGBA"))


def with_author(formato: str) -> bytes:
    flusso, dati = BytesIO(), PngInfo()
    dati.add_text("Author", "Luigi Brambilla")
    Image.new("RGB", (40, 50)).save(
        flusso, formato, pnginfo=dati, exif=carte.exif(), comment=b"Brambilla", dpi=(300, 300)
    )
    return flusso.getvalue()


@pytest.mark.parametrize("formato", ["PNG", "JPEG"])
@pytest.mark.parametrize("pulisci", [immagini.stemma, immagini.ripulita])
def test_what_travels_with_a_picture_is_not_published(
    formato: str, pulisci: Callable[[bytes], bytes]
) -> None:
    contenuto = with_author(formato)
    assert b"Brambilla" in contenuto
    pulita = pulisci(contenuto)
    assert b"Brambilla" not in pulita
    assert dict(opened(pulita).getexif()) == {}


def test_a_picture_taken_on_its_side_stands_upright() -> None:
    girata = carte.with_segments(carte.segment(0xE1, carte.exif(verso=6)))
    assert opened(immagini.stemma(girata)).size == (50, 40)
    assert opened(immagini.ripulita(girata)).size == (50, 40)


def test_the_author_of_a_picture_of_the_letterhead_is_not_published_either() -> None:
    pulita, _ = esame.intestata("carta", carte.with_picture(with_author("PNG")))
    assert pulita is not None
    assert all(b"Brambilla" not in parte for parte in carte.unzipped(pulita).values())


@pytest.mark.parametrize("nome", BAD_STEMMI)
def test_a_bad_stemma_is_told_and_left(nome: str, tmp_path: Path) -> None:
    contenuto, perche = BAD_STEMMI[nome]
    veste, rilievi = read(tmp_path, contenuto, "stemma.png")
    assert veste == Carta()
    assert [(r.codice, r.file) for r in rilievi] == [("F15", "stemma.png")]
    assert perche in rilievi[0].messaggio


@pytest.mark.parametrize(("formato", "modo"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "CMYK")])
def test_the_largest_stemma_fits_the_memory_of_the_child(formato: str, modo: str) -> None:
    """As many dots as may be: it is taken, or told, and this process never opens it."""
    flusso = BytesIO()
    Image.new(modo, (7_000, 7_000)).save(flusso, formato)
    with Lettore() as lettore:
        inizio = perf_counter()
        esito = lettore.esegui(esame.stemma, flusso.getvalue())
        assert perf_counter() - inizio < lettore.secondi
    assert isinstance(esito, bytes)


@pytest.mark.parametrize("misure", [(10_000, 10), (10, 10_000), (1, 1), (3_000, 3_000)])
def test_whatever_its_shape_the_stemma_stays_on_the_page(
    misure: tuple[int, int], fascicolo: Fascicolo, tmp_path: Path
) -> None:
    percorso = tmp_path / "relazione.docx"
    relazione.scrivi(percorso, replace(fascicolo, carta=Carta(ITALIAN, carte.png(*misure))))
    assert faults(percorso) == []
    disegno = Document(str(percorso)).inline_shapes[0]
    assert 0 < disegno.width <= base.larghezza(Document(str(percorso))) * 635
    assert 0 < disegno.height <= relazione.LATO_STEMMA


def test_no_picture_is_wider_than_a_narrow_text(dressed: dict[str, Path]) -> None:
    word = Document(str(dressed["with_a_narrow_text"]))
    assert len(word.inline_shapes) == 1 + CHARTS
    assert all(disegno.width <= base.larghezza(word) * 635 for disegno in word.inline_shapes)


# --------------------------------------------------------------------------------- among the workbooks


def test_capitals_in_the_name_do_not_matter(ente: Path) -> None:
    (ente / "Carta_Intestata.DOCX").write_bytes(carte.with_macros())
    assert found(run.controlla(ente)) == [("F13", ("Carta_Intestata.DOCX", "", ""))]


@pytest.mark.parametrize(
    "nome", [f"~${CARTA_INTESTATA}", f"~${CARTA_INTESTATA[2:]}", f".~lock.{CARTA_INTESTATA}#"]
)
def test_the_placeholder_of_an_open_letterhead_is_told(nome: str, ente: Path) -> None:
    (ente / nome).write_bytes(b"\x05Luca")
    assert found(run.controlla(ente)) == [("F07", (nome, "", ""))]


@pytest.mark.parametrize("nome", [CARTA_INTESTATA, "stemma.png"])
def test_a_folder_of_that_name_is_not_looked_at(nome: str, ente: Path) -> None:
    (ente / nome).mkdir()
    esito = run.controlla(ente)
    assert found(esito) == []
    assert esito.fascicolo is not None
    assert esito.fascicolo.carta == Carta()


def _with_bad_ones(ente: Path) -> None:
    (ente / CARTA_INTESTATA).write_bytes(b"")
    (ente / "stemma.png").write_bytes(b"")


def test_what_is_wrong_with_the_letterhead_is_nobody_s_draft(ente: Path) -> None:
    prima = run.controlla(ente).fascicolo
    _with_bad_ones(ente)
    dopo = run.controlla(ente).fascicolo
    assert prima is not None
    assert dopo is not None
    assert len(dopo.rilievi) == 2
    for fascicolo in (prima, dopo):
        giro = bozze.Giro(fascicolo, ente, ente / "x", date(2025, 3, 1), lambda settore: b"")
        assert bozze.prepara(giro).bozze == []


def test_a_letterhead_made_ready_has_all_that_the_relazione_wants(tmp_path: Path) -> None:
    for nome in (CARTA_INTESTATA, "altra.docx"):
        campionario.scrivi(tmp_path / nome, "Comune di Prova", 2024)
    assert (tmp_path / CARTA_INTESTATA).read_bytes() == (tmp_path / "altra.docx").read_bytes()
    assert carta.leggi(tmp_path)[1] == []
    mostrati = {capoverso.style.name for capoverso in Document(tmp_path / CARTA_INTESTATA).paragraphs}
    assert {"Title", "Heading 1", "Heading 3", "Caption", "List Bullet", "Riquadro"} <= mostrati


def test_a_letterhead_that_is_there_is_not_written_over(ente: Path) -> None:
    prima = CliRunner().invoke(app, ["carta", "--cartella", str(ente)])
    scritta = (ente / CARTA_INTESTATA).read_bytes()
    dopo = CliRunner().invoke(app, ["carta", "--cartella", str(ente)])
    assert (prima.exit_code, dopo.exit_code) == (Fine.FATTO, Fine.COMANDO_SBAGLIATO)
    assert "c'è già, e non si tocca" in dopo.output + dopo.stderr
    assert (ente / CARTA_INTESTATA).read_bytes() == scritta


def test_a_letterhead_has_no_copy_to_send_back(ente: Path, tmp_path: Path) -> None:
    _with_bad_ones(ente)
    esito = run.rimanda(ente, tmp_path / "uscita")
    assert (esito.senza_copia, esito.lasciate) == ({}, [])
    assert [p.suffix for p in esito.documenti] == [".xlsx"]
    assert faults(esito.documenti[0]) == []


@pytest.mark.parametrize("contenuto", [b"", ITALIAN], ids=["bad", "good"])
def test_nobody_hands_in_the_letterhead_the_stemma_or_a_placeholder(
    contenuto: bytes, ente: Path
) -> None:
    prima = run.controlla(ente).consegne
    for nome in (CARTA_INTESTATA, "stemma.jpg", "~$tecnico.xlsx", ".~lock.ente.xlsx#"):
        (ente / nome).write_bytes(contenuto)
    esito = run.controlla(ente)
    assert esito.consegne == prima and len(esito.rilievi) >= 4


# ------------------------------------------------------------------------------------------- the guide

NOT_SHOWN = {"Default Paragraph Font", "Normal Table", "No List"}
"""Styles that Word has in every document and in no list."""


def test_the_guide_lists_the_styles_that_are_looked_for() -> None:
    guida = (RADICE / "docs" / "guida-ufficio.md").read_text(encoding="utf-8")
    sezione = guida.partition("\n### Carta intestata e stemma\n")[2].partition("\n###")[0]
    elencati = re.findall(r"«(.+?)»", "".join(re.findall(r"^\| .+ \|$", sezione, re.MULTILINE)))
    nostri = set(base.stili(Document(str(base.MODELLO)))) - NOT_SHOWN
    assert sorted(elencati) == sorted(base.NOMI_IN_WORD.get(nome, nome) for nome in nostri)


def test_the_properties_of_a_letterhead_are_not_those_of_the_relazione(tmp_path: Path) -> None:
    """Words that somebody once put in a letter would be published with every relazione."""
    lettera = Document()
    nucleo = lettera.core_properties
    nucleo.keywords = nucleo.category = nucleo.subject = nucleo.comments = "Luigi Brambilla"
    nucleo.content_status = nucleo.author = nucleo.last_modified_by = "Luigi Brambilla"
    lettera.save(str(tmp_path / "carta.docx"))
    documento = Documento(Carta((tmp_path / "carta.docx").read_bytes()))
    documento.proprieta("Relazione", "Comune", datetime(2024, 12, 31))
    documento.titolo("Titolo", 1)
    documento.salva(tmp_path / "r.docx")
    with zipfile.ZipFile(tmp_path / "r.docx") as archivio:
        assert "docProps/app.xml" not in archivio.namelist()
        assert all(b"Brambilla" not in archivio.read(nome) for nome in archivio.namelist())
