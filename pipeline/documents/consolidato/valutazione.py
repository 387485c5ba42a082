"""The sheets of the settori: their valutazione in the published form, its percentage as a formula."""

from dataclasses import replace

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline import excel
from pipeline.documents.consolidato.libro import PRIMA_VOCE, Libro, apici, arrotondato, riga_voce
from pipeline.documents.consolidato.voci import NOTE_RESPONSABILE, media_delle_schede, se_numero
from pipeline.excel import Foglio
from pipeline.prospetti import Colonna, Prospetto, Rigo, larghezze
from pipeline.score import MISURATO, NUCLEO, PARAMETRO, VoceValutata
from pipeline.tables import (
    DICHIARATO,
    DICHIARATO_O_MISURATO,
    MISURATO_O_DICHIARATO,
    NON_CONSUNTIVATO,
    VALUTATO,
    Riga,
)

FISSATO, DELLA_VOCE, DELLE_SCHEDE = PARAMETRO, "dichiarato", "schede"
IN_ORDINE = {
    DICHIARATO: (DELLA_VOCE, DELLE_SCHEDE),
    DICHIARATO_O_MISURATO: (DELLA_VOCE, DELLE_SCHEDE, MISURATO),
    MISURATO_O_DICHIARATO: (MISURATO, DELLA_VOCE, DELLE_SCHEDE),
}
"""The origins of a grado under each choice of the ente, the one that prevails first; all come after what
the ente fixes and what the Nucleo gives."""
MANCA = "manca"
"""What stands for a peso that a voce should have."""


# ---------------------------------------------------------------------------------------- formulas


def _fissato(r: Rigo, _: str) -> str:
    quale = "Grado_non_consuntivati"
    return f'=IF(AND({r.cella("stato")}="{NON_CONSUNTIVATO}",ISNUMBER({quale})),{quale},"")'


def _media_delle_schede(r: Rigo, _: str) -> str:
    return media_delle_schede(r, "grado_dichiarato")[1]


def _media_con_la_base(r: Rigo, _: str) -> str:
    """The mean of the measured gradi of the schede, if all that can have a grado have the base."""
    conto, media = media_delle_schede(r, "con_la_base")
    return f'=IF({conto}={r.dati["attese"]},{media[1:]},"")' if r.dati["attese"] else ""


def _grado(r: Rigo, _: str) -> str:
    """Of a voce that is valued the first of its gradi; else what the ente fixes, if it does."""
    fissato, *gradi = (r.cella(GRADI[origine].chiave) for origine in r.dati["origini"])
    scelto = '""'
    for grado in reversed(gradi):
        scelto = se_numero(grado, scelto)
    return f'=IF({r.cella("stato")}="{VALUTATO}",{scelto},{fissato})'


def _origine(r: Rigo, _: str) -> str:
    """The word above the column that has the grado: the first from the left."""
    prima, *_altre, ultima = (GRADI[origine].chiave for origine in r.dati["origini"])
    parole = ":".join(
        xl_rowcol_to_cell(PRIMA_VOCE - 3, r.prospetto.numero(chiave) - 1, row_abs=True)
        for chiave in (prima, ultima)
    )
    grado, gradi = r.cella("grado"), f"{r.cella(prima)}:{r.cella(ultima)}"
    return f'=IF(ISNUMBER({grado}),INDEX({parole},1,MATCH({grado},{gradi},0)),"")'


def _peso_che_conta(r: Rigo, _: str) -> str:
    """The peso of a voce in the mean; `MANCA` where the voce should be in it and has none."""
    stato, peso, grado = map(r.cella, ("stato", "peso", "grado"))
    conta = f'IF(AND(ISNUMBER({grado}),{peso}<>0),{peso},"")'
    entra = f'OR({stato}="{VALUTATO}",ISNUMBER({grado}))'
    return f'=IF(ISNUMBER({peso}),{conta},IF({entra},"{MANCA}",""))'


def _prodotto(r: Rigo, _: str) -> str:
    peso = r.cella("peso_che_conta")
    return f'=IF(ISNUMBER({peso}),{peso}*{r.cella("grado")},"")'


def _dichiarato(r: Rigo, _: str) -> str:
    return f"={se_numero(r.cella('della_voce'), se_numero(r.cella('delle_schede')))}"


GRADI = {
    FISSATO: Colonna("fissato", "Fissato dall'ente %", 9, "grado", _fissato),
    NUCLEO: Colonna("grado_nucleo", "Grado Nucleo %", 8, "grado"),
    DELLA_VOCE: Colonna("della_voce", "Dichiarato nella voce %", 10, "grado"),
    DELLE_SCHEDE: Colonna("delle_schede", "Dichiarato nelle schede %", 10, "grado", _media_delle_schede),
    MISURATO: Colonna("misurato_valido", "Misurato con la base %", 10, "grado", _media_con_la_base),
}
"""The columns that may have the grado of a voce, by its origin."""
PRIMA_DEI_GRADI = (
    Colonna("n", "N.", 5, "intero"),
    Colonna("descrizione", "DESCRIZIONE OBIETTIVO", 40),
    Colonna("schede", "Schede", 9),
    Colonna("peso", "Peso", 7, "numero"),
    Colonna("stato", "Stato", 14),
)
DOPO_I_GRADI = (
    Colonna("grado", "GRADO DI RAGGIUNGIMENTO DELL'OBIETTIVO %", 17, "grado", _grado),
    Colonna("origine", "Origine del grado", 11, "numero", _origine),
    Colonna("peso_che_conta", "Peso che conta", 8, "numero", _peso_che_conta),
    Colonna("prodotto", "Peso × grado", 9, "grado", _prodotto),
    Colonna("grado_dichiarato", "Dichiarato %", 10, "grado", _dichiarato),
    NOTE_RESPONSABILE,
    Colonna("note", "NOTE", 28),
)
ALTEZZE = ("descrizione", "note_responsabile", "note", "schede")
"""The columns that may need more than a line."""
UNA_PAGINA = 18
"""Up to how many voci a sheet is printed on one page, with its totals: smaller, and still to be read."""
TOTALI = {
    "obiettivi": ("Voci", "intero"),
    "valutati": ("Valutate", "intero"),
    "esclusi": ("Escluse", "intero"),
    "somma_pesi": ("Somma dei pesi che contano", "numero"),
    "somma_pesata": ("Somma di peso × grado", "grado"),
    "grado": ("PERCENTUALE DI RAGGIUNGIMENTO COMPLESSIVA", "totale_grado"),
}
"""What stands under the voci of a settore, after a blank row: key, label and format."""


def colonne(origini: tuple[str, ...]) -> tuple[Colonna, ...]:
    """The columns of a settore: those that may have the grado in the order in which they prevail."""
    return (*PRIMA_DEI_GRADI, *(GRADI[origine] for origine in origini), *DOPO_I_GRADI)


def descrivi(libro: Libro) -> None:
    """Where everything stands in the sheet of each settore."""
    for settore, nome in libro.nomi.items():
        libro.prospetti[nome] = _prospetto(libro, settore)


def _prospetto(libro: Libro, settore: str) -> Prospetto:
    origini = (FISSATO, NUCLEO, *IN_ORDINE[libro.fascicolo.parametri.origine])
    righe = [_riga(libro, voce, origini) for voce in libro.fascicolo.voci(settore)]
    descritte = libro.delle_voci(colonne(origini), righe)
    prospetto = Prospetto(f"'{apici(libro.nomi[settore])}'", descritte, righe, PRIMA_VOCE)
    colonna = prospetto.numero("descrizione") + 1
    totali = enumerate(TOTALI, start=prospetto.ultima + 2)
    return replace(prospetto, caselle={chiave: (riga, colonna) for riga, chiave in totali})


def _riga(libro: Libro, voce: VoceValutata, origini: tuple[str, ...]) -> Riga:
    coperte, peso = libro.coperte(voce), voce.peso if voce.conta else None
    fissato = voce.grado if voce.origine == PARAMETRO else None
    return {
        **riga_voce(voce),
        "schede": libro.schede_di(voce),
        "fissato": fissato,
        "della_voce": voce.riga["grado_dichiarato"],
        "delle_schede": voce.grado_schede,
        "peso_che_conta": _peso_o_manca(voce),
        "prodotto": None if peso is None or voce.grado is None else peso * voce.grado,
        "grado_dichiarato": voce.dichiarato,
        "origini": origini,
        **libro.schede_per_formula(voce),
        "attese": sum(scheda["attesi"] > 0 for scheda, _ in coperte),
    }


def _peso_o_manca(voce: VoceValutata) -> object:
    if voce.peso is None and (voce.riga["stato"] == VALUTATO or voce.grado is not None):
        return MANCA
    return voce.peso if voce.conta else None


def scrivi(libro: Libro) -> None:
    """Write the sheet of each settore."""
    for settore in libro.nomi:
        _scrivi(libro, settore)


def _scrivi(libro: Libro, settore: str) -> None:
    fascicolo, nome = libro.fascicolo, libro.nomi[settore]
    ws, prospetto = libro.fogli[nome], libro.prospetti[nome]
    libro.metti(ws, 1, 1, f"Valutazione del settore – anno {fascicolo.anno}", "titolo")
    ws.set_row(0, 24)
    libro.indietro(ws, 2, 1)
    _testata(libro, ws, settore)
    _intestazioni(libro, ws, prospetto)
    larghe = {c.chiave: c.larghezza for c in prospetto.colonne}
    formati = prospetto.formati(libro.formati)
    for riga, dati in enumerate(prospetto.righe, start=PRIMA_VOCE):
        alte = ((dati[chiave], larghe[chiave]) for chiave in ALTEZZE if chiave in larghe)
        Rigo(prospetto, riga, dati, libro.prospetti).scrivi(ws, formati, excel.altezza(alte))
    _totali(libro, ws, settore)
    if len(prospetto.righe) <= UNA_PAGINA:
        ws.fit_to_pages(1, 1)


def _intestazioni(libro: Libro, ws: Foglio, prospetto: Prospetto) -> None:
    """The headings and, above those of the gradi, the words that say of whom each is."""
    parole = {colonna.chiave: origine for origine, colonna in GRADI.items()}
    for colonna, descritta in enumerate(prospetto.colonne, start=1):
        libro.metti(ws, PRIMA_VOCE - 1, colonna, descritta.titolo, "intestazione")
        if descritta.chiave in parole:
            libro.metti(ws, PRIMA_VOCE - 2, colonna, parole[descritta.chiave], "sopra")
    colonna = prospetto.numero("grado")
    libro.metti(ws, PRIMA_VOCE - 2, colonna, "← il primo da sinistra", "sopra")
    larghezze(ws, prospetto.colonne)
    ws.set_row(PRIMA_VOCE - 2, 54)
    ws.repeat_rows(PRIMA_VOCE - 3, PRIMA_VOCE - 2)
    ws.freeze_panes(PRIMA_VOCE - 1, prospetto.numero("descrizione"))


def _testata(libro: Libro, ws: Foglio, settore: str) -> None:
    fascicolo, etichette = libro.fascicolo, libro.prospetti[libro.nomi[settore]].numero("descrizione")
    dati = fascicolo.righe.settori.prima(settore)
    testata = [("CENTRO DI RESPONSABILITÀ", fascicolo.denominazioni[settore])]
    if not fascicolo.pubblica:
        testata.append(("RESPONSABILE", dati["responsabile"] if dati else ""))
        testata.append(("CATEGORIA", dati["categoria"] if dati else ""))
    for riga, (etichetta, valore) in enumerate(testata, start=3):
        libro.metti(ws, riga, etichette, etichetta, "etichetta")
        ws.merge_range(riga - 1, etichette, riga - 1, etichette + 6, "", libro.formati["testo"])
        libro.metti(ws, riga, etichette + 1, valore, "testo")


def _totali(libro: Libro, ws: Foglio, settore: str) -> None:
    figure = next(s for s in libro.fascicolo.settori if s.settore == settore)
    prospetto = libro.prospetti[libro.nomi[settore]]
    formule, valori = (
        _formule_dei_totali(prospetto),
        {**vars(figure), "grado": arrotondato(figure.grado)},
    )
    for chiave, (etichetta, formato) in TOTALI.items():
        riga, colonna = prospetto.caselle[chiave]
        stile = "totale" if formato == "totale_grado" else "etichetta"
        libro.metti(ws, riga, colonna - 1, etichetta, stile)
        libro.formula(ws, riga, colonna, f"={formule[chiave]}", valori[chiave], formato)
    ws.set_row(prospetto.caselle["grado"][0] - 1, 30)


def _formule_dei_totali(prospetto: Prospetto) -> dict[str, str]:
    numeri, grado, pesi, prodotti = (
        prospetto.tratto(chiave, PRIMA_VOCE, prospetto.ultima)
        for chiave in ("n", "grado", "peso_che_conta", "prodotto")
    )
    obiettivi, valutati, somma_pesi, somma_pesata = (
        xl_rowcol_to_cell(prospetto.caselle[chiave][0] - 1, prospetto.caselle[chiave][1] - 1)
        for chiave in ("obiettivi", "valutati", "somma_pesi", "somma_pesata")
    )
    incompleti = f'COUNTIF({pesi},"{MANCA}")>0'
    return {
        "obiettivi": f"COUNT({numeri})",
        "valutati": f'COUNT({pesi})+COUNTIFS({pesi},"{MANCA}",{grado},">=0")',
        "esclusi": f"{obiettivi}-{valutati}",
        "somma_pesi": f"SUM({pesi})",
        "somma_pesata": f"SUM({prodotti})",
        "grado": f'IF(OR({incompleti},{somma_pesi}=0),"",ROUND({somma_pesata}/{somma_pesi},2))',
    }
