"""What the office gives the relazione to wear: its letterhead and its stemma, read and judged."""

from collections.abc import Iterable
from pathlib import Path

from pipeline.documents.word import esame
from pipeline.documents.word.base import Carta
from pipeline.documents.word.corpo import Corpo
from pipeline.files import CARTA_INTESTATA, STEMMI
from pipeline.parole import leggibile
from pipeline.rilievi import Rilievo
from pipeline.workbooks import archivio
from pipeline.workbooks.grid import FileRifiutato
from pipeline.workbooks.lettore import Lettore

MAX_STEMMA = 5 * 2**20
_NON_UN_FILE = "non è un file, o è un collegamento a un file che non c'è più"


def leggi(cartella: Path) -> tuple[Carta, list[Rilievo]]:
    """The letterhead and the stemma that stand among the workbooks, if any and if they serve.

    Both are opened in a child process, within its limits, and come out of it clean. Never raises for a
    bad file: it becomes a rilievo, and the documents do without.
    """
    presenti = {p.name.lower(): p for p in sorted(cartella.iterdir()) if not p.is_dir()}
    rilievi: list[Rilievo] = []
    intestata = stemma = None
    with Lettore() as lettore:
        if percorso := presenti.get(CARTA_INTESTATA):
            intestata = _leggi_intestata(percorso, lettore, rilievi)
        if percorso := next((presenti[nome] for nome in STEMMI if nome in presenti), None):
            stemma = _leggi_stemma(percorso, lettore, rilievi)
    return Carta(intestata, stemma), rilievi


def _leggi_intestata(percorso: Path, lettore: Lettore, rilievi: list[Rilievo]) -> bytes | None:
    nome = leggibile(percorso.name)
    if not percorso.is_file():
        rilievi.append(Rilievo("F13", nome, dati={"dettaglio": _NON_UN_FILE}))
        return None
    try:
        esito = lettore.esegui(esame.intestata, nome, archivio.leggi_file(percorso))
        perche = _troppo(lettore)
    except FileRifiutato as rifiutato:
        esito, perche = None, esame.perche_rifiutata(rifiutato)
    if esito is None:
        rilievi.append(Rilievo("F13", nome, dati={"dettaglio": perche}))
        return None
    rilievi += esito[1]
    return esito[0]


def leggi_tracce(
    cartella: Path, nomi: Iterable[str]
) -> tuple[dict[str, tuple[str, Corpo]], list[Rilievo]]:
    """The texts of the acts that stand among the workbooks and serve: usual name -> name of the file and
    text. They are opened as a letterhead is, and those that do not serve become rilievi."""
    presenti = {p.name.lower(): p for p in sorted(cartella.iterdir()) if not p.is_dir()}
    lette: dict[str, tuple[str, Corpo]] = {}
    rilievi: list[Rilievo] = []
    with Lettore() as lettore:
        for usuale in (nome for nome in nomi if nome in presenti):
            nome = leggibile(presenti[usuale].name)
            letta = _leggi_traccia(presenti[usuale], lettore)
            if isinstance(letta, Corpo):
                lette[usuale] = (nome, letta)
            else:
                rilievi.append(Rilievo("E23", nome, dati={"dettaglio": letta}))
    return lette, rilievi


def _leggi_traccia(percorso: Path, lettore: Lettore) -> Corpo | str:
    """The text, or why it cannot be used."""
    if not percorso.is_file():
        return _NON_UN_FILE
    try:
        contenuto = archivio.leggi_file(percorso)
        letta = lettore.esegui(esame.traccia, leggibile(percorso.name), contenuto)
    except FileRifiutato as rifiutato:
        return esame.perche_rifiutata(rifiutato)
    return _troppo(lettore) if letta is None else letta


def _leggi_stemma(percorso: Path, lettore: Lettore, rilievi: list[Rilievo]) -> bytes | None:
    try:
        if not percorso.is_file():
            esito: bytes | str | None = _NON_UN_FILE
        elif percorso.stat().st_size > MAX_STEMMA:
            esito = f"pesa più di {MAX_STEMMA // 2**20} MB"
        else:
            esito = lettore.esegui(esame.stemma, percorso.read_bytes())
    except OSError:
        esito = "non si può aprire, forse è in uso in un altro programma"
    if isinstance(esito, bytes):
        return esito
    dati = {"dettaglio": esito or _troppo(lettore)}
    rilievi.append(Rilievo("F15", leggibile(percorso.name), dati=dati))
    return None


def _troppo(lettore: Lettore) -> str:
    """What to say of a file that the child did not survive."""
    mega, secondi = lettore.memoria // 2**20, round(lettore.secondi)
    return f"per aprire il file servono più di {mega} MB di memoria, o più di {secondi} secondi"
