"""The guard on the files, and the reading of the cells as they are.

A bad file must be refused with its one clear finding, in bounded time; it must never stop the run,
let alone the process.
"""

import random
import shutil
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any

import docx
import fixtures_ente as fx
import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from fixtures_ente import foreign_words
from openpyxl.utils.cell import coordinate_to_tuple

from pipeline import ingest
from pipeline.rilievi import Rilievo
from pipeline.workbooks import archivio as limiti
from pipeline.workbooks import grid, xlsx
from pipeline.workbooks.aspetto import in_numero, in_testo
from pipeline.workbooks.grid import Cartella, FileRifiutato, Foglio, indirizzo
from pipeline.workbooks.lettore import apri

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "xl/worksheets/sheet1.xml"
SECONDS = 30
"""No file within the caps may take longer than this."""

FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def parts(
    rows: str = "", main: str = MAIN, rels: str = RELS, target: str = "worksheets/sheet1.xml", n: int = 1
) -> dict[str, str | bytes]:
    """The smallest workbook, part by part: `n` sheets that all show the same rows."""
    sheets = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="rId{i}"/>' for i in range(1, n + 1))
    others = {f"worksheets/other{i}.xml": f"rId{i}" for i in range(2, n + 1)}
    relations = "".join(
        f'<Relationship Id="{name}" Type="{rels}/worksheet" Target="{where}"/>'
        for where, name in {target: "rId1", **others}.items()
    )
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
            'ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{rels}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{rels}"><sheets>{sheets}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
        ),
        SHEET: sheet(rows, main),
        **{f"xl/{other}": sheet(rows, main) for other in others},
    }


def sheet(rows: str, main: str = MAIN) -> str:
    return f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'


def strings(*testi: str) -> dict[str, str | bytes]:
    voci = "".join(f"<si>{testo}</si>" for testo in testi)
    return {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{voci}</sst>'}


def zipped(contents: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archivio:
        for nome, contenuto in contents.items():
            archivio.writestr(nome, contenuto)
    return buffer.getvalue()


def saved(tmp_path: Path, contenuto: bytes) -> Path:
    percorso = tmp_path / "prova.xlsx"
    percorso.write_bytes(contenuto)
    return percorso


def refused(percorso: Path) -> Rilievo:
    """The finding of a file that must be refused, in time and in the office's Italian."""
    inizio = perf_counter()
    with pytest.raises(FileRifiutato) as preso:
        apri(percorso)
    assert perf_counter() - inizio < SECONDS
    rilievo = preso.value.rilievo
    assert rilievo.file == percorso.name
    assert rilievo.gravita == "blocca"
    assert foreign_words(rilievo.messaggio + rilievo.rimedio) == []
    return rilievo


def read(tmp_path: Path, rows: str, **altro: Any) -> Foglio:
    return apri(saved(tmp_path, zipped(parts(rows, **altro)))).fogli["S1"]


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fx.write_world(tmp_path_factory.mktemp("buono") / "ente")


@pytest.fixture
def no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever reaches the reader would kill the process: the guard must stop it before."""

    def never(*_: object) -> None:
        pytest.fail("the guard let a deadly file through to the reader")

    monkeypatch.setattr(xlsx.python_calamine, "load_workbook", never)


# -------------------------------------------------------------------------------- not a workbook at all


def _docx() -> bytes:
    buffer = BytesIO()
    docx.Document().save(buffer)
    return buffer.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
ENCRYPTED = OLE + bytes(1024) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


@pytest.mark.parametrize(
    ("contenuto", "codice", "parola"),
    [
        pytest.param(b"Appunti della riunione", "F01", "testo", id="text"),
        pytest.param(b"N.;Obiettivo;Peso\r\n1;Strade;2\r\n", "F01", "CSV", id="CSV renamed"),
        pytest.param(b"<html><table><tr><td>1</table>", "F01", "pagina web", id="HTML renamed"),
        pytest.param(b"\r\n <!DOCTYPE HTML><p>", "F01", "pagina web", id="HTML with a doctype"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", "F01", "PDF", id="PDF renamed"),
        pytest.param(b"", "F01", "vuoto", id="empty"),
        pytest.param(b"\x00" * 4096, "F01", "solo zeri", id="zeros"),
        pytest.param(OLE + bytes(4096), "F01", ".xls", id="old Excel"),
        pytest.param(ENCRYPTED, "F02", "password", id="encrypted"),
        pytest.param(_docx(), "F01", "documento di Word", id="Word renamed"),
        pytest.param(zipped({"foto.jpg": b"\xff\xd8"}), "F01", "archivio compresso", id="zip renamed"),
        pytest.param(zipped({}), "F01", "archivio vuoto", id="empty zip"),
        pytest.param(b"PK\x03\x04", "F03", "archivio", id="only the first bytes of a zip"),
    ],
)
def test_what_is_not_a_workbook(tmp_path: Path, contenuto: bytes, codice: str, parola: str) -> None:
    rilievo = refused(saved(tmp_path, contenuto))
    assert rilievo.codice == codice
    assert parola in rilievo.messaggio


# ---------------------------------------------------------------------------------- broken workbooks


@pytest.mark.parametrize("resta", [0.02, 0.3, 0.6, 0.95, -22, -1])
def test_cut_short(good: Path, tmp_path: Path, resta: float) -> None:
    intero = (good / fx.TECNICO).read_bytes()
    fine = int(len(intero) * resta) if resta > 0 else int(resta)
    assert refused(saved(tmp_path, intero[:fine])).codice == "F03"


@pytest.mark.parametrize("parte", ["xl/workbook.xml", SHEET, "xl/styles.xml", "xl/sharedStrings.xml"])
def test_a_part_with_wrong_bytes(good: Path, tmp_path: Path, parte: str) -> None:
    """The compressed content of one part is spoilt: its checksum no longer holds."""
    contenuto = bytearray((good / fx.TECNICO).read_bytes())
    with zipfile.ZipFile(good / fx.TECNICO) as archivio:
        info = archivio.getinfo(parte)
    da = info.header_offset + 30 + len(parte) + info.compress_size // 2
    for posto in range(da, da + 8):
        contenuto[posto] ^= 0xFF
    assert refused(saved(tmp_path, bytes(contenuto))).codice == "F03"


@pytest.mark.parametrize("parte", ["xl/workbook.xml", SHEET, "xl/styles.xml", "xl/sharedStrings.xml"])
def test_a_part_that_ends_too_early(good: Path, tmp_path: Path, parte: str) -> None:
    percorso = Path(shutil.copy(good / fx.TECNICO, tmp_path / "prova.xlsx"))
    fx.rewrite(percorso, lambda parti: parti.update({parte: parti[parte][: len(parti[parte]) // 2]}))
    assert refused(percorso).codice == "F03"


@pytest.mark.parametrize(
    ("parte", "codice"),
    [
        ("xl/workbook.xml", "F03"),
        ("xl/_rels/workbook.xml.rels", "F03"),
        (SHEET, "F03"),
        ("xl/sharedStrings.xml", "F03"),
    ],
)
def test_a_part_missing(good: Path, tmp_path: Path, parte: str, codice: str) -> None:
    percorso = Path(shutil.copy(good / fx.TECNICO, tmp_path / "prova.xlsx"))
    fx.rewrite(percorso, lambda parti: parti.pop(parte))
    assert refused(percorso).codice == codice


@pytest.mark.parametrize(
    "cella",
    [
        '<c r="1A"><v>1</v></c>',
        '<c r="A1" s="x"><v>1</v></c>',
    ],
)
def test_a_cell_that_makes_no_sense(tmp_path: Path, cella: str) -> None:
    contenuto = zipped(parts(f'<row r="1">{cella}</row>') | strings("<t>uno</t>"))
    assert refused(saved(tmp_path, contenuto)).codice == "F03"


def test_compression_that_no_workbook_has(tmp_path: Path) -> None:
    """With a spoilt LZMA header, Python's own reader runs out of memory."""
    contenuto = bytearray(zipped({"xl/workbook.xml": "x" * 5000}, zipfile.ZIP_LZMA))
    da = contenuto.find(b"xl/workbook.xml") + len("xl/workbook.xml") + 8
    for posto in range(da, da + 10):
        contenuto[posto] ^= 0xFF
    assert refused(saved(tmp_path, bytes(contenuto))).codice == "F03"


def test_a_file_that_another_program_keeps_locked(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows, a workbook open in Excel."""

    def locked(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", locked)
    assert refused(good / fx.TECNICO).gravita == "blocca"


def test_damaged_at_random(good: Path, tmp_path: Path) -> None:
    """Bytes changed anywhere: read all the same, or refused; never anything else."""
    intero = (good / fx.TECNICO).read_bytes()
    caso = random.Random(2024)
    for _ in range(150):
        contenuto = bytearray(intero)
        for _ in range(caso.choice((1, 3, 9))):
            contenuto[caso.randrange(len(contenuto))] = caso.randrange(256)
        try:
            assert isinstance(apri(saved(tmp_path, bytes(contenuto))), Cartella)
        except FileRifiutato as rifiuto:
            assert rifiuto.rilievo.codice in ("F01", "F02", "F03")  # F02: the bit of encryption


# ---------------------------------------------------------------------------------- hostile workbooks


def _doctype(body: str) -> str:
    return f"<!DOCTYPE a [{body}]>"


LAUGHS = '<!ENTITY a0 "ah">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
BOMB_CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>&a11;</t></is></c></row>'
BOMB = _doctype(LAUGHS) + sheet(BOMB_CELL)
LONG_COMMENT = f"<!--{' ' * 3000}-->"
UTF16 = '<?xml version="1.0" encoding="UTF-16"?>'


@pytest.mark.parametrize(
    ("parte", "contenuto"),
    [
        pytest.param(SHEET, _doctype('<!ENTITY a "x">') + sheet(""), id="a doctype"),
        pytest.param(SHEET, BOMB, id="billion laughs"),
        pytest.param(SHEET, LONG_COMMENT + BOMB, id="billion laughs after a long comment"),
        pytest.param(SHEET, (UTF16 + BOMB).encode("utf-16"), id="billion laughs in UTF-16"),
        pytest.param(
            SHEET,
            _doctype('<!ENTITY a11 SYSTEM "file:///etc/hostname">') + sheet(BOMB_CELL),
            id="another file",
        ),
        pytest.param(
            "xl/workbook.xml",
            _doctype(LAUGHS) + str(parts()["xl/workbook.xml"]).replace("S1", "&a11;"),
            id="billion laughs in a name",
        ),
        pytest.param(
            "xl/sharedStrings.xml",
            _doctype(LAUGHS) + str(strings("<t>&a11;</t>")["xl/sharedStrings.xml"]),
            id="billion laughs in the strings",
        ),
        pytest.param(SHEET, sheet("<a>" * 5000 + "</a>" * 5000), id="elements nested too deep"),
    ],
)
def test_xml_that_no_workbook_has(tmp_path: Path, parte: str, contenuto: str | bytes) -> None:
    righe = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    pacchetto = zipped({**parts(righe), **strings("<t>uno</t>"), parte: contenuto})
    assert refused(saved(tmp_path, pacchetto)).codice == "F03"


def test_a_zip_that_inflates_beyond_the_cap(tmp_path: Path) -> None:
    pacchetto = zipped({**parts(), "xl/media/sfondo.bmp": bytes(limiti.MAX_APERTO + 1)})
    assert len(pacchetto) < 2**20
    assert refused(saved(tmp_path, pacchetto)).codice == "F04"


@pytest.mark.lento
def test_many_members_that_together_inflate_beyond_the_cap(tmp_path: Path) -> None:
    quarto = bytes(limiti.MAX_APERTO // 4 + 1)
    pacchetto = zipped({**parts(), **{f"xl/media/{n}.bmp": quarto for n in range(4)}})
    assert refused(saved(tmp_path, pacchetto)).codice == "F04"


@pytest.mark.lento
def test_a_member_that_lies_about_its_size(tmp_path: Path) -> None:
    """The declared size is small: the bytes that come out are counted, or found too many."""
    contenuto = zipped({**parts(), "xl/media/sfondo.bmp": bytes(limiti.MAX_APERTO + 1)})
    vera, falsa = ((limiti.MAX_APERTO + 1).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert refused(saved(tmp_path, contenuto.replace(vera, falsa))).codice in ("F03", "F04")


def test_too_many_members(tmp_path: Path) -> None:
    vuoti: dict[str, str | bytes] = {f"xl/media/{n}.bmp": b"" for n in range(limiti.MAX_PARTI)}
    assert refused(saved(tmp_path, zipped({**parts(), **vuoti}))).codice == "F04"


def test_a_file_over_the_cap_is_not_even_read(tmp_path: Path) -> None:
    percorso = tmp_path / "prova.xlsx"
    with percorso.open("wb") as flusso:
        flusso.truncate(limiti.MAX_FILE + 1)
    assert refused(percorso).codice == "F04"


@pytest.mark.parametrize(
    "righe",
    [
        pytest.param(FAR, id="A1 and XFD1048576"),
        pytest.param(FAR.replace("XFD1048576", "A1048576"), id="too low"),
        pytest.param(FAR.replace("XFD1048576", "XFD1").replace("1048576", "2"), id="too far right"),
        pytest.param(FAR.replace(' r="XFD1048576"', ""), id="row numbered, cell not"),
        pytest.param("<row><c><v>1</v></c></row>" * (limiti.MAX_RIGHE + 1), id="nothing numbered"),
        pytest.param(FAR.replace("<v>1</v>", "<f>1+1</f>"), id="formulas"),
        pytest.param(FAR.replace("XFD", "xfd").replace('r="1048576"', 'r="2"'), id="in small letters"),
        pytest.param(FAR.replace("XFD", "XFD000").replace('r="1048576"', 'r="2"'), id="with zeros"),
        pytest.param(FAR.replace("XFD1048576", "ZZZZ2").replace("1048576", "2"), id="no such column"),
    ],
)
@pytest.mark.usefixtures("no_reader")
def test_cells_too_far_apart(tmp_path: Path, righe: str) -> None:
    """Small files that make the reader ask for hundreds of gigabytes, and the process end."""
    rilievo = refused(saved(tmp_path, zipped(parts(righe))))
    assert rilievo.codice in ("F03", "F05")


def test_where_the_far_cell_is(tmp_path: Path) -> None:
    rilievo = refused(saved(tmp_path, zipped(parts(FAR))))
    assert rilievo.codice == "F05"
    assert "«S1»" in f"{rilievo.dove} {rilievo.messaggio}"
    assert "XFD1048576" in f"{rilievo.dove} {rilievo.messaggio}"


@pytest.mark.parametrize(
    "contenuto",
    [
        pytest.param(parts(FAR, main=STRICT_MAIN, rels=STRICT_RELS), id="strict workbook"),
        pytest.param(parts(FAR, target="worksheets/SHEET1.XML"), id="part named in capitals"),
        pytest.param(parts(FAR, rels="http://example.org/other"), id="foreign relationships"),
        pytest.param(
            parts(FAR) | {SHEET: sheet(FAR).replace(f' xmlns="{MAIN}"', "")}, id="no namespace"
        ),
    ],
)
@pytest.mark.usefixtures("no_reader")
def test_the_reader_opens_no_sheet_that_the_guard_has_not_seen(
    tmp_path: Path, contenuto: dict[str, str | bytes]
) -> None:
    refused(saved(tmp_path, zipped(contenuto)))


def test_far_cells_with_only_a_look_are_no_content(tmp_path: Path) -> None:
    righe = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert read(tmp_path, righe).celle == {(1, 1): 1}


@pytest.mark.usefixtures("no_reader")
def test_many_sheets_each_as_large_as_allowed(tmp_path: Path) -> None:
    """The reader takes seconds for each."""
    angolo = indirizzo(limiti.MAX_RIGHE, limiti.MAX_COLONNE)
    righe = (
        f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{limiti.MAX_RIGHE}">'
        f'<c r="{angolo}"><v>1</v></c></row>'
    )
    assert refused(saved(tmp_path, zipped(parts(righe, n=100)))).codice in ("F04", "F05")


@pytest.mark.usefixtures("no_reader")
def test_a_long_text_shown_in_too_many_cells(tmp_path: Path) -> None:
    """A small file, with two gigabytes of text in its cells."""
    riga = "<row>" + '<c t="s"><v>0</v></c>' * 250 + "</row>"
    pacchetto = zipped(parts(riga * 240) | strings(f"<t>{'x' * 32_000}</t>"))
    assert refused(saved(tmp_path, pacchetto)).codice == "F04"


@pytest.mark.lento
def test_a_million_empty_rows_does_not_take_long(tmp_path: Path) -> None:
    """A hundred megabytes of them still fit the cap: the time must stay short, and the memory small."""
    percorso = saved(tmp_path, zipped(parts("<row/>" * 1_000_000)))
    inizio = perf_counter()
    try:
        apri(percorso)
    except FileRifiutato as rifiuto:
        assert rifiuto.rilievo.codice in ("F04", "F05")
    assert perf_counter() - inizio < SECONDS


# ------------------------------------------------------------------------------- cells and addresses


@pytest.mark.parametrize(
    ("riga", "colonna", "atteso"),
    [(1, 1, "A1"), (7, 5, "E7"), (3, 26, "Z3"), (3, 27, "AA3"), (9, 702, "ZZ9"), (9, 703, "AAA9")],
)
def test_addresses(riga: int, colonna: int, atteso: str) -> None:
    assert indirizzo(riga, colonna) == atteso
    assert coordinate_to_tuple(atteso) == (riga, colonna)


def test_values_stand_at_their_addresses(tmp_path: Path) -> None:
    """Empty rows and columns before and between the values shift nothing."""
    libro = openpyxl.Workbook()
    libro.active.title = "S1"
    libro.active["D5"], libro.active["F9"], libro.active["B20"] = "primo", 2, "terzo"
    libro.save(tmp_path / "prova.xlsx")
    foglio = apri(tmp_path / "prova.xlsx").fogli["S1"]
    assert foglio.celle == {(5, 4): "primo", (9, 6): 2, (20, 2): "terzo"}
    assert foglio.ultima_riga() == 20


def test_blank_texts_are_empty_cells(tmp_path: Path) -> None:
    righe = '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> \n </t></is></c></row>'
    assert read(tmp_path, righe).piene() == set()


def test_texts_that_look_like_nothing_are_kept(tmp_path: Path) -> None:
    testi = ["NA", "N/A", "None", "null", "NULL", "nan", "NaN", "-", "", "#N/A", "TRUE", "1.0", "007"]
    libro = xlsxwriter.Workbook(str(tmp_path / "prova.xlsx"))
    libro.add_worksheet("S1").write_column(0, 1, testi)
    libro.close()
    foglio = apri(tmp_path / "prova.xlsx").fogli["S1"]
    assert [foglio.testo(riga, 2) for riga in range(1, len(testi) + 1)] == testi
    assert foglio.errori == {}


def test_the_ways_a_text_can_be_written(tmp_path: Path) -> None:
    righe = (
        '<row r="2">'
        '<c r="B2" t="inlineStr"><is><t>in linea</t></is></c>'
        '<c r="C2" t="inlineStr"><is><r><t xml:space="preserve">in </t></r><r><t>linea</t></r></is></c>'
        '<c r="D2" t="s"><v>0</v></c><c r="E2" t="s"><v>1</v></c>'
        '<c r="F2" t="str"><f>"a"</f><v>da formula</v></c>'
        "</row>"
    )
    testi = strings(
        "<t>comune</t>", '<r><t xml:space="preserve">testo </t></r><r><rPr><b/></rPr><t>ricco</t></r>'
    )
    foglio = apri(saved(tmp_path, zipped(parts(righe) | testi))).fogli["S1"]
    attesi = ["in linea", "in linea", "comune", "testo ricco", "da formula"]
    assert [foglio.testo(2, colonna) for colonna in range(2, 7)] == attesi
    assert foglio.formule == {(2, 6)}


def test_cells_without_a_reference_follow_one_another(tmp_path: Path) -> None:
    """Errors, percentages and formulas are noted where the reader finds the values."""
    righe = (
        "<row><c><v>1</v></c><c><v>2</v></c></row>"
        '<row r="4"><c r="C4"><v>3</v></c><c t="e"><v>#REF!</v></c><c><f>1+1</f></c></row>'
        "<row><c><v>4</v></c></row>"
    )
    foglio = read(tmp_path, righe)
    assert {posto: foglio.testo(*posto) for posto in sorted(foglio.celle) if posto != (4, 5)} == {
        (1, 1): "1",
        (1, 2): "2",
        (4, 3): "3",
        (5, 1): "4",
    }
    assert foglio.errori == {(4, 4): "#RIF!"}
    assert foglio.non_calcolate == {(4, 5)}


def test_errors_and_formulas_without_a_result_are_noticed(tmp_path: Path) -> None:
    righe = (
        '<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B1" t="e"><v>#N/A</v></c>'
        '<c r="C1"><f>2+2</f></c><c r="D1"><f>2+2</f><v></v></c><c r="E1"><f>2+2</f><v>4</v></c>'
        '<c r="F1" t="str"><f>""</f><v></v></c></row>'
    )
    foglio = read(tmp_path, righe)
    assert foglio.errori == {(1, 1): "#DIV/0!", (1, 2): "#N/D"}
    assert foglio.non_calcolate == {(1, 3), (1, 4)}
    assert foglio.testo(1, 5) == "4"
    assert foglio.formule == {(1, 1), (1, 3), (1, 4), (1, 5), (1, 6)}
    assert foglio.piene() == {(1, colonna) for colonna in range(1, 6)}


def test_a_strict_workbook_is_refused_or_read_in_full(tmp_path: Path) -> None:
    """«Cartella di lavoro Strict Open XML»: Excel offers it among the formats."""
    righe = '<row r="1"><c r="A1" t="e"><v>#DIV/0!</v></c><c r="B1"><f>2+2</f></c></row>'
    percorso = saved(tmp_path, zipped(parts(righe, main=STRICT_MAIN, rels=STRICT_RELS)))
    try:
        foglio = apri(percorso).fogli["S1"]
    except FileRifiutato as rifiuto:
        assert rifiuto.rilievo.codice == "F01"
    else:
        assert foglio.piene() == {(1, 1), (1, 2)}


FORMATS: list[tuple[Any, str, str]] = [
    (42, "General", "42"),
    (42.0, "0.00", "42"),
    (-3.5, "0.00", "-3,5"),
    (0, "General", "0"),
    (1234567.891, "#,##0.00", "1234567,891"),
    (0.6452, "0.00%", "64,52%"),
    (0.6452, "0%", "64,52%"),
    (1, "0%", "100%"),
    (0.5, "0.0%;[Red]-0.0%", "50%"),
    (0.07, "0.00 %", "7%"),
    (64.52, '0.00"%"', "64,52%"),
    (64.52, "0.00\\%", "64,52%"),
    (True, "General", "VERO"),
    (False, "General", "FALSO"),
    (datetime(2024, 6, 30), "dd/mm/yyyy", "30/06/2024"),
    (datetime(2024, 6, 30, 14, 5), "dd/mm/yyyy hh:mm", "30/06/2024 14:05"),
    (time(14, 5), "hh:mm", "14:05"),
    (timedelta(hours=26, minutes=30), "[h]:mm", "26:30"),
    ("12/10", "@", "12/10"),
]


def test_numbers_dates_and_texts_as_a_person_sees_them(tmp_path: Path) -> None:
    libro = xlsxwriter.Workbook(str(tmp_path / "prova.xlsx"))
    ws = libro.add_worksheet("S1")
    for riga, (valore, formato, _) in enumerate(FORMATS):
        ws.write(riga, 0, valore, libro.add_format({"num_format": formato}))
    libro.close()
    foglio = apri(tmp_path / "prova.xlsx").fogli["S1"]
    letti = [foglio.testo(riga, 1) for riga in range(1, len(FORMATS) + 1)]
    assert letti == [atteso for _, _, atteso in FORMATS]


@pytest.mark.parametrize(
    ("valore", "atteso"),
    [
        ("testo", "testo"),
        (42.0, "42"),
        (1e20, "100000000000000000000"),
        (1e-7, "0,0000001"),
        (date(2024, 6, 30), "30/06/2024"),
        (pd.Timestamp(2024, 6, 30), "30/06/2024"),
        (0.1 + 0.2, "0,3"),
        (1.1 * 1.1, "1,21"),
    ],
)
def test_in_testo(valore: object, atteso: str) -> None:
    """The last two: a spreadsheet shows fifteen digits, never the binary noise after them."""
    assert in_testo(valore) == atteso


@pytest.mark.parametrize(
    ("valore", "atteso"),
    [
        (98, Decimal(98)),
        (98.5, Decimal("98.5")),
        (0, Decimal(0)),
        (True, None),
        ("98", None),
        ("", None),
        (datetime(2024, 6, 30), None),
        (time(1, 30), None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_in_numero(valore: object, atteso: Decimal | None) -> None:
    assert in_numero(valore) == atteso


@pytest.mark.parametrize(
    ("testo", "pulito", "sporco"),
    [
        ("uno\r\ndue\rtre\n", "uno\ndue\ntre\n", False),
        ("a\x07b", "ab", True),
        ("a\tb", "a\tb", False),
        ("perché – «così» €", "perché – «così» €", False),
    ],
)
def test_control_characters_are_taken_out(testo: str, pulito: str, sporco: bool) -> None:
    assert grid.ripulisci(testo) == (pulito, sporco)


def test_the_mark_and_the_fingerprint(good: Path) -> None:
    cartella = apri(good / fx.TECNICO)
    assert cartella.proprieta["settore"] == "tecnico"
    assert len(cartella.sha256) == 64
    fogli = ["Istruzioni", "Settore", "Valutazione", "Scheda 1", "Esempio compilato", "_modello"]
    assert list(cartella.fogli) == fogli


# ------------------------------------------------------------------------------ cells that are locked

XFS = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs><xf><protection locked="true"/></xf>'
    '<xf><protection locked="0"/></xf><xf/></cellXfs></styleSheet>'
)
LOCKS = '<row r="1"{0}><c r="A1" s="0"/><c r="B1" s="1"/><c r="C1" s="2"><v>1</v></c></row>'


def _locked(tmp_path: Path, righe: str, prima: str = "", dopo: str = "") -> Foglio:
    contenuto = f"{prima}<sheetData>{righe}</sheetData>{dopo}"
    foglio = f'<worksheet xmlns="{MAIN}">{contenuto}</worksheet>'
    stili = {"xl/styles.xml": XFS}
    return apri(saved(tmp_path, zipped({**parts(), SHEET: foglio, **stili}))).fogli["S1"]


def test_the_cells_that_are_not_locked_are_known(tmp_path: Path) -> None:
    """Also the empty ones; a cell is locked unless its style says otherwise."""
    foglio = _locked(tmp_path, LOCKS.format(""), dopo='<sheetProtection sheet="true"/>')
    assert foglio.protetto and foglio.sbloccate == {(1, 2)}
    assert foglio.bloccate([(1, 1), (1, 2), (1, 3), (9, 9)]) == [(1, 1), (1, 3), (9, 9)]


@pytest.mark.parametrize(
    ("riga", "prima", "dopo"),
    [
        pytest.param("", "", "", id="not protected"),
        pytest.param("", "", '<sheetProtection sheet="0"/>', id="protection taken off"),
        pytest.param(
            ' s="1" customFormat="1"', "", '<sheetProtection sheet="1"/>', id="a whole row not locked"
        ),
        pytest.param(
            "",
            '<cols><col min="1" max="9" style="1"/></cols>',
            '<sheetProtection sheet="1"/>',
            id="whole columns not locked",
        ),
    ],
)
def test_where_one_can_write_no_cell_is_called_locked(
    riga: str, prima: str, dopo: str, tmp_path: Path
) -> None:
    foglio = _locked(tmp_path, LOCKS.format(riga), prima, dopo)
    assert not foglio.protetto and foglio.bloccate([(1, 1)]) == []


def test_more_open_cells_than_in_any_form_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiti, "MAX_SBLOCCATE", 3)
    righe = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(1, 9))
    foglio = _locked(tmp_path, righe, dopo='<sheetProtection sheet="1"/>')
    assert len(foglio.sbloccate) == 3 and not foglio.protetto


# --------------------------------------------------------------------- one bad file among good ones


BAD: dict[str, Callable[[], bytes]] = {
    "testo": lambda: b"Appunti",
    "vuoto": lambda: b"",
    "cifrato": lambda: ENCRYPTED,
    "vecchio": lambda: OLE,
    "word": _docx,
    "lontano": lambda: zipped(parts(FAR)),
    "entita": lambda: zipped(parts() | {SHEET: BOMB}),
    "rotto": lambda: zipped(parts() | {SHEET: "<worksheet>"}),
    "senza_fogli": lambda: zipped(parts() | {"xl/workbook.xml": f'<workbook xmlns="{MAIN}"/>'}),
    "zero": lambda: zlib.compress(bytes(1000)),
}


@pytest.mark.parametrize("nome", BAD)
def test_one_bad_file_does_not_stop_the_others(good: Path, tmp_path: Path, nome: str) -> None:
    cartella = Path(shutil.copytree(good, tmp_path / "ente"))
    (cartella / f"{nome}.xlsx").write_bytes(BAD[nome]())
    raccolta = ingest.raccogli(cartella)
    assert [r.file for r in raccolta.rilievi] == [f"{nome}.xlsx"]
    assert sorted(q.file for q in raccolta.quadrature) == sorted(fx.FILES)
    assert all(q.torna for q in raccolta.quadrature)


@pytest.mark.parametrize(
    ("nome", "codice"),
    [
        ("~$tecnico.xlsx", "F07"),
        ("vecchio.xls", "F06"),
        ("binaria.XLSB", "F06"),
        ("altro.fods", "F06"),
        ("elenco.csv", "F06"),
        ("relazione.docx", "F08"),
        ("senza_estensione", "F08"),
    ],
)
def test_files_that_are_not_opened(good: Path, tmp_path: Path, nome: str, codice: str) -> None:
    cartella = Path(shutil.copytree(good, tmp_path / "ente"))
    (cartella / nome).write_bytes(b"PK\x03\x04 qualsiasi")
    raccolta = ingest.raccogli(cartella)
    assert [(r.codice, r.file) for r in raccolta.rilievi] == [(codice, nome)]
    assert foreign_words(raccolta.rilievi[0].messaggio) == []
    assert len(raccolta.quadrature) == len(fx.FILES)


def test_hidden_files_leftovers_and_folders_are_not_looked_at(good: Path, tmp_path: Path) -> None:
    """A folder with the name of a workbook is told (F18)."""
    cartella = Path(shutil.copytree(good, tmp_path / "ente"))
    for nome in (".DS_Store", "._tecnico.xlsx", "Thumbs.db", "desktop.ini", "Icon\r", "~WRL0001.tmp"):
        (cartella / nome).write_bytes(b"\x00")
    (cartella / "vecchie").mkdir()
    (cartella / "$RECYCLE.BIN").mkdir()
    assert ingest.raccogli(cartella).rilievi == []


def test_all_the_others_are_read_when_ente_is_the_bad_one(good: Path, tmp_path: Path) -> None:
    cartella = Path(shutil.copytree(good, tmp_path / "ente"))
    (cartella / fx.ENTE).write_bytes(b"")
    raccolta = ingest.raccogli(cartella)
    assert [(r.codice, r.file) for r in raccolta.rilievi] == [("F01", fx.ENTE)]
    assert sorted(q.file for q in raccolta.quadrature) == [fx.RAGIONERIA, fx.TECNICO, fx.TRASV]
