"""What the ente says of itself and of how it worked: its own texts, after the results."""

from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.word.documento import Documento

TITOLO = "L'ente e come si è lavorato"
CAPITOLI = ("Presentazione", "Contesto", "Organizzazione", "Rendicontazione", "Pari opportunità")
"""The chapters of Testi that stand here, in order."""


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the chapter, if the ente has written anything for it."""
    if not any(fascicolo.testi(capitolo) for capitolo in CAPITOLI):
        return
    documento.capitolo(TITOLO)
    for capitolo in CAPITOLI:
        del_capitolo(documento, fascicolo, capitolo)


def del_capitolo(documento: Documento, fascicolo: Fascicolo, capitolo: str) -> None:
    """The texts of a chapter, each under its title, or under the name of the chapter."""
    for posto, testo in enumerate(fascicolo.testi(capitolo)):
        if testo["titolo"] or posto == 0:
            documento.titolo(testo["titolo"] or capitolo)
        documento.testo(testo["testo"])
