"""Links from a figure to where it comes from: the code of a scheda leads to it, wherever it stands; a
figure of the ente to the table that it is counted or averaged in."""

from collections.abc import Iterable
from itertools import groupby

from pipeline.documents import cifre
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.word.blocchi import legame
from pipeline.tables import MEDIA_SETTORI, ChiaveScheda
from pipeline.workbooks import registro

TUTTI = "Tutti gli obiettivi"
"""The chapter where every obiettivo has its line."""
METODO, CIFRE = "Nota sul metodo", "Le cifre della relazione"
"""The chapter that says how a mean is made, and the table of all the figures."""
CONTA = "Che cosa si conta"
"""The part of the results that goes from the schede to the obiettivi."""
PER_SETTORE = "Risultati per settore"
SOTTO, NON_MISURATI = "Indicatori sotto il valore atteso", "Indicatori non misurati, per motivo"
SCARTI = "Scostamenti fra grado dichiarato e misurato"
"""The tables that figures of the ente come from."""
_DA_DOVE = {
    **dict.fromkeys((cifre.MEDIE[MEDIA_SETTORI], cifre.SETTORI, cifre.SENZA_PERCENTUALE), PER_SETTORE),
    cifre.VOCI: PER_SETTORE,
    **dict.fromkeys((cifre.TRASVERSALI_RENDICONTATE, cifre.FUORI), CONTA),
    **dict.fromkeys(cifre.INDICATORI.values(), NON_MISURATI),
    **dict.fromkeys((cifre.INDICATORI["raggiunti"], cifre.SCOSTAMENTI, cifre.MOTIVATI), SOTTO),
    cifre.LONTANE: SCARTI,
}
"""Name of a figure -> where it comes from, if not from the list of the obiettivi."""


def da_dove(fascicolo: Fascicolo) -> dict[str, str]:
    """The same, with the figures that each ente names in its own way."""
    proprie = {cifre.rendicontate(fascicolo): CONTA, cifre.prima_fascia(fascicolo): PER_SETTORE}
    return {**_DA_DOVE, **proprie}


def alla_cifra(nome: str, testo: str) -> str:
    """The words of a figure (see `cifre`) as a link to where it comes from."""
    return a(_DA_DOVE.get(nome, TUTTI), testo)


def a(luogo: str, testo: str) -> str:
    """A figure as a link; what is no figure, such as "–", leads nowhere."""
    return legame(luogo, testo) if any(map(str.isdecimal, testo)) else testo


def alla_scheda(fascicolo: Fascicolo, scheda: ChiaveScheda, testo: str = "") -> str:
    """The code of a scheda, or another text, as a link: to its title bar, or to the chapter of its
    settore where the template has none. One that nobody wrote has no place to lead to."""
    settore, codice = scheda[0], fascicolo.codice_di(scheda)
    testo = testo or codice
    if settore not in fascicolo.ordine or not fascicolo.righe.schede.della(scheda):
        return testo
    una = registro.una_scheda_per_foglio(fascicolo.modelli[settore])
    return legame(codice if una else fascicolo.sigle[settore], testo)


def alle_schede(fascicolo: Fascicolo, schede: Iterable[ChiaveScheda], sigla: bool = True) -> str:
    """Several codes, that of a settore said once, and numbers that follow one another as a range:
    "AG 8, 9; UT 1-12". Without `sigla`, the numbers of the settore alone."""
    gruppi = []
    for settore, sue in groupby(dict.fromkeys(schede), key=lambda scheda: scheda[0]):
        tratti = _tratti([n for _, n in sue])
        detti = [_tratto(fascicolo, settore, primo, ultimo) for primo, ultimo in tratti]
        prima = alla_scheda(fascicolo, (settore, tratti[0][0])) if sigla else detti[0]
        if sigla and tratti[0][0] != tratti[0][1]:
            prima += f"–{alla_scheda(fascicolo, (settore, tratti[0][1]), str(tratti[0][1]))}"
        gruppi.append(", ".join([prima, *detti[1:]]))
    return "; ".join(gruppi)


def _tratto(fascicolo: Fascicolo, settore: str, primo: int, ultimo: int) -> str:
    estremi = [alla_scheda(fascicolo, (settore, n), str(n)) for n in dict.fromkeys((primo, ultimo))]
    return "–".join(estremi)


def _tratti(numeri: list[int]) -> list[tuple[int, int]]:
    """Numbers as ranges of three or more: [1, 2, 3, 7, 8] -> (1, 3), (7, 7), (8, 8)."""
    tratti: list[list[int]] = []
    for n in sorted(numeri):
        if tratti and n == tratti[-1][-1] + 1:
            tratti[-1].append(n)
        else:
            tratti.append([n])
    return [
        coppia
        for tratto in tratti
        for coppia in ([(tratto[0], tratto[-1])] if len(tratto) > 2 else [(n, n) for n in tratto])
    ]
