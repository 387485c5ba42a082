"""How a table of the open data is written: CSV, and Parquet where duckdb is installed."""

import csv
import errno
import os
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

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
_ALLA_VOLTA = 5000
"""Rows that are in the memory at a time."""
_SCELTE = {
    # nothing is fetched
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "threads": 1,
    "memory_limit": "512MB",
    # a column is what it is said to be, whatever its first rows hold
    "pandas_analyze_sample": 0,
}


def _tipo(colonna: Colonna) -> str:
    if colonna.tipo == "decimale":
        return "DECIMAL(5,2)" if colonna.detto.unita == PER_CENTO else "DOUBLE"
    return _TIPI[colonna.tipo]


def scrivi_parquet(
    percorso: Path, tavola: Tavola, righe: Iterable[Sequence[Any]], appoggio: Path | None = None
) -> None:
    """Write a table as Parquet, its texts as they are. The same rows give the same bytes.

    Of many rows, what does not stay in the memory goes to a file in the folder `appoggio`.
    Raises OSError, also where the name of a folder is no text: duckdb does not take it.
    """
    try:
        str(percorso).encode()
    except UnicodeEncodeError as errore:
        raise OSError(errno.EILSEQ, "not text", str(percorso)) from errore
    duckdb = import_module("duckdb")
    colonne = ", ".join(f'"{c.nome}" {_tipo(c)}' for c in tavola.colonne)
    nomi, restano = [c.nome for c in tavola.colonne], iter(righe)
    banca_dati = str(appoggio / f"{tavola.nome}.duckdb") if appoggio else ":memory:"
    try:
        with duckdb.connect(banca_dati, config=_SCELTE) as banca:
            banca.execute(f"CREATE TABLE tavola ({colonne})")
            while queste := list(islice(restano, _ALLA_VOLTA)):
                banca.register("queste", pd.DataFrame(queste, columns=nomi, dtype=object))
                banca.execute("INSERT INTO tavola SELECT * FROM queste")
            banca.execute("COPY tavola TO ? (FORMAT parquet, COMPRESSION zstd)", [str(percorso)])
    except duckdb.Error as errore:
        # a full disk is also a transaction that cannot be closed: it has the words of the system
        pieno = os.strerror(errno.ENOSPC) in str(errore)
        if not pieno and not isinstance(errore, duckdb.IOException):
            raise
        raise OSError(errno.ENOSPC if pieno else errno.EIO, str(errore), str(percorso)) from errore
