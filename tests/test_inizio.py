"""The consolidato as it is read: the front sheet, Dati for a pivot, formulas a person follows."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from documents_as_text import ESEMPIO_MISSIONI
from fixtures_ente import write_world
from libreoffice import cached_values, formula_cells, with_wrong_cached_values
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from test_consolidato import same_values

from pipeline import run, score
from pipeline.documents import consolidato as consolidato_excel
from pipeline.documents.consolidato.dati import SENZA_INDICATORI
from pipeline.documents.consolidato.libro import LEGGERE, STRATI
from pipeline.documents.fascicolo import Fascicolo
from pipeline.tables import ORIGINI, costruisci, righe


@pytest.fixture(scope="module")
def missioni(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The consolidato of the example by missione."""
    percorso = tmp_path_factory.mktemp("missioni") / "c.xlsx"
    fascicolo = run.controlla(ESEMPIO_MISSIONI).fascicolo
    assert fascicolo is not None
    consolidato_excel.scrivi(percorso, fascicolo)
    return percorso


@pytest.fixture(scope="module")
def fascicolo(tmp_path_factory: pytest.TempPathFactory) -> Fascicolo:
    fascicolo = run.controlla(write_world(tmp_path_factory.mktemp("ente"))).fascicolo
    assert fascicolo is not None
    return fascicolo


@pytest.fixture(scope="module", params=["consolidato", "missioni"])
def uno_e_l_altro(request: pytest.FixtureRequest) -> Path:
    percorso: Path = request.getfixturevalue(request.param)
    return percorso


# --------------------------------------------------------------------------------------- formulas


def formulas(libro: Workbook) -> Iterator[tuple[str, str]]:
    for foglio in libro:
        for riga in foglio.iter_rows():
            yield from (
                (f"{foglio.title}!{c.coordinate}", str(c.value)) for c in riga if c.data_type == "f"
            )


def test_every_formula_can_be_read(uno_e_l_altro: Path) -> None:
    scritte = dict(formulas(openpyxl.load_workbook(uno_e_l_altro)))
    assert len(scritte) > 1000
    lunghe = {dove: f for dove, f in scritte.items() if len(f) >= 120 or "SUMPRODUCT" in f}
    assert lunghe == {}


@pytest.mark.parametrize("origine", ORIGINI)
def test_so_can_those_of_each_rule_of_origin(tmp_path: Path, fascicolo: Fascicolo, origine: str) -> None:
    """With a settore the name of which is as long as a sheet allows, and has an apostrophe."""
    nome = "L'unità per l'opera di controllo"
    elenco = fascicolo.tabelle.elenco.assign(denominazione=nome)
    parametri = replace(fascicolo.parametri, origine=origine)
    tabelle = replace(fascicolo.tabelle, elenco=elenco)
    valutazione = score.valuta(tabelle, parametri)
    altro = replace(fascicolo, tabelle=tabelle, parametri=parametri, valutazione=valutazione)
    consolidato_excel.scrivi(tmp_path / "c.xlsx", altro)
    libro = openpyxl.load_workbook(tmp_path / "c.xlsx")
    assert nome[:31] in libro.sheetnames
    assert [f for _, f in formulas(libro) if len(f) >= 120] == []


def test_a_voce_of_schede_that_stand_here_and_there(tmp_path: Path, fascicolo: Fascicolo) -> None:
    """Their cells would make a formula longer than one reads: it asks for those of the obiettivo."""
    prima = next(riga for riga in righe(fascicolo.tabelle.schede) if riga["settore"] == "tecnico")
    schede = [{**prima, "scheda": n, "grado_dichiarato": Decimal(n)} for n in range(1, 31)]
    dispari, pari = (", ".join(str(n) for n in range(da, 31, 2)) for da in (1, 2))
    base = {"settore": "tecnico", "stato": "valutato", "file": "x.xlsx", "foglio": "V"}
    voci = [{**base, "n": 1, "schede": dispari}, {**base, "n": 2, "schede": pari}]
    nuove = costruisci({"schede": schede, "voci": voci})
    tabelle = replace(fascicolo.tabelle, schede=nuove.schede, voci=nuove.voci)
    valutazione = score.valuta(tabelle, fascicolo.parametri)
    percorso = tmp_path / "c.xlsx"
    consolidato_excel.scrivi(percorso, replace(fascicolo, tabelle=tabelle, valutazione=valutazione))
    scritte = [f for _, f in formulas(openpyxl.load_workbook(percorso))]
    assert any("AVERAGEIFS(Schede_grado_dichiarato" in f for f in scritte)
    assert [f for f in scritte if len(f) >= 120] == []
    foglio = openpyxl.load_workbook(percorso, data_only=True)["Voci"]
    assert [foglio.cell(riga, 8).value for riga in (4, 5)] == [15, 16]


def test_a_mean_is_a_sum_over_a_sum(consolidato: Path) -> None:
    foglio = openpyxl.load_workbook(consolidato)["Riepilogo"]
    titoli = [c.value for c in foglio[4]]
    assert {"Peso che conta", "Peso × grado"} <= {*titoli}
    formula = foglio.cell(11, titoli.index("Grado %") + 1).value
    assert re.fullmatch(r'=IF\(SUM\((\w+)\)=0,"",ROUND\(SUM\(\w+\)/SUM\(\1\),2\)\)', formula)


def test_every_name_leads_to_cells_that_are_there(uno_e_l_altro: Path) -> None:
    """And formulas call no other."""
    libro = openpyxl.load_workbook(uno_e_l_altro)
    for nome, definito in libro.defined_names.items():
        ((foglio, celle),) = definito.destinations
        assert foglio in libro.sheetnames and libro[foglio][celle], nome
    chiamati = {n for _, f in formulas(libro) for n in re.findall(r"\b[A-Z][a-z]+_[a-z_]+\b", f)}
    assert chiamati <= {*libro.defined_names}
    assert {"Grado_ente", "Media_settori", "Media_obiettivi"} <= {*libro.defined_names}


def test_the_published_figure_has_its_name(consolidato: Path) -> None:
    libro = openpyxl.load_workbook(consolidato, data_only=True)
    figure = {}
    for nome in ("Grado_ente", "Media_obiettivi", "Indicatori", "Indicatori_misurati"):
        foglio, cella = libro.defined_names[nome].attr_text.split("!")
        figure[nome] = libro[foglio][cella.replace("$", "")].value
    assert list(figure.values()) == [97.76, 94, 246, 115]


@pytest.mark.skipif(shutil.which("ssconvert") is None, reason="Gnumeric is not installed")
def test_gnumeric_finds_the_same(uno_e_l_altro: Path, tmp_path: Path) -> None:
    falsato = with_wrong_cached_values(uno_e_l_altro, tmp_path / "falsato.xlsx")
    suo = tmp_path / "suo.xlsx"
    subprocess.run(["ssconvert", "--recalc", str(falsato), str(suo)], check=True, capture_output=True)
    same_values(uno_e_l_altro, cached_values(suo))


# ------------------------------------------------------------------------------------------- Dati


def test_dati_is_ready_for_a_pivot(uno_e_l_altro: Path) -> None:
    libro = openpyxl.load_workbook(uno_e_l_altro)
    foglio = libro["Dati"]
    (tabella,) = foglio.tables.values()
    assert tabella.ref.startswith("A1:") and not foglio.merged_cells.ranges
    letti = pd.read_excel(
        uno_e_l_altro, sheet_name="Dati", engine="calamine", na_filter=False, dtype=object
    )
    assert letti["Sigla"].ne("").all() and letti["Scheda"].str.fullmatch(r"[A-Z0-9]+ \d+").all()
    assert not letti["Missione"].str.contains(",").any()
    assert not letti["Programma"].str.contains(",").any()
    for colonna in ("Grado misurato %", "Atteso, numero letto", "Misurato"):
        assert {type(v) for v in letti[colonna] if v != ""} <= {int, float}


def test_dati_has_a_row_an_indicatore_and_one_a_scheda_without(
    esempio: run.Esito, consolidato: Path
) -> None:
    tabelle = esempio.raccolta.tabelle
    letti = pd.read_excel(consolidato, sheet_name="Dati", engine="calamine", na_filter=False)
    con, senza = letti[letti["N."] != ""], letti[letti["N."] == ""]
    assert len(con) == 246 == len(tabelle.indicatori) and con["Misurato"].sum() == 115
    assert con["Atteso raggiunto"].sum() == 89 and con["Con un atteso"].sum() == 191
    assert letti["Scheda"].nunique() == 38 == len(tabelle.schede)
    assert {*senza["Esito"]} <= {SENZA_INDICATORI}
    per_settore = con.groupby("Sigla")["Misurato"].agg(["sum", "count"]).to_dict("index")
    assert per_settore["UT"] == {"sum": 16, "count": 107}


def test_the_numbers_beside_the_words(consolidato: Path) -> None:
    letti = pd.read_excel(consolidato, sheet_name="Dati", engine="calamine", na_filter=False)
    detti = {
        (riga["Atteso"], riga["Raggiunto"]): (
            riga["Atteso, numero letto"],
            riga["Raggiunto, numero letto"],
        )
        for riga in letti.to_dict("records")
    }
    assert detti["1500", "850"] == (1500, 850)
    assert detti["40 +150", "121+245"] == ("", "")  # several
    assert detti["SI", "No (rinviato a 2021)"] == ("", "")


def test_a_scheda_without_indicatori_has_its_row(tmp_path: Path, fascicolo: Fascicolo) -> None:
    vuoto = costruisci({"indicatori": []}).indicatori
    tabelle = replace(fascicolo.tabelle, indicatori=vuoto)
    valutazione = score.valuta(tabelle, fascicolo.parametri)
    consolidato_excel.scrivi(
        tmp_path / "c.xlsx", replace(fascicolo, tabelle=tabelle, valutazione=valutazione)
    )
    letti = pd.read_excel(tmp_path / "c.xlsx", sheet_name="Dati", engine="calamine", na_filter=False)
    assert len(letti) == len(tabelle.schede)
    assert {*letti["Esito"]} == {SENZA_INDICATORI} and {*letti["N."]} == {""}


def test_a_key_is_the_same_in_every_sheet(consolidato: Path) -> None:
    fogli = pd.read_excel(consolidato, sheet_name=None, header=2, engine="calamine", na_filter=False)
    dati = pd.read_excel(consolidato, sheet_name="Dati", engine="calamine", na_filter=False)
    schede, voci = {*fogli["Schede"]["Scheda"]}, {*fogli["Voci"]["Obiettivo"]}
    assert "T 1" in schede and "T 1" in voci and len(schede) == 38 and len(voci) == 33
    for nome in ("Obiettivi", "Fasi", "Collegamenti", "Stati", "Coerenza"):
        assert {*fogli[nome]["Scheda"]} <= schede, nome
    assert {*dati["Scheda"]} == schede
    assert {*dati["Obiettivo"], *fogli["Conti"]["Obiettivo"]} - {""} == voci


# ----------------------------------------------------------------------------------------- Inizio


def shown(percorso: Path) -> list[list[object]]:
    """The cells of the front sheet that are not empty, row by row."""
    foglio = openpyxl.load_workbook(percorso, data_only=True)["Inizio"]
    return [
        sua for riga in foglio.iter_rows(values_only=True) if (sua := [v for v in riga if v is not None])
    ]


def test_the_front_says_the_figures_and_over_how_many(consolidato: Path) -> None:
    righe_sue = shown(consolidato)
    assert [97.76, 94, "115 su 246", 89] in righe_sue
    parole = righe_sue[righe_sue.index([97.76, 94, "115 su 246", 89]) + 1]
    assert "media dei settori, 6 su 6" in str(parole[0]) and "31 su 33" in str(parole[1])
    assert "parziale ●●○" in str(parole[2])


def test_the_front_says_what_to_look_at_first(esempio: run.Esito, consolidato: Path) -> None:
    assert esempio.fascicolo is not None
    righe_sue = {str(riga[0]): riga for riga in shown(consolidato)}
    conti = Counter(r.gravita for r in esempio.fascicolo.rilievi)
    assert righe_sue["Rilievi che bloccano"][1:3] == [0, "a posto"]
    assert righe_sue["Rilievi da correggere"][1] == conti["da correggere"]
    assert righe_sue["Avvisi"][1] == conti["avviso"]
    assert righe_sue["Dichiarato lontano dal misurato"][1] == 6
    assert str(righe_sue["Non consuntivati, contati al 50"][2]).endswith("UT 8, UT 9, UT 10")
    assert righe_sue["Obiettivi fuori dalla media"][1] == 2
    assert righe_sue["Schede in nessuna voce"][1] == 2


def test_the_front_has_the_settori(consolidato: Path) -> None:
    righe_sue = {str(riga[0]): riga for riga in shown(consolidato)}
    assert righe_sue["AG"][1:6] == ["Affari generali", 99.08, 98.5, 85.81, pytest.approx(-12.69)]
    assert righe_sue["UT"][6:8] == ["16 su 107", "debole ●○○"]


def test_the_front_is_formulas(uno_e_l_altro: Path) -> None:
    """No count or grado of its own: but for the version of the format."""
    foglio = openpyxl.load_workbook(uno_e_l_altro)["Inizio"]
    numeri = [c.coordinate for r in foglio.iter_rows() for c in r if isinstance(c.value, int | float)]
    assert len(numeri) == 1 and len(formula_cells(uno_e_l_altro)["Inizio"]) > 15


def test_every_sheet_leads_to_the_front_and_back(uno_e_l_altro: Path) -> None:
    libro = openpyxl.load_workbook(uno_e_l_altro)
    prima, *altri = libro.worksheets
    assert prima.title == "Inizio"
    assert {*links(prima)} == {f"'{foglio.title}'!A1" for foglio in altri}
    for foglio in altri:
        assert "'Inizio'!A1" in links(foglio), foglio.title


def links(foglio: Worksheet) -> list[str]:
    """Where the cells of a sheet lead to in the workbook."""
    celle = (c.hyperlink for riga in foglio.iter_rows() for c in riga if c.hyperlink)
    return [str(legame.location) for legame in celle]


def test_the_tabs_say_the_layer(consolidato: Path) -> None:
    colori = {nome: colore.lstrip("#") for _, nomi, colore in STRATI for nome in nomi}
    for foglio in openpyxl.load_workbook(consolidato).worksheets:
        atteso = colori.get(foglio.title, STRATI[0][2].lstrip("#"))  # a settore is to be read
        assert foglio.sheet_properties.tabColor.rgb[2:] == atteso, foglio.title
    assert [nome for nome, _, _ in STRATI] == [
        *("Per leggere", "Per filtrare", "Per controllare"),
        "Uso interno: non si invia e non si pubblica",
    ]
    assert next(iter(LEGGERE)) == "Inizio"


def test_on_paper_no_sheet_is_too_small(uno_e_l_altro: Path) -> None:
    """As wide as the page, in letters of six points and a half or more."""
    for foglio in openpyxl.load_workbook(uno_e_l_altro).worksheets:
        area = foglio.print_area.split(":")[1] if foglio.print_area else foglio.dimensions.split(":")[1]
        ultima = foglio[area.replace("$", "")].column
        larga = sum(
            foglio.column_dimensions[openpyxl.utils.get_column_letter(n)].width
            for n in range(1, ultima + 1)
        )
        stanno = {8: 209, 9: 143}[int(foglio.page_setup.paperSize)]
        if foglio.page_setup.orientation == "portrait":
            stanno = 97
        assert 10 * stanno / larga >= 6.5, (foglio.title, larga)


def test_the_base_is_told_by_one_rule(esempio: run.Esito) -> None:
    """Of a voce as of a settore: how many of all its indicatori are measured."""
    assert esempio.fascicolo is not None
    for voce in esempio.fascicolo.valutazione.voci:
        sue = esempio.fascicolo.righe.indicatori.delle(voce.coperte)
        misurati = sum(i["grado_misurato"] is not None for i in sue)
        assert voce.base == score.base(misurati, len(sue))
    assert [score.base(n, 4) for n in range(4)] == ["nessuna", "parziale", "parziale", "solida"]
    assert score.base(1, 5) == "debole" and Decimal(25) == score.DA_PARZIALE
    assert righe(esempio.raccolta.tabelle.schede)
