"""`make esempio`: an ente that does not exist, small, where every thing the forms admit is used once.

What it says is in ente_inventato.toml; the forms are written by the program's own writers. One settore
has not delivered and another has made mistakes; what they send afterwards waits in a folder beside.
"""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline import ingest, modelli, run
from pipeline.documents.ritorno import nucleo as del_nucleo
from pipeline.tables import COLONNE, Riga, Tabelle, costruisci
from pipeline.workbooks import ente, nucleo

DATI = Path(__file__).with_name("ente_inventato.toml")
ARRIVATI_DOPO = "arrivati_dopo"
"""What the two settori send afterwards; folders inside that of the year are not read."""
DI_ENTE = ("elenco", "testi", "destinatari", "accettati", "risorse", "premi")
CHIAVE = {"ente": ("chiave", "valore"), "parametri": ("parametro", "valore")}
"""The sheets that are a list of names with their value."""


def scrivi(cartella: Path) -> None:
    """Write the ente into an empty folder, made if need be: always the same bytes.

    Raises OSError; interrupted before the end, it leaves the folder as it was.
    """
    cartella.mkdir(parents=True, exist_ok=True)
    dati = tomllib.loads(DATI.read_text(encoding="utf-8"))
    errori = dati["errori"]
    with TemporaryDirectory(dir=cartella, prefix=".~") as provvisoria:
        qui = Path(provvisoria)
        dopo = qui / ARRIVATI_DOPO
        dopo.mkdir()
        ente.scrivi(qui / ente.FILE, _di_ente(dati), int(dati["ente"]["anno"]))
        base = ingest.raccogli(qui)
        for settore, elencato in base.tabelle.elencati.items():
            righe = _di_settore(settore, dati)
            tardi = settore in (errori["manca"], errori["sbagliato"])
            percorso = (dopo if tardi else qui) / f"{settore}.xlsx"
            modelli.scrivi_settore(percorso, base, elencato, costruisci(righe))
            if settore == errori["sbagliato"]:
                _guasta(righe, errori["celle"])
                modelli.scrivi_settore(qui / percorso.name, base, elencato, costruisci(righe))
        _scrivi_nucleo(qui, dati["nucleo"])
        for voce in qui.iterdir():
            voce.rename(cartella / voce.name)


def _di_ente(dati: Riga) -> Tabelle:
    tabelle = {nome: [_tipata(nome, riga) for riga in dati[nome]] for nome in DI_ENTE}
    for nome, (chiave, valore) in CHIAVE.items():
        tabelle[nome] = [{chiave: k, valore: v} for k, v in dati[nome].items()]
    return costruisci(tabelle)


def _di_settore(settore: str, dati: Riga) -> dict[str, list[Riga]]:
    """The rows of the workbook of a settore by table, numbered as they stand in the file."""
    suo = dati["settori"][settore]
    testata = {"settore": settore, "anno": int(dati["ente"]["anno"])}
    righe = {"settori": [testata | {k: v for k, v in suo.items() if isinstance(v, str)}]}
    for nome in ("voci", "missioni"):
        righe[nome] = [{"settore": settore, "n": n, **r} for n, r in enumerate(suo.get(nome, []), 1)]
    for numero, scheda in enumerate(suo["schede"], start=1):
        chiave = {"settore": settore, "scheda": numero}
        righe.setdefault("schede", []).append(chiave | _piane(scheda))
        for nome, riga in _della_scheda(scheda):
            righe.setdefault(nome, []).append(chiave | riga)
    return {nome: [_tipata(nome, riga) for riga in sue] for nome, sue in righe.items()}


def _della_scheda(scheda: Riga) -> Iterator[tuple[str, Riga]]:
    """The rows inside a scheda, with their table."""
    for nome in ("collegamenti", "indicatori", "stati"):
        for n, riga in enumerate(scheda[nome], start=1):
            yield nome, {"n": n, **riga}
    for n, obiettivo in enumerate(scheda["obiettivi"], start=1):
        yield "obiettivi", {"n": n, **_piane(obiettivo)}
        for fase_n, fase in enumerate(obiettivo.get("fasi", []), start=1):
            yield "fasi", {"obiettivo": n, "n": fase_n, **fase}


def _piane(riga: Riga) -> Riga:
    return {chiave: valore for chiave, valore in riga.items() if not isinstance(valore, list)}


def _tipata(tabella: str, riga: Riga) -> Riga:
    """A row with its numbers as the tables have them: TOML has no decimals, and amounts are texts."""
    decimali = {colonna.nome for colonna in COLONNE[tabella] if colonna.tipo == "decimale"}
    return {k: Decimal(v) if k in decimali else v for k, v in riga.items()}


def _guasta(righe: dict[str, list[Riga]], celle: list[Any]) -> None:
    """Spoil some cells, as a responsabile in a hurry would."""
    for cella in celle:
        riga = righe[cella["tabella"]][cella["riga"]]
        nuovi = {k: v for k, v in cella.items() if k not in ("tabella", "riga", "togli")}
        riga.update(_tipata(cella["tabella"], nuovi))
        for chiave in cella.get("togli", []):
            del riga[chiave]


def _scrivi_nucleo(cartella: Path, giudizi: dict[str, Riga]) -> None:
    """The workbook of the Nucleo, as `make nucleo` makes it of what is there, and what it answers."""
    fascicolo = run.controlla(cartella).fascicolo
    assert fascicolo is not None  # the ente has its year
    righe = [
        riga | _tipata("giudizi", giudizi.get(riga["obiettivo"], {}))
        for riga in del_nucleo.righe(fascicolo)
    ]
    nome = fascicolo.ente["denominazione"]
    nucleo.scrivi(cartella / nucleo.FILE, nome, fascicolo.anno, righe)
