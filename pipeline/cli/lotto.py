"""Many enti: what the command says while it goes, and how it ends."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from pipeline.cli.percorsi import indicata
from pipeline.cli.schermo import PRIMI, console, mostra_conservati
from pipeline.documents.manifest import Chiesto
from pipeline.fine import Fermato, Fine
from pipeline.lotto import diario
from pipeline.lotto.enti import Fatto, Trovate, e_di_un_ente, trova
from pipeline.parole import elenco_di, leggibile, quanti

SENZA_DASK = (
    "Per molti enti serve una parte del programma che qui non c'è. La prepara make lotto, oppure:\n"
    "    .venv/bin/python -m pip install --require-hashes -r requirements-lotto.txt"
)
DA_CORREGGERE = ("bozza", "nessun documento")
DA_LEGGERE = (
    "Prima di pubblicare, ogni edizione va letta da una persona: in ogni cartella il file "
    "da_rileggere_…_NON_PUBBLICARE.txt dice che cosa è stato tolto e che cosa rileggere."
)
OGNI = 60.0
"""Every how many seconds a line says how far it is, out of a terminal."""


def esegui(
    cartella: Path, uscita: Path, chiesto: Chiesto, scheduler: str, processi: int, nomi: bool
) -> Fine:
    """Do the enti of a folder, tell how they went and write what is told of all of them; with `nomi` the
    comparison has their names. Raises Fermato, CartellaInUso and OSError."""
    trovate = _da_fare(cartella, uscita)
    apri, lavora = _cluster(scheduler, processi, len(trovate.enti))
    _annuncia(cartella, uscita, trovate)
    fatti: list[Fatto] = []
    try:
        with diario.apri(uscita) as annota:
            with apri() as client, _avanti(len(trovate.enti)) as segna:
                for fatto in lavora(client, trovate.enti, uscita, chiesto):
                    annota(fatto)
                    fatti.append(fatto)
                    segna(fatti)
            _riassumi(fatti, cartella, uscita)
            if chiesto.pubblica:
                console.print(DA_LEGGERE, soft_wrap=True)
            _tutti_insieme(trovate.enti, uscita, fatti, nomi)
    except KeyboardInterrupt:
        raise Fermato(
            f"\nInterrotto: {len(fatti)} di {len(trovate.enti)}. Nessun documento è rimasto a metà. "
            "Ripetere lo stesso comando: riprende dai mancanti.",
            Fine.INTERROTTO,
        ) from None
    return _fine(fatti)


def _da_fare(cartella: Path, uscita: Path) -> Trovate:
    trovate = trova(cartella)
    if not trovate.enti:
        una = (
            f"{cartella} è la cartella di un ente solo: make relazione. "
            if e_di_un_ente(cartella)
            else f"In {cartella} nessuna cartella ha un ente.xlsx. "
        )
        raise Fermato(
            f"{una}Per molti enti serve una cartella che ne abbia una per ente, ognuna con il suo "
            "ente.xlsx: make lotto CARTELLA=enti."
        )
    if uscita == cartella or {uscita, *uscita.parents} & {*trovate.enti}:
        raise Fermato(
            f"In {uscita} ci sono i file da leggere: ciò che si scrive vi si mescolerebbe. Indicare "
            "un'altra cartella, per esempio USCITA=output_enti."
        )
    return trovate


def _cluster(
    scheduler: str, processi: int, enti: int
) -> tuple[Callable[[], AbstractContextManager[Any]], Callable[..., Iterator[Fatto]]]:
    """What opens the processes, and what has the enti done by them. Raises Fermato."""
    try:
        from pipeline.lotto import cluster
    except ModuleNotFoundError as errore:
        if errore.name not in ("dask", "distributed"):
            raise
        raise Fermato(SENZA_DASK) from None
    if scheduler:
        return lambda: cluster.lontano(scheduler), cluster.esegui
    return lambda: cluster.locale(processi, enti), cluster.esegui


def _annuncia(cartella: Path, uscita: Path, trovate: Trovate) -> None:
    quante = quanti(len(trovate.enti), "ente", "enti")
    console.print(Text(f"{quante} in «{cartella}», i documenti in «{uscita}»."), soft_wrap=True)
    if trovate.altre:
        nomi = [f"«{leggibile(percorso.name)}»" for percorso in trovate.altre[:PRIMI]]
        altri = len(trovate.altre) - len(nomi)
        elenco = elenco_di([*nomi, f"altre {altri}"] if altri else nomi)
        console.print(Text(f"Senza ente.xlsx, e perciò lasciate: {elenco}."), soft_wrap=True)


# ------------------------------------------------------------------------------------ while it goes


@contextmanager
def _avanti(tutti: int) -> Iterator[Callable[[list[Fatto]], None]]:
    """What is told the enti done so far: a bar, or a line now and then; and one for each that fails."""
    inizio = detto = time.monotonic()
    barra = Progress(
        TextColumn("Enti"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[ritmo]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    lavoro = barra.add_task("", total=tutti, ritmo="")

    def segna(fatti: list[Fatto]) -> None:
        nonlocal detto
        if fatti[-1].esito == "non riuscito":
            _mostra_mancato(fatti[-1])
        ora = time.monotonic()
        al_minuto = 60 * len(fatti) / max(ora - inizio, 0.001)
        barra.update(lavoro, completed=len(fatti), ritmo=f"{al_minuto:.0f} al minuto")
        if barra.disable and ora - detto > OGNI and len(fatti) < tutti:
            detto = ora
            minuti = round((tutti - len(fatti)) / al_minuto) or 1
            mancano = f"resta{'no' * (minuti > 1)} circa {quanti(minuti, 'minuto', 'minuti')}"
            console.print(f"{len(fatti)} di {tutti}, {al_minuto:.0f} al minuto; {mancano}.")

    with barra:
        yield segna


def _mostra_mancato(fatto: Fatto) -> None:
    console.print(
        Text.assemble((f"{leggibile(fatto.ente)} ", "bold red"), f"non riuscito: {fatto.perche}"),
        soft_wrap=True,
    )


# ------------------------------------------------------------------------------------------ the end


def _riassumi(fatti: list[Fatto], cartella: Path, uscita: Path) -> None:
    """How many went well, and those that did not, with why."""
    conti = Counter(fatto.esito for fatto in fatti)
    gia = sum(fatto.gia_fatto for fatto in fatti)
    coda = (
        f" (di cui {quanti(gia, 'già fatto e non cambiato', 'già fatti e non cambiati')})" if gia else ""
    )
    console.print(
        f"\n[bold]Enti:[/] {len(fatti)}{coda}. Documenti pronti {conti['pronti']}, BOZZA "
        f"{conti['bozza']}, nessun documento {conti['nessun documento']}, non riusciti "
        f"{conti['non riuscito']}.",
        soft_wrap=True,
    )
    for esito, titolo in (
        ("bozza", "BOZZA, qualcosa blocca"),
        ("nessun documento", "Nessun documento"),
        ("non riuscito", "Non riusciti"),
    ):
        _elenca(titolo, [(fatto.ente, fatto.perche) for fatto in fatti if fatto.esito == esito])
    if da_correggere := min((f.ente for f in fatti if f.esito in DA_CORREGGERE), default=""):
        una = Text(
            f"  Che cosa scrivere, cella per cella: controlla {indicata(cartella / da_correggere)}"
        )
        console.print(una, soft_wrap=True)
    _elenca("Da sapere", [(fatto.ente, nota) for fatto in fatti for nota in fatto.note])
    console.print(Text(f"\nEnte per ente: {uscita / diario.NOME}"), soft_wrap=True)


def _tutti_insieme(cartelle: list[Path], uscita: Path, fatti: list[Fatto], nomi: bool) -> None:
    # imported here: what is wrong with the command is said before
    from pipeline.lotto import insieme

    console.print("Tutti insieme:")  # of many, it takes a while
    scritti = insieme.scrivi(cartelle, uscita, fatti, nomi)
    for percorso in scritti.documenti:
        console.print(Text(f"  {percorso}"), soft_wrap=True)
    for nota in scritti.note:
        console.print(Text(nota), soft_wrap=True)
    mostra_conservati(scritti.conservati)


def _elenca(titolo: str, righe: list[tuple[str, str]]) -> None:
    """The first of the lines, each of an ente."""
    if not righe:
        return
    console.print(f"\n[bold]{titolo}[/]:")
    for ente, detto in sorted(righe)[:PRIMI]:
        console.print(Text(f"  {leggibile(ente)}: {detto}"), soft_wrap=True)
    if len(righe) > PRIMI:
        console.print(f"  … {len(righe)} in tutto, nell'elenco detto qui sotto.")


def _fine(fatti: list[Fatto]) -> Fine:
    esiti = {fatto.esito for fatto in fatti}
    if not esiti & {"pronti", "bozza"}:
        return Fine.NIENTE
    return Fine.FATTO if esiti == {"pronti"} else Fine.DA_SISTEMARE
