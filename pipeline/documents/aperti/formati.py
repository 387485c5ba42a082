"""How a table of the open data is written: CSV, and Parquet where duckdb is installed."""

import csv
import re
from collections.abc import Sequence
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline.documents.aperti.tavole import Tavola
from pipeline.tables import PER_CENTO, Colonna

APICE = "'"
_DANNOSO = re.compile(r"""^(?=[\t\r\n])|(?:^|[;\t\r\n])[ \u00a0"]*(?=['=+\-@＝＋－＠])""")
INVERSA = r"""((?:^|[;\t\r\n])[ \u00a0"]*)'"""
"""What gives back a text of the CSV as it was: each match gives way to its first group."""


def innocuo(testo: str) -> str:
    """A text that a spreadsheet does not take for a formula, also where it splits the cells at the
    semicolons and the lines, as an Italian Excel does. `com_era` gives it back as it was."""
    return _DANNOSO.sub(lambda trovato: f"{trovato[0]}{APICE}", testo)


def com_era(testo: str) -> str:
    """What `innocuo` was given."""
    return re.sub(INVERSA, r"\1", testo)


def scrivi_csv(percorso: Path, tavola: Tavola, righe: Sequence[Sequence[Any]]) -> None:
    """Write a table as CSV (RFC 4180): UTF-8 without a mark, commas, numbers with a point."""
    with percorso.open("w", encoding="utf-8", newline="") as flusso:
        scrittore = csv.writer(flusso)
        scrittore.writerow(colonna.nome for colonna in tavola.colonne)
        scrittore.writerows([_cella(valore) for valore in riga] for riga in righe)


def _cella(valore: Any) -> str:
    if valore is None:
        return ""
    if isinstance(valore, bool):
        return "true" if valore else "false"
    if isinstance(valore, Decimal):
        scritto = format(valore, "f")
        return scritto.rstrip("0").rstrip(".") if "." in scritto else scritto
    return innocuo(valore) if isinstance(valore, str) else str(valore)


def con_parquet() -> bool:
    """Whether Parquet can be written here."""
    return find_spec("duckdb") is not None


_TIPI = {"testo": "VARCHAR", "intero": "BIGINT", "logico": "BOOLEAN"}
_ALLA_VOLTA = 500
"""Rows in a statement: its values have a limit."""


def _tipo(colonna: Colonna) -> str:
    if colonna.tipo == "decimale":
        return "DECIMAL(5,2)" if colonna.detto.unita == PER_CENTO else "DOUBLE"
    return _TIPI[colonna.tipo]


def scrivi_parquet(percorso: Path, tavola: Tavola, righe: Sequence[Sequence[Any]]) -> None:
    """Write a table as Parquet, its texts as they are. The same rows give the same bytes.

    duckdb is told not to look for extensions: nothing is fetched.
    """
    duckdb = import_module("duckdb")
    scelte = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "threads": 1}
    colonne = ", ".join(f'"{c.nome}" {_tipo(c)}' for c in tavola.colonne)
    with duckdb.connect(":memory:", config=scelte) as banca:
        banca.execute(f"CREATE TABLE tavola ({colonne})")
        posti = f"({', '.join('?' for _ in tavola.colonne)})"
        for inizio in range(0, len(righe), _ALLA_VOLTA):
            queste = righe[inizio : inizio + _ALLA_VOLTA]
            valori = [valore for riga in queste for valore in riga]
            banca.execute(f"INSERT INTO tavola VALUES {', '.join([posti] * len(queste))}", valori)
        banca.execute("COPY tavola TO ? (FORMAT parquet, COMPRESSION zstd)", [str(percorso)])
