"""What the ente has written in the place of what the program would say."""

from pipeline.documents.fascicolo import Fascicolo
from pipeline.parole import normalizza
from pipeline.tables import TITOLI, Testo


def titolo_o(fascicolo: Fascicolo, capitolo: str, trovato: str) -> str:
    """The heading of a chapter as the ente wants it (in Testi, chapter «Titoli», its name in Titolo), or
    what the program has found."""
    scritti = [t for t in testi(fascicolo, TITOLI) if normalizza(t["titolo"]) == normalizza(capitolo)]
    return " ".join(scritti[0]["testo"].split()) if scritti else trovato


def testi(fascicolo: Fascicolo, capitolo: str) -> list[Testo]:
    """The texts of the ente for a chapter."""
    return [t for t in fascicolo.righe.testi if t["capitolo"] == capitolo and t["testo"].strip()]
