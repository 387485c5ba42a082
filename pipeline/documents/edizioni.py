"""The editions of the documents, the internal one and the public one: consolidato, relazione, PDF."""

import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipeline.documents import consolidato, relazione
from pipeline.documents.deposito import Deposito
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.provvisori import cartella_provvisoria


class Scritta(NamedTuple):
    """The files of an edition. `da_inviare`: the consolidato for the destinatari. `non_impaginata`: why
    LibreOffice did not lay out the relazione, if it was asked to and could not: then there is no PDF."""

    documenti: list[Path]
    da_inviare: Path | None
    non_impaginata: str


class _Edizione(NamedTuple):
    """An edition to be written. `prova`: its relazione while it is being laid out."""

    fascicolo: Fascicolo
    excel: Path
    word: Path
    prova: Path
    da_inviare: Path | None


def scrivi(
    fascicoli: Sequence[Fascicolo], deposito: Deposito, soffice: Path | None, in_pdf: bool
) -> list[Scritta]:
    """Write the documents of each edition in the folder of the year.

    With `soffice`, the LibreOffice executable, the index of the relazione has its pages; with `in_pdf`
    there is its PDF too. LibreOffice starts once for all of them and works while the consolidati are
    written; the relazioni are already there, without pages, for whoever is waiting.
    """
    with cartella_provvisoria() as cartella:
        edizioni = [_edizione(fascicolo, deposito.cartella, cartella) for fascicolo in fascicoli]

        def consolidati() -> None:
            for edizione in edizioni:
                _consolidati(edizione, deposito)

        def intanto() -> None:
            for edizione in edizioni:
                deposito.scrivi(edizione.word, partial(shutil.copyfile, edizione.prova))
            consolidati()

        perche: dict[Path, str] = {}
        if soffice or in_pdf:
            perche = _in_pagine(edizioni, deposito, soffice, in_pdf, intanto)
        else:
            for edizione in edizioni:
                relazione.scrivi(edizione.prova, edizione.fascicolo)
        if edizioni[0].excel not in deposito.scritti:  # LibreOffice was not there, or not needed
            consolidati()
        return [_consegna(e, deposito, in_pdf, perche.get(e.prova, "")) for e in edizioni]


def _edizione(fascicolo: Fascicolo, finale: Path, provvisoria: Path) -> _Edizione:
    coda = f"{fascicolo.anno}_pubblica" if fascicolo.pubblica else str(fascicolo.anno)
    word = f"relazione_{coda}.docx"
    da_inviare = None  # without the sheets for the office alone
    if not (fascicolo.pubblica or fascicolo.bozza):
        da_inviare = finale / f"consolidato_{coda}_da_inviare.xlsx"
    excel = finale / f"consolidato_{coda}.xlsx"
    return _Edizione(fascicolo, excel, finale / word, provvisoria / word, da_inviare)


def _consolidati(edizione: _Edizione, deposito: Deposito) -> None:
    da_inviare = edizione.da_inviare
    composti = consolidato.componi(edizione.fascicolo, anche_da_inviare=da_inviare is not None)
    deposito.scrivi(edizione.excel, composti.intero.salva)
    if da_inviare and composti.da_inviare:
        deposito.scrivi(da_inviare, composti.da_inviare.salva)


def _in_pagine(
    edizioni: Sequence[_Edizione],
    deposito: Deposito,
    soffice: Path | None,
    in_pdf: bool,
    intanto: Callable[[], None],
) -> dict[Path, str]:
    """Lay out the relazioni; those that could not be, and why."""
    # imported here: without pages no PDF is opened, and what opens one is slow to load
    from pipeline.documents import stampa

    prove = [
        stampa.Relazione(e.prova, e.fascicolo, e.prova.with_suffix(".pdf") if in_pdf else None)
        for e in edizioni
    ]
    return stampa.scrivi(prove, soffice, deposito, intanto)


def _consegna(edizione: _Edizione, deposito: Deposito, in_pdf: bool, perche: str) -> Scritta:
    """Give the relazione, and its PDF if there is to be one and there is, their names."""
    tipi = [".docx", ".pdf"] if in_pdf and not perche else [".docx"]
    scritti = [edizione.word.with_suffix(tipo) for tipo in tipi]
    for percorso in scritti:
        deposito.scrivi(percorso, partial(shutil.copyfile, edizione.prova.with_name(percorso.name)))
    return Scritta([edizione.excel, *scritti], edizione.da_inviare, perche)
