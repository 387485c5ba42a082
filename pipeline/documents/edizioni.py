"""One edition of the documents: consolidato, relazione, PDF."""

import shutil
from functools import partial
from pathlib import Path

from pipeline.documents import consolidato, relazione, stampa
from pipeline.documents.deposito import Deposito
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.provvisori import cartella_provvisoria
from pipeline.documents.word.pdf import ConversioneFallita


def scrivi(
    fascicolo: Fascicolo, deposito: Deposito, soffice: Path | None, in_pdf: bool
) -> tuple[list[Path], str]:
    """Write the documents of an edition in the folder of the year.

    With `soffice`, the LibreOffice executable, the index of the relazione has its pages; with `in_pdf`
    there is its PDF too. Returns the files, and why LibreOffice did not lay out the relazione, if it was
    asked to and could not: then there is no PDF.
    """
    coda = f"{fascicolo.anno}_pubblica" if fascicolo.pubblica else str(fascicolo.anno)
    excel, word = (
        deposito.cartella / f"consolidato_{coda}.xlsx",
        deposito.cartella / f"relazione_{coda}.docx",
    )
    deposito.scrivi(excel, lambda percorso: consolidato.scrivi(percorso, fascicolo))
    scritti, perche = [word], ""
    with cartella_provvisoria() as cartella:
        prova = cartella / word.name
        if soffice or in_pdf:
            try:
                stampa.scrivi(prova, fascicolo, soffice, prova.with_suffix(".pdf") if in_pdf else None)
                scritti += [word.with_suffix(".pdf")] * in_pdf
            except ConversioneFallita as errore:
                perche = str(errore)
        else:
            relazione.scrivi(prova, fascicolo)
        for percorso in scritti:
            deposito.scrivi(percorso, partial(shutil.copyfile, cartella / percorso.name))
    return [excel, *scritti], perche


def scrivi_da_inviare(fascicolo: Fascicolo, deposito: Deposito) -> Path:
    """Write the consolidato that goes to the destinatari: without the sheets for the office alone."""
    excel = deposito.cartella / f"consolidato_{fascicolo.anno}_da_inviare.xlsx"
    deposito.scrivi(excel, lambda percorso: consolidato.scrivi(percorso, fascicolo, da_inviare=True))
    return excel
