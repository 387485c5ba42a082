"""The chart of the relazione, with its alternative text. Same figures, same bytes.

A chart is laid out as a table is, on a sheet measured in centimetres: a row for each name, with its
marks and its figures in writing. What a colour says, a shape or a word says too.
"""

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, TypeVar

from pipeline.documents.word import disegni
from pipeline.documents.word.disegni import Cerchio, Disegno, Scritta, Segno, Tracciato
from pipeline.numeri import con_segno, percentuale

T = TypeVar("T")
Lato = Literal["start", "middle", "end"]

LARGHEZZA = 17.0
"""How wide a chart goes on the page, in centimetres: at this width its texts have their true size."""
RIGHE_PER_PAGINA = 16
"""How many rows a chart holds before it would not fit the page."""
SI_VEDE = 2
"""From how many points apart the two marks of a row are seen one beside the other."""

BLU, ARANCIO, INCHIOSTRO, GRIGIO, CARTA = "#17456B", "#B8500A", "#1A1A1A", "#595959", "#FFFFFF"
FILO = "#D9D9D9"
"""The lines that only guide the eye: nothing is lost where they do not show."""
CORPO, CORPO_MINORE = 9.0, 8.0
"""Sizes of the texts, in points: names and figures; scales and legends."""
LINEA_PIU_LUNGA = 60
"""Characters that no line of names holds."""
INTERLINEA, MEZZA_MAIUSCOLA = 0.36, 0.11
"""In centimetres: from a line of a name to the next; from the baseline to the middle of a capital."""
BORDO, SPESSORE, TESTATA, SCALA = 0.15, 0.2, 0.6, 0.55
"""In centimetres: the white around; the thickness of a bar; the height of the line of headings above the
rows, and of the scale below them."""
CERCHIO, ROMBO = 0.09, 0.19
"""From the middle of a mark to its edge, in centimetres: the circle fits inside the diamond, so that
where the two gradi are the same both are seen."""
SOTTILE, MEDIO, GROSSO = 0.8, 1.2, 1.4
"""Thickness of the lines, in points."""

NOMI, DA, A, DICHIARATI, MISURATI, BASI, FINE = 5.0, 5.3, 10.0, 12.3, 14.4, 14.9, 16.8
"""Where the columns are, in centimetres: the right end of the names, the scale from 0 to 100, the right
end of the two columns of figures, the bars of the indicatori."""


class Confrontato(NamedTuple):
    """A settore: `quanti` says over how many obiettivi its gradi, 0..100, are means; of all its
    `indicatori` so many are `misurati`."""

    nome: str
    quanti: str
    dichiarato: Decimal | None
    misurato: Decimal | None
    misurati: int
    indicatori: int


@dataclass(frozen=True)
class Grafico:
    """A chart, drawn and said in words."""

    disegno: Disegno
    alternativo: str

    @cached_property
    def png(self) -> bytes:
        return disegni.png(self.disegno)

    @cached_property
    def svg(self) -> bytes:
        return disegni.svg(self.disegno)


def riquadri(righe: Sequence[T]) -> list[Sequence[T]]:
    """Rows divided as charts can hold them."""
    return [righe[da : da + RIGHE_PER_PAGINA] for da in range(0, len(righe), RIGHE_PER_PAGINA)]


def si_vede(righe: Sequence[Confrontato]) -> bool:
    """Whether a chart would show what a table does not: two settori, one of them with the two gradi far
    enough for the eye."""
    return len(righe) > 1 and any(
        abs(riga.dichiarato - riga.misurato) >= SI_VEDE
        for riga in righe
        if riga.dichiarato is not None and riga.misurato is not None
    )


# more than one relazione has: it is written again to count its pages, and for each edition
@lru_cache(maxsize=16)
def dichiarato_misurato(messaggio: str, righe: tuple[Confrontato, ...]) -> Grafico:
    """The grado each settore declares and the one its indicatori measure, on one line; at the end how
    many indicatori are measured. `messaggio` is what they show, for the alternative text.

    It takes from one to RIGHE_PER_PAGINA rows.
    """
    etichette = [_righe_del_nome(_stampabile(riga.nome), NOMI - BORDO) for riga in righe]
    passo = 1.2 if any(len(etichetta) > 1 for etichetta in etichette) else 0.9
    cima = BORDO + TESTATA
    fondo = cima + passo * len(righe)
    segni = [*_legenda(BORDO + TESTATA / 2), *_scala(cima, fondo)]
    for posto, (riga, etichetta) in enumerate(zip(righe, etichette, strict=True)):
        y = cima + passo * (posto + 0.5)
        segni += [*_nome(y, etichetta, riga.quanti), *_gradi(y, riga), *_base(y, riga)]
    disegno = Disegno(LARGHEZZA, fondo + SCALA + BORDO, segni)
    return Grafico(disegno, _a_parole(messaggio, righe))


# ------------------------------------------------------------------------------------------- words


def _a_parole(messaggio: str, righe: Sequence[Confrontato]) -> str:
    voci = [
        f"{' '.join(riga.nome.split())}: {_detto('dichiarato', riga.dichiarato)}, "
        f"{_detto('misurato', riga.misurato)}, indicatori misurati {riga.misurati} su {riga.indicatori}"
        for riga in righe
    ]
    return f"{messaggio}. Grafico a punti del grado dichiarato e di quello misurato. {'; '.join(voci)}."


def _detto(parola: str, grado: Decimal | None) -> str:
    return f"non {parola}" if grado is None else f"{parola} {_grado(grado)}"


def _grado(grado: Decimal) -> str:
    return con_segno(percentuale(grado))


# ------------------------------------------------------------------------------------------- marks


def _scritta(
    x: float,
    y: float,
    testo: str,
    lato: Lato = "start",
    corpo: float = CORPO,
    colore: str = INCHIOSTRO,
) -> Scritta:
    """A line of text whose capitals have their middle at `y`."""
    return Scritta(x, y + MEZZA_MAIUSCOLA, testo, corpo, colore, lato)


def _linea(*punti: tuple[float, float], colore: str = GRIGIO, spessore: float = SOTTILE) -> Tracciato:
    return Tracciato(punti, colore, spessore)


def _x(valore: Decimal | int, da: float = DA, a: float = A, massimo: int = 100) -> float:
    """Where a value of 0..`massimo` falls between two places."""
    return da + (a - da) * float(valore) / (massimo or 1)


def _rettangolo(y: float, da: float, a: float, dentro: str) -> Tracciato:
    su, giu = y - SPESSORE / 2, y + SPESSORE / 2
    return Tracciato(((da, su), (a, su), (a, giu), (da, giu)), BLU, SOTTILE, dentro)


def _cerchio(x: float, y: float) -> Cerchio:
    return Cerchio(x, y, CERCHIO, BLU)


def _rombo(x: float, y: float) -> Tracciato:
    punti = ((x, y - ROMBO), (x + ROMBO, y), (x, y + ROMBO), (x - ROMBO, y))
    return Tracciato(punti, ARANCIO, GROSSO, CARTA)


# -------------------------------------------------------------------------------------------- rows


def _legenda(y: float) -> list[Segno]:
    """What heads the columns: each word of a grado after its mark."""
    segni: list[Segno] = [_scritta(BASI, y, "indicatori", corpo=CORPO_MINORE)]
    for parola, colonna, segno in (
        ("dichiarato", DICHIARATI, _cerchio),
        ("misurato", MISURATI, _rombo),
    ):
        chiave = colonna - disegni.larghezza(parola, CORPO_MINORE) - 0.3
        segni += [segno(chiave, y), _scritta(colonna, y, parola, "end", CORPO_MINORE)]
    return segni


def _scala(cima: float, fondo: float) -> list[Segno]:
    """The lines of 0, 25, 50, 75 and 100, with their numbers below the rows."""
    segni: list[Segno] = []
    for valore in (0, 25, 50, 75, 100):
        x = _x(valore)
        testo = con_segno("100") if valore == 100 else str(valore)
        segni += [
            _linea((x, cima), (x, fondo), colore=FILO if valore else GRIGIO),
            _scritta(x, fondo + SCALA / 2, testo, "middle", CORPO_MINORE, GRIGIO),
        ]
    return segni


def _nome(y: float, righe: list[str], quanti: str) -> list[Segno]:
    """A name on one line or two, and under it over how many obiettivi."""
    prima = y - INTERLINEA * len(righe) / 2
    segni: list[Segno] = [
        _scritta(BORDO, prima + INTERLINEA * posto, riga) for posto, riga in enumerate(righe)
    ]
    sotto = _righe_del_nome(_stampabile(quanti), NOMI - BORDO)[0]
    dopo = prima + INTERLINEA * len(righe)
    return [*segni, _scritta(BORDO, dopo, sotto, corpo=CORPO_MINORE, colore=GRIGIO)]


def _gradi(y: float, riga: Confrontato) -> list[Segno]:
    """The two marks and what joins them, with their figures in columns."""
    segni: list[Segno] = []
    if riga.dichiarato is not None and riga.misurato is not None:
        segni.append(_linea((_x(riga.dichiarato), y), (_x(riga.misurato), y), spessore=MEDIO))
    for parola, colonna, grado, segno in (
        ("misurato", MISURATI, riga.misurato, _rombo),
        ("dichiarato", DICHIARATI, riga.dichiarato, _cerchio),
    ):
        if grado is None:
            segni.append(_scritta(colonna, y, f"non {parola}", "end", colore=GRIGIO))
        else:
            segni += [segno(_x(grado), y), _scritta(colonna, y, _grado(grado), "end")]
    return segni


def _base(y: float, riga: Confrontato) -> list[Segno]:
    """How many indicatori are measured, out of all: a bar in its frame, and the figures under it."""
    barra = y - MEZZA_MAIUSCOLA * 1.6
    pieno = _x(riga.misurati, BASI, FINE, riga.indicatori)
    conti = f"{riga.misurati} su {riga.indicatori}"
    return [
        _rettangolo(barra, BASI, FINE, CARTA),
        _rettangolo(barra, BASI, pieno, BLU),
        _scritta(BASI, y + INTERLINEA / 2 + 0.1, conti, corpo=CORPO_MINORE),
    ]


# ------------------------------------------------------------------------------------------- names


def _righe_del_nome(nome: str, larghezza: float) -> list[str]:
    """A name on one line or two no wider than `larghezza`; what is left over is cut with an ellipsis."""
    if _entra([nome], larghezza):
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
    return all(disegni.larghezza(riga, CORPO) <= larghezza for riga in righe)


def _stampabile(nome: str) -> str:
    """A name on one line, with a white square for what cannot be printed."""
    piano = unicodedata.normalize("NFC", " ".join(nome.split()))
    return "".join(c if c.isprintable() else "□" for c in piano)
