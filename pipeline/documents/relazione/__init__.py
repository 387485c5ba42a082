"""The Word relazione: cover, index, a page, results, every scheda, the Nucleo, the method."""

from collections.abc import Sequence
from pathlib import Path

from docx.shared import Cm

from pipeline.documents.fascicolo import EDIZIONE, Fascicolo, di_provincia
from pipeline.documents.relazione import (
    ente,
    in_una_pagina,
    metodo,
    misura,
    nucleo,
    obiettivi,
    risorse,
    risultati,
    settori,
)
from pipeline.documents.word.blocchi import Tavola, VoceIndice
from pipeline.documents.word.documento import Documento
from pipeline.parole import normalizza, quanti
from pipeline.rilievi import bloccanti
from pipeline.tables import TITOLI

TITOLO = "Relazione sulla performance"
SOTTOTITOLO = "Che cosa si era promesso, che cosa è stato fatto, come lo si sa"
CAPITOLI = (
    *(in_una_pagina, risultati, obiettivi, ente, settori, nucleo),
    *(misura, risorse, metodo),
)
"""The chapters in order, each with its `scrivi`."""
LATO_STEMMA = Cm(3)


def scrivi(percorso: Path, fascicolo: Fascicolo, pagine: Sequence[int] = ()) -> list[VoceIndice]:
    """Write the relazione; returns the lines of its index. The same fascicolo gives the same bytes.

    `pagine`: the pages of the headings of the first two levels, in order, where they are known from a
    document already laid out; else the index has no page numbers.
    """
    voluti = {normalizza(t["titolo"]): " ".join(t["testo"].split()) for t in fascicolo.testi(TITOLI)}
    documento = Documento(fascicolo.carta, pagine, voluti)
    nome, anno = fascicolo.ente.get("denominazione", ""), fascicolo.anno
    edizione = f" – {EDIZIONE.lower()}" if fascicolo.pubblica else ""
    documento.proprieta(f"{TITOLO} {anno} – {nome}{edizione}", nome, fascicolo.quando)
    documento.testata(f"{nome} – anno {anno}", "BOZZA" if fascicolo.bozza else "")
    _copertina(documento, fascicolo)
    documento.sezione("Indice")
    documento.indice_qui()
    if fascicolo.bozza:
        _che_cosa_manca(documento, fascicolo)
    for capitolo in CAPITOLI:
        capitolo.scrivi(documento, fascicolo)
    documento.salva(percorso)
    return documento.voci


def _copertina(documento: Documento, fascicolo: Fascicolo) -> None:
    dati, nome = fascicolo.ente, fascicolo.ente.get("denominazione", "")
    if fascicolo.carta.stemma:
        documento.immagine(fascicolo.carta.stemma, f"Stemma: {nome}", "Stemma", altezza=LATO_STEMMA)
    documento.testo(nome or "Ente senza nome", "Subtitle")
    if dati.get("provincia"):
        documento.testo(di_provincia(dati["provincia"]), "Dopo tabella")
    documento.testo(f"{TITOLO} {fascicolo.anno}", "Title")
    documento.testo(SOTTOTITOLO, "Messaggio")
    if fascicolo.bozza:
        documento.testo("BOZZA – i dati sono provvisori", "Bozza")
    comprende = ", ".join(
        (
            quanti(len(fascicolo.settori), "settore", "settori"),
            *fascicolo.unita,
            quanti(fascicolo.imbuto().indicatori, "indicatore", "indicatori"),
        )
    )
    for etichetta, valore in (
        ("Approvata da", dati.get("organo")),
        ("Atto", dati.get("atto")),
        ("Valutazione", dati.get("valutatore")),
        ("Comprende", comprende),
        ("Data", dati.get("data")),
        ("Edizione", EDIZIONE if fascicolo.pubblica else ""),
    ):
        if valore:
            documento.testo(f"{etichetta}\t{' '.join(valore.split())}", "Copertina")


def _che_cosa_manca(documento: Documento, fascicolo: Fascicolo) -> None:
    documento.capitolo("Che cosa manca")
    documento.testo(
        "Questo documento è una bozza: finché i punti seguenti non sono risolti le percentuali "
        "possono cambiare."
    )
    documento.tabella(
        Tavola(
            "Che cosa blocca la relazione",
            ("Dove", "Che cosa non va", "Come si corregge"),
            [(r.dove, r.messaggio, r.rimedio) for r in bloccanti(fascicolo.rilievi)],
            (3, 4, 4),
        )
    )
    documento.testo("Gli altri rilievi sono nel foglio Rilievi del consolidato.", "Dopo tabella")
