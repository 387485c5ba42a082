"""Missioni e programmi of the budget (D.Lgs. 118/2011, all. 14): codes in every spelling, and names.

The nomenclature packaged here was rebuilt from published budgets and is not certified programma by
programma: a programma it does not know is worth a warning, never a refusal. `dal` and `al` are the first
and the last year of a programma under a name. Source of the one change known since 2016: D.M. 10/10/2024
(18th update of the allegati), art. 7 c. 2, with Arconet FAQ 56: from the budget 2026-2028 the asili nido
leave 12.01, which is renamed, for the new 12.11.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

from pipeline.parole import normalizza

_FILE = Path(__file__).with_name("missioni_programmi.tsv")
SOMIGLIANTE = 0.85
"""From here up (0..1) a typed name is taken for the official one; see `somiglianza`."""
ESTRANEO = 0.6
"""Below this a typed name has nothing to do with the official one."""
SEMPRE = 9999
MAX_NOME = 1_000
"""Characters of a name: to compare longer ones would take minutes."""


@dataclass(frozen=True)
class Programma:
    """A programma under one name, from the year `dal` to the year `al`, both included. `gia` is the
    programma that had its place before."""

    codice: str
    nome: str
    dal: int
    al: int
    gia: str

    def vale(self, anno: int | None) -> bool:
        """Whether it is in force in a year; None, which year is not known, is the last there is."""
        return self.dal <= (anno or SEMPRE) <= self.al


def _leggi() -> tuple[dict[str, str], tuple[Programma, ...]]:
    missioni, programmi = {}, []
    with _FILE.open(encoding="utf-8", newline="") as flusso:
        for riga in csv.DictReader(flusso, delimiter="\t"):
            missioni[riga["missione_code"]] = riga["missione_name"]
            dal, al = int(riga["dal"] or 0), int(riga["al"] or SEMPRE)
            codice, nome = riga["programma_code"], riga["programma_name"]
            programmi.append(Programma(codice, nome, dal, al, riga["gia"]))
    return missioni, tuple(programmi)


MISSIONI, NOMENCLATURA = _leggi()
"""Names of the missioni by code ("09"); the programmi of every year."""


@dataclass(frozen=True)
class Collegamento:
    """A typed link read: `missione` is a code of two digits, `programmi` codes of four.

    `missione` is "" and `programmi` is empty when the text is not a code (or there is none).
    """

    missione: str
    programmi: tuple[str, ...]


def leggi(missione: str, programma: str) -> Collegamento:
    """The codes of a link as typed: missione "1", "01", "09 - Ambiente"; programma "2", "02", "01.02",
    "0102", "12.9", "Da 01 a 07", "01, 02", "01.01 S", "04.06 - Servizi ausiliari", "Prog. 02",
    "Missione 01 – Programma 02". A programma that names its missione needs no other."""
    codice = _missione(missione)
    senza_parole = _IN_PAROLE.sub(lambda t: f"{t[1]}.{t[2]}" if t[1] else t[2], programma)
    programmi = _programmi(codice, _STRATEGICO.sub("", _CON_NOME.sub(r"\1", senza_parole)))
    if not missione.strip() and len({programma[:2] for programma in programmi}) == 1:
        codice = programmi[0][:2]
    return Collegamento(codice, programmi)


def un_programma(missione: str, programma: str) -> str:
    """The one programma that two cells of the rendiconto name, as four digits; "" where they name none,
    several, or one of another missione.

    A spreadsheet makes numbers of codes: "102" was 0102, "1,02" was 1.02; "1,1" may have been 1.10.
    """
    piano = _COL_NOME_DOPO.sub(r"\1", programma.strip())
    if re.fullmatch(r"\d{3}", piano):
        piano = piano.zfill(4)
    elif re.fullmatch(r"\d{1,2},(?:\d\d|[2-9])", piano):
        piano = piano.replace(",", ".")
    letto = leggi(missione, piano)
    solo = letto.programmi[0] if len(letto.programmi) == 1 else ""
    totale = solo.endswith("00")  # how some programs write the row that sums up a missione
    return solo if solo[:2] == letto.missione and not totale else ""


_COL_NOME_DOPO = re.compile(r"^(\d{1,4})\s*+[-–:]?\s*+[^\W\d_]{3}.*", re.DOTALL)
"""A code and the name of its programma, in one cell: "03 - Gestione economica"."""
_IN_PAROLE = re.compile(
    r"^\s*(?:(?:missione|miss\.?|m\.?)\s*(\d{1,2})\W*)?(?:programma|prog\.?|p\.?)\s*(?:n\.?\s*)?(\d)",
    re.IGNORECASE,
)
"""The words before a code: "Prog. 02", "Missione 01 – Programma 02"."""
_CON_NOME = re.compile(
    r"^(\s*\d{1,2}\s*[./]\s*\d{1,2})\s*+[-–:]?\s*+[a-zà-ù].{2,}$", re.IGNORECASE | re.DOTALL
)
_S = r"\(?s(?:trategic[oa])?\)?"
_STRATEGICO = re.compile(
    rf"(?<=\d)\s*+[-–]?\s*+{_S}\s*(?=[-–:]|$)|^\s*{_S}\s+(?=\d)|\s\((?:s|strategico)\)\s*$",
    re.IGNORECASE,
)


def strategico(programma: str) -> bool:
    """Whether the cell of a programma marks a strategic obiettivo: "01.01 S", "01.01 strategico",
    "01.01 S - Organi istituzionali"."""
    return bool(_STRATEGICO.search(programma))


_CODICE_MISSIONE = re.compile(r"\s*(?:missione\s*)?(?:n\.?\s*)?(\d{1,2})(?!\d)", re.IGNORECASE)


def _missione(testo: str) -> str:
    trovato = _CODICE_MISSIONE.match(testo)
    return trovato[1].zfill(2) if trovato else ""


def nome_scritto(missione: str) -> str:
    """The name that follows the code in the text of a missione: "Missione 04 – Istruzione"."""
    trovato = _CODICE_MISSIONE.match(missione)
    return missione[trovato.end() :].strip(" \n\t-–—:.,") if trovato else ""


def _programmi(missione: str, testo: str) -> tuple[str, ...]:
    piano = " ".join(testo.lower().split())
    intervallo = re.fullmatch(r"(?:da\s+)?(\d{1,2})\s*(?:a|-|–)\s*(\d{1,2})", piano)
    if intervallo and missione:
        primo, ultimo = int(intervallo[1]), int(intervallo[2])
        return tuple(f"{missione}{n:02d}" for n in range(primo, ultimo + 1))
    codici = []
    for parte in re.split(r"[,;]| e ", piano):
        codice = _programma(missione, parte.strip())
        if codice:
            codici.append(codice)
        elif parte.strip():
            return ()
    return tuple(codici)


def _programma(missione: str, testo: str) -> str:
    """One programma: "2", "02", "0102", "01.02", "1/2"; "" for anything else."""
    if re.fullmatch(r"\d{1,2}", testo):
        return missione + testo.zfill(2) if missione else ""
    trovato = re.fullmatch(r"(\d{2})(\d{2})", testo) or re.fullmatch(
        r"(\d{1,2})\s*[./-]\s*(\d{1,2})", testo
    )
    return trovato[1].zfill(2) + trovato[2].zfill(2) if trovato else ""


@lru_cache(maxsize=2**12)  # the same missioni and programmi, settore after settore
def somiglianza(uno: str, altro: str) -> float:
    """How alike two names are, 0..1, whatever their case, accents and punctuation; 0 for texts that are
    no names, and for lengths so different that nothing above ESTRANEO could come out."""
    if max(len(uno), len(altro)) > MAX_NOME:
        return 0.0
    confronto = SequenceMatcher(None, normalizza(uno), normalizza(altro), autojunk=False)
    return confronto.ratio() if confronto.real_quick_ratio() >= ESTRANEO else 0.0


def codice_giusto(codice: str, nome: str, elenco: Mapping[str, str]) -> str | None:
    """The code whose official name is the typed one, when that is not the typed code.

    "" when the name is none of the list and far from that of the code; None when there is nothing to
    say (name empty or near enough). `elenco` is MISSIONI, or the programmi of one missione.
    """
    if not nome.strip() or codice not in elenco:
        return None
    proprio = somiglianza(nome, elenco[codice])
    if proprio >= SOMIGLIANTE:
        return None
    migliore = max(elenco, key=lambda altro: somiglianza(nome, elenco[altro]))
    if migliore != codice and somiglianza(nome, elenco[migliore]) >= SOMIGLIANTE:
        return migliore
    return "" if proprio < ESTRANEO else None


def codice_di(nome: str) -> str:
    """The code of the missione that has this name ("" when none is near enough)."""
    migliore = max(MISSIONI, key=lambda codice: somiglianza(nome, MISSIONI[codice]))
    return migliore if somiglianza(nome, MISSIONI[migliore]) >= SOMIGLIANTE else ""


def con_punto(codice: str) -> str:
    """A code as it is written in the budget: "0102" -> "01.02"."""
    return f"{codice[:2]}.{codice[2:]}"


@lru_cache(maxsize=2**7)  # the same few, row after row
def programmi(anno: int | None, missione: str = "") -> Mapping[str, str]:
    """The programmi of a year, all or those of a missione: code of four digits -> name."""
    return {
        programma.codice: programma.nome
        for programma in NOMENCLATURA
        if programma.vale(anno) and programma.codice.startswith(missione)
    }


def di_altri_anni(codice: str, anno: int | None) -> Programma | None:
    """The programma that has this code in other years, when in this one there is none."""
    if codice in programmi(anno):
        return None
    return next((programma for programma in NOMENCLATURA if programma.codice == codice), None)


def nome_superato(codice: str, nome: str, anno: int | None) -> bool:
    """Whether a typed name is one that the programma had until an earlier year, not that of this one."""
    superati = [p.nome for p in NOMENCLATURA if p.codice == codice and p.al < (anno or SEMPRE)]
    simile = max((somiglianza(nome, superato) for superato in superati), default=0.0)
    return simile >= SOMIGLIANTE and simile > somiglianza(nome, programmi(anno).get(codice, ""))


def denominazione(missione: str, programmi_scritti: str = "", anno: int | None = None) -> str:
    """The official name of a missione, or in a year that of the programmi of a text "0401, 0402" ("" if
    unknown)."""
    if not programmi_scritti:
        return MISSIONI.get(missione, "")
    nomi = programmi(anno)
    return "; ".join(nomi[codice] for codice in programmi_scritti.split(", ") if codice in nomi)
