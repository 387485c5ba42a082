"""The commands: the same Italian words as the targets of the Makefile."""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import track
from rich.table import Table
from rich.text import Text

from pipeline import modelli as preparazione
from pipeline import numeri, posta, run
from pipeline.celle import intervalli
from pipeline.consegne import VUOTA, Consegna, Stato
from pipeline.documents import pdf, pubblica
from pipeline.documents.bozze import Bozza, Preparate
from pipeline.documents.fascicolo import Fascicolo
from pipeline.ingest import Quadratura
from pipeline.parole import normalizza, quanti
from pipeline.posta import Invio, Piano, in_mega
from pipeline.rilievi import GRAVITA, Rilievo

INGRESSO = Path("input_workbooks")
USCITA = Path("output")
PAROLE = {
    "blocca": ("bloccante", "bloccanti", "bold red"),
    "da correggere": ("da correggere", "da correggere", "yellow"),
    "avviso": ("avviso", "avvisi", "cyan"),
}
PIU_D_UNO: dict[Stato, str] = {
    "consegnato": "consegnati",
    "da compilare": "da compilare",
    "mancante": "mancanti",
    "non letto": "non letti",
    "da estrarre": "da estrarre",
}

PRIMI = 8
"""How many lines of a long list the screen shows, when a file has them all."""

SENZA_PAGINE = (
    "L'indice della relazione è senza numeri di pagina: li conta LibreOffice, che qui manca o non ha "
    "risposto. Si aggiungono anche in Word: tasto destro sull'indice, «Aggiorna campo»."
)

app = typer.Typer(add_completion=False, no_args_is_help=True, help="La relazione sulla performance.")
schermo = Console(highlight=False)

Cartella = Annotated[Path, typer.Option(help="La cartella con ente.xlsx e le cartelle dei settori.")]
Uscita = Annotated[Path, typer.Option(help="Dove mettere i documenti.")]
Pubblica = Annotated[
    bool, typer.Option("--pubblica", help="Anche l'edizione da pubblicare, senza persone.")
]


def main() -> None:
    try:
        app()
    except OSError as errore:
        schermo.print(
            f"[bold red]Non si riesce a leggere o scrivere {escape(str(errore.filename))}.[/]",
            soft_wrap=True,
        )
        schermo.print(
            "Se è aperto in un altro programma, chiuderlo e ripetere; altrimenti controllare lo"
        )
        schermo.print("spazio sul disco e di poter scrivere in quella cartella.")
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
        schermo.print(f"[bold red]{escape(str(da))} {perche}[/] Controllare il nome.")
        raise typer.Exit(1)
    try:
        pdf.converti(da, da.with_suffix(".pdf"), pdf.trova_libreoffice())
    except pdf.ConversioneFallita as errore:
        _senza_pdf(str(errore))
        raise typer.Exit(1) from errore
    schermo.print(f"[bold]PDF pronto:[/] {escape(str(da.with_suffix('.pdf')))}", soft_wrap=True)
    schermo.print(
        "L'indice e i testi alternativi delle immagini sono quelli del documento: se è stato ritoccato, "
        "aggiornare l'indice in Word (tasto destro, «Aggiorna campo»), salvare e ripetere."
    )


def _pronti(esito: run.Esito) -> str:
    """That the documents can go, with what was left to correct."""
    restano = sum(rilievo.gravita == "da correggere" for rilievo in esito.rilievi)
    da_correggere = quanti(restano, "cosa da correggere", "cose da correggere")
    return f"pronti, ma con {da_correggere} prima di pubblicare" if restano else "pronti"


def _documenti(cartella: Path, uscita: Path, con_pubblica: bool, in_pdf: bool) -> None:
    """Make the documents, tell what was made, and leave with 1 if something blocks or is missing."""
    _esiste(cartella)
    soffice = pdf.trova_libreoffice()
    esito = run.relazione(cartella, uscita, con_pubblica, soffice, in_pdf)
    _mostra(esito)
    if esito.fascicolo is None:
        schermo.print("\n[bold red]Nessun documento:[/] senza l'anno dell'ente non si può procedere.")
    else:
        stato = "BOZZA: qualcosa blocca, vedi sopra" if esito.bloccato else _pronti(esito)
        schermo.print(f"\n[bold]Documenti[/] ({stato}):")
        for percorso in esito.documenti:
            schermo.print(f"  {escape(str(percorso))}", soft_wrap=True)
        if esito.non_impaginata and in_pdf:
            _senza_pdf(esito.non_impaginata)
        elif esito.non_impaginata or soffice is None:
            schermo.print(SENZA_PAGINE)
        _mostra_precedenti(esito)
        _mostra_pubblica(esito, con_pubblica)
    raise typer.Exit(1 if esito.bloccato or (in_pdf and esito.non_impaginata) else 0)


def _senza_pdf(perche: str) -> None:
    schermo.print(f"\n[bold red]Nessun PDF.[/] {escape(perche)}")


def _mostra_precedenti(esito: run.Esito) -> None:
    """What became of the documents of earlier runs."""
    for percorso in esito.conservati:
        schermo.print(Text(f"Ritoccato a mano dopo l'altra volta: {percorso}"), soft_wrap=True)
    if esito.conservati:
        schermo.print("I documenti nuovi non hanno quei ritocchi: vanno riportati, se servono ancora.")
    for percorso in esito.tolti:
        schermo.print(Text(f"Tolto, perché di un'edizione precedente: {percorso}"), soft_wrap=True)


def _mostra_pubblica(esito: run.Esito, chiesta: bool) -> None:
    """What became of the edition to be published: what was omitted, what is to be read again."""
    if esito.edizione is None:
        if chiesta:
            schermo.print(
                "\n[bold red]Nessuna edizione per la pubblicazione:[/] una BOZZA non si pubblica."
            )
        return
    schermo.print("\n[bold]Edizione per la pubblicazione[/]")
    schermo.print(pubblica.TOLTI)
    schermo.print(esito.edizione.conto)
    _mostra_primi(esito.edizione.omissioni)
    if esito.edizione.da_rileggere:
        schermo.print(
            "Da rileggere: parole e numeri lasciati nei testi, che possono essere di una persona."
        )
        _mostra_primi(esito.edizione.da_rileggere)
    schermo.print(f"[bold]{pubblica.DA_LEGGERE}[/]")


def _mostra_primi(elenco: list[str]) -> None:
    for riga in elenco[:PRIMI]:
        schermo.print(Padding(Text(riga), (0, 0, 0, 2)))
    if len(elenco) > PRIMI:
        schermo.print(f"  … {len(elenco)} in tutto: l'elenco è nel file NON_PUBBLICARE.")


@app.command()
def controlla(cartella: Cartella = INGRESSO, uscita: Uscita = USCITA) -> None:
    """Controlla le cartelle e prepara quelle da rimandare ai responsabili."""
    _esiste(cartella)
    esito = run.rimanda(cartella, uscita, _avanzamento)
    _mostra_lettura(esito.raccolta.quadrature)
    _mostra_consegne(cartella, esito.consegne)
    _mostra_rilievi(esito.rilievi)
    if esito.fascicolo is not None:
        _mostra_percentuali(esito.fascicolo)
    _mostra_copie(esito)
    if esito.bloccato:
        schermo.print("\nDa sistemare: finché qualcosa blocca, la relazione esce come BOZZA.")
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
    _mostra_rilievi(preparati.rilievi)
    for percorso in preparati.scritti:
        schermo.print(f"[green]creato[/]    {escape(str(percorso))}", soft_wrap=True)
    for percorso in preparati.presenti:
        schermo.print(f"c'era già {escape(str(percorso))}", soft_wrap=True)
    for nome in preparati.rifiutate:
        perche = "si perderebbe ciò che dicono i suoi rilievi, qui sopra"
        schermo.print(f"[yellow]non riscritta[/] {escape(nome)}: {perche}", soft_wrap=True)
    _che_cosa_fare(preparati, da is not None)
    gravi = [r for r in preparati.rilievi if r.gravita != "avviso"]
    raise typer.Exit(1 if gravi or preparati.rifiutate else 0)


def _che_cosa_fare(preparati: preparazione.Preparati, dall_anno_prima: bool) -> None:
    nomi = [percorso.name for percorso in preparati.scritti]
    if nomi == ["ente.xlsx"]:
        schermo.print("Compilare i fogli Ente e Settori di ente.xlsx, poi ripetere lo stesso comando.")
    elif nomi:
        schermo.print(f"Cartelle pronte da compilare: {len([n for n in nomi if n != 'ente.xlsx'])}.")
    if dall_anno_prima and "ente.xlsx" in nomi:
        schermo.print("Riportati anche i testi della relazione: rileggere il foglio Testi di ente.xlsx.")
    if dall_anno_prima and preparati.presenti:
        schermo.print(
            "Con DA i file che ci sono già non si toccano: per riportare tutto serve una cartella nuova."
        )


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
    esito, preparate = run.email(cartella, uscita, _avanzamento)
    if esito.fascicolo is None:
        _mostra_rilievi(esito.rilievi)
        schermo.print("\n[bold red]Nessuna bozza:[/] senza l'anno dell'ente non si può procedere.")
        raise typer.Exit(1)
    della_posta = [r for r in esito.rilievi if r.codice in ("E08", "E09", "E10")]
    _mostra_rilievi(della_posta + preparate.rilievi)
    cartella_bozze = uscita / str(esito.fascicolo.anno) / "email"
    _mostra_bozze(preparate, cartella_bozze)
    if invia and preparate.bozze:
        if any(r.codice == "E09" for r in della_posta):
            schermo.print("\n[bold red]Non si manda niente:[/] prima va corretto il foglio Messaggi.")
            raise typer.Exit(1)
        _manda(preparate.bozze, cartella_bozze, ripeti or [])


def _mostra_bozze(preparate: Preparate, cartella: Path) -> None:
    if preparate.bozze:
        schermo.print(f"\n[bold]Bozze[/] in {escape(str(cartella))}:", soft_wrap=True)
    else:
        schermo.print("\nNessuna bozza: nessuno ha niente da correggere.")
    for bozza in preparate.bozze:
        schermo.print(Text(f"  {bozza.nome}.eml", "bold"))
        schermo.print(
            Padding(Text(f"a {', '.join(bozza.destinatari) or '(manca l’indirizzo)'}"), (0, 0, 0, 6))
        )
        for allegato in bozza.allegati:
            schermo.print(Padding(Text(f"con {allegato.nome}"), (0, 0, 0, 6)))
    for nota in preparate.note:
        schermo.print(Text(f"\n{nota}"))


def _manda(bozze: list[Bozza], cartella: Path, ripeti: list[str]) -> None:
    try:
        server = posta.server_da(os.environ)
        resoconto = posta.invia(bozze, server, cartella / posta.REGISTRO, _scegli, ripeti)
    except posta.InvioFallito as errore:
        schermo.print(Text(f"\nNon è stato mandato niente. {errore}", "red"))
        raise typer.Exit(1) from None
    for riga in resoconto.inviati:
        schermo.print(Text.assemble(("mandato   ", "green"), riga))
    for riga in resoconto.rifiutati:
        schermo.print(Text.assemble(("rifiutato ", "red"), riga))
    if resoconto.fermato:
        schermo.print(Text(f"\nL'invio si è fermato. {resoconto.fermato}", "red"))
    if not (resoconto.inviati or resoconto.rifiutati or resoconto.fermato):
        schermo.print("\nNon è stato mandato niente.")
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
            schermo.print(f"\n[bold]{titolo}:[/]")
        for frase in frasi:
            schermo.print(Padding(Text(frase), (0, 0, 0, 2)))
    if not piano.da_mandare:
        return []
    schermo.print("\n[bold]Da mandare:[/]")
    for n, invio in enumerate(piano.da_mandare, start=1):
        nomi = ", ".join(allegato.nome for allegato in invio.bozza.allegati) or "nessun allegato"
        schermo.print(Text(f"{n:3}. {invio.bozza.oggetto}"))
        schermo.print(Padding(Text(f"a {', '.join(invio.destinatari)}"), (0, 0, 0, 5)))
        schermo.print(Padding(Text(f"{nomi}; {in_mega(invio.peso)} in tutto"), (0, 0, 0, 5)))
    if not sys.stdin.isatty():
        schermo.print("\nL'invio vuole una conferma dalla tastiera: dare il comando in un terminale.")
        return []
    alcuni = "i tutti, oppure i numeri separati da virgola" if len(piano.da_mandare) > 1 else "o"
    schermo.print(f"\nScrivere SI per mandarl{alcuni}, o niente.")
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


def _avanzamento(che_cosa: str, percorsi: list[Path]) -> Iterable[Path]:
    """Go through files with a bar that goes away at the end; nothing of it out of a terminal."""
    silenzio = not schermo.is_terminal
    return track(percorsi, che_cosa, console=schermo, transient=True, disable=silenzio)


def _esiste(cartella: Path) -> None:
    if not cartella.is_dir():
        schermo.print(f"[bold red]La cartella {escape(str(cartella))} non c'è.[/] Controllare il nome.")
        raise typer.Exit(1)


def _mostra(esito: run.Esito) -> None:
    _mostra_lettura(esito.raccolta.quadrature)
    _mostra_rilievi(esito.rilievi)
    if esito.fascicolo is not None:
        _mostra_percentuali(esito.fascicolo)


def _mostra_lettura(quadrature: list[Quadratura]) -> None:
    tabella = Table(title="Cartelle lette (celle)", title_justify="left", box=None, pad_edge=False)
    tabella.add_column("File", no_wrap=True, overflow="ignore")
    for colonna in ("compilate", "in tabella", "nei rilievi", ""):
        tabella.add_column(colonna, justify="right")
    for q in quadrature:
        esito = "[green]torna[/]" if q.torna else "[bold red]NON TORNA[/]"
        conti = (str(n) for n in (q.compilate, q.in_tabelle, q.in_rilievi))
        tabella.add_row(Text(q.file), *conti, esito)
    totali = (
        sum(q.compilate for q in quadrature),
        sum(q.in_tabelle for q in quadrature),
        sum(q.in_rilievi for q in quadrature),
    )
    tabella.add_row("[bold]Totale[/]", *(f"[bold]{n}[/]" for n in totali), "")
    schermo.print(tabella)


def _mostra_consegne(cartella: Path, consegne: list[Consegna]) -> None:
    """Who has handed in, and the findings of each: the settori first, then the other files."""
    stati = Counter(c.stato for c in consegne if c.settore)
    detti = [s for s in PIU_D_UNO if stati[s] or not s.startswith("da ")]
    conto = ", ".join(quanti(stati[s], s, PIU_D_UNO[s]) for s in detti)
    titolo = Text(f"\nConsegne in «{cartella.resolve().name}»: {conto}")
    tabella = Table(title=titolo, title_justify="left", box=None, pad_edge=False)
    tabella.add_column("Settore")
    tabella.add_column("Stato")
    for gravita in GRAVITA:
        tabella.add_column(PAROLE[gravita][1], justify="right")
    for c in consegne:
        colore = "green" if c.stato == "consegnato" else "bold red" if c.settore else ""
        conti = (Text(str(n), PAROLE[g][2]) if (n := c.conti[g]) else "0" for g in GRAVITA)
        nome = c.denominazione if c.settore else c.file
        tabella.add_row(Text(nome), Text(c.stato, colore), *conti)
    schermo.print(tabella)


def _mostra_copie(esito: run.Esito) -> None:
    schermo.print("\n[bold]Documenti[/]:")
    controlli, *copie = esito.documenti
    schermo.print(Text(f"  {controlli}"), soft_wrap=True)
    if copie:
        quante = f"{len(copie)} copie" if len(copie) > 1 else "una copia"
        schermo.print(Text(f"  {copie[0].parent}: {quante} da rimandare"), soft_wrap=True)
    for percorso in esito.lasciate:
        schermo.print(Text(f"  {percorso}: lasciata com'è, qualcuno l'ha modificata"), soft_wrap=True)
    if esito.senza_copia:
        schermo.print("\n[bold]Senza copia da rimandare[/]:")
        for file, perche in esito.senza_copia.items():
            schermo.print(Text.assemble(("  " + file, "bold"), f": {perche}"))
        rimedio = (
            f"Le correzioni da girare al responsabile sono nel foglio Dettaglio di {controlli.name}."
        )
        schermo.print(Padding(Text(f"→ {rimedio}"), (0, 0, 0, 4)))


MOLTE = 4
"""From how many findings of a kind in a sheet they are told together, though they differ in words."""


def _mostra_rilievi(rilievi: list[Rilievo]) -> None:
    if not rilievi:
        return
    conti = []
    for gravita in GRAVITA:
        n = sum(r.gravita == gravita for r in rilievi)
        uno, tanti, stile = PAROLE[gravita]
        conto = quanti(n, uno, tanti)
        conti.append(f"[{stile}]{conto}[/]" if n else conto)
    al_nucleo = sum(rilievo.regola.nucleo for rilievo in rilievi)
    dove = f" (di cui {al_nucleo} fra le schede da guardare con il Nucleo)" if al_nucleo else ""
    schermo.print("\n[bold]Rilievi:[/] " + ", ".join(conti) + dove)
    gruppi: dict[tuple[str, str, str], list[Rilievo]] = {}
    for rilievo in (r for r in rilievi if not r.regola.nucleo):
        file = "" if rilievo.codice == VUOTA else rilievo.file
        gruppi.setdefault((rilievo.codice, file, rilievo.foglio), []).append(rilievo)
    for gruppo in gruppi.values():
        uguali = len({(rilievo.messaggio, rilievo.rimedio) for rilievo in gruppo}) == 1
        if len(gruppo) == 1 or (len(gruppo) < MOLTE and not uguali):
            for rilievo in gruppo:
                _mostra_rilievo(rilievo, rilievo.dove)
        else:
            celle = ", ".join(intervalli(rilievo.cella for rilievo in gruppo if rilievo.cella))
            dove = f"{gruppo[0].file}, foglio «{gruppo[0].foglio}», celle {celle}: {len(gruppo)} celle"
            dove = dove if celle else ", ".join(rilievo.file for rilievo in gruppo)
            _mostra_rilievo(gruppo[0], dove, "" if uguali else " (la prima)")
    _mostra_per_il_nucleo([r for r in rilievi if r.regola.nucleo])


def _mostra_per_il_nucleo(rilievi: list[Rilievo]) -> None:
    """The schede whose grado is doubtful, each once, with all that is said of it."""
    schede: dict[tuple[str, str, str], list[Rilievo]] = {}
    for rilievo in rilievi:
        schede.setdefault((rilievo.file, rilievo.foglio, rilievo.dati["scheda"]), []).append(rilievo)
    if not schede:
        return
    schermo.print(f"\n[bold]Da guardare con il Nucleo:[/] {quanti(len(schede), 'scheda', 'schede')}")
    for sue in schede.values():
        codici = ", ".join(dict.fromkeys(rilievo.codice for rilievo in sue))
        schermo.print(Text.assemble((f"{codici} ", PAROLE["avviso"][2]), (sue[0].dove, "bold")))
        for rilievo in sue:
            schermo.print(Padding(Text(rilievo.messaggio), (0, 0, 0, 4)))
    schermo.print("→ Il responsabile corregge o spiega; altrimenti decide il Nucleo, con il suo grado.")


def _mostra_rilievo(rilievo: Rilievo, dove: str, quale: str = "") -> None:
    _, _, stile = PAROLE[rilievo.gravita]
    schermo.print(Text.assemble((f"{rilievo.codice} ", stile), (dove, "bold")))
    schermo.print(Padding(Text(rilievo.messaggio + quale), (0, 0, 0, 4)))
    schermo.print(Padding(Text(f"→ {rilievo.rimedio}"), (0, 0, 0, 4)))


def _mostra_percentuali(fascicolo: Fascicolo) -> None:
    if fascicolo.niente_ancora:
        schermo.print(f"\n[bold]{fascicolo.niente_ancora}[/]")
        return
    titolo = "\nPercentuali" + (" PROVVISORIE: qualcosa blocca" if fascicolo.bozza else "")
    tabella = Table(title=titolo, title_justify="left", box=None, pad_edge=False)
    tabella.add_column("Settore")
    for colonna in ("Voci", "Valutate", "Escluse", "Grado %"):
        tabella.add_column(colonna, justify="right")
    for riga in fascicolo.settori:
        conti = (str(riga[c]) for c in ("obiettivi", "valutati", "esclusi"))
        grado = numeri.percentuale(riga["grado"]) or "non calcolabile"
        tabella.add_row(Text(riga["denominazione"]), *conti, grado)
    valutazione = fascicolo.valutazione
    pubblicata = numeri.percentuale(valutazione.ente) or "non calcolabile"
    con_grado = sum(riga["grado"] is not None for riga in fascicolo.settori)
    su_quanti = (
        "" if con_grado == len(fascicolo.settori) else f", {con_grado} su {len(fascicolo.settori)}"
    )
    regola = f"[bold]Ente ({valutazione.regola}{su_quanti})[/]"
    tabella.add_row(regola, "", "", "", f"[bold]{pubblicata}[/]")
    schermo.print(tabella)
