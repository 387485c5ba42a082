"""A cell of any size costs time in proportion to its length: every function that reads text, on the
longest cells there are and of every kind that makes a pattern try again.

Time is that of this process alone, so that a busy machine does not count.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from time import process_time
from typing import Any, get_args

import fixtures_ente as fx
import pytest

from pipeline import bilancio, guasti, omissioni, parole, personale, run, tables
from pipeline.checks import comuni, non_fatto
from pipeline.documents.word import blocchi, brani
from pipeline.posta import recapiti
from pipeline.valori import lessico, letture_dubbie, misura_testi, parse_atteso, parse_raggiunto
from pipeline.workbooks import (
    aspetto,
    contenuti,
    contorno,
    ente,
    fields,
    form,
    formati,
    grid,
    messaggi,
    mostrato,
    schede,
    scritte,
    settore,
    sezioni,
    sotto_missione,
)
from pipeline.workbooks.fields import MAX_TESTO, Campo, Lettura, TipoCampo
from pipeline.workbooks.grid import Cartella, Foglio
from pipeline.workbooks.lettore import Lettore, apri

Funzione = Callable[[str], Any]

PRONTO = 0.005
"""Seconds for a quarter of a cell: whatever takes no longer, the square of it would hurt nobody."""
VOLTE = 8
"""How much more than a text one four times as long may take: 4 in proportion, 16 squared."""


def sheet(testo: str) -> Foglio:
    """A sheet with a text in every corner."""
    return Foglio("Scheda 1", {(riga, colonna): testo for riga in (1, 2, 3) for colonna in (1, 2)})


def cell(tipo: TipoCampo) -> Funzione:
    """What reads a cell of a form of this kind."""
    campo = Campo("x", "Campo", 1, tipo, scelte=("Valutato", "Rinviato"))

    def leggi(testo: str) -> Any:
        foglio = sheet(testo)
        return Lettura(Cartella("x.xlsx", {foglio.nome: foglio}, {}, "")).leggi(campo, foglio, 1)

    return leggi


def an_xml_cell(tipo: str) -> Funzione:
    return lambda testo: contenuti.Cella(tipo, [testo], formula=True).contenuto([])


def shown(valore: Any) -> Funzione:
    return lambda testo: mostrato.da_mostrato(valore, testo)


def a_run(testo: str) -> Any:
    scritta = scritte.Scritta()
    scritta.inizio(scritte.T, {})
    scritta.testo(testo)
    scritta.fine(scritte.T)
    return scritta.chiudi().segnata("barrato")


def a_heading(testo: str) -> Any:
    blocco = sotto_missione.Blocco({"missione": testo, "denominazione": testo})
    return blocco.missione, blocco.certa


def two_indicatori(testo: str) -> Any:
    return misura_testi(testo, testo), misura_testi("almeno 80%", testo), misura_testi(testo, "80%")


FUNZIONI: dict[str, Funzione] = {
    "bilancio.leggi missione": lambda testo: bilancio.leggi(testo, ""),
    "bilancio.leggi programma": lambda testo: bilancio.leggi("1", testo),
    "bilancio.un_programma": lambda testo: bilancio.un_programma("1", testo),
    "bilancio.strategico": bilancio.strategico,
    "bilancio.nome_scritto": bilancio.nome_scritto,
    "bilancio.somiglianza": lambda testo: bilancio.somiglianza(testo, testo[1:]),
    "bilancio.codice_giusto": lambda testo: bilancio.codice_giusto("01", testo, bilancio.MISSIONI),
    "bilancio.codice_di": bilancio.codice_di,
    "bilancio.nome_superato": lambda testo: bilancio.nome_superato("1201", testo, 2027),
    "bilancio.denominazione": lambda testo: bilancio.denominazione("01", testo),
    "personale.leggi": personale.leggi,
    "personale.chiave": personale.chiave,
    "personale.persone": personale.persone,
    "personale.persone uffici": lambda testo: personale.persone("Comandante Anna Bianchi", [testo]),
    "personale.forme": lambda testo: personale.forme([testo, testo]),
    "personale.forse_piu_persone": personale.forse_piu_persone,
    "personale.e_nome_e_cognome": personale.e_nome_e_cognome,
    "personale.quasi_uguali": lambda testo: personale.quasi_uguali([testo, testo[1:], "Anna Verdi"]),
    "personale.stessa_parola": lambda testo: personale.stessa_parola([testo, testo[1:], "Anna"]),
    "omissioni di nomi": omissioni.Ricerca(["Anna Verdi", "Maria Rosa De Luca"]).pulisci,
    "omissioni di un nome": lambda testo: omissioni.Ricerca([testo]).pulisci("Anna Verdi " * 20),
    "parole.normalizza": parole.normalizza,
    "parole.segnaposto": parole.segnaposto,
    "parole.citazione": parole.citazione,
    "parole.impronta": parole.impronta,
    "parole.leggibile": parole.leggibile,
    "guasti": guasti.parole_guaste,
    "recapiti.indirizzi": recapiti.indirizzi,
    "valori.parse_atteso": parse_atteso,
    "valori.parse_raggiunto": parse_raggiunto,
    "valori.misura_testi": two_indicatori,
    "valori.letture_dubbie": lambda testo: letture_dubbie(testo, testo),
    "lessico.base": lessico.base,
    "lessico.radici": lessico.radici,
    "lessico.altra_lettura": lessico.altra_lettura,
    "checks.percentuale_detta": comuni.percentuale_detta,
    "checks.non_fatto": non_fatto.detto,
    "tables.schede_coperte": lambda testo: tables.schede_coperte("tecnico", testo),
    "documents.brani": brani.brani,
    "documents.corsa": blocchi.corsa,
    "documents.prosa": lambda testo: blocchi.prosa(testo, "a", "b", lambda _: 1),
    "documents.segnalibro": blocchi.segnalibro,
    **{f"fields {tipo}": cell(tipo) for tipo in get_args(TipoCampo)},
    "fields.numero_scritto": fields.numero_scritto,
    "fields.importo_scritto": fields.importo_scritto,
    "fields.con_segni": lambda testo: fields.con_segni([(testo, ""), (testo, "barrato")], testo),
    "fields.trova_riga": lambda testo: fields.trova_riga(sheet(testo), ["Fase", "Note"]),
    "sezioni.trova_sezione": lambda testo: sezioni.trova_sezione(sheet(testo), schede.FASE),
    "form.nostro": lambda testo: form.nostro(sheet(testo)),
    "settore.PREREQUISITO": settore.PREREQUISITO.fullmatch,
    "sotto_missione": a_heading,
    "messaggi.ignoti": lambda testo: messaggi.ignoti(testo, ("ente",)),
    "ente.leggi_data": ente.leggi_data,
    "ente.leggi_fasce": ente.leggi_fasce,
    "grid.ripulisci": grid.ripulisci,
    "aspetto.pulito": aspetto.pulito,
    "aspetto.data_iso": aspetto.data_iso,
    "aspetto.in_parole": aspetto.in_parole,
    "aspetto.giorno_del_seriale": aspetto.giorno_del_seriale,
    **{f"contenuti {tipo}": an_xml_cell(tipo) for tipo in ("s", "str", "n", "b", "e", "d", "x")},
    "scritte.di_excel": scritte.di_excel,
    "scritte.Scritta": a_run,
    "contorno.senza_la_nostra": contorno.senza_la_nostra,
    "formati.leggi": formati.leggi,
    "formati.aspetto": lambda testo: formati.Formato(formati._sezioni('"n. "@')).aspetto(testo),
    **{
        f"mostrato {type(valore).__name__}": shown(valore)
        for valore in ("testo", 12.5, True, time(8), datetime(2024, 12, 31), date(2024, 12, 31))
    },
}

RIPETUTI = (
    *(
        " ",
        "\t",
        "\n",
        "\xa0",
        "a",
        "A",
        "7",
        "0",
        "(",
        ")",
        "'",
        '"',
        "’",
        ".",
        ",",
        ";",
        ":",
        "-",
        "–",
    ),
    *(
        "/",
        "%",
        "@",
        "&",
        "{",
        "[",
        "<",
        "_",
        "*",
        "#",
        "+",
        "\\",
        "\u0301",
        "\u200b",
        "\ufffd",
        "Ã",
        "é",
    ),
    *(
        "1 ",
        "a b ",
        "a, ",
        "a1",
        "a. ",
        "1.",
        "1,",
        "1/",
        "1 e ",
        " e ",
        "- a\n",
        "1. a\n",
        "{a}",
        "&a",
        "a@",
    ),
    *(
        "Aa ",
        "A. ",
        "Dott. ",
        "Anna Verdi ",
        "di ",
        "non ",
        "3 PL + ",
        "entro il ",
        "_x0041_",
        "#,##0",
        "[h]",
    ),
)
INIZI = ("", "1", "a", "(", "1.1", "Missione 01", "non ", "entro ", "raggiunto al 50", "a@", "Dott. ")
FINI = ("", "!", "x", ")", "%")
AGGUATI = (
    ("1.1", " ", "%"),
    ("a", " ", "da"),
    ("Anna", " ", "(Verdi"),
    ("[a]", "\n", "a"),
    ("7", "7", "!"),
    ("", "Ã©", ""),
    ("", "non a ", ". Raggiunto al 50%"),
    ("", "rinviato ", "poi"),
    ("", "dal ", "rinviato"),
)
"""What only one beginning, or one end, makes slow."""


def long_texts() -> list[tuple[str, str, str]]:
    """What each begins with, repeats and ends with; beginning and end change from one to the next."""
    vari = [
        (INIZI[quale % len(INIZI)], ripetuto, FINI[quale % len(FINI)])
        for quale, ripetuto in enumerate(RIPETUTI)
    ]
    return [*vari, *AGGUATI]


def filled(prima: str, ripetuto: str, dopo: str, lungo: int) -> str:
    in_mezzo = lungo - len(prima) - len(dopo)
    return prima + (ripetuto * (in_mezzo // len(ripetuto) + 1))[:in_mezzo] + dopo


def seconds(funzione: Funzione, pezzi: tuple[str, str, str], lungo: int, volte: int = 1) -> float:
    """The best of some times; each text a little shorter, for some functions remember."""
    tempi = []
    for n in range(volte):
        testo = filled(*pezzi, lungo - n)
        inizio = process_time()
        funzione(testo)
        tempi.append(process_time() - inizio)
    return min(tempi)


def too_slow(funzione: Funzione, pezzi: tuple[str, str, str]) -> bool:
    """Whether the time grows faster than the text: only of what seems so is a whole cell tried."""
    corto, medio = MAX_TESTO // 16, MAX_TESTO // 4
    intero = seconds(funzione, pezzi, medio)
    if intero < PRONTO or intero < VOLTE * seconds(funzione, pezzi, corto):
        return False
    if intero > VOLTE * seconds(funzione, pezzi, corto, 3) and intero > 1:
        return True
    intero = seconds(funzione, pezzi, medio, 3)
    return intero > VOLTE * seconds(funzione, pezzi, corto, 3) and (
        seconds(funzione, pezzi, MAX_TESTO, 2) > VOLTE * intero
    )


@pytest.mark.parametrize("nome", FUNZIONI)
def test_time_grows_with_the_text(nome: str) -> None:
    lenti = [pezzi for pezzi in long_texts() if too_slow(FUNZIONI[nome], pezzi)]
    assert lenti == []


def test_so_does_that_of_a_whole_ente(
    good: Path, good_missioni: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every text that the responsabili have typed, in both templates, half as long as a cell can be."""
    lette: dict[Path, Cartella] = {}
    monkeypatch.setattr(Lettore, "apri", lambda _, percorso: lette.setdefault(percorso, apri(percorso)))
    for ente_buono in (good, good_missioni):
        run.controlla(ente_buono)
    digitate = {
        (percorso, nome, posto)
        for percorso, cartella in lette.items()
        for nome, foglio in cartella.fogli.items()
        for posto in foglio.piene() - foglio.del_modello
        if percorso.name != fx.ENTE and isinstance(foglio.celle.get(posto), str)
    }
    assert len(digitate) > 100

    def check(testo: str) -> None:
        def opened(_: Lettore, percorso: Path) -> Cartella:
            cartella = apri(percorso)
            for nome, foglio in cartella.fogli.items():
                for posto in foglio.celle:
                    if (percorso, nome, posto) in digitate:
                        foglio.celle[posto] = testo
            return cartella

        monkeypatch.setattr(Lettore, "apri", opened)
        for ente_buono in (good, good_missioni):
            run.controlla(ente_buono)

    pezzi = ("Anna ", "1 a, ", " 50%")
    assert seconds(check, pezzi, MAX_TESTO // 2) < VOLTE * seconds(check, pezzi, MAX_TESTO // 8)
