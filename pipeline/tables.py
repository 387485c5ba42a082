"""The normalised tables: what every step hands to the next.

Each table is a pandas DataFrame with the columns declared in `COLONNE`, always followed by where the
row was read (`PROVENIENZA`). Text is kept as typed and is "" when missing; a missing number
is None, never NaN and never 0.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal

import pandas as pd

Riga = dict[str, Any]
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
CAPITOLI = (
    "Presentazione",
    "Contesto",
    "Organizzazione",
    "Rendicontazione",
    "Risorse",
    "Pari opportunità",
)


@dataclass(frozen=True)
class Colonna:
    """A column of a table. `da_cella` is False for what no cell holds (keys, derived values)."""

    nome: str
    tipo: Tipo = "testo"
    da_cella: bool = True


def _chiave(nome: str, tipo: Tipo = "testo") -> Colonna:
    return Colonna(nome, tipo, da_cella=False)


_derivata = _chiave  # a column that `measure` fills in

_SETTORE = _chiave("settore")
_SCHEDA = _chiave("scheda", "intero")
_N = _chiave("n", "intero")

COLONNE: dict[str, tuple[Colonna, ...]] = {
    # from ente.xlsx
    "ente": (_chiave("chiave"), Colonna("valore")),
    "elenco": (
        Colonna("settore"),
        Colonna("denominazione"),
        Colonna("responsabile"),
        Colonna("email"),
        Colonna("peso", "decimale"),
        Colonna("modello"),
        Colonna("n_schede", "decimale"),
    ),
    "testi": (Colonna("capitolo"), Colonna("titolo"), Colonna("testo")),
    "parametri": (_chiave("parametro"), Colonna("valore")),
    "destinatari": (Colonna("nome"), Colonna("ruolo"), Colonna("email")),
    "messaggi": (_chiave("messaggio"), Colonna("oggetto"), Colonna("testo")),
    # from the settore workbooks
    "settori": (
        _SETTORE,
        _chiave("denominazione"),
        Colonna("responsabile"),
        Colonna("ruolo"),
        Colonna("categoria"),
        _chiave("anno", "intero"),
        _chiave("modello"),
    ),
    "schede": (
        _SETTORE,
        _SCHEDA,
        Colonna("titolo"),
        Colonna("descrizione"),
        Colonna("valutazione"),
        Colonna("grado_dichiarato", "decimale"),
        Colonna("responsabile"),
        Colonna("supporto"),
        Colonna("previsto", "logico"),
        _chiave("blocco", "intero"),
        _derivata("grado_misurato", "decimale"),
        _derivata("misurabili", "intero"),
        _derivata("attesi", "intero"),
        _derivata("indicatori", "intero"),
    ),
    "obiettivi": (
        _SETTORE,
        _SCHEDA,
        _N,
        Colonna("definizione"),
        _chiave("assegnazione"),
        Colonna("strategico", "logico"),
    ),
    "fasi": (
        _SETTORE,
        _SCHEDA,
        _chiave("obiettivo", "intero"),
        _N,
        Colonna("descrizione"),
        Colonna("orizzonte"),
        Colonna("assegnazione"),
    ),
    "collegamenti": (
        _SETTORE,
        _SCHEDA,
        _N,
        Colonna("missione"),
        Colonna("denominazione_missione"),
        Colonna("programma"),
        Colonna("denominazione_programma"),
        _derivata("codice_missione"),
        _derivata("codici_programma"),
    ),
    "indicatori": (
        _SETTORE,
        _SCHEDA,
        _N,
        Colonna("indicatore"),
        Colonna("atteso"),
        Colonna("raggiunto"),
        Colonna("peso", "decimale"),
        Colonna("verso"),
        _derivata("tipo"),
        _derivata("grado_misurato", "decimale"),
        _derivata("rapporto", "decimale"),
        _derivata("esito"),
        _derivata("motivo"),
    ),
    "stati": (_SETTORE, _SCHEDA, _N, Colonna("voce"), Colonna("testo")),
    "voci": (
        _SETTORE,
        _N,
        Colonna("descrizione"),
        _chiave("trasversale", "logico"),
        Colonna("schede"),
        Colonna("peso", "decimale"),
        Colonna("stato"),
        Colonna("grado_dichiarato", "decimale"),
        Colonna("grado_nucleo", "decimale"),
        Colonna("note"),
    ),
    "missioni": (
        _SETTORE,
        _N,
        Colonna("missione"),
        Colonna("denominazione"),
    ),
    "personale": (
        _SETTORE,
        _SCHEDA,
        _N,
        _derivata("nominativo"),
        _derivata("ruolo"),
        _derivata("gruppo", "logico"),
    ),
    # from the run
    "provenienza": (
        _SETTORE,
        _chiave("sha256"),
        _chiave("modello"),
        _chiave("versione"),
        _chiave("salvato"),
        _chiave("celle", "intero"),
    ),
}
LUOGO = (_chiave("file"), _chiave("foglio"), _chiave("riga", "intero"))
PROVENIENZA = (*LUOGO, _chiave("modello"), _chiave("posti"))
"""Where a row was read: the place, the template of its workbook, and in which cell each of its values
stood (`cella_di`): of a column moved by the office, or of another template, nobody else knows it."""

CHIAVI: dict[str, tuple[str, ...]] = {
    "ente": ("chiave",),
    "parametri": ("parametro",),
    "messaggi": ("messaggio",),
    "settori": ("settore",),
    "schede": ("settore", "scheda"),
    "obiettivi": ("settore", "scheda", "n"),
    "fasi": ("settore", "scheda", "obiettivo", "n"),
    "collegamenti": ("settore", "scheda", "n"),
    "indicatori": ("settore", "scheda", "n"),
    "stati": ("settore", "scheda", "n"),
    "voci": ("settore", "n"),
    "missioni": ("settore", "n"),
    "personale": ("settore", "scheda", "n"),
    "provenienza": ("file",),
}
"""Columns that name a row; absent where a workbook may rightly repeat a row."""


@dataclass(frozen=True)
class Tabelle:
    """All the tables of one ente (or of one workbook: the others are then empty)."""

    ente: pd.DataFrame
    elenco: pd.DataFrame
    testi: pd.DataFrame
    parametri: pd.DataFrame
    destinatari: pd.DataFrame
    messaggi: pd.DataFrame
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
    provenienza: pd.DataFrame

    def per_nome(self) -> dict[str, pd.DataFrame]:
        return {campo.name: getattr(self, campo.name) for campo in fields(self)}


def colonne(nome: str) -> tuple[Colonna, ...]:
    """All the columns of a table, provenance last; a column of its own with the same name prevails
    (`elenco` has the modello that a settore is to fill in)."""
    proprie = {colonna.nome for colonna in COLONNE[nome]}
    return COLONNE[nome] + tuple(c for c in PROVENIENZA if c.nome not in proprie)


def costruisci(righe: Mapping[str, Iterable[Riga]]) -> Tabelle:
    """Build and check every table from rows read; a table without rows is empty, with its columns.

    Raises ValueError when a row breaks the contract: that is a fault of a reader, not of a workbook.
    """
    return Tabelle(**{nome: tabella(nome, righe.get(nome, ())) for nome in COLONNE})


def tabella(nome: str, righe: Iterable[Riga]) -> pd.DataFrame:
    """One checked table. Columns left out of a row are missing: "" for text, None for numbers."""
    dati = {
        colonna.nome: pd.Series(dtype=_dtype(colonna), data=valori)
        for colonna, valori in _per_colonna(nome, list(righe))
    }
    df = pd.DataFrame(dati)
    _verifica(nome, df)
    return df


def _per_colonna(nome: str, righe: list[Riga]) -> Iterable[tuple[Colonna, list[Any]]]:
    ammesse = {colonna.nome for colonna in colonne(nome)}
    for riga in righe:
        if estranee := set(riga) - ammesse:
            raise ValueError(f"{nome}: columns not in the contract: {sorted(estranee)}")
    vuoti = {"testo": "", "intero": 0, "decimale": None, "logico": False}
    for colonna in colonne(nome):
        yield colonna, [riga.get(colonna.nome, vuoti[colonna.tipo]) for riga in righe]


def _dtype(colonna: Colonna) -> Any:
    return {"testo": object, "intero": "int64", "decimale": object, "logico": bool}[colonna.tipo]


def _verifica(nome: str, df: pd.DataFrame) -> None:
    tipi: dict[str, tuple[type, ...]] = {"testo": (str,), "decimale": (Decimal, type(None))}
    for colonna in colonne(nome):
        if colonna.tipo in tipi:
            for valore in df[colonna.nome]:
                if not isinstance(valore, tipi[colonna.tipo]):
                    raise ValueError(f"{nome}.{colonna.nome}: {valore!r} is not {colonna.tipo}")
    chiave = list(CHIAVI.get(nome, ()))
    if chiave and df.duplicated(chiave).any():
        raise ValueError(f"{nome}: rows with the same {chiave}")


def righe(df: pd.DataFrame) -> list[Riga]:
    """The rows of a table as plain dicts, in order."""
    nomi = [str(nome) for nome in df.columns]
    return [dict(zip(nomi, riga, strict=True)) for riga in df.to_numpy(dtype=object).tolist()]


def celle_piene(tabelle: Tabelle) -> Counter[str]:
    """How many cells of each file stand in the tables (for the reconciliation)."""
    conto: Counter[str] = Counter()
    for nome, df in tabelle.per_nome().items():
        chiavi = [colonna.nome for colonna in COLONNE[nome] if colonna.da_cella]
        for riga in righe(df):
            conto[riga["file"]] += sum(piena(riga[chiave]) for chiave in chiavi)
    return conto


def in_posti(celle: Mapping[str, str]) -> str:
    """Column -> address of its cell, as the provenance keeps it: "peso=D7 stato=E7"."""
    return " ".join(f"{chiave}={cella}" for chiave, cella in celle.items())


def cella_di(riga: Riga, chiave: str) -> str:
    """Address of the cell in which a value of a row was read; "" if its template has no such field."""
    posti: dict[str, str] = dict(parte.split("=") for parte in riga["posti"].split())
    return posti.get(chiave, "")


def piena(valore: Any) -> bool:
    """Whether a value says something: 0 does, None, "" and an unmarked box do not."""
    return valore is not None and valore is not False and not (isinstance(valore, str) and not valore)


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


def schede_coperte(settore: str, testo: str) -> list[tuple[str, int]] | None:
    """The schede a voce covers, from the text of its cell: "8, 9" or "T1" (trasversale).

    Returns (settore, scheda) pairs in the order typed, [] for an empty cell, None when the text
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
    return list(dict.fromkeys(coperte))
