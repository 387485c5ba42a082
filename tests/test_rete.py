"""No connection is made, by the program or by any process that it starts (docs/sicurezza.md)."""

import os
import subprocess
import sys
from pathlib import Path

import carte
import pytest
from conftest import RADICE
from test_pdf import un_soffice

from pipeline.documents.word import impaginatore
from pipeline.files import CARTA_INTESTATA

WATCH = """
import os, sys
def segna(riga):
    with open(os.environ["SPIATI"], "a") as flusso:
        flusso.write(riga + "\\n")
esterni = ("socket.connect", "socket.bind", "socket.get", "socket.send", "urllib.", "http.")
def spia(evento, argomenti):
    if evento.startswith(esterni):
        segna(f"{evento} {argomenti}")
sys.addaudithook(spia)
segna(f"processo {os.getpid()}")
"""
"""What Python runs first in every process that has it on its path: it writes down whoever calls out."""

posix = pytest.mark.skipif(
    os.name != "posix", reason="the program in the place of LibreOffice is a script"
)


@posix
def test_the_program_and_its_children_call_nobody(ente: Path, tmp_path: Path) -> None:
    """With everything that a run may do, and a letterhead that would lead outside."""
    indirizzo = "http://127.0.0.1:9/stemma.png"
    sito = carte.rel("rId9", "hyperlink", indirizzo, "External")
    legata = carte.add_rel(carte.ITALIAN, "word/header1.xml", sito)
    (ente / CARTA_INTESTATA).write_bytes(legata)
    (ente / "stemma.png").write_bytes(carte.png())
    spie = tmp_path / "spie"
    spie.mkdir()
    (spie / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    reti = tmp_path / "reti"
    un_soffice(tmp_path, f"cat /proc/net/dev >>'{reti}'")
    ambiente = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(spie), str(RADICE))),
        "PATH": os.pathsep.join((str(tmp_path), os.environ["PATH"])),
        "SPIATI": str(tmp_path / "spiati"),
    }
    comando = [sys.executable, "-m", "pipeline", "pdf", "--pubblica", "--cartella", str(ente)]
    subprocess.run([*comando, "--uscita", str(tmp_path / "fuori")], env=ambiente, capture_output=True)
    righe = (tmp_path / "spiati").read_text(encoding="utf-8").splitlines()
    assert [riga for riga in righe if not riga.startswith("processo ")] == []
    assert len(righe) >= 2, "the run, and the child that reads"
    assert len(list((tmp_path / "fuori").rglob("*.docx"))) == 2
    if impaginatore.senza_rete():
        viste = {riga.split(":")[0].strip() for riga in reti.read_text().splitlines() if ":" in riga}
        assert viste == {"lo"}, "LibreOffice sees no network"
