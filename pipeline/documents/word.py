"""The few pieces of WordprocessingML that python-docx lacks, in one place.

Blocks are built as XML text and parsed once: a table of 200 rows filled cell by cell through
python-docx takes half a minute, this way some milliseconds.
"""

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.document import Document as DocumentoWord
from docx.oxml import parse_xml
from docx.shared import Cm

MODELLO = Path(__file__).with_name("modello_relazione.docx")
LARGHEZZA = 9638
"""Width of the text area of the template, in twentieths of a point."""

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BREVE = 700
"""Up to how many characters in a cell its row is kept whole on one page."""

_DATA_ZIP = (1980, 1, 1, 0, 0, 0)

Cella = str | list[tuple[str, str]]
"""The content of a cell: a text, or paragraphs as (text, style)."""


@dataclass
class Documento:
    """A document being written: blocks go in at the end, headings are remembered for the index."""

    word: DocumentoWord = field(default_factory=lambda: Document(str(MODELLO)))
    titoli: list[tuple[int, str, str]] = field(default_factory=list)

    def aggiungi(self, xml: str) -> None:
        """Append one block element, given as XML with the w prefix."""
        corpo = self.word.element.body
        corpo.insert(len(corpo) - 1, parse_xml(xml))

    def titolo(self, testo: str, livello: int) -> None:
        """A heading of level 1 to 3; those of level 1 and 2 enter the index."""
        segnalibro = ""
        if livello < 3:
            segnalibro = f"_Toc{len(self.titoli) + 1:06d}"
            self.titoli.append((livello, testo, segnalibro))
        self.aggiungi(paragrafo(testo, f"Heading{livello}", segnalibro, len(self.titoli)))

    def testo(self, testo: str, stile: str = "Normal") -> None:
        self.aggiungi(paragrafo(testo, stile))

    def tabella(
        self,
        titolo: str,
        intestazione: Sequence[str],
        righe: Iterable[Sequence[Cella]],
        pesi: Sequence[int],
        centrate: Iterable[int] = (),
    ) -> None:
        """A table as wide as the text, its header row repeated on every page.

        `pesi` share out the width among the columns; `centrate` are the columns with centred text.
        """
        self.aggiungi(_tabella(titolo, intestazione, list(righe), pesi, set(centrate)))

    def tabella_o_nota(
        self,
        titolo: str,
        intestazione: Sequence[str],
        righe: Sequence[Sequence[Cella]],
        pesi: Sequence[int],
        nota: str,
    ) -> None:
        """A table, or a sentence in its place when it has no rows."""
        if righe:
            self.tabella(titolo, intestazione, righe, pesi)
        else:
            self.testo(nota)

    def immagine(self, png: bytes, alternativo: str, centimetri: float) -> None:
        """A picture with its alternative text."""
        capoverso = self.word.add_paragraph(style="Figura")
        disegno = capoverso.add_run().add_picture(BytesIO(png), width=Cm(centimetri))
        proprieta = disegno._inline.docPr
        proprieta.set("descr", alternativo)
        proprieta.set("name", "Grafico")
        corpo = self.word.element.body
        corpo.insert(len(corpo) - 1, capoverso._p)

    def indice_qui(self) -> int:
        """Remember where the index goes: it is written when all the headings are known."""
        return len(self.word.element.body) - 1

    def indice(self, posizione: int, intestazione: str) -> None:
        """The index at `posizione`: a field with its entries already there, so it opens unprompted."""
        corpo = self.word.element.body
        blocchi = [paragrafo(intestazione, "TOCHeading"), *_voci_indice(self.titoli)]
        for spostamento, xml in enumerate(blocchi):
            corpo.insert(posizione + spostamento, parse_xml(xml))

    def intestazione_pagina(self, testo: str, avviso: str = "") -> None:
        """The words at the head of every page; `avviso` stands out at the right."""
        capoverso = self.word.sections[0].header.paragraphs[0]
        capoverso.runs[0].text = testo
        if avviso:
            capoverso.add_run("\t")
            capoverso.add_run(avviso, style="Bozza carattere")

    def proprieta(self, titolo: str, autore: str, quando: datetime) -> None:
        nucleo = self.word.core_properties
        nucleo.title, nucleo.author, nucleo.language = titolo, autore, "it-IT"
        nucleo.created = nucleo.modified = quando
        nucleo.comments, nucleo.last_modified_by, nucleo.revision = "", autore, 1

    def salva(self, percorso: Path) -> None:
        """Save with fixed dates inside the archive: the same content gives the same bytes."""
        grezzo = BytesIO()
        self.word.save(grezzo)
        with (
            zipfile.ZipFile(grezzo) as origine,
            zipfile.ZipFile(percorso, "w", zipfile.ZIP_DEFLATED) as archivio,
        ):
            for nome in sorted(origine.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
                parte = zipfile.ZipInfo(nome, _DATA_ZIP)
                parte.compress_type = zipfile.ZIP_DEFLATED
                archivio.writestr(parte, origine.read(nome))


def paragrafo(testo: str, stile: str, segnalibro: str = "", numero: int = 0) -> str:
    """A paragraph; line breaks and tabs of the text are kept."""
    contenuto = _corsa(testo)
    if segnalibro:
        nome = quoteattr(segnalibro)
        contenuto = (
            f'<w:bookmarkStart w:id="{numero}" w:name={nome}/>{contenuto}'
            f'<w:bookmarkEnd w:id="{numero}"/>'
        )
    return f'<w:p {_W}><w:pPr><w:pStyle w:val="{stile}"/></w:pPr>{contenuto}</w:p>'


def _corsa(testo: str) -> str:
    if not testo:
        return ""
    pezzi = []
    for indice, riga in enumerate(testo.split("\n")):
        if indice:
            pezzi.append("<w:br/>")
        for posto, brano in enumerate(riga.split("\t")):
            if posto:
                pezzi.append("<w:tab/>")
            if brano:
                pezzi.append(f'<w:t xml:space="preserve">{escape(brano)}</w:t>')
    return f"<w:r>{''.join(pezzi)}</w:r>"


def _tabella(
    titolo: str,
    intestazione: Sequence[str],
    righe: list[Sequence[Cella]],
    pesi: Sequence[int],
    centrate: set[int],
) -> str:
    larghezze = [LARGHEZZA * peso // sum(pesi) for peso in pesi]
    griglia = "".join(f'<w:gridCol w:w="{larghezza}"/>' for larghezza in larghezze)
    testa = _riga(intestazione, larghezze, ["IntestazioneTabella"] * len(pesi), testa=True)
    stili = ["NumeroTabella" if c in centrate else "TestoTabella" for c in range(len(pesi))]
    corpo = [_riga(riga, larghezze, stili) for riga in righe]
    descrizione = f"{titolo}: {len(righe)} righe; colonne: {', '.join(intestazione)}"
    return (
        f'<w:tbl {_W}><w:tblPr><w:tblStyle w:val="TabellaRelazione"/>'
        f'<w:tblW w:w="{sum(larghezze)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(titolo)}/>"
        f"<w:tblDescription w:val={quoteattr(descrizione)}/></w:tblPr>"
        f"<w:tblGrid>{griglia}</w:tblGrid>{testa}{''.join(corpo)}</w:tbl>"
    )


def _riga(celle: Sequence[Cella], larghezze: list[int], stili: list[str], testa: bool = False) -> str:
    capoversi = [
        [(cella, stile)] if isinstance(cella, str) else cella
        for cella, stile in zip(celle, stili, strict=True)
    ]
    lunga = max(sum(len(testo) for testo, _ in cella) for cella in capoversi)
    intera = "<w:cantSplit/>" if lunga <= BREVE else ""
    ripetuta = "<w:tblHeader/>" if testa else ""
    proprieta = f"<w:trPr>{intera}{ripetuta}</w:trPr>" if intera or ripetuta else ""
    contenuto = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{larghezza}" w:type="dxa"/></w:tcPr>{_in_cella(cella)}</w:tc>'
        for cella, larghezza in zip(capoversi, larghezze, strict=True)
    )
    return f"<w:tr>{proprieta}{contenuto}</w:tr>"


def _in_cella(capoversi: list[tuple[str, str]]) -> str:
    return "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{stile}"/></w:pPr>{_corsa(testo)}</w:p>'
        for testo, stile in capoversi
    )


def _voci_indice(titoli: list[tuple[int, str, str]]) -> Iterable[str]:
    """The paragraphs of a TOC field: begun in the first, ended in the last."""
    inizio = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    fine = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    for posto, (livello, testo, segnalibro) in enumerate(titoli):
        link = f'<w:hyperlink w:anchor="{segnalibro}" w:history="1">{_corsa(testo)}</w:hyperlink>'
        prima = inizio if posto == 0 else ""
        dopo = fine if posto == len(titoli) - 1 else ""
        stile = f'<w:pPr><w:pStyle w:val="TOC{livello}"/></w:pPr>'
        yield f"<w:p {_W}>{stile}{prima}{link}{dopo}</w:p>"
