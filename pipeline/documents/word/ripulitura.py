"""What a letterhead brings around the body, cleaned of whatever would reach out of the document.

LibreOffice follows a relationship to another file whatever type it says it is of, and so it is what uses
it that counts. What has a plain form (the text of a link, the result of a field) is left in that form;
what has none is refused.
"""

import re
from dataclasses import dataclass, field

from docx.document import Document as DocumentoWord
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.part import Part, XmlPart
from docx.oxml.ns import qn
from lxml import etree

MAX_CARATTERI = 5_000
"""Of the text of a header or footer: a page of it is no header."""
MAX_ELEMENTI = 20_000
"""Of a header or footer: drawings have many."""
MAX_RIGHE = 30
"""How high a header or footer may be, in lines of twelve points: half a page."""
MAX_STILI = 4_079
"""As many as Word allows in a document. Source: «Operating parameter limitations in Word»."""

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_OFFICE = "urn:schemas-microsoft-com:"
_PER_NOME = f"{{{_OFFICE}office:office}}relid"
_COLLEGAMENTO = qn("w:hyperlink")
_APRIBILE = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_IMMAGINE, _CARATTERE = RELATIONSHIP_TYPE.IMAGE, RELATIONSHIP_TYPE.FONT
_CONTORNO = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
_ATTESI = {
    RELATIONSHIP_TYPE.OFFICE_DOCUMENT: CONTENT_TYPE.WML_DOCUMENT_MAIN,
    RELATIONSHIP_TYPE.STYLES: CONTENT_TYPE.WML_STYLES,
    RELATIONSHIP_TYPE.NUMBERING: CONTENT_TYPE.WML_NUMBERING,
    RELATIONSHIP_TYPE.SETTINGS: CONTENT_TYPE.WML_SETTINGS,
    RELATIONSHIP_TYPE.FONT_TABLE: CONTENT_TYPE.WML_FONT_TABLE,
    RELATIONSHIP_TYPE.THEME: CONTENT_TYPE.OFC_THEME,
    RELATIONSHIP_TYPE.HEADER: CONTENT_TYPE.WML_HEADER,
    RELATIONSHIP_TYPE.FOOTER: CONTENT_TYPE.WML_FOOTER,
}
"""What the part at the end of a relationship says it is: who believes the one must find the other."""
_PAGINA = {*_ATTESI, _IMMAGINE}
_OGGETTI = {"object", "OLEObject", "control", "altChunk", "subDoc", "contentPart", "movie"}
_CAMPI = {"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "STYLEREF", "TITLE", "DATE", "TIME"}
"""The fields that say something of this document. The others stay as the text they showed."""
_CALCOLI = {"IF", "="}
_PAROLA = re.compile(r"\s*(=|\w+)")

_RIQUADRO, _IN_RIGA = qn("w:txbxContent"), qn("wp:inline")
_CARATTERI_IN_UNA_RIGA = 90
_VENTESIMI, _EMU = 240, 152_400
"""A line in the units of a text, and of a drawing."""

COLLEGATA = "è collegata ad altri file"
OGGETTI = "contiene un oggetto incorporato, un controllo o un grafico"
NON_DI_WORD = "non è scritta come la scriverebbe Word"
TROPPO_ALTA = "ha un'intestazione o un piè di pagina alti più di mezza pagina"
TROPPO_TESTO = "ha troppo testo nell'intestazione o nel piè di pagina"


class CartaRifiutata(Exception):
    """Why a letterhead cannot be used, in words for the office."""


def pulisci(word: DocumentoWord) -> None:
    """Clean an open letterhead without a body, with no relationships but those that it may have.

    Raises CartaRifiutata for what has no place in the relazione.
    """
    parti = {parte: _radice(parte) for parte in word.part.package.iter_parts()}
    for parte, radice in parti.items():
        if radice is not None:
            _togli_rimandi(radice)
            _appiattisci(radice)
            if any(etree.QName(e).localname in _OGGETTI for e in radice.iter(etree.Element)):
                raise CartaRifiutata(OGGETTI)
            _guarda_legami(parte, radice, set(_ATTESI) if parte is word.part else set())
    if len(word.styles.element) > MAX_STILI:
        raise CartaRifiutata("ha troppi stili")
    for legame in word.part.rels.values():
        if legame.reltype in _CONTORNO:
            _entro_i_limiti(legame.target_part.element)


def _radice(parte: Part) -> etree._Element | None:
    """The tree of a part: of one that python-docx does not know, a tree of its bytes to look at."""
    if isinstance(parte, XmlPart):
        radice: etree._Element = parte.element
        return radice
    if not e_xml(parte.content_type):
        if parte.rels:
            raise CartaRifiutata(NON_DI_WORD)
        return None
    return etree.fromstring(parte.blob, etree.XMLParser(resolve_entities=False, no_network=True))


def e_xml(tipo: str) -> bool:
    """Whether a part of this content type is XML."""
    return tipo.lower().endswith(("+xml", "/xml"))


def _entro_i_limiti(radice: etree._Element) -> None:
    lunghezza = sum(len(testo.text or "") for testo in radice.iter(qn("w:t")))
    if lunghezza > MAX_CARATTERI or sum(1 for _ in radice.iter()) > MAX_ELEMENTI:
        raise CartaRifiutata(TROPPO_TESTO)
    if _righe(radice) > MAX_RIGHE:
        raise CartaRifiutata(TROPPO_ALTA)


def _righe(elemento: etree._Element) -> float:
    """About how many lines high something is, of what pushes the text away: not of the boxes that lie
    beside or behind it. Cells stand side by side."""
    if elemento.tag == _RIQUADRO:
        return 0.0
    altezze = [_righe(figlio) for figlio in elemento.iterchildren(etree.Element)]
    if elemento.tag == qn("w:tr"):
        return max(altezze, default=0.0)
    proprie = {qn("w:p"): 1.0, qn("w:br"): 1.0, qn("w:cr"): 1.0}.get(elemento.tag, 0.0)
    if elemento.tag == qn("w:t"):
        proprie = len(elemento.text or "") / _CARATTERI_IN_UNA_RIGA
    if elemento.tag == qn("w:spacing"):
        proprie = sum(int(elemento.get(qn(f"w:{n}"), 0)) for n in ("before", "after")) / _VENTESIMI
    if elemento.tag == _IN_RIGA:
        proprie = sum(int(e.get("cy", 0)) for e in elemento.iterchildren(qn("wp:extent"))) / _EMU
    return proprie + sum(altezze)


# ------------------------------------------------------------------------------------ relationships


def _togli_rimandi(radice: etree._Element) -> None:
    """Take away the links of pictures and what a picture keeps for other programs: it may be another
    picture, in a format that leads elsewhere. The drawings of older versions name files as they are."""
    rimandi = [*radice.iter(f"{_A}hlinkClick", f"{_A}hlinkHover", f"{_A}hlinkMouseOver")]
    rimandi += [altro for blip in radice.iter(f"{_A}blip") for altro in blip.iter(f"{_A}extLst")]
    for rimando in rimandi:
        _togli(rimando)
    for elemento in radice.iter(f"{{{_OFFICE}vml}}*", f"{{{_OFFICE}office:office}}*"):
        for nome in ("href", "src", "althref"):
            for chiave in (nome, f"{{{_OFFICE}office:office}}{nome}"):
                if chiave in elemento.attrib:
                    del elemento.attrib[chiave]


def _guarda_legami(parte: Part, radice: etree._Element, senza_uso: set[str]) -> None:
    """`senza_uso` are the types of the relationships that no element needs to use."""
    usi: dict[str, list[etree._Element]] = {}
    for elemento in radice.iter(etree.Element):
        for nome, valore in elemento.attrib.items():
            if str(nome).startswith(_R) or nome == _PER_NOME:
                usi.setdefault(str(valore), []).append(elemento)
    for chiave, legame in list(parte.rels.items()):
        suoi = usi.get(chiave, [])
        if legame.is_external:
            _guarda_collegamento(legame.reltype, legame.target_ref, suoi)
            tenuto = bool(suoi) and all(elemento.getparent() is not None for elemento in suoi)
        else:
            tenuto = bool(suoi) or legame.reltype in senza_uso
            if tenuto and not _e_quello_che_dice(legame.reltype, legame.target_part):
                raise CartaRifiutata(NON_DI_WORD if legame.reltype in _PAGINA else OGGETTI)
        if not tenuto:
            del parte.rels[chiave]


def _guarda_collegamento(tipo: str, meta: str, usi: list[etree._Element]) -> None:
    """Leave a link that a click opens in a browser; of another, its text."""
    if tipo != RELATIONSHIP_TYPE.HYPERLINK or any(uso.tag != _COLLEGAMENTO for uso in usi):
        raise CartaRifiutata(COLLEGATA)
    if not _APRIBILE.match(meta):
        for uso in usi:
            _sciogli(uso)


def _e_quello_che_dice(relazione: str, parte: Part) -> bool:
    tipo = str(parte.content_type)
    if relazione == _IMMAGINE:
        return tipo.startswith("image/") and not e_xml(tipo)
    return (relazione == _CARATTERE and not e_xml(tipo)) or _ATTESI.get(relazione) == tipo


def _togli(elemento: etree._Element) -> None:
    """Take an element away; what follows it stays."""
    padre = elemento.getparent()
    if padre is not None:
        padre.remove(elemento)


def _sciogli(elemento: etree._Element) -> None:
    """Put in the place of an element what it holds."""
    padre = elemento.getparent()
    if padre is not None:
        posto = padre.index(elemento)
        padre[posto : posto + 1] = list(elemento)


# ------------------------------------------------------------------------------------------- fields


@dataclass
class _Campo:
    """A field: what it is made of besides its result, and the words it and those in it begin with."""

    pezzi: list[etree._Element] = field(default_factory=list)
    istruzione: str = ""
    interni: set[str] = field(default_factory=set)
    nel_risultato: bool = False

    @property
    def parole(self) -> set[str]:
        parola = _PAROLA.match(self.istruzione)
        return self.interni | {parola[1].upper() if parola else ""}

    @property
    def innocuo(self) -> bool:
        return self.parole <= (_CAMPI | _CALCOLI if self.interni else _CAMPI)


def _appiattisci(radice: etree._Element) -> None:
    """Leave only the fields that say something of this document; of the others, what they showed."""
    for semplice in list(radice.iter(qn("w:fldSimple"))):
        if not _Campo(istruzione=semplice.get(qn("w:instr"), "")).innocuo:
            _sciogli(semplice)
    chiusi, aperti, sparsi = _campi(radice)
    if aperti:  # what belongs to which cannot be told
        sparsi += [pezzo for campo in (*chiusi, *aperti) for pezzo in campo.pezzi]
    for pezzo in sparsi:
        _togli(pezzo)
    for campo in chiusi:
        for pezzo in campo.pezzi:
            if campo.innocuo:
                del pezzo[:]  # data of its own, that only a form needs
            else:
                _togli(pezzo)


def _campi(radice: etree._Element) -> tuple[list[_Campo], list[_Campo], list[etree._Element]]:
    """The fields of a part, those that do not end, and the pieces of none.

    A field in the instruction of another is part of it; one in its result is one more.
    """
    chiusi: list[_Campo] = []
    aperti: list[_Campo] = []
    sparsi: list[etree._Element] = []
    for pezzo in radice.iter(*map(qn, ("w:fldChar", "w:instrText", "w:delInstrText", "w:t"))):
        segno = pezzo.get(qn("w:fldCharType")) if pezzo.tag == qn("w:fldChar") else ""
        if segno == "begin":
            aperti.append(_Campo())
        if pezzo.tag == qn("w:t") and all(campo.nel_risultato for campo in aperti):
            continue  # a text that is shown
        if not aperti:
            sparsi.append(pezzo)
            continue
        campo = aperti[-1]
        campo.pezzi.append(pezzo)
        if not segno and not campo.nel_risultato:
            campo.istruzione += pezzo.text or ""
        elif segno == "separate":
            campo.nel_risultato = True
        elif segno == "end":
            _chiudi(aperti, chiusi)
    return chiusi, aperti, sparsi


def _chiudi(aperti: list[_Campo], chiusi: list[_Campo]) -> None:
    campo = aperti.pop()
    if aperti and not aperti[-1].nel_risultato:
        aperti[-1].pezzi += campo.pezzi
        aperti[-1].interni |= campo.parole
    else:
        chiusi.append(campo)
