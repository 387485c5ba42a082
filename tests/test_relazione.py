"""The Word relazione: sound, complete, verbatim, and clean when printed."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import fixtures_ente as fx
import openpyxl
import pytest
from conftest import ESEMPIO
from documents_as_text import docx_lines
from fixtures_ente import ENTE, TECNICO, at, below, beside, put, write_world
from libreoffice import convert, empty_pages, pages_beyond_margin, pdf_pages
from test_consolidato import con_voci, fascicolo_di, voce
from validators import faults, sdk_faults

from pipeline import run, score
from pipeline.documents import relazione as relazione_word
from pipeline.documents.fascicolo import Fascicolo
from pipeline.parole import segnaposto
from pipeline.tables import MEDIA_OBIETTIVI, STATI, Fascia, righe, tabella


def test_the_validators_find_nothing(relazione: Path) -> None:
    assert faults(relazione) == []


def test_the_open_xml_sdk_finds_nothing(relazione: Path) -> None:
    assert sdk_faults(relazione) == []


def test_every_typed_text_is_in_the_document_verbatim(esempio: run.Esito, relazione: Path) -> None:
    documento = "\n".join(docx_lines(relazione))
    campi = {
        "schede": ("titolo", "descrizione"),
        "obiettivi": ("definizione",),
        "fasi": ("descrizione", "orizzonte", "assegnazione"),
        "collegamenti": ("missione", "denominazione_missione", "programma", "denominazione_programma"),
        "indicatori": ("indicatore", "atteso", "raggiunto"),
        "stati": ("voce", "testo"),
        "voci": ("descrizione", "note", "stato"),
        "testi": ("titolo", "testo"),
    }
    for nome, chiavi in campi.items():
        for riga in righe(esempio.raccolta.tabelle.per_nome()[nome]):
            for chiave in chiavi:
                if segnaposto(riga[chiave]):  # of the form: nobody has typed it
                    continue
                for pezzo in riga[chiave].split("\n"):
                    senza_segno = re.sub(r"^\s*[-–•]\s*", "", pezzo)  # of a list: it is a real one
                    assert senza_segno in documento, (nome, chiave, riga[chiave])


def _text(cartella: Path, uscita: Path) -> str:
    """The whole relazione of a folder."""
    esito = run.relazione(cartella, uscita)
    (relazione,) = (d for d in esito.documenti if d.name.startswith("relazione_"))
    return "\n".join(docx_lines(relazione))


def test_the_sintesi_tells_how_a_trasversale_counts(tmp_path: Path) -> None:
    """The published mean counts it in each settore; the figures of the page, once."""
    cartella = write_world(tmp_path / "ente")
    testo = _text(cartella, tmp_path)
    assert "Sono diverse perché nella media dei settori l'obiettivo comune, tutto al" in testo
    assert "| Media dei settori | 96,67 | pubblicata |" in testo
    regola = beside(cartella / ENTE, "Parametri", "Regola della media d'ente")
    put(cartella / ENTE, "Parametri", regola, MEDIA_OBIETTIVI)
    assert "Media degli obiettivi distinti | 95,00 | pubblicata |" in _text(cartella, tmp_path)
    testo = _text(ESEMPIO / "esempio_missioni", tmp_path)
    assert "Le due medie coincidono." in testo and "comune a più settori conta" not in testo


@pytest.mark.parametrize(
    ("pesi", "perche"),
    [
        ("nessuno", "un settore con pochi obiettivi conta quanto uno con molti"),
        ("diversi", "la somma dei pesi dei loro obiettivi va da 2 a 70"),
        ("stessa somma", ""),
    ],
)
def test_the_two_means_differ_for_the_reason_that_is_said(
    pesi: str, perche: str, tmp_path: Path
) -> None:
    """Without a trasversale, and with settori that weigh alike in the mean of the ente."""
    cartella = write_world(tmp_path / "ente")
    for riga in (2, 3):
        put(cartella / ENTE, "Settori", below(cartella / ENTE, "Settori", "Peso", riga), None)
    scritti = {
        "nessuno": ((None, None), (None,)),
        "diversi": ((30, 40), (2,)),
        "stessa somma": ((30, 40), (70,)),
    }
    for file, suoi in zip((fx.RAGIONERIA, fx.TECNICO), scritti[pesi], strict=True):
        percorso = cartella / file
        for n, peso in enumerate(suoi, start=1):
            put(percorso, "Valutazione", below(percorso, "Valutazione", "Peso", n), peso)
        comune = len(suoi) + 1  # the trasversale counts in no settore
        put(percorso, "Valutazione", below(percorso, "Valutazione", "Stato", comune), "rinviato")
        put(percorso, "Valutazione", below(percorso, "Valutazione", "Peso", comune), None)
    fascicolo = run.controlla(cartella).fascicolo
    assert fascicolo is not None
    detto = fascicolo.perche_due_medie
    assert perche in detto if perche else detto == "Le due medie coincidono."


def test_the_sintesi_says_how_many_schede_no_voce_covers(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "ente")
    assert "Schede non comprese nella valutazione" not in _text(cartella, tmp_path)
    percorso = cartella / TECNICO
    put(percorso, "Valutazione", below(percorso, "Valutazione", "Schede"), None)
    assert "Schede non comprese nella valutazione: 1 " in _text(cartella, tmp_path)


def test_every_scheda_has_its_five_blocks(relazione: Path) -> None:
    righe_documento = docx_lines(relazione)
    schede = [riga for riga in righe_documento if riga.startswith("[Heading2] Scheda ")]
    assert len(schede) == 38
    for blocco in ("Collegamento con il bilancio", "Indicatori", "Stato di attuazione"):
        assert righe_documento.count(f"[Heading3] {blocco}") == 38
    assert righe_documento.count("<tabella: Obiettivi e fasi>") == 38
    assert righe_documento.count("<tabella: Valutazione sullo stato di avanzamento>") == 38


def test_the_placeholder_of_the_form_is_a_stato_not_given(esempio: run.Esito, relazione: Path) -> None:
    tabelle = esempio.raccolta.tabelle
    scritti = [s for s in righe(tabelle.stati) if not segnaposto(s["testo"])]
    assert len(tabelle.stati) - len(scritti) == 5
    senza = len(tabelle.schede) - len({(s["settore"], s["scheda"]) for s in scritti})
    documento = "\n".join(docx_lines(relazione))
    assert documento.count("Stato di attuazione non indicato.") == senza
    assert "campo dedicato" not in documento.casefold()


def test_the_boxes_follow_the_published_choice(relazione: Path) -> None:
    caselle = [r for r in docx_lines(relazione) if r.startswith(("| ☒", "| ☐"))]
    assert sum(r.startswith("| ☒ scelta | ☐ non scelta | ☐ non scelta |") for r in caselle) == 22
    assert sum(r.startswith("| ☐ non scelta | ☒ scelta | ☐ non scelta |") for r in caselle) == 5
    assert sum(r.startswith("| ☐ non scelta | ☐ non scelta | ☐ non scelta |") for r in caselle) == 11


def test_the_reasons_beside_the_indicatori_are_as_many_as_in_their_table(relazione: Path) -> None:
    linee = docx_lines(relazione)
    for accanto, motivo in (
        ("manca il raggiunto", "Manca il raggiunto"),
        ("nessun dato", "Senza valore atteso né raggiunto"),
        ("di contesto", "Senza valore atteso è un dato di contesto"),
    ):
        righe_motivo = [linea.split(" | ") for linea in linee if f" | {motivo} | " in linea]
        quanti = sum(int(celle[-1].strip(" |")) for celle in righe_motivo)
        assert quanti == sum(linea.endswith(f"| {accanto} |") for linea in linee) > 0


def test_the_reasons_add_up_to_the_funnel(relazione: Path) -> None:
    """246 indicatori: 55 without an atteso, 16 not quantifiable, 60 not measured, 115 measured."""
    linee = docx_lines(relazione)
    inizio = linee.index("| Indicatori | Motivo | Quanti |")
    passi = dict.fromkeys(linea.split(" | ")[0] for linea in linee[inizio + 1 : inizio + 16])
    assert list(passi)[:3] == [
        "| Senza un valore atteso: 55",
        "| Con un atteso non quantificabile: 16",
        "| Quantificabili, ma non misurati: 60",
    ]
    piane = [linea.replace("\N{NO-BREAK SPACE}", " ") for linea in linee]
    assert "| Tutti i non misurati | su 246 indicatori | 131 |" in piane


def test_the_percentages_and_the_excluded_are_told(relazione: Path) -> None:
    testo = "\n".join(docx_lines(relazione)).replace("\N{NO-BREAK SPACE}", " ")
    for pesi, grado in (("13", "99,08"), ("8", "99,75"), ("8", "100,00"), ("14", "87,71")):
        assert f"| PERCENTUALE DI RAGGIUNGIMENTO COMPLESSIVA | {pesi} |  | {grado} |  |" in testo
    assert "97,76 %" in testo
    esclusi = testo[testo.index("[Heading1] Obiettivi esclusi") :]
    assert "| Affari generali | Proseguire nella relazione" in esclusi and "| rinviato |" in esclusi
    assert "| non valutabile |" in esclusi
    assert "Avviare un percorso di gemellaggio" in esclusi  # in no voce of the valutazione


def test_the_index_lists_every_heading_of_the_first_two_levels(relazione: Path) -> None:
    testo = docx_lines(relazione)
    titoli = [r.split("] ", 1)[1] for r in testo if re.match(r"\[Heading[12]\]", r)]
    indice = [r.split("] ", 1)[1] for r in testo if re.match(r"\[TOC[12]\]", r)]
    assert indice == titoli


def test_printed_there_is_no_table_off_the_page_nor_empty_page(
    relazione: Path, tmp_path: Path, libreoffice: str
) -> None:
    clean_when_printed(relazione, tmp_path)


def clean_when_printed(percorso: Path, cartella: Path) -> None:
    pdf = convert(percorso, cartella, "pdf")
    assert empty_pages(pdf) == []
    assert pages_beyond_margin(pdf, margin_pt=50) == []
    testo = "\n".join(pdf_pages(pdf))
    assert "{{" not in testo and "Errore" not in testo
    assert "Pagina 1 di" in testo


def hostile(fascicolo: Fascicolo, quanti: int, testo: str) -> Fascicolo:
    """`quanti` settori with one scheda each and the same text everywhere it fits."""
    codici = [f"s{n}" for n in range(quanti)]
    chiavi = [{"settore": c, "scheda": 1, "n": 1} for c in codici]
    elenco = [{"settore": c, "denominazione": f"{testo[:90]} {n}"} for n, c in enumerate(codici)]
    lungo, breve = testo[:300], testo[:100]
    scheda = {"titolo": lungo, "descrizione": testo}
    indicatore = {"indicatore": testo, "atteso": breve, "raggiunto": testo}
    nuove = {
        "elenco": elenco,
        "settori": [{"settore": c, "responsabile": lungo} for c in codici],
        "provenienza": [{"settore": c, "modello": "schede", "file": f"{c}.xlsx"} for c in codici],
        "schede": [{"settore": c, "scheda": 1, **scheda} for c in codici],
        "obiettivi": [{**k, "definizione": testo} for k in chiavi],
        "fasi": [{**k, "obiettivo": 1, "descrizione": testo, "orizzonte": breve} for k in chiavi],
        "collegamenti": [{**k, "missione": "1", "denominazione_missione": breve} for k in chiavi],
        "indicatori": [{**k, **indicatore} for k in chiavi],
        "stati": [{**k, "voce": breve, "testo": testo} for k in chiavi],
        "voci": [voce(c, 1, descrizione=lungo, grado_nucleo=Decimal(70), note=testo) for c in codici],
    }
    tabelle = replace(
        fascicolo.tabelle, **{nome: tabella(nome, contenuto) for nome, contenuto in nuove.items()}
    )
    valutazione = score.valuta(tabelle, fascicolo.parametri)
    return replace(fascicolo, tabelle=tabelle, valutazione=valutazione)


@pytest.mark.parametrize(
    ("quanti", "testo"),
    [
        (1, "x"),
        (40, "Gestire & <curare> «tutto»\n- primo\n- secondo\n\nfine. " * 3),
        (2, "Parolalunghissimasenzaspazi" * 12 + " coda " * 400),
    ],
    ids=["one settore", "forty settori", "very long texts"],
)
def test_a_hostile_ente_prints_clean_too(
    tmp_path: Path, libreoffice: str, quanti: int, testo: str
) -> None:
    fascicolo = hostile(fascicolo_di(tmp_path / "dentro"), quanti, testo)
    percorso = tmp_path / "r.docx"
    relazione_word.scrivi(percorso, fascicolo)
    assert faults(percorso) == []
    clean_when_printed(percorso, tmp_path)


def fullest(fascicolo: Fascicolo, quanti: int, lungo: str) -> Fascicolo:
    """An ente whose sintesi has everything it can have, with `quanti` settori and a text."""
    fascicolo = hostile(fascicolo, quanti, lungo + "di piazza " * 30)
    codici = list(fascicolo.tabelle.elenco["settore"])
    schede = [
        {**riga, "grado_dichiarato": Decimal(100), "grado_misurato": Decimal(10 + n)}
        for n, riga in enumerate(righe(fascicolo.tabelle.schede))
    ]
    schede.append({**schede[0], "scheda": 9})
    voci = []
    for n, codice in enumerate(codici[:-1]):
        descrizione = f"{lungo} {n} " * 4
        voci += [
            voce(codice, 1, descrizione=descrizione, schede="1", grado_nucleo=Decimal(20 + n)),
            voce(codice, 2, descrizione=descrizione, schede="T1", grado_dichiarato=Decimal(100)),
            voce(codice, 3, descrizione=descrizione, stato=STATI[1 + n % (4 if n < 4 else 3)]),
        ]
    voci.append(voce(codici[-1], 1, stato="valutato"))
    indicatori = [
        {**riga, "grado_misurato": Decimal(100)} for riga in righe(fascicolo.tabelle.indicatori)
    ]
    nuove = {"schede": schede, "voci": voci, "indicatori": indicatori}
    tabelle = replace(
        fascicolo.tabelle, **{nome: tabella(nome, contenuto) for nome, contenuto in nuove.items()}
    )
    parametri = replace(
        fascicolo.parametri,
        grado_non_consuntivato=Decimal("12.5"),
        fasce=(Fascia("raggiunto pienamente", Decimal(0)),),
    )
    valutazione = score.valuta(tabelle, parametri)
    return replace(fascicolo, tabelle=tabelle, parametri=parametri, valutazione=valutazione)


@pytest.mark.parametrize("quanti", [4, 6, 8, 20])
def test_the_sintesi_is_one_page_at_its_fullest(tmp_path: Path, libreoffice: str, quanti: int) -> None:
    lungo = "Servizi alla persona, istruzione, cultura, sport e relazioni con il pubblico, sede "
    percorso = tmp_path / "r.docx"
    relazione_word.scrivi(percorso, fullest(fascicolo_di(tmp_path / "dentro"), quanti, lungo))
    linee = docx_lines(percorso)
    inizio, fine = (linee.index(f"[Heading1] {t}") for t in ("Sintesi dei risultati", "Rendicontazione"))
    voci = [linea for linea in linee[inizio:fine] if linea.startswith("[ListBullet]")]
    assert len(voci) == 11, voci
    pagine = pdf_pages(convert(percorso, tmp_path, "pdf"))
    (sintesi,) = (p for p in pagine if "Grado dell'ente:" in p)
    assert "Scostamenti e criticità»)" in " ".join(sintesi.split())


def test_a_settore_without_percentage_says_so(tmp_path: Path) -> None:
    voci = [voce("tecnico", 1, stato="sospeso", note="per la pandemia")]
    fascicolo = con_voci(fascicolo_di(tmp_path / "dentro"), voci)
    percorso = tmp_path / "r.docx"
    relazione_word.scrivi(percorso, fascicolo)
    testo = "\n".join(docx_lines(percorso))
    assert testo.count("COMPLESSIVA | 0 |  | non calcolabile |") == 1
    assert "| sospeso | per la pandemia |" in testo


def test_a_settore_whose_first_sheet_is_unreadable_keeps_its_schede(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "dentro")
    put(cartella / TECNICO, "Settore", at(cartella / TECNICO, "Settore", "Ruolo"), "Qualifica")
    testo = "\n".join(docx_lines(run.relazione(cartella, tmp_path).documenti[1]))
    assert "M09" in {r.codice for r in run.controlla(cartella).rilievi}
    assert "[Heading2] Scheda 1 – Scheda 1 di tecnico" in testo
    assert "non è stata consegnata" not in testo


def test_a_draft_says_so_on_every_page_and_lists_what_blocks(tmp_path: Path, libreoffice: str) -> None:
    cartella = write_world(tmp_path / "dentro")
    (cartella / "tecnico.xlsx").unlink()
    percorso = run.relazione(cartella, tmp_path).documenti[1]
    assert faults(percorso) == []
    testo = "\n".join(docx_lines(percorso))
    manca = testo[testo.index("[Heading1] Che cosa manca") : testo.index("[Heading1] Presentazione")]
    assert "tecnico.xlsx" in manca and "Sollecitare il responsabile" in manca
    for pagina in pdf_pages(convert(percorso, tmp_path, "pdf")):
        assert "BOZZA" in pagina


def test_a_complete_relazione_does_not_say_draft(relazione: Path) -> None:
    assert "BOZZA" not in "\n".join(docx_lines(relazione))


def _tables(linee: list[str]) -> dict[str, list[list[str]]]:
    """Title of a table -> its rows, of a relazione as lines."""
    tabelle: dict[str, list[list[str]]] = {}
    for linea in linee:
        if trovata := re.fullmatch(r"<tabella: (.+)>", linea):
            tabelle.setdefault(trovata[1], [])
        elif linea.startswith("| ") and tabelle:
            tabelle[next(reversed(tabelle))].append([c.strip() for c in linea.strip("|").split("|")])
    return tabelle


def test_every_number_of_the_sintesi_is_in_the_tables_and_in_the_consolidato(
    relazione: Path, consolidato: Path
) -> None:
    linee = [linea.replace("\N{NO-BREAK SPACE}", " ") for linea in docx_lines(relazione)]
    cifre = dict(map(tuple, _tables(linee)["Le cifre della relazione"][1:]))
    foglio = openpyxl.load_workbook(consolidato, data_only=True)["Cifre"]
    in_excel = {riga[0].value: riga[1].value for riga in foglio.iter_rows(min_row=4)}
    assert [str(nome).replace("\N{NO-BREAK SPACE}", " ") for nome in in_excel] == list(cifre)
    for valore, scritto in zip(in_excel.values(), cifre.values(), strict=True):
        assert f"{valore:.2f}".replace(".", ",") == scritto or str(valore) == scritto
    inizio, fine = (linee.index(f"[Heading1] {t}") for t in ("Sintesi dei risultati", "Contesto"))
    sintesi = linee[inizio:fine]
    delle_medie = {riga[0]: riga[1] for riga in _tables(sintesi)["Il grado dell'ente"][1:]}
    assert delle_medie == {nome: cifre[nome] for nome in delle_medie}
    dette = [
        linea.split("] ", 1)[1]
        for linea in sintesi
        if not linea.startswith("| ") and "Caption" not in linea and "] " in linea
    ]
    gradi = {cella for righe_voci in _tables(linee).values() for riga in righe_voci for cella in riga}
    for detta in dette:
        senza_titoli = re.sub("«[^»]*»", "", detta.replace("100 %", "").replace("da 90 %", ""))
        for numero in re.findall(r"\d+(?:,\d+)?", senza_titoli):
            assert numero in {*cifre.values(), "2020"} or (
                "Ufficio tecnico: " in detta and numero in gradi
            )


def test_a_name_in_the_sintesi_is_followed_by_the_figure_of_that_name(relazione: Path) -> None:
    linee = [linea.replace("\N{NO-BREAK SPACE}", " ") for linea in docx_lines(relazione)]
    cifre = dict(map(tuple, _tables(linee)["Le cifre della relazione"][1:]))
    testo = "\n".join(linee)
    sintesi = testo[testo.index("[Heading1] Sintesi") : testo.index("[Heading1] Contesto")]
    trovate = [nome for nome in cifre if f"{nome}: {cifre[nome]}" in sintesi]
    assert trovate == [
        "Obiettivi esclusi dalla media",
        "Obiettivi raggiunti per intero",
        "Obiettivi sotto il 100 %",
        "Indicatori raggiunti",
        "Schede con il grado dichiarato lontano da quello misurato",
    ]
    assert (
        "38 schede (5 trasversali) → 33 obiettivi distinti → 31 valutati, 2 esclusi dalla media"
        in sintesi
    )
    nell_ordine = [cifre[n] for n in cifre if n.startswith("Indicatori")]
    assert nell_ordine == ["246", "191", "175", "115", "89"]


def test_a_scheda_tells_its_result_also_when_it_comes_from_a_voce(relazione: Path) -> None:
    testo = "\n".join(docx_lines(relazione)).replace("\N{NO-BREAK SPACE}", " ")
    for detta in (
        "Valutata nella voce 12: 50,00 %, non consuntivato, fissato dall'ente (Tabella",
        "Fuori dalla media, nella voce 14: rinviato (Tabella",
        "Valutata nella voce 15: 90,00 %, attribuito dall'organo di valutazione (Tabella",
        "Valutata nella voce 13 (insieme alla scheda 8): 100,00 %, dichiarato dal responsabile",
        "Valutata in 6 settori: 100,00 %, dichiarato dal responsabile (Tabella",
        "Non compresa nella valutazione: nessuna voce la richiama.",
    ):
        assert detta in testo, detta
    assert "Tutti gli indicatori" not in testo
    assert "| La scheda | media dei 4 misurabili su 5 | base parziale | 100,00 % |" in testo
    assert "| La scheda | misurabili 0 su 3 | senza base |  |" in testo


def test_measured_and_declared_of_a_settore_are_of_its_own_obiettivi(relazione: Path) -> None:
    tabelle = _tables(docx_lines(relazione))
    assert tabelle["Grado dichiarato e misurato per settore"][1:3] == [
        ["Obiettivi trasversali", "4 su 5", "100,00", "100,00", "base parziale"],
        ["Affari generali", "8 su 8", "98,50", "85,81", "base parziale"],
    ]
    tecnico = ["Ufficio tecnico", "1 su 9", "90,00", "90,00", "base parziale"]
    assert tecnico in tabelle["Grado dichiarato e misurato per settore"]
    fasce = tabelle["Obiettivi per fascia di risultato"]
    assert sum(int(riga[2]) for riga in fasce[1:]) == 31
