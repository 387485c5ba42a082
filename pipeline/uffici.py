"""Whether what stands where a person is expected is a person or an office: pure, by the words alone.

A given name beside another word is a person, whatever the other word is; words of the offices
(`parole_uffici.txt`) without one are an office. What neither tells is not decided here.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pipeline.parole import normalizza

PARTICELLA = re.compile(r"d[ei]?|dell?|dell[ao]|dei|degli|da|dall?|dalla|l[aoie]")
TITOLI = re.compile(
    r"^(?:(?:dott|dr|prof|sig)(?:\.?\s?(?:ssa|ra|na))?(?:\.\s*|\s+)|(?:ing|arch|avv|geom|rag)(?:\.\s*|\s+))+",
    re.IGNORECASE,
)
_TITOLO = re.compile(r"(?:dott|dr|prof|sig|ing|arch|avv|geom|rag)\.?(?:ssa|ra|na)?\.?", re.IGNORECASE)
RUOLO = re.compile(
    r"(?:vice)?(?:responsabil[ei]|segretari[oa]|comandante|direttor[ei]|direttrice|dirigent[ei]|sindac[oa]|"
    r"president[ei]|assessor[ei]|consiglier[ei]|commissari[oa])|istruttor[ei]|funzionari[oa]?|istruttrice|"
    r"referent[ei]|coordinator[ei]|coordinatrice|titolar[ei]|incaricat[oai]|capo|revisor[ei]|posizione|"
    r"giunta|consiglio|nucleo|organ[oi]|organismo|collegio|oiv|rsu|comun[ei]|comunal[ei]|unione|ente|"
    r"provincia|regione|prefettura|ministero|generale|vicario|vicaria|reggente"
)
"""Words of a role or an organ: where they stand there may be no person."""
NOMI_PROPRI, DI_UFFICI = (
    frozenset(Path(__file__).with_name(nome).read_text(encoding="utf-8").split())
    for nome in ("nomi_propri.txt", "parole_uffici.txt")
)
_CODE_DI_UFFICI = re.compile(r"\w{3,}(?:zion[ei]|log(?:ia|ie|ic[aoi])|ita|grafia|metria|iatria|istica)")
"""How words of the offices end, and names of people do not."""
_LEGANO = re.compile(
    rf"{PARTICELLA.pattern}|ed?|al(?:l[aeo])?|ai|alle|agli|gli|il|un[ao]?|per|in|con|su|nel(?:l[aeo])?|nei|presso"
)
_INTESTATI = re.compile(
    r"asil[oi]|nid[oi]|scuol[ae]|centr[oi]|bibliotec[ae]|istitut[oi]|ospedal[ei]|palazz[oi]|villa|casa|parc[oi]|"
    r"teatr[oi]|sal[ae]|fondazione|muse[oi]|pless[oi]|residenza|presidio|comunita|via|piazza|rsa|infanzia|prima(?:ria)?"
)
"""What is named after someone: "Asilo nido Maria Montessori"."""
_MAI_COGNOMI = re.compile(
    r"uffici?o?|serviz(?:io|i)|settor[ei]|are[ae]|dipartiment[oi]|personale|tutt[aeio]|altr[aeio]|u o"
)
_INIZIALI = re.compile(r"(?:[A-MO-RT-Z]\.\s?)+[^\W\d_]{3,}|[^\W\d_]{3,}\s(?:[A-MO-RT-Z]\.\s?)+")
"""An initial and a surname; N. is a number and S. a saint."""
_SIGLE_DI_UFFICI = ("u o", "u o c", "u o s", "u o s d", "s c", "s s", "p l", "c e d", "u r p")
_ANCHE_COGNOMI = re.compile(
    r"bandi|cantieri|casa|comune|conti|corpo|costi|custodi|giardini|legale|leva|medic[io]|mercati|mess[io]|"
    r"parchi|piani|pol[io]|posta|prato|reparto|ricerca|sede|sindaci|strada|terra|verde"
)
"""Words of the offices that are surnames too: alone they say nothing."""
MAX_NOME = 4
"""Up to how many words a name may have one that is of the offices: "Anna Maria Conti"."""


class Natura(StrEnum):
    """What a nominativo is: FORSE is a name by its capitals alone, DUBBIO may be either."""

    PERSONA = "persona"
    FORSE = "forse una persona"
    DUBBIO = "persona o ufficio"
    UFFICIO = "ufficio"


@dataclass(frozen=True)
class _Parola:
    scritta: str
    tipo: str
    """r: of a role, u: of the offices, a: of them but a surname too, n: a given name, c: any other with
    a capital, m: without; "" for what is no word of a name."""

    @property
    def lega(self) -> bool:
        return _LEGANO.fullmatch(normalizza(self.scritta)) is not None

    @property
    def maiuscola(self) -> bool:
        return next((lettera.isupper() for lettera in self.scritta if lettera.isalpha()), False)


@lru_cache(maxsize=2**12)  # of many names, few words
def _parola(scritta: str) -> _Parola:
    piane = [p for p in normalizza(scritta).split() if not _LEGANO.fullmatch(p)]
    piana = " ".join(piane)
    if piana in _SIGLE_DI_UFFICI:
        return _Parola(scritta, "u")
    if not piana or re.search(r"\d", piana) or all(len(p) == 1 for p in piane):
        return _Parola(scritta, "")
    if _ANCHE_COGNOMI.fullmatch(piana):
        return _Parola(scritta, "a")
    if RUOLO.fullmatch(piana):
        return _Parola(scritta, "r")
    if all(p in DI_UFFICI or len(p) == 1 or _CODE_DI_UFFICI.fullmatch(p) for p in piane):
        return _Parola(scritta, "u")
    if all(p in NOMI_PROPRI for p in piane):
        return _Parola(scritta, "n")
    return _Parola(scritta, "c" if _Parola(scritta, "").maiuscola else "m")


def natura(nome: str, uffici: Collection[str] = ()) -> tuple[Natura, str]:
    """What a nominativo is, and the name of the person without the titles, roles and offices around it.

    `uffici` are the names of the settori of the ente. A title makes a person of whatever follows it.
    """
    nome = _dal_titolo(nome)
    parole = [_parola(scritta) for scritta in TITOLI.sub("", nome).split()]
    proprie = _sciolte([parola for parola in parole if parola.tipo != "r"])
    senza_ruolo = _scritto(proprie)
    di_persona = TITOLI.sub("", senza_ruolo)
    tipi = {parola.tipo for parola in proprie}
    con_titolo = TITOLI.match(nome) is not None or di_persona != senza_ruolo
    if con_titolo and any(parola.tipo and parola.maiuscola for parola in proprie):
        return Natura.PERSONA, _prima_dell_ufficio(proprie) or di_persona
    if not tipi & set("uncm"):
        return (Natura.DUBBIO if "a" in tipi and len(proprie) == len(parole) else Natura.UFFICIO), nome
    if normalizza(nome) in uffici or ("n" not in tipi and re.search(r"\d{4}", nome)):
        return Natura.UFFICIO, nome
    if tipi & set("ua"):
        return _fra_parole_di_ufficio(proprie)
    if len(proprie) < len(parole):
        return _dopo_un_ruolo(proprie, {parola for ufficio in uffici for parola in ufficio.split()})
    return _senza_uffici(proprie)


def _dal_titolo(nome: str) -> str:
    """A nominativo without the office before a title: "Polizia locale dott. Verdi"."""
    parole = nome.split()
    for posto, parola in enumerate(parole):
        if _parola(parola).tipo in ("c", "n", "m"):
            return " ".join(parole[posto:]) if _TITOLO.fullmatch(parola) else nome
    return nome


def _prima_dell_ufficio(parole: list[_Parola]) -> str:
    """The name before the words of the offices: "Verdi Ufficio tributi"; "" if they come first."""
    fine = next((n for n, parola in enumerate(parole) if parola.tipo == "u"), len(parole))
    return TITOLI.sub("", _scritto(parole[:fine]))


def _sciolte(parole: list[_Parola]) -> list[_Parola]:
    """What is a word of the offices and a surname too is the surname beside a given name ("Conti Anna",
    not "Comune di Mariano")."""
    if not any(parola.tipo == "n" for parola in parole) or len(parole) > MAX_NOME:
        return parole
    dopo = [*parole[1:], _Parola("", "")]
    return [
        _Parola(questa.scritta, "c")
        if questa.tipo == "a" and questa.maiuscola and not prossima.lega
        else questa
        for questa, prossima in zip(parole, dopo, strict=True)
    ]


def _senza_uffici(parole: list[_Parola]) -> tuple[Natura, str]:
    di_nome = [parola for parola in parole if parola.tipo]
    nome = _scritto(parole)
    if len(di_nome) < 2:
        return (Natura.FORSE if _INIZIALI.fullmatch(nome) else Natura.DUBBIO), nome
    if any(parola.tipo == "n" for parola in di_nome):
        return Natura.PERSONA, nome
    return (Natura.FORSE if all(p.maiuscola for p in di_nome) else Natura.DUBBIO), nome


def _dopo_un_ruolo(parole: list[_Parola], di_uffici: set[str]) -> tuple[Natura, str]:
    """ "Comandante Anna Bianchi" is a person, "Istruttore xyz" and "Responsabile Affari Xyz" are not."""
    quale, nome = _senza_uffici(parole)
    if set(normalizza(nome).split()) <= di_uffici:
        return Natura.UFFICIO, nome
    if quale is Natura.DUBBIO and not all(parola.maiuscola for parola in parole if parola.tipo):
        return Natura.UFFICIO, nome
    return quale, nome


def _fra_parole_di_ufficio(parole: list[_Parola]) -> tuple[Natura, str]:
    """The person named beside an office ("Ufficio tributi: Anna Verdi"), if there is one."""
    intestato = False
    for prima, tratto in _tratti(parole):
        intestato = intestato or any(_INTESTATI.fullmatch(normalizza(p.scritta)) for p in prima)
        tipi = [parola.tipo for parola in tratto if parola.tipo]
        if "n" in tipi and len(tipi) > 1:
            di_qualcuno = intestato or (prima and prima[-1].lega)
            return (Natura.DUBBIO if di_qualcuno else Natura.PERSONA), _scritto(tratto)
    di_nome = [parola for parola in parole if parola.tipo]
    di_ufficio = [parola for parola in di_nome if parola.tipo in "ua"]
    mai = any(_MAI_COGNOMI.fullmatch(normalizza(p.scritta)) for p in di_ufficio)
    con_nome = any(parola.tipo == "n" for parola in di_nome) and not any(p.lega for p in parole)
    if con_nome and len(di_ufficio) == 1 and len(di_nome) <= MAX_NOME and not mai and not intestato:
        # "Anna Mensa" is somebody, "Progetto Vita" may be nobody
        prima_il_nome = di_nome[0].tipo == "n"
        return (Natura.PERSONA if prima_il_nome else Natura.DUBBIO), _scritto(parole)
    if mai and di_nome[0].tipo == "c":
        return Natura.DUBBIO, di_nome[0].scritta  # "Verdi Ufficio tributi"
    return Natura.UFFICIO, _scritto(parole)


def _tratti(parole: list[_Parola]) -> Iterator[tuple[list[_Parola], list[_Parola]]]:
    """The runs of words that may be a name, each with the words between it and the one before."""
    prima: list[_Parola] = []
    tratto: list[_Parola] = []
    for parola in [*parole, _Parola("", "u")]:
        if parola.tipo in ("n", "c") or (tratto and PARTICELLA.fullmatch(normalizza(parola.scritta))):
            tratto.append(parola)
            continue
        if tratto:
            yield prima, tratto
            prima, tratto = [], []
        prima.append(parola)


def _scritto(parole: list[_Parola]) -> str:
    return " ".join(parola.scritta for parola in parole).strip(" ,;:()-–")
