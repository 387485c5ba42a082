"""What a file is that is not a workbook: told by its content, or by its name and the names inside it."""

import gzip
import json
import tarfile
import zipfile
from email.message import EmailMessage
from io import BytesIO

import pytest
from conftest import ESEMPIO
from corpus_ostile import OLE, zipped

from pipeline.workbooks import natura

BUONA = (ESEMPIO / "segretario.xlsx").read_bytes()
PKCS7 = bytes.fromhex("06092a864886f70d010702")
MARCA = bytes.fromhex("060b2a864886f70d010910011f")


def ole(*flussi: str) -> bytes:
    return OLE + "".join(flussi).encode("utf-16-le") + bytes(600)


def archive(*nomi: str) -> bytes:
    return zipped(dict.fromkeys(nomi, b"x"))


def message(*nomi: str) -> bytes:
    messaggio = EmailMessage()
    messaggio["From"], messaggio["To"], messaggio["Subject"] = "a@b.it", "c@d.it", "Scheda"
    messaggio.set_content("In allegato.")
    for nome in nomi:
        messaggio.add_attachment(BUONA, maintype="application", subtype="octet-stream", filename=nome)
    return messaggio.as_bytes()


def tar(*nomi: str) -> bytes:
    flusso = BytesIO()
    with tarfile.open(fileobj=flusso, mode="w:gz") as pacco:
        for nome in nomi:
            pacco.addfile(tarfile.TarInfo(nome), BytesIO())
    return flusso.getvalue()


NOT_WORKBOOKS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "vuoto"),
    "zeros": (bytes(900), "solo zeri"),
    "text": (b"N.;Obiettivo\r\n1;Strade\r\n", "testo o CSV"),
    "text in capitals": (b"MIMMO, appunti della riunione di gennaio", "testo o CSV"),
    "UTF-16": ("Obiettivo\tPeso\r\n".encode("utf-16"), "Testo Unicode"),
    "UTF-16 big endian": (b"\xfe\xff" + "Obiettivo".encode("utf-16-be"), "Testo Unicode"),
    "bytes": (b"\x01\x02\x00\x03" * 99, "non si riconosce"),
    "HTML": (b"\xef\xbb\xbf <html><table/></html>", "pagina web"),
    "HTML with a declaration": (b"<?xml version='1.0'?><!DOCTYPE html><html/>", "pagina web"),
    "MHTML": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", ".mht"),
    "XML 2003": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "XML 2003",
    ),
    "flat .ods": (b'<?xml version="1.0"?><office:document/>', ".fods"),
    "XML": (b'<?xml version="1.0"?><fattura/>', "testo XML"),
    "JSON": (json.dumps({"settore": 1}).encode(), "JSON"),
    "PDF": (b"%PDF-1.7\n", "PDF"),
    "RTF": (b"{\\rtf1 Obiettivi}", ".rtf"),
    "PNG": (b"\x89PNG\r\n", "immagine"),
    "JPEG": (b"\xff\xd8\xff\xe0", "immagine"),
    "HEIC": (bytes(3) + b"\x18ftypheic", "immagine"),
    "program": (b"MZ\x90", "programma"),
    ".xls": (ole("Workbook"), ".xls"),
    ".doc": (ole("WordDocument"), "Word (.doc)"),
    ".ppt": (ole("PowerPoint Document"), ".ppt"),
    ".docx": (archive("[Content_Types].xml", "word/document.xml"), "Word (.docx)"),
    ".pptx": (archive("ppt/presentation.xml"), "PowerPoint (.pptx)"),
    ".xlsb": (archive("xl/workbook.bin"), ".xlsb"),
    ".odt": (zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "a": b""}, 0), ".odt"),
    "photographs": (archive("foto.jpg", "__MACOSX/._tecnico.xlsx"), "senza fogli di calcolo"),
    "empty zip": (archive(), "archivio vuoto"),
}

WRAPPERS: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
    "p7m in DER": (b"\x30\x82\x52\x49" + PKCS7 + BUONA, "firmato", ()),
    "p7m in BER": (b"\x30\x80" + PKCS7 + BUONA, "firmato", ()),
    "p7m in base64": (b"MIJSSQYJKoZIhvcNAQcCoIJSOjCCUjYCAQExDzANBglghkgBZQMEAgEF" * 2, "firmato", ()),
    "p7m in PEM": (b"-----BEGIN PKCS7-----\nMIJSSQYJ", "firmato", ()),
    "p7m in S/MIME": (
        b"MIME-Version: 1.0\nContent-Type: application/x-pkcs7-mime; name=smime.p7m\n\nMII",
        "firmato",
        (),
    ),
    "tsd": (b"\x30\x82\x52\x49" + MARCA + BUONA, "marca temporale", ()),
    "zip": (archive("consegna/Tecnico.xlsx", "nota.txt"), "Tecnico.xlsx", ("consegna/Tecnico.xlsx",)),
    "zip of a signed one": (archive("tecnico.xlsx.p7m"), "tecnico.xlsx.p7m", ("tecnico.xlsx.p7m",)),
    "tar.gz": (tar("a/tecnico.ods"), "tecnico.ods", ("a/tecnico.ods",)),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(90), "compresso", ()),
    "rar": (b"Rar!\x1a\x07\x01\x00\x0ctecnico.xlsx\x0a", "tecnico.xlsx", ("tecnico.xlsx",)),
    "message": (message("polizia località.xlsx"), "località", ("polizia località.xlsx",)),
    "message of Outlook": (ole("__substg1.0_3707001F", "\0tecnico.xlsx\0"), "posta", ("tecnico.xlsx",)),
    "Numbers": (archive("Index/Document.iwa", "Index/Tables/Tile.iwa"), "Numbers", ()),
    "Google": (b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}', "Google", ()),
}


@pytest.mark.parametrize("nome", NOT_WORKBOOKS)
def test_what_is_no_workbook_is_called_by_its_name(nome: str) -> None:
    contenuto, che = NOT_WORKBOOKS[nome]
    trovata = natura.riconosci(contenuto)
    assert che in trovata.che and not trovata.rimedio


@pytest.mark.parametrize("nome", WRAPPERS)
def test_what_holds_a_workbook_says_how_to_take_it_out(nome: str) -> None:
    contenuto, che, dentro = WRAPPERS[nome]
    trovata = natura.riconosci(contenuto)
    assert che in trovata.che and trovata.rimedio
    assert trovata.dentro == dentro


@pytest.mark.parametrize(
    ("nome", "contenuto"),
    [
        ("tecnico.xlsx ", BUONA),
        ("tecnico.xlsx.", BUONA),
        ("tecnico", BUONA),
        ("tecnico.zip", BUONA),
        ("tecnico.xlsx.bak", BUONA),
        ("tecnico.XLTX", BUONA),
        ("tecnico.xlsx.p7m", b"qualsiasi"),
        ("tecnico.p7m", b"\x30\x80"),
        ("tecnico.tsd", b"\x30\x80"),
        ("tecnico.xlsx.p7s", b"\x30\x80"),
        ("tecnico.numbers", archive("Index/Document.iwa")),
        ("tecnico.gsheet", b'{"url": "https://docs.google.com"}'),
        ("tecnico.gdoc", b"{}"),
        ("tecnico.xlsx - collegamento.lnk", b"L\0\0\0"),
        ("tecnico.xlsx.crdownload", BUONA[:900]),
        ("tecnico.7z", b"7z\xbc\xaf\x27\x1c"),
        ("tecnico.xlsx.gz", gzip.compress(BUONA)),
        ("tecnico.eml", message("tecnico.xlsx")),
    ],
)
def test_a_file_that_may_be_the_workbook_of_a_settore(nome: str, contenuto: bytes) -> None:
    trovata = natura.guarda(nome, contenuto)
    assert trovata is not None and trovata.rimedio
    assert natura.spoglia(nome).startswith("tecnico")


@pytest.mark.parametrize(
    ("nome", "contenuto"),
    [
        ("determina.pdf.p7m", b"\x30\x80"),
        ("foto.zip", archive("foto.jpg")),
        ("saluti.eml", message()),
        ("verbale.docx", archive("word/document.xml")),
        ("note.txt", b"appunti"),
        ("vuoto.zip", b""),
    ],
)
def test_a_file_that_holds_no_workbook(nome: str, contenuto: bytes) -> None:
    assert natura.guarda(nome, contenuto) is None


def test_a_message_of_messages_without_end_is_a_message() -> None:
    dentro = "".join(f"Content-Type: multipart/mixed; boundary=x{n}\n\n--x{n}\n" for n in range(3_000))
    assert natura.riconosci(f"From: a@b.it\n{dentro}".encode()) == natura.MESSAGGIO


def test_no_file_inside_is_ever_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    contenuto, aperti, apri = archive("tecnico.xlsx"), [], zipfile.ZipFile.open

    def spied(pacco: zipfile.ZipFile, nome: str) -> object:
        aperti.append(nome)
        return apri(pacco, nome)

    monkeypatch.setattr(zipfile.ZipFile, "open", spied)
    assert natura.riconosci(contenuto).dentro == ("tecnico.xlsx",)
    assert set(aperti) <= {"mimetype"}
