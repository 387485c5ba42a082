"""The sheets of the consolidated Excel that are tables: what was read, row by row, and its means."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline.documents import cifre
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.libro import BASE, PRIMA, PRIMA_VOCE, Libro, apici, lettera
from pipeline.numeri import arrotonda
from pipeline.rilievi import Rilievo
from pipeline.score import ha_base
from pipeline.tables import MEDIA_OBIETTIVI, MEDIA_SETTORI, RESPONSABILE, righe
from pipeline.workbooks.ente import ENTE, PARAMETRI

TABELLE_INTERE = (
    "Obiettivi",
    "Fasi",
    "Indicatori",
    "Stati",
    "Testi",
    "Destinatari",
    "Messaggi",
)
"""Sheets that show a table just as it is."""


def scrivi(libro: Libro) -> None:
    """Fill in every sheet that is a table."""
    _cifre(libro)
    _misura(libro)
    _voci(libro)
    for nome in TABELLE_INTERE:
        if nome in libro.fogli:
            _tabella_intera(libro, nome)
    _schede(libro)
    _collegamenti(libro)
    _coerenza(libro)
    _per_missione(libro)
    if "Missioni" in libro.fogli:
        _tabella_intera(libro, "Missioni")
    if "Personale" in libro.fogli:
        _partecipazioni(libro)
        _personale(libro)
    _settori(libro)
    _ente(libro)
    _parametri(libro)
    if "Rilievi" in libro.fogli:
        _rilievi(libro)
    _provenienza(libro)


def _tabella_intera(libro: Libro, nome: str) -> None:
    """A sheet for a table as it is: its columns, and where each row was read."""
    campi, dati = libro.contenuto(nome.lower())
    libro.tabella(nome, campi, dati)


def _cifre(libro: Libro) -> None:
    """The figures of the relazione; of the means, the formulas stand in the Riepilogo."""
    campi = [("cifra", "Cifra", "testo"), ("valore", "Valore", "numero")]
    tutte = cifre.cifre(libro.fascicolo)
    libro.tabella("Cifre", campi, [[nome, None] for nome in tutte])
    ws, prima = libro.fogli["Cifre"], 5 + max(len(libro.fascicolo.settori), 1)
    medie = {cifre.MEDIE[MEDIA_SETTORI]: prima, cifre.MEDIE[MEDIA_OBIETTIVI]: prima + 1}
    for riga, cifra in enumerate(tutte.values(), start=PRIMA):
        if cifra.nome in medie:
            valore = arrotonda(cifra.valore) if isinstance(cifra.valore, Decimal) else None
            libro.formula(ws, riga, 2, f"=Riepilogo!$F${medie[cifra.nome]}", valore, "grado")
        else:
            libro.metti(ws, riga, 2, cifra.valore, "intero")


def _misura(libro: Libro) -> None:
    """How many indicatori could be measured, settore by settore."""
    fascicolo = libro.fascicolo
    campi = [("settore", "Settore", "testo")]
    campi += [(chiave, nome, "intero") for chiave, nome in cifre.INDICATORI.items()]
    dati = [
        [nome, *(fascicolo.imbuto(settore).get(chiave, 0) for chiave in cifre.INDICATORI)]
        for settore, nome in (
            *((s, fascicolo.denominazioni[s]) for s in fascicolo.ordine),
            ("", "Tutti"),
        )
    ]
    libro.tabella("Misura", campi, dati)


def _voci(libro: Libro) -> None:
    campi = [
        ("settore", "Settore", "testo"),
        ("n", "N.", "intero"),
        ("descrizione", "Descrizione obiettivo", "testo"),
        ("trasversale", "Trasversale", "testo"),
        ("schede", "Schede", "testo"),
        ("peso", "Peso", "numero"),
        ("stato", "Stato", "testo"),
        ("dichiarato", "Grado dichiarato %", "grado"),
        ("grado_misurato", "Grado misurato %", "grado"),
        ("grado_nucleo", "Grado Nucleo %", "grado"),
        ("grado", "Grado finale %", "grado"),
        ("scarto", "Scarto dichiarato − misurato", "scarto"),
        ("origine", "Origine del grado", "testo"),
        ("motivo", "Motivo dell'esclusione", "testo"),
        ("fascia", "Fascia", "testo"),
        ("chiave", "Obiettivo distinto", "testo"),
        ("quota", "Peso nella media degli obiettivi distinti", "quota"),
        ("missioni", "Missioni", "testo"),
        ("programmi", "Programmi", "testo"),
        ("confronto", "Nel confronto", "intero"),
        ("base", "Base della misura", "testo"),
        ("note", "Note", "testo"),
        ("file", "File", "testo"),
        ("foglio", "Foglio", "testo"),
        ("riga", "Riga", "intero"),
    ]
    voci = libro.voci_in_ordine()
    dati = [[libro.in_chiaro(chiave, voce.get(chiave)) for chiave, _, _ in campi] for voce in voci]
    libro.tabella("Voci", campi, dati)
    ws = libro.fogli["Voci"]
    posizioni = dict.fromkeys(libro.nomi, PRIMA_VOCE)
    scarti = []
    con_grado = {riga["settore"] for riga in libro.fascicolo.settori if riga["grado"] is not None}
    tratti = _tratti(n for n, voce in enumerate(voci, start=PRIMA) if voce["settore"] in con_grado)
    for riga, voce in enumerate(voci, start=PRIMA):
        foglio, posto = f"'{apici(libro.nomi[voce['settore']])}'", posizioni[voce["settore"]]
        posizioni[voce["settore"]] += 1
        # declared in the voce, else the mean of its schede
        proprio, delle_schede = f"{foglio}!$F${posto}", f"{foglio}!$H${posto}"
        formula = f'=IF(ISNUMBER({proprio}),{proprio},IF(ISNUMBER({delle_schede}),{delle_schede},""))'
        dichiarato = voce["grado_dichiarato"]
        dichiarato = voce["grado_schede"] if dichiarato is None else dichiarato
        libro.formula(ws, riga, 8, formula, dichiarato, "grado")
        if celle := libro.gradi_schede(voce, "grado_misurato"):
            media = f"=AVERAGE({','.join(celle)})"
            libro.formula(ws, riga, 9, media, voce["grado_misurato"], "grado")
        nucleo = f"{foglio}!$G${posto}"
        formula = f'=IF(ISNUMBER({nucleo}),{nucleo},"")'
        libro.formula(ws, riga, 10, formula, voce["grado_nucleo"], "grado")
        libro.formula(ws, riga, 11, f"={foglio}!$J${posto}", voce["grado"], "grado")
        libro.formula(ws, riga, 13, f"={foglio}!$K${posto}", voce["origine"], "numero")
        scarti.append(_scarto(dichiarato, voce["grado_misurato"]))
        tre_gradi = ",".join(f"ISNUMBER({c}{riga})" for c in "HIK")
        formula = f"=IF(AND({tre_gradi},NOT(AND(ISNUMBER(F{riga}),F{riga}=0))),1,0)"
        entrambi = dichiarato is not None and voce["grado_misurato"] is not None
        libro.formula(ws, riga, 20, formula, int(voce["conta"] and entrambi), "intero")
        if voce["settore"] in con_grado:
            volte = "+".join(
                f"SUMPRODUCT(($P${da}:$P${a}=P{riga})*ISNUMBER($K${da}:$K${a})*($F${da}:$F${a}<>0))"
                for da, a in tratti
            )
            formula = f'=IF(AND(ISNUMBER(K{riga}),F{riga}<>0),F{riga}/({volte}),"")'
            libro.formula(ws, riga, 17, formula, voce["quota"], "quota")
    libro.scarti("Voci", 8, 9, 12, scarti)


def _tratti(numeri: Iterable[int]) -> list[tuple[int, int]]:
    """The first and last of every run of consecutive numbers."""
    gruppi = groupby(enumerate(numeri), key=lambda coppia: coppia[1] - coppia[0])
    tratti = [[numero for _, numero in gruppo] for _, gruppo in gruppi]
    return [(tratto[0], tratto[-1]) for tratto in tratti]


def _schede(libro: Libro) -> None:
    """The schede, with the gap between declared and measured (coloured beyond the tolerance)."""
    campi, dati = libro.contenuto("schede")
    campi.append(("scarto", "Scarto dichiarato − misurato", "scarto"))
    campi.append(("con_la_base", "Grado misurato con la base %", "grado"))
    libro.tabella("Schede", campi, [[*valori, None, None] for valori in dati])
    _con_la_base(libro)
    chiavi = [chiave for chiave, _, _ in campi[:-1]]
    colonne_gradi = [chiavi.index(c) + 1 for c in ("grado_dichiarato", "grado_misurato")]
    schede = righe(libro.fascicolo.tabelle.schede)
    scarti = [_scarto(s["grado_dichiarato"], s["grado_misurato"]) for s in schede]
    libro.scarti("Schede", colonne_gradi[0], colonne_gradi[1], len(chiavi), scarti)


def _con_la_base(libro: Libro) -> None:
    """The measured gradi of the schede that have the base to be the grado, as live formulas."""
    ws = libro.fogli["Schede"]
    misurato, misurabili, attesi = (
        lettera(libro.colonna_schede(chiave)) for chiave in ("grado_misurato", "misurabili", "attesi")
    )
    for scheda, riga in libro.posti_schede.values():
        basta = f"{misurabili}{riga}*100>={BASE}*{attesi}{riga}"
        formula = f'=IF(AND(ISNUMBER({misurato}{riga}),{basta}),{misurato}{riga},"")'
        grado = scheda["grado_misurato"] if ha_base(scheda, libro.fascicolo.parametri.base) else None
        libro.formula(ws, riga, libro.colonna_con_la_base, formula, grado, "grado")


def _collegamenti(libro: Libro) -> None:
    """The links to the budget, with the gradi of their scheda for the means per missione."""
    campi, dati = libro.contenuto("collegamenti")
    campi += [
        ("conta", "Conta nella missione", "testo"),
        ("conta_programma", "Conta nel programma", "testo"),
        ("grado_dichiarato", "Grado dichiarato %", "grado"),
        ("grado_misurato", "Grado misurato %", "grado"),
    ]
    collegamenti = righe(libro.fascicolo.tabelle.collegamenti)
    viste: set[tuple[Any, ...]] = set()
    for riga, valori in zip(collegamenti, dati, strict=True):
        missione = (riga["settore"], riga["scheda"], riga["codice_missione"])
        programma = (*missione, riga["codici_programma"])
        valori += [*("" if chiave in viste else "sì" for chiave in (missione, programma)), None, None]
        viste |= {missione, programma}
    libro.tabella("Collegamenti", campi, dati)
    ws, posti = libro.fogli["Collegamenti"], libro.posti_schede
    for posizione, riga in enumerate(collegamenti, start=PRIMA):
        scheda, dove = posti.get((riga["settore"], riga["scheda"]), ({}, 0))
        for colonna, grado in enumerate(("grado_dichiarato", "grado_misurato"), len(campi) - 1):
            if dove:
                cella = f"Schede!${lettera(libro.colonna_schede(grado))}${dove}"
                formula = f'=IF(ISNUMBER({cella}),{cella},"")'
                libro.formula(ws, posizione, colonna, formula, scheda[grado], "grado")


def _coerenza(libro: Libro) -> None:
    campi = [
        ("settore", "Settore", "testo"),
        ("scheda", "Scheda", "intero"),
        ("titolo", "Titolo", "testo"),
        ("grado_dichiarato", "Grado dichiarato %", "grado"),
        ("grado_misurato", "Grado misurato %", "grado"),
        ("scarto", "Scarto", "scarto"),
        ("misurabili", "Indicatori misurati, su quelli con un valore atteso", "testo"),
        ("spiegazione", "Indicatori che lo spiegano", "testo"),
    ]
    dati = [
        [
            libro.in_chiaro("settore", riga["settore"]),
            *(riga[c] for c in ("scheda", "titolo", "grado_dichiarato", "grado_misurato", "scarto")),
            f"{riga['misurabili']} su {riga['attesi']}",
            "\n".join(libro.fascicolo.spiegazione(riga)),
        ]
        for riga in righe(libro.fascicolo.valutazione.coerenza)
    ]
    libro.tabella("Coerenza", campi, dati)


def _per_missione(libro: Libro) -> None:
    """A row a missione, then a row for each of its programmi, with the means as live formulas."""
    campi = [
        ("missione", "Missione", "testo"),
        ("programma", "Programma", "testo"),
        ("denominazione", "Denominazione", "testo"),
        ("schede", "Schede", "intero"),
        ("n_dichiarate", "Con grado dichiarato", "intero"),
        ("grado_dichiarato", "Media grado dichiarato %", "grado"),
        ("n_misurate", "Con grado misurato", "intero"),
        ("grado_misurato", "Media grado misurato %", "grado"),
        ("obiettivi", "Obiettivi distinti", "intero"),
        ("valutati", "Valutati", "intero"),
        ("grado", "Grado finale %", "grado"),
    ]
    missioni = libro.fascicolo.missioni()
    dati = [
        [
            *(r[c] for c in ("missione", "programmi", "denominazione", "schede")),
            *[None] * 4,
            *(r[c] for c in ("obiettivi", "valutati")),
            None,
        ]
        for r in missioni
    ]
    libro.tabella("Per missione", campi, dati)
    ws = libro.fogli["Per missione"]
    ultima = PRIMA + max(len(libro.fascicolo.tabelle.collegamenti), 1) - 1
    chiavi = [c.nome for c in libro.colonne("collegamenti")]

    def intervallo(colonna: int) -> str:
        return f"Collegamenti!${lettera(colonna)}${PRIMA}:${lettera(colonna)}${ultima}"

    missione = intervallo(chiavi.index("codice_missione") + 1)
    programmi = intervallo(chiavi.index("codici_programma") + 1)
    conta, conta_programma = (intervallo(len(chiavi) + posto) for posto in (1, 2))
    for posizione, riga in enumerate(missioni, start=PRIMA):
        scelta = f'{conta},"sì"'
        if riga["programmi"]:
            scelta = f'{programmi},B{posizione},{conta_programma},"sì"'
        for colonna, chiave, di_quale in ((6, "grado_dichiarato", 3), (8, "grado_misurato", 4)):
            gradi = intervallo(len(chiavi) + di_quale)
            quali = f"{missione},A{posizione},{scelta}"
            conta_gradi = f'=COUNTIFS({quali},{gradi},">=0")'
            quanti = riga[f"n_{chiave}"]
            libro.formula(ws, posizione, colonna - 1, conta_gradi, quanti, "intero")
            media = f"AVERAGEIFS({gradi},{quali})"
            valore = None if riga[chiave] is None else arrotonda(riga[chiave])
            libro.formula(ws, posizione, colonna, f'=IFERROR(ROUND({media},2),"")', valore, "grado")
        codice, codici = f"A{posizione}", "R"
        if riga["programmi"]:
            codice, codici = f'{codice}&" "&B{posizione}', "S"
        collegate = f'ISNUMBER(SEARCH("["&{codice}&"]",{_delle_voci(libro, codici)}))'
        _media_voci(libro, ws, posizione, 11, collegate, riga["grado"])


def _delle_voci(libro: Libro, colonna: str) -> str:
    """A column of the sheet Voci."""
    ultima = PRIMA + max(len(libro.fascicolo.tabelle.voci), 1) - 1
    return f"Voci!${colonna}${PRIMA}:${colonna}${ultima}"


def _media_voci(
    libro: Libro, ws: Worksheet, riga: int, colonna: int, quali: str, grado: Decimal | None
) -> None:
    """The mean of the voci that a condition picks, each with its quota, as a live formula."""
    gradi, quote = _delle_voci(libro, "K"), _delle_voci(libro, "Q")
    scelte = f"{quali}*ISNUMBER({gradi})*ISNUMBER({quote})"
    media = f"SUMPRODUCT({scelte},{quote},{gradi})/SUMPRODUCT({scelte},{quote})"
    valore = None if grado is None else arrotonda(grado)
    libro.formula(ws, riga, colonna, f'=IFERROR(ROUND({media},2),"")', valore, "grado")


def _partecipazioni(libro: Libro) -> None:
    """Who takes part in which voce, with its quota and its grado as they stand in Voci."""
    campi = [
        ("nome", "Nominativo", "testo"),
        ("gruppo", "Gruppo", "testo"),
        ("ruolo", "Ruolo", "testo"),
        ("settore", "Settore", "testo"),
        ("n", "N.", "intero"),
        ("descrizione", "Obiettivo", "testo"),
        ("quota", "Peso", "quota"),
        ("grado", "Grado finale %", "grado"),
    ]
    posti = {(v["settore"], v["n"]): (v, riga) for riga, v in enumerate(libro.voci_in_ordine(), PRIMA)}
    tutte = righe(libro.fascicolo.valutazione.partecipazioni)
    partecipazioni = [riga for riga in tutte if (riga["settore"], riga["n"]) in posti]
    dati = []
    for riga in partecipazioni:
        voce, _ = posti[riga["settore"], riga["n"]]
        chiavi = ("nominativo", "gruppo", "ruolo", "settore", "n")
        dati.append([*(libro.in_chiaro(c, riga[c]) for c in chiavi), voce["descrizione"], None, None])
    libro.tabella("Partecipazioni", campi, dati)
    ws = libro.fogli["Partecipazioni"]
    for posizione, riga in enumerate(partecipazioni, start=PRIMA):
        voce, dove = posti[riga["settore"], riga["n"]]
        quota, grado, peso = (f"Voci!${colonna}${dove}" for colonna in "QKF")
        libro.formula(ws, posizione, 7, f'=IF(ISNUMBER({quota}),{quota},"")', voce["quota"], "quota")
        conta = f"AND(ISNUMBER({grado}),NOT(AND(ISNUMBER({peso}),{peso}=0)))"
        valore = voce["grado"] if voce["conta"] else None
        libro.formula(ws, posizione, 8, f'=IF({conta},{grado},"")', valore, "grado")


def _personale(libro: Libro) -> None:
    """The means of each person, as live formulas on the sheet Partecipazioni."""
    campi = [
        ("nome", "Nominativo", "testo"),
        ("gruppo", "Gruppo", "testo"),
        ("obiettivi", "Obiettivi", "intero"),
        ("da_responsabile", "Da responsabile", "intero"),
        ("valutati", "Valutati", "intero"),
        ("grado", "Media %", "grado"),
        ("grado_responsabile", "Media da responsabile %", "grado"),
    ]
    personale = righe(libro.fascicolo.valutazione.personale)
    dati = [
        [riga["nominativo"], libro.in_chiaro("gruppo", riga["gruppo"]), *[None] * 5]
        for riga in personale
    ]
    libro.tabella("Personale", campi, dati)
    ws = libro.fogli["Personale"]
    ultima = PRIMA + max(len(libro.fascicolo.valutazione.partecipazioni), 1) - 1
    nomi, ruoli, quote, gradi = (
        f"Partecipazioni!${c}${PRIMA}:${c}${ultima}" for c in ("A", "C", "G", "H")
    )
    for posizione, riga in enumerate(personale, start=PRIMA):
        sue = f"({nomi}=A{posizione})"
        da_responsabile = f'{sue}*({ruoli}="{RESPONSABILE}")'
        conti = (
            (3, f"{sue}*1", "obiettivi"),
            (4, da_responsabile, "da_responsabile"),
            (5, f"{sue}*ISNUMBER({gradi})", "valutati"),
        )
        for colonna, quali, chiave in conti:
            libro.formula(ws, posizione, colonna, f"=SUMPRODUCT({quali})", riga[chiave], "intero")
        for colonna, quali, chiave in (
            (6, sue, "grado"),
            (7, da_responsabile, "grado_responsabile"),
        ):
            scelte = f"{quali}*ISNUMBER({quote})"
            media = f"SUMPRODUCT({scelte},{quote},{gradi})/SUMPRODUCT({scelte},{quote})"
            valore = None if riga[chiave] is None else arrotonda(riga[chiave])
            libro.formula(ws, posizione, colonna, f'=IFERROR(ROUND({media},2),"")', valore, "grado")


CAMPI_SETTORI = [
    ("settore", "Codice", "testo"),
    ("denominazione", "Denominazione", "testo"),
    ("responsabile", "Responsabile (elenco)", "testo"),
    ("email", "E-mail", "testo"),
    ("modello", "Modello", "testo"),
    ("n_schede", "N. schede", "numero"),
    ("peso", "Peso in ente.xlsx", "numero"),
    ("peso_media", "Peso nella media d'ente", "numero"),
    ("somma_pesi", "Somma pesi", "numero"),
    ("somma_pesata", "Somma peso × grado", "grado"),
    ("quoziente", "Grado non arrotondato", "quota"),
    ("della_cartella", "Responsabile (cartella)", "testo"),
    ("ruolo", "Ruolo", "testo"),
    ("categoria", "Categoria", "testo"),
    ("file", "File", "testo"),
    ("foglio", "Foglio", "testo"),
    ("riga", "Riga", "intero"),
]
DI_PERSONE = ("responsabile", "email", "della_cartella", "categoria")
"""Columns of the sheet Settori that are not in the edition to be published."""


def _campi_settori(fascicolo: Fascicolo) -> list[tuple[str, str, str]]:
    return [c for c in CAMPI_SETTORI if not (fascicolo.pubblica and c[0] in DI_PERSONE)]


def colonna_settori(fascicolo: Fascicolo, chiave: str) -> str:
    """The letter of a column of the sheet Settori."""
    return lettera([c[0] for c in _campi_settori(fascicolo)].index(chiave) + 1)


def _settori(libro: Libro) -> None:
    fascicolo = libro.fascicolo
    campi = _campi_settori(fascicolo)
    figure = {riga["settore"]: riga for riga in fascicolo.settori}
    elenco = righe(fascicolo.tabelle.elenco)
    dati = []
    for riga in elenco:
        letta = (fascicolo.di("settori", riga["settore"]) or [{}])[0]
        valori = {
            **riga,
            "peso_media": figure.get(riga["settore"], {}).get("peso_media"),
            "della_cartella": letta.get("responsabile", ""),
            "ruolo": letta.get("ruolo", ""),
            "categoria": letta.get("categoria", ""),
        }
        dati.append([valori.get(chiave) for chiave, _, _ in campi])
    libro.tabella("Settori", campi, dati)
    ws, chiavi = libro.fogli["Settori"], [chiave for chiave, _, _ in campi]
    pesi, pesata, quoziente = (
        chiavi.index(chiave) + 1 for chiave in ("somma_pesi", "somma_pesata", "quoziente")
    )
    for posizione, riga in enumerate(elenco, start=PRIMA):
        settore = riga["settore"]
        if settore not in figure:
            continue
        sue = figure[settore]
        formula = f"={libro.rif(settore, 3)}"
        libro.formula(ws, posizione, pesi, formula, sue["somma_pesi"], "numero")
        formula = f"={libro.rif(settore, 4)}"
        libro.formula(ws, posizione, pesata, formula, sue["somma_pesata"], "grado")
        if sue["grado"] is not None:
            formula = f"={lettera(pesata)}{posizione}/{lettera(pesi)}{posizione}"
            libro.formula(ws, posizione, quoziente, formula, sue["grado"], "quota")


def _ente(libro: Libro) -> None:
    etichette = {campo.chiave: campo.etichetta for campo in ENTE}
    campi = [
        ("chiave", "Dato", "testo"),
        ("valore", "Valore", "testo"),
        ("file", "File", "testo"),
        ("foglio", "Foglio", "testo"),
        ("riga", "Riga", "intero"),
    ]
    dati = [
        [etichette[r["chiave"]], r["valore"], r["file"], r["foglio"], r["riga"]]
        for r in righe(libro.fascicolo.tabelle.ente)
    ]
    libro.tabella("Ente", campi, dati)


def _parametri(libro: Libro) -> None:
    etichette = {chiave: (etichetta, testo) for chiave, etichetta, _, testo in PARAMETRI}
    campi = [
        ("parametro", "Parametro", "testo"),
        ("valore", "Valore", "testo"),
        ("testo", "Spiegazione", "testo"),
        ("file", "File", "testo"),
        ("foglio", "Foglio", "testo"),
        ("riga", "Riga", "intero"),
    ]
    dati = [
        [
            etichette[r["parametro"]][0],
            r["valore"],
            etichette[r["parametro"]][1],
            r["file"],
            r["foglio"],
            r["riga"],
        ]
        for r in righe(libro.fascicolo.tabelle.parametri)
    ]
    libro.tabella("Parametri", campi, dati)


def _rilievi(libro: Libro) -> None:
    campi = [
        ("codice", "Codice", "testo"),
        ("stato", "Gravità", "testo"),
        ("file", "File", "testo"),
        ("settore", "Foglio", "testo"),
        ("cella", "Cella", "testo"),
        ("messaggio", "Che cosa non va", "testo"),
        ("rimedio", "Come si corregge", "testo"),
    ]
    dati: list[list[Any]] = [_riga_rilievo(r) for r in libro.fascicolo.rilievi]
    libro.tabella("Rilievi", campi, dati)


def _provenienza(libro: Libro) -> None:
    campi = [
        ("file", "File", "testo"),
        ("settore", "Settore", "testo"),
        ("modello", "Modello", "testo"),
        ("versione", "Versione", "testo"),
        ("salvato", "Salvato il", "testo"),
        ("sha256", "SHA-256", "testo"),
        ("celle", "Celle compilate", "intero"),
        ("tabelle", "Nelle tabelle", "intero"),
        ("rilievi", "Nei rilievi", "intero"),
    ]
    conti = {q.file: q for q in libro.fascicolo.quadrature}
    dati = [
        [
            r["file"],
            libro.in_chiaro("settore", r["settore"]),
            r["modello"],
            r["versione"],
            r["salvato"],
            r["sha256"],
            r["celle"],
            conti[r["file"]].in_tabelle,
            conti[r["file"]].in_rilievi,
        ]
        for r in righe(libro.fascicolo.tabelle.provenienza)
    ]
    libro.tabella("Provenienza", campi, dati)


def _riga_rilievo(r: Rilievo) -> list[Any]:
    return [r.codice, r.gravita, r.file, r.foglio, r.cella, r.messaggio, r.rimedio]


def _scarto(dichiarato: Decimal | None, misurato: Decimal | None) -> Decimal | None:
    return None if dichiarato is None or misurato is None else arrotonda(dichiarato - misurato)
