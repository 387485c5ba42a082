"""lotto.xlsx: the enti, their settori and their voci, in one workbook that grows on the disk."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline import excel
from pipeline.documents.aperti.tavole import Tavola
from pipeline.documents.consolidato.libro import LARGHEZZE, PRIMA, etichetta
from pipeline.lotto.tavole import ENTI, una
from pipeline.parole import elenco_di, leggibile, quanti
from pipeline.prospetti import Colonna, larghezze
from pipeline.tables import PER_CENTO
from pipeline.tables import Colonna as DiTabella
from pipeline.veste import DOCUMENTI

MAX_RIGHE = 1_048_576
"""Rows of a sheet."""
USO_INTERNO = "Uso interno: i testi sono come li hanno scritti i settori, e possono nominare persone."
COME_SI_LEGGE = (
    "Una cifra è di un ente, di un settore o di una voce: qui non si fanno medie fra enti. Quelle degli "
    "enti pronti, per grandezza, sono in confronto.xlsx.",
    "Ogni cifra è quella dei documenti dell'ente, arrotondata a due decimali come vi è scritta; una "
    "casella vuota è un dato che manca, non è zero.",
    USO_INTERNO,
)
DELL_ELENCO = (
    una("cartella", "testo", "La cartella con i file dell'ente, e il collegamento ai suoi documenti"),
    una("esito", "testo", "Come è finito: pronti, bozza, nessun documento, non riuscito"),
    una("perche", "testo", "Che cosa blocca, o perché non è riuscito"),
)
DELLE_RIGHE = (
    una("cartella", "testo", "La cartella con i file dell'ente: il nome che ha in tutto il lotto"),
    una("bozza", "logico", "«sì» se qualcosa blocca: le cifre dell'ente possono cambiare"),
)
TITOLI = {"settore": "Settore"}
"""In each ente a settore has a short code of its own; here there is the one in ente.xlsx."""
LARGHI = {
    "ente": 34.0,
    "cartella": 34.0,
    "perche": 50.0,
    "regola": 20.0,
    "motivo": 36.0,
    "settore": 20.0,
}


@dataclass(frozen=True)
class Voce:
    """An ente in the list: how it ended, the folder of its documents and its figures, if it has any."""

    cartella: str
    esito: str
    perche: str
    documenti: Path | None = None
    cifre: Sequence[Any] = ()


@dataclass
class Scritto:
    """What has been written: rows by sheet, enti by how they ended, years."""

    fogli: dict[str, int] = field(default_factory=dict)
    esiti: Counter[str] = field(default_factory=Counter)
    anni: Counter[int] = field(default_factory=Counter)


def scrivi(
    percorso: Path,
    enti: Iterable[Voce],
    altre: Sequence[tuple[Tavola, Iterable[Sequence[Any]]]],
    appoggio: Path,
) -> None:
    """Write the workbook: a sheet for the enti and one for each of the other tables, whose rows begin
    with the folder and whether it is a draft; where a sheet is full, they go on in another. What
    does not stay in the memory goes to the folder `appoggio`. Raises OSError."""
    libro = excel.Libro(percorso, DOCUMENTI, appoggio)
    inizio, scritto = libro.pagina("Inizio", orizzontale=False), Scritto()
    colonne = _colonne((*DELL_ELENCO, *ENTI.colonne))
    _fogli(libro, ENTI, colonne, _degli_enti(enti, len(ENTI.colonne), percorso.parent, scritto), scritto)
    for tavola, righe in altre:
        _fogli(libro, tavola, _colonne((*DELLE_RIGHE, *tavola.colonne)), righe, scritto)
    _inizio(libro, inizio, [ENTI, *(tavola for tavola, _ in altre)], scritto)
    quando = datetime(max(scritto.anni, default=2000), 12, 31)  # not the clock's: the same bytes
    libro.set_properties({"title": "Molti enti: enti, settori, voci", "created": quando})
    libro.close()


def _colonne(colonne: Iterable[DiTabella]) -> list[Colonna]:
    return [
        Colonna(
            c.nome,
            TITOLI.get(c.nome) or etichetta(c.nome),
            LARGHI.get(c.nome) or LARGHEZZE.get(c.nome, 12.0),
            _formato(c),
        )
        for c in colonne
    ]


def _formato(colonna: DiTabella) -> str:
    if colonna.tipo == "decimale":
        return "grado" if colonna.detto.unita == PER_CENTO else "numero"
    return "intero" if colonna.tipo == "intero" else "testo"


def _degli_enti(
    enti: Iterable[Voce], quante: int, dove: Path, scritto: Scritto
) -> Iterator[Sequence[Any]]:
    for ente in enti:
        scritto.esiti[ente.esito] += 1
        if ente.cifre:
            scritto.anni[ente.cifre[1]] += 1
        cifre = ente.cifre or [None] * quante
        yield [_legame(ente, dove), ente.esito, leggibile(ente.perche), *cifre]


@dataclass(frozen=True)
class Legame:
    """A text that leads to a file."""

    testo: str
    file: str


def _legame(ente: Voce, dove: Path) -> Legame | str:
    """The name of an ente, which leads to its relazione where a link can say its name."""
    if (
        ente.documenti is None
        or re.search(r"[#%:?\\]", ente.cartella)
        or leggibile(ente.cartella) != ente.cartella
    ):
        return leggibile(ente.cartella)
    relazione = ente.documenti / f"relazione_{ente.documenti.name}.docx"
    return Legame(ente.cartella, relazione.relative_to(dove).as_posix())


def _fogli(
    libro: excel.Libro,
    tavola: Tavola,
    colonne: Sequence[Colonna],
    righe: Iterable[Sequence[Any]],
    scritto: Scritto,
) -> None:
    """Write a table: in a sheet, and in others like it as each is full."""
    restano, quante = iter(righe), MAX_RIGHE - PRIMA + 1
    for n in count(1):
        prima = list(islice(restano, 1))
        if n > 1 and not prima:
            return
        nome = tavola.nome if n == 1 else f"{tavola.nome} {n}"
        sue = chain(prima, islice(restano, quante - 1))
        scritto.fogli[nome] = _foglio(libro, nome, tavola, colonne, sue)


def _foglio(
    libro: excel.Libro,
    nome: str,
    tavola: Tavola,
    colonne: Sequence[Colonna],
    righe: Iterable[Sequence[Any]],
) -> int:
    """Write a sheet, and say how many rows it has. A table of Excel would keep them all in the memory:
    there are filters instead."""
    ws, formati = libro.pagina(nome), libro.formati
    ws.set_paper(8)
    larghezze(ws, colonne)
    excel.scrivi(ws, 1, 1, tavola.titolo, formati["titolo"])
    excel.scrivi(
        ws, 2, 1, f"{tavola.descrizione} Le colonne sono spiegate in Inizio.", formati["sottotitolo"]
    )
    for numero, colonna in enumerate(colonne, start=1):
        excel.scrivi(ws, PRIMA - 1, numero, colonna.titolo, formati["intestazione"])
    ws.set_row(PRIMA - 2, 45)
    ws.freeze_panes(PRIMA - 1, 1)
    ws.repeat_rows(PRIMA - 2)
    riga = PRIMA - 1
    for riga, valori in enumerate(righe, start=PRIMA):
        _riga(libro, ws, riga, colonne, valori)
    ws.autofilter(PRIMA - 2, 0, max(riga, PRIMA) - 1, len(colonne) - 1)
    return riga - PRIMA + 1


def _riga(
    libro: excel.Libro, ws: Worksheet, riga: int, colonne: Sequence[Colonna], valori: Sequence[Any]
) -> None:
    scritti = (v.testo if isinstance(v, Legame) else v for v in valori)
    testi = [(v, c.larghezza) for v, c in zip(scritti, colonne, strict=True) if isinstance(v, str)]
    ws.set_row(riga - 1, excel.altezza(testi))  # before its cells: then the row leaves the memory
    for numero, (colonna, valore) in enumerate(zip(colonne, valori, strict=True), start=1):
        formato = libro.formati[colonna.formato]
        if isinstance(valore, Legame):
            dove = f"external:{valore.file}"
            ws.write_url(riga - 1, numero - 1, dove, libro.formati["posto"], valore.testo)
        elif isinstance(valore, bool):
            excel.scrivi(ws, riga, numero, "sì" if valore else "", formato)
        else:
            excel.scrivi(ws, riga, numero, valore, formato)


# ----------------------------------------------------------------------------------- the front sheet


def _inizio(libro: excel.Libro, ws: Worksheet, tavole: Sequence[Tavola], scritto: Scritto) -> None:
    for colonna, larghezza in enumerate((14, 34, 84)):
        ws.set_column(colonna, colonna, larghezza)
    righe = count(1)

    def rigo(valori: Sequence[Any], stili: Sequence[str]) -> None:
        riga = next(righe)
        alta = excel.altezza([(str(valori[-1]), 84)], {"titolo": 24, "sezione": 25}.get(stili[0], 15))
        ws.set_row(riga - 1, alta)
        for numero, (valore, stile) in enumerate(zip(valori, stili, strict=True), start=1):
            excel.scrivi(ws, riga, numero, valore, libro.formati[stile])

    rigo(["Molti enti: l'insieme"], ["titolo"])
    for frase in (*_frasi(scritto), *COME_SI_LEGGE):
        riga = next(righe)
        ws.set_row(riga - 1, excel.altezza([(frase, 120)]))
        ws.merge_range(riga - 1, 0, riga - 1, 2, frase, libro.formati["prosa"])
    rigo(["I fogli", "", ""], ["sezione"] * 3)
    titoli = {tavola.nome: tavola.descrizione for tavola in tavole}
    for nome, quante in scritto.fogli.items():
        detto = titoli.get(nome) or f"Continua il foglio «{nome.split()[0]}», che è pieno."
        rigo([nome, quanti(quante, "riga", "righe"), detto], ["voce", "rigo", "rigo"])
    rigo(["Le colonne", "", ""], ["sezione"] * 3)
    for tavola in tavole:
        prime = DELL_ELENCO if tavola is ENTI else DELLE_RIGHE
        for spiegata in (*prime, *tavola.colonne):
            nome = _colonne([spiegata])[0].titolo
            rigo([tavola.nome, nome, _spiega(spiegata)], ["rigo", "voce", "rigo"])


def _spiega(colonna: DiTabella) -> str:
    unita = {PER_CENTO: " (per cento)"}.get(colonna.detto.unita, "")
    return f"{colonna.detto.testo}{unita}."


def _frasi(scritto: Scritto) -> Iterator[str]:
    """How many enti there are, how they ended, of what years."""
    conti = [f"{esito} {quanti_sono}" for esito, quanti_sono in scritto.esiti.most_common()]
    yield f"{quanti(scritto.esiti.total(), 'ente', 'enti')}: {', '.join(conti)}."
    if len(scritto.anni) > 1:
        anni = [f"{anno} ({quanti_sono})" for anno, quanti_sono in sorted(scritto.anni.items())]
        yield f"Gli enti non sono tutti dello stesso anno: {elenco_di(anni)}."
    if scritto.esiti["bozza"]:
        yield "Le cifre di un ente in bozza possono cambiare: qualcosa blocca, come dice la sua riga."
