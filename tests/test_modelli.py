"""The workbooks to fill in: blank, carried over to the year after, rewritten as they are."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import fixtures_ente as fx
import openpyxl
import pytest
from conftest import ESEMPIO
from house_rules import xlsx_faults
from hypothesis import HealthCheck, Phase, given, settings
from libreoffice import formula_differences_of, needs_soffice
from strategie import Settore, contenuto, settori, with_all_messages

from pipeline import ingest, run
from pipeline.modelli import Preparati, prepara
from pipeline.rilievi import Rilievo, bloccanti
from pipeline.tables import (
    DICHIARATO,
    DICHIARATO_O_MISURATO,
    ORIGINI,
    TRASVERSALI,
    Riga,
    costruisci,
    righe,
)
from pipeline.workbooks import ente, esempio, estremi, schede
from pipeline.workbooks.fields import trova_riga
from pipeline.workbooks.lettore import apri
from pipeline.workbooks.settore import DAGLI_INDICATORI, FINE_VOCI, NELLA_RELAZIONE, Testata

NAMES = sorted(path.name for path in ESEMPIO.glob("*.xlsx"))
SETTORI = [name for name in NAMES if name != ente.FILE]
ANNO = 2020
PIANO = ("settori", "obiettivi", "fasi", "collegamenti", "schede", "indicatori", "voci")

Content = dict[str, list[Riga]]


def read(path: Path) -> Content:
    """The tables of a workbook by itself."""
    return contenuto(costruisci(ingest.leggi_sola(apri(path))[0].righe))


def names(paths: list[Path]) -> list[str]:
    return sorted(path.name for path in paths)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def codes(rilievi: list[Rilievo]) -> list[str]:
    return [rilievo.codice for rilievo in rilievi]


def write_ente(folder: Path, *elenco: Riga, **parametri: str) -> None:
    """An ente.xlsx that lists these settori."""
    valori = {"denominazione": "Comune", "anno": str(ANNO)}
    tabelle: dict[str, list[Riga]] = {
        "ente": [{"chiave": chiave, "valore": valore} for chiave, valore in valori.items()],
        "elenco": [{"denominazione": riga["settore"].title(), **riga} for riga in elenco],
        "parametri": [{"parametro": chiave, "valore": valore} for chiave, valore in parametri.items()],
    }
    folder.mkdir(exist_ok=True)
    ente.scrivi(folder / ente.FILE, costruisci(tabelle), ANNO)


def write_settore(folder: Path, settore: str = "tecnico", **tabelle: list[Riga]) -> Path:
    """A settore workbook of the ente above; its rows need not say whose they are."""
    insieme = {
        nome: [{"settore": settore, **riga} for riga in righe_date]
        for nome, righe_date in tabelle.items()
    }
    testata = Testata(
        "Comune", ANNO, settore, settore.title(), settore if settore == TRASVERSALI else "schede"
    )
    path = folder / f"{settore}.xlsx"
    schede.scrivi(path, testata, costruisci(insieme), 1)
    return path


def write_cell(path: Path, sheet: str, cell: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder to carry over or rewrite."""
    folder = tmp_path / "vecchie"
    folder.mkdir()
    return folder


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return tmp_path / "nuove"


# --- blank


def test_an_empty_folder_gets_a_blank_ente(new: Path) -> None:
    preparati = prepara(new)
    assert names(preparati.scritti) == [ente.FILE]
    assert names([*new.iterdir()]) == [ente.FILE]
    assert preparati.presenti == []
    # denominazione, anno and at least one settore are to be filled in
    assert preparati.rilievi == []
    assert xlsx_faults(new / ente.FILE) == []
    assert set(read(new / ente.FILE)) == {"ente", "parametri", "messaggi"}


def test_a_blank_ente_left_blank_stays_as_it_is(new: Path) -> None:
    prepara(new)
    prima = files(new)
    preparati = prepara(new)
    assert preparati.scritti == []
    assert files(new) == prima


def test_every_listed_settore_gets_a_blank_workbook(new: Path) -> None:
    new.mkdir()
    write_ente(
        new,
        {"settore": TRASVERSALI, "modello": "trasversali", "n_schede": Decimal(2)},
        {"settore": "tecnico", "modello": "schede", "n_schede": Decimal(3)},
        {"settore": "sociale"},
    )
    preparati = prepara(new)
    assert names(preparati.scritti) == ["sociale.xlsx", "tecnico.xlsx", "trasversali.xlsx"]
    assert preparati.rilievi == []
    assert sheets(new / "tecnico.xlsx") == ["Valutazione", "Scheda 1", "Scheda 2", "Scheda 3"]
    assert sheets(new / "sociale.xlsx") == ["Valutazione", "Scheda 1"]
    assert sheets(new / "trasversali.xlsx") == ["Scheda 1", "Scheda 2"]
    for path in preparati.scritti:
        [settore] = read(path)["settori"]
        assert settore["settore"] == path.stem
        assert (settore["denominazione"], settore["anno"]) == (path.stem.title(), ANNO)
        assert list(read(path)) == ["settori"]


def test_there_is_a_row_for_the_voce_of_every_scheda(new: Path) -> None:
    write_ente(new, {"settore": "tecnico", "n_schede": Decimal(60)})
    prepara(new)
    foglio = apri(new / "tecnico.xlsx").fogli["Valutazione"]
    testa, fine = (trova_riga(foglio, [testo]) or 0 for testo in ("N.", FINE_VOCI))
    assert fine - testa - 2 >= 60 + 5
    ws = openpyxl.load_workbook(new / "tecnico.xlsx")["Valutazione"]
    assert not any(ws.cell(riga, 2).protection.locked for riga in range(testa + 1, fine - 1))


def test_there_is_room_for_forty_settori(new: Path) -> None:
    prepara(new)
    ws = openpyxl.load_workbook(new / ente.FILE)["Settori"]
    assert not any(ws.cell(riga, 1).protection.locked for riga in range(4, 44))


@pytest.mark.parametrize(("modello", "quante"), [("schede", 101), ("missioni", 1001)])
def test_there_is_a_limit_to_what_is_prepared(modello: str, quante: int, new: Path) -> None:
    write_ente(new, {"settore": "tecnico", "modello": modello, "n_schede": Decimal(quante)})
    [rilievo] = prepara(new).rilievi
    assert rilievo.codice == "E02" and f"al massimo {quante - 1}." in rilievo.rimedio


def sheets(path: Path) -> list[str]:
    """The sheets after Istruzioni and Settore, before the scheda filled in and the hidden one."""
    first, second, *others, last = openpyxl.load_workbook(path).sheetnames
    assert (first, second, last) == ("Istruzioni", "Settore", "_modello")
    return [sheet for sheet in others if sheet != esempio.FOGLIO]


def test_blank_workbooks_are_taken_by_ingest(new: Path) -> None:
    new.mkdir()
    write_ente(new, {"settore": "tecnico"}, {"settore": TRASVERSALI, "modello": "trasversali"})
    prepara(new)
    raccolta = ingest.raccogli(new)
    assert raccolta.rilievi == []
    assert all(quadratura.torna for quadratura in raccolta.quadrature)


def test_a_file_that_is_there_is_never_written_over(new: Path) -> None:
    new.mkdir()
    write_ente(new, {"settore": "tecnico"}, {"settore": "sociale"}, {"settore": "vuoto"})
    write_settore(new, "tecnico", voci=[{"n": 1, "descrizione": "Lavori"}])
    (new / "vuoto.xlsx").write_bytes(b"")
    prima = files(new)
    preparati = prepara(new)
    assert names(preparati.presenti) == ["tecnico.xlsx", "vuoto.xlsx"]
    assert names(preparati.scritti) == ["sociale.xlsx"]
    assert {name: content for name, content in files(new).items() if name in prima} == prima


@pytest.mark.parametrize("come", ["da", "riscrivi"])
def test_nor_when_there_is_something_to_put_in_it(come: str, old: Path, new: Path) -> None:
    for folder, testo in ((old, "Vecchia"), (new, "Nuova")):
        folder.mkdir(exist_ok=True)
        write_ente(folder, {"settore": "tecnico"})
        write_settore(folder, voci=[{"n": 1, "descrizione": testo}])
    prima = files(new)
    preparati = prepara(new, **{come: old})
    assert preparati.scritti == []
    assert files(new) == prima


def test_no_half_written_file_is_left(new: Path) -> None:
    prepara(new)
    assert [path.name for path in new.iterdir() if path.name.startswith(".")] == []


def test_a_listed_settore_whose_code_cannot_name_a_file_is_a_finding(new: Path) -> None:
    new.mkdir()
    write_ente(new, {"settore": "lavori/manutenzioni"}, {"settore": "../fuori"}, {"settore": "sociale"})
    preparati = prepara(new)
    assert bloccanti(preparati.rilievi)
    assert not (new.parent / "fuori.xlsx").exists()


# --- carried over to the year after


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Preparati]:
    """The example, carried over."""
    folder = tmp_path_factory.mktemp("anno_dopo")
    return folder, prepara(folder, da=ESEMPIO)


def test_all_the_workbooks_are_carried_over(carried: tuple[Path, Preparati]) -> None:
    folder, preparati = carried
    assert names(preparati.scritti) == names([*folder.iterdir()]) == NAMES
    assert preparati.presenti == []
    assert preparati.rilievi == []


def test_the_texts_carried_over_are_told_until_they_are_changed(tmp_path: Path) -> None:
    """Blanks do not change a text; a copy rewritten in the current template still knows."""
    fx.write_world(tmp_path / "prima")
    prepara(tmp_path / "dopo", da=tmp_path / "prima")
    prepara(tmp_path / "riscritta", riscrivi=tmp_path / "dopo")
    for cartella in (tmp_path / "dopo", tmp_path / "riscritta"):
        celle = [f"C{riga['riga']}" for riga in righe(run.controlla(cartella).raccolta.tabelle.testi)]
        assert dell_anno_prima(cartella) == celle and celle
        fx.put(cartella / ente.FILE, "Testi", celle[0], "Un testo di quest'anno.")
        assert dell_anno_prima(cartella) == celle[1:]
    prepara(tmp_path / "copiata", riscrivi=tmp_path / "prima")
    assert dell_anno_prima(tmp_path / "copiata") == []


def dell_anno_prima(cartella: Path) -> list[str]:
    return [r.cella for r in run.controlla(cartella).rilievi if r.codice == "E15"]


def test_the_ente_moves_on_to_the_year_after(carried: tuple[Path, Preparati]) -> None:
    before, after = with_all_messages(read(ESEMPIO / ente.FILE)), read(carried[0] / ente.FILE)
    changed = dict.fromkeys(("data", "atto", "scadenza", *estremi.DELL_ANNO), "") | {
        "anno": str(ANNO + 1)
    }
    for riga in before["ente"]:
        riga["valore"] = changed.get(riga["chiave"], riga["valore"])
    assert after == before


@pytest.mark.parametrize("name", SETTORI)
def test_the_plan_is_kept_and_the_results_emptied(name: str, carried: tuple[Path, Preparati]) -> None:
    before, after = read(ESEMPIO / name), read(carried[0] / name)
    emptied: dict[str, dict[str, Any]] = {
        "settori": {"anno": ANNO + 1},
        "schede": {"valutazione": "", "grado_dichiarato": None},
        "indicatori": {"raggiunto": ""},
        "voci": {"stato": "", "grado_dichiarato": None, "grado_nucleo": None, "note": ""},
    }
    assert before.pop("stati")
    expected = {
        tabella: [{**riga, **emptied.get(tabella, {})} for riga in sue]
        for tabella, sue in before.items()
    }
    assert after == expected
    assert set(after) <= set(PIANO)


@pytest.mark.parametrize("name", NAMES)
def test_carried_over_workbooks_are_sound(name: str, carried: tuple[Path, Preparati]) -> None:
    assert xlsx_faults(carried[0] / name) == []


def test_the_year_after_is_taken_by_ingest(carried: tuple[Path, Preparati]) -> None:
    raccolta = ingest.raccogli(carried[0])
    assert raccolta.anno == ANNO + 1
    assert {r.codice for r in raccolta.rilievi} <= {"I01", "E15"}
    assert all(quadratura.torna for quadratura in raccolta.quadrature)


def test_the_year_after_lacks_only_its_results(carried: tuple[Path, Preparati]) -> None:
    """Each workbook is to be filled in, the texts of the ente are to be read again, and that is all."""
    rilievi = run.controlla(carried[0]).rilievi
    cartelle = [name for name in NAMES if name != ente.FILE]
    assert [r.file for r in rilievi if r.codice == "V31"] == cartelle
    assert {r.codice for r in rilievi if r.file == ente.FILE} == {"E15"}
    assert {r.codice for r in rilievi} == {"V31", "E15"}


def test_carrying_over_twice_gives_the_same_bytes(
    carried: tuple[Path, Preparati], tmp_path: Path
) -> None:
    prepara(tmp_path / "altra", da=ESEMPIO)
    assert files(tmp_path / "altra") == files(carried[0])


def test_rows_that_held_only_results_leave_no_trace(old: Path, new: Path) -> None:
    write_ente(old, {"settore": "tecnico"})
    chiavi: Riga = {"scheda": 1}
    write_settore(
        old,
        schede=[{**chiavi, "grado_dichiarato": Decimal(80)}],
        indicatori=[{**chiavi, "n": 1, "raggiunto": "3"}, {**chiavi, "n": 2, "indicatore": "Ore"}],
        voci=[{"n": 1, "note": "rinviata"}, {"n": 2, "descrizione": "Lavori"}],
    )
    prepara(new, da=old)
    lette = read(new / "tecnico.xlsx")
    assert [(riga["n"], riga["indicatore"]) for riga in lette["indicatori"]] == [(1, "Ore")]
    assert [(riga["n"], riga["descrizione"]) for riga in lette["voci"]] == [(1, "Lavori")]


# --- rewritten as they are


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Preparati]:
    folder = tmp_path_factory.mktemp("riscritte")
    return folder, prepara(folder, riscrivi=ESEMPIO)


def test_all_the_workbooks_are_rewritten(rewritten: tuple[Path, Preparati]) -> None:
    folder, preparati = rewritten
    assert names(preparati.scritti) == names([*folder.iterdir()]) == NAMES
    assert preparati.presenti == []
    assert preparati.rilievi == []


@pytest.mark.parametrize("name", NAMES)
def test_rewritten_workbooks_hold_the_same(name: str, rewritten: tuple[Path, Preparati]) -> None:
    before = with_all_messages(read(ESEMPIO / name))
    assert read(rewritten[0] / name) == before


def test_rewriting_what_was_rewritten_gives_the_same_bytes(
    rewritten: tuple[Path, Preparati], tmp_path: Path
) -> None:
    prepara(tmp_path / "ancora", riscrivi=rewritten[0])
    assert files(tmp_path / "ancora") == files(rewritten[0])


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(settore=settori())
def test_whatever_was_written_is_rewritten(
    settore: Settore, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("qualunque")
    testata = replace(settore.testata, ente="Comune", anno=ANNO)
    schede.scrivi(folder / f"{testata.settore}.xlsx", testata, settore.tabelle, settore.n_schede)
    riga = {"settore": testata.settore, "denominazione": testata.denominazione}
    write_ente(folder, {**riga, "modello": testata.modello})
    preparati = prepara(folder / "nuove", riscrivi=folder)
    # random letters may look like those that another program has spoiled
    assert [rilievo for rilievo in preparati.rilievi if rilievo.codice != "C18"] == []
    attese = contenuto(settore.tabelle)
    attese["settori"][0]["anno"] = ANNO
    assert read(folder / "nuove" / f"{testata.settore}.xlsx") == attese


Damage = Callable[[Path], None]


def outside(path: Path) -> None:
    write_cell(path, "Scheda 1", "H40", "appunto")


def unknown_stato(path: Path) -> None:
    write_cell(path, "Valutazione", "E7", "quasi")


def not_a_number(path: Path) -> None:
    write_cell(path, "Valutazione", "D7", "molto")


def another_sheet(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book.create_sheet("Appunti")["A1"] = "da ricordare"
    book.save(path)


def no_heading(path: Path) -> None:
    write_cell(path, "Valutazione", "B6", "Obiettivi dell'anno")


@pytest.mark.parametrize(
    ("damage", "code", "dove", "come"),
    [
        (outside, "M10", ("Scheda 1", "H40"), "riscrivi"),
        (outside, "M10", ("Scheda 1", "H40"), "da"),
        (unknown_stato, "C03", ("Valutazione", "E7"), "riscrivi"),
        (not_a_number, "C01", ("Valutazione", "D7"), "riscrivi"),
        (another_sheet, "M11", ("Appunti", ""), "riscrivi"),
        (no_heading, "M09", ("Valutazione", ""), "riscrivi"),
    ],
)
def test_a_workbook_of_which_a_cell_would_be_lost_is_refused(
    damage: Damage, code: str, dove: tuple[str, str], come: str, old: Path, new: Path
) -> None:
    write_ente(old, {"settore": "tecnico"}, {"settore": "sociale"})
    damage(write_settore(old, "tecnico", voci=[{"n": 1, "descrizione": "Lavori", "stato": "valutato"}]))
    write_settore(old, "sociale", voci=[{"n": 1, "descrizione": "Servizi"}])
    preparati = prepara(new, **{come: old})
    assert names(preparati.scritti) == [ente.FILE, "sociale.xlsx"]
    assert not (new / "tecnico.xlsx").exists()
    trovati = [(r.codice, r.file, (r.foglio, r.cella)) for r in preparati.rilievi]
    assert (code, "tecnico.xlsx", dove) in trovati


@pytest.mark.parametrize("come", ["da", "riscrivi"])
def test_an_ente_of_which_a_cell_would_be_lost_is_refused(come: str, old: Path, new: Path) -> None:
    write_ente(old, {"settore": "tecnico"})
    write_cell(old / ente.FILE, "Settori", "K4", "sede di Mezzago")
    preparati = prepara(new, **{come: old})
    assert preparati.scritti == []
    assert ("M10", "Settori", "K4") in [(r.codice, r.foglio, r.cella) for r in preparati.rilievi]


def test_a_file_that_is_no_workbook_stops_the_rewriting(old: Path, new: Path) -> None:
    write_ente(old, {"settore": "tecnico"})
    (old / "tecnico.xlsx").write_bytes(b"non un archivio")
    preparati = prepara(new, riscrivi=old)
    assert codes(bloccanti(preparati.rilievi)) == ["F01"]
    assert not (new / "tecnico.xlsx").exists()


def test_of_two_workbooks_of_a_settore_neither_is_rewritten(old: Path, new: Path) -> None:
    """As when they are read: which of the two is good, only the office knows."""
    write_ente(old, {"settore": "tecnico"})
    path = write_settore(old, voci=[{"n": 1, "descrizione": "Lavori"}])
    path.rename(old / "tecnico (vecchia).xlsx")
    write_settore(old, voci=[{"n": 1, "descrizione": "Strade"}])
    preparati = prepara(new, riscrivi=old)
    assert "M06" in codes(preparati.rilievi)
    assert not (new / "tecnico.xlsx").exists()


def test_a_workbook_of_a_settore_not_listed_is_reported(old: Path, new: Path) -> None:
    write_ente(old, {"settore": "sociale"})
    write_settore(old, "tecnico", voci=[{"n": 1, "descrizione": "Lavori"}])
    assert "M05" in codes(prepara(new, riscrivi=old).rilievi)


def test_a_text_too_long_for_a_cell_is_a_finding(old: Path, new: Path) -> None:
    """Other programs put more than 32,767 characters in a cell; it cannot be written back."""
    write_ente(old, {"settore": "tecnico"})
    path = write_settore(old, voci=[{"n": 1, "descrizione": "Lavori"}])
    replace_text(path, "Lavori", "x" * 40_000)
    preparati = prepara(new, riscrivi=old)
    assert {r.file for r in preparati.rilievi} == {"tecnico.xlsx"}
    assert names([*new.iterdir()]) == [ente.FILE]


def replace_text(path: Path, text: str, other: str) -> None:
    """Put a text in the place of another one, as only another program could."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    strings = "xl/sharedStrings.xml"
    parts[strings] = parts[strings].replace(text.encode(), other.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


# --- the figures kept in the formulas


def voce(grado: int | None = None, **altro: object) -> Riga:
    return {"descrizione": "Voce", "stato": "valutato", "grado_dichiarato": decimale(grado), **altro}


def decimale(valore: float | None) -> Decimal | None:
    return None if valore is None else Decimal(str(valore))


UNO, TRE, ZERO = Decimal(1), Decimal(3), Decimal(0)
GRADI = {1: 100, 2: 50, 3: 33.33, 4: None}
SCENARIOS: dict[str, list[Riga]] = {
    "half_up": [*[voce(100)] * 6, *[voce(84)] * 8, voce(85), voce(85)],
    "pesi": [
        voce(100, peso=TRE),
        voce(50, peso=UNO, grado_nucleo=UNO),
        voce(stato="sospeso", peso=TRE),
        voce(stato="non consuntivato", peso=TRE),
        voce(80, schede="T1", peso=ZERO),
    ],
    "prerequisite": [voce(100, peso=TRE), voce(50, peso=UNO), voce(stato="non valutabile")],
    "peso_only_of_the_excluded": [voce(100), voce(50), voce(stato="sospeso", peso=TRE)],
    "zero_peso_among_others": [voce(100, peso=TRE), voce(50, peso=ZERO), voce(stato="sospeso")],
    "partial_pesi": [voce(100, peso=TRE), voce(50)],
    "zero_pesi": [voce(100, peso=ZERO), voce(50, peso=ZERO)],
    "schede": [voce(schede=s) for s in ("1, 2", "2+3", "4", "1,T1", "T2", "", "1 , 2,3")],
    "schede_otherwise": [voce(schede=s) for s in ("1; 2", "1\n3", "01, 02", "1, 1, 3")],
    "no_descrizione": [voce(100), voce(50, descrizione=""), voce(90)],
}


OF_EVERY_RULE = ("pesi", "partial_pesi", "schede", "zero_peso_among_others")
RUNS = [
    *((DICHIARATO, nome) for nome in SCENARIOS),
    *((origine, nome) for origine in ORIGINI[1:] for nome in OF_EVERY_RULE),
]
"""Each scenario under the rule of always, and some under the others on where a grado comes from."""


def rewritten_scenarios(folder: Path, origine: str) -> Path:
    """The workbooks of the scenarios, rewritten by us: each is a settore."""
    old, new = folder / "scenari", folder / "riscritti"
    old.mkdir(parents=True)
    write_ente(old, *({"settore": nome} for nome in SCENARIOS), non_consuntivato="50", origine=origine)
    gradi = [{"scheda": n, "titolo": f"S{n}", "grado_dichiarato": decimale(g)} for n, g in GRADI.items()]
    for nome, voci in SCENARIOS.items():
        numerate = [{**sua, "n": n} for n, sua in enumerate(voci, start=1)]
        write_settore(old, nome, schede=gradi, voci=numerate)
    assert prepara(new, riscrivi=old).rilievi == []
    return new


@pytest.fixture(scope="module")
def differences(
    libreoffice: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], list[str]]:
    """What LibreOffice computes otherwise, by rule and scenario."""
    folder = tmp_path_factory.mktemp("regole")
    trovate: dict[tuple[str, str], list[str]] = {}
    for n, origine in enumerate(ORIGINI):
        nuove = rewritten_scenarios(folder / str(n), origine)
        nomi = [nome for sua, nome in RUNS if sua == origine]
        suoi = formula_differences_of([nuove / f"{nome}.xlsx" for nome in nomi], nuove)
        trovate |= {(origine, nome): sue for nome, sue in zip(nomi, suoi, strict=True)}
    return trovate


@needs_soffice
@pytest.mark.parametrize("run", RUNS, ids="-".join)
def test_the_figures_kept_are_those_recalculated(
    run: tuple[str, str], differences: dict[tuple[str, str], list[str]]
) -> None:
    assert differences[run] == []


def test_a_workbook_leaves_to_the_indicatori_what_it_cannot_tell(tmp_path: Path) -> None:
    """With «in mancanza il misurato»: no figure is made up, and the mean is that of the relazione."""
    new = rewritten_scenarios(tmp_path, DICHIARATO_O_MISURATO)
    foglio = openpyxl.load_workbook(new / "schede.xlsx", data_only=True)["Valutazione"]
    detti = [foglio.cell(riga, schede.GRADO_VOCE).value for riga in range(7, 14)]
    altrove = [DAGLI_INDICATORI] * 2
    assert detti == [75, 41.665, DAGLI_INDICATORI, 100, *altrove, pytest.approx(61.11)]
    scritti = [str(c.value) for riga in foglio.iter_rows() for c in riga if c.value]
    assert {NELLA_RELAZIONE, DICHIARATO_O_MISURATO} <= set(scritti)


@pytest.mark.parametrize("segnaposto", ["~$ente.xlsx", ".~lock.ente.xlsx#"])
def test_an_ente_still_open_elsewhere_is_told(tmp_path: Path, segnaposto: str) -> None:
    """What is typed there and not yet saved would not be in the forms."""
    cartella = fx.write_world(tmp_path / "ente")
    (cartella / segnaposto).write_bytes(b"x")
    (cartella / "~$tecnico.xlsx").write_bytes(b"x")
    preparati = prepara(cartella)
    assert [(r.codice, r.file) for r in preparati.rilievi] == [("F07", segnaposto)]
