"""The Word relazione: cover, index, results, context, every scheda, the valutazione, the method."""

from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from pipeline.documents import grafici, per_missione, per_scheda
from pipeline.documents.fascicolo import EDIZIONE, Fascicolo
from pipeline.documents.word import Documento
from pipeline.numeri import con_segno, numero, percentuale
from pipeline.parole import maiuscola
from pipeline.rilievi import bloccanti
from pipeline.tables import TRASVERSALI, Riga, righe
from pipeline.workbooks import missioni, schede

TITOLO = "Relazione sulla performance"
LAYOUT = {
    schede.NOME: per_scheda.scrivi,
    schede.NOME_TRASVERSALI: per_scheda.scrivi,
    missioni.NOME: per_missione.scrivi,
}
"""How the part of a settore is laid out, by the template that it fills in."""
BARRE_PER_GRAFICO = 20
"""How many settori a chart holds before it would not fit the page."""


def scrivi(percorso: Path, fascicolo: Fascicolo) -> None:
    """Write the relazione. The same fascicolo always gives the same bytes."""
    documento = Documento()
    ente, anno = fascicolo.ente.get("denominazione", ""), fascicolo.anno
    edizione = f" – {EDIZIONE.lower()}" if fascicolo.pubblica else ""
    documento.proprieta(f"{TITOLO} {anno} – {ente}{edizione}", ente, datetime(anno, 12, 31))
    documento.intestazione_pagina(f"{ente} – anno {anno}", "BOZZA" if fascicolo.bozza else "")
    _copertina(documento, fascicolo)
    posto_indice = documento.indice_qui()
    if fascicolo.bozza:
        _che_cosa_manca(documento, fascicolo)
    _capitolo(documento, fascicolo, "Presentazione")
    _sintesi(documento, fascicolo)
    for capitolo in ("Contesto", "Organizzazione", "Rendicontazione"):
        _capitolo(documento, fascicolo, capitolo)
    for settore in fascicolo.ordine:
        _settore(documento, fascicolo, settore)
    _valutazioni(documento, fascicolo)
    _scostamenti(documento, fascicolo)
    _missioni(documento, fascicolo)
    _esclusi(documento, fascicolo)
    _metodo(documento, fascicolo)
    documento.indice(posto_indice, "Indice")
    documento.salva(percorso)


def _copertina(documento: Documento, fascicolo: Fascicolo) -> None:
    ente = fascicolo.ente
    documento.testo(f"{TITOLO} {fascicolo.anno}", "Title")
    documento.testo(ente.get("denominazione", ""), "Subtitle")
    if fascicolo.bozza:
        documento.testo("BOZZA – i dati non sono completi", "Bozza")
    for etichetta, chiave in (
        ("Provincia", "provincia"),
        ("Organo che approva", "organo"),
        ("Atto", "atto"),
        ("Organo di valutazione", "valutatore"),
        ("Data", "data"),
    ):
        if ente.get(chiave):
            documento.testo(f"{etichetta}: {ente[chiave]}", "Copertina")
    if fascicolo.pubblica:
        documento.testo(EDIZIONE, "Copertina")


def _che_cosa_manca(documento: Documento, fascicolo: Fascicolo) -> None:
    documento.titolo("Che cosa manca", 1)
    documento.testo(
        "Questo documento è una bozza: finché i punti seguenti non sono risolti le percentuali "
        "possono cambiare."
    )
    documento.tabella(
        "Che cosa blocca la relazione",
        ("Dove", "Che cosa non va", "Come si corregge"),
        [(r.dove, r.messaggio, r.rimedio) for r in bloccanti(fascicolo.rilievi)],
        (3, 4, 4),
    )
    documento.testo("Gli altri rilievi sono nel foglio Rilievi del consolidato.", "DopoTabella")


def _capitolo(documento: Documento, fascicolo: Fascicolo, capitolo: str) -> None:
    """The texts of ente.xlsx for a chapter; a chapter without texts is left out."""
    testi = [riga for riga in righe(fascicolo.tabelle.testi) if riga["capitolo"] == capitolo]
    if testi:
        documento.titolo(capitolo, 1)
    for testo in testi:
        if testo["titolo"]:
            documento.titolo(testo["titolo"], 2)
        if testo["testo"]:
            documento.testo(testo["testo"])


# ------------------------------------------------------------------------------------------ results


def _sintesi(documento: Documento, fascicolo: Fascicolo) -> None:
    valutazione, settori = fascicolo.valutazione, fascicolo.settori
    documento.titolo("Sintesi dei risultati", 1)
    documento.testo(_frase_sintesi(fascicolo))
    medie = [
        ("Media dei settori", valutazione.media_settori),
        ("Media degli obiettivi distinti", valutazione.media_obiettivi),
    ]
    documento.tabella(
        "Risultati per settore",
        ("Settore", "Obiettivi", "Valutati", "Esclusi", "Somma pesi", "Grado %", "Fascia"),
        [
            (
                riga["denominazione"],
                *(str(riga[c]) for c in ("obiettivi", "valutati", "esclusi")),
                numero(riga["somma_pesi"]),
                percentuale(riga["grado"]) or "non calcolabile",
                riga["fascia"],
            )
            for riga in settori
        ],
        (30, 11, 10, 10, 11, 12, 18),
        centrate=(1, 2, 3, 4, 5),
    )
    documento.testo(f"{fascicolo.nota_non_consuntivati} Le due medie d'ente:".strip(), "DopoTabella")
    documento.tabella(
        "Medie d'ente",
        ("Media", "Grado %", "Uso"),
        [
            (
                nome,
                percentuale(valore) or "non calcolabile",
                "pubblicata" if nome.lower() == valutazione.regola else "per confronto",
            )
            for nome, valore in medie
        ],
        (5, 2, 3),
        centrate=(1,),
    )
    for da in range(0, len(settori), BARRE_PER_GRAFICO):
        _grafico(documento, settori[da : da + BARRE_PER_GRAFICO])
    _fasce(documento, fascicolo)


def _grafico(documento: Documento, settori: list[Riga]) -> None:
    documento.testo("Grado di raggiungimento per settore (valori della tabella)", "Caption")
    nomi = [riga["denominazione"] for riga in settori]
    gradi = [riga["grado"] for riga in settori]
    a_parole = "; ".join(
        f"{nome} {percentuale(grado) or 'non calcolabile'}"
        for nome, grado in zip(nomi, gradi, strict=True)
    )
    alternativo = f"Grafico a barre del grado per settore: {a_parole}."
    documento.immagine(grafici.barre(nomi, gradi), alternativo, 16.5)


def _settori(quanti: int) -> str:
    return "un settore" if quanti == 1 else f"{quanti} settori"


def _frase_sintesi(fascicolo: Fascicolo) -> str:
    settori = fascicolo.settori
    valutati, esclusi = (sum(riga[c] for riga in settori) for c in ("valutati", "esclusi"))
    con_grado = [riga for riga in settori if riga["grado"] is not None]
    rendicontati = " e ".join(fascicolo.unita) or "nessuna scheda"
    media = percentuale(fascicolo.valutazione.ente)
    risultato = (
        f"Il grado di raggiungimento dell'ente ({fascicolo.valutazione.regola}) è {con_segno(media)}."
        if media
        else "Il grado di raggiungimento dell'ente non è calcolabile."
    )
    mancano = [riga["denominazione"] for riga in settori if riga["grado"] is None]
    senza = f" Senza percentuale: {', '.join(mancano)}." if mancano else ""
    return (
        f"Rendicontazione: {rendicontati}. Voci della valutazione: "
        f"{valutati + esclusi} in {_settori(len(settori))}; nella media {valutati}, escluse {esclusi}. "
        f"{risultato} Settori con una percentuale: {len(con_grado)} su {len(settori)}.{senza}"
    )


def _fasce(documento: Documento, fascicolo: Fascicolo) -> None:
    voci = righe(fascicolo.valutazione.voci)
    if not fascicolo.parametri.fasce:
        return
    documento.titolo("Obiettivi per fascia di risultato", 2)
    conti = [
        (
            fascia.nome,
            f"da {con_segno(numero(fascia.da))}",
            sum(v["fascia"] == fascia.nome for v in voci),
        )
        for fascia in fascicolo.parametri.fasce
    ]
    documento.tabella(
        "Voci per fascia di risultato",
        ("Fascia", "Soglia", "Voci"),
        [(nome, soglia, str(quante)) for nome, soglia, quante in conti],
        (5, 2, 2),
        centrate=(1, 2),
    )
    nota = fascicolo.nota_non_consuntivati
    documento.testo(f"La soglia è compresa nella fascia. {nota}".strip(), "DopoTabella")


# ------------------------------------------------------------------------------------------- schede


def _settore(documento: Documento, fascicolo: Fascicolo, settore: str) -> None:
    documento.titolo(fascicolo.denominazioni[settore], 1)
    rendicontate = fascicolo.di("schede", settore)
    dati = (fascicolo.di("settori", settore) or [{}])[0]
    if not dati and not rendicontate:
        documento.testo("La cartella di questo settore non è stata consegnata, o non si legge.")
        return
    figure = next((r for r in fascicolo.settori if r["settore"] == settore), None)
    testi = []
    if dati.get("responsabile"):
        testi.append(f"Responsabile: {dati['responsabile']}.")
    if settore == TRASVERSALI:
        testi.append("Le schede seguenti sono comuni a più settori.")
    elif figure is not None:
        grado = percentuale(figure["grado"])
        testi.append(
            f"Obiettivi {figure['obiettivi']}, valutati {figure['valutati']}, esclusi "
            f"{figure['esclusi']}; "
            + (f"grado di raggiungimento {con_segno(grado)}." if grado else "grado non calcolabile.")
        )
    documento.testo(" ".join(testi))
    if rendicontate:
        LAYOUT[fascicolo.modelli[settore]](documento, fascicolo, settore)


# -------------------------------------------------------------------------------------- valutazione


def _valutazioni(documento: Documento, fascicolo: Fascicolo) -> None:
    documento.titolo("Valutazione dei settori", 1)
    for figure in fascicolo.settori:
        documento.titolo(f"Valutazione: {figure['denominazione']}", 2)
        voci = fascicolo.voci(figure["settore"])
        if not voci:
            documento.testo("Nessuna voce da valutare.")
            continue
        dati = (fascicolo.di("settori", figure["settore"]) or [{}])[0]
        testata = [f"Centro di responsabilità: {figure['denominazione']}"]
        testata += [
            f"{etichetta}: {dati[chiave]}"
            for etichetta, chiave in (("Responsabile", "responsabile"), ("Categoria", "categoria"))
            if dati.get(chiave)
        ]
        documento.testo(". ".join(testata) + ".", "PrimaTabella")
        documento.tabella(
            f"Valutazione del settore {figure['denominazione']}",
            ("N.", "Descrizione obiettivo", "Peso", "Stato", "Grado di raggiungimento %", "Note"),
            [
                (
                    str(voce["n"]),
                    voce["descrizione"],
                    "" if voce["peso"] is None else numero(voce["peso"]),
                    voce["stato"],
                    percentuale(voce["grado"]),
                    voce["note"],
                )
                for voce in voci
            ],
            (7, 42, 8, 16, 20, 27),
            centrate=(0, 2, 4),
        )
        grado = percentuale(figure["grado"])
        complessiva = con_segno(grado) if grado else "non calcolabile"
        documento.testo(f"PERCENTUALE DI RAGGIUNGIMENTO COMPLESSIVA: {complessiva}", "Percentuale")


def _scostamenti(documento: Documento, fascicolo: Fascicolo) -> None:
    """The gaps between what was planned and what was reached (art. 10 c. 1 b D.Lgs. 150/2009)."""
    documento.titolo("Scostamenti", 1)
    documento.titolo("Grado dichiarato e grado misurato", 2)
    tolleranza = numero(fascicolo.parametri.tolleranza)
    coerenza = righe(fascicolo.valutazione.coerenza)
    if coerenza:
        documento.testo(
            "Le schede in cui il grado dichiarato e quello misurato dagli indicatori differiscono di "
            f"più di {tolleranza} punti, dalla differenza maggiore.",
            "PrimaTabella",
        )
        documento.tabella(
            "Scostamenti fra grado dichiarato e misurato",
            ("Settore e scheda", "Dichiarato %", "Misurato %", "Scarto", "Indicatori misurabili"),
            [
                (
                    f"{fascicolo.sigla(riga)} – {riga['titolo']}",
                    percentuale(riga["grado_dichiarato"]),
                    percentuale(riga["grado_misurato"]),
                    percentuale(riga["scarto"]),
                    f"{riga['misurabili']} su {riga['indicatori']}",
                )
                for riga in coerenza
            ],
            (48, 13, 13, 11, 15),
            centrate=(1, 2, 3, 4),
        )
    else:
        documento.testo(f"In nessun caso i due gradi differiscono di più di {tolleranza} punti.")
    indicatori = [i for settore in fascicolo.ordine for i in fascicolo.di("indicatori", settore)]
    _non_raggiunti(documento, fascicolo, indicatori)
    _non_misurabili(documento, indicatori)


def _non_raggiunti(documento: Documento, fascicolo: Fascicolo, indicatori: list[Riga]) -> None:
    documento.titolo("Indicatori sotto il valore atteso", 2)
    misurati = [i for i in indicatori if i["grado_misurato"] is not None]
    sotto = [i for i in misurati if i["grado_misurato"] < 100]
    documento.tabella_o_nota(
        "Indicatori sotto il valore atteso",
        ("Settore e scheda", "Indicatore", "Valore atteso", "Raggiunto", "Grado misurato"),
        [
            (
                fascicolo.sigla(i),
                i["indicatore"],
                i["atteso"],
                i["raggiunto"],
                con_segno(percentuale(i["grado_misurato"])),
            )
            for i in sotto
        ],
        (22, 34, 15, 15, 14),
        "Tutti gli indicatori misurati hanno raggiunto il valore atteso."
        if misurati
        else "Nessun indicatore si può misurare.",
    )


def _non_misurabili(documento: Documento, indicatori: list[Riga]) -> None:
    """How many indicators could not be measured, and why."""
    documento.titolo("Indicatori non misurati", 2)
    motivi = Counter(i["motivo"] for i in indicatori if i["grado_misurato"] is None)
    if not motivi:
        documento.testo("Tutti gli indicatori sono stati misurati.")
        return
    documento.testo(
        f"Indicatori {len(indicatori)}, misurati {len(indicatori) - motivi.total()}. Gli altri non "
        "entrano nel grado misurato, per i motivi seguenti; il dettaglio è nel foglio Indicatori del "
        "consolidato.",
        "PrimaTabella",
    )
    documento.tabella(
        "Indicatori non misurati, per motivo",
        ("Motivo", "Indicatori"),
        [(maiuscola(motivo), str(quanti)) for motivo, quanti in motivi.most_common()],
        (80, 20),
        centrate=(1,),
    )


def _missioni(documento: Documento, fascicolo: Fascicolo) -> None:
    documento.titolo("Obiettivi per missione di bilancio", 1)
    documento.testo(
        "Una scheda o un obiettivo può stare in più missioni. Il grado è la media degli obiettivi "
        "valutati, ciascuno con il suo peso. Le altre due medie si calcolano sulle schede che hanno "
        "quel grado: quante sono è scritto accanto.",
        "PrimaTabella",
    )
    documento.tabella_o_nota(
        "Obiettivi per missione",
        (
            "Missione",
            "Denominazione",
            "Valutati su obiettivi",
            "Grado %",
            "Media dichiarata %",
            "Media misurata %",
        ),
        [
            (
                riga["missione"],
                riga["denominazione"] or "non in nomenclatura",
                f"{riga['valutati']} su {riga['obiettivi']}",
                percentuale(riga["grado"]) or "non calcolabile",
                _su(riga["grado_dichiarato"], riga["n_grado_dichiarato"]),
                _su(riga["grado_misurato"], riga["n_grado_misurato"]),
            )
            for riga in fascicolo.missioni()
            if not riga["programmi"]
        ],
        (12, 36, 13, 11, 16, 16),
        "Nessuna scheda è collegata a una missione.",
    )


def _su(grado: Decimal | None, quante: int) -> str:
    """A mean and on how many schede it stands."""
    return "" if grado is None else f"{percentuale(grado)} (su {quante})"


def _esclusi(documento: Documento, fascicolo: Fascicolo) -> None:
    documento.titolo("Obiettivi esclusi dalla media", 1)
    esclusi = [
        (figure["denominazione"], voce["descrizione"], voce["motivo"], voce["note"])
        for figure in fascicolo.settori
        for voce in fascicolo.voci(figure["settore"])
        if not voce["conta"]
    ]
    if esclusi:
        documento.testo(
            "Le voci seguenti non entrano nella media, né con il grado né con il peso.", "PrimaTabella"
        )
        documento.tabella(
            "Voci escluse dalla media",
            ("Settore", "Obiettivo", "Motivo", "Note"),
            esclusi,
            (20, 40, 18, 30),
        )
    else:
        documento.testo("Nessuna voce è esclusa dalla media.")
    fuori = _schede_senza_voce(fascicolo)
    if fuori:
        documento.testo(
            "Le schede seguenti sono rendicontate in questa relazione, ma nessuna voce della "
            "valutazione le comprende.",
            "DopoTabella" if esclusi else "Normal",
        )
        documento.tabella(
            "Schede in nessuna voce", ("Settore", "Scheda", "Titolo"), fuori, (25, 10, 65), centrate=(1,)
        )


def _schede_senza_voce(fascicolo: Fascicolo) -> list[tuple[str, str, str]]:
    coperte = {c for voce in righe(fascicolo.valutazione.voci) for c in voce["coperte"]}
    return [
        (fascicolo.denominazioni[settore], str(scheda["scheda"]), scheda["titolo"])
        for settore in fascicolo.ordine
        for scheda in fascicolo.di("schede", settore)
        if (settore, scheda["scheda"]) not in coperte
    ]


def _metodo(documento: Documento, fascicolo: Fascicolo) -> None:
    parametri = fascicolo.parametri
    documento.titolo("Nota sul metodo", 1)
    documento.testo(
        "Il grado di una voce è quello attribuito dall'organo di valutazione, se c'è; altrimenti "
        "quello dichiarato nella valutazione; altrimenti la media dei gradi delle schede che la voce "
        "comprende."
    )
    documento.testo(
        "La percentuale di un settore è la somma dei prodotti di peso e grado divisa per la somma dei "
        "pesi, sulle voci che entrano nella media. Se nessuna voce ha un peso, contano tutte allo "
        "stesso modo. Ciò che non è stato valutato esce dalla media con il suo peso, ma resta nel "
        "documento: un dato che manca non vale zero."
    )
    if parametri.grado_non_consuntivato is None:
        documento.testo("Le voci non consuntivate non entrano nella media.")
    else:
        documento.testo(
            "Le voci non consuntivate entrano nella media con il grado "
            f"{numero(parametri.grado_non_consuntivato)}, per scelta dell'ente."
        )
    documento.testo(
        "Il grado misurato è quello che risulta confrontando valore atteso e raggiunto di ogni "
        "indicatore; sta accanto al grado dichiarato e non lo sostituisce. Ciò che non si può misurare "
        "senza interpretarlo non si misura."
    )
    documento.testo(
        "La media dei settori è la media delle loro percentuali, con i pesi dell'elenco dei settori se "
        "sono tutti indicati. La media degli obiettivi distinti considera ogni obiettivo una volta: un "
        "obiettivo trasversale conta una volta sola, con la media dei gradi avuti nei settori. È "
        f"pubblicata la {fascicolo.valutazione.regola}."
    )
    documento.testo(
        "I calcoli si fanno su numeri esatti e si arrotondano una sola volta, alla fine, alla seconda "
        "cifra decimale; la metà si arrotonda per eccesso (90,125 diventa 90,13)."
    )
