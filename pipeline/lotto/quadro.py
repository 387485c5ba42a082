"""The comparison of the enti as it is read: confronto.xlsx, and a page that needs nothing else."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from math import ceil, floor
from pathlib import Path
from typing import Any

from pipeline import excel
from pipeline.documents.aperti.pagina import ALTA, LARGA, Dati, riempi, tabella
from pipeline.excel import Foglio
from pipeline.lotto.confronto import ALMENO, MISURE, Confronto, Gruppo, Misura
from pipeline.numeri import arrotonda, percentuale
from pipeline.parole import leggibile, maiuscola, quanti
from pipeline.prospetti import Colonna, Prospetto
from pipeline.prospetti import tabella as foglio_tabella
from pipeline.veste import DOCUMENTI

TITOLO = "Gli enti a confronto"
TITOLI = ("Grandezza dell'ente", "Enti", "Primo quartile", "Mediana", "Terzo quartile")
POCHI = f"meno di {ALMENO} enti"
RIGA = 46
"""Of the charts, in pixels: from a group to the next."""


# --------------------------------------------------------------------------------------------- Excel


def scrivi_excel(percorso: Path, confronto: Confronto, nomi: bool) -> None:
    """Write the workbook; with `nomi` also the figures of each ente. Raises OSError."""
    libro = excel.Libro(percorso, DOCUMENTI)
    # not the clock's: the same enti give the same bytes
    quando = datetime(max(confronto.enti["anno"], default=2000), 12, 31)
    libro.set_properties({"title": TITOLO, "created": quando})
    ws = libro.pagina("Confronto", orizzontale=False)
    for colonna, larghezza in enumerate((30, 12, 16, 16, 16)):
        ws.set_column(colonna, colonna, larghezza)
    riga = _testata(libro, ws, confronto, nomi)
    for misura, gruppi in confronto.gruppi.items():
        riga = _misura(libro, ws, riga, misura, gruppi)
    if nomi:
        _enti(libro, confronto)
    libro.close()


def _testata(libro: excel.Libro, ws: Foglio, confronto: Confronto, nomi: bool) -> int:
    dove = (
        "Le cifre di ogni ente sono nel foglio Enti."
        if nomi
        else "Per avere i nomi degli enti: NOMI=si."
    )
    excel.scrivi(ws, 1, 1, TITOLO, libro.formati["titolo"])
    ws.set_row(0, 24)
    for riga, frase in enumerate((*confronto.frasi, dove), start=2):
        _di_seguito(libro, ws, riga, frase)
    riga = len(confronto.frasi) + 4
    for (nome, enti), posto in zip(confronto.grandezze.items(), range(riga, 10**6), strict=False):
        excel.scrivi(ws, posto, 1, maiuscola(nome), libro.formati["voce"])
        excel.scrivi(ws, posto, 2, enti, libro.formati["rigo_conto"])
    return riga + len(confronto.grandezze) + 1


def _misura(libro: excel.Libro, ws: Foglio, riga: int, misura: Misura, gruppi: Sequence[Gruppo]) -> int:
    """A figure with its groups; gives the row where the next begins."""
    for colonna in range(1, len(TITOLI) + 1):
        excel.scrivi(
            ws, riga, colonna, _titolo(misura) if colonna == 1 else None, libro.formati["sezione"]
        )
    ws.set_row(riga - 1, 25)
    _di_seguito(libro, ws, riga + 1, misura.spiegazione)
    for colonna, titolo in enumerate(TITOLI, start=1):
        stile = "testa" if colonna == 1 else "testa_cifra"
        excel.scrivi(ws, riga + 2, colonna, titolo, libro.formati[stile])
    grado = "rigo_scarto" if misura.unita == "punti" else "rigo_grado"
    for posto, gruppo in enumerate(gruppi, start=riga + 3):
        valori: Sequence[Any] = [*gruppo.quartili.values()] if gruppo.quartili else [POCHI, None, None]
        stili = [grado] * 3 if gruppo.quartili else ["rigo_destra"] * 3
        celle = zip(
            (maiuscola(gruppo.grandezza), gruppo.quanti, *valori),
            ("voce", "rigo_conto", *stili),
            strict=True,
        )
        for colonna, (valore, formato) in enumerate(celle, start=1):
            excel.scrivi(ws, posto, colonna, valore, libro.formati[formato])
    return riga + 4 + len(gruppi)


def _di_seguito(libro: excel.Libro, ws: Foglio, riga: int, frase: str) -> None:
    """A sentence over all the columns: the sheet is to be read, not to be sorted."""
    ws.merge_range(riga - 1, 0, riga - 1, len(TITOLI) - 1, frase, libro.formati["prosa"])
    ws.set_row(riga - 1, excel.altezza([(frase, 88)]))


def _titolo(misura: Misura) -> str:
    return f"{misura.titolo}, {'in punti' if misura.unita == 'punti' else 'per cento'}"


def _enti(libro: excel.Libro, confronto: Confronto) -> None:
    """The sheet with the names: who has asked for it knows whose the figures are."""
    colonne = [
        Colonna("cartella", "Cartella", 24),
        Colonna("ente", "Ente", 40),
        Colonna("grandezza", "Grandezza", 20),
        Colonna("settori", "Settori", 9, "intero"),
        *(
            Colonna(m.nome, f"{m.titolo} {m.unita}", 14, "scarto" if m.unita == "punti" else "grado")
            for m in MISURE
        ),
    ]
    righe = [_di_ente(riga) for riga in confronto.enti.to_dict("records")]
    ws, prospetto = libro.pagina("Enti"), Prospetto("Enti", colonne, righe, 4)
    nota = "Solo quelli con i documenti pronti; le quote sono sul totale dell'ente."
    excel.scrivi(ws, 1, 1, "Gli enti, uno per uno", libro.formati["titolo"])
    excel.scrivi(ws, 2, 1, nota, libro.formati["sottotitolo"])
    foglio_tabella(ws, prospetto, libro.formati, "Enti", nota, 45, {})


def _di_ente(riga: dict[Any, Any]) -> dict[str, Any]:
    misure = {m.nome: None if riga[m.nome] != riga[m.nome] else _due(riga[m.nome]) for m in MISURE}
    return {**riga, **misure, "cartella": leggibile(riga["cartella"])}


def _due(valore: float) -> Decimal:
    return arrotonda(Decimal(str(round(valore, 6))))


# ----------------------------------------------------------------------------------------------- HTML


def scrivi_pagina(percorso: Path, confronto: Confronto) -> None:
    """Write the page: it never has the names of the enti. Raises OSError."""
    grandezze = [(maiuscola(nome), str(enti)) for nome, enti in confronto.grandezze.items()]
    dati = {
        "titolo": TITOLO,
        "ente": "Relazione sulla performance",
        "sommario": "Quartili dei gradi e della misurabilità, per grandezza degli enti.",
        "frasi": confronto.frasi,
        "grandezze": tabella("t-enti", "Quanti enti per grandezza", TITOLI[:2], grandezze, [1]),
        "misure": [_della_pagina(misura, gruppi) for misura, gruppi in confronto.gruppi.items()],
    }
    riempi(percorso, "confronto.html", dati)


def _della_pagina(misura: Misura, gruppi: Sequence[Gruppo]) -> Dati:
    righe = [(maiuscola(g.grandezza), str(g.quanti), *_scritti(misura, g)) for g in gruppi]
    return {
        "id": misura.nome,
        "titolo": _titolo(misura),
        "spiegazione": misura.spiegazione,
        "grafico": _grafico(misura, [gruppo for gruppo in gruppi if gruppo.quartili]),
        "tabella": tabella(
            f"t-{misura.nome}", f"{_titolo(misura)}: quartili", TITOLI, righe, range(1, 5)
        ),
    }


def _scritti(misura: Misura, gruppo: Gruppo) -> tuple[str, str, str]:
    if gruppo.quartili is None:
        return POCHI, "–", "–"
    primo, mediana, terzo = (_scritto(misura, valore) for valore in gruppo.quartili.values())
    return primo, mediana, terzo


def _scritto(misura: Misura, valore: Decimal) -> str:
    segno = "+" if misura.unita == "punti" and valore > 0 else ""
    return segno + percentuale(valore).replace("-", "\N{MINUS SIGN}")


def _grafico(misura: Misura, gruppi: Sequence[Gruppo]) -> Dati | None:
    """The groups as boxes from the first quartile to the third; who does not see them has the values in
    the description, and in the table below."""
    valori = [valore for gruppo in gruppi for valore in (gruppo.quartili or {}).values()]
    if not valori:
        return None
    da, a = floor(min(valori)), ceil(max(valori))
    scala = Decimal(LARGA) / max(a - da, 1)
    asse = f"L'asse va da {da} a {a}.".replace("-", "\N{MINUS SIGN}")
    detti = (f"{g.grandezza}: {', '.join(_scritti(misura, g))}" for g in gruppi)
    return {
        "id": f"g-{misura.nome}",
        "titolo": f"{_titolo(misura)}, per grandezza degli enti",
        "descrizione": f"Primo quartile, mediana e terzo quartile. {'; '.join(detti)}.",
        "didascalia": f"La barra va dal primo al terzo quartile, il segno è la mediana, scritta "
        f"accanto. {asse}",
        "altezza": RIGA * len(gruppi),
        "larga": LARGA,
        "alta": ALTA,
        "righe": [_barra(misura, g, n, da, scala) for n, g in enumerate(gruppi)],
    }


def _barra(misura: Misura, gruppo: Gruppo, n: int, da: int, scala: Decimal) -> Dati:
    primo, mediana, terzo = (gruppo.quartili or {}).values()
    return {
        "nome": f"{maiuscola(gruppo.grandezza)}: {quanti(gruppo.quanti, 'ente', 'enti')}",
        "y": n * RIGA + 16,
        "da": arrotonda((primo - da) * scala),
        "larga": arrotonda((terzo - primo) * scala),
        "mediana": arrotonda((mediana - da) * scala),
        "valore": _scritto(misura, mediana),
    }
