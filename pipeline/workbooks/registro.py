"""The templates a settore can fill in, by name: the one place that knows them all."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from pipeline.tables import COLONNE, TRASVERSALI, Tabelle, cella_di
from pipeline.workbooks import missioni, schede
from pipeline.workbooks.fields import Lettura
from pipeline.workbooks.settore import Risultati, Testata


class _Modello(Protocol):
    """What the module of a template offers."""

    FOGLIO_VOCI: str
    UNITA: tuple[str, str]
    UNA_PER_FOGLIO: bool

    def scrivi(
        self,
        percorso: Path,
        testata: Testata,
        tabelle: Tabelle,
        quanti: int,
        risultati: Risultati | None = None,
    ) -> None: ...

    def leggi(self, lettura: Lettura, testata: Testata) -> None: ...


_MODELLI: dict[str, _Modello] = {
    schede.NOME: schede,
    missioni.NOME: missioni,
    schede.NOME_TRASVERSALI: schede,
}
NOMI = tuple(_MODELLI)
_CHIAVI = {tabella: {colonna.nome for colonna in colonne} for tabella, colonne in COLONNE.items()}


def atteso(elencato: Mapping[str, Any]) -> str:
    """The template of a settore listed in ente.xlsx; the code `trasversali` needs no other word."""
    if elencato["settore"] == TRASVERSALI:
        return schede.NOME_TRASVERSALI
    return elencato["modello"] or schede.NOME


def scrivi(
    percorso: Path, testata: Testata, tabelle: Tabelle, quanti: int, risultati: Risultati
) -> None:
    """Write the workbook of a settore in its template, with room for `quanti` schede or obiettivi."""
    _MODELLI[testata.modello].scrivi(percorso, testata, tabelle, quanti, risultati)


def leggi(lettura: Lettura, testata: Testata) -> None:
    """Read the workbook of a settore: rows and findings go into `lettura`."""
    _MODELLI[testata.modello].leggi(lettura, testata)


def foglio_voci(modello: str) -> str:
    """The sheet where a template has its voci."""
    return _MODELLI[modello].FOGLIO_VOCI


def una_scheda_per_foglio(modello: str) -> bool:
    """Whether each scheda of a template has a sheet of its own, that can be deleted by mistake."""
    return _MODELLI[modello].UNA_PER_FOGLIO


def unita(modello: str) -> tuple[str, str]:
    """What a workbook of a template is made of, one and many: scheda, schede."""
    return _MODELLI[modello].UNITA


def cella(tabella: str, chiave: str, riga: Mapping[str, Any]) -> str:
    """Address of a value of a row, as its template read it; "" if the template lacks the field.

    Raises KeyError for what is no column of the table: a rule asks for what nobody can have.
    """
    if chiave not in _CHIAVI[tabella]:
        raise KeyError(f"{tabella}.{chiave}")
    return cella_di(riga, chiave)
