"""A document as lines of text, for golden files whose difference a person can read.

`make golden` rewrites the golden files from what the program makes now.
"""

import re
import tempfile
import zipfile
from difflib import unified_diff
from pathlib import Path

import openpyxl
from fixtures_ente import write_world
from lxml import etree

from pipeline import run

GOLDEN = Path(__file__).with_name("golden")
ESEMPIO_MISSIONI = Path(__file__).parent.parent / "input_workbooks" / "esempio_missioni"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def docx_lines(percorso: Path) -> list[str]:
    """Paragraphs as "[stile] testo", table rows as "| cella | cella |", header and footer last."""
    with zipfile.ZipFile(percorso) as archivio:
        contorno = [etree.fromstring(archivio.read(f"word/{n}1.xml")) for n in ("header", "footer")]
    return body_lines(percorso) + [
        f"[{_style(p)}] {_text(p)}" for parte in contorno for p in parte.iter(f"{W}p")
    ]


def body_lines(percorso: Path) -> list[str]:
    """The lines of a document without its header and footer."""
    with zipfile.ZipFile(percorso) as archivio:
        corpo = etree.fromstring(archivio.read("word/document.xml"))[0]
    righe = []
    for blocco in corpo:
        if blocco.tag == f"{W}p":
            righe.append(f"[{_style(blocco)}] {_text(blocco)}")
        elif blocco.tag == f"{W}tbl":
            nome = next(blocco.iter(f"{W}tblCaption")).get(f"{W}val")
            righe.append(f"<tabella: {nome}>")
            for fila in blocco.iterfind(f"{W}tr"):
                celle = (" ⏎ ".join(map(_text, c.iterfind(f"{W}p"))) for c in fila.iterfind(f"{W}tc"))
                righe.append("| " + " | ".join(celle) + " |")
    return righe


def _style(paragrafo: etree._Element) -> str:
    stile = paragrafo.find(f"{W}pPr/{W}pStyle")
    return "" if stile is None else stile.get(f"{W}val", "")


def _text(paragrafo: etree._Element) -> str:
    pezzi = []
    for nodo in paragrafo.iter():
        if nodo.tag == f"{W}t":
            pezzi.append(nodo.text or "")
        elif nodo.tag == f"{W}br":
            pezzi.append("⏎")
        elif nodo.tag == f"{W}tab":
            pezzi.append("⇥")
    return "".join(pezzi)


def xlsx_lines(percorso: Path) -> list[str]:
    """Each sheet with its tables and its cells: value, or formula = cached value."""
    formule, valori = (openpyxl.load_workbook(percorso, data_only=d) for d in (False, True))
    righe = []
    for foglio in formule:
        righe.append(f"== {foglio.title}")
        righe += [f"   tabella {t.name} {t.ref}" for t in foglio.tables.values()]
        for cella in (c for riga in foglio.iter_rows() for c in riga if c.value is not None):
            testo = str(cella.value).replace("\n", "⏎")
            if cella.data_type == "f":
                testo = f"{testo} = {valori[foglio.title][cella.coordinate].value}"
            righe.append(f"   {cella.coordinate}: {re.sub(r'[0-9a-f]{64}', '<sha256>', testo)}")
    return righe


def golden_documents(cartella: Path) -> dict[str, list[str]]:
    """The documents of the tiny ente of the fixtures, and the relazione of the example by missione."""
    esito = run.relazione(write_world(cartella / "dentro"), cartella / "fuori")
    consolidato, relazione, _ = esito.documenti
    _, per_missione, _ = run.relazione(ESEMPIO_MISSIONI, cartella / "missioni").documenti
    return {
        "consolidato.txt": xlsx_lines(consolidato),
        "relazione.txt": docx_lines(relazione),
        "relazione_missioni.txt": docx_lines(per_missione),
    }


def golden_differences(nome: str, trovate: list[str]) -> list[str]:
    """The lines of a document that are not those of its golden file, as `diff` shows them."""
    attese = (GOLDEN / nome).read_text(encoding="utf-8").splitlines()
    return differences(f"golden/{nome}", attese, "\n".join(trovate).splitlines())


def differences(nome: str, attese: list[str], ora: list[str]) -> list[str]:
    return list(unified_diff(attese, ora, nome, "now", lineterm="", n=0))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as provvisoria:
        for nome, righe in golden_documents(Path(provvisoria)).items():
            (GOLDEN / nome).write_text("\n".join(righe) + "\n", encoding="utf-8")
            print(f"{nome}: {len(righe)} righe")
