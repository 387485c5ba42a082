"""How the relazione was made: what came in, the rules of the figures, where each file came from."""

from pipeline.documents import cifre as le_cifre
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.word.documento import Documento
from pipeline.numeri import con_segno, numero
from pipeline.parole import maiuscola
from pipeline.tables import (
    DICHIARATO,
    DICHIARATO_O_MISURATO,
    MEDIA_SETTORI,
    MISURATO_O_DICHIARATO,
    TRASVERSALI,
    Parametri,
)

FILE_LETTI = "File da cui viene questa relazione"


def rendicontazione(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write what was collected, in figures."""
    tabelle = fascicolo.tabelle
    documento.titolo("I dati raccolti", 2)
    consegnati = set(tabelle.provenienza["settore"]) & set(fascicolo.ordine)
    documento.testo(
        "Ogni settore ha compilato una cartella secondo un modello; un'altra contiene gli obiettivi "
        "comuni a più settori, se ce ne sono. Da queste cartelle, lette direttamente e senza "
        "trascrizione, vengono i dati e le percentuali di questo documento.",
        "Prima di tabella",
    )
    documento.tabella(
        "I dati raccolti",
        ("Dato", "Quanti"),
        [
            (
                "Cartelle consegnate, sulle attese"
                + (" (trasversali comprese)" if TRASVERSALI in fascicolo.ordine else ""),
                f"{len(consegnati)} su {len(fascicolo.ordine)}",
            ),
            *(
                (cifra.nome, cifra.scritta)
                for nome, cifra in le_cifre.cifre(fascicolo).items()
                if nome in (le_cifre.rendicontate(fascicolo), le_cifre.INDICATORI["indicatori"])
            ),
        ],
        (70, 30),
        centrate=(1,),
    )


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the rules of the figures, in words and in formulas."""
    parametri = fascicolo.parametri
    documento.titolo("Nota sul metodo", 1)
    documento.titolo("Dal grado dell'obiettivo alla media dell'ente", 2)
    documento.testo(
        "Il grado di un obiettivo è quello attribuito dall'organo di valutazione, se c'è; "
        f"{_origine(parametri)} Accanto a ogni grado è scritto da dove viene."
    )
    documento.testo("Percentuale del settore = somma di (peso × grado) ÷ somma dei pesi", "Riquadro")
    documento.testo(
        "Contano gli obiettivi che entrano nella media; se nessuno ha un peso, contano tutti allo "
        "stesso modo, e chi ha peso nullo non conta. Ciò che non è stato valutato esce dalla media con "
        "il suo peso, ma resta nel documento: un dato che manca non vale zero."
    )
    documento.testo(
        "Gli obiettivi non consuntivati non entrano nella media."
        if parametri.grado_non_consuntivato is None
        else "Fanno eccezione, per scelta dell'ente, gli obiettivi non consuntivati: entrano nella "
        f"media e contano {con_segno(numero(parametri.grado_non_consuntivato))}."
    )
    documento.testo(
        "Media dei settori = somma di (peso del settore × percentuale) ÷ somma dei pesi"
        if fascicolo.valutazione.regola == MEDIA_SETTORI
        else "Media degli obiettivi = somma di (quota × grado) ÷ somma delle quote",
        "Riquadro",
    )
    documento.testo(
        f"L'ente ha scelto di pubblicare la {fascicolo.valutazione.regola}. In quella dei settori "
        "valgono i pesi del loro elenco, se ci sono tutti; altrimenti i settori contano allo stesso "
        "modo. In quella degli obiettivi distinti ognuno conta una volta, con il suo peso: se è comune "
        "a più settori, il peso si divide in parti uguali fra di essi."
    )
    documento.titolo("Il grado misurato", 2)
    documento.testo(
        "Il grado misurato risulta dal confronto fra valore atteso e raggiunto; sta accanto al grado "
        "dichiarato" + (" e non lo sostituisce." if parametri.origine == DICHIARATO else ".")
    )
    documento.elenco(
        [
            "Una quantità: raggiunto diviso atteso, al più 100; il contrario se meno è meglio, o se il "
            "raggiunto supera il massimo atteso. Se l'indicatore non dice altro, di più è meglio.",
            "Un valore atteso 0: se meno è meglio, 100 quando anche il raggiunto è 0, altrimenti 0; se "
            "di più è meglio non dice niente, e non si misura.",
            "Un sì, o una scadenza: 100 se è come atteso, altrimenti 0. Un no con una motivazione, come "
            "un rinvio, non si misura.",
            "Più parti nella stessa casella: la media delle parti.",
            "Un testo che non si legge in un solo modo: non si misura, e il motivo è detto.",
            "Una scheda: la media dei suoi indicatori misurabili, con i loro pesi se ci sono tutti.",
        ]
    )
    documento.titolo("Arrotondamenti", 2)
    documento.testo(
        "I calcoli si fanno su numeri esatti e si arrotondano una sola volta, alla fine, alla seconda "
        "cifra decimale; la metà si arrotonda per eccesso (90,125 diventa 90,13)."
    )


def _origine(parametri: Parametri) -> str:
    """Where a grado comes from when the Nucleo gives none, as the ente has chosen."""
    dichiarato = (
        "quello dichiarato nella valutazione o, se manca, la media dei gradi dichiarati nelle schede "
        "che l'obiettivo comprende"
    )
    misurato = (
        "quello misurato dagli indicatori, purché in ogni scheda se ne misuri almeno il "
        f"{con_segno(numero(parametri.base))} di quelli che hanno un valore atteso"
    )
    frasi = {
        DICHIARATO: f"altrimenti {dichiarato}.",
        DICHIARATO_O_MISURATO: f"altrimenti {dichiarato}; in mancanza {misurato}.",
        MISURATO_O_DICHIARATO: f"altrimenti {misurato}; in mancanza {dichiarato}.",
    }
    return frasi[parametri.origine]


def provenienza(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write which files the relazione comes from: anyone who has them can check that they are these."""
    provenienza = fascicolo.righe.provenienza
    salvati = any(riga["salvato"] for riga in provenienza)
    documento.titolo("Provenienza dei dati", 1)
    documento.testo(
        "Questa relazione viene dai file elencati qui sotto e da nessun'altra fonte. L'impronta "
        "(SHA-256) identifica il contenuto di un file: se un solo carattere cambia, cambia l'impronta.",
        "Prima di tabella",
    )
    documento.tabella(
        FILE_LETTI,
        ("File", "Settore", "Celle", *(["Salvato il"] * salvati), "Impronta SHA-256"),
        [
            (
                riga["file"],
                fascicolo.denominazioni.get(riga["settore"], maiuscola(riga["modello"])),
                str(riga["celle"]),
                *([riga["salvato"]] * salvati),
                riga["sha256"],
            )
            for riga in provenienza
        ],
        (29, 20, 8, *([12] * salvati), 31),
        centrate=(2, 3) if salvati else (2,),
    )
