"""Who has handed in what, and the workbook of the checks."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import fixtures_ente as fx
import openpyxl
import pytest
from conftest import RADICE
from fixtures_ente import ENTE, RAGIONERIA, TECNICO, TRASV, below, put
from hypothesis import given
from hypothesis import strategies as st
from libreoffice import convert, needs_soffice
from test_rilievi import _many_findings
from validators import faults, sdk_faults
from xlsxwriter.utility import xl_col_to_name

from pipeline import ingest, run
from pipeline.celle import coordinate, intervalli, lettere, riquadri
from pipeline.consegne import Consegna
from pipeline.documents.ritorno import controlli
from pipeline.rilievi import CATALOGO, GRAVITA, Rilievo
from pipeline.tables import righe
from pipeline.workbooks import archivio
from pipeline.workbooks.grid import FileRifiutato, indirizzo

# ------------------------------------------------------------------------------------------- ranges


@pytest.mark.parametrize(
    ("celle", "attesi"),
    [
        ([], []),
        (["E7"], ["E7"]),
        (["E8", "E7"], ["E7:E8"]),
        (["E7", "E8", "E9", "E23"], ["E7:E9", "E23"]),
        (["E7", "F7"], ["E7", "F7"]),
        (["E9", "E10"], ["E9:E10"]),
        (["AA3", "B3", "B4"], ["B3:B4", "AA3"]),
        (["E7", "E7"], ["E7"]),
    ],
)
def test_cells_as_ranges_down_a_column(celle: list[str], attesi: list[str]) -> None:
    assert intervalli(celle) == attesi


@pytest.mark.parametrize(
    ("celle", "attesi"),
    [
        ([], []),
        (["A4"], ["A4"]),
        (["B5", "A4", "A5", "B4", "D4"], ["A4:B5", "D4"]),
        (["A4", "A5", "B5", "C4", "C5", "D4", "D5"], ["A4:A5", "B5", "C4:D5"]),
    ],
)
def test_cells_as_rectangles(celle: list[str], attesi: list[str]) -> None:
    assert riquadri(celle) == attesi


@pytest.mark.parametrize("numero", [1, 26, 27, 52, 53, 702, 703, 16_384])
def test_addresses_are_those_of_every_spreadsheet(numero: int) -> None:
    assert lettere(numero) == xl_col_to_name(numero - 1)
    assert coordinate(f"{lettere(numero)}{numero}") == (numero, numero)


@given(st.sets(st.tuples(st.integers(1, 40), st.integers(1, 60))))
def test_the_ranges_hold_those_cells_and_no_other(posti: set[tuple[int, int]]) -> None:
    trovati = []
    for intervallo in intervalli(indirizzo(*posto) for posto in posti):
        celle = openpyxl.worksheet.cell_range.MultiCellRange(intervallo)
        trovati += [posto for area in celle.ranges for posto in area.cells]
    assert sorted(trovati) == sorted(posti)


# --------------------------------------------------------------------------------- who has handed in


def by_settore(ente: Path) -> dict[str, Consegna]:
    return {c.settore or c.file: c for c in run.controlla(ente).consegne}


def test_all_handed_in_in_the_order_of_ente(good: Path) -> None:
    consegne = run.controlla(good).consegne
    assert [c.file for c in consegne] == [TRASV, RAGIONERIA, TECNICO, ENTE]
    assert {c.stato for c in consegne} == {"consegnato"}
    assert all(c.celle > 20 for c in consegne)
    assert consegne[1].responsabile == "Anna Bianchi"


def test_a_settore_without_a_file_is_missing(ente: Path) -> None:
    (ente / TECNICO).unlink()
    consegna = by_settore(ente)["tecnico"]
    assert (consegna.stato, consegna.file, consegna.celle) == ("mancante", TECNICO, 0)
    assert consegna.conti == {"blocca": 1}


@pytest.mark.parametrize("contenuto", [b"", b"PK", b"%PDF-1.7"], ids=["empty", "cut", "a PDF"])
def test_a_file_that_cannot_be_read_is_there_but_not_read(contenuto: bytes, ente: Path) -> None:
    (ente / TECNICO).write_bytes(contenuto)
    assert by_settore(ente)["tecnico"].stato == "non letto"


def test_a_workbook_in_another_format_is_there_but_not_read(ente: Path) -> None:
    (ente / TECNICO).rename(ente / "tecnico.xls")
    consegna = by_settore(ente)["tecnico"]
    assert (consegna.stato, consegna.file) == ("non letto", "tecnico.xls")
    assert consegna.conti == {"blocca": 1, "avviso": 1}


def zipped_workbooks(archivio: Path, *file: Path) -> None:
    with zipfile.ZipFile(archivio, "w") as pacco:
        for percorso in file:
            pacco.write(percorso, percorso.name)
            percorso.unlink()


@pytest.mark.parametrize(
    "nome",
    [
        "tecnico.xlsx.p7m",
        "TECNICO.XLSX.P7M",
        "16_tecnico.xlsx.p7m",
        "Settore Tecnico (firmato).xlsx.p7m",
        "tecnico.p7m",
        "tecnico.xlsx.tsd",
        "tecnico.xlsx ",
        "tecnico.xlsx.",
        "tecnico.xltx",
        "tecnico.numbers",
        "tecnico.gsheet",
    ],
)
def test_a_workbook_in_a_wrapper_is_to_be_taken_out_and_not_missing(nome: str, ente: Path) -> None:
    (ente / TECNICO).rename(ente / nome)
    esito = run.controlla(ente)
    consegna = next(c for c in esito.consegne if c.settore == "tecnico")
    assert (consegna.stato, consegna.file, consegna.celle) == ("da estrarre", nome, 0)
    assert [(r.codice, r.file) for r in esito.rilievi if r.gravita == "blocca"] == [("F17", nome)]
    assert consegna.conti["blocca"] == 1


def test_an_archive_delivers_for_all_the_settori_it_names(ente: Path) -> None:
    zipped_workbooks(ente / "pec.zip", ente / TECNICO, ente / RAGIONERIA)
    esito = run.controlla(ente)
    assert {c.settore for c in esito.consegne if c.stato == "da estrarre"} == {"tecnico", "ragioneria"}
    assert [r.codice for r in esito.rilievi if r.gravita == "blocca"] == ["F17"]


def test_a_wrapper_under_the_name_of_a_workbook(ente: Path) -> None:
    zipped_workbooks(ente / "x.zip", ente / TECNICO)
    (ente / "x.zip").rename(ente / TECNICO)
    assert by_settore(ente)["tecnico"].stato == "da estrarre"


def test_ente_in_a_wrapper_is_not_missing(ente: Path) -> None:
    (ente / ENTE).rename(ente / f"{ENTE}.p7m")
    esito = run.controlla(ente)
    assert [(r.codice, r.file) for r in esito.rilievi] == [("F17", f"{ENTE}.p7m")]
    assert (esito.consegne[0].file, esito.consegne[0].stato) == (f"{ENTE}.p7m", "da estrarre")


def test_a_signature_left_beside_its_workbook_does_not_block(ente: Path) -> None:
    shutil.copy(ente / TECNICO, ente / f"{TECNICO}.p7m")
    esito = run.controlla(ente)
    assert [(r.codice, r.file) for r in esito.rilievi] == [("F06", f"{TECNICO}.p7m")]
    assert by_settore(ente)["tecnico"].stato == "consegnato"


def test_a_wrapper_of_nobody_knows_who_stays_beside_what_is_missing(ente: Path) -> None:
    """The message may hold the missing workbook: whoever would be reminded is told where to look."""
    (ente / TECNICO).rename(ente / "scheda finale.xlsx.p7m")
    rilievi = run.controlla(ente).rilievi
    assert [r.codice for r in rilievi if r.gravita == "blocca"] == ["F17", "M07"]
    assert "Guardare prima in scheda finale.xlsx.p7m" in rilievi[1].rimedio
    (ente / "scheda finale.xlsx.p7m").unlink()
    (ente / "determina.pdf.p7m").write_bytes(b"\x30\x80")
    assert "F17" not in [r.codice for r in run.controlla(ente).rilievi]


def test_the_longer_of_two_names_in_a_file_name_counts() -> None:
    elenco = {"tecnico": "Tecnico", "ufficio_tecnico": "Ufficio tecnico", "polizia": "Polizia locale"}
    assert ingest._settori_detti("16_ufficio tecnico.xlsx.p7m", elenco) == ["ufficio_tecnico"]
    assert ingest._settori_detti("tecnico, polizia.zip", elenco) == ["tecnico", "polizia"]
    assert ingest._settori_detti("politecnico.zip", elenco) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
@pytest.mark.parametrize(
    "che", ["pipe", "folder", "lost link", "link to itself", "link outside", "device"]
)
def test_what_is_not_a_file_is_told_and_its_settore_is_not_missing(che: str, ente: Path) -> None:
    percorso = ente / TECNICO
    fuori = Path(percorso.rename(ente.parent / "altro.xlsx"))
    if che == "pipe":
        os.mkfifo(percorso)
    elif che == "folder":
        percorso.mkdir()
    else:
        mete = {"link to itself": percorso, "link outside": fuori, "device": Path("/dev/zero")}
        percorso.symlink_to(mete.get(che, ente / "niente"))
    esito = run.controlla(ente)
    assert [(r.codice, r.file) for r in esito.rilievi] == [("F18", TECNICO)]
    assert by_settore(ente)["tecnico"].stato == "non letto"


def test_a_link_inside_the_folder_is_followed(ente: Path) -> None:
    (ente / TECNICO).rename(ente / "originale.dat")
    (ente / TECNICO).symlink_to("originale.dat")
    assert by_settore(ente)["tecnico"].stato == "consegnato"


def test_of_a_file_that_may_not_be_read_it_is_said(ente: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for who is not root; the reader is in another process, hence the file itself is asked."""

    def refuses(percorso: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(percorso))

    monkeypatch.setattr(Path, "stat", refuses)
    with pytest.raises(FileRifiutato) as preso:
        archivio.leggi_file(ente / TECNICO)
    assert preso.value.rilievo.codice == "F18"
    assert "manca il permesso" in preso.value.rilievo.messaggio


@pytest.mark.parametrize("codice", ["Tecnico", "TECNICO", " tecnico ", "tecnico\xa0"])
def test_a_code_with_other_capitals_is_the_same_settore(codice: str, ente: Path) -> None:
    fx.set_mark(ente / TECNICO, settore=codice)
    esito = run.controlla(ente)
    assert esito.rilievi == []
    assert {r["settore"] for r in righe(esito.raccolta.tabelle.provenienza)} >= {"tecnico"}
    assert "tecnico" in set(esito.raccolta.tabelle.voci["settore"])


def test_of_two_workbooks_for_a_settore_none_is_read(ente: Path) -> None:
    shutil.copy(ente / TECNICO, ente / "copia.xlsx")
    consegna = by_settore(ente)["tecnico"]
    assert (consegna.stato, consegna.file) == ("non letto", f"copia.xlsx, {TECNICO}")


def test_the_name_of_the_file_does_not_matter(ente: Path) -> None:
    (ente / RAGIONERIA).replace(ente / TECNICO)
    consegne = by_settore(ente)
    assert (consegne["ragioneria"].stato, consegne["ragioneria"].file) == ("consegnato", TECNICO)
    assert consegne["ragioneria"].conti == {}
    assert consegne["tecnico"].stato == "mancante"
    assert consegne["tecnico"].conti == {"blocca": 1}


def test_without_ente_every_file_is_another_file(ente: Path) -> None:
    (ente / ENTE).unlink()
    consegne = run.controlla(ente).consegne
    assert {c.settore for c in consegne} == {""}
    assert (consegne[0].file, consegne[0].stato) == (ENTE, "mancante")


# ------------------------------------------------------------------------------------- the workbook


def written(ente: Path) -> tuple[run.Esito, Path]:
    esito = run.rimanda(ente, ente.parent)
    return esito, esito.documenti[0]


def table(libro: Path, foglio: str) -> list[tuple[Any, ...]]:
    ws = openpyxl.load_workbook(libro)[foglio]
    return list(ws.iter_rows(min_row=controlli.TESTA + 1, values_only=True))


def test_a_line_for_each_settore_with_its_findings(ente: Path) -> None:
    put(ente / TECNICO, "Valutazione", below(ente / TECNICO, "Valutazione", "Peso"), "circa 2")
    put(ente / TECNICO, "Scheda 1", "H30", "da rivedere")
    (ente / RAGIONERIA).unlink()
    _, libro = written(ente)
    consegne = table(libro, "Stato consegne")
    assert [riga[0] for riga in consegne] == [*fx.NAMES.values(), "File dell'ente"]
    assert consegne[1][3:] == (RAGIONERIA, "mancante", 1, 0, 0, 0)
    assert consegne[2][1] == "Luca Verdi"
    assert consegne[2][3:8] == (TECNICO, "consegnato", 1, 1, 0)


def test_a_line_for_each_code_found(ente: Path) -> None:
    _many_findings(ente)
    esito, libro = written(ente)
    conti = Counter(r.codice for r in esito.rilievi)
    sintesi = table(libro, "Sintesi per codice")
    assert [(riga[0], riga[3]) for riga in sintesi] == [(c, conti[c]) for c in CATALOGO if conti[c]]
    for codice, titolo, gravita, quanti, file in sintesi:
        assert (titolo, gravita) == (CATALOGO[codice].titolo, CATALOGO[codice].gravita)
        assert sum(int(pezzo.rstrip(")").split("(")[-1]) for pezzo in file.split(", ")) == quanti


def test_a_line_names_some_files_and_counts_the_others(tmp_path: Path) -> None:
    quanti = controlli.MOLTI_FILE + 5
    rilievi = [Rilievo("F08", f"{n:03}.pdf") for n in range(quanti)]
    controlli.scrivi(tmp_path / "controlli.xlsx", tmp_path, [], rilievi, 2024, [], {})
    ((codice, _, _, totale, file),) = table(tmp_path / "controlli.xlsx", "Sintesi per codice")
    assert (codice, totale) == ("F08", quanti)
    assert file.endswith(", e altri 5") and file.count("pdf") == controlli.MOLTI_FILE


def test_each_name_with_how_it_is_understood_and_where(ente: Path) -> None:
    put(ente / ENTE, "Settori", below(ente / ENTE, "Settori", "Responsabile", 3), "Prato")
    put(ente / ENTE, "Settori", below(ente / ENTE, "Settori", "Responsabile", 2), "Ufficio unico")
    esito, libro = written(ente)
    nomi = table(libro, "Persone e uffici")
    assert nomi[0][:4] == ("Prato", "persona o ufficio", 1, f"{ENTE}, foglio «Settori» C6")
    assert "«Ufficio …»" in nomi[0][4] and "nome e cognome" in nomi[0][4]
    come = {riga[0]: riga[1] for riga in nomi}
    assert come["Anna Bianchi"] == "persona" and come["Ufficio unico"] == "ufficio"
    assert [r.codice for r in esito.rilievi] == ["E14"]


def test_many_doubtful_names_are_one_finding(ente: Path) -> None:
    cella = below(ente / ENTE, "Settori", "Responsabile", 3)
    put(ente / ENTE, "Settori", cella, "Prato, Sede, Bruni, Reparto, Okonkwo Mbeki, hoxha arben, Conti")
    esito, libro = written(ente)
    (rilievo,) = esito.rilievi
    assert (rilievo.codice, rilievo.cella) == ("E14", cella)
    assert "«Prato», «Sede», «Bruni», «Reparto», «hoxha arben» e 2 altri" in rilievo.messaggio
    assert len([riga for riga in table(libro, "Persone e uffici") if riga[1] != "persona"]) >= 7


def test_every_finding_with_a_link_to_its_place(ente: Path) -> None:
    _many_findings(ente)
    esito, libro = written(ente)
    ws = openpyxl.load_workbook(libro)["Dettaglio"]
    righe = list(ws.iter_rows(min_row=controlli.TESTA + 1))
    assert [riga[0].value for riga in righe] == [r.codice for r in esito.rilievi]
    for riga, rilievo in zip(righe, esito.rilievi, strict=True):
        assert [c.value or "" for c in riga[1:5]] == [
            rilievo.gravita,
            rilievo.file,
            rilievo.foglio,
            rilievo.cella,
        ]
        assert (riga[5].value, riga[6].value) == (rilievo.messaggio, rilievo.rimedio)
        (legame,) = (c.hyperlink for c in riga if c.hyperlink)
        meta = legame.target.replace("\\", "/").replace("%20", " ")
        assert (libro.parent / meta).resolve() == (ente / rilievo.file).resolve()
        if rilievo.foglio:
            assert legame.location == f"'{rilievo.foglio}'!{rilievo.cella or 'A1'}"


def test_a_file_that_is_not_there_has_no_link(ente: Path) -> None:
    (ente / TECNICO).unlink()
    _, libro = written(ente)
    ws = openpyxl.load_workbook(libro)["Dettaglio"]
    assert [c.hyperlink for riga in ws.iter_rows() for c in riga if c.hyperlink] == []


@needs_soffice
def test_libreoffice_follows_the_links_whatever_the_names(ente: Path, tmp_path: Path) -> None:
    (ente / TECNICO).rename(ente / "tecnico n°1 #2 [50%].xlsx")
    fx.add_sheet(ente / "tecnico n°1 #2 [50%].xlsx", "L'altro foglio", {"A1": "uno"})
    _, libro = written(ente)
    testo = convert(libro, tmp_path / "fods", "fods").read_text(encoding="utf-8")
    assert (
        "/ente/tecnico%20n°1%20%232%20%5B50%25%5D.xlsx#&apos;L&apos;&apos;altro%20foglio&apos;" in testo
    )


def test_without_findings_the_workbook_says_so(good: Path, tmp_path: Path) -> None:
    esito = run.rimanda(good, tmp_path)
    assert table(esito.documenti[0], "Dettaglio") == [(None,) * 8]
    assert len(table(esito.documenti[0], "Stato consegne")) == 4
    assert len(esito.documenti) == 1


def test_the_workbook_is_sound(ente: Path) -> None:
    _many_findings(ente)
    _, libro = written(ente)
    assert faults(libro) == []


def test_the_workbook_is_sound_for_the_sdk(ente: Path) -> None:
    _many_findings(ente)
    _, libro = written(ente)
    assert sdk_faults(libro) == []


def test_two_runs_give_the_same_bytes(ente: Path, tmp_path: Path) -> None:
    """Another process, hash seed, time zone and locale; the folders as far from each other."""
    _many_findings(ente)
    _, libro = written(ente)
    ambiente = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    altrove = tmp_path / "altrove"
    shutil.copytree(ente, altrove / "ente")
    comando = [sys.executable, "-m", "pipeline", "controlla", "--cartella", str(altrove / "ente")]
    subprocess.run(
        [*comando, "--uscita", str(altrove)], cwd=RADICE, env=ambiente, check=False, capture_output=True
    )
    assert (altrove / "2024" / libro.name).read_bytes() == libro.read_bytes()


def test_gravities_are_counted_in_their_columns() -> None:
    conti = Counter(dict(zip(GRAVITA, (1, 2, 3), strict=True)))
    consegna = Consegna("t", "T", "", "", "t.xlsx", "consegnato", 9, conti)
    scritta = controlli._consegna(consegna)
    riga = {colonna.titolo: scritta[colonna.chiave] for colonna in controlli.CONSEGNE}
    assert (riga["Bloccanti"], riga["Da correggere"], riga["Avvisi"]) == (1, 2, 3)
