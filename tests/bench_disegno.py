"""What the benches measured, drawn: cost against size, both in powers of ten, as an SVG.

On such scales a cost in proportion to the size is a straight line, and a ratio the same distance
everywhere. Each line has its name at its end, as a legend would have to be looked up.
"""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from pathlib import Path
from xml.sax.saxutils import escape

Punti = Sequence[tuple[float, float]]
"""Size and cost, in growing order."""

LARGO, ALTO = 760, 420
SINISTRA, DESTRA, SOPRA, SOTTO = 70, 190, 50, 60
COLORI = ("#1F3864", "#C55A11", "#2E8B57", "#7F7F7F", "#8064A2")
RIGA = 16
"""Between the names of two lines that end near each other."""


def disegna(percorso: Path, titolo: str, orizzontale: str, serie: Mapping[str, Punti]) -> None:
    """Draw some lines, each by its name, in seconds of the processor. `orizzontale` says what the size
    is of."""
    misure = [x for punti in serie.values() for x, _ in punti]
    costi = [y for punti in serie.values() for _, y in punti]
    sulle_x, sulle_y = _decadi(misure), _decadi(costi)

    def posto(x: float, y: float) -> tuple[float, float]:
        largo, alto = LARGO - SINISTRA - DESTRA, ALTO - SOPRA - SOTTO
        return (
            SINISTRA + largo * _parte(x, sulle_x),
            ALTO - SOTTO - alto * _parte(y, sulle_y),
        )

    parti = [_testo(SINISTRA, 26, titolo, "start", 16, "bold")]
    for esponente in range(sulle_x[0], sulle_x[1] + 1):
        x, y = posto(10**esponente, 10 ** sulle_y[0])
        parti += [_tratto(x, SOPRA, x, y), _testo(x, y + 20, _numero(esponente), "middle")]
    for esponente in range(sulle_y[0], sulle_y[1] + 1):
        x, y = posto(10 ** sulle_x[0], 10**esponente)
        parti += [_tratto(x, y, LARGO - DESTRA, y), _testo(x - 8, y + 4, _numero(esponente), "end")]
    parti.append(_testo((SINISTRA + LARGO - DESTRA) / 2, ALTO - 16, orizzontale, "middle"))
    parti.append(_testo(SINISTRA, SOPRA - 8, "secondi di processore", "start"))
    parti += _linee({nome: [posto(x, y) for x, y in punti] for nome, punti in serie.items()})
    detto = f"{titolo}: " + "; ".join(f"{nome} {_detti(punti)}" for nome, punti in serie.items())
    percorso.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LARGO} {ALTO}" role="img" '
        f'font-family="Arial, sans-serif" font-size="12"><title>{escape(titolo)}</title>'
        f"<desc>{escape(detto)}</desc>"
        f'<rect width="{LARGO}" height="{ALTO}" fill="#FFFFFF"/>' + "".join(parti) + "</svg>\n",
        encoding="utf-8",
    )


def _decadi(valori: Sequence[float]) -> tuple[int, int]:
    return floor(log10(min(valori))), ceil(log10(max(valori)))


def _parte(valore: float, decadi: tuple[int, int]) -> float:
    return (log10(valore) - decadi[0]) / max(1, decadi[1] - decadi[0])


def _numero(esponente: int) -> str:
    return f"{10**esponente:,}".replace(",", ".") if esponente >= 0 else f"0,{'0' * (-esponente - 1)}1"


def _detti(punti: Punti) -> str:
    return ", ".join(f"{y:.3g} s a {x:g}".replace(".", ",") for x, y in punti)


def _linee(serie: Mapping[str, Sequence[tuple[float, float]]]) -> list[str]:
    parti, presi = [], []
    for colore, (nome, punti) in zip(
        COLORI, sorted(serie.items(), key=lambda s: s[1][-1][1]), strict=False
    ):
        tracciato = " ".join(f"{x:.1f},{y:.1f}" for x, y in punti)
        parti.append(f'<polyline points="{tracciato}" fill="none" stroke="{colore}" stroke-width="2"/>')
        parti += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colore}"/>' for x, y in punti]
        x, y = punti[-1]
        y = max(y, presi[-1] + RIGA) if presi else y
        presi.append(y)
        parti.append(_testo(x + 8, y + 4, nome, "start", 12, "bold", colore))
    return parti


def _tratto(x: float, y: float, x2: float, y2: float) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#D9D9D9"/>'


def _testo(
    x: float,
    y: float,
    testo: str,
    dove: str,
    corpo: int = 12,
    peso: str = "normal",
    colore: str = "#404040",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{dove}" font-size="{corpo}" font-weight="{peso}" '
        f'fill="{colore}">{escape(testo)}</text>'
    )
