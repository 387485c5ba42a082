"""Tables -> gradi: the weighted means of the settori and of the ente (docs/metodo.md).

Pure: no file, no Excel. Means are exact fractions until they leave as unrounded Decimal; rounding
happens once, where a figure is written (`numeri.arrotonda`).
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from pipeline import bilancio
from pipeline.numeri import in_decimale, media, media_pesata
from pipeline.tables import (
    MEDIA_SETTORI,
    NON_CONSUNTIVATO,
    TRASVERSALI,
    VALUTATO,
    Fascia,
    Parametri,
    Riga,
    Tabelle,
    righe,
    schede_coperte,
)


@dataclass(frozen=True)
class Valutazione:
    """The gradi of an ente.

    `voci`: settore, n, coperte (the schede covered), chiave (the same for a trasversale in every
    settore), grado_schede, grado_misurato, grado, origine, peso, conta, motivo, fascia, quota (its
    peso in the mean of the distinct obiettivi) - one row a voce, in the order of the table.
    `settori`: settore, denominazione, peso_media (in the mean of the ente), obiettivi, valutati,
    esclusi, somma_pesi, somma_pesata, grado, fascia - one row a listed settore, as in ente.xlsx.
    `coerenza`: settore, scheda, titolo, grado_dichiarato, grado_misurato, scarto (declared less
    measured), misurabili, indicatori - the schede where they differ by more than the tolerance, worst
    first.
    `missioni`: missione, programmi ("" for the row of the whole missione, each scheda once),
    denominazione, schede, n_grado_dichiarato, grado_dichiarato, n_grado_misurato, grado_misurato (plain
    means of the schede that have one).
    A grado is in 0..100, or None when nothing was valued or the pesi do not allow a mean.
    """

    voci: pd.DataFrame
    settori: pd.DataFrame
    coerenza: pd.DataFrame
    missioni: pd.DataFrame
    media_settori: Decimal | None
    media_obiettivi: Decimal | None
    regola: str

    @property
    def ente(self) -> Decimal | None:
        """The published mean of the ente, by the rule of the Parametri."""
        return self.media_settori if self.regola == MEDIA_SETTORI else self.media_obiettivi


def valuta(tabelle: Tabelle, parametri: Parametri) -> Valutazione:
    """The gradi of every voce, of every settore and of the ente."""
    schede = {(riga["settore"], riga["scheda"]): riga for riga in righe(tabelle.schede)}
    voci = [_valuta_voce(voce, schede, parametri) for voce in righe(tabelle.voci)]
    settori = [
        _valuta_settore(riga, [v for v in voci if v["settore"] == riga["settore"]], parametri)
        for riga in righe(tabelle.elenco.drop_duplicates("settore"))
        if riga["settore"] != TRASVERSALI
    ]
    media_settori, media_obiettivi = _media_settori(settori), _media_obiettivi(voci, settori)
    return Valutazione(
        voci=pd.DataFrame(voci, columns=COLONNE_VOCI, dtype=object),
        settori=pd.DataFrame(settori, columns=COLONNE_SETTORI, dtype=object),
        coerenza=pd.DataFrame(
            _coerenza(righe(tabelle.schede), parametri), columns=COLONNE_COERENZA, dtype=object
        ),
        missioni=pd.DataFrame(_missioni(tabelle), columns=COLONNE_MISSIONI, dtype=object),
        media_settori=media_settori,
        media_obiettivi=media_obiettivi,
        regola=parametri.regola_media,
    )


COLONNE_VOCI = [
    "settore",
    "n",
    "coperte",
    "chiave",
    "grado_schede",
    "grado_misurato",
    "grado",
    "origine",
    "peso",
    "conta",
    "motivo",
    "fascia",
    "quota",
]
COLONNE_SETTORI = [
    "settore",
    "denominazione",
    "peso_media",
    "obiettivi",
    "valutati",
    "esclusi",
    "somma_pesi",
    "somma_pesata",
    "grado",
    "fascia",
]


COLONNE_MISSIONI = [
    "missione",
    "programmi",
    "denominazione",
    "schede",
    "n_grado_dichiarato",
    "grado_dichiarato",
    "n_grado_misurato",
    "grado_misurato",
]


def _missioni(tabelle: Tabelle) -> list[Riga]:
    """How many schede are linked to each missione and programma, and the means of their gradi."""
    schede = {(riga["settore"], riga["scheda"]): riga for riga in righe(tabelle.schede)}
    gruppi: dict[tuple[str, str], dict[tuple[str, int], Riga]] = {}
    for riga in righe(tabelle.collegamenti):
        chiave = (riga["settore"], riga["scheda"])
        missione, programmi = riga["codice_missione"], riga["codici_programma"]
        for gruppo in dict.fromkeys([(missione, ""), (missione, programmi)]):
            if missione and chiave in schede:
                gruppi.setdefault(gruppo, {})[chiave] = schede[chiave]
    righe_missioni = []
    for (missione, programmi), sue in sorted(gruppi.items()):
        nome = bilancio.denominazione(missione, programmi)
        riga = {"missione": missione, "programmi": programmi, "denominazione": nome, "schede": len(sue)}
        for grado in ("grado_dichiarato", "grado_misurato"):
            gradi = [scheda[grado] for scheda in sue.values()]
            riga |= {f"n_{grado}": sum(g is not None for g in gradi), grado: media(gradi)}
        righe_missioni.append(riga)
    return righe_missioni


COLONNE_COERENZA = [
    "settore",
    "scheda",
    "titolo",
    "grado_dichiarato",
    "grado_misurato",
    "scarto",
    "misurabili",
    "indicatori",
]


def _coerenza(schede: list[Riga], parametri: Parametri) -> list[Riga]:
    """The schede whose declared and measured gradi differ by more than the tolerance, worst first."""
    discordi = []
    for scheda in schede:
        dichiarato, misurato = scheda["grado_dichiarato"], scheda["grado_misurato"]
        if dichiarato is None or misurato is None:
            continue
        scarto = dichiarato - misurato
        if abs(scarto) > parametri.tolleranza:
            discordi.append({**{c: scheda.get(c) for c in COLONNE_COERENZA}, "scarto": scarto})
    return sorted(discordi, key=lambda riga: -abs(riga["scarto"]))


def fascia(grado: Decimal | None, fasce: tuple[Fascia, ...]) -> str:
    """The band of an unrounded grado; `fasce` from the highest. "" without a grado or bands."""
    if grado is None:
        return ""
    return next((banda.nome for banda in fasce if grado >= banda.da), "")


def _valuta_voce(voce: Riga, schede: dict[tuple[str, int], Riga], parametri: Parametri) -> Riga:
    coperte = schede_coperte(voce["settore"], voce["schede"]) or []
    sue = [schede[coperta] for coperta in coperte if coperta in schede]
    grado_schede = media(scheda["grado_dichiarato"] for scheda in sue)
    grado, origine, motivo = _grado(voce, grado_schede, parametri)
    solo_trasversali = bool(coperte) and all(settore == TRASVERSALI for settore, _ in coperte)
    numeri = ",".join(str(scheda) for _, scheda in sorted(coperte))
    return {
        "settore": voce["settore"],
        "n": voce["n"],
        "coperte": coperte,
        "chiave": f"T{numeri}" if solo_trasversali else f"{voce['settore']} {voce['n']}",
        "grado_schede": grado_schede,
        "grado_misurato": media(scheda["grado_misurato"] for scheda in sue),
        "grado": grado,
        "origine": origine,
        "peso": voce["peso"],
        "conta": grado is not None,
        "motivo": motivo,
        "fascia": fascia(grado, parametri.fasce),
        "quota": None,
    }


def _grado(
    voce: Riga, grado_schede: Decimal | None, parametri: Parametri
) -> tuple[Decimal | None, str, str]:
    """(grado, where it comes from, why it is missing): Nucleo, else declared, else the schede's mean."""
    if voce["stato"] == NON_CONSUNTIVATO and parametri.grado_non_consuntivato is not None:
        return parametri.grado_non_consuntivato, "parametro", ""
    if voce["stato"] != VALUTATO:
        return None, "", voce["stato"] or "stato mancante o non leggibile"
    for grado, origine in (
        (voce["grado_nucleo"], "Nucleo"),
        (voce["grado_dichiarato"], "dichiarato"),
        (grado_schede, "schede"),
    ):
        if grado is not None:
            return grado, origine, ""
    return None, "", "grado mancante"


def _valuta_settore(elenco: Riga, voci: list[Riga], parametri: Parametri) -> Riga:
    """The figures of a settore. Also fixes the peso of its voci: 1 each when none has one."""
    senza = [voce for voce in voci if voce["peso"] is None]
    if len(senza) == len(voci):
        for voce in voci:
            voce["peso"] = Decimal(1)
    incompleti = 0 < len(senza) < len(voci)
    contano = [voce for voce in voci if voce["conta"]]
    coppie = [(voce["peso"] or Decimal(0), voce["grado"]) for voce in contano]
    grado = None if incompleti else media_pesata(coppie)
    return {
        "settore": elenco["settore"],
        "denominazione": elenco["denominazione"] or elenco["settore"],
        "peso_media": elenco["peso"],
        "obiettivi": len(voci),
        "valutati": len(contano),
        "esclusi": len(voci) - len(contano),
        "somma_pesi": sum((peso for peso, _ in coppie), Decimal(0)),
        "somma_pesata": sum((peso * g for peso, g in coppie), Decimal(0)),
        "grado": in_decimale(grado),
        "fascia": fascia(in_decimale(grado), parametri.fasce),
    }


def _quoziente(settore: Riga) -> Fraction:
    """The exact grado of a settore that has one."""
    return Fraction(settore["somma_pesata"]) / Fraction(settore["somma_pesi"])


def _media_settori(settori: list[Riga]) -> Decimal | None:
    """The mean of the settori with a grado; the pesi of ente.xlsx count only if all are given.

    Also fixes the `peso_media` of each: 1 when the pesi do not count.
    """
    if any(riga["peso_media"] is None for riga in settori):
        for riga in settori:
            riga["peso_media"] = Decimal(1)
    con_grado = [riga for riga in settori if riga["grado"] is not None]
    return in_decimale(media_pesata((riga["peso_media"], _quoziente(riga)) for riga in con_grado))


def _media_obiettivi(voci: list[Riga], settori: list[Riga]) -> Decimal | None:
    """The mean of the distinct obiettivi: a trasversale in k settori counts 1/k in each.

    Also fixes the `quota` of each voce that counts.
    """
    calcolabili = {riga["settore"] for riga in settori if riga["grado"] is not None}
    contano = [voce for voce in voci if voce["conta"] and voce["settore"] in calcolabili]
    volte: dict[str, int] = {}
    for voce in contano:
        volte[voce["chiave"]] = volte.get(voce["chiave"], 0) + 1
    esatte = [Fraction(voce["peso"]) / volte[voce["chiave"]] for voce in contano]
    for voce, quota in zip(contano, esatte, strict=True):
        voce["quota"] = in_decimale(quota)
    gradi = [voce["grado"] for voce in contano]
    return in_decimale(media_pesata(zip(esatte, gradi, strict=True)))
