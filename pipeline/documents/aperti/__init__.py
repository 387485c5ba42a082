"""What is published beside the documents of the public edition: the open data, and the page that leads
to all of it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from pipeline.documents.aperti import pacchetto, pagina
from pipeline.documents.aperti.formati import con_parquet, scrivi_csv, scrivi_parquet
from pipeline.documents.aperti.tavole import TAVOLE, Tavola, presenti
from pipeline.documents.deposito import DATI_APERTI, Deposito
from pipeline.documents.fascicolo import Fascicolo

LEGGIMI = "leggimi.html"
DETTI = {
    ".docx": "La relazione",
    ".pdf": "La relazione",
    ".xlsx": "Il consolidato, con tutte le tabelle e le formule",
}


def scrivi(fascicolo: Fascicolo, deposito: Deposito, documenti: Sequence[Path]) -> list[Path]:
    """Write the open data of a fascicolo to be published, then the page that leads to them and to
    `documenti`, those of the same edition. Returns the files, the page first."""
    cartella = deposito.cartella / DATI_APERTI
    cartella.mkdir(exist_ok=True)
    dati = [
        percorso for tavola in presenti(fascicolo) for percorso in _tavola(tavola, fascicolo, deposito)
    ]
    impronte = {p.name: (deposito.scritti[p], p.stat().st_size) for p in dati}
    descritto = pacchetto.scritto(pacchetto.descrittore(fascicolo, impronte))
    altri = [cartella / pacchetto.NOME, cartella / LEGGIMI]
    deposito.scrivi(altri[0], lambda p: p.write_text(descritto, encoding="utf-8", newline="\n"))
    deposito.scrivi(altri[1], lambda p: pagina.scrivi_leggimi(p, fascicolo, con_parquet()))
    html = deposito.cartella / f"pagina_{fascicolo.anno}_pubblica.html"
    dove = f"{DATI_APERTI}/"
    gruppi = [
        pagina.gruppo("I documenti", [(DETTI[p.suffix], p, p.name) for p in documenti]),
        pagina.gruppo("I dati aperti", [(_nome(p), p, dove + p.name) for p in [*dati, *altri]]),
    ]
    deposito.scrivi(html, lambda p: pagina.scrivi(p, fascicolo, gruppi))
    return [html, *dati, *altri]


def _tavola(tavola: Tavola, fascicolo: Fascicolo, deposito: Deposito) -> list[Path]:
    """Write a table in the formats that can be written here."""
    righe = tavola.compila(fascicolo)
    formati = {".csv": scrivi_csv} | ({".parquet": scrivi_parquet} if con_parquet() else {})
    scritti = {deposito.cartella / DATI_APERTI / f"{tavola.nome}{c}": f for c, f in formati.items()}
    for percorso, formato in scritti.items():
        deposito.scrivi(percorso, partial(formato, tavola=tavola, righe=righe))
    return list(scritti)


def _nome(percorso: Path) -> str:
    """What a file of the open data is, in words."""
    titoli = {tavola.nome: tavola.titolo for tavola in TAVOLE}
    altri = {pacchetto.NOME: "Descrizione dei dati per i programmi", LEGGIMI: "Che cosa c'è nei dati"}
    return altri.get(percorso.name) or titoli[percorso.stem]
