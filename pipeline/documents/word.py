"""The relazione being written, block by block, in the styles of its template."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from docx.document import Document as DocumentoWord
from docx.opc.constants import CONTENT_TYPE, NAMESPACE
from docx.shared import Cm, Length, Twips
from lxml import etree

from pipeline.documents import blocchi, carta
from pipeline.documents.blocchi import RIFERIMENTO, Cella, Forma, VoceIndice, paragrafo, prosa
from pipeline.documents.brani import Brano
from pipeline.documents.carta import Carta
from pipeline.documents.grafici import LARGHEZZA, Grafico

_DOCUMENTO = "word/document.xml"
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
        self.word: DocumentoWord = carta.apri(veste)
        self.stili = carta.stili(self.word, veste)
        self.pagine = pagine
        self.blocchi: list[str] = []
        self.voci: list[VoceIndice] = []
        self.didascalie: dict[str, str] = {}
        self._forma = Forma(self.stili, self._numera, carta.larghezza(self.word))
        self._definizioni = carta.elenchi(self.word)
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
        self.blocchi.append(blocchi.tabella(self._forma, titolo, intestazione, righe, pesi, centrate))

    def tabella_o_nota(
        self,
        titolo: str,
        intestazione: Sequence[str],
        righe: Sequence[Sequence[Cella]],
        pesi: Sequence[int],
        nota: str,
        numerata: bool = True,
    ) -> None:
        """A table, or a sentence in its place when it has no rows."""
        if righe:
            self.tabella(titolo, intestazione, righe, pesi, numerata=numerata)
        else:
            self.testo(nota)

    def figura(self, titolo: str, grafico: Grafico) -> None:
        """A numbered chart, in its true size where the page has room."""
        self._didascalia("Figura", titolo)
        larga = min(Cm(LARGHEZZA), Twips(self._forma.larghezza))
        self.immagine(grafico.png, grafico.alternativo, "Figura", larghezza=larga)

    def immagine(
        self,
        png: bytes,
        alternativo: str,
        stile: str,
        larghezza: Length | None = None,
        altezza: Length | None = None,
    ) -> None:
        """A picture with its alternative text, as wide or as high as given."""
        disegno = self.word.part.new_pic_inline(BytesIO(png), larghezza, altezza)
        disegno.docPr.set("id", str(self._nuovo()))
        disegno.docPr.set("name", f"Figura {disegno.docPr.get('id')}")
        disegno.docPr.set("descr", alternativo)
        xml = etree.tostring(disegno, encoding="unicode")
        self.blocchi.append(paragrafo(f"<w:r><w:drawing>{xml}</w:drawing></w:r>", self.stili[stile]))

    def rif(self, titolo: str) -> str:
        """What to write in a text for a cross reference to the table or figure with that title."""
        return f"\x01{titolo}\x02"

    def indice_qui(self) -> None:
        """The index goes here: it is written when all the headings are known."""
        self._posto_indice = len(self.blocchi)

    def testata(self, testo: str, avviso: str = "") -> None:
        """The words at the head of every page of our template; `avviso` stands out, in a letterhead
        too."""
        testata = self.word.sections[-1].header
        capoverso = testata.paragraphs[0] if testata.paragraphs else testata.add_paragraph()
        for corsa in capoverso.runs:
            if corsa.text == "Ente":
                corsa.text = testo
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
        with zipfile.ZipFile(percorso, "w", zipfile.ZIP_DEFLATED) as archivio:
            for nome, contenuto in self._parti():
                parte = zipfile.ZipInfo(nome, _DATA_ZIP)
                parte.compress_type = zipfile.ZIP_DEFLATED
                archivio.writestr(parte, self._corpo(contenuto) if nome == _DOCUMENTO else contenuto)

    def _parti(self) -> Iterator[tuple[str, bytes]]:
        """The parts of the package by name, each with its relations. python-docx can only write them
        into an archive with dates of its own, and the pictures would be compressed twice."""
        pacco = self.word.part.package
        parti = sorted(pacco.iter_parts(), key=lambda parte: parte.partname)
        tipi = "".join(
            f"<Override PartName={quoteattr(p.partname)} ContentType={quoteattr(p.content_type)}/>"
            for p in parti
        )
        yield "[Content_Types].xml", f"{_TIPI}{tipi}</Types>".encode()
        yield "_rels/.rels", pacco.rels.xml
        for parte in parti:
            yield parte.partname.membername, parte.blob
            if parte.rels:
                yield parte.partname.rels_uri.membername, parte.rels.xml

    def _corpo(self, vuoto: bytes) -> bytes:
        """The document of the template with the blocks in it."""
        indice = [paragrafo(blocchi.corsa("Indice"), self.stili["TOC Heading"])]
        indice += blocchi.indice(self.voci, self.stili)
        posto = self._posto_indice
        tutti = self.blocchi[:posto] + indice + self.blocchi[posto:]
        prima, dopo = vuoto.decode().split(carta.POSTO.decode())
        return "".join([prima, *map(self._con_riferimenti, tutti), dopo]).encode()

    def _con_riferimenti(self, blocco: str) -> str:
        """A block with the labels of the captions it refers to. Few have any: looking first costs a
        tenth of the substitution."""
        if "\x01" not in blocco:
            return blocco
        return RIFERIMENTO.sub(lambda trovato: self.didascalie[trovato[1]], blocco)

    def _didascalia(self, etichetta: str, titolo: str) -> None:
        titolo = " ".join(titolo.split())
        self._contati[etichetta] += 1
        n, chiave = self._contati[etichetta], escape(titolo)
        posto = 0 if chiave in self.didascalie else self._nuovo()
        self.didascalie.setdefault(chiave, f"{etichetta} {n}")
        self.blocchi.append(blocchi.didascalia(etichetta, n, titolo, self.stili["caption"], posto))

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
