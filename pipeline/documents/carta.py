"""What the office gives the relazione to wear: its letterhead and its stemma, read and judged."""

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from docx.document import Document as DocumentoWord
from docx.image.image import Image
from docx.oxml.ns import nsmap
from docx.shared import Cm, Twips
from lxml import etree

from pipeline.documents import modello
from pipeline.files import CARTA_INTESTATA, STEMMI
from pipeline.parole import leggibile
from pipeline.rilievi import Rilievo
from pipeline.workbooks import archivio, natura
from pipeline.workbooks.grid import FileRifiutato

MIN_LARGHEZZA = int(Cm(10) / Twips(1))
"""Of the text area, in twentieths of a point: in less, the tables of the schede cannot be read."""
MAX_STEMMA = 5 * 2**20
MAX_PUNTI = 50_000_000
"""Dots of the stemma: few bytes can hold more than Word has the memory to show."""
NOMI_IN_WORD = {
    "Normal": "Normale",
    "Title": "Titolo",
    "Subtitle": "Sottotitolo",
    "List Bullet": "Punto elenco",
    "heading 1": "Titolo 1",
    "heading 2": "Titolo 2",
    "heading 3": "Titolo 3",
    "TOC Heading": "Titolo sommario",
    "toc 1": "Sommario 1",
    "toc 2": "Sommario 2",
    "caption": "Didascalia",
    "header": "Intestazione",
    "footer": "Piè di pagina",
    "Hyperlink": "Collegamento ipertestuale",
}
"""Name in the file -> name that the Italian Word shows, for the styles that Word has already."""

_STRICT = "http://purl.oclc.org/ooxml/"
_NON_DI_WORD = "non è un documento di Word (.docx)"
_NON_UN_FILE = "non è un file, o è un collegamento a un file che non c'è più"
_PERCHE = {
    "F02": "chiede una password per essere aperta",
    "F03": "è danneggiata o incompleta",
    "F04": "è troppo grande (bastano l'intestazione e il piè di pagina: il testo si può cancellare)",
    "F18": "non si apre: è in uso in un altro programma, o manca il permesso di leggerla",
}
"""Why the guard refuses a file, said of a letterhead."""
_COLLEGAMENTI_INNOCUI = ("hyperlink", "attachedTemplate", "mailMergeSource", "mailMergeHeaderSource")
"""What may lead out of a letterhead: the last three are taken away with their settings."""
_NUMERO_DI_PAGINA = re.compile(r"\bPAGE\b", re.IGNORECASE)


@dataclass(frozen=True)
class Carta:
    """The letterhead and the stemma as bytes; None: our template, no stemma."""

    intestata: bytes | None = None
    stemma: bytes | None = None


def leggi(cartella: Path) -> tuple[Carta, list[Rilievo]]:
    """The letterhead and the stemma that stand among the workbooks, if any and if they serve.

    Never raises for a bad file: it becomes a rilievo, and the documents do without.
    """
    presenti = {p.name.lower(): p for p in sorted(cartella.iterdir()) if not p.is_dir()}
    rilievi: list[Rilievo] = []
    intestata = stemma = None
    if percorso := presenti.get(CARTA_INTESTATA):
        if percorso.is_file():
            intestata = _leggi_intestata(percorso, rilievi)
        else:
            rilievi.append(Rilievo("F13", leggibile(percorso.name), dati={"dettaglio": _NON_UN_FILE}))
    if percorso := next((presenti[nome] for nome in STEMMI if nome in presenti), None):
        if percorso.is_file():
            stemma = _leggi_stemma(percorso, rilievi)
        else:
            rilievi.append(Rilievo("F15", leggibile(percorso.name), dati={"dettaglio": _NON_UN_FILE}))
    return Carta(intestata, stemma), rilievi


def _leggi_intestata(percorso: Path, rilievi: list[Rilievo]) -> bytes | None:
    nome, contenuto = leggibile(percorso.name), b""
    try:
        contenuto = archivio.leggi_file(percorso)
        perche = _guarda(nome, contenuto) or _prova(contenuto)
        avvisi = [] if perche else _avvisi(nome, contenuto)
    except FileRifiutato as rifiutato:
        perche = _PERCHE.get(rifiutato.rilievo.codice) or _che_cosa_e(contenuto)
    except Exception:  # python-docx has no common exception; the file is at fault
        perche = _che_cosa_e(contenuto)
    if perche:
        rilievi.append(Rilievo("F13", nome, dati={"dettaglio": perche}))
        return None
    rilievi += avvisi
    return contenuto


def _che_cosa_e(contenuto: bytes) -> str:
    """Why a file is no letterhead, with what it is instead where its content says it."""
    che = natura.riconosci(contenuto).che
    return _NON_DI_WORD if che == natura.DI_WORD else f"{_NON_DI_WORD}: {che}"


def _guarda(nome: str, contenuto: bytes) -> str:
    """Why a .docx cannot be opened, "" if it can. Raises FileRifiutato beyond the limits of any file."""
    with archivio.aperto(nome, contenuto) as pacco:
        parti = pacco.zip.namelist()
        if any("vbaproject" in parte.lower() for parte in parti):
            return "contiene macro"
        if not pacco.ha("[Content_Types].xml"):
            return _che_cosa_e(contenuto)
        tipi = {tipo.get("ContentType", "").lower() for tipo in pacco.albero("[Content_Types].xml")}
        if any("macroenabled" in tipo for tipo in tipi):
            return "è salvata in un formato con macro (.docm, .dotm)"
        if any(tipo.endswith("wordprocessingml.template.main+xml") for tipo in tipi):
            return f"{_NON_DI_WORD}: è un modello di Word (.dotx)"
        legami: list[etree._Element] = []
        for parte in parti:
            if parte.lower().endswith((".xml", ".rels")):
                albero = pacco.albero(parte)  # refuses definitions (entity bombs)
                legami += albero if parte.lower().endswith(".rels") else []
    if any(legame.get("Type", "").startswith(_STRICT) for legame in legami):
        return "è salvata come «Documento di Word Strict Open XML»"
    fuori = {
        legame.get("Type", "").rpartition("/")[2]
        for legame in legami
        if legame.get("TargetMode") == "External"
    }
    return "è collegata ad altri file" if fuori - {*_COLLEGAMENTI_INNOCUI} else ""


def _prova(contenuto: bytes) -> str:
    """Why a document cannot dress the relazione, "" if it can. Raises what python-docx raises."""
    word = modello.apri(contenuto)
    modello.stili(word), modello.elenchi(word)
    word.save(BytesIO())
    if word.element.nsmap.get("w") != nsmap["w"]:
        return "non è scritta come la scriverebbe Word"
    if modello.larghezza(word) < MIN_LARGHEZZA:
        return "i suoi margini lasciano al testo meno di 10 centimetri"
    return ""


def _avvisi(nome: str, contenuto: bytes) -> list[Rilievo]:
    """What a letterhead lacks that the relazione would need."""
    rilievi = []
    if mancano := modello.stili_mancanti(contenuto):
        elenco = ", ".join(f"«{NOMI_IN_WORD.get(stile, stile)}»" for stile in mancano)
        rilievi.append(Rilievo("F14", nome, dati={"stili": elenco}))
    if not _numera_le_pagine(modello.apri(contenuto)):
        rilievi.append(Rilievo("F16", nome))
    return rilievi


def _numera_le_pagine(word: DocumentoWord) -> bool:
    sezione = word.sections[-1]
    return any(
        _NUMERO_DI_PAGINA.search(str(istruzione))
        for parte in (sezione.header, sezione.footer)
        if not parte.is_linked_to_previous  # of the only section: it is there
        for istruzione in parte._element.xpath(".//w:instrText/text() | .//w:fldSimple/@w:instr")
    )


def _leggi_stemma(percorso: Path, rilievi: list[Rilievo]) -> bytes | None:
    nome = leggibile(percorso.name)
    try:
        if percorso.stat().st_size > MAX_STEMMA:
            perche = f"pesa più di {MAX_STEMMA // 2**20} MB"
        else:
            contenuto = percorso.read_bytes()
            immagine = Image.from_blob(contenuto)
            if immagine.content_type not in ("image/png", "image/jpeg"):
                perche = "non è un'immagine PNG o JPEG"
            elif immagine.px_width * immagine.px_height > MAX_PUNTI:
                perche = f"ha più di {MAX_PUNTI // 1_000_000} milioni di punti"
            elif immagine.width > 0 and immagine.height > 0:
                return contenuto
            else:
                perche = "non ha larghezza o altezza"
    except Exception:  # python-docx has no common exception; the file is at fault
        perche = "non è un'immagine PNG o JPEG leggibile"
    rilievi.append(Rilievo("F15", nome, dati={"dettaglio": perche}))
    return None
