"""The messages of the year as drafts: to each responsabile what to mend, to the destinatari the rest.

A draft is a .eml file that Outlook opens ready to be sent. The words are those of the sheet Messaggi.
"""

import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from pipeline.consegne import VUOTA
from pipeline.documents import manifest
from pipeline.documents.fascicolo import Fascicolo
from pipeline.files import scrivi_intero
from pipeline.ingest import da_estrarre, si_chiama
from pipeline.numeri import con_segno, percentuale
from pipeline.parole import cose, maiuscola, quanti
from pipeline.posta import recapiti
from pipeline.rilievi import Rilievo
from pipeline.tables import Elencato
from pipeline.workbooks import ente, messaggi

MASSIMO = 20
"""How many rilievi are told in a message when the annotated copy has them all."""

TIPI = {
    ".xlsx": "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "pdf",
}
PROVENIENZA = ("word/document.xml", "xl/sharedStrings.xml")
"""Where a document of ours says from what workbooks it comes."""
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


def prepara(fascicolo: Fascicolo, cartella: Path, destinazione: Path) -> Preparate:
    """Compose the drafts of a run.

    `cartella` holds the workbooks, `destinazione` the documents of the year and, in da_correggere,
    the annotated copies: both are attached as they are found there.
    """
    preparate = Preparate()
    for settore, riga in fascicolo.tabelle.elencati.items():
        if re.fullmatch(ente.CODICE, settore):  # the code names a file
            _al_responsabile(fascicolo, riga, cartella, destinazione, preparate)
    documenti = _documenti(fascicolo, destinazione)
    if perche := _non_pronta(fascicolo, destinazione, documenti):
        preparate.note.append(f"La relazione non si manda ancora: {perche}")
    else:
        _ai_destinatari(fascicolo, destinazione, documenti, preparate)
    if restano := _restano_all_ufficio(fascicolo):
        preparate.note.append(
            "Restano all'ufficio, e una può essere la cartella che sembra mancare: "
            f"{', '.join(restano)}."
        )
    return preparate


def _al_responsabile(
    fascicolo: Fascicolo, riga: Elencato, cartella: Path, destinazione: Path, preparate: Preparate
) -> None:
    settore = riga["settore"]
    chiave, rilievi, file = _che_cosa_dire(fascicolo, settore)
    if not chiave:
        return
    allegati: list[Allegato] = []
    copia = destinazione / "da_correggere" / file
    if chiave == "correzioni" and copia.is_file():
        if copia.stat().st_mtime >= (cartella / file).stat().st_mtime:
            allegati.append(Allegato(file, copia.read_bytes()))
        else:
            preparate.note.append(
                f"La copia annotata di {file} è stata cambiata a mano prima che arrivasse la cartella "
                "di adesso, e non è stata allegata: toglierla da da_correggere e ripetere."
            )
    valori = {
        "settore": fascicolo.denominazioni[settore],
        "responsabile": riga["responsabile"] or "Responsabile",
        "file": file,
        "elenco": _elenco(chiave, rilievi, con_copia=bool(allegati)),
        "quante": cose(len(rilievi)),
    }
    buoni, cattivi = recapiti.indirizzi(riga["email"])
    if not buoni and not cattivi:
        preparate.rilievi.append(recapiti.manca(riga, fascicolo.denominazioni[settore]))
    bozza = _bozza(fascicolo, chiave, settore, tuple(buoni), valori, tuple(allegati))
    preparate.bozze.append(bozza)


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
        suoi = [r for r in fascicolo.rilievi if r.file == file and not r.regola.nostra]
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
    if chiave == "conferme":
        return "\n\n".join(_punto(n, rilievo) for n, rilievo in enumerate(rilievi, start=1))
    detti = rilievi[:MASSIMO] if con_copia else rilievi
    parti = list(_punti(detti))
    if altri := len(rilievi) - len(detti):
        parti.append(
            "… e un altro: è nella copia allegata."
            if altri == 1
            else f"… e altri {altri}: sono tutti nella copia allegata."
        )
    if con_copia:
        parti.append("Nella copia allegata tutto è segnato al suo posto.")
    return "\n\n".join(parti)


def _punti(rilievi: list[Rilievo]) -> Iterator[str]:
    """The rilievi numbered, what is to be mended first, what may be right as it is after."""
    titoli = {"avviso": "DA CONTROLLARE"}
    titolo = ""
    for n, rilievo in enumerate(rilievi, start=1):
        suo = titoli.get(rilievo.gravita, "DA CORREGGERE")
        if suo != titolo:
            titolo = suo
            yield titolo
        yield _punto(n, rilievo)


def _punto(n: int, rilievo: Rilievo) -> str:
    posti = [f"foglio «{rilievo.foglio}»"] if rilievo.foglio else ["tutta la cartella"]
    posti += [f"cella {rilievo.cella}"] if rilievo.cella else []
    dove = maiuscola(", ".join(posti))
    return f"{n}. {dove}\n   {rilievo.messaggio}\n   → {rilievo.rimedio}"


# ---------------------------------------------------------------------- whether the relazione may go


def _documenti(fascicolo: Fascicolo, destinazione: Path) -> list[Allegato]:
    """The relazione and the consolidato, as they are on the disk; those that are there."""
    nomi = (f"relazione_{fascicolo.anno}.docx", f"consolidato_{fascicolo.anno}.xlsx")
    return [
        Allegato(nome, (destinazione / nome).read_bytes())
        for nome in nomi
        if (destinazione / nome).is_file()
    ]


def _non_pronta(fascicolo: Fascicolo, destinazione: Path, documenti: list[Allegato]) -> str:
    """Why the documents on disk cannot go out and what to do; "" when they can."""
    if fascicolo.bozza:
        return "qualcosa blocca. Sistemare i rilievi bloccanti, poi make relazione."
    if len(documenti) < 2:
        return f"i documenti in {destinazione} non ci sono. Produrli con make relazione."
    bozza = manifest.leggi(destinazione).get("bozza")
    if not isinstance(bozza, bool):
        return (
            "dei documenti non si sa da quali cartelle vengono, né se sono una BOZZA: manifest.json non "
            "c'è, o non è intero (un'esecuzione interrotta non lo lascia). Rifarli con make relazione."
        )
    if bozza:
        return "i documenti prodotti sono una BOZZA. Rifarli con make relazione."
    letti = manifest.letti(destinazione)
    if _dei_settori(_impronte(fascicolo)) != _dei_settori(letti):
        return "le cartelle sono cambiate dopo i documenti. Rifarli con make relazione."
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
    return "non è fatto con le cartelle di adesso" if dette and dette != lette else ""


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
