"""What the figures say, in a sentence: headings and captions by rule.

A finding says a count, a range or a difference, never a judgement: the relazione is a public act.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal

from pipeline.documents.cifre import con_base, su
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import rimandi
from pipeline.documents.relazione.rimandi import PER_SETTORE
from pipeline.documents.word.blocchi import forte
from pipeline.numeri import arrotonda, breve, con_segno, numero
from pipeline.parole import cardinale, con_articolo, elenco_di, quanti
from pipeline.score import Confronto, Imbuto, SettoreValutato, VoceValutata
from pipeline.tables import TRASVERSALI, ChiaveScheda, Fascia

STACCO = 5
"""From how many points under all the others a settore is named."""


def dell_ente(fascicolo: Fascicolo, mostra: Callable[[str], str]) -> str:
    """What the year comes to, the sentence that the relazione and the page begin with; without a stop
    where there is a figure. `mostra` makes it stand out."""
    scritto = breve(fascicolo.valutazione.ente)
    if not scritto:
        return fascicolo.niente_ancora or "Il grado dell'ente non è calcolabile."
    media = f"{_articolo(scritto)}{mostra(con_segno(scritto))}"
    return f"Nel {fascicolo.anno} gli obiettivi valutati sono raggiunti in media {media}"


def dei_settori(settori: Sequence[SettoreValutato]) -> str:
    """Where the gradi of the settori stand: all at one figure, in a range, one by itself."""
    con_grado = [(arrotonda(s.grado), s.denominazione) for s in settori if s.grado is not None]
    if not con_grado:
        return "nessun settore ha una percentuale"
    senza = len(settori) - len(con_grado)
    coda = f"; {senza} senza percentuale" if senza else ""
    (minimo, nome), *altri = sorted(con_grado)
    if not altri:
        return f"{nome} {con_segno(breve(minimo))}{coda}"
    secondo, massimo = altri[0][0], altri[-1][0]
    quanti_sono = cardinale(len(con_grado))
    if minimo == massimo:
        return f"tutti i settori {_al(minimo)}{coda}"
    if secondo - minimo >= STACCO and len(altri) > 1:
        almeno = f"con almeno {_al(Decimal(int(secondo)), 'a')}"
        altri_al = _al(secondo) if secondo == massimo else almeno
        return f"{cardinale(len(altri))} settori su {quanti_sono} {altri_al}, {nome} {_al(minimo)}{coda}"
    return f"{quanti_sono} settori fra {breve(minimo)} e {con_segno(breve(massimo))}{coda}"


def _al(grado: Decimal, come: str = "al") -> str:
    """A percentage with its article: "al 99,08 %", "all'87,71 %"; with "a": "il 99 %", "l'87 %"."""
    scritto = breve(grado)
    return f"{_articolo(scritto, come)}{con_segno(scritto)}"


def _articolo(scritto: str, come: str = "al") -> str:
    """What stands before a percentage as it is read: ottantasette, undici and uno have an elision."""
    intero = scritto.partition(",")[0]
    quale = 2 if intero == "0" else intero in ("1", "11") or intero[0] == "8"
    return {"al": ("al ", "all'", "allo "), "a": ("il ", "l'", "lo ")}[come][quale]


def del_confronto(confronti: Sequence[tuple[str, Confronto]]) -> str:
    """How many settori have indicatori that say less than was declared, and where most."""
    scarti = [
        (arrotonda(c.dichiarato) - arrotonda(c.misurato), nome, c.confrontati)
        for nome, c in confronti
        if c.dichiarato is not None and c.misurato is not None
    ]
    sotto = sorted((s for s in scarti if s[0] > 0), key=lambda scarto: -scarto[0])
    sopra = [s for s in scarti if s[0] < 0]
    if not scarti:
        return "Dichiarato e misurato non si possono confrontare"
    dove = su_quanti(len(sotto), len(scarti))
    if sotto:
        punti, nome, su_che = sotto[0]
        lo_scarto = "lo scarto maggiore è in" if len(sotto) > 1 else "in"
        base = f"{_punti(punti)} su {quanti(su_che, 'obiettivo', 'obiettivi')}"
        return f"Gli indicatori dicono meno del dichiarato {dove}: {lo_scarto} {nome}, {base}"
    if sopra:
        return "In nessun settore gli indicatori dicono meno del dichiarato"
    return "Dichiarato e misurato coincidono" + (" in tutti i settori" if len(scarti) > 1 else "")


def su_quanti(quanti_sono: int, tutti: int) -> str:
    if tutti == 1:
        return "nell'unico settore confrontato"
    if quanti_sono == tutti:
        return f"in tutti {con_articolo(tutti)} settori confrontati"
    uno = "un settore" if quanti_sono == 1 else f"{cardinale(quanti_sono)} settori"
    return f"in {uno} su {cardinale(tutti)}"


def _punti(punti: Decimal) -> str:
    return quanti(1, "punto", "punti") if punti == 1 else f"{numero(punti)} punti"


def dell_imbuto(imbuto: Imbuto) -> str:
    """How many indicatori are measured, how many of them are met."""
    tutti, misurati, raggiunti = imbuto.indicatori, imbuto.misurati, imbuto.raggiunti
    if not tutti:
        return "Nessun indicatore"
    if not misurati:
        quali = "L'unico indicatore non" if tutti == 1 else f"Nessuno dei {tutti} indicatori"
        return f"{quali} si misura"
    misura = "misura" if misurati == 1 else "misurano"
    prima = f"Si {misura} {quanti(misurati, 'indicatore', 'indicatori')} su {tutti}"
    if misurati == tutti:
        prima = f"Si misurano tutti {con_articolo(tutti)} indicatori"
    if tutti == 1:
        prima = "L'unico indicatore si misura"
    if raggiunti == misurati > 1:
        return f"{prima}; tutti hanno raggiunto il valore atteso"
    hanno = "hanno" if raggiunti > 1 else "ha"
    return f"{prima}; {raggiunti or 'nessuno'} {hanno} raggiunto il valore atteso"


def delle_fasce(fasce: Sequence[Fascia], conti: Sequence[int]) -> str:
    """In which fascia most of the obiettivi are."""
    tutti = sum(conti)
    if not tutti:
        return "Nessun obiettivo ha una fascia"
    massimo = max(conti)
    nome = fasce[list(conti).index(massimo)].nome
    if massimo == tutti:
        quali = f"Tutti {con_articolo(tutti)} obiettivi sono" if tutti > 1 else "L'unico obiettivo è"
        return f"{quali} nella fascia «{nome}»"
    return f"{massimo} obiettivi distinti su {tutti} sono nella fascia «{nome}»"


def del_settore(fascicolo: Fascicolo, figure: SettoreValutato) -> list[str]:
    """What the grado of a settore is the mean of, and what its indicatori say."""
    voci = fascicolo.voci(figure.settore)
    valutate = [voce for voce in voci if voce.conta]
    comuni = sum(voce.trasversale for voce in valutate)
    voci_valutate = quanti(len(valutate), "voce valutata", "voci valutate")
    di_che = _di_che(comuni, len(valutate) - comuni)
    quante = rimandi.a(PER_SETTORE, f"{voci_valutate} su {len(voci)}")
    frasi = [f"{forte(quante)}{di_che}{_escluse(voci)}.", *_dei_propri(fascicolo, figure, valutate)]
    if figure.fascia:
        frasi.append(f"Fascia: {figure.fascia}.")
    confronto = fascicolo.confronto(figure.settore)
    if confronto.misurato is not None:
        dove = (
            "Nell'obiettivo proprio che si misura"
            if confronto.confrontati == 1
            else f"{'Negli' if con_articolo(confronto.confrontati)[0] == 'g' else 'Nei'} "
            f"{confronto.confrontati} obiettivi propri che si misurano"
        )
        frasi.append(
            f"{dove} il dichiarato è "
            f"{rimandi.a(PER_SETTORE, con_segno(breve(confronto.dichiarato)))}, il misurato "
            f"{forte(rimandi.a(PER_SETTORE, con_segno(breve(confronto.misurato))))}."
        )
    return [*frasi, *_solidita(fascicolo.imbuto(figure.settore))]


def _di_che(trasversali: int, propri: int) -> str:
    if not trasversali:
        return ""
    parti = [quanti(trasversali, "obiettivo trasversale", "obiettivi trasversali")]
    if propri:
        parti.append(quanti(propri, "proprio", "propri"))
    return f": {elenco_di(parti)}"


def _dei_propri(
    fascicolo: Fascicolo, figure: SettoreValutato, valutate: list[VoceValutata]
) -> list[str]:
    """What the own obiettivi come to without the trasversali, where it is another figure; and which are
    lower than the mean by more than the tolerance."""
    propri = [voce for voce in valutate if not voce.trasversale]
    frasi = []
    if figure.grado_propri is not None and breve(figure.grado_propri) != breve(figure.grado):
        frasi.append(f"I soli propri sono {_al(figure.grado_propri)}.")
    bassi: dict[str, list[ChiaveScheda]] = {}
    for voce in (voce for voce in propri if voce.coperte):
        if figure.grado is None or voce.grado is None:
            continue
        if figure.grado - voce.grado > fascicolo.parametri.tolleranza:
            bassi.setdefault(con_segno(breve(voce.grado)), []).extend(voce.coperte)
    if bassi:
        detti = (
            f"{rimandi.alle_schede(fascicolo, schede)} ({detto})" for detto, schede in bassi.items()
        )
        frasi.append(f"Abbassano la media {elenco_di(list(detti))}.")
    return frasi


def _escluse(voci: list[VoceValutata]) -> str:
    motivi = Counter(voce.motivo for voce in voci if not voce.conta)
    if not motivi:
        return ""
    detti = ", ".join(f"{n} {motivo}" for motivo, n in motivi.most_common())
    return f"; fuori dalla media: {detti}"


def dei_comuni(fascicolo: Fascicolo) -> list[str]:
    """What the trasversali are, and what their indicatori say."""
    schede = fascicolo.righe.schede.di(TRASVERSALI)
    dette = quanti(len(schede), "scheda trasversale", "schede trasversali")
    stanno = "sta" if len(schede) == 1 else "stanno"
    return [
        f"{forte(dette)}, {'comune' if len(schede) == 1 else 'comuni'} a più settori: {stanno} nella "
        "valutazione di ognuno, qui una volta.",
        *_solidita(fascicolo.imbuto(TRASVERSALI)),
    ]


def _solidita(imbuto: Imbuto) -> list[str]:
    if not imbuto.indicatori:
        return []
    return [
        f"Indicatori misurati: {rimandi.a(PER_SETTORE, su(imbuto.misurati, imbuto.indicatori))}, "
        f"{con_base(imbuto.misurati, imbuto.indicatori)}."
    ]


def del_nucleo(quante: int) -> str:
    """How many schede are to be looked at before the relazione is validated."""
    if not quante:
        return "nessuna scheda con dichiarato e misurato lontani"
    return "una scheda da guardare" if quante == 1 else f"{cardinale(quante)} schede da guardare"
