"""What stands around the cells: text boxes, comments, pictures, controls; hidden rows and columns.

Nothing of it is a value of the form, but a responsabile may have written the answer in a comment: it is
noted on the sheet, so that it can be said. What our own annotated copies add is left out.
Sources: ECMA-376 part 1, 18.7 and 20.5; [MS-XLSX] 2.1.16 (threaded comments); OpenDocument 1.3 part 3.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from xml.parsers.expat import ExpatError

from lxml import etree

from pipeline.celle import di_seguito, lettere
from pipeline.parole import citazione
from pipeline.workbooks.archivio import MAX_COLONNE, Archivio
from pipeline.workbooks.grid import Elemento, FileRifiutato, Foglio, Posto, indirizzo

TITOLO_NOTA = "DA CORREGGERE"
NOTA_PRECEDENTE = "Nota che c'era già:"
"""How our notes in the annotated copies begin, and what they say above a note that was there."""

NOMI = {
    "casella di testo": ("una casella di testo", "caselle di testo"),
    "commento": ("un commento", "commenti"),
    "nota": ("una nota", "note"),
    "controllo": ("un pulsante o una casella da spuntare", "pulsanti o caselle da spuntare"),
    "oggetto": ("un oggetto incorporato", "oggetti incorporati"),
    "grafico": ("un grafico", "grafici"),
    "immagine": ("un'immagine", "immagini"),
    "forma": ("una forma disegnata", "forme disegnate"),
    "illeggibile": ("una parte che non si riesce a leggere", "parti che non si riescono a leggere"),
}
"""The kinds of things, one and many, those that are likely to say something first."""

MAX_PARTE = 2**20
"""Bytes of a drawing, or of the comments of a sheet: several sheets may point at one part."""
MAX_ELEMENTI, MAX_TESTO = 500, 1_000
"""How many things are kept of a sheet, and how much of what each says."""
ELENCATI = 6
_QUANTO_TESTO = 60
_NOSTRA = re.compile(r"[A-Z]\d\d \([a-z ]+\)\. |→ ")
"""How each line of our notes begins; another line of them was typed by somebody."""
_AVVERTENZA = re.compile(r"\[[^\]\n]+\][^\S\n]*\n\n.*?\n\n[^\n]*:\n", re.DOTALL)
"""What Excel writes above the text of a comment with replies, for the programs that have only notes."""
_OGGETTI = ("oleObject", "package")
_CONTROLLI = ("ctrlProp", "control")


def non_letti(elementi: Iterable[Elemento]) -> list[Elemento]:
    """What may say something to a reader: all but the drawn shapes without a text."""
    return [elemento for elemento in elementi if elemento.tipo != "forma"]


def in_parole(elementi: Iterable[Elemento]) -> str:
    """Things listed for a message: the first with their place and words, the others counted."""
    ordinati = sorted(elementi, key=lambda e: (list(NOMI).index(e.tipo), not e.testo))
    detti = [_in_parole(elemento) for elemento in ordinati[:ELENCATI]]
    resto = [elemento.tipo for elemento in ordinati[ELENCATI:]]
    for tipo, (uno, molti) in NOMI.items():
        if quanti := resto.count(tipo):
            detti.append(f"altri {quanti} fra {molti}" if quanti > 1 else f"ancora {uno}")
    return "; ".join(detti)


def _in_parole(elemento: Elemento) -> str:
    dove = f" in {elemento.cella}" if elemento.cella else ""
    testo = f" («{citazione(elemento.testo, _QUANTO_TESTO)}»)" if elemento.testo else ""
    return NOMI[elemento.tipo][0] + dove + testo


def nascoste_in_parole(foglio: Foglio, celle: Iterable[Posto]) -> str:
    """Which rows and columns hide these cells: "le righe 23, 25-27 sono nascoste"."""
    if foglio.nascosto:
        return "il foglio è nascosto"
    righe = {riga for riga, _ in celle} & foglio.righe_nascoste
    colonne = {c for riga, c in celle if riga not in righe}
    detti = [_intervallo(da, a, str) for da, a in di_seguito(righe)]
    frasi = [_nascoste(detti, "la riga", "le righe")] if detti else []
    detti = [_intervallo(da, a, lettere) for da, a in di_seguito(colonne)]
    frasi += [_nascoste(detti, "la colonna", "le colonne")] if detti else []
    return "; ".join(frasi)


def _intervallo(da: int, a: int, nome: Callable[[int], str]) -> str:
    return nome(da) if da == a else f"{nome(da)}-{nome(a)}"


def _nascoste(detti: list[str], una: str, molte: str) -> str:
    sola = len(detti) == 1 and "-" not in detti[0]
    return f"{una} {detti[0]} è nascosta" if sola else f"{molte} {', '.join(detti)} sono nascoste"


def senza_la_nostra(nota: str) -> str:
    """What a note says besides what our annotated copy wrote in it; "" when there is nothing else."""
    testo = nota.replace("\r\n", "\n").replace("\r", "\n").strip()
    if testo.startswith(TITOLO_NOTA):
        nostra, _, precedente = testo.removeprefix(TITOLO_NOTA).partition(f"{NOTA_PRECEDENTE}\n")
        aggiunte = [riga for riga in nostra.split("\n") if riga.strip() and not _NOSTRA.match(riga)]
        testo = "\n".join([*aggiunte, precedente]).strip()
    avvertenza = _AVVERTENZA.match(testo)
    return testo[avvertenza.end() :].strip() if avvertenza else testo


def _nota(tipo: str, cella: str, nota: str) -> list[Elemento]:
    testo = " ".join(senza_la_nostra(nota).split())
    return [Elemento(tipo, cella, testo)] if testo else []


# --------------------------------------------------------------------------------------------- .xlsx


def guarda(archivio: Archivio, parte: str, foglio: Foglio) -> None:
    """Note on a sheet of an .xlsx what the parts it is related to hold. Never raises for their content:
    a part that cannot be read is one more thing to say."""
    try:
        trovati = list(islice(_della_parte(archivio, parte), MAX_ELEMENTI))
    except (FileRifiutato, etree.XMLSyntaxError, ExpatError, ValueError):
        trovati = [Elemento("illeggibile")]
    foglio.contorno.extend(replace(e, testo=e.testo[:MAX_TESTO]) for e in trovati)


def _della_parte(archivio: Archivio, parte: str) -> Iterator[Elemento]:
    relazioni = _relazioni(archivio, parte)
    if not relazioni:  # of most sheets
        return
    quali: dict[str, list[str]] = {}
    for tipo, meta in relazioni.values():
        quali.setdefault(tipo, []).append(meta)
    controlli = sum(len(quali.get(tipo, [])) for tipo in _CONTROLLI)
    controlli = controlli or sum(_controlli_di_prima(archivio, m) for m in quali.get("vmlDrawing", []))
    disegni = (e for meta in quali.get("drawing", []) for e in _del_disegno(archivio, meta))
    disegnati = list(islice(disegni, MAX_ELEMENTI))
    yield from (e for e in disegnati if e.tipo != "controllo")
    etichette = [e for e in disegnati if e.tipo == "controllo"]
    yield from (etichette + [Elemento("controllo")] * controlli)[:controlli]
    for tipo in _OGGETTI:
        yield from [Elemento("oggetto")] * len(quali.get(tipo, []))
    yield from [Elemento("immagine")] * len(quali.get("image", []))
    commenti, note = (
        {k: v for meta in quali.get(tipo, []) for k, v in _note(_albero(archivio, meta)).items()}
        for tipo in ("threadedComment", "comments")
    )
    for cella, nota in {**commenti, **note}.items():  # what is a comment is a note as well
        yield from _nota("commento" if cella in commenti else "nota", cella, nota)


def _controlli_di_prima(archivio: Archivio, parte: str) -> int:
    """How many controls are drawn the old way, among the boxes of the notes and the previews of objects.
    The part need not be sound XML: browsers of twenty years ago were to read it."""
    tipi = (
        re.findall(rb"ObjectType=[\"']([A-Za-z]+)", archivio.zip.read(parte))
        if archivio.ha(parte)
        else []
    )
    return sum(tipo not in (b"Note", b"Pict", b"Shape", b"Rect", b"Line", b"Group") for tipo in tipi)


def _note(radice: etree._Element) -> dict[str, str]:
    """The text of each comment by its cell; the replies of a conversation together."""
    note: dict[str, str] = {}
    for nodo in radice.iter("{*}comment", "{*}threadedComment"):
        cella, testo = nodo.get("ref", ""), _testo(nodo.find("{*}text"))
        note[cella] = f"{note[cella]}\n{testo}" if cella in note else testo
    return note


def _del_disegno(archivio: Archivio, parte: str) -> Iterator[Elemento]:
    radice = _albero(archivio, parte)
    for doppione in list(radice.iter("{*}Fallback")):  # the same thing again, for older programs
        doppione.getparent().remove(doppione)  # type: ignore[union-attr]
    relazioni = _relazioni(archivio, parte)
    for ancora in radice.iter("{*}twoCellAnchor", "{*}oneCellAnchor", "{*}absoluteAnchor"):
        cella = _cella(ancora)
        for nodo in ancora.iter("{*}sp", "{*}cxnSp", "{*}pic", "{*}graphicFrame", "{*}contentPart"):
            yield _disegnato(archivio, relazioni, nodo, cella)


def _disegnato(
    archivio: Archivio, relazioni: Mapping[str, tuple[str, str]], nodo: etree._Element, cella: str
) -> Elemento:
    """One thing of a drawing. The controls of a form are drawn under a choice of their own."""
    nome = etree.QName(nodo).localname
    if nome == "pic":
        return Elemento("immagine", cella)
    if nome == "graphicFrame":
        return _in_cornice(archivio, relazioni, nodo, cella)
    testo = _testo(nodo.find("{*}txBody"))
    if any(
        "a14" in (scelta.get("Requires") or "").split() for scelta in nodo.iterancestors("{*}Choice")
    ):
        return Elemento("controllo", cella, testo)
    return Elemento("casella di testo" if testo else "forma", cella, testo)


def _in_cornice(
    archivio: Archivio, relazioni: Mapping[str, tuple[str, str]], nodo: etree._Element, cella: str
) -> Elemento:
    """A chart, or a diagram, the words of which stand in a part of its own."""
    ids = nodo.find(".//{*}relIds")
    if ids is None:
        return Elemento("grafico", cella)
    dati = next((v for k, v in ids.attrib.items() if str(k).endswith("}dm")), "")
    meta = relazioni.get(str(dati), ("", ""))[1]
    return Elemento("casella di testo", cella, _testo(_albero(archivio, meta)) if meta else "")


def _cella(ancora: etree._Element) -> str:
    testi = [ancora.findtext(f"{{*}}from/{{*}}{nome}", "").strip() for nome in ("row", "col")]
    if not all(re.fullmatch("[0-9]{1,7}", testo) for testo in testi):
        return ""
    riga, colonna = map(int, testi)
    return indirizzo(riga + 1, colonna + 1)


def _testo(nodo: etree._Element | None) -> str:
    """The words of a part, in one line: each paragraph apart, its runs together."""
    if nodo is None:
        return ""
    if not nodo.xpath("boolean(.//*[local-name()='t'])"):
        return "".join(str(t) for t in nodo.itertext()).strip()
    capoversi = list(nodo.iter("{*}p")) or [nodo]
    testi = ("".join(t.text or "" for t in capoverso.iter("{*}t")) for capoverso in capoversi)
    return "\n".join(testo for testo in testi if testo.strip()).strip()


def _albero(archivio: Archivio, parte: str) -> etree._Element:
    if archivio.ha(parte) and archivio.zip.getinfo(parte).file_size > MAX_PARTE:
        raise ValueError
    return archivio.albero(parte)


def _relazioni(archivio: Archivio, parte: str) -> dict[str, tuple[str, str]]:
    """The parts that a part is related to: Id -> what for, and the name of the part in the archive. One
    that is not there (R names drawings that it does not write) holds nothing."""
    cartella, nome = posixpath.split(parte)
    di_chi = f"{cartella}/_rels/{nome}.rels"
    if not archivio.ha(di_chi):  # of most parts
        return {}
    nomi = {nome.casefold(): nome for nome in archivio.zip.namelist()}
    elenco = nomi.get(di_chi.casefold())
    if elenco is None:
        return {}
    trovate = {}
    for nodo in _albero(archivio, elenco):
        if isinstance(nodo.tag, str):
            meta = posixpath.normpath(posixpath.join("/", cartella, nodo.get("Target", ""))).lstrip("/")
            tipo = nodo.get("Type", "").rpartition("/")[2]
            if meta.casefold() in nomi or nodo.get("TargetMode") == "External":
                trovate[nodo.get("Id", "")] = (tipo, nomi.get(meta.casefold(), meta))
    return trovate


def riga_nascosta(attributi: Mapping[str, str]) -> bool:
    """Whether a `row` of an .xlsx does not show: hidden, filtered, collapsed, or without height."""
    return attributi.get("hidden") in ("1", "true") or _nulla(attributi.get("ht", "1"))


def colonna_nascosta(attributi: Mapping[str, str]) -> bool:
    """Whether a `col` of an .xlsx does not show: hidden, or without width."""
    return attributi.get("hidden") in ("1", "true") or _nulla(attributi.get("width", "1"))


def colonne(foglio: Foglio, attributi: Mapping[str, str]) -> None:
    """Note the columns of a `col` of an .xlsx that do not show."""
    if colonna_nascosta(attributi):
        prima, ultima = int(attributi.get("min", "1")), int(attributi.get("max", "1"))
        foglio.colonne_nascoste.update(range(prima, min(ultima, MAX_COLONNE) + 1))


@lru_cache(maxsize=64)  # of many rows, few heights
def _nulla(misura: str) -> bool:
    trovata = re.match(r"[0-9.]+", misura)
    with suppress(ValueError):
        return trovata is not None and float(trovata[0]) < 0.05
    return False


# ---------------------------------------------------------------------------------------------- .ods

_OFFICE, _TABLE, _TEXT, _DRAW, _STYLE = (
    f"urn:oasis:names:tc:opendocument:xmlns:{nome}:1.0"
    for nome in ("office", "table", "text", "drawing", "style")
)
_NOTA = f"{_OFFICE} annotation"
_A_CAPO = (f"{_TEXT} p", f"{_TEXT} line-break")
_TIPI = {
    f"{_DRAW} text-box": "casella di testo",
    f"{_DRAW} control": "controllo",
    f"{_DRAW} object": "oggetto",
    f"{_DRAW} object-ole": "oggetto",
    f"{_DRAW} plugin": "oggetto",
    f"{_DRAW} image": "immagine",
}
_PROPRIETA = {
    f"{_STYLE} table-properties": f"{_TABLE} display",
    f"{_STYLE} table-row-properties": f"{_STYLE} row-height",
    f"{_STYLE} table-column-properties": f"{_STYLE} column-width",
}


@dataclass
class Ods:
    """The same for an .ods, fed by the one pass over content.xml: the styles that hide, the columns, and
    what the pass skips because it is no cell."""

    stile: tuple[str, str] = ("", "")
    nascondono: set[tuple[str, str]] = field(default_factory=set)
    colonna: int = 0
    tipo: str = ""
    dentro: list[str] = field(default_factory=list)
    testi: list[str] = field(default_factory=list)

    def definizione(self, elemento: str, attributi: Mapping[str, str]) -> None:
        """Take note of a style, and of whether it hides what has it."""
        if elemento == f"{_STYLE} style":
            self.stile = attributi.get(f"{_STYLE} family", ""), attributi.get(f"{_STYLE} name", "")
        elif elemento in _PROPRIETA:
            valore = attributi.get(_PROPRIETA[elemento], "true")
            if valore == "false" or _nulla(valore):
                self.nascondono.add(self.stile)

    def nascosto(self, che: str, attributi: Mapping[str, str]) -> bool:
        """Whether a sheet ("table"), a "table-row" or a "table-column" does not show."""
        stile = attributi.get(f"{_TABLE} style-name", "")
        visibile = attributi.get(f"{_TABLE} visibility", "visible") == "visible"
        return not visibile or (che, stile) in self.nascondono

    def colonne(self, foglio: Foglio, attributi: Mapping[str, str]) -> None:
        """Note the columns of the next `table-column` of a sheet, if they do not show."""
        prima, quante = self.colonna + 1, int(attributi.get(f"{_TABLE} number-columns-repeated", "1"))
        self.colonna += quante
        if self.nascosto("table-column", attributi):
            foglio.colonne_nascoste.update(range(prima, min(self.colonna, MAX_COLONNE) + 1))

    def inizio(self, elemento: str, attributi: Mapping[str, str]) -> None:
        """An element among those that are no cell: the outermost says what it is, those in it more."""
        if not self.dentro and not (elemento == _NOTA or elemento.startswith(_DRAW)):
            return
        if not self.dentro:
            self.tipo, self.testi = "commento" if elemento == _NOTA else "forma", []
        self.dentro.append(elemento)
        if elemento in _A_CAPO:
            self.testi.append("\n")
        if self.tipo in ("forma", "immagine") and elemento in _TIPI:
            self.tipo = _TIPI[elemento]
        if f"{_DRAW} notify-on-update-of-ranges" in attributi:
            self.tipo = "grafico"

    def testo(self, caratteri: str) -> None:
        if f"{_TEXT} p" in self.dentro:
            self.testi.append(caratteri)

    def fine(self, foglio: Foglio | None, posto: Posto | None) -> None:
        """The end of an element; of the outermost, the thing is noted on its sheet, at its cell."""
        if not self.dentro:
            return
        self.dentro.pop()
        if not self.dentro and foglio is not None and len(foglio.contorno) < MAX_ELEMENTI:
            foglio.contorno.extend(self._trovato(indirizzo(*posto) if posto else ""))

    def _trovato(self, cella: str) -> list[Elemento]:
        testo = "".join(self.testi).strip()[:MAX_TESTO]
        if self.tipo == "commento":
            return _nota("commento", cella, testo)
        if self.tipo == "casella di testo" and not testo:
            return [Elemento("forma", cella)]
        tipo = "casella di testo" if self.tipo == "forma" and testo else self.tipo
        return [Elemento(tipo, cella, testo)]
