"""The pages of the relazione, by where LibreOffice puts the words: nothing is cut badly.

One conversion for each document.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
import pytest
from conftest import ESEMPIO
from documents_as_text import docx_lines
from libreoffice import _box, _pages_with_boxes, convert
from test_consolidato import fascicolo_di
from test_relazione import hostile

from pipeline import run
from pipeline.documents import relazione as relazione_word
from pipeline.documents.word import pdf

MAX_PAGINE, MAX_TABELLE = 37, 100
PIENA = 0.4
"""How much of a page that is no end of a chapter is filled."""
CONTORNO = 0.055
"""The share of a page, above and below, where its head and its foot are."""


class Pagina(NamedTuple):
    """The lines of a page between its head and its foot, from the top down: (bottom, words)."""

    alta: float
    righe: list[tuple[float, str]]

    @property
    def piena(self) -> float:
        return self.righe[-1][0] / self.alta if self.righe else 0.0


def pages(stampato: Path) -> list[Pagina]:
    trovate = []
    for foglio in _pages_with_boxes(stampato):
        alta = float(foglio.get("height", 0))
        righe: dict[int, list[tuple[float, float, str]]] = {}
        for parola in foglio.iter("word"):
            sinistra, alto, _, basso = _box(parola)
            if CONTORNO < alto / alta < 1 - CONTORNO:
                righe.setdefault(round(basso), []).append((sinistra, basso, parola.text or ""))
        in_ordine = [sorted(righe[posto]) for posto in sorted(righe)]
        trovate.append(Pagina(alta, [(riga[0][1], " ".join(p for *_, p in riga)) for riga in in_ordine]))
    return trovate


CON_STRUTTURA = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
"""What tells which row of a table is on which page."""


def tables(stampato: Path) -> Iterator[list[int]]:
    """The page of each row of each table, the header (which is repeated) once."""
    with pikepdf.open(stampato) as documento:
        numeri = {pagina.objgen: n for n, pagina in enumerate(documento.pages, start=1)}

        def children(nodo: Any) -> list[Any]:
            figli = nodo.get("/K")
            return list(figli) if isinstance(figli, pikepdf.Array) else [figli]

        def elements(nodo: Any, tipo: str) -> Iterator[Any]:
            for figlio in children(nodo):
                if isinstance(figlio, pikepdf.Dictionary) and "/S" in figlio:
                    yield from [figlio] if tipo == figlio.S else elements(figlio, tipo)

        def page(nodo: Any) -> int | None:
            if "/Pg" in nodo:
                return numeri[nodo.Pg.objgen]
            figli = (figlio for figlio in children(nodo) if isinstance(figlio, pikepdf.Dictionary))
            return next(filter(None, map(page, figli)), None)

        for tavola in elements(documento.Root.StructTreeRoot, "/Table"):
            yield [n for riga in elements(tavola, "/TR") if (n := page(riga))]


def check(stampato: Path) -> None:
    """No page is nearly empty but the end of a chapter and the cover; no heading at the foot; a table is
    cut where two rows at least stay on either side, the header besides."""
    tavole = list(tables(stampato))
    assert tavole
    for pagine in tavole:
        prime, ultime = pagine.count(pagine[0]) - 1, pagine.count(pagine[-1])
        assert pagine[0] == pagine[-1] or (prime >= 2 and ultime >= 2), pagine
    fogli, titoli = pages(stampato), pdf.pagine(stampato)
    inizi = {titolo.pagina for titolo in titoli if titolo.livello == 1}
    for n, foglio in enumerate(fogli, start=1):
        if n > 1 and n < len(fogli) and n + 1 not in inizi:
            assert foglio.piena >= PIENA, n
    for titolo in titoli:
        prima = titolo.testo.split()[0]
        righe = fogli[titolo.pagina - 1].righe
        posti = [posto for posto, (_, riga) in enumerate(righe) if riga.startswith(prima)]
        assert posti and posti[0] < len(righe) - 1, titolo


def test_the_example_is_short_and_nothing_of_it_is_cut_badly(
    relazione: Path, tmp_path: Path, libreoffice: str
) -> None:
    stampato = convert(relazione, tmp_path, CON_STRUTTURA)
    fogli = pages(stampato)
    assert len(fogli) <= MAX_PAGINE
    tutti = next(f for f in fogli if any("Ogni obiettivo una volta" in riga for _, riga in f.righe))
    assert any(riga.startswith("SG 1") for _, riga in tutti.righe), "its last obiettivo is elsewhere"
    assert sum(riga.startswith("<tabella") for riga in docx_lines(relazione)) <= MAX_TABELLE
    check(stampato)


@pytest.mark.parametrize("quanti", [1, 40])
def test_nothing_is_cut_badly_with_one_settore_or_forty(
    tmp_path: Path, libreoffice: str, quanti: int
) -> None:
    percorso = tmp_path / "r.docx"
    relazione_word.scrivi(percorso, hostile(fascicolo_di(tmp_path / "dentro"), quanti, "Cura " * 20))
    check(convert(percorso, tmp_path, CON_STRUTTURA))


def test_nothing_of_the_example_by_missione_is_cut_badly(tmp_path: Path, libreoffice: str) -> None:
    word = run.relazione(ESEMPIO / "esempio_missioni", tmp_path).documenti[1]
    check(convert(word, tmp_path, CON_STRUTTURA))
