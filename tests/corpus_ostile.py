"""Files that no reader should open without care: each with the one finding it must give.

`CORPUS` names them; every one is made from a good workbook of a settore, and would replace it. Some
look like it and are broken, some are built to take the memory, the time or the neighbours of whoever
opens them.
"""

import re
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from pipeline.workbooks import archivio as limiti
from pipeline.workbooks import xlsx
from pipeline.workbooks.grid import Foglio, Posto

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)

Parts = dict[str, bytes]


class Bad(NamedTuple):
    codice: str
    suffisso: str
    make: Callable[[bytes], bytes]


CORPUS: dict[str, Bad] = {}


def bad(codice: str, suffisso: str = ".xlsx") -> Callable[[Callable[[bytes], bytes]], None]:
    """Register a function from the bytes of a good workbook to those of a bad one."""

    def register(make: Callable[[bytes], bytes]) -> None:
        CORPUS[make.__name__] = Bad(codice, suffisso, make)

    return register


# ------------------------------------------------------------------------------------------ the tools


def unzipped(contenuto: bytes) -> Parts:
    with zipfile.ZipFile(BytesIO(contenuto)) as archivio:
        return {nome: archivio.read(nome) for nome in archivio.namelist()}


def zipped(parti: Parts, metodo: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", metodo, compresslevel=1) as archivio:
        for nome, contenuto in parti.items():
            archivio.writestr(zipfile.ZipInfo(nome, (2020, 1, 1, 0, 0, 0)), contenuto, metodo)
    return buffer.getvalue()


def with_parts(good: bytes, **nuove: bytes) -> bytes:
    """A good workbook with some parts replaced or added."""
    return zipped(unzipped(good) | nuove)


def with_rows(good: bytes, righe: str) -> bytes:
    """A good workbook, the first sheet of which has other rows."""
    return with_parts(good, **{SHEET: sheet(righe)})


def sheet(righe: str, intorno: str = "") -> bytes:
    return f'<worksheet xmlns="{MAIN}"{intorno}><sheetData>{righe}</sheetData></worksheet>'.encode()


def cell(contenuto: str, tipo: str = "inlineStr") -> str:
    return f'<row r="1"><c r="A1" t="{tipo}">{contenuto}</c></row>'


def as_ods(good: bytes) -> Parts:
    """The parts of the .ods with the same texts, numbers, formulas and properties as a good .xlsx."""
    with limiti.aperto("buona.xlsx", good) as archivio:
        cartella = xlsx.leggi(archivio, "xl/workbook.xml")
    tabelle = "".join(ods_table(nome, _ods_rows(foglio)) for nome, foglio in cartella.fogli.items())
    proprieta = "".join(
        f"<meta:user-defined meta:name={quoteattr(nome)}>{escape(valore)}</meta:user-defined>"
        for nome, valore in cartella.proprieta.items()
    )
    return ods_parts(tabelle) | {
        "meta.xml": (
            f'<office:document-meta xmlns:office="{ODF}:office:1.0" xmlns:meta="{ODF}:meta:1.0">'
            f"<office:meta>{proprieta}</office:meta></office:document-meta>"
        ).encode()
    }


def _ods_rows(foglio: Foglio) -> str:
    larghezza = max((colonna for _, colonna in foglio.piene()), default=0)
    righe_xml = []
    for riga in range(1, foglio.ultima_riga() + 1):
        posti = [(riga, colonna) for colonna in range(1, larghezza + 1)]
        righe_xml.append(row("".join(_come_ods(foglio, posto) for posto in posti)))
    return "".join(righe_xml)


def _come_ods(foglio: Foglio, posto: Posto) -> str:
    if posto in foglio.formule:
        return ods_cell(foglio.celle.get(posto, ""), ' table:formula="of:=A1"')
    return ods_cell(foglio.celle.get(posto))


def ods_parts(tabelle: str) -> Parts:
    spazi = " ".join(
        f'xmlns:{breve}="{ODF}:{nome}:1.0"'
        for breve, nome in [("office",) * 2, ("table",) * 2, ("text",) * 2, ("draw", "drawing")]
    )
    contenuto = (
        f"<office:document-content {spazi}><office:body><office:spreadsheet>{tabelle}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": contenuto.encode(),
        "META-INF/manifest.xml": f'<manifest xmlns="{ODF}:manifest:1.0"/>'.encode(),
    }


def ods_table(nome: str, righe: str) -> str:
    return f"<table:table table:name={quoteattr(nome)}>{righe}</table:table>"


def ods_cell(valore: object, attributi: str = "") -> str:
    if valore is None:
        return f"<table:table-cell{attributi}/>"
    tipo = 'office:value-type="string"'
    if isinstance(valore, int | float):
        tipo = f'office:value-type="float" office:value="{valore}"'
    testo = "".join(f"<text:p>{escape(parte)}</text:p>" for parte in str(valore).split("\n"))
    return f"<table:table-cell {tipo}{attributi}>{testo}</table:table-cell>"


def ods(righe: str, prima: str = "") -> bytes:
    """An .ods of one sheet; `prima` stands before everything in its content.xml."""
    parti = ods_parts(ods_table("Foglio1", righe))
    return zipped(parti | {"content.xml": prima.encode() + parti["content.xml"]})


def row(celle: str, attributi: str = "") -> str:
    return f"<table:table-row{attributi}>{celle}</table:table-row>"


# ------------------------------------------------------------------------------- not a workbook at all


@bad("F01")
def a_text(good: bytes) -> bytes:
    return b"Appunti della riunione"


@bad("F01")
def a_csv_renamed(good: bytes) -> bytes:
    return b"N.;Obiettivo;Peso\r\n1;Strade;2\r\n"


@bad("F01")
def a_web_page(good: bytes) -> bytes:
    return b"\r\n<html><table><tr><td>1</td></tr></table></html>"


@bad("F01")
def a_pdf(good: bytes) -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"


@bad("F01")
def nothing(good: bytes) -> bytes:
    return b""


@bad("F01")
def zeros(good: bytes) -> bytes:
    return bytes(len(good))


@bad("F01")
def an_xls_renamed(good: bytes) -> bytes:
    return OLE + bytes(4096)


@bad("F01", ".xlsm")
def an_xls_called_xlsm(good: bytes) -> bytes:
    return OLE + bytes(4096)


@bad("F01")
def a_word_document(good: bytes) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})


@bad("F01")
def photographs(good: bytes) -> bytes:
    return zipped({"foto1.jpg": b"\xff\xd8\xff", "foto2.jpg": b"\xff\xd8\xff"})


@bad("F01")
def an_empty_zip(good: bytes) -> bytes:
    return zipped({})


@bad("F01", ".ods")
def a_libreoffice_text(good: bytes) -> bytes:
    return zipped({**as_ods(good), "mimetype": b"application/vnd.oasis.opendocument.text"})


@bad("F01", ".ods")
def a_flat_ods(good: bytes) -> bytes:
    return b'<?xml version="1.0"?><office:document/>'


@bad("F01")
def strict_open_xml(good: bytes) -> bytes:
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    parti = unzipped(good)
    return zipped({nome: testo.replace(MAIN.encode(), strict) for nome, testo in parti.items()})


@bad("F02")
def encrypted_by_excel(good: bytes) -> bytes:
    return OLE + bytes(1024) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


@bad("F02", ".ods")
def encrypted_by_libreoffice(good: bytes) -> bytes:
    chiusa = (
        f'<manifest xmlns="{ODF}:manifest:1.0"><file-entry><encryption-data/></file-entry></manifest>'
    )
    cifrato = {"content.xml": bytes(range(256)), "META-INF/manifest.xml": chiusa.encode()}
    return zipped(as_ods(good) | cifrato)


@bad("F02")
def encrypted_as_a_zip(good: bytes) -> bytes:
    """The flag of a zip with a password, on every part."""
    return re.sub(b"(PK\x01\x02.{4})\x00", b"\\1\x01", good, flags=re.DOTALL)


# ----------------------------------------------------------------------------------------------- broken


@bad("F03")
def only_a_signature(good: bytes) -> bytes:
    return b"PK\x03\x04"


@bad("F03")
def cut_in_the_middle(good: bytes) -> bytes:
    return good[: len(good) // 2]


@bad("F03")
def without_the_last_byte(good: bytes) -> bytes:
    return good[:-1]


@bad("F03", ".ods")
def an_ods_cut_in_the_middle(good: bytes) -> bytes:
    intero = zipped(as_ods(good))
    return intero[: len(intero) // 2]


@bad("F03")
def wrong_checksum(good: bytes) -> bytes:
    voce = struct.pack("<L", zipfile.ZipFile(BytesIO(good)).getinfo(SHEET).CRC)
    return good.replace(voce, b"\xde\xad\xbe\xef")


@bad("F03")
def spoilt_compression(good: bytes) -> bytes:
    info = zipfile.ZipFile(BytesIO(good)).getinfo(SHEET)
    da = info.header_offset + 30 + len(SHEET) + info.compress_size // 2
    return good[:da] + bytes(255 - byte for byte in good[da : da + 16]) + good[da + 16 :]


@bad("F03")
def a_compression_no_workbook_has(good: bytes) -> bytes:
    return zipped(unzipped(good), zipfile.ZIP_LZMA)


@bad("F03")
def xml_that_ends_too_early(good: bytes) -> bytes:
    foglio = unzipped(good)[SHEET]
    return with_parts(good, **{SHEET: foglio[: len(foglio) // 2]})


@bad("F03")
def a_sheet_missing(good: bytes) -> bytes:
    return zipped({nome: testo for nome, testo in unzipped(good).items() if nome != SHEET})


@bad("F03")
def texts_missing(good: bytes) -> bytes:
    return zipped({nome: testo for nome, testo in unzipped(good).items() if nome != STRINGS})


@bad("F03")
def relations_missing(good: bytes) -> bytes:
    return zipped({n: t for n, t in unzipped(good).items() if n != "xl/_rels/workbook.xml.rels"})


@bad("F03")
def an_impossible_address(good: bytes) -> bytes:
    return with_rows(good, '<row r="1"><c r="1A"><v>1</v></c></row>')


@bad("F03")
def cells_out_of_order(good: bytes) -> bytes:
    """Read backwards, or one over the other, according to the reader."""
    return with_rows(
        good, '<row r="9"><c r="A9"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'
    )


@bad("F03")
def the_same_cell_twice(good: bytes) -> bytes:
    return with_rows(good, '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>')


@bad("F03")
def a_row_of_another_planet(good: bytes) -> bytes:
    return with_rows(good, '<row r="uno"><c><v>1</v></c></row>')


@bad("F03")
def a_sheet_of_old_macros(good: bytes) -> bytes:
    spazio = "http://schemas.microsoft.com/office/excel/2006/main"
    macro = f'<xm:macrosheet xmlns:xm="{spazio}"><xm:sheetData/></xm:macrosheet>'
    return with_parts(good, **{SHEET: macro.encode()})


@bad("F03", ".ods")
def an_ods_without_content(good: bytes) -> bytes:
    return zipped({nome: testo for nome, testo in as_ods(good).items() if nome != "content.xml"})


@bad("F03", ".ods")
def a_number_that_is_not_one(good: bytes) -> bytes:
    return ods(row('<table:table-cell office:value-type="float" office:value="dodici"/>'))


@bad("F03", ".ods")
def a_cell_inside_a_cell(good: bytes) -> bytes:
    return ods(row(f"<table:table-cell>{ods_cell('uno')}</table:table-cell>"))


@bad("F03", ".ods")
def two_sheets_with_one_name(good: bytes) -> bytes:
    return zipped(ods_parts(ods_table("Scheda 1", "") * 2))


# ------------------------------------------------------------------------------------- games with a zip


def _twice(good: bytes, altro: str) -> bytes:
    """A part named like the first sheet, after it: two readers may take two different ones."""
    buffer = BytesIO(good)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archivio:
        info = zipfile.ZipInfo("x" * len(altro), (2020, 1, 1, 0, 0, 0))
        archivio.writestr(info, sheet(""), zipfile.ZIP_DEFLATED)
    return buffer.getvalue().replace(b"x" * len(altro), altro.encode())


@bad("F03")
def a_name_twice(good: bytes) -> bytes:
    return _twice(good, SHEET)


@bad("F03")
def a_name_twice_in_capitals(good: bytes) -> bytes:
    return _twice(good, SHEET.upper())


@bad("F03")
def a_name_that_climbs_out(good: bytes) -> bytes:
    return with_parts(good, **{"../../../../tmp/evaso.txt": b"x"})


@bad("F03")
def an_absolute_name(good: bytes) -> bytes:
    return with_parts(good, **{"/etc/passwd": b"x"})


@bad("F03")
def a_name_of_windows(good: bytes) -> bytes:
    return with_parts(good, **{"xl\\worksheets\\sheet1.xml": sheet("")})


@bad("F03")
def a_name_with_a_hidden_end(good: bytes) -> bytes:
    return _twice(good, SHEET + "\0.txt")


@bad("F03")
def parts_that_overlap(good: bytes) -> bytes:
    """Two entries for the same bytes: with thousands of them, a zip bomb without limit."""
    prima, _, indice = good.partition(b"PK\x01\x02")
    voci = (b"PK\x01\x02" + indice).split(b"PK\x05\x06")[0]
    voce = re.search(b"PK\x01\x02.{42}" + SHEET.encode(), voci, re.DOTALL)
    assert voce is not None
    copia = voce[0].replace(SHEET.encode(), SHEET.replace("sheet1", "sheetX").encode())
    quante = voci.count(b"PK\x01\x02") + 1
    dove, quanto = len(prima), len(voci) + len(copia)
    fine = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, quante, quante, quanto, dove, 0)
    return prima + voci + copia + fine


@bad("F04")
def thousands_of_parts(good: bytes) -> bytes:
    return with_parts(good, **{f"xl/media/{n}.png": b"" for n in range(limiti.MAX_PARTI)})


@bad("F04")
def a_folder_in_a_folder_in_a_folder(good: bytes) -> bytes:
    return with_parts(good, **{"a/" * n + "x": b"" for n in range(limiti.MAX_PARTI)})


@bad("F03")
def a_part_that_says_it_is_small(good: bytes) -> bytes:
    parti = unzipped(good) | {"xl/media/a.bin": bytes(1_234_567)}
    return zipped(parti).replace(struct.pack("<L", 1_234_567), struct.pack("<L", 1_234))


@bad("F03")
def a_part_that_says_it_is_enormous(good: bytes) -> bytes:
    parti = unzipped(good) | {"xl/media/a.bin": b"\x07" * 4_321}
    return zipped(parti, zipfile.ZIP_STORED).replace(struct.pack("<L", 4_321), struct.pack("<L", 2**31))


@bad("F03")
def a_part_of_exabytes(good: bytes) -> bytes:
    """Sizes given in the zip64 field, as for a file larger than any disk."""
    esteso = struct.pack("<HHQQ", 1, 16, 2**62, 2**62)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archivio:
        for nome, contenuto in unzipped(good).items():
            archivio.writestr(nome, contenuto)
        info = zipfile.ZipInfo("xl/media/a.bin", (2020, 1, 1, 0, 0, 0))
        archivio.writestr(info, b"\x07" * 4_321)
        info.extra, info.file_size, info.compress_size = esteso, 2**62, 2**62
    return buffer.getvalue()


@bad("F03")
def a_broken_zip64_field(good: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archivio:
        for nome, contenuto in unzipped(good).items():
            archivio.writestr(nome, contenuto)
        info = zipfile.ZipInfo("xl/media/a.bin", (2020, 1, 1, 0, 0, 0))
        archivio.writestr(info, b"x")
        info.extra = struct.pack("<HHB", 1, 60_000, 0)
    return buffer.getvalue()


@bad("F03")
def an_index_of_the_wrong_length(good: bytes) -> bytes:
    fine = good.rindex(b"PK\x05\x06")
    return good[: fine + 12] + struct.pack("<L", 10) + good[fine + 16 :]


# ------------------------------------------------------------------------------------------------ bombs

LAUGHS = '<!ENTITY a0 "ah">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
LAUGHTER = f"<!DOCTYPE a [{LAUGHS}]>".encode()
BOOM = cell("<is><t>&a11;</t></is>")


@bad("F03")
def billion_laughs(good: bytes) -> bytes:
    return with_parts(good, **{SHEET: LAUGHTER + sheet(BOOM)})


@bad("F03")
def billion_laughs_after_a_long_comment(good: bytes) -> bytes:
    return with_parts(good, **{SHEET: b"<!--" + b" " * 5000 + b"-->" + LAUGHTER + sheet(BOOM)})


@bad("F03")
def billion_laughs_in_utf_16(good: bytes) -> bytes:
    testa = '<?xml version="1.0" encoding="UTF-16"?>'
    return with_parts(good, **{SHEET: (testa + (LAUGHTER + sheet(BOOM)).decode()).encode("utf-16")})


@bad("F03")
def billion_laughs_in_the_texts(good: bytes) -> bytes:
    return with_parts(good, **{STRINGS: LAUGHTER + f'<sst xmlns="{MAIN}"/>'.encode()})


@bad("F03")
def billion_laughs_in_the_list_of_sheets(good: bytes) -> bytes:
    libro = re.sub(rb"<\?xml.*?\?>", b"", unzipped(good)["xl/workbook.xml"])
    return with_parts(good, **{"xl/workbook.xml": b"<!--" + b" " * 5000 + b"-->" + LAUGHTER + libro})


@bad("F03", ".ods")
def billion_laughs_in_an_ods(good: bytes) -> bytes:
    return ods(row("<table:table-cell><text:p>&a11;</text:p></table:table-cell>"), LAUGHTER.decode())


@bad("F03")
def an_entity_that_is_another_file(good: bytes) -> bytes:
    dtd = b'<!DOCTYPE a [<!ENTITY a11 SYSTEM "file:///etc/hostname">]>'
    return with_parts(good, **{SHEET: dtd + sheet(BOOM)})


@bad("F03")
def definitions_from_the_network(good: bytes) -> bytes:
    return with_parts(good, **{SHEET: b'<!DOCTYPE a SYSTEM "http://localhost:9/a.dtd">' + sheet("")})


@bad("F03", ".ods")
def an_ods_that_asks_for_another_file(good: bytes) -> bytes:
    dtd = '<!DOCTYPE a [<!ENTITY a11 SYSTEM "file:///etc/hostname">]>'
    return ods(row("<table:table-cell><text:p>&a11;</text:p></table:table-cell>"), dtd)


@bad("F03")
def nested_too_deep(good: bytes) -> bytes:
    return with_rows(good, "<a>" * 50_000 + "</a>" * 50_000)


@bad("F03")
def a_tag_of_many_megabytes(good: bytes) -> bytes:
    """expat would start it again at every block: minutes."""
    return with_rows(good, f'<row r="1" x="{"a" * 30_000_000}"/>')


@bad("F04")
def a_part_that_inflates(good: bytes) -> bytes:
    return with_parts(good, **{"xl/media/sfondo.bmp": bytes(limiti.MAX_APERTO)})


@bad("F04")
def many_parts_that_inflate_together(good: bytes) -> bytes:
    quinto = bytes(limiti.MAX_APERTO // 5)
    return with_parts(good, **{f"xl/media/{n}.bmp": quinto for n in range(6)})


@bad("F04", ".ods")
def an_ods_that_inflates(good: bytes) -> bytes:
    return zipped(as_ods(good) | {"Pictures/sfondo.bmp": bytes(limiti.MAX_APERTO)})


@bad("F04")
def a_cell_of_many_megabytes(good: bytes) -> bytes:
    return with_rows(good, cell(f"<is><t>{'x' * 30_000_000}</t></is>"))


@bad("F04")
def a_long_text_in_every_cell(good: bytes) -> bytes:
    celle = "<row>" + '<c t="s"><v>0</v></c>' * 250 + "</row>"
    testi = f'<sst xmlns="{MAIN}"><si><t>{"x" * 32_000}</t></si></sst>'.encode()
    return with_parts(good, **{SHEET: sheet(celle * 240), STRINGS: testi})


@bad("F04")
def millions_of_texts(good: bytes) -> bytes:
    quanti = limiti.MAX_ELEMENTI + 1
    return with_parts(good, **{STRINGS: f'<sst xmlns="{MAIN}">{"<si/>" * quanti}</sst>'.encode()})


@bad("F04")
def too_many_cells(good: bytes) -> bytes:
    riga = "<row>" + "<c><v>1</v></c>" * 20 + "</row>"
    return with_rows(good, riga * (limiti.MAX_CELLE // 20 + 1))


@bad("F04")
def millions_of_empty_rows(good: bytes) -> bytes:
    return with_rows(good, "<row/>" * limiti.MAX_ELEMENTI)


@bad("F05")
def two_cells_far_apart(good: bytes) -> bytes:
    """The reader would ask for 550 GB, and the process end."""
    lontana = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return with_rows(good, cell("<v>1</v>", "n") + lontana)


@bad("F04")
def hundreds_of_sheets(good: bytes) -> bytes:
    parti = unzipped(good)
    libro = etree.fromstring(parti["xl/workbook.xml"])
    fogli = libro.find(f"{{{MAIN}}}sheets")
    assert fogli is not None
    for n in range(300):
        attributi = {"name": f"S{n}", "sheetId": str(n + 100), f"{{{RELS}}}id": "rId1"}
        etree.SubElement(fogli, f"{{{MAIN}}}sheet", attributi)
    return zipped(parti | {"xl/workbook.xml": etree.tostring(libro)})


@bad("F04")
def an_enormous_list_of_styles(good: bytes) -> bytes:
    stili = f'<styleSheet xmlns="{MAIN}">{"<xf/>" * (limiti.MAX_ALBERO // 5)}</styleSheet>'
    return with_parts(good, **{"xl/styles.xml": stili.encode()})


@bad("F04")
def a_file_beyond_the_limit(good: bytes) -> bytes:
    return good + bytes(limiti.MAX_FILE)


@bad("F09")
def a_name_space_repeated_in_memory(good: bytes) -> bytes:
    """Ten thousand elements, each kept with the 100 KB of its name space: the child dies of it."""
    molti = "".join(f"<p:a{n}/>" for n in range(10_000))
    gonfio = f"<p:b xmlns:p='{'x' * 100_000}'>{molti}</p:b></worksheet>".encode()
    return with_parts(good, **{SHEET: sheet("").replace(b"</worksheet>", gonfio)})


@bad("F05", ".ods")
def an_ods_with_far_cells(good: bytes) -> bytes:
    vuote = '<table:table-cell table:number-columns-repeated="16383"/>'
    return ods(row("", ' table:number-rows-repeated="1048575"') + row(vuote + ods_cell("x")))


@bad("F05", ".ods")
def a_cell_repeated_a_million_times(good: bytes) -> bytes:
    return ods(row(ods_cell("x", ' table:number-columns-repeated="1000000"')))


@bad("F04", ".ods")
def a_block_of_repeated_cells(good: bytes) -> bytes:
    cella = ods_cell("x", ' table:number-columns-repeated="250"')
    return ods(row(cella, ' table:number-rows-repeated="9000"'))


@bad("F04", ".ods")
def a_long_text_repeated(good: bytes) -> bytes:
    cella = ods_cell("x" * 30_000, ' table:number-columns-repeated="250"')
    return ods(row(cella, ' table:number-rows-repeated="100"'))


@bad("F04", ".ods")
def a_long_result_repeated(good: bytes) -> bytes:
    """The text stands in an attribute, for a formula."""
    testo = f'table:formula="of:=A2" office:value-type="string" office:string-value="{"x" * 30_000}"'
    cella = f'<table:table-cell {testo} table:number-columns-repeated="250"/>'
    return ods(row(cella, ' table:number-rows-repeated="100"'))


@bad("F03", ".ods")
def repeated_beyond_any_sheet(good: bytes) -> bytes:
    return ods(row(ods_cell(None, ' table:number-columns-repeated="4000000000"') + ods_cell("x")))


@bad("F03", ".ods")
def repeated_less_than_once(good: bytes) -> bytes:
    return ods(row(ods_cell("x", ' table:number-columns-repeated="-5"')))


@bad("F04", ".ods")
def a_billion_blanks(good: bytes) -> bytes:
    return ods(
        row('<table:table-cell><text:p><text:s text:c="1000000000"/></text:p></table:table-cell>')
    )


@bad("F04", ".ods")
def an_ods_of_hundreds_of_sheets(good: bytes) -> bytes:
    return zipped(ods_parts("".join(ods_table(f"S{n}", "") for n in range(300))))


# ------------------------------------------------------------------- the same, in the parts around cells


@bad("F03")
def a_declaration_that_never_ends(good: bytes) -> bytes:
    """In UTF-16, that is read anew: every «<?xml» looked for the end of its own."""
    return with_parts(good, **{STRINGS: ("<?xml " * 500_000).encode("utf-16")})


@bad("F03")
def thousands_of_attributes(good: bytes) -> bytes:
    molti = " ".join(f'a{n}="1"' for n in range(50_000))
    return with_rows(good, f'<row r="1" {molti}/><a')


@bad("F04")
def merges_without_end(good: bytes) -> bytes:
    unite = '<mergeCell ref="A1:A9999"/>' * 100
    fine = f"</sheetData><mergeCells>{unite}</mergeCells>".encode()
    return with_parts(good, **{SHEET: sheet("").replace(b"</sheetData>", fine)})


@bad("F03")
def billion_laughs_in_the_list_of_parts(good: bytes) -> bytes:
    tipi = unzipped(good)["[Content_Types].xml"].partition(b"?>")[2]
    return with_parts(good, **{"[Content_Types].xml": LAUGHTER + tipi})


@bad("F03")
def billion_laughs_in_the_properties(good: bytes) -> bytes:
    nostre = unzipped(good)["docProps/custom.xml"].partition(b"?>")[2]
    return with_parts(good, **{"docProps/custom.xml": LAUGHTER + nostre})


# ---------------------------------------------------------------------------------------- the same, .ods


@bad("F03", ".ods")
def an_ods_nested_too_deep(good: bytes) -> bytes:
    return ods(row("<table:table-cell>" + "<text:p>" * 50_000 + "</text:p>" * 50_000))


@bad("F03", ".ods")
def an_ods_with_a_tag_of_many_megabytes(good: bytes) -> bytes:
    return ods(row("", f' table:style-name="{"a" * 30_000_000}"'))


@bad("F04", ".ods")
def an_ods_with_a_cell_of_many_megabytes(good: bytes) -> bytes:
    return ods(row(ods_cell("x" * 30_000_000)))


@bad("F03", ".ods")
def repeated_rows_beyond_any_sheet(good: bytes) -> bytes:
    return ods(row(ods_cell("x"), ' table:number-rows-repeated="1000000000"'))


@bad("F03", ".ods")
def repeated_as_often_as_digits_can_say(good: bytes) -> bytes:
    return ods(row(ods_cell("x", f' table:number-columns-repeated="{"9" * 100_000}"')))


@bad("F03", ".ods")
def a_sheet_inside_a_cell(good: bytes) -> bytes:
    return ods(row(f"<table:table-cell>{ods_table('Altro', row(ods_cell('x')))}</table:table-cell>"))


@bad("F03", ".ods")
def an_ods_with_definitions_from_the_network(good: bytes) -> bytes:
    return ods(row(ods_cell("x")), '<!DOCTYPE a SYSTEM "http://localhost:9/a.dtd">')


@bad("F03", ".ods")
def billion_laughs_in_an_ods_in_utf_16(good: bytes) -> bytes:
    parti = ods_parts(ods_table("Foglio1", row(ods_cell("x"))))
    testa = '<?xml version="1.0" encoding="UTF-16"?>' + LAUGHTER.decode()
    return zipped(parti | {"content.xml": (testa + parti["content.xml"].decode()).encode("utf-16")})


@bad("F03", ".ods")
def billion_laughs_in_the_properties_of_an_ods(good: bytes) -> bytes:
    parti = as_ods(good)
    return zipped(parti | {"meta.xml": LAUGHTER + parti["meta.xml"]})


@bad("F03", ".ods")
def an_ods_with_a_name_twice(good: bytes) -> bytes:
    return zipped(as_ods(good) | {"CONTENT.XML": b"<a/>"})


@bad("F03", ".ods")
def an_ods_with_a_name_that_climbs_out(good: bytes) -> bytes:
    return zipped(as_ods(good) | {"../../evaso.txt": b"x"})


@bad("F04", ".ods")
def an_ods_of_thousands_of_parts(good: bytes) -> bytes:
    return zipped(as_ods(good) | {f"Pictures/{n}.png": b"" for n in range(limiti.MAX_PARTI)})
