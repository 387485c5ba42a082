"""A folder of workbooks -> the tables, the findings of reading, and the reconciliation of the cells."""

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.files import CARTA_INTESTATA, STEMMI, TRACCE, Segui, in_silenzio
from pipeline.parole import leggibile, normalizza, somigliano
from pipeline.rilievi import CATALOGO, Rilievo
from pipeline.tables import (
    Elencato,
    Parametri,
    Riga,
    Tabelle,
    celle_piene,
    costruisci,
    in_posti,
)
from pipeline.workbooks import ente, form, natura, nucleo, registro
from pipeline.workbooks.fields import Lettura
from pipeline.workbooks.grid import Cartella, FileRifiutato, indirizzo
from pipeline.workbooks.lettore import ESTENSIONI, Lettore, guarda
from pipeline.workbooks.settore import Testata

_NON_LETTI = {
    ".xls": "è nel vecchio formato Excel (.xls)",
    ".xlsb": "è un file binario (.xlsb)",
    ".fods": "è un foglio di LibreOffice in un solo testo (.fods)",
    ".csv": "è un file di testo (.csv)",
}


def _nostra(cartella: Cartella) -> bool:
    """Whether a workbook has one of our templates."""
    return cartella.marchio.get("modello") in (*registro.NOMI, ente.NOME, nucleo.NOME)


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
            di_veste = percorso.name.lower() in (CARTA_INTESTATA, *STEMMI, *TRACCE)
            if not _di_passaggio(percorso) and not di_veste:
                _apri_o_rileva(percorso, lettore, aperte, rilievi)
    di_ente = [aperte.pop(nome) for nome in list(aperte) if e_di_ente(nome)]
    altre = [nome for nome, aperta in aperte.items() if aperta.marchio.get("modello") == ente.NOME]
    for nome in altre:
        aperte.pop(nome)
    c_e = di_ente or any(map(_puo_essere_ente, rilievi))
    rilievi += [Rilievo("E28" if c_e else "E07", nome) for nome in altre]
    if len(di_ente) > 1:
        rilievi += doppie(DATI_ENTE, [cartella.file for cartella in di_ente])
    elif di_ente:
        lettura = Lettura(di_ente[0])
        rilievi += _contrassegno_ente(lettura.cartella)
        if not (_estranea(lettura.cartella) or _troppo_nuova(lettura.cartella)):
            parametri = ente.leggi(lettura)
            lettura.concludi()
            letture.append(lettura)
    elif not (c_e or altre):
        rilievi.append(Rilievo("E01", ente.FILE, dati={"cartella": leggibile(cartella.name)}))
    base = costruisci(_unite(letture))
    codici = codici_scritti(base)
    di_altri = _leggi_nucleo(aperte, base, rilievi)
    di_altri += _leggi_settori(aperte, base, codici, rilievi)
    letture += di_altri
    for lettura in letture:
        rilievi += lettura.rilievi
    provenienza = [_provenienza(lettura, codici) for lettura in letture]
    unite = _unite(letture)  # the tables that ente.xlsx alone fills in are built already
    altre_tabelle = {tabella: unite[tabella] for lettura in di_altri for tabella in lettura.righe}
    tabelle = base.con(**altre_tabelle, provenienza=provenienza)
    rilievi = [_con_i_settori(r, tabelle) for r in rilievi]
    piene = celle_piene(tabelle)
    quadrature = [
        Quadratura(
            lettura.file,
            letta["celle"],
            piene[lettura.file] - lettura.ripetuti,
            len(lettura.escluse),
        )
        for lettura, letta in zip(letture, provenienza, strict=True)
    ]
    rilievi += [_non_torna(q) for q in quadrature if not q.torna]
    rilievi = _con_i_rinominati(rilievi, aperte, tabelle)
    return Raccolta(tabelle, parametri, rilievi + _mancanti(tabelle, rilievi), quadrature)


def leggi_sola(cartella: Cartella) -> tuple[Lettura, str]:
    """Read one open workbook by itself, as what its own mark says it is, of whatever year.

    Returns the reading and the settore code ("" for ente.xlsx). Raises FileRifiutato when it is not
    a workbook of ours, or is of a version of the form later than the program's.
    """
    marchio = cartella.marchio
    if not _nostra(cartella):
        raise FileRifiutato(Rilievo("M01", cartella.file))
    for nuova in _troppo_nuova(cartella):
        raise FileRifiutato(nuova)
    lettura = Lettura(cartella, rilievi=list(cartella.rilievi))
    if marchio["modello"] == ente.NOME:
        ente.leggi(lettura)
    elif marchio["modello"] == nucleo.NOME:
        nucleo.leggi(lettura)
    else:
        registro.leggi(lettura, _testata(cartella, marchio.get("settore", "")))
    lettura.concludi()
    return lettura, marchio.get("settore", "")


def chi_e(cartella: Path) -> tuple[str, int | None]:
    """The name of the ente and the year that ente.xlsx says, "" and None where it does not, or there is
    none that can be read: what is wrong with it, `raccogli` tells."""
    sue = (p for p in sorted(cartella.iterdir()) if e_di_ente(p.name) and not non_e_un_file(p))
    with Lettore() as lettore, suppress(FileRifiutato):
        for percorso in sue:
            lettura = Lettura(lettore.apri(percorso))
            ente.leggi(lettura)
            tabelle = costruisci({"ente": lettura.righe.get("ente", [])})
            return tabelle.dati_ente.get("denominazione", ""), anno_di(tabelle)
    return "", None


def anno_di(tabelle: Tabelle) -> int | None:
    anno = tabelle.dati_ente.get("anno", "").strip()
    return int(anno) if re.fullmatch(ente.ANNO, anno) else None


def _apri_o_rileva(
    percorso: Path, lettore: Lettore, aperte: dict[str, Cartella], rilievi: list[Rilievo]
) -> None:
    nome = leggibile(percorso.name)
    if nome.startswith(("~$", ".~lock")):
        rilievi.append(Rilievo("F07", nome))
    elif percorso.suffix.lower() in ESTENSIONI and (altro := non_e_un_file(percorso)):
        rilievi.append(altro)
    elif percorso.suffix.lower() in ESTENSIONI:
        try:
            cartella = lettore.apri(percorso)
        except FileRifiutato as rifiuto:
            rilievi.append(rifiuto.rilievo)
            return
        rilievi += cartella.rilievi
        if e_di_ente(nome) or _nostra(cartella):
            aperte[nome] = cartella
        else:
            rilievi.append(Rilievo("M01", nome))
    elif percorso.is_file():
        rilievi.append(_non_aperto(percorso, nome, lettore))


def _non_aperto(percorso: Path, nome: str, lettore: Lettore) -> Rilievo:
    """The finding for a file whose name is not that of a workbook we read."""
    if perche := _NON_LETTI.get(percorso.suffix.lower()):
        return Rilievo("F06", nome, dati={"dettaglio": perche})
    natura_sua = lettore.esegui(guarda, percorso.absolute())
    return natura.rilievo(nome, natura_sua) if natura_sua else Rilievo("F08", nome)


DI_PASSAGGIO = {"thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r"}
"""What Windows and macOS leave in every folder, besides the files that are hidden by their name."""


def _di_passaggio(percorso: Path) -> bool:
    """Whether a file is no one's content, and not worth a word."""
    nome = percorso.name.lower()
    nascosto = nome.startswith(".") and not nome.startswith(".~lock")
    provvisorio = nome.startswith("~") and nome.endswith(".tmp")
    return nascosto or provvisorio or nome in DI_PASSAGGIO


def non_e_un_file(percorso: Path) -> Rilievo | None:
    """The finding for what has the name of a workbook but is not a file of this folder.

    A link is followed only inside the folder: beyond it there is what nobody meant to hand in.
    """
    meta = Path(os.path.realpath(percorso))  # unlike resolve, also of a link that leads to itself
    fuori = percorso.is_symlink() and meta.parent != Path(os.path.realpath(percorso.parent))
    if percorso.is_symlink() and not meta.exists():
        dettaglio = "è un collegamento a un file che non c'è più"
        rimedio = "Mettere al suo posto il file vero, oppure toglierlo."
    elif fuori:
        dettaglio = "è un collegamento a un file che sta fuori di qui, e non viene seguito"
        rimedio = "Copiare qui il file vero, al posto del collegamento."
    elif percorso.is_dir():
        dettaglio = "è una cartella del disco con il nome di un foglio di calcolo"
        rimedio = "Se contiene il file di un settore, metterlo qui al suo posto; o darle un altro nome."
    elif not percorso.is_file():
        dettaglio = "non è un file, ma un canale o un dispositivo del sistema"
        rimedio = "Toglierlo; se manca il file di un settore, metterlo al suo posto."
    else:
        return None
    return Rilievo("F18", leggibile(percorso.name), dati={"dettaglio": dettaglio, "rimedio": rimedio})


def _estranea(cartella: Cartella) -> bool:
    """Whether a workbook called ente.xlsx is not ours at all: its sheets are not even looked for."""
    di_altro = cartella.marchio.get("modello") != ente.NOME
    return di_altro and len(set(cartella.fogli) & set(ente.TITOLI)) < 2


def _puo_essere_ente(rilievo: Rilievo) -> bool:
    """Whether a file left out is ente.xlsx, or holds it."""
    dentro = rilievo.codice == "F17"
    return e_di_ente(rilievo.file) or (dentro and any(si_chiama(n, ente.NOME) for n in _nomi(rilievo)))


def _nomi(rilievo: Rilievo) -> list[str]:
    """The name of a file left out, and those of the workbooks that it says to hold."""
    return [rilievo.file, *filter(None, rilievo.dati.get("dentro", "").split("\n"))]


def e_di_ente(nome: str) -> bool:
    """Whatever the capitals and the format: Ente.ods is the same file to an office."""
    return nome.lower() in [Path(ente.FILE).with_suffix(suffisso).name for suffisso in ESTENSIONI]


def _contrassegno_ente(cartella: Cartella) -> list[Rilievo]:
    if cartella.marchio.get("modello") != ente.NOME:
        return [Rilievo("M01", cartella.file)]
    return _troppo_nuova(cartella)


def _troppo_nuova(cartella: Cartella) -> list[Rilievo]:
    """The finding for a workbook made with a version of the form that this program does not know yet;
    those of every earlier version are read as they are."""
    if cartella.versione <= int(form.VERSIONE):
        return []
    dati = {
        "modello": cartella.marchio.get("modello", ""),
        "trovata": str(cartella.versione),
        "attesa": form.VERSIONE,
    }
    return [Rilievo("M02", cartella.file, dati=dati)]


def _contrassegno(
    cartella: Cartella,
    settore: str,
    nome_ente: str,
    anno: int | None,
    elenco: dict[str, Elencato] | None,
) -> list[Rilievo]:
    """Why a settore workbook cannot be taken, if so; what ente.xlsx does not say is not compared."""
    marchio = cartella.marchio
    modello = marchio.get("modello", "")
    if modello not in registro.NOMI:
        return [Rilievo("M01", cartella.file)]
    if nuova := _troppo_nuova(cartella):
        return nuova
    if elenco is not None:
        if settore not in elenco:
            return [fuori_elenco(cartella.file, settore)]
        atteso = registro.atteso(elenco[settore])
        if modello != atteso:
            return [Rilievo("M12", cartella.file, dati={"trovato": modello, "atteso": atteso})]
    return _di_altri(cartella, nome_ente, anno)


def _di_altri(cartella: Cartella, nome_ente: str, anno: int | None) -> list[Rilievo]:
    """The finding for a workbook of another ente or of another year."""
    marchio = cartella.marchio
    if nome_ente and normalizza(marchio.get("ente", "")) != normalizza(nome_ente):
        dati = {"trovato": marchio.get("ente") or "un ente senza nome", "atteso": nome_ente}
        return [Rilievo("M04", cartella.file, dati=dati)]
    if anno is not None and marchio.get("anno") != str(anno):
        dati = {"trovato": marchio.get("anno") or "non indicato", "atteso": str(anno)}
        return [Rilievo("M03", cartella.file, dati=dati)]
    return []


def codici_scritti(base: Tabelle) -> dict[str, str]:
    """The codes of the settori in ente.xlsx, by how they are compared; of two alike the first counts."""
    return {_piano(codice): codice for codice in reversed(base.elencati)}


def _piano(codice: str) -> str:
    """A code for comparing: as on most disks, capitals are no difference, nor blanks around it."""
    return " ".join(codice.casefold().split())


def come_in_elenco(settore: str, codici: dict[str, str]) -> str:
    """The code of a settore, spelled as in ente.xlsx where it is listed."""
    return codici.get(_piano(settore), settore)


def _settore(cartella: Cartella, codici: dict[str, str]) -> str:
    """The settore of a workbook, as its mark says."""
    return come_in_elenco(cartella.marchio.get("settore", ""), codici)


def _testata(cartella: Cartella, settore: str) -> Testata:
    """The identity of a workbook from its mark; the name of the settore is the one printed in it."""
    marchio = cartella.marchio
    anno = marchio.get("anno", "")
    denominazione = marchio.get("titolo", settore).removesuffix(f" {anno}")
    noto = int(anno) if re.fullmatch(ente.ANNO, anno) else 0
    return Testata(
        ente=marchio.get("ente", ""),
        anno=noto,
        settore=settore,
        denominazione=denominazione,
        modello=marchio["modello"],
    )


def _leggi_nucleo(aperte: dict[str, Cartella], base: Tabelle, rilievi: list[Rilievo]) -> list[Lettura]:
    """Read the workbook of the Nucleo, if it is there; of two neither is read."""
    nomi = [nome for nome, aperta in aperte.items() if aperta.marchio.get("modello") == nucleo.NOME]
    sue = [aperte.pop(nome) for nome in nomi]
    rifiuti = doppie(DEL_NUCLEO, [cartella.file for cartella in sue]) if len(sue) > 1 else []
    for cartella in sue:
        nome_ente = base.dati_ente.get("denominazione", "")
        rifiuti += _troppo_nuova(cartella) or _di_altri(cartella, nome_ente, anno_di(base))
    rilievi += rifiuti
    if rifiuti or not sue:
        return []
    lettura = Lettura(sue[0])
    nucleo.leggi(lettura)
    lettura.concludi()
    return [lettura]


def _leggi_settori(
    aperte: dict[str, Cartella],
    base: Tabelle,
    codici: dict[str, str],
    rilievi: list[Rilievo],
) -> list[Lettura]:
    """Read the settore workbooks that pass; of two for the same settore neither is read."""
    elenco = base.elencati if len(base.elenco) else None
    accettate: dict[str, list[Cartella]] = {}
    for cartella in aperte.values():
        settore = _settore(cartella, codici)
        nome_ente = base.dati_ente.get("denominazione", "")
        rifiuti = _contrassegno(cartella, settore, nome_ente, anno_di(base), elenco)
        rilievi += rifiuti
        if not rifiuti:
            accettate.setdefault(settore, []).append(cartella)
    letture = []
    # in the order of ente.xlsx, so that the tables do not depend on the names of the files
    ordine = {settore: posto for posto, settore in enumerate(base.elencati)}
    for settore in sorted(accettate, key=lambda settore: ordine.get(settore, 0)):
        cartelle = accettate[settore]
        if len(cartelle) > 1:
            rilievi += doppie(di_settore(settore), [cartella.file for cartella in cartelle], settore)
            continue
        lettura = Lettura(cartelle[0])
        registro.leggi(lettura, _testata(cartelle[0], settore))
        lettura.concludi()
        letture.append(lettura)
    return letture


DATI_ENTE, DEL_NUCLEO = "i dati dell'ente sono", "i gradi e le note del Nucleo sono"


def di_settore(settore: str) -> str:
    return f"il settore «{settore}» è"


def doppie(che_cosa: str, file: Sequence[str], settore: str = "") -> list[Rilievo]:
    """The findings for files that all have the same thing, said with its verb; of a settore, if so."""
    return [
        Rilievo(
            "M06",
            uno,
            dati={
                "settore": settore,
                "che_cosa": che_cosa,
                "altro": ", ".join(altro for altro in file if altro != uno),
            },
        )
        for uno in file
    ]


def _unite(letture: Iterable[Lettura]) -> dict[str, list[Riga]]:
    """The rows of several workbooks together, in the order in which they were read."""
    insieme: dict[str, list[Riga]] = {}
    for lettura in letture:
        for tabella, sue in lettura.righe.items():
            insieme.setdefault(tabella, []).extend(sue)
    return insieme


def _provenienza(lettura: Lettura, codici: dict[str, str]) -> Riga:
    marchio = lettura.cartella.marchio
    return {
        "settore": _settore(lettura.cartella, codici),
        "sha256": lettura.cartella.sha256,
        "modello": marchio.get("modello", ""),
        "versione": marchio.get("versione", ""),
        "salvato": lettura.cartella.salvato,
        "celle": lettura.compilate,
        "file": lettura.file,
        **_calcolata(lettura),
    }


def _calcolata(lettura: Lettura) -> Riga:
    """What a workbook says of its own percentage, to be compared with ours."""
    if lettura.complessiva is None:
        return {}
    posto, valore = lettura.complessiva
    celle = [f"«{foglio}» {indirizzo(*dove)}" for foglio, dove in lettura.in_percento]
    posti = in_posti({"complessiva": posto})
    return {"complessiva": valore, "in_percento": ", ".join(celle), "posti": posti}


def _non_torna(quadratura: Quadratura) -> Rilievo:
    dati = {
        "compilate": str(quadratura.compilate),
        "tabelle": str(quadratura.in_tabelle),
        "rilievi": str(quadratura.in_rilievi),
    }
    return Rilievo("P01", quadratura.file, dati=dati)


SOLLECITO = "Sollecitare il responsabile; per un modello vuoto: make modelli."


def si_chiama(file: str, settore: str) -> bool:
    """Whether a file has the name of a settore, whatever the capitals, the blanks and the format."""
    return _parole(natura.spoglia(file)) == _parole(settore)


def _parole(nome: str) -> list[str]:
    return normalizza(nome.replace("_", " ")).split()


def _con_i_settori(rilievo: Rilievo, tabelle: Tabelle) -> Rilievo:
    """A workbook to be taken out (F17), with the settori that have delivered it; F06 or F08 where
    nothing is missing that it could hold."""
    if rilievo.codice != "F17":
        return rilievo
    elenco = {settore: riga["denominazione"] for settore, riga in tabelle.elencati.items()}
    letti = set(tabelle.provenienza["settore"])
    suoi = {settore for nome in _nomi(rilievo) for settore in _settori_detti(nome, elenco)}
    mancano = [settore for settore in elenco if settore in suoi - letti]
    forse = rilievo.dati.get("sicuro") and not suoi and not set(elenco) <= letti
    if mancano or forse or not elenco:
        return replace(rilievo, dati={**rilievo.dati, "settori": "\n".join(mancano)})
    if suoi or rilievo.dati.get("sicuro"):
        perche = f"{rilievo.dati['dettaglio']}, e i file dei settori ci sono già"
        return Rilievo("F06", rilievo.file, dati={"dettaglio": perche})
    return Rilievo("F08", rilievo.file)


def _settori_detti(nome: str, elenco: dict[str, str]) -> list[str]:
    """The settori that a file name says, by code or by name, among other words: "16_polizia_locale
    (firmato)"; not one whose words are among those of another (tecnico, ufficio_tecnico)."""
    parole = f" {' '.join(_parole(natura.spoglia(nome)))} "
    detti = {}
    for settore, denominazione in elenco.items():
        modi = [f" {' '.join(_parole(modo))} " for modo in (settore, denominazione)]
        if trovati := [modo for modo in modi if modo.strip() and modo in parole]:
            detti[settore] = max(trovati, key=len)
    return [
        settore
        for settore, modo in detti.items()
        if not any(modo != altro and modo in altro for altro in detti.values())
    ]


def da_estrarre(rilievo: Rilievo) -> list[str]:
    """The settori whose workbook is in a file that it must be taken out of."""
    return rilievo.dati.get("settori", "").split("\n") if rilievo.codice == "F17" else []


def fuori_elenco(file: str, settore: str, forse: Elencato | None = None) -> Rilievo:
    """The finding for a workbook whose settore is not listed; `forse` is the one it may be now."""
    trovato = settore or "senza nome"
    dati = {"trovato": trovato, "diventato": "", "forse": ""}
    aiuto = (
        "Aggiungerlo all'elenco oppure togliere il file dalla cartella; se ha solo cambiato nome, "
        "lasciare in elenco il codice di prima."
    )
    if forse is not None:
        nuovo, nome = forse["settore"], forse["denominazione"] or forse["settore"]
        dati["diventato"], dati["forse"] = nuovo, f": forse è diventato «{nome}» ({nuovo}), che manca"
        aiuto = (
            f"Se è così, rimettere in elenco il codice «{trovato}» al posto di «{nuovo}», con la "
            "denominazione nuova: il file si legge com'è. Altrimenti aggiungerlo all'elenco, oppure "
            "togliere il file dalla cartella."
        )
    return Rilievo("M05", file, dati={**dati, "aiuto": aiuto})


def _con_i_rinominati(
    rilievi: list[Rilievo], aperte: dict[str, Cartella], tabelle: Tabelle
) -> list[Rilievo]:
    """The findings; of a settore that is not listed, with the one without a workbook that it may be."""
    mancano = [tabelle.elencati[settore] for settore in _senza_cartella(tabelle, rilievi)]
    fuori = [r for r in rilievi if r.codice == "M05"]
    diventati = {}
    for r in fuori:
        forse = [riga for riga in mancano if _forse_e(aperte[r.file], riga)]
        if not forse and len(fuori) == len(mancano) == 1:
            forse = [riga for riga in mancano if _dello_stesso_modello(aperte[r.file], riga)]
        if len(forse) == 1:
            diventati[r.file] = fuori_elenco(r.file, r.dati["trovato"], forse[0])
    return [diventati.get(r.file, r) if r.codice == "M05" else r for r in rilievi]


def _dello_stesso_modello(cartella: Cartella, riga: Elencato) -> bool:
    return cartella.marchio["modello"] == registro.atteso(riga)


def _forse_e(cartella: Cartella, riga: Elencato) -> bool:
    """Whether a workbook may be of a settore listed with another code: by its name, or by who answers
    for it."""
    if not _dello_stesso_modello(cartella, riga):
        return False
    lettura, settore = leggi_sola(cartella)
    nomi = (settore, _testata(cartella, settore).denominazione)
    if any(
        somigliano(nome, altro) for nome in nomi for altro in (riga["settore"], riga["denominazione"])
    ):
        return True
    responsabili = {normalizza(dati["responsabile"]) for dati in lettura.righe.get("settori", [])}
    return normalizza(riga["responsabile"]) in responsabili - {""}


def _senza_cartella(tabelle: Tabelle, rilievi: list[Rilievo]) -> list[str]:
    """The listed settori of which no file has the workbook, nor was refused in its stead."""
    trovati = set(tabelle.provenienza["settore"])
    trovati |= {r.dati.get("settore") for r in rilievi if r.codice == "M06"}
    trovati |= {r.dati.get("diventato") for r in rilievi if r.codice == "M05"}
    trovati |= {settore for r in rilievi for settore in da_estrarre(r)}
    rifiutati = [r.file for r in rilievi if r.codice in CATALOGO["M07"].segue]
    return [
        settore
        for settore in tabelle.elencati
        if settore not in trovati and not any(si_chiama(file, settore) for file in rifiutati)
    ]


def _mancanti(tabelle: Tabelle, rilievi: list[Rilievo]) -> list[Rilievo]:
    """A finding for each listed settore without a workbook, unless its file was refused already."""
    return [
        Rilievo(
            "M07",
            f"{settore}.xlsx",
            dati={
                "settore": tabelle.elencati[settore]["denominazione"] or settore,
                "aiuto": _dove_cercare(settore, rilievi),
            },
        )
        for settore in _senza_cartella(tabelle, rilievi)
    ]


def _dove_cercare(settore: str, rilievi: list[Rilievo]) -> str:
    """What to do about a missing workbook: it may be there in another form."""
    for r in rilievi:
        if r.codice == "F06" and si_chiama(r.file, settore):
            return f"C'è però {r.file}, che non si legge: salvarlo come .xlsx."
    forse = [r.file for r in rilievi if r.codice == "F17" and not r.dati.get("settori")]
    return f"Guardare prima in {', '.join(forse)}. {SOLLECITO}" if forse else SOLLECITO
