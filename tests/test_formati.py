"""What a cell shows: the same in an .xlsx, from its number format, and in an .ods, from its text."""

import shutil
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from conftest import ESEMPIO
from fixtures_ente import rewrite
from hypothesis import example, given
from hypothesis import strategies as st
from libreoffice import convert, needs_soffice
from test_grid import MAIN

from pipeline import run
from pipeline.rilievi import Rilievo
from pipeline.tables import Riga, righe
from pipeline.workbooks.aspetto import Aspetto, data_iso, giorno_del_seriale, in_numero, in_testo
from pipeline.workbooks.formati import PREDEFINITI, leggi
from pipeline.workbooks.grid import Foglio
from pipeline.workbooks.lettore import apri
from pipeline.workbooks.mostrato import da_mostrato

JUNE, DAY = datetime(2020, 6, 1), datetime(2020, 6, 20)
NOON = datetime(2020, 6, 20, 12)
EURO = '_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-;_-* "-"?? "€"_-;_-@_-'
RED_EURO = "[$€-410]\\ #,##0.00;[RED]\\-[$€-410]\\ #,##0.00"

Shown = tuple[Any, str, str, str, Any]  # value, format, shown text, what it says, its number

NUMBERS: list[Shown] = [
    (42, "General", "42", "42", 42),
    (1234.5, "#,##0.00", "1.234,50", "1234,5", 1234.5),
    (89.6, "0", "90", "89,6", 89.6),
    (-3.5, "0.00;[Red]-0.00", "-3,50", "-3,5", -3.5),
    (-5, "0;(0)", "(5)", "-5", -5),
    (1500, "# ##0", "1 500", "1500", 1500),
    (1234567, "0\\.000\\.000", "1.234.567", "1234567", 1234567),
    (1234.5, "0.00E+00", "1,23E+03", "1234,5", 1234.5),
    (0.5, "# ?/?", "1/2", "0,5", 0.5),
    (1.5, "# ?/?", "1 1/2", "1,5", 1.5),
    (0.8, "0/10", "8/10", "0,8", 0.8),
    (7, "000", "007", "007", 7),
    (5, "+0;-0", "+5", "+5", 5),
    # per cent
    (0.6452, "0%", "65%", "64,52%", 64.52),
    (0.07, "0.00 %", "7,00 %", "7%", 7),
    (-0.5, "0%;[Red]-0%", "-50%", "-50%", -50),
    (0.5, "[>=1]0;0%", "50%", "50%", 50),
    (3, "[>=1]0;0%", "3", "3", 3),
    (64, "0_%", "64 ", "64", 64),
    (64, "0*%", "64", "64", 64),
    (64.5, '0.0"%"', "64,5%", "64,5%", 64.5),
    (64.5, "0.0\\%", "64,5%", "64,5%", 64.5),
    # scaled
    (1_500_000, "0.0,,", "1,5", "1,5", 1.5),
    (1_500_000, "#,##0.0,", "1.500,0", "1500", 1500),
    # with their unit
    (28, '0" giorni"', "28 giorni", "28 giorni", 28),
    (20, '0"‰"', "20‰", "20‰", 20),
    (5, '"n. "0', "n. 5", "n. 5", 5),
    (8, '0"/10"', "8/10", "8/10", 8),
    (5, 'General" gg"', "5 gg", "5 gg", 5),
    (1500, '"€ "#,##0.00', "€ 1.500,00", "€ 1500", 1500),
    (1500, "[$€-410] #,##0", "€ 1.500", "€ 1500", 1500),
    (1500, "#,##0\\ [$€-1]", "1.500 €", "1500 €", 1500),
    (1432.5, EURO, " 1.432,50 € ", "1432,5 €", 1432.5),
    (-1500, EURO, "-1.500,00 € ", "-1500 €", -1500),
    (-1500, RED_EURO, "-€ 1.500,00", "€ -1500", -1500),
    (0, EURO, " -   € ", "0 €", 0),
    (0, '0;-0;"-"', "-", "0", 0),
    # only words
    (1, '"SI";"NO";"NO"', "SI", "SI", None),
    (0, '"SI";"NO";"NO"', "NO", "NO", None),
    (150, '[>100]"molti";0', "molti", "molti", None),
    (50, '[>100]"molti";0', "50", "50", 50),
    (150, '[<100]0;[<200]"medio";"alto"', "medio", "medio", None),
    (250, '[<100]0;[<200]"medio";"alto"', "alto", "alto", None),
    (123456789, "000-000-000", "123-456-789", "123-456-789", None),
    ("dodici", '@" unità"', "dodici unità", "dodici unità", None),
    ("dodici", "_-@_-", " dodici ", "dodici", None),
    ("dodici", "0;-0;;@", "dodici", "dodici", None),
]
DATES: list[Shown] = [
    (JUNE, "mmm-yy", "giu-20", "giugno 2020", None),
    (JUNE, "mmmm yyyy", "June 2020", "giugno 2020", None),
    (JUNE, "[$-410]mmmm\\ yyyy;@", "giugno 2020", "giugno 2020", None),
    (JUNE, "mm\\/yyyy", "06/2020", "giugno 2020", None),
    (DAY, "mm/yy", "06/20", "giugno 2020", None),
    (DAY, "mmm-yy", "giu-20", "giugno 2020", None),
    (JUNE, "yyyy", "2020", "2020", None),
    (JUNE, "mmmm", "giugno", "giugno", None),
    (DAY, "d-mmm", "20-giu", "20 giugno", None),
    (DAY, "dd/mm", "20/06", "20 giugno", None),
    (DAY, "[$-410]d mmmm yyyy;@", "20 giugno 2020", "20/06/2020", None),
    (DAY, "dd\\/mm\\/yyyy", "20/06/2020", "20/06/2020", None),
    (DAY, "yyyy-mm-dd", "2020-06-20", "20/06/2020", None),
    (DAY, "m/d/yy", "6/20/20", "20/06/2020", None),
    (DAY, "dddd d mmmm yyyy", "sabato 20 giugno 2020", "20/06/2020", None),
    (DAY, '"entro il "dd/mm/yyyy', "entro il 20/06/2020", "entro il 20/06/2020", None),
    (DAY, "dddd", "sabato", "sabato", None),
    (DAY, 'Q" trim. "yyyy', "Q2 trim. 2020", "II trimestre 2020", None),
    (NOON, "dd/mm/yyyy", "20/06/2020", "20/06/2020", None),
    (NOON, "dd/mm/yyyy hh:mm", "20/06/2020 12:00", "20/06/2020 12:00", None),
]
DISCORDANT: list[tuple[Any, str, str]] = [
    (-5, "0;0", "5"),
    (-5, "0;[Red]0", "5"),
    (5, "-0", "-5"),
    (0, "0;-0;;@", ""),
    (0.2, "#", ""),
    (5, ";;;", ""),
    (1234, "0\\.00", "12.34"),
    (DAY, "d", "20"),
    ("testo", ";;;", ""),
    ("testo", '0;0;0;"altro"', "altro"),
]


def said(aspetto: Aspetto | None, valore: Any) -> tuple[str, Any, bool]:
    if aspetto is None:
        return in_testo(valore), in_numero(valore), False
    return aspetto.testo, aspetto.numero, aspetto.discorde


def from_format(valore: Any, codice: str) -> Aspetto | None:
    formato = leggi(codice)
    return formato.aspetto(valore) if formato else None


@pytest.mark.parametrize(("valore", "codice", "mostrato", "testo", "numero"), NUMBERS + DATES)
def test_a_cell_says_what_it_shows(
    valore: Any, codice: str, mostrato: str, testo: str, numero: float | None
) -> None:
    attesi = (testo, None if numero is None else Decimal(str(numero)), False)
    assert said(from_format(valore, codice), valore) == attesi
    assert said(da_mostrato(valore, mostrato), valore) == attesi


@pytest.mark.parametrize(("valore", "codice", "mostrato"), DISCORDANT)
def test_a_cell_that_says_one_thing_and_shows_another(valore: Any, codice: str, mostrato: str) -> None:
    for aspetto in (from_format(valore, codice), da_mostrato(valore, mostrato)):
        assert aspetto and aspetto.discorde
        assert aspetto.testo == mostrato


@pytest.mark.parametrize(
    ("valore", "mostrato"),
    [
        (5, "6"),
        (1_500_000, "1.500"),  # thousands, or millions with three decimals
        (1_500_000, "1,500"),
        (0.95, "95 su 200"),
        (43997, "16/06/2020"),
        (DAY, "21/06/2020"),
        (DAY, "luglio 2020"),
        (DAY, "boh"),
        ("da formula", "altro"),
        (True, ""),
    ],
)
def test_a_shown_text_that_is_not_the_value(valore: Any, mostrato: str) -> None:
    aspetto = da_mostrato(valore, mostrato)
    assert aspetto and aspetto.discorde


@pytest.mark.parametrize(
    ("valore", "mostrato", "testo"),
    [
        (1500, "1,500", "1500"),  # as an English LibreOffice, or SheetJS, shows them
        (1500.5, "1,500.50", "1500,5"),
        (0.98, "0.98", "0,98"),
        (0.95, "95%", "95%"),
        (43997, "15/06/2020", "15/06/2020"),
        (43997, "giugno 2020", "giugno 2020"),
        (42535, "15/06/2020", "15/06/2020"),  # counted from 1904
        (True, "TRUE", "VERO"),
        (True, "SI", "SI"),
        (1e10, "1E+10", "10000000000"),
        (0, "0%", "0%"),
        (time(14, 5), "14.05", "14:05"),
    ],
)
def test_a_shown_text_of_any_program(valore: Any, mostrato: str, testo: str) -> None:
    assert said(da_mostrato(valore, mostrato), valore)[0] == testo


@pytest.mark.parametrize(
    ("valore", "codice", "mostrato", "testo"),
    [
        (timedelta(hours=26, minutes=30), "[h]:mm", "26:30", "26:30"),
        (timedelta(hours=26, minutes=30), "[mm]", "1590", "1590"),
        (timedelta(hours=26), '[h]" ore"', "26 ore", "26 ore"),
        (time(14, 5), "h:mm AM/PM", "2:05 PM", "14:05"),
        (time(0, 5, 30), "mm:ss", "05:30", "05:30"),
        (NOON, "hh:mm", "12:00", "12:00"),
        (NOON, "dd/mm/yyyy h:mm AM/PM", "20/06/2020 12:00 PM", "20/06/2020 12:00"),
        (datetime(2020, 6, 20, 12, 5), "d/m/yy h:mm:ss.000", "20/6/20 12:05:00,000", "20/06/2020 12:05"),
        (DAY, "[$-411]ge\\.m\\.d", "20/6/20", "20/06/2020"),
    ],
)
def test_times(valore: Any, codice: str, mostrato: str, testo: str) -> None:
    assert said(from_format(valore, codice), valore)[0] == testo
    assert said(da_mostrato(valore, mostrato), valore)[0] == testo


def test_the_formats_known_by_number() -> None:
    assert said(from_format(0.5, PREDEFINITI[9]), 0.5)[0] == "50%"
    assert said(from_format(JUNE, PREDEFINITI[17]), JUNE)[0] == "giugno 2020"
    assert said(from_format(DAY, PREDEFINITI[16]), DAY)[0] == "20 giugno"
    for numero in (*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)):
        aspetto = from_format(44002, PREDEFINITI[numero])
        assert aspetto and aspetto.giorno == DAY, numero


def test_dates_counted_from_1904() -> None:
    formato = leggi("dd/mm/yyyy", dal_1904=True)
    assert formato is not None
    aspetto = formato.aspetto(42540)
    assert aspetto and aspetto.testo == "20/06/2020"


@pytest.mark.parametrize(
    ("scritta", "attesa"),
    [
        ("2020-06-15", datetime(2020, 6, 15)),
        ("2020-06-15T10:30:00", datetime(2020, 6, 15, 10, 30)),
        ("2020-06-15T00:00:00.000Z", datetime(2020, 6, 15)),
        ("2020-06-14T22:00:00Z", datetime(2020, 6, 15)),
        ("2020-12-14T23:00:00.000Z", datetime(2020, 12, 15)),
        ("2020-06-15T10:30:00.123456789Z", datetime(2020, 6, 15, 10, 30, 0, 123456)),
        ("15/06/2020", None),
        ("-0044-03-15", None),
    ],
)
def test_dates_as_the_formats_write_them(scritta: str, attesa: datetime | None) -> None:
    assert data_iso(scritta) == attesa


def test_a_number_that_may_be_a_date() -> None:
    assert giorno_del_seriale("44196") == date(2020, 12, 31)
    assert giorno_del_seriale("44196,5") == date(2020, 12, 31)
    for altro in ("1500", "32873", "58806", "44196 €", "044196", "441960"):
        assert giorno_del_seriale(altro) is None


# ------------------------------------------------------------------------------------ what always holds

PLAIN = ("General", "0", "0.00", "#,##0", "#,##0.0", "0.00;-0.00", "0.0;(0.0);0", "0.00E+00", "@", "0_)")
numbers = st.one_of(
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda numero: float(f"{numero:.9g}")),
)


@given(numbers, st.sampled_from(PLAIN))
@example(-0.004, "0.00")
@example(-0.0, "0.00;-0.00")
def test_a_plain_format_never_changes_a_number(valore: float, codice: str) -> None:
    testo, numero, discorde = said(from_format(valore, codice), valore)
    assert (str(numero), discorde) == (str(in_numero(valore)), False)
    assert testo == in_testo(valore)


@given(numbers, st.sampled_from(PLAIN), st.text("gicm €°/", min_size=1, max_size=9))
def test_a_unit_never_changes_a_number(valore: float, codice: str, unita: str) -> None:
    if ";" not in codice and codice not in ("@", "0_)"):
        _, numero, discorde = said(from_format(valore, f'{codice}" {unita}"'), valore)
        assert (numero, discorde) == (in_numero(valore), False)


@given(st.integers(-(10**6), 10**6), st.sampled_from(["{:,}", "{}"]), st.sampled_from([",.", ".,"]))
def test_a_shown_number_is_the_number_whatever_the_separators(
    valore: int, scritto: str, segni: str
) -> None:
    mostrato = scritto.format(valore).translate(str.maketrans(",.", segni[::-1]))
    assert said(da_mostrato(float(valore), mostrato), valore) == (str(valore), Decimal(valore), False)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)),
    st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%y", "%d/%m/%Y %H:%M"]),
)
def test_a_whole_date_shown_is_that_date(giorno: datetime, formato: str) -> None:
    testo, _, discorde = said(da_mostrato(giorno, giorno.strftime(formato)), giorno)
    assert testo[:10] == giorno.strftime("%d/%m/%Y") and not discorde


anything = st.one_of(numbers, st.floats(allow_nan=False, allow_infinity=False))
codes = st.one_of(st.text(max_size=60), st.text('0#?.,;%/@[]"\\_* -()>yMdhmsEe+$€1', max_size=20))


@given(codes, anything)
def test_any_format_can_be_read(codice: str, valore: float) -> None:
    for uno in (valore, DAY, time(1), timedelta(hours=30), "testo"):
        said(from_format(uno, codice), uno)


@given(st.one_of(st.text(max_size=60), st.text("0123456789.,% /-:()giulE+", max_size=20)), anything)
def test_any_shown_text_can_be_read(mostrato: str, valore: float) -> None:
    for uno in (valore, DAY, time(1), True, "testo"):
        said(da_mostrato(uno, mostrato), uno)


# ------------------------------------------------------------------------------------- in a whole file


def with_formats(percorso: Path) -> Path:
    libro = xlsxwriter.Workbook(str(percorso))
    ws = libro.add_worksheet("S1")
    for riga, (valore, codice, *_) in enumerate(NUMBERS + DATES):
        ws.write(riga, 0, valore, libro.add_format({"num_format": codice}))
    libro.close()
    return percorso


def test_the_formats_of_a_file(tmp_path: Path) -> None:
    foglio = apri(with_formats(tmp_path / "prova.xlsx")).fogli["S1"]
    for riga, (_, _, _, testo, numero) in enumerate(NUMBERS + DATES, start=1):
        assert foglio.testo(riga, 1) == testo
        assert foglio.numero((riga, 1)) == (None if numero is None else Decimal(str(numero)))


@needs_soffice
def test_the_formats_of_a_file_saved_by_libreoffice(tmp_path: Path) -> None:
    """What it shows in thousands can be read in two ways: all the rest reads as from the .xlsx."""
    originale = with_formats(tmp_path / "prova.xlsx")
    prima, dopo = (apri(p).fogli["S1"] for p in (originale, convert(originale, tmp_path, "ods")))
    assert [dopo.testo(*posto) for posto in sorted(dopo.celle)] == [
        prima.testo(*posto) for posto in sorted(prima.celle)
    ]


# -------------------------------------------------------------------------- the example, with such cells

MUNICIPAL_POLICE = "polizia_locale.xlsx"
Read = Callable[[Callable[[Any], None]], tuple[dict[str, Rilievo], dict[int, Riga]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The findings by cell and the indicatori by row of a scheda, of which some cells are changed."""

    def changed(change: Callable[[Any], None]) -> tuple[dict[str, Rilievo], dict[int, Riga]]:
        ente = Path(shutil.copytree(ESEMPIO, tmp_path / "ente"))
        libro = openpyxl.load_workbook(ente / MUNICIPAL_POLICE)
        change(libro["Scheda 1"])
        libro.save(ente / MUNICIPAL_POLICE)
        return outcome(ente)

    return changed


def outcome(ente: Path) -> tuple[dict[str, Rilievo], dict[int, Riga]]:
    esito = run.controlla(ente)
    assert esito.fascicolo is not None
    assert all(q.torna for q in esito.raccolta.quadrature)
    suoi = [r for r in esito.rilievi if r.file.startswith("polizia") and r.foglio == "Scheda 1"]
    return {r.cella: r for r in suoi}, {
        riga["riga"]: riga
        for riga in righe(esito.fascicolo.tabelle.indicatori)
        if riga["settore"] == "polizia_locale" and riga["scheda"] == 1
    }


def cell(ws: Any, cella: str, valore: Any, formato: str = "General") -> None:
    ws[cella] = valore
    ws[cella].number_format = formato


@pytest.mark.parametrize("formato", ["mmm-yy", "mmmm yyyy", "[$-410]mmmm\\ yyyy;@"])
def test_a_month_is_the_whole_month(read: Read, formato: str) -> None:
    def change(ws: Any) -> None:
        cell(ws, "B22", JUNE, formato)
        cell(ws, "C22", "20/06/2020", "@")

    rilievi, indicatori = read(change)
    assert "B22" not in rilievi
    assert (indicatori[22]["atteso"], indicatori[22]["grado_misurato"]) == ("giugno 2020", 100)


@pytest.mark.parametrize(("fatto", "dubbio"), [("20/06/2020", True), ("20/05/2020", False)])
def test_a_first_of_the_month_may_be_the_month(read: Read, fatto: str, dubbio: bool) -> None:
    """Said, and not measured, where the one is late and the other in time; else there is no doubt."""

    def change(ws: Any) -> None:
        cell(ws, "B22", JUNE, "dd/mm/yyyy")
        cell(ws, "C22", fatto, "@")

    rilievi, indicatori = read(change)
    assert ("B22" in rilievi) is dubbio
    if dubbio:
        assert rilievi["B22"].codice == "C17" and "giugno 2020" in rilievi["B22"].messaggio
    assert indicatori[22]["grado_misurato"] == (None if dubbio else 100)


def test_thousands_are_read_as_shown(read: Read) -> None:
    def change(ws: Any) -> None:
        cell(ws, "B22", "2.000", "@")
        cell(ws, "C22", 1_500_000, "#,##0,")

    _, indicatori = read(change)
    assert (indicatori[22]["raggiunto"], indicatori[22]["grado_misurato"]) == ("1500", 75)


@pytest.mark.parametrize(
    ("atteso", "raggiunto", "formato", "grado"),
    [
        ("30 giorni", 20, '0" giorni"', Decimal(100)),
        ("30 giorni", 20, "0", Decimal(100)),
        ("1500", 1500, '_-* #,##0.00 "€"_-', Decimal(100)),
        ("€ 2.000,00", 1500, "[$€-410] #,##0", Decimal(75)),
        ("80%", 85, '0"%"', Decimal(100)),
        ("80%", 0.85, "0%", Decimal(100)),
        ("SI", 1, '"SI";"NO";"NO"', Decimal(100)),
        ("entro giugno 2020", 43997, "dd/mm/yyyy", Decimal(100)),
        ("entro giugno 2020", DAY, "d-mmm", Decimal(100)),
    ],
)
def test_a_unit_does_not_hinder_the_measure(
    read: Read, atteso: str, raggiunto: Any, formato: str, grado: Decimal
) -> None:
    def change(ws: Any) -> None:
        cell(ws, "B22", atteso, "@")
        cell(ws, "C22", raggiunto, formato)
        if "giorni" in atteso:
            ws["E22"] = "decrescente"

    assert read(change)[1][22]["grado_misurato"] == grado


def test_a_date_that_lost_its_format(read: Read) -> None:
    """Beside a deadline, or another of its kind, a bare number is not taken for a quantity."""

    def change(ws: Any) -> None:
        cell(ws, "C5", 44196)
        cell(ws, "B22", "entro il 30/06/2020", "@")
        cell(ws, "C22", 43997)
        cell(ws, "B23", 44012)
        cell(ws, "C23", 44020)
        cell(ws, "B24", "40.000", "@")
        cell(ws, "C24", 44012)

    rilievi, indicatori = read(change)
    assert {c: r.dati["forse"] for c, r in rilievi.items() if r.codice == "C17"} == {
        "C5": "31/12/2020",
        "C22": "15/06/2020",
        "B23": "30/06/2020",
        "C23": "08/07/2020",
    }
    assert [indicatori[riga]["grado_misurato"] for riga in (22, 23, 24)] == [None, None, 100]


def test_a_number_in_two_ways_stays_out_and_is_quoted(read: Read) -> None:
    rilievi, indicatori = read(lambda ws: cell(ws, "C22", -5, "0;0"))
    assert rilievi["C22"].codice == "C16"
    assert "«-5» ma mostra «5»" in rilievi["C22"].messaggio
    assert indicatori[22]["raggiunto"] == ""


def test_formats_by_number_and_formats_that_take_their_place(tmp_path: Path) -> None:
    """A format of a file goes before the one that its number has of its own (SheetJS)."""
    percorso = with_formats(tmp_path / "prova.xlsx")
    stili = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="9" formatCode="0&quot; gg&quot;"/>'
        '</numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="17"/></cellXfs>'
        "</styleSheet>"
    )
    celle = '<c r="A1" s="1"><v>5</v></c><c r="B1" s="2"><v>43983</v></c><c r="C1" s="9"><v>1</v></c>'
    foglio = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{celle}</row></sheetData></worksheet>'
    nuove = {"xl/styles.xml": stili.encode(), "xl/worksheets/sheet1.xml": foglio.encode()}
    rewrite(percorso, lambda parti: parti.update(nuove))
    letto: Foglio = apri(percorso).fogli["S1"]
    assert [letto.testo(1, colonna) for colonna in (1, 2, 3)] == ["5 gg", "giugno 2020", "1"]
