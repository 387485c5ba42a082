"""The workbooks to fill in: blank, carried over from last year, or rewritten in the current template."""

import re
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import bilancio, del_progetto, ingest, numeri, score
from pipeline.files import scrivi_intero
from pipeline.rilievi import Rilievo, bloccanti, ordina
from pipeline.tables import TRASVERSALI, Elencato, Parametri, Riga, Tabelle, coperte, costruisci, righe
from pipeline.workbooks import ente, estremi, nucleo, registro
from pipeline.workbooks.fields import Lettura
from pipeline.workbooks.grid import FileRifiutato
from pipeline.workbooks.lettore import ESTENSIONI, Lettore
from pipeline.workbooks.settore import Risultati, Testata

_APERTI = shutil.ignore_patterns("~$*", ".*")
"""What a program leaves beside a workbook that it has open."""
PRIMO_ANNO = 2000
"""Dates an ente.xlsx that does not know its year yet: file properties need some fixed day."""


@dataclass
class Preparati:
    """The files written, those found there and left alone, the workbooks of which a cell would be lost
    (hence not brought forward), the findings that stopped them."""

    scritti: list[Path] = field(default_factory=list)
    presenti: list[Path] = field(default_factory=list)
    rifiutate: list[str] = field(default_factory=list)
    rilievi: list[Rilievo] = field(default_factory=list)


def prepara(cartella: Path, da: Path | None = None, riscrivi: Path | None = None) -> Preparati:
    """Write the workbooks to fill in, never over a file that is there.

    Blank ones for the settori listed in `cartella`/ente.xlsx (a blank ente.xlsx first, if there is
    none); with `da`, last year's workbooks carried over: the plan kept, the results emptied, the year
    moved on; with `riscrivi`, the same content in the current version of the template. A workbook of
    which any cell would be lost is not written: its findings come back instead.
    """
    preparati = Preparati()
    cartella.mkdir(parents=True, exist_ok=True)
    vecchie = _leggi_tutte(da or riscrivi, preparati)
    _prepara_ente(cartella / ente.FILE, vecchie.get(""), da is not None, preparati)
    if preparati.scritti and "" not in vecchie:
        return preparati  # a blank ente.xlsx: nothing to go on with until it is filled in
    base = ingest.raccogli(cartella)
    # E15, the texts of the year before: here they were asked for
    di_ente = (r for r in base.rilievi if ingest.e_di_ente(_aperto(r)) and r.codice != "E15")
    preparati.rilievi += ordina(di_ente)
    if base.anno is None or bloccanti(preparati.rilievi):
        return preparati
    codici = ingest.codici_scritti(base.tabelle)
    vecchie = {ingest.come_in_elenco(settore, codici): v for settore, v in vecchie.items()}
    for settore, riga in base.tabelle.elencati.items():
        percorso = cartella / f"{settore}.xlsx"
        if presente := _presente(percorso):
            preparati.presenti.append(presente)
            continue
        tabelle = _contenuto(vecchie.get(settore), base.anno, da is not None, preparati)
        if tabelle is not None:
            scrivi_settore(percorso, base, riga, tabelle)
            preparati.scritti.append(percorso)
    if riscrivi is not None:
        elenco = {"", *base.tabelle.elencati}
        preparati.rilievi += [
            ingest.fuori_elenco(lettura.file, settore)
            for settore, lettura in vecchie.items()
            if settore not in elenco
        ]
    return preparati


def esempio(cartella: Path) -> None:
    """Copy the workbooks of the project, an example to try with, into an empty folder.

    Raises OSError; interrupted before the end, it leaves the folder empty.
    """
    cartella.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cartella, prefix=".~") as provvisoria:
        copia = Path(provvisoria, "esempio")
        shutil.copytree(del_progetto("input_workbooks"), copia, ignore=_APERTI)
        for voce in copia.iterdir():
            voce.rename(cartella / voce.name)


def _aperto(rilievo: Rilievo) -> str:
    """The file that a finding is on; of a placeholder, the file that is open."""
    return re.sub(r"^~\$|^\.~lock\.|#$", "", rilievo.file) if rilievo.codice == "F07" else rilievo.file


def vuota(raccolta: ingest.Raccolta, settore: str) -> bytes:
    """The blank workbook of a listed settore, as `prepara` would write it."""
    riga = raccolta.tabelle.elencati[settore]
    with TemporaryDirectory() as provvisoria:
        percorso = Path(provvisoria) / f"{settore}.xlsx"
        scrivi_settore(percorso, raccolta, riga, costruisci({}))
        return percorso.read_bytes()


def _presente(percorso: Path) -> Path | None:
    """The workbook that is there already, in whatever format it came back."""
    formati = (percorso.with_suffix(suffisso) for suffisso in ESTENSIONI)
    return next((formato for formato in formati if formato.exists()), None)


def _leggi_tutte(origine: Path | None, preparati: Preparati) -> dict[str, Lettura]:
    """The workbooks of a folder by settore ("" is ente.xlsx)."""
    doppie: dict[str, list[Lettura]] = {}
    with Lettore() as lettore:
        for percorso in sorted(origine.glob("[!~.]*")) if origine else []:
            if percorso.suffix.lower() in ESTENSIONI:
                if altro := ingest.non_e_un_file(percorso):
                    preparati.rilievi.append(altro)
                    continue
                try:
                    lettura, settore = ingest.leggi_sola(lettore.apri(percorso))
                    if lettura.cartella.marchio["modello"] == nucleo.NOME:
                        continue  # made anew by `make nucleo`, from what the settori deliver
                    doppie.setdefault(settore, []).append(lettura)
                except FileRifiutato as rifiuto:
                    preparati.rilievi.append(rifiuto.rilievo)
    for settore, letture in doppie.items():
        if len(letture) > 1:
            che_cosa = ingest.di_settore(settore) if settore else ingest.DATI_ENTE
            preparati.rilievi += ingest.doppie(che_cosa, [sua.file for sua in letture], settore)
    return {settore: letture[0] for settore, letture in doppie.items() if len(letture) == 1}


def _prepara_ente(
    percorso: Path, vecchia: Lettura | None, anno_nuovo: bool, preparati: Preparati
) -> None:
    if _presente(percorso):
        return
    tabelle = _tabelle(vecchia, preparati)
    if tabelle is None:
        return
    anno = ingest.anno_di(tabelle) or PRIMO_ANNO
    riportati = ente.testi_riportati(vecchia.cartella) if vecchia is not None else ""
    if vecchia is not None and anno_nuovo:
        riportati = ente.impronte_dei_testi(tabelle)
        tabelle = _ente_anno_nuovo(tabelle, anno + 1)
    scrivi_intero(percorso, lambda p: ente.scrivi(p, tabelle, anno, riportati))
    preparati.scritti.append(percorso)


def _tabelle(lettura: Lettura | None, preparati: Preparati) -> Tabelle | None:
    """The tables of a workbook (empty for none); None, and findings, if a cell would be lost."""
    if lettura is None:
        return costruisci({})
    if lettura.escluse or lettura.superate or bloccanti(lettura.rilievi):
        preparati.rilievi += ordina(lettura.rilievi + lettura.superate)
        preparati.rifiutate.append(lettura.file)
        return None
    return costruisci(lettura.righe)


def _contenuto(
    vecchia: Lettura | None, anno: int, anno_nuovo: bool, preparati: Preparati
) -> Tabelle | None:
    tabelle = _tabelle(vecchia, preparati)
    return _svuota(tabelle, anno) if tabelle is not None and anno_nuovo else tabelle


def _con_le_missioni(tabelle: Tabelle, elencato: Elencato) -> Tabelle:
    """With the headings of the missioni that ente.xlsx asks for, after those that are there."""
    ci_sono = tabelle.righe.missioni.di(elencato["settore"])
    presenti = {bilancio.leggi(riga["missione"], "").missione for riga in ci_sono}
    chieste = [m for m in ente.leggi_missioni(elencato["missioni"]) or [] if m not in presenti]
    ultima = max((riga["n"] for riga in ci_sono), default=0)
    nuove: list[Riga] = [
        {
            "settore": elencato["settore"],
            "n": n,
            "missione": missione,
            "denominazione": bilancio.MISSIONI[missione],
        }
        for n, missione in enumerate(chieste, start=ultima + 1)
    ]
    missioni = costruisci({"missioni": [*righe(tabelle.missioni), *nuove]}).missioni
    return replace(tabelle, missioni=missioni) if nuove else tabelle


def _con_il_responsabile(tabelle: Tabelle, testata: Testata, elencato: Elencato) -> Tabelle:
    """With the responsabile of ente.xlsx, where the workbook names none."""
    sue = righe(tabelle.settori) or [{"settore": testata.settore, "anno": testata.anno}]
    nuove = [{**r, "responsabile": r.get("responsabile") or elencato["responsabile"]} for r in sue]
    return replace(tabelle, settori=costruisci({"settori": nuove}).settori)


def _testata(base: ingest.Raccolta, elencato: Elencato) -> Testata:
    return Testata(
        ente=base.tabelle.dati_ente["denominazione"],
        anno=base.anno or PRIMO_ANNO,
        settore=elencato["settore"],
        denominazione=elencato["denominazione"] or elencato["settore"],
        modello=registro.atteso(elencato),
        grado_non_consuntivato=base.parametri.grado_non_consuntivato,
        origine=base.parametri.origine,
    )


def scrivi_settore(percorso: Path, base: ingest.Raccolta, elencato: Elencato, tabelle: Tabelle) -> None:
    """Write the workbook of a listed settore: what it had, and what ente.xlsx says of it."""
    testata, n_schede = _testata(base, elencato), int(elencato["n_schede"] or 1)
    sue = _con_il_responsabile(_con_le_missioni(tabelle, elencato), testata, elencato)
    risultati = _risultati(sue, testata)
    scrivi_intero(percorso, lambda p: registro.scrivi(p, testata, sue, n_schede, risultati))


def _risultati(tabelle: Tabelle, testata: Testata) -> Risultati:
    """The figures that the live formulas of the workbook will show, from its own content alone."""
    if testata.settore == TRASVERSALI:
        return Risultati({})
    elenco = [{"settore": testata.settore, "denominazione": testata.denominazione}]
    sole = replace(tabelle, elenco=costruisci({"elenco": elenco}).elenco)
    parametri = Parametri(grado_non_consuntivato=testata.grado_non_consuntivato)
    valutazione = score.valuta(sole, parametri)
    (figure,) = valutazione.settori
    righe_sue, scelta = tabelle.righe, replace(parametri, origine=testata.origine)
    rinviati = (
        voce["n"]
        for voce in righe_sue.voci
        if score.dagli_indicatori(voce, righe_sue.schede.delle(coperte(voce)), scelta)
    )
    return Risultati(
        gradi={voce.n: voce.grado for voce in valutazione.voci},
        rinviati=frozenset(rinviati),
        pesi_incompleti=bool(score.senza_peso(righe_sue.voci, parametri)),
        valutati=figure.valutati,
        complessivo=None if figure.grado is None else numeri.arrotonda(figure.grado),
    )


def _svuota(tabelle: Tabelle, anno: int) -> Tabelle:
    """A settore's tables for the year after: the plan stays, the results are emptied."""
    return replace(
        tabelle,
        settori=tabelle.settori.assign(anno=anno),
        schede=tabelle.schede.assign(valutazione="", grado_dichiarato=None),
        fasi=tabelle.fasi.assign(realizzato=None),
        indicatori=tabelle.indicatori.assign(raggiunto="", motivo_scostamento=""),
        stati=tabelle.stati.iloc[:0],
        voci=tabelle.voci.assign(
            stato="", grado_dichiarato=None, grado_nucleo=None, note_responsabile="", note=""
        ),
    )


def _ente_anno_nuovo(tabelle: Tabelle, anno: int) -> Tabelle:
    """ente.xlsx for the year after: the dates, the act, the avvisi accepted, the amounts, the premi
    are emptied."""
    vuoti = ("data", "atto", "scadenza", *estremi.DELL_ANNO)
    nuovi = {**dict.fromkeys(vuoti, ""), "anno": str(anno)}
    valori = [
        {**riga, "valore": nuovi.get(riga["chiave"], riga["valore"])} for riga in tabelle.righe.ente
    ]
    nuove = costruisci({"ente": valori})
    return replace(
        tabelle,
        ente=nuove.ente,
        accettati=nuove.accettati,
        risorse=nuove.risorse,
        premi=nuove.premi,
    )
