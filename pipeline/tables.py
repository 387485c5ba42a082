"""The normalised tables: what every step hands to the next.

Each table is a pandas DataFrame; the rules and the documents get its rows as records (`Tabelle.righe`).
A record is described once, here: the columns of its table, their types and what is checked of them
follow from it. Text is kept as typed and is "" when missing; a missing number is None, never NaN and
never 0. Every row ends with where it was read (`Provenienza`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import (
    Annotated,
    Any,
    Generic,
    Literal,
    TypedDict,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

import numpy as np
import pandas as pd

from pipeline.celle import lettere

Riga = dict[str, Any]
"""A row of any table, or one that is still being read."""
ChiaveScheda = tuple[str, int]
"""What names a scheda: its settore and its number."""
Tipo = Literal["testo", "intero", "decimale", "logico"]

TRASVERSALI = "trasversali"
"""The settore code of the workbook whose schede are shared by every settore."""

VALUTATO = "valutato"
NON_CONSUNTIVATO = "non consuntivato"
STATI = (VALUTATO, "rinviato", "sospeso", "non valutabile", NON_CONSUNTIVATO)
"""What can be said of a voce; only a voce *valutata* enters the mean (docs/metodo.md)."""

VALUTAZIONI = {
    "in_linea": "in linea con le attese",
    "azioni_avviate": "non in linea con le attese, azioni correttive già avviate",
    "azioni_necessarie": "non in linea con le attese, necessarie azioni correttive immediate",
}
"""The three boxes of a scheda: stored key -> printed words."""

VERSI = ("crescente", "decrescente")
RESPONSABILE, SUPPORTO = "responsabile", "supporto"
"""How a person takes part in an obiettivo."""
FATTO, NON_FATTO, RICHIESTE, TITOLI = "Fatto", "Non fatto", "Richieste", "Titoli"
"""What the ente may write in the place of what the program would say by rule."""
CAPITOLI = (
    "Presentazione",
    "Contesto",
    "Organizzazione",
    "Rendicontazione",
    "Risorse",
    "Pari opportunità",
    *(FATTO, NON_FATTO, RICHIESTE, TITOLI),
)
"""The chapters of the relazione for which the ente writes in Testi."""


@dataclass(frozen=True)
class Detto:
    """What a column says, for who reads the open data: in words, in what unit, and the values that it
    may have where they are few."""

    testo: str
    unita: str = ""
    valori: tuple[str, ...] = ()


PER_CENTO, RAPPORTO, CONTO, EURO = "%", "% anche oltre 100", "numero", "euro"
"""The units: a grado is from 0 to 100."""

T = TypeVar("T")
Chiave = Annotated[T, "chiave"]
"""Names the row, alone or with the other keys; no cell holds it."""
Implicita = Annotated[T, "implicita"]
"""Known from where the row stands, or from the mark of the workbook; no cell holds it."""
Derivata = Annotated[T, "derivata"]
"""Filled in by `measure`."""
Posto = Annotated[T, "posto"]
"""Only says where a value stands: for the rilievi, like the provenance."""
Numero = Decimal | None


class Luogo(TypedDict):
    """Where a row was read, and in which cell each of its values stood (`cella_di`): of a column moved
    by the office, or of another template, nobody else knows it."""

    file: Implicita[str]
    foglio: Implicita[str]
    riga: Implicita[int]
    posti: Posto[str]


class Provenienza(Luogo):
    """Where a row was read, and by which template."""

    modello: Posto[str]


class DiSettore(Provenienza):
    """A row of the workbook of a settore."""

    settore: Annotated[Chiave[str], Detto("Codice del settore, lo stesso in tutte le tavole")]


class DiScheda(DiSettore):
    """A row of one of its schede."""

    scheda: Annotated[
        Chiave[int], Detto("Numero della scheda, o dell'obiettivo operativo, nel suo settore")
    ]


class Dato(Provenienza):
    """A row of the sheet Ente."""

    chiave: Chiave[str]
    valore: str


class Elencato(Luogo):
    """A settore as listed in ente.xlsx, where it may be listed twice by mistake; its `modello` is what
    it is to fill in."""

    settore: str
    denominazione: str
    responsabile: str
    email: str
    peso: Numero
    modello: str
    n_schede: Numero
    missioni: str


class Testo(Provenienza):
    """A text of the office for a chapter of the relazione."""

    capitolo: str
    titolo: str
    testo: str


class Parametro(Provenienza):
    parametro: Chiave[str]
    valore: str


class Destinatario(Provenienza):
    nome: str
    ruolo: str
    email: str


class Accettato(Provenienza):
    """An avviso that the office lets be: where it is, what it said, who accepts it and why."""

    codice: str
    gravita: str
    nel_file: str
    nel_foglio: str
    nella_cella: str
    non_va: str
    rimedio: str
    che_cosa: str
    chi: str
    perche: str
    quando: str


class Risorsa(Provenienza):
    """What the rendiconto says of a programma, as pasted; `codice` is the programma ("0102"), "" where
    the row does not name one. An amount left blank is not known, and is not 0."""

    missione: str
    programma: str
    stanziato: Numero
    impegnato: Numero
    pagato: Numero
    codice: Derivata[str]


class Premio(Provenienza):
    """The premi of a group of people, or of a fascia of it: never of one (D.Lgs. 33/2013, art. 20)."""

    gruppo: Annotated[str, Detto("A chi vanno i premi: un gruppo di persone")]
    fascia: Annotated[str, Detto("Fascia di valutazione; vuota: tutto il gruppo")]
    persone: Annotated[Numero, Detto("Quante persone, mai meno di cinque", CONTO)]
    stanziati: Annotated[Numero, Detto("Premi collegati alla performance stanziati", EURO)]
    distribuiti: Annotated[Numero, Detto("Premi effettivamente distribuiti", EURO)]


class Messaggio(Provenienza):
    messaggio: Chiave[str]
    oggetto: str
    testo: str


class Settore(Luogo):
    """A settore as its own workbook says."""

    settore: Chiave[str]
    denominazione: Implicita[str]
    responsabile: str
    ruolo: str
    categoria: str
    anno: Implicita[int]
    modello: Implicita[str]


class Scheda(DiScheda):
    """A scheda, or an obiettivo operativo. `blocco` is the missione it stands under, 0 for none;
    `attesi` counts its indicatori with an atteso, `misurabili` those measured."""

    titolo: Annotated[str, Detto("Titolo della scheda")]
    descrizione: Annotated[str, Detto("Descrizione della scheda, come l'ha scritta il settore")]
    valutazione: Annotated[
        str,
        Detto("La casella segnata dal settore sullo stato di avanzamento", valori=tuple(VALUTAZIONI)),
    ]
    grado_dichiarato: Annotated[
        Numero, Detto("Grado di raggiungimento dichiarato dal responsabile", PER_CENTO)
    ]
    responsabile: str
    supporto: str
    previsto: bool
    blocco: Implicita[int]
    grado_misurato: Annotated[
        Derivata[Numero], Detto("Media pesata dei gradi degli indicatori che si misurano", PER_CENTO)
    ]
    misurabili: Annotated[Derivata[int], Detto("Quanti indicatori si misurano", CONTO)]
    attesi: Annotated[Derivata[int], Detto("Quanti indicatori hanno un valore atteso", CONTO)]
    indicatori: Annotated[Derivata[int], Detto("Quanti indicatori ha la scheda", CONTO)]


class Obiettivo(DiScheda):
    n: Chiave[int]
    definizione: str
    assegnazione: Implicita[str]
    strategico: bool


class Fase(DiScheda):
    """A fase of the obiettivo with that number. `realizzato` is how much of it was done, in per cento;
    like its peso it is shown and changes no grado."""

    obiettivo: Chiave[int]
    n: Chiave[int]
    descrizione: str
    orizzonte: str
    assegnazione: str
    peso: Numero
    realizzato: Numero


class Collegamento(DiScheda):
    """A missione and its programmi, as typed and by their codes ("0102, 0103")."""

    n: Chiave[int]
    missione: str
    denominazione_missione: str
    programma: str
    denominazione_programma: str
    codice_missione: Derivata[str]
    codici_programma: Derivata[str]


class Indicatore(DiScheda):
    """What is measured. `unita`, `fonte` and `partenza` are shown and not measured; so is the
    `motivo_scostamento`, why the raggiunto is under the atteso (`motivo` is why it is not measured).
    `da_allineare`: its cells hold several indicatori and their values, which do not go together line by
    line; it is not measured. `numero_atteso` and `numero_raggiunto` are the one number that each cell
    says."""

    n: Annotated[Chiave[int], Detto("Numero dell'indicatore nella scheda")]
    indicatore: Annotated[str, Detto("Che cosa si misura, come l'ha scritto il settore")]
    atteso: Annotated[str, Detto("Valore atteso, come l'ha scritto il settore")]
    raggiunto: Annotated[str, Detto("Valore raggiunto, come l'ha scritto il settore")]
    motivo_scostamento: Annotated[
        str, Detto("Perché il raggiunto è sotto l'atteso, come l'ha scritto il settore")
    ]
    peso: Annotated[
        Numero, Detto("Peso nel grado misurato della scheda; vuoto in tutti: contano uguale")
    ]
    verso: Annotated[
        str, Detto("Se è meglio crescere o diminuire, dove il settore lo dice", valori=VERSI)
    ]
    unita: Annotated[str, Detto("Unità di misura, come l'ha scritta il settore")]
    fonte: Annotated[str, Detto("Da dove viene il dato")]
    partenza: Annotated[str, Detto("Valore di partenza, come l'ha scritto il settore")]
    da_allineare: Posto[bool]
    tipo: Annotated[
        Derivata[str], Detto("Di che genere è il valore atteso: numero, soglia, scadenza e gli altri")
    ]
    numero_atteso: Annotated[Derivata[Numero], Detto("Il solo numero che il valore atteso dice")]
    numero_raggiunto: Annotated[Derivata[Numero], Detto("Il solo numero che il raggiunto dice")]
    grado_misurato: Annotated[
        Derivata[Numero], Detto("Quanto il raggiunto è dell'atteso, da 0 a 100", PER_CENTO)
    ]
    rapporto: Annotated[Derivata[Numero], Detto("Lo stesso rapporto, che può superare 100", RAPPORTO)]
    esito: Annotated[Derivata[str], Detto("Come si confrontano raggiunto e atteso")]
    motivo: Annotated[Derivata[str], Detto("Come si è misurato, o perché non si misura")]


class Stato(DiScheda):
    """What was done: for the fase or the obiettivo that `voce` names, if it does."""

    n: Chiave[int]
    voce: str
    testo: str


class Voce(DiSettore):
    """A row of the Valutazione, as typed; `schede` are those it covers (`schede_coperte`).

    The `note` are of the Nucleo, where the template has a cell for those of the responsabile. What it
    writes in its own workbook stands beside what is typed here and prevails (`del_nucleo`, `nota`).
    """

    n: Annotated[Chiave[int], Detto("Numero della voce nella valutazione del settore")]
    descrizione: Annotated[str, Detto("L'obiettivo valutato, come l'ha scritto il settore")]
    schede: Annotated[
        str, Detto("Le schede che la voce comprende: 8, 9 del settore; T1 è la prima di quelle comuni")
    ]
    peso: Annotated[
        Numero, Detto("Peso nella media del settore; dove nessuna voce ne ha, tutte hanno 1")
    ]
    stato: Annotated[str, Detto("Se la voce è stata valutata", valori=STATI)]
    grado_dichiarato: Annotated[
        Numero,
        Detto("Grado dichiarato dal responsabile: della voce, o media delle sue schede", PER_CENTO),
    ]
    grado_nucleo: Annotated[Numero, Detto("Grado attribuito dall'organo di valutazione", PER_CENTO)]
    note_responsabile: Annotated[str, Detto("Motivo o note del responsabile")]
    note: Annotated[str, Detto("Note della valutazione")]
    grado_giudizio: Derivata[Numero]
    note_giudizio: Derivata[str]
    visto: Derivata[bool]


class Missione(DiSettore):
    """The heading of a missione; its `n` is the `blocco` of the schede under it."""

    n: Chiave[int]
    missione: str
    denominazione: str


class Persona(DiScheda):
    """Who takes part in a scheda; an ufficio is a `gruppo`."""

    n: Chiave[int]
    nominativo: Derivata[str]
    ruolo: Derivata[str]
    gruppo: Derivata[bool]


class Giudizio(Provenienza):
    """What the Nucleo says of an obiettivo in its own workbook: `obiettivo` is its code, as `score`
    gives it, `descrizione` and `grado_dichiarato` what it read when it wrote."""

    obiettivo: Implicita[str]
    descrizione: Implicita[str]
    grado_dichiarato: Implicita[Numero]
    visto: bool
    grado_nucleo: Numero
    note: str


class Letta(Luogo):
    """A workbook that was read. `complessiva` is the percentage that its own formulas had worked out,
    `in_percento` the gradi that they see as hundredths («Valutazione» F7, «Scheda 1» D40)."""

    settore: Chiave[str]
    sha256: Implicita[str]
    modello: Implicita[str]
    versione: Implicita[str]
    salvato: Implicita[str]
    celle: Implicita[int]
    complessiva: Posto[Numero]
    in_percento: Posto[str]


S = TypeVar("S", bound=DiSettore)
C = TypeVar("C", bound=DiScheda)


class PerSettore(tuple[S, ...], Generic[S]):
    """The rows of a table, in order, and those of a settore."""

    @cached_property
    def _settori(self) -> dict[str, list[S]]:
        gruppi: dict[str, list[S]] = {}
        for riga in self:
            gruppi.setdefault(riga["settore"], []).append(riga)
        return gruppi

    def di(self, settore: str) -> list[S]:
        return self._settori.get(settore, [])

    def prima(self, settore: str) -> S | None:
        return next(iter(self.di(settore)), None)


class PerScheda(PerSettore[C], Generic[C]):
    """The rows of a table, in order, those of a settore and those of a scheda."""

    @cached_property
    def per_scheda(self) -> dict[ChiaveScheda, list[C]]:
        gruppi: dict[ChiaveScheda, list[C]] = {}
        for riga in self:
            gruppi.setdefault(chiave_scheda(riga), []).append(riga)
        return gruppi

    def della(self, scheda: ChiaveScheda) -> list[C]:
        return self.per_scheda.get(scheda, [])

    def delle(self, schede: Iterable[ChiaveScheda]) -> list[C]:
        return [riga for scheda in schede for riga in self.della(scheda)]


def chiave_scheda(riga: DiScheda) -> ChiaveScheda:
    """What names the scheda of a row."""
    return riga["settore"], riga["scheda"]


@dataclass(frozen=True)
class Righe:
    """The rows of all the tables, as records: from here come the columns of each."""

    # from ente.xlsx
    ente: tuple[Dato, ...]
    elenco: PerSettore[Elencato]
    testi: tuple[Testo, ...]
    parametri: tuple[Parametro, ...]
    destinatari: tuple[Destinatario, ...]
    accettati: tuple[Accettato, ...]
    messaggi: tuple[Messaggio, ...]
    risorse: tuple[Risorsa, ...]
    premi: tuple[Premio, ...]
    # from the settore workbooks
    settori: PerSettore[Settore]
    schede: PerScheda[Scheda]
    obiettivi: PerScheda[Obiettivo]
    fasi: PerScheda[Fase]
    collegamenti: PerScheda[Collegamento]
    indicatori: PerScheda[Indicatore]
    stati: PerScheda[Stato]
    voci: PerSettore[Voce]
    missioni: PerSettore[Missione]
    personale: PerScheda[Persona]
    # from the workbook of the Nucleo
    giudizi: tuple[Giudizio, ...]
    # from the run
    provenienza: PerSettore[Letta]


@dataclass(frozen=True)
class Colonna:
    """A column of a table, from the attribute of its record; `segno` as `Chiave` and the others, "" for
    what a cell holds. `detto` of those that are published."""

    nome: str
    tipo: Tipo
    segno: str = ""
    detto: Detto = field(default=Detto(""), compare=False)

    @property
    def da_cella(self) -> bool:
        return not self.segno


_TIPI: dict[Any, Tipo] = {str: "testo", int: "intero", Numero: "decimale", bool: "logico"}


def _colonne(record: type) -> tuple[Colonna, ...]:
    colonne = []
    for nome, descritto in get_type_hints(record, include_extras=True).items():
        tipo, *altro = get_args(descritto) if get_origin(descritto) is Annotated else (descritto,)
        segno = next((s for s in altro if isinstance(s, str)), "")
        detto = next((d for d in altro if isinstance(d, Detto)), Detto(""))
        colonne.append(Colonna(nome, _TIPI[tipo], segno, detto))
    return tuple(colonne)


PROVENIENZA = _colonne(Provenienza)
COLONNE: dict[str, tuple[Colonna, ...]] = {
    nome: tuple(c for c in _colonne(get_args(lista)[0]) if c not in PROVENIENZA)
    for nome, lista in get_type_hints(Righe).items()
}
_LISTE: dict[str, Any] = {nome: get_origin(lista) for nome, lista in get_type_hints(Righe).items()}
CHIAVI: dict[str, tuple[str, ...]] = {
    nome: tuple(c.nome for c in colonne if c.segno == "chiave") for nome, colonne in COLONNE.items()
} | {"provenienza": ("file",)}
"""Columns that name a row; none where a workbook may rightly repeat a row."""


@dataclass(frozen=True)
class Tabelle:
    """All the tables of one ente (or of one workbook: the others are then empty)."""

    ente: pd.DataFrame
    elenco: pd.DataFrame
    testi: pd.DataFrame
    parametri: pd.DataFrame
    destinatari: pd.DataFrame
    accettati: pd.DataFrame
    messaggi: pd.DataFrame
    risorse: pd.DataFrame
    premi: pd.DataFrame
    settori: pd.DataFrame
    schede: pd.DataFrame
    obiettivi: pd.DataFrame
    fasi: pd.DataFrame
    collegamenti: pd.DataFrame
    indicatori: pd.DataFrame
    stati: pd.DataFrame
    voci: pd.DataFrame
    missioni: pd.DataFrame
    personale: pd.DataFrame
    giudizi: pd.DataFrame
    provenienza: pd.DataFrame

    def per_nome(self) -> dict[str, pd.DataFrame]:
        return {campo.name: getattr(self, campo.name) for campo in fields(self)}

    @cached_property
    def righe(self) -> Righe:
        """The rows of every table, as records."""
        return Righe(**{nome: _LISTE[nome](righe(df)) for nome, df in self.per_nome().items()})

    def con(self, **nuove: Iterable[Mapping[str, Any]]) -> "Tabelle":
        """The same tables, but for some that are built anew, and checked, from these rows. The rows of
        all stay at hand: pandas would give back the same."""
        complete = {nome: _complete(nome, sue) for nome, sue in nuove.items()}
        altre = replace(self, **{nome: _tabella(nome, sue) for nome, sue in complete.items()})
        sue = {nome: _LISTE[nome](righe) for nome, righe in complete.items()}
        vars(altre)["righe"] = replace(self.righe, **sue)  # where cached_property keeps it
        return altre

    @cached_property
    def dati_ente(self) -> dict[str, str]:
        """What ente.xlsx says of the ente, by key: denominazione, anno, organo, data…"""
        return {riga["chiave"]: riga["valore"] for riga in self.righe.ente}

    @cached_property
    def elencati(self) -> dict[str, Elencato]:
        """The settori listed in ente.xlsx, by code, in order; of two rows with a code the first counts,
        and one without does not."""
        codici = (riga["settore"] for riga in self.righe.elenco)
        return {codice: self.righe.elenco.di(codice)[0] for codice in codici if codice}


@cache
def colonne(nome: str) -> tuple[Colonna, ...]:
    """All the columns of a table, provenance last; a column of its own with the same name prevails
    (`elenco` has the modello that a settore is to fill in)."""
    proprie = {colonna.nome for colonna in COLONNE[nome]}
    return COLONNE[nome] + tuple(c for c in PROVENIENZA if c.nome not in proprie)


def costruisci(righe: Mapping[str, Iterable[Mapping[str, Any]]]) -> Tabelle:
    """Build and check every table from rows read; a table without rows is empty, with its columns.

    Raises ValueError when a row breaks the contract: that is a fault of a reader, not of a workbook.
    """
    return _vuote().con(**{nome: righe.get(nome, ()) for nome in COLONNE})


@cache
def _vuote() -> Tabelle:
    return Tabelle(**{nome: _vuota(nome) for nome in COLONNE})


@cache
def _vuota(nome: str) -> pd.DataFrame:
    return _di_righe(nome, [])  # as most tables of a workbook: pandas takes a millisecond for each


def tabella(nome: str, righe: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One checked table. Columns left out of a row are missing: "" for text, None for numbers."""
    return _tabella(nome, _complete(nome, righe))


def _tabella(nome: str, righe: list[Riga]) -> pd.DataFrame:
    return _di_righe(nome, righe) if righe else _vuota(nome).copy(deep=False)


def _complete(nome: str, righe: Iterable[Mapping[str, Any]]) -> list[Riga]:
    """Rows with all the columns of their table, in order."""
    mancante = _mancante(nome)
    complete = [{**mancante, **riga} for riga in righe]
    for riga in complete:
        if len(riga) > len(mancante):
            raise ValueError(
                f"{nome}: columns not in the contract: {sorted(riga.keys() - mancante.keys())}"
            )
    return complete


@cache
def _mancante(nome: str) -> Riga:
    vuoti = {"testo": "", "intero": 0, "decimale": None, "logico": False}
    return {colonna.nome: vuoti[colonna.tipo] for colonna in colonne(nome)}


def _di_righe(nome: str, righe: list[Riga]) -> pd.DataFrame:
    """A table of rows that have all its columns, in order."""
    vuote = [()] * len(colonne(nome))
    valori = list(zip(*(riga.values() for riga in righe), strict=True)) or vuote
    sue = list(zip(colonne(nome), valori, strict=True))
    _verifica(nome, sue)
    oggetti = [suoi for colonna, suoi in sue if colonna.tipo not in _TIPI_NUMPY]
    celle: Any = np.empty((len(oggetti), len(righe)), dtype=object)
    for posto, suoi in enumerate(oggetti):
        celle[posto] = suoi
    # all at once, with no type of pandas' own choice: column by column it takes three times as long
    df = pd.DataFrame(celle.T, columns=_di_oggetti(nome), dtype=object, copy=False)
    for posto, (colonna, suoi) in enumerate(sue):
        if tipo := _TIPI_NUMPY.get(colonna.tipo):
            df.insert(posto, colonna.nome, np.array(suoi, tipo))
    return df


@cache  # pandas takes as long to make the names of a table as to put it together
def _di_oggetti(nome: str) -> pd.Index:
    """The columns of a table that hold objects."""
    return pd.Index([colonna.nome for colonna in colonne(nome) if colonna.tipo not in _TIPI_NUMPY])


_TIPI_NUMPY: dict[Tipo, str] = {"intero": "int64", "logico": "bool"}
"""Of the columns that hold no objects (texts, Decimal)."""

_AMMESSI: dict[Tipo, tuple[type, ...]] = {
    "testo": (str,),
    "intero": (int,),
    "decimale": (Decimal, type(None)),
    "logico": (bool,),
}


def _verifica(nome: str, sue: list[tuple[Colonna, tuple[Any, ...]]]) -> None:
    """Check the values of a table, by column."""
    for colonna, suoi in sue:
        ammessi = _AMMESSI[colonna.tipo]
        if not all(issubclass(tipo, ammessi) for tipo in set(map(type, suoi))):
            valore = next(valore for valore in suoi if not isinstance(valore, ammessi))
            raise ValueError(f"{nome}.{colonna.nome}: {valore!r} is not {colonna.tipo}")
    chiave = list(CHIAVI[nome])
    chiavi = list(zip(*(suoi for colonna, suoi in sue if colonna.nome in chiave), strict=True))
    if len(set(chiavi)) < len(chiavi):
        raise ValueError(f"{nome}: rows with the same {chiave}")


def righe(df: pd.DataFrame) -> list[Riga]:
    """The rows of a table as plain dicts, in order."""
    nomi = [str(nome) for nome in df.columns]
    return [dict(zip(nomi, riga, strict=True)) for riga in df.to_numpy(dtype=object).tolist()]


def celle_piene(tabelle: Tabelle) -> Counter[str]:
    """How many cells of each file stand in the tables (for the reconciliation)."""
    conto: Counter[str] = Counter()
    for nome, righe in vars(tabelle.righe).items():
        da_cella = [colonna.nome for colonna in COLONNE[nome] if colonna.da_cella]
        for riga in righe:
            conto[riga["file"]] += sum(map(piena, map(riga.__getitem__, da_cella)))
    return conto


def in_posti(celle: Mapping[str, tuple[int, int]]) -> str:
    """Column -> row and column of its cell, as the provenance keeps it: "peso=D7 stato=E7"."""
    return " ".join([f"{chiave}={lettere(colonna)}{riga}" for chiave, (riga, colonna) in celle.items()])


def celle_di(riga: Mapping[str, Any]) -> dict[str, str]:
    """Addresses of the cells in which the values of a row were read, by column."""
    return dict(parte.split("=") for parte in riga["posti"].split())


def cella_di(riga: Mapping[str, Any], chiave: str) -> str:
    """Address of the cell in which a value of a row was read; "" if its template has no such field."""
    _, _, dalla_sua = f" {riga['posti']}".partition(f" {chiave}=")
    return dalla_sua.partition(" ")[0]


def piena(valore: Any) -> bool:
    """Whether a value says something: 0 does, None, "" and an unmarked box do not."""
    return valore is not None and valore is not False and valore != ""


@dataclass(frozen=True)
class Fascia:
    """A band of results, from `da` (included) up to the next band (excluded)."""

    nome: str
    da: Decimal


DICHIARATO = "dichiarato"
DICHIARATO_O_MISURATO = "dichiarato; in mancanza il misurato"
MISURATO_O_DICHIARATO = "misurato; in mancanza il dichiarato"
ORIGINI = (DICHIARATO, DICHIARATO_O_MISURATO, MISURATO_O_DICHIARATO)
"""Where the grado of a voce comes from when the Nucleo gives none."""

MEDIA_SETTORI = "media dei settori"
MEDIA_OBIETTIVI = "media degli obiettivi distinti"


@dataclass(frozen=True)
class Parametri:
    """The choices of the ente that change figures or judgements (sheet Parametri of ente.xlsx)."""

    regola_media: str = MEDIA_SETTORI
    grado_non_consuntivato: Decimal | None = None
    fasce: tuple[Fascia, ...] = ()
    tolleranza: Decimal = Decimal(10)
    somma_pesi: Decimal | None = None
    origine: str = DICHIARATO
    base: Decimal = Decimal(100)
    """The least share, in per cento, of the indicatori with an atteso that must be measured for the
    measured grado of a scheda to count."""

    def lontani(self, dichiarato: Decimal | None, misurato: Decimal | None) -> bool:
        """Whether two gradi differ by more than the tolerance; one that is missing is far from none."""
        if dichiarato is None or misurato is None:
            return False
        return abs(dichiarato - misurato) > self.tolleranza


@lru_cache(maxsize=2**12)  # the rules and the means ask again and again
def schede_coperte(settore: str, testo: str) -> tuple[ChiaveScheda, ...] | None:
    """The schede a voce covers, from the text of its cell: "8, 9" or "T1" (trasversale).

    Returns (settore, scheda) pairs in the order typed, none for an empty cell, None when the text
    is something else.
    """
    coperte = []
    for parte in testo.replace(";", ",").replace("+", ",").replace("\n", ",").split(","):
        codice = parte.strip().upper()
        if not codice:
            continue
        numero = codice.removeprefix("T").strip()
        if not (numero.isascii() and numero.isdigit() and len(numero) <= 4):
            return None
        coperte.append((TRASVERSALI if codice.startswith("T") else settore, int(numero)))
    return tuple(dict.fromkeys(coperte))


def sotto_l_atteso(indicatore: Indicatore) -> bool:
    """Whether an indicatore was measured and did not reach its atteso: it asks for a reason."""
    grado = indicatore["grado_misurato"]
    return grado is not None and grado < 100


def sigla(scheda: ChiaveScheda) -> str:
    """How the cell of a voce names a scheda: "8", or "T1"."""
    settore, numero = scheda
    return ("T" if settore == TRASVERSALI else "") + str(numero)


def del_nucleo(voce: Voce) -> Decimal | None:
    """The grado that the Nucleo gives a voce: in its own workbook, else in that of the settore."""
    return voce["grado_nucleo"] if voce["grado_giudizio"] is None else voce["grado_giudizio"]


def nota(voce: Voce) -> str:
    """What the notes of a voce say, in the workbook of the settore and in that of the Nucleo."""
    return "\n".join(dict.fromkeys(filter(None, (voce["note"], voce["note_giudizio"]))))


def motivo_della_voce(voce: Voce) -> str:
    """Why a voce did not go as expected, as the responsabile says; of one that is not valutata, also as
    its notes say: in the forms of version 1 the reason is there."""
    proprio = voce["note_responsabile"].strip()
    return proprio or ("" if voce["stato"] in ("", VALUTATO) else nota(voce).strip())


def trasversale(voce: Voce) -> bool:
    """Whether a voce is common to the settori: it covers schede of the trasversali and no other."""
    return {settore for settore, _ in coperte(voce)} == {TRASVERSALI}


def obiettivo_distinto(voce: Voce) -> str:
    """The code of the obiettivo of a voce: that of its schede if it is common to the settori."""
    if trasversale(voce):
        return "T" + ",".join(str(scheda) for _, scheda in sorted(coperte(voce)))
    return f"{voce['settore']} {voce['n']}"


def coperte(voce: Voce) -> tuple[ChiaveScheda, ...]:
    """The schede that a voce covers; none where its cell is not understood."""
    return schede_coperte(voce["settore"], voce["schede"]) or ()
