"""A scheda filled in, to be imitated: the last sheet of the modello "schede". It is never read as
data."""

from collections.abc import Iterator
from decimal import Decimal

from pipeline.numeri import numero
from pipeline.tables import Riga

FOGLIO = "Esempio compilato"
TITOLO = "ESEMPIO"
SOTTOTITOLO = "Una scheda compilata, da imitare: qui non si scrive"
SETTORE = "esempio"

_DI_SCHEDA: Riga = {"settore": SETTORE, "scheda": 1}
CONTENUTO: dict[str, list[Riga]] = {
    "schede": [
        {
            **_DI_SCHEDA,
            "titolo": "Pratiche edilizie in meno tempo",
            "descrizione": "Ridurre i tempi di risposta a cittadini e professionisti, con le domande "
            "presentate in via telematica.",
            "valutazione": "in_linea",
            "grado_dichiarato": Decimal(90),
        }
    ],
    "obiettivi": [
        {
            **_DI_SCHEDA,
            "n": 1,
            "definizione": "Rispondere alle domande di permesso di costruire entro 45 giorni",
            "strategico": True,
        }
    ],
    "fasi": [
        {**_DI_SCHEDA, "obiettivo": 1, "n": n, **fase}
        for n, fase in enumerate(
            (
                {
                    "descrizione": "Attivazione dello sportello telematico",
                    "orizzonte": "gennaio – marzo",
                    "assegnazione": "Sportello unico",
                    "peso": Decimal(40),
                    "realizzato": Decimal(100),
                },
                {
                    "descrizione": "Istruttoria delle domande arretrate",
                    "orizzonte": "aprile – dicembre",
                    "assegnazione": "Edilizia privata",
                    "peso": Decimal(60),
                    "realizzato": Decimal(85),
                },
            ),
            start=1,
        )
    ],
    "collegamenti": [
        {
            **_DI_SCHEDA,
            "n": 1,
            "missione": "08",
            "denominazione_missione": "Assetto del territorio ed edilizia abitativa",
            "programma": "01",
            "denominazione_programma": "Urbanistica e assetto del territorio",
        }
    ],
    "indicatori": [
        {**_DI_SCHEDA, "n": n, **indicatore}
        for n, indicatore in enumerate(
            (
                {
                    "indicatore": "Giorni medi di risposta",
                    "atteso": "<= 45 giorni",
                    "raggiunto": "41 giorni",
                    "verso": "decrescente",
                    "unita": "giorni",
                    "fonte": "Protocollo",
                    "partenza": "62 giorni",
                },
                {
                    "indicatore": "Domande presentate in via telematica",
                    "atteso": ">= 80%",
                    "raggiunto": "74%",
                    "motivo_scostamento": "Fino a marzo lo sportello non era attivo.",
                    "verso": "crescente",
                    "unita": "%",
                    "fonte": "Sportello unico",
                },
                {
                    "indicatore": "Sportello attivo",
                    "atteso": "entro il 31/03",
                    "raggiunto": "15/03",
                },
            ),
            start=1,
        )
    ],
    "stati": [
        {
            **_DI_SCHEDA,
            "n": 1,
            "voce": "Attivazione dello sportello telematico",
            "testo": "Lo sportello è attivo dal 15 marzo. Si sono tenuti due incontri con i "
            "professionisti e la guida è sul sito.",
        },
        {
            **_DI_SCHEDA,
            "n": 2,
            "voce": "Istruttoria delle domande arretrate",
            "testo": "Delle 120 domande arretrate ne sono state definite 102.\nLe altre 18 aspettano i "
            "pareri di enti esterni.",
        },
    ],
}


def testi() -> Iterator[str]:
    """All that stands in the sheet beside its headings, as its cells read."""
    yield from (TITOLO, SOTTOTITOLO)
    for righe in CONTENUTO.values():
        for valore in (valore for riga in righe for valore in riga.values()):
            yield numero(valore) if isinstance(valore, Decimal) else str(valore)
