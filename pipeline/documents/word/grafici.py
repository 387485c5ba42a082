"""The charts of the relazione, each with its alternative text. Same figures, same bytes.

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

from pipeline.numeri import con_segno, percentuale

T = TypeVar("T")
P = ParamSpec("P")

LARGHEZZA = 16.5
"""How wide a chart goes on the page, in centimetres: at this width its texts have their true size."""
RIGHE_PER_PAGINA = 20
"""How many rows a chart holds before it would not fit the page."""

BLU, ARANCIO, INCHIOSTRO, GRIGIO, CARTA = "#1F3864", "#B8500A", "#262626", "#666666", "#FFFFFF"
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
BORDO, STACCO, SPESSORE, TESTATA, SCALA = 0.15, 0.12, 0.4, 0.6, 0.55
"""In centimetres: the white around, between a mark and its figure; the thickness of a bar; the height of
the line of headings above the rows, and of the scale below them."""

PIENA = {"facecolor": BLU, "edgecolor": BLU, "linewidth": 0.8}
RIGATA = {"facecolor": CARTA, "edgecolor": BLU, "linewidth": 0.8, "hatch": "//////"}
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
def barre(nomi: Sequence[str], gradi: Sequence[Decimal | None], per: str) -> Grafico:
    """Bars of the gradi, 0..100; None is said, not drawn. `per` is what the names are: "settore".

    This chart and the others take from one to RIGHE_PER_PAGINA names.
    """
    with _stile():
        foglio = _foglio(nomi, 6.0, scala=SCALA)
        _pannello_gradi(foglio, gradi, 6.2, 14.7)
    return Grafico(
        foglio.figura,
        _a_parole(f"Grafico a barre del grado di raggiungimento per {per}", nomi, map(_grado, gradi)),
    )


@_una_volta
def dichiarato_misurato(
    nomi: Sequence[str],
    dichiarati: Sequence[Decimal | None],
    misurati: Sequence[Decimal | None],
) -> Grafico:
    """The grado each settore declares and the one its indicatori measure, 0..100, marked on one line."""
    da, a = 5.6, 11.3
    coppie = list(zip(dichiarati, misurati, strict=True))
    with _stile():
        foglio = _foglio(nomi, 5.2, testata=TESTATA, scala=SCALA)
        _scala(foglio, da, a)
        for y, (dichiarato, misurato) in zip(foglio.righe, coppie, strict=True):
            if dichiarato is not None and misurato is not None:
                estremi = [_x(dichiarato, da, a), _x(misurato, da, a)]
                foglio.assi.plot(estremi, [y, y], color=GRIGIO, linewidth=1.2)
        _segni(foglio, "misurato", misurati, (da, a), 16.35, ROMBO)
        _segni(foglio, "dichiarato", dichiarati, (da, a), 14.0, CERCHIO)
    detti = [f"{_detto('dichiarato', d)}, {_detto('misurato', m)}" for d, m in coppie]
    return Grafico(
        foglio.figura,
        _a_parole("Grafico a punti del grado dichiarato e di quello misurato", nomi, detti),
    )


@_una_volta
def fasce(nomi: Sequence[str], conti: Sequence[int]) -> Grafico:
    """Bars of how many voci each fascia has, with their share of all."""
    da, a = 6.2, 13.2
    totale = sum(conti)
    scritte = [
        f"{conto} ({_grado(Decimal(conto) * 100 / totale)})" if totale else str(conto) for conto in conti
    ]
    with _stile():
        foglio = _foglio(nomi, 6.0)
        _base(foglio, da)
        for y, conto, scritta in zip(foglio.righe, conti, scritte, strict=True):
            fine = _x(conto, da, a, max(conti))
            _barra(foglio, y, da, fine, PIENA)
            _scrivi(foglio, fine + STACCO, y, scritta)
    return Grafico(
        foglio.figura, _a_parole("Grafico a barre delle voci per fascia di risultato", nomi, scritte)
    )


@_una_volta
def missioni(
    nomi: Sequence[str],
    valutati: Sequence[int],
    esclusi: Sequence[int],
    gradi: Sequence[Decimal | None],
) -> Grafico:
    """How many obiettivi each missione has, the esclusi hatched, and beside them the grado, 0..100."""
    da, a = 5.4, 8.2
    conti = list(zip(valutati, esclusi, strict=True))
    massimo = max(sum(conto) for conto in conti)
    with _stile():
        foglio = _foglio(nomi, 5.2, testata=TESTATA, scala=SCALA)
        _base(foglio, da)
        for y, (dentro, fuori) in zip(foglio.righe, conti, strict=True):
            mezzo, fine = _x(dentro, da, a, massimo), _x(dentro + fuori, da, a, massimo)
            _barra(foglio, y, mezzo, fine, RIGATA)
            _barra(foglio, y, da, mezzo, PIENA)
            _scrivi(foglio, fine + STACCO, y, f"{dentro} + {fuori}" if fuori else str(dentro))
        _chiave(foglio, da, "obiettivi valutati", PIENA)
        _chiave(foglio, da + 3.5, "esclusi", RIGATA)
        _scrivi(foglio, 11.1, foglio.testata, "grado", CORPO_MINORE)
        _pannello_gradi(foglio, gradi, 11.1, 14.7)
    detti = [
        f"obiettivi valutati {dentro}, esclusi {fuori}, grado {_grado(grado)}"
        for (dentro, fuori), grado in zip(conti, gradi, strict=True)
    ]
    return Grafico(
        foglio.figura, _a_parole("Grafico a barre degli obiettivi e del grado per missione", nomi, detti)
    )


# ------------------------------------------------------------------------------------------- words


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


def _foglio(nomi: Sequence[str], colonna: float, testata: float = 0, scala: float = 0) -> Foglio:
    """A sheet as high as its rows ask, the names written up to `colonna`, on two lines if need be."""
    etichette = [_righe_del_nome(_stampabile(nome), colonna - BORDO) for nome in nomi]
    passo = 0.9 if any(len(etichetta) > 1 for etichetta in etichette) else 0.65
    cima = BORDO + testata
    fondo = cima + passo * len(nomi)
    altezza = fondo + scala + BORDO
    figura = Figure(figsize=(LARGHEZZA / POLLICE, altezza / POLLICE), dpi=200)
    FigureCanvasAgg(figura)
    assi = figura.add_axes((0, 0, 1, 1), xlim=(0, LARGHEZZA), ylim=(altezza, 0))
    assi.set_axis_off()
    righe = [cima + passo * (posto + 0.5) for posto in range(len(nomi))]
    foglio = Foglio(figura, assi, righe, BORDO + testata / 2, cima, fondo)
    for y, etichetta in zip(righe, etichette, strict=True):
        prima = y - INTERLINEA * (len(etichetta) - 1) / 2
        for posto, riga in enumerate(etichetta):
            _scrivi(foglio, colonna, prima + INTERLINEA * posto, riga, ha="right")
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


def _pannello_gradi(foglio: Foglio, gradi: Sequence[Decimal | None], da: float, a: float) -> None:
    """Bars of 0..100 with their scale; in place of the bar that there is not, why."""
    _scala(foglio, da, a)
    for y, grado in zip(foglio.righe, gradi, strict=True):
        if grado is None:
            _scrivi(foglio, da + STACCO, y, _grado(grado), color=GRIGIO)
        else:
            _barra(foglio, y, da, _x(grado, da, a), PIENA)
            _scrivi(foglio, _x(grado, da, a) + STACCO, y, _grado(grado))


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


def _chiave(foglio: Foglio, x: float, parola: str, aspetto: dict[str, Any]) -> None:
    """What a bar of this look is."""
    _barra(foglio, foglio.testata, x, x + SPESSORE, aspetto)
    _scrivi(foglio, x + SPESSORE + STACCO, foglio.testata, parola, CORPO_MINORE)
