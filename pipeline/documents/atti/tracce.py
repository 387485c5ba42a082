"""The tracce of the acts: ours, and those that the office keeps among its workbooks in their place."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from pipeline.documents.atti import campi
from pipeline.documents.word import carta, corpo
from pipeline.documents.word.corpo import Corpo
from pipeline.files import TRACCE as FILES
from pipeline.parole import citazione, elenco_di
from pipeline.rilievi import Rilievo
from pipeline.workbooks.messaggi import ignoti

NOSTRE = Path(__file__).with_name("tracce")
DELIBERA, VERBALE, VALUTAZIONE, NOTA = FILES
DI_TUTTI = ("settore", "escluso", "scarto", "componente", "atto_visto")
"""The lists that every act may have."""


@dataclass(frozen=True)
class Traccia:
    """What an act is called, its file, and what only its text may say besides what all may."""

    titolo: str
    nome: str
    semplici: tuple[str, ...] = ()
    elenchi: tuple[str, ...] = ()

    @property
    def campi(self) -> tuple[str, ...]:
        """The simple `{campi}` of the act."""
        return tuple(dict.fromkeys((*campi.SEMPLICI, *self.semplici)))

    def di(self, elenco: str) -> tuple[str, ...]:
        """The `{elenco.campo}` of one of its lists; none of another."""
        suoi = campi.ELENCHI[elenco] if elenco in (*DI_TUTTI, *self.elenchi) else ()
        return tuple(f"{elenco}.{campo}" for campo in suoi)

    @property
    def ammessi(self) -> tuple[str, ...]:
        elenchi = (campo for elenco in campi.ELENCHI for campo in self.di(elenco))
        return (*self.campi, *elenchi)


TRACCE = {
    DELIBERA: Traccia(
        "Proposta di deliberazione, con i pareri", "proposta_di_deliberazione", elenchi=("allegato",)
    ),
    VERBALE: Traccia("Verbale di validazione", "verbale_di_validazione"),
    VALUTAZIONE: Traccia("Valutazione", "valutazione", tuple(campi.DI_UN_SETTORE), ("voce",)),
    NOTA: Traccia(
        "Nota di trasmissione",
        "nota_di_trasmissione",
        tuple(campi.DELLA_NOTA),
        ("documento", "mancante"),
    ),
}
"""File of the traccia -> its act."""


@cache
def nostra(file: str) -> Corpo:
    """The traccia of the program."""
    return corpo.estrai((NOSTRE / file).read_bytes())


def leggi(cartella: Path) -> tuple[dict[str, Corpo], list[Rilievo]]:
    """The tracce of the office that can be used, by file, and what is wrong with the others.

    Never raises for a bad file: it becomes a rilievo, and its act comes out with our text.
    """
    lette, rilievi = carta.leggi_tracce(cartella, FILES)
    buone = {}
    for file, (nome, testo) in lette.items():
        if sbagliati := ignoti(" ".join(testo.campi), TRACCE[file].ammessi):
            rilievi.append(_campo_ignoto(nome, TRACCE[file], sbagliati))
            continue
        if testo.persi:
            rilievi.append(Rilievo("E25", nome, dati={"persi": elenco_di(testo.persi)}))
        buone[file] = testo
    return buone, rilievi


def _campo_ignoto(nome: str, traccia: Traccia, sbagliati: list[str]) -> Rilievo:
    nomi = [citazione(posto.strip("{} ").lower(), 40) for posto in sbagliati]
    detti = [f"«{scritto}»" if scritto else "una parentesi graffa da sola" for scritto in nomi]
    dati = {"campi": elenco_di(detti), "ammessi": "; ".join(_aiuti(traccia, nomi))}
    return Rilievo("E24", nome, dati=dati)


def _aiuti(traccia: Traccia, nomi: list[str]) -> Iterator[str]:
    """What to write instead: the nearest names, then all those of the kind of the first."""
    vicini = dict.fromkeys(v for nome in nomi for v in get_close_matches(nome, traccia.ammessi, 1))
    if vicini:
        yield f"forse {elenco_di([f'«{vicino}»' for vicino in vicini])}"
    elenco, punto, _ = nomi[0].partition(".")
    suoi = traccia.di(elenco) if punto and elenco in campi.ELENCHI else ()
    yield f"i campi sono: {', '.join(suoi or traccia.campi)}"
