"""A folder of workbooks -> the tables, the findings of reading, and the reconciliation of the cells."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.files import CARTA_INTESTATA, STEMMI, Segui, in_silenzio
from pipeline.parole import leggibile, normalizza
from pipeline.rilievi import Rilievo
from pipeline.tables import Parametri, Riga, Tabelle, celle_piene, costruisci, righe
from pipeline.workbooks import ente, form, registro
from pipeline.workbooks.fields import Lettura
from pipeline.workbooks.grid import Cartella, FileRifiutato, ripulisci
from pipeline.workbooks.lettore import ESTENSIONI, Lettore
from pipeline.workbooks.settore import Testata

_NON_LETTI = {
    ".xls": "è nel vecchio formato Excel (.xls)",
    ".xlsb": "è una cartella binaria (.xlsb)",
    ".fods": "è un foglio di LibreOffice in un solo testo (.fods)",
    ".csv": "è un file di testo (.csv)",
}


MAX_MARCHIO = 10_000
"""How much of a word of the mark is read: what is longer is not ours, and no cell would hold it."""


@dataclass(frozen=True)
class Quadratura:
    """The reconciliation of one file: cells filled in = cells in the tables + cells in the findings."""

    file: str
    compilate: int
    in_tabelle: int
    in_rilievi: int

    @property
    def torna(self) -> bool:
        return self.compilate == self.in_tabelle + self.in_rilievi


@dataclass(frozen=True)
class Raccolta:
    """Everything read from a folder."""

    tabelle: Tabelle
    parametri: Parametri
    rilievi: list[Rilievo]
    quadrature: list[Quadratura]

    @property
    def anno(self) -> int | None:
        """The year reported, None when ente.xlsx does not say it."""
        return anno_di(self.tabelle)


def raccogli(cartella: Path, segui: Segui = in_silenzio) -> Raccolta:
    """Read every workbook of a folder. Never raises for a bad file: it becomes a rilievo.

    The order of the files does not matter; sub-folders are not read. `segui` shows how far it is.
    """
    letture: list[Lettura] = []
    rilievi: list[Rilievo] = []
    parametri = Parametri()
    aperte: dict[str, Cartella] = {}
    with Lettore() as lettore:
        for percorso in segui("Lettura", sorted(cartella.iterdir())):
            nascosto = percorso.name.startswith(".") and not percorso.name.startswith(".~lock")
            di_veste = percorso.name.lower() in (CARTA_INTESTATA, *STEMMI)
            if percorso.is_file() and not nascosto and not di_veste:
                _apri_o_rileva(percorso, lettore, aperte, rilievi)
    di_ente = [aperte.pop(nome) for nome in list(aperte) if e_di_ente(nome)]
    if len(di_ente) > 1:
        rilievi += _doppie(ente.NOME, di_ente)
    elif di_ente:
        lettura = Lettura(di_ente[0])
        rilievi += _contrassegno_ente(lettura.cartella)
        parametri = ente.leggi(lettura)
        lettura.riporta_contorno()
        letture.append(lettura)
    elif not any(e_di_ente(r.file) for r in rilievi):
        altre = [nome for nome, aperta in aperte.items() if _marchio(aperta).get("modello") == ente.NOME]
        for nome in altre:
            aperte.pop(nome)
            rilievi.append(Rilievo("E07", nome))
        if not altre:
            rilievi.append(Rilievo("E01", ente.FILE, dati={"cartella": leggibile(cartella.name)}))
    base = _unisci(letture)
    letture += _leggi_settori(aperte, base, parametri, rilievi)
    for lettura in letture:
        rilievi += lettura.rilievi
    tabelle = _unisci(letture)
    piene = celle_piene(tabelle)
    quadrature = [
        Quadratura(
            lettura.file,
            lettura.compilate,
            piene[lettura.file] - lettura.ripetuti,
            len(lettura.escluse),
        )
        for lettura in letture
    ]
    rilievi += [_non_torna(q) for q in quadrature if not q.torna]
    return Raccolta(tabelle, parametri, rilievi + _mancanti(tabelle, rilievi), quadrature)


def leggi_sola(cartella: Cartella) -> tuple[Lettura, str]:
    """Read one open workbook by itself, as what its own mark says it is, of whatever year and version.

    Returns the reading and the settore code ("" for ente.xlsx). Raises FileRifiutato when it is not
    a workbook of ours.
    """
    marchio = _marchio(cartella)
    if marchio.get("modello") not in (*registro.NOMI, ente.NOME):
        raise FileRifiutato(Rilievo("M01", cartella.file))
    lettura = Lettura(cartella, rilievi=list(cartella.rilievi))
    if marchio["modello"] == ente.NOME:
        ente.leggi(lettura)
    else:
        registro.leggi(lettura, _testata(cartella))
    lettura.riporta_contorno()
    return lettura, marchio.get("settore", "")


def anno_di(tabelle: Tabelle) -> int | None:
    valori = {riga["chiave"]: riga["valore"].strip() for riga in righe(tabelle.ente)}
    anno = valori.get("anno", "")
    return int(anno) if re.fullmatch(ente.ANNO, anno) else None


def _apri_o_rileva(
    percorso: Path, lettore: Lettore, aperte: dict[str, Cartella], rilievi: list[Rilievo]
) -> None:
    nome = leggibile(percorso.name)
    if nome.startswith(("~$", ".~lock")):
        rilievi.append(Rilievo("F07", nome))
    elif percorso.suffix.lower() in ESTENSIONI:
        try:
            cartella = lettore.apri(percorso)
        except FileRifiutato as rifiuto:
            rilievi.append(rifiuto.rilievo)
            return
        rilievi += cartella.rilievi
        if e_di_ente(nome) or _marchio(cartella).get("modello") in (*registro.NOMI, ente.NOME):
            aperte[nome] = cartella
        else:
            rilievi.append(Rilievo("M01", nome))
    else:
        perche = _NON_LETTI.get(percorso.suffix.lower())
        codice = "F06" if perche else "F08"
        rilievi.append(Rilievo(codice, nome, dati={"dettaglio": perche or ""}))


def e_di_ente(nome: str) -> bool:
    """Whatever the capitals and the format: Ente.ods is the same file to an office."""
    return nome.lower() in [Path(ente.FILE).with_suffix(suffisso).name for suffisso in ESTENSIONI]


def _marchio(cartella: Cartella) -> dict[str, str]:
    """What the workbook says it is: from its hidden sheet, or from its document properties."""
    foglio = cartella.fogli.get(form.FOGLIO_MODELLO)
    detto = cartella.proprieta
    if foglio is not None:
        detto = {foglio.testo(n, 1): foglio.testo(n, 2) for n in range(1, foglio.ultima_riga() + 1)}
    return {chiave: ripulisci(valore)[0][:MAX_MARCHIO] for chiave, valore in detto.items()}


def _contrassegno_ente(cartella: Cartella) -> list[Rilievo]:
    marchio = _marchio(cartella)
    if marchio.get("modello") != ente.NOME:
        return [Rilievo("M01", cartella.file)]
    return _versione(cartella.file, marchio)


def _versione(file: str, marchio: dict[str, str]) -> list[Rilievo]:
    versione = marchio.get("versione", "")
    if versione == form.VERSIONE:
        return []
    trovato = f"{marchio.get('modello')} versione {versione}"
    atteso = f"{marchio.get('modello')} versione {form.VERSIONE}"
    return [Rilievo("M02", file, dati={"trovato": trovato, "atteso": atteso})]


def _contrassegno(
    cartella: Cartella, nome_ente: str, anno: int | None, elenco: dict[str, Riga] | None
) -> list[Rilievo]:
    """Why a settore workbook cannot be taken, if so; what ente.xlsx does not say is not compared."""
    marchio = _marchio(cartella)
    modello, settore = marchio.get("modello", ""), marchio.get("settore", "")
    if modello not in registro.NOMI:
        return [Rilievo("M01", cartella.file)]
    if versione := _versione(cartella.file, marchio):
        return versione
    if elenco is not None:
        if settore not in elenco:
            return [Rilievo("M05", cartella.file, dati={"trovato": settore or "senza nome"})]
        atteso = registro.atteso(elenco[settore])
        if modello != atteso:
            return [Rilievo("M12", cartella.file, dati={"trovato": modello, "atteso": atteso})]
    if nome_ente and normalizza(marchio.get("ente", "")) != normalizza(nome_ente):
        dati = {"trovato": marchio.get("ente") or "un ente senza nome", "atteso": nome_ente}
        return [Rilievo("M04", cartella.file, dati=dati)]
    if anno is not None and marchio.get("anno") != str(anno):
        dati = {"trovato": marchio.get("anno") or "non indicato", "atteso": str(anno)}
        return [Rilievo("M03", cartella.file, dati=dati)]
    return []


def _testata(cartella: Cartella) -> Testata:
    """The identity of a workbook from its mark; the name of the settore is the one printed in it."""
    marchio = _marchio(cartella)
    settore, anno = marchio.get("settore", ""), marchio.get("anno", "")
    denominazione = marchio.get("titolo", settore).removesuffix(f" {anno}")
    noto = int(anno) if re.fullmatch(ente.ANNO, anno) else 0
    return Testata(
        ente=marchio.get("ente", ""),
        anno=noto,
        settore=settore,
        denominazione=denominazione,
        modello=marchio["modello"],
    )


def _leggi_settori(
    aperte: dict[str, Cartella], base: Tabelle, parametri: Parametri, rilievi: list[Rilievo]
) -> list[Lettura]:
    """Read the settore workbooks that pass; of two for the same settore neither is read."""
    valori = {riga["chiave"]: riga["valore"] for riga in righe(base.ente)}
    elenco = {riga["settore"]: riga for riga in reversed(righe(base.elenco))} or None
    accettate: dict[str, list[Cartella]] = {}
    for cartella in aperte.values():
        rifiuti = _contrassegno(cartella, valori.get("denominazione", ""), anno_di(base), elenco)
        rilievi += rifiuti
        if not rifiuti:
            accettate.setdefault(_marchio(cartella).get("settore", ""), []).append(cartella)
    letture = []
    # in the order of ente.xlsx, so that the tables do not depend on the names of the files
    ordine = {settore: posto for posto, settore in enumerate(base.elenco["settore"])}
    for settore in sorted(accettate, key=lambda settore: ordine.get(settore, 0)):
        cartelle = accettate[settore]
        if len(cartelle) > 1:
            rilievi += _doppie(settore, cartelle)
            continue
        lettura = Lettura(cartelle[0])
        registro.leggi(lettura, _testata(cartelle[0]))
        lettura.riporta_contorno()
        letture.append(lettura)
    return letture


def _doppie(settore: str, cartelle: list[Cartella]) -> list[Rilievo]:
    rilievi = []
    for cartella in cartelle:
        altre = ", ".join(c.file for c in cartelle if c is not cartella)
        rilievi.append(Rilievo("M06", cartella.file, dati={"settore": settore, "altro": altre}))
    return rilievi


def _unisci(letture: Iterable[Lettura]) -> Tabelle:
    """The tables of several workbooks together, in the order in which they were read."""
    insieme: dict[str, list[Riga]] = {}
    for lettura in letture:
        for tabella, sue in lettura.righe.items():
            insieme.setdefault(tabella, []).extend(sue)
        marchio = _marchio(lettura.cartella)
        insieme.setdefault("provenienza", []).append(
            {
                "settore": marchio.get("settore", ""),
                "sha256": lettura.cartella.sha256,
                "modello": marchio.get("modello", ""),
                "versione": marchio.get("versione", ""),
                "salvato": lettura.cartella.salvato,
                "celle": lettura.compilate,
                "file": lettura.file,
            }
        )
    return costruisci(insieme)


def _non_torna(quadratura: Quadratura) -> Rilievo:
    dati = {
        "compilate": str(quadratura.compilate),
        "tabelle": str(quadratura.in_tabelle),
        "rilievi": str(quadratura.in_rilievi),
    }
    return Rilievo("P01", quadratura.file, dati=dati)


SOLLECITO = "Sollecitare il responsabile; per un modello vuoto: make modelli."
RIFIUTO = {"F01", "F02", "F03", "F04", "F05", "F09", "F12", "M01", "M02", "M03", "M04", "M12"}
"""What keeps a whole workbook out: that it is missing too is only a consequence."""


def _mancanti(tabelle: Tabelle, rilievi: list[Rilievo]) -> list[Rilievo]:
    """A finding for each listed settore without a workbook, unless its file was refused already."""
    letti = set(tabelle.provenienza["settore"])
    rifiutati = {normalizza(Path(r.file).stem) for r in rilievi if r.codice in RIFIUTO}
    non_letti = {
        normalizza(Path(r.file).stem): f"C'è però {r.file}, che non si legge: salvarlo come .xlsx."
        for r in rilievi
        if r.codice == "F06"
    }
    doppi = {r.dati.get("settore") for r in rilievi if r.codice == "M06"}
    return [
        Rilievo(
            "M07",
            f"{riga['settore']}.xlsx",
            dati={
                "settore": riga["denominazione"] or riga["settore"],
                "aiuto": non_letti.get(normalizza(riga["settore"]), SOLLECITO),
            },
        )
        for riga in righe(tabelle.elenco.drop_duplicates("settore"))
        if riga["settore"]
        and riga["settore"] not in letti | doppi
        and normalizza(riga["settore"]) not in rifiutati
    ]
