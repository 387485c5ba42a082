"""Under which missione each row of the modello "missioni" stands: the one its own code names, or else
that of the row above. A heading may have been deleted, emptied or sorted away; the codes are not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pipeline import bilancio
from pipeline.tables import Riga
from pipeline.workbooks.grid import Posto


@dataclass
class Obiettivo:
    """A row as read. `missione` is the one that its programma names by itself, "" if none; `celle` is
    where its values stand."""

    riga: int
    valori: Riga
    unite: list[str]
    missione: str
    celle: dict[str, Posto] = field(default_factory=dict)


@dataclass
class Blocco:
    """A heading as read ({} for the rows before any) and the rows under it."""

    testa: Riga
    obiettivi: list[Obiettivo] = field(default_factory=list)

    @cached_property
    def missione(self) -> str:
        """The missione that the heading names, by code or by name; "" if none that is known."""
        scritto, nome = self.testa.get("missione", ""), self.testa.get("denominazione", "")
        codice = bilancio.leggi(scritto, "").missione
        return codice if codice in bilancio.MISSIONI else bilancio.codice_di(nome or scritto)

    @property
    def certa(self) -> bool:
        """Whether code and name of the heading say the same missione."""
        nome = self.testa.get("denominazione") or bilancio.nome_scritto(self.testa.get("missione", ""))
        return self.missione != "" and self.missione == bilancio.codice_di(nome)


@dataclass
class Mancante:
    """A missione whose heading is not above these obiettivi of it, which stand under `sopra`.

    `errata`: the heading above is of no obiettivo at all, and its name does not bear out its code, which
    is then the one to write over.
    """

    missione: str
    sopra: Riga
    obiettivi: list[Obiettivo] = field(default_factory=list)
    errata: bool = False
    rimedio: str = ""


def ricomponi(blocchi: list[Blocco]) -> tuple[list[Blocco], list[Mancante]]:
    """The same rows, each under its missione, and what is missing: one a missione.

    A missione without a heading gets a block whose `testa` has only its code, its name and its row.
    """
    nuovi = [Blocco(blocco.testa) for blocco in blocchi]
    mancanti: dict[str, Mancante] = {}
    for blocco, nuovo in zip(blocchi, nuovi, strict=True):
        for obiettivo, missione in zip(blocco.obiettivi, _missioni(blocco), strict=True):
            if missione == blocco.missione:
                nuovo.obiettivi.append(obiettivo)
            else:
                mancante = mancanti.setdefault(missione, Mancante(missione, blocco.testa))
                mancante.obiettivi.append(obiettivo)
    for mancante in mancanti.values():
        _ricolloca(mancante, blocchi, nuovi)
    nuovi.sort(key=lambda blocco: blocco.testa.get("riga", 0))
    return nuovi, list(mancanti.values())


def _missioni(blocco: Blocco) -> Iterator[str]:
    """The missione of each row: a row without a code of its own is of that of the row above it."""
    dette = [obiettivo.missione for obiettivo in blocco.obiettivi]
    missione = blocco.missione or next(filter(None, dette), "")
    for detta in dette:
        missione = detta or missione
        yield missione


def _ricolloca(mancante: Mancante, blocchi: list[Blocco], nuovi: list[Blocco]) -> None:
    """Put the obiettivi under the heading of their missione, in a block of their own if it has none."""
    missione, primo = mancante.missione, mancante.obiettivi[0].riga
    for blocco in nuovi:
        if blocco.missione == missione:
            riga = blocco.testa["riga"]
            da_portare = f"questi obiettivi sotto la riga {riga} (MISSIONE {missione})"
            if not blocco.obiettivi:
                da_portare = f"la riga {riga} sopra questi obiettivi, e tenerli insieme sotto di essa"
            mancante.rimedio = f"Portare {da_portare}"
            blocco.obiettivi = sorted(blocco.obiettivi + mancante.obiettivi, key=lambda o: o.riga)
            return
    sopra = next(blocco for blocco in blocchi if blocco.testa is mancante.sopra)
    di_altri = bool(sopra.testa) and set(_missioni(sopra)) == {missione}
    mancante.errata = di_altri and not sopra.certa
    mancante.rimedio = _da_scrivere(mancante, sopra)
    testa = {
        "riga": sopra.testa["riga"] if mancante.errata else primo,
        "missione": missione,
        "denominazione": bilancio.MISSIONI[missione],
    }
    nuovi.append(Blocco(testa, mancante.obiettivi))


def _da_scrivere(mancante: Mancante, sopra: Blocco) -> str:
    """Where to write a heading that is nowhere: not where it would take the rows of another missione."""
    missione, primo = mancante.missione, mancante.obiettivi[0].riga
    if mancante.errata:
        return f"Scrivere {missione} in questa casella, oppure inserire sotto la riga che manca"
    dopo = zip(sopra.obiettivi, _missioni(sopra), strict=True)
    if any(o.riga > primo and detta == sopra.missione for o, detta in dopo):
        return f"Scrivere {missione} in un blocco MISSIONE vuoto e portarvi sotto questi obiettivi"
    return f"Inserire una riga sopra la {primo} e scrivervi MISSIONE in colonna A e {missione} in B"
