"""Which scheda a sheet is: by the name of its tab, else by its title, else the first number free.

A copied sheet is called «Scheda 4 (2)» by Excel, «Scheda 4_2» by LibreOffice, and has the title of the
other, in a cell that nobody is asked to mend: what counts is the tab, that anybody can rename.
"""

import re
from collections.abc import Container, Sequence
from itertools import count, islice

from pipeline.parole import normalizza
from pipeline.workbooks.grid import Foglio

_NUMERO = r"0*([1-9][0-9]{0,3})(?![0-9])"
_NEL_NOME = re.compile(rf"(?:scheda|sch) ?(?:n )?{_NUMERO}|0*([1-9][0-9]{{0,2}})$")
_NEL_TITOLO = re.compile(rf"scheda {_NUMERO}")


def nome_scheda(numero: int) -> str:
    """How the form calls the sheet of a scheda."""
    return f"Scheda {numero}"


def numero_scheda(foglio: Foglio) -> int:
    """The number of a sheet called as in the form, 0 for another."""
    scheda = re.fullmatch(r"scheda ([1-9][0-9]{0,3})", foglio.nome, re.IGNORECASE)
    return int(scheda[1]) if scheda else 0


def numeri_liberi(presi: Container[int], quanti: int) -> list[int]:
    """The first numbers that no scheda has."""
    return list(islice((numero for numero in count(1) if numero not in presi), quanti))


def numera(fogli: Sequence[Foglio]) -> dict[int, Foglio]:
    """The schede of a workbook by number, whatever their sheets are called; no two have the same.

    First come the sheets called as in the form, then those that say a number that is free, then the
    others, in the order of the workbook.
    """
    schede: dict[int, Foglio] = {}
    for detto in (numero_scheda, _dal_nome, _dal_titolo):
        numerati = {foglio.nome for foglio in schede.values()}
        for foglio in fogli:
            numero = detto(foglio)
            if numero and foglio.nome not in numerati:
                schede.setdefault(numero, foglio)
    numerati = {foglio.nome for foglio in schede.values()}
    for foglio in fogli:
        if foglio.nome not in numerati:
            (numero,) = numeri_liberi(schede, 1)
            schede[numero] = foglio
    return dict(sorted(schede.items()))


def _dal_nome(foglio: Foglio) -> int:
    detto = _NEL_NOME.match(normalizza(foglio.nome))
    return int(detto[1] or detto[2]) if detto else 0


def _dal_titolo(foglio: Foglio) -> int:
    titoli = (normalizza(foglio.testo(1, colonna)) for colonna in foglio.colonne_piene(1))
    detti = filter(None, map(_NEL_TITOLO.match, titoli))
    return next((int(detto[1]) for detto in detti), 0)
