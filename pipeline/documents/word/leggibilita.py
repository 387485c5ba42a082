"""Whether what is written in the styles of a letterhead can be read."""

import re
from collections.abc import Iterator

from docx.document import Document as DocumentoWord
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Twips
from lxml import etree

from pipeline.documents.word import base
from pipeline.documents.word.base import NOMI_IN_WORD

MIN_MEZZI_PUNTI = 10
"""The smallest characters: five points."""
MIN_RIGA = 100
"""The lowest line of a fixed height, in twentieths of a point."""
MIN_CONTRASTO = 1.3
"""Under this, two colours are one: light grey on white has 1.5. Source of the measure: WCAG 2.2."""
MIN_LARGHEZZA = int(Cm(3) / Twips(1))
"""What the indents of a style must leave to the text, in twentieths of a point."""

_NO = ("0", "false", "off", "none")
_BIANCO, _NERO = "FFFFFF", "000000"
_CHIARI = ("background1", "light1")
_COLORE = re.compile(r"[0-9A-Fa-f]{6}")
_DELLA_CARTA = ("header", "footer")
"""The text in these styles is mostly the letterhead's own."""
_NELLE_TABELLE = ("tabella", "centrata", "centrato")


class _Stile:
    """A style with those on which it is based and the defaults of the document, nearest first."""

    def __init__(self, catena: list[BaseOxmlElement], predefiniti: BaseOxmlElement | None) -> None:
        self.livelli = list(catena)
        if predefiniti is not None and catena[0].get(qn("w:type")) == "paragraph":
            self.livelli.append(predefiniti)

    def attributo(self, elemento: str, *nomi: str) -> str | None:
        """An attribute of an element of the characters or the paragraph: of the first level that has
        the element with one of these attributes."""
        for trovato in self._trovati(elemento):
            for nome in nomi:
                if (valore := trovato.get(qn(f"w:{nome}"))) is not None:
                    return str(valore)
        return None

    def acceso(self, elemento: str) -> bool:
        """Whether something that is on or off is on."""
        primo = next(self._trovati(elemento), None)
        return primo is not None and str(primo.get(qn("w:val"), "1")) not in _NO

    def numero(self, elemento: str, senza: int, *nomi: str) -> int:
        valore = self.attributo(elemento, *nomi)
        return senza if valore is None else int(float(valore))

    def _trovati(self, elemento: str) -> Iterator[etree._Element]:
        for livello in self.livelli:
            for proprieta in livello.iter(qn("w:rPr"), qn("w:pPr")):
                trovato = proprieta.find(qn(f"w:{elemento}"))
                if trovato is not None:
                    yield trovato


def illeggibile(word: DocumentoWord) -> str:
    """Which style of those that the relazione uses cannot be read, and why; "" if all can.

    Raises ValueError for measures that are no numbers.
    """
    larga = base.larghezza(word)
    fondi = _fondi_delle_tabelle(word)
    for nome, stile in _stili(word).items():
        if nome in _DELLA_CARTA:
            continue
        sotto = fondi if nome.endswith(_NELLE_TABELLE) else []
        for prova in (_nascosto, _piccolo, _schiacciato):
            if perche := prova(stile):
                return f"il suo stile «{NOMI_IN_WORD.get(nome, nome)}» {perche}"
        if perche := _incolore(stile, sotto) or _stretto(stile, larga):
            return f"il suo stile «{NOMI_IN_WORD.get(nome, nome)}» {perche}"
    return ""


def da_destra(word: DocumentoWord) -> bool:
    """Whether the pages of a letterhead, or its texts, run otherwise than from left to right."""
    sezione = word.sections[-1]._sectPr
    verso = sezione.find(qn("w:textDirection"))
    if _acceso(sezione.find(qn("w:bidi"))):
        return True
    if verso is not None and verso.get(qn("w:val")) not in ("lrTb", "lrTbV", "lr", "tb"):
        return True
    return any(stile.acceso("bidi") for stile in _stili(word).values())


def _stili(word: DocumentoWord) -> dict[str, _Stile]:
    predefiniti = word.styles.element.find(qn("w:docDefaults"))
    return {nome: _Stile(catena, predefiniti) for nome, catena in base.catene(word).items()}


def _acceso(elemento: etree._Element | None) -> bool:
    return elemento is not None and str(elemento.get(qn("w:val"), "1")) not in _NO


def _nascosto(stile: _Stile) -> str:
    if not stile.acceso("vanish"):
        return ""
    return "è di testo nascosto, che non si vede (in Word: Modifica stile, Carattere, «Nascosto»)"


def _piccolo(stile: _Stile) -> str:
    mezzi = stile.numero("sz", MIN_MEZZI_PUNTI, "val")
    return f"ha caratteri di {mezzi / 2:g} punti, che non si leggono" if mezzi < MIN_MEZZI_PUNTI else ""


def _schiacciato(stile: _Stile) -> str:
    fissa = stile.attributo("spacing", "lineRule") == "exact"
    if not fissa or stile.numero("spacing", MIN_RIGA, "line") >= MIN_RIGA:
        return ""
    return "ha righe troppo basse per leggerle (in Word: Modifica stile, Paragrafo, «Interlinea»)"


def _stretto(stile: _Stile, larga: int) -> str:
    rientri = stile.numero("ind", 0, "left", "start") + stile.numero("ind", 0, "right", "end")
    return "ha rientri che non lasciano posto al testo" if larga - rientri < MIN_LARGHEZZA else ""


def _incolore(stile: _Stile, fondi: list[str]) -> str:
    """A text of the colour of what is behind it, wherever it may stand."""
    colore, suo = _colore(stile), stile.attributo("shd", "fill") or ""
    dietro = [suo] if _COLORE.fullmatch(suo) else [_BIANCO, *fondi]
    if not colore or any(_contrasto(colore, fondo) >= MIN_CONTRASTO for fondo in dietro):
        return ""
    return "ha il testo dello stesso colore dello sfondo, e non si vede"


def _colore(stile: _Stile) -> str:
    """The colour of the characters; "" where the program chooses one that shows."""
    colore = stile.attributo("color", "val") or ""
    trovato = next(stile._trovati("color"), None)
    if trovato is not None and trovato.get(qn("w:themeColor")) in _CHIARI:
        tinta = trovato.get(qn("w:themeShade"))
        colore = colore if tinta else _BIANCO
    return colore if _COLORE.fullmatch(colore) else ""


def _fondi_delle_tabelle(word: DocumentoWord) -> list[str]:
    tabella = base.catene(word)["Tabella relazione"]
    ombre = (o for stile in tabella for o in stile.iter(qn("w:shd")))
    return [str(o.get(qn("w:fill"))) for o in ombre if _COLORE.fullmatch(str(o.get(qn("w:fill"))))]


def _contrasto(uno: str, altro: str) -> float:
    minore, maggiore = sorted(map(_luminanza, (uno, altro)))
    return (maggiore + 0.05) / (minore + 0.05)


def _luminanza(colore: str) -> float:
    """Source: WCAG 2.2, relative luminance."""
    canali = [int(colore[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    lineari = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canali]
    return 0.2126 * lineari[0] + 0.7152 * lineari[1] + 0.0722 * lineari[2]
