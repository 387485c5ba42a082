"""What the relazione is dressed in: our template or the office's letterhead, and the stemma."""

from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentoWord
from docx.image.image import Image
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import nsmap, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.numbering import NumberingPart
from docx.shared import Mm, Twips
from lxml import etree

from pipeline.documents.brani import Elenco
from pipeline.files import CARTA_INTESTATA, STEMMI
from pipeline.parole import leggibile
from pipeline.rilievi import CATALOGO, Rilievo
from pipeline.workbooks import archivio
from pipeline.workbooks.grid import FileRifiutato, rifiuto

MODELLO = Path(__file__).with_name("modello_relazione.docx")
A4 = Mm(210)
MAX_STEMMA = 5 * 2**20
ELENCHI: dict[Elenco, str] = {
    "•": "Relazione puntato",
    "1.": "Relazione numerato con il punto",
    "1)": "Relazione numerato con la parentesi",
    "a)": "Relazione con le lettere",
}
"""Kind of list -> the name of its definition in the numbering of the template."""
POSTO = b"<!--corpo-->"
"""Stands for the body in an open template."""
_DOCUMENTO = "word/document.xml"


@dataclass(frozen=True)
class Carta:
    """The letterhead and the stemma as bytes; None: our template, no stemma."""

    intestata: bytes | None = None
    stemma: bytes | None = None


def leggi(cartella: Path) -> tuple[Carta, list[Rilievo]]:
    """The letterhead and the stemma that stand among the workbooks, if any and if they serve.

    Never raises for a bad file: it becomes a rilievo, and the documents do without.
    """
    presenti = {p.name.lower(): p for p in sorted(cartella.iterdir()) if p.is_file()}
    rilievi: list[Rilievo] = []
    intestata = stemma = None
    if percorso := presenti.get(CARTA_INTESTATA):
        intestata = _leggi_intestata(percorso, rilievi)
    if percorso := next((presenti[nome] for nome in STEMMI if nome in presenti), None):
        stemma = _leggi_stemma(percorso, rilievi)
    return Carta(intestata, stemma), rilievi


def _leggi_intestata(percorso: Path, rilievi: list[Rilievo]) -> bytes | None:
    nome = leggibile(percorso.name)
    try:
        contenuto = archivio.leggi_file(percorso)
        _guarda(nome, contenuto)
        mancano = stili_mancanti(contenuto)
    except FileRifiutato as rifiutato:
        perche = rifiutato.rilievo.dati["dettaglio"] or CATALOGO[rifiutato.rilievo.codice].titolo
    except Exception:  # python-docx has no common exception; the file is at fault
        perche = "non è un documento di Word"
    else:
        if mancano:
            dati = {"stili": ", ".join(f"«{stile}»" for stile in mancano)}
            rilievi.append(Rilievo("F14", nome, dati=dati))
        return contenuto
    rilievi.append(Rilievo("F13", nome, dati={"dettaglio": perche}))
    return None


def _guarda(nome: str, contenuto: bytes) -> None:
    """Raises FileRifiutato unless it is a plain .docx, within the limits of any file that comes in."""
    with archivio.aperto(nome, contenuto) as pacco:
        if not pacco.ha(_DOCUMENTO):
            raise rifiuto("F01", nome, "non è un documento di Word")
        if pacco.albero(_DOCUMENTO).nsmap.get("w") != nsmap["w"]:
            raise rifiuto("F01", nome, "è un documento di Word «Strict Open XML»")
        parti = pacco.zip.namelist()
        if any("vbaproject" in parte.lower() for parte in parti):
            raise rifiuto("F01", nome, "contiene macro")
        for parte in parti:
            if parte.endswith((".xml", ".rels")):
                albero = pacco.albero(parte)  # refuses definitions (entity bombs)
                if parte.endswith(".rels") and any(map(_esterno, albero)):
                    raise rifiuto("F01", nome, "è collegata ad altri file")


def _esterno(relazione: etree._Element) -> bool:
    return relazione.get("TargetMode") == "External" and not relazione.get("Type", "").endswith(
        "/hyperlink"
    )


def _leggi_stemma(percorso: Path, rilievi: list[Rilievo]) -> bytes | None:
    nome = leggibile(percorso.name)
    try:
        if percorso.stat().st_size > MAX_STEMMA:
            perche = f"pesa più di {MAX_STEMMA // 2**20} MB"
        else:
            contenuto = percorso.read_bytes()
            immagine = Image.from_blob(contenuto)
            if immagine.content_type in ("image/png", "image/jpeg") and immagine.px_width > 0:
                return contenuto
            perche = "non è un'immagine PNG o JPEG"
    except Exception:  # python-docx has no common exception; the file is at fault
        perche = "non è un'immagine PNG o JPEG leggibile"
    rilievi.append(Rilievo("F15", nome, dati={"dettaglio": perche}))
    return None


# ---------------------------------------------------------------------------------------- the template


def apri(carta: Carta) -> DocumentoWord:
    """The template or the letterhead, without its body, with every style and list that we use."""
    word = Document(BytesIO(carta.intestata) if carta.intestata else str(MODELLO))
    corpo = word.element.body
    for elemento in list(corpo):
        if elemento.tag != qn("w:sectPr"):
            corpo.remove(elemento)
    corpo.get_or_add_sectPr()
    corpo.insert(0, etree.Comment("corpo"))
    if carta.intestata:
        modello = Document(str(MODELLO))
        _in_italiano(word)
        _prendi_stili(word, modello)
        _prendi_elenchi(word, modello)
    return word


def stili(word: DocumentoWord, carta: Carta) -> dict[str, str]:
    """Name of every style that we use -> its identifier in the document opened with `apri`."""
    modello = Document(str(MODELLO)) if carta.intestata else word
    suoi = _per_nome(word)
    return {nome: _id(suoi[nome.lower()]) for nome in map(_nome, _stili(modello))}


def stili_mancanti(contenuto: bytes) -> list[str]:
    """The names of our styles that a letterhead lacks. Raises what python-docx raises."""
    suoi = _per_nome(Document(BytesIO(contenuto)))
    nomi = map(_nome, _stili(Document(str(MODELLO))))
    return [nome for nome in nomi if nome.lower() not in suoi]


def larghezza(word: DocumentoWord) -> int:
    """The width of the text area, in twentieths of a point."""
    sezione = word.sections[-1]
    pagina, margini = sezione.page_width or A4, (sezione.left_margin or 0) + (sezione.right_margin or 0)
    return int((pagina - margini) / Twips(1))


def elenchi(word: DocumentoWord) -> dict[Elenco, int]:
    """Kind of list -> the id of its definition in a document that has them all."""
    suoi = {_nome(definizione): definizione for definizione in _definizioni(word)}
    return {tipo: _n(suoi[nome]) for tipo, nome in ELENCHI.items()}


def _stili(word: DocumentoWord) -> list[BaseOxmlElement]:
    return list(word.styles.element.style_lst)


def _nome(elemento: BaseOxmlElement) -> str:
    nome = elemento.find(qn("w:name"))
    return "" if nome is None else str(nome.get(qn("w:val")))


def _id(stile: BaseOxmlElement) -> str:
    return str(stile.get(qn("w:styleId")))


def _n(definizione: BaseOxmlElement) -> int:
    return int(str(definizione.get(qn("w:abstractNumId"))))


def _per_nome(word: DocumentoWord) -> dict[str, BaseOxmlElement]:
    return {_nome(stile).lower(): stile for stile in _stili(word)}


def _in_italiano(word: DocumentoWord) -> None:
    """The language is of the text, whatever the computer on which the letterhead was made."""
    for lingua in word.styles.element.iter(qn("w:lang")):
        lingua.set(qn("w:val"), "it-IT")


def _prendi_stili(word: DocumentoWord, modello: DocumentoWord) -> None:
    """Add to a letterhead the styles of ours that it lacks, under identifiers of their own."""
    suoi = _per_nome(word)
    usati = {_id(stile) for stile in suoi.values()}
    identita = {}
    for stile in _stili(modello):
        suo, nostro = suoi.get(_nome(stile).lower()), _id(stile)
        identita[nostro] = _id(suo) if suo is not None else nostro + "Relazione" * (nostro in usati)
    destra = str(larghezza(word))
    for stile in _stili(modello):
        if _nome(stile).lower() not in suoi:
            nuovo = deepcopy(stile)
            nuovo.set(qn("w:styleId"), identita[_id(stile)])
            for legame in nuovo.iterchildren(qn("w:basedOn"), qn("w:next"), qn("w:link")):
                legame.set(qn("w:val"), identita[str(legame.get(qn("w:val")))])
            for tabulazione in nuovo.iter(qn("w:tab")):
                tabulazione.set(qn("w:pos"), destra)
            word.styles.element.append(nuovo)


def _definizioni(word: DocumentoWord) -> list[BaseOxmlElement]:
    return list(word.part.numbering_part.element.iterchildren(qn("w:abstractNum")))


def _prendi_elenchi(word: DocumentoWord, modello: DocumentoWord) -> None:
    """Add to a letterhead the definitions of our lists."""
    parti = {relazione.reltype: relazione.target_part for relazione in word.part.rels.values()}
    if RELATIONSHIP_TYPE.NUMBERING not in parti:
        nostra = modello.part.numbering_part
        parte = NumberingPart.load(nostra.partname, nostra.content_type, nostra.blob, word.part.package)
        word.part.relate_to(parte, RELATIONSHIP_TYPE.NUMBERING)
        return
    sue = _definizioni(word)
    libero = max(map(_n, sue), default=-1) + 1
    presenti = {_nome(definizione) for definizione in sue}
    mancano = [d for d in _definizioni(modello) if _nome(d) not in presenti]
    for n, definizione in enumerate(mancano):
        nuova = deepcopy(definizione)
        nuova.set(qn("w:abstractNumId"), str(libero + n))
        word.part.numbering_part.element.insert(len(sue) + n, nuova)
