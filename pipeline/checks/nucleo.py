"""Rules on what the Nucleo writes, in its own workbook and in those of the settori."""

from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.comuni import Caso, rilievo
from pipeline.giudizi import Abbinato, abbina
from pipeline.numeri import arrotonda, con_segno, percentuale
from pipeline.parole import citazione, elenco_di
from pipeline.rilievi import Rilievo
from pipeline.score import dichiarato, entra
from pipeline.tables import Voce, cella_di, coperte, obiettivo_distinto, trasversale
from pipeline.workbooks.registro import cella


def comuni(caso: Caso) -> Iterator[Rilievo]:
    """An obiettivo common to the settori with different gradi of the Nucleo in their workbooks; not if
    its own gives one."""
    per_obiettivo: dict[str, list[Voce]] = {}
    for voce in caso.righe.voci:
        if trasversale(voce) and voce["grado_nucleo"] is not None and voce["grado_giudizio"] is None:
            per_obiettivo.setdefault(obiettivo_distinto(voce), []).append(voce)
    for obiettivo, voci in per_obiettivo.items():
        if len({voce["grado_nucleo"] for voce in voci}) > 1:
            prima, *altre = voci
            dati = {
                "obiettivo": obiettivo,
                "voce": citazione(prima["descrizione"]),
                "grado": con_segno(percentuale(prima["grado_nucleo"])),
                "altri": elenco_di([_dove(voce) for voce in altre]),
            }
            yield rilievo("V38", prima, cella("voci", "grado_nucleo", prima), **dati)


def _dove(voce: Voce) -> str:
    """The grado of the Nucleo in another workbook, and where it stands."""
    grado = con_segno(percentuale(voce["grado_nucleo"]))
    return f"{grado} in {voce['file']} ({cella('voci', 'grado_nucleo', voce)})"


def giudizi(caso: Caso) -> Iterator[Rilievo]:
    """What the Nucleo has written of an obiettivo that is not there any more, has changed since, has two
    gradi, or is out of the mean."""
    for abbinato in abbina(caso.righe.giudizi, caso.righe.voci):
        if abbinato.dice and not abbinato.voci:
            if not caso.attesi and not caso.parziali:  # else it may be there
                yield _di_nessuno(abbinato)
        elif abbinato.dice:
            yield from _cambiato(abbinato, caso)
            yield from _due_gradi(abbinato)
            yield from _fuori_media(abbinato, caso)


def _di_nessuno(abbinato: Abbinato) -> Rilievo:
    giudizio = abbinato.giudizio
    dati = {
        "obiettivo": citazione(giudizio["obiettivo"]) or "senza codice",
        "voce": citazione(giudizio["descrizione"]),
    }
    return rilievo("V39", giudizio, cella_di(giudizio, "obiettivo"), **dati)


def _cambiato(abbinato: Abbinato, caso: Caso) -> Iterator[Rilievo]:
    """Said of the first of the voci: it is the one that the workbook of the Nucleo showed; not where its
    grado depends on what could not be read."""
    giudizio, voce = abbinato.giudizio, abbinato.voci[0]
    sue = [scheda for una in abbinato.voci for scheda in coperte(una)]
    di_altri = trasversale(voce) and (caso.attesi or caso.parziali)
    if di_altri or caso.da_leggere(sue) or not caso.senza_grado.isdisjoint(sue):
        return
    schede = caso.righe.schede.delle(coperte(voce))
    adesso, allora = dichiarato(voce, schede), giudizio["grado_dichiarato"]
    gradi = [dichiarato(v, caso.righe.schede.delle(coperte(v))) for v in abbinato.voci]
    if not any(_uguali(allora, grado) for grado in gradi):
        dati = {
            "voce": citazione(voce["descrizione"]),
            "allora": con_segno(percentuale(allora)) or "nessun grado",
            "adesso": con_segno(percentuale(adesso)) or "nessun grado",
        }
        yield rilievo("V40", giudizio, cella_di(giudizio, "grado_dichiarato"), **dati)


def _uguali(uno: Decimal | None, altro: Decimal | None) -> bool:
    if uno is None or altro is None:
        return uno is altro
    return arrotonda(uno) == arrotonda(altro)


def _due_gradi(abbinato: Abbinato) -> Iterator[Rilievo]:
    giudizio = abbinato.giudizio
    for voce in abbinato.voci:
        suo, altro = giudizio["grado_nucleo"], voce["grado_nucleo"]
        if None not in (suo, altro) and suo != altro:
            dati = {
                "voce": citazione(voce["descrizione"]),
                "grado": con_segno(percentuale(altro)),
                "altro": con_segno(percentuale(suo)),
                "dove": f"{giudizio['file']} ({cella_di(giudizio, 'grado_nucleo')})",
            }
            yield rilievo("V41", voce, cella("voci", "grado_nucleo", voce), **dati)


def _fuori_media(abbinato: Abbinato, caso: Caso) -> Iterator[Rilievo]:
    giudizio, voce = abbinato.giudizio, abbinato.voci[0]
    fuori = not any(entra(v, caso.parametri) for v in abbinato.voci)
    if giudizio["grado_nucleo"] is not None and voce["stato"] and fuori:
        dati = {"voce": citazione(voce["descrizione"]), "stato": voce["stato"]}
        yield rilievo("V09", giudizio, cella_di(giudizio, "grado_nucleo"), **dati)
