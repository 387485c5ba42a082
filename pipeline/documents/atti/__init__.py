"""The folder for the delibera: proposta, verbale, a sheet for each settore, a note, and all in a zip.

Words are of the tracce, figures of the fascicolo: here they are only put together.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.opc.constants import RELATIONSHIP_TYPE
from lxml import etree

from pipeline.documents.atti import campi, tracce
from pipeline.documents.atti.campi import Mancante
from pipeline.documents.atti.tracce import DELIBERA, NOTA, TRACCE, VALUTAZIONE, VERBALE
from pipeline.documents.deposito import Deposito
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.provvisori import cartella_provvisoria
from pipeline.documents.word import base, corpo
from pipeline.documents.word.base import Carta
from pipeline.documents.word.corpo import Corpo, Valori
from pipeline.documents.word.documento import Documento
from pipeline.files import scrivi_intero
from pipeline.parole import elenco_di, quanti
from pipeline.workbooks.messaggi import nome_di

CARTELLA, CARTELLA_PUBBLICA = "atti", "atti_pubblica"
DATA_ZIP = (1980, 1, 1, 0, 0, 0)
MANCANO = (
    "Ciò che manca è segnato negli atti con [da completare: …]; si può scrivere lì, oppure in ente.xlsx "
    "e rifare gli atti."
)
NON_MANCA = "Negli atti non manca nessun dato di ente.xlsx."
PRIMA_DI_TUTTO = datetime(2000, 1, 1)
"""Dates a traccia, which is of no year."""
DI_ALTRI = {
    "relazione": "Relazione sulla performance",
    "consolidato": "Consolidato dei dati e dei calcoli",
}
"""How the name of a document that is not of ours begins -> its title."""


@dataclass(frozen=True)
class Documenti:
    """What a folder holds, with the title of each document, and what its acts lack."""

    cartella: Path
    titoli: dict[Path, str] = field(default_factory=dict)
    mancanti: dict[Mancante, list[str]] = field(default_factory=dict)
    """What is blank in ente.xlsx -> the acts that need it."""
    archivio: Path | None = None
    senza_pdf: str = ""
    """Why LibreOffice made no PDF, if it was asked to."""


@dataclass
class _Giro:
    """One folder being written."""

    fascicolo: Fascicolo
    deposito: Deposito
    cartella: Path
    valori: Valori
    titoli: dict[Path, str] = field(default_factory=dict)
    mancanti: dict[Mancante, list[str]] = field(default_factory=dict)
    valutazioni: list[Path] = field(default_factory=list)
    senza_pdf: str = ""

    def percorso(self, nome: str, finale: str = ".docx") -> Path:
        coda = "_pubblica" if self.fascicolo.pubblica else ""
        return self.cartella / f"{nome}_{self.fascicolo.anno}{coda}{finale}"

    def copia(self, origine: Path) -> None:
        percorso = self.cartella / origine.name
        self.deposito.scrivi(percorso, partial(shutil.copyfile, origine))
        self.titoli[percorso] = DI_ALTRI[origine.name.partition("_")[0]]

    def scrivi(self, file: str, percorso: Path, valori: Valori, titolo: str = "") -> None:
        titolo = titolo or TRACCE[file].titolo
        contenuto = _atto(self.fascicolo, file, valori, titolo)
        self.deposito.scrivi(percorso, lambda p: p.write_bytes(contenuto))
        self.titoli[percorso] = titolo
        self.annota(file)

    def annota(self, file: str) -> None:
        """Note what the text of an act would say, and ente.xlsx does not."""
        detti = map(nome_di, _testo(self.fascicolo, file).campi)
        for mancante in campi.mancanti(self.fascicolo, detti):
            atti = self.mancanti.setdefault(mancante, [])
            atti += [TRACCE[file].titolo] if TRACCE[file].titolo not in atti else []


def scrivi(
    edizioni: Sequence[tuple[Fascicolo, Sequence[Path]]],
    deposito: Deposito,
    soffice: Path | None = None,
    in_pdf: bool = False,
) -> list[Documenti]:
    """Write the folder of each edition, given with those of its documents that go with the acts.

    With `in_pdf` the sheets of the settori are in PDF too. A BOZZA has no zip: it is not to be sent.
    """
    giri = [_inizia(fascicolo, altri, deposito) for fascicolo, altri in edizioni]
    if in_pdf:
        _in_pdf(giri, soffice)
    return [_finisci(giro) for giro in giri]


def _inizia(fascicolo: Fascicolo, altri: Sequence[Path], deposito: Deposito) -> _Giro:
    cartella = deposito.cartella / (CARTELLA_PUBBLICA if fascicolo.pubblica else CARTELLA)
    cartella.mkdir(exist_ok=True)
    giro = _Giro(fascicolo, deposito, cartella, campi.comuni(fascicolo))
    for origine in altri:
        giro.copia(origine)
    _valutazioni(giro)
    return giro


def _finisci(giro: _Giro) -> Documenti:
    giro.scrivi(VERBALE, giro.percorso(TRACCE[VERBALE].nome), giro.valori)
    _proposta(giro)
    _nota(giro)
    archivio = None if giro.fascicolo.bozza else _archivio(giro)
    return Documenti(giro.cartella, giro.titoli, giro.mancanti, archivio, giro.senza_pdf)


def togli(deposito: Deposito) -> list[Path]:
    """Take away the folders of earlier documents: what is not, or no longer, of ours stays there."""
    tolti = []
    for nome in (CARTELLA, CARTELLA_PUBBLICA):
        for percorso in sorted((deposito.cartella / nome).glob("*")):
            if deposito.nostro(percorso):
                percorso.unlink()
                tolti.append(percorso)
    return tolti


# ---------------------------------------------------------------------------------------- the acts


def _valutazioni(giro: _Giro) -> None:
    for settore in giro.fascicolo.settori:
        percorso = giro.percorso(f"{TRACCE[VALUTAZIONE].nome}_{settore.settore}")
        valori = campi.del_settore(giro.fascicolo, settore, giro.valori)
        titolo = f"{TRACCE[VALUTAZIONE].titolo}: {settore.denominazione}"
        giro.scrivi(VALUTAZIONE, percorso, valori, titolo)
        giro.valutazioni.append(percorso)


def _in_pdf(giri: list[_Giro], soffice: Path | None) -> None:
    """The sheets of the settori in PDF, those of all the folders with one start of LibreOffice."""
    # imported here: what opens a PDF is slow to load
    from pipeline.documents.word import pdf

    with cartella_provvisoria() as cartella:
        lavori = {word: cartella / f"{word.stem}.pdf" for giro in giri for word in giro.valutazioni}
        falliti = pdf.converti_insieme(lavori, soffice)
        for giro in giri:
            for word in giro.valutazioni:
                if word in falliti:
                    giro.senza_pdf = giro.senza_pdf or str(falliti[word])
                else:
                    finito = word.with_suffix(".pdf")
                    giro.deposito.scrivi(finito, partial(shutil.copyfile, lavori[word]))
                    giro.titoli[finito] = giro.titoli[word]


def _proposta(giro: _Giro) -> None:
    """The proposta: its annexes are the relazione, the sheets of the settori, the verbale."""
    file: dict[str, list[str]] = {}
    for percorso, titolo in giro.titoli.items():
        if titolo != DI_ALTRI["consolidato"]:
            file.setdefault(titolo, []).append(percorso.name)
    allegati = [
        {"n": str(n), "titolo": titolo, "file": "\n".join(suoi)}
        for n, (titolo, suoi) in enumerate(file.items(), start=1)
    ]
    valori = Valori(giro.valori.semplici, {**giro.valori.elenchi, "allegato": allegati})
    giro.scrivi(DELIBERA, giro.percorso(TRACCE[DELIBERA].nome), valori)


def _nota(giro: _Giro) -> None:
    """The note, written last: it says what the folder holds and what is still to be completed."""
    giro.annota(NOTA)
    documenti = [
        {"titolo": titolo, "file": p.name, "sha256": giro.deposito.scritti[p]}
        for p, titolo in sorted(giro.titoli.items(), key=lambda voce: voce[0].name)
    ]
    da_completare = [
        {"che_cosa": m.etichetta, "dove": m.dove, "documenti": elenco_di(atti)}
        for m, atti in giro.mancanti.items()
    ]
    semplici = {
        **giro.valori.semplici,
        "quanti_documenti": quanti(len(documenti), "documento", "documenti"),
        "mancanti_in_frase": MANCANO if da_completare else NON_MANCA,
    }
    elenchi = {**giro.valori.elenchi, "documento": documenti, "mancante": da_completare}
    giro.scrivi(NOTA, giro.percorso(TRACCE[NOTA].nome), Valori(semplici, elenchi))


def _testo(fascicolo: Fascicolo, file: str) -> Corpo:
    return fascicolo.tracce.get(file) or tracce.nostra(file)


def _atto(fascicolo: Fascicolo, file: str, valori: Valori, titolo: str) -> bytes:
    """An act: the traccia of the office on its own page, or ours on the letterhead of the ente."""
    testo = _testo(fascicolo, file)
    intestata = None if file in fascicolo.tracce else fascicolo.carta.intestata
    documento = Documento(Carta(intestata or testo.carta))
    scritto = corpo.leggi(testo)
    if intestata:
        _porta_sulla_carta(documento, scritto)
    for radice in (scritto, *_intorno(documento)):
        corpo.riempi(radice, valori)
    nome = valori.semplici["ente"]
    if fascicolo.bozza:
        documento.testata(f"{nome} – anno {fascicolo.anno}", "BOZZA")
    documento.blocchi += [etree.tostring(blocco, encoding="unicode") for blocco in scritto]
    documento.proprieta(f"{titolo} {fascicolo.anno} – {nome}", nome, fascicolo.quando)
    flusso = BytesIO()
    documento.salva(flusso)
    return flusso.getvalue()


def prepara(cartella: Path, veste: Carta) -> tuple[list[Path], list[Path]]:
    """Write our tracce in a folder, on a letterhead if there is one; returns those written, and those
    that were there and are left alone."""
    presenti = {p.name.lower(): p for p in cartella.iterdir()}
    scritte = []
    for file in (nome for nome in TRACCE if nome not in presenti):
        testo, percorso = tracce.nostra(file), cartella / file
        documento, scritto = Documento(Carta(veste.intestata or testo.carta)), corpo.leggi(testo)
        if veste.intestata:
            _porta_sulla_carta(documento, scritto)
        documento.blocchi += [etree.tostring(blocco, encoding="unicode") for blocco in scritto]
        documento.proprieta(TRACCE[file].titolo, "", PRIMA_DI_TUTTO)
        scrivi_intero(percorso, documento.salva)
        scritte.append(percorso)
    return scritte, [presenti[nome] for nome in TRACCE if nome in presenti]


def _porta_sulla_carta(documento: Documento, scritto: Any) -> None:
    """Bring a text of ours, written on our page, to a letterhead."""
    nostro = base.apri(None)
    stili = {chiave: documento.stili[nome] for nome, chiave in base.stili(nostro).items()}
    corpo.adatta(scritto, stili, base.larghezza(documento.word) / base.larghezza(nostro))


def _intorno(documento: Documento) -> list[Any]:
    """The headers and footers of a document."""
    tipi = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    legami = documento.word.part.rels.values()
    return [legame.target_part.element for legame in legami if legame.reltype in tipi]


# -------------------------------------------------------------------------------------- the folder


def _archivio(giro: _Giro) -> Path:
    """The zip of the whole folder: same documents, same bytes."""
    archivio = giro.percorso(CARTELLA, ".zip")

    def scrivi(percorso: Path) -> None:
        with ZipFile(percorso, "w", ZIP_DEFLATED) as pacco:
            for documento in sorted(giro.titoli, key=lambda p: p.name):
                parte = ZipInfo(documento.name, DATA_ZIP)
                parte.compress_type = ZIP_DEFLATED
                pacco.writestr(parte, documento.read_bytes())

    giro.deposito.scrivi(archivio, scrivi)
    return archivio
