"""The consolidato read again, from the .xlsx alone and as anybody with pandas would: the tables that
went into it. What a sheet calls a column is what `libro.etichetta` says."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.documents.consolidato.libro import etichetta
from pipeline.measure import misura
from pipeline.numeri import decimale
from pipeline.sigle import DEI_COMUNI
from pipeline.tables import COLONNE, TRASVERSALI, VALUTAZIONI, Riga, Tabelle, colonne, costruisci
from pipeline.workbooks.ente import CASELLE, PARAMETRI

FOGLI = {"indicatori": "Dati", "voci": "Valutazioni", "giudizi": "Nucleo"}
"""The sheet of a table, where it is not called like it."""
A_PAROLE: dict[tuple[str, str], tuple[str, dict[str, str]]] = {
    ("schede", "valutazione"): ("Valutazione", {v: k for k, v in VALUTAZIONI.items()} | {"": ""}),
    ("ente", "chiave"): ("Dato", {c.etichetta: c.chiave for campi in CASELLE.values() for c in campi}),
    ("parametri", "parametro"): ("Parametro", {nome: chiave for chiave, nome, *_ in PARAMETRI}),
    ("elenco", "settore"): ("Codice", {}),
    ("settori", "settore"): ("Codice", {}),
}
"""Columns of keys that a sheet shows in words: the heading, and the key of each word."""


def leggi(percorso: Path) -> Tabelle:
    """The tables: what a cell of a workbook held as it stands in the sheets; what is worked out of it
    (the measured gradi, of which a cell of Excel keeps fifteen digits, and the people) anew."""
    fogli = pd.read_excel(
        percorso, sheet_name=None, header=None, dtype=object, na_filter=False, engine="calamine"
    )
    settori, lette = _settori(fogli), {}
    for nome in COLONNE:
        foglio = FOGLI.get(nome, nome.capitalize())
        if foglio in fogli and nome != "personale":
            lette[nome] = [_riga(nome, riga, settori) for riga in _righe(fogli[foglio], nome)]
    tabelle = costruisci(lette)
    return misura(tabelle, int(tabelle.dati_ente["anno"]))


def _settori(fogli: dict[Any, pd.DataFrame]) -> dict[str, str]:
    """The code of every settore by the short one that it has in the sheets."""
    elencati = (riga for foglio in ("Elenco", "Settori") for riga in _righe(fogli[foglio], foglio))
    return {DEI_COMUNI: TRASVERSALI} | {riga["Sigla"]: riga["Codice"] for riga in elencati}


def _righe(foglio: pd.DataFrame, nome: str) -> Iterator[Riga]:
    """The rows under the headings; of Dati, those of the indicatori."""
    testa = 0 if nome == "indicatori" else 2
    titoli, *righe = foglio.to_numpy(dtype=object).tolist()[testa:]
    for valori in righe:
        riga = dict(zip(titoli, valori, strict=True))
        if any(valore != "" for valore in valori) and (nome != "indicatori" or riga["N."] != ""):
            yield riga


def _riga(nome: str, letta: Riga, settori: dict[str, str]) -> Riga:
    riga: Riga = {}
    for colonna in colonne(nome):
        if colonna.segno == "posto":
            continue
        titolo, chiavi = A_PAROLE.get((nome, colonna.nome), (etichetta(colonna.nome), {}))
        valore = letta.get(titolo, "")
        if colonna.nome == "settore" and titolo != "Codice":
            valore = settori.get(valore, valore)
        elif colonna.nome == "scheda":
            valore = int(valore.rpartition(" ")[2])
        riga[colonna.nome] = chiavi[valore] if chiavi else LETTI[colonna.tipo](valore)
    return riga


LETTI: dict[str, Callable[[Any], Any]] = {
    "testo": str,
    "intero": lambda valore: int(valore or 0),
    "decimale": lambda valore: None if valore == "" else decimale(valore),
    "logico": lambda valore: valore == "sì",
}
