"""The zipped file a workbook is made of, looked through before any parser does.

Whatever would cost more than a few seconds, or be read in one way by us and in another by the parser
(two parts of one name, parts that overlap), is refused here. Every reader gets the XML as UTF-8.
"""

import codecs
import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.parsers import expat

from lxml import etree

from pipeline.rilievi import Rilievo
from pipeline.workbooks import natura
from pipeline.workbooks.grid import FileRifiutato, Foglio, Posto, indirizzo, rifiuto

MAX_FILE = 20 * 2**20
MAX_APERTO = 100 * 2**20
MAX_PARTI = 2_000
MAX_ALBERO = 5 * 2**20
MAX_PEZZO = 2**20
PASSO = 2**20
MAX_FOGLI = 150
MAX_ELEMENTI = 2_000_000
MAX_PROFONDITA = 100
MAX_RIGHE = 10_000
MAX_COLONNE = 256
MAX_CELLE = 60_000
MAX_SBLOCCATE = 200_000
MAX_AREA = 3_000_000
MAX_CARATTERI = 5_000_000
MAX_CONDIVISI = 200_000

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_TESTA_LOCALE = 30
_BLOCCO = 1 << 16
_CIFRATA = 0x1

_CODIFICA = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_DICHIARAZIONE = re.compile(r"\A\ufeff?<\?xml[^>]*\?>")
_UTF16 = {
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
"""How a part in UTF-16 begins. Source: XML 1.0, appendix F."""
_A_BYTE = re.compile(r"utf-8$|ascii$|iso8859-|cp125|mac-")
"""The other encodings that programs have written XML in, as Python calls them."""

TESTA = re.compile(r"\ufeff?(?:<\?xml[^<>]*>)?\s*(<([^\s<>/]+)[^<>]*>)")
"""How a part begins: with the tag of its root, that has a name."""
CAMBIATI = "\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff"
"""The characters that XML changes, or has not."""

_DEFINIZIONI = b"<!DOCTYPE"
"""Where definitions begin, in UTF-8; the same words in a text of ours cost one more pass."""
_LETTORE = etree.XMLParser(resolve_entities=False, no_network=True)
MALFORMATO = (etree.XMLSyntaxError, ElementTree.ParseError, expat.ExpatError)
"""How each of the three readers says that a part is no XML."""


@dataclass(frozen=True)
class Parti:
    """Parts of XML by their names; `nome` is that of the file they come from, for the findings."""

    nome: str
    pronte: dict[str, bytes]
    _alberi: dict[str, etree._Element] = field(default_factory=dict, init=False)

    def _tutte(self) -> Iterable[str]:
        return self.pronte

    def _estrai(self, nome: str) -> bytes:
        return self.pronte[nome]

    @cached_property
    def _nomi(self) -> dict[str, str]:
        return {chiave(nome): nome for nome in self._tutte()}

    def ha(self, parte: str) -> bool:
        """Whether there is a part of this name, whatever its capitals."""
        return chiave(parte) in self._nomi

    def leggi(self, parte: str) -> bytes:
        """A part of XML, as UTF-8. Raises FileRifiutato if it is not there, or not in its encoding."""
        if not self.ha(parte):
            raise rifiuto("F03", self.nome, "manca una sua parte essenziale")
        return _in_utf8(self.nome, self._estrai(self._nomi[chiave(parte)]))

    def scorri(self, parte: str, analizzatore: "expat.XMLParserType") -> None:
        """Pass over a part.

        A single tag or comment of many megabytes makes expat start it again at every block.
        """
        contenuto = memoryview(self.leggi(parte))
        for inizio in range(0, len(contenuto), _BLOCCO):
            analizzatore.Parse(contenuto[inizio : inizio + _BLOCCO], False)
            if inizio + _BLOCCO - analizzatore.CurrentByteIndex > MAX_PEZZO:
                raise rifiuto("F03", self.nome, "una sua parte non è leggibile")
        analizzatore.Parse(b"", True)

    def cresce(self, parte: str) -> Iterator[tuple[ElementTree.Element, bool]]:
        """A part as a tree that grows: what holds its root, block after block, and whether it is whole.
        Who looks takes away what is over (`finiti`): no tree of a large part need fit in the memory.

        expat builds it in C, which costs a third of calling back for every element. Definitions, and
        tags that would be started again at every block, are refused before.
        """
        contenuto = self.leggi(parte)
        if len(contenuto) > MAX_PEZZO or _DEFINIZIONI in contenuto:
            self.scorri(parte, analizzatore(self.nome))
        costruttore = ElementTree.TreeBuilder()
        intorno = costruttore.start("", {})
        lettore = ElementTree.XMLParser(target=costruttore)
        for inizio in range(0, len(contenuto), PASSO):
            lettore.feed(contenuto[inizio : inizio + PASSO])
            if inizio + PASSO < len(contenuto):
                yield intorno, False
        lettore.close()
        yield intorno, True

    def albero(self, parte: str) -> etree._Element:
        """A small part as a tree, always the same one: it is for reading only."""
        if parte in self._alberi:
            return self._alberi[parte]
        contenuto = self.leggi(parte)
        if len(contenuto) > MAX_ALBERO:
            raise rifiuto("F04", self.nome, "una sua parte di servizio è enorme")
        if _DEFINIZIONI in contenuto:
            analizzatore(self.nome).Parse(contenuto, True)  # refuses them before a tree is built
        self._alberi[parte] = etree.fromstring(contenuto, _LETTORE)
        return self._alberi[parte]

    def salvato(self, parte: str, creazione: str, salvataggio: str) -> str:
        """The day on which a person saved the file, as "31/12/2024", from the elements of a part of
        service; "" when it is not said, or the file is as a program made it."""
        creato, salvato = self._data(parte, creazione), self._data(parte, salvataggio)
        return "" if salvato == creato else salvato

    def _data(self, parte: str, elemento: str) -> str:
        testo = self.albero(parte).findtext(f".//{elemento}") if self.ha(parte) else None
        trovata = re.match(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", testo or "")
        return "/".join(reversed(trovata.groups())) if trovata else ""


@dataclass(frozen=True)
class Archivio(Parti):
    """The parts of a file that has passed the guard. `pronte` are those that need not be taken out of
    the zip again, as they stand in it."""

    contenuto: bytes
    zip: zipfile.ZipFile

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.contenuto).hexdigest()

    def _tutte(self) -> Iterable[str]:
        return self.zip.NameToInfo

    def _estrai(self, nome: str) -> bytes:
        return self.pronte.get(nome) or self.zip.read(nome)


def finiti(elemento: ElementTree.Element, intero: bool) -> list[ElementTree.Element]:
    """What is over in an element of a tree that grows: all, or all but the last, and is taken away."""
    if intero:
        return list(elemento)
    trovati = elemento[:-1]
    del elemento[:-1]
    return trovati


@lru_cache(maxsize=256)  # asked over and over, of the same parts
def chiave(nome: str) -> str:
    """What tells the parts of an archive apart: neither capitals nor %20 do (ECMA-376, part 2)."""
    return unquote(nome).casefold()


@lru_cache(maxsize=64)  # of many parts, few beginnings
def _codifica(inizio: bytes) -> str:
    """The encoding of a part of XML, as Python calls it; one that is not in use raises LookupError."""
    for segno, codifica in _UTF16.items():
        if inizio.startswith(segno):
            return codifica
    dichiarata = _CODIFICA.match(inizio.removeprefix(codecs.BOM_UTF8))
    codifica = codecs.lookup(dichiarata[1].decode()).name if dichiarata else "utf-8"
    if not _A_BYTE.match(codifica):
        raise LookupError(codifica)
    return codifica


def _in_utf8(nome: str, contenuto: bytes) -> bytes:
    """calamine reads no other encoding, and expat and lxml do not know the same ones."""
    try:
        codifica = _codifica(contenuto[:200].partition(b">")[0])
        testo = contenuto.decode(codifica)
    except LookupError as errore:
        perche = "una sua parte dice di essere in una codifica che i file di Excel non usano"
        raise rifiuto("F03", nome, perche) from errore
    except UnicodeDecodeError as errore:
        perche = f"una sua parte non è scritta nella codifica che dice ({errore.encoding})"
        raise rifiuto("F03", nome, perche) from errore
    return contenuto if codifica == "utf-8" else _DICHIARAZIONE.sub("", testo, count=1).encode()


def leggi_file(percorso: Path) -> bytes:
    """The bytes of a file, never more than MAX_FILE. Raises FileRifiutato."""
    try:
        peso = percorso.stat().st_size
        if peso > MAX_FILE:
            limite = f"pesa {-(-peso // 2**20)} MB, il limite è {MAX_FILE // 2**20}"
            raise rifiuto("F04", percorso.name, limite)
        with percorso.open("rb") as flusso:
            return flusso.read(MAX_FILE)
    except OSError as errore:
        perche = (
            "non si riesce ad aprirlo: è in uso in un altro programma, o manca il permesso di leggerlo"
        )
        rimedio = "Chiuderlo dove è aperto, oppure farsi dare il permesso di leggerlo, e ripetere."
        dati = {"dettaglio": perche, "rimedio": rimedio}
        raise FileRifiutato(Rilievo("F18", percorso.name, dati=dati)) from errore


@contextmanager
def aperto(nome: str, contenuto: bytes) -> Iterator[Archivio]:
    """The archive within its limits. Raises FileRifiutato, also for what breaks while it is in use."""
    _e_uno_zip(nome, contenuto)
    try:
        with zipfile.ZipFile(BytesIO(contenuto)) as pacco:
            _in_ordine(pacco, nome)
            yield Archivio(nome, _entro_i_limiti(pacco, nome), contenuto, pacco)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, struct.error) as errore:
        raise rifiuto("F03", nome, "l'archivio non è completo") from errore
    except (*MALFORMATO, ValueError, OverflowError) as errore:
        raise rifiuto("F03", nome, "una sua parte non è leggibile") from errore


def _e_uno_zip(nome: str, contenuto: bytes) -> None:
    if contenuto.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in contenuto:
        raise rifiuto("F02", nome)
    if not contenuto.startswith(b"PK"):
        raise FileRifiutato(natura.rilievo(nome, natura.riconosci(contenuto)))


def _in_ordine(pacco: zipfile.ZipFile, nome: str) -> None:
    """Every part in its own place under its own name, as any program that zips leaves them."""
    parti = pacco.infolist()
    if len(parti) > MAX_PARTI:
        raise rifiuto("F04", nome, f"contiene {len(parti)} parti, il limite è {MAX_PARTI}")
    if any(parte.flag_bits & _CIFRATA for parte in parti):
        raise rifiuto("F02", nome)
    if any(p.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for p in parti):
        raise rifiuto("F03", nome, "è compresso in un modo che Excel non usa")
    nomi = [parte.orig_filename for parte in parti]
    strani = any("\\" in n or "\0" in n or n.startswith("/") or ".." in n.split("/") for n in nomi)
    if strani or len({chiave(n) for n in nomi}) < len(nomi):
        raise rifiuto("F03", nome, "i nomi delle sue parti non sono quelli di un file Excel")
    fine = 0
    for parte in sorted(parti, key=lambda parte: parte.header_offset):
        if parte.header_offset < fine:
            raise rifiuto("F03", nome, "le sue parti si sovrappongono")
        fine = parte.header_offset + _TESTA_LOCALE + len(parte.orig_filename) + parte.compress_size
    if fine > pacco.start_dir:
        raise rifiuto("F03", nome, "l'archivio non è completo")


def _entro_i_limiti(pacco: zipfile.ZipFile, nome: str) -> dict[str, bytes]:
    """Open every part to the end: the size it declares may be false, and so may its checksum.

    Returns the parts that are small, not to open them twice.
    """
    spazio, piccole = 0, {}
    for parte in pacco.infolist():
        with pacco.open(parte) as flusso:
            if parte.file_size <= MAX_PEZZO:
                piccole[parte.filename] = flusso.read()
                spazio += len(piccole[parte.filename])
            while blocco := flusso.read(1 << 20):
                spazio += len(blocco)
                if spazio > MAX_APERTO:
                    raise rifiuto("F04", nome, f"una volta aperto supera {MAX_APERTO // 2**20} MB")
    return piccole


def analizzatore(nome: str) -> "expat.XMLParserType":
    """An XML reader that builds nothing and refuses definitions (entity bombs)."""

    def definizioni(*_: object) -> None:
        raise rifiuto("F03", nome, "contiene definizioni che un file Excel non ha")

    lettore = expat.ParserCreate(namespace_separator=" ")
    lettore.buffer_text = True
    lettore.StartDoctypeDeclHandler = definizioni
    return lettore


@dataclass
class Conti:
    """What is counted over all the sheets of one file."""

    nome: str
    fogli: int = 0
    elementi: int = 0
    al_pezzo: int = 0
    fermo: int = 0
    celle: int = 0
    caratteri: int = 0
    area: int = 0
    celle_unite: int = 0
    sbloccate: int = 0
    testi_condivisi: int = 0
    caratteri_condivisi: int = 0

    def un_foglio(self) -> None:
        self.fogli += 1
        if self.fogli > MAX_FOGLI:
            raise rifiuto("F04", self.nome, f"ha più di {MAX_FOGLI} fogli")

    def elementi_in_piu(self, quanti: int) -> None:
        self.elementi += quanti
        if self.elementi > MAX_ELEMENTI:
            raise rifiuto("F04", self.nome, "ha troppe righe o celle, anche se vuote")

    def un_elemento(self, profondita: int) -> None:
        self.elementi_in_piu(1)
        if profondita > MAX_PROFONDITA:
            raise rifiuto("F03", self.nome, "un foglio non è quello di un file Excel")

    def un_pezzo(self) -> None:
        """One more block of a tree that grows. Where for some of them no element is over, one is longer
        than all texts may be, and all of it is in the memory."""
        self.fermo = self.fermo + 1 if self.elementi == self.al_pezzo else 0
        self.al_pezzo = self.elementi
        if self.fermo * PASSO > MAX_CARATTERI:
            raise self._troppo()

    def piene(self, celle: int, caratteri: int) -> None:
        self.celle += celle
        self.caratteri += caratteri
        if self.celle > MAX_CELLE or self.caratteri > MAX_CARATTERI:
            raise self._troppo()

    def _troppo(self) -> FileRifiutato:
        return rifiuto("F04", self.nome, "ha troppe celle piene, o testi troppo lunghi")

    def condivisi_in_piu(self, testi: int, caratteri: int) -> None:
        """Texts kept once for many cells are all in the memory, used or not."""
        self.testi_condivisi += testi
        self.caratteri_condivisi += caratteri
        if self.testi_condivisi > MAX_CONDIVISI or self.caratteri_condivisi > MAX_CARATTERI:
            raise rifiuto("F04", self.nome, "ha troppi testi, o troppo lunghi")

    def dentro(self, foglio: Foglio, posto: Posto) -> None:
        """A filled cell must not be far away from the form."""
        if posto[0] > MAX_RIGHE or posto[1] > MAX_COLONNE:
            dove = indirizzo(*posto)
            raise rifiuto("F05", self.nome, dove, foglio.nome, dove)

    def unite(self, foglio: Foglio, capo: Posto, ultima: int) -> None:
        """Note the cells merged under `capo` down to a row, as far as a form may go."""
        sotto = range(capo[0] + 1, min(ultima, MAX_RIGHE) + 1)
        self.celle_unite += len(sotto)
        if self.celle_unite > MAX_CELLE:
            raise rifiuto("F04", self.nome, "unisce troppe celle")
        foglio.unite.update({(riga, capo[1]): capo for riga in sotto})

    def sbloccate_in_piu(self, foglio: Foglio, posti: Collection[Posto]) -> bool:
        """Note cells in which one can write, unless there are more than in any form."""
        self.sbloccate += len(posti)
        if self.sbloccate <= MAX_SBLOCCATE:
            foglio.sbloccate.update(posti)
        return self.sbloccate <= MAX_SBLOCCATE

    def un_area(self, righe: int, colonne: int) -> None:
        """The reader allocates every cell of a sheet up to its last row and column."""
        self.area += righe * colonne
        if self.area > MAX_AREA:
            raise rifiuto("F04", self.nome, "ha troppi fogli con celle lontane fra loro")
