"""What is told of all the enti together, from what is on the disk of each: whoever made it, and when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.documents import deposito, manifest
from pipeline.documents.aperti.formati import con_parquet, scrivi_parquet
from pipeline.documents.aperti.tavole import SETTORI, VOCI, Tavola
from pipeline.documents.provvisori import cartella_provvisoria
from pipeline.lotto import cartella_unica, confronto, quadro, tavole
from pipeline.lotto.enti import Fatto, gia_fatta
from pipeline.parole import leggibile

SENZA_PARQUET = (
    "Senza Parquet: serve duckdb (python3 ambiente.py python3 requirements-dati.txt), e ripetere."
)
LOTTO, CONFRONTO, PAGINA = "lotto.xlsx", "confronto.xlsx", "confronto.html"
CAMBIATO = "i suoi file o i suoi documenti sono cambiati mentre si lavorava: ripetere lo stesso comando"
PRIME = (
    tavole.una(
        "cartella", "testo", "La cartella con i file dell'ente: il nome che ha in tutto il lotto"
    ),
    tavole.una("bozza", "logico", "Vero se qualcosa blocca: le cifre possono cambiare"),
)
"""What every row begins with, of whatever table."""


class Valido(NamedTuple):
    """An ente whose documents are those of its files as they are now; `anno` is their folder."""

    nome: str
    anno: Path
    bozza: bool


class Scritti(NamedTuple):
    """The files that were written; `conservati`: what was in their place and is not, or no longer, of
    the program, under its new name; and what is to be said of them."""

    documenti: list[Path]
    conservati: list[Path]
    note: list[str]


def scrivi(cartelle: Iterable[Path], uscita: Path, fatti: Sequence[Fatto], nomi: bool) -> Scritti:
    """Write what is told of all the enti in `uscita`: how each ended is in `fatti`. With `nomi` the
    comparison has the names of the enti.

    One ente at a time is in the memory, and the figures of all. Raises CartellaInUso and OSError.
    """
    valgono = list(validi(cartelle, uscita))
    elenco = list(_elenco(fatti, {valido.nome: valido for valido in valgono}))
    cambiati = [leggibile(voce.cartella) for voce in elenco if voce.perche == CAMBIATO]
    confrontati = confronto.confronta(list(righe(valgono, tavole.ENTI)), len(fatti))
    with cartella_provvisoria() as appoggio, deposito.apri(uscita, "make lotto") as aperto:
        aperto.scrivi(
            uscita / LOTTO,
            lambda p: cartella_unica.scrivi(
                p,
                elenco,
                [(t, righe(valgono, t)) for t in (SETTORI, VOCI)],
                appoggio,
            ),
        )
        aperto.scrivi(uscita / CONFRONTO, lambda p: quadro.scrivi_excel(p, confrontati, nomi))
        aperto.scrivi(uscita / PAGINA, lambda p: quadro.scrivi_pagina(p, confrontati))
        for tavola in tavole.TAVOLE:
            _parquet(aperto, con_le_prime(tavola), righe(valgono, tavola), appoggio)
    note = [f"{nome} resta fuori: {CAMBIATO}." for nome in cambiati]
    note += [] if con_parquet() else [SENZA_PARQUET]
    return Scritti(list(aperto.scritti), aperto.conservati, note)


def _parquet(
    aperto: deposito.Deposito, tavola: Tavola, sue: Iterable[Sequence[Any]], appoggio: Path
) -> None:
    """Write a table where it can be; else one that an earlier run has left goes."""
    percorso = aperto.cartella / f"lotto_{tavola.nome}.parquet"
    if con_parquet():
        aperto.scrivi(percorso, lambda p: scrivi_parquet(p, tavola, sue, appoggio))
    else:
        aperto.togli(percorso)


def validi(cartelle: Iterable[Path], uscita: Path) -> Iterator[Valido]:
    """The enti of the folders whose documents in `uscita` are valid, whoever made them."""
    for cartella in cartelle:
        with suppress(OSError):  # it has been told already why it cannot be read
            anno = gia_fatta(cartella, uscita / cartella.name)
            # another command may take the manifest away at any moment
            if anno and tavole.valgono(anno) and (elenco := manifest.leggi(anno)):
                yield Valido(cartella.name, anno, bool(elenco["bozza"]))


def righe(valgono: Iterable[Valido], tavola: Tavola) -> Iterator[list[Any]]:
    """The rows of a table, of an ente after the other, in the columns of `con_le_prime`."""
    for valido in valgono:
        for riga in tavole.leggi(valido.anno, tavola):
            yield [leggibile(valido.nome), valido.bozza, *riga]


def con_le_prime(tavola: Tavola) -> Tavola:
    """A table of many enti: each row says whose it is."""
    return replace(tavola, colonne=(*PRIME, *tavola.colonne))


def _elenco(fatti: Iterable[Fatto], valgono: Mapping[str, Valido]) -> Iterator[cartella_unica.Voce]:
    """Every ente with how it ended and, where its documents are valid, its figures."""
    for fatto in sorted(fatti, key=lambda fatto: fatto.ente):
        valido = valgono.get(fatto.ente)
        if valido:
            sue = next(tavole.leggi(valido.anno, tavole.ENTI))
            yield cartella_unica.Voce(fatto.ente, fatto.esito, fatto.perche, valido.anno, sue)
        else:
            finito = fatto.esito in ("pronti", "bozza")
            perche = CAMBIATO if finito else fatto.perche
            yield cartella_unica.Voce(fatto.ente, "non riuscito" if finito else fatto.esito, perche)
