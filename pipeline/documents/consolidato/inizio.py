"""The front sheet: the figures, what to look at first, the settori, and where the rest stands."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline import excel
from pipeline.documents import cifre
from pipeline.documents.consolidato.dati import in_parole
from pipeline.documents.consolidato.libro import (
    STRATI,
    VERSIONE,
    Libro,
    arrotondato,
    legame,
)
from pipeline.documents.consolidato.tabelle import di_chi
from pipeline.documents.fascicolo import EDIZIONE
from pipeline.excel import Foglio
from pipeline.numeri import numero
from pipeline.prospetti import Prospetto
from pipeline.rilievi import Gravita, bloccanti
from pipeline.score import NESSUNA, PARAMETRO, ObiettivoDistinto
from pipeline.tables import MEDIA_OBIETTIVI, MEDIA_SETTORI

LARGHEZZE = (9, 34, 11, 13, 15, 11, 15, 16, 9)
CIFRE = (2, 2, 2, 3)
"""Over how many columns a figure and its words go."""
BASSA = 15
"""The height of a row that is as high as it comes."""
MAX_CODICI = 8
"""How many codes a line names: the others are in their sheet."""


def scrivi(libro: Libro) -> None:
    """Write the sheet. Every figure is a formula on the cells of the others."""
    ws = libro.fogli["Inizio"]
    ws.set_portrait()
    for colonna, larghezza in enumerate(LARGHEZZE):
        ws.set_column(colonna, colonna, larghezza)
    if libro.prospetti["Riepilogo"].righe:
        ws.excel_version = 2010  # that of the bars of the settori: each row says it
    riga = _testata(libro, ws)
    riga = _cifre(libro, ws, riga)
    riga = _da_guardare(libro, ws, riga)
    riga = _settori(libro, ws, riga)
    riga = _fogli(libro, ws, riga)
    _versione(libro, ws, riga)


def _testata(libro: Libro, ws: Foglio) -> int:
    """The title and, of a draft, what blocks. Every part gives the row where the next begins."""
    fascicolo = libro.fascicolo
    ente = (fascicolo.ente.get(chiave, "") for chiave in ("denominazione", "atto"))
    _scrivi(libro, ws, 1, 24, Parte(f"Consolidato della performance {fascicolo.anno}", "titolo"))
    dell_ente = " · ".join(" ".join(d.split()) for d in ente if d)
    _scrivi(libro, ws, 2, BASSA, Parte(dell_ente, "sottotitolo"))
    if fascicolo.pubblica:
        _scrivi(libro, ws, 3, BASSA, Parte(EDIZIONE, "sottotitolo"))
    blocchi = bloccanti(fascicolo.rilievi)
    if not blocchi:
        return 4
    _scrivi(libro, ws, 4, BASSA, Parte("BOZZA: i dati non sono completi", "bozza"))
    for riga, rilievo in enumerate(blocchi, start=5):
        testo = f"{rilievo.messaggio}\n→ {rilievo.rimedio}"
        alta = excel.altezza([(rilievo.dove, 40), (testo, 85)])
        _scrivi(libro, ws, riga, alta, Parte(rilievo.dove, "voce", 2), Parte(testo, "rigo", 7))
    return 6 + len(blocchi)


class Parte(NamedTuple):
    """A stretch of a row, over some columns made one: the sheet is to be read, not to be sorted. What it
    says is a value, or a formula with its value; it may be a link to a sheet."""

    valore: Any
    stile: str
    colonne: int = 1
    foglio: str = ""


def _scrivi(libro: Libro, ws: Foglio, riga: int, alta: float, *parti: Parte) -> None:
    """Write a row, from the first column on."""
    valori: list[Any] = []
    formule: list[str] = []
    formati: list[Format] = []
    for valore, stile, colonne, foglio in parti:
        prima, formula = len(valori) + 1, ""
        if isinstance(valore, tuple):
            formula, valore = valore
        if colonne > 1:
            ws.unisci(riga, prima, len(valori) + colonne)
        if foglio:
            ws.collega(riga, prima, legame(foglio), valore)
        vuote = colonne - 1
        valori += [valore, *[None] * vuote]
        formule += [formula, *[""] * vuote]
        formati += [libro.formati[stile]] * colonne
    ws.riga(riga, valori, tuple(formati), alta, formule)


def _sezione(libro: Libro, ws: Foglio, riga: int, titolo: str) -> int:
    vuote = [Parte(None, "sezione")] * (len(LARGHEZZE) - 1)
    _scrivi(libro, ws, riga, 25, Parte(titolo, "sezione"), *vuote)
    return riga + 1


# ----------------------------------------------------------------------------------- the four figures


def _cifre(libro: Libro, ws: Foglio, riga: int) -> int:
    riga = _sezione(libro, ws, riga, "Le cifre")
    imbuto, stile = libro.fascicolo.imbuto(), "cifra_intera"
    quanti = cifre.INDICATORI["misurati"], cifre.INDICATORI["raggiunti"]
    misurati = ('=Indicatori_misurati&" su "&Indicatori', f"{imbuto.misurati} su {imbuto.indicatori}")
    base = in_parole(imbuto.misurati, imbuto.indicatori)
    dette = (
        *(_media(libro, regola) for regola in libro.fascicolo.medie),
        (
            misurati,
            stile,
            (f'="{quanti[0]} (base: "&Indicatori_base&")"', f"{quanti[0]} (base: {base})"),
        ),
        (
            ("=Indicatori_raggiunti", imbuto.raggiunti),
            stile,
            (
                f'="{quanti[1]} (l\'atteso), sui "&Indicatori_misurati&" misurati"',
                f"{quanti[1]} (l'atteso), sui {imbuto.misurati} misurati",
            ),
        ),
    )
    cifre_e_parole = list(zip(CIFRE, dette, strict=True))
    sopra = [Parte(cifra, come, quante) for quante, (cifra, come, _) in cifre_e_parole]
    sotto = [Parte(parole, "nota", quante) for quante, (_, _, parole) in cifre_e_parole]
    _scrivi(libro, ws, riga, 30, *sopra)
    _scrivi(libro, ws, riga + 1, 28, *sotto)
    return riga + 2


def _media(libro: Libro, regola: str) -> tuple[tuple[str, Any], str, tuple[str, str]]:
    """A mean of the ente: of what, over how many out of how many; whether it is the published one."""
    fascicolo = libro.fascicolo
    nome = {MEDIA_SETTORI: "Media_settori", MEDIA_OBIETTIVI: "Media_obiettivi"}[regola]
    if regola == fascicolo.valutazione.regola:
        nome, prima = "Grado_ente", f"Grado dell'ente, per cento (pubblicato): {regola}, "
    else:
        prima = f"Per confronto, {regola}, "
    if regola == MEDIA_SETTORI:
        conti = ("COUNT(Riepilogo_grado)", "ROWS(Riepilogo_grado)")
        valori = (sum(s.grado is not None for s in fascicolo.settori), max(len(fascicolo.settori), 1))
    else:
        conti = ("SUMIFS(Conti_una_volta,Conti_conta,1)", "SUM(Conti_una_volta)")
        valori = (len(fascicolo.valutazione.contano), len(fascicolo.valutazione.distinti))
    media = arrotondato(fascicolo.medie[regola])
    formula = f'="{prima}"&{conti[0]}&" su "&{conti[1]}'
    return (f"={nome}", media), "cifra", (formula, f"{prima}{valori[0]} su {valori[1]}")


# -------------------------------------------------------------------------------- what to look at first


@dataclass(frozen=True)
class Cosa:
    """Something to look at: how many there are, as a formula and as a value, and what to do of them."""

    nome: str
    formula: str
    quanti: int
    che_fare: str
    foglio: str
    codici: Sequence[str] = ()

    @property
    def detto(self) -> str:
        quali = ", ".join(self.codici[:MAX_CODICI]) + ("…" if len(self.codici) > MAX_CODICI else "")
        return self.che_fare + (f": {quali}" if quali else "")


def _da_guardare(libro: Libro, ws: Foglio, riga: int) -> int:
    riga = _sezione(libro, ws, riga, "Che cosa guardare per primo")
    teste = (
        Parte("Che cosa", "testa", 2),
        Parte("Quanti", "testa_cifra"),
        Parte("Che cosa fare", "testa", 4),
        Parte("Dove", "testa", 2),
    )
    _scrivi(libro, ws, riga, BASSA, *teste)
    for riga, cosa in enumerate(_cose(libro), start=riga + 1):  # noqa: B020 - it goes on from there
        parti = (
            Parte(cosa.nome, "voce", 2),
            Parte((cosa.formula, cosa.quanti), "rigo_conto"),
            Parte(cosa.detto if cosa.quanti else "a posto", "rigo", 4),
            Parte(f"foglio {cosa.foglio}", "rigo_link", foglio=cosa.foglio),
            Parte(None, "rigo"),
        )
        _scrivi(libro, ws, riga, excel.altezza([(cosa.detto, 58)], 16), *parti)
    return riga + 1


def _cose(libro: Libro) -> list[Cosa]:
    rilievi = _rilievi(libro)
    return [*rilievi[:-1], *_della_valutazione(libro), *rilievi[-1:]]


def _rilievi(libro: Libro) -> list[Cosa]:
    """The findings by gravity: none in the edition to be published, which has no such sheet."""
    if "Rilievi" not in libro.fogli:
        return []
    conti = Counter(rilievo.gravita for rilievo in libro.fascicolo.rilievi)
    detti: tuple[tuple[str, Gravita, str], ...] = (
        ("Rilievi che bloccano", "blocca", "da correggere subito: i documenti sono una bozza"),
        ("Rilievi da correggere", "da correggere", "da rimandare al settore con la copia annotata"),
        ("Avvisi", "avviso", "da leggere; se va bene così si scrive in Accettati"),
    )
    return [
        Cosa(nome, f'=SUMIFS(Rilievi_aperto,Rilievi_gravita,"{g}")', conti[g], che_fare, "Rilievi")
        for nome, g, che_fare in detti
    ]


def _della_valutazione(libro: Libro) -> list[Cosa]:
    fascicolo, contano = libro.fascicolo, libro.fascicolo.valutazione.contano
    lontane = [
        libro.codice((s.scheda["settore"], s.scheda["scheda"])) for s in fascicolo.valutazione.coerenza
    ]
    senza = fascicolo.valutazione.senza_misura
    fissati = [o for o in contano if o.voce.origine == PARAMETRO]
    esclusi = fascicolo.valutazione.esclusi
    fuori = [libro.codice((s["settore"], s["scheda"])) for s in fascicolo.fuori_valutazione]
    grado = numero(fascicolo.parametri.grado_non_consuntivato or Decimal(0))
    punti = numero(fascicolo.parametri.tolleranza)
    una = "Conti_una_volta,1"
    return [
        Cosa(
            *("Dichiarato lontano dal misurato", "=COUNT(Coerenza_scarto)", len(lontane)),
            *(f"da guardare con il Nucleo: oltre {punti} punti", "Coerenza", lontane),
        ),
        Cosa(
            "Grado senza indicatori misurati",
            f'=COUNTIFS({una},Conti_conta,1,Voci_base,"{NESSUNA}",Voci_origine,"<>{PARAMETRO}")',
            len(senza),
            *("da guardare con il Nucleo", "Voci", _codici(libro, senza)),
        ),
        Cosa(
            f"Non consuntivati, contati al {grado}",
            f'=COUNTIFS({una},Conti_conta,1,Voci_origine,"{PARAMETRO}")',
            len(fissati),
            *("scelta dell'ente", "Voci", _codici(libro, fissati)),
        ),
        Cosa(
            *("Obiettivi fuori dalla media", f"=COUNTIFS({una},Conti_conta,0)", len(esclusi)),
            *("il motivo è accanto a ciascuno", "Voci", _codici(libro, esclusi)),
        ),
        Cosa(
            *("Schede in nessuna voce", "=COUNTIFS(Schede_voci,0)", len(fuori)),
            *("rendicontate, non comprese nella valutazione", "Schede", fuori),
        ),
    ]


def _codici(libro: Libro, obiettivi: Sequence[ObiettivoDistinto]) -> list[str]:
    return [libro.schede_di(o.voce).replace(", ", " + ") or libro.obiettivo(o.voce) for o in obiettivi]


# ------------------------------------------------------------------------------------------ settori

BARRA = {
    "type": "data_bar",
    "data_bar_2010": True,
    "bar_solid": True,
    "bar_color": "#B7C9D9",
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
    "max_value": 100,
}
TESTATA = (
    *(Parte(testo, "testa") for testo in ("Sigla", "Settore")),
    *(Parte(testo, "testa_cifra") for testo in ("Grado %", "Dichiarato %*", "Misurato %*", "Scarto")),
    *(Parte(testo, "testa") for testo in ("Indicatori misurati", "Base")),
    Parte("Rilievi", "testa_cifra"),
)


def _settori(libro: Libro, ws: Foglio, riga: int) -> int:
    riga = _sezione(libro, ws, riga, "I settori")
    con_rilievi = "Rilievi" in libro.fogli
    teste = TESTATA[: len(TESTATA) - (not con_rilievi)]
    _scrivi(libro, ws, riga, BASSA, *teste)
    prima, prospetto = riga + 1, libro.prospetti["Riepilogo"]
    rilievi = Counter(di_chi(libro, rilievo) for rilievo in libro.fascicolo.rilievi)
    for posto, dati in enumerate(prospetto.righe):
        riga = prima + posto
        parti = [
            Parte(dati["sigla"], "rigo"),
            Parte(dati["denominazione"], "rigo_link", foglio=dati["foglio"]),
            *_del_settore(prospetto, prospetto.prima + posto),
        ]
        if con_rilievi:
            formula = f'=SUMIFS(Rilievi_aperto,Rilievi_settore,"{dati["sigla"]}")'
            parti.append(Parte((formula, rilievi[dati["sigla"]]), "rigo_destra"))
        _scrivi(libro, ws, riga, excel.altezza([(dati["denominazione"], 34)], 16), *parti)
    if prospetto.righe:
        ws.conditional_format(prima - 1, 4, riga - 1, 4, BARRA)
    nota = (
        "* Media degli obiettivi propri del settore che hanno entrambi i gradi: si confrontano le "
        f"stesse cose. Scarto: misurato meno dichiarato. {cifre.COME_LA_BASE}"
        + (" Rilievi: dei soli settori; gli altri sono nel foglio Rilievi." if con_rilievi else "")
    )
    _scrivi(libro, ws, riga + 1, 39 if con_rilievi else 26, Parte(nota, "nota", len(LARGHEZZE)))
    return riga + 2


def _del_settore(prospetto: Prospetto, posto: int) -> list[Parte]:
    """The figures of a settore, each from its cell of the Riepilogo."""
    dati = prospetto.righe[posto - prospetto.prima]

    def figura(chiave: str, stile: str) -> Parte:
        return Parte((f"={prospetto.da_fuori(chiave, posto)}", dati[chiave]), stile)

    misurati, tutti = (prospetto.da_fuori(chiave, posto) for chiave in ("misurati", "indicatori"))
    detto = f"{dati['misurati']} su {dati['indicatori']}"
    return [
        figura("grado", "rigo_grado_forte"),
        figura("grado_dichiarato", "rigo_grado"),
        figura("grado_misurato", "rigo_grado"),
        figura("scarto", "rigo_scarto"),
        Parte((f'={misurati}&" su "&{tutti}', detto), "rigo_centro"),
        figura("base", "rigo"),
    ]


# ------------------------------------------------------------------------------------------- sheets


def _fogli(libro: Libro, ws: Foglio, riga: int) -> int:
    """The sheets by their layer, each with a link."""
    settori = {nome: f"La valutazione: {libro.titoli[nome]}" for nome in libro.nomi.values()}
    for strato, nomi, _ in STRATI:
        ci_sono = {nome: nota for nome, nota in nomi.items() if nome in libro.fogli}
        if not ci_sono:
            continue
        riga = _sezione(libro, ws, riga, strato)
        for nome, nota in ci_sono.items():
            if nome != "Inizio":
                riga = _foglio(libro, ws, riga, nome, nota)
            if nome == "Riepilogo":
                for sua, detta in settori.items():
                    riga = _foglio(libro, ws, riga, sua, detta)
        riga += 1
    return riga


def _foglio(libro: Libro, ws: Foglio, riga: int, nome: str, nota: str) -> int:
    parti = (Parte(nome, "rigo_link", 2, nome), Parte(nota, "rigo", 7))
    _scrivi(libro, ws, riga, excel.altezza([(nota, 95)]), *parti)
    return riga + 1


def _versione(libro: Libro, ws: Foglio, riga: int) -> None:
    detto = "Versione del consolidato (il formato dei fogli)"
    _scrivi(libro, ws, riga, BASSA, Parte(detto, "nota", 2), Parte(VERSIONE, "nota"))
    cella = xl_rowcol_to_cell(riga - 1, 2, row_abs=True, col_abs=True)
    libro.chiama("Versione_consolidato", f"Inizio!{cella}")
