"""A whole ente against what others would do with it, by size; and our stages: see `confronta`.

Time is of the processor (the process and those it starts), so that what else the machine does weighs
less; memory is the highest of one process. Everybody starts cold, in turn: the best of some rounds.
"""

import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from io import BytesIO
from itertools import cycle
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import bench_abile
import bench_relazione
import python_calamine
import xlsxwriter
from docx import Document
from docx.table import _Cell
from xlsxwriter.format import Format

from pipeline import checks, excel, ingest, measure, modelli, numeri, run, score
from pipeline.documents import consolidato, relazione
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.word import grafici
from pipeline.excel import Foglio
from pipeline.tables import TRASVERSALI, Riga, Tabelle, righe, tabella
from pipeline.workbooks import ente
from pipeline.workbooks.lettore import apri

ESEMPIO = Path(__file__).parent.parent / "input_workbooks"
PER_SETTORE = 12
GIRI = 3
CON_I_PASSI = 1_000
"""Of an ente of more schede only one whole run is measured, and nobody writes our documents again."""
CELLA_PER_CELLA = 100
"""Beyond so many schede nobody waits for who goes cell by cell."""
NOSTRA = (
    "import sys; from pathlib import Path; from pipeline import run; "
    "run.relazione(Path(sys.argv[1]), Path(sys.argv[2]))"
)
LANCIA = (  # small: the memory of a process begins from that of the one that starts it
    "import os, sys; pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ); "
    "_, stato, usato = os.wait4(pid, 0); "
    "print(usato.ru_utime + usato.ru_stime, usato.ru_maxrss, stato)"
)
IMPORT = "import docx, docxtpl, lxml.etree, pandas, python_calamine, xlsxwriter"


class Costo(NamedTuple):
    secondi: float
    mega: float


# --------------------------------------------------------------------------------------------- the ente


def genera(cartella: Path, schede: int) -> None:
    """Write the workbooks of an ente with so many schede, twelve in a settore, through our own forms:
    the rows are those of the example in turn."""
    raccolta = run.controlla(ESEMPIO).raccolta
    codici = [f"settore_{n:03}" for n in range(1, -(-schede // PER_SETTORE) + 1)]
    tabelle = _moltiplica(raccolta.tabelle, codici, schede)
    cartella.mkdir(parents=True)
    ente.scrivi(cartella / ente.FILE, tabelle, 2020)
    base = replace(raccolta, tabelle=tabelle)
    for elencato in tabelle.righe.elenco:
        percorso = cartella / f"{elencato['settore']}.xlsx"
        modelli.scrivi_settore(percorso, base, elencato, _di_uno(tabelle, elencato["settore"]))


def _moltiplica(esempio: Tabelle, codici: list[str], schede: int) -> Tabelle:
    prese = {nome: cycle(_del_settore(righe(df))) for nome, df in esempio.per_nome().items() if len(df)}
    nuove: dict[str, list[Riga]] = {
        nome: [] for nome in ("elenco", "settori", "schede", "voci", "personale", "risorse")
    }
    quante = {"obiettivi": 2, "collegamenti": 1, "indicatori": 6, "stati": 2, "fasi": 4}
    for codice in codici:
        chiavi = {"settore": codice, "denominazione": codice.replace("_", " ").capitalize()}
        nuove["elenco"].append({**next(prese["elenco"]), **chiavi, "modello": "schede"})
        nuove["settori"].append({**next(prese["settori"]), **chiavi, "modello": "schede"})
    for posto in range(schede):
        chiavi = {"settore": codici[posto // PER_SETTORE], "scheda": posto % PER_SETTORE + 1}
        nuove["schede"].append({**next(prese["schede"]), **chiavi})
        for nome, volte in quante.items():
            for n in range(1, volte + 1):
                riga = {**next(prese[nome]), **chiavi, "n": n}
                fase = {"obiettivo": (n + 1) // 2} if nome == "fasi" else {}
                nuove.setdefault(nome, []).append(riga | fase)
        scheda = chiavi["scheda"]
        voce = {"settore": chiavi["settore"], "n": scheda, "schede": str(scheda)}
        nuove["voci"].append({**next(prese["voci"]), **voce})
    return replace(esempio, **{nome: tabella(nome, sue) for nome, sue in nuove.items()})


def _del_settore(sue: list[Riga]) -> list[Riga]:
    return [riga for riga in sue if riga.get("settore") != TRASVERSALI] or sue


def _di_uno(tabelle: Tabelle, settore: str) -> Tabelle:
    proprie = {
        nome: df[df["settore"] == settore].reset_index(drop=True)
        for nome, df in tabelle.per_nome().items()
        if "settore" in df and nome not in ("elenco", "provenienza")
    }
    return replace(tabelle, **proprie)


# -------------------------------------------------------------------------------------- whole processes


def costo(comando: list[str]) -> Costo:
    """What a command takes of the processor, with the processes it starts, and of memory."""
    percorsi = os.pathsep.join((str(ESEMPIO.parent), str(Path(__file__).parent)))
    ambiente = {**os.environ, "PYTHONPATH": percorsi}
    ambiente.pop("PYTHONDONTWRITEBYTECODE", None)  # who uses a program has its modules compiled
    detto = subprocess.check_output([sys.executable, "-c", LANCIA, *comando], env=ambiente)
    secondi, kib, esito = map(float, detto.split()[-3:])
    assert esito == 0, comando
    return Costo(secondi, kib / 1024)


def interi(ingresso: Path, lavoro: Path, schede: int) -> dict[str, Costo]:
    """Every way over the same folder, each in its process, in turn; the best of some rounds."""
    bench_abile.traccia(lavoro / "traccia.docx")
    if schede <= CON_I_PASSI:
        prepara(ingresso, lavoro)
    py, abile = sys.executable, str(Path(bench_abile.__file__))
    dove = [str(ingresso), str(lavoro)]
    comandi = {
        "noi: relazione e due consolidati, senza pagine": [py, "-c", NOSTRA, *dove],
        "(a) chi conosce pandas e docxtpl": [py, abile, "abile", *dove],
        "(a) e i nostri stessi documenti": [py, abile, "abile_stessi", *dove],
        "(b) openpyxl e python-docx, cella per cella": [py, abile, "cella_per_cella", *dove],
        "(b) e i nostri stessi documenti": [py, abile, "celle_stessi", *dove],
        "i soli import": [py, "-c", IMPORT],
    }
    migliori: dict[str, Costo] = {}
    for giro in range(GIRI if schede <= CON_I_PASSI else 1):
        for nome, comando in comandi.items():
            if "stessi" in nome and schede > CON_I_PASSI:
                continue
            if not nome.startswith("(b)") or (giro == 0 and schede <= CELLA_PER_CELLA):
                suo = costo(comando)
                migliori[nome] = min(migliori.get(nome, suo), suo)
    return migliori


def prepara(ingresso: Path, lavoro: Path) -> None:
    """What those who write our documents are given: what they say, read from them."""
    documenti = run.relazione(ingresso, lavoro).documenti
    relazione_nostra = next(p for p in documenti if p.suffix == ".docx")
    modello, blocchi = bench_relazione.per_docxtpl(relazione_nostra)
    pronti = {
        "libri": {p.name: _fogli(p) for p in relazione_nostra.parent.glob("*.xlsx")},
        "modello": modello,
        "blocchi": blocchi,
        "larghezza": grafici.LARGHEZZA,
    }
    (lavoro / bench_abile.PRONTI).write_bytes(pickle.dumps(pronti))


def _fogli(percorso: Path) -> dict[str, list[list[Any]]]:
    libro = python_calamine.load_workbook(percorso)
    return {nome: libro.get_sheet_by_name(nome).to_python() for nome in libro.sheet_names}


def uguali(ingresso: Path, lavoro: Path) -> None:
    """Raises AssertionError unless the others read as many rows as we do, get our means, and write the
    same documents where they say so. After `prepara`, unless the ente is too big for those."""
    esito = run.controlla(ingresso)
    assert esito.fascicolo is not None
    nostre = {s.settore: numeri.percentuale(s.grado) for s in esito.fascicolo.settori}
    schede, vie = len(esito.raccolta.tabelle.schede), [bench_abile.abile]
    if schede <= CON_I_PASSI:
        vie.append(bench_abile.abile_stessi)
    if schede <= CELLA_PER_CELLA:
        vie += [bench_abile.cella_per_cella, bench_abile.celle_stessi]
    for via in vie:
        settori = via(ingresso, lavoro)
        medie = {s["nome"]: f"{s['media']:.2f}".replace(".", ",") for s in settori if s["voci"]}
        assert medie == nostre, (medie, nostre)
        indicatori = sum(len(k["indicatori"]) for s in settori for k in s["schede"])
        assert indicatori == len(esito.raccolta.tabelle.indicatori)
    if schede <= CON_I_PASSI:
        _stessi(lavoro)


def _stessi(lavoro: Path) -> None:
    """Raises AssertionError unless who writes our documents has all their cells, and all their texts."""
    pronti = pickle.loads((lavoro / bench_abile.PRONTI).read_bytes())
    for nome, fogli in pronti["libri"].items():
        for altro in filter(Path.exists, (lavoro / f"abile_{nome}", lavoro / f"celle_{nome}")):
            scritti = _fogli(altro)
            assert all(_piene(scritti[foglio]) == _piene(righe) for foglio, righe in fogli.items())
    nostra = next(lavoro.glob("*/relazione_*.docx"))
    for altra in filter(Path.exists, (lavoro / "abile_stessa.docx", lavoro / "celle_stessa.docx")):
        assert _celle(altra) == _celle(nostra)


def _piene(righe: list[list[Any]]) -> list[Any]:
    """The values of a sheet, in order: of a number the digits that every writer keeps."""
    piene = (valore for riga in righe for valore in riga if valore not in ("", None))
    return [round(valore, 9) if isinstance(valore, float) else valore for valore in piene]


def _celle(documento: Path) -> list[str]:
    """The texts of the tables: of a cell the words alone, whoever breaks its lines."""
    tavole = Document(str(documento)).tables
    celle = [_Cell(tc, tavola) for tavola in tavole for tc in tavola._tbl.iter_tcs()]
    return [" ".join(cella.text.split()) for cella in celle]


# ------------------------------------------------------------------------------------------- our stages


def stadi(ingresso: Path, lavoro: Path) -> dict[str, tuple[float, float, str]]:
    """Seconds of each stage, warm, in this process; of its floor; and what the floor is."""
    file = sorted(ingresso.glob("*.xlsx"))
    foglio, word = lavoro / "c.xlsx", lavoro / "r.docx"
    esito = run.controlla(ingresso)
    raccolta, fascicolo = esito.raccolta, esito.fascicolo
    assert fascicolo is not None
    tabelle = measure.misura(raccolta.tabelle, raccolta.anno)
    celle = _celle_scritte(fascicolo, foglio)
    di_xlsxwriter = migliore(lambda: _con_xlsxwriter(celle, lavoro / "x.xlsx"))
    relazione.scrivi(word, replace(fascicolo))
    return {
        "lettura: guardia e lettore": (
            migliore(lambda: [apri(f) for f in file]),
            migliore(lambda: [_con_calamine(f) for f in file]),
            "calamine da solo, stessi file",
        ),
        "tabelle (con la lettura, nell'altro processo)": (
            migliore(lambda: ingest.raccogli(ingresso)),
            0,
            "",
        ),
        "controlli": (
            migliore(lambda: checks.controlla(tabelle, raccolta.parametri, raccolta.rilievi)),
            0,
            "",
        ),
        "gradi e medie": (
            migliore(lambda: score.valuta(tabelle, raccolta.parametri, raccolta.anno)),
            0,
            "",
        ),
        "un consolidato": (
            migliore(lambda: consolidato.scrivi(foglio, replace(fascicolo))),
            di_xlsxwriter,
            "xlsxwriter, stesse celle",
        ),
        "tutti e due i consolidati": (
            migliore(lambda: _due_consolidati(fascicolo, lavoro)),
            di_xlsxwriter,
            "xlsxwriter, le celle di uno",
        ),
        "relazione": (
            migliore(lambda: relazione.scrivi(word, replace(fascicolo))),
            migliore(lambda: _ricomprimi(word)),
            "le stesse parti, compresse",
        ),
    }


def _due_consolidati(fascicolo: Fascicolo, lavoro: Path) -> None:
    composti = consolidato.componi(replace(fascicolo), anche_da_inviare=True)
    for numero, libro in enumerate(filter(None, composti)):
        libro.salva(lavoro / f"{numero}.xlsx")


def migliore(fa: Callable[[], object], volte: int = 5) -> float:
    tempi = []
    for _ in range(volte):
        inizio = process_time()
        fa()
        tempi.append(process_time() - inizio)
    return min(tempi)


def _con_calamine(file: Path) -> None:
    libro = python_calamine.load_workbook(file)
    for nome in libro.sheet_names:
        libro.get_sheet_by_name(nome).to_python()


Scritto = tuple[int, str, tuple[Any, ...]]


def _celle_scritte(fascicolo: Fascicolo, percorso: Path) -> list[Scritto]:
    """What the consolidato writes, in order: sheet, method, place and value; whole rows as `riga`."""
    chiamate: list[Scritto] = []
    nomi = ("write_string", "write_number", "write_blank", "write_formula", "set_row", "riga")
    veri = {nome: getattr(Foglio, nome) for nome in nomi}

    def segnata(nome: str) -> Callable[..., Any]:
        def chiama(foglio: Any, *argomenti: Any) -> Any:
            chiamate.append((foglio.index, nome, argomenti))
            return veri[nome](foglio, *argomenti)

        return chiama

    for nome in nomi:
        setattr(Foglio, nome, segnata(nome))
    try:
        consolidato.scrivi(percorso, replace(fascicolo))
    finally:
        for nome in nomi:
            setattr(Foglio, nome, veri[nome])
    return [cella for chiamata in chiamate for cella in _una_per_una(*chiamata)]


def _una_per_una(numero: int, nome: str, argomenti: tuple[Any, ...]) -> Iterable[Scritto]:
    """A whole row as xlsxwriter would be asked for it, cell by cell."""
    if nome != "riga":
        yield numero, nome, argomenti
        return
    riga, valori, formati, alta, formule = argomenti
    formule = formule or [""] * len(valori)
    for colonna, (testo, valore, formato) in enumerate(zip(formule, valori, formati, strict=True)):
        posto = (riga - 1, colonna)
        if testo:
            yield numero, "write_formula", (*posto, testo, formato, excel.noto(valore))
        elif valore is None or valore == "":
            yield numero, "write_blank", (*posto, None, formato)
        else:
            come = "write_string" if isinstance(valore, str) else "write_number"
            yield numero, come, (*posto, valore, formato)
    yield numero, "set_row", (riga - 1, alta)


def _con_xlsxwriter(celle: Iterable[Scritto], percorso: Path) -> None:
    libro = xlsxwriter.Workbook(str(percorso), {"in_memory": True})
    formato, fogli = libro.add_format({"text_wrap": True}), {}
    for numero, nome, argomenti in celle:
        if numero not in fogli:
            fogli[numero] = libro.add_worksheet()
        con_formato = [formato if isinstance(a, Format) else a for a in argomenti]
        getattr(fogli[numero], nome)(*con_formato)
    libro.close()


def _ricomprimi(percorso: Path) -> None:
    with (
        zipfile.ZipFile(percorso) as uno,
        zipfile.ZipFile(BytesIO(), "w", zipfile.ZIP_DEFLATED) as altro,
    ):
        for nome in uno.namelist():
            altro.writestr(nome, uno.read(nome))


# --------------------------------------------------------------------------------------------- the tale


def confronta(misure: list[int], lavoro: Path) -> dict[str, list[tuple[float, float]]]:
    """Print what an ente costs, of each size: us, the others, the floors; then our stages. Returns the
    seconds of each way by size."""
    linee: dict[str, list[tuple[float, float]]] = {}
    for schede in misure:
        ingresso, uscita = lavoro / f"ente_{schede}", lavoro / f"uscita_{schede}"
        genera(ingresso, schede)
        uscita.mkdir()
        trovati = interi(ingresso, uscita, schede)
        uguali(ingresso, uscita)
        for nome, suo in trovati.items():
            linee.setdefault(nome.partition(":")[0], []).append((schede, suo.secondi))
        _di(schede, len(list(ingresso.glob("*.xlsx"))), trovati)
        if schede <= CON_I_PASSI:
            _passi(ingresso, uscita)
    return linee


def _di(schede: int, file: int, trovati: dict[str, Costo]) -> None:
    print(f"Un ente di {schede} schede in {file} file, da freddo (stesse righe, stesse medie)")
    abile = next(c for nome, c in trovati.items() if nome.startswith("(a)"))
    for nome, suo in trovati.items():
        rapporto = f"{suo.secondi / abile.secondi:6.2f} volte (a)"
        print(f"  {nome:<50}{suo.secondi:8.2f} s{suo.mega:7.0f} MiB  {rapporto}", flush=True)


def _passi(ingresso: Path, uscita: Path) -> None:
    print("  i nostri passi, a caldo")
    for nome, (secondi, pavimento, quale) in stadi(ingresso, uscita).items():
        volte = f"{secondi / pavimento:6.2f} volte {quale}" if pavimento else ""
        print(f"    {nome:<48}{secondi * 1000:7.0f} ms  {volte}")
    caldo = migliore(lambda: run.relazione(ingresso, uscita), 3)
    tutto = "tutto, senza ciò che fa il processo che legge"
    print(f"    {tutto:<48}{caldo * 1000:7.0f} ms", flush=True)
