"""A letterhead to be dressed: every style of the relazione, each shown by its name."""

from datetime import datetime
from pathlib import Path

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from pipeline.documents.word.base import NOMI_IN_WORD
from pipeline.documents.word.blocchi import Tavola
from pipeline.documents.word.documento import Documento

SPIEGAZIONE = (
    "Questa è la carta intestata della relazione, nell'aspetto del programma. Si cambiano "
    "l'intestazione e il piè di pagina, i margini e l'aspetto degli stili (Home, Stili, tasto destro, "
    "Modifica), non i loro nomi, e si salva con questo stesso nome. Il testo serve solo a vederli: "
    "nella relazione non passa. Il nome dell'ente e l'anno in testa alla pagina si aggiornano da soli."
)
FUORI_DAL_TESTO = ("header", "footer", "toc 1", "toc 2", "Figura", "Stemma")
"""Styles that a line of text does not show as they are."""


def scrivi(percorso: Path, ente: str, anno: int | None) -> None:
    """Write the letterhead of an ente. The same ente and year give the same bytes."""
    documento = Documento()
    documento.proprieta("Carta intestata", ente, datetime(anno or 2000, 12, 31))
    if ente and anno:
        documento.testata(f"{ente} – anno {anno}")
    documento.testo(SPIEGAZIONE)
    for stile in documento.word.styles:
        nome = stile.element.find(qn("w:name")).get(qn("w:val"))
        if stile.type is not WD_STYLE_TYPE.PARAGRAPH or nome in FUORI_DAL_TESTO or "tabella" in nome:
            continue
        mostrato = NOMI_IN_WORD.get(nome, nome)
        if nome == "List Bullet":
            documento.elenco([mostrato])
        else:
            documento.testo(mostrato, nome)
    testa, riga = ["Intestazione tabella", "Intestazione numero tabella"], ["Testo tabella", "1"]
    documento.tabella(Tavola("Tabella relazione", testa, [riga], [2, 1], cifre=[1]))
    documento.salva(percorso)
