"""The relazione for who does not see it, or sees little: what docs/accessibilita.md promises.

What the house rules already look at (heading levels, heading rows, empty lines, widths, bookmarks,
fields) is not said again here: one test runs them on every document.
"""

import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from itertools import pairwise, product
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple, cast

import fixtures_ente as fx
import pytest
from conftest import ESEMPIO, RADICE
from house_rules import docx_faults
from lxml import etree
from openxml_audit import OpenXmlValidator
from test_consolidato import fascicolo_di
from test_relazione import hostile

from pipeline import run
from pipeline.documents import relazione as relazione_word
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import per_missione
from pipeline.documents.word import base, grafici
from pipeline.documents.word.blocchi import Tavola, forte, legame
from pipeline.documents.word.documento import Documento
from pipeline.documents.word.grafici import Confrontato

NS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "dc": "http://purl.org/dc/elements/1.1/",
}
W = f"{{{NS['w']}}}"


class Document(NamedTuple):
    """A relazione as it is in the package. `names`: identifier of a style -> its name."""

    path: Path
    body: etree._Element
    styles: etree._Element
    names: dict[str, str]


def read(path: Path) -> Document:
    with zipfile.ZipFile(path) as package:
        body = etree.fromstring(package.read("word/document.xml"))[0]
        styles = etree.fromstring(package.read("word/styles.xml"))
    names = {
        style.get(f"{W}styleId", ""): attribute(style, "w:name/@w:val")
        for style in styles.iterfind("w:style", NS)
    }
    return Document(path, body, styles, names)


def find(element: etree._Element, path: str) -> list[etree._Element]:
    return cast("list[etree._Element]", element.xpath(path, namespaces=NS))


def attributes(element: etree._Element, path: str) -> list[str]:
    return [str(value) for value in cast("list[str]", element.xpath(path, namespaces=NS))]


def attribute(element: etree._Element, path: str) -> str:
    return "".join(attributes(element, path))


def text(element: etree._Element) -> str:
    return "".join(piece.text or "" for piece in element.iter(f"{W}t"))


def style(document: Document, paragraph: etree._Element) -> str:
    return document.names.get(attribute(paragraph, "w:pPr/w:pStyle/@w:val"), "")


def rows(table: etree._Element) -> list[list[str]]:
    return [[text(cell) for cell in row.iterfind("w:tc", NS)] for row in table.iterfind("w:tr", NS)]


# --------------------------------------------------------------------------------- the documents


def _draft_with_arms(folder: Path) -> Path:
    inside = fx.write_world(folder / "dentro")
    (inside / fx.TECNICO).unlink()
    arms = grafici.dichiarato_misurato("a", (Confrontato("a", "", None, None, 0, 1),))
    (inside / "stemma.png").write_bytes(arms.png)
    return run.relazione(inside, folder).documenti[1]


def _hostile(folder: Path) -> Path:
    path = folder / "relazione.docx"
    content = "Gestire & <curare> «tutto»\n- primo\n- secondo\n\nfine. " * 3
    relazione_word.scrivi(path, hostile(fascicolo_di(folder / "dentro"), 40, content))
    return path


ENTI: dict[str, Callable[[Path], Path]] = {
    "per missione": lambda folder: run.relazione(ESEMPIO / "esempio_missioni", folder).documenti[1],
    "small": lambda folder: run.relazione(fx.write_world(folder / "dentro"), folder).documenti[1],
    "draft with arms": _draft_with_arms,
    "hostile": _hostile,
}


@pytest.fixture(scope="module", params=["example", *ENTI])
def document(
    request: pytest.FixtureRequest, relazione: Path, tmp_path_factory: pytest.TempPathFactory
) -> Document:
    if request.param == "example":
        return read(relazione)
    return read(ENTI[request.param](tmp_path_factory.mktemp("ente")))


# ------------------------------------------------------------------------------------- structure


def test_the_house_rules_and_the_validator_find_nothing(document: Document) -> None:
    assert docx_faults(document.path) == []
    assert [str(e) for e in OpenXmlValidator().validate(document.path).errors] == []


@pytest.mark.parametrize(
    ("part", "first", "second"),
    [
        ("document", r"<w:pStyle [^>]*/>", r"<w:keepNext/>"),
        ("document", r"<w:ilvl [^>]*/>", r"<w:numId [^>]*/>"),
        ("document", r"<w:tblStyle [^>]*/>", r"<w:tblW [^>]*/>"),
        ("document", r"<w:tblLook [^>]*/>", r"<w:tblCaption [^>]*/>"),
        ("styles", r"<w:b/>", r"<w:color [^>]*/>"),
        ("styles", r"<w:keepNext/>", r"<w:keepLines/>"),
        ("numbering", r"<w:start [^>]*/>", r"<w:numFmt [^>]*/>"),
    ],
)
def test_the_validator_sees_what_is_out_of_the_order_of_the_schema(
    small: Path, tmp_path: Path, part: str, first: str, second: str
) -> None:
    damaged, name = Path(shutil.copy(small, tmp_path)), f"word/{part}.xml"

    def swap(parts: dict[str, bytes]) -> None:
        content, times = re.subn(f"({first})({second})", r"\2\1", parts[name].decode(), count=1)
        assert times == 1
        parts[name] = content.encode()

    fx.rewrite(damaged, swap)
    assert OpenXmlValidator().validate(damaged).errors


def test_there_is_one_title_and_it_comes_first(document: Document) -> None:
    styles = [style(document, paragraph) for paragraph in document.body.iterfind("w:p", NS)]
    assert styles.count("Title") == 1
    assert set(styles[: styles.index("Title")]) <= {"Stemma", "Subtitle", "Dopo tabella"}


def test_no_heading_is_left_without_content_nor_says_the_same_as_the_one_above(
    document: Document,
) -> None:
    blocks = [
        (int(found[1]) if (found := re.match("heading (.)", style(document, block))) else 0, text(block))
        for block in document.body
    ]
    for (level, above), (next_level, below) in pairwise([*blocks, (1, "")]):
        if level and next_level:
            assert next_level > level, above
            assert above != below


def test_no_two_headings_say_the_same(document: Document) -> None:
    styles = ("heading 1", "heading 2", "heading 3", "Titolo scheda")
    said = [words_of(p) for p in document.body if style(document, p) in styles]
    assert [words for words, times in Counter(said).items() if times > 1] == []


@pytest.mark.parametrize(
    ("modelli", "attesa"),
    [(["missioni"], "Missione 01"), (["missioni", "schede", "missioni"], "AA – Missione 01")],
)
def test_a_missione_of_several_settori_has_the_sigla_of_each(modelli: list[str], attesa: str) -> None:
    fascicolo = SimpleNamespace(modelli=dict(enumerate(modelli)), sigle={"area": "AA"})
    assert per_missione._testata(cast(Fascicolo, fascicolo), "area", "01") == attesa


def test_every_table_has_a_full_heading_row_without_equals(document: Document) -> None:
    for table in find(document.body, ".//w:tbl"):
        heading = rows(table)[0]
        assert all(heading)
        assert len(set(heading)) == len(heading), heading
        assert attributes(table, "w:tblPr/w:tblLook/@w:firstRow") == ["1"]
        assert len(find(table, ".//w:tblHeader")) == 1


def test_tables_are_plain_grids(document: Document) -> None:
    assert find(document.body, "//w:gridSpan | //w:vMerge | //w:hMerge | //w:tc//w:tbl") == []


def test_the_order_in_the_file_is_the_order_of_reading(document: Document) -> None:
    assert find(document.body, "//wp:anchor | //w:txbxContent | //w:pict | //w:framePr") == []
    assert attributes(document.body, "//w:cols/@w:num") == []


def test_lists_are_real_lists(document: Document) -> None:
    with zipfile.ZipFile(document.path) as package:
        numbering = etree.fromstring(package.read("word/numbering.xml"))
    defined = set(attributes(numbering, "w:abstractNum/@w:abstractNumId"))
    kinds = {n.get(f"{W}numId"): attribute(n, "w:abstractNumId/@w:val") for n in numbering}
    for paragraph in find(document.body, ".//w:p"):
        listed = attributes(paragraph, "w:pPr/w:numPr/w:numId/@w:val")
        assert all(kinds[number] in defined for number in listed)
        assert bool(listed) == (style(document, paragraph) in ("List Bullet", "Elenco tabella"))


def test_no_list_is_typed_by_hand(document: Document) -> None:
    typed = re.compile(r"\s*[-–—•·▪*]\s")
    for one, other in pairwise(find(document.body, ".//w:p")):
        if one.getnext() is other:
            assert not (typed.match(text(one)) and typed.match(text(other)))


# ---------------------------------------------------------------------------- words for the unseen


def test_every_picture_has_an_alternative_text_of_its_own(document: Document) -> None:
    pictures = find(document.body, ".//wp:docPr")
    spoken = [picture.get("descr", "") for picture in pictures]
    assert len(set(spoken)) == len(spoken)
    for picture, words in zip(pictures, spoken, strict=True):
        assert re.match(
            r"(Gli indicatori dicono meno .{20}|In nessun settore gli .{20}|Stemma: \w)", words
        )
        assert words != picture.get("name")


def test_every_table_has_an_alternative_text_of_its_own(document: Document) -> None:
    spoken = attributes(document.body, ".//w:tblDescription/@w:val")
    assert len(spoken) == len(find(document.body, ".//w:tbl"))
    assert [words for words, times in Counter(spoken).items() if times > 1] == []


def test_the_figures_of_a_picture_are_in_the_table_that_its_caption_refers_to(
    document: Document,
) -> None:
    tables = {}
    for table in find(document.body, "w:tbl"):
        label = re.match(r"Tabella \d+", text(find(table, "preceding-sibling::w:p[1]")[0]))
        if label:
            tables[label[0]] = " ".join(" ".join(row) for row in rows(table))
    captions = [
        (text(block), attribute(block.getnext(), ".//wp:docPr/@descr"))
        for block in document.body
        if style(document, block) == "caption" and text(block).startswith("Figura")
    ]
    for caption, spoken in captions:
        table = tables[caption.split(" (dati nella ")[1].rstrip(")")]
        assert set(re.findall(r"\d+,\d\d", spoken)) <= set(re.findall(r"\d+,\d\d", table))


def test_captions_are_numbered_without_gaps_and_stand_above_what_they_name(document: Document) -> None:
    captions = [p for p in document.body.iterfind("w:p", NS) if style(document, p) == "caption"]
    for label in ("Tabella", "Figura"):
        own = [text(caption) for caption in captions if text(caption).startswith(label)]
        numbers = [int(caption.split()[1]) for caption in own]
        assert numbers == list(range(1, len(own) + 1))
        assert len({caption.split(" – ", 1)[1] for caption in own}) == len(own)
    assert len({text(caption) for caption in captions}) == len(captions)
    for caption in captions:
        below = caption.getnext()
        assert below is not None
        assert (
            find(below, ".//wp:docPr") if text(caption).startswith("Figura") else below.tag == f"{W}tbl"
        )


def test_what_is_missing_is_said_in_words(document: Document) -> None:
    for table in find(document.body, ".//w:tbl"):
        assert [cell for row in rows(table) for cell in row if not cell.strip()] == []


def headings(document: Document, *levels: str) -> dict[str, str]:
    """Bookmark of each heading of some styles -> its words, tabulations as blanks."""
    return {
        attribute(p, "w:bookmarkStart/@w:name"): words_of(p)
        for p in document.body
        if style(document, p) in levels
    }


def words_of(paragraph: etree._Element) -> str:
    pieces = [" " if p.tag == f"{W}tab" else p.text or "" for p in paragraph.iter(f"{W}t", f"{W}tab")]
    return " ".join("".join(pieces).split())


def tables(document: Document) -> dict[str, str]:
    """Bookmark of each numbered table -> what it is called."""
    return {
        attribute(p, "w:bookmarkStart/@w:name"): re.match(r"Tabella \d+ – ", words_of(p))[0]
        for p in document.body
        if style(document, p) == "caption" and words_of(p).startswith("Tabella")
    }


def test_every_link_has_words_and_leads_to_a_heading_or_to_a_table(document: Document) -> None:
    places = headings(document, "heading 1", "heading 2", "Titolo scheda") | tables(document)
    for link in document.body.iter(f"{W}hyperlink"):
        assert re.search(r"\w", text(link)) and "://" not in text(link)
        assert link.get(f"{W}anchor", "") in places
        place, called = places[link.get(f"{W}anchor", "")], link.get(f"{W}tooltip", "").rstrip("…")
        assert called in place or called.startswith(place)


FIGURES = ("Dagli indicatori alla misura", "I settori in breve", "Le cifre della relazione")
"""The tables whose figures come from another."""


def test_every_figure_of_the_ente_is_a_link_to_where_it_comes_from(relazione: Path) -> None:
    document = read(relazione)
    of = {attribute(t, "w:tblPr/w:tblCaption/@w:val"): t for t in document.body.iterfind("w:tbl", NS)}
    for title in FIGURES:
        for cell in find(of[title], "w:tr[position() > 1]/w:tc[position() > 1]"):
            assert bool(re.search(r"\d", text(cell))) <= bool(find(cell, ".//w:hyperlink")), text(cell)
    big = [p for p in document.body.iter(f"{W}p") if style(document, p) == "Cifra grande tabella"]
    assert [bool(find(p, "w:hyperlink")) for p in big] == [True, True]


def test_a_figure_that_leads_to_a_table_can_be_seen_there(document: Document) -> None:
    captions = {
        attribute(p, "w:bookmarkStart/@w:name"): p
        for p in document.body
        if style(document, p) == "caption" and words_of(p).startswith("Tabella")
    }
    shown = {
        name: figures(" ".join(map(words_of, (caption, *caption.getnext().iter(f"{W}p")))))
        for name, caption in captions.items()
    }
    for link in document.body.iter(f"{W}hyperlink"):
        there = shown.get(link.get(f"{W}anchor", ""))
        assert there is None or figures(text(link)) <= there, text(link)


def figures(words: str) -> set[float]:
    return {float(n.replace(",", ".")) for n in re.findall(r"\d+(?:,\d+)?", words)}


def test_a_link_to_what_the_relazione_has_not_is_its_words_alone(tmp_path: Path) -> None:
    documento = Documento()
    documento.capitolo("Prova")
    documento.testo(f"{legame('Indicatori & altro', '12 su 13')}, {forte(legame('Prova', '7 %'))}")
    documento.testo(legame("", "5"))
    documento.tabella(Tavola("Con <segni> & «altro»", ("A", "B"), [("a", "b")], (1, 1)))
    documento.testo(legame("Con <segni> & «altro»", "9"))
    documento.salva(tmp_path / "r.docx")
    document = read(tmp_path / "r.docx")
    links = {text(link): attribute(link, "@w:tooltip") for link in find(document.body, "//w:hyperlink")}
    assert links == {"7 %": "Prova", "9": "Tabella 1 – Con <segni> & «altro»"}
    assert [text(p) for p in document.body.iterfind("w:p", NS)][1:3] == ["12 su 13, 7 %", "5"]
    assert docx_faults(document.path) == []


def test_the_index_has_every_chapter_and_every_scheda_in_order(document: Document) -> None:
    lines = [p for p in document.body if style(document, p).startswith("toc")]
    anchors = [attribute(line, "w:hyperlink/@w:anchor") for line in lines]
    assert anchors == list(headings(document, "heading 1", "Titolo scheda"))


def test_the_code_of_a_scheda_is_a_link_wherever_it_stands_in_a_first_column(
    document: Document,
) -> None:
    for table in find(document.body, ".//w:tbl"):
        if rows(table)[0][0] == "Scheda":
            for row in find(table, "w:tr[position() > 1]"):
                first = find(row, "w:tc[1]")[0]
                code = re.match(r"[A-Z]\w*\xa0\d+$", text(first))
                assert not code or find(first, ".//w:hyperlink")


# --------------------------------------------------------------------------- language, properties


def test_the_language_is_italian_everywhere(document: Document) -> None:
    languages = attributes(document.styles, "//w:lang/@w:val")
    assert attributes(document.styles, "w:docDefaults//w:lang/@w:val") == ["it-IT"]
    assert set(languages + attributes(document.body, "//w:lang/@w:val")) == {"it-IT"}
    with zipfile.ZipFile(document.path) as package:
        core = etree.fromstring(package.read("docProps/core.xml"))
    assert core.findtext("dc:language", namespaces=NS) == "it-IT"


def test_the_properties_say_title_and_author(document: Document) -> None:
    with zipfile.ZipFile(document.path) as package:
        core = etree.fromstring(package.read("docProps/core.xml"))
    by_style = {style(document, p): text(p) for p in document.body.iterfind("w:p", NS)}
    title, ente = by_style["Title"], by_style["Subtitle"]
    assert core.findtext("dc:title", namespaces=NS) == f"{title} – {ente}"
    assert core.findtext("dc:creator", namespaces=NS) == ente


# ---------------------------------------------------------------------------------------- colours


def luminance(colour: str) -> float:
    """0..1, of a colour written RRGGBB (WCAG 2.1, "relative luminance")."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21 (WCAG 2.1, "contrast ratio")."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_is_that_of_the_rule() -> None:
    assert contrast("FFFFFF", "000000") == pytest.approx(21)
    assert contrast("767676", "FFFFFF") == pytest.approx(4.54, abs=0.005)


def test_every_text_colour_of_the_template_is_readable_on_every_background_of_it() -> None:
    with zipfile.ZipFile(base.MODELLO) as package:
        parts = [
            etree.fromstring(package.read(f"word/{name}.xml"))
            for name in ("styles", "header1", "footer1")
        ]
    colours = {c for part in parts for c in attributes(part, "//w:rPr/w:color/@w:val")}
    # on the ground of a bar there are only blanks
    grounds = "//*[not(self::w:style[starts-with(w:name/@w:val, 'Barra ')])]/*/w:shd/@w:fill"
    backgrounds = {c for part in parts for c in attributes(part, grounds)}
    assert colours >= {"17456B", "595959", "C00000"} and "E8EDF1" in backgrounds
    unreadable = [
        (colour, background)
        for colour, background in product({*colours, "000000"}, {*backgrounds, "FFFFFF"})
        if contrast(colour, background) < 4.5
    ]
    assert unreadable == []


def test_no_colour_comes_but_from_the_styles(document: Document) -> None:
    with zipfile.ZipFile(document.path) as package:
        parts = [package.read(f"word/{name}.xml") for name in ("document", "header1", "footer1")]
    for part in parts:
        assert find(etree.fromstring(part), "//w:r//w:color | //w:shd | //w:highlight") == []


# ------------------------------------------------------------------------------- seeded faults

FAULTS: dict[str, tuple[Callable[[Document], None], str, str]] = {
    "a second title": (
        test_there_is_one_title_and_it_comes_first,
        '"Messaggio"/>',
        '"Title"/>',
    ),
    "an empty chapter": (
        test_no_heading_is_left_without_content_nor_says_the_same_as_the_one_above,
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/>',
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr></w:p><w:p><w:pPr><w:pStyle w:val="Heading1"/>',
    ),
    "a heading row that is not": (
        test_every_table_has_a_full_heading_row_without_equals,
        'w:firstRow="1"',
        'w:firstRow="0"',
    ),
    "an empty heading": (
        test_every_table_has_a_full_heading_row_without_equals,
        ">Soglia<",
        "><",
    ),
    "cells merged": (test_tables_are_plain_grids, "</w:tcPr>", "<w:vMerge/></w:tcPr>"),
    "a floating frame": (
        test_the_order_in_the_file_is_the_order_of_reading,
        '<w:pStyle w:val="Subtitle"/>',
        '<w:pStyle w:val="Subtitle"/><w:framePr/>',
    ),
    "an item out of its list": (
        test_lists_are_real_lists,
        '"ListBullet"/>',
        '"Normal"/>',
    ),
    "a list typed by hand": (
        test_no_list_is_typed_by_hand,
        ">Provincia di Milano (MI)</w:t></w:r></w:p>",
        ">- uno</w:t></w:r></w:p><w:p><w:r><w:t>- due</w:t></w:r></w:p>",
    ),
    "a picture described by its name": (
        test_every_picture_has_an_alternative_text_of_its_own,
        'descr="In nessun settore',
        'descr="grafico.png" title="',
    ),
    "a number that is only in the picture": (
        test_the_figures_of_a_picture_are_in_the_table_that_its_caption_refers_to,
        'descr="In nessun settore',
        'descr="In nessun settore 12,34',
    ),
    "a link without words": (
        test_every_link_has_words_and_leads_to_a_heading_or_to_a_table,
        ">Risultati</w:t></w:r></w:hyperlink>",
        ">https://www.comune.it</w:t></w:r></w:hyperlink>",
    ),
    "a word in another language": (
        test_the_language_is_italian_everywhere,
        "<w:r><w:t",
        '<w:r><w:rPr><w:lang w:val="en-US"/></w:rPr><w:t',
    ),
    "another title in the properties": (
        test_the_properties_say_title_and_author,
        ">Comune di Prova<",
        ">Comune<",
    ),
    "a word in red": (
        test_no_colour_comes_but_from_the_styles,
        "<w:r><w:t",
        '<w:r><w:rPr><w:color w:val="FF0000"/></w:rPr><w:t',
    ),
    "a caption that jumps a number": (
        test_captions_are_numbered_without_gaps_and_stand_above_what_they_name,
        "<w:r><w:t>2</w:t></w:r>",
        "<w:r><w:t>3</w:t></w:r>",
    ),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ENTI["small"](tmp_path_factory.mktemp("small"))


@pytest.mark.parametrize("name", FAULTS)
def test_each_rule_finds_its_fault(name: str, small: Path, tmp_path: Path) -> None:
    rule, old, new = FAULTS[name]
    rule(read(small))
    damaged = Path(shutil.copy(small, tmp_path))

    def put(parts: dict[str, bytes]) -> None:
        before = parts["word/document.xml"].decode()
        assert old in before
        parts["word/document.xml"] = before.replace(old, new, 1).encode()

    fx.rewrite(damaged, put)
    document = read(damaged)
    with pytest.raises(AssertionError):
        rule(document)


# ------------------------------------------------------------------------------------- the pages

CLAUSES = {
    "10.1.1": (1,),
    "10.1.2": (1, 2, 3, 5),
    "10.1.3": (1, 2, 3, 4, 5),
    "10.1.4": (1, 2, 3, 4, 5, 10, 11, 12, 13),
    "10.2.1": (1, 2, 4),
    "10.2.2": (1, 2),
    "10.2.3": (1,),
    "10.2.4": (2, 3, 4, 6, 7),
    "10.2.5": (1, 2, 3, 4),
    "10.3.1": (1, 2),
    "10.3.2": (1, 2),
    "10.3.3": (1, 2, 3, 4),
    "10.4.1": (1, 2, 3),
}
"""EN 301 549 V3.2.1, table A.1: what directive (EU) 2016/2102 asks of a document to be downloaded."""


def test_the_page_answers_for_every_clause_of_the_standard_and_no_other() -> None:
    page = (RADICE / "docs" / "accessibilita.md").read_text(encoding="utf-8")
    expected = [f"{group}.{n}" for group, numbers in CLAUSES.items() for n in numbers]
    assert re.findall(r"^\| (10\.\d\.\d\.\d+) ", page, re.MULTILINE) == expected


def test_every_test_named_on_the_page_exists() -> None:
    page = (RADICE / "docs" / "accessibilita.md").read_text(encoding="utf-8")
    sources = "\n".join(
        p.read_text(encoding="utf-8") for p in sorted((RADICE / "tests").glob("test_*.py"))
    )
    named = set(re.findall(r"`(test_\w+)`", page))
    assert named
    assert named <= set(re.findall(r"def (test_\w+)\(", sources))
