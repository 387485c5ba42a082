"""A LibreOffice workbook reads as the .xlsx it was, or would be."""

import shutil
import subprocess
from pathlib import Path

import fixtures_ente as fx
import pytest
import xlsxwriter
from conftest import ESEMPIO
from corpus_ostile import ODF, as_ods, ods, ods_cell, ods_parts, ods_table, row, zipped
from libreoffice import convert, convert_all, needs_soffice
from test_grid import FORMATS
from test_run import PUBBLICATE

from pipeline import ingest, modelli, numeri, run
from pipeline.rilievi import Rilievo
from pipeline.tables import Tabelle, righe
from pipeline.workbooks.grid import Cartella, FileRifiutato, Foglio
from pipeline.workbooks.lettore import apri


def saved(cartella: Path, contenuto: bytes, nome: str = "prova.ods") -> Path:
    percorso = cartella / nome
    percorso.write_bytes(contenuto)
    return percorso


def read(cartella: Path, righe_xml: str) -> Foglio:
    return apri(saved(cartella, ods(righe_xml))).fogli["Foglio1"]


def typed(tipo: str, valore: str = "", testo: str = "", altro: str = "") -> str:
    """A cell of a declared type, the value of which stands in an attribute."""
    quale = {"float": "value", "percentage": "value", "currency": "value"}.get(tipo, f"{tipo}-value")
    valore = f' office:{quale}="{valore}"' if valore else ""
    paragrafo = f"<text:p>{testo}</text:p>" if testo else ""
    return f'<table:table-cell office:value-type="{tipo}"{valore} {altro}>{paragrafo}</table:table-cell>'


def text(contenuto: str) -> str:
    return f'<table:table-cell office:value-type="string">{contenuto}</table:table-cell>'


# ------------------------------------------------------------------------------------------ the values


@pytest.mark.parametrize(
    ("cella", "atteso"),
    [
        (typed("float", "42", "42,00"), "42"),
        (typed("float", "0.1", "0,1"), "0,1"),
        (typed("percentage", "0.6452", "65%"), "64,52%"),
        (typed("percentage", "0.57"), "57%"),
        (typed("currency", "12.5", "12,50 €"), "12,5 €"),
        (typed("boolean", "true", "VERO"), "VERO"),
        (typed("boolean", "false", "FALSO"), "FALSO"),
        (typed("boolean", "true"), "VERO"),
        (typed("float", "1", "VERO", 'table:formula="of:=TRUE()"'), "VERO"),
        (typed("float", "0", "FALSE", 'table:formula="of:=1=2"'), "FALSO"),
        (typed("date", "2024-06-30", "30 giugno 2024"), "30/06/2024"),
        (typed("date", "2024-06-30"), "30/06/2024"),
        (typed("date", "2024-06-30T14:05:00", "30/06/24 14:05"), "30/06/2024 14:05"),
        (typed("date", "2024-06-30T14:05:00.123456789Z", "30/06/24"), "30/06/2024"),
        (typed("date", "2024-06-29T22:00:00Z", "30/06/2024"), "30/06/2024"),
        (typed("date", "-0044-03-15", "15 marzo 44 a.C."), "15 marzo 44 a.C."),
        (typed("time", "PT14H05M00S", "x"), "14:05"),
        (typed("time", "PT26H30M00S", "x"), "26:30"),
        (typed("time", "-PT01H00M00S", "-1:00"), "-1:00"),
        (typed("string", "da formula", "da formula"), "da formula"),
        (typed("string", "da formula"), "da formula"),
        (ods_cell("= + - @"), "= + - @"),
    ],
)
def test_every_type_reads_as_a_person_sees_it(tmp_path: Path, cella: str, atteso: str) -> None:
    assert read(tmp_path, row(cella)).testo(1, 1) == atteso


@pytest.mark.parametrize(
    ("contenuto", "atteso"),
    [
        ("<text:p>uno</text:p><text:p/><text:p>due</text:p>", "uno\n\ndue"),
        ("<text:p>uno<text:line-break/>due<text:tab/>tre</text:p>", "uno\ndue\ttre"),
        ('<text:p><text:s text:c="2"/>a <text:s/>b</text:p>', "  a  b"),
        ("<text:p>\n   a\n   b</text:p>", "a b"),
        ("<text:p>ric<text:span>co</text:span> <text:a>qui</text:a></text:p>", "ricco qui"),
        (
            "<office:annotation><text:p>commento</text:p></office:annotation><text:p>testo</text:p>",
            "testo",
        ),
        ("<text:h>titolo</text:h><text:p>testo</text:p>", "titolo\ntesto"),
        (
            "<text:list><text:list-item><text:p>uno</text:p></text:list-item></text:list>due",
            "uno\ndue",
        ),
        ("<text:p>testo</text:p><draw:frame><text:p>riquadro</text:p></draw:frame>", "testo"),
    ],
)
def test_the_text_of_a_cell_and_nothing_else(tmp_path: Path, contenuto: str, atteso: str) -> None:
    """Line breaks, tabs and blanks stay; comments and drawings are no content."""
    assert read(tmp_path, row(text(contenuto))).testo(1, 1) == atteso


def test_errors_and_formulas_are_noticed(tmp_path: Path) -> None:
    formula = 'table:formula="of:=1/0"'
    celle = (
        typed("string", "", "#DIV/0!", formula)  # as older versions keep it
        + typed("float", "0", "Err:522", formula)
        + typed("string", "", "#REF!", "calcext:value-type='error'")
        + f"<table:table-cell {formula}/>"
        + typed("float", "4", "4", formula)
        + typed("string", "", "", formula)
    )
    spazio = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
    foglio = read(tmp_path, row(celle, f' xmlns:calcext="{spazio}"'))
    assert foglio.errori == {(1, 1): "#DIV/0!", (1, 2): "Err:522", (1, 3): "#RIF!"}
    assert foglio.non_calcolate == {(1, 4)}
    assert foglio.formule == {(1, colonna) for colonna in (1, 2, 4, 5, 6)}
    assert foglio.celle == {(1, 5): 4.0}


def test_values_stand_at_their_addresses(tmp_path: Path) -> None:
    """Repeated rows and cells, covered cells, heading rows and groups: every way to count them."""
    vuote = ods_cell(None, ' table:number-columns-repeated="3"')
    coperta = '<table:covered-table-cell table:number-columns-repeated="2"/>'
    testa, sesta = row(ods_cell("testa")), ods_cell("D6") + coperta + ods_cell("G6")
    righe_xml = (
        f"<table:table-header-rows>{testa}</table:table-header-rows>"
        + row("", ' table:number-rows-repeated="4"')
        + f"<table:table-row-group>{row(vuote + sesta)}</table:table-row-group>"
        + row(ods_cell("due", ' table:number-columns-repeated="2"'), ' table:number-rows-repeated="2"')
        + row(ods_cell("fine"))
        + row(
            ods_cell(None, ' table:number-columns-repeated="16384"'),
            ' table:number-rows-repeated="1048000"',
        )
    )
    due = {(riga, colonna): "due" for riga in (7, 8) for colonna in (1, 2)}
    attese = {(1, 1): "testa", (6, 4): "D6", (6, 7): "G6", **due, (9, 1): "fine"}
    assert read(tmp_path, righe_xml).celle == attese


def test_cells_merged_downwards_are_noted(tmp_path: Path) -> None:
    unita = ods_cell("capo", ' table:number-rows-spanned="3"')
    foglio = read(tmp_path, row(ods_cell(None)) + row(ods_cell(None) + unita) + row("") * 2)
    assert foglio.unite == {(3, 2): (2, 2), (4, 2): (2, 2)}


def test_only_the_sheets_of_the_workbook(tmp_path: Path) -> None:
    """Old versions, tables inside drawings and copies of other files are not its sheets."""
    estranea = ods_table("estranea", row(ods_cell("x")))
    parti = ods_parts(
        f"<table:tracked-changes>{estranea}</table:tracked-changes>"
        + ods_table("'file:///c:/altro.ods'#$Foglio1", row(ods_cell("x")))
        + ods_table("Vero", f"<table:shapes><draw:frame>{estranea}</draw:frame></table:shapes>")
        + f"<table:dde-links>{estranea}</table:dde-links>"
    )
    cartella = apri(saved(tmp_path, zipped(parti)))
    assert list(cartella.fogli) == ["Vero"]
    assert [r.codice for r in cartella.rilievi] == ["F11"]


def test_what_stands_in_another_file_is_said(tmp_path: Path) -> None:
    formula = "table:formula=\"of:=['../altro.ods'#$Foglio1.A1]\""
    cartella = apri(saved(tmp_path, ods(row(typed("float", "7", "7", formula)))))
    assert cartella.fogli["Foglio1"].testo(1, 1) == "7"
    assert [r.codice for r in cartella.rilievi] == ["F11"]


def test_macros_are_left_out_and_said(tmp_path: Path) -> None:
    parti = ods_parts(ods_table("Uno", row(ods_cell("x")))) | {"Basic/Standard/Module1.xml": b"<x/>"}
    cartella = apri(saved(tmp_path, zipped(parti)))
    assert cartella.fogli["Uno"].celle == {(1, 1): "x"}
    assert [r.codice for r in cartella.rilievi] == ["F10"]


def test_what_a_file_is_its_content_says(tmp_path: Path) -> None:
    """An .ods called .xlsx, and the other way round, read as what they are."""
    mondo = fx.write_world(tmp_path / "ente")
    buono = (mondo / fx.TECNICO).read_bytes()
    as_it_is = apri(mondo / fx.TECNICO)
    for contenuto, nome in ((zipped(as_ods(buono)), "a.xlsx"), (buono, "b.ods")):
        assert texts(apri(saved(tmp_path, contenuto, nome))) == texts(as_it_is)


MANIFEST = "META-INF/manifest.xml"
SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"


def manifest(tipo: str, dentro: str = "") -> bytes:
    spazio = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return (
        f'<m:manifest xmlns:m="{spazio}">'
        f'<m:file-entry m:full-path="Object 1/" m:media-type="{SPREADSHEET}"/>'
        f'<m:file-entry m:full-path="/" m:media-type="{tipo}">{dentro}</m:file-entry></m:manifest>'
    ).encode()


@pytest.mark.parametrize(
    "nuove",
    [
        {"mimetype": SPREADSHEET.replace("/vnd", "/x-vnd").encode()},
        {"mimetype": f"{SPREADSHEET}-template".encode()},
        {"mimetype": b"\xef\xbb\xbf" + SPREADSHEET.encode() + b"\r\n"},
        {"mimetype": None, MANIFEST: manifest(SPREADSHEET)},
        {"mimetype": b"application/zip", MANIFEST: manifest(SPREADSHEET)},
        {"mimetype": None},
        {"mimetype": None, MANIFEST: None},
    ],
)
def test_the_ways_to_say_that_it_is_an_ods(tmp_path: Path, nuove: dict[str, bytes | None]) -> None:
    parti = ods_parts(ods_table("Uno", row(ods_cell("x")))) | nuove
    presenti = {nome: parte for nome, parte in parti.items() if parte is not None}
    assert apri(saved(tmp_path, zipped(presenti))).fogli["Uno"].celle == {(1, 1): "x"}


@pytest.mark.parametrize(
    ("nuove", "codice"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, "F01"),
        ({"mimetype": None, MANIFEST: manifest(SPREADSHEET.replace("spreadsheet", "text"))}, "F01"),
        ({MANIFEST: manifest(SPREADSHEET, "<m:encryption-data/>")}, "F02"),
        ({"content.xml": None, "encrypted-package": b"\x00" * 64}, "F02"),
        ({"mimetype": None, "content.xml": None}, "F01"),
    ],
)
def test_what_looks_like_an_ods(tmp_path: Path, nuove: dict[str, bytes | None], codice: str) -> None:
    parti = ods_parts(ods_table("Uno", row(ods_cell("x")))) | nuove
    presenti = {nome: parte for nome, parte in parti.items() if parte is not None}
    with pytest.raises(FileRifiutato) as preso:
        apri(saved(tmp_path, zipped(presenti)))
    assert preso.value.rilievo.codice == codice


def test_percentages_and_dates_only_in_the_shown_text(tmp_path: Path) -> None:
    """As SheetJS saves them: the numbers alone, and what they look like."""
    cartella = Path(shutil.copytree(ESEMPIO, tmp_path / "ente"))
    buono = cartella / "polizia_locale.xlsx"
    mostrati = {
        "B22": ods_cell("almeno 90%"),
        "C22": typed("float", "0.95", "95%"),
        "B23": ods_cell("entro il 30/06/2020"),
        "C23": typed("float", "43997", "15/06/2020"),
        "B24": ods_cell("30"),
        "C24": typed("float", "28", "27 giorni"),
    }
    fx.put_many(buono, "Scheda 1", {cella: f"qui {cella}" for cella in mostrati})
    contenuto = as_ods(buono.read_bytes())
    buono.unlink()
    xml = contenuto["content.xml"].decode()
    for cella, mostrato in mostrati.items():
        xml = xml.replace(ods_cell(f"qui {cella}"), mostrato)
    saved(cartella, zipped(contenuto | {"content.xml": xml.encode()}), "polizia_locale.ods")
    esito = run.controlla(cartella)
    assert esito.fascicolo is not None
    indicatori = {
        riga["riga"]: (riga["raggiunto"], riga["grado_misurato"])
        for riga in righe(esito.fascicolo.tabelle.indicatori)
        if (riga["settore"], riga["scheda"]) == ("polizia_locale", 1)
    }
    assert [indicatori[riga] for riga in (22, 23, 24)] == [("95%", 100), ("15/06/2020", 100), ("", None)]
    discordi = [(r.foglio, r.cella) for r in esito.rilievi if r.codice == "C16"]
    assert discordi == [("Scheda 1", "C24")]


def texts(cartella: Cartella) -> dict[str, dict[tuple[int, int], str]]:
    return {
        nome: {posto: foglio.testo(*posto) for posto in sorted(foglio.celle)}
        for nome, foglio in cartella.fogli.items()
    }


# ------------------------------------------------------------------------- as LibreOffice writes them


MISSIONI = ESEMPIO / "esempio_missioni"


@pytest.fixture(scope="module")
def converted(libreoffice: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbooks of the examples, saved by LibreOffice as .ods."""
    cartella = tmp_path_factory.mktemp("ods")
    convert_all(sorted(ESEMPIO.glob("*.xlsx")), cartella, "ods")
    convert_all(sorted(MISSIONI.glob("*.xlsx")), cartella / MISSIONI.name, "ods")
    return cartella


def contents(tabelle: Tabelle) -> dict[str, list[dict[str, object]]]:
    """All the rows of the tables, whatever the format of the files they come from."""
    di_formato = {"sha256", "complessiva"}  # what the program that saved it has worked out
    return {
        nome: [
            {k: v for k, v in {**riga, "file": Path(riga["file"]).stem}.items() if k not in di_formato}
            | ({"posti": ""} if nome == "provenienza" else {})
            for riga in righe(df)
        ]
        for nome, df in tabelle.per_nome().items()
    }


@needs_soffice
@pytest.mark.parametrize("esempio", [ESEMPIO, MISSIONI], ids=["schede", "missioni"])
def test_an_example_as_ods_gives_the_same_tables(converted: Path, esempio: Path) -> None:
    come_xlsx = run.controlla(esempio)
    come_ods = run.controlla(converted / esempio.relative_to(ESEMPIO))
    assert contents(come_ods.raccolta.tabelle) == contents(come_xlsx.raccolta.tabelle)
    assert told(come_ods.rilievi) == told(come_xlsx.rilievi)
    assert len(come_ods.raccolta.quadrature) == len(list(esempio.glob("*.xlsx")))
    assert all(q.torna for q in come_ods.raccolta.quadrature)


def told(rilievi: list[Rilievo]) -> list[tuple[str, ...]]:
    return [(r.codice, r.foglio, r.cella, r.messaggio.replace(".ods", ".xlsx")) for r in rilievi]


@needs_soffice
def test_the_example_as_ods_gives_the_published_percentages(converted: Path) -> None:
    come_ods = run.controlla(converted)
    assert come_ods.fascicolo is not None
    trovate = {
        r.settore: (numeri.percentuale(r.grado), r.obiettivi, r.valutati)
        for r in come_ods.fascicolo.settori
    }
    assert trovate == PUBBLICATE


@needs_soffice
def test_without_its_hidden_sheet_an_ods_is_known_by_its_properties(
    converted: Path, tmp_path: Path
) -> None:
    percorso = Path(shutil.copy(converted / "polizia_locale.ods", tmp_path))

    def hide(parti: dict[str, bytes]) -> None:
        parti["content.xml"] = parti["content.xml"].replace(b'"_modello"', b'"altro"')

    fx.rewrite(percorso, hide)
    assert ingest.leggi_sola(apri(percorso))[1] == "polizia_locale"


@needs_soffice
def test_last_year_s_ods_is_carried_over(converted: Path, tmp_path: Path) -> None:
    preparati = modelli.prepara(tmp_path / "nuovo", da=converted)
    assert preparati.rilievi == []
    assert len(preparati.scritti) == 8


@needs_soffice
def test_a_workbook_that_came_back_as_ods_is_not_written_again(converted: Path, tmp_path: Path) -> None:
    cartella = Path(shutil.copytree(converted, tmp_path / "ente"))
    preparati = modelli.prepara(cartella)
    assert preparati.scritti == []
    assert {percorso.suffix for percorso in preparati.presenti} == {".ods"}


@needs_soffice
def test_all_kinds_of_cells_as_libreoffice_saves_them(tmp_path: Path) -> None:
    """The same text, error and formula in every cell, after a conversion to .ods."""
    libro = xlsxwriter.Workbook(str(tmp_path / "tipi.xlsx"))
    ws = libro.add_worksheet("S1")
    for riga, (valore, formato, _) in enumerate(FORMATS):
        ws.write(riga, 0, valore, libro.add_format({"num_format": formato}))
    testi = [
        "uno\ndue",
        "  spazi   in  mezzo ",
        "tab\tqui",
        "a\n\nb",
        "<b>&amp;\"'",
        "=1+1",
        "1,5",
        "€ –",
    ]
    for riga, testo in enumerate(testi):
        ws.write_string(riga, 1, testo)
    formule = [("=1/0", "#DIV/0!"), ("=NA()", "#N/A"), ('="a"&"b"', "ab"), ("=1=1", True), ('=""', "")]
    for riga, (formula, risultato) in enumerate(formule):
        ws.write_formula(riga, 2, formula, None, risultato)
    ws.write_comment("B1", "un commento\nlungo")
    ws.insert_textbox("E5", "un riquadro")
    ws.merge_range("E1:G2", "unita")
    ws.write_row("A30", ["uguale"] * 5)
    ws.repeat_rows(0, 2)
    ws.set_row(4, None, None, {"level": 1, "hidden": True})
    libro.add_worksheet("Nascosto").hide()
    libro.close()
    prima = apri(tmp_path / "tipi.xlsx")
    dopo = apri(convert(tmp_path / "tipi.xlsx", tmp_path, "ods"))
    assert texts(dopo) == texts(prima)
    for nome, foglio in prima.fogli.items():
        assert dopo.fogli[nome].errori == foglio.errori
        assert dopo.fogli[nome].unite == foglio.unite
        assert dopo.fogli[nome].formule >= foglio.formule  # a VERO typed in becomes =VERO()


@pytest.mark.lungo
@pytest.mark.skipif(not shutil.which("ssconvert"), reason="Gnumeric is not installed")
@pytest.mark.parametrize("formato", ["ods", "xlsx"])
def test_the_example_saved_by_gnumeric_gives_the_same_tables(tmp_path: Path, formato: str) -> None:
    for percorso in ESEMPIO.glob("*.xlsx"):
        comando = ["ssconvert", percorso, tmp_path / f"{percorso.stem}.{formato}"]
        subprocess.run(comando, check=True, capture_output=True, timeout=120)
    prima, dopo = run.controlla(ESEMPIO), run.controlla(tmp_path)
    assert senza_salvato(contents(dopo.raccolta.tabelle)) == senza_salvato(
        contents(prima.raccolta.tabelle)
    )
    assert told(dopo.rilievi) == told(prima.rilievi)


def senza_salvato(tabelle: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    """Gnumeric keeps no day on which a person saved the file."""
    for riga in tabelle["provenienza"]:
        riga.pop("salvato")
    return tabelle


# --------------------------------------------------------------------------------- .ods beside .xlsx


def test_a_settore_in_two_formats_is_a_settore_twice(tmp_path: Path) -> None:
    cartella = fx.write_world(tmp_path / "ente")
    saved(cartella, zipped(as_ods((cartella / fx.TECNICO).read_bytes())), "tecnico.ods")
    trovati = [(r.codice, r.file) for r in run.controlla(cartella).rilievi]
    assert trovati == [("M06", "tecnico.ods"), ("M06", "tecnico.xlsx")]


def test_ente_may_come_as_ods(tmp_path: Path) -> None:
    cartella = fx.write_world(tmp_path / "ente")
    saved(cartella, zipped(as_ods((cartella / fx.ENTE).read_bytes())), "Ente.ods")
    (cartella / fx.ENTE).unlink()
    esito = run.controlla(cartella)
    assert esito.rilievi == []
    assert esito.raccolta.anno == fx.ANNO


def test_ente_in_two_formats_is_not_read_at_all(tmp_path: Path) -> None:
    cartella = fx.write_world(tmp_path / "ente")
    saved(cartella, zipped(as_ods((cartella / fx.ENTE).read_bytes())), "ente.ods")
    esito = run.controlla(cartella)
    assert [(r.codice, r.file) for r in esito.rilievi] == [("M06", "ente.ods"), ("M06", "ente.xlsx")]
    assert esito.rilievi[0].messaggio.startswith("I dati dell'ente sono anche in ente.xlsx: ")
    assert esito.raccolta.anno is None


# -------------------------------------------------------------------------------------------- the marks

STYLES = "".join(
    f'<style:style style:name="{nome}" style:family="{famiglia}">'
    f"<style:text-properties {che}/></style:style>"
    for nome, famiglia, che in (
        ("alto", "text", 'style:text-position="super 58%"'),
        ("su", "text", 'style:text-position="33% 58%"'),
        ("giu", "text", 'style:text-position="-33% 58%"'),
        ("piano", "text", 'style:text-position="0% 100%"'),
        ("via", "text", 'style:text-line-through-style="solid"'),
        ("tutta", "table-cell", 'style:text-line-through-type="single"'),
    )
) + (
    '<style:style style:name="aperta" style:family="table-cell">'
    '<style:table-cell-properties style:cell-protect="none"/></style:style>'
)


@pytest.mark.parametrize(
    ("stile", "segno"),
    [("alto", "in apice"), ("su", "in apice"), ("giu", "in pedice"), ("via", "barrato"), ("piano", "")],
)
def test_a_mark_on_a_run_is_known(stile: str, segno: str, tmp_path: Path) -> None:
    """«32» with a superscript 1 is not 321."""
    testo = f'<text:p>32<text:span text:style-name="{stile}">1</text:span></text:p>'
    foglio = _styled(
        tmp_path, f'<table:table-cell office:value-type="string">{testo}</table:table-cell>'
    )
    assert foglio.testo(1, 1) == "321"
    assert foglio.segnate.get((1, 1), ()) == ((("32", ""), ("1", segno)) if segno else ())


def test_a_mark_on_a_whole_cell_is_known(tmp_path: Path) -> None:
    cella = ods_cell(90, ' table:style-name="tutta"')
    assert _styled(tmp_path, cella).segnate == {(1, 1): (("90", "barrato"),)}


def test_the_cells_that_are_not_locked_are_known(tmp_path: Path) -> None:
    """By their own style, also repeated and empty, or by that of their column; but for the blank rows
    under a form, down to the last one that a sheet can have."""
    mia, altra = (f'<table:table-cell table:style-name="{nome}"' for nome in ("aperta", "tutta"))
    colonne = '<table:table-column/><table:table-column table:default-cell-style-name="aperta"/>'
    riga = f'{mia} table:number-columns-repeated="2"/>{altra}/>'
    righe = f"<table:table-row><table:table-cell/><table:table-cell/></table:table-row>{_row(riga)}"
    righe += _row(f"{altra}/>{altra}/>") + _row(f"{mia}/>", 1_048_000)
    foglio = _sheet(tmp_path, colonne + righe, 'table:protected="true"')
    assert foglio.protetto
    assert foglio.sbloccate == {(1, 2), (2, 1), (2, 2)}
    assert foglio.bloccate([(1, 1), (1, 2), (2, 3), (3, 2)]) == [(1, 1), (2, 3), (3, 2)]


def _row(celle: str, volte: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{volte}">{celle}</table:table-row>'


def _styled(tmp_path: Path, cella: str) -> Foglio:
    return _sheet(tmp_path, _row(cella))


def _sheet(tmp_path: Path, dentro: str, altro: str = "") -> Foglio:
    parti = ods_parts(ods_table("S", dentro))
    contenuto = parti["content.xml"].decode().replace('table:name="S"', f'table:name="S" {altro}')
    inizio = f"<office:automatic-styles>{STYLES}</office:automatic-styles><office:body>"
    stili = f' xmlns:style="{ODF}:style:1.0"><office:body>'
    contenuto = contenuto.replace("><office:body>", stili, 1).replace("<office:body>", inizio, 1)
    return apri(saved(tmp_path, zipped(parti | {"content.xml": contenuto.encode()}))).fogli["S"]
