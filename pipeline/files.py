"""Files written whole or not at all."""

from collections.abc import Callable
from pathlib import Path


def scrivi_intero(percorso: Path, scrivi: Callable[[Path], object]) -> None:
    """Write under a temporary name and rename: the file is the old one or the new one, never torn."""
    provvisorio = percorso.with_name(f".{percorso.stem}.parziale{percorso.suffix}")
    scrivi(provvisorio)
    provvisorio.replace(percorso)
