"""Tables -> gradi: the weighted means of the settori and of the ente (docs/metodo.md).

Pure: no file, no Excel, and nothing that it is given changes. Means are exact fractions until they
leave as unrounded Decimal; rounding happens once, where a figure is written (`numeri.arrotonda`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

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
    ChiaveScheda,
    Collegamento,
    Elencato,
    Fascia,
    Indicatore,
    Parametri,
    PerScheda,
    Persona,
    Righe,
    Scheda,
    Tabelle,
    Voce,
    chiave_scheda,
    coperte,
    del_nucleo,
    nota,
    obiettivo_distinto,
    trasversale,
)

NUCLEO, MISURATO = "Nucleo", "misurato"
"""The origin of a grado of the Nucleo, and of one that comes from the indicatori."""
SOLIDA, PARZIALE, DEBOLE, NESSUNA = "solida", "parziale", "debole", "nessuna"
"""How solid the base of a measured grado is (`base`)."""
DA_SOLIDA, DA_PARZIALE = Decimal(75), Decimal(25)
"""The share of the indicatori, in per cento, from which the base is solida, or parziale."""
NON_QUANTIFICABILI = ("contesto", "assente", "testo")
"""Kinds of indicatori whose atteso is no quantity."""
PARAMETRO = "parametro"
"""The origin of a grado that the ente has fixed for what was not reported."""
GRADO_MANCANTE, PESO_NULLO = "grado mancante", "peso nullo"
"""Why a voce that is valued is out of the mean all the same."""


@dataclass(frozen=True)
class VoceValutata:
    """A voce with its figures. A grado is in 0..100, or None when nothing was valued."""

    riga: Voce
    """As typed."""
    coperte: tuple[ChiaveScheda, ...]
    trasversale: bool
    """Whether it covers only trasversali: it is one obiettivo with the same voce of other settori."""
    chiave: str
    """The obiettivo: the same for a trasversale in every settore."""
    grado_schede: Decimal | None
    """The mean of the declared gradi of its schede."""
    dichiarato: Decimal | None
    grado_misurato: Decimal | None
    misurato_valido: Decimal | None
    """The measured grado, where the base lets it be the grado."""
    base: str
    """How solid the measured grado is (`base`)."""
    grado: Decimal | None
    origine: str
    peso: Decimal | None
    """In the mean of its settore: 1 where no voce has one."""
    conta: bool
    """Whether it is in the mean of its settore."""
    motivo: str
    """Why it is not."""
    fascia: str
    missioni: list[str]
    programmi: list[str]
    """Codes of its schede."""
    quota: Fraction | None = None
    """Its peso in the mean of the distinct obiettivi: a trasversale counts 1/k in each of k settori."""

    @property
    def settore(self) -> str:
        return self.riga["settore"]

    @property
    def n(self) -> int:
        return self.riga["n"]

    @property
    def del_nucleo(self) -> Decimal | None:
        return del_nucleo(self.riga)

    @property
    def note(self) -> str:
        """Those of its workbook and those of the Nucleo."""
        return nota(self.riga)


@dataclass(frozen=True)
class SettoreValutato:
    """A settore listed in ente.xlsx with the figures of its voci."""

    settore: str
    denominazione: str
    peso_media: Decimal | None
    """In the mean of the ente: 1 where not all the settori have one."""
    obiettivi: int
    valutati: int
    esclusi: int
    somma_pesi: Decimal
    somma_pesata: Decimal
    grado: Decimal | None
    """None where nothing was valued, or the pesi do not allow a mean."""
    grado_propri: Decimal | None
    """The same mean on its own obiettivi alone, without the trasversali; None where `grado` is, or none
    of its own counts."""
    fascia: str


@dataclass(frozen=True)
class ObiettivoDistinto:
    """An obiettivo of the listed settori, a trasversale once: it counts if it counts in a settore."""

    voce: VoceValutata
    """The one that stands for it: the first that counts with a grado of its own, else the first that
    counts, else the first."""
    comune: bool
    """Whether it is in several settori."""
    grado: Decimal | None
    """The mean of those it has in its settori, each with its quota."""
    fascia: str

    @property
    def conta(self) -> bool:
        return self.voce.conta

    @property
    def pieno(self) -> bool:
        """Whether it counts, and was reached for all."""
        return self.conta and self.grado is not None and self.grado >= 100


@dataclass(frozen=True)
class Confronto:
    """The declared gradi of a settore (or of the trasversali) against the measured, on the same
    obiettivi of its own; the means are weighted."""

    settore: str
    valutati: int
    confrontati: int
    """Of those valued, how many have both gradi."""
    dichiarato: Decimal | None
    misurato: Decimal | None


@dataclass(frozen=True)
class Imbuto:
    """From all the indicatori to those that reach their atteso."""

    indicatori: int = 0
    attesi: int = 0
    quantificabili: int = 0
    misurati: int = 0
    raggiunti: int = 0


@dataclass(frozen=True)
class Scarto:
    """A scheda whose declared and measured gradi differ by more than the tolerance."""

    scheda: Scheda
    scarto: Decimal
    """Declared less measured."""


@dataclass(frozen=True)
class MissioneValutata:
    """A missione of the ente or of a settore, or one of its programmi."""

    settore: str
    """"" for the whole ente."""
    missione: str
    programmi: str
    """"" for the whole missione, each scheda once."""
    denominazione: str
    schede: int
    n_grado_dichiarato: int
    grado_dichiarato: Decimal | None
    n_grado_misurato: int
    grado_misurato: Decimal | None
    """Plain means of the schede that have one: not to be compared, the schede may be others."""
    obiettivi: int
    valutati: int
    grado: Decimal | None
    """Of the distinct obiettivi whose schede are linked to it, each with its quota."""
    con_due_gradi: int
    dichiarato_confrontato: Decimal | None
    misurato_confrontato: Decimal | None
    """Plain means of the schede that have both."""


@dataclass(frozen=True)
class Partecipazione:
    """Who takes part in a voce, once each: as responsabile, if in any of its schede."""

    nominativo: str
    gruppo: bool
    ruolo: str
    voce: VoceValutata


@dataclass(frozen=True)
class PersonaValutata:
    """A person, or a group, with the means of the voci it takes part in, each with its quota; counted
    are the distinct obiettivi."""

    nominativo: str
    gruppo: bool
    obiettivi: int
    da_responsabile: int
    valutati: int
    grado: Decimal | None
    grado_responsabile: Decimal | None


@dataclass(frozen=True)
class Valutazione:
    """The gradi of an ente."""

    voci: list[VoceValutata]
    """In the order of the table."""
    distinti: list[ObiettivoDistinto]
    settori: list[SettoreValutato]
    """As listed in ente.xlsx, without the trasversali."""
    confronti: list[Confronto]
    """Of the trasversali, if there are any, then of every listed settore."""
    imbuto: dict[str, Imbuto]
    """By settore, "" for the whole ente."""
    coerenza: list[Scarto]
    """Worst first."""
    missioni: list[MissioneValutata]
    """Of the ente, then of each settore."""
    partecipazioni: list[Partecipazione]
    personale: list[PersonaValutata]
    """People by name, then groups."""
    media_settori: Decimal | None
    media_obiettivi: Decimal | None
    regola: str

    @property
    def contano(self) -> list[ObiettivoDistinto]:
        """The obiettivi valutati: those in the mean."""
        return [obiettivo for obiettivo in self.distinti if obiettivo.conta]

    @property
    def esclusi(self) -> list[ObiettivoDistinto]:
        return [obiettivo for obiettivo in self.distinti if not obiettivo.conta]

    @property
    def col_grado(self) -> list[ObiettivoDistinto]:
        """Those in the mean whose grado somebody gave: the ente did not fix it for want of one."""
        return [obiettivo for obiettivo in self.contano if obiettivo.voce.origine != PARAMETRO]

    @property
    def senza_misura(self) -> list[ObiettivoDistinto]:
        """Those of them with no indicatore that is measured."""
        return [obiettivo for obiettivo in self.col_grado if obiettivo.voce.base == NESSUNA]

    @property
    def voci_valutate(self) -> tuple[int, int]:
        """How many voci of the listed settori are in the mean of theirs, and out of how many."""
        return sum(s.valutati for s in self.settori), sum(s.obiettivi for s in self.settori)

    @property
    def ente(self) -> Decimal | None:
        """The published mean of the ente, by the rule of the Parametri."""
        return self.media_settori if self.regola == MEDIA_SETTORI else self.media_obiettivi


def valuta(tabelle: Tabelle, parametri: Parametri, anno: int | None = None) -> Valutazione:
    """The gradi of every voce, settore and of the ente; the programmi by their name in `anno`."""
    righe = tabelle.righe
    pesate = {
        settore: _pesate([_voce(voce, righe, parametri) for voce in righe.voci.di(settore)], parametri)
        for settore in {voce["settore"] for voce in righe.voci}
    }
    settori = _con_i_pesi(
        [
            _settore(elencato, pesate.get(settore, []), parametri)
            for settore, elencato in tabelle.elencati.items()
            if settore != TRASVERSALI
        ]
    )
    per_chiave = {(voce.settore, voce.n): voce for sue in pesate.values() for voce in sue}
    voci = _con_le_quote([per_chiave[voce["settore"], voce["n"]] for voce in righe.voci], settori)
    codici = {settore.settore for settore in settori}
    elencate = [voce for voce in voci if voce.settore in codici]
    partecipazioni = _partecipazioni(voci, righe.personale)
    return Valutazione(
        voci=voci,
        distinti=_distinti(elencate, parametri),
        settori=settori,
        confronti=_confronti(elencate, settori),
        imbuto=_imbuti(righe.indicatori),
        coerenza=_coerenza(righe.schede, parametri),
        missioni=_missioni(tabelle, voci, anno),
        partecipazioni=partecipazioni,
        personale=_personale(partecipazioni),
        media_settori=_media_settori(settori),
        media_obiettivi=_media_quote(voci),
        regola=parametri.regola_media,
    )


# ------------------------------------------------------------------------------------------- a voce


def fascia(grado: Decimal | None, fasce: tuple[Fascia, ...]) -> str:
    """The band of an unrounded grado; `fasce` from the highest. "" without a grado or bands."""
    if grado is None:
        return ""
    return next((banda.nome for banda in fasce if grado >= banda.da), "")


def _voce(voce: Voce, righe: Righe, parametri: Parametri) -> VoceValutata:
    """A voce by itself: its peso is still the one typed, and it counts if it has a grado."""
    sue = righe.schede.delle(coperte(voce))
    grado, origine, motivo = grado_e_origine(voce, sue, parametri)
    collegati = righe.collegamenti.delle(chiave_scheda(scheda) for scheda in sue)
    codici = {(riga["codice_missione"], riga["codici_programma"]) for riga in collegati}
    misurato = media(scheda["grado_misurato"] for scheda in sue)
    return VoceValutata(
        riga=voce,
        coperte=coperte(voce),
        trasversale=trasversale(voce),
        chiave=obiettivo_distinto(voce),
        grado_schede=_grado_schede(sue),
        dichiarato=dichiarato(voce, sue),
        grado_misurato=misurato,
        misurato_valido=misurato_valido(sue, parametri.base),
        base=base(sum(s["misurabili"] for s in sue), sum(s["indicatori"] for s in sue)),
        grado=grado,
        origine=origine,
        peso=voce["peso"],
        conta=grado is not None,
        motivo=motivo,
        fascia=fascia(grado, parametri.fasce),
        missioni=sorted({missione for missione, _ in codici if missione}),
        programmi=sorted(f"{missione} {programmi}" for missione, programmi in codici if programmi),
    )


def dichiarato(voce: Voce, schede: Iterable[Scheda]) -> Decimal | None:
    """The declared grado of a voce: its own, else the mean of those of its schede."""
    proprio = voce["grado_dichiarato"]
    return _grado_schede(schede) if proprio is None else proprio


def _grado_schede(schede: Iterable[Scheda]) -> Decimal | None:
    return media(scheda["grado_dichiarato"] for scheda in schede)


def base(misurati: int, tutti: int) -> str:
    """How solid a measured grado is, from how many of all its indicatori are measured."""
    if not misurati:
        return NESSUNA
    if misurati * 100 >= DA_SOLIDA * tutti:
        return SOLIDA
    return PARZIALE if misurati * 100 >= DA_PARZIALE * tutti else DEBOLE


def ha_base(scheda: Scheda, base: Decimal) -> bool:
    """Whether enough of the indicatori of a scheda are measured for its measured grado to count."""
    misurata = scheda["grado_misurato"] is not None
    return misurata and scheda["misurabili"] * 100 >= base * scheda["attesi"]


def misurato_valido(schede: Sequence[Scheda], base: Decimal) -> Decimal | None:
    """The measured grado of a voce where it can be its grado: every one of its schede that has an
    indicatore with an atteso has the base."""
    attese = [scheda for scheda in schede if scheda["attesi"]]
    if not all(ha_base(scheda, base) for scheda in attese):
        return None
    return media(scheda["grado_misurato"] for scheda in attese)


def fissato(voce: Voce, parametri: Parametri) -> bool:
    """Whether the ente fixes the grado of a voce that was not reported."""
    return voce["stato"] == NON_CONSUNTIVATO and parametri.grado_non_consuntivato is not None


def entra(voce: Voce, parametri: Parametri) -> bool:
    """Whether the stato of a voce lets it into the mean."""
    return voce["stato"] == VALUTATO or fissato(voce, parametri)


def grado_e_origine(
    voce: Voce, schede: Sequence[Scheda], parametri: Parametri
) -> tuple[Decimal | None, str, str]:
    """(grado, where it comes from, why it is missing): the Nucleo's, else as the ente has chosen."""
    if fissato(voce, parametri):
        return parametri.grado_non_consuntivato, PARAMETRO, ""
    if not entra(voce, parametri):
        return None, "", voce["stato"] or _senza_stato(voce, schede)
    for grado, origine in _in_ordine(voce, schede, parametri):
        if grado is not None:
            return grado, origine, ""
    return None, "", GRADO_MANCANTE


def dagli_indicatori(voce: Voce, schede: Sequence[Scheda], parametri: Parametri) -> bool:
    """Whether the grado of a voce in the mean comes from its indicatori, if they give one: who does not
    measure them cannot tell it."""
    possibili = _in_ordine(voce, schede, parametri)
    prime = (origine for grado, origine in possibili if grado is not None or origine == MISURATO)
    return voce["stato"] == VALUTATO and next(prime, "") == MISURATO


def _in_ordine(
    voce: Voce, schede: Sequence[Scheda], parametri: Parametri
) -> tuple[tuple[Decimal | None, str], ...]:
    """The gradi that a voce may have and where they come from, the one that prevails first."""
    proprio = "schede" if voce["grado_dichiarato"] is None else "dichiarato"
    del_responsabile = [(dichiarato(voce, schede), proprio)]
    misurato = [(misurato_valido(schede, parametri.base), MISURATO)]
    seguono = {
        DICHIARATO: del_responsabile,
        DICHIARATO_O_MISURATO: del_responsabile + misurato,
        MISURATO_O_DICHIARATO: misurato + del_responsabile,
    }
    return (del_nucleo(voce), NUCLEO), *seguono[parametri.origine]


def _senza_stato(voce: Voce, schede: Sequence[Scheda]) -> str:
    if del_nucleo(voce) is None and dichiarato(voce, schede) is None:
        return "né stato né percentuale"
    return "stato mancante o non leggibile"


# ---------------------------------------------------------------------------------------- a settore


def senza_peso(voci: Iterable[Voce], parametri: Parametri) -> list[Voce]:
    """The voci of a settore that enter the mean and lack the peso that others have."""
    entrano = [voce for voce in voci if entra(voce, parametri)]
    senza = [voce for voce in entrano if voce["peso"] is None]
    return senza if len(senza) < len(entrano) else []


def _pesate(voci: Sequence[VoceValutata], parametri: Parametri) -> list[VoceValutata]:
    """The voci of a settore with their pesi: 1 each when none of those that enter the mean has one; a
    peso of 0 takes a voce out of it."""
    nessuno = all(voce.peso is None for voce in voci if entra(voce.riga, parametri))
    pesate = [replace(v, peso=Decimal(1)) if nessuno and v.peso is None else v for v in voci]
    return [
        replace(v, conta=False, motivo=PESO_NULLO, fascia="") if v.conta and v.peso == 0 else v
        for v in pesate
    ]


def _settore(elencato: Elencato, voci: Sequence[VoceValutata], parametri: Parametri) -> SettoreValutato:
    """The figures of a settore; without a grado when only some of the voci that count have a peso."""
    contano = [voce for voce in voci if voce.conta]
    coppie = [(voce.peso or Decimal(0), voce.grado) for voce in contano if voce.grado is not None]
    grado = _complessivo(voci, parametri)
    propri = [voce for voce in voci if not voce.trasversale]
    return SettoreValutato(
        settore=elencato["settore"],
        denominazione=" ".join(elencato["denominazione"].split()) or elencato["settore"],
        peso_media=elencato["peso"],
        obiettivi=len(voci),
        valutati=len(contano),
        esclusi=len(voci) - len(contano),
        somma_pesi=sum((peso for peso, _ in coppie), Decimal(0)),
        somma_pesata=sum((peso * g for peso, g in coppie), Decimal(0)),
        grado=grado,
        grado_propri=None if grado is None else _complessivo(propri, parametri),
        fascia=fascia(grado, parametri.fasce),
    )


def _complessivo(voci: Sequence[VoceValutata], parametri: Parametri) -> Decimal | None:
    """The percentage of some voci; none when only some of those that count have a peso."""
    coppie = [(v.peso or Decimal(0), v.grado) for v in voci if v.conta and v.grado is not None]
    incompleti = senza_peso((voce.riga for voce in voci), parametri)
    return None if incompleti else in_decimale(media_pesata(coppie))


def complessivo_del_foglio(settore: str, righe: Righe, parametri: Parametri) -> Decimal | None:
    """The percentage of a settore from its own workbook alone, as the formulas of the workbook work it
    out: they see no trasversali, no indicatori, and nothing of the workbook of the Nucleo."""
    sole = replace(righe, schede=PerScheda(righe.schede.di(settore)))
    dichiarati = replace(parametri, origine=DICHIARATO)
    scritte: list[Voce] = [{**voce, "grado_giudizio": None} for voce in righe.voci.di(settore)]
    voci = [_voce(voce, sole, dichiarati) for voce in scritte]
    return _complessivo(_pesate(voci, dichiarati), dichiarati)


# ------------------------------------------------------------------------------------------ the ente


def _con_i_pesi(settori: list[SettoreValutato]) -> list[SettoreValutato]:
    """The settori with their pesi in the mean of the ente: those of ente.xlsx count only if all are
    given."""
    if all(settore.peso_media is not None for settore in settori):
        return settori
    return [replace(settore, peso_media=Decimal(1)) for settore in settori]


def _media_settori(settori: list[SettoreValutato]) -> Decimal | None:
    """The mean of the settori with a grado, not rounded."""
    return in_decimale(
        media_pesata(
            (
                settore.peso_media or Decimal(0),
                Fraction(settore.somma_pesata) / Fraction(settore.somma_pesi),
            )
            for settore in settori
            if settore.grado is not None
        )
    )


def _con_le_quote(voci: list[VoceValutata], settori: list[SettoreValutato]) -> list[VoceValutata]:
    """The voci with the quota of those that count, in a settore that has a grado."""
    calcolabili = {settore.settore for settore in settori if settore.grado is not None}

    def conta(voce: VoceValutata) -> bool:
        return voce.conta and voce.settore in calcolabili

    volte = Counter(voce.chiave for voce in voci if conta(voce))
    return [replace(v, quota=Fraction(v.peso or 0) / volte[v.chiave]) if conta(v) else v for v in voci]


def _media_quote(voci: Iterable[VoceValutata]) -> Decimal | None:
    """The mean of some of the distinct obiettivi, each with its quota."""
    return in_decimale(
        media_pesata(
            (voce.quota, voce.grado)
            for voce in voci
            if voce.quota is not None and voce.grado is not None
        )
    )


def _distinti(voci: list[VoceValutata], parametri: Parametri) -> list[ObiettivoDistinto]:
    """The obiettivi, each once, with the grado it has in the mean of the ente."""
    per_chiave: dict[str, list[VoceValutata]] = {}
    for voce in voci:
        per_chiave.setdefault(voce.chiave, []).append(voce)
    distinti = []
    for sue in per_chiave.values():
        contano = [voce for voce in sue if voce.conta]
        proprie = [voce for voce in contano if voce.origine != PARAMETRO]
        grado = _media_quote(sue)
        grado = media(voce.grado for voce in sue) if grado is None else grado
        sua = fascia(grado, parametri.fasce) if contano else ""
        distinti.append(ObiettivoDistinto((proprie or contano or sue)[0], len(sue) > 1, grado, sua))
    return distinti


def _confronti(voci: list[VoceValutata], settori: list[SettoreValutato]) -> list[Confronto]:
    """Declared against measured: of the trasversali, each with its quota, then of every settore."""
    contano = [voce for voce in voci if voce.conta]
    comuni = [voce for voce in contano if voce.trasversale]
    propri = _per_settore(voce for voce in contano if not voce.trasversale)
    trasversali = [_confronto(TRASVERSALI, comuni)] if comuni else []
    return trasversali + [_confronto(s.settore, propri.get(s.settore, [])) for s in settori]


def _confronto(settore: str, contano: list[VoceValutata]) -> Confronto:
    """Declared against measured, on the same obiettivi: those that have both."""
    coppie = [
        (
            v,
            (v.quota if settore == TRASVERSALI else v.peso) or Decimal(0),
            v.dichiarato,
            v.grado_misurato,
        )
        for v in contano
        if v.dichiarato is not None and v.grado_misurato is not None
    ]
    return Confronto(
        settore=settore,
        valutati=len({voce.chiave for voce in contano}),
        confrontati=len({voce.chiave for voce, *_ in coppie}),
        dichiarato=in_decimale(media_pesata((peso, detto) for _, peso, detto, _ in coppie)),
        misurato=in_decimale(media_pesata((peso, misurato) for _, peso, _, misurato in coppie)),
    )


def _imbuti(indicatori: PerScheda[Indicatore]) -> dict[str, Imbuto]:
    """How many indicatori can be measured, and how many are met: in the ente, then by settore."""
    settori = {riga["settore"] for riga in indicatori}
    return {"": _imbuto(indicatori), **{s: _imbuto(indicatori.di(s)) for s in settori}}


def _imbuto(indicatori: Sequence[Indicatore]) -> Imbuto:
    gradi = [i["grado_misurato"] for i in indicatori if i["grado_misurato"] is not None]
    attesi = [i for i in indicatori if i["atteso"].strip()]
    return Imbuto(
        indicatori=len(indicatori),
        attesi=len(attesi),
        quantificabili=sum(i["tipo"] not in NON_QUANTIFICABILI for i in attesi),
        misurati=len(gradi),
        raggiunti=sum(grado >= 100 for grado in gradi),
    )


def _coerenza(schede: Iterable[Scheda], parametri: Parametri) -> list[Scarto]:
    """The schede whose declared and measured gradi differ by more than the tolerance, worst first."""
    scarti = []
    for scheda in schede:
        detto, misurato = scheda["grado_dichiarato"], scheda["grado_misurato"]
        if detto is not None and misurato is not None and parametri.lontani(detto, misurato):
            scarti.append(Scarto(scheda, detto - misurato))
    return sorted(scarti, key=lambda scarto: -abs(scarto.scarto))


# ------------------------------------------------------------------------------ missioni and people


def _missioni(tabelle: Tabelle, voci: list[VoceValutata], anno: int | None) -> list[MissioneValutata]:
    """The figures per missione and programma: of the ente (settore ""), then of each settore."""
    righe = tabelle.righe
    missioni = _per_missione("", righe.collegamenti, righe.schede, voci, anno)
    per_settore = _per_settore(voci)
    for settore in dict.fromkeys(riga["settore"] for riga in righe.collegamenti):
        suoi, sue = righe.collegamenti.di(settore), per_settore.get(settore, [])
        missioni += _per_missione(settore, suoi, righe.schede, sue, anno)
    return missioni


def _per_settore(voci: Iterable[VoceValutata]) -> dict[str, list[VoceValutata]]:
    gruppi: dict[str, list[VoceValutata]] = {}
    for voce in voci:
        gruppi.setdefault(voce.settore, []).append(voce)
    return gruppi


def _per_missione(
    settore: str,
    collegamenti: Iterable[Collegamento],
    schede: PerScheda[Scheda],
    voci: list[VoceValutata],
    anno: int | None,
) -> list[MissioneValutata]:
    """What is linked to each missione and programma, and the means of its gradi."""
    gruppi: dict[tuple[str, str], dict[ChiaveScheda, Scheda]] = {}
    for riga in collegamenti:
        missione, programmi = riga["codice_missione"], riga["codici_programma"]
        for gruppo in dict.fromkeys([(missione, ""), (missione, programmi)]):
            for scheda in schede.della(chiave_scheda(riga)) if missione else []:
                gruppi.setdefault(gruppo, {})[chiave_scheda(scheda)] = scheda
    collegate: dict[str, list[VoceValutata]] = {}
    for voce in voci:
        for codice in (*voce.missioni, *voce.programmi):
            collegate.setdefault(codice, []).append(voce)
    return [
        _missione(settore, *gruppo, [*sue.values()], collegate.get(" ".join(gruppo).strip(), []), anno)
        for gruppo, sue in sorted(gruppi.items())
    ]


def _missione(
    settore: str,
    missione: str,
    programmi: str,
    schede: list[Scheda],
    collegate: list[VoceValutata],
    anno: int | None,
) -> MissioneValutata:
    dichiarati = [s["grado_dichiarato"] for s in schede]
    misurati = [s["grado_misurato"] for s in schede]
    coppie = [
        (detto, misurato)
        for detto, misurato in zip(dichiarati, misurati, strict=True)
        if detto is not None and misurato is not None
    ]
    return MissioneValutata(
        settore=settore,
        missione=missione,
        programmi=programmi,
        denominazione=bilancio.denominazione(missione, programmi, anno),
        schede=len(schede),
        n_grado_dichiarato=len(dichiarati) - dichiarati.count(None),
        grado_dichiarato=media(dichiarati),
        n_grado_misurato=len(misurati) - misurati.count(None),
        grado_misurato=media(misurati),
        obiettivi=len({voce.chiave for voce in collegate}),
        valutati=len({voce.chiave for voce in collegate if voce.conta}),
        grado=_media_quote(collegate),
        con_due_gradi=len(coppie),
        dichiarato_confrontato=media(detto for detto, _ in coppie),
        misurato_confrontato=media(misurato for _, misurato in coppie),
    )


def _partecipazioni(voci: list[VoceValutata], personale: PerScheda[Persona]) -> list[Partecipazione]:
    """Who takes part in each voce through its schede; as responsabile, if in any of them."""
    partecipazioni: list[Partecipazione] = []
    for voce in voci:
        unite: dict[str, Partecipazione] = {}
        for riga in personale.delle(voce.coperte):
            nome, ruolo = riga["nominativo"], riga["ruolo"]
            if nome not in unite:
                unite[nome] = Partecipazione(nome, riga["gruppo"], ruolo, voce)
            elif ruolo == RESPONSABILE:
                unite[nome] = replace(unite[nome], ruolo=RESPONSABILE)
        partecipazioni += unite.values()
    return partecipazioni


def _personale(partecipazioni: list[Partecipazione]) -> list[PersonaValutata]:
    """The figures of each person and, after them, of each group, by name."""
    per_nome: dict[tuple[bool, str], list[Partecipazione]] = {}
    for parte in partecipazioni:
        per_nome.setdefault((parte.gruppo, parte.nominativo), []).append(parte)
    return [
        _persona(nome, gruppo, per_nome[gruppo, nome])
        for gruppo, nome in sorted(per_nome, key=lambda chi: (chi[0], normalizza(chi[1])))
    ]


def _persona(nome: str, gruppo: bool, sue: list[Partecipazione]) -> PersonaValutata:
    prende_parte = [parte.voce for parte in sue]
    risponde = [parte.voce for parte in sue if parte.ruolo == RESPONSABILE]
    return PersonaValutata(
        nominativo=nome,
        gruppo=gruppo,
        obiettivi=len({voce.chiave for voce in prende_parte}),
        da_responsabile=len({voce.chiave for voce in risponde}),
        valutati=len({voce.chiave for voce in prende_parte if voce.conta}),
        grado=_media_quote(prende_parte),
        grado_responsabile=_media_quote(risponde),
    )
