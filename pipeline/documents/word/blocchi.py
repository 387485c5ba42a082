"""The pieces of WordprocessingML of which the relazione is made, as text.

A document of strings costs a tenth of a tree: nothing here is parsed before Word does. Style names are
turned into the identifiers of the template by whoever calls (`Stili`): "heading 1" is "Titolo1" in a
letterhead made with the Italian Word.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from pipeline.documents.word.brani import Brano, brani
from pipeline.documents.word.in_xml import escape, quoteattr
from pipeline.parole import citazione

BREVE = 700
"""Up to how many characters in a cell its row is kept whole on one page."""
POCHE, UNA_PAGINA = 8, 2500
"""Up to how many rows, and characters, a table is kept whole on one page."""

MAX_NOME_LINK = 250
"""Word takes 260 characters in the tooltip of a link."""

Stili = Mapping[str, str]
"""Name of a style -> its identifier in the template."""
Numera = Callable[[Brano], int]
"""An item of a list -> the number (w:num) of its list in the document."""


class Barra(NamedTuple):
    """A figure in words with the bar of a share, 0..100, beside it; None has no bar."""

    testo: str
    quota: Decimal | None
    forte: bool = False


Cella = str | list[tuple[str, str]] | Barra
"""The content of a cell: a text, paragraphs as (text, name of the style), or a figure with its bar."""

# what stands in a text for something that is known at the end, or is not text: XML has no such
# characters, so no typed text either. All begin alike: most texts have none, and are told at once
_SEGNO = "\x01"
_SEGNI = re.compile("(\x01(?:R[^\x02]*\x02|L[^\x04]*\x04|F[^\x06]*\x06|P[^\x0f]*\x0f))")
_SOLO_SEGNI = re.compile("\x01(?:L[^\x1f]*\x1f|P[^\x0f]*\x0f|[RF])|[\x02\x04\x06]")
DA_RISOLVERE = re.compile(b"(\x01[RSPLE][^\x02\x04\x06\x0f]*[\x02\x04\x06\x0f])")
"""In the bytes of what is already XML: a reference, a style of which only the name is known, a page;
where a link begins and where it ends, of which only the key is known."""


def rif(titolo: str) -> str:
    """What to write in a text for a cross reference to the table or figure with that title."""
    return f"\x01R{' '.join(titolo.split())}\x02"


def legame(chiave: str, testo: str) -> str:
    """A text that is a link to the heading with that key or to the numbered table with that title; plain
    where the document has neither."""
    return f"\x01L{chiave}\x1f{testo}\x04"


def forte(testo: str) -> str:
    """A text that stands out, for who listens too."""
    return f"\x01F{testo}\x06"


def a_pagina(chiave: str) -> str:
    """The page of the heading with that key, as ", pagina 31"; nothing where pages are not known."""
    return f"\x01P{chiave}\x0f"


def senza_segni(testo: str) -> str:
    """The words of a text alone."""
    return _SOLO_SEGNI.sub("", testo) if _SEGNO in testo else testo


class VoceIndice(NamedTuple):
    """A heading. `titolo` is as it is printed; the index says `codice`, `testo` and `risultato`, if it
    has a `testo`. `pagina` is None where no one has counted the pages."""

    livello: int
    titolo: str
    segnalibro: str
    pagina: int | None = None
    codice: str = ""
    testo: str = ""
    risultato: str = ""


def segnalibro(titolo: str) -> str:
    """The name of the bookmark at a caption: Word allows 40 characters, and titles are longer."""
    return f"_Ref{crc32(titolo.encode()):010d}"


def corsa(testo: str, stile: str = "") -> str:
    """The runs of a text: line breaks and tabs are kept, references and links become what they are."""
    if _SEGNO not in testo:
        return _corsa(testo, stile)
    return "".join(
        [
            _segno(pezzo, stile) if posto % 2 else _corsa(pezzo, stile)
            for posto, pezzo in enumerate(_SEGNI.split(testo))
            if pezzo
        ]
    )


def _segno(segno: str, stile: str) -> str:
    tipo, dentro = segno[1], segno[2:-1]
    if tipo == "R":
        return campo(f"REF {segnalibro(dentro)} \\h", segno)
    if tipo == "F":
        return corsa(dentro, "\x01SStrong\x06")
    if tipo == "P":
        return segno
    chiave, _, testo = dentro.partition("\x1f")
    # of a link without a style LibreOffice makes none
    corse = _corsa(testo, stile or "\x01SRimando\x06")
    return f"\x01L{chiave}\x04{corse}\x01E{chiave}\x04"


def _corsa(testo: str, stile: str = "") -> str:
    if not testo:
        return ""
    interno = escape(testo)
    if "\n" in interno or "\t" in interno:
        interno = interno.replace("\n", "</w:t><w:br/>" + _T).replace("\t", "</w:t><w:tab/>" + _T)
    aspetto = f'<w:rPr><w:rStyle w:val="{stile}"/></w:rPr>' if stile else ""
    return f"<w:r>{aspetto}{_T}{interno}</w:t></w:r>"


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


def paragrafo(
    contenuto: str,
    stile: str,
    elenco: int = 0,
    nome: str = "",
    posto: int = 0,
    nuova_pagina: bool = False,
    tieni: bool = False,
) -> str:
    """A paragraph of runs. `elenco` is the list of which it is an item; `nome` bookmarks it, `posto`
    being the number of the bookmark; `nuova_pagina` begins a page, `tieni` keeps it with what follows.
    """
    if nome:
        contenuto = _segnato(contenuto, nome, posto)
    insieme = "<w:keepNext/>" if tieni else ""
    pagina = "<w:pageBreakBefore/>" if nuova_pagina else ""
    voce = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{elenco}"/></w:numPr>' if elenco else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{stile}"/>{insieme}{pagina}{voce}</w:pPr>{contenuto}</w:p>'


def _segnato(contenuto: str, nome: str, posto: int) -> str:
    return (
        f'<w:bookmarkStart w:id="{posto}" w:name={quoteattr(nome)}/>{contenuto}'
        f'<w:bookmarkEnd w:id="{posto}"/>'
    )


def didascalia(etichetta: str, n: int, titolo: str, detto: str, stile: str, posto: int) -> str:
    """A numbered caption, "Tabella 3 – detto". Its label is bookmarked for the cross references to
    `titolo`, under the number `posto`; 0 for the second with the same title."""
    numero = _corsa(f"{etichetta} ") + campo(f"SEQ {etichetta} \\* ARABIC", str(n))
    if posto:
        numero = _segnato(numero, segnalibro(titolo), posto)
    return paragrafo(numero + corsa(f" – {detto}"), stile)


def lista(numero: int, definizione: int, da: int | None) -> str:
    """A list with its number in the document, made as one of the definitions of the template; numbered
    anew from `da`, or not."""
    inizio = "" if da is None else f'<w:startOverride w:val="{da}"/>'
    riparte = inizio and f'<w:lvlOverride w:ilvl="0">{inizio}</w:lvlOverride>'
    return f'<w:num w:numId="{numero}"><w:abstractNumId w:val="{definizione}"/>{riparte}</w:num>'


def prosa(testo: str, stile: str, stile_elenco: str, numera: Numera, tieni: bool = False) -> str:
    """A typed text: its paragraphs, its lists as real lists."""
    if "\n" not in testo:  # nearly every cell: no list to look for
        return paragrafo(corsa(testo), stile, tieni=tieni) if testo.strip() else ""
    return "".join(
        paragrafo(corsa(brano.testo), stile_elenco, numera(brano), tieni=tieni)
        if brano.elenco
        else paragrafo(corsa(brano.testo), stile, tieni=tieni)
        for brano in brani(testo)
    )


# --------------------------------------------------------------------------------------- sections

FINE_SEZIONE = "\x00"
"""How a block begins that ends a section: the rest of it are the properties of the section."""


def con_fine(blocco: str, sezione: str) -> str:
    """A block that ends a section: its last paragraph says so, or one that nobody sees after a table."""
    testa, capo, coda = blocco.rpartition("<w:p><w:pPr>")
    if blocco.endswith("</w:p>") and capo:
        return f"{testa}{capo}{coda.replace('</w:pPr>', f'{sezione}</w:pPr>', 1)}"
    return (
        f'{blocco}<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
        f'<w:rPr><w:sz w:val="2"/></w:rPr>{sezione}</w:pPr></w:p>'
    )


# ------------------------------------------------------------------------------------------- tables


@dataclass(frozen=True)
class Forma:
    """How the tables of a document are dressed: the styles of the template, and the lists."""

    stili: Stili
    numera: Numera
    larghezza: int
    """Of the text area, in twentieths of a point."""


class Tavola(NamedTuple):
    """What a table says. `titolo` is its name and `detto` what it finds, or `messaggio` where a heading
    says it. `pesi` share out the width among the columns, `cifre` are the columns of figures. In a
    `griglia` the first column names the rows."""

    titolo: str
    intestazione: Sequence[str]
    righe: Sequence[Sequence[Cella]]
    pesi: Sequence[float]
    cifre: Container[int] = ()
    detto: str = ""
    messaggio: str = ""
    griglia: bool = True


class _Colonna(NamedTuple):
    """How wide a column is, and how each of its cells begins."""

    larghezza: int
    inizio: str


def tabella(forma: Forma, tavola: Tavola, dove: str, seguita: bool = False) -> str:
    """A table as wide as the text, its header row marked and repeated on every page. `dove` is under
    which headings it stands; `seguita`: it stays on one page with what follows."""
    colonne = _colonne(forma.larghezza, tuple(tavola.pesi))
    larga = sum([colonna.larghezza for colonna in colonne])
    griglia = "".join([f'<w:gridCol w:w="{colonna.larghezza}"/>' for colonna in colonne])
    di_cifre = [n in tavola.cifre for n in range(len(colonne))]
    testate = _stili(forma, di_cifre, "Intestazione tabella", "Intestazione numero tabella")
    stili = _stili(forma, di_cifre, "Testo tabella", "Numero tabella")
    testa = _riga(forma, tavola.intestazione, colonne, testate, tieni=True, testa=True)
    tenute = _tenute(tavola.righe, seguita)
    corpo = "".join(
        [_riga(forma, riga, colonne, stili, n in tenute) for n, riga in enumerate(tavola.righe)]
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{forma.stili["Tabella relazione"]}"/>'
        f'<w:tblW w:w="{larga}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="{"00A0" if tavola.griglia else "0020"}" w:firstRow="1" w:lastRow="0" '
        f'w:firstColumn="{int(tavola.griglia)}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(tavola.titolo)}/>"
        f"<w:tblDescription w:val={quoteattr(_descrizione(tavola, dove))}/></w:tblPr>"
        f"<w:tblGrid>{griglia}</w:tblGrid>{testa}{corpo}</w:tbl>"
    )


@lru_cache(maxsize=2**6)  # most tables are made alike
def _colonne(larghezza: int, pesi: tuple[float, ...]) -> tuple[_Colonna, ...]:
    """The columns of a table, with their shares of the width."""
    larghe = [int(larghezza * peso / sum(pesi)) for peso in pesi]
    inizio = '<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/></w:tcPr>'
    return tuple(_Colonna(larga, inizio.format(larga)) for larga in larghe)


def _stili(forma: Forma, di_cifre: list[bool], dei_testi: str, delle_cifre: str) -> list[str]:
    return [forma.stili[delle_cifre if cifre else dei_testi] for cifre in di_cifre]


def _descrizione(tavola: Tavola, dove: str) -> str:
    """What a table finds, where it stands and how it is made: no two say the same."""
    quante = "una riga" if len(tavola.righe) == 1 else f"{len(tavola.righe)} righe"
    colonne = ", ".join(tavola.intestazione)
    detto = tavola.messaggio or tavola.detto or tavola.titolo
    return senza_segni(f"{detto} ({dove}): {quante}; colonne: {colonne}")


def _tenute(righe: Sequence[Sequence[Cella]], seguita: bool) -> Container[int]:
    """The rows that stay on one page with the next: all but the last of a short table; of a long one
    the first, so that the header is not alone, and the last but one, so that the last is not."""
    ultima = len(righe) - 1
    if len(righe) > POCHE or sum([sum(map(_lunghezza, riga)) for riga in righe]) > UNA_PAGINA:
        return {0, ultima - 1}
    return range(ultima + seguita)


def _riga(
    forma: Forma,
    celle: Sequence[Cella],
    colonne: Sequence[_Colonna],
    stili: list[str],
    tieni: bool = False,
    testa: bool = False,
) -> str:
    intera = "<w:cantSplit/>" if max(map(_lunghezza, celle)) <= BREVE else ""
    ripetuta = "<w:tblHeader/>" if testa else ""
    proprieta = f"<w:trPr>{intera}{ripetuta}</w:trPr>" if intera or ripetuta else ""
    contenuto = "".join(
        [
            f"{inizio}{_in_cella(forma, cella, stile, larghezza, tieni)}</w:tc>"
            for cella, stile, (larghezza, inizio) in zip(celle, stili, colonne, strict=True)
        ]
    )
    return f"<w:tr>{proprieta}{contenuto}</w:tr>"


def _lunghezza(cella: Cella) -> int:
    if isinstance(cella, str):
        return len(cella)
    if isinstance(cella, Barra):
        return len(cella.testo)
    return sum([len(testo) for testo, _ in cella])


def _in_cella(forma: Forma, cella: Cella, stile: str, larghezza: int, tieni: bool) -> str:
    """A cell must hold a paragraph, also when there is nothing to say."""
    if isinstance(cella, Barra):
        return _barra(forma, cella, larghezza, tieni)
    stili, elenco = forma.stili, forma.stili["Elenco tabella"]
    if isinstance(cella, str):
        scritta = prosa(cella, stile, elenco, forma.numera, tieni)
    else:
        scritta = "".join(
            [prosa(testo, stili[suo], elenco, forma.numera, tieni) for testo, suo in cella]
        )
    return scritta or paragrafo("", stile, tieni=tieni)


CIFRA, SPAZIO, MARGINI = 907 + 57, 28, 114
"""In twentieths of a point: where a bar begins (style «Barra tabella»), how wide a blank is in the style
of the bars, what the margins of a cell take."""
MAX_SPAZI = 60


def _barra(forma: Forma, cella: Barra, larghezza: int, tieni: bool) -> str:
    """A bar is blanks on a dark ground and blanks on a light one: nothing is read aloud, nothing floats.
    At the end of the line a blank that does not break: others there would not be painted."""
    testo = forte(cella.testo) if cella.forte else cella.testo
    if cella.quota is None:
        return paragrafo(corsa(testo), forma.stili["Testo tabella"], tieni=tieni)
    spazi = min(MAX_SPAZI, (larghezza - MARGINI - CIFRA) // SPAZIO - 2)
    contenuto = corsa(f"\t{testo}")
    if spazi > 0:
        pieni = round(min(max(float(cella.quota), 0.0), 100.0) * spazi / 100)
        contenuto += _bianchi(pieni, spazi, forma.stili["Barra piena"], forma.stili["Barra vuota"])
    return paragrafo(contenuto, forma.stili["Barra tabella"], tieni=tieni)


@lru_cache(maxsize=2**8)  # the same few lengths, row after row
def _bianchi(pieni: int, spazi: int, piena: str, vuota: str) -> str:
    """The runs of a bar, in the styles of the dark ground and of the light one."""
    pezzi = (
        (" " * pieni, piena),
        (" " * (spazi - pieni), vuota),
        ("\xa0", piena if pieni == spazi else vuota),
    )
    return "<w:r><w:tab/></w:r>" + "".join([_corsa(bianchi, stile) for bianchi, stile in pezzi])


# -------------------------------------------------------------------------------------------- index


def indice(voci: Sequence[VoceIndice], stili: Stili) -> Iterable[str]:
    """The paragraphs of a TOC field: begun in the first, ended in the last; its entries are there.

    They are the headings of the first level and the schede; only the title is the link: cut at each
    tabulation, it would be four.
    """
    inizio = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-1" \\h \\z \\t "Titolo scheda;2" '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    fine = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    for posto, voce in enumerate(voci):
        pagina = ""
        if voce.pagina is not None:
            pagina = "<w:r><w:tab/></w:r>" + campo(f"PAGEREF {voce.segnalibro} \\h", str(voce.pagina))
        nome = quoteattr(citazione(voce.titolo, MAX_NOME_LINK))
        contenuto = (
            _corsa(f"{voce.codice}\t")
            + f'<w:hyperlink w:anchor="{voce.segnalibro}" w:tooltip={nome} w:history="1">'
            f"{_corsa(citazione(voce.testo, MAX_INDICE))}</w:hyperlink>"
            + _corsa(f"\t{voce.risultato}")
            + pagina
        )
        prima = inizio if posto == 0 else ""
        dopo = fine if posto == len(voci) - 1 else ""
        yield paragrafo(f"{prima}{contenuto}{dopo}", stili[f"toc {voce.livello}"])


MAX_INDICE = 78
"""How much of a title has room on a line of the index."""
