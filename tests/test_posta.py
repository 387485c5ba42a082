"""Sending, to a real mail server with TLS on this machine: what arrives, what is refused, what is
never sent twice."""

import json
import os
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import fixtures_ente as fx
import keyring
import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from conftest import RADICE
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as SenzaPortachiavi
from typer.testing import CliRunner

from pipeline.cli import comandi as cli
from pipeline.cli import posta
from pipeline.posta import spedizione
from pipeline.posta.bozze import Allegato, Bozza
from pipeline.posta.spedizione import Inviati, Invio, InvioFallito, Piano, Resoconto, Server

# the test server does not count TLS at once as TLS, so it must not ask for it before the password
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

UTENTE, PASSWORD = "protocollo@comune.it", "correct-horse-battery"
CONTENUTO = bytes(range(256)) * 40 + b"\r\n.\r\n..\r\nFrom me\n"

CORREZIONI = Bozza(
    "correzioni_tecnico",
    ("tecnico@comune.it",),
    "Relazione sulla performance 2024: file «Attività già svolte – Ufficio tecnico» da rivedere",
    "Gentile Responsabile,\n\n.\nperché così è più chiaro: «98,5 %» → 98,5\n\n" + "è" * 400,
    (Allegato("attività tecnico.xlsx", CONTENUTO),),
)
INVIO = Bozza(
    "invio_relazione",
    ("sindaco@comune.it", "nucleo@comune.it"),
    "Relazione sulla performance 2024",
    "Buongiorno",
    (Allegato("relazione_2024.docx", CONTENUTO),),
)


# -------------------------------------------------------------------------------------- the mail server


@dataclass
class Casella:
    """What a mail server does with a message: keeps it, unless told otherwise."""

    arrivati: list[Any] = field(default_factory=list)
    rifiuta: dict[str, str] = field(default_factory=dict)
    mittente_rifiutato: str = ""
    al_termine: Callable[[], str | None] = lambda: None

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        envelope.mail_from = address
        return self.mittente_rifiutato or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.rifiuta:
            return self.rifiuta[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        risposta = self.al_termine()
        if risposta is None:
            self.arrivati.append(envelope)
        elif not risposta:
            server.transport.abort()
        return risposta or "250 OK"

    def messaggi(self) -> list[EmailMessage]:
        letti = [message_from_bytes(busta.content, policy=default) for busta in self.arrivati]
        return [letto for letto in letti if isinstance(letto, EmailMessage)]


@dataclass
class Banco:
    """A mail server under way, and the settings to reach it."""

    casella: Casella
    server: Server


@pytest.fixture(scope="session")
def autorita() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca(autorita: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    percorso = tmp_path_factory.mktemp("ca") / "autorita.pem"
    autorita.cert_pem.write_to_path(str(percorso))
    return str(percorso)


def free_port() -> int:
    with socket.socket() as presa:
        presa.bind(("127.0.0.1", 0))
        return int(presa.getsockname()[1])


def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    giusta = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=giusta, handled=False)  # True would leave the client without an answer


@pytest.fixture
def banchi(autorita: trustme.CA, ca: str) -> Iterator[Callable[..., Banco]]:
    """Start mail servers: with TLS at once (465) or with STARTTLS (587); stop them at the end."""
    avviati: list[Controller] = []

    def avvia(subito: bool = True, certificato: str = "localhost", **altro: Any) -> Banco:
        contesto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        autorita.issue_cert(certificato).configure_cert(contesto)
        modo: dict[str, Any] = (
            {"ssl_context": contesto, "auth_require_tls": False}
            if subito
            else {"tls_context": contesto, "require_starttls": True}
        )
        casella, porta = Casella(), free_port()
        opzioni = {
            "authenticator": authenticate,
            "auth_required": True,
            "ready_timeout": 60,
            **modo,
            **altro,
        }
        avviato = Controller(casella, hostname="127.0.0.1", port=porta, **opzioni)
        avviato.start()
        avviati.append(avviato)
        return Banco(casella, Server("localhost", porta, subito, UTENTE, UTENTE, PASSWORD, ca))

    yield avvia
    for avviato in avviati:
        avviato.stop(no_assert=True)


@pytest.fixture
def banco(banchi: Callable[..., Banco]) -> Banco:
    return banchi()


@pytest.fixture
def registro(tmp_path: Path) -> Path:
    return tmp_path / "email" / spedizione.ELENCO


def everything(piano: Piano) -> Sequence[Invio]:
    return piano.da_mandare


def send(bozze: Sequence[Bozza], banco: Banco, registro: Path, *ripeti: str) -> Resoconto:
    return spedizione.invia(bozze, banco.server, registro, everything, ripeti)


def logged(registro: Path) -> list[tuple[str, str]]:
    righe = [json.loads(riga) for riga in registro.read_text(encoding="utf-8").splitlines()]
    return [(riga["stato"], riga["destinatario"]) for riga in righe]


# ------------------------------------------------------------------------------------------ what arrives


@pytest.mark.parametrize("subito", [True, False], ids=["TLS at once", "STARTTLS"])
def test_a_message_arrives_as_it_was_written(
    subito: bool, banchi: Callable[..., Banco], registro: Path
) -> None:
    banco = banchi(subito)
    resoconto = send([CORREZIONI], banco, registro)
    assert resoconto.inviati == ["correzioni_tecnico a tecnico@comune.it"] and not resoconto.fermato
    (busta,) = banco.casella.arrivati
    assert (busta.mail_from, busta.rcpt_tos) == (UTENTE, ["tecnico@comune.it"])
    assert busta.content.isascii()
    (letto,) = banco.casella.messaggi()
    assert letto["Subject"] == CORREZIONI.oggetto
    corpo = letto.get_body(("plain",))
    assert corpo is not None
    assert corpo.get_content().replace("\r\n", "\n") == CORREZIONI.testo + "\n"
    (allegato,) = letto.iter_attachments()
    assert allegato.get_filename() == "attività tecnico.xlsx"
    assert allegato.get_content() == CONTENUTO


def test_what_is_sent_is_no_draft(banco: Banco, registro: Path) -> None:
    send([CORREZIONI], banco, registro)
    (letto,) = banco.casella.messaggi()
    assert letto["X-Unsent"] is None
    assert letto["From"] == UTENTE and letto["To"] == "tecnico@comune.it"
    assert letto["Date"] is not None and letto["Message-ID"].endswith("@comune.it>")


def test_the_destinatari_get_one_message_together(banco: Banco, registro: Path) -> None:
    send([INVIO], banco, registro)
    (busta,) = banco.casella.arrivati
    assert busta.rcpt_tos == list(INVIO.destinatari)
    assert banco.casella.messaggi()[0]["To"] == "sindaco@comune.it, nucleo@comune.it"


def test_only_what_is_chosen_is_sent(banco: Banco, registro: Path) -> None:
    visti: list[Piano] = []

    def second(piano: Piano) -> Sequence[Invio]:
        visti.append(piano)
        return piano.da_mandare[1:]

    resoconto = spedizione.invia([CORREZIONI, INVIO], banco.server, registro, second)
    assert [invio.bozza for invio in visti[0].da_mandare] == [CORREZIONI, INVIO]
    assert [busta.rcpt_tos for busta in banco.casella.arrivati] == [list(INVIO.destinatari)]
    assert len(resoconto.inviati) == 2


def test_nothing_chosen_nothing_done(banco: Banco, registro: Path) -> None:
    resoconto = spedizione.invia([CORREZIONI], banco.server, registro, lambda piano: [])
    assert resoconto.inviati == [] and banco.casella.arrivati == []
    assert registro.read_bytes() == b""


def test_without_user_it_does_not_log_in(banchi: Callable[..., Banco], registro: Path) -> None:
    """A relay of the ente that knows who calls by the network."""
    banco = banchi(auth_required=False)
    banco.server = replace(banco.server, utente="", password="")
    assert send([CORREZIONI], banco, registro).inviati


# --------------------------------------------------------------------------------------------- the log


def test_the_log_says_what_went_to_whom_and_when(banco: Banco, registro: Path) -> None:
    send([CORREZIONI], banco, registro)
    prima, dopo = (json.loads(riga) for riga in registro.read_text(encoding="utf-8").splitlines())
    assert (prima["stato"], dopo["stato"]) == ("in invio", "inviato")
    for riga in (prima, dopo):
        assert riga["messaggio"] == "correzioni_tecnico"
        assert riga["destinatario"] == "tecnico@comune.it"
        assert riga["oggetto"] == CORREZIONI.oggetto
        assert riga["impronta"] == CORREZIONI.impronta
        assert riga["id"] == banco.casella.messaggi()[0]["Message-ID"]
        assert riga["quando"][:2] == "20"
    assert PASSWORD not in registro.read_text(encoding="utf-8")


def test_before_it_leaves_it_is_surely_on_disk(
    banco: Banco, registro: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sincronizzati: list[bytes] = []
    monkeypatch.setattr(os, "fsync", lambda _: sincronizzati.append(registro.read_bytes()))
    banco.casella.al_termine = lambda: None if b"in invio" in sincronizzati[-1] else "554 Too early"
    assert send([CORREZIONI], banco, registro).inviati
    assert b"inviato" in sincronizzati[-1] and len(sincronizzati) == 2


def test_the_same_thing_is_not_sent_twice(banco: Banco, registro: Path) -> None:
    send([CORREZIONI, INVIO], banco, registro)
    resoconto = send([CORREZIONI, INVIO], banco, registro)
    assert resoconto.inviati == [] and len(banco.casella.arrivati) == 2
    assert len(resoconto.piano.gia_mandati) == 3
    assert resoconto.piano.gia_mandati[0].startswith("correzioni_tecnico a tecnico@comune.it, il ")


def test_another_content_is_another_thing(banco: Banco, registro: Path) -> None:
    send([CORREZIONI], banco, registro)
    send([replace(CORREZIONI, testo="Secondo sollecito")], banco, registro)
    assert len(banco.casella.arrivati) == 2


def test_a_destinatario_added_later_gets_it_alone(banco: Banco, registro: Path) -> None:
    send([INVIO], banco, registro)
    send([replace(INVIO, destinatari=(*INVIO.destinatari, "giunta@comune.it"))], banco, registro)
    assert [busta.rcpt_tos for busta in banco.casella.arrivati] == [
        ["sindaco@comune.it", "nucleo@comune.it"],
        ["giunta@comune.it"],
    ]


def test_the_office_may_have_it_sent_again(banco: Banco, registro: Path) -> None:
    send([CORREZIONI, INVIO], banco, registro)
    resoconto = send([CORREZIONI, INVIO], banco, registro, "correzioni_tecnico")
    assert resoconto.inviati == ["correzioni_tecnico a tecnico@comune.it"]
    assert len(banco.casella.arrivati) == 3


def test_to_repeat_what_is_not_there_is_refused(banco: Banco, registro: Path) -> None:
    with pytest.raises(InvioFallito, match="«tecnico»: quelli pronti sono correzioni_tecnico"):
        send([CORREZIONI], banco, registro, "tecnico")


SEND_IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from pipeline.posta import spedizione
from test_posta import CORREZIONI, INVIO, PASSWORD, UTENTE
server = spedizione.Server("localhost", int(sys.argv[1]), True, UTENTE, UTENTE, PASSWORD, sys.argv[2])
spedizione.invia([CORREZIONI, INVIO], server, Path(sys.argv[3]), lambda piano: piano.da_mandare)
"""


def test_a_crash_does_not_lead_to_a_second_sending(banco: Banco, registro: Path) -> None:
    """The sender is killed while the second message is under way, before the server answers."""
    processi: list[subprocess.Popen[bytes]] = []

    def kill_at_the_second() -> None:
        if banco.casella.arrivati:
            processi[0].send_signal(signal.SIGKILL)

    banco.casella.al_termine = kill_at_the_second
    argomenti = [str(banco.server.porta), banco.server.ca, str(registro)]
    ambiente = {**os.environ, "PYTHONPATH": f"{RADICE}{os.pathsep}{RADICE / 'tests'}"}
    processi.append(
        subprocess.Popen([sys.executable, "-c", SEND_IN_ANOTHER_PROCESS, *argomenti], env=ambiente)
    )
    assert processi[0].wait(timeout=120) == -signal.SIGKILL
    assert logged(registro) == [
        ("in invio", "tecnico@comune.it"),
        ("inviato", "tecnico@comune.it"),
        ("in invio", "sindaco@comune.it"),
        ("in invio", "nucleo@comune.it"),
    ]
    banco.casella.al_termine = lambda: None
    quanti = len(banco.casella.arrivati)

    resoconto = send([CORREZIONI, INVIO], banco, registro)
    assert resoconto.inviati == [] and len(banco.casella.arrivati) == quanti
    assert len(resoconto.piano.gia_mandati) == 1 and len(resoconto.piano.incerti) == 2

    send([CORREZIONI, INVIO], banco, registro, "invio_relazione")
    assert len(banco.casella.arrivati) == quanti + 1
    assert send([CORREZIONI, INVIO], banco, registro).piano.incerti == []


def test_a_line_cut_short_by_a_crash_is_no_trouble(banco: Banco, registro: Path) -> None:
    send([CORREZIONI], banco, registro)
    intero = registro.read_bytes()
    registro.write_bytes(intero[:-30])  # «inviato» did not reach the disk whole
    assert len(send([CORREZIONI], banco, registro).piano.incerti) == 1
    assert logged(registro) == [("in invio", "tecnico@comune.it")]
    send([CORREZIONI], banco, registro, "correzioni_tecnico")
    assert len(logged(registro)) == 3


@pytest.mark.parametrize("riga", ["non è un registro", "[]", "{}", '{"impronta": "a"}', "\xff"])
def test_without_a_log_that_can_be_read_nothing_is_sent(riga: str, banco: Banco, registro: Path) -> None:
    send([CORREZIONI], banco, registro)
    guasto = registro.read_bytes() + riga.encode("latin-1") + b"\n"
    registro.write_bytes(guasto)
    with pytest.raises(InvioFallito, match="non si legge"):
        send([INVIO], banco, registro)
    assert registro.read_bytes() == guasto and len(banco.casella.arrivati) == 1


def test_two_at_a_time_do_not_send(banco: Banco, registro: Path) -> None:
    with Inviati(registro), pytest.raises(InvioFallito, match="già un invio in corso"):
        send([CORREZIONI], banco, registro)
    assert send([CORREZIONI], banco, registro).inviati


# ------------------------------------------------------------------------------------------ what fails


def test_a_recipient_refused_does_not_stop_the_others(banco: Banco, registro: Path) -> None:
    banco.casella.rifiuta["sindaco@comune.it"] = "550 5.1.1 No such mailbox"
    resoconto = send([INVIO], banco, registro)
    assert resoconto.inviati == ["invio_relazione a nucleo@comune.it"]
    (frase,) = resoconto.rifiutati
    assert "rifiuta l'indirizzo sindaco@comune.it" in frase and "ente.xlsx" in frase
    assert logged(registro)[2:] == [
        ("inviato", "nucleo@comune.it"),
        ("rifiutato", "sindaco@comune.it"),
    ]
    assert "5.1.1" in registro.read_text(encoding="utf-8")

    banco.casella.rifiuta.clear()
    corretto = replace(INVIO, destinatari=("primo.cittadino@comune.it", "nucleo@comune.it"))
    send([corretto], banco, registro)
    assert banco.casella.arrivati[-1].rcpt_tos == ["primo.cittadino@comune.it"]


def test_when_all_are_refused_nobody_is_sent_to(banco: Banco, registro: Path) -> None:
    banco.casella.rifiuta = {
        "sindaco@comune.it": "450 4.2.0 Greylisted, try again later",
        "nucleo@comune.it": "550 5.1.1 No such mailbox",
    }
    resoconto = send([INVIO], banco, registro)
    assert resoconto.inviati == [] and banco.casella.arrivati == []
    assert "fra un quarto d'ora" in resoconto.rifiutati[0] and "ente.xlsx" in resoconto.rifiutati[1]
    banco.casella.rifiuta.clear()
    assert len(send([INVIO], banco, registro).inviati) == 2


def test_a_server_that_gives_up_among_the_recipients_has_sent_nothing(
    banco: Banco, registro: Path
) -> None:
    banco.casella.rifiuta["nucleo@comune.it"] = "421 4.3.2 Closing"
    resoconto = send([INVIO], banco, registro)
    assert resoconto.inviati == [] and banco.casella.arrivati == []
    assert {stato for stato, _ in logged(registro)[2:]} == {"rifiutato"}


def test_a_sender_refused_is_said(banco: Banco, registro: Path) -> None:
    banco.casella.mittente_rifiutato = "553 5.7.1 Not your mailbox"
    resoconto = send([CORREZIONI], banco, registro)
    assert "non accetta protocollo@comune.it come mittente" in resoconto.rifiutati[0]
    assert "RELAZIONE_SMTP_MITTENTE" in resoconto.rifiutati[0]


def test_a_message_refused_may_be_sent_another_time(banco: Banco, registro: Path) -> None:
    banco.casella.al_termine = lambda: "554 5.7.1 Refused"
    resoconto = send([CORREZIONI, INVIO], banco, registro)
    assert len(resoconto.rifiutati) == 2 and "ha rifiutato il messaggio" in resoconto.rifiutati[0]
    banco.casella.al_termine = lambda: None
    assert len(send([CORREZIONI, INVIO], banco, registro).inviati) == 3


def test_what_the_server_finds_too_big_is_said(banchi: Callable[..., Banco], registro: Path) -> None:
    banco = banchi(data_size_limit=5000)
    (frase,) = send([CORREZIONI], banco, registro).rifiutati
    assert "troppo grande" in frase and logged(registro)[-1][0] == "rifiutato"


def test_a_connection_lost_under_way_leaves_a_doubt_and_stops(banco: Banco, registro: Path) -> None:
    banco.casella.al_termine = lambda: ""
    resoconto = send([CORREZIONI, INVIO], banco, registro)
    assert "non si sa se il messaggio è partito" in resoconto.fermato
    assert "RIPETI=correzioni_tecnico" in resoconto.fermato
    assert logged(registro) == [("in invio", "tecnico@comune.it")]
    banco.casella.al_termine = lambda: None
    resoconto = send([CORREZIONI, INVIO], banco, registro)
    assert len(resoconto.piano.incerti) == 1
    assert [busta.rcpt_tos for busta in banco.casella.arrivati] == [list(INVIO.destinatari)]


def test_size_times_recipients_is_weighed_first(banco: Banco, registro: Path) -> None:
    peso = spedizione.pianifica([INVIO], Inviati(registro), 10**9).da_mandare[0].peso
    for limite, manda in ((2 * peso, True), (2 * peso - 1, False)):
        banco.server = replace(banco.server, limite=limite)
        resoconto = send([INVIO], banco, registro)
        assert bool(resoconto.inviati) is manda
        registro.unlink()
    (frase,) = resoconto.piano.esclusi
    assert "per 2 destinatari" in frase and "RELAZIONE_SMTP_LIMITE_MB" in frase
    assert len(banco.casella.arrivati) == 1


def test_the_guaranteed_limit_is_thirty_megabytes() -> None:
    assert spedizione.server_da(IN_ORDER).limite == 30 * 10**6


def test_a_message_without_address_is_left_out(banco: Banco, registro: Path) -> None:
    resoconto = send([replace(CORREZIONI, destinatari=())], banco, registro)
    assert resoconto.piano.esclusi == ["correzioni_tecnico: manca l'indirizzo."]
    assert resoconto.inviati == []


@pytest.mark.parametrize(
    ("risposta", "consiglio"),
    [
        ("451 4.7.1 Greylisting in action, please come back later", "Riprovare fra un quarto d'ora"),
        ("452 4.5.3 Too many recipients", "Riprovare fra un quarto d'ora"),
        ("452 4.2.2 Mailbox full", "La casella è piena"),
        ("552 Mailbox full", "La casella è piena"),
        ("550 No such user", "Correggerlo in ente.xlsx"),
        ("550 5.7.1 Relaying denied", "sentire il gestore"),
        ("554 Relay access denied", "sentire il gestore"),
        ("rubbish", "Correggerlo in ente.xlsx"),
    ],
)
def test_each_refusal_of_a_recipient_has_its_advice(
    risposta: str, consiglio: str, banco: Banco, registro: Path
) -> None:
    banco.casella.rifiuta["tecnico@comune.it"] = risposta
    (frase,) = send([CORREZIONI], banco, registro).rifiutati
    assert consiglio in frase and logged(registro)[-1][0] == "rifiutato"


@pytest.mark.parametrize(
    ("risposta", "consiglio"),
    [
        ("450 4.2.0 Greylisted", "Riprovare fra un quarto d'ora"),
        ("421 4.3.2 Shutting down", "Riprovare fra un quarto d'ora"),
        ("452 4.2.2 Over quota", "casella di chi riceve è piena"),
        ("552 5.2.2 Over quota", "casella di chi riceve è piena"),
        ("552 Message size exceeds fixed limit", "troppo grande"),
        ("550 5.3.4 Message too big", "troppo grande"),
        ("530 5.7.0 Authentication required", "RELAZIONE_SMTP_UTENTE"),
        ("554 5.7.1 Looks like spam", "Sentire il gestore"),
    ],
)
def test_each_refusal_of_a_message_has_its_advice(
    risposta: str, consiglio: str, banco: Banco, registro: Path
) -> None:
    banco.casella.al_termine = lambda: risposta
    (frase,) = send([CORREZIONI], banco, registro).rifiutati
    assert consiglio in frase and logged(registro)[-1][0] == "rifiutato"
    errore = smtplib.SMTPSenderRefused(int(risposta[:3]), risposta[4:].encode(), UTENTE)
    assert ("come mittente" in spedizione._che_fare(errore, banco.server)) == (risposta[:7] == "554 5.7")


HOSTILE_REPLY = (
    "554 \x1b[2J\x1b]0;pwned\x07\x9b31m\u202eevil\u2066\u200f\u2028nuova riga\x00\x08 " + "lungo" * 500
)


def test_nothing_of_a_reply_reaches_the_screen_raw(banco: Banco, registro: Path) -> None:
    """Neither colours and titles of a terminal, nor text that runs the other way, nor pages of it."""
    banco.casella.al_termine = lambda: HOSTILE_REPLY[:400].replace("\u2028", "")
    banco.casella.rifiuta["nucleo@comune.it"] = HOSTILE_REPLY[:400].replace("\u2028", "")
    for frase in [
        *send([INVIO, CORREZIONI], banco, registro).rifiutati,
        spedizione._risposta(554, HOSTILE_REPLY[4:].encode()),
        spedizione._risposta(554, HOSTILE_REPLY[4:].encode("latin-1", "replace")),
    ]:
        assert frase.isprintable() and len(frase) < 450 and "pwned" in frase
    assert all(riga.isprintable() for riga in registro.read_text(encoding="utf-8").splitlines())


# ------------------------------------------------------------------------- a server that does not finish

STAGES = ["banner", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "end", "QUIT"]
WELL = {
    "banner": b"220 x\r\n",
    "EHLO": b"250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n",
    "STARTTLS": b"220 x\r\n",
    "AUTH": b"235 x\r\n",
    "DATA": b"354 x\r\n",
}
"""What a server that works says at each point; 250 where nothing stands here."""


class Slow:
    """A mail server that works up to a point, and then says something else, piece by piece.

    With `tls` the pieces are said inside the encryption, from the first byte; "TLS" is the point before
    it, after STARTTLS. `da` is when it began.
    """

    def orologio(self) -> float:
        """A clock that stands still until then: how slow this machine is does not count."""
        return perf_counter() - self.da if self.da else 0.0

    def __init__(self, tls: ssl.SSLContext | None, punto: str, pezzi: Iterator[bytes], pausa: float):
        self.tls, self.punto, self.pezzi, self.pausa = tls, punto, pezzi, pausa
        self.testo = b""
        self.da: float | None = None
        self.ascolto = socket.create_server(("127.0.0.1", 0))
        self.filo = threading.Thread(target=self.servi, daemon=True)
        self.filo.start()

    def servi(self) -> None:
        with suppress(OSError), self.ascolto.accept()[0] as presa:
            if self.tls:
                presa = self.tls.wrap_socket(presa, server_side=True)
            with presa, presa.makefile("rb") as lettura:
                self.dialoga(presa, lettura)

    def dialoga(self, presa: socket.socket, lettura: Any) -> None:
        self.rispondi(presa, "banner")
        for riga in lettura:
            comando = riga[:4].decode().upper().replace("STAR", "STARTTLS").strip()
            self.rispondi(presa, comando)
            if comando == "STARTTLS":
                self.rispondi(presa, "TLS")
            if comando == "DATA":
                for testo in iter(lettura.readline, b".\r\n"):
                    self.testo += testo
                self.rispondi(presa, "end")

    def rispondi(self, presa: socket.socket, punto: str) -> None:
        if punto != self.punto:
            presa.sendall(WELL.get(punto, b"250 x\r\n"))
            return
        self.da = perf_counter()
        for pezzo in self.pezzi:
            presa.sendall(pezzo)
            sleep(self.pausa)


def dripping() -> Iterator[bytes]:
    """A reply that has always one more letter."""
    yield b"2"
    while True:
        yield b"5"


def endless() -> Iterator[bytes]:
    """A reply that has always one more line."""
    while True:
        yield b"250-" + b"x" * 4000 + b"\r\n"


def one_line() -> Iterator[bytes]:
    """A line without its end."""
    while True:
        yield b"250-" + b"x" * 40_000


def hello() -> Iterator[bytes]:
    """A record of the encryption that never ends."""
    yield b"\x16\x03\x03\x40\x00"
    while True:
        yield b"\x02"


@pytest.fixture(scope="session")
def contesto(autorita: trustme.CA) -> ssl.SSLContext:
    contesto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    autorita.issue_cert("localhost", "127.0.0.1").configure_cert(contesto)
    return contesto


@pytest.fixture
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second is as long as an office waits."""
    monkeypatch.setattr(spedizione, "DIALOGO", 0.5)
    monkeypatch.setattr(spedizione, "BYTE_AL_SECONDO", 10**9)
    monkeypatch.setattr(spedizione, "CONGEDO", 0.05)


def talk(lento: Slow, ca: str, registro: Path, subito: bool = True) -> tuple[Resoconto, float]:
    """What came of it, and for how long the office waited after the server had gone wrong."""
    porta = lento.ascolto.getsockname()[1]
    server = Server("127.0.0.1", porta, subito, UTENTE, UTENTE, PASSWORD, ca)
    with pytest.MonkeyPatch.context() as orologio:
        orologio.setattr(spedizione, "monotonic", lento.orologio)
        resoconto = spedizione.invia([INVIO], server, registro, everything)
    attesa = lento.orologio()
    lento.ascolto.close()
    lento.filo.join(2)
    return resoconto, attesa


def states(registro: Path) -> set[str]:
    """The last state of each recipient."""
    return set({chi: stato for stato, chi in logged(registro)}.values())


@pytest.mark.usefixtures("in_haste")
@pytest.mark.parametrize("punto", STAGES)
@pytest.mark.parametrize("pezzi", [dripping, endless, one_line])
def test_whoever_never_finishes_a_reply_is_left(
    punto: str, pezzi: Callable[[], Iterator[bytes]], contesto: ssl.SSLContext, ca: str, registro: Path
) -> None:
    """In bounded time and memory, and the log says what is known of the message."""
    lento = Slow(contesto, punto, pezzi(), 0.02 if pezzi is dripping else 0)
    resoconto, secondi = talk(lento, ca, registro)
    assert secondi < 5
    if punto in STAGES[:3]:
        assert "non risponde" in resoconto.fermato or "non ha accettato" in resoconto.fermato
        assert registro.read_bytes() == b""
    elif punto in STAGES[3:6]:
        assert "di sicuro non è partito" in resoconto.fermato and states(registro) == {"rifiutato"}
        assert lento.testo == b""
    elif punto == "end":
        assert "non si sa se il messaggio è partito" in resoconto.fermato
        assert states(registro) == {"in invio"}
    else:
        assert len(resoconto.inviati) == 2 and states(registro) == {"inviato"}


@pytest.mark.usefixtures("in_haste")
@pytest.mark.parametrize(("punto", "pezzi"), [("STARTTLS", dripping), ("TLS", hello)])
def test_nor_is_encryption_waited_for_without_end(
    punto: str, pezzi: Callable[[], Iterator[bytes]], ca: str, registro: Path
) -> None:
    resoconto, secondi = talk(Slow(None, punto, pezzi(), 0.02), ca, registro, subito=False)
    assert secondi < 5
    assert "non risponde" in resoconto.fermato and registro.read_bytes() == b""


@pytest.mark.usefixtures("in_haste")
def test_nor_is_encryption_from_the_first_byte(ca: str, registro: Path) -> None:
    resoconto, secondi = talk(Slow(None, "banner", hello(), 0.02), ca, registro)
    assert secondi < 5
    assert "non risponde" in resoconto.fermato and registro.read_bytes() == b""


def test_the_memory_that_a_reply_takes_is_bounded(
    monkeypatch: pytest.MonkeyPatch, contesto: ssl.SSLContext, ca: str, registro: Path
) -> None:
    """With all the time there is."""
    monkeypatch.setattr(spedizione, "CONGEDO", 0.05)
    resoconto, secondi = talk(Slow(contesto, "EHLO", endless(), 0), ca, registro)
    assert secondi < 5 and "non finisce di rispondere" in resoconto.fermato


@pytest.mark.parametrize(
    ("punto", "detto", "frase", "stato"),
    [
        ("banner", b"421 4.7.0 Try later\r\n", "fra un quarto d'ora", set()),
        ("banner", b"554 No\r\n", "non ha accettato il collegamento", set()),
        ("AUTH", b"454 4.7.0 Temporary\r\n", "fra un quarto d'ora", set()),
        ("AUTH", b"535 5.7.8 No\r\n", "rifiutato utente o password", set()),
        ("AUTH", b"334 abc\r\n", "non ha accettato il collegamento", set()),
        ("MAIL", b"che?\r\n", "", {"rifiutato"}),
        ("MAIL", b"451 4.7.1 Greylisted\r\n", "", {"rifiutato"}),
        ("DATA", b"451 4.3.0 Try later\r\n", "", {"rifiutato"}),
        ("end", b"che?\r\n", "non si sa se il messaggio è partito", {"in invio"}),
        ("end", b"250-x\r\n", "non si sa se il messaggio è partito", {"in invio"}),
        ("end", b"5\r\n", "non si sa se il messaggio è partito", {"in invio"}),
    ],
)
def test_what_is_known_of_a_message_after_an_odd_reply(
    punto: str,
    detto: bytes,
    frase: str,
    stato: set[str],
    monkeypatch: pytest.MonkeyPatch,
    contesto: ssl.SSLContext,
    ca: str,
    registro: Path,
) -> None:
    monkeypatch.setattr(spedizione, "DIALOGO", 1.0)
    resoconto, _ = talk(Slow(contesto, punto, iter([detto]), 0), ca, registro)
    assert frase in resoconto.fermato and bool(frase) == bool(resoconto.fermato)
    assert states(registro) == stato and resoconto.inviati == []


# ------------------------------------------------------------------------- no connection, nothing sent


def _wrong_password(server: Server) -> Server:
    return replace(server, password="sbagliata-ma-segreta")


def _no_such_name(server: Server) -> Server:
    return replace(server, nome="posta..it")


def _nobody_there(server: Server) -> Server:
    return replace(server, porta=free_port())


def _not_trusted(server: Server) -> Server:
    return replace(server, ca="")


def _other_way(server: Server) -> Server:
    return replace(server, subito=True)


def _no_ca(server: Server) -> Server:
    return replace(server, ca="/non/esiste.pem")


@pytest.mark.parametrize(
    ("cambia", "subito", "frase"),
    [
        (_wrong_password, True, "ha rifiutato utente o password"),
        (_wrong_password, False, "ha rifiutato utente o password"),
        (_no_such_name, True, "Non si trova nessun server"),
        (_nobody_there, True, "nessuno risponde"),
        (_not_trusted, True, "non viene da un'autorità riconosciuta"),
        (_not_trusted, False, "non viene da un'autorità riconosciuta"),
        (_other_way, False, "la cifratura non parte"),
        (_no_ca, True, "RELAZIONE_SMTP_CA non si può leggere"),
    ],
)
def test_a_server_that_cannot_be_used_is_said_in_a_sentence(
    cambia: Callable[[Server], Server],
    subito: bool,
    frase: str,
    banchi: Callable[..., Banco],
    registro: Path,
) -> None:
    banco = banchi(subito)
    banco.server = cambia(banco.server)
    resoconto = send([CORREZIONI, INVIO], banco, registro)
    assert frase in resoconto.fermato
    assert fx.foreign_words(resoconto.fermato.replace("/non/esiste.pem", "")) == []
    assert "segreta" not in resoconto.fermato
    assert banco.casella.arrivati == [] and registro.read_bytes() == b""


def test_the_certificate_of_another_server_is_refused(
    banchi: Callable[..., Banco], registro: Path
) -> None:
    resoconto = send([CORREZIONI], banchi(certificato="invio.altrove.it"), registro)
    assert "è di un server con un altro nome" in resoconto.fermato


def test_a_server_without_encryption_gets_nothing(registro: Path) -> None:
    """Not even the name of the user."""
    aperto = Controller(Casella(), hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    aperto.start()
    try:
        server = Server("localhost", aperto.port, False, UTENTE, UTENTE, PASSWORD)
        resoconto = spedizione.invia([CORREZIONI], server, registro, everything)
    finally:
        aperto.stop()
    assert "non offre la cifratura" in resoconto.fermato and aperto.handler.arrivati == []


def test_a_server_without_log_in_is_said(banchi: Callable[..., Banco], registro: Path) -> None:
    banco = banchi(auth_required=False, auth_require_tls=True)  # it does not know it is encrypted
    assert "non prevede utente e password" in send([CORREZIONI], banco, registro).fermato


def test_a_silent_server_is_given_up(registro: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spedizione, "ATTESA", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as muto:
        server = Server("127.0.0.1", muto.getsockname()[1], False, UTENTE)
        resoconto = spedizione.invia([CORREZIONI], server, registro, everything)
    assert "il server non risponde" in resoconto.fermato and registro.read_bytes() == b""


@pytest.mark.parametrize(
    ("errore", "frase"),
    [
        (smtplib.SMTPServerDisconnected("x"), "non risponde"),
        (smtplib.SMTPConnectError(421, b"busy"), "fra un quarto d'ora"),
        (ConnectionResetError(), "il collegamento è caduto"),
    ],
)
def test_other_faults_have_a_sentence_too(errore: OSError, frase: str) -> None:
    assert frase in spedizione._perche(errore, Server("invio.comune.it", 465, True, UTENTE))


# ------------------------------------------------------------------------------------------ the settings

IN_ORDER = {
    "RELAZIONE_SMTP_SERVER": "smtp.comune.it",
    "RELAZIONE_SMTP_UTENTE": UTENTE,
    "RELAZIONE_SMTP_PASSWORD": PASSWORD,
}


@pytest.mark.parametrize(
    ("altro", "porta", "subito"),
    [
        ({}, 465, True),
        ({"RELAZIONE_SMTP_PORTA": "587"}, 587, False),
        ({"RELAZIONE_SMTP_PORTA": "25", "RELAZIONE_SMTP_CIFRATURA": "STARTTLS"}, 25, False),
        ({"RELAZIONE_SMTP_PORTA": "2465", "RELAZIONE_SMTP_CIFRATURA": "tls"}, 2465, True),
    ],
)
def test_the_port_says_how_it_is_encrypted(altro: dict[str, str], porta: int, subito: bool) -> None:
    server = spedizione.server_da({**IN_ORDER, **altro})
    assert (server.nome, server.porta, server.subito) == ("smtp.comune.it", porta, subito)
    assert (server.utente, server.mittente, server.password) == (UTENTE, UTENTE, PASSWORD)


@pytest.mark.parametrize(
    ("altro", "frase"),
    [
        ({"RELAZIONE_SMTP_SERVER": " "}, "RELAZIONE_SMTP_SERVER"),
        ({"RELAZIONE_SMTP_PORTA": "quella"}, "RELAZIONE_SMTP_PORTA"),
        ({"RELAZIONE_SMTP_PORTA": "70000"}, "RELAZIONE_SMTP_PORTA"),
        ({"RELAZIONE_SMTP_CIFRATURA": "nessuna"}, "in chiaro non si manda niente"),
        ({"RELAZIONE_SMTP_MITTENTE": "Protocollo"}, "RELAZIONE_SMTP_MITTENTE"),
        ({"RELAZIONE_SMTP_UTENTE": ""}, "RELAZIONE_SMTP_MITTENTE"),
        ({"RELAZIONE_SMTP_PASSWORD": "perché"}, "lettere accentate"),
        ({"RELAZIONE_SMTP_LIMITE_MB": "tanto"}, "RELAZIONE_SMTP_LIMITE_MB"),
    ],
)
def test_what_is_missing_or_wrong_is_said(altro: dict[str, str], frase: str) -> None:
    with pytest.raises(InvioFallito, match=frase) as errore:
        spedizione.server_da({**IN_ORDER, **altro})
    assert "perché" not in str(errore.value)


class Portachiavi(KeyringBackend):
    """A keyring that knows one password."""

    priority = 1  # type: ignore[assignment]

    def get_password(self, service: str, username: str) -> str | None:
        return "dal-portachiavi" if (service, username) == (spedizione.PORTACHIAVI, UTENTE) else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


@pytest.fixture
def portachiavi() -> Iterator[None]:
    prima = keyring.get_keyring()
    yield
    keyring.set_keyring(prima)


@pytest.mark.usefixtures("portachiavi")
def test_the_password_may_be_in_the_keyring() -> None:
    ambiente = {nome: v for nome, v in IN_ORDER.items() if nome != "RELAZIONE_SMTP_PASSWORD"}
    keyring.set_keyring(Portachiavi())
    assert spedizione.server_da(ambiente).password == "dal-portachiavi"
    assert spedizione.server_da(IN_ORDER).password == PASSWORD  # what is said now wins
    for altro in (SenzaPortachiavi(), Portachiavi()):
        keyring.set_keyring(altro)
        with pytest.raises(
            InvioFallito,
            match=r"Manca la password di altri.* -m keyring set relazione-performance altri",
        ):
            spedizione.server_da({**ambiente, "RELAZIONE_SMTP_UTENTE": "altri@comune.it"})


def test_the_password_is_never_shown(banco: Banco, registro: Path) -> None:
    assert PASSWORD not in repr(banco.server)
    with (
        pytest.raises(InvioFallito) as errore,
        spedizione._collegati(replace(banco.server, password="no"), 0),
    ):
        pass
    assert errore.value.__cause__ is None and errore.value.__suppress_context__


# -------------------------------------------------------------------------------------------- the screen


@pytest.fixture
def ente(tmp_path: Path) -> Path:
    cartella = fx.write_world(tmp_path / "ente")
    fx.put(cartella / fx.ENTE, "Settori", "D6", "tecnico@comune.it")
    (cartella / fx.TECNICO).unlink()
    return cartella


def command(ente: Path, banco: Banco, *altro: str) -> tuple[int, str]:
    ambiente = {
        **IN_ORDER,
        "RELAZIONE_SMTP_SERVER": "localhost",
        "RELAZIONE_SMTP_PORTA": str(banco.server.porta),
        "RELAZIONE_SMTP_CIFRATURA": "tls",
        "RELAZIONE_SMTP_CA": banco.server.ca,
    }
    comando = ["email", "--cartella", str(ente), "--uscita", str(ente.parent / "fuori"), *altro]
    esito = CliRunner().invoke(cli.app, comando, env=ambiente)
    assert PASSWORD not in esito.output and "Traceback" not in esito.output
    return esito.exit_code, " ".join(esito.output.split())


def test_nothing_leaves_without_a_person_who_says_yes(ente: Path, banco: Banco) -> None:
    codice, testo = command(ente, banco, "--invia")
    assert "1. Relazione sulla performance 2024: attendiamo" in testo
    assert "a tecnico@comune.it" in testo and "tecnico.xlsx; " in testo
    assert "vuole una conferma dalla tastiera" in testo
    assert codice == 0 and banco.casella.arrivati == []


def test_from_the_draft_to_the_mailbox(
    ente: Path, banco: Banco, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posta, "_scegli", everything)
    codice, testo = command(ente, banco, "--invia")
    assert codice == 0 and "mandato sollecito_tecnico a tecnico@comune.it" in testo
    (letto,) = banco.casella.messaggi()
    bozza = ente.parent / "fuori" / "2024" / "email" / "sollecito_tecnico.eml"
    scritto = message_from_bytes(bozza.read_bytes(), policy=default)
    assert letto["Subject"] == scritto["Subject"]
    assert [parte.get_content() for parte in letto.iter_parts()] == [  # type: ignore[attr-defined]
        parte.get_content()
        for parte in scritto.iter_parts()  # type: ignore[attr-defined]
    ]
    codice, testo = command(ente, banco, "--invia")
    assert codice == 0 and "Non è stato mandato niente" in testo and len(banco.casella.arrivati) == 1


def test_drafts_alone_send_nothing(ente: Path, banco: Banco) -> None:
    assert command(ente, banco)[0] == 0
    assert banco.casella.arrivati == []


def test_with_a_wrong_place_in_a_message_nothing_is_sent(ente: Path, banco: Banco) -> None:
    fx.put(ente / fx.ENTE, "Messaggi", "C8", "Entro il {scadenza}")
    codice, testo = command(ente, banco, "--invia")
    assert codice == 1 and "prima va corretto il foglio Messaggi" in testo


def test_a_fault_ends_with_its_sentence(
    ente: Path, banco: Banco, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posta, "_scegli", everything)
    banco.server = _nobody_there(banco.server)
    codice, testo = command(ente, banco, "--invia")
    assert codice == 1 and "L'invio si è fermato" in testo and "nessuno risponde" in testo


def test_settings_wrong_are_said_before_anything(ente: Path, banco: Banco) -> None:
    banco.server = replace(banco.server, porta=0)
    codice, testo = command(ente, banco, "--invia")
    assert codice == 1 and "Non è stato mandato niente. RELAZIONE_SMTP_PORTA" in testo


@pytest.mark.parametrize(
    ("risposta", "quali"),
    [
        ("SI", "ab"),
        ("sì", "ab"),
        ("2", "b"),
        ("2, 1", "ba"),
        ("1,1", "a"),
        ("", ""),
        ("no", ""),
        ("3", ""),
    ],
)
def test_what_an_answer_chooses(risposta: str, quali: str) -> None:
    invii = {nome: Invio(replace(INVIO, nome=nome), (), 0) for nome in "ab"}
    scelti = posta.scelti(risposta, list(invii.values()))
    assert [invio.bozza.nome for invio in scelti] == list(quali)


def test_sizes_as_an_office_reads_them() -> None:
    assert [spedizione.in_mega(n) for n in (1, 99_999, 100_000, 12_345_678)] == [
        "1 kB",
        "100 kB",
        "0,1 MB",
        "12,3 MB",
    ]
