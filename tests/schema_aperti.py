"""The published schema of the open data, as the program has it now: `make golden` writes it.

A version that is out does not change: see docs/schema/README.md.
"""

from pathlib import Path

from pipeline.documents.aperti.pacchetto import schema, scritto
from pipeline.documents.aperti.tavole import VERSIONE

CARTELLA = Path(__file__).parent.parent / "docs" / "schema"
PUBBLICATO = CARTELLA / f"relazione-performance-{VERSIONE}.json"

if __name__ == "__main__":
    PUBBLICATO.write_text(scritto(schema()), encoding="utf-8")
    print(PUBBLICATO)
