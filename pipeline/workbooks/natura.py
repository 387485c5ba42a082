"""What a file is when it is not a workbook that can be read: from its name, its first bytes, and the
names of what it holds. No file in it is opened, but for the `mimetype` of an OpenDocument.

What may hold a workbook (a signature, an archive, a message) or be one under another form is an
`involucro`: the settore has delivered, and somebody must take the workbook out.

Sources: RFC 5652 and 5544 for the signatures and the time stamps, [MS-CFB] and [MS-OXMSG] for the older
Office files and the messages of Outlook, APPNOTE.TXT and POSIX tar for the archives.
"""

import json
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePosixPath

from pipeline.parole import leggibile
from pipeline.rilievi import Rilievo

CARTELLE = (".xlsx", ".xlsm", ".ods")
"""How the name of a workbook that we read ends."""

MAX_NOMI = 2_000
MAX_SGONFIATO = 100 * 2**20
_INIZIO = 4_096
"""In how many of its first bytes a file says what it is."""


@dataclass(frozen=True)
class Natura:
    """What a file is ("è un PDF"). With a `rimedio` it is an involucro.

    `dentro` are the workbooks it holds, as far as it says; `sicuro` is False where it is likely to hold
    none; `da_rifare` whether only who sent it can take the workbook out.
    """

    che: str
    rimedio: str = ""
    dentro: tuple[str, ...] = ()
    sicuro: bool = True
    da_rifare: bool = False


_CON_LA_FIRMA = "Estrarre il file con il programma di firma e metterlo qui, al posto di questo file."
_DI_NUOVO = "Aprirlo e salvarlo come «Cartella di lavoro Excel (.xlsx)»."
FIRMATO = Natura("è firmato digitalmente", _CON_LA_FIRMA)
MARCATO = Natura("ha una marca temporale", _CON_LA_FIRMA)
STACCATA = Natura(
    "è una firma digitale, di solito arrivata insieme al file firmato",
    "Mettere qui il file firmato; se è dentro la firma, estrarlo con il programma di firma.",
)
ARCHIVIO = Natura("è un archivio compresso", "Estrarre i file e metterli qui, al posto di questo file.")
MESSAGGIO = Natura(
    "è un messaggio di posta", "Aprirlo e salvare qui il file allegato, al posto di questo file."
)
NUMBERS = Natura(
    "è un foglio di Numbers",
    "Farselo rimandare in formato Excel (in Numbers: File, Esporta in, Excel).",
    da_rifare=True,
)
GOOGLE = Natura(
    "è solo un collegamento a un documento di Google",
    "Aprirlo e scaricare il file (File, Scarica, Microsoft Excel); oppure farselo rimandare.",
    da_rifare=True,
)
COLLEGAMENTO = Natura(
    "è solo un collegamento a un file che sta altrove",
    "Mettere qui il file a cui porta; oppure farselo rimandare.",
    sicuro=False,
    da_rifare=True,
)
A_META = Natura(
    "è uno scaricamento non finito",
    "Scaricare di nuovo il file; oppure farselo rimandare.",
    sicuro=False,
    da_rifare=True,
)
MODELLO = Natura("è un modello di Excel o LibreOffice, non un file compilato", _DI_NUOVO)
DI_WORD = "è un documento di Word (.docx)"
SENZA_NOME = "è un foglio di calcolo, ma il suo nome non finisce in .xlsx, .xlsm o .ods"

_PER_NOME = {
    **dict.fromkeys((".p7m", ".pkcs7"), FIRMATO),
    **dict.fromkeys((".tsd", ".m7m"), MARCATO),
    **dict.fromkeys((".p7s", ".p7c", ".tsr"), STACCATA),
    **dict.fromkeys((".zip", ".zipx", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz"), ARCHIVIO),
    **dict.fromkeys((".eml", ".msg", ".emlx", ".mbox"), MESSAGGIO),
    ".numbers": NUMBERS,
    ".gsheet": GOOGLE,
    ".gdoc": replace(GOOGLE, sicuro=False),
    **dict.fromkeys((".lnk", ".url", ".webloc", ".desktop"), COLLEGAMENTO),
    **dict.fromkeys((".part", ".crdownload", ".download", ".opdownload", ".partial"), A_META),
    **dict.fromkeys((".xltx", ".xltm", ".xlt", ".ots", ".stc"), MODELLO),
}
_DA_SOLI = (".numbers", ".gsheet", ".xltx", ".xltm", ".xlt", ".ots", ".stc")
"""Those whose name alone says that there is a workbook."""

_FOGLI = (*CARTELLE, ".xls", ".xlsb", ".fods")
_CARTELLA_NEL_NOME = re.compile(
    r"[^\x00-\x1f\\/:*?\"<>|]{1,120}\.(?:xlsx|xlsm|ods|xls|xlsb)(?:\.p7m)?\b", re.IGNORECASE
)
_BASE64 = re.compile(rb"MI[A-Z][A-Za-z0-9+/]{5}[A-Za-z0-9+/\r\n]{50}")
"""How the base64 of a signature begins: a sequence in BER, of whatever length."""
_TST = bytes.fromhex("060b2a864886f70d010910011f")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_CHIUSI = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ")
"""Archives whose list of names may itself be compressed."""
_CON_UN_ELENCO = (ARCHIVIO.che, MESSAGGIO.che)


def spoglia(nome: str) -> str:
    """The name of what an involucro holds: "a/16_tecnico.xlsx.p7m " -> "16_tecnico"."""
    resto = PurePosixPath(nome.replace("\\", "/")).name
    while True:
        tronco = resto.rstrip(" .\xa0")
        fine = PurePosixPath(tronco).suffix
        if fine.lower() in _PER_NOME or fine.lower() in _FOGLI:
            tronco = tronco[: -len(fine)]
        if tronco == resto:
            return resto
        resto = tronco


def dal_nome(nome: str) -> Natura | None:
    """What a file is as its name says, None for one that holds no workbook."""
    tronco = nome.rstrip(" .\xa0")
    fine = PurePosixPath(tronco).suffix.lower()
    natura = _PER_NOME.get(fine)
    if natura is None:
        return None
    interna = PurePosixPath(tronco[: -len(fine)].rstrip(" .")).suffix.lower()
    di_altro = re.fullmatch(r"\.[a-z]{3,4}", interna) and interna not in (*_FOGLI, *_PER_NOME)
    if di_altro and natura in (FIRMATO, MARCATO, STACCATA):
        return None  # a signed determina
    dentro = (tronco[: -len(fine)],) if interna in _FOGLI else ()
    sicuro = natura.sicuro or bool(dentro)
    return replace(natura, che=f"{natura.che} ({fine})", dentro=dentro, sicuro=sicuro)


def guarda(nome: str, contenuto: bytes) -> Natura | None:
    """What a file is whose name is not that of a workbook; None if it holds none and is none."""
    per_nome = dal_nome(nome)
    if _e_una_cartella(contenuto):
        di_modello = per_nome is not None and per_nome.che.startswith(MODELLO.che)
        return per_nome if di_modello else _da_rinominare(nome)
    if per_nome is None or per_nome.dentro or not per_nome.che.startswith(_CON_UN_ELENCO):
        return per_nome
    trovata = riconosci(contenuto)
    if trovata.dentro:
        return trovata
    return per_nome if contenuto.startswith(_CHIUSI) else None


def _da_rinominare(nome: str) -> Natura:
    giusto = nome.rstrip(" .\xa0")
    if not giusto.lower().endswith(CARTELLE):
        giusto = f"{spoglia(giusto)}.xlsx"
    return Natura(SENZA_NOME, f"Rinominarlo «{giusto}» e ripetere.")


def rilievo(nome: str, natura: Natura) -> Rilievo:
    """The finding for a file that is something else; what is not told to the office serves to know the
    settori that have delivered in this way (`ingest`)."""
    if not natura.rimedio:
        return Rilievo("F01", nome, dati={"dettaglio": natura.che})
    dati = {"dettaglio": natura.che, "rimedio": natura.rimedio, "dentro": "\n".join(natura.dentro)}
    sicuro, da_rifare = ("si" if vero else "" for vero in (natura.sicuro, natura.da_rifare))
    return Rilievo("F17", nome, dati={**dati, "sicuro": sicuro, "da_rifare": da_rifare})


def riconosci(contenuto: bytes) -> Natura:
    """What a file is by its content alone: an involucro, or something that is no workbook at all."""
    inizio = contenuto[:_INIZIO]
    if not contenuto:
        return Natura("è vuoto")
    if contenuto.startswith(b"PK"):
        return _zip(contenuto)
    if contenuto.startswith(_OLE):
        return _ole(contenuto)
    if natura := _firma(inizio):
        return natura
    if contenuto.startswith(_CHIUSI):
        return _con(ARCHIVIO, _nomi_nei_byte(contenuto, "utf-8"))
    if contenuto.startswith(b"\x1f\x8b") or contenuto[257:262] == b"ustar":
        return _con(ARCHIVIO, _nomi_del_tar(contenuto))
    for segni, che in _BINARI:
        if inizio.startswith(segni):
            return Natura(che)
    if inizio[4:8] == b"ftyp":
        return Natura("è un'immagine o un filmato")
    if not contenuto.strip(b"\0"):
        return Natura(
            "contiene solo zeri, come dopo un salvataggio interrotto" if contenuto else "è vuoto"
        )
    return _testo(contenuto)


_BINARI: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"%PDF",), "è un PDF"),
    ((b"{\\rtf",), "è un documento di testo (.rtf)"),
    (
        (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM", b"RIFF"),
        "è un'immagine, forse la fotografia o la scansione di un foglio",
    ),
    ((b"MZ", b"\x7fELF"), "è un programma: non aprirlo"),
)


def _con(natura: Natura, nomi: Iterable[str]) -> Natura:
    """An involucro with the workbooks it holds."""
    dentro = tuple(dict.fromkeys(leggibile(nome) for nome in nomi if _e_di_cartella(nome)))
    if not dentro:
        return natura
    detti = ", ".join(PurePosixPath(nome.replace("\\", "/")).name for nome in dentro[:5])
    altri = f" e altri {len(dentro) - 5}" if len(dentro) > 5 else ""
    return Natura(f"{natura.che}, con dentro {detti}{altri}", natura.rimedio, dentro)


def _e_di_cartella(nome: str) -> bool:
    pezzi = nome.replace("\\", "/").split("/")
    if "__MACOSX" in pezzi or pezzi[-1].startswith(("._", "~$")):
        return False
    natura = dal_nome(pezzi[-1])
    fine = PurePosixPath(pezzi[-1].rstrip(" .")).suffix.lower()
    return fine in (*_FOGLI, *_DA_SOLI) or (natura is not None and natura.dentro != ())


# ---------------------------------------------------------------------------------------- the archives


_ROTTO = (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError, EOFError)
"""What zipfile raises on a broken or encrypted zip, or on one made in a way of its own."""


def _nomi_dello_zip(contenuto: bytes) -> list[str]:
    """The names of the parts of a zip, [] if it cannot be told."""
    try:
        with zipfile.ZipFile(BytesIO(contenuto)) as pacco:
            return pacco.namelist()[:MAX_NOMI]
    except _ROTTO:
        return []


def _tipo_odf(contenuto: bytes) -> str:
    """The type of an OpenDocument ("text", "spreadsheet"), as its first part says; "" for others."""
    try:
        with zipfile.ZipFile(BytesIO(contenuto)) as pacco, pacco.open("mimetype") as flusso:
            tipo = re.match(rb"application/(?:x-)?vnd\.oasis\.opendocument\.([a-z-]+)", flusso.read(100))
    except (*_ROTTO, KeyError):
        return ""
    return tipo[1].decode() if tipo else ""


def _e_una_cartella(contenuto: bytes) -> bool:
    if not contenuto.startswith(b"PK"):
        return False
    nomi = [nome.lower() for nome in _nomi_dello_zip(contenuto)]
    di_excel = any(nome.startswith("xl/workbook") and nome.endswith(".xml") for nome in nomi)
    return di_excel or _tipo_odf(contenuto) == "spreadsheet"


_ODF = {
    "spreadsheet": "è un file di LibreOffice (.ods)",
    "text": "è un documento di testo di LibreOffice (.odt)",
    "text-template": "è un modello di testo di LibreOffice (.ott)",
    "presentation": "è una presentazione di LibreOffice (.odp)",
    "graphics": "è un disegno di LibreOffice (.odg)",
    "database": "è un archivio di dati di LibreOffice (.odb)",
}


def _zip(contenuto: bytes) -> Natura:
    """What a zip is that holds no workbook in its own right."""
    nomi = _nomi_dello_zip(contenuto)
    minuscoli = [nome.lower() for nome in nomi]
    if odf := _ODF.get(_tipo_odf(contenuto)):
        return Natura(odf)
    if "xl/workbook.bin" in minuscoli:
        return Natura("è un file binario (.xlsb)")
    for inizio, che in (
        ("word/", DI_WORD),
        ("ppt/", "è una presentazione di PowerPoint (.pptx)"),
        ("visio/", "è un disegno di Visio"),
        ("xl/workbook.xml", "è un file di Excel (.xlsx)"),
        ("xl/", "gli manca la parte principale (xl/workbook.xml)"),
    ):
        if any(nome.startswith(inizio) for nome in minuscoli):
            return Natura(che)
    if any(nome.endswith((".iwa", "index.apxl", "index/")) or nome == "index.zip" for nome in minuscoli):
        return replace(NUMBERS, che="è un documento di Apple (Numbers o Pages)")
    trovata = _con(ARCHIVIO, nomi)
    if trovata.dentro:
        return trovata
    return Natura(
        "è un archivio compresso senza fogli di calcolo dentro" if nomi else "è un archivio vuoto"
    )


def _nomi_del_tar(contenuto: bytes) -> list[str]:
    """The names in a tar, compressed or not, as far as it goes; in a lone .gz, the name it keeps."""
    originale = re.match(rb"\x1f\x8b\x08[\x08-\x0f].{6}([^\0]{1,120})\0", contenuto, re.DOTALL)
    nomi = [originale[1].decode("latin-1")] if originale else []
    with suppress(zlib.error):
        if contenuto.startswith(b"\x1f\x8b"):
            contenuto = zlib.decompressobj(31).decompress(contenuto, MAX_SGONFIATO)
    with (
        suppress(tarfile.TarError, OSError, EOFError),
        tarfile.open(fileobj=BytesIO(contenuto)) as pacco,
    ):
        while (membro := pacco.next()) and len(nomi) < MAX_NOMI:
            nomi.append(membro.name)
    return nomi


def _nomi_nei_byte(contenuto: bytes, codifica: str) -> list[str]:
    """Names of workbooks that stand in the clear among other bytes."""
    return _CARTELLA_NEL_NOME.findall(contenuto.decode(codifica, "ignore"))[:MAX_NOMI]


# ------------------------------------------------------------------------- signatures, messages, texts


def _firma(inizio: bytes) -> Natura | None:
    """A signature, in BER or in base64 with or without its armour."""
    if inizio.lstrip().startswith((b"-----BEGIN PKCS", b"-----BEGIN CMS")) or _BASE64.match(inizio):
        return FIRMATO
    if re.match(rb"\x30[\x80-\x84]", inizio):
        return MARCATO if _TST in inizio[:40] else FIRMATO
    return None


def _ole(contenuto: bytes) -> Natura:
    """A file of the older Office, told by the names of its streams."""

    def contiene(nome: str) -> bool:
        return nome.encode("utf-16-le") in contenuto

    if contiene("__substg1.0_") or contiene("__properties_version1.0"):
        return _con(MESSAGGIO, _nomi_nei_byte(contenuto, "utf-16-le"))
    for nome, che in (
        ("WordDocument", "è un vecchio documento di Word (.doc)"),
        ("PowerPoint Document", "è una vecchia presentazione di PowerPoint (.ppt)"),
        ("VisioDocument", "è un disegno di Visio"),
        ("Workbook", "è nel vecchio formato .xls"),
    ):
        if contiene(nome):
            return Natura(che)
    return Natura("è nel formato dei vecchi programmi Office (.xls, .doc)")


_POSTA = re.compile(
    rb"^(?:Received|Return-Path|Delivered-To|From|To|Subject|Message-ID|X-[A-Za-z-]+|MIME-Version|Date"
    rb"|Content-Type):",
    re.IGNORECASE,
)


def _testo(contenuto: bytes) -> Natura:
    inizio = contenuto[:_INIZIO]
    utf16 = inizio.startswith((b"\xff\xfe", b"\xfe\xff"))
    piano = inizio.decode("utf-16" if utf16 else "utf-8", "ignore").lstrip("\ufeff \t\r\n")
    basso = piano.lower()
    if _POSTA.match(inizio.lstrip()):
        if "pkcs7-mime" in basso:
            return FIRMATO
        if "multipart/related" in basso and not re.search(r"^(received|to):", basso, re.MULTILINE):
            return Natura("è una pagina web salvata in un file solo (.mht)")
        return _con(MESSAGGIO, _allegati(contenuto))
    if basso.startswith(("<!doctype html", "<html", "<table", "<meta", "<head")) or (
        basso.startswith("<") and "<html" in basso
    ):
        return Natura("è una pagina web salvata con il nome di un file Excel")
    if "urn:schemas-microsoft-com:office:spreadsheet" in basso:
        return Natura("è un «Foglio di calcolo XML 2003»")
    if basso.startswith("<") and "office:document" in basso:
        return Natura("è un foglio di LibreOffice in un solo testo (.fods)")
    if basso.startswith("<?xml"):
        return Natura("è un testo XML")
    if basso.startswith(("{", "[")) and _e_json(contenuto):
        return GOOGLE if "docs.google.com" in basso or "doc_id" in basso else Natura("è un testo JSON")
    if utf16:
        return Natura("è un testo Unicode, per esempio il «Testo Unicode (.txt)» di Excel")
    if "\0" in piano:
        return Natura("ha un contenuto che non si riconosce")
    return Natura("ha un altro contenuto, per esempio testo o CSV")


def _e_json(contenuto: bytes) -> bool:
    try:
        json.loads(contenuto[: 2**20])
    except (ValueError, RecursionError):
        return False
    return True


def _allegati(contenuto: bytes) -> list[str]:
    """The names of the attachments of a message, also of those of the messages inside it."""
    # imported here: few folders hold a message
    from email import header, parser, policy

    try:
        messaggio = parser.BytesParser(policy=policy.compat32).parsebytes(contenuto)
    except RecursionError:  # parts in parts in parts, as no program sends them
        return []
    nomi = []
    for parte in list(messaggio.walk())[:MAX_NOMI]:
        with suppress(Exception):  # email has no common exception for malformed headers
            nomi.append(header.make_header(header.decode_header(parte.get_filename() or "")))
    return [str(nome) for nome in nomi]
