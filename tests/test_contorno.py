"""What is there and is not read is said: what stands over the cells, what is hidden, what is spoiled."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import fixtures_ente as fx
import openpyxl
import pytest
from conftest import ESEMPIO
from corpus_ostile import ODF, ods_cell, ods_parts, ods_table, row, zipped
from fixtures_ente import AREA, OPERATIVI, TECNICO, below, put, put_many
from libreoffice import convert, needs_soffice
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.workbook import Workbook
from PIL import Image as Picture
from test_correzioni import annotated, listed, note_of
from test_rilievi import found

from pipeline import run
from pipeline.documents.ritorno import correzioni
from pipeline.guasti import parole_guaste
from pipeline.rilievi import Rilievo
from pipeline.tables import righe
from pipeline.workbooks import contorno, missioni, schede, settore
from pipeline.workbooks.aspetto import Aspetto
from pipeline.workbooks.grid import Cartella, Elemento
from pipeline.workbooks.lettore import apri

DIFFICILI = Path(__file__).parent / "cartelle_difficili"
VERSIONE_1 = Path(__file__).parent / "versione_1"
"""Of which the difficult workbooks are."""
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SCHEDA = "Scheda 1"


def example_with(file: str, cartella: Path) -> Path:
    """The example, with a difficult workbook in the place of polizia_locale.xlsx."""
    ente = Path(shutil.copytree(VERSIONE_1, cartella / "ente", ignore=lambda *_: ["esempio_missioni"]))
    shutil.copy(DIFFICILI / file, ente / "polizia_locale.xlsx")
    return ente


def of_polizia(esito: run.Esito) -> list[Rilievo]:
    """The findings of the workbook that are not those of the good one."""
    suoi = [r for r in esito.rilievi if r.file == "polizia_locale.xlsx"]
    return [r for r in suoi if (r.codice, r.foglio, r.cella) not in _of_the_good_one()]


@cache
def _good() -> run.Esito:
    return run.controlla(VERSIONE_1)


def _of_the_good_one() -> set[tuple[str, str, str]]:
    return {(r.codice, r.foglio, r.cella) for r in _good().rilievi}


def change(percorso: Path, cambia: Callable[[Workbook], object]) -> None:
    libro = openpyxl.load_workbook(percorso)
    cambia(libro)
    libro.save(percorso)


def add_parts(
    percorso: Path, foglio: str, relazioni: dict[str, str], parti_nuove: dict[str, str]
) -> None:
    """Add parts to a workbook, some of them related to a sheet: target -> what for."""

    def damage(parti: dict[str, bytes]) -> None:
        cartella, _, nome = fx.sheet_part(parti, foglio).rpartition("/")
        legami = "".join(
            f'<Relationship Id="rIdN{n}" Type="{REL}/{tipo}" Target="{meta}"/>'
            for n, (meta, tipo) in enumerate(relazioni.items())
        )
        quali = f"{cartella}/_rels/{nome}.rels"
        prima = parti.get(quali, b"<Relationships></Relationships>")
        parti[quali] = prima.replace(b"</Relationships>", legami.encode() + b"</Relationships>")
        parti.update({nome: testo.encode() for nome, testo in parti_nuove.items()})

    fx.rewrite(percorso, damage)


def drawing(*contenuti: str) -> str:
    """A drawing with these things, each in an anchor of its own from B31 down."""
    ancore = "".join(
        "<xdr:oneCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:row>"
        f"{30 + n}</xdr:row></xdr:from>{contenuto}</xdr:oneCellAnchor>"
        for n, contenuto in enumerate(contenuti)
    )
    spazi = {
        "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    }
    nomi = " ".join(f'xmlns:{breve}="{spazio}"' for breve, spazio in spazi.items())
    return f"<xdr:wsDr {nomi}>{ancore}</xdr:wsDr>"


def shape(*capoversi: str) -> str:
    testi = "".join(f"<a:p><a:r><a:t>{testo}</a:t></a:r></a:p>" for testo in capoversi)
    return f"<xdr:sp><xdr:txBody>{testi}</xdr:txBody></xdr:sp>"


def drawn(percorso: Path, *contenuti: str, **altre: str) -> None:
    """Draw things over a sheet; `altre` are other parts it is related to: what for -> target."""
    disegno = {"xl/drawings/drawing9.xml": drawing(*contenuti)}
    disegno |= {meta.replace("..", "xl"): "<altro/>" for meta in altre.values()}
    relazioni = {"../drawings/drawing9.xml": "drawing"} | {meta: tipo for tipo, meta in altre.items()}
    add_parts(percorso, SCHEDA, relazioni, disegno)


def around(percorso: Path, foglio: str = SCHEDA) -> list[Elemento]:
    return apri(percorso).fogli[foglio].contorno


def said(esito: run.Esito, codice: str) -> list[str]:
    return [r.messaggio for r in esito.rilievi if r.codice == codice]


# ------------------------------------------------------------------------------ the difficult workbooks


def test_a_text_box_and_a_comment_are_said_in_the_findings_and_in_the_copy(tmp_path: Path) -> None:
    ente = example_with("12_casella_di_testo_e_commento.xlsx", tmp_path)
    (rilievo,) = of_polizia(run.controlla(ente))
    assert (rilievo.codice, rilievo.foglio) == ("M14", SCHEDA)
    for parole in ("casella di testo in D31 («Relazione del", "commento in C22 («Verificare", "B31"):
        assert parole in rilievo.messaggio
    copia = annotated(ente) / "polizia_locale.xlsx"
    codice, _, foglio, _, manca, _ = listed(copia)[-1]
    assert (codice, foglio) == ("M14", SCHEDA)
    assert "casella di testo in D31" in manca and "commento in C22" in manca
    assert "immagine" not in manca  # this one is still there
    assert note_of(copia, SCHEDA, "C22") == "Verificare il dato con la Polizia di Stato"


@pytest.mark.parametrize("file", ["13_gnumeric.xlsx", "gnumeric_senza_foglio_nascosto.xlsx"])
def test_a_workbook_saved_by_gnumeric_is_read_as_ever_and_annotated(file: str, tmp_path: Path) -> None:
    ente = example_with(file, tmp_path)
    esito = run.controlla(ente)
    assert of_polizia(esito) == []
    assert_same_tables(esito, _good())
    assert (annotated(ente) / "polizia_locale.xlsx").exists()


def test_a_hidden_row_is_said(tmp_path: Path) -> None:
    ente = example_with("14_riga_nascosta.xlsx", tmp_path)
    (rilievo,) = of_polizia(run.controlla(ente))
    assert (rilievo.codice, rilievo.foglio) == ("M15", SCHEDA)
    assert rilievo.messaggio.startswith("La riga 23 è nascosta")


def test_schede_are_read_by_number_wherever_their_sheets_are(tmp_path: Path) -> None:
    ente = example_with("17_fogli_spostati.xlsx", tmp_path)
    esito = run.controlla(ente)
    assert next(iter(apri(ente / "polizia_locale.xlsx").fogli)) == "Scheda 2"
    assert of_polizia(esito) == []
    assert_same_tables(esito, _good())


def test_a_check_box_that_is_ticked_marks_and_the_others_do_not(tmp_path: Path) -> None:
    esito = run.controlla(example_with("21_caselle_di_controllo.xlsx", tmp_path))
    assert of_polizia(esito) == []
    tabella = righe(esito.raccolta.tabelle.schede)
    prima = next(r for r in tabella if (r["settore"], r["scheda"]) == ("polizia_locale", 1))
    assert prima["valutazione"] == "in_linea"
    assert all(q.torna for q in esito.raccolta.quadrature)


def assert_same_tables(esito: run.Esito, buono: run.Esito) -> None:
    """All but the file's own data (its name, its fingerprint, when it was saved)."""
    for nome, tabella in buono.raccolta.tabelle.per_nome().items():
        if nome != "provenienza":
            altra = esito.raccolta.tabelle.per_nome()[nome]
            assert righe(altra.drop(columns="file")) == righe(tabella.drop(columns="file")), nome


# ------------------------------------------------------------------------------------ over the cells


def test_the_good_workbooks_have_nothing_to_say(good: Path, good_missioni: Path) -> None:
    for percorso in [*ESEMPIO.glob("**/*.xlsx"), *good.glob("*.xlsx"), *good_missioni.glob("*.xlsx")]:
        for foglio in apri(percorso).fogli.values():
            assert foglio.contorno == [], (percorso, foglio.nome)


def test_every_kind_of_drawing_is_told_apart(ente: Path) -> None:
    choice = '<mc:AlternateContent><mc:Choice Requires="a14">{}</mc:Choice></mc:AlternateContent>'
    chart = '<mc:AlternateContent><mc:Choice Requires="cx1"><xdr:graphicFrame/></mc:Choice>'
    chart += f"<mc:Fallback>{shape('Il grafico non si vede')}</mc:Fallback></mc:AlternateContent>"
    drawn(
        ente / TECNICO,
        shape("Prima riga", "seconda"),
        shape(),
        "<xdr:pic/>",
        "<xdr:graphicFrame/>",
        f"<xdr:grpSp>{shape('In un gruppo')}<xdr:pic/></xdr:grpSp>",
        choice.format(shape("Casella di controllo")),
        chart,
        ctrlProp="../ctrlProps/ctrlProp1.xml",
        oleObject="../embeddings/oleObject1.bin",
    )
    assert around(ente / TECNICO) == [
        Elemento("casella di testo", "B31", "Prima riga\nseconda"),
        Elemento("forma", "B32"),
        Elemento("immagine", "B33"),
        Elemento("grafico", "B34"),
        Elemento("casella di testo", "B35", "In un gruppo"),
        Elemento("immagine", "B35"),
        Elemento("grafico", "B37"),
        Elemento("controllo", "B36", "Casella di controllo"),
        Elemento("oggetto"),
    ]


def test_controls_drawn_the_old_way_are_counted(ente: Path) -> None:
    vml = '<xml><ClientData ObjectType="Note"><br></ClientData><ClientData ObjectType="Checkbox"/></xml>'
    relazioni = {"../drawings/vmlDrawing9.vml": "vmlDrawing"}
    add_parts(ente / TECNICO, SCHEDA, relazioni, {"xl/drawings/vmlDrawing9.vml": vml})
    assert around(ente / TECNICO) == [Elemento("controllo")]


def test_a_drawing_that_is_named_and_not_there_is_nothing_to_say(ente: Path) -> None:
    """As R's openxlsx leaves its workbooks."""
    relazioni = {"../drawings/vmlDrawing9.vml": "vmlDrawing", "../drawings/drawing9.xml": "drawing"}
    add_parts(ente / TECNICO, SCHEDA, relazioni, {})
    assert found(run.controlla(ente)) == []


def test_a_shape_without_a_text_is_nothing_to_say(ente: Path) -> None:
    drawn(ente / TECNICO, shape())
    assert found(run.controlla(ente)) == []


def test_a_part_that_cannot_be_read_is_said_and_the_cells_are_read(ente: Path) -> None:
    drawn(ente / TECNICO, "<xdr:sp>")
    assert found(run.controlla(ente)) == [("M14", (TECNICO, SCHEDA, ""))]
    assert "non si riesce a leggere" in said(run.controlla(ente), "M14")[0]


def test_many_things_are_one_finding_that_a_person_can_read(ente: Path) -> None:
    drawn(ente / TECNICO, *[shape(f"Testo {n}") for n in range(40)], *["<xdr:pic/>"] * 3)
    (messaggio,) = said(run.controlla(ente), "M14")
    assert "«Testo 0»" in messaggio and "altri 34 fra caselle di testo" in messaggio
    assert "altri 3 fra immagini" in messaggio


def test_notes_charts_and_pictures_made_by_a_program(ente: Path, tmp_path: Path) -> None:
    foto = tmp_path / "foto.png"
    Picture.new("RGB", (4, 4)).save(foto)

    def add(libro: Workbook) -> None:
        libro[SCHEDA]["B2"].comment = Comment("Una nota", "Luca Verdi")
        libro[SCHEDA].add_image(Image(foto), "D4")
        libro["Settore"].add_chart(BarChart(), "D9")

    change(ente / TECNICO, add)
    esito = run.controlla(ente)
    assert found(esito) == [("M14", (TECNICO, SCHEDA, "")), ("M14", (TECNICO, "Settore", ""))]
    prima, seconda = said(esito, "M14")
    assert "una nota in B2 («Una nota»); un'immagine in D4" in prima
    assert "un grafico in D9" in seconda


def test_things_over_a_sheet_that_is_not_read_only_follow_from_it(ente: Path) -> None:
    fx.add_sheet(ente / TECNICO, "Appunti", {"A1": "promemoria"})
    change(ente / TECNICO, lambda libro: setattr(libro["Appunti"]["A1"], "comment", Comment("a", "b")))
    assert found(run.controlla(ente)) == [("M11", (TECNICO, "Appunti", ""))]


THREADED = (
    "[Commento in thread]\n\nLa versione di Excel in uso consente di leggere questo commento.\n\n"
    "Commento:\n    Verificare il dato\nRisposta:\n    Fatto"
)


@pytest.mark.parametrize(
    ("nota", "resta"),
    [
        ("Sentire il sindaco", "Sentire il sindaco"),
        ("DA CORREGGERE\n\nC01 (blocca). Peso: serve un numero.\n→ Scrivere la cifra.", ""),
        ("DA CORREGGERE\n\nC01 (blocca). Peso.\n→ Scrivere.\nFatto: 98", "Fatto: 98"),
        (
            "DA CORREGGERE\n\nC01 (da correggere). Peso.\n→ Sì.\n\nNota che c'era già:\n→ mia\n\ndue",
            "→ mia\n\ndue",
        ),
        (THREADED, "Verificare il dato\nRisposta:\n    Fatto"),
        ("", ""),
    ],
)
def test_what_a_note_says_besides_what_we_wrote_in_it(nota: str, resta: str) -> None:
    assert contorno.senza_la_nostra(nota) == resta


def test_a_copy_that_comes_back_has_nothing_more_to_say(ente: Path) -> None:
    put(ente / TECNICO, "Valutazione", below(ente / TECNICO, "Valutazione", "Peso"), "circa 2")
    shutil.copy(annotated(ente) / TECNICO, ente / TECNICO)
    assert [codice for codice, _ in found(run.controlla(ente))] == ["C01"]


def test_an_answer_written_in_our_note_is_said_and_kept(ente: Path) -> None:
    peso = below(ente / TECNICO, "Valutazione", "Peso")
    put(ente / TECNICO, "Valutazione", peso, "circa 2")
    copia = annotated(ente) / TECNICO

    def answer(libro: Workbook) -> None:
        nota = libro["Valutazione"][peso].comment
        libro["Valutazione"][peso].comment = Comment(f"{nota.text}\nConfermo due", nota.author)

    change(copia, answer)
    shutil.move(copia, ente / TECNICO)
    assert "«Confermo due»" in said(run.controlla(ente), "M14")[0]
    assert note_of(annotated(ente) / TECNICO, "Valutazione", peso).endswith("Confermo due")


# --------------------------------------------------------------------------- what the copy does not have


def test_a_copy_lists_what_it_no_longer_has_also_when_it_says_nothing(ente: Path) -> None:
    put(ente / TECNICO, SCHEDA, "H30", "da rivedere")
    drawn(ente / TECNICO, shape())
    copia = annotated(ente) / TECNICO
    assert [r[0] for r in listed(copia)] == ["M10", "M14"]
    assert "una forma disegnata in B31" in listed(copia)[-1][4]
    shutil.copy(copia, ente / TECNICO)  # that line is ours: it comes back without a finding of its own
    assert [codice for codice, _ in found(run.controlla(ente))] == ["M10"]


X14 = correzioni.X14
EXT = (
    '<extLst><ext uri="{{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}}" xmlns:x14="{}" '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">{}</ext></extLst></worksheet>'
)


def _with_extension(percorso: Path, foglio: str, contenuto: str) -> None:
    def damage(parti: dict[str, bytes]) -> None:
        parte = fx.sheet_part(parti, foglio)
        estesa = EXT.format(X14, contenuto).encode()
        parti[parte] = parti[parte].replace(b"</worksheet>", estesa)

    fx.rewrite(percorso, damage)


def test_a_drop_down_that_excel_keeps_among_its_additions_is_kept(ente_missioni: Path) -> None:
    regola = (
        '<x14:dataValidations count="1"><x14:dataValidation type="list" allowBlank="1" '
        'showErrorMessage="0" showInputMessage="1" promptTitle="Programmi" prompt="Il codice">'
        "<x14:formula1><xm:f>Programmi!$A$4:$A$9</xm:f></x14:formula1><xm:sqref>A5:A9 A12</xm:sqref>"
        "</x14:dataValidation></x14:dataValidations>"
    )
    _with_extension(ente_missioni / AREA, OPERATIVI, regola)
    rilievi = [Rilievo("C05", AREA, OPERATIVI, "A5")]
    correzioni.scrivi(ente_missioni, ente_missioni.parent / "copie", rilievi)
    foglio = openpyxl.load_workbook(ente_missioni.parent / "copie" / AREA)[OPERATIVI]
    trovate = [
        (v.type, str(v.sqref), v.prompt, v.showErrorMessage)
        for v in foglio.data_validations.dataValidation
        if v.formula1 == "Programmi!$A$4:$A$9"
    ]
    assert trovate == [("list", "A5:A9 A12", "Il codice", False)]


@pytest.mark.parametrize(
    ("estensione", "parole"),
    [
        (
            "<x14:conditionalFormattings><x14:cfRule/></x14:conditionalFormattings>",
            "colori condizionali",
        ),
        ("<x14:sparklineGroups><x14:sparkline/></x14:sparklineGroups>", "grafici dentro le celle"),
    ],
)
def test_what_excel_has_added_to_the_format_is_listed(estensione: str, parole: str, ente: Path) -> None:
    _with_extension(ente / TECNICO, SCHEDA, estensione)
    correzioni.scrivi(ente, ente.parent / "copie", [Rilievo("C05", TECNICO, SCHEDA, "B2")])
    assert parole in listed(ente.parent / "copie" / TECNICO)[-1][4]


@pytest.mark.parametrize(
    ("campo", "valore"),
    [
        ("celle", {(1, 1): "altro"}),
        ("aspetti", {(9, 9): Aspetto("90%")}),
        ("incerte", {(9, 9): "1,5"}),
        ("segnate", {(9, 9): (("32", ""), ("1", "in apice"))}),
        ("errori", {(9, 9): "#DIV/0!"}),
        ("formule", {(9, 9)}),
        ("non_calcolate", {(9, 9)}),
        ("unite", {(9, 9): (8, 9)}),
        ("nascosto", True),
        ("righe_nascoste", {1}),
    ],
)
def test_a_copy_must_read_alike_in_all_that_is_known_of_a_cell(
    campo: str, valore: object, ente: Path
) -> None:
    prima, dopo = apri(ente / TECNICO), apri(ente / TECNICO)
    assert correzioni._differenza(prima, dopo) == ""
    setattr(dopo.fogli[SCHEDA], campo, valore)
    assert correzioni._differenza(prima, dopo).startswith(f"foglio «{SCHEDA}»")


# ----------------------------------------------------------------------------------------------- hidden


def _row_attributes(percorso: Path, foglio: str, riga: int, attributi: str) -> None:
    def damage(parti: dict[str, bytes]) -> None:
        parte = fx.sheet_part(parti, foglio)
        cerca = f'<row r="{riga}"'.encode()
        assert cerca in parti[parte]
        parti[parte] = parti[parte].replace(cerca, f'<row {attributi} r="{riga}"'.encode())

    fx.rewrite(percorso, damage)


@pytest.mark.parametrize("attributi", ['hidden="1"', 'hidden="true"'])
def test_rows_that_do_not_show_are_said_together(ente: Path, attributi: str) -> None:
    descrizione = int(fx.at(ente / TECNICO, SCHEDA, "Descrizione")[1:])
    for riga in (5, 6, descrizione):
        _row_attributes(ente / TECNICO, SCHEDA, riga, attributi)
    assert said(run.controlla(ente), "M15") == [
        f"Le righe 5, {descrizione} sono nascoste, ma ciò che c'è scritto si legge come il resto ed "
        "entra nella relazione."
    ]


def test_a_row_without_height_and_a_column_without_width_do_not_show(ente: Path) -> None:
    def damage(parti: dict[str, bytes]) -> None:
        parte = fx.sheet_part(parti, SCHEDA)
        parti[parte] = parti[parte].replace(
            b'<col min="3" max="3" width="', b'<col min="3" max="4" width="0" x="'
        )

    fx.rewrite(ente / TECNICO, damage)
    foglio = apri(ente / TECNICO).fogli[SCHEDA]
    assert foglio.colonne_nascoste == {3, 4}
    (messaggio,) = said(run.controlla(ente), "M15")
    assert messaggio.startswith("Le colonne C-D sono nascoste")


def test_a_hidden_sheet_that_is_read_is_said_and_the_mark_is_not(ente: Path) -> None:
    change(ente / TECNICO, lambda libro: setattr(libro[SCHEDA], "sheet_state", "hidden"))
    assert found(run.controlla(ente)) == [("M15", (TECNICO, SCHEDA, ""))]
    assert said(run.controlla(ente), "M15")[0].startswith("Il foglio è nascosto")


def test_hidden_rows_with_nothing_to_read_are_nothing_to_say(ente: Path) -> None:
    vuota = int(below(ente / TECNICO, SCHEDA, "Raggiunto", 2)[1:])
    change(ente / TECNICO, lambda libro: setattr(libro[SCHEDA].row_dimensions[vuota], "hidden", True))
    assert found(run.controlla(ente)) == []


# ------------------------------------------------------------------------------------------------ .ods


def test_what_stands_around_the_cells_of_an_ods(tmp_path: Path) -> None:
    nota = (
        "<office:annotation><dc:creator>Luca</dc:creator><text:p>Il dato</text:p><text:p>è 90</text:p>"
        "</office:annotation>"
    )
    cornici = (
        "<draw:frame><draw:text-box><text:p>Nella casella</text:p></draw:text-box></draw:frame>",
        "<draw:frame><draw:image/></draw:frame>",
        '<draw:frame><draw:object draw:notify-on-update-of-ranges="a"/><draw:image/></draw:frame>',
        "<draw:frame><draw:object/><draw:image/></draw:frame>",
        "<draw:custom-shape><text:p>Forma</text:p></draw:custom-shape>",
        "<draw:custom-shape><text:p/></draw:custom-shape>",
        "<draw:control/>",
    )
    cella = f"<table:table-cell>{nota}{''.join(cornici)}<text:p>testo</text:p></table:table-cell>"
    fuori = f"<table:shapes>{cornici[0]}</table:shapes>"
    parti = ods_parts(ods_table("Foglio1", fuori + row(ods_cell(None) + cella)))
    dc = b'<office:document-content xmlns:dc="http://purl.org/dc/elements/1.1/" '
    parti["content.xml"] = parti["content.xml"].replace(b"<office:document-content ", dc)
    percorso = tmp_path / "prova.ods"
    percorso.write_bytes(zipped(parti))
    foglio = apri(percorso).fogli["Foglio1"]
    assert foglio.celle == {(1, 2): "testo"}
    assert foglio.contorno == [
        Elemento("casella di testo", "", "Nella casella"),
        Elemento("commento", "B1", "Il dato è 90"),
        Elemento("casella di testo", "B1", "Nella casella"),
        Elemento("immagine", "B1"),
        Elemento("grafico", "B1"),
        Elemento("oggetto", "B1"),
        Elemento("casella di testo", "B1", "Forma"),
        Elemento("forma", "B1"),
        Elemento("controllo", "B1"),
    ]


def test_what_does_not_show_of_an_ods(tmp_path: Path) -> None:
    stili = "".join(
        f'<style:style style:name="{nome}" style:family="{famiglia}"><style:{famiglia}-properties '
        f'{che}="{valore}"/></style:style>'
        for nome, famiglia, che, valore in (
            ("ta9", "table", "table:display", "false"),
            ("ro9", "table-row", "style:row-height", "0cm"),
            ("ro1", "table-row", "style:row-height", "0.45cm"),
            ("co9", "table-column", "style:column-width", "0in"),
        )
    )
    colonne = (
        '<table:table-column table:number-columns-repeated="2"/><table:table-column '
        'table:style-name="co9"/><table:table-column table:visibility="collapse"/>'
    )
    cella = ods_cell("x")
    righe_xml = (
        row(cella, ' table:visibility="filter"')
        + row(cella, ' table:style-name="ro1"')
        + row(cella, ' table:style-name="ro9" table:number-rows-repeated="2"')
        + row("", ' table:visibility="collapse" table:number-rows-repeated="1000000"')
    )
    tabelle = ods_table("Foglio1", colonne + righe_xml) + ods_table("Foglio2", row(cella)).replace(
        "<table:table ", '<table:table table:style-name="ta9" '
    )
    parti = ods_parts(tabelle)
    automatici = (
        f'<office:automatic-styles xmlns:style="{ODF}:style:1.0">{stili}</office:automatic-styles>'
    )
    parti["content.xml"] = parti["content.xml"].replace(
        b"<office:body>", automatici.encode() + b"<office:body>"
    )
    percorso = tmp_path / "prova.ods"
    percorso.write_bytes(zipped(parti))
    primo, secondo = apri(percorso).fogli.values()
    assert (primo.righe_nascoste, primo.colonne_nascoste, primo.nascosto) == ({1, 3, 4}, {3, 4}, False)
    assert secondo.nascosto and secondo.celle_nascoste() == {(1, 1)}


@needs_soffice
def test_libreoffice_keeps_in_an_ods_what_is_said_of_the_xlsx(ente: Path, tmp_path: Path) -> None:
    shutil.copy(DIFFICILI / "12_casella_di_testo_e_commento.xlsx", tmp_path / "con.xlsx")

    def hide(libro: Workbook) -> None:
        libro[SCHEDA]["B2"].comment = Comment("Una nota", "Luca Verdi")
        libro[SCHEDA].row_dimensions[5].hidden = True
        libro[SCHEDA].column_dimensions["C"].hidden = True
        libro["Settore"].sheet_state = "hidden"

    change(ente / TECNICO, hide)
    in_xlsx = apri(ente / TECNICO)
    in_ods = apri(convert(ente / TECNICO, tmp_path, "ods"))
    for nome, foglio in in_xlsx.fogli.items():
        assert in_ods.fogli[nome].celle_nascoste() == foglio.celle_nascoste()
    assert _kinds(in_ods) == {(SCHEDA, "B2", "Una nota")} == _kinds(in_xlsx)
    disegni = {
        (SCHEDA, "B31", ""),
        (SCHEDA, "C22", "Verificare il dato con la Polizia di Stato"),
        (
            SCHEDA,
            "D31",
            "Relazione del responsabile scritta nella casella di testo: obiettivo "
            "raggiunto al 90 per cento",
        ),
    }
    assert _kinds(apri(convert(tmp_path / "con.xlsx", tmp_path, "ods"))) == disegni


def _kinds(cartella: Cartella) -> set[tuple[str, str, str]]:
    return {(f.nome, e.cella, e.testo) for f in cartella.fogli.values() for e in f.contorno}


# ------------------------------------------------------------------------------------------- check boxes


def test_check_boxes_down_a_column_make_no_rows(ente: Path) -> None:
    """A program that has check boxes puts FALSE in every row, also in the blank ones."""
    prima = run.controlla(ente).raccolta
    colonna = below(ente / TECNICO, SCHEDA, "STRATEGICO")[0]
    testa = int(below(ente / TECNICO, SCHEDA, "STRATEGICO", 0)[1:])
    put_many(ente / TECNICO, SCHEDA, {f"{colonna}{testa + n}": n == 1 for n in range(1, 5)})
    esito = run.controlla(ente)
    assert found(esito) == []
    assert righe(esito.raccolta.tabelle.obiettivi) == righe(prima.tabelle.obiettivi)
    assert righe(esito.raccolta.tabelle.fasi) == righe(prima.tabelle.fasi)


def test_check_boxes_in_the_column_of_the_year(ente_missioni: Path) -> None:
    prima = run.controlla(ente_missioni).raccolta.tabelle
    righe_lette = [r["riga"] for r in righe(prima.schede)]
    valori = {f"F{riga}": riga in righe_lette for riga in range(4, righe_lette[-1] + 4)}
    put_many(ente_missioni / AREA, OPERATIVI, valori)
    esito = run.controlla(ente_missioni)
    assert found(esito) == []
    assert righe(esito.raccolta.tabelle.schede) == righe(prima.schede)
    assert righe(esito.raccolta.tabelle.missioni) == righe(prima.missioni)


@pytest.mark.parametrize(
    ("valori", "attesa"),
    [
        ((True, False, False), "in_linea"),
        (("FALSO", "VERO", "FALSO"), "azioni_avviate"),
        (("false", "false", "true"), "azioni_necessarie"),
        (("☐", "☑", "☐"), "azioni_avviate"),
        ((False, False, "X"), "azioni_necessarie"),
    ],
)
def test_the_three_boxes_of_the_valutazione(ente: Path, valori: tuple[object, ...], attesa: str) -> None:
    riga = below(ente / TECNICO, SCHEDA, "in linea con le attese")[1:]
    put_many(ente / TECNICO, SCHEDA, {f"{c}{riga}": v for c, v in zip("ABC", valori, strict=True)})
    esito = run.controlla(ente)
    schede_lette = {r["settore"]: r["valutazione"] for r in righe(esito.raccolta.tabelle.schede)}
    assert schede_lette["tecnico"] == attesa
    assert found(esito) == []


def test_no_box_ticked_is_no_valutazione(ente: Path) -> None:
    riga = below(ente / TECNICO, SCHEDA, "in linea con le attese")[1:]
    put_many(ente / TECNICO, SCHEDA, {f"{c}{riga}": False for c in "ABC"})
    assert [codice for codice, _ in found(run.controlla(ente))] == ["V20"]


# -------------------------------------------------------------------------------------- the Istruzioni

ISTRUZIONI_DI_SEMPRE = (
    (Path(__file__).parent / "istruzioni.txt").read_text(encoding="utf-8").splitlines()
)
"""Every line that the sheet has ever had in a form already handed out."""


def test_every_line_that_the_sheet_has_had_is_known_as_ours() -> None:
    delle_schede = {*schede._istruzioni(True), *schede._istruzioni(False)}
    note = {*delle_schede, *missioni.ISTRUZIONI, *settore.ISTRUZIONI_DI_PRIMA, settore.INCOLLARE}
    assert note == set(ISTRUZIONI_DI_SEMPRE)


def test_a_sheet_of_an_older_wording_is_no_noise(ente: Path) -> None:
    prime = dict(enumerate(ISTRUZIONI_DI_SEMPRE[:2], start=1))
    put_many(ente / TECNICO, "Istruzioni", {f"A{riga}": testo for riga, testo in prime.items()})
    assert found(run.controlla(ente)) == []


@pytest.mark.parametrize("modello", ["schede", "missioni"])
def test_a_text_typed_over_the_istruzioni_is_reported(
    modello: str, request: pytest.FixtureRequest
) -> None:
    fixture, file = ("ente", TECNICO) if modello == "schede" else ("ente_missioni", AREA)
    cartella = request.getfixturevalue(fixture)
    put_many(cartella / file, "Istruzioni", {"A3": "Obiettivo 2 raggiunto al 90%", "A12": "Grazie"})
    esito = run.controlla(cartella)
    posti = [(file, "Istruzioni", cella) for cella in ("A3", "A12")]
    assert found(esito) == [("M10", posto) for posto in posti]


# ----------------------------------------------------------------------------------- spoiled letters


@pytest.mark.parametrize(
    ("testo", "attese"),
    [
        ("AttivitÃ  svolta", {"AttivitÃ": "Attività"}),
        ("AttivitÃ\xa0 svolta", {"AttivitÃ": "Attività"}),
        ("la qualitÃ, perchÃ©", {"qualitÃ,": "qualità,", "perchÃ©": "perché"}),
        ("lâ€™ente â€œunoâ€\x9d", {"lâ€™ente": "l’ente", "â€œunoâ€\x9d": "“uno”"}),
        ("10 â‚¬", {"â‚¬": "€"}),
        ("Ãˆ vero: 5Â°", {"Ãˆ": "È", "5Â°": "5°"}),
        ("perch√© si pu√≤", {"perch√©": "perché", "pu√≤": "può"}),
        ("perch├® ÔÇÖ", {"perch├®": "perché", "ÔÇÖ": "’"}),
        ("ÃƒÂ¨ due volte", {"ÃƒÂ¨": "è"}),
        ("citt\ufffd bella", {"citt\ufffd": ""}),
        ("attivit&agrave; &#8217;", {"attivit&agrave;": "attività", "&#8217;": "’"}),
        ("«Città», “perché”… è così: l’à, 5° – 10 € → São Tomé, Ångström, naïve, Â", {}),
        ("R&D; A&B; √2 ├── ´ ¬ ═ Ô ", {}),
    ],
)
def test_spoiled_words_and_what_they_were(testo: str, attese: dict[str, str]) -> None:
    puliti = {chiave.replace("\x9d", ""): valore for chiave, valore in attese.items()}
    assert parole_guaste(testo.replace("\x9d", "")) == puliti


def test_the_example_has_no_spoiled_word(esempio: run.Esito) -> None:
    assert said(esempio, "C18") == []
