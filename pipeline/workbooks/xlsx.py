"""An Excel workbook (.xlsx, .xlsm) -> grids: calamine reads the values, the guard holds it to the file.

The guard passes over the XML of every sheet first: two far-apart cells make the reader allocate 550 GB,
and error cells, formulas never calculated and numbers shown as percentages all look alike to it. What
the guard saw is what must come out: each cell with its value, or else told as uncertain.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

import python_calamine

from pipeline.celle import coordinate
from pipeline.rilievi import Rilievo
from pipeline.workbooks import contorno, parti
from pipeline.workbooks.archivio import Archivio, Conti, analizzatore
from pipeline.workbooks.contenuti import Cella, Contenuto, Errore, Incerto
from pipeline.workbooks.formati import PREDEFINITI, Formato
from pipeline.workbooks.formati import leggi as leggi_formato
from pipeline.workbooks.grid import ERRORI, Cartella, FileRifiutato, Foglio, Posto, rifiuto
from pipeline.workbooks.parti import MAIN, Piano
from pipeline.workbooks.scritte import IS, SI, Scritta, segni_degli_stili

_NS = {"m": MAIN}
_SST, _DATI, _ROW, _COL, _C, _V, _F, _UNITA, _EXT, _PROTEZIONE = (
    f"{MAIN} {nome}"
    for nome in (
        *("sst", "sheetData", "row", "col", "c", "v", "f", "mergeCell", "extLst"),
        "sheetProtection",
    )
)
_MAIN = f"{MAIN} "
_FOGLIO_MACRO = "http://schemas.microsoft.com/office/excel/2006/main macrosheet"
_CORNICE = ((_SST,), (SI, _EXT))
"""What stands around the shared texts."""
_PROFONDITA_RIGA, _PROFONDITA_CELLA, _PROFONDITA_VALORE = 3, 4, 5
"""Where rows, cells and what they hold stand under the root, and nowhere else."""
_DATE = "{http://purl.org/dc/terms/}"
_UN_SECONDO = 1 / 86_400

Griglia = list[list[Any]]
_IMPOSSIBILE: Posto = (0, 0)
"""Where a reference that makes no sense leads."""


def leggi(archivio: Archivio, libro: str) -> Cartella:
    """All the sheets, the properties and the remarks of the workbook whose main part is `libro`.

    Raises FileRifiutato.
    """
    piano = parti.in_piano(archivio, libro)
    visti = _esamina(piano, archivio)
    _riempi(visti, piano)
    salvato = piano.archivio.salvato(parti.CORE, f"{_DATE}created", f"{_DATE}modified")
    fogli = {visto.foglio.nome: visto.foglio for visto in visti.values()}
    proprieta, avvisi = _proprieta(piano.archivio), tuple(_avvisi(archivio))
    return Cartella(
        archivio.nome, fogli, proprieta, archivio.sha256, avvisi, salvato, piano.da_calcolare
    )


@dataclass
class Visto:
    """A sheet as the guard saw it, with what each of its filled cells holds."""

    foglio: Foglio
    contenuti: dict[Posto, Contenuto] = field(default_factory=dict)


# ------------------------------------------------------------------------------- guard and reader


def _riempi(visti: dict[int, Visto], piano: Piano) -> None:
    """Put in the sheets what the guard saw and calamine read; where they differ, what the guard saw, if
    it is certain. What calamine alone finds is told as uncertain."""
    letti = _leggi_fogli(piano.archivio.contenuto, list(visti))
    for numero, visto in visti.items():
        griglia, foglio, lette = letti[numero], visto.foglio, 0
        for posto, contenuto in visto.contenuti.items():
            letto = _in_griglia(griglia, posto)
            lette += letto != ""
            if _concordi(contenuto, letto, piano.dal_1904):
                foglio.metti(posto, letto)
            elif contenuto is not None and not isinstance(contenuto, Errore | Incerto):
                foglio.metti(posto, contenuto)
        if sum(len(riga) - riga.count("") for riga in griglia) > lette:
            _in_piu(visto, griglia)
        foglio.applica_formati()


def _leggi_fogli(cartella: bytes, numeri: list[int]) -> dict[int, Griglia]:
    """What calamine reads in the sheets; nothing where it refuses one, or the whole workbook."""
    letti: dict[int, Griglia] = {numero: [] for numero in numeri}
    try:
        with python_calamine.load_workbook(BytesIO(cartella)) as libro:
            for numero in numeri:
                try:
                    foglio = libro.get_sheet_by_name(str(numero))
                except python_calamine.CalamineError:
                    continue
                letti[numero] = foglio.to_python(skip_empty_area=False)
    except python_calamine.CalamineError:
        pass
    return letti


def _in_griglia(griglia: Griglia, posto: Posto) -> Any:
    riga, colonna = posto
    if riga > len(griglia) or colonna > len(griglia[riga - 1]):
        return ""
    return griglia[riga - 1][colonna - 1]


def _concordi(visto: Contenuto, letto: Any, dal_1904: bool) -> bool:
    """Whether calamine read in a cell what the guard saw there."""
    if type(visto) is type(letto):
        return bool(visto == letto)
    if not isinstance(visto, float) or isinstance(letto, str | bool):
        return False
    return abs(_seriale(letto, dal_1904) - visto) < _UN_SECONDO


def _seriale(letto: date | time | timedelta, dal_1904: bool) -> float:
    """The number that calamine took for a date, a time of day or a duration.

    The days of 1900 before March are one less: to Excel there was a 29 February.
    """
    if isinstance(letto, timedelta):
        return letto / timedelta(days=1)
    if isinstance(letto, time):
        return (datetime.combine(date.min, letto) - datetime.min) / timedelta(days=1)
    inizio = datetime(1904, 1, 1) if dal_1904 else datetime(1899, 12, 30)
    momento = letto if isinstance(letto, datetime) else datetime.combine(letto, time())
    giorni = (momento - inizio) / timedelta(days=1)
    return giorni - 1 if not dal_1904 and giorni < 61 else giorni


def _in_piu(visto: Visto, griglia: Griglia) -> None:
    """What calamine gives where the guard saw nothing is told as uncertain."""
    for riga, valori in enumerate(griglia, start=1):
        for colonna, valore in enumerate(valori, start=1):
            if valore != "" and (riga, colonna) not in visto.contenuti:
                visto.foglio.incerte[riga, colonna] = str(valore)


# ------------------------------------------------------------------------------------- the guard


def _avvisi(archivio: Archivio) -> list[Rilievo]:
    nomi = [parte.lower() for parte in archivio.zip.namelist()]
    avvisi = []
    if any(parte.endswith("vbaproject.bin") for parte in nomi):
        avvisi.append(Rilievo("F10", archivio.nome))
    if any(parte.startswith("xl/externallinks/") for parte in nomi):
        avvisi.append(Rilievo("F11", archivio.nome))
    return avvisi


def _esamina(piano: Piano, archivio: Archivio) -> dict[int, Visto]:
    """Look at every sheet, also at those of charts; anything the guard cannot follow is refused."""
    conti = Conti(piano.archivio.nome)
    formati, segni = _formati(piano), segni_degli_stili(piano.archivio)
    aperti = _aperti(piano)
    condivisi = _condivisi(piano.archivio, conti)
    visti: dict[int, Visto] = {}
    for numero, foglio in enumerate(piano.fogli, start=1):
        visto = Visto(Foglio(foglio.titolo, nascosto=foglio.nascosto))
        passaggio = _Passaggio(conti, visto, formati, segni, aperti, condivisi, piano.da_calcolare)
        passaggio.percorri(piano.archivio, Piano.parte(numero), foglio.tipo)
        if foglio.tipo == "worksheet":
            visti[numero] = visto
            contorno.guarda(archivio, foglio.parte, visto.foglio)
    return visti


def _formati(piano: Piano) -> dict[int, Formato]:
    """Of the cell styles, by index, the number formats that may show more than the digits of a value."""
    if not piano.archivio.ha(parti.STILI):
        return {}
    stili = piano.archivio.albero(parti.STILI)
    codici = dict(PREDEFINITI)
    for nodo in stili.iterfind("m:numFmts/m:numFmt", _NS):
        codici[int(nodo.get("numFmtId", "0"))] = nodo.get("formatCode", "")
    usati = (int(nodo.get("numFmtId", "0")) for nodo in stili.iterfind("m:cellXfs/m:xf", _NS))
    formati = (leggi_formato(codici.get(numero, "General"), piano.dal_1904) for numero in usati)
    return {indice: formato for indice, formato in enumerate(formati) if formato}


def _aperti(piano: Piano) -> frozenset[str]:
    """The cell styles, by index as written, of the cells in which a protected sheet lets one write."""
    if not piano.archivio.ha(parti.STILI):
        return frozenset()
    stili = piano.archivio.albero(parti.STILI).iterfind("m:cellXfs/m:xf", _NS)
    protezioni = (stile.find("m:protection", _NS) for stile in stili)
    return frozenset(
        str(indice)
        for indice, protezione in enumerate(protezioni)
        if protezione is not None and protezione.get("locked") in ("0", "false")
    )


def _condivisi(archivio: Archivio, conti: Conti) -> list[Scritta]:
    """The texts that the cells give by number: one long text used in many cells fills the memory."""
    scritte: list[Scritta] = []
    dentro: list[str] = []

    def inizio(elemento: str, attributi: dict[str, str]) -> None:
        conti.un_elemento(len(dentro))
        quanti = len(dentro)
        previsto = elemento in _CORNICE[quanti] if quanti < 2 else elemento.startswith(_MAIN)
        if not previsto and _EXT not in dentro:
            raise rifiuto("F03", archivio.nome, "l'elenco dei testi non è quello di un file Excel")
        dentro.append(elemento)
        if quanti == 1 and elemento == SI:
            conti.condivisi_in_piu(1, 0)
            scritte.append(Scritta())
        elif dentro[1:2] == [SI]:
            scritte[-1].inizio(elemento, attributi)

    def testo(caratteri: str) -> None:
        conti.condivisi_in_piu(0, len(caratteri))
        if dentro[1:2] == [SI]:
            scritte[-1].testo(caratteri)

    def fine(elemento: str) -> None:
        dentro.pop()
        if dentro[1:2] == [SI]:
            scritte[-1].fine(elemento)
        elif elemento == SI:
            scritte[-1].chiudi()

    if archivio.ha(parti.TESTI):
        lettore = analizzatore(archivio.nome)
        lettore.StartElementHandler = inizio
        lettore.CharacterDataHandler = testo
        lettore.EndElementHandler = fine
        archivio.scorri(parti.TESTI, lettore)
    return scritte


@lru_cache(maxsize=8192)
def _coordinate(riferimento: str) -> Posto:
    """A reference as row and column; the sheets of a form have the same ones."""
    if not re.fullmatch(r"[A-Za-z]{1,3}[1-9][0-9]{0,6}", riferimento):
        return _IMPOSSIBILE
    return coordinate(riferimento.upper())


class _Passaggio:
    """One pass over the XML of a sheet: what its filled cells hold, and what the reader cannot tell."""

    def __init__(
        self,
        conti: Conti,
        visto: Visto,
        formati: dict[int, Formato],
        segni: dict[int, str],
        aperti: frozenset[str],
        condivisi: list[Scritta],
        da_calcolare: bool,
    ) -> None:
        self.conti, self.visto, self.foglio = conti, visto, visto.foglio
        self.formati, self.segni, self.condivisi = formati, segni, condivisi
        self.aperti, self.da_calcolare = aperti, da_calcolare
        self.profondita = self.estensione = 0
        self.posto: Posto = (0, 0)
        self.ultimo: Posto = (0, 0)
        self.colonne = 0
        self.attributi: dict[str, str] = {}
        self.cella: Cella | None = None
        self.aperto = ""
        self.dati = 0
        self.radice = ""
        self.nascosta = self.libero = False

    def percorri(self, archivio: Archivio, parte: str, tipo: str) -> None:
        lettore = analizzatore(self.conti.nome)
        lettore.StartElementHandler = self.inizio
        lettore.EndElementHandler = self.fine
        lettore.CharacterDataHandler = self.testo
        archivio.scorri(parte, lettore)
        self.conti.un_area(self.ultimo[0], self.colonne)
        if self.radice != f"{MAIN} {tipo}" or (self.dati and tipo != "worksheet"):
            raise self._guasto(f"il foglio «{self.foglio.nome}» non è del tipo che dice")

    def inizio(self, elemento: str, attributi: dict[str, str]) -> None:
        self.profondita += 1
        self.conti.un_elemento(self.profondita)
        if self.estensione:
            return
        if elemento == _C:
            if self.dati != 1 or self.profondita != _PROFONDITA_CELLA:
                raise self._estraneo()
            self.posto = _coordinate(attributi["r"]) if "r" in attributi else self._seguente()
            self.attributi, self.cella, self.aperto = attributi, None, _C
            if attributi.get("s") in self.aperti:
                self.libero |= not self.conti.una_sbloccata(self.foglio, self.posto)
        elif self.aperto:
            self._nella_cella(elemento, attributi)
        elif elemento == _ROW:
            if self.dati != 1 or self.profondita != _PROFONDITA_RIGA:
                raise self._estraneo()
            self.posto = (int(attributi.get("r", self.posto[0] + 1)), 0)
            self.nascosta = contorno.riga_nascosta(attributi)
            if attributi.get("s") in self.aperti:
                self.libero |= attributi.get("customFormat") in ("1", "true")
        else:
            self._fuori(elemento, attributi)

    def _fuori(self, elemento: str, attributi: dict[str, str]) -> None:
        """What stands around the rows; among them there is nothing else, or readers part company."""
        if elemento == _EXT:
            self.estensione = self.profondita
        elif self.dati == 1 or (elemento.endswith(" sheetData") and (elemento != _DATI or self.dati)):
            raise self._estraneo()
        elif elemento == _DATI:
            self.dati = 1
        elif elemento == _UNITA:
            self._unisci(attributi.get("ref", ""))
        elif elemento == _PROTEZIONE:
            self.foglio.protetto = attributi.get("sheet") in ("1", "true") and not self.libero
        elif elemento == _COL:
            contorno.colonne(self.foglio, attributi)
            self.libero |= attributi.get("style") in self.aperti
        elif not self.radice:
            self.radice = elemento
            if elemento == _FOGLIO_MACRO:
                raise self._guasto(f"«{self.foglio.nome}» è un foglio di macro di Excel 4.0")
            if not elemento.startswith(_MAIN):
                raise self._guasto(f"il foglio «{self.foglio.nome}» non è quello di un file Excel")

    def _nella_cella(self, elemento: str, attributi: dict[str, str]) -> None:
        if elemento == _EXT:
            self.estensione = self.profondita
            return
        if not elemento.startswith(_MAIN):
            raise self._estraneo()
        cella = self.cella = self.cella or Cella(self.attributi.get("t", "n"))
        if elemento == IS and not cella.scritta:
            self.aperto, cella.scritta = IS, Scritta()
        elif self.aperto == IS and cella.scritta:
            cella.scritta.inizio(elemento, attributi)
        elif self.profondita == _PROFONDITA_VALORE and elemento == _V:
            self.aperto = _V
            cella.valori.append("")
        elif self.profondita == _PROFONDITA_VALORE and elemento == _F:
            self.aperto, cella.formula = _F, True

    def testo(self, caratteri: str) -> None:
        if not self.aperto or self.estensione:
            return
        cella = self.cella
        if cella is None or self.aperto == _C:
            if caratteri.strip():
                cella = self.cella = cella or Cella(self.attributi.get("t", "n"))
                cella.altro += caratteri
        elif self.aperto != _F:
            self.conti.piene(0, len(caratteri))
            if self.aperto == _V:
                cella.valori[-1] += caratteri
            elif cella.scritta:
                cella.scritta.testo(caratteri)

    def fine(self, elemento: str) -> None:
        profondita = self.profondita
        self.profondita = profondita - 1
        if self.estensione:
            self.estensione = 0 if self.estensione == profondita else self.estensione
        elif elemento == _C and self.aperto:
            if self.cella:
                self._annota(self.cella)
            self.aperto = ""
        elif self.aperto == IS and self.cella and self.cella.scritta and elemento != IS:
            self.cella.scritta.fine(elemento)
        elif elemento in (_V, _F, IS):
            self.aperto = _C
        elif elemento == _DATI:
            self.dati = 2

    def _unisci(self, riferimento: str) -> None:
        """Note cells merged downwards; a reference that makes no sense merges nothing."""
        capo, fine = (_coordinate(angolo) for angolo in riferimento.partition(":")[::2])
        if _IMPOSSIBILE not in (capo, fine):
            self.conti.unite(self.foglio, capo, fine[0])

    def _guasto(self, perche: str) -> FileRifiutato:
        return rifiuto("F03", self.conti.nome, perche)

    def _estraneo(self) -> FileRifiutato:
        return self._guasto(f"nel foglio «{self.foglio.nome}» fra le celle c'è altro")

    def _seguente(self) -> Posto:
        """A cell without a reference stands next to the one before."""
        return self.posto[0], self.posto[1] + 1

    def _annota(self, cella: Cella) -> None:
        foglio, posto, stile = self.foglio, self.posto, int(self.attributi.get("s", "0"))
        if posto == _IMPOSSIBILE:
            raise self._guasto("una cella ha un indirizzo impossibile")
        self.conti.dentro(foglio, posto)
        if posto <= self.ultimo:
            raise self._guasto("le celle non sono in ordine")
        self.ultimo, self.colonne = posto, max(self.colonne, posto[1])
        contenuto = self.visto.contenuti[posto] = cella.contenuto(self.condivisi)
        self.conti.piene(1, len(contenuto) if cella.tipo == "s" and isinstance(contenuto, str) else 0)
        if self.nascosta:
            foglio.righe_nascoste.add(posto[0])
        if cella.formula:
            foglio.formule.add(posto)
            lasciata = self.da_calcolare and contenuto == 0 and cella.tipo == "n"
            if lasciata or not cella.calcolata:
                foglio.non_calcolate.add(posto)
        if isinstance(contenuto, Errore):
            foglio.errori[posto] = ERRORI.get(contenuto.nome, contenuto.nome)
        elif isinstance(contenuto, Incerto):
            foglio.incerte[posto] = contenuto.scritto
        elif contenuto is not None:
            self._segni(cella, stile)
        if cella.tipo != "b" and (formato := self.formati.get(stile)):
            foglio.formati[posto] = formato

    def _segni(self, cella: Cella, stile: int) -> None:
        """Note the marks of a cell: on the runs of its text, or on the whole of it."""
        scritta, di_cella = cella.in_tratti(self.condivisi), self.segni.get(stile, "")
        tratti = scritta.segnata(di_cella) if scritta else (("", di_cella),) if di_cella else ()
        if tratti:
            self.foglio.segnate[self.posto] = tratti


def _proprieta(archivio: Archivio) -> dict[str, str]:
    if not archivio.ha(parti.PROPRIETA):
        return {}
    return {
        nodo.get("name", ""): "".join(str(testo) for testo in nodo.itertext()).strip()
        for nodo in archivio.albero(parti.PROPRIETA)
    }
