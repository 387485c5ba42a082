"""Everything the documents are made from, finished: they arrange it and decide nothing."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from pipeline.documents.modello import Carta
from pipeline.ingest import Quadratura
from pipeline.numeri import con_segno, numero, percentuale
from pipeline.parole import quanti
from pipeline.rilievi import Rilievo, bloccanti
from pipeline.score import PARAMETRO, Valutazione
from pipeline.tables import TRASVERSALI, Parametri, Riga, Tabelle, righe
from pipeline.workbooks import registro

EDIZIONE = "Edizione per la pubblicazione"
"""What the documents of the public edition call themselves."""


@dataclass(frozen=True)
class Fascicolo:
    """One ente, one year."""

    anno: int
    tabelle: Tabelle
    parametri: Parametri
    valutazione: Valutazione
    rilievi: list[Rilievo]
    quadrature: list[Quadratura]
    carta: Carta = field(default_factory=Carta)
    pubblica: bool = False
    """Whether it is the edition to be published: see `pubblica.edizione_pubblica`."""

    @cached_property
    def bozza(self) -> bool:
        """Whether something blocks: the documents come out all the same, marked BOZZA."""
        return bool(bloccanti(self.rilievi))

    @cached_property
    def ente(self) -> dict[str, str]:
        """The data of the ente by key: denominazione, provincia, data, organo, atto, valutatore."""
        return {riga["chiave"]: riga["valore"] for riga in righe(self.tabelle.ente)}

    @cached_property
    def settori(self) -> list[Riga]:
        """The listed settori that are valued, in the order of ente.xlsx, with their figures."""
        return righe(self.valutazione.settori)

    @cached_property
    def denominazioni(self) -> dict[str, str]:
        """Code of a settore -> its name, the trasversali included.

        The name is that of ente.xlsx; without a list, that printed in the settore's workbook.
        """
        return {
            riga["settore"]: " ".join(riga["denominazione"].split()) or riga["settore"]
            for riga in (*righe(self.tabelle.settori), *reversed(righe(self.tabelle.elenco)))
        }

    @cached_property
    def ordine(self) -> list[str]:
        """Settore codes as the documents go through them: trasversali first, then as listed."""
        elenco = list(dict.fromkeys(self.tabelle.elenco["settore"]))
        return sorted(elenco, key=lambda settore: settore != TRASVERSALI)

    @cached_property
    def _per_settore(self) -> dict[tuple[str, str], list[Riga]]:
        """The rows by table and settore: the documents ask for them hundreds of times."""
        gruppi: dict[tuple[str, str], list[Riga]] = {}
        per_settore = ("settori", "schede", "obiettivi", "fasi", "collegamenti", "indicatori", "stati")
        for nome in (*per_settore, "missioni", "personale"):
            for riga in righe(getattr(self.tabelle, nome)):
                gruppi.setdefault((nome, riga["settore"]), []).append(riga)
        figure = {(v["settore"], v["n"]): v for v in righe(self.valutazione.voci)}
        for voce in righe(self.tabelle.voci):
            completa = {**voce, **figure[voce["settore"], voce["n"]]}
            gruppi.setdefault(("voci", voce["settore"]), []).append(completa)
        return gruppi

    @cached_property
    def _per_scheda(self) -> dict[tuple[str, str, int], list[Riga]]:
        """The same rows by scheda too, those that have one."""
        gruppi: dict[tuple[str, str, int], list[Riga]] = {}
        for (nome, settore), sue in self._per_settore.items():
            for riga in sue:
                if "scheda" in riga:
                    gruppi.setdefault((nome, settore, riga["scheda"]), []).append(riga)
        return gruppi

    def di(self, tabella: str, settore: str, scheda: int | None = None) -> list[Riga]:
        """The rows of a table for a settore, or for one of its schede."""
        if scheda is None:
            return self._per_settore.get((tabella, settore), [])
        return self._per_scheda.get((tabella, settore, scheda), [])

    def voci(self, settore: str) -> list[Riga]:
        """The voci of a settore, as typed and with their figures (peso and grado are the final ones)."""
        return self.di("voci", settore)

    def voce(self, figura: Riga) -> Riga:
        """The voce of a row of figures, by its settore and n."""
        return next(voce for voce in self.voci(figura["settore"]) if voce["n"] == figura["n"])

    def missioni(self, settore: str = "") -> list[Riga]:
        """The figures per missione and programma of a settore, or of the ente: see `Valutazione`."""
        return [riga for riga in righe(self.valutazione.missioni) if riga["settore"] == settore]

    @cached_property
    def modelli(self) -> dict[str, str]:
        """The template of each settore whose workbook was read."""
        provenienza = self.tabelle.provenienza
        return dict(zip(provenienza["settore"], provenienza["modello"], strict=True))

    @property
    def unita(self) -> list[str]:
        """How many schede and obiettivi operativi are reported, in words, a template at a time."""
        settori = list(self.tabelle.schede["settore"])
        conti = Counter(registro.unita(self.modelli[settore]) for settore in settori)
        comuni = (
            {registro.unita(self.modelli[TRASVERSALI]): settori.count(TRASVERSALI)}
            if (TRASVERSALI in settori)
            else {}
        )
        return [
            quanti(n, *nomi)
            + (f" ({quanti(comuni[nomi], 'trasversale', 'trasversali')})" if nomi in comuni else "")
            for nomi, n in conti.items()
        ]

    def sigla(self, riga: Riga) -> str:
        """Where a row stands, in words: "Istruzione, scheda 3"."""
        una, _ = registro.unita(self.modelli[riga["settore"]])
        return f"{self.denominazioni[riga['settore']]}, {una}\N{NO-BREAK SPACE}{riga['scheda']}"

    def spiegazione(self, scheda: Riga) -> list[str]:
        """The measured indicators of a scheda below 100, lowest first, and how many reached it."""
        indicatori = self.di("indicatori", scheda["settore"], scheda["scheda"])
        misurati = [i for i in indicatori if i["grado_misurato"] is not None]
        sotto = sorted(
            (i for i in misurati if i["grado_misurato"] < 100), key=lambda i: i["grado_misurato"]
        )
        righe_sotto = [
            f"{i['indicatore']}: atteso {i['atteso']}, raggiunto {i['raggiunto']} → "
            f"{con_segno(percentuale(i['grado_misurato']))}"
            for i in sotto
        ]
        pieni = len(misurati) - len(sotto)
        al_massimo = {0: [], 1: ["un altro al 100 %"]}.get(pieni, [f"altri {pieni} al 100 %"])
        return righe_sotto + al_massimo

    @cached_property
    def _nella_media(self) -> set[tuple[str, int]]:
        return {c for v in righe(self.valutazione.voci) if v["conta"] for c in v["coperte"]}

    def nella_media(self, riga: Riga) -> bool:
        """Whether a row is of a scheda that a voce of the mean covers."""
        return (riga["settore"], riga["scheda"]) in self._nella_media

    @property
    def chi_attribuisce(self) -> str:
        """Whose the gradi of the mean are, in a sentence; "" when there are none."""
        origini = Counter(voce["origine"] for voce in righe(self.valutazione.voci) if voce["conta"])
        altri = [
            quanti(origini[origine], *attribuiti)
            for origine, attribuiti in (
                (
                    "Nucleo",
                    ("attribuito dall'organo di valutazione", "attribuiti dall'organo di valutazione"),
                ),
                (PARAMETRO, ("fissato dall'ente", "fissati dall'ente")),
            )
            if origini[origine]
        ]
        salvo = f", salvo {' e '.join(altri)}" if altri else ""
        return f"I gradi sono quelli dichiarati dai responsabili{salvo}." if origini else ""

    @cached_property
    def nota_non_consuntivati(self) -> str:
        """A sentence on the voci that enter the mean by the parametro and not by a grado; "" if none."""
        fissati = sum(voce["origine"] == PARAMETRO for voce in righe(self.valutazione.voci))
        if not fissati:
            return ""
        grado = con_segno(numero(self.parametri.grado_non_consuntivato or Decimal(0)))
        quali = quanti(fissati, "non consuntivato, contato", "non consuntivati, contati")
        return f"Fra i valutati: {quali} al {grado} per scelta dell'ente."

    @property
    def comuni(self) -> bool:
        """Whether an obiettivo stands in the valutazione of several settori."""
        voci: int = sum(riga["obiettivi"] for riga in self.settori)
        return voci > len(self.valutazione.distinti)

    @cached_property
    def fuori_valutazione(self) -> list[Riga]:
        """The schede that no voce of the valutazione covers, in the order of the documents."""
        coperte = {c for voce in righe(self.valutazione.voci) for c in voce["coperte"]}
        return [
            scheda
            for settore in self.ordine
            for scheda in self.di("schede", settore)
            if (settore, scheda["scheda"]) not in coperte
        ]
