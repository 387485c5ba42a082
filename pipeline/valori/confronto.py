"""The measure of a raggiunto against its atteso."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, date
from decimal import Decimal
from functools import reduce
from typing import NamedTuple

from pipeline import numeri
from pipeline.valori.lessico import DA_EVITARE, radici
from pipeline.valori.lettura import (
    CALCOLO,
    ESATTO,
    nome_di,
    parse_atteso,
    parse_raggiunto,
    ultimo_del_mese,
)
from pipeline.valori.tipi import (
    CENTO,
    CRESCENTE,
    DA_DIRE,
    DECRESCENTE,
    DI_CONTESTO,
    NON_MISURABILE,
    NON_RAGGIUNTO,
    PARZIALE,
    QUASI,
    RAGGIUNTO,
    Assente,
    Atteso,
    Composto,
    Contesto,
    Intervallo,
    Misura,
    Nota,
    Numero,
    Quantita,
    Raggiunto,
    Scadenza,
    Semplice,
    SiNo,
    Soglia,
    Testo,
    Valore,
)

MANCA_RAGGIUNTO = "manca il raggiunto"
SENZA_DATI = "senza valore atteso né raggiunto"
"""The motivi of an indicatore that nobody filled in, or that its template has no boxes for."""


ALTRO_ANNO = "la scadenza, o la data del raggiunto, viene prima dell'anno rendicontato: correggerla"
NEGATIVO = "il raggiunto è negativo e il valore atteso no: scrivere il risultato, o niente se non c'è"
DUE_LETTURE = (
    "un numero si può leggere in due modi: scrivere i decimali con la virgola e senza zeri finali, le "
    "migliaia senza segni"
)
"""The motivi that are also a rilievo (pipeline/checks)."""


class _Tratto(NamedTuple):
    """The numbers between two ends (None: no end), without the ends when `stretto`."""

    minimo: Decimal | None
    massimo: Decimal | None
    stretto: bool = False

    def contiene(self, altro: "_Tratto") -> bool:
        """Whether all of the other lies in this one."""
        pari_ammesso = not self.stretto or altro.stretto
        return (
            self.minimo is None
            or (altro.minimo is not None and altro.minimo > self.minimo)
            or (altro.minimo == self.minimo and pari_ammesso)
        ) and (
            self.massimo is None
            or (altro.massimo is not None and altro.massimo < self.massimo)
            or (altro.massimo == self.massimo and pari_ammesso)
        )


def misura_testi(
    atteso: str, raggiunto: str, verso: str | None = "", anno: int | None = None
) -> tuple[str, Misura]:
    """From the two cells of an indicatore, the tipo of its valore atteso and the measure."""
    richiesto, ottenuto = parse_atteso(atteso), parse_raggiunto(raggiunto)
    return _concorda(richiesto, ottenuto)[0].tipo, misura(richiesto, ottenuto, verso, anno)


def letture_dubbie(atteso: str, raggiunto: str) -> tuple[Nota, ...]:
    """What was read by a declared rule in the two cells, to be reported: "«64.52» è letto 64,52"."""
    return parse_atteso(atteso).note + parse_raggiunto(raggiunto).note


def misura(
    atteso: Atteso, raggiunto: Raggiunto, verso: str | None = None, anno: int | None = None
) -> Misura:
    """How much of the valore atteso was reached.

    `verso` is the one written beside the indicatore, if any: without it the operator tells, else more
    is better. `anno` is the year reported, for deadlines: without it every deadline is due.
    """
    atteso, raggiunto = _concorda(atteso, raggiunto)
    if isinstance(atteso, Contesto):
        if isinstance(raggiunto, Assente | Contesto):
            return _no(SENZA_DATI)
        return Misura(None, None, DI_CONTESTO, "senza valore atteso è un dato di contesto")
    if isinstance(atteso, Assente):
        return _no("il valore atteso non è stato fissato")
    if isinstance(atteso, Scadenza) and not isinstance(raggiunto, Composto):
        return _misura_scadenza(atteso, raggiunto, anno)
    if isinstance(raggiunto, Assente | Contesto):
        return _no(MANCA_RAGGIUNTO)
    if isinstance(atteso, Testo):
        return _no(_a_parole("il valore atteso", atteso))
    if isinstance(raggiunto, Testo):
        return _no(_a_parole("il raggiunto", raggiunto))
    if isinstance(atteso, Composto) or isinstance(raggiunto, Composto):
        return _misura_parti(atteso, raggiunto, verso, anno)
    if isinstance(atteso, SiNo):
        return _misura_si_no(atteso, raggiunto, anno)
    assert isinstance(atteso, Quantita)  # nothing else is left
    if isinstance(raggiunto, Quantita):
        return _misura_quantita(atteso, raggiunto, verso)
    if isinstance(raggiunto, Scadenza):
        return _no("si attende una quantità e il raggiunto è una data: scrivere il numero")
    if raggiunto.si and _e_cento_per_cento(atteso):
        return _si("fatto, come atteso")
    return _no("si attende una quantità e il raggiunto è un sì o un no: scrivere quanto (0 se nulla)")


def _no(motivo: str) -> Misura:
    return Misura(None, None, NON_MISURABILE, motivo)


def _si(motivo: str, rapporto: Decimal | None = None) -> Misura:
    return Misura(CENTO, rapporto, RAGGIUNTO, motivo)


def _zero(motivo: str, rapporto: Decimal | None = None) -> Misura:
    return Misura(Decimal(0), rapporto, NON_RAGGIUNTO, motivo)


def _non_raggiunto(rapporto: Decimal, motivo: str) -> Misura:
    """Not met: the ratio, never below 0 and never quite 100."""
    grado = min(max(rapporto, Decimal(0)), QUASI)
    if rapporto > QUASI:
        motivo = f"non raggiunto, anche se di pochissimo: non supera {numeri.numero(QUASI)}"
    return Misura(grado, rapporto, PARZIALE if grado else NON_RAGGIUNTO, motivo)


def _a_parole(soggetto: str, testo: Testo) -> str:
    if not testo.perche:
        return f"{soggetto} è descritto a parole: serve una valutazione qualitativa"
    return f"{soggetto} {testo.perche}"


def _concorda(atteso: Atteso, raggiunto: Raggiunto) -> tuple[Atteso, Raggiunto]:
    """A bare "2020" facing a quantity is a quantity, and a quantity facing a date is a year."""
    if isinstance(atteso, Scadenza) and atteso.quantita and isinstance(raggiunto, Quantita):
        return Numero(atteso.quantita), raggiunto
    if isinstance(raggiunto, Scadenza) and raggiunto.quantita and isinstance(atteso, Quantita):
        return atteso, Numero(raggiunto.quantita)
    return atteso, raggiunto


def _e_cento_per_cento(valore: Valore) -> bool:
    return isinstance(valore, Numero) and valore.unita == "%" and valore.valore == CENTO


# yes, no and deadlines


def _misura_si_no(
    atteso: SiNo, raggiunto: SiNo | Scadenza | Quantita, anno: int | None = None
) -> Misura:
    if atteso.si and _e_cento_per_cento(raggiunto):
        return _si("fatto al 100%")
    data = raggiunto.data if isinstance(raggiunto, SiNo) else raggiunto
    if atteso.si and isinstance(data, Scadenza) and not (data.impegno or data.quantita):
        primo, ultimo = _primo(data, anno), _ultimo(data, anno)
        if anno and primo and primo.year > anno:
            return _no(f"la data del raggiunto ({primo:%d/%m/%Y}) viene dopo l'anno rendicontato")
        if anno and ultimo and ultimo.year < anno:
            return _no(ALTRO_ANNO)
        return _si("fatto, con la data indicata")
    if not isinstance(raggiunto, SiNo):
        return _no("si attende un sì o un no e il raggiunto è un'altra cosa: scrivere SÌ o NO")
    if raggiunto.si == atteso.si:
        return _si("fatto, come atteso" if atteso.si else "non fatto, come atteso")
    if not raggiunto.si and raggiunto.motivo:
        return _no(_NO_MOTIVATO)
    return _zero("atteso un sì, raggiunto un no" if atteso.si else "atteso un no, raggiunto un sì")


_NO_MOTIVATO = (
    "il «no» ha una motivazione: indicare lo stato della voce (rinviato, sospeso, non valutabile) "
    "oppure scrivere solo NO"
)


def _misura_scadenza(atteso: Scadenza, raggiunto: Semplice, anno: int | None) -> Misura:
    """On time 100, late 0. What is due after the year reported is not measured, unless it is done."""
    fatto = raggiunto.data or atteso if isinstance(raggiunto, SiNo) and raggiunto.si else raggiunto
    if _e_cento_per_cento(fatto):
        fatto = atteso
    if isinstance(fatto, Scadenza) and atteso.quantita and fatto.quantita and fatto != atteso:
        return _no("non si capisce se sono anni o quantità: scrivere «entro 2020» oppure «n. 2020»")
    if _di_un_anno_prima(atteso, fatto, anno):
        return _no(ALTRO_ANNO)
    termine, oggi = _ultimo(atteso, anno), _giorno(anno, (12, 31))
    futura = bool(termine and oggi and termine > oggi)
    if isinstance(fatto, Scadenza) and (fatto is atteso or not fatto.impegno):
        compiuta = fatto is atteso or not (oggi and (_primo(fatto, anno) or oggi) > oggi)
        if compiuta or not futura:
            return _entro(atteso, fatto, anno)
    if futura and termine:
        return _no(f"la scadenza ({termine:%d/%m/%Y}) viene dopo l'anno rendicontato")
    if isinstance(fatto, Assente | Contesto):
        return _no(MANCA_RAGGIUNTO)
    if isinstance(fatto, Testo):
        return _no(_a_parole("il raggiunto", fatto))
    if isinstance(fatto, SiNo):
        return _no(_NO_MOTIVATO) if fatto.motivo else _zero("non fatto entro la scadenza")
    if isinstance(fatto, Scadenza):
        return _no("il raggiunto ripete una scadenza: scrivere la data in cui è stato fatto, SÌ o NO")
    return _no("si attende una scadenza e il raggiunto è una quantità: scrivere la data, SÌ o NO")


def _di_un_anno_prima(atteso: Scadenza, fatto: Semplice, anno: int | None) -> bool:
    """Whether one of the two is of a year before the one reported, and nobody wrote that it is so."""
    if anno is None or not MINYEAR <= anno <= MAXYEAR or "conferm" in atteso.commento.lower():
        return False
    date_scritte = (
        _ultimo(scritta, anno) for scritta in (atteso, fatto) if isinstance(scritta, Scadenza)
    )
    return any(scritta is not None and scritta.year < anno for scritta in date_scritte)


def _entro(atteso: Scadenza, fatto: Scadenza, anno: int | None) -> Misura:
    if fatto is atteso:
        return _si("fatto entro la scadenza, secondo il responsabile")
    termine, primo, ultimo = _ultimo(atteso, anno), _primo(fatto, anno), _ultimo(fatto, anno)
    if termine is None or primo is None or ultimo is None:
        return _no("manca l'anno della data: scriverla per intero")
    if ultimo <= termine:
        return _si("fatto entro la scadenza")
    if primo <= termine:
        return _no("non si capisce se la data viene prima o dopo la scadenza: scrivere il giorno")
    giorni = (primo - termine).days
    esatto = "" if primo == ultimo else "almeno "
    return _zero(
        f"fatto dopo la scadenza, con {esatto}{giorni} giorn{'o' if giorni == 1 else 'i'} di ritardo"
    )


def _primo(scadenza: Scadenza, anno: int | None) -> date | None:
    return _giorno(scadenza.anno or anno, scadenza.inizio)


def _ultimo(scadenza: Scadenza, anno: int | None) -> date | None:
    return _giorno(scadenza.anno or anno, scadenza.fine)


def _giorno(anno: int | None, giorno: tuple[int, int]) -> date | None:
    """A day of a year, None when no year is known; the end of February whatever the year."""
    if not anno or not MINYEAR <= anno <= MAXYEAR:
        return None
    mese, numero = giorno
    return date(anno, mese, min(numero, ultimo_del_mese(anno, mese)))


# quantities


def _misura_quantita(atteso: Quantita, raggiunto: Quantita, verso: str | None) -> Misura:
    """Met 100, else the ratio on the failing side; a raggiunto with an operator only if it decides."""
    if _negativo(raggiunto) and _positivo(atteso):
        return _no(NEGATIVO)
    if (coppia := _stessa_unita(atteso, raggiunto)) is None:
        return _no(_unita_diverse(atteso, raggiunto))
    atteso, raggiunto = coppia
    if motivo := _altra_cosa(atteso, raggiunto) or _senza_misura(atteso, raggiunto, verso):
        return _no(motivo)
    ammesso, possibile = _ammesso(atteso, verso), _possibile(raggiunto)
    raggiunta = ammesso.contiene(possibile)
    if not isinstance(raggiunto, Numero):
        if raggiunta:
            return _si("raggiunto, qualunque sia il valore esatto")
        return _no(_NON_DECIDIBILE)
    rapporto = _rapporto(atteso, raggiunto.valore, verso)
    if raggiunta:
        return _si("valore atteso raggiunto", rapporto)
    r = raggiunto.valore
    if ammesso.minimo is not None and r <= ammesso.minimo:
        quota = _quota(r, ammesso.minimo, CRESCENTE)
        motivo = f"raggiunto diviso {_estremo(atteso, 'il minimo atteso', ammesso.minimo)}"
    else:
        assert ammesso.massimo is not None
        quota = _quota(r, ammesso.massimo, DECRESCENTE)
        estremo = _estremo(atteso, "il massimo", ammesso.massimo)
        motivo = f"oltre il massimo atteso: {estremo} diviso raggiunto"
    if quota is None:
        return _zero("il valore atteso, 0, non è rispettato", rapporto)
    esito = _non_raggiunto(quota, motivo)
    return replace(esito, rapporto=rapporto)


def _negativo(raggiunto: Quantita) -> bool:
    """Many systems write -1 for what was never reported."""
    return (raggiunto.da if isinstance(raggiunto, Intervallo) else raggiunto.valore) < 0


def _positivo(atteso: Quantita) -> bool:
    return (atteso.da if isinstance(atteso, Intervallo) else atteso.valore) > 0


def _altra_cosa(atteso: Quantita, raggiunto: Quantita) -> str:
    """Why the two do not speak of the same thing, "" when they may."""
    attese, ottenute = radici(atteso.etichetta), radici(raggiunto.etichetta)
    solo_uno_con_unita = bool(atteso.unita) != bool(raggiunto.unita)
    senza, con = (ottenute, attese) if atteso.unita else (attese, ottenute)
    del_ritardo = bool(raggiunto.unita and (ottenute - attese) & DA_EVITARE)  # not the days it took
    concordi = attese <= ottenute or ottenute <= attese
    if not concordi or del_ritardo or (solo_uno_con_unita and not senza <= con):
        return "nelle due celle si contano cose diverse: scrivere la stessa, o solo il numero"
    if not isinstance(atteso, Intervallo) and not isinstance(raggiunto, Intervallo):
        return DUE_LETTURE if _due_letture(atteso, raggiunto) else ""
    return ""


def _due_letture(atteso: Numero | Soglia, raggiunto: Numero | Soglia) -> bool:
    """Whether one of two numbers, read by the other rule (87.500 as 87,5), is nearer to the other."""
    if not (atteso.altra or raggiunto.altra) or not (atteso.valore and raggiunto.valore):
        return False
    distanza = _distanza(atteso.valore, raggiunto.valore)
    if atteso.altra and raggiunto.altra:  # written in the same way they are read in the same way
        return (atteso.altra < atteso.valore) != (raggiunto.altra < raggiunto.valore)
    return _distanza(atteso.altra or atteso.valore, raggiunto.altra or raggiunto.valore) < distanza


def _distanza(uno: Decimal, altro: Decimal) -> Decimal:
    """How many times the greater of two numbers is the other."""
    minore, maggiore = sorted((uno.copy_abs(), altro.copy_abs()))
    return CALCOLO.divide(maggiore, minore)


def _estremo(atteso: Quantita, quale: str, valore: Decimal) -> str:
    """The end of what is expected that a raggiunto is compared with: of a tolerance, written nowhere."""
    return f"{quale} ({numeri.numero(valore)})" if isinstance(atteso, Intervallo) else "valore atteso"


_NON_DECIDIBILE = "il raggiunto dà solo un limite, che non basta a decidere: scrivere il valore esatto"


def _ammesso(atteso: Quantita, verso: str | None) -> _Tratto:
    """The numbers that meet a target; a verso makes a tolerance one-sided."""
    if isinstance(atteso, Intervallo):
        massimo = None if verso == CRESCENTE else atteso.a
        return _Tratto(None if verso == DECRESCENTE else atteso.da, massimo)
    stretto = isinstance(atteso, Soglia) and atteso.stretta
    if _verso(atteso, verso) == DECRESCENTE:
        return _Tratto(None, atteso.valore, stretto)
    return _Tratto(atteso.valore, None, stretto)


def _possibile(raggiunto: Quantita) -> _Tratto:
    """The numbers that a raggiunto may stand for."""
    if isinstance(raggiunto, Intervallo):
        return _Tratto(raggiunto.da, raggiunto.a)
    if isinstance(raggiunto, Numero):
        return _Tratto(raggiunto.valore, raggiunto.valore)
    if raggiunto.verso == DECRESCENTE:
        return _Tratto(None, raggiunto.valore, raggiunto.stretta)
    return _Tratto(raggiunto.valore, None, raggiunto.stretta)


def _verso(atteso: Numero | Soglia, verso: str | None) -> str:
    if isinstance(atteso, Soglia):
        return atteso.verso
    return verso or (atteso.verso if atteso.verso != DA_DIRE else "") or CRESCENTE


def _senza_misura(atteso: Quantita, raggiunto: Quantita, verso: str | None) -> str:
    """Why a target measures nothing, "" when it does."""
    if isinstance(atteso, Intervallo):
        return ""
    if verso and atteso.verso in (CRESCENTE, DECRESCENTE) and verso != atteso.verso:
        return f"il verso indicato ({verso}) contraddice il segno del valore atteso: correggerlo"
    uguali = isinstance(raggiunto, Numero) and raggiunto.valore == atteso.valore
    if isinstance(atteso, Numero) and not verso and not uguali:
        if atteso.valore < 0:
            return "il valore atteso è negativo: indicare il verso (crescente o decrescente)"
        detto = atteso.verso or (raggiunto.verso if isinstance(raggiunto, Numero) else "")
        if detto == DA_DIRE or (detto and not atteso.verso):
            return _SENZA_VERSO
    if not atteso.valore and _verso(atteso, verso) == CRESCENTE and not _sotto_zero(atteso, raggiunto):
        return "un valore atteso 0 non misura nulla: se meno è meglio indicare il verso decrescente"
    return ""


_SENZA_VERSO = (
    "non si sa se di più è meglio: indicare il verso, o scrivere «entro», «max» o «almeno» nel "
    "valore atteso"
)


def _sotto_zero(atteso: Numero | Soglia, raggiunto: Quantita) -> bool:
    """Whether a target of 0 decides: "> 0" always, "≥ 0" when the raggiunto is less."""
    return isinstance(atteso, Soglia) and (
        atteso.stretta or (isinstance(raggiunto, Numero) and raggiunto.valore < 0)
    )


def _rapporto(atteso: Quantita, r: Decimal, verso: str | None) -> Decimal | None:
    """The raw ratio: raggiunto on atteso, or the other way round when less is better."""
    if isinstance(atteso, Intervallo):
        return _quota(r, atteso.centro, CRESCENTE) if atteso.centro and atteso.centro > 0 else None
    return _quota(r, atteso.valore, _verso(atteso, verso))


def _quota(r: Decimal, limite: Decimal, verso: str) -> Decimal | None:
    """raggiunto / limite in per cent (limite / raggiunto when less is better), None where senseless.

    Below zero the scale is mirrored: more than -5 is like less than 5.
    """
    if limite < 0:
        return _quota(r.copy_negate(), limite.copy_negate(), _OPPOSTO[verso])
    if not limite:
        return None
    if verso == CRESCENTE:
        return CALCOLO.multiply(CALCOLO.divide(r, limite), CENTO)
    return CALCOLO.multiply(CALCOLO.divide(limite, r), CENTO) if r > 0 else None


_OPPOSTO = {CRESCENTE: DECRESCENTE, DECRESCENTE: CRESCENTE}


def _stessa_unita(atteso: Quantita, raggiunto: Quantita) -> tuple[Quantita, Quantita] | None:
    """The two in the same unit: 8/10 is 80%. A unit may go without saying, never the per cent nor what
    a rate is of; zero is zero in any unit."""
    if atteso.unita == raggiunto.unita:
        return atteso, raggiunto
    if {atteso.unita, raggiunto.unita} == {"%", "rapporto"}:
        return _in_percento(atteso), _in_percento(raggiunto)
    if _zero_esatto(atteso) and _zero_esatto(raggiunto):
        return atteso, replace(raggiunto, unita=atteso.unita)
    detta = atteso.unita or raggiunto.unita
    if (atteso.unita and raggiunto.unita) or detta in _SEMPRE_DETTE or _PER in f" {detta}":
        return None
    return atteso, raggiunto


_SEMPRE_DETTE = ("%", "rapporto", "per mille")
_PER = " per "


def _zero_esatto(valore: Quantita) -> bool:
    return not isinstance(valore, Intervallo) and not valore.valore


def _in_percento(valore: Quantita) -> Quantita:
    if isinstance(valore, Numero) and valore.unita == "rapporto":
        return replace(valore, valore=CALCOLO.multiply(valore.valore, CENTO), unita="%")
    return valore


def _unita_diverse(atteso: Quantita, raggiunto: Quantita) -> str:
    if any(_PER in f" {valore.unita}" for valore in (atteso, raggiunto)):
        return _FREQUENZA
    if "%" in (atteso.unita, raggiunto.unita):
        manca = "il raggiunto" if atteso.unita == "%" else "il valore atteso"
        return f"uno dei due è una percentuale: scrivere anche {manca} con il segno %"
    if "rapporto" in (atteso.unita, raggiunto.unita):
        return "uno dei due è un rapporto: scrivere anche l'altro come rapporto o percentuale"
    return f"le unità sono diverse ({atteso.unita} e {raggiunto.unita}): scrivere la stessa"


_FREQUENZA = (
    "uno dei due valori è una frequenza e l'altro no: scrivere il totale dell'anno in tutte e due le "
    "celle, o la stessa frequenza («3 al mese», «5 per dipendente»)"
)


# several values


def _misura_parti(atteso: Atteso, raggiunto: Raggiunto, verso: str | None, anno: int | None) -> Misura:
    """The plain mean of the parts, when each has its counterpart and can be measured."""
    if not isinstance(raggiunto, Composto):
        return _no("il valore atteso ha più parti e il raggiunto una sola: scrivere un valore per parte")
    if isinstance(atteso, Composto):
        coppie = _allinea(atteso.parti, raggiunto.parti)
        if coppie is None:
            return _no("le parti del raggiunto non corrispondono a quelle del valore atteso")
    else:
        coppie = [(atteso, parte) for parte in raggiunto.parti]
    misure = [misura(uno, altro, verso, anno) for uno, altro in coppie]
    for numero, una in enumerate(misure, start=1):
        if una.grado is None:
            return _no(f"parte {numero}: {una.motivo}")
    media = _media([una.grado for una in misure if una.grado is not None])
    esito = Misura(media, None, _esito(media), f"media delle {len(misure)} parti")
    if not isinstance(atteso, Composto) and (somma := _somma(raggiunto.parti)):
        return esito if misura(atteso, somma, verso, anno).grado == media else _no(_PARTI_O_SOMMA)
    return esito


_PARTI_O_SOMMA = "non si capisce se le parti del raggiunto si sommano: scrivere un solo valore"


def _media(gradi: Sequence[Decimal]) -> Decimal:
    """The plain mean: 100 when all are, and never quite 100 when one is not."""
    media = CALCOLO.divide(_totale(gradi), len(gradi))
    return CENTO if all(grado == CENTO for grado in gradi) else min(media, QUASI)


def _esito(grado: Decimal) -> str:
    return RAGGIUNTO if grado == CENTO else PARZIALE if grado else NON_RAGGIUNTO


def _allinea(
    attesi: Sequence[Semplice], raggiunti: Sequence[Semplice]
) -> list[tuple[Semplice, Semplice]] | None:
    """Parts by name when all have one, else by place; None when names or number of parts disagree."""
    if len(attesi) != len(raggiunti):
        return None
    per_nome = {radici(nome_di(parte)): parte for parte in raggiunti}
    nomi = [radici(nome_di(parte)) for parte in attesi]
    if all(per_nome) and len(per_nome) == len(raggiunti) and set(nomi) == set(per_nome):
        return [(parte, per_nome[nome]) for parte, nome in zip(attesi, nomi, strict=True)]
    coppie = list(zip(attesi, raggiunti, strict=True))
    discordi = any(
        nome and radici(nome_di(altro)) and nome != radici(nome_di(altro))
        for nome, (_, altro) in zip(nomi, coppie, strict=True)
    )
    return None if discordi else coppie


def _somma(parti: Sequence[Semplice]) -> Numero | None:
    """The sum of parts that can be summed: plain quantities of one unit; percentages cannot."""
    numeri_soli = [_concorda(parte, Numero(Decimal(0)))[0] for parte in parti]
    addendi = [parte for parte in numeri_soli if isinstance(parte, Numero)]
    unita = {parte.unita for parte in addendi}
    if len(addendi) != len(parti) or len(unita) > 1 or unita & {"%", "rapporto"}:
        return None
    return Numero(_totale(parte.valore for parte in addendi), addendi[0].unita)


def _totale(valori: Iterable[Decimal]) -> Decimal:
    return reduce(ESATTO.add, valori, Decimal(0))
