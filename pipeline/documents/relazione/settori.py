"""The settori one by one: a strip of figures, every scheda, and the valutazione."""

from collections.abc import Sequence

from pipeline.documents import cifre
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import per_missione, per_scheda
from pipeline.documents.relazione.risultati import VOCI_DEL_SETTORE
from pipeline.documents.word.blocchi import Cella
from pipeline.documents.word.documento import Documento
from pipeline.numeri import numero, percentuale
from pipeline.parole import maiuscola, normalizza, quanti
from pipeline.score import MISURATO, NUCLEO, PARAMETRO, SettoreValutato, VoceValutata
from pipeline.tables import TRASVERSALI
from pipeline.workbooks import missioni, schede

NOTE_VALUTATORE = "Note dell'organo di valutazione"
COMPLESSIVA = "PERCENTUALE DI RAGGIUNGIMENTO COMPLESSIVA"
VOCI = ("N.", "Descrizione obiettivo", "Peso", "Stato", "Grado %", "Attribuito da")
DI_CHI = {
    "dichiarato": "responsabile",
    "schede": "responsabile, nelle schede",
    NUCLEO: "organo di valutazione",
    MISURATO: "indicatori",
    PARAMETRO: "ente",
    "": "",
}
"""Origin of a grado -> who attributed it."""
LAYOUT = {
    schede.NOME: per_scheda.scrivi,
    schede.NOME_TRASVERSALI: per_scheda.scrivi,
    missioni.NOME: per_missione.scrivi,
}
"""How the part of a settore is laid out, by the template that it fills in."""


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write a chapter for each settore: the trasversali first, then as listed in ente.xlsx."""
    for settore in fascicolo.ordine:
        documento.volta_pagina()
        documento.titolo(fascicolo.denominazioni[settore], 1)
        rendicontate = fascicolo.righe.schede.di(settore)
        dati = fascicolo.righe.settori.prima(settore)
        if not dati and not rendicontate:
            documento.testo("La cartella di questo settore non è stata consegnata, o non si legge.")
            continue
        if dati and dati["responsabile"]:
            documento.testo(_responsabile(dati["responsabile"]))
        if settore == TRASVERSALI:
            documento.testo(
                f"Obiettivi comuni a più settori: {quanti(len(rendicontate), 'scheda', 'schede')}."
            )
        _striscia(documento, fascicolo, settore)
        if rendicontate:
            LAYOUT[fascicolo.modelli[settore]](documento, fascicolo, settore)


def _responsabile(valore: str) -> str:
    """Who answers for the settore, on one line: a role that says it already needs no label."""
    detto = " ".join(valore.split()).rstrip(".")
    return f"{detto}." if normalizza(detto).startswith("responsabile") else f"Responsabile: {detto}."


def _striscia(documento: Documento, fascicolo: Fascicolo, settore: str) -> None:
    """The figures of a settore in one row; the trasversali have none of their own."""
    figure = next((s for s in fascicolo.settori if s.settore == settore), None)
    if figure is None:
        return
    confronto = fascicolo.confronto(settore)
    misurati = f"{confronto.confrontati} su {confronto.valutati}, {cifre.SOLIDITA[confronto.base]}"
    documento.tabella(
        f"In sintesi: {figure.denominazione}",
        (*VOCI_DEL_SETTORE, "Grado %", "Fascia", "Misurato % degli obiettivi propri"),
        [
            (
                *(str(n) for n in (figure.obiettivi, figure.valutati, figure.esclusi)),
                percentuale(figure.grado) or "non calcolabile",
                figure.fascia,
                f"{percentuale(confronto.misurato)} ({misurati})"
                if confronto.confrontati
                else "nessun obiettivo misurabile",
            )
        ],
        (10, 11, 11, 14, 22, 32),
        centrate=range(6),
        numerata=False,
    )
    imbuto = cifre.degli_indicatori(fascicolo.imbuto(settore))
    if any(imbuto.values()):
        conti = (f"{nome[0].lower()}{nome[1:]} {quanti}" for nome, quanti in imbuto.items())
        documento.testo(f"{maiuscola('; '.join(conti))}.", "Dopo tabella")


def valutazioni(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the valutazione of every settore, voce by voce, as on its sheet, and whose each grado is."""
    documento.volta_pagina()
    documento.titolo("Valutazione dei settori", 1)
    if fascicolo.chi_attribuisce:
        documento.testo(fascicolo.chi_attribuisce)
    for figure in fascicolo.settori:
        documento.titolo(f"Valutazione: {figure.denominazione}", 2)
        voci = fascicolo.voci(figure.settore)
        if voci:
            _voci(documento, fascicolo, figure, voci)
        else:
            documento.testo("Nessuna voce da valutare.")


def _voci(
    documento: Documento, fascicolo: Fascicolo, figure: SettoreValutato, voci: list[VoceValutata]
) -> None:
    dati = fascicolo.righe.settori.prima(figure.settore)
    testata = [f"Centro di responsabilità: {figure.denominazione}."]
    if dati and dati["responsabile"]:
        testata.append(_responsabile(dati["responsabile"]))
    if dati and dati["categoria"]:
        testata.append(f"Categoria: {' '.join(dati['categoria'].split())}.")
    documento.testo(" ".join(testata), "Prima di tabella")
    note = [note_di(voce) for voce in voci]
    con_note = any(note)
    del_responsabile = any(voce.riga["note_responsabile"] for voce in voci)
    documento.tabella(
        per_scheda.VOCI_E_GRADI.format(figure.denominazione),
        (*VOCI, *(["Motivo e note" if del_responsabile else NOTE_VALUTATORE] * con_note)),
        [
            (
                str(voce.n),
                voce.riga["descrizione"],
                "" if voce.peso is None else numero(voce.peso),
                voce.riga["stato"],
                percentuale(voce.grado),
                DI_CHI[voce.origine],
                *([sue] * con_note),
            )
            for voce, sue in zip(voci, note, strict=True)
        ]
        + [_complessiva(figure, con_note)],
        (6, 42, 8, 16, 12, 16, *([24] * con_note)),
        centrate=(0, 2, 4),
    )


def note_di(voce: VoceValutata) -> Cella:
    """What is noted of a voce: the reason that the responsabile gives, then the note of who values it,
    which says whose it is where there are both kinds."""
    sua, altrui = voce.riga["note_responsabile"], voce.note
    if not sua:
        return altrui
    altre = [f"{NOTE_VALUTATORE}: {altrui}"] if altrui else []
    return [(testo, "Testo tabella") for testo in (sua, *altre)]


def _complessiva(figure: SettoreValutato, con_note: bool) -> Sequence[Cella]:
    """The last row of the valutazione, as on its sheet."""
    grado = percentuale(figure.grado) or "non calcolabile"
    celle = ("", COMPLESSIVA, numero(figure.somma_pesi), "", grado, "", *([""] * con_note))
    return [
        [(cella, "Totale centrato" if c in (2, 4) else "Totale tabella")]
        for c, cella in enumerate(celle)
    ]
