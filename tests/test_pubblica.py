"""The edition to be published: nobody in it, and everything else as in the internal one."""

import html
import json
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import carte
import openpyxl
import pytest
from conftest import ESEMPIO
from documents_as_text import ESEMPIO_MISSIONI, docx_lines
from docx import Document
from fixtures_ente import (
    AREA,
    COMUNE,
    ENTE,
    RAGIONERIA,
    TECNICO,
    at,
    below,
    beside,
    put,
    tables_of_area,
    tables_of_ente,
    tables_of_settore,
    write_world,
)
from libreoffice import libreoffice  # noqa: F401
from nomi_piantati import COGNOMI, SCRITTI, UNITA
from nomi_piantati import NOTI as PIANTATI
from test_consolidato import same_when_recalculated
from test_omissioni import folded
from typer.testing import CliRunner, Result
from validators import faults, sdk_faults

from pipeline import run, score
from pipeline.cli.comandi import app
from pipeline.documents import consolidato, relazione
from pipeline.documents.fascicolo import EDIZIONE, Fascicolo
from pipeline.documents.pubblica import Edizione, edizione_pubblica, scrivi_omissioni
from pipeline.documents.word.base import Carta
from pipeline.grafie import piana
from pipeline.omissioni import DATO, INDIRIZZO, NOME
from pipeline.parole import normalizza
from pipeline.posta.bozze import Preparate
from pipeline.tables import CHIAVI, COLONNE, Riga, costruisci, righe, tabella
from pipeline.workbooks import ente, estremi, missioni, schede
from pipeline.workbooks.settore import Testata

PUBBLICI = (
    "consolidato_{}_pubblica.xlsx",
    "relazione_{}_pubblica.docx",
    "da_rileggere_{}_NON_PUBBLICARE.txt",
)

# ----------------------------------------------------------------------------- an ente full of people

PERSONE = (
    ("Lucia", "Ferrante"),
    ("Giulia", "Norò"),
    ("Maria", "Rossi-Bianchi"),
    ("Anna", "D'Angelo"),
    ("Teresa", "De Luca"),
    ("Serena", "Costa"),  # both are ordinary words
    ("Ettore", "Monti"),
)
NOMI = [f"{nome} {cognome}" for nome, cognome in PERSONE]
LUCIA, GIULIA, MARIA, ANNA, TERESA, SERENA, ETTORE = NOMI
EMAIL = ("lucia.ferrante@comune.example", "monti@pec.comune.example", "giunta@comune.example")

FRASI = (
    ("Curato da Lucia Ferrante.", f"Curato da {NOME}."),
    ("NORÒ GIULIA (ufficio)", f"{NOME} (ufficio)"),
    ("dott.ssa  Maria Rossi\u2010Bianchi, poi", f"{NOME}, poi"),
    ("D’Angelo\nAnna e altri", f"{NOME} e altri"),
    ("sentita l'avv. De Luca", f"sentita l'{NOME}"),
    ("il geom. Monti & figli", f"il {NOME} & figli"),
    ("costa, serena", NOME),
    (f"scrivere a {EMAIL[0]};", f"scrivere a {INDIRIZZO};"),
    ("C.F. RSSMRA80A01F205X", f"C.F. {DATO}"),
    ("tel. 039 620831", f"tel. {DATO}"),
    ("lungo la Costa, in via Ferrante", "lungo la Costa, in via Ferrante"),
)
"""What is typed in a cell, and what is left of it."""

NON_TESTI = (
    "settore",
    "modello",
    "capitolo",
    "stato",
    "verso",
    "valutazione",
    "schede",
    "codice_missione",
    "missioni",
)
NON_TESTI += ("codici_programma", "missione", "programma", "nominativo", "ruolo", "sha256", "versione")
DI_PERSONE = ("responsabile", "email", "supporto", "categoria", "nome")


LATER = {"scadenza", "invito", "atti", "licenza", *(campo.chiave for campo in estremi.ESTREMI)}
"""Rows of ente.xlsx that came later: they would give each text after them another of the phrases, and a
long one ends beyond where a list is cut."""


def full_of_people(
    fascicolo: Fascicolo, scritti: tuple[str, ...] = tuple(scritto for scritto, _ in FRASI)
) -> Fascicolo:
    """The same ente with something personal at the end of every text that a cell can hold."""
    volta = 0
    nuove = {}
    for nome, df in fascicolo.tabelle.per_nome().items():
        lette = righe(df)
        for riga in lette:
            if {riga.get("chiave"), riga.get("messaggio")} & LATER:
                continue
            for colonna in COLONNE[nome]:
                fissa = (*CHIAVI.get(nome, ()), *NON_TESTI, *DI_PERSONE)
                if colonna.tipo == "testo" and colonna.nome not in fissa and nome != "parametri":
                    riga[colonna.nome] += f" {scritti[volta % len(scritti)]}"
                    volta += 1
        nuove[nome] = tabella(nome, lette)
    tabelle = replace(fascicolo.tabelle, **nuove)
    assert volta > len(scritti)
    return replace(fascicolo, tabelle=tabelle, valutazione=score.valuta(tabelle, fascicolo.parametri))


def write_people(cartella: Path) -> Path:
    """Two settori on schede, with a trasversale, and one on missioni; each with its people."""
    cartella.mkdir(parents=True)
    di_ente = tables_of_ente()
    elenco = [
        {"settore": "trasversali", "denominazione": "Obiettivi trasversali", "modello": "trasversali"},
        {"settore": "ragioneria", "denominazione": "Settore Ragioneria", "responsabile": LUCIA},
        {"settore": "tecnico", "denominazione": "Settore Tecnico", "responsabile": "Norò Giulia"},
        {"settore": "area", "denominazione": "Area Amministrativa", "modello": "missioni"},
    ]
    elenco[1] |= {"email": EMAIL[0], "modello": "schede"}
    elenco[2] |= {"email": EMAIL[1], "modello": "schede"}
    elenco[3] |= {"responsabile": f"dott.ssa {MARIA}"}
    destinatari = [{"nome": ETTORE, "ruolo": "Sindaco", "email": EMAIL[2]}]
    scritte = costruisci({"elenco": elenco, "destinatari": destinatari})
    di_ente = replace(di_ente, elenco=scritte.elenco, destinatari=scritte.destinatari)
    ente.scrivi(cartella / ENTE, di_ente, 2024)
    for settore, responsabile in (("trasversali", ANNA), ("ragioneria", LUCIA), ("tecnico", GIULIA)):
        tabelle = tables_of_settore(settore)
        testa = {
            **righe(tabelle.settori)[0],
            "responsabile": responsabile,
            "categoria": "Area dei Quadri",
        }
        modello = "trasversali" if settore == "trasversali" else "schede"
        denominazione = next(r["denominazione"] for r in elenco if r["settore"] == settore)
        testata = Testata(COMUNE, 2024, settore, denominazione, modello)
        tabelle = replace(tabelle, settori=tabella("settori", [testa]))
        schede.scrivi(cartella / f"{settore}.xlsx", testata, tabelle, 1)
    tabelle = tables_of_area()
    gruppi = [(MARIA, f"{TERESA}, Tutti gli uffici"), (SERENA, ETTORE), (MARIA, ""), ("Altre P.O", ANNA)]
    operativi = [
        {**riga, "responsabile": responsabile, "supporto": supporto}
        for riga, (responsabile, supporto) in zip(righe(tabelle.schede), gruppi, strict=True)
    ]
    tabelle = replace(tabelle, schede=tabella("schede", operativi))
    testata = Testata(COMUNE, 2024, "area", "Area Amministrativa", "missioni")
    missioni.scrivi(cartella / AREA, testata, tabelle, 1)
    return cartella


@pytest.fixture(scope="module")
def fascicolo(tmp_path_factory: pytest.TempPathFactory) -> Fascicolo:
    letto = run.controlla(write_people(tmp_path_factory.mktemp("persone") / "ente")).fascicolo
    assert letto is not None and not letto.bozza
    return full_of_people(letto)


@pytest.fixture(scope="module")
def edizione(fascicolo: Fascicolo) -> Edizione:
    return edizione_pubblica(fascicolo)


class Documenti:
    """The two documents of a fascicolo, written."""

    def __init__(self, fascicolo: Fascicolo, cartella: Path) -> None:
        self.excel, self.word = cartella / "c.xlsx", cartella / "r.docx"
        consolidato.scrivi(self.excel, fascicolo)
        relazione.scrivi(self.word, fascicolo)


@pytest.fixture(scope="module")
def interna(fascicolo: Fascicolo, tmp_path_factory: pytest.TempPathFactory) -> Documenti:
    return Documenti(fascicolo, tmp_path_factory.mktemp("interna"))


@pytest.fixture(scope="module")
def pubblica(edizione: Edizione, tmp_path_factory: pytest.TempPathFactory) -> Documenti:
    return Documenti(edizione.fascicolo, tmp_path_factory.mktemp("pubblica"))


def parts(percorso: Path) -> dict[str, str]:
    """Every part of a document as text, with its markup, its escapes read."""
    with zipfile.ZipFile(percorso) as archivio:
        return {
            nome: html.unescape(archivio.read(nome).decode("utf-8", errors="ignore"))
            for nome in archivio.namelist()
        }


def personal_in(testo: str, nomi: list[tuple[str, str]]) -> list[str]:
    """The people and addresses still in a text, looked for in a way that is not the program's."""
    parole = f" {folded(testo)} "
    trovati = [
        f"{uno} {altro}"
        for nome, cognome in nomi
        for uno, altro in ((nome, cognome), (cognome, nome))
        if f" {folded(uno)} {folded(altro)} " in parole
    ]
    titoli = r"\b(?:dott|ssa|avv|geom|prof|sig|ra)"
    cognomi = (folded(cognome) for _, cognome in nomi)
    trovati += [c for c in cognomi if re.search(rf"{titoli} {c}\b", parole)]
    return trovati + ADDRESS.findall(testo)


ADDRESS = re.compile(r"[\w.-]+@[\w-]+\.[\w.-]+")


def personal_in_parts(percorso: Path, nomi: list[tuple[str, str]]) -> dict[str, list[str]]:
    trovati = {}
    for nome, testo in parts(percorso).items():
        # the dots of a picture may by chance look like an address
        sicuro = testo.replace("@", " ") if nome.endswith(".png") else testo
        trovati[nome] = personal_in(sicuro, nomi)
    return {nome: cose for nome, cose in trovati.items() if cose}


def test_nobody_is_in_any_part_of_the_public_documents(pubblica: Documenti) -> None:
    assert personal_in_parts(pubblica.excel, list(PERSONE)) == {}
    assert personal_in_parts(pubblica.word, list(PERSONE)) == {}
    for percorso in (pubblica.excel, pubblica.word):
        tutto = "".join(testo for nome, testo in parts(percorso).items() if not nome.endswith(".png"))
        assert "RSSMRA" not in tutto and "620831" not in tutto and "Area dei Quadri" not in tutto
        assert NOME in tutto and INDIRIZZO in tutto and DATO in tutto


def test_the_search_does_find_people_in_the_internal_ones(interna: Documenti) -> None:
    for percorso in (interna.excel, interna.word):
        trovati = {cosa for cose in personal_in_parts(percorso, list(PERSONE)).values() for cosa in cose}
        assert len(trovati & {f"{nome} {cognome}" for nome, cognome in PERSONE}) >= 4
        assert EMAIL[0] in trovati


def replaced(testo: str) -> str:
    for scritto, lasciato in FRASI:
        for forma in (scritto, scritto.replace("\n", "⏎"), " ".join(scritto.split())):
            testo = testo.replace(forma, lasciato)  # the last in headings, which are on one line
        testo = testo.replace(scritto.removesuffix("."), lasciato.removesuffix("."))  # in a sentence
    return testo


def without_people(linee: list[str], fascicolo: Fascicolo) -> list[str]:
    """The lines of a relazione as they are to be published."""
    pulite = []
    for linea in map(replaced, linee):
        for riga in righe(fascicolo.tabelle.settori):
            for etichetta, valore in (("Responsabile", "responsabile"), ("Categoria", "categoria")):
                linea = linea.replace(f". {etichetta}: {riga[valore]}", "")
                linea = linea.replace(f"{etichetta}: {riga[valore]}. ", "")
                linea = linea.removesuffix(f"[DopoTabella] {etichetta}: {riga[valore]}.")
            if normalizza(riga["responsabile"]).startswith("responsabile"):
                linea = linea.removesuffix(f"[DopoTabella] {riga['responsabile']}.")
                linea = linea.replace(f". {riga['responsabile']}.", ".")
            responsabile = " ".join(riga["responsabile"].split())
            linea = linea.replace(f"[DopoTabella] {responsabile}. ", "[DopoTabella] ")
        if linea:
            pulite.append(linea)
    return without_fingerprints(pulite)


def without_fingerprints(linee: list[str]) -> list[str]:
    """The lines without the table of the files: of who reads the public edition nobody has them."""
    inizio = next(n for n, linea in enumerate(linee) if linea.startswith("[Normal] L'impronta"))
    fine = next(n for n, linea in enumerate(linee) if linea.startswith("[Header]"))
    return linee[:inizio] + linee[fine:]


def schede_part(linee: list[str]) -> list[str]:
    """The lines without the tables of the obiettivi operativi, whose columns are not the same."""
    dentro, fuori = False, []
    for linea in linee:
        dentro = linea.startswith("<tabella: Obiettivi operativi") or (dentro and linea.startswith("|"))
        if not dentro:
            fuori.append(linea)
    return fuori


def operativi_rows(linee: list[str]) -> list[list[str]]:
    celle = [linea.strip("| ").split(" | ") for linea in linee if linea not in schede_part(linee)]
    return [riga for riga in celle if len(riga) > 1]


def test_the_text_is_the_same_but_for_the_people(
    fascicolo: Fascicolo, interna: Documenti, pubblica: Documenti
) -> None:
    attese = without_people(schede_part(docx_lines(interna.word)), fascicolo)
    trovate = schede_part(docx_lines(pubblica.word))
    trovate.remove(f"[Copertina] Edizione⇥{EDIZIONE}")
    assert trovate == attese


def test_of_an_obiettivo_operativo_only_the_uffici_are_told(
    interna: Documenti, pubblica: Documenti
) -> None:
    prima, dopo = (operativi_rows(docx_lines(d.word)) for d in (interna, pubblica))
    assert [riga[1:] for riga in dopo] == [[replaced(c) for c in riga[2:]] for riga in prima]
    uffici = [c for riga in dopo for c in riga[0].split(" ⏎ ") if c.startswith(("Supp", "Resp"))]
    assert uffici == ["Supporto: Tutti gli uffici", "Responsabile: Altre P.O"]
    assert not any("Supporto: " in cella for riga in dopo for cella in riga[1:])


def values(percorso: Path) -> dict[str, list[list[object]]]:
    """The cells of each sheet as shown, a row after the other."""
    libro = openpyxl.load_workbook(percorso, data_only=True)
    return {ws.title: [list(riga) for riga in ws.iter_rows(values_only=True)] for ws in libro}


RIFATTI = ("Inizio", "Elenco", "Settori", "Schede")
"""Sheets that lose some rows or columns."""


def test_every_figure_and_row_of_the_consolidato_is_the_same(
    interna: Documenti, pubblica: Documenti
) -> None:
    prima, dopo = values(interna.excel), values(pubblica.excel)
    nomi = dict(zip([n for n in prima if n not in INTERNI], dopo, strict=True))
    for nome, nuovo in nomi.items():
        if nome in RIFATTI:
            continue
        inizio = 7 if prima[nome][0][0] == "Valutazione del settore – anno 2024" else 0
        attese = [
            [replaced(v) if isinstance(v, str) else v for v in riga] for riga in prima[nome][inizio:]
        ]
        assert dopo[nuovo][inizio:] == attese, nome
    assert len(prima["Voci"]) == 12


INTERNI = {"Personale", "Partecipazioni", "Destinatari", "Messaggi", "Rilievi"}


def columns(foglio: list[list[object]]) -> dict[object, list[object]]:
    return {colonna[2]: list(colonna[3:]) for colonna in zip(*foglio, strict=True) if colonna[2]}


@pytest.mark.parametrize(
    ("foglio", "tolte"),
    [
        ("Elenco", {"Responsabile", "E-mail"}),
        ("Settori", {"Responsabile", "Categoria"}),
        ("Schede", {"Responsabile", "Supporto"}),
    ],
)
def test_the_columns_of_people_go_and_the_others_stay(
    interna: Documenti, pubblica: Documenti, foglio: str, tolte: set[str]
) -> None:
    prima, dopo = (columns(values(d.excel)[foglio]) for d in (interna, pubblica))
    assert set(prima) - set(dopo) == tolte
    for nome, colonna in dopo.items():
        assert colonna == [replaced(v) if isinstance(v, str) else v for v in prima[nome]], nome


def test_the_sheets_of_the_office_are_not_published(interna: Documenti, pubblica: Documenti) -> None:
    assert set(openpyxl.load_workbook(interna.excel).sheetnames) >= INTERNI
    assert not INTERNI & set(openpyxl.load_workbook(pubblica.excel).sheetnames)
    assert not any(nome in parts(pubblica.excel)["xl/workbook.xml"] for nome in INTERNI)
    assert not any("Responsabile" in v for v in values(pubblica.excel)["Inizio"][0] if v)


def test_recalculated_the_public_consolidato_gives_the_same(
    pubblica: Documenti,
    tmp_path: Path,
    libreoffice: str,  # noqa: F811
) -> None:
    same_when_recalculated(pubblica.excel, tmp_path)


def test_the_validators_find_nothing(pubblica: Documenti) -> None:
    assert faults(pubblica.excel) == []
    assert faults(pubblica.word) == []


def test_the_open_xml_sdk_finds_nothing(pubblica: Documenti) -> None:
    assert sdk_faults(pubblica.excel) == []
    assert sdk_faults(pubblica.word) == []


def test_the_documents_say_which_edition_they_are(interna: Documenti, pubblica: Documenti) -> None:
    proprieta = "docProps/core.xml"
    for percorso in (pubblica.excel, pubblica.word):
        assert EDIZIONE.lower() in parts(percorso)[proprieta]
    for percorso in (interna.excel, interna.word):
        assert not any(EDIZIONE.lower() in parte.lower() for parte in parts(percorso).values())
    assert values(pubblica.excel)["Inizio"][2][0] == EDIZIONE


def test_the_fascicolo_itself_is_left_as_it_was(fascicolo: Fascicolo, edizione: Edizione) -> None:
    before = {nome: righe(df) for nome, df in fascicolo.tabelle.per_nome().items()}
    edizione_pubblica(fascicolo)
    assert {nome: righe(df) for nome, df in fascicolo.tabelle.per_nome().items()} == before
    assert not fascicolo.pubblica and edizione.fascicolo.pubblica


def test_the_figures_are_those_of_the_internal_edition(fascicolo: Fascicolo, edizione: Edizione) -> None:
    def figure(valutazione: score.Valutazione) -> list[list[Riga]]:
        tabelle = (valutazione.voci, valutazione.settori, valutazione.coerenza, valutazione.missioni)
        testi = ("denominazione", "riga", "scheda")
        return [
            [{c: v for c, v in vars(record).items() if c not in testi} for record in records]
            for records in tabelle
        ]

    prima, dopo = fascicolo.valutazione, edizione.fascicolo.valutazione
    assert figure(dopo) == figure(prima)
    assert (dopo.media_settori, dopo.media_obiettivi) == (prima.media_settori, prima.media_obiettivi)
    assert dopo.personale == dopo.partecipazioni == []


def test_what_is_omitted_is_counted_sheet_by_sheet(edizione: Edizione) -> None:
    assert re.fullmatch(
        r"Omessi nei testi: \d+ codici fiscali o telefoni, \d+ indirizzi e-mail, \d+ nominativi, in "
        r"\d+ fogli\.",
        edizione.conto,
    )
    assert any(r.startswith("tecnico.xlsx, foglio «Scheda 1»: ") for r in edizione.omissioni)
    parole = [riga.split(":")[0] for riga in edizione.da_rileggere]
    assert parole == ["«Costa»", "«Ferrante»"]


# ------------------------------------------------------------- known names however they are written


def letters(percorso: Path) -> str:
    """What is left of a document without tags, signs, blanks and case."""
    testi = (testo for nome, testo in parts(percorso).items() if not nome.endswith(".png"))
    senza_tag = re.sub(r"<[^<>]*>", "", "".join(testi))
    return piana(re.sub(r"[\W\d_]", "", senza_tag))


def test_a_known_name_written_in_a_hundred_ways_is_in_no_part_of_the_documents(tmp_path: Path) -> None:
    destinatari = [{"nome": nome, "ruolo": "", "email": ""} for nome in PIANTATI]
    # a few at a time, so that every text cell has some, and a sign between them that joins nothing
    pochi = tuple(" § ".join(SCRITTI[n : n + 6]) for n in range(0, len(SCRITTI), 3))
    pieno = full_of_people(named(tmp_path, destinatari=destinatari), pochi)
    fogli = {
        nome: tabella(nome, ({**r, "foglio": f"{r['foglio']} ZanfregoliErmelinda"} for r in righe(df)))
        for nome, df in pieno.tabelle.per_nome().items()
    }
    pieno = replace(pieno, tabelle=replace(pieno.tabelle, **fogli))
    interna, pubblica = (
        Documenti(di, tmp_path / nome)
        for nome, di in (("i", pieno), ("p", edizione_pubblica(pieno).fascicolo))
        if (tmp_path / nome).mkdir() is None
    )
    for prima, dopo in ((interna.excel, pubblica.excel), (interna.word, pubblica.word)):
        assert set(COGNOMI) == {cognome for cognome in COGNOMI if cognome in letters(prima)}
        assert not [cognome for cognome in COGNOMI if cognome in letters(dopo)]


def test_offices_in_the_place_of_people_take_nothing_away(tmp_path: Path) -> None:
    elenco = [{"settore": "tecnico", "responsabile": "\n".join(UNITA)}]
    testi = [{"titolo": ufficio, "testo": f"La {ufficio.lower()} e {ufficio}."} for ufficio in UNITA]
    edizione = edizione_pubblica(named(tmp_path, elenco=elenco, testi=testi))
    rimasti = righe(edizione.fascicolo.tabelle.testi)
    assert [(r["titolo"], r["testo"]) for r in rimasti] == [(t["titolo"], t["testo"]) for t in testi]
    assert edizione.omissioni == []


@pytest.mark.parametrize(
    ("tabella_di", "riga"),
    [
        ("fasi", {"settore": "tecnico", "scheda": 1, "obiettivo": 1, "n": 1, "assegnazione": "{}"}),
        ("destinatari", {"nome": "Segretario comunale", "email": "ermelinda.zanfregoli@comune.example"}),
        ("settori", {"settore": "tecnico", "responsabile": "Ufficio tecnico: {}"}),
        ("elenco", {"settore": "tecnico", "responsabile": "{} (U.O. Tributi)"}),
    ],
)
def test_wherever_a_person_is_named_the_name_is_known(
    tabella_di: str, riga: Riga, tmp_path: Path
) -> None:
    letta = {c: v.format(PIANTATI[0]) if isinstance(v, str) else v for c, v in riga.items()}
    testi = [{"titolo": "x", "testo": f"Con {PIANTATI[0]} e l'ufficio tecnico"}]
    pubblica = edizione_pubblica(named(tmp_path, **{tabella_di: [letta], "testi": testi})).fascicolo
    assert righe(pubblica.tabelle.testi)[0]["testo"] == f"Con {NOME} e l'ufficio tecnico"


# ----------------------------------------------------------------------- names where none is expected


def named(tmp_path: Path, **tabelle: list[Riga]) -> Fascicolo:
    """The tiny ente with other rows in some tables."""
    letto = run.controlla(write_world(tmp_path / "ente")).fascicolo
    assert letto is not None
    nuove = replace(letto.tabelle, **{nome: tabella(nome, r) for nome, r in tabelle.items()})
    return replace(letto, tabelle=nuove, valutazione=score.valuta(nuove, letto.parametri))


def test_files_and_codes_named_after_people_stay_apart(tmp_path: Path) -> None:
    letto = run.controlla(write_world(tmp_path / "ente")).fascicolo
    assert letto is not None
    codici = {"tecnico": "verdi_luca", "ragioneria": "anna_bianchi"}
    nomi = {TECNICO: "Luca Verdi.xlsx", RAGIONERIA: "bianchi_anna.xlsx"}
    tabelle = {}
    for nome, df in letto.tabelle.per_nome().items():
        tabelle[nome] = tabella(
            nome,
            (
                {
                    **riga,
                    "file": nomi.get(riga["file"], riga["file"]),
                    **(
                        {"settore": codici.get(riga["settore"], riga["settore"])}
                        if "settore" in riga
                        else {}
                    ),
                }
                for riga in righe(df)
            ),
        )
    nuove = replace(letto.tabelle, **tabelle)
    quadrature = [replace(q, file=nomi.get(q.file, q.file)) for q in letto.quadrature]
    valutazione = score.valuta(nuove, letto.parametri)
    letto = replace(letto, tabelle=nuove, valutazione=valutazione, quadrature=quadrature)
    documenti = Documenti(edizione_pubblica(letto).fascicolo, tmp_path)
    persone = [("Luca", "Verdi"), ("Anna", "Bianchi")]
    assert (
        personal_in_parts(documenti.excel, persone) == personal_in_parts(documenti.word, persone) == {}
    )
    prima, dopo = Documenti(letto, tmp_path / "ente"), documenti
    riepilogo = [values(d.excel)["Riepilogo"] for d in (prima, dopo)]
    assert riepilogo[0] == riepilogo[1]
    assert faults(documenti.excel) == []


def test_a_role_in_the_place_of_a_name_is_no_name(tmp_path: Path) -> None:
    ruoli = ("Segretario comunale", "Responsabile Settore Tecnico e Responsabile lavori pubblici")
    elenco = [
        {"settore": "ragioneria", "denominazione": "Settore Ragioneria", "responsabile": ruoli[0]},
        {"settore": "tecnico", "denominazione": "Affari Generali", "responsabile": "Affari Generali"},
    ]
    testi = [{"titolo": "Il Segretario comunale", "testo": "I lavori pubblici e gli affari generali."}]
    letto = edizione_pubblica(named(tmp_path, elenco=elenco, testi=testi)).fascicolo
    assert [(r["titolo"], r["testo"]) for r in righe(letto.tabelle.testi)] == [
        (testi[0]["titolo"], testi[0]["testo"])
    ]
    assert letto.denominazioni["tecnico"] == "Affari Generali"


def test_a_role_before_a_name_does_not_hide_it(tmp_path: Path) -> None:
    elenco = [{"settore": "tecnico", "responsabile": "Segretario comunale dott. Ugo Neri"}]
    testi = [{"titolo": "Neri Ugo, segretario comunale", "testo": "x"}]
    letto = edizione_pubblica(named(tmp_path, elenco=elenco, testi=testi)).fascicolo
    assert righe(letto.tabelle.testi)[0]["titolo"] == f"{NOME}, segretario comunale"


def test_the_letterhead_and_the_stemma_are_kept(fascicolo: Fascicolo, tmp_path: Path) -> None:
    veste = Carta(carte.ITALIAN, carte.png())
    vestita = replace(fascicolo, carta=veste)
    edizione = edizione_pubblica(vestita)
    relazione.scrivi(tmp_path / "r.docx", edizione.fascicolo)
    word = Document(str(tmp_path / "r.docx"))
    sezione = word.sections[0]
    assert carte.TESTATA in "".join(p.text for p in sezione.header.paragraphs)
    assert carte.PIEDE in "".join(p.text for p in sezione.footer.paragraphs)
    assert veste.stemma in {parte.blob for parte in word.part.package.iter_parts()}
    assert word.paragraphs[0].style is not None and word.paragraphs[0].style.name == "Stemma"


# --------------------------------------------------------------------------------------- the command


@pytest.mark.parametrize("cartella", [ESEMPIO, ESEMPIO_MISSIONI], ids=["schede", "missioni"])
def test_of_the_examples_nobody_is_published(cartella: Path, tmp_path: Path) -> None:
    esito = run.relazione(cartella, tmp_path, pubblica=True)
    assert esito.fascicolo is not None
    celle = esito.fascicolo.tabelle
    nomi = [r["nominativo"] for r in righe(celle.personale) if not r["gruppo"]]
    coppie = [(nome.split()[0], " ".join(nome.split()[1:])) for nome in nomi]
    excel, word, testo = esito.documenti[3:]
    for percorso in (excel, word):
        assert personal_in_parts(percorso, coppie) == {}
        assert faults(percorso) == []
    interno, dopo = (docx_lines(d) for d in (esito.documenti[1], word))
    dopo.remove(f"[Copertina] Edizione⇥{EDIZIONE}")
    assert schede_part(dopo) == without_people(schede_part(interno), esito.fascicolo)
    assert "si pubblica" not in word.name and testo.name.endswith("NON_PUBBLICARE.txt")


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    cartella = write_people(tmp_path / "dentro")
    coppie = zip(
        *(run.relazione(cartella, tmp_path / f, pubblica=True).documenti for f in "ab"), strict=True
    )
    uguali = {uno.name for uno, altro in coppie if uno.read_bytes() == altro.read_bytes()}
    assert uguali >= {nome.format(2024) for nome in PUBBLICI}


def relazione_di(cartella: Path, uscita: Path, *opzioni: str) -> Result:
    comando = ["relazione", "--cartella", str(cartella), "--uscita", str(uscita), *opzioni]
    return CliRunner().invoke(app, comando)


def published(uscita: Path) -> set[str]:
    return {p.name for p in (uscita / "2024").iterdir()} & {nome.format(2024) for nome in PUBBLICI}


def test_the_internal_documents_are_the_same_with_and_without(tmp_path: Path) -> None:
    cartella = write_people(tmp_path / "dentro")
    uno = run.relazione(cartella, tmp_path / "a").documenti
    altro = run.relazione(cartella, tmp_path / "b", pubblica=True).documenti
    assert len(uno) == 3 and published(tmp_path / "a") == set()
    assert [p.name for p in altro[:3]] == [p.name for p in uno]
    assert all(p.read_bytes() == q.read_bytes() for p, q in zip(uno[:2], altro[:2], strict=True))


def test_the_manifest_lists_the_public_files(tmp_path: Path) -> None:
    run.relazione(write_people(tmp_path / "dentro"), tmp_path, pubblica=True)
    manifest = json.loads((tmp_path / "2024" / "manifest.json").read_text(encoding="utf-8"))
    assert (
        len([nome for nome in manifest["documenti"] if nome.endswith((".xlsx", ".docx", ".txt"))]) == 6
    )
    assert {nome.format(2024) for nome in PUBBLICI} <= set(manifest["documenti"])


def test_the_screen_says_what_was_omitted_and_that_it_must_be_read(tmp_path: Path) -> None:
    cartella = write_people(tmp_path / "dentro")
    note = below(cartella / TECNICO, "Valutazione", "Note Nucleo")
    put(cartella / TECNICO, "Valutazione", note, f"Vista {LUCIA}, poi in via Norò: {EMAIL[1]}")
    esito = relazione_di(cartella, tmp_path, "--pubblica")
    assert esito.exit_code == 0, esito.output
    schermo = " ".join(esito.output.split())
    assert "Omessi nei testi: 1 indirizzo e-mail, 1 nominativo, in un foglio." in schermo
    assert "tecnico.xlsx, foglio «Valutazione»: 1 indirizzo e-mail, 1 nominativo" in schermo
    assert "«Norò»: tecnico.xlsx, foglio «Valutazione»" in schermo
    assert "Prima di pubblicare va letta da una persona" in schermo
    assert published(tmp_path) == {nome.format(2024) for nome in PUBBLICI}


def test_without_anything_to_omit_it_must_be_read_all_the_same(tmp_path: Path) -> None:
    schermo = relazione_di(write_people(tmp_path / "dentro"), tmp_path, "--pubblica").output
    assert "Prima di pubblicare va letta" in schermo
    assert "Da rileggere" not in schermo


def test_a_long_list_is_whole_in_its_file(edizione: Edizione, tmp_path: Path) -> None:
    percorso = tmp_path / "elenco.txt"
    scrivi_omissioni(percorso, edizione)
    testo = percorso.read_text(encoding="utf-8")
    assert testo.startswith("USO INTERNO")
    assert all(riga in testo for riga in (*edizione.omissioni, *edizione.da_rileggere))
    assert len(edizione.omissioni) > 8


def test_an_old_public_edition_is_not_left_beside_new_documents(tmp_path: Path) -> None:
    cartella = write_people(tmp_path / "dentro")
    relazione_di(cartella, tmp_path, "--pubblica")
    assert "edizione precedente" not in relazione_di(cartella, tmp_path, "--pubblica").output
    esito = relazione_di(cartella, tmp_path)
    assert published(tmp_path) == set()
    tolti = [riga for riga in esito.output.splitlines() if "edizione precedente" in riga]
    assert [Path(riga.split(": ")[1]).name for riga in tolti] == [
        nome.format(2024)
        for nome in (PUBBLICI[2], *PUBBLICI[:2], "pagina_{}_pubblica.html", "dati_aperti")
    ]
    assert not (tmp_path / "2024" / "dati_aperti").exists()
    manifest = json.loads((tmp_path / "2024" / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["documenti"]) == 3


def test_a_draft_is_not_published(tmp_path: Path) -> None:
    cartella = write_people(tmp_path / "dentro")
    relazione_di(cartella, tmp_path, "--pubblica")
    (cartella / TECNICO).unlink()
    esito = relazione_di(cartella, tmp_path, "--pubblica")
    assert esito.exit_code == 1
    assert "una BOZZA non si pubblica" in esito.output
    assert published(tmp_path) == set()
    assert (tmp_path / "2024" / "relazione_2024.docx").exists()


def test_a_run_that_breaks_off_leaves_no_old_public_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cartella = write_people(tmp_path / "dentro")
    relazione_di(cartella, tmp_path, "--pubblica")

    def broken(percorso: Path, fascicolo: Fascicolo) -> None:
        raise OSError(28, "disco pieno", str(percorso))

    monkeypatch.setattr(relazione, "scrivi", broken)
    with pytest.raises(OSError, match="disco pieno"):
        run.relazione(cartella, tmp_path, pubblica=True)
    di_questa = {"da_rileggere_2024_NON_PUBBLICARE.txt"}  # there before what is to be read again
    assert published(tmp_path) == di_questa


def prepared(cartella: Path, uscita: Path) -> Preparate:
    return run.email(cartella, uscita)[1]


def test_the_messages_take_the_internal_documents(tmp_path: Path) -> None:
    cartella = write_people(tmp_path / "dentro")
    run.relazione(cartella, tmp_path, pubblica=True)
    allegati = [a for bozza in prepared(cartella, tmp_path).bozze for a in bozza.allegati]
    assert {a.nome for a in allegati} == {"relazione_2024.docx", "consolidato_2024_da_inviare.xlsx"}
    assert all(a.contenuto == (tmp_path / "2024" / a.nome).read_bytes() for a in allegati)


def test_a_name_typed_in_the_data_of_the_ente_is_omitted_everywhere(tmp_path: Path) -> None:
    cartella = write_people(tmp_path / "dentro")
    posto = beside(cartella / ENTE, "Ente", "Organo di valutazione")
    put(cartella / ENTE, "Ente", posto, f"OIV: dott.ssa {LUCIA}")
    put(cartella / ENTE, "Ente", beside(cartella / ENTE, "Ente", "Estremi dell'atto"), f"({GIULIA})")
    titolo = at(cartella / ENTE, "Testi", "Premessa")
    put(cartella / ENTE, "Testi", titolo, f"Premessa di {ETTORE}")
    shutil.move(cartella / TECNICO, cartella / "Norò Giulia.xlsx")
    esito = run.relazione(cartella, tmp_path, pubblica=True)
    for percorso in esito.documenti[3:5]:
        assert personal_in_parts(percorso, list(PERSONE)) == {}
    assert f"[Copertina] Valutazione⇥OIV: {NOME}" in docx_lines(esito.documenti[4])
    provenienza = values(esito.documenti[3])["Provenienza"]
    assert f"{NOME} 4.xlsx" in {riga[0] for riga in provenienza}
