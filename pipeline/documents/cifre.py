"""The figures that the relazione tells, each under one name wherever it stands.

The sintesi, the table of the Risultati and the sheet Cifre of the consolidato all take them from here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import NamedTuple

from pipeline import score
from pipeline.documents.fascicolo import Fascicolo
from pipeline.numeri import con_segno, in_colonna, numero, percentuale
from pipeline.parole import maiuscola, quanti
from pipeline.score import (
    DEBOLE,
    MISURATO,
    NESSUNA,
    NUCLEO,
    PARAMETRO,
    PARZIALE,
    SOLIDA,
    Imbuto,
    ObiettivoDistinto,
    Scarto,
)
from pipeline.tables import MEDIA_OBIETTIVI, MEDIA_SETTORI, TRASVERSALI
from pipeline.workbooks import registro

SETTORI, SENZA_PERCENTUALE = "Settori", "Settori senza percentuale"
TRASVERSALI_RENDICONTATE = "di cui trasversali"
FUORI = "di cui non comprese nella valutazione"
VOCI = "Voci nelle valutazioni dei settori"
DISTINTI, COMUNI = "Obiettivi distinti", "Obiettivi comuni a più settori"
VALUTATI, ESCLUSI = "Obiettivi valutati", "Obiettivi esclusi dalla media"
PIENI = "Obiettivi raggiunti per intero"
SOTTO = f"Obiettivi sotto il {con_segno('100')}"
INDICATORI = {
    "indicatori": "Indicatori",
    "attesi": "Indicatori con un valore atteso",
    "quantificabili": "Indicatori quantificabili",
    "misurati": "Indicatori misurati",
    "raggiunti": "Indicatori raggiunti",
}
"""From all the indicatori to those that reach their atteso: attribute of `Imbuto` -> name."""
SCOSTAMENTI, MOTIVATI = "Indicatori sotto il valore atteso", "di cui con il motivo scritto"
LONTANE = "Schede con il grado dichiarato lontano da quello misurato"
MEDIE = {MEDIA_SETTORI: maiuscola(MEDIA_SETTORI), MEDIA_OBIETTIVI: maiuscola(MEDIA_OBIETTIVI)}
ATTRIBUITI = {
    NUCLEO: "Gradi attribuiti dall'organo di valutazione",
    PARAMETRO: "Gradi fissati dall'ente",
    MISURATO: "Gradi misurati dagli indicatori",
    "": "Gradi dichiarati dai responsabili",
}
"""Whose the grado of an obiettivo valutato is, by its origin; "" is any other."""


@dataclass(frozen=True)
class Cifra:
    """A figure: a count, or a grado (None where it cannot be worked out)."""

    nome: str
    valore: int | Decimal | None

    @property
    def scritta(self) -> str:
        if isinstance(self.valore, int):
            return str(self.valore)
        return percentuale(self.valore) or "non calcolabile"


def cifre(fascicolo: Fascicolo) -> dict[str, Cifra]:
    """All the figures by name, in the order in which they are told: from the schede to the means."""
    valutazione = fascicolo.valutazione
    obiettivi, contano = valutazione.distinti, valutazione.contano
    pieni = sum(obiettivo.pieno for obiettivo in obiettivi)
    conti = {
        SETTORI: len(fascicolo.settori),
        SENZA_PERCENTUALE: sum(settore.grado is None for settore in fascicolo.settori),
        rendicontate(fascicolo): len(fascicolo.tabelle.schede),
        TRASVERSALI_RENDICONTATE: len(fascicolo.righe.schede.di(TRASVERSALI)),
        FUORI: len(fascicolo.fuori_valutazione),
        VOCI: valutazione.voci_valutate[1],
        DISTINTI: len(obiettivi),
        COMUNI: sum(obiettivo.comune for obiettivo in obiettivi),
        VALUTATI: len(contano),
        **_attribuiti(contano),
        ESCLUSI: len(valutazione.esclusi),
        **{f"di cui: {motivo}": quanti for motivo, quanti in esclusi(valutazione.esclusi).most_common()},
        PIENI: pieni,
        SOTTO: len(contano) - pieni,
        **degli_indicatori(fascicolo.imbuto()),
        SCOSTAMENTI: len(fascicolo.scostamenti),
        MOTIVATI: fascicolo.motivati,
        LONTANE: len(valutazione.coerenza),
        **_nella_prima_fascia(fascicolo),
    }
    gradi = {MEDIE[regola]: grado for regola, grado in fascicolo.medie.items()}
    return {nome: Cifra(nome, valore) for nome, valore in {**gradi, **conti}.items()}


def degli_indicatori(imbuto: Imbuto) -> dict[str, int]:
    """The counts of the indicatori by their name."""
    return {INDICATORI[chiave]: quanti for chiave, quanti in asdict(imbuto).items()}


def rendicontate(fascicolo: Fascicolo) -> str:
    """What the schede are called in the templates that this ente fills in."""
    settori = dict.fromkeys(scheda["settore"] for scheda in fascicolo.righe.schede)
    nomi = [registro.unita(fascicolo.modelli[settore])[1] for settore in settori]
    return maiuscola(" e ".join(dict.fromkeys(nomi)) or "schede")


def prima_fascia(fascicolo: Fascicolo) -> str:
    """The name of the count of the settori in the highest fascia; "" without fasce."""
    fasce = fascicolo.parametri.fasce
    return f"Settori nella fascia «{fasce[0].nome}»" if fasce else ""


def esclusi(obiettivi: list[ObiettivoDistinto]) -> Counter[str]:
    """How many of the obiettivi out of the mean are so for each reason."""
    return Counter(obiettivo.voce.motivo for obiettivo in obiettivi)


def _nella_prima_fascia(fascicolo: Fascicolo) -> dict[str, int]:
    nome = prima_fascia(fascicolo)
    if not nome:
        return {}
    alta = fascicolo.parametri.fasce[0].nome
    return {nome: sum(settore.fascia == alta for settore in fascicolo.settori)}


def attribuiti(fascicolo: Fascicolo, origine: str) -> int:
    """How many of the obiettivi valutati have their grado from there."""
    return _attribuiti(fascicolo.valutazione.contano).get(ATTRIBUITI[origine], 0)


def _attribuiti(contano: list[ObiettivoDistinto]) -> dict[str, int]:
    """Whose the gradi are: only who gave some."""
    origini = Counter(o.voce.origine if o.voce.origine in ATTRIBUITI else "" for o in contano)
    return {nome: origini[origine] for origine, nome in ATTRIBUITI.items() if origini[origine]}


def scostamenti(fascicolo: Fascicolo) -> str:
    """How many indicatori are under the atteso, and of how many it is written why: "6 scostamenti, 4 con
    il motivo"."""
    quanti_sono, motivati = len(fascicolo.scostamenti), fascicolo.motivati
    if not quanti_sono:
        return "nessuno scostamento"
    con = "con il motivo" if motivati == quanti_sono == 1 else f"{motivati or 'nessuno'} con il motivo"
    return f"{quanti(quanti_sono, 'scostamento', 'scostamenti')}, {con}"


class ScartoScritto(NamedTuple):
    """A scheda whose gradi are far apart, with its figures as a table has them: the points with a minus
    where the indicatori say less."""

    scarto: Scarto
    dichiarato: str
    misurato: str
    punti: str


def scarti_in_colonna(scarti: Sequence[Scarto]) -> list[ScartoScritto]:
    """Each of them with its figures, with the decimal places that each column asks for."""
    colonne = (
        in_colonna([s.scheda["grado_dichiarato"] for s in scarti]),
        in_colonna([s.scheda["grado_misurato"] for s in scarti]),
        punti_in_colonna([-s.scarto for s in scarti]),
    )
    return [ScartoScritto(*riga) for riga in zip(scarti, *colonne, strict=True)]


def punti_in_colonna(punti: Sequence[Decimal | None]) -> list[str]:
    """Differences of gradi as a column has them, with a true minus."""
    return [scritti.replace("-", "\N{MINUS SIGN}") for scritti in in_colonna(punti)]


def nessuno_scarto(fascicolo: Fascicolo) -> str:
    """Why no scheda is far apart: none is, or none can be compared."""
    if not fascicolo.con_due_gradi:
        return (
            "Il confronto non si può fare: nessun obiettivo ha sia il grado dichiarato sia il misurato."
        )
    tolleranza = numero(fascicolo.parametri.tolleranza)
    return f"In nessuna scheda i due gradi distano più di {tolleranza} punti."


BASI = {SOLIDA: "●●●", PARZIALE: "●●○", DEBOLE: "●○○", NESSUNA: "○○○"}
"""How solid the base of a measure is, and its mark."""


def base(misurati: int, tutti: int) -> str:
    """How solid the base of a measure is, with its mark: "solida ●●●"."""
    nome = score.base(misurati, tutti)
    return f"{nome}\N{NO-BREAK SPACE}{BASI[nome]}"


COME_LA_BASE = (
    f"Base {SOLIDA}: si misura almeno il {con_segno(numero(score.DA_SOLIDA))} degli indicatori; "
    f"{PARZIALE}: almeno il {con_segno(numero(score.DA_PARZIALE))}; {DEBOLE}: meno."
)
"""What the words of a base mean."""


def con_base(misurati: int, tutti: int) -> str:
    """The same in a sentence: "base solida ●●●", "nessuna base ○○○"."""
    nome, segni = base(misurati, tutti).split("\N{NO-BREAK SPACE}")
    detto = f"base {nome}" if misurati else f"{nome} base"
    return f"{detto}\N{NO-BREAK SPACE}{segni}"


def su(quanti: int, tutti: int) -> str:
    """A count out of all, on one line: "4 su 5"."""
    return f"{quanti}\N{NO-BREAK SPACE}su\N{NO-BREAK SPACE}{tutti}"
