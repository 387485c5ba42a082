"""The consolidated Excel: what was read, row by row, and the means as live formulas.

Every formula carries the value computed by `score`, so that a preview shows the same figure that a
recalculation gives. Tables are real Excel tables; text never becomes a formula or a link.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from xlsxwriter.chart_bar import ChartBar
from xlsxwriter.worksheet import Worksheet

from pipeline import excel
from pipeline.documents import consolidato_tabelle
from pipeline.documents.cifre import SOLIDITA
from pipeline.documents.fascicolo import EDIZIONE, Fascicolo
from pipeline.documents.libro import BLU, NOTE, PRIMA, PRIMA_VOCE, Libro, apici
from pipeline.numeri import arrotonda
from pipeline.rilievi import bloccanti
from pipeline.score import MISURATO, NUCLEO, PARAMETRO, Confronto, VoceValutata
from pipeline.tables import (
    DICHIARATO_O_MISURATO,
    MEDIA_OBIETTIVI,
    MEDIA_SETTORI,
    MISURATO_O_DICHIARATO,
    TRASVERSALI,
    VALUTATO,
)
from pipeline.workbooks.ente import ENTE

NON_CONSUNTIVATO = "Riepilogo!$B$2"
"""Where the grado for the voci non consuntivate stands as a number."""
ORIGINE_DEL_GRADO = "Riepilogo!$F$2"
"""Where the ente's rule on the origin of the gradi stands."""
INTESTAZIONE_VALUTAZIONE = (
    "N.",
    "DESCRIZIONE OBIETTIVO",
    "Schede",
    "Peso",
    "Stato",
    "Grado dichiarato %",
    "Grado Nucleo %",
    "Grado delle schede %",
    "Grado misurato con la base %",
    "GRADO DI RAGGIUNGIMENTO DELL'OBIETTIVO %",
    "Origine del grado",
    "Peso × grado",
    "NOTE",
)
LARGHEZZE_VALUTAZIONE = (6, 60, 12, 8, 17, 12, 12, 12, 12, 22, 13, 11, 46)


def scrivi(percorso: Path, fascicolo: Fascicolo) -> None:
    """Write the consolidated workbook. The same fascicolo always gives the same bytes."""
    libro = Libro(percorso, fascicolo)
    libro.apri_fogli()
    _copertina(libro)
    _riepilogo(libro)
    for settore in libro.nomi:
        _valutazione(libro, settore)
    consolidato_tabelle.scrivi(libro)
    libro.libro.close()


def _copertina(libro: Libro) -> None:
    fascicolo, ws = libro.fascicolo, libro.fogli["Copertina"]
    ws.set_portrait()
    ws.set_column(0, 0, 34)
    ws.set_column(1, 1, 80)
    libro.titolo(
        ws,
        f"Consolidato della performance {fascicolo.anno}",
        fascicolo.ente.get("denominazione", ""),
    )
    if fascicolo.pubblica:
        libro.metti(ws, 3, 1, EDIZIONE, "sottotitolo")
    riga = 4
    blocchi = bloccanti(fascicolo.rilievi)
    if blocchi:
        libro.metti(ws, riga, 1, "BOZZA: i dati non sono completi", "bozza")
        riga += 1
        for rilievo in blocchi:
            testo = f"{rilievo.messaggio}\n→ {rilievo.rimedio}"
            libro.metti(ws, riga, 1, rilievo.dove, "etichetta")
            libro.metti(ws, riga, 2, testo, "testo")
            ws.set_row(riga - 1, excel.altezza([(rilievo.dove, 30), (testo, 80)]))
            riga += 1
        riga += 1
    valori = {campo.chiave: campo.etichetta for campo in ENTE}
    for chiave, etichetta in valori.items():
        libro.metti(ws, riga, 1, etichetta, "etichetta")
        libro.metti(ws, riga, 2, fascicolo.ente.get(chiave, ""), "testo")
        riga += 1
    riga += 1
    fissato = fascicolo.parametri.grado_non_consuntivato is not None
    for testo in (
        "Le percentuali dei settori e dell'ente sono formule: cliccando su una cella si vede da dove "
        "viene. Il grado misurato di un indicatore è il risultato della lettura, non una formula.",
        f"Il grado di una voce è quello del Nucleo se c'è, altrimenti: {fascicolo.parametri.origine} "
        "(il dichiarato è quello della voce o, se non c'è, la media delle sue schede). Le voci non "
        "valutate restano elencate ma escono dalla media"
        + (", salvo le non consuntivate, che hanno il grado fissato dall'ente." if fissato else "."),
        f"Media d'ente pubblicata: {fascicolo.valutazione.regola}.",
    ):
        ws.merge_range(riga - 1, 0, riga - 1, 1, "", libro.formati["prosa"])
        libro.metti(ws, riga, 1, testo, "prosa")
        ws.set_row(riga - 1, 15 * (1 + len(testo) // 115))
        riga += 1
    riga += 1
    libro.metti(ws, riga, 1, "Foglio", "intestazione")
    libro.metti(ws, riga, 2, "Che cosa contiene", "intestazione")
    for nome in list(libro.fogli)[1:]:
        riga += 1
        ws.write_url(riga - 1, 0, f"internal:'{apici(nome)}'!A1", libro.formati["link"], nome)
        settore = {v: k for k, v in libro.nomi.items()}.get(nome, "")
        nota = NOTE.get(nome) or f"Valutazione: {fascicolo.denominazioni[settore]}"
        libro.metti(ws, riga, 2, nota, "testo")


def _riepilogo(libro: Libro) -> None:
    fascicolo, ws = libro.fascicolo, libro.fogli["Riepilogo"]
    libro.metti(ws, 1, 1, f"Riepilogo {fascicolo.anno}", "titolo")
    ws.set_row(0, 24)
    libro.metti(ws, 2, 1, "Grado per i non consuntivati", "etichetta")
    libro.metti(ws, 2, 2, fascicolo.parametri.grado_non_consuntivato, "numero")
    libro.metti(ws, 3, 1, "Tolleranza fra dichiarato e misurato", "etichetta")
    libro.metti(ws, 3, 2, fascicolo.parametri.tolleranza, "numero")
    for riga, (etichetta, valore) in enumerate(
        (
            ("Origine del grado", fascicolo.parametri.origine),
            ("Base del grado misurato %", fascicolo.parametri.base),
        ),
        start=2,
    ):
        ws.merge_range(riga - 1, 2, riga - 1, 4, "", libro.formati["etichetta"])
        libro.metti(ws, riga, 3, etichetta, "etichetta")
        ws.merge_range(riga - 1, 5, riga - 1, 8, "", libro.formati["numero"])
        libro.metti(ws, riga, 6, valore, "numero")
    intestazioni = (
        *("Settore", "Voci", "Voci valutate", "Voci escluse", "Somma pesi", "Grado %"),
        *("Obiettivi propri confrontati", "Dichiarato %", "Misurato %", "Base"),
    )
    settori = fascicolo.settori
    testa = 4
    ws.add_table(
        testa - 1,
        0,
        testa + max(len(settori), 1) - 1,
        len(intestazioni) - 1,
        {
            "name": "Tab_Riepilogo",
            "style": "Table Style Light 1",
            "autofilter": False,
            "columns": [
                {"header": testo, "header_format": libro.formati["intestazione"]}
                for testo in intestazioni
            ],
            "title": "Riepilogo dei settori",
            "description": "Voci, valutate, escluse, somma dei pesi e grado di ogni settore; quanti dei "
            "suoi obiettivi hanno sia il grado dichiarato sia quello misurato, e le loro medie",
        },
    )
    for colonna, larghezza in enumerate((44, 11, 11, 11, 13, 13, 13, 13, 13, 13)):
        ws.set_column(colonna, colonna, larghezza)
    ws.set_row(testa - 1, 32)
    ws.freeze_panes(testa, 1)
    for riga, sue in enumerate(settori, start=testa + 1):
        libro.metti(ws, riga, 1, sue.denominazione, "testo")
        for indice, valore in enumerate((sue.obiettivi, sue.valutati, sue.esclusi, sue.somma_pesi)):
            formula = f"={libro.rif(sue.settore, indice)}"
            formato = "intero" if isinstance(valore, int) else "numero"
            libro.formula(ws, riga, 2 + indice, formula, valore, formato)
        grado = None if sue.grado is None else arrotonda(sue.grado)
        libro.formula(ws, riga, 6, f"={libro.rif(sue.settore, 5)}", grado, "grado")
        _confronto(libro, ws, riga, fascicolo.confronto(sue.settore))
    ultima = testa + max(len(settori), 1)
    _medie(libro, ws, ultima + 1)
    if any(c.settore == TRASVERSALI for c in fascicolo.valutazione.confronti):
        libro.metti(ws, ultima + 3, 1, "Obiettivi trasversali", "testo")
        _confronto(libro, ws, ultima + 3, fascicolo.confronto(TRASVERSALI))
    if nota := fascicolo.nota_non_consuntivati:
        libro.metti(ws, ultima + 4, 1, nota, "sottotitolo")
    if settori:
        _grafico(libro, ws, testa + 1, ultima)


def _confronto(libro: Libro, ws: Worksheet, riga: int, figure: Confronto) -> None:
    """Declared against measured, on the obiettivi of a settore (or on the trasversali) that have both.

    The trasversali have a voce in each settore: they are counted once, and weigh by their quota.
    """
    comuni = figure.settore == TRASVERSALI
    tutte = range(PRIMA, PRIMA + max(len(libro.voci_in_ordine()), 1))
    sue = tutte if comuni else libro.righe_voci(figure.settore)
    libro.metti(ws, riga, 10, SOLIDITA[figure.base], "testo")
    if not sue:
        libro.metti(ws, riga, 7, 0, "intero")
        return
    trasversale, peso, dichiarato, misurato, quota, entrambi = (
        f"Voci!${c}${sue[0]}:${c}${sue[-1]}" for c in "DFHIQT"
    )
    scelte = f'({entrambi}=1)*({trasversale}{"=" if comuni else "<>"}"sì")'
    if comuni:
        libro.metti(ws, riga, 7, figure.confrontati, "intero")
    else:
        libro.formula(ws, riga, 7, f"=SUMPRODUCT({scelte})", figure.confrontati, "intero")
    pesi = quota if comuni else peso
    divisore = f"SUMPRODUCT({scelte},{pesi})"
    for colonna, gradi, valore in (
        (8, dichiarato, figure.dichiarato),
        (9, misurato, figure.misurato),
    ):
        formula = f'=IF({divisore}=0,"",ROUND(SUMPRODUCT({scelte},{pesi},{gradi})/{divisore},2))'
        grado = None if valore is None else arrotonda(valore)
        libro.formula(ws, riga, colonna, formula, grado, "grado")


def _medie(libro: Libro, ws: Worksheet, riga: int) -> None:
    """The two means of the ente: on unrounded gradi, rounded here once."""
    valutazione = libro.fascicolo.valutazione
    n_settori = max(len(libro.fascicolo.tabelle.elenco), 1)
    n_voci = max(len(libro.fascicolo.tabelle.voci), 1)
    pesi, quozienti = (
        f"Settori!${colonna}${PRIMA}:${colonna}${PRIMA + n_settori - 1}"
        for colonna in (
            consolidato_tabelle.colonna_settori(libro.fascicolo, chiave)
            for chiave in ("peso_media", "quoziente")
        )
    )
    quote = f"Voci!$Q${PRIMA}:$Q${PRIMA + n_voci - 1}"
    gradi = f"Voci!$K${PRIMA}:$K${PRIMA + n_voci - 1}"
    divisore = f"SUMPRODUCT(ISNUMBER({quozienti})*ISNUMBER({pesi}),{pesi})"
    medie = (
        (
            MEDIA_SETTORI,
            f'=IF({divisore}=0,"",ROUND(SUMPRODUCT({pesi},{quozienti})/{divisore},2))',
            valutazione.media_settori,
        ),
        (
            MEDIA_OBIETTIVI,
            f'=IF(SUM({quote})=0,"",ROUND(SUMPRODUCT({quote},{gradi})/SUM({quote}),2))',
            valutazione.media_obiettivi,
        ),
    )
    for posizione, (regola, formula, valore) in enumerate(medie, start=riga):
        pubblicata = " (pubblicata)" if regola == valutazione.regola else ""
        libro.metti(ws, posizione, 1, f"Ente: {regola}{pubblicata}", "totale")
        for colonna in (2, 3, 4, 5, 7, 8, 9, 10):
            libro.metti(ws, posizione, colonna, None, "totale")
        arrotondato = None if valore is None else arrotonda(valore)
        libro.formula(ws, posizione, 6, formula, arrotondato, "totale_grado")


def _grafico(libro: Libro, ws: Worksheet, prima: int, ultima: int) -> None:
    grafico = cast(ChartBar, libro.libro.add_chart({"type": "bar"}))
    grafico.add_series(
        {
            "name": "Grado %",
            "categories": f"=Riepilogo!$A${prima}:$A${ultima}",
            "values": f"=Riepilogo!$F${prima}:$F${ultima}",
            "fill": {"color": BLU},
            "gap": 60,
            "data_labels": {
                "value": True,
                "num_format": "0.00",
                "position": "inside_end",
                "font": {"color": "#FFFFFF", "bold": True},
            },
        }
    )
    grafico.set_title({"name": "Grado di raggiungimento per settore", "name_font": {"size": 12}})
    grafico.set_x_axis({"min": 0, "max": 100, "major_gridlines": {"visible": True}})
    grafico.set_y_axis({"reverse": True})
    grafico.set_legend({"none": True})
    grafico.set_size({"width": 620, "height": 90 + 36 * (ultima - prima + 1)})
    ws.insert_chart(
        f"A{ultima + 6}",  # below the two means and the note
        grafico,
        {
            "description": "Grafico a barre: grado di raggiungimento di ogni settore, gli stessi "
            "valori della tabella a fianco.",
        },
    )


def _valutazione(libro: Libro, settore: str) -> None:
    """The sheet of a settore in the published form, with its percentage as a live formula."""
    fascicolo, ws = libro.fascicolo, libro.fogli[libro.nomi[settore]]
    dati = fascicolo.righe.settori.prima(settore)
    libro.metti(ws, 1, 1, f"Valutazione del settore – anno {fascicolo.anno}", "titolo")
    ws.set_row(0, 24)
    testata = [("CENTRO DI RESPONSABILITÀ", fascicolo.denominazioni[settore])]
    if not fascicolo.pubblica:
        testata.append(("RESPONSABILE", dati["responsabile"] if dati else ""))
        testata.append(("CATEGORIA", dati["categoria"] if dati else ""))
    for riga, (etichetta, valore) in enumerate(testata, start=3):
        libro.metti(ws, riga, 2, etichetta, "etichetta")
        ws.merge_range(riga - 1, 2, riga - 1, 8, "", libro.formati["testo"])
        libro.metti(ws, riga, 3, valore, "testo")
    for colonna, (etichetta, larghezza) in enumerate(
        zip(INTESTAZIONE_VALUTAZIONE, LARGHEZZE_VALUTAZIONE, strict=True), start=1
    ):
        libro.metti(ws, PRIMA_VOCE - 1, colonna, etichetta, "intestazione")
        ws.set_column(colonna - 1, colonna - 1, larghezza)
    ws.set_row(PRIMA_VOCE - 2, 54)
    ws.repeat_rows(PRIMA_VOCE - 2)
    ws.freeze_panes(PRIMA_VOCE - 1, 2)
    voci = fascicolo.voci(settore)
    for riga, voce in enumerate(voci, start=PRIMA_VOCE):
        _voce(libro, ws, riga, voce)
    _totali(libro, ws, settore, len(voci))


def _voce(libro: Libro, ws: Worksheet, riga: int, voce: VoceValutata) -> None:
    valori = (
        (1, voce.n, "intero"),
        (2, voce.riga["descrizione"], "testo"),
        (3, voce.riga["schede"], "testo"),
        (4, voce.peso, "numero"),
        (5, voce.riga["stato"], "testo"),
        (6, voce.riga["grado_dichiarato"], "grado"),
        (7, voce.riga["grado_nucleo"], "grado"),
        (8, None, "grado"),
        (9, None, "grado"),
        (13, voce.riga["note"], "testo"),
    )
    for colonna, valore, formato in valori:
        libro.metti(ws, riga, colonna, valore, formato)
    if celle := libro.gradi_schede(voce, "grado_dichiarato"):
        media = f"=AVERAGE({','.join(celle)})"
        libro.formula(ws, riga, 8, media, voce.grado_schede, "grado")
    if celle := libro.gradi_con_base(voce):
        media = f'=IF(COUNT({",".join(celle)})={len(celle)},AVERAGE({",".join(celle)}),"")'
        libro.formula(ws, riga, 9, media, voce.misurato_valido, "grado")
    testi = [(voce.riga["descrizione"], 60.0), (voce.riga["note"], 46.0), (voce.riga["schede"], 12.0)]
    ws.set_row(riga - 1, excel.altezza(testi))
    grado = {origine: f"{colonna}{riga}" for origine, colonna in COLONNE_ORIGINE.items()}
    libro.formula(
        ws, riga, 10, _grado(riga, {**grado, PARAMETRO: NON_CONSUNTIVATO}), voce.grado, "grado"
    )
    origine = {nome: f'"{nome}"' for nome in (*COLONNE_ORIGINE, PARAMETRO)}
    libro.formula(ws, riga, 11, _grado(riga, origine), voce.origine, "numero")
    prodotto = None
    if voce.grado is not None and voce.peso is not None:
        prodotto = voce.peso * voce.grado
    formula = f'=IF(AND(ISNUMBER(J{riga}),ISNUMBER(D{riga})),D{riga}*J{riga},"")'
    libro.formula(ws, riga, 12, formula, prodotto, "grado")


COLONNE_ORIGINE = {NUCLEO: "G", "dichiarato": "F", "schede": "H", MISURATO: "I"}
"""Where the gradi of a voce stand in its sheet, by their origin."""


def _grado(riga: int, valori: dict[str, str]) -> str:
    """The formula that chooses among the origins of the grado of a voce and gives what `valori` says
    of the one chosen: its grado, or its name."""

    def primo(origini: Sequence[str], altrimenti: str = '""') -> str:
        for origine in reversed(origini):
            altrimenti = f"IF(ISNUMBER({COLONNE_ORIGINE[origine]}{riga}),{valori[origine]},{altrimenti})"
        return altrimenti

    prima = f'{ORIGINE_DEL_GRADO}="{MISURATO_O_DICHIARATO}"'
    dopo = f'{ORIGINE_DEL_GRADO}="{DICHIARATO_O_MISURATO}"'
    dichiarati = ("dichiarato", "schede")
    in_mancanza = f'IF({dopo},{primo((MISURATO,))},"")'
    scelto = f"IF({prima},{primo((MISURATO, *dichiarati))},{primo(dichiarati, in_mancanza)})"
    return (
        f'=IF(E{riga}="{VALUTATO}",{primo((NUCLEO,), scelto)},'
        f'IF(AND(E{riga}="non consuntivato",ISNUMBER({NON_CONSUNTIVATO})),{valori[PARAMETRO]},""))'
    )


def _totali(libro: Libro, ws: Worksheet, settore: str, quante: int) -> None:
    figure = next(s for s in libro.fascicolo.settori if s.settore == settore)
    prima, ultima = PRIMA_VOCE, PRIMA_VOCE + max(quante, 1) - 1
    pesi, gradi = f"D{prima}:D{ultima}", f"J{prima}:J{ultima}"
    pesati = f"ISNUMBER({gradi})*ISNUMBER({pesi})"
    da_pesare = f'((E{prima}:E{ultima}="{VALUTATO}")+ISNUMBER({gradi})>0)'
    incompleti = f"SUMPRODUCT({da_pesare}*(1-ISNUMBER({pesi})))>0"
    senza_media = f"OR({incompleti},C{ultima + 5}=0)"
    grado = None if figure.grado is None else arrotonda(figure.grado)
    totali = (
        ("Voci", f"=COUNT(A{prima}:A{ultima})", figure.obiettivi, "intero"),
        (
            "Valutate",
            f"=COUNT({gradi})-SUMPRODUCT({pesati}*({pesi}=0))",
            figure.valutati,
            "intero",
        ),
        ("Escluse", f"=C{ultima + 2}-C{ultima + 3}", figure.esclusi, "intero"),
        (
            "Somma dei pesi delle voci valutate",
            f"=SUMPRODUCT({pesati},{pesi})",
            figure.somma_pesi,
            "numero",
        ),
        (
            "Somma di peso × grado",
            f"=SUM(L{prima}:L{ultima})",
            figure.somma_pesata,
            "grado",
        ),
        (
            "PERCENTUALE DI RAGGIUNGIMENTO COMPLESSIVA",
            f'=IF({senza_media},"",ROUND(C{ultima + 6}/C{ultima + 5},2))',
            grado,
            "totale_grado",
        ),
    )
    for riga, (etichetta, formula, valore, formato) in enumerate(totali, start=ultima + 2):
        stile = "totale" if formato == "totale_grado" else "etichetta"
        libro.metti(ws, riga, 2, etichetta, stile)
        libro.formula(ws, riga, 3, formula, valore, formato)
    ws.set_row(ultima + 6, 20)
