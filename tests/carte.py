"""Letterheads and stemmi as an office may have them: good, odd, broken or hostile.

The basic one is written by hand as the Italian Word saves it: its styles have Italian identifiers, its
header a picture, its footer the page number, its text is in American English and has body of its own.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from docx import Document
from docx.enum.section import WD_SECTION
from docx.shared import Cm
from PIL import Image, ImageCms

from pipeline.documents.word.base import MODELLO

Parts = dict[str, bytes]
Change = Callable[[Parts], object]

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
TESTATA, PIEDE = "Comune di Borgo Inventato", "Piazza del Municipio 1"


def zipped(parti: Parts) -> bytes:
    flusso = BytesIO()
    with zipfile.ZipFile(flusso, "w", zipfile.ZIP_DEFLATED) as archivio:
        for nome, contenuto in parti.items():
            archivio.writestr(nome, contenuto)
    return flusso.getvalue()


def unzipped(contenuto: bytes) -> Parts:
    with zipfile.ZipFile(BytesIO(contenuto)) as archivio:
        return {nome: archivio.read(nome) for nome in archivio.namelist()}


def changed(contenuto: bytes, parte: str, prima: str, dopo: str) -> bytes:
    """A file with a text of one part in place of another, which must be there."""
    parti = unzipped(contenuto)
    assert prima.encode() in parti[parte], (parte, prima)
    parti[parte] = parti[parte].replace(prima.encode(), dopo.encode())
    return zipped(parti)


def saved(word: Document) -> bytes:
    flusso = BytesIO()
    word.save(flusso)
    return flusso.getvalue()


# ----------------------------------------------------------------------------------------- pictures


def chunk(nome: bytes, dati: bytes) -> bytes:
    """A piece of a PNG."""
    corpo = nome + dati
    return struct.pack(">I", len(dati)) + corpo + struct.pack(">I", zlib.crc32(corpo))


def png(larghezza: int = 40, altezza: int = 50, punti: bytes = b"", altro: bytes = b"") -> bytes:
    """A black PNG; with other compressed dots than its own, or with pieces before them."""
    testa = chunk(b"IHDR", struct.pack(">IIBBBBB", larghezza, altezza, 8, 0, 0, 0, 0))
    suoi = punti or zlib.compress(bytes(larghezza + 1) * altezza, 9)
    return b"\x89PNG\r\n\x1a\n" + testa + altro + chunk(b"IDAT", suoi) + chunk(b"IEND", b"")


def jpeg(modo: str = "RGB", **come: object) -> bytes:
    """A JPEG of 40 x 50 dots."""
    flusso = BytesIO()
    Image.linear_gradient("L").resize((40, 50)).convert(modo).save(flusso, "JPEG", **come)
    return flusso.getvalue()


def segment(marca: int, contenuto: bytes) -> bytes:
    return bytes((0xFF, marca)) + struct.pack(">H", len(contenuto) + 2) + contenuto


def with_segments(*segmenti: bytes) -> bytes:
    """A JPEG that begins with these segments, and not with the one that most programs write."""
    inizio, fine = 2, 2 + 18  # JFIF has eighteen bytes
    semplice = jpeg()
    return semplice[:inizio] + b"".join(segmenti) + semplice[fine:]


def exif(**dati: object) -> bytes:
    """What a camera writes beside a picture: here the author, the place and which side is up."""
    scritti = Image.Exif()
    scritti[0x013B] = "Luigi Brambilla"
    scritti[0x0112] = dati.get("verso", 1)
    scritti.get_ifd(0x8825)[1] = "N"
    return scritti.tobytes()


ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
JPEGS = {
    "JFIF": jpeg(),
    "without a segment": with_segments(),
    "a comment first": with_segments(segment(0xFE, b"fatto da Luigi Brambilla")),
    "ICC first": with_segments(segment(0xE2, b"ICC_PROFILE\0\1\1" + ICC)),
    "XMP first": with_segments(segment(0xE1, XMP)),
    "Photoshop first": with_segments(segment(0xED, b"Photoshop 3.0\x008BIM" + bytes(8))),
    "Exif without density": with_segments(segment(0xE1, exif())),
    "JFIF without density": jpeg(dpi=(0, 0)),
    "for printers": jpeg("CMYK"),
    "in greys": jpeg("L"),
    "progressive": jpeg(progressive=True),
}
"""The same picture in encodings that are all legal: no program writes only one of them."""


# ------------------------------------------------------------------------------- hostile pictures

PICTURES: dict[str, tuple[str, Callable[[], bytes]]] = {}
"""Name -> what is said of it, "" for one that is taken, and what makes it."""


def picture(perche: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        PICTURES[make.__name__] = (perche, make)
        return make

    return register


GONFIO = zlib.compress(bytes(100 * 2**20), 1)
"""A hundred megabytes in few bytes."""
NERO = zlib.compress(bytes(41) * 50)
NON_PNG, ROTTA = "non è un'immagine PNG o JPEG", "danneggiata o incompleta"


@picture("più di 50 milioni di punti")
def a_png_that_says_it_is_enormous() -> bytes:
    return png(2**31 - 1, 2**31 - 1, NERO)


@picture(ROTTA)
def a_png_as_large_as_may_be_without_dots() -> bytes:
    return png(7_000, 7_000, NERO)


@picture("")
def a_png_with_more_dots_than_it_says() -> bytes:
    return png(punti=GONFIO)


@picture("leggibile")
def a_png_whose_words_inflate() -> bytes:
    return png(altro=chunk(b"zTXt", b"a\0\0" + GONFIO))


@picture("leggibile")
def a_png_whose_international_words_inflate() -> bytes:
    return png(altro=chunk(b"iTXt", b"a\0\1\0\0\0" + GONFIO))


@picture("leggibile")
def a_png_whose_colours_inflate() -> bytes:
    return png(altro=chunk(b"iCCP", b"a\0\0" + GONFIO))


@picture("leggibile")
def a_png_of_many_words_that_inflate_together() -> bytes:
    return png(altro=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000), 9)) * 200)


@picture("")
def a_png_of_many_pieces() -> bytes:
    return png(altro=chunk(b"abCd", b"") * 20_000)


@picture("")
def a_png_that_moves_for_hours() -> bytes:
    """APNG: what is printed is its first frame."""
    misure = struct.pack(">IIIIHHBB", 40, 50, 0, 0, 1, 1, 0, 0)
    fotogrammi = b"".join(
        chunk(b"fcTL", struct.pack(">I", n) + misure) + chunk(b"fdAT", struct.pack(">I", n + 1) + NERO)
        for n in range(0, 4_000, 2)
    )
    return png(altro=chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)) + fotogrammi)


@picture(ROTTA)
def a_png_whose_piece_never_ends() -> bytes:
    return png()[:33] + struct.pack(">I", 2**31 - 1) + b"IDAT" + bytes(100)


@picture("troppe passate")
def a_jpeg_of_ten_thousand_scans() -> bytes:
    flusso = BytesIO()
    Image.new("L", (7_000, 7_000)).save(flusso, "JPEG", progressive=True)
    intero = flusso.getvalue()
    ultima = intero[intero.rfind(b"\xff\xda") : -2]
    return intero[:-2] + ultima * 10_000 + intero[-2:]


@picture("più di 50 milioni di punti")
def a_jpeg_that_says_it_is_enormous() -> bytes:
    return jpeg().replace(struct.pack(">HH", 50, 40), struct.pack(">HH", 65_500, 65_500))


@picture("")
def a_jpeg_of_many_segments() -> bytes:
    return with_segments(*[segment(0xE1, b"nulla")] * 20_000)


@picture("")
def a_jpeg_full_of_nothing() -> bytes:
    intero = jpeg()
    return intero[:2] + b"\xff" * 100_000 + intero[2:]


@picture("leggibile")
def a_jpeg_of_half_the_bytes() -> bytes:
    intero = jpeg(quality=95)
    return intero[: len(intero) // 2]


@picture(NON_PNG)
def a_tiff_called_png() -> bytes:
    flusso = BytesIO()
    Image.new("L", (9_000, 5_000)).save(flusso, "TIFF", compression="tiff_deflate")
    return flusso.getvalue()


@picture(NON_PNG)
def a_gif_called_png() -> bytes:
    misure = struct.pack("<HH", 65_535, 65_535)
    return b"GIF89a" + misure + b"\x80\0\0" + bytes(6) + b"," + bytes(4) + misure + b"\0\2\2\x4c\1\0;"


@picture(NON_PNG)
def a_bmp_called_png() -> bytes:
    testa = struct.pack("<IiiHHIIiiII", 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 100, 0, 0, 54) + testa


@picture(NON_PNG)
def a_program_of_a_printer_called_png() -> bytes:
    return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n{}loop"


# --------------------------------------------------------------------------------- the basic letterhead


def _rels(*legami: str) -> bytes:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(legami)}</Relationships>'.encode()


def rel(chiave: str, tipo: str, meta: str, modo: str = "") -> str:
    esterno = f' TargetMode="{modo}"' if modo else ""
    return f'<Relationship Id="{chiave}" Type="{RELS}/{tipo}" Target="{meta}"{esterno}/>'


def style(chiave: str, nome: str, tipo: str = "paragraph", altro: str = "", uso: str = "") -> str:
    return (
        f'<w:style w:type="{tipo}"{uso} w:styleId="{chiave}"><w:name w:val="{nome}"/>{altro}</w:style>'
    )


DEFAULT = ' w:default="1"'
AS_A_LETTER = (
    '<w:spacing w:line="480" w:lineRule="auto"/><w:ind w:left="300" w:firstLine="567"/>'
    '<w:jc w:val="both"/>'
)
"""Justified, indented, double spaced."""
STYLES = (
    style("Normale", "Normal", uso=DEFAULT, altro=f"<w:pPr>{AS_A_LETTER}</w:pPr>")
    + style("Carpredefinitoparagrafo", "Default Paragraph Font", "character", uso=DEFAULT)
    + style("Tabellanormale", "Normal Table", "table", uso=DEFAULT)
    + style("Nessunelenco", "No List", "numbering", uso=DEFAULT)
    + style("Titolo1", "heading 1", altro='<w:basedOn w:val="Normale"/><w:rPr><w:b/></w:rPr>')
    + style("Sommario1", "toc 1", altro='<w:basedOn w:val="Normale"/>')
    + style("Intestazione", "header", altro='<w:basedOn w:val="Normale"/>')
    + style("Pidipagina", "footer", altro='<w:basedOn w:val="Normale"/>')
)
_DISEGNO = (
    '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="360000" cy="450000"/>'
    '<wp:docPr id="1" name="Stemma" descr="Stemma del Comune"/><a:graphic><a:graphicData '
    'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr '
    'id="1" name="stemma.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rId1"/>'
    "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off "
    'x="0" y="0"/><a:ext cx="360000" cy="450000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
    "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
)
_SPAZI = (
    f'xmlns:w="{MAIN}" xmlns:r="{RELS}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
PAGE_NUMBER = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
MARGINS = (
    '<w:pgMar w:top="1700" w:right="1418" w:bottom="1400" w:left="1418" w:header="500" w:footer="500" '
    'w:gutter="0"/>'
)


def italian() -> Parts:
    """As the Italian Word leaves it."""
    tipi = "".join(
        f'<Override PartName="/word/{nome}.xml" ContentType="{WORD}.{tipo}+xml"/>'
        for nome, tipo in {
            "document": "document.main",
            "styles": "styles",
            "settings": "settings",
            "header1": "header",
            "footer1": "footer",
            "fontTable": "fontTable",
        }.items()
    )
    tipi += (
        '<Override PartName="/word/theme/theme1.xml" '
        f'ContentType="{WORD.removesuffix("wordprocessingml")}theme+xml"/>'
    )
    nostre = unzipped(MODELLO.read_bytes())
    parti = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
        'Extension="xml" ContentType="application/xml"/><Default Extension="png" '
        f'ContentType="image/png"/>{tipi}</Types>',
        "word/document.xml": f"<w:document {_SPAZI}><w:body><w:p><w:r><w:t>Egregio signore,</w:t></w:r>"
        '</w:p><w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference '
        f'w:type="default" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/>{MARGINS}</w:sectPr></w:body>'
        "</w:document>",
        "word/styles.xml": f"<w:styles {_SPAZI}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts "
        'w:ascii="Times New Roman" w:hAnsi="Times New Roman"/><w:sz w:val="24"/><w:lang '
        f'w:val="en-US"/></w:rPr></w:rPrDefault></w:docDefaults>{STYLES}</w:styles>',
        "word/settings.xml": f'<w:settings {_SPAZI}><w:zoom w:percent="100"/></w:settings>',
        "word/header1.xml": f'<w:hdr {_SPAZI}><w:p><w:pPr><w:pStyle w:val="Intestazione"/></w:pPr><w:r>'
        f"{_DISEGNO}</w:r><w:r><w:t>{TESTATA}</w:t></w:r></w:p></w:hdr>",
        "word/footer1.xml": f'<w:ftr {_SPAZI}><w:p><w:pPr><w:pStyle w:val="Pidipagina"/></w:pPr><w:r>'
        f"<w:t>{PIEDE}</w:t></w:r>{PAGE_NUMBER}</w:p></w:ftr>",
    }
    return {
        **{nome: testo.encode() for nome, testo in parti.items()},
        "_rels/.rels": _rels(rel("rId1", "officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _rels(
            rel("rId1", "styles", "styles.xml"),
            rel("rId2", "settings", "settings.xml"),
            rel("rId3", "header", "header1.xml"),
            rel("rId4", "footer", "footer1.xml"),
            rel("rId5", "fontTable", "fontTable.xml"),
            rel("rId6", "theme", "theme/theme1.xml"),
        ),
        "word/fontTable.xml": nostre["word/fontTable.xml"],
        "word/theme/theme1.xml": nostre["word/theme/theme1.xml"],
        "word/_rels/header1.xml.rels": _rels(rel("rId1", "image", "media/image1.png")),
        "word/media/image1.png": png(),
    }


ITALIAN = zipped(italian())
OURS = MODELLO.read_bytes()
"""Our template, as a letterhead that lacks nothing."""


def add_rel(contenuto: bytes, parte: str, legame: str) -> bytes:
    """A file with one more relationship of a part."""
    cartella, _, nome = parte.rpartition("/")
    parti = unzipped(contenuto)
    rels = f"{cartella}/_rels/{nome}.rels".lstrip("/")
    vecchi = parti.get(rels, _rels())
    parti[rels] = vecchi.replace(b"</Relationships>", f"{legame}</Relationships>".encode())
    return zipped(parti)


def add_part(contenuto: bytes, nome: str, tipo: str, testo: str) -> bytes:
    """A file with one more part of the document, related to it."""
    relazione = tipo.rpartition(".")[2].removesuffix("+xml")
    parti = unzipped(contenuto)
    parti[f"word/{nome}"] = testo.encode()
    voce = f'<Override PartName="/word/{nome}" ContentType="{tipo}"/></Types>'.encode()
    parti["[Content_Types].xml"] = parti["[Content_Types].xml"].replace(b"</Types>", voce)
    return add_rel(zipped(parti), "word/document.xml", rel(f"rId_{relazione}", relazione, nome))


# -------------------------------------------------------------------------------------- the good ones

GOOD: dict[str, Callable[[bytes], bytes]] = {}
"""Name -> what makes a letterhead; it is given a relazione of ours made without one."""


def good(make: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    GOOD[make.__name__] = make
    return make


@good
def made_with_the_italian_word(ours: bytes) -> bytes:
    return ITALIAN


@good
def made_with_python_docx(ours: bytes) -> bytes:
    word = Document()
    word.core_properties.author = word.core_properties.comments = ""
    sezione = word.sections[0]
    sezione.page_width, sezione.page_height = Cm(21), Cm(29.7)
    sezione.header.paragraphs[0].text = TESTATA
    sezione.footer.paragraphs[0].text = PIEDE
    word.add_heading("Da cancellare", 1)
    return saved(word)


@good
def with_a_narrow_text(ours: bytes) -> bytes:
    larghi = MARGINS.replace('"1418"', '"2835"').replace('gutter="0"', 'gutter="500"')
    return changed(ITALIAN, "word/document.xml", MARGINS, larghi)


@good
def lying_down(ours: bytes) -> bytes:
    pagina = 'w:w="16838" w:h="11906" w:orient="landscape"'
    return changed(ITALIAN, "word/document.xml", 'w:w="11906" w:h="16838"', pagina)


@good
def in_two_columns(ours: bytes) -> bytes:
    colonne = f'{MARGINS}<w:cols w:num="2" w:space="708"/>'
    return changed(ITALIAN, "word/document.xml", MARGINS, colonne)


@good
def without_measures(ours: bytes) -> bytes:
    pagina = f'<w:pgSz w:w="11906" w:h="16838"/>{MARGINS}'
    return changed(ITALIAN, "word/document.xml", pagina, "")


NUMBERING = (
    f'<w:numbering xmlns:w="{MAIN}">'
    '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
    '<w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="3"><w:multiLevelType w:val="singleLevel"/></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num></w:numbering>'
)


@good
def with_lists_of_the_same_numbers(ours: bytes) -> bytes:
    return add_part(ITALIAN, "numbering.xml", f"{WORD}.numbering+xml", NUMBERING)


@good
def with_our_identifiers_for_other_styles(ours: bytes) -> bytes:
    altri = (
        style("Title", "Titolone", altro='<w:rPr><w:sz w:val="200"/></w:rPr>')
        + style("copertina", "Retro di copertina")
        + style("TestoTabella", "Appunto")
        + style("TestoTabellaRelazione", "Altro appunto")
    )
    return changed(ITALIAN, "word/styles.xml", "</w:styles>", f"{altri}</w:styles>")


@good
def with_our_names_for_other_kinds_of_style(ours: bytes) -> bytes:
    altri = style("Bz", "Bozza", "character") + style("Tr", "Tabella relazione", "character")
    return changed(ITALIAN, "word/styles.xml", "</w:styles>", f"{altri}</w:styles>")


@good
def with_a_default_style_of_another_name(ours: bytes) -> bytes:
    return changed(ITALIAN, "word/styles.xml", 'w:val="Normal"', 'w:val="Corpo"')


@good
def without_a_language(ours: bytes) -> bytes:
    return changed(ITALIAN, "word/styles.xml", '<w:lang w:val="en-US"/>', "")


@good
def without_defaults(ours: bytes) -> bytes:
    parti = unzipped(ITALIAN)
    stili = parti["word/styles.xml"]
    parti["word/styles.xml"] = re.sub(rb"<w:docDefaults>.*</w:docDefaults>", b"", stili)
    return zipped(parti)


@good
def without_header_and_footer(ours: bytes) -> bytes:
    parti = unzipped(ITALIAN)
    corpo = parti["word/document.xml"]
    parti["word/document.xml"] = re.sub(rb"<w:(header|footer)Reference[^>]*/>", b"", corpo)
    return zipped(parti)


@good
def with_a_header_of_the_first_page(ours: bytes) -> bytes:
    prima = f"{MARGINS}<w:titlePg/>"
    return changed(ITALIAN, "word/document.xml", MARGINS, prima)


@good
def with_headers_of_odd_and_even_pages(ours: bytes) -> bytes:
    word = Document(BytesIO(ITALIAN))
    word.settings.odd_and_even_pages_header_footer = True
    capoverso = word.sections[0].even_page_header.paragraphs[0]
    capoverso.text, capoverso._p.style = f"{TESTATA}, pagine pari", "Intestazione"
    return saved(word)


@good
def with_a_table_in_the_header(ours: bytes) -> bytes:
    tabella = (
        '<w:tbl><w:tblPr><w:tblW w:w="9000" w:type="dxa"/></w:tblPr><w:tblGrid><w:gridCol w:w="9000"/>'
        "</w:tblGrid><w:tr><w:tc><w:p><w:r><w:t>Ufficio</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>"
    )
    return changed(ITALIAN, "word/header1.xml", "</w:hdr>", f"{tabella}</w:hdr>")


@good
def with_several_sections(ours: bytes) -> bytes:
    """Only the first has a header: the others go on with it."""
    word = Document(BytesIO(ITALIAN))
    word.add_section(WD_SECTION.NEW_PAGE)
    word.add_paragraph("Pagina due")
    word.add_section(WD_SECTION.NEW_PAGE)
    return saved(word)


@good
def tied_to_a_template(ours: bytes) -> bytes:
    """Word leaves it in every document that was made from a template of the office."""
    modello = rel("rId9", "attachedTemplate", "file:///C:/Modelli/carta.dotm", "External")
    legata = add_rel(ITALIAN, "word/settings.xml", modello)
    zoom = '<w:zoom w:percent="100"/>'
    dopo = f'{zoom}<w:attachedTemplate r:id="rId9"/><w:documentProtection w:edit="readOnly"/>'
    return changed(legata, "word/settings.xml", zoom, dopo)


@good
def with_a_link_and_a_picture_in_its_body(ours: bytes) -> bytes:
    sito = rel("rId9", "hyperlink", "https://www.example.it", "External")
    foto = rel("rId10", "image", "media/image1.png")
    con_sito = add_rel(add_rel(ITALIAN, "word/document.xml", sito), "word/document.xml", foto)
    legame = '<w:hyperlink r:id="rId9"><w:r><w:t>sito</w:t></w:r></w:hyperlink></w:p><w:sectPr>'
    return changed(con_sito, "word/document.xml", "</w:p><w:sectPr>", legame)


@good
def whose_main_part_has_another_name(ours: bytes) -> bytes:
    """As the Word of a browser saves it."""
    parti = unzipped(ITALIAN)
    parti["word/document2.xml"] = parti.pop("word/document.xml")
    parti["word/_rels/document2.xml.rels"] = parti.pop("word/_rels/document.xml.rels")
    for nome in ("[Content_Types].xml", "_rels/.rels"):
        parti[nome] = parti[nome].replace(b"word/document.xml", b"word/document2.xml")
    return zipped(parti)


def in_header(altro: str, contenuto: bytes = ITALIAN) -> bytes:
    """A letterhead with something more in its header."""
    return changed(contenuto, "word/header1.xml", "</w:hdr>", f"{altro}</w:hdr>")


def numbered(stile: str, nome: str, formato: str = "decimal") -> bytes:
    """A letterhead of which a style has numbers of its own."""
    livello = (
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{formato}"/><w:pStyle w:val="{stile}"/>'
        '<w:lvlText w:val="%1."/></w:lvl>'
    )
    elenchi = (
        f'<w:numbering xmlns:w="{MAIN}"><w:abstractNum w:abstractNumId="5"><w:multiLevelType '
        f'w:val="multilevel"/>{livello}</w:abstractNum><w:num w:numId="9"><w:abstractNumId w:val="5"/>'
        "</w:num></w:numbering>"
    )
    con_elenchi = add_part(ITALIAN, "numbering.xml", f"{WORD}.numbering+xml", elenchi)
    proprieta = (
        '<w:basedOn w:val="Normale"/><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="9"/></w:numPr>'
        "</w:pPr>"
    )
    parti = unzipped(con_elenchi)
    vecchio = re.compile(rf'<w:style [^>]*w:styleId="{stile}">.*?</w:style>'.encode())
    stili = vecchio.sub(b"", parti["word/styles.xml"])
    nuovo = style(stile, nome, altro=proprieta).encode()
    parti["word/styles.xml"] = stili.replace(b"</w:styles>", nuovo + b"</w:styles>")
    return zipped(parti)


@good
def with_numbered_headings(ours: bytes) -> bytes:
    """And a heading of the index that is based on them, as in Word."""
    indice = style("Titolosommario", "TOC Heading", altro='<w:basedOn w:val="Titolo1"/>')
    return changed(
        numbered("Titolo1", "heading 1"), "word/styles.xml", "</w:styles>", f"{indice}</w:styles>"
    )


@good
def with_a_numbered_index(ours: bytes) -> bytes:
    return numbered("Sommario1", "toc 1", "upperRoman")


def with_core(tipo: str, contenuto: str) -> bytes:
    """A letterhead with these properties of the document, of this content type."""
    parti = italian()
    voce = f'<Override PartName="/docProps/core.xml" ContentType="{tipo}"/></Types>'.encode()
    parti["[Content_Types].xml"] = parti["[Content_Types].xml"].replace(b"</Types>", voce)
    parti["docProps/core.xml"] = contenuto.encode()
    legame = (
        f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/></Relationships>'
    )
    parti["_rels/.rels"] = parti["_rels/.rels"].replace(b"</Relationships>", legame.encode())
    return zipped(parti)


@good
def with_properties_of_another_type(ours: bytes) -> bytes:
    return with_core("application/xml", f'<coreProperties xmlns="{PACKAGE}/metadata/core-properties"/>')


@good
def with_properties_that_are_none(ours: bytes) -> bytes:
    return with_core("application/vnd.openxmlformats-package.core-properties+xml", "<altro/>")


@good
def on_an_american_sheet(ours: bytes) -> bytes:
    return changed(ITALIAN, "word/document.xml", 'w:w="11906" w:h="16838"', 'w:w="12240" w:h="15840"')


@good
def from_right_to_left(ours: bytes) -> bytes:
    return changed(ITALIAN, "word/document.xml", MARGINS, f"{MARGINS}<w:bidi/>")


@good
def a_relazione_of_ours(ours: bytes) -> bytes:
    return ours


@good
def our_template(ours: bytes) -> bytes:
    return OURS


# --------------------------------------------------------------------------------------- the bad ones

BAD: dict[str, tuple[str, Callable[[], bytes]]] = {}
"""Name -> what the finding says, and what makes the file."""


def bad(perche: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        BAD[make.__name__] = (perche, make)
        return make

    return register


@bad("non è un documento di Word")
def nothing() -> bytes:
    return b""


@bad("non è un documento di Word")
def a_text() -> bytes:
    return "Città di Borgo".encode()


@bad("non è un documento di Word")
def an_old_doc() -> bytes:
    return OLE + bytes(4096)


@bad("password")
def encrypted() -> bytes:
    return OLE + bytes(1024) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


@bad("vecchio documento di Word (.doc)")
def a_doc() -> bytes:
    return OLE + "WordDocument".encode("utf-16-le") + bytes(512)


@bad(".odt")
def an_odt() -> bytes:
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"})


@bad(".rtf")
def an_rtf() -> bytes:
    return b"{\\rtf1 Borgo}"


@bad("firmato digitalmente")
def a_signed_one() -> bytes:
    return b"\x30\x82\x52\x49" + ITALIAN


@bad("macro")
def a_dotm() -> bytes:
    return _of_type("vnd.ms-word.template.macroEnabledTemplate.main+xml")


def _of_type(tipo: str) -> bytes:
    """The letterhead with another content type of its main part, as Word saves its templates."""
    di_word = "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return changed(ITALIAN, "[Content_Types].xml", di_word, tipo)


@bad("danneggiata")
def cut_short() -> bytes:
    return ITALIAN[: len(ITALIAN) // 2]


@bad("non è un documento di Word")
def an_empty_zip() -> bytes:
    return zipped({})


@bad("non è un documento di Word")
def a_workbook() -> bytes:
    parti = italian()
    tipi = parti["[Content_Types].xml"]
    libro = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parti["[Content_Types].xml"] = tipi.replace(f"{WORD}.document.main+xml".encode(), libro)
    return zipped(parti)


@bad("non è un documento di Word")
def a_template() -> bytes:
    return changed(ITALIAN, "[Content_Types].xml", ".document.main+xml", ".template.main+xml")


@bad("macro")
def with_macros() -> bytes:
    return zipped(italian() | {"word/vbaProject.bin": OLE})


@bad("Strict")
def strict() -> bytes:
    severo = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    parti = {nome: testo.replace(RELS.encode(), severo) for nome, testo in italian().items()}
    return zipped(parti)


@bad("come la scriverebbe Word")
def with_other_prefixes() -> bytes:
    parti = italian()
    corpo = parti["word/document.xml"]
    altro = corpo.replace(b"<w:", b"<x:").replace(b"</w:", b"</x:").replace(b" w:", b" x:")
    parti["word/document.xml"] = altro.replace(b"xmlns:w=", b"xmlns:x=")
    return zipped(parti)


@bad("troppo grande")
def a_zip_bomb() -> bytes:
    return zipped(italian() | {"word/media/image2.png": bytes(120 * 2**20)})


@bad("troppo grande")
def with_an_endless_body() -> bytes:
    return changed(ITALIAN, "word/document.xml", "Egregio", "E" * 6 * 2**20)


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


@bad("danneggiata")
def an_entity_bomb() -> bytes:
    parti = italian()
    parti["word/header1.xml"] = BOMB.encode() + parti["word/header1.xml"].replace(b"Comune", b"&c;")
    return zipped(parti)


@bad("danneggiata")
def an_entity_bomb_in_a_part_of_another_name() -> bytes:
    parti = italian()
    righe = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    bomba = f'<!DOCTYPE w:hdr [<!ENTITY e0 "x">{righe}]><w:hdr xmlns:w="{MAIN}" w:a="&e12;"/>'
    parti["word/testa.bin"] = bomba.encode()
    del parti["word/header1.xml"]
    for nome in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
        parti[nome] = parti[nome].replace(b"header1.xml", b"testa.bin")
    return zipped(parti)


@bad("collegata ad altri file")
def with_a_picture_of_another_file() -> bytes:
    foto = rel("rId9", "image", "https://www.example.it/stemma.png", "External")
    return add_rel(ITALIAN, "word/header1.xml", foto)


@bad("meno di 10 centimetri")
def with_no_room_for_the_text() -> bytes:
    stretti = MARGINS.replace('"1418"', '"5500"')
    return changed(ITALIAN, "word/document.xml", MARGINS, stretti)


@bad("danneggiata")
def with_broken_styles() -> bytes:
    return changed(ITALIAN, "word/styles.xml", "</w:styles>", "")


@bad("non è un documento di Word")
def with_an_identifier_that_is_no_word() -> bytes:
    return changed(
        ITALIAN, "word/styles.xml", "</w:styles>", f"{style('R&amp;D', 'Subtitle')}</w:styles>"
    )


@bad("non è un documento di Word")
def with_measures_that_are_no_numbers() -> bytes:
    return changed(ITALIAN, "word/document.xml", 'w:w="11906"', 'w:w="larga"')


@bad("non è un documento di Word")
def without_its_footer() -> bytes:
    parti = italian()
    del parti["word/footer1.xml"]
    return zipped(parti)


@bad("meno di 10 centimetri")
def with_no_room_from_top_to_bottom() -> bytes:
    return changed(ITALIAN, "word/document.xml", 'w:top="1700"', 'w:top="12000"')


def with_linked_picture(indirizzo: str) -> bytes:
    """Its picture is elsewhere, behind a relationship that says it is a link to click."""
    foto = rel("rId9", "hyperlink", indirizzo, "External")
    legata = add_rel(ITALIAN, "word/header1.xml", foto)
    return changed(legata, "word/header1.xml", '<a:blip r:embed="rId1"/>', '<a:blip r:link="rId9"/>')


@bad("collegata ad altri file")
def with_a_picture_behind_a_link() -> bytes:
    return with_linked_picture("http://127.0.0.1/stemma.png")


@bad("collegata ad altri file")
def with_a_picture_behind_a_link_of_its_own() -> bytes:
    """The same relationship serves a link that is one, and a picture."""
    legame = '<w:p><w:hyperlink r:id="rId9"><w:r><w:t>sito</w:t></w:r></w:hyperlink></w:p>'
    return in_header(legame, with_linked_picture("file:///etc/hostname"))


@bad("collegata ad altri file")
def with_a_drawing_of_old_from_another_file() -> bytes:
    vml = (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata r:href="rId9"/>'
        "</v:shape></w:pict></w:r></w:p>"
    )
    return in_header(
        vml, add_rel(ITALIAN, "word/header1.xml", rel("rId9", "hyperlink", "x", "External"))
    )


@bad("oggetto incorporato")
def with_an_embedded_object() -> bytes:
    return in_header("<w:p><w:r><w:object/></w:r></w:p>")


@bad("oggetto incorporato")
def with_a_control() -> bytes:
    return in_header('<w:p><w:r><w:pict/><w:control w:name="Casella"/></w:r></w:p>')


@bad("oggetto incorporato")
def with_a_document_in_it() -> bytes:
    return in_header('<w:altChunk r:id="rId9"/>')


@bad("come la scriverebbe Word")
def whose_header_is_said_to_be_something_else() -> bytes:
    """LibreOffice believes the relationship, whatever the list of the parts says."""
    tipo = f"{WORD}.header+xml"
    return changed(ITALIAN, "[Content_Types].xml", tipo, "application/octet-stream")


def with_picture(contenuto: bytes) -> bytes:
    return zipped(italian() | {"word/media/image1.png": contenuto})


@bad("una sua immagine")
def with_a_web_drawing_called_png() -> bytes:
    return with_picture(b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/x"/></svg>')


@bad("una sua immagine")
def with_a_picture_cut_short() -> bytes:
    return with_picture(png(400, 500)[:-40])


@bad("una sua immagine ha più di 50 milioni di punti")
def with_an_enormous_picture() -> bytes:
    return with_picture(png(10_000, 6_000))


@bad("troppo testo")
def with_a_book_in_its_header() -> bytes:
    return changed(ITALIAN, "word/header1.xml", TESTATA, "A" * 2_000_000)


@bad("più di mezza pagina")
def with_a_header_of_many_lines() -> bytes:
    return in_header("<w:p/>" * 300)


@bad("più di mezza pagina")
def with_a_header_of_many_breaks() -> bytes:
    return in_header(f"<w:p><w:r>{'<w:br/>' * 5_000}</w:r></w:p>")


@bad("più di mezza pagina")
def with_a_header_pushed_down() -> bytes:
    return in_header('<w:p><w:pPr><w:spacing w:before="20000"/></w:pPr></w:p>')


@bad("troppi stili")
def with_styles_without_end() -> bytes:
    molti = "".join(style(f"S{n}", f"Stile {n}") for n in range(20_000))
    return changed(ITALIAN, "word/styles.xml", "</w:styles>", f"{molti}</w:styles>")


def with_normal(caratteri: str = "", capoverso: str = "") -> bytes:
    """A letterhead with this in the style of its text."""
    prima = f"<w:pPr>{AS_A_LETTER}</w:pPr>"
    return changed(
        ITALIAN, "word/styles.xml", prima, f"<w:pPr>{capoverso}</w:pPr><w:rPr>{caratteri}</w:rPr>"
    )


@bad("«Normale» è di testo nascosto")
def with_hidden_text() -> bytes:
    return with_normal("<w:vanish/>")


@bad("«Normale» è di testo nascosto")
def with_text_hidden_by_default() -> bytes:
    prima = "<w:docDefaults><w:rPrDefault><w:rPr>"
    return changed(ITALIAN, "word/styles.xml", prima, f"{prima}<w:vanish/>")


@bad("«Titolo 1» è di testo nascosto")
def with_headings_based_on_a_hidden_style() -> bytes:
    base = style("Base", "Base", altro="<w:rPr><w:vanish/></w:rPr>")
    nascosti = changed(ITALIAN, "word/styles.xml", "</w:styles>", f"{base}</w:styles>")
    prima = '"heading 1"/><w:basedOn w:val="Normale"/>'
    return changed(nascosti, "word/styles.xml", prima, '"heading 1"/><w:basedOn w:val="Base"/>')


@bad("stesso colore dello sfondo")
def with_white_text() -> bytes:
    return with_normal('<w:color w:val="FFFFFE"/>')


@bad("stesso colore dello sfondo")
def with_text_of_the_colour_of_the_page() -> bytes:
    return with_normal('<w:color w:val="auto" w:themeColor="background1"/>')


@bad("stesso colore dello sfondo")
def with_black_text_on_black() -> bytes:
    return with_normal('<w:color w:val="000000"/>', '<w:shd w:val="clear" w:fill="000000"/>')


@bad("caratteri di 1 punti")
def with_tiny_text() -> bytes:
    return with_normal('<w:sz w:val="2"/>')


@bad("righe troppo basse")
def with_lines_squeezed() -> bytes:
    return with_normal("", '<w:spacing w:line="20" w:lineRule="exact"/>')


@bad("rientri")
def with_text_out_of_the_page() -> bytes:
    return with_normal("", '<w:ind w:left="20000"/>')


@bad("danneggiata")
def nested_too_deep() -> bytes:
    return in_header("<w:p>" * 50_000 + "</w:p>" * 50_000)


@bad("più di mezza pagina")
def with_tables_in_tables() -> bytes:
    apre, chiude = "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc>", "</w:tc></w:tr></w:tbl><w:p/>"
    return in_header(apre * 60 + "<w:p/>" + chiude * 60)


@bad("troppo grande")
def of_thousands_of_parts() -> bytes:
    return zipped(italian() | {f"word/media/{n}.png": b"" for n in range(2_001)})


@bad("danneggiata")
def with_a_name_that_climbs_out() -> bytes:
    return zipped(italian() | {"../../evaso.xml": b"<a/>"})


@bad("danneggiata")
def with_a_name_twice_in_capitals() -> bytes:
    return zipped(italian() | {"WORD/document.xml": b"<a/>"})


@bad("danneggiata")
def an_entity_bomb_in_utf_16() -> bytes:
    testata = BOMB + italian()["word/header1.xml"].decode().replace("Comune", "&c;")
    testa = '<?xml version="1.0" encoding="UTF-16"?>'
    return zipped(italian() | {"word/header1.xml": (testa + testata).encode("utf-16")})


@bad("danneggiata")
def with_a_declaration_that_never_ends() -> bytes:
    return zipped(italian() | {"word/header1.xml": ("<?xml " * 400_000).encode("utf-16")})


@bad("una sua immagine non è un'immagine leggibile")
def with_a_picture_whose_words_inflate() -> bytes:
    return with_picture(a_png_whose_words_inflate())


@bad("una sua immagine si compone in troppe passate")
def with_a_picture_of_ten_thousand_scans() -> bytes:
    return with_picture(a_jpeg_of_ten_thousand_scans())


HEAVY: dict[str, Callable[[], bytes]] = {
    "styles each based on the next": lambda: changed(
        ITALIAN,
        "word/styles.xml",
        "</w:styles>",
        "".join(
            style(f"S{n}", f"Stile {n}", altro=f'<w:basedOn w:val="S{n + 1}"/>') for n in range(1_000)
        )
        + "</w:styles>",
    ),
    "styles based on each other": lambda: changed(
        ITALIAN,
        "word/styles.xml",
        "</w:styles>",
        style("A1", "A1", altro='<w:basedOn w:val="B1"/>')
        + style("B1", "B1", altro='<w:basedOn w:val="A1"/>')
        + "</w:styles>",
    ),
    "thousands of links to one picture": lambda: zipped(
        italian()
        | {
            "word/_rels/document.xml.rels": italian()["word/_rels/document.xml.rels"].replace(
                b"</Relationships>",
                "".join(rel(f"x{n}", "image", "media/image1.png") for n in range(5_000)).encode()
                + b"</Relationships>",
            )
        }
    ),
    "a header linked to itself": lambda: add_rel(
        ITALIAN, "word/header1.xml", rel("rId9", "header", "header1.xml")
    ),
    "fields that never end": lambda: in_header(
        "<w:p>" + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 5_000 + "</w:p>"
    ),
    "a field behind a million blanks": lambda: in_header(
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>'
        f'{" " * 1_000_000}INCLUDETEXT "/etc/passwd"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    ),
    "sections without end": lambda: changed(
        ITALIAN,
        "word/document.xml",
        "<w:p><w:r><w:t>Egregio",
        "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>" * 5_000 + "<w:p><w:r><w:t>Egregio",
    ),
}
"""Letterheads that are taken, without what is hostile in them, at no more cost than others."""
