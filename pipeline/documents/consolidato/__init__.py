"""The consolidated Excel: what was read, row by row, and the means as live formulas.

Every formula carries the value computed by `score`, so that a preview shows the same figure that a
recalculation gives. Tables are real Excel tables; text never becomes a formula or a link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from xlsxwriter.chart_bar import ChartBar
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline import excel
from pipeline.documents.cifre import SOLIDITA
from pipeline.documents.consolidato import tabelle
from pipeline.documents.consolidato.libro import (
    NOTE,
    PRIMA,
    PRIMA_VOCE,
    Libro,
    apici,
    arrotondato,
    riga_voce,
)
from pipeline.documents.consolidato.tabelle import NOTE_RESPONSABILE
from pipeline.documents.fascicolo import EDIZIONE, Fascicolo
from pipeline.prospetti import Colonna, Prospetto, Rigo, intesta, larghezze
from pipeline.rilievi import bloccanti
from pipeline.score import MISURATO, NUCLEO, PARAMETRO, SettoreValutato, VoceValutata
from pipeline.tables import (
    DICHIARATO_O_MISURATO,
    MEDIA_OBIETTIVI,
    MEDIA_SETTORI,
    MISURATO_O_DICHIARATO,
    TRASVERSALI,
    VALUTATO,
    Riga,
)
from pipeline.veste import BLU
from pipeline.workbooks.ente import ENTE, SENZA_COPERTINA
from pipeline.workbooks.settore import formula_grado

ORIGINI = {
    NUCLEO: "grado_nucleo",
    "dichiarato": "grado_dichiarato",
    "schede": "grado_schede",
    MISURATO: "misurato_valido",
}
"""The columns, in the sheet of a settore, with the gradi of a voce, by their origin."""


def scrivi(percorso: Path, fascicolo: Fascicolo, da_inviare: bool = False) -> None:
    """Write the consolidated workbook; with `da_inviare`, without the sheets for the office alone. The
    same fascicolo always gives the same bytes."""
    libro = Libro(percorso, fascicolo, da_inviare)
    libro.apri_fogli()
    _descrivi(libro)
    _copertina(libro)
    _riepilogo(libro)
    for settore in libro.nomi:
        _valutazione(libro, settore)
    tabelle.scrivi(libro)
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
    valori = {campo.chiave: campo.etichetta for campo in ENTE if campo.chiave not in SENZA_COPERTINA}
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


def _descrivi(libro: Libro) -> None:
    """Where everything stands in every sheet, before any formula refers to it."""
    tabelle.descrivi(libro)
    for settore, nome in libro.nomi.items():
        libro.prospetti[nome] = _prospetto_valutazione(libro, settore)
    libro.prospetti["Riepilogo"] = _prospetto_riepilogo(libro)


# --------------------------------------------------------------------------------------- Riepilogo


def _totale(r: Rigo, chiave: str) -> str:
    return f"={r.fogli[r.dati['foglio']].casella(chiave)}"


def _confrontate(r: Rigo, *chiavi: str) -> list[str]:
    """The condition that picks the voci compared, then these columns of theirs in the sheet Voci."""
    voci, (da, a) = r.fogli["Voci"], r.dati["voci"]
    trasversale, entrambi, *altre = (
        voci.colonna(chiave, da, a) for chiave in ("trasversale", "confronto", *chiavi)
    )
    segno = "=" if r.dati["comuni"] else "<>"
    return [f'({entrambi}=1)*({trasversale}{segno}"sì")', *altre]


def _quante_confrontate(r: Rigo, _: str) -> str:
    """A trasversale has a voce in each settore, and is one: those cannot be counted so."""
    if r.dati["comuni"] or not r.dati["voci"]:
        return ""
    return f"=SUMPRODUCT({_confrontate(r)[0]})"


def _media_confrontate(r: Rigo, chiave: str) -> str:
    """The mean of the voci compared; the trasversali weigh by their quota."""
    if not r.dati["voci"]:
        return ""
    scelte, pesi, gradi = _confrontate(r, "quota" if r.dati["comuni"] else "peso", chiave)
    return _media(f"SUMPRODUCT({scelte},{pesi})", f"SUMPRODUCT({scelte},{pesi},{gradi})")


def _media(divisore: str, somma: str) -> str:
    return f'=IF({divisore}=0,"",ROUND({somma}/{divisore},2))'


RIEPILOGO = (
    Colonna("denominazione", "Settore", 44),
    Colonna("obiettivi", "Voci", 11, "intero", _totale),
    Colonna("valutati", "Voci valutate", 11, "intero", _totale),
    Colonna("esclusi", "Voci escluse", 11, "intero", _totale),
    Colonna("somma_pesi", "Somma pesi", 13, "numero", _totale),
    Colonna("grado", "Grado %", 13, "grado", _totale),
    Colonna("confrontati", "Obiettivi propri confrontati", 13, "intero", _quante_confrontate),
    Colonna("grado_dichiarato", "Dichiarato %", 13, "grado", _media_confrontate),
    Colonna("grado_misurato", "Misurato %", 13, "grado", _media_confrontate),
    Colonna("base", "Base", 13),
)
CONFRONTO = ("confrontati", "grado_dichiarato", "grado_misurato", "base")
"""The columns of the Riepilogo on the voci that have both a grado declared and one measured."""
SCELTE = {"non_consuntivato": (2, 2), "tolleranza": (3, 2), "origine": (2, 6), "base": (3, 6)}
"""Where the choices of the ente stand in the Riepilogo, above its table: row and column."""


def _prospetto_riepilogo(libro: Libro) -> Prospetto:
    """A row a settore. Under them, after a blank one, the two means and the trasversali."""
    righe = [_riga_riepilogo(libro, figure) for figure in libro.fascicolo.settori]
    prospetto = Prospetto("Riepilogo", RIEPILOGO, righe, 5)
    sotto = enumerate((MEDIA_SETTORI, MEDIA_OBIETTIVI, TRASVERSALI), start=prospetto.ultima + 1)
    medie = {nome: (riga, prospetto.numero("grado")) for riga, nome in sotto}
    return replace(prospetto, caselle={**SCELTE, **medie})


def _riga_riepilogo(libro: Libro, figure: SettoreValutato) -> Riga:
    return {
        **vars(figure),
        "grado": arrotondato(figure.grado),
        "foglio": libro.nomi[figure.settore],
        **_riga_confronto(libro, figure.settore),
    }


def _riga_confronto(libro: Libro, settore: str) -> Riga:
    """Declared against measured, on the obiettivi of a settore (or on the trasversali) that have both,
    and the first and last of its voci."""
    figure, comuni = libro.fascicolo.confronto(settore), settore == TRASVERSALI
    ultima = libro.prospetti["Voci"].ultima
    sue = [PRIMA, ultima] if comuni else libro.righe_voci(settore)
    return {
        "confrontati": figure.confrontati,
        "grado_dichiarato": arrotondato(figure.dichiarato),
        "grado_misurato": arrotondato(figure.misurato),
        "base": SOLIDITA[figure.base],
        "comuni": comuni,
        "voci": (sue[0], sue[-1]) if sue else (),
    }


def _riepilogo(libro: Libro) -> None:
    fascicolo, ws = libro.fascicolo, libro.fogli["Riepilogo"]
    prospetto = libro.prospetti["Riepilogo"]
    libro.metti(ws, 1, 1, f"Riepilogo {fascicolo.anno}", "titolo")
    ws.set_row(0, 24)
    _scelte(libro, ws)
    intesta(
        ws,
        prospetto,
        libro.formati,
        "Riepilogo",
        "Voci, valutate, escluse, somma dei pesi e grado di ogni settore; quanti dei suoi obiettivi "
        "hanno sia il grado dichiarato sia quello misurato, e le loro medie",
        title="Riepilogo dei settori",
        autofilter=False,
    )
    ws.set_row(prospetto.prima - 2, 32)
    ws.freeze_panes(prospetto.prima - 1, 1)
    for riga, dati in enumerate(prospetto.righe, start=prospetto.prima):
        Rigo(prospetto, riga, dati, libro.prospetti).scrivi(ws, libro.formati)
    _medie(libro, ws)
    riga, _ = prospetto.caselle[TRASVERSALI]
    if any(c.settore == TRASVERSALI for c in fascicolo.valutazione.confronti):
        dati = {"denominazione": "Obiettivi trasversali", **_riga_confronto(libro, TRASVERSALI)}
        rigo = Rigo(prospetto, riga, dati, libro.prospetti)
        rigo.scrivi(ws, libro.formati, ("denominazione", *CONFRONTO))
    if nota := fascicolo.nota_non_consuntivati:
        libro.metti(ws, riga + 1, 1, nota, "sottotitolo")
    if prospetto.righe:
        _grafico(libro, ws)


def _scelte(libro: Libro, ws: Worksheet) -> None:
    """The choices of the ente that formulas depend on, each in a cell, wide if it is a sentence."""
    parametri = libro.fascicolo.parametri
    for chiave, etichetta, valore in (
        ("non_consuntivato", "Grado per i non consuntivati", parametri.grado_non_consuntivato),
        ("tolleranza", "Tolleranza fra dichiarato e misurato", parametri.tolleranza),
        ("origine", "Origine del grado", parametri.origine),
        ("base", "Base del grado misurato %", parametri.base),
    ):
        riga, colonna = SCELTE[chiave]
        prima = 1
        if colonna > 2:
            prima = colonna - 3
            ws.merge_range(riga - 1, prima - 1, riga - 1, colonna - 2, "", libro.formati["etichetta"])
            ws.merge_range(riga - 1, colonna - 1, riga - 1, colonna + 2, "", libro.formati["numero"])
        libro.metti(ws, riga, prima, etichetta, "etichetta")
        libro.metti(ws, riga, colonna, valore, "numero")


def _medie(libro: Libro, ws: Worksheet) -> None:
    """The two means of the ente: on unrounded gradi, rounded here once."""
    valutazione, fogli = libro.fascicolo.valutazione, libro.prospetti
    pesi, quozienti = (fogli["Settori"].colonna(chiave) for chiave in ("peso_media", "quoziente"))
    quote, gradi = (fogli["Voci"].colonna(chiave) for chiave in ("quota", "grado"))
    divisore = f"SUMPRODUCT(ISNUMBER({quozienti})*ISNUMBER({pesi}),{pesi})"
    dei_settori = _media(divisore, f"SUMPRODUCT({pesi},{quozienti})")
    degli_obiettivi = _media(f"SUM({quote})", f"SUMPRODUCT({quote},{gradi})")
    for regola, formula, valore in (
        (MEDIA_SETTORI, dei_settori, valutazione.media_settori),
        (MEDIA_OBIETTIVI, degli_obiettivi, valutazione.media_obiettivi),
    ):
        riga, colonna = fogli["Riepilogo"].caselle[regola]
        pubblicata = " (pubblicata)" if regola == valutazione.regola else ""
        for altra in range(1, len(RIEPILOGO) + 1):
            libro.metti(ws, riga, altra, None, "totale")
        libro.metti(ws, riga, 1, f"Ente: {regola}{pubblicata}", "totale")
        libro.formula(ws, riga, colonna, formula, arrotondato(valore), "totale_grado")


def _grafico(libro: Libro, ws: Worksheet) -> None:
    prospetto = libro.prospetti["Riepilogo"]
    grafico = cast(ChartBar, libro.libro.add_chart({"type": "bar"}))
    grafico.add_series(
        {
            "name": "Grado %",
            "categories": f"={prospetto.colonna('denominazione')}",
            "values": f"={prospetto.colonna('grado')}",
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
    grafico.set_size({"width": 620, "height": 90 + 36 * len(prospetto.righe)})
    ws.insert_chart(
        prospetto.ultima + 5,  # below the two means and the note
        0,
        grafico,
        {
            "description": "Grafico a barre: grado di raggiungimento di ogni settore, gli stessi "
            "valori della tabella a fianco.",
        },
    )


# -------------------------------------------------------------------------- the sheets of the settori


def _media_delle_schede(r: Rigo, _: str) -> str:
    celle = [r.fogli["Schede"].da_fuori("grado_dichiarato", posto) for posto in r.dati["dichiarate"]]
    return f"=AVERAGE({','.join(celle)})" if celle else ""


def _media_con_la_base(r: Rigo, _: str) -> str:
    """The mean of the measured gradi of the schede, if all of them have the base."""
    celle = [r.fogli["Schede"].da_fuori("con_la_base", posto) for posto in r.dati["attese"]]
    unite = ",".join(celle)
    return f'=IF(COUNT({unite})={len(celle)},AVERAGE({unite}),"")' if celle else ""


def _scelto(r: Rigo, valori: Mapping[str, str]) -> str:
    """The formula that chooses among the origins of the grado of a voce and gives what `valori` says
    of the one chosen: its grado, or its name."""
    riepilogo = r.fogli["Riepilogo"]
    origine = riepilogo.casella("origine")

    def primo(origini: Sequence[str], altrimenti: str = '""') -> str:
        for quale in reversed(origini):
            altrimenti = f"IF(ISNUMBER({r.cella(ORIGINI[quale])}),{valori[quale]},{altrimenti})"
        return altrimenti

    prima = f'{origine}="{MISURATO_O_DICHIARATO}"'
    dopo = f'{origine}="{DICHIARATO_O_MISURATO}"'
    dichiarati = ("dichiarato", "schede")
    in_mancanza = f'IF({dopo},{primo((MISURATO,))},"")'
    scelto = f"IF({prima},{primo((MISURATO, *dichiarati))},{primo(dichiarati, in_mancanza)})"
    stato = r.cella("stato")
    return "=" + formula_grado(
        stato,
        f'{stato}="{VALUTATO}"',
        primo((NUCLEO,), scelto),
        riepilogo.casella("non_consuntivato"),
        valori[PARAMETRO],
    )


def _grado(r: Rigo, _: str) -> str:
    gradi = {origine: r.cella(chiave) for origine, chiave in ORIGINI.items()}
    return _scelto(r, {**gradi, PARAMETRO: r.fogli["Riepilogo"].casella("non_consuntivato")})


def _origine(r: Rigo, _: str) -> str:
    return _scelto(r, {nome: f'"{nome}"' for nome in (*ORIGINI, PARAMETRO)})


def _prodotto(r: Rigo, _: str) -> str:
    peso, grado = r.cella("peso"), r.cella("grado")
    return f'=IF(AND(ISNUMBER({grado}),ISNUMBER({peso})),{peso}*{grado},"")'


VALUTAZIONE = (
    Colonna("n", "N.", 6, "intero"),
    Colonna("descrizione", "DESCRIZIONE OBIETTIVO", 60),
    Colonna("schede", "Schede", 12),
    Colonna("peso", "Peso", 8, "numero"),
    Colonna("stato", "Stato", 17),
    Colonna("grado_dichiarato", "Grado dichiarato %", 12, "grado"),
    Colonna("grado_nucleo", "Grado Nucleo %", 12, "grado"),
    Colonna("grado_schede", "Grado delle schede %", 12, "grado", _media_delle_schede),
    Colonna("misurato_valido", "Grado misurato con la base %", 12, "grado", _media_con_la_base),
    Colonna("grado", "GRADO DI RAGGIUNGIMENTO DELL'OBIETTIVO %", 22, "grado", _grado),
    Colonna("origine", "Origine del grado", 13, "numero", _origine),
    Colonna("prodotto", "Peso × grado", 11, "grado", _prodotto),
    NOTE_RESPONSABILE,
    Colonna("note", "NOTE", 46),
)
ALTEZZE = ("descrizione", "note_responsabile", "note", "schede")
"""The columns that may need more than a line."""
TOTALI = {
    "obiettivi": ("Voci", "intero"),
    "valutati": ("Valutate", "intero"),
    "esclusi": ("Escluse", "intero"),
    "somma_pesi": ("Somma dei pesi delle voci valutate", "numero"),
    "somma_pesata": ("Somma di peso × grado", "grado"),
    "grado": ("PERCENTUALE DI RAGGIUNGIMENTO COMPLESSIVA", "totale_grado"),
}
"""What stands under the voci of a settore, after a blank row: key, label and format."""


def _prospetto_valutazione(libro: Libro, settore: str) -> Prospetto:
    righe = [_riga_voce(libro, voce) for voce in libro.fascicolo.voci(settore)]
    colonne = libro.delle_voci(VALUTAZIONE, righe)
    prospetto = Prospetto(f"'{apici(libro.nomi[settore])}'", colonne, righe, PRIMA_VOCE)
    colonna = prospetto.numero("descrizione") + 1
    totali = enumerate(TOTALI, start=prospetto.ultima + 2)
    return replace(prospetto, caselle={chiave: (riga, colonna) for riga, chiave in totali})


def _riga_voce(libro: Libro, voce: VoceValutata) -> Riga:
    coperte, peso, grado = libro.coperte(voce), voce.peso, voce.grado
    return {
        **riga_voce(voce),
        "dichiarate": [posto for s, posto in coperte if s["grado_dichiarato"] is not None],
        "attese": [posto for s, posto in coperte if s["attesi"]],
        "prodotto": None if peso is None or grado is None else peso * grado,
    }


def _valutazione(libro: Libro, settore: str) -> None:
    """The sheet of a settore in the published form, with its percentage as a live formula."""
    fascicolo, nome = libro.fascicolo, libro.nomi[settore]
    ws, prospetto = libro.fogli[nome], libro.prospetti[nome]
    libro.metti(ws, 1, 1, f"Valutazione del settore – anno {fascicolo.anno}", "titolo")
    ws.set_row(0, 24)
    _testata(libro, ws, settore)
    for colonna, descritta in enumerate(prospetto.colonne, start=1):
        libro.metti(ws, PRIMA_VOCE - 1, colonna, descritta.titolo, "intestazione")
    larghezze(ws, prospetto.colonne)
    ws.set_row(PRIMA_VOCE - 2, 54)
    ws.repeat_rows(PRIMA_VOCE - 2)
    ws.freeze_panes(PRIMA_VOCE - 1, prospetto.numero("descrizione"))
    larghe = {c.chiave: c.larghezza for c in prospetto.colonne}
    for riga, dati in enumerate(prospetto.righe, start=PRIMA_VOCE):
        Rigo(prospetto, riga, dati, libro.prospetti).scrivi(ws, libro.formati)
        alte = ((dati[chiave], larghe[chiave]) for chiave in ALTEZZE if chiave in larghe)
        ws.set_row(riga - 1, excel.altezza(alte))
    _totali(libro, ws, settore)


def _testata(libro: Libro, ws: Worksheet, settore: str) -> None:
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


def _totali(libro: Libro, ws: Worksheet, settore: str) -> None:
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
    ws.set_row(prospetto.caselle["grado"][0] - 1, 20)


def _formule_dei_totali(prospetto: Prospetto) -> dict[str, str]:
    numeri, pesi, gradi, stati, prodotti = (
        prospetto.tratto(chiave, PRIMA_VOCE, prospetto.ultima)
        for chiave in ("n", "peso", "grado", "stato", "prodotto")
    )
    obiettivi, valutati, somma_pesi, somma_pesata = (
        xl_rowcol_to_cell(prospetto.caselle[chiave][0] - 1, prospetto.caselle[chiave][1] - 1)
        for chiave in ("obiettivi", "valutati", "somma_pesi", "somma_pesata")
    )
    pesati = f"ISNUMBER({gradi})*ISNUMBER({pesi})"
    da_pesare = f'(({stati}="{VALUTATO}")+ISNUMBER({gradi})>0)'
    incompleti = f"SUMPRODUCT({da_pesare}*(1-ISNUMBER({pesi})))>0"
    return {
        "obiettivi": f"COUNT({numeri})",
        "valutati": f"COUNT({gradi})-SUMPRODUCT({pesati}*({pesi}=0))",
        "esclusi": f"{obiettivi}-{valutati}",
        "somma_pesi": f"SUMPRODUCT({pesati},{pesi})",
        "somma_pesata": f"SUM({prodotti})",
        "grado": f'IF(OR({incompleti},{somma_pesi}=0),"",ROUND({somma_pesata}/{somma_pesi},2))',
    }
