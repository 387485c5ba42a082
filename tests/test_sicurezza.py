"""What docs/sicurezza.md says of the bounds is what the code has."""

import re

import pytest
from conftest import RADICE

from pipeline.documents.ritorno import correzioni
from pipeline.documents.word import carta, immagini, pdf, ripulitura
from pipeline.posta import spedizione
from pipeline.rilievi import CATALOGO
from pipeline.workbooks import archivio, fields, lettore

PAGINA = " ".join((RADICE / "docs" / "sicurezza.md").read_text(encoding="utf-8").split())
RIGHE = {
    riga.split("|")[1].strip(): riga
    for riga in (RADICE / "docs" / "sicurezza.md").read_text(encoding="utf-8").splitlines()
    if riga.startswith("| ")
}


def thousands(numero: float) -> str:
    return f"{numero:,.0f}".replace(",", ".")


def mega(byte: int) -> str:
    return f"{byte // 2**20} MB"


WORKBOOK, CARTA, STEMMA = "file `.xlsx`", "carta intestata", "stemma e immagini"


@pytest.mark.parametrize(
    ("riga", "detto"),
    [
        (WORKBOOK, f"{mega(archivio.MAX_FILE)}; aperto {mega(archivio.MAX_APERTO)}"),
        (WORKBOOK, f"{thousands(archivio.MAX_PARTI)} parti; {archivio.MAX_FOGLI} fogli"),
        (WORKBOOK, f"{thousands(archivio.MAX_RIGHE)} righe per {archivio.MAX_COLONNE} colonne"),
        (WORKBOOK, f"{thousands(archivio.MAX_CELLE)} celle piene"),
        (WORKBOOK, f"{thousands(archivio.MAX_CARATTERI)} di caratteri"),
        (WORKBOOK, f"{thousands(archivio.MAX_ELEMENTI)} di elementi, {archivio.MAX_PROFONDITA} l'uno"),
        (WORKBOOK, f"{mega(archivio.MAX_ALBERO)} per ogni parte"),
        (CARTA, f"{mega(archivio.MAX_FILE)}; aperta {mega(archivio.MAX_APERTO)}"),
        (CARTA, f"{thousands(archivio.MAX_PARTI)} parti; {mega(archivio.MAX_ALBERO)} per parte XML"),
        (CARTA, f"{thousands(ripulitura.MAX_STILI)} stili"),
        (CARTA, f"{thousands(ripulitura.MAX_CARATTERI)} caratteri"),
        (CARTA, f"{thousands(ripulitura.MAX_ELEMENTI)} elementi, mezza pagina"),
        (STEMMA, f"lo stemma, {mega(carta.MAX_STEMMA)}; {immagini.MAX_PUNTI // 10**6} milioni di punti"),
        ("una cella", f"{thousands(fields.MAX_TESTO)} caratteri"),
        ("LibreOffice", f"{pdf.SECONDI:.0f} secondi più uno ogni {pdf.BYTE_AL_SECONDO // 1000} kB"),
        (
            "server di posta",
            f"{spedizione.ATTESA:.0f} secondi per silenzio; {spedizione.DIALOGO / 60:.0f} minuti",
        ),
        (
            "server di posta",
            f"ogni {spedizione.BYTE_AL_SECONDO // 1000} kB; {spedizione.MAX_RISPOSTE // 1024} kB",
        ),
    ],
)
def test_the_bounds_are_those_of_the_code(riga: str, detto: str) -> None:
    (trovata,) = [testo for nome, testo in RIGHE.items() if nome.startswith(riga)]
    assert detto in trovata


def test_so_are_those_of_the_child_that_reads() -> None:
    assert f"{mega(lettore.MEMORIA)} di memoria" in PAGINA
    assert f"{lettore.SECONDI:.0f} secondi per file" in PAGINA
    assert f"figlio con {correzioni.MEMORIA // 2**30} GB" in PAGINA


def test_the_findings_that_it_names_are_in_the_catalogue() -> None:
    assert set(re.findall(r"\b[A-Z]\d\d\b", PAGINA)) <= set(CATALOGO)
