"""Words spoiled on the way: UTF-8 read as another encoding («perchÃ©»), lost letters («citt�»), HTML."""

import html
import re
from functools import cache

_TIPOGRAFIA = "’‘“”„–—…•€™‰≤≥→✓\ufeff\ufffd"
_GIUSTI = [chr(n) for n in range(0xA0, 0x180)] + list(_TIPOGRAFIA)
_LETTI_COME = {"cp1252": "latin-1", "mac_roman": "mac_roman", "cp850": "cp850"}
"""The encodings that Windows, the old Macs and DOS take for granted, and where each finds the bytes that
it does not define."""
_CONTROLLO = dict.fromkeys(range(127, 160))
"""What is taken out of every text before it is looked at here."""
PERDUTA = "\ufffd"


def _letto_come(giusto: str, codifica: str) -> str:
    """What becomes of a character when its bytes in UTF-8 are taken for another encoding."""
    segni = []
    for byte in giusto.encode():
        try:
            segni.append(bytes([byte]).decode(codifica))
        except UnicodeDecodeError:
            segni.append(bytes([byte]).decode(_LETTI_COME[codifica]))
    return "".join(segni).translate(_CONTROLLO)


_GUASTI = {
    guasto: giusto
    for codifica in _LETTI_COME
    for giusto in _GIUSTI
    if len(guasto := _letto_come(giusto, codifica)) > 1
}
_INIZI = "".join(sorted({guasto[0] for guasto in _GUASTI}))
_SOSPETTO = re.compile(f"[{re.escape(_INIZI)}&{PERDUTA}]")
_PAROLA = re.compile(r"\S+")


@cache  # made the first time that a text looks spoiled, which is seldom: it takes long
def _guasto() -> re.Pattern[str]:
    """What was spoiled and can be mended."""
    interi = "|".join(map(re.escape, sorted(_GUASTI, key=len, reverse=True)))
    return re.compile(
        f"(?=[{re.escape(_INIZI)}])(?:{interi})"
        r"|(?<=[a-z])Ã(?=[\s.,;:!?)]|$)"  # the second half of an à is a blank, that others take away
        r"|&(?:[A-Za-z]{2,8}|#[0-9]{2,5});"
    )


@cache
def _da_dire() -> re.Pattern[str]:
    return re.compile(f"{_guasto().pattern}|{PERDUTA}")


def parole_guaste(testo: str) -> dict[str, str]:
    """The spoiled words of a text -> what they probably were; "" for a word with a lost letter."""
    trovate: dict[str, str] = {}
    if testo.isascii() and "&" not in testo:
        return trovate
    fine = 0
    while guasto := _da_dire().search(testo, fine) if _SOSPETTO.search(testo, fine) else None:
        prima = re.split(r"\s", testo[fine : guasto.start()])[-1]
        resto = _PAROLA.match(testo, guasto.end())
        fine = resto.end() if resto else guasto.end()
        parola = f"{prima}{testo[guasto.start() : fine]}".strip()
        giusta = _riparata(parola)
        if giusta != parola or PERDUTA in parola:
            trovate[parola] = "" if PERDUTA in giusta else giusta
    return trovate


def _riparata(parola: str) -> str:
    """A word as it was; what went through two wrong readings needs two repairs."""
    for _ in range(3):
        parola = _guasto().sub(lambda guasto: _giusto(guasto[0]), parola)
    return parola


def _giusto(guasto: str) -> str:
    return html.unescape(guasto) if guasto.startswith("&") else _GUASTI.get(guasto, "à")
