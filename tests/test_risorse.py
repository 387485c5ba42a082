"""The optional sheet Risorse: amounts as they are pasted, summed to the cent, beside no grado."""

import re
from decimal import Decimal
from pathlib import Path

import fixtures_ente as fx
import openpyxl
import pytest
from fixtures_ente import ENTE, put_many
from test_rilievi import found
from test_schede import case_of

from pipeline import bilancio, modelli, run
from pipeline.documents.relazione import risorse
from pipeline.documents.relazione.risorse import CON_RISORSE, TITOLO
from pipeline.documents.word.documento import Documento
from pipeline.numeri import importo
from pipeline.risorse import Importi, Risorse
from pipeline.workbooks.fields import importo_scritto

Row = tuple[str | float | None, ...]


def resources(ente: Path, *rows: Row) -> None:
    celle = {
        f"{colonna}{riga}": valore
        for riga, valori in enumerate(rows, start=4)
        for colonna, valore in zip("ABCDE", valori, strict=False)
    }
    put_many(ente / ENTE, "Risorse", celle)


def written(ente: Path) -> str:
    """The chapter as the relazione writes it."""
    documento = Documento()
    risorse.scrivi(documento, case_of(ente))
    return re.sub(r"<[^>]+>", "", "\n".join(documento.blocchi))


def sums(ente: Path) -> Risorse:
    return case_of(ente).risorse


@pytest.mark.parametrize(
    ("testo", "valore"),
    [
        ("1.234.567,89", "1234567.89"),
        ("1234567,89", "1234567.89"),
        ("1.234", "1234"),
        ("0", "0"),
        ("12,5", "12.5"),
        ("€ 1.234,50", "1234.50"),
        ("1.234,50 euro", "1234.50"),
        ("1 234 567,89", "1234567.89"),
        ("1'234'567,89", "1234567.89"),
        ("-15,00", "-15.00"),
    ],
)
def test_an_amount_typed_as_italians_do(testo: str, valore: str) -> None:
    assert importo_scritto(testo) == Decimal(valore)


@pytest.mark.parametrize(
    "testo",
    ["mille", "-", "n.d.", "1,234.50", "1234.56", "1.23.456", "1.234,567", "12,5 %", "10/12", "1.2345"],
)
def test_what_may_be_another_amount_is_none(testo: str) -> None:
    assert importo_scritto(testo) is None


@pytest.mark.parametrize(
    ("valore", "perche"),
    [
        ("mille", "non si legge"),
        (-5, "negativo"),
        ("-5,00", "negativo"),
        (10.005, "più di due decimali"),
        ("9" * 60, "troppo grande"),
        (1e300, "troppo grande"),
    ],
)
def test_what_cannot_be_an_amount_is_said_and_left_out(
    ente: Path, valore: str | float, perche: str
) -> None:
    resources(ente, ("01", "03", valore, 5))
    (rilievo,) = run.controlla(ente).rilievi
    assert (rilievo.codice, rilievo.cella) == ("E19", "C4") and perche in rilievo.messaggio
    assert sums(ente).totale == Importi(None, Decimal(5), None)


@pytest.mark.parametrize(
    ("missione", "programma", "codice"),
    [
        ("01", "03", "0103"),
        ("1", "3", "0103"),
        ("", "01.03", "0103"),
        ("01 - Servizi istituzionali", "03 - Gestione economica", "0103"),
        ("Missione 12", "Programma 9", "1209"),
        ("1", "103", "0103"),  # a number was made of 0103
        ("1", "1,02", "0102"),  # and of 1.02
        ("1", "1,1", ""),  # this may have been 1.10
        ("01", "04.02", ""),
        ("01", "01, 02", ""),
        ("01", "Da 01 a 07", ""),
        ("01", "00", ""),  # how a total is coded
        ("01", "", ""),
        ("Totale", "", ""),
    ],
)
def test_a_row_is_of_one_programma_or_of_none(missione: str, programma: str, codice: str) -> None:
    assert bilancio.un_programma(missione, programma) == codice


def test_the_sums_are_to_the_cent_and_totals_pasted_with_the_rest_are_in_none(ente: Path) -> None:
    resources(
        ente,
        ("01", "02", "0,10", 0.1, 0.07),
        ("01", "03", "1.234.567,89", 0.2, 0.07),
        ("Totale missione 01", None, "1.234.567,99"),
        ("04", "02", 0.01, "0,00", 0),
    )
    assert found(run.controlla(ente)) == [("E20", (ENTE, "Risorse", "A6"))]
    somme = sums(ente)
    assert somme.missioni["01"] == Importi(Decimal("1234567.99"), Decimal("0.3"), Decimal("0.14"))
    assert somme.totale == Importi(Decimal("1234568.00"), Decimal("0.3"), Decimal("0.14"))
    assert somme.fuori == 1


def test_two_rows_of_a_programma_are_summed(ente: Path) -> None:
    resources(ente, ("01", "03", 10), ("01", "03", "5,50"))
    assert sums(ente).programmi == {"0103": Importi(Decimal("15.5"), None, None)}


def test_a_missione_merged_over_its_programmi_is_of_each(ente: Path) -> None:
    resources(ente, ("01", "02", 10), (None, "03", 5))
    libro = openpyxl.load_workbook(ente / ENTE)
    libro["Risorse"].merge_cells("A4:A5")
    libro.save(ente / ENTE)
    esito = run.controlla(ente)
    assert esito.rilievi == [] and all(q.torna for q in esito.raccolta.quadrature)
    assert list(sums(ente).programmi) == ["0102", "0103"]


def test_a_sum_of_something_unknown_is_not_known(ente: Path) -> None:
    resources(ente, ("01", "02", 10, 5), ("01", "03", 10))
    assert run.controlla(ente).rilievi == []
    assert sums(ente).missioni["01"] == Importi(Decimal(20), None, None)
    testo = written(ente)
    assert "importo non indicato" in testo and "Pagato" not in testo


def test_the_chapter_lists_what_has_only_money_or_only_obiettivi(ente: Path) -> None:
    """The schede are all of 01.03; the rows of zeros say nothing."""
    resources(ente, ("04", "02", "50.000,50", 1), ("12", "01", 0, 0))
    testo = written(ente)
    assert CON_RISORSE in testo and "Obiettivi e risorse: 2 missioni, 2 programmi" in testo
    assert "50.000,50" in testo and "Interventi per l'infanzia" not in testo
    assert "risorse e nessun obiettivo (1): 04.02 – Altri ordini di istruzione" in testo
    assert "obiettivi e nessuna risorsa (1): 01.03 – Gestione economica" in testo


def test_without_the_sheet_or_with_nothing_in_it_the_chapter_is_of_the_obiettivi(ente: Path) -> None:
    vuoto = written(ente)
    fx.remove_sheet(ente / ENTE, "Risorse")
    assert run.controlla(ente).rilievi == []
    assert TITOLO in vuoto and "Stanziato" not in vuoto and written(ente) == vuoto


def test_the_year_after_begins_without_amounts(ente: Path, tmp_path: Path) -> None:
    resources(ente, ("01", "03", 10))
    modelli.prepara(tmp_path / "riscritte", riscrivi=ente)
    assert openpyxl.load_workbook(tmp_path / "riscritte" / ENTE)["Risorse"]["C4"].value == 10
    modelli.prepara(tmp_path / "dopo", da=ente)
    assert openpyxl.load_workbook(tmp_path / "dopo" / ENTE)["Risorse"]["C4"].value is None


def test_an_amount_is_spelled_to_the_cent() -> None:
    assert [importo(Decimal(v)) for v in ("0", "1234.5", "1234567.89")] == [
        "0,00",
        "1.234,50",
        "1.234.567,89",
    ]
