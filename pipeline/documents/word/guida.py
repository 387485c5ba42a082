"""The guide for the responsabili as a Word document, from the page that the office reads too."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from pipeline import del_progetto
from pipeline.documents.word.base import Carta
from pipeline.documents.word.blocchi import Tavola
from pipeline.documents.word.documento import Documento

PAGINA = del_progetto("docs/guida-responsabile.md")
NOME = "guida_responsabile.docx"


def in_word(ente: str, anno: int, carta: Carta | None = None) -> bytes:
    """The guide in the look of the ente. The same page always gives the same bytes.

    Raises OSError when the page is not there.
    """
    pagina = SyntaxTreeNode(MarkdownIt().enable("table").parse(PAGINA.read_text(encoding="utf-8")))
    documento = Documento(carta)
    documento.testata(f"{ente} – anno {anno}")
    for nodo in pagina.children:
        _metti(documento, nodo)
    titolo = next((_testo(nodo) for nodo in pagina.children if nodo.type == "heading"), "Guida")
    documento.proprieta(titolo, ente, datetime(anno, 12, 31))
    flusso = BytesIO()
    documento.salva(flusso)
    return flusso.getvalue()


def _metti(documento: Documento, nodo: SyntaxTreeNode) -> None:
    if nodo.type == "heading" and nodo.tag == "h1":
        documento.testo(_testo(nodo), "Title")
    elif nodo.type == "heading":
        documento.titolo(_testo(nodo), int(nodo.tag[1]) - 1)
    elif nodo.type == "table":
        testa, *righe = ([_testo(c) for c in riga.children] for riga in _righe(nodo))
        documento.tabella(Tavola(testa[0], testa, righe, [1] * len(testa)), numerata=False)
    elif nodo.type in ("bullet_list", "ordered_list"):
        documento.testo("\n".join(_voci(nodo)))
    else:
        documento.testo(_testo(nodo))


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
    """The words of a node on one line: neither bold nor links, that the style of the ente has not."""
    if nodo.type in ("softbreak", "hardbreak"):
        return " "
    if not nodo.children:
        return nodo.content if nodo.type != "inline" else ""
    return "".join(_testo(figlio) for figlio in nodo.children)
