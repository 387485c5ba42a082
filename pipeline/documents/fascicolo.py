"""Everything the documents are made from, finished: they arrange it and decide nothing."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from pipeline import risorse
from pipeline.consegne import VUOTA
from pipeline.documents.word.base import Carta
from pipeline.documents.word.corpo import Corpo
from pipeline.ingest import Quadratura
from pipeline.numeri import con_segno, numero, percentuale
from pipeline.parole import cardinale, con_articolo, elenco_di, normalizza, quanti
from pipeline.rilievi import Rilievo, bloccanti
from pipeline.risorse import Risorse
from pipeline.score import (
    MISURATO,
    NUCLEO,
    PARAMETRO,
    Confronto,
    Imbuto,
    MissioneValutata,
    SettoreValutato,
    Valutazione,
    VoceValutata,
)
from pipeline.sigle import DEI_COMUNI, sigle
from pipeline.tables import (
    MEDIA_OBIETTIVI,
    MEDIA_SETTORI,
    MISURATO_O_DICHIARATO,
    TRASVERSALI,
    ChiaveScheda,
    DiScheda,
    Indicatore,
    Parametri,
    Righe,
    Scheda,
    Tabelle,
    Testo,
    chiave_scheda,
    motivo_della_voce,
    sotto_l_atteso,
)
from pipeline.workbooks import registro

EDIZIONE = "Edizione per la pubblicazione"
"""What the documents of the public edition call themselves."""


UGUALI = "Le due medie coincidono."
DICHIARATI = ("dichiarato dal responsabile", "dichiarati dai responsabili")
DI_ALTRI = (
    (MISURATO, ("misurato dagli indicatori", "misurati dagli indicatori")),
    (NUCLEO, ("attribuito dall'organo di valutazione", "attribuiti dall'organo di valutazione")),
    (PARAMETRO, ("fissato dall'ente", "fissati dall'ente")),
)
"""The origins of a grado that the responsabile did not declare, with what is said of one and of many."""


ANTICORRUZIONE = re.compile(r"\b(anti ?)?corruzion|\btrasparenz|\blegalit")
"""How a title says that it is of prevention of corruption, transparency, legality."""


@dataclass(frozen=True)
class Scostamento:
    """An indicatore under its atteso, and why: as written beside it, else (`della_voce`) for a voce that
    covers its scheda, in its notes alone if it is a `nota`; "" where nobody says."""

    indicatore: Indicatore
    grado: Decimal
    motivo: str
    della_voce: bool = False
    nota: bool = False


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
    tracce: Mapping[str, Corpo] = field(default_factory=dict)
    """The texts of the acts that the office has in place of ours, by file."""
    accettati: list[tuple[Rilievo, str]] = field(default_factory=list)
    """The avvisi that the office lets be, each with who says so and why: no longer among the rilievi."""
    pubblica: bool = False
    """Whether it is the edition to be published: see `pubblica.edizione_pubblica`."""

    @cached_property
    def bozza(self) -> bool:
        """Whether something blocks: the documents come out all the same, marked BOZZA."""
        return bool(bloccanti(self.rilievi))

    @cached_property
    def niente_ancora(self) -> str:
        """A sentence when no workbook that was read holds a result; "" as soon as one does."""
        vuote = {rilievo.file for rilievo in self.rilievi if rilievo.codice == VUOTA}
        lette = {letta["file"] for letta in self.righe.provenienza if letta["settore"]}
        if not vuote or lette - vuote:
            return ""
        cartelle = quanti(len(vuote), "file", "file")
        return f"Nessun settore ha ancora rendicontato niente ({cartelle} da compilare)."

    @property
    def righe(self) -> Righe:
        """The rows of the tables."""
        return self.tabelle.righe

    @property
    def ente(self) -> dict[str, str]:
        """The data of the ente by key: denominazione, provincia, data, organo, atto, valutatore."""
        return self.tabelle.dati_ente

    @property
    def quando(self) -> datetime:
        """The date of the relazione, for the properties of the documents: not the clock's. Without one,
        the last day of the year."""
        try:
            return datetime.strptime(self.ente.get("data", ""), "%d/%m/%Y")
        except ValueError:
            return datetime(self.anno, 12, 31)

    @property
    def settori(self) -> list[SettoreValutato]:
        """The listed settori that are valued, in the order of ente.xlsx, with their figures."""
        return self.valutazione.settori

    @cached_property
    def denominazioni(self) -> dict[str, str]:
        """Code of a settore -> its name, the trasversali included.

        The name is that of ente.xlsx; without a list, that printed in the settore's workbook.
        """
        return {
            riga["settore"]: " ".join(riga["denominazione"].split()) or riga["settore"]
            for riga in (*self.righe.settori, *reversed(self.righe.elenco))
        }

    @cached_property
    def ordine(self) -> list[str]:
        """Settore codes as the documents go through them: trasversali first, then as listed."""
        return sorted(self.tabelle.elencati, key=lambda settore: settore != TRASVERSALI)

    @cached_property
    def _voci(self) -> dict[str, list[VoceValutata]]:
        gruppi: dict[str, list[VoceValutata]] = {}
        for voce in self.valutazione.voci:
            gruppi.setdefault(voce.settore, []).append(voce)
        return gruppi

    def voci(self, settore: str) -> list[VoceValutata]:
        """The voci of a settore with their figures."""
        return self._voci.get(settore, [])

    def missioni(self, settore: str = "") -> list[MissioneValutata]:
        """The figures per missione and programma of a settore, or of the ente."""
        return [missione for missione in self.valutazione.missioni if missione.settore == settore]

    @cached_property
    def risorse(self) -> Risorse:
        """The money of each programma, if ente.xlsx has it."""
        return risorse.somma(self.righe.risorse)

    @property
    def consegnate(self) -> set[str]:
        """The settori, and the trasversali, that have handed in the workbook expected of them: not as it
        was prepared."""
        vuote = {rilievo.file for rilievo in self.rilievi if rilievo.codice == VUOTA}
        lette = (letta for letta in self.righe.provenienza if letta["file"] not in vuote)
        return {letta["settore"] for letta in lette} & set(self.ordine)

    @cached_property
    def modelli(self) -> dict[str, str]:
        """The template of each settore whose workbook was read."""
        return {letta["settore"]: letta["modello"] for letta in self.righe.provenienza}

    @property
    def unita(self) -> list[str]:
        """How many schede and obiettivi operativi are reported, in words, a template at a time."""
        settori = [scheda["settore"] for scheda in self.righe.schede]
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

    @cached_property
    def sigle(self) -> dict[str, str]:
        """Code of a settore -> the short one by which its schede are called."""
        nomi = {codice: self.denominazioni[codice] for codice in self.ordine if codice != TRASVERSALI}
        return {TRASVERSALI: DEI_COMUNI, **sigle(nomi)}

    def testi(self, capitolo: str) -> list[Testo]:
        """What the ente writes in Testi for a chapter."""
        return [t for t in self.righe.testi if t["capitolo"] == capitolo and t["testo"].strip()]

    def codice(self, riga: DiScheda) -> str:
        """How the scheda of a row is called: "AG 8", "T 3"."""
        return self.codice_di(chiave_scheda(riga))

    def codice_di(self, scheda: ChiaveScheda) -> str:
        settore, n = scheda
        return f"{self.sigle.get(settore, settore)}\N{NO-BREAK SPACE}{n}"

    def spiegazione(self, scheda: Scheda) -> list[str]:
        """The measured indicators of a scheda below 100, lowest first, and how many reached it."""
        misurati = [
            (grado, indicatore)
            for indicatore in self.righe.indicatori.della(chiave_scheda(scheda))
            if (grado := indicatore["grado_misurato"]) is not None
        ]
        sotto = sorted((m for m in misurati if m[0] < 100), key=lambda misurato: misurato[0])
        righe_sotto = [
            f"{i['indicatore']}: atteso {i['atteso']}, raggiunto {i['raggiunto']} → "
            f"{con_segno(percentuale(grado))}"
            for grado, i in sotto
        ]
        pieni = len(misurati) - len(sotto)
        al_massimo = {0: [], 1: ["un altro al 100 %"]}.get(pieni, [f"altri {pieni} al 100 %"])
        return righe_sotto + al_massimo

    @cached_property
    def scostamenti(self) -> list[Scostamento]:
        """The indicatori under the atteso, in the order of the documents."""
        return [
            self._scostamento(indicatore)
            for settore in self.ordine
            for indicatore in self.righe.indicatori.di(settore)
            if sotto_l_atteso(indicatore)
        ]

    @cached_property
    def _scostamenti(self) -> dict[ChiaveScheda, list[Scostamento]]:
        gruppi: dict[ChiaveScheda, list[Scostamento]] = {}
        for scostamento in self.scostamenti:
            gruppi.setdefault(chiave_scheda(scostamento.indicatore), []).append(scostamento)
        return gruppi

    def scostamenti_di(self, scheda: Scheda) -> list[Scostamento]:
        """Those of a scheda."""
        return self._scostamenti.get(chiave_scheda(scheda), [])

    @property
    def motivati(self) -> int:
        """Of how many of them it is written why."""
        return sum(bool(scostamento.motivo) for scostamento in self.scostamenti)

    def _scostamento(self, indicatore: Indicatore) -> Scostamento:
        grado, proprio = indicatore["grado_misurato"], indicatore["motivo_scostamento"].strip()
        assert grado is not None
        voci = self._coperte_da.get(chiave_scheda(indicatore), [])
        note = dict.fromkeys(motivo_della_voce(voce.riga) for voce in voci)
        motivo = proprio or " ".join(filter(None, note))
        della_voce = not proprio and bool(motivo)
        nota = della_voce and not any(voce.riga["note_responsabile"].strip() for voce in voci)
        return Scostamento(indicatore, grado, motivo, della_voce, nota)

    @cached_property
    def _nella_media(self) -> set[ChiaveScheda]:
        return {coperta for voce in self.valutazione.voci if voce.conta for coperta in voce.coperte}

    def nella_media(self, riga: DiScheda) -> bool:
        """Whether a row is of a scheda that a voce of the mean covers."""
        return chiave_scheda(riga) in self._nella_media

    @property
    def medie(self) -> dict[str, Decimal | None]:
        """The two means of the ente by their rule, the one that is published first."""
        medie = {
            MEDIA_SETTORI: self.valutazione.media_settori,
            MEDIA_OBIETTIVI: self.valutazione.media_obiettivi,
        }
        return dict(sorted(medie.items(), key=lambda media: media[0] != self.valutazione.regola))

    @property
    def perche_due_medie(self) -> str:
        """Why the two means of the ente differ, in a sentence; "" where one is missing."""
        settori, obiettivi = self.valutazione.media_settori, self.valutazione.media_obiettivi
        if settori is None or obiettivi is None:
            return ""
        if percentuale(settori) == percentuale(obiettivi):
            return UGUALI
        motivi = [*self._peso_dei_comuni, *self._peso_dei_settori]
        return f"Sono diverse perché nella media dei settori {' e '.join(motivi)}." if motivi else ""

    @property
    def _peso_dei_settori(self) -> list[str]:
        """How the settori count otherwise than their obiettivi do; nothing where they do not."""
        settori = [settore for settore in self.settori if settore.grado is not None]
        somme = sorted({settore.somma_pesi for settore in settori})
        if len({settore.peso_media for settore in settori}) > 1:
            return ["ogni settore ha il suo peso, pochi o molti che siano i suoi obiettivi"]
        if len(somme) < 2:
            return []
        codici = {settore.settore for settore in settori}
        pesi = {v.peso for v in self.valutazione.voci if v.conta and v.settore in codici}
        if len(pesi) == 1:
            return ["un settore con pochi obiettivi conta quanto uno con molti"]
        estremi = f"da {numero(somme[0])} a {numero(somme[-1])}"
        return [
            f"i settori contano tutti lo stesso, e la somma dei pesi dei loro obiettivi va {estremi}"
        ]

    @property
    def _peso_dei_comuni(self) -> list[str]:
        comuni = [o for o in self.valutazione.contano if o.comune]
        if not comuni:
            return []
        quali = (
            "l'obiettivo trasversale"
            if len(comuni) == 1
            else f"{con_articolo(len(comuni))} obiettivi trasversali"
        )
        conta = "conta" if len(comuni) == 1 else "contano"
        if all(obiettivo.pieno for obiettivo in comuni):
            quali += f", {'' if len(comuni) == 1 else 'tutti '}al {con_segno('100')},"
        return [
            f"{quali} {conta} in ciascuno dei settori che {'lo' if len(comuni) == 1 else 'li'} hanno"
        ]

    def imbuto(self, settore: str = "") -> Imbuto:
        """How many indicatori of a settore, or of the ente, can be measured."""
        return self.valutazione.imbuto.get(settore, Imbuto())

    def confronto(self, settore: str) -> Confronto:
        """Declared against measured on the obiettivi of a settore."""
        return next(c for c in self.valutazione.confronti if c.settore == settore)

    def voci_di(self, scheda: Scheda) -> list[VoceValutata]:
        """The voci that cover a scheda, in the order of the settori."""
        return self._coperte_da.get(chiave_scheda(scheda), [])

    @cached_property
    def _coperte_da(self) -> dict[ChiaveScheda, list[VoceValutata]]:
        coperte: dict[ChiaveScheda, list[VoceValutata]] = {}
        for settore in self.settori:
            for voce in self.voci(settore.settore):
                for coperta in voce.coperte:
                    coperte.setdefault(coperta, []).append(voce)
        return coperte

    @property
    def chi_attribuisce(self) -> str:
        """Whose the gradi of the obiettivi valutati are, in a sentence; "" when there are none."""
        origini = Counter(o.voce.origine for o in self.valutazione.contano)
        if not origini:
            return ""
        dichiarati = origini.total() - sum(origini[origine] for origine, _ in DI_ALTRI)
        misurati = self.parametri.origine == MISURATO_O_DICHIARATO
        conti = {**origini, "": dichiarati}
        tutti = MISURATO if misurati else ""
        altri = [
            f"{cardinale(conti[origine])} {attribuiti[conti[origine] > 1]}"
            for origine, attribuiti in (("", DICHIARATI), *DI_ALTRI)
            if conti.get(origine) and origine != tutti
        ]
        salvo = f", salvo {elenco_di(altri)}" if altri else ""
        di_chi = "misurati dagli indicatori" if misurati else "dichiarati dai responsabili"
        return f"I gradi sono quelli {di_chi}{salvo}."

    @cached_property
    def nota_non_consuntivati(self) -> str:
        """A sentence on the obiettivi that enter the mean by the parametro and not by a grado; "" if
        none does."""
        fissati = sum(o.voce.origine == PARAMETRO for o in self.valutazione.contano)
        if not fissati:
            return ""
        grado = con_segno(numero(self.parametri.grado_non_consuntivato or Decimal(0)))
        quali = quanti(fissati, "obiettivo non consuntivato", "obiettivi non consuntivati")
        contati = "contato" if fissati == 1 else "contati"
        return f"Fra i valutati: {quali}, {contati} al {grado} per scelta dell'ente."

    @property
    def comuni(self) -> bool:
        """Whether an obiettivo stands in the valutazione of several settori."""
        return sum(s.obiettivi for s in self.settori) > len(self.valutazione.distinti)

    @cached_property
    def fuori_valutazione(self) -> list[Scheda]:
        """The schede that no voce of the valutazione covers, in the order of the documents."""
        coperte = {coperta for voce in self.valutazione.voci for coperta in voce.coperte}
        return [scheda for scheda in self.schede if chiave_scheda(scheda) not in coperte]

    @property
    def schede(self) -> list[Scheda]:
        """The schede in the order of the documents."""
        return [scheda for settore in self.ordine for scheda in self.righe.schede.di(settore)]

    @property
    def con_due_gradi(self) -> int:
        """How many schede have both the declared and the measured grado."""
        return sum(
            s["grado_dichiarato"] is not None and s["grado_misurato"] is not None for s in self.schede
        )

    @property
    def di_anticorruzione(self) -> list[Scheda]:
        """The schede that name it in their title: whether others are about it, only a person can say."""
        return [s for s in self.schede if ANTICORRUZIONE.search(normalizza(s["titolo"]))]


def di_provincia(scritta: str) -> str:
    """ "Milano (MI)" -> "Provincia di Milano (MI)", unless it says already what it is; of a code alone,
    "Provincia (MI)"."""
    if normalizza(scritta).startswith(("provincia", "citta metropolitana", "libero consorzio")):
        return scritta
    sigla = scritta.strip(" ()")
    return f"Provincia ({sigla})" if re.fullmatch("[A-Z]{2}", sigla) else f"Provincia di {scritta}"
