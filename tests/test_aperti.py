"""The open data and the page for Amministrazione trasparente: what the relazione says, for everybody."""

import csv
import json
import re
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import chromium
import duckdb
import fixtures_ente as fx
import frictionless
import openpyxl
import pytest
from conftest import ESEMPIO, RADICE, UnaVolta
from documents_as_text import ESEMPIO_MISSIONI
from fixtures_ente import ENTE, TECNICO, below, beside, put, put_many
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from schema_aperti import CARTELLA as SCHEMI
from schema_aperti import PUBBLICATO
from test_pubblica import PERSONE, full_of_people, personal_in, relazione_di, write_people

from pipeline import run
from pipeline.documents import aperti, cifre, deposito
from pipeline.documents.aperti import formati, pagina
from pipeline.documents.aperti.formati import com_era, innocuo
from pipeline.documents.aperti.pacchetto import descrittore, schema
from pipeline.documents.aperti.tavole import TAVOLE, Tavola
from pipeline.documents.deposito import DATI_APERTI
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.pubblica import SENZA_PARQUET, edizione_pubblica
from pipeline.documents.relazione import constatazioni, obiettivi
from pipeline.numeri import breve, con_segno
from pipeline.tables import PER_CENTO, tabella

NUOVE = ("motivo_scostamento", "numero_atteso", "numero_raggiunto")
SEMPRE = [tavola for tavola in TAVOLE if not tavola.facoltativa]
DATI = {f"{t.nome}{coda}" for t in SEMPRE for coda in (".csv", ".parquet")}
DATI |= {"datapackage.json", "leggimi.html"}


def write(fascicolo: Fascicolo, cartella: Path) -> list[Path]:
    """The page and the open data of a fascicolo."""
    edizione = edizione_pubblica(fascicolo)
    with deposito.apri(cartella, "prova") as aperto:
        return aperti.scrivi(edizione.fascicolo, aperto, [])


def of_example(da: Path, cartella: Path) -> tuple[Fascicolo, list[Path]]:
    fascicolo = run.controlla(da).fascicolo
    assert fascicolo is not None
    return fascicolo, write(fascicolo, cartella)


@pytest.fixture(scope="module", params=[ESEMPIO, ESEMPIO_MISSIONI], ids=["schede", "missioni"])
def esempi(request: pytest.FixtureRequest, una_volta: UnaVolta) -> tuple[Fascicolo, list[Path]]:
    """The examples, and what is published of each."""
    fatto: tuple[Fascicolo, list[Path]] = una_volta(
        f"aperti_{request.param.name}", partial(of_example, request.param)
    )
    return fatto


@pytest.fixture(scope="module")
def persone(una_volta: UnaVolta) -> run.Esito:
    """A small ente full of people, with its public edition."""

    def fai(cartella: Path) -> run.Esito:
        return run.relazione(write_people(cartella / "dentro"), cartella / "fuori", pubblica=True)

    return una_volta("aperti_persone", fai)


def rows(percorso: Path) -> list[dict[str, str]]:
    with percorso.open(encoding="utf-8", newline="") as flusso:
        return list(csv.DictReader(flusso))


def parquet(percorso: Path) -> list[dict[str, Any]]:
    with duckdb.connect() as banca:
        letto = banca.execute("SELECT * FROM read_parquet(?)", [str(percorso)])
        nomi = [nome for nome, *_ in letto.description or []]
        return [dict(zip(nomi, riga, strict=True)) for riga in letto.fetchall()]


def data_of(percorsi: list[Path], nome: str) -> Path:
    return next(p for p in percorsi if p.name == nome)


# ------------------------------------------------------------------------------------------ the schema


def test_the_schema_that_is_published_is_the_one_of_the_program() -> None:
    assert json.loads(PUBBLICATO.read_text(encoding="utf-8")) == json.loads(json.dumps(schema()))


def incompatible(prima: dict[str, Any], dopo: dict[str, Any]) -> list[str]:
    """What a reader of one version could not take from the next with the same first number."""
    tavole = {tavola["name"]: tavola["schema"] for tavola in dopo["tavole"]}
    difetti = [] if prima["csv"] == dopo["csv"] else ["csv"]
    for tavola in prima["tavole"]:
        nome, vecchio = tavola["name"], tavola["schema"]
        nuovo = tavole.get(nome, {"fields": []})
        for uno, altro in zip(vecchio["fields"], [*nuovo["fields"], *[{}] * 99], strict=False):
            chiavi = ("name", "type", "unit")
            valori = [set(campo.get("constraints", {}).get("enum", ())) for campo in (uno, altro)]
            if any(uno.get(k) != altro.get(k) for k in chiavi) or not valori[0] <= valori[1]:
                difetti.append(f"{nome}.{uno['name']}")
        if any(vecchio.get(k) != nuovo.get(k) for k in ("primaryKey", "foreignKeys")):
            difetti.append(f"{nome}: chiavi")
    return difetti


def test_a_version_with_the_same_first_number_can_be_read_as_the_one_before() -> None:
    pubblicati = sorted(SCHEMI.glob("relazione-performance-*.json"))
    letti = [json.loads(percorso.read_text(encoding="utf-8")) for percorso in pubblicati]
    for prima in letti:
        for dopo in letti:
            versioni = [v["versione"].split(".") for v in (prima, dopo)]
            if versioni[0][0] == versioni[1][0] and int(versioni[0][1]) <= int(versioni[1][1]):
                assert incompatible(prima, dopo) == []


def renamed(schema: dict[str, Any]) -> None:
    schema["tavole"][1]["schema"]["fields"][2]["name"] = "codice"


def moved(schema: dict[str, Any]) -> None:
    schema["tavole"][2]["schema"]["fields"].insert(3, {"name": "x", "type": "string"})


def narrowed(schema: dict[str, Any]) -> None:
    campi = schema["tavole"][2]["schema"]["fields"]
    next(c for c in campi if c["name"] == "stato")["constraints"]["enum"].pop()


def shorter(schema: dict[str, Any]) -> None:
    schema["tavole"][-1]["schema"]["fields"].pop()


@pytest.mark.parametrize("cambia", [renamed, moved, narrowed, shorter])
def test_what_a_reader_could_not_take_is_seen(cambia: Callable[[dict[str, Any]], None]) -> None:
    prima = json.loads(json.dumps(schema()))
    dopo = deepcopy(prima)
    cambia(dopo)
    assert incompatible(prima, dopo) != []
    dopo = deepcopy(prima)
    dopo["tavole"][0]["schema"]["fields"].append({"name": "in_piu", "type": "string"})
    assert incompatible(prima, dopo) == []


def test_every_column_says_what_it_holds() -> None:
    colonne = [(t.nome, c) for t in TAVOLE for c in t.colonne]
    assert [nome for nome, c in colonne if not c.detto.testo] == []
    gradi = [c for _, c in colonne if "grado" in c.nome and c.tipo == "decimale"]
    assert {c.detto.unita for c in gradi} == {PER_CENTO}


# -------------------------------------------------------------------------------------------- the data


def test_the_data_are_as_they_are_described(esempi: tuple[Fascicolo, list[Path]]) -> None:
    esito = frictionless.validate(str(data_of(esempi[1], "datapackage.json")))
    assert esito.flatten(["title", "rowNumber", "fieldName", "note"]) == []
    assert {p.name for p in esempi[1][1:]} == DATI


def test_data_that_are_not_are_seen(esempi: tuple[Fascicolo, list[Path]], tmp_path: Path) -> None:
    cartella = Path(shutil.copytree(esempi[1][1].parent, tmp_path / "dati"))
    for nome in ("voci.csv", "schede.csv"):
        righe = (cartella / nome).read_bytes().split(b"\r\n")
        (cartella / nome).write_bytes(b"\r\n".join([*righe[:-1], righe[-2], b""]))
    trovati = frictionless.validate(str(cartella / "datapackage.json")).flatten(["type"])
    assert {tipo for (tipo,) in trovati} >= {"hash-count", "primary-key"}


def test_every_figure_is_that_of_the_consolidato(persone: run.Esito) -> None:
    libro = openpyxl.load_workbook(persone.documenti[3], data_only=True)
    fogli = {ws.title: [list(r) for r in ws.iter_rows(values_only=True)] for ws in libro}
    dati = {p.stem: rows(p) for p in persone.aperti if p.suffix == ".csv"}
    scritte = {r["cifra"]: float(r["valore"]) if r["valore"] else None for r in dati["cifre"]}
    assert scritte == {nome: valore for nome, valore, *_ in fogli["Cifre"][3:]}
    for foglio, tavola, colonne in CONFRONTATI:
        testata = 0 if foglio == "Dati" else 2
        nomi, *sotto = fogli[foglio][testata:]
        if foglio == "Dati":  # there a scheda without indicatori has a row too
            sotto = [riga for riga in sotto if riga[nomi.index("N.")] is not None]
        for nostra, sua in colonne.items():
            attesi = [riga[nomi.index(sua)] for riga in sotto if "Tutti" not in riga]
            trovati = [float(r[nostra]) if r[nostra] else None for r in dati[tavola]]
            assert sorted(map(str, trovati)) == sorted(map(str, map(as_number, attesi))), (foglio, sua)


CONFRONTATI: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "Voci",
        "voci",
        {
            "n": "N.",
            "peso": "Peso",
            "grado_dichiarato": "Grado dichiarato %",
            "grado_misurato": "Grado misurato %",
            "grado_nucleo": "Grado Nucleo %",
            "grado": "Grado finale %",
        },
    ),
    (
        "Schede",
        "schede",
        {
            "grado_dichiarato": "Grado dichiarato %",
            "grado_misurato": "Grado misurato %",
            "misurabili": "Indicatori misurati",
            "attesi": "Indicatori con un valore atteso",
        },
    ),
    ("Dati", "indicatori", {"n": "N.", "grado_misurato": "Grado misurato %", "peso": "Peso"}),
    ("Misura", "settori", cifre.INDICATORI),
)
"""Sheet of the consolidato, table of the open data, column of one -> of the other."""


def as_number(valore: Any) -> float | None:
    return float(valore) if isinstance(valore, int | float) else None


def test_the_parquet_holds_what_the_csv_does(esempi: tuple[Fascicolo, list[Path]]) -> None:
    for tavola in SEMPRE:
        in_csv = rows(data_of(esempi[1], f"{tavola.nome}.csv"))
        in_parquet = parquet(data_of(esempi[1], f"{tavola.nome}.parquet"))
        assert [list(map(as_float, riga.values())) for riga in in_parquet] == [
            [typed(riga[c.nome], c.tipo) for c in tavola.colonne] for riga in in_csv
        ]


def as_float(valore: Any) -> Any:
    return float(valore) if isinstance(valore, Decimal) else valore


def typed(scritto: str, tipo: str) -> Any:
    if not scritto:
        return None
    return {
        "testo": com_era,
        "intero": int,
        "logico": lambda s: s == "true",
        "decimale": lambda s: pytest.approx(float(s)),
    }[tipo](scritto)


def test_a_number_with_all_the_digits_of_a_cell_can_be_published(tmp_path: Path) -> None:
    righe = [["x", 2024, "y", Decimal("9" * 100), "%"]]
    tavola: Tavola = replace(TAVOLE[0], righe=lambda _: [])
    formati.scrivi_csv(tmp_path / "x.csv", tavola, righe)
    formati.scrivi_parquet(tmp_path / "x.parquet", tavola, righe)
    assert rows(tmp_path / "x.csv")[0]["valore"] == "9" * 100
    assert parquet(tmp_path / "x.parquet")[0]["valore"] == pytest.approx(1e100)


# ---------------------------------------------------------------------------- formulas of a spreadsheet

PERICOLOSI = st.text(st.sampled_from("=+-@'\"; \t\r\n,a1＝－\u00a0"), max_size=12)


@given(PERICOLOSI | st.text(max_size=20))
def test_a_text_comes_back_as_it_was(testo: str) -> None:
    assert com_era(innocuo(testo)) == testo


@given(PERICOLOSI)
def test_no_cell_is_a_formula_wherever_a_spreadsheet_splits_it(testo: str) -> None:
    scritto = innocuo(testo)
    for cella in re.split(r"[;\t\r\n]", scritto):
        assert not re.match(r'[ \u00a0"]*[=+\-@＝＋－＠]', cella)
    assert scritto[:1] not in ("\t", "\r", "\n")


@pytest.mark.parametrize(
    ("testo", "scritto"),
    [
        ("-5", "'-5"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("fatto; -5 giorni", "fatto; '-5 giorni"),
        ("elenco:\n- uno", "elenco:\n'- uno"),
        ("'nuovo'", "''nuovo'"),
        ("più di 5 - e meno di 9", "più di 5 - e meno di 9"),
        ("l'altro", "l'altro"),
    ],
)
def test_only_what_would_be_a_formula_has_an_apostrophe(testo: str, scritto: str) -> None:
    assert innocuo(testo) == scritto


# ------------------------------------------------------------------------------------ nobody is in them


def said(percorso: Path) -> str:
    """All that a file says: a Parquet is compressed."""
    if percorso.suffix == ".parquet":
        return "\n".join(str(v) for riga in parquet(percorso) for v in riga.values())
    return percorso.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pieni(una_volta: UnaVolta) -> list[Path]:
    """What is published of an ente with something personal in every text."""

    def fai(cartella: Path) -> list[Path]:
        letto = run.controlla(write_people(cartella / "ente")).fascicolo
        assert letto is not None
        return write(full_of_people(letto), cartella / "fuori")

    return una_volta("aperti_pieni", fai)


def test_nobody_is_in_what_is_published(pieni: list[Path]) -> None:
    trovati = {p.name: personal_in(said(p), list(PERSONE)) for p in pieni}
    assert {nome: chi for nome, chi in trovati.items() if chi} == {}
    tutto = "".join(map(said, pieni))
    assert not any(x in tutto for x in ("RSSMRA", "620831", "Area dei Quadri"))
    assert tutto.count("[nominativo omesso]") > 20
    motivi = [riga["motivo_scostamento"] for riga in rows(data_of(pieni, "indicatori.csv"))]
    assert all(motivi) and any("[nominativo omesso]" in motivo for motivo in motivi)


@pytest.mark.parametrize("nome", ["voci", "schede", "indicatori"])
def test_the_search_does_find_people_in_a_table(pieni: list[Path], nome: str, tmp_path: Path) -> None:
    letto = run.controlla(pieni[0].parent.parent / "ente").fascicolo
    assert letto is not None
    tavola = next(t for t in TAVOLE if t.nome == nome)
    righe = tavola.compila(full_of_people(letto))
    formati.scrivi_csv(tmp_path / "x.csv", tavola, righe)
    formati.scrivi_parquet(tmp_path / "x.parquet", tavola, righe)
    for coda in ("csv", "parquet"):
        assert len(personal_in(said(tmp_path / f"x.{coda}"), list(PERSONE))) >= 3


# --------------------------------------------------------------------------------------------- the page


def tree(percorso: Path) -> html.HtmlElement:
    return html.fromstring(percorso.read_bytes())


def text(elemento: html.HtmlElement) -> str:
    return " ".join(elemento.text_content().split())


def percent(grado: Decimal | None) -> str:
    return con_segno(breve(grado)).replace("\N{NO-BREAK SPACE}", " ")


def test_the_page_says_the_figures_of_the_relazione(esempi: tuple[Fascicolo, list[Path]]) -> None:
    fascicolo, (percorso, *_) = esempi
    letta = tree(percorso)
    prima = " ".join(constatazioni.dell_ente(fascicolo, str).split())
    assert f"{prima}. {fascicolo.chi_attribuisce}" in text(letta.find(".//main"))
    tutte, imbuto = cifre.cifre(fascicolo), fascicolo.imbuto()
    dette = {text(div.find("dt")): text(div.find("dd")) for div in letta.xpath("//dl/div")}
    medie = {cifre.MEDIE[regola]: percent(grado) for regola, grado in fascicolo.medie.items()}
    assert {nome: medie[nome] for nome in medie if nome in dette}.items() <= dette.items()
    assert cifre.MEDIE[fascicolo.valutazione.regola] in dette
    valutati, distinti = tutte[cifre.VALUTATI].scritta, tutte[cifre.DISTINTI].scritta
    assert dette[cifre.VALUTATI] == f"{valutati} su {distinti}"
    titoli = {text(h3) for h3 in letta.xpath("//h3")}
    assert {f"{s.denominazione}: {percent(s.grado)}" for s in fascicolo.settori} <= titoli
    tutti = [text(td) for td in letta.xpath("//*[@aria-labelledby='t-imbuto']//tbody/tr[last()]/td")]
    assert tutti == [str(n) for n in vars(imbuto).values()]


def test_every_settore_has_its_table_of_voci(esempi: tuple[Fascicolo, list[Path]]) -> None:
    fascicolo, (percorso, *_) = esempi
    letta = tree(percorso)
    for n, settore in enumerate(fascicolo.settori, start=1):
        righe = letta.xpath(f"//*[@aria-labelledby='t-settore-{n}']//tbody/tr")
        voci = fascicolo.voci(settore.settore)
        assert len(righe) == len(voci)
        for nome, voce in zip((text(riga.find("th")) for riga in righe), voci, strict=True):
            codice = fascicolo.codice_di(voce.coperte[0]).replace("\N{NO-BREAK SPACE}", " ")
            assert nome.startswith(codice), "the words over the table call it by its code"
            assert nome.endswith(" ".join(obiettivi.nome(voce).split()))


def test_every_chart_says_in_words_what_it_shows(esempi: tuple[Fascicolo, list[Path]]) -> None:
    for svg in tree(esempi[1][0]).xpath("//svg"):
        titolo, descrizione = svg.find("title"), svg.find("desc")
        assert svg.get("role") == "img"
        assert svg.get("aria-labelledby").split() == [titolo.get("id"), descrizione.get("id")]
        valori = [text(t) for t in svg.xpath("text[@class='valore']")]
        assert titolo.text and all(valore in text(descrizione) for valore in valori)


def test_the_page_needs_nothing_and_leads_only_to_what_is_there(persone: run.Esito) -> None:
    for percorso in (p for p in persone.aperti if p.suffix == ".html"):
        letta = tree(percorso)
        assert letta.get("lang") == "it" and letta.xpath("//script | //link | //img | //*[@src]") == []
        assert "default-src 'none'" in letta.xpath("//meta/@content")[2]
        dove = [a for a in letta.xpath("//a/@href") if not a.startswith("https://creativecommons.org/")]
        assert all(letta.xpath(f"//*[@id='{a[1:]}']") for a in dove if a.startswith("#"))
        assert all((percorso.parent / a).is_file() for a in dove if not a.startswith("#"))
    collegati = tree(persone.aperti[0]).xpath("//ul//a/@href")
    attesi = {"relazione_2024_pubblica.docx", "consolidato_2024_pubblica.xlsx"}
    assert {a for a in collegati if not a.startswith("#")} == attesi | {
        f"{DATI_APERTI}/{n}" for n in DATI
    }


def test_what_is_typed_is_text(tmp_path: Path) -> None:
    cartella = write_people(tmp_path / "dentro")
    brutto = "<script>alert(1)</script> & <b>\"'="
    put(cartella / TECNICO, "Valutazione", below(cartella / TECNICO, "Valutazione", OBIETTIVO), brutto)
    put(cartella / ENTE, "Ente", beside(cartella / ENTE, "Ente", "Organo che approva"), "<i>Giunta</i>")
    percorso = run.relazione(cartella, tmp_path, pubblica=True).aperti[0]
    assert tree(percorso).xpath("//script | //i | //b") == []
    assert "<i>Giunta</i>" in text(tree(percorso)) and "alert(1)" in text(tree(percorso))


OBIETTIVO = "Descrizione obiettivo"


@pytest.mark.lento
@pytest.mark.parametrize("esempi", [ESEMPIO], indirect=True)
@pytest.mark.parametrize("scuro", [False, True], ids=["chiaro", "scuro"])
def test_the_page_in_a_browser(
    esempi: tuple[Fascicolo, list[Path]], tmp_path: Path, scuro: bool
) -> None:
    pagine = [p for p in esempi[1] if p.suffix == ".html"]
    viste = chromium.guarda(pagine, [360, 1280], scuro, tmp_path)
    assert len(viste) == 4
    for nome, vista in viste.items():
        assert vista.difetti == [], nome
        assert vista.regole >= (1 if scuro else 30) and vista.scuro == scuro
        assert vista.largo == int(nome.split()[-1]), "the page is wider than the screen"
    assert len({vista.sfondo for vista in viste.values()}) == 1


def test_the_browser_does_see_a_bad_page(tmp_path: Path) -> None:
    cattiva = tmp_path / "cattiva.html"
    cattiva.write_text(
        "<!DOCTYPE html><html><title>x</title><body><svg role='img' width='900'></svg>"
        "<p style='color:#ccc;background:#fff'>poco</p></body></html>",
        encoding="utf-8",
    )
    vista = chromium.guarda([cattiva], [360], False, tmp_path)["cattiva.html 360"]
    trovati = {difetto.split(":")[0] for difetto in vista.difetti}
    assert trovati >= {"html-has-lang", "svg-img-alt", "color-contrast"} and vista.largo > 360


def luminance(colore: str) -> float:
    parti = [int(colore[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    lineari = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parti]
    return sum(p * peso for p, peso in zip(lineari, (0.2126, 0.7152, 0.0722), strict=True))


def test_the_colours_of_the_charts_can_be_told_apart() -> None:
    """WCAG 1.4.3 and 1.4.11, that axe-core cannot judge inside a chart; in the light, dark and print."""
    modello = (Path(pagina.__file__).parent / "modelli" / "base.html").read_text(encoding="utf-8")
    temi = re.findall(r":root \{(.*?)\}", modello, re.DOTALL)
    assert len(temi) == 3
    for tema in temi:
        colori = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", tema))
        for davanti, dietro, almeno in CONTRASTI:
            luci = sorted((luminance(colori[davanti]), luminance(colori[dietro])), reverse=True)
            assert (luci[0] + 0.05) / (luci[1] + 0.05) >= almeno, (davanti, dietro, tema)


CONTRASTI = (
    *((testo, "carta", 4.5) for testo in ("testo", "tenue", "collegamento")),
    ("tenue", "riquadro", 4.5),
    *((barra, dietro, 3) for barra in ("uno", "due") for dietro in ("carta", "fondo")),
)

# ------------------------------------------------------------------------------------------ the command


def published(cartella: Path) -> set[str]:
    return {p.relative_to(cartella).as_posix() for p in cartella.rglob("*") if "aperti" in p.as_posix()}


def test_two_runs_give_the_same_bytes(persone: run.Esito, tmp_path: Path) -> None:
    altro = run.relazione(write_people(tmp_path / "dentro"), tmp_path / "fuori", pubblica=True)
    assert [p.name for p in altro.aperti] == [p.name for p in persone.aperti]
    for uno, due in zip(persone.aperti, altro.aperti, strict=True):
        assert uno.read_bytes() == due.read_bytes(), uno.name


def test_the_manifest_says_in_which_folder_they_are(persone: run.Esito) -> None:
    elenco = json.loads(persone.documenti[2].read_text(encoding="utf-8"))["documenti"]
    assert {f"{DATI_APERTI}/{nome}" for nome in DATI} | {"pagina_2024_pubblica.html"} <= set(elenco)


def test_those_of_an_earlier_run_go_and_what_a_person_made_of_them_stays(tmp_path: Path) -> None:
    cartella, anno = write_people(tmp_path / "dentro"), tmp_path / "2024"
    run.relazione(cartella, tmp_path, pubblica=True)
    (anno / DATI_APERTI / "voci.csv").write_text("ritoccato", encoding="utf-8")
    (anno / DATI_APERTI / "nota.txt").write_text("di una persona", encoding="utf-8")
    esito = relazione_di(cartella, tmp_path)
    restano = sorted(p.name for p in (anno / DATI_APERTI).iterdir())
    assert restano == ["nota.txt", "voci_ritoccata_1.csv"]
    assert "voci_ritoccata_1.csv" in esito.output and not (anno / "pagina_2024_pubblica.html").exists()


def test_without_duckdb_there_are_the_csv_and_it_is_said_how_to_have_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aperti, "con_parquet", lambda: False)
    esito = relazione_di(write_people(tmp_path / "dentro"), tmp_path, "--pubblica")
    nomi = {p.name for p in (tmp_path / "2024" / DATI_APERTI).iterdir()}
    assert nomi == {nome for nome in DATI if not nome.endswith(".parquet")}
    assert SENZA_PARQUET in esito.output and (RADICE / "requirements-dati.txt").is_file()
    assert "Parquet" not in said(tmp_path / "2024" / DATI_APERTI / "leggimi.html")


def test_the_licence_is_that_of_the_ente(tmp_path: Path) -> None:
    cartella = write_people(tmp_path / "dentro")
    casella = beside(cartella / ENTE, "Ente", "Licenza dei dati aperti")
    for scritta, attesa in (("", "CC-BY-4.0"), ("cc0 1.0", "CC0-1.0")):
        put(cartella / ENTE, "Ente", casella, scritta)
        fascicolo = run.controlla(cartella).fascicolo
        assert fascicolo is not None and not fascicolo.bozza
        vuote = {f"{t.nome}.csv": ("", 0) for t in TAVOLE}
        assert descrittore(fascicolo, vuote)["licenses"][0]["name"] == attesa


def test_a_licence_that_is_not_open_is_said(tmp_path: Path) -> None:
    cartella = write_people(tmp_path / "dentro")
    put(cartella / ENTE, "Ente", beside(cartella / ENTE, "Ente", "Licenza dei dati aperti"), "riservati")
    rilievi = [r for r in run.controlla(cartella).rilievi if r.foglio == "Ente"]
    assert [r.codice for r in rilievi] == ["C03"] and "CC BY 4.0, CC0 1.0, IODL 2.0" in rilievi[
        0
    ].rimedio


PREMI = {"A4": "Dipendenti", "C4": 40, "D4": 12000.5, "E4": 11000}
TUTTI = "tutto il gruppo"
FASCE = {"A5": "Dipendenti", "B5": "oltre 90", "C5": 30, "E5": 9000}


def test_the_premi_come_out_by_groups_and_only_where_nobody_can_be_told(tmp_path: Path) -> None:
    cartella, anno = write_people(tmp_path / "dentro"), tmp_path / "2024"
    put_many(cartella / ENTE, "Premi", PREMI | FASCE)
    percorso = run.relazione(cartella, tmp_path, pubblica=True).aperti[0]
    righe = rows(anno / DATI_APERTI / "premi.csv")
    assert [(r["fascia"], r["persone"], r["stanziati"], r["distribuiti"]) for r in righe] == [
        ("", "40", "12000.5", "11000"),
        ("oltre 90", "30", "", "9000"),
    ]
    assert [r["persone"] for r in parquet(anno / DATI_APERTI / "premi.parquet")] == [40, 30]
    assert frictionless.validate(str(anno / DATI_APERTI / "datapackage.json")).valid
    tabella = tree(percorso).xpath("//*[@aria-labelledby='t-premi']//tbody/tr")
    assert [text(td) for td in tabella[0]] == ["Dipendenti", TUTTI, "40", "12.000,50", "11.000,00"]
    put(cartella / ENTE, "Premi", "C5", 37)  # three people are in no fascia
    percorso = run.relazione(cartella, tmp_path, pubblica=True).aperti[0]
    assert not (anno / DATI_APERTI / "premi.csv").exists() and "t-premi" not in said(percorso)


def test_the_numbers_and_the_reason_of_an_indicatore_are_in_the_open_data(tmp_path: Path) -> None:
    fascicolo = run.controlla(fx.write_world(tmp_path / "ente")).fascicolo
    assert fascicolo is not None
    suoi = [{**i, "motivo_scostamento": "Sede chiusa per lavori"} for i in fascicolo.righe.indicatori]
    tabelle = replace(fascicolo.tabelle, indicatori=tabella("indicatori", suoi))
    aperta = next(t for t in TAVOLE if t.nome == "indicatori")
    righe = aperta.compila(replace(fascicolo, tabelle=tabelle))
    nomi = [colonna.nome for colonna in aperta.colonne]
    dette = {tuple(dict(zip(nomi, r, strict=True))[n] for n in NUOVE) for r in righe}
    assert ("Sede chiusa per lavori", Decimal(15), Decimal(20)) in dette
