"""What a letterhead brings around the body: nothing in it leads out of the document."""

import re

import carte
import pytest
from carte import ITALIAN, in_header, rel
from lxml import etree

from pipeline.documents.word import base, esame

W = f"{{{carte.MAIN}}}"


def header(contenuto: bytes) -> str:
    """The XML of the header after the letterhead has been judged and cleaned."""
    pulita, rilievi = esame.intestata("carta", contenuto)
    assert pulita is not None, [r.messaggio for r in rilievi]
    return carte.unzipped(pulita)["word/header1.xml"].decode()


def rels(contenuto: bytes) -> str:
    pulita, _ = esame.intestata("carta", contenuto)
    assert pulita is not None
    return "".join(p.decode() for n, p in carte.unzipped(pulita).items() if n.endswith(".rels"))


# ------------------------------------------------------------------------------------------- fields


def char(tipo: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{tipo}"/></w:r>'


def code(*pezzi: str) -> str:
    return "".join(f"<w:r><w:instrText>{pezzo}</w:instrText></w:r>" for pezzo in pezzi)


def result(testo: str) -> str:
    return f"<w:r><w:t>{testo}</w:t></w:r>"


def field(*pezzi: str, mostra: str = "") -> str:
    """A field: the pieces of its instruction, which may be other fields, and what it shows."""
    interno = "".join(pezzo if pezzo.startswith("<") else code(pezzo) for pezzo in pezzi)
    return char("begin") + interno + char("separate") + result(mostra) + char("end")


REACHING = {
    "text of a file": field(' INCLUDETEXT "http://127.0.0.1/a.docx" ', mostra="mostrato"),
    "picture of a file": field(' includepicture "http://127.0.0.1/a.png" \\d ', mostra="mostrato"),
    "another program": field(" DDEAUTO excel a b ", mostra="mostrato"),
    "another program, by hand": field(" DDE excel a b ", mostra="mostrato"),
    "a link": field(" LINK Word.Document.8 c:\\a.doc ", mostra="mostrato"),
    "a picture, as of old": field(" IMPORT c:\\a.bmp ", mostra="mostrato"),
    "an index of files": field(" RD c:\\a.doc ", mostra="mostrato"),
    "a data base": field(' DATABASE \\d "c:\\a.mdb" ', mostra="mostrato"),
    "a name made up": field(" QUALCOSA ", mostra="mostrato"),
    "over several runs": field(code(" INCL", "UDE", 'TEXT "a"'), mostra="mostrato"),
    "as a text, not a code": field(result(' INCLUDETEXT "a" '), mostra="mostrato"),
    "in quotes": field(' "INCLUDETEXT" "a" ', mostra="mostrato"),
    "inside another": field(" IF 1 = 1 ", field(' INCLUDETEXT "a" ', mostra="no"), mostra="mostrato"),
    "its name from another": field(field(" QUOTE 73 ", mostra="I"), " NCLUDETEXT ", mostra="mostrato"),
    "in one piece": f'<w:fldSimple w:instr=" INCLUDETEXT a ">{result("mostrato")}</w:fldSimple>',
}


@pytest.mark.parametrize("nome", REACHING)
def test_a_field_that_reaches_out_stays_as_what_it_showed(nome: str) -> None:
    xml = header(in_header(f"<w:p>{REACHING[nome]}</w:p>"))
    assert re.findall("fldChar|instr", xml) == []
    testo = "".join(etree.fromstring(xml.encode()).itertext())
    assert testo.endswith("mostrato")
    assert "INCLUDE" not in testo.upper()


HARMLESS = [
    field(" PAGE ", mostra="1"),
    field(" page \\* Arabic ", mostra="1"),
    field(code(" NUM", "PAGES "), mostra="9"),
    field(' STYLEREF "Titolo 1" ', mostra="Capitolo"),
    field(" = ", field(" NUMPAGES ", mostra="9"), " - 1 ", mostra="8"),
    field(" IF ", field(" PAGE ", mostra="1"), ' = 1 "" "segue" ', mostra="segue"),
    carte.PAGE_NUMBER,
]


@pytest.mark.parametrize("campo", HARMLESS)
def test_a_field_about_this_document_stays(campo: str) -> None:
    xml = header(in_header(f"<w:p>{campo}</w:p>"))
    assert xml.count("w:fldChar ") == campo.count("w:fldChar ")
    assert xml.count("<w:instrText>") == campo.count("<w:instrText>")
    assert xml.count("w:fldSimple ") == campo.count("w:fldSimple ")


def test_in_what_a_link_shows_a_page_number_stays_one() -> None:
    collegamento = char("begin") + code(' HYPERLINK "x" ') + char("separate")
    xml = header(in_header(f"<w:p>{collegamento}{field(' PAGE ', mostra='1')}{char('end')}</w:p>"))
    assert xml.count("w:fldChar ") == 3
    assert "HYPERLINK" not in xml


@pytest.mark.parametrize("campo", [char("begin") + code(" PAGE "), char("end"), code(" INCLUDETEXT a ")])
def test_pieces_that_make_no_field_are_taken_away(campo: str) -> None:
    xml = header(in_header(f"<w:p>{campo}{result('mostrato')}</w:p>"))
    assert re.findall("fldChar|instrText", xml) == []


# --------------------------------------------------------------------------------------------- links


def linked(indirizzo: str, tipo: str = "hyperlink") -> bytes:
    """A letterhead with a link in its header."""
    legata = carte.add_rel(ITALIAN, "word/header1.xml", rel("rId9", tipo, indirizzo, "External"))
    return in_header(f'<w:p><w:hyperlink r:id="rId9">{result("sito")}</w:hyperlink></w:p>', legata)


@pytest.mark.parametrize("indirizzo", ["https://www.example.it/", "HTTP://a.it", "mailto:a@example.it"])
def test_a_link_to_click_stays(indirizzo: str) -> None:
    assert f'Target="{indirizzo}" TargetMode="External"' in rels(linked(indirizzo))


@pytest.mark.parametrize(
    "indirizzo",
    ["file:///etc/hostname", "\\\\server\\a", "vnd.sun.star.script:a", "javascript:a", "a.docx"],
)
def test_a_link_that_opens_no_page_stays_as_its_text(indirizzo: str) -> None:
    contenuto = linked(indirizzo)
    assert "External" not in rels(contenuto)
    assert "w:hyperlink" not in header(contenuto)
    assert "sito" in header(contenuto)


def test_a_link_that_nothing_uses_goes() -> None:
    legame = rel("rId9", "hyperlink", "http://127.0.0.1/", "External")
    assert "External" not in rels(carte.add_rel(ITALIAN, "word/header1.xml", legame))


def test_a_picture_that_leads_to_a_site_stays_a_picture() -> None:
    """As Word leaves a logo with a link: the link goes, LibreOffice would not tell it from a picture."""
    legame = rel("rId9", "hyperlink", "https://www.example.it", "External")
    logo = carte.changed(
        carte.add_rel(ITALIAN, "word/header1.xml", legame),
        "word/header1.xml",
        'descr="Stemma del Comune"/>',
        'descr="Stemma del Comune"><a:hlinkClick r:id="rId9"/></wp:docPr>',
    )
    assert "hlinkClick" not in header(logo)
    assert 'descr="Stemma del Comune"' in header(logo)
    assert "External" not in rels(logo)


def test_another_form_of_a_picture_goes_and_the_picture_stays() -> None:
    """Word keeps beside a drawing for the web its dots: the drawing may name other files."""
    legame = rel("rId9", "image", "media/a.svg")
    altra = (
        '<a:blip r:embed="rId1"><a:extLst><a:ext uri="{96DAC541}"><asvg:svgBlip '
        'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="rId9"/></a:ext>'
        "</a:extLst></a:blip>"
    )
    parti = carte.unzipped(
        carte.changed(
            carte.add_rel(ITALIAN, "word/header1.xml", legame),
            "word/header1.xml",
            '<a:blip r:embed="rId1"/>',
            altra,
        )
    )
    parti["word/media/a.svg"] = b"<svg/>"
    tipo = b'<Default Extension="svg" ContentType="image/svg+xml"/><Override'
    parti["[Content_Types].xml"] = parti["[Content_Types].xml"].replace(b"<Override", tipo, 1)
    pulita, _ = esame.intestata("carta", carte.zipped(parti))
    assert pulita is not None
    assert [n for n in carte.unzipped(pulita) if "svg" in n] == []
    assert [n for n in carte.unzipped(pulita) if n.endswith(".png")] != []


def test_a_drawing_of_old_names_no_file() -> None:
    vml = (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office" href="http://127.0.0.1/"><v:imagedata '
        'src="http://127.0.0.1/a.png" o:href="http://127.0.0.1/b.png"/></v:shape></w:pict></w:r></w:p>'
    )
    assert "127.0.0.1" not in header(in_header(vml))


# ---------------------------------------------------------------------- what belonged to the letter


def test_notes_of_the_body_are_not_published_with_the_relazione() -> None:
    nota = f'<w:footnote w:id="1"><w:p>{result("Segreto")}</w:p></w:footnote>'
    note = f'<w:footnotes xmlns:w="{carte.MAIN}">{nota}</w:footnotes>'
    con_note = carte.add_part(ITALIAN, "footnotes.xml", f"{carte.WORD}.footnotes+xml", note)
    pulita, _ = esame.intestata("carta", con_note)
    assert pulita is not None
    assert all(b"Segreto" not in parte for parte in carte.unzipped(pulita).values())


def test_an_object_of_the_body_goes_with_the_body() -> None:
    oggetto = "<w:r><w:object/></w:r></w:p><w:sectPr>"
    contenuto = carte.changed(ITALIAN, "word/document.xml", "</w:p><w:sectPr>", oggetto)
    assert (
        b"w:object"
        not in carte.unzipped(esame.intestata("carta", contenuto)[0] or b"")["word/document.xml"]
    )


# ----------------------------------------------------------------------------------------- numbers


TITOLI = {"heading 1": 0, "heading 2": 1, "heading 3": 2, "Titolo scheda": 1}
"""What is a heading, and of which outline level."""


@pytest.mark.parametrize("nome", ["with_numbered_headings", "with_a_numbered_index"])
def test_only_the_headings_are_numbered_and_only_they_are_bookmarks(nome: str) -> None:
    word = base.apri(carte.GOOD[nome](b""))
    for stile, catena in base.catene(word).items():
        if base._tipo(catena[0]) != "paragraph":
            continue
        numeri = [n.get(f"{W}val") for s in catena for n in s.iter(f"{W}numId")]
        assert numeri[:1] in ([], ["0"]) or stile in TITOLI, stile
        assert base._valore(catena, "outlineLvl", 9) == TITOLI.get(stile, 9), stile
    titoli = [n.get(f"{W}val") for s in base.catene(word)["heading 1"] for n in s.iter(f"{W}numId")]
    assert titoli == (["9"] if nome == "with_numbered_headings" else [])
