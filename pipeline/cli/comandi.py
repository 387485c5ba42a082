"""The commands: the same Italian words as the targets of the Makefile."""

import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text
from typer.core import TyperGroup
from typer.exceptions import TyperException

from pipeline import ingest, installato, pulizia, run
from pipeline import modelli as preparazione
from pipeline.cli.percorsi import percorso_qui
from pipeline.cli.schermo import (
    SENZA_PAGINE,
    avanzamento,
    che_cosa_fare,
    console,
    mostra,
    mostra_atti,
    mostra_bozze,
    mostra_consegne,
    mostra_conservati,
    mostra_copie,
    mostra_lettura,
    mostra_nomi,
    mostra_per_il_nucleo,
    mostra_percentuali,
    mostra_precedenti,
    mostra_pubblica,
    mostra_pulizia,
    mostra_rilievi,
    pronti,
    senza_pdf,
)
from pipeline.documents.deposito import CartellaInUso
from pipeline.documents.manifest import Chiesto
from pipeline.documents.word import pdf
from pipeline.files import CARTA_INTESTATA, scrivi_intero
from pipeline.fine import Fermato, Fine, esegui
from pipeline.parole import normalizza
from pipeline.posta import spedizione
from pipeline.posta.bozze import Bozza
from pipeline.posta.spedizione import Invio, Piano, in_mega

VARIABILI = (
    *("CARTELLA", "USCITA", "PUBBLICA", "PAGINE", "PDF", "TRACCE", "DA", "RISCRIVI", "INVIA"),
    *("RIPETI", "SI", "SCHEDULER", "PROCESSI", "NOMI", "PYTHON"),
)
"""What may be typed after `make`, as its Makefile has it."""
INGRESSO = Path("input_workbooks")
USCITA = Path("output")


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
    except CartellaInUso as errore:
        raise Fermato(str(errore), Fine.OCCUPATO) from None
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
        "I comandi sono nuovo, relazione, pdf, atti, controlla, modelli, carta, nucleo, email, lotto, "
        "pulisci. Le opzioni di uno, per esempio:\n"
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
        help="La cartella con ente.xlsx e le cartelle dei settori.",
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
def prima_di_tutto() -> None:
    """La relazione sulla performance."""
    scritte = os.environ.get("RELAZIONE_ALTRE", "").split()
    scritte += [nome for nome in os.environ if nome not in VARIABILI and nome.upper() in VARIABILI]
    if scritte:
        raise Fermato(variabile_sbagliata(scritte[0]))
    for variabile in ("CARTELLA", "USCITA"):
        if os.environ.get(f"RELAZIONE_{variabile}") == "":
            raise Fermato(f"{variabile} è vuota: va scritto il nome di una cartella.")


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


def _annuncia(ctx: typer.Context, cartella: Path) -> None:
    """Say first of all which ente and year a command is on, and in what folder."""
    denominazione, anno = ingest.chi_e(cartella)
    chi = f"{denominazione or 'Ente senza nome'}, anno {anno or 'non indicato'}"
    perche = ". CARTELLA non è indicata: per un'altra, CARTELLA=nome" if _non_detta(ctx) else ""
    console.print(Text(f"{chi}: cartelle in «{cartella}»{perche}."), soft_wrap=True)


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
) -> None:
    """Mette un esempio completo in una cartella nuova, per provare."""
    cartella = dove or cartella
    _puo_essere_cartella(cartella)
    if cartella.exists() and any(cartella.iterdir()):
        raise Fermato(
            f"La cartella {cartella} c'è già e non è vuota: non si tocca. Scrivere il nome di una che "
            "non c'è, per esempio CARTELLA=prova."
        )
    preparazione.esempio(cartella)
    console.print(f"[green]creato[/] l'esempio in {escape(str(cartella))}", soft_wrap=True)
    console.print(
        "È la rendicontazione di un'Unione di Comuni, con sei settori; in esempio_missioni ce n'è "
        "un'altra, per missioni.",
        soft_wrap=True,
    )
    come = f'--cartella "{cartella}"' if installato() else f'CARTELLA="{cartella}"'
    console.print(Text(f"I suoi documenti: relazione {come}"), soft_wrap=True)


@app.command()
def relazione(
    ctx: typer.Context,
    cartella: Cartella = INGRESSO,
    uscita: Uscita = USCITA,
    con_pubblica: Pubblica = False,
) -> None:
    """Legge le cartelle e scrive il consolidato Excel e la relazione Word."""
    esito = _documenti(ctx, cartella, uscita, con_pubblica, in_pdf=False)
    raise typer.Exit(_fine(esito.bloccato))


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
) -> None:
    """Come relazione, e in più il PDF accessibile e da conservare; con --da converte un documento."""
    if da is None:
        esito = _documenti(ctx, cartella, uscita, con_pubblica, in_pdf=True)
        raise typer.Exit(_fine(bool(esito.bloccato or esito.non_impaginata)))
    if not da.is_file() or da.suffix.lower() != ".docx":
        perche = "non è un documento Word (.docx)" if da.is_file() else "non c'è"
        raise Fermato(f"{da} {perche}. Controllare il nome.")
    try:
        finito, conservati = run.converti(da, pdf.trova_libreoffice())
    except pdf.ConversioneFallita as errore:
        senza_pdf(str(errore))
        raise typer.Exit(Fine.NIENTE) from errore
    console.print(f"[bold]PDF pronto:[/] {escape(str(finito))}", soft_wrap=True)
    mostra_conservati(conservati)
    console.print(
        "L'indice e i testi alternativi delle immagini sono quelli del documento: se è stato ritoccato, "
        "aggiornare l'indice in Word (tasto destro, «Aggiorna campo»), salvare e ripetere."
    )


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
        bool, typer.Option("--tracce", help="Solo i testi degli atti, fra le cartelle, da cambiare.")
    ] = False,
) -> None:
    """Come relazione, e in più gli atti per la deliberazione: proposta, verbale, valutazioni, nota."""
    if solo_tracce or chiesto("TRACCE"):
        _copia_le_tracce(ctx, cartella)
        return
    in_pdf = in_pdf or chiesto("PDF")
    esito = _documenti(ctx, cartella, uscita, con_pubblica, in_pdf, con_atti=True)
    for documenti in esito.atti:
        mostra_atti(documenti)
    senza = any(documenti.senza_pdf for documenti in esito.atti)
    raise typer.Exit(_fine(bool(esito.bloccato or (in_pdf and (senza or esito.non_impaginata)))))


def _copia_le_tracce(ctx: typer.Context, cartella: Path) -> None:
    """Put the texts of the acts among the workbooks, ready to be changed; those that are there stay."""
    _esiste(cartella)
    _annuncia(ctx, cartella)
    scritte, presenti = run.prepara_tracce(cartella)
    for percorso in scritte:
        console.print(f"[green]creata[/]    {escape(str(percorso))}", soft_wrap=True)
    for percorso in presenti:
        console.print(f"c'era già {escape(str(percorso))}", soft_wrap=True)
    console.print(
        "Si cambiano in Word, testo e aspetto: ciò che sta fra parentesi graffe lo scrive il programma "
        "(docs/atti.md). Quelle che vanno bene come sono si tolgono dalla cartella."
    )


def _documenti(
    ctx: typer.Context,
    cartella: Path,
    uscita: Path,
    con_pubblica: bool,
    in_pdf: bool,
    con_atti: bool = False,
) -> run.Esito:
    """Make the documents and tell what was made."""
    con_pubblica = con_pubblica or chiesto("PUBBLICA")
    _esiste(cartella)
    _puo_essere_cartella(uscita)
    _annuncia(ctx, cartella)
    senza_pagine = not in_pdf and detto("PAGINE") == "no"
    soffice = None if senza_pagine else pdf.trova_libreoffice()
    esito = run.relazione(cartella, uscita, con_pubblica, soffice, in_pdf, con_atti)
    mostra(esito)
    if esito.fascicolo is None:
        console.print("\n[bold red]Nessun documento:[/] senza l'anno dell'ente non si può procedere.")
        raise typer.Exit(Fine.NIENTE)
    stato = "BOZZA: qualcosa blocca, vedi sopra" if esito.bloccato else pronti(esito)
    console.print(f"\n[bold]Documenti[/] ({stato}):")
    for percorso in (*esito.documenti, *filter(None, [esito.da_inviare])):
        console.print(f"  {escape(str(percorso))}", soft_wrap=True)
    if esito.non_impaginata and in_pdf:
        senza_pdf(esito.non_impaginata)
    elif senza_pagine:
        console.print("L'indice della relazione è senza numeri di pagina, come chiesto (PAGINE=no).")
    elif esito.non_impaginata or soffice is None:
        console.print(SENZA_PAGINE)
    mostra_precedenti(esito)
    mostra_pubblica(esito, con_pubblica)
    return esito


def _fine(da_sistemare: bool) -> Fine:
    return Fine.DA_SISTEMARE if da_sistemare else Fine.FATTO


@app.command()
def controlla(ctx: typer.Context, cartella: Cartella = INGRESSO, uscita: Uscita = USCITA) -> None:
    """Controlla le cartelle e prepara quelle da rimandare ai responsabili."""
    _esiste(cartella)
    _puo_essere_cartella(uscita)
    _annuncia(ctx, cartella)
    esito = run.rimanda(cartella, uscita, avanzamento)
    mostra_lettura(esito.raccolta.quadrature)
    mostra_consegne(cartella, esito.consegne)
    mostra_rilievi(esito.rilievi)
    if esito.fascicolo is not None:
        mostra_percentuali(esito.fascicolo)
    mostra_nomi(esito)
    mostra_copie(esito)
    if esito.bloccato:
        console.print("\nDa sistemare: finché qualcosa blocca, la relazione esce come BOZZA.")
    raise typer.Exit(_fine(esito.bloccato))


@app.command()
def nucleo(ctx: typer.Context, cartella: Cartella = INGRESSO, uscita: Uscita = USCITA) -> None:
    """Prepara la cartella in cui il Nucleo scrive gradi e note, con ciò che ha già scritto."""
    _esiste(cartella)
    _puo_essere_cartella(uscita)
    _annuncia(ctx, cartella)
    esito = run.per_il_nucleo(cartella, uscita, avanzamento)
    if esito.fascicolo is None:
        mostra_rilievi(esito.rilievi)
        console.print("\n[bold red]Nessuna cartella:[/] senza l'anno dell'ente non si può procedere.")
        raise typer.Exit(Fine.NIENTE)
    mostra_per_il_nucleo(esito, cartella)
    raise typer.Exit(_fine(esito.bloccato))


@app.command()
def modelli(
    ctx: typer.Context,
    cartella: Cartella = INGRESSO,
    da: Annotated[
        Path | None,
        typer.Option(
            parser=percorso_qui,
            envvar="RELAZIONE_DA",
            help="Le cartelle dell'anno prima, da riportare al nuovo.",
        ),
    ] = None,
    riscrivi: Annotated[
        Path | None,
        typer.Option(
            parser=percorso_qui,
            envvar="RELAZIONE_RISCRIVI",
            help="Cartelle compilate da riscrivere nel modello attuale.",
        ),
    ] = None,
) -> None:
    """Prepara le cartelle da compilare, senza mai toccare quelle che ci sono già."""
    if da and riscrivi:
        raise Fermato("Si usa DA oppure RISCRIVI, non tutti e due.")
    for origine in filter(None, (da, riscrivi)):
        _esiste(origine)
    _puo_essere_cartella(cartella)
    if cartella.is_dir():
        _annuncia(ctx, cartella)
    preparati = preparazione.prepara(cartella, da, riscrivi)
    mostra_rilievi(preparati.rilievi)
    for percorso in preparati.scritti:
        console.print(f"[green]creato[/]    {escape(str(percorso))}", soft_wrap=True)
    for percorso in preparati.presenti:
        console.print(f"c'era già {escape(str(percorso))}", soft_wrap=True)
    for nome in preparati.rifiutate:
        perche = "si perderebbe ciò che dicono i suoi rilievi, qui sopra"
        console.print(f"[yellow]non riscritta[/] {escape(nome)}: {perche}", soft_wrap=True)
    che_cosa_fare(preparati, da is not None)
    gravi = any(rilievo.gravita != "avviso" for rilievo in preparati.rilievi)
    da_sistemare = gravi or bool(preparati.rifiutate)
    raise typer.Exit(_fine(da_sistemare) if preparati.scritti or not da_sistemare else Fine.NIENTE)


@app.command()
def carta(ctx: typer.Context, cartella: Cartella = INGRESSO) -> None:
    """Prepara una carta intestata con tutti gli stili, da vestire in Word."""
    # imported here: it is slow to load
    from pipeline.documents.word import campionario

    _esiste(cartella)
    _annuncia(ctx, cartella)
    presente = next((p for p in cartella.iterdir() if p.name.lower() == CARTA_INTESTATA), None)
    if presente:
        raise Fermato(f"{presente} c'è già, e non si tocca. Per rifarla, spostarla o rinominarla.")
    percorso = cartella / CARTA_INTESTATA
    denominazione, anno = ingest.chi_e(cartella)
    scrivi_intero(percorso, lambda p: campionario.scrivi(p, denominazione, anno))
    console.print(f"[green]creata[/] {escape(str(percorso))}", soft_wrap=True)
    console.print(
        "Si apre con Word: si cambiano intestazione, piè di pagina, margini e l'aspetto degli stili "
        "(non i loro nomi), e si salva. Il testo serve solo a vederli: nella relazione non passa."
    )


@app.command()
def lotto(
    cartella: Cartella = INGRESSO,
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
) -> None:
    """Come relazione, per molti enti: ogni sotto-cartella con ente.xlsx è uno."""
    # imported here: the other commands do not need it
    from pipeline.cli import lotto as giro

    richiesta = Chiesto(con_pubblica or chiesto("PUBBLICA"), detto("PAGINE") == "si")
    _esiste(cartella)
    _puo_essere_cartella(uscita)
    dove = cartella.resolve(), uscita.resolve()
    raise typer.Exit(giro.esegui(*dove, richiesta, scheduler, processi, chiesto("NOMI")))


@app.command()
def pulisci(
    uscita: Uscita = USCITA,
    si: Annotated[bool, typer.Option("--si", help="Senza chiedere.")] = False,
) -> None:
    """Cancella ciò che i comandi hanno scritto, dopo averlo elencato."""
    si = si or chiesto("SI")
    _puo_essere_cartella(uscita)
    with pulizia.apri(uscita) as trovata:
        mostra_pulizia(trovata, uscita)
        if trovata.da_togliere and (si or _conferma_la_pulizia()):
            trovata.togli()
            console.print("Fatto.")


def _conferma_la_pulizia() -> bool:
    """Ask a person whether to go on. Raises Fermato where there is nobody to ask."""
    if not _da_tastiera():
        raise Fermato(
            "Non è stato cancellato niente: serve una conferma dalla tastiera, oppure SI=si "
            "(make pulisci SI=si).",
            Fine.DA_SISTEMARE,
        )
    console.print("\nScrivere sì per cancellarli, o niente.")
    with suppress(EOFError):  # Ctrl+D
        if normalizza(input("> ")) == "si":
            return True
    console.print("Non è stato cancellato niente.")
    return False


@app.command()
def email(
    ctx: typer.Context,
    cartella: Cartella = INGRESSO,
    uscita: Uscita = USCITA,
    invia: Annotated[bool, typer.Option("--invia", help="Manda i messaggi, dopo conferma.")] = False,
    ripeti: Annotated[list[str] | None, typer.Option(help="Un messaggio da mandare di nuovo.")] = None,
) -> None:
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
    _annuncia(ctx, cartella)
    esito, preparate = run.email(cartella, uscita, avanzamento)
    if esito.fascicolo is None:
        mostra_rilievi(esito.rilievi)
        console.print("\n[bold red]Nessuna bozza:[/] senza l'anno dell'ente non si può procedere.")
        raise typer.Exit(Fine.NIENTE)
    della_posta = [r for r in esito.rilievi if r.regola.della_posta]
    mostra_rilievi(della_posta + preparate.rilievi)
    cartella_bozze = uscita / str(esito.fascicolo.anno) / "email"
    mostra_bozze(preparate, cartella_bozze)
    mostra_conservati(esito.conservati)
    if invia and preparate.bozze:
        if any(r.regola.ferma_la_posta for r in della_posta):
            console.print("\n[bold red]Non si manda niente:[/] prima va corretto il foglio Messaggi.")
            raise typer.Exit(Fine.DA_SISTEMARE)
        _manda(preparate.bozze, cartella_bozze, ripeti)
    raise typer.Exit(_fine(any(r.gravita == "da correggere" for r in preparate.rilievi)))


def _manda(bozze: list[Bozza], cartella: Path, ripeti: list[str]) -> None:
    try:
        server = spedizione.server_da(os.environ)
        resoconto = spedizione.invia(bozze, server, cartella / spedizione.ELENCO, _scegli, ripeti)
    except spedizione.InvioFallito as errore:
        console.print(Text(f"\nNon è stato mandato niente. {errore}", "red"))
        raise typer.Exit(Fine.DA_SISTEMARE) from None
    for riga in resoconto.inviati:
        console.print(Text.assemble(("mandato   ", "green"), riga))
    for riga in resoconto.rifiutati:
        console.print(Text.assemble(("rifiutato ", "red"), riga))
    if resoconto.fermato:
        console.print(Text(f"\nL'invio si è fermato. {resoconto.fermato}", "red"))
    if not (resoconto.inviati or resoconto.rifiutati or resoconto.fermato):
        console.print("\nNon è stato mandato niente.")
    raise typer.Exit(_fine(bool(resoconto.fermato or resoconto.rifiutati or resoconto.piano.incerti)))


def _scegli(piano: Piano) -> Sequence[Invio]:
    """Show what would be sent and ask which of it to send; nothing without a person at the keyboard."""
    for titolo, frasi in (
        ("Già mandati, non si ripetono", piano.gia_mandati),
        ("Forse partiti in un invio interrotto: non si ripetono se non con RIPETI", piano.incerti),
        ("Non si possono mandare", piano.esclusi),
    ):
        if frasi:
            console.print(f"\n[bold]{titolo}:[/]")
        for frase in frasi:
            console.print(Padding(Text(frase), (0, 0, 0, 2)))
    if not piano.da_mandare:
        return []
    console.print("\n[bold]Da mandare:[/]")
    for n, invio in enumerate(piano.da_mandare, start=1):
        nomi = ", ".join(allegato.nome for allegato in invio.bozza.allegati) or "nessun allegato"
        console.print(Text(f"{n:3}. {invio.bozza.oggetto}"))
        console.print(Padding(Text(f"a {', '.join(invio.destinatari)}"), (0, 0, 0, 5)))
        console.print(Padding(Text(f"{nomi}; {in_mega(invio.peso)} in tutto"), (0, 0, 0, 5)))
    if not _da_tastiera():
        console.print("\nL'invio vuole una conferma dalla tastiera: dare il comando in un terminale.")
        return []
    alcuni = "i tutti, oppure i numeri separati da virgola" if len(piano.da_mandare) > 1 else "o"
    console.print(f"\nScrivere SI per mandarl{alcuni}, o niente.")
    try:
        return scelti(input("> "), piano.da_mandare)
    except EOFError:  # Ctrl+D
        return []


def _da_tastiera() -> bool:
    """Whether there is a person to answer."""
    return sys.stdin.isatty()


def scelti(risposta: str, invii: Sequence[Invio]) -> list[Invio]:
    """What an answer chooses: all for «si», the numbers listed; nothing for anything else."""
    if normalizza(risposta) == "si":
        return list(invii)
    numeri_scritti = [parte.strip() for parte in risposta.split(",")]
    ammessi = {str(n): invio for n, invio in enumerate(invii, start=1)}
    if not all(numero in ammessi for numero in numeri_scritti):
        return []
    return [ammessi[numero] for numero in dict.fromkeys(numeri_scritti)]


def chiesto(variabile: str) -> bool:
    """Whether a variable of `make` says yes. Raises Fermato when it says neither yes nor no."""
    return detto(variabile) == "si"


def detto(variabile: str) -> str:
    """What a variable of `make` says: "si", "no" or "". Raises Fermato for anything else."""
    scritto = os.environ.get(f"RELAZIONE_{variabile}", "")
    if normalizza(scritto) not in ("", "si", "no"):
        usuale = "no" if variabile == "PAGINE" else "si"
        raise Fermato(f"{variabile}={scritto} non si capisce: si scrive {variabile}={usuale}, o niente.")
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
