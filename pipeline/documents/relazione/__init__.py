"""The Word relazione: cover, index, results, context, every scheda, the valutazione, the method."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from docx.shared import Cm

from pipeline.documents.fascicolo import EDIZIONE, Fascicolo
from pipeline.documents.relazione import metodo, risorse, risultati, scostamenti, settori, sintesi
from pipeline.documents.word.blocchi import VoceIndice
from pipeline.documents.word.documento import Documento
from pipeline.rilievi import bloccanti

TITOLO = "Relazione sulla performance"
LATO_STEMMA = Cm(3)


def scrivi(percorso: Path, fascicolo: Fascicolo, pagine: Sequence[int] = ()) -> list[VoceIndice]:
    """Write the relazione; returns the lines of its index. The same fascicolo gives the same bytes.

    `pagine`: the pages of the headings of the first two levels, in order, where they are known from a
    document already laid out; else the index has no page numbers.
    """
    documento = Documento(fascicolo.carta, pagine)
    ente, anno = fascicolo.ente.get("denominazione", ""), fascicolo.anno
    edizione = f" – {EDIZIONE.lower()}" if fascicolo.pubblica else ""
    documento.proprieta(f"{TITOLO} {anno} – {ente}{edizione}", ente, _data(fascicolo))
    documento.testata(f"{ente} – anno {anno}", "BOZZA" if fascicolo.bozza else "")
    _copertina(documento, fascicolo)
    documento.indice_qui()
    documento.volta_pagina()
    if fascicolo.bozza:
        _che_cosa_manca(documento, fascicolo)
    _capitolo(documento, fascicolo, "Presentazione")
    sintesi.scrivi(documento, fascicolo)
    for capitolo in ("Contesto", "Organizzazione"):
        _capitolo(documento, fascicolo, capitolo)
    _capitolo(documento, fascicolo, "Rendicontazione", metodo.rendicontazione)
    risultati.scrivi(documento, fascicolo)
    settori.scrivi(documento, fascicolo)
    settori.valutazioni(documento, fascicolo)
    scostamenti.esclusi(documento, fascicolo)
    scostamenti.scrivi(documento, fascicolo)
    _capitolo(documento, fascicolo, "Risorse", risorse.scrivi)
    _capitolo(documento, fascicolo, "Pari opportunità")
    metodo.scrivi(documento, fascicolo)
    metodo.provenienza(documento, fascicolo)
    documento.salva(percorso)
    return documento.voci


def _data(fascicolo: Fascicolo) -> datetime:
    """The date of the relazione, for the properties of the document: not the clock's. Without one, the
    last day of the year."""
    try:
        return datetime.strptime(fascicolo.ente.get("data", ""), "%d/%m/%Y")
    except ValueError:
        return datetime(fascicolo.anno, 12, 31)


def _copertina(documento: Documento, fascicolo: Fascicolo) -> None:
    ente, nome = fascicolo.ente, fascicolo.ente.get("denominazione", "")
    if fascicolo.carta.stemma:
        documento.immagine(fascicolo.carta.stemma, f"Stemma: {nome}", "Stemma", altezza=LATO_STEMMA)
    documento.testo(f"{TITOLO} {fascicolo.anno}", "Title")
    documento.testo(nome, "Subtitle")
    if fascicolo.bozza:
        documento.testo("BOZZA – i dati sono provvisori", "Bozza")
    for etichetta, chiave in (
        ("Provincia", "provincia"),
        ("Organo che approva", "organo"),
        ("Atto", "atto"),
        ("Organo di valutazione", "valutatore"),
        ("Data della relazione", "data"),
    ):
        if ente.get(chiave):
            documento.testo(f"{etichetta}: {ente[chiave]}", "Copertina")
    if fascicolo.pubblica:
        documento.testo(EDIZIONE, "Copertina")


def _che_cosa_manca(documento: Documento, fascicolo: Fascicolo) -> None:
    documento.titolo("Che cosa manca", 1)
    documento.testo(
        "Questo documento è una bozza: finché i punti seguenti non sono risolti le percentuali "
        "possono cambiare."
    )
    documento.tabella(
        "Che cosa blocca la relazione",
        ("Dove", "Che cosa non va", "Come si corregge"),
        [(r.dove, r.messaggio, r.rimedio) for r in bloccanti(fascicolo.rilievi)],
        (3, 4, 4),
    )
    documento.testo("Gli altri rilievi sono nel foglio Rilievi del consolidato.", "Dopo tabella")


def _capitolo(
    documento: Documento,
    fascicolo: Fascicolo,
    capitolo: str,
    seguito: Callable[[Documento, Fascicolo], None] | None = None,
) -> None:
    """The texts of ente.xlsx for a chapter, then what the program adds to it; nothing if it is empty."""
    testi = [riga for riga in fascicolo.righe.testi if riga["capitolo"] == capitolo]
    if testi or seguito:
        documento.titolo(capitolo, 1)
    for testo in testi:
        if testo["titolo"]:
            documento.titolo(testo["titolo"], 2)
        documento.testo(testo["testo"])
    if seguito:
        seguito(documento, fascicolo)
