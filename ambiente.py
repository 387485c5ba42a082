"""The environment: made, mended and filled before a command runs (the Makefile and avvio.py call this).

    python3 ambiente.py python3 requirements.txt [requirements-dev.txt]

The first word is the Python to make it with, as the Makefile calls it. This must run on any Python 3
that an office may have, to say which one is needed: standard library only, nothing newer than 3.6. It is
silent when all is ready.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys

RADICE = os.path.dirname(os.path.abspath(__file__))
WINDOWS = sys.platform == "win32"
MINIMO = (3, 11)
PACCHETTI = "pacchetti"
"""The folder with the components, in the zip for computers without network."""
IMPOSTA = "set" if WINDOWS else "export"
ALTRI = ["python3." + str(minore) for minore in (13, 12, 11, 14)]
"""Other names under which a Python that will do may be found, those with every wheel ready first."""

CAUSE = (
    (
        "CERTIFICATE_VERIFY_FAILED|UnknownIssuer|invalid peer certificate",
        "la rete presenta un certificato che questo computer non conosce: di solito è quello del proxy "
        "dell'ente. Chiederne il file a chi cura la rete e indicarlo in SSL_CERT_FILE e in PIP_CERT: "
        "%s PIP_CERT=file.pem." % IMPOSTA,
    ),
    (
        "from versions: none|No matching distribution|no version of|no wheels with a matching",
        "un componente non si trova per questo Python. Se c'è la cartella «pacchetti», dello zip senza "
        "rete, servono il sistema per cui è fatto, a 64 bit, e Python 3.11, 3.12 o 3.13.",
    ),
    ("No space left|os error 28", "sul disco non c'è più spazio: serve circa mezzo gigabyte."),
    (
        "NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|name resolution|resolve|unreachable"
        "|[Cc]onnection (refused|reset)|timed out|dns error|tcp connect|error sending request",
        "la rete non risponde. Controllare la connessione (in un ente può servire il proxy: "
        "%s HTTPS_PROXY=http://…)." % IMPOSTA,
    ),
    (
        "THESE PACKAGES DO NOT MATCH THE HASHES|Hash mismatch",
        "un componente è arrivato diverso da come deve essere, e non è stato installato.",
    ),
)
"""What the installer says when it fails -> why, in plain words."""


def posto(radice, windows, locale):
    # type: (str, bool, str | None) -> str
    """Where the environment of a project stands: in it, or on Windows in what is of this user on this
    computer only. There projects are often in OneDrive, which would copy thousands of files to the
    network, and whose long names leave no room for theirs (260 characters in all)."""
    if not windows or not locale:
        return os.path.join(radice, ".venv")
    nome = hashlib.sha256(radice.lower().encode("utf-8", "replace")).hexdigest()[:8]
    return os.path.join(locale, "relazione-performance", nome)


VENV = posto(RADICE, WINDOWS, os.environ.get("LOCALAPPDATA"))
PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if WINDOWS else ("bin", "python")))


class NonPronto(Exception):
    """Why the environment cannot be made, and what to do about it."""


def main(python, elenchi):
    # type: (str, list[str]) -> int
    try:
        for elenco in elenchi:
            if not _pronto(elenco):
                _prepara(python, elenco)
    except NonPronto as perche:
        _di(str(perche))
        return 1
    except OSError as errore:
        _di(
            "Non si riesce a scrivere %s: controllare i permessi e lo spazio."
            % (errore.filename or VENV)
        )
        return 1
    except MemoryError:
        _di("La memoria del computer non basta: chiudere gli altri programmi e ripetere.")
        return 1
    except KeyboardInterrupt:
        _di("\nInterrotto: lo stesso comando riprende da dove era arrivato.")
        return 1
    return 0


def _di(testo):
    # type: (str) -> None
    """Say something whatever the encoding of the terminal: an old Python may believe it is ASCII."""
    try:
        sys.stderr.buffer.write(testo.encode("utf-8", "replace") + b"\n")
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        pass  # closed or full: the exit code says it


def _pronto(elenco):
    # type: (str) -> bool
    """Whether all that a list asks for was installed, for the Python that answers now."""
    try:
        with open(_segno(elenco), encoding="ascii") as flusso:
            segnato = flusso.read()
    except (OSError, ValueError):
        return False
    return segnato == _impronta(elenco) and _risponde()


def _segno(elenco):
    # type: (str) -> str
    """The file that says that a list has been installed."""
    return os.path.join(VENV, os.path.basename(elenco) + ".pronto")


def _impronta(elenco):
    # type: (str) -> str
    with open(os.path.join(RADICE, elenco), "rb") as flusso:
        return hashlib.sha256(flusso.read()).hexdigest()


def _risponde():
    # type: () -> bool
    """Whether the Python of the environment is there, and the one for which it was made."""
    chiede = "import sys; print('%d.%d' % sys.version_info[:2])"
    uscita = _detto([PYTHON, "-I", "-S", "-c", chiede])
    if WINDOWS:  # the folder has no number there
        return uscita != "" and _fatto_per(os.path.join(VENV, "pyvenv.cfg")) == uscita
    return uscita != "" and os.path.isdir(os.path.join(VENV, "lib", "python" + uscita, "site-packages"))


def _fatto_per(configurazione):
    # type: (str) -> str
    """The version of Python («3.12») that an environment was made for; "" if it does not say it."""
    try:
        with open(configurazione, encoding="utf-8", errors="replace") as flusso:
            trovata = re.search(r"^version(?:_info)? *= *(\d+\.\d+)", flusso.read(), re.MULTILINE)
    except OSError:
        return ""
    return trovata.group(1) if trovata else ""


def _detto(comando):
    # type: (list[str]) -> str
    """What a command prints; "" when it fails or is not there."""
    try:
        uscita = subprocess.check_output(comando, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return uscita.decode("utf-8", "replace").strip()


def _riesce(comando):
    # type: (list[str]) -> bool
    """Whether a command is there and ends well."""
    try:
        return subprocess.call(comando, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def _prepara(python, elenco):
    # type: (str, str) -> None
    uv = "uv" if _riesce(["uv", "--version"]) else None
    if _risponde() and (uv or _riesce([PYTHON, "-m", "pip", "--version"])):
        _di("Completo l'ambiente…")
    else:
        _crea(python, uv)
    if uv:
        comando = [uv, "pip", "install", "--quiet", "--python", PYTHON]
    else:
        comando = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _esegui([*comando, *_da_dove(elenco), "--require-hashes", "-r", os.path.join(RADICE, elenco)])
    with open(_segno(elenco), "w", encoding="ascii") as flusso:
        flusso.write(_impronta(elenco))


def _da_dove(elenco):
    # type: (str) -> list[str]
    """Where the components are taken from: the folder that a zip without network has beside us
    (senza_rete.py), and then nowhere else; if it is not there, where the installer is used to."""
    cartella = os.path.join(RADICE, PACCHETTI)
    if elenco != "requirements.txt" or not os.path.isdir(cartella):
        return []
    return ["--no-index", "--find-links", cartella]


def _crea(python, uv):
    # type: (str, str | None) -> None
    """Make an empty environment, whole or not at all. uv finds by itself a Python that is new enough."""
    vecchio = sys.version_info < MINIMO
    _togli()
    if not uv and (vecchio or not _riesce([python, "-c", "import ensurepip"])):
        raise NonPronto(_troppo_vecchio() if vecchio else _senza_ensurepip(python))
    _di("Preparo l'ambiente (solo la prima volta, qualche minuto)…")
    try:
        if uv:
            _esegui([uv, "venv", "--quiet", "--python", ">=3.11" if vecchio else python, VENV])
        else:
            _esegui([python, "-m", "venv", VENV])
    except BaseException:
        _togli()
        raise


def _togli():
    # type: () -> None
    if os.path.islink(VENV) or os.path.isfile(VENV):
        os.unlink(VENV)
    elif os.path.isdir(VENV):
        shutil.rmtree(VENV)


def _troppo_vecchio():
    # type: () -> str
    if WINDOWS:  # the launcher takes the newest by itself
        return "Serve Python 3.11 o successivo, qui c'è il %d.%d: %s, poi lo stesso comando." % (
            sys.version_info[0],
            sys.version_info[1],
            _comando("", ""),
        )
    altro = next((nome for nome in ALTRI if _riesce([nome, "-c", "import ensurepip"])), None)
    return "Serve Python 3.11 o successivo, qui c'è il %d.%d. %s" % (
        sys.version_info[0],
        sys.version_info[1],
        "Su questo computer c'è già: aggiungere al comando PYTHON=" + altro
        if altro
        else "Per averlo:\n    %s\npoi lo stesso comando con PYTHON=python3.12 (o quello installato).\n"
        "Se il sistema non lo trova è troppo vecchio: aggiornarlo, oppure installare uv\n"
        "(https://docs.astral.sh/uv), che scarica da sé il Python che serve."
        % _comando("python3.12", "python3.11-venv"),
    )


def _senza_ensurepip(python):
    # type: (str) -> str
    pacchetto = os.path.basename(python) + "-venv"  # python3-venv, python3.12-venv
    return "A Python manca ensurepip, che serve a preparare l'ambiente. Per averlo:\n    %s\n%s" % (
        _comando("python3", pacchetto),
        "poi lo stesso comando.",
    )


def _comando(pacchetto, pacchetto_debian):
    # type: (str, str) -> str
    """The one command that installs a Python, as this system calls it."""
    if sys.platform == "darwin":
        return "brew install python@3.12"
    if WINDOWS:
        return "scaricare Python 3.12 da https://www.python.org/downloads/ e installarlo solo per sé"
    for gestore, azione in (
        ("apt", "apt update && {0}apt install " + pacchetto_debian),
        ("dnf", "dnf install " + pacchetto),
        ("zypper", "zypper install python312"),
        ("pacman", "pacman -S python"),
        ("apk", "apk add python3"),
    ):
        if shutil.which(gestore):
            return ("{0}" + azione).format("" if _senza_sudo() else "sudo ")
    return "installare Python 3.12 da https://www.python.org/downloads/"


def _senza_sudo():
    # type: () -> bool
    return os.geteuid() == 0 and not shutil.which("sudo")


def _esegui(comando):
    # type: (list[str]) -> None
    """Run a command in silence. Raises NonPronto with the cause in plain words, or its last lines."""
    fatto = subprocess.run(comando, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if fatto.returncode == 0:
        return
    detto = fatto.stdout.decode("utf-8", "replace")
    for segno, perche in CAUSE:
        if re.search(segno, detto):
            raise NonPronto("L'ambiente non è pronto: %s\nPoi ripetere lo stesso comando." % perche)
    ultime = "\n".join("    " + riga for riga in detto.strip().splitlines()[-8:])
    raise NonPronto(
        "L'ambiente non è pronto: l'installazione si è fermata. Ha detto:\n%s\n"
        "Ripetere lo stesso comando; se si ferma ancora, provare con PYTHON=python3.12." % ultime
    )


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:2] or ["python3"]), sys.argv[2:] or ["requirements.txt"]))
