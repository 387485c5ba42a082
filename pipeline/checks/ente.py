"""Rules on the ente as a whole: the pesi of the settori, the date of the relazione."""

import re
from collections.abc import Iterator
from datetime import date

import pandas as pd

from pipeline.checks.comuni import rilievo
from pipeline.rilievi import Rilievo
from pipeline.tables import (
    TRASVERSALI,
    Tabelle,
    righe,
)
from pipeline.workbooks import ente


def pesi(tabelle: Tabelle) -> Iterator[Rilievo]:
    settori = tabelle.elenco[tabelle.elenco["settore"] != TRASVERSALI]
    dove = {"file": "ente.xlsx", "foglio": "Settori"}
    if 0 < settori["peso"].notna().sum() < len(settori):
        yield rilievo("E05", dove)
    elif len(settori) and settori["peso"].notna().all() and not any(settori["peso"]):
        aiuto = "Dare a un settore almeno un peso maggiore di 0, oppure lasciarli tutti vuoti."
        primo = righe(settori)[0]
        yield rilievo("E02", primo, f"E{primo['riga']}", campo="Peso", valore="0", aiuto=aiuto)
    pesate = pd.notna(tabelle.voci["peso"]).groupby(tabelle.voci["settore"]).any()
    if pesate.any() and not pesate.all():
        yield rilievo("V11", dove)


def termine(tabelle: Tabelle) -> Iterator[Rilievo]:
    """The relazione is adopted by 30 June of the year after (art. 10 c. 1 b D.Lgs. 150/2009)."""
    valori = {riga["chiave"]: riga for riga in righe(tabelle.ente)}
    data = ente.leggi_data(valori["data"]["valore"]) if "data" in valori else None
    anno = valori["anno"]["valore"].strip() if "anno" in valori else ""
    if data and re.fullmatch(ente.ANNO, anno) and data > date(int(anno) + 1, 6, 30):
        riga = valori["data"]
        dati = {"data": f"{data:%d/%m/%Y}", "anno": str(int(anno) + 1)}
        yield rilievo("E12", riga, f"B{riga['riga']}", **dati)
