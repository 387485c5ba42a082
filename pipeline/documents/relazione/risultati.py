"""The results of the ente: per settore, declared against measured, by fascia."""

from decimal import Decimal

from pipeline.documents import cifre
from pipeline.documents.cifre import SOLIDITA
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import sintesi
from pipeline.documents.word import grafici
from pipeline.documents.word.documento import Documento
from pipeline.numeri import con_segno, numero, percentuale
from pipeline.score import Confronto

CONFRONTO = "Grado dichiarato e misurato per settore"
PER_FASCIA = "Obiettivi per fascia di risultato"
CIFRE = "Le cifre della relazione"
IMBUTO = "Indicatori, dal piano alla misura"
VOCI_DEL_SETTORE = ("Voci", "Voci valutate", "Voci escluse")


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the chapter of the results."""
    settori = fascicolo.settori
    documento.titolo("Risultati", 1)
    _cifre(documento, fascicolo)
    documento.titolo("I settori", 2)
    documento.testo(_settori(fascicolo), "Prima di tabella")
    _tabella_settori(documento, fascicolo)
    if fascicolo.nota_non_consuntivati:
        documento.testo(fascicolo.nota_non_consuntivati, "Dopo tabella")
    if not sintesi.ha_posto(settori):
        sintesi.settori(documento, settori)
    _medie(documento, fascicolo)
    _confronto(documento, fascicolo)
    _imbuto(documento, fascicolo)
    if fascicolo.parametri.fasce:
        _fasce(documento, fascicolo)


def _settori(fascicolo: Fascicolo) -> str:
    mancano = [s.denominazione for s in fascicolo.settori if s.grado is None]
    if not mancano:
        chi = "L'unico settore ha" if len(fascicolo.settori) == 1 else "Tutti i settori hanno"
        return f"{chi} una percentuale."
    con_grado = len(fascicolo.settori) - len(mancano)
    senza = ", ".join(mancano)
    return f"Settori con una percentuale: {con_grado} su {len(fascicolo.settori)}. Senza: {senza}."


def _tabella_settori(documento: Documento, fascicolo: Fascicolo) -> None:
    """The peso of a settore in the mean of the ente is told only where the pesi differ."""
    settori = fascicolo.settori
    pesati = len({settore.peso_media for settore in settori}) > 1
    documento.tabella(
        sintesi.PER_SETTORE,
        (
            "Settore",
            *VOCI_DEL_SETTORE,
            "Somma pesi",
            "Grado %",
            "Fascia",
            *(["Peso nella media"] * pesati),
        ),
        [
            (
                settore.denominazione,
                *(str(n) for n in (settore.obiettivi, settore.valutati, settore.esclusi)),
                numero(settore.somma_pesi),
                percentuale(settore.grado) or "non calcolabile",
                settore.fascia,
                *([numero(settore.peso_media or Decimal(0))] * pesati),
            )
            for settore in settori
        ],
        (30, 11, 10, 10, 10, 12, 18, *([10] * pesati)),
        centrate=(1, 2, 3, 4, 5, 7),
    )


def _cifre(documento: Documento, fascicolo: Fascicolo) -> None:
    """All that the relazione counts, each under its name: from the schede to the obiettivi valutati."""
    documento.titolo("Le cifre", 2)
    documento.testo(
        "Una scheda può stare in una voce della valutazione del suo settore, da sola o con altre; una "
        "voce comune a più settori è un obiettivo solo. Con «obiettivi» questa relazione intende sempre "
        "gli obiettivi distinti, ciascuno contato una volta.",
        "Prima di tabella",
    )
    documento.tabella(
        CIFRE,
        ("Cifra", "Valore"),
        [(cifra.nome, cifra.scritta) for cifra in cifre.cifre(fascicolo).values()],
        (75, 25),
        centrate=(1,),
    )


def _medie(documento: Documento, fascicolo: Fascicolo) -> None:
    documento.titolo("La media dell'ente", 2)
    distinti = ", contando una volta sola quelli comuni a più settori" if fascicolo.comuni else ""
    documento.testo(
        "Le due medie rispondono a due domande: come sono andati in media i settori, e come sono andati "
        f"in media gli obiettivi{distinti}. Quale si pubblica lo sceglie l'ente.",
        "Prima di tabella",
    )
    sintesi.medie(documento, fascicolo, "Medie dell'ente")


def _confronto(documento: Documento, fascicolo: Fascicolo) -> None:
    """Declared against measured, on the same obiettivi: those that have both."""
    confronti = [confronto for confronto in fascicolo.valutazione.confronti if confronto.valutati]
    confrontati = [confronto for confronto in confronti if confronto.confrontati]
    if not confrontati:
        return
    documento.titolo("Grado dichiarato e grado misurato", 2)
    documento.testo(
        "Accanto al grado dichiarato, quello che risulta dagli indicatori. Di ogni settore si guardano "
        "gli obiettivi suoi, non quelli comuni, che hanno una riga loro; e le due medie si fanno sugli "
        f"stessi obiettivi, quelli con entrambi i gradi ({documento.rif(CONFRONTO)}). La base dice "
        "quanto è solida la misura: piena se tutti gli indicatori con un valore atteso degli obiettivi "
        "valutati sono misurati, parziale se lo sono alcuni; senza, se nessuno. Le schede in cui i due "
        "gradi sono lontani fra loro sono nel capitolo Scostamenti e criticità.",
        "Prima di tabella",
    )
    documento.tabella(
        CONFRONTO,
        ("Settore", "Obiettivi confrontati", "Dichiarato %", "Misurato %", "Base"),
        [
            (
                _nome(fascicolo, confronto.settore),
                f"{confronto.confrontati} su {confronto.valutati}",
                percentuale(confronto.dichiarato) or "–",
                percentuale(confronto.misurato) or "–",
                SOLIDITA[confronto.base],
            )
            for confronto in confronti
        ],
        (40, 18, 14, 14, 14),
        centrate=(1, 2, 3),
    )
    punti = [
        grafici.dichiarato_misurato(
            [_con_i_conti(fascicolo, confronto) for confronto in parte],
            [confronto.dichiarato for confronto in parte],
            [confronto.misurato for confronto in parte],
        )
        for parte in grafici.riquadri(confrontati)
    ]
    documento.figure(CONFRONTO + ": il confronto", punti, CONFRONTO)


def _nome(fascicolo: Fascicolo, settore: str) -> str:
    """The trasversali have a name of their own only where their workbook is listed."""
    return fascicolo.denominazioni.get(settore, "Obiettivi trasversali")


def _con_i_conti(fascicolo: Fascicolo, confronto: Confronto) -> str:
    nome = _nome(fascicolo, confronto.settore)
    return f"{nome} ({confronto.confrontati} su {confronto.valutati})"


def _imbuto(documento: Documento, fascicolo: Fascicolo) -> None:
    """How many indicatori could be measured, settore by settore."""
    tutti = cifre.degli_indicatori(fascicolo.imbuto()).values()
    if not any(tutti):
        return
    per_settore = {s: cifre.degli_indicatori(fascicolo.imbuto(s)).values() for s in fascicolo.ordine}
    documento.titolo("Che cosa si è potuto misurare", 2)
    documento.testo(
        "Non tutti gli indicatori si possono misurare: serve un valore atteso, che sia una quantità (o "
        "un sì, o una scadenza), e un raggiunto che si possa confrontare. Perché gli altri non sono "
        "misurati è nel capitolo Scostamenti e criticità.",
        "Prima di tabella",
    )
    documento.tabella(
        IMBUTO,
        ("Settore", *cifre.INDICATORI.values()),
        [(fascicolo.denominazioni[settore], *map(str, conti)) for settore, conti in per_settore.items()]
        + [[[("Tutti", "Totale tabella")], *([(str(n), "Totale centrato")] for n in tutti)]],
        (30, 14, 14, 14, 14, 14),
        centrate=(1, 2, 3, 4, 5),
    )


def _fasce(documento: Documento, fascicolo: Fascicolo) -> None:
    obiettivi = fascicolo.valutazione.distinti
    fasce = fascicolo.parametri.fasce
    conti = [sum(o.fascia == fascia.nome for o in obiettivi) for fascia in fasce]
    documento.titolo("Gli obiettivi per fascia", 2)
    documento.testo(
        "Ogni obiettivo valutato sta nella fascia della sua percentuale; la soglia è compresa nella "
        "fascia." + (" Un obiettivo comune a più settori conta una volta." if fascicolo.comuni else ""),
        "Prima di tabella",
    )
    documento.tabella(
        PER_FASCIA,
        ("Fascia", "Soglia", "Obiettivi", "Quota %"),
        [
            (
                fascia.nome,
                f"da {con_segno(numero(fascia.da))}",
                str(quanti),
                percentuale(Decimal(quanti) * 100 / (sum(conti) or 1)),
            )
            for fascia, quanti in zip(fasce, conti, strict=True)
        ],
        (5, 2, 2, 2),
        centrate=(1, 2, 3),
    )
    if fascicolo.nota_non_consuntivati:
        documento.testo(fascicolo.nota_non_consuntivati, "Dopo tabella")
    if any(conti):
        grafico = grafici.fasce([fascia.nome for fascia in fasce], conti)
        documento.figure("Distribuzione degli obiettivi per fascia", [grafico], PER_FASCIA)
