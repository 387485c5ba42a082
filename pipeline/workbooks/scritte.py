"""The texts of an Excel workbook, with the marks that change what they say: apice, pedice, barrato.

«32» with a superscript 1 is not 321. A mark stands on a run of a text, or in the font of the whole cell.
Source: ECMA-376, part 1, 18.4 (shared strings) and 18.8.22 (fonts).
"""

import re
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from lxml import etree

from pipeline.workbooks.archivio import CAMBIATI, TESTA, Conti, Parti, finiti
from pipeline.workbooks.grid import BARRATO, FileRifiutato, Tratto, rifiuto
from pipeline.workbooks.parti import MAIN, STILI, TESTI

IS, T = (f"{{{MAIN}}}{nome}" for nome in ("is", "t"))
_SST, _SI, _EXT = (f"{{{MAIN}}}{nome}" for nome in ("sst", "si", "extLst"))
_R, _RPR, _RPH, _STRIKE, _ALIGN = (
    f"{{{MAIN}}}{nome}" for nome in ("r", "rPr", "rPh", "strike", "vertAlign")
)
_SEGNI = {"superscript": "in apice", "subscript": "in pedice"}
_SPAZI = "{http://www.w3.org/XML/1998/namespace}space"
_NO = ("0", "false")
_BIANCHI = " \t\r\n"
MAX_SPEZZATI, MAX_TESTA = 2**20, 1_000
"""The longest list of texts, in bytes, that is taken apart; and the longest root, which goes with every
piece."""
_PIANO = re.compile(f'<si><t( xml:space="preserve")?>([^<>{CAMBIATI}]*)</t></si>')
_ESCAPE = re.compile("_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")
"""A character that XML cannot hold; half of a pair (D800-DFFF) is none. Source: 22.9.2.19."""


def di_excel(testo: str) -> str:
    """The text with its escapes («_x000D_») as the characters they stand for."""
    return _ESCAPE.sub(lambda trovato: chr(int(trovato[1], 16)), testo) if "_x" in testo else testo


class Scritta:
    """A text while it is read, in runs. Blanks at its ends count only where xml:space says so, those
    between two runs always. `strana`: it holds what a text has not; `parlante`: a run has a mark."""

    # of the class, since nearly all texts leave them so
    intera = ""
    strana = parlante = ricca = False
    _segno: str | None = None
    _aperto: list[str] | None = None
    _fonetico = _conserva = False

    def __init__(self) -> None:
        self.tratti: list[tuple[str, str | None]] = []

    def inizio(self, elemento: str, attributi: Mapping[str, str]) -> None:
        if self._aperto is not None:
            self.strana = True
        elif elemento == T:
            self._aperto = []
            inizio, self._conserva = not self.tratti, attributi.get(_SPAZI) == "preserve"
            self._taglia_inizio = inizio and not self._conserva
        elif elemento == _R:
            self._segno = None
        elif elemento == _RPR:
            self._segno, self.ricca = "", True
        elif elemento == _RPH:
            self._fonetico = True
        elif elemento == _STRIKE and attributi.get("val", "1") not in _NO:
            self._segno = BARRATO
        elif elemento == _ALIGN:
            self._segno = _SEGNI.get(attributi.get("val", ""), self._segno)

    def testo(self, caratteri: str) -> None:
        if self._aperto is not None:
            self._aperto.append(caratteri)
        elif caratteri.strip(_BIANCHI):
            self.strana = True
            self.tratti.append((caratteri, self._segno))

    def fine(self, elemento: str) -> None:
        if elemento == T and self._aperto is not None:
            testo = "".join(self._aperto)
            if not self._fonetico:
                testo = testo.lstrip(_BIANCHI) if self._taglia_inizio else testo
                self.tratti.append((testo, self._segno))
            self._aperto = None
        elif elemento == _RPH:
            self._fonetico = False

    def chiudi(self) -> "Scritta":
        """The text is over: blanks after it are cut, escapes read."""
        if self.tratti and not self._conserva:
            testo, segno = self.tratti[-1]
            self.tratti[-1] = (testo.rstrip(_BIANCHI), segno)
        self.intera = "".join([testo for testo, _ in self.tratti])
        if "_x" in self.intera:
            self.tratti = [(di_excel(testo), segno) for testo, segno in self.tratti]
            self.intera = "".join([testo for testo, _ in self.tratti])
        if self.ricca:
            self.parlante = any(segno and testo.strip() for testo, segno in self.tratti)
        return self

    def segnata(self, di_cella: str) -> tuple[Tratto, ...]:
        """Its runs with their marks, if any has one; a run that says nothing looks as its cell."""
        if not di_cella and not self.parlante:
            return ()
        return tuple((testo, di_cella if segno is None else segno) for testo, segno in self.tratti)


Testo = str | Scritta
"""A text that cells share: nearly all are in one piece, of which there is no more to say."""


def condivisi(parti: Parti, conti: Conti) -> dict[str, Testo]:
    """The texts that the cells give by number: one long text used in many cells fills the memory."""
    if not parti.ha(TESTI):
        return {}
    contenuto = parti.leggi(TESTI)
    testi = _spezzati(contenuto.decode(), conti) if len(contenuto) <= MAX_SPEZZATI else None
    if testi is None:
        testi = []
        for intorno, intero in parti.cresce(TESTI):
            for radice in intorno:
                testi += _voci(radice, intero, conti)
            conti.un_pezzo()
    return dict(zip(map(str, range(len(testi))), testi, strict=True))


def _spezzati(testo: str, conti: Conti) -> list[Testo] | None:
    """The texts of a list taken apart: the plain ones as they are written, what stands between them as
    trees. None if they may not be where they seem to be; as `righe.spezza` does with the rows."""
    radice = TESTA.match(testo)
    testa, coda = (radice[0], f"</{radice[2]}>") if radice else ("", "")
    dentro = testo.rstrip(_BIANCHI)
    if radice is None or len(testa) > MAX_TESTA or not dentro.endswith(coda):
        return None
    pezzi = _PIANO.split(dentro[len(testa) : -len(coda)])
    intorno = "".join(pezzi[::3])
    if "<!" in intorno or "<?" in intorno:
        return None
    try:
        alberi = {
            prima: ElementTree.fromstring(f"{testa}{pezzo}{coda}".encode())
            for prima, pezzo in enumerate(pezzi[::3])
            if pezzo.strip(_BIANCHI) or not prima
        }
        piani = [_piano(*pezzo) for pezzo in zip(pezzi[1::3], pezzi[2::3], strict=True)]
    except ElementTree.ParseError:
        return None
    conti.elementi_in_piu(2 * len(piani))
    conti.condivisi_in_piu(len(piani), sum(map(len, piani)))
    testi: list[Testo] = []
    fatti = 0
    for prima, albero in alberi.items():
        testi += piani[fatti:prima] + _voci(albero, True, conti)
        fatti = prima
    return testi + piani[fatti:]


def _piano(spazi: str | None, scritto: str) -> str:
    """A text that is plain, perhaps with entities. Raises ElementTree.ParseError."""
    testo = ElementTree.fromstring(f"<t>{scritto}</t>").text or "" if "&" in scritto else scritto
    return di_excel(testo if spazi else testo.strip(_BIANCHI))


def _voci(radice: Element, intera: bool, conti: Conti) -> list[Testo]:
    """The texts that are over in a list that grows."""
    if radice.tag != _SST or any(voce.tag not in (_SI, _EXT) for voce in radice):
        raise _non_testi(conti.nome)
    voci = finiti(radice, intera)
    conti.elementi_in_piu(len(voci))
    return [_condiviso(voce, conti) for voce in voci if voce.tag == _SI]


def _condiviso(voce: Element, conti: Conti) -> Testo:
    pezzo = voce[0] if len(voce) == 1 else voce
    if pezzo.tag == T and not (len(pezzo) or voce.text or pezzo.tail):
        testo = pezzo.text or ""
        conti.elementi_in_piu(1)
        conti.condivisi_in_piu(1, len(testo))
        return di_excel(testo if pezzo.get(_SPAZI) == "preserve" else testo.strip(_BIANCHI))
    conti.condivisi_in_piu(1, 0)
    scritta = Scritta()
    _nei_testi(voce, 1, scritta, conti)
    return scritta.chiudi()


def _nei_testi(elemento: Element, profondita: int, scritta: Scritta, conti: Conti) -> None:
    """Pass over what stands in an element of a shared text, in its order."""
    _testo_condiviso(elemento.text, scritta, conti)
    for figlio in elemento:
        conti.un_elemento(profondita + 1)
        if not figlio.tag.startswith(f"{{{MAIN}}}"):
            raise _non_testi(conti.nome)
        scritta.inizio(figlio.tag, figlio.attrib)
        _nei_testi(figlio, profondita + 1, scritta, conti)
        scritta.fine(figlio.tag)
        _testo_condiviso(figlio.tail, scritta, conti)


def _testo_condiviso(testo: str | None, scritta: Scritta, conti: Conti) -> None:
    if testo:
        conti.condivisi_in_piu(0, len(testo))
        scritta.testo(testo)


def _non_testi(nome: str) -> FileRifiutato:
    return rifiuto("F03", nome, "l'elenco dei testi non è quello di un file Excel")


def segni_degli_stili(parti: Parti) -> dict[int, str]:
    """The cell styles whose whole font is struck, raised or lowered -> the mark.

    Raises FileRifiutato for styles that two readers may count in different ways.
    """
    stili = parti.albero(STILI)
    for nome, voce in (("numFmts", "numFmt"), ("fonts", "font"), ("cellXfs", "xf")):
        elenchi = list(stili.iter(f"{{*}}{nome}"))
        voci = [nodo.tag for elenco in elenchi for nodo in elenco.iterchildren(etree.Element)]
        if len(elenchi) > 1 or any(tag != f"{{{MAIN}}}{voce}" for tag in voci):
            raise rifiuto("F03", parti.nome, "gli stili delle celle si leggono in più modi")
    caratteri = [_del_carattere(nodo) for nodo in stili.iterfind(f"{{{MAIN}}}fonts/{{{MAIN}}}font")]
    segnati = {numero: segno for numero, segno in enumerate(caratteri) if segno}
    return {
        indice: segnati[carattere]
        for indice, nodo in enumerate(stili.iterfind(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf"))
        if (carattere := int(nodo.get("fontId", "0"))) in segnati
    }


def _del_carattere(carattere: etree._Element) -> str:
    barrato, alzato = (carattere.find(f"{{{MAIN}}}{nome}") for nome in ("strike", "vertAlign"))
    if barrato is not None and barrato.get("val", "1") not in _NO:
        return BARRATO
    return _SEGNI.get(alzato.get("val", ""), "") if alzato is not None else ""
