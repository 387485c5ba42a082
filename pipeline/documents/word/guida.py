"""The guides as Word documents, from the pages that the office reads too."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from math import sqrt
from pathlib import Path

from docx.image.image import Image
from docx.shared import Cm
from docx.styles.style import ParagraphStyle
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from pipeline import del_progetto
from pipeline.documents.word.base import Carta
from pipeline.documents.word.blocchi import Tavola, forte, senza_segni
from pipeline.documents.word.documento import Documento

PAGINA = del_progetto("docs/guida-responsabile.md")
NOME = "guida_responsabile.docx"
GUIDE = (
    *(f"dieci-minuti/{chi}" for chi in ("responsabile", "ufficio", "nucleo", "giunta")),
    *("guida-responsabile", "guida-ufficio", "guida-nucleo", "atti", "domande", "glossario"),
    *("installare-windows", "per-il-ced"),
)
"""The pages of docs/ that are guides."""
LARGA, ALTA = Cm(17), Cm(14)
"""How wide a picture is, where the text is no narrower; how high at most."""
QUANDO = datetime(2026, 1, 1)
"""Dates the guides of no year: a document needs some fixed day."""
DI_NESSUNO = "Relazione sulla performance"
"""What stands for an ente, where the guides are of none."""


def tutte() -> list[Path]:
    """The pages of all the guides."""
    return [del_progetto(f"docs/{nome}.md") for nome in GUIDE]


def nome_in_word(pagina: Path) -> str:
    """The name of the document of a page: one of «dieci-minuti» says so."""
    prima = f"{pagina.parent.name}-" if pagina.parent.name != "docs" else ""
    return f"{prima}{pagina.stem}.docx"


def in_word(ente: str, anno: int | None, carta: Carta | None = None, pagina: Path = PAGINA) -> bytes:
    """A guide in the look of the ente. The same page always gives the same bytes.

    Raises OSError when the page, or a picture in it, is not there.
    """
    albero = SyntaxTreeNode(MarkdownIt().enable("table").parse(pagina.read_text(encoding="utf-8")))
    documento = Documento(carta)
    documento.testata(f"{ente} – anno {anno}" if anno else ente or DI_NESSUNO)
    _adatta(documento)
    prima = ""
    titolo, *altri = (_testo(nodo) for nodo in albero.children if nodo.type == "heading")
    for nodo in albero.children:
        if nodo.tag == "h1" and altri:
            documento.testo(titolo, "Title")
        else:
            _metti(documento, nodo, pagina.parent, "Dopo tabella" if prima == "table" else "Normal")
        prima = nodo.type
    quando = datetime(anno, 12, 31) if anno else QUANDO
    documento.proprieta(senza_segni(titolo), ente or DI_NESSUNO, quando)
    flusso = BytesIO()
    documento.salva(flusso)
    return flusso.getvalue()


def _adatta(documento: Documento) -> None:
    """Two styles as a guide needs them: its title stands at the head of a page, not in the middle of a
    cover, and what follows a table is text, not a note to it."""
    for stile in documento.word.styles:
        if isinstance(stile, ParagraphStyle) and stile.style_id == documento.stili["Title"]:
            stile.paragraph_format.space_before = Cm(0)
        elif stile.style_id == documento.stili["Dopo tabella"] and stile.element.rPr is not None:
            stile.element.remove(stile.element.rPr)


def _metti(documento: Documento, nodo: SyntaxTreeNode, cartella: Path, stile: str) -> None:
    if nodo.type == "heading":
        documento.titolo(_testo(nodo), max(1, int(nodo.tag[1]) - 1))
    elif nodo.type == "table":
        testa, *righe = ([_testo(c) for c in riga.children] for riga in _righe(nodo))
        testa = [intestazione or "\u00a0" for intestazione in testa]
        documento.tabella(Tavola(testa[0], testa, righe, _pesi([testa, *righe])), numerata=False)
    elif nodo.type in ("bullet_list", "ordered_list"):
        documento.testo("\n".join(_voci(nodo)))
    elif nodo.type in ("fence", "code_block"):
        documento.testo(nodo.content.rstrip(), "Riquadro")
    elif nodo.type == "blockquote":
        for figlio in nodo.children:
            _metti(documento, figlio, cartella, "Riquadro")
    elif figura := _figura(nodo):
        _metti_figura(documento, figura, cartella)
    else:
        documento.testo(_testo(nodo), stile)


def _figura(nodo: SyntaxTreeNode) -> SyntaxTreeNode | None:
    """The picture of a paragraph that has nothing else."""
    dentro = nodo.children[0].children if nodo.type == "paragraph" else []
    return dentro[0] if len(dentro) == 1 and dentro[0].type == "image" else None


def _metti_figura(documento: Documento, figura: SyntaxTreeNode, cartella: Path) -> None:
    """A picture; of a drawing there is a PNG beside, for who cannot show it."""
    file = cartella / str(figura.attrs["src"])
    svg = file.read_bytes() if file.suffix == ".svg" else b""
    png = file.with_suffix(".png").read_bytes()
    alta = Image.from_blob(png).px_height * LARGA > Image.from_blob(png).px_width * ALTA
    larghezza, altezza = (None, ALTA) if alta else (LARGA, None)
    documento.immagine(png, figura.content, "Figura", larghezza, altezza, svg)


def _pesi(righe: Sequence[Sequence[str]]) -> list[float]:
    """How wide the columns of a table are to each other: a text four times as long has twice the
    width."""
    return [sqrt(max(10, *map(len, colonna))) for colonna in zip(*righe, strict=True)]


def _righe(tabella: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    for parte in tabella.children:
        yield from parte.children


def _voci(elenco: SyntaxTreeNode) -> Sequence[str]:
    """The items of a list as a person would type them, and those of a list within it after its own."""
    voci = []
    for n, voce in enumerate(elenco.children, start=int(elenco.attrs.get("start", 1))):
        segno = f"{n}." if elenco.type == "ordered_list" else "-"
        elenchi = [figlio for figlio in voce.children if figlio.type.endswith("_list")]
        testi = [_testo(figlio) for figlio in voce.children if figlio not in elenchi]
        voci.append(f"{segno} {' '.join(testi)}")
        for altro in elenchi:
            voci += _voci(altro)
    return voci


def _testo(nodo: SyntaxTreeNode) -> str:
    """The words of a node on one line, those in bold and the commands standing out. Links are left out:
    they lead to other pages of the project."""
    if nodo.type in ("softbreak", "hardbreak"):
        return " "
    if nodo.type == "code_inline" and " " in nodo.content:  # a command
        return forte(nodo.content)
    if nodo.type == "strong":
        return forte(senza_segni("".join(map(_testo, nodo.children))))
    if not nodo.children:
        return nodo.content if nodo.type != "inline" else ""
    return "".join(map(_testo, nodo.children))
