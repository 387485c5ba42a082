"""The workbook of the checks: who has handed in, what is wrong how often, each finding and its place."""

import os
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from xlsxwriter.format import Format

from pipeline import excel
from pipeline.accettati import Contenuti
from pipeline.celle import intervalli
from pipeline.consegne import Consegna
from pipeline.excel import Foglio
from pipeline.nominativi import Letto
from pipeline.prospetti import Colonna, Dati, Prospetto, tabella
from pipeline.rilievi import CATALOGO, GRAVITA, Rilievo
from pipeline.uffici import Natura
from pipeline.veste import DOCUMENTI
from pipeline.workbooks.form import CORREZIONI

NOTE = {
    "Stato consegne": "Una riga per settore dell'elenco, poi gli altri file della cartella",
    "Sintesi per codice": "Quante volte ogni rilievo, e in quali file",
    "Persone e uffici": "Sono persone? Sono uffici? Dall'edizione da pubblicare si tolgono le persone",
    "Dettaglio": "Ogni rilievo; il posto è un collegamento al file, finché resta dov'era",
}
CONSEGNE = (
    Colonna("denominazione", "Settore", 40.0),
    Colonna("responsabile", "Responsabile", 30.0),
    Colonna("email", "E-mail", 32.0),
    Colonna("file", "File", 32.0),
    Colonna("stato", "Stato", 14.0),
    Colonna("blocca", "Bloccanti", 11.0, "intero"),
    Colonna("da correggere", "Da correggere", 11.0, "intero"),
    Colonna("avviso", "Avvisi", 11.0, "intero"),
    Colonna("celle", "Celle compilate", 11.0, "intero"),
)
SINTESI = (
    Colonna("codice", "Codice", 9.0),
    Colonna("titolo", "Rilievo", 36.0),
    Colonna("gravita", "Gravità", 15.0),
    Colonna("quanti", "Quanti", 9.0, "intero"),
    Colonna("quali", "In quali file", 90.0),
)
PERSONE = (
    Colonna("scritto", "Come è scritto", 40.0),
    Colonna("natura", "È inteso come", 20.0),
    Colonna("volte", "Quante volte", 10.0, "intero"),
    Colonna("celle", "In quali celle", 80.0),
    Colonna("rimedio", "Se non è così", 60.0),
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
DETTAGLIO = (
    *CORREZIONI[:2],
    Colonna("file", "File", 30.0),
    *CORREZIONI[2:],
    Colonna("che_cosa", "Che cosa c'è", 24.0),
)
"""In the order of the sheet Accettati of ente.xlsx, where a line may be pasted."""
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
    contenuti: Contenuti,
) -> None:
    """Write the workbook of the checks of a folder. The same findings always give the same bytes.

    The links go from the folder of `percorso` to the workbooks of `cartella`.
    """
    libro = excel.Libro(percorso, DOCUMENTI)
    titolo = f"Controlli {anno or 'senza anno'}"
    libro.set_properties({"title": titolo, "created": datetime(anno or 2000, 12, 31)})
    fogli: dict[str, tuple[Sequence[Colonna], list[Dati]]] = {
        "Stato consegne": (CONSEGNE, [_consegna(c) for c in consegne]),
        "Sintesi per codice": (SINTESI, _sintesi(rilievi)),
        "Persone e uffici": (PERSONE, [_nome(letto) for letto in nomi]),
        "Dettaglio": (DETTAGLIO, dettaglio(rilievi, contenuti)),
    }
    for nome, (colonne, righe) in fogli.items():
        ws = libro.pagina(nome)
        excel.scrivi(ws, 1, 1, f"{titolo}: {nome.lower()}", libro.formati["titolo"])
        ws.set_row(0, 24)
        excel.scrivi(ws, 2, 1, NOTE[nome], libro.formati["sottotitolo"])
        prospetto = Prospetto(nome, colonne, righe, TESTA + 1)
        con_legami = nome == "Dettaglio"
        tabella(ws, prospetto, libro.formati, nome, NOTE[nome], 30, {}, intere=not con_legami)
        if con_legami:
            _collega(ws, prospetto, percorso.parent, cartella, rilievi, libro.formati["posto"])
    libro.close()


def _consegna(c: Consegna) -> Dati:
    return {**vars(c), **{gravita: c.conti[gravita] for gravita in GRAVITA}}


def _sintesi(rilievi: list[Rilievo]) -> list[Dati]:
    """A line for each code found, in the order of the catalogue."""
    righe: list[Dati] = []
    for codice, regola in CATALOGO.items():
        file = Counter(r.file for r in rilievi if r.codice == codice)
        if file:
            nomi = [f"{nome} ({quanti})" for nome, quanti in sorted(file.items())]
            quali = ", ".join(nomi[:MOLTI_FILE])
            if (altri := len(nomi) - MOLTI_FILE) > 0:
                quali += ", e un altro" if altri == 1 else f", e altri {altri}"
            riga = {"codice": codice, "titolo": regola.titolo, "gravita": regola.gravita}
            righe.append({**riga, "quanti": file.total(), "quali": quali})
    return righe


def _nome(letto: Letto) -> Dati:
    """A name, what it was taken for, and its cells, sheet by sheet."""
    celle: dict[tuple[str, str], list[str]] = {}
    for posto in letto.posti:
        celle.setdefault((posto.file, posto.foglio), []).append(posto.cella)
    dove = [f"{file}, foglio «{foglio}»{_celle(sue)}" for (file, foglio), sue in celle.items()]
    quali = "; ".join(dove[:MOLTI_FILE])
    if len(dove) > MOLTI_FILE:
        quali += f"; e in altri {len(dove) - MOLTI_FILE} fogli"
    return {
        "scritto": letto.scritto,
        "natura": letto.natura.value,
        "volte": len(letto.posti),
        "celle": quali,
        "rimedio": SE_NON_E_COSI[letto.natura],
    }


def _celle(celle: list[str]) -> str:
    note = intervalli(filter(None, celle))
    return f" {', '.join(note)}" if note else ""


def dettaglio(rilievi: list[Rilievo], contenuti: Contenuti) -> list[Dati]:
    """The findings as rows of the columns DETTAGLIO, with what stands in their cells."""
    return [
        {colonna.chiave: getattr(r, colonna.chiave) for colonna in DETTAGLIO[:-1]}
        | {"che_cosa": contenuti.get((r.file, r.foglio, r.cella), "")}
        for r in rilievi
    ]


def _collega(
    ws: Foglio,
    prospetto: Prospetto,
    da: Path,
    cartella: Path,
    rilievi: list[Rilievo],
    formato: Format,
) -> None:
    """Make the most precise place of each finding (cell, sheet or file) a link to it."""
    relativo = Path(os.path.relpath(cartella.resolve(), da.resolve()))
    ci_sono = {percorso.name for percorso in cartella.iterdir()}
    for riga, rilievo in enumerate(rilievi[:MAX_LEGAMI], start=TESTA + 1):
        if rilievo.file in ci_sono:
            quale = next(posto for posto in ("cella", "foglio", "file") if getattr(rilievo, posto))
            meta = f"external:{_per_link((relativo / rilievo.file).as_posix())}"
            if rilievo.foglio:
                foglio = rilievo.foglio.replace("'", "''")
                meta += f"#'{foglio}'!{rilievo.cella or 'A1'}"
            ws.write_url(riga - 1, prospetto.numero(quale) - 1, meta, formato, getattr(rilievo, quale))


def _per_link(percorso: str) -> str:
    """A path as a link writes it: what would end it or hide the rest is spelled with its number."""
    return re.sub(
        r'[\x00-\x20"#%<>\[\]^`{}\x7f\ud800-\udfff]',
        lambda segno: "".join(f"%{byte:02x}" for byte in os.fsencode(segno[0])),
        percorso,
    )
