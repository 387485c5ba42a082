"""What a scheda comes to in the valutazione: a word for its title bar, a line under it."""

from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import rimandi
from pipeline.documents.relazione.rimandi import TUTTI
from pipeline.documents.word.blocchi import forte, legame
from pipeline.numeri import breve, con_segno
from pipeline.parole import elenco_di, maiuscola, quanti
from pipeline.score import MISURATO, NUCLEO, PARAMETRO, VoceValutata
from pipeline.tables import VALUTAZIONI, Scheda, chiave_scheda

NON_VALUTATA = "non valutata"


def in_parole(fascicolo: Fascicolo, scheda: Scheda) -> str:
    """The result of a scheda, always: "98 %", "rinviato", "non valutata"."""
    esiti = list(dict.fromkeys(map(della_voce, fascicolo.voci_di(scheda))))
    if len(esiti) > 1:
        return "esiti diversi"
    return esiti[0] if esiti else NON_VALUTATA


def della_voce(voce: VoceValutata) -> str:
    """The grado of a voce, or why it has none in the mean."""
    return con_segno(breve(voce.grado)) if voce.conta else voce.motivo


def riga(fascicolo: Fascicolo, scheda: Scheda) -> str:
    """Where the result comes from, what the responsabile ticked, what is noted."""
    voci = fascicolo.voci_di(scheda)
    per_esito: dict[str, list[VoceValutata]] = {}
    for voce in voci:
        per_esito.setdefault(_da_dove(voce), []).append(voce)
    frasi = [
        f"{esito}{_dove(fascicolo, scheda, sue, len(voci))}" for esito, sue in per_esito.items()
    ] or [forte("Non valutata") + ": nessuna voce della valutazione la comprende"]
    frasi[0] = maiuscola(frasi[0])
    detto = scheda["grado_dichiarato"]
    if detto is not None and not any(voce.origine in ("dichiarato", "schede") for voce in voci):
        frasi.append(f"dichiarato {con_segno(breve(detto))}")
    frasi.append(VALUTAZIONI.get(scheda["valutazione"], "stato di avanzamento non indicato"))
    motivi, note = motivi_e_note(voci)
    detti = [f"Motivo del responsabile: {motivo}." for motivo in motivi]
    detti += [f"Nota nella valutazione: {nota}." for nota in note]
    return " ".join(["; ".join(frasi) + ".", *detti])


def motivi_e_note(voci: list[VoceValutata]) -> tuple[list[str], list[str]]:
    """The reasons that the responsabile gives for some voci, and what is noted of them: each once, in
    quotes, to be followed by a full stop of ours."""
    motivi = dict.fromkeys(voce.riga["note_responsabile"] for voce in voci)
    note = dict.fromkeys(voce.note for voce in voci)
    return [*map(_citato, filter(None, motivi))], [*map(_citato, filter(None, note))]


def _citato(testo: str) -> str:
    return f"«{testo.strip().removesuffix('.')}»"


def _da_dove(voce: VoceValutata) -> str:
    """The grado of a voce and whose it is."""
    if not voce.conta:
        return f"{forte('Fuori dalla media')}: {voce.motivo}"
    grado = forte(con_segno(breve(voce.grado)))
    come = {
        NUCLEO: "attribuito dall'organo di valutazione",
        MISURATO: "misurato dagli indicatori",
        PARAMETRO: "fissato dall'ente: non consuntivato",
    }
    return f"{grado}, {come[voce.origine]}" if voce.origine in come else f"dichiarato {grado}"


def _dove(fascicolo: Fascicolo, scheda: Scheda, voci: list[VoceValutata], tutte: int) -> str:
    """In which voce, or in how many settori, with the schede valued together."""
    altre = [
        rimandi.alla_scheda(fascicolo, chiave)
        for chiave in voci[0].coperte
        if chiave != chiave_scheda(scheda)
    ]
    insieme = f", insieme a {elenco_di(altre)}" if altre else ""
    if tutte == 1:
        return f" ({legame(TUTTI, f'voce {voci[0].n}')}{insieme})"
    settori = quanti(len({voce.settore for voce in voci}), "settore", "settori")
    return f" ({legame(TUTTI, f'in {settori}')}{insieme})"
