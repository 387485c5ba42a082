"""What the commands have written in the folders of the years, to be taken away: never what a person has
made or changed, nor the log of the mail that has left."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.documents import deposito, manifest
from pipeline.documents.deposito import Deposito
from pipeline.files import e_provvisorio
from pipeline.workbooks import messaggi

DELLE_BOZZE = Path("email")


@dataclass(frozen=True)
class Pulizia:
    """The files to take away and those that stay, of the folders of some years."""

    cartelle: list[Path] = field(default_factory=list)
    da_togliere: list[Path] = field(default_factory=list)
    restano: list[Path] = field(default_factory=list)

    def togli(self) -> None:
        """Take the files away, and the folders that are left empty with their log."""
        for percorso in self.da_togliere:
            percorso.unlink(missing_ok=True)
        for cartella in self.cartelle:
            giornale = cartella / deposito.NOME
            if not any(p != giornale and not p.is_dir() for p in cartella.rglob("*")):
                giornale.unlink(missing_ok=True)
            for vuota in sorted((cartella, *cartella.rglob("*")), reverse=True):
                if vuota.is_dir() and not vuota.is_symlink() and not any(vuota.iterdir()):
                    vuota.rmdir()


@contextmanager
def apri(uscita: Path) -> Iterator[Pulizia]:
    """The folders under `uscita` in which the commands have written, held until it is done.

    Only a folder with the log of the commands, or with their manifest, is theirs. Raises CartellaInUso
    when another command is writing in one of them.
    """
    pulizia = Pulizia()
    with ExitStack() as tenute:
        for cartella in sorted(uscita.iterdir()) if uscita.is_dir() else []:
            if (cartella / deposito.NOME).is_file() or manifest.documenti(cartella):
                aperto = tenute.enter_context(deposito.apri(cartella, "make pulisci"))
                pulizia.cartelle.append(cartella)
                for percorso in sorted(p for p in cartella.rglob("*") if p.is_symlink() or p.is_file()):
                    if percorso.name != deposito.NOME:
                        elenco = pulizia.da_togliere if _nostro(percorso, aperto) else pulizia.restano
                        elenco.append(percorso)
        yield pulizia


def _nostro(percorso: Path, aperto: Deposito) -> bool:
    """Whether a file is as a command has written it. Of the drafts nobody keeps the imprint: they are
    written anew at each run."""
    if percorso.is_symlink():
        return False
    dove = percorso.relative_to(aperto.cartella)
    bozza = dove.parent == DELLE_BOZZE and dove.suffix == ".eml"
    if bozza and dove.name.startswith(tuple(f"{chiave}_" for chiave in messaggi.MESSAGGI)):
        return True
    if dove == Path(manifest.NOME):
        return bool(manifest.documenti(aperto.cartella))
    return e_provvisorio(percorso.name) or bool(aperto.nostro(percorso))
