"""Who has handed in what: one line per settore, with how many findings of each gravity."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.files import CARTA_INTESTATA, STEMMI, TRACCE
from pipeline.ingest import da_estrarre, si_chiama
from pipeline.rilievi import CATALOGO, Gravita, Rilievo
from pipeline.tables import Elencato, Letta, Tabelle
from pipeline.workbooks import ente

Stato = Literal["consegnato", "da compilare", "mancante", "non letto", "da estrarre"]
ALTRO_FORMATO = "F06"
DOPPIO, MANCANTE, SENZA_ENTE, DA_ESTRARRE, VUOTA = "M06", "M07", "E01", "F17", "V31"
FUORI_ELENCO = "M05"
NON_CONSEGNATI = (CARTA_INTESTATA, *STEMMI, *TRACCE)
SEGNAPOSTO = "F07"
"""Nobody hands in what the office gives the relazione to wear, nor the placeholder of an open file."""


@dataclass(frozen=True)
class Consegna:
    """A settore of ente.xlsx and its workbook; or, with an empty `settore`, any other file.

    `da compilare`: the file is there, as it was prepared. `non letto`: the file is there, but cannot be
    used; its findings say why. `da estrarre`: it is inside another file (a signature, an archive, a
    message).
    """

    settore: str
    denominazione: str
    responsabile: str
    email: str
    file: str
    stato: Stato
    celle: int
    conti: Counter[Gravita]


def consegne(tabelle: Tabelle, rilievi: list[Rilievo]) -> list[Consegna]:
    """One line for each listed settore, in the order of ente.xlsx, then one for each other file.

    Every finding is counted in one line, and in one only, but for those on what nobody hands in.
    """
    lette = {letta["file"]: letta for letta in tabelle.righe.provenienza}
    file_di = {settore: _file_di(settore, lette, rilievi) for settore in tabelle.elencati}
    settore_di = {file: settore for settore, suoi in file_di.items() for file in suoi}
    conti: dict[tuple[str, str], Counter[Gravita]] = defaultdict(Counter)
    for rilievo in rilievi:
        settore = settore_di.get(rilievo.file, "")
        if rilievo.codice == SEGNAPOSTO or rilievo.file.lower() in NON_CONSEGNATI:
            continue
        if rilievo.codice == MANCANTE:
            settore = Path(rilievo.file).stem
        conti[settore, "" if settore else rilievo.file][rilievo.gravita] += 1
    dei_settori = [
        _del_settore(riga, file_di[settore], lette, conti[settore, ""], rilievi)
        for settore, riga in tabelle.elencati.items()
    ]
    altri = (set(lette) | {file for _, file in conti if file}) - set(settore_di)
    # ente.xlsx before the others
    in_ordine = sorted(altri, key=lambda file: (file.lower() != ente.FILE, file))
    return dei_settori + [_altro(file, lette, conti["", file], rilievi) for file in in_ordine]


def _file_di(settore: str, lette: dict[str, Letta], rilievi: list[Rilievo]) -> list[str]:
    """The files of a settore: the one read, else those that were refused (as in `ingest`)."""
    letti = [file for file, riga in lette.items() if riga["settore"] == settore]
    if letti:
        return letti
    rifiuti = (*CATALOGO[MANCANTE].segue, ALTRO_FORMATO)
    rifiutati = {
        r.file
        for r in rilievi
        if (r.codice == DOPPIO and r.dati["settore"] == settore)
        or (r.codice == FUORI_ELENCO and r.dati["diventato"] == settore)
        or settore in da_estrarre(r)
        or (r.codice in rifiuti and si_chiama(r.file, settore))
    }
    return sorted(rifiutati)


def _del_settore(
    riga: Elencato,
    suoi: list[str],
    lette: dict[str, Letta],
    conti: Counter[Gravita],
    rilievi: list[Rilievo],
) -> Consegna:
    letto = lette.get(suoi[0]) if suoi else None
    stato: Stato = "non letto" if suoi else "mancante"
    if letto:
        vuota = any(r.codice == VUOTA and r.file == letto["file"] for r in rilievi)
        stato = "da compilare" if vuota else "consegnato"
    elif any(riga["settore"] in da_estrarre(r) for r in rilievi):
        stato = "da estrarre"
    return Consegna(
        settore=riga["settore"],
        denominazione=riga["denominazione"] or riga["settore"],
        responsabile=riga["responsabile"],
        email=riga["email"],
        file=", ".join(suoi) or f"{riga['settore']}.xlsx",
        stato=stato,
        celle=letto["celle"] if letto else 0,
        conti=conti,
    )


def _altro(
    file: str, lette: dict[str, Letta], conti: Counter[Gravita], rilievi: list[Rilievo]
) -> Consegna:
    manca = any(r.codice == SENZA_ENTE and r.file == file for r in rilievi)
    stato: Stato = "mancante" if manca else "non letto"
    if any(r.codice == DA_ESTRARRE and r.file == file for r in rilievi):
        stato = "da estrarre"
    return Consegna(
        settore="",
        denominazione="File dell'ente" if file.lower() == ente.FILE else "Altro file",
        responsabile="",
        email="",
        file=file,
        stato="consegnato" if file in lette else stato,
        celle=lette[file]["celle"] if file in lette else 0,
        conti=conti,
    )
