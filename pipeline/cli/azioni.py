"""What the commands do, and how each ends: `comandi` has already seen that they can be followed."""

import sys
from contextlib import suppress
from pathlib import Path

import typer
from rich.markup import escape
from rich.text import Text

from pipeline import ingest, pulizia, run
from pipeline import modelli as preparazione
from pipeline.cli.percorsi import indicata
from pipeline.cli.schermo import (
    SENZA_PAGINE,
    avanzamento,
    che_cosa_fare,
    console,
    mostra,
    mostra_atti,
    mostra_consegne,
    mostra_conservati,
    mostra_copie,
    mostra_nomi,
    mostra_per_il_nucleo,
    mostra_precedenti,
    mostra_pubblica,
    mostra_pulizia,
    mostra_rilievi,
    pronti,
    senza_pdf,
)
from pipeline.documents.word import impaginatore
from pipeline.files import CARTA_INTESTATA, scrivi_intero
from pipeline.fine import Fermato, Fine
from pipeline.parole import normalizza


def annuncia(cartella: Path, non_detta: bool) -> None:
    """Say first of all which ente and year a command is on, and in what folder; `non_detta`: nobody has
    said the folder."""
    denominazione, anno = ingest.chi_e(cartella)
    chi = f"{denominazione or 'Ente senza nome'}, anno {anno or 'non indicato'}"
    perche = ". CARTELLA non è indicata: per un'altra, CARTELLA=nome" if non_detta else ""
    console.print(Text(f"{chi}: file in «{cartella}»{perche}."), soft_wrap=True)


def nuovo(cartella: Path) -> Fine:
    preparazione.esempio(cartella)
    console.print(f"[green]creato[/] l'esempio in {escape(str(cartella))}", soft_wrap=True)
    console.print(
        "È la rendicontazione di un'Unione di Comuni, con sei settori; in esempio_missioni ce n'è "
        "un'altra, per missioni.",
        soft_wrap=True,
    )
    console.print(Text(f"I suoi documenti: relazione {indicata(cartella)}"), soft_wrap=True)
    return Fine.FATTO


def esempio(cartella: Path) -> Fine:
    # imported here: the other commands do not write it
    from pipeline import inventato

    inventato.scrivi(cartella)
    console.print(f"[green]creato[/] un ente inventato in {escape(str(cartella))}", soft_wrap=True)
    detto = (
        "Un settore non ha consegnato, e in tecnico.xlsx ci sono errori: li dice controlla "
        f"{indicata(cartella)}. Si correggono, oppure si copiano i file di "
        f"{inventato.ARRIVATI_DOPO} sopra gli altri: allora la relazione è pronta."
    )
    console.print(Text(detto), soft_wrap=True)
    return Fine.FATTO


def guide(cartella: Path | None, uscita: Path) -> Fine:
    """`cartella`: of the ente that they are for, if of one."""
    if cartella is not None:
        annuncia(cartella, non_detta=False)
    scritte, conservate = run.guide(cartella, uscita)
    for percorso in scritte:
        console.print(f"[green]scritta[/] {escape(str(percorso))}", soft_wrap=True)
    mostra_conservati(conservate)
    return Fine.FATTO


def relazione(cartella: Path, uscita: Path, con_pubblica: bool, pagine: bool) -> Fine:
    return fine(_documenti(cartella, uscita, con_pubblica, pagine, in_pdf=False).bloccato)


def pdf(cartella: Path, uscita: Path, con_pubblica: bool) -> Fine:
    esito = _documenti(cartella, uscita, con_pubblica, pagine=True, in_pdf=True)
    return fine(bool(esito.bloccato or esito.non_impaginata))


def atti(cartella: Path, uscita: Path, con_pubblica: bool, pagine: bool, in_pdf: bool) -> Fine:
    esito = _documenti(cartella, uscita, con_pubblica, pagine, in_pdf, con_atti=True)
    for documenti in esito.atti:
        mostra_atti(documenti)
    senza = any(documenti.senza_pdf for documenti in esito.atti)
    return fine(bool(esito.bloccato or (in_pdf and (senza or esito.non_impaginata))))


def _documenti(
    cartella: Path, uscita: Path, con_pubblica: bool, pagine: bool, in_pdf: bool, con_atti: bool = False
) -> run.Esito:
    """Make the documents and tell what was made; `pagine`: the index with its page numbers."""
    soffice = impaginatore.trova() if pagine else None
    with console.status("Lettura dei file, controlli, documenti…"):
        esito = run.relazione(cartella, uscita, con_pubblica, soffice, in_pdf, con_atti)
    mostra(esito)
    if esito.fascicolo is None:
        raise typer.Exit(senza_anno("Nessun documento"))
    stato = "BOZZA: qualcosa blocca, vedi sopra" if esito.bloccato else pronti(esito)
    console.print(f"\n[bold]Documenti[/] ({stato}):")
    for percorso in (*esito.documenti, *filter(None, [esito.da_inviare])):
        console.print(f"  {escape(str(percorso))}", soft_wrap=True)
    if esito.non_impaginata and in_pdf:
        senza_pdf(esito.non_impaginata)
    elif not pagine:
        console.print("L'indice della relazione è senza numeri di pagina, come chiesto (PAGINE=no).")
    elif esito.non_impaginata or soffice is None:
        console.print(SENZA_PAGINE)
    mostra_precedenti(esito)
    mostra_pubblica(esito, con_pubblica)
    return esito


def senza_anno(che_cosa: str) -> Fine:
    console.print(f"\n[bold red]{che_cosa}:[/] senza l'anno dell'ente non si può procedere.")
    return Fine.NIENTE


def fine(da_sistemare: bool) -> Fine:
    return Fine.DA_SISTEMARE if da_sistemare else Fine.FATTO


def converti(da: Path) -> Fine:
    """Make the PDF of a Word document, beside it."""
    try:
        finito, conservati = run.converti(da, impaginatore.trova())
    except impaginatore.ConversioneFallita as errore:
        senza_pdf(str(errore))
        return Fine.NIENTE
    console.print(f"[bold]PDF pronto:[/] {escape(str(finito))}", soft_wrap=True)
    mostra_conservati(conservati)
    console.print(
        "L'indice e i testi alternativi delle immagini sono quelli del documento: se è stato ritoccato, "
        "aggiornare l'indice in Word (tasto destro, «Aggiorna campo»), salvare e ripetere."
    )
    return Fine.FATTO


def tracce(cartella: Path) -> Fine:
    """Put the texts of the acts among the workbooks, ready to be changed; those that are there stay."""
    scritte, presenti = run.prepara_tracce(cartella)
    for percorso in scritte:
        console.print(f"[green]creata[/]    {escape(str(percorso))}", soft_wrap=True)
    for percorso in presenti:
        console.print(f"c'era già {escape(str(percorso))}", soft_wrap=True)
    console.print(
        "Si cambiano in Word, testo e aspetto: ciò che sta fra parentesi graffe lo scrive il programma "
        "(docs/atti.md). Quelle che vanno bene come sono si tolgono dalla cartella."
    )
    return Fine.FATTO


def controlla(cartella: Path, uscita: Path) -> Fine:
    esito = run.rimanda(cartella, uscita, avanzamento)
    mostra_consegne(cartella, esito.consegne)
    mostra(esito)
    mostra_nomi(esito)
    mostra_copie(esito)
    if esito.bloccato:
        console.print("\nDa sistemare: finché qualcosa blocca, la relazione esce come BOZZA.")
    return fine(esito.bloccato)


def nucleo(cartella: Path, uscita: Path) -> Fine:
    esito = run.per_il_nucleo(cartella, uscita, avanzamento)
    if esito.fascicolo is None:
        mostra_rilievi(esito.rilievi)
        return senza_anno("Nessun file")
    mostra_per_il_nucleo(esito, cartella)
    return fine(esito.bloccato)


def modelli(cartella: Path, da: Path | None, riscrivi: Path | None) -> Fine:
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
    return fine(da_sistemare) if preparati.scritti or not da_sistemare else Fine.NIENTE


def carta(cartella: Path) -> Fine:
    # imported here: the other commands do not write it
    from pipeline.documents.word import campionario

    percorso = cartella / CARTA_INTESTATA
    denominazione, anno = ingest.chi_e(cartella)
    scrivi_intero(percorso, lambda p: campionario.scrivi(p, denominazione, anno))
    console.print(f"[green]creata[/] {escape(str(percorso))}", soft_wrap=True)
    console.print(
        "Si apre con Word: si cambiano intestazione, piè di pagina, margini e l'aspetto degli stili "
        "(non i loro nomi), e si salva. Il testo serve solo a vederli: nella relazione non passa."
    )
    return Fine.FATTO


def pulisci(uscita: Path, senza_chiedere: bool) -> Fine:
    with pulizia.apri(uscita) as trovata:
        mostra_pulizia(trovata, uscita)
        if trovata.da_togliere and (senza_chiedere or _conferma_la_pulizia()):
            trovata.togli()
            console.print("Fatto.")
    return Fine.FATTO


def _conferma_la_pulizia() -> bool:
    """Ask a person whether to go on. Raises Fermato where there is nobody to ask."""
    if not da_tastiera():
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


def da_tastiera() -> bool:
    """Whether there is a person to answer."""
    return sys.stdin.isatty()
