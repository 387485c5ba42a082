"""The drafts: who is told what, in which words, with which attachments, and as which bytes."""

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from pathlib import Path

import docx
import fixtures_ente as fx
import openpyxl
import pytest
from conftest import Outcome
from fixtures_ente import ENTE, RAGIONERIA, TECNICO, below, put, put_many
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_rilievi import CASES, Case, costly_to_read
from typer.testing import CliRunner

from pipeline import modelli, run
from pipeline.cli.comandi import app
from pipeline.documents import manifest
from pipeline.documents.fascicolo import Fascicolo
from pipeline.fine import Fine
from pipeline.posta import bozze
from pipeline.posta.bozze import Allegato, Bozza, Preparate, componi
from pipeline.rilievi import Rilievo
from pipeline.tables import costruisci
from pipeline.workbooks import messaggi

OGGI = date(2025, 3, 1)
INDIRIZZI = {"D4": "trasversali@comune.it", "D5": "ragioneria@comune.it", "D6": "tecnico@comune.it"}


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cartella = fx.write_world(tmp_path_factory.mktemp("posta") / "ente")
    put_many(cartella / ENTE, "Settori", INDIRIZZI)
    put_many(cartella / ENTE, "Destinatari", {"C4": "giunta@comune.it", "C5": "nucleo@pec.comune.it"})
    return cartella


@pytest.fixture
def ente(good: Path, tmp_path: Path) -> Path:
    """A copy of the good ente, all addresses there, to be damaged."""
    return Path(shutil.copytree(good, tmp_path / "ente"))


@pytest.fixture
def uscita(tmp_path: Path) -> Path:
    return tmp_path / "fuori"


def prepare(ente: Path, uscita: Path, oggi: date = OGGI) -> Preparate:
    return run.email(ente, uscita, oggi=oggi)[1]


def drafts(ente: Path, uscita: Path, oggi: date = OGGI) -> dict[str, Bozza]:
    return {bozza.nome: bozza for bozza in prepare(ente, uscita, oggi).bozze}


def parsed(bozza: Bozza) -> EmailMessage:
    letto = message_from_bytes(componi(bozza).as_bytes(), policy=default)
    assert isinstance(letto, EmailMessage)
    return letto


def body(messaggio: EmailMessage) -> str:
    corpo = messaggio.get_body(("plain",))
    assert corpo is not None
    return str(corpo.get_content()).replace("\r\n", "\n")


def spoil_a_grado(ente: Path, valore: object = 980) -> str:
    cella = below(ente / TECNICO, "Valutazione", "Grado dichiarato %")
    put(ente / TECNICO, "Valutazione", cella, valore)
    return cella


def of_findings(ente: Path, uscita: Path, codice: str, quanti: int) -> Bozza:
    """The draft for a workbook with so many findings of a code, and no others."""
    fascicolo = run.controlla(ente).fascicolo
    assert fascicolo is not None
    trovati = [
        Rilievo(codice, TECNICO, "Scheda 1", f"H{n}", {"valore": f"nota {n}", "scheda": f"Tributi {n}"})
        for n in range(1, quanti + 1)
    ]
    guasto, dove = replace(fascicolo, rilievi=trovati), uscita / str(fascicolo.anno)
    (bozza,) = bozze.prepara(round_of(guasto, ente, dove)).bozze
    return bozza


def round_of(fascicolo: Fascicolo, ente: Path, destinazione: Path) -> bozze.Giro:
    return bozze.Giro(fascicolo, ente, destinazione, OGGI, lambda settore: b"")


# ------------------------------------------------------------------------------------- who is told what


def test_who_has_nothing_to_mend_is_told_nothing(ente: Path, uscita: Path) -> None:
    preparate = prepare(ente, uscita)
    assert preparate.bozze == [] and preparate.rilievi == []


def test_a_missing_workbook_is_asked_for(ente: Path, uscita: Path) -> None:
    (ente / TECNICO).unlink()
    (bozza,) = prepare(ente, uscita).bozze
    assert bozza.nome == "sollecito_tecnico"
    assert bozza.destinatari == ("tecnico@comune.it",)
    assert bozza.oggetto == "Relazione sulla performance 2024: attendiamo il file «Settore Tecnico»"
    assert bozza.testo.startswith("Gentile Luca Verdi,\n\nper la relazione sulla performance 2024 ")
    assert "(tecnico.xlsx)" in bozza.testo
    assert bozza.testo.endswith("Cordiali saluti\nComune di Prova")


def test_a_workbook_nobody_filled_in_is_asked_for(ente: Path, uscita: Path) -> None:
    for file in (RAGIONERIA, TECNICO):
        (ente / file).unlink()
    modelli.prepara(ente)
    assert list(drafts(ente, uscita)) == ["sollecito_ragioneria", "sollecito_tecnico"]


def test_so_is_one_where_only_the_placeholder_of_the_form_stands(ente: Path, uscita: Path) -> None:
    (ente / TECNICO).unlink()
    modelli.prepara(ente)
    cella = below(ente / TECNICO, "Scheda 1", "Che cosa è stato fatto")
    put(ente / TECNICO, "Scheda 1", cella, "(campo dedicato alla relazione finale)")
    assert list(drafts(ente, uscita)) == ["sollecito_tecnico"]


def test_the_form_goes_with_the_reminder_as_it_is_or_blank(ente: Path, uscita: Path) -> None:
    (ente / TECNICO).unlink()
    mancante = prepare(ente, uscita)
    modelli.prepara(ente)
    sollecito = drafts(ente, uscita)["sollecito_tecnico"]
    assert sollecito.allegati == (Allegato(TECNICO, (ente / TECNICO).read_bytes()),)
    assert mancante.bozze == [sollecito]
    assert "tecnico.xlsx non è nella cartella: al messaggio è allegato vuoto" in mancante.note[0]


# --------------------------------------------------------------------------------- the first message

SCADENZA = date(2026, 3, 31)


@pytest.fixture
def nuove(ente: Path, tmp_path: Path) -> Path:
    """The forms of the year after, of which nobody has given anything back yet."""
    modelli.prepara(tmp_path / "nuove", da=ente)
    return tmp_path / "nuove"


def cell_of_the_deadline(cartella: Path) -> str:
    return fx.beside(cartella / ENTE, "Ente", "Scadenza delle consegne")


def test_new_forms_go_out_with_the_guide_and_the_deadline(nuove: Path, uscita: Path) -> None:
    put(nuove / ENTE, "Ente", cell_of_the_deadline(nuove), "31/03/2026")
    scritte = drafts(nuove, uscita, SCADENZA)
    assert list(scritte) == ["invito_trasversali", "invito_ragioneria", "invito_tecnico"]
    invito = scritte["invito_tecnico"]
    assert "rimandarcelo entro il 31/03/2026." in invito.testo
    modulo, guida = invito.allegati
    assert modulo == Allegato(TECNICO, (nuove / TECNICO).read_bytes())
    letta = docx.Document(BytesIO(guida.contenuto))
    assert guida.nome.endswith(".docx") and letta.paragraphs[0].style.name == "Title"
    assert "caselle gialle" in " ".join(capoverso.text for capoverso in letta.paragraphs)
    assert drafts(nuove, uscita, SCADENZA) == scritte


@pytest.mark.parametrize("come", ["the deadline is past", "somebody has delivered"])
def test_then_who_has_not_delivered_is_reminded(nuove: Path, uscita: Path, come: str) -> None:
    put(nuove / ENTE, "Ente", cell_of_the_deadline(nuove), "31/03/2026")
    oggi = SCADENZA + timedelta(days=1)
    if come == "somebody has delivered":
        oggi = SCADENZA
        cella = below(nuove / RAGIONERIA, "Scheda 1", "Raggiunto")
        put(nuove / RAGIONERIA, "Scheda 1", cella, "20")
    scritte = drafts(nuove, uscita, oggi)
    assert "sollecito_tecnico" in scritte
    assert not any(nome.startswith("invito") for nome in scritte)


@pytest.mark.parametrize("scritta", ["", "fine mese"])
def test_a_deadline_that_is_not_there_is_asked_for(nuove: Path, uscita: Path, scritta: str) -> None:
    cella = cell_of_the_deadline(nuove)
    put(nuove / ENTE, "Ente", cella, scritta or None)
    preparate = prepare(nuove, uscita)
    (manca,) = preparate.rilievi
    assert preparate.bozze == [] and (manca.codice, manca.cella) == ("E16", cella)
    assert "31/03/2026" in manca.rimedio and fx.foreign_words(manca.messaggio) == []
    put(nuove / ENTE, "Ente", cella, "30/04/2026")
    assert len(prepare(nuove, uscita).bozze) == 3


def test_an_ente_from_before_there_was_a_deadline_is_told_where_to_write_it(
    nuove: Path, uscita: Path
) -> None:
    riga = int(re.sub(r"\D", "", cell_of_the_deadline(nuove)))
    put(nuove / ENTE, "Ente", f"A{riga}", None)
    (manca,) = prepare(nuove, uscita).rilievi
    assert (manca.foglio, manca.cella) == ("Ente", "")
    assert "«Scadenza delle consegne» sotto l'ultima riga" in manca.rimedio
    put_many(nuove / ENTE, "Ente", {f"A{riga}": "scadenza delle consegne", f"B{riga}": "31/3/2026"})
    assert "entro il 31/03/2026" in drafts(nuove, uscita)["invito_tecnico"].testo


def test_words_without_the_deadline_do_without(nuove: Path, uscita: Path) -> None:
    put(nuove / ENTE, "Messaggi", below(nuove / ENTE, "Messaggi", "Testo"), "Entro marzo.\n{ente}")
    assert drafts(nuove, uscita)["invito_tecnico"].testo == "Entro marzo.\nComune di Prova"


def test_one_that_cannot_be_understood_is_to_be_mended_not_asked_for(ente: Path, uscita: Path) -> None:
    for foglio, etichetta in (("Valutazione", "Peso"), ("Scheda 1", "INDICATORI")):
        put(ente / TECNICO, foglio, fx.at(ente / TECNICO, foglio, etichetta), "Altro")
    assert list(drafts(ente, uscita)) == ["correzioni_tecnico"]


def test_a_rilievo_is_told_with_sheet_cell_and_remedy(ente: Path, uscita: Path) -> None:
    cella = spoil_a_grado(ente)
    (bozza,) = prepare(ente, uscita).bozze
    assert bozza.nome == "correzioni_tecnico"
    assert (
        f"DA CORREGGERE\n\n1. Foglio «Valutazione», cella {cella}\n"
        "   Grado dichiarato %: c'è scritto 980, serve un numero da 0 a 100.\n"
        "   → Scrivere un numero da 0 a 100.\n"
    ) in bozza.testo


def test_what_may_be_right_comes_last_and_says_so(ente: Path, uscita: Path) -> None:
    spoil_a_grado(ente)
    put(ente / TECNICO, "Scheda 1", below(ente / TECNICO, "Scheda 1", "MISSIONE", 1), "02")
    put(ente / TECNICO, "Valutazione", below(ente / TECNICO, "Valutazione", "Schede"), None)
    testo = drafts(ente, uscita)["correzioni_tecnico"].testo
    assert testo.count("DA CORREGGERE") == testo.count("DA CONTROLLARE") == 1
    assert testo.index("DA CORREGGERE") < testo.index("DA CONTROLLARE")
    numeri = re.findall(r"^(\d+)\. ", testo, re.MULTILINE)
    assert numeri == [str(n) for n in range(1, len(numeri) + 1)]


def test_nobody_reads_of_another_settore(ente: Path, uscita: Path) -> None:
    spoil_a_grado(ente)
    put(ente / RAGIONERIA, "Scheda 1", "H30", "una nota a margine")
    scritte = drafts(ente, uscita)
    assert "margine" not in scritte["correzioni_tecnico"].testo
    assert "980" not in scritte["correzioni_ragioneria"].testo
    assert scritte["correzioni_ragioneria"].destinatari == ("ragioneria@comune.it",)


def _torn(ente: Path) -> None:
    (ente / TECNICO).write_bytes((ente / TECNICO).read_bytes()[:4000])


def _old_format(ente: Path) -> None:
    (ente / TECNICO).rename(ente / "Tecnico.xls")


def _last_year(ente: Path) -> None:
    fx.write_settore(ente / TECNICO, "tecnico", anno=fx.ANNO - 1)


@pytest.mark.parametrize("damage", [_torn, _old_format, _last_year, costly_to_read])
def test_a_file_that_cannot_be_read_is_asked_for_again(
    ente: Path, uscita: Path, damage: Callable[[Path], object]
) -> None:
    damage(ente)
    (bozza,) = prepare(ente, uscita).bozze
    assert bozza.nome == "illeggibile_tecnico"
    assert re.search(r"- [Tt]ecnico\.\w+: .+\.\n  .+\.\n", bozza.testo)


def _two_of_a_settore(ente: Path) -> None:
    shutil.copy(ente / TECNICO, ente / "copia.xlsx")


def _other_template(ente: Path) -> None:
    fx.set_mark(ente / TECNICO, modello="trasversali")


def _unknown_file(ente: Path) -> None:
    (ente / "Lavori pubblici.xlsx").write_bytes(b"PK torn")


@pytest.mark.parametrize("damage", [_two_of_a_settore, _other_template, _unknown_file])
def test_what_the_office_must_mend_is_not_told_to_the_responsabile(
    ente: Path, uscita: Path, damage: Callable[[Path], None]
) -> None:
    damage(ente)
    preparate = prepare(ente, uscita)
    assert preparate.bozze == []
    assert any("Restano all'ufficio" in nota and ".xlsx" in nota for nota in preparate.note)


def test_who_has_delivered_a_signed_workbook_is_not_reminded(ente: Path, uscita: Path) -> None:
    """The office takes it out by itself; the note says which file waits."""
    (ente / TECNICO).rename(ente / f"16_{TECNICO}.p7m")
    preparate = prepare(ente, uscita)
    assert preparate.bozze == []
    assert any(f"16_{TECNICO}.p7m" in nota for nota in preparate.note)


def test_who_has_sent_only_a_link_is_asked_for_the_workbook(ente: Path, uscita: Path) -> None:
    (ente / TECNICO).unlink()
    (ente / "tecnico.gsheet").write_text('{"url": "https://docs.google.com"}', encoding="utf-8")
    (bozza,) = prepare(ente, uscita).bozze
    assert bozza.nome == "illeggibile_tecnico"
    assert "collegamento a un documento di Google" in bozza.testo


def test_a_workbook_with_the_name_of_another_settore(ente: Path, uscita: Path) -> None:
    """What is in tecnico.xlsx is the ragioneria's: each is told of its own."""
    (ente / RAGIONERIA).replace(ente / TECNICO)
    put(ente / TECNICO, "Scheda 1", "H30", "una nota a margine")
    scritte = drafts(ente, uscita)
    assert set(scritte) == {"correzioni_ragioneria", "sollecito_tecnico"}
    assert "margine" in scritte["correzioni_ragioneria"].testo


@pytest.mark.parametrize("caso", CASES, ids=lambda c: f"{c.codice}-{c.name}")
def test_no_responsabile_is_told_to_use_make(caso: Case, outcomes: Callable[[Case], Outcome]) -> None:
    """Of whatever is found, only what a responsabile can do in the workbook goes in a message."""
    _, esito, ente = outcomes(caso)
    fascicolo = esito.fascicolo
    if fascicolo is None:
        return
    for bozza in bozze.prepara(round_of(fascicolo, ente, ente / "niente")).bozze:
        assert "make" not in bozza.testo and "ente.xlsx" not in bozza.testo
        assert fx.foreign_words(bozza.testo.replace("\n", " ").replace(".xlsx", "")) == []
        assert parsed(bozza)["Subject"] == bozza.oggetto


def test_a_settore_whose_code_is_a_path_writes_nowhere(ente: Path, uscita: Path) -> None:
    put(ente / ENTE, "Settori", "A7", "../../fuori")
    run.email(ente, uscita)
    assert not list(uscita.parent.glob("*.eml")) and not list(uscita.rglob("*fuori*.eml"))


# -------------------------------------------------------------------------------- the annotated copies


@pytest.fixture
def copia(ente: Path, uscita: Path) -> Path:
    """A copy that somebody has changed by hand, of a workbook with something to mend."""
    spoil_a_grado(ente)
    copia = uscita / "2024" / "da_correggere" / TECNICO
    copia.parent.mkdir(parents=True)
    shutil.copy(ente / TECNICO, copia)
    return copia


def test_the_copy_of_the_workbook_of_today_goes_with_the_message(
    ente: Path, uscita: Path, tmp_path: Path
) -> None:
    """Also when the file just received is older, by its date, than the copy of the one before."""
    cella = spoil_a_grado(ente, 980)
    run.rimanda(ente, uscita)
    spoil_a_grado(ente, 770)
    os.utime(ente / TECNICO, (0, 0))
    (allegato,) = drafts(ente, uscita)["correzioni_tecnico"].allegati
    (tmp_path / TECNICO).write_bytes(allegato.contenuto)
    assert openpyxl.load_workbook(tmp_path / TECNICO)["Valutazione"][cella].value == 770


def test_the_annotated_copy_goes_with_the_message(ente: Path, uscita: Path, copia: Path) -> None:
    bozza = drafts(ente, uscita)["correzioni_tecnico"]
    assert bozza.allegati == (Allegato(TECNICO, copia.read_bytes()),)
    assert "copia allegata" in bozza.testo
    (allegato,) = parsed(bozza).iter_attachments()
    assert allegato.get_filename() == TECNICO
    assert allegato.get_content() == copia.read_bytes()


def test_a_long_list_is_cut_only_if_the_copy_has_the_rest(ente: Path, uscita: Path, copia: Path) -> None:
    put_many(ente / TECNICO, "Scheda 1", {f"H{n}": f"nota {n}" for n in range(100, 131)})
    os.utime(copia, (2**31, 2**31))
    con_copia = drafts(ente, uscita)["correzioni_tecnico"].testo
    assert "20. " in con_copia and "21. " not in con_copia
    assert "… e altri 12: sono tutti nella copia allegata." in con_copia
    os.utime(copia, (0, 0))
    assert "32. " in drafts(ente, uscita)["correzioni_tecnico"].testo


@pytest.mark.parametrize("con_copia", [True, False])
@pytest.mark.parametrize(
    ("quanti", "resto"),
    [
        (1, ""),
        (2, ""),
        (19, ""),
        (20, ""),
        (21, "… e un altro: è nella copia allegata."),
        (40, "… e altri 20: sono tutti nella copia allegata."),
    ],
)
def test_what_is_not_told_is_counted(
    ente: Path, uscita: Path, copia: Path, quanti: int, resto: str, con_copia: bool
) -> None:
    if not con_copia:
        copia.unlink()
    os.utime(ente / TECNICO, (0, 0))
    testo = of_findings(ente, uscita, "M10", quanti).testo
    assert ("… e" in testo) == bool(resto and con_copia)
    assert (resto if con_copia else "") in testo
    assert testo.count("   → ") == (min(quanti, bozze.MASSIMO) if con_copia else quanti)
    assert ("copia allegata" in testo) == con_copia


@pytest.mark.parametrize(
    ("quanti", "cose"),
    [(1, "una cosa"), (2, "due cose"), (10, "dieci cose"), (21, "21 cose"), (40, "40 cose")],
)
def test_what_may_be_right_is_only_asked(
    ente: Path, uscita: Path, copia: Path, quanti: int, cose: str
) -> None:
    """Nothing is to be sent back, so no copy to be mended goes along."""
    os.utime(ente / TECNICO, (0, 0))
    bozza = of_findings(ente, uscita, "V21", quanti)
    assert bozza.nome == "conferme_tecnico" and bozza.allegati == ()
    assert bozza.oggetto == (
        f"Relazione sulla performance 2024: file «Settore Tecnico», {cose} da confermare"
    )
    assert f"di guardare {cose}." in bozza.testo
    assert bozza.testo.count("   → ") == quanti
    assert "rimanda" not in bozza.testo and "CORREGGERE" not in bozza.testo


def test_nobody_is_written_to_for_hints_alone(ente: Path, uscita: Path) -> None:
    fascicolo = run.controlla(ente).fascicolo
    assert fascicolo is not None
    dati = {"nome": "Tributi", "altro": "Tributo", "dove": "C7", "perche": "x"}
    for codice in ("N01", "N04", "C05"):
        lieve = Rilievo(codice, TECNICO, "Scheda 1", "B5", dati)
        soli = replace(fascicolo, rilievi=[lieve])
        assert bozze.prepara(round_of(soli, ente, uscita)).bozze == []
        accanto = replace(fascicolo, rilievi=[lieve, Rilievo("C08", TECNICO, "Scheda 1", "B6")])
        (bozza,) = bozze.prepara(round_of(accanto, ente, uscita)).bozze
        assert "2. Foglio" in bozza.testo


def test_an_old_copy_stays_at_home(ente: Path, uscita: Path, copia: Path) -> None:
    os.utime(copia, (0, 0))
    preparate = prepare(ente, uscita)
    assert [bozza.allegati for bozza in preparate.bozze] == [()]
    assert any("cambiata a mano" in nota and TECNICO in nota for nota in preparate.note)


# ---------------------------------------------------------------------------------------- the relazione


def test_the_relazione_goes_to_all_its_destinatari_together(ente: Path, uscita: Path) -> None:
    esito = run.relazione(ente, uscita)
    (bozza,) = prepare(ente, uscita).bozze
    assert bozza.nome == "invio_relazione"
    assert bozza.destinatari == ("giunta@comune.it", "nucleo@pec.comune.it")
    assert bozza.oggetto == "Comune di Prova: relazione sulla performance 2024"
    letti = {a.get_filename(): a.get_content() for a in parsed(bozza).iter_attachments()}
    assert letti == {percorso.name: percorso.read_bytes() for percorso in to_be_sent(esito)}
    assert "- relazione_2024.docx\n- consolidato_2024_da_inviare.xlsx" in bozza.testo


def test_each_organo_has_the_acts_that_are_for_it(ente: Path, uscita: Path) -> None:
    ruoli = {
        "B4": "Giunta",
        "B5": "Presidente del Nucleo",
        "A6": "Segretario comunale",
        "C6": "s@comune.it",
    }
    put_many(ente / ENTE, "Destinatari", ruoli)
    (interna,) = run.relazione(ente, uscita, con_atti=True).atti
    invio, *degli_atti = prepare(ente, uscita).bozze
    assert len(invio.destinatari) == 3
    valutazioni = ["valutazione_ragioneria_2024.docx", "valutazione_tecnico_2024.docx"]
    verbale, proposta = "verbale_di_validazione_2024.docx", "proposta_di_deliberazione_2024.docx"
    nota = "nota_di_trasmissione_2024.docx"
    assert [(b.nome, b.destinatari, [a.nome for a in b.allegati]) for b in degli_atti] == [
        ("atti_nucleo", ("nucleo@pec.comune.it",), [*valutazioni, verbale]),
        ("atti_segretario", ("s@comune.it",), [nota, proposta, *valutazioni, verbale]),
        ("atti_giunta", ("giunta@comune.it",), [proposta, *valutazioni, verbale]),
    ]
    ritoccato = interna.cartella / verbale
    ritoccato.write_bytes(ritoccato.read_bytes() + b"firmato")
    note = prepare(ente, uscita).note
    assert sum(verbale in nota and "cambiato" in nota for nota in note) == 3
    run.relazione(ente, uscita)
    assert [bozza.nome for bozza in prepare(ente, uscita).bozze] == ["invio_relazione"]


def test_the_result_is_told_in_one_line(ente: Path, uscita: Path) -> None:
    run.relazione(ente, uscita)
    (bozza,) = prepare(ente, uscita).bozze
    assert re.search(
        r"^Grado dell'ente: [\d,]+ % \(media dei settori, 2 settori\)\.$",
        bozza.testo.replace("\u00a0", " "),
        re.MULTILINE,
    )


def _no_pdf(word: Path) -> None:
    pass


def _pdf_of_the_run(word: Path) -> None:
    """As make pdf leaves it: in the manifest, beside its .docx."""
    pdf = word.with_suffix(".pdf")
    pdf.write_bytes(b"%PDF")
    elenco = word.parent / manifest.NOME
    letto = json.loads(elenco.read_text(encoding="utf-8"))
    letto["documenti"][pdf.name] = manifest.impronta(pdf)
    elenco.write_text(json.dumps(letto), encoding="utf-8")


def _word_retouched_after(word: Path) -> None:
    _pdf_of_the_run(word)
    with word.open("ab") as file:
        file.write(b" ")
    os.utime(word.with_suffix(".pdf"), (2**31, 2**31))  # a copied folder has dates of its own


def _pdf_of_the_retouched_one(word: Path) -> None:
    """As make pdf DA= leaves it: newer than the .docx it was made from."""
    with word.open("ab") as file:
        file.write(b" ")
    word.with_suffix(".pdf").write_bytes(b"%PDF")


def _retouched_again(word: Path) -> None:
    _pdf_of_the_retouched_one(word)
    os.utime(word.with_suffix(".pdf"), (0, 0))


@pytest.mark.parametrize(
    ("prima", "allegato"),
    [
        (_no_pdf, False),
        (_pdf_of_the_run, True),
        (_word_retouched_after, False),
        (_pdf_of_the_retouched_one, True),
        (_retouched_again, False),
    ],
)
def test_the_pdf_goes_with_the_relazione_it_is_of(
    ente: Path, uscita: Path, prima: Callable[[Path], None], allegato: bool
) -> None:
    run.relazione(ente, uscita)
    word = uscita / "2024" / "relazione_2024.docx"
    prima(word)
    preparate = prepare(ente, uscita)
    (bozza,) = preparate.bozze
    pdf = ["relazione_2024.pdf"] if allegato else []
    nomi = ["relazione_2024.docx", *pdf, "consolidato_2024_da_inviare.xlsx"]
    assert [a.nome for a in bozza.allegati] == nomi
    assert "\n".join(f"- {nome}" for nome in nomi) in bozza.testo
    lasciato = prima in (_word_retouched_after, _retouched_again)
    assert any(f"make pdf DA={word}" in nota for nota in preparate.note) == lasciato
    if allegato:
        tipi = {a.get_filename(): a.get_content_type() for a in parsed(bozza).iter_attachments()}
        assert tipi["relazione_2024.pdf"] == "application/pdf"


def _no_documents(ente: Path, uscita: Path) -> None:
    pass


def _draft_documents(ente: Path, uscita: Path) -> None:
    integro = (ente / TECNICO).read_bytes()
    spoil_a_grado(ente)
    run.relazione(ente, uscita)
    (ente / TECNICO).write_bytes(integro)


def _blocked_since(ente: Path, uscita: Path) -> None:
    run.relazione(ente, uscita)
    spoil_a_grado(ente)


def _changed_since(ente: Path, uscita: Path) -> None:
    run.relazione(ente, uscita)
    spoil_a_grado(ente, 40)


def _no_manifest(ente: Path, uscita: Path) -> None:
    run.relazione(ente, uscita)
    (uscita / "2024" / "manifest.json").write_text("[]")


def _no_manifest_at_all(ente: Path, uscita: Path) -> None:
    """As a run that was killed leaves it."""
    run.relazione(ente, uscita)
    (uscita / "2024" / "manifest.json").unlink()


def _no_document_at_all(ente: Path, uscita: Path) -> None:
    run.relazione(ente, uscita)
    (uscita / "2024" / "relazione_2024.docx").write_bytes(b"PK")


@pytest.mark.parametrize(
    ("prima", "perche"),
    [
        (_no_documents, "non ci sono"),
        (_draft_documents, "BOZZA"),
        (_blocked_since, "qualcosa blocca"),
        (_changed_since, "sono cambiati dopo"),
        (_no_manifest, "non si sa da quali file vengono, né se sono una BOZZA"),
        (_no_manifest_at_all, "manifest.json non c'è, o non è intero"),
        (_no_document_at_all, "relazione_2024.docx non si apre"),
    ],
)
def test_what_is_not_ready_is_not_sent_and_why(
    ente: Path, uscita: Path, prima: Callable[[Path, Path], None], perche: str
) -> None:
    prima(ente, uscita)
    preparate = prepare(ente, uscita)
    assert "invio_relazione" not in [bozza.nome for bozza in preparate.bozze]
    (nota,) = (nota for nota in preparate.note if nota.startswith("La relazione non si manda ancora"))
    assert perche in nota and "make relazione" in nota


def test_what_is_still_to_be_corrected_is_said_before_it_is_sent(ente: Path, uscita: Path) -> None:
    percentuale = below(ente / TECNICO, "Scheda 1", "in linea con le attese")
    put(ente / TECNICO, "Scheda 1", percentuale, "forse")
    run.relazione(ente, uscita)
    preparate = prepare(ente, uscita)
    assert "invio_relazione" in [bozza.nome for bozza in preparate.bozze]
    assert (
        "Prima di mandare la relazione: 1 cosa da correggere, che make controlla dice." in preparate.note
    )


def test_where_all_is_still_awaited_nothing_is_said_to_block(nuove: Path, uscita: Path) -> None:
    put(nuove / ENTE, "Ente", cell_of_the_deadline(nuove), "31/03/2026")
    note = prepare(nuove, uscita, SCADENZA).note
    assert "La relazione non si manda ancora: si aspettano i file dei settori." in note


def to_be_sent(esito: run.Esito) -> list[Path]:
    assert esito.da_inviare is not None
    return [esito.documenti[1], esito.da_inviare]


def test_a_document_of_another_run_does_not_go(ente: Path, uscita: Path) -> None:
    """As two runs that have met leave it, where there are no locks; or one copied from elsewhere."""
    buoni = to_be_sent(run.relazione(ente, uscita))
    integro = (ente / TECNICO).read_bytes()
    spoil_a_grado(ente, 40)
    altri = to_be_sent(run.relazione(ente, uscita / "altra"))
    (ente / TECNICO).write_bytes(integro)
    for buono, altro in zip(buoni, altri, strict=True):
        suo = buono.read_bytes()
        shutil.copy(altro, buono)
        preparate = prepare(ente, uscita)
        assert "invio_relazione" not in [bozza.nome for bozza in preparate.bozze]
        assert any(f"{buono.name} non è fatto con i file di adesso" in n for n in preparate.note)
        buono.write_bytes(suo)


def test_a_relazione_retouched_by_hand_goes_as_it_is_and_that_is_said(ente: Path, uscita: Path) -> None:
    """Also with the imprints of its Provenienza taken away."""
    run.relazione(ente, uscita)
    word = uscita / "2024" / "relazione_2024.docx"
    for frase in ("Una frase aggiunta.", ""):
        documento = docx.Document(str(word))
        if frase:
            documento.add_paragraph(frase)
        else:
            documento.tables[-1]._element.getparent().remove(documento.tables[-1]._element)
        documento.save(str(word))
        preparate = prepare(ente, uscita)
        assert preparate.bozze[0].allegati[0].contenuto == word.read_bytes()
        assert any(n.startswith("relazione_2024.docx è stato cambiato") for n in preparate.note)


@pytest.mark.parametrize(
    "altro", ['"file": null', '"file": [3, {"file": 2}]', '"documenti": {"a": 1}', '"documenti": 3']
)
def test_a_manifest_of_another_shape_is_no_trouble(ente: Path, uscita: Path, altro: str) -> None:
    run.relazione(ente, uscita)
    (uscita / "2024" / manifest.NOME).write_text(f'{{"bozza": false, {altro}}}')
    assert prepare(ente, uscita).bozze == []


def test_a_corrected_address_does_not_ask_for_a_new_relazione(ente: Path, uscita: Path) -> None:
    """Which may have been retouched by hand in Word; but it is told that ente.xlsx has changed."""
    run.relazione(ente, uscita)
    put(ente / ENTE, "Destinatari", "C4", "sindaco@comune.it")
    preparate = prepare(ente, uscita)
    assert preparate.bozze[0].destinatari == ("sindaco@comune.it", "nucleo@pec.comune.it")
    assert any("ente.xlsx è cambiato" in nota for nota in preparate.note)


def test_without_any_destinatario_the_draft_has_no_address(ente: Path, uscita: Path) -> None:
    put_many(ente / ENTE, "Destinatari", {f"{c}{r}": None for c in "ABC" for r in (4, 5)})
    run.relazione(ente, uscita)
    preparate = prepare(ente, uscita)
    assert parsed(preparate.bozze[0])["To"] is None
    assert [(r.codice, r.foglio, r.cella) for r in preparate.rilievi] == [("E11", "Destinatari", "")]


def test_one_destinatario_without_address_is_told(ente: Path, uscita: Path) -> None:
    put(ente / ENTE, "Destinatari", "C4", None)
    run.relazione(ente, uscita)
    preparate = prepare(ente, uscita)
    assert preparate.bozze[0].destinatari == ("nucleo@pec.comune.it",)
    assert [(r.codice, r.cella, r.dati["chi"]) for r in preparate.rilievi] == [
        ("E11", "C4", "Giunta comunale")
    ]


# ------------------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("scritto", "destinatari"),
    [
        ("a@comune.it", ("a@comune.it",)),
        (" A.Verdi@Comune.IT ", ("A.Verdi@comune.it",)),
        ("a@comune.it; b@comune.it,c@comune.it\nd@comune.it", tuple(f"{c}@comune.it" for c in "abcd")),
        ("a@comune.it; a@comune.it", ("a@comune.it",)),
        ("a@università.it", ("a@xn--universit-y1a.it",)),
        ("a@comune.it; anna", ("a@comune.it",)),
        ("anna@comune", ()),
        ("Anna <a@comune.it>", ()),
        ("è@comune.it", ()),
        ("a@comune.it\r\nBcc: tutti@altrove.it", ("a@comune.it",)),
        ("", ()),
    ],
)
def test_only_whole_addresses_are_written_to(
    ente: Path, uscita: Path, scritto: str, destinatari: tuple[str, ...]
) -> None:
    spoil_a_grado(ente)
    put(ente / ENTE, "Settori", "D6", scritto)
    bozza = drafts(ente, uscita)["correzioni_tecnico"]
    assert bozza.destinatari == destinatari
    letto = parsed(bozza)
    assert "Bcc" not in letto
    assert letto["To"] == (", ".join(destinatari) or None)


# ---------------------------------------------------------------------------------------------- words


def test_the_office_s_own_words_are_used(ente: Path, uscita: Path) -> None:
    spoil_a_grado(ente)
    celle = {
        below(ente / ENTE, "Messaggi", "Oggetto", 4): "  {Settore}:\n{ ANNO } ",
        below(ente / ENTE, "Messaggi", "Testo", 4): "Ciao {responsabile}!\n{elenco}\n{ente}, {file}",
    }
    put_many(ente / ENTE, "Messaggi", celle)
    bozza = drafts(ente, uscita)["correzioni_tecnico"]
    assert bozza.oggetto == "Settore Tecnico: 2024"
    assert re.fullmatch(
        r"Ciao Luca Verdi!\nDA CORREGGERE\n.+\nComune di Prova, tecnico\.xlsx", bozza.testo, re.DOTALL
    )


@pytest.mark.parametrize("scritto", [None, " ", "Entro il {scadenza}", "una {", "}", "{}", "{{ente}}"])
def test_a_text_blank_or_wrong_gives_way_to_the_ready_one(
    ente: Path, uscita: Path, scritto: str | None
) -> None:
    spoil_a_grado(ente)
    pronti = drafts(ente, uscita)
    put(ente / ENTE, "Messaggi", below(ente / ENTE, "Messaggi", "Testo", 4), scritto)
    assert drafts(ente, uscita) == pronti


def test_a_ready_text_of_an_earlier_version_gives_way_to_the_one_of_now(
    ente: Path, uscita: Path
) -> None:
    spoil_a_grado(ente)
    pronti = drafts(ente, uscita)
    put(ente / ENTE, "Messaggi", below(ente / ENTE, "Messaggi", "Testo", 4), messaggi.SUPERATI[-1])
    assert drafts(ente, uscita) == pronti
    testi = [messaggio.testo for messaggio in messaggi.MESSAGGI.values()]
    assert not set(messaggi.SUPERATI) & set(testi)


def test_an_ente_from_before_there_were_messages_does_without(ente: Path, uscita: Path) -> None:
    spoil_a_grado(ente)
    pronti = drafts(ente, uscita)
    fx.remove_sheet(ente / ENTE, "Messaggi")
    esito, preparate = run.email(ente, uscita)
    assert [r.file for r in esito.rilievi] == [TECNICO]
    assert {bozza.nome: bozza for bozza in preparate.bozze} == pronti


def test_what_fills_a_place_is_never_searched_for_places() -> None:
    valori = {"ente": "{anno} \\1 {", "anno": "2024"}
    assert messaggi.riempi("{ente}, {anno}", valori) == "{anno} \\1 {, 2024"


def test_the_ready_texts_are_in_order() -> None:
    for messaggio in messaggi.MESSAGGI.values():
        for campo in (messaggi.OGGETTO, messaggi.TESTO):
            testo = str(getattr(messaggio, campo.chiave))
            assert messaggi.ignoti(testo, messaggio.ammessi(campo)) == []
            assert fx.foreign_words(re.sub(r"\{\w+\}|\.xlsx|\n", " ", testo)) == []
        assert messaggio.elenco == ("{elenco}" in messaggio.testo)
    assert messaggi.in_uso(costruisci({}), "invio")[0] == messaggi.MESSAGGI["invio"].oggetto


# ----------------------------------------------------------------------------------------------- bytes

_SIGNS = st.sampled_from("àèìòù «»’–→😀=?_.,;:()<>@\"'\\")
LINES = st.text(_SIGNS | st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=120)
SUBJECTS = st.lists(LINES, min_size=1, max_size=6).map(lambda parti: " ".join(" ".join(parti).split()))
TEXTS = st.lists(LINES, max_size=8).map("\n".join)
NAMES = st.text(st.sampled_from("abcàèé’ _-()0123456789%;='\"\n\x0b"), min_size=1, max_size=70)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(oggetto=SUBJECTS, testo=TEXTS, nome=NAMES, contenuto=st.binary(max_size=400))
@example(  # the newer folder of the stdlib doubles the blank before «dell’Unione»
    oggetto="Relazione l'anno: l'anno: (bozza) settore richiesta performance dell’Unione richiesta",
    testo=".\n..\nFrom me\n" + "à" * 300,
    nome="attività 2024.xlsx",
    contenuto=b"\r\n.\r\n\x00\xff",
)
def test_whatever_is_said_is_read_back(oggetto: str, testo: str, nome: str, contenuto: bytes) -> None:
    bozza = Bozza("x", ("a@comune.it",), oggetto, testo, (Allegato(nome + ".xlsx", contenuto),))
    scritto = componi(bozza).as_bytes()
    assert scritto.isascii()
    assert all(len(riga) <= 998 and not riga.count(b"\r") for riga in scritto.split(b"\r\n"))
    assert scritto.count(b"\n") == scritto.count(b"\r\n")
    letto = parsed(bozza)
    assert letto["Subject"] == oggetto
    assert body(letto).rstrip("\n") == testo.rstrip("\n")
    (allegato,) = letto.iter_attachments()
    assert (allegato.get_filename(), allegato.get_content()) == (
        " ".join((nome + ".xlsx").split()),
        contenuto,
    )


def test_a_subject_s_words_are_as_the_standard_wants() -> None:
    """RFC 2047: no empty words, none longer than 75, blanks between them."""
    for lunghezza in range(1, 200):
        oggetto = ("Attività già «svolte» " * 12)[:lunghezza].strip()
        grezzo = componi(Bozza("x", (), oggetto, "")).as_bytes().split(b"\r\nContent")[0]
        parole = re.findall(rb"=\?[^?\s]+\?[bq]\?([^?\s]*)\?=(?=\s|$)", grezzo)
        assert all(parole) and all(len(parola) + 12 <= 75 for parola in parole)
        assert grezzo.count(b"=?utf-8") == len(parole)


def test_many_addresses_are_all_there() -> None:
    indirizzi = tuple(f"nome.cognome.{n}@settore{n}.comune.example" for n in range(60))
    letto = parsed(Bozza("x", indirizzi, "Oggetto", "Testo"))
    assert tuple(a.addr_spec for a in letto["To"].addresses) == indirizzi


def test_a_line_break_in_a_name_makes_no_header(ente: Path, uscita: Path) -> None:
    put(ente / ENTE, "Settori", "B6", "Tecnico\r\nBcc: tutti@altrove.it\n\nTesto")
    (ente / TECNICO).unlink()
    (bozza,) = prepare(ente, uscita).bozze
    assert "\n" not in bozza.oggetto
    letto = parsed(bozza)
    assert "Bcc" not in letto and letto["Subject"] == bozza.oggetto
    with pytest.raises(ValueError):
        componi(Bozza("x", (), "Oggetto\r\nBcc: tutti@altrove.it", ""))


def test_the_same_data_give_the_same_bytes(ente: Path, uscita: Path, copia: Path) -> None:
    (ente / RAGIONERIA).unlink()
    prima = {p.name: p.read_bytes() for p in run.email(ente, uscita)[0].documenti}
    uscita.rename(uscita.with_name("altrove"))
    dopo = {p.name: p.read_bytes() for p in run.email(ente, uscita.with_name("altrove"))[0].documenti}
    assert prima == dopo and len(prima) == 2
    for contenuto in prima.values():
        letto = message_from_bytes(contenuto, policy=default)
        assert letto["X-Unsent"] == "1"
        assert not {"Date", "Message-ID", "From"} & set(letto.keys())


def test_what_is_no_longer_due_goes_and_the_rest_stays(ente: Path, uscita: Path) -> None:
    integro = (ente / TECNICO).read_bytes()
    spoil_a_grado(ente)
    (percorso,) = run.email(ente, uscita)[0].documenti
    appunto = percorso.with_name("appunto.eml")
    appunto.write_text("tenere")
    (ente / TECNICO).write_bytes(integro)
    run.email(ente, uscita)
    assert sorted(p.name for p in percorso.parent.iterdir()) == ["appunto.eml"]


# --------------------------------------------------------------------------------------------- screen


def test_the_screen_says_what_is_ready_and_for_whom(ente: Path, uscita: Path) -> None:
    spoil_a_grado(ente)
    put(ente / ENTE, "Settori", "D5", "ragioneria@comune")
    esito = CliRunner().invoke(app, ["email", "--cartella", str(ente), "--uscita", str(uscita)])
    assert esito.exit_code == 0, esito.output
    assert "correzioni_tecnico.eml" in esito.output and "tecnico@comune.it" in esito.output
    assert "E08" in esito.output and "C02" not in esito.output
    assert "La relazione non si manda ancora" in esito.output


def test_without_the_year_there_is_nobody_to_write_to(ente: Path, uscita: Path) -> None:
    (ente / ENTE).unlink()
    esito = CliRunner().invoke(app, ["email", "--cartella", str(ente), "--uscita", str(uscita)])
    assert esito.exit_code == Fine.NIENTE
    assert "E01" in esito.output and not uscita.exists()


def test_the_imprint_is_of_what_is_said_not_of_whom_it_is_said_to() -> None:
    bozza = Bozza("x", ("a@comune.it",), "Oggetto", "Testo", (Allegato("a.xlsx", b"1"),))
    assert Bozza("y", (), "Oggetto", "Testo", (Allegato("a.xlsx", b"1"),)).impronta == bozza.impronta
    altre = [
        Bozza("x", (), "Oggetto!", "Testo", bozza.allegati),
        Bozza("x", (), "Oggetto", "Testo!", bozza.allegati),
        Bozza("x", (), "Oggetto", "Testo", (Allegato("a.xlsx", b"2"),)),
        Bozza("x", (), "Oggetto", "Testo", (Allegato("b.xlsx", b"1"),)),
    ]
    assert len({altra.impronta for altra in [*altre, bozza]}) == 5


def test_a_manifest_by_hand_is_no_trouble(ente: Path, uscita: Path) -> None:
    run.relazione(ente, uscita)
    elenco = uscita / "2024" / manifest.NOME
    elenco.write_text(json.dumps({"bozza": False}), encoding="utf-8")
    assert prepare(ente, uscita).bozze == []
