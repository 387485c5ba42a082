"""The PDF of the relazione, to be kept (PDF/A-2b) and read by everyone (PDF/UA-1).

LibreOffice lays out the .docx. What its version leaves wrong is then mended, and what it takes from the
clock is set to the date of the .docx: on one computer the same .docx always gives the same bytes.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

import pikepdf
from lxml import etree
from pikepdf.models.metadata import encode_pdf_date

from pipeline.documents.provvisori import cartella_provvisoria
from pipeline.documents.word import etichette, impaginatore
from pipeline.documents.word.base import DOCUMENTO
from pipeline.documents.word.impaginatore import ConversioneFallita, niente

SECONDI = 60.0
"""How long the conversion of any document may last: LibreOffice alone takes five to begin."""
BYTE_AL_SECONDO = 50_000
"""How much of a document more takes a second more: tenfold what it takes."""

_XMP = "http://ns.adobe.com/xap/1.0/"
_PDFUAID = "http://www.aiim.org/pdfua/ns/id/"
_PDFA_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SCHEMA_PDFUA = f"""
<rdf:Description rdf:about="" xmlns:rdf="{_RDF}"
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="{_PDFA_SCHEMA}" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>{_PDFUAID}</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>The part of ISO 14289 that the file follows</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""
"""What PDF/A asks for before it lets a file say that it is PDF/UA: ISO 19005-2, 6.6.2.3.2."""

_MODIFICATO = "{http://purl.org/dc/terms/}modified"
_DATE_XMP = [f"{{{_XMP}}}{nome}Date" for nome in ("Create", "Modify", "Metadata")]
_DATA_ICC = slice(24, 36)
"""Where a colour profile says when it was made: six numbers of two bytes (ICC.1:2010, 7.2.8)."""

_CON_SVG = re.compile(
    rb'(<a:blip [^>]*r:embed=")[^"]*("[^>]*>)(?=<a:extLst(?:(?!</a:blip>).)*<asvg:svgBlip [^>]*'
    rb'r:embed="([^"]*)")',
    re.DOTALL,
)
"""A picture of a document, its part, and the part where it is as SVG."""

_INIZIA_TRACCIATO = {"m", "re"}
_FINISCE_TRACCIATO = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n"}
_APRE_CONTENUTO, _CHIUDE_CONTENUTO = {"BMC", "BDC"}, "EMC"

Istruzione = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage


class Titolo(NamedTuple):
    """A heading as the bookmarks of the PDF have it.

    `livello` is the depth, from 1: the level of the heading, unless one above was jumped over. `testo`
    has a single blank where the heading has blanks or a new line. `pagina` is of the file, from 1.
    """

    livello: int
    testo: str
    pagina: int


def secondi_per(*docx: Path) -> float:
    """How long one start of LibreOffice may last that converts these: it starts once, however many they
    are. Raises what `converti` raises for a bad one."""
    return SECONDI + sum(map(_peso, docx)) / BYTE_AL_SECONDO


def converti(docx: Path, pdf: Path, soffice: Path | None, secondi: float | None = None) -> None:
    """Write the .docx as a tagged PDF, with its headings as bookmarks, that is PDF/A-2b and PDF/UA-1.

    `soffice` is what `impaginatore.trova` returns, `secondi` the most LibreOffice may take, or as many
    as fit the document. The dates of the PDF are the one of last change of the .docx. Writes `pdf` when
    all the rest has gone well.
    Raises ConversioneFallita, and OSError when `docx` cannot be read or `pdf` written.
    """
    for fallita in converti_insieme({docx: pdf}, soffice, secondi).values():
        raise fallita


def converti_insieme(
    lavori: Mapping[Path, Path],
    soffice: Path | None,
    secondi: float | None = None,
    intanto: Callable[[], None] = niente,
) -> dict[Path, ConversioneFallita]:
    """Write several .docx as PDFs, each as `converti` would, with one start of LibreOffice.

    `lavori`: each .docx and where its PDF goes. `intanto` is called while LibreOffice works, if it
    starts. Returns those that are without a PDF, in order, and why. Raises OSError as `converti`.
    """
    if soffice is None:
        return dict.fromkeys(lavori, _manca())
    falliti: dict[Path, ConversioneFallita] = {}
    with cartella_provvisoria() as cartella:
        copie: dict[Path, Path] = {}
        for n, docx in enumerate(lavori, start=1):
            with _annotato(docx, falliti):
                _data(docx)
                # a copy: LibreOffice leaves a lock beside what it opens, and may not read every name
                copie[docx] = _con_i_disegni(docx, cartella / f"relazione_{n}.docx")
        falliti |= _stampa(soffice, copie, secondi, intanto)
        for docx, copia in copie.items():
            if docx not in falliti:
                with _annotato(docx, falliti):
                    _rifinisci(docx, copia, lavori[docx])
    return {docx: falliti[docx] for docx in lavori if docx in falliti}


@contextmanager
def _annotato(docx: Path, falliti: dict[Path, ConversioneFallita]) -> Iterator[None]:
    """What fails of a document is noted, and the others go on."""
    try:
        yield
    except ConversioneFallita as errore:
        falliti[docx] = errore


def _stampa(
    soffice: Path, copie: Mapping[Path, Path], secondi: float | None, intanto: Callable[[], None]
) -> dict[Path, ConversioneFallita]:
    """Have LibreOffice lay out the copies; the documents of which it has made no PDF, and why.

    One that stops LibreOffice stops those after it too: without it, these are tried once more.
    """
    falliti = _in_un_avvio(soffice, copie, secondi, intanto)
    primo, altri = list(falliti)[:1], list(falliti)[1:]
    di_nuovo = _in_un_avvio(soffice, {docx: copie[docx] for docx in altri}, None, niente)
    return {docx: falliti[docx] for docx in primo} | di_nuovo


def _in_un_avvio(
    soffice: Path, copie: Mapping[Path, Path], secondi: float | None, intanto: Callable[[], None]
) -> dict[Path, ConversioneFallita]:
    if not copie:
        return {}
    fermato, risposta = None, ""
    try:
        secondi = secondi_per(*copie) if secondi is None else secondi
        risposta = impaginatore.esegui(soffice, list(copie.values()), secondi, intanto)
    except ConversioneFallita as errore:
        fermato = errore
    mancano = [docx for docx, copia in copie.items() if not _c_e(copia.with_suffix(".pdf"))]
    return {docx: fermato or _non_prodotto(docx, risposta) for docx in mancano}


def _rifinisci(docx: Path, copia: Path, pdf: Path) -> None:
    """Mend the PDF beside a copy and write it where it goes. Raises ConversioneFallita and OSError."""
    with pikepdf.open(copia.with_suffix(".pdf")) as documento:
        if not etichette.completa(documento, copia):
            raise ConversioneFallita(
                f"Il PDF di «{docx.name}» non è accessibile: le sue tabelle non sono quelle del "
                "documento. Aggiornare LibreOffice e ripetere il comando."
            )
        _segna_decorazioni(documento)
        _ordina_collegamenti(documento)
        _fissa(documento, _data(docx))
        documento.save(pdf, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _manca() -> ConversioneFallita:
    return ConversioneFallita(
        "Il PDF non si può preparare: su questo computer manca LibreOffice. Installarlo "
        "(su Linux e WSL: sudo apt install libreoffice-writer; altrove: it.libreoffice.org) e "
        "ripetere il comando."
    )


def _non_prodotto(docx: Path, risposta: str) -> ConversioneFallita:
    return ConversioneFallita(
        f"LibreOffice non ha prodotto il PDF di «{docx.name}»{risposta}. Provare ad aprire il "
        "documento con LibreOffice: se si apre, ripetere il comando; se no, produrlo di nuovo."
    )


def _data(docx: Path) -> datetime:
    """When the .docx was last changed, as it says itself.

    Of a file that is no .docx LibreOffice makes a PDF all the same, as of a plain text: not here.
    """
    try:
        with ZipFile(docx) as archivio:
            proprieta = etree.fromstring(archivio.read("docProps/core.xml"))
        return datetime.fromisoformat(proprieta.findtext(_MODIFICATO, ""))
    except (BadZipFile, KeyError, etree.XMLSyntaxError, ValueError):
        raise _non_intero(docx) from None


def _con_i_disegni(docx: Path, copia: Path) -> Path:
    """Copy a .docx, each picture that is there as SVG too shown as that: 7.4 would take the other."""
    try:
        with ZipFile(docx) as prima, ZipFile(copia, "w") as dopo:
            for parte in prima.infolist():
                contenuto = prima.read(parte)
                if parte.filename == DOCUMENTO:
                    contenuto = _CON_SVG.sub(rb"\1\3\2", contenuto)
                dopo.writestr(parte, contenuto)
    except (BadZipFile, zlib.error):
        raise _non_intero(docx) from None
    return copia


def _peso(docx: Path) -> int:
    """The size of what a .docx says and shows, out of its archive."""
    try:
        with ZipFile(docx) as archivio:
            return sum(parte.file_size for parte in archivio.infolist())
    except BadZipFile:
        raise _non_intero(docx) from None


def _non_intero(docx: Path) -> ConversioneFallita:
    return ConversioneFallita(
        f"Il PDF non si può preparare: «{docx.name}» non è un documento Word intero. Produrlo di "
        "nuovo e ripetere il comando."
    )


def pagine(pdf: Path) -> list[Titolo]:
    """The headings of a PDF made by `converti`, in order, with their pages.

    They are told apart by their place in the list: several may have the same text. A heading without
    text has no bookmark.
    """
    with pikepdf.open(pdf) as documento, documento.open_outline() as segnalibri:
        numeri = {pagina.obj.objgen: n for n, pagina in enumerate(documento.pages, start=1)}
        return list(_titoli(segnalibri.root, 1, numeri))


def _titoli(
    segnalibri: Iterable[pikepdf.OutlineItem], livello: int, numeri: dict[tuple[int, int], int]
) -> Iterator[Titolo]:
    for segnalibro in segnalibri:
        assert isinstance(segnalibro.destination, pikepdf.Array)  # a page and where to look on it
        pagina = numeri[segnalibro.destination[0].objgen]
        yield Titolo(livello, " ".join(segnalibro.title.split()), pagina)
        yield from _titoli(segnalibro.children, livello + 1, numeri)


# ------------------------------------------------------------------------------------- the finished file


def _c_e(pdf: Path) -> bool:
    """Whether a PDF is there, and whole."""
    with suppress(FileNotFoundError, pikepdf.PdfError):
        pikepdf.open(pdf, attempt_recovery=False).close()
        return True
    return False


def _segna_decorazioni(documento: pikepdf.Pdf) -> None:
    """Mark as decoration the lines drawn outside all content: in 7.4, the border of the page header."""
    for pagina in documento.pages:
        istruzioni = pikepdf.parse_content_stream(pagina)
        segnate = list(_con_decorazioni(istruzioni))
        if len(segnate) > len(istruzioni):
            pagina.Contents = documento.make_stream(pikepdf.unparse_content_stream(segnate))


def _con_decorazioni(istruzioni: Iterable[Istruzione]) -> Iterator[Istruzione]:
    """The same instructions, each path outside marked content called an artifact."""
    aperti, nel_tracciato = 0, False
    for istruzione in istruzioni:
        operatore = str(istruzione.operator)
        if not aperti and not nel_tracciato and operatore in _INIZIA_TRACCIATO:
            nel_tracciato = True
            yield pikepdf.ContentStreamInstruction([pikepdf.Name.Artifact], pikepdf.Operator("BMC"))
        yield istruzione
        if nel_tracciato and operatore in _FINISCE_TRACCIATO:
            nel_tracciato = False
            yield pikepdf.ContentStreamInstruction([], pikepdf.Operator("EMC"))
        aperti += (operatore in _APRE_CONTENUTO) - (operatore == _CHIUDE_CONTENUTO)


def _ordina_collegamenti(documento: pikepdf.Pdf) -> None:
    """The links of a page are gone through in the order of the text: 7.4 says so on one page only."""
    for pagina in documento.pages:
        if "/Annots" in pagina:
            pagina.Tabs = pikepdf.Name.S


def _fissa(documento: pikepdf.Pdf, quando: datetime) -> None:
    """Set every date to `quando`, and take out what LibreOffice makes anew at each conversion."""
    xmp = etree.fromstring(documento.Root.Metadata.read_bytes())
    _dichiara_pdfua(xmp)
    for elemento in xmp.iter(*_DATE_XMP):
        elemento.text = quando.isoformat()
    documento.Root.Metadata.write(etree.tostring(xmp.getroottree(), encoding="utf-8"))
    for chiave in ("/CreationDate", "/ModDate"):
        if chiave in documento.docinfo:
            documento.docinfo[chiave] = encode_pdf_date(quando)
    for intento in documento.Root.OutputIntents:
        profilo = bytearray(intento.DestOutputProfile.read_bytes())
        profilo[_DATA_ICC] = struct.pack(">6H", *quando.timetuple()[:6])
        intento.DestOutputProfile.write(bytes(profilo))
    for chiave in ("/ID", "/DocChecksum"):
        if chiave in documento.trailer:
            del documento.trailer[chiave]


def _dichiara_pdfua(xmp: etree._Element) -> None:
    """Declare the property that says PDF/UA, where it is not declared: 7.4 leaves it out."""
    dichiarati = {uri.text for uri in xmp.iter(f"{{{_PDFA_SCHEMA}}}namespaceURI")}
    insieme = xmp.find(f"{{{_RDF}}}RDF")
    if _PDFUAID not in dichiarati and insieme is not None:
        insieme.append(etree.fromstring(_SCHEMA_PDFUA))
