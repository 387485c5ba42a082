"""The tables of the open data: what columns each has, and its rows from a fascicolo to be published.

They are a contract with who reuses them: `VERSIONE` is that of their schema, docs/schema/README.md says
how it changes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import MAX_PREC, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from pipeline.documents import cifre
from pipeline.documents.fascicolo import Fascicolo
from pipeline.numeri import arrotonda
from pipeline.parole import segnaposto
from pipeline.score import DEBOLE, NESSUNA, PARZIALE, SOLIDA
from pipeline.tables import (
    COLONNE,
    CONTO,
    PER_CENTO,
    TRASVERSALI,
    Colonna,
    Detto,
    Riga,
    Scheda,
    Tipo,
    chiave_scheda,
)

VERSIONE = "1.1"
ALTRI_POSTI = Decimal("0.000001")
"""How far a number goes that is not a percentage."""
ENTE, SETTORE = "ente", "settore"
"""Of what a row of per_missione tells."""


@dataclass(frozen=True)
class Tavola:
    """A table: `chiave` names its rows, `legami` the columns that lead to the key of another table;
    `righe` gives them by name of column."""

    nome: str
    titolo: str
    descrizione: str
    colonne: tuple[Colonna, ...]
    righe: Callable[[Fascicolo], Iterable[Riga]]
    chiave: tuple[str, ...] = ()
    legami: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facoltativa: bool = False
    """Whether it is not written where it has no rows."""

    def compila(self, fascicolo: Fascicolo) -> list[list[Any]]:
        """The rows, in the order of the columns: None is what is missing."""
        sempre = {"ente": fascicolo.ente.get("denominazione", ""), "anno": fascicolo.anno}
        righe = ({**sempre, **riga} for riga in self.righe(fascicolo))
        return [[_valore(riga[c.nome], c) for c in self.colonne] for riga in righe]


def _valore(valore: Any, colonna: Colonna) -> Any:
    """A value as it is published: a percentage is rounded as everywhere else."""
    if isinstance(valore, Decimal):
        if colonna.detto.unita == PER_CENTO:
            return arrotonda(valore)
        with localcontext(prec=MAX_PREC):  # a rapporto may have all the digits that a cell holds
            return valore.quantize(ALTRI_POSTI, rounding=ROUND_HALF_UP)
    return None if valore == "" else valore


def _una(nome: str, tipo: Tipo, testo: str, unita: str = "", valori: tuple[str, ...] = ()) -> Colonna:
    return Colonna(nome, tipo, detto=Detto(testo, unita, valori))


def _da(tabella: str, *nomi: str) -> tuple[Colonna, ...]:
    """Columns that are those of a table of the program."""
    sue = {colonna.nome: colonna for colonna in COLONNE[tabella]}
    return tuple(sue[nome] for nome in nomi)


def _presi(riga: Mapping[str, Any], colonne: Iterable[Colonna]) -> Riga:
    return {colonna.nome: riga[colonna.nome] for colonna in colonne}


SEMPRE = (
    _una("ente", "testo", "Denominazione dell'ente"),
    _una("anno", "intero", "Anno rendicontato"),
)
IMBUTO = (
    _una("indicatori", "intero", "Quanti indicatori ci sono nelle schede", CONTO),
    _una("attesi", "intero", "Quanti di essi hanno un valore atteso", CONTO),
    _una("quantificabili", "intero", "Quanti hanno un valore atteso che si può misurare", CONTO),
    _una("misurati", "intero", "Quanti si sono misurati", CONTO),
    _una("raggiunti", "intero", "Quanti hanno raggiunto il valore atteso", CONTO),
)
CODICE = _da("voci", "settore")[0]


# --------------------------------------------------------------------------------------------- cifre


def _cifre(fascicolo: Fascicolo) -> Iterator[Riga]:
    for cifra in cifre.cifre(fascicolo).values():
        grado = isinstance(cifra.valore, Decimal) or cifra.valore is None
        valore = arrotonda(cifra.valore) if isinstance(cifra.valore, Decimal) else cifra.valore
        valore = Decimal(valore) if isinstance(valore, int) else valore
        yield {"cifra": cifra.nome, "valore": valore, "unita": PER_CENTO if grado else CONTO}


CIFRE = Tavola(
    "cifre",
    "Le cifre della relazione",
    "Le due medie dell'ente e i conti che la relazione racconta, ciascuno con il suo nome.",
    (
        *SEMPRE,
        _una("cifra", "testo", "Nome della cifra, come nella relazione"),
        _una("valore", "decimale", "Il valore; vuoto se non si può calcolare"),
        _una("unita", "testo", "Se il valore è una percentuale o un conto", "", (PER_CENTO, CONTO)),
    ),
    _cifre,
    ("cifra",),
)

# ------------------------------------------------------------------------------------------- settori


def _settori(fascicolo: Fascicolo) -> Iterator[Riga]:
    valutati = {settore.settore: settore for settore in fascicolo.settori}
    confronti = {confronto.settore: confronto for confronto in fascicolo.valutazione.confronti}
    for codice in fascicolo.ordine:
        figure, confronto = valutati.get(codice), confronti.get(codice)
        yield {
            "settore": codice,
            "denominazione": fascicolo.denominazioni[codice],
            "trasversali": codice == TRASVERSALI,
            "peso": figure and figure.peso_media,
            "obiettivi": figure and figure.obiettivi,
            "valutati": figure and figure.valutati,
            "esclusi": figure and figure.esclusi,
            "somma_pesi": figure and figure.somma_pesi,
            "grado": figure and figure.grado,
            "grado_propri": figure and figure.grado_propri,
            "fascia": figure and figure.fascia,
            "confrontati": confronto and confronto.confrontati,
            "dichiarato": confronto and confronto.dichiarato,
            "misurato": confronto and confronto.misurato,
            **vars(fascicolo.imbuto(codice)),
        }


SETTORI = Tavola(
    "settori",
    "I settori",
    "Una riga per settore, con la sua percentuale; quella delle schede comuni a più settori, se ci "
    "sono, non ne ha una.",
    (
        *SEMPRE,
        CODICE,
        _una("denominazione", "testo", "Nome del settore"),
        _una("trasversali", "logico", "Vero nella riga delle schede comuni a più settori"),
        _una("peso", "decimale", "Peso nella media dei settori dell'ente"),
        _una("obiettivi", "intero", "Quante voci ha la valutazione del settore", CONTO),
        _una("valutati", "intero", "Quante voci entrano nella media", CONTO),
        _una("esclusi", "intero", "Quante voci restano fuori dalla media", CONTO),
        _una("somma_pesi", "decimale", "Somma dei pesi delle voci che entrano nella media"),
        _una("grado", "decimale", "Percentuale del settore: media pesata dei gradi", PER_CENTO),
        _una(
            "grado_propri",
            "decimale",
            "La stessa media sui soli obiettivi propri, senza quelli comuni a più settori",
            PER_CENTO,
        ),
        _una("fascia", "testo", "Fascia in cui cade la percentuale, fra quelle dell'ente"),
        _una("confrontati", "intero", "Quanti obiettivi propri hanno i due gradi da confrontare", CONTO),
        _una("dichiarato", "decimale", "Media dei gradi dichiarati di quegli obiettivi", PER_CENTO),
        _una("misurato", "decimale", "Media dei gradi misurati degli stessi obiettivi", PER_CENTO),
        *IMBUTO,
    ),
    _settori,
    ("settore",),
)

# ---------------------------------------------------------------------------------------------- voci


def _voci(fascicolo: Fascicolo) -> Iterator[Riga]:
    for settore in fascicolo.ordine:
        for voce in fascicolo.voci(settore):
            yield {
                **_presi(voce.riga, COLONNE["voci"]),
                "obiettivo": voce.chiave,
                "trasversale": voce.trasversale,
                "peso": voce.peso,
                "grado_dichiarato": voce.dichiarato,
                "grado_misurato": voce.grado_misurato,
                "base": voce.base,
                "grado_nucleo": voce.del_nucleo,
                "grado": voce.grado,
                "origine": voce.origine,
                "nella_media": voce.conta,
                "motivo": voce.motivo,
                "fascia": voce.fascia,
                "note": voce.note,
            }


VOCI = Tavola(
    "voci",
    "Le voci delle valutazioni",
    "Una riga per ogni obiettivo nella valutazione di un settore: di queste righe è fatta la media.",
    (
        *SEMPRE,
        *_da("voci", "settore", "n"),
        _una("obiettivo", "testo", "Obiettivo distinto: lo stesso nei settori che lo hanno in comune"),
        *_da("voci", "descrizione"),
        _una("trasversale", "logico", "Vero se l'obiettivo è comune a più settori"),
        *_da("voci", "schede", "peso", "stato", "grado_dichiarato"),
        _una("grado_misurato", "decimale", "Media dei gradi misurati delle sue schede", PER_CENTO),
        _una(
            "base",
            "testo",
            "Quanto è solido il grado misurato, da quanti indicatori si misurano sul totale",
            "",
            (SOLIDA, PARZIALE, DEBOLE, NESSUNA),
        ),
        *_da("voci", "grado_nucleo"),
        _una("grado", "decimale", "Grado che vale", PER_CENTO),
        _una("origine", "testo", "Da dove viene il grado che vale"),
        _una("nella_media", "logico", "Vero se entra nella media del settore"),
        _una("motivo", "testo", "Perché resta fuori dalla media"),
        _una("fascia", "testo", "Fascia in cui cade il grado, fra quelle dell'ente"),
        *_da("voci", "note_responsabile", "note"),
    ),
    _voci,
    ("settore", "n"),
    {"settori": ("settore",)},
)

# -------------------------------------------------------------------------------------------- schede

DELLE_SCHEDE = _da(
    "schede",
    *("settore", "scheda", "titolo", "descrizione", "valutazione", "grado_dichiarato"),
    *("grado_misurato", "misurabili", "attesi", "indicatori"),
)


def _schede(fascicolo: Fascicolo) -> Iterator[Riga]:
    for scheda in fascicolo.schede:
        collegamenti = fascicolo.righe.collegamenti.della(chiave_scheda(scheda))
        obiettivi = fascicolo.righe.obiettivi.della(chiave_scheda(scheda))
        yield {
            **_presi(scheda, DELLE_SCHEDE),
            "codice": fascicolo.codice(scheda).replace("\N{NO-BREAK SPACE}", " "),
            "strategico": any(obiettivo["strategico"] for obiettivo in obiettivi),
            "nella_media": fascicolo.nella_media(scheda),
            "missioni": _elenco(c["codice_missione"] for c in collegamenti),
            "programmi": _elenco(c["codici_programma"] for c in collegamenti),
            "stato_di_attuazione": _fatto(fascicolo, scheda),
        }


def _elenco(codici: Iterable[str]) -> str:
    tutti = (codice.strip() for codici_di in codici for codice in codici_di.split(","))
    return ", ".join(dict.fromkeys(filter(None, tutti)))


def _fatto(fascicolo: Fascicolo, scheda: Scheda) -> str:
    """What was done, as typed; without the placeholder of the form."""
    stati = fascicolo.righe.stati.della(chiave_scheda(scheda))
    return "\n".join(
        ": ".join(filter(None, (stato["voce"], stato["testo"])))
        for stato in stati
        if not segnaposto(stato["testo"])
    )


SCHEDE = Tavola(
    "schede",
    "Le schede",
    "Una riga per scheda, o per obiettivo operativo nei settori che rendicontano per missione.",
    (
        *SEMPRE,
        *DELLE_SCHEDE[:2],
        _una("codice", "testo", "Come la relazione chiama la scheda, per esempio AG 8"),
        *DELLE_SCHEDE[2:],
        _una("strategico", "logico", "Vero se un suo obiettivo è strategico"),
        _una("nella_media", "logico", "Vero se una voce che entra nella media la comprende"),
        _una("missioni", "testo", "Codici delle missioni di bilancio a cui è collegata"),
        _una("programmi", "testo", "Codici dei programmi di bilancio: missione e programma, 0102"),
        _una("stato_di_attuazione", "testo", "Che cosa è stato fatto, come l'ha scritto il settore"),
    ),
    _schede,
    ("settore", "scheda"),
    {"settori": ("settore",)},
)

# ---------------------------------------------------------------------------------------- indicatori

DEGLI_INDICATORI = _da(
    "indicatori",
    *("settore", "scheda", "n", "indicatore", "atteso", "raggiunto", "motivo_scostamento", "peso"),
    *("verso", "unita", "fonte", "partenza", "tipo", "numero_atteso", "numero_raggiunto"),
    *("grado_misurato", "rapporto", "esito", "motivo"),
)


def _indicatori(fascicolo: Fascicolo) -> Iterator[Riga]:
    for scheda in fascicolo.schede:
        for indicatore in fascicolo.righe.indicatori.della(chiave_scheda(scheda)):
            yield _presi(indicatore, DEGLI_INDICATORI)


INDICATORI = Tavola(
    "indicatori",
    "Gli indicatori",
    "Una riga per indicatore: il valore atteso e quello raggiunto come sono scritti, e che cosa dicono "
    "insieme.",
    (*SEMPRE, *DEGLI_INDICATORI),
    _indicatori,
    ("settore", "scheda", "n"),
    {"schede": ("settore", "scheda")},
)

# -------------------------------------------------------------------------------------- per missione


def _per_missione(fascicolo: Fascicolo) -> Iterator[Riga]:
    for missione in fascicolo.valutazione.missioni:
        yield {**vars(missione), "livello": SETTORE if missione.settore else ENTE}


PER_MISSIONE = Tavola(
    "per_missione",
    "I risultati per missione di bilancio",
    "Una riga per missione e una per ognuno dei suoi programmi, dell'ente intero e di ogni settore.",
    (
        *SEMPRE,
        _una("livello", "testo", "Se la riga è dell'ente intero o di un settore", "", (ENTE, SETTORE)),
        _una("settore", "testo", "Codice del settore; vuoto nelle righe dell'ente"),
        _una("missione", "testo", "Codice della missione di bilancio; vuoto: nessuna"),
        _una("programmi", "testo", "Codici dei programmi; vuoto: la missione intera"),
        _una("denominazione", "testo", "Nome della missione o del programma"),
        _una("schede", "intero", "Quante schede vi sono collegate", CONTO),
        _una("n_grado_dichiarato", "intero", "Quante di esse hanno un grado dichiarato", CONTO),
        _una("grado_dichiarato", "decimale", "Media di quei gradi", PER_CENTO),
        _una("n_grado_misurato", "intero", "Quante hanno un grado misurato", CONTO),
        _una("grado_misurato", "decimale", "Media di quei gradi", PER_CENTO),
        _una("obiettivi", "intero", "Quanti obiettivi distinti vi sono collegati", CONTO),
        _una("valutati", "intero", "Quanti di essi sono valutati", CONTO),
        _una("grado", "decimale", "Media dei gradi di quegli obiettivi", PER_CENTO),
        _una("con_due_gradi", "intero", "Quante schede hanno sia il dichiarato sia il misurato", CONTO),
        _una("dichiarato_confrontato", "decimale", "Media dei dichiarati di quelle schede", PER_CENTO),
        _una("misurato_confrontato", "decimale", "Media dei misurati di quelle schede", PER_CENTO),
    ),
    _per_missione,
)

# --------------------------------------------------------------------------------------------- premi


def _premi(fascicolo: Fascicolo) -> Iterator[Riga]:
    for premio in fascicolo.righe.premi:
        persone = premio["persone"]
        yield {**premio, "persone": None if persone is None else int(persone)}


PREMI = Tavola(
    "premi",
    "I premi, per gruppi",
    "I premi collegati alla performance stanziati e distribuiti, e come si distribuiscono fra le fasce "
    "(D.Lgs. 33/2013, art. 20). Solo gruppi di almeno cinque persone.",
    (
        *SEMPRE,
        *_da("premi", "gruppo", "fascia"),
        replace(_da("premi", "persone")[0], tipo="intero"),
        *_da("premi", "stanziati", "distribuiti"),
    ),
    _premi,
    facoltativa=True,
)

TAVOLE = (CIFRE, SETTORI, VOCI, SCHEDE, INDICATORI, PER_MISSIONE, PREMI)


def presenti(fascicolo: Fascicolo) -> list[Tavola]:
    """The tables that are written of a fascicolo."""
    return [t for t in TAVOLE if not t.facoltativa or any(True for _ in t.righe(fascicolo))]
