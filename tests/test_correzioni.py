"""The way back to the responsabile: the annotated copies, and what comes back from them."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import fixtures_ente as fx
import openpyxl
import pytest
from conftest import ESEMPIO, RADICE, Outcome
from fixtures_ente import (
    AREA,
    ENTE,
    OPERATIVI,
    RAGIONERIA,
    TECNICO,
    below,
    beside,
    put,
    put_by_hand,
    put_many,
)
from libreoffice import cached_values, convert, needs_soffice
from lxml import etree
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.workbook import Workbook
from test_rilievi import CASES, Case, _many_findings, found
from validators import faults, sdk_faults

from pipeline import run
from pipeline.documents.ritorno import correzioni
from pipeline.documents.ritorno.correzioni import Copie
from pipeline.rilievi import CATALOGO, Rilievo
from pipeline.tables import righe
from pipeline.workbooks import contorno, form, lettore

Outcomes = Callable[[Case], Outcome]


@pytest.fixture(scope="session")
def copies(outcomes: Outcomes, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Case], Path]:
    """The annotated copies of every case, made once."""
    made: dict[str, Path] = {}

    def copie(caso: Case) -> Path:
        if caso.name not in made:
            made[caso.name] = tmp_path_factory.mktemp("copie")
            outcome = outcomes(caso)
            correzioni.scrivi(outcome.folder, made[caso.name], outcome.esito.rilievi)
        return made[caso.name]

    return copie


def annotated(ente: Path) -> Path:
    """The folder of the copies of an ente, written beside it."""
    destinazione = ente.parent / "copie"
    correzioni.scrivi(ente, destinazione, run.controlla(ente).rilievi)
    return destinazione


def note_of(copia: Path, foglio: str, cella: str) -> str:
    return openpyxl.load_workbook(copia)[foglio][cella].comment.text


def coloured(copia: Path, foglio: str) -> dict[str, str]:
    """The cells that our conditional formats colour -> the colour."""
    colori = {}
    for formato in openpyxl.load_workbook(copia)[foglio].conditional_formatting:
        for area in str(formato.sqref).split():
            for regola in formato.rules:
                if regola.formula == [correzioni.SEGNO]:
                    colori[area] = regola.dxf.fill.bgColor.rgb[-6:]
    return colori


def listed(copia: Path) -> list[tuple[Any, ...]]:
    """The lines of the first sheet."""
    ws = openpyxl.load_workbook(copia).worksheets[0]
    assert ws.title == form.FOGLIO_CORREZIONI
    return list(ws.iter_rows(min_row=form.RIGA_CORREZIONI + 1, max_col=6, values_only=True))


# ------------------------------------------------------------------------------------- there and back

NOT_IN_THE_COPY = {
    "F01": "the guard refuses the file: it is never opened, there is no copy",
    "F02": "the guard refuses the file: it is never opened, there is no copy",
    "F03": "the guard refuses the file: it is never opened, there is no copy",
    "F04": "the guard refuses the file: it is never opened, there is no copy",
    "F05": "the guard refuses the file: it is never opened, there is no copy",
    "F06": "it is not an .xlsx: there is no copy",
    "F07": "it is the placeholder of an open workbook: there is no copy",
    "F08": "it is not an .xlsx: there is no copy",
    "F09": "the file is refused: it is never opened again, there is no copy",
    "F10": "it is not an .xlsx: there is no copy",
    "F11": "the link is in no cell: it is broken in the spreadsheet program",
    "F12": "the file is refused: it is never opened, there is no copy",
    "F13": "it is the letterhead: there is no copy",
    "F14": "it is the letterhead: there is no copy",
    "F15": "it is the stemma: there is no copy",
    "F16": "it is the letterhead: there is no copy",
    "F17": "the workbook must be taken out of the file first: there is no copy",
    "F18": "it is not a file: there is no copy",
    "F19": "it is the letterhead: there is no copy",
    "F20": "it is the letterhead: there is no copy",
    "C15": "the program that makes the copy does not open such a cell, or reads it in its own way",
    "M01": "it is not a workbook of ours: the contents go into the template",
    "M02": "the program is updated, there is nothing to correct in the workbook",
    "M03": "another workbook takes its place",
    "M04": "another workbook takes its place",
    "M05": "the office takes the file away, or lists the settore in ente.xlsx",
    "M06": "the office takes one of the two files away",
    "M07": "there is no file to annotate",
    "M08": "the sheet is gone: there is no cell to write in",
    "M12": "the office corrects the list in ente.xlsx, or takes the right workbook",
    "M14": "it is in no cell: it is taken off in the spreadsheet program",
    "P01": "it is a fault of the program",
    "V11": "the office decides for all the settori: no responsabile is written to for that",
    "V15": "the number to correct is in ente.xlsx, or a whole sheet is missing",
    "V31": "the whole workbook is to be filled in: it is not sent back, it is asked for",
    "V38": "of two gradi in two workbooks only the Nucleo knows which is right",
    "V39": "the workbook of the Nucleo is made anew",
    "V40": "the workbook of the Nucleo is made anew",
    "E01": "there is no file to annotate",
    "E07": "the file is renamed, nothing is written in it",
    "E11": "only make email says it, the copies are of make controlla",
    "E16": "only make email says it, the copies are of make controlla",
    "E23": "it is the text of an act: there is no copy",
    "E24": "it is the text of an act: there is no copy",
    "E25": "it is the text of an act: there is no copy",
    "E28": "the office takes one of the two files away",
}
"""The codes that no value written in the annotated copy corrects, and why."""

_FIRST = {(caso.codice, caso.modello): caso for caso in reversed(CASES)}
CORRECTABLE = [caso for caso in reversed(_FIRST.values()) if caso.codice not in NOT_IN_THE_COPY]
"""A case of each code for each template: there and back takes two seconds."""


def write(libro: Workbook, foglio: str, cella: str, valore: Any) -> None:
    """Write in a cell as a person can: not in one that is locked, where the sheet is protected."""
    ws = libro[foglio]
    bloccata = ws.protection.sheet and ws[cella].protection.locked
    assert not bloccata, f"{foglio}!{cella} is locked: nobody can correct it there"
    ws[cella] = valore


def correct(copia: Path, caso: Case, places: list[tuple[str, str, str]], good: Path) -> None:
    """Write in the annotated copy what the responsabile writes."""
    if caso.remedy:
        foglio, valori = caso.remedy(copia)
        libro = openpyxl.load_workbook(copia)
        for cella, valore in valori.items():
            write(libro, foglio, cella, valore)
        libro.save(copia)
        return
    libro = openpyxl.load_workbook(copia)
    giusto = _opened((good / copia.name).read_bytes())
    for _, foglio, cella in places:
        if foglio not in giusto.sheetnames:
            del libro[foglio]
        elif cella:
            write(libro, foglio, cella, giusto[foglio][cella].value)
        else:
            _as_it_was(libro, giusto, foglio)
    libro.save(copia)


@cache
def _opened(contenuto: bytes) -> Workbook:
    """A workbook that is only looked at: opened once."""
    return openpyxl.load_workbook(BytesIO(contenuto))


def _as_it_was(libro: Workbook, giusto: Workbook, foglio: str) -> None:
    for riga in libro[foglio].iter_rows():
        for cella in riga:
            buono = giusto[foglio][cella.coordinate].value
            if cella.value != buono and cella.data_type != "f" and not isinstance(cella, MergedCell):
                write(libro, foglio, cella.coordinate, buono)


@pytest.mark.parametrize("caso", CORRECTABLE, ids=lambda c: f"{c.codice}-{c.name}")
def test_a_finding_corrected_in_the_annotated_copy_is_gone(
    caso: Case,
    outcomes: Outcomes,
    copies: Callable[[Case], Path],
    good: Path,
    good_missioni: Path,
    tmp_path: Path,
) -> None:
    outcome = outcomes(caso)
    (file,) = {file for file, _, _ in outcome.expected}
    ente = Path(shutil.copytree(outcome.folder, tmp_path / "ente"))
    shutil.copy(copies(caso) / file, ente / file)
    buono = good_missioni if caso.modello == "missioni" else good
    correct(ente / file, caso, outcome.expected, buono)
    assert found(outcome.esito) and found(run.controlla(ente)) == []


def test_every_code_goes_there_and_back_or_says_why_not() -> None:
    assert {caso.codice for caso in CORRECTABLE} | set(NOT_IN_THE_COPY) == set(CATALOGO)
    assert not {caso.codice for caso in CORRECTABLE} & set(NOT_IN_THE_COPY)


# ------------------------------------------------------------------------ the copy reads as the original


@pytest.mark.parametrize("caso", CORRECTABLE[::4], ids=lambda c: f"{c.codice}-{c.name}")
def test_the_annotated_copies_give_the_same_tables_and_findings(
    caso: Case, outcomes: Outcomes, copies: Callable[[Case], Path], tmp_path: Path
) -> None:
    outcome = outcomes(caso)
    ente = Path(shutil.copytree(outcome.folder, tmp_path / "ente"))
    for copia in copies(caso).glob("*.xlsx"):
        shutil.copy(copia, ente / copia.name)
    assert_same(outcome.esito, run.controlla(ente))


def assert_same(prima: run.Esito, dopo: run.Esito) -> None:
    """But for the boxes that a paste has locked: of those the copy itself is the remedy."""
    assert dopo.rilievi == [r for r in prima.rilievi if r.codice != "M21"]
    assert dopo.raccolta.quadrature == prima.raccolta.quadrature
    for nome, tabella in prima.raccolta.tabelle.per_nome().items():
        altra = dopo.raccolta.tabelle.per_nome()[nome]
        assert righe(altra.drop(columns=["sha256", "salvato"], errors="ignore")) == righe(
            tabella.drop(columns=["sha256", "salvato"], errors="ignore")
        )


def test_the_copies_of_the_example_read_as_the_originals(tmp_path: Path) -> None:
    cartella = Path(shutil.copytree(ESEMPIO, tmp_path / "ente"))
    prima = run.controlla(cartella)
    # a finding on every workbook, so that each is annotated
    rilievi = prima.rilievi + [Rilievo("C07", q.file) for q in prima.raccolta.quadrature]
    copie = correzioni.scrivi(cartella, tmp_path / "copie", rilievi)
    assert [copia.name for copia in copie.scritte] == sorted(p.name for p in cartella.glob("*.xlsx"))
    for copia in copie.scritte:
        shutil.copy(copia, cartella / copia.name)
    assert_same(prima, run.controlla(cartella))


def test_what_is_typed_beside_or_under_the_list_is_reported(ente: Path) -> None:
    put(ente / TECNICO, "Scheda 1", "H30", "da rivedere")
    copia = annotated(ente) / TECNICO
    ultima = form.RIGA_CORREZIONI + 1
    put_many(copia, form.FOGLIO_CORREZIONI, {f"H{ultima}": "fatto", f"A{ultima + 2}": "grazie"})
    shutil.copy(copia, ente / TECNICO)
    assert [posto for _, posto in found(run.controlla(ente))] == [
        (TECNICO, form.FOGLIO_CORREZIONI, f"H{ultima}"),
        (TECNICO, form.FOGLIO_CORREZIONI, f"A{ultima + 2}"),
        (TECNICO, "Scheda 1", "H30"),
    ]


def test_a_sheet_of_the_office_with_the_same_name_is_not_ours(ente: Path) -> None:
    fx.add_sheet(ente / TECNICO, form.FOGLIO_CORREZIONI, {"A1": "promemoria"})
    assert found(run.controlla(ente)) == [("M11", (TECNICO, form.FOGLIO_CORREZIONI, ""))]
    copia = annotated(ente) / TECNICO
    assert "promemoria" in cached_values(copia)[form.FOGLIO_CORREZIONI].values()


# --------------------------------------------------------------------------------- what the copy says


def test_the_cell_is_coloured_and_tells_what_is_wrong_and_what_to_write(ente: Path) -> None:
    cella = below(ente / TECNICO, "Valutazione", "Peso")
    put(ente / TECNICO, "Valutazione", cella, "circa 2")
    copia = annotated(ente) / TECNICO
    (rilievo,) = run.controlla(ente).rilievi
    nota = note_of(copia, "Valutazione", cella)
    assert rilievo.messaggio in nota and rilievo.rimedio in nota and "blocca" in nota
    assert coloured(copia, "Valutazione") == {cella: correzioni.COLORI["blocca"]}


def test_several_findings_of_a_cell_are_one_note_and_the_worst_colour(ente: Path) -> None:
    rilievi = [Rilievo(codice, TECNICO, "Valutazione", "F7") for codice in ("C05", "C07")]
    correzioni.scrivi(ente, ente.parent / "copie", rilievi)
    copia = ente.parent / "copie" / TECNICO
    nota = note_of(copia, "Valutazione", "F7")
    assert all(r.messaggio in nota and r.rimedio in nota for r in rilievi)
    assert coloured(copia, "Valutazione") == {"F7": correzioni.COLORI["blocca"]}


def test_the_first_sheet_lists_every_finding_with_a_link_to_its_place(ente: Path) -> None:
    _many_findings(ente)
    put(ente / TECNICO, "Scheda 1", "H30", None)
    esito = run.controlla(ente)
    copie = annotated(ente)
    for copia in copie.glob("*.xlsx"):
        suoi = [r for r in esito.rilievi if r.file == copia.name]
        posti = [(r.foglio or None, r.cella or None) for r in suoi]
        attesi = [
            (r.codice, r.gravita, *posto, r.messaggio, r.rimedio)
            for r, posto in zip(suoi, posti, strict=True)
        ]
        assert listed(copia) == attesi
        ws = openpyxl.load_workbook(copia).worksheets[0]
        for riga, rilievo in enumerate(suoi, start=form.RIGA_CORREZIONI + 1):
            dove = [f"'{rilievo.foglio}'!{rilievo.cella or 'A1'}"] if rilievo.foglio else []
            assert [c.hyperlink.location for c in ws[riga] if c.hyperlink] == dove


def test_the_list_is_what_opens(ente: Path) -> None:
    """Only it is selected: with two sheets selected Excel would write in both."""
    put(ente / TECNICO, "Scheda 1", "H30", "da rivedere")
    libro = openpyxl.load_workbook(annotated(ente) / TECNICO)
    assert libro.active.title == form.FOGLIO_CORREZIONI
    scelti = [ws.title for ws in libro.worksheets if ws.sheet_view.tabSelected]
    assert scelti == [form.FOGLIO_CORREZIONI]


def test_the_same_thing_down_a_column_is_one_line_with_a_link_to_the_range(ente: Path) -> None:
    celle = [below(ente / TECNICO, "Valutazione", "Peso", n) for n in (1, 2, 3, 5)]
    for cella in celle:
        fx.put_uncalculated(ente / TECNICO, "Valutazione", cella)
    copia = annotated(ente) / TECNICO
    ws = openpyxl.load_workbook(copia).worksheets[0]
    righe_c07 = [riga for riga in ws.iter_rows() if riga[0].value == "C07"]
    attese = [f"{celle[0]}:{celle[2]}", celle[3]]
    assert [riga[3].value for riga in righe_c07] == attese
    assert [riga[3].hyperlink.location for riga in righe_c07] == [f"'Valutazione'!{c}" for c in attese]
    assert set(celle) <= set(coloured(copia, "Valutazione"))


def test_a_message_that_looks_like_a_formula_stays_a_text(ente: Path) -> None:
    fx.add_sheet(ente / TECNICO, "=1+1", {"A1": "uno"})
    copia = annotated(ente) / TECNICO
    assert [r[2] for r in listed(copia)] == ["=1+1"]
    ws = openpyxl.load_workbook(copia).worksheets[0]
    assert {c.data_type for riga in ws.iter_rows() for c in riga} == {"s", "n"}


def test_the_notes_of_the_office_are_kept_under_ours(ente: Path) -> None:
    cella = below(ente / TECNICO, "Valutazione", "Peso")
    put(ente / TECNICO, "Valutazione", cella, "circa 2")
    libro = openpyxl.load_workbook(ente / TECNICO)
    libro["Valutazione"][cella].comment = Comment("Sentire il sindaco", "Luca")
    libro["Valutazione"]["B7"].comment = Comment("Altra nota", "Luca")
    libro.save(ente / TECNICO)
    copia = annotated(ente) / TECNICO
    assert "serve un numero" in note_of(copia, "Valutazione", cella)
    assert note_of(copia, "Valutazione", cella).endswith("Sentire il sindaco")
    assert note_of(copia, "Valutazione", "B7") == "Altra nota"


def test_a_second_round_takes_off_the_first(ente: Path) -> None:
    peso, stato = (below(ente / TECNICO, "Valutazione", h) for h in ("Peso", "Stato"))
    libro = openpyxl.load_workbook(ente / TECNICO)
    libro["Valutazione"][peso].comment = Comment("Sentire il sindaco", "Luca")
    libro.save(ente / TECNICO)
    put_many(ente / TECNICO, "Valutazione", {peso: "circa 2", stato: "boh"})
    copia = annotated(ente) / TECNICO
    shutil.copy(copia, ente / TECNICO)
    put(ente / TECNICO, "Valutazione", peso, 2)
    annotated(ente)
    assert openpyxl.load_workbook(copia).sheetnames.count(form.FOGLIO_CORREZIONI) == 1
    assert [r[3] for r in listed(copia) if r[0] != "M14"] == [stato]
    assert list(coloured(copia, "Valutazione")) == [stato]
    assert note_of(copia, "Valutazione", peso) == "Sentire il sindaco"


def test_a_cell_of_merged_ones_is_coloured_whole(ente: Path) -> None:
    cella = beside(ente / TECNICO, "Scheda 1", "Titolo")
    fx.put_inline(ente / TECNICO, "Scheda 1", cella, "Piano_x0007_ strade")
    copia = annotated(ente) / TECNICO
    assert list(coloured(copia, "Scheda 1")) == ["B2:I2"]
    assert "invisibili" in note_of(copia, "Scheda 1", cella)


def test_a_note_is_as_high_as_its_text(ente: Path) -> None:
    corto = [Rilievo("C06", TECNICO, "Valutazione", "F7", {"valore": "#N/D"})]
    lungo = [Rilievo(codice, TECNICO, "Valutazione", "F8") for codice in ("C05", "C07", "C08")]
    correzioni.scrivi(ente, ente.parent / "copie", corto + lungo)
    with zipfile.ZipFile(ente.parent / "copie" / TECNICO) as archivio:
        (vml,) = (archivio.read(n).decode() for n in archivio.namelist() if n.endswith(".vml"))
    prima, seconda = (int(pezzo.split("px")[0]) for pezzo in vml.split("height:")[1:])
    assert 60 < prima < seconda


# ---------------------------------------------------------------------------- what the copy must keep


def test_the_form_stays_a_form(ente: Path) -> None:
    """Drop-downs, protection, formats, widths, merged cells, print, marks, formulas: all but ours."""
    _many_findings(ente)
    for copia in annotated(ente).glob("*.xlsx"):
        prima, dopo = (openpyxl.load_workbook(p) for p in (ente / copia.name, copia))
        assert dopo.sheetnames == [form.FOGLIO_CORREZIONI, *prima.sheetnames]
        assert {p.name: p.value for p in dopo.custom_doc_props.props} == {
            p.name: p.value for p in prima.custom_doc_props.props
        }
        for ws in prima.worksheets:
            assert _look(ws) == _look(dopo[ws.title])
    assert dopo["_modello"].sheet_state == "veryHidden"


def _look(ws: Any) -> dict[str, Any]:
    celle = [cella for riga in ws.iter_rows() for cella in riga]
    return {
        "valori": {
            c.coordinate: getattr(c.value, "text", c.value) for c in celle if c.value is not None
        },
        "stili": {
            c.coordinate: (c.number_format, c.protection.locked, c.fill.fgColor.rgb, c.font.b)
            for c in celle
        },
        "regole": sorted(
            (str(v.sqref), v.type, v.formula1 or "", v.showErrorMessage or False, v.prompt or "")
            for v in ws.data_validations.dataValidation
        ),
        "protezione": dict(ws.protection),
        "larghezze": {k: d.width for k, d in ws.column_dimensions.items()},
        "altezze": {k: d.height for k, d in ws.row_dimensions.items()},
        "unite": sorted(str(r) for r in ws.merged_cells.ranges),
        "stampa": (ws.print_title_rows, ws.page_setup.orientation, ws.freeze_panes, ws.sheet_state),
        "legami": [(c.coordinate, c.hyperlink.location) for c in celle if c.hyperlink],
    }


def test_the_formulas_keep_their_results(ente: Path) -> None:
    """Ours and those of the office: number, text, empty text, true or false, error, date, none."""
    risultati = {
        "H30": ("<f>40+50</f><v>90</v>", "n"),
        "H31": ('<f>"a"&amp;"b"</f><v>ab</v>', "str"),
        "H32": ('<f>""</f><v></v>', "str"),
        "H33": ("<f>1=1</f><v>1</v>", "b"),
        "H34": ("<f>1/0</f><v>#DIV/0!</v>", "e"),
        "H35": ("<f>NA()</f><v>#N/A</v>", "e"),
        "H36": ("<f>0.1+0.2</f><v>0.30000000000000004</v>", "n"),
        "H37": ("<f>40+50</f>", "n"),
    }
    for cella, (contenuto, tipo) in risultati.items():
        fx.put_xml(ente / TECNICO, "Scheda 1", cella, contenuto, tipo)
    copia = annotated(ente) / TECNICO
    prima, dopo = (_formulas(percorso, "Scheda 1") for percorso in (ente / TECNICO, copia))
    assert dopo == prima and len(prima) == len(risultati)
    assert _formulas(copia, "Valutazione") == _formulas(ente / TECNICO, "Valutazione")
    prima, dopo = (cached_values(percorso) for percorso in (ente / TECNICO, copia))
    assert {**dopo, form.FOGLIO_CORREZIONI: {}} == {**prima, form.FOGLIO_CORREZIONI: {}}


def _formulas(percorso: Path, foglio: str) -> dict[str, tuple[str, str, str]]:
    """Address -> formula, type and kept result, as they are in the file."""
    with zipfile.ZipFile(percorso) as archivio:
        parti = {nome: archivio.read(nome) for nome in archivio.namelist()}
    radice = etree.fromstring(parti[fx.sheet_part(parti, foglio)])
    return {
        c.get("r", ""): (
            c.findtext(f"{fx.M}f", ""),
            c.get("t", "n"),
            c.findtext(f"{fx.M}v", "").removesuffix(".0"),
        )
        for c in radice.iter(f"{fx.M}c")
        if c.find(f"{fx.M}f") is not None
    }


def test_words_in_bold_stay_in_bold(ente: Path) -> None:
    testo = '<is><r><rPr><b/></rPr><t>molto</t></r><r><t xml:space="preserve"> importante</t></r></is>'
    cella = below(ente / TECNICO, "Scheda 1", "Che cosa è stato fatto")
    fx.put_xml(ente / TECNICO, "Scheda 1", cella, testo, "inlineStr")
    correzioni.scrivi(ente, ente.parent / "copie", [Rilievo("C05", TECNICO, "Scheda 1", cella)])
    copia = openpyxl.load_workbook(ente.parent / "copie" / TECNICO, rich_text=True)
    grassetto, normale = copia["Scheda 1"][cella].value
    assert grassetto.font.b and normale == " importante"


def test_a_date_that_a_formula_gave_is_kept(ente: Path) -> None:
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put(ente / TECNICO, "Scheda 1", cella, "x", "dd/mm/yyyy")
    fx.put_xml(ente / TECNICO, "Scheda 1", cella, "<f>DATE(2024,6,30)</f><v>45473</v>")
    correzioni.scrivi(ente, ente.parent / "copie", [Rilievo("C05", TECNICO, "Scheda 1", cella)])
    foglio = lettore.apri(ente.parent / "copie" / TECNICO).fogli["Scheda 1"]
    assert foglio.testo(*coordinate_to_tuple(cella)) == "30/06/2024"


def test_a_returned_copy_saved_without_results_is_no_new_finding(ente: Path) -> None:
    """openpyxl saves no results: the formulas of the form are not the responsabile's to calculate."""
    fx.put_inline(ente / TECNICO, "Scheda 1", "H30", "da rivedere")
    copia = annotated(ente) / TECNICO
    con_risultati = set(cached_values(copia)["Valutazione"])
    put_by_hand(copia, "Scheda 1", {"H30": None})
    assert set(cached_values(copia)["Valutazione"]) < con_risultati
    shutil.copy(copia, ente / TECNICO)
    assert found(run.controlla(ente)) == []


@needs_soffice
def test_a_copy_saved_by_libreoffice_comes_back_whole(ente: Path, tmp_path: Path) -> None:
    peso = below(ente / TECNICO, "Valutazione", "Peso")
    put(ente / TECNICO, "Valutazione", peso, "circa 2")
    prima = run.controlla(ente)
    salvata = convert(annotated(ente) / TECNICO, tmp_path / "salvata", "xlsx")
    shutil.copy(salvata, ente / TECNICO)
    dopo = run.controlla(ente)
    assert dopo.rilievi == prima.rilievi
    copia = annotated(ente) / TECNICO
    assert list(coloured(copia, "Valutazione")) == [peso]
    assert contorno.NOTA_PRECEDENTE not in note_of(copia, "Valutazione", peso)
    assert openpyxl.load_workbook(copia).sheetnames.count(form.FOGLIO_CORREZIONI) == 1


@needs_soffice
def test_libreoffice_shows_the_colour_and_the_figures(ente: Path, tmp_path: Path) -> None:
    put(ente / TECNICO, "Scheda 1", "H30", "da rivedere")
    copia = annotated(ente) / TECNICO
    pagina = convert(copia, tmp_path / "pagina", "html").read_text(encoding="utf-8", errors="replace")
    assert correzioni.COLORI["da correggere"].lower() in pagina.lower()
    valori = cached_values(convert(copia, tmp_path / "di nuovo", "xlsx"))["Valutazione"]
    assert 95 in valori.values()


# ----------------------------------------------------------------------------------- pasted over


PASTED = {"schede": (TECNICO, "Scheda 1", "A18:C19"), "missioni": (AREA, OPERATIVI, "A4:I6")}


@pytest.mark.parametrize("modello", PASTED)
def test_boxes_that_a_paste_has_spoiled_are_boxes_of_the_form_again(
    modello: str, request: pytest.FixtureRequest
) -> None:
    cartella = request.getfixturevalue("ente" if modello == "schede" else "ente_missioni")
    file, foglio, area = PASTED[modello]
    buono = _dressed(cartella / file, foglio)
    fx.paste_over(cartella / file, foglio, area)
    incollato = _dressed(cartella / file, foglio)
    assert incollato != buono
    assert _dressed(annotated(cartella) / file, foglio) == buono


def _dressed(percorso: Path, foglio: str) -> dict[str, Any]:
    """Of each cell what one sees of it, whether it is locked, and the drop-down or help that it has."""
    ws = openpyxl.load_workbook(percorso)[foglio]
    regole = ws.data_validations.dataValidation
    vestite = {}
    for cella in (c for riga in ws.iter_rows() for c in riga):
        dove = cella.coordinate
        sue = [(r.type, fx.formula_at(r, dove), r.prompt) for r in regole if dove in r.sqref]
        f, a, lato = cella.font, cella.alignment, cella.border.left.style
        testo = (f.name, f.sz, f.b, a.wrap_text, a.horizontal, a.vertical, cella.number_format)
        vestite[cella.coordinate] = (cella.fill.fgColor.rgb, lato, testo, cella.protection.locked, sue)
    return vestite


def test_the_value_of_a_pasted_cell_says_what_it_said(ente: Path) -> None:
    """A number shown as a percentage: with the format of the form it would be another."""
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put(ente / TECNICO, "Scheda 1", below(ente / TECNICO, "Scheda 1", "Valore atteso"), "90%")
    fx.paste_over(ente / TECNICO, "Scheda 1", f"{cella}:{cella}")
    put(ente / TECNICO, "Scheda 1", cella, 0.98, "0.0%")
    prima = run.controlla(ente)
    shutil.copy(annotated(ente) / TECNICO, ente / TECNICO)
    dopo = run.controlla(ente)
    assert [r.codice for r in prima.rilievi] == ["M21"] and found(dopo) == []
    assert lettore.apri(ente / TECNICO).fogli["Scheda 1"].testo(*coordinate_to_tuple(cella)) == "98%"


def test_cells_merged_by_a_paste_are_open_together(ente_missioni: Path) -> None:
    fx.paste_over(ente_missioni / AREA, OPERATIVI, "C5:C6")
    libro = openpyxl.load_workbook(ente_missioni / AREA)
    libro[OPERATIVI]["C6"] = None
    libro[OPERATIVI].merge_cells("C5:C6")
    libro.save(ente_missioni / AREA)
    (rilievo,) = run.controlla(ente_missioni).rilievi
    assert rilievo.dati["celle"] == "C5"
    ws = openpyxl.load_workbook(annotated(ente_missioni) / AREA)[OPERATIVI]
    assert [ws[cella].protection.locked for cella in ("C5", "C6")] == [False, False]


def test_a_sheet_without_protection_has_no_locked_boxes(ente: Path) -> None:
    fx.paste_over(ente / TECNICO, "Scheda 1", "A18:C19")
    libro = openpyxl.load_workbook(ente / TECNICO)
    libro["Scheda 1"].protection.sheet = False
    libro.save(ente / TECNICO)
    assert found(run.controlla(ente)) == []


def test_where_there_is_no_copy_it_is_not_named(ente: Path) -> None:
    fx.paste_over(ente / TECNICO, "Scheda 1", "A18:C18")
    assert "da_correggere" in run.controlla(ente).rilievi[0].rimedio
    (ente / TECNICO).rename(ente / "tecnico.xlsm")
    assert [r.rimedio[:14] for r in run.controlla(ente).rilievi if r.codice == "M21"] == [
        "In questo file"
    ]


# -------------------------------------------------------------------------------------- sound files

INLINE = "inline-string cell(s)"
"""What openxml-audit says of texts kept in their cells, as openpyxl writes them: sound, and Excel moves
them at the next save."""


def test_the_copies_are_sound(ente: Path) -> None:
    _many_findings(ente)
    copie = sorted(annotated(ente).glob("*.xlsx"))
    assert len(copie) == 4
    for copia in copie:
        assert [guasto for guasto in faults(copia) if INLINE not in guasto] == []


def test_the_copies_are_sound_for_the_sdk(ente: Path) -> None:
    _many_findings(ente)
    for copia in annotated(ente).glob("*.xlsx"):
        assert sdk_faults(copia) == []


def test_the_copies_of_the_example_are_sound(tmp_path: Path) -> None:
    copie = correzioni.scrivi(ESEMPIO, tmp_path, run.controlla(ESEMPIO).rilievi)
    assert copie.scritte and not copie.mancate
    for copia in copie.scritte:
        assert [guasto for guasto in faults(copia) if INLINE not in guasto] == []


def test_two_runs_give_the_same_bytes(ente: Path, tmp_path: Path) -> None:
    _many_findings(ente)
    ambiente = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    comando = [sys.executable, "-m", "pipeline", "controlla", "--cartella", str(ente)]
    subprocess.run(
        [*comando, "--uscita", str(tmp_path)], cwd=RADICE, env=ambiente, check=False, capture_output=True
    )
    prime = {p.name: p.read_bytes() for p in annotated(ente).glob("*.xlsx")}
    seconde = {p.name: p.read_bytes() for p in (tmp_path / "2024" / "da_correggere").glob("*.xlsx")}
    assert len(prime) == 4
    assert seconde == prime


# ------------------------------------------------------------------------------- which copies there are


def test_the_originals_are_never_touched(ente: Path) -> None:
    _many_findings(ente)
    prima = {p.name: p.read_bytes() for p in ente.iterdir()}
    annotated(ente)
    assert {p.name: p.read_bytes() for p in ente.iterdir()} == prima


def test_only_workbooks_with_findings_have_a_copy(ente: Path) -> None:
    put(ente / TECNICO, "Scheda 1", "H30", "da rivedere")
    assert [p.name for p in annotated(ente).iterdir()] == [TECNICO]


def test_a_copy_that_no_longer_serves_goes_away(ente: Path) -> None:
    put(ente / TECNICO, "Scheda 1", "H30", "da rivedere")
    copie = annotated(ente)
    put(ente / TECNICO, "Scheda 1", "H30", None)
    put(ente / RAGIONERIA, "Scheda 1", "H30", "da rivedere")
    annotated(ente)
    assert [p.name for p in copie.iterdir()] == [RAGIONERIA]


@pytest.mark.parametrize("ancora", [True, False], ids=["with findings still", "without findings"])
def test_a_copy_changed_by_hand_is_neither_lost_nor_redone(ente: Path, ancora: bool) -> None:
    """An office that corrects in da_correggere itself must not lose its work."""
    put(ente / TECNICO, "Scheda 1", "H30", "da rivedere")
    copia = annotated(ente) / TECNICO
    put_by_hand(copia, "Scheda 1", {"H30": None})
    corretta = copia.read_bytes()
    if not ancora:
        put(ente / TECNICO, "Scheda 1", "H30", None)
    esito = correzioni.scrivi(ente, copia.parent, run.controlla(ente).rilievi)
    assert esito == Copie(lasciate=[copia])
    assert copia.read_bytes() == corretta


def test_a_folder_of_copies_that_is_checked_itself_is_not_written_over(ente: Path) -> None:
    put(ente / TECNICO, "Scheda 1", "H30", "da rivedere")
    put(ente / ENTE, "Ente", "H30", "da rivedere")
    copie = annotated(ente)
    prima = {p.name: p.read_bytes() for p in copie.iterdir()}
    assert correzioni.scrivi(copie, copie, run.controlla(copie).rilievi) == Copie()
    assert {p.name: p.read_bytes() for p in copie.iterdir()} == prima and len(prima) == 2


@pytest.mark.parametrize("codice", ["F01", "F02", "F03", "F04", "F05", "F09"])
def test_a_refused_workbook_is_never_opened(
    codice: str, ente: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    (caso,) = (caso for caso in CASES if caso.codice == codice)
    ((file, _, _),) = caso.damage(ente)
    rilievi = run.controlla(ente).rilievi
    monkeypatch.setattr(correzioni.openpyxl, "load_workbook", opened.append)
    ((senza, perche),) = correzioni.scrivi(ente, ente.parent / "copie", rilievi).mancate.items()
    atteso = correzioni.TROPPO if codice == "F09" else "il file non si può leggere"
    assert (senza, perche) == (file, atteso)
    assert opened == []


def test_a_workbook_of_another_format_has_no_copy_and_that_is_said(ente: Path) -> None:
    put(ente / TECNICO, "Scheda 1", "H30", "da rivedere")
    (ente / TECNICO).rename(ente / "tecnico.xlsm")
    (ente / "ragioneria.ods").write_bytes(b"x")
    (ente / "verbale.pdf").write_bytes(b"%PDF-1.7")
    rilievi = run.controlla(ente).rilievi
    assert {"tecnico.xlsm", "ragioneria.ods", "verbale.pdf"} <= {r.file for r in rilievi}
    esito = correzioni.scrivi(ente, ente.parent / "copie", rilievi)
    assert list(esito.mancate) == ["ragioneria.ods", "tecnico.xlsm"] and not esito.scritte
    assert all(".xlsx" in perche for perche in esito.mancate.values())


def test_a_copy_that_would_not_read_alike_is_not_handed_out(ente: Path) -> None:
    """For example a value hidden under merged cells, which openpyxl drops."""
    fx.put_inline(ente / TECNICO, "Scheda 1", "C2", "nascosto sotto il titolo")
    rilievi = run.controlla(ente).rilievi
    assert found(run.controlla(ente)) == [("M10", (TECNICO, "Scheda 1", "C2"))]
    esito = correzioni.scrivi(ente, ente.parent / "copie", rilievi)
    perche = "la copia non si leggerebbe come l'originale (foglio «Scheda 1», cella C2)"
    assert esito == Copie(mancate={TECNICO: perche})


def test_a_workbook_that_openpyxl_does_not_understand_stops_nothing(ente: Path) -> None:
    fx.rewrite(ente / TECNICO, lambda parti: parti.update({"xl/styles.xml": b"<styleSheet/>"}))
    put(ente / RAGIONERIA, "Scheda 1", "H30", "da rivedere")
    rilievi = [*run.controlla(ente).rilievi, Rilievo("C05", TECNICO, "Scheda 1", "B2")]
    esito = correzioni.scrivi(ente, ente.parent / "copie", rilievi)
    assert [p.name for p in esito.scritte] == [RAGIONERIA]
    assert list(esito.mancate) == [TECNICO]


@pytest.mark.parametrize(
    ("cerca", "metti"),
    [
        pytest.param(
            b"</mergeCells>", b'<mergeCell ref="F50:Z2000"/></mergeCells>', id="merged without end"
        ),
        pytest.param(
            b"<hyperlinks>",
            b'<hyperlinks><hyperlink ref="F50:Z2000" location="A1"/>',
            id="a link without end",
        ),
        pytest.param(
            b"</sheetData>",
            b"".join(b'<row r="%d" s="1" customFormat="1"/>' % r for r in range(100, 120_000))
            + b"</sheetData>",
            id="rows without end",
        ),
    ],
)
def test_what_would_fill_the_memory_of_openpyxl_has_no_copy(
    cerca: bytes, metti: bytes, ente: Path
) -> None:
    """The guard lets it pass: the cells are blank."""

    def change(parti: dict[str, bytes]) -> None:
        parte = fx.sheet_part(parti, "Scheda 1")
        assert cerca in parti[parte]
        parti[parte] = parti[parte].replace(cerca, metti)

    fx.put_inline(ente / TECNICO, "Scheda 1", "H30", "da rivedere")
    fx.rewrite(ente / TECNICO, change)
    rilievi = run.controlla(ente).rilievi
    assert [r.codice for r in rilievi] == ["M10"]
    esito = correzioni.scrivi(ente, ente.parent / "copie", rilievi)
    assert esito == Copie(mancate={TECNICO: correzioni.TROPPO})


def test_a_styled_cell_far_away_makes_no_cells_in_between(ente: Path) -> None:
    lontana = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'

    def change(parti: dict[str, bytes]) -> None:
        parte = fx.sheet_part(parti, "Scheda 1")
        parti[parte] = parti[parte].replace(b"</sheetData>", lontana)

    fx.rewrite(ente / TECNICO, change)
    rilievi = [Rilievo("C05", TECNICO, "Scheda 1", "B2")]
    (copia,) = correzioni.scrivi(ente, ente.parent / "copie", rilievi).scritte
    assert copia.stat().st_size < 100_000


@pytest.mark.parametrize(
    "calcolo", ['<calcPr calcId="191029"/>', '<calcPr calcId="1" fullCalcOnLoad="1"/>', ""]
)
def test_a_result_of_nought_is_in_the_copy_as_in_the_original(ente: Path, calcolo: str) -> None:
    """Whether the 0 is a result or a formula left to be calculated is for the whole workbook to say."""
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    fx.put_xml(ente / TECNICO, "Scheda 1", cella, "<f>1-1</f><v>0</v>")

    def change(parti: dict[str, bytes]) -> None:
        libro = parti["xl/workbook.xml"]
        parti["xl/workbook.xml"] = re.sub(b"<calcPr[^>]*/>", calcolo.encode(), libro)

    fx.rewrite(ente / TECNICO, change)
    originale = lettore.apri(ente / TECNICO)
    rilievo = Rilievo("C04", TECNICO, "Scheda 1", cella, {"campo": "Raggiunto", "aiuto": "Scriverlo."})
    contenuto = correzioni.annota((ente / TECNICO).read_bytes(), originale, [rilievo], {})
    (ente / TECNICO).write_bytes(contenuto)
    copia = lettore.apri(ente / TECNICO)
    assert copia.fogli["Scheda 1"] == originale.fogli["Scheda 1"]
