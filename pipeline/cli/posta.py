"""What `email` does: the drafts, what is said of them, and sending those that a person chooses."""

import os
from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from pipeline import run
from pipeline.cli.azioni import da_tastiera, fine, senza_anno
from pipeline.cli.schermo import avanzamento, console, mostra_conservati, mostra_rilievi
from pipeline.fine import Fine
from pipeline.parole import normalizza
from pipeline.posta import spedizione
from pipeline.posta.bozze import Bozza, Preparate
from pipeline.posta.spedizione import Invio, Piano, in_mega


def email(cartella: Path, uscita: Path, invia: bool, ripeti: list[str]) -> Fine:
    esito, preparate = run.email(cartella, uscita, avanzamento)
    if esito.fascicolo is None:
        mostra_rilievi(esito.rilievi)
        return senza_anno("Nessuna bozza")
    della_posta = [r for r in esito.rilievi if r.regola.della_posta]
    mostra_rilievi(della_posta + preparate.rilievi)
    cartella_bozze = uscita / str(esito.fascicolo.anno) / "email"
    _mostra_bozze(preparate, cartella_bozze)
    mostra_conservati(esito.conservati)
    if invia and preparate.bozze:
        if any(r.regola.ferma_la_posta for r in della_posta):
            console.print("\n[bold red]Non si manda niente:[/] prima va corretto il foglio Messaggi.")
            return Fine.DA_SISTEMARE
        return _manda(preparate.bozze, cartella_bozze, ripeti)
    return fine(any(r.gravita == "da correggere" for r in preparate.rilievi))


def _manda(bozze: list[Bozza], cartella: Path, ripeti: list[str]) -> Fine:
    try:
        server = spedizione.server_da(os.environ)
        resoconto = spedizione.invia(bozze, server, cartella / spedizione.ELENCO, _scegli, ripeti)
    except spedizione.InvioFallito as errore:
        console.print(Text(f"\nNon è stato mandato niente. {errore}", "red"))
        return Fine.DA_SISTEMARE
    for riga in resoconto.inviati:
        console.print(Text.assemble(("mandato   ", "green"), riga))
    for riga in resoconto.rifiutati:
        console.print(Text.assemble(("rifiutato ", "red"), riga))
    if resoconto.fermato:
        console.print(Text(f"\nL'invio si è fermato. {resoconto.fermato}", "red"))
    if not (resoconto.inviati or resoconto.rifiutati or resoconto.fermato):
        console.print("\nNon è stato mandato niente.")
    return fine(bool(resoconto.fermato or resoconto.rifiutati or resoconto.piano.incerti))


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
    if not da_tastiera():
        console.print("\nL'invio vuole una conferma dalla tastiera: dare il comando in un terminale.")
        return []
    alcuni = "i tutti, oppure i numeri separati da virgola" if len(piano.da_mandare) > 1 else "o"
    console.print(f"\nScrivere SI per mandarl{alcuni}, o niente.")
    try:
        return scelti(input("> "), piano.da_mandare)
    except EOFError:  # Ctrl+D
        return []


def _mostra_bozze(preparate: Preparate, cartella: Path) -> None:
    if preparate.bozze:
        console.print(f"\n[bold]Bozze[/] in {escape(str(cartella))}:", soft_wrap=True)
    elif preparate.rilievi:
        console.print("\nNessuna bozza: prima va sistemato ciò che è detto sopra.")
    else:
        console.print("\nNessuna bozza: nessuno ha niente da correggere.")
    for bozza in preparate.bozze:
        console.print(Text(f"  {bozza.nome}.eml", "bold"))
        console.print(
            Padding(Text(f"a {', '.join(bozza.destinatari) or '(manca l’indirizzo)'}"), (0, 0, 0, 6))
        )
        for allegato in bozza.allegati:
            console.print(Padding(Text(f"con {allegato.nome}"), (0, 0, 0, 6)))
    for nota in preparate.note:
        console.print(Text(f"\n{nota}"))


def scelti(risposta: str, invii: Sequence[Invio]) -> list[Invio]:
    """What an answer chooses: all for «si», the numbers listed; nothing for anything else."""
    if normalizza(risposta) == "si":
        return list(invii)
    numeri_scritti = [parte.strip() for parte in risposta.split(",")]
    ammessi = {str(n): invio for n, invio in enumerate(invii, start=1)}
    if not all(numero in ammessi for numero in numeri_scritti):
        return []
    return [ammessi[numero] for numero in dict.fromkeys(numeri_scritti)]
