"""The modello "schede" of version 2: what it asks for, what is shown of it, what its own sheet says."""

import re
import shutil
from decimal import Decimal
from pathlib import Path

import fixtures_ente as fx
import openpyxl
import pytest
from fixtures_ente import RAGIONERIA, TECNICO, TRASV, below, put, put_by_hand, put_many

from pipeline import excel, ingest, modelli, run
from pipeline.documents import consolidato
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import obiettivi, settori
from pipeline.documents.word.documento import Documento
from pipeline.rilievi import Rilievo
from pipeline.tables import TRASVERSALI, costruisci
from pipeline.workbooks import esempio, schede
from pipeline.workbooks.lettore import apri
from pipeline.workbooks.settore import INCOLLARE, Testata

ROOT = Path(__file__).parent.parent
VERSIONE_1 = Path(__file__).parent / "versione_1"
MOTIVO = "Motivo / note del responsabile"
FATTO = "Che cosa è stato fatto"
PERCENTUALE = "% raggiungimento"


def case_of(ente: Path) -> Fascicolo:
    fascicolo = run.controlla(ente).fascicolo
    assert fascicolo is not None
    return fascicolo


def found(ente: Path, *codici: str) -> list[Rilievo]:
    return [r for r in run.controlla(ente).rilievi if r.codice in codici]


def written(fascicolo: Fascicolo) -> str:
    """The schede and all the obiettivi, as the relazione writes them."""
    documento = Documento()
    for scrivi in (settori.scrivi, obiettivi.scrivi):
        scrivi(documento, fascicolo)
    return re.sub(r"<[^>]+>", "|", "".join(documento.blocchi))


def headings(fascicolo: Fascicolo, sheet: str, row: int, folder: Path) -> list[object]:
    path = folder / "consolidato.xlsx"
    consolidato.scrivi(path, fascicolo)
    return [cell.value for cell in openpyxl.load_workbook(path)[sheet][row]]


# --- what may be given, and is then shown

OPTIONAL = {
    "INDICATORI": {"Unità": "giorni", "Fonte": "Protocollo", "Valore di partenza": "62"},
    "DEFINIZIONE OBIETTIVO": {"PESO FASE": 40, "% REALIZZATO": 85},
}


def give(path: Path) -> None:
    for heading, valori in OPTIONAL.items():
        row = below(path, "Scheda 1", heading).lstrip("A")
        celle = {
            below(path, "Scheda 1", nome).rstrip("0123456789") + row: v for nome, v in valori.items()
        }
        put_many(path, "Scheda 1", celle)


def test_what_is_given_is_read_and_shown(ente: Path, tmp_path: Path) -> None:
    give(ente / TECNICO)
    assert run.controlla(ente).rilievi == []
    fascicolo = case_of(ente)
    (fase,) = fascicolo.righe.fasi.di("tecnico")
    assert (fase["peso"], fase["realizzato"]) == (40, 85)
    testo = written(fascicolo)
    assert "Unità: giorni; Fonte: Protocollo; Valore di partenza: 62" in testo
    assert re.search(r"Peso: 40; Realizzata: 85.%", testo)
    assert {"Unità", "Fonte", "Valore di partenza"} <= {*headings(fascicolo, "Dati", 1, tmp_path)}
    assert {"Peso", "% realizzato"} <= {*headings(fascicolo, "Fasi", 3, tmp_path)}


def test_what_is_not_given_is_not_there(good: Path, tmp_path: Path) -> None:
    fascicolo = case_of(good)
    assert not re.search("Unità|Fonte:|di partenza|Realizzata", written(fascicolo))
    mostrati = {*headings(fascicolo, "Dati", 1, tmp_path)}
    mostrati |= {*headings(fascicolo, "Fasi", 3, tmp_path), *headings(fascicolo, "Voci", 3, tmp_path)}
    assert mostrati.isdisjoint({"Unità", "Fonte", "Valore di partenza", "% realizzato", MOTIVO})


def test_a_fase_of_which_nothing_was_done_says_so(ente: Path, tmp_path: Path) -> None:
    put(ente / TECNICO, "Scheda 1", below(ente / TECNICO, "Scheda 1", "% REALIZZATO"), 0)
    fascicolo = case_of(ente)
    assert re.search(r"Realizzata: 0.%", written(fascicolo))
    assert "% realizzato" in headings(fascicolo, "Fasi", 3, tmp_path)


def test_fasi_change_no_grado(ente: Path) -> None:
    prima = [s.grado for s in case_of(ente).settori]
    give(ente / TECNICO)
    assert [s.grado for s in case_of(ente).settori] == prima


@pytest.mark.parametrize(
    ("heading", "valore", "codice"),
    [
        ("PESO FASE", -1, "C02"),
        ("PESO FASE", "tanto", "C01"),
        ("% REALIZZATO", 120, "C02"),
        ("% REALIZZATO", "quasi", "C01"),
        ("% REALIZZATO", 0.8, "C11"),
    ],
)
def test_the_numbers_of_a_fase_are_checked(
    heading: str, valore: float | str, codice: str, ente: Path
) -> None:
    cella = below(ente / TECNICO, "Scheda 1", heading)
    put(ente / TECNICO, "Scheda 1", cella, valore)
    assert [(r.codice, r.cella) for r in run.controlla(ente).rilievi] == [(codice, cella)]


def test_pesi_of_the_fasi_that_nearly_make_100_are_told(ente: Path) -> None:
    fasi, pesi = (
        [below(ente / TECNICO, "Scheda 1", heading, n) for n in (1, 2)]
        for heading in ("DESCRIZIONE/FASI", "PESO FASE")
    )
    put_many(ente / TECNICO, "Scheda 1", {fasi[1]: "Seconda fase", pesi[0]: 40, pesi[1]: 55})
    (rilievo,) = run.controlla(ente).rilievi
    assert (rilievo.codice, rilievo.cella) == ("V19", pesi[0])
    assert "delle fasi dell'obiettivo sommano a 95" in rilievo.messaggio


def test_the_year_after_keeps_what_is_of_the_plan(ente: Path, tmp_path: Path) -> None:
    give(ente / TECNICO)
    put(ente / TECNICO, "Valutazione", below(ente / TECNICO, "Valutazione", MOTIVO), "Bando deserto")
    modelli.prepara(tmp_path / "nuove", da=ente)
    righe = ingest.leggi_sola(apri(tmp_path / "nuove" / TECNICO))[0].righe
    (fase,), (indicatore,) = righe["fasi"], righe["indicatori"]
    assert (fase["peso"], fase["realizzato"]) == (40, None)
    assert (indicatore["unita"], indicatore["fonte"]) == ("giorni", "Protocollo")
    assert all(voce["note_responsabile"] == "" for voce in righe["voci"])


# --- the reason of a voce that is not valued


def put_off(path: Path, **note: str) -> None:
    celle = {"Stato": "rinviato", **note}
    put_many(path, "Valutazione", {below(path, "Valutazione", h): valore for h, valore in celle.items()})


@pytest.mark.parametrize("heading", [MOTIVO, "Note Nucleo"])
def test_either_column_gives_the_reason(heading: str, ente: Path) -> None:
    put_off(ente / TECNICO, **{heading: "Bando deserto"})
    assert run.controlla(ente).rilievi == []


def test_the_reason_of_the_responsabile_comes_first(ente: Path, tmp_path: Path) -> None:
    put_off(ente / TECNICO, **{MOTIVO: "Bando deserto", "Note Nucleo": "Si prende atto"})
    fascicolo = case_of(ente)
    testo = written(fascicolo)
    atteso = "Motivo del responsabile: «Bando deserto». Nota nella valutazione: «Si prende atto»."
    assert testo.count(atteso) == 1
    assert MOTIVO in headings(fascicolo, "Voci", 3, tmp_path)
    assert MOTIVO in headings(fascicolo, fx.NAMES["tecnico"], 7, tmp_path)
    assert MOTIVO not in headings(fascicolo, fx.NAMES["ragioneria"], 7, tmp_path)


def test_in_version_1_the_reason_goes_where_it_went(tmp_path: Path) -> None:
    ente = Path(shutil.copytree(VERSIONE_1, tmp_path / "ente"))
    path = ente / "polizia_locale.xlsx"
    put(path, "Valutazione", below(path, "Valutazione", "Stato"), "rinviato")
    (rilievo,) = found(ente, "V08")
    assert rilievo.cella == below(path, "Valutazione", "Note Nucleo")


# --- the percentage of the sheet and that of the program


def test_what_the_sheet_has_worked_out_is_compared(ente: Path) -> None:
    """The trasversale, of which the sheet knows no grado, is no difference."""
    fx.worked_out(ente / TECNICO, 95)
    assert run.controlla(ente).rilievi == []
    cella = fx.worked_out(ente / TECNICO, 0.95)
    (rilievo,) = run.controlla(ente).rilievi
    assert (rilievo.codice, rilievo.foglio, rilievo.cella) == ("V32", "Valutazione", cella)
    assert "è 0,95" in rilievo.messaggio and "calcola 95,00" in rilievo.messaggio


def test_it_says_which_gradi_have_the_sign(ente: Path) -> None:
    cella = below(ente / TECNICO, "Scheda 1", PERCENTUALE)
    put_by_hand(ente / TECNICO, "Scheda 1", {cella: 0.95}, "0%")
    assert found(ente, "V32") == []  # whoever saved it has not worked out its formulas
    fx.worked_out(ente / TECNICO, 0.95)
    (rilievo,) = run.controlla(ente).rilievi
    assert rilievo.codice == "V32"
    assert f"con il segno % sono scritti i gradi «Scheda 1» {cella}" in rilievo.messaggio
    assert "70, non 70%" in rilievo.rimedio


def test_a_result_left_to_the_next_program_is_not_compared(ente: Path) -> None:
    riga = below(ente / TECNICO, "Valutazione", "VALUTATI").lstrip("A")
    fx.put_xml(ente / TECNICO, "Valutazione", f"C{riga}", "<f>1+1</f><v>12.5</v>")
    assert run.controlla(ente).rilievi == []


def test_what_could_not_be_read_is_the_cause(ente: Path) -> None:
    fx.worked_out(ente / TECNICO, 12)
    grado = below(ente / TECNICO, "Scheda 1", PERCENTUALE)
    put(ente / TECNICO, "Scheda 1", grado, "circa 90")
    assert found(ente, "V32") == []


def test_what_the_nucleo_writes_in_its_own_workbook_is_not_in_the_sheet(
    ente: Path, tmp_path: Path
) -> None:
    (scritta,) = run.per_il_nucleo(ente, tmp_path / "nucleo").documenti
    nucleo = scritta.replace(ente / "nucleo.xlsx")
    put(nucleo, "Obiettivi", below(nucleo, "Obiettivi", "Grado Nucleo %", 4), 80)
    fx.worked_out(ente / TECNICO, 95)
    assert run.controlla(ente).rilievi == []


def test_the_sheet_of_the_missioni_is_compared_too(ente_missioni: Path) -> None:
    fx.worked_out(ente_missioni / fx.AREA, 12, fx.OPERATIVI)
    (rilievo,) = run.controlla(ente_missioni).rilievi
    assert (rilievo.codice, rilievo.foglio) == ("V32", fx.OPERATIVI)


# --- texts torn over several boxes

LONG = "Predisposto il regolamento per la gestione dei parchi"


@pytest.mark.parametrize(
    ("caselle", "spezzato"),
    [
        ([f"{LONG} e", "approvato dal Consiglio."], True),
        ([LONG, "pubblici, approvato dal Consiglio."], True),
        (["Affidati i lavori,", "conclusi a giugno"], True),
        (["avviato il censimento delle", "caditoie"], True),
        ([LONG, "cittadini e delle aree gioco, con la partecipazione", "delle scuole."], True),
        ([f"{LONG}.", "approvato dal Consiglio."], False),
        ([LONG, "Approvato dal Consiglio"], False),
        (["Censimento", "acquisto di arredi"], False),
        ([LONG.lower(), "approvato il bando per le sponsorizzazioni"], False),
        ([f"{LONG}:", "parco nord"], False),
        ([f"{LONG}…", "e poi approvato"], False),
        ([LONG, "2 incontri con le associazioni"], False),
    ],
)
def test_a_sentence_that_goes_on_in_the_next_box(caselle: list[str], spezzato: bool, ente: Path) -> None:
    posti = [below(ente / TECNICO, "Scheda 1", FATTO, n) for n in range(1, len(caselle) + 1)]
    put_many(ente / TECNICO, "Scheda 1", dict(zip(posti, caselle, strict=True)))
    rilievi = run.controlla(ente).rilievi
    spezzati = [r.cella for r in rilievi if r.codice != "M21"]  # M21: there is no third box
    assert spezzati == [posti[0]] * spezzato
    if spezzato:
        assert (f"({posti[1]})" if len(posti) == 2 else f"({posti[1]}:{posti[-1]})") in rilievi[
            0
        ].messaggio


def test_a_box_with_a_fase_of_its_own_goes_on_from_none(ente: Path) -> None:
    fasi, testi = (
        [below(ente / TECNICO, "Scheda 1", h, n) for n in (1, 2)] for h in ("STATO DI ATTUAZIONE", FATTO)
    )
    put_many(ente / TECNICO, "Scheda 1", {testi[0]: LONG, fasi[1]: "Seconda fase", testi[1]: "in corso"})
    assert run.controlla(ente).rilievi == []


# --- the form


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("vuote")
    for settore in ("tecnico", TRASVERSALI):
        modello = TRASVERSALI if settore == TRASVERSALI else schede.NOME
        testata = Testata("Comune", 2024, settore, "Settore", modello)
        schede.scrivi(folder / f"{settore}.xlsx", testata, costruisci({}), 1)
    return {path.stem: path for path in folder.iterdir()}


def texts(path: Path, sheet: str) -> list[str]:
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return [str(value) for row in rows for value in row if value is not None]


def test_istruzioni_of_the_trasversali_speak_of_what_they_have(blank: dict[str, Path]) -> None:
    titolo, *righe, come_incollare = texts(blank[TRASVERSALI], "Istruzioni")
    assert (titolo, come_incollare) == ("Come si compila", INCOLLARE)
    assert [int(riga.split(".")[0]) for riga in righe] == [*range(1, len(righe) + 1)]
    assert not any("Nucleo" in r or "Valutazione" in r or "cartella a parte" in r for r in righe)
    assert any("Nucleo" in riga for riga in texts(blank["tecnico"], "Istruzioni"))


def test_what_is_compulsory_is_marked_and_explained(blank: dict[str, Path]) -> None:
    marked = {text for text in texts(blank["tecnico"], "Scheda 1") if text.endswith(" *")}
    assert marked == {"Titolo *", "DEFINIZIONE OBIETTIVO *", "MISSIONE *", "INDICATORI *"}
    marked = {text for text in texts(blank["tecnico"], "Valutazione") if text.endswith(" *")}
    assert marked == {"Descrizione obiettivo *", "Stato *"}
    for sheet in ("Scheda 1", "Valutazione"):
        assert schede.NOTA_OBBLIGATORIO in texts(blank["tecnico"], sheet)


def test_headings_are_known_without_their_mark(ente: Path) -> None:
    for foglio in ("Scheda 1", "Valutazione"):
        ws = openpyxl.load_workbook(ente / TECNICO)[foglio]
        senza = {
            cell.coordinate: cell.value.removesuffix(" *")
            for row in ws.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.value.endswith(" *")
        }
        put_many(ente / TECNICO, foglio, senza)
    assert run.controlla(ente).rilievi == []


def test_the_filled_in_scheda_is_no_content(blank: dict[str, Path]) -> None:
    lettura, _ = ingest.leggi_sola(apri(blank["tecnico"]))
    assert set(lettura.righe) == {"settori"} and lettura.rilievi == [] and lettura.compilate == 0
    assert set(esempio.testi()) - {"", "0", "1", "2", "3", "True", esempio.SETTORE, "in_linea"} <= {
        text.removesuffix(" *") for text in texts(blank["tecnico"], esempio.FOGLIO)
    }


def test_what_is_typed_in_the_filled_in_scheda_is_not_lost(ente: Path) -> None:
    put(ente / TECNICO, esempio.FOGLIO, "B2", "Strade sicure")
    (rilievo,) = run.controlla(ente).rilievi
    assert (rilievo.codice, rilievo.foglio, rilievo.cella) == ("M10", esempio.FOGLIO, "B2")


def test_every_scheda_has_what_the_example_shows(blank: dict[str, Path]) -> None:
    """What is to be imitated is the form itself."""
    headings_of = {sheet: texts(blank["tecnico"], sheet) for sheet in ("Scheda 1", esempio.FOGLIO)}
    campi = (c.intestazione for campi in schede.SEZIONI.values() for c in campi)
    assert all(campo in testi for campo in campi for testi in headings_of.values())


@pytest.mark.parametrize("where", ["pipeline", "docs", "README.md"])
def test_how_to_go_to_a_new_line_is_said_for_both_programs(where: str) -> None:
    paths = [ROOT / where] if where.endswith(".md") else [*(ROOT / where).rglob("*")]
    for path in paths:
        if path.suffix in (".py", ".md"):
            for riga in path.read_text(encoding="utf-8").splitlines():
                assert ("Alt+Invio" in riga) == ("Ctrl+Invio" in riga), (path, riga)


@pytest.mark.parametrize(
    ("testo", "larghezza", "righe"),
    [
        ("", 10, 1),
        ("una riga", 10, 1),
        ("dieci e più lettere", 10, 3),
        ("precipitevolissimevolmente", 10, 3),
        ("Sì\n\nno", 10, 3),
        ("ASSEGNAZIONE", 13, 2),  # capitals are wider
    ],
)
def test_a_row_is_as_high_as_its_words(testo: str, larghezza: float, righe: int) -> None:
    assert excel.altezza([(testo, larghezza)], 0) == righe * 13 + 2


def test_a_grado_typed_is_a_decimal_number_of_the_sheet(ente: Path) -> None:
    """Not a cell that turns 70 into 70% once somebody has typed the sign."""
    book = openpyxl.load_workbook(ente / RAGIONERIA)
    for sheet, heading in (("Scheda 1", PERCENTUALE), ("Valutazione", "Grado dichiarato %")):
        cell = book[sheet][below(ente / RAGIONERIA, sheet, heading)]
        assert cell.number_format == "0.00"


def test_the_trasversali_have_the_columns_too(ente: Path) -> None:
    give(ente / TRASV)
    (indicatore,) = ingest.leggi_sola(apri(ente / TRASV))[0].righe["indicatori"]
    assert indicatore["partenza"] == "62" and indicatore["peso"] == Decimal(1)
