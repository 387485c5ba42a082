"""What describes the open data: their schema, and the `datapackage.json` of those of an ente, which is a
Data Package 2.0."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pipeline.documents.aperti.formati import INVERSA
from pipeline.documents.aperti.tavole import TAVOLE, VERSIONE, Tavola, presenti
from pipeline.documents.fascicolo import Fascicolo
from pipeline.parole import normalizza
from pipeline.tables import PER_CENTO, Colonna
from pipeline.workbooks.ente import LICENZE

NOME = "datapackage.json"
PROFILO = "https://datapackage.org/profiles/2.0/"
LICENZA = LICENZE[0]
INDIRIZZI = {
    "CC BY 4.0": ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/deed.it"),
    "CC0 1.0": ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/deed.it"),
    "IODL 2.0": ("IODL-2.0", "https://www.dati.gov.it/iodl/2.0/"),
}
"""Of each licence, the name that programs know it by and where it stands."""
_TIPI = {"testo": "string", "intero": "integer", "decimale": "number", "logico": "boolean"}
CSV = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}
APICI = {
    "perche": "un testo che un foglio di calcolo prenderebbe per una formula ha un apice davanti ai "
    "segni = + - @ (e a un apice, a una tabulazione, a un a capo) in testa al testo, e dopo ; o un a "
    "capo",
    "espressione": INVERSA,
    "sostituire_con": r"\1",
}
"""How the texts of the CSV are made harmless, and how they are had back."""


def licenza(fascicolo: Fascicolo) -> str:
    """The licence that ente.xlsx chooses, else that of the program."""
    scelta = normalizza(fascicolo.ente.get("licenza", ""))
    return next((nome for nome in LICENZE if normalizza(nome) == scelta), LICENZA)


def schema() -> dict[str, Any]:
    """What the tables are, of any ente and year: what is published under docs/schema."""
    return {
        "titolo": "Dati aperti della relazione sulla performance di un ente locale",
        "versione": VERSIONE,
        "csv": CSV,
        "apici_nei_csv": APICI,
        "tavole": [_di_tavola(tavola) for tavola in TAVOLE],
    }


def descrittore(fascicolo: Fascicolo, impronte: Mapping[str, tuple[str, int]]) -> dict[str, Any]:
    """The content of datapackage.json. `impronte`: the SHA-256 and the bytes of each CSV, by name."""
    ente, nome = fascicolo.ente.get("denominazione", ""), licenza(fascicolo)
    codice, indirizzo = INDIRIZZI[nome]
    parole = re.sub(r"[^a-z0-9]+", "-", normalizza(ente)).strip("-")
    return {
        "$schema": f"{PROFILO}datapackage.json",
        "name": "-".join(filter(None, ("relazione-performance", parole, str(fascicolo.anno)))),
        "title": f"Relazione sulla performance {fascicolo.anno} – {ente}",
        "description": "I risultati della relazione sulla performance, senza dati personali. Che cosa "
        "dice ogni colonna è anche in leggimi.html.",
        "version": VERSIONE,
        "keywords": ["performance", "enti locali", "amministrazione trasparente", str(fascicolo.anno)],
        "licenses": [{"name": codice, "title": nome, "path": indirizzo}],
        "contributors": [{"title": ente, "roles": ["publisher"]}],
        "apici_nei_csv": APICI,
        "resources": [
            _risorsa(tavola, *impronte[f"{tavola.nome}.csv"]) for tavola in presenti(fascicolo)
        ],
    }


def scritto(contenuto: Mapping[str, Any]) -> str:
    return json.dumps(contenuto, ensure_ascii=False, indent=2) + "\n"


def _risorsa(tavola: Tavola, impronta: str, byte: int) -> dict[str, Any]:
    descritta = _di_tavola(tavola)
    return {
        "name": descritta.pop("name"),
        "type": "table",
        "path": f"{tavola.nome}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": byte,
        "hash": f"sha256:{impronta}",
        "dialect": CSV,
        **descritta,
    }


def _di_tavola(tavola: Tavola) -> dict[str, Any]:
    campi: dict[str, Any] = {"fields": [_campo(colonna, tavola) for colonna in tavola.colonne]}
    if tavola.chiave:
        campi["primaryKey"] = list(tavola.chiave)
    if tavola.legami:
        campi["foreignKeys"] = [
            {"fields": list(sue), "reference": {"resource": altra, "fields": list(sue)}}
            for altra, sue in tavola.legami.items()
        ]
    return {
        "name": tavola.nome,
        "title": tavola.titolo,
        "description": tavola.descrizione,
        "schema": {**campi, "missingValues": [""]},
    }


def _campo(colonna: Colonna, tavola: Tavola) -> dict[str, Any]:
    detto = colonna.detto
    vincoli: dict[str, Any] = {}
    if colonna.nome in tavola.chiave or colonna.nome == "anno":
        vincoli["required"] = True
    if detto.unita == PER_CENTO:
        vincoli |= {"minimum": 0, "maximum": 100}
    if detto.valori:
        vincoli["enum"] = list(detto.valori)
    campo: dict[str, Any] = {
        "name": colonna.nome,
        "type": _TIPI[colonna.tipo],
        "description": f"{detto.testo}.",
    }
    campo |= {"unit": detto.unita} if detto.unita else {}
    return campo | ({"constraints": vincoli} if vincoli else {})
