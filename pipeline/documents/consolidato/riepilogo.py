"""The sheet Riepilogo: a row a settore, the means of the ente, the choices that they depend on."""

from dataclasses import replace
from typing import cast

from xlsxwriter.chart_bar import ChartBar

from pipeline import excel
from pipeline.documents.consolidato.dati import TUTTI, in_parole
from pipeline.documents.consolidato.libro import NOTE, PRIMA, Libro, arrotondato
from pipeline.excel import Foglio
from pipeline.prospetti import Colonna, Prospetto, Rigo, intesta
from pipeline.score import DA_PARZIALE, DA_SOLIDA, SettoreValutato
from pipeline.tables import MEDIA_OBIETTIVI, MEDIA_SETTORI, TRASVERSALI, Riga
from pipeline.veste import BLU

PRIMO_SETTORE = PRIMA + 1


# ---------------------------------------------------------------------------------------- formulas


def _totale(r: Rigo, chiave: str) -> str:
    """A total of the sheet of a settore."""
    return f"={r.fogli[r.dati['foglio']].casella(chiave)}"


def _peso_che_conta(r: Rigo, _: str) -> str:
    peso = r.fogli["Elenco"].da_fuori("peso_media", r.dati["in_elenco"])
    return f'=IF(ISNUMBER({r.cella("grado")}),{peso},"")'


def _peso_grado(r: Rigo, _: str) -> str:
    """On the grado as it is before it is rounded."""
    peso, somma, pesi = map(r.cella, ("peso_che_conta", "somma_pesata", "somma_pesi"))
    return f'=IF(ISNUMBER({peso}),{peso}*{somma}/{pesi},"")'


def _quante_confrontate(r: Rigo, _: str) -> str:
    """A trasversale has a voce in each settore, and is one: those cannot be counted so."""
    comuni = r.dati["settore"] == TRASVERSALI
    return "" if comuni else f"=SUMIFS(Conti_confronto,Conti_gruppo,{r.cella('sigla')})"


def _media_confrontate(r: Rigo, chiave: str) -> str:
    """The mean of the voci compared; the trasversali weigh by their quota."""
    somma, pesi = (
        f"SUMIFS(Conti_{colonna},Conti_gruppo,{r.cella('sigla')})"
        for colonna in (chiave.replace("grado_", "peso_"), "peso_confronto")
    )
    return f'=IFERROR(ROUND({somma}/{pesi},2),"")'


def _media_dei_propri(r: Rigo, _: str) -> str:
    """On the pesi of the voci that are not trasversali: of those, a quota is the peso."""
    somma, pesi = (
        f"SUMIFS(Conti_{c},Conti_gruppo,{r.cella('sigla')})" for c in ("quota_grado", "quota")
    )
    return f'=IFERROR(ROUND({somma}/{pesi},2),"")'


def _scarto(r: Rigo, _: str) -> str:
    dichiarato, misurato = r.cella("grado_dichiarato"), r.cella("grado_misurato")
    return f'=IF(COUNT({dichiarato},{misurato})=2,{misurato}-{dichiarato},"")'


def _della_misura(r: Rigo, chiave: str) -> str:
    posto = r.dati["in_misura"]
    return f"={r.fogli['Misura'].da_fuori(chiave, posto)}" if posto else ""


LARGO, NERETTO = 28, 0.9
"""How wide the names are, in characters, and what part of so many has room if they are bold."""
RIEPILOGO = (
    Colonna("sigla", "Sigla", 7),
    Colonna("denominazione", "Settore", LARGO),
    Colonna("obiettivi", "Voci", 7, "intero", _totale),
    Colonna("valutati", "Voci valutate", 9, "intero", _totale),
    Colonna("esclusi", "Voci escluse", 9, "intero", _totale),
    Colonna("somma_pesi", "Somma pesi", 9, "numero", _totale),
    Colonna("somma_pesata", "Somma di peso × grado", 10, "grado", _totale),
    Colonna("grado", "Grado %", 10, "grado", _totale),
    Colonna("grado_propri", "Grado dei soli obiettivi propri %", 10, "grado", _media_dei_propri),
    Colonna("peso_che_conta", "Peso che conta", 9, "numero", _peso_che_conta),
    Colonna("peso_grado", "Peso × grado", 10, "quota", _peso_grado),
    Colonna("confrontati", "Obiettivi propri confrontati", 11, "intero", _quante_confrontate),
    Colonna("grado_dichiarato", "Dichiarato %", 10, "grado", _media_confrontate),
    Colonna("grado_misurato", "Misurato %", 10, "grado", _media_confrontate),
    Colonna("scarto", "Scarto misurato − dichiarato", 11, "scarto", _scarto),
    Colonna("misurati", "Indicatori misurati", 9, "intero", _della_misura),
    Colonna("indicatori", "Indicatori", 10, "intero", _della_misura),
    Colonna("base", "Base", 12, "numero", _della_misura),
)
CONFRONTO = (
    *("sigla", "denominazione", "confrontati", "grado_dichiarato", "grado_misurato", "scarto"),
    *("misurati", "indicatori", "base"),
)
"""The columns of the row of the trasversali."""


# ---------------------------------------------------------------------------------------- the rows


def descrivi(libro: Libro) -> None:
    """A row a settore. Under them the two means, the trasversali and, further down, the choices."""
    righe = [_riga(libro, figure) for figure in libro.fascicolo.settori]
    prospetto = Prospetto("Riepilogo", RIEPILOGO, righe, PRIMO_SETTORE)
    sotto = enumerate((MEDIA_SETTORI, MEDIA_OBIETTIVI, TRASVERSALI), start=prospetto.ultima + 1)
    caselle = {nome: (riga, prospetto.numero("grado")) for riga, nome in sotto}
    scelte = enumerate(_scelte(libro), start=prospetto.ultima + 7)
    caselle |= {nome: (riga, prospetto.numero("denominazione") + 1) for riga, (nome, *_) in scelte}
    libro.prospetti["Riepilogo"] = replace(prospetto, caselle=caselle)


def _riga(libro: Libro, figure: SettoreValutato) -> Riga:
    elenco = enumerate(libro.fascicolo.righe.elenco, start=PRIMA)
    conta = figure.grado is not None
    return {
        **vars(figure),
        "grado": arrotondato(figure.grado),
        "grado_propri": arrotondato(figure.grado_propri),
        "foglio": libro.nomi[figure.settore],
        "in_elenco": next(posto for posto, riga in elenco if riga["settore"] == figure.settore),
        "peso_che_conta": figure.peso_media if conta else None,
        "peso_grado": (figure.peso_media or 0) * figure.grado if figure.grado is not None else None,
        **_confronto(libro, figure.settore),
    }


def _confronto(libro: Libro, settore: str) -> Riga:
    """Declared against measured, on the obiettivi of a settore (or on the trasversali) that have both,
    and how many of its indicatori are measured."""
    figure, imbuto = libro.fascicolo.confronto(settore), libro.fascicolo.imbuto(settore)
    detto, misurato = arrotondato(figure.dichiarato), arrotondato(figure.misurato)
    sigla = libro.sigla(settore)
    misura = enumerate(libro.prospetti["Misura"].righe, start=PRIMA)
    return {
        "settore": settore,
        "sigla": sigla,
        "confrontati": figure.confrontati,
        "grado_dichiarato": detto,
        "grado_misurato": misurato,
        "scarto": None if detto is None or misurato is None else misurato - detto,
        "misurati": imbuto.misurati,
        "indicatori": imbuto.indicatori,
        "base": in_parole(imbuto.misurati, imbuto.indicatori),
        "in_misura": next((posto for posto, riga in misura if riga["sigla"] == sigla), 0),
    }


# --------------------------------------------------------------------------------------- the sheet


def scrivi(libro: Libro) -> None:
    """Write the sheet, and give the figures of the ente their names."""
    fascicolo, ws = libro.fascicolo, libro.fogli["Riepilogo"]
    prospetto = libro.prospetti["Riepilogo"]
    libro.titolo(ws, f"Riepilogo {fascicolo.anno}", NOTE["Riepilogo"], prospetto.colonne[0].larghezza)
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
    ws.set_row(prospetto.prima - 2, 54)
    ws.freeze_panes(prospetto.prima - 1, prospetto.numero("denominazione"))
    for riga, dati in enumerate(prospetto.righe, start=prospetto.prima):
        Rigo(prospetto, riga, dati, libro.prospetti).scrivi_celle(ws, libro.formati)
        ws.set_row(riga - 1, excel.altezza([(dati["denominazione"], LARGO)]))
    _medie(libro, ws)
    riga, _ = prospetto.caselle[TRASVERSALI]
    if any(c.settore == TRASVERSALI for c in fascicolo.valutazione.confronti):
        dati = {"denominazione": "Obiettivi trasversali", **_confronto(libro, TRASVERSALI)}
        Rigo(prospetto, riga, dati, libro.prospetti).scrivi_celle(ws, libro.formati, CONFRONTO)
    if nota := fascicolo.nota_non_consuntivati:
        libro.metti(ws, riga + 1, 2, nota, "sottotitolo")
    _scrivi_scelte(libro, ws)
    if prospetto.righe:
        _grafico(libro, ws)


def _medie(libro: Libro, ws: Foglio) -> None:
    """The two means of the ente: on unrounded gradi, rounded here once."""
    valutazione, prospetto = libro.fascicolo.valutazione, libro.prospetti["Riepilogo"]
    medie = (
        (MEDIA_SETTORI, "Riepilogo_peso_grado", "Riepilogo_peso_che_conta", valutazione.media_settori),
        (MEDIA_OBIETTIVI, "Conti_quota_grado", "Conti_quota", valutazione.media_obiettivi),
    )
    for regola, somma, pesi, valore in medie:
        riga, colonna = prospetto.caselle[regola]
        pubblicata = " (pubblicata)" if regola == valutazione.regola else ""
        for altra in range(1, len(prospetto.colonne) + 1):
            libro.metti(ws, riga, altra, None, "totale")
        nome = prospetto.numero("denominazione")
        detto = f"Ente: {regola}{pubblicata}"
        libro.metti(ws, riga, nome, detto, "totale")
        ws.set_row(riga - 1, excel.altezza([(detto, LARGO * NERETTO)]))
        formula = f'=IF(SUM({pesi})=0,"",ROUND(SUM({somma})/SUM({pesi}),2))'
        libro.formula(ws, riga, colonna, formula, arrotondato(valore), "totale_grado")


def nomina(libro: Libro) -> None:
    """The names of the figures that are published, and of the choices that they depend on."""
    riepilogo, misura = libro.prospetti["Riepilogo"], libro.prospetti["Misura"]
    libro.chiama("Media_settori", riepilogo.casella(MEDIA_SETTORI))
    libro.chiama("Media_obiettivi", riepilogo.casella(MEDIA_OBIETTIVI))
    libro.chiama("Grado_ente", riepilogo.casella(libro.fascicolo.valutazione.regola))
    for nome, *_ in _scelte(libro):
        libro.chiama(nome, riepilogo.casella(nome))
    for chiave, nome in TUTTI.items():
        libro.chiama(nome, misura.da_fuori(chiave, misura.ultima))


def _scelte(libro: Libro) -> tuple[tuple[str, str, object], ...]:
    """The choices of the ente, and what the words of a base mean: the name of the cell, what is said of
    it, its value."""
    parametri = libro.fascicolo.parametri
    return (
        ("Grado_non_consuntivati", "Grado per i non consuntivati", parametri.grado_non_consuntivato),
        ("Tolleranza", "Tolleranza fra dichiarato e misurato, punti", parametri.tolleranza),
        ("Base_del_misurato", "Base del grado misurato: indicatori misurati, almeno %", parametri.base),
        ("Base_solida", "Base solida: indicatori misurati, almeno %", DA_SOLIDA),
        ("Base_parziale", "Base parziale: almeno %", DA_PARZIALE),
        (
            "Origine_del_grado",
            "Origine del grado (le formule sono scritte per questa)",
            parametri.origine,
        ),
    )


def _scrivi_scelte(libro: Libro, ws: Foglio) -> None:
    caselle = libro.prospetti["Riepilogo"].caselle
    riga, colonna = caselle["Grado_non_consuntivati"]
    libro.metti(ws, riga - 1, colonna - 1, "Da che cosa dipendono le formule", "sottotitolo")
    for nome, etichetta, valore in _scelte(libro):
        riga, colonna = caselle[nome]
        libro.metti(ws, riga, colonna - 1, etichetta, "etichetta")
        if isinstance(valore, str):
            ws.merge_range(riga - 1, colonna - 1, riga - 1, colonna + 2, "", libro.formati["numero"])
        ws.set_row(riga - 1, 28)
        libro.metti(ws, riga, colonna, valore, "numero")


def _grafico(libro: Libro, ws: Foglio) -> None:
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
        prospetto.ultima + 5,  # below the means and the note, beside the choices
        prospetto.numero("grado") - 1,
        grafico,
        {
            "description": "Grafico a barre: grado di raggiungimento di ogni settore, gli stessi "
            "valori della tabella a fianco.",
        },
    )
