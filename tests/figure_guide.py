"""The pictures of the guides: what the program makes of the invented ente, laid out by LibreOffice.

    PYTHONPATH=. .venv/bin/python tests/figure_guide.py

Beside the pictures (docs/figure) the words that each one shows are kept, with their place in it
(tests/golden/figure.txt): a test lays the pages out again and compares those, which do not depend on
how a letter is drawn. `make golden` does this too.
"""

import hashlib
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import NamedTuple

import chromium
import openpyxl
from libreoffice import ConversionError, soffice
from lxml import etree
from openpyxl.formatting.formatting import ConditionalFormattingList
from PIL import Image, PngImagePlugin

from pipeline import inventato, run

CARTELLA = Path(__file__).parent.parent / "docs" / "figure"
PAROLE = Path(__file__).with_name("golden") / "figure.txt"
COLORI, DPI = 32, 120
"""How many colours a picture has, and its points to the inch of the page."""
DISEGNO = CARTELLA / "glossario.svg"
SEGNO = "Parole"
"""In a picture: the print of the words that it shows, or of the drawing that it is of."""


class Figura(NamedTuple):
    """A piece of a page: the first of `file` that holds `cerca`; left, top, right, bottom as parts of
    it."""

    file: str
    cerca: str
    pezzo: tuple[float, float, float, float]


class Parola(NamedTuple):
    """A word with its place in the picture, in hundredths of it."""

    testo: str
    x: float
    y: float


FIGURE = {
    "settori": Figura("ente", "SETTORI", (0.03, 0.04, 0.97, 0.36)),
    "scheda-obiettivi": Figura("affari", "SCHEDA 1", (0.02, 0.05, 0.80, 0.46)),
    "scheda-indicatori": Figura("affari", "SCHEDA 1", (0.02, 0.45, 0.99, 0.92)),
    "valutazione": Figura("affari", "VALUTAZIONE DEL SETTORE", (0.02, 0.05, 0.73, 0.43)),
    "missioni": Figura("sociale", "OBIETTIVI OPERATIVI PER MISSIONE", (0.02, 0.05, 0.70, 0.28)),
    "consegne": Figura("controlli_2025", "stato consegne", (0.02, 0.05, 0.99, 0.32)),
    "da-correggere": Figura("tecnico", "DA CORREGGERE", (0.05, 0.08, 0.98, 0.40)),
    "celle-annotate": Figura("tecnico", "SCHEDA 1", (0.02, 0.30, 0.80, 0.62)),
    "nucleo": Figura("nucleo", "OBIETTIVI PER IL NUCLEO", (0.02, 0.05, 0.99, 0.35)),
    "inizio": Figura("inizio", "Comune di Fontelieta", (0.02, 0.03, 0.98, 0.405)),
    "in-una-pagina": Figura("relazione_2025", "Che cosa si chiede", (0.08, 0.05, 0.92, 0.74)),
    "scheda-relazione": Figura("relazione_2025", "AG – Affari generali", (0.08, 0.05, 0.92, 0.475)),
}
ITALIANO = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>it-IT</value></prop></item>
</oor:items>
"""
"""A profile of LibreOffice that writes numbers as an office of ours sees them."""


def impagina(cartella: Path) -> Path:
    """The documents that are pictured, as PDFs in a folder: they are made by the program from the
    invented ente, as it arrives and as it is when nothing is missing. Raises ConversionError."""
    arrivato, completo, pdf = cartella / "arrivato", cartella / "completo", cartella / "pdf"
    inventato.scrivi(arrivato)
    run.rimanda(arrivato, cartella / "controllato")
    shutil.copytree(arrivato, completo)
    shutil.copytree(arrivato / inventato.ARRIVATI_DOPO, completo, dirs_exist_ok=True)
    run.relazione(completo, cartella / "fatto")
    controllato, fatto = cartella / "controllato" / "2025", cartella / "fatto" / "2025"
    inizio = _solo_il_primo_foglio(fatto / "consolidato_2025.xlsx", cartella / "inizio.xlsx")
    arrivati = [arrivato / f"{nome}.xlsx" for nome in ("ente", "affari", "sociale", "nucleo")]
    ritorno = [controllato / "controlli_2025.xlsx", controllato / "da_correggere" / "tecnico.xlsx"]
    _in_pdf([*arrivati, *ritorno, inizio, fatto / "relazione_2025.docx"], pdf, cartella / "profilo")
    return pdf


def _in_pdf(documenti: list[Path], dove: Path, profilo: Path) -> None:
    (profilo / "user").mkdir(parents=True)
    (profilo / "user" / "registrymodifications.xcu").write_text(ITALIANO, encoding="utf-8")
    comando = [soffice() or "soffice", f"-env:UserInstallation={profilo.as_uri()}", "--headless"]
    subprocess.run(
        [*comando, "--convert-to", "pdf", "--outdir", dove, *documenti],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=180,
        check=False,  # it tells nothing: what counts is whether the files are there
    )
    if mancano := [d.name for d in documenti if not (dove / f"{d.stem}.pdf").exists()]:
        raise ConversionError(f"not laid out: {', '.join(mancano)}")


def _solo_il_primo_foglio(da: Path, a: Path) -> Path:
    """A workbook with its first sheet, and the figures in it: all of it takes half a minute to lay
    out."""
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # the bars inside cells
        libro = openpyxl.load_workbook(da, data_only=True)
    for foglio in libro.worksheets[1:]:
        del libro[foglio.title]
    libro.worksheets[0].conditional_formatting = ConditionalFormattingList()
    libro.defined_names.clear()
    libro.save(a)
    return a


def parole(pdf: Path, nome: str) -> tuple[int, list[Parola]]:
    """The page that a picture is of, and the words in the picture. Raises LookupError if no page says
    what it looks for."""
    figura = FIGURE[nome]
    sinistra, alto, destra, basso = figura.pezzo
    comando = ["pdftotext", "-bbox", pdf / f"{figura.file}.pdf", "-"]
    radice = etree.fromstring(subprocess.check_output(comando), etree.XMLParser(recover=True))
    for n, pagina in enumerate(radice.iter("{*}page"), start=1):
        if figura.cerca not in " ".join(parola.text or "" for parola in pagina):
            continue
        larga, alta = float(pagina.get("width")), float(pagina.get("height"))
        trovate = []
        for parola in pagina:
            x, y = float(parola.get("xMin")) / larga, float(parola.get("yMin")) / alta
            fine_x, fine_y = float(parola.get("xMax")) / larga, float(parola.get("yMax")) / alta
            if sinistra <= x and fine_x <= destra and alto <= y and fine_y <= basso:
                dove = (x - sinistra) / (destra - sinistra), (y - alto) / (basso - alto)
                trovate.append(Parola(parola.text, *(round(100 * posto, 1) for posto in dove)))
        return n, trovate
    raise LookupError(f"{nome}: no page of {figura.file} says «{figura.cerca}»")


def righe(nome: str, trovate: list[Parola]) -> list[str]:
    return [f"[{nome}]", *(f"{p.x} {p.y} {p.testo}" for p in trovate)]


def lette() -> dict[str, list[Parola]]:
    """The words kept beside the pictures, by picture."""
    figure: dict[str, list[Parola]] = {}
    for riga in PAROLE.read_text(encoding="utf-8").splitlines():
        if riga.startswith("["):
            figure[riga[1:-1]] = qui = []
        else:
            x, y, testo = riga.split(" ", 2)
            qui.append(Parola(testo, float(x), float(y)))
    return figure


def impronta(trovate: list[Parola]) -> str:
    return hashlib.sha256("\n".join(righe("", trovate)).encode()).hexdigest()


def disegna(pdf: Path, nome: str, pagina: int, trovate: list[Parola]) -> None:
    """Write a picture: few colours, and no wider than it is read at."""
    figura = FIGURE[nome]
    with tempfile.TemporaryDirectory() as provvisoria:
        base = Path(provvisoria) / "pagina"
        quale = ["-f", str(pagina), "-l", str(pagina), "-r", str(DPI)]
        comando = ["pdftoppm", "-png", "-singlefile", *quale]
        subprocess.run([*comando, pdf / f"{figura.file}.pdf", base], check=True)
        with Image.open(base.with_suffix(".png")) as intera:
            misure = (intera.width, intera.height) * 2
            pezzo = [round(parte * misura) for parte, misura in zip(figura.pezzo, misure, strict=True)]
            ritaglio = intera.convert("RGB").crop(tuple(pezzo))
    _salva(ritaglio, CARTELLA / f"{nome}.png", impronta(trovate))


def del_glossario() -> None:
    """The drawing of the glossary, which is written by hand, as the guides in Word need it; where there
    is no browser it stays as it is."""
    if browser := next(filter(None, map(shutil.which, chromium.NOMI)), None):
        with tempfile.TemporaryDirectory() as provvisoria:
            foto = Path(provvisoria) / "foto.png"
            comando = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
            comando += [f"--user-data-dir={provvisoria}/profilo", "--force-device-scale-factor=1.5"]
            comando += ["--window-size=760,360", f"--screenshot={foto}", DISEGNO.as_uri()]
            subprocess.run(comando, stderr=subprocess.DEVNULL, timeout=120, check=True)
            with Image.open(foto) as intera:
                _salva(intera.convert("RGB"), DISEGNO.with_suffix(".png"), impronta_del(DISEGNO))


def impronta_del(disegno: Path) -> str:
    return hashlib.sha256(disegno.read_bytes()).hexdigest()


def _salva(figura: Image.Image, dove: Path, di_che: str) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text(SEGNO, di_che)
    ridotta = figura.quantize(COLORI, dither=Image.Dither.NONE)
    ridotta.save(dove, optimize=True, pnginfo=info)


def rifai() -> None:
    """Make every picture again, and the words beside them."""
    CARTELLA.mkdir(exist_ok=True)
    del_glossario()
    testo = []
    with tempfile.TemporaryDirectory() as provvisoria:
        pdf = impagina(Path(provvisoria))
        for nome in FIGURE:
            pagina, trovate = parole(pdf, nome)
            disegna(pdf, nome, pagina, trovate)
            testo += righe(nome, trovate)
    PAROLE.write_text("\n".join(testo) + "\n", encoding="utf-8")


if __name__ == "__main__":
    rifai()
