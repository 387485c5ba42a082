"""The sheet Atti of ente.xlsx: what the acts of the delibera need and the results do not say.

Every box may stay blank: in the acts it is then a visible place to complete.
"""

from pipeline.workbooks.fields import Campo

FOGLIO = "Atti"
TITOLO = "ATTI E SOTTOSCRIZIONI"


def _campo(chiave: str, etichetta: str, aiuto: str) -> Campo:
    return Campo(chiave, etichetta, 2, aiuto=aiuto, dalla=2)


ESTREMI = (
    _campo(
        "piano",
        "Piano della performance",
        "L'atto che l'ha approvato, per esempio: deliberazione della Giunta comunale n. 12 del "
        "28/01/2020. Dal 2022 è il PIAO, o il PEG.",
    ),
    _campo(
        "sistema",
        "Sistema di misurazione e valutazione",
        "L'atto che l'ha approvato o aggiornato, per esempio: deliberazione della Giunta comunale n. 40 "
        "del 15/03/2019.",
    ),
    _campo(
        "bilancio",
        "Bilancio di previsione e DUP",
        "L'atto in vigore, per esempio: deliberazione del Consiglio comunale n. 11 del 30/04/2021.",
    ),
    _campo(
        "proponente",
        "Responsabile che propone",
        "Chi dà il parere di regolarità tecnica, per esempio: Responsabile del Settore Affari generali.",
    ),
    _campo(
        "ragioniere",
        "Responsabile del servizio finanziario",
        "Chi dà il parere di regolarità contabile, con il suo incarico.",
    ),
    _campo("presidente", "Chi presiede", "Chi firma la deliberazione, per esempio: Il Sindaco."),
    _campo("segretario", "Segretario", "Per esempio: Il Segretario comunale."),
    _campo("verbale", "Numero del verbale del Nucleo", "Per esempio: 2/2021."),
    _campo("verbale_data", "Data del verbale del Nucleo", "Per esempio: 13/06/2021."),
    _campo(
        "verbale_luogo", "Luogo della riunione del Nucleo", "Per esempio: sede comunale, o in remoto."
    ),
    _campo(
        "componenti",
        "Componenti del Nucleo",
        "Uno per riga (Alt+Invio; in LibreOffice Ctrl+Invio), con l'incarico: presidente, componente.",
    ),
    _campo(
        "altri_atti",
        "Altri atti esaminati dal Nucleo",
        "Uno per riga (Alt+Invio; in LibreOffice Ctrl+Invio), oltre a piano, sistema, relazione, "
        "schede.",
    ),
)
DELL_ANNO = ("piano", "verbale", "verbale_data", "verbale_luogo", "altri_atti", "bilancio")
"""The boxes that are emptied for the year after."""
DI_PERSONE = ("proponente", "ragioniere", "presidente", "segretario", "componenti")
"""The boxes where people may be named."""
