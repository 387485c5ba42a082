"""The page for the organo di valutazione: what to look at, what results from the data, where to sign."""

from collections.abc import Sequence

from pipeline.documents import cifre
from pipeline.documents.fascicolo import Fascicolo, Scostamento
from pipeline.documents.relazione import constatazioni, esito, obiettivi, rimandi
from pipeline.documents.relazione.in_una_pagina import NUCLEO as TITOLO
from pipeline.documents.relazione.in_una_pagina import TITOLO as UNA_PAGINA
from pipeline.documents.relazione.rimandi import METODO, NON_MISURATI, SCARTI, SOTTO, TUTTI
from pipeline.documents.word.blocchi import Cella, Tavola, forte, legame
from pipeline.documents.word.documento import Documento
from pipeline.numeri import breve, con_segno, numero
from pipeline.parole import citazione, in_frase, maiuscola, quanti
from pipeline.score import NUCLEO, PARAMETRO, Scarto, VoceValutata
from pipeline.tables import VALUTAZIONI, Scheda, chiave_scheda

CONTROLLO = "Lista di controllo per la validazione"
IN_LINEA = "in_linea"
MAX_INDICATORI = 4
"""How many indicatori explain a gap."""
MAX_NOME = 60
GIUDIZIO = "□ sì   □ in parte   □ no"


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the gaps with what explains them, the gradi on no measure, the check-list, the signature."""
    scarti = fascicolo.valutazione.coerenza
    trovato = f"{TITOLO}: {constatazioni.del_nucleo(len(scarti))}"
    documento.capitolo(trovato, testo=TITOLO)
    if scarti:
        _scarti(documento, fascicolo, scarti)
    else:
        documento.testo(cifre.nessuno_scarto(fascicolo), "Messaggio")
    for frase in (*_senza_misura(fascicolo), *_del_nucleo(fascicolo), *_non_in_linea(fascicolo)):
        documento.testo(frase, "Contesto")
    documento.titolo(CONTROLLO)
    documento.tabella(
        Tavola(
            CONTROLLO,
            ("Criterio", "Che cosa risulta dai dati", "Giudizio dell'organo"),
            [(criterio, fatto, GIUDIZIO) for criterio, fatto in _controlli(fascicolo)],
            (4.6, 9.0, 3.4),
        ),
        numerata=False,
    )
    _conclusione(documento, fascicolo)


def _scarti(documento: Documento, fascicolo: Fascicolo, scarti: list[Scarto]) -> None:
    righe: list[Sequence[Cella]] = [
        (
            rimandi.alla_scheda(fascicolo, chiave_scheda(scarto.scheda)),
            dichiarato,
            misurato,
            punti,
            _che_cosa_lo_spiega(fascicolo, scarto.scheda),
            "□ confermato\n\n□ da rivedere",
        )
        for scarto, dichiarato, misurato, punti in cifre.scarti_in_colonna(scarti)
    ]
    documento.tabella(
        Tavola(
            SCARTI,
            ("Scheda", "Dichiarato", "Misurato", "Scarto", "Che cosa lo spiega", "Nota dell'organo"),
            righe,
            (1.4, 1.8, 1.6, 1.6, 8.4, 2.2),
            cifre={1, 2, 3},
            detto=f"Distano più di {numero(fascicolo.parametri.tolleranza)} punti: "
            f"{quanti(len(scarti), 'scheda', 'schede')} su {fascicolo.con_due_gradi} con i due gradi, "
            "dalla differenza maggiore",
        )
    )


def _che_cosa_lo_spiega(fascicolo: Fascicolo, scheda: Scheda) -> str:
    """The indicatori under the atteso, why they are, and what is noted in the valutazione."""
    sotto = sorted(fascicolo.scostamenti_di(scheda), key=lambda scostamento: scostamento.grado)
    detti = list(map(_detto, sotto[:MAX_INDICATORI]))
    if len(sotto) > MAX_INDICATORI:
        detti.append(f"altri {len(sotto) - MAX_INDICATORI} nella scheda")
    titolo = citazione(in_frase(scheda["titolo"]), MAX_NOME)
    punto = "" if titolo.endswith("…") else "."
    spiegano = "; ".join(detti) or "nessun indicatore sotto l'atteso"
    frasi = [spiegano, *_motivo_e_note(fascicolo.voci_di(scheda), any(s.motivo for s in sotto))]
    return f"{forte(titolo)}{punto} {'. '.join(frasi)}."


def _motivo_e_note(voci: list[VoceValutata], altrove: bool) -> list[str]:
    """The reason that the responsabile gives for the voci of a scheda, and what is noted of them; where
    there is no reason here nor `altrove`, that it is not written."""
    motivi, note = esito.motivi_e_note(voci)
    frasi = [f"Motivo: {' '.join(motivi)}"] if motivi else []
    if not motivi and not altrove:
        frasi = ["Motivo non scritto"]
    return frasi + ([f"Nota: {' '.join(note)}"] if note else [])


def _detto(scostamento: Scostamento) -> str:
    i = scostamento.indicatore
    motivo = f" (motivo: {in_frase(scostamento.motivo)})"
    return (
        f"{in_frase(i['indicatore'])}: atteso {in_frase(i['atteso'])}, raggiunto "
        f"{in_frase(i['raggiunto'])} → {con_segno(breve(scostamento.grado))}"
        # the notes of a voce are quoted once, at the end
        + (motivo if scostamento.motivo and not scostamento.della_voce else "")
    )


def note_di(voce: VoceValutata) -> list[str]:
    """The reason that the responsabile gives, then the note of who values it."""
    return [nota for nota in (voce.riga["note_responsabile"], voce.note) if nota]


def _senza_misura(fascicolo: Fascicolo) -> list[str]:
    """How many gradi stand on the word of who gave them alone."""
    senza, tutti = fascicolo.valutazione.senza_misura, len(fascicolo.valutazione.col_grado)
    if not senza:
        return []
    obiettivi_senza = quanti(len(senza), "obiettivo", "obiettivi")
    detto = f"{forte('Un grado e nessun indicatore che si misuri')}: {obiettivi_senza} su {tutti}"
    if fissati := len(fascicolo.valutazione.contano) - tutti:
        detto += f", senza contare {quanti(fissati, 'fissato', 'fissati')} dall'ente"
    schede = [scheda for obiettivo in senza for scheda in obiettivo.voce.coperte]
    quali = f" ({rimandi.alle_schede(fascicolo, schede)})" if len(senza) < tutti and schede else ""
    return [f"{detto}{quali}."]


def _del_nucleo(fascicolo: Fascicolo) -> list[str]:
    """The gradi that the organo and the ente have given, beside those that were declared."""
    dati: dict[str, list[str]] = {NUCLEO: [], PARAMETRO: []}
    for obiettivo in fascicolo.valutazione.contano:
        voce = obiettivo.voce
        if voce.origine in dati:
            dove = obiettivi.codici(fascicolo, voce)
            detto = f" (dichiarato {breve(voce.dichiarato)})" if voce.dichiarato is not None else ""
            grado = con_segno(breve(obiettivo.grado))
            dati[voce.origine].append(f"{dove}:\N{NO-BREAK SPACE}{grado}{detto}")
    titoli = {
        NUCLEO: cifre.ATTRIBUITI[NUCLEO],
        PARAMETRO: "Fissati dall'ente, perché non consuntivati",
    }
    detti = [f"{forte(titoli[chi])}: {'; '.join(suoi)}." for chi, suoi in dati.items() if suoi]
    return [" ".join(detti)] if detti else []


def _non_in_linea(fascicolo: Fascicolo) -> list[str]:
    """The schede whose responsabile ticked another box than "in linea", box by box."""
    valutate = [scheda for scheda in fascicolo.schede if scheda["valutazione"]]
    if not valutate:
        return []
    frasi = []
    for valutazione, detto in VALUTAZIONI.items():
        sue = [chiave_scheda(s) for s in valutate if s["valutazione"] == valutazione]
        if sue and valutazione != IN_LINEA:
            frasi.append(f"{forte(f'Schede {detto}')}: {rimandi.alle_schede(fascicolo, sue)}.")
    return frasi or [
        f"Schede con lo stato di avanzamento: {len(valutate)}, tutte in linea con le attese."
    ]


def _dell_anticorruzione(fascicolo: Fascicolo) -> str:
    sue = [chiave_scheda(scheda) for scheda in fascicolo.di_anticorruzione]
    if not sue:
        return "Nessuna scheda la nomina nel titolo: da verificare."
    return f"La nominano nel titolo {rimandi.alle_schede(fascicolo, sue)}: da verificare."


def _controlli(fascicolo: Fascicolo) -> list[tuple[str, str]]:
    """The criteria of the validation, each with what results from the data. Source: linee guida DFP
    3/2018, par. 4, letters a-k, as far as they are for an ente locale; j and k (brevity, clarity) are
    one line."""
    figure, ente = cifre.cifre(fascicolo), fascicolo.ente
    valutazione, imbuto = fascicolo.valutazione, fascicolo.imbuto()
    valutati, distinti = len(valutazione.contano), len(valutazione.distinti)
    del_nucleo = cifre.attribuiti(fascicolo, NUCLEO)
    note = sum(bool(note_di(v)) for s in fascicolo.settori for v in fascicolo.voci(s.settore))
    lontane = len(valutazione.coerenza)
    return [
        ("Coerenza con il Piano", "Il Piano non è fra i dati: il confronto si fa sul documento."),
        (
            "Gradi dell'organo e dell'ente",
            f"{rimandi.a(TUTTI, quanti(del_nucleo, 'grado attribuito', 'gradi attribuiti'))} "
            "dall'organo; "
            f"{rimandi.a(SCARTI, quanti(lontane, 'scarto', 'scarti'))} oltre "
            f"{numero(fascicolo.parametri.tolleranza)} punti.",
        ),
        (
            "Risultati per tutti gli obiettivi",
            f"{rimandi.a(TUTTI, f'{valutati} valutati su {distinti}')}; "
            f"{len(valutazione.esclusi)} esclusi con motivo; "
            f"{figure[cifre.FUORI].valore} schede senza voce.",
        ),
        (
            "Anticorruzione e trasparenza",
            _dell_anticorruzione(fascicolo),
        ),
        (
            "Metodo di calcolo",
            f"{imbuto.misurati} misurati con regole scritte; "
            f"{rimandi.a(NON_MISURATI, f'{imbuto.indicatori - imbuto.misurati} no')}, con il motivo.",
        ),
        (
            "Affidabilità dei dati",
            f"Dichiarati dai settori, letti senza ricopiarli: consegne {len(fascicolo.consegnate)} su "
            f"{len(fascicolo.ordine)}.",
        ),
        (
            "Scostamenti indicati e motivati",
            f"{rimandi.a(SOTTO, maiuscola(cifre.scostamenti(fascicolo)))}; note in {note} "
            f"voci su {figure[cifre.VOCI].scritta}.",
        ),
        ("Processo descritto", f"Nella {legame(METODO, 'nota sul metodo')}."),
        (
            "Norme e termini",
            f"Data della relazione: {ente.get('data') or 'non indicata'}; termine di legge: 30/06/"
            f"{fascicolo.anno + 1}.",
        ),
        (
            "Sintesi e chiarezza",
            f"{legame(UNA_PAGINA, 'Una pagina di sintesi')}, codici e parole spiegati.",
        ),
    ]


def _conclusione(documento: Documento, fascicolo: Fascicolo) -> None:
    documento.titolo("Conclusione")
    documento.testo(
        "□ La relazione è validata.   □ È validata con osservazioni.   □ Non è validata.", tieni=True
    )
    organo = fascicolo.ente.get("valutatore") or "l'organo di valutazione"
    firma = f"Firma – {organo}"
    for etichetta in ("Osservazioni", "Data", firma):
        documento.testo(f"{etichetta}\t", "Riga da compilare", tieni=etichetta != firma)
