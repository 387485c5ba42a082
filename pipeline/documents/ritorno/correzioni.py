"""The annotated copies: a responsabile's own workbook, with what to correct coloured and explained.

Made with openpyxl, in a process that may die of it, from the bytes of the workbook, which is never
touched. openpyxl drops the results of the formulas: they are put back. A copy that would not read as
its original is not handed out.

The colours are conditional formats and the explanations are notes: both can be taken off again. So a
copy that comes back can be annotated anew, and its cells keep the look of the form.

What is to be corrected can be written: the boxes that a table pasted over them has locked and stripped
are boxes of the form again, and no cell with a finding is locked.
"""

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from errno import EILSEQ, EINVAL, ENAMETOOLONG
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import openpyxl
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import Rule
from openpyxl.formula.translate import Translator
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, quote_sheetname
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.constants import ARC_CORE, ARC_STYLE, SHEET_MAIN_NS
from openpyxl.xml.functions import tostring

from pipeline import ingest
from pipeline.celle import intervalli
from pipeline.documents.deposito import Deposito
from pipeline.excel import altezza
from pipeline.files import Segui, in_silenzio, scrivi_intero
from pipeline.rilievi import GRAVITA, Gravita, Rilievo, insieme
from pipeline.veste import BLU, CHIARO, MODULI
from pipeline.workbooks import contorno, form
from pipeline.workbooks.fields import Campo, Casella
from pipeline.workbooks.grid import (
    ERRORI,
    FOGLIO_MODELLO,
    Cartella,
    FileRifiutato,
    Foglio,
    Posto,
    indirizzo,
)
from pipeline.workbooks.lettore import ESTENSIONI, Lettore, apri

CARTELLA = "da_correggere"

COLORI: dict[str, str] = {"blocca": "F8A5A5", "da correggere": "FFC000", "avviso": "9DC3E6"}
NOMI_COLORI = {"blocca": "rosso", "da correggere": "arancio", "avviso": "azzurro"}
SEGNO = '"Da correggere"="Da correggere"'
"""The condition, always true, of our colours: it tells them from those of the office."""
AUTORE = "Controllo della relazione"
LARGHEZZA_NOTA = 360
"""Pixels; as characters of a note, about 50."""

SPIEGAZIONI = (
    "Le celle qui elencate sono colorate, e hanno una nota con che cosa non va e come si corregge.",
    "Si corregge in questo stesso file, si salva in formato .xlsx e si rimanda all'ufficio. Questo "
    "foglio, i colori e le note si possono lasciare: nella relazione non entrano.",
    "Colori: "
    + ", ".join(f"{NOMI_COLORI[g]} = {g}" for g in GRAVITA)
    + ". Finché qualcosa «blocca», la relazione esce come BOZZA.",
)

DA_SPROTEGGERE = ("M09", "M13", "M17", "M18")
"""What is corrected in the frame of a sheet, or all over it: there it is not enough to unlock a cell."""

MAX_FOGLI = 4 * 2**20
"""Bytes of all the sheets of a workbook that is annotated; with a hundred schede they are 1.5 MB."""
MAX_UNITE = 20_000
"""Merged cells of a workbook that is annotated."""

NOME_INADATTO = (ENAMETOOLONG, EINVAL, EILSEQ)
"""What a disk answers to a name that it does not take, though the disk of the original does."""
NOME_RIFIUTATO = (
    "la cartella dei documenti non accetta un nome così lungo, o con questi caratteri: accorciarlo o "
    "cambiarlo, e ripetere"
)
TROPPO = "è troppo grande per annotarlo"
ALTRI_FORMATI = {
    ".ods": "le note si scrivono solo nei file .xlsx, questo è di LibreOffice (.ods)",
    ".xlsm": "le note si scrivono solo nei file .xlsx, questo può avere macro (.xlsm)",
}
"""Why there is no copy of a workbook; what to do instead, the screen says for all of them."""

X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
ESTENSIONI_PERDUTE = {
    "cfRule": "colori condizionali fatti con le versioni recenti di Excel",
    "sparkline": "grafici dentro le celle",
    "slicer": "pulsanti di filtro",
}
"""What Excel has added to the format of a sheet, and openpyxl drops."""
REGOLA = (
    *("type", "operator", "allowBlank", "showDropDown", "showErrorMessage", "showInputMessage"),
    *("errorStyle", "errorTitle", "error", "promptTitle", "prompt", "imeMode"),
)
NON_COPIATO = (
    "In questa copia non c'è più, o non è più com'era: {che}. Nel file che avete mandato c'è ancora.",
    "Se serve, copiarlo da lì; ciò che deve stare nella relazione va scritto nelle caselle.",
)

MEMORIA = 2**30
"""What the process that annotates may take: openpyxl keeps whole workbooks."""

FISSA = datetime(2000, 1, 1)
"""The date of the copies: the clock would make every run different."""
DATA_ZIP = (1980, 1, 1, 0, 0, 0)

M = f"{{{SHEET_MAIN_NS}}}"
CARATTERE = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color"),
    *("name", "family", "charset", "scheme"),
)
"""What describes a font, in the order of the format; openpyxl has an order of its own."""


@dataclass(frozen=True)
class Copie:
    """What became of the copies. `lasciate`: changed by hand since, hence neither redone nor removed;
    `mancate`: the workbooks with findings of which no copy can be made -> why."""

    scritte: list[Path] = field(default_factory=list)
    lasciate: list[Path] = field(default_factory=list)
    mancate: dict[str, str] = field(default_factory=dict)


def scrivi(
    cartella: Path,
    destinazione: Path,
    rilievi: list[Rilievo],
    segui: Segui = in_silenzio,
    deposito: Deposito | None = None,
) -> Copie:
    """Write in `destinazione` the annotated copy of every workbook of `cartella` that has findings.

    The copies of earlier runs that no longer serve go away. A copy that someone has changed is left,
    and so is the whole folder when it is `cartella` itself. `deposito`, of a folder above, knows the
    copies that were written there.
    """
    copie = Copie()
    if destinazione.resolve() == cartella.resolve():
        return copie
    per_file: dict[str, list[Rilievo]] = {}
    for rilievo in rilievi:
        per_file.setdefault(rilievo.file, []).append(rilievo)
    origini = [
        cartella / file
        for file, suoi in sorted(per_file.items())
        if _e_cartella(cartella / file) and not any(r.codice == "F18" for r in suoi)
    ]
    vecchie = {percorso for percorso in destinazione.glob("*") if _e_cartella(percorso)}
    cambiate = {copia for copia in vecchie if not _nostra(copia, deposito)}
    copie.lasciate.extend(sorted(cambiate))
    with Lettore(MEMORIA) as lettore:
        for origine in segui("Copie da correggere", origini):
            copia = destinazione / origine.name
            if copia not in cambiate:
                esito = lettore.esegui(_copia, origine.absolute(), per_file[origine.name])
                perche = _metti(copia, esito, deposito) if isinstance(esito, bytes) else esito or TROPPO
                if perche:
                    copie.mancate[origine.name] = perche
                else:
                    copie.scritte.append(copia)
    for copia in vecchie - cambiate - set(copie.scritte):
        copia.unlink()
    return copie


def _metti(copia: Path, contenuto: bytes, deposito: Deposito | None) -> str:
    """Write a copy; or say why it cannot be, when it is for its name. Raises OSError for the rest."""
    copia.parent.mkdir(parents=True, exist_ok=True)
    scrivi = deposito.scrivi if deposito else scrivi_intero
    try:
        scrivi(copia, lambda percorso: percorso.write_bytes(contenuto))
    except OSError as errore:
        if errore.errno not in NOME_INADATTO:
            raise
        return NOME_RIFIUTATO
    return ""


def _e_cartella(percorso: Path) -> bool:
    """Whether there is a workbook there (and not the placeholder of an open one)."""
    segnaposto = percorso.name.startswith("~$")
    return percorso.suffix.lower() in ESTENSIONI and not segnaposto and percorso.is_file()


def annota(
    contenuto: bytes, originale: Cartella, rilievi: list[Rilievo], perduti: Mapping[str, str]
) -> bytes:
    """The bytes of a workbook -> those of its annotated copy; `originale` is the workbook as read, and
    `perduti` what the copy does not have of each sheet, in words.

    The same workbook and findings always give the same bytes. Raises what openpyxl raises on a workbook
    that it does not understand.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl drops: the copy itself tells it
        libro = openpyxl.load_workbook(BytesIO(contenuto), rich_text=True)
        _rimetti_regole(libro, contenuto)
        _togli_annotazioni(libro)
        _riapri(libro, _caselle(originale), rilievi)
        for foglio, suoi in _per_foglio(rilievi).items():
            if foglio in libro.sheetnames and isinstance(libro[foglio], Worksheet):
                _segna_celle(libro[foglio], suoi)
        _scrivi_elenco(libro, rilievi, perduti)
        return _salva(libro, originale)


def _copia(origine: Path, rilievi: list[Rilievo]) -> bytes | str:
    """The annotated copy of a file; or why there is none, in words.

    What openpyxl does not keep is known only from the copy: then it is made anew, with the list of it.
    """
    suffisso = origine.suffix.lower()
    if suffisso != ".xlsx":
        return ALTRI_FORMATI[suffisso]
    try:
        originale, letto = apri(origine), origine.read_bytes()
    except (FileRifiutato, OSError):
        return "il file non si può leggere"
    try:
        if not _leggera(letto):
            return TROPPO
        contenuto = annota(letto, originale, rilievi, {})
        copia = _riletta(origine.name, contenuto)
        if perduti := _perduti(originale, copia, letto):
            contenuto = annota(letto, originale, rilievi, perduti)
            copia = _riletta(origine.name, contenuto)
    except MemoryError:
        return TROPPO
    except Exception as errore:  # openpyxl has no common exception; the file is at fault
        if isinstance(errore, OSError) and errore.errno is not None:
            raise  # the disk is at fault
        return "ha qualcosa che il programma non sa riscrivere"
    diversa = _differenza(originale, copia)
    return f"la copia non si leggerebbe come l'originale ({diversa})" if diversa else contenuto


def _riletta(nome: str, contenuto: bytes) -> Cartella:
    with TemporaryDirectory() as provvisoria:
        prova = Path(provvisoria) / nome
        prova.write_bytes(contenuto)
        return apri(prova)


def _differenza(originale: Cartella, copia: Cartella) -> str:
    """Where the copy would not be read as the original; "" if it would, in all that the guard and the
    reader know of a cell."""
    if copia.proprieta != originale.proprieta:
        return "le proprietà del documento"
    fogli, copiati = _del_modulo(originale), _del_modulo(copia)
    for nome in [*fogli, *(nome for nome in copiati if nome not in fogli)]:
        foglio, copiato = fogli.get(nome), copiati.get(nome)
        if foglio is None or copiato is None:
            return f"foglio «{nome}»"
        if foglio != copiato or foglio.celle_nascoste() != copiato.celle_nascoste():
            posti = foglio.celle.keys() | copiato.celle.keys()
            diverse = sorted(p for p in posti if foglio.celle.get(p) != copiato.celle.get(p))
            return f"foglio «{nome}»" + (f", cella {indirizzo(*diverse[0])}" if diverse else "")
    return ""


def _perduti(originale: Cartella, copia: Cartella, contenuto: bytes) -> dict[str, str]:
    """What the copy no longer has of each sheet, or has in another way, in words."""
    estese = dict(_estensioni(contenuto))
    perduti = {}
    for nome, foglio in originale.fogli.items():
        rimasti = Counter(copia.fogli[nome].contorno if nome in copia.fogli else [])
        detti = [contorno.in_parole((Counter(foglio.contorno) - rimasti).elements())]
        for elemento, parole in ESTENSIONI_PERDUTE.items():
            if nome in estese and estese[nome].find(f".//{{{X14}}}{elemento}") is not None:
                detti.append(parole)
        if any(detti):
            perduti[nome] = "; ".join(filter(None, detti))
    return perduti


def _estensioni(contenuto: bytes) -> Iterator[tuple[str, etree._Element]]:
    """The sheets that have what newer versions of Excel added to the format, as trees."""
    lettore = ExcelReader(BytesIO(contenuto))
    lettore.read_manifest()
    lettore.read_workbook()
    for foglio, relazione in lettore.parser.find_sheets():
        if relazione.target in lettore.valid_files:
            parte = lettore.archive.read(relazione.target)
            if X14.encode() in parte:
                yield foglio.name, etree.fromstring(parte)


def _rimetti_regole(libro: Workbook, contenuto: bytes) -> None:
    """The drop-downs with their list in another sheet: Excel writes them among its additions to the
    format, and openpyxl, that drops those, can write them in the plain way."""
    for nome, radice in _estensioni(contenuto):
        for nodo in radice.iter(f"{{{X14}}}dataValidation"):
            regola = DataValidation()
            for proprieta in REGOLA:
                if valore := nodo.get(proprieta):
                    setattr(regola, proprieta, valore)
            regola.formula1, regola.formula2 = (
                nodo.findtext(f"{{{X14}}}{quale}/{{*}}f") for quale in ("formula1", "formula2")
            )
            regola.sqref = MultiCellRange(nodo.findtext("{*}sqref", ""))
            libro[nome].add_data_validation(regola)


def _leggera(contenuto: bytes) -> bool:
    """Whether openpyxl can open a workbook without filling the memory: it keeps an object for every
    cell that has a style, is merged or is part of a link, though it holds nothing."""
    with ZipFile(BytesIO(contenuto)) as archivio:
        fogli = [v for v in archivio.infolist() if v.filename.startswith("xl/worksheets/sheet")]
        if sum(voce.file_size for voce in fogli) > MAX_FOGLI:
            return False
        celle = 0
        for voce in fogli:
            with archivio.open(voce) as flusso:
                for _, nodo in etree.iterparse(flusso, tag=(f"{M}mergeCell", f"{M}hyperlink")):
                    area = CellRange(nodo.get("ref")).size
                    celle += area["columns"] * area["rows"]
    return celle <= MAX_UNITE


def _del_modulo(cartella: Cartella) -> dict[str, Foglio]:
    """The sheets as read, without the list of corrections."""
    fogli = cartella.fogli.items()
    return {nome: f for nome, f in fogli if nome == FOGLIO_MODELLO or not form.nostro(f)}


def _nostra(copia: Path, deposito: Deposito | None) -> bool:
    """Whether a copy is as it was written; one that the log does not know says it by itself."""
    if deposito and deposito.conosce(copia):
        return bool(deposito.nostro(copia))
    return _intatta(copia)


def _intatta(copia: Path) -> bool:
    """Whether nobody has saved a copy since it was written."""
    try:
        with ZipFile(copia) as archivio:
            radice = etree.fromstring(archivio.read(ARC_CORE))
    except (BadZipFile, KeyError, OSError, etree.XMLSyntaxError):
        return False
    chi, quando = (radice.findtext(f"{{*}}{nome}", "") for nome in ("lastModifiedBy", "modified"))
    return chi == AUTORE and quando.startswith(FISSA.isoformat())


# -------------------------------------------------------------------------------------- the cells


def _per_foglio(rilievi: list[Rilievo]) -> dict[str, list[Rilievo]]:
    gruppi: dict[str, list[Rilievo]] = {}
    for rilievo in rilievi:
        if rilievo.cella:
            gruppi.setdefault(rilievo.foglio, []).append(rilievo)
    return gruppi


def _togli_annotazioni(libro: Workbook) -> None:
    """Take off what an earlier round put on: the list, the colours, the notes."""
    for ws in libro.worksheets:
        if _elenco_di_prima(ws):
            libro.remove(ws)
            continue
        regole, ws.conditional_formatting = ws.conditional_formatting, ConditionalFormattingList()
        for formato in regole:
            for regola in formato.rules:
                if regola.formula != [SEGNO]:
                    ws.conditional_formatting.add(formato, regola)
        for cella in _con_nota(ws):
            nota = cella.comment
            suo = contorno.senza_la_nostra(nota.text)
            nostra = nota.text.startswith(contorno.TITOLO_NOTA) or nota.author.startswith("tc=")
            # openpyxl forgets how large a note was
            cella.comment = _nota(suo, AUTORE if nostra else nota.author) if suo else None


def _elenco_di_prima(ws: Worksheet) -> bool:
    colonne = range(1, len(form.INTESTAZIONE_CORREZIONI) + 1)
    celle = (ws._cells.get((form.RIGA_CORREZIONI, colonna)) for colonna in colonne)
    return tuple(cella and cella.value for cella in celle) == form.INTESTAZIONE_CORREZIONI


def _con_nota(ws: Worksheet) -> list[Any]:
    """The cells with a note. Not with iter_rows, which makes every cell up to the farthest."""
    return [cella for cella in ws._cells.values() if cella.comment is not None]


def _nota(testo: str, autore: str = AUTORE) -> Comment:
    alta = altezza([(testo, LARGHEZZA_NOTA / 7.2)], 40)
    return Comment(testo, autore, height=round(alta * 4 / 3), width=LARGHEZZA_NOTA)


def _segna_celle(ws: Worksheet, rilievi: list[Rilievo]) -> None:
    """Colour the cells of a sheet by their worst finding, and tell all of them in one note a cell."""
    unite = {
        f"{get_column_letter(colonna)}{riga}": area.coord
        for area in ws.merged_cells.ranges
        for riga, colonna in area.cells
    }
    per_cella: dict[str, list[Rilievo]] = {}
    for rilievo in rilievi:
        per_cella.setdefault(unite.get(rilievo.cella, rilievo.cella), []).append(rilievo)
    colorate: dict[Gravita, list[str]] = {}
    for area, suoi in per_cella.items():
        cella = ws[area.split(":")[0]]
        testi = [f"{r.codice} ({r.gravita}). {r.messaggio}\n→ {r.rimedio}" for r in suoi]
        if cella.comment is not None:
            testi.append(f"{contorno.NOTA_PRECEDENTE}\n{cella.comment.text}")
        cella.comment = _nota("\n\n".join([contorno.TITOLO_NOTA, *testi]))
        peggiore = min((r.gravita for r in suoi), key=GRAVITA.index)
        colorate.setdefault(peggiore, []).append(area)
    for gravita, aree in colorate.items():
        tinta = DifferentialStyle(fill=PatternFill(bgColor=COLORI[gravita], fill_type="solid"))
        regola = Rule(type="expression", formula=[SEGNO], dxf=tinta)
        ws.conditional_formatting.add(" ".join(aree), regola)


# ------------------------------------------------------------------------- cells that can be written in


def _caselle(originale: Cartella) -> Mapping[str, Mapping[Posto, Casella]]:
    """The cells to fill in of a workbook, by sheet; none of a workbook that cannot be read as a form."""
    fogli = {
        nome: replace(foglio, lette=set(), del_modello=set()) for nome, foglio in originale.fogli.items()
    }
    try:
        lettura, _ = ingest.leggi_sola(replace(originale, fogli=fogli))
    except FileRifiutato:
        return {}
    return lettura.caselle()


def _riapri(
    libro: Workbook, caselle: Mapping[str, Mapping[Posto, Casella]], rilievi: list[Rilievo]
) -> None:
    """Make boxes of the form again of those that are locked or have lost their colour, and let one write
    wherever there is something to correct."""
    fogli = [ws for ws in _fogli(libro) if ws.title in caselle]
    spoglie = {ws.title: [p for p in caselle[ws.title] if _spoglia(ws.cell(*p))] for ws in fogli}
    for ws in fogli:
        for posto in spoglie[ws.title]:
            for cella in _con_le_unite(ws, posto):
                _rivesti(cella, caselle[ws.title][posto].formato)
    if any(spoglie.values()):
        _rimetti_elenchi(fogli, caselle, spoglie)
    for ws in _fogli(libro):
        for rilievo in (r for r in rilievi if r.foglio == ws.title):
            if rilievo.codice in DA_SPROTEGGERE:
                ws.protection.sheet = False
            if rilievo.cella:
                for cella in _con_le_unite(ws, coordinate_to_tuple(rilievo.cella)):
                    cella.protection = Protection(locked=False)


def _fogli(libro: Workbook) -> list[Worksheet]:
    """The sheets of cells."""
    return [ws for ws in libro.worksheets if isinstance(ws, Worksheet)]


def _spoglia(cella: Any) -> bool:
    return bool(cella.protection.locked) or cella.fill.fill_type is None


def _con_le_unite(ws: Worksheet, posto: Posto) -> list[Any]:
    """A cell with those merged with it."""
    for area in ws.merged_cells.ranges:
        if area.min_row <= posto[0] <= area.max_row and area.min_col <= posto[1] <= area.max_col:
            return [ws.cell(riga, colonna) for riga, colonna in area.cells]
    return [ws.cell(*posto)]


def _rivesti(cella: Any, formato: str) -> None:
    """Give a cell the look of the form, but for what changes the meaning of its value: the marks on the
    text, the format of a number."""
    aspetto, di_ora = MODULI[formato], cella.font
    cella.font = Font(
        name=aspetto["font_name"],
        size=aspetto["font_size"],
        bold=aspetto.get("bold", False),
        color=_tinta(aspetto.get("font_color", "#000000")),
        strike=di_ora.strike,
        vertAlign=di_ora.vertAlign,
    )
    cella.fill = PatternFill("solid", fgColor=_tinta(aspetto["bg_color"]))
    cella.alignment = Alignment(
        horizontal=aspetto.get("align"),
        vertical=aspetto["valign"].replace("vcenter", "center"),
        wrap_text=aspetto["text_wrap"],
    )
    if "border" in aspetto:
        lato = Side(style="thin", color=_tinta(aspetto["border_color"]))
        cella.border = Border(left=lato, right=lato, top=lato, bottom=lato)
    if cella.value is None or isinstance(cella.value, str) or cella.number_format == "General":
        cella.number_format = aspetto.get("num_format", "General")
    cella.protection = Protection(locked=False)


def _tinta(colore: str) -> str:
    """A colour as openpyxl writes it, opaque."""
    return colore.replace("#", "FF")


def _rimetti_elenchi(
    fogli: list[Worksheet],
    caselle: Mapping[str, Mapping[Posto, Casella]],
    spoglie: Mapping[str, Iterable[Posto]],
) -> None:
    """Give the boxes their drop-down and help again: those that another box of the same field still has,
    in the same sheet or else in another one."""
    per_campo: dict[Campo, dict[str, DataValidation]] = {}
    senza: list[tuple[Worksheet, Posto, Campo]] = []
    for ws in fogli:
        for posto, casella in caselle[ws.title].items():
            campo = replace(casella.campo, colonna=0)
            if regola := _regola_di(ws, posto):
                per_campo.setdefault(campo, {}).setdefault(ws.title, regola)
            elif posto in spoglie[ws.title]:
                senza.append((ws, posto, campo))
    for ws, posto, campo in senza:
        if regole := per_campo.get(campo):
            cella = indirizzo(*posto)
            regola = regole.get(ws.title)
            if regola is not None and regola.type != "custom":
                regola.sqref.add(cella)
            else:
                regole[ws.title] = _copiata(regola or next(iter(regole.values())), cella)
                ws.add_data_validation(regole[ws.title])


def _regola_di(ws: Worksheet, posto: Posto) -> DataValidation | None:
    riga, colonna = posto
    for regola in ws.data_validations.dataValidation:
        for area in regola.sqref.ranges:
            if area.min_row <= riga <= area.max_row and area.min_col <= colonna <= area.max_col:
                return cast(DataValidation, regola)
    return None


def _copiata(regola: DataValidation, cella: str) -> DataValidation:
    """A rule for another cell. One that is a formula speaks of the first cell that it is for."""
    copiata = copy(regola)
    copiata.sqref = MultiCellRange(cella)
    if regola.type == "custom":
        prima = regola.sqref.sorted()[0].coord.split(":")[0]
        formula = Translator(f"={regola.formula1}", origin=prima).translate_formula(cella)
        copiata.formula1 = formula.removeprefix("=")
    return copiata


# --------------------------------------------------------------------------------------- the list


def _scrivi_elenco(libro: Workbook, rilievi: list[Rilievo], perduti: Mapping[str, str]) -> None:
    """The first sheet: what to correct, cell by cell; the same thing down a column is one line. Last,
    what the copy does not have."""
    ws = libro.create_sheet(form.FOGLIO_CORREZIONI, 0)
    for altro in libro.worksheets:
        altro.sheet_view.tabSelected = altro is ws
    libro.active = 0
    _imposta(ws)
    ws["A1"] = "DA CORREGGERE"
    ws["A1"].font = Font(name="Arial", size=14, bold=True, color=BLU[1:])
    for riga, testo in enumerate(SPIEGAZIONI, start=2):
        ws.cell(riga, 1, testo).font = Font(name="Arial", size=10)
    for colonna, testo in enumerate(form.INTESTAZIONE_CORREZIONI, start=1):
        cella = ws.cell(form.RIGA_CORREZIONI, colonna, testo)
        _vesti(cella, Font(name="Arial", size=10, bold=True), CHIARO[1:])
    for riga, testi in enumerate(_righe(rilievi, perduti), start=form.RIGA_CORREZIONI + 1):
        _scrivi_riga(libro, ws, riga, testi)


def _righe(rilievi: list[Rilievo], perduti: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The lines of the list, by the keys of its columns."""
    for gruppo in insieme(rilievi):
        detto = {colonna.chiave: getattr(gruppo[0], colonna.chiave) for colonna in form.CORREZIONI}
        for celle in intervalli(altro.cella for altro in gruppo if altro.cella) or [""]:
            yield {**detto, "cella": celle}
    testo, rimedio = NON_COPIATO
    for foglio, che in perduti.items():
        detto = {"codice": "M14", "gravita": "avviso", "foglio": foglio, "cella": ""}
        yield {**detto, "messaggio": testo.format(che=che), "rimedio": rimedio}


def _scrivi_riga(libro: Workbook, ws: Worksheet, riga: int, testi: dict[str, str]) -> None:
    foglio, celle = testi["foglio"], testi["cella"]
    normale = Font(name="Arial", size=10)
    posti = {}
    for numero, colonna in enumerate(form.CORREZIONI, start=1):
        cella = posti[colonna.chiave] = ws.cell(riga, numero)
        if testo := testi[colonna.chiave]:
            cella.value = testo
            cella.data_type = "s"  # a message is never a formula
        _vesti(cella, normale, COLORI[testo] if colonna.chiave == "gravita" else "")
    ws.row_dimensions[riga].height = altezza((testi[c.chiave], c.larghezza) for c in form.CORREZIONI)
    if foglio in libro.sheetnames and libro[foglio].sheet_state == "visible":
        cella = posti["cella" if celle else "foglio"]
        dove = f"{quote_sheetname(foglio)}!{celle or 'A1'}"
        cella.hyperlink = Hyperlink(ref=cella.coordinate, location=dove)
        cella.font = Font(name="Arial", size=10, color="0563C1", underline="single")


def _vesti(cella: Any, carattere: Font, tinta: str) -> None:
    lato = Side(style="thin", color="A6A6A6")
    cella.font = carattere
    cella.border = Border(left=lato, right=lato, top=lato, bottom=lato)
    cella.alignment = Alignment(vertical="top", wrap_text=True)
    if tinta:
        cella.fill = PatternFill("solid", fgColor=tinta)


def _imposta(ws: Worksheet) -> None:
    """Widths, print and protection (without a password) as in the sheets of the form."""
    for numero, colonna in enumerate(form.CORREZIONI, start=1):
        ws.column_dimensions[get_column_letter(numero)].width = colonna.larghezza
    ws.freeze_panes = indirizzo(form.RIGA_CORREZIONI + 1, 1)
    ws.print_title_rows = f"{form.RIGA_CORREZIONI}:{form.RIGA_CORREZIONI}"
    ws.page_setup.paperSize = 9
    ws.page_setup.orientation = "landscape"
    ws.page_setup.fitToHeight = 0
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.sheet_view.showGridLines = False
    ws.protection.sheet = True
    ws.protection.formatRows = False
    ws.protection.formatColumns = False


# ------------------------------------------------------------------------------------------ saving


def _salva(libro: Workbook, originale: Cartella) -> bytes:
    """The workbook as bytes: what openpyxl writes, with fixed dates instead of the clock, the results
    that the formulas had in the original, and the parts of a font in the order of the format."""
    grezzo, finito = BytesIO(), BytesIO()
    if libro.calculation is not None:
        # openpyxl takes what is not said for a yes
        libro.calculation.fullCalcOnLoad = originale.da_calcolare
    libro.save(grezzo)
    libro.properties.created = libro.properties.modified = FISSA
    libro.properties.lastModifiedBy = AUTORE
    fogli = {ws.path.lstrip("/"): originale.fogli.get(ws.title) for ws in libro.worksheets}
    with ZipFile(grezzo) as da, ZipFile(finito, "w", ZIP_DEFLATED) as a:
        for nome in da.namelist():
            contenuto = da.read(nome)
            if nome == ARC_CORE:
                contenuto = tostring(libro.properties.to_tree())
            elif nome == ARC_STYLE:
                contenuto = _con_caratteri_in_ordine(contenuto)
            elif foglio := fogli.get(nome):
                contenuto = _con_risultati(contenuto, foglio)
            a.writestr(ZipInfo(nome, DATA_ZIP), contenuto, ZIP_DEFLATED)
    return finito.getvalue()


def _con_caratteri_in_ordine(stili: bytes) -> bytes:
    radice = etree.fromstring(stili)
    for carattere in radice.iter(f"{M}font"):
        carattere[:] = sorted(carattere, key=lambda nodo: CARATTERE.index(etree.QName(nodo).localname))
    return _in_byte(radice)


def _con_risultati(parte: bytes, foglio: Foglio) -> bytes:
    radice = etree.fromstring(parte)
    for cella in radice.iter(f"{M}c"):
        posto = coordinate_to_tuple(cella.get("r", ""))
        scritta = posto in foglio.celle or posto not in foglio.non_calcolate
        if cella.find(f"{M}f") is not None and scritta:
            tipo, testo = _risultato(foglio, posto)
            cella.set("t", tipo)
            for vuoto in cella.findall(f"{M}v"):
                cella.remove(vuoto)
            etree.SubElement(cella, f"{M}v").text = testo
    return _in_byte(radice)


def _in_byte(radice: etree._Element) -> bytes:
    return etree.tostring(radice, xml_declaration=True, encoding="UTF-8", standalone=True)


def _risultato(foglio: Foglio, posto: Posto) -> tuple[str, str]:
    """Type and text of a formula's result, as the format writes them."""
    if posto in foglio.errori:
        inglesi = {italiano: inglese for inglese, italiano in ERRORI.items()}
        return "e", inglesi.get(foglio.errori[posto], foglio.errori[posto])
    valore = foglio.celle.get(posto, "")
    if isinstance(valore, str):
        return "str", valore
    if isinstance(valore, bool):
        return "b", str(int(valore))
    if isinstance(valore, int | float):
        return "n", repr(valore)
    return "n", repr(to_excel(valore))  # type: ignore[no-untyped-call]
