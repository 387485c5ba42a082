"""make lotto: many enti, each by itself and each once; what has not changed is passed over."""

import errno
import json
import logging
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import fixtures_ente as fx
import pytest
from typer.testing import CliRunner, Result

from pipeline import files, run
from pipeline.cli import comandi
from pipeline.cli import lotto as comando
from pipeline.documents import deposito, manifest
from pipeline.documents.deposito import CartellaInUso
from pipeline.documents.manifest import Chiesto
from pipeline.documents.word import impaginatore
from pipeline.fine import Fermato, Fine
from pipeline.lotto import diario, enti, insieme
from pipeline.lotto.enti import DIFETTO, Fatto

NIENTE = Chiesto()


# ------------------------------------------------------------------------------- one ente, the manifest


@pytest.fixture
def fatta(done: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoiled: `ente` and `uscita`."""
    return Path(shutil.copytree(done, tmp_path / "fatta"))


def still_holds(fatta: Path, chiesto: Chiesto = NIENTE) -> bool:
    return manifest.vale_ancora(fatta / "uscita" / "2024", manifest.ingresso(fatta / "ente"), chiesto)


def _append(percorso: Path) -> None:
    with percorso.open("ab") as flusso:
        flusso.write(b"x")


def _edit(percorso: Path, change: Callable[[dict[str, Any]], object]) -> None:
    letto = json.loads(percorso.read_text("utf-8"))
    change(letto)
    percorso.write_text(json.dumps(letto), "utf-8")


MANIFEST = "uscita/2024/manifest.json"
SPOILS: dict[str, Callable[[Path], object]] = {
    "a workbook changed": lambda f: _append(f / "ente" / fx.TECNICO),
    "ente.xlsx, where the parametri are": lambda f: _append(f / "ente" / fx.ENTE),
    "a workbook taken away": lambda f: (f / "ente" / fx.TECNICO).unlink(),
    "a workbook renamed": lambda f: (f / "ente" / fx.TECNICO).rename(f / "ente" / "altro.xlsx"),
    "a letterhead put there": lambda f: (f / "ente" / "carta_intestata.docx").write_bytes(b"x"),
    "the arms put there": lambda f: (f / "ente" / "stemma.png").write_bytes(b"x"),
    "a folder named as a workbook": lambda f: (f / "ente" / "x.xlsx").mkdir(),
    "a document touched": lambda f: _append(f / "uscita/2024/relazione_2024.docx"),
    "a document cut": lambda f: (f / "uscita/2024/consolidato_2024.xlsx").write_bytes(b""),
    "a document taken away": lambda f: (f / "uscita/2024/relazione_2024.docx").unlink(),
    "no manifest": lambda f: (f / MANIFEST).unlink(),
    "a manifest cut": lambda f: (f / MANIFEST).write_text("{"),
    "another program": lambda f: _edit(f / MANIFEST, lambda m: m["versioni"].update(programma="0")),
    "another library": lambda f: _edit(f / MANIFEST, lambda m: m["versioni"].update(pandas="0")),
    "a manifest of before": lambda f: _edit(f / MANIFEST, lambda m: m.pop("ingresso")),
    "a manifest that does not tell all": lambda f: _edit(f / MANIFEST, lambda m: m.pop("bozza")),
    "no documents in it": lambda f: _edit(f / MANIFEST, lambda m: m.update(documenti={})),
}


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS)
def test_what_has_changed_is_done_again(fatta: Path, spoil: Callable[[Path], object]) -> None:
    assert still_holds(fatta)
    spoil(fatta)
    assert not still_holds(fatta)


def test_what_is_asked_for_besides_is_done_again(fatta: Path) -> None:
    assert not still_holds(fatta, Chiesto(pubblica=True))
    assert not still_holds(fatta, Chiesto(pagine=True))


def test_what_is_not_read_changes_nothing(fatta: Path) -> None:
    (fatta / "ente" / "vecchie").mkdir()
    os.utime(fatta / "ente" / fx.TECNICO, (0, 0))
    os.utime(fatta / "uscita/2024/relazione_2024.docx", (0, 0))
    assert still_holds(fatta)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among its files")
def test_a_pipe_among_the_workbooks_is_not_waited_for(fatta: Path) -> None:
    os.mkfifo(fatta / "ente" / "tubo.xlsx")
    assert manifest.ingresso(fatta / "ente")["tubo.xlsx"] == ""


def test_an_ente_done_is_passed_over_with_its_figures(
    fatta: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "relazione", None)
    fatto = enti.fai(fatta / "ente", fatta / "uscita", NIENTE)
    assert (fatto.esito, fatto.gia_fatto, fatto.anno, fatto.perche) == ("pronti", True, 2024, "")
    assert fatto.percentuali == {"pubblicata": 96.67, "settori": 96.67, "obiettivi": 95.0}
    assert fatto.rilievi == {"blocca": 0, "da correggere": 0, "avviso": 0}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not take such names")
def test_a_name_that_is_no_text_is_known_again(fatta: Path) -> None:
    (fatta / "ente" / os.fsdecode(b"\xff \xe8.txt")).write_bytes(b"x")
    fatti = [enti.fai(fatta / "ente", fatta / "uscita", NIENTE).gia_fatto for _ in range(2)]
    assert fatti == [False, True]


def test_a_draft_says_what_blocks_also_when_it_is_passed_over(fatta: Path) -> None:
    (fatta / "ente" / fx.TECNICO).unlink()
    prima, dopo = (enti.fai(fatta / "ente", fatta / "uscita", NIENTE) for _ in range(2))
    perche = f"M07 {fx.TECNICO}: file mancante"
    assert (prima.esito, prima.perche, prima.gia_fatto) == ("bozza", perche, False)
    assert (dopo.esito, dopo.perche, dopo.gia_fatto) == ("bozza", perche, True)


def test_of_a_draft_the_first_thing_that_blocks_is_told_and_how_many_there_are(fatta: Path) -> None:
    for nome in (fx.TECNICO, fx.RAGIONERIA):
        (fatta / "ente" / nome).unlink()
    fatto = enti.fai(fatta / "ente", fatta / "uscita", NIENTE)
    assert fatto.perche == f"M07 {fx.RAGIONERIA}: file mancante (e 1 altra cosa blocca)"


@pytest.mark.skipif(sys.platform == "win32", reason="links are for the administrator")
def test_a_link_to_a_folder_that_is_gone_is_an_ente_that_fails(tmp_path: Path) -> None:
    (tmp_path / "enti").mkdir()
    (tmp_path / "enti" / "rotta").symlink_to(tmp_path / "non_c_e")
    (trovata,) = enti.trova(tmp_path / "enti").enti
    fatto = enti.fai(trovata, tmp_path / "uscita", NIENTE)
    assert (fatto.ente, fatto.esito) == ("rotta", "non riuscito")


def test_without_a_year_the_reason_is_the_finding(fatta: Path) -> None:
    (fatta / "ente" / fx.ENTE).write_bytes(b"x")
    fatto = enti.fai(fatta / "ente", fatta / "uscita", NIENTE)
    assert fatto.esito == "nessun documento" and fatto.perche.startswith("F01 ente.xlsx: Il file non è")


@pytest.mark.parametrize(
    ("errore", "perche"),
    [
        (OSError(errno.ENOSPC, "", "x"), "non si riesce a leggere o scrivere x: non c'è più spazio"),
        (PermissionError(errno.EACCES, "", "x"), "scrivere x: non se ne ha il permesso"),
        (MemoryError(), "la memoria del computer non basta"),
        (CartellaInUso("Sta scrivendo «make pdf»."), "Sta scrivendo «make pdf»."),
        (KeyError("pandas"), f"errore del programma: il dettaglio tecnico è in {{}}/{DIFETTO}"),
    ],
)
def test_what_goes_wrong_with_an_ente_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, errore: Exception, perche: str
) -> None:
    def guasto(*_: object) -> None:
        raise errore

    cartella, uscita = fx.write_world(tmp_path / "ente"), tmp_path / "uscita"
    monkeypatch.setattr(run, "relazione", guasto)
    fatto = enti.fai(cartella, uscita, NIENTE)
    assert fatto.esito == "non riuscito" and perche.format(uscita) in fatto.perche
    assert "\n" not in fatto.perche and "Traceback" not in fatto.perche
    assert (uscita / DIFETTO).exists() is isinstance(errore, KeyError)
    assert not isinstance(errore, KeyError) or "KeyError" in (uscita / DIFETTO).read_text("utf-8")


def test_the_technical_part_goes_when_the_ente_is_done(fatta: Path) -> None:
    (fatta / "uscita" / DIFETTO).write_text("di prima")
    (fatta / MANIFEST).unlink()
    assert enti.fai(fatta / "ente", fatta / "uscita", NIENTE).esito == "pronti"
    assert not (fatta / "uscita" / DIFETTO).exists()


def test_what_became_of_the_documents_of_before_is_told(fatta: Path) -> None:
    _append(fatta / "uscita/2024/consolidato_2024.xlsx")
    (fatta / "ente" / fx.TECNICO).unlink()
    fatto = enti.fai(fatta / "ente", fatta / "uscita", NIENTE)
    assert fatto.note == [
        f"{enti.CONSERVATO}: consolidato_2024_ritoccata_1.xlsx",
        f"{enti.TOLTO}: consolidato_2024_da_inviare.xlsx",
    ]
    assert enti.fai(fatta / "ente", fatta / "uscita", NIENTE).note == []


def test_pages_that_were_asked_for_and_are_not_there_are_told(
    fatta: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(impaginatore, "trova", lambda: None)
    for _ in range(2):
        fatto = enti.fai(fatta / "ente", fatta / "uscita", Chiesto(pagine=True))
        assert (fatto.esito, fatto.note) == ("pronti", [enti.SENZA_PAGINE])


def test_a_folder_written_in_by_another_command_is_left_to_it(fatta: Path) -> None:
    (fatta / MANIFEST).unlink()
    with deposito.apri(fatta / "uscita" / "2024", "make pdf"):
        fatto = enti.fai(fatta / "ente", fatta / "uscita", NIENTE)
    assert fatto.esito == "non riuscito" and "«make pdf»" in fatto.perche


def test_an_ente_is_a_folder_with_its_ente_xlsx(tmp_path: Path) -> None:
    for nome in ("a/Ente.XLSX", "b/ente.ods", "c/tecnico.xlsx", ".d/ente.xlsx", "vuota/e/ente.xlsx"):
        (tmp_path / nome).parent.mkdir(parents=True)
        (tmp_path / nome).touch()
    (tmp_path / "ente.txt").touch()
    trovate = enti.trova(tmp_path)
    assert [p.name for p in trovate.enti] == ["a", "b"]
    assert [p.name for p in trovate.altre] == ["c", "vuota"]


# --------------------------------------------------------------------------------------- lotto.jsonl


def test_the_list_grows_by_whole_lines(tmp_path: Path) -> None:
    (tmp_path / diario.NOME).write_text('{"ente": "a"}\n{"ente": "b', "utf-8")
    with diario.apri(tmp_path) as annota:
        annota(Fatto("c\udce9", "non riuscito", "è così"))
        with pytest.raises(CartellaInUso, match="un altro «make lotto»"), diario.apri(tmp_path):
            pass
    righe = (tmp_path / diario.NOME).read_text("utf-8").splitlines()
    assert [json.loads(riga)["ente"] for riga in righe] == ["a", "c\udce9"]
    assert "è così" in righe[1]


@pytest.mark.skipif(sys.platform != "linux", reason="no such file elsewhere")
def test_a_list_that_cannot_grow_is_named() -> None:
    with Path("/dev/full").open("ab", buffering=0) as pieno, pytest.raises(OSError) as preso:
        files.aggiungi_riga(pieno, {})
    assert preso.value.filename == "/dev/full"


# --------------------------------------------------------------------------------------- the command


@pytest.fixture
def ad_uno_ad_uno(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command with no cluster: one ente after the other, in this process."""

    def lavora(_: object, cartelle: list[Path], uscita: Path, chiesto: Chiesto) -> Iterator[Fatto]:
        for cartella in cartelle:
            if (cartella / "ferma").exists():
                raise KeyboardInterrupt
            yield enti.fai(cartella, uscita / cartella.name, chiesto)

    monkeypatch.setattr(comando, "_cluster", lambda *_: (nullcontext, lavora))


def lotto(radice: Path, *altro: str) -> Result:
    cartelle = ["--cartella", str(radice / "enti"), "--uscita", str(radice / "uscita")]
    return CliRunner().invoke(comandi.app, ["lotto", *cartelle, *altro])


def lines(radice: Path) -> list[dict[str, Any]]:
    testo = (radice / "uscita" / diario.NOME).read_text("utf-8")
    return [json.loads(riga) for riga in testo.splitlines()]


@pytest.mark.usefixtures("ad_uno_ad_uno")
def test_the_command_goes_on_from_where_it_was_stopped(tmp_path: Path) -> None:
    for nome in ("alfa", "beta"):
        fx.write_world(tmp_path / "enti" / nome)
    (tmp_path / "enti" / "altro").mkdir()
    (tmp_path / "enti" / "beta" / "ferma").touch()
    fermato = lotto(tmp_path)
    assert fermato.exit_code == Fine.INTERROTTO
    assert "Interrotto: 1 di 2." in fermato.output and "Ripetere lo stesso comando" in fermato.output
    assert "lasciate: «altro»" in fermato.output
    (tmp_path / "enti" / "beta" / "ferma").unlink()
    ripreso = lotto(tmp_path)
    assert ripreso.exit_code == Fine.FATTO
    assert "Enti: 2 (di cui 1 già fatto e non cambiato). Documenti pronti 2" in ripreso.output
    for nome in (insieme.LOTTO, insieme.CONFRONTO, insieme.PAGINA):
        assert str(tmp_path / "uscita" / nome) in ripreso.output
        assert (tmp_path / "uscita" / nome).exists() and nome not in fermato.output
    assert [(r["ente"], r["gia_fatto"]) for r in lines(tmp_path)[1:]] == [
        ("alfa", True),
        ("beta", False),
    ]


@pytest.mark.usefixtures("ad_uno_ad_uno")
def test_one_ente_that_fails_leaves_the_others_alone(tmp_path: Path) -> None:
    for nome in ("alfa", "beta"):
        fx.write_world(tmp_path / "enti" / nome)
    (tmp_path / "enti" / "alfa" / fx.ENTE).write_bytes(b"x")
    fatto = lotto(tmp_path)
    assert fatto.exit_code == Fine.DA_SISTEMARE and "  alfa: F01 ente.xlsx" in fatto.output
    dove = f'CARTELLA="{tmp_path / "enti" / "alfa"}"'
    assert f"Che cosa scrivere, cella per cella: controlla {dove}" in fatto.output
    assert {r["ente"]: r["esito"] for r in lines(tmp_path)} == {
        "alfa": "nessun documento",
        "beta": "pronti",
    }
    shutil.rmtree(tmp_path / "enti" / "beta")
    assert lotto(tmp_path).exit_code == Fine.NIENTE


@pytest.mark.parametrize(
    ("prepara", "altro", "detto"),
    [
        (lambda enti: enti.mkdir(), [], "nessuna cartella ha un ente.xlsx"),
        (fx.write_world, [], "è la cartella di un ente solo: make relazione."),
        (lambda enti: fx.write_world(enti / "a"), ["--uscita", "enti"], "vi si mescolerebbe"),
        (lambda enti: fx.write_world(enti / "a"), ["--uscita", "enti/a/x"], "vi si mescolerebbe"),
        (lambda enti: fx.write_world(enti / "a"), ["--processi", "tanti"], "PROCESSI=tanti non si"),
        (lambda enti: fx.write_world(enti / "a"), ["--processi", "2", "--scheduler", "x"], "l'uno o"),
    ],
)
def test_what_cannot_be_followed_is_said_before_anything_is_read(
    tmp_path: Path,
    prepara: Callable[[Path], object],
    altro: list[str],
    detto: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    prepara(tmp_path / "enti")
    fatto = lotto(tmp_path, *altro)
    assert fatto.exit_code == Fine.COMANDO_SBAGLIATO and detto in fatto.output.replace("\n", " ")
    assert not (tmp_path / "uscita").exists()


def test_without_the_extra_the_command_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fx.write_world(tmp_path / "enti" / "a")
    monkeypatch.delitem(sys.modules, "pipeline.lotto.cluster", raising=False)
    monkeypatch.delattr("pipeline.lotto.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    fatto = lotto(tmp_path)
    assert fatto.exit_code == Fine.COMANDO_SBAGLIATO and "make lotto" in fatto.output


# --------------------------------------------------------------------------------------- the cluster


@pytest.fixture
def cluster() -> Any:
    """The room that needs dask."""
    if find_spec("distributed") is None:
        manca = "distributed is not there: pip install -r requirements-lotto.txt"
        pytest.fail(manca) if os.environ.get("CI") == "true" else pytest.skip(manca)
    from pipeline.lotto import cluster

    return cluster


def dies_once(cartella: Path, uscita: Path, chiesto: Chiesto) -> Fatto:
    """As `enti.fai`, in a process that is killed the first time it has the ente named so."""
    segno = cartella / "morto"
    if cartella.name == "muore" and not segno.exists():
        segno.mkdir()
        os.kill(os.getpid(), signal.SIGKILL)
    return enti.fai(cartella, uscita, chiesto)


def deaf_to_ctrl_c() -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_a_process_that_dies_costs_nothing_to_anyone(
    tmp_path: Path, done: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three enti, one broken and one whose process is killed: each is told once, and the documents are
    those that a run alone makes."""
    monkeypatch.setattr(cluster, "_nel_processo", dies_once)
    cartelle = [fx.write_world(tmp_path / nome) for nome in ("muore", "rotto", "sano")]
    (tmp_path / "rotto" / fx.ENTE).write_bytes(b"x")
    with cluster.locale(2, 3) as client:
        assert set(client.run(deaf_to_ctrl_c).values()) == {True}
        assert set(client.run(os.getenv, "MALLOC_TRIM_THRESHOLD_").values()) == {None}
        fatti = list(cluster.esegui(client, cartelle, tmp_path / "uscita", NIENTE))
    assert not deaf_to_ctrl_c()
    assert sorted((fatto.ente, fatto.esito) for fatto in fatti) == [
        ("muore", "pronti"),
        ("rotto", "nessun documento"),
        ("sano", "pronti"),
    ]
    attesi = manifest.documenti(done / "uscita" / "2024")
    for ente in ("muore", "sano"):
        assert manifest.documenti(tmp_path / "uscita" / ente / "2024") == attesi


def test_an_ente_that_ends_its_processes_is_tried_again_alone(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside another that ends them it is not its fault; alone, it is given up."""
    giri = []

    def giro(_: object, cartelle: list[Path], *__: object) -> Iterator[tuple[Path, Fatto | None]]:
        giri.append([cartella.name for cartella in cartelle])
        for cartella in cartelle:
            bene = cartella.name == "sano" or (cartella.name == "vicino" and len(cartelle) == 1)
            yield cartella, Fatto(cartella.name, "pronti") if bene else None

    monkeypatch.setattr(cluster, "_giro", giro)
    cartelle = [tmp_path / nome for nome in ("grosso", "vicino", "sano")]
    fatti = {f.ente: f for f in cluster.esegui(None, cartelle, tmp_path, NIENTE)}
    assert giri == [["grosso", "vicino", "sano"], ["grosso"], ["vicino"]]
    assert {nome: fatto.esito for nome, fatto in fatti.items()} == {
        "grosso": "non riuscito",
        "vicino": "pronti",
        "sano": "pronti",
    }
    assert "finito di colpo" in fatti["grosso"].perche
    da_solo = f'CARTELLA="{tmp_path / "grosso"}" USCITA="{tmp_path / "grosso"}" PAGINE=no'
    assert fatti["grosso"].perche.endswith(f"make relazione {da_solo}")


def test_a_scheduler_that_does_not_answer_is_said(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ATTESA", 0.2)
    with (
        pytest.raises(Fermato, match=r"127\.0\.0\.1:1 non risponde"),
        cluster.lontano("tcp://127.0.0.1:1"),
    ):
        pass
    # a scheduler that is lost on the way is told in Italian, and only so
    for nome in ("distributed.client", "distributed.scheduler", "distributed.nanny"):
        assert not logging.getLogger(nome).isEnabledFor(logging.ERROR)


def test_processes_that_do_not_start_are_said(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def ends_at_once(*_: object, **__: object) -> None:
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr(cluster, "LocalCluster", ends_at_once)
    with pytest.raises(Fermato, match="PROCESSI=1") as fermato, cluster.locale(1, 1):
        pass
    assert fermato.value.fine == Fine.NON_RIUSCITO


def test_a_scheduler_that_wants_certificates_is_said(cluster: Any) -> None:
    with pytest.raises(Fermato, match="certificati"), cluster.lontano("tls://127.0.0.1:1"):
        pass


def test_there_are_no_more_processes_than_enti_and_they_leave_nothing(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with cluster.locale(8, 1) as client:
        assert len(client.nthreads()) == 1
        assert len(list(tmp_path.iterdir())) == 1
    assert not list(tmp_path.iterdir())
