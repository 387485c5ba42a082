"""The relazione laid out: the pages in its index, and its PDF."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.documents import pdf, relazione
from pipeline.documents.blocchi import VoceIndice
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.pdf import ConversioneFallita

PROVVISORIA = 88
"""The page that every line of the index has before they are counted: as wide as most."""
MAX_GIRI = 3
"""How many times a document is laid out before its pages are taken as they are."""


def scrivi(word: Path, fascicolo: Fascicolo, soffice: Path | None, nel_pdf: Path | None = None) -> None:
    """Write the relazione with the pages of its index as LibreOffice counts them, and its PDF.

    With `nel_pdf` it is laid out until the index says the pages of that very PDF. The .docx is there,
    without pages, also when LibreOffice fails: then ConversioneFallita is raised.
    """
    voci = relazione.scrivi(word, fascicolo)
    with TemporaryDirectory(prefix="relazione-") as cartella:
        prova, stampato = Path(cartella, "relazione.docx"), nel_pdf or Path(cartella, "relazione.pdf")
        pagine: Sequence[int] = [PROVVISORIA] * len(voci)
        for _ in range(MAX_GIRI if nel_pdf else 1):
            relazione.scrivi(prova, fascicolo, pagine)
            pdf.converti(prova, stampato, soffice)
            contate = _pagine(stampato, voci)
            if contate == pagine:
                break
            pagine = contate
    relazione.scrivi(word, fascicolo, pagine)


def _pagine(stampato: Path, voci: list[VoceIndice]) -> list[int]:
    """The pages of the lines of the index. Raises ConversioneFallita when the bookmarks are others."""
    titoli = [titolo for titolo in pdf.pagine(stampato) if titolo.livello < 3]
    if [(t.livello, t.testo) for t in titoli] != [(voce.livello, voce.testo) for voce in voci]:
        raise ConversioneFallita(
            "I numeri di pagina dell'indice non si sono contati: i titoli del PDF non sono quelli "
            "della relazione. Nell'indice si possono aggiungere in Word con «Aggiorna campo»."
        )
    return [titolo.pagina for titolo in titoli]
