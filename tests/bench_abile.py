"""What others would do with the same workbooks, each in a process of its own: `make bench`.

`abile`: who knows pandas and docxtpl. `cella_per_cella`: who knows openpyxl and python-docx. Both read
every sheet, average, and write the same tables in Excel and in Word; no checks, no formulas, no charts.
They trust the form: what a responsabile has moved they do not find.

`abile_stessi` and `celle_stessi` read and average in the same two ways, then write what we write: every
sheet of both our consolidati, values alone, and every text, table and picture of our relazione, which
they are given ready (`PRONTI`).

    python tests/bench_abile.py WAY FOLDER OUTPUT
"""

import pickle
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

RIGA = list[Any]
PRONTI = "pronti.pickle"
"""In the folder of the output: name of each of our workbooks -> its sheets; the template of docxtpl, the
blocks of the relazione and the width of its pictures in centimetres."""
TABELLE = {
    "fasi": ("DEFINIZIONE OBIETTIVO", 7),
    "collegamenti": ("MISSIONE", 4),
    "indicatori": ("INDICATORI", 9),
    "stati": ("STATO DI ATTUAZIONE", 2),
}
"""The tables of a scheda: the heading that each begins with, and how many columns it has."""
TITOLI = (
    "N.",
    "Descrizione obiettivo",
    "Schede",
    "Peso",
    "Stato",
    "Dichiarato",
    "Note",
    "Nucleo",
    "Grado",
)


def vuoto(valore: Any) -> bool:
    return valore is None or valore == ""


def tratto(righe: list[RIGA], titolo: str, colonne: int) -> list[RIGA]:
    """The rows under a heading, down to the first blank one."""
    inizi = (n for n, riga in enumerate(righe) if str(riga[0] or "").removesuffix(" *") == titolo)
    trovate = []
    for riga in righe[next(inizi, len(righe)) + 1 :]:
        if all(map(vuoto, riga[:colonne])):
            break
        trovate.append(["" if vuoto(valore) else valore for valore in riga[:colonne]])
    return trovate


def media(voci: list[RIGA]) -> float | None:
    """The weighted mean of the voci that have a grado and are not put off."""
    valide = [v for v in voci if not vuoto(v[8]) and v[4] in ("valutato", "non consuntivato")]
    pesi = [float(v[3] or 1) for v in valide]
    coppie = zip(valide, pesi, strict=True)
    return round(sum(float(v[8]) * p for v, p in coppie) / sum(pesi), 2) if pesi else None


def settore(nome: str, fogli: dict[str, list[RIGA]]) -> dict[str, Any]:
    """What a workbook of a settore says."""
    voci = tratto(fogli["Valutazione"], "N.", 9) if "Valutazione" in fogli else []
    schede = []
    for foglio, righe in fogli.items():
        if foglio.startswith("Scheda "):
            sue = {t: tratto(righe, titolo, n) for t, (titolo, n) in TABELLE.items()}
            schede.append({"nome": foglio, "titolo": righe[1][1] or "", **sue})
    return {"nome": nome, "voci": voci, "schede": schede, "media": media(voci)}


def in_tabelle(settori: list[dict[str, Any]]) -> dict[str, list[RIGA]]:
    """The sheets of the consolidated workbook."""
    fogli: dict[str, list[RIGA]] = {"medie": [[s["nome"], s["media"]] for s in settori]}
    fogli["voci"] = [[s["nome"], *v] for s in settori for v in s["voci"]]
    for tabella in TABELLE:
        fogli[tabella] = [
            [s["nome"], k["nome"], *r] for s in settori for k in s["schede"] for r in k[tabella]
        ]
    return fogli


def cartelle(ingresso: Path) -> Iterable[Path]:
    return sorted(p for p in ingresso.glob("*.xlsx") if p.name != "ente.xlsx")


def letti_con_pandas(ingresso: Path) -> list[dict[str, Any]]:
    import pandas as pd

    opzioni: dict[str, Any] = {"engine": "calamine", "header": None, "dtype": object, "na_filter": False}
    settori = []
    for percorso in cartelle(ingresso):
        fogli = pd.read_excel(percorso, sheet_name=None, **opzioni)
        righe = {nome: df.to_numpy().tolist() for nome, df in fogli.items()}
        settori.append(settore(percorso.stem, righe))
    return settori


def letti_con_openpyxl(ingresso: Path) -> list[dict[str, Any]]:
    import openpyxl

    settori = []
    for percorso in cartelle(ingresso):
        libro = openpyxl.load_workbook(percorso, data_only=True)
        fogli = {ws.title: [[c.value for c in riga] for riga in ws.iter_rows()] for ws in libro}
        settori.append(settore(percorso.stem, fogli))
    return settori


def abile(ingresso: Path, uscita: Path) -> list[dict[str, Any]]:
    from docxtpl import DocxTemplate

    settori = letti_con_pandas(ingresso)
    _con_pandas(uscita / "abile.xlsx", in_tabelle(settori))
    documento = DocxTemplate(uscita / "traccia.docx")
    documento.render({"settori": settori}, autoescape=True)
    documento.save(uscita / "abile.docx")
    return settori


def abile_stessi(ingresso: Path, uscita: Path) -> list[dict[str, Any]]:
    settori = letti_con_pandas(ingresso)
    pronti = pickle.loads((uscita / PRONTI).read_bytes())
    for nome, fogli in pronti["libri"].items():
        _con_pandas(uscita / f"abile_{nome}", fogli)
    con_docxtpl(uscita / "abile_stessa.docx", pronti["modello"], pronti["blocchi"], pronti["larghezza"])
    return settori


def _con_pandas(percorso: Path, fogli: dict[str, list[RIGA]]) -> None:
    import pandas as pd

    with pd.ExcelWriter(percorso, engine="xlsxwriter") as scrittore:
        for nome, righe in fogli.items():
            pd.DataFrame(righe).to_excel(scrittore, sheet_name=nome, header=False, index=False)


def con_docxtpl(percorso: Path, modello: bytes, blocchi: list[dict[str, Any]], larghezza: float) -> None:
    from docx.shared import Cm
    from docxtpl import DocxTemplate, InlineImage

    documento = DocxTemplate(BytesIO(modello))
    contesto = [
        {**b, "testo": InlineImage(documento, BytesIO(b["png"]), width=Cm(larghezza))} if b["png"] else b
        for b in blocchi
    ]
    documento.render({"blocchi": contesto}, autoescape=True)
    documento.save(percorso)


def cella_per_cella(ingresso: Path, uscita: Path) -> list[dict[str, Any]]:
    import docx

    settori = letti_con_openpyxl(ingresso)
    _con_openpyxl(uscita / "celle.xlsx", in_tabelle(settori))
    documento = docx.Document()
    for uno in settori:
        documento.add_heading(f"{uno['nome']}: {uno['media']}", 1)
        _tabella(documento, uno["voci"])
        for scheda in uno["schede"]:
            documento.add_heading(f"{scheda['nome']} {scheda['titolo']}", 2)
            for tabella in TABELLE:
                _tabella(documento, scheda[tabella])
    documento.save(str(uscita / "celle.docx"))
    return settori


def celle_stessi(ingresso: Path, uscita: Path) -> list[dict[str, Any]]:
    import docx
    from docx.shared import Cm

    settori = letti_con_openpyxl(ingresso)
    pronti = pickle.loads((uscita / PRONTI).read_bytes())
    for nome, fogli in pronti["libri"].items():
        _con_openpyxl(uscita / f"celle_{nome}", fogli)
    documento = docx.Document()
    for blocco in pronti["blocchi"]:
        if blocco["righe"]:
            _tabella(documento, [blocco["intestazione"], *blocco["righe"]])
        elif blocco["png"]:
            documento.add_picture(BytesIO(blocco["png"]), Cm(pronti["larghezza"]))
        else:
            documento.add_paragraph(blocco["testo"])
    documento.save(str(uscita / "celle_stessa.docx"))
    return settori


def _con_openpyxl(percorso: Path, fogli: dict[str, list[RIGA]]) -> None:
    import openpyxl

    libro = openpyxl.Workbook()
    for nome, righe in fogli.items():
        foglio = libro.create_sheet(nome)
        for r, riga in enumerate(righe, start=1):
            for c, valore in enumerate(riga, start=1):
                foglio.cell(r, c).value = valore
    libro.save(percorso)


def _tabella(documento: Any, righe: list[RIGA]) -> None:
    if righe:
        nuova = documento.add_table(len(righe), len(righe[0]))
        for r, riga in enumerate(righe):
            for c, valore in enumerate(riga):
                nuova.cell(r, c).text = str(valore)


def traccia(percorso: Path) -> None:
    """The template of docxtpl: a table for the voci of a settore, four for each of its schede."""
    import docx

    documento = docx.Document()
    documento.add_paragraph("{%p for s in settori %}")
    documento.add_heading("{{ s.nome }}: {{ s.media }}", 1)
    _righe_di_traccia(documento, "s.voci", TITOLI)
    documento.add_paragraph("{%p for k in s.schede %}")
    documento.add_heading("{{ k.nome }} {{ k.titolo }}", 2)
    for tabella, (titolo, colonne) in TABELLE.items():
        _righe_di_traccia(documento, f"k.{tabella}", (titolo, *[""] * (colonne - 1)))
    documento.add_paragraph("{%p endfor %}")
    documento.add_paragraph("{%p endfor %}")
    documento.save(str(percorso))


def _righe_di_traccia(documento: Any, righe: str, titoli: Iterable[str]) -> None:
    titoli = list(titoli)
    tabella = documento.add_table(4, len(titoli))
    tabella.cell(1, 0).text = f"{{%tr for r in {righe} %}}"
    tabella.cell(3, 0).text = "{%tr endfor %}"
    for c, titolo in enumerate(titoli):
        tabella.cell(0, c).text = titolo
        tabella.cell(2, c).text = f"{{{{ r[{c}] }}}}"


if __name__ == "__main__":
    vie = {via.__name__: via for via in (abile, abile_stessi, cella_per_cella, celle_stessi)}
    vie[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
