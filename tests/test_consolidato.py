"""The consolidated Excel: sound, complete, and right when it is really recalculated."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from documents_as_text import ESEMPIO_MISSIONI, docx_lines
from fixtures_ente import write_missioni_world, write_world
from libreoffice import (
    CellValues,
    cached_values,
    convert_all,
    formula_cells,
    recalculated_values,
    with_wrong_cached_values,
)
from lxml import etree
from validators import faults, sdk_faults
from xlsxwriter.worksheet import Worksheet

from pipeline import excel, run, score
from pipeline.documents import consolidato as consolidato_excel
from pipeline.documents.consolidato import riepilogo, tabelle, valutazione
from pipeline.documents.consolidato.libro import NOTE, UFFICIO, Descritto, Libro
from pipeline.documents.fascicolo import Fascicolo
from pipeline.prospetti import Colonna
from pipeline.tables import COLONNE, ORIGINI, VALUTAZIONI, Riga, costruisci, piena, righe, tabella

RIEPILOGO = ("Sigla", "Settore", "Voci", "Voci valutate", "Voci escluse", "Somma pesi")
GRADO = 8
"""The column of the Riepilogo with the percentages."""
FOGLI = [
    "Inizio",
    "Riepilogo",
    "Dati",
    "Voci",
    "Conti",
    "Valutazioni",
    "Schede",
    "Obiettivi",
    "Fasi",
    "Collegamenti",
    "Stati",
    "Rilievi",
    "Provenienza",
]


def fascicolo_di(cartella: Path) -> Fascicolo:
    fascicolo = run.controlla(write_world(cartella)).fascicolo
    assert fascicolo is not None
    return fascicolo


def con_voci(fascicolo: Fascicolo, voci: list[Riga]) -> Fascicolo:
    """The same ente with other voci, scored anew."""
    tabelle = replace(fascicolo.tabelle, voci=costruisci({"voci": voci}).voci)
    valutazione = score.valuta(tabelle, fascicolo.parametri)
    return replace(fascicolo, tabelle=tabelle, valutazione=valutazione)


def voce(settore: str, n: int, **valori: object) -> Riga:
    base = {"descrizione": f"Voce {n}", "stato": "valutato", "file": "x.xlsx", "foglio": "V", "riga": n}
    return {"settore": settore, "n": n, **base, **valori}


def same_when_recalculated(percorso: Path, cartella: Path) -> None:
    """LibreOffice, on a copy with every cached value made wrong, must find the values we wrote."""
    falsato = with_wrong_cached_values(percorso, cartella / "falsato.xlsx")
    same_values(percorso, recalculated_values(falsato, cartella))


def same_values(percorso: Path, ricalcolati: CellValues) -> None:
    scritti, formule = cached_values(percorso), formula_cells(percorso)
    assert sum(map(len, formule.values())) > 10
    for foglio, celle in formule.items():
        for cella in celle:
            nostro, suo = scritti[foglio].get(cella), ricalcolati[foglio].get(cella)
            dove = f"{foglio}!{cella}: {nostro!r} / {suo!r}"
            if isinstance(nostro, int | float):
                assert isinstance(suo, int | float) and abs(nostro - suo) < 1e-9, dove
            else:
                assert nostro == suo, dove


def test_the_validators_find_nothing(consolidato: Path) -> None:
    assert faults(consolidato) == []


def test_the_open_xml_sdk_finds_nothing(consolidato: Path) -> None:
    assert sdk_faults(consolidato) == []


def test_recalculated_by_libreoffice_every_formula_gives_the_same(
    consolidato: Path, tmp_path: Path, libreoffice: str
) -> None:
    same_when_recalculated(consolidato, tmp_path)


FORMULE = {"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula"}


def all_formulas(percorso: Path) -> Iterator[str]:
    """Those of cells, names, choices, colours and charts."""
    with zipfile.ZipFile(percorso) as archivio:
        for parte in archivio.namelist():
            if parte.endswith(".xml"):
                for nodo in etree.fromstring(archivio.read(parte)).iter(etree.Element):
                    if etree.QName(nodo).localname in FORMULE and nodo.text:
                        yield nodo.text


def of_this_century(percorsi: Iterable[Path]) -> list[str]:
    """The formulas with a function that came after Excel 2007, which xlsxwriter would write with a
    prefix and `excel.Foglio` does not."""
    formule = [formula for percorso in percorsi for formula in all_formulas(percorso)]
    assert len(formule) > 500
    foglio = Worksheet()
    return [f for f in formule if foglio._prepare_formula(f, True) != f or "_xlfn" in f]


def test_no_formula_has_a_function_that_needs_a_prefix(
    consolidato: Path, good: Path, good_missioni: Path, tmp_path: Path
) -> None:
    per_missione = run.controlla(ESEMPIO_MISSIONI).fascicolo
    assert per_missione is not None
    consolidato_excel.scrivi(tmp_path / "missioni.xlsx", per_missione)
    moduli = [*good.glob("*.xlsx"), *good_missioni.glob("*.xlsx")]
    del_nucleo = run.per_il_nucleo(good, tmp_path).documenti
    assert of_this_century([consolidato, tmp_path / "missioni.xlsx", *moduli, *del_nucleo]) == []


@pytest.mark.parametrize("formula", ['=IFNA(A1,"")', "=CONCAT(A1:A9)", "=XLOOKUP(1,A:A,B:B)"])
def test_a_function_that_needs_a_prefix_is_seen(consolidato: Path, tmp_path: Path, formula: str) -> None:
    with excel.Libro(tmp_path / "x.xlsx", {"testo": {}}) as libro:
        excel.formula(libro.pagina("Uno"), 1, 1, formula, 1, libro.formati["testo"])
    assert of_this_century([consolidato, tmp_path / "x.xlsx"]) == [formula.removeprefix("=")]


def test_the_sheets_and_the_riepilogo(consolidato: Path) -> None:
    libro = openpyxl.load_workbook(consolidato, data_only=True)
    assert set(libro.sheetnames) >= set(FOGLI)
    foglio = libro["Riepilogo"]
    assert tuple(cella.value for cella in foglio[4][:6]) == RIEPILOGO
    righe_sue = [[c.value for c in riga] for riga in foglio.iter_rows(min_row=5, max_row=12)]
    contenuto = [(*riga[:6], riga[GRADO - 1]) for riga in righe_sue]
    assert contenuto[0] == ("AG", "Affari generali", 14, 13, 1, 13, 99.08)
    assert contenuto[3] == ("UT", "Ufficio tecnico", 15, 14, 1, 14, 87.71)
    assert (contenuto[6][1], contenuto[6][-1]) == ("Ente: media dei settori (pubblicata)", 97.76)
    assert (contenuto[7][1], contenuto[7][-1]) == ("Ente: media degli obiettivi distinti", 94)
    assert len(openpyxl.load_workbook(consolidato)["Riepilogo"]._charts) == 1


def test_declared_and_measured_of_a_settore_stand_beside_its_grado(consolidato: Path) -> None:
    """Of the example; as in the relazione, on the obiettivi of its own that have both."""
    foglio = openpyxl.load_workbook(consolidato, data_only=True)["Riepilogo"]
    righe_dei_settori = list(foglio.iter_rows(min_row=5, max_row=8, values_only=True))
    assert [riga[11:14] for riga in righe_dei_settori] == [
        (8, 98.5, 85.81),
        (3, 99.33, 97.6),
        (3, 100, 95.26),
        (1, 90, 90),
    ]
    dei_soli_propri = {riga[0]: riga[8] for riga in righe_dei_settori}
    assert dei_soli_propri["UT"] == 80.89 and dei_soli_propri["AG"] == 98.5


def test_a_gap_has_one_sign_in_every_sheet_and_in_the_relazione(
    consolidato: Path, relazione: Path
) -> None:
    """Negative where the indicatori say less than was declared."""
    libro = openpyxl.load_workbook(consolidato, data_only=True)
    titoli = {
        cella.value
        for nome in ("Riepilogo", "Voci", "Schede", "Coerenza")
        for riga in libro[nome].iter_rows(max_row=5)
        for cella in riga
        if str(cella.value).startswith("Scarto")
    }
    assert titoli == {"Scarto misurato − dichiarato"}
    scritti = {riga[0]: riga[4] for riga in libro["Coerenza"].iter_rows(min_row=4, values_only=True)}
    assert (scritti["PL 2"], round(scritti["AG 6"], 2)) == (-100, -33.33)
    assert "| −33,33 |" in "\n".join(docx_lines(relazione))


def test_the_published_percentages_are_formulas(consolidato: Path) -> None:
    foglio = openpyxl.load_workbook(consolidato)["Riepilogo"]
    for riga in range(5, 13):
        assert foglio.cell(riga, GRADO).data_type == "f"


def test_every_typed_value_is_in_its_sheet_verbatim(esempio: run.Esito, consolidato: Path) -> None:
    libro = openpyxl.load_workbook(consolidato, data_only=True)
    for nome, df in esempio.raccolta.tabelle.per_nome().items():
        if nome not in ("schede", "obiettivi", "fasi", "indicatori", "collegamenti", "stati", "testi"):
            continue
        foglio, prima = (libro["Dati"], 2) if nome == "indicatori" else (libro[nome.capitalize()], 4)
        chiavi = [colonna.nome for colonna in COLONNE[nome] if colonna.da_cella]
        for posizione, riga in enumerate(righe(df), start=prima):
            celle = {cella.value for cella in foglio[posizione]}
            for chiave in chiavi:
                atteso = VALUTAZIONI.get(riga[chiave]) if chiave == "valutazione" else riga[chiave]
                atteso = float(atteso) if isinstance(atteso, Decimal) else atteso
                if piena(atteso) and atteso is not True:
                    assert atteso in celle, (nome, posizione, chiave, riga[chiave])


def test_text_never_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    fascicolo = fascicolo_di(tmp_path / "dentro")
    brutti = ["=1+1", "+39 02", "@cmd", "-2", "http://x.it", "mailto:a@b.it", "{=1}"]
    voci = [
        voce("tecnico", n, descrizione=t, note=t, grado_nucleo=Decimal(n))
        for n, t in enumerate(brutti, 1)
    ]
    percorso = tmp_path / "c.xlsx"
    consolidato_excel.scrivi(percorso, con_voci(fascicolo, voci))
    foglio = openpyxl.load_workbook(percorso)["Voci"]
    scritti = [foglio.cell(4 + n, 4) for n in range(len(brutti))]
    assert [c.value for c in scritti] == brutti
    assert {c.data_type for c in scritti} == {"s"} and not any(c.hyperlink for c in scritti)
    assert faults(percorso) == []


def test_90_125_is_written_90_13(tmp_path: Path, libreoffice: str) -> None:
    fascicolo = fascicolo_di(tmp_path / "dentro")
    gradi = [100] * 9 + [90] * 5 + [50, 42]  # 1442 in 16 voci
    voci = [voce("tecnico", n, grado_dichiarato=Decimal(g)) for n, g in enumerate(gradi, 1)]
    fascicolo = con_voci(fascicolo, voci)
    assert sum(gradi) == 1442
    percorso = tmp_path / "c.xlsx"
    consolidato_excel.scrivi(percorso, fascicolo)
    assert openpyxl.load_workbook(percorso, data_only=True)["Riepilogo"].cell(6, GRADO).value == 90.13
    same_when_recalculated(percorso, tmp_path)


@pytest.mark.parametrize(
    "voci",
    [
        [voce("tecnico", 1, stato="rinviato", note="dopo")],
        [voce("tecnico", 1, peso=Decimal(0), grado_nucleo=Decimal(50))],
        [voce("tecnico", 1, peso=Decimal(3), grado_nucleo=Decimal(50)), voce("tecnico", 2)],
        [],
    ],
    ids=["nothing valued", "pesi 0", "partial pesi", "no voci"],
)
def test_a_settore_without_a_mean_has_no_percentage_not_0(
    tmp_path: Path, voci: list[Riga], libreoffice: str
) -> None:
    fascicolo = con_voci(fascicolo_di(tmp_path / "dentro"), voci)
    percorso = tmp_path / "c.xlsx"
    consolidato_excel.scrivi(percorso, fascicolo)
    foglio = openpyxl.load_workbook(percorso, data_only=True)["Riepilogo"]
    assert [foglio.cell(riga, GRADO).value for riga in (5, 6, 7, 8)] == [None] * 4
    assert faults(percorso) == []
    same_when_recalculated(percorso, tmp_path)


def test_two_settori_of_one_name_are_compared_each_on_its_own(tmp_path: Path, libreoffice: str) -> None:
    fascicolo = fascicolo_di(tmp_path / "dentro")
    elenco = fascicolo.tabelle.elenco.assign(denominazione="Ufficio unico")
    fascicolo = replace(fascicolo, tabelle=replace(fascicolo.tabelle, elenco=elenco))
    percorso = tmp_path / "c.xlsx"
    consolidato_excel.scrivi(percorso, fascicolo)
    foglio = openpyxl.load_workbook(percorso, data_only=True)["Riepilogo"]
    quanti = [foglio.cell(riga, 11).value for riga in (5, 6)]
    assert sum(quanti) > max(quanti) > 0
    same_when_recalculated(percorso, tmp_path)


@pytest.mark.parametrize("pesi", [(None, Decimal(2)), (Decimal(0), Decimal(0))], ids=["partial", "zero"])
def test_a_trasversale_of_a_settore_without_a_mean_weighs_whole_in_the_others(
    tmp_path: Path, libreoffice: str, pesi: tuple[Decimal | None, Decimal]
) -> None:
    voci = [
        *(voce("ragioneria", n, peso=p, grado_dichiarato=Decimal(80)) for n, p in enumerate(pesi, 1)),
        voce("ragioneria", 3, peso=pesi[1], schede="T1", grado_dichiarato=Decimal(90)),
        voce("tecnico", 1, peso=Decimal(2), schede="T1", grado_dichiarato=Decimal(100)),
        voce("tecnico", 2, peso=Decimal(1), grado_dichiarato=Decimal(40)),
    ]
    percorso = tmp_path / "c.xlsx"
    consolidato_excel.scrivi(percorso, con_voci(fascicolo_di(tmp_path / "dentro"), voci))
    same_when_recalculated(percorso, tmp_path)


def test_what_has_no_peso_or_a_peso_of_zero_recalculates_the_same(
    tmp_path: Path, libreoffice: str
) -> None:
    """A prerequisite out of the mean, and a trasversale of peso 0 in one of its two settori."""
    voci = [
        voce("ragioneria", 1, peso=Decimal(2), grado_dichiarato=Decimal(80)),
        voce("ragioneria", 2, stato="non valutabile", note="Prerequisito"),
        voce("ragioneria", 3, peso=Decimal(0), schede="T1", grado_dichiarato=Decimal(90)),
        voce("tecnico", 1, peso=Decimal(2), schede="T1", grado_dichiarato=Decimal(100)),
        voce("tecnico", 2, peso=Decimal(0), schede="1"),
    ]
    percorso = tmp_path / "c.xlsx"
    consolidato_excel.scrivi(percorso, con_voci(fascicolo_di(tmp_path / "dentro"), voci))
    foglio = openpyxl.load_workbook(percorso, data_only=True)["Riepilogo"]
    conti = [tuple(foglio.cell(riga, c).value for c in (3, 4, 5, GRADO)) for riga in (5, 6)]
    assert conti == [(3, 1, 2, 80), (2, 1, 1, 100)]
    same_when_recalculated(percorso, tmp_path)


def con_regola(fascicolo: Fascicolo, origine: str, base: int) -> Fascicolo:
    """The same ente with another rule on where the gradi come from, scored anew."""
    parametri = replace(fascicolo.parametri, origine=origine, base=Decimal(base))
    valutazione = score.valuta(fascicolo.tabelle, parametri)
    return replace(fascicolo, parametri=parametri, valutazione=valutazione)


@pytest.mark.parametrize("origine", ORIGINI)
def test_under_each_rule_of_origin_the_example_recalculates_the_same(
    esempio: run.Esito, tmp_path: Path, libreoffice: str, origine: str
) -> None:
    """Without the gradi declared by a settore, and with a base that only some schede have."""
    assert esempio.fascicolo is not None
    tabelle = esempio.fascicolo.tabelle
    schede, voci = (
        [
            {**r, "grado_dichiarato": None} if r["settore"] == "istruzione_socio_educativo" else r
            for r in righe(df)
        ]
        for df in (tabelle.schede, tabelle.voci)
    )
    tabelle = replace(tabelle, schede=tabella("schede", schede), voci=tabella("voci", voci))
    fascicolo = con_regola(replace(esempio.fascicolo, tabelle=tabelle), origine, 60)
    percorso = tmp_path / "c.xlsx"
    consolidato_excel.scrivi(percorso, fascicolo)
    assert faults(percorso) == []
    same_when_recalculated(percorso, tmp_path)
    foglio = openpyxl.load_workbook(percorso, data_only=True)["Voci"]
    gradi = [(foglio.cell(r, 11).value, foglio.cell(r, 13).value) for r in range(4, 62)]
    for (grado, detta), voce_sua in zip(gradi, fascicolo.valutazione.voci, strict=True):
        assert (grado is None) == (detta in (None, "")) == (voce_sua.grado is None)
        assert (detta or "") == voce_sua.origine


def with_toy_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sheet of columns gets one more in front and one more in the middle."""

    def wider(columns: Sequence[Colonna]) -> tuple[Colonna, ...]:
        half = len(columns) // 2
        first, other = Colonna("toy_1", "Toy 1"), Colonna("toy_2", "Toy 2")
        return (first, *columns[:half], other, *columns[half:])

    def described(table: str, libro: Libro) -> Descritto:
        columns, rows = tables[table](libro)
        return wider(columns), [{**row, **toys} for row in rows]

    toys, tables = {"toy_1": 1, "toy_2": "two"}, dict(tabelle.TABELLE)
    for name in tables:
        monkeypatch.setitem(tabelle.TABELLE, name, partial(described, name))
    monkeypatch.setattr(riepilogo, "RIEPILOGO", wider(riepilogo.RIEPILOGO))
    columns_of = valutazione.colonne
    monkeypatch.setattr(valutazione, "colonne", lambda origini: wider(columns_of(origini)))
    for room in (riepilogo, valutazione):
        rows = room._riga
        monkeypatch.setattr(room, "_riga", lambda *args, rows=rows: {**rows(*args), **toys})


def test_more_columns_in_every_sheet_break_no_formula(
    tmp_path: Path, libreoffice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an ente by schede, trasversali and all, and of one by missione, with its people."""
    with_toy_columns(monkeypatch)
    percorsi = []
    for mondo in (write_world, write_missioni_world):
        fascicolo = run.controlla(mondo(tmp_path / mondo.__name__)).fascicolo
        assert fascicolo is not None
        percorsi.append(tmp_path / f"{mondo.__name__}.xlsx")
        consolidato_excel.scrivi(percorsi[-1], fascicolo)
    for percorso in percorsi:
        assert faults(percorso) == []
        libro = openpyxl.load_workbook(percorso)
        per_titolo = [{c.value for riga in ws.iter_rows(max_row=7) for c in riga} for ws in libro]
        assert all({"Toy 1", "Toy 2"} <= titoli for titoli in per_titolo[1:])
    (tmp_path / "falsati").mkdir()
    falsati = [with_wrong_cached_values(p, tmp_path / "falsati" / p.name) for p in percorsi]
    ricalcolati = convert_all(falsati, tmp_path / "ricalcolati", "xlsx", recalculate=True)
    for percorso, ricalcolato in zip(percorsi, ricalcolati, strict=True):
        same_values(percorso, cached_values(ricalcolato))


def test_a_scheda_linked_twice_to_a_programma_counts_once_in_it(
    tmp_path: Path, libreoffice: str
) -> None:
    fascicolo = fascicolo_di(tmp_path / "dentro")
    collegamenti = righe(fascicolo.tabelle.collegamenti)
    doppio = tabella("collegamenti", [*collegamenti, {**collegamenti[0], "n": 9}])
    tabelle = replace(fascicolo.tabelle, collegamenti=doppio)
    valutazione = score.valuta(tabelle, fascicolo.parametri)
    percorso = tmp_path / "c.xlsx"
    consolidato_excel.scrivi(percorso, replace(fascicolo, tabelle=tabelle, valutazione=valutazione))
    same_when_recalculated(percorso, tmp_path)


def test_a_name_on_two_lines_is_one_name(tmp_path: Path, libreoffice: str) -> None:
    fascicolo = fascicolo_di(tmp_path / "dentro")
    elenco = fascicolo.tabelle.elenco.assign(denominazione="Settore\n\tRagioneria  e altro")
    tabelle = replace(fascicolo.tabelle, elenco=elenco)
    valutazione = score.valuta(tabelle, fascicolo.parametri)
    fascicolo = replace(fascicolo, tabelle=tabelle, valutazione=valutazione)
    assert {s.denominazione for s in fascicolo.settori} == {"Settore Ragioneria e altro"}
    percorso = tmp_path / "c.xlsx"
    consolidato_excel.scrivi(percorso, fascicolo)
    same_when_recalculated(percorso, tmp_path)


def test_sheet_names_are_valid_and_unique_whatever_the_settori_are_called(tmp_path: Path) -> None:
    fascicolo = fascicolo_di(tmp_path / "dentro")
    nomi = ["Voci", "Lavori pubblici / Ambiente: verde?", "L" * 40, "L" * 40, "'apici'", "l" * 40]
    elenco = [{"settore": f"s{n}", "denominazione": nome} for n, nome in enumerate(nomi)]
    tabelle = replace(fascicolo.tabelle, elenco=costruisci({"elenco": elenco}).elenco)
    diverso = replace(fascicolo, tabelle=tabelle, valutazione=score.valuta(tabelle, fascicolo.parametri))
    percorso = tmp_path / "c.xlsx"
    consolidato_excel.scrivi(percorso, diverso)
    assert faults(percorso) == []


def test_a_draft_says_so_on_every_page(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "dentro")
    (cartella / "tecnico.xlsx").unlink()
    esito = run.relazione(cartella, tmp_path)
    libro = openpyxl.load_workbook(esito.documenti[0])
    assert all("BOZZA" in foglio.oddHeader.center.text for foglio in libro)
    testi = [str(c.value) for riga in libro["Inizio"].iter_rows() for c in riga if c.value]
    assert any("BOZZA" in testo for testo in testi)
    assert any("Settore Tecnico" in testo and "manca" in testo.lower() for testo in testi)
    assert faults(esito.documenti[0]) == []


def test_the_one_for_the_destinatari_is_the_same_without_the_sheets_of_the_office(
    esempio: run.Esito, consolidato: Path, tmp_path: Path
) -> None:
    assert esempio.fascicolo is not None
    composti = consolidato_excel.componi(esempio.fascicolo, anche_da_inviare=True)
    assert composti.da_inviare
    composti.intero.salva(tmp_path / "intero.xlsx")
    composti.da_inviare.salva(tmp_path / "fuori.xlsx")
    assert (tmp_path / "intero.xlsx").read_bytes() == consolidato.read_bytes()
    intero, fuori = (openpyxl.load_workbook(p) for p in (consolidato, tmp_path / "fuori.xlsx"))
    tolti = set(intero.sheetnames) - set(fuori.sheetnames)
    di_ufficio = {nome for nome, nota in NOTE.items() if "Uso interno" in nota}
    assert di_ufficio == set(UFFICIO)
    assert tolti == di_ufficio & set(intero.sheetnames) and {"Destinatari", "Messaggi"} <= tolti
    for foglio in fuori.worksheets[1:]:  # the cover lists the sheets that there are
        righe_sue = list(foglio.iter_rows(values_only=True))
        assert righe_sue == list(intero[foglio.title].iter_rows(values_only=True))
        formule = [str(v) for riga in righe_sue for v in riga if str(v).startswith("=")]
        assert not any(f"{nome}!" in formula for formula in formule for nome in di_ufficio)
    assert not _testi(intero, tolti) & _condivisi(tmp_path / "fuori.xlsx")


def _testi(libro: openpyxl.Workbook, fogli: set[str]) -> set[str]:
    """The texts that are in some sheets and in no other; the cover aside."""
    dove = {nome in fogli: set[str]() for nome in libro.sheetnames}
    for foglio in libro.worksheets[1:]:
        valori = (v for riga in foglio.iter_rows(values_only=True) for v in riga)
        dove[foglio.title in fogli] |= {v for v in valori if isinstance(v, str) and v}
    propri = dove[True] - dove[False]
    assert len(propri) > 10
    return propri


def _condivisi(percorso: Path) -> set[str]:
    with zipfile.ZipFile(percorso) as pacco:
        radice = etree.fromstring(pacco.read("xl/sharedStrings.xml"))
    return {"".join(voce.itertext()) for voce in radice}


def test_per_missione_declared_and_measured_are_of_the_same_schede(consolidato: Path) -> None:
    """Of the 19 schede of missione 01 all are measured, 15 have a declared grado too."""
    foglio = openpyxl.load_workbook(consolidato, data_only=True)["Per missione"]
    righe = [[cella.value for cella in riga] for riga in foglio.iter_rows(min_row=3)]
    prima = dict(zip(righe[0], righe[1], strict=True))
    assert [prima[c] for c in ("Missione", "Schede", "Schede con entrambi i gradi")] == ["01", 19, 15]
    gradi = [prima[c] for c in ("Dichiarato di quelle %", "Misurato di quelle %", "Grado finale %")]
    assert gradi == [99.07, 91.95, 99.07]
