"""The language of indicators: what officials write as valore atteso and raggiunto, and its measure.

A cell is read in three steps. `lessico` cuts the text into words and gives each a class, one letter,
from the vocabulary (`LESSICO`). The letters of a text make its shape: "almeno 80 %" is "on%". The
productions (`PRODUZIONI`) are the shapes of the language, each with what it means; a text that no
production describes is a Testo: it is shown, never measured. `confronto` measures one against the other.

Pure: a parse depends on its text alone, a measure on its arguments. Never a guess: what can be read
in two ways is either read by a declared rule and reported (`note`) or not measured, with the remedy.
The rules are in docs/metodo.md, with their examples checked by a test.
"""

from pipeline.valori.confronto import (
    ALTRO_ANNO,
    DUE_LETTURE,
    MANCA_RAGGIUNTO,
    NEGATIVO,
    SENZA_DATI,
    letture_dubbie,
    misura,
    misura_testi,
)
from pipeline.valori.lessico import LESSICO
from pipeline.valori.lettura import PRODUZIONI, parse_atteso, parse_raggiunto
from pipeline.valori.tipi import (
    ANNI,
    CENTO,
    CRESCENTE,
    DECRESCENTE,
    DI_CONTESTO,
    ESITI,
    MAX_CARATTERI,
    NON_MISURABILE,
    NON_RAGGIUNTO,
    PARZIALE,
    QUASI,
    RAGGIUNTO,
    Assente,
    Composto,
    Contesto,
    Intervallo,
    Misura,
    Nota,
    Numero,
    Scadenza,
    SiNo,
    Soglia,
    Testo,
)

__all__ = [
    "ALTRO_ANNO",
    "ANNI",
    "CENTO",
    "CRESCENTE",
    "DECRESCENTE",
    "DI_CONTESTO",
    "DUE_LETTURE",
    "ESITI",
    "LESSICO",
    "MANCA_RAGGIUNTO",
    "MAX_CARATTERI",
    "NEGATIVO",
    "NON_MISURABILE",
    "NON_RAGGIUNTO",
    "PARZIALE",
    "PRODUZIONI",
    "QUASI",
    "RAGGIUNTO",
    "SENZA_DATI",
    "Assente",
    "Composto",
    "Contesto",
    "Intervallo",
    "Misura",
    "Nota",
    "Numero",
    "Scadenza",
    "SiNo",
    "Soglia",
    "Testo",
    "letture_dubbie",
    "misura",
    "misura_testi",
    "parse_atteso",
    "parse_raggiunto",
]
