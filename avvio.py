"""The commands of the Makefile where there is no make: relazione.cmd and relazione.command call this.

    python avvio.py                                what to do next; after a double click, asks for it
    python avvio.py controlla CARTELLA=anno_2021   as `make controlla CARTELLA=anno_2021`

The commands and the variables are those that the Makefile has: it is read, there is no second list. As
ambiente.py, this must run on any Python 3: standard library only.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys

import ambiente

USUALI = {"CARTELLA": "input_workbooks", "USCITA": "output"}
CARTELLE = (".xlsx", ".xlsm", ".ods")
CHIAMATO = os.environ.get("RELAZIONE_CHIAMATO", "make")
"""How a command begins here."""
NON_PRONTO = 5
"""The code with which one ends where the environment cannot be made: the computer does not let it."""


def main(parole):
    # type: (list[str]) -> int
    comandi, variabili = leggi_makefile()
    if parole:
        return esegui(parole, comandi, variabili)
    chiede = sys.stdin is not None and sys.stdin.isatty()
    aiuto(comandi, "" if chiede else CHIAMATO + " ")
    return dialogo(comandi, variabili) if chiede else 0


def leggi_makefile():
    # type: () -> tuple[dict[str, str], list[str]]
    """The commands of the office with what they do, and the variables that may follow them."""
    with open(os.path.join(ambiente.RADICE, "Makefile"), encoding="utf-8") as flusso:
        testo = flusso.read()
    comandi = re.findall(r"^([a-z]+): ambiente ## (.*)$", testo, re.MULTILINE)
    variabili = re.search(r"^VARIABILI := (.*)$", testo, re.MULTILINE)
    return dict(comandi), variabili.group(1).split() if variabili else []


def aiuto(comandi, prima):
    # type: (dict[str, str], str) -> None
    """Say what to do next, then the commands, each after the words that begin it."""
    cartella = os.environ.get("RELAZIONE_CARTELLA") or USUALI["CARTELLA"]
    _di("\n".join(primi_passi(cartella, prima)) + "\n\nI comandi:")
    for nome, che_cosa in comandi.items():
        _di("  %s%-10s %s" % (prima, nome, che_cosa))


def primi_passi(cartella, prima):
    # type: (str, str) -> list[str]
    """What there is to do next in a folder, by what is in it; five lines at most."""
    dove = os.path.join(ambiente.RADICE, cartella)
    nomi = [n.lower() for n in os.listdir(dove)] if os.path.isdir(dove) else []
    trovati = [n for n in nomi if n.endswith(CARTELLE) and not n.startswith(("~$", "."))]
    di_ente = [n for n in trovati if os.path.splitext(n)[0] == "ente"]
    manca = "è vuota" if os.path.isdir(dove) else "non c'è"
    con = "" if cartella == USUALI["CARTELLA"] else " CARTELLA=" + cartella
    if not trovati:
        return [
            "La cartella «%s» %s. Per cominciare:" % (cartella, manca),
            "  1. %snuovo CARTELLA=prova         un esempio completo, da guardare e cambiare" % prima,
            "  2. %srelazione CARTELLA=prova     i suoi documenti, nella cartella output" % prima,
            "  3. %smodelli CARTELLA=anno_2027   il lavoro vero: prima ente.xlsx, da compilare;" % prima,
            "     poi, con lo stesso comando, un file per ogni settore",
        ]
    if not di_ente:
        return [
            "In «%s» non c'è ente.xlsx, che dice l'anno e i settori. Per averlo:" % cartella,
            "  %smodelli%s" % (prima, con),
        ]
    if len(trovati) == 1:
        return [
            "In «%s» c'è solo %s." % (cartella, di_ente[0]),
            "  1. si compila: ente, anno, elenco dei settori",
            "  2. %smodelli%s   prepara un file per settore" % (prima, con),
            "  3. %semail%s     prepara le bozze per spedirli ai responsabili" % (prima, con),
        ]
    return [
        "In «%s» ci sono %d file. Che cosa fare:" % (cartella, len(trovati)),
        "  1. %scontrolla%s   chi ha consegnato, che cosa non va e dove" % (prima, con),
        "  2. %srelazione%s   i documenti, anche in BOZZA" % (prima, con),
        "  Per un'altra cartella si aggiunge CARTELLA=nome; per l'anno nuovo: README, «L'anno nuovo».",
    ]


def dialogo(comandi, variabili):
    # type: (dict[str, str], list[str]) -> int
    """Ask who has made a double click for one command after the other, until nothing is typed. What went
    wrong has been read by then: it ends well."""
    while True:
        _di("\nScrivere un comando, per esempio: controlla CARTELLA=anno_2021 (Invio per chiudere).")
        try:
            parole = spezza(input("> "))
        except (EOFError, KeyboardInterrupt):
            return 0
        except ValueError:
            _di("C'è un apice o una virgoletta senza la sua compagna.")
            continue
        if not parole:
            return 0
        esegui(parole, comandi, variabili)


def spezza(riga, windows=ambiente.WINDOWS):
    # type: (str, bool) -> list[str]
    """The words of a line as the shell has them; on Windows a bar is part of a name.

    Raises ValueError where a quote is not closed.
    """
    if not windows:
        return shlex.split(riga)
    if riga.count('"') % 2:
        raise ValueError(riga)
    return [p.replace('"', "") for p in re.findall(r'(?:[^\s"]|"[^"]*")+', riga)]


def esegui(parole, comandi, variabili):
    # type: (list[str], dict[str, str], list[str]) -> int
    """Do a command as make would; return how it ended."""
    if parole[0].lower().lstrip("./\\") in ("make", "relazione.cmd", "relazione.command"):
        parole = parole[1:]  # as the guides have it
    nomi = [parola for parola in parole if "=" not in parola]
    valori = dict(parola.split("=", 1) for parola in parole if "=" in parola)
    if nomi in ([], ["aiuto"]) and not valori:
        aiuto(comandi, CHIAMATO + " ")
        return 0
    perche = _non_si_puo(nomi, valori, comandi)
    if perche:
        _di(perche)
        return 2
    elenchi = ["requirements.txt"] + ["requirements-lotto.txt"] * (nomi[0] == "lotto")
    if ambiente.main(valori.get("PYTHON") or sys.executable, elenchi):
        return NON_PRONTO
    # what Ctrl+C means is up to the command: this one waits for it
    signal.signal(signal.SIGINT, lambda *_: None)
    try:
        comando = [ambiente.PYTHON, "-m", "pipeline", nomi[0]]
        return subprocess.call(comando, cwd=ambiente.RADICE, env=_ambiente(valori, variabili))
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _non_si_puo(nomi, valori, comandi):
    # type: (list[str], dict[str, str], dict[str, str]) -> str
    """Why a command cannot be done as it is written; "" if it can."""
    if len(nomi) != 1 or nomi[0] not in comandi:
        return (
            "Questo comando non c'è (e CARTELLA=nome si scrive senza spazi intorno a =).\n"
            "I comandi sono %s." % ", ".join(comandi)
        )
    if any('"' in valore for valore in valori.values()) and ambiente.WINDOWS:
        return 'Prima delle virgolette chiuse non ci vuole la barra \\: "CARTELLA=C:\\i miei dati".'
    python = valori.get("PYTHON")
    if python and not shutil.which(python):
        return "«%s» non c'è: PYTHON= si può non scrivere." % python
    return ""


def _ambiente(valori, variabili):
    # type: (dict[str, str], list[str]) -> dict[str, str]
    """The values as the Makefile hands them on; those that it has not are for the program to refuse."""
    scritti = {nome: valori.get(nome, USUALI.get(nome, "")) for nome in variabili}
    altri = {"ALTRE": " ".join(nome for nome in valori if nome not in variabili)}
    altri["CARTELLA_DA"] = "command line" if "CARTELLA" in valori else "file"
    nuovi = {"RELAZIONE_" + nome: valore for nome, valore in {**scritti, **altri}.items()}
    return {**os.environ, "PYTHONUTF8": "1", **nuovi}


def _di(testo):
    # type: (str) -> None
    """Say something whatever the encoding of the terminal, and whether or not somebody still reads."""
    try:
        sys.stdout.buffer.write(testo.encode("utf-8", "replace") + b"\n")
        sys.stdout.flush()
    except (AttributeError, OSError, ValueError):
        pass  # the exit code says it


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
