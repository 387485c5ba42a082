"""The page for the Giunta and for the citizen: the figure, why it is not the other, how solid it is."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest

from pipeline.documents import cifre
from pipeline.documents.fascicolo import UGUALI, Fascicolo
from pipeline.documents.relazione import constatazioni, esito, obiettivi, rimandi
from pipeline.documents.relazione.constatazioni import dell_imbuto
from pipeline.documents.relazione.rimandi import CONTA, NON_MISURATI, PER_SETTORE, SCARTI, SOTTO, TUTTI
from pipeline.documents.word.blocchi import Barra, Cella, Tavola, a_pagina, forte, legame
from pipeline.documents.word.documento import Documento
from pipeline.numeri import breve, con_segno, in_colonna, numero
from pipeline.parole import cardinale, citazione, con_articolo, in_frase, maiuscola
from pipeline.score import Confronto, Imbuto, ObiettivoDistinto
from pipeline.tables import FATTO, MEDIA_SETTORI, NON_FATTO, RICHIESTE

TITOLO = "La relazione in una pagina"
NUCLEO, MISURA = "Per l'organo di valutazione", "Indicatori sotto l'atteso e non misurati"
"""The chapters to which this page leads."""
MEDIE, IMBUTO = "Il grado dell'ente", "Dagli indicatori alla misura"
SETTORI, TRE_E_TRE = "I settori in breve", "Fatto e non fatto"
MAX_SETTORI, MOLTI = 9, 6
"""How many settori have room in the strip of this page; with how many an obiettivo has one line."""
MAX_NOME, MAX_TESTO = 42, 70
"""How much of the name of a settore, and of the title of an obiettivo, has room; both stand whole in
their own chapters."""
TRE = 3

Coppia = tuple[str, str]


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the page."""
    documento.capitolo(TITOLO)
    documento.testo(_messaggio(fascicolo), "Messaggio")
    if fascicolo.niente_ancora:
        return
    _medie(documento, fascicolo)
    _imbuto(documento, fascicolo)
    if 1 < len(fascicolo.settori) <= MAX_SETTORI:
        _settori(documento, fascicolo)
    _tre_e_tre(documento, fascicolo)
    _richieste(documento, fascicolo)


def _messaggio(fascicolo: Fascicolo) -> str:
    """The figure, and how much of it can be checked."""
    raggiunti = constatazioni.dell_ente(fascicolo, lambda c: forte(rimandi.a(PER_SETTORE, c)))
    if fascicolo.valutazione.ente is None:
        return raggiunti
    imbuto = fascicolo.imbuto()
    provvisorio = " (provvisorio: vedi «Che cosa manca»)" if fascicolo.bozza else ""
    misura = (
        f" Quanto si può controllare: degli indicatori se ne misurano "
        f"{rimandi.a(NON_MISURATI, cifre.su(imbuto.misurati, imbuto.indicatori))}, "
        f"{cifre.con_base(imbuto.misurati, imbuto.indicatori)}."
        if imbuto.indicatori
        else ""
    )
    return f"{raggiunti}{provvisorio}. {legame(TUTTI, fascicolo.chi_attribuisce)}{misura}"


def _medie(documento: Documento, fascicolo: Fascicolo) -> None:
    """The two means side by side, with the reason why they differ; one where they are the same."""
    medie, perche = fascicolo.medie, fascicolo.perche_due_medie
    uguali = perche == UGUALI
    if uguali:
        medie = {fascicolo.valutazione.regola: fascicolo.valutazione.ente}
        perche = "Contati per settore o uno per uno, gli obiettivi danno la stessa media."
    documento.titolo(
        "Una cifra: le due medie coincidono"
        if uguali
        else "Due domande, due cifre: gli stessi gradi contati in due modi",
        nome=MEDIE,
    )
    documento.tabella(
        Tavola(
            MEDIE,
            (
                *(_nome_media(fascicolo, regola) for regola in medie),
                "Perché è una sola" if uguali else "Perché non è la stessa cifra",
            ),
            [
                (
                    *(_cifra(*media) for media in medie.items()),
                    perche or "Una delle due non è calcolabile.",
                )
            ],
            (*(4.6 for _ in medie), 7.8),
            messaggio=_in_parole(medie),
            griglia=False,
        ),
        numerata=False,
    )


def _in_parole(medie: Mapping[str, Decimal | None]) -> str:
    return ", ".join(
        f"{maiuscola(regola)}: {con_segno(breve(grado)) if grado is not None else 'non calcolabile'}"
        for regola, grado in medie.items()
    )


def _cifra(regola: str, grado: Decimal | None) -> Cella:
    scritta = con_segno(breve(grado)) if grado is not None else "–"
    return [(rimandi.alla_cifra(cifre.MEDIE[regola], scritta), "Cifra grande tabella")]


def _nome_media(fascicolo: Fascicolo, regola: str) -> str:
    """Of what and over how many a mean is, and whether it is the published one."""
    pubblicata = " (pubblicata)" if regola == fascicolo.valutazione.regola else ""
    if regola == MEDIA_SETTORI:
        con_grado = sum(s.grado is not None for s in fascicolo.settori)
        return f"Media {_dei(con_grado, 'settore', 'settori')}{pubblicata}"
    valutati = len(fascicolo.valutazione.contano)
    return f"Media {_dei(valutati, 'obiettivo distinto', 'obiettivi distinti')}{pubblicata}"


def _dei(n: int, uno: str, molti: str) -> str:
    return f"di 1 {uno}" if n == 1 else f"{con_articolo(n, di=True)} {molti}"


def _imbuto(documento: Documento, fascicolo: Fascicolo) -> None:
    """From all the indicatori to those met, and what is lost at each step."""
    imbuto = fascicolo.imbuto()
    if not imbuto.indicatori:
        return
    passi = (
        (
            "con un valore atteso",
            "attesi",
            NON_MISURATI,
            "senza atteso: dati di contesto, caselle vuote",
        ),
        (
            *("con un atteso che si misura", "quantificabili", NON_MISURATI),
            "con un atteso a parole o non fissato",
        ),
        ("misurati", "misurati", NON_MISURATI, "senza un raggiunto che si confronti"),
        ("che raggiungono l'atteso", "raggiunti", SOTTO, "sotto il valore atteso"),
    )
    unita = rimandi.a(CONTA, " e ".join(fascicolo.unita))
    righe: list[Sequence[Cella]] = [("Indicatori nelle schede", _passo(imbuto, "indicatori"), unita)]
    prima = imbuto.indicatori
    for nome, passo, dove, perche in passi:
        quanti = getattr(imbuto, passo)
        persi = rimandi.a(dove, f"{prima - quanti} {perche}") if prima > quanti else "nessuno perso"
        righe.append((nome, _passo(imbuto, passo), persi))
        prima = quanti
    documento.titolo(dell_imbuto(imbuto), nome=IMBUTO)
    documento.tabella(
        Tavola(
            IMBUTO,
            ("Indicatori", "Quanti", "Che cosa si perde"),
            righe,
            (5, 5.2, 6.8),
            messaggio=dell_imbuto(imbuto),
        ),
        numerata=False,
    )


def _passo(imbuto: Imbuto, passo: str) -> Barra:
    """How many indicatori are left at a step, with their share of all."""
    quanti = getattr(imbuto, passo)
    scritti = rimandi.alla_cifra(cifre.INDICATORI[passo], str(quanti))
    return Barra(scritti, Decimal(quanti) * 100 / imbuto.indicatori)


def _settori(documento: Documento, fascicolo: Fascicolo) -> None:
    confronti = {c.settore: c for c in fascicolo.valutazione.confronti}
    detti = [(s.denominazione, confronti[s.settore]) for s in fascicolo.settori]
    documento.titolo(constatazioni.del_confronto(detti), nome=SETTORI)
    dichiarati = in_colonna([c.dichiarato for _, c in detti])
    misurati = in_colonna([c.misurato for _, c in detti])
    righe: list[Sequence[Cella]] = []
    for settore, grado, dichiarato, misurato in zip(
        fascicolo.settori,
        in_colonna([s.grado for s in fascicolo.settori], "non calcolabile"),
        dichiarati,
        misurati,
        strict=True,
    ):
        confronto, imbuto = confronti[settore.settore], fascicolo.imbuto(settore.settore)
        righe.append(
            (
                legame(fascicolo.sigle[settore.settore], citazione(settore.denominazione, MAX_NOME)),
                rimandi.a(PER_SETTORE, grado),
                rimandi.a(PER_SETTORE, cifre.su(confronto.confrontati, confronto.valutati)),
                rimandi.a(PER_SETTORE, dichiarato),
                Barra(
                    rimandi.a(PER_SETTORE, misurato),
                    confronto.misurato,
                    _lontani(fascicolo, confronto),
                ),
                f"{rimandi.a(PER_SETTORE, cifre.su(imbuto.misurati, imbuto.indicatori))}, "
                f"{cifre.base(imbuto.misurati, imbuto.indicatori)}",
            )
        )
    documento.tabella(
        Tavola(
            SETTORI,
            ("Settore", "Grado %", "Propri*", "Dichiarato %*", "Misurato %*", "Indicatori misurati"),
            righe,
            (4.5, 1.7, 1.5, 2.2, 3.2, 3.9),
            cifre={1, 2, 3},
            messaggio=constatazioni.del_confronto(detti),
        ),
        numerata=False,
    )
    documento.testo(
        "* Quanti obiettivi propri del settore hanno entrambi i gradi, su quanti valutati, e la media "
        f"di quelli soli. In grassetto gli scarti oltre {numero(fascicolo.parametri.tolleranza)} punti. "
        f"{cifre.COME_LA_BASE}",
        "Dopo tabella",
    )


def _lontani(fascicolo: Fascicolo, confronto: Confronto) -> bool:
    detto, misurato = confronto.dichiarato, confronto.misurato
    if detto is None or misurato is None:
        return False
    return fascicolo.parametri.lontani(detto, misurato)


# ------------------------------------------------------------------------------------ three and three


def _tre_e_tre(documento: Documento, fascicolo: Fascicolo) -> None:
    """What was done and what was not, as the ente tells it; else by rule, which is said."""
    fatte = [_scritta(t["titolo"], t["testo"]) for t in fascicolo.testi(FATTO)][:TRE]
    mancate = [_scritta(t["titolo"], t["testo"]) for t in fascicolo.testi(NON_FATTO)][:TRE]
    scritte = bool(fatte or mancate)
    if not scritte:
        fatte = [_nominato(fascicolo, o) for o in _le_piu_solide(fascicolo)]
        mancate = [_nominato(fascicolo, o) for o in _le_meno_riuscite(fascicolo)]
    if not fatte and not mancate:
        return
    documento.titolo(_quante(len(fatte), len(mancate)), nome=TRE_E_TRE)
    colonne = {nome: cose for nome, cose in ((SI, fatte), (NO, mancate)) if cose}
    righe = list(zip_longest(*colonne.values(), fillvalue="–"))
    documento.tabella(
        Tavola(
            TRE_E_TRE,
            tuple(colonne),
            righe,
            (1,) * len(colonne),
            messaggio=_quante(len(fatte), len(mancate)),
            griglia=False,
        ),
        numerata=False,
    )
    if not scritte:
        regole = "; ".join(PER_REGOLA[nome] for nome in colonne)
        documento.testo(f"Elenchi fatti per regola: {regole}.", "Dopo tabella")


SI, NO = "Fatto", "Non fatto, o non si sa"
PER_REGOLA = {
    SI: f"in «{SI}» gli obiettivi raggiunti per intero con più indicatori che lo confermano",
    NO: f"in «{NO}» i gradi più bassi sotto il 100 %, poi gli obiettivi esclusi dalla media",
}


def _quante(fatte: int, mancate: int) -> str:
    def cose(n: int) -> str:
        return "Una cosa fatta" if n == 1 else f"{maiuscola(cardinale(n))} cose fatte"

    if not fatte:
        return "Che cosa non è andato come previsto"
    if not mancate:
        return f"{cose(fatte)}, nessuna mancata"
    return f"{cose(fatte)}, {'una' if mancate == 1 else cardinale(mancate)} no"


def _scritta(titolo: str, testo: str) -> str:
    piano = " ".join(testo.split())
    return f"{forte(in_frase(titolo))}. {piano}" if titolo.strip() else piano


def _le_piu_solide(fascicolo: Fascicolo) -> list[ObiettivoDistinto]:
    """The obiettivi reached for all that most indicatori confirm."""
    pieni = [
        o for o in fascicolo.valutazione.distinti if o.pieno and (o.voce.grado_misurato or 0) >= 100
    ]
    return sorted(pieni, key=lambda o: -obiettivi.misurati(fascicolo, o.voce)[0])[:TRE]


def _le_meno_riuscite(fascicolo: Fascicolo) -> list[ObiettivoDistinto]:
    """The lowest gradi under 100, in order, then those out of the mean."""
    valutazione = fascicolo.valutazione
    sotto = sorted((o for o in valutazione.contano if not o.pieno), key=lambda o: o.grado or Decimal(0))
    return [*sotto, *valutazione.esclusi][:TRE]


def _nominato(fascicolo: Fascicolo, obiettivo: ObiettivoDistinto) -> str:
    voce = obiettivo.voce
    codice = obiettivi.codici(fascicolo, voce)
    stretto = len(fascicolo.settori) > MOLTI
    titolo = citazione(obiettivi.nome(voce), MAX_TESTO // 2 if stretto else MAX_TESTO)
    if stretto:
        return f"{forte(codice)} {titolo}: {esito.della_voce(voce)}."
    misurati, tutti = obiettivi.misurati(fascicolo, voce)
    come = (
        f", {cifre.su(misurati, tutti)} indicatori misurati" if obiettivo.pieno else _perche(obiettivo)
    )
    return f"{forte(codice)} {titolo}: {esito.della_voce(voce)}{come}."


def _perche(obiettivo: ObiettivoDistinto) -> str:
    chi = obiettivi.DI_CHI[obiettivo.voce.origine]
    if not obiettivo.conta:
        return ", fuori dalla media"
    return ", fissato dall'ente: non consuntivato" if chi == "ente" else ""


# ------------------------------------------------------------------------------------ what is asked


def _richieste(documento: Documento, fascicolo: Fascicolo) -> None:
    """What is asked of who approves, as the ente writes it; else what follows from the figures."""
    richieste = [_scritta(t["titolo"], t["testo"]) for t in fascicolo.testi(RICHIESTE)]
    organo, approvata = fascicolo.ente.get("organo", ""), bool(fascicolo.ente.get("atto"))
    giunta = not organo or "giunta" in organo.casefold()
    chiesto = f"Che cosa si chiede {'alla Giunta' if giunta else 'a chi approva'}"
    detti = richieste or _per_regola(fascicolo, approvata)
    if detti:
        restano = "Che cosa resta da fare" if approvata and not richieste else chiesto
        documento.titolo(restano, nome="Che cosa si chiede")
        documento.elenco(detti, numerato=True)


def _per_regola(fascicolo: Fascicolo, approvata: bool) -> list[str]:
    """What follows from the figures; of a relazione that has its atto, not that it be approved."""
    grado = breve(fascicolo.valutazione.ente)
    dell_ente = rimandi.a(PER_SETTORE, con_segno(grado))
    con_grado = f", con il grado dell'ente del {dell_ente}" if grado else ""
    richieste = [] if approvata else [f"Approvare la relazione{con_grado}."]
    if lontane := len(fascicolo.valutazione.coerenza):
        quali = legame(SCARTI, "la scheda" if lontane == 1 else f"le {lontane} schede")
        dove = legame(NUCLEO, "pagina dell'organo di valutazione")
        richieste.append(
            f"Chiarire {quali} in cui dichiarato e misurato distano più di "
            f"{numero(fascicolo.parametri.tolleranza)} punti: sono nella {dove}{a_pagina(NUCLEO)}."
        )
    imbuto = fascicolo.imbuto()
    if (persi := imbuto.indicatori - imbuto.misurati) and imbuto.attesi:
        perche = "perché uno non si misura" if persi == 1 else f"perché {persi} non si misurano"
        richieste.append(
            "Dare nel prossimo piano un valore atteso che si misuri a ogni indicatore che entra nella "
            f"valutazione: {legame(MISURA, perche)}{a_pagina(MISURA)}."
        )
    elif persi:
        richieste.append("Dare nel prossimo piano un valore atteso a ogni indicatore: nessuno ne ha.")
    return richieste
