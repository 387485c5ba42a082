"""The whole way: what a run reads, says, writes, and how it ends."""

import json
import os
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from conftest import ESEMPIO, RADICE
from documents_as_text import GOLDEN, golden_differences, golden_documents
from fixtures_ente import (
    ENTE,
    RAGIONERIA,
    TECNICO,
    TRASV,
    below,
    beside,
    put,
    put_many,
    put_uncalculated,
    write_world,
)
from rich.console import Console
from typer.testing import CliRunner, Result

from pipeline import modelli, numeri, run
from pipeline.cli import azioni, schermo
from pipeline.cli.comandi import app
from pipeline.fine import Fine
from pipeline.ingest import Quadratura
from pipeline.rilievi import insieme
from pipeline.tables import righe

PUBBLICATE = {
    "affari_generali": ("99,08", 14, 13),
    "economico_finanziaria": ("99,75", 8, 8),
    "istruzione_socio_educativo": ("100,00", 8, 8),
    "ufficio_tecnico": ("87,71", 15, 14),
    "polizia_locale": ("100,00", 7, 7),
    "segretario": ("100,00", 6, 6),
}
CONTEGGI = {
    "schede": 38,
    "obiettivi": 61,
    "fasi": 127,
    "collegamenti": 41,
    "indicatori": 246,
    "stati": 65,
    "voci": 58,
}


def test_the_example_gives_the_published_percentages(esempio: run.Esito) -> None:
    assert esempio.fascicolo is not None
    trovate = {
        r.settore: (numeri.percentuale(r.grado), r.obiettivi, r.valutati)
        for r in esempio.fascicolo.settori
    }
    assert trovate == PUBBLICATE
    assert list(trovate) == list(PUBBLICATE)
    assert numeri.percentuale(esempio.fascicolo.valutazione.ente) == "97,76"
    assert not esempio.bloccato


def test_the_example_fills_the_tables(esempio: run.Esito) -> None:
    tabelle = esempio.raccolta.tabelle.per_nome()
    assert {nome: len(tabelle[nome]) for nome in CONTEGGI} == CONTEGGI


def test_what_is_odd_in_the_example_is_found_and_nothing_blocks(esempio: run.Esito) -> None:
    """A programma named like another, schede in no voce, a date past its term, gradi to be explained…"""
    non_misurati = [r for r in esempio.rilievi if r.codice == "V36"]
    assert (len(non_misurati), len(insieme(non_misurati))) == (27, 15)
    assert sum(r.codice == "V42" for r in esempio.rilievi) == 23
    assert esempio.fascicolo is not None
    assert (len(esempio.fascicolo.scostamenti), esempio.fascicolo.motivati) == (26, 3)
    altri = [r for r in esempio.rilievi if not r.regola.nucleo and r.codice not in ("V36", "V42")]
    trovati = [(r.codice, r.file, r.foglio) for r in altri]
    assert trovati == [
        ("B03", "ufficio_tecnico.xlsx", "Scheda 6"),
        ("N04", "affari_generali.xlsx", "Scheda 3"),
        ("V06", "affari_generali.xlsx", "Scheda 10"),
        ("V06", "affari_generali.xlsx", "Scheda 11"),
        ("E12", "ente.xlsx", "Ente"),
        ("V10", "polizia_locale.xlsx", "Scheda 1"),
        ("V25", "polizia_locale.xlsx", "Scheda 2"),
        ("V25", "ufficio_tecnico.xlsx", "Scheda 4"),
        ("I01", "ufficio_tecnico.xlsx", "Scheda 6"),
    ]
    per_il_nucleo = {(r.codice, r.file, r.foglio) for r in esempio.rilievi if r.regola.nucleo}
    assert per_il_nucleo == {
        ("V30", "affari_generali.xlsx", "Scheda 2"),
        ("V23", "affari_generali.xlsx", "Scheda 3"),
        ("V30", "affari_generali.xlsx", "Scheda 3"),
        ("V30", "affari_generali.xlsx", "Scheda 4"),
        ("V23", "affari_generali.xlsx", "Scheda 6"),
        ("V30", "affari_generali.xlsx", "Scheda 6"),
        ("V23", "istruzione_socio_educativo.xlsx", "Scheda 1"),
        ("V30", "istruzione_socio_educativo.xlsx", "Scheda 3"),
        ("V30", "polizia_locale.xlsx", "Scheda 2"),
        ("V23", "ufficio_tecnico.xlsx", "Scheda 2"),
        ("V26", "ufficio_tecnico.xlsx", "Scheda 7"),
        ("V26", "ufficio_tecnico.xlsx", "Scheda 11"),
    }


def test_an_ente_of_which_nothing_is_reported_yet_says_so_in_one_sentence(tmp_path: Path) -> None:
    """One finding a workbook, one sentence for all; a workbook filled in is judged by itself."""
    modelli.prepara(tmp_path / "dopo", da=ESEMPIO)
    esito = run.controlla(tmp_path / "dopo")
    assert esito.fascicolo is not None
    assert "7 file da compilare" in esito.fascicolo.niente_ancora
    assert esito.fascicolo.consegnate == set()
    settori = [consegna for consegna in esito.consegne if consegna.settore]
    assert {(c.stato, c.conti.total()) for c in settori} == {("da compilare", 1)}
    assert {r.codice for r in esito.rilievi if r.file != "ente.xlsx"} == {"V31"}
    schermo = CliRunner().invoke(app, ["controlla", "--cartella", str(tmp_path / "dopo")]).output
    assert schermo.count("V31 ") == 1 and "non calcolabile" not in schermo


def test_of_trasversali_still_to_be_filled_in_nothing_else_is_said(tmp_path: Path) -> None:
    """That the voci of the settori point to schede that are not there, without a grado, follows."""
    cartella = write_world(tmp_path / "ente")
    (cartella / TRASV).unlink()
    modelli.prepara(cartella)
    grado = below(cartella / TECNICO, "Valutazione", "Grado dichiarato %", 2)
    put(cartella / TECNICO, "Valutazione", grado, None)
    esito = run.controlla(cartella)
    assert [(r.codice, r.file) for r in esito.rilievi if r.gravita == "blocca"] == [("V31", TRASV)]
    assert not [r for r in esito.rilievi if r.codice in ("V03", "V05")]
    assert esito.fascicolo is not None and not esito.fascicolo.niente_ancora


@pytest.mark.parametrize("guasto", [b"", b"non un file di Excel", None])
def test_of_trasversali_that_were_not_read_nothing_else_is_said(
    tmp_path: Path, guasto: bytes | None
) -> None:
    cartella = write_world(tmp_path / "ente")
    (cartella / TRASV).unlink()
    if guasto is not None:
        (cartella / TRASV).write_bytes(guasto)
    esito = run.controlla(cartella)
    assert {r.file for r in esito.rilievi} == {TRASV}
    assert esito.bloccato


def test_a_trasversale_of_an_ente_that_lists_none_is_no_scheda(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "ente")
    (cartella / TRASV).unlink()
    riga = {f"{colonna}4": None for colonna in "ABCDEFGH"}
    put_many(cartella / "ente.xlsx", "Settori", riga)
    esito = run.controlla(cartella)
    assert [(r.codice, r.file) for r in esito.rilievi] == [
        ("V05", "ragioneria.xlsx"),
        ("V05", "tecnico.xlsx"),
    ]
    assert "non c'è una scheda T1" in esito.rilievi[0].messaggio


def test_without_the_year_the_indicatori_are_measured_for_that_of_their_workbook(tmp_path: Path) -> None:
    """Their findings are those that will stay when the office has written it."""
    cartella = write_world(tmp_path / "ente")
    scheda = ("Valore atteso", "entro dicembre"), ("Raggiunto", "fatto a novembre 2024")
    for intestazione, valore in scheda:
        put(cartella / TECNICO, "Scheda 1", below(cartella / TECNICO, "Scheda 1", intestazione), valore)
    assert run.controlla(cartella).rilievi == []
    put(cartella / "ente.xlsx", "Ente", beside(cartella / "ente.xlsx", "Ente", "Anno"), "quest'anno")
    assert [r.codice for r in run.controlla(cartella).rilievi] == ["E02"]


def test_every_filled_cell_is_accounted_for(esempio: run.Esito) -> None:
    assert len(esempio.raccolta.quadrature) == 8
    for quadratura in esempio.raccolta.quadrature:
        assert quadratura.torna and quadratura.compilate > 0, quadratura


def test_every_row_says_where_it_was_read(esempio: run.Esito) -> None:
    fogli = {"schede", "obiettivi", "fasi", "collegamenti", "indicatori", "stati"}
    for nome in fogli:
        for riga in righe(esempio.raccolta.tabelle.per_nome()[nome]):
            assert riga["file"] == f"{riga['settore']}.xlsx"
            assert riga["foglio"] == f"Scheda {riga['scheda']}"
            assert riga["riga"] > 1


def test_the_manifest_names_inputs_counts_and_versions(esempio: run.Esito) -> None:
    manifest = json.loads(esempio.documenti[2].read_text(encoding="utf-8"))
    assert len(manifest["file"]) == 8
    assert all(len(voce["sha256"]) == 64 for voce in manifest["file"])
    assert manifest["righe"]["indicatori"] == 246
    assert {"programma", "python", "pandas", "xlsxwriter"} <= set(manifest["versioni"])
    assert manifest["bozza"] is False


def test_two_runs_give_the_same_bytes(esempio: run.Esito, tmp_path: Path) -> None:
    """Another process, hash seed, time zone and locale, and another order of the files on disk."""
    copia = tmp_path / "copia"
    copia.mkdir()
    for percorso in sorted(ESEMPIO.glob("*.xlsx"), reverse=True):
        shutil.copy(percorso, copia)
    # no PATH: as the fixture, without the pages that LibreOffice counts (for those, test_stampa.py)
    ambiente = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PATH": ""}
    comando = [sys.executable, "-m", "pipeline", "relazione", "--cartella", str(copia)]
    subprocess.run(
        [*comando, "--uscita", str(tmp_path)], cwd=RADICE, env=ambiente, check=True, capture_output=True
    )
    for primo in esempio.documenti[:2]:
        assert (tmp_path / "2020" / primo.name).read_bytes() == primo.read_bytes(), primo.name


def test_documents_agree_with_the_golden_files(tmp_path: Path) -> None:
    differenze = [
        riga
        for nome, trovate in golden_documents(tmp_path).items()
        for riga in golden_differences(nome, trovate)
    ]
    if differenze:
        pytest.fail("\n".join(["if this is wanted: make golden", *differenze]), pytrace=False)


def test_a_document_that_differs_is_shown_by_the_lines_that_differ() -> None:
    attese = (GOLDEN / "relazione.txt").read_text(encoding="utf-8").splitlines()
    assert golden_differences("relazione.txt", attese) == []
    assert golden_differences("relazione.txt", [attese[0], "altro", *attese[2:]])[-2:] == [
        f"-{attese[1]}",
        "+altro",
    ]


# ------------------------------------------------------------------------------------- what blocks


def _missing(cartella: Path) -> None:
    (cartella / TECNICO).unlink()


def _partial_pesi(cartella: Path) -> None:
    percorso = cartella / RAGIONERIA
    put(percorso, "Valutazione", below(percorso, "Valutazione", "Peso"), None)


def _out_of_range(cartella: Path) -> None:
    percorso = cartella / TECNICO
    put(percorso, "Valutazione", below(percorso, "Valutazione", "Grado dichiarato %"), 980)


def _no_grado(cartella: Path) -> None:
    percorso = cartella / RAGIONERIA
    put(percorso, "Valutazione", below(percorso, "Valutazione", "Grado dichiarato %", 2), None)


@pytest.mark.parametrize(
    ("guasta", "codice"),
    [(_missing, "M07"), (_partial_pesi, "V01"), (_out_of_range, "C02"), (_no_grado, "V03")],
)
def test_what_blocks_leaves_a_draft_and_exit_code_1(tmp_path: Path, guasta: object, codice: str) -> None:
    cartella = write_world(tmp_path / "dentro")
    guasta(cartella)  # type: ignore[operator]
    comando = ["relazione", "--cartella", str(cartella), "--uscita", str(tmp_path)]
    esito = CliRunner().invoke(app, comando)
    assert esito.exit_code == 1
    assert codice in esito.output and "BOZZA" in esito.output
    assert (tmp_path / "2024" / "consolidato_2024.xlsx").exists()
    assert (tmp_path / "2024" / "relazione_2024.docx").exists()


def test_all_well_ends_with_exit_code_0(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "dentro")
    comando = ["relazione", "--cartella", str(cartella), "--uscita", str(tmp_path)]
    esito = CliRunner().invoke(app, comando)
    assert esito.exit_code == 0, esito.output
    assert "BOZZA" not in esito.output


def test_partial_pesi_leave_the_settore_without_percentage(tmp_path: Path) -> None:
    cartella = write_world(tmp_path)
    _partial_pesi(cartella)
    fascicolo = run.controlla(cartella).fascicolo
    assert fascicolo is not None
    gradi = {s.settore: s.grado for s in fascicolo.settori}
    assert gradi["ragioneria"] is None
    assert gradi["tecnico"] is not None


def test_without_ente_nothing_is_written(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "dentro")
    (cartella / ENTE).unlink()
    uscita = tmp_path / "fuori"
    esito = CliRunner().invoke(app, ["relazione", "--cartella", str(cartella), "--uscita", str(uscita)])
    assert esito.exit_code == Fine.NIENTE
    assert "E01" in esito.output and not uscita.exists()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    esito = CliRunner().invoke(app, ["controlla", "--cartella", str(tmp_path / "niente")])
    assert esito.exit_code == Fine.COMANDO_SBAGLIATO
    assert "non c'è" in esito.output


def test_controlla_leaves_the_folder_as_it_was_and_says_where_it_writes(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "dentro")
    put(cartella / TECNICO, "Scheda 1", "H30", "da rivedere")
    prima = {p.name: p.read_bytes() for p in cartella.iterdir()}
    esito = _controlla(cartella, tmp_path)
    assert esito.exit_code == 0
    assert {p.name: p.read_bytes() for p in cartella.iterdir()} == prima
    assert set(prima) == {ENTE, TRASV, RAGIONERIA, TECNICO}
    assert sorted(p.name for p in (tmp_path / "2024").iterdir()) == [
        ".giornale.jsonl",
        "controlli_2024.xlsx",
        "da_correggere",
    ]
    assert str(tmp_path / "2024" / "controlli_2024.xlsx") in esito.output
    assert "una copia da rimandare" in esito.output


def _controlla(cartella: Path, uscita: Path) -> Result:
    return CliRunner().invoke(app, ["controlla", "--cartella", str(cartella), "--uscita", str(uscita)])


def test_relazione_leaves_what_controlla_wrote(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "dentro")
    put(cartella / TECNICO, "Scheda 1", "H30", "da rivedere")
    _controlla(cartella, tmp_path)
    scritti = {p: p.read_bytes() for p in (tmp_path / "2024").rglob("*.xlsx")}
    put(cartella / TECNICO, "Scheda 1", "H30", None)
    run.relazione(cartella, tmp_path)
    assert len(scritti) == 2
    assert {p: p.read_bytes() for p in scritti} == scritti


def test_without_a_year_the_checks_go_to_a_folder_of_their_own(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "dentro")
    put(cartella / ENTE, "Ente", beside(cartella / ENTE, "Ente", "Anno"), "duemila")
    esito = _controlla(cartella, tmp_path)
    assert esito.exit_code == 1
    assert (tmp_path / "senza_anno" / "controlli_senza_anno.xlsx").exists()
    assert [p.name for p in (tmp_path / "senza_anno" / "da_correggere").iterdir()] == [ENTE]


def test_the_screen_tells_who_has_handed_in(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "dentro")
    (cartella / TECNICO).unlink()
    (cartella / RAGIONERIA).write_bytes(b"PK")
    esito = _controlla(cartella, tmp_path)
    assert esito.exit_code == 1
    assert "Consegne in «dentro»: 1 consegnato, 1 mancante, 1 non letto" in esito.output
    righe_schermo = [" ".join(riga.split()) for riga in esito.output.splitlines()]
    assert "Settore Tecnico mancante 1 0 0" in righe_schermo
    assert "Settore Ragioneria non letto 1 0 0" in righe_schermo
    assert "Senza copia da rimandare:" in esito.output and f"  {RAGIONERIA}: " in esito.output


def test_the_same_thing_down_a_column_is_one_line_on_the_screen(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "dentro")
    prima = below(cartella / TECNICO, "Valutazione", "Note Nucleo")
    celle = [f"{prima[0]}{int(prima[1:]) + n}" for n in (0, 1, 2, 4)]
    for cella in celle:
        put_uncalculated(cartella / TECNICO, "Valutazione", cella)
    esito = _controlla(cartella, tmp_path)
    dove = f"C07 {TECNICO}, foglio «Valutazione», celle {celle[0]}:{celle[2]}, {celle[3]}: 4 celle"
    assert dove in esito.output
    assert esito.output.count("formula senza risultato") == 1


def test_findings_that_differ_in_words_are_told_by_the_first(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "dentro")
    cella = below(cartella / TECNICO, "Valutazione", "Grado dichiarato %")
    celle = {f"{cella[0]}{int(cella[1:]) + n}": 980 + n for n in range(4)}
    put_many(cartella / TECNICO, "Valutazione", celle)
    uscita = _controlla(cartella, tmp_path).output
    assert uscita.count("serve un numero da 0 a 100. (la prima)") == 1


def test_the_screen_begins_with_the_percentages_and_what_to_do(tmp_path: Path) -> None:
    """What is detail comes after; that nothing was lost is one line, when nothing was."""
    cartella = write_world(tmp_path / "dentro")
    put_uncalculated(
        cartella / TECNICO, "Valutazione", below(cartella / TECNICO, "Valutazione", "Note Nucleo")
    )
    detto = _controlla(cartella, tmp_path).output
    ordine = ["Consegne in", "Percentuali", "Che cosa fare", "la quadratura torna.", "Rilievi:"]
    assert sorted(ordine, key=detto.index) == ordine
    assert f"1 cosa che blocca: finché ce ne sono è una BOZZA ({TECNICO})." in " ".join(detto.split())


def test_of_files_missing_or_to_be_filled_in_nobody_is_told_to_correct_them(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "ente")
    for nome in (TECNICO, TRASV):
        (cartella / nome).unlink()
    modelli.prepara(cartella)
    (cartella / TRASV).unlink()
    detto = " ".join(_controlla(cartella, tmp_path).output.split())
    assert f"Farsi mandare 1 file: per ora è una BOZZA ({TRASV})." in detto
    assert f"Far compilare 1 file: per ora è una BOZZA ({TECNICO})." in detto
    assert "che blocca" not in detto


@pytest.mark.parametrize(
    ("persa", "dice", "tace"),
    [(0, "2 file letti, 7 celle compilate", "NON"), (1, "NON TORNA", "torna.")],
)
def test_only_the_files_that_lost_a_cell_are_listed(
    monkeypatch: pytest.MonkeyPatch, persa: int, dice: str, tace: str
) -> None:
    da_guardare = Console(file=StringIO(), width=80)
    monkeypatch.setattr(schermo, "console", da_guardare)
    schermo.mostra_lettura([Quadratura("a.xlsx", 4, 3, 1), Quadratura("b.xlsx", 3, 3 - persa, 0)])
    detto = da_guardare.file.getvalue()  # type: ignore[attr-defined]
    assert dice in detto and tace not in detto and "a.xlsx" not in detto


@pytest.mark.parametrize(("comando", "dice"), [("controlla", "Lettura"), ("relazione", "documenti…")])
def test_the_bar_is_only_for_who_watches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, comando: str, dice: str
) -> None:
    cartella = write_world(tmp_path / "dentro")
    argomenti = [comando, "--cartella", str(cartella), "--uscita", str(tmp_path)]
    assert dice not in CliRunner().invoke(app, argomenti).output
    da_guardare = Console(file=StringIO(), force_terminal=True, width=80)
    for modulo in (schermo, azioni):
        monkeypatch.setattr(modulo, "console", da_guardare)
    CliRunner().invoke(app, argomenti)
    assert dice in da_guardare.file.getvalue()  # type: ignore[attr-defined]


# ------------------------------------------------------------------------------ unusual, but allowed


@pytest.mark.parametrize(
    ("codice", "modello"),
    [("Trasversali", None), ("comuni", "trasversali"), ("c" * 51, None)],
    ids=["capital", "other code", "too long"],
)
def test_a_code_that_would_mislead_is_refused_in_the_list(
    tmp_path: Path, codice: str, modello: str | None
) -> None:
    cartella = write_world(tmp_path / "ente")
    celle = {"Codice": codice, "Denominazione": "Obiettivi comuni", "Modello": modello, "Peso": 1}
    posti = {below(cartella / ENTE, "Settori", h, 4): valore for h, valore in celle.items()}
    put_many(cartella / ENTE, "Settori", posti)
    rilievi = run.controlla(cartella).rilievi
    assert ("E02", "Settori", next(iter(posti))) in [(r.codice, r.foglio, r.cella) for r in rilievi]


def test_two_codes_that_differ_by_a_capital_are_one(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "ente")
    posto = below(cartella / ENTE, "Settori", "Codice", 4)
    put(cartella / ENTE, "Settori", posto, "TECNICO")
    assert ("E03", posto) in [(r.codice, r.cella) for r in run.controlla(cartella).rilievi]


def test_the_name_of_the_ente_can_be_very_long(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "ente")
    nome = "Unione dei Comuni di " + "Borgo Nuovo e " * 20 + "Villa"
    put(cartella / ENTE, "Ente", beside(cartella / ENTE, "Ente", "Denominazione"), nome)
    esito = run.relazione(cartella, tmp_path / "fuori")
    assert [p.name for p in esito.documenti] == [
        "consolidato_2024.xlsx",
        "relazione_2024.docx",
        "manifest.json",
    ]


def test_a_responsabile_merged_over_two_settori_is_of_both(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "ente")
    prima, seconda = (below(cartella / ENTE, "Settori", "Responsabile", n) for n in (2, 3))
    libro = openpyxl.load_workbook(cartella / ENTE)
    libro["Settori"].merge_cells(f"{prima}:{seconda}")
    libro.save(cartella / ENTE)
    esito = run.controlla(cartella)
    assert len({r["responsabile"] for r in righe(esito.raccolta.tabelle.elenco)[1:]}) == 1
    assert all(q.torna for q in esito.raccolta.quadrature)
