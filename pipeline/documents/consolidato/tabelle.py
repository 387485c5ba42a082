"""The sheets of the consolidated Excel that are tables: what was read, row by row, and its means.

Each sheet is described by one function: its columns, with their formulas, and its rows.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.accettati import in_celle
from pipeline.bilancio import con_punto, denominazione
from pipeline.documents import cifre
from pipeline.documents.consolidato import dati, voci
from pipeline.documents.consolidato.libro import PRIMA, Descritto, Libro, arrotondato, riga_voce
from pipeline.documents.consolidato.voci import SCARTO, dello_scarto, di_bilancio, se_numero
from pipeline.documents.ritorno import controlli
from pipeline.prospetti import Colonna, Prospetto, Rigo
from pipeline.rilievi import Rilievo
from pipeline.score import ha_base
from pipeline.tables import MEDIA_OBIETTIVI, MEDIA_SETTORI, RESPONSABILE, Riga, chiave_scheda
from pipeline.workbooks.ente import CASELLE, PARAMETRI

PROVENIENZA = (
    Colonna("file", "File", 28),
    Colonna("foglio", "Foglio"),
    Colonna("riga", "Riga", 6, "intero"),
)


def descrivi(libro: Libro) -> None:
    """The columns and the rows of every sheet that is a table and is open: then formulas can refer to
    them."""
    for nome, descritto in TABELLE.items():
        if nome in libro.fogli and nome not in libro.prospetti:
            colonne, dati = descritto(libro)
            prima = 2 if nome == "Dati" else PRIMA
            libro.prospetti[nome] = Prospetto(nome, colonne, dati, prima)


def scrivi(libro: Libro) -> None:
    """Fill in every sheet that is a table and is still empty."""
    for nome in TABELLE:
        if nome in libro.fogli and libro.fogli[nome].vuoto:
            libro.tabella(nome)
            if nome in ("Voci", "Schede"):
                _colora_scarti(libro, nome)


def _intera(tabella: str, libro: Libro) -> Descritto:
    """A table as it is: its columns, and where each row was read."""
    return libro.contenuto(tabella)


def _colora_scarti(libro: Libro, nome: str) -> None:
    """Colour the gaps beyond the tolerance."""
    prospetto, colonna = libro.prospetti[nome], libro.prospetti[nome].numero("scarto") - 1
    primo = f"${prospetto.cella('scarto', PRIMA)}"
    libro.fogli[nome].conditional_format(
        PRIMA - 1,
        colonna,
        prospetto.ultima - 1,
        colonna,
        {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER({primo}),ABS({primo})>Tolleranza)",
            "format": libro.formati["fuori_tolleranza"],
        },
    )


# ------------------------------------------------------------------------------------------- Cifre

DA_NOME = {
    cifre.MEDIE[MEDIA_SETTORI]: "=Media_settori",
    cifre.MEDIE[MEDIA_OBIETTIVI]: "=Media_obiettivi",
    cifre.DISTINTI: "=SUM(Conti_una_volta)",
    cifre.VALUTATI: "=SUMIFS(Conti_una_volta,Conti_conta,1)",
    cifre.ESCLUSI: "=SUMIFS(Conti_una_volta,Conti_conta,0)",
    cifre.FUORI: "=COUNTIFS(Schede_voci,0)",
    cifre.LONTANE: "=COUNT(Coerenza_scarto)",
    **{cifre.INDICATORI[chiave]: f"={nome}" for chiave, nome in dati.TUTTI.items() if chiave != "base"},
}
"""The figures that stand in a cell, or are a count of rows, with their formula."""
CIFRE = (
    Colonna("nome", "Cifra", 70),
    Colonna("valore", "Valore", 20, "numero", lambda r, _: DA_NOME.get(r.dati["nome"], "")),
)


def _cifre(libro: Libro) -> Descritto:
    """The figures of the relazione."""
    tutte = cifre.cifre(libro.fascicolo).values()
    return CIFRE, [{"nome": c.nome, "valore": _in_centesimi(c.valore)} for c in tutte]


def _in_centesimi(valore: Any) -> Any:
    return valore if isinstance(valore, int) else arrotondato(valore)


# ---------------------------------------------------------------------------- Schede, Collegamenti


def _con_la_base(r: Rigo, _: str) -> str:
    """The measured grado of a scheda, if it has the base to be the grado."""
    misurato, misurabili, attesi = map(r.cella, ("grado_misurato", "misurabili", "attesi"))
    basta = f"{misurabili}*100>=Base_del_misurato*{attesi}"
    return f'=IF(AND(ISNUMBER({misurato}),{basta}),{misurato},"")'


CON_LA_BASE = Colonna("con_la_base", "Grado misurato con la base %", 10, "grado", _con_la_base)
NELLE_VOCI = (
    Colonna("obiettivo", "Obiettivo", 11),
    Colonna("voci", "In quante voci", 7, "intero"),
)


def _schede(libro: Libro) -> Descritto:
    """The schede, with the first obiettivo that covers each, and declared less measured."""
    colonne, dati = libro.contenuto("schede")
    base, voci = libro.fascicolo.parametri.base, libro.fascicolo.valutazione.voci
    volte = Counter(coperta for voce in voci for coperta in voce.coperte)
    for scheda, riga in zip(libro.fascicolo.righe.schede, dati, strict=True):
        dichiarato, misurato = scheda["grado_dichiarato"], scheda["grado_misurato"]
        riga["scarto"] = dello_scarto(dichiarato, misurato)
        riga["con_la_base"] = misurato if ha_base(scheda, base) else None
        sue = libro.fascicolo.voci_di(scheda)
        riga["obiettivo"] = libro.obiettivo(sue[0]) if sue else ""
        elencata = scheda["settore"] in libro.fascicolo.tabelle.elencati
        riga["voci"] = volte[chiave_scheda(scheda)] if elencata else None
    return [*colonne, SCARTO, CON_LA_BASE, *NELLE_VOCI], dati


def _della_scheda(r: Rigo, chiave: str) -> str:
    posto = r.dati["posto"]
    return f"={se_numero(r.fogli['Schede'].da_fuori(chiave, posto))}" if posto else ""


COLLEGAMENTI = (
    Colonna("missione_che_conta", "Conta nella missione", 14),
    Colonna("programma_che_conta", "Conta nel programma", 34),
    Colonna("grado_dichiarato", "Grado dichiarato %", 12, "grado", _della_scheda),
    Colonna("grado_misurato", "Grado misurato %", 12, "grado", _della_scheda),
)


def _collegamenti(libro: Libro) -> Descritto:
    """The links to the budget, with the gradi of their scheda for the means per missione: a scheda
    linked twice counts once."""
    colonne, dati = libro.contenuto("collegamenti")
    viste: set[tuple[Any, ...]] = set()
    for letta, riga in zip(libro.fascicolo.righe.collegamenti, dati, strict=True):
        scheda, codici = chiave_scheda(letta), (letta["codice_missione"], letta["codici_programma"])
        for chiave, chi in (("missione", (scheda, codici[0])), ("programma", (scheda, *codici))):
            conta = bool(codici[0] and chi[-1]) and chi not in viste
            riga[f"{chiave}_che_conta"] = di_bilancio(*chi[1:]) if conta else ""
            viste.add(chi)
        sua, riga["posto"] = libro.posti_schede.get(scheda, (None, 0))
        riga["grado_dichiarato"] = sua["grado_dichiarato"] if sua else None
        riga["grado_misurato"] = sua["grado_misurato"] if sua else None
    return [*colonne, *COLLEGAMENTI], dati


COERENZA = (
    Colonna("scheda", "Scheda", 9),
    Colonna("titolo", "Titolo", 40),
    Colonna("grado_dichiarato", "Grado dichiarato %", 11, "grado"),
    Colonna("grado_misurato", "Grado misurato %", 11, "grado"),
    Colonna("scarto", SCARTO.titolo, 11, "scarto"),
    Colonna("quanti", "Indicatori misurati, su quelli con un valore atteso", 18),
    Colonna("spiegazione", "Indicatori che lo spiegano", 50),
)


def _coerenza(libro: Libro) -> Descritto:
    return COERENZA, [
        {
            **libro.riga_in_chiaro(discorde.scheda),
            "scarto": -discorde.scarto,
            "quanti": f"{discorde.scheda['misurabili']} su {discorde.scheda['attesi']}",
            "spiegazione": "\n".join(libro.fascicolo.spiegazione(discorde.scheda)),
        }
        for discorde in libro.fascicolo.valutazione.coerenza
    ]


# ------------------------------------------------------------------------------------ Per missione


def _quali_collegamenti(r: Rigo) -> str:
    """The column of Collegamenti that has the code of a missione, or of one of its programmi."""
    return f"Legami_{'programma' if r.dati['programmi'] else 'missione'}_che_conta,{r.cella('codice')}"


ALTRO = {"dichiarato": "misurato", "misurato": "dichiarato"}


def _che_hanno(r: Rigo, *gradi: str) -> str:
    """The criteria for the schede of a row that have some gradi."""
    return ",".join([_quali_collegamenti(r), *(f'Legami_grado_{grado},">=0"' for grado in gradi)])


def _con_due_gradi(r: Rigo, _: str) -> str:
    return f"=COUNTIFS({_che_hanno(r, *ALTRO)})"


def _media_confrontata(r: Rigo, chiave: str) -> str:
    """The mean of a grado over the schede that have the other too: of those without the first there is
    nothing to take, so it is not asked for."""
    grado = chiave.removesuffix("_confrontato")
    return f'=IFERROR(ROUND(AVERAGEIFS(Legami_grado_{grado},{_che_hanno(r, ALTRO[grado])}),2),"")'


def _grado_collegate(r: Rigo, _: str) -> str:
    """The mean of the voci of a missione or programma, each with its quota."""
    quali = f"Quote_codice,{r.cella('codice')}"
    return _media(*(f"SUMIFS(Quote_{c},{quali})" for c in ("quota_grado", "quota")))


def _media(somma: str, pesi: str) -> str:
    """A weighted mean, rounded; nothing where nothing weighs."""
    return f'=IFERROR(ROUND({somma}/{pesi},2),"")'


PER_MISSIONE = (
    Colonna("codice", "Missione o programma", 32),
    Colonna("missione", "Missione", 10),
    Colonna("programmi", "Programma", 12),
    Colonna("denominazione", "Denominazione", 58),
    Colonna("schede", "Schede", 9, "intero"),
    Colonna("con_due_gradi", "Schede con entrambi i gradi", 11, "intero", _con_due_gradi),
    Colonna("dichiarato_confrontato", "Dichiarato di quelle %", 11, "grado", _media_confrontata),
    Colonna("misurato_confrontato", "Misurato di quelle %", 11, "grado", _media_confrontata),
    Colonna("obiettivi", "Obiettivi distinti", 10, "intero"),
    Colonna("valutati", "Valutati", 10, "intero"),
    Colonna("grado", "Grado finale %", 11, "grado", _grado_collegate),
)


def _per_missione(libro: Libro) -> Descritto:
    """A row a missione, then a row for each of its programmi."""
    return PER_MISSIONE, [
        {
            **_con_arrotondati(
                vars(missione), "dichiarato_confrontato", "misurato_confrontato", "grado"
            ),
            "codice": di_bilancio(missione.missione, missione.programmi),
        }
        for missione in libro.fascicolo.missioni()
    ]


def _con_arrotondati(riga: Riga, *gradi: str) -> Riga:
    return {**riga, **{chiave: arrotondato(riga[chiave]) for chiave in gradi}}


# ----------------------------------------------------------------------------------------- Risorse


def _somma(r: Rigo, chiave: str) -> str:
    """The sum of an amount over the rows of a programma; nothing where one of them lacks it."""
    if not r.dati["totale"]:
        return ""
    importi, codici = (r.prospetto.tratto(c, PRIMA, r.numero - 1) for c in (chiave, "codice"))
    mancano = f'COUNTIFS({codici},"?*",{importi},"")'
    return f'=IF({mancano}>0,"",SUMIFS({importi},{codici},"?*"))'


RISORSE = (
    Colonna("missione", "Missione", 16),
    Colonna("programma", "Programma", 16),
    Colonna("codice", "Codice del programma", 14),
    Colonna("denominazione", "Denominazione", 50),
    Colonna("stanziato", "Stanziato", 18, "importo", _somma),
    Colonna("impegnato", "Impegnato", 18, "importo", _somma),
    Colonna("pagato", "Pagato", 18, "importo", _somma),
    *PROVENIENZA,
)


def _risorse(libro: Libro) -> Descritto:
    """The rows of the rendiconto as pasted, then their sums: those without a programma are in none."""
    anno, totale = libro.fascicolo.anno, vars(libro.fascicolo.risorse.totale)
    dati: list[Riga] = [
        {
            **riga,
            "codice": con_punto(riga["codice"]) if riga["codice"] else "",
            "denominazione": denominazione("", riga["codice"], anno) if riga["codice"] else "",
            "totale": False,
        }
        for riga in libro.fascicolo.righe.risorse
    ]
    vuota = dict.fromkeys(colonna.chiave for colonna in RISORSE)
    somme: Riga = {**vuota, "missione": "Totale", **totale, "totale": True}
    return RISORSE, [*dati, somme]


# --------------------------------------------------------------------------------------- Personale


def _dei_conti(r: Rigo, chiave: str) -> str:
    return f"={se_numero(r.fogli['Conti'].da_fuori(chiave, r.dati['posto']))}"


def _grado_della_voce(r: Rigo, chiave: str) -> str:
    posto = r.dati["posto"]
    conta, grado = r.fogli["Conti"].da_fuori("conta", posto), r.fogli["Voci"].da_fuori(chiave, posto)
    return f'=IF({conta}=1,{grado},"")'


PARTECIPAZIONI = (
    Colonna("nominativo", "Nominativo", 30),
    Colonna("gruppo", "Gruppo", 8),
    Colonna("ruolo", "Ruolo", 15),
    Colonna("settore", "Sigla", 7),
    Colonna("n", "N.", 5, "intero"),
    Colonna("obiettivo", "Obiettivo", 12),
    Colonna("descrizione", "Descrizione obiettivo", 48),
    Colonna("una_volta", "Una volta per obiettivo", 9, "intero", _dei_conti),
    Colonna("quota", "Peso", 10, "quota", _dei_conti),
    Colonna("quota_grado", "Peso × grado", 10, "grado", _dei_conti),
    Colonna("grado", "Grado finale %", 10, "grado", _grado_della_voce),
    Colonna("persona", "N. in Personale", 10, "intero"),
    Colonna("responsabile", "Lo stesso, se ne è responsabile", 12, "intero"),
)


def _partecipazioni(libro: Libro) -> Descritto:
    """Who takes part in which voce, with its quota and its grado as they stand in Conti and Voci."""
    righe = libro.prospetti["Conti"].righe
    voci = enumerate(zip(libro.voci_in_ordine(), righe, strict=True), start=PRIMA)
    posti = {(voce.settore, voce.n): (posto, riga) for posto, (voce, riga) in voci}
    persone = enumerate(libro.fascicolo.valutazione.personale, start=1)
    numeri = {(persona.gruppo, persona.nominativo): n for n, persona in persone}
    dati = []
    for parte in libro.fascicolo.valutazione.partecipazioni:
        if (parte.voce.settore, parte.voce.n) not in posti:
            continue
        posto, riga = posti[parte.voce.settore, parte.voce.n]
        persona = numeri[parte.gruppo, parte.nominativo]
        da_responsabile = parte.ruolo == RESPONSABILE
        nuova = {
            **libro.riga_in_chiaro({**riga_voce(parte.voce), **vars(parte)}),
            **{chiave: riga[chiave] for chiave in ("obiettivo", "una_volta", "quota", "quota_grado")},
            "grado": parte.voce.grado if parte.voce.conta else None,
            "posto": posto,
            "persona": persona,
            "responsabile": persona if da_responsabile else None,
        }
        dati.append(nuova)
    return PARTECIPAZIONI, dati


def _sue(r: Rigo, chiave: str) -> str:
    """The condition that picks the rows of a person in Partecipazioni: all, or as responsabile."""
    quale = "responsabile" if chiave.endswith("responsabile") else "persona"
    return f"Parti_{quale},{r.cella('persona')}"


def _obiettivi(r: Rigo, chiave: str) -> str:
    return f"=SUMIFS(Parti_una_volta,{_sue(r, chiave)})"


def _valutati(r: Rigo, chiave: str) -> str:
    return f'=COUNTIFS({_sue(r, chiave)},Parti_una_volta,1,Parti_grado,">=0")'


def _media_della_persona(r: Rigo, chiave: str) -> str:
    return _media(*(f"SUMIFS(Parti_{c},{_sue(r, chiave)})" for c in ("quota_grado", "quota")))


PERSONALE = (
    Colonna("nominativo", "Nominativo", 40),
    Colonna("gruppo", "Gruppo"),
    Colonna("obiettivi", "Obiettivi", 12, "intero", _obiettivi),
    Colonna("da_responsabile", "Da responsabile", 14, "intero", _obiettivi),
    Colonna("valutati", "Valutati", 12, "intero", _valutati),
    Colonna("grado", "Media %", 12, "grado", _media_della_persona),
    Colonna("grado_responsabile", "Media da responsabile %", 14, "grado", _media_della_persona),
    Colonna("persona", "N.", 8, "intero"),
)


def _personale(libro: Libro) -> Descritto:
    """The means of each person."""
    return PERSONALE, [
        {
            **_con_arrotondati(libro.riga_in_chiaro(vars(persona)), "grado", "grado_responsabile"),
            "persona": n,
        }
        for n, persona in enumerate(libro.fascicolo.valutazione.personale, start=1)
    ]


# ----------------------------------------------------------------------------------------- settori


def _elenco(libro: Libro) -> Descritto:
    """The settori of ente.xlsx, each with the code by which its schede are called and its peso."""
    colonne, dati = libro.contenuto("elenco")
    pesi = {settore.settore: settore.peso_media for settore in libro.fascicolo.settori}
    for letta, riga in zip(libro.fascicolo.righe.elenco, dati, strict=True):
        settore = letta["settore"]
        riga |= {"sigla": libro.sigla(settore), "settore": settore, "peso_media": pesi.get(settore)}
    prima = Colonna("sigla", "Sigla", 8)
    codice, *altre = (Colonna("settore", "Codice", 26), *colonne[1:])
    return [prima, codice, *altre[:3], PESO_MEDIA, *altre[3:]], dati


PESO_MEDIA = Colonna("peso_media", "Peso nella media d'ente", 10, "numero")


def _settori(libro: Libro) -> Descritto:
    """The settori as their own workbooks say."""
    colonne, dati = libro.contenuto("settori")
    for letta, riga in zip(libro.fascicolo.righe.settori, dati, strict=True):
        riga |= {"sigla": riga["settore"], "settore": letta["settore"]}
    return [Colonna("sigla", "Sigla", 8), Colonna("settore", "Codice", 26), *colonne[1:]], dati


# ------------------------------------------------------------------------ ente, rilievi, provenienza


def _ente(libro: Libro) -> Descritto:
    colonne = (Colonna("dato", "Dato", 26), Colonna("valore", "Valore", 50), *PROVENIENZA)
    etichette = {campo.chiave: campo.etichetta for campi in CASELLE.values() for campo in campi}
    dati = libro.fascicolo.righe.ente
    return colonne, [{**riga, "dato": etichette[riga["chiave"]]} for riga in dati]


def _parametri(libro: Libro) -> Descritto:
    colonne = (
        Colonna("nome", "Parametro", 34),
        Colonna("valore", "Valore", 50),
        Colonna("spiegazione", "Spiegazione", 70),
        *PROVENIENZA,
    )
    detti = {c: {"nome": nome, "spiegazione": testo} for c, nome, _, testo in PARAMETRI}
    dati = libro.fascicolo.righe.parametri
    return colonne, [{**riga, **detti[riga["parametro"]]} for riga in dati]


RILIEVI = (
    *controlli.DETTAGLIO,
    Colonna("settore", "Sigla", 8),
    Colonna("aperto", "Da guardare", 9, "intero"),
    Colonna("accettato", "Accettato", 40),
)


def _rilievi(libro: Libro) -> Descritto:
    """The findings, and after them the avvisi that the office lets be."""
    fascicolo = libro.fascicolo
    tutti = [*((rilievo, "") for rilievo in fascicolo.rilievi), *fascicolo.accettati]
    rilievi = [rilievo for rilievo, _ in tutti]
    dati = controlli.dettaglio(rilievi, in_celle(fascicolo.tabelle, rilievi))
    return RILIEVI, [
        {**riga, "settore": di_chi(libro, rilievo), "aperto": int(not detto), "accettato": detto}
        for riga, (rilievo, detto) in zip(dati, tutti, strict=True)
    ]


def di_chi(libro: Libro, rilievo: Rilievo) -> str:
    """The code of the settore whose workbook a finding is about; "" if it is of no settore."""
    settore = libro.di_quale_settore.get(rilievo.file) or Path(rilievo.file).stem
    return libro.fascicolo.sigle.get(settore, "")


def _provenienza(libro: Libro) -> Descritto:
    """The workbooks that were read, with their reconciliation."""
    colonne, dati = libro.contenuto("provenienza")
    conti = {q.file: q for q in libro.fascicolo.quadrature}
    for riga in dati:
        sua = conti[riga["file"]]
        riga |= {"in_tabelle": sua.in_tabelle, "in_rilievi": sua.in_rilievi}
    quadratura = (
        Colonna("in_tabelle", "Nelle tabelle", formato="intero"),
        Colonna("in_rilievi", "Nei rilievi", formato="intero"),
    )
    prima = next(c for c in colonne if c.chiave == "file")
    altre = (c for c in colonne if c.chiave not in ("file", "foglio", "riga"))
    return [prima, *altre, *quadratura], dati


TABELLE: dict[str, Callable[[Libro], Descritto]] = {
    "Dati": dati.dati,
    "Cifre": _cifre,
    "Misura": dati.misura,
    "Voci": voci.voci,
    "Conti": voci.conti,
    "Ripartizione": voci.ripartizione,
    "Valutazioni": partial(_intera, "voci"),
    "Schede": _schede,
    "Obiettivi": partial(_intera, "obiettivi"),
    "Fasi": partial(_intera, "fasi"),
    "Collegamenti": _collegamenti,
    "Stati": partial(_intera, "stati"),
    "Testi": partial(_intera, "testi"),
    "Destinatari": partial(_intera, "destinatari"),
    "Accettati": partial(_intera, "accettati"),
    "Premi": partial(_intera, "premi"),
    "Messaggi": partial(_intera, "messaggi"),
    "Coerenza": _coerenza,
    "Per missione": _per_missione,
    "Missioni": partial(_intera, "missioni"),
    "Risorse": _risorse,
    "Nucleo": partial(_intera, "giudizi"),
    "Partecipazioni": _partecipazioni,
    "Personale": _personale,
    "Elenco": _elenco,
    "Settori": _settori,
    "Ente": _ente,
    "Parametri": _parametri,
    "Rilievi": _rilievi,
    "Provenienza": _provenienza,
}
"""The sheets that are tables, by name: those that others ask for their rows come first."""
