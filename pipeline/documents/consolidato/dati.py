"""The sheet Dati, a row an indicatore, and the counts that formulas make of it."""

from collections.abc import Iterator
from decimal import Decimal

from pipeline.documents import cifre
from pipeline.documents.consolidato.libro import ETICHETTE, Descritto, Libro
from pipeline.prospetti import Colonna, Rigo
from pipeline.score import NON_QUANTIFICABILI, base
from pipeline.tables import Indicatore, Riga, Scheda, chiave_scheda, colonne

DATI = (
    Colonna("settore", "Sigla", 7),
    Colonna("denominazione", "Settore", 24),
    Colonna("scheda", "Scheda", 8),
    Colonna("titolo", "Titolo", 34),
    Colonna("obiettivo", "Obiettivo", 10),
    Colonna("missione", "Missione", 9),
    Colonna("programma", "Programma", 10),
    Colonna("n", "N.", 5, "intero"),
    Colonna("indicatore", "Indicatore", 40),
    Colonna("atteso", "Atteso", 20),
    Colonna("raggiunto", "Raggiunto", 30),
    Colonna("numero_atteso", ETICHETTE["numero_atteso"], 10, "numero"),
    Colonna("numero_raggiunto", ETICHETTE["numero_raggiunto"], 10, "numero"),
    Colonna("grado_misurato", ETICHETTE["grado_misurato"], 9, "grado"),
    Colonna("esito", "Esito", 12),
    Colonna("motivo", "Motivo", 30),
    Colonna("con_atteso", "Con un atteso", 8, "intero"),
    Colonna("quantificabile", "Quantificabile", 8, "intero"),
    Colonna("misurato", "Misurato", 8, "intero"),
    Colonna("raggiunto_atteso", "Atteso raggiunto", 8, "intero"),
)
NON_RIPETUTE = (*(colonna.chiave for colonna in DATI), "settore", "scheda")
SENZA_INDICATORI = "senza indicatori"


def dati(libro: Libro) -> Descritto:
    """A row an indicatore, with what can be said of its scheda beside it; a scheda without has a row."""
    altre = [c for c in libro.colonne("indicatori") if c.chiave not in NON_RIPETUTE]
    return [*DATI, *altre], list(_righe(libro))


def _righe(libro: Libro) -> Iterator[Riga]:
    """The indicatori in the order of their table, then the schede without any."""
    righe = libro.fascicolo.righe
    schede = {chiave_scheda(scheda): scheda for scheda in righe.schede}
    comuni = {chiave: _della_scheda(libro, scheda) for chiave, scheda in schede.items()}
    for indicatore in righe.indicatori:
        sua = comuni.get(chiave_scheda(indicatore)) or _senza_scheda(libro, indicatore)
        yield {**libro.riga_in_chiaro(indicatore), **sua, **_misura_di(indicatore)}
    vuoto = {colonna.nome: None for colonna in colonne("indicatori")}
    for chiave, scheda in schede.items():
        if not righe.indicatori.della(chiave):
            dove = {nome: scheda[nome] for nome in ("file", "foglio", "riga")}
            yield {**_NIENTE, **vuoto, "esito": SENZA_INDICATORI, **dove, **comuni[chiave]}


def _senza_scheda(libro: Libro, riga: Indicatore) -> Riga:
    vuoti = dict.fromkeys(("titolo", "obiettivo", "missione", "programma"))
    return {**vuoti, "denominazione": libro.fascicolo.denominazioni.get(riga["settore"], "")}


def _della_scheda(libro: Libro, scheda: Scheda) -> Riga:
    """What the rows of a scheda share: of several missioni or programmi the first, one code a cell."""
    collegati = libro.fascicolo.righe.collegamenti.della(chiave_scheda(scheda))
    primo = next((riga for riga in collegati if riga["codice_missione"]), None)
    voci = libro.fascicolo.voci_di(scheda)
    return {
        "settore": libro.sigla(scheda["settore"]),
        "scheda": libro.codice(chiave_scheda(scheda)),
        "denominazione": libro.fascicolo.denominazioni.get(scheda["settore"], scheda["settore"]),
        "titolo": scheda["titolo"],
        "obiettivo": libro.obiettivo(voci[0]) if voci else "",
        "missione": primo["codice_missione"] if primo else "",
        "programma": primo["codici_programma"].split(",")[0] if primo else "",
    }


_NIENTE = dict.fromkeys(colonna.chiave for colonna in DATI)


def _misura_di(riga: Indicatore) -> Riga:
    """How far an indicatore goes, in ones and zeros to be added up."""
    grado, atteso = riga["grado_misurato"], bool(riga["atteso"].strip())
    return {
        "con_atteso": int(atteso),
        "quantificabile": int(atteso and riga["tipo"] not in NON_QUANTIFICABILI),
        "misurato": int(grado is not None),
        "raggiunto_atteso": int(grado is not None and grado >= 100),
    }


# ------------------------------------------------------------------------------------------- Misura

DA_SOMMARE = {
    "attesi": "con_atteso",
    "quantificabili": "quantificabile",
    "misurati": "misurato",
    "raggiunti": "raggiunto_atteso",
}
"""What is counted -> the column of Dati that adds up to it."""
TUTTI = {
    "indicatori": "Indicatori",
    "attesi": "Indicatori_con_atteso",
    "quantificabili": "Indicatori_quantificabili",
    "misurati": "Indicatori_misurati",
    "raggiunti": "Indicatori_raggiunti",
    "base": "Indicatori_base",
}
"""The names of the counts of the ente."""


def _conta(r: Rigo, chiave: str) -> str:
    if not r.dati["sigla"]:
        prima, ultima = r.prospetto.prima, r.numero - 1
        return f"=SUM({r.prospetto.tratto(chiave, prima, ultima)})" if prima <= ultima else ""
    sigla = r.cella("sigla")
    if chiave == "indicatori":
        return f'=COUNTIFS(Dati_settore,{sigla},Dati_n,">0")'
    return f"=SUMIFS(Dati_{DA_SOMMARE[chiave]},Dati_settore,{sigla})"


def _percento(r: Rigo, _: str) -> str:
    return f'=IF({r.cella("indicatori")}=0,"",{r.cella("misurati")}*100/{r.cella("indicatori")})'


def _base(r: Rigo, _: str) -> str:
    percento = r.cella("percento")
    solida, parziale, debole, nessuna = (f'"{nome} {segno}"' for nome, segno in cifre.BASI.items())
    meno = f"IF({percento}>=Base_parziale,{parziale},{debole})"
    return f"=IF({r.cella('misurati')}=0,{nessuna},IF({percento}>=Base_solida,{solida},{meno}))"


MISURA = (
    Colonna("sigla", "Sigla", 9),
    Colonna("settore", "Settore", 40),
    *(Colonna(c, nome, 14, "intero", _conta) for c, nome in cifre.INDICATORI.items()),
    Colonna("percento", "Misurati, per cento", 12, "grado", _percento),
    Colonna("base", "Base", 16, "numero", _base),
)


def misura(libro: Libro) -> Descritto:
    """How many indicatori could be measured, settore by settore, and how solid a base that is."""
    fascicolo = libro.fascicolo
    settori = dict.fromkeys((*fascicolo.ordine, *(s for s in fascicolo.valutazione.imbuto if s)))
    nomi = {settore: fascicolo.denominazioni.get(settore, settore) for settore in settori}
    return MISURA, [
        {
            **vars(imbuto := fascicolo.imbuto(settore)),
            "sigla": libro.sigla(settore) if settore else "",
            "settore": nome,
            "percento": Decimal(imbuto.misurati) * 100 / n if (n := imbuto.indicatori) else None,
            "base": in_parole(imbuto.misurati, imbuto.indicatori),
        }
        for settore, nome in {**nomi, "": "Tutti"}.items()
    ]


def in_parole(misurati: int, tutti: int) -> str:
    nome = base(misurati, tutti)
    return f"{nome} {cifre.BASI[nome]}"
