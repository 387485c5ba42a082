"""What a workbook says is what is read, however its XML is written; what cannot be told is told so.

A workbook written in another way that means the same gives the same cells. One whose cells were damaged
gives, for each of them, the good value or a place in what is uncertain, in error or never calculated.
"""

import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import fixtures_ente as fx
import openpyxl
import pytest
from conftest import ESEMPIO
from corpus_ostile import MAIN, RELS, unzipped, zipped
from fixtures_ente import TECNICO, below, put, put_xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from mutanti import OF_THE_ROWS
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils.cell import coordinate_to_tuple

from pipeline import ingest
from pipeline.rilievi import Rilievo
from pipeline.workbooks import archivio
from pipeline.workbooks.grid import Cartella, FileRifiutato
from pipeline.workbooks.lettore import apri

Parts = dict[str, bytes]
Rewriting = Callable[[Parts, Random], None]

M = f"{{{MAIN}}}"
LIBRO, STILI, TESTI = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
DEI_FOGLI = "xl/_rels/workbook.xml.rels"
GOOD = [ESEMPIO / "segretario.xlsx", ESEMPIO / "esempio_missioni" / "area_amministrativa.xlsx"]

SEEDS = st.integers(0, 2**32).map(Random)

some = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def read(parti: Parts, cartella: Path) -> Cartella:
    percorso = cartella / "prova.xlsx"
    percorso.write_bytes(zipped(parti))
    return apri(percorso)


def refusal(parti: Parts, cartella: Path) -> Rilievo:
    with pytest.raises(FileRifiutato) as preso:
        read(parti, cartella)
    return preso.value.rilievo


def sheets(parti: Parts) -> list[str]:
    return sorted(nome for nome in parti if re.fullmatch(r"xl/worksheets/\w+\.xml", nome, re.IGNORECASE))


def written(radice: etree._Element) -> bytes:
    return etree.tostring(radice, xml_declaration=True, encoding="UTF-8", standalone=True)


def in_each_sheet(change: Callable[[etree._Element, Random], None]) -> Rewriting:
    def rewrite(parti: Parts, caso: Random) -> None:
        for nome in sheets(parti):
            radice = etree.fromstring(parti[nome])
            change(radice, caso)
            parti[nome] = written(radice)

    return rewrite


def some_values(radice: etree._Element, caso: Random) -> list[etree._Element]:
    """A part of the <v> of a sheet, at least one if there is any."""
    tutti = [nodo for nodo in radice.iter(f"{M}v") if nodo.text]
    return [nodo for nodo in tutti if caso.randrange(3) == 0] or tutti[:1]


# ----------------------------------------------------------------------------- what means the same


def _cdata(radice: etree._Element, caso: Random) -> None:
    for nodo in some_values(radice, caso):
        nodo.text = etree.CDATA(nodo.text or "")


def _comments(radice: etree._Element, caso: Random) -> None:
    for nodo in some_values(radice, caso):
        testo, taglio = nodo.text or "", caso.randrange(len(nodo.text or "") + 1)
        dentro = caso.choice((etree.Comment("x"), etree.ProcessingInstruction("x", "y")))
        nodo.text, dentro.tail = testo[:taglio], testo[taglio:]
        nodo.append(dentro)


def _entities(parti: Parts, caso: Random) -> None:
    """The first character of some values and texts as a number."""

    def change(trovato: re.Match[bytes]) -> bytes:
        segno = trovato[2].decode()
        numero = caso.choice((f"&#{ord(segno)};", f"&#x{ord(segno):x};", segno))
        return trovato[1] + numero.encode()

    for nome in (*sheets(parti), TESTI):
        parti[nome] = re.sub(rb"(<(?:\w+:)?(?:v|t)(?: [^>]*)?>)([0-9A-Za-z])", change, parti[nome])


def _prefix(parti: Parts, caso: Random) -> None:
    for nome in (*sheets(parti), LIBRO, STILI, TESTI):
        testo = re.sub(rb"<(/?)(?=[A-Za-z])(?!\w+:)", rb"<\1q:", parti[nome])
        parti[nome] = testo.replace(f'xmlns="{MAIN}"'.encode(), f'xmlns:q="{MAIN}"'.encode())


def _attributes(radice: etree._Element, caso: Random) -> None:
    for nodo in radice.iter(f"{M}c"):
        attributi = list(nodo.attrib.items())
        caso.shuffle(attributi)
        nodo.attrib.clear()
        nodo.attrib.update(attributi)


def _inline(parti: Parts, caso: Random) -> None:
    testi = list(etree.fromstring(parti[TESTI]))

    def change(radice: etree._Element, caso: Random) -> None:
        for nodo in list(radice.iter(f"{M}c")):
            if nodo.get("t") == "s" and caso.randrange(2):
                numero = int(nodo.findtext(f"{M}v", ""))
                nodo.set("t", "inlineStr")
                nodo[:] = [etree.fromstring(etree.tostring(testi[numero]))]
                nodo[0].tag = f"{M}is"

    in_each_sheet(change)(parti, caso)


def _no_dimension(radice: etree._Element, caso: Random) -> None:
    for nodo in radice.findall(f"{M}dimension"):
        radice.remove(nodo)


def _blanks(radice: etree._Element, caso: Random) -> None:
    """As a program that lays XML out for people leaves it; also round numbers."""
    for nodo in some_values(radice, caso):
        cella = nodo.getparent()
        if cella is not None and cella.get("t", "n") in ("n", "s", "b"):
            nodo.text = f"\n  {nodo.text}\n"
    etree.indent(radice)


def _lower_case(radice: etree._Element, caso: Random) -> None:
    for nodo in radice.iter(f"{M}c"):
        nodo.set("r", nodo.get("r", "").lower())


def _runs(parti: Parts, caso: Random) -> None:
    """The texts cut in runs that look alike, with a phonetic guide beside."""
    radice = etree.fromstring(parti[TESTI])
    for voce in radice:
        testo = voce.findtext(f"{M}t")
        if testo and len(voce) == 1:
            taglio = caso.randrange(len(testo) + 1)
            for pezzo in (testo[:taglio], testo[taglio:]):
                nodo = etree.SubElement(etree.SubElement(voce, f"{M}r"), f"{M}t")
                nodo.text = pezzo
                nodo.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            del voce[0]
            guida = etree.SubElement(voce, f"{M}rPh", sb="0", eb="1")
            etree.SubElement(guida, f"{M}t").text = "guida"
    parti[TESTI] = written(radice)


def _moved(parti: Parts, caso: Random) -> None:
    """Parts under other names, in other folders, in other capitals; targets in every legal form."""
    nuovi = {
        LIBRO: ("xl/workbook2.xml", "xl/Workbook.xml"),
        STILI: ("xl/Styles.xml", "xl/styles2.xml", "xl/veste/stili.xml", "stili%20a.xml"),
        TESTI: ("xl/SharedStrings.xml", "xl/testi.xml", "altrove/testi.xml"),
    }
    for vecchio, scelte in nuovi.items():
        nuovo = caso.choice(scelte)
        parti[nuovo] = parti.pop(vecchio)
        relativo = nuovo.removeprefix("xl/") if nuovo.startswith("xl/") else f"../{nuovo}"
        meta = caso.choice((f"/{nuovo}", relativo)) if vecchio != LIBRO else nuovo
        cercato = vecchio if vecchio == LIBRO else vecchio.removeprefix("xl/")
        elenco = "_rels/.rels" if vecchio == LIBRO else DEI_FOGLI
        parti[elenco] = parti[elenco].replace(f'"{cercato}"'.encode(), f'"{meta}"'.encode())
        tipi = parti["[Content_Types].xml"]
        parti["[Content_Types].xml"] = tipi.replace(f'"/{vecchio}"'.encode(), f'"/{nuovo}"'.encode())
        if vecchio == LIBRO:
            libro = nuovo
    nome = libro.removeprefix("xl/")
    parti[f"xl/_rels/{nome}.rels"] = parti.pop(DEI_FOGLI)


def _encoding(parti: Parts, caso: Random) -> None:
    """Every part in a legal encoding of its own; what it cannot hold becomes a number."""
    for nome in (*sheets(parti), LIBRO, STILI, TESTI):
        codifica = caso.choice(("ISO-8859-1", "windows-1252", "UTF-16", "UTF-8", "us-ascii"))
        radice = etree.fromstring(parti[nome])
        parti[nome] = etree.tostring(radice, xml_declaration=True, encoding=codifica)


def _big_endian(parti: Parts, caso: Random) -> None:
    for nome in sheets(parti):
        testo = re.sub(rb"<\?xml.*?\?>", b"", parti[nome]).decode()
        parti[nome] = ("\ufeff" + testo).encode("utf-16-be")


SAME: dict[str, Rewriting] = {
    "cdata": in_each_sheet(_cdata),
    "comments": in_each_sheet(_comments),
    "entities": _entities,
    "prefix": _prefix,
    "attributes": in_each_sheet(_attributes),
    "inline": _inline,
    "no dimension": in_each_sheet(_no_dimension),
    "blanks": in_each_sheet(_blanks),
    "lower case": in_each_sheet(_lower_case),
    "runs": _runs,
    "encoding": _encoding,
    "big endian": _big_endian,
    "moved": _moved,
}
"""Ways to write a workbook that means the same, by name; the last one renames the parts."""


def outcome(parti: Parts, cartella: Path) -> Any:
    """What is read of a workbook, all that is known of its cells; else why it is refused."""
    try:
        return [vars(foglio) for foglio in read(parti, cartella).fogli.values()]
    except FileRifiutato as rifiutato:
        return rifiutato.rilievo


@given(SEEDS, st.sampled_from(GOOD))
@settings(some, max_examples=40)
def test_rows_one_by_one_are_read_as_those_of_a_whole_tree(
    tmp_path_factory: pytest.TempPathFactory, caso: Random, good: Path
) -> None:
    """A comment keeps a sheet from being taken apart, and says nothing else."""
    parti, cartella = unzipped(good.read_bytes()), tmp_path_factory.getbasetemp()
    for _ in range(caso.choice((1, 3, 9))):
        caso.choice(OF_THE_ROWS)(parti, caso)
    interi = {nome: parti[nome] + b"<!-- -->" for nome in sheets(parti)}
    assert outcome(parti, cartella) == outcome(parti | interi, cartella)


IN_THE_TEXTS = [
    *(b"<si/>", b"</si>", b"<si>", b"<si><t/></si>", b"<si><t> a </t></si>", b"<t>a</t>", b"\n  "),
    *(b'<si><t xml:space="preserve"> a </t></si>', b"<si><t xml:space='preserve'> a </t></si>"),
    *(b"<si><r><rPr><strike/></rPr><t>a</t></r><r><t>b</t></r></si>", b"<si><t>a</t>b</si>"),
    *(b"<si><r><si><t>a</t></si></r></si>", b"<extLst><ext/></extLst>", b'<x:a xmlns:x="urn:x"/>'),
    *(b"<si><t>&amp;&#13;&#x61;&lt;</t></si>", b"<si><t>&a;</t></si>", b"<si><t>a\rb</t></si>"),
    *(
        b"<si><t>_x0041_</t></si>",
        b"<si><t>a]]>b</t></si>",
        b"<si><t>\x0b</t></si>",
        b"<sst>",
        b"</sst>",
    ),
]
"""What may stand in the list of the texts, or should not."""


@pytest.mark.parametrize("strano", IN_THE_TEXTS)
@pytest.mark.parametrize("dove", [b"<si>", b"</sst>", b"</t></si>", b' encoding="UTF-8"'])
def test_texts_one_by_one_are_read_as_those_of_a_whole_tree(
    strano: bytes, dove: bytes, tmp_path: Path
) -> None:
    """A comment keeps the list from being taken apart, and says nothing else."""
    parti = unzipped(GOOD[0].read_bytes())
    lista = parti[TESTI].replace(dove, strano + dove, 1)
    assert lista != parti[TESTI]
    intera = lista + b"<!-- -->"
    assert outcome(parti | {TESTI: lista}, tmp_path) == outcome(parti | {TESTI: intera}, tmp_path)


@pytest.mark.parametrize("good", GOOD, ids=lambda percorso: percorso.stem)
@pytest.mark.parametrize("passo", [7, 700])
def test_a_tree_that_grows_is_read_as_one_that_is_whole(
    good: Path, passo: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut anywhere, also in the middle of a cell."""
    parti = unzipped(good.read_bytes())
    scelti = sheets(parti)[:3]
    parti |= {nome: parti[nome] + b"<!-- -->" for nome in scelti}
    atteso = outcome(parti, tmp_path)
    monkeypatch.setattr(archivio, "PASSO", passo)
    assert outcome(parti, tmp_path) == atteso


@pytest.mark.parametrize(
    ("parte", "prima", "estraneo"),
    [(TESTI, b"<si>", b"<x/>"), ("xl/worksheets/sheet1.xml", b"</row>", b"<row><x/></row>")],
)
def test_what_is_foreign_is_seen_wherever_a_tree_that_grows_is_cut(
    parte: str, prima: bytes, estraneo: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parti = unzipped(GOOD[0].read_bytes())
    dove = parti[parte].index(prima) + (len(prima) if prima.startswith(b"</") else 0)
    parti[parte] = parti[parte][:dove] + estraneo + parti[parte][dove:] + b"<!-- -->"
    atteso = refusal(parti, tmp_path)
    monkeypatch.setattr(archivio, "PASSO", 50)
    assert refusal(parti, tmp_path) == atteso


@pytest.mark.parametrize("good", GOOD, ids=lambda percorso: percorso.stem)
@pytest.mark.parametrize("nome", SAME)
def test_another_way_to_write_it_gives_the_same_cells(nome: str, good: Path, tmp_path: Path) -> None:
    atteso, parti = apri(good), unzipped(good.read_bytes())
    SAME[nome](parti, Random(nome))
    letto = read(parti, tmp_path)
    assert letto.fogli == atteso.fogli
    assert letto.proprieta == atteso.proprieta


@given(
    st.lists(st.sampled_from(list(SAME)[:-2]), min_size=1, max_size=3, unique=True),
    st.booleans(),
    SEEDS,
)
@some
def test_several_ways_together_give_the_same_cells(
    tmp_path_factory: pytest.TempPathFactory, nomi: list[str], spostate: bool, caso: Random
) -> None:
    """The order is that of the list: what needs the usual names, or UTF-8, comes first."""
    good = caso.choice(GOOD)
    atteso, parti = apri(good), unzipped(good.read_bytes())
    for nome in sorted(nomi, key=list(SAME).index):
        SAME[nome](parti, caso)
    if spostate:
        _moved(parti, caso)
    assert read(parti, tmp_path_factory.mktemp("stessa")).fogli == atteso.fogli


# --------------------------------------------------------------------------- what is damaged in meaning

NUMBERS = ("1,5", "NaN", "INF", "-INF", "0x1A", "1_000", "1E999", "12 34", "98%", "--3", "١٢")
INDEXES = ("-1", "+1", "1.0", "99999", "", "1e0", "0x1", "uno")
UNCERTAIN = [
    *(("n", f"<v>{testo}</v>") for testo in NUMBERS),
    *(("s", f"<v>{testo}</v>") for testo in INDEXES),
    *(("b", f"<v>{testo}</v>") for testo in ("2", "VERO", "-1")),
    *(("d", f"<v>{testo}</v>") for testo in ("2020-02-30", "15/06/2020", "2020-06-14T22:00:00.000Z")),
    ("e", "<v>98</v>"),
    ("boh", "<v>98</v>"),
    ("n", "<v>9</v><v>8</v>"),
    ("n", "<v>9</v>8"),
    ("n", "<v><t>98</t></v><is><t>97</t></is>"),
    ("n", "<is><t>98</t></is>"),
    ("inlineStr", "<v>98</v>"),
    ("inlineStr", "<is>98</is>"),
    ("inlineStr", "<is><t>9<b>8</b></t></is>"),
    ("inlineStr", "<is><t>98</t></is><v>97</v>"),
]


@pytest.mark.parametrize(("tipo", "contenuto"), UNCERTAIN)
def test_what_cannot_be_told_is_told_so_at_its_cell(ente: Path, tipo: str, contenuto: str) -> None:
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put_xml(ente / TECNICO, "Scheda 1", cella, contenuto, tipo)
    assert found(ente) == [("C15", TECNICO, "Scheda 1", cella)]


@pytest.mark.parametrize(
    ("tipo", "contenuto", "atteso"),
    [
        ("n", "<v> 98.50 </v>", "98,5"),
        ("n", "<v>1E3</v>", "1000"),
        ("n", "<v>+.5</v>", "0,5"),
        ("s", "<v> 0 </v>", None),
        ("b", "<v>true</v>", "VERO"),
        ("d", "<v>2020-06-15T00:00:00.000Z</v>", "15/06/2020"),
        ("d", "<v>2020-06-15</v>", "15/06/2020"),
        ("d", "<v>2020-06-15T09:30:00.000</v>", "15/06/2020 09:30"),
        ("inlineStr", "<v><is><t>98</t></is></v>", "98"),
        ("inlineStr", "<is><t>uno </t><t>due</t></is>", "uno due"),
        ("inlineStr", "<is><r><t>uno </t></r><r><t> due</t></r></is>", "uno  due"),
        ("inlineStr", "<is><t>uno</t><rPh sb='0' eb='1'><t>guida</t></rPh></is>", "uno"),
        ("inlineStr", "<is><t>uno_x000D_due_x005F_x000D_</t></is>", "uno\rdue_x000D_"),
        ("str", "<f>A1</f><v>a &amp; b_x000D_</v>", "a & b\r"),
    ],
)
def test_odd_but_certain(ente: Path, tipo: str, contenuto: str, atteso: str | None) -> None:
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put_xml(ente / TECNICO, "Scheda 1", cella, contenuto, tipo)
    foglio = apri(ente / TECNICO).fogli["Scheda 1"]
    testi = etree.fromstring(unzipped((ente / TECNICO).read_bytes())[TESTI])
    assert foglio.testo(*coordinate_to_tuple(cella)) == (
        testi[0].findtext(f"{M}t") if atteso is None else atteso
    )
    assert not foglio.incerte


@given(SEEDS)
@some
def test_no_damage_changes_a_value_in_silence(
    tmp_path_factory: pytest.TempPathFactory, caso: Random
) -> None:
    atteso, parti = apri(GOOD[0]), unzipped(GOOD[0].read_bytes())

    def change(radice: etree._Element, caso: Random) -> None:
        for nodo in some_values(radice, caso):
            cella = nodo.getparent()
            if cella is not None and caso.randrange(4) == 0:
                tipo, contenuto = caso.choice([*UNCERTAIN, ("n", "98")])
                nuova = etree.fromstring(f'<c xmlns="{MAIN}">{contenuto}</c>')
                cella[:], cella.text = list(nuova), nuova.text
                cella.set("t", tipo)

    in_each_sheet(change)(parti, caso)
    letto = read(parti, tmp_path_factory.mktemp("guasta"))
    for nome, foglio in letto.fogli.items():
        buono = atteso.fogli[nome]
        assert buono.piene() <= foglio.piene()
        for posto in buono.piene():
            dubbio = posto in foglio.incerte or posto in foglio.non_calcolate
            assert dubbio or foglio.celle[posto] == buono.celle[posto]


# ------------------------------------------------------------------------ errors, formulas, marks

ERRORS = (
    *("#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!", "#BUSY!", "#CONNECT!", "#BLOCKED!", "#UNKNOWN!"),
    *("#EXTERNAL!", "#PYTHON!", "#RIF!", "#NOME?", "#¡REF!", "#¿NOMBRE?", "#BEZUG!", "#N/D", "#DIV/0!"),
)


@pytest.mark.parametrize("errore", ERRORS)
@pytest.mark.parametrize("modo", ['<c t="e"><v>{}</v></c>', '<c t="str"><f>A1</f><v>{}</v></c>'])
def test_an_error_of_any_kind_costs_its_cell_only(ente: Path, errore: str, modo: str) -> None:
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    nodo = etree.fromstring(modo.format(errore))
    dentro = "".join(etree.tostring(figlio, encoding="unicode") for figlio in nodo)
    put_xml(ente / TECNICO, "Scheda 1", cella, dentro, nodo.get("t", ""))
    assert found(ente) == [("C06", TECNICO, "Scheda 1", cella)]


@pytest.mark.parametrize(
    ("calcolo", "tipo", "contenuto"),
    [
        ('<calcPr calcId="1"/>', "str", "<f>50+48</f>"),
        ('<calcPr calcId="1"/>', "n", "<f>50+48</f><v/>"),
        ('<calcPr calcId="1" fullCalcOnLoad="1"/>', "n", "<f>50+48</f><v>0</v>"),
        ('<calcPr calcId="1" fullCalcOnLoad="true"/>', "n", "<f>50+48</f><v>0.0</v>"),
        ('<calcPr calcId="1" calcCompleted="0"/>', "n", "<f>50+48</f><v>0</v>"),
    ],
)
def test_a_formula_nobody_calculated(ente: Path, calcolo: str, tipo: str, contenuto: str) -> None:
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put_xml(ente / TECNICO, "Scheda 1", cella, contenuto, tipo)
    fx.rewrite(ente / TECNICO, lambda parti: _calculation(parti, calcolo))
    assert found(ente) == [("C07", TECNICO, "Scheda 1", cella)]


@pytest.mark.parametrize("contenuto", ["<f>50+48</f><v>98</v>", "<f>1-1</f><v>0</v>"])
def test_a_formula_that_was_calculated(ente: Path, contenuto: str) -> None:
    """A nought in a workbook saved by a spreadsheet program is the result."""
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put_xml(ente / TECNICO, "Scheda 1", cella, contenuto)
    fx.rewrite(ente / TECNICO, lambda parti: _calculation(parti, '<calcPr calcId="191029"/>'))
    assert not {codice for codice, *_ in found(ente)} & {"C07", "C15"}


def _calculation(parti: Parts, calcolo: str) -> None:
    parti[LIBRO] = re.sub(rb"<calcPr[^>]*/>", calcolo.encode(), parti[LIBRO])


def rich(liscio: str, segnato: str, **segno: Any) -> CellRichText:
    return CellRichText(liscio, TextBlock(InlineFont(**segno), segnato))


@pytest.mark.parametrize(
    ("segno", "detto"),
    [
        ({"vertAlign": "superscript"}, "«32» con «1» in apice"),
        ({"vertAlign": "subscript"}, "«32» con «1» in pedice"),
        ({"strike": True}, "«32» con «1» barrato"),
    ],
)
def test_a_mark_on_a_part_of_a_value_is_quoted(ente: Path, segno: dict[str, Any], detto: str) -> None:
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    put(ente / TECNICO, "Scheda 1", cella, rich("32", "1", **segno))
    assert found(ente) == [("C14", TECNICO, "Scheda 1", cella)]
    assert detto in findings(ente)[0].messaggio


@pytest.mark.parametrize(
    ("intestazione", "codice"), [("Raggiunto", "C14"), ("Che cosa è stato fatto", "C20")]
)
def test_a_cell_struck_out_whole(ente: Path, intestazione: str, codice: str) -> None:
    cella = below(ente / TECNICO, "Scheda 1", intestazione)
    _with_font(ente / TECNICO, cella, Font(strike=True))
    assert found(ente) == [(codice, TECNICO, "Scheda 1", cella)]


def test_a_font_that_says_it_is_not_struck(ente: Path) -> None:
    cella = below(ente / TECNICO, "Scheda 1", "Raggiunto")
    _with_font(ente / TECNICO, cella, Font(strike=False, vertAlign="baseline"))
    assert found(ente) == []


@pytest.mark.parametrize(("testo", "codici"), [("2020", ["C20"]), ("450 m", [])])
def test_a_raised_digit_in_words_matters_beside_a_digit(
    ente: Path, testo: str, codici: list[str]
) -> None:
    """m² is still read as it should; 2020¹ would be printed as 20201."""
    cella = below(ente / TECNICO, "Scheda 1", "Che cosa è stato fatto")
    put(ente / TECNICO, "Scheda 1", cella, rich(testo, "2", vertAlign="superscript"))
    assert [codice for codice, *_ in found(ente)] == codici


def _with_font(percorso: Path, cella: str, carattere: Font) -> None:
    libro = openpyxl.load_workbook(percorso)
    libro["Scheda 1"][cella].font = carattere
    libro.save(percorso)


# ------------------------------------------------------------------- two readers, two different files

PARTE = f'<Relationship Id="{{}}" Type="{RELS}/{{}}" Target="{{}}"/>'


def _add_relation(parti: Parts, *voce: str) -> None:
    nuova = PARTE.format(*voce) + "</Relationships>"
    parti[DEI_FOGLI] = parti[DEI_FOGLI].replace(b"</Relationships>", nuova.encode())


def _same_identifier(parti: Parts) -> None:
    _add_relation(parti, "rId1", "worksheet", "worksheets/sheet2.xml")


def _two_styles(parti: Parts) -> None:
    parti["xl/styles2.xml"] = parti[STILI]
    _add_relation(parti, "rId99", "styles", "styles2.xml")


def _two_workbooks(parti: Parts) -> None:
    parti["xl/workbook2.xml"] = parti[LIBRO]
    tipo = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    nuovo = f'<Override PartName="/xl/workbook2.xml" ContentType="{tipo}"/></Types>'
    parti["[Content_Types].xml"] = parti["[Content_Types].xml"].replace(b"</Types>", nuovo.encode())


def _sheet_twice(parti: Parts) -> None:
    parti[LIBRO] = re.sub(rb'(<sheet [^>]*r:id="rId)2"', rb'\g<1>1"', parti[LIBRO])


def _same_title(parti: Parts) -> None:
    parti[LIBRO] = parti[LIBRO].replace(b'name="Settore"', b'name="ISTRUZIONI"')


def _in_sheet(cerca: bytes, metti: bytes) -> Callable[[Parts], None]:
    def change(parti: Parts) -> None:
        nome = sheets(parti)[1]
        assert re.search(cerca, parti[nome])
        parti[nome] = re.sub(cerca, metti, parti[nome], count=1)

    return change


AMBIGUOUS: dict[str, Callable[[Parts], None]] = {
    "two relationships of one identifier": _same_identifier,
    "two parts for the styles": _two_styles,
    "two workbooks by their type": _two_workbooks,
    "a sheet listed twice": _sheet_twice,
    "two sheets of one title": _same_title,
    "a cell of another name space": _in_sheet(
        rb"</row>", b'<x:c xmlns:x="urn:x" r="Z9"><x:v>1</x:v></x:c></row>'
    ),
    "a value of another name space": _in_sheet(rb"<v>", b'<x:v xmlns:x="urn:x">7</x:v><v>'),
    "rows with an alternative": _in_sheet(
        rb"<sheetData>",
        b'<sheetData><a:AlternateContent xmlns:a="urn:mc"><a:Choice/></a:AlternateContent>',
    ),
    "two lists of rows": _in_sheet(rb"<sheetData>", b"<sheetData/><sheetData>"),
    "a list of rows of another name space": _in_sheet(
        rb"<sheetData>", b'<x:sheetData xmlns:x="urn:x"/><sheetData>'
    ),
    "a row outside the list": _in_sheet(rb"</sheetData>", b"</sheetData><row><c><v>1</v></c></row>"),
}


@pytest.mark.parametrize("nome", AMBIGUOUS)
def test_a_file_that_two_readers_read_differently_is_refused(nome: str, tmp_path: Path) -> None:
    parti = unzipped(GOOD[0].read_bytes())
    AMBIGUOUS[nome](parti)
    rilievo = refusal(parti, tmp_path)
    assert rilievo.codice == "F03"
    assert "danneggiat" not in rilievo.messaggio


@pytest.mark.parametrize(
    ("parte", "detto"),
    [
        (
            '<?xml version="1.0" encoding="UTF-8"?><a>è</a>'.encode("cp1252"),
            "non è scritta nella codifica",
        ),
        (b'<?xml version="1.0" encoding="utf-16"?><a/>', "una codifica che i file di Excel non usano"),
        (
            b'<?xml version="1.0" encoding="EBCDIC-boh"?><a/>',
            "una codifica che i file di Excel non usano",
        ),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "una codifica che i file di Excel non usano"),
    ],
)
def test_an_encoding_that_cannot_be_read_is_the_reason(parte: bytes, detto: str, tmp_path: Path) -> None:
    parti = unzipped(GOOD[0].read_bytes())
    parti[sheets(parti)[0]] = parte
    rilievo = refusal(parti, tmp_path)
    assert rilievo.codice == "F03"
    assert detto in rilievo.messaggio


def test_merged_columns_do_not_stop_the_reader(tmp_path: Path) -> None:
    """calamine refuses A:A, the guard does not need it."""
    parti = unzipped(GOOD[0].read_bytes())
    atteso = apri(GOOD[0])
    for nome in sheets(parti):
        parti[nome] = re.sub(rb"<dimension [^>]*/>", b'<dimension ref="A:A"/>', parti[nome])
    assert read(parti, tmp_path).fogli == atteso.fogli


# ----------------------------------------------------------------------------------------- helpers


def findings(ente: Path) -> list[Rilievo]:
    """What the reading of the spoilt workbook says."""
    lettura, _ = ingest.leggi_sola(apri(ente / TECNICO))
    return lettura.rilievi


def found(ente: Path) -> list[tuple[str, str, str, str]]:
    return [(r.codice, r.file, r.foglio, r.cella) for r in findings(ente)]
