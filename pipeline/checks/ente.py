"""Rules on the ente as a whole: the pesi of the settori, the date of the relazione."""

import re
from collections.abc import Iterator
from datetime import date

import pandas as pd

from pipeline.checks.comuni import rilievo
from pipeline.parole import citazione
from pipeline.rilievi import Rilievo
from pipeline.tables import (
    TRASVERSALI,
    Tabelle,
    righe,
)
from pipeline.workbooks import ente
from pipeline.workbooks.registro import cella


def pesi(tabelle: Tabelle) -> Iterator[Rilievo]:
    settori = tabelle.elenco[tabelle.elenco["settore"] != TRASVERSALI]
    dove = {"file": "ente.xlsx", "foglio": "Settori"}
    if 0 < settori["peso"].notna().sum() < len(settori):
        yield rilievo("E05", dove)
    elif len(settori) and settori["peso"].notna().all() and not any(settori["peso"]):
        aiuto = "Dare a un settore almeno un peso maggiore di 0, oppure lasciarli tutti vuoti."
        primo = righe(settori)[0]
        yield rilievo(
            "E02", primo, cella("elenco", "peso", primo), campo="Peso", valore="0", aiuto=aiuto
        )
    pesate = pd.notna(tabelle.voci["peso"]).groupby(tabelle.voci["settore"]).any()
    if pesate.any() and not pesate.all():
        yield rilievo("V11", dove)


_CICLO = re.compile(
    r"\b(?:piano|relazione)\b[^;\n]{0,60}?\bperformance\b[^;\n\d]{0,20}(20\d\d)(?![\d/–-])",
    re.IGNORECASE,
)
_APPROVATA = re.compile(
    r"\brelazione\b[^;\n]{0,120}?\b(?:approvat|adottat)a\b[^;\n]{0,80}?"
    r"(?:\b\d{1,2}[./-]\d{1,2}[./-]|\b\d{1,2}\s+[a-z]+\s+)(20\d\d)\b",
    re.IGNORECASE,
)


def altri_anni(tabelle: Tabelle) -> Iterator[Rilievo]:
    """Texts on the piano or the relazione of another year, or on a relazione approved before the year
    it reports was over: they were written for an earlier one."""
    anno = _anno(tabelle)
    for riga in righe(tabelle.testi) if anno else []:
        # a stop ends a sentence only before a blank and a capital: not in «n. 60»
        for frase in re.split(r"(?<=[.;])\s+(?=[A-ZÀ-Ù])|\n", riga["testo"]):
            altri = [t for t in _CICLO.finditer(frase) if t[1] < str(anno) and str(anno) not in frase]
            altri += [t for t in _APPROVATA.finditer(frase) if t[1] <= str(anno)]
            if altri:
                perche = f"parla di un altro anno: «{citazione(altri[0][0], 120)}»"
                yield rilievo("E15", riga, cella("testi", "testo", riga), perche=perche)
                break


def _anno(tabelle: Tabelle) -> int:
    """The year reported, 0 if ente.xlsx does not say it."""
    scritti = [riga["valore"].strip() for riga in righe(tabelle.ente) if riga["chiave"] == "anno"]
    return int(scritti[0]) if scritti and re.fullmatch(ente.ANNO, scritti[0]) else 0


def termine(tabelle: Tabelle) -> Iterator[Rilievo]:
    """The relazione is adopted by 30 June of the year after (art. 10 c. 1 b D.Lgs. 150/2009)."""
    valori = {riga["chiave"]: riga for riga in righe(tabelle.ente)}
    data = ente.leggi_data(valori["data"]["valore"]) if "data" in valori else None
    anno = _anno(tabelle)
    if anno and data and data > date(anno + 1, 6, 30):
        riga = valori["data"]
        dati = {"data": f"{data:%d/%m/%Y}", "anno": str(anno + 1)}
        yield rilievo("E12", riga, cella("ente", "valore", riga), **dati)
