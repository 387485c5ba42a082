"""The body of a traccia: a Word text with `{campi}` in it, taken out clean and filled in.

What is kept is listed: paragraphs, tables, runs and how they look. Links, revisions and fields stay as
the text that they show; what has no text (pictures, notes, objects) is left out, and said.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from lxml import etree

from pipeline.documents.word.blocchi import POCHE
from pipeline.workbooks.messaggi import SEGNAPOSTO, nome_di

MANCA = "\x0e{}\x0f"
"""A text that stands for what is missing: it is highlighted."""
_MANCA = re.compile("\x0e([^\x0f]*)\x0f")
_W = qn("w:p").removesuffix("p")
_CORSA, _TESTO, _CAPOVERSO, _RIGA = qn("w:r"), qn("w:t"), qn("w:p"), qn("w:tr")
_TENUTI = {
    *(_CORSA, _TESTO, _CAPOVERSO, _RIGA, qn("w:body"), qn("w:tbl"), qn("w:tc")),
    *(qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen")),
}
_ASPETTO = {
    *(qn("w:pPr"), qn("w:rPr"), qn("w:tblPr"), qn("w:tblPrEx"), qn("w:tblGrid")),
    *(qn("w:trPr"), qn("w:tcPr")),
}
_SCIOLTI = {
    *(qn("w:hyperlink"), qn("w:smartTag"), qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml")),
    *(qn("w:ins"), qn("w:moveTo"), qn("w:fldSimple"), qn("w:dir"), qn("w:bdo")),
}
_PERSI = {
    "drawing": "immagini",
    "pict": "immagini",
    "AlternateContent": "disegni o caselle di testo",
    "object": "oggetti incorporati",
    "footnoteReference": "note a piè di pagina",
    "endnoteReference": "note di chiusura",
    "oMath": "formule",
    "oMathPara": "formule",
    "altChunk": "documenti inseriti",
}
"""What has no place in an act made from a traccia, with what it is called."""
_NON_ASPETTO = re.compile(rf"{re.escape(_W)}(?:sectPr|\w*Change|ins|del)")
_NELLO_STILE = (qn("w:pStyle"), qn("w:rStyle"), qn("w:tblStyle"))
_SI_VEDONO = (qn("w:drawing"), qn("w:pict"), qn("w:br"), qn("w:fldChar"), qn("w:fldSimple"))
"""What a paragraph without words may show, in a header too."""
_LARGHE = (qn("w:tblW"), qn("w:gridCol"), qn("w:tcW"))


@dataclass(frozen=True)
class Corpo:
    """A traccia: its letterhead, its body as XML, the `{campi}` of both, what of it is left out."""

    carta: bytes
    corpo: str
    campi: tuple[str, ...] = ()
    persi: tuple[str, ...] = ()


@dataclass(frozen=True)
class Valori:
    """What to fill in: the simple `{campi}`, and the lists, whose `{elenco.campo}` repeat their row or
    paragraph once for each item."""

    semplici: Mapping[str, str]
    elenchi: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)


def estrai(contenuto: bytes, carta: bytes | None = None) -> Corpo:
    """The traccia in a Word document. `carta` is its letterhead already cleaned, if it is not ours.

    Raises what python-docx raises.
    """
    word = Document(BytesIO(contenuto))
    persi: list[str] = []
    corpo = _puliti(word.element.body, persi)[0]
    tipi = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    intorno = [r.target_part.element for r in word.part.rels.values() if r.reltype in tipi]
    campi = dict.fromkeys(posto for radice in (corpo, *intorno) for posto in segnaposti(radice))
    intero = etree.tostring(corpo, encoding="unicode")
    return Corpo(carta or contenuto, intero, tuple(campi), tuple(dict.fromkeys(persi)))


def segnaposti(radice: Any) -> Iterator[str]:
    """What stands in braces in the paragraphs of a tree, however Word has split it; lone braces too."""
    for capoverso in radice.iter(_CAPOVERSO):
        yield from SEGNAPOSTO.findall(_intero(capoverso))


# ----------------------------------------------------------------------------------------- cleaning


def _puliti(elemento: Any, persi: list[str]) -> list[Any]:
    """What stays of an element: itself, what it holds, or nothing."""
    if not isinstance(elemento.tag, str):
        return []
    if elemento.tag in _ASPETTO:
        return [_aspetto(elemento)]
    if elemento.tag not in _TENUTI | _SCIOLTI:
        nome = etree.QName(elemento.tag).localname
        persi += [_PERSI[nome]] if nome in _PERSI else []
        return []
    dentro = [pulito for figlio in elemento for pulito in _puliti(figlio, persi)]
    if elemento.tag in _SCIOLTI:
        return dentro
    nuovo = _nudo(elemento)
    nuovo.text = elemento.text if elemento.tag == _TESTO else None
    nuovo.extend(dentro)
    if elemento.tag == _CAPOVERSO and _volta_pagina(elemento):
        salto = etree.SubElement(etree.SubElement(nuovo, _CORSA), qn("w:br"))
        salto.set(qn("w:type"), "page")
    return [nuovo]


def _aspetto(elemento: Any) -> Any:
    """The properties of an element, without sections and revisions."""
    nuovo = _nudo(elemento)
    for figlio in elemento.iterchildren(etree.Element):
        if str(figlio.tag).startswith(_W) and not _NON_ASPETTO.fullmatch(figlio.tag):
            nuovo.append(_aspetto(figlio))
    return nuovo


def _nudo(elemento: Any) -> Any:
    """An element without what it holds, with the attributes that are of Word."""
    nuovo = etree.Element(elemento.tag, nsmap={"w": _W[1:-1]})
    for nome, valore in elemento.attrib.items():
        if nome.startswith(_W) and not nome.startswith(f"{_W}rsid"):
            nuovo.set(nome, valore)
    if elemento.tag == _TESTO:
        nuovo.set(qn("xml:space"), "preserve")
    return nuovo


def _volta_pagina(capoverso: Any) -> bool:
    """Whether a section ends with a paragraph, and the next begins a page: the act has one section."""
    sezione = capoverso.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
    tipo = None if sezione is None else sezione.find(qn("w:type"))
    return sezione is not None and (tipo is None or tipo.get(qn("w:val")) != "continuous")


def adatta(corpo: Any, stili: Mapping[str, str], scala: float) -> None:
    """Bring a body to another letterhead: identifiers of the styles, widths of the tables."""
    for elemento in corpo.iter(*_NELLO_STILE):
        chiave = elemento.get(qn("w:val"))
        elemento.set(qn("w:val"), stili.get(chiave, chiave))
    for elemento in corpo.iter(*_LARGHE):
        if elemento.get(qn("w:type"), "dxa") == "dxa":
            elemento.set(qn("w:w"), str(int(int(elemento.get(qn("w:w"))) * scala)))


# ---------------------------------------------------------------------------------------- filling in


def leggi(testo: Corpo) -> Any:
    """The body of a traccia as a tree to be filled in."""
    return parse_xml(testo.corpo)


def riempi(radice: Any, valori: Valori) -> None:
    """Fill in every `{campo}` of a tree; those that are not known stay as they are."""
    for tipo in (_RIGA, _CAPOVERSO):
        for elemento in reversed(list(radice.iter(tipo))):  # a table in a cell before its row
            if elenco := _elenco(elemento, valori):
                _ripeti(elemento, elenco, valori)
    for capoverso in list(radice.iter(_CAPOVERSO)):
        _riempi(capoverso, valori.semplici)


def _elenco(elemento: Any, valori: Valori) -> str:
    """The list that an element repeats for, "" for none."""
    detti = (nome_di(posto).partition(".") for posto in segnaposti(elemento))
    return next((elenco for elenco, punto, _ in detti if punto and elenco in valori.elenchi), "")


def _ripeti(elemento: Any, elenco: str, valori: Valori) -> None:
    altri = {nome: voci for nome, voci in valori.elenchi.items() if nome != elenco}
    voci = valori.elenchi[elenco]
    for n, voce in enumerate(voci, start=1):
        suoi = {f"{elenco}.{campo}": valore for campo, valore in voce.items()}
        copia = deepcopy(elemento)
        elemento.addprevious(copia)
        riempi(copia, Valori({**valori.semplici, **suoi}, altri))
        if n < len(voci) <= POCHE and copia.tag == _RIGA:
            for capoverso in copia.iter(_CAPOVERSO):
                capoverso.get_or_add_pPr().get_or_add_keepNext()
    _togli(elemento)


def _togli(elemento: Any) -> None:
    """Take away what was repeated or has nothing to say, and a table that is left with its header alone;
    a cell and a header keep one paragraph."""
    padre = elemento.getparent()
    if elemento.tag == _CAPOVERSO and len(padre.findall(_CAPOVERSO)) == 1:
        for corsa in elemento.findall(_CORSA):
            elemento.remove(corsa)
        return
    padre.remove(elemento)
    if padre.tag == qn("w:tbl") and len(padre.findall(_RIGA)) < 2:
        padre.getparent().remove(padre)


def _intero(capoverso: Any) -> str:
    return "".join(testo.text or "" for testo in capoverso.iter(_TESTO))


def _riempi(capoverso: Any, valori: Mapping[str, str]) -> None:
    """Fill in a paragraph whose places may be split over runs: a value looks like where it begins."""
    intero = _intero(capoverso)
    posti = [posto for posto in SEGNAPOSTO.finditer(intero) if nome_di(posto[0]) in valori]
    fine = 0
    for testo in list(capoverso.iter(_TESTO)) if posti else []:
        inizio, fine = fine, fine + len(testo.text or "")
        nuovo = "".join(_pezzi(intero, inizio, fine, posti, valori))
        if nuovo != (testo.text or ""):
            _scrivi(testo, nuovo)
    mostra = next(capoverso.iter(*_SI_VEDONO), None) is not None
    if posti and not mostra and not _intero(capoverso).strip():
        _togli(capoverso)


def _pezzi(
    intero: str, inizio: int, fine: int, posti: list[re.Match[str]], valori: Mapping[str, str]
) -> Iterator[str]:
    """The text from `inizio` to `fine`, with the values of the places that begin there."""
    for posto in posti:
        if posto.end() > inizio and posto.start() < fine:
            yield intero[inizio : max(inizio, posto.start())]
            if posto.start() >= inizio:
                yield _valore(posto[0], valori)
            inizio = min(fine, posto.end())
    yield intero[inizio:fine]


def _valore(posto: str, valori: Mapping[str, str]) -> str:
    """A place in capitals wants its value in capitals."""
    valore = valori[nome_di(posto)]
    return valore.upper() if posto.isupper() else valore


def _scrivi(testo: Any, nuovo: str) -> None:
    """Put a text in the place of that of a run: what is missing, highlighted, in runs of its own."""
    corsa = testo.getparent()
    aspetto = corsa.findall(qn("w:rPr"))
    prima = [f for f in testo.itersiblings(preceding=True) if f.tag != qn("w:rPr")]
    pezzi = [(list(_parole(pezzo)), n % 2) for n, pezzo in enumerate(_MANCA.split(nuovo))]
    for figli, manca in [(prima[::-1], 0), *pezzi, (list(testo.itersiblings()), 0)]:
        if figli:
            altra: Any = OxmlElement("w:r")
            altra.extend([*deepcopy(aspetto), *figli])
            if manca:
                altra.get_or_add_rPr().highlight_val = WD_COLOR_INDEX.YELLOW
            corsa.addprevious(altra)
    corsa.getparent().remove(corsa)


def _parole(testo: str) -> Iterator[Any]:
    """The text as Word wants it: line breaks and tabulations are elements."""
    for pezzo in filter(None, re.split(r"([\n\t])", testo)):
        if pezzo in "\n\t":
            yield OxmlElement("w:br" if pezzo == "\n" else "w:tab")
        else:
            scritto = OxmlElement("w:t")
            scritto.text = pezzo
            scritto.set(qn("xml:space"), "preserve")
            yield scritto
