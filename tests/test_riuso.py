"""What who takes the program from the catalogue of reuse finds: its card, its licences, its wheel."""

import re
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

import licenze
import pytest
from conftest import RADICE
from typer.testing import CliRunner

from pipeline import __version__, del_progetto, installato
from pipeline.cli.comandi import app
from pipeline.documents.word import guida
from pipeline.fine import Fine

CATEGORIE = {  # those of the vocabulary that could be of a program like this
    *("accounting", "budgeting", "business-intelligence", "business-process-management"),
    *("collaboration", "compliance-management", "data-analytics", "data-collection"),
    *("data-visualization", "document-management", "employee-management", "financial-reporting"),
    *("hr", "office", "productivity-suite", "project-management", "workflow-management"),
}
OBBLIGATORIE = {  # publiccode.yml 0.5, with the values that a closed one admits
    "publiccodeYmlVersion": {"0.5"},
    "name": None,
    "url": None,
    "platforms/0": {"web", "windows", "mac", "linux", "ios", "android"},
    "developmentStatus": {"concept", "development", "beta", "stable", "obsolete"},
    "softwareType": {"standalone/desktop", "standalone/other"},
    "description/it/shortDescription": None,
    "description/it/longDescription": None,
    "description/it/features/0": None,
    "legal/license": {"EUPL-1.2"},
    "maintenance/type": {"internal", "contract", "community", "none"},
    "maintenance/contacts/0/name": None,  # where it is internal
    "localisation/localisationReady": {"true", "false"},
    "localisation/availableLanguages/0": {"it"},
}
DI_CHI_PUBBLICA = {
    *("url", "organisation/name", "organisation/uri"),
    *("maintenance/contacts/0/name", "maintenance/contacts/0/email"),
}


def card(testo: str) -> dict[str, str]:
    """The values of a publiccode.yml by their path, in the part of YAML that ours uses."""
    valori: dict[str, str] = {}
    aperte: list[tuple[int, str]] = []
    quante: dict[str, int] = {}
    for riga in re.sub(r"(^| )#.*$", "", testo, flags=re.MULTILINE).splitlines():
        if not riga.strip():
            continue
        rientro, scritto = len(riga) - len(riga.lstrip()), riga.strip()
        while aperte and aperte[-1][0] >= rientro:
            aperte.pop()
        dove = "/".join(nome for _, nome in aperte)
        if valori.get(dove, "").startswith(">-"):
            valori[dove] += f" {scritto}"
            continue
        if scritto.startswith("- "):
            n = quante[dove] = quante.get(dove, -1) + 1
            aperte.append((rientro, str(n)))
            dove, rientro, scritto = f"{dove}/{n}", rientro + 2, scritto[2:]
        chiave = re.fullmatch(r"(\w+):(?: +(.*))?", scritto)
        if chiave:
            aperte.append((rientro, chiave[1]))
            dove = f"{dove}/{chiave[1]}".lstrip("/")
        valore = ((chiave[2] or "") if chiave else scritto).strip()
        if valore:
            valori[dove] = valore.strip('"')
        if valore == ">-":
            valori[dove] = valore
    return {dove: valore.removeprefix(">-").strip() for dove, valore in valori.items()}


SCHEDA = (RADICE / "publiccode.yml").read_text(encoding="utf-8")
VALORI = card(SCHEDA)


def test_the_card_has_what_the_catalogue_asks_for() -> None:
    for dove, ammessi in OBBLIGATORIE.items():
        assert dove in VALORI, dove
        assert ammessi is None or VALORI[dove] in ammessi, (dove, VALORI[dove])
    categorie = {valore for dove, valore in VALORI.items() if dove.startswith("categories/")}
    assert categorie and categorie <= CATEGORIE
    assert len(VALORI["description/it/shortDescription"]) <= 150
    assert 150 <= len(VALORI["description/it/longDescription"]) <= 10_000
    assert VALORI["softwareVersion"] == __version__


def test_the_card_invents_nothing() -> None:
    """What only the publisher knows is empty, and says that it is to be filled in."""
    assert {dove for dove, valore in VALORI.items() if not valore} == DI_CHI_PUBBLICA
    vuote = [riga for riga in SCHEDA.splitlines() if ': ""' in riga]
    assert len(vuote) == len(DI_CHI_PUBBLICA) and all("DA COMPILARE" in riga for riga in vuote)


@pytest.mark.parametrize(
    "nome", ["CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md"]
)
def test_who_looks_for_it_finds_it_from_the_readme(nome: str) -> None:
    assert f"]({nome})" in (RADICE / "README.md").read_text(encoding="utf-8")


def test_every_licence_goes_with_that_of_the_program() -> None:
    fuori = {
        nome: licenza
        for nome, _, licenza in licenze.pacchetti()
        if not licenze.termini(licenza) <= licenze.AMMESSE
    }
    assert not fuori
    assert licenze.PAGINA.read_text(encoding="utf-8") == licenze.pagina()


@pytest.mark.parametrize("nome", sorted(licenze.ALTROVE))
def test_a_licence_that_is_written_down_is_the_one_stated(nome: str) -> None:
    try:
        metadata.metadata(nome)
    except metadata.PackageNotFoundError:
        pytest.skip(f"{nome} is not for this system")
    assert licenze.licenza(nome) == licenze.ALTROVE[nome]


# ------------------------------------------------------------------------------------- the example


def test_an_example_is_put_where_there_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named after the command or by make; also in the folder one is in. Every workbook is there."""
    casa = RADICE / "input_workbooks"
    (tmp_path / "qui").mkdir()
    monkeypatch.chdir(tmp_path / "qui")
    for comando in (["nuovo", "."], ["nuovo", "--cartella", "../l'anno è/nuovo"]):
        fatto = CliRunner().invoke(app, comando)
        assert fatto.exit_code == 0, fatto.output
        cartella = Path(comando[-1])
        assert {p.relative_to(cartella): p.read_bytes() for p in cartella.rglob("*.xlsx")} == {
            p.relative_to(casa): p.read_bytes() for p in casa.rglob("*.xlsx")
        }
        assert not [p for p in cartella.iterdir() if p.name.startswith(".")]


@pytest.mark.parametrize("presente", ["cartella/ente.xlsx", "cartella"])
def test_an_example_never_takes_the_place_of_anything(tmp_path: Path, presente: str) -> None:
    """Neither of a file in the folder, nor of a file with its name."""
    suo = tmp_path / presente
    suo.parent.mkdir(exist_ok=True)
    suo.write_text("il lavoro di qualcuno", encoding="utf-8")
    fatto = CliRunner().invoke(app, ["nuovo", str(tmp_path / "cartella")])
    assert fatto.exit_code == Fine.COMANDO_SBAGLIATO and "cartella" in fatto.output
    assert suo.read_text(encoding="utf-8") == "il lavoro di qualcuno"
    assert len(list(tmp_path.rglob("*.xlsx"))) == (suo.suffix == ".xlsx")


# --------------------------------------------------------------------------------------- the wheel


def test_what_the_program_takes_from_the_project_is_in_the_wheel() -> None:
    progetto = (RADICE / "pyproject.toml").read_text(encoding="utf-8")
    for nome in ("docs", "input_workbooks"):
        assert f'"{nome}" = "pipeline/_progetto/{nome}"' in progetto
        assert del_progetto(nome).exists()
    assert not installato() and guida.PAGINA.is_file()


@pytest.mark.lungo
def test_the_wheel_gives_the_same_bytes_as_the_project(tmp_path: Path) -> None:
    """Installed from the network in a clean environment, and run from the root of the disk."""
    programma = installed(tmp_path)
    subprocess.run([programma, "nuovo", tmp_path / "es"], cwd="/", check=True)
    di_casa = [sys.executable, "-m", "pipeline"]
    for esempio in ("", "esempio_missioni"):
        for comando, cartelle, da, uscita in (
            ([programma], tmp_path / "es", "/", "ruota"),
            (di_casa, RADICE / "input_workbooks", RADICE, "casa"),
        ):
            opzioni = ["--cartella", cartelle / esempio, "--uscita", tmp_path / uscita]
            subprocess.run([*comando, "relazione", *opzioni], cwd=da, check=True)
    assert contents(tmp_path / "ruota") == contents(tmp_path / "casa")
    assert len(contents(tmp_path / "casa")) == 6
    scrive = "import sys; from pipeline.documents.word.guida import in_word as g; "
    scrive += "sys.stdout.buffer.write(g('Ente', 2020))"
    comando = [programma.with_name("python"), "-c", scrive]
    assert subprocess.check_output(comando, cwd="/") == guida.in_word("Ente", 2020)


def installed(dove: Path) -> Path:
    """The program as a wheel leaves it, with the components of requirements.txt."""
    pip = ["-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([sys.executable, *pip, "wheel", "--no-deps", "-w", dove, RADICE], check=True)
    venv.create(dove / "pulito", with_pip=True)
    programmi = dove / "pulito" / ("Scripts" if sys.platform == "win32" else "bin")
    installa = [programmi / "python", *pip, "install"]
    subprocess.run([*installa, "-r", RADICE / "requirements.txt"], check=True)
    subprocess.run([*installa, "--no-deps", *dove.glob("*.whl")], check=True)
    return programmi / "relazione-performance"


def contents(cartella: Path) -> dict[str, bytes]:
    """What was written, but for what tells the time and the machine."""
    return {
        percorso.relative_to(cartella).as_posix(): percorso.read_bytes()
        for percorso in cartella.rglob("*")
        if percorso.suffix in (".xlsx", ".docx")
    }
