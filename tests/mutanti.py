"""Ways in which a workbook comes back changed: by hands, by programs, by broken disks.

`mutant(contenuto, caso)` changes a good workbook at random, at the level of its XML or of its bytes;
the same seed gives the same mutant.
"""

import re
from collections.abc import Callable
from functools import cache
from random import Random

from corpus_ostile import MAIN, RELS, as_ods, unzipped, zipped
from lxml import etree

from pipeline.workbooks.grid import indirizzo

Parts = dict[str, bytes]
Mutation = Callable[[Parts, Random], None]

M = f"{{{MAIN}}}"
MUTATIONS: list[Mutation] = []

CONTENTS = [
    ("n", "<v>0</v>"),
    ("n", "<v>98.5</v>"),
    ("n", "<v>-3</v>"),
    ("n", "<v>1e308</v>"),
    ("n", "<v>NaN</v>"),
    ("n", "<v>0.00000001</v>"),
    ("n", "<f>1+1</f>"),
    ("n", "<f>1+1</f><v>2</v>"),
    ("b", "<v>1</v>"),
    ("e", "<v>#DIV/0!</v>"),
    ("e", "<f>A1</f><v>#REF!</v>"),
    ("d", "<v>2020-06-30</v>"),
    ("str", "<f>A1</f><v></v>"),
    ("s", "<v>0</v>"),
    *(
        ("inlineStr", f"<is><t xml:space='preserve'>{testo}</t></is>")
        for testo in (
            "X",
            " x ",
            "T1",
            "1, 2",
            "1; T1 + 3",
            "valutato",
            "rinviata",
            "valutat0",
            "98 %",
            "circa 90",
            "almeno 80%",
            "entro il 30/06",
            "1.234",
            "12/10",
            "Titolo",
            "Descrizione",
            "INDICATORI",
            "MISSIONE",
            "STATO DI ATTUAZIONE",
            "OBIETTIVI",
            "N.",
            "=1+1",
            "_x0007_",
            "_x0000_",
            "_xD800_",
            "à\U0001f600\u202e",
            "a\n\n\nb",
            "parola " * 6000,
            "9" * 400,
            "&lt;b&gt;{x}%s{0}",
            "nan",
        )
    ),
]


def mutation(fa: Mutation) -> Mutation:
    MUTATIONS.append(fa)
    return fa


def mutant(contenuto: bytes, caso: Random) -> bytes:
    """A changed copy of a workbook: one to four mutations, one in eight damages the file itself.

    One in six is first made an .ods, and changed in its XML only.
    """
    come_ods = caso.randrange(6) == 0
    parti = dict(_ods(contenuto)) if come_ods else unzipped(contenuto)
    for _ in range(caso.choice((1, 1, 2, 4))):
        caso.choice(OF_THE_XML if come_ods else MUTATIONS)(parti, caso)
    nuovo = zipped(parti)
    return _damaged(nuovo, caso) if caso.randrange(8) == 0 else nuovo


@cache
def _ods(contenuto: bytes) -> Parts:
    return as_ods(contenuto)


def _damaged(contenuto: bytes, caso: Random) -> bytes:
    if caso.randrange(3) == 0:
        return contenuto[: caso.randrange(len(contenuto))]
    rovinato = bytearray(contenuto)
    for _ in range(caso.choice((1, 4, 40))):
        rovinato[caso.randrange(len(rovinato))] = caso.randrange(256)
    return bytes(rovinato)


# --------------------------------------------------------------------------------------- the sheets


def _sheet_part(parti: Parts, caso: Random) -> str:
    return caso.choice(sorted(nome for nome in parti if re.fullmatch(r"xl/worksheets/\w+\.xml", nome)))


def _with_sheet(parti: Parts, caso: Random, change: Callable[[etree._Element, Random], None]) -> None:
    """Let `change` alter the rows of one sheet."""
    nome = _sheet_part(parti, caso)
    try:
        radice = etree.fromstring(parti[nome])
    except etree.XMLSyntaxError:
        return  # an earlier mutation has broken it
    dati = radice.find(f"{M}sheetData")
    if dati is not None and len(dati):
        change(dati, caso)
    parti[nome] = etree.tostring(radice, xml_declaration=True, encoding="UTF-8", standalone=True)


def _renumber(riga: etree._Element, numero: int) -> None:
    riga.set("r", str(numero))
    for cella in riga:
        cella.set("r", re.sub(r"\d+", "", cella.get("r", "A")) + str(numero))


def _number(riga: etree._Element) -> int:
    return int(riga.get("r", "1"))


def _put(dati: etree._Element, caso: Random) -> None:
    riga = caso.choice(list(dati))
    tipo, contenuto = caso.choice(CONTENTS)
    if len(riga) and caso.randrange(4):
        cella = caso.choice(list(riga))
    else:  # a cell the form does not know, after the others
        colonna = len(riga) + caso.choice((1, 1, 5))
        cella = etree.SubElement(riga, f"{M}c", r=indirizzo(_number(riga), min(colonna + 20, 200)))
    for figlio in list(cella):
        cella.remove(figlio)
    cella.set("t", tipo)
    for figlio in etree.fromstring(f'<c xmlns="{MAIN}">{contenuto}</c>'):
        cella.append(figlio)


@mutation
def put_a_value(parti: Parts, caso: Random) -> None:
    _with_sheet(parti, caso, _put)


@mutation
def put_many_values(parti: Parts, caso: Random) -> None:
    def change(dati: etree._Element, caso: Random) -> None:
        for _ in range(caso.choice((5, 40))):
            _put(dati, caso)

    _with_sheet(parti, caso, change)


@mutation
def empty_cells(parti: Parts, caso: Random) -> None:
    def change(dati: etree._Element, caso: Random) -> None:
        for _ in range(caso.choice((1, 10))):
            riga = caso.choice(list(dati))
            if len(riga):
                riga.remove(caso.choice(list(riga)))

    _with_sheet(parti, caso, change)


@mutation
def remove_a_row(parti: Parts, caso: Random) -> None:
    """Deleted: the rows below move up. Cleared: they stay."""

    def change(dati: etree._Element, caso: Random) -> None:
        righe = list(dati)
        scelta = caso.randrange(len(righe))
        dati.remove(righe[scelta])
        if caso.randrange(2):
            for riga in righe[scelta + 1 :]:
                _renumber(riga, _number(riga) - 1)

    _with_sheet(parti, caso, change)


@mutation
def insert_a_row(parti: Parts, caso: Random) -> None:
    """Blank, or a copy of the one above."""

    def change(dati: etree._Element, caso: Random) -> None:
        righe = list(dati)
        scelta = caso.randrange(len(righe))
        for riga in righe[scelta + 1 :]:
            _renumber(riga, _number(riga) + 1)
        if caso.randrange(2):
            copia = etree.fromstring(etree.tostring(righe[scelta]))
            _renumber(copia, _number(righe[scelta]) + 1)
            righe[scelta].addnext(copia)

    _with_sheet(parti, caso, change)


@mutation
def swap_two_rows(parti: Parts, caso: Random) -> None:
    def change(dati: etree._Element, caso: Random) -> None:
        una, altra = caso.choice(list(dati)), caso.choice(list(dati))
        numeri = _number(una), _number(altra)
        celle = list(una), list(altra)
        for riga, nuove, numero in ((una, celle[1], numeri[0]), (altra, celle[0], numeri[1])):
            if una is not altra:
                riga[:] = nuove
                _renumber(riga, numero)

    _with_sheet(parti, caso, change)


@mutation
def insert_a_column(parti: Parts, caso: Random) -> None:
    def change(dati: etree._Element, caso: Random) -> None:
        da = caso.randrange(1, 6)
        for riga in dati:
            for cella in riga:
                colonna = _column(cella.get("r", "A1"))
                if colonna >= da:
                    cella.set("r", indirizzo(_number(riga), colonna + 1))

    _with_sheet(parti, caso, change)


def _column(riferimento: str) -> int:
    colonna = 0
    for lettera in re.sub(r"\d", "", riferimento):
        colonna = colonna * 26 + ord(lettera) - 64
    return colonna


@mutation
def change_looks(parti: Parts, caso: Random) -> None:
    def change(dati: etree._Element, caso: Random) -> None:
        for cella in dati.iter(f"{M}c"):
            if caso.randrange(10) == 0:
                cella.set("s", str(caso.choice((0, 1, 5, 9, 99))))

    _with_sheet(parti, caso, change)


@mutation
def forget_the_addresses(parti: Parts, caso: Random) -> None:
    """Some programs write cells without a reference."""

    def change(dati: etree._Element, caso: Random) -> None:
        for riga in dati:
            for cella in riga:
                cella.attrib.pop("r", None)

    _with_sheet(parti, caso, change)


# ------------------------------------------------------------------------------------- the workbook


def _with_list(parti: Parts, change: Callable[[list[etree._Element]], None]) -> None:
    """Let `change` alter the list of sheets; what is left of it is written back."""
    try:
        libro = etree.fromstring(parti["xl/workbook.xml"])
    except (KeyError, etree.XMLSyntaxError):
        return
    fogli = libro.find(f"{M}sheets")
    if fogli is not None and len(fogli):
        elenco = list(fogli)
        change(elenco)
        fogli[:] = elenco
    parti["xl/workbook.xml"] = etree.tostring(libro, xml_declaration=True, encoding="UTF-8")


@mutation
def remove_a_sheet(parti: Parts, caso: Random) -> None:
    _with_list(parti, lambda elenco: elenco.remove(caso.choice(elenco)))


@mutation
def shuffle_the_sheets(parti: Parts, caso: Random) -> None:
    _with_list(parti, caso.shuffle)


@mutation
def rename_a_sheet(parti: Parts, caso: Random) -> None:
    nomi = (
        "Scheda 1",
        "scheda 2",
        "SCHEDA 1 ",
        "Scheda 0",
        "Scheda 9999",
        "Foglio1",
        "valutazione ",
        "",
    )

    def change(elenco: list[etree._Element]) -> None:
        caso.choice(elenco).set("name", caso.choice(nomi))

    _with_list(parti, change)


@mutation
def swap_two_sheets(parti: Parts, caso: Random) -> None:
    """Each under the name of the other."""

    def change(elenco: list[etree._Element]) -> None:
        uno, altro = caso.choice(elenco), caso.choice(elenco)
        chiave = f"{{{RELS}}}id"
        prima, dopo = uno.get(chiave, ""), altro.get(chiave, "")
        uno.set(chiave, dopo)
        altro.set(chiave, prima)

    _with_list(parti, change)


@mutation
def show_a_sheet_twice(parti: Parts, caso: Random) -> None:
    def change(elenco: list[etree._Element]) -> None:
        copia = etree.fromstring(etree.tostring(caso.choice(elenco)))
        copia.set("name", caso.choice(("Scheda 7", "Copia", "Scheda 1 (2)")))
        elenco.append(copia)

    _with_list(parti, change)


@mutation
def change_a_shared_text(parti: Parts, caso: Random) -> None:
    """Labels, headings, marks and contents: wherever the text is used."""
    testi = parti.get("xl/sharedStrings.xml", b"").split(b"<si>")
    if len(testi) > 2:
        scelto = caso.randrange(1, len(testi))
        altro = caso.choice(
            (b"<t></t></si>", b"<t>altro</t></si>", testi[caso.randrange(1, len(testi) - 1)])
        )
        if scelto < len(testi) - 1:
            testi[scelto] = altro
    parti["xl/sharedStrings.xml"] = b"<si>".join(testi)


# ------------------------------------------------------------------------------------------ the XML


@mutation
def break_the_xml(parti: Parts, caso: Random) -> None:
    nome = caso.choice(sorted(parti))
    testo = bytearray(parti[nome])
    for _ in range(caso.choice((1, 3))):
        if testo:
            testo[caso.randrange(len(testo))] = caso.choice(b"<>&\"'/=0 9aZ\x00\xff")
    parti[nome] = bytes(testo)


@mutation
def remove_an_element(parti: Parts, caso: Random) -> None:
    _with_tree(parti, caso, lambda nodo: nodo.getparent().remove(nodo))  # type: ignore[union-attr]


@mutation
def change_an_attribute(parti: Parts, caso: Random) -> None:
    valori = ("", "0", "-1", "7", "999999999999", "abc", "A1", "1.5", "true", "rId1", "n", "s", "e", "à")

    def change(nodo: etree._Element) -> None:
        if nodo.attrib:
            nodo.set(caso.choice(sorted(nodo.attrib)), caso.choice(valori))

    _with_tree(parti, caso, change)


@mutation
def remove_an_attribute(parti: Parts, caso: Random) -> None:
    def change(nodo: etree._Element) -> None:
        if nodo.attrib:
            del nodo.attrib[caso.choice(sorted(nodo.attrib))]

    _with_tree(parti, caso, change)


@mutation
def remove_a_part(parti: Parts, caso: Random) -> None:
    if caso.randrange(3) == 0:  # most of them leave no workbook at all
        del parti[caso.choice(sorted(parti))]
    if not any(nome.startswith("xl/worksheets/") for nome in parti):
        parti["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{MAIN}"/>'.encode()


OF_THE_ROWS = MUTATIONS[: MUTATIONS.index(forget_the_addresses) + 1]
OF_THE_XML = [break_the_xml, remove_an_element, change_an_attribute, remove_an_attribute, remove_a_part]


def _with_tree(parti: Parts, caso: Random, change: Callable[[etree._Element], None]) -> None:
    """Let `change` alter some element, not the root, of some part."""
    nome = caso.choice(sorted(nome for nome in parti if nome.endswith((".xml", ".rels"))))
    try:
        radice = etree.fromstring(parti[nome])
    except etree.XMLSyntaxError:
        return
    nodi = list(radice.iterdescendants())
    if nodi:
        change(caso.choice(nodi))
    parti[nome] = etree.tostring(radice, xml_declaration=True, encoding="UTF-8", standalone=True)
