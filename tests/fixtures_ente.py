"""A tiny ente, all in order, and the ways to spoil one thing of it.

`write_world` writes ente.xlsx, trasversali.xlsx and two settori with the project's own writers;
`run.controlla` finds nothing to say about them. The other functions damage one cell, sheet or
mark of a workbook: with openpyxl where it can, in the XML of the package where it cannot.
"""

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import python_calamine
from lxml import etree
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.chart import BarChart
from openpyxl.formula.translate import Translator
from openpyxl.packaging.relationship import Relationship
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.workbook.external_link.external import ExternalBook, ExternalLink, ExternalSheetNames
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.tables import TRASVERSALI, Riga, Tabelle, costruisci
from pipeline.workbooks import ente, missioni, schede
from pipeline.workbooks.settore import Testata

ANNO = 2024
COMUNE = "Comune di Prova"

ENTE = "ente.xlsx"
TRASV = "trasversali.xlsx"
RAGIONERIA = "ragioneria.xlsx"
TECNICO = "tecnico.xlsx"
FILES = (ENTE, TRASV, RAGIONERIA, TECNICO)

NAMES = {
    TRASVERSALI: "Obiettivi trasversali",
    "ragioneria": "Settore Ragioneria",
    "tecnico": "Settore Tecnico",
}

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
M = f"{{{MAIN}}}"

RESPONSABILI = {
    TRASVERSALI: "Anna Bianchi",
    "ragioneria": "Anna Bianchi",
    "tecnico": "Luca Verdi",
}

# --------------------------------------------------------------------------------------- the good ente

VALORI_ENTE = {
    "denominazione": COMUNE,
    "provincia": "Milano (MI)",
    "anno": str(ANNO),
    "data": "30/06/2025",
    "organo": "Giunta comunale",
    "valutatore": "Nucleo di valutazione",
}
PARAMETRI = {
    "media": "media dei settori",
    "non_consuntivato": "",
    "fasce": "raggiunto da 90; parzialmente raggiunto da 50; non raggiunto da 0",
    "tolleranza": "10",
    "somma_pesi": "",
    "origine": "dichiarato",
    "base": "100",
}
ELENCO: list[Riga] = [
    {
        "settore": TRASVERSALI,
        "denominazione": NAMES[TRASVERSALI],
        "modello": "trasversali",
        "n_schede": Decimal(1),
    },
    {
        "settore": "ragioneria",
        "denominazione": NAMES["ragioneria"],
        "responsabile": RESPONSABILI["ragioneria"],
        "peso": Decimal(1),
        "modello": "schede",
        "n_schede": Decimal(2),
    },
    {
        "settore": "tecnico",
        "denominazione": NAMES["tecnico"],
        "responsabile": RESPONSABILI["tecnico"],
        "peso": Decimal(2),
        "modello": "schede",
        "n_schede": Decimal(1),
    },
]


def tables_of_ente() -> Tabelle:
    return costruisci(
        {
            "ente": [{"chiave": k, "valore": v} for k, v in VALORI_ENTE.items()],
            "elenco": ELENCO,
            "testi": [{"capitolo": "Presentazione", "titolo": "Premessa", "testo": "Un testo."}],
            "parametri": [{"parametro": k, "valore": v} for k, v in PARAMETRI.items()],
            "destinatari": [{"nome": "Giunta comunale", "ruolo": "organo"}],
        }
    )


def _settore(settore: str, responsabile: str) -> Riga:
    return {
        "settore": settore,
        "denominazione": NAMES[settore],
        "responsabile": responsabile,
        "ruolo": "Responsabile di settore",
        "categoria": "Funzionari",
        "anno": ANNO,
        "modello": "trasversali" if settore == TRASVERSALI else "schede",
    }


def _scheda(settore: str, scheda: int, grado: int | None) -> Riga:
    return {
        "settore": settore,
        "scheda": scheda,
        "titolo": f"Scheda {scheda} di {settore}",
        "descrizione": "Che cosa si vuole ottenere.",
        "valutazione": "in_linea",
        "grado_dichiarato": None if grado is None else Decimal(grado),
    }


def _contents(settore: str, scheda: int) -> dict[str, Riga]:
    """One row of each section of a scheda."""
    chiavi = {"settore": settore, "scheda": scheda, "n": 1}
    return {
        "obiettivi": {**chiavi, "definizione": "Migliorare il servizio", "strategico": True},
        "fasi": {
            **chiavi,
            "obiettivo": 1,
            "descrizione": "Prima fase",
            "orizzonte": "Gen – Giu 2024",
            "assegnazione": "Ufficio",
        },
        "collegamenti": {
            **chiavi,
            "missione": "01",
            "denominazione_missione": "Servizi istituzionali, generali e di gestione",
            "programma": "03",
            "denominazione_programma": (
                "Gestione economica, finanziaria, programmazione e provveditorato"
            ),
        },
        "indicatori": {
            **chiavi,
            "indicatore": "Atti pubblicati",
            "atteso": "> 15",
            "raggiunto": "20",
            "peso": Decimal(1),
            "verso": "crescente",
        },
        "stati": {**chiavi, "voce": "Prima fase", "testo": "Fatto nei tempi."},
    }


def _voce(settore: str, n: int, schede_coperte: str, grado: int | None = None) -> Riga:
    return {
        "settore": settore,
        "n": n,
        "descrizione": f"Obiettivo {n} di {settore}",
        "schede": schede_coperte,
        "peso": Decimal(2),
        "stato": "valutato",
        "grado_dichiarato": None if grado is None else Decimal(grado),
    }


def tables_of_settore(settore: str) -> Tabelle:
    gradi: dict[str, list[int | None]] = {
        TRASVERSALI: [100],
        "ragioneria": [95, None],  # the second is declared by its voce alone
        "tecnico": [95],
    }
    righe: dict[str, list[Riga]] = {"settori": [_settore(settore, RESPONSABILI[settore])]}
    for scheda, grado in enumerate(gradi[settore], start=1):
        righe.setdefault("schede", []).append(_scheda(settore, scheda, grado))
        for tabella, riga in _contents(settore, scheda).items():
            righe.setdefault(tabella, []).append(riga)
    if settore == "ragioneria":
        righe["voci"] = [_voce(settore, 1, "1"), _voce(settore, 2, "2", 90), _voce(settore, 3, "T1")]
    elif settore == "tecnico":
        righe["voci"] = [_voce(settore, 1, "1"), _voce(settore, 2, "T1")]
    return costruisci(righe)


def write_settore(percorso: Path, settore: str, **testata: Any) -> None:
    """Write the workbook of a settore of the world; `testata` overrides its identity."""
    identity = {"ente": COMUNE, "anno": ANNO, "settore": settore, "denominazione": NAMES[settore]}
    identity["modello"] = TRASVERSALI if settore == TRASVERSALI else "schede"
    schede.scrivi(percorso, Testata(**{**identity, **testata}), tables_of_settore(settore), 1)


def write_world(cartella: Path) -> Path:
    """Write the four good workbooks into a folder, made if need be."""
    return _written(_make_world, cartella)


def _written(make: Callable[[Path], None], cartella: Path) -> Path:
    cartella.mkdir(parents=True, exist_ok=True)
    for nome, contenuto in _made(make).items():
        (cartella / nome).write_bytes(contenuto)
    return cartella


@cache
def _made(make: Callable[[Path], None]) -> dict[str, bytes]:
    """The files that `make` writes into a folder: the writers always give the same bytes."""
    with TemporaryDirectory() as cartella:
        make(Path(cartella))
        return {percorso.name: percorso.read_bytes() for percorso in Path(cartella).iterdir()}


def _make_world(cartella: Path) -> None:
    ente.scrivi(cartella / ENTE, tables_of_ente(), ANNO)
    for settore in NAMES:
        write_settore(cartella / f"{settore}.xlsx", settore)


# ------------------------------------------------------------------------------- where a cell stands


def _find(percorso: Path, foglio: str, testo: str) -> tuple[int, int]:
    """Where a text first stands in a sheet, row by row."""
    posti = _texts(percorso.read_bytes())
    try:
        return posti[foglio, testo.strip().casefold()]
    except KeyError:
        raise LookupError(f"«{testo}» is not in «{foglio}» of {percorso.name}") from None


@cache
def _texts(contenuto: bytes) -> dict[tuple[str, str], tuple[int, int]]:
    """(sheet, text) -> place, of a whole workbook: opened once for all the copies of it."""
    posti: dict[tuple[str, str], tuple[int, int]] = {}
    libro = python_calamine.load_workbook(BytesIO(contenuto))
    for foglio in libro.sheet_names:
        righe = libro.get_sheet_by_name(foglio).to_python(skip_empty_area=False)
        for n, riga in enumerate(righe, start=1):
            for colonna, valore in enumerate(riga, start=1):
                testo = str(valore).removesuffix(".0").removesuffix(" *").strip().casefold()
                posti.setdefault((foglio, testo), (n, colonna))
    return posti


def at(percorso: Path, foglio: str, testo: str) -> str:
    """The address of the cell that holds this text."""
    riga, colonna = _find(percorso, foglio, testo)
    return f"{get_column_letter(colonna)}{riga}"


def beside(percorso: Path, foglio: str, etichetta: str) -> str:
    """The address of the box at the right of a label."""
    riga, colonna = _find(percorso, foglio, etichetta)
    return f"{get_column_letter(colonna + 1)}{riga}"


def below(percorso: Path, foglio: str, intestazione: str, n: int = 1) -> str:
    """The address of the nth cell under a heading."""
    riga, colonna = _find(percorso, foglio, intestazione)
    return f"{get_column_letter(colonna)}{riga + n}"


# ----------------------------------------------------------------------------- damage, with openpyxl


def put(percorso: Path, foglio: str, cella: str, valore: Any, formato: str | None = None) -> None:
    """Write a value (None empties; a text that begins with = is a formula), maybe with its format."""
    put_many(percorso, foglio, {cella: valore}, formato)


def put_many(percorso: Path, foglio: str, valori: dict[str, Any], formato: str | None = None) -> None:
    """Write several values by address.

    Plain ones in the XML of the sheet: opening the workbook with openpyxl, and saving it, takes twenty
    times as long. What needs a format or runs of its own is left to openpyxl.
    """
    if formato or not all(isinstance(valore, PLAIN) for valore in valori.values()):
        put_by_hand(percorso, foglio, valori, formato)
        return

    def change(radice: etree._Element) -> None:
        for cella, valore in valori.items():
            _fill(_cell_node(radice, cella), valore)

    _rewrite_sheet(percorso, foglio, change)


PLAIN = str | float | int | Decimal | None


def put_by_hand(percorso: Path, foglio: str, valori: dict[str, Any], formato: str | None = None) -> None:
    """The same with openpyxl: as a program that saves the whole workbook anew, and says when."""
    libro = openpyxl.load_workbook(percorso)
    for cella, valore in valori.items():
        libro[foglio][cella] = valore
        if formato is not None:
            libro[foglio][cella].number_format = formato
    libro.save(percorso)


def paste_over(percorso: Path, foglio: str, area: str) -> None:
    """Leave cells as a table pasted over them does: locked, white, without borders and drop-downs."""
    libro = openpyxl.load_workbook(percorso)
    ws = libro[foglio]
    incollate = {cella for riga in ws[area] for cella in riga}
    for cella in incollate:
        cella.style = "Normal"
    posti = {(cella.row, cella.column) for cella in incollate}
    for regola in ws.data_validations.dataValidation:
        celle = {posto for tratto in regola.sqref.ranges for posto in tratto.cells}
        if celle & posti:
            rimaste = [f"{get_column_letter(c)}{r}" for r, c in sorted(celle - posti)]
            if rimaste:
                regola.formula1 = formula_at(regola, rimaste[0])
            regola.sqref = MultiCellRange(" ".join(rimaste))
    ws.data_validations.dataValidation = [r for r in ws.data_validations.dataValidation if r.sqref]
    libro.save(percorso)


def formula_at(regola: DataValidation, cella: str) -> str | None:
    """What a rule says of a cell: the formula of one that is custom speaks of the first it is for."""
    if regola.type != "custom":
        return regola.formula1
    prima = regola.sqref.sorted()[0].coord.split(":")[0]
    return Translator(f"={regola.formula1}", prima).translate_formula(cella).removeprefix("=")


def _fill(nodo: etree._Element, valore: PLAIN) -> None:
    """Give a `<c>` a value, as a program that saves it would."""
    _empty(nodo)
    if isinstance(valore, bool) or valore in ERROR_CODES:
        nodo.set("t", "b" if isinstance(valore, bool) else "e")
        etree.SubElement(nodo, f"{M}v").text = str(int(valore) if isinstance(valore, bool) else valore)
    elif isinstance(valore, str) and not (valore.startswith("=") and len(valore) > 1):
        nodo.set("t", "inlineStr")
        testo = etree.SubElement(etree.SubElement(nodo, f"{M}is"), f"{M}t")
        testo.text = valore
        testo.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    elif isinstance(valore, str):
        etree.SubElement(nodo, f"{M}f").text = valore[1:]
    elif valore is not None:
        etree.SubElement(nodo, f"{M}v").text = str(valore)


def _empty(nodo: etree._Element) -> None:
    for figlio in list(nodo):
        nodo.remove(figlio)
    nodo.attrib.pop("t", None)


def add_sheet(percorso: Path, nome: str, valori: dict[str, Any]) -> None:
    libro = openpyxl.load_workbook(percorso)
    foglio = libro.create_sheet(nome)
    for cella, valore in valori.items():
        foglio[cella] = valore
    libro.save(percorso)


def copy_sheet(percorso: Path, nome: str, copia: str) -> None:
    libro = openpyxl.load_workbook(percorso)
    libro.copy_worksheet(libro[nome]).title = copia
    libro.save(percorso)


def remove_sheet(percorso: Path, nome: str) -> None:
    libro = openpyxl.load_workbook(percorso)
    del libro[nome]
    libro.save(percorso)


def add_chart_sheet(percorso: Path, nome: str) -> None:
    libro = openpyxl.load_workbook(percorso)
    libro.create_chartsheet(nome).add_chart(BarChart())
    libro.save(percorso)


def link_to_another_file(percorso: Path) -> None:
    """As a formula that takes its value from another workbook leaves it."""
    libro = openpyxl.load_workbook(percorso)
    legame = ExternalLink(externalBook=ExternalBook(sheetNames=ExternalSheetNames(["Foglio1"])))
    legame.file_link = Relationship(type="externalLinkPath", Target="altro.xlsx", TargetMode="External")
    libro._external_links.append(legame)
    libro.save(percorso)


def set_mark(percorso: Path, **valori: str | None) -> None:
    """Change what the workbook says it is, in the hidden sheet and in the properties; None removes."""
    libro = openpyxl.load_workbook(percorso)
    for riga in libro["_modello"].iter_rows():
        nome = str(riga[0].value)
        if nome in valori:
            riga[1].value = valori[nome]
            if valori[nome] is None:
                riga[0].value = None
    for proprieta in list(libro.custom_doc_props.props):
        if proprieta.name in valori:
            if valori[proprieta.name] is None:
                del libro.custom_doc_props[proprieta.name]
            else:
                proprieta.value = valori[proprieta.name]
    libro.save(percorso)


def remove_marks(percorso: Path) -> None:
    """Leave a workbook without its hidden sheet and without its properties."""
    libro = openpyxl.load_workbook(percorso)
    del libro["_modello"]
    for nome in list(libro.custom_doc_props.names):
        del libro.custom_doc_props[nome]
    libro.save(percorso)


# ---------------------------------------------------------------------------- damage, in the package


def rewrite(percorso: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """Read all the parts of a package, let `change` alter the dict, zip them again."""
    with zipfile.ZipFile(percorso) as archivio:
        parti = {nome: archivio.read(nome) for nome in archivio.namelist()}
    change(parti)
    with zipfile.ZipFile(percorso, "w", zipfile.ZIP_DEFLATED) as archivio:
        for nome, contenuto in parti.items():
            archivio.writestr(nome, contenuto)


def add_macros(percorso: Path) -> None:
    """Make it the workbook that Excel saves as .xlsm: another content type, and a project of macros."""

    def change(parti: dict[str, bytes]) -> None:
        tipi = parti["[Content_Types].xml"].replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
        binario = (
            b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
        )
        parti["[Content_Types].xml"] = tipi.replace(b"</Types>", binario)
        legame = (
            b'<Relationship Id="rIdVba" Target="vbaProject.bin" '
            b'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"/></Relationships>'
        )
        relazioni = parti["xl/_rels/workbook.xml.rels"]
        parti["xl/_rels/workbook.xml.rels"] = relazioni.replace(b"</Relationships>", legame)
        parti["xl/vbaProject.bin"] = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096)

    rewrite(percorso, change)


def sheet_part(parti: dict[str, bytes], foglio: str) -> str:
    """The name of the part that holds a sheet."""
    libro = etree.fromstring(parti["xl/workbook.xml"])
    relazioni = etree.fromstring(parti["xl/_rels/workbook.xml.rels"])
    for nodo in libro.iter(f"{M}sheet"):
        if nodo.get("name") == foglio:
            chiave = nodo.get(f"{{{RELS}}}id")
            meta = next(r.get("Target", "") for r in relazioni if r.get("Id") == chiave)
            return "xl/" + meta.removeprefix("/xl/")
    raise LookupError(f"no sheet «{foglio}»")


def put_xml(percorso: Path, foglio: str, cella: str, contenuto: str, tipo: str = "n") -> None:
    """Replace a cell by raw XML: its type and what stands inside `<c>`; its style stays."""

    def change(radice: etree._Element) -> None:
        nodo = _cell_node(radice, cella)
        _empty(nodo)
        nodo.set("t", tipo)
        for figlio in etree.fromstring(f'<c xmlns="{MAIN}">{contenuto}</c>'):
            nodo.append(figlio)

    _rewrite_sheet(percorso, foglio, change)


def _rewrite_sheet(percorso: Path, foglio: str, change: Callable[[etree._Element], None]) -> None:
    def of_all(parti: dict[str, bytes]) -> None:
        parte = sheet_part(parti, foglio)
        radice = etree.fromstring(parti[parte])
        change(radice)
        parti[parte] = etree.tostring(radice, xml_declaration=True, encoding="UTF-8")

    rewrite(percorso, of_all)


def _cell_node(radice: etree._Element, cella: str) -> etree._Element:
    """The `<c>` of an address, made in its place when the sheet has none."""
    riga, colonna = coordinate_to_tuple(cella)
    dati = radice.find(f"{M}sheetData")
    assert dati is not None
    fila = _place(dati, "row", riga, lambda nodo: int(nodo.get("r", "0")))
    fila.set("r", str(riga))
    nodo = _place(fila, "c", colonna, lambda n: coordinate_to_tuple(n.get("r", "A1"))[1])
    nodo.set("r", cella)
    return nodo


def _place(
    padre: etree._Element, nome: str, numero: int, numero_di: Callable[[etree._Element], int]
) -> etree._Element:
    figli = list(padre)
    for posizione, figlio in enumerate(figli):
        if numero_di(figlio) == numero:
            return figlio
        if numero_di(figlio) > numero:
            nuovo = etree.Element(f"{M}{nome}")
            padre.insert(posizione, nuovo)
            return nuovo
    return etree.SubElement(padre, f"{M}{nome}")


def put_error(percorso: Path, foglio: str, cella: str, errore: str = "#DIV/0!") -> None:
    """A formula whose saved result is an error."""
    put_xml(percorso, foglio, cella, f"<f>1/0</f><v>{errore}</v>", "e")


def put_uncalculated(percorso: Path, foglio: str, cella: str) -> None:
    """A formula saved without its result."""
    put_xml(percorso, foglio, cella, "<f>40+50</f>")


def worked_out(percorso: Path, complessiva: float, foglio: str = "Valutazione") -> str:
    """As a spreadsheet program saves it after working out its formulas; returns where the percentage
    of the sheet stands."""
    riga, colonna = _find(percorso, foglio, "PERCENTUALE DI RAGGIUNGIMENTO COMPLESSIVA")
    cella = f"{get_column_letter(colonna + 2)}{riga}"
    put_xml(percorso, foglio, cella, f"<f>1+1</f><v>{complessiva}</v>")

    def calculated(parti: dict[str, bytes]) -> None:
        libro = parti["xl/workbook.xml"]
        parti["xl/workbook.xml"] = libro.replace(b' fullCalcOnLoad="1"', b"")

    rewrite(percorso, calculated)
    return cella


def put_inline(percorso: Path, foglio: str, cella: str, testo: str) -> None:
    """A text written in the cell itself, with its escapes as given (for example _x0007_)."""
    put_xml(percorso, foglio, cella, f"<is><t>{testo}</t></is>", "inlineStr")


# ------------------------------------------------------------------------------------ reading messages

_FOREIGN = re.compile(
    r"\b(nan|nat|none|null|true|false|dtype|index|traceback|exception|sheet|cell|row|column|string|"
    r"value|error|invalid|cannot|unknown|missing|expected?|expecting|found|not|the|detect|format|"
    r"shared|entity|archive|convert|integer|attribute|range|component)\b",
    re.IGNORECASE,
)
_PATH = re.compile(r"[a-z_]{2,}[/\\][a-z_]{2,}", re.IGNORECASE)


def foreign_words(testo: str) -> list[str]:
    """English or programmer's words, paths, control characters and unfilled places in a message."""
    segni = [carattere for carattere in testo if carattere in "{}" or ord(carattere) < 32]
    return [m[0] for m in (*_FOREIGN.finditer(testo), *_PATH.finditer(testo))] + segni


# ------------------------------------------------------------------------- the modello "missioni"

AREA = "area.xlsx"
OPERATIVI = missioni.FOGLIO_VOCI
MISSIONI = {
    1: ("01", "Servizi istituzionali, generali e di gestione"),
    2: ("05", "Tutela e valorizzazione dei beni e attività culturali"),
}
ORGANI, SITO, TEATRO, MOSTRE = "Assistere gli organi", "Rifare il sito", "Aprire il teatro", "Mostre"
OBIETTIVI: tuple[Riga, ...] = (
    {
        "titolo": ORGANI,
        "blocco": 1,
        "programma": "01.01",
        "supporto": "Elisa Bruni, Carlo Neri",
        "grado_dichiarato": Decimal(95),
    },
    {
        "titolo": SITO,
        "blocco": 1,
        "programma": "01.08 S",
        "supporto": "Tutti gli uffici",
        "grado_dichiarato": Decimal(80),
    },
    {
        "titolo": TEATRO,
        "blocco": 2,
        "programma": "05.02",
        "supporto": "Elisa Bruni",
        "stato": "rinviato",
        "note": "Bando deserto",
    },
    {
        "titolo": MOSTRE,
        "blocco": 2,
        "programma": "05.02",
        "supporto": "",
        "grado_dichiarato": Decimal(100),
    },
)
"""The obiettivi operativi of the area, each named by its titolo; the third is postponed."""


def write_missioni_world(cartella: Path) -> Path:
    """Write the two good workbooks of an ente that reports by missione into a folder."""
    return _written(_make_missioni_world, cartella)


def _make_missioni_world(cartella: Path) -> None:
    elenco = [{"settore": "area", "denominazione": "Area Amministrativa", "modello": missioni.NOME}]
    elenco[0] |= {"n_schede": Decimal(len(OBIETTIVI))}
    di_ente = replace(tables_of_ente(), elenco=costruisci({"elenco": elenco}).elenco)
    ente.scrivi(cartella / ENTE, di_ente, ANNO)
    testata = Testata(COMUNE, ANNO, "area", "Area Amministrativa", missioni.NOME)
    missioni.scrivi(cartella / AREA, testata, tables_of_area(), 1)


def tables_of_area() -> Tabelle:
    insieme: dict[str, list[Riga]] = {
        "settori": [{**_settore("tecnico", "Anna Bianchi"), "settore": "area"}],
        "missioni": [
            {"settore": "area", "n": n, "missione": codice, "denominazione": nome}
            for n, (codice, nome) in MISSIONI.items()
        ],
    }
    for n, obiettivo in enumerate(OBIETTIVI, start=1):
        for tabella, riga in _operativo(n, obiettivo).items():
            insieme.setdefault(tabella, []).append(riga)
    return costruisci(insieme)


def _operativo(n: int, dati: Riga) -> dict[str, Riga]:
    """The rows of one obiettivo operativo; without a stato of its own, its percentage values it."""
    della_scheda = ("titolo", "blocco", "supporto", "grado_dichiarato")
    chiavi: Riga = {"settore": "area", "scheda": n}
    return {
        "schede": {
            **chiavi,
            **{chiave: dati.get(chiave) for chiave in della_scheda},
            "descrizione": "Che cosa si vuole ottenere.",
            "responsabile": "Anna Bianchi",
            "previsto": True,
        },
        "collegamenti": {**chiavi, "n": 1, "programma": dati["programma"]},
        "indicatori": {**chiavi, "n": 1, "indicatore": "Atti pubblicati nei tempi"},
        "stati": {**chiavi, "n": 1, "testo": "Come previsto."},
        "voci": {
            "settore": "area",
            "n": n,
            "descrizione": dati["titolo"],
            "schede": str(n),
            "peso": Decimal(2),
            "stato": dati.get("stato", ""),
            "note_responsabile": dati.get("note", ""),
        },
    }


def crossing(percorso: Path, foglio: str, intestazione: str, testo: str) -> str:
    """The address of the cell under a heading, in the row that holds a text."""
    _, colonna = _find(percorso, foglio, intestazione)
    riga, _ = _find(percorso, foglio, testo)
    return f"{get_column_letter(colonna)}{riga}"
