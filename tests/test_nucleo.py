"""The workbook of the Nucleo: made, filled in, returned, and still there after the next delivery."""

from decimal import Decimal
from pathlib import Path

import fixtures_ente as fx
import openpyxl
import pytest
from fixtures_ente import RAGIONERIA, TECNICO, below, put_many
from test_rilievi import found

from pipeline import giudizi, modelli, run
from pipeline.documents.relazione import nucleo as pagina_del_nucleo
from pipeline.documents.word.blocchi import senza_segni
from pipeline.run import Esito
from pipeline.workbooks import nucleo

NUCLEO = nucleo.FILE


@pytest.fixture
def ente(tmp_path: Path) -> Path:
    return fx.write_world(tmp_path / "ente")


def returned(ente: Path) -> Path:
    """The workbook as `make nucleo` writes it, put among those of the settori."""
    (scritta,) = run.per_il_nucleo(ente, ente.parent / "uscita").documenti
    return scritta.replace(ente / NUCLEO)


def rows(percorso: Path) -> dict[str, dict[str, object]]:
    """What the sheet says, by the code of the obiettivo."""
    ws = openpyxl.load_workbook(percorso)[nucleo.FOGLIO]
    righe = ws.iter_rows(min_row=nucleo.PRIMA, values_only=True)
    chiavi = [campo.chiave for campo in nucleo.CAMPI]
    return {str(riga[0]): dict(zip(chiavi, riga, strict=True)) for riga in righe if riga[0]}


def write(percorso: Path, obiettivo: str, **valori: object) -> None:
    riga = nucleo.PRIMA + list(rows(percorso)).index(obiettivo)
    campi = {campo.chiave: campo.colonna for campo in nucleo.CAMPI}
    celle = {f"{openpyxl.utils.get_column_letter(campi[k])}{riga}": v for k, v in valori.items()}
    put_many(percorso, nucleo.FOGLIO, celle)


def gradi(esito: Esito) -> dict[str, list[tuple[Decimal | None, str]]]:
    assert esito.fascicolo is not None
    trovati: dict[str, list[tuple[Decimal | None, str]]] = {}
    for voce in esito.fascicolo.valutazione.voci:
        trovati.setdefault(voce.chiave, []).append((voce.grado, voce.origine))
    return trovati


def test_every_obiettivo_is_there_once_with_what_helps_to_judge_it(ente: Path) -> None:
    righe = rows(returned(ente))
    assert list(righe) == ["T1", "ragioneria 1", "ragioneria 2", "tecnico 1"]
    assert righe["T1"]["settore"] == "Più settori"
    del_tecnico = righe["tecnico 1"]
    assert (del_tecnico["grado_dichiarato"], del_tecnico["grado_misurato"]) == (95, 100)
    assert (del_tecnico["misurati"], del_tecnico["scarto"]) == ("1 su 1", -5)
    assert [del_tecnico[chiave] for chiave in nucleo.DEL_NUCLEO] == [None, None, None]


def test_only_what_is_the_nucleo_s_can_be_written(ente: Path) -> None:
    ws = openpyxl.load_workbook(returned(ente))[nucleo.FOGLIO]
    liberi = {nucleo.CAMPI[c.column - 1].chiave for c in ws[nucleo.PRIMA] if not c.protection.locked}
    assert ws.protection.sheet and liberi == set(nucleo.DEL_NUCLEO)


def test_as_it_goes_out_it_changes_nothing(ente: Path) -> None:
    prima = gradi(run.controlla(ente))
    returned(ente)
    esito = run.controlla(ente)
    assert gradi(esito) == prima and esito.rilievi == []
    (quadratura,) = [q for q in esito.raccolta.quadrature if q.file == NUCLEO]
    assert (quadratura.compilate, quadratura.torna) == (0, True)


def test_its_grado_prevails_and_for_a_trasversale_in_every_settore(ente: Path) -> None:
    percorso = returned(ente)
    write(percorso, "T1", grado_nucleo=70, note="Riscontro parziale.")
    write(percorso, "tecnico 1", grado_nucleo=80)
    esito = run.controlla(ente)
    assert esito.rilievi == []
    trovati = gradi(esito)
    assert trovati["T1"] == [(Decimal(70), "Nucleo")] * 2
    assert trovati["tecnico 1"] == [(Decimal(80), "Nucleo")]
    assert trovati["ragioneria 1"] == [(Decimal(95), "schede")]
    assert esito.fascicolo is not None
    assert [v.note for v in esito.fascicolo.valutazione.voci if v.trasversale] == [
        "Riscontro parziale."
    ] * 2


def test_what_it_has_written_is_in_the_documents_and_in_the_next_workbook(ente: Path) -> None:
    percorso = returned(ente)
    write(percorso, "tecnico 1", visto="X", grado_nucleo=80, note="Visto agli atti.")
    run.relazione(ente, ente.parent / "uscita")
    consolidato = openpyxl.load_workbook(ente.parent / "uscita" / "2024" / "consolidato_2024.xlsx")
    (detto,) = [r for r in consolidato["Nucleo"].iter_rows(values_only=True) if r[0] == "tecnico 1"]
    assert "Visto agli atti." in detto and NUCLEO in detto
    voci = list(consolidato["Voci"].iter_rows(min_row=3, values_only=True))
    (sua,) = [dict(zip(voci[0], r, strict=True)) for r in voci if "Obiettivo 1 di tecnico" in r]
    assert (sua["Visto dal Nucleo"], sua["Note"]) == ("sì", "Visto agli atti.")
    ancora = rows(returned(ente))["tecnico 1"]
    assert [ancora[chiave] for chiave in nucleo.DEL_NUCLEO] == ["X", 80, "Visto agli atti."]


def test_it_survives_the_next_delivery_of_a_settore(ente: Path) -> None:
    """With a row more above, so that the numbers of the voci change, and a text retouched."""
    write(returned(ente), "ragioneria 2", grado_nucleo=60)
    write(ente / NUCLEO, "ragioneria 1", note="Da rivedere.")
    testi = {
        below(ente / RAGIONERIA, "Valutazione", "Descrizione obiettivo", 1): "Obiettivo 2 di ragioneria",
        below(
            ente / RAGIONERIA, "Valutazione", "Descrizione obiettivo", 2
        ): "Obiettivo 1 di  Ragioneria.",
        below(ente / RAGIONERIA, "Valutazione", "Schede", 1): "2",
        below(ente / RAGIONERIA, "Valutazione", "Schede", 2): "1",
        below(ente / RAGIONERIA, "Valutazione", "Grado dichiarato %", 1): 90,
        below(ente / RAGIONERIA, "Valutazione", "Grado dichiarato %", 2): None,
    }
    put_many(ente / RAGIONERIA, "Valutazione", testi)
    esito = run.controlla(ente)
    assert found(esito) == [] and gradi(esito)["ragioneria 1"] == [(Decimal(60), "Nucleo")]


def test_a_confirmed_gap_is_no_more_to_be_looked_at(ente: Path) -> None:
    campi = {"Valore atteso": "100", "Raggiunto": "40"}
    put_many(
        ente / TECNICO, "Scheda 1", {below(ente / TECNICO, "Scheda 1", h): v for h, v in campi.items()}
    )
    assert [codice for codice, _ in found(run.controlla(ente))] == ["V42", "V30"]
    write(returned(ente), "tecnico 1", visto="X")
    assert [codice for codice, _ in found(run.controlla(ente))] == ["V42"]  # the reason is still to come


def test_of_two_neither_is_read_and_of_another_year_it_is_refused(ente: Path) -> None:
    percorso = returned(ente)
    (ente / "nucleo (2).xlsx").write_bytes(percorso.read_bytes())
    doppi = run.controlla(ente).rilievi
    assert [r.codice for r in doppi] == ["M06", "M06"]
    assert doppi[0].messaggio.startswith("I gradi e le note del Nucleo sono anche in nucleo.xlsx: ")
    (ente / "nucleo (2).xlsx").unlink()
    fx.set_mark(percorso, anno="2023")
    assert [codice for codice, _ in found(run.controlla(ente))] == ["M03"]


@pytest.mark.parametrize("nome", ["Nucleo.xlsx", "valutazione del nucleo 2024.xlsx"])
def test_it_is_known_by_its_mark_whatever_its_name(ente: Path, nome: str) -> None:
    percorso = returned(ente)
    write(percorso, "tecnico 1", grado_nucleo=80)
    percorso.rename(ente / nome)
    assert gradi(run.controlla(ente))["tecnico 1"] == [(Decimal(80), "Nucleo")]


def test_the_same_description_twice_is_followed_nowhere(ente: Path) -> None:
    """Which of the two it is cannot be told: the code counts, if its text is still alike."""
    voci = run.controlla(ente).raccolta.tabelle.righe.voci
    doppia = [{**voce, "descrizione": "Uguale"} for voce in voci]
    giudizio = {"obiettivo": "ragioneria 9", "descrizione": "Uguale", "grado_dichiarato": None}
    giudizio |= {"visto": True, "grado_nucleo": None, "note": ""}
    (abbinato,) = giudizi.abbina([giudizio], doppia)  # type: ignore[list-item]
    assert abbinato.voci == ()


def test_a_trasversale_that_it_has_graded_is_told_and_counted_once(ente: Path) -> None:
    percorso = returned(ente)
    write(percorso, "T1", grado_nucleo=70)
    write(percorso, "tecnico 1", grado_nucleo=80)
    fascicolo = run.controlla(ente).fascicolo
    assert fascicolo is not None
    (frase,) = map(senza_segni, pagina_del_nucleo._del_nucleo(fascicolo))
    assert frase.count("70") == 1 and frase.count("80") == 1
    detto = dict(pagina_del_nucleo._controlli(fascicolo))["Gradi dell'organo e dell'ente"]
    assert senza_segni(detto).startswith("2 gradi attribuiti dall'organo")


@pytest.mark.parametrize("colonna", ["Obiettivo", "Descrizione", "Grado dichiarato %"])
@pytest.mark.parametrize("valore", ["=A1", "=1/0", -3])
def test_what_is_not_its_own_is_counted_once_also_where_it_cannot_be_read(
    ente: Path, colonna: str, valore: object
) -> None:
    percorso = returned(ente)
    write(percorso, "T1", visto="X")
    fx.put(percorso, nucleo.FOGLIO, below(percorso, nucleo.FOGLIO, colonna), valore)
    esito = run.controlla(ente)
    assert all(quadratura.torna for quadratura in esito.raccolta.quadrature)
    assert "P01" not in {r.codice for r in esito.rilievi}


@pytest.mark.parametrize("letto", ["manca", "in parte", "da compilare"])
def test_while_a_workbook_cannot_be_read_nothing_is_said_of_what_it_has_written(
    ente: Path, letto: str
) -> None:
    """That the obiettivo is not there, or has no more the same grado, would only follow."""
    percorso = returned(ente)
    for obiettivo in ("T1", "tecnico 1"):
        write(percorso, obiettivo, visto="X")
    if letto == "in parte":
        fx.put(ente / TECNICO, "Valutazione", below(ente / TECNICO, "Valutazione", "N.", 0), None)
    else:
        (ente / TECNICO).unlink()
    if letto == "da compilare":
        modelli.prepara(ente)
    (solo,) = run.controlla(ente).rilievi
    assert solo.file == TECNICO


def test_of_a_grado_that_is_gone_it_is_told_in_words(ente: Path) -> None:
    write(returned(ente), "tecnico 1", visto="X")
    foglio, stato = "Valutazione", "Stato"
    senza = {below(ente / TECNICO, foglio, "Grado dichiarato %"): None}
    senza[below(ente / TECNICO, foglio, stato)] = "rinviato"
    put_many(ente / TECNICO, foglio, senza)
    fx.put(ente / TECNICO, "Scheda 1", below(ente / TECNICO, "Scheda 1", "% raggiungimento"), None)
    (detto,) = [r.messaggio for r in run.controlla(ente).rilievi if r.codice == "V40"]
    assert detto.endswith("era 95,00\N{NO-BREAK SPACE}%, adesso è nessun grado.")
