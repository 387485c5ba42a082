"""An Excel workbook (.xlsx, .xlsm) -> grids: calamine reads the values, the guard what it cannot tell.

The guard passes over the XML of every sheet first: two far-apart cells make the reader allocate 550 GB,
and error cells, formulas never calculated and numbers shown as percentages all look alike to it.
"""

import posixpath
import re
from io import BytesIO

import python_calamine

from pipeline.parole import citazione
from pipeline.rilievi import Rilievo
from pipeline.workbooks.archivio import Archivio, Conti, analizzatore
from pipeline.workbooks.grid import ERRORI, Cartella, FileRifiutato, Foglio, Posto, rifiuto

LIBRO = "xl/workbook.xml"
_NS = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
_ROW, _C, _V, _F, _IS, _SI, _UNITA = (
    f"{_NS['m']} {nome}" for nome in ("row", "c", "v", "f", "is", "si", "mergeCell")
)
_FOGLIO_MACRO = "http://schemas.microsoft.com/office/excel/2006/main macrosheet"
_DATE = "{http://purl.org/dc/terms/}"
_FORMATI_PERCENTUALI = {9, 10}


def leggi(archivio: Archivio) -> Cartella:
    """All the sheets, the properties and the remarks of a workbook. Raises FileRifiutato."""
    fogli = _riempi(_esamina(archivio), archivio)
    proprieta, avvisi = _proprieta(archivio), tuple(_avvisi(archivio))
    salvato = archivio.salvato("docProps/core.xml", f"{_DATE}created", f"{_DATE}modified")
    return Cartella(archivio.nome, fogli, proprieta, archivio.sha256, avvisi, salvato)


def _riempi(esaminati: dict[str, Foglio], archivio: Archivio) -> dict[str, Foglio]:
    """The sheets of cells with their values, from calamine; chart sheets stay out."""
    fogli = {}
    try:
        with python_calamine.load_workbook(BytesIO(archivio.contenuto)) as libro:
            for descritto in libro.sheets_metadata:
                if descritto.typ == python_calamine.SheetTypeEnum.WorkSheet:
                    foglio = fogli[descritto.name] = esaminati[descritto.name]
                    griglia = libro.get_sheet_by_name(descritto.name).to_python(skip_empty_area=False)
                    for riga, valori in enumerate(griglia, start=1):
                        for colonna, valore in enumerate(valori, start=1):
                            if (riga, colonna) not in foglio.errori:
                                foglio.metti((riga, colonna), valore)
    except (python_calamine.CalamineError, KeyError) as errore:
        raise rifiuto("F03", archivio.nome, "il contenuto non si può leggere") from errore
    return fogli


def _avvisi(archivio: Archivio) -> list[Rilievo]:
    parti = [parte.lower() for parte in archivio.zip.namelist()]
    avvisi = []
    if any(parte.endswith("vbaproject.bin") for parte in parti):
        avvisi.append(Rilievo("F10", archivio.nome))
    if any(parte.startswith("xl/externallinks/") for parte in parti):
        avvisi.append(Rilievo("F11", archivio.nome))
    return avvisi


def _esamina(archivio: Archivio) -> dict[str, Foglio]:
    """Look at every sheet the reader will see; anything the guard cannot follow is refused."""
    nome = archivio.nome
    libro = archivio.albero(LIBRO)
    if libro.tag != f"{{{_NS['m']}}}workbook":
        raise rifiuto("F01", nome, "è in una variante del formato («Strict Open XML»)")
    relazioni = {
        nodo.get("Id", ""): nodo.get("Target", "")
        for nodo in archivio.albero("xl/_rels/workbook.xml.rels")
    }
    conti = Conti(nome)
    percentuali, lunghezze = _stili_percentuali(archivio), _lunghezze(archivio, conti)
    fogli: dict[str, Foglio] = {}
    for nodo in libro.iterfind("m:sheets/m:sheet", _NS):
        conti.un_foglio()
        meta = relazioni.get(nodo.get(f"{{{_NS['r']}}}id", ""), "")
        parte = posixpath.normpath(posixpath.join("/xl", meta)).lstrip("/")
        titolo = nodo.get("name", "")
        if not archivio.ha(parte) or titolo in fogli:
            raise rifiuto("F03", nome, "l'elenco dei fogli non corrisponde al contenuto")
        fogli[titolo] = Foglio(titolo)
        _Passaggio(conti, fogli[titolo], percentuali, lunghezze).percorri(archivio, parte)
    return fogli


def _stili_percentuali(archivio: Archivio) -> set[int]:
    """Indexes of the cell styles whose number format shows a percentage."""
    if not archivio.ha("xl/styles.xml"):
        return set()
    stili = archivio.albero("xl/styles.xml")
    formati = set(_FORMATI_PERCENTUALI)
    for nodo in stili.iterfind("m:numFmts/m:numFmt", _NS):
        if "%" in re.sub(r'"[^"]*"|\\.', "", nodo.get("formatCode", "")):
            formati.add(int(nodo.get("numFmtId", "0")))
    return {
        indice
        for indice, nodo in enumerate(stili.iterfind("m:cellXfs/m:xf", _NS))
        if int(nodo.get("numFmtId", "0")) in formati
    }


def _lunghezze(archivio: Archivio, conti: Conti) -> list[int]:
    """How long each shared text is: one long text used in many cells fills the memory."""
    lunghezze: list[int] = []

    def inizio(elemento: str, _: dict[str, str]) -> None:
        conti.un_elemento()
        if elemento == _SI:
            lunghezze.append(0)

    def testo(caratteri: str) -> None:
        if lunghezze:
            lunghezze[-1] += len(caratteri)

    if archivio.ha("xl/sharedStrings.xml"):
        lettore = analizzatore(archivio.nome)
        lettore.StartElementHandler = inizio
        lettore.CharacterDataHandler = testo
        archivio.scorri("xl/sharedStrings.xml", lettore)
    return lunghezze


class _Passaggio:
    """One pass over the XML of a sheet: where its filled cells are, and what the reader cannot tell."""

    def __init__(
        self, conti: Conti, foglio: Foglio, percentuali: set[int], lunghezze: list[int]
    ) -> None:
        self.conti, self.foglio = conti, foglio
        self.percentuali, self.lunghezze = percentuali, lunghezze
        self.profondita = 0
        self.posto: Posto = (0, 0)
        self.ultimo: Posto = (0, 0)
        self.colonne = 0
        self.attributi: dict[str, str] = {}
        self.figli: set[str] = set()
        self.valore: list[str] = []
        self.radice = ""

    def percorri(self, archivio: Archivio, parte: str) -> None:
        lettore = analizzatore(self.conti.nome)
        lettore.StartElementHandler = self.inizio
        lettore.EndElementHandler = self.fine
        lettore.CharacterDataHandler = self.testo
        archivio.scorri(parte, lettore)
        self.conti.un_area(self.ultimo[0], self.colonne)

    def inizio(self, elemento: str, attributi: dict[str, str]) -> None:
        self.profondita += 1
        self.conti.un_elemento(self.profondita)
        if not self.radice:
            self.radice = elemento
            if elemento == _FOGLIO_MACRO:
                raise self._guasto(f"«{self.foglio.nome}» è un foglio di macro di Excel 4.0")
            if not elemento.startswith(_NS["m"] + " "):
                raise self._guasto(f"il foglio «{self.foglio.nome}» non è quello di una cartella")
        if elemento == _C:
            self.posto = self._posto(attributi.get("r"))
            self.attributi, self.figli, self.valore = attributi, set(), []
        elif elemento == _ROW:
            self.posto = (int(attributi.get("r", self.posto[0] + 1)), 0)
        elif elemento == _UNITA:
            self._unisci(attributi.get("ref", ""))
        else:
            self.figli.add(elemento)

    def testo(self, caratteri: str) -> None:
        if _V in self.figli:
            self.valore.append(caratteri)
        if _V in self.figli or _IS in self.figli:
            self.conti.piene(0, len(caratteri))

    def fine(self, elemento: str) -> None:
        self.profondita -= 1
        if elemento == _C and self.figli & {_V, _F, _IS}:
            self._annota("".join(self.valore))

    def _unisci(self, riferimento: str) -> None:
        """Note cells merged downwards; refuses what the reader stumbles on (A:A, and nonsense)."""
        trovato = re.fullmatch(r"([A-Z]{1,3}[1-9][0-9]{0,6}):([A-Z]{1,3}[1-9][0-9]{0,6})", riferimento)
        if trovato:
            capo, (ultima, _) = self._posto(trovato[1]), self._posto(trovato[2])
            self.conti.unite(self.foglio, capo, ultima)
        elif not re.fullmatch(r"[A-Z]{1,3}[1-9][0-9]{0,6}", riferimento):
            intere = re.fullmatch(r"[A-Z]{1,3}:[A-Z]{1,3}|[0-9]{1,7}:[0-9]{1,7}", riferimento)
            che = "sono unite righe o colonne intere" if intere else "le celle unite non si capiscono"
            raise self._guasto(f"nel foglio «{self.foglio.nome}» {che} ({citazione(riferimento)})")

    def _guasto(self, perche: str) -> FileRifiutato:
        return rifiuto("F03", self.conti.nome, perche)

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
        foglio, tipo = self.foglio, self.attributi.get("t", "n")
        self.conti.dentro(foglio, self.posto)
        if self.posto <= self.ultimo:
            raise self._guasto("le celle non sono in ordine")
        self.ultimo, self.colonne = self.posto, max(self.colonne, self.posto[1])
        self.conti.piene(1, self._condiviso(valore) if tipo == "s" else 0)
        if _F in self.figli:
            foglio.formule.add(self.posto)
            if tipo != "str" and not valore:
                foglio.non_calcolate.add(self.posto)
        if tipo == "e" and _V in self.figli:
            foglio.errori[self.posto] = ERRORI.get(valore, valore)
        elif tipo == "n" and int(self.attributi.get("s", "0")) in self.percentuali:
            foglio.percentuali.add(self.posto)

    def _condiviso(self, valore: str) -> int:
        """How long a shared text is, given by its number."""
        numero = int(valore) if valore.isascii() and valore.isdigit() else -1
        return self.lunghezze[numero] if 0 <= numero < len(self.lunghezze) else 0


def _proprieta(archivio: Archivio) -> dict[str, str]:
    if not archivio.ha("docProps/custom.xml"):
        return {}
    return {
        nodo.get("name", ""): "".join(str(testo) for testo in nodo.itertext())
        for nodo in archivio.albero("docProps/custom.xml")
    }
