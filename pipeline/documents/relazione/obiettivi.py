"""All the obiettivi of the ente in a table, once each: what they come to, who says so, how measured."""

import re
from collections.abc import Sequence

from pipeline.documents.cifre import su
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import rimandi
from pipeline.documents.word.blocchi import Cella, Tavola, forte, legame
from pipeline.documents.word.documento import Documento
from pipeline.numeri import breve, con_segno, numero
from pipeline.parole import quanti
from pipeline.score import MISURATO, NUCLEO, PARAMETRO, ObiettivoDistinto, VoceValutata
from pipeline.tables import chiave_scheda

DI_CHI = {
    "dichiarato": "settore",
    "schede": "settore",
    NUCLEO: "organo",
    MISURATO: "indicatori",
    PARAMETRO: "ente",
    "": "–",
}
"""Origin of a grado -> who attributed it."""
LARGA = 17.0


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the table of the distinct obiettivi."""
    distinti = sorted(fascicolo.valutazione.distinti, key=lambda o: _posto(fascicolo, o.voce))
    valutati = len(fascicolo.valutazione.contano)
    trovato = f"{rimandi.TUTTI}: {len(distinti)}, di cui {quanti(valutati, 'valutato', 'valutati')}"
    documento.capitolo(trovato, testo=rimandi.TUTTI)
    if not distinti:
        documento.testo("Nessuna voce da valutare.")
        return
    pesati = len({obiettivo.voce.peso for obiettivo in distinti}) > 1
    documento.tabella(
        Tavola(
            rimandi.TUTTI,
            (
                *("Scheda", "Obiettivo"),
                *(["Peso"] * pesati),
                *("Grado %", "Dato da", "Misurato", "Indicatori"),
            ),
            [_riga(fascicolo, obiettivo, pesati) for obiettivo in distinti],
            _larghezze(pesati, any(o.conta and o.voce.origine == MISURATO for o in distinti)),
            cifre={2, 3, 5, 6} if pesati else {2, 4, 5},
            detto="Ogni obiettivo una volta, con il nome che ha nella valutazione; in grassetto il "
            "misurato sotto il grado",
            messaggio=trovato,
        )
    )
    for nota in in_nessuna_voce(fascicolo):
        documento.testo(nota, "Dopo tabella")


def in_nessuna_voce(fascicolo: Fascicolo, settore: str = "") -> list[str]:
    """Which schede of a settore, or of the ente, stand in no list of obiettivi, and why; nothing where
    all do."""
    fuori = [s for s in fascicolo.fuori_valutazione if settore in ("", s["settore"])]
    if not fuori:
        return []
    codici = rimandi.alle_schede(fascicolo, map(chiave_scheda, fuori))
    una = len(fuori) == 1
    return [
        f"{'Non è valutata' if una else 'Non sono valutate'} {codici}: nessuna voce della valutazione "
        f"{'la' if una else 'le'} comprende."
    ]


def _larghezze(pesati: bool, indicatori: bool) -> Sequence[float]:
    """The widths of the columns. Those of the grado and of what follows it are as wide as their longest
    word, which «indicatori» may be: the rest is for the name, so that the page holds more obiettivi."""
    altre = (*([1.0] * pesati), 1.7, 1.8 if indicatori else 1.4, 2.1, 1.7)
    return 1.5, LARGA - 1.5 - sum(altre), *altre


def _posto(fascicolo: Fascicolo, voce: VoceValutata) -> int:
    """The common obiettivi first, then the settori in their order."""
    return -1 if voce.trasversale else fascicolo.ordine.index(voce.settore)


def _riga(fascicolo: Fascicolo, obiettivo: ObiettivoDistinto, pesati: bool) -> Sequence[Cella]:
    voce = obiettivo.voce
    testi = [(nome(voce), "Testo tabella")]
    if not voce.coperte:  # else its schede tell it
        note = {"Motivo": voce.riga["note_responsabile"], "Nota": voce.note}
        testi += [(f"{nome}: {nota}", "Testo tabella") for nome, nota in note.items() if nota]
    peso = [] if not pesati else ["–" if voce.peso is None else numero(voce.peso)]
    return (
        codici(fascicolo, voce),
        testi,
        *peso,
        breve(obiettivo.grado) if obiettivo.conta else perche_no(voce),
        DI_CHI[voce.origine] if obiettivo.conta else "–",
        misura(voce),
        su(*misurati(fascicolo, voce)),
    )


def misura(voce: VoceValutata) -> str:
    """What the indicatori of a voce say; in bold where it is under what counts."""
    misurato = voce.grado_misurato
    if misurato is None:
        return "non\N{NO-BREAK SPACE}si\N{NO-BREAK SPACE}misura"
    scritto = con_segno(breve(misurato))
    sotto = voce.conta and voce.grado is not None and misurato < voce.grado
    return forte(scritto) if sotto else scritto


def perche_no(voce: VoceValutata) -> str:
    """Why a voce is out of the mean, in two words: where nobody gave it a stato, that."""
    return voce.motivo if voce.riga["stato"] else "senza stato"


def codici(fascicolo: Fascicolo, voce: VoceValutata, sigla: bool = True) -> str:
    """The codes of the schede of a voce as links; of one that covers none, its own number."""
    if voce.coperte:
        return rimandi.alle_schede(fascicolo, voce.coperte, sigla)
    settore = fascicolo.sigle.get(voce.settore, voce.settore)
    return f"{legame(settore, settore)}, voce {voce.n}"


def nome(voce: VoceValutata) -> str:
    """What an obiettivo is called in its voce, without a number of its own: its code says it."""
    return re.sub(r"^\s*\d+[.)]\s+", "", voce.riga["descrizione"])


def misurati(fascicolo: Fascicolo, voce: VoceValutata) -> tuple[int, int]:
    """How many indicatori of the schede of a voce are measured, out of all."""
    sue = fascicolo.righe.schede.delle(voce.coperte)
    return sum(s["misurabili"] for s in sue), sum(s["indicatori"] for s in sue)
