"""What a cell of an Excel workbook says it holds: its XML -> a value that is certain, or not.

Source: ECMA-376, part 1, 18.3.1.4 (cell), 18.18.11 (types); XML Schema part 2 for numbers and dates.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pipeline.workbooks.parti import MAIN
from pipeline.workbooks.scritte import IS, Scritta, Testo, di_excel

V, F = (f"{{{MAIN}}}{nome}" for nome in ("v", "f"))
_BIANCHI = " \t\r\n"
_NUMERO = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_DATA = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})?)?"
)
_LOGICI = {"1": True, "true": True, "0": False, "false": False}
_ERRORE = re.compile(r"#[^\s#]{1,30}|Err:[0-9]{3}")
_ERRORE_SCRITTO = re.compile(r"#[¡¿]?[^\W\d]{2,}(?:/0)?[!?]|#N/[ADV]|#NV|#GETTING_DATA|Err:[0-9]{3}")
"""An error as the text of a formula: any of those of a language, so many have they become."""


@dataclass(frozen=True)
class Errore:
    """What the cell shows instead of a value."""

    nome: str


@dataclass(frozen=True)
class Incerto:
    """Something is there, and what it is cannot be told for sure."""

    scritto: str


Contenuto = float | str | bool | date | Errore | Incerto | None


@dataclass
class Cella:
    """The XML of a cell while it is read. `valori` are its <v>, `altro` is text where none should be."""

    tipo: str
    valori: list[str] = field(default_factory=list)
    scritta: Scritta | None = None
    formula: bool = False
    altro: str = ""
    aperto: str = ""

    def inizio(self, elemento: str, attributi: Mapping[str, str], diretto: bool) -> None:
        """An element in it; only those that stand right in the cell are its value and formula."""
        if elemento == IS and not self.scritta:
            self.aperto, self.scritta = IS, Scritta()
        elif self.aperto == IS and self.scritta:
            self.scritta.inizio(elemento, attributi)
        elif diretto and elemento == V:
            self.aperto = V
            self.valori.append("")
        elif diretto and elemento == F:
            self.aperto, self.formula = F, True

    def testo(self, caratteri: str) -> int:
        """Returns how many characters it keeps."""
        if self.aperto == V:
            self.valori[-1] += caratteri
        elif self.aperto == IS and self.scritta:
            self.scritta.testo(caratteri)
        elif self.aperto == F or not caratteri.strip():
            return 0
        else:
            self.altro += caratteri
        return len(caratteri)

    def fine(self, elemento: str) -> None:
        if self.aperto == IS and self.scritta and elemento != IS:
            self.scritta.fine(elemento)
        elif elemento in (V, F, IS):
            self.aperto = ""

    @property
    def calcolata(self) -> bool:
        """Whether a formula has a result; an empty text is one, if it is written."""
        return bool(self.valori) and (self.tipo == "str" or self.valori != [""])

    def contenuto(self, condivisi: Mapping[str, Testo]) -> Contenuto:
        """What the cell holds, None for nothing."""
        if len(self.valori) == 1 and self.tipo != "inlineStr" and not self.scritta and not self.altro:
            return self._valore(self.valori[0], condivisi)
        testo = self.scritta.chiudi().intera if self.scritta else ""
        pezzi = [pezzo.strip(_BIANCHI) for pezzo in (*self.valori, testo, self.altro)]
        scritto = " ".join(filter(None, pezzi))
        if self.tipo == "inlineStr" and self.scritta and not self.scritta.strana:
            return testo if scritto == pezzi[-2] else Incerto(scritto)
        return Incerto(scritto) if scritto else None

    def _valore(self, scritto: str, condivisi: Mapping[str, Testo]) -> Contenuto:
        piano = scritto.strip(_BIANCHI)
        if self.tipo == "s":
            return _condiviso(piano, condivisi)
        if self.tipo == "str":
            testo = di_excel(scritto)
            return Errore(testo) if self.formula and _ERRORE_SCRITTO.fullmatch(testo) else testo
        if not piano:
            return None
        if self.tipo == "n":
            numero = float(piano) if _NUMERO.fullmatch(piano) else math.inf
            return numero if math.isfinite(numero) else Incerto(piano)
        if self.tipo == "b":
            return _LOGICI.get(piano, Incerto(piano))
        if self.tipo == "e":
            return Errore(piano) if _ERRORE.fullmatch(piano) else Incerto(piano)
        return _data(piano) if self.tipo == "d" else Incerto(piano)

    def in_tratti(self, condivisi: Mapping[str, Testo]) -> Testo | None:
        """The text of a cell that has one, shared or its own, in runs if it has them; its content is
        certain."""
        return condivisi[str(int(self.valori[0]))] if self.tipo == "s" else self.scritta


def _condiviso(numero: str, condivisi: Mapping[str, Testo]) -> Contenuto:
    """A shared text, given by its number: only digits count, and no other text stands in for it."""
    cifre = numero.isascii() and numero.isdigit() and len(numero) < 10
    testo = condivisi.get(str(int(numero))) if cifre else None
    if isinstance(testo, Scritta):
        return Incerto(testo.intera) if testo.strana else testo.intera
    return Incerto(f"testo condiviso n. {numero or '(vuoto)'}") if testo is None else testo


def _data(scritto: str) -> Contenuto:
    """A date; of one with a time and a zone the day is not certain, unless it is midnight."""
    trovata = _DATA.fullmatch(scritto)
    try:
        momento = (
            datetime.fromisoformat("T".join(filter(None, trovata.groups()[:2]))) if trovata else None
        )
    except ValueError:
        momento = None
    if trovata is None or momento is None:
        return Incerto(scritto)
    mezzanotte = momento == datetime.combine(momento, datetime.min.time())
    if trovata[3] and not mezzanotte:
        return Incerto(scritto)
    return momento.date() if mezzanotte else momento
