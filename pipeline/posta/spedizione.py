"""Sending the drafts: only over TLS, each message once, with a log that outlives a crash.

The log (inviati.jsonl) has a line for each recipient and each step: "in invio" is written before the
message leaves the machine, "inviato" after the server has taken it. What is still "in invio" may have
left or not: it is told, and sent again only if the office says so.
"""

import json
import os
import re
import smtplib
import socket
import ssl
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import localtime, make_msgid
from io import BufferedReader, RawIOBase
from pathlib import Path
from time import monotonic
from typing import IO, Any

from pipeline.files import blocca
from pipeline.parole import quanti
from pipeline.posta import recapiti
from pipeline.posta.bozze import Bozza, componi

ELENCO = "inviati.jsonl"
PREFISSO = "RELAZIONE_SMTP_"
PORTACHIAVI = "relazione-performance"
ATTESA = 60.0
"""How long a server may be silent before the text of a message is under way."""
DIALOGO, BYTE_AL_SECONDO = 300.0, 50_000
"""How long the dialogue about one message may last, and how many bytes more are worth a second more."""
CONGEDO = 5.0
"""How long to wait for the good-bye of a server that has already said what matters."""
MAX_RISPOSTE = 2**18
"""Bytes that a server may say in one dialogue: a long one is of some thousands."""
LIMITE_MB = 30
"""Size times recipients that every PEC provider must take: DM 2 November 2005, technical rules."""

IN_INVIO, INVIATO, RIFIUTATO = "in invio", "inviato", "rifiutato"


class InvioFallito(Exception):
    """Nothing more can be sent: what happened and what to do, in one sentence for the office."""


# ---------------------------------------------------------------------------------------- the server


@dataclass(frozen=True)
class Server:
    """Where and as whom to send. `subito`: TLS from the first byte (465), else STARTTLS (587)."""

    nome: str
    porta: int
    subito: bool
    mittente: str
    utente: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""
    limite: int = LIMITE_MB * 10**6


def server_da(ambiente: Mapping[str, str]) -> Server:
    """The server from the environment; the password also from the system's keyring.

    Raises InvioFallito when something is missing or makes no sense.
    """
    valori = {
        nome.removeprefix(PREFISSO): v.strip()
        for nome, v in ambiente.items()
        if nome.startswith(PREFISSO)
    }
    nome, utente = valori.get("SERVER", ""), valori.get("UTENTE", "")
    if not nome:
        raise InvioFallito(f"Non si sa con quale server mandare: indicarlo in {PREFISSO}SERVER.")
    porta = _numero(valori, "PORTA", 465)
    cifratura = valori.get("CIFRATURA", "").lower() or ("tls" if porta == 465 else "starttls")
    if cifratura not in ("tls", "starttls"):
        raise InvioFallito(
            f"{PREFISSO}CIFRATURA può essere «tls» o «starttls»: in chiaro non si manda niente."
        )
    mittente, _ = recapiti.indirizzi(valori.get("MITTENTE") or utente)
    if len(mittente) != 1:
        raise InvioFallito(f"Manca l'indirizzo di chi manda: scriverlo in {PREFISSO}MITTENTE.")
    return Server(
        nome=nome,
        porta=porta,
        subito=cifratura == "tls",
        mittente=mittente[0],
        utente=utente,
        password=_password(ambiente.get(f"{PREFISSO}PASSWORD", ""), utente) if utente else "",
        ca=valori.get("CA", ""),
        limite=_numero(valori, "LIMITE_MB", LIMITE_MB) * 10**6,
    )


def _numero(valori: Mapping[str, str], nome: str, predefinito: int) -> int:
    scritto = valori.get(nome) or str(predefinito)
    if not (scritto.isascii() and scritto.isdigit() and 0 < int(scritto) < 65536):
        raise InvioFallito(f"{PREFISSO}{nome}: «{scritto}» non si può usare, serve un numero.")
    return int(scritto)


def _password(scritta: str, utente: str) -> str:
    password = scritta or _dal_portachiavi(utente)
    if not password:
        raise InvioFallito(
            f"Manca la password di {utente}: metterla nel portachiavi del computer "
            f'("{sys.executable}" -m keyring set {PORTACHIAVI} {utente}) oppure in {PREFISSO}PASSWORD.'
        )
    if not (utente + password).isascii():
        raise InvioFallito(
            "Utente o password contengono lettere accentate, che la posta non ammette: cambiarli."
        )
    return password


def _dal_portachiavi(utente: str) -> str:
    import keyring  # slow to load, and of use only here
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(PORTACHIAVI, utente) or ""
    except KeyringError:
        return ""  # no keyring on this machine, or locked


class _Dialogo(smtplib.SMTP):
    """A conversation with a server that ends in time, however slowly the server speaks.

    The timeout of a socket begins anew at every byte: here what is left of the whole is given to every
    single wait. `testo` tells whether the text of the message may have left.
    """

    def __init__(self, server: Server, secondi: float, **altro: Any) -> None:
        self.fine = monotonic() + secondi
        self.detti = 0
        self.testo = False
        super().__init__(server.nome, server.porta, timeout=min(ATTESA, secondi), **altro)

    def resto(self) -> float:
        """The seconds that the next wait may last. Raises TimeoutError when none are left."""
        resto = self.fine - monotonic()
        if resto <= 0:
            raise TimeoutError
        return resto if self.testo else min(ATTESA, resto)

    def send(self, s: Any) -> None:
        if self.sock:
            self.sock.settimeout(self.resto())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = BufferedReader(_Risposte(self))
        try:
            codice, risposta = super().getreply()
        except smtplib.SMTPResponseException:  # smtplib's own word for a line too long: nobody said 500
            raise smtplib.SMTPServerDisconnected from None
        if self.testo:
            self.congeda()  # what matters has been said
        self.testo = self.testo or codice == 354  # "start mail input", RFC 5321, 4.2.3
        return codice, risposta

    def congeda(self) -> None:
        """Wait little from now on."""
        self.fine = min(self.fine, monotonic() + CONGEDO)


class _DialogoTls(_Dialogo, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class _Risposte(RawIOBase):
    """What a server says, as long as there is time and it does not say too much."""

    def __init__(self, dialogo: _Dialogo) -> None:
        self.dialogo, self.presa = dialogo, dialogo.sock

    def readable(self) -> bool:
        return True

    def readinto(self, dove: Any) -> int:
        if self.dialogo.detti > MAX_RISPOSTE:
            raise OSError("too much said")
        assert self.presa is not None  # smtplib reads after it has connected
        self.presa.settimeout(self.dialogo.resto())
        letti = self.presa.recv_into(dove)
        self.dialogo.detti += letti
        return letti


@contextmanager
def _collegati(server: Server, peso: int) -> Iterator[_Dialogo]:
    """A connection ready to send so many bytes, encrypted with a checked certificate and logged in.

    Raises InvioFallito when it cannot be had: then nothing was sent.
    """
    try:
        contesto = ssl.create_default_context(cafile=server.ca or None)
    except OSError:
        raise InvioFallito(
            f"Il file {server.ca} indicato in {PREFISSO}CA non si può leggere: controllare il percorso."
        ) from None
    secondi = DIALOGO + peso / BYTE_AL_SECONDO
    smtp: _Dialogo | None = None
    try:
        if server.subito:
            smtp = _DialogoTls(server, secondi, context=contesto)
        else:
            smtp = _Dialogo(server, secondi)
            smtp.starttls(context=contesto)
        if server.utente:
            smtp.login(server.utente, server.password)
    except (OSError, ValueError) as errore:  # of smtplib too; ValueError: no name, no base64
        if smtp is not None:
            smtp.close()
        raise InvioFallito(_perche(errore, server)) from None
    try:
        yield smtp
    finally:
        smtp.congeda()
        with suppress(OSError):
            smtp.quit()
        smtp.close()


_CERTIFICATO = {
    10: "è scaduto",
    18: "non viene da un'autorità riconosciuta",
    19: "non viene da un'autorità riconosciuta",
    20: "non viene da un'autorità riconosciuta",
    21: "non viene da un'autorità riconosciuta",
    62: "è di un server con un altro nome",
}
"""OpenSSL verification codes (openssl-verify, X509_V_ERR_*) that an office may meet."""


def _perche(errore: OSError | ValueError, server: Server) -> str:
    """One sentence for a connection that could not be had. It never quotes user, password or reply."""
    dove = f"{server.nome}, porta {server.porta}"
    if isinstance(errore, ssl.SSLCertVerificationError):
        perche = _CERTIFICATO.get(errore.verify_code, "non è valido")
        return (
            f"Il certificato di {server.nome} {perche}: controllare {PREFISSO}SERVER; se l'autorità è "
            f"quella dell'ente, indicarne il certificato in {PREFISSO}CA."
        )
    if isinstance(errore, ssl.SSLError):
        return (
            f"Con {dove} la cifratura non parte: di solito la porta 465 vuole «tls» e la 587 «starttls» "
            f"({PREFISSO}PORTA e {PREFISSO}CIFRATURA)."
        )
    if isinstance(errore, smtplib.SMTPResponseException) and 400 <= errore.smtp_code < 500:
        return f"{dove}: per ora il server non accetta il collegamento. {_FRA_POCO}"
    if isinstance(errore, smtplib.SMTPAuthenticationError):
        return (
            f"{server.nome} ha rifiutato utente o password: controllarli; molti gestori vogliono una "
            "password fatta apposta per i programmi."
        )
    if isinstance(errore, smtplib.SMTPNotSupportedError):
        che = "non prevede utente e password" if "AUTH" in str(errore) else "non offre la cifratura"
        return f"{dove}: il server {che}, e non si manda niente. Chiedere al gestore la porta giusta."
    if isinstance(errore, socket.gaierror | UnicodeError):
        return f"Non si trova nessun server di nome {server.nome}: controllare {PREFISSO}SERVER."
    if isinstance(errore, ConnectionRefusedError):
        return f"{dove}: nessuno risponde. Controllare {PREFISSO}SERVER e {PREFISSO}PORTA."
    if isinstance(errore, TimeoutError | smtplib.SMTPServerDisconnected):
        return (
            f"{dove}: il server non risponde, o non finisce di rispondere. Controllare la rete e la "
            "porta, poi riprovare."
        )
    if isinstance(errore, smtplib.SMTPException | ValueError):
        return f"{dove}: il server non ha accettato il collegamento. Riprovare, o sentire il gestore."
    return f"{dove}: il collegamento è caduto. Controllare la rete e la porta, poi riprovare."


# ------------------------------------------------------------------------------------------- the log


Riga = dict[str, str]


class Inviati:
    """The log of what was sent, open for one sender at a time: use it in a `with`.

    Raises InvioFallito when another sending is under way, or the file is not a log.
    """

    def __init__(self, percorso: Path) -> None:
        self.percorso = percorso
        self.ultime: dict[tuple[str, str], Riga] = {}

    def __enter__(self) -> "Inviati":
        self.percorso.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[bytes] = self.percorso.open("a+b")
        try:
            if not blocca(self._file.fileno()):  # Windows outside WSL, where the other commands may run
                self._file.close()
                raise InvioFallito(
                    f"Qui non si può escludere che parta un altro invio ({self.percorso}): mandare le "
                    "bozze a mano, o tenere i documenti su un disco di questo computer."
                )
            self._leggi()
        except BlockingIOError:
            self._file.close()
            raise InvioFallito("C'è già un invio in corso: aspettare che finisca.") from None
        except (ValueError, KeyError, TypeError):
            self._file.close()
            raise InvioFallito(
                f"Il registro {self.percorso} non si legge, e senza non si sa che cosa è già partito: "
                "rimetterlo com'era, o spostarlo dopo aver guardato la posta inviata."
            ) from None
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _leggi(self) -> None:
        """Read the log. A last line cut short by a crash goes: what it told had not begun, or has its
        line "in invio" before it."""
        self._file.seek(0)
        contenuto = self._file.read()
        intero = contenuto[: contenuto.rfind(b"\n") + 1]
        if intero != contenuto:
            self._file.truncate(len(intero))
        for riga in intero.splitlines():
            letta = json.loads(riga)
            datetime.fromisoformat(letta["quando"])
            if letta["stato"] not in (IN_INVIO, INVIATO, RIFIUTATO):
                raise ValueError(letta["stato"])
            self.ultime[letta["impronta"], letta["destinatario"]] = letta

    def ultima(self, bozza: Bozza, destinatario: str) -> Riga:
        """The last line on a message and a recipient, {} if there is none."""
        return self.ultime.get((bozza.impronta, destinatario), {})

    def annota(self, stato: str, bozza: Bozza, destinatari: Collection[str], **altro: str) -> None:
        """Add a line for each recipient, surely on disk when this returns.

        Raises InvioFallito when it cannot be written.
        """
        righe = []
        for destinatario in destinatari:
            riga = {
                "quando": datetime.now().astimezone().isoformat(timespec="seconds"),
                "stato": stato,
                "messaggio": bozza.nome,
                "destinatario": destinatario,
                "oggetto": bozza.oggetto,
                "impronta": bozza.impronta,
                **altro,
            }
            righe.append(json.dumps(riga, ensure_ascii=False).encode() + b"\n")
            self.ultime[bozza.impronta, destinatario] = riga
        try:
            self._file.write(b"".join(righe))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError:
            raise InvioFallito(
                f"Il registro {self.percorso} non si può scrivere: controllare lo spazio sul disco."
            ) from None


# ------------------------------------------------------------------------------------- what is to go


@dataclass(frozen=True)
class Invio:
    """A message still to be sent, to whom, and how many bytes it weighs."""

    bozza: Bozza
    destinatari: tuple[str, ...]
    peso: int


@dataclass
class Piano:
    """What would be sent, and why the rest would not: sentences for the office."""

    da_mandare: list[Invio] = field(default_factory=list)
    gia_mandati: list[str] = field(default_factory=list)
    incerti: list[str] = field(default_factory=list)
    esclusi: list[str] = field(default_factory=list)


def pianifica(
    bozze: Sequence[Bozza], inviati: Inviati, limite: int, ripeti: Collection[str] = ()
) -> Piano:
    """Set apart what was sent already or perhaps, what has no address and what weighs too much.

    `ripeti` names the messages that the office wants sent again all the same.
    """
    if ignoti := set(ripeti) - {bozza.nome for bozza in bozze}:
        nomi = ", ".join(bozza.nome for bozza in bozze) or "nessuno"
        raise InvioFallito(
            f"Non c'è un messaggio di nome «{sorted(ignoti)[0]}»: quelli pronti sono {nomi}."
        )
    piano = Piano()
    for bozza in bozze:
        restano = []
        for destinatario in bozza.destinatari:
            riga = inviati.ultima(bozza, destinatario)
            if not riga or riga["stato"] == RIFIUTATO or bozza.nome in ripeti:
                restano.append(destinatario)
                continue
            quando = datetime.fromisoformat(riga["quando"]).strftime("%d/%m/%Y alle %H:%M")
            quali = piano.gia_mandati if riga["stato"] == INVIATO else piano.incerti
            quali.append(f"{bozza.nome} a {destinatario}, il {quando}")
        _pesa(bozza, tuple(restano), limite, piano)
    return piano


def _pesa(bozza: Bozza, destinatari: tuple[str, ...], limite: int, piano: Piano) -> None:
    if not bozza.destinatari:
        piano.esclusi.append(f"{bozza.nome}: manca l'indirizzo.")
    if not destinatari:
        return
    peso = len(componi(bozza).as_bytes())
    if peso * len(destinatari) <= limite:
        piano.da_mandare.append(Invio(bozza, destinatari, peso))
    else:
        a_quanti = quanti(len(destinatari), "destinatario", "destinatari")
        piano.esclusi.append(
            f"{bozza.nome}: {in_mega(peso)} per {a_quanti} superano il limite di "
            f"{in_mega(limite)} in tutto. Mandare la bozza a mano in più volte oppure, se il gestore "
            f"accetta di più, alzare {PREFISSO}LIMITE_MB."
        )


def in_mega(byte: int) -> str:
    """A size as an office reads it."""
    return f"{byte / 10**6:.1f} MB".replace(".", ",") if byte >= 10**5 else f"{-(-byte // 1000)} kB"


# ------------------------------------------------------------------------------------------- sending


@dataclass
class Resoconto:
    """What came of a sending. `fermato` says why it stopped before the end, if it did."""

    piano: Piano
    inviati: list[str] = field(default_factory=list)
    rifiutati: list[str] = field(default_factory=list)
    fermato: str = ""


def invia(
    bozze: Sequence[Bozza],
    server: Server,
    percorso: Path,
    scegli: Callable[[Piano], Sequence[Invio]],
    ripeti: Collection[str] = (),
) -> Resoconto:
    """Send the drafts that were not sent yet and that `scegli`, shown the plan, gives back.

    Each message has a connection of its own: a fault concerns one message, and what happens before
    its body is under way has surely not sent it. Raises InvioFallito if the log or `ripeti` are wrong.
    """
    with Inviati(percorso) as inviati:
        piano = pianifica(bozze, inviati, server.limite, ripeti)
        resoconto = Resoconto(piano)
        for invio in scegli(piano):
            try:
                _manda(invio, server, inviati, resoconto)
            except InvioFallito as errore:
                resoconto.fermato = str(errore)
                break
        return resoconto


def _manda(invio: Invio, server: Server, inviati: Inviati, resoconto: Resoconto) -> None:
    """Send one message. Raises InvioFallito when there is no point in going on with the others."""
    bozza, destinatari = invio.bozza, invio.destinatari
    contenuto, identificativo = _da_spedire(bozza, server)
    with _collegati(server, len(contenuto)) as smtp:
        inviati.annota(IN_INVIO, bozza, destinatari, id=identificativo)
        try:
            rifiuti = smtp.sendmail(server.mittente, destinatari, contenuto)
        except smtplib.SMTPRecipientsRefused as errore:
            ultimo = list(errore.recipients.values())[-1]  # a server that gives up does not name all
            rifiuti = {d: errore.recipients.get(d, ultimo) for d in destinatari}
        except OSError as errore:
            motivo = _non_partito(errore, smtp, bozza)
            inviati.annota(RIFIUTATO, bozza, destinatari, id=identificativo, motivo=motivo)
            if not isinstance(errore, smtplib.SMTPResponseException):
                raise InvioFallito(f"{bozza.nome}: {motivo}") from None
            resoconto.rifiutati.append(f"{bozza.nome}: {_che_fare(errore, server)} ({motivo})")
            return
        accettati = [destinatario for destinatario in destinatari if destinatario not in rifiuti]
        inviati.annota(INVIATO, bozza, accettati, id=identificativo)
        resoconto.inviati += [f"{bozza.nome} a {destinatario}" for destinatario in accettati]
        for destinatario, risposta in rifiuti.items():
            motivo = _risposta(*risposta)
            inviati.annota(RIFIUTATO, bozza, [destinatario], id=identificativo, motivo=motivo)
            resoconto.rifiutati.append(
                f"{bozza.nome}: il server rifiuta l'indirizzo {destinatario}. "
                f"{_rimedio(_PER_INDIRIZZO, motivo)} ({motivo})"
            )


def _non_partito(errore: OSError, smtp: _Dialogo, bozza: Bozza) -> str:
    """Why a message has surely not left. Raises InvioFallito when nobody can tell whether it has."""
    rifiutato = isinstance(errore, smtplib.SMTPResponseException) and 400 <= errore.smtp_code < 600
    if smtp.testo and not rifiutato:
        raise InvioFallito(
            f"{bozza.nome}: il collegamento è caduto durante l'invio, o il server non ha risposto come "
            "doveva, e non si sa se il messaggio è partito. Chiedere al destinatario o guardare le "
            f"ricevute; se non è arrivato, ripetere con RIPETI={bozza.nome}."
        ) from None
    if isinstance(errore, smtplib.SMTPResponseException):
        return _risposta(errore.smtp_code, errore.smtp_error)
    return (
        "il server ha smesso di rispondere prima del testo, e il messaggio di sicuro non è partito. "
        f"{_FRA_POCO}"
    )


def _da_spedire(bozza: Bozza, server: Server) -> tuple[bytes, str]:
    """The bytes that leave, and their Message-ID: the draft with sender and date."""
    messaggio = componi(bozza)
    del messaggio["X-Unsent"]
    messaggio["From"] = server.mittente
    messaggio["Date"] = localtime()
    messaggio["Message-ID"] = make_msgid(domain=server.mittente.rpartition("@")[2])
    return messaggio.as_bytes(), str(messaggio["Message-ID"])


def _risposta(codice: int, testo: Any) -> str:
    """What the server answered, as it goes in the log and on the screen: short, on one line, nothing
    that a terminal obeys or that turns the text around."""
    parole = testo.decode("utf-8", "replace") if isinstance(testo, bytes) else str(testo)
    riga = " ".join(f"{codice} {parole}".split())[:200]
    return "".join(c if c.isprintable() else "?" for c in riga)


def _che_fare(errore: smtplib.SMTPResponseException, server: Server) -> str:
    """The advice for a message that the server has refused."""
    motivo = _risposta(errore.smtp_code, errore.smtp_error)
    if isinstance(errore, smtplib.SMTPSenderRefused) and not re.match(_NON_DEL_MITTENTE, motivo):
        return (
            f"il server non accetta {server.mittente} come mittente. Di solito deve essere la casella "
            f"con cui ci si collega: controllare {PREFISSO}MITTENTE."
        )
    return _rimedio(_PER_MESSAGGIO, motivo)


def _rimedio(rimedi: Mapping[str, str], motivo: str) -> str:
    return next(rimedio for forma, rimedio in rimedi.items() if re.match(forma, motivo))


_FRA_POCO = "Riprovare fra un quarto d'ora; se succede ancora, sentire il gestore."
_PIENA = r"552 5\.2\.2|4\d\d 4\.2\.2"
_GRANDE = r"552|523|\d+ 5\.(3\.4|2\.3)"
_NON_DEL_MITTENTE = rf"4|530|-1|{_GRANDE}"
_PER_INDIRIZZO = {
    rf"{_PIENA}|552": "La casella è piena: avvisare in un altro modo chi la usa, poi riprovare.",
    "4": f"Di solito è il server di chi riceve che la prima volta fa aspettare. {_FRA_POCO}",
    r"\d+ 5\.7|530|535|554": "Il server non permette di scrivergli da qui: sentire il gestore.",
    "": "Correggerlo in ente.xlsx.",
}
_PER_MESSAGGIO = {
    _PIENA: "la casella di chi riceve è piena: avvisarlo in un altro modo, poi riprovare.",
    _GRANDE: ("per il server il messaggio è troppo grande. Mandare la bozza a mano, con meno allegati."),
    "4": f"per ora il server non prende il messaggio. {_FRA_POCO}",
    "530": (f"il server vuole utente e password: indicarli in {PREFISSO}UTENTE e {PREFISSO}PASSWORD."),
    "": "il server ha rifiutato il messaggio. Sentire il gestore, poi riprovare.",
}
"""What to do, from how a reply begins. Source: RFC 5321, 4.2.3, and the enhanced codes of RFC 3463."""
