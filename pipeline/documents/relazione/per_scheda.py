"""The part of a settore that fills in the modello "schede": every scheda in the printed form."""

from decimal import Decimal

from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.word import Documento
from pipeline.numeri import con_segno, numero, percentuale
from pipeline.tables import TRASVERSALI, VALUTAZIONI, Riga

SEGUE = "(segue)"
"""In the place of a definizione on the rows of the fasi after the first: who listens to a table, or
turns the page, must know that the obiettivo is the same."""
RACCONTO = 160
"""From how many characters the name of a fase is an account of it."""


def scrivi(documento: Documento, fascicolo: Fascicolo, settore: str) -> None:
    """Write every scheda of a settore, under the heading of the settore."""
    for scheda in fascicolo.di("schede", settore):
        _scheda(documento, fascicolo, scheda)


def _scheda(documento: Documento, fascicolo: Fascicolo, scheda: Riga) -> None:
    """The five blocks of the printed form."""
    settore, n = scheda["settore"], scheda["scheda"]
    sigla = f"Scheda {'T' if settore == TRASVERSALI else ''}{n}"
    documento.titolo(f"{sigla} – {scheda['titolo']}" if scheda["titolo"] else sigla, 2)
    _obiettivi(documento, fascicolo, settore, n)
    if scheda["descrizione"]:
        documento.testo(f"Descrizione: {scheda['descrizione']}", "Dopo tabella")
    collegamenti = fascicolo.di("collegamenti", settore, n)
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
    _indicatori(documento, fascicolo.di("indicatori", settore, n))
    _misurato(documento, scheda)
    documento.titolo("Stato di attuazione", 3)
    _stati(documento, fascicolo.di("stati", settore, n))
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


def _casella(scelta: bool) -> str:
    """The words are for who listens: a screen reader does not say the boxes, or says two names alike."""
    return "☒ scelta" if scelta else "☐ non scelta"


def _indicatori(documento: Documento, indicatori: list[Riga]) -> None:
    contenuto = [
        (
            i["indicatore"],
            i["atteso"],
            i["raggiunto"],
            i["esito"] if i["grado_misurato"] is None else con_segno(percentuale(i["grado_misurato"])),
        )
        for i in indicatori
    ]
    discorsivi = any(len(raggiunto) > 150 for _, _, raggiunto, _ in contenuto)
    documento.tabella_o_nota(
        "Indicatori",
        ("Indicatore", "Valore atteso", "Raggiunto", "Grado misurato"),
        contenuto,
        (31, 18, 37, 14) if discorsivi else (42, 21, 22, 15),
        "Nessun indicatore indicato.",
        numerata=False,
    )


def _misurato(documento: Documento, scheda: Riga) -> None:
    """What the indicators of a scheda say together."""
    if scheda["grado_misurato"] is not None:
        grado = con_segno(percentuale(scheda["grado_misurato"]))
        documento.testo(
            f"Grado misurato dagli indicatori: {grado} (indicatori misurabili: {scheda['misurabili']} "
            f"su {scheda['indicatori']}).",
            "Dopo tabella",
        )


def _grado(valore: Decimal | None) -> str:
    return "non indicata" if valore is None else con_segno(numero(valore))


def _obiettivi(documento: Documento, fascicolo: Fascicolo, settore: str, scheda: int) -> None:
    """Obiettivi with their fasi, the definizione once, on the row of the first fase."""
    fasi = fascicolo.di("fasi", settore, scheda)
    contenuto = []
    for obiettivo in fascicolo.di("obiettivi", settore, scheda):
        definizione = obiettivo["definizione"]
        if obiettivo["strategico"]:
            definizione = f"{definizione} (obiettivo strategico)".strip()
        sue = [fase for fase in fasi if fase["obiettivo"] == obiettivo["n"]]
        for posto, fase in enumerate(sue or [{}]):
            contenuto.append(
                (
                    definizione if posto == 0 else SEGUE,
                    *(fase.get(c, "") for c in ("descrizione", "orizzonte", "assegnazione")),
                )
            )
    documento.tabella_o_nota(
        "Obiettivi e fasi",
        ("Definizione obiettivo", "Descrizione/fasi", "Orizzonte temporale", "Assegnazione obiettivo"),
        contenuto,
        (30, 40, 16, 19),
        "Nessun obiettivo indicato.",
        numerata=False,
    )


def _stati(documento: Documento, stati: list[Riga]) -> None:
    if not stati:
        documento.testo("Stato di attuazione non indicato.")
    elif any(stato["voce"] for stato in stati):
        documento.tabella(
            "Stato di attuazione",
            ("Fase o obiettivo", "Che cosa è stato fatto"),
            [
                # an account written where the name of the fase goes reads better in the wide column
                ("", stato["voce"])
                if len(stato["voce"]) > RACCONTO and not stato["testo"]
                else (stato["voce"], stato["testo"])
                for stato in stati
            ],
            (35, 65),
            numerata=False,
        )
    else:
        for stato in stati:
            documento.testo(stato["testo"])
