"""One ente of many: done, passed over because it is done already, or why not. Pure of any cluster."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Literal, NamedTuple

from pipeline import ingest, run
from pipeline.documents import manifest
from pipeline.documents.deposito import CartellaInUso
from pipeline.documents.manifest import Chiesto
from pipeline.documents.word import impaginatore
from pipeline.files import scrivi_intero
from pipeline.fine import dettaglio, in_breve
from pipeline.lotto import tavole
from pipeline.parole import quanti
from pipeline.rilievi import Rilievo, bloccanti

DIFETTO = "errore_del_programma.txt"
"""Where the technical part of a fault of ours goes, in the folder of the ente."""

CONSERVATO = "un documento non era come il programma l'ha scritto, e resta con un altro nome"
TOLTO = "tolto, perché di un'edizione precedente"
SENZA_PAGINE = "l'indice è senza numeri di pagina: li conta LibreOffice, che manca o non ha risposto"

Esito = Literal["pronti", "bozza", "nessun documento", "non riuscito"]


@dataclass(frozen=True)
class Fatto:
    """How an ente ended. `gia_fatto`: its documents were those already. `perche` is one line, for the
    office; empty when nothing blocks. `note`: what else is to be known, a line each."""

    ente: str
    esito: Esito
    perche: str = ""
    gia_fatto: bool = False
    anno: int | None = None
    percentuali: dict[str, float | None] = field(default_factory=dict)
    rilievi: dict[str, int] = field(default_factory=dict)
    note: list[str] = field(default_factory=list)
    secondi: float = 0.0


class Trovate(NamedTuple):
    """The folders of the enti, and the other folders among them, which hold no ente.xlsx."""

    enti: list[Path]
    altre: list[Path]


def trova(cartella: Path) -> Trovate:
    """The sub-folders of a folder, by name, and the links to one that is not there; the hidden ones are
    not looked at."""
    trovate = Trovate([], [])
    for percorso in sorted(cartella.iterdir()):
        cartella_o_rotta = percorso.is_dir() or not percorso.exists()
        if cartella_o_rotta and not percorso.name.startswith("."):
            (trovate.enti if e_di_un_ente(percorso) else trovate.altre).append(percorso)
    return trovate


def e_di_un_ente(cartella: Path) -> bool:
    """Whether a folder holds an ente.xlsx. One that cannot be opened does: its turn will tell why."""
    try:
        return any(ingest.e_di_ente(percorso.name) for percorso in cartella.iterdir())
    except OSError:
        return True


def fai(cartella: Path, uscita: Path, chiesto: Chiesto) -> Fatto:
    """Write the documents of an ente in `uscita`/<anno>, unless they are there and as they would come.

    Whatever goes wrong is in the Fatto: nothing is raised. The folder is that of one ente.
    """
    inizio = perf_counter()
    try:
        fatto = _fai(cartella, uscita, chiesto)
    except CartellaInUso as errore:
        fatto = Fatto(cartella.name, "non riuscito", str(errore))
    except Exception as errore:
        fatto = Fatto(cartella.name, "non riuscito", _perche(errore, uscita))
    return replace(fatto, secondi=round(perf_counter() - inizio, 2))


def _fai(cartella: Path, uscita: Path, chiesto: Chiesto) -> Fatto:
    if fatta := gia_fatta(cartella, uscita, chiesto):
        if not tavole.valgono(fatta) and (fascicolo := run.controlla(cartella).fascicolo):
            tavole.scrivi(fatta, fascicolo)  # the documents are of another command, or of a kill -9
        return _detto(cartella.name, manifest.leggi(fatta), gia_fatto=True)
    soffice = impaginatore.trova() if chiesto.pagine else None
    esito = run.relazione(cartella, uscita, chiesto.pubblica, soffice)
    (uscita / DIFETTO).unlink(missing_ok=True)
    if esito.fascicolo is None:
        return Fatto(cartella.name, "nessun documento", _che_cosa_ferma(esito.rilievi))
    anno = uscita / str(esito.fascicolo.anno)
    tavole.scrivi(anno, esito.fascicolo)
    fatto = _detto(cartella.name, manifest.leggi(anno))
    return replace(fatto, note=_note(esito, chiesto.pagine and soffice is None))


def gia_fatta(cartella: Path, uscita: Path, chiesto: Chiesto | None = None) -> Path | None:
    """The folder of the year with the documents of an ente, if they are as they would come; without
    `chiesto`, whatever was asked for. Raises OSError."""
    letto = manifest.ingresso(cartella)
    elenchi = sorted(uscita.glob(f"*/{manifest.NOME}"), reverse=True)
    valgono = (e.parent for e in elenchi if manifest.vale_ancora(e.parent, letto, chiesto))
    return next(valgono, None)


def _detto(ente: str, elenco: dict[str, Any], gia_fatto: bool = False) -> Fatto:
    """What a manifest says of an ente."""
    return Fatto(
        ente,
        "bozza" if elenco["bozza"] else "pronti",
        _in_una_riga(elenco["bloccano"]),
        gia_fatto,
        elenco["anno"],
        elenco["percentuali"],
        elenco["gravita"],
    )


def _note(esito: run.Esito, senza_libreoffice: bool) -> list[str]:
    """What became of the documents of before, and of the pages where they were asked for."""
    note = [f"{CONSERVATO}: {percorso.name}" for percorso in esito.conservati]
    note += [f"{TOLTO}: {percorso.name}" for percorso in esito.tolti]
    return note + [SENZA_PAGINE] * bool(senza_libreoffice or esito.non_impaginata)


def _che_cosa_ferma(rilievi: Iterable[Rilievo]) -> str:
    """Why there is no document: the findings that block, the first in words."""
    fermano = bloccanti(rilievi)
    if not fermano:
        return "manca l'anno dell'ente"
    return _in_una_riga([f"{r.codice} {r.dove}: {r.messaggio}" for r in fermano])


def _in_una_riga(bloccano: list[str]) -> str:
    """The first of what blocks, and how much else does; "" for nothing."""
    if len(bloccano) < 2:
        return "".join(bloccano)
    return f"{bloccano[0]} (e {quanti(len(bloccano) - 1, 'altra cosa blocca', 'altre cose bloccano')})"


def _perche(errore: Exception, uscita: Path) -> str:
    """Why an ente was not done; of a fault of ours, the technical part is left in its folder."""
    if breve := in_breve(errore):
        return breve
    perche = "errore del programma"
    try:
        uscita.mkdir(parents=True, exist_ok=True)
        testo = dettaglio(errore)
        scrivi_intero(uscita / DIFETTO, lambda p: p.write_text(testo, "utf-8", "replace"))
    except OSError:
        return f"{perche}, e il dettaglio tecnico non si è potuto salvare"
    return (
        f"{perche}: il dettaglio tecnico è in {uscita / DIFETTO}, da mandare a chi cura il programma "
        "dopo aver guardato che non vi siano dati personali"
    )
