"""The relazione being written, block by block, in the styles of its template."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from docx.document import Document as DocumentoWord
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, NAMESPACE, RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.ns import nsdecls, nsmap, qn
from docx.oxml.parser import parse_xml
from docx.section import _Header
from docx.shared import Cm, Length, Twips
from docx.text.paragraph import Paragraph
from lxml import etree

from pipeline.documents.word import base, blocchi
from pipeline.documents.word.base import DOCUMENTO, Carta
from pipeline.documents.word.blocchi import Forma, Tavola, VoceIndice, paragrafo, prosa
from pipeline.documents.word.brani import Brano
from pipeline.documents.word.grafici import LARGHEZZA, Grafico
from pipeline.documents.word.in_xml import quoteattr
from pipeline.documents.word.ripulitura import e_xml
from pipeline.documents.word.testate import Testate
from pipeline.files import LIVELLO
from pipeline.parole import citazione, normalizza

_INDICE = "\x00indice"
_TESTATA = re.compile(r"Ente|.+ – anno \d{4}(?: – )?(?:\t.*)?")
"""What we write at the head of the pages, also in a relazione of ours that has become a letterhead."""
MAX_PROPRIETA = 255
"""Characters of a property of the document."""
_NON_IN_XML = bytes(set(range(32)) - set(b"\t\n\r"))
"""The characters that XML has not: one of them would be a mark of ours that stands for nothing."""
_DATA_ZIP = (1980, 1, 1, 0, 0, 0)
_ANCHE_IN_SVG = (
    f'<a:extLst xmlns:a="{nsmap["a"]}"><a:ext uri="{{{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}}}">'
    '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
    f'xmlns:r="{nsmap["r"]}" r:embed="{{}}"/></a:ext></a:extLst>'
)
_TIPI = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<Types xmlns="{NAMESPACE.OPC_CONTENT_TYPES}">'
    f'<Default Extension="rels" ContentType="{CONTENT_TYPE.OPC_RELATIONSHIPS}"/>'
)
"""How the list of what each part is begins."""


class Documento:
    """Blocks go in at the end; headings are remembered for the index, captions for the references.

    Styles are given by name. `pagine` are the pages of the headings of the first two levels, in order,
    for the index: from a document already laid out, else none. `voluti`: what the ente wants a heading
    or a caption to say, by its name (normalised): what we call it, whatever it is found to say.
    """

    def __init__(
        self,
        veste: Carta | None = None,
        pagine: Sequence[int] = (),
        voluti: Mapping[str, str] | None = None,
    ) -> None:
        veste = veste or Carta()
        self.word: DocumentoWord = base.apri(veste.intestata)
        self.stili = base.stili(self.word)
        self.pagine = pagine
        self.voluti = voluti or {}
        self.blocchi: list[str] = []
        self.voci: list[VoceIndice] = []
        self.chiavi: dict[str, VoceIndice] = {}
        self.didascalie: dict[str, str] = {}
        self._sotto: list[str] = []
        self._forma = Forma(self.stili, self._numera, base.larghezza(self.word))
        self._definizioni = base.elenchi(self.word)
        self._elenchi: dict[str, int] = {}
        self._liste: list[str] = []
        usati = {num.numId for num in self.word.part.numbering_part.element.num_lst}
        self._liberi = (numero for numero in count(1) if numero not in usati)
        self._contati = {"Tabella": 0, "Figura": 0}
        self._segnalibri = 0
        self._testate = None if veste.intestata else Testate(self.word)
        self._volta_pagina = False

    def sezione(self, testa: str) -> None:
        """What follows begins a page, with `testa` at the head of its pages where they are ours: a
        letterhead has its own."""
        if self._testate is None:
            self._volta_pagina = True
        elif self.blocchi:
            self.blocchi.append(blocchi.FINE_SEZIONE + self._testate.chiudi(testa))

    def capitolo(
        self, titolo: str, testo: str = "", codice: str = "", risultato: str = "", testa: str = ""
    ) -> None:
        """A heading of the first level, on a new page: see `VoceIndice`. Its key is its code or, without
        one, what the index calls it; so is the head of its pages, unless another is given."""
        testo = testo or titolo
        titolo = self._voluto(testo, titolo)
        self.sezione(testa or " – ".join(filter(None, (codice, testo))))
        self._titolo(1, "heading 1", titolo, codice or testo, codice, testo, risultato)

    def titolo(self, testo: str, livello: int = 2, nome: str = "") -> None:
        """A heading of level 2 or 3, which the index leaves out; `nome`: what it is called, whatever it
        says, and its key."""
        testo = self._voluto(nome or testo, testo)
        self._titolo(livello, f"heading {livello}", " ".join(testo.split()), nome)

    def scheda(self, codice: str, testo: str, risultato: str) -> None:
        """The title bar of a scheda, of level 2: its key is its code."""
        testo = " ".join(testo.split())
        self._titolo(
            2, "Titolo scheda", f"{codice}\t{testo}\t{risultato}", codice, codice, testo, risultato
        )

    def _voluto(self, nome: str, detto: str) -> str:
        return self.voluti.get(normalizza(nome)) or detto

    def _titolo(
        self,
        livello: int,
        stile: str,
        titolo: str,
        chiave: str,
        codice: str = "",
        testo: str = "",
        risultato: str = "",
    ) -> None:
        detto = " ".join(titolo.split())
        nome = ""
        if livello < 3:
            nome = f"_Toc{len(self.voci) + 1:06d}"
            pagina = self.pagine[len(self.voci)] if self.pagine else None
            voce = VoceIndice(livello, detto, nome, pagina, codice, testo, risultato)
            self.voci.append(voce)
            if chiave:
                self.chiavi.setdefault(chiave, voce)
            self._sotto = [*self._sotto[: livello - 1], detto]
        contenuto = blocchi.corsa(titolo)
        identita, inizia = self.stili[stile], self._volta_pagina
        self.blocchi.append(
            paragrafo(contenuto, identita, nome=nome, posto=self._nuovo(), nuova_pagina=inizia)
        )
        self._volta_pagina = False

    def testo(self, testo: str, stile: str = "Normal", tieni: bool = False) -> None:
        """A text, typed or ours: a paragraph, or several, and lists where it has them."""
        elenco = self.stili["List Bullet"]
        self.blocchi.append(prosa(testo, self.stili[stile], elenco, self._numera, tieni))

    def elenco(self, voci: Iterable[str], numerato: bool = False) -> None:
        """A list of paragraphs, bulleted or numbered from 1."""
        numero = self._numera(Brano("", "1.", 1, True) if numerato else Brano("", "•"))
        stile = self.stili["List Bullet"]
        self.blocchi += [paragrafo(blocchi.corsa(voce), stile, numero) for voce in voci]

    def tabella(self, tavola: Tavola, numerata: bool = True, seguita: bool = False) -> None:
        """A table as wide as the text under its caption. Those of a scheda are not numbered, and their
        caption is what they find, if anything. `seguita`: it stays on one page with what follows."""
        if numerata:
            self._didascalia("Tabella", tavola.titolo, self._voluto(tavola.titolo, tavola.detto))
        elif tavola.detto:
            self.testo(self._voluto(tavola.titolo, tavola.detto), "caption")
        self.blocchi.append(blocchi.tabella(self._forma, tavola, ", ".join(self._sotto), seguita))

    def figura(self, titolo: str, grafici: Sequence[Grafico], tabella: str, detto: str = "") -> None:
        """A numbered chart, or its parts one by one, in their true size where the page has room.

        `tabella` is the title of the numbered table that holds the figures: the captions refer to it.
        """
        for n, grafico in enumerate(grafici, start=1):
            parte = f", {n} di {len(grafici)}" if len(grafici) > 1 else ""
            dati = f" (dati nella {blocchi.rif(tabella)})"
            self._didascalia(
                "Figura", titolo + parte, self._voluto(titolo, detto or titolo) + parte + dati
            )
            larga = Cm(LARGHEZZA)
            self.immagine(grafico.png, grafico.alternativo, "Figura", larga, svg=grafico.svg)

    def immagine(
        self,
        png: bytes,
        alternativo: str,
        stile: str,
        larghezza: Length | None = None,
        altezza: Length | None = None,
        svg: bytes = b"",
    ) -> None:
        """A picture with its alternative text, as wide or as high as given, but no wider than the
        text. `svg` is the same picture for who can show that."""
        disegno = self.word.part.new_pic_inline(BytesIO(png), larghezza, altezza)
        if disegno.extent.cx > self._forma.larghezza * Twips(1):
            larghezza = Twips(self._forma.larghezza)
            disegno = self.word.part.new_pic_inline(BytesIO(png), larghezza)
        for lato in ("distT", "distB", "distL", "distR"):  # else LibreOffice moves it to the right
            disegno.set(lato, "0")
        disegno.docPr.set("id", str(self._nuovo()))
        disegno.docPr.set("name", f"Figura {disegno.docPr.get('id')}")
        disegno.docPr.set("descr", alternativo)
        for blip in disegno.iter(qn("a:blip")) if svg else ():
            blip.append(self._in_svg(svg))
        xml = etree.tostring(disegno, encoding="unicode")
        self.blocchi.append(paragrafo(f"<w:r><w:drawing>{xml}</w:drawing></w:r>", self.stili[stile]))

    def _in_svg(self, svg: bytes) -> etree._Element:
        """Where a picture says that there is also an SVG of it. Source: MS-ODRAWXML, 2.3.19."""
        pacco = self.word.part.package
        parte = Part(pacco.next_partname("/word/media/figura%d.svg"), "image/svg+xml", svg, pacco)
        chiave = self.word.part.relate_to(parte, RELATIONSHIP_TYPE.IMAGE)
        return etree.fromstring(_ANCHE_IN_SVG.format(chiave))

    def indice_qui(self) -> None:
        """The index goes here: it is written when all the headings are known."""
        self.blocchi.append(_INDICE)

    def testata(self, testo: str, avviso: str = "") -> None:
        """The words at the head of every page of our template; `avviso` stands out, in a letterhead
        too."""
        for testata in base.testate(self.word):
            nostri = [] if testata.is_linked_to_previous else _nostri(testata)
            for capoverso in nostri:
                capoverso.text = testo
            if avviso:
                capoverso = nostri[0] if nostri else self._nuovo_in(testata)
                capoverso.add_run(f" – {avviso}" if nostri else avviso)
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

    def salva(self, dove: Path | BinaryIO, rilette: bool = False) -> None:
        """Save with fixed dates inside the archive: the same content gives the same bytes.
        `rilette`: the parts are those of a letterhead that nobody has read yet.

        Raises ExpatError for one of them that is no XML, ValueError for a text that is none.
        """
        if self._testate is not None:
            self._testate.finisci()
        self._definisci_le_liste()
        with zipfile.ZipFile(dove, "w", zipfile.ZIP_DEFLATED) as pacco:
            for nome, contenuto, in_xml in self._parti():
                intera = self._corpo(contenuto) if nome == DOCUMENTO else contenuto
                if rilette and in_xml:
                    expat.ParserCreate().Parse(intera, True)
                parte = zipfile.ZipInfo(nome, _DATA_ZIP)
                pacco.writestr(parte, intera, zipfile.ZIP_DEFLATED, LIVELLO)

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
        prima, dopo = vuoto.decode().split(base.POSTO.decode())
        intero: list[str] = []
        for blocco in self.blocchi:
            if blocco == _INDICE:
                intero += self._indice()
            elif blocco.startswith(blocchi.FINE_SEZIONE):
                intero[-1] = blocchi.con_fine(intero[-1], blocco[1:])
            elif blocco:
                intero.append(blocco)
        pezzi = blocchi.DA_RISOLVERE.split("".join([prima, *intero, dopo]).encode())
        noti = {segno: self._noto(segno.decode()).encode() for segno in dict.fromkeys(pezzi[1::2])}
        pezzi[1::2] = [noti[segno] for segno in pezzi[1::2]]
        corpo = b"".join(pezzi)
        if len(corpo.translate(None, _NON_IN_XML)) < len(corpo):
            raise ValueError("a mark is left, or a character that XML has not")
        return corpo

    def _indice(self) -> list[str]:
        titolo = paragrafo(blocchi.corsa("Indice"), self.stili["TOC Heading"])
        if self._testate is None:
            titolo = paragrafo(blocchi.corsa("Indice"), self.stili["TOC Heading"], nuova_pagina=True)
        # the section ends after the field: LibreOffice takes a footer for a part of one still open
        return [titolo, *blocchi.indice([v for v in self.voci if v.testo], self.stili), ""]

    def _noto(self, segno: str) -> str:
        """What a mark stands for, when all is known."""
        tipo, dentro = segno[1], segno[2:-1]
        if tipo == "R":
            return self.didascalie[dentro]
        if tipo == "S":
            return self.stili[dentro]
        if tipo == "P":
            return self._pagina(self.chiavi[dentro])
        inizio = self._collegamento(dentro)
        return "</w:hyperlink>" if inizio and tipo == "E" else inizio

    def _pagina(self, voce: VoceIndice) -> str:
        if voce.pagina is None:
            return ""
        pagina = blocchi.campo(f"PAGEREF {voce.segnalibro} \\h", str(voce.pagina))
        return blocchi.corsa(", pagina ") + pagina

    def _collegamento(self, chiave: str) -> str:
        """How a link begins, with its bookmark and the name of the place; "" where there is none."""
        voce, didascalia = self.chiavi.get(chiave), self.didascalie.get(chiave)
        if voce is None and didascalia is None:
            return ""
        dove = blocchi.segnalibro(chiave) if voce is None else voce.segnalibro
        nome = f"{didascalia} – {chiave}" if voce is None else voce.titolo
        detto = quoteattr(citazione(nome, blocchi.MAX_NOME_LINK))
        return f'<w:hyperlink w:anchor="{dove}" w:tooltip={detto} w:history="1">'

    def _didascalia(self, etichetta: str, titolo: str, detto: str) -> None:
        titolo = " ".join(titolo.split())
        self._contati[etichetta] += 1
        n = self._contati[etichetta]
        posto = 0 if titolo in self.didascalie else self._nuovo()
        self.didascalie.setdefault(titolo, f"{etichetta} {n}")
        stile = self.stili["caption"]
        self.blocchi.append(blocchi.didascalia(etichetta, n, titolo, detto or titolo, stile, posto))

    def _nuovo(self) -> int:
        """A number that no other bookmark or picture of the document has."""
        self._segnalibri += 1
        return self._segnalibri

    def _numera(self, brano: Brano) -> int:
        """The number of the list of an item: one for all the bulleted ones, one for each numbered."""
        if brano.elenco not in self._elenchi or brano.nuovo:
            numero = self._elenchi[brano.elenco] = next(self._liberi)
            da = brano.n if brano.nuovo else None
            self._liste.append(blocchi.lista(numero, self._definizioni[brano.elenco], da))
        return self._elenchi[brano.elenco]

    def _definisci_le_liste(self) -> None:
        """Put the lists of the document beside those of its template."""
        numerazione = self.word.part.numbering_part.element
        liste = parse_xml(f"<w:numbering {nsdecls('w')}>{''.join(self._liste)}</w:numbering>")
        for lista in list(liste):
            numerazione._insert_num(lista)
        self._liste.clear()


def _nostri(testata: _Header) -> list[Paragraph]:
    """The paragraphs of a header with our words and nothing else."""
    return [c for c in testata.paragraphs if _TESTATA.fullmatch(c.text.strip())]
