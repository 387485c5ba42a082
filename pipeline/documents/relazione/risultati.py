"""The results of the ente: per settore, declared against measured, by fascia."""

from collections.abc import Sequence
from decimal import Decimal

from pipeline.documents import cifre
from pipeline.documents.fascicolo import UGUALI, Fascicolo
from pipeline.documents.relazione import constatazioni, obiettivi, rimandi
from pipeline.documents.relazione.rimandi import CONTA, METODO, NON_MISURATI, PER_SETTORE, TUTTI
from pipeline.documents.word import grafici
from pipeline.documents.word.blocchi import Barra, Cella, Tavola, legame
from pipeline.documents.word.documento import Documento
from pipeline.documents.word.grafici import Confrontato
from pipeline.numeri import breve, con_segno, in_colonna, numero
from pipeline.parole import maiuscola, quanti
from pipeline.score import Confronto, ObiettivoDistinto
from pipeline.tables import MEDIA_OBIETTIVI, MEDIA_SETTORI, TRASVERSALI

TITOLO = "Risultati"
PER_FASCIA = "Obiettivi per fascia di risultato"
LARGHE = (3.7, 1.6, 1.6, 1.4, 1.9, 1.7, 1.6, 1.9, 2.4)
LARGHE_CON_IL_PESO = (2.6, 1.6, 1.9, 1.2, 1.4, 1.8, 1.6, 1.5, 1.9, 2.4)
"""How wide the columns of the settori are: «non calcolabile» is two words, neither of them broken."""
MAX_CODICI = 10
"""How many obiettivi of a fascia are called by their codes."""


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the chapter of the results."""
    trovato = f"{TITOLO}: {constatazioni.dei_settori(fascicolo.settori)}"
    documento.capitolo(
        trovato,
        testo=TITOLO,
        risultato=con_segno(breve(fascicolo.valutazione.ente)),
    )
    documento.testo(
        "Il grado di un settore è la media dei gradi dei suoi obiettivi valutati. Accanto sta ciò che "
        "dicono gli indicatori, sugli stessi obiettivi.",
        "Messaggio",
    )
    _figura(documento, fascicolo)
    _settori(documento, fascicolo)
    _che_cosa_si_conta(documento, fascicolo)
    if fascicolo.parametri.fasce:
        _fasce(documento, fascicolo)


def _figura(documento: Documento, fascicolo: Fascicolo) -> None:
    """Declared against measured, where the eye finds more in it than in the table."""
    confronti = [
        (s.denominazione, c)
        for s in fascicolo.settori
        if (c := fascicolo.confronto(s.settore)).misurato is not None
    ]
    righe = [_confrontato(fascicolo, nome, confronto) for nome, confronto in confronti]
    if not grafici.si_vede(righe):
        return
    messaggio = constatazioni.del_confronto(confronti)
    disegni = [grafici.dichiarato_misurato(messaggio, tuple(parte)) for parte in grafici.riquadri(righe)]
    documento.figura("Dichiarato e misurato per settore", disegni, PER_SETTORE, messaggio)
    documento.testo(
        "Come si legge: il cerchio è il grado dichiarato, il rombo quello misurato, in media sugli "
        f"obiettivi propri del settore che li hanno entrambi. {cifre.COME_LA_BASE}",
        "Dopo tabella",
    )


def _confrontato(fascicolo: Fascicolo, nome: str, confronto: Confronto) -> Confrontato:
    quanti_obiettivi = f"{confronto.confrontati} di {confronto.valutati} obiettivi propri"
    gradi = confronto.dichiarato, confronto.misurato
    return Confrontato(nome, quanti_obiettivi, *gradi, *_conti(fascicolo, confronto))


def _conti(fascicolo: Fascicolo, confronto: Confronto) -> tuple[int, int]:
    imbuto = fascicolo.imbuto(confronto.settore)
    return imbuto.misurati, imbuto.indicatori


def _settori(documento: Documento, fascicolo: Fascicolo) -> None:
    """The settori, the trasversali, the two means of the ente; the pesi where they differ."""
    settori = fascicolo.settori
    pesati = len({settore.peso_media for settore in settori}) > 1
    comuni = [c for c in fascicolo.valutazione.confronti if c.settore == TRASVERSALI]
    confronti = [*comuni, *(fascicolo.confronto(settore.settore) for settore in settori)]
    gradi = in_colonna([s.grado for s in settori] + list(fascicolo.medie.values()), "non calcolabile")
    figure = {s.settore: (s, grado) for s, grado in zip(settori, gradi, strict=False)}
    colonne = _colonne(confronti)
    righe: list[Sequence[Cella]] = []
    for confronto, misure in zip(confronti, colonne, strict=True):
        nome = legame(fascicolo.sigle[confronto.settore], _nome(fascicolo, confronto.settore))
        if confronto.settore not in fascicolo.ordine:
            nome = _nome(fascicolo, confronto.settore)
        settore, grado = figure.get(confronto.settore, (None, "–"))
        valutate = cifre.su(settore.valutati, settore.obiettivi) if settore else "–"
        peso = [numero(settore.peso_media or Decimal(0)) if settore else "–"] * pesati
        righe.append((nome, valutate, grado, *peso, *misure, *_base(*_conti(fascicolo, confronto))))
    righe += _ente(fascicolo, gradi[len(settori) :], pesati)
    documento.tabella(
        Tavola(
            PER_SETTORE,
            (
                *("Settore", "Voci valutate", "Grado %"),
                *(["Peso nella media"] * pesati),
                *("Con misura", "Dichiarato %", "Misurato %", "Scarto, punti"),
                *("Misurati nel settore", "Base"),
            ),
            righe,
            LARGHE_CON_IL_PESO if pesati else LARGHE,
            cifre=range(1, 8 + pesati),
            detto=f"{PER_SETTORE}: {_quanto(fascicolo)}",
            messaggio=maiuscola(constatazioni.dei_settori(settori)),
        )
    )
    note = ["Con misura: gli obiettivi propri che hanno un grado dichiarato e uno misurato."]
    if fascicolo.nota_non_consuntivati:
        note.append(fascicolo.nota_non_consuntivati)
    documento.testo(" ".join(note), "Dopo tabella")


def _quanto(fascicolo: Fascicolo) -> str:
    """Over how much the gradi stand: the voci valutate and the indicatori measured, out of all."""
    valutate, tutte = fascicolo.valutazione.voci_valutate
    imbuto = fascicolo.imbuto()
    detti = [f"{quanti(valutate, 'voce valutata', 'voci valutate')} su {tutte}"]
    if imbuto.indicatori:
        misurati = quanti(imbuto.misurati, "indicatore misurato", "indicatori misurati")
        detti.append(f"{misurati} su {imbuto.indicatori}")
    return ", ".join(detti)


def _nome(fascicolo: Fascicolo, settore: str) -> str:
    """The trasversali have a name of their own only where their workbook is listed."""
    return fascicolo.denominazioni.get(settore, "Obiettivi trasversali")


def _colonne(confronti: Sequence[Confronto]) -> list[tuple[str, ...]]:
    """What is compared, with the decimal places that each column asks for."""
    scarti = [
        None if c.dichiarato is None or c.misurato is None else c.misurato - c.dichiarato
        for c in confronti
    ]
    return list(
        zip(
            (cifre.su(c.confrontati, c.valutati) for c in confronti),
            in_colonna([c.dichiarato for c in confronti]),
            in_colonna([c.misurato for c in confronti]),
            cifre.punti_in_colonna(scarti),
            strict=True,
        )
    )


def _base(misurati: int, tutti: int) -> tuple[str, str]:
    return cifre.su(misurati, tutti), cifre.base(misurati, tutti)


def _ente(fascicolo: Fascicolo, gradi: list[str], pesati: bool) -> list[Sequence[Cella]]:
    """The two means of the ente, the published first, over how many out of how many."""
    valutazione = fascicolo.valutazione
    quante = {
        MEDIA_SETTORI: cifre.su(*valutazione.voci_valutate),
        MEDIA_OBIETTIVI: cifre.su(len(valutazione.contano), len(valutazione.distinti)),
    }
    imbuto = fascicolo.imbuto()
    misurati, solida = _base(imbuto.misurati, imbuto.indicatori)
    base = rimandi.a(NON_MISURATI, misurati), solida
    quante_medie = 1 if fascicolo.perche_due_medie == UGUALI else 2
    righe: list[Sequence[Cella]] = []
    for (regola, _), grado in list(zip(fascicolo.medie.items(), gradi, strict=True))[:quante_medie]:
        pubblicata = regola == fascicolo.valutazione.regola
        nome = f"Ente: {regola}{' (pubblicata)' if pubblicata else ''}"
        grado = rimandi.a(METODO if regola == MEDIA_SETTORI else TUTTI, grado)
        celle = (nome, quante[regola], grado, *(["–"] * pesati), "–", "–", "–", "–", *base)
        righe.append(
            [
                [(cella, "Totale numero tabella" if 0 < c < 8 + pesati else "Totale tabella")]
                for c, cella in enumerate(celle)
            ]
        )
    return righe


def _che_cosa_si_conta(documento: Documento, fascicolo: Fascicolo) -> None:
    """From the schede to the obiettivi that count, with the reason of each step."""
    distinti = fascicolo.valutazione.distinti
    valutati, esclusi = len(fascicolo.valutazione.contano), fascicolo.valutazione.esclusi
    rendicontate = " e ".join(fascicolo.unita) or "nessuna scheda"
    frasi = [
        f"I responsabili hanno compilato {rendicontate}. Nella valutazione diventano "
        f"{rimandi.a(TUTTI, quanti(len(distinti), 'obiettivo distinto', 'obiettivi distinti'))}"
        + (": uno trasversale, cioè comune a più settori, conta una volta." if fascicolo.comuni else ".")
    ]
    if fuori := fascicolo.fuori_valutazione:
        codici = rimandi.alle_schede(fascicolo, [(s["settore"], s["scheda"]) for s in fuori])
        frasi.append(f"In nessuna voce: {codici}.")
    detti = "; ".join(
        f"{obiettivi.codici(fascicolo, o.voce)} {obiettivi.perche_no(o.voce)}"
        for o in esclusi[:MAX_CODICI]
    )
    detto = rimandi.a(TUTTI, str(valutati))
    resto = f" e altri {len(esclusi) - MAX_CODICI}" if len(esclusi) > MAX_CODICI else ""
    frasi.append(
        f"Ne sono valutati {detto}; fuori dalla media {len(esclusi)}: {detti}{resto}."
        if esclusi
        else f"Sono valutati tutti e {detto}."
        if valutati > 1
        else f"Valutati: {detto}."
    )
    if fascicolo.comuni:
        voci, _ = fascicolo.valutazione.voci_valutate
        frasi.append(
            "Gli obiettivi trasversali sono ripetuti nella valutazione di ogni settore che li ha: per "
            f"questo le voci valutate dei settori sono {rimandi.a(PER_SETTORE, str(voci))}."
        )
    documento.titolo(CONTA, nome=CONTA)
    documento.testo(" ".join(frasi))


def _fasce(documento: Documento, fascicolo: Fascicolo) -> None:
    distinti, fasce = fascicolo.valutazione.distinti, fascicolo.parametri.fasce
    dentro = [[o for o in distinti if o.fascia == fascia.nome] for fascia in fasce]
    conti = [len(obiettivi) for obiettivi in dentro]
    tutti = sum(conti) or 1
    documento.titolo(constatazioni.delle_fasce(fasce, conti), nome=PER_FASCIA)
    documento.tabella(
        Tavola(
            PER_FASCIA,
            ("Fascia", "Soglia", "Obiettivi distinti", "Quali"),
            [
                (
                    fascia.nome,
                    f"da {con_segno(numero(fascia.da))}",
                    Barra(rimandi.a(TUTTI, str(len(sue))), Decimal(len(sue) * 100) / tutti),
                    _quali(fascicolo, sue),
                )
                for fascia, sue in zip(fasce, dentro, strict=True)
            ],
            (4.0, 2.0, 5.2, 5.8),
            detto=f"{PER_FASCIA}: "
            + ", ".join(f"{n} {fascia.nome}" for fascia, n in zip(fasce, conti, strict=True)),
            messaggio=constatazioni.delle_fasce(fasce, conti),
        )
    )
    if fascicolo.nota_non_consuntivati:
        documento.testo(fascicolo.nota_non_consuntivati, "Dopo tabella")


def _quali(fascicolo: Fascicolo, sue: list[ObiettivoDistinto]) -> str:
    """The obiettivi of a fascia by their codes, or how many are common and how many of the settori."""
    if not sue:
        return "nessuno"
    if len(sue) <= MAX_CODICI:
        return ", ".join(obiettivi.codici(fascicolo, o.voce) for o in sue)
    comuni = sum(o.comune for o in sue)
    parti = [quanti(comuni, "trasversale", "trasversali")] if comuni else []
    return maiuscola(", ".join([*parti, f"{len(sue) - comuni} dei settori"]))
