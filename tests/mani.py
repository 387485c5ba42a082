"""What a person does in LibreOffice Calc, done with its own commands: copy, paste, type.

Run by a Python that has `uno` (the package python3-uno), which need not be the one of the tests:

    python mani.py <profile> <steps as JSON>

Steps: {"copia": document}, {"apri": workbook}, {"foglio": sheet, "cella": A1, "incolla": command},
{"foglio": sheet, "cella": A1, "digita": text}, {"salva": workbook}. A cell that is protected refuses
what is typed, as it does to a person. Nothing here knows of the pipeline.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]

XLSX = "Calc MS Excel 2007 XML"
PATIENCE = 40
"""Seconds for LibreOffice to start."""


def proprieta(nome: str, valore: Any) -> Any:
    una = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    una.Name, una.Value = nome, valore
    return una


def indirizzo(percorso: str) -> str:
    return Path(percorso).resolve().as_uri()


def collegati(tubo: str) -> Any:
    """The services of the LibreOffice that listens on a pipe, as soon as it does."""
    locale = uno.getComponentContext()
    servizi = locale.ServiceManager
    risolutore = servizi.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", locale)
    fine = time.monotonic() + PATIENCE
    while True:
        try:
            return risolutore.resolve(f"uno:pipe,name={tubo};urp;StarOffice.ComponentContext")
        except Exception:
            if time.monotonic() > fine:
                raise
            time.sleep(0.2)


class Mani:
    """A desktop with a workbook open in it."""

    def __init__(self, contesto: Any) -> None:
        servizi = contesto.ServiceManager
        self.scrivania = servizi.createInstanceWithContext("com.sun.star.frame.Desktop", contesto)
        self.comandi = servizi.createInstanceWithContext("com.sun.star.frame.DispatchHelper", contesto)
        self.aperto: Any = None

    def apri(self, percorso: str) -> Any:
        self.aperto = self.scrivania.loadComponentFromURL(indirizzo(percorso), "_blank", 0, ())
        return self.aperto

    def comando(self, nome: str, *opzioni: Any) -> None:
        cornice = self.aperto.CurrentController.Frame
        self.comandi.executeDispatch(cornice, f".uno:{nome}", "", 0, opzioni)

    def fai(self, passo: dict[str, str]) -> None:
        if "copia" in passo:
            self.apri(passo["copia"])
            for nome in ("SelectAll", "SelectAll", "Copy"):  # the first time only the cell of a table
                self.comando(nome)
        elif "apri" in passo:
            self.apri(passo["apri"])
        elif "salva" in passo:
            self.aperto.storeToURL(indirizzo(passo["salva"]), (proprieta("FilterName", XLSX),))
        else:
            foglio = self.aperto.Sheets.getByName(passo["foglio"])
            self.aperto.CurrentController.ActiveSheet = foglio
            self.aperto.CurrentController.select(foglio.getCellRangeByName(passo["cella"]))
            if "incolla" in passo:
                self.comando(passo["incolla"])
            else:
                self.comando("EnterString", proprieta("StringName", passo["digita"]))


def main(profilo: str, passi: list[dict[str, str]]) -> None:
    tubo = f"mani{Path(profilo).name}{time.time_ns()}"
    comando = ["soffice", "--headless", "--norestore", f"--accept=pipe,name={tubo};urp"]
    soffice = subprocess.Popen([*comando, f"-env:UserInstallation={indirizzo(profilo)}"])
    try:
        mani = Mani(collegati(tubo))
        for passo in passi:
            mani.fai(passo)
        mani.scrivania.terminate()
        soffice.wait(PATIENCE)
    finally:
        soffice.kill()


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
