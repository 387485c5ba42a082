"""The part of a settore that fills in the modello "schede": every scheda, on a page at most."""

from pipeline import bilancio
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import esito, indicatori, promesso
from pipeline.documents.word.documento import Documento
from pipeline.parole import in_frase, normalizza
from pipeline.tables import Collegamento, Fase, Scheda, chiave_scheda

MAX_RIGHE = 22
"""Up to how many lines the tables of a scheda stay together on a page."""
MAX_PROGRAMMI = 3
"""How many programmi of a missione are called by their names."""


def scrivi(documento: Documento, fascicolo: Fascicolo, settore: str) -> None:
    """Write every scheda of a settore, under the heading of the settore."""
    for scheda in fascicolo.righe.schede.di(settore):
        _scheda(documento, fascicolo, scheda)


def _scheda(documento: Documento, fascicolo: Fascicolo, scheda: Scheda) -> None:
    righe, questa = fascicolo.righe, chiave_scheda(scheda)
    titolo = scheda["titolo"] or "senza titolo"
    documento.scheda(fascicolo.codice(scheda), titolo, esito.in_parole(fascicolo, scheda))
    fasi = righe.fasi.della(questa)
    if rigo := _rigo(fascicolo.anno, righe.collegamenti.della(questa), fasi):
        documento.testo(rigo, "Rigo scheda")
    documento.testo(esito.riga(fascicolo, scheda), "Esito scheda")
    if scheda["descrizione"]:
        documento.testo(scheda["descrizione"], "Contesto", tieni=True)
    suoi = righe.indicatori.della(questa)
    if promesso.paralleli(fasi, suoi):
        indicatori.con_le_fasi(documento, fascicolo, scheda, fasi, suoi)
        return
    tavola = promesso.tavola(fascicolo, scheda)
    breve = promesso.quante_righe(tavola) + indicatori.quante_righe(suoi) <= MAX_RIGHE
    documento.tabella(tavola, numerata=False, seguita=breve and bool(suoi))
    indicatori.scrivi(documento, fascicolo, scheda, suoi)


def _rigo(anno: int, collegamenti: list[Collegamento], fasi: list[Fase]) -> str:
    """Missione and programmi, then the horizon and whose it is where all the fasi have the same."""
    parti = [*_missioni(anno, collegamenti)]
    if orizzonte := promesso.comune("orizzonte", fasi):
        parti.append(f"Orizzonte {in_frase(orizzonte)}")
    if assegnazione := promesso.comune("assegnazione", fasi):
        parti.append(f"Assegnato a: {in_frase(assegnazione)}")
    return " · ".join(parti)


def _missioni(anno: int, collegamenti: list[Collegamento]) -> list[str]:
    """Each missione once, with its programmi, called as the nomenclature does; what was typed otherwise
    is told as it is."""
    per_missione: dict[str, list[str]] = {}
    for riga in collegamenti:
        codice = riga["codice_missione"]
        nome = bilancio.MISSIONI.get(codice, "")
        scritto = _altrimenti(riga["denominazione_missione"], nome)
        missione = f"Missione {codice} {nome}{scritto}" if codice else _come_scritta(riga)
        programmi = _programmi(anno, riga)
        per_missione.setdefault(missione, []).extend(filter(None, [programmi]))
    return [
        f"{missione}: {', '.join(programmi)}" if programmi else missione
        for missione, programmi in per_missione.items()
    ]


def _come_scritta(riga: Collegamento) -> str:
    """A link whose missione is no code."""
    parole = (riga["missione"], riga["denominazione_missione"])
    return f"Missione «{in_frase(' '.join(filter(None, parole)))}», non in nomenclatura"


def _programmi(anno: int, riga: Collegamento) -> str:
    codici = [codice for codice in riga["codici_programma"].split(", ") if codice]
    nomi = bilancio.programmi(anno)
    scritto = _altrimenti(riga["denominazione_programma"], *(nomi.get(codice, "") for codice in codici))
    if not codici:
        return in_frase(f"{riga['programma']} {riga['denominazione_programma']}")
    if len(codici) > MAX_PROGRAMMI:
        return (
            f"programmi da {bilancio.con_punto(codici[0])} a {bilancio.con_punto(codici[-1])}{scritto}"
        )
    return ", ".join(f"{bilancio.con_punto(c)} {nomi.get(c, '')}".strip() for c in codici) + scritto


def _altrimenti(scritto: str, *nomi: str) -> str:
    """What was typed in the place of a name, where it is not that name or says more."""
    piano = in_frase(scritto)
    if not piano or any(_lo_stesso(piano, nome) for nome in nomi):
        return ""
    return f" («{piano}»)"


def _lo_stesso(scritto: str, nome: str) -> bool:
    di_piu = len(normalizza(scritto).split()) > len(normalizza(nome).split())
    return not di_piu and bilancio.somiglianza(scritto, nome) >= bilancio.SOMIGLIANTE
