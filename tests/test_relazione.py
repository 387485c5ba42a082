"""The Word relazione: sound, complete, verbatim, and clean when printed."""

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import cast

import fixtures_ente as fx
import openpyxl
import pytest
from conftest import ESEMPIO
from documents_as_text import docx_lines
from fixtures_ente import ENTE, TECNICO, at, below, beside, put, write_world
from libreoffice import convert, empty_pages, pages_beyond_margin, pdf_pages
from test_consolidato import con_voci, fascicolo_di, voce
from validators import faults, sdk_faults

from pipeline import bilancio, run, score
from pipeline.documents import relazione as relazione_word
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import promesso
from pipeline.documents.word import pdf
from pipeline.documents.word.blocchi import rif
from pipeline.documents.word.documento import Documento
from pipeline.parole import normalizza, segnaposto
from pipeline.tables import MEDIA_OBIETTIVI, STATI, Fascia, Fase, righe, tabella


def test_the_validators_find_nothing(relazione: Path) -> None:
    assert faults(relazione) == []


def test_the_open_xml_sdk_finds_nothing(relazione: Path) -> None:
    assert sdk_faults(relazione) == []


@pytest.mark.parametrize("detto", ["\x01", rif("Tabella")[:-1], "\x1f", "\x0b"])
def test_what_xml_has_no_place_for_is_never_saved(detto: str) -> None:
    documento = Documento()
    documento.testo(f"prima{detto}dopo")
    with pytest.raises(ValueError, match="mark"):
        documento.salva(BytesIO())


def test_every_typed_text_is_in_the_document(esempio: run.Esito, relazione: Path) -> None:
    """Whatever its blanks, its case and the number before it: a stato that is called as its fase stands
    beside it, and is not called again. Of a trasversale, the voce that stands for all."""
    assert esempio.fascicolo is not None
    documento = normalizza("\n".join(docx_lines(relazione)).replace("⏎", " "))
    campi = {
        "schede": ("titolo", "descrizione"),
        "obiettivi": ("definizione",),
        "fasi": ("descrizione", "orizzonte", "assegnazione"),
        "indicatori": ("indicatore", "atteso", "raggiunto"),
        "stati": ("voce", "testo"),
        "voci": ("note",),
        "testi": ("titolo", "testo"),
    }
    for nome, chiavi in campi.items():
        for riga in righe(esempio.raccolta.tabelle.per_nome()[nome]):
            for chiave in chiavi:
                if not segnaposto(riga[chiave]):  # of the form: nobody has typed it
                    for pezzo in riga[chiave].split("\n"):
                        assert _senza_segno(pezzo) in documento, (nome, chiave)
    for obiettivo in esempio.fascicolo.valutazione.distinti:
        assert _senza_segno(obiettivo.voce.riga["descrizione"]) in documento


def _senza_segno(testo: str) -> str:
    """A typed text without the sign or the number of its own, which the document makes a list of."""
    return normalizza(re.sub(r"^\s*([-–•]|\d+[.)])\s*", "", testo))


def test_a_link_with_the_bilancio_has_the_names_of_the_nomenclature_and_what_else_was_typed(
    esempio: run.Esito, relazione: Path
) -> None:
    righi = [linea for linea in docx_lines(relazione) if linea.startswith("[RigoScheda]")]
    assert len(righi) == 38
    testo = "\n".join(righi)
    assert "Missione 01 Servizi istituzionali, generali e di gestione: 01.01 Organi istit" in testo
    assert "programmi da 04.01 a 04.07" in testo
    for riga in righe(esempio.raccolta.tabelle.collegamenti):
        nome = bilancio.MISSIONI.get(riga["codice_missione"], "")
        scritto = riga["denominazione_missione"]
        assert nome in testo
        uguali = not nome or bilancio.somiglianza(nome, scritto) >= bilancio.SOMIGLIANTE
        assert not scritto or uguali or f"«{scritto}»" in testo


def _text(cartella: Path, uscita: Path) -> str:
    """The whole relazione of a folder."""
    esito = run.relazione(cartella, uscita)
    (relazione,) = (d for d in esito.documenti if d.name.startswith("relazione_"))
    return "\n".join(docx_lines(relazione))


def test_the_page_tells_how_a_trasversale_counts(tmp_path: Path) -> None:
    """The published mean counts it in each settore; the figures of the page, once."""
    cartella = write_world(tmp_path / "ente")
    testo = _text(cartella, tmp_path)
    assert "Sono diverse perché nella media dei settori l'obiettivo trasversale, al" in testo
    assert "| Media dei 2 settori (pubblicata) | Media dei 4 obiettivi distinti |" in testo
    regola = beside(cartella / ENTE, "Parametri", "Regola della media d'ente")
    put(cartella / ENTE, "Parametri", regola, MEDIA_OBIETTIVI)
    assert "| Media dei 4 obiettivi distinti (pubblicata) | Media" in _text(cartella, tmp_path)
    testo = _text(ESEMPIO / "esempio_missioni", tmp_path)
    assert (
        "[Heading2] Una cifra: le due medie coincidono" in testo and "un obiettivo comune" not in testo
    )


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


def test_the_results_say_which_schede_no_voce_covers(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "ente")
    assert "In nessuna voce" not in _text(cartella, tmp_path)
    percorso = cartella / TECNICO
    put(percorso, "Valutazione", below(percorso, "Valutazione", "Schede"), None)
    testo = _text(cartella, tmp_path)
    assert "In nessuna voce: TC\N{NO-BREAK SPACE}1." in testo
    assert "⇥non valutata" in testo and "Non valutata: nessuna voce della valutazione la compr" in testo
    detto = "Non è valutata TC\N{NO-BREAK SPACE}1: nessuna voce della valutazione la comprende."
    assert testo.count(detto) == 2  # under all the obiettivi, and in its settore


TUTTI, UFFICIO = "Tutti", "Ufficio"


@pytest.mark.parametrize(
    ("di_chi", "comune"),
    [
        ([(1, TUTTI), (1, ""), (1, "")], TUTTI),  # once, for all the fasi under it
        ([(1, TUTTI), (2, "")], ""),
        ([(1, ""), (2, UFFICIO)], ""),
        ([(1, ""), (1, UFFICIO)], ""),
        ([(1, TUTTI), (1, ""), (2, TUTTI)], TUTTI),
        ([(1, TUTTI), (1, UFFICIO)], ""),
        ([(1, ""), (1, "")], ""),
        ([], ""),
    ],
)
def test_what_is_said_of_a_fase_is_said_of_the_scheda_only_if_it_is_of_all(
    di_chi: list[tuple[int, str]], comune: str
) -> None:
    scritte = [{"n": n, "obiettivo": o, "assegnazione": chi} for n, (o, chi) in enumerate(di_chi)]
    fasi = righe(tabella("fasi", scritte))
    assert promesso.comune("assegnazione", cast(list[Fase], fasi)) == comune


def test_every_scheda_has_a_title_bar_and_a_line_each(relazione: Path) -> None:
    linee = docx_lines(relazione)
    barre = [linea for linea in linee if linea.startswith("[TitoloScheda] ")]
    assert len(barre) == 38
    assert [linea.count("⇥") for linea in barre] == [2] * 38
    assert sum(linea.startswith("[EsitoScheda] ") for linea in linee) == 38
    codici = [linea.removeprefix("[TitoloScheda] ").split("⇥")[0] for linea in barre]
    assert codici[:2] == ["T\N{NO-BREAK SPACE}1", "T\N{NO-BREAK SPACE}2"] and len({*codici}) == 38
    esiti = Counter(linea.split("⇥")[2].replace("\N{NO-BREAK SPACE}", " ") for linea in barre)
    assert esiti["rinviato"] == esiti["non valutabile"] == 1 and esiti["non valutata"] == 2


def test_only_the_number_before_a_text_is_not_compared() -> None:
    assert promesso._nome("2) Avviso dell'articolo 12. Esito") == promesso._nome(
        "Avviso dell'articolo 12. Esito"
    )
    assert promesso._nome("Avviso dell'articolo 12. Esito") != promesso._nome(
        "Avviso dell'articolo 13. Esito"
    )


def test_the_placeholder_of_the_form_is_a_stato_not_written(relazione: Path) -> None:
    documento = "\n".join(docx_lines(relazione))
    assert (
        "Stato di attuazione non scritto: ciò che è successo" in documento
        and "| Non scritto. |" in documento
    )
    assert "campo dedicato" not in documento.casefold()


def test_the_line_of_a_scheda_follows_the_published_choice(relazione: Path) -> None:
    righe_esito = [riga for riga in docx_lines(relazione) if riga.startswith("[EsitoScheda]")]
    assert sum("; in linea con le attese." in riga for riga in righe_esito) == 22
    assert sum("; non in linea con le attese, azioni" in riga for riga in righe_esito) == 5
    assert sum("; stato di avanzamento non indicato." in riga for riga in righe_esito) == 11


def test_the_reasons_add_up_to_the_funnel(relazione: Path) -> None:
    """246 indicatori: 55 without an atteso, 16 not quantifiable, 60 not measured, 115 measured."""
    righe_motivi = _tables(docx_lines(relazione))["Indicatori non misurati, per motivo"][1:]
    passi = dict.fromkeys(passo.replace("\N{NO-BREAK SPACE}", " ") for _, passo, _ in righe_motivi)
    assert list(passi) == [
        "Senza un valore atteso: 55 su 246",
        "Con un atteso non quantificabile: 16 su 191",
        "Quantificabili, ma non misurati: 60 su 175",
        "su 246 indicatori; misurati: 115",
    ]
    quanti = [int(quanti.strip("⇥ \N{NO-BREAK SPACE}")) for *_, quanti in righe_motivi]
    assert sum(quanti[:-1]) == quanti[-1] == 131


def test_the_percentages_and_the_excluded_are_told(relazione: Path) -> None:
    testo = "\n".join(docx_lines(relazione)).replace("\N{NO-BREAK SPACE}", " ")
    for voci, grado in (("13 su 14", "99,08"), ("8 su 8", "99,75"), ("14 su 15", "87,71")):
        assert f"| {voci} | {grado} |" in testo
    assert "| Ente: media dei settori (pubblicata) | 56 su 58 | 97,76 |" in testo
    assert "| Ente: media degli obiettivi distinti | 31 su 33 | 94,00 |" in testo
    assert "fuori dalla media 2: AG 12 rinviato; UT 3 non valutabile." in testo
    assert "In nessuna voce: AG 10, 11." in testo
    assert "6 obiettivi su 28, senza contare 3 fissati dall'ente" in testo


def test_the_index_has_code_title_and_result_of_every_chapter_and_scheda(relazione: Path) -> None:
    testo = docx_lines(relazione)
    barre = [r.removeprefix("[TitoloScheda] ") for r in testo if r.startswith("[TitoloScheda]")]
    indice = [r.split("] ", 1)[1] for r in testo if r.startswith("[TOC2]")]
    for barra, riga in zip(barre, indice, strict=True):
        (codice, titolo, risultato), (suo, detto, esito) = barra.split("⇥"), riga.split("⇥")
        assert (suo, esito) == (codice, risultato)
        assert titolo.startswith(detto.removesuffix("…"))
    capitoli = [r.split("] ", 1)[1] for r in testo if r.startswith("[TOC1]")]
    assert "AG⇥Affari generali⇥99,08\N{NO-BREAK SPACE}%" in capitoli
    assert len(capitoli) == sum(r.startswith("[Heading1]") for r in testo)


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
    assert "Pagina 2 di" in testo


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
    """An ente whose page has everything it can have, with `quanti` settori and a text."""
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
def test_the_page_is_one_at_its_fullest(tmp_path: Path, libreoffice: str, quanti: int) -> None:
    lungo = "Servizi alla persona, istruzione, cultura, sport e relazioni con il pubblico, sede "
    percorso = tmp_path / "r.docx"
    relazione_word.scrivi(percorso, fullest(fascicolo_di(tmp_path / "dentro"), quanti, lungo))
    stampato = convert(percorso, tmp_path, "pdf")
    titoli = [titolo for titolo in pdf.pagine(stampato) if titolo.livello == 1]
    posto = [titolo.testo for titolo in titoli].index("La relazione in una pagina")
    assert titoli[posto + 1].pagina == titoli[posto].pagina + 1


def test_a_settore_without_percentage_says_so(tmp_path: Path) -> None:
    voci = [voce("tecnico", 1, stato="sospeso", note="per la pandemia")]
    fascicolo = con_voci(fascicolo_di(tmp_path / "dentro"), voci)
    percorso = tmp_path / "r.docx"
    relazione_word.scrivi(percorso, fascicolo)
    testo = "\n".join(docx_lines(percorso))
    assert "[Heading1] Settore Tecnico: non calcolabile" in testo
    assert "| sospeso |" in testo and "Nota: per la pandemia" in testo


def test_a_settore_whose_first_sheet_is_unreadable_keeps_its_schede(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "dentro")
    put(cartella / TECNICO, "Settore", at(cartella / TECNICO, "Settore", "Ruolo"), "Qualifica")
    testo = "\n".join(docx_lines(run.relazione(cartella, tmp_path).documenti[1]))
    assert "M09" in {r.codice for r in run.controlla(cartella).rilievi}
    assert "⇥Scheda 1 di tecnico⇥" in testo
    assert "non è stata consegnata" not in testo


def test_a_draft_says_so_on_every_page_and_lists_what_blocks(tmp_path: Path, libreoffice: str) -> None:
    cartella = write_world(tmp_path / "dentro")
    (cartella / "tecnico.xlsx").unlink()
    percorso = run.relazione(cartella, tmp_path).documenti[1]
    assert faults(percorso) == []
    testo = "\n".join(docx_lines(percorso))
    manca = testo[testo.index("[Heading1] Che cosa manca") : testo.index("[Heading1] La relazione")]
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


def test_every_figure_has_its_name_and_is_the_one_of_the_consolidato(
    relazione: Path, consolidato: Path
) -> None:
    linee = [linea.replace("\N{NO-BREAK SPACE}", " ") for linea in docx_lines(relazione)]
    cifre = dict(map(tuple, _tables(linee)["Le cifre della relazione"][1:]))
    foglio = openpyxl.load_workbook(consolidato, data_only=True)["Cifre"]
    in_excel = {riga[0].value: riga[1].value for riga in foglio.iter_rows(min_row=4)}
    assert [str(nome).replace("\N{NO-BREAK SPACE}", " ") for nome in in_excel] == list(cifre)
    for valore, scritto in zip(in_excel.values(), cifre.values(), strict=True):
        assert f"{valore:.2f}".replace(".", ",") == scritto or str(valore) == scritto
    nell_ordine = [cifre[n] for n in cifre if n.startswith("Indicatori")]
    assert nell_ordine == ["246", "191", "175", "115", "89", "26"]


def test_the_page_says_the_figures_of_the_tables(relazione: Path) -> None:
    linee = [linea.replace("\N{NO-BREAK SPACE}", " ") for linea in docx_lines(relazione)]
    tabelle = _tables(linee)
    assert [riga[1].strip("⇥ ") for riga in tabelle["Dagli indicatori alla misura"][1:]] == [
        *("246", "191", "175", "115", "89")
    ]
    persi = [riga[2].split()[0] for riga in tabelle["Dagli indicatori alla misura"][2:]]
    assert persi == ["55", "16", "60", "26"]
    assert tabelle["Il grado dell'ente"][1][:2] == ["97,76 %", "94 %"]
    risultati = {riga[0]: riga for riga in tabelle["Risultati per settore"][1:]}
    for nome, grado, propri, dichiarato, misurato, base in tabelle["I settori in breve"][1:]:
        sua = risultati[nome]
        assert (grado, propri, dichiarato, misurato.strip("⇥ ")) == (sua[2], sua[3], sua[4], sua[5])
        assert base == f"{sua[7]}, {sua[8]}"


def test_a_scheda_tells_its_result_and_where_it_comes_from(relazione: Path) -> None:
    testo = "\n".join(docx_lines(relazione)).replace("\N{NO-BREAK SPACE}", " ")
    for detta in (
        "[EsitoScheda] 50 %, fissato dall'ente: non consuntivato (voce 12); stato di",
        "[EsitoScheda] Fuori dalla media: rinviato (voce 14); ",
        "[EsitoScheda] 90 %, attribuito dall'organo di valutazione (voce 15); ",
        "[EsitoScheda] Dichiarato 100 % (voce 13, insieme a AG 8); ",
        "[EsitoScheda] Dichiarato 100 % (in 6 settori); in linea con le attese.",
        "[EsitoScheda] Non valutata: nessuna voce della valutazione la comprende; ",
        "Nota nella valutazione: «Slittamento dei tempi Attività condizionata dalla emergenza",
        "[Caption] Indicatori AG 1: 4 su 5 misurati, in media 100 % – base solida ●●●",
        "[Caption] Indicatori UT 3: nessuno dei 2 si misura",
    ):
        assert detta in testo, detta


def test_measured_and_declared_of_a_settore_are_of_its_own_obiettivi(relazione: Path) -> None:
    linee = [linea.replace("\N{NO-BREAK SPACE}", " ") for linea in docx_lines(relazione)]
    tabelle = _tables(linee)
    righe_settori = {riga[0]: riga[3:] for riga in tabelle["Risultati per settore"][1:]}
    assert righe_settori["Obiettivi trasversali"] == [
        *("4 su 5", "100,00", "100,00", "0,00", "12 su 34", "parziale ●●○")
    ]
    assert righe_settori["Affari generali"] == [
        *("8 su 8", "98,50", "85,81", "−12,69", "35 su 44", "solida ●●●")
    ]
    assert righe_settori["Ufficio tecnico"] == [
        *("1 su 9", "90,00", "90,00", "0,00", "16 su 107", "debole ●○○")
    ]
    fasce = tabelle["Obiettivi per fascia di risultato"]
    assert sum(int(riga[2].strip("⇥ ")) for riga in fasce[1:]) == 31


def test_what_the_ente_writes_stands_in_the_place_of_what_is_found_by_rule(tmp_path: Path) -> None:
    cartella = write_world(tmp_path / "ente")
    scritti = [
        ("Fatto", "La biblioteca", "Aperta anche il sabato."),
        ("Non fatto", "La strada nuova.", "Slitta di un anno."),
        ("Richieste", "", "Approvare, con un indirizzo sulla strada."),
        ("Titoli", "risultati", "Com'è andata"),
        ("Titoli", "Il grado dell'ente", "Due medie, e perché"),
        ("Titoli", "Risultati per settore", "I settori, uno per uno"),
    ]
    for n, riga in enumerate(scritti, start=1):
        for colonna, valore in zip(("Capitolo", "Titolo", "Testo"), riga, strict=True):
            put(cartella / ENTE, "Testi", below(cartella / ENTE, "Testi", colonna, n), valore or None)
    testo = _text(cartella, tmp_path)
    assert "[Heading2] Una cosa fatta, una no" in testo
    assert "| La biblioteca. Aperta anche il sabato. | La strada nuova. Slitta di un anno. |" in testo
    assert "Elenchi fatti per regola" not in testo
    assert "Approvare, con un indirizzo sulla strada." in testo
    assert "Approvare la relazione, con il grado" not in testo
    assert "[Heading1] Com'è andata" in testo and "[Heading1] Risultati" not in testo
    assert "[Heading2] Due medie, e perché" in testo and "Due domande, due cifre" not in testo
    assert "Tabella 1 – I settori, uno per uno" in testo
