"""The enti compared by size: quartiles of a few figures, never those of few enti. Pure: no file.

Who reads it is not told of which ente a figure is; of a group of less than `ALMENO` enti one could
guess, and their quartiles would not say much.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from pipeline.lotto.tavole import ENTI
from pipeline.numeri import arrotonda
from pipeline.parole import elenco_di, quanti

ALMENO = 5
"""The enti without whom there are no quartiles."""
GRANDEZZE = (
    ("fino a 3 settori", 0, 3),
    ("da 4 a 6 settori", 4, 6),
    ("da 7 a 10 settori", 7, 10),
    ("più di 10 settori", 11, None),
)
TUTTI = "tutti gli enti"
COME = (
    "La grandezza di un ente è il numero dei suoi settori: quanti abitanti ha, le sue cartelle non lo "
    "dicono.",
    "Un quarto degli enti sta sotto il primo quartile, metà sotto la mediana, tre quarti sotto il terzo "
    "(come QUARTILE.INC di Excel).",
    f"Con meno di {ALMENO} enti i quartili non si danno: direbbero di chi sono, e poco altro.",
)
QUARTILI = {"primo": 0.25, "mediana": 0.5, "terzo": 0.75}


@dataclass(frozen=True)
class Misura:
    """A figure that is compared: what it is of an ente, in words, and its unit."""

    nome: str
    titolo: str
    spiegazione: str
    unita: str = "%"


MISURE = (
    Misura(
        "grado",
        "Grado dell'ente",
        "La media che l'ente pubblica: dei settori, o degli obiettivi distinti.",
    ),
    Misura(
        "differenza",
        "Dichiarato meno misurato",
        "Media dei gradi dichiarati meno media dei misurati, sugli obiettivi distinti valutati che li "
        "hanno tutti e due. Più di zero: si dichiara più di quanto gli indicatori misurano.",
        "punti",
    ),
    Misura(
        "obiettivi_misurati",
        "Obiettivi misurati",
        "Quanti obiettivi distinti hanno un grado misurato, su tutti.",
    ),
    Misura(
        "attesi",
        "Indicatori con un valore atteso",
        "Quanti indicatori hanno un valore atteso, su tutti.",
    ),
    Misura(
        "quantificabili",
        "Indicatori quantificabili",
        "Quanti indicatori hanno un valore atteso che si può misurare, su tutti.",
    ),
    Misura("misurati", "Indicatori misurati", "Quanti indicatori si sono misurati, su tutti."),
    Misura("raggiunti", "Indicatori raggiunti", "Quanti indicatori hanno raggiunto l'atteso, su tutti."),
)
DI_TUTTI = {"obiettivi_misurati": "obiettivi"} | dict.fromkeys(
    ("attesi", "quantificabili", "misurati", "raggiunti"), "indicatori"
)
"""What is a share, and of what."""


@dataclass(frozen=True)
class Gruppo:
    """The quartiles of a figure among the enti of a size: None where there are too few of them.
    `quanti`: the enti of which the figure is known."""

    grandezza: str
    quanti: int
    quartili: dict[str, Decimal] | None


@dataclass(frozen=True)
class Confronto:
    """The enti compared: how many of each size, the groups of each figure, what is to be said first, and
    the figures of each ente."""

    grandezze: dict[str, int]
    gruppi: dict[Misura, list[Gruppo]]
    frasi: list[str]
    enti: pd.DataFrame


def confronta(righe: Sequence[Sequence[Any]], su: int) -> Confronto:
    """Compare the enti from their rows in ENTI, with the columns of every table before; drafts are only
    counted, and those without a row, `su` being all."""
    nomi = ["cartella", "bozza", *(colonna.nome for colonna in ENTI.colonne)]
    tutti = pd.DataFrame(righe, columns=nomi, dtype=object)
    enti = tutti[tutti["bozza"] == False].reset_index(drop=True)  # noqa: E712 - by element
    enti["grandezza"] = enti["settori"].map(grandezza)
    for nome, di in DI_TUTTI.items():
        enti[nome] = enti[nome].astype(float) * 100 / enti[di].astype(float).where(enti[di] > 0)
    for misura in MISURE:
        enti[misura.nome] = enti[misura.nome].astype(float)
    conti = Counter(enti["grandezza"])
    return Confronto(
        {nome: conti[nome] for nome, *_ in GRANDEZZE},
        {misura: _gruppi(enti, misura.nome) for misura in MISURE},
        _frasi(enti, len(tutti) - len(enti), su - len(tutti)),
        enti,
    )


def grandezza(settori: int) -> str:
    """The size of an ente with so many settori."""
    return next(nome for nome, _, fino_a in GRANDEZZE if fino_a is None or settori <= fino_a)


def _gruppi(enti: pd.DataFrame, misura: str) -> list[Gruppo]:
    valori = enti[misura].groupby(enti["grandezza"])
    per_grandezza = {str(nome): sue for nome, sue in valori}
    vuota = enti[misura].head(0)
    gruppi = [(nome, per_grandezza.get(nome, vuota)) for nome, *_ in GRANDEZZE]
    return [_gruppo(nome, sue.dropna()) for nome, sue in [*gruppi, (TUTTI, enti[misura])]]


def _gruppo(nome: str, valori: "pd.Series[float]") -> Gruppo:
    if len(valori) < ALMENO:
        return Gruppo(nome, len(valori), None)
    quartili = valori.quantile(list(QUARTILI.values()))
    detti = {n: arrotonda(Decimal(str(round(quartili[q], 6)))) for n, q in QUARTILI.items()}
    return Gruppo(nome, len(valori), detti)


def _frasi(enti: pd.DataFrame, bozze: int, senza: int) -> list[str]:
    """What is to be said before the figures."""
    frasi = [f"Si confrontano {quanti(len(enti), 'ente', 'enti')} con i documenti pronti."]
    if bozze:
        verbo = "è in bozza, e resta" if bozze == 1 else "sono in bozza, e restano"
        frasi.append(f"{quanti(bozze, 'ente', 'enti')} {verbo} fuori: le cifre possono cambiare.")
    if senza:
        verbo, restano = ("non ha", "resta") if senza == 1 else ("non hanno", "restano")
        frasi.append(f"{quanti(senza, 'ente', 'enti')} {verbo} documenti validi, e {restano} fuori.")
    anni = Counter(enti["anno"])
    if len(anni) > 1:
        detti = elenco_di([f"{anno} ({n})" for anno, n in sorted(anni.items())])
        frasi.append(f"Non sono tutti dello stesso anno, e il confronto li mette insieme: {detti}.")
    return [*frasi, *COME]
