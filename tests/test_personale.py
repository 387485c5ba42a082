"""The people of an obiettivo: how the names of a cell are told apart, and which may be one person."""

import random
from itertools import product
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.personale import (
    Nominativo,
    chiave,
    e_nome_e_cognome,
    forme,
    forse_piu_persone,
    leggi,
    persone,
    quasi_uguali,
    stessa_parola,
)

rules = settings(max_examples=100, deadline=None, derandomize=True)

ANNA, CARLO, ELISA = "Anna Verdi", "Carlo Bruni", "Elisa Neri"
DASHES = "-–—‐‑‒―−"
"""Hyphen-minus, en and em dash, and the hyphens, figure dash, bar and minus that Word pastes."""


def nomi(testo: str) -> list[str]:
    return [letto.nome for letto in leggi(testo)]


# --- what separates two names


@pytest.mark.parametrize(
    "separatore",
    [
        pytest.param(", ", id="comma"),
        pytest.param(",", id="comma without space"),
        pytest.param(" , ", id="comma between spaces"),
        pytest.param("; ", id="semicolon"),
        pytest.param(" / ", id="slash between spaces"),
        pytest.param("/", id="slash without spaces"),
        pytest.param(" e ", id="e"),
        pytest.param(" E ", id="E"),
        pytest.param("  e  ", id="e between double spaces"),
        pytest.param("\u00a0e\u00a0", id="e between non-breaking spaces"),
        pytest.param(" ed ", id="ed"),
        pytest.param("\n", id="line break"),
        pytest.param("\n\n", id="empty line"),
        pytest.param(" \n ", id="line break between spaces"),
        pytest.param("\r\n", id="line break of Windows"),
        pytest.param(",\n", id="comma and line break"),
        pytest.param("\n- ", id="dash at the head of the line"),
        pytest.param("\n• ", id="bullet at the head of the line"),
        pytest.param("\n▪ ", id="square bullet at the head of the line"),
        pytest.param("\n· ", id="middle dot at the head of the line"),
        pytest.param("\n\uf0b7 ", id="bullet of Word's Symbol font"),
        pytest.param(" • ", id="bullet"),
        pytest.param(", e ", id="comma and e"),
        pytest.param(" - - ", id="two dashes"),
        pytest.param(" -- ", id="double dash"),
        *(pytest.param(f" {d} ", id=f"U+{ord(d):04X} between spaces") for d in DASHES),
        *(pytest.param(f" {d}\n", id=f"U+{ord(d):04X} at the end of the line") for d in DASHES),
    ],
)
def test_what_separates_two_names(separatore: str) -> None:
    assert nomi(f"{ANNA}{separatore}{CARLO}") == [ANNA, CARLO]


@pytest.mark.parametrize(
    "testo",
    [
        "Anna Verdi",
        " Anna Verdi ",
        "Anna  Verdi",
        "Anna\u00a0Verdi",
        "Anna\tVerdi",
        "Anna Verdi,",
        "Anna Verdi;",
        "Anna Verdi.",
        "Anna Verdi -",
        "Anna Verdi-",
        "Anna Verdi –",
        "Anna Verdi /",
        "- Anna Verdi",
        "-Anna Verdi",
        "– Anna Verdi",
        "• Anna Verdi",
        "\nAnna Verdi\n",
        "Anna Verdi,\n",
        "Anna Verdi, Anna Verdi",
    ],
)
def test_one_name_whatever_stands_around_it(testo: str) -> None:
    assert leggi(testo) == [Nominativo(ANNA, gruppo=False)]


@pytest.mark.parametrize(
    "testo", ["", " ", "\n", ",", "-", "--", "–", "•", " - ", ".", "/", " / ", "//"]
)
def test_a_cell_without_names_names_nobody(testo: str) -> None:
    assert leggi(testo) == []


@pytest.mark.parametrize(
    "nome",
    [
        "Anna Verdi-Bruni",
        "Anna Verdi\u2010Bruni",
        "Anna Verdi\u2011Bruni",
        "Anna Verdi–Bruni",
        "Maria-Luisa Verdi",
        "Anna D'Angelo",
        "Anna Dall’Orto",
        "Mario E. Rossi",
        "Ezio Verdi",
        "Stefania Cò",
        "Noè Esposito",
    ],
)
def test_a_name_stays_whole(nome: str) -> None:
    assert nomi(nome) == [nome]
    assert nomi(f"{nome}, {CARLO}") == [nome, CARLO]


@pytest.mark.parametrize(
    "titolo",
    ["Dott.", "dott.ssa", "Dott. ssa", "DOTT.SSA", "Dr.", "Ing.", "Arch.", "Geom.", "Rag", "Sig.ra"],
)
def test_a_title_is_no_part_of_the_name(titolo: str) -> None:
    assert nomi(f"{titolo} {ANNA}, - {titolo} {CARLO}") == [ANNA, CARLO]


@pytest.mark.parametrize(
    "qualifica", ["(P.O.)", "(PO)", "(p. o.)", "(E.Q.)", "(resp.)", "(Responsabile)"]
)
def test_a_role_in_brackets_is_no_part_of_the_name(qualifica: str) -> None:
    assert leggi(f"{ANNA} {qualifica}, {CARLO}") == [Nominativo(n, gruppo=False) for n in (ANNA, CARLO)]


def test_of_two_titles_neither_is_part_of_the_name() -> None:
    assert nomi("Dott. Ing. Carlo Bruni") == [CARLO]


@pytest.mark.parametrize("nome", ["Ingrid Verdi", "Drusilla Neri", "Architta Sala", "Ragni Ugo"])
def test_a_name_that_begins_like_a_title_stays_whole(nome: str) -> None:
    assert nomi(nome) == [nome]


def test_many_names_in_their_order() -> None:
    testo = "- Anna Verdi\n- Carlo Bruni e Elisa Neri;\n• Ugo Fabbri / Ida Sala –"
    assert nomi(testo) == [ANNA, CARLO, ELISA, "Ugo Fabbri", "Ida Sala"]


def test_a_person_named_twice_is_there_once_as_first_spelled() -> None:
    assert nomi("Nicolò Verdi, Carlo Bruni, Verdi Nicolo'") == ["Nicolò Verdi", CARLO]


# --- one person in several spellings


@pytest.mark.parametrize(
    ("uno", "altro"),
    [
        ("Anna Verdi", "Verdi Anna"),
        ("Anna Maria Verdi", "Verdi Anna Maria"),
        ("Anna Verdi", "ANNA VERDI"),
        ("Anna Verdi", "anna  verdi"),
        ("Anna Verdi", "Anna\u00a0Verdi"),
        ("Nicolò Verdi", "Nicolo Verdi"),
        ("Nicolò Verdi", "Nicolo' Verdi"),
        ("Nicolò Verdi", "Verdi Nicolo’"),
        ("Nicolò Verdi", "Nicolo\u0300 Verdi"),
        ("Nicolò Verdi", "Nicoló Verdi"),
        ("Nicolò Verdi", "Nicolo´ Verdi"),
        ("Nicolò Verdi", "Nicolo` Verdi"),
        ("Anna D'Angelo", "D’Angelo Anna"),
        ("Anna D'Angelo", "Anna D‘Angelo"),
        ("Anna D'Angelo", "Anna D' Angelo"),
        ("Anna Dell'Orto", "Anna DELL’ORTO"),
        ("Anna Verdi-Bruni", "Anna Verdi Bruni"),
        ("Anna Verdi-Bruni", "Verdi – Bruni Anna"),
        ("Anna Verdi-Bruni", "Anna Verdi\u2011Bruni"),
        ("Zoë Müller", "Zoe Muller"),
    ],
)
def test_order_accents_and_apostrophes_do_not_matter(uno: str, altro: str) -> None:
    assert chiave(uno) == chiave(altro)


@pytest.mark.parametrize(
    ("uno", "altro"),
    [
        ("Anna Verdi", "Anna Verde"),
        ("Anna Verdi", "Anna"),
        ("Anna Verdi", "Anna Maria Verdi"),
        ("Anna Verdi", "Anna Anna Verdi"),
        ("Anna Castaldi", "Anna Castoldi"),
    ],
)
def test_other_words_are_another_name(uno: str, altro: str) -> None:
    assert chiave(uno) != chiave(altro)


def test_the_most_frequent_spelling_is_shown() -> None:
    grafie = ["Verdi Anna", "Anna Verdi", "CARLO BRUNI", "Anna Verdi"]
    assert forme(grafie) == {chiave(ANNA): "Anna Verdi", chiave(CARLO): "CARLO BRUNI"}


def test_of_spellings_as_frequent_the_first_is_shown() -> None:
    assert forme(["Verdi Anna", "Anna Verdi"]) == {chiave(ANNA): "Verdi Anna"}
    assert forme([]) == {}


# --- groups


@pytest.mark.parametrize(
    "testo",
    [
        "Tutti gli uffici",
        "TUTTI GLI UFFICI",
        "tutti gli uffici interessati",
        "Tutte le P.O.",
        "Altre P.O",
        "Altre P.O.",
        "Altre P. O.",
        "P.O.",
        "Altri dipendenti",
        "Personale di segreteria",
        "Tutto il personale",
        "Agenti di PL",
        "Agente di polizia locale",
        "Polizia locale",
        "Ufficio tecnico",
        "Uffici demografici",
        "Area amministrativa",
        "Servizi sociali",
        "Servizio tributi",
        "Settore tecnico",
        "Segreteria",
        "Squadra operai",
        "Operatori esterni",
        "Collaboratori",
    ],
)
def test_a_group_is_no_person(testo: str) -> None:
    [letto] = leggi(testo)
    assert letto.gruppo
    assert [letto.gruppo for letto in leggi(f"{ANNA}, {testo}")] == [False, True]


@pytest.mark.parametrize(
    "nome",
    [
        "Alessandra Altrini",
        "Paolo Uffreduzzi",
        "Tutino Marta",
        "Agentini Ugo",
        "Ada Personè",
        "Marta Serviziati",
        "Ines Settorelli",
        "Dario Arealdi",
        "Ugo Poliziano",
        "Ivo Squadrini",
        "Anna Segretari",
        "Po Carlo",
        "Paolo P. Orsi",
        "Carlo Dipendentini",
    ],
)
def test_a_surname_that_begins_like_a_group_is_a_person(nome: str) -> None:
    assert leggi(nome) == [Nominativo(nome, gruppo=False)]


@pytest.mark.parametrize(
    "testo",
    ["Ufficio tributi e commercio", "Servizio cultura e sport", "Ufficio anagrafe e stato civile"],
)
def test_the_name_of_an_office_with_an_e_in_it_makes_no_person(testo: str) -> None:
    assert [letto for letto in leggi(testo) if not letto.gruppo] == []


@pytest.mark.parametrize(
    ("testo", "chi"),
    [
        ("Ufficio anagrafe - Mario Rossi", ["Mario Rossi"]),
        ("Mario Rossi (Ufficio anagrafe)", ["Mario Rossi"]),
        ("Ufficio anagrafe (Mario Rossi)", ["Mario Rossi"]),
        ("Ufficio anagrafe: Mario Rossi", ["Mario Rossi"]),
        ("Ufficio anagrafe Mario Rossi, Anna Verdi", ["Mario Rossi", "Anna Verdi"]),
        ("Comandante Anna Verdi", ["Anna Verdi"]),
        ("Polizia locale dott. Verdi", ["Verdi"]),
        ("dott. Verdi Ufficio tributi", ["Verdi"]),
        ("Segretario comunale dott.ssa Anna Verdi", ["Anna Verdi"]),
        ("Mario Rossi:Anna Verdi", ["Mario Rossi", "Anna Verdi"]),
        ("Mario Rossi|Anna Verdi & Carlo Bruni", ["Mario Rossi", "Anna Verdi", "Carlo Bruni"]),
        ("Anna Conti, Sede Mario, Luca Prato", ["Anna Conti", "Sede Mario", "Luca Prato"]),
        ("Sindaci Paola e Anna Comune", ["Sindaci Paola", "Anna Comune"]),
        ("dott.ssa Sede", ["Sede"]),
        ("rossi mario", ["rossi mario"]),
        ("M. Rossi", ["M. Rossi"]),
        ("Mbeki Okonkwo", ["Mbeki Okonkwo"]),
        ("Comune di Mariano Comense", []),
        ("Asilo nido Maria Montessori", []),
        ("Progetto Vita", []),
    ],
)
def test_the_person_beside_an_office_is_found_and_the_office_is_nobody(
    testo: str, chi: list[str]
) -> None:
    assert persone(testo) == chi


def test_a_name_with_its_office_is_the_same_person_as_without() -> None:
    assert leggi("Anna Verdi (Ufficio tributi)") == leggi("Anna Verdi") == [Nominativo(ANNA, False)]


# --- perhaps more than one person


@pytest.mark.parametrize(
    ("nome", "forse"),
    [
        ("Anna Verdi Carlo Bruni", True),
        ("Anna Verdi Carlo Bruni Elisa Neri", True),
        ("Lucia De Ferrante Nadia Corti", True),
        ("Anna Verdi", False),
        ("Anna Maria Verdi", False),
        ("Anna Maria De Verdi", False),
        ("Maria Della Torre", False),
        ("Anna Maria D'Angelo", False),
        ("Carlo Maria Dall'Orto", False),
        ("Carlo Maria Dell’Acqua", False),
        ("Anna Di Lorenzo Dei Conti", False),
    ],
)
def test_a_name_of_four_words_may_be_two_people(nome: str, forse: bool) -> None:
    assert forse_piu_persone(nome) is forse


@pytest.mark.parametrize(
    ("nome", "intero"),
    [
        ("Anna Verdi", True),
        ("Verdi Nicolo'", True),
        ("Anna", False),
        ("A. Verdi", False),
        ("Verdi A.", False),
        ("Anna Verdi (50%)", False),
        ("Anna Verdi 50%", False),
        ("matricola 123", False),
    ],
)
def test_a_name_and_a_surname_in_full(nome: str, intero: bool) -> None:
    assert e_nome_e_cognome(nome) is intero


# --- perhaps the same person


def simili(uno: str, altro: str) -> bool:
    return quasi_uguali([altro, uno]) == [(uno, altro)]


@pytest.mark.parametrize(
    ("uno", "altro"),
    [
        pytest.param("Anna Castaldi", "Anna Castoldi", id="a letter changed"),
        pytest.param("Raffaella Sala", "Rafaella Sala", id="a letter not doubled"),
        pytest.param("Anna Ferrari", "Anna Ferarri", id="another letter doubled"),
        pytest.param("Katia Rinaldi", "Kathia Rinaldi", id="a letter more"),
        pytest.param("Chiara Belotti", "Chara Belotti", id="a letter left out"),
        pytest.param("Teresa Fabbri", "Teresa Fabbir", id="two letters swapped"),
        pytest.param("Anna Castaldi", "Castoldi Anna", id="and the order too"),
        pytest.param("Rafaella Castaldi", "Raffaella Castoldi", id="a letter in each word"),
        pytest.param("Paola Brambati", "Maria Paola Brambati", id="within a longer name"),
        pytest.param("Paola Brambati", "Maria Paola Brambiti", id="within, and a letter changed"),
        pytest.param("Anna Verdi", "Anna Verdi-Bruni", id="within a double surname"),
        pytest.param("Anna Angelo", "Anna D'Angelo", id="a particle left out"),
    ],
)
def test_names_that_may_be_one_person(uno: str, altro: str) -> None:
    assert simili(uno, altro)
    assert simili(altro, uno)


@pytest.mark.parametrize(
    ("uno", "altro"),
    [
        pytest.param("Rita Sala", "Rina Sala", id="short names"),
        pytest.param("Anna Riva", "Anna Rova", id="short surnames"),
        pytest.param("Rita Castaldi", "Rina Castoldi", id="short names, surnames alike"),
        pytest.param("Anna Verdi", "Carlo Verdi", id="the surname only"),
        pytest.param("Anna Verdi", "Anna Bruni", id="the name only"),
        pytest.param("Anna Verdi", "Carlo Bruni", id="nothing"),
        pytest.param("Anna Castaldi", "Anna Castelli", id="two letters changed"),
        pytest.param("Verdi", "Anna Verdi", id="a surname alone"),
        pytest.param("Castaldi", "Castoldi", id="two surnames alone"),
        pytest.param("Anna Verdi", "Verdi Anna", id="the same name"),
        pytest.param("Anna Anna", "Anna Verdi", id="a word twice"),
        pytest.param("Anna Verdi", "Anna Maria Bruni", id="a longer name with one word of it"),
    ],
)
def test_names_that_are_not_one_person(uno: str, altro: str) -> None:
    assert quasi_uguali([uno, altro]) == []
    assert quasi_uguali([altro, uno]) == []


def test_a_name_comes_once_with_the_first_that_it_is_like() -> None:
    tutti = ["Anna Castaldi", "Carlo Bruni", "Anna Castoldi", "Anna Castildi"]
    assert quasi_uguali(tutti) == [
        ("Anna Castoldi", "Anna Castaldi"),
        ("Anna Castildi", "Anna Castaldi"),
    ]


@pytest.mark.parametrize("diversi", [True, False], ids=["all different", "all alike"])
def test_thousands_of_names_are_not_compared_all_with_all(diversi: bool) -> None:
    """A bound far above what it takes (under a second); all with all took half a minute and more."""
    lettere = "abcdefghilmnopqrstuvz"
    tutti = [
        f"Nome{uno * 5}{due * 5} Cogn{uno * 5}{tre * 5}" if diversi else f"Cogn{uno}{due} Mariuca{tre}"
        for uno, due, tre in product(lettere, lettere[:10], lettere[:10])
    ]
    inizio = perf_counter()
    assert (quasi_uguali(tutti) == []) is diversi
    assert perf_counter() - inizio < 20


LONG_CELLS = {
    "blanks": "Anna" + " " * 32_000 + "Verdi",
    "lines": "\n" * 32_000,
    "dashes": "-" * 32_000,
    "dashes apart": "- " * 16_000,
    "one word": "a" * 32_000,
    "titles": "dott. " * 5_000,
    "and": "Anna Verdi e " * 2_500,
    "commas": "Anna Verdi, " * 2_600,
    "brackets": " (" * 16_000,
}


@pytest.mark.parametrize("testo", LONG_CELLS.values(), ids=LONG_CELLS)
def test_a_long_cell_costs_in_proportion_to_its_length(testo: str) -> None:
    """A bound far above what it takes; blanks alone took a minute and a half."""
    inizio = perf_counter()
    assert len(leggi(testo)) <= 1
    persone(testo)
    forse_piu_persone(testo)
    e_nome_e_cognome(testo)
    assert perf_counter() - inizio < 10


def test_which_word_is_compared_first_does_not_matter() -> None:
    """Marina is near both Martina and Marini; only Martina leaves Marini to the other Marini."""
    assert simili("Marina Marini", "Martina Marini")
    assert simili("Martina Marini", "Marina Marini")


@pytest.mark.parametrize(
    ("uno", "altro", "stesso"),
    [
        ("Ufficio tributi", "Ufficio tributti", True),
        ("Ufficio tributi", "ufficio Tributo", True),
        ("Ragioneria", "Ragionera", True),
        ("Ufficio tributi", "Ufficio tecnico", False),
        ("Ufficio tributi", "Ufficio tributi e commercio", False),
        ("Ufficio tributi", "UFFICIO TRIBUTI", False),
    ],
)
def test_uffici_with_one_letter_of_difference(uno: str, altro: str, stesso: bool) -> None:
    assert stessa_parola([uno, altro]) == ([(altro, uno)] if stesso else [])
    assert stessa_parola([altro, uno]) == ([(uno, altro)] if stesso else [])


# --- what holds for any names

LETTERS = "abcdefghilmnopqrstuvzàèéìòù"
WORDS = st.builds(
    lambda parti, segno: segno.join(parte.title() for parte in parti),
    st.lists(st.text(LETTERS, min_size=2, max_size=8), min_size=1, max_size=2),
    st.sampled_from(["-", "'", "’"]),
).filter(lambda parola: chiave(parola) not in ("e", "ed"))
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
NEAR = st.lists(
    st.sampled_from(["marina", "marino", "martina", "martino", "mario", "maria", "rita", "rina"]),
    min_size=1,
    max_size=3,
).map(" ".join)


@rules
@given(
    st.lists(NAMES, max_size=6, unique_by=chiave),
    st.sampled_from([", ", "; ", "\n", " - ", " – ", " e ", "\n• "]),
)
def test_names_joined_are_read_back(insieme: list[str], separatore: str) -> None:
    assert nomi(separatore.join(insieme)) == insieme


@rules
@given(NAMES, st.randoms(use_true_random=False))
def test_the_order_of_the_words_does_not_matter(nome: str, caso: random.Random) -> None:
    parole = nome.split()
    caso.shuffle(parole)
    assert chiave(" ".join(parole)) == chiave(nome)
    assert chiave(chiave(nome)) == chiave(nome)


@rules
@given(st.lists(NAMES, min_size=1, max_size=3, unique_by=chiave), st.data())
def test_the_form_shown_is_the_most_frequent(insieme: list[str], data: st.DataObject) -> None:
    grafie = [nome for nome in insieme for _ in range(3)]
    grafie += [nome.upper() for nome in insieme for _ in range(2)]
    mescolate = data.draw(st.permutations(grafie))
    assert forme(mescolate) == {chiave(nome): nome for nome in insieme}


@rules
@given(NEAR, NEAR)
def test_likeness_goes_both_ways(uno: str, altro: str) -> None:
    assert simili(uno, altro) == simili(altro, uno)


@rules
@given(st.one_of(NEAR, NAMES), st.data())
def test_a_name_is_never_like_itself_in_another_order(nome: str, data: st.DataObject) -> None:
    altro = " ".join(data.draw(st.permutations(nome.split())))
    assert not simili(nome, altro)


@rules
@given(st.lists(NEAR, max_size=8, unique_by=chiave))
def test_a_name_is_reported_if_and_only_if_it_is_like_one_before_it(insieme: list[str]) -> None:
    attese = [
        (nome, prima[0])
        for quale, nome in enumerate(insieme)
        if (prima := [altro for altro in insieme[:quale] if simili(nome, altro)])
    ]
    assert quasi_uguali(insieme) == attese
