"""The page for Amministrazione trasparente: one HTML file that needs no script and nothing from outside.

What it says comes from the fascicolo, in the words of the relazione; how it looks is in `modelli/`.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipeline.documents import cifre
from pipeline.documents.aperti.formati import INVERSA
from pipeline.documents.aperti.pacchetto import INDIRIZZI, licenza
from pipeline.documents.aperti.tavole import VERSIONE, presenti
from pipeline.documents.cifre import COME_LA_BASE
from pipeline.documents.fascicolo import UGUALI, Fascicolo
from pipeline.documents.relazione import TITOLO, constatazioni, obiettivi
from pipeline.documents.relazione.risorse import etichetta
from pipeline.documents.word.blocchi import senza_segni
from pipeline.numeri import arrotonda, breve, con_segno, in_colonna, numero
from pipeline.parole import citazione, maiuscola
from pipeline.score import SettoreValutato, VoceValutata

NOME, PASSO, ALTA, VUOTO = 22, 18, 10, 8
"""Of the charts, in pixels: the line of a name, from a bar to the next, how high one is, what parts the
rows."""
LARGA = 76
"""How wide a bar of 100 is, in per cento: its value stands beside it, also on a telephone."""
MAX_NOME = 40
"""How much of a name stands over its bars."""

FORMATI = {
    ".docx": "Word",
    ".pdf": "PDF",
    ".xlsx": "Excel",
    ".csv": "CSV",
    ".parquet": "Parquet",
    ".json": "JSON",
    ".html": "HTML",
}

Dati = dict[str, Any]
Barra = tuple[str, Decimal | None]
"""A value in words, and how long its bar is from 0 to 100; None has no bar."""
Barre = Sequence[tuple[str, Sequence[Barra]]]
"""The rows of a chart: a name and its bars."""


def scrivi(percorso: Path, fascicolo: Fascicolo, scarica: Sequence[Dati]) -> None:
    """Write the page. `scarica`: the groups of files that it leads to, see `gruppo`."""
    dati = {
        **_comune(fascicolo, f"{TITOLO} {fascicolo.anno}"),
        "sommario": f"I risultati del {fascicolo.anno}: gradi, indicatori misurati, obiettivi.",
        "dati": list(_estremi(fascicolo)),
        "messaggio": _messaggio(fascicolo),
        "cifre": list(_cifre(fascicolo)),
        "frasi": list(filter(None, (fascicolo.nota_non_consuntivati,))),
        "settori": _settori(fascicolo),
        "imbuto": _imbuto(fascicolo),
        "obiettivi": [_settore(fascicolo, n, s) for n, s in enumerate(fascicolo.settori, start=1)],
        "missioni": _missioni(fascicolo),
        "premi": _premi(fascicolo),
        "scarica": [gruppo for gruppo in scarica if gruppo["file"]],
    }
    riempi(percorso, "pagina.html", dati)


def scrivi_leggimi(percorso: Path, fascicolo: Fascicolo, parquet: bool) -> None:
    """Write the page that says what each column of the open data holds."""
    dati = {
        **_comune(fascicolo, f"Dati aperti della relazione sulla performance {fascicolo.anno}"),
        "sommario": "Che cosa c'è nelle tavole, colonna per colonna.",
        "versione": VERSIONE,
        "espressione": INVERSA,
        "tavole": presenti(fascicolo),
        "parquet": parquet,
    }
    riempi(percorso, "leggimi.html", dati)


def gruppo(titolo: str, file: Iterable[tuple[str, Path, str]]) -> Dati:
    """Some files to be had: of each its name in words, where it is and how the page leads to it."""
    return {
        "titolo": titolo,
        "file": [
            {"nome": nome, "dove": dove, "formato": FORMATI[p.suffix], "peso": _peso(p)}
            for nome, p, dove in file
        ],
    }


def _peso(percorso: Path) -> str:
    chilo = Decimal(percorso.stat().st_size) / 1000
    return f"{max(1, round(chilo))} kB" if chilo < 1000 else f"{numero(round(chilo / 1000, 1))} MB"


@cache
def _modelli() -> Environment:
    cartella = FileSystemLoader(Path(__file__).parent / "modelli")
    return Environment(
        loader=cartella,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def riempi(percorso: Path, modello: str, dati: Dati) -> None:
    """Write a page from one of the `modelli`."""
    testo = _modelli().get_template(modello).render(dati)
    percorso.write_text(testo, encoding="utf-8", newline="\n")


def _comune(fascicolo: Fascicolo, titolo: str) -> Dati:
    nome = licenza(fascicolo)
    return {
        "titolo": titolo,
        "ente": fascicolo.ente.get("denominazione", ""),
        "licenza": {"nome": nome, "indirizzo": INDIRIZZI[nome][1]},
    }


# ------------------------------------------------------------------------------------------- in breve


def _estremi(fascicolo: Fascicolo) -> Iterable[str]:
    """Who approved the relazione, with what act and when, where ente.xlsx says it."""
    dati = {chiave: " ".join(valore.split()) for chiave, valore in fascicolo.ente.items()}
    approvata = ", ".join(filter(None, (dati.get("organo"), dati.get("atto"))))
    if approvata:
        yield f"Approvata: {approvata}"
    if dati.get("valutatore"):
        yield f"Valutazione: {dati['valutatore']}"
    if dati.get("data"):
        yield f"Data: {dati['data']}"


def _messaggio(fascicolo: Fascicolo) -> Markup:
    """The first sentence of the relazione, and whose the gradi are."""
    raggiunti = constatazioni.dell_ente(fascicolo, lambda cifra: f"<strong>{cifra}</strong>")
    if fascicolo.valutazione.ente is None:
        return escape(raggiunti)
    return Markup(raggiunti) + f". {fascicolo.chi_attribuisce}"  # the sentence has figures alone


def _cifre(fascicolo: Fascicolo) -> Iterable[Dati]:
    """The few figures of the page: those of the relazione."""
    tutte = cifre.cifre(fascicolo)
    perche = fascicolo.perche_due_medie
    for n, (regola, grado) in enumerate(fascicolo.medie.items()):
        if perche == UGUALI and n:
            break
        nota = ("È quella pubblicata. " if n == 0 else "") + (perche if n or perche == UGUALI else "")
        yield {"nome": cifre.MEDIE[regola], "valore": _grado(grado), "nota": nota}
    valutati, distinti = tutte[cifre.VALUTATI].scritta, tutte[cifre.DISTINTI].scritta
    nota = f"{tutte[cifre.PIENI].scritta} raggiunti per intero"
    yield {"nome": cifre.VALUTATI, "valore": f"{valutati} su {distinti}", "nota": nota}
    imbuto = fascicolo.imbuto()
    if imbuto.indicatori:
        nota = maiuscola(cifre.con_base(imbuto.misurati, imbuto.indicatori))
        quanti = f"{imbuto.misurati} su {imbuto.indicatori}"
        yield {"nome": cifre.INDICATORI["misurati"], "valore": quanti, "nota": nota}


def _grado(grado: Decimal | None, senza: str = "non calcolabile") -> str:
    return con_segno(breve(grado)) if grado is not None else senza


# ------------------------------------------------------------------------------------------- i grafici


def _grafico(nome: str, titolo: str, righe: Barre, didascalia: str) -> Dati:
    """A chart of bars; who does not see it has all its values in the description."""
    alte = NOME + PASSO * len(righe[0][1]) + VUOTO if righe else 0
    detti = (f"{di_chi}: {', '.join(valore for valore, _ in barre)}" for di_chi, barre in righe)
    return {
        "id": nome,
        "titolo": titolo,
        "descrizione": f"{'; '.join(detti)}.",
        "didascalia": didascalia,
        "altezza": alte * len(righe),
        "larga": LARGA,
        "alta": ALTA,
        "righe": [
            {
                "nome": citazione(di_chi, MAX_NOME),
                "y": n * alte + NOME - 6,
                "barre": list(_barre(barre, n * alte + NOME)),
            }
            for n, (di_chi, barre) in enumerate(righe)
        ],
    }


def _barre(barre: Sequence[Barra], y: int) -> Iterable[Dati]:
    for n, ((valore, quota), colore) in enumerate(zip(barre, ("uno", "due"), strict=False)):
        larga = None if quota is None else arrotonda(quota * LARGA / 100)
        yield {"y": y + n * PASSO, "larga": larga, "valore": valore, "colore": colore}


def tabella(
    nome: str, titolo: str, colonne: Sequence[str], righe: Iterable[Sequence[str]], cifre: Iterable[int]
) -> Dati:
    """A table of a page: the first column heads its rows, `cifre` are those of numbers."""
    return {
        "id": nome,
        "titolo": titolo,
        "colonne": colonne,
        "righe": list(righe),
        "cifre": set(cifre),
    }


# ------------------------------------------------------------------------------------------- i settori


def _settori(fascicolo: Fascicolo) -> Dati:
    settori = fascicolo.settori
    gradi: Barre = [(s.denominazione, [(_grado(s.grado), s.grado)]) for s in settori]
    trovato = maiuscola(constatazioni.dei_settori(settori))
    return {
        "titolo": f"I settori: {constatazioni.dei_settori(settori)}",
        "grafico": _grafico("g-settori", trovato, gradi, "Grado di ogni settore, da 0 a 100."),
        "confronto": _confronto(fascicolo),
        "tabella": _tabella_settori(fascicolo),
        "note": [
            "Dichiarato e misurato sono medie dei soli obiettivi propri del settore che hanno entrambi "
            f"i gradi: si confrontano le stesse cose. {COME_LA_BASE}"
        ],
    }


def _confronto(fascicolo: Fascicolo) -> Dati | None:
    """Declared against measured, of the settori that have both."""
    confronti = [(s.denominazione, fascicolo.confronto(s.settore)) for s in fascicolo.settori]
    righe: Barre = [
        (nome, [(_grado(grado), grado) for grado in (c.dichiarato, c.misurato)])
        for nome, c in confronti
        if c.dichiarato is not None and c.misurato is not None
    ]
    if not righe:
        return None
    titolo = constatazioni.del_confronto(confronti)
    return _grafico("g-confronto", titolo, righe, "Grado dichiarato e grado misurato, da 0 a 100.")


def _tabella_settori(fascicolo: Fascicolo) -> Dati:
    settori = fascicolo.settori
    confronti = [fascicolo.confronto(s.settore) for s in settori]
    colonne = (
        in_colonna([s.grado for s in settori], "non calcolabile"),
        in_colonna([c.dichiarato for c in confronti]),
        in_colonna([c.misurato for c in confronti]),
    )
    righe = [
        (
            s.denominazione,
            cifre.su(s.valutati, s.obiettivi),
            *gradi,
            cifre.su(imbuto.misurati, imbuto.indicatori),
            cifre.base(imbuto.misurati, imbuto.indicatori),
        )
        for s, *gradi in zip(settori, *colonne, strict=True)
        for imbuto in [fascicolo.imbuto(s.settore)]
    ]
    intestazioni = (
        *("Settore", "Voci valutate", "Grado %", "Dichiarato %", "Misurato %"),
        *("Indicatori misurati", "Base della misura"),
    )
    return tabella("t-settori", "I settori in cifre", intestazioni, righe, range(1, 6))


def _settore(fascicolo: Fascicolo, n: int, settore: SettoreValutato) -> Dati:
    """A settore with the table of its voci."""
    voci = fascicolo.voci(settore.settore)
    pesate = len({voce.peso for voce in voci if voce.conta}) > 1
    misurati = in_colonna([voce.grado_misurato for voce in voci])
    gradi = in_colonna([voce.grado if voce.conta else None for voce in voci])
    righe = [
        (
            _nome(fascicolo, voce),
            *([numero(voce.peso or Decimal(0))] if pesate else []),
            grado if voce.conta else _perche(voce),
            misurato,
        )
        for voce, grado, misurato in zip(voci, gradi, misurati, strict=True)
    ]
    colonne = ("Obiettivo", *(["Peso"] if pesate else []), "Grado %", "Misurato %")
    titolo = f"Obiettivi: {settore.denominazione}"
    frasi = constatazioni.del_settore(fascicolo, settore)
    frasi += obiettivi.in_nessuna_voce(fascicolo, settore.settore)
    return {
        "nome": f"{settore.denominazione}: {_grado(settore.grado)}",
        "detto": senza_segni(" ".join(frasi)),
        "tabella": tabella(f"t-settore-{n}", titolo, colonne, righe, range(1, len(colonne))),
    }


def _nome(fascicolo: Fascicolo, voce: VoceValutata) -> str:
    """An obiettivo under the codes by which the words over its table call it."""
    codici = senza_segni(obiettivi.codici(fascicolo, voce))
    detto = " ".join(obiettivi.nome(voce).split())
    return f"{codici}. {detto}" if detto else codici


def _perche(voce: VoceValutata) -> str:
    return f"fuori dalla media: {voce.motivo}"


# ------------------------------------------------------------------------- gli indicatori, le missioni


def _imbuto(fascicolo: Fascicolo) -> Dati | None:
    imbuto = fascicolo.imbuto()
    conti = cifre.degli_indicatori(imbuto)
    if not imbuto.indicatori:
        return None
    titolo = constatazioni.dell_imbuto(imbuto)
    barre: Barre = [
        (nome, [(str(quanti), Decimal(quanti) * 100 / imbuto.indicatori)])
        for nome, quanti in conti.items()
    ]
    settori = [(s, fascicolo.denominazioni[s]) for s in fascicolo.ordine]
    di_ciascuno = [
        (nome, *(str(n) for n in cifre.degli_indicatori(fascicolo.imbuto(settore)).values()))
        for settore, nome in settori
    ]
    tutti = ("Tutti", *map(str, conti.values()))
    colonne = ("Settore", *conti)
    return {
        "titolo": titolo,
        "grafico": _grafico("g-imbuto", titolo, barre, "Quanti indicatori restano a ogni passo."),
        "tabella": tabella(
            "t-imbuto", "Indicatori, settore per settore", colonne, [*di_ciascuno, tutti], range(1, 6)
        ),
    }


def _missioni(fascicolo: Fascicolo) -> Dati | None:
    figure = [figura for figura in fascicolo.missioni() if not figura.programmi]
    if not figure:
        return None
    gradi = in_colonna([figura.grado for figura in figure], "–")
    righe = [
        (etichetta(figura), str(figura.schede), cifre.su(figura.valutati, figura.obiettivi), grado)
        for figura, grado in zip(figure, gradi, strict=True)
    ]
    colonne = ("Missione", "Schede", "Obiettivi valutati", "Grado %")
    return tabella("t-missioni", "Risultati per missione", colonne, righe, range(1, 4))


def _premi(fascicolo: Fascicolo) -> Dati | None:
    """The premi by group, where the ente gives them and they can be published."""
    righe = [
        (
            premio["gruppo"],
            premio["fascia"] or "tutto il gruppo",
            numero(premio["persone"] or Decimal(0)),
            _euro(premio["stanziati"]),
            _euro(premio["distribuiti"]),
        )
        for premio in fascicolo.righe.premi
    ]
    if not righe:
        return None
    colonne = ("Gruppo", "Fascia", "Persone", "Stanziati €", "Distribuiti €")
    return tabella("t-premi", "Premi per gruppi", colonne, righe, range(2, 5))


def _euro(importo: Decimal | None) -> str:
    """An amount as it is written in Italian: "12.345,60"."""
    if importo is None:
        return "–"
    return f"{arrotonda(importo):,.2f}".translate(str.maketrans(",.", ".,"))
