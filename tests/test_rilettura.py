"""The consolidato says its version, and from its .xlsx alone come back the tables that went into it."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import rilettura
from documents_as_text import ESEMPIO_MISSIONI
from fixtures_ente import write_world

from pipeline import measure, run, score
from pipeline.documents import consolidato as consolidato_excel
from pipeline.documents.consolidato.libro import VERSIONE
from pipeline.documents.fascicolo import Fascicolo
from pipeline.tables import COLONNE, Riga, colonne, righe, tabella

DURI = (
    *("=1+1", "'5", "_x0041_", "<r>a</r>", " spazi intorno ", "a\nb\n", "\tc", "«»–●", "sì"),
    *("64,52%", "007", "1e3", "TRUE", "#N/D", "30/06/2020", "NA", "None"),
)


def read_again(percorso: Path, fascicolo: Fascicolo) -> None:
    """Every table, row by row and number by number; not in which cell of its row each value stood."""
    lette = rilettura.leggi(percorso).per_nome()
    for nome, df in measure.misura(fascicolo.tabelle, fascicolo.anno).per_nome().items():
        posti = [c.nome for c in colonne(nome) if c.segno == "posto"]
        assert righe(lette[nome].drop(columns=posti)) == righe(df.drop(columns=posti)), nome


def test_the_tables_of_the_example_come_back(esempio: run.Esito, consolidato: Path) -> None:
    assert esempio.fascicolo is not None
    read_again(consolidato, esempio.fascicolo)


def test_and_with_them_the_figures(esempio: run.Esito, consolidato: Path) -> None:
    assert esempio.fascicolo is not None
    fascicolo, tabelle = esempio.fascicolo, rilettura.leggi(consolidato)
    rifatta = score.valuta(tabelle, fascicolo.parametri, fascicolo.anno)
    assert (rifatta.settori, rifatta.ente) == (fascicolo.valutazione.settori, fascicolo.valutazione.ente)


def test_so_do_those_of_an_ente_by_missione(tmp_path: Path) -> None:
    fascicolo = run.controlla(ESEMPIO_MISSIONI).fascicolo
    assert fascicolo is not None
    consolidato_excel.scrivi(tmp_path / "c.xlsx", fascicolo)
    read_again(tmp_path / "c.xlsx", fascicolo)


@pytest.fixture(scope="module")
def fascicolo(tmp_path_factory: pytest.TempPathFactory) -> Fascicolo:
    fascicolo = run.controlla(write_world(tmp_path_factory.mktemp("ente"))).fascicolo
    assert fascicolo is not None
    return fascicolo


def test_texts_and_numbers_come_back_as_they_were(tmp_path: Path, fascicolo: Fascicolo) -> None:
    """Whatever they look like: in every text and every number of a table."""

    def hard(nome: str, n: int, riga: Riga) -> Riga:
        numeri = {"testo": DURI[n % len(DURI)], "decimale": Decimal("33.3300000000001")}
        nuovi = {
            c.nome: numeri[c.tipo]
            for c in COLONNE[nome]
            if c.da_cella and c.tipo in numeri and c.nome != "valutazione"
        }
        return {**riga, **nuovi}

    nomi = ("obiettivi", "fasi", "stati", "indicatori", "voci")
    molte = {
        nome: tabella(nome, [hard(nome, n, riga) for n, riga in enumerate(righe(df))])
        for nome in nomi
        if not (df := getattr(fascicolo.tabelle, nome)).empty
    }
    duro = replace(fascicolo, tabelle=replace(fascicolo.tabelle, **molte))
    consolidato_excel.scrivi(tmp_path / "c.xlsx", duro)
    read_again(tmp_path / "c.xlsx", duro)


def test_each_hard_text_comes_back(tmp_path: Path, fascicolo: Fascicolo) -> None:
    prima = righe(fascicolo.tabelle.stati)[0]
    stati = [{**prima, "n": n, "voce": testo, "testo": testo} for n, testo in enumerate(DURI, 1)]
    duro = replace(fascicolo, tabelle=replace(fascicolo.tabelle, stati=tabella("stati", stati)))
    consolidato_excel.scrivi(tmp_path / "c.xlsx", duro)
    read_again(tmp_path / "c.xlsx", duro)


def test_two_settori_of_one_name_stay_two(tmp_path: Path, fascicolo: Fascicolo) -> None:
    elenco = fascicolo.tabelle.elenco.assign(denominazione="Ufficio unico")
    uguali = replace(fascicolo, tabelle=replace(fascicolo.tabelle, elenco=elenco))
    consolidato_excel.scrivi(tmp_path / "c.xlsx", uguali)
    read_again(tmp_path / "c.xlsx", uguali)


def test_it_says_its_version(consolidato: Path) -> None:
    libro = openpyxl.load_workbook(consolidato)
    assert libro.custom_doc_props["Versione del consolidato"].value == VERSIONE
    foglio, cella = libro.defined_names["Versione_consolidato"].attr_text.split("!")
    assert libro[foglio][cella.replace("$", "")].value == VERSIONE and foglio == libro.sheetnames[0]
