"""Everything the documents are made from, finished: they arrange it and decide nothing."""

from dataclasses import dataclass

from pipeline.ingest import Quadratura
from pipeline.rilievi import Rilievo, bloccanti
from pipeline.score import Valutazione
from pipeline.tables import TRASVERSALI, Parametri, Riga, Tabelle, righe


@dataclass(frozen=True)
class Fascicolo:
    """One ente, one year."""

    anno: int
    tabelle: Tabelle
    parametri: Parametri
    valutazione: Valutazione
    rilievi: list[Rilievo]
    quadrature: list[Quadratura]

    @property
    def bozza(self) -> bool:
        """Whether something blocks: the documents come out all the same, marked BOZZA."""
        return bool(bloccanti(self.rilievi))

    @property
    def ente(self) -> dict[str, str]:
        """The data of the ente by key: denominazione, provincia, data, organo, atto, valutatore."""
        return {riga["chiave"]: riga["valore"] for riga in righe(self.tabelle.ente)}

    @property
    def settori(self) -> list[Riga]:
        """The listed settori that are valued, in the order of ente.xlsx, with their figures."""
        return righe(self.valutazione.settori)

    @property
    def denominazioni(self) -> dict[str, str]:
        """Code of a settore -> its name, the trasversali included."""
        return {
            riga["settore"]: riga["denominazione"] or riga["settore"]
            for riga in reversed(righe(self.tabelle.elenco))
        }

    @property
    def ordine(self) -> list[str]:
        """Settore codes as the documents go through them: trasversali first, then as listed."""
        elenco = list(dict.fromkeys(self.tabelle.elenco["settore"]))
        return sorted(elenco, key=lambda settore: settore != TRASVERSALI)

    def di(self, tabella: str, settore: str, scheda: int | None = None) -> list[Riga]:
        """The rows of a table for a settore, or for one of its schede."""
        df = getattr(self.tabelle, tabella)
        scelte = df[df["settore"] == settore]
        return righe(scelte if scheda is None else scelte[scelte["scheda"] == scheda])

    def voci(self, settore: str) -> list[Riga]:
        """The voci of a settore, as typed and with their figures (peso and grado are the final ones)."""
        figure = {(v["settore"], v["n"]): v for v in righe(self.valutazione.voci)}
        return [{**voce, **figure[settore, voce["n"]]} for voce in self.di("voci", settore)]
