"""One small case for every code of the catalogue.

The good ente of fixtures_ente.py gives no finding; each case spoils one thing of it and must give its
finding, at its place, and no other.
"""

import random
import re
import shutil
import string
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import carte
import fixtures_ente as fx
import openpyxl
import pytest
from conftest import Outcome
from docx import Document
from fixtures_ente import (
    AREA,
    ENTE,
    OPERATIVI,
    RAGIONERIA,
    TECNICO,
    at,
    below,
    beside,
    foreign_words,
    put,
    put_many,
)
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from tracce_atti import traccia

from pipeline import checks, ingest, modelli, run
from pipeline.files import CARTA_INTESTATA, STEMMI, TRACCE
from pipeline.ingest import Quadratura
from pipeline.parole import segnaposto
from pipeline.posta import bozze
from pipeline.rilievi import CATALOGO, GRAVITA, Rilievo, ordina, senza_conseguenze
from pipeline.run import Esito, controlla
from pipeline.tables import Parametri, Tabelle, celle_piene, costruisci, in_posti
from pipeline.workbooks import archivio, form, missioni
from pipeline.workbooks.nucleo import FILE as NUCLEO

Place = tuple[str, str, str]  # file, foglio, cella
Damage = Callable[[Path], list[Place]]
Values = dict[str, str | int | None]  # address -> what to write there
Remedy = Callable[[Path], tuple[str, Values]]  # a workbook -> sheet and values that correct it


class Case(NamedTuple):
    """`remedy` says how the responsabile corrects the finding, where it is not by writing again what
    the good ente has in the cell (or in the sheet) of the finding."""

    codice: str
    name: str
    damage: Damage
    modello: str
    remedy: Remedy | None


CASES: list[Case] = []


def case(
    codice: str, modello: str = "schede", remedy: Remedy | None = None
) -> Callable[[Damage], Damage]:
    """Register a function that damages the good ente and says where the finding must be.

    `modello` is the template of the workbook to damage: there is a good ente for each. `remedy` is what
    corrects it, where writing the good value again does not.
    """

    def register(damage: Damage) -> Damage:
        CASES.append(Case(codice, damage.__name__, damage, modello, remedy))
        return damage

    return register


# ------------------------------------------------------------------------------------------- the file


@case("F01")
def text_called_xlsx(ente: Path) -> list[Place]:
    (ente / "appunti.xlsx").write_text("Appunti della riunione", encoding="utf-8")
    return [("appunti.xlsx", "", "")]


@case("F02")
def encrypted(ente: Path) -> list[Place]:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    (ente / "riservato.xlsx").write_bytes(ole)
    return [("riservato.xlsx", "", "")]


@case("F03")
def cut_short(ente: Path) -> list[Place]:
    intero = (ente / TECNICO).read_bytes()
    (ente / "allegato.xlsx").write_bytes(intero[: len(intero) // 2])
    return [("allegato.xlsx", "", "")]


@case("F04")
def too_big(ente: Path) -> list[Place]:
    with (ente / "enorme.xlsx").open("wb") as flusso:
        flusso.truncate(archivio.MAX_FILE + 1)
    return [("enorme.xlsx", "", "")]


@case("F05")
def far_apart(ente: Path) -> list[Place]:
    libro = Workbook()
    libro.active.title = "Foglio1"
    libro.active["A1"], libro.active["XFD1048576"] = 1, 1
    libro.save(ente / "lontano.xlsx")
    return [("lontano.xlsx", "Foglio1", "XFD1048576")]


@case("F06")
def another_kind_of_file(ente: Path) -> list[Place]:
    (ente / "appunti.csv").write_text("a;b", encoding="utf-8")
    return [("appunti.csv", "", "")]


@case("F09")
def costly_to_read(ente: Path) -> list[Place]:
    """A name space of 100 KB, repeated in memory for each of ten thousand elements."""
    if sys.platform != "linux":
        pytest.skip("the memory of a process can be limited on Linux only")

    def swell(parti: dict[str, bytes]) -> None:
        molti = "".join(f"<p:a{n}/>" for n in range(10_000))
        gonfio = f"<p:b xmlns:p='{'x' * 100_000}'>{molti}</p:b></worksheet>".encode()
        foglio = parti["xl/worksheets/sheet1.xml"]
        parti["xl/worksheets/sheet1.xml"] = foglio.replace(b"</worksheet>", gonfio)

    fx.rewrite(ente / TECNICO, swell)
    return [(TECNICO, "", "")]


@case("F10")
def with_macros(ente: Path) -> list[Place]:
    """Saved from Excel as .xlsm, macros and all."""
    libro = (ente / TECNICO).rename(ente / "tecnico.xlsm")
    fx.add_macros(libro)
    return [("tecnico.xlsm", "", "")]


@case("F11")
def linked_to_another_file(ente: Path) -> list[Place]:
    fx.link_to_another_file(ente / TECNICO)
    return [(TECNICO, "", "")]


@case("F12")
def a_name_spoilt_by_an_old_archive(ente: Path) -> list[Place]:
    (ente / "attivit\udce0.xlsx").write_bytes(b"")
    return [("attivit?.xlsx", "", "")]


@case("F07")
def open_in_excel(ente: Path) -> list[Place]:
    (ente / f"~${TECNICO}").write_bytes(b"\x05Luca")
    return [(f"~${TECNICO}", "", "")]


@case("F07")
def open_in_libreoffice(ente: Path) -> list[Place]:
    (ente / f".~lock.{TECNICO}#").write_text(",luca,pc,30.06.2025,;", encoding="utf-8")
    return [(f".~lock.{TECNICO}#", "", "")]


@case("F13")
def letterhead_with_macros(ente: Path) -> list[Place]:
    (ente / CARTA_INTESTATA).write_bytes(carte.with_macros())
    return [(CARTA_INTESTATA, "", "")]


@case("F14")
def letterhead_without_a_style(ente: Path) -> list[Place]:
    senza = carte.changed(carte.OURS, "word/styles.xml", 'w:val="caption"', 'w:val="legenda"')
    (ente / CARTA_INTESTATA).write_bytes(senza)
    return [(CARTA_INTESTATA, "", "")]


@case("F15")
def stemma_that_is_no_picture(ente: Path) -> list[Place]:
    (ente / "stemma.png").write_text("lo stemma", encoding="utf-8")
    return [("stemma.png", "", "")]


@case("F16")
def letterhead_without_page_numbers(ente: Path) -> list[Place]:
    senza = carte.changed(carte.OURS, "word/footer1.xml", " PAGE ", " DATE ")
    (ente / CARTA_INTESTATA).write_bytes(senza)
    return [(CARTA_INTESTATA, "", "")]


@case("F17")
def workbook_in_an_archive(ente: Path) -> list[Place]:
    with zipfile.ZipFile(ente / "pec.zip", "w") as archivio_pec:
        archivio_pec.write(ente / TECNICO, f"consegna/{TECNICO}")
    (ente / TECNICO).unlink()
    return [("pec.zip", "", "")]


@case("F17")
def signed_workbook(ente: Path) -> list[Place]:
    """That the settore is missing would only follow, and would not be true."""
    (ente / TECNICO).rename(ente / f"{TECNICO}.p7m")
    return [(f"{TECNICO}.p7m", "", "")]


@case("F18")
def link_that_leads_nowhere(ente: Path) -> list[Place]:
    (ente / TECNICO).unlink()
    (ente / TECNICO).symlink_to(ente.parent / "disco_di_rete" / TECNICO)
    return [(TECNICO, "", "")]


@case("F19")
def letterhead_on_an_american_sheet(ente: Path) -> list[Place]:
    foglio = 'w:w="12240" w:h="15840"'
    altro = carte.changed(carte.OURS, "word/document.xml", 'w:w="11906" w:h="16838"', foglio)
    (ente / CARTA_INTESTATA).write_bytes(altro)
    return [(CARTA_INTESTATA, "", "")]


@case("F20")
def letterhead_from_right_to_left(ente: Path) -> list[Place]:
    normale = '<w:name w:val="Normal"/><w:qFormat/>'
    verso = f"{normale}<w:pPr><w:bidi/></w:pPr>"
    (ente / CARTA_INTESTATA).write_bytes(carte.changed(carte.OURS, "word/styles.xml", normale, verso))
    return [(CARTA_INTESTATA, "", "")]


# --------------------------------------------------------------------------------------- the template


@case("M01")
def made_by_hand(ente: Path) -> list[Place]:
    libro = Workbook()
    libro.active["A1"] = "Obiettivi"
    libro.save(ente / "obiettivi.xlsx")
    return [("obiettivi.xlsx", "", "")]


@case("M01")
def ente_that_is_something_else(ente: Path) -> list[Place]:
    """That it lacks the sheets of an ente (M08), and has others (M11), only follows."""
    libro = Workbook()
    libro.active["A1"] = "Bilancio"
    libro.create_sheet("Spese")["B2"] = 100
    libro.save(ente / ENTE)
    return [(ENTE, "", "")]


@case("M01")
def without_its_marks(ente: Path) -> list[Place]:
    fx.remove_marks(ente / TECNICO)
    return [(TECNICO, "", "")]


@case("M02")
def later_version(ente: Path) -> list[Place]:
    fx.set_mark(ente / TECNICO, versione=str(int(form.VERSIONE) + 1))
    return [(TECNICO, "", "")]


@case("M13")
def a_table_pasted_below_the_form(ente: Path) -> list[Place]:
    celle = {f"{colonna}{riga}": "incollato" for colonna in "ABCDE" for riga in range(300, 345)}
    fx.put_many(ente / TECNICO, "Scheda 1", celle)
    return [(TECNICO, "Scheda 1", "")]


@case("M12")
def another_template(ente: Path) -> list[Place]:
    fx.set_mark(ente / TECNICO, modello="trasversali")
    return [(TECNICO, "", "")]


@case("M03")
def last_year(ente: Path) -> list[Place]:
    fx.write_settore(ente / TECNICO, "tecnico", anno=fx.ANNO - 1)
    return [(TECNICO, "", "")]


@case("M04")
def another_ente(ente: Path) -> list[Place]:
    fx.write_settore(ente / TECNICO, "tecnico", ente="Comune di Altrove")
    return [(TECNICO, "", "")]


@case("M05")
def settore_not_listed(ente: Path) -> list[Place]:
    shutil.copy(ente / TECNICO, ente / "vigili.xlsx")
    fx.set_mark(ente / "vigili.xlsx", settore="vigili")
    return [("vigili.xlsx", "", "")]


@case("M06")
def same_settore_twice(ente: Path) -> list[Place]:
    """One finding for each of the two."""
    shutil.copy(ente / TECNICO, ente / "copia.xlsx")
    return [("copia.xlsx", "", ""), (TECNICO, "", "")]


@case("M07")
def workbook_not_sent(ente: Path) -> list[Place]:
    (ente / TECNICO).unlink()
    return [(TECNICO, "", "")]


@case("M08")
def no_valutazione(ente: Path) -> list[Place]:
    fx.remove_sheet(ente / TECNICO, "Valutazione")
    return [(TECNICO, "Valutazione", "")]


@case("M08")
def no_settore(ente: Path) -> list[Place]:
    fx.remove_sheet(ente / TECNICO, "Settore")
    return [(TECNICO, "Settore", "")]


@case("M08")
def no_destinatari(ente: Path) -> list[Place]:
    fx.remove_sheet(ente / ENTE, "Destinatari")
    return [(ENTE, "Destinatari", "")]


@case("M09")
def heading_of_the_valutazione_changed(ente: Path) -> list[Place]:
    put(ente / TECNICO, "Valutazione", fx.at(ente / TECNICO, "Valutazione", "Peso"), "Punti")
    return [(TECNICO, "Valutazione", "")]


@case("M09")
def label_of_the_settore_changed(ente: Path) -> list[Place]:
    put(ente / TECNICO, "Settore", fx.at(ente / TECNICO, "Settore", "Ruolo"), "Incarico")
    return [(TECNICO, "Settore", "")]


@case("M09")
def heading_of_a_scheda_changed(ente: Path) -> list[Place]:
    put(ente / TECNICO, "Scheda 1", fx.at(ente / TECNICO, "Scheda 1", "INDICATORI"), "MISURE")
    return [(TECNICO, "Scheda 1", "")]


@case("M09")
def label_of_the_ente_changed(ente: Path) -> list[Place]:
    put(ente / ENTE, "Ente", fx.at(ente / ENTE, "Ente", "Organo di valutazione"), "OIV")
    return [(ENTE, "Ente", "")]


@case("M10")
def note_outside_the_form(ente: Path) -> list[Place]:
    put(ente / TECNICO, "Scheda 1", "H30", "da rivedere con il sindaco")
    return [(TECNICO, "Scheda 1", "H30")]


VOCI, RIGHE = range(6, 9), range(3, 12)
"""The rows of the tables whose columns are swapped, headings included."""


def swapped(path: Path, foglio: str, una: str, altra: str, righe: range) -> Values:
    """What two columns of a table hold, each in the place of the other."""
    ws = openpyxl.load_workbook(path)[foglio]
    altrove = {una: altra, altra: una}
    return {f"{altrove[c]}{riga}": ws[f"{c}{riga}"].value for c in altrove for riga in righe}


@case("M17", remedy=lambda _: ("Valutazione", {"K6": None, "K7": None}))
def column_of_the_office(ente: Path) -> list[Place]:
    put_many(ente / TECNICO, "Valutazione", {"K6": "Fonte", "K7": "Ragioneria"})
    return [(TECNICO, "Valutazione", "K6")]


@case("M18", remedy=lambda copia: ("Valutazione", swapped(copia, "Valutazione", "D", "E", VOCI)))
def two_columns_swapped(ente: Path) -> list[Place]:
    put_many(ente / TECNICO, "Valutazione", swapped(ente / TECNICO, "Valutazione", "D", "E", VOCI))
    return [(TECNICO, "Valutazione", "E6")]


@case("M11")
def sheet_added(ente: Path) -> list[Place]:
    fx.add_sheet(ente / TECNICO, "Appunti", {"A1": "uno", "B7": "due"})
    return [(TECNICO, "Appunti", "")]


@case("M21")
def table_pasted_over_the_indicatori(ente: Path) -> list[Place]:
    primo = below(ente / TECNICO, "Scheda 1", "INDICATORI")
    riga = int(primo[1:])
    fx.paste_over(ente / TECNICO, "Scheda 1", f"{primo}:C{riga + 1}")
    return [(TECNICO, "Scheda 1", primo)]


def _named(foglio: str, nome: str) -> Remedy:
    """The tab of a sheet renamed, and nothing else."""

    def rename(copia: Path) -> tuple[str, Values]:
        libro = openpyxl.load_workbook(copia)
        libro[foglio].title = nome
        libro.save(copia)
        return nome, {}

    return rename


def copied_scheda(percorso: Path, nome: str, schede: str | None) -> Path:
    """The workbook with «Scheda 1» copied and filled in anew, named by the first voce beside its own."""
    fx.copy_sheet(percorso, "Scheda 1", nome)
    put(percorso, nome, beside(percorso, nome, "Titolo"), "Parcheggi")
    put(percorso, "Valutazione", below(percorso, "Valutazione", "Schede"), schede)
    return percorso


@case("M19", remedy=_named("Scheda 1 (2)", "Scheda 2"))
def scheda_copied_in_excel(ente: Path) -> list[Place]:
    copied_scheda(ente / TECNICO, "Scheda 1 (2)", "1, 2")
    return [(TECNICO, "Scheda 1 (2)", "")]


@case("M20")
def copy_that_nobody_has_filled_in(ente: Path) -> list[Place]:
    fx.copy_sheet(ente / TECNICO, "Scheda 1", "Scheda 1_2")
    return [(TECNICO, "Scheda 1_2", "")]


@case("M20")
def second_valutazione(ente: Path) -> list[Place]:
    fx.copy_sheet(ente / TECNICO, "Valutazione", "Valutazione (2)")
    return [(TECNICO, "Valutazione (2)", "")]


@case("M20", "missioni")
def second_table_of_obiettivi(ente: Path) -> list[Place]:
    fx.copy_sheet(ente / AREA, OPERATIVI, "Obiettivi operativi (2)")
    return [(AREA, "Obiettivi operativi (2)", "")]


# ------------------------------------------------------------------------------------------- the cell


@case("M14")
def a_note_on_a_cell(ente: Path) -> list[Place]:
    libro = openpyxl.load_workbook(ente / TECNICO)
    libro["Scheda 1"]["B2"].comment = Comment("Obiettivo raggiunto al 90 per cento", "Luca Verdi")
    libro.save(ente / TECNICO)
    return [(TECNICO, "Scheda 1", "")]


def _second_stato(percorso: Path) -> list[str]:
    return [below(percorso, "Scheda 1", h, 2) for h in ("STATO DI ATTUAZIONE", "Che cosa è stato fatto")]


@case("M15", remedy=lambda percorso: ("Scheda 1", dict.fromkeys(_second_stato(percorso))))
def a_hidden_row_that_is_read(ente: Path) -> list[Place]:
    voce, testo = _second_stato(ente / TECNICO)
    put_many(ente / TECNICO, "Scheda 1", {voce: "Seconda fase", testo: "Fatta anche questa."})
    libro = openpyxl.load_workbook(ente / TECNICO)
    libro["Scheda 1"].row_dimensions[int(voce[1:])].hidden = True
    libro.save(ente / TECNICO)
    return [(TECNICO, "Scheda 1", "")]


@case("C01")
def words_for_a_number(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Valutazione", "Peso")
    put(ente / TECNICO, "Valutazione", cella, "circa 2")
    return [(TECNICO, "Valutazione", cella)]


def _grado_of_a_scheda(ente: Path, valore: object) -> list[Place]:
    """In the scheda of a voce that has no grado of its own."""
    propri = [below(ente / TECNICO, "Valutazione", "Grado dichiarato %", n) for n in (1, 2)]
    put_many(ente / TECNICO, "Valutazione", dict.fromkeys(propri))
    cella = below(ente / TECNICO, "Scheda 1", "% raggiungimento")
    put(ente / TECNICO, "Scheda 1", cella, valore)
    return [(TECNICO, "Scheda 1", cella)]


@case("C01")
def words_for_the_grado_of_a_scheda(ente: Path) -> list[Place]:
    """That its voce is without a grado (V03), in another sheet, only follows."""
    return _grado_of_a_scheda(ente, "novanta")


@case("C02")
def grado_over_a_hundred(ente: Path) -> list[Place]:
    """The voce is then without a grado (V03), which only follows: it is not said twice."""
    cella = below(ente / RAGIONERIA, "Valutazione", "Grado dichiarato %", 2)
    put(ente / RAGIONERIA, "Valutazione", cella, 120)
    return [(RAGIONERIA, "Valutazione", cella)]


@case("C02")
def grado_of_a_scheda_over_a_hundred(ente: Path) -> list[Place]:
    return _grado_of_a_scheda(ente, 900)


@case("C02")
def negative_peso(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "Peso")
    put(ente / TECNICO, "Scheda 1", cella, -1)
    return [(TECNICO, "Scheda 1", cella)]


@case("C03")
def stato_not_in_the_list(ente: Path) -> list[Place]:
    """Neither is the voce said to be without a stato (V04)."""
    cella = below(ente / TECNICO, "Valutazione", "Stato")
    put(ente / TECNICO, "Valutazione", cella, "quasi fatto")
    return [(TECNICO, "Valutazione", cella)]


@case("C04")
def voce_without_description(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Valutazione", "Descrizione obiettivo")
    put(ente / TECNICO, "Valutazione", cella, None)
    return [(TECNICO, "Valutazione", cella)]


def _no_fourth_settore(percorso: Path) -> tuple[str, Values]:
    return "Settori", dict.fromkeys(f"{colonna}7" for colonna in "ABCDEFG")


@case("C04", remedy=_no_fourth_settore)
def listed_settore_without_code(ente: Path) -> list[Place]:
    """The added row has its peso, else the pesi of the list would rightly be incomplete (E05)."""
    cella, nome, peso = (
        below(ente / ENTE, "Settori", h, 4) for h in ("Codice", "Denominazione", "Peso")
    )
    put_many(ente / ENTE, "Settori", {nome: "Settore Vigili", peso: 1})
    return [(ENTE, "Settori", cella)]


@case("C05")
def control_character(ente: Path) -> list[Place]:
    cella = beside(ente / TECNICO, "Scheda 1", "Titolo")
    fx.put_inline(ente / TECNICO, "Scheda 1", cella, "Piano_x0007_ strade")
    return [(TECNICO, "Scheda 1", cella)]


@case("C06")
def cell_in_error(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    fx.put_error(ente / TECNICO, "Scheda 1", cella)
    return [(TECNICO, "Scheda 1", cella)]


@case("C07")
def formula_never_calculated(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    fx.put_uncalculated(ente / TECNICO, "Scheda 1", cella)
    return [(TECNICO, "Scheda 1", cella)]


@case("C08")
def two_boxes_marked(ente: Path) -> list[Place]:
    """One finding for each marked box."""
    prima = below(ente / TECNICO, "Scheda 1", "in linea con le attese")
    seconda = prima.replace("A", "B")
    put(ente / TECNICO, "Scheda 1", seconda, "X")
    return [(TECNICO, "Scheda 1", prima), (TECNICO, "Scheda 1", seconda)]


@case("C09")
def box_marked_with_a_word(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "in linea con le attese")
    put(ente / TECNICO, "Scheda 1", cella, "sì")
    return [(TECNICO, "Scheda 1", cella)]


def _first_box(percorso: Path) -> tuple[str, Values]:
    prima = below(percorso, "Scheda 1", "in linea con le attese")
    return "Scheda 1", {prima: "X", prima.replace("A", "B"): None, prima.replace("A", "C"): None}


@case("C08", remedy=_first_box)
def the_two_boxes_after_the_first_marked(ente: Path) -> list[Place]:
    """That no box is then left marked (V20) only follows."""
    prima = below(ente / TECNICO, "Scheda 1", "in linea con le attese")
    altre = [prima.replace("A", colonna) for colonna in "BC"]
    put_many(ente / TECNICO, "Scheda 1", {prima: None, **dict.fromkeys(altre, "X")})
    return [(TECNICO, "Scheda 1", cella) for cella in altre]


@case("C09", remedy=_first_box)
def second_box_marked_with_a_word(ente: Path) -> list[Place]:
    """That no box is then marked (V20) only follows."""
    prima = below(ente / TECNICO, "Scheda 1", "in linea con le attese")
    seconda = prima.replace("A", "B")
    put_many(ente / TECNICO, "Scheda 1", {prima: None, seconda: "sì"})
    return [(TECNICO, "Scheda 1", seconda)]


@case("C10")
def text_longer_than_a_cell(ente: Path) -> list[Place]:
    cella = fx.below(ente / TECNICO, "Scheda 1", "Che cosa è stato fatto")
    fx.put_inline(ente / TECNICO, "Scheda 1", cella, "x" * 40_000)
    return [(TECNICO, "Scheda 1", cella)]


@case("C12")
def text_that_fills_its_cell(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "Che cosa è stato fatto")
    fx.put_inline(ente / TECNICO, "Scheda 1", cella, "x" * 32_767)
    return [(TECNICO, "Scheda 1", cella)]


@case("C13")
def fraction_become_a_date(ente: Path) -> list[Place]:
    """A raggiunto may be a number, but ten out of twelve is not the tenth of December."""
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put(ente / TECNICO, "Scheda 1", cella, date(2024, 12, 10), "dd/mm/yyyy")
    return [(TECNICO, "Scheda 1", cella)]


@case("C13")
def number_for_a_text(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "INDICATORI")
    put(ente / TECNICO, "Scheda 1", cella, 15)
    return [(TECNICO, "Scheda 1", cella)]


@case("C14")
def note_in_superscript(ente: Path) -> list[Place]:
    """32 with a note 1 is not 321."""
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put(ente / TECNICO, "Scheda 1", cella, _marked("32", "1", vertAlign="superscript"))
    return [(TECNICO, "Scheda 1", cella)]


@case("C14", "missioni")
def percentage_with_a_note(ente: Path) -> list[Place]:
    cella = fx.crossing(ente / AREA, OPERATIVI, missioni.PERCENTUALE.etichetta, fx.SITO)
    put(ente / AREA, OPERATIVI, cella, _marked("80", "2", vertAlign="superscript"))
    return [(AREA, OPERATIVI, cella)]


@case("C15")
def number_with_a_comma(ente: Path) -> list[Place]:
    """Exported by a program that does not know how a workbook writes its numbers."""
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put(ente / TECNICO, "Scheda 1", cella, 64.52)

    def with_a_comma(parti: dict[str, bytes]) -> None:
        for nome, contenuto in parti.items():
            parti[nome] = contenuto.replace(b"<v>64.52</v>", b"<v>64,52</v>")

    fx.rewrite(ente / TECNICO, with_a_comma)
    return [(TECNICO, "Scheda 1", cella)]


@case("C20")
def words_struck_out(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "Che cosa è stato fatto")
    put(ente / TECNICO, "Scheda 1", cella, _marked("Affidamento dei lavori", " e collaudo", strike=True))
    return [(TECNICO, "Scheda 1", cella)]


def _marked(liscio: str, segnato: str, **segno: Any) -> CellRichText:
    return CellRichText(liscio, TextBlock(InlineFont(**segno), segnato))


@case("C16")
def negative_shown_without_its_sign(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put(ente / TECNICO, "Scheda 1", cella, -5, "0;0")
    return [(TECNICO, "Scheda 1", cella)]


@case("C16")
def peso_that_shows_a_word(ente: Path) -> list[Place]:
    cella = below(ente / RAGIONERIA, "Valutazione", "Peso", 2)
    put(ente / RAGIONERIA, "Valutazione", cella, 1, '"alto"')
    return [(RAGIONERIA, "Valutazione", cella)]


@case("C17")
def date_without_its_format(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "ORIZZONTE TEMPORALE")
    put(ente / TECNICO, "Scheda 1", cella, 45_657)
    return [(TECNICO, "Scheda 1", cella)]


@case("C17")
def month_turned_into_its_first_day(ente: Path) -> list[Place]:
    """«giugno 2024» typed in LibreOffice: done on the 20th, it is in time or it is late."""
    cella = below(ente / TECNICO, "Scheda 1", "Valore atteso")
    put(ente / TECNICO, "Scheda 1", cella, date(2024, 6, 1), "dd/mm/yyyy")
    put(ente / TECNICO, "Scheda 1", below(ente / TECNICO, "Scheda 1", "Raggiunto"), "20/06/2024")
    return [(TECNICO, "Scheda 1", cella)]


@case("C18")
def letters_spoiled_on_the_way(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "Che cosa è stato fatto")
    put(ente / TECNICO, "Scheda 1", cella, "AttivitÃ  conclusa, perchÃ© finanziata dallâ€™ente")
    return [(TECNICO, "Scheda 1", cella)]


@case("C18", "missioni")
def letters_lost_on_the_way(ente: Path) -> list[Place]:
    cella = fx.at(ente / AREA, OPERATIVI, "Come previsto.")
    put(ente / AREA, OPERATIVI, cella, "Attivit\ufffd conclusa.")
    return [(AREA, OPERATIVI, cella)]


# P01 has no case here: no workbook should be able to cause it. See `test_p01_...` below.


# -------------------------------------------------------------------------------------- the valutazione


@case("V01")
def one_peso_missing(ente: Path) -> list[Place]:
    cella = below(ente / RAGIONERIA, "Valutazione", "Peso", 2)
    put(ente / RAGIONERIA, "Valutazione", cella, None)
    return [(RAGIONERIA, "Valutazione", cella)]


@case("V02")
def all_pesi_zero(ente: Path) -> list[Place]:
    celle = [below(ente / TECNICO, "Valutazione", "Peso", n) for n in (1, 2)]
    put_many(ente / TECNICO, "Valutazione", dict.fromkeys(celle, 0))
    return [(TECNICO, "Valutazione", celle[0])]


@case("V02")
def only_a_non_consuntivato_has_a_peso(ente: Path) -> list[Place]:
    """The parametro «Grado per non consuntivato» is empty: such a voce does not count."""
    foglio = "Valutazione"
    stato, nota = (below(ente / TECNICO, foglio, h, 1) for h in ("Stato", "Note Nucleo"))
    peso = below(ente / TECNICO, foglio, "Peso", 2)
    put_many(ente / TECNICO, foglio, {stato: "non consuntivato", nota: "Dati non pervenuti", peso: 0})
    return [(TECNICO, foglio, peso)]


@case("V03")
def no_grado_anywhere(ente: Path) -> list[Place]:
    cella = below(ente / RAGIONERIA, "Valutazione", "Grado dichiarato %", 2)
    put(ente / RAGIONERIA, "Valutazione", cella, None)
    return [(RAGIONERIA, "Valutazione", cella)]


@case("V04")
def no_stato(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Valutazione", "Stato")
    put(ente / TECNICO, "Valutazione", cella, None)
    return [(TECNICO, "Valutazione", cella)]


@case("V05")
def no_such_scheda(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Valutazione", "Schede")
    put(ente / TECNICO, "Valutazione", cella, "1, 9")
    return [(TECNICO, "Valutazione", cella)]


@case("V05")
def another_scheda_than_the_one_it_means(ente: Path) -> list[Place]:
    """That the voce has no grado, and the scheda with one is in no voce, follows."""
    cella = below(ente / TECNICO, "Valutazione", "Schede")
    put(ente / TECNICO, "Valutazione", cella, "9")
    return [(TECNICO, "Valutazione", cella)]


def _named_by_its_voce(percorso: Path) -> tuple[str, Values]:
    return "Valutazione", {below(percorso, "Valutazione", "Schede", 2): "2"}


@case("V06", remedy=_named_by_its_voce)
def scheda_in_no_voce(ente: Path) -> list[Place]:
    put(ente / RAGIONERIA, "Valutazione", below(ente / RAGIONERIA, "Valutazione", "Schede", 2), None)
    return [(RAGIONERIA, "Scheda 2", beside(ente / RAGIONERIA, "Scheda 2", "Titolo"))]


@case("V36")
def raggiunto_in_an_attachment(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put(ente / TECNICO, "Scheda 1", cella, "vedi allegato")
    return [(TECNICO, "Scheda 1", cella)]


@case("V36")
def atteso_that_is_a_fraction_sign(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "Valore atteso")
    put(ente / TECNICO, "Scheda 1", cella, "¾")
    return [(TECNICO, "Scheda 1", cella)]


def _said_again(percorso: Path) -> tuple[str, Values]:
    return "Valutazione", {below(percorso, "Valutazione", "Schede"): "1"}


@case("V37", remedy=_said_again)
def scheda_with_a_grado_in_no_voce(ente: Path) -> list[Place]:
    """The voce has a grado of its own, and no longer says of which scheda it is."""
    foglio = "Valutazione"
    schede, grado = (below(ente / TECNICO, foglio, h) for h in ("Schede", "Grado dichiarato %"))
    put_many(ente / TECNICO, foglio, {schede: None, grado: 90})
    return [(TECNICO, "Scheda 1", beside(ente / TECNICO, "Scheda 1", "Titolo"))]


@case("V07")
def scheda_in_two_voci(ente: Path) -> list[Place]:
    cella = below(ente / RAGIONERIA, "Valutazione", "Schede", 2)
    put(ente / RAGIONERIA, "Valutazione", cella, "1, 2")
    return [(RAGIONERIA, "Valutazione", cella)]


def _its_own_name(percorso: Path) -> tuple[str, Values]:
    cella = below(percorso, "Valutazione", "Descrizione obiettivo")
    return "Valutazione", {cella: "Obiettivo 1 di ragioneria"}


@case("V43", remedy=_its_own_name)
def voce_called_as_another_scheda(ente: Path) -> list[Place]:
    nome, schede = (
        below(ente / RAGIONERIA, "Valutazione", h) for h in ("Descrizione obiettivo", "Schede")
    )
    put(ente / RAGIONERIA, "Valutazione", nome, "SCHEDA 2 di ragioneria")
    return [(RAGIONERIA, "Valutazione", schede)]


MOTIVO = "Motivo / note del responsabile"


def _a_reason(percorso: Path) -> tuple[str, Values]:
    return "Valutazione", {below(percorso, "Valutazione", MOTIVO): "Bando deserto"}


@case("V08", remedy=_a_reason)
def postponed_without_a_reason(ente: Path) -> list[Place]:
    stato, nota = (below(ente / TECNICO, "Valutazione", h) for h in ("Stato", MOTIVO))
    put(ente / TECNICO, "Valutazione", stato, "rinviato")
    return [(TECNICO, "Valutazione", nota)]


@case("V09")
def postponed_with_a_grado(ente: Path) -> list[Place]:
    foglio = "Valutazione"
    stato, grado, nota = (
        below(ente / TECNICO, foglio, h) for h in ("Stato", "Grado dichiarato %", "Note Nucleo")
    )
    put_many(ente / TECNICO, foglio, {stato: "rinviato", grado: 50, nota: "Bando deserto"})
    return [(TECNICO, foglio, grado)]


@case("V10")
def obiettivo_without_definition(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "DEFINIZIONE OBIETTIVO")
    put(ente / TECNICO, "Scheda 1", cella, None)
    return [(TECNICO, "Scheda 1", cella)]


@case("V11")
def pesi_in_one_settore_only(ente: Path) -> list[Place]:
    celle = [below(ente / TECNICO, "Valutazione", "Peso", n) for n in (1, 2)]
    put_many(ente / TECNICO, "Valutazione", dict.fromkeys(celle))
    return [(RAGIONERIA, "Valutazione", below(ente / RAGIONERIA, "Valutazione", "Peso"))]


@case("V12")
def nothing_valued(ente: Path) -> list[Place]:
    return _all_voci(ente, "rinviato")


@case("V12")
def nothing_reported(ente: Path) -> list[Place]:
    """The parametro «Grado per non consuntivato» is empty: the settore has no percentage."""
    return _all_voci(ente, "non consuntivato")


def _all_voci(ente: Path, stato: str) -> list[Place]:
    for n in (1, 2):
        celle = [below(ente / TECNICO, "Valutazione", h, n) for h in ("Stato", "Note Nucleo")]
        put_many(ente / TECNICO, "Valutazione", dict(zip(celle, (stato, "Bando deserto"), strict=True)))
    return [(TECNICO, "Valutazione", "")]


@case("V13")
def no_voci(ente: Path) -> list[Place]:
    campi = ("Descrizione obiettivo", "Schede", "Peso", "Stato")
    celle = [below(ente / TECNICO, "Valutazione", h, n) for h in campi for n in (1, 2)]
    put_many(ente / TECNICO, "Valutazione", dict.fromkeys(celle))
    return [(TECNICO, "Valutazione", "")]


def _a_peso(percorso: Path) -> tuple[str, Values]:
    return "Scheda 1", {below(percorso, "Scheda 1", "Peso", 2): 1}


@case("V14", remedy=_a_peso)
def one_indicatore_without_peso(ente: Path) -> list[Place]:
    testo, peso = (below(ente / TECNICO, "Scheda 1", h, 2) for h in ("INDICATORI", "Peso"))
    put(ente / TECNICO, "Scheda 1", testo, "Giorni di attesa")
    return [(TECNICO, "Scheda 1", peso)]


@case("V19")
def pesi_of_the_voci_just_short_of_a_hundred(ente: Path) -> list[Place]:
    celle = [below(ente / TECNICO, "Valutazione", "Peso", n) for n in (1, 2)]
    put_many(ente / TECNICO, "Valutazione", dict(zip(celle, (60, 39), strict=True)))
    return [(TECNICO, "Valutazione", celle[0])]


@case("V19")
def pesi_of_the_indicatori_just_over_a_hundred(ente: Path) -> list[Place]:
    testo = below(ente / TECNICO, "Scheda 1", "INDICATORI", 2)
    celle = [below(ente / TECNICO, "Scheda 1", "Peso", n) for n in (1, 2)]
    pesi = dict(zip(celle, (60, 45), strict=True))
    put_many(ente / TECNICO, "Scheda 1", {testo: "Giorni di attesa", **pesi})
    return [(TECNICO, "Scheda 1", celle[0])]


@case("V20")
def percentage_and_no_box_marked(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "in linea con le attese")
    put(ente / TECNICO, "Scheda 1", cella, None)
    return [(TECNICO, "Scheda 1", cella)]


def _an_indicatore(percorso: Path) -> tuple[str, Values]:
    return "Scheda 1", {below(percorso, "Scheda 1", "INDICATORI"): "Domande evase"}


@case("V21", remedy=_an_indicatore)
def valued_scheda_without_indicatori(ente: Path) -> list[Place]:
    campi = ("INDICATORI", "Valore atteso", "Raggiunto", "Peso", "Verso")
    celle = [below(ente / TECNICO, "Scheda 1", h) for h in campi]
    put_many(ente / TECNICO, "Scheda 1", dict.fromkeys(celle))
    return [(TECNICO, "Scheda 1", beside(ente / TECNICO, "Scheda 1", "Titolo"))]


@case("V22")
def hundred_per_cent_below_expectations(ente: Path) -> list[Place]:
    campi = {
        "in linea con le attese": None,
        "non in linea con le attese, azioni correttive già avviate": "X",
        "% raggiungimento": 100,
    }
    celle = {below(ente / TECNICO, "Scheda 1", h): valore for h, valore in campi.items()}
    put_many(ente / TECNICO, "Scheda 1", celle)
    return [(TECNICO, "Scheda 1", list(celle)[-1])]


def _other_words(percorso: Path) -> tuple[str, Values]:
    return "Scheda 1", {below(percorso, "Scheda 1", "Che cosa è stato fatto"): "Fatto quasi tutto."}


@case("V23", remedy=_other_words)
def another_percentage_in_the_words_of_a_scheda(ente: Path) -> list[Place]:
    return _attuazione(ente, "Raggiunto al 50%: il resto nel 2025.", 95)


@case("V23", remedy=_other_words)
def hundred_per_cent_of_what_was_not_done(ente: Path) -> list[Place]:
    return _attuazione(ente, "Non realizzato per mancanza di fondi.", 100)


def _attuazione(ente: Path, testo: str, grado: int) -> list[Place]:
    attuazione = below(ente / TECNICO, "Scheda 1", "Che cosa è stato fatto")
    cella = below(ente / TECNICO, "Scheda 1", "% raggiungimento")
    put_many(ente / TECNICO, "Scheda 1", {attuazione: testo, cella: grado})
    return [(TECNICO, "Scheda 1", cella)]


@case("V24")
def scheda_written_twice(ente: Path) -> list[Place]:
    """The two schede of the world differ in their titolo alone; the second is the double."""
    cella = beside(ente / RAGIONERIA, "Scheda 2", "Titolo")
    put(ente / RAGIONERIA, "Scheda 2", cella, "Scheda 1 di ragioneria")
    return [(RAGIONERIA, "Scheda 2", cella)]


MODULO = "(campo dedicato alla relazione finale)"


@case("V25")
def placeholder_for_what_was_done(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "Che cosa è stato fatto")
    put(ente / TECNICO, "Scheda 1", cella, "[ Campo dedicato  alla RELAZIONE FINALE ]")
    return [(TECNICO, "Scheda 1", cella)]


@case("V25")
def placeholder_in_the_place_of_the_fase(ente: Path) -> list[Place]:
    voce, testo = (
        below(ente / TECNICO, "Scheda 1", h) for h in ("STATO DI ATTUAZIONE", "Che cosa è stato fatto")
    )
    put_many(ente / TECNICO, "Scheda 1", {voce: MODULO, testo: None})
    return [(TECNICO, "Scheda 1", voce)]


@case("V26")
def grado_of_a_scheda_that_nothing_shows(ente: Path) -> list[Place]:
    return _nothing_shown(ente / TECNICO, "Scheda 1")


@case("V26")
def grado_of_a_voce_that_nothing_shows(ente: Path) -> list[Place]:
    """The scheda has no percentage of its own."""
    return _nothing_shown(ente / RAGIONERIA, "Scheda 2")


@case("V26")
def placeholder_where_nothing_shows_the_grado(ente: Path) -> list[Place]:
    """That nobody wrote over the placeholder (V25) is only why."""
    posti = _nothing_shown(ente / TECNICO, "Scheda 1")
    put(ente / TECNICO, "Scheda 1", below(ente / TECNICO, "Scheda 1", "STATO DI ATTUAZIONE"), MODULO)
    return posti


def _nothing_shown(percorso: Path, foglio: str) -> list[Place]:
    campi = ("Raggiunto", "STATO DI ATTUAZIONE", "Che cosa è stato fatto")
    celle = [below(percorso, foglio, h) for h in campi]
    put_many(percorso, foglio, dict.fromkeys(celle))
    return [(percorso.name, foglio, celle[0])]


@case("V27")
def cross_for_the_peso_of_a_prerequisite_out_of_the_mean(ente: Path) -> list[Place]:
    return _prerequisite(ente, "X", "non valutabile")


@case("V27")
def word_for_the_peso_of_a_postponed_voce(ente: Path) -> list[Place]:
    return _prerequisite(ente, "Prerequisito", "rinviato")


@case("V27")
def dash_for_the_peso_of_a_suspended_voce(ente: Path) -> list[Place]:
    return _prerequisite(ente, "--", "sospeso")


@case("V28")
def cross_for_the_peso_of_a_voce_valutata(ente: Path) -> list[Place]:
    """That the others have a peso (V01) is only why."""
    return _prerequisite(ente, "x", "valutato")


def _prerequisite(ente: Path, peso: str, stato: str) -> list[Place]:
    peso_di, stato_di, note = (
        below(ente / RAGIONERIA, "Valutazione", h, 2) for h in ("Peso", "Stato", "Note Nucleo")
    )
    valori: Values = {peso_di: peso, stato_di: stato, note: "Codice di comportamento"}
    if stato != "valutato":
        valori[below(ente / RAGIONERIA, "Valutazione", "Grado dichiarato %", 2)] = None
    put_many(ente / RAGIONERIA, "Valutazione", valori)
    return [(RAGIONERIA, "Valutazione", peso_di)]


def _to_a_hundred(percorso: Path) -> tuple[str, Values]:
    celle = [below(percorso, "Valutazione", "Peso", n) for n in (1, 2, 3)]
    return "Valutazione", dict(zip(celle, (25, 25, 50), strict=True))


@case("V29", remedy=_to_a_hundred)
def pesi_far_from_the_hundred_that_the_ente_wants(ente: Path) -> list[Place]:
    _parametro(ente, "Somma dei pesi delle voci", "100")
    celle = [below(ente / RAGIONERIA, "Valutazione", "Peso", n) for n in (1, 2, 3)]
    put_many(ente / RAGIONERIA, "Valutazione", dict.fromkeys(celle, 25))
    celle_altre = [below(ente / TECNICO, "Valutazione", "Peso", n) for n in (1, 2)]
    put_many(ente / TECNICO, "Valutazione", dict.fromkeys(celle_altre, 50))
    return [(RAGIONERIA, "Valutazione", celle[0])]


@pytest.mark.parametrize(
    ("pesi", "codice", "detto"),
    [
        ((25, None, 50), "V01", "a tutte le voci valutate: insieme devono fare 100."),
        ((None, None, None), "V29", "le voci non hanno pesi, mentre l'ente vuole che facciano 100."),
    ],
)
def test_where_the_pesi_have_a_sum_to_make_to_take_them_away_is_no_remedy(
    ente: Path, pesi: tuple[int | None, ...], codice: str, detto: str
) -> None:
    pesi_far_from_the_hundred_that_the_ente_wants(ente)
    celle = [below(ente / RAGIONERIA, "Valutazione", "Peso", n) for n in (1, 2, 3)]
    put_many(ente / RAGIONERIA, "Valutazione", dict(zip(celle, pesi, strict=True)))
    (trovato,) = (r for r in controlla(ente).rilievi if r.file == RAGIONERIA)
    assert trovato.codice == codice and "toglierlo" not in trovato.rimedio
    assert detto.casefold() in f"{trovato.messaggio} {trovato.rimedio}".casefold()


def _as_measured(percorso: Path) -> tuple[str, Values]:
    return "Scheda 1", {below(percorso, "Scheda 1", "Raggiunto"): "100"}


@case("V30", remedy=_as_measured)
def grado_far_from_what_is_measured(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", "% raggiungimento")
    put_many(
        ente / TECNICO,
        "Scheda 1",
        {
            below(ente / TECNICO, "Scheda 1", "Valore atteso"): "100",
            below(ente / TECNICO, "Scheda 1", "Raggiunto"): "40",
            below(ente / TECNICO, "Scheda 1", "Motivo dello scostamento"): "Due assenze lunghe.",
        },
    )
    return [(TECNICO, "Scheda 1", cella)]


@case("V30")
def grado_of_a_voce_far_from_what_its_schede_measure(ente: Path) -> list[Place]:
    """The scheda has no percentage of its own."""
    campi = {"Valore atteso": "100", "Raggiunto": "40", "Motivo dello scostamento": "Due assenze."}
    celle = {below(ente / RAGIONERIA, "Scheda 2", h): valore for h, valore in campi.items()}
    put_many(ente / RAGIONERIA, "Scheda 2", celle)
    return [
        (RAGIONERIA, "Valutazione", below(ente / RAGIONERIA, "Valutazione", "Grado dichiarato %", 2))
    ]


def _recalculated(percorso: Path) -> tuple[str, Values]:
    """Whoever saves the copy leaves no result that is not its own."""
    return "Scheda 1", {below(percorso, "Scheda 1", "% raggiungimento"): 95}


@case("V32", remedy=_recalculated)
def sheet_with_a_percentage_of_its_own(ente: Path) -> list[Place]:
    return [(TECNICO, "Valutazione", fx.worked_out(ente / TECNICO, 56.9))]


def _in_one_box(percorso: Path) -> tuple[str, Values]:
    prima, seconda = (below(percorso, "Scheda 1", "Che cosa è stato fatto", n) for n in (1, 2))
    return "Scheda 1", {prima: "Approvato il piano. Affidati i lavori.", seconda: None}


@case("V33", remedy=_in_one_box)
def text_torn_over_two_boxes(ente: Path) -> list[Place]:
    prima, seconda = (below(ente / TECNICO, "Scheda 1", "Che cosa è stato fatto", n) for n in (1, 2))
    testi = {prima: "Approvato il piano delle manutenzioni e affidati", seconda: "i lavori a due ditte."}
    put_many(ente / TECNICO, "Scheda 1", testi)
    return [(TECNICO, "Scheda 1", prima)]


def _with_nucleo(ente: Path) -> None:
    """The workbook of the Nucleo among the others, with a grado for the tecnico."""
    (scritta,) = run.per_il_nucleo(ente, ente.parent / "nucleo").documenti
    scritta.replace(ente / NUCLEO)
    put(ente / NUCLEO, "Obiettivi", below(ente / NUCLEO, "Obiettivi", "Grado Nucleo %", 4), 80)


@case("V38")
def two_gradi_of_the_nucleo_for_a_trasversale(ente: Path) -> list[Place]:
    primo = below(ente / RAGIONERIA, "Valutazione", "Grado Nucleo %", 3)
    put(ente / RAGIONERIA, "Valutazione", primo, 80)
    put(ente / TECNICO, "Valutazione", below(ente / TECNICO, "Valutazione", "Grado Nucleo %", 2), 70)
    return [(RAGIONERIA, "Valutazione", primo)]


@case("V39")
def giudizio_on_an_obiettivo_that_is_gone(ente: Path) -> list[Place]:
    _with_nucleo(ente)
    descrizione = below(ente / TECNICO, "Valutazione", "Descrizione obiettivo")
    put(ente / TECNICO, "Valutazione", descrizione, "Tutt'altra cosa, più grande")
    return [(NUCLEO, "Obiettivi", below(ente / NUCLEO, "Obiettivi", "Obiettivo", 4))]


@case("V40")
def declared_anew_after_the_nucleo(ente: Path) -> list[Place]:
    _with_nucleo(ente)
    put(ente / TECNICO, "Scheda 1", below(ente / TECNICO, "Scheda 1", "% raggiungimento"), 97)
    return [(NUCLEO, "Obiettivi", below(ente / NUCLEO, "Obiettivi", "Grado dichiarato %", 4))]


@case("V41")
def grado_of_the_nucleo_in_two_places(ente: Path) -> list[Place]:
    _with_nucleo(ente)
    cella = below(ente / TECNICO, "Valutazione", "Grado Nucleo %")
    put(ente / TECNICO, "Valutazione", cella, 70)
    return [(TECNICO, "Valutazione", cella)]


def _a_reason(percorso: Path) -> tuple[str, Values]:
    return "Scheda 1", {below(percorso, "Scheda 1", "Motivo dello scostamento"): "Due assenze lunghe."}


@case("V42", remedy=_a_reason)
def under_the_atteso_without_a_reason(ente: Path) -> list[Place]:
    """95 declared, 93,33 measured: near enough, but under what was expected."""
    put(ente / TECNICO, "Scheda 1", below(ente / TECNICO, "Scheda 1", "Raggiunto"), "14")
    return [(TECNICO, "Scheda 1", below(ente / TECNICO, "Scheda 1", "Motivo dello scostamento"))]


def _a_reason_in_the_row(percorso: Path) -> tuple[str, Values]:
    return OPERATIVI, {below(percorso, OPERATIVI, "MOTIVO DELLO SCOSTAMENTO", 2): "Due assenze lunghe."}


@case("V42", missioni.NOME, remedy=_a_reason_in_the_row)
def two_in_a_cell_under_the_atteso(ente: Path) -> list[Place]:
    """Said once, at the one cell for their reasons."""
    valori = {
        "INDICATORI DI OUTPUT": "Sedute\nVerbali",
        "VALORE ATTESO": "40\n20",
        "RAGGIUNTO": "38\n19",
    }
    celle = {below(ente / AREA, OPERATIVI, heading, 2): v for heading, v in valori.items()}
    put_many(ente / AREA, OPERATIVI, celle)
    return [(AREA, OPERATIVI, below(ente / AREA, OPERATIVI, "MOTIVO DELLO SCOSTAMENTO", 2))]


@case("V31")
def workbook_that_nobody_filled_in(ente: Path) -> list[Place]:
    """As make modelli leaves it: that it has no voci (V13) only follows."""
    (ente / TECNICO).unlink()
    modelli.prepara(ente)
    return [(TECNICO, "", "")]


@case("N04")
def one_letter_of_an_ufficio_left_out(ente: Path) -> list[Place]:
    """«Ufficio» is in the three other schede: the slip is the spelling found once."""
    cella = below(ente / TECNICO, "Scheda 1", "ASSEGNAZIONE OBIETTIVO")
    put(ente / TECNICO, "Scheda 1", cella, "Uficio")
    return [(TECNICO, "Scheda 1", cella)]


# ------------------------------------------------------------------------------------------ the budget


@case("I01")
def decimals_after_a_dot(ente: Path) -> list[Place]:
    cella = fx.below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put(ente / TECNICO, "Scheda 1", cella, "64.52")
    return [(TECNICO, "Scheda 1", cella)]


def _in_four_digits(percorso: Path) -> tuple[str, Values]:
    return "Scheda 1", {below(percorso, "Scheda 1", "Valore atteso"): "entro il 30/06/2024"}


@case("I01", remedy=_in_four_digits)
def a_year_of_two_digits(ente: Path) -> list[Place]:
    cella, raggiunto = (below(ente / TECNICO, "Scheda 1", h) for h in ("Valore atteso", "Raggiunto"))
    put_many(ente / TECNICO, "Scheda 1", {cella: "entro il 30/06/24", raggiunto: "SI"})
    return [(TECNICO, "Scheda 1", cella)]


@case("I02")
def a_deadline_of_the_year_before(ente: Path) -> list[Place]:
    cella = fx.below(ente / TECNICO, "Scheda 1", "Valore atteso")
    put(ente / TECNICO, "Scheda 1", cella, "Entro 2023")
    return [(TECNICO, "Scheda 1", cella)]


@case("I03")
def minus_one_for_nothing(ente: Path) -> list[Place]:
    cella = fx.below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put(ente / TECNICO, "Scheda 1", cella, "-1")
    return [(TECNICO, "Scheda 1", cella)]


@case("I04")
def thousands_or_decimals(ente: Path) -> list[Place]:
    cella = fx.below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put(ente / TECNICO, "Scheda 1", cella, "14.500")
    return [(TECNICO, "Scheda 1", cella)]


@case("B01")
def no_such_missione(ente: Path) -> list[Place]:
    return _collegamento(ente, "MISSIONE", "cultura")


@case("B02")
def no_such_programma(ente: Path) -> list[Place]:
    return _collegamento(ente, "PROGRAMMA", "77")


@case("B03")
def name_of_another_missione(ente: Path) -> list[Place]:
    return _collegamento(ente, "Denominazione della missione", "Ordine pubblico e sicurezza")


@case("B04")
def name_of_no_missione(ente: Path) -> list[Place]:
    return _collegamento(ente, "Denominazione della missione", "Viva la squadra di calcio")


@case("B06", remedy=lambda percorso: ("Scheda 1", {below(percorso, "Scheda 1", "PROGRAMMA"): "01"}))
def programma_of_years_to_come(ente: Path) -> list[Place]:
    """The asili nido have a programma of their own from 2026, the missione 12 an 11."""
    nomi = ("Denominazione della missione", "Denominazione del programma")
    celle = {below(ente / TECNICO, "Scheda 1", nome): None for nome in nomi}
    put_many(ente / TECNICO, "Scheda 1", {below(ente / TECNICO, "Scheda 1", "MISSIONE"): "12", **celle})
    return _collegamento(ente, "PROGRAMMA", "11")


@case("B05")
def programma_in_words(ente: Path) -> list[Place]:
    return _collegamento(ente, "PROGRAMMA", "tutti")


def _collegamento(ente: Path, intestazione: str, valore: str) -> list[Place]:
    cella = below(ente / TECNICO, "Scheda 1", intestazione)
    put(ente / TECNICO, "Scheda 1", cella, valore)
    return [(TECNICO, "Scheda 1", cella)]


# ------------------------------------------------------------------------------------------- ente.xlsx


@case("E01")
def no_ente(ente: Path) -> list[Place]:
    (ente / ENTE).unlink()
    return [(ENTE, "", "")]


@case("E02")
def tolerance_in_words(ente: Path) -> list[Place]:
    return _parametro(ente, "Tolleranza fra dichiarato e misurato", "poca")


@case("E02")
def sum_of_the_pesi_in_words(ente: Path) -> list[Place]:
    return _parametro(ente, "Somma dei pesi delle voci", "cento")


@case("E02")
def unknown_origin_of_the_gradi(ente: Path) -> list[Place]:
    return _parametro(ente, "Origine del grado", "il migliore dei due")


@case("E02")
def no_base_at_all(ente: Path) -> list[Place]:
    """With 0 one indicatore out of seven would make a scheda."""
    return _parametro(ente, "Base del grado misurato %", "0")


@case("E02")
def bands_with_a_gap(ente: Path) -> list[Place]:
    return _parametro(ente, "Fasce", "raggiunto da 90; non raggiunto da 50")


@case("E02")
def two_bands_of_one_name(ente: Path) -> list[Place]:
    return _parametro(ente, "Fasce", "raggiunto da 90; Raggiunto da 50; non raggiunto da 0")


@case("E02")
def pesi_of_the_settori_all_zero(ente: Path) -> list[Place]:
    celle = {below(ente / ENTE, "Settori", "Peso", n): 0 for n in (2, 3)}
    put_many(ente / ENTE, "Settori", celle)
    return [(ENTE, "Settori", next(iter(celle)))]


@case("E02")
def half_a_scheda(ente: Path) -> list[Place]:
    cella = below(ente / ENTE, "Settori", "N. schede", 2)
    put(ente / ENTE, "Settori", cella, 1.5)
    return [(ENTE, "Settori", cella)]


@case("E02")
def missioni_that_are_none(ente: Path) -> list[Place]:
    cella = below(ente / ENTE, "Settori", "Missioni", 2)
    put(ente / ENTE, "Settori", cella, "01, 40")
    return [(ENTE, "Settori", cella)]


@case("E02")
def unknown_mean(ente: Path) -> list[Place]:
    return _parametro(ente, "Regola della media d'ente", "la più alta")


def _parametro(ente: Path, etichetta: str, valore: str) -> list[Place]:
    cella = beside(ente / ENTE, "Parametri", etichetta)
    put(ente / ENTE, "Parametri", cella, valore)
    return [(ENTE, "Parametri", cella)]


@case("E02")
def date_in_words(ente: Path) -> list[Place]:
    cella = beside(ente / ENTE, "Ente", "Data della relazione")
    put(ente / ENTE, "Ente", cella, "fine giugno")
    return [(ENTE, "Ente", cella)]


@case("E02")
def year_in_words(ente: Path) -> list[Place]:
    """The year of the settori is then compared with nothing."""
    cella = beside(ente / ENTE, "Ente", "Anno")
    put(ente / ENTE, "Ente", cella, "duemilaventiquattro")
    return [(ENTE, "Ente", cella)]


@case("E02")
def year_of_the_last_century(ente: Path) -> list[Place]:
    """A year refused must not be used to refuse every settore (M03)."""
    cella = beside(ente / ENTE, "Ente", "Anno")
    put(ente / ENTE, "Ente", cella, "1999")
    return [(ENTE, "Ente", cella)]


def _nothing_accepted(percorso: Path) -> tuple[str, Values]:
    return "Accettati", dict.fromkeys(f"{colonna}4" for colonna in "ABCDEFGHIJK")


def _accepts(ente: Path, **scritto: str) -> list[Place]:
    """A line of the sheet Accettati."""
    riga = {"Accettato da": "Segretario comunale", "Perché": "È giusto così.", **scritto}
    celle = {
        below(ente / ENTE, "Accettati", intestazione): testo for intestazione, testo in riga.items()
    }
    put_many(ente / ENTE, "Accettati", celle)
    return [(ENTE, "Accettati", below(ente / ENTE, "Accettati", "Codice"))]


@case("E13", remedy=_nothing_accepted)
def accepted_and_not_there(ente: Path) -> list[Place]:
    return _accepts(ente, Codice="C13", File=TECNICO, Foglio="Scheda 1")


@case("E13", remedy=_nothing_accepted)
def accepted_with_a_code_of_no_finding(ente: Path) -> list[Place]:
    return _accepts(ente, Codice="C99", File="tecnico")


@case("E17", remedy=_nothing_accepted)
def accepted_though_it_blocks(ente: Path) -> list[Place]:
    return _accepts(ente, Codice="C01", File=TECNICO)


@case("C04", remedy=_nothing_accepted)
def accepted_by_nobody(ente: Path) -> list[Place]:
    put(ente / ENTE, "Accettati", below(ente / ENTE, "Accettati", "Perché"), "È giusto così.")
    celle = [below(ente / ENTE, "Accettati", h) for h in ("Codice", "File", "Accettato da")]
    return [(ENTE, "Accettati", cella) for cella in celle]


def _premi(ente: Path, *righe: tuple[object, ...]) -> Callable[[str, int], Place]:
    """Lines of the sheet Premi: gruppo, fascia, persone, stanziati, distribuiti. Where a cell stands."""
    prima = below(ente / ENTE, "Premi", "Gruppo")
    riga = int(prima[1:])
    celle = {
        f"{colonna}{riga + n}": valore
        for n, valori in enumerate(righe)
        for colonna, valore in zip("ABCDE", valori, strict=True)
        if valore is not None
    }
    put_many(ente / ENTE, "Premi", celle)
    return lambda colonna, n: (ENTE, "Premi", f"{colonna}{riga + n}")


@case("E26", remedy=lambda _: ("Premi", {"C4": 6}))
def premi_of_three_people(ente: Path) -> list[Place]:
    dove = _premi(ente, ("Dirigenti", None, 3, 9000, 8500))
    return [dove("C", 0)]


@case("E26", remedy=lambda _: ("Premi", {"C4": 35}))
def premi_of_two_people_left_out_of_the_fasce(ente: Path) -> list[Place]:
    dove = _premi(
        ente,
        ("Dipendenti", None, 30, 9000, 8500),
        ("Dipendenti", "oltre 90", 20, None, 6500),
        ("dipendenti", "da 60 a 90", 8, None, 2000),
    )
    return [dove("C", 0)]


@case("E27", remedy=lambda _: ("Premi", {"E4": 8000}))
def more_premi_given_than_there_are(ente: Path) -> list[Place]:
    dove = _premi(ente, ("Dipendenti", None, 30, 9000, 9500))
    return [dove("E", 0)]


@case("E27", remedy=lambda _: ("Premi", {"A4": "Dipendenti", "C5": 12, "E6": 100, "B7": "oltre 90"}))
def premi_of_nobody_of_how_many_of_how_much_and_twice(ente: Path) -> list[Place]:
    dove = _premi(
        ente,
        (None, "fino a 60", 9, 9000, 8500),
        ("Incaricati di elevata qualificazione", None, None, 3000, 2500),
        ("Dipendenti", "da 60 a 90", 8, None, None),
        ("Dipendenti", "da 60 a 90", 8, 2000, 1500),
    )
    return [dove("A", 0), dove("C", 1), dove("E", 2), dove("A", 3)]


@case("E18")
def another_responsabile_than_in_the_workbook(ente: Path) -> list[Place]:
    cella = at(ente / ENTE, "Settori", "Luca Verdi")
    put(ente / ENTE, "Settori", cella, "Paolo Neri")
    return [(ENTE, "Settori", cella)]


def _resources(ente: Path, *righe: tuple[str | int | None, ...]) -> None:
    """The rows of the sheet Risorse."""
    celle = {
        f"{colonna}{riga}": valore
        for riga, valori in enumerate(righe, start=4)
        for colonna, valore in zip("ABCDE", valori, strict=False)
    }
    put_many(ente / ENTE, "Risorse", celle)


@case("E19")
def amount_in_words(ente: Path) -> list[Place]:
    _resources(ente, ("01", "03", "1.200,00", "mille", 900))
    return [(ENTE, "Risorse", "D4")]


@case("E19")
def amount_written_the_english_way(ente: Path) -> list[Place]:
    _resources(ente, ("01", "03", "1,234,567.89"))
    return [(ENTE, "Risorse", "C4")]


@case("E20", remedy=lambda _: ("Risorse", {"B4": "03"}))
def resources_without_a_programma(ente: Path) -> list[Place]:
    _resources(ente, ("01", None, 1000))
    return [(ENTE, "Risorse", "B4")]


@case("E20")
def total_of_a_missione_among_the_resources(ente: Path) -> list[Place]:
    _resources(ente, ("01", "03", 1000), ("Totale generale", None, 1000))
    return [(ENTE, "Risorse", "A5")]


@case("E20")
def resources_of_a_programma_that_is_not_there(ente: Path) -> list[Place]:
    _resources(ente, ("01", "77", 1000))
    return [(ENTE, "Risorse", "B4")]


@case("E20")
def resources_of_a_programma_of_another_missione(ente: Path) -> list[Place]:
    _resources(ente, ("01", "04.02", 1000))
    return [(ENTE, "Risorse", "B4")]


@case("E21")
def more_paid_than_committed(ente: Path) -> list[Place]:
    _resources(ente, ("01", "03", 1000, 800, "900,00 €"))
    return [(ENTE, "Risorse", "E4")]


@case("E22", remedy=lambda _: ("Risorse", dict.fromkeys(("A5", "B5", "C5"))))
def resources_of_a_programma_twice(ente: Path) -> list[Place]:
    _resources(ente, ("01", "03", 1000), ("01", "01.03", 500))
    return [(ENTE, "Risorse", "B5")]


@case("E23")
def traccia_with_macros(ente: Path) -> list[Place]:
    (ente / TRACCE[0]).write_bytes(carte.with_macros())
    return [(TRACCE[0], "", "")]


@case("E24")
def traccia_with_an_unknown_field(ente: Path) -> list[Place]:
    pagina = "piede: Delibera\n\nVista la relazione dell'anno {annno}, {settore.grado}."
    (ente / TRACCE[0]).write_bytes(traccia(pagina))
    return [(TRACCE[0], "", "")]


@case("E25")
def traccia_with_a_picture_in_its_text(ente: Path) -> list[Place]:
    word = Document(BytesIO(traccia("piede: Delibera\n\nVista la relazione dell'anno {anno}.")))
    word.add_picture(BytesIO(carte.png()))
    (ente / TRACCE[0]).write_bytes(carte.saved(word))
    return [(TRACCE[0], "", "")]


@case("E15")
def text_on_the_act_of_the_year_before(ente: Path) -> list[Place]:
    """The relazione of a year cannot have been approved before it was over."""
    cella = below(ente / ENTE, "Testi", "Testo")
    testo = f"La relazione è stata approvata dalla Giunta con deliberazione n. 60 del 21/12/{fx.ANNO}."
    put(ente / ENTE, "Testi", cella, testo)
    return [(ENTE, "Testi", cella)]


@case("E14")
def surname_that_may_be_an_office(ente: Path) -> list[Place]:
    cella = below(ente / ENTE, "Settori", "Responsabile", 3)
    put(ente / ENTE, "Settori", cella, "Prato")
    return [(ENTE, "Settori", cella)]


@case("E12")
def dated_the_day_after_the_term(ente: Path) -> list[Place]:
    cella = beside(ente / ENTE, "Ente", "Data della relazione")
    put(ente / ENTE, "Ente", cella, f"01/07/{fx.ANNO + 1}")
    return [(ENTE, "Ente", cella)]


@case("E03", remedy=_no_fourth_settore)
def settore_listed_twice(ente: Path) -> list[Place]:
    campi = {"Codice": "tecnico", "Denominazione": "Ufficio Tecnico", "Peso": 1}
    celle = {below(ente / ENTE, "Settori", h, 4): valore for h, valore in campi.items()}
    put_many(ente / ENTE, "Settori", celle)
    return [(ENTE, "Settori", next(iter(celle)))]


@case("E04")
def ente_without_name(ente: Path) -> list[Place]:
    cella = beside(ente / ENTE, "Ente", "Denominazione")
    put(ente / ENTE, "Ente", cella, None)
    return [(ENTE, "Ente", cella)]


@case("F08")
def a_document_beside(ente: Path) -> list[Place]:
    (ente / "verbale.pdf").write_bytes(b"%PDF-1.7")
    return [("verbale.pdf", "", "")]


@case("C11")
def a_fraction_for_a_percentage(ente: Path) -> list[Place]:
    cella = fx.below(ente / TECNICO, "Valutazione", "Grado dichiarato %")
    put(ente / TECNICO, "Valutazione", cella, 0.98)
    return [(TECNICO, "Valutazione", cella)]


@case("V15")
def fewer_schede_than_listed(ente: Path) -> list[Place]:
    cella = fx.below(ente / ENTE, "Settori", "N. schede", 3)
    put(ente / ENTE, "Settori", cella, 2)
    return [(TECNICO, "", "")]


@case("E07")
def ente_under_another_name(ente: Path) -> list[Place]:
    (ente / ENTE).rename(ente / "Ente 2024.xlsx")
    return [("Ente 2024.xlsx", "", "")]


@case("E28")
def copy_of_ente(ente: Path) -> list[Place]:
    shutil.copy(ente / ENTE, ente / "ente - Copia.xlsx")
    return [("ente - Copia.xlsx", "", "")]


@case("E06")
def no_settori_listed(ente: Path) -> list[Place]:
    righe = range(4, 4 + len(fx.NAMES))
    fx.put_many(ente / ENTE, "Settori", {f"{c}{r}": None for r in righe for c in "ABCDEFG"})
    return [(ENTE, "Settori", "")]


@case("E05")
def one_settore_without_peso(ente: Path) -> list[Place]:
    put(ente / ENTE, "Settori", below(ente / ENTE, "Settori", "Peso", 3), None)
    return [(ENTE, "Settori", "")]


@case("E08")
def address_without_its_end(ente: Path) -> list[Place]:
    cella = below(ente / ENTE, "Settori", "E-mail", 3)
    put(ente / ENTE, "Settori", cella, "a.bianchi@comune.it; anna@comune")
    return [(ENTE, "Settori", cella)]


@case("E08")
def name_before_the_address(ente: Path) -> list[Place]:
    cella = below(ente / ENTE, "Destinatari", "E-mail")
    put(ente / ENTE, "Destinatari", cella, "Giunta <giunta@comune.it>")
    return [(ENTE, "Destinatari", cella)]


@case("E09")
def place_unknown_to_the_message(ente: Path) -> list[Place]:
    cella = below(ente / ENTE, "Messaggi", "Testo")
    put(ente / ENTE, "Messaggi", cella, "Gentile {responsabile}, entro il {termine} serve il file.")
    return [(ENTE, "Messaggi", cella)]


@case("E09")
def list_in_a_subject(ente: Path) -> list[Place]:
    cella = below(ente / ENTE, "Messaggi", "Oggetto", 3)
    put(ente / ENTE, "Messaggi", cella, "Da correggere: {elenco}")
    return [(ENTE, "Messaggi", cella)]


@case("E09")
def brace_left_open(ente: Path) -> list[Place]:
    cella = below(ente / ENTE, "Messaggi", "Oggetto", 4)
    put(ente / ENTE, "Messaggi", cella, "Relazione {anno} { definitiva")
    return [(ENTE, "Messaggi", cella)]


@case("E10")
def message_without_text(ente: Path) -> list[Place]:
    cella = below(ente / ENTE, "Messaggi", "Testo", 2)
    put(ente / ENTE, "Messaggi", cella, None)
    return [(ENTE, "Messaggi", cella)]


def test_a_message_that_cannot_be_read_is_not_said_to_be_empty(ente: Path) -> None:
    fx.put_uncalculated(ente / ENTE, "Messaggi", below(ente / ENTE, "Messaggi", "Testo", 2))
    assert [r.codice for r in run.controlla(ente).rilievi] == ["C07"]


# ------------------------------------------------------------------------ what a voce says in words


def _as_said(percorso: Path) -> tuple[str, Values]:
    stato, grado = (below(percorso, "Valutazione", h, 2) for h in ("Stato", "Grado dichiarato %"))
    return "Valutazione", {stato: "valutato", grado: 95}


@case("V16", remedy=_as_said)
def percentage_in_the_words_of_a_scheda(ente: Path) -> list[Place]:
    grado = _without_stato(ente, "Raggiunto al 95%: il resto nel 2025.")["Grado dichiarato %"]
    return [(RAGIONERIA, "Valutazione", grado)]


def _postponed(percorso: Path) -> tuple[str, Values]:
    stato, note = (below(percorso, "Valutazione", h, 2) for h in ("Stato", "Note Nucleo"))
    return "Valutazione", {stato: "rinviato", note: "Mancavano i fondi"}


@case("V17", remedy=_postponed)
def stato_in_the_words_of_a_scheda(ente: Path) -> list[Place]:
    stato = _without_stato(ente, "Rinviata al 2025 per mancanza di fondi.")["Stato"]
    return [(RAGIONERIA, "Valutazione", stato)]


def _without_stato(ente: Path, testo: str) -> dict[str, str]:
    """Leave the voce 2, whose scheda has no grado, without stato and grado. Returns their cells."""
    attuazione = below(ente / RAGIONERIA, "Scheda 2", "Che cosa è stato fatto")
    put(ente / RAGIONERIA, "Scheda 2", attuazione, testo)
    celle = {h: below(ente / RAGIONERIA, "Valutazione", h, 2) for h in ("Stato", "Grado dichiarato %")}
    put_many(ente / RAGIONERIA, "Valutazione", dict.fromkeys(celle.values()))
    return celle


# ------------------------------------------------------------------------------- the modello missioni

ATTUAZIONE = "GRADO DI REALIZZAZIONE DELL'OBIETTIVO"
PERCENTUALE = "% DI REALIZZAZIONE DEL PERSONALE COINVOLTO"


def _spoil(ente: Path, obiettivo: str, valori: dict[str, object]) -> list[Place]:
    """Write by heading into the row of an obiettivo operativo. Returns the places written to."""
    celle = {fx.crossing(ente / AREA, OPERATIVI, h, obiettivo): valore for h, valore in valori.items()}
    put_many(ente / AREA, OPERATIVI, celle)
    return [(AREA, OPERATIVI, cella) for cella in celle]


def _of_organi(**valori: object) -> Remedy:
    """What is written in the row of the first obiettivo, by column."""

    def remedy(percorso: Path) -> tuple[str, Values]:
        riga = fx.at(percorso, OPERATIVI, fx.ORGANI).lstrip(string.ascii_uppercase)
        return OPERATIVI, {f"{colonna}{riga}": valore for colonna, valore in valori.items()}

    return remedy


@case("V16", "missioni", _of_organi(I=50))
def percentage_in_the_words_of_an_obiettivo(ente: Path) -> list[Place]:
    testo = "Raggiunto al 50%: il resto nel 2025."
    return _spoil(ente, fx.ORGANI, {PERCENTUALE: None, ATTUAZIONE: testo})[:1]


@case("V17", "missioni", _of_organi(N="sospeso", R="Mancavano i fondi"))
def stato_in_the_words_of_an_obiettivo(ente: Path) -> list[Place]:
    valori = {"STATO": None, PERCENTUALE: None, ATTUAZIONE: "Obiettivo sospeso"}
    return _spoil(ente, fx.ORGANI, valori)[:1]


_OUTPUT = ("INDICATORI DI OUTPUT", "VALORE ATTESO", "RAGGIUNTO")


def _measured(ente: Path, *celle: str) -> list[Place]:
    return _spoil(ente, fx.ORGANI, dict(zip(_OUTPUT, celle, strict=True)))


@case("V34", "missioni", _of_organi(G="Sedute\nVerbali"))
def one_indicatore_with_two_values(ente: Path) -> list[Place]:
    return _measured(ente, "Sedute", "40\n20", "40\n20")[:1]


@case("V34", "missioni", _of_organi(J="40\n20"))
def two_indicatori_with_one_atteso(ente: Path) -> list[Place]:
    return _measured(ente, "Sedute\nVerbali", "40", "40\n20")[1:2]


@case("V34", "missioni", _of_organi(K="40\n20"))
def two_indicatori_with_three_raggiunti(ente: Path) -> list[Place]:
    return _measured(ente, "Sedute\nVerbali", "40\n20", "40\n20\n7")[2:]


@case("V18", "missioni")
def percentage_in_a_year_not_marked(ente: Path) -> list[Place]:
    return _spoil(ente, fx.ORGANI, {str(fx.ANNO): None})


@case("N01", "missioni")
def one_letter_of_a_name_changed(ente: Path) -> list[Place]:
    """Elisa Bruni is in two other rows: the slip is the spelling found once."""
    return _spoil(ente, fx.MOSTRE, {"Personale di supporto": "Elisa Bruno"})


@case("N02", "missioni")
def two_names_without_a_comma(ente: Path) -> list[Place]:
    return _spoil(ente, fx.MOSTRE, {"Personale di supporto": "Elisa Bruni Carlo Neri"})


@case("N03", "missioni")
def surname_alone(ente: Path) -> list[Place]:
    return _spoil(ente, fx.MOSTRE, {"Personale di supporto": "Bruni"})


@case("C13", "missioni")
def date_for_the_words_of_an_obiettivo(ente: Path) -> list[Place]:
    return _spoil(ente, fx.MOSTRE, {ATTUAZIONE: date(2024, 12, 10)})


@case("V19", "missioni")
def pesi_of_the_obiettivi_just_short_of_a_hundred(ente: Path) -> list[Place]:
    """The finding is at the first of them."""
    pesi = {fx.ORGANI: 25, fx.SITO: 25, fx.TEATRO: 25, fx.MOSTRE: 24}
    return [posto for o, peso in pesi.items() for posto in _spoil(ente, o, {"PESO": peso})][:1]


@case("V27", "missioni")
def cross_for_the_peso_of_a_postponed_obiettivo(ente: Path) -> list[Place]:
    return _spoil(ente, fx.TEATRO, {"PESO": "X"})


@case("V28", "missioni")
def cross_for_the_peso_of_a_valued_obiettivo(ente: Path) -> list[Place]:
    return _spoil(ente, fx.ORGANI, {"PESO": "X"})


@case("V29", "missioni", _of_organi(O=94))
def pesi_of_the_obiettivi_far_from_what_the_ente_wants(ente: Path) -> list[Place]:
    _parametro(ente, "Somma dei pesi delle voci", "100")
    return _spoil(ente, fx.ORGANI, {"PESO": 1})


@case("V21", "missioni", _of_organi(G="Sedute seguite"))
def valued_obiettivo_without_indicatori(ente: Path) -> list[Place]:
    _spoil(ente, fx.ORGANI, {"INDICATORI DI OUTPUT": None})
    return [(AREA, OPERATIVI, fx.at(ente / AREA, OPERATIVI, fx.ORGANI))]


@case("V23", "missioni", _of_organi(I=50))
def another_percentage_in_the_words_of_an_obiettivo(ente: Path) -> list[Place]:
    testo = "Raggiunto al 50%: il resto nel 2025."
    return _spoil(ente, fx.ORGANI, {PERCENTUALE: 95, ATTUAZIONE: testo})[:1]


@case("V24", "missioni")
def obiettivo_written_twice(ente: Path) -> list[Place]:
    """The two obiettivi of the missione differ in their titolo alone; the second is the double."""
    return _spoil(ente, fx.MOSTRE, {"OBIETTIVI OPERATIVI": fx.TEATRO})


@case("V25", "missioni")
def placeholder_for_what_was_done_of_an_obiettivo(ente: Path) -> list[Place]:
    return _spoil(ente, fx.ORGANI, {ATTUAZIONE: MODULO})


@case("B05", "missioni")
def programma_of_an_obiettivo_in_words(ente: Path) -> list[Place]:
    return _spoil(ente, fx.ORGANI, {"PROGRAMMI": "tutti"})


@case("B05", "missioni")
def programma_of_no_missione(ente: Path) -> list[Place]:
    """The first obiettivi stand under no heading: 01 is of which missione, nobody can tell."""
    put_many(ente / AREA, OPERATIVI, dict.fromkeys(("A4", "B4", "C4")))
    senza_missione = {"PROGRAMMI": "01"}
    return _spoil(ente, fx.ORGANI, senza_missione) + _spoil(ente, fx.SITO, senza_missione)


@case("B06", "missioni", lambda percorso: (OPERATIVI, {_programma_of_teatro(percorso): "12.01"}))
def nido_before_it_had_a_programma(ente: Path) -> list[Place]:
    """The missione 05 becomes the 12, whose programma 11 is there from 2026."""
    codice = fx.at(ente / AREA, OPERATIVI, "05")
    nome = "Diritti sociali, politiche sociali e famiglia"
    put_many(ente / AREA, OPERATIVI, {codice: "12", f"C{codice[1:]}": nome})
    _spoil(ente, fx.MOSTRE, {"PROGRAMMI": "12.03"})
    return _spoil(ente, fx.TEATRO, {"PROGRAMMI": "12.11"})


def _programma_of_teatro(percorso: Path) -> str:
    return fx.crossing(percorso, OPERATIVI, "PROGRAMMI", fx.TEATRO)


def _heading_again(percorso: Path) -> tuple[str, Values]:
    """The row of the missione 05, where it was."""
    riga = int(_programma_of_teatro(percorso).lstrip("A")) - 1
    return OPERATIVI, {f"A{riga}": "MISSIONE", f"B{riga}": "05"}


@case("M16", "missioni", _heading_again)
def no_heading_above_a_missione(ente: Path) -> list[Place]:
    riga = fx.at(ente / AREA, OPERATIVI, "05").lstrip("B")
    put_many(ente / AREA, OPERATIVI, dict.fromkeys(f"{colonna}{riga}" for colonna in "ABC"))
    return [(AREA, OPERATIVI, f"A{int(riga) + 1}")]


@case("M16", "missioni")
def heading_of_another_missione(ente: Path) -> list[Place]:
    """Its name is no longer that of its code (B03): it would only follow."""
    return _heading(ente, "05", "06")


@case("M08", "missioni")
def no_obiettivi_operativi(ente: Path) -> list[Place]:
    """The list of settori says four: that there are fewer (V15) would only follow."""
    fx.remove_sheet(ente / AREA, OPERATIVI)
    return [(AREA, OPERATIVI, "")]


@case("M08", "missioni")
def no_settore_beside_the_obiettivi(ente: Path) -> list[Place]:
    fx.remove_sheet(ente / AREA, "Settore")
    return [(AREA, "Settore", "")]


@case("M09", "missioni")
def heading_of_the_obiettivi_changed(ente: Path) -> list[Place]:
    """The list of settori says four: that there are fewer (V15) would only follow."""
    put(ente / AREA, OPERATIVI, fx.at(ente / AREA, OPERATIVI, "PESO"), "PUNTI")
    return [(AREA, OPERATIVI, "")]


@case("M10", "missioni")
def note_beside_the_obiettivi(ente: Path) -> list[Place]:
    put(ente / AREA, OPERATIVI, "T5", "da rivedere con il sindaco")
    return [(AREA, OPERATIVI, "T5")]


@case("M17", "missioni", remedy=lambda _: (OPERATIVI, {"T3": None, "T5": None}))
def column_of_the_office_beside_the_obiettivi(ente: Path) -> list[Place]:
    put_many(ente / AREA, OPERATIVI, {"T3": "Fonte", "T5": "Ragioneria"})
    return [(AREA, OPERATIVI, "T3")]


@case("M18", "missioni", remedy=lambda c: (OPERATIVI, swapped(c, OPERATIVI, "K", "L", RIGHE)))
def two_columns_of_the_obiettivi_swapped(ente: Path) -> list[Place]:
    put_many(ente / AREA, OPERATIVI, swapped(ente / AREA, OPERATIVI, "K", "L", RIGHE))
    return [(AREA, OPERATIVI, "L3")]


@case("M21", "missioni")
def table_pasted_over_the_obiettivi(ente: Path) -> list[Place]:
    fx.paste_over(ente / AREA, OPERATIVI, "A4:I6")
    return [(AREA, OPERATIVI, "A4")]


@case("M11", "missioni")
def sheet_added_to_the_obiettivi(ente: Path) -> list[Place]:
    fx.add_sheet(ente / AREA, "Appunti", {"A1": "uno", "B7": "due"})
    return [(AREA, "Appunti", "")]


@case("C01", "missioni")
def words_for_the_peso_of_an_obiettivo(ente: Path) -> list[Place]:
    return _spoil(ente, fx.ORGANI, {"PESO": "circa 2"})


@case("C01", "missioni")
def words_for_a_percentage(ente: Path) -> list[Place]:
    """That the obiettivo has neither percentage nor stato (V04) only follows."""
    return _spoil(ente, fx.ORGANI, {PERCENTUALE: "quasi tutto"})


@case("C02", "missioni")
def percentage_over_a_hundred(ente: Path) -> list[Place]:
    """Nor is it said here that the obiettivo has neither percentage nor stato (V04)."""
    return _spoil(ente, fx.ORGANI, {PERCENTUALE: 120})


@case("C02", "missioni")
def negative_peso_of_an_obiettivo(ente: Path) -> list[Place]:
    return _spoil(ente, fx.ORGANI, {"PESO": -1})


@case("C03", "missioni")
def stato_of_an_obiettivo_not_in_the_list(ente: Path) -> list[Place]:
    return _spoil(ente, fx.TEATRO, {"STATO": "quasi fatto"})


@case("C04", "missioni")
def obiettivo_without_words(ente: Path) -> list[Place]:
    return _spoil(ente, fx.ORGANI, {"OBIETTIVI OPERATIVI": None})


@case("C04", "missioni")
def strategic_obiettivo_without_words(ente: Path) -> list[Place]:
    """It has no fasi: that it lacks a definition (V10) is the same thing said twice."""
    return _spoil(ente, fx.SITO, {"OBIETTIVI OPERATIVI": None})


@case("C04", "missioni")
def obiettivo_without_programma(ente: Path) -> list[Place]:
    return _spoil(ente, fx.ORGANI, {"PROGRAMMI": None})


@case("C04", "missioni")
def missione_without_code(ente: Path) -> list[Place]:
    """Its obiettivi say only 01: of which missione, nobody can tell. The empty cell is the heading's."""
    cella = fx.at(ente / AREA, OPERATIVI, "01")
    _spoil(ente, fx.ORGANI, {"PROGRAMMI": "01"})
    put(ente / AREA, OPERATIVI, cella, None)
    return [(AREA, OPERATIVI, cella)]


@case("C11", "missioni")
def a_fraction_for_the_percentage_of_an_obiettivo(ente: Path) -> list[Place]:
    return _spoil(ente, fx.ORGANI, {PERCENTUALE: 0.98})


@case("V01", "missioni")
def one_obiettivo_without_peso(ente: Path) -> list[Place]:
    return _spoil(ente, fx.SITO, {"PESO": None})


@case("V03", "missioni")
def obiettivo_valued_without_percentage(ente: Path) -> list[Place]:
    return _spoil(ente, fx.ORGANI, {PERCENTUALE: None, "STATO": "valutato"})[:1]


@case("V04", "missioni", _of_organi(I=50))
def neither_percentage_nor_stato(ente: Path) -> list[Place]:
    return _spoil(ente, fx.ORGANI, {"STATO": None, PERCENTUALE: None})[:1]


@case("V08", "missioni")
def postponed_obiettivo_without_a_reason(ente: Path) -> list[Place]:
    return _spoil(ente, fx.TEATRO, {missioni.MOTIVO.etichetta: None})


@case("V09", "missioni")
def postponed_obiettivo_with_a_percentage(ente: Path) -> list[Place]:
    return _spoil(ente, fx.TEATRO, {PERCENTUALE: 50})


@case("V09", "missioni")
def postponed_obiettivo_with_a_grado_of_the_nucleo(ente: Path) -> list[Place]:
    return _spoil(ente, fx.TEATRO, {"GRADO NUCLEO %": 50})


@case("V13", "missioni")
def no_obiettivi(ente: Path) -> list[Place]:
    """The list of settori says four: that there are fewer (V15) would only follow."""
    for obiettivo in (fx.ORGANI, fx.SITO, fx.TEATRO, fx.MOSTRE):
        _empty(ente, obiettivo)
    return [(AREA, OPERATIVI, "")]


def _empty(ente: Path, obiettivo: str) -> None:
    """Empty the row of an obiettivo operativo, but for the formula of its grado finale."""
    riga = fx.at(ente / AREA, OPERATIVI, obiettivo).lstrip(string.ascii_uppercase)
    put_many(ente / AREA, OPERATIVI, {f"{colonna}{riga}": None for colonna in "ABCDEFGHIJKLMNOPRS"})


@case("B01", "missioni")
def heading_of_no_missione(ente: Path) -> list[Place]:
    return _heading(ente, "01", "cultura")


@case("B02", "missioni")
def obiettivo_of_no_programma(ente: Path) -> list[Place]:
    return _spoil(ente, fx.ORGANI, {"PROGRAMMI": "01.77"})


@case("B03", "missioni")
def heading_with_the_name_of_another_missione(ente: Path) -> list[Place]:
    return _heading(ente, fx.MISSIONI[1][1], "Ordine pubblico e sicurezza")


@case("B04", "missioni")
def heading_with_the_name_of_no_missione(ente: Path) -> list[Place]:
    return _heading(ente, fx.MISSIONI[1][1], "Viva la squadra di calcio")


def _heading(ente: Path, testo: str, nuovo: str) -> list[Place]:
    """Write over the code or the name in the heading of a missione."""
    cella = fx.at(ente / AREA, OPERATIVI, testo)
    put(ente / AREA, OPERATIVI, cella, nuovo)
    return [(AREA, OPERATIVI, cella)]


# ---------------------------------------------------------------------------- what holds in every case


OF_BOTH = (
    *("C01", "C02", "C03", "C04", "C11", "C13", "M08", "M09", "M10", "M11", "M17", "M18", "M21"),
    *("B01", "B02", "B03", "B04", "B05", "B06"),
    *("V01", "V03", "V04", "V08", "V09", "V13", "V16", "V17", "V19", "V21", "V23", "V24", "V25"),
    *("V27", "V28", "V29"),
)
"""Codes that a workbook of either template can give, each at cells of its own."""

each_case = pytest.mark.parametrize("caso", CASES, ids=lambda c: f"{c.codice}-{c.name}")


def found(esito: Esito) -> list[tuple[str, Place]]:
    return [(r.codice, (r.file, r.foglio, r.cella)) for r in esito.rilievi]


def test_nothing_to_say_about_the_good_ente(good: Path) -> None:
    esito = controlla(good)
    assert found(esito) == []
    assert sorted(q.file for q in esito.raccolta.quadrature) == sorted(fx.FILES)
    assert all(q.torna and q.compilate > 20 for q in esito.raccolta.quadrature)


def test_nothing_to_say_about_the_good_ente_that_reports_by_missione(good_missioni: Path) -> None:
    esito = controlla(good_missioni)
    assert found(esito) == []
    assert sorted(q.file for q in esito.raccolta.quadrature) == [AREA, ENTE]
    assert all(q.torna and q.compilate > 15 for q in esito.raccolta.quadrature)


def test_every_code_has_a_case() -> None:
    assert {caso.codice for caso in CASES} == set(CATALOGO) - {"P01", "E11", "E16"}
    assert len({caso.name for caso in CASES}) == len(CASES)


@pytest.mark.parametrize("codice", OF_BOTH)
def test_a_rule_of_both_templates_has_a_case_on_each(codice: str) -> None:
    assert {caso.modello for caso in CASES if caso.codice == codice} == {"schede", "missioni"}


@each_case
def test_the_damage_gives_its_finding_and_no_other(
    caso: Case, outcomes: Callable[[Case], Outcome]
) -> None:
    outcome = outcomes(caso)
    assert found(outcome.esito) == [(caso.codice, posto) for posto in outcome.expected]


@each_case
def test_every_filled_cell_is_in_the_tables_or_in_a_finding(
    caso: Case, outcomes: Callable[[Case], Outcome]
) -> None:
    for quadratura in outcomes(caso).esito.raccolta.quadrature:
        assert quadratura.compilate == quadratura.in_tabelle + quadratura.in_rilievi, quadratura


@each_case
def test_every_finding_is_counted_once_in_what_was_handed_in(
    caso: Case, outcomes: Callable[[Case], Outcome]
) -> None:
    esito = outcomes(caso).esito
    conti: Counter[str] = Counter()
    for consegna in esito.consegne:
        conti += consegna.conti
    nessuno = (
        CARTA_INTESTATA,
        *STEMMI,
        *TRACCE,
    )  # nobody hands them in, nor the placeholder of an open file
    detti = (r for r in esito.rilievi if r.codice != "F07" and r.file not in nessuno)
    assert conti == Counter(r.gravita for r in detti)
    compilate = sum(q.compilate for q in esito.raccolta.quadrature)
    assert sum(c.celle for c in esito.consegne) == compilate


@each_case
def test_messages_are_the_office_s_italian(caso: Case, outcomes: Callable[[Case], Outcome]) -> None:
    outcome = outcomes(caso)
    for rilievo in outcome.esito.rilievi:
        for testo in (rilievo.messaggio, rilievo.rimedio):
            assert foreign_words(testo) == []
            assert not testo[0].islower() and testo[-1] == "."
            assert "«»" not in testo and "  " not in testo
            assert str(outcome.folder.parent) not in testo


@pytest.mark.parametrize("codice", CATALOGO)
def test_the_catalogue_is_the_office_s_italian(codice: str) -> None:
    regola = CATALOGO[codice]
    assert regola.gravita in GRAVITA
    for testo in (regola.titolo, regola.messaggio, regola.rimedio):
        piano = re.sub(r"\{\w+\}", "…", testo)
        assert foreign_words(piano) == []


def test_a_prerequisite_without_peso_blocks_nothing(ente: Path) -> None:
    """Beside voci that have theirs: it is out of the mean, and so is its empty box."""
    peso, stato, note = (
        below(ente / RAGIONERIA, "Valutazione", h, 2) for h in ("Peso", "Stato", "Note Nucleo")
    )
    grado = below(ente / RAGIONERIA, "Valutazione", "Grado dichiarato %", 2)
    valori = {peso: None, stato: "non valutabile", note: "Prerequisito", grado: None}
    put_many(ente / RAGIONERIA, "Valutazione", valori)
    assert controlla(ente).rilievi == []


def test_p01_a_reading_that_loses_a_cell_is_found_out(
    ente: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loses_one(tabelle: Tabelle) -> Counter[str]:
        conto = celle_piene(tabelle)
        conto[TECNICO] -= 1
        return conto

    monkeypatch.setattr(ingest, "celle_piene", loses_one)
    esito = controlla(ente)
    assert found(esito) == [("P01", (TECNICO, "", ""))]
    quadratura = next(q for q in esito.raccolta.quadrature if not q.torna)
    piene = quadratura.compilate
    assert quadratura == Quadratura(TECNICO, piene, piene - 1, 0)
    messaggio = esito.rilievi[0].messaggio
    assert messaggio.startswith(f"{piene} celle compilate, ma {piene - 1} nelle tabelle e 0 nei rilievi")
    assert foreign_words(messaggio) == []


def test_e11_an_address_is_missed_only_when_there_is_something_to_say(ente: Path) -> None:
    (ente / TECNICO).unlink()
    put(ente / ENTE, "Settori", below(ente / ENTE, "Settori", "E-mail", 1), "t@comune.it")
    fascicolo = controlla(ente).fascicolo
    assert fascicolo is not None
    giro = bozze.Giro(fascicolo, ente, ente / "niente", date(2025, 3, 1), lambda settore: b"")
    (rilievo,) = bozze.prepara(giro).rilievi
    assert (rilievo.codice, rilievo.file, rilievo.foglio) == ("E11", ENTE, "Settori")
    assert rilievo.cella == below(ente / ENTE, "Settori", "E-mail", 3)
    assert rilievo.messaggio.startswith("Settore Tecnico: ")
    assert foreign_words(rilievo.messaggio + rilievo.rimedio) == []


# ----------------------------------------------------------------------------------------- the order


def _many_findings(ente: Path) -> None:
    for damage in (text_called_xlsx, open_in_excel, same_settore_twice, note_outside_the_form):
        damage(ente)
    for damage in (one_peso_missing, no_grado_anywhere, one_settore_without_peso, tolerance_in_words):
        damage(ente)


def test_the_order_of_the_files_does_not_matter(ente: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _many_findings(ente)
    prima = controlla(ente).rilievi
    elenca = Path.iterdir

    def backwards(cartella: Path) -> Iterator[Path]:
        return iter(sorted(elenca(cartella), reverse=True))

    monkeypatch.setattr(Path, "iterdir", backwards)
    assert len(prima) >= 8
    assert controlla(ente).rilievi == prima


def test_worst_first_then_by_place(ente: Path) -> None:
    _many_findings(ente)
    rilievi = controlla(ente).rilievi
    for prima, dopo in pairwise(rilievi):
        assert GRAVITA.index(prima.gravita) <= GRAVITA.index(dopo.gravita)
    mescolati = list(rilievi)
    for seme in range(20):
        random.Random(seme).shuffle(mescolati)
        assert ordina(mescolati) == rilievi


def test_cells_are_ordered_as_numbers() -> None:
    celle = ["B10", "AA1", "B9", "A2"]
    ordinate = ordina(Rilievo("C07", "x.xlsx", "Scheda 1", cella) for cella in celle)
    assert [r.cella for r in ordinate] == ["AA1", "A2", "B9", "B10"]


def test_where_in_words() -> None:
    assert Rilievo("C07", "x.xlsx", "Scheda 1", "B9").dove == "x.xlsx, foglio «Scheda 1», cella B9"
    assert Rilievo("F07", "x.xlsx").dove == "x.xlsx"


# ------------------------------------------------------------------- what must not pass in silence


def test_a_settore_sent_in_another_format_is_missed(ente: Path) -> None:
    """F06 alone is a notice that «si può ignorare»: the settore would be left out without a word."""
    (ente / TECNICO).rename(ente / "tecnico.xls")
    esito = controlla(ente)
    assert ("F06", ("tecnico.xls", "", "")) in found(esito)
    assert esito.bloccato


def test_a_workbook_under_another_settore_s_name_does_not_hide_that_it_is_missing(ente: Path) -> None:
    (ente / RAGIONERIA).replace(ente / TECNICO)
    note_outside_the_form(ente)
    assert [r.dati["settore"] for r in controlla(ente).rilievi if r.codice == "M07"] == [
        "Settore Tecnico"
    ]


@pytest.mark.parametrize(
    ("foglio", "cella"),
    [
        pytest.param("Settore", "A1", id="over the title of the settore"),
        pytest.param("Valutazione", "A1", id="over the title of the valutazione"),
        pytest.param("Valutazione", "K25", id="formula beside the totals"),
        pytest.param("Valutazione", "A40", id="number under the list of schede"),
        pytest.param("Scheda 1", "E{MISSIONE}", id="at the end of a heading"),
    ],
)
def test_nothing_typed_is_lost(ente: Path, foglio: str, cella: str) -> None:
    if "{" in cella:
        testa = fx.at(ente / TECNICO, foglio, cella[2:-1])
        cella = cella[0] + testa.lstrip(string.ascii_uppercase)
    if cella == "K25":
        fx.put_xml(ente / TECNICO, foglio, cella, "<f>90+5</f><v>95</v>")
    else:
        put(ente / TECNICO, foglio, cella, 95)
    assert (TECNICO, foglio, cella) in [posto for _, posto in found(controlla(ente))]


def test_an_empty_sheet_added_is_nothing_to_report(ente: Path) -> None:
    for file in (ENTE, TECNICO):
        fx.add_sheet(ente / file, "Foglio1", {})
    assert found(controlla(ente)) == []


def test_a_chart_sheet_does_not_hinder(ente: Path) -> None:
    fx.add_chart_sheet(ente / TECNICO, "Grafico1")
    assert found(controlla(ente)) == []


def test_a_scheda_named_twice_by_one_voce_is_not_in_several_voci(ente: Path) -> None:
    put(ente / TECNICO, "Valutazione", below(ente / TECNICO, "Valutazione", "Schede"), "1, 1")
    messaggi = " ".join(r.messaggio for r in controlla(ente).rilievi)
    assert "n. 1, n. 1" not in messaggi


def test_a_message_never_quotes_control_characters(ente: Path) -> None:
    """The findings go into Word, which refuses them."""
    fx.put_inline(ente / TECNICO, "Scheda 1", "H30", "nota_x0007_ sparsa")
    (rilievo,) = controlla(ente).rilievi
    assert rilievo.codice == "M10"
    assert foreign_words(rilievo.messaggio) == []


def test_a_missing_cell_in_error_is_reported_once(ente: Path) -> None:
    cella = beside(ente / ENTE, "Ente", "Denominazione")
    fx.put_error(ente / ENTE, "Ente", cella)
    assert [posto for _, posto in found(controlla(ente))] == [(ENTE, "Ente", cella)]


def test_without_the_list_the_settori_are_not_refused_one_by_one(ente: Path) -> None:
    fx.remove_sheet(ente / ENTE, "Settori")
    assert found(controlla(ente)) == [("M08", (ENTE, "Settori", ""))]


# ---------------------------------------------------------------------- what the words of a voce say


def _without_stato_saying(testo: str) -> list[Rilievo]:
    """The findings about an obiettivo with neither stato nor percentage, and this text."""
    dove = {"settore": "area", "file": AREA, "foglio": OPERATIVI, "riga": 5}
    posti = in_posti({"stato": (5, 11), "grado_dichiarato": (5, 9)})
    tabelle = costruisci(
        {
            "schede": [{**dove, "scheda": 1, "titolo": "Mostre", "blocco": 1}],
            "stati": [{**dove, "scheda": 1, "n": 1, "testo": testo}],
            "voci": [{**dove, "n": 1, "descrizione": "Mostre", "schede": "1", "posti": posti}],
        }
    )
    return checks.controlla(tabelle, Parametri(), [])


@pytest.mark.parametrize(
    ("testo", "proposto"),
    [
        ("Raggiunto al 50%", "50"),
        ("Obiettivo raggiunto solo al 50 %, per mancanza di personale.", "50"),
        ("Attività realizzata per il 33,5% entro l'anno", "33,5"),
        ("Lavori completati al 100%", "100"),
        ("CONSEGUITO AL 7%", "7"),
        (" 80 % ", "80"),
        ("Raggiunto all'80%", "80"),
        ("Raggiunto all’8%", "8"),
        ("Raggiunto al 100,00%", "100"),
    ],
)
def test_a_percentage_said_in_words_is_proposed(testo: str, proposto: str) -> None:
    [rilievo] = _without_stato_saying(testo)
    assert (rilievo.codice, rilievo.cella) == ("V16", "I5")
    assert rilievo.dati["proposto"] == proposto
    assert f"scrivere {proposto} " in rilievo.rimedio


@pytest.mark.parametrize(
    ("testo", "proposto"),
    [
        ("Obiettivo sospeso", "sospeso"),
        ("Le iniziative sono state sospese.", "sospeso"),
        ("RINVIATO", "rinviato"),
        ("Rinviata al 2025", "rinviato"),
        ("Non valutabile: dati non pervenuti", "non valutabile"),
    ],
)
def test_a_stato_said_in_words_is_proposed(testo: str, proposto: str) -> None:
    [rilievo] = _without_stato_saying(testo)
    assert (rilievo.codice, rilievo.cella) == ("V17", "K5")
    assert f"lo stato «{proposto}»" in rilievo.rimedio


@pytest.mark.parametrize(
    "testo",
    [
        "Come previsto.",
        "Pubblicato nei tempi il 75% degli atti",
        "Aumento del 20% delle presenze",
        "80",
        "120%",
        "Raggiunto al 120%",
        "Si rinvia alla relazione del Nucleo",
        "Sospensione dei termini",
        "Non completato al 100%",
        "Non è ancora stata realizzata al 100%",
    ],
)
def test_what_the_words_do_not_say_is_not_proposed(testo: str) -> None:
    [rilievo] = _without_stato_saying(testo)
    assert (rilievo.codice, rilievo.cella) == ("V04", "K5")


def test_the_words_do_not_matter_where_there_is_a_grado(ente_missioni: Path) -> None:
    _spoil(ente_missioni, fx.ORGANI, {ATTUAZIONE: "Sospeso a marzo, ripreso a maggio"})
    assert found(controlla(ente_missioni)) == []


def test_the_remedy_of_a_percentage_in_words_is_all_there_is_to_do(ente: Path) -> None:
    """In a Valutazione the percentage alone is not enough: without a stato it gives V04."""
    percentage_in_the_words_of_a_scheda(ente)
    [rilievo] = controlla(ente).rilievi
    put(ente / RAGIONERIA, "Valutazione", rilievo.cella, int(rilievo.dati["proposto"]))
    rimasti = {r.codice for r in controlla(ente).rilievi}
    assert rimasti == ({"V04"} if "«valutato»" in rilievo.rimedio else set())


# ------------------------------------------------------------------ what shows the grado of a scheda


@pytest.mark.parametrize(
    "testo",
    [
        MODULO,
        "campo dedicato alla relazione finale",
        " (Campo dedicato\nalla  relazione finale) ",
        "[CAMPO DEDICATO ALLA RELAZIONE FINALE].",
        "<campo dedicato alla relazione finale>…",
    ],
)
def test_the_placeholder_of_the_form_in_any_spelling(testo: str) -> None:
    assert segnaposto(testo)


@pytest.mark.parametrize(
    "testo", ["", "--", "Relazione finale", f"{MODULO} Fatto nei tempi.", "Campo dedicato allo sport"]
)
def test_what_somebody_wrote_is_no_placeholder(testo: str) -> None:
    assert not segnaposto(testo)


def test_a_raggiunto_shows_the_grado_words_alone_only_tell_of_it(ente: Path) -> None:
    raggiunto = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    parole = below(ente / TECNICO, "Scheda 1", "Che cosa è stato fatto")
    put(ente / TECNICO, "Scheda 1", raggiunto, None)
    (rilievo,) = controlla(ente).rilievi
    assert (rilievo.codice, rilievo.cella) == ("V26", raggiunto)
    assert rilievo.messaggio.endswith("nessun indicatore ha il raggiunto.")
    put_many(ente / TECNICO, "Scheda 1", {raggiunto: "20", parole: None})
    assert found(controlla(ente)) == []


def test_the_same_thing_in_many_schede_is_said_once(ente: Path) -> None:
    """Two schede that are one, and the placeholder in both: one finding each, with all the places."""
    for foglio in ("Scheda 1", "Scheda 2"):
        put(
            ente / RAGIONERIA, foglio, below(ente / RAGIONERIA, foglio, "Che cosa è stato fatto"), MODULO
        )
        put(ente / RAGIONERIA, foglio, beside(ente / RAGIONERIA, foglio, "Titolo"), "Tributi")
    trovati = {r.codice: r for r in controlla(ente).rilievi}
    assert sorted(trovati) == ["V24", "V25"]
    assert "Lo stesso in 1 altra cella: «Scheda 2» B" in trovati["V25"].messaggio
    assert "Lo stesso" not in trovati["V24"].messaggio


def test_where_the_nucleo_has_given_its_grado_the_gap_is_closed(ente: Path) -> None:
    grado_far_from_what_is_measured(ente)
    put(ente / TECNICO, "Valutazione", below(ente / TECNICO, "Valutazione", "Grado Nucleo %"), 60)
    assert "V30" not in [codice for codice, _ in found(controlla(ente))]


@pytest.mark.parametrize(
    ("testo", "trovato"),
    [
        ("La Relazione sulla performance 2023 descrive i risultati.", True),
        ("Il Piano della performance per l'anno 2023 contava 40 obiettivi.", True),
        ("Relazione adottata con deliberazione di Giunta n° 12 del 3 giugno 2024", True),
        ("La Relazione sulla performance 2024 descrive i risultati.", False),
        ("Rispetto alla Relazione sulla performance 2023, nel 2024 gli obiettivi sono 30.", False),
        ("Il Piano della performance 2023/2025 è triennale.", False),
        ("La relazione è stata approvata con deliberazione n. 7 del 12/06/2025.", False),
        ("Il Piano 2024 è stato approvato con deliberazione n. 5 del 20/01/2024.", False),
        ("Lo Statuto è del 10/03/2016.", False),
    ],
)
def test_texts_written_for_another_year(ente: Path, testo: str, trovato: bool) -> None:
    put(ente / ENTE, "Testi", below(ente / ENTE, "Testi", "Testo"), testo)
    assert [codice for codice, _ in found(controlla(ente))] == ["E15"] * trovato


def test_a_gap_within_the_tolerance_of_the_ente_is_none(ente: Path) -> None:
    grado_far_from_what_is_measured(ente)
    put(
        ente / ENTE,
        "Parametri",
        beside(ente / ENTE, "Parametri", "Tolleranza fra dichiarato e misurato"),
        "100",
    )
    assert found(controlla(ente)) == []


def test_without_a_grado_there_is_nothing_to_show(ente: Path) -> None:
    """The second scheda of ragioneria has only the grado of its voce, here postponed."""
    _nothing_shown(ente / RAGIONERIA, "Scheda 2")
    valori = {"Stato": "rinviato", "Grado dichiarato %": None, "Note Nucleo": "Bando deserto"}
    celle = {below(ente / RAGIONERIA, "Valutazione", h, 2): v for h, v in valori.items()}
    put_many(ente / RAGIONERIA, "Valutazione", celle)
    assert found(controlla(ente)) == []


def test_nor_is_a_raggiunto_missed_where_nothing_was_expected(ente: Path) -> None:
    _nothing_shown(ente / TECNICO, "Scheda 1")
    put(ente / TECNICO, "Scheda 1", below(ente / TECNICO, "Scheda 1", "Valore atteso"), None)
    assert found(controlla(ente)) == []


@pytest.mark.parametrize("intestazione", ["Raggiunto", "Che cosa è stato fatto"])
def test_what_cannot_be_read_may_show_the_grado(ente: Path, intestazione: str) -> None:
    _nothing_shown(ente / TECNICO, "Scheda 1")
    cella = below(ente / TECNICO, "Scheda 1", intestazione)
    fx.put_error(ente / TECNICO, "Scheda 1", cella)
    assert found(controlla(ente)) == [("C06", (TECNICO, "Scheda 1", cella))]


def test_a_workbook_filled_in_out_of_its_boxes_is_to_be_mended_not_filled_in(ente: Path) -> None:
    """Much of it is told in one line (M13), and may be the results."""
    workbook_that_nobody_filled_in(ente)
    sparse = {f"{colonna}{riga}": "fatto" for colonna in "KLMN" for riga in range(60, 120)}
    put_many(ente / TECNICO, "Scheda 1", sparse)
    codici = [codice for codice, posto in found(controlla(ente)) if posto[0] == TECNICO]
    assert "M13" in codici and "V31" not in codici


# -------------------------------------------------------------------------- the rows of the missioni


@pytest.mark.parametrize("compilati", [1, 3])
def test_fewer_obiettivi_than_rows_asked_for_is_nothing_to_report(
    ente_missioni: Path, compilati: int
) -> None:
    """No sheet can have been deleted by mistake (V15): the number only makes room in the blank form."""
    for obiettivo in (fx.SITO, fx.MOSTRE, fx.TEATRO)[: 4 - compilati]:
        _empty(ente_missioni, obiettivo)
    assert found(controlla(ente_missioni)) == []


def test_a_row_above_every_missione_is_judged_like_the_others(ente_missioni: Path) -> None:
    """Its year is not marked (V18), and where the first heading was there is nothing (M16)."""
    put_many(ente_missioni / AREA, OPERATIVI, dict.fromkeys(("A4", "B4", "C4")))
    manca = ("M16", (AREA, OPERATIVI, "A5"))
    assert found(controlla(ente_missioni)) == [manca]
    attesi = _spoil(ente_missioni, fx.ORGANI, {str(fx.ANNO): None})
    assert found(controlla(ente_missioni)) == [manca, *(("V18", posto) for posto in attesi)]


@pytest.mark.parametrize("nome", ["Luca D'Amico", "D'Amico Luca", "D’Angelo Sara", "Ing. Luca Verdi"])
def test_a_whole_name_is_nothing_to_report(ente_missioni: Path, nome: str) -> None:
    _spoil(ente_missioni, fx.MOSTRE, {"Personale di supporto": nome})
    assert found(controlla(ente_missioni)) == []


def test_a_name_like_one_in_another_workbook_says_in_which(ente_missioni: Path) -> None:
    altra = ente_missioni / "cultura.xlsx"
    shutil.copy(ente_missioni / AREA, altra)
    fx.set_mark(altra, settore="cultura")
    campi = {"Codice": "cultura", "Denominazione": "Area Cultura", "Modello": "missioni"}
    celle = {below(ente_missioni / ENTE, "Settori", h, 2): valore for h, valore in campi.items()}
    put_many(ente_missioni / ENTE, "Settori", celle)
    assert found(controlla(ente_missioni)) == []
    cella = fx.crossing(altra, OPERATIVI, "Personale di supporto", fx.MOSTRE)
    put(altra, OPERATIVI, cella, "Elisa Bruno")
    [rilievo] = controlla(ente_missioni).rilievi
    dove = fx.crossing(ente_missioni / AREA, OPERATIVI, "Personale di supporto", fx.ORGANI)
    assert (rilievo.codice, rilievo.file, rilievo.cella) == ("N01", "cultura.xlsx", cella)
    assert f"(cella {dove} di {AREA})" in rilievo.messaggio


# ------------------------------------------------------------------------- no workbook stops the run


def _scheda_twice(ente: Path) -> None:
    fx.copy_sheet(ente / TECNICO, "Scheda 1", "Scheda 1 ")


def _peso(valore: str) -> Callable[[Path], None]:
    def damage(ente: Path) -> None:
        cella = below(ente / TECNICO, "Valutazione", "Peso")
        fx.put_xml(ente / TECNICO, "Valutazione", cella, f"<v>{valore}</v>")

    return damage


def _endless_number_of_a_scheda(ente: Path) -> None:
    put(ente / TECNICO, "Valutazione", below(ente / TECNICO, "Valutazione", "Schede"), "9" * 5000)


def _no_settore_in_the_mark(ente: Path) -> None:
    (ente / ENTE).unlink()
    fx.set_mark(ente / TECNICO, settore=None)


def _year_of_the_mark(anno: str) -> Callable[[Path], None]:
    def damage(ente: Path) -> None:
        (ente / ENTE).unlink()
        fx.set_mark(ente / TECNICO, anno=anno)

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(_scheda_twice, id="two sheets for the same scheda"),
        pytest.param(_peso("NaN"), id="not a number"),
        pytest.param(_peso("1e999"), id="infinite"),
        pytest.param(_endless_number_of_a_scheda, id="scheda of 5000 digits"),
        pytest.param(_no_settore_in_the_mark, id="mark without settore, no ente.xlsx"),
        pytest.param(_year_of_the_mark("²"), id="mark with an odd digit for a year"),
    ],
)
def test_an_odd_workbook_becomes_a_finding(ente: Path, damage: Callable[[Path], None]) -> None:
    damage(ente)
    esito = controlla(ente)
    assert any(r.file == TECNICO or r.codice == "E01" for r in esito.rilievi)
    assert all(q.torna for q in esito.raccolta.quadrature)


# ----------------------------------------------------------------------- what is only a consequence


def test_causes_are_of_the_catalogue() -> None:
    assert {causa for regola in CATALOGO.values() for causa in regola.segue} <= set(CATALOGO)


def test_of_a_workbook_left_out_somebody_is_told() -> None:
    """By whom it is missed: who has sent it, or the office."""
    for codice in CATALOGO["M07"].segue:
        assert bool(CATALOGO[codice].al_responsabile) != CATALOGO[codice].dell_ufficio, codice


@pytest.mark.parametrize(
    ("codice", "causa"), [(codice, causa) for codice in CATALOGO for causa in CATALOGO[codice].segue]
)
def test_a_consequence_is_not_said_beside_its_cause_and_is_elsewhere(codice: str, causa: str) -> None:
    entro = CATALOGO[codice].entro
    qui = Rilievo(codice, "a.xlsx", "Uno", "B7")
    vicine = {"file": ("a.xlsx", "Due", "A1"), "foglio": ("a.xlsx", "Uno", "A1")}
    vicine["cella"] = ("a.xlsx", "Uno", "B7")
    vicina = Rilievo(causa, *vicine.get(entro, ("a.xlsx", "Uno", "A7")))
    lontane = {"file": ("b.xlsx", "Uno", "B7"), "foglio": ("a.xlsx", "Due", "B7")}
    lontane["cella"] = ("a.xlsx", "Uno", "A7")
    lontana = Rilievo(causa, *lontane.get(entro, ("a.xlsx", "Uno", "B8")))
    assert senza_conseguenze([qui], [vicina]) == []
    assert senza_conseguenze([qui], [lontana]) == [qui]


@pytest.mark.parametrize("codice", [codice for codice in CATALOGO if CATALOGO[codice].nasconde])
def test_beside_what_hides_nothing_else_is_said(codice: str) -> None:
    """But for a fault of the program: that one nothing hides."""
    nostro = Rilievo("P01", "a.xlsx")
    nel_foglio, altrove = (Rilievo("V21", "a.xlsx", foglio, "B7") for foglio in ("Uno", "Due"))
    causa = Rilievo(codice, "a.xlsx", "Uno" if CATALOGO[codice].nasconde == "foglio" else "")
    resta = [altrove] if CATALOGO[codice].nasconde == "foglio" else []
    assert senza_conseguenze([nel_foglio, altrove, nostro, causa], [causa]) == [*resta, nostro, causa]
