"""The messages of the year as drafts: to each responsabile what to mend, to the destinatari the rest.

A draft is a .eml file that Outlook opens ready to be sent. The words are those of the sheet Messaggi.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from pipeline.celle import intervalli
from pipeline.consegne import VUOTA
from pipeline.documents import manifest
from pipeline.documents.fascicolo import Fascicolo
from pipeline.files import scrivi_intero
from pipeline.ingest import da_estrarre, si_chiama
from pipeline.numeri import con_segno, percentuale
from pipeline.parole import cose, maiuscola, normalizza, quanti
from pipeline.posta import recapiti
from pipeline.rilievi import Rilievo, insieme
from pipeline.tables import Destinatario, Elencato, cella_di
from pipeline.workbooks import ente, messaggi

MASSIMO = 20
"""How many rilievi are told in a message when the annotated copy has them all."""

CON_MODULO = ("invito", "sollecito")
"""The messages that go with the form to fill in."""

TIPI = {
    ".xlsx": "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "pdf",
}
PROVENIENZA = ("word/document.xml", "xl/sharedStrings.xml")
"""Where a document of ours says from what workbooks it comes."""
CARTELLA_ATTI = "atti"
ORGANI = {
    "nucleo": ({"nucleo", "oiv", "ndv", "valutazione", "valutatore"}, ("verbale_", "valutazione_")),
    "segretario": (
        {"segretario", "segretaria", "segreteria"},
        ("proposta_", "verbale_", "valutazione_", "nota_"),
    ),
    "giunta": (
        {"giunta", "sindaco", "sindaca", "vicesindaco", "presidente", "assessore", "assessora"}
        | {"assessori", "commissario", "commissione"},
        ("proposta_", "verbale_", "valutazione_"),
    ),
}
"""Organo of the ente -> the words of a role that say it, how the names of its acts begin. The first that
is said counts: who presides over the Nucleo is no Giunta."""
MAX_PARTE = 64 * 2**20
_IMPRONTA = re.compile(rb"\b[0-9a-f]{64}\b")
CONFINE = "=_relazione-performance_=" * 2
"""Between the parts: neither base64 nor quoted-printable can hold it."""


@dataclass(frozen=True)
class Allegato:
    """A file that goes with a message."""

    nome: str
    contenuto: bytes = field(repr=False)

    @property
    def impronta(self) -> str:
        return hashlib.sha256(self.contenuto).hexdigest()


@dataclass(frozen=True)
class Bozza:
    """A message: `nome` is that of its file, the destinatari are checked addresses (maybe none)."""

    nome: str
    destinatari: tuple[str, ...]
    oggetto: str
    testo: str
    allegati: tuple[Allegato, ...] = ()

    @property
    def impronta(self) -> str:
        """SHA-256 of what is said, whoever it is said to and however it is encoded."""
        allegati = [(a.nome, a.impronta) for a in self.allegati]
        contenuto = json.dumps([self.oggetto, self.testo, allegati])
        return hashlib.sha256(contenuto.encode()).hexdigest()


@dataclass
class Preparate:
    """The drafts, what hinders some of them (E11), and what the office should know besides."""

    bozze: list[Bozza] = field(default_factory=list)
    rilievi: list[Rilievo] = field(default_factory=list)
    note: list[str] = field(default_factory=list)


# ---------------------------------------------------------------------------------------- composing


@dataclass(frozen=True)
class Giro:
    """What the drafts of a run are made from.

    `cartella` holds the workbooks, `destinazione` the documents of the year and, in da_correggere,
    the annotated copies: all are attached as they are found there. `oggi` tells whether the deadline is
    past; `vuota` makes the blank workbook of a settore that has no file.
    """

    fascicolo: Fascicolo
    cartella: Path
    destinazione: Path
    oggi: date
    vuota: Callable[[str], bytes]

    @property
    def invito(self) -> bool:
        """Whether the forms are only to be sent out: nobody has delivered, and there is time."""
        scadenza = _scadenza(self.fascicolo)
        in_tempo = scadenza is None or self.oggi <= scadenza
        return in_tempo and bool(self.fascicolo.niente_ancora)


def prepara(giro: Giro) -> Preparate:
    """Compose the drafts of a run."""
    fascicolo, destinazione, preparate = giro.fascicolo, giro.destinazione, Preparate()
    for settore, riga in fascicolo.tabelle.elencati.items():
        if re.fullmatch(ente.CODICE, settore):  # the code names a file
            _al_responsabile(giro, riga, preparate)
    documenti = _documenti(fascicolo, destinazione)
    if perche := _non_pronta(fascicolo, destinazione, documenti):
        preparate.note.append(f"La relazione non si manda ancora: {perche}")
    else:
        _ai_destinatari(fascicolo, destinazione, documenti, preparate)
        _agli_organi(fascicolo, destinazione, preparate)
        if da_correggere := sum(r.gravita == "da correggere" for r in fascicolo.rilievi):
            preparate.note.append(
                f"Prima di mandare la relazione: {quanti(da_correggere, 'cosa', 'cose')} da correggere, "
                "che make controlla dice."
            )
    if restano := _restano_all_ufficio(fascicolo):
        preparate.note.append(
            f"Restano all'ufficio, e una può essere il file che sembra mancare: {', '.join(restano)}."
        )
    return preparate


def _al_responsabile(giro: Giro, riga: Elencato, preparate: Preparate) -> None:
    fascicolo, settore = giro.fascicolo, riga["settore"]
    chiave, rilievi, file = _che_cosa_dire(fascicolo, settore)
    if chiave == "sollecito" and giro.invito:
        chiave = "invito"
    if manca := _senza_scadenza(fascicolo, chiave):
        preparate.rilievi += [manca] if manca not in preparate.rilievi else []
        return
    if not chiave:
        return
    allegati = _allegati(giro, chiave, settore, file, preparate)
    valori = {
        "scadenza": _in_giorni(_scadenza(fascicolo)),
        "settore": fascicolo.denominazioni[settore],
        "responsabile": riga["responsabile"] or "Responsabile",
        "file": file,
        "elenco": _elenco(chiave, rilievi, con_copia=bool(allegati)),
        "quante": cose(len(insieme(rilievi))),
    }
    buoni, cattivi = recapiti.indirizzi(riga["email"])
    if not buoni and not cattivi:
        preparate.rilievi.append(recapiti.manca(riga, fascicolo.denominazioni[settore]))
    bozza = _bozza(fascicolo, chiave, settore, tuple(buoni), valori, tuple(allegati))
    preparate.bozze.append(bozza)


def _allegati(giro: Giro, chiave: str, settore: str, file: str, preparate: Preparate) -> list[Allegato]:
    """What goes with a message to a responsabile; what does not, and should, becomes a note."""
    origine = giro.cartella / file
    if chiave == "correzioni":
        copia = giro.destinazione / "da_correggere" / file
        if not copia.is_file():
            return []
        if copia.stat().st_mtime >= origine.stat().st_mtime:
            return [Allegato(file, copia.read_bytes())]
        preparate.note.append(
            f"La copia annotata di {file} è stata cambiata a mano prima che arrivasse il file di "
            "adesso, e non è stata allegata: toglierla da da_correggere e ripetere."
        )
        return []
    if chiave not in CON_MODULO:
        return []
    if origine.is_file():
        modulo = Allegato(file, origine.read_bytes())
    else:
        modulo = Allegato(file, giro.vuota(settore))
        preparate.note.append(
            f"{file} non è nella cartella: al messaggio è allegato vuoto, come lo fa make modelli. Se "
            "era stato preparato dall'anno prima (DA=), rimetterlo nella cartella e ripetere."
        )
    return [modulo, _guida(giro)] if chiave == "invito" else [modulo]


def _guida(giro: Giro) -> Allegato:
    # imported here: only the first messages need it
    from pipeline.documents.word import guida

    nome = giro.fascicolo.ente["denominazione"]
    return Allegato(guida.NOME, guida.in_word(nome, giro.fascicolo.anno, giro.fascicolo.carta))


def _scadenza(fascicolo: Fascicolo) -> date | None:
    """The day by which the workbooks are to be delivered; None when ente.xlsx does not say it."""
    return ente.leggi_data(fascicolo.ente.get(ente.SCADENZA.chiave, ""))


def _in_giorni(giorno: date | None) -> str:
    return f"{giorno:%d/%m/%Y}" if giorno else ""


def _senza_scadenza(fascicolo: Fascicolo, chiave: str) -> Rilievo | None:
    """The finding for a message that says the deadline when nobody has written it."""
    testi = messaggi.in_uso(fascicolo.tabelle, chiave) if chiave else ()
    if _scadenza(fascicolo) or not any(messaggi.dice(testo, messaggi.SCADENZA) for testo in testi):
        return None
    riga = next((r for r in fascicolo.righe.ente if r["chiave"] == ente.SCADENZA.chiave), None)
    campo, esempio = ente.SCADENZA.etichetta, f"per esempio 31/03/{fascicolo.anno + 1}"
    aiuto = (
        f"Scrivere il giorno, {esempio}"
        if riga
        else f"Nel foglio Ente togliere la protezione (non ha password), scrivere «{campo}» sotto "
        f"l'ultima riga e accanto il giorno, {esempio}"
    )
    dati = {
        "campo": campo,
        "messaggio": messaggi.MESSAGGI[chiave].etichetta,
        "aiuto": aiuto + "; oppure dirlo con altre parole nel foglio Messaggi, senza {scadenza}.",
    }
    cella = cella_di(riga, "valore") if riga else ""
    return Rilievo("E16", riga["file"] if riga else ente.FILE, "Ente", cella, dati)


def _ai_destinatari(
    fascicolo: Fascicolo, destinazione: Path, documenti: list[Allegato], preparate: Preparate
) -> None:
    """One message to all: they are the organs of the ente, and see who else was told."""
    elenco = fascicolo.righe.destinatari
    for riga in elenco:
        if not riga["email"]:
            chi = riga["nome"] or riga["ruolo"]
            preparate.rilievi.append(recapiti.manca(riga, chi))
    if not elenco:
        dati = {"chi": "Destinatari della relazione"}
        preparate.rilievi.append(Rilievo("E11", ente.FILE, "Destinatari", dati=dati))
    buoni = [buono for riga in elenco for buono in recapiti.indirizzi(riga["email"])[0]]
    allegati = _da_allegare(documenti, destinazione, preparate)
    nomi = "\n".join(f"- {allegato.nome}" for allegato in allegati)
    valori = {"elenco": f"{nomi}\n\n{_risultato(fascicolo)}"}
    destinatari = tuple(dict.fromkeys(buoni))
    bozza = _bozza(fascicolo, "invio", "relazione", destinatari, valori, allegati)
    preparate.bozze.append(bozza)
    for documento in _cambiati(documenti, destinazione):
        preparate.note.append(
            f"{documento.nome} è stato cambiato dopo che il programma l'ha scritto, e si allega così "
            "com'è: guardarlo prima di mandarlo."
        )
    if _impronte(fascicolo) != manifest.letti(destinazione):
        preparate.note.append(
            f"{ente.FILE} è cambiato dopo la relazione: se sono cambiati i testi, i pesi o i parametri, "
            "ripetere prima make relazione."
        )


def _agli_organi(fascicolo: Fascicolo, destinazione: Path, preparate: Preparate) -> None:
    """The acts of the delibera, to each organo of the ente those that are for it, if they were made."""
    scritti = manifest.documenti(destinazione)
    atti = [destinazione / nome for nome in sorted(scritti) if nome.startswith(f"{CARTELLA_ATTI}/")]
    for organo, (_, nomi) in ORGANI.items():
        righe = [riga for riga in fascicolo.righe.destinatari if _organo(riga) == organo]
        buoni = dict.fromkeys(b for riga in righe for b in recapiti.indirizzi(riga["email"])[0])
        suoi = [p for p in atti if p.suffix == ".docx" and p.name.startswith(nomi) and p.is_file()]
        if not buoni or not suoi:
            continue
        allegati = tuple(Allegato(percorso.name, percorso.read_bytes()) for percorso in suoi)
        valori = {"elenco": "\n".join(f"- {allegato.nome}" for allegato in allegati)}
        preparate.bozze.append(_bozza(fascicolo, "atti", organo, tuple(buoni), valori, allegati))
        preparate.note.extend(
            f"{a.nome} è stato cambiato dopo che il programma l'ha scritto, e si allega così com'è: "
            f"guardarlo prima di mandarlo ({organo})."
            for a in allegati
            if a.impronta != scritti[f"{CARTELLA_ATTI}/{a.nome}"]
        )


def _organo(riga: Destinatario) -> str:
    """Which organo a destinatario is, by its role or else its name; "" for another."""
    parole = set(normalizza(riga["ruolo"] or riga["nome"]).split())
    return next((organo for organo, (dette, _) in ORGANI.items() if parole & dette), "")


def _da_allegare(
    documenti: list[Allegato], destinazione: Path, preparate: Preparate
) -> tuple[Allegato, ...]:
    """The documents that go out; the PDF with them, if there is one and it is of the same relazione."""
    word, excel = documenti
    percorso = destinazione / Path(word.nome).with_suffix(".pdf")
    if not percorso.is_file():
        return word, excel
    pdf = Allegato(percorso.name, percorso.read_bytes())
    if _dello_stesso(pdf, word, destinazione):
        return word, pdf, excel
    preparate.note.append(
        f"{pdf.nome} non è stato allegato: non è di questo {word.nome}, cambiato dopo. Per rifarlo: "
        f"make pdf DA={destinazione / word.nome}"
    )
    return word, excel


def _risultato(fascicolo: Fascicolo) -> str:
    """The result of the ente in one line: of which mean it is, and over how many settori."""
    con_grado = sum(settore.grado is not None for settore in fascicolo.settori)
    if not con_grado:
        return "Il grado dell'ente non è calcolabile."
    settori = quanti(len(fascicolo.settori), "settore", "settori")
    su_quanti = settori if con_grado == len(fascicolo.settori) else f"{con_grado} su {settori}"
    return (
        "Grado dell'ente: "
        f"{con_segno(percentuale(fascicolo.valutazione.ente))} "
        f"({fascicolo.valutazione.regola}, {su_quanti})."
    )


def _bozza(
    fascicolo: Fascicolo,
    chiave: str,
    quale: str,
    destinatari: tuple[str, ...],
    valori: dict[str, str],
    allegati: tuple[Allegato, ...],
) -> Bozza:
    oggetto, testo = messaggi.in_uso(fascicolo.tabelle, chiave)
    valori = {"ente": fascicolo.ente["denominazione"], "anno": str(fascicolo.anno), **valori}
    in_una_riga = " ".join(messaggi.riempi(oggetto, valori).split())
    return Bozza(f"{chiave}_{quale}", destinatari, in_una_riga, messaggi.riempi(testo, valori), allegati)


# ------------------------------------------------------------------------------------ what is to say


def _che_cosa_dire(fascicolo: Fascicolo, settore: str) -> tuple[str, list[Rilievo], str]:
    """Which message a settore is due ("" for none), its rilievi, and the name of its workbook."""
    if letta := fascicolo.righe.provenienza.prima(settore):
        file = letta["file"]
        suoi = [r for r in fascicolo.rilievi if r.file == file and not r.regola.solo_ufficio]
        if any(r.codice == VUOTA for r in suoi):
            return "sollecito", [], file
        return _di_che_genere(suoi), suoi, file
    atteso = f"{settore}.xlsx"
    suoi = [r for r in fascicolo.rilievi if si_chiama(r.file, settore) or settore in da_estrarre(r)]
    rifiutati = [r for r in suoi if r.regola.al_responsabile and not _estrae_l_ufficio(r)]
    if rifiutati:
        return "illeggibile", rifiutati, atteso
    return ("sollecito" if any(r.codice == "M07" for r in suoi) else ""), [], atteso


def _estrae_l_ufficio(rilievo: Rilievo) -> bool:
    """Whether the office can take the workbook out by itself: who sent it is not asked for anything."""
    return rilievo.codice == "F17" and not rilievo.dati.get("da_rifare")


def _di_che_genere(rilievi: list[Rilievo]) -> str:
    """Whether rilievi ask for a workbook mended or only for a word; "" if for nobody's time."""
    if all(rilievo.regola.lieve for rilievo in rilievi):
        return ""
    return "conferme" if all(r.gravita == "avviso" for r in rilievi) else "correzioni"


def _restano_all_ufficio(fascicolo: Fascicolo) -> list[str]:
    """The files left out that no responsabile is told of."""
    esclusi = {r.file for r in fascicolo.rilievi if r.regola.dell_ufficio or _estrae_l_ufficio(r)}
    settori = fascicolo.tabelle.elencati
    esclusi |= {
        r.file
        for r in fascicolo.rilievi
        if r.regola.al_responsabile
        and not any(si_chiama(r.file, settore) or settore in da_estrarre(r) for settore in settori)
    }
    return sorted(esclusi)


def _elenco(chiave: str, rilievi: list[Rilievo], con_copia: bool) -> str:
    if chiave == "illeggibile":
        return "\n\n".join(f"- {r.file}: {r.messaggio}\n  {r.regola.al_responsabile}" for r in rilievi)
    gruppi = insieme(rilievi)
    if chiave == "conferme":
        return "\n\n".join(_punto(n, gruppo) for n, gruppo in enumerate(gruppi, start=1))
    detti = gruppi[:MASSIMO] if con_copia else gruppi
    parti = list(_punti(detti))
    if altri := len(gruppi) - len(detti):
        parti.append(
            "… e un altro: è nella copia allegata."
            if altri == 1
            else f"… e altri {altri}: sono tutti nella copia allegata."
        )
    if con_copia:
        parti.append("Nella copia allegata tutto è segnato al suo posto.")
    return "\n\n".join(parti)


def _punti(gruppi: list[list[Rilievo]]) -> Iterator[str]:
    """The rilievi numbered, what is to be mended first, what may be right as it is after."""
    titoli = {"avviso": "DA CONTROLLARE"}
    titolo = ""
    for n, gruppo in enumerate(gruppi, start=1):
        suo = titoli.get(gruppo[0].gravita, "DA CORREGGERE")
        if suo != titolo:
            titolo = suo
            yield titolo
        yield _punto(n, gruppo)


def _punto(n: int, gruppo: list[Rilievo]) -> str:
    """What is said of a cell, or in the same words of several of a sheet."""
    rilievo, celle = gruppo[0], intervalli(altro.cella for altro in gruppo if altro.cella)
    posti = [f"foglio «{rilievo.foglio}»"] if rilievo.foglio else ["tutto il file"]
    if celle:
        posti.append(("celle " if len(gruppo) > 1 else "cella ") + ", ".join(celle))
    dove = maiuscola(", ".join(posti))
    return f"{n}. {dove}\n   {rilievo.messaggio}\n   → {rilievo.rimedio}"


# ---------------------------------------------------------------------- whether the relazione may go


def _documenti(fascicolo: Fascicolo, destinazione: Path) -> list[Allegato]:
    """The relazione and the consolidato for the destinatari, as they are on the disk, if they are."""
    nomi = (f"relazione_{fascicolo.anno}.docx", f"consolidato_{fascicolo.anno}_da_inviare.xlsx")
    return [
        Allegato(nome, (destinazione / nome).read_bytes())
        for nome in nomi
        if (destinazione / nome).is_file()
    ]


def _non_pronta(fascicolo: Fascicolo, destinazione: Path, documenti: list[Allegato]) -> str:
    """Why the documents on disk cannot go out and what to do; "" when they can."""
    if fascicolo.bozza:
        if fascicolo.niente_ancora:
            return "si aspettano i file dei settori."
        return "qualcosa blocca. Sistemare i rilievi bloccanti, poi make relazione."
    bozza = manifest.leggi(destinazione).get("bozza")
    if bozza is True:
        return "i documenti prodotti sono una BOZZA. Rifarli con make relazione."
    if len(documenti) < 2:
        return f"i documenti in {destinazione} non ci sono. Produrli con make relazione."
    if not isinstance(bozza, bool):
        return (
            "dei documenti non si sa da quali file vengono, né se sono una BOZZA: manifest.json non "
            "c'è, o non è intero (un'esecuzione interrotta non lo lascia). Rifarli con make relazione."
        )
    letti = manifest.letti(destinazione)
    if _dei_settori(_impronte(fascicolo)) != _dei_settori(letti):
        return "i file sono cambiati dopo i documenti. Rifarli con make relazione."
    for documento in _cambiati(documenti, destinazione):
        if perche := _di_altre_cartelle(documento.contenuto, set(letti.values())):
            return f"{documento.nome} {perche}. Rifarlo con make relazione, che conserva anche questo."
    return ""


def _cambiati(documenti: list[Allegato], destinazione: Path) -> list[Allegato]:
    """The documents that are not, byte for byte, those that the manifest tells of."""
    scritti = manifest.documenti(destinazione)
    return [d for d in documenti if d.impronta != scritti.get(d.nome)]


def _di_altre_cartelle(contenuto: bytes, lette: set[str]) -> str:
    """Why a document is not of these workbooks, in words; "" when it is, or does not say.

    The chapter (or sheet) Provenienza has the imprint of each: a person who corrects a document leaves
    it, and two runs that have met leave two that differ.
    """
    try:
        with ZipFile(BytesIO(contenuto)) as archivio:
            presenti = set(archivio.namelist())
            testi = [archivio.open(nome).read(MAX_PARTE) for nome in PROVENIENZA if nome in presenti]
    except (BadZipFile, EOFError, OSError, RuntimeError, ValueError, zlib.error):
        return "non si apre, o vuole una password"
    dette = {impronta.decode() for testo in testi for impronta in _IMPRONTA.findall(testo)}
    return "non è fatto con i file di adesso" if dette and dette != lette else ""


def _dello_stesso(pdf: Allegato, word: Allegato, destinazione: Path) -> bool:
    """Whether a PDF is of the .docx beside it, as far as can be told.

    One made with the .docx (`make pdf`) is, as long as the .docx is the one of the manifest; one made
    afterwards (`make pdf DA=`) is, if it is not older.
    """
    prodotti = manifest.documenti(destinazione)
    if prodotti.get(pdf.nome) == pdf.impronta:
        return prodotti.get(word.nome) == word.impronta
    quando = (destinazione / pdf.nome).stat().st_mtime
    return quando >= (destinazione / word.nome).stat().st_mtime


def _impronte(fascicolo: Fascicolo) -> dict[str, str]:
    """The SHA-256 of each workbook as it is now."""
    return {r["file"]: r["sha256"] for r in fascicolo.righe.provenienza}


def _dei_settori(impronte: dict[str, str]) -> dict[str, str]:
    """Without ente.xlsx: a corrected address must not ask for a new relazione, which may have been
    retouched by hand."""
    return {file: sha256 for file, sha256 in impronte.items() if file.lower() != ente.FILE}


# ---------------------------------------------------------------------------------------- the files


class _Regole(EmailPolicy):
    """policy.SMTP with subjects folded by email.header: of text outside ASCII the newer folder doubles
    blanks and leaves empty words (python/cpython issues 136052 and 144156)."""

    def fold(self, name: str, value: Any) -> str:
        if name.lower() != "subject":
            return str(super().fold(name, value))
        piano = str(value)
        codifica = None if piano.isascii() and "=?" not in piano else "utf-8"
        righe_sue = Header(piano, codifica, maxlinelen=76, header_name=name)
        return f"{name}: {righe_sue.encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() == "subject":
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


_REGOLE = _Regole(linesep="\r\n")


def componi(bozza: Bozza) -> EmailMessage:
    """The message of a draft: without sender, date and identifier, so that its bytes never change.

    Everything in it travels in seven bits, whatever the accents and the attachments.
    """
    messaggio = EmailMessage(policy=_REGOLE)
    messaggio["X-Unsent"] = "1"
    if bozza.destinatari:
        messaggio["To"] = ", ".join(bozza.destinatari)
    messaggio["Subject"] = bozza.oggetto
    messaggio.set_content(bozza.testo, cte="quoted-printable")
    for allegato in bozza.allegati:
        messaggio.add_attachment(
            allegato.contenuto,
            maintype="application",
            subtype=TIPI.get(Path(allegato.nome).suffix.lower(), "octet-stream"),
            filename=" ".join(allegato.nome.split()),  # on some systems a name may break the line
        )
    if messaggio.is_multipart():
        messaggio.set_boundary(CONFINE)
    return messaggio


def scrivi(cartella: Path, bozze: list[Bozza]) -> list[Path]:
    """Write the drafts as .eml, and take away those of an earlier run that nobody is due any more."""
    cartella.mkdir(parents=True, exist_ok=True)
    percorsi = [cartella / f"{bozza.nome}.eml" for bozza in bozze]
    for chiave in messaggi.MESSAGGI:
        for vecchia in set(cartella.glob(f"{chiave}_*.eml")) - set(percorsi):
            vecchia.unlink()
    for percorso, bozza in zip(percorsi, bozze, strict=True):
        contenuto = componi(bozza).as_bytes()
        scrivi_intero(percorso, lambda p, byte=contenuto: p.write_bytes(byte))  # type: ignore[misc]
    return percorsi
