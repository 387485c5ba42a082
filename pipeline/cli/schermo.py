"""What the commands say on the screen."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import track
from rich.table import Table
from rich.text import Text

from pipeline import modelli as preparazione
from pipeline import nominativi, numeri, run
from pipeline.celle import intervalli
from pipeline.consegne import MANCANTE, VUOTA, Consegna, Stato
from pipeline.documents.atti import Documenti
from pipeline.documents.fascicolo import Fascicolo
from pipeline.ingest import Quadratura
from pipeline.parole import elenco_di, quanti
from pipeline.pulizia import Pulizia
from pipeline.rilievi import GRAVITA, Rilievo
from pipeline.uffici import Natura
from pipeline.workbooks.nucleo import FILE as FILE_NUCLEO

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

console = Console(highlight=False)


def pronti(esito: run.Esito) -> str:
    """That the documents can go, with what was left to correct."""
    restano = sum(rilievo.gravita == "da correggere" for rilievo in esito.rilievi)
    da_correggere = quanti(restano, "cosa da correggere", "cose da correggere")
    return f"pronti, ma con {da_correggere} prima di pubblicare" if restano else "pronti"


def senza_pdf(perche: str) -> None:
    console.print(f"\n[bold red]Nessun PDF.[/] {escape(perche)}")


def mostra_precedenti(esito: run.Esito) -> None:
    """What became of the documents of earlier runs."""
    mostra_conservati(esito.conservati)
    for percorso in esito.tolti:
        console.print(Text(f"Tolto, perché di un'edizione precedente: {percorso}"), soft_wrap=True)


def mostra_conservati(conservati: list[Path]) -> None:
    for percorso in conservati:
        console.print(
            Text(f"Non era come il programma l'ha scritto, e resta con un altro nome: {percorso}"),
            soft_wrap=True,
        )
    if conservati:
        console.print("Se ha ritocchi o note che servono ancora, vanno riportati in quello nuovo.")


def mostra_per_il_nucleo(esito: run.Esito, cartella: Path) -> None:
    """The workbook of the Nucleo, what it has written in it already, and what becomes of it."""
    assert esito.fascicolo is not None
    distinti = [distinto.voce for distinto in esito.fascicolo.valutazione.distinti]
    visti = sum(voce.riga["visto"] for voce in distinti)
    gradi = sum(voce.del_nucleo is not None for voce in distinti)
    note = sum(bool(voce.riga["note_giudizio"]) for voce in distinti)
    mostra_rilievi([r for r in esito.rilievi if r.regola.nucleo or r.file == FILE_NUCLEO])
    for percorso in esito.documenti:
        console.print(Text(f"\nPer il Nucleo: {percorso}"), soft_wrap=True)
    console.print(
        f"{quanti(len(distinti), 'obiettivo', 'obiettivi')}, i comuni a più settori una volta sola; già "
        f"scritti dal Nucleo: {quanti(visti, 'visto', 'visti')}, {quanti(gradi, 'grado', 'gradi')}, "
        f"{quanti(note, 'nota', 'note')}."
    )
    console.print(
        Text(
            f"Quando torna compilato si mette in {cartella} come {FILE_NUCLEO}, e si rifà la relazione."
        ),
        soft_wrap=True,
    )
    mostra_conservati(esito.conservati)


def mostra_pubblica(esito: run.Esito, chiesta: bool) -> None:
    """What became of the edition to be published: what was omitted, what is to be read again."""
    if esito.edizione is None:
        if chiesta:
            console.print(
                "\n[bold red]Nessuna edizione per la pubblicazione:[/] una BOZZA non si pubblica."
            )
        return
    # imported here: what finds the personal data is slow to load
    from pipeline.documents import pubblica

    console.print("\n[bold]Edizione per la pubblicazione[/]")
    pagina, *dati = esito.aperti
    console.print(f"  {escape(str(pagina))}", soft_wrap=True)
    console.print(f"  {escape(str(dati[0].parent))} ({len(dati)} file)", soft_wrap=True)
    if not any(percorso.suffix == ".parquet" for percorso in dati):
        console.print(pubblica.SENZA_PARQUET, soft_wrap=True)
    console.print(pubblica.TOLTI)
    console.print(esito.edizione.conto)
    _mostra_primi(esito.edizione.omissioni)
    if esito.edizione.da_rileggere:
        console.print(
            "Da rileggere: parole e numeri lasciati nei testi, che possono essere di una persona."
        )
        _mostra_primi(esito.edizione.da_rileggere)
    console.print(f"[bold]{pubblica.DA_LEGGERE}[/]")


def _mostra_primi(elenco: list[str]) -> None:
    for riga in elenco[:PRIMI]:
        console.print(Padding(Text(riga), (0, 0, 0, 2)))
    if len(elenco) > PRIMI:
        console.print(f"  … {len(elenco)} in tutto: l'elenco è nel file NON_PUBBLICARE.")


def mostra_atti(atti: Documenti) -> None:
    """The folder for the delibera: its documents, and what is still to be completed in them."""
    console.print(Text.assemble(("\nAtti", "bold"), f" in {atti.cartella}:"), soft_wrap=True)
    for percorso, titolo in atti.titoli.items():
        console.print(Text(f"  {percorso.name}: {titolo}"), soft_wrap=True)
    if atti.archivio:
        console.print(Text(f"  {atti.archivio.name}: tutto quanto, da mandare"), soft_wrap=True)
    else:
        console.print("  Senza archivio zip: una BOZZA non si manda.")
    if atti.mancanti:
        console.print("[bold]Da completare[/], segnati negli atti con \\[da completare: …]:")
    for mancante, documenti in atti.mancanti.items():
        console.print(Text(f"  {mancante.dove}: {elenco_di(documenti)}"), soft_wrap=True)
    if atti.senza_pdf:
        senza_pdf(atti.senza_pdf)


def che_cosa_fare(preparati: preparazione.Preparati, dall_anno_prima: bool) -> None:
    nomi = [percorso.name for percorso in preparati.scritti]
    if nomi == ["ente.xlsx"]:
        console.print("Compilare i fogli Ente e Settori di ente.xlsx, poi ripetere lo stesso comando.")
    elif nomi:
        console.print(f"File pronti da compilare: {len([n for n in nomi if n != 'ente.xlsx'])}.")
    if dall_anno_prima and "ente.xlsx" in nomi:
        console.print("Riportati anche i testi della relazione: rileggere il foglio Testi di ente.xlsx.")
    if dall_anno_prima and preparati.presenti:
        console.print(
            "Con DA i file che ci sono già non si toccano: per riportare tutto serve una cartella nuova."
        )


def mostra_pulizia(trovata: Pulizia, uscita: Path) -> None:
    """What would be taken away, and what stays."""
    if trovata.restano:
        console.print("[bold]Restano[/], perché non sono come il programma li ha scritti:")
        for percorso in trovata.restano:
            console.print(Text(f"  {percorso}"), soft_wrap=True)
    if not trovata.da_togliere:
        console.print(Text(f"In {uscita} non c'è niente da cancellare."), soft_wrap=True)
        return
    console.print(f"[bold]Da cancellare[/] ({len(trovata.da_togliere)} file):")
    for percorso in trovata.da_togliere:
        console.print(Text(f"  {percorso}"), soft_wrap=True)


def avanzamento(che_cosa: str, percorsi: list[Path]) -> Iterable[Path]:
    """Go through files with a bar that goes away at the end; nothing of it out of a terminal."""
    silenzio = not console.is_terminal
    return track(percorsi, che_cosa, console=console, transient=True, disable=silenzio)


def mostra(esito: run.Esito) -> None:
    """What the year comes to and what is left to do; then whence, and every finding."""
    if esito.fascicolo is not None:
        mostra_percentuali(esito.fascicolo)
    mostra_da_fare(esito.rilievi)
    mostra_lettura(esito.raccolta.quadrature)
    mostra_rilievi(esito.rilievi)


def mostra_da_fare(rilievi: list[Rilievo]) -> None:
    """What the office has to do about the findings, the most urgent first: one line each."""
    console.print("\n[bold]Che cosa fare[/]")
    for riga in _da_fare(rilievi):
        console.print(Padding(Text(riga), (0, 0, 0, 2)))


_DA_CHIEDERE = {MANCANTE: "Farsi mandare", VUOTA: "Far compilare"}
"""Code of a finding that is mended by a settore handing in its file -> what the office does about it."""


def _da_fare(rilievi: list[Rilievo]) -> list[str]:
    bloccano = [r for r in rilievi if r.gravita == "blocca" and r.codice not in _DA_CHIEDERE]
    da_correggere = [r for r in rilievi if r.gravita == "da correggere"]
    schede = {_scheda(r) for r in rilievi if r.regola.nucleo}
    avvisi = sum(r.gravita == "avviso" and not r.regola.nucleo for r in rilievi)
    righe = []
    for codice, chiedere in _DA_CHIEDERE.items():
        if loro := [r for r in rilievi if r.codice == codice]:
            righe.append(f"{chiedere} {len(loro)} file: per ora è una BOZZA ({_in_quali_file(loro)}).")
    if bloccano:
        quante = quanti(len(bloccano), "cosa che blocca", "cose che bloccano")
        righe.append(f"Correggere {quante}: finché ce ne sono è una BOZZA ({_in_quali_file(bloccano)}).")
    if da_correggere:
        quante = quanti(len(da_correggere), "cosa", "cose")
        righe.append(f"Correggere {quante} prima di pubblicare ({_in_quali_file(da_correggere)}).")
    if schede:
        righe.append(f"Guardare con il Nucleo {quanti(len(schede), 'scheda', 'schede')}.")
    if avvisi:
        righe.append(f"Leggere {quanti(avvisi, 'avviso', 'avvisi')}: dove va bene così, nulla da fare.")
    return righe or ["Niente: in ciò che è stato letto non c'è nulla da correggere."]


def _in_quali_file(rilievi: list[Rilievo]) -> str:
    file = list(dict.fromkeys(rilievo.file for rilievo in rilievi))
    altri = len(file) - PRIMI
    return elenco_di([*file[:PRIMI], quanti(altri, "altro", "altri")] if altri > 0 else file)


def mostra_lettura(quadrature: list[Quadratura]) -> None:
    """That nothing read was lost, in one line; the files in which something was, with their counts."""
    perse = [quadratura for quadratura in quadrature if not quadratura.torna]
    if not perse:
        file = quanti(len(quadrature), "file letto", "file letti")
        celle = quanti(sum(q.compilate for q in quadrature), "cella compilata", "celle compilate")
        console.print(
            f"\n{file}, {celle}: tutte in tabella o nei rilievi, la quadratura torna.", soft_wrap=True
        )
        return
    tabella = Table(title="\nCelle che mancano", title_justify="left", box=None, pad_edge=False)
    tabella.add_column("File", no_wrap=True, overflow="ignore")
    for colonna in ("compilate", "in tabella", "nei rilievi", ""):
        tabella.add_column(colonna, justify="right")
    for q in perse:
        conti = (str(n) for n in (q.compilate, q.in_tabelle, q.in_rilievi))
        tabella.add_row(Text(q.file), *conti, "[bold red]NON TORNA[/]")
    console.print(tabella)


def mostra_consegne(cartella: Path, consegne: list[Consegna]) -> None:
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
    console.print(tabella)


def mostra_copie(esito: run.Esito) -> None:
    console.print("\n[bold]Documenti[/]:")
    controlli, *copie = esito.documenti
    console.print(Text(f"  {controlli}"), soft_wrap=True)
    if copie:
        quante = f"{len(copie)} copie" if len(copie) > 1 else "una copia"
        console.print(Text(f"  {copie[0].parent}: {quante} da rimandare"), soft_wrap=True)
    for percorso in esito.lasciate:
        console.print(Text(f"  {percorso}: lasciata com'è, qualcuno l'ha modificata"), soft_wrap=True)
    mostra_conservati(esito.conservati)
    if esito.senza_copia:
        console.print("\n[bold]Senza copia da rimandare[/]:")
        for file, perche in esito.senza_copia.items():
            console.print(Text.assemble(("  " + file, "bold"), f": {perche}"))
        rimedio = (
            f"Le correzioni da girare al responsabile sono nel foglio Dettaglio di {controlli.name}."
        )
        console.print(Padding(Text(f"→ {rimedio}"), (0, 0, 0, 4)))


MOLTE = 4
"""From how many findings of a kind in a sheet they are told together, though they differ in words."""


PER_MOTIVO = ("V36",)
"""Told once for each motive of a file: they may be many."""
PER_FILE = ("V42",)
"""Told once for each file: there is one motive, and every value is another."""


def mostra_rilievi(rilievi: list[Rilievo]) -> None:
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
    console.print("\n[bold]Rilievi:[/] " + ", ".join(conti) + dove)
    gruppi: dict[tuple[str, str, str], list[Rilievo]] = {}
    for rilievo in (r for r in rilievi if not r.regola.nucleo):
        file = "" if rilievo.codice == VUOTA else rilievo.file
        gruppi.setdefault((rilievo.codice, file, _parte(rilievo)), []).append(rilievo)
    for gruppo in gruppi.values():
        uguali = len({(rilievo.messaggio, rilievo.rimedio) for rilievo in gruppo}) == 1
        insieme = uguali or len(gruppo) >= MOLTE or gruppo[0].codice in PER_FILE
        if len(gruppo) == 1 or not insieme:
            for rilievo in gruppo:
                _mostra_rilievo(rilievo, rilievo.dove)
        else:
            _mostra_rilievo(gruppo[0], _dove(gruppo), "" if uguali else " (la prima)")
    _mostra_per_il_nucleo([r for r in rilievi if r.regola.nucleo])


def _parte(rilievo: Rilievo) -> str:
    """What keeps apart the findings of a kind in a file."""
    if rilievo.codice in PER_FILE:
        return ""
    return rilievo.messaggio if rilievo.codice in PER_MOTIVO else rilievo.foglio


def _dove(gruppo: list[Rilievo]) -> str:
    """Where several findings of a kind are: in the cells of a sheet, in its sheets, in some files."""
    celle: dict[str, list[str]] = {}
    for rilievo in gruppo:
        if rilievo.cella:
            celle.setdefault(rilievo.foglio, []).append(rilievo.cella)
    if not celle:
        return ", ".join(rilievo.file for rilievo in gruppo)
    fogli = [
        f"foglio «{nome}», {'celle' if len(sue) > 1 else 'cella'} {', '.join(intervalli(sue))}"
        for nome, sue in celle.items()
    ]
    return f"{gruppo[0].file}, {'; '.join(fogli)}: {len(gruppo)} celle"


def _mostra_per_il_nucleo(rilievi: list[Rilievo]) -> None:
    """The schede whose grado is doubtful, each once, with all that is said of it."""
    schede: dict[tuple[str, str, str], list[Rilievo]] = {}
    for rilievo in rilievi:
        schede.setdefault(_scheda(rilievo), []).append(rilievo)
    if not schede:
        return
    console.print(f"\n[bold]Da guardare con il Nucleo:[/] {quanti(len(schede), 'scheda', 'schede')}")
    for sue in schede.values():
        codici = ", ".join(dict.fromkeys(rilievo.codice for rilievo in sue))
        console.print(Text.assemble((f"{codici} ", PAROLE["avviso"][2]), (sue[0].dove, "bold")))
        for rilievo in sue:
            console.print(Padding(Text(rilievo.messaggio), (0, 0, 0, 4)))
    console.print("→ Il responsabile corregge o spiega; altrimenti decide il Nucleo, con il suo grado.")


def _scheda(rilievo: Rilievo) -> tuple[str, str, str]:
    return rilievo.file, rilievo.foglio, rilievo.dati["scheda"]


def _mostra_rilievo(rilievo: Rilievo, dove: str, quale: str = "") -> None:
    _, _, stile = PAROLE[rilievo.gravita]
    console.print(Text.assemble((f"{rilievo.codice} ", stile), (dove, "bold")))
    console.print(Padding(Text(rilievo.messaggio + quale), (0, 0, 0, 4)))
    console.print(Padding(Text(f"→ {rilievo.rimedio}"), (0, 0, 0, 4)))


def mostra_nomi(esito: run.Esito) -> None:
    """How many names were taken for people and for offices, and where the list is."""
    conti = Counter(letto.natura for letto in nominativi.letti(esito.raccolta.tabelle))
    if not conti:
        return
    dubbi = conti[Natura.DUBBIO] + conti[Natura.FORSE]
    parti = [
        quanti(conti[Natura.PERSONA], "persona", "persone"),
        quanti(conti[Natura.UFFICIO], "ufficio", "uffici"),
        *([f"{dubbi} da chiarire"] if dubbi else []),
    ]
    console.print(
        f"\nNomi di chi risponde: {elenco_di(parti)}. Da guardare prima di pubblicare, nel foglio "
        f"«Persone e uffici» di {escape(esito.documenti[0].name)}."
    )


def mostra_percentuali(fascicolo: Fascicolo) -> None:
    if fascicolo.niente_ancora:
        console.print(f"\n[bold]{fascicolo.niente_ancora}[/]")
        return
    titolo = "\nPercentuali" + (" PROVVISORIE: qualcosa blocca" if fascicolo.bozza else "")
    tabella = Table(title=titolo, title_justify="left", box=None, pad_edge=False)
    tabella.add_column("Settore")
    for colonna in ("Voci", "Valutate", "Escluse", "Grado %"):
        tabella.add_column(colonna, justify="right")
    for settore in fascicolo.settori:
        conti = (str(n) for n in (settore.obiettivi, settore.valutati, settore.esclusi))
        grado = numeri.percentuale(settore.grado) or "non calcolabile"
        tabella.add_row(Text(settore.denominazione), *conti, grado)
    valutazione = fascicolo.valutazione
    pubblicata = numeri.percentuale(valutazione.ente) or "non calcolabile"
    con_grado = sum(settore.grado is not None for settore in fascicolo.settori)
    su_quanti = (
        "" if con_grado == len(fascicolo.settori) else f", {con_grado} su {len(fascicolo.settori)}"
    )
    regola = f"[bold]Ente ({valutazione.regola}{su_quanti})[/]"
    tabella.add_row(regola, "", "", "", f"[bold]{pubblicata}[/]")
    console.print(tabella)
