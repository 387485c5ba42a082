"""The premi of ente.xlsx: aggregates that can be published (D.Lgs. 33/2013, art. 20), or why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.numeri import numero
from pipeline.parole import normalizza, quanti
from pipeline.tables import Premio

MINIMO = 5
"""From a group of fewer people one may be told from the others."""
POCHE, NON_TORNA = "E26", "E27"


@dataclass(frozen=True)
class Difetto:
    """Why a row cannot be published: the code of its finding, in which column, and in words."""

    riga: Premio
    codice: str
    colonna: str
    perche: str
    aiuto: str = ""


def difetti(premi: Sequence[Premio]) -> list[Difetto]:
    """What keeps the premi from being published, a row at a time. One is enough for all: from what is
    left what was taken away might be worked out."""
    chiavi = [(normalizza(p["gruppo"]), normalizza(p["fascia"])) for p in premi]
    trovati = []
    for n, premio in enumerate(premi):
        suoi = list(_di_una(premio))
        if not suoi and chiavi[n] in chiavi[:n]:
            aiuto = "Scrivere ogni fascia di un gruppo una volta sola."
            suoi = [Difetto(premio, NON_TORNA, "gruppo", "compare più volte", aiuto)]
        trovati += suoi[:1]
    return trovati or list(_dei_totali(premi))


def quale(premio: Premio) -> str:
    """How a row is called: its group and its fascia."""
    return ", ".join(filter(None, (premio["gruppo"], premio["fascia"]))) or "Una riga senza gruppo"


def _di_una(premio: Premio) -> Iterator[Difetto]:
    persone, stanziati, distribuiti = premio["persone"], premio["stanziati"], premio["distribuiti"]
    if not premio["gruppo"].strip():
        yield Difetto(premio, NON_TORNA, "gruppo", "manca il gruppo", "Scrivere di chi sono i premi.")
    if persone is None or persone % 1:
        aiuto = "Scrivere quante persone sono, con un numero intero."
        yield Difetto(premio, NON_TORNA, "persone", "non dice quante persone sono", aiuto)
    elif 0 < persone < MINIMO:
        yield Difetto(premio, POCHE, "persone", quanti(int(persone), "persona", "persone"))
    elif not persone and distribuiti:
        aiuto = "Scrivere quante persone li hanno avuti."
        yield Difetto(premio, NON_TORNA, "persone", "premi distribuiti a nessuno", aiuto)
    if stanziati is None and distribuiti is None:
        aiuto = "Scrivere i premi stanziati, quelli distribuiti o entrambi."
        yield Difetto(premio, NON_TORNA, "distribuiti", "non ha nessun importo", aiuto)
    elif stanziati is not None and distribuiti is not None and distribuiti > stanziati:
        perche = f"distribuiti {numero(distribuiti)} euro, stanziati {numero(stanziati)}"
        aiuto = "Controllare i due importi: non si distribuisce più di quanto è stanziato."
        yield Difetto(premio, NON_TORNA, "distribuiti", perche, aiuto)


def _dei_totali(premi: Sequence[Premio]) -> Iterator[Difetto]:
    """A group told also as a whole: the people in none of its fasce are the difference."""
    for premio in premi:
        fasce = [p for p in premi if _di(p, premio) and p["fascia"].strip()]
        if premio["fascia"].strip() or not fasce:
            continue
        resto = _persone(premio) - sum(_persone(p) for p in fasce)
        if 0 < resto < MINIMO:
            perche = f"{quanti(int(resto), 'persona', 'persone')} fuori dalle fasce"
            yield Difetto(premio, POCHE, "persone", perche)
        elif resto < 0:
            aiuto = "Le persone di tutto il gruppo sono almeno quelle delle sue fasce."
            yield Difetto(premio, NON_TORNA, "persone", "ha meno persone delle sue fasce", aiuto)


def _di(premio: Premio, altro: Premio) -> bool:
    return normalizza(premio["gruppo"]) == normalizza(altro["gruppo"])


def _persone(premio: Premio) -> Decimal:
    return premio["persone"] or Decimal(0)
