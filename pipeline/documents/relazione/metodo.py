"""How the relazione was made: what came in, the rules of the figures, where each file came from."""

from pipeline.documents import cifre as le_cifre
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import rimandi
from pipeline.documents.relazione.rimandi import CIFRE, TUTTI
from pipeline.documents.relazione.rimandi import METODO as TITOLO
from pipeline.documents.word.blocchi import Tavola, forte
from pipeline.documents.word.documento import Documento
from pipeline.numeri import con_segno, numero
from pipeline.parole import maiuscola, quanti
from pipeline.tables import (
    DICHIARATO,
    DICHIARATO_O_MISURATO,
    MEDIA_SETTORI,
    MISURATO_O_DICHIARATO,
    TRASVERSALI,
    Parametri,
)

FILE_LETTI = "File da cui viene questa relazione"


def scrivi(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write the words, the rules of the figures, all the figures, and where they come from."""
    documento.capitolo(TITOLO)
    _parole(documento)
    _medie(documento, fascicolo)
    _misura(documento, fascicolo)
    documento.titolo("Arrotondamenti")
    documento.testo(
        "I calcoli si fanno su numeri esatti e si arrotondano una sola volta, alla fine, alla seconda "
        "cifra decimale; la metà si arrotonda per eccesso (90,125 diventa 90,13). Un grado senza "
        "decimali è intero anche dopo l'arrotondamento."
    )
    _cifre(documento, fascicolo)
    _provenienza(documento, fascicolo)


def _medie(documento: Documento, fascicolo: Fascicolo) -> None:
    """From the grado of an obiettivo to the mean of the ente."""
    parametri = fascicolo.parametri
    documento.titolo("Dal grado dell'obiettivo alla media dell'ente")
    documento.testo(
        "Il grado di un obiettivo è quello attribuito dall'organo di valutazione, se c'è; "
        f"{_origine(parametri)} Accanto a ogni grado è scritto da dove viene."
    )
    documento.testo("Percentuale del settore = somma di (peso × grado) ÷ somma dei pesi", "Riquadro")
    documento.testo(
        "Contano gli obiettivi che entrano nella media; se nessuno ha un peso, contano tutti allo "
        f"stesso modo{_senza_pesi(fascicolo)}, e chi ha peso nullo non conta. Ciò che non è stato "
        "valutato esce dalla media con il suo peso, ma resta nel documento: un dato che manca non vale "
        "zero."
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
        "modo. In quella degli obiettivi distinti ognuno conta una volta, con il suo peso: se è "
        "trasversale a più settori, il peso si divide in parti uguali fra di essi."
    )


def _misura(documento: Documento, fascicolo: Fascicolo) -> None:
    documento.titolo("Il grado misurato")
    documento.testo(
        "Il grado misurato risulta dal confronto fra valore atteso e raggiunto; sta accanto al grado "
        "dichiarato" + (" e non lo sostituisce." if fascicolo.parametri.origine == DICHIARATO else ".")
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
            f"La base dice su quanto poggia una misura. {le_cifre.COME_LA_BASE}",
        ]
    )


def _senza_pesi(fascicolo: Fascicolo) -> str:
    return (
        "" if any(v["peso"] is not None for v in fascicolo.righe.voci) else " (è il caso di quest'anno)"
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


PAROLE = (
    ("Scheda", "ciò che un responsabile compila per un obiettivo: fasi, indicatori, risultato."),
    ("Obiettivo", "ciò che si valuta. Distinto: contato una volta, anche se è di più settori."),
    ("Voce", "una riga della valutazione di un settore: un obiettivo, con una o più schede."),
    ("Grado", "quanto di un obiettivo è stato raggiunto, da 0 a 100; dichiarato da chi lo ha svolto."),
    ("Misurato", "il grado che risulta dal confronto fra valore atteso e raggiunto degli indicatori."),
    ("Fascia", "il nome che l'ente dà ai gradi da una soglia in su."),
)
"""The words of the relazione."""


def _parole(documento: Documento) -> None:
    documento.titolo("Le parole")
    documento.elenco(f"{forte(parola)}: {che_cosa}" for parola, che_cosa in PAROLE)


def _cifre(documento: Documento, fascicolo: Fascicolo) -> None:
    """All that the relazione counts, each under its name: from the schede to the obiettivi valutati."""
    dove = rimandi.da_dove(fascicolo)
    documento.titolo("Tutte le cifre")
    documento.testo(
        "In tutta la relazione una cifra dell'ente è un collegamento alla tabella da cui viene, il "
        "codice di una scheda un collegamento alla scheda.",
        tieni=True,
    )
    documento.tabella(
        Tavola(
            CIFRE,
            ("Cifra", "Valore"),
            [
                (cifra.nome, rimandi.a(dove.get(cifra.nome, TUTTI), cifra.scritta))
                for cifra in le_cifre.cifre(fascicolo).values()
            ],
            (75, 25),
            cifre={1},
        )
    )


def _provenienza(documento: Documento, fascicolo: Fascicolo) -> None:
    """Write which files the relazione comes from: anyone who has them can check that they are these. Of
    who reads the public edition nobody has them."""
    provenienza = fascicolo.righe.provenienza
    cartelle = quanti(len(fascicolo.consegnate), "file", "file")
    comprese = " (comprese le schede trasversali)" if TRASVERSALI in fascicolo.ordine else ""
    documento.titolo("Da dove vengono i dati")
    documento.testo(
        f"Questa relazione viene da {quanti(len(provenienza), 'file', 'file')} e da nessun'altra fonte, "
        f"senza trascrizione: i dati dell'ente e {cartelle} di "
        f"settore{comprese}, su {quanti(len(fascicolo.ordine), 'atteso', 'attesi')}."
    )
    if fascicolo.pubblica or not provenienza:
        return
    salvati = any(riga["salvato"] for riga in provenienza)
    documento.testo(
        "L'impronta (SHA-256) identifica il contenuto di un file: se un solo carattere cambia, cambia "
        "l'impronta.",
        tieni=True,
    )
    documento.tabella(
        Tavola(
            FILE_LETTI,
            ("File", "Settore", "Celle", *(["Salvato il"] * salvati), "Impronta SHA-256"),
            [
                (
                    riga["file"],
                    fascicolo.denominazioni.get(riga["settore"], maiuscola(riga["modello"])),
                    str(riga["celle"]),
                    *([riga["salvato"]] * salvati),
                    riga["sha256"] or "non calcolata",
                )
                for riga in provenienza
            ],
            (29, 20, 8, *([12] * salvati), 31),
            cifre={2},
        )
    )
