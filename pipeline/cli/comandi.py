"""The commands: the same Italian words as the targets of the Makefile.

Here is what a command may be. `azioni`, that does the work, is imported inside each of them, once it is
known to be well written: it takes most of a second to load, and --help or a wrong word need none of it.
"""

import os
import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from pipeline import installato
from pipeline.cli.percorsi import percorso_qui
from pipeline.files import CARTA_INTESTATA
from pipeline.fine import Fermato, Fine, esegui
from pipeline.parole import elenco_di, normalizza

VARIABILI = (
    *("CARTELLA", "USCITA", "PUBBLICA", "PAGINE", "PDF", "TRACCE", "DA", "RISCRIVI", "INVIA"),
    *("RIPETI", "SI", "SCHEDULER", "PROCESSI", "NOMI", "PYTHON"),
)
"""What may be typed after `make`, as its Makefile has it."""
DI_CHI = {
    "PUBBLICA": ("relazione", "pdf", "atti", "lotto"),
    "PDF": ("pdf", "atti"),
    "TRACCE": ("atti",),
    "DA": ("modelli", "pdf"),
    "RISCRIVI": ("modelli",),
    "INVIA": ("email",),
    "RIPETI": ("email",),
    "SI": ("pulisci",),
    "SCHEDULER": ("lotto",),
    "PROCESSI": ("lotto",),
    "NOMI": ("lotto",),
}
"""The commands that each of them changes; the others are of all, or change nothing that one may miss."""
INGRESSO = Path("input_workbooks")
USCITA = Path("output")
ESEMPIO = Path("esempio")
"""Where the invented ente is put, if nobody says where."""


class Comandi(TyperGroup):
    """The commands, with whatever stops them said in Italian; they leave with a Fine."""

    def main(self, *argomenti: Any, **opzioni: Any) -> NoReturn:
        chiama = partial(super().main, *argomenti, **{**opzioni, "standalone_mode": False})
        esegui(lambda: _in_italiano(chiama))


def _in_italiano(chiama: Callable[[], Any]) -> Any:
    """Call the commands as typer does, but for its words. Raises Fermato for what it does not accept."""
    try:
        fine = chiama()
    except TyperException as errore:
        raise Fermato(comando_sbagliato(errore.format_message())) from None
    if fine == Fine.INTERROTTO:
        raise KeyboardInterrupt
    return fine


NON_CAPITI = (
    (r"No such option: (\S+)", "l'opzione {} non c'è"),
    (r"No such command '(.*?)'", "il comando {} non c'è"),
    (r"Got unexpected extra argument\(s\) \((.*)\)", "non si sa che cosa farsi di {}"),
    (r"Option '(.*)' requires an argument", "all'opzione {} manca il suo valore"),
    (r"Option '(.*)' does not take a value", "l'opzione {} non vuole un valore"),
    ("Missing command", "manca che cosa fare"),
)
"""What typer says of a command that it does not accept -> the same in Italian."""


def comando_sbagliato(detto: str) -> str:
    """What to say of a command that typer does not accept, from what typer says of it."""
    perche = ""
    for inglese, italiano in NON_CAPITI:
        if trovato := re.match(inglese, detto):
            perche = f": {italiano.format(*(f'«{parte}»' for parte in trovato.groups()))}"
            break
    return (
        f"Il comando non è scritto come si deve{perche}.\n"
        "I comandi sono nuovo, esempio, relazione, pdf, atti, controlla, modelli, carta, nucleo, email, "
        "guide, lotto, pulisci. Le opzioni di uno, per esempio:\n"
        f"    {_chiamato()} relazione --help"
    )


def _chiamato() -> str:
    """How the program is called where it is: from a wheel it has a name, in the project it has not."""
    return "relazione-performance" if installato() else ".venv/bin/python -m pipeline"


app = typer.Typer(cls=Comandi, add_completion=False)
Cartella = Annotated[
    Path,
    typer.Option(
        parser=percorso_qui,
        envvar="RELAZIONE_CARTELLA",
        help="La cartella con ente.xlsx e i file dei settori.",
    ),
]
Uscita = Annotated[
    Path,
    typer.Option(
        parser=percorso_qui,
        envvar="RELAZIONE_USCITA",
        help="Dove mettere i documenti, e le bozze di posta.",
    ),
]
Pubblica = Annotated[
    bool, typer.Option("--pubblica", help="Anche l'edizione da pubblicare, senza persone.")
]


def main() -> None:
    app()


@app.callback()
def prima_di_tutto(ctx: typer.Context) -> None:
    """La relazione sulla performance."""
    scritte = os.environ.get("RELAZIONE_ALTRE", "").split()
    scritte += [nome for nome in os.environ if nome not in VARIABILI and nome.upper() in VARIABILI]
    if scritte:
        raise Fermato(variabile_sbagliata(scritte[0]))
    for variabile in ("CARTELLA", "USCITA"):
        if os.environ.get(f"RELAZIONE_{variabile}") == "":
            raise Fermato(f"{variabile} è vuota: va scritto il nome di una cartella.")
    for variabile, suoi in DI_CHI.items():
        valore = os.environ.get(f"RELAZIONE_{variabile}", "")
        if normalizza(valore) not in ("", "no") and ctx.invoked_subcommand not in suoi:
            raise Fermato(
                f"{variabile}={valore} con «{ctx.invoked_subcommand}» non cambia niente: si usa con "
                f"{elenco_di([f'make {suo}' for suo in suoi])}. Non è stato fatto niente."
            )


def variabile_sbagliata(nome: str) -> str:
    """What to say of a variable that `make` does not have: it would be passed over, and the command
    would work on the usual folder."""
    if giusta := next(iter(get_close_matches(nome.upper(), VARIABILI, 1)), ""):
        forse = "si scrive" if nome.upper() == giusta else "forse è"
        return f"«{nome}=» non c'è: {forse} «{giusta}=», tutto maiuscolo. Non è stato fatto niente."
    return (
        f"«{nome}=» non c'è. Dopo make si può scrivere: {'=, '.join(VARIABILI)}=. Non è stato fatto "
        "niente."
    )


def _non_detta(ctx: typer.Context) -> bool:
    """Whether the folder is the usual one because nobody has said another."""
    da = ctx.get_parameter_source("cartella")
    del_makefile = os.environ.get("RELAZIONE_CARTELLA_DA") == "file"
    return da is None or da.name == "DEFAULT" or (da.name == "ENVIRONMENT" and del_makefile)


@app.command()
def nuovo(
    dove: Annotated[
        Path | None, typer.Argument(parser=percorso_qui, help="La cartella da fare.")
    ] = None,
    cartella: Cartella = INGRESSO,
) -> Fine:
    """Mette un esempio completo in una cartella nuova, per provare."""
    cartella = dove or cartella
    _vuota(cartella)
    from pipeline.cli import azioni

    return azioni.nuovo(cartella)


@app.command()
def esempio(
    ctx: typer.Context,
    dove: Annotated[
        Path | None, typer.Argument(parser=percorso_qui, help="La cartella da fare.")
    ] = None,
    cartella: Cartella = INGRESSO,
) -> Fine:
    """Mette in una cartella nuova un piccolo ente inventato, con qualche errore da correggere."""
    cartella = dove or (ESEMPIO if _non_detta(ctx) else cartella)
    _vuota(cartella)
    from pipeline.cli import azioni

    return azioni.esempio(cartella)


def _vuota(cartella: Path) -> None:
    """Stop where a new folder would fall on something."""
    _puo_essere_cartella(cartella)
    if cartella.exists() and any(cartella.iterdir()):
        raise Fermato(
            f"La cartella {cartella} c'è già e non è vuota: non si tocca. Scrivere il nome di una che "
            "non c'è, per esempio CARTELLA=prova."
        )


@app.command()
def relazione(
    ctx: typer.Context,
    cartella: Cartella = INGRESSO,
    uscita: Uscita = USCITA,
    con_pubblica: Pubblica = False,
) -> Fine:
    """Legge i file e scrive il consolidato Excel e la relazione Word."""
    con_pubblica = _si_possono_scrivere(cartella, uscita, con_pubblica)
    pagine = detto("PAGINE") != "no"
    from pipeline.cli import azioni

    azioni.annuncia(cartella, _non_detta(ctx))
    return azioni.relazione(cartella, uscita, con_pubblica, pagine)


@app.command("pdf")
def in_pdf(
    ctx: typer.Context,
    cartella: Cartella = INGRESSO,
    uscita: Uscita = USCITA,
    con_pubblica: Pubblica = False,
    da: Annotated[
        Path | None,
        typer.Option(
            parser=percorso_qui,
            envvar="RELAZIONE_DA",
            help="Un documento Word già pronto, da convertire così com'è.",
        ),
    ] = None,
) -> Fine:
    """Come relazione, e in più il PDF accessibile e da conservare; con --da converte un documento."""
    if da is None:
        con_pubblica = _si_possono_scrivere(cartella, uscita, con_pubblica)
    elif not da.is_file() or da.suffix.lower() != ".docx":
        perche = "non è un documento Word (.docx)" if da.is_file() else "non c'è"
        raise Fermato(f"{da} {perche}. Controllare il nome.")
    from pipeline.cli import azioni

    if da is not None:
        return azioni.converti(da)
    azioni.annuncia(cartella, _non_detta(ctx))
    return azioni.pdf(cartella, uscita, con_pubblica)


@app.command()
def atti(
    ctx: typer.Context,
    cartella: Cartella = INGRESSO,
    uscita: Uscita = USCITA,
    con_pubblica: Pubblica = False,
    in_pdf: Annotated[
        bool, typer.Option("--pdf", help="Anche i PDF della relazione e delle valutazioni.")
    ] = False,
    solo_tracce: Annotated[
        bool,
        typer.Option("--tracce", help="Solo i testi degli atti, fra i file dell'anno, da cambiare."),
    ] = False,
) -> Fine:
    """Come relazione, e in più gli atti per la deliberazione: proposta, verbale, valutazioni, nota."""
    solo_tracce = solo_tracce or chiesto("TRACCE")
    if solo_tracce:
        _esiste(cartella)
    else:
        in_pdf = in_pdf or chiesto("PDF")
        con_pubblica = _si_possono_scrivere(cartella, uscita, con_pubblica)
    pagine = in_pdf or detto("PAGINE") != "no"
    from pipeline.cli import azioni

    azioni.annuncia(cartella, _non_detta(ctx))
    if solo_tracce:
        return azioni.tracce(cartella)
    return azioni.atti(cartella, uscita, con_pubblica, pagine, in_pdf)


def _si_possono_scrivere(cartella: Path, uscita: Path, con_pubblica: bool) -> bool:
    """Whether the edition to be published is wanted too. Raises Fermato if there can be no documents."""
    con_pubblica = con_pubblica or chiesto("PUBBLICA")
    _esiste(cartella)
    _puo_essere_cartella(uscita)
    return con_pubblica


@app.command()
def controlla(ctx: typer.Context, cartella: Cartella = INGRESSO, uscita: Uscita = USCITA) -> Fine:
    """Controlla i file e prepara quelli da rimandare ai responsabili."""
    _esiste(cartella)
    _puo_essere_cartella(uscita)
    from pipeline.cli import azioni

    azioni.annuncia(cartella, _non_detta(ctx))
    return azioni.controlla(cartella, uscita)


@app.command()
def nucleo(ctx: typer.Context, cartella: Cartella = INGRESSO, uscita: Uscita = USCITA) -> Fine:
    """Prepara il file in cui il Nucleo scrive gradi e note, con ciò che ha già scritto."""
    _esiste(cartella)
    _puo_essere_cartella(uscita)
    from pipeline.cli import azioni

    azioni.annuncia(cartella, _non_detta(ctx))
    return azioni.nucleo(cartella, uscita)


@app.command()
def modelli(
    ctx: typer.Context,
    cartella: Cartella = INGRESSO,
    da: Annotated[
        Path | None,
        typer.Option(
            parser=percorso_qui,
            envvar="RELAZIONE_DA",
            help="La cartella dell'anno prima, da riportare al nuovo.",
        ),
    ] = None,
    riscrivi: Annotated[
        Path | None,
        typer.Option(
            parser=percorso_qui,
            envvar="RELAZIONE_RISCRIVI",
            help="La cartella con i file compilati da riscrivere nel modello attuale.",
        ),
    ] = None,
) -> Fine:
    """Prepara i file da compilare, senza mai toccare quelli che ci sono già."""
    if da and riscrivi:
        raise Fermato("Si usa DA oppure RISCRIVI, non tutti e due.")
    for origine in filter(None, (da, riscrivi)):
        _esiste(origine)
    _puo_essere_cartella(cartella)
    from pipeline.cli import azioni

    if cartella.is_dir():
        azioni.annuncia(cartella, _non_detta(ctx))
    return azioni.modelli(cartella, da, riscrivi)


@app.command()
def carta(ctx: typer.Context, cartella: Cartella = INGRESSO) -> Fine:
    """Prepara una carta intestata con tutti gli stili, da vestire in Word."""
    _esiste(cartella)
    presente = next((p for p in cartella.iterdir() if p.name.lower() == CARTA_INTESTATA), None)
    if presente:
        raise Fermato(f"{presente} c'è già, e non si tocca. Per rifarla, spostarla o rinominarla.")
    from pipeline.cli import azioni

    azioni.annuncia(cartella, _non_detta(ctx))
    return azioni.carta(cartella)


@app.command()
def lotto(
    cartella: Annotated[
        Path,
        typer.Option(
            parser=percorso_qui,
            envvar="RELAZIONE_CARTELLA",
            help="La cartella con una sotto-cartella per ente.",
        ),
    ] = INGRESSO,
    uscita: Uscita = USCITA,
    con_pubblica: Pubblica = False,
    scheduler: Annotated[
        str,
        typer.Option(
            envvar="RELAZIONE_SCHEDULER", help="Lo scheduler di altri computer: tcp://nome:8786."
        ),
    ] = "",
    processi: Annotated[
        str,
        typer.Option(envvar="RELAZIONE_PROCESSI", help="Quanti enti insieme su questo computer."),
    ] = "",
) -> Fine:
    """Come relazione, per molti enti: ogni sotto-cartella con ente.xlsx è uno."""
    con_pubblica = _si_possono_scrivere(cartella, uscita, con_pubblica)
    pagine, nomi = detto("PAGINE") == "si", chiesto("NOMI")
    if processi and not (processi.isascii() and processi.isdigit() and int(processi)):
        raise Fermato(
            f"PROCESSI={processi} non si capisce: si scrive un numero, per esempio PROCESSI=4."
        )
    if processi and scheduler:
        raise Fermato("PROCESSI è di questo computer, SCHEDULER di altri: si usa l'uno o l'altro.")
    from pipeline.cli import lotto as giro
    from pipeline.documents.manifest import Chiesto

    richiesta, quanti = Chiesto(con_pubblica, pagine), int(processi or 0)
    return giro.esegui(cartella.resolve(), uscita.resolve(), richiesta, scheduler, quanti, nomi)


@app.command()
def guide(ctx: typer.Context, cartella: Cartella = INGRESSO, uscita: Uscita = USCITA) -> Fine:
    """Scrive le guide in Word, da inoltrare; con CARTELLA sulla carta dell'ente."""
    _puo_essere_cartella(uscita)
    di_nessuno = _non_detta(ctx)
    if not di_nessuno:
        _esiste(cartella)
    from pipeline.cli import azioni

    return azioni.guide(None if di_nessuno else cartella, uscita)


@app.command()
def pulisci(
    uscita: Uscita = USCITA,
    si: Annotated[bool, typer.Option("--si", help="Senza chiedere.")] = False,
) -> Fine:
    """Cancella ciò che i comandi hanno scritto, dopo averlo elencato."""
    si = si or chiesto("SI")
    _puo_essere_cartella(uscita)
    from pipeline.cli import azioni

    return azioni.pulisci(uscita, si)


@app.command()
def email(
    ctx: typer.Context,
    cartella: Cartella = INGRESSO,
    uscita: Uscita = USCITA,
    invia: Annotated[bool, typer.Option("--invia", help="Manda i messaggi, dopo conferma.")] = False,
    ripeti: Annotated[list[str] | None, typer.Option(help="Un messaggio da mandare di nuovo.")] = None,
) -> Fine:
    """Prepara le bozze di posta per i responsabili e i destinatari; con --invia le manda."""
    invia = invia or chiesto("INVIA")
    # not with envvar=: typer takes several words for several messages, and a name may have blanks
    ripeti = ripeti or list(filter(None, [os.environ.get("RELAZIONE_RIPETI")]))
    _esiste(cartella)
    _puo_essere_cartella(uscita)
    if ripeti and not invia:
        raise Fermato("--ripeti si usa con --invia (make email INVIA=si RIPETI=nome).")
    if invia and _non_detta(ctx):
        raise Fermato(
            "Per mandare i messaggi va scritto di quale ente sono: make email CARTELLA=nome INVIA=si. "
            "Non è stato mandato niente."
        )
    from pipeline.cli import azioni, posta

    azioni.annuncia(cartella, _non_detta(ctx))
    return posta.email(cartella, uscita, invia, ripeti)


def chiesto(variabile: str) -> bool:
    """Whether a variable of `make` says yes. Raises Fermato when it says neither yes nor no."""
    return detto(variabile) == "si"


def detto(variabile: str) -> str:
    """What a variable of `make` says: "si", "no" or "". Raises Fermato for anything else."""
    scritto = os.environ.get(f"RELAZIONE_{variabile}", "")
    if normalizza(scritto) not in ("", "si", "no"):
        usuali = "PAGINE=no o PAGINE=si" if variabile == "PAGINE" else f"{variabile}=si"
        raise Fermato(f"{variabile}={scritto} non si capisce: si scrive {usuali}, o niente.")
    return normalizza(scritto)


def _esiste(cartella: Path) -> None:
    if not cartella.is_dir():
        perche = "è un file, non una cartella" if cartella.exists() else "non c'è"
        nuova = " Per un esempio: comando nuovo." if cartella == INGRESSO else ""
        raise Fermato(f"La cartella {cartella} {perche}. Controllare il nome.{nuova}")


def _puo_essere_cartella(cartella: Path) -> None:
    """Say at once that nothing can be written where a file stands in the way."""
    presente = next(percorso for percorso in (cartella, *cartella.parents) if percorso.exists())
    if not presente.is_dir():
        raise Fermato(f"In {cartella} non si può scrivere: {presente} è un file, non una cartella.")
