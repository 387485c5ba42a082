"""From the settore workbooks of an ente to the consolidated Excel and the Word relazione."""

import os
from pathlib import Path

__version__ = "1.0.0"

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""numpy would start a thread for every core, with memory of its own: here they have nothing to do."""

_NEL_WHEEL = Path(__file__).parent / "_progetto"


def installato() -> bool:
    """Whether the program was installed from a wheel, without the project around it."""
    return _NEL_WHEEL.is_dir()


def del_progetto(nome: str) -> Path:
    """A file or folder of the project that the program needs: a wheel has it inside (pyproject.toml)."""
    return (_NEL_WHEEL if installato() else Path(__file__).parents[1]) / nome
