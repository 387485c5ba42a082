"""The charts of the relazione, as PNG. Same figures, same bytes."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

from pipeline.numeri import percentuale

BLU, GRIGIO = "#1F3864", "#D9D9D9"


def barre(nomi: Sequence[str], gradi: Sequence[Decimal | None]) -> bytes:
    """Horizontal bars of percentages 0..100, the value written at each bar; a missing one says so."""
    # imported here: it is the slowest library, and only this function needs it
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figura = Figure(figsize=(6.6, 0.6 + 0.36 * len(nomi)), dpi=200, layout="constrained")
    FigureCanvasAgg(figura)
    assi = figura.add_subplot()
    posti = range(len(nomi))
    assi.barh(posti, [100] * len(nomi), color=GRIGIO, height=0.56)
    assi.barh(posti, [float(grado or 0) for grado in gradi], color=BLU, height=0.56)
    for posto, grado in zip(posti, gradi, strict=True):
        assi.text(102, posto, percentuale(grado) or "non calcolabile", va="center", fontsize=8)
    assi.set_yticks(list(posti), [_breve(nome) for nome in nomi], fontsize=8)
    assi.invert_yaxis()
    assi.set_xlim(0, 118)
    assi.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100 %"], fontsize=7)
    assi.tick_params(length=0)
    for lato in ("top", "right", "left", "bottom"):
        assi.spines[lato].set_visible(False)
    immagine = BytesIO()
    figura.savefig(immagine, format="png", metadata={"Software": None})
    return immagine.getvalue()


def _breve(nome: str, massimo: int = 38) -> str:
    return nome if len(nome) <= massimo else nome[: massimo - 1] + "…"
