"""The relazione laid out: the pages in its index, and its PDF."""

import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from pipeline.documents import manifest, relazione
from pipeline.documents.deposito import Deposito
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.provvisori import cartella_provvisoria
from pipeline.documents.word import pdf
from pipeline.documents.word.blocchi import VoceIndice
from pipeline.documents.word.pdf import ConversioneFallita

PROVVISORIA = 88
"""The page that every line of the index has before they are counted: as wide as most."""
MAX_GIRI = 3
"""How many times a document is laid out before its pages are taken as they are."""


def scrivi(
    word: Path,
    fascicolo: Fascicolo,
    soffice: Path | None,
    nel_pdf: Path | None = None,
    intanto: Callable[[], None] = pdf.niente,
    deposito: Deposito | None = None,
) -> None:
    """Write the relazione with the pages of its index as LibreOffice counts them, and its PDF.

    With `nel_pdf` it is laid out until the index says the pages of that very PDF. `intanto` is called
    once, while LibreOffice works for the first time. The pages that a `deposito` remembers of the same
    document are taken as they are: without a PDF LibreOffice is not even started. The .docx is there,
    without pages, also when LibreOffice fails: then ConversioneFallita is raised.
    """
    voci = relazione.scrivi(word, fascicolo)
    fine = monotonic() + pdf.secondi_per(word)  # for all the rounds: a letterhead may stop LibreOffice
    chi = f"{manifest.impronta(word)} {_quale(soffice)}"
    pagine: Sequence[int] = deposito.pagine.get(chi, ()) if deposito else ()
    note = len(pagine) == len(voci)
    if not note:
        pagine = [PROVVISORIA] * len(voci)
    with cartella_provvisoria() as cartella:
        prova, stampato = cartella / "relazione.docx", nel_pdf or cartella / "relazione.pdf"
        for _ in range(MAX_GIRI if nel_pdf else not note):
            relazione.scrivi(prova, fascicolo, pagine)
            pdf.converti(prova, stampato, soffice, max(1.0, fine - monotonic()), intanto)
            intanto, contate = pdf.niente, _pagine(stampato, voci)
            if contate == pagine:
                break
            pagine = contate
    relazione.scrivi(word, fascicolo, pagine)
    if deposito and not note:
        deposito.ricorda_pagine(chi, pagine)


def _quale(soffice: Path | None) -> str:
    """Which LibreOffice it is, and on which computer: another, or other fonts, may count other pages."""
    if soffice is None or not soffice.exists():
        return ""
    vero = soffice.resolve()
    return f"{platform.node()} {vero} {vero.stat().st_mtime_ns}"


def _pagine(stampato: Path, voci: list[VoceIndice]) -> list[int]:
    """The pages of the lines of the index. Raises ConversioneFallita when the bookmarks are others.

    In a letterhead that numbers its headings the bookmarks begin with the number.
    """
    titoli = [titolo for titolo in pdf.pagine(stampato) if titolo.livello < 3]
    if len(titoli) != len(voci) or any(
        titolo.livello != voce.livello or not titolo.testo.endswith(voce.titolo)
        for titolo, voce in zip(titoli, voci, strict=True)
    ):
        raise ConversioneFallita(
            "I numeri di pagina dell'indice non si sono contati: i titoli del PDF non sono quelli "
            "della relazione. Nell'indice si possono aggiungere in Word con «Aggiorna campo»."
        )
    return [titolo.pagina for titolo in titoli]
