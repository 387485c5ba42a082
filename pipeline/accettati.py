"""The avvisi that the office has looked at and lets be: the sheet Accettati of ente.xlsx.

A line says which finding (as the lists of findings have it), who accepts it and why. It holds for as
long as the finding is still there and says the same of the same content.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline import numeri
from pipeline.celle import contiene
from pipeline.checks.comuni import giudicate
from pipeline.consegne import MANCANTE
from pipeline.ingest import si_chiama
from pipeline.parole import citazione, normalizza
from pipeline.rilievi import CATALOGO, Rilievo, ordina
from pipeline.tables import COLONNE, Accettato, Tabelle, cella_di, celle_di, chiave_scheda, piena

NON_LETTO = {MANCANTE, *CATALOGO[MANCANTE].segue}
"""The findings of a file of which no other is to be expected."""
Contenuti = Mapping[tuple[str, str, str], str]
"""File, foglio and cella -> what is written there, of the cells of findings that stand in the tables."""


@dataclass(frozen=True)
class Esame:
    """The findings that stay, and those accepted, each with what is said of it."""

    restano: list[Rilievo]
    accettati: list[tuple[Rilievo, str]] = field(default_factory=list)


def esamina(tabelle: Tabelle, rilievi: list[Rilievo]) -> Esame:
    """Part the findings accepted from the others, and add those on the lines that accept nothing."""
    if not tabelle.righe.accettati:
        return Esame(rilievi)
    contenuti, viste = in_celle(tabelle, rilievi), giudicate(tabelle.righe)
    guardati = {(s["file"], s["foglio"]) for s in tabelle.righe.schede if chiave_scheda(s) in viste}
    non_letti = {r.file for r in rilievi if r.regola.nasconde or r.codice in NON_LETTO}
    presi: dict[int, str] = {}
    propri = []
    for riga in tabelle.righe.accettati:
        suoi = [n for n, rilievo in enumerate(rilievi) if _indica(riga, rilievo, tabelle)]
        buoni = [n for n in suoi if not _cambiato(riga, rilievi[n], contenuti)]
        nascosta = any(_e_li(riga, *posto, tabelle) for posto in guardati)
        nascosta = nascosta or any(_e_suo(riga["nel_file"].strip(), f, tabelle) for f in non_letti)
        trovati = [rilievi[n] for n in suoi]
        if motivo := _perche_non_vale(riga, trovati, bool(buoni), nascosta, contenuti):
            propri.append(motivo)
        elif riga["chi"].strip() and riga["perche"].strip():  # else C04 has said it
            presi |= {n: _detto(riga) for n in buoni if n not in presi}
    restano = [rilievo for n, rilievo in enumerate(rilievi) if n not in presi]
    return Esame(ordina(restano + propri), [(rilievi[n], presi[n]) for n in sorted(presi)])


def in_celle(tabelle: Tabelle, rilievi: Iterable[Rilievo]) -> Contenuti:
    """What the tables hold in the cells of some findings."""
    cercate: dict[tuple[str, str], set[str]] = {}
    for rilievo in rilievi:
        cercate.setdefault((rilievo.file, rilievo.foglio), set()).add(rilievo.cella)
    contenuti: dict[tuple[str, str, str], str] = {}
    for nome, righe in vars(tabelle.righe).items():
        colonne = [c.nome for c in COLONNE[nome] if c.segno in ("", "derivata")]
        for riga in righe:
            if not (sue := cercate.get((riga["file"], riga["foglio"]))):
                continue
            celle = celle_di(riga)
            for colonna in colonne:
                if celle.get(colonna) in sue and piena(riga[colonna]):
                    posto = (riga["file"], riga["foglio"], celle[colonna])
                    contenuti.setdefault(posto, numeri.in_parole(riga[colonna]))
    return contenuti


def _indica(riga: Accettato, rilievo: Rilievo, tabelle: Tabelle) -> bool:
    """Whether a line is about a finding: where it says less, it is about all that are there."""
    return (
        normalizza(riga["codice"]) == normalizza(rilievo.codice)
        and _e_li(riga, rilievo.file, rilievo.foglio, tabelle)
        and (not riga["nella_cella"].strip() or contiene(riga["nella_cella"], rilievo.cella))
    )


def _e_li(riga: Accettato, file: str, foglio: str, tabelle: Tabelle) -> bool:
    """Whether a line is about a file, and about a foglio of it if it names one."""
    suo = _e_suo(riga["nel_file"].strip(), file, tabelle)
    return suo and normalizza(riga["nel_foglio"]) in ("", normalizza(foglio))


def _e_suo(scritto: str, file: str, tabelle: Tabelle) -> bool:
    """Whether a file is the one written, by its name or by that of its settore."""
    nomi = [
        riga["denominazione"]
        for letta in tabelle.righe.provenienza
        for riga in tabelle.righe.elenco.di(letta["settore"])
        if letta["file"] == file
    ]
    uguali = normalizza(scritto) in map(normalizza, [file, *nomi])
    return bool(scritto) and (uguali or si_chiama(file, scritto))


def _cambiato(riga: Accettato, rilievo: Rilievo, contenuti: Contenuti) -> str:
    """What is no longer as the line says, in words; "" if all is, or the line does not say it."""
    ora = contenuti.get((rilievo.file, rilievo.foglio, rilievo.cella), "")
    if riga["che_cosa"].strip() and not _uguali(riga["che_cosa"], ora):
        adesso = f"ora c'è «{citazione(ora)}»" if ora else "ora la cella è vuota"
        return f"quando è stato accettato c'era «{citazione(riga['che_cosa'])}», {adesso}"
    if riga["non_va"].strip() and not _uguali(riga["non_va"], rilievo.messaggio):
        return "il rilievo adesso dice un'altra cosa"
    return ""


def _uguali(uno: str, altro: str) -> bool:
    return " ".join(uno.split()) == " ".join(altro.split())


def _perche_non_vale(
    riga: Accettato, suoi: list[Rilievo], vale: bool, nascosta: bool, contenuti: Contenuti
) -> Rilievo | None:
    """The finding on a line that accepts nothing. `nascosta`: where it looks nothing would be found, the
    Nucleo having looked there or the file not being read."""
    codice = riga["codice"].strip().upper()
    dati = {"quale": _quale(riga), "codice": codice}
    regola = CATALOGO.get(codice)
    if regola and regola.gravita != "avviso":
        return _rilievo("E17", riga, {**dati, "gravita": regola.gravita})
    if vale or not codice or not riga["nel_file"].strip():
        return None
    if regola is None:
        perche, aiuto = "questo codice non è di nessun rilievo", COPIARE
    elif suoi:
        perche, aiuto = _cambiato(riga, suoi[0], contenuti), RIGUARDARE
    elif nascosta:
        return None
    else:
        perche, aiuto = "non c'è nessun rilievo così, e la riga non serve", COPIARE
    return _rilievo("E13", riga, {**dati, "perche": perche, "aiuto": aiuto})


COPIARE = (
    "Se è stato corretto, cancellare la riga; altrimenti copiarla di nuovo dal foglio Dettaglio dei "
    "controlli."
)
RIGUARDARE = (
    "Guardarlo di nuovo: se va bene anche così, copiare di nuovo la riga dal foglio Dettaglio dei "
    "controlli; altrimenti cancellarla."
)


def _rilievo(codice: str, riga: Accettato, dati: dict[str, str]) -> Rilievo:
    return Rilievo(codice, riga["file"], riga["foglio"], cella_di(riga, "codice"), dati)


def _quale(riga: Accettato) -> str:
    return ", ".join(_parti(riga))


def _parti(riga: Accettato) -> Iterator[str]:
    yield f"{citazione(riga['codice']).upper()} di {citazione(riga['nel_file'])}"
    if riga["nel_foglio"].strip():
        yield f"foglio «{citazione(riga['nel_foglio'])}»"
    if riga["nella_cella"].strip():
        yield f"cella {citazione(riga['nella_cella'])}"


def _detto(riga: Accettato) -> str:
    """Who accepts and why, as the consolidato has it."""
    quando = f" il {riga['quando'].strip()}" if riga["quando"].strip() else ""
    return f"accettato da {riga['chi'].strip()}{quando} perché {riga['perche'].strip()}"
