"""What a scheda promised beside what happened: its obiettivi and fasi, the stato di attuazione."""

import re
from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from typing import Literal

from pipeline import bilancio
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.word.blocchi import Tavola, forte
from pipeline.numeri import con_segno
from pipeline.numeri import numero as cifra
from pipeline.parole import in_frase, normalizza, segnaposto
from pipeline.tables import Fase, Indicatore, Obiettivo, Scheda, Stato, chiave_scheda

Capoversi = list[tuple[str, str]]
"""What a cell holds: paragraphs as (text, style)."""
Coppia = tuple[Capoversi, Capoversi]
"""What was promised, what happened."""

DI_UN_OBIETTIVO, DI_UNA_FASE = 0.5, 0.7
"""From how alike (0..1) a stato is of the obiettivo in the same place, or of a fase."""
Tempo = Literal["orizzonte", "assegnazione"]
TEMPI: tuple[Tempo, ...] = ("orizzonte", "assegnazione")
"""When a fase is to be done, and whose it is."""
NIENTE = "Non scritto."
TESTO = "Testo tabella"
PER_CENTIMETRO = 6.4
"""How many characters of a table stand in a centimetre."""
_MISURE = ((0.62, (11.5, 5.5)), (0.5, (10, 7)), (0.38, (8.5, 8.5)), (0, (6.5, 10.5)))
"""From which share of the characters on the left, how wide the two columns are, in centimetres."""
_NUMERO = re.compile(r"\A\s*(\d{1,3})\s*[.)]\s*")


def tavola(fascicolo: Fascicolo, scheda: Scheda) -> Tavola:
    """What was promised beside what happened, row by row where the texts say which belongs to which."""
    righe, questa = fascicolo.righe, chiave_scheda(scheda)
    obiettivi, fasi = righe.obiettivi.della(questa), righe.fasi.della(questa)
    stati = scritti(righe.stati.della(questa))
    coppie = (
        _per_obiettivo(scheda, obiettivi, fasi, stati)
        or _per_fase(scheda, obiettivi, fasi, stati)
        or [_insieme(scheda, obiettivi, fasi, stati)]
    )
    return Tavola(
        f"Che cosa si era promesso, che cosa è successo: {fascicolo.codice(scheda)}",
        ("Che cosa si era promesso", "Che cosa è successo"),
        [(a or [("Nessun obiettivo scritto.", TESTO)], b or [(NIENTE, TESTO)]) for a, b in coppie],
        misure(coppie),
        griglia=False,
    )


def misure(coppie: list[Coppia]) -> tuple[float, float]:
    sinistra, destra = (sum(len(t) for coppia in coppie for t, _ in coppia[lato]) for lato in (0, 1))
    quota = sinistra / (sinistra + destra or 1)
    return next(misure for da, misure in _MISURE if quota >= da)


def quante_righe(tavola: Tavola) -> int:
    """About how many lines of text a table of two columns takes."""
    return sum(
        max(
            sum(ceil(len(testo) / (largo * PER_CENTIMETRO)) for testo, _ in cella)
            for cella, largo in zip(riga, tavola.pesi, strict=True)
            if isinstance(cella, list)
        )
        for riga in tavola.righe
    )


def comune(tempo: Tempo, fasi: Sequence[Fase]) -> str:
    """What all the fasi have in a column; "" if they differ. Those left blank have that of the first of
    their obiettivo, which is written once for all of them."""
    prime: dict[int, str] = {}
    detti = set()
    for fase in fasi:
        detto = " ".join(fase[tempo].split())
        detti.add(detto or prime.get(fase["obiettivo"], ""))
        prime.setdefault(fase["obiettivo"], detto)
    return detti.pop() if len(detti) == 1 else ""


def scritti(stati: Sequence[Stato]) -> list[tuple[str, str]]:
    """(of what, what was done) of the stati that somebody has written."""
    celle = [
        tuple("" if segnaposto(testo) else testo for testo in (stato["voce"], stato["testo"]))
        for stato in stati
    ]
    return [(voce, testo) for voce, testo in celle if voce or testo]


def paralleli(fasi: Sequence[Fase], indicatori: Sequence[Indicatore]) -> dict[int, int]:
    """Number of a fase -> place of the indicatore that has the same, where the author numbered both from
    1; else nothing: what belongs to what is never guessed."""
    delle_fasi = [numero(fase["descrizione"]) for fase in fasi]
    if len(fasi) < 2 or delle_fasi != list(range(1, len(fasi) + 1)):
        return {}
    posti = {n: posto for posto, i in enumerate(indicatori) if (n := numero(i["indicatore"]))}
    return posti if list(posti) == delle_fasi else {}


def numero(testo: str) -> int:
    """The number that an author put before a text; 0 for none."""
    trovato = _NUMERO.match(testo)
    return int(trovato[1]) if trovato else 0


@lru_cache(maxsize=2**8)  # each is compared with several
def _nome(testo: str) -> str:
    """A text without its number, to compare it."""
    return normalizza(_NUMERO.sub("", testo, count=1))


def _simili(uno: str, altro: str, da: float) -> bool:
    return bilancio.somiglianza(_nome(uno), _nome(altro)) > da


def _per_obiettivo(
    scheda: Scheda, obiettivi: list[Obiettivo], fasi: list[Fase], stati: list[tuple[str, str]]
) -> list[Coppia]:
    """A row for each of several obiettivi, if each has a stato that is called as it is."""
    if len(obiettivi) < 2 or len(stati) != len(obiettivi):
        return []
    coppie = list(zip(obiettivi, stati, strict=True))
    if not all(_simili(o["definizione"], voce, DI_UN_OBIETTIVO) for o, (voce, _) in coppie):
        return []
    return [
        (_promessa(scheda, obiettivo, fasi), _successo(stato, obiettivo["definizione"]))
        for obiettivo, stato in coppie
    ]


def _per_fase(
    scheda: Scheda, obiettivi: list[Obiettivo], fasi: list[Fase], stati: list[tuple[str, str]]
) -> list[Coppia]:
    """A row for each fase of the one obiettivo, if most have a stato that is called as it is; what is of
    none comes first."""
    if len(obiettivi) != 1 or len(fasi) < 2:
        return []
    trovati: dict[int, tuple[str, str]] = {}
    altri = []
    for stato in stati:
        posto = next(
            (
                n
                for n, fase in enumerate(fasi)
                if n not in trovati and _simili(fase["descrizione"], stato[0], DI_UNA_FASE)
            ),
            None,
        )
        if posto is None:
            altri.append(stato)
        else:
            trovati[posto] = stato
    if len(trovati) * 2 < len(fasi):
        return []
    detta = definizione(scheda, obiettivi[0])
    prima: list[Coppia] = []
    if detta or altri:
        detto = [c for stato in altri for c in _successo(stato)] or [("Fase per fase:", TESTO)]
        prima = [([(detta or "In generale", TESTO)], detto)]
    propri = tempi_propri(fasi)
    return prima + [
        (
            [(con_tempi(fase, propri), TESTO)],
            _successo(trovati[n], fase["descrizione"]) if n in trovati else [],
        )
        for n, fase in enumerate(fasi)
    ]


def _insieme(
    scheda: Scheda, obiettivi: list[Obiettivo], fasi: list[Fase], stati: list[tuple[str, str]]
) -> Coppia:
    promesse = [c for obiettivo in obiettivi for c in _promessa(scheda, obiettivo, fasi)]
    return promesse, [capoverso for stato in stati for capoverso in _successo(stato)]


def definizione(scheda: Scheda, obiettivo: Obiettivo) -> str:
    """The definizione of an obiettivo; "" where it says no more than the title of its scheda."""
    piana = in_frase(obiettivo["definizione"])
    strategico = "obiettivo strategico" if obiettivo["strategico"] else ""
    if _nome(piana) == _nome(scheda["titolo"]):
        return forte(strategico.capitalize()) if strategico else ""
    return (forte(piana) if piana else "") + (f" ({strategico})" if strategico else "")


def _promessa(scheda: Scheda, obiettivo: Obiettivo, tutte: list[Fase]) -> Capoversi:
    """An obiettivo and its fasi: the only one follows it, several are a list."""
    detta = definizione(scheda, obiettivo)
    propri = tempi_propri(tutte)
    fasi = [con_tempi(fase, propri) for fase in tutte if fase["obiettivo"] == obiettivo["n"]]
    fasi = [fase for fase in fasi if fase]
    if len(fasi) == 1 and "\n" not in fasi[0]:
        return [(". ".join(filter(None, (detta, fasi[0]))), TESTO)]
    capoversi = [(detta, TESTO)] if detta else []
    if any("\n" in fase for fase in fasi):
        return capoversi + [(fase, TESTO) for fase in fasi]
    segno = "" if all(numero(fase) for fase in fasi) else "- "
    elenco = "\n".join(f"{segno}{fase}" for fase in fasi)
    return capoversi + ([(elenco, TESTO)] if elenco else [])


def tempi_propri(fasi: list[Fase]) -> list[Tempo]:
    """Of their horizon and of whose they are, what is not the same for all the fasi of a scheda."""
    return [tempo for tempo in TEMPI if not comune(tempo, fasi)]


def con_tempi(fase: Fase, propri: list[Tempo]) -> str:
    """A fase, with its horizon and whose it is where these are `propri`."""
    suoi = [in_frase(fase[tempo]) for tempo in propri if fase[tempo]]
    if fase["peso"] is not None:
        suoi.append(f"Peso: {cifra(fase['peso'])}")
    if fase["realizzato"] is not None:
        suoi.append(f"Realizzata: {con_segno(cifra(fase['realizzato']))}")
    detto = fase["descrizione"].strip().removeprefix("- ")
    return f"{detto} ({'; '.join(suoi)})".strip() if suoi else detto


def _successo(stato: tuple[str, str], di_che: str = "") -> Capoversi:
    """What was done, with the name of what it is of where that is not `di_che`, beside it."""
    voce, testo = stato
    if not voce or _nome(voce) == _nome(di_che):
        return [(testo or NIENTE, TESTO)]
    if not testo:
        return [(voce, TESTO)]
    return [(forte(" ".join(voce.split())), TESTO), (testo, TESTO)]
