"""A LibreOffice workbook (.ods) -> the same grids that its .xlsx would give.

One pass over content.xml reads everything. calamine is not used: from .ods it drops tabs and line
breaks inside a paragraph, mixes the comments of a cell into its text, and never ends on a cut file.

What a cell shows is in its paragraphs, beside its value: `mostrato` decides what the two together say.
What OpenDocument does not say: whether 9:05 is a time of day or a duration (less than a day reads as
a time of day). Everything else reads as from .xlsx. Source: OpenDocument 1.3, part 3.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any

from pipeline.rilievi import Rilievo
from pipeline.workbooks import contorno
from pipeline.workbooks.archivio import MAX_COLONNE, Archivio, Conti, analizzatore
from pipeline.workbooks.aspetto import Aspetto, data_iso
from pipeline.workbooks.grid import (
    BARRATO,
    ERRORI,
    Cartella,
    FileRifiutato,
    Foglio,
    Posto,
    Tratto,
    rifiuto,
)
from pipeline.workbooks.mostrato import LOGICI, come_percentuale, da_mostrato

_MANIFESTO = "META-INF/manifest.xml"
_TIPO = re.compile("application/(x-)?vnd[.]oasis[.]opendocument[.]spreadsheet(-template)?")
_OFFICE, _TABLE, _TEXT, _DRAW, _META, _MANIFEST, _STYLE = (
    f"urn:oasis:names:tc:opendocument:xmlns:{nome}:1.0"
    for nome in ("office", "table", "text", "drawing", "meta", "manifest", "style")
)
_SALVATO = "{http://purl.org/dc/elements/1.1/}date"
_CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
_LIBRO, _TABELLA, _RIGA = f"{_OFFICE} spreadsheet", f"{_TABLE} table", f"{_TABLE} table-row"
_CELLE = (f"{_TABLE} table-cell", f"{_TABLE} covered-table-cell")
_COLONNA = f"{_TABLE} table-column"
_SORGENTE, _FORMULA = f"{_TABLE} table-source", f"{_TABLE} formula"
_CAPOVERSI, _S = (f"{_TEXT} p", f"{_TEXT} h"), f"{_TEXT} s"
_TRATTO, _STILE, _CARATTERE = f"{_TEXT} span", f"{_STYLE} style", f"{_STYLE} text-properties"
_FUORI = re.compile(r"(\[|^)'[^']+'#")
"""A place in another file: in a formula, or naming a sheet that is only a copy kept for the formulas."""

_NON_CELLE = {
    f"{_OFFICE} annotation",
    *(f"{_TABLE} {nome}" for nome in ("shapes", "tracked-changes", "dde-links", "content-validations")),
}
"""What stands among the cells without being their content: comments, drawings, old versions."""

_SPAZIO, _TAB, _A_CAPO = "\x00", "\x01", "\x02"
"""Blanks that count, while a paragraph is read: characters that XML cannot hold."""

_SEGNI = {f"{_TEXT} tab": _TAB, f"{_TEXT} line-break": _A_CAPO}
_ERRORE = re.compile(r"#[A-Z/0]{2,7}[!?]?|Err:[0-9]{3}")
_DURATA = re.compile(r"PT([0-9]{1,5})H([0-9]{1,2})M([0-9]{1,2})(?:[.,][0-9]+)?S")
_RIPETUTE = 1_048_576
_MOLTE_RIGHE = 1_000
"""From how many rows alike they are the blank ones under a form, and no part of it."""
_PROTEZIONE = f"{_STYLE} table-cell-properties"
_SENZA_PROTEZIONE = ("none", "formula-hidden")


def riconosce(archivio: Archivio) -> bool:
    """Whether an archive is a LibreOffice workbook: as LibreOffice does, its type is looked for in
    `mimetype`, else in the manifest, else (a file of Google's may have neither) in the content."""
    for quale in (_tipo_in_testa, _tipo_nel_manifesto):
        if "opendocument" in (tipo := quale(archivio)):
            return bool(_TIPO.fullmatch(tipo))
    return archivio.ha("content.xml") and b"office:spreadsheet" in archivio.zip.read("content.xml")


def _tipo_in_testa(archivio: Archivio) -> str:
    if not archivio.ha("mimetype"):
        return ""
    return archivio.zip.read("mimetype").decode("utf-8-sig", "replace").strip()


def _tipo_nel_manifesto(archivio: Archivio) -> str:
    if not archivio.ha(_MANIFESTO):
        return ""
    voci = archivio.albero(_MANIFESTO).iter(f"{{{_MANIFEST}}}file-entry")
    radici = (voce for voce in voci if voce.get(f"{{{_MANIFEST}}}full-path") == "/")
    return next((voce.get(f"{{{_MANIFEST}}}media-type", "") for voce in radici), "")


def leggi(archivio: Archivio) -> Cartella:
    """All the sheets, the properties and the remarks of a workbook. Raises FileRifiutato."""
    if archivio.ha("encrypted-package"):
        raise rifiuto("F02", archivio.nome)
    if archivio.ha(_MANIFESTO):
        manifesto = archivio.albero(_MANIFESTO)
        if next(manifesto.iter(f"{{{_MANIFEST}}}encryption-data"), None) is not None:
            raise rifiuto("F02", archivio.nome)
    if not archivio.ha("content.xml"):
        raise rifiuto("F03", archivio.nome, "manca una sua parte essenziale")
    passaggio = _Passaggio(archivio.nome)
    passaggio.percorri(archivio)
    avvisi = []
    if any(parte.startswith(("Basic/", "Scripts/")) for parte in archivio.zip.namelist()):
        avvisi.append(Rilievo("F10", archivio.nome))
    if passaggio.collegato:
        avvisi.append(Rilievo("F11", archivio.nome))
    proprieta = _proprieta(archivio)
    salvato = archivio.salvato("meta.xml", f"{{{_META}}}creation-date", _SALVATO)
    fogli, impronta = passaggio.fogli, archivio.sha256
    return Cartella(archivio.nome, fogli, proprieta, impronta, tuple(avvisi), salvato)


def _proprieta(archivio: Archivio) -> dict[str, str]:
    if not archivio.ha("meta.xml"):
        return {}
    return {
        nodo.get(f"{{{_META}}}name", ""): "".join(str(testo) for testo in nodo.itertext())
        for nodo in archivio.albero("meta.xml").iter(f"{{{_META}}}user-defined")
    }


@dataclass
class _Cella:
    """A cell while it is read: its attributes, how many columns it stands for, its paragraphs."""

    attributi: dict[str, str]
    volte: int
    paragrafi: list[list[str]]
    tratti: list[Tratto] = field(default_factory=list)
    """What it shows in runs, each with the mark that changes what it says («in apice», «barrato»)."""

    @cached_property
    def testo(self) -> str:
        """What the cell shows: blanks in a row count once, unless they are marked as such."""
        piani = (re.sub("[ \t\r\n]+", " ", "".join(pezzi)).lstrip(" ") for pezzi in self.paragrafi)
        testo = "\n".join(piani)
        return testo.replace(_SPAZIO, " ").replace(_TAB, "\t").replace(_A_CAPO, "\n")

    def lunghezza(self) -> int:
        return len(self.testo) + len(self.attributi.get(f"{_OFFICE} string-value", ""))

    @property
    def formula(self) -> bool:
        return _FORMULA in self.attributi

    def piena(self) -> bool:
        return self.formula or f"{_OFFICE} value-type" in self.attributi or bool(self.paragrafi)

    def scrivi(self, foglio: Foglio, posto: Posto) -> None:
        """Put the value at its address, with what there is to know about it."""
        tipo, testo = self.attributi.get(f"{_OFFICE} value-type", ""), self.testo
        if self.formula:
            foglio.formule.add(posto)
        in_errore = self.attributi.get(f"{_CALCEXT} value-type") == "error"
        if in_errore or (self.formula and _ERRORE.fullmatch(testo)):
            foglio.errori[posto] = ERRORI.get(testo, testo)
        elif self.formula and not tipo and not testo:
            foglio.non_calcolate.add(posto)
        else:
            valore = self._valore(tipo, testo)
            foglio.metti({posto: valore})
            if posto in foglio.celle:
                foglio.vesti(posto, self._aspetto(tipo, valore, testo))
            if any(segno and tratto.strip() for tratto, segno in self.tratti):
                foglio.segnate[posto] = tuple(self.tratti)

    def _aspetto(self, tipo: str, valore: Any, testo: str) -> Aspetto | None:
        """What the cell shows; some programs write the values alone."""
        if self.paragrafi:
            return da_mostrato(valore, testo, tipo == "percentage")
        return come_percentuale(valore) if tipo == "percentage" else None

    def _valore(self, tipo: str, testo: str) -> Any:
        """The value, as the reading of an .xlsx gives it. Raises ValueError for an impossible one."""
        if tipo in ("boolean", "float") and testo.upper() in LOGICI:
            return LOGICI[testo.upper()]
        if tipo in ("float", "currency", "percentage"):
            return float(self.attributi.get(f"{_OFFICE} value", ""))
        if tipo == "boolean":
            return self.attributi.get(f"{_OFFICE} boolean-value") == "true"
        if tipo == "date":
            return data_iso(self.attributi.get(f"{_OFFICE} date-value", "")) or testo
        if tipo == "time":
            return _durata(self.attributi.get(f"{_OFFICE} time-value", "")) or testo
        return self.attributi.get(f"{_OFFICE} string-value", testo)


def _durata(valore: str) -> time | timedelta | None:
    trovata = _DURATA.fullmatch(valore)
    if trovata is None:
        return None
    ore, minuti, secondi = (int(numero) for numero in trovata.groups())
    durata = timedelta(hours=ore, minutes=minuti, seconds=secondi)
    return (datetime.min + durata).time() if durata < timedelta(days=1) else durata


def _segno(attributi: dict[str, str]) -> str:
    """The mark that a style puts on a text, "" for none. Source: OpenDocument 1.3, 20.358 and 20.391."""
    posizione = attributi.get(f"{_STYLE} text-position", "").split(" ")[0]
    barre = (attributi.get(f"{_STYLE} text-line-through-{nome}", "none") for nome in ("style", "type"))
    if any(barra != "none" for barra in barre):
        return BARRATO
    if posizione == "sub" or posizione.startswith("-"):
        return "in pedice"
    return "in apice" if posizione == "super" or posizione.strip("0%") else ""


class _Passaggio:
    """One pass over content.xml: the sheets with their cells, as far as they are filled."""

    def __init__(self, nome: str) -> None:
        self.nome, self.conti = nome, Conti(nome)
        self.fogli: dict[str, Foglio] = {}
        self.collegato = False
        self.dentro: list[str] = []
        self.salta = 0
        self.foglio: Foglio | None = None
        self.riga = self.volte_riga = self.colonna = 0
        self.della_riga: list[tuple[int, _Cella]] = []
        self.cella: _Cella | None = None
        self.capoversi = 0
        self.contorno, self.nascosta = contorno.Ods(), False
        self.stile = ("", "")
        self.segni: dict[tuple[str, str], str] = {}
        self.segni_aperti: list[str] = []
        self.aperti: set[str] = set()
        self.colonne_aperte: set[int] = set()
        self.aperte_della_riga: list[int] = []

    def percorri(self, archivio: Archivio) -> None:
        lettore = analizzatore(self.nome)
        lettore.StartElementHandler = self.inizio
        lettore.EndElementHandler = self.fine
        lettore.CharacterDataHandler = self.testo
        archivio.scorri("content.xml", lettore)

    def inizio(self, elemento: str, attributi: dict[str, str]) -> None:
        self.conti.un_elemento(len(self.dentro))
        estraneo = elemento in _NON_CELLE or elemento.startswith(_DRAW)
        if self.salta or estraneo:
            self.salta += 1
            self.contorno.inizio(elemento, attributi)
        elif elemento == _TABELLA and self.foglio:  # in a cell: no reader would find what it says
            raise self._guasto()
        elif elemento == _TABELLA and self.dentro[-1:] == [_LIBRO]:
            self._apri_foglio(attributi)
        elif elemento == _SORGENTE:
            self.collegato = True
        elif elemento == _RIGA:
            self._apri_riga(attributi)
        elif elemento in _CELLE:
            self._apri_cella(attributi)
        elif self.cella:
            self._nella_cella(self.cella, elemento, attributi)
        elif elemento == _COLONNA and self.foglio:
            self._colonne(self.foglio, attributi)
        elif not self.foglio:
            self.contorno.definizione(elemento, attributi)
            self._segno_di_stile(elemento, attributi)
        self.dentro.append(elemento)

    def fine(self, elemento: str) -> None:
        self.dentro.pop()
        if self.salta:
            self.salta -= 1
            self.contorno.fine(self.foglio, (self.riga + 1, self.colonna + 1) if self.cella else None)
        elif elemento == _TABELLA:
            self.foglio = None
        elif elemento == _RIGA:
            self._chiudi_riga()
        elif elemento in _CELLE:
            self._chiudi_cella()
        elif self.cella and elemento in _CAPOVERSI:
            self.capoversi -= 1
        elif self.cella and elemento == _TRATTO:
            self.segni_aperti.pop()

    def testo(self, caratteri: str) -> None:
        if self.salta:
            self.contorno.testo(caratteri)
        elif self.cella and (self.capoversi or caratteri.strip()):
            self.conti.piene(0, len(caratteri))
            if not self.capoversi:  # a text outside its paragraphs is no reason to lose it
                self.cella.paragrafi.append([])
            self.cella.paragrafi[-1].append(caratteri)
            self.cella.tratti.append((caratteri, self.segni_aperti[-1]))

    def _segno_di_stile(self, elemento: str, attributi: dict[str, str]) -> None:
        """Note a style of cells or of runs that raises, lowers or strikes its text."""
        if elemento == _STILE:
            self.stile = attributi.get(f"{_STYLE} family", ""), attributi.get(f"{_STYLE} name", "")
        elif elemento == _CARATTERE and (segno := _segno(attributi)):
            self.segni[self.stile] = segno
        elif elemento == _PROTEZIONE and attributi.get(f"{_STYLE} cell-protect") in _SENZA_PROTEZIONE:
            self.aperti.add(self.stile[1])

    def _colonne(self, foglio: Foglio, attributi: dict[str, str]) -> None:
        """Take note of the next columns: whether they show, and whether their cells are not locked."""
        prima = self.contorno.colonna + 1
        self.contorno.colonne(foglio, attributi)
        if attributi.get(f"{_TABLE} default-cell-style-name") in self.aperti:
            self.colonne_aperte.update(range(prima, min(self.contorno.colonna, MAX_COLONNE) + 1))

    def _guasto(self) -> FileRifiutato:
        return rifiuto("F03", self.nome, "un foglio non è quello di un file LibreOffice")

    def _apri_foglio(self, attributi: dict[str, str]) -> None:
        titolo = attributi.get(f"{_TABLE} name", "")
        if _FUORI.match(titolo):
            self.collegato, self.salta = True, 1
            return
        self.conti.un_foglio()
        if titolo in self.fogli:
            raise rifiuto("F03", self.nome, "l'elenco dei fogli non corrisponde al contenuto")
        nascosto = self.contorno.nascosto("table", attributi)
        self.foglio = self.fogli[titolo] = Foglio(titolo, nascosto=nascosto)
        self.foglio.protetto = attributi.get(f"{_TABLE} protected") == "true"
        self.riga = self.contorno.colonna = 0
        self.colonne_aperte = set()

    def _apri_riga(self, attributi: dict[str, str]) -> None:
        if self.foglio is None or _RIGA in self.dentro:
            raise self._guasto()
        self.volte_riga = self._volte(attributi, "number-rows-repeated")
        self.colonna, self.della_riga, self.aperte_della_riga = 0, [], []
        self.nascosta = self.contorno.nascosto("table-row", attributi)

    def _apri_cella(self, attributi: dict[str, str]) -> None:
        if _RIGA not in self.dentro or self.cella:
            raise self._guasto()
        if _FUORI.search(attributi.get(_FORMULA, "")):
            self.collegato = True
        self.cella = _Cella(attributi, self._volte(attributi, "number-columns-repeated"), [])
        self.segni_aperti = [
            self.segni.get(("table-cell", attributi.get(f"{_TABLE} style-name", "")), "")
        ]

    def _volte(self, attributi: dict[str, str], quale: str) -> int:
        volte = int(attributi.get(f"{_TABLE} {quale}", "1"))
        if not 1 <= volte <= _RIPETUTE:
            raise self._guasto()
        return volte

    def _nella_cella(self, cella: _Cella, elemento: str, attributi: dict[str, str]) -> None:
        if elemento in _CAPOVERSI:
            self.capoversi += 1
            cella.paragrafi.append([])
        elif elemento == _TRATTO:
            stile = ("text", attributi.get(f"{_TEXT} style-name", ""))
            self.segni_aperti.append(self.segni.get(stile, self.segni_aperti[-1]))
        elif self.capoversi and (elemento == _S or elemento in _SEGNI):
            volte = int(attributi.get(f"{_TEXT} c", "1")) if elemento == _S else 1
            self.conti.piene(0, volte)
            cella.paragrafi[-1].append(_SEGNI.get(elemento, _SPAZIO) * volte)

    def _chiudi_cella(self) -> None:
        if self.cella and self.foglio:
            if self.cella.piena():
                self.della_riga.append((self.colonna + 1, self.cella))
            sotto = int(self.cella.attributi.get(f"{_TABLE} number-rows-spanned", "1")) - 1
            capo = (self.riga + 1, self.colonna + 1)
            self.conti.unite(self.foglio, capo, capo[0] + sotto)
            self._aperte(self.cella)
            self.colonna += self.cella.volte
        self.cella = None

    def _aperte(self, cella: _Cella) -> None:
        """Take note of the columns of a cell that is not locked, by its style or that of its column."""
        colonne = range(self.colonna + 1, min(self.colonna + cella.volte, MAX_COLONNE) + 1)
        stile = cella.attributi.get(f"{_TABLE} style-name")
        if stile in self.aperti:
            self.aperte_della_riga += colonne
        elif stile is None:
            self.aperte_della_riga += self.colonne_aperte.intersection(colonne)

    def _sblocca_riga(self, foglio: Foglio, righe: range) -> None:
        if len(righe) < _MOLTE_RIGHE:
            posti = [(riga, colonna) for riga in righe for colonna in self.aperte_della_riga]
            foglio.protetto &= self.conti.sbloccate_in_piu(foglio, posti)

    def _chiudi_riga(self) -> None:
        """Put the filled cells of a row in the sheet, as many times as they are repeated."""
        prima, self.riga = self.riga + 1, self.riga + self.volte_riga
        if self.foglio:
            self._sblocca_riga(self.foglio, range(prima, self.riga + 1))
        for colonna, cella in self.della_riga:
            if self.foglio:
                ultima_colonna = colonna + cella.volte - 1
                self.conti.dentro(self.foglio, (self.riga, ultima_colonna))
                quante = self.volte_riga * cella.volte
                self.conti.piene(quante, quante * cella.lunghezza())
                if self.nascosta:
                    self.foglio.righe_nascoste.update(range(prima, self.riga + 1))
                for riga in range(prima, self.riga + 1):
                    for posto in range(colonna, ultima_colonna + 1):
                        cella.scrivi(self.foglio, (riga, posto))
