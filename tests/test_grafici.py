"""The charts of the relazione: what is drawn, what is written, and that both can be read."""

import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from itertools import combinations, cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from pipeline.bilancio import MISSIONI
from pipeline.documents.word import grafici
from pipeline.documents.word.grafici import Grafico

D = Decimal
PAGINA = 22
"""How high a chart may be, in centimetres, and leave room for its caption."""

CORTI = ["Affari generali", "Istruzione – Socio educativo", "Ufficio tecnico", "Polizia locale"]
LUNGHI = [
    "Settore servizi alla persona, alla famiglia, alle politiche giovanili, alla cultura, allo sport"
    " e al tempo libero",
    "SETTORE GESTIONE DEL TERRITORIO, LAVORI PUBBLICI, AMBIENTE, PATRIMONIO E PROTEZIONE CIVILE",
    "Precipitevolissimevolmente" * 3 + "Sì",
    "W" * 80,
    "l" * 80,
    "Ricavi & costi <$x^2_1$> $\\costi$ {}",
    "Ufficio 😀 中文 e\u0300 \t su\npiù righe",
]
GRADI = [D("98.4375"), None, D(100), D(0), D("64.516"), D("87.3")]
ALTRI = [D("90"), D(100), D(100), D(0), None, D(88)]
QUANTI = [12, 0, 1234, 3, 7, 5]
FUORI = [2, 1, 321, 0, 0, 3]


def cycled(valori: list[Any], quanti: int) -> list[Any]:
    return list(islice(cycle(valori), quanti))


CHARTS: dict[str, Callable[[list[str]], Grafico]] = {
    "barre": lambda nomi: grafici.barre(nomi, cycled(GRADI, len(nomi)), "settore"),
    "dichiarato_misurato": lambda nomi: grafici.dichiarato_misurato(
        nomi, cycled(GRADI, len(nomi)), cycled(ALTRI, len(nomi))
    ),
    "fasce": lambda nomi: grafici.fasce(nomi, cycled(QUANTI, len(nomi))),
    "missioni": lambda nomi: grafici.missioni(
        nomi, cycled(QUANTI, len(nomi)), cycled(FUORI, len(nomi)), cycled(GRADI, len(nomi))
    ),
}
every_chart = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
names = pytest.mark.parametrize(
    "nomi",
    [
        CORTI[:1],
        LUNGHI[:1],
        cycled(CORTI, 8),
        LUNGHI,
        cycled(CORTI, grafici.RIGHE_PER_PAGINA),
        cycled(LUNGHI, grafici.RIGHE_PER_PAGINA),
    ],
    ids=["1 short", "1 long", "8 short", "7 long", "20 short", "20 long"],
)


class Drawn(NamedTuple):
    """What a chart is made of, each thing with the box that it fills, in dots."""

    sheet: Bbox
    texts: list[tuple[Text, Bbox]]
    bars: list[tuple[Rectangle, Bbox]]
    marks: list[tuple[Line2D, Bbox]]


def drawn(grafico: Grafico) -> Drawn:
    assert isinstance(grafico.figura.canvas, FigureCanvasAgg)
    with grafici._stile():
        renderer = grafico.figura.canvas.get_renderer()
        (assi,) = grafico.figura.axes
        return Drawn(
            grafico.figura.bbox,
            [(t, t.get_window_extent(renderer)) for t in assi.texts],
            [(b, b.get_window_extent(renderer)) for b in assi.patches if isinstance(b, Rectangle)],
            [(m, m.get_window_extent(renderer)) for m in assi.lines],
        )


def overlap(one: Bbox, other: Bbox) -> bool:
    """Whether two boxes share more than the dot where they meet."""
    shared = Bbox.intersection(one, other)
    return shared is not None and shared.width > 1 and shared.height > 1


def lengths(grafico: Grafico) -> list[float]:
    """How long the bars are, in centimetres, from the top down."""
    return [bar.get_width() for bar, _ in sorted(drawn(grafico).bars, key=lambda b: b[0].get_y())]


def words(grafico: Grafico) -> list[str]:
    return [text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text, _ in drawn(grafico).texts]


def said(grafico: Grafico) -> str:
    return grafico.alternativo.replace("\N{NO-BREAK SPACE}", " ")


# ------------------------------------------------------------------------------------------ layout


@names
@every_chart
def test_no_text_runs_into_the_white_border(
    chart: Callable[[list[str]], Grafico], nomi: list[str]
) -> None:
    sheet, texts, _, _ = drawn(chart(nomi))
    inside = sheet.padded(-(grafici.BORDO / 2.54 * 200 - 2))
    for text, box in texts:
        assert inside.x0 <= box.x0 and box.x1 <= inside.x1, text
        assert sheet.y0 <= box.y0 and box.y1 <= sheet.y1, text


@names
@every_chart
def test_no_text_lies_on_another_text_or_on_a_mark(
    chart: Callable[[list[str]], Grafico], nomi: list[str]
) -> None:
    _, texts, bars, marks = drawn(chart(nomi))
    for text, box in texts:
        assert not any(overlap(box, mark) for _, mark in bars + marks), text
    for (one, its_box), (other, other_box) in combinations(texts, 2):
        assert not overlap(its_box, other_box), (one, other)


@names
@every_chart
def test_a_chart_fits_the_page_at_its_true_width(
    chart: Callable[[list[str]], Grafico], nomi: list[str]
) -> None:
    larghezza, altezza = chart(nomi).figura.get_size_inches() * 2.54
    assert larghezza == pytest.approx(grafici.LARGHEZZA)
    assert altezza <= PAGINA


@every_chart
def test_the_picture_has_200_dots_per_inch(chart: Callable[[list[str]], Grafico]) -> None:
    with Image.open(BytesIO(chart(CORTI).png)) as picture:
        assert picture.width == pytest.approx(grafici.LARGHEZZA / 2.54 * 200, abs=1)
        assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.1)


@every_chart
def test_no_text_is_smaller_than_8_points(chart: Callable[[list[str]], Grafico]) -> None:
    assert all(text.get_fontsize() >= 8 for text, _ in drawn(chart(LUNGHI)).texts)


def test_the_name_of_every_missione_is_written_whole() -> None:
    for codice, denominazione in MISSIONI.items():
        nome = f"{codice} – {denominazione}"
        assert nome in " ".join(words(grafici.missioni([nome], [1], [0], [None])))


def test_a_name_is_cut_only_beyond_two_lines_and_says_so() -> None:
    prima, seconda, *_ = words(grafici.barre([LUNGHI[0]], [None], "settore"))
    assert (prima, seconda) == (
        "Settore servizi alla persona, alla",
        "famiglia, alle politiche giovanili, alla…",
    )


def test_two_lines_are_as_even_as_the_words_allow() -> None:
    nome = "Area amministrativa e servizi alla persona"
    prima, seconda, *_ = words(grafici.barre([nome], [None], "settore"))
    assert (prima, seconda) == ("Area amministrativa e", "servizi alla persona")


def test_a_name_is_written_as_it_is_without_what_the_font_lacks() -> None:
    scritte = " ".join(words(grafici.barre(LUNGHI[5:], [None, None], "settore")))
    assert "Ricavi & costi <$x^2_1$> $\\costi$ {}" in scritte
    assert "Ufficio 😀 □□ è su più righe" in scritte


# ---------------------------------------------------------------------------------------- contrast


def contrast(colour: str) -> float:
    """The contrast with white paper (WCAG 2.2, "contrast ratio")."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_the_contrast_is_that_of_the_rule() -> None:
    assert contrast("#FFFFFF") == pytest.approx(1)
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.005)


@every_chart
def test_texts_and_marks_stand_out_of_the_paper(chart: Callable[[list[str]], Grafico]) -> None:
    _, texts, bars, marks = drawn(chart(LUNGHI))
    assert all(contrast(text.get_color()) >= 4.5 for text, _ in texts)
    assert all(contrast(bar.get_edgecolor()) >= 3 for bar, _ in bars)
    assert all(contrast(mark.get_markeredgecolor()) >= 3 for mark, _ in marks)
    assert all(contrast(mark.get_color()) >= 3 for mark, _ in marks if mark.get_linestyle() != "None")


# ------------------------------------------------------------------------------------ what is drawn


def test_a_bar_is_as_long_as_its_grado() -> None:
    zero, mezzo, pieno = lengths(grafici.barre(CORTI[:3], [D(0), D(50), D(100)], "settore"))
    assert zero == 0
    assert mezzo == pytest.approx(pieno / 2)


def test_a_missing_grado_is_said_and_not_drawn() -> None:
    zero = grafici.barre(["A"], [D(0)], "settore")
    nessuno = grafici.barre(["A"], [None], "settore")
    assert lengths(zero) == [0] and "0,00 %" in words(zero)
    assert lengths(nessuno) == [] and "non calcolabile" in words(nessuno)
    assert "0,00 %" not in words(nessuno)


def marks_by_shape(grafico: Grafico) -> dict[str, int]:
    """How many marks of each shape stand in the rows, that is without the one of the legend."""
    shapes = [str(mark.get_marker()) for mark, _ in drawn(grafico).marks]
    return {
        "circles": shapes.count("o") - 1,
        "diamonds": shapes.count("D") - 1,
        "lines": shapes.count("None"),
    }


@pytest.mark.parametrize(
    ("dichiarato", "misurato", "marks", "scritte"),
    [
        (D(80), D(60), (1, 1, 1), ["80,00 %", "60,00 %"]),
        (D(0), None, (1, 0, 0), ["0,00 %", "non misurato"]),
        (None, D(0), (0, 1, 0), ["non dichiarato", "0,00 %"]),
        (None, None, (0, 0, 0), ["non dichiarato", "non misurato"]),
    ],
)
def test_declared_is_a_circle_and_measured_a_diamond_and_none_is_no_mark(
    dichiarato: Decimal | None,
    misurato: Decimal | None,
    marks: tuple[int, int, int],
    scritte: list[str],
) -> None:
    grafico = grafici.dichiarato_misurato(["Tributi"], [dichiarato], [misurato])
    assert tuple(marks_by_shape(grafico).values()) == marks
    assert set(scritte) <= set(words(grafico))


def test_two_equal_gradi_are_both_seen() -> None:
    *_, rombo, cerchio = (
        mark
        for mark, _ in drawn(grafici.dichiarato_misurato(["A"], [D(70)], [D(70)])).marks
        if mark.get_ydata()[0] > 0.8 and mark.get_linestyle() == "None"
    )
    assert (rombo.get_marker(), cerchio.get_marker()) == ("D", "o")
    dentro_il_bordo = rombo.get_markersize() - rombo.get_markeredgewidth()
    assert cerchio.get_markersize() + cerchio.get_markeredgewidth() <= dentro_il_bordo


def test_a_fascia_has_its_count_and_share() -> None:
    grafico = grafici.fasce(["raggiunto", "parziale", "non raggiunto"], [6, 3, 0])
    assert lengths(grafico) == pytest.approx([7, 3.5, 0])
    assert words(grafico)[3:] == ["6 (66,67 %)", "3 (33,33 %)", "0 (0,00 %)"]


def test_no_voce_has_no_share() -> None:
    assert words(grafici.fasce(["raggiunto", "non raggiunto"], [0, 0]))[2:] == ["0", "0"]


def test_the_excluded_obiettivi_of_a_missione_are_hatched_after_the_valued() -> None:
    grafico = grafici.missioni(["01 – Servizi"], [3], [1], [None])
    tutte = [bar for bar, _ in drawn(grafico).bars]
    rigata, piena = (
        next(bar for bar in tutte if bool(bar.get_hatch()) is hatched) for hatched in (True, False)
    )
    assert piena.get_width() == pytest.approx(3 * rigata.get_width())
    assert rigata.get_x() == pytest.approx(piena.get_x() + piena.get_width())
    assert "3 + 1" in words(grafico)


# --------------------------------------------------------------------------------- alternative text


def test_the_alternative_text_says_what_the_chart_is_and_all_its_figures() -> None:
    nomi = ["Tributi", "Polizia\nlocale"]
    assert said(grafici.barre(nomi, [D("99.0769"), None], "settore")) == (
        "Grafico a barre del grado di raggiungimento per settore. "
        "Tributi: 99,08 %; Polizia locale: non calcolabile."
    )
    assert said(grafici.dichiarato_misurato(nomi, [D(90), None], [None, D(0)])) == (
        "Grafico a punti del grado dichiarato e di quello misurato. "
        "Tributi: dichiarato 90,00 %, non misurato; "
        "Polizia locale: non dichiarato, misurato 0,00 %."
    )
    assert said(grafici.fasce(["raggiunto", "non raggiunto"], [3, 1])) == (
        "Grafico a barre delle voci per fascia di risultato. "
        "raggiunto: 3 (75,00 %); non raggiunto: 1 (25,00 %)."
    )
    assert said(grafici.missioni(["01 – Servizi", "09 – Ambiente"], [3, 0], [1, 2], [D(50), None])) == (
        "Grafico a barre degli obiettivi e del grado per missione. "
        "01 – Servizi: obiettivi valutati 3, esclusi 1, grado 50,00 %; "
        "09 – Ambiente: obiettivi valutati 0, esclusi 2, grado non calcolabile."
    )


@every_chart
def test_the_alternative_text_has_whole_the_names_that_the_picture_cuts(
    chart: Callable[[list[str]], Grafico],
) -> None:
    assert all(" ".join(nome.split()) in said(chart(LUNGHI)) for nome in LUNGHI)


# ------------------------------------------------------------------------------- whatever comes in


gradi = st.none() | st.decimals(0, 100, allow_nan=False, places=6) | st.sampled_from([D(0), D(100)])
conti = st.integers(0, 9999)
rows = st.lists(
    st.tuples(st.text(max_size=130), gradi, gradi, conti, st.integers(0, 999)), min_size=1, max_size=3
)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(rows=rows)
def test_whatever_the_names_and_figures_the_charts_are_drawn_inside_the_sheet(
    rows: list[tuple[str, Decimal | None, Decimal | None, int, int]],
) -> None:
    nomi, dichiarati, misurati, quanti, fuori = (list(colonna) for colonna in zip(*rows, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for grafico in (
            grafici.barre(nomi, dichiarati, "settore"),
            grafici.dichiarato_misurato(nomi, dichiarati, misurati),
            grafici.fasce(nomi, quanti),
            grafici.missioni(nomi, quanti, fuori, dichiarati),
        ):
            assert grafico.png.startswith(b"\x89PNG")
            sheet, texts, _, _ = drawn(grafico)
            assert all(sheet.x0 <= box.x0 and box.x1 <= sheet.x1 for _, box in texts)


# --------------------------------------------------------------------------------------- same bytes


IMPRONTE = """
import hashlib
from test_grafici import CHARTS, LUNGHI
for chart in CHARTS.values():
    print(hashlib.sha256(chart(LUNGHI).png).hexdigest())
"""
MATPLOTLIBRC = """
backend: svg
font.family: serif
font.size: 30
text.hinting: force_autohint
axes.unicode_minus: False
figure.facecolor: yellow
figure.dpi: 50
savefig.dpi: 50
savefig.bbox: tight
savefig.transparent: True
savefig.facecolor: red
hatch.linewidth: 9
lines.linewidth: 9
lines.antialiased: False
patch.antialiased: False
"""


def fingerprints(**ambiente: str) -> list[str]:
    """The charts drawn by another process, which must have nothing to say."""
    radice = Path(__file__).parent.parent
    percorsi = os.pathsep.join([str(radice), str(radice / "tests")])
    fatto = subprocess.run(
        [sys.executable, "-c", IMPRONTE],
        env={**os.environ, "PYTHONPATH": percorsi, **ambiente},
        capture_output=True,
        text=True,
        check=True,
    )
    assert fatto.stderr == ""
    return fatto.stdout.split()


def test_same_figures_same_bytes_whoever_runs_it(tmp_path: Path) -> None:
    rc = tmp_path / "matplotlibrc"
    rc.write_text(MATPLOTLIBRC, encoding="utf-8")
    qui = fingerprints(TZ="Europe/Rome", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    la = fingerprints(
        TZ="Asia/Tokyo",
        LC_ALL="C",
        PYTHONHASHSEED="2",
        MPLBACKEND="pdf",
        MATPLOTLIBRC=str(rc),
    )
    assert len(set(qui)) == len(CHARTS)
    assert la == qui
