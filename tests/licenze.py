"""The licences of what the program needs, as each package states its own, written to docs/licenze.md.

PYTHONPATH=. .venv/bin/python tests/licenze.py
"""

import re
from importlib import metadata
from pathlib import Path

RADICE = Path(__file__).resolve().parents[1]
PAGINA = RADICE / "docs" / "licenze.md"

AMMESSE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU"),
    *("PSF-2.0", "Unlicense", "Zlib"),  # so far permissive
    "MPL-2.0",  # in the appendix of the EUPL-1.2, and file by file
}
"""What may stand beside a program under EUPL-1.2, by its SPDX identifier."""
ALTRE_GRAFIE = {"MIT License": "MIT", "ISC License": "ISC", "ISC License (ISCL)": "ISC"}
ALTROVE = {
    "backports-tarfile": "MIT",
    "cffi": "MIT-0",
    "colorama": "BSD-3-Clause",
    "cryptography": "Apache-2.0 OR BSD-3-Clause",
    "jeepney": "MIT",
    "jinja2": "BSD-3-Clause",  # says only «BSD License» of itself
    "lazy-importer": "Apache-2.0",
    "importlib-metadata": "Apache-2.0",
    "pycparser": "BSD-3-Clause",
    "pywin32-ctypes": "BSD-3-Clause",
    "secretstorage": "BSD-3-Clause",
    "zipp": "MIT",
}
"""Of those that not every system or Python needs, hence may be missing here: read in their own files."""
TESTA = "| pacchetto | versione | licenza |\n|---|---|---|\n"


def pacchetti() -> list[tuple[str, str, str]]:
    """The name, version and licence of every package that requirements.txt installs somewhere."""
    testo = (RADICE / "requirements.txt").read_text(encoding="utf-8")
    trovati = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", testo, re.MULTILINE))
    return [(nome, versione, licenza(nome)) for nome, versione in sorted(trovati.items())]


def licenza(nome: str) -> str:
    """The SPDX expression of a package. Raises PackageNotFoundError if it is neither here nor
    known."""
    if nome in ALTROVE:
        return ALTROVE[nome]
    dati = metadata.metadata(nome)
    dichiarata = dati.get("License-Expression") or dati.get("License") or ""
    classi = [c.rpartition(" :: ")[2] for c in dati.get_all("Classifier") or () if "License ::" in c]
    scritta = dichiarata or " AND ".join(classi)
    return ALTRE_GRAFIE.get(scritta, scritta)


def termini(espressione: str) -> set[str]:
    """The licences that an SPDX expression names."""
    return set(re.split(r"\s+(?:AND|OR|WITH)\s+", espressione.replace("(", "").replace(")", "")))


def pagina() -> str:
    """The page as it should be: its words are written by hand."""
    prosa = PAGINA.read_text(encoding="utf-8").partition(TESTA)[0]
    return prosa + TESTA + "".join(f"| {nome} | {v} | {licenza} |\n" for nome, v, licenza in pacchetti())


if __name__ == "__main__":
    PAGINA.write_text(pagina(), encoding="utf-8")
