"""The look of the workbooks we write: colours, and the formats of the cells by name."""

from collections.abc import Mapping
from typing import Any

Stili = Mapping[str, Mapping[str, Any]]
"""Formats of cells by their name, as xlsxwriter wants them."""

BLU, CHIARO, GRIGIO = "#1F3864", "#DCE6F1", "#F2F2F2"
INPUT, NUCLEO = "#FFF9E5", "#E8F3E4"
"""What the responsabili and the Nucleo fill in."""
_LEGAME = {"font_color": "#0563C1", "underline": 1}
_AL_CENTRO = {"align": "center"}


def _stili(base: Mapping[str, Any], stili: Stili) -> Stili:
    return {
        nome: {"font_name": "Arial", "font_size": 10, "valign": "top", **base, **stile}
        for nome, stile in stili.items()
    }


_A_SINISTRA, _A_DESTRA = {"align": "left"}, {"align": "right", "indent": 1}
_RIGA = {"bottom": 1, "bottom_color": "#BFC5CA"}
_SOTTO = {"bottom": 2, "bottom_color": BLU}
"""Rules under a row and under a heading, and no box."""
_BORDO = {"border": 1, "border_color": "#BFBFBF"}
_CIFRA = {**_AL_CENTRO, **_BORDO}
_TOTALE = {"bold": True, "bg_color": CHIARO, **_BORDO}

DOCUMENTI = _stili(
    {},
    {
        "titolo": {"bold": True, "font_size": 16, "font_color": BLU},
        "sottotitolo": {"font_size": 11, "font_color": "#595959"},
        "bozza": {"bold": True, "font_size": 14, "font_color": "#C00000"},
        "prosa": {"text_wrap": True},
        "link": _LEGAME,
        "sopra": {"font_size": 9, "font_color": "#595959", "italic": True, **_AL_CENTRO},
        "sezione": {"bold": True, "font_size": 12, "font_color": BLU, "valign": "bottom", **_SOTTO},
        "cifra": {"bold": True, "font_size": 22, "font_color": BLU, "num_format": "0.00", **_A_SINISTRA},
        "cifra_intera": {"bold": True, "font_size": 22, "font_color": BLU, **_A_SINISTRA},
        "nota": {"font_size": 9, "font_color": "#595959", "text_wrap": True},
        "testa": {"bold": True, "font_size": 9, "font_color": BLU, "text_wrap": True, **_RIGA},
        "testa_cifra": {"bold": True, "font_size": 9, "font_color": BLU, **_A_DESTRA, **_RIGA},
        "voce": {"bold": True, "text_wrap": True, **_RIGA},
        "rigo": {"text_wrap": True, **_RIGA},
        "rigo_centro": {**_AL_CENTRO, **_RIGA},
        "rigo_link": {**_LEGAME, "text_wrap": True, **_RIGA},
        "rigo_grado": {"num_format": "0.00", **_A_DESTRA, **_RIGA},
        "rigo_grado_forte": {"bold": True, "num_format": "0.00", **_A_DESTRA, **_RIGA},
        "rigo_scarto": {"num_format": "+0.00;-0.00;0.00", **_A_DESTRA, **_RIGA},
        "rigo_conto": {"bold": True, "num_format": "0", **_A_DESTRA, **_RIGA},
        "rigo_destra": {**_A_DESTRA, **_RIGA},
        "posto": {**_LEGAME, "text_wrap": True, **_BORDO},
        "intestazione": {
            "bold": True,
            "font_color": "#FFFFFF",
            "bg_color": BLU,
            "text_wrap": True,
            "valign": "vcenter",
            **_BORDO,
        },
        "etichetta": {"bold": True, "bg_color": GRIGIO, "text_wrap": True, **_BORDO},
        "testo": {"text_wrap": True, "num_format": "@", **_BORDO},
        "intero": {"num_format": "0", **_CIFRA},
        "numero": {"num_format": "General", **_CIFRA},
        "quota": {"num_format": "0.0000", **_CIFRA},
        "grado": {"num_format": "0.00", **_CIFRA},
        "importo": {"num_format": "#,##0.00", **_BORDO},
        "scarto": {"num_format": "+0.00;-0.00;0.00", **_CIFRA},
        "fuori_tolleranza": {"bg_color": "#FCE4D6", "font_color": "#9C0006", "bold": True},
        "totale": {"text_wrap": True, **_TOTALE},
        "totale_grado": {"num_format": "0.00", **_AL_CENTRO, **_TOTALE},
    },
)
"""Of the workbooks that come out: the consolidato, the checks."""

_RIQUADRO = {"border": 1, "border_color": "#A6A6A6"}
_CASELLA = {"bg_color": INPUT, "locked": False, **_RIQUADRO}
_DEL_NUCLEO = {"bg_color": NUCLEO, "locked": False, **_RIQUADRO}
_COMPARSA = {"bg_color": GRIGIO, **_RIQUADRO}
_CALCOLO = {**_COMPARSA, **_AL_CENTRO}
_FASCIA = {"bold": True, "font_color": "#FFFFFF", "bg_color": BLU, "valign": "vcenter"}

MODULI = _stili(
    {"text_wrap": True},
    {
        "titolo": {"bold": True, "font_size": 14, "font_color": BLU, "text_wrap": False},
        "fascia": {"text_wrap": False, **_FASCIA},
        "fascia_libera": {"locked": False, **_FASCIA},
        "intestazione": {"bold": True, "bg_color": CHIARO, "valign": "vcenter", **_RIQUADRO},
        "etichetta": {"bold": True, "bg_color": GRIGIO, **_RIQUADRO},
        "fisso": {"bg_color": GRIGIO, **_RIQUADRO},
        "testo_forte": {
            "bold": True,
            "valign": "vcenter",
            "text_wrap": False,
            "bg_color": CHIARO,
            "locked": False,
            "num_format": "@",
        },
        "testo": {"num_format": "@", **_CASELLA},
        "casella_forte": {"bold": True, "valign": "vcenter", "num_format": "@", **_CASELLA},
        "numero": {**_AL_CENTRO, **_CASELLA},
        "grado": {"num_format": "0.00", **_AL_CENTRO, **_CASELLA},
        "importo": {"num_format": "#,##0.00", **_CASELLA},
        "testo_nucleo": {"num_format": "@", **_DEL_NUCLEO},
        "numero_nucleo": {**_AL_CENTRO, **_DEL_NUCLEO},
        "grado_nucleo": {"num_format": "0.00", **_AL_CENTRO, **_DEL_NUCLEO},
        "segno_nucleo": {"num_format": "@", **_AL_CENTRO, **_DEL_NUCLEO},
        "segno": {"num_format": "@", **_AL_CENTRO, **_CASELLA},
        "testo_bloccato": {"num_format": "@", **_RIQUADRO},
        "numero_bloccato": {**_AL_CENTRO, **_RIQUADRO},
        "grado_bloccato": {"num_format": "0.00", **_AL_CENTRO, **_RIQUADRO},
        "segno_bloccato": {"num_format": "@", **_AL_CENTRO, **_RIQUADRO},
        "calcolo": {"num_format": "0.00", **_CALCOLO},
        "conteggio": {"num_format": "0", **_CALCOLO},
        "calcolo_a_comparsa": {"num_format": "0.00", **_AL_CENTRO},
        "comparsa": _COMPARSA,
        "totale": {
            "bold": True,
            "font_size": 12,
            "bg_color": CHIARO,
            "num_format": "0.00",
            **_AL_CENTRO,
            **_RIQUADRO,
        },
        "prosa": {},
        "prosa_corta": {"text_wrap": False},
        "nota": {"text_wrap": False, "font_size": 9, "font_color": "#595959", "align": "right"},
        "link": {"text_wrap": False, **_LEGAME},
    },
)
"""Of the workbooks to be filled in, the sheets of which are locked: only some cells are not. A grado has
a format of its own: in a cell without any a spreadsheet takes 70% for 0,7 and shows it as 70%."""
BLOCCATI = {nome: f"{nome}_bloccato" for nome in ("testo", "numero", "grado", "segno")}
"""Cell to fill in -> the same in a sheet that is not to be filled in."""
