"""An avviso that is fine stays quiet: who accepts it, for how long, and where it can still be read."""

from pathlib import Path

import fixtures_ente as fx
import openpyxl
import pytest
from fixtures_ente import ENTE, RAGIONERIA, TECNICO, below, put, put_many

from pipeline import run
from pipeline.celle import contiene
from pipeline.documents import consolidato
from pipeline.workbooks import ente as modulo

CHI = {"I": "Segretario comunale", "J": "è un numero d'ordine", "K": "15/04/2025"}


@pytest.fixture
def ente(tmp_path: Path) -> Path:
    """An ente with one avviso (C13) in two cells of the same settore."""
    cartella = fx.write_world(tmp_path / "ente")
    for intestazione in ("Definizione obiettivo", "Descrizione/fasi"):
        put(cartella / TECNICO, "Scheda 1", below(cartella / TECNICO, "Scheda 1", intestazione), 2024)
    return cartella


def avvisi(cartella: Path) -> list[tuple[str, str, str]]:
    return [(r.codice, r.file, r.cella) for r in run.controlla(cartella).rilievi]


def accept(cartella: Path, riga: int = 4, **celle: str) -> None:
    """Write a line of the sheet Accettati: A to H say what, and who and why are always the same."""
    put_many(cartella / ENTE, "Accettati", {f"{c}{riga}": v for c, v in {**CHI, **celle}.items()})


def accepted(cartella: Path) -> list[tuple[str, str]]:
    fascicolo = run.controlla(cartella).fascicolo
    assert fascicolo is not None
    return [(rilievo.cella, detto) for rilievo, detto in fascicolo.accettati]


def detail(cartella: Path, uscita: Path) -> list[dict[str, str]]:
    """The lines of the sheet Dettaglio of the checks, by heading."""
    run.rimanda(cartella, uscita)
    righe = openpyxl.load_workbook(uscita / "2024" / "controlli_2024.xlsx")["Dettaglio"].iter_rows(
        min_row=4, values_only=True
    )
    testa = [str(titolo) for titolo in next(righe)]
    return [dict(zip(testa, riga, strict=True)) for riga in righe]


def test_a_line_of_the_checks_pasted_whole_quiets_its_finding_and_no_other(
    ente: Path, tmp_path: Path
) -> None:
    prima, altra = detail(ente, tmp_path / "uscita")
    assert list(prima) == [campo.etichetta for campo in modulo.ACCETTATI[:8]]
    assert prima["Che cosa c'è"] == "2024"
    accept(ente, **{"ABCDEFGH"[n]: valore for n, valore in enumerate(prima.values()) if valore})
    assert [riga["Cella"] for riga in detail(ente, tmp_path / "uscita")] == [altra["Cella"]]
    detto = "accettato da Segretario comunale il 15/04/2025 perché è un numero d'ordine"
    assert accepted(ente) == [(prima["Cella"], detto)]
    copia = openpyxl.load_workbook(tmp_path / "uscita" / "2024" / "da_correggere" / TECNICO)["Scheda 1"]
    assert copia[prima["Cella"]].comment is None and copia[altra["Cella"]].comment is not None
    esito = run.controlla(ente)
    assert all(q.torna for q in esito.raccolta.quadrature) and esito.fascicolo is not None
    consolidato.scrivi(tmp_path / "c.xlsx", esito.fascicolo)
    ws = openpyxl.load_workbook(tmp_path / "c.xlsx")["Rilievi"]
    assert [riga[-1] for riga in ws.iter_rows(min_row=4, values_only=True)] == [None, detto]


@pytest.mark.parametrize(
    "celle",
    [
        {"A": "C13", "C": "tecnico"},
        {"A": "c13 ", "C": "Settore Tecnico", "D": "scheda 1"},
        {"A": "C13", "C": "TECNICO.XLSX", "E": "A1:Z99"},
    ],
)
def test_a_line_that_says_less_is_about_more(ente: Path, celle: dict[str, str]) -> None:
    accept(ente, **celle)
    assert avvisi(ente) == [] and len(accepted(ente)) == 2


@pytest.mark.parametrize("altro", [{"C": RAGIONERIA}, {"A": "C12"}, {"D": "Scheda 2"}, {"E": "A1"}])
def test_a_line_about_nothing_is_told(ente: Path, altro: dict[str, str]) -> None:
    accept(ente, **{"A": "C13", "C": TECNICO, "D": "Scheda 1", **altro})
    trovati = avvisi(ente)
    assert [codice for codice, _, _ in trovati] == ["E13", "C13", "C13"] and accepted(ente) == []
    assert trovati[0][1:] == (ENTE, "A4")


@pytest.mark.parametrize("guasto", [b"", None])
def test_of_a_file_that_is_not_read_no_line_is_said_to_be_of_use_no_more(
    ente: Path, guasto: bytes | None
) -> None:
    accept(ente, A="C13", C=TECNICO, D="Scheda 1")
    (ente / TECNICO).unlink()
    if guasto is not None:
        (ente / TECNICO).write_bytes(guasto)
    assert {r.file for r in run.controlla(ente).rilievi} == {TECNICO}


def test_what_has_changed_since_is_told_again(ente: Path) -> None:
    cella = below(ente / TECNICO, "Scheda 1", "Definizione obiettivo")
    accept(ente, A="C13", C=TECNICO, E=cella, H="2024")
    assert cella not in [posto for _, _, posto in avvisi(ente)]
    put(ente / TECNICO, "Scheda 1", cella, 2023)
    cambiato, *altri = run.controlla(ente).rilievi
    assert cambiato.codice == "E13" and cella in [r.cella for r in altri]
    assert "c'era «2024», ora c'è «2023»" in cambiato.messaggio
    put(ente / ENTE, "Accettati", "H4", "2023")
    assert accepted(ente)[0][0] == cella


def test_without_who_or_why_it_does_not_count(ente: Path) -> None:
    accept(ente, A="C13", C=TECNICO, J="")
    put(ente / ENTE, "Accettati", "J4", None)
    assert [codice for codice, _, _ in avvisi(ente)] == ["C04", "C13", "C13"]


def test_what_blocks_is_never_accepted(ente: Path) -> None:
    cella = below(ente / TECNICO, "Valutazione", "Peso")
    put(ente / TECNICO, "Valutazione", cella, "due")
    accept(ente, A="C01", C=TECNICO, E=cella)
    codici = [codice for codice, _, _ in avvisi(ente)]
    assert codici[:2] == ["C01", "E17"] and accepted(ente) == []


def test_a_year_takes_none_from_the_year_before(ente: Path, tmp_path: Path) -> None:
    from pipeline import modelli

    accept(ente, A="C13", C=TECNICO)
    modelli.prepara(tmp_path / "dopo", da=ente)
    assert openpyxl.load_workbook(tmp_path / "dopo" / ENTE)["Accettati"]["A4"].value is None


def test_a_sheet_made_by_hand_in_an_ente_of_before_is_read(ente: Path) -> None:
    fx.remove_sheet(ente / ENTE, "Accettati")
    assert len(avvisi(ente)) == 2
    righe = {"A1": "Codice", "B1": "File", "C1": "Accettato da", "D1": "Perché"}
    righe |= {"A2": "C13", "B2": TECNICO, "C2": "Segretario comunale", "D2": "va bene"}
    fx.add_sheet(ente / ENTE, "Accettati", righe)
    assert avvisi(ente) == [] and len(accepted(ente)) == 2


@pytest.mark.parametrize(
    ("scritte", "dentro"),
    [("E7", True), ("e7:E9, G2", True), ("$E$7", True), ("E8", False), ("E70", False), ("tutte", False)],
)
def test_cells_are_written_as_the_lists_tell_them(scritte: str, dentro: bool) -> None:
    assert contiene(scritte, "E7") == dentro


def test_what_the_nucleo_looks_at_afterwards_leaves_the_line_in_peace(tmp_path: Path) -> None:
    """It is found no more, but nothing was corrected: there is nothing to do about the line."""
    cartella = fx.write_world(tmp_path / "ente")
    raggiunto = below(cartella / TECNICO, "Scheda 1", "Raggiunto")
    put(cartella / TECNICO, "Scheda 1", raggiunto, "vedi allegato")
    accept(cartella, A="V36", C=TECNICO, D="Scheda 1", E=raggiunto)
    accept(cartella, riga=5, A="C99", C=TECNICO)
    assert [codice for codice, *_ in avvisi(cartella)] == ["E13"]  # C99
    (scritta,) = run.per_il_nucleo(cartella, tmp_path / "uscita").documenti
    nucleo = scritta.replace(cartella / "nucleo.xlsx")
    put(nucleo, "Obiettivi", below(nucleo, "Obiettivi", "Visto, confermo", 4), "X")
    assert [codice for codice, *_ in avvisi(cartella)] == ["E13"]  # and C99 is still no code
