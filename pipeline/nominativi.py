"""Who the workbooks name where people are expected, and how each name is understood: person or office.

The one list that the edition to be published, the finding E14 and the workbook of the checks share.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.personale import chiave, riconosci
from pipeline.tables import Tabelle, cella_di
from pipeline.uffici import Natura
from pipeline.workbooks import estremi

POSTI = (
    ("elenco", "responsabile"),
    ("elenco", "email"),
    ("destinatari", "nome"),
    ("destinatari", "email"),
    ("settori", "responsabile"),
    ("schede", "responsabile"),
    ("schede", "supporto"),
    ("fasi", "assegnazione"),
    ("ente", "valore"),
)
"""The columns where people are named, of ente only the boxes of who signs; of an address only what
surely is a name (anna.bianchi@…)."""
NATURE = (Natura.DUBBIO, Natura.FORSE, Natura.PERSONA, Natura.UFFICIO)
"""From what is to be looked at first."""


@dataclass(frozen=True)
class Posto:
    """Where a name is typed; `cella` is "" where only the sheet is known."""

    file: str
    foglio: str
    cella: str


@dataclass(frozen=True)
class Letto:
    """A name as typed the first time, what it is, the person alone if it is one, and its places."""

    scritto: str
    natura: Natura
    nome: str
    posti: list[Posto]


def letti(tabelle: Tabelle) -> list[Letto]:
    """The names of all the workbooks, each once whatever its spelling, the doubtful ones first."""
    uffici = [riga["denominazione"] for riga in tabelle.righe.elenco]

    @cache  # the same names stand in cell after cell
    def nella_cella(colonna: str, testo: str) -> list[tuple[str, Natura, str]]:
        return list(_nella_cella(colonna, testo, uffici))

    trovati: dict[tuple[str, Natura], Letto] = {}
    for tabella, colonna in POSTI:
        for riga in getattr(tabelle.righe, tabella):
            if tabella == "ente" and riga["chiave"] not in estremi.DI_PERSONE:
                continue
            posto = Posto(riga["file"], riga["foglio"], cella_di(riga, colonna))
            for scritto, natura, nome in nella_cella(colonna, riga[colonna]):
                quale = chiave(scritto if natura is Natura.UFFICIO else nome)
                primo = Letto(scritto, natura, nome, [])
                trovati.setdefault((quale, natura), primo).posti.append(posto)
    return sorted(trovati.values(), key=lambda letto: NATURE.index(letto.natura))


def _nella_cella(colonna: str, testo: str, uffici: list[str]) -> Iterator[tuple[str, Natura, str]]:
    if colonna == "email":
        testo = "\n".join(
            re.sub(r"[._-]", " ", parte).title() for parte in re.findall(r"([\w.-]+)@", testo)
        )
    for letto in riconosci(testo, uffici):
        if colonna == "email" and letto.natura is not Natura.PERSONA:
            continue
        # an assegnazione is of an office, unless it has the looks of a name
        di_ufficio = colonna == "assegnazione" and letto.natura is Natura.DUBBIO and letto.nome.islower()
        yield letto.scritto, Natura.UFFICIO if di_ufficio else letto.natura, letto.nome
