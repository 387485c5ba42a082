"""The part of a settore that fills in the modello "schede": every scheda in the printed form."""

from collections.abc import Sequence
from decimal import Decimal

from pipeline.documents.cifre import SOLIDITA
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.word.blocchi import Cella
from pipeline.documents.word.documento import Documento
from pipeline.numeri import con_segno, numero, percentuale
from pipeline.parole import con_articolo, elenco_di, segnaposto
from pipeline.score import MISURATO, NESSUNA, NUCLEO, PARAMETRO, PIENA, VoceValutata, base_misura
from pipeline.tables import (
    VALUTAZIONI,
    ChiaveScheda,
    Fase,
    Indicatore,
    Scheda,
    Stato,
    chiave_scheda,
    sigla,
)
from pipeline.valori import MANCA_RAGGIUNTO, SENZA_DATI

SEGUE = "(segue)"
"""In the place of a definizione on the rows of the fasi after the first, where a scheda has several:
who listens to a table must know that the obiettivo is the same."""
VOCI_E_GRADI = "Voci e gradi: {}"
"""Title of the table of the voci of a settore, to which its schede refer."""
COME = {
    NUCLEO: "attribuito dall'organo di valutazione",
    MISURATO: "misurato dagli indicatori",
    PARAMETRO: "non consuntivato, fissato dall'ente",
}
"""Origin of the grado of a voce -> how it came about; any other is declared."""
LUNGO = 120
"""From how many characters a valore atteso, or a raggiunto, needs a wider column."""
RACCONTO = 160
"""From how many characters the name of a fase is an account of it."""


def scrivi(documento: Documento, fascicolo: Fascicolo, settore: str) -> None:
    """Write every scheda of a settore, under the heading of the settore."""
    for scheda in fascicolo.righe.schede.di(settore):
        _scheda(documento, fascicolo, scheda)


def _scheda(documento: Documento, fascicolo: Fascicolo, scheda: Scheda) -> None:
    """The five blocks of the printed form."""
    righe, questa = fascicolo.righe, chiave_scheda(scheda)
    nome = f"Scheda {sigla(questa)}"
    documento.titolo(f"{nome} – {scheda['titolo']}" if scheda["titolo"] else nome, 2)
    _obiettivi(documento, fascicolo, questa)
    if scheda["descrizione"]:
        documento.testo(f"Descrizione: {scheda['descrizione']}", "Dopo tabella")
    collegamenti = righe.collegamenti.della(questa)
    documento.titolo("Collegamento con il bilancio", 3)
    documento.tabella_o_nota(
        "Collegamento con il bilancio",
        ("Missione", "Denominazione missione", "Programma", "Denominazione programma"),
        [
            (c["missione"], c["denominazione_missione"], c["programma"], c["denominazione_programma"])
            for c in collegamenti
        ],
        (10, 36, 13, 36),
        "Nessun collegamento indicato.",
        numerata=False,
    )
    documento.titolo("Indicatori", 3)
    indicatori = righe.indicatori.della(questa)
    if indicatori:
        _indicatori(documento, scheda, indicatori)
    else:
        documento.testo("Nessun indicatore indicato.")
    documento.titolo("Stato di attuazione", 3)
    _stati(documento, righe.stati.della(questa))
    documento.titolo("Valutazione sullo stato di avanzamento", 3)
    grado = _grado(scheda["grado_dichiarato"])
    documento.tabella(
        "Valutazione sullo stato di avanzamento",
        (*VALUTAZIONI.values(), "% raggiungimento"),
        [(*(_casella(scheda["valutazione"] == valutazione) for valutazione in VALUTAZIONI), grado)],
        (24, 30, 30, 16),
        centrate=(0, 1, 2, 3),
        numerata=False,
    )
    for frase in _risultati(documento, fascicolo, scheda):
        documento.testo(frase, "Dopo tabella")


def _risultati(documento: Documento, fascicolo: Fascicolo, scheda: Scheda) -> list[str]:
    """The result of a scheda in the valutazione, which its voce may hold: said once where it is the
    same in all the settori that share it, with where it stands."""
    voci = fascicolo.voci_di(scheda)
    if not voci:
        return ["Non compresa nella valutazione: nessuna voce la richiama."]
    per_esito: dict[str, list[VoceValutata]] = {}
    for voce in voci:
        per_esito.setdefault(_esito_voce(voce), []).append(voce)
    return [_risultato(documento, fascicolo, scheda, esito, sue) for esito, sue in per_esito.items()]


def _esito_voce(voce: VoceValutata) -> str:
    if voce.grado is None:
        return voce.motivo
    come = COME.get(voce.origine, "dichiarato dal responsabile")
    if not voce.conta:
        come = f"ma fuori dalla media: {voce.motivo}"
    return f"{con_segno(percentuale(voce.grado))}, {come}"


def _risultato(
    documento: Documento, fascicolo: Fascicolo, scheda: Scheda, esito: str, voci: list[VoceValutata]
) -> str:
    nomi = [VOCI_E_GRADI.format(_nome(fascicolo, voce)) for voce in voci]
    tabelle = elenco_di([documento.rif(nome) for nome in dict.fromkeys(nomi)])
    if len(voci) == 1:
        dove = f"nella voce {voci[0].n}{_insieme(scheda, voci[0])}"
    else:
        dove = f"in {len({voce.settore for voce in voci})} settori"
    if voci[0].grado is None:
        return f"Fuori dalla media, {dove}: {esito} ({tabelle})."
    return f"Valutata {dove}: {esito} ({tabelle})."


def _nome(fascicolo: Fascicolo, voce: VoceValutata) -> str:
    (settore,) = (s for s in fascicolo.settori if s.settore == voce.settore)
    return settore.denominazione


def _insieme(scheda: Scheda, voce: VoceValutata) -> str:
    """That the grado is of this scheda and of others."""
    altre = [sigla(coperta) for coperta in voce.coperte if coperta != chiave_scheda(scheda)]
    quali = "alla scheda" if len(altre) == 1 else "alle schede"
    return f" (insieme {quali} {elenco_di(altre)})" if altre else ""


def _casella(scelta: bool) -> str:
    """The words are for who listens: a screen reader does not say the boxes, or says two names alike."""
    return "☒ scelta" if scelta else "☐ non scelta"


def _indicatori(documento: Documento, scheda: Scheda, indicatori: list[Indicatore]) -> None:
    """The indicators, and in the last row what those that can be measured say together."""
    contenuto: list[Sequence[Cella]] = [
        (_con_i_dati(i), i["atteso"], i["raggiunto"], esito_indicatore(i)) for i in indicatori
    ]
    insieme = percentuale(scheda["grado_misurato"])
    totale = ("La scheda", *di_quanti(scheda), con_segno(insieme) if insieme else "")
    lunghi = (max(len(i["atteso"]) for i in indicatori), max(len(i["raggiunto"]) for i in indicatori))
    documento.tabella(
        "Indicatori",
        ("Indicatore", "Valore atteso", "Raggiunto", "Grado misurato"),
        [*contenuto, [[(cella, "Totale tabella")] for cella in totale]],
        (36, *(30 if lungo > LUNGO else 19 for lungo in lunghi), 16),
        numerata=False,
    )


def _con_i_dati(indicatore: Indicatore) -> Cella:
    """What is measured, and what else the responsabile says of it."""
    altri = {
        "Unità": indicatore["unita"],
        "Fonte": indicatore["fonte"],
        "Valore di partenza": indicatore["partenza"],
    }
    return _con_altro(indicatore["indicatore"], altri)


def _della_fase(fase: Fase) -> Cella:
    """What a fase is, its peso and how much of it was done."""
    altri = {
        "Peso": "" if fase["peso"] is None else numero(fase["peso"]),
        "Realizzata": "" if fase["realizzato"] is None else con_segno(numero(fase["realizzato"])),
    }
    return _con_altro(fase["descrizione"], altri)


def _con_altro(testo: str, altri: dict[str, str]) -> Cella:
    """A text, and under it what is given of some optional values."""
    dati = "; ".join(f"{nome}: {valore}" for nome, valore in altri.items() if valore)
    return [(riga, "Testo tabella") for riga in (testo, dati) if riga] if dati else testo


def di_quanti(scheda: Scheda) -> tuple[str, str]:
    """Of how many indicatori the measured grado of a scheda is the mean, and how solid that makes it."""
    misurabili, attesi = scheda["misurabili"], scheda["attesi"]
    if not attesi:
        return "nessuno ha un valore atteso", SOLIDITA[NESSUNA]
    base = base_misura(scheda["grado_misurato"], [scheda])
    if base == NESSUNA:
        pesi = ", ma non tutti hanno un peso" if misurabili else ""
        return f"misurabili {misurabili} su {attesi}{pesi}", SOLIDITA[base]
    if base == PIENA:
        return (
            f"media di tutti {con_articolo(attesi)} misurabili" if attesi > 1 else "il solo misurabile",
            "base piena",
        )
    media = f"media {con_articolo(misurabili, di=True)} misurabili"
    return f"{media if misurabili > 1 else 'il solo misurabile'} su {attesi}", SOLIDITA[base]


def esito_indicatore(indicatore: Indicatore) -> str:
    """The measured grado of an indicator, or why there is none."""
    if indicatore["grado_misurato"] is not None:
        return con_segno(percentuale(indicatore["grado_misurato"]))
    in_breve = {MANCA_RAGGIUNTO: MANCA_RAGGIUNTO, SENZA_DATI: "nessun dato"}
    return in_breve.get(indicatore["motivo"], indicatore["esito"])


def _grado(valore: Decimal | None) -> str:
    return "non indicata" if valore is None else con_segno(numero(valore))


def _obiettivi(documento: Documento, fascicolo: Fascicolo, scheda: ChiaveScheda) -> None:
    """Obiettivi with their fasi, the definizione once, on the row of the first fase."""
    fasi = fascicolo.righe.fasi.della(scheda)
    contenuto: list[tuple[Cella, ...]] = []
    obiettivi = fascicolo.righe.obiettivi.della(scheda)
    segue = SEGUE if len(obiettivi) > 1 else ""
    for obiettivo in obiettivi:
        definizione = obiettivo["definizione"]
        if obiettivo["strategico"]:
            definizione = f"{definizione} (obiettivo strategico)".strip()
        sue: list[tuple[Cella, ...]] = [
            (_della_fase(fase), fase["orizzonte"], fase["assegnazione"])
            for fase in fasi
            if fase["obiettivo"] == obiettivo["n"]
        ]
        for posto, fase in enumerate(sue or [("", "", "")]):
            contenuto.append((definizione if posto == 0 else segue, *fase))
    documento.tabella_o_nota(
        "Obiettivi e fasi",
        ("Definizione obiettivo", "Descrizione/fasi", "Orizzonte temporale", "Assegnazione obiettivo"),
        contenuto,
        (30, 39, 17, 19),
        "Nessun obiettivo indicato.",
        numerata=False,
    )


def _stati(documento: Documento, stati: list[Stato]) -> None:
    celle = [("" if segnaposto(s["voce"]) else s["voce"], s["testo"]) for s in stati]
    scritti = [(voce, "" if segnaposto(testo) else testo) for voce, testo in celle]
    scritti = [(voce, testo) for voce, testo in scritti if voce or testo]
    if not scritti:
        documento.testo("Stato di attuazione non indicato.")
    elif any(voce for voce, _ in scritti):
        documento.tabella(
            "Stato di attuazione",
            ("Fase o obiettivo", "Che cosa è stato fatto"),
            [
                # an account written where the name of the fase goes reads better in the wide column
                ("", voce) if len(voce) > RACCONTO and not testo else (voce, testo)
                for voce, testo in scritti
            ],
            (35, 65),
            numerata=False,
        )
    else:
        for _, testo in scritti:
            documento.testo(testo)
