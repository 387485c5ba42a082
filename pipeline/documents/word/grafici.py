"""The chart of the relazione, with its alternative text. Same figures, same bytes.

A chart is laid out as a table is, on a sheet measured in centimetres: a row for each name, with its
marks and its figures in writing. What a colour says, a shape, a hatch or a word says too.
"""

import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, lru_cache, wraps
from io import BytesIO
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.patches import Rectangle

from pipeline import parole
from pipeline.numeri import arrotonda, con_segno, percentuale

T = TypeVar("T")
P = ParamSpec("P")

LARGHEZZA = 17.0
"""How wide a chart goes on the page, in centimetres: at this width its texts have their true size."""
RIGHE_PER_PAGINA = 16
"""How many rows a chart holds before it would not fit the page."""

BLU, ARANCIO, INCHIOSTRO, GRIGIO, CARTA = "#17456B", "#B8500A", "#1A1A1A", "#595959", "#FFFFFF"
FILO = "#D9D9D9"
"""The lines that only guide the eye: nothing is lost where they do not show."""
CORPO, CORPO_MINORE = 8.5, 8.0
"""Sizes of the texts, in points: names and figures; scales and legends."""
# the file that matplotlib carries: a font of the machine would give other bytes
CARATTERE = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")

POLLICE = 2.54
LINEA_PIU_LUNGA = 60
"""Characters that no line of names holds."""
INTERLINEA, MEZZA_MAIUSCOLA = 0.36, 0.11
"""In centimetres: from a line of a name to the next; from the baseline to the middle of a capital."""
BORDO, SPESSORE, TESTATA, SCALA = 0.15, 0.2, 0.6, 0.55
"""In centimetres: the white around; the thickness of a bar; the height of the line of headings above the
rows, and of the scale below them."""

PIENA = {"facecolor": BLU, "edgecolor": BLU, "linewidth": 0.8}
CORNICE = {"facecolor": CARTA, "edgecolor": BLU, "linewidth": 0.8}
# the circle fits inside the diamond: where the two gradi are the same both are seen
CERCHIO = {"marker": "o", "markersize": 5, "color": BLU}
ROMBO = {
    "marker": "D",
    "markersize": 7.5,
    "markerfacecolor": CARTA,
    "markeredgecolor": ARANCIO,
    "markeredgewidth": 1.4,
}


@dataclass(frozen=True)
class Grafico:
    """A chart, drawn and said in words."""

    figura: Figure
    alternativo: str

    @property
    def altezza(self) -> float:
        """In centimetres, at LARGHEZZA."""
        return float(self.figura.get_figheight()) * POLLICE

    @cached_property
    def png(self) -> bytes:
        """The picture, with 200 dots per inch at LARGHEZZA."""
        immagine = BytesIO()
        with _stile():
            self.figura.savefig(immagine, format="png", metadata={"Software": None})
        return immagine.getvalue()


def riquadri(righe: Sequence[T]) -> list[Sequence[T]]:
    """Rows divided as charts can hold them."""
    return [righe[da : da + RIGHE_PER_PAGINA] for da in range(0, len(righe), RIGHE_PER_PAGINA)]


# ------------------------------------------------------------------------------------------ charts


def _una_volta(disegna: Callable[P, Grafico]) -> Callable[P, Grafico]:
    """Draw the same figures once: a relazione is written again to count its pages, and for each edition.

    The charts are nearly all the time it takes. As many are kept as one relazione has, or some more.
    """
    gia_disegnati: Callable[..., Grafico] = lru_cache(maxsize=16)(disegna)

    @wraps(disegna)
    def grafico(*argomenti: P.args, **per_nome: P.kwargs) -> Grafico:
        fermi: list[Any] = [tuple(a) if isinstance(a, list) else a for a in argomenti]
        return gia_disegnati(*fermi, **per_nome)

    return grafico


@_una_volta
def dichiarato_misurato(
    nomi: Sequence[str],
    quanti: Sequence[str],
    dichiarati: Sequence[Decimal | None],
    misurati: Sequence[Decimal | None],
    basi: Sequence[tuple[int, int]],
) -> Grafico:
    """The grado each settore declares and the one its indicatori measure, 0..100, on one line; under the
    names over how many obiettivi, at the end how many indicatori are measured out of all.

    It takes from one to RIGHE_PER_PAGINA names.
    """
    da, a = 5.3, 10.0
    coppie = list(zip(dichiarati, misurati, strict=True))
    with _stile():
        foglio = _foglio(nomi, 5.0, quanti, testata=TESTATA, scala=SCALA)
        _scala(foglio, da, a)
        for y, (dichiarato, misurato) in zip(foglio.righe, coppie, strict=True):
            if dichiarato is not None and misurato is not None:
                estremi = [_x(dichiarato, da, a), _x(misurato, da, a)]
                foglio.assi.plot(estremi, [y, y], color=GRIGIO, linewidth=1.2)
        _segni(foglio, "misurato", misurati, (da, a), 14.4, ROMBO)
        _segni(foglio, "dichiarato", dichiarati, (da, a), 12.3, CERCHIO)
        _basi(foglio, basi, 14.9, 16.8)
    detti = [
        f"{_detto('dichiarato', d)}, {_detto('misurato', m)}, indicatori misurati {n} su {tutti}"
        for (d, m), (n, tutti) in zip(coppie, basi, strict=True)
    ]
    return Grafico(foglio.figura, _a_parole(_scarti(nomi, coppie), nomi, detti))


# ------------------------------------------------------------------------------------------- words


def _scarti(nomi: Sequence[str], coppie: Sequence[tuple[Decimal | None, Decimal | None]]) -> str:
    """The message of the chart, for who does not see it: where the two gradi are furthest apart."""
    scarti = [
        (arrotonda(d) - arrotonda(m), " ".join(nome.split()))
        for nome, (d, m) in zip(nomi, coppie, strict=True)
        if d is not None and m is not None
    ]
    sotto = sum(scarto > 0 for scarto, _ in scarti)
    settori = parole.quanti(sotto, "settore", "settori")
    detto = f"Il misurato è sotto il dichiarato in {settori} su {len(scarti)}"
    if sotto:
        punti, nome = max(scarti, key=lambda scarto: scarto[0])
        detto += f", al più di {percentuale(punti)} punti ({nome})"
    return f"{detto}. Grafico a punti del grado dichiarato e di quello misurato"


def _a_parole(titolo: str, nomi: Sequence[str], detti: Iterable[str]) -> str:
    voci = [f"{' '.join(nome.split())}: {detto}" for nome, detto in zip(nomi, detti, strict=True)]
    return f"{titolo}. {'; '.join(voci)}."


def _grado(grado: Decimal | None) -> str:
    return "non calcolabile" if grado is None else con_segno(percentuale(grado))


def _detto(parola: str, grado: Decimal | None) -> str:
    return f"non {parola}" if grado is None else f"{parola} {_grado(grado)}"


# ------------------------------------------------------------------------------------------- sheet


@contextmanager
def _stile() -> Iterator[None]:
    """matplotlib as it comes, whatever the matplotlibrc of who runs it says."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        # hinted letters are as wide as the dots allow: names would not be as wide as measured
        matplotlib.rcParams["text.hinting"] = "no_hinting"
        yield


@dataclass(frozen=True)
class Foglio:
    """A sheet with its names written, in centimetres from its top left corner.

    `righe` is the middle of each row, `cima` the top of the first and `fondo` the bottom of the last;
    `testata` is the middle of the line above them.
    """

    figura: Figure
    assi: Axes
    righe: list[float]
    testata: float
    cima: float
    fondo: float


def _foglio(
    nomi: Sequence[str], colonna: float, sotto: Sequence[str], testata: float, scala: float
) -> Foglio:
    """A sheet as high as its rows ask, the names written from the left up to `colonna`, on two lines if
    need be, each with a line `sotto` it."""
    etichette = [_righe_del_nome(_stampabile(nome), colonna - BORDO) for nome in nomi]
    passo = 1.2 if any(len(etichetta) > 1 for etichetta in etichette) else 0.9
    cima = BORDO + testata
    fondo = cima + passo * len(nomi)
    altezza = fondo + scala + BORDO
    figura = Figure(figsize=(LARGHEZZA / POLLICE, altezza / POLLICE), dpi=200)
    FigureCanvasAgg(figura)
    assi = figura.add_axes((0, 0, 1, 1), xlim=(0, LARGHEZZA), ylim=(altezza, 0))
    assi.set_axis_off()
    righe = [cima + passo * (posto + 0.5) for posto in range(len(nomi))]
    foglio = Foglio(figura, assi, righe, BORDO + testata / 2, cima, fondo)
    for y, etichetta, minore in zip(righe, etichette, sotto, strict=True):
        prima = y - INTERLINEA * len(etichetta) / 2
        for posto, riga in enumerate(etichetta):
            _scrivi(foglio, BORDO, prima + INTERLINEA * posto, riga, ha="left")
        dopo = prima + INTERLINEA * len(etichetta)
        minore = _righe_del_nome(_stampabile(minore), colonna - BORDO)[0]
        _scrivi(foglio, BORDO, dopo, minore, CORPO_MINORE, color=GRIGIO, ha="left")
    return foglio


def _scrivi(
    foglio: Foglio, x: float, y: float, testo: str, corpo: float = CORPO, **aspetto: Any
) -> None:
    """A line of text across `y`, on white, so that the lines that guide the eye do not cross it."""
    foglio.assi.text(
        x,
        y + MEZZA_MAIUSCOLA,
        testo,
        **{
            "fontproperties": FontProperties(fname=CARATTERE, size=corpo),
            "parse_math": False,
            "color": INCHIOSTRO,
            "bbox": {"facecolor": CARTA, "edgecolor": "none", "pad": 0.5},
            **aspetto,
        },
    )


def _righe_del_nome(nome: str, larghezza: float) -> list[str]:
    """A name on one line or two no wider than `larghezza`; what is left over is cut with an ellipsis."""
    if _larghezza(nome) <= larghezza:
        return [nome]
    # from short lines to long: the first that do are as even as they can be
    for caratteri in range(len(nome) // 2, LINEA_PIU_LUNGA):
        righe = textwrap.wrap(nome, caratteri, break_long_words=False)
        if len(righe) == 2 and _entra(righe, larghezza):
            return righe
    for caratteri in range(LINEA_PIU_LUNGA, 0, -1):
        righe = textwrap.wrap(nome, caratteri)
        if len(righe) > 2:
            righe = [righe[0], f"{righe[1].rstrip(' ,;:.–-')}…"]
        if _entra(righe, larghezza):
            break
    return righe


def _entra(righe: list[str], larghezza: float) -> bool:
    return all(_larghezza(riga) <= larghezza for riga in righe)


@cache
def _caratteri() -> frozenset[int]:
    """The code points that the font can draw."""
    return frozenset(get_font(CARATTERE).get_charmap())


@cache
def _avanzo(carattere: str) -> float:
    """How wide a character is, in centimetres, at CORPO."""
    font = get_font(CARATTERE)
    font.set_size(CORPO, 72)
    segno = font.load_char(ord(carattere), LoadFlags.NO_HINTING)
    return segno.linearHoriAdvance / 65536 / 72 * POLLICE  # FreeType counts in 65536ths of a point


def _larghezza(testo: str) -> float:
    return sum(map(_avanzo, testo))


def _stampabile(nome: str) -> str:
    """A name on one line, with a white square for what the font cannot draw."""
    piano = unicodedata.normalize("NFC", " ".join(nome.split()))
    return "".join(c if ord(c) in _caratteri() else "□" for c in piano)


# ------------------------------------------------------------------------------------------- marks


def _x(valore: Decimal | int, da: float, a: float, massimo: int = 100) -> float:
    """Where a value of 0..`massimo` falls between two places."""
    return da + (a - da) * float(valore) / (massimo or 1)


def _barra(foglio: Foglio, y: float, da: float, a: float, aspetto: dict[str, Any]) -> None:
    foglio.assi.add_patch(Rectangle((da, y - SPESSORE / 2), a - da, SPESSORE, **aspetto))


def _base(foglio: Foglio, x: float) -> None:
    """The line that bars start from: a bar of nothing is seen to be there."""
    foglio.assi.vlines(x, foglio.cima, foglio.fondo, color=GRIGIO, linewidth=0.8, zorder=0)


def _scala(foglio: Foglio, da: float, a: float) -> None:
    """The lines of 0, 25, 50, 75 and 100, with their numbers below the rows."""
    for valore in (0, 25, 50, 75, 100):
        x = _x(valore, da, a)
        foglio.assi.vlines(x, foglio.cima, foglio.fondo, color=FILO, linewidth=0.8, zorder=0)
        testo = con_segno("100") if valore == 100 else str(valore)
        y = foglio.fondo + SCALA / 2
        _scrivi(foglio, x, y, testo, CORPO_MINORE, color=GRIGIO, ha="center")
    _base(foglio, da)


def _segni(
    foglio: Foglio,
    parola: str,
    gradi: Sequence[Decimal | None],
    posti: tuple[float, float],
    colonna: float,
    segno: dict[str, Any],
) -> None:
    """A mark for each grado between two `posti`, and the figures in a column headed by the mark."""
    chiave = colonna - _larghezza(parola) - 0.25
    foglio.assi.plot([chiave], [foglio.testata], linestyle="none", **segno)
    _scrivi(foglio, colonna, foglio.testata, parola, CORPO_MINORE, ha="right")
    for y, grado in zip(foglio.righe, gradi, strict=True):
        if grado is None:
            _scrivi(foglio, colonna, y, f"non {parola}", color=GRIGIO, ha="right")
        else:
            foglio.assi.plot([_x(grado, *posti)], [y], linestyle="none", **segno)
            _scrivi(foglio, colonna, y, _grado(grado), ha="right")


def _basi(foglio: Foglio, basi: Sequence[tuple[int, int]], da: float, a: float) -> None:
    """How many indicatori are measured, out of all: a bar in its frame, and the figures under it."""
    _scrivi(foglio, da, foglio.testata, "indicatori", CORPO_MINORE, ha="left")
    for y, (misurati, tutti) in zip(foglio.righe, basi, strict=True):
        cima = y - MEZZA_MAIUSCOLA * 1.6
        _barra(foglio, cima, da, a, CORNICE)
        _barra(foglio, cima, da, _x(misurati, da, a, tutti), PIENA)
        _scrivi(foglio, da, y + INTERLINEA / 2 + 0.1, f"{misurati} su {tutti}", CORPO_MINORE)
