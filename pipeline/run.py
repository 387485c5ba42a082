"""One ente, the whole way: read, check, score, write."""

# ruff: noqa: E402

import gc
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

gc.disable()  # until all that follows is loaded

from pipeline import accettati, checks, ingest, measure, modelli, nominativi, score
from pipeline.consegne import VUOTA, Consegna, consegne
from pipeline.documents import atti as cartella_degli_atti
from pipeline.documents import deposito, manifest
from pipeline.documents.atti import tracce
from pipeline.documents.deposito import Deposito
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.manifest import Chiesto
from pipeline.documents.word import carta
from pipeline.files import Segui, in_silenzio
from pipeline.ingest import Raccolta
from pipeline.posta import recapiti
from pipeline.rilievi import Rilievo, bloccanti, ordina, senza_conseguenze
from pipeline.workbooks.nucleo import FILE as FILE_NUCLEO

if TYPE_CHECKING:  # named here, loaded by who needs them
    from pipeline.documents.pubblica import Edizione
    from pipeline.posta.bozze import Preparate

gc.freeze()
gc.set_threshold(50_000)
gc.enable()
"""What is loaded stays to the end of the process: the collector need not go through it. Nor does it find
much in what an ente makes, most of which lives to its end: looking at every 700 things made was a tenth
of its cost."""

SENZA_ANNO = "senza_anno"
"""Stands for the year where ente.xlsx does not say it."""


@dataclass(frozen=True)
class Esito:
    """What a run leaves: what was read, what was found, what was written.

    `da_inviare` is the consolidato for the destinatari. `lasciate` and `senza_copia` are of the
    annotated copies: see `correzioni.Copie`. `edizione` is the one to be published, if it was asked for
    and written, `aperti` its page and its open data; `tolti` the files of an earlier one. `conservati`:
    what was found in place of a document and is not, or no longer, of the program, under its new name.
    `non_impaginata`: why LibreOffice did not lay out the relazione, if it was asked to. `atti`: the
    folders for the delibera, if asked for.
    """

    raccolta: Raccolta
    rilievi: list[Rilievo]
    fascicolo: Fascicolo | None = None
    documenti: list[Path] = field(default_factory=list)
    da_inviare: Path | None = None
    lasciate: list[Path] = field(default_factory=list)
    senza_copia: dict[str, str] = field(default_factory=dict)
    edizione: "Edizione | None" = None
    aperti: list[Path] = field(default_factory=list)
    tolti: list[Path] = field(default_factory=list)
    conservati: list[Path] = field(default_factory=list)
    non_impaginata: str = ""
    atti: list[cartella_degli_atti.Documenti] = field(default_factory=list)

    @property
    def consegne(self) -> list[Consegna]:
        return consegne(self.raccolta.tabelle, self.rilievi)

    @property
    def bloccato(self) -> bool:
        return bool(bloccanti(self.rilievi))


def controlla(cartella: Path, segui: Segui = in_silenzio) -> Esito:
    """Read, measure and check a folder; writes nothing. No fascicolo if the year is unknown."""
    raccolta = ingest.raccogli(cartella, segui)
    tabelle = measure.misura(raccolta.tabelle, raccolta.anno)
    trovati = checks.controlla(tabelle, raccolta.parametri, raccolta.rilievi)
    veste, della_veste = carta.leggi(cartella)
    degli_atti, delle_tracce = tracce.leggi(cartella)
    letti = senza_conseguenze(raccolta.rilievi, trovati)
    della_posta = senza_conseguenze(recapiti.controlla(tabelle), raccolta.rilievi)
    tutti = ordina(letti + trovati + della_posta + della_veste + delle_tracce)
    esame = accettati.esamina(tabelle, tutti)
    if raccolta.anno is None:
        return Esito(raccolta, esame.restano)
    fascicolo = Fascicolo(
        anno=raccolta.anno,
        tabelle=tabelle,
        parametri=raccolta.parametri,
        valutazione=score.valuta(tabelle, raccolta.parametri, raccolta.anno),
        rilievi=esame.restano,
        quadrature=raccolta.quadrature,
        carta=veste,
        tracce=degli_atti,
        accettati=esame.accettati,
    )
    return Esito(raccolta, esame.restano, fascicolo)


def rimanda(cartella: Path, uscita: Path, segui: Segui = in_silenzio) -> Esito:
    """Check a folder and write what goes back to the responsabili in `uscita`/<anno>: the workbook of
    the checks and the annotated copies. Without a year, in `uscita`/senza_anno.

    Raises CartellaInUso, before anything is written, when another command is writing there.
    """
    esito = controlla(cartella, segui)
    with deposito.apri(uscita / str(esito.raccolta.anno or SENZA_ANNO), "make controlla") as aperto:
        return _rimanda(esito, cartella, aperto, segui)


def per_il_nucleo(cartella: Path, uscita: Path, segui: Segui = in_silenzio) -> Esito:
    """Write the workbook of the Nucleo in `uscita`/<anno>: every obiettivo as it stands, and what the
    Nucleo has written in the one that is in `cartella`. Nothing without a year.

    Raises CartellaInUso, before anything is written, when another command is writing there.
    """
    esito = controlla(cartella, segui)
    fascicolo = esito.fascicolo
    if fascicolo is None:
        return esito
    # imported here: the other commands do not write it
    from pipeline.documents.ritorno import nucleo

    with deposito.apri(uscita / str(fascicolo.anno), "make nucleo") as aperto:
        percorso = aperto.cartella / FILE_NUCLEO
        aperto.scrivi(percorso, lambda p: nucleo.scrivi(p, fascicolo))
    return replace(esito, documenti=[percorso], conservati=aperto.conservati)


def _rimanda(esito: Esito, cartella: Path, aperto: Deposito, segui: Segui) -> Esito:
    # imported here: openpyxl is slow to load, and the other commands need no copy
    from pipeline.documents.ritorno import controlli, correzioni

    anno = esito.raccolta.anno
    excel = aperto.cartella / f"controlli_{anno or SENZA_ANNO}.xlsx"
    nomi = nominativi.letti(esito.raccolta.tabelle)
    aperto.scrivi(
        excel,
        lambda percorso: controlli.scrivi(
            percorso,
            cartella,
            esito.consegne,
            esito.rilievi,
            anno,
            nomi,
            accettati.in_celle(esito.raccolta.tabelle, esito.rilievi),
        ),
    )
    letti = {letta["file"] for letta in esito.raccolta.tabelle.righe.provenienza if letta["settore"]}
    da_rimandare = [
        rilievo
        for rilievo in esito.rilievi
        if rilievo.codice != VUOTA and not (rilievo.regola.solo_ufficio and rilievo.file in letti)
    ]
    da_correggere = aperto.cartella / correzioni.CARTELLA
    copie = correzioni.scrivi(cartella, da_correggere, da_rimandare, segui, aperto)
    return replace(
        esito,
        documenti=[excel, *copie.scritte],
        lasciate=copie.lasciate,
        senza_copia=copie.mancate,
        conservati=aperto.conservati,
    )


def relazione(
    cartella: Path,
    uscita: Path,
    pubblica: bool = False,
    soffice: Path | None = None,
    in_pdf: bool = False,
    con_atti: bool = False,
) -> Esito:
    """The main job: from the workbooks in `cartella` to the documents in `uscita`/<anno>.

    The documents come out also when something blocks, marked BOZZA, but for the consolidato to be sent;
    not when the year is unknown.
    With `pubblica` the edition to be published comes out beside them, unless something blocks. With
    `soffice`, the LibreOffice executable, the index has its pages; with `in_pdf` there are PDFs too;
    with `con_atti` the folder for the delibera, of each edition.
    What an earlier run made besides is never left beside documents that are newer; what is not, or no
    longer, as a run has written it is kept under another name. Raises CartellaInUso, before anything
    is written, when another command is writing there.
    """
    # imported here: `controlla` and `modelli` need no document, and these are slow to load
    from pipeline.documents import edizioni

    _di_casa()
    inizio, orologio = datetime.now(UTC), perf_counter()
    letto = manifest.ingresso(cartella)
    esito = controlla(cartella)
    if esito.fascicolo is None:
        return esito
    fascicolo = esito.fascicolo
    comando = "make atti" if con_atti else "make pdf" if in_pdf else "make relazione"
    with deposito.apri(uscita / str(fascicolo.anno), comando) as aperto:
        tolti = _fai_posto(aperto, fascicolo.anno)
        edizione, omissioni = _da_pubblicare(fascicolo, aperto) if pubblica else (None, [])
        fascicoli = [fascicolo, *([edizione.fascicolo] if edizione else [])]
        interna, *altre = edizioni.scrivi(fascicoli, aperto, soffice, in_pdf)
        pubblici = [percorso for altra in altre for percorso in altra.documenti]
        aperti = _dati_aperti(edizione.fascicolo, aperto, pubblici) if edizione else []
        atti: list[cartella_degli_atti.Documenti] = []
        if con_atti:
            con_loro = [[*interna.documenti[1:], *filter(None, [interna.da_inviare])], pubblici]
            quali = list(zip(fascicoli, con_loro, strict=False))
            atti = cartella_degli_atti.scrivi(quali, aperto, soffice, in_pdf)
        secondi = perf_counter() - orologio
        non_impaginata = next(filter(None, (e.non_impaginata for e in (interna, *altre))), "")
        con_pagine = soffice is not None and not non_impaginata
        chiesto = Chiesto(pubblica, con_pagine, in_pdf and con_pagine, con_atti)
        elenco = manifest.scrivi(
            aperto.cartella, fascicolo, aperto.scritti, letto, chiesto, inizio, secondi
        )
    return replace(
        esito,
        documenti=[*interna.documenti, elenco, *pubblici, *omissioni],
        da_inviare=interna.da_inviare,
        conservati=aperto.conservati,
        edizione=edizione,
        aperti=aperti,
        tolti=[percorso for percorso in tolti if not percorso.exists()],
        non_impaginata=non_impaginata,
        atti=atti,
    )


@cache
def _di_casa() -> None:
    """What a process has loaded before its first ente stays to the end: the collector need not go
    through it, libraries and all, at every turn. It would be a tenth of the cost of an ente, and a fifth
    where dask is loaded too."""
    gc.freeze()


def _da_pubblicare(fascicolo: Fascicolo, aperto: Deposito) -> "tuple[Edizione | None, list[Path]]":
    """The edition to be published, and what the office reads again before that: there before the
    documents are. Nothing of a draft."""
    if fascicolo.bozza:
        return None, []
    # imported here: most runs are without it, and what finds the personal data is slow to load
    from pipeline.documents.pubblica import edizione_pubblica, scrivi_omissioni

    edizione = edizione_pubblica(fascicolo)
    percorso = aperto.cartella / f"da_rileggere_{fascicolo.anno}_NON_PUBBLICARE.txt"
    aperto.scrivi(percorso, lambda p: scrivi_omissioni(p, edizione))
    return edizione, [percorso]


def _dati_aperti(fascicolo: Fascicolo, aperto: Deposito, documenti: Sequence[Path]) -> list[Path]:
    # imported here: only the edition to be published needs the open data
    from pipeline.documents import aperti

    return aperti.scrivi(fascicolo, aperto, documenti)


def _fai_posto(aperto: Deposito, anno: int) -> list[Path]:
    """Take away the manifest, which is of documents about to change, and what only some runs make. Says
    what there was of the latter: of the open data, their folder."""
    (aperto.cartella / manifest.NOME).unlink(missing_ok=True)
    return _togli_a_richiesta(aperto, anno) + cartella_degli_atti.togli(aperto)


def _togli_a_richiesta(aperto: Deposito, anno: int) -> list[Path]:
    percorsi = [aperto.cartella / nome for nome in _a_richiesta(anno)]
    tolti = [percorso for percorso in percorsi if aperto.togli(percorso)]
    dati = aperto.cartella / deposito.DATI_APERTI
    c_erano = [aperto.togli(percorso) for percorso in sorted(dati.glob("*")) if aperto.conosce(percorso)]
    with suppress(OSError):  # not there, or not empty
        dati.rmdir()
    return tolti + [dati] * any(c_erano)


def _a_richiesta(anno: int) -> list[str]:
    """The files that only some runs make."""
    return [
        f"relazione_{anno}.pdf",
        f"consolidato_{anno}_da_inviare.xlsx",
        f"da_rileggere_{anno}_NON_PUBBLICARE.txt",
        f"consolidato_{anno}_pubblica.xlsx",
        f"relazione_{anno}_pubblica.docx",
        f"relazione_{anno}_pubblica.pdf",
        f"pagina_{anno}_pubblica.html",
    ]


def prepara_tracce(cartella: Path) -> tuple[list[Path], list[Path]]:
    """Put the texts of the acts among the workbooks, on the letterhead of the ente if there is one.
    Returns those written, and those that were there and stay as they are. Raises OSError."""
    veste, _ = carta.leggi(cartella)
    return cartella_degli_atti.prepara(cartella, veste)


def guide(cartella: Path | None, uscita: Path) -> tuple[list[Path], list[Path]]:
    """Write the guides in `uscita`/guide, as Word documents in the look of the ente of `cartella`, if it
    is of one. Returns them, and what was found in their place and kept under another name.

    Raises CartellaInUso, before anything is written, and OSError.
    """
    # imported here: the other commands do not write them
    from pipeline.documents.word import guida

    ente, anno = ("", None) if cartella is None else ingest.chi_e(cartella)
    veste = None if cartella is None else carta.leggi(cartella)[0]
    with deposito.apri(uscita / "guide", "make guide") as aperto:
        for pagina in guida.tutte():
            documento = guida.in_word(ente, anno, veste, pagina)
            percorso = aperto.cartella / guida.nome_in_word(pagina)
            aperto.scrivi(percorso, partial(Path.write_bytes, data=documento))
    return [*aperto.scritti], aperto.conservati


def email(
    cartella: Path, uscita: Path, segui: Segui = in_silenzio, oggi: date | None = None
) -> "tuple[Esito, Preparate]":
    """The drafts of the messages of the year, written in `uscita`/<anno>/email.

    The annotated copies are made anew: those of an earlier check may be of older workbooks. `oggi`, the
    clock's day if not given, tells whether the deadline is past: the first message or a reminder. Raises
    CartellaInUso, before anything is written, when another command is writing there.
    """
    # imported here: the other commands write no message
    from pipeline.posta import bozze

    esito = controlla(cartella, segui)
    fascicolo = esito.fascicolo
    if fascicolo is None:
        return esito, bozze.Preparate()
    with deposito.apri(uscita / str(fascicolo.anno), "make email") as aperto:
        esito = _rimanda(esito, cartella, aperto, segui)
        vuota = partial(modelli.vuota, esito.raccolta)
        preparate = bozze.prepara(
            bozze.Giro(fascicolo, cartella, aperto.cartella, oggi or date.today(), vuota)
        )
        documenti = bozze.scrivi(aperto.cartella / "email", preparate.bozze)
    letti = {q.file for q in esito.raccolta.quadrature}
    preparate.note.extend(
        f"{file} è senza copia annotata da allegare: {perche}. Il messaggio elenca tutte le correzioni."
        for file, perche in esito.senza_copia.items()
        if file in letti and not ingest.e_di_ente(file)
    )
    return replace(esito, documenti=documenti), preparate


def converti(da: Path, soffice: Path | None) -> tuple[Path, list[Path]]:
    """Convert a Word document to the PDF beside it. Returns the PDF, and what was there and was not of
    the program (a signed one, perhaps) under its new name.

    Raises CartellaInUso, ConversioneFallita and OSError.
    """
    # imported here: it is slow to load
    from pipeline.documents.word import pdf

    finito = da.with_suffix(".pdf")
    with deposito.apri(da.parent, "make pdf DA=…") as aperto:
        aperto.scrivi(finito, lambda percorso: pdf.converti(da, percorso, soffice))
    return finito, aperto.conservati
