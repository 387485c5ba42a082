"""Files written whole or not at all, and gone through in sight of who waits."""

from collections.abc import Callable, Iterable
from pathlib import Path

Segui = Callable[[str, list[Path]], Iterable[Path]]
"""How a long list of files is gone through: what is being done with them, and the files."""


def in_silenzio(_: str, percorsi: list[Path]) -> Iterable[Path]:
    """Go through the files without a word."""
    return percorsi


def scrivi_intero(percorso: Path, scrivi: Callable[[Path], object]) -> None:
    """Write under a temporary name and rename: the file is the old one or the new one, never torn."""
    provvisorio = percorso.with_name(f".{percorso.stem}.parziale{percorso.suffix}")
    scrivi(provvisorio)
    provvisorio.replace(percorso)
