"""A drawing: lines, shapes and words placed on a sheet in centimetres, from its top left corner.

It is written twice: as SVG, which stays sharp and whose words are words, and as PNG for what shows no
SVG. Same drawing, same bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import ceil, floor
from pathlib import Path
from typing import Literal

from PIL import Image, ImageColor, ImageDraw, ImageFont

from pipeline.documents.word.in_xml import escape
from pipeline.files import LIVELLO

CARATTERE = Path(__file__).with_name("LiberationSans-Regular.ttf")
"""As wide as Arial, letter by letter, and with every computer that has this program: its licence is in
LiberationSans-LICENZA.txt."""
FAMIGLIA = "Arial, 'Liberation Sans', sans-serif"
PUNTO = 2.54 / 72
"""A point, in centimetres."""
PUNTI_PER_POLLICE, FINEZZA = 200, 2
"""Dots per inch of the PNG, and how many times finer its shapes are drawn: they come without halftones,
which letters have of their own."""
PIENO = 255
"""What a dot of a shape is, before it has a colour."""
TINTE, DISTANZA = 8, 20
"""How many tints of each colour, for the edges, and how far from one to the next, of 255: nearer, Pillow
would take the lightest for white."""
CAMPIONE = 1000
"""The size at which widths are measured, large enough for the dots not to matter."""

Punto = tuple[float, float]


@dataclass(frozen=True)
class Scritta:
    """A line of text: `x` is where it begins, has its middle or ends, `y` its baseline, `corpo` its size
    in points."""

    x: float
    y: float
    testo: str
    corpo: float
    colore: str
    lato: Literal["start", "middle", "end"] = "start"


@dataclass(frozen=True)
class Tracciato:
    """A line from point to point, or, with a colour inside, a closed shape. `spessore` is in points."""

    punti: tuple[Punto, ...]
    bordo: str
    spessore: float
    dentro: str = ""


@dataclass(frozen=True)
class Cerchio:
    """A full circle."""

    x: float
    y: float
    raggio: float
    colore: str


Segno = Scritta | Tracciato | Cerchio


@dataclass(frozen=True)
class Disegno:
    """A sheet and what is on it, the first below the others."""

    larghezza: float
    altezza: float
    segni: Sequence[Segno]


def larghezza(testo: str, corpo: float) -> float:
    """How wide a line of text is, in centimetres."""
    return _carattere(CAMPIONE).getlength(testo) / CAMPIONE * corpo * PUNTO


@cache
def _carattere(punti: float) -> ImageFont.FreeTypeFont:
    # the simple layout: the other is there on some computers only
    return ImageFont.truetype(CARATTERE, punti, layout_engine=ImageFont.Layout.BASIC)


# --------------------------------------------------------------------------------------------- lines


def svg(disegno: Disegno) -> bytes:
    """The drawing as lines and words, measured in points: there are readers that draw no letter smaller
    than one."""
    largo, alto = _in_punti(disegno.larghezza), _in_punti(disegno.altezza)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{largo}pt" height="{alto}pt" '
        f'viewBox="0 0 {largo} {alto}" font-family="{FAMIGLIA}">'
        f"{''.join(map(_in_svg, disegno.segni))}</svg>"
    ).encode()


def _in_punti(*misure: float) -> str:
    return " ".join(f"{misura / PUNTO:.2f}" for misura in misure)


def _in_svg(segno: Segno) -> str:
    if isinstance(segno, Cerchio):
        x, y, raggio = map(_in_punti, (segno.x, segno.y, segno.raggio))
        return f'<circle cx="{x}" cy="{y}" r="{raggio}" fill="{segno.colore}"/>'
    if isinstance(segno, Scritta):
        return (
            f'<text x="{_in_punti(segno.x)}" y="{_in_punti(segno.y)}" font-size="{segno.corpo}" '
            f'fill="{segno.colore}" text-anchor="{segno.lato}">{escape(segno.testo)}</text>'
        )
    tratti = " L ".join(_in_punti(*punto) for punto in segno.punti)
    return (
        f'<path d="M {tratti}{" Z" if segno.dentro else ""}" fill="{segno.dentro or "none"}" '
        f'stroke="{segno.bordo}" stroke-width="{segno.spessore}"/>'
    )


# ---------------------------------------------------------------------------------------------- dots

_ANCORE = {"start": "ls", "middle": "ms", "end": "rs"}


def png(disegno: Disegno) -> bytes:
    """The drawing as dots, on white: its colours and their tints alone take a third of the size."""
    scala = PUNTI_PER_POLLICE / 2.54
    fini = [round(misura * scala * FINEZZA) for misura in (disegno.larghezza, disegno.altezza)]
    foglio = Image.new("RGB", (ceil(fini[0] / FINEZZA), ceil(fini[1] / FINEZZA)), "#FFFFFF")
    matita = ImageDraw.Draw(foglio)
    for segno in disegno.segni:
        _disegna(matita, segno, scala)
    immagine = BytesIO()
    in_tinte = foglio.quantize(palette=_tavolozza(disegno), dither=Image.Dither.NONE)
    risoluzione = (PUNTI_PER_POLLICE, PUNTI_PER_POLLICE)
    in_tinte.save(immagine, format="PNG", dpi=risoluzione, compress_level=LIVELLO)
    return immagine.getvalue()


def _tavolozza(disegno: Disegno) -> Image.Image:
    """White, the colours of a drawing and their tints."""
    colori = {colore for segno in disegno.segni for colore in _colori(segno)}
    tinte = [[255, 255, 255]]
    for colore in sorted(colori):
        parti = ImageColor.getrgb(colore)[:3]
        quante = min(TINTE, max(1, (255 - min(parti)) // DISTANZA))
        tinte += [[round(p + (255 - p) * n / quante) for p in parti] for n in range(quante)]
    tavolozza = Image.new("P", (1, 1))
    tavolozza.putpalette([parte for tinta in tinte for parte in tinta])
    return tavolozza


def _colori(segno: Segno) -> list[str]:
    if isinstance(segno, Tracciato):
        return [segno.bordo, *filter(None, [segno.dentro])]
    return [segno.colore]


def _disegna(matita: ImageDraw.ImageDraw, segno: Segno, scala: float) -> None:
    if isinstance(segno, Cerchio):
        raggio = segno.raggio * scala
        centro = [_punto((segno.x, segno.y), scala)]

        def tondo(penna: ImageDraw.ImageDraw, punti: list[Punto]) -> None:
            penna.circle(punti[0], raggio * FINEZZA, fill=PIENO)

        _stendi(matita, centro, raggio, segno.colore, tondo)
    elif isinstance(segno, Scritta):
        matita.text(
            _punto((segno.x, segno.y), scala),
            segno.testo,
            fill=segno.colore,
            font=_carattere(segno.corpo * PUNTO * scala),
            anchor=_ANCORE[segno.lato],
        )
    else:
        punti = [_punto(punto, scala) for punto in segno.punti]
        if segno.dentro:
            _stendi(matita, punti, 0, segno.dentro, lambda penna, p: penna.polygon(p, fill=PIENO))
            punti = [*punti, *punti[:2]]  # beyond the first corner, which else would be notched
        spessore = round(segno.spessore * PUNTO * scala * FINEZZA)

        def linea(penna: ImageDraw.ImageDraw, punti: list[Punto]) -> None:
            penna.line(punti, fill=PIENO, width=spessore, joint="curve")

        _stendi(matita, punti, spessore, segno.bordo, linea)


def _stendi(
    matita: ImageDraw.ImageDraw,
    punti: list[Punto],
    intorno: float,
    colore: str,
    disegna: Callable[[ImageDraw.ImageDraw, list[Punto]], None],
) -> None:
    """Lay a shape on the sheet: it is drawn finer on a piece of its own, as large as its points and what
    is around them, and reduced to the dots of the sheet."""
    sinistra, cima = (floor(min(lato) - intorno) for lato in zip(*punti, strict=True))
    destra, fondo = (ceil(max(lato) + intorno) + 1 for lato in zip(*punti, strict=True))
    pezzo = Image.new("L", ((destra - sinistra) * FINEZZA, (fondo - cima) * FINEZZA))
    fini = [((x - sinistra) * FINEZZA, (y - cima) * FINEZZA) for x, y in punti]
    disegna(ImageDraw.Draw(pezzo), fini)
    matita.bitmap((sinistra, cima), pezzo.reduce(FINEZZA), fill=colore)


def _punto(punto: Iterable[float], scala: float) -> Punto:
    x, y = (misura * scala for misura in punto)
    return x, y
