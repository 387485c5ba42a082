"""One small case for every code of the catalogue.

The good ente of fixtures_ente.py gives no finding; each case spoils one thing of it and must give its
finding, at its place, and no other.
"""

import random
import re
import shutil
import string
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import fixtures_ente as fx
import pytest
from conftest import Outcome
from fixtures_ente import ENTE, RAGIONERIA, TECNICO, below, beside, foreign_words, put, put_many
from openpyxl import Workbook

from pipeline import ingest
from pipeline.ingest import Quadratura
from pipeline.rilievi import CATALOGO, GRAVITA, Rilievo, ordina
from pipeline.run import Esito, controlla
from pipeline.tables import Tabelle, celle_piene
from pipeline.workbooks import grid

Place = tuple[str, str, str]  # file, foglio, cella
Damage = Callable[[Path], list[Place]]
Values = dict[str, str | int | None]  # address -> what to write there
Remedy = Callable[[Path], tuple[str, Values]]  # a workbook -> sheet and values that correct it

PAGE = Path(__file__).parent.parent / "docs" / "rilievi.md"


class Case(NamedTuple):
    """`remedy` says how the responsabile corrects the finding, where it is not by writing again what
    the good ente has in the cell (or in the sheet) of the finding."""

    codice: str
    name: str
    damage: Damage
    remedy: Remedy | None


CASES: list[Case] = []


def case(codice: str, remedy: Remedy | None = None) -> Callable[[Damage], Damage]:
    """Register a function that damages the good ente and says where the finding must be."""

    def register(damage: Damage) -> Damage:
        CASES.append(Case(codice, damage.__name__, damage, remedy))
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
        flusso.truncate(grid.MAX_FILE + 1)
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


@case("F07")
def open_in_excel(ente: Path) -> list[Place]:
    (ente / f"~${TECNICO}").write_bytes(b"\x05Luca")
    return [(f"~${TECNICO}", "", "")]


@case("F07")
def open_in_libreoffice(ente: Path) -> list[Place]:
    (ente / f".~lock.{TECNICO}#").write_text(",luca,pc,30.06.2025,;", encoding="utf-8")
    return [(f".~lock.{TECNICO}#", "", "")]


# --------------------------------------------------------------------------------------- the template


@case("M01")
def made_by_hand(ente: Path) -> list[Place]:
    libro = Workbook()
    libro.active["A1"] = "Obiettivi"
    libro.save(ente / "obiettivi.xlsx")
    return [("obiettivi.xlsx", "", "")]


@case("M01")
def without_its_marks(ente: Path) -> list[Place]:
    fx.remove_marks(ente / TECNICO)
    return [(TECNICO, "", "")]


@case("M02")
def older_version(ente: Path) -> list[Place]:
    fx.set_mark(ente / TECNICO, versione="0")
    return [(TECNICO, "", "")]


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


@case("M11")
def sheet_added(ente: Path) -> list[Place]:
    fx.add_sheet(ente / TECNICO, "Appunti", {"A1": "uno", "B7": "due"})
    return [(TECNICO, "Appunti", "")]


# ------------------------------------------------------------------------------------------- the cell


@case("C01")
def words_for_a_number(ente: Path) -> list[Place]:
    cella = below(ente / TECNICO, "Valutazione", "Peso")
    put(ente / TECNICO, "Valutazione", cella, "circa 2")
    return [(TECNICO, "Valutazione", cella)]


@case("C02")
def grado_over_a_hundred(ente: Path) -> list[Place]:
    """The voce is then without a grado (V03), which only follows: it is not said twice."""
    cella = below(ente / RAGIONERIA, "Valutazione", "Grado dichiarato %", 2)
    put(ente / RAGIONERIA, "Valutazione", cella, 120)
    return [(RAGIONERIA, "Valutazione", cella)]


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


# P01 has no case here: no workbook should be able to cause it. See `test_p01_...` below.


# -------------------------------------------------------------------------------------- the valutazione


@case("C10")
def text_longer_than_a_cell(ente: Path) -> list[Place]:
    cella = fx.below(ente / TECNICO, "Scheda 1", "Che cosa è stato fatto")
    fx.put_inline(ente / TECNICO, "Scheda 1", cella, "x" * 40_000)
    return [(TECNICO, "Scheda 1", cella)]


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


def _named_by_its_voce(percorso: Path) -> tuple[str, Values]:
    return "Valutazione", {below(percorso, "Valutazione", "Schede", 2): "2"}


@case("V06", remedy=_named_by_its_voce)
def scheda_in_no_voce(ente: Path) -> list[Place]:
    put(ente / RAGIONERIA, "Valutazione", below(ente / RAGIONERIA, "Valutazione", "Schede", 2), None)
    return [(RAGIONERIA, "Scheda 2", beside(ente / RAGIONERIA, "Scheda 2", "Titolo"))]


@case("V07")
def scheda_in_two_voci(ente: Path) -> list[Place]:
    cella = below(ente / RAGIONERIA, "Valutazione", "Schede", 2)
    put(ente / RAGIONERIA, "Valutazione", cella, "1, 2")
    return [(RAGIONERIA, "Valutazione", cella)]


def _a_reason(percorso: Path) -> tuple[str, Values]:
    return "Valutazione", {below(percorso, "Valutazione", "Note Nucleo"): "Bando deserto"}


@case("V08", remedy=_a_reason)
def postponed_without_a_reason(ente: Path) -> list[Place]:
    stato, nota = (below(ente / TECNICO, "Valutazione", h) for h in ("Stato", "Note Nucleo"))
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
    return [(ENTE, "Settori", "")]


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


# ------------------------------------------------------------------------------------------ the budget


@case("I01")
def decimals_after_a_dot(ente: Path) -> list[Place]:
    cella = fx.below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put(ente / TECNICO, "Scheda 1", cella, "64.52")
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
def bands_with_a_gap(ente: Path) -> list[Place]:
    return _parametro(ente, "Fasce", "raggiunto da 90; non raggiunto da 50")


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


@case("E06")
def no_settori_listed(ente: Path) -> list[Place]:
    righe = range(4, 4 + len(fx.NAMES))
    fx.put_many(ente / ENTE, "Settori", {f"{c}{r}": None for r in righe for c in "ABCDEFG"})
    return [(ENTE, "Settori", "")]


@case("E05")
def one_settore_without_peso(ente: Path) -> list[Place]:
    put(ente / ENTE, "Settori", below(ente / ENTE, "Settori", "Peso", 3), None)
    return [(ENTE, "Settori", "")]


# ---------------------------------------------------------------------------- what holds in every case


each_case = pytest.mark.parametrize("caso", CASES, ids=lambda c: f"{c.codice}-{c.name}")


def found(esito: Esito) -> list[tuple[str, Place]]:
    return [(r.codice, (r.file, r.foglio, r.cella)) for r in esito.rilievi]


def test_nothing_to_say_about_the_good_ente(good: Path) -> None:
    esito = controlla(good)
    assert found(esito) == []
    assert sorted(q.file for q in esito.raccolta.quadrature) == sorted(fx.FILES)
    assert all(q.torna and q.compilate > 20 for q in esito.raccolta.quadrature)


def test_every_code_has_a_case() -> None:
    assert {caso.codice for caso in CASES} == set(CATALOGO) - {"P01"}
    assert len({caso.name for caso in CASES}) == len(CASES)


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
    assert conti == Counter(r.gravita for r in esito.rilievi)
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
    assert [r.cella for r in ordinate][:2] == ["A2", "B9"]


def test_where_in_words() -> None:
    assert Rilievo("C07", "x.xlsx", "Scheda 1", "B9").dove == "x.xlsx, foglio «Scheda 1», cella B9"
    assert Rilievo("F07", "x.xlsx").dove == "x.xlsx"


# ------------------------------------------------------------------- what must not pass in silence


def test_a_settore_sent_in_another_format_is_missed(ente: Path) -> None:
    """F06 alone is a notice that «si può ignorare»: the settore would be left out without a word."""
    (ente / TECNICO).rename(ente / "tecnico.ods")
    esito = controlla(ente)
    assert ("F06", ("tecnico.ods", "", "")) in found(esito)
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


# ------------------------------------------------------------------------------------ docs/rilievi.md


def _sections() -> dict[str, str]:
    """Heading -> text of the sections of the page, in order."""
    parti = re.split(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parti[1::2], parti[2::2], strict=True))


def test_the_page_has_the_codes_and_titles_of_the_catalogue_in_order() -> None:
    attesi = [f"{codice} – {regola.titolo}" for codice, regola in CATALOGO.items()]
    assert [titolo for titolo in _sections() if re.match(r"[A-Z]\d\d ", titolo)] == attesi


@pytest.mark.parametrize("codice", CATALOGO)
def test_the_page_gives_the_gravity_and_an_example_as_printed(codice: str) -> None:
    regola = CATALOGO[codice]
    testo = _sections()[f"{codice} – {regola.titolo}"]
    assert f"**{regola.gravita}**" in testo
    blocco = re.search(r"```\n(.+?)\n    → (.+?)\n```", testo, re.DOTALL)
    assert blocco is not None
    assert re.fullmatch(rf"{codice} .+?: {_pattern(regola.messaggio)}", blocco[1])
    assert re.fullmatch(_pattern(regola.rimedio), blocco[2])
    assert "**Che cosa fare.**" in testo


def _pattern(modello: str) -> str:
    """A catalogue text as a pattern: first letter either way, places filled with anything."""
    parti = [re.escape(parte) for parte in re.split(r"\{\w+\}", modello)]
    testo = ".+".join(parti)
    return f"(?i:{testo[0]}){testo[1:]}" if parti[0] else testo
