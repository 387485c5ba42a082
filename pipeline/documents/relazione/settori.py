"""The settori one by one: what they come to, and every scheda."""

from pipeline.documents import cifre
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import (
    constatazioni,
    esito,
    obiettivi,
    per_missione,
    rimandi,
    scheda,
)
from pipeline.documents.word.blocchi import Tavola, legame
from pipeline.documents.word.documento import Documento
from pipeline.numeri import breve, con_segno, in_colonna, numero
from pipeline.parole import in_frase, normalizza
from pipeline.score import SettoreValutato, VoceValutata
from pipeline.tables import TRASVERSALI, ChiaveScheda
from pipeline.workbooks import missioni, schede

LAYOUT = {
    schede.NOME: scheda.scrivi,
    schede.NOME_TRASVERSALI: scheda.scrivi,
    missioni.NOME: per_missione.scrivi,
}
"""How the part of a settore is laid out, by the template that it fills in."""
NON_CONSEGNATA = "Il file di questo settore non è stato consegnato, o non si legge."
IN_STRISCIA, STRETTE = range(4, 13), 9
"""How many of its own voci a settore has for their gradi to stand in a strip, side by side; from
how many there is no room for the reason why one is out of the mean."""


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write a chapter for each settore: the trasversali first, then as listed in ente.xlsx."""
    for settore in fascicolo.ordine:
        _capitolo(documento, fascicolo, settore)
        rendicontate = fascicolo.righe.schede.di(settore)
        if not rendicontate and not fascicolo.righe.settori.prima(settore):
            documento.testo(NON_CONSEGNATA)
            continue
        _in_due_righe(documento, fascicolo, settore)
        if rendicontate:
            LAYOUT[fascicolo.modelli[settore]](documento, fascicolo, settore)


def _capitolo(documento: Documento, fascicolo: Fascicolo, settore: str) -> None:
    nome, grado = fascicolo.denominazioni[settore], _grado(fascicolo, settore)
    documento.capitolo(
        f"{nome}: {grado}" if grado else nome,
        testo=nome,
        codice=fascicolo.sigle[settore],
        risultato=grado,
    )


def _grado(fascicolo: Fascicolo, settore: str) -> str:
    """The result of a settore for its heading; of the trasversali, that of their obiettivi."""
    if settore == TRASVERSALI:
        gradi = {o.grado for o in fascicolo.valutazione.distinti if o.voce.trasversale and o.conta}
        return con_segno(breve(gradi.pop())) if len(gradi) == 1 else ""
    figure = _figure(fascicolo, settore)
    if figure is None:
        return ""
    return con_segno(breve(figure.grado)) if figure.grado is not None else "non calcolabile"


def _figure(fascicolo: Fascicolo, settore: str) -> SettoreValutato | None:
    return next((s for s in fascicolo.settori if s.settore == settore), None)


def responsabile(valore: str) -> str:
    """Who answers for the settore, on one line: a role that says it already needs no label."""
    detto = in_frase(valore)
    return f"{detto}." if normalizza(detto).startswith("responsabile") else f"Responsabile: {detto}."


def _in_due_righe(documento: Documento, fascicolo: Fascicolo, settore: str) -> None:
    """What the grado of a settore is the mean of, and what its indicatori say; who answers for it."""
    dati, figure = fascicolo.righe.settori.prima(settore), _figure(fascicolo, settore)
    frasi = []
    if figure is None:
        frasi = constatazioni.dei_comuni(fascicolo)
    elif figure.obiettivi:
        frasi = constatazioni.del_settore(fascicolo, figure)
    if frasi:
        documento.testo(" ".join(frasi), "Messaggio")
    detti = []
    if dati and dati["responsabile"]:
        detti.append(responsabile(dati["responsabile"]))
    if dati and dati["categoria"]:
        detti.append(f"Categoria: {in_frase(dati['categoria'])}.")
    detti += _comuni(fascicolo, settore) + obiettivi.in_nessuna_voce(fascicolo, settore)
    if detti:
        documento.testo(" ".join(detti), "Dopo tabella")
    proprie = [voce for voce in fascicolo.voci(settore) if not voce.trasversale]
    if figure is not None and len(proprie) in IN_STRISCIA:
        _striscia(documento, fascicolo, figure, proprie)


def _comuni(fascicolo: Fascicolo, settore: str) -> list[str]:
    """The common obiettivi of a settore in a line: they are printed once, in their own chapter."""
    per_esito: dict[str, list[ChiaveScheda]] = {}
    for voce in fascicolo.voci(settore):
        if voce.trasversale:
            per_esito.setdefault(esito.della_voce(voce), []).extend(voce.coperte)
    if not per_esito:
        return []
    detti = "; ".join(
        f"{rimandi.alle_schede(fascicolo, schede)} ({detto})" for detto, schede in per_esito.items()
    )
    if not fascicolo.righe.schede.di(TRASVERSALI) or TRASVERSALI not in fascicolo.ordine:
        return [f"Obiettivi trasversali: {detti}."]
    dove = legame(fascicolo.sigle[TRASVERSALI], "loro capitolo")
    return [f"Obiettivi trasversali, nel {dove}: {detti}."]


def _striscia(
    documento: Documento, fascicolo: Fascicolo, figure: SettoreValutato, voci: list[VoceValutata]
) -> None:
    """The gradi of the own voci of a settore side by side, each under the code of its schede."""
    codici = [obiettivi.codici(fascicolo, voce, sigla=False) for voce in voci]
    if not all(codici) or len(set(codici)) < len(codici):
        return
    gradi = in_colonna([voce.grado if voce.conta else None for voce in voci])
    fuori = "fuori" if len(voci) >= STRETTE else ""
    misurati = in_colonna([voce.grado_misurato for voce in voci])
    righe = [
        ["Grado %", *(g if v.conta else fuori or v.motivo for g, v in zip(gradi, voci, strict=True))],
        ["Misurato %", *misurati],
        ["Indicatori", *(cifre.su(*obiettivi.misurati(fascicolo, voce)) for voce in voci)],
    ]
    if len({voce.peso for voce in voci}) > 1:
        righe.insert(0, ["Peso", *("–" if v.peso is None else numero(v.peso) for v in voci)])
    documento.tabella(
        Tavola(
            f"Gli obiettivi propri: {figure.denominazione}",
            ("Scheda", *codici),
            righe,
            (2.0, *(15 / len(voci) for _ in voci)),
            cifre=range(1, len(voci) + 1),
        ),
        numerata=False,
    )
