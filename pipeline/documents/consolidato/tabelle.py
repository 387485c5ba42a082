"""The sheets of the consolidated Excel that are tables: what was read, row by row, and its means.

Each sheet is described by one function: its columns, with their formulas, and its rows.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from pipeline.accettati import in_celle
from pipeline.celle import di_seguito
from pipeline.documents import cifre
from pipeline.documents.consolidato.libro import PRIMA, PRIMA_VOCE, Libro, arrotondato, riga_voce
from pipeline.documents.ritorno import controlli
from pipeline.prospetti import Colonna, Dati, Prospetto, Rigo
from pipeline.score import ha_base
from pipeline.tables import MEDIA_OBIETTIVI, MEDIA_SETTORI, RESPONSABILE, Riga, chiave_scheda
from pipeline.workbooks.ente import ENTE, PARAMETRI

Descritto = tuple[Sequence[Colonna], Sequence[Dati]]
PROVENIENZA = (
    Colonna("file", "File", 30),
    Colonna("foglio", "Foglio"),
    Colonna("riga", "Riga", formato="intero"),
)


def descrivi(libro: Libro) -> None:
    """The columns and the rows of every sheet that is a table: then formulas can refer to them."""
    for nome, descritto in TABELLE.items():
        if nome in libro.fogli:
            colonne, dati = descritto(libro)
            libro.prospetti[nome] = Prospetto(nome, colonne, dati, PRIMA)


def scrivi(libro: Libro) -> None:
    """Fill in every sheet that is a table."""
    for nome in TABELLE:
        if nome in libro.fogli:
            libro.tabella(nome)
    _valori_delle_cifre(libro)
    for nome in ("Voci", "Schede"):
        _colora_scarti(libro, nome)


def _intera(tabella: str, libro: Libro) -> Descritto:
    """A table as it is: its columns, and where each row was read."""
    return libro.contenuto(tabella)


# ---------------------------------------------------------------------------------------- formulas


def _se_numero(cella: str, altrimenti: str = '""') -> str:
    return f"IF(ISNUMBER({cella}),{cella},{altrimenti})"


def _scarto(r: Rigo, _: str) -> str:
    dichiarato, misurato = r.cella("grado_dichiarato"), r.cella("grado_misurato")
    numeri = f"ISNUMBER({dichiarato}),ISNUMBER({misurato})"
    return f'=IF(AND({numeri}),ROUND({dichiarato}-{misurato},2),"")'


def _dello_scarto(dichiarato: Decimal | None, misurato: Decimal | None) -> Decimal | None:
    return None if dichiarato is None or misurato is None else arrotondato(dichiarato - misurato)


def _media(pesi: str, gradi: str, scelte: str) -> str:
    """A weighted mean of some rows, rounded; nothing where none has both."""
    media = f"SUMPRODUCT({scelte},{pesi},{gradi})/SUMPRODUCT({scelte},{pesi})"
    return f'=IFERROR(ROUND({media},2),"")'


SCARTO = Colonna("scarto", "Scarto dichiarato − misurato", formato="scarto", formula=_scarto)
NOTE_RESPONSABILE = Colonna("note_responsabile", "Motivo / note del responsabile", 36)
DICHIARATO = Colonna("grado_dichiarato", "Grado dichiarato %", formato="grado")
MISURATO = Colonna("grado_misurato", "Grado misurato %", formato="grado")


def _colora_scarti(libro: Libro, nome: str) -> None:
    """Colour the gaps beyond the tolerance."""
    prospetto, colonna = libro.prospetti[nome], libro.prospetti[nome].numero("scarto") - 1
    primo = f"${prospetto.cella('scarto', PRIMA)}"
    tolleranza = libro.prospetti["Riepilogo"].casella("tolleranza")
    libro.fogli[nome].conditional_format(
        PRIMA - 1,
        colonna,
        prospetto.ultima - 1,
        colonna,
        {
            "type": "formula",
            "criteria": f"=AND(ISNUMBER({primo}),ABS({primo})>{tolleranza})",
            "format": libro.formati["fuori_tolleranza"],
        },
    )


# ----------------------------------------------------------------------------------- Cifre, Misura


def _cifre(libro: Libro) -> Descritto:
    colonne = (Colonna("nome", "Cifra", 60), Colonna("valore", "Valore", 50, "numero"))
    tutte = cifre.cifre(libro.fascicolo).values()
    return colonne, [{"nome": cifra.nome, "valore": None, "cifra": cifra} for cifra in tutte]


def _valori_delle_cifre(libro: Libro) -> None:
    """The figures of the relazione; of the means, the formulas stand in the Riepilogo."""
    ws, prospetto = libro.fogli["Cifre"], libro.prospetti["Cifre"]
    medie = {cifre.MEDIE[regola]: regola for regola in (MEDIA_SETTORI, MEDIA_OBIETTIVI)}
    colonna = prospetto.numero("valore")
    for numero, riga in enumerate(prospetto.righe, start=PRIMA):
        nome, valore = riga["nome"], riga["cifra"].valore
        if nome in medie:
            media = arrotondato(valore) if isinstance(valore, Decimal) else None
            dove = libro.prospetti["Riepilogo"].casella(medie[nome])
            libro.formula(ws, numero, colonna, f"={dove}", media, "grado")
        else:
            libro.metti(ws, numero, colonna, valore, "intero")


def _misura(libro: Libro) -> Descritto:
    """How many indicatori could be measured, settore by settore."""
    fascicolo = libro.fascicolo
    colonne = [Colonna("settore", "Settore", 26)]
    colonne += [Colonna(chiave, nome, formato="intero") for chiave, nome in cifre.INDICATORI.items()]
    tutti = [*((s, fascicolo.denominazioni[s]) for s in fascicolo.ordine), ("", "Tutti")]
    return colonne, [{**vars(fascicolo.imbuto(s)), "settore": nome} for s, nome in tutti]


# -------------------------------------------------------------------------------------------- Voci


def _nella_valutazione(r: Rigo, chiave: str) -> str:
    """A cell of a voce in the sheet of its settore."""
    foglio, posto = r.dati["valutazione"]
    return r.fogli[foglio].da_fuori(chiave, posto)


def _della_valutazione(r: Rigo, chiave: str) -> str:
    return f"={_nella_valutazione(r, chiave)}"


def _del_nucleo(r: Rigo, chiave: str) -> str:
    return f"={_se_numero(_nella_valutazione(r, chiave))}"


def _dichiarato_finale(r: Rigo, _: str) -> str:
    """Declared in the voce, else the mean of its schede."""
    proprio, delle_schede = (
        _nella_valutazione(r, chiave) for chiave in ("grado_dichiarato", "grado_schede")
    )
    return f"={_se_numero(proprio, _se_numero(delle_schede))}"


def _misurato_delle_schede(r: Rigo, chiave: str) -> str:
    schede = r.fogli["Schede"]
    celle = [schede.da_fuori(chiave, posto) for posto in r.dati["misurate"]]
    return f"=AVERAGE({','.join(celle)})" if celle else ""


def _nel_confronto(r: Rigo, _: str) -> str:
    peso = r.cella("peso")
    gradi = (r.cella(chiave) for chiave in ("grado_dichiarato", "grado_misurato", "grado"))
    tre_gradi = ",".join(f"ISNUMBER({grado})" for grado in gradi)
    return f"=IF(AND({tre_gradi},NOT(AND(ISNUMBER({peso}),{peso}=0))),1,0)"


def _quota(r: Rigo, _: str) -> str:
    """The peso of a voce, over how many rows of settori with a mean have the same obiettivo."""
    grado, peso, tratti = r.cella("grado"), r.cella("peso"), r.dati["tratti"]
    conti = []
    for da, a in tratti:
        chiavi, gradi, pesi = (
            r.prospetto.tratto(chiave, da, a, fisso=True) for chiave in ("chiave", "grado", "peso")
        )
        conti.append(f"SUMPRODUCT(({chiavi}={r.cella('chiave')})*ISNUMBER({gradi})*({pesi}<>0))")
    volte = "+".join(conti)
    return f'=IF(AND(ISNUMBER({grado}),{peso}<>0),{peso}/({volte}),"")' if tratti else ""


VOCI = (
    Colonna("settore", "Settore", 26),
    Colonna("n", "N.", formato="intero"),
    Colonna("descrizione", "Descrizione obiettivo", 55),
    Colonna("trasversale", "Trasversale"),
    Colonna("schede", "Schede"),
    Colonna("peso", "Peso", formato="numero"),
    Colonna("stato", "Stato", 18),
    Colonna("grado_dichiarato", "Grado dichiarato %", 12, "grado", _dichiarato_finale),
    Colonna("grado_misurato", "Grado misurato %", 12, "grado", _misurato_delle_schede),
    Colonna("grado_nucleo", "Grado Nucleo %", 12, "grado", _del_nucleo),
    Colonna("grado", "Grado finale %", 12, "grado", _della_valutazione),
    SCARTO,
    Colonna("origine", "Origine del grado", 12, "numero", _della_valutazione),
    Colonna("motivo", "Motivo dell'esclusione", 50),
    Colonna("fascia", "Fascia"),
    Colonna("chiave", "Obiettivo distinto", 26),
    Colonna("quota", "Peso nella media degli obiettivi distinti", 12, "quota", _quota),
    Colonna("missioni", "Missioni", 16),
    Colonna("programmi", "Programmi", 20),
    Colonna("confronto", "Nel confronto", 12, "intero", _nel_confronto),
    Colonna("base", "Base della misura"),
    Colonna("visto", "Visto dal Nucleo"),
    NOTE_RESPONSABILE,
    Colonna("note", "Note", 36),
    *PROVENIENZA,
)


def _voci(libro: Libro) -> Descritto:
    voci = libro.voci_in_ordine()
    con_grado = {s.settore for s in libro.fascicolo.settori if s.grado is not None}
    tratti = di_seguito(n for n, voce in enumerate(voci, start=PRIMA) if voce.settore in con_grado)
    posizioni = dict.fromkeys(libro.nomi, PRIMA_VOCE)
    dati = []
    for voce in voci:
        settore, gradi = voce.settore, (voce.dichiarato, voce.grado_misurato)
        coperte = libro.coperte(voce)
        riga: Riga = {
            **libro.riga_in_chiaro(riga_voce(voce)),
            "grado_dichiarato": voce.dichiarato,
            "scarto": _dello_scarto(*gradi),
            "confronto": int(voce.conta and None not in gradi),
            "valutazione": (libro.nomi[settore], posizioni[settore]),
            "misurate": [posto for s, posto in coperte if s["grado_misurato"] is not None],
            "tratti": tratti if settore in con_grado else [],
        }
        posizioni[settore] += 1
        dati.append(riga)
    return libro.delle_voci(VOCI, dati), dati


# ---------------------------------------------------------------------------- Schede, Collegamenti


def _con_la_base(r: Rigo, _: str) -> str:
    """The measured grado of a scheda, if it has the base to be the grado."""
    misurato, misurabili, attesi = map(r.cella, ("grado_misurato", "misurabili", "attesi"))
    base = r.fogli["Riepilogo"].casella("base")
    basta = f"{misurabili}*100>={base}*{attesi}"
    return f'=IF(AND(ISNUMBER({misurato}),{basta}),{misurato},"")'


CON_LA_BASE = Colonna("con_la_base", "Grado misurato con la base %", 12, "grado", _con_la_base)


def _schede(libro: Libro) -> Descritto:
    """The schede, with the gap between declared and measured."""
    colonne, dati = libro.contenuto("schede")
    base = libro.fascicolo.parametri.base
    for scheda, riga in zip(libro.fascicolo.righe.schede, dati, strict=True):
        dichiarato, misurato = scheda["grado_dichiarato"], scheda["grado_misurato"]
        riga["scarto"] = _dello_scarto(dichiarato, misurato)
        riga["con_la_base"] = misurato if ha_base(scheda, base) else None
    return [*colonne, SCARTO, CON_LA_BASE], dati


def _della_scheda(r: Rigo, chiave: str) -> str:
    posto = r.dati["posto"]
    return f"={_se_numero(r.fogli['Schede'].da_fuori(chiave, posto))}" if posto else ""


COLLEGAMENTI = (
    Colonna("conta", "Conta nella missione"),
    Colonna("conta_programma", "Conta nel programma"),
    Colonna("grado_dichiarato", "Grado dichiarato %", 12, "grado", _della_scheda),
    Colonna("grado_misurato", "Grado misurato %", 12, "grado", _della_scheda),
)


def _collegamenti(libro: Libro) -> Descritto:
    """The links to the budget, with the gradi of their scheda for the means per missione."""
    colonne, dati = libro.contenuto("collegamenti")
    viste: set[tuple[Any, ...]] = set()
    for letta, riga in zip(libro.fascicolo.righe.collegamenti, dati, strict=True):
        missione = (*chiave_scheda(letta), letta["codice_missione"])
        programma = (*missione, letta["codici_programma"])
        riga["conta"], riga["conta_programma"] = (
            "" if chiave in viste else "sì" for chiave in (missione, programma)
        )
        viste |= {missione, programma}
        scheda, riga["posto"] = libro.posti_schede.get(chiave_scheda(letta), (None, 0))
        riga["grado_dichiarato"] = scheda["grado_dichiarato"] if scheda else None
        riga["grado_misurato"] = scheda["grado_misurato"] if scheda else None
    return [*colonne, *COLLEGAMENTI], dati


def _coerenza(libro: Libro) -> Descritto:
    colonne = (
        Colonna("settore", "Settore", 26),
        Colonna("scheda", "Scheda", formato="intero"),
        Colonna("titolo", "Titolo", 45),
        DICHIARATO,
        MISURATO,
        Colonna("scarto", "Scarto", formato="scarto"),
        Colonna("quanti", "Indicatori misurati, su quelli con un valore atteso"),
        Colonna("spiegazione", "Indicatori che lo spiegano", 80),
    )
    dati = [
        {
            **libro.riga_in_chiaro(discorde.scheda),
            "scarto": discorde.scarto,
            "quanti": f"{discorde.scheda['misurabili']} su {discorde.scheda['attesi']}",
            "spiegazione": "\n".join(libro.fascicolo.spiegazione(discorde.scheda)),
        }
        for discorde in libro.fascicolo.valutazione.coerenza
    ]
    return colonne, dati


# ------------------------------------------------------------------------------------ Per missione


def _quali_collegamenti(r: Rigo) -> str:
    """The criteria that pick the rows of a missione, or of one of its programmi, in Collegamenti."""
    collegamenti = r.fogli["Collegamenti"]
    della_missione = f"{collegamenti.colonna('codice_missione')},{r.cella('missione')}"
    if not r.dati["programmi"]:
        return f'{della_missione},{collegamenti.colonna("conta")},"sì"'
    del_programma = f"{collegamenti.colonna('codici_programma')},{r.cella('programmi')}"
    return f'{della_missione},{del_programma},{collegamenti.colonna("conta_programma")},"sì"'


def _quanti_gradi(r: Rigo, chiave: str) -> str:
    gradi = r.fogli["Collegamenti"].colonna(chiave.removeprefix("n_"))
    return f'=COUNTIFS({_quali_collegamenti(r)},{gradi},">=0")'


def _media_gradi(r: Rigo, chiave: str) -> str:
    media = f"AVERAGEIFS({r.fogli['Collegamenti'].colonna(chiave)},{_quali_collegamenti(r)})"
    return f'=IFERROR(ROUND({media},2),"")'


def _grado_collegate(r: Rigo, _: str) -> str:
    """The mean of the voci of a missione or programma, each with its quota."""
    voci, codice, codici = r.fogli["Voci"], r.cella("missione"), "missioni"
    if r.dati["programmi"]:
        codice, codici = f'{codice}&" "&{r.cella("programmi")}', "programmi"
    gradi, quote = voci.colonna("grado"), voci.colonna("quota")
    quali = f'ISNUMBER(SEARCH("["&{codice}&"]",{voci.colonna(codici)}))'
    return _media(quote, gradi, f"{quali}*ISNUMBER({gradi})*ISNUMBER({quote})")


PER_MISSIONE = (
    Colonna("missione", "Missione"),
    Colonna("programmi", "Programma"),
    Colonna("denominazione", "Denominazione", 34),
    Colonna("schede", "Schede", formato="intero"),
    Colonna("n_grado_dichiarato", "Con grado dichiarato", 12, "intero", _quanti_gradi),
    Colonna("grado_dichiarato", "Media grado dichiarato %", 12, "grado", _media_gradi),
    Colonna("n_grado_misurato", "Con grado misurato", 12, "intero", _quanti_gradi),
    Colonna("grado_misurato", "Media grado misurato %", 12, "grado", _media_gradi),
    Colonna("obiettivi", "Obiettivi distinti", formato="intero"),
    Colonna("valutati", "Valutati", formato="intero"),
    Colonna("grado", "Grado finale %", 12, "grado", _grado_collegate),
)


def _per_missione(libro: Libro) -> Descritto:
    """A row a missione, then a row for each of its programmi."""
    return PER_MISSIONE, [
        _con_arrotondati(vars(missione), "grado_dichiarato", "grado_misurato", "grado")
        for missione in libro.fascicolo.missioni()
    ]


def _con_arrotondati(riga: Riga, *gradi: str) -> Riga:
    return {**riga, **{chiave: arrotondato(riga[chiave]) for chiave in gradi}}


# --------------------------------------------------------------------------------------- Personale


def _quota_della_voce(r: Rigo, chiave: str) -> str:
    return f"={_se_numero(r.fogli['Voci'].da_fuori(chiave, r.dati['posto']))}"


def _grado_della_voce(r: Rigo, _: str) -> str:
    grado, peso = (r.fogli["Voci"].da_fuori(c, r.dati["posto"]) for c in ("grado", "peso"))
    return f'=IF(AND(ISNUMBER({grado}),NOT(AND(ISNUMBER({peso}),{peso}=0))),{grado},"")'


PARTECIPAZIONI = (
    Colonna("nominativo", "Nominativo", 30),
    Colonna("gruppo", "Gruppo"),
    Colonna("ruolo", "Ruolo", 26),
    Colonna("settore", "Settore", 26),
    Colonna("n", "N.", formato="intero"),
    Colonna("descrizione", "Obiettivo", 55),
    Colonna("quota", "Peso", 12, "quota", _quota_della_voce),
    Colonna("grado", "Grado finale %", 12, "grado", _grado_della_voce),
)


def _partecipazioni(libro: Libro) -> Descritto:
    """Who takes part in which voce, with its quota and its grado as they stand in Voci."""
    voci = enumerate(libro.voci_in_ordine(), start=PRIMA)
    posti = {(voce.settore, voce.n): posto for posto, voce in voci}
    return PARTECIPAZIONI, [
        {
            **libro.riga_in_chiaro({**riga_voce(parte.voce), **vars(parte)}),
            "grado": parte.voce.grado if parte.voce.conta else None,
            "posto": posti[parte.voce.settore, parte.voce.n],
        }
        for parte in libro.fascicolo.valutazione.partecipazioni
        if (parte.voce.settore, parte.voce.n) in posti
    ]


def _sue(r: Rigo, chiave: str) -> str:
    """The condition that picks the rows of a person in Partecipazioni: all, or as responsabile."""
    partecipazioni = r.fogli["Partecipazioni"]
    sue = f"({partecipazioni.colonna('nominativo')}={r.cella('nominativo')})"
    da_responsabile = chiave.endswith("responsabile")
    return f'{sue}*({partecipazioni.colonna("ruolo")}="{RESPONSABILE}")' if da_responsabile else sue


def _obiettivi(r: Rigo, chiave: str) -> str:
    volte = "*1" if chiave == "obiettivi" else ""
    return f"=SUMPRODUCT({_sue(r, chiave)}{volte})"


def _valutati(r: Rigo, chiave: str) -> str:
    return f"=SUMPRODUCT({_sue(r, chiave)}*ISNUMBER({r.fogli['Partecipazioni'].colonna('grado')}))"


def _media_della_persona(r: Rigo, chiave: str) -> str:
    quote, gradi = (r.fogli["Partecipazioni"].colonna(c) for c in ("quota", "grado"))
    return _media(quote, gradi, f"{_sue(r, chiave)}*ISNUMBER({quote})")


PERSONALE = (
    Colonna("nominativo", "Nominativo", 30),
    Colonna("gruppo", "Gruppo"),
    Colonna("obiettivi", "Obiettivi", 12, "intero", _obiettivi),
    Colonna("da_responsabile", "Da responsabile", 12, "intero", _obiettivi),
    Colonna("valutati", "Valutati", 12, "intero", _valutati),
    Colonna("grado", "Media %", 12, "grado", _media_della_persona),
    Colonna("grado_responsabile", "Media da responsabile %", 12, "grado", _media_della_persona),
)


def _personale(libro: Libro) -> Descritto:
    """The means of each person."""
    return PERSONALE, [
        _con_arrotondati(libro.riga_in_chiaro(vars(persona)), "grado", "grado_responsabile")
        for persona in libro.fascicolo.valutazione.personale
    ]


# ----------------------------------------------------------------------------------------- Settori


def _del_settore(r: Rigo, totale: str) -> str:
    """A total of the sheet of a settore."""
    return f"={r.fogli[r.dati['valutazione']].casella(totale)}" if r.dati["valutazione"] else ""


def _quoziente(r: Rigo, _: str) -> str:
    if r.dati["quoziente"] is None:
        return ""
    return f"={r.cella('somma_pesata')}/{r.cella('somma_pesi')}"


SETTORI = (
    Colonna("settore", "Codice", 26),
    Colonna("denominazione", "Denominazione", 34),
    Colonna("responsabile", "Responsabile (elenco)", 34),
    Colonna("email", "E-mail", 32),
    Colonna("modello", "Modello"),
    Colonna("n_schede", "N. schede", formato="numero"),
    Colonna("missioni", "Missioni", 16),
    Colonna("peso", "Peso in ente.xlsx", formato="numero"),
    Colonna("peso_media", "Peso nella media d'ente", formato="numero"),
    Colonna("somma_pesi", "Somma pesi", 12, "numero", _del_settore),
    Colonna("somma_pesata", "Somma peso × grado", 12, "grado", _del_settore),
    Colonna("quoziente", "Grado non arrotondato", 12, "quota", _quoziente),
    Colonna("della_cartella", "Responsabile (cartella)", 34),
    Colonna("ruolo", "Ruolo", 26),
    Colonna("categoria", "Categoria"),
    *PROVENIENZA,
)
DI_PERSONE = ("responsabile", "email", "della_cartella", "categoria")
"""Columns of the sheet Settori that are not in the edition to be published."""


def _settori(libro: Libro) -> Descritto:
    fascicolo = libro.fascicolo
    figure = {settore.settore: settore for settore in fascicolo.settori}
    dati = []
    for riga in fascicolo.righe.elenco:
        settore = riga["settore"]
        letta, sue = fascicolo.righe.settori.prima(settore), figure.get(settore)
        dati.append(
            {
                **riga,
                "peso_media": sue and sue.peso_media,
                "somma_pesi": sue and sue.somma_pesi,
                "somma_pesata": sue and sue.somma_pesata,
                "quoziente": sue and sue.grado,
                "della_cartella": letta["responsabile"] if letta else "",
                "ruolo": letta["ruolo"] if letta else "",
                "categoria": letta["categoria"] if letta else "",
                "valutazione": libro.nomi.get(settore, ""),
            }
        )
    tolte: tuple[str, ...] = DI_PERSONE if fascicolo.pubblica else ()
    if not any(riga["missioni"] for riga in dati):  # nobody asked for any
        tolte += ("missioni",)
    return [c for c in SETTORI if c.chiave not in tolte], dati


# ------------------------------------------------------------------------ ente, rilievi, provenienza


def _ente(libro: Libro) -> Descritto:
    colonne = (Colonna("dato", "Dato", 26), Colonna("valore", "Valore", 50), *PROVENIENZA)
    etichette = {campo.chiave: campo.etichetta for campo in ENTE}
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


def _rilievi(libro: Libro) -> Descritto:
    """The findings, and after them the avvisi that the office lets be."""
    fascicolo, contenuti = libro.fascicolo, in_celle(libro.fascicolo.tabelle)
    tutti = [*((rilievo, "") for rilievo in fascicolo.rilievi), *fascicolo.accettati]
    dati = controlli.dettaglio([rilievo for rilievo, _ in tutti], contenuti)
    colonne = (*controlli.DETTAGLIO, Colonna("accettato", "Accettato", 40))
    return colonne, [{**riga, "accettato": detto} for riga, (_, detto) in zip(dati, tutti, strict=True)]


def _provenienza(libro: Libro) -> Descritto:
    colonne = (
        Colonna("file", "File", 30),
        Colonna("settore", "Settore", 26),
        Colonna("modello", "Modello"),
        Colonna("versione", "Versione"),
        Colonna("salvato", "Salvato il"),
        Colonna("sha256", "SHA-256", 66),
        Colonna("celle", "Celle compilate", formato="intero"),
        Colonna("in_tabelle", "Nelle tabelle", formato="intero"),
        Colonna("in_rilievi", "Nei rilievi", formato="intero"),
    )
    conti = {q.file: q for q in libro.fascicolo.quadrature}
    dati = libro.fascicolo.righe.provenienza
    return colonne, [
        {
            **libro.riga_in_chiaro(riga),
            "in_tabelle": conti[riga["file"]].in_tabelle,
            "in_rilievi": conti[riga["file"]].in_rilievi,
        }
        for riga in dati
    ]


TABELLE: dict[str, Callable[[Libro], Descritto]] = {
    "Cifre": _cifre,
    "Misura": _misura,
    "Voci": _voci,
    "Obiettivi": partial(_intera, "obiettivi"),
    "Fasi": partial(_intera, "fasi"),
    "Indicatori": partial(_intera, "indicatori"),
    "Stati": partial(_intera, "stati"),
    "Testi": partial(_intera, "testi"),
    "Destinatari": partial(_intera, "destinatari"),
    "Accettati": partial(_intera, "accettati"),
    "Premi": partial(_intera, "premi"),
    "Messaggi": partial(_intera, "messaggi"),
    "Schede": _schede,
    "Collegamenti": _collegamenti,
    "Coerenza": _coerenza,
    "Per missione": _per_missione,
    "Missioni": partial(_intera, "missioni"),
    "Nucleo": partial(_intera, "giudizi"),
    "Partecipazioni": _partecipazioni,
    "Personale": _personale,
    "Settori": _settori,
    "Ente": _ente,
    "Parametri": _parametri,
    "Rilievi": _rilievi,
    "Provenienza": _provenienza,
}
"""The sheets that are tables, by name."""
