"""The sheets that we write, each described once: a column has a name, and formulas ask for it.

Rows and columns count from 1, as one sees them. The letters are xlsxwriter's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from xlsxwriter.format import Format

from pipeline import excel
from pipeline.excel import Foglio

Dati = Mapping[str, Any]
"""What a row holds, by the key of its columns; and what its formulas need to know besides."""
Formati = Mapping[str, Format]


@dataclass(frozen=True)
class Colonna:
    """A column: the key of its values, its heading, its width in characters, the format of its cells.

    Its `formula` makes the formula of a cell from its row and the key of the column; it shows the value
    meanwhile. Where it gives "" there is only the value.
    """

    chiave: str
    titolo: str
    larghezza: float = 12.0
    formato: str = "testo"
    formula: "Callable[[Rigo, str], str] | None" = None


@dataclass(frozen=True)
class Prospetto:
    """A sheet: its columns, the rows under their headings, and what other cells of it have a name.

    `nome` is as formulas write it, in quotes where it must be. Raises ValueError for two columns with
    the same key.
    """

    nome: str
    colonne: Sequence[Colonna]
    righe: Sequence[Dati]
    prima: int
    caselle: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self._numeri) < len(self.colonne):
            raise ValueError(f"{self.nome}: two columns have the same key")

    @cached_property
    def _numeri(self) -> dict[str, int]:
        return {colonna.chiave: numero for numero, colonna in enumerate(self.colonne, start=1)}

    @cached_property
    def _lettere(self) -> dict[str, str]:
        return {chiave: excel.lettere(numero - 1) for chiave, numero in self._numeri.items()}

    @cached_property
    def chiavi(self) -> list[str]:
        """The keys of its columns."""
        return [colonna.chiave for colonna in self.colonne]

    @cached_property
    def con_formule(self) -> bool:
        """Whether some of its columns have a formula."""
        return any(colonna.formula for colonna in self.colonne)

    @property
    def ultima(self) -> int:
        """The last of the rows; without any, one is left blank."""
        return self.prima + max(len(self.righe), 1) - 1

    def formati(self, formati: Formati) -> tuple[Format, ...]:
        """The formats of the columns, of those of a workbook."""
        return tuple(formati[colonna.formato] for colonna in self.colonne)

    def numero(self, chiave: str) -> int:
        """Where a column stands. Raises KeyError for one that is not there."""
        return self._numeri[chiave]

    def cella(self, chiave: str, riga: int, fissa: bool = False) -> str:
        """A cell, for the formulas of the same sheet."""
        lettere = self._lettere[chiave]
        return f"${lettere}${riga}" if fissa else f"{lettere}{riga}"

    def tratto(self, chiave: str, da: int, a: int, fisso: bool = False) -> str:
        """A column from a row to another, for the formulas of the same sheet."""
        return f"{self.cella(chiave, da, fisso)}:{self.cella(chiave, a, fisso)}"

    def da_fuori(self, chiave: str, riga: int) -> str:
        """A cell, for the formulas of any sheet."""
        return f"{self.nome}!{self.cella(chiave, riga, True)}"

    def colonna(self, chiave: str, da: int = 0, a: int = 0) -> str:
        """A column, whole if no rows are given, for the formulas of any sheet."""
        return f"{self.nome}!{self.tratto(chiave, da or self.prima, a or self.ultima, True)}"

    def casella(self, nome: str) -> str:
        """A cell that has a name, for the formulas of any sheet."""
        riga, colonna = self.caselle[nome]
        return f"{self.nome}!${excel.lettere(colonna - 1)}${riga}"


class Rigo(NamedTuple):
    """A row being written: of which sheet and where, what it holds, and the sheets of its workbook."""

    prospetto: Prospetto
    numero: int
    dati: Dati
    fogli: Mapping[str, Prospetto]

    def cella(self, chiave: str) -> str:
        """The cell of a column in this row."""
        return self.prospetto.cella(chiave, self.numero)

    def valori(self) -> list[Any]:
        """What its cells hold, or show if they have a formula."""
        return list(map(self.dati.__getitem__, self.prospetto.chiavi))

    def _formula(self, colonna: Colonna) -> str:
        return colonna.formula(self, colonna.chiave) if colonna.formula else ""

    def scrivi(self, ws: Foglio, formati: tuple[Format, ...], alta: float) -> None:
        """Write the row, whole, as high as that; the formats are those of the columns."""
        formule: list[str] = []
        if self.prospetto.con_formule:
            formule = [self._formula(colonna) for colonna in self.prospetto.colonne]
        ws.riga(self.numero, self.valori(), formati, alta, formule)

    def scrivi_celle(self, ws: Foglio, formati: Formati, chiavi: Sequence[str] = ()) -> None:
        """Write the cells of the row, or those of some columns: others can be written in it."""
        for c in self.prospetto.colonne:
            if not chiavi or c.chiave in chiavi:
                posto = (self.numero, self.prospetto.numero(c.chiave))
                valore, formato = self.dati[c.chiave], formati[c.formato]
                if testo := self._formula(c):
                    excel.formula(ws, *posto, testo, valore, formato)
                else:
                    excel.scrivi(ws, *posto, valore, formato)


def intesta(
    ws: Foglio,
    prospetto: Prospetto,
    formati: Formati,
    nome: str,
    descrizione: str,
    intere: bool = False,
    **altro: Any,
) -> None:
    """The headings, the widths, and the Excel table for all the rows, with other properties of it."""
    proprieta = {
        "name": f"Tab_{nome.replace(' ', '_')}",
        "style": "Table Style Light 1",
        "columns": [
            {"header": colonna.titolo, "header_format": formati["intestazione"]}
            for colonna in prospetto.colonne
        ],
        "title": nome,
        "description": descrizione,
        **altro,
    }
    aggiungi = ws.tabella_intera if intere else ws.add_table
    aggiungi(prospetto.prima - 2, 0, prospetto.ultima - 1, len(prospetto.colonne) - 1, proprieta)
    larghezze(ws, prospetto.colonne)


def larghezze(ws: Foglio, colonne: Sequence[Colonna]) -> None:
    for numero, colonna in enumerate(colonne):
        ws.set_column(numero, numero, colonna.larghezza)


def tabella(
    ws: Foglio,
    prospetto: Prospetto,
    formati: Formati,
    nome: str,
    descrizione: str,
    alta: float,
    fogli: Mapping[str, Prospetto],
    intere: bool = True,
) -> None:
    """A sheet that is one Excel table: frozen headings of that height, rows as high as their texts.

    Without rows the table has a blank one, which Excel asks for. Rows that are not `intere` can have
    other cells written over theirs.
    """
    intesta(ws, prospetto, formati, nome, descrizione, intere)
    ws.set_row(prospetto.prima - 2, alta)
    ws.freeze_panes(prospetto.prima - 1, 0)
    ws.repeat_rows(prospetto.prima - 2)
    larghe = [colonna.larghezza for colonna in prospetto.colonne]
    suoi = prospetto.formati(formati)
    for numero, dati in enumerate(prospetto.righe, start=prospetto.prima):
        rigo = Rigo(prospetto, numero, dati, fogli)
        alta = excel.altezza(zip(rigo.valori(), larghe, strict=True))
        if intere:
            rigo.scrivi(ws, suoi, alta)
        else:
            rigo.scrivi_celle(ws, formati)
            ws.set_row(numero - 1, alta)
    if not prospetto.righe:
        for numero, colonna in enumerate(prospetto.colonne, start=1):
            excel.scrivi(ws, prospetto.prima, numero, None, formati[colonna.formato])
