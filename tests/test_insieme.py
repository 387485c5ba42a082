"""What make lotto tells of all the enti together: lotto.xlsx, the Parquet, the comparison by size."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from statistics import quantiles
from typing import Any

import duckdb
import fixtures_ente as fx
import openpyxl
import pytest
from house_rules import xlsx_faults
from lxml import html

from pipeline import excel, run
from pipeline.documents import manifest
from pipeline.documents.aperti import formati
from pipeline.documents.aperti.tavole import SETTORI, VOCI
from pipeline.documents.manifest import Chiesto
from pipeline.fine import in_breve
from pipeline.lotto import cartella_unica, confronto, enti, insieme, tavole
from pipeline.lotto.confronto import MISURE, Confronto, confronta, grandezza
from pipeline.lotto.enti import Fatto
from pipeline.veste import DOCUMENTI

NIENTE = Chiesto()
COLONNE = [colonna.nome for colonna in tavole.ENTI.colonne]


def many(done: Path, radice: Path, *nomi: str) -> tuple[list[Path], list[Fatto]]:
    """Copies of it with its documents, under `radice`/enti and `radice`/uscita, and how they ended."""
    for nome in nomi:
        shutil.copytree(done / "ente", radice / "enti" / nome)
        shutil.copytree(done / "uscita", radice / "uscita" / nome)
    return [radice / "enti" / nome for nome in nomi], [Fatto(nome, "pronti") for nome in nomi]


def sheet(percorso: Path, nome: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(percorso)[nome].iter_rows(values_only=True))


# ---------------------------------------------------------------------------- the tables of one ente


def test_the_tables_of_an_ente_are_those_of_its_documents(done: Path) -> None:
    fascicolo = run.controlla(done / "ente").fascicolo
    assert fascicolo is not None
    for tavola in tavole.TAVOLE:
        assert list(tavole.leggi(done / "uscita" / "2024", tavola)) == tavola.compila(fascicolo)


def test_the_figures_of_an_ente_are_those_of_its_manifest(done: Path) -> None:
    dell_ente = dict(
        zip(COLONNE, next(tavole.leggi(done / "uscita" / "2024", tavole.ENTI)), strict=True)
    )
    detto = manifest.leggi(done / "uscita" / "2024")
    medie = [float(dell_ente[nome]) for nome in ("grado", "media_settori", "media_obiettivi")]
    assert medie == list(detto["percentuali"].values())
    assert [dell_ente[nome] for nome in tavole.RILIEVI.values()] == list(detto["gravita"].values())
    assert dell_ente["differenza"] == dell_ente["dichiarato"] - dell_ente["misurato"] == Decimal("-5.00")


def test_tables_of_other_documents_are_not_believed_and_are_made_again(
    done: Path, tmp_path: Path
) -> None:
    """Those of make relazione have none; a kill -9 may come between the documents and their tables."""
    (cartella,), _ = many(done, tmp_path, "a")
    uscita = tmp_path / "uscita" / "a"
    assert tavole.valgono(uscita / "2024")
    run.relazione(cartella, uscita)
    assert not tavole.valgono(uscita / "2024")
    assert list(insieme.validi([cartella], tmp_path / "uscita")) == []
    fatto = enti.fai(cartella, uscita, NIENTE)
    assert fatto.gia_fatto and tavole.valgono(uscita / "2024")
    scritte = tavole.dove(uscita / "2024").read_text("utf-8")
    per_riga = scritte.splitlines(keepends=True)
    senza_una, tagliate = "".join([*per_riga[:-2], per_riga[-1]]), scritte[: len(scritte) // 2]
    altre_colonne = scritte.replace('"obiettivi_misurati"', '"misurabili"', 1)
    for altre in ("{", "", altre_colonne, senza_una, tagliate, scritte + "{"):
        tavole.dove(uscita / "2024").write_text(altre, "utf-8")
        assert not tavole.valgono(uscita / "2024")


# ------------------------------------------------------------------------------------------ lotto.xlsx


def written(
    done: Path,
    radice: Path,
    nomi: Iterable[str] = "ab",
    altri: Iterable[Fatto] = (),
    con_nomi: bool = False,
) -> insieme.Scritti:
    cartelle, fatti = many(done, radice, *nomi)
    return insieme.scrivi(cartelle, radice / "uscita", [*fatti, *altri], con_nomi)


def test_the_workbook_has_every_ente_and_the_rows_of_those_whose_documents_are_valid(
    done: Path, tmp_path: Path
) -> None:
    rotto = Fatto("rotto", "nessun documento", "F01 ente.xlsx: non si apre")
    written(done, tmp_path, "ab", [rotto])
    percorso = tmp_path / "uscita" / insieme.LOTTO
    assert list(xlsx_faults(percorso)) == []
    righe = sheet(percorso, "enti")[3:]
    assert [riga[:3] for riga in righe] == [
        ("a", "pronti", None),
        ("b", "pronti", None),
        ("rotto", "nessun documento", "F01 ente.xlsx: non si apre"),
    ]
    assert righe[0][6] == 96.67 and set(righe[2][3:]) == {None}
    for tavola in (SETTORI, VOCI):
        attese = list(tavole.leggi(done / "uscita" / "2024", tavola))
        scritte = [riga[0] for riga in sheet(percorso, tavola.nome)[3:]]
        assert scritte == ["a"] * len(attese) + ["b"] * len(attese)
    assert "3 enti: pronti 2, nessun documento 1." in [riga[0] for riga in sheet(percorso, "Inizio")]
    legame = openpyxl.load_workbook(percorso)["enti"]["A4"].hyperlink
    assert legame is not None and legame.target == r"a\2024\relazione_2024.docx"


def test_a_name_that_is_no_text_or_that_no_link_can_say_is_written_as_it_can_be(
    done: Path, tmp_path: Path
) -> None:
    guasto = Fatto("x\udce8", "non riuscito", "non si legge x\udce8/ente.xlsx")
    written(
        done,
        tmp_path,
        ["Un nome che è più lungo di quanto la colonna è larga", "a%20", "c:d", "e?f"],
        [guasto],
    )
    ws = openpyxl.load_workbook(tmp_path / "uscita" / insieme.LOTTO)["enti"]
    nomi = {riga[0].value: riga[0].hyperlink is not None for riga in ws.iter_rows(min_row=4)}
    assert nomi == {
        "Un nome che è più lungo di quanto la colonna è larga": True,
        **dict.fromkeys(["a%20", "c:d", "e?f", "x?"], False),
    }
    assert ws["C8"].value == "non si legge x?/ente.xlsx"
    assert ws.row_dimensions[4].height > 15


def test_every_column_is_explained_in_the_front_sheet(done: Path, tmp_path: Path) -> None:
    written(done, tmp_path)
    percorso = tmp_path / "uscita" / insieme.LOTTO
    spiegate = {(riga[0], riga[1]) for riga in sheet(percorso, "Inizio") if riga[2]}
    for nome in ("enti", "settori", "voci"):
        assert {(nome, titolo) for titolo in sheet(percorso, nome)[2]} <= spiegate


def test_what_changes_meanwhile_is_said_and_left_out(done: Path, tmp_path: Path) -> None:
    cartelle, fatti = many(done, tmp_path, "a", "b")
    with (cartelle[0] / fx.TECNICO).open("ab") as flusso:
        flusso.write(b"x")
    scritti = insieme.scrivi(cartelle, tmp_path / "uscita", fatti, False)
    assert scritti.note == [f"a resta fuori: {insieme.CAMBIATO}."]
    righe = sheet(tmp_path / "uscita" / insieme.LOTTO, "enti")[3:]
    assert [riga[:3] for riga in righe] == [
        ("a", "non riuscito", insieme.CAMBIATO),
        ("b", "pronti", None),
    ]


def test_what_a_full_sheet_does_not_hold_goes_on_in_another(
    done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cartella_unica, "MAX_RIGHE", 6)
    written(done, tmp_path, "abc")
    percorso = tmp_path / "uscita" / insieme.LOTTO
    assert list(xlsx_faults(percorso)) == []
    libro = openpyxl.load_workbook(percorso, read_only=True)
    voci = [nome for nome in libro.sheetnames if nome.startswith("voci")]
    attese = [
        ["abc"[n], *riga] for n in range(3) for riga in tavole.leggi(done / "uscita" / "2024", VOCI)
    ]
    assert voci == ["voci", *(f"voci {n + 2}" for n in range(len(voci) - 1))] and len(voci) > 1
    assert [r[0] for nome in voci for r in sheet(percorso, nome)[3:]] == [riga[0] for riga in attese]
    assert ("voci 2", "3 righe", "Continua il foglio «voci», che è pieno.") in sheet(percorso, "Inizio")


def test_text_is_text_also_in_a_workbook_that_grows_on_the_disk(tmp_path: Path) -> None:
    testi = ["<r><t>x</t></r>", "_x0041_", " prima e dopo ", "=1+1", "http://x", "a\nb"]
    libro = excel.Libro(tmp_path / "x.xlsx", DOCUMENTI, tmp_path)
    ws = libro.pagina("x")
    for riga, testo in enumerate(testi, start=1):
        excel.scrivi(ws, riga, 1, testo, libro.formati["testo"])
    libro.close()
    celle = [riga[0] for riga in sheet(tmp_path / "x.xlsx", "x")]
    assert celle == [testo.replace("_x0041_", "_x005F_x0041_") for testo in testi]
    assert [p.name for p in tmp_path.iterdir()] == ["x.xlsx"]


# --------------------------------------------------------------------------------------------- Parquet


def _plain(valore: Any) -> Any:
    return float(valore) if isinstance(valore, Decimal) else valore


def test_the_parquet_has_the_rows_of_all_with_whose_they_are(done: Path, tmp_path: Path) -> None:
    written(done, tmp_path)
    for tavola in tavole.TAVOLE:
        percorso = tmp_path / "uscita" / f"lotto_{tavola.nome}.parquet"
        righe = [list(r) for r in duckdb.read_parquet(str(percorso)).fetchall()]
        sue = list(tavole.leggi(done / "uscita" / "2024", tavola))
        assert [riga[:2] for riga in righe] == [[n, False] for n in "ab" for _ in sue]
        assert [[_plain(v) for v in riga[2:]] for riga in righe] == [
            [_plain(v) for v in riga] for riga in [*sue, *sue]
        ]


def test_a_column_is_what_it_is_said_to_be_whatever_its_first_rows_hold(tmp_path: Path) -> None:
    """The texts of the first enti may be missing, or be all digits."""
    tavola = replace(VOCI, colonne=VOCI.colonne[:6])
    righe: list[list[Any]] = [["12", 2024, None, 1, None, "007"]] * 3000 + [
        ["é", 2024, "x", 2, "y", "z"]
    ]
    formati.scrivi_parquet(tmp_path / "x.parquet", tavola, iter(righe), tmp_path)
    lette = duckdb.read_parquet(str(tmp_path / "x.parquet")).fetchall()
    assert (list(lette[0]), list(lette[-1])) == (righe[0], righe[-1])


@pytest.mark.skipif(sys.platform != "linux", reason="no such file elsewhere")
def test_a_disk_that_is_full_is_told_as_such_of_a_parquet_too() -> None:
    with pytest.raises(OSError, match="No space") as preso:
        formati.scrivi_parquet(Path("/dev/full"), VOCI, [])
    assert in_breve(preso.value).endswith("/dev/full: non c'è più spazio")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not take such names")
def test_a_folder_whose_name_is_no_text_is_told_with_its_reason(tmp_path: Path) -> None:
    cartella = tmp_path / os.fsdecode(b"\xe8")
    cartella.mkdir()
    with pytest.raises(OSError, match="not text") as preso:
        formati.scrivi_parquet(cartella / "x.parquet", VOCI, [])
    assert in_breve(preso.value).endswith("nel nome ci sono caratteri guasti")


def test_without_duckdb_it_is_said_in_a_line_and_nothing_old_is_left(
    done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cartelle, fatti = many(done, tmp_path, "a")
    insieme.scrivi(cartelle, tmp_path / "uscita", fatti, nomi=False)
    monkeypatch.setattr(insieme, "con_parquet", lambda: False)
    scritti = insieme.scrivi(cartelle, tmp_path / "uscita", fatti, nomi=False)
    assert not list((tmp_path / "uscita").glob("*.parquet"))
    assert [p.name for p in scritti.documenti] == [insieme.LOTTO, insieme.CONFRONTO, insieme.PAGINA]
    assert scritti.note == [insieme.SENZA_PARQUET]


def test_the_same_enti_give_the_same_bytes_and_what_a_person_changed_is_kept(
    done: Path, tmp_path: Path
) -> None:
    prima = written(done, tmp_path)
    impronte = [manifest.impronta(percorso) for percorso in prima.documenti]
    with prima.documenti[0].open("ab") as flusso:
        flusso.write(b"x")
    fatti = [Fatto(nome, "pronti") for nome in "ab"]
    dopo = insieme.scrivi([tmp_path / "enti" / n for n in "ab"], tmp_path / "uscita", fatti, nomi=False)
    assert [manifest.impronta(percorso) for percorso in dopo.documenti] == impronte
    assert [percorso.name for percorso in dopo.conservati] == ["lotto_ritoccata_1.xlsx"]


# -------------------------------------------------------------------------------------- the comparison


def figures(n: int, **sue: Any) -> list[Any]:
    """The row of an ente, with some figures of its own."""
    comuni = dict.fromkeys(COLONNE, 0) | {"ente": f"Comune {n}", "anno": 2024, "settori": 5}
    return [f"c{n}", sue.pop("bozza", False), *({**comuni, **sue}[nome] for nome in COLONNE)]


def groups(confrontati: Confronto, misura: str) -> Iterator[tuple[str, int, list[float] | None]]:
    sua = next(m for m in MISURE if m.nome == misura)
    for gruppo in confrontati.gruppi[sua]:
        quartili = gruppo.quartili and [float(valore) for valore in gruppo.quartili.values()]
        yield gruppo.grandezza, gruppo.quanti, quartili


GRADI = (88.0, 92.5, 71.25, 100.0, 64.0, 99.9)


def test_the_quartiles_are_those_of_the_enti_of_a_size() -> None:
    righe = [figures(n, grado=Decimal(str(grado))) for n, grado in enumerate(GRADI)]
    righe += [figures(9, grado=Decimal(50), settori=2)]
    gruppi = {nome: altro for nome, *altro in groups(confronta(righe, len(righe)), "grado")}
    attesi = [round(q, 2) for q in quantiles(GRADI, method="inclusive")]
    assert gruppi["da 4 a 6 settori"] == [6, pytest.approx(attesi, abs=0.006)]
    assert gruppi["fino a 3 settori"] == [1, None] and gruppi["più di 10 settori"] == [0, None]
    assert gruppi[confronto.TUTTI][0] == 7


def test_a_group_of_less_than_five_has_no_quartiles_also_where_only_some_have_the_figure() -> None:
    gradi = [None, None, *map(Decimal, (70, 80, 90, 100))]
    confrontati = confronta([figures(n, grado=grado) for n, grado in enumerate(gradi)], 6)
    assert {n: c for n, *c in groups(confrontati, "grado")}["da 4 a 6 settori"] == [4, None]
    cinque = confronta([figures(n, grado=Decimal(90)) for n in range(5)], 5)
    assert {n: c for n, *c in groups(cinque, "grado")}["da 4 a 6 settori"] == [5, [90.0] * 3]


def test_what_is_measured_is_a_share_of_all_and_no_indicatori_are_no_share() -> None:
    righe = [figures(n, indicatori=8, misurati=n, obiettivi=4, obiettivi_misurati=1) for n in range(5)]
    confrontati = confronta([*righe, figures(9, indicatori=0)], 6)
    assert list(groups(confrontati, "misurati"))[1] == ("da 4 a 6 settori", 5, [12.5, 25.0, 37.5])
    assert list(groups(confrontati, "obiettivi_misurati"))[1][1:] == (5, [25.0] * 3)


def test_drafts_and_those_without_documents_are_out_and_counted() -> None:
    righe = [figures(n, grado=Decimal(90)) for n in range(5)]
    righe += [figures(7, grado=Decimal(0), bozza=True, anno=2023), figures(8, anno=2023)]
    confrontati = confronta(righe, 9)
    assert list(groups(confrontati, "grado"))[-1] == (confronto.TUTTI, 6, [90.0] * 3)
    assert confrontati.frasi[:4] == [
        "Si confrontano 6 enti con i documenti pronti.",
        "1 ente è in bozza, e resta fuori: le cifre possono cambiare.",
        "2 enti non hanno documenti validi, e restano fuori.",
        "Non sono tutti dello stesso anno, e il confronto li mette insieme: 2023 (1) e 2024 (5).",
    ]


def test_without_any_ente_there_is_nothing_to_compare_and_it_is_said() -> None:
    confrontati = confronta([], 3)
    assert confrontati.frasi[0] == "Si confrontano 0 enti con i documenti pronti."
    assert all(gruppo.quartili is None for gruppi in confrontati.gruppi.values() for gruppo in gruppi)


@pytest.mark.parametrize(("settori", "sua"), [(0, 0), (3, 0), (4, 1), (6, 1), (10, 2), (11, 3), (99, 3)])
def test_every_number_of_settori_is_of_a_size(settori: int, sua: int) -> None:
    assert grandezza(settori) == confronto.GRANDEZZE[sua][0]


def test_the_names_of_the_enti_are_there_only_when_asked_for(done: Path, tmp_path: Path) -> None:
    for chiesti in (False, True):
        radice = tmp_path / str(chiesti)
        written(done, radice, ("Alfa", "Beta", "Gamma", "Delta", "Eta"), con_nomi=chiesti)
        libro = openpyxl.load_workbook(radice / "uscita" / insieme.CONFRONTO)
        assert list(xlsx_faults(radice / "uscita" / insieme.CONFRONTO)) == []
        detti = {str(c) for ws in libro for riga in ws.iter_rows(values_only=True) for c in riga}
        pagina = (radice / "uscita" / insieme.PAGINA).read_text("utf-8")
        assert ("Alfa" in detti, "Comune di Prova" in detti) == (chiesti, chiesti)
        assert "Alfa" not in pagina and "Comune di Prova" not in pagina and "96,67" in pagina


def test_the_page_can_be_listened_to_and_asks_for_nothing(done: Path, tmp_path: Path) -> None:
    written(done, tmp_path, "abcde")
    pagina = html.parse(tmp_path / "uscita" / insieme.PAGINA).getroot()
    assert pagina.get("lang") == "it" and len(pagina.xpath("//h1")) == 1
    disegni = pagina.xpath("//svg")
    assert len(disegni) == len(MISURE)
    for disegno in disegni:
        detti = [pagina.get_element_by_id(n).text for n in disegno.get("aria-labelledby").split()]
        assert disegno.get("role") == "img" and all(detti)
    assert len(pagina.xpath("//table/caption")) == len(MISURE) + 1
    assert not pagina.xpath("//@src | //link | //script") and not pagina.xpath("//a[not(@href)]")
    nomi = pagina.xpath("//@id")
    assert len(nomi) == len(set(nomi))
    assert {a.removeprefix("#") for a in pagina.xpath("//a/@href")} <= set(nomi)
