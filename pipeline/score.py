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
from pipeline.parole import normalizza
from pipeline.tables import (
    DICHIARATO,
    DICHIARATO_O_MISURATO,
    MEDIA_SETTORI,
    MISURATO_O_DICHIARATO,
    NON_CONSUNTIVATO,
    RESPONSABILE,
    TRASVERSALI,
    VALUTATO,
    Fascia,
    Parametri,
    Riga,
    Tabelle,
    righe,
    schede_coperte,
)

NUCLEO, MISURATO = "Nucleo", "misurato"
"""The origin of a grado of the Nucleo, and of one that comes from the indicatori."""
PIENA, PARZIALE, NESSUNA = "piena", "parziale", "nessuna"
"""How solid a measured grado is: all that has an atteso is measured, some, nothing."""
NON_QUANTIFICABILI = ("contesto", "assente", "testo")
"""Kinds of indicatori whose atteso is no quantity."""
PARAMETRO = "parametro"
"""The origin of a grado that the ente has fixed for what was not reported."""
GRADO_MANCANTE, PESO_NULLO = "grado mancante", "peso nullo"
"""Why a voce that is valued is out of the mean all the same."""


@dataclass(frozen=True)
class Valutazione:
    """The gradi of an ente.

    `voci`: settore, n, coperte (the schede covered), chiave (the same for a trasversale in every
    settore), grado_schede, grado_misurato, misurato_valido (where the base lets it be the
    grado), misurabili and attesi (indicatori), grado, origine, peso, conta, motivo, fascia, quota (its
    peso in the mean of the distinct obiettivi), missioni and programmi (codes of its schede) - one row
    a voce, in the order of the table.
    `distinti`: settore and n of a voce, chiave, comune (to several settori), conta, grado, origine,
    motivo, fascia - one row an obiettivo of the listed settori, a trasversale once: it counts if it
    counts in a settore, its grado is the mean of those it has there, each with its quota.
    `settori`: settore, denominazione, peso_media (in the mean of the ente), obiettivi, valutati,
    esclusi (of its voci), somma_pesi, somma_pesata, grado, fascia - one row a listed settore, as in
    ente.xlsx.
    `confronti`: settore, valutati, confrontati, dichiarato, misurato, base - the declared gradi against
    the measured ones, on the same obiettivi: of those valued, the confrontati have both; the means are
    weighted. One row for the trasversali, if there are any, then one a listed settore, on the
    obiettivi of its own.
    `imbuto`: settore ("" for the whole ente), indicatori, attesi, quantificabili, misurati, raggiunti -
    from all the indicatori to those that reach their atteso.
    `coerenza`: settore, scheda, titolo, grado_dichiarato, grado_misurato, scarto (declared less
    measured), misurabili, attesi - the schede where they differ by more than the tolerance, worst
    first.
    `missioni`: settore ("" for the whole ente), missione, programmi ("" for the row of the whole
    missione, each scheda once), denominazione, schede, n_grado_dichiarato, grado_dichiarato,
    n_grado_misurato, grado_misurato (plain means of the schede that have one), obiettivi, valutati,
    grado (of the distinct obiettivi whose schede are linked to it, each with its quota).
    `partecipazioni`: nominativo, gruppo, ruolo, settore, n - who takes part in which voce, once each.
    `personale`: nominativo, gruppo, obiettivi, da_responsabile (how many of them), valutati, grado,
    grado_responsabile - the means of the voci a person takes part in, each with its quota.
    A grado is in 0..100, or None when nothing was valued or the pesi do not allow a mean.
    """

    voci: pd.DataFrame
    distinti: pd.DataFrame
    settori: pd.DataFrame
    confronti: pd.DataFrame
    imbuto: pd.DataFrame
    coerenza: pd.DataFrame
    missioni: pd.DataFrame
    partecipazioni: pd.DataFrame
    personale: pd.DataFrame
    media_settori: Decimal | None
    media_obiettivi: Decimal | None
    regola: str

    @property
    def ente(self) -> Decimal | None:
        """The published mean of the ente, by the rule of the Parametri."""
        return self.media_settori if self.regola == MEDIA_SETTORI else self.media_obiettivi


def valuta(tabelle: Tabelle, parametri: Parametri, anno: int | None = None) -> Valutazione:
    """The gradi of every voce, settore and of the ente; the programmi by their name in `anno`."""
    schede = {(riga["settore"], riga["scheda"]): riga for riga in righe(tabelle.schede)}
    collegate = _collegate(righe(tabelle.collegamenti))
    voci = [_valuta_voce(voce, schede, collegate, parametri) for voce in righe(tabelle.voci)]
    settori = [
        _valuta_settore(riga, [v for v in voci if v["settore"] == riga["settore"]], parametri)
        for riga in righe(tabelle.elenco.drop_duplicates("settore"))
        if riga["settore"] != TRASVERSALI
    ]
    media_settori, media_obiettivi = _media_settori(settori), _media_obiettivi(voci, settori)
    partecipazioni = _partecipazioni(voci, righe(tabelle.personale))
    elencati = {settore["settore"] for settore in settori}
    elencate = [voce for voce in voci if voce["settore"] in elencati]
    distinti = _distinti(elencate, parametri)
    confronti = _confronti(elencate, settori)
    return Valutazione(
        voci=pd.DataFrame(voci, columns=COLONNE_VOCI, dtype=object),
        distinti=pd.DataFrame(distinti, columns=COLONNE_DISTINTI, dtype=object),
        settori=pd.DataFrame(settori, columns=COLONNE_SETTORI, dtype=object),
        confronti=pd.DataFrame(confronti, columns=COLONNE_CONFRONTI, dtype=object),
        imbuto=pd.DataFrame(_imbuto(righe(tabelle.indicatori)), columns=COLONNE_IMBUTO, dtype=object),
        coerenza=pd.DataFrame(
            _coerenza(righe(tabelle.schede), parametri), columns=COLONNE_COERENZA, dtype=object
        ),
        missioni=pd.DataFrame(_missioni(tabelle, voci, anno), columns=COLONNE_MISSIONI, dtype=object),
        partecipazioni=pd.DataFrame(partecipazioni, columns=COLONNE_PARTECIPAZIONI, dtype=object),
        personale=pd.DataFrame(
            _personale(partecipazioni, voci), columns=COLONNE_PERSONALE, dtype=object
        ),
        media_settori=media_settori,
        media_obiettivi=media_obiettivi,
        regola=parametri.regola_media,
    )


COLONNE_VOCI = [
    "settore",
    "n",
    "coperte",
    "trasversale",
    "chiave",
    "grado_schede",
    "grado_misurato",
    "misurato_valido",
    "misurabili",
    "attesi",
    "base",
    "grado",
    "origine",
    "peso",
    "conta",
    "motivo",
    "fascia",
    "quota",
    "missioni",
    "programmi",
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
COLONNE_CONFRONTI = ["settore", "valutati", "confrontati", "dichiarato", "misurato", "base"]
COLONNE_IMBUTO = ["settore", "indicatori", "attesi", "quantificabili", "misurati", "raggiunti"]


COLONNE_MISSIONI = [
    "settore",
    "missione",
    "programmi",
    "denominazione",
    "schede",
    "n_grado_dichiarato",
    "grado_dichiarato",
    "n_grado_misurato",
    "grado_misurato",
    "obiettivi",
    "valutati",
    "grado",
]
COLONNE_PARTECIPAZIONI = ["nominativo", "gruppo", "ruolo", "settore", "n"]
COLONNE_PERSONALE = [
    "nominativo",
    "gruppo",
    "obiettivi",
    "da_responsabile",
    "valutati",
    "grado",
    "grado_responsabile",
]


COLONNE_DISTINTI = [
    "settore",
    "n",
    "chiave",
    "comune",
    "conta",
    "grado",
    "origine",
    "motivo",
    "fascia",
]


def _distinti(voci: list[Riga], parametri: Parametri) -> list[Riga]:
    """The obiettivi, each once: as its first voce that counts with a grado of its own, else as the
    first that counts, else as its first. The grado is the one it has in the mean of the ente."""
    per_chiave: dict[str, list[Riga]] = {}
    for voce in voci:
        per_chiave.setdefault(voce["chiave"], []).append(voce)
    distinti = []
    for sue in per_chiave.values():
        contano = [voce for voce in sue if voce["conta"]]
        proprie = [voce for voce in contano if voce["origine"] != PARAMETRO]
        prima = (proprie or contano or sue)[0]
        grado = _media_quote(sue)
        grado = media(voce["grado"] for voce in sue) if grado is None else grado
        obiettivo = {**{c: prima.get(c) for c in COLONNE_DISTINTI}, "comune": len(sue) > 1}
        obiettivo |= {"grado": grado, "fascia": fascia(grado, parametri.fasce) if contano else ""}
        distinti.append(obiettivo)
    return distinti


def _media_quote(voci: list[Riga]) -> Decimal | None:
    """The mean of some of the distinct obiettivi: a trasversale counts 1/k in each of k settori."""
    contano = [voce for voce in voci if voce["quota"] is not None]
    return in_decimale(media_pesata((voce["quota_esatta"], voce["grado"]) for voce in contano))


def _partecipazioni(voci: list[Riga], personale: list[Riga]) -> list[Riga]:
    """Who takes part in each voce through its schede; as responsabile, if in any of them."""
    per_scheda: dict[tuple[str, int], list[Riga]] = {}
    for riga in personale:
        per_scheda.setdefault((riga["settore"], riga["scheda"]), []).append(riga)
    partecipazioni = []
    for voce in voci:
        sue = [riga for coperta in voce["coperte"] for riga in per_scheda.get(coperta, [])]
        unite: dict[str, Riga] = {}
        for riga in sue:
            unita = unite.setdefault(riga["nominativo"], dict(riga))
            if riga["ruolo"] == RESPONSABILE:
                unita["ruolo"] = RESPONSABILE
        partecipazioni += [
            {
                **{c: riga.get(c) for c in COLONNE_PARTECIPAZIONI},
                "settore": voce["settore"],
                "n": voce["n"],
            }
            for riga in unite.values()
        ]
    return partecipazioni


def _personale(partecipazioni: list[Riga], voci: list[Riga]) -> list[Riga]:
    """The figures of each person and, after them, of each group, by name."""
    per_chiave = {(voce["settore"], voce["n"]): voce for voce in voci}
    per_nome: dict[tuple[bool, str], list[Riga]] = {}
    for riga in partecipazioni:
        per_nome.setdefault((riga["gruppo"], riga["nominativo"]), []).append(riga)
    personale = []
    for (gruppo, nome), sue in sorted(per_nome.items(), key=lambda p: (p[0][0], normalizza(p[0][1]))):
        prende_parte = [per_chiave[riga["settore"], riga["n"]] for riga in sue]
        risponde = [
            per_chiave[riga["settore"], riga["n"]] for riga in sue if riga["ruolo"] == RESPONSABILE
        ]
        personale.append(
            {
                "nominativo": nome,
                "gruppo": gruppo,
                "obiettivi": len(sue),
                "da_responsabile": len(risponde),
                "valutati": sum(voce["conta"] for voce in prende_parte),
                "grado": _media_quote(prende_parte),
                "grado_responsabile": _media_quote(risponde),
            }
        )
    return personale


def _missioni(tabelle: Tabelle, voci: list[Riga], anno: int | None) -> list[Riga]:
    """The figures per missione and programma: of the ente (settore ""), then of each settore."""
    collegamenti = righe(tabelle.collegamenti)
    schede = {(riga["settore"], riga["scheda"]): riga for riga in righe(tabelle.schede)}
    settori = list(dict.fromkeys(riga["settore"] for riga in collegamenti))
    per_missione = _per_missione("", collegamenti, schede, voci, anno)
    for settore in settori:
        suoi = [riga for riga in collegamenti if riga["settore"] == settore]
        sue = [voce for voce in voci if voce["settore"] == settore]
        per_missione += _per_missione(settore, suoi, schede, sue, anno)
    return per_missione


def _per_missione(
    settore: str,
    collegamenti: list[Riga],
    schede: dict[tuple[str, int], Riga],
    voci: list[Riga],
    anno: int | None,
) -> list[Riga]:
    """What is linked to each missione and programma, and the means of its gradi."""
    gruppi: dict[tuple[str, str], dict[tuple[str, int], Riga]] = {}
    for riga in collegamenti:
        chiave = (riga["settore"], riga["scheda"])
        missione, programmi = riga["codice_missione"], riga["codici_programma"]
        for gruppo in dict.fromkeys([(missione, ""), (missione, programmi)]):
            if missione and chiave in schede:
                gruppi.setdefault(gruppo, {})[chiave] = schede[chiave]
    righe_missioni = []
    for (missione, programmi), sue in sorted(gruppi.items()):
        riga = {"settore": settore, "missione": missione, "programmi": programmi}
        riga |= {"denominazione": bilancio.denominazione(missione, programmi, anno), "schede": len(sue)}
        for grado in ("grado_dichiarato", "grado_misurato"):
            gradi = [scheda[grado] for scheda in sue.values()]
            riga |= {f"n_{grado}": sum(g is not None for g in gradi), grado: media(gradi)}
        collegate = [
            voce
            for voce in voci
            if (
                f"{missione} {programmi}" in voce["programmi"]
                if programmi
                else missione in voce["missioni"]
            )
        ]
        riga |= {
            "obiettivi": len({voce["chiave"] for voce in collegate}),
            "valutati": len({voce["chiave"] for voce in collegate if voce["conta"]}),
            "grado": _media_quote(collegate),
        }
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
    "attesi",
]


def _coerenza(schede: list[Riga], parametri: Parametri) -> list[Riga]:
    """The schede whose declared and measured gradi differ by more than the tolerance, worst first."""
    discordi = []
    for scheda in schede:
        dichiarato, misurato = scheda["grado_dichiarato"], scheda["grado_misurato"]
        if parametri.lontani(dichiarato, misurato):
            scarto = dichiarato - misurato
            discordi.append({**{c: scheda.get(c) for c in COLONNE_COERENZA}, "scarto": scarto})
    return sorted(discordi, key=lambda riga: -abs(riga["scarto"]))


def fascia(grado: Decimal | None, fasce: tuple[Fascia, ...]) -> str:
    """The band of an unrounded grado; `fasce` from the highest. "" without a grado or bands."""
    if grado is None:
        return ""
    return next((banda.nome for banda in fasce if grado >= banda.da), "")


Collegate = dict[tuple[str, int], list[tuple[str, str]]]
"""Scheda -> its missioni and programmi, as codes."""


def _collegate(collegamenti: list[Riga]) -> Collegate:
    collegate: Collegate = {}
    for riga in collegamenti:
        codici = (riga["codice_missione"], riga["codici_programma"])
        collegate.setdefault((riga["settore"], riga["scheda"]), []).append(codici)
    return collegate


def _valuta_voce(
    voce: Riga, schede: dict[tuple[str, int], Riga], collegate: Collegate, parametri: Parametri
) -> Riga:
    coperte = schede_coperte(voce["settore"], voce["schede"]) or []
    sue = [schede[coperta] for coperta in coperte if coperta in schede]
    grado_schede = media(scheda["grado_dichiarato"] for scheda in sue)
    valido = misurato_valido(sue, parametri.base)
    grado, origine, motivo = _grado(voce, grado_schede, valido, parametri)
    solo_trasversali = bool(coperte) and all(settore == TRASVERSALI for settore, _ in coperte)
    numeri = ",".join(str(scheda) for _, scheda in sorted(coperte))
    codici = {
        coppia for coperta in coperte if coperta in schede for coppia in collegate.get(coperta, [])
    }
    return {
        "settore": voce["settore"],
        "n": voce["n"],
        "coperte": coperte,
        "trasversale": solo_trasversali,
        "chiave": f"T{numeri}" if solo_trasversali else f"{voce['settore']} {voce['n']}",
        "grado_schede": grado_schede,
        "dichiarato": grado_schede if voce["grado_dichiarato"] is None else voce["grado_dichiarato"],
        "grado_misurato": media(scheda["grado_misurato"] for scheda in sue),
        "misurato_valido": valido,
        "misurabili": sum(scheda["misurabili"] for scheda in sue),
        "attesi": sum(scheda["attesi"] for scheda in sue),
        "base": base_misura(media(scheda["grado_misurato"] for scheda in sue), sue),
        "grado": grado,
        "origine": origine,
        "peso": voce["peso"],
        "conta": grado is not None,
        "motivo": motivo,
        "fascia": fascia(grado, parametri.fasce),
        "quota": None,
        "missioni": sorted({missione for missione, _ in codici if missione}),
        "programmi": sorted(f"{missione} {programmi}" for missione, programmi in codici if programmi),
    }


def base_misura(misurato: Decimal | None, schede: list[Riga]) -> str:
    """How solid the measured grado of some schede is."""
    if misurato is None:
        return NESSUNA
    tutti = all(scheda["misurabili"] >= scheda["attesi"] for scheda in schede)
    return PIENA if tutti else PARZIALE


def ha_base(scheda: Riga, base: Decimal) -> bool:
    """Whether enough of the indicatori of a scheda are measured for its measured grado to count."""
    misurata: bool = scheda["grado_misurato"] is not None
    return misurata and scheda["misurabili"] * 100 >= base * scheda["attesi"]


def misurato_valido(schede: list[Riga], base: Decimal) -> Decimal | None:
    """The measured grado of a voce where it can be its grado: every one of its schede that has an
    indicatore with an atteso has the base."""
    attese = [scheda for scheda in schede if scheda["attesi"]]
    if not all(ha_base(scheda, base) for scheda in attese):
        return None
    return media(scheda["grado_misurato"] for scheda in attese)


def _grado(
    voce: Riga, grado_schede: Decimal | None, valido: Decimal | None, parametri: Parametri
) -> tuple[Decimal | None, str, str]:
    """(grado, where it comes from, why it is missing): the Nucleo's, else as the ente has chosen.

    The declared is that of the voce, else the mean of its schede.
    """
    if voce["stato"] == NON_CONSUNTIVATO and parametri.grado_non_consuntivato is not None:
        return parametri.grado_non_consuntivato, PARAMETRO, ""
    if voce["stato"] != VALUTATO:
        return None, "", voce["stato"] or _senza_stato(voce, grado_schede)
    dichiarato = [(voce["grado_dichiarato"], "dichiarato"), (grado_schede, "schede")]
    misurato = [(valido, MISURATO)]
    seguono = {
        DICHIARATO: dichiarato,
        DICHIARATO_O_MISURATO: dichiarato + misurato,
        MISURATO_O_DICHIARATO: misurato + dichiarato,
    }
    for grado, origine in ((voce["grado_nucleo"], NUCLEO), *seguono[parametri.origine]):
        if grado is not None:
            return grado, origine, ""
    return None, "", GRADO_MANCANTE


def _senza_stato(voce: Riga, grado_schede: Decimal | None) -> str:
    gradi = (voce["grado_nucleo"], voce["grado_dichiarato"], grado_schede)
    if all(grado is None for grado in gradi):
        return "né stato né percentuale"
    return "stato mancante o non leggibile"


def _pesa(voci: list[Riga]) -> bool:
    """Fix the pesi of the voci of a settore; False when only some of those that should count have one.

    They are 1 each when none of those has one; a peso of 0 takes a voce out of the mean.
    """
    entrano = [voce for voce in voci if voce["conta"] or voce["motivo"] == GRADO_MANCANTE]
    senza = [voce for voce in entrano if voce["peso"] is None]
    if len(senza) == len(entrano):
        for voce in voci:
            voce["peso"] = Decimal(1) if voce["peso"] is None else voce["peso"]
    for voce in entrano:
        if voce["conta"] and voce["peso"] == 0:
            voce.update(conta=False, motivo=PESO_NULLO, fascia="")
    return len(senza) in (0, len(entrano))


def _valuta_settore(elenco: Riga, voci: list[Riga], parametri: Parametri) -> Riga:
    """The figures of a settore. Also fixes which of its voci count, and their pesi."""
    completi = _pesa(voci)
    contano = [voce for voce in voci if voce["conta"]]
    coppie = [(voce["peso"] or Decimal(0), voce["grado"]) for voce in contano]
    grado = media_pesata(coppie) if completi else None
    return {
        "settore": elenco["settore"],
        "denominazione": " ".join(elenco["denominazione"].split()) or elenco["settore"],
        "peso_media": elenco["peso"],
        "obiettivi": len(voci),
        "valutati": len(contano),
        "esclusi": len(voci) - len(contano),
        "somma_pesi": sum((peso for peso, _ in coppie), Decimal(0)),
        "somma_pesata": sum((peso * g for peso, g in coppie), Decimal(0)),
        "grado": in_decimale(grado),
        "fascia": fascia(in_decimale(grado), parametri.fasce),
    }


def _confronti(voci: list[Riga], settori: list[Riga]) -> list[Riga]:
    """Declared against measured: of the trasversali, each with its quota, then of every settore."""
    contano = [voce for voce in voci if voce["conta"]]
    comuni = [voce for voce in contano if voce["trasversale"]]
    propri = [
        (settore, [v for v in contano if v["settore"] == settore and not v["trasversale"]])
        for settore in (riga["settore"] for riga in settori)
    ]
    trasversali = [_confronto(TRASVERSALI, comuni, "quota_esatta")] if comuni else []
    return [*trasversali, *(_confronto(settore, sue, "peso") for settore, sue in propri)]


def _confronto(settore: str, contano: list[Riga], peso: str) -> Riga:
    """Declared against measured, on the same obiettivi: those that have both."""
    confronto = [v for v in contano if v["dichiarato"] is not None and v["grado_misurato"] is not None]
    tutti = all(voce["base"] == PIENA for voce in contano)
    return {
        "settore": settore,
        "valutati": len({voce["chiave"] for voce in contano}),
        "confrontati": len({voce["chiave"] for voce in confronto}),
        **{
            nome: in_decimale(media_pesata((v.get(peso) or Decimal(0), v[grado]) for v in confronto))
            for nome, grado in (("dichiarato", "dichiarato"), ("misurato", "grado_misurato"))
        },
        "base": (PIENA if tutti else PARZIALE) if confronto else NESSUNA,
    }


def _imbuto(indicatori: list[Riga]) -> list[Riga]:
    """How many indicatori can be measured, and how many are met: in the ente, then by settore."""
    if not indicatori:
        return []
    settori = dict.fromkeys(riga["settore"] for riga in indicatori)
    suoi = {settore: [i for i in indicatori if i["settore"] == settore] for settore in settori}
    return [
        {"settore": settore, **_conti_imbuto(gruppo)}
        for settore, gruppo in {"": indicatori, **suoi}.items()
    ]


def _conti_imbuto(indicatori: list[Riga]) -> Riga:
    misurati = [i["grado_misurato"] for i in indicatori if i["grado_misurato"] is not None]
    attesi = [i for i in indicatori if i["atteso"].strip()]
    return {
        "indicatori": len(indicatori),
        "attesi": len(attesi),
        "quantificabili": sum(i["tipo"] not in NON_QUANTIFICABILI for i in attesi),
        "misurati": len(misurati),
        "raggiunti": sum(grado >= 100 for grado in misurati),
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
        voce["quota"], voce["quota_esatta"] = in_decimale(quota), quota
    gradi = [voce["grado"] for voce in contano]
    return in_decimale(media_pesata(zip(esatte, gradi, strict=True)))
