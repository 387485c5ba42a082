"""The words beside a 100 % that a Nucleo would call, and those that only look like them."""

import pytest

from pipeline.checks import non_fatto


@pytest.mark.parametrize(
    "testo",
    [
        "Non ancora avviato.",
        "Il punto non è ancora all'ordine del giorno.",
        "Progetto non avviato per mancanza di fondi.",
        "L'obiettivo è stato rinviato al 2021.",
        "Attività sospesa causa Covid",
        "Lavori da avviare nel 2021",
        "In attesa di finanziamento regionale.",
        "Non è stato possibile organizzare gli incontri.",
        "Non si è potuto procedere all'affidamento.",
        "Per l'emergenza i flussi non sono stati configurati.",
        "Il collaudo è ancora da effettuare.",
        "Inattuato, slitta al 2022.",
        "Obiettivo non raggiunto",
        "Svolti tre incontri su quattro. Il quarto è rimandato all'anno prossimo.",
        "Convegno non realizzato: lo stato di emergenza lo impediva.",
        "Nessun ritardo nelle gare: il cantiere è sospeso.",
    ],
)
def test_what_was_not_done(testo: str) -> None:
    assert non_fatto.detto(testo)


@pytest.mark.parametrize(
    "testo",
    [
        "",
        "Realizzato per intero.",
        "I lavori non sono stati rinviati.",
        "Le attività non sono mai state sospese.",
        "Nessuna pratica è stata rimandata.",
        "Il servizio è proseguito senza essere sospeso",
        "Rispettato il termine rinviato dalla legge.",
        "Adempimento svolto entro la scadenza differita dal D.L. 18/2020.",
        "Versamenti sospesi per legge: gestite tutte le istanze.",
        "Si rinvia alla relazione allegata.",
        "Corsi sospesi a marzo e ripresi a giugno.",
        "Non risultano interventi non completati.",
        "Non ci sono procedimenti da avviare.",
        "Non sono pervenute richieste.",
        "Avviato, in corso e concluso nei tempi.",
    ],
)
def test_what_only_looks_like_it(testo: str) -> None:
    assert non_fatto.detto(testo) == ""


def test_the_quotation_holds_the_words() -> None:
    lungo = f"Svolte {'molte ' * 30}attività, mentre il convegno è stato rinviato al 2021."
    detto = non_fatto.detto(lungo)
    assert detto.startswith("…") and "rinviato" in detto[:80]
