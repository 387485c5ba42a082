"""The folder of the documents of a year: one run at a time writes in it, and it takes away only its own.

Its log has a line for each run and, before a document takes its name, one with the SHA-256 that it is
about to have and the one that it had. So a run may be killed at any instant: a document is one of those
two, or someone has made or changed it since. The log is also what a run holds locked.
"""

import json
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import IO, Any

from pipeline.documents import manifest
from pipeline.files import aggiungi_riga, blocca, chiudi_riga, scrivi_intero
from pipeline.fine import Fermato, Fine

NOME = ".giornale.jsonl"
DATI_APERTI = "dati_aperti"
"""The folder of the open data, in that of the year."""
MAX_NOME = 200
"""Bytes of a name that still leave room for what is added to it: a disk takes 255."""


class CartellaInUso(Fermato):
    """Another command is writing in the same folder: which one and what to do, for the office."""

    def __init__(self, perche: str) -> None:
        super().__init__(perche, Fine.OCCUPATO)


@dataclass
class Deposito:
    """A folder that is being written in; get one from `apri`.

    `nostri`: the SHA-256 that a document may have and be ours. `scritti`: what this run has written,
    with its SHA-256. `conservati`: what was not ours, under its new name. `pagine`: the pages of
    the index of the documents that were laid out, by what tells them apart.
    """

    cartella: Path
    giornale: IO[bytes]
    nostri: dict[str, set[str]] = field(default_factory=dict)
    scritti: dict[Path, str] = field(default_factory=dict)
    conservati: list[Path] = field(default_factory=list)
    pagine: dict[str, list[int]] = field(default_factory=dict)

    def scrivi(self, percorso: Path, scrivi: Callable[[Path], object]) -> None:
        """Write a document whole, as `scrivi_intero`; what is there and is not ours is set aside."""

        def prima(nuova: str) -> None:
            self._annota(percorso, nuova, self._fai_posto(percorso))

        self.scritti[percorso] = scrivi_intero(percorso, scrivi, prima)

    def togli(self, percorso: Path) -> bool:
        """Take away a document of ours, and say whether there was one; another is set aside."""
        if c_era := bool(self._fai_posto(percorso)):
            percorso.unlink()
        return c_era

    def conosce(self, percorso: Path) -> bool:
        """Whether a document of this name was ever written here."""
        return self._nome(percorso) in self.nostri

    def nostro(self, percorso: Path) -> str:
        """The SHA-256 of a document, if it is as the program has written it; else ""."""
        ammesse = self.nostri.get(self._nome(percorso))
        if ammesse and percorso.is_file() and (sua := manifest.impronta(percorso)) in ammesse:
            return sua
        return ""

    def ricorda_pagine(self, documento: str, pagine: Sequence[int]) -> None:
        """Keep the pages that a document has once laid out: the same document has the same."""
        self.pagine[documento] = list(pagine)
        self.aggiungi({"pagine_di": documento, "pagine": list(pagine)})

    def _fai_posto(self, percorso: Path) -> str:
        """Set aside what is there and is not ours: it may be the work of a person."""
        nostra = self.nostro(percorso)
        if not nostra and percorso.exists():
            self.conservati.append(percorso.rename(_libero(percorso)))
        return nostra

    def _annota(self, percorso: Path, nuova: str, vecchia: str) -> None:
        nome, ammesse = self._nome(percorso), {nuova, vecchia} - {""}
        if self.nostri.get(nome) != ammesse:
            self.aggiungi({"nome": nome, "sha256": nuova, "prima": vecchia})
            self.nostri[nome] = ammesse

    def _nome(self, percorso: Path) -> str:
        return percorso.relative_to(self.cartella).as_posix()

    def aggiungi(self, riga: dict[str, Any]) -> None:
        """Add a line to the log, surely on disk when this returns."""
        aggiungi_riga(self.giornale, riga)


@contextmanager
def apri(cartella: Path, comando: str) -> Iterator[Deposito]:
    """The folder, made if need be, for one command to write in: `comando` is what others are told.

    Where the system has no locks (see `blocca`) two commands may meet. Raises CartellaInUso when
    another command has it, and OSError.
    """
    cartella.mkdir(parents=True, exist_ok=True)
    with (cartella / NOME).open("a+b") as giornale:
        try:
            blocca(giornale.fileno())
        except BlockingIOError:
            raise CartellaInUso(_in_uso(cartella, _righe(giornale))) from None
        deposito = Deposito(cartella, giornale)
        _riprendi(deposito)
        deposito.aggiungi(
            {
                "comando": comando,
                "inizio": datetime.now().astimezone().isoformat(timespec="seconds"),
                "computer": platform.node(),
                "processo": os.getpid(),
            }
        )
        yield deposito


def _righe(giornale: IO[bytes]) -> list[dict[str, Any]]:
    """The lines of the log that are whole; what a person may have made of it is no trouble."""
    giornale.seek(0)
    righe = []
    for riga in giornale.read().splitlines():
        with suppress(ValueError):
            letta = json.loads(riga)
            righe += [letta] if isinstance(letta, dict) else []
    return righe


def _riprendi(deposito: Deposito) -> None:
    """What the log tells of the documents; and the manifest, of those of the versions without a log."""
    righe = _righe(deposito.giornale)
    # the document that a line cut short tells of has not taken its name
    chiudi_riga(deposito.giornale)
    for riga in righe:
        if "nome" in riga:
            ammesse = {str(riga.get(quale, "")) for quale in ("sha256", "prima")}
            deposito.nostri[str(riga["nome"])] = ammesse - {""}
        pagine = riga.get("pagine")
        if isinstance(pagine, list) and all(isinstance(n, int) for n in pagine):
            deposito.pagine[str(riga.get("pagine_di"))] = pagine
    for nome, sua in manifest.documenti(deposito.cartella).items():
        if nome not in deposito.nostri:
            deposito.aggiungi({"nome": nome, "sha256": sua, "prima": ""})
        deposito.nostri.setdefault(nome, set()).add(sua)


def _in_uso(cartella: Path, righe: list[dict[str, Any]]) -> str:
    chi: dict[str, Any] = next((riga for riga in reversed(righe) if "comando" in riga), {})
    detto = "un altro comando"
    with suppress(KeyError, TypeError, ValueError):
        quando = datetime.fromisoformat(chi["inizio"]).strftime("il %d/%m/%Y alle %H:%M:%S")
        dove = f"sul computer {chi['computer']} (processo {chi['processo']})"
        detto = f"«{chi['comando']}», dato {quando} {dove}"
    return (
        f"In {cartella} sta scrivendo {detto}. Non è stato scritto niente. Aspettare che finisca e "
        "ripetere; se non finisce, chiuderlo (Ctrl+C nella sua finestra) e ripetere."
    )


def _libero(percorso: Path) -> Path:
    """The first name like this one that no file has. It may not be longer than the disk takes."""
    radice = percorso.stem if len(os.fsencode(percorso.name)) <= MAX_NOME else percorso.stem[:50]
    nomi = (percorso.with_name(f"{radice}_ritoccata_{n}{percorso.suffix}") for n in count(1))
    return next(altro for altro in nomi if not altro.exists())
