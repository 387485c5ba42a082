"""The pieces of WordprocessingML of which the relazione is made, as text.

A document of strings costs a tenth of a tree: nothing here is parsed before Word does. Style names are
turned into the identifiers of the template by whoever calls (`Stili`): "heading 1" is "Titolo1" in a
letterhead made with the Italian Word.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr
from zlib import crc32

from pipeline.documents.word.brani import Brano, brani
from pipeline.parole import citazione

BREVE = 700
"""Up to how many characters in a cell its row is kept whole on one page."""

MAX_NOME_LINK = 250
"""Word takes 260 characters in the tooltip of a link."""

Stili = Mapping[str, str]
"""Name of a style -> its identifier in the template."""
Numera = Callable[[Brano], int]
"""An item of a list -> the number (w:num) of its list in the document."""
Cella = str | list[tuple[str, str]]
"""The content of a cell: a typed text, or paragraphs as (text, name of the style)."""

RIFERIMENTO = re.compile("\x01([^\x02]*)\x02")
"""Stands in a text for a cross reference to a caption: XML has no such characters, so no text either."""


@dataclass(frozen=True)
class VoceIndice:
    """A line of the index. `pagina` is None where no one has counted the pages."""

    livello: int
    testo: str
    segnalibro: str
    pagina: int | None = None


def segnalibro(titolo: str) -> str:
    """The name of the bookmark at a caption: Word allows 40 characters, and titles are longer."""
    return f"_Ref{crc32(titolo.encode()):010d}"


def corsa(testo: str) -> str:
    """The runs of a text: line breaks and tabs are kept, cross references become fields."""
    if "\x01" not in testo:
        return _corsa(testo)
    pezzi = RIFERIMENTO.split(testo)
    return "".join(_rif(pezzo) if posto % 2 else _corsa(pezzo) for posto, pezzo in enumerate(pezzi))


def _corsa(testo: str) -> str:
    if not testo:
        return ""
    interno = escape(testo)
    if "\n" in interno or "\t" in interno:
        interno = interno.replace("\n", "</w:t><w:br/>" + _T).replace("\t", "</w:t><w:tab/>" + _T)
    return f"<w:r>{_T}{interno}</w:t></w:r>"


_T = '<w:t xml:space="preserve">'


def campo(istruzione: str, testo: str) -> str:
    """A field with its result already there: it opens as it is, and updates when asked."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {istruzione} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"<w:r><w:t>{testo}</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _rif(titolo: str) -> str:
    """The label is put in at the end, when every caption has its number."""
    return campo(f"REF {segnalibro(titolo)} \\h", f"\x01{escape(titolo)}\x02")


def paragrafo(
    contenuto: str,
    stile: str,
    elenco: int = 0,
    nome: str = "",
    posto: int = 0,
    nuova_pagina: bool = False,
) -> str:
    """A paragraph of runs. `elenco` is the list of which it is an item; `nome` bookmarks it, `posto`
    being the number of the bookmark; `nuova_pagina` begins a page."""
    if nome:
        contenuto = _segnato(contenuto, nome, posto)
    pagina = "<w:pageBreakBefore/>" if nuova_pagina else ""
    voce = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{elenco}"/></w:numPr>' if elenco else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{stile}"/>{pagina}{voce}</w:pPr>{contenuto}</w:p>'


def _segnato(contenuto: str, nome: str, posto: int) -> str:
    return (
        f'<w:bookmarkStart w:id="{posto}" w:name={quoteattr(nome)}/>{contenuto}'
        f'<w:bookmarkEnd w:id="{posto}"/>'
    )


def didascalia(etichetta: str, n: int, titolo: str, seguito: str, stile: str, posto: int) -> str:
    """A numbered caption, "Tabella 3 – titolo" and what follows. Its label is bookmarked for the cross
    references, under the number `posto`; 0 for the second with the same title."""
    numero = _corsa(f"{etichetta} ") + campo(f"SEQ {etichetta} \\* ARABIC", str(n))
    if posto:
        numero = _segnato(numero, segnalibro(titolo), posto)
    return paragrafo(numero + corsa(f" – {titolo}{seguito}"), stile)


def prosa(testo: str, stile: str, stile_elenco: str, numera: Numera) -> str:
    """A typed text: its paragraphs, its lists as real lists."""
    if "\n" not in testo:  # nearly every cell: no list to look for
        return paragrafo(corsa(testo), stile) if testo.strip() else ""
    return "".join(
        paragrafo(corsa(brano.testo), stile_elenco, numera(brano))
        if brano.elenco
        else paragrafo(corsa(brano.testo), stile)
        for brano in brani(testo)
    )


# ------------------------------------------------------------------------------------------- tables


@dataclass(frozen=True)
class Forma:
    """How the tables of a document are dressed: the styles of the template, and the lists."""

    stili: Stili
    numera: Numera
    larghezza: int
    """Of the text area, in twentieths of a point."""


def tabella(
    forma: Forma,
    titolo: str,
    dove: str,
    intestazione: Sequence[str],
    righe: Sequence[Sequence[Cella]],
    pesi: Sequence[int],
    centrate: Iterable[int] = (),
) -> str:
    """A table as wide as the text, its header row marked and repeated on every page.

    `dove` is under which headings it stands: in its alternative text it tells it from the others with
    the same title. `pesi` share out the width among the columns; `centrate` are the columns with
    centred text.
    """
    larghezze = [forma.larghezza * peso // sum(pesi) for peso in pesi]
    griglia = "".join(f'<w:gridCol w:w="{larghezza}"/>' for larghezza in larghezze)
    centro = set(centrate)
    nomi = ["Intestazione centrata" if c in centro else "Intestazione tabella" for c in range(len(pesi))]
    inizi = [
        f'<w:tc><w:tcPr><w:tcW w:w="{larghezza}" w:type="dxa"/></w:tcPr>' for larghezza in larghezze
    ]
    testa = _riga(forma, intestazione, inizi, nomi, testa=True)
    stili = ["Numero tabella" if c in centro else "Testo tabella" for c in range(len(pesi))]
    corpo = "".join(_riga(forma, riga, inizi, stili) for riga in righe)
    quante = "una riga" if len(righe) == 1 else f"{len(righe)} righe"
    descrizione = f"{titolo} ({dove}): {quante}; colonne: {', '.join(intestazione)}"
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{forma.stili["Tabella relazione"]}"/>'
        f'<w:tblW w:w="{sum(larghezze)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(titolo)}/>"
        f"<w:tblDescription w:val={quoteattr(descrizione)}/></w:tblPr>"
        f"<w:tblGrid>{griglia}</w:tblGrid>{testa}{corpo}</w:tbl>"
    )


def _riga(
    forma: Forma, celle: Sequence[Cella], inizi: list[str], stili: list[str], testa: bool = False
) -> str:
    """`inizi` are how the cells begin, with their widths."""
    lunga = max(map(_lunghezza, celle))
    intera = "<w:cantSplit/>" if lunga <= BREVE else ""
    ripetuta = "<w:tblHeader/>" if testa else ""
    proprieta = f"<w:trPr>{intera}{ripetuta}</w:trPr>" if intera or ripetuta else ""
    contenuto = "".join(
        f"{inizio}{_in_cella(forma, cella, stile)}</w:tc>"
        for inizio, cella, stile in zip(inizi, celle, stili, strict=True)
    )
    return f"<w:tr>{proprieta}{contenuto}</w:tr>"


def _lunghezza(cella: Cella) -> int:
    return len(cella) if isinstance(cella, str) else sum(len(testo) for testo, _ in cella)


def _in_cella(forma: Forma, cella: Cella, stile: str) -> str:
    """A cell must hold a paragraph, also when there is nothing to say."""
    stili, elenco = forma.stili, forma.stili["Elenco tabella"]
    if isinstance(cella, str):
        scritta = prosa(cella, stili[stile], elenco, forma.numera)
    else:
        scritta = "".join(prosa(testo, stili[suo], elenco, forma.numera) for testo, suo in cella)
    return scritta or paragrafo("", stili[stile])


# -------------------------------------------------------------------------------------------- index


def indice(voci: Sequence[VoceIndice], stili: Stili) -> Iterable[str]:
    """The paragraphs of a TOC field: begun in the first, ended in the last; its entries are there."""
    inizio = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    fine = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    for posto, voce in enumerate(voci):
        pagina = ""
        if voce.pagina is not None:
            pagina = "<w:r><w:tab/></w:r>" + campo(f"PAGEREF {voce.segnalibro} \\h", str(voce.pagina))
        # the tooltip is what LibreOffice makes the description of the link in the PDF of
        nome = quoteattr(citazione(voce.testo, MAX_NOME_LINK))
        contenuto = (
            f'<w:hyperlink w:anchor="{voce.segnalibro}" w:tooltip={nome} w:history="1">'
            f"{_corsa(voce.testo)}{pagina}</w:hyperlink>"
        )
        prima = inizio if posto == 0 else ""
        dopo = fine if posto == len(voci) - 1 else ""
        yield paragrafo(f"{prima}{contenuto}{dopo}", stili[f"toc {voce.livello}"])
