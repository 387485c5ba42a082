"""A text among the tags of XML is written as the standard library writes it."""

from xml.sax import saxutils

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.word.in_xml import escape, quoteattr

SEGNI = st.text(st.sampled_from("&<>\"'\n\r\t a;è#"))


@pytest.mark.parametrize(
    ("testo", "valore"),
    [
        ("Lavori & <servizi>", '"Lavori &amp; &lt;servizi&gt;"'),
        ('il "piano"', "'il \"piano\"'"),
        ('l\'"atto"', '"l\'&quot;atto&quot;"'),
        ("una riga\nl'altra\t&#10;", '"una riga&#10;l\'altra&#9;&amp;#10;"'),
    ],
)
def test_the_value_of_an_attribute(testo: str, valore: str) -> None:
    assert quoteattr(testo) == valore


@given(SEGNI)
def test_byte_for_byte(testo: str) -> None:
    assert escape(testo) == saxutils.escape(testo)
    assert quoteattr(testo) == saxutils.quoteattr(testo)
