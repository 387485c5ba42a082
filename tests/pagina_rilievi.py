"""docs/rilievi.md: the prose is written by hand; headings, gravity and examples are what the code says.

The example of a code is its first @case in test_rilievi.py. `make golden` rewrites the page.
"""

import re
import tempfile
from pathlib import Path

import pytest
from conftest import make_outcome
from test_rilievi import CASES

from pipeline.rilievi import CATALOGO, Rilievo

PAGE = Path(__file__).parent.parent / "docs" / "rilievi.md"
EXAMPLES = {caso.codice: caso for caso in reversed(CASES)}
WITHOUT_A_CASE = {
    "P01": Rilievo("P01", "tecnico.xlsx", dati={"compilate": "31", "tabelle": "30", "rilievi": "0"}),
    "E11": Rilievo("E11", "ente.xlsx", "Settori", "D6", {"chi": "Settore Tecnico"}),
    "E16": Rilievo(
        "E16",
        "ente.xlsx",
        "Ente",
        "B10",
        {
            "campo": "Scadenza delle consegne",
            "messaggio": "Invito",
            "aiuto": "Scrivere il giorno, per esempio 31/03/2025; oppure dirlo con altre parole nel "
            "foglio Messaggi, senza {scadenza}.",
        },
    ),
}
NEW = """## {0}

Gravità: ****.

Esempio:

```
{0}
```

**Che cosa fare.**

"""


def sections(page: str) -> list[str]:
    return re.split(r"^(?=##? )", page, flags=re.MULTILINE)


def code_of(section: str) -> str:
    """ "" for what is no section of a code."""
    trovato = re.match(r"## ([A-Z]\d\d)\b", section)
    return trovato[1] if trovato else ""


def as_printed(rilievo: Rilievo) -> str:
    return f"```\n{rilievo.codice} {rilievo.dove}: {rilievo.messaggio}\n    → {rilievo.rimedio}\n```"


def rewritten(section: str, example: Rilievo) -> str:
    """A section with what the code says of it, and its own prose."""
    codice = code_of(section)
    if codice:
        regola = CATALOGO[codice]
        section = re.sub(r"^.*", f"## {codice} – {regola.titolo}", section, count=1)
        section = re.sub(r"^Gravità: \*\*.*?\*\*", f"Gravità: **{regola.gravita}**", section, flags=re.M)
    blocco = rf"^```\n{example.codice}\b.*?^```$"
    return re.sub(blocco, lambda _: as_printed(example), section, flags=re.MULTILINE | re.DOTALL)


def with_all_the_codes(page: str) -> str:
    """A section to write the prose in for every code that has none, after that of the code before."""
    trovate = sections(page)
    prima = ""
    for codice in CATALOGO:
        if codice not in map(code_of, trovate):
            trovate.insert([code_of(s) for s in trovate].index(prima) + 1, NEW.format(codice))
        prima = codice
    return "".join(trovate)


def example(codice: str) -> Rilievo | None:
    """Made anew; None where its case cannot be made on this computer."""
    if codice in WITHOUT_A_CASE:
        return WITHOUT_A_CASE[codice]
    with tempfile.TemporaryDirectory() as cartella:
        try:
            outcome = make_outcome(EXAMPLES[codice], Path(cartella))
        except pytest.skip.Exception:
            return None
    return next(r for r in outcome.esito.rilievi if r.codice == codice)


def rewrite() -> None:
    scritte = []
    for section in sections(with_all_the_codes(PAGE.read_text(encoding="utf-8"))):
        codice = code_of(section) or ("C01" if section.startswith("# I rilievi") else "")
        trovato = example(codice) if codice else None
        scritte.append(rewritten(section, trovato) if trovato else section)
    PAGE.write_text("".join(scritte), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
    print(f"{PAGE.name}: {len(CATALOGO)} rilievi")
