"""Rules on names: people and uffici that may be one written in two ways."""

from collections import Counter
from collections.abc import Iterator

from pipeline import nominativi, personale
from pipeline.checks.comuni import Caso, rilievo
from pipeline.parole import citazione, elenco_di, quanti
from pipeline.rilievi import Rilievo
from pipeline.uffici import Natura
from pipeline.workbooks.registro import cella


def _nome_dubbio(nome: str) -> str:
    """The code of what is odd in a name by itself, "" for nothing."""
    if not personale.e_nome_e_cognome(nome):
        return "N03"
    return "N02" if personale.forse_piu_persone(nome) else ""


def _dai_frequenti(conti: Counter[str]) -> list[str]:
    """The most frequent spelling first: the rarer one is the likelier slip."""
    return sorted(conti, key=lambda nome: -conti[nome])


def persone(caso: Caso) -> Iterator[Rilievo]:
    """Names that may be one person written in two ways, or two people written as one."""
    persone = [riga for riga in caso.righe.personale if not riga["gruppo"]]
    conti = Counter(riga["nominativo"] for riga in persone)
    prime = {riga["nominativo"]: riga for riga in reversed(persone)}
    for nome, riga in reversed(prime.items()):
        dubbio = _nome_dubbio(nome)
        if dubbio:
            yield rilievo(dubbio, riga, cella("schede", riga["ruolo"], riga), nome=nome)
    nomi = [nome for nome in _dai_frequenti(conti) if not _nome_dubbio(nome)]
    for raro, altro in personale.quasi_uguali(nomi):
        riga, dove = prime[raro], prime[altro]
        foglio = "" if dove["file"] == riga["file"] else f" di {dove['file']}"
        posto = cella("schede", dove["ruolo"], dove) + foglio
        dati = {"nome": raro, "altro": altro, "dove": posto}
        yield rilievo("N01", riga, cella("schede", riga["ruolo"], riga), **dati)


MOSTRATI = 5
"""How many doubtful names the finding quotes; the workbook of the checks has them all."""


def da_chiarire(caso: Caso) -> Iterator[Rilievo]:
    """The names that may be of a person or of an office, all in one finding, at the first.

    Not the name of an ufficio with a letter wrong, which N04 tells, nor half a name, which N03 tells.
    """
    letti = nominativi.letti(caso.tabelle)
    uffici = [letto.scritto for letto in letti if letto.natura is Natura.UFFICIO]
    in_dubbio = [letto for letto in letti if letto.natura in (Natura.DUBBIO, Natura.FORSE)]
    scritti = [letto.scritto for letto in in_dubbio]
    gia_detti = {raro for raro, _ in personale.stessa_parola([*uffici, *scritti])}
    gia_detti |= {r["nominativo"] for r in caso.righe.personale if _nome_dubbio(r["nominativo"])}
    dubbi = [letto for letto in in_dubbio if letto.scritto not in gia_detti]
    if not dubbi:
        return
    citati = [f"«{citazione(letto.scritto, 40)}»" for letto in dubbi[:MOSTRATI]]
    if (altri := len(dubbi) - MOSTRATI) > 0:
        citati.append(quanti(altri, "altro", "altri"))
    posto = dubbi[0].posti[0]
    yield Rilievo("E14", posto.file, posto.foglio, posto.cella, {"nomi": elenco_di(citati)})


def uffici(caso: Caso) -> Iterator[Rilievo]:
    """Uffici of the fasi whose names differ by one letter."""
    fasi = [riga for riga in caso.righe.fasi if riga["assegnazione"]]
    conti = Counter(" ".join(riga["assegnazione"].split()) for riga in fasi)
    prime = {" ".join(riga["assegnazione"].split()): riga for riga in reversed(fasi)}
    for raro, altro in personale.stessa_parola(_dai_frequenti(conti)):
        riga, dove = prime[raro], prime[altro]
        luogo = Rilievo("N04", dove["file"], dove["foglio"], cella("fasi", "assegnazione", dove)).dove
        dati = {"nome": citazione(raro), "altro": citazione(altro), "dove": luogo}
        yield rilievo("N04", riga, cella("fasi", "assegnazione", riga), **dati)
