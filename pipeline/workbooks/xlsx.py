"""An Excel workbook (.xlsx, .xlsm) -> grids: calamine reads the values, the guard holds it to the file.

The guard passes over the XML of every sheet first: two far-apart cells make the reader allocate 550 GB,
and error cells, formulas never calculated and numbers shown as percentages all look alike to it. What
the guard saw is what must come out: each cell with its value, or else told as uncertain.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import chain
from operator import ge
from typing import Any, NamedTuple, cast
from xml.etree.ElementTree import Element

import python_calamine

from pipeline.rilievi import Rilievo
from pipeline.workbooks import contorno, parti, righe
from pipeline.workbooks.archivio import MAX_COLONNE, MAX_RIGHE, Archivio, Conti, finiti
from pipeline.workbooks.contenuti import Cella, Contenuto, Errore, F, Incerto, V
from pipeline.workbooks.formati import PREDEFINITI, Formato
from pipeline.workbooks.formati import leggi as leggi_formato
from pipeline.workbooks.grid import ERRORI, Cartella, FileRifiutato, Foglio, Posto, rifiuto
from pipeline.workbooks.parti import MAIN, Piano
from pipeline.workbooks.righe import Indici, Piena, Riga, Spezzato, Stampo
from pipeline.workbooks.scritte import IS, Scritta, Testo, condivisi, segni_degli_stili

_NS = {"m": MAIN}
_MAIN = f"{{{MAIN}}}"
_DATI, _ROW, _COL, _C, _UNITA, _EXT, _PROTEZIONE = (
    _MAIN + nome for nome in ("sheetData", "row", "col", "c", "mergeCell", "extLst", "sheetProtection")
)
_DI_CELLA = (_C, V, F, IS)
_FOGLIO_MACRO = "{http://schemas.microsoft.com/office/excel/2006/main}macrosheet"
_PROFONDITA_RIGA, _PROFONDITA_CELLA = 3, 4
"""Where rows and cells stand under the root, and nowhere else."""
_DATE = "{http://purl.org/dc/terms/}"
_INCERTI = (Errore, Incerto)
_UN_SECONDO = 1 / 86_400

Griglia = list[list[Any]]
"""The rows of a sheet from the first, all as long as the longest."""


def leggi(archivio: Archivio, libro: str) -> Cartella:
    """All the sheets, the properties and the remarks of the workbook whose main part is `libro`.

    Raises FileRifiutato.
    """
    piano = parti.in_piano(archivio, libro)
    visti = _esamina(piano, archivio)
    _riempi(visti, piano)
    salvato = piano.parti.salvato(parti.CORE, f"{_DATE}created", f"{_DATE}modified")
    fogli = {visto.foglio.nome: visto.foglio for visto in visti.values()}
    proprieta, avvisi = _proprieta(piano), tuple(_avvisi(archivio))
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
    letti = _leggi_fogli(piano.pacco, list(visti))
    for numero, visto in visti.items():
        griglia, foglio = letti[numero], visto.foglio
        lette = _nei_posti(griglia, visto.contenuti)
        foglio.metti(_valori(visto.contenuti, lette, piano.dal_1904))
        if _quante(chain.from_iterable(griglia)) > _quante(lette):
            _in_piu(visto, griglia)
        foglio.applica_formati()


def _valori(contenuti: dict[Posto, Contenuto], lette: list[Any], dal_1904: bool) -> Mapping[Posto, Any]:
    """The values of the cells that the guard saw, given what calamine read in them, in their order."""
    visti = [*contenuti.values()]
    if visti == lette and [*map(type, visti)] == [*map(type, lette)]:  # of nearly all sheets
        return contenuti
    valori = dict[Posto, Any](contenuti)
    for (posto, contenuto), letto in zip(contenuti.items(), lette, strict=True):
        if type(contenuto) is type(letto) and contenuto == letto:
            continue
        if _stessa_data(contenuto, letto, dal_1904):
            valori[posto] = letto
        elif contenuto is None or isinstance(contenuto, _INCERTI):
            del valori[posto]
    return valori


def _nei_posti(griglia: Griglia, posti: Iterable[Posto]) -> list[Any]:
    """What calamine read in some places: "" for nothing, also outside of its grid."""
    righe, colonne = len(griglia), len(griglia[0]) if griglia else 0
    return [griglia[r - 1][c - 1] if r <= righe and c <= colonne else "" for r, c in posti]


def _quante(valori: Iterable[Any]) -> int:
    """How many hold something."""
    tutti = list(valori)
    return len(tutti) - tutti.count("")


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


def _in_piu(visto: Visto, griglia: Griglia) -> None:
    """What calamine gives where the guard saw nothing is told as uncertain."""
    for riga, valori in enumerate(griglia, start=1):
        for colonna, valore in enumerate(valori, start=1):
            if valore != "" and (riga, colonna) not in visto.contenuti:
                visto.foglio.incerte[riga, colonna] = str(valore)


def _stessa_data(visto: Contenuto, letto: Any, dal_1904: bool) -> bool:
    """Whether calamine took for a date the number that the guard saw."""
    if not isinstance(visto, float) or not isinstance(letto, date | time | timedelta):
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
    conti = Conti(piano.parti.nome)
    stili = _stili(piano)
    testi = condivisi(piano.parti, conti)
    visti: dict[int, Visto] = {}
    for numero, foglio in enumerate(piano.fogli, start=1):
        visto = Visto(Foglio(foglio.titolo, nascosto=foglio.nascosto))
        passaggio = _Passaggio(conti, visto, stili, testi, piano.da_calcolare)
        passaggio.percorri(piano, numero, foglio.tipo)
        if foglio.tipo == "worksheet":
            visti[numero] = visto
            contorno.guarda(archivio, foglio.parte, visto.foglio)
    return visti


class Stili(NamedTuple):
    """What the cell styles say, by their index: the number formats that may show more than the digits of
    a value; the marks of a whole cell; in which cells a protected sheet lets one write, and of which of
    them there is more to say."""

    formati: dict[int, Formato]
    segni: dict[int, str]
    indici: Indici


_NOTI: dict[tuple[bytes, bool], Stili] = {}
"""The workbooks made from a form have the same styles, all of them."""
_MAX_NOTI = 8


def _stili(piano: Piano) -> Stili:
    """The styles of a workbook. Raises FileRifiutato if they can be read in more than one way."""
    if not piano.parti.ha(parti.STILI):
        return Stili({}, {}, Indici(frozenset(), frozenset()))
    chiave = (hashlib.sha256(piano.parti.leggi(parti.STILI)).digest(), piano.dal_1904)
    if chiave not in _NOTI:
        formati, segni = _formati(piano), segni_degli_stili(piano.parti)
        letti = Stili(formati, segni, Indici(_aperti(piano), frozenset(formati.keys() | segni.keys())))
        if len(_NOTI) == _MAX_NOTI:
            _NOTI.clear()
        _NOTI[chiave] = letti
    return _NOTI[chiave]


def _formati(piano: Piano) -> dict[int, Formato]:
    stili = piano.parti.albero(parti.STILI)
    codici = dict(PREDEFINITI)
    for nodo in stili.iterfind("m:numFmts/m:numFmt", _NS):
        codici[int(nodo.get("numFmtId", "0"))] = nodo.get("formatCode", "")
    usati = (int(nodo.get("numFmtId", "0")) for nodo in stili.iterfind("m:cellXfs/m:xf", _NS))
    formati = (leggi_formato(codici.get(numero, "General"), piano.dal_1904) for numero in usati)
    return {indice: formato for indice, formato in enumerate(formati) if formato}


def _aperti(piano: Piano) -> frozenset[str]:
    stili = piano.parti.albero(parti.STILI).iterfind("m:cellXfs/m:xf", _NS)
    protezioni = (stile.find("m:protection", _NS) for stile in stili)
    return frozenset(
        str(indice)
        for indice, protezione in enumerate(protezioni)
        if protezione is not None and protezione.get("locked") in ("0", "false")
    )


class _Passaggio:
    """One pass over the XML of a sheet: what its filled cells hold, and what the reader cannot tell."""

    def __init__(
        self,
        conti: Conti,
        visto: Visto,
        stili: Stili,
        condivisi: dict[str, Testo],
        da_calcolare: bool,
    ) -> None:
        self.conti, self.visto, self.foglio = conti, visto, visto.foglio
        self.formati, self.segni, self.indici = stili
        self.aperti = self.indici.aperti
        self.condivisi, self.da_calcolare = condivisi, da_calcolare
        self.spezzato: Spezzato | None = None
        self.iniziati: dict[int, Element] = {}
        self.estensione = 0
        self.posto: Posto = (0, 0)
        self.ultimo: Posto = (0, 0)
        self.colonne = 0
        self.dati = 0
        self.radice = ""
        self.nascosta = self.libero = False

    def percorri(self, piano: Piano, numero: int, tipo: str) -> None:
        parte = piano.parte(numero)
        self.spezzato = righe.spezza(piano.parti.pronte[parte])
        if self.spezzato:
            self.conti.elementi_in_piu(self.spezzato.intorno.muti)
            self._visita(self.spezzato.intorno.radice, 1, True)
        else:
            for intorno, intero in piano.parti.cresce(parte):
                self._dentro(intorno, 0, intero)
                self.conti.un_pezzo()
        self.conti.un_area(self.ultimo[0], self.colonne)
        if self.radice != _MAIN + tipo or (self.dati and tipo != "worksheet"):
            raise self._guasto(f"il foglio «{self.foglio.nome}» non è del tipo che dice")

    def _righe(self, spezzato: Spezzato) -> None:
        """The rows of a sheet taken apart: those that are plain by their stamp, the others as trees."""
        semplici: list[tuple[Stampo, list[str]]] = []
        altre: list[tuple[str, list[str]]] = []
        for stampo, sagoma, valori in spezzato.righe(self.indici):
            if stampo:
                if altre:
                    self._dentro(spezzato.albero(altre), _PROFONDITA_RIGA - 1, True)
                    altre = []
                semplici.append((stampo, valori))
            else:
                self._righe_semplici(semplici)
                semplici = []
                altre.append((sagoma, valori))
        self._righe_semplici(semplici)
        if altre:
            self._dentro(spezzato.albero(altre), _PROFONDITA_RIGA - 1, True)

    def _righe_semplici(self, semplici: list[tuple[Stampo, list[str]]]) -> None:
        """Rows that are plain by their stamps, one after the other; nearly all hold only texts."""
        self.conti.elementi_in_piu(sum([stampo.elementi for stampo, _ in semplici]))
        piene: list[Piena] = []
        scritti: list[str] = []
        for stampo, valori in semplici:
            di_testi = len(valori) == len(stampo.testi) and not stampo.riga.nascosta
            if not di_testi:
                self._testi(piene, scritti)
                piene, scritti = [], []
            self._riga(stampo.riga)
            if stampo.sbloccate:
                self._sblocca(stampo.sbloccate)
            if di_testi:
                piene += stampo.piene
                scritti += valori
            else:
                self._semplici(stampo.piene, valori)
        self._testi(piene, scritti)

    def _testi(self, piene: list[Piena], scritti: list[str]) -> None:
        """Cells that have shared texts, of rows that show; nearly all in one piece."""
        testi = [*map(self.condivisi.get, scritti)]
        if set(map(type, testi)) == {str}:
            self._annota_testi([piena.posto for piena in piene], cast(list[str], testi))
        else:
            self._semplici(piene, scritti)

    def _semplici(self, piene: Iterable[Piena], scritti: list[str]) -> None:
        for piena, scritto in zip(piene, scritti, strict=True):
            self._semplice(piena, scritto)

    def _semplice(self, piena: Piena, scritto: str) -> None:
        """A cell with one value, and perhaps the formula of which it is."""
        posto, tipo, stile, formula = piena
        testo = self.condivisi.get(scritto) if tipo == "s" and not formula else None
        if isinstance(testo, str):
            self._annota(posto, stile, tipo, testo, testo)
        else:
            self.conti.piene(0, len(scritto))
            self._chiusa(Cella(tipo, [scritto], formula=formula), posto, stile)

    def _annota_testi(self, posti: list[Posto], testi: list[str]) -> None:
        """Note the texts of some cells, in their order."""
        if posti[0] <= self.ultimo or any(map(ge, posti, posti[1:])):
            raise self._fuori_posto(posti[0])
        self.ultimo = posti[-1]
        self.colonne = max(self.colonne, *(colonna for _, colonna in posti))
        self.visto.contenuti.update(zip(posti, testi, strict=True))
        self.conti.piene(len(testi), sum(map(len, testi)))

    def _dentro(self, elemento: Element, profondita: int, intero: bool) -> None:
        """Look at what stands in an element; the last of it may not be over, and is looked at again."""
        figli = list(elemento)
        for figlio in figli:
            self._visita(figlio, profondita + 1, intero or figlio is not figli[-1])
        if not intero:
            del elemento[:-1]

    def _visita(self, elemento: Element, profondita: int, intero: bool) -> None:
        if self.iniziati.get(profondita) is not elemento:
            self.iniziati[profondita] = elemento
            self._inizio(elemento, profondita)
        if elemento.tag == _ROW and not self.estensione:
            self._celle(elemento, intero)
        elif elemento.tag == _DATI and self.spezzato and not self.estensione:
            self._righe(self.spezzato)
        elif len(elemento):
            self._dentro(elemento, profondita, intero)
        if intero:
            self._fine(elemento, profondita)

    def _inizio(self, elemento: Element, profondita: int) -> None:
        """An element that is no cell. Among the cells there is nothing else, or readers part company."""
        self.conti.un_elemento(profondita)
        tag = elemento.tag
        if self.estensione:
            return
        if tag == _ROW:
            if self.dati != 1 or profondita != _PROFONDITA_RIGA:
                raise self._estraneo()
            self._riga(righe.testa_di(elemento.attrib, self.posto[0] + 1))
        elif tag == _EXT:
            self.estensione = profondita
        elif self.dati == 1 or tag in _DI_CELLA or (tag.endswith("}sheetData") and tag != _DATI):
            raise self._estraneo()
        else:
            self._intorno(tag, elemento.attrib, profondita)

    def _fine(self, elemento: Element, profondita: int) -> None:
        if self.estensione:
            self.estensione = 0 if self.estensione == profondita else self.estensione
        elif elemento.tag == _DATI:
            self.dati = 2

    def _riga(self, riga: Riga) -> None:
        self.posto, self.nascosta = (riga.numero, 0), riga.nascosta
        self.libero |= riga.stile in self.aperti

    def _intorno(self, tag: str, attributi: dict[str, str], profondita: int) -> None:
        """What stands around the rows."""
        if tag == _DATI:
            if self.dati or profondita != _PROFONDITA_RIGA - 1:
                raise self._estraneo()
            self.dati = 1
        elif tag == _UNITA:
            self._unisci(attributi.get("ref", ""))
        elif tag == _PROTEZIONE:
            self.foglio.protetto = attributi.get("sheet") in ("1", "true") and not self.libero
        elif tag == _COL:
            contorno.colonne(self.foglio, attributi)
            self.libero |= attributi.get("style") in self.aperti
        elif not self.radice:
            self.radice = tag
            if tag == _FOGLIO_MACRO:
                raise self._guasto(f"«{self.foglio.nome}» è un foglio di macro di Excel 4.0")
            if not tag.startswith(_MAIN):
                raise self._guasto(f"il foglio «{self.foglio.nome}» non è quello di un file Excel")

    def _celle(self, riga: Element, intero: bool) -> None:
        """The cells of a row, as far as they are over."""
        celle = finiti(riga, intero)
        self.conti.elementi_in_piu(len(celle))
        for cella in celle:
            if cella.tag != _C:
                self._visita(cella, _PROFONDITA_CELLA, True)
                continue
            riferimento = cella.get("r")
            seguente = (self.posto[0], self.posto[1] + 1)
            self.posto = seguente if riferimento is None else righe.posto_di(riferimento)
            if cella.get("s") in self.aperti:
                self._sblocca([self.posto])
            if len(cella) or cella.text:
                self._piena(cella)

    def _sblocca(self, posti: Collection[Posto]) -> None:
        self.libero |= not self.conti.sbloccate_in_piu(self.foglio, posti)

    def _piena(self, elemento: Element) -> None:
        """A cell of a tree that is not blank."""
        cella = Cella(elemento.get("t", "n"))
        self._nella_cella(elemento, _PROFONDITA_CELLA, cella)
        if cella.altro or any(figlio.tag != _EXT for figlio in elemento):
            self._chiusa(cella, self.posto, int(elemento.get("s", "0")))

    def _nella_cella(self, elemento: Element, profondita: int, cella: Cella) -> None:
        """Pass over what stands in a cell, or in an element of it, in its order."""
        self.conti.piene(0, cella.testo(elemento.text or ""))
        for figlio in elemento:
            if figlio.tag == _EXT:
                self._visita(figlio, profondita + 1, True)
            else:
                self.conti.un_elemento(profondita + 1)
                if figlio.tag in (_C, _DATI) or not figlio.tag.startswith(_MAIN):
                    raise self._estraneo()
                cella.inizio(figlio.tag, figlio.attrib, profondita == _PROFONDITA_CELLA)
                self._nella_cella(figlio, profondita + 1, cella)
                cella.fine(figlio.tag)
            self.conti.piene(0, cella.testo(figlio.tail or ""))

    def _unisci(self, riferimento: str) -> None:
        """Note cells merged downwards; a reference that makes no sense merges nothing."""
        capo, fine = righe.angoli(riferimento)
        self.conti.unite(self.foglio, capo, fine[0])

    def _guasto(self, perche: str) -> FileRifiutato:
        return rifiuto("F03", self.conti.nome, perche)

    def _estraneo(self) -> FileRifiutato:
        return self._guasto(f"nel foglio «{self.foglio.nome}» fra le celle c'è altro")

    def _chiusa(self, cella: Cella, posto: Posto, stile: int) -> None:
        """A cell of which all the XML was read."""
        contenuto = cella.contenuto(self.condivisi)
        incerto = contenuto is None or isinstance(contenuto, _INCERTI)
        testo = None if incerto else cella.in_tratti(self.condivisi)
        self._annota(posto, stile, cella.tipo, contenuto, testo)
        if cella.formula:
            self.foglio.formule.add(posto)
            lasciata = self.da_calcolare and contenuto == 0 and cella.tipo == "n"
            if lasciata or not cella.calcolata:
                self.foglio.non_calcolate.add(posto)

    def _annota(
        self, posto: Posto, stile: int, tipo: str, contenuto: Contenuto, testo: Testo | None
    ) -> None:
        """Note what a filled cell holds; `testo` is its text, in runs if it has them."""
        foglio, (riga, colonna) = self.foglio, posto
        if posto <= self.ultimo or riga > MAX_RIGHE or colonna > MAX_COLONNE:
            raise self._fuori_posto(posto)
        self.ultimo = posto
        if colonna > self.colonne:
            self.colonne = colonna
        self.visto.contenuti[posto] = contenuto
        self.conti.piene(1, len(contenuto) if tipo == "s" and isinstance(contenuto, str) else 0)
        if self.nascosta:
            foglio.righe_nascoste.add(riga)
        if isinstance(contenuto, Errore):
            foglio.errori[posto] = ERRORI.get(contenuto.nome, contenuto.nome)
        elif isinstance(contenuto, Incerto):
            foglio.incerte[posto] = contenuto.scritto
        elif stile in self.segni or (isinstance(testo, Scritta) and testo.parlante):
            self._segna(posto, contenuto, testo, self.segni.get(stile, ""))
        if tipo != "b" and (formato := self.formati.get(stile)):
            foglio.formati[posto] = formato

    def _fuori_posto(self, posto: Posto) -> FileRifiutato:
        if posto == righe.IMPOSSIBILE:
            return self._guasto("una cella ha un indirizzo impossibile")
        self.conti.dentro(self.foglio, posto)
        return self._guasto("le celle non sono in ordine")

    def _segna(self, posto: Posto, contenuto: Contenuto, testo: Testo | None, di_cella: str) -> None:
        """Note the marks of a cell: on the runs of its text, or on the whole of it."""
        tratti = testo.segnata(di_cella) if isinstance(testo, Scritta) else ((testo or "", di_cella),)
        if tratti and contenuto is not None:
            self.foglio.segnate[posto] = tratti


def _proprieta(piano: Piano) -> dict[str, str]:
    if not piano.parti.ha(parti.PROPRIETA):
        return {}
    return {
        nodo.get("name", ""): "".join(str(testo) for testo in nodo.itertext()).strip()
        for nodo in piano.parti.albero(parti.PROPRIETA)
    }
