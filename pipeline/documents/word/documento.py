"""The relazione being written, block by block, in the styles of its template."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from docx.document import Document as DocumentoWord
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, NAMESPACE
from docx.section import _Header
from docx.shared import Cm, Length, Twips
from docx.text.paragraph import Paragraph
from lxml import etree

from pipeline.documents.word import base, blocchi
from pipeline.documents.word.base import DOCUMENTO, Carta
from pipeline.documents.word.blocchi import RIFERIMENTO, Cella, Forma, VoceIndice, paragrafo, prosa
from pipeline.documents.word.brani import Brano
from pipeline.documents.word.ripulitura import e_xml
from pipeline.workbooks import archivio

if TYPE_CHECKING:
    from pipeline.documents.word.grafici import Grafico

_TESTATA = re.compile(r"Ente|.+ – anno \d{4}")
"""What we write at the head of the pages, also in a relazione of ours that has become a letterhead."""
MAX_PROPRIETA = 255
"""Characters of a property of the document."""
_DATA_ZIP = (1980, 1, 1, 0, 0, 0)
_TIPI = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<Types xmlns="{NAMESPACE.OPC_CONTENT_TYPES}">'
    f'<Default Extension="rels" ContentType="{CONTENT_TYPE.OPC_RELATIONSHIPS}"/>'
)
"""How the list of what each part is begins."""


class Documento:
    """Blocks go in at the end; headings are remembered for the index, captions for the references.

    Styles are given by name. `pagine` are the pages of the headings of the first two levels, in order,
    for the index: from a document already laid out, else none.
    """

    def __init__(self, veste: Carta | None = None, pagine: Sequence[int] = ()) -> None:
        veste = veste or Carta()
        self.word: DocumentoWord = base.apri(veste.intestata)
        self.stili = base.stili(self.word)
        self.pagine = pagine
        self.blocchi: list[str] = []
        self.voci: list[VoceIndice] = []
        self._capitolo: list[str] = []
        self.didascalie: dict[str, str] = {}
        self._forma = Forma(self.stili, self._numera, base.larghezza(self.word))
        self._definizioni = base.elenchi(self.word)
        self._elenchi: dict[str, int] = {}
        self._contati = {"Tabella": 0, "Figura": 0}
        self._segnalibri = 0
        self._posto_indice = 0
        self._volta_pagina = False

    def volta_pagina(self) -> None:
        """The next heading begins a page."""
        self._volta_pagina = True

    def titolo(self, testo: str, livello: int) -> None:
        """A heading of level 1 to 3, on one line; those of level 1 and 2 enter the index."""
        testo = " ".join(testo.split())
        stile, nome = self.stili[f"heading {livello}"], ""
        if livello < 3:
            nome = f"_Toc{len(self.voci) + 1:06d}"
            pagina = self.pagine[len(self.voci)] if self.pagine else None
            self.voci.append(VoceIndice(livello, testo, nome, pagina))
            self._capitolo = [*self._capitolo[: livello - 1], testo]
        contenuto = blocchi.corsa(testo)
        self.blocchi.append(
            paragrafo(contenuto, stile, nome=nome, posto=self._nuovo(), nuova_pagina=self._volta_pagina)
        )
        self._volta_pagina = False

    def testo(self, testo: str, stile: str = "Normal") -> None:
        """A text, typed or ours: a paragraph, or several, and lists where it has them."""
        elenco = self.stili["List Bullet"]
        self.blocchi.append(prosa(testo, self.stili[stile], elenco, self._numera))

    def elenco(self, voci: Iterable[str]) -> None:
        """A bulleted list."""
        numero = self._numera(Brano("", "•"))
        stile = self.stili["List Bullet"]
        self.blocchi += [paragrafo(blocchi.corsa(voce), stile, numero) for voce in voci]

    def tabella(
        self,
        titolo: str,
        intestazione: Sequence[str],
        righe: Sequence[Sequence[Cella]],
        pesi: Sequence[int],
        centrate: Iterable[int] = (),
        numerata: bool = True,
    ) -> None:
        """A table as wide as the text: see `blocchi.tabella`. The tables of a form are not numbered: the
        heading above them says what they are."""
        if numerata:
            self._didascalia("Tabella", titolo)
        dove = ", ".join(self._capitolo)
        self.blocchi.append(
            blocchi.tabella(self._forma, titolo, dove, intestazione, righe, pesi, centrate)
        )

    def tabella_o_nota(
        self,
        titolo: str,
        intestazione: Sequence[str],
        righe: Sequence[Sequence[Cella]],
        pesi: Sequence[int],
        nota: str,
        centrate: Iterable[int] = (),
        numerata: bool = True,
    ) -> None:
        """A table, or a sentence in its place when it has no rows."""
        if righe:
            self.tabella(titolo, intestazione, righe, pesi, centrate, numerata)
        else:
            self.testo(nota)

    def figure(self, titolo: str, grafici: "Sequence[Grafico]", tabella: str) -> None:
        """A numbered chart, or its parts one by one, in their true size where the page has room.

        `tabella` is the title of the numbered table that holds the figures: the captions refer to it.
        """
        # imported here: it is slow to load, and a letterhead is tried without
        from pipeline.documents.word.grafici import LARGHEZZA

        for n, grafico in enumerate(grafici, start=1):
            parte = f", {n} di {len(grafici)}" if len(grafici) > 1 else ""
            self._didascalia("Figura", titolo + parte, f" (dati nella {self.rif(tabella)})")
            self.immagine(grafico.png, grafico.alternativo, "Figura", larghezza=Cm(LARGHEZZA))

    def immagine(
        self,
        png: bytes,
        alternativo: str,
        stile: str,
        larghezza: Length | None = None,
        altezza: Length | None = None,
    ) -> None:
        """A picture with its alternative text, as wide or as high as given, but no wider than the
        text."""
        disegno = self.word.part.new_pic_inline(BytesIO(png), larghezza, altezza)
        if disegno.extent.cx > self._forma.larghezza * Twips(1):
            larghezza = Twips(self._forma.larghezza)
            disegno = self.word.part.new_pic_inline(BytesIO(png), larghezza)
        disegno.docPr.set("id", str(self._nuovo()))
        disegno.docPr.set("name", f"Figura {disegno.docPr.get('id')}")
        disegno.docPr.set("descr", alternativo)
        xml = etree.tostring(disegno, encoding="unicode")
        self.blocchi.append(paragrafo(f"<w:r><w:drawing>{xml}</w:drawing></w:r>", self.stili[stile]))

    def rif(self, titolo: str) -> str:
        """What to write in a text for a cross reference to the table or figure with that title."""
        return f"\x01{' '.join(titolo.split())}\x02"

    def indice_qui(self) -> None:
        """The index goes here: it is written when all the headings are known."""
        self._posto_indice = len(self.blocchi)

    def testata(self, testo: str, avviso: str = "") -> None:
        """The words at the head of every page of our template; `avviso` stands out, in a letterhead
        too."""
        for testata in base.testate(self.word):
            nostri = [] if testata.is_linked_to_previous else _nostri(testata)
            for capoverso in nostri:
                capoverso.text = testo
            if avviso:
                capoverso = nostri[0] if nostri else self._nuovo_in(testata)
                capoverso.add_run(f"\t{avviso}" if nostri else avviso)
                capoverso.runs[-1]._r.style = self.stili["Bozza carattere"]

    def _nuovo_in(self, testata: _Header) -> Paragraph:
        """A paragraph under what a letterhead has at its head."""
        vuota = testata.is_linked_to_previous
        capoverso = testata.paragraphs[0] if vuota else testata.add_paragraph()
        capoverso._p.style = self.stili["header"]
        capoverso.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        return capoverso

    def proprieta(self, titolo: str, autore: str, quando: datetime) -> None:
        """Title, author and date of the document, as far as a property holds them."""
        titolo, autore = titolo[:MAX_PROPRIETA], autore[:MAX_PROPRIETA]
        nucleo = self.word.core_properties
        nucleo.title, nucleo.author, nucleo.language = titolo, autore, "it-IT"
        nucleo.created = nucleo.modified = quando
        nucleo.last_modified_by, nucleo.revision = autore, 1
        for di_altri in ("comments", "keywords", "category", "subject", "content_status"):
            setattr(nucleo, di_altri, "")

    def salva(self, dove: Path | BinaryIO) -> None:
        """Save with fixed dates inside the archive: the same content gives the same bytes.

        Raises what `archivio.analizzatore` raises for a part that would not be read.
        """
        with zipfile.ZipFile(dove, "w", zipfile.ZIP_DEFLATED) as pacco:
            for nome, contenuto, in_xml in self._parti():
                intera = self._corpo(contenuto) if nome == DOCUMENTO else contenuto
                if in_xml:
                    archivio.analizzatore(nome).Parse(intera, True)
                parte = zipfile.ZipInfo(nome, _DATA_ZIP)
                parte.compress_type = zipfile.ZIP_DEFLATED
                pacco.writestr(parte, intera)

    def _parti(self) -> Iterator[tuple[str, bytes, bool]]:
        """The parts of the package by name, each with its relations, and whether it is XML. python-docx
        can only write them into an archive with dates of its own, and the pictures would be compressed
        twice."""
        pacco = self.word.part.package
        parti = sorted(pacco.iter_parts(), key=lambda parte: parte.partname)
        tipi = "".join(
            f"<Override PartName={quoteattr(p.partname)} ContentType={quoteattr(p.content_type)}/>"
            for p in parti
        )
        yield "[Content_Types].xml", f"{_TIPI}{tipi}</Types>".encode(), True
        yield "_rels/.rels", pacco.rels.xml, True
        for parte in parti:
            yield parte.partname.membername, parte.blob, e_xml(parte.content_type)
            if parte.rels:
                yield parte.partname.rels_uri.membername, parte.rels.xml, True

    def _corpo(self, vuoto: bytes) -> bytes:
        """The document of the template with the blocks in it."""
        indice = [paragrafo(blocchi.corsa("Indice"), self.stili["TOC Heading"])]
        indice += blocchi.indice(self.voci, self.stili)
        posto = self._posto_indice
        tutti = self.blocchi[:posto] + indice + self.blocchi[posto:]
        prima, dopo = vuoto.decode().split(base.POSTO.decode())
        return "".join([prima, *map(self._con_riferimenti, tutti), dopo]).encode()

    def _con_riferimenti(self, blocco: str) -> str:
        """A block with the labels of the captions it refers to. Few have any: looking first costs a
        tenth of the substitution."""
        if "\x01" not in blocco:
            return blocco
        return RIFERIMENTO.sub(lambda trovato: self.didascalie[trovato[1]], blocco)

    def _didascalia(self, etichetta: str, titolo: str, seguito: str = "") -> None:
        titolo = " ".join(titolo.split())
        self._contati[etichetta] += 1
        n, chiave = self._contati[etichetta], escape(titolo)
        posto = 0 if chiave in self.didascalie else self._nuovo()
        self.didascalie.setdefault(chiave, f"{etichetta} {n}")
        stile = self.stili["caption"]
        self.blocchi.append(blocchi.didascalia(etichetta, n, titolo, seguito, stile, posto))

    def _nuovo(self) -> int:
        """A number that no other bookmark or picture of the document has."""
        self._segnalibri += 1
        return self._segnalibri

    def _numera(self, brano: Brano) -> int:
        """The number of the list of an item: one for all the bulleted ones, one for each numbered."""
        if brano.elenco not in self._elenchi or brano.nuovo:
            num = self.word.part.numbering_part.element.add_num(self._definizioni[brano.elenco])
            if brano.nuovo:
                num.add_lvlOverride(ilvl=0).add_startOverride(brano.n)
            self._elenchi[brano.elenco] = num.numId
        return self._elenchi[brano.elenco]


def _nostri(testata: _Header) -> list[Paragraph]:
    """The paragraphs of a header with our words and nothing else."""
    return [c for c in testata.paragraphs if _TESTATA.fullmatch(c.text.strip())]
