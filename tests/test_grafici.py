"""The charts of the relazione: what is drawn, what is written, and that both can be read."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from decimal import Decimal
from io import BytesIO
from itertools import combinations, cycle, islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from pipeline.documents.word import disegni, grafici
from pipeline.documents.word.disegni import Cerchio, Disegno, Scritta, Tracciato
from pipeline.documents.word.grafici import Confrontato, Grafico

T = TypeVar("T", Scritta, Tracciato, Cerchio)

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
CONTI = [(35, 44), (0, 0), (1234, 2000), (0, 7)]


def cycled(valori: list[Any], quanti: int) -> list[Any]:
    return list(islice(cycle(valori), quanti))


def confronto(
    nomi: list[str], dichiarati: list[Decimal | None], misurati: list[Decimal | None]
) -> Grafico:
    conti = cycled(CONTI, len(nomi))
    righe = zip(nomi, dichiarati, misurati, conti, strict=True)
    return grafici.dichiarato_misurato(
        "Che cosa si vede",
        tuple(
            Confrontato(nome, f"{n} di 10 obiettivi propri", detto, misurato, *base)
            for n, (nome, detto, misurato, base) in enumerate(righe)
        ),
    )


def chart(nomi: list[str]) -> Grafico:
    return confronto(nomi, cycled(GRADI, len(nomi)), cycled(ALTRI, len(nomi)))


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
    ids=["1 short", "1 long", "8 short", "7 long", "many short", "many long"],
)


class Box(NamedTuple):
    """What a mark fills of the sheet, in centimetres."""

    x0: float
    y0: float
    x1: float
    y1: float


def box(segno: disegni.Segno) -> Box:
    if isinstance(segno, Cerchio):
        raggio = segno.raggio
        return Box(segno.x - raggio, segno.y - raggio, segno.x + raggio, segno.y + raggio)
    if isinstance(segno, Tracciato):
        mezzo = segno.spessore * disegni.PUNTO / 2
        x, y = zip(*segno.punti, strict=True)
        return Box(min(x) - mezzo, min(y) - mezzo, max(x) + mezzo, max(y) + mezzo)
    largo = disegni.larghezza(segno.testo, segno.corpo)
    da = segno.x - largo * {"start": 0, "middle": 0.5, "end": 1}[segno.lato]
    alto = segno.corpo * disegni.PUNTO
    return Box(da, segno.y - alto * 0.75, da + largo, segno.y + alto * 0.22)


def of(grafico: Grafico, tipo: type[T]) -> list[T]:
    return [segno for segno in grafico.disegno.segni if isinstance(segno, tipo)]


def shapes(grafico: Grafico) -> list[Tracciato]:
    return [tracciato for tracciato in of(grafico, Tracciato) if tracciato.dentro]


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than where they meet."""
    return (
        min(one.x1, other.x1) - max(one.x0, other.x0) > 0.01
        and min(one.y1, other.y1) - max(one.y0, other.y0) > 0.01
    )


def words(grafico: Grafico) -> list[str]:
    return [scritta.testo.replace("\N{NO-BREAK SPACE}", " ") for scritta in of(grafico, Scritta)]


def said(grafico: Grafico) -> str:
    return grafico.alternativo.replace("\N{NO-BREAK SPACE}", " ")


# ------------------------------------------------------------------------------------------ layout


@names
def test_no_text_runs_into_the_white_border(nomi: list[str]) -> None:
    grafico = chart(nomi)
    for scritta in of(grafico, Scritta):
        da, su, a, giu = box(scritta)
        assert da + 0.01 >= grafici.BORDO and a <= grafici.LARGHEZZA - grafici.BORDO + 0.01, scritta
        assert su >= 0 and giu <= grafico.disegno.altezza, scritta


@names
def test_no_text_lies_on_another_text_or_on_a_mark(nomi: list[str]) -> None:
    grafico = chart(nomi)
    scritte = [(scritta, box(scritta)) for scritta in of(grafico, Scritta)]
    segni = [box(segno) for segno in grafico.disegno.segni if not isinstance(segno, Scritta)]
    for scritta, suo in scritte:
        assert not any(overlap(suo, segno) for segno in segni), scritta
    for (one, its_box), (other, other_box) in combinations(scritte, 2):
        assert not overlap(its_box, other_box), (one, other)


@names
def test_a_chart_fits_the_page_at_its_true_width(nomi: list[str]) -> None:
    disegno = chart(nomi).disegno
    assert disegno.larghezza == grafici.LARGHEZZA
    assert disegno.altezza <= PAGINA


def test_the_picture_has_200_dots_per_inch() -> None:
    with Image.open(BytesIO(chart(CORTI).png)) as picture:
        assert picture.width == pytest.approx(grafici.LARGHEZZA / 2.54 * 200, abs=1)
        assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.1)


@pytest.mark.parametrize("colore", ["#17456B", "#B8500A", "#000000", "#D9D9D9", "#F4F4F4", "#FFFF00"])
def test_the_picture_has_the_very_colours_of_the_drawing(colore: str) -> None:
    quadrato = Tracciato(((1, 1), (2, 1), (2, 2), (1, 2)), colore, 1, colore)
    disegno = Disegno(4, 3, [quadrato, Cerchio(3, 1, 0.4, "#1A1A1A")])
    with Image.open(BytesIO(disegni.png(disegno))) as png:
        comuni = sorted(png.convert("RGB").getcolors(), reverse=True)[:3]
    assert {punto for _, punto in comuni} == {(255, 255, 255), ImageColor.getrgb(colore), (26, 26, 26)}


def test_no_text_is_smaller_than_8_points() -> None:
    assert all(scritta.corpo >= 8 for scritta in of(chart(LUNGHI), Scritta))


def names_in(grafico: Grafico) -> list[str]:
    """The lines of the names, without those under them."""
    return [
        scritta.testo
        for scritta in of(grafico, Scritta)
        if scritta.x == grafici.BORDO and scritta.corpo == grafici.CORPO
    ]


def test_a_name_is_cut_only_beyond_two_lines_and_says_so() -> None:
    prima, seconda = names_in(confronto([LUNGHI[0]], [None], [None]))
    assert (prima, seconda) == (
        "Settore servizi alla persona, alla",
        "famiglia, alle politiche giovanili…",
    )


def test_two_lines_are_as_even_as_the_words_allow() -> None:
    nome = "Area amministrativa e servizi alla persona"
    prima, seconda = names_in(confronto([nome], [None], [None]))
    assert (prima, seconda) == ("Area amministrativa e", "servizi alla persona")


def test_a_name_is_written_as_it_is_without_what_cannot_be_printed() -> None:
    scritte = " ".join(words(confronto([*LUNGHI[5:], "A\x00\ufffe"], [None] * 3, [None] * 3)))
    assert "Ricavi & costi <$x^2_1$> $\\costi$ {}" in scritte
    assert "Ufficio 😀 中文 è su più righe" in scritte
    assert "A□□" in scritte


# ---------------------------------------------------------------------------------------- contrast


def contrast(colour: str) -> float:
    """The contrast with white paper (WCAG 2.2, "contrast ratio")."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in ImageColor.getrgb(colour)[:3])
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_the_contrast_is_that_of_the_rule() -> None:
    assert contrast("#FFFFFF") == pytest.approx(1)
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.005)


def test_texts_and_marks_stand_out_of_the_paper() -> None:
    grafico = chart(LUNGHI)
    assert all(contrast(scritta.colore) >= 4.5 for scritta in of(grafico, Scritta))
    assert all(contrast(cerchio.colore) >= 3 for cerchio in of(grafico, Cerchio))
    guides = {t.bordo for t in of(grafico, Tracciato) if contrast(t.bordo) < 3}
    assert guides == {grafici.FILO}


# ------------------------------------------------------------------------------------ what is drawn


def test_the_bar_of_the_base_is_as_long_as_the_share_measured() -> None:
    righe = [Confrontato(nome, "", D(1), D(1), n, 4) for n, nome in zip((0, 2, 4), CORTI, strict=False)]
    barre = [t for t in shapes(grafici.dichiarato_misurato("", tuple(righe))) if t.bordo == grafici.BLU]
    lunghe = [t.punti[1][0] - t.punti[0][0] for t in barre]
    assert len(set(lunghe[::2])) == 1
    assert lunghe[1::2] == pytest.approx([0, lunghe[0] / 2, lunghe[0]])


def marks_by_shape(grafico: Grafico) -> tuple[int, int, int]:
    """How many circles, diamonds and lines that join them stand in the rows, without the legend."""
    rombi = [t for t in shapes(grafico) if t.bordo == grafici.ARANCIO]
    linee = [t for t in of(grafico, Tracciato) if t.spessore == grafici.MEDIO]
    return len(of(grafico, Cerchio)) - 1, len(rombi) - 1, len(linee)


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
    grafico = confronto(["Tributi"], [dichiarato], [misurato])
    assert marks_by_shape(grafico) == marks
    assert set(scritte) <= set(words(grafico))


def test_two_equal_gradi_are_both_seen() -> None:
    assert grafici.CERCHIO < (grafici.ROMBO - grafici.GROSSO * disegni.PUNTO) / 2**0.5
    segni = confronto(["A"], [D(70)], [D(70)]).disegno.segni
    nella_riga = [
        s for s in segni if isinstance(s, Cerchio) or getattr(s, "bordo", "") == grafici.ARANCIO
    ]
    rombo, cerchio = nella_riga[2:]  # after those of the legend
    assert isinstance(rombo, Tracciato) and isinstance(cerchio, Cerchio)


@pytest.mark.parametrize(
    ("gradi", "vale"),
    [
        ([], False),
        ([(D(100), D(50))], False),  # one settore: the table has it
        ([(D(100), D(100)), (D(99), D("97.5"))], False),  # the marks lie on one another
        ([(D(100), None), (None, D(50))], False),  # none measured
        ([(D(100), D(100)), (D(100), D(98))], True),
    ],
)
def test_there_is_a_chart_only_where_it_shows_more_than_a_table(
    gradi: list[tuple[Decimal | None, Decimal | None]], vale: bool
) -> None:
    assert grafici.si_vede([Confrontato("A", "", *coppia, 1, 1) for coppia in gradi]) is vale


# --------------------------------------------------------------------------------- alternative text


def test_the_alternative_text_begins_with_the_message_and_says_all_the_figures() -> None:
    righe = (
        Confrontato("Tributi", "", D(90), None, 3, 4),
        Confrontato("Polizia\nlocale", "", None, D(0), 0, 2),
        Confrontato("Scuola", "", D(100), D(50), 1, 1),
    )
    assert said(grafici.dichiarato_misurato("In un settore su uno", righe)) == (
        "In un settore su uno. "
        "Grafico a punti del grado dichiarato e di quello misurato. "
        "Tributi: dichiarato 90,00 %, non misurato, indicatori misurati 3 su 4; "
        "Polizia locale: non dichiarato, misurato 0,00 %, indicatori misurati 0 su 2; "
        "Scuola: dichiarato 100,00 %, misurato 50,00 %, indicatori misurati 1 su 1."
    )


def test_the_alternative_text_has_whole_the_names_that_the_picture_cuts() -> None:
    assert all(" ".join(nome.split()) in said(chart(LUNGHI)) for nome in LUNGHI)


# ------------------------------------------------------------------------------- both pictures of it


def test_the_svg_has_every_word_as_text_in_the_typeface_of_the_relazione() -> None:
    radice = ET.fromstring(chart(LUNGHI).svg)
    assert str(radice.get("font-family")).startswith("Arial, ")
    assert [t.text for t in radice.iter("{http://www.w3.org/2000/svg}text")] == [
        scritta.testo for scritta in of(chart(LUNGHI), Scritta)
    ]


def test_svg_and_png_show_the_same_shapes_in_the_same_places() -> None:
    quadrato = Tracciato(((1, 1), (2, 1), (2, 2), (1, 2)), "#000000", 1, "#FF0000")
    disegno = Disegno(4, 3, [quadrato, Cerchio(3, 1.5, 0.4, "#0000FF")])
    with Image.open(BytesIO(disegni.png(disegno))) as picture:
        punti = [
            (int(x / 2.54 * 200), int(y / 2.54 * 200)) for x, y in ((1.5, 1.5), (3, 1.5), (0.1, 0.1))
        ]
        assert [picture.convert("RGB").getpixel(punto) for punto in punti] == [
            (255, 0, 0),
            (0, 0, 255),
            (255, 255, 255),
        ]
    svg = disegni.svg(disegno).decode()
    assert '<path d="M 28.35 28.35 L 56.69 28.35 L 56.69 56.69 L 28.35 56.69 Z" fill="#FF0000"' in svg
    assert '<circle cx="85.04" cy="42.52" r="11.34" fill="#0000FF"/>' in svg


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
    righe = [Confrontato(nome, nome, *altro) for nome, *altro in rows]
    grafico = grafici.dichiarato_misurato("", tuple(righe))
    assert grafico.png.startswith(b"\x89PNG")
    ET.fromstring(grafico.svg)
    for scritta in of(grafico, Scritta):
        assert box(scritta).x0 >= 0 and box(scritta).x1 <= grafici.LARGHEZZA


# --------------------------------------------------------------------------------------- same bytes

IMPRONTE = """
import hashlib
from test_grafici import LUNGHI, chart
print(hashlib.sha256(chart(LUNGHI).png + chart(LUNGHI).svg).hexdigest())
"""


def fingerprint(**ambiente: str) -> str:
    """The chart drawn by another process, which must have nothing to say."""
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
    return fatto.stdout


def test_same_figures_same_bytes_whoever_runs_it() -> None:
    qui = fingerprint(TZ="Europe/Rome", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    assert fingerprint(TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="2") == qui
