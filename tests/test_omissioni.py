"""What is personal in a text: found in every way an office writes it, and nothing else touched."""

import re
import unicodedata
from time import process_time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nomi_piantati import COGNOMI, DA_CHIEDERE, SCRITTI, UNITA
from nomi_piantati import NOTI as PIANTATI

from pipeline.grafie import piana
from pipeline.omissioni import DATO, INDIRIZZO, NOME, Pulito, Ricerca
from pipeline.personale import persone
from pipeline.uffici import PARTICELLA

LUCIA = "Lucia Ferrante"
NOTI = (
    LUCIA,
    "Giulia Norò",
    "Maria Rossi-Bianchi",
    "Anna D'Angelo",
    "Maria Teresa De Luca",
    "Serena Costa",
    "Rita Li",
    "Bruni",
)
RICERCA = Ricerca(NOTI)


def pulito(testo: str) -> str:
    return RICERCA.pulisci(testo).testo


@pytest.mark.parametrize(
    "scritto",
    [
        "Lucia Ferrante",
        "Ferrante Lucia",
        "LUCIA FERRANTE",
        "lucia ferrante",
        "Ferrante, Lucia",
        "Ferrante (Lucia)",
        "Lucia   Ferrante",
        "Lucia\nFerrante",
        "Lucia\N{NO-BREAK SPACE}Ferrante",
        "Lu\u00adcia Fer\u200brante",
        "dott.ssa Lucia Ferrante",
        "Dott. ssa Ferrante Lucia",
        "DOTT.SSA FERRANTE LUCIA",
        "Sig.ra Lucia Ferrante",
        "dott.ssa avv. Lucia Ferrante",
        "Ferrante dott.ssa Lucia",
        "avvocata Lucia Ferrante",
        "L. Ferrante",
        "lucia.ferrante",
        "lucia_ferrante",
        "Ferrante\u2010Lucia",
        # a surname, or a first name, after a title
        "dott.ssa Ferrante",
        "geom. Ferrante",
        "Geom.Ferrante",
        "rag Ferrante",
        "Ing. Ferrante",
        "arch.\nFerrante",
        "geometra Ferrante",
        "signora Lucia",
        "dott. Bruni",
        # accents, apostrophes, double surnames, a name too many
        "Giulia Noro",
        "NORÒ GIULIA",
        "Giulia Noro\u0300",
        "Maria Rossi Bianchi",
        "Rossi-Bianchi Maria",
        "Maria Bianchi",
        "Rossi – Bianchi Maria",
        "Anna D’Angelo",
        "d' angelo anna",
        "De Luca Maria Teresa",
        "Teresa De Luca",
        "dott. De Luca",
        "prof.ssa D'Angelo",
        "SERENA COSTA",
        "Li Rita",
    ],
)
def test_a_known_name_gives_way_however_it_is_written(scritto: str) -> None:
    assert pulito(scritto) == NOME
    assert pulito(f"Curato da {scritto}, che ha finito.") == f"Curato da {NOME}, che ha finito."
    assert pulito(f"«{scritto}»; {scritto}") == f"«{NOME}»; {NOME}"


@pytest.mark.parametrize(
    "testo",
    [
        "",
        "Lavori in via Ferrante 3",
        "La costa, poi la rotonda",
        "Nella piazza De Luca",
        "Santa Lucia. Ferrante",
        "Lucia; Ferrante",
        "Ferranteria Lucia",
        "gli archi, i ragionamenti, l'ingresso, la dottrina",
        "rendita la porta",
        "tutti: costa 20 euro a serena",
        "320/1234567 del 2020; 3401234567; n. 12345678",
        "celle 123456 e cella 1234567, telai 1234567",
        "RSSMRA80A01F205, XRSSMRA80A01F205X",
        "@tutti, 3 @ 5, a@",
        "C.F. e P.IVA",
        "\tSpazi  doppi \n\n e _x0041_ & <b>grassetto</b>\u00ad\u200b",
    ],
)
def test_what_is_not_known_to_be_personal_stays_as_it_is(testo: str) -> None:
    assert pulito(testo) == testo
    assert RICERCA.pulisci(testo).segni == []


def test_a_surname_alone_stays_and_is_to_be_read_again() -> None:
    letto = RICERCA.pulisci("In via Ferrante; Costa e la costa. BRUNI e De Luca")
    assert letto.segni == []
    assert letto.dubbi == ["Ferrante", "Costa", "BRUNI", "Luca"]


@pytest.mark.parametrize(
    ("testo", "dubbi"),
    [
        (
            "Il geom. Verdi, il dott. Ferrante, l'ing. capo, la signora  Neri",
            ["geom. Verdi", "signora Neri"],
        ),
        ("Il Sig. Luigi Brambilla e l'arch. Paolo Neri", ["Sig. Luigi Brambilla", "arch. Paolo Neri"]),
        ("sig.ra Ada D'Orsi; Sig. L. Brambilla.", ["sig.ra Ada D'Orsi", "Sig. L. Brambilla"]),
        ("prof. Ugo Maria Neri Colombo", ["prof. Ugo Maria Neri"]),
        ("avv. Neri. Colombo, rag. Orsi, Colombo", ["avv. Neri", "rag. Orsi"]),
        ("sig. Neri – Ufficio", ["sig. Neri"]),
        ("arch. Paolo Ferrante", ["arch. Paolo Ferrante"]),
    ],
)
def test_an_unknown_name_after_a_title_is_to_be_read_again(testo: str, dubbi: list[str]) -> None:
    letto = RICERCA.pulisci(testo)
    assert letto.testo == testo.replace("dott. Ferrante", NOME)
    assert letto.dubbi == dubbi


@pytest.mark.parametrize(
    ("testo", "dubbi"),
    [
        ("presenti M. Colombo e A. De Santis", ["M. Colombo", "A. De Santis"]),
        ("M.Colombo", ["M.Colombo"]),
        ("il D.Lgs. 33 e il D. Lgs. 97, P. IVA, C.F., la P.O. Tributi, S.p.A. Colombo", []),
        ("l'allegato A. Il resto; allegato B. La nota; C. conti", []),
    ],
)
def test_an_unknown_name_after_an_initial_is_to_be_read_again(testo: str, dubbi: list[str]) -> None:
    assert RICERCA.pulisci(testo) == Pulito(testo, [], dubbi)


@pytest.mark.parametrize(
    ("testo", "atteso", "dubbi"),
    [
        ("il geom. Verdi, M. Bianchi e altri", f"il {NOME}, M. Bianchi e altri", ["M. Bianchi"]),
        ("il geom. Verdi M. Bianchi", f"il {NOME} M. Bianchi", ["M. Bianchi"]),
        ("presenti Verdi, M. Colombo", "presenti Verdi, M. Colombo", ["Verdi", "M. Colombo"]),
        ("Verdi\nM. Colombo", "Verdi\nM. Colombo", ["Verdi", "M. Colombo"]),
        ("il geom. Verdi, M. Verdi, ieri", f"il {NOME}, {NOME}, ieri", []),
        ("Verdi, M. De Santis", "Verdi, M. De Santis", ["Verdi", "M. De Santis"]),
        ("Verdi, M. G. Colombo", "Verdi, M. G. Colombo", ["Verdi", "G. Colombo"]),
        ("Colombo M., Verdi L.", "Colombo M., Verdi L.", ["Verdi"]),
    ],
)
def test_the_initial_of_another_is_left_to_them(testo: str, atteso: str, dubbi: list[str]) -> None:
    letto = Ricerca(["Mario Verdi"]).pulisci(testo)
    assert (letto.testo, letto.dubbi) == (atteso, dubbi)


@pytest.mark.parametrize(
    ("testo", "atteso"),
    [
        ("Verdi M., Colombo L.", f"{NOME}., Colombo L."),
        ("Verdi, M. e altri", f"{NOME}. e altri"),
        ("Verdi, M. Il resto", f"{NOME}. Il resto"),
        ("Verdi, M. (Ufficio)", f"{NOME}. (Ufficio)"),
        ("Verdi M. dott. Colombo", f"{NOME}. dott. Colombo"),
        # what follows may be a surname or begin a sentence: the initial stays, but says who it is
        ("Verdi M. Progetto concluso", f"{NOME} M. Progetto concluso"),
    ],
)
def test_an_initial_that_no_surname_follows_is_of_the_one_before(testo: str, atteso: str) -> None:
    assert Ricerca(["Mario Verdi"]).pulisci(testo).testo == atteso


def test_between_an_initial_and_a_word_of_the_same_person_there_is_nobody_else() -> None:
    assert pulito("De Luca, M. Teresa") == NOME


@pytest.mark.parametrize(
    ("testo", "dubbi"),
    [
        ("Contatto: 333-9876543", ["333-9876543"]),
        ("333 98 76 543; 333.987.6543, 3339876543.", ["333 98 76 543", "333.987.6543", "3339876543"]),
        ("0362 620831, 02-12345678 e 06/1234 567", ["0362 620831", "02-12345678", "06/1234 567"]),
        ("0362 620831 2024 atti", ["0362 620831"]),
        ("il 01.02.2021 12:30, 02-03-2021 15 atti, 09.00-12.30 14.00", []),
        ("345.678.901,00; 3.401.234.567; 345 678 901", []),
        ("P. IVA 02345678901, prot. 0012345, 3339876543a, 33398765432", []),
        ("IT60 X054 2811 1010 0000 0123 456", []),
    ],
)
def test_what_looks_like_a_telephone_stays_and_is_to_be_read_again(testo: str, dubbi: list[str]) -> None:
    assert RICERCA.pulisci(testo) == Pulito(testo, [], dubbi)


def test_a_telephone_that_gives_way_is_not_to_be_read_again() -> None:
    assert RICERCA.pulisci("tel. 0362 620831, +39 333 9876543").dubbi == []


def test_a_particle_after_the_name_belongs_to_the_sentence() -> None:
    assert Ricerca(["Rita La Porta"]).pulisci("Rita La Porta, la quale").testo == f"{NOME}, la quale"


def test_people_beside_one_another_are_omitted_each() -> None:
    letto = RICERCA.pulisci("Lucia Ferrante, Norò Giulia e Anna D'Angelo")
    assert letto.testo == f"{NOME}, {NOME} e {NOME}"
    assert letto.segni == [NOME] * 3


def test_two_people_typed_without_a_separator_are_found_apart() -> None:
    assert Ricerca(["Lucia Ferrante Nadia Corti"]).pulisci("Corti Nadia").testo == NOME


@pytest.mark.parametrize(
    ("testo", "atteso"),
    [
        ("lucia.ferrante@comune.it", INDIRIZZO),
        ("Lucia Ferrante <l.ferrante@pec.comune.it>", f"{NOME} <{INDIRIZZO}>"),
        ("scrivere a ufficio+voti@comune.it.", f"scrivere a {INDIRIZZO}."),
        ("a: uno@x.it; due@y.example", f"a: {INDIRIZZO}; {INDIRIZZO}"),
        ("interno@server", INDIRIZZO),
        ("C.F. RSSMRA80A01F205X", f"C.F. {DATO}"),
        ("rssmra80a01f205x", DATO),
        ("RSSMRALMALMFNMRX e RSSMRA8LA01F205X", f"RSSMRALMALMFNMRX e {DATO}"),
        ("RSS MRA 80A01 F205X", DATO),
        ("tel. 039 620831", f"tel. {DATO}"),
        ("Telefono: 039/620831.", f"Telefono: {DATO}."),
        ("cell. n. 333 12 34 567, int. 12", f"cell. n. {DATO}, int. 12"),
        ("TEL 039620831\n2020 atti", f"TEL {DATO}\n2020 atti"),
        ("+39 333 1234567", DATO),
    ],
)
def test_what_is_personal_whoever_it_is_of(testo: str, atteso: str) -> None:
    assert pulito(testo) == atteso


# ----------------------------------------------------------- the ways an office writes a known name


@pytest.mark.parametrize("scritto", SCRITTI)
def test_no_known_surname_survives_however_it_is_written(scritto: str) -> None:
    for testo in (scritto, f"Curato da {scritto}, poi.", f"({scritto})\n{scritto}"):
        lettere = piana(Ricerca(PIANTATI).pulisci(testo).testo.replace("\u202e", ""))
        assert not [cognome for cognome in COGNOMI if cognome in re.sub(r"[\W\d_]", "", lettere)]


MARIO = Ricerca(["Mario Rossi", "Anna Conti", "Luca Prato", "Carla Costa", "Ugo Monti"])


@pytest.mark.parametrize(
    ("testo", "dubbi"),
    [
        ("In via Rossi; mrossi e rossim", ["Rossi", "mrossi", "rossim"]),
        ("Conti/Prato, Costa-Monti", ["Conti", "Prato", "Costa", "Monti"]),
        ("Rossi; Mario. Mario: poi", ["Rossi", "Mario", "Mario"]),
        ("i rossi/bianchi, i conti-prato", []),
        ("R. O. S. e Ros-\nsetti, Marios Rossini", []),
        ("il conto-\nconti, la P.R.A.T.O", ["P.R.A.T.O"]),
        ("N. Settori, N. Utenti e 3 Settori", []),
    ],
)
def test_what_may_be_somebody_stays_and_is_to_be_read_again(testo: str, dubbi: list[str]) -> None:
    letto = MARIO.pulisci(testo)
    assert (letto.testo, letto.dubbi) == (testo, dubbi)


@pytest.mark.parametrize(
    ("noto", "testo", "atteso"),
    [
        ("Rossi", "Mario Rossi e Rossi", f"{NOME} e Rossi"),
        ("Rossi", "Rossi Mario, rossi", f"{NOME}, rossi"),
        ("M. Rossi", "Mario Rossi; Anna Rossi", f"{NOME}; Anna Rossi"),
        ("Prato", "il prato, il Prato di Anna", "il prato, il Prato di Anna"),
        ("Sede", "la Sede; Anna Sede", f"la Sede; {NOME}"),
    ],
)
def test_a_given_name_beside_a_surname_that_is_all_that_is_known(
    noto: str, testo: str, atteso: str
) -> None:
    assert Ricerca([], [], [noto]).pulisci(testo).testo == atteso


def test_a_name_known_by_its_capitals_alone_gives_way_only_with_them() -> None:
    ricerca = Ricerca([], ["Okonkwo Mbeki"])
    assert ricerca.pulisci("Mbeki Okonkwo, mbeki okonkwo").testo == f"{NOME}, mbeki okonkwo"


def test_what_may_be_an_office_gives_way_only_after_a_title() -> None:
    ricerca = Ricerca([], [], ["hoxha arben", "Sede"])
    letto = ricerca.pulisci("Arben Hoxha in Sede, il geom. Hoxha")
    assert (letto.testo, letto.dubbi) == (f"Arben Hoxha in Sede, il {NOME}", ["Arben", "Hoxha", "Sede"])


@pytest.mark.parametrize("ufficio", [*UNITA, *DA_CHIEDERE])
def test_an_office_in_the_place_of_a_person_is_nobody(ufficio: str) -> None:
    assert persone(ufficio) == []
    assert persone(f"{ufficio} - Mario Rossi") == ["Mario Rossi"]


LONG_TEXTS = {
    "letters apart": "Z A N F R E G O L " * 1_800,
    "broken": "Zan-\n" * 6_000,
    "lines": "Ermelinda" + "\n" * 32_000 + "Zanfregoli",
    "blanks and a bracket": "Ermelinda" + " " * 32_000 + "(Zanfregoli",
    "title and blanks": "dott." + " " * 32_000 + "(" + " " * 32_000 + "Zanfregoli",
    "glued": "ErmelindaZanfregol" * 1_700,
    "capitals": "aB" * 16_000,
    "signs": "Zanfregoli/" * 2_900,
    "initials": "E. " * 10_000,
    "names": "Ermelinda Zanfregoli " * 1_500,
    "given names": "Maria " * 5_300,
}


@pytest.mark.parametrize("testo", LONG_TEXTS.values(), ids=LONG_TEXTS)
def test_a_long_text_costs_in_proportion_to_its_length(testo: str) -> None:
    """A bound far above what it takes."""
    inizio = process_time()
    Ricerca(PIANTATI).pulisci(testo)
    assert process_time() - inizio < 10


def test_a_whole_page_where_a_name_is_expected_costs_in_proportion_to_its_length() -> None:
    inizio = process_time()
    pagina = " ".join(f"Parola{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}" for n in range(3_500))
    ricerca = Ricerca([pagina], [pagina], [pagina])
    ricerca.pulisci("Una parola")
    assert process_time() - inizio < 5


# ------------------------------------------------------------------------------- any name, any text

LETTERE = "abcdefghilmnoprstuvzàèéìòùABCDEFGHILMNOPRSTUVZÀÈ"
PAROLE = st.text(LETTERE, min_size=3, max_size=10).filter(lambda p: not PARTICELLA.fullmatch(folded(p)))
SURNAMES = st.one_of(
    PAROLE,
    st.tuples(PAROLE, PAROLE).map("-".join),
    PAROLE.map(lambda parola: f"D'{parola}"),
    PAROLE.map(lambda parola: f"De {parola}"),
)
AROUND = st.text("abc àÈ.,;:'-@0123456789\n\t(«%&<[_", max_size=30)
GAPS = st.sampled_from([" ", "  ", "\n", "\N{NO-BREAK SPACE}", ", ", "_", " dott. "])


def folded(testo: str) -> str:
    """Words alone, without case and accents, between single blanks."""
    piano = unicodedata.normalize("NFKD", testo.casefold())
    return " ".join(re.findall(r"[^\W_]+", re.sub("[\u0300-\u036f]", "", piano)))


def names_in(testo: str, nome: str, cognome: str) -> bool:
    parole = f" {folded(testo)} "
    return f" {folded(nome)} {folded(cognome)} " in parole or (
        f" {folded(cognome)} {folded(nome)} " in parole
    )


@given(nome=PAROLE, cognome=SURNAMES, prima=AROUND, dopo=AROUND, gap=GAPS, girato=st.booleans())
def test_no_known_name_survives_in_any_text(
    nome: str, cognome: str, prima: str, dopo: str, gap: str, girato: bool
) -> None:
    scritto = gap.join((cognome, nome) if girato else (nome, cognome))
    assume(not prima[-1:].isalnum() and not dopo[:1].isalnum())
    testo = prima + scritto + dopo
    letto = Ricerca([f"{nome} {cognome}"]).pulisci(testo)
    assert not names_in(letto.testo, nome, cognome)
    assert letto.segni


@given(testo=st.text(max_size=200), nomi=st.lists(st.tuples(PAROLE, SURNAMES), max_size=3))
def test_a_text_without_names_comes_back_identical(testo: str, nomi: list[tuple[str, str]]) -> None:
    parole = set(folded(testo).split())
    assume(not any(parole & set(folded(" ".join(nome)).split()) for nome in nomi))
    assume("@" not in testo and not re.search(r"\d{6}", testo))
    assert Ricerca(" ".join(nome) for nome in nomi).pulisci(testo).testo == testo


@given(testo=st.text(st.sampled_from(" .,'-LFlfuciaernt\nàÒ\u0300\u200b@1"), max_size=60))
def test_a_clean_text_stays_clean(testo: str) -> None:
    una = pulito(testo)
    assert pulito(una) == una
