"""The form grows: workbooks of every version are read, the office's own columns cost one remark.

`versione_1` and `versione_2` hold the workbooks of the versions that were published, frozen: they are
never written again. The third version
of the form used here is made up: a field more in each template, so that the next real one is known to be
a matter of adding fields.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import fixtures_ente as fx
import openpyxl
import pytest
from fixtures_ente import AREA, ENTE, OPERATIVI, RAGIONERIA, TECNICO
from openpyxl.worksheet.worksheet import Worksheet
from strategie import contenuto

from pipeline import ingest, modelli, run, tables
from pipeline.documents import cifre
from pipeline.documents.ritorno import correzioni
from pipeline.numeri import percentuale
from pipeline.rilievi import Rilievo
from pipeline.tables import Colonna, Riga, celle_piene, costruisci
from pipeline.workbooks import ente, form, missioni, schede
from pipeline.workbooks.fields import Campo
from pipeline.workbooks.grid import FileRifiutato
from pipeline.workbooks.lettore import apri

PUBBLICATE = {n: Path(__file__).parent / f"versione_{n}" for n in (1, 2)}
FRONTE = PUBBLICATE[1]
PER_MISSIONE = FRONTE / "esempio_missioni"

Content = dict[str, list[Riga]]


def read(path: Path) -> Content:
    """The tables of a workbook by itself."""
    return contenuto(costruisci(ingest.leggi_sola(apri(path))[0].righe))


def of_reading(rilievi: list[Rilievo]) -> list[tuple[str, str, str, str]]:
    """The findings on how a workbook is made, not on what it says."""
    return [(r.codice, r.file, r.foglio, r.cella) for r in rilievi if r.codice[0] in "FMCP"]


class Here:
    """Reads in this process: what the child costs is not what is tried out."""

    def __enter__(self) -> "Here":
        return self

    def __exit__(self, *_: object) -> None: ...

    apri = staticmethod(apri)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    for modulo in (ingest, modelli):
        monkeypatch.setattr(modulo, "Lettore", Here)


# --- the next version, made up

RILEVATO = Campo("rilevato", "Rilevato da", 2, dalla=3)
"""In the middle of the indicatori: what stood there moves on."""
CONTATTO = Campo("contatto", "Contatto", 3, dalla=3)


def moved(campi: tuple[Campo, ...], nuovo: Campo) -> tuple[Campo, ...]:
    """The fields of a table with one more, in its place."""
    dopo = (replace(c, colonna=c.colonna + (c.colonna >= nuovo.colonna)) for c in campi)
    return tuple(sorted((*dopo, nuovo), key=lambda campo: campo.colonna))


@pytest.fixture
def version_3(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The program of the day after: every template has a field more."""
    monkeypatch.setattr(form, "VERSIONE", "3")
    for tabella, nuovo in (("indicatori", RILEVATO), ("elenco", CONTATTO)):
        colonne = (*tables.COLONNE[tabella], Colonna(nuovo.chiave, "testo"))
        monkeypatch.setitem(tables.COLONNE, tabella, colonne)
    monkeypatch.setitem(schede.SEZIONI, "indicatori", moved(schede.INDICATORE, RILEVATO))
    monkeypatch.setattr(schede, "LARGHEZZE_SCHEDA", (*schede.LARGHEZZE_SCHEDA, 20.0))
    in_fondo = replace(RILEVATO, colonna=len(missioni.LARGHEZZE) + 1)
    monkeypatch.setattr(missioni, "CAMPI", (*missioni.CAMPI, in_fondo))
    monkeypatch.setattr(missioni, "LARGHEZZE", (*missioni.LARGHEZZE, 20.0))
    degli_indicatori = {**missioni.TABELLE["indicatori"], "rilevato": in_fondo}
    monkeypatch.setitem(missioni.TABELLE, "indicatori", degli_indicatori)
    (nome, tabella, campi, larghezze, *vuote), *altre = ente.TABELLE
    settori = (nome, tabella, moved(campi, CONTATTO), (*larghezze, 20.0), *vuote)
    monkeypatch.setattr(ente, "TABELLE", (settori, *altre))
    ricordate = (tables.colonne, tables._di_oggetti, tables._mancante, tables._vuota, tables._vuote)
    for ricordata in ricordate:
        ricordata.cache_clear()
    yield
    for ricordata in ricordate:
        ricordata.cache_clear()


def with_new_fields(content: Content) -> Content:
    """The same tables, as the next version holds them: nobody has filled in the new fields."""
    for tabella, campo in (("indicatori", RILEVATO), ("elenco", CONTATTO)):
        for riga in content.get(tabella, []):
            riga[campo.chiave] = ""
    return content


# --- the frozen workbooks


@pytest.mark.parametrize("versione", PUBBLICATE)
def test_the_frozen_workbooks_are_ten(versione: int) -> None:
    congelate = [*PUBBLICATE[versione].rglob("*.xlsx")]
    assert len(congelate) == 10
    assert {apri(path).versione for path in congelate} == {versione}


def test_the_version_of_the_form_is_published_and_frozen() -> None:
    assert str(max(PUBBLICATE)) == form.VERSIONE


def assert_the_figures_of_always(versione: int) -> None:
    esito = run.controlla(PUBBLICATE[versione])
    assert of_reading(esito.rilievi) == [] and esito.fascicolo is not None
    assert all(quadratura.torna for quadratura in esito.raccolta.quadrature)
    valutazione = esito.fascicolo.valutazione
    gradi = [percentuale(settore.grado) for settore in valutazione.settori]
    assert gradi == ["99,08", "99,75", "100,00", "87,71", "100,00", "100,00"]
    medie = (valutazione.media_settori, valutazione.media_obiettivi)
    assert list(map(percentuale, medie)) == ["97,76", "94,00"]
    assert len(esito.fascicolo.tabelle.schede) == 38
    imbuto = esito.fascicolo.imbuto("")
    assert [vars(imbuto)[k] for k in cifre.INDICATORI] == [246, 191, 175, 115, 89]
    per_missione = run.controlla(PUBBLICATE[versione] / PER_MISSIONE.name)
    assert of_reading(per_missione.rilievi) == [] and per_missione.fascicolo is not None
    assert percentuale(per_missione.fascicolo.valutazione.ente) == "92,00"


@pytest.mark.parametrize("versione", PUBBLICATE)
def test_the_frozen_workbooks_give_their_figures_for_ever(versione: int) -> None:
    assert_the_figures_of_always(versione)


def test_the_notes_of_the_missioni_were_of_the_responsabile(tmp_path: Path) -> None:
    """In version 1 they had one yellow column, where now there is also a green one of the Nucleo."""
    path = Path(shutil.copy(PER_MISSIONE / "area_amministrativa.xlsx", tmp_path))
    fx.put(path, OPERATIVI, "O5", "Bando deserto")
    prima, *_ = read(path)["voci"]
    assert (prima["note_responsabile"], prima["note"]) == ("Bando deserto", "")


@pytest.mark.parametrize("versione", PUBBLICATE)
def test_also_when_the_form_has_grown(versione: int, version_3: None) -> None:
    assert_the_figures_of_always(versione)


# --- read, rewritten, carried over


@pytest.fixture
def due(good: Path, good_missioni: Path) -> dict[str, Path]:
    """The small ente of each template, of version 1."""
    return {"schede": good, "missioni": good_missioni}


@pytest.mark.parametrize("quale", ["schede", "missioni"])
@pytest.mark.parametrize("come", ["riscrivi", "da"])
def test_they_are_brought_forward_whole(
    quale: str, come: str, due: dict[str, Path], tmp_path: Path, version_3: None
) -> None:
    preparati = modelli.prepara(tmp_path, **{come: due[quale]})
    assert preparati.rilievi == [] and preparati.rifiutate == []
    for prima in due[quale].glob("*.xlsx"):
        dopo = tmp_path / prima.name
        assert apri(dopo).versione == 3
        if come == "riscrivi":
            assert read(dopo) == with_new_fields(read(prima))
    assert of_reading(run.controlla(tmp_path).rilievi) == []


@pytest.mark.parametrize("quale", ["schede", "missioni"])
def test_what_the_next_version_writes_it_reads(
    quale: str, due: dict[str, Path], tmp_path: Path, version_3: None
) -> None:
    for path in due[quale].glob("*.xlsx"):
        lettura, settore = ingest.leggi_sola(apri(path))
        for tabella, chiave in (("indicatori", "rilevato"), ("elenco", "contatto")):
            for n, riga in enumerate(lettura.righe.get(tabella, [])):
                riga[chiave] = f"{chiave} {n}"
        tabelle = costruisci(lettura.righe)
        nuova = tmp_path / path.name
        if settore:
            modello = missioni if quale == "missioni" else schede
            modello.scrivi(nuova, ingest._testata(lettura.cartella, settore), tabelle, 1)
        else:
            ente.scrivi(nuova, tabelle, fx.ANNO)
        riletta, _ = ingest.leggi_sola(apri(nuova))
        assert riletta.rilievi == [] and riletta.escluse == set()
        assert contenuto(costruisci(riletta.righe)) == contenuto(tabelle)


def test_a_workbook_of_before_is_annotated_corrected_and_taken(
    ente: Path, tmp_path: Path, version_3: None
) -> None:
    cella = fx.below(ente / TECNICO, "Valutazione", "Peso")
    fx.put(ente / TECNICO, "Valutazione", cella, "circa 2")
    esito = run.controlla(ente)
    assert of_reading(esito.rilievi) == [("C01", TECNICO, "Valutazione", cella)]
    [copia] = correzioni.scrivi(ente, tmp_path / "copie", esito.rilievi).scritte
    fx.put(copia, "Valutazione", cella, 2)
    copia.replace(ente / TECNICO)
    assert apri(ente / TECNICO).versione == 2
    assert run.controlla(ente).rilievi == []


def test_a_field_dropped_is_read_in_the_workbooks_that_have_it(
    ente: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read as ever; but a workbook rewritten would lose what it says, and is not."""
    dropped = tuple(
        replace(campo, fino_a=1) if campo.chiave == "verso" else campo for campo in schede.INDICATORE
    )
    monkeypatch.setattr(form, "VERSIONE", "3")
    monkeypatch.setitem(schede.SEZIONI, "indicatori", dropped)
    cella = fx.below(ente / TECNICO, "Scheda 1", "Verso")
    assert read(ente / TECNICO)["indicatori"][0]["verso"] == "crescente"
    assert run.controlla(ente).rilievi == []
    preparati = modelli.prepara(tmp_path / "nuove", riscrivi=ente)
    assert TECNICO in preparati.rifiutate
    assert ("M10", TECNICO, "Scheda 1", cella) in of_reading(preparati.rilievi)
    schede.scrivi(
        tmp_path / TECNICO, ingest._testata(apri(ente / TECNICO), "tecnico"), costruisci({}), 1
    )
    riletta, _ = ingest.leggi_sola(apri(tmp_path / TECNICO))
    assert riletta.rilievi == []


def test_a_heading_of_before_is_known(ente: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = tuple(
        replace(campo, etichetta="Risultato", gia=(campo.etichetta,))
        if campo.chiave == "raggiunto"
        else campo
        for campo in schede.INDICATORE
    )
    monkeypatch.setitem(schede.SEZIONI, "indicatori", renamed)
    assert run.controlla(ente).rilievi == []
    assert read(ente / TECNICO)["indicatori"][0]["raggiunto"] == "20"


# --- only what the program cannot know yet is refused


@pytest.mark.parametrize("name", [TECNICO, ENTE])
def test_a_later_version_asks_for_a_later_program(name: str, ente: Path, tmp_path: Path) -> None:
    fx.set_mark(ente / name, versione="3")
    trovati = [r for r in run.controlla(ente).rilievi if r.file == name]
    assert [r.codice for r in trovati] == ["M02"]
    assert "Aggiornare il programma" in trovati[0].rimedio
    assert "versione 3" in trovati[0].messaggio and "versione 2" in trovati[0].messaggio
    with pytest.raises(FileRifiutato):
        ingest.leggi_sola(apri(ente / name))
    assert "M02" in {r.codice for r in modelli.prepara(tmp_path / "nuove", riscrivi=ente).rilievi}


@pytest.mark.parametrize("versione", ["0", "", None])
def test_an_unknown_version_is_none_of_those_to_come(versione: str | None, ente: Path) -> None:
    fx.set_mark(ente / TECNICO, versione=versione)
    assert run.controlla(ente).rilievi == []


# --- columns that the office adds or moves


Table = tuple[str, str, str, int]
"""Where a table is: file, sheet, its first heading, how many rows it has under it."""

TABLES: dict[str, Table] = {
    "valutazione": (RAGIONERIA, "Valutazione", "N.", 3),
    "obiettivi": (RAGIONERIA, "Scheda 1", "DEFINIZIONE OBIETTIVO", 1),
    "collegamenti": (RAGIONERIA, "Scheda 1", "MISSIONE", 1),
    "indicatori": (RAGIONERIA, "Scheda 1", "INDICATORI", 1),
    "stati": (RAGIONERIA, "Scheda 1", "STATO DI ATTUAZIONE", 1),
    "settori": (ENTE, "Settori", "Codice", 3),
    "testi": (ENTE, "Testi", "Capitolo", 1),
    "parametri": (ENTE, "Parametri", "Parametro", 3),
    "destinatari": (ENTE, "Destinatari", "Nome", 1),
    "messaggi": (ENTE, "Messaggi", "Messaggio", 2),
    "operativi": (AREA, OPERATIVI, "PROGRAMMI", 3),
}
each_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


@pytest.fixture
def mondo(request: pytest.FixtureRequest, table: Table) -> Path:
    """A copy of the ente that has the table."""
    di_missioni = table[0] == AREA
    return Path(request.getfixturevalue("ente_missioni" if di_missioni else "ente"))


def edit(path: Path, sheet: str, change: Callable[[Worksheet], object]) -> None:
    book = openpyxl.load_workbook(path)
    for merged in list(book[sheet].merged_cells.ranges):  # openpyxl does not move them along
        book[sheet].unmerge_cells(str(merged))
    change(book[sheet])
    book.save(path)


def assert_one(codice: str, path: Path, before: Content) -> Rilievo:
    """One remark and no more, the same tables as before, every cell accounted for."""
    lettura, _ = ingest.leggi_sola(apri(path))
    tabelle = costruisci(lettura.righe)
    assert [r.codice for r in lettura.rilievi] == [codice]
    assert contenuto(tabelle) == before
    in_tabelle = celle_piene(tabelle)[path.name] - lettura.ripetuti
    assert lettura.compilate == in_tabelle + len(lettura.escluse)
    return lettura.rilievi[0]


def heading_of(ws: Worksheet, heading: str) -> int:
    cells = (c for row in ws.iter_rows() for c in row if c.value)
    return next(c.row for c in cells if str(c.value).removesuffix(" *") == heading)


@each_table
def test_a_column_added_at_the_end_is_one_remark(table: Table, mondo: Path) -> None:
    name, sheet, first, rows = table
    before, celle = read(mondo / name), []

    def add(ws: Worksheet) -> None:
        testa = heading_of(ws, first)
        colonna = 20
        ws.cell(testa, colonna, "Note dell'ufficio")
        for riga in range(testa + 1, testa + 1 + rows):
            ws.cell(riga, colonna, f"nota {riga}")
        celle.append(f"T{testa}:T{testa + rows}")

    edit(mondo / name, sheet, add)
    rilievo = assert_one("M17", mondo / name, before)
    assert (rilievo.foglio, rilievo.cella) == (sheet, celle[0].split(":")[0])
    assert f"«Note dell'ufficio» ({celle[0]})" in rilievo.messaggio


@each_table
@pytest.mark.parametrize("colonna", [1, 2, 3])
def test_a_whole_column_inserted_is_one_remark(colonna: int, table: Table, mondo: Path) -> None:
    """Before, or among the first ones, where also the labels and the totals of the sheet move."""
    name, sheet, first, rows = table
    before = read(mondo / name)

    def insert(ws: Worksheet) -> None:
        testa = heading_of(ws, first)
        ws.insert_cols(colonna)
        ws.cell(testa, colonna, "Protocollo")
        for riga in range(testa + 1, testa + 1 + rows):
            ws.cell(riga, colonna, f"protocollo {riga}")

    edit(mondo / name, sheet, insert)
    assert_one("M17", mondo / name, before)


def swap(ws: Worksheet, rows: Iterator[int] | range, one: int, other: int) -> None:
    for riga in rows:
        uno, altro = ws.cell(riga, one), ws.cell(riga, other)
        uno.value, altro.value = altro.value, uno.value


SWAPS = {
    "valutazione": (4, 5, 3),
    "obiettivi": (3, 4, 1),
    "collegamenti": (1, 3, 1),
    "indicatori": (2, 3, 1),
    "settori": (3, 5, 4),
    "testi": (2, 3, 1),
    "destinatari": (1, 2, 1),
    "operativi": (11, 12, 20),
}


@pytest.mark.parametrize(("which", "table"), [(k, TABLES[k]) for k in SWAPS], ids=SWAPS)
def test_two_columns_swapped_are_one_remark(which: str, table: Table, mondo: Path) -> None:
    name, sheet, first, _ = table
    one, other, rows = SWAPS[which]
    before = read(mondo / name)
    edit(
        mondo / name,
        sheet,
        lambda ws: swap(ws, range(heading_of(ws, first), heading_of(ws, first) + rows + 1), one, other),
    )
    assert_one("M18", mondo / name, before)


def test_a_finding_follows_the_column_that_was_moved(ente: Path) -> None:
    """Both when it is made in reading and when it comes of a rule."""

    def change(ws: Worksheet) -> None:
        testa = heading_of(ws, "N.")
        swap(ws, range(testa, testa + 4), 4, 5)  # peso and stato
        ws.cell(testa + 1, 5).value = "circa 2"
        ws.cell(testa + 2, 4).value = None

    edit(ente / RAGIONERIA, "Valutazione", change)
    trovati = {(r.codice, r.cella) for r in run.controlla(ente).rilievi}
    assert {("C01", "E7"), ("V04", "D8")} <= trovati


def test_a_column_in_every_scheda_is_still_one_remark(ente: Path) -> None:
    for scheda in ("Scheda 1", "Scheda 2"):
        testa = heading_of(openpyxl.load_workbook(ente / RAGIONERIA)[scheda], "INDICATORI")
        fx.put_many(ente / RAGIONERIA, scheda, {f"I{testa}": "Ufficio", f"I{testa + 1}": "URP"})
    [rilievo] = run.controlla(ente).rilievi
    assert rilievo.codice == "M17" and (rilievo.foglio, rilievo.cella) == ("Scheda 1", f"I{testa}")
    assert f"Scheda 1 I{testa}:I{testa + 1}; Scheda 2 I{testa}:I{testa + 1}" in rilievo.messaggio


def test_a_workbook_with_a_column_of_its_own_is_not_rewritten_in_silence(
    ente: Path, tmp_path: Path
) -> None:
    fx.put_many(ente / TECNICO, "Valutazione", {"K6": "Fonte", "K7": "ISTAT"})
    preparati = modelli.prepara(tmp_path / "nuove", riscrivi=ente)
    assert preparati.rifiutate == [TECNICO]
    assert of_reading(preparati.rilievi) == [("M17", TECNICO, "Valutazione", "K6")]
    assert not (tmp_path / "nuove" / TECNICO).exists()


def retyped(etichetta: str) -> Iterator[str]:
    yield from (etichetta.upper(), etichetta.lower(), f"{etichetta}:", etichetta.replace(" ", "\n"))


@pytest.mark.parametrize("etichetta", ["Grado dichiarato %", "Descrizione obiettivo", "N."])
def test_a_heading_typed_in_other_ways_is_the_same(etichetta: str, ente: Path) -> None:
    cella = fx.at(ente / TECNICO, "Valutazione", etichetta)
    for scritta in retyped(etichetta):
        fx.put(ente / TECNICO, "Valutazione", cella, scritta)
        assert ingest.leggi_sola(apri(ente / TECNICO))[0].rilievi == []


@pytest.mark.parametrize(
    ("foglio", "etichetta", "scritto", "rimedio"),
    [
        ("Valutazione", "Peso", "Punti", "Scrivere «Peso» nella cella D6, dove c'è «Punti»."),
        ("Valutazione", "Peso", None, "Scrivere «Peso» nella cella D6."),
        (
            "Scheda 1",
            "INDICATORI",
            "USO",
            "Scrivere «INDICATORI» nella cella A{riga}, dove c'è «USO».",
        ),
        ("Settore", "Ruolo", "Incarico", "Scrivere «Ruolo» nella cella A7, dove c'è «Incarico»."),
    ],
)
def test_a_heading_really_missing_is_one_finding_that_says_what_to_write(
    foglio: str, etichetta: str, scritto: str | None, rimedio: str, ente: Path
) -> None:
    cella = fx.at(ente / TECNICO, foglio, etichetta)
    fx.put(ente / TECNICO, foglio, cella, scritto)
    trovati = [r for r in run.controlla(ente).rilievi if r.file == TECNICO]
    assert [(r.codice, r.foglio, r.dati["atteso"]) for r in trovati] == [("M09", foglio, etichetta)]
    assert trovati[0].rimedio == rimedio.format(riga=cella[1:])


def test_a_column_taken_away_is_to_be_put_back(ente: Path) -> None:
    edit(ente / TECNICO, "Valutazione", lambda ws: ws.delete_cols(4))
    trovati = [r for r in run.controlla(ente).rilievi if r.file == TECNICO]
    assert [(r.codice, r.dati["atteso"]) for r in trovati] == [("M09", "Peso")]
    assert trovati[0].rimedio == "Inserire una colonna prima di D6 e scrivere lì «Peso»."


@pytest.mark.parametrize(("name", "sheet"), [(TECNICO, "Settore"), (ENTE, "Ente")])
@pytest.mark.parametrize("colonna", [1, 2])
def test_a_blank_column_among_the_labels_costs_nothing(
    colonna: int, name: str, sheet: str, ente: Path
) -> None:
    before = read(ente / name)
    edit(ente / name, sheet, lambda ws: ws.insert_cols(colonna))
    lettura, _ = ingest.leggi_sola(apri(ente / name))
    assert lettura.rilievi == []
    assert contenuto(costruisci(lettura.righe)) == before


def test_a_scheda_without_a_row_to_write_in_is_read(ente: Path) -> None:
    """All the rows under the headings were deleted."""

    def change(ws: Worksheet) -> None:
        for prima, dopo in (
            ("STATO DI ATTUAZIONE", "Valutazione sullo stato di avanzamento"),
            ("INDICATORI", "STATO DI ATTUAZIONE"),
            ("MISSIONE", "INDICATORI"),
            ("DEFINIZIONE OBIETTIVO", "Descrizione"),
        ):
            da, a = heading_of(ws, prima) + 1, heading_of(ws, dopo)
            ws.delete_rows(da, a - da)

    edit(ente / TECNICO, "Scheda 1", change)
    assert ingest.leggi_sola(apri(ente / TECNICO))[0].rilievi == []
    assert set(read(ente / TECNICO)) == {"settori", "schede", "voci"}


# --- a row knows its template


def test_every_row_says_its_template_and_where_it_was_read(good: Path, good_missioni: Path) -> None:
    for folder, nome in ((good, schede.NOME), (good_missioni, missioni.NOME)):
        tabelle = ingest.raccogli(folder).tabelle
        attesi = {nome, ente.NOME} | ({schede.NOME_TRASVERSALI} if folder == good else set())
        visti: set[Any] = set()
        for tabella, df in tabelle.per_nome().items():
            if len(df) and tabella not in ("elenco", "provenienza"):
                visti |= set(df["modello"])
                assert all(df["posti"]) and all(df["file"])
        assert visti == attesi
