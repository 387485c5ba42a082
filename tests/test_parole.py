"""How a text is shortened to be quoted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parole import citazione


@pytest.mark.parametrize(
    ("testo", "massimo", "citato"),
    [
        ("Gestire i rifiuti", 20, "Gestire i rifiuti"),
        ("Gestire i rifiuti e la nettezza", 20, "Gestire i rifiuti e…"),
        ("Viabilità e servizi (manutenzioni, parcheggi)", 24, "Viabilità e servizi…"),
        ("Servizi, altre cose", 10, "Servizi…"),
        ("Precipitevolissimevolmente", 10, "Precipite…"),
        ("La\nseconda   riga", 30, "La seconda riga"),
    ],
)
def test_a_text_is_cut_after_a_word(testo: str, massimo: int, citato: str) -> None:
    assert citazione(testo, massimo) == citato


@given(st.text(), st.integers(min_value=1, max_value=90))
def test_a_quoted_text_is_never_longer_than_asked(testo: str, massimo: int) -> None:
    detto = citazione(testo, massimo)
    assert len(detto) <= massimo and " ".join(testo.split()).startswith(detto.removesuffix("…"))
