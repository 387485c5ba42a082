"""The open template: ours, or a letterhead with every style and list that the relazione uses."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as DocumentoWord
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.rel import Relationships
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.numbering import NumberingPart
from docx.section import _Header
from docx.shared import Twips
from docx.text.parfmt import ParagraphFormat
from lxml import etree

from pipeline.documents.word import ripulitura
from pipeline.documents.word.brani import Elenco

MODELLO = Path(__file__).with_name("modello_relazione.docx")
ELENCHI: dict[Elenco, str] = {
    "•": "Relazione puntato",
    "1.": "Relazione numerato con il punto",
    "1)": "Relazione numerato con la parentesi",
    "a)": "Relazione con le lettere",
}
"""Kind of list -> the name of its definition in the numbering of the template."""
POSTO = b"<!--corpo-->"
"""Stands for the body in an open template."""
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
    "Strong": "Enfasi (grassetto)",
    "Hyperlink": "Collegamento ipertestuale",
}
"""Name in the file -> name that the Italian Word shows, for the styles that Word has already."""
_PROSA = ("List Bullet", "Prima di tabella", "Messaggio")
"""Styles of ours that look like the body text of a letterhead."""
DOCUMENTO = "word/document.xml"
_IMPOSTAZIONI_DI_ALTRI = (
    *("attachedTemplate", "linkStyles", "mailMerge"),
    *("documentProtection", "writeProtection", "trackRevisions"),
    *("footnotePr", "endnotePr"),
)
"""Settings of a letterhead that a relazione must not inherit: it is a document to be retouched."""
_PARTI_DEL_DOCUMENTO = {
    RELATIONSHIP_TYPE.STYLES,
    RELATIONSHIP_TYPE.NUMBERING,
    RELATIONSHIP_TYPE.SETTINGS,
    RELATIONSHIP_TYPE.FONT_TABLE,
    RELATIONSHIP_TYPE.THEME,
}
"""The parts that a document has even without a body."""
_PARTI_DELLA_PAGINA = {RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER, RELATIONSHIP_TYPE.IMAGE}
"""Those that it has if its pages show them."""
_PARTI_DEL_PACCHETTO = {RELATIONSHIP_TYPE.OFFICE_DOCUMENT}
"""The part of the file that stays true: not its signatures, its thumbnail, its author, its company."""
_MEZZO = 4_000
"""Beyond this, in twentieths of a point, a tabulation to the right stands beside the margin."""
_OLTRE = 1_000_000
"""No relazione has so many drawings and bookmarks."""
_TITOLI = {"heading 1": 0, "heading 2": 1, "heading 3": 2, "Titolo scheda": 1}
"""Style of a heading -> its level among the bookmarks."""
_CON_UN_CODICE = "Titolo scheda"
"""The heading that no letterhead numbers: its number is the code of the scheda."""
_CORPO = 9
"""The level of what is no heading. Source: ECMA-376, part 1, 17.3.1.20."""
_DOPO_IL_LIVELLO = ("w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange")
"""What comes after it in the properties of a paragraph. Source: ECMA-376, part 1, A.1, CT_PPrBase."""
_MISURE = ("page_width", "page_height", "left_margin", "right_margin", "top_margin", "bottom_margin")


@dataclass(frozen=True)
class Carta:
    """The letterhead and the stemma as bytes; None: our template, no stemma."""

    intestata: bytes | None = None
    stemma: bytes | None = None


def apri(intestata: bytes | None) -> DocumentoWord:
    """Our template or a letterhead, without its body, with every style and list that we use.

    Of a letterhead with several sections the last is taken. Raises CartaRifiutata, and what python-docx
    raises.
    """
    modello = _modello()
    if not intestata:
        return deepcopy(modello)
    word = _senza_corpo(Document(BytesIO(intestata)))
    _togli_il_resto(word)
    _completa_la_pagina(word, modello)
    _in_italiano(word)
    _prendi_stili(word, modello)
    _prendi_elenchi(word, modello)
    _numera_solo_i_titoli(word)
    _togli_bozza(word)
    _numera_i_disegni(word)
    return word


@cache
def _modello() -> DocumentoWord:
    """Our template without its body, to look things up in and to copy: nobody writes in it."""
    return _senza_corpo(Document(str(MODELLO)))


def _senza_corpo(word: DocumentoWord) -> DocumentoWord:
    """The same document, with its last section alone and a mark where the body goes."""
    word.part.partname = PackURI(f"/{DOCUMENTO}")  # not all programs call it so
    sezioni = [sezione._sectPr for sezione in word.sections]
    corpo = word.element.body
    for elemento in list(corpo):
        if elemento.tag != qn("w:sectPr"):
            corpo.remove(elemento)
    _una_sezione(corpo.get_or_add_sectPr(), sezioni)
    corpo.insert(0, etree.Comment("corpo"))
    return word


def stili(word: DocumentoWord) -> dict[str, str]:
    """Name of every style that we use -> its identifier in a document opened with `apri`."""
    suoi = _per_nome(word)
    trovati = {nome: _suo(nome, suoi) for nome in _nomi_possibili()}
    return {nome: _id(suo) for nome, suo in trovati.items() if suo is not None}


def stili_mancanti(contenuto: bytes) -> list[str]:
    """The names of our styles that a letterhead lacks. Raises what python-docx raises."""
    suoi = _per_nome(Document(BytesIO(contenuto)))
    return [nome for nome in _nomi_possibili() if _suo(nome, suoi) is None]


def testate(word: DocumentoWord) -> list[_Header]:
    """The headers that the pages of a document show; some may still have nothing in them."""
    sezione = word.sections[-1]
    trovate = [sezione.header]
    if sezione.different_first_page_header_footer:
        trovate.append(sezione.first_page_header)
    if word.settings.odd_and_even_pages_header_footer:
        trovate.append(sezione.even_page_header)
    return trovate


def larghezza(word: DocumentoWord) -> int:
    """The width of the text area, in twentieths of a point."""
    sezione = word.sections[-1]
    margini = (sezione.left_margin or 0) + (sezione.right_margin or 0) + (sezione.gutter or 0)
    return int(((sezione.page_width or 0) - margini) / Twips(1))


def altezza(word: DocumentoWord) -> int:
    """The height of the text area, in twentieths of a point. A margin below zero is one that nothing
    pushes away."""
    sezione = word.sections[-1]
    margini = abs(sezione.top_margin or 0) + abs(sezione.bottom_margin or 0)
    return int(((sezione.page_height or 0) - margini) / Twips(1))


def elenchi(word: DocumentoWord) -> dict[Elenco, int]:
    """Kind of list -> the id of its definition in a document that has them all."""
    suoi = {_nome(definizione): definizione for definizione in _definizioni(word)}
    return {tipo: _n(suoi[nome]) for tipo, nome in ELENCHI.items()}


def _stili(word: DocumentoWord) -> list[BaseOxmlElement]:
    return [stile for stile in word.styles.element.style_lst if stile.get(qn("w:styleId"))]


def _nome(elemento: BaseOxmlElement) -> str:
    nome = elemento.find(qn("w:name"))
    return "" if nome is None else str(nome.get(qn("w:val")))


def _id(stile: BaseOxmlElement) -> str:
    return str(stile.get(qn("w:styleId")))


def _tipo(stile: BaseOxmlElement) -> str:
    return str(stile.get(qn("w:type"), "paragraph"))


def _n(definizione: BaseOxmlElement) -> int:
    return int(str(definizione.get(qn("w:abstractNumId"))))


def _per_nome(word: DocumentoWord) -> dict[tuple[str, str], BaseOxmlElement]:
    """Kind and name of each style -> the style; under the name "" the one of who has no style."""
    tutti = _stili(word)
    per_nome = {(_tipo(stile), _nome(stile).lower()): stile for stile in tutti}
    predefiniti = [stile for stile in tutti if stile.get(qn("w:default")) in ("1", "true")]
    return per_nome | {(_tipo(stile), ""): stile for stile in predefiniti}


@cache
def _nomi_possibili() -> dict[str, list[tuple[str, str]]]:
    """Name of every style of ours -> the kind and the names that it may have in a document."""
    possibili = {}
    for nostro in _stili(_modello()):
        nome = _nome(nostro)
        nomi = [nome.lower(), _nostro(nome).lower(), *([""] if nostro.get(qn("w:default")) else [])]
        possibili[nome] = [(_tipo(nostro), n) for n in nomi]
    return possibili


def _suo(nome: str, suoi: dict[tuple[str, str], BaseOxmlElement]) -> BaseOxmlElement | None:
    """The style of a document that does for the one of ours with that name."""
    return next((suoi[chiave] for chiave in _nomi_possibili()[nome] if chiave in suoi), None)


def _nostro(nome: str) -> str:
    """The name of a style of ours where a style of another kind has its own."""
    return f"{nome} relazione"


def _una_sezione(sezione: BaseOxmlElement, sezioni: Sequence[BaseOxmlElement]) -> None:
    """Make the last section whole: it shows the headers of those before where it has none of its own,
    and has one column."""
    for prima in reversed(sezioni[:-1]):
        for riferimento in prima.iterchildren(qn("w:headerReference"), qn("w:footerReference")):
            propri = {r.get(qn("w:type")) for r in sezione.iterchildren(riferimento.tag)}
            if riferimento.get(qn("w:type")) not in propri:
                sezione.insert(0, deepcopy(riferimento))
    for colonne in sezione.iterchildren(qn("w:cols")):
        sezione.remove(colonne)


def _completa_la_pagina(word: DocumentoWord, modello: DocumentoWord) -> None:
    """The measures that a letterhead does not give are those of our template."""
    sua, nostra = word.sections[-1], modello.sections[-1]
    for misura in _MISURE:
        if getattr(sua, misura) is None:
            setattr(sua, misura, getattr(nostra, misura))


def _togli_il_resto(word: DocumentoWord) -> None:
    """Take away what belonged to the body of a letterhead, and its ties to other files."""
    usate = {str(chiave) for chiave in word.element.xpath("//@r:*")}
    for chiave, legame in list(word.part.rels.items()):
        della_pagina = chiave in usate and (legame.is_external or legame.reltype in _PARTI_DELLA_PAGINA)
        if legame.reltype not in _PARTI_DEL_DOCUMENTO and not della_pagina:
            del word.part.rels[chiave]
    _tieni(word.part.package.rels, _PARTI_DEL_PACCHETTO)
    impostazioni = word.settings.element
    for nome in _IMPOSTAZIONI_DI_ALTRI:
        for elemento in list(impostazioni.iterchildren(qn(f"w:{nome}"))):
            impostazioni.remove(elemento)
    _tieni(word.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS).rels, set())
    ripulitura.pulisci(word)


def _tieni(legami: Relationships, tipi: set[str]) -> None:
    for chiave, legame in list(legami.items()):
        if legame.reltype not in tipi:
            del legami[chiave]


def _in_italiano(word: DocumentoWord) -> None:
    """The language is of the text, whatever the computer on which the letterhead was made."""
    padre = word.styles.element
    for nome in ("w:docDefaults", "w:rPrDefault", "w:rPr"):
        figlio = padre.find(qn(nome))
        if figlio is None:
            figlio = OxmlElement(nome)
            padre.insert(0, figlio)
        padre = figlio
    if padre.find(qn("w:lang")) is None:
        padre.append(OxmlElement("w:lang"))
    for lingua in word.styles.element.iter(qn("w:lang")):
        lingua.set(qn("w:val"), "it-IT")


def _prendi_stili(word: DocumentoWord, modello: DocumentoWord) -> None:
    """Add to a letterhead the styles of ours that it lacks, under identifiers of their own."""
    suoi = _per_nome(word)
    usati = {_id(stile).lower() for stile in suoi.values()}
    nomi = {nome for _, nome in suoi}
    nostri = {_id(nostro): (nostro, _suo(_nome(nostro), suoi)) for nostro in _stili(modello)}
    identita = {
        chiave: _libero(chiave, usati) if suo is None else _id(suo)
        for chiave, (_, suo) in nostri.items()
    }
    destra, nostra = larghezza(word), larghezza(modello)
    for chiave, (nostro, suo) in nostri.items():
        if suo is None:
            nuovo = deepcopy(nostro)
            nuovo.set(qn("w:styleId"), identita[chiave])
            if _nome(nostro).lower() in nomi:
                for nome in nuovo.iterchildren(qn("w:name")):
                    nome.set(qn("w:val"), _nostro(_nome(nostro)))
            for legame in nuovo.iterchildren(qn("w:basedOn"), qn("w:next"), qn("w:link")):
                legame.set(qn("w:val"), identita[str(legame.get(qn("w:val")))])
            _al_margine(nuovo, destra - nostra)
            if _sul_testo(nostro) and _nome(nostro) not in _PROSA:
                _non_come_una_lettera(ParagraphFormat(nuovo))
            word.styles.element.append(nuovo)
            continue
        _tieni_insieme(nostro, suo)
        if _nome(nostro) in ("toc 1", "toc 2"):
            # Word puts the places of an index in each of its lines, not in its style
            _come_il_nostro(nostro, suo)
            _al_margine(suo, destra - nostra)


def _al_margine(stile: BaseOxmlElement, differenza: int) -> None:
    """The tabulations beside the right margin of our template, beside that of a letterhead."""
    for tabulazione in stile.iter(qn("w:tab")):
        posto = int(str(tabulazione.get(qn("w:pos"))))
        if tabulazione.get(qn("w:val")) == "right" and posto > _MEZZO:
            tabulazione.set(qn("w:pos"), str(posto + differenza))


def _come_il_nostro(nostro: BaseOxmlElement, suo: BaseOxmlElement) -> None:
    """The tabulations and the indents of a line of the index are ours: it is made of four parts."""
    modello, formato = ParagraphFormat(nostro), ParagraphFormat(suo)
    formato.tab_stops.clear_all()
    for tabulazione in modello.tab_stops:
        formato.tab_stops.add_tab_stop(tabulazione.position, tabulazione.alignment, tabulazione.leader)
    for rientro in ("left_indent", "right_indent", "first_line_indent"):
        setattr(formato, rientro, getattr(modello, rientro))


def _tieni_insieme(nostro: BaseOxmlElement, suo: BaseOxmlElement) -> None:
    """What holds pages together does not depend on whose the letterhead is: a caption stays with what
    it is of, a heading with its text, the index begins a page."""
    nostra, sua = ParagraphFormat(nostro), ParagraphFormat(suo)
    for proprieta in ("keep_with_next", "keep_together", "page_break_before"):
        if getattr(nostra, proprieta):
            setattr(sua, proprieta, True)


def catene(word: DocumentoWord) -> dict[str, list[BaseOxmlElement]]:
    """Name of every style that we use -> the style and those on which it is based, as far as they go."""
    per_chiave = {_id(stile): stile for stile in _stili(word)}
    return {nome: list(_catena(per_chiave, chiave)) for nome, chiave in stili(word).items()}


def _catena(per_chiave: dict[str, BaseOxmlElement], chiave: str) -> Iterator[BaseOxmlElement]:
    visti: set[str] = set()
    while chiave in per_chiave and chiave not in visti:  # a style may be based on itself
        visti.add(chiave)
        yield per_chiave[chiave]
        base = per_chiave[chiave].find(qn("w:basedOn"))
        chiave = "" if base is None else str(base.get(qn("w:val")))


def _numera_solo_i_titoli(word: DocumentoWord) -> None:
    """A letterhead may number its headings. What is based on them, or has numbers of its own, does not
    become an item of a list, nor a heading among the bookmarks: «Indice» is no chapter."""
    nostri = {_nome(nostro) for nostro in _stili(_modello()) if _tipo(nostro) == "paragraph"}
    for nome, (stile, *basi) in catene(word).items():
        if nome not in nostri:
            continue
        livello = _TITOLI.get(nome, _CORPO)
        if _valore([stile, *basi], "outlineLvl", _CORPO) != livello:
            _livello(stile, livello)
        if (nome not in _TITOLI or nome == _CON_UN_CODICE) and any(
            s.find(f".//{qn('w:numPr')}") is not None for s in (stile, *basi)
        ):
            _del_capoverso(stile).get_or_add_numPr().get_or_add_numId().val = 0
            _togli_dagli_elenchi(word, _id(stile))


def _valore(stili: Sequence[BaseOxmlElement], proprieta: str, senza: int) -> int:
    """A number of a paragraph as the first of some styles that has it says."""
    trovati = (stile.find(f"{qn('w:pPr')}/{qn(f'w:{proprieta}')}") for stile in stili)
    primo = next((trovato for trovato in trovati if trovato is not None), None)
    return senza if primo is None else int(str(primo.get(qn("w:val"))))


def _del_capoverso(stile: Any) -> Any:
    """The properties of its paragraphs: python-docx makes the methods of its elements as it runs."""
    return stile.get_or_add_pPr()


def _livello(stile: BaseOxmlElement, livello: int) -> None:
    proprieta = _del_capoverso(stile)
    for vecchio in list(proprieta.iterchildren(qn("w:outlineLvl"))):
        proprieta.remove(vecchio)
    nuovo = OxmlElement("w:outlineLvl")
    nuovo.set(qn("w:val"), str(livello))
    proprieta.insert_element_before(nuovo, *_DOPO_IL_LIVELLO)


def _togli_dagli_elenchi(word: DocumentoWord, chiave: str) -> None:
    """A level of a list names the style that it numbers, as the style names the list."""
    for legame in list(word.part.numbering_part.element.iter(qn("w:pStyle"))):
        if legame.get(qn("w:val")) == chiave:
            legame.getparent().remove(legame)


def _sul_testo(nostro: BaseOxmlElement) -> bool:
    """Whether a style of ours is based on the one of the body text."""
    base = nostro.find(qn("w:basedOn"))
    return base is not None and base.get(qn("w:val")) == "Normal"


def _non_come_una_lettera(formato: ParagraphFormat) -> None:
    """The body text of a letterhead may be justified, indented, widely spaced: not so what is based on
    it in a table, in the index, on the cover."""
    if formato.alignment is None:
        formato.alignment = WD_ALIGN_PARAGRAPH.LEFT
    if formato.left_indent is None:
        formato.left_indent = 0
    if formato.first_line_indent is None:
        formato.first_line_indent = 0
    if formato.line_spacing is None:
        formato.line_spacing = 1.0


def _libero(chiave: str, usati: set[str]) -> str:
    """An identifier that no style of a letterhead has."""
    while chiave.lower() in usati:
        chiave += "Relazione"
    return chiave


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
    numerazione = word.part.numbering_part.element
    posto = len(numerazione.xpath("./w:numPicBullet | ./w:abstractNum"))
    for n, definizione in enumerate(mancano):
        nuova = deepcopy(definizione)
        nuova.set(qn("w:abstractNumId"), str(libero + n))
        numerazione.insert(posto + n, nuova)


def _togli_bozza(word: DocumentoWord) -> None:
    """A letterhead that was a draft of ours does not make one of every relazione."""
    stile = stili(word)["Bozza carattere"]
    for testata in testate(word):
        if not testata.is_linked_to_previous:
            for corsa in testata._element.xpath(f'.//w:r[w:rPr/w:rStyle/@w:val="{stile}"]'):
                capoverso = corsa.getparent()
                capoverso.remove(corsa)
                if capoverso.getprevious() is not None and not capoverso.xpath("./*[not(self::w:pPr)]"):
                    capoverso.getparent().remove(capoverso)


def _numera_i_disegni(word: DocumentoWord) -> None:
    """Give the drawings at the head and foot of the pages numbers that those of the body never have."""
    tipi = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    parti = [legame.target_part for legame in word.part.rels.values() if legame.reltype in tipi]
    disegni = [disegno for parte in parti for disegno in parte.element.iter(qn("wp:docPr"))]
    for n, disegno in enumerate(disegni, start=_OLTRE):
        disegno.set("id", str(n))
