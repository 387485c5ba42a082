"""One edition of the documents: consolidato, relazione, PDF."""

import shutil
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipeline.documents import consolidato, relazione, stampa
from pipeline.documents.deposito import Deposito
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.provvisori import cartella_provvisoria
from pipeline.documents.word.pdf import ConversioneFallita


class Scritta(NamedTuple):
    """The files of an edition. `da_inviare`: the consolidato for the destinatari. `non_impaginata`: why
    LibreOffice did not lay out the relazione, if it was asked to and could not: then there is no PDF."""

    documenti: list[Path]
    da_inviare: Path | None
    non_impaginata: str


def scrivi(fascicolo: Fascicolo, deposito: Deposito, soffice: Path | None, in_pdf: bool) -> Scritta:
    """Write the documents of an edition in the folder of the year.

    With `soffice`, the LibreOffice executable, the index of the relazione has its pages; with `in_pdf`
    there is its PDF too. LibreOffice works while the consolidato is written.
    """
    coda = f"{fascicolo.anno}_pubblica" if fascicolo.pubblica else str(fascicolo.anno)
    excel = deposito.cartella / f"consolidato_{coda}.xlsx"
    word = deposito.cartella / f"relazione_{coda}.docx"
    da_inviare = None  # without the sheets for the office alone
    if not (fascicolo.pubblica or fascicolo.bozza):
        da_inviare = deposito.cartella / f"consolidato_{coda}_da_inviare.xlsx"

    def consolidati() -> None:
        composti = consolidato.componi(fascicolo, anche_da_inviare=da_inviare is not None)
        deposito.scrivi(excel, composti.intero.salva)
        if da_inviare and composti.da_inviare:
            deposito.scrivi(da_inviare, composti.da_inviare.salva)

    scritti, perche = [word], ""
    with cartella_provvisoria() as cartella:
        prova = cartella / word.name
        if soffice or in_pdf:
            nel_pdf = prova.with_suffix(".pdf") if in_pdf else None
            try:
                stampa.scrivi(prova, fascicolo, soffice, nel_pdf, consolidati, deposito)
                scritti += [word.with_suffix(".pdf")] * in_pdf
            except ConversioneFallita as errore:
                perche = str(errore)
        else:
            relazione.scrivi(prova, fascicolo)
        if excel not in deposito.scritti:  # LibreOffice was not there, or not needed
            consolidati()
        for percorso in scritti:
            deposito.scrivi(percorso, partial(shutil.copyfile, cartella / percorso.name))
    return Scritta([excel, *scritti], da_inviare, perche)
