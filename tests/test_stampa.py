"""The relazione laid out by LibreOffice: the pages in its index are those of the paper."""

from pathlib import Path

import pytest
from libreoffice import pdf_pages
from test_consolidato import fascicolo_di
from test_relazione import hostile
from validators import faults

from pipeline import run
from pipeline.documents import pdf, relazione, stampa
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.pdf import ConversioneFallita


def laid_out(fascicolo: Fascicolo, cartella: Path, libreoffice: str) -> tuple[Path, Path]:
    word, stampato = cartella / "relazione.docx", cartella / "relazione.pdf"
    stampa.scrivi(word, fascicolo, Path(libreoffice), stampato)
    return word, stampato


def index_lines(pagine: list[str]) -> dict[str, str]:
    """What the printed index says: title (of one line) -> page."""
    lines: dict[str, str] = {}
    for riga in "\n".join(pagine).splitlines():
        titolo, _, pagina = riga.rpartition(".")
        if ".." in titolo:
            lines.setdefault(titolo.strip(". "), pagina.strip())
    return lines


def test_the_index_says_the_page_on_which_each_heading_is(
    esempio: run.Esito, tmp_path: Path, libreoffice: str
) -> None:
    assert esempio.fascicolo is not None
    word, stampato = laid_out(esempio.fascicolo, tmp_path, libreoffice)
    assert faults(word) == []
    pagine = pdf_pages(stampato)
    indice = index_lines(pagine[1:4])
    assert len(indice) > 60
    for titolo in (
        "Sintesi dei risultati",
        "Affari generali",
        "Nota sul metodo",
        "Provenienza dei dati",
    ):
        assert titolo in pagine[int(indice[titolo]) - 1].splitlines(), titolo
    titoli = [t for t in pdf.pagine(stampato) if t.livello < 3]
    detti = [indice[t.testo] for t in titoli if t.testo in indice]
    assert detti == [str(t.pagina) for t in titoli if t.testo in indice]


@pytest.mark.parametrize(
    ("quanti", "testo"), [(1, "x"), (9, "Servizi & sport " * 9), (40, "Cura " * 20)]
)
def test_the_sintesi_has_a_page_of_its_own(
    tmp_path: Path, libreoffice: str, quanti: int, testo: str
) -> None:
    fascicolo = hostile(fascicolo_di(tmp_path / "dentro"), quanti, testo)
    _, stampato = laid_out(fascicolo, tmp_path, libreoffice)
    capitoli = [titolo for titolo in pdf.pagine(stampato) if titolo.livello == 1]
    posto = [titolo.testo for titolo in capitoli].index("Sintesi dei risultati")
    prima, sua, dopo = (titolo.pagina for titolo in capitoli[posto - 1 : posto + 2])
    assert prima < sua
    assert dopo == sua + 1


def test_without_libreoffice_the_document_is_there_without_pages(
    esempio: run.Esito, relazione_senza_pagine: bytes, tmp_path: Path
) -> None:
    assert esempio.fascicolo is not None
    with pytest.raises(ConversioneFallita, match="manca LibreOffice"):
        stampa.scrivi(tmp_path / "r.docx", esempio.fascicolo, None)
    assert (tmp_path / "r.docx").read_bytes() == relazione_senza_pagine


@pytest.fixture
def relazione_senza_pagine(esempio: run.Esito, tmp_path: Path) -> bytes:
    assert esempio.fascicolo is not None
    relazione.scrivi(tmp_path / "senza.docx", esempio.fascicolo)
    return (tmp_path / "senza.docx").read_bytes()


def test_headings_that_are_not_those_of_the_pdf_are_no_pages(
    esempio: run.Esito, tmp_path: Path, libreoffice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Better no page numbers than wrong ones."""
    assert esempio.fascicolo is not None
    vere = pdf.pagine
    monkeypatch.setattr(pdf, "pagine", lambda stampato: vere(stampato)[1:])
    with pytest.raises(ConversioneFallita, match="titoli"):
        stampa.scrivi(tmp_path / "r.docx", esempio.fascicolo, Path(libreoffice))
    assert (tmp_path / "r.docx").is_file()
