"""Rules on the ente as a whole: the pesi of the settori, the date of the relazione."""

import re
from collections.abc import Iterator
from datetime import date

from pipeline import personale, premi, uffici
from pipeline.celle import intervalli
from pipeline.checks.comuni import Caso, rilievo
from pipeline.ingest import anno_di
from pipeline.parole import citazione, elenco_di
from pipeline.rilievi import Rilievo
from pipeline.tables import TRASVERSALI, Voce
from pipeline.workbooks import ente
from pipeline.workbooks.registro import cella


def pesi(caso: Caso) -> Iterator[Rilievo]:
    settori = [riga for riga in caso.righe.elenco if riga["settore"] != TRASVERSALI]
    dati = [riga["peso"] for riga in settori if riga["peso"] is not None]
    if 0 < len(dati) < len(settori):
        yield Rilievo("E05", ente.FILE, "Settori")
    elif dati and not any(dati):
        aiuto = "Dare a un settore almeno un peso maggiore di 0, oppure lasciarli tutti vuoti."
        posto = cella("elenco", "peso", settori[0])
        yield rilievo("E02", settori[0], posto, campo="Peso", valore="0", aiuto=aiuto)


def pesi_delle_voci(caso: Caso) -> Iterator[Rilievo]:
    """Settori that weigh their voci beside others that do not: the fewer of them, with their cells."""
    per_settore = [caso.righe.voci.di(settore) for settore in caso.tabelle.elencati]
    sue = [voci for voci in per_settore if voci and voci[0]["settore"] not in caso.vuoti]
    con = [voci for voci in sue if any(voce["peso"] is not None for voce in voci)]
    senza = [voci for voci in sue if voci not in con]
    pochi, molti = (senza, con) if len(senza) < len(con) else (con, senza)
    hanno, altri = ("non hanno", "in altri sì") if pochi is senza else ("hanno", "in altri no")
    quali = elenco_di([f"«{_nome(caso, voci)}»" for voci in molti])
    for voci in pochi if molti else []:
        celle = [cella("voci", "peso", v) for v in voci if pochi is senza or v["peso"] is not None]
        dati = {"settore": _nome(caso, voci), "hanno": hanno, "altri": f"{altri} ({quali})"}
        yield rilievo("V11", voci[0], celle[0], **dati, celle=", ".join(intervalli(celle)))


def _nome(caso: Caso, voci: list[Voce]) -> str:
    """The name of the settore of some voci."""
    return caso.tabelle.elencati[voci[0]["settore"]]["denominazione"] or voci[0]["settore"]


def responsabili(caso: Caso) -> Iterator[Rilievo]:
    """The responsabile of the list is none of those that the workbook of the settore names. A name and
    an office may well be the same thing said in two ways."""
    for riga in caso.righe.elenco:
        letto = caso.righe.settori.prima(riga["settore"])
        if letto is None or riga["settore"] in caso.vuoti:
            continue
        qui, la = (_chi(testo) for testo in (riga["responsabile"], letto["responsabile"]))
        comparabili = [(uno, altro) for uno in qui for altro in la if uno[0] == altro[0]]
        if comparabili and not any(
            uno[1] <= altro[1] or altro[1] <= uno[1] for uno, altro in comparabili
        ):
            dati = {
                "settore": riga["denominazione"] or riga["settore"],
                "valore": citazione(riga["responsabile"]),
                "altro": citazione(letto["responsabile"]),
                "dove": rilievo("E18", letto, cella("settori", "responsabile", letto)).dove,
            }
            yield rilievo("E18", riga, cella("elenco", "responsabile", riga), **dati)


def _chi(testo: str) -> list[tuple[uffici.Natura, set[str]]]:
    """Of each of the names in a cell, whether of a person or of an office, and its words."""
    nomi = [letto.nome for letto in personale.leggi(testo)]
    return [(uffici.natura(nome)[0], set(personale.chiave(nome).split())) for nome in nomi]


_CICLO = re.compile(
    r"\b(?:piano|relazione)\b[^;\n]{0,60}?\bperformance\b[^;\n\d]{0,20}(20\d\d)(?![\d/–-])",
    re.IGNORECASE,
)
_APPROVATA = re.compile(
    r"\brelazione\b[^;\n]{0,120}?\b(?:approvat|adottat)a\b[^;\n]{0,80}?"
    r"(?:\b\d{1,2}[./-]\d{1,2}[./-]|\b\d{1,2}\s+[a-z]+\s+)(20\d\d)\b",
    re.IGNORECASE,
)


def altri_anni(caso: Caso) -> Iterator[Rilievo]:
    """Texts on the piano or the relazione of another year, or on a relazione approved before the year
    it reports was over: they were written for an earlier one."""
    anno = anno_di(caso.tabelle)
    for riga in caso.righe.testi if anno else []:
        # a stop ends a sentence only before a blank and a capital: not in «n. 60»
        for frase in re.split(r"(?<=[.;])\s+(?=[A-ZÀ-Ù])|\n", riga["testo"]):
            altri = [t for t in _CICLO.finditer(frase) if t[1] < str(anno) and str(anno) not in frase]
            altri += [t for t in _APPROVATA.finditer(frase) if t[1] <= str(anno)]
            if altri:
                perche = f"parla di un altro anno: «{citazione(altri[0][0], 120)}»"
                yield rilievo("E15", riga, cella("testi", "testo", riga), perche=perche)
                break


def termine(caso: Caso) -> Iterator[Rilievo]:
    """The relazione is adopted by 30 June of the year after (art. 10 c. 1 b D.Lgs. 150/2009)."""
    anno = anno_di(caso.tabelle)
    for riga in caso.righe.ente:
        data = ente.leggi_data(riga["valore"]) if riga["chiave"] == "data" else None
        if anno and data and data > date(anno + 1, 6, 30):
            dati = {"data": f"{data:%d/%m/%Y}", "anno": str(anno + 1)}
            yield rilievo("E12", riga, cella("ente", "valore", riga), **dati)


def premi_per_gruppi(caso: Caso) -> Iterator[Rilievo]:
    """Premi that cannot be published: of too few people, or that do not add up."""
    for difetto in premi.difetti(caso.righe.premi):
        dati = {"quale": premi.quale(difetto.riga), "perche": difetto.perche, "aiuto": difetto.aiuto}
        dati["quante"] = difetto.perche
        yield rilievo(
            difetto.codice, difetto.riga, cella("premi", difetto.colonna, difetto.riga), **dati
        )
