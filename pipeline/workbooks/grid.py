"""A workbook file -> grids of cells, every cell at its address.

The guard looks through the zip before any parser does: it refuses what would hang or kill the process
(two far-apart cells make the reader allocate 550 GB) and notes what the reader cannot tell: error
cells, formulas never calculated, numbers shown as percentages.
"""

import hashlib
import math
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from lxml import etree

from pipeline import numeri
from pipeline.rilievi import Rilievo

MAX_FILE = 20 * 2**20
MAX_APERTO = 100 * 2**20
MAX_PARTI = 2_000
MAX_FOGLI = 150
MAX_RIGHE = 10_000
MAX_COLONNE = 256
MAX_CELLE = 200_000
MAX_CARATTERI = 20_000_000
MAX_RIGHE_XML = 1_048_576

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_NS = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "p": "http://schemas.openxmlformats.org/package/2006/relationships",
}
_M = f"{{{_NS['m']}}}"
_CONTROLLO = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_FORMATI_PERCENTUALI = {9, 10}

ERRORI = {
    "#REF!": "#RIF!",
    "#VALUE!": "#VALORE!",
    "#NAME?": "#NOME?",
    "#N/A": "#N/D",
    "#NULL!": "#NULLO!",
}
"""Errors as an Italian spreadsheet shows them, where it differs."""

Posto = tuple[int, int]
"""Row and column, both from 1."""


class FileRifiutato(Exception):
    """The file cannot be read safely or at all; `rilievo` says why."""

    def __init__(self, rilievo: Rilievo) -> None:
        super().__init__(rilievo.messaggio)
        self.rilievo = rilievo


@dataclass
class Foglio:
    """The filled cells of a sheet, and which of them a reader has accounted for."""

    nome: str
    celle: dict[Posto, Any] = field(default_factory=dict)
    percentuali: set[Posto] = field(default_factory=set)
    errori: dict[Posto, str] = field(default_factory=dict)
    formule: set[Posto] = field(default_factory=set)
    non_calcolate: set[Posto] = field(default_factory=set)
    del_modello: set[Posto] = field(default_factory=set)
    lette: set[Posto] = field(default_factory=set)

    def piene(self) -> set[Posto]:
        """Every cell that holds something, also an error or a formula without a result."""
        return set(self.celle) | set(self.errori) | self.non_calcolate

    def ultima_riga(self) -> int:
        return max((riga for riga, _ in self.piene()), default=0)

    def testo(self, riga: int, colonna: int) -> str:
        """The cell as text, as a person sees it in an Italian spreadsheet ("" when empty)."""
        posto = (riga, colonna)
        return in_testo(self.celle.get(posto, ""), posto in self.percentuali)

    def segna_modello(self, *posti: Posto) -> None:
        """Account for cells that belong to the template itself (labels, headings, formulas)."""
        self.del_modello.update(posto for posto in posti if posto in self.piene())

    def non_lette(self) -> list[Posto]:
        return sorted(self.piene() - self.lette - self.del_modello)


@dataclass(frozen=True)
class Cartella:
    """A workbook read whole: sheets by name, custom document properties, SHA-256 of the file."""

    file: str
    fogli: dict[str, Foglio]
    proprieta: dict[str, str]
    sha256: str


def indirizzo(riga: int, colonna: int) -> str:
    """(7, 5) -> "E7"."""
    lettere = ""
    while colonna:
        colonna, resto = divmod(colonna - 1, 26)
        lettere = chr(65 + resto) + lettere
    return f"{lettere}{riga}"


def in_testo(valore: Any, percentuale: bool = False) -> str:
    """A cell's value as Italian text: 42.0 -> "42", 0.6452 shown as % -> "64,52%"."""
    if isinstance(valore, str):
        return valore
    if isinstance(valore, bool):
        return "VERO" if valore else "FALSO"
    if isinstance(valore, int | float) and math.isfinite(valore):
        numero = numeri.decimale(valore)
        return numeri.numero(numero * 100) + "%" if percentuale else numeri.numero(numero)
    if isinstance(valore, datetime):
        giorno = valore.strftime("%d/%m/%Y")
        return giorno if valore.time() == time() else f"{giorno} {valore:%H:%M}"
    if isinstance(valore, date):
        return valore.strftime("%d/%m/%Y")
    if isinstance(valore, time):
        return valore.strftime("%H:%M")
    if isinstance(valore, timedelta):
        minuti = round(valore.total_seconds() / 60)
        return f"{minuti // 60}:{minuti % 60:02d}"
    return str(valore)


def in_numero(valore: Any, percentuale: bool) -> Decimal | None:
    """A numeric cell as a decimal number (98 % typed as a percentage is 98), None if it is not one."""
    if isinstance(valore, bool) or not isinstance(valore, int | float) or not math.isfinite(valore):
        return None
    numero = numeri.decimale(valore)
    return numero * 100 if percentuale else numero


def ripulisci(testo: str) -> tuple[str, bool]:
    """Text without control characters, line breaks as "\\n"; and whether anything was taken out."""
    piano = testo.replace("\r\n", "\n").replace("\r", "\n")
    pulito = _CONTROLLO.sub("", piano)
    return pulito, pulito != piano


def apri(percorso: Path) -> Cartella:
    """Read a workbook after the guard has passed it.

    Raises FileRifiutato for anything that is not a sound, plain .xlsx within the caps.
    """
    nome = percorso.name
    sha256, dati = _impronta(percorso)
    segni, proprieta = _guardia(percorso, dati)
    try:
        griglie = pd.read_excel(
            percorso,
            sheet_name=None,
            header=None,
            dtype=object,
            na_filter=False,
            keep_default_na=False,
            engine="calamine",
        )
    except Exception as errore:  # the reader has no common exception; the file is at fault
        raise _rifiuta("F03", nome, "il contenuto non si può leggere") from errore
    for titolo, griglia in griglie.items():
        foglio = segni.setdefault(str(titolo), Foglio(str(titolo)))
        foglio.celle = dict(_celle(griglia))
        for posto in foglio.errori:
            foglio.celle.pop(posto, None)
    return Cartella(nome, {str(t): segni[str(t)] for t in griglie}, proprieta, sha256)


def _celle(griglia: pd.DataFrame) -> Iterator[tuple[Posto, Any]]:
    for riga, valori in enumerate(griglia.itertuples(index=False, name=None), start=1):
        for colonna, valore in enumerate(valori, start=1):
            if not isinstance(valore, str) or valore.strip():
                yield (riga, colonna), valore


def _rifiuta(codice: str, file: str, dettaglio: str = "") -> FileRifiutato:
    return FileRifiutato(Rilievo(codice, file, dati={"dettaglio": dettaglio}))


def _impronta(percorso: Path) -> tuple[str, bytes]:
    """SHA-256 and first bytes of a file of acceptable size."""
    try:
        peso = percorso.stat().st_size
        if peso > MAX_FILE:
            limite = f"pesa {-(-peso // 2**20)} MB, il limite è {MAX_FILE // 2**20}"
            raise _rifiuta("F04", percorso.name, limite)
        contenuto = percorso.read_bytes()
    except OSError as errore:
        perche = "non si può aprire, forse è in uso in un altro programma"
        raise _rifiuta("F03", percorso.name, perche) from errore
    return hashlib.sha256(contenuto).hexdigest(), contenuto[:512]


def _guardia(percorso: Path, inizio: bytes) -> tuple[dict[str, Foglio], dict[str, str]]:
    nome = percorso.name
    if not inizio:
        raise _rifiuta("F01", nome, "è vuoto")
    if inizio.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in percorso.read_bytes():
            raise _rifiuta("F02", nome)
        raise _rifiuta("F01", nome, "è nel vecchio formato .xls")
    if not inizio.startswith(b"PK"):
        raise _rifiuta("F01", nome, _che_cosa(inizio))
    try:
        with zipfile.ZipFile(percorso) as archivio:
            _entro_i_limiti(archivio, nome)
            return _esamina(archivio, nome)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as errore:
        raise _rifiuta("F03", nome, "l'archivio non è completo") from errore
    except (etree.XMLSyntaxError, ValueError) as errore:
        raise _rifiuta("F03", nome, "una sua parte non è leggibile") from errore


def _che_cosa(inizio: bytes) -> str:
    testo = inizio.lstrip().lower()
    if testo.startswith((b"<!doctype html", b"<html", b"<table")):
        return "è una pagina web salvata con il nome di una cartella"
    if testo.startswith(b"%pdf"):
        return "è un PDF"
    return "ha un altro contenuto, per esempio testo o CSV"


def _entro_i_limiti(archivio: zipfile.ZipFile, nome: str) -> None:
    parti = archivio.infolist()
    if len(parti) > MAX_PARTI:
        raise _rifiuta("F04", nome, f"contiene {len(parti)} parti, il limite è {MAX_PARTI}")
    aperto = 0
    for parte in parti:
        if parte.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _rifiuta("F03", nome, "è compresso in un modo che Excel non usa")
        with archivio.open(parte) as flusso:
            while blocco := flusso.read(1 << 20):
                aperto += len(blocco)
                if aperto > MAX_APERTO:
                    raise _rifiuta("F04", nome, f"una volta aperto supera {MAX_APERTO // 2**20} MB")


def _esamina(archivio: zipfile.ZipFile, nome: str) -> tuple[dict[str, Foglio], dict[str, str]]:
    """Look at every sheet the reader will see; anything the guard cannot follow is refused."""
    if "xl/workbook.xml" not in archivio.namelist():
        raise _rifiuta("F01", nome, "è un archivio di un altro programma (.docx, .ods, .zip)")
    libro = _xml(archivio, "xl/workbook.xml", nome)
    if libro.tag != f"{_M}workbook":
        raise _rifiuta("F01", nome, "è in una variante del formato («Strict Open XML»)")
    relazioni = {
        nodo.get("Id", ""): nodo.get("Target", "")
        for nodo in _xml(archivio, "xl/_rels/workbook.xml.rels", nome)
    }
    fogli_xml = list(libro.iterfind("m:sheets/m:sheet", _NS))
    if len(fogli_xml) > MAX_FOGLI:
        raise _rifiuta("F04", nome, f"ha {len(fogli_xml)} fogli, il limite è {MAX_FOGLI}")
    esame = _Esame(nome, _stili_percentuali(archivio, nome), _lunghezze(archivio, nome))
    for nodo in fogli_xml:
        meta = relazioni.get(nodo.get(f"{{{_NS['r']}}}id", ""), "")
        parte = posixpath.normpath(posixpath.join("/xl", meta)).lstrip("/")
        if parte not in archivio.namelist() or nodo.get("name", "") in esame.fogli:
            raise _rifiuta("F03", nome, "l'elenco dei fogli non corrisponde al contenuto")
        esame.foglio(archivio, parte, nodo.get("name", ""))
    return esame.fogli, _proprieta(archivio, nome)


def _xml(archivio: zipfile.ZipFile, parte: str, nome: str) -> etree._Element:
    try:
        contenuto = archivio.read(parte)
    except KeyError as errore:
        raise _rifiuta("F03", nome, "manca una sua parte essenziale") from errore
    _senza_dtd(contenuto[:2048], nome)
    return etree.fromstring(contenuto, etree.XMLParser(resolve_entities=False, no_network=True))


def _senza_dtd(inizio: bytes, nome: str) -> None:
    if b"<!DOCTYPE" in inizio or b"<!ENTITY" in inizio:
        raise _rifiuta("F03", nome, "contiene definizioni che una cartella Excel non ha")


def _stili_percentuali(archivio: zipfile.ZipFile, nome: str) -> set[int]:
    """Indexes of the cell styles whose number format shows a percentage."""
    if "xl/styles.xml" not in archivio.namelist():
        return set()
    stili = _xml(archivio, "xl/styles.xml", nome)
    formati = set(_FORMATI_PERCENTUALI)
    for nodo in stili.iterfind("m:numFmts/m:numFmt", _NS):
        if "%" in re.sub(r'"[^"]*"|\\.', "", nodo.get("formatCode", "")):
            formati.add(int(nodo.get("numFmtId", "0")))
    return {
        indice
        for indice, nodo in enumerate(stili.iterfind("m:cellXfs/m:xf", _NS))
        if int(nodo.get("numFmtId", "0")) in formati
    }


def _lunghezze(archivio: zipfile.ZipFile, nome: str) -> list[int]:
    """How long each shared text is: one long text used in many cells fills the memory."""
    if "xl/sharedStrings.xml" not in archivio.namelist():
        return []
    lunghezze = []
    with archivio.open("xl/sharedStrings.xml") as flusso:
        _senza_dtd(flusso.read(2048), nome)
    with archivio.open("xl/sharedStrings.xml") as flusso:
        for _, nodo in etree.iterparse(flusso, tag=f"{_M}si", resolve_entities=False, no_network=True):
            lunghezze.append(sum(len(str(testo)) for testo in nodo.itertext()))
            _sfronda(nodo)
    return lunghezze


def _sfronda(nodo: etree._Element) -> None:
    """Forget an element already looked at, so that memory does not grow with the file."""
    nodo.clear()
    padre = nodo.getparent()
    while padre is not None and nodo.getprevious() is not None:
        del padre[0]


@dataclass
class _Esame:
    """The look at the sheets of one file, with what is counted over all of them."""

    nome: str
    percentuali: set[int]
    lunghezze: list[int]
    fogli: dict[str, Foglio] = field(default_factory=dict)
    celle: int = 0
    caratteri: int = 0

    def foglio(self, archivio: zipfile.ZipFile, parte: str, titolo: str) -> None:
        self.fogli[titolo] = Foglio(titolo)
        with archivio.open(parte) as flusso:
            _senza_dtd(flusso.read(2048), self.nome)
        riga = colonna = righe = 0
        with archivio.open(parte) as flusso:
            eventi = etree.iterparse(
                flusso,
                events=("start", "end"),
                tag=(f"{_M}row", f"{_M}c"),
                resolve_entities=False,
                no_network=True,
            )
            for evento, nodo in eventi:
                if nodo.tag == f"{_M}c":
                    if evento == "end":
                        riga, colonna = self._posto(nodo.get("r"), riga, colonna + 1)
                        self._annota(self.fogli[titolo], nodo, (riga, colonna))
                elif evento == "start":
                    riga, colonna, righe = int(nodo.get("r", riga + 1)), 0, righe + 1
                    if righe > MAX_RIGHE_XML:
                        raise _rifiuta("F04", self.nome, f"il foglio «{titolo}» ha troppe righe")
                else:
                    _sfronda(nodo)
        if eventi.root is None or not str(eventi.root.tag).startswith(_M):
            raise _rifiuta("F03", self.nome, f"il foglio «{titolo}» non è quello di una cartella")

    def _posto(self, riferimento: str | None, riga: int, colonna: int) -> Posto:
        """Where a cell is: its reference, or next to the one before when it has none."""
        if riferimento is None:
            return riga, colonna
        trovato = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", riferimento)
        if not trovato:
            raise _rifiuta("F03", self.nome, "una cella ha un indirizzo impossibile")
        numero = 0
        for lettera in trovato[1]:
            numero = numero * 26 + ord(lettera) - 64
        return int(trovato[2]), numero

    def _annota(self, foglio: Foglio, nodo: etree._Element, posto: Posto) -> None:
        valore = nodo.find(f"{_M}v")
        formula = nodo.find(f"{_M}f")
        if valore is None and formula is None and nodo.find(f"{_M}is") is None:
            return
        if posto[0] > MAX_RIGHE or posto[1] > MAX_COLONNE:
            dove = indirizzo(*posto)
            raise FileRifiutato(Rilievo("F05", self.nome, foglio.nome, dove, {"dettaglio": dove}))
        tipo = nodo.get("t", "n")
        self._conta(tipo, "" if valore is None else valore.text or "")
        if formula is not None:
            foglio.formule.add(posto)
            if tipo != "str" and (valore is None or not valore.text):
                foglio.non_calcolate.add(posto)
        if tipo == "e" and valore is not None:
            errore = valore.text or ""
            foglio.errori[posto] = ERRORI.get(errore, errore)
        elif tipo == "n" and int(nodo.get("s", "0")) in self.percentuali:
            foglio.percentuali.add(posto)

    def _conta(self, tipo: str, valore: str) -> None:
        self.celle += 1
        condiviso = tipo == "s" and valore.isascii() and valore.isdigit()
        if condiviso and int(valore) < len(self.lunghezze):
            self.caratteri += self.lunghezze[int(valore)]
        if self.celle > MAX_CELLE or self.caratteri > MAX_CARATTERI:
            raise _rifiuta("F04", self.nome, "ha troppe celle piene, o testi troppo lunghi")


def _proprieta(archivio: zipfile.ZipFile, nome: str) -> dict[str, str]:
    if "docProps/custom.xml" not in archivio.namelist():
        return {}
    return {
        nodo.get("name", ""): "".join(str(testo) for testo in nodo.itertext())
        for nodo in _xml(archivio, "docProps/custom.xml", nome)
    }
