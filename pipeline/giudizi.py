"""What the Nucleo writes in its own workbook, and the voci that it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.parole import normalizza
from pipeline.tables import Giudizio, Voce, obiettivo_distinto

SIMILI = 80
"""From how alike, in per cento, two descriptions are of one obiettivo that was only reworded."""


@dataclass(frozen=True)
class Abbinato:
    """A giudizio and the voci of its obiettivo: one, those of all the settori for a trasversale, or none
    when it is not there any more."""

    giudizio: Giudizio
    voci: tuple[Voce, ...]

    @property
    def dice(self) -> bool:
        """Whether the Nucleo has written anything."""
        giudizio = self.giudizio
        return giudizio["visto"] or giudizio["grado_nucleo"] is not None or bool(giudizio["note"])


def abbina(giudizi: Iterable[Giudizio], voci: Sequence[Voce]) -> list[Abbinato]:
    """Each giudizio with its voci, by the code of the obiettivo and by what its description was.

    The numbers of the voci of a settore change when a row is inserted: a description that is now
    elsewhere in the settore is followed there. A code with quite another description is no match.
    """
    per_codice: dict[str, list[Voce]] = {}
    for voce in voci:
        per_codice.setdefault(obiettivo_distinto(voce), []).append(voce)
    return [Abbinato(giudizio, tuple(_sue(giudizio, per_codice))) for giudizio in giudizi]


def _sue(giudizio: Giudizio, per_codice: dict[str, list[Voce]]) -> list[Voce]:
    codice, descrizione = giudizio["obiettivo"].strip(), normalizza(giudizio["descrizione"])
    sue = per_codice.get(codice, [])
    if any(normalizza(voce["descrizione"]) == descrizione for voce in sue):
        return sue
    settore = codice.rpartition(" ")[0]
    altrove = [
        altre
        for altre in per_codice.values()
        if altre[0]["settore"] == settore and normalizza(altre[0]["descrizione"]) == descrizione
    ]
    if descrizione and len(altrove) == 1:
        return altrove[0]
    simili = any(_simili(voce["descrizione"], giudizio["descrizione"]) for voce in sue)
    return sue if simili else []


def _simili(una: str, altra: str) -> bool:
    return fuzz.ratio(normalizza(una), normalizza(altra)) >= SIMILI


def applica(giudizi: Iterable[Giudizio], voci: Sequence[Voce]) -> list[Voce]:
    """The voci with what the Nucleo says of them; of two giudizi of a voce the first that says
    anything counts."""
    detti: dict[tuple[str, int], Giudizio] = {}
    for abbinato in abbina(giudizi, voci):
        for voce in abbinato.voci if abbinato.dice else ():
            detti.setdefault((voce["settore"], voce["n"]), abbinato.giudizio)
    return [_con(voce, detti.get((voce["settore"], voce["n"]))) for voce in voci]


def _con(voce: Voce, giudizio: Giudizio | None) -> Voce:
    if giudizio is None:
        return voce
    return {
        **voce,
        "grado_giudizio": giudizio["grado_nucleo"],
        "note_giudizio": giudizio["note"],
        "visto": giudizio["visto"],
    }
