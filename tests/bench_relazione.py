"""The relazione of a big ente against other ways to write the same document: see `confronta`.

Each way runs in a process of its own. Its time is of the processor, so that what else the machine does
weighs less; its memory is the highest over what the process held before, imports and data.
"""

import re
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from dataclasses import replace
from io import BytesIO
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, unescape

import bench_abile
from documents_as_text import docx_lines
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

from pipeline import measure, score
from pipeline.documents import relazione
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.word import base, grafici
from pipeline.tables import Riga, righe, tabella

SCHEDE, SETTORI, INDICATORI = 72, 8, 6
GIRI = 4
PAVIMENTO = "pavimento: testi e segni pronti, f-string, join, zip"
STATO = Path("/proc/self/status")
DOCUMENTO = "word/document.xml"


class Misura(NamedTuple):
    secondi: float
    memoria: float  # MiB


class Disegnato(NamedTuple):
    """A chart as the relazione wants it."""

    png: bytes
    svg: bytes
    alternativo: str


# --------------------------------------------------------------------------------------------- the ente


def ente(esempio: Fascicolo, schede: int, settori: int) -> Fascicolo:
    """An ente with so many schede, in as many settori, written with the rows of the example in turn."""
    codici = [f"settore{n}" for n in range(settori)]
    prese = {nome: cycle(righe(df)) for nome, df in esempio.tabelle.per_nome().items() if len(df)}
    nuove: dict[str, list[Riga]] = {
        "elenco": [
            {"settore": c, "denominazione": f"Settore {n}", "modello": "schede"}
            for n, c in enumerate(codici, start=1)
        ],
        "settori": [{**next(prese["settori"]), "settore": codice} for codice in codici],
        "provenienza": [
            {**next(prese["provenienza"]), "settore": c, "modello": "schede", "file": f"{c}.xlsx"}
            for c in codici
        ],
    }
    quante = {"obiettivi": 2, "collegamenti": 1, "indicatori": INDICATORI, "stati": 2}
    for posto in range(schede):
        chiavi = {"settore": codici[posto * settori // schede], "scheda": posto + 1}
        nuove.setdefault("schede", []).append({**next(prese["schede"]), **chiavi})
        for nome, volte in quante.items():
            for n in range(1, volte + 1):
                nuove.setdefault(nome, []).append({**next(prese[nome]), **chiavi, "n": n})
        for n in range(4):
            fase = {**next(prese["fasi"]), **chiavi, "obiettivo": n // 2 + 1, "n": n % 2 + 1}
            nuove.setdefault("fasi", []).append(fase)
        voce = {"settore": chiavi["settore"], "n": posto + 1, "schede": str(posto + 1)}
        nuove.setdefault("voci", []).append({**next(prese["voci"]), **voce})
    tabelle = replace(esempio.tabelle, **{nome: tabella(nome, sue) for nome, sue in nuove.items()})
    tabelle = measure.misura(tabelle, esempio.anno)
    return replace(esempio, tabelle=tabelle, valutazione=score.valuta(tabelle, esempio.parametri))


def disegna_una_volta(disegnati: dict[str, Disegnato]) -> None:
    """From here on a chart is drawn only if it is not among these."""
    disegna: Callable[..., Any] = grafici.dichiarato_misurato

    def pronto(*argomenti: object) -> Disegnato:
        chiave = str(argomenti)
        if chiave not in disegnati:
            grafico = disegna(*argomenti)
            disegnati[chiave] = Disegnato(grafico.png, grafico.svg, grafico.alternativo)
        return disegnati[chiave]

    grafici.dichiarato_misurato = pronto


# --------------------------------------------------------------------------------------- the contenders


def nostra(percorso: Path, dati: tuple[Fascicolo, dict[str, Disegnato]]) -> None:
    fascicolo, disegnati = dati
    disegna_una_volta(disegnati)
    relazione.scrivi(percorso, replace(fascicolo))  # a new one: it remembers nothing


def pavimento(percorso: Path, dati: tuple[dict[str, bytes], list[tuple[str, str]]]) -> None:
    parti, pezzi = dati
    corpo = "".join([f"{segni}{escape(testo)}" for segni, testo in pezzi])
    with zipfile.ZipFile(percorso, "w", zipfile.ZIP_DEFLATED) as archivio:
        for nome, contenuto in {**parti, DOCUMENTO: corpo.encode()}.items():
            archivio.writestr(nome, contenuto)


def con_docxtpl(percorso: Path, dati: tuple[bytes, list[Riga]]) -> None:
    bench_abile.con_docxtpl(percorso, *dati, grafici.LARGHEZZA)


def cella_per_cella(percorso: Path, tabelle: list[list[list[str]]]) -> None:
    documento = Document(str(base.MODELLO))
    for celle in tabelle:
        nuova = documento.add_table(len(celle), len(celle[0]))
        for r, riga in enumerate(celle):
            for c, testo in enumerate(riga):
                nuova.cell(r, c).text = testo
    documento.save(str(percorso))


# --------------------------------------------------------------------------------- what they are given


def per_il_pavimento(percorso: Path) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    """The other parts of a document, and its XML as pairs of marks and text."""
    with zipfile.ZipFile(percorso) as archivio:
        parti = {nome: archivio.read(nome) for nome in archivio.namelist()}
    pezzi = re.split(r"(?<=>)([^<>]+)(?=</w:t>)", parti[DOCUMENTO].decode())
    return parti, [(s, unescape(t)) for s, t in zip(pezzi[::2], [*pezzi[1::2], ""], strict=True)]


def per_docxtpl(percorso: Path) -> tuple[bytes, list[Riga]]:
    """A template with a paragraph for each style of a document and a table for each heading of its
    tables, the commonest first; and the content, block by block."""
    documento = Document(str(percorso))
    contenuto = list(documento.iter_inner_content())
    comuni = [chiave for chiave, _ in Counter(map(_chiave, contenuto)).most_common()]
    esempi = {_chiave(blocco): blocco for blocco in reversed(contenuto)}
    blocchi = [_blocco(comuni.index(_chiave(blocco)), blocco) for blocco in contenuto]
    corpo = documento.element.body
    pezzi = [_pezzo(esempi[chiave]) for chiave in comuni]
    for elemento in [blocco._element for blocco in contenuto]:
        corpo.remove(elemento)
    documento.add_paragraph("{%p for b in blocchi %}")
    for n, pezzo in enumerate(pezzi):
        documento.add_paragraph(f"{{%p {'elif' if n else 'if'} b.pezzo == {n} %}}")
        corpo.insert(len(corpo) - 1, pezzo)
    documento.add_paragraph("{%p endif %}")
    documento.add_paragraph("{%p endfor %}")
    modello = BytesIO()
    documento.save(modello)
    return modello.getvalue(), blocchi


def _chiave(blocco: Paragraph | Table) -> str:
    if isinstance(blocco, Paragraph):
        return str(blocco._p.style)
    return " | ".join(cella.text for cella in blocco.rows[0].cells)


def _blocco(pezzo: int, blocco: Paragraph | Table) -> Riga:
    """A paragraph, a picture or a table, and which piece of the template of docxtpl it takes."""
    vuoto = {"pezzo": pezzo, "testo": "", "intestazione": [], "righe": [], "png": b""}
    if isinstance(blocco, Table):
        intestazione, *righe = [[cella.text for cella in riga.cells] for riga in blocco.rows]
        testo = str(blocco._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")))
        return {**vuoto, "testo": testo, "intestazione": intestazione, "righe": righe}
    for rinvio in blocco._p.iter(qn("a:blip")):
        return {**vuoto, "png": blocco.part.related_parts[rinvio.get(qn("r:embed"))].blob}
    return {**vuoto, "testo": "".join(_scritto(nodo) for nodo in blocco._p.iter())}


def _scritto(nodo: Any) -> str:
    segni = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    return nodo.text or "" if nodo.tag == qn("w:t") else segni.get(nodo.tag, "")


def _pezzo(blocco: Paragraph | Table) -> Any:
    """A paragraph or a table of ours with the places of docxtpl in it."""
    if isinstance(blocco, Paragraph):
        _posto(blocco, "{{ b.testo }}")
        return blocco._p
    blocco._tbl.tblPr.find(qn("w:tblCaption")).set(qn("w:val"), "{{ b.testo }}")
    prima, *altre = blocco.rows[1:]
    for riga in altre:
        blocco._tbl.remove(riga._tr)
    for c, cella in enumerate(prima.cells):
        for capoverso in cella.paragraphs[1:]:
            cella._tc.remove(capoverso._p)
        _posto(cella.paragraphs[0], f"{{{{ r[{c}] }}}}")
    inizio, fine = deepcopy(prima._tr), deepcopy(prima._tr)
    _posto(_Row(inizio, blocco).cells[0].paragraphs[0], "{%tr for r in b.righe %}")
    _posto(_Row(fine, blocco).cells[0].paragraphs[0], "{%tr endfor %}")
    prima._tr.addprevious(inizio)
    prima._tr.addnext(fine)
    return blocco._tbl


def _posto(capoverso: Paragraph, segno: str) -> None:
    for figlio in list(capoverso._p):
        if figlio.tag != qn("w:pPr"):
            capoverso._p.remove(figlio)
    capoverso.add_run(segno)


def per_cella(percorso: Path) -> list[list[list[str]]]:
    """The texts of the tables of a document."""
    return [
        [[cella.text for cella in riga.cells] for riga in una.rows]
        for una in Document(str(percorso)).tables
    ]


# ------------------------------------------------------------------------------------------- measuring


def misura(scrivi: Callable[[Path, Any], None], percorso: Path, dati: Any, volte: int) -> Misura:
    """The best of some runs after one for the memory; with 0, that one alone."""
    prima = _memoria("VmRSS")
    tempi = [_secondi(scrivi, percorso, dati)]
    picco = _memoria("VmHWM")
    tempi = [_secondi(scrivi, percorso, dati) for _ in range(volte)] or tempi
    return Misura(min(tempi), picco - prima)


def _secondi(scrivi: Callable[[Path, Any], None], percorso: Path, dati: Any) -> float:
    inizio = time.process_time()
    scrivi(percorso, dati)
    return time.process_time() - inizio


def _memoria(voce: str) -> float:
    """What Linux says of this process, in MiB; elsewhere 0."""
    trovato = STATO.exists() and re.search(rf"{voce}:\s+(\d+) kB", STATO.read_text())
    return int(trovato[1]) / 1024 if trovato else 0


def a_parte(scrivi: Callable[[Path, Any], None], percorso: Path, dati: Any, volte: int) -> Misura:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processo:
        return processo.submit(misura, scrivi, percorso, dati, volte).result()


def confronta(esempio: Fascicolo, cartella: Path) -> None:
    """Print time and memory of our relazione, of the floor, of docxtpl and of python-docx cell by cell;
    then how ours grows with the schede and the settori."""
    print(f"La relazione di {SCHEDE} schede di {INDICATORI} indicatori; per tutti i grafici sono pronti")
    print("  (tempo di processore; memoria al massimo, oltre a quella di import e dati)")
    disegnati: dict[str, Disegnato] = {}
    disegna_una_volta(disegnati)
    fascicolo = ente(esempio, SCHEDE, SETTORI)
    modello = cartella / "nostra.docx"
    disegnare = _secondi(nostra, modello, (fascicolo, disegnati))
    contendenti = {
        "la nostra": (nostra, (fascicolo, disegnati), 12),
        PAVIMENTO: (pavimento, per_il_pavimento(modello), 12),
        "docxtpl, dai testi già pronti": (con_docxtpl, per_docxtpl(modello), 3),
        "python-docx cella per cella, le sole tabelle": (cella_per_cella, per_cella(modello), 0),
    }
    _uguali(modello, cartella)
    misure = {}
    for giro in range(GIRI):  # in turn: the machine is not equally busy all the time
        for nome, (scrivi, dati, volte) in contendenti.items():
            if volte or giro == 0:
                sua = a_parte(scrivi, cartella / "m.docx", dati, volte)
                prima = misure.get(nome, sua)
                misure[nome] = Misura(min(prima.secondi, sua.secondi), prima.memoria)
    la_nostra, il_pavimento = misure.pop("la nostra"), misure[PAVIMENTO]
    grafici_soli = Misura(disegnare - la_nostra.secondi, 0)
    _dillo("la nostra", la_nostra, il_pavimento, "il pavimento")
    for nome, sua in misure.items():
        _dillo(nome, sua, la_nostra, "la nostra")
    _dillo("disegnare i grafici, la prima volta", grafici_soli, la_nostra, "la nostra")
    for schede, settori in ((720, SETTORI), (720, 40)):
        grande = ente(esempio, schede, settori)
        nostra(modello, (grande, disegnati))
        sua = a_parte(nostra, cartella / "m.docx", (grande, disegnati), 6)
        _dillo(f"la nostra, {schede} schede in {settori} settori", sua, la_nostra, f"{SCHEDE} schede")
        sua = a_parte(pavimento, cartella / "m.docx", per_il_pavimento(modello), 6)
        _dillo(f"pavimento, {schede} schede in {settori} settori", sua, il_pavimento, f"{SCHEDE} schede")


def _uguali(nostra: Path, cartella: Path) -> None:
    """Raises AssertionError unless the floor writes our very XML, and docxtpl our texts and styles."""
    pavimento(cartella / "altra.docx", per_il_pavimento(nostra))
    with zipfile.ZipFile(nostra) as una, zipfile.ZipFile(cartella / "altra.docx") as altra:
        assert una.read(DOCUMENTO) == altra.read(DOCUMENTO)
    con_docxtpl(cartella / "altra.docx", per_docxtpl(nostra))
    # a cell of docxtpl is one paragraph: where ours has several, it breaks the line
    righe_nostre, altrui = (
        [riga.replace(" ⏎ ", "⏎") for riga in docx_lines(p)] for p in (nostra, cartella / "altra.docx")
    )
    assert righe_nostre == altrui


def _dillo(cosa: str, sua: Misura, base: Misura, nome: str) -> None:
    memoria = f"{sua.memoria:7.1f} MiB" if sua.memoria else " " * 11
    rapporto = f"{sua.secondi / base.secondi:6.1f} volte {nome}"
    print(f"  {cosa:<58}{sua.secondi * 1000:9.0f} ms{memoria}   {rapporto}")
