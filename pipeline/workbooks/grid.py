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
from typing import IO, Any
from xml.parsers import expat

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
MAX_AREA = 3_000_000
MAX_CARATTERI = 20_000_000
MAX_RIGHE_XML = 1_048_576
MAX_PROFONDITA = 100

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_NS = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "p": "http://schemas.openxmlformats.org/package/2006/relationships",
}
_M = f"{{{_NS['m']}}}"
_ROW, _C, _V, _F, _IS, _SI, _UNITA = (
    f"{_NS['m']} {nome}" for nome in ("row", "c", "v", "f", "is", "si", "mergeCell")
)
_CONTROLLO = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
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
    unite: dict[Posto, Posto] = field(default_factory=dict)
    """Of cells merged downwards: each of the first column below the top one -> the top one."""

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
    except (etree.XMLSyntaxError, expat.ExpatError, ValueError) as errore:
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
    lunghezze: list[int] = []

    def inizio(elemento: str, _: dict[str, str]) -> None:
        if elemento == _SI:
            lunghezze.append(0)

    def testo(caratteri: str) -> None:
        if lunghezze:
            lunghezze[-1] += len(caratteri)

    if "xl/sharedStrings.xml" in archivio.namelist():
        lettore = _lettore(nome)
        lettore.StartElementHandler = inizio
        lettore.CharacterDataHandler = testo
        with archivio.open("xl/sharedStrings.xml") as flusso:
            lettore.ParseFile(flusso)
    return lunghezze


def _lettore(nome: str) -> "expat.XMLParserType":
    """An XML reader that builds nothing and refuses definitions (entity bombs)."""

    def definizioni(*_: object) -> None:
        raise _rifiuta("F03", nome, "contiene definizioni che una cartella Excel non ha")

    lettore = expat.ParserCreate(namespace_separator=" ")
    lettore.buffer_text = True
    lettore.StartDoctypeDeclHandler = definizioni
    return lettore


@dataclass
class _Esame:
    """The look at the sheets of one file, with what is counted over all of them."""

    nome: str
    percentuali: set[int]
    lunghezze: list[int]
    fogli: dict[str, Foglio] = field(default_factory=dict)
    celle: int = 0
    caratteri: int = 0
    area: int = 0

    def foglio(self, archivio: zipfile.ZipFile, parte: str, titolo: str) -> None:
        self.fogli[titolo] = Foglio(titolo)
        passaggio = _Passaggio(self, self.fogli[titolo])
        with archivio.open(parte) as flusso:
            passaggio.percorri(flusso)
        self.area += passaggio.righe * passaggio.colonne
        if self.area > MAX_AREA:
            raise _rifiuta("F04", self.nome, "ha troppi fogli con celle lontane fra loro")

    def conta(self, tipo: str, valore: str) -> None:
        self.celle += 1
        condiviso = tipo == "s" and valore.isascii() and valore.isdigit()
        if condiviso and int(valore) < len(self.lunghezze):
            self.caratteri += self.lunghezze[int(valore)]
        if self.celle > MAX_CELLE or self.caratteri > MAX_CARATTERI:
            raise _rifiuta("F04", self.nome, "ha troppe celle piene, o testi troppo lunghi")


class _Passaggio:
    """One pass over the XML of a sheet: where its filled cells are, and what the reader cannot tell."""

    def __init__(self, esame: _Esame, foglio: Foglio) -> None:
        self.esame, self.foglio = esame, foglio
        self.righe = self.colonne = self.righe_xml = self.profondita = 0
        self.posto: Posto = (0, 0)
        self.attributi: dict[str, str] = {}
        self.figli: set[str] = set()
        self.valore: list[str] = []
        self.radice = ""

    def percorri(self, flusso: IO[bytes]) -> None:
        lettore = _lettore(self.esame.nome)
        lettore.StartElementHandler = self.inizio
        lettore.EndElementHandler = self.fine
        lettore.CharacterDataHandler = self.testo
        lettore.ParseFile(flusso)

    def inizio(self, elemento: str, attributi: dict[str, str]) -> None:
        self.profondita += 1
        if self.profondita > MAX_PROFONDITA:
            raise self._guasto(f"il foglio «{self.foglio.nome}» non è quello di una cartella")
        if not self.radice:
            self.radice = elemento
            if not elemento.startswith(_NS["m"] + " "):
                raise self._guasto(f"il foglio «{self.foglio.nome}» non è quello di una cartella")
        if elemento == _C:
            self.posto = self._posto(attributi.get("r"))
            self.attributi, self.figli, self.valore = attributi, set(), []
        elif elemento == _ROW:
            self.posto = (int(attributi.get("r", self.posto[0] + 1)), 0)
            self.righe_xml += 1
            if self.righe_xml > MAX_RIGHE_XML:
                raise _rifiuta("F04", self.esame.nome, "un foglio ha troppe righe")
        elif elemento == _UNITA:
            self._unisci(attributi.get("ref", ""))
        else:
            self.figli.add(elemento)

    def testo(self, caratteri: str) -> None:
        if _V in self.figli:
            self.valore.append(caratteri)

    def fine(self, elemento: str) -> None:
        self.profondita -= 1
        if elemento == _C and self.figli & {_V, _F, _IS}:
            self._annota("".join(self.valore))

    def _unisci(self, riferimento: str) -> None:
        """Note cells merged downwards; a reference that makes no sense merges nothing."""
        trovato = re.fullmatch(r"([A-Z]{1,3}[1-9][0-9]{0,6}):([A-Z]{1,3}[1-9][0-9]{0,6})", riferimento)
        if trovato:
            capo, (ultima, _) = self._posto(trovato[1]), self._posto(trovato[2])
            sotto = range(capo[0] + 1, min(ultima, MAX_RIGHE) + 1)
            if len(self.foglio.unite) + len(sotto) > MAX_CELLE:
                raise _rifiuta("F04", self.esame.nome, "unisce troppe celle")
            self.foglio.unite.update({(riga, capo[1]): capo for riga in sotto})

    def _guasto(self, perche: str) -> FileRifiutato:
        return _rifiuta("F03", self.esame.nome, perche)

    def _posto(self, riferimento: str | None) -> Posto:
        """Where a cell is: its reference, or next to the one before when it has none."""
        if riferimento is None:
            return self.posto[0], self.posto[1] + 1
        trovato = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", riferimento)
        if not trovato:
            raise self._guasto("una cella ha un indirizzo impossibile")
        numero = 0
        for lettera in trovato[1]:
            numero = numero * 26 + ord(lettera) - 64
        return int(trovato[2]), numero

    def _annota(self, valore: str) -> None:
        riga, colonna = self.posto
        foglio, tipo = self.foglio, self.attributi.get("t", "n")
        if riga > MAX_RIGHE or colonna > MAX_COLONNE:
            dove = indirizzo(riga, colonna)
            raise FileRifiutato(Rilievo("F05", self.esame.nome, foglio.nome, dove, {"dettaglio": dove}))
        self.righe, self.colonne = max(self.righe, riga), max(self.colonne, colonna)
        self.esame.conta(tipo, valore)
        if _F in self.figli:
            foglio.formule.add(self.posto)
            if tipo != "str" and not valore:
                foglio.non_calcolate.add(self.posto)
        if tipo == "e" and _V in self.figli:
            foglio.errori[self.posto] = ERRORI.get(valore, valore)
        elif tipo == "n" and int(self.attributi.get("s", "0")) in self.esame.percentuali:
            foglio.percentuali.add(self.posto)


def _proprieta(archivio: zipfile.ZipFile, nome: str) -> dict[str, str]:
    if "docProps/custom.xml" not in archivio.namelist():
        return {}
    return {
        nodo.get("name", ""): "".join(str(testo) for testo in nodo.itertext())
        for nodo in _xml(archivio, "docProps/custom.xml", nome)
    }
