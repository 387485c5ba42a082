"""The edition to be published: the same fascicolo without people (D.Lgs. 33/2013; GDPR art. 5).

What is about people has no place in it; in every other text what is known to be personal gives way
to a mark. What the workbooks do not know cannot be found: the edition is to be read before it goes out.
The letterhead of the office is worn as it is.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pipeline import nominativi, premi
from pipeline.documents.fascicolo import Fascicolo
from pipeline.omissioni import DATO, INDIRIZZO, NOME, Ricerca
from pipeline.score import (
    Confronto,
    MissioneValutata,
    SettoreValutato,
    Valutazione,
    VoceValutata,
)
from pipeline.tables import CHIAVI, COLONNE, Riga, Tabelle, righe, tabella
from pipeline.uffici import Natura

DI_PERSONE = {
    "elenco": ("responsabile", "email"),
    "settori": ("responsabile", "categoria"),
    "schede": ("responsabile", "supporto"),
}
"""Columns that are left blank."""
INTERNE = ("destinatari", "accettati", "messaggi")
"""Tables that are left empty: they serve to send the documents, not to give account."""

SENZA_PARQUET = (
    "I dati aperti sono solo in CSV: per averli anche in Parquet serve un componente in più (duckdb, "
    "circa 25 MB). Si installa una volta sola, poi si ripete il comando:\n"
    "    python3 ambiente.py python3 requirements-dati.txt"
)

TOLTI = (
    "Tolti: responsabili, categorie e indirizzi dei settori, il personale con le sue medie, i "
    "destinatari, i messaggi, i rilievi."
)
DA_LEGGERE = (
    "Prima di pubblicare va letta da una persona: i nomi che i file non conoscono non si possono "
    "trovare."
)
PAROLE = {
    NOME: ("nominativo", "nominativi"),
    INDIRIZZO: ("indirizzo e-mail", "indirizzi e-mail"),
    DATO: ("codice fiscale o telefono", "codici fiscali o telefoni"),
}


G = TypeVar("G", SettoreValutato, Confronto, MissioneValutata)


@dataclass(frozen=True)
class Posto:
    """A sheet of a workbook: how many marks of each kind stand in its texts now, and what words
    and numbers are to be read again (with how often they come)."""

    dove: str
    segni: Counter[str] = field(default_factory=Counter)
    dubbi: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Edizione:
    """The fascicolo to be published, and where something was omitted or is doubtful."""

    fascicolo: Fascicolo
    posti: list[Posto]

    @property
    def conto(self) -> str:
        """What gave way to a mark, in a sentence."""
        segni = sum((posto.segni for posto in self.posti), Counter[str]())
        quanti = sum(bool(posto.segni) for posto in self.posti)
        if not quanti:
            return "Nei testi non è stato trovato niente da omettere."
        fogli = "un foglio" if quanti == 1 else f"{quanti} fogli"
        return f"Omessi nei testi: {_conta(segni)}, in {fogli}."

    @property
    def omissioni(self) -> list[str]:
        """Where and how much was omitted, a line a sheet."""
        return [f"{posto.dove}: {_conta(posto.segni)}" for posto in self.posti if posto.segni]

    @property
    def da_rileggere(self) -> list[str]:
        """Each word or number left that may be of a person, with where it stands, a line each."""
        per_parola: dict[str, list[str]] = {}
        for posto in self.posti:
            for parola, volte in posto.dubbi.items():
                quante = f" ({volte} volte)" if volte > 1 else ""
                per_parola.setdefault(parola, []).append(f"{posto.dove}{quante}")
        return [f"«{parola}»: {'; '.join(dove)}" for parola, dove in sorted(per_parola.items())]


def scrivi_omissioni(percorso: Path, edizione: Edizione) -> None:
    """Write what was omitted and what is to be read again, for the office alone."""
    omissioni = edizione.omissioni or ["niente"]
    da_rileggere = edizione.da_rileggere or ["niente"]
    parti = [
        "USO INTERNO: QUESTO ELENCO NON SI PUBBLICA",
        "",
        *(TOLTI, edizione.conto, DA_LEGGERE),
        "",
        "Omissioni, foglio per foglio",
        *(f"- {riga}" for riga in omissioni),
        "",
        "Da rileggere: parole e numeri lasciati nei testi, che possono essere di una persona",
        *(f"- {riga}" for riga in da_rileggere),
    ]
    percorso.write_text("\n".join(parti) + "\n", encoding="utf-8")


def edizione_pubblica(fascicolo: Fascicolo) -> Edizione:
    """The edition to be published of a finished fascicolo, whose figures it keeps as they are.

    It has no rilievi, which are of the office: it is meant for a fascicolo that nothing blocks.
    """
    tabelle = fascicolo.tabelle
    lavoro = _Omissioni(tabelle)
    vuote = (*INTERNE, "premi") if premi.difetti(tabelle.righe.premi) else INTERNE
    nuove = {
        nome: tabella(nome, (lavoro.riga(nome, riga) for riga in _restano(nome, righe(df), vuote)))
        for nome, df in tabelle.per_nome().items()
    }
    fasce = tuple(replace(f, nome=lavoro.testo(f.nome)) for f in fascicolo.parametri.fasce)
    pubblica = Fascicolo(
        anno=fascicolo.anno,
        tabelle=Tabelle(**nuove),
        parametri=replace(fascicolo.parametri, fasce=fasce),
        valutazione=lavoro.valutazione(fascicolo.valutazione),
        rilievi=[],
        quadrature=[replace(q, file=lavoro.file.get(q.file, q.file)) for q in fascicolo.quadrature],
        carta=fascicolo.carta,
        tracce=fascicolo.tracce,
        pubblica=True,
    )
    return Edizione(pubblica, lavoro.in_ordine())


class _Omissioni:
    """The work on one fascicolo: what to look for, what file and settori are called, what was found."""

    def __init__(self, tabelle: Tabelle) -> None:
        self.ricerca = _ricerca(tabelle)
        self.posti: dict[tuple[str, str], Posto] = {}
        self.contati: set[tuple[str, str, int, str]] = set()
        nomi_file = [{"testo": file, "file": file} for file in tabelle.provenienza["file"]]
        codici = [
            {
                "testo": riga["settore"],
                "file": riga["file"],
                "foglio": riga["foglio"],
                "riga": riga["riga"],
            }
            for riga in tabelle.righe.elenco
        ]
        self.file, self.settori = self._rinomina(nomi_file), self._rinomina(codici)

    def _rinomina(self, nomi: list[Riga]) -> dict[str, str]:
        """New names for those that name a person: they tell rows apart, so each is different."""
        nuovi = {}
        for n, riga in enumerate(nomi, start=1):
            nome = riga["testo"]
            if self._annota(nome, riga) != nome:
                nuovi[nome] = f"{NOME} {n}{Path(nome).suffix}"
        return nuovi

    def testo(self, testo: str) -> str:
        """A text without what is personal."""
        return self.ricerca.pulisci(testo).testo

    def _annota(self, testo: str, riga: Mapping[str, Any]) -> str:
        """The same, noting what was found; a cell that fills in two tables is noted once."""
        pulito = self.ricerca.pulisci(testo)
        file, foglio = riga["file"], riga.get("foglio", "")
        cella = (file, foglio, riga.get("riga", 0), testo)
        if (pulito.segni or pulito.dubbi) and cella not in self.contati:
            self.contati.add(cella)
            dove = f"{file}, foglio «{foglio}»" if foglio else f"{file}, nome del file"
            posto = self.posti.setdefault((file, foglio), Posto(dove))
            posto.segni.update(pulito.segni)
            posto.dubbi.update(pulito.dubbi)
        return pulito.testo

    def riga(self, nome: str, riga: Mapping[str, Any]) -> Any:
        """A row of a table: its personal columns blank, its texts without what is personal."""
        nuova = dict(riga)
        chiavi = ("settore", *CHIAVI[nome])
        for colonna in COLONNE[nome]:
            if colonna.nome in DI_PERSONE.get(nome, ()):
                nuova[colonna.nome] = ""
            elif colonna.tipo == "testo" and colonna.nome not in chiavi:
                nuova[colonna.nome] = self._annota(riga[colonna.nome], riga)
        nuova["file"] = self.file.get(riga["file"], riga["file"])
        nuova["foglio"] = self.testo(riga["foglio"])
        if "settore" in riga:
            nuova["settore"] = self.settori.get(riga["settore"], riga["settore"])
        return nuova

    def valutazione(self, valutazione: Valutazione) -> Valutazione:
        """The figures as they are: the words beside them are those of the texts, noted already."""
        voci = {(voce.settore, voce.n): self._voce(voce) for voce in valutazione.voci}
        return replace(
            valutazione,
            voci=list(voci.values()),
            distinti=[
                replace(o, voce=voci[o.voce.settore, o.voce.n], fascia=self.testo(o.fascia))
                for o in valutazione.distinti
            ],
            settori=[
                self._di_settore(
                    replace(s, denominazione=self.testo(s.denominazione), fascia=self.testo(s.fascia))
                )
                for s in valutazione.settori
            ],
            confronti=[self._di_settore(confronto) for confronto in valutazione.confronti],
            imbuto={self.settori.get(s, s): imbuto for s, imbuto in valutazione.imbuto.items()},
            coerenza=[replace(s, scheda=self.riga("schede", s.scheda)) for s in valutazione.coerenza],
            missioni=[self._di_settore(missione) for missione in valutazione.missioni],
            partecipazioni=[],
            personale=[],
        )

    def _di_settore(self, figure: G) -> G:
        return replace(figure, settore=self.settori.get(figure.settore, figure.settore))

    def _voce(self, voce: VoceValutata) -> VoceValutata:
        nuovo = self.settori.get(voce.settore, voce.settore)
        return replace(
            voce,
            riga=self.riga("voci", voce.riga),
            coperte=tuple((self.settori.get(settore, settore), n) for settore, n in voce.coperte),
            chiave=voce.chiave if voce.trasversale else f"{nuovo} {voce.n}",
            motivo=self.testo(voce.motivo),
            fascia=self.testo(voce.fascia),
        )

    def in_ordine(self) -> list[Posto]:
        """The places, a workbook after the other."""
        file = list(dict.fromkeys(file for file, _ in self.posti))
        return [self.posti[posto] for posto in sorted(self.posti, key=lambda p: file.index(p[0]))]


def _restano(nome: str, righe: list[Riga], vuote: tuple[str, ...]) -> list[Riga]:
    """The rows of a table that go into the edition: of the personale, only the uffici."""
    if nome in vuote:
        return []
    return [riga for riga in righe if nome != "personale" or riga["gruppo"]]


def _ricerca(tabelle: Tabelle) -> Ricerca:
    """What to look for: the people that the workbooks know, surely or perhaps."""
    nomi: dict[Natura, list[str]] = {natura: [] for natura in Natura}
    for letto in nominativi.letti(tabelle):
        nomi[letto.natura].append(letto.nome)
    return Ricerca(nomi[Natura.PERSONA], nomi[Natura.FORSE], nomi[Natura.DUBBIO])


def _conta(segni: Counter[str]) -> str:
    return ", ".join(f"{n} {PAROLE[segno][n != 1]}" for segno, n in sorted(segni.items()))
