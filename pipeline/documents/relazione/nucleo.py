"""The page for the organo di valutazione: what to look at, what results from the data, where to sign."""

from collections.abc import Sequence

from pipeline.documents import cifre
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import constatazioni, rimandi
from pipeline.documents.relazione.in_una_pagina import NUCLEO as TITOLO
from pipeline.documents.relazione.titoli import titolo_o
from pipeline.documents.word.blocchi import Cella, Tavola, forte
from pipeline.documents.word.documento import Documento
from pipeline.numeri import breve, con_segno, in_colonna, numero
from pipeline.parole import citazione, in_frase, quanti
from pipeline.score import NUCLEO, Scarto, VoceValutata
from pipeline.tables import VALUTAZIONI, Scheda, chiave_scheda

SCARTI = "Scostamenti fra grado dichiarato e misurato"
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
    documento.capitolo(titolo_o(fascicolo, TITOLO, trovato), testo=TITOLO)
    tolleranza = numero(fascicolo.parametri.tolleranza)
    if scarti:
        _scarti(documento, fascicolo, scarti)
    else:
        documento.testo(_nessuno_scarto(fascicolo, tolleranza), "Messaggio")
    for frase in (*_senza_misura(fascicolo), *_del_nucleo(fascicolo), *_non_in_linea(fascicolo)):
        documento.testo(frase, "Contesto")
    documento.titolo(CONTROLLO)
    documento.tabella(
        Tavola(
            CONTROLLO,
            ("Criterio", "Che cosa risulta dai dati", "Giudizio dell'organo"),
            [(criterio, fatto, GIUDIZIO) for criterio, fatto in _controlli(fascicolo)],
            (4.5, 8.9, 3.6),
        ),
        numerata=False,
    )
    _conclusione(documento, fascicolo)


def _nessuno_scarto(fascicolo: Fascicolo, tolleranza: str) -> str:
    if any(confronto.confrontati for confronto in fascicolo.valutazione.confronti):
        return f"In nessuna scheda i due gradi differiscono di più di {tolleranza} punti."
    return (
        "Il confronto non si può fare: nessun obiettivo ha sia il grado dichiarato sia quello misurato."
    )


def _scarti(documento: Documento, fascicolo: Fascicolo, scarti: list[Scarto]) -> None:
    dichiarati = in_colonna([s.scheda["grado_dichiarato"] for s in scarti])
    misurati = in_colonna([s.scheda["grado_misurato"] for s in scarti])
    punti = in_colonna([-s.scarto for s in scarti])
    righe: list[Sequence[Cella]] = [
        (
            rimandi.alla_scheda(fascicolo, chiave_scheda(scarto.scheda)),
            dichiarato,
            misurato,
            differenza.replace("-", "\N{MINUS SIGN}"),
            _che_cosa_lo_spiega(fascicolo, scarto.scheda),
            "□ confermato\n\n□ da rivedere",
        )
        for scarto, dichiarato, misurato, differenza in zip(
            scarti, dichiarati, misurati, punti, strict=True
        )
    ]
    documento.tabella(
        Tavola(
            SCARTI,
            ("Scheda", "Dichiarato", "Misurato", "Scarto", "Che cosa lo spiega", "Nota dell'organo"),
            righe,
            (1.4, 1.8, 1.6, 1.7, 8.2, 2.3),
            cifre={1, 2, 3},
            detto=f"Distano più di {numero(fascicolo.parametri.tolleranza)} punti: "
            f"{quanti(len(scarti), 'scheda', 'schede')} su {len(fascicolo.schede)}, "
            "dalla differenza maggiore",
        )
    )


def _che_cosa_lo_spiega(fascicolo: Fascicolo, scheda: Scheda) -> str:
    """The indicatori under the atteso, and what is noted in the valutazione."""
    misurati = (
        (grado, i)
        for i in fascicolo.righe.indicatori.della(chiave_scheda(scheda))
        if (grado := i["grado_misurato"]) is not None and grado < 100
    )
    sotto = sorted(misurati, key=lambda misurato: misurato[0])
    detti = [
        f"{in_frase(i['indicatore'])}: atteso {in_frase(i['atteso'])}, raggiunto "
        f"{in_frase(i['raggiunto'])} → {con_segno(breve(grado))}"
        for grado, i in sotto[:MAX_INDICATORI]
    ]
    if len(sotto) > MAX_INDICATORI:
        detti.append(f"altri {len(sotto) - MAX_INDICATORI} nella scheda")
    note = dict.fromkeys(nota for v in fascicolo.voci_di(scheda) for nota in note_di(v))
    motivo = " ".join(f"«{nota}»" for nota in note) or "non scritti"
    titolo = citazione(in_frase(scheda["titolo"]), MAX_NOME)
    punto = "" if titolo.endswith("…") else "."
    return f"{forte(titolo)}{punto} {'; '.join(detti)}. Motivo e note: {motivo}."


def note_di(voce: VoceValutata) -> list[str]:
    """The reason that the responsabile gives, then the note of who values it."""
    return [nota for nota in (voce.riga["note_responsabile"], voce.note) if nota]


def _senza_misura(fascicolo: Fascicolo) -> list[str]:
    """How many gradi stand on the word of the responsabile alone."""
    con_grado = [scheda for scheda in fascicolo.schede if scheda["grado_dichiarato"] is not None]
    senza = [chiave_scheda(s) for s in con_grado if s["grado_misurato"] is None]
    if not senza:
        return []
    detto = f"{forte('Un grado e nessun indicatore che si misuri')}: {len(senza)} su {len(con_grado)}"
    quali = f" ({rimandi.alle_schede(fascicolo, senza)})" if len(senza) < len(con_grado) else ""
    return [f"{detto}{quali}."]


def _del_nucleo(fascicolo: Fascicolo) -> list[str]:
    """The gradi that the organo has given, beside those that were declared."""
    dati = [
        f"{rimandi.alle_schede(fascicolo, voce.coperte) or f'voce {voce.n}'} {breve(voce.grado)}"
        + (f" (dichiarato {breve(voce.dichiarato)})" if voce.dichiarato is not None else "")
        for voce in fascicolo.valutazione.voci
        if voce.origine == NUCLEO
    ]
    return (
        [f"{forte('Gradi attribuiti dall’organo di valutazione')}: {'; '.join(dati)}."] if dati else []
    )


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


def _controlli(fascicolo: Fascicolo) -> list[tuple[str, str]]:
    """The criteria of the validation, each with what results from the data. Source: linee guida DFP
    3/2018, par. 4, letters a-k, as far as they are for an ente locale; j and k (brevity, clarity) are
    one line."""
    figure, ente = cifre.cifre(fascicolo), fascicolo.ente
    distinti, imbuto = fascicolo.valutazione.distinti, fascicolo.imbuto()
    valutati = sum(o.conta for o in distinti)
    del_nucleo = sum(voce.origine == NUCLEO for voce in fascicolo.valutazione.voci)
    consegnati = set(fascicolo.tabelle.provenienza["settore"]) & set(fascicolo.ordine)
    note = sum(bool(note_di(voce)) for voce in fascicolo.valutazione.voci)
    sotto = imbuto.misurati - imbuto.raggiunti
    return [
        ("Coerenza con il Piano", "Il Piano non è fra i file letti: il confronto resta da fare."),
        (
            "Gradi dell'organo e gradi dell'ente",
            f"{quanti(del_nucleo, 'grado attribuito', 'gradi attribuiti')} dall'organo; "
            f"{quanti(len(fascicolo.valutazione.coerenza), 'scarto', 'scarti')} oltre "
            f"{numero(fascicolo.parametri.tolleranza)} punti.",
        ),
        (
            "Risultati per tutti gli obiettivi",
            f"{valutati} valutati su {len(distinti)}; {len(distinti) - valutati} esclusi con "
            f"motivo; {figure[cifre.FUORI].valore} schede in nessuna voce.",
        ),
        (
            "Anticorruzione e trasparenza",
            "Da verificare fra gli obiettivi: i dati non li distinguono.",
        ),
        (
            "Metodo di calcolo degli indicatori",
            f"{imbuto.misurati} misurati con regole scritte; {imbuto.indicatori - imbuto.misurati} no, "
            "con il motivo.",
        ),
        (
            "Affidabilità dei dati",
            f"Cartelle consegnate: {len(consegnati)} su {len(fascicolo.ordine)}; lette senza "
            "trascrizione.",
        ),
        (
            "Scostamenti indicati e motivati",
            f"{quanti(sotto, 'indicatore', 'indicatori')} sotto l'atteso; un motivo o una nota in "
            f"{note} voci su {len(fascicolo.valutazione.voci)}.",
        ),
        ("Processo di misurazione descritto", "Nella nota sul metodo, in fondo alla relazione."),
        (
            "Norme e termini",
            f"Data della relazione: {ente.get('data') or 'non indicata'}; il termine è il 30/06/"
            f"{fascicolo.anno + 1}.",
        ),
        ("Sintesi e chiarezza", "Una pagina di sintesi, un codice per scheda, le parole."),
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
