"""Why a pair measures what it does: python -m pipeline.valori "almeno l'80 %" "75" [verso] [anno]

For who maintains the grammar, and for the office that asks why.
"""

import re
import sys
from dataclasses import fields
from typing import Any

from pipeline.fine import Fermato, esegui
from pipeline.numeri import numero, percentuale
from pipeline.valori import PRODUZIONI, letture_dubbie, misura_testi, parse_atteso, parse_raggiunto
from pipeline.valori.lessico import Lessema, NonLeggibile
from pipeline.valori.lettura import parole, pulisci
from pipeline.valori.tipi import CRESCENTE, DECRESCENTE, Composto, Valore

USO = "uso: python -m pipeline.valori ATTESO [RAGGIUNTO [crescente|decrescente|- [ANNO]]]"


def righe(atteso: str, raggiunto: str | None, verso: str, anno: int | None) -> list[str]:
    """The explanation of a pair, or of a valore atteso alone, line by line."""
    dette = ["Valore atteso", *_cella(atteso, True)]
    if raggiunto is None:
        return dette
    tipo, misurato = misura_testi(atteso, raggiunto, verso, anno)
    rapporto = percentuale(misurato.rapporto)
    return [
        *dette,
        *("Raggiunto", *_cella(raggiunto, False)),
        f"Misura ({tipo}{f', anno {anno}' if anno else ''}{f', {verso}' if verso else ''})",
        f"  grado       {percentuale(misurato.grado) or '–'}",
        *([f"  rapporto    {rapporto}"] if rapporto else []),
        f"  esito       {misurato.esito}",
        f"  perché      {misurato.motivo}",
    ]


def _cella(testo: str, atteso: bool) -> list[str]:
    lessemi = parole(pulisci(testo), atteso)
    valore = parse_atteso(testo) if atteso else parse_raggiunto(testo)
    parti = valore.parti if isinstance(valore, Composto) else (valore,)
    note = letture_dubbie(testo, "") if atteso else letture_dubbie("", testo)
    return [
        f"  testo       {testo}",
        f"  parole      {' · '.join(f'{uno.testo.strip()} [{_lettera(uno)}]' for uno in lessemi)}",
        f"  forma       {''.join(map(_lettera, lessemi))}",
        f"  produzione  {_produzione(lessemi, valore)}",
        *(f"  valore      {_in_breve(parte)}" for parte in parti),
        *(f"  segnalato   {nota.letto}" for nota in note),
    ]


def _lettera(lessema: Lessema) -> str:
    return lessema.classe.replace("\n", "¶")


def _produzione(lessemi: list[Lessema], valore: Valore) -> str:
    """The example of the production that reads the words."""
    if isinstance(valore, Composto):
        return "più parti, ognuna con la sua"
    utili = [uno for uno in lessemi if uno.classe != "\n"]
    try:
        for esempio, modello, azione in PRODUZIONI:
            forma = re.fullmatch(modello, "".join(uno.classe for uno in utili), re.DOTALL)
            if forma and azione(forma, utili) is not None:
                return f"come «{esempio}»"
    except NonLeggibile as motivo:
        return f"nessuna: {motivo}"
    return "nessuna"


def _in_breve(valore: Valore) -> str:
    """The type of a value and what it has: "soglia: verso crescente, valore 80, unita %"."""
    campi = (
        (campo.name, getattr(valore, campo.name)) for campo in fields(valore) if campo.name != "note"
    )
    detti = ", ".join(
        f"{nome} {_scritto(dato)}" for nome, dato in campi if dato not in ("", None, False)
    )
    return f"{valore.tipo}: {detti}" if detti else valore.tipo


def _scritto(dato: Any) -> str:
    if isinstance(dato, bool):
        return "sì"
    if isinstance(dato, tuple):
        return f"{dato[1]}/{dato[0]}"  # (month, day)
    return dato if isinstance(dato, str) else _in_breve(dato) if hasattr(dato, "tipo") else numero(dato)


def main(argomenti: list[str]) -> str:
    """What to print; raises Fermato with the usage when the arguments are not those."""
    atteso, raggiunto, verso, anno = (*argomenti, *[None] * 4)[:4]
    verso = "" if verso in (None, "-") else verso
    if (
        atteso is None
        or len(argomenti) > 4
        or verso not in ("", CRESCENTE, DECRESCENTE)
        or not re.fullmatch("[12][0-9]{3}", anno or "2000")
    ):
        raise Fermato(USO)
    return "\n".join(righe(atteso, raggiunto, verso, int(anno) if anno else None))


if __name__ == "__main__":
    esegui(lambda: print(main(sys.argv[1:])))
