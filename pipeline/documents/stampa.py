"""The relazioni laid out: the pages in their index, and their PDF."""

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from pipeline.documents import manifest, relazione
from pipeline.documents.deposito import Deposito
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.provvisori import cartella_provvisoria
from pipeline.documents.word import pdf
from pipeline.documents.word.blocchi import VoceIndice
from pipeline.documents.word.impaginatore import ConversioneFallita, niente

PROVVISORIA = 88
"""The page that every line of the index has before they are counted: as wide as most."""
MAX_GIRI = 3
"""How many times a document is laid out before its pages are taken as they are."""


class Relazione(NamedTuple):
    """A relazione to be laid out: where it goes, and where its PDF goes if it is to have one."""

    word: Path
    fascicolo: Fascicolo
    nel_pdf: Path | None = None


@dataclass
class _Prova:
    """A relazione being laid out. `chi`: what tells apart what LibreOffice is given. `pagine`: as they
    are known so far; `note`: remembered from another run. `perche`: why it cannot be laid out."""

    relazione: Relazione
    voci: list[VoceIndice]
    chi: str
    pagine: Sequence[int]
    note: bool
    perche: str = ""


def scrivi(
    relazioni: Sequence[Relazione],
    soffice: Path | None,
    deposito: Deposito | None = None,
    intanto: Callable[[], None] = niente,
) -> dict[Path, str]:
    """Write relazioni with the pages of their index as LibreOffice counts them, and their PDFs.

    Each time LibreOffice starts once for all of them. With `nel_pdf` one is laid out until its index
    says the pages of that very PDF. `intanto` is called once, while LibreOffice works for the first
    time: each .docx is then there without pages. The pages that a `deposito` remembers of the same
    document are taken as they are: without a PDF LibreOffice is not even started. Returns the .docx
    that are left without pages, and why.
    """
    prove = [_prova(una, soffice, deposito) for una in relazioni]
    _impagina([p for p in prove if p.relazione.nel_pdf or not p.note], soffice, intanto)
    for prova in prove:
        if prova.perche:
            continue
        relazione.scrivi(prova.relazione.word, prova.relazione.fascicolo, prova.pagine)
        if deposito and not prova.note:
            deposito.ricorda_pagine(prova.chi, prova.pagine)
    return {prova.relazione.word: prova.perche for prova in prove if prova.perche}


def _prova(una: Relazione, soffice: Path | None, deposito: Deposito | None) -> _Prova:
    """Write a relazione without pages, and look for those that are remembered of it."""
    voci = relazione.scrivi(una.word, una.fascicolo)
    chi = f"{manifest.impronta(una.word)} {_quale(soffice)}"
    pagine: Sequence[int] = deposito.pagine.get(chi, ()) if deposito else ()
    note = len(pagine) == len(voci)
    return _Prova(una, voci, chi, pagine if note else [PROVVISORIA] * len(voci), note)


def _impagina(prove: list[_Prova], soffice: Path | None, intanto: Callable[[], None]) -> None:
    # for all the rounds: a letterhead may stop LibreOffice
    fine = monotonic() + pdf.secondi_per(*(prova.relazione.word for prova in prove))
    with cartella_provvisoria() as cartella:
        for _ in range(MAX_GIRI):
            if prove:
                secondi = max(1.0, fine - monotonic())
                prove = _giro(prove, cartella, soffice, secondi, intanto)
                intanto = niente


def _giro(
    prove: list[_Prova],
    cartella: Path,
    soffice: Path | None,
    secondi: float,
    intanto: Callable[[], None],
) -> list[_Prova]:
    """Lay them out once; returns those whose PDF does not say its own pages yet."""
    lavori: dict[Path, Path] = {}
    for prova in prove:
        word, fascicolo, nel_pdf = prova.relazione
        copia = cartella / word.name
        relazione.scrivi(copia, fascicolo, prova.pagine)
        lavori[copia] = nel_pdf or copia.with_suffix(".pdf")
    falliti = pdf.converti_insieme(lavori, soffice, secondi, intanto)
    ancora = []
    for prova, (copia, stampato) in zip(prove, lavori.items(), strict=True):
        prima = prova.pagine
        try:
            if copia in falliti:
                raise falliti[copia]
            prova.pagine = _pagine(stampato, prova.voci)
        except ConversioneFallita as errore:
            prova.perche = str(errore)
        if prova.relazione.nel_pdf and prova.pagine != prima:
            ancora.append(prova)
    return ancora


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
