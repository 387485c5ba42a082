"""What the child that reads does with a letterhead and a stemma: it judges them, and hands over what is
safe to open."""

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

from docx.document import Document as DocumentoWord
from docx.oxml.ns import nsmap
from docx.shared import Cm, Length, Mm, Twips
from lxml import etree

from pipeline.documents.word import base, corpo, immagini, leggibilita
from pipeline.documents.word.base import NOMI_IN_WORD, Carta
from pipeline.documents.word.blocchi import Tavola
from pipeline.documents.word.corpo import Corpo
from pipeline.documents.word.documento import Documento
from pipeline.documents.word.immagini import ImmagineRifiutata
from pipeline.documents.word.ripulitura import NON_DI_WORD, CartaRifiutata, e_xml
from pipeline.parole import elenco_di
from pipeline.rilievi import Rilievo
from pipeline.workbooks import archivio, natura
from pipeline.workbooks.archivio import Archivio
from pipeline.workbooks.grid import FileRifiutato

MIN_TESTO = int(Cm(10) / Twips(1))
"""The text area, wide and high, in twentieths of a point: in less, the tables of the schede cannot be
read."""
DETTI = 3
"""How many of the styles that a letterhead lacks are named."""
_A4 = (Mm(210), Mm(297))
_CIRCA = Mm(2)
"""As much as two programs may differ about a sheet."""
_STRICT = "http://purl.oclc.org/ooxml/"
_NON_WORD = "non è un documento di Word (.docx)"
_PERCHE = {
    "F02": "chiede una password per essere aperta",
    "F03": "è danneggiata o incompleta",
    "F04": "è troppo grande (bastano l'intestazione e il piè di pagina: il testo si può cancellare)",
    "F18": "non si apre: è in uso in un altro programma, o manca il permesso di leggerla",
}
"""Why the guard refuses a file, said of a letterhead."""
_TIPI = "[Content_Types].xml"
_NUMERO_DI_PAGINA = re.compile(r"\bPAGE\b", re.IGNORECASE)
_QUANDO = datetime(2000, 1, 1)


def stemma(contenuto: bytes) -> bytes | str:
    """The picture to print, or why there is none."""
    try:
        return immagini.stemma(contenuto)
    except ImmagineRifiutata as rifiutata:
        return str(rifiutata)


def intestata(nome: str, contenuto: bytes) -> tuple[bytes | None, list[Rilievo]]:
    """A letterhead with nothing in it but what the relazione takes, or None; what there is to say."""
    try:
        _guarda(nome, contenuto)
        pulita = _pulita(contenuto)
        _prova(pulita)
        return pulita, _avvisi(nome, contenuto)
    except CartaRifiutata as rifiutata:
        perche = str(rifiutata)
    except FileRifiutato as rifiutato:
        perche = perche_rifiutata(rifiutato, contenuto)
    except MemoryError:
        raise
    except Exception:  # python-docx has no common exception; the file is at fault
        perche = _che_cosa_e(contenuto)
    return None, [Rilievo("F13", nome, dati={"dettaglio": perche})]


def traccia(nome: str, contenuto: bytes) -> Corpo | str:
    """The text of an act, on a letterhead that is its own page; or why it cannot be used."""
    carta, rilievi = intestata(nome, contenuto)
    if carta is None:
        return rilievi[0].dati["dettaglio"]
    return corpo.estrai(contenuto, carta)


def perche_rifiutata(rifiutato: FileRifiutato, contenuto: bytes = b"") -> str:
    """Why the guard refuses a file, said of a letterhead."""
    return _PERCHE.get(rifiutato.rilievo.codice) or _che_cosa_e(contenuto)


def _che_cosa_e(contenuto: bytes) -> str:
    """Why a file is no letterhead, with what it is instead where its content says it."""
    che = natura.riconosci(contenuto).che
    return _NON_WORD if che == natura.DI_WORD else f"{_NON_WORD}: {che}"


def _guarda(nome: str, contenuto: bytes) -> None:
    """Look through the archive. Raises CartaRifiutata, and FileRifiutato as for any file."""
    with archivio.aperto(nome, contenuto) as pacco:
        parti = pacco.zip.namelist()
        if any("vbaproject" in parte.lower() for parte in parti):
            raise CartaRifiutata("contiene macro")
        if not pacco.ha(_TIPI):
            raise CartaRifiutata(_che_cosa_e(contenuto))
        tipi = _tipi(pacco)
        if any("macroenabled" in tipo.lower() for tipo in tipi.values()):
            raise CartaRifiutata("è salvata in un formato con macro (.docm, .dotm)")
        if any(tipo.endswith("wordprocessingml.template.main+xml") for tipo in tipi.values()):
            raise CartaRifiutata(f"{_NON_WORD}: è un modello di Word (.dotx)")
        legami: list[etree._Element] = []
        for parte in parti:
            e_legame = parte.lower().endswith(".rels")
            if e_legame or parte.lower().endswith(".xml") or e_xml(tipi.get(archivio.chiave(parte), "")):
                albero = pacco.albero(parte)  # refuses definitions (entity bombs)
                legami += albero if e_legame else []
    if any(legame.get("Type", "").startswith(_STRICT) for legame in legami):
        raise CartaRifiutata("è salvata come «Documento di Word Strict Open XML»")


def _tipi(pacco: Archivio) -> dict[str, str]:
    """Name of each part -> what it is, as the list of the file says: by its name or by its ending."""
    elenco = pacco.albero(_TIPI)
    finali = {e.get("Extension", "").lower(): e.get("ContentType", "") for e in elenco}
    propri = {
        archivio.chiave(e.get("PartName", "").lstrip("/")): e.get("ContentType", "")
        for e in elenco
        if e.get("PartName")
    }
    per_finale = {
        archivio.chiave(nome): finali.get(nome.rpartition(".")[2].lower(), "")
        for nome in pacco.zip.namelist()
    }
    return per_finale | propri


def _pulita(contenuto: bytes) -> bytes:
    """Our styles on a letterhead, without its body and whatever it has no use for."""
    documento = Documento(Carta(contenuto))
    _giudica(documento.word)
    for parte in documento.word.part.package.iter_parts():
        if parte.content_type.startswith("image/"):
            try:
                parte._blob = immagini.ripulita(parte.blob)
            except ImmagineRifiutata as rifiutata:
                raise CartaRifiutata(f"una sua immagine {rifiutata}") from rifiutata
    return _salvato(documento)


def _giudica(word: DocumentoWord) -> None:
    if word.element.nsmap.get("w") != nsmap["w"]:
        raise CartaRifiutata(NON_DI_WORD)
    if min(base.larghezza(word), base.altezza(word)) < MIN_TESTO:
        raise CartaRifiutata("i suoi margini lasciano al testo meno di 10 centimetri")
    if perche := leggibilita.illeggibile(word):
        raise CartaRifiutata(perche)


def _salvato(documento: Documento) -> bytes:
    """A document as a file. Raises what `salva` raises, and CartaRifiutata for parts of one name."""
    flusso = BytesIO()
    documento.proprieta("", "", _QUANDO)
    documento.salva(flusso, rilette=True)
    with ZipFile(flusso) as pacco:
        nomi = pacco.namelist()
    if len({archivio.chiave(nome) for nome in nomi}) < len(nomi):
        raise CartaRifiutata(NON_DI_WORD)
    return flusso.getvalue()


def _prova(pulita: bytes) -> None:
    """Dress a small relazione in a letterhead, with every style and one of everything. Raises what goes
    wrong."""
    documento = Documento(Carta(pulita), pagine=[1, 2, 3])
    documento.testata("Ente – anno 2000", "BOZZA")
    for stile in documento.stili:
        documento.testo("Testo", stile)
    documento.sezione("Indice")
    documento.indice_qui()
    documento.capitolo("Titolo")
    for livello in (2, 3):
        documento.titolo("Titolo", livello)
    documento.testo("Testo\n• una voce\n1. un'altra")
    documento.elenco(["una voce"])
    documento.scheda("AG 1", "Titolo", "100 %")
    documento.tabella(Tavola("Tabella", ["Nome", "Numero"], [["uno", "1"]], [2, 1], cifre=[1]))
    _salvato(documento)


def _avvisi(nome: str, contenuto: bytes) -> list[Rilievo]:
    """What a letterhead lacks that the relazione would need, or has that it would not expect."""
    word = base.apri(contenuto)
    rilievi = []
    if mancano := base.stili_mancanti(contenuto):
        nomi = [f"«{NOMI_IN_WORD.get(stile, stile)}»" for stile in mancano]
        detti = nomi if len(nomi) <= DETTI + 1 else [*nomi[:DETTI], f"altri {len(nomi) - DETTI}"]
        dati = {
            "mancano": "manca 1 stile" if len(nomi) == 1 else f"mancano {len(nomi)} stili",
            "totale": str(len(base.stili(base.apri(None)))),
            "stili": elenco_di(detti),
        }
        rilievi.append(Rilievo("F14", nome, dati=dati))
    if not _numera_le_pagine(word):
        rilievi.append(Rilievo("F16", nome))
    if foglio := _non_a4(word):
        rilievi.append(Rilievo("F19", nome, dati={"foglio": foglio}))
    if leggibilita.da_destra(word):
        rilievi.append(Rilievo("F20", nome))
    return rilievi


def _numera_le_pagine(word: DocumentoWord) -> bool:
    sezione = word.sections[-1]
    return any(
        _NUMERO_DI_PAGINA.search(str(istruzione))
        for parte in (sezione.header, sezione.footer)
        if not parte.is_linked_to_previous  # of the only section: it is there
        for istruzione in parte._element.xpath(".//w:instrText/text() | .//w:fldSimple/@w:instr")
    )


def _non_a4(word: DocumentoWord) -> str:
    """The measures of a sheet that is not A4, upright or lying; "" if it is."""
    sezione = word.sections[-1]
    misure = [Length(sezione.page_width or 0), Length(sezione.page_height or 0)]
    if all(abs(suo - nostro) <= _CIRCA for suo, nostro in zip(sorted(misure), _A4, strict=True)):
        return ""
    return " × ".join(f"{misura.cm:.1f}".replace(".", ",") for misura in misure) + " cm"
