"""The commands: the same Italian words as the targets of the Makefile."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from pipeline import modelli as preparazione
from pipeline import posta, run
from pipeline.documents import pdf
from pipeline.documents.bozze import Bozza
from pipeline.parole import normalizza
from pipeline.posta import Invio, Piano, in_mega
from pipeline.schermo import (
    SENZA_PAGINE,
    avanzamento,
    che_cosa_fare,
    console,
    mostra,
    mostra_bozze,
    mostra_consegne,
    mostra_copie,
    mostra_lettura,
    mostra_percentuali,
    mostra_precedenti,
    mostra_pubblica,
    mostra_rilievi,
    pronti,
    senza_pdf,
)

INGRESSO = Path("input_workbooks")
USCITA = Path("output")
app = typer.Typer(add_completion=False, no_args_is_help=True, help="La relazione sulla performance.")
Cartella = Annotated[Path, typer.Option(help="La cartella con ente.xlsx e le cartelle dei settori.")]
Uscita = Annotated[Path, typer.Option(help="Dove mettere i documenti.")]
Pubblica = Annotated[
    bool, typer.Option("--pubblica", help="Anche l'edizione da pubblicare, senza persone.")
]


def main() -> None:
    try:
        app()
    except OSError as errore:
        console.print(
            f"[bold red]Non si riesce a leggere o scrivere {escape(str(errore.filename))}.[/]",
            soft_wrap=True,
        )
        console.print(
            "Se è aperto in un altro programma, chiuderlo e ripetere; altrimenti controllare lo"
        )
        console.print("spazio sul disco e di poter scrivere in quella cartella.")
        raise SystemExit(1) from errore


@app.command()
def relazione(
    cartella: Cartella = INGRESSO, uscita: Uscita = USCITA, con_pubblica: Pubblica = False
) -> None:
    """Legge le cartelle e scrive il consolidato Excel e la relazione Word."""
    _documenti(cartella, uscita, con_pubblica, in_pdf=False)


@app.command("pdf")
def in_pdf(
    cartella: Cartella = INGRESSO,
    uscita: Uscita = USCITA,
    con_pubblica: Pubblica = False,
    da: Annotated[
        Path | None, typer.Option(help="Un documento Word già pronto, da convertire così com'è.")
    ] = None,
) -> None:
    """Come relazione, e in più il PDF accessibile e da conservare; con --da converte un documento."""
    if da is None:
        _documenti(cartella, uscita, con_pubblica, in_pdf=True)
        return
    if not da.is_file() or da.suffix.lower() != ".docx":
        perche = "non è un documento Word (.docx)." if da.is_file() else "non c'è."
        console.print(f"[bold red]{escape(str(da))} {perche}[/] Controllare il nome.")
        raise typer.Exit(1)
    try:
        pdf.converti(da, da.with_suffix(".pdf"), pdf.trova_libreoffice())
    except pdf.ConversioneFallita as errore:
        senza_pdf(str(errore))
        raise typer.Exit(1) from errore
    console.print(f"[bold]PDF pronto:[/] {escape(str(da.with_suffix('.pdf')))}", soft_wrap=True)
    console.print(
        "L'indice e i testi alternativi delle immagini sono quelli del documento: se è stato ritoccato, "
        "aggiornare l'indice in Word (tasto destro, «Aggiorna campo»), salvare e ripetere."
    )


def _documenti(cartella: Path, uscita: Path, con_pubblica: bool, in_pdf: bool) -> None:
    """Make the documents, tell what was made, and leave with 1 if something blocks or is missing."""
    _esiste(cartella)
    soffice = pdf.trova_libreoffice()
    esito = run.relazione(cartella, uscita, con_pubblica, soffice, in_pdf)
    mostra(esito)
    if esito.fascicolo is None:
        console.print("\n[bold red]Nessun documento:[/] senza l'anno dell'ente non si può procedere.")
    else:
        stato = "BOZZA: qualcosa blocca, vedi sopra" if esito.bloccato else pronti(esito)
        console.print(f"\n[bold]Documenti[/] ({stato}):")
        for percorso in esito.documenti:
            console.print(f"  {escape(str(percorso))}", soft_wrap=True)
        if esito.non_impaginata and in_pdf:
            senza_pdf(esito.non_impaginata)
        elif esito.non_impaginata or soffice is None:
            console.print(SENZA_PAGINE)
        mostra_precedenti(esito)
        mostra_pubblica(esito, con_pubblica)
    raise typer.Exit(1 if esito.bloccato or (in_pdf and esito.non_impaginata) else 0)


@app.command()
def controlla(cartella: Cartella = INGRESSO, uscita: Uscita = USCITA) -> None:
    """Controlla le cartelle e prepara quelle da rimandare ai responsabili."""
    _esiste(cartella)
    esito = run.rimanda(cartella, uscita, avanzamento)
    mostra_lettura(esito.raccolta.quadrature)
    mostra_consegne(cartella, esito.consegne)
    mostra_rilievi(esito.rilievi)
    if esito.fascicolo is not None:
        mostra_percentuali(esito.fascicolo)
    mostra_copie(esito)
    if esito.bloccato:
        console.print("\nDa sistemare: finché qualcosa blocca, la relazione esce come BOZZA.")
    raise typer.Exit(1 if esito.bloccato else 0)


@app.command()
def modelli(
    cartella: Cartella = INGRESSO,
    da: Annotated[
        Path | None, typer.Option(help="Le cartelle dell'anno prima, da riportare al nuovo.")
    ] = None,
    riscrivi: Annotated[
        Path | None, typer.Option(help="Cartelle compilate da riscrivere nel modello attuale.")
    ] = None,
) -> None:
    """Prepara le cartelle da compilare, senza mai toccare quelle che ci sono già."""
    if da and riscrivi:
        raise typer.BadParameter("si usa --da oppure --riscrivi, non tutti e due")
    for origine in filter(None, (da, riscrivi)):
        _esiste(origine)
    preparati = preparazione.prepara(cartella, da, riscrivi)
    mostra_rilievi(preparati.rilievi)
    for percorso in preparati.scritti:
        console.print(f"[green]creato[/]    {escape(str(percorso))}", soft_wrap=True)
    for percorso in preparati.presenti:
        console.print(f"c'era già {escape(str(percorso))}", soft_wrap=True)
    che_cosa_fare(preparati, da is not None)
    raise typer.Exit(1 if any(r.gravita != "avviso" for r in preparati.rilievi) else 0)


@app.command()
def email(
    cartella: Cartella = INGRESSO,
    uscita: Annotated[Path, typer.Option(help="Dove sono i documenti; lì vanno le bozze.")] = USCITA,
    invia: Annotated[bool, typer.Option("--invia", help="Manda i messaggi, dopo conferma.")] = False,
    ripeti: Annotated[list[str] | None, typer.Option(help="Un messaggio da mandare di nuovo.")] = None,
) -> None:
    """Prepara le bozze di posta per i responsabili e i destinatari; con --invia le manda."""
    _esiste(cartella)
    if ripeti and not invia:
        raise typer.BadParameter("--ripeti si usa con --invia (make email INVIA=si RIPETI=nome)")
    esito, preparate = run.email(cartella, uscita, avanzamento)
    if esito.fascicolo is None:
        mostra_rilievi(esito.rilievi)
        console.print("\n[bold red]Nessuna bozza:[/] senza l'anno dell'ente non si può procedere.")
        raise typer.Exit(1)
    della_posta = [r for r in esito.rilievi if r.codice in ("E08", "E09", "E10")]
    mostra_rilievi(della_posta + preparate.rilievi)
    cartella_bozze = uscita / str(esito.fascicolo.anno) / "email"
    mostra_bozze(preparate, cartella_bozze)
    if invia and preparate.bozze:
        if any(r.codice == "E09" for r in della_posta):
            console.print("\n[bold red]Non si manda niente:[/] prima va corretto il foglio Messaggi.")
            raise typer.Exit(1)
        _manda(preparate.bozze, cartella_bozze, ripeti or [])


def _manda(bozze: list[Bozza], cartella: Path, ripeti: list[str]) -> None:
    try:
        server = posta.server_da(os.environ)
        resoconto = posta.invia(bozze, server, cartella / posta.REGISTRO, _scegli, ripeti)
    except posta.InvioFallito as errore:
        console.print(Text(f"\nNon è stato mandato niente. {errore}", "red"))
        raise typer.Exit(1) from None
    for riga in resoconto.inviati:
        console.print(Text.assemble(("mandato   ", "green"), riga))
    for riga in resoconto.rifiutati:
        console.print(Text.assemble(("rifiutato ", "red"), riga))
    if resoconto.fermato:
        console.print(Text(f"\nL'invio si è fermato. {resoconto.fermato}", "red"))
    if not (resoconto.inviati or resoconto.rifiutati or resoconto.fermato):
        console.print("\nNon è stato mandato niente.")
    male = resoconto.fermato or resoconto.rifiutati or resoconto.piano.incerti
    raise typer.Exit(1 if male else 0)


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
    if not sys.stdin.isatty():
        console.print("\nL'invio vuole una conferma dalla tastiera: dare il comando in un terminale.")
        return []
    alcuni = "i tutti, oppure i numeri separati da virgola" if len(piano.da_mandare) > 1 else "o"
    console.print(f"\nScrivere SI per mandarl{alcuni}, o niente.")
    return scelti(input("> "), piano.da_mandare)


def scelti(risposta: str, invii: Sequence[Invio]) -> list[Invio]:
    """What an answer chooses: all for «si», the numbers listed; nothing for anything else."""
    if normalizza(risposta) == "si":
        return list(invii)
    numeri_scritti = [parte.strip() for parte in risposta.split(",")]
    ammessi = {str(n): invio for n, invio in enumerate(invii, start=1)}
    if not all(numero in ammessi for numero in numeri_scritti):
        return []
    return [ammessi[numero] for numero in dict.fromkeys(numeri_scritti)]


def _esiste(cartella: Path) -> None:
    if not cartella.is_dir():
        console.print(f"[bold red]La cartella {escape(str(cartella))} non c'è.[/] Controllare il nome.")
        raise typer.Exit(1)
