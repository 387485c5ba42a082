"""The words that say that something was not done: beside a 100 % they are for the Nucleo to see."""

import re

_FATTO = (
    "raggiunt|realizzat|attuat|avviat|attivat|iniziat|eseguit|effettuat|svolt|completat|"
    "conclus|ultimat|terminat|conseguit|approvat|adottat|affidat|pubblicat|redatt|predispost|"
    "formalizzat|configurat|consuntivat|rilevat|fatt"
)
_ESSERE = r"(?:è|sono|era|erano|fu|furono|risulta|risultano|si\s+è|si\s+sono|ha|hanno)"
_NON_FATTO = re.compile(
    rf"\bnon\s+(?:{_ESSERE}\s+)?ancora\b"
    rf"|\bancora\s+da\s+\w+re\b|\bda\s+(?:avviare|iniziare|completare|ultimare|concludere)\b"
    rf"|\bnon\s+(?:{_ESSERE}\s+)?(?:stat[oaie]\s+)?(?:{_FATTO})[oaie]?\b"
    rf"|\bnon\s+(?:{_ESSERE}\s+stat[oaie]\s+possibile|si\s+è\s+potut[oaie]|si\s+sono\s+potut[ei])\b"
    rf"|\b(?:rinviat|rimandat|posticipat|differit|sospes|inattuat|slittat)[oaie]\b"
    rf"|\bslitta(?:no)?\b|\bin\s+attesa\s+(?:di|del|dell|dello|della|dei|degli|delle|che)\b",
    re.IGNORECASE,
)
_NEGATO = re.compile(r"\b(?:non|mai|nessun\w*|senza|né|privo|priva)\b", re.IGNORECASE)
"""Before those words, it denies them: «non sono stati rinviati»."""
_DI_ALTRI = re.compile(
    r"\b(?:termin[ei]|scadenz[ae]|versament[oi]|pagament[oi]|rat[ae]|udienz[ae])\b[^.;:,]*$",
    re.IGNORECASE,
)
"""Before them, what is put off is a date set by others: «il termine rinviato dalla legge»."""
_PER_LEGGE = re.compile(
    r"^[^.;:]*?\b(?:(?:per|ex|ope)\s+leg(?:ge|is)|da(?:l|lla|llo|ll|i|gli|lle)?\b['’]?\s*(?:\w+\s+)?"
    r"(?:legge|d\.?\s?l\b|d\.?\s?lgs|decret\w*|dpcm|d\.p\.c\.m|norm\w+|govern\w+|minister\w+|"
    r"legislat\w+|stato|region\w+|tar\b|prefett\w+))",
    re.IGNORECASE,
)
_RIPRESO = re.compile(
    r"\b(?:ripres\w*|riavviat\w*|riattivat\w*|riapert\w*|recuperat\w*|poi)\b", re.IGNORECASE
)
"""After them, in the same sentence: it was done all the same."""
INTORNO = 500
"""How many characters before and after them are about them, in a sentence that does not end."""


def detto(testo: str) -> str:
    """The sentence of a text that says that something was not done, "" for none.

    It is for a person to read: a sentence about a date set by law, or about something resumed since,
    is left out as far as its words tell.
    """
    for frase in re.split(r"(?<=[.;!?])\s+|\n", testo):
        for trovata in _NON_FATTO.finditer(frase):
            prima = re.split(r"[:,]", frase[max(trovata.start() - INTORNO, 0) : trovata.start()])[-1]
            dopo = frase[trovata.end() : trovata.end() + INTORNO]
            di_altri = not trovata[0].lower().startswith("non") and (
                _DI_ALTRI.search(prima) or _PER_LEGGE.match(dopo)
            )
            if not (_NEGATO.search(prima) or di_altri or _RIPRESO.search(dopo)):
                return _da_vicino(frase, trovata.start())
    return ""


def _da_vicino(frase: str, posto: int) -> str:
    """A sentence from not long before a place in it, so that a quotation of it holds that place."""
    inizio = frase.rfind(" ", 0, max(posto - 40, 0)) + 1
    return "…" * (inizio > 0) + frase[inizio:].strip(" -•.;")
