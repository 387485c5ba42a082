"""The workbook of the checks: who has handed in, what is wrong how often, each finding and its place."""

import os
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline import excel
from pipeline.celle import intervalli
from pipeline.consegne import Consegna
from pipeline.nominativi import Letto
from pipeline.rilievi import CATALOGO, GRAVITA, Rilievo
from pipeline.uffici import Natura

BLU = "#1F3864"
_BORDO = {"border": 1, "border_color": "#BFBFBF"}
_BASE = {"font_name": "Arial", "font_size": 10, "valign": "top"}
FORMATI: dict[str, dict[str, Any]] = {
    "titolo": {"bold": True, "font_size": 16, "font_color": BLU},
    "sottotitolo": {"font_size": 11, "font_color": "#595959"},
    "intestazione": {
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": BLU,
        "text_wrap": True,
        "valign": "vcenter",
        **_BORDO,
    },
    "testo": {"text_wrap": True, "num_format": "@", **_BORDO},
    "intero": {"num_format": "0", "align": "center", **_BORDO},
    "link": {"font_color": "#0563C1", "underline": 1, "text_wrap": True, **_BORDO},
}
NOTE = {
    "Stato consegne": "Una riga per settore dell'elenco, poi gli altri file della cartella",
    "Sintesi per codice": "Quante volte ogni rilievo, e in quali file",
    "Persone e uffici": "Sono persone? Sono uffici? Dall'edizione da pubblicare si tolgono le persone",
    "Dettaglio": "Ogni rilievo; il posto è un collegamento alla cartella, finché resta dov'era",
}
CONSEGNE = (
    ("Settore", 40.0, "testo"),
    ("Responsabile", 30.0, "testo"),
    ("E-mail", 32.0, "testo"),
    ("File", 32.0, "testo"),
    ("Stato", 14.0, "testo"),
    ("Bloccanti", 11.0, "intero"),
    ("Da correggere", 11.0, "intero"),
    ("Avvisi", 11.0, "intero"),
    ("Celle compilate", 11.0, "intero"),
)
SINTESI = (
    ("Codice", 9.0, "testo"),
    ("Rilievo", 36.0, "testo"),
    ("Gravità", 15.0, "testo"),
    ("Quanti", 9.0, "intero"),
    ("In quali file", 90.0, "testo"),
)
DETTAGLIO = (
    ("Codice", 9.0, "testo"),
    ("Gravità", 15.0, "testo"),
    ("File", 30.0, "testo"),
    ("Foglio", 18.0, "testo"),
    ("Cella", 9.0, "testo"),
    ("Che cosa non va", 70.0, "testo"),
    ("Come si corregge", 60.0, "testo"),
)
PERSONE = (
    ("Come è scritto", 40.0, "testo"),
    ("È inteso come", 20.0, "testo"),
    ("Quante volte", 10.0, "intero"),
    ("In quali celle", 80.0, "testo"),
    ("Se non è così", 60.0, "testo"),
)
SE_NON_E_COSI = {
    Natura.DUBBIO: "Una persona: scrivere nome e cognome, o «dott.», «sig.ra» davanti. "
    "Un ufficio: scrivere che cos'è («Ufficio …»).",
    Natura.FORSE: "Se è un ufficio: scrivere che cos'è («Ufficio …»). "
    "Se è una persona: «dott.», «sig.ra» davanti lo dice per certo.",
    Natura.PERSONA: "Se è un ufficio: scrivere che cos'è («Ufficio …»).",
    Natura.UFFICIO: "Se è una persona: scrivere nome e cognome, o «dott.», «sig.ra» davanti.",
}
"""What to type where a name is not what it was taken for."""
TESTA = 4
MOLTI_FILE = 20
"""How many files a line of the summary names; the sheet Dettaglio has them all."""

MAX_LEGAMI = 65_530
"""How many links Excel allows in a sheet."""


def scrivi(
    percorso: Path,
    cartella: Path,
    consegne: list[Consegna],
    rilievi: list[Rilievo],
    anno: int | None,
    nomi: list[Letto],
) -> None:
    """Write the workbook of the checks of a folder. The same findings always give the same bytes.

    The links go from the folder of `percorso` to the workbooks of `cartella`.
    """
    libro = excel.Libro(percorso)
    titolo = f"Controlli {anno or 'senza anno'}"
    libro.set_properties({"title": titolo, "created": datetime(anno or 2000, 12, 31)})
    formati = {nome: libro.add_format({**_BASE, **stile}) for nome, stile in FORMATI.items()}
    contenuti = {
        "Stato consegne": (CONSEGNE, [_consegna(c) for c in consegne]),
        "Sintesi per codice": (SINTESI, _sintesi(rilievi)),
        "Persone e uffici": (PERSONE, [_nome(letto) for letto in nomi]),
        "Dettaglio": (DETTAGLIO, [_dettaglio(r) for r in rilievi]),
    }
    for nome, (colonne, dati) in contenuti.items():
        ws = libro.add_worksheet(nome)
        _imposta(ws, f"{titolo}: {nome.lower()}", NOTE[nome], formati)
        excel.tabella(ws, TESTA, colonne, dati, formati, nome, NOTE[nome])
        if nome == "Dettaglio":
            _collega(ws, percorso.parent, cartella, rilievi, formati["link"])
    libro.close()


def _imposta(ws: Worksheet, titolo: str, nota: str, formati: dict[str, Format]) -> None:
    ws.set_paper(9)
    ws.set_landscape()
    ws.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    ws.fit_to_pages(1, 0)
    ws.set_footer("&L&F&C&A&RPagina &P di &N")
    ws.hide_gridlines(2)
    excel.scrivi(ws, 1, 1, titolo, formati["titolo"])
    ws.set_row(0, 24)
    excel.scrivi(ws, 2, 1, nota, formati["sottotitolo"])


def _consegna(c: Consegna) -> list[Any]:
    quanti = (c.conti[gravita] for gravita in GRAVITA)
    return [c.denominazione, c.responsabile, c.email, c.file, c.stato, *quanti, c.celle]


def _sintesi(rilievi: list[Rilievo]) -> list[list[Any]]:
    """A line for each code found, in the order of the catalogue."""
    righe: list[list[Any]] = []
    for codice, regola in CATALOGO.items():
        file = Counter(r.file for r in rilievi if r.codice == codice)
        if file:
            nomi = [f"{nome} ({quanti})" for nome, quanti in sorted(file.items())]
            quali = ", ".join(nomi[:MOLTI_FILE])
            if (altri := len(nomi) - MOLTI_FILE) > 0:
                quali += ", e un altro" if altri == 1 else f", e altri {altri}"
            righe.append([codice, regola.titolo, regola.gravita, file.total(), quali])
    return righe


def _nome(letto: Letto) -> list[Any]:
    """A name, what it was taken for, and its cells, sheet by sheet."""
    celle: dict[tuple[str, str], list[str]] = {}
    for posto in letto.posti:
        celle.setdefault((posto.file, posto.foglio), []).append(posto.cella)
    dove = [f"{file}, foglio «{foglio}»{_celle(sue)}" for (file, foglio), sue in celle.items()]
    quali = "; ".join(dove[:MOLTI_FILE])
    if len(dove) > MOLTI_FILE:
        quali += f"; e in altri {len(dove) - MOLTI_FILE} fogli"
    return [letto.scritto, letto.natura.value, len(letto.posti), quali, SE_NON_E_COSI[letto.natura]]


def _celle(celle: list[str]) -> str:
    note = intervalli(filter(None, celle))
    return f" {', '.join(note)}" if note else ""


def _dettaglio(r: Rilievo) -> list[Any]:
    return [r.codice, r.gravita, r.file, r.foglio, r.cella, r.messaggio, r.rimedio]


def _collega(ws: Worksheet, da: Path, cartella: Path, rilievi: list[Rilievo], formato: Format) -> None:
    """Make the most precise place of each finding (cell, sheet or file) a link to it."""
    relativo = Path(os.path.relpath(cartella.resolve(), da.resolve()))
    ci_sono = {percorso.name for percorso in cartella.iterdir()}
    for riga, rilievo in enumerate(rilievi[:MAX_LEGAMI], start=TESTA + 1):
        if rilievo.file in ci_sono:
            posti = [rilievo.file, rilievo.foglio, rilievo.cella]
            quale = max(indice for indice, testo in enumerate(posti) if testo)
            meta = f"external:{_per_link((relativo / rilievo.file).as_posix())}"
            if rilievo.foglio:
                foglio = rilievo.foglio.replace("'", "''")
                meta += f"#'{foglio}'!{rilievo.cella or 'A1'}"
            ws.write_url(riga - 1, 2 + quale, meta, formato, posti[quale])


def _per_link(percorso: str) -> str:
    """A path as a link writes it: what would end it or hide the rest is spelled with its number."""
    return re.sub(
        r'[\x00-\x20"#%<>\[\]^`{}\x7f\ud800-\udfff]',
        lambda segno: "".join(f"%{byte:02x}" for byte in os.fsencode(segno[0])),
        percorso,
    )
