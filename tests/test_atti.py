"""The folder for the delibera: its words are of the tracce, its figures of the consolidato."""

import hashlib
import re
import zipfile
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

import carte
import fixtures_ente as fx
import openpyxl
import pytest
import tracce_atti
from conftest import RADICE
from documents_as_text import body_lines, docx_lines
from docx import Document
from docx.oxml.ns import qn
from test_rilievi import found
from typer.testing import CliRunner
from validators import faults

from pipeline import run
from pipeline.cli import comandi as cli
from pipeline.documents import atti, deposito
from pipeline.documents.atti import campi, tracce
from pipeline.documents.fascicolo import Fascicolo, di_provincia
from pipeline.documents.word import corpo
from pipeline.documents.word.corpo import Valori
from pipeline.files import CARTA_INTESTATA, TRACCE
from pipeline.fine import Fine
from pipeline.tables import TRASVERSALI, costruisci, righe
from pipeline.workbooks import estremi
from pipeline.workbooks.messaggi import SEGNAPOSTO

DELIBERA, VERBALE, VALUTAZIONE, NOTA = TRACCE
DA_COMPLETARE = re.compile(r"\[da completare: ([^\]]*)\]")
NUMERO = re.compile(r"\d+(?:[.,]\d+)*")


def words(percorso: Path) -> str:
    return "\n".join(docx_lines(percorso))


def written(fascicolo: Fascicolo, cartella: Path, altri: tuple[Path, ...] = ()) -> atti.Documenti:
    with deposito.apri(cartella, "make atti") as aperto:
        return atti.scrivi([(fascicolo, altri)], aperto)[0]


@pytest.fixture(scope="module")
def fascicolo(esempio: run.Esito) -> Fascicolo:
    assert esempio.fascicolo is not None
    return esempio.fascicolo


@pytest.fixture(scope="module")
def folder(
    fascicolo: Fascicolo, esempio: run.Esito, tmp_path_factory: pytest.TempPathFactory
) -> atti.Documenti:
    """The folder of the example, with its relazione."""
    return written(fascicolo, tmp_path_factory.mktemp("anno"), (esempio.documenti[1],))


def of(folder: atti.Documenti, nome: str) -> Path:
    (trovato,) = (p for p in folder.titoli if p.name.startswith(nome) and p.suffix == ".docx")
    return trovato


# ---------------------------------------------------------------------------------------- the tracce


@pytest.mark.parametrize("file", TRACCE)
def test_a_traccia_of_ours_is_what_its_page_says(file: str) -> None:
    """To change one: its page in tests/tracce, then `python tests/tracce_atti.py`."""
    pagina = (tracce_atti.PAGINE / file).with_suffix(".md").read_text(encoding="utf-8")
    assert tracce_atti.traccia(pagina) == (tracce.NOSTRE / file).read_bytes()
    assert faults(tracce.NOSTRE / file) == []


def test_every_field_of_our_tracce_has_a_value(fascicolo: Fascicolo) -> None:
    comuni = campi.comuni(fascicolo)
    assert set(comuni.semplici) == {*campi.SEMPLICI}
    settore = campi.del_settore(fascicolo, fascicolo.settori[0], comuni)
    assert set(settore.semplici) == {*campi.SEMPLICI, *campi.DI_UN_SETTORE}
    for elenco, voci in settore.elenchi.items():
        assert all(tuple(voce) == campi.ELENCHI[elenco] for voce in voci), elenco
    for file, traccia in tracce.TRACCE.items():
        detti = {posto.strip("{} ").lower() for posto in tracce.nostra(file).campi}
        assert detti <= set(traccia.ammessi), file


def test_the_page_tells_every_field() -> None:
    pagina = (RADICE / "docs" / "atti.md").read_text(encoding="utf-8")
    nomi = {*campi.SEMPLICI, *campi.DI_UN_SETTORE, *campi.DELLA_NOTA}
    nomi |= {f"{elenco}.{campo}" for elenco, suoi in campi.ELENCHI.items() for campo in suoi}
    assert {f"{{{nome}}}" for nome in nomi} <= set(SEGNAPOSTO.findall(pagina))
    assert all(file in pagina for file in TRACCE)
    assert all(campo.etichetta in pagina for campo in estremi.ESTREMI)


# --------------------------------------------------------------------------------------- filling in

TESTO = Valori(
    {
        "anno": "2020",
        "ente": "Comune di Prova",
        "nota": "prima\nseconda",
        "manca": "\x0e[manca]\x0f",
        "niente": "",
    },
    {"settore": [{"nome": "Uno", "grado": "99,08"}, {"nome": "Due", "grado": "–"}], "vuoto": []},
)


def filled(word: Document) -> list[str]:
    flusso = BytesIO()
    word.save(flusso)
    radice = corpo.leggi(corpo.estrai(flusso.getvalue()))
    corpo.riempi(radice, TESTO)
    return ["".join(t.text for t in p.iter(qn("w:t"))) for p in radice.iter(qn("w:p"))]


@pytest.mark.parametrize(
    ("pezzi", "atteso"),
    [
        (["Anno {anno}."], "Anno 2020."),
        (["Anno {", "an", "no}", "."], "Anno 2020."),
        (["{anno} e {ANNO} e { Anno }"], "2020 e 2020 e 2020"),
        (["{EN", "TE}"], "COMUNE DI PROVA"),
        (["{ente}", "{anno}"], "Comune di Prova2020"),
        (["x{nota}y"], "xprimaseconday"),
        (["({manca})"], "([manca])"),
        (["{anno}", " ", "{an", "no}{ente", "}"], "2020 2020Comune di Prova"),
    ],
)
def test_a_field_is_found_however_word_splits_it(pezzi: list[str], atteso: str) -> None:
    word = Document()
    capoverso = word.add_paragraph()
    for pezzo in pezzi:
        capoverso.add_run(pezzo)
    assert filled(word) == [atteso]


def test_a_value_looks_like_where_its_field_begins_and_what_is_missing_stands_out() -> None:
    word = Document()
    capoverso = word.add_paragraph("Il ")
    capoverso.add_run("{an").bold = True
    capoverso.add_run("no}, ").italic = True
    capoverso.add_run("{manca}.")
    flusso = BytesIO()
    word.save(flusso)
    radice = corpo.leggi(corpo.estrai(flusso.getvalue()))
    corpo.riempi(radice, TESTO)
    corse = [
        (r.text, *(next(r.iter(qn(nome)), None) is not None for nome in ("w:b", "w:highlight")))
        for r in radice.iter(qn("w:r"))
    ]
    assert corse == [
        ("Il ", False, False),
        ("2020", True, False),
        (", ", False, False),
        ("[manca]", False, True),
        (".", False, False),
    ]


def test_a_row_and_a_paragraph_repeat_for_each_item_of_a_list() -> None:
    word = Document()
    tavola = word.add_table(2, 2)
    for cella, testo in zip(tavola.rows[0].cells, ("Settore", "Grado"), strict=True):
        cella.text = testo
    for cella, testo in zip(tavola.rows[1].cells, ("{settore.nome}", "{settore.grado}"), strict=True):
        cella.text = testo
    word.add_paragraph("Settore {settore.nome}, anno {anno}")
    word.add_paragraph("{vuoto.nome}")
    vuota = word.add_table(2, 1)
    vuota.rows[0].cells[0].text, vuota.rows[1].cells[0].text = "Nessuno", "{vuoto.nome}"
    assert filled(word) == [
        *("Settore", "Grado", "Uno", "99,08", "Due", "–"),
        *("Settore Uno, anno 2020", "Settore Due, anno 2020"),
    ]


def test_a_paragraph_left_with_nothing_to_say_goes_unless_it_shows_something() -> None:
    word = Document()
    word.add_paragraph("{niente}")
    word.add_paragraph("{niente}{niente}").add_run().add_break()
    word.add_paragraph("{niente}resta")
    word.add_table(1, 1).cell(0, 0).text = "{niente}"
    assert filled(word) == ["", "resta", ""]


def test_links_and_revisions_stay_as_the_text_they_show() -> None:
    contenuto = tracce_atti.traccia("piede: Prova\n\nTesto {anno}, fine.")
    nuovo = carte.changed(
        contenuto,
        "word/document.xml",
        "<w:r><w:t",
        "<w:ins><w:r><w:t>Nuovo </w:t></w:r></w:ins><w:del><w:r><w:delText>vecchio</w:delText></w:r>"
        "</w:del><w:r><w:t",
    )
    testo = corpo.estrai(nuovo)
    assert "Nuovo " in testo.corpo
    assert "vecchio" not in testo.corpo and testo.persi == ()


@pytest.mark.parametrize(
    ("organo", "con", "di"),
    [
        ("Giunta comunale", "la Giunta comunale", "della Giunta comunale"),
        ("Giunta dell'Unione", "la Giunta dell'Unione", "della Giunta dell'Unione"),
        ("Commissione straordinaria", "la Commissione straordinaria", "della Commissione straordinaria"),
        ("Commissario", "il Commissario", "del Commissario"),
        ("Nucleo di valutazione", "il Nucleo di valutazione", "del Nucleo di valutazione"),
        ("Organismo di valutazione", "l'Organismo di valutazione", "dell'Organismo di valutazione"),
        ("OIV", "l'OIV", "dell'OIV"),
        ("Struttura associata", "la Struttura associata", "della Struttura associata"),
    ],
)
def test_an_organo_has_its_article(organo: str, con: str, di: str) -> None:
    assert (campi.con_articolo(organo), campi.con_articolo(organo, di=True)) == (con, di)


@pytest.mark.parametrize(
    ("scritta", "detta"),
    [
        ("Milano (MI)", "Provincia di Milano (MI)"),
        ("Provincia di Cuneo", "Provincia di Cuneo"),
        ("Città metropolitana di Milano", "Città metropolitana di Milano"),
        ("PR", "Provincia (PR)"),
    ],
)
def test_the_provincia_is_said_once(scritta: str, detta: str) -> None:
    assert di_provincia(scritta) == detta


# ---------------------------------------------------------------------------------------- the folder


def test_the_folder_of_the_example_is_complete(folder: atti.Documenti) -> None:
    assert [p.name for p in folder.titoli] == [
        "relazione_2020.docx",
        "valutazione_affari_generali_2020.docx",
        "valutazione_economico_finanziaria_2020.docx",
        "valutazione_istruzione_socio_educativo_2020.docx",
        "valutazione_ufficio_tecnico_2020.docx",
        "valutazione_polizia_locale_2020.docx",
        "valutazione_segretario_2020.docx",
        "verbale_di_validazione_2020.docx",
        "proposta_di_deliberazione_2020.docx",
        "nota_di_trasmissione_2020.docx",
    ]
    for percorso in folder.titoli:
        testo = words(percorso)
        assert SEGNAPOSTO.findall(testo) == [], percorso.name
        assert faults(percorso) == [], percorso.name


def test_only_what_ente_xlsx_lacks_is_to_be_completed(folder: atti.Documenti) -> None:
    detti = {campo for p in folder.titoli for campo in DA_COMPLETARE.findall(words(p))} - {"…"}
    assert detti == {"sistema di misurazione e valutazione", "componenti del Nucleo"}
    assert {m.etichetta.lower() for m in folder.mancanti} == {detto.lower() for detto in detti}
    nota = words(of(folder, "nota"))
    assert all(m.dove in nota for m in folder.mancanti)


def test_the_note_says_the_imprint_of_every_document_and_the_zip_has_them(
    folder: atti.Documenti,
) -> None:
    nota = words(of(folder, "nota"))
    for percorso in folder.titoli:
        if not percorso.name.startswith("nota"):
            assert hashlib.sha256(percorso.read_bytes()).hexdigest() in nota, percorso.name
    assert folder.archivio is not None
    with zipfile.ZipFile(folder.archivio) as pacco:
        assert pacco.namelist() == sorted(p.name for p in folder.titoli)
        assert {p.name: p.read_bytes() for p in folder.titoli} == {
            n: pacco.read(n) for n in pacco.namelist()
        }


def test_the_same_data_give_the_same_bytes(
    fascicolo: Fascicolo, esempio: run.Esito, folder: atti.Documenti, tmp_path: Path
) -> None:
    altra = written(fascicolo, tmp_path, (esempio.documenti[1],))
    assert altra.archivio is not None and folder.archivio is not None
    assert altra.archivio.read_bytes() == folder.archivio.read_bytes()


# ------------------------------------------------------------------ figures: those of the consolidato


def sheets(consolidato: Path) -> dict[str, list[list[object]]]:
    libro = openpyxl.load_workbook(consolidato, data_only=True, read_only=True)
    return {ws.title: [list(riga) for riga in ws.iter_rows(values_only=True)] for ws in libro}


def as_written(valore: object) -> str:
    """A figure of the consolidato as the acts write it."""
    if isinstance(valore, int | float) and float(valore) != int(valore):
        return f"{valore:.2f}".replace(".", ",")
    return str(int(valore)) if isinstance(valore, int | float) else str(valore)


def test_the_figures_are_those_of_the_consolidato(consolidato: Path, folder: atti.Documenti) -> None:
    cifre = {str(r[0]): as_written(r[1]) for r in sheets(consolidato)["Cifre"] if r[0]}
    verbale, proposta = words(of(folder, "verbale")), words(of(folder, "proposta"))
    for frase in (
        f"è {cifre['Media dei settori']}\N{NO-BREAK SPACE}%",
        f"è {as_written(94)},00\N{NO-BREAK SPACE}%",
        f"{cifre['Schede']} schede su {cifre['Schede']}; obiettivi valutati: "
        f"{cifre['Obiettivi valutati']} su {cifre['Obiettivi distinti']}; "
        f"{cifre['Obiettivi esclusi dalla media']} obiettivi esclusi",
        f"{cifre['Indicatori misurati']} su {cifre['Indicatori']}; con un valore atteso: "
        f"{cifre['Indicatori con un valore atteso']}; quantificabili: "
        f"{cifre['Indicatori quantificabili']}.",
        f"più di 10 punti: {cifre['Schede con il grado dichiarato lontano da quello misurato']}, con il "
        "motivo o una nota: 4",
    ):
        assert frase in verbale, frase
    assert (
        f"previsti {cifre['Indicatori']}, misurati {cifre['Indicatori misurati']}, con il valore atteso "
        f"raggiunto {cifre['Indicatori raggiunti']};" in proposta
    )


def test_every_number_of_an_act_is_in_the_consolidato_or_in_its_text(
    consolidato: Path, folder: atti.Documenti, fascicolo: Fascicolo
) -> None:
    """Number by number: what the program has put in an act stands in a cell, as a figure or in words."""
    noti = {"…", *NUMERO.findall(" ".join(f"{m.etichetta}" for m in folder.mancanti))}
    for righe_sue in sheets(consolidato).values():
        for valore in (valore for riga in righe_sue for valore in riga if valore is not None):
            scritto = as_written(valore)
            noti |= {scritto, *NUMERO.findall(str(valore))}
            if isinstance(valore, int | float):
                noti |= {f"{valore:.2f}".replace(".", ","), f"{abs(valore):.2f}".replace(".", ",")}
    for file, nome in ((DELIBERA, "proposta"), (VERBALE, "verbale"), (VALUTAZIONE, "valutazione")):
        della_traccia = set(NUMERO.findall(tracce.nostra(file).corpo))
        for percorso in (p for p in folder.titoli if p.name.startswith(nome)):
            senza_file = re.sub(r"\w+_\d{4}\.(docx|pdf|xlsx)", "", "\n".join(body_lines(percorso)))
            usati = set(NUMERO.findall(senza_file)) - della_traccia
            assert usati <= noti | {str(n) for n in range(20)}, (percorso.name, sorted(usati - noti))


def test_the_sheet_of_a_settore_has_its_voci_and_its_percentuale(
    consolidato: Path, folder: atti.Documenti, fascicolo: Fascicolo
) -> None:
    riepilogo = {str(v) for riga in sheets(consolidato)["Riepilogo"] for v in map(as_written, riga)}
    for settore in fascicolo.settori:
        testo = words(of(folder, f"valutazione_{settore.settore}"))
        tavola = [riga for riga in testo.splitlines() if re.match(r"\| \d+ \|", riga)]
        assert len(tavola) == settore.obiettivi
        percento = next(r for r in testo.splitlines() if "raggiungimento complessiva" in r)
        (grado,) = NUMERO.findall(percento)
        assert grado in riepilogo or grado.removesuffix(",00") in riepilogo
    assert "99,08" in words(of(folder, "valutazione_affari_generali"))


# ------------------------------------------------------------------------------- a small ente, the run


@pytest.fixture
def ente(tmp_path: Path) -> Path:
    cartella = tmp_path / "cartelle"
    fx.write_world(cartella)
    return cartella


def test_a_run_writes_the_folder_and_the_next_without_it_takes_it_away(
    ente: Path, tmp_path: Path
) -> None:
    uscita = tmp_path / "uscita"
    esito = run.relazione(ente, uscita, con_atti=True, pubblica=True)
    interna, pubblica = esito.atti
    assert pubblica.cartella.name == atti.CARTELLA_PUBBLICA
    assert all(p.stem.endswith("_pubblica") for p in pubblica.titoli)
    assert interna.archivio is not None and "consolidato_2024_da_inviare.xlsx" in {
        p.name for p in interna.titoli
    }
    ritoccato = of(interna, "verbale")
    ritoccato.write_bytes(ritoccato.read_bytes() + b"firmato")
    suo = interna.cartella / "verbale_firmato.pdf"
    suo.write_bytes(b"%PDF")
    run.relazione(ente, uscita)
    assert sorted(interna.cartella.iterdir()) == sorted([ritoccato, suo])
    assert list(pubblica.cartella.iterdir()) == []
    ancora = run.relazione(ente, uscita, con_atti=True)
    assert [p.name for p in ancora.conservati] == ["verbale_di_validazione_2024_ritoccata_1.docx"]
    assert suo.is_file() and suo not in ancora.atti[0].titoli


def test_the_public_folder_names_nobody(ente: Path, tmp_path: Path) -> None:
    etichetta = next(c for c in estremi.ESTREMI if c.chiave == "componenti").etichetta
    fx.put(ente / fx.ENTE, "Atti", fx.beside(ente / fx.ENTE, "Atti", etichetta), "dott.ssa Marta Galli")
    esito = run.relazione(ente, tmp_path / "uscita", con_atti=True, pubblica=True)
    interna, pubblica = esito.atti
    assert "Marta Galli" in words(of(interna, "verbale"))
    assert "Luca Verdi" in words(of(interna, "valutazione_tecnico"))
    for percorso in pubblica.titoli:
        with zipfile.ZipFile(percorso) as pacco:
            testo = b"".join(pacco.read(nome) for nome in pacco.namelist())
        for nome in (b"Galli", b"Verdi", b"Bianchi"):
            assert nome not in testo, (percorso.name, nome)


def test_a_bozza_says_so_and_has_no_zip(ente: Path, tmp_path: Path) -> None:
    (ente / fx.TECNICO).unlink()
    esito = run.relazione(ente, tmp_path / "uscita", con_atti=True)
    (interna,) = esito.atti
    assert interna.archivio is None
    assert [p.name for p in interna.titoli if p.name.startswith("consolidato")] == []
    assert "BOZZA" in words(of(interna, "proposta"))


def test_an_ente_without_the_sheet_has_every_place_to_complete(ente: Path, tmp_path: Path) -> None:
    fascicolo = run.controlla(ente).fascicolo
    assert fascicolo is not None
    senza = [r for r in righe(fascicolo.tabelle.ente) if r["chiave"] in ("denominazione", "anno")]
    tabelle = replace(fascicolo.tabelle, ente=costruisci({"ente": senza}).ente)
    documenti = written(replace(fascicolo, tabelle=tabelle), tmp_path)
    assert {m.etichetta for m in documenti.mancanti} >= {
        "Organo che approva",
        "Provincia",
        "Componenti del Nucleo",
        "Segretario",
    }
    assert "[da completare: organo che approva]" in words(of(documenti, "proposta"))


def test_the_command_lists_what_it_made_and_what_is_missing(ente: Path, tmp_path: Path) -> None:
    argomenti = ["atti", "--cartella", str(ente), "--uscita", str(tmp_path / "uscita")]
    esito = CliRunner().invoke(cli.app, argomenti)
    assert esito.exit_code == Fine.FATTO, esito.output
    detto = " ".join(esito.output.split())
    assert "atti_2024.zip: tutto quanto, da mandare" in detto
    assert "Da completare, segnati negli atti con [da completare: …]: ente.xlsx, foglio Atti," in detto


# -------------------------------------------------------------------------- the tracce of the office


def test_the_office_s_text_takes_the_place_of_ours(ente: Path, tmp_path: Path) -> None:
    pagina = "piede: Nostra\n\nComune: {ENTE}, {anno}.\n|: 1 1 | Gradi\n| Settore | Grado |\n"
    pagina += "| {settore.denominazione} | {settore.grado} |"
    (ente / DELIBERA.upper()).write_bytes(tracce_atti.traccia(pagina))
    esito = run.relazione(ente, tmp_path / "uscita", con_atti=True)
    assert found(esito) == []
    righe_sue = docx_lines(of(esito.atti[0], "proposta"))
    assert righe_sue[0] == "[Normal] Comune: COMUNE DI PROVA, 2024."
    assert [r for r in righe_sue if r.startswith("| Settore T")]
    assert any("Nostra" in riga for riga in righe_sue)


def test_a_text_with_an_unknown_field_is_not_used_and_the_known_are_named(
    ente: Path, tmp_path: Path
) -> None:
    (ente / NOTA).write_bytes(tracce_atti.traccia("piede: N\n\n{mancante.dov} {voce.n} { e {grado}"))
    (rilievo,) = run.controlla(ente).rilievi
    assert (rilievo.codice, rilievo.file) == ("E24", NOTA)
    assert "«mancante.dov», «voce.n», una parentesi graffa da sola e «grado»" in rilievo.messaggio
    assert "forse «mancante.dove»" in rilievo.rimedio
    assert "mancante.che_cosa, mancante.dove, mancante.documenti" in rilievo.rimedio
    (ente / NOTA).write_bytes(tracce_atti.traccia("piede: N\n\n{responsabil}"))
    (rilievo,) = run.controlla(ente).rilievi
    assert not rilievo.rimedio.endswith("…") and "tolleranza" in rilievo.rimedio


def test_the_texts_to_change_are_on_the_letterhead_and_are_never_touched_again(ente: Path) -> None:
    (ente / CARTA_INTESTATA).write_bytes(carte.OURS)
    (ente / VERBALE).write_bytes(b"mio")
    scritte, presenti = run.prepara_tracce(ente)
    assert [p.name for p in scritte] == [DELIBERA, VALUTAZIONE, NOTA]
    assert (presenti, (ente / VERBALE).read_bytes()) == ([ente / VERBALE], b"mio")
    (ente / VERBALE).unlink()
    assert [codice for codice, _ in found(run.controlla(ente))] == []
    assert run.prepara_tracce(ente)[0] == [ente / VERBALE]


@pytest.mark.parametrize("contenuto", [carte.ITALIAN, carte.OURS], ids=["of Word", "ours"])
def test_our_texts_go_on_any_letterhead(ente: Path, tmp_path: Path, contenuto: bytes) -> None:
    (ente / CARTA_INTESTATA).write_bytes(contenuto)
    fascicolo = run.controlla(ente).fascicolo
    assert fascicolo is not None and fascicolo.carta.intestata
    documenti = written(fascicolo, tmp_path)
    for percorso in documenti.titoli:
        assert faults(percorso) == [], percorso.name
        assert SEGNAPOSTO.findall(words(percorso)) == []
    noti = {stile.style_id for stile in Document(str(of(documenti, "verbale"))).styles}
    usati = {p.style.style_id for p in Document(str(of(documenti, "verbale"))).paragraphs}
    assert usati <= noti


def test_the_cost_of_reading_no_traccia_is_no_child(ente: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    avviati: list[str] = []
    monkeypatch.setattr("pipeline.workbooks.lettore.subprocess.Popen", partial(avviati.append, "figlio"))
    assert tracce.leggi(ente) == ({}, [])
    assert avviati == []


def test_the_trasversali_have_no_sheet_of_their_own(folder: atti.Documenti) -> None:
    assert not any(TRASVERSALI in p.name for p in folder.titoli)
