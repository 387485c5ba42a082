"""What several tests share: the example run once, the good ente, every damage of it read once."""

import fcntl
import os
import pickle
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import fixtures_ente as fx
import pytest
from libreoffice import libreoffice, pdftotext  # noqa: F401  (fixtures)

from pipeline import run
from pipeline.cli.comandi import VARIABILI
from pipeline.documents.manifest import Chiesto
from pipeline.documents.word import impaginatore
from pipeline.lotto import enti

T = TypeVar("T")
RADICE = Path(__file__).parent.parent
ESEMPIO = RADICE / "input_workbooks"


@pytest.fixture(scope="session", autouse=True)
def senza_le_variabili_di_make() -> Iterator[None]:
    """What the suite starts is not started by `make test`: the same under it and by hand."""
    with pytest.MonkeyPatch.context() as cambia:
        for nome in [*os.environ]:
            if nome in VARIABILI or nome.startswith(("MAKE", "MFLAGS", "RELAZIONE_")):
                cambia.delenv(nome)
        yield


@pytest.fixture(autouse=True)
def senza_impaginare(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands do not look for LibreOffice where the test has not asked for it: it lays out each
    relazione three times, and what they write is the same but for the pages of its index."""
    if "libreoffice" not in request.fixturenames:
        monkeypatch.setattr(impaginatore, "trova", lambda: None)


class UnaVolta(Protocol):
    def __call__(self, nome: str, fai: Callable[[Path], T]) -> T: ...


@pytest.fixture(scope="session")
def una_volta(tmp_path_factory: pytest.TempPathFactory) -> UnaVolta:
    """Makes something in a folder of its own, once for all the workers of xdist; what `fai` returns is
    kept there for the others, so it must be fit for pickle."""
    radice = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        radice = radice.parent

    def fatta(nome: str, fai: Callable[[Path], T]) -> T:
        cartella, esito = radice / nome, radice / f"{nome}.pickle"
        with (radice / f"{nome}.lock").open("w") as lucchetto:
            fcntl.flock(lucchetto, fcntl.LOCK_EX)
            if not esito.exists():
                shutil.rmtree(cartella, ignore_errors=True)
                cartella.mkdir()
                esito.write_bytes(pickle.dumps(fai(cartella)))
        fatto: T = pickle.loads(esito.read_bytes())
        return fatto

    return fatta


@pytest.fixture(scope="session")
def esempio(una_volta: UnaVolta) -> run.Esito:
    """The documents of the example, in a folder of their own."""
    return una_volta("esempio", partial(run.relazione, ESEMPIO))


@pytest.fixture(scope="session")
def consolidato(esempio: run.Esito) -> Path:
    return esempio.documenti[0]


@pytest.fixture(scope="session")
def relazione(esempio: run.Esito) -> Path:
    return esempio.documenti[1]


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fx.write_world(tmp_path_factory.mktemp("buono") / "ente")


@pytest.fixture(scope="session")
def done(una_volta: UnaVolta) -> Path:
    """The good ente of a lotto and its documents, made once."""
    return una_volta("lotto", _make_done)


def _make_done(cartella: Path) -> Path:
    fx.write_world(cartella / "ente")
    assert enti.fai(cartella / "ente", cartella / "uscita", Chiesto()).esito == "pronti"
    return cartella


@pytest.fixture(scope="session")
def good_missioni(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fx.write_missioni_world(tmp_path_factory.mktemp("buono_missioni") / "ente")


@pytest.fixture
def ente_missioni(good_missioni: Path, tmp_path: Path) -> Path:
    """A copy of the good ente that reports by missione, to be damaged."""
    return Path(shutil.copytree(good_missioni, tmp_path / "ente"))


@pytest.fixture
def ente(good: Path, tmp_path: Path) -> Path:
    """A copy of the good ente, to be damaged."""
    return Path(shutil.copytree(good, tmp_path / "ente"))


class Damaging(Protocol):
    """A case of test_rilievi.py."""

    @property
    def name(self) -> str: ...
    @property
    def modello(self) -> str: ...
    @property
    def damage(self) -> Callable[[Path], list[tuple[str, str, str]]]: ...


class Outcome(NamedTuple):
    expected: list[tuple[str, str, str]]
    esito: run.Esito
    folder: Path


def make_outcome(caso: Damaging, cartella: Path) -> Outcome:
    write = fx.write_missioni_world if caso.modello == "missioni" else fx.write_world
    ente = write(cartella / "ente")
    attesi = caso.damage(ente)
    return Outcome(attesi, run.controlla(ente), ente)


@pytest.fixture(scope="session")
def outcomes(una_volta: UnaVolta) -> Callable[[Damaging], Outcome]:
    """Every case is made and read once, for all the tests that look at it."""
    made: dict[str, Outcome] = {}

    def outcome(caso: Damaging) -> Outcome:
        if caso.name not in made:
            made[caso.name] = una_volta(caso.name, partial(make_outcome, caso))
        return made[caso.name]

    return outcome


@pytest.fixture
def ascolto() -> Iterator[tuple[int, list[bytes]]]:
    """A port of this computer, and what has knocked at it."""
    arrivati: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as presa:

        def rispondi() -> None:
            with suppress(OSError):
                while True:
                    connessione, _ = presa.accept()
                    arrivati.append(connessione.recv(1000))
                    connessione.close()

        threading.Thread(target=rispondi, daemon=True).start()
        yield presa.getsockname()[1], arrivati
        presa.shutdown(socket.SHUT_RDWR)
