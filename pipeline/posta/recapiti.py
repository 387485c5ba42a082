"""Who to write to and with what words: the e-mail addresses and the sheet Messaggi of ente.xlsx."""

import re
from collections.abc import Iterable, Iterator

from pipeline.parole import citazione
from pipeline.rilievi import Rilievo
from pipeline.tables import Destinatario, Elencato, Luogo, Tabelle, cella_di
from pipeline.workbooks import messaggi


def indirizzi(testo: str) -> tuple[list[str], list[str]]:
    """The addresses of a cell, one or several between semicolons: the good ones, the others as typed.

    The good ones are all ASCII, a domain with accents in its coded form: so they go on the wire.
    """
    scritti = list(filter(None, map(str.strip, re.split(r"[;,\n]", testo))))
    letti = {scritto: _in_ascii(scritto) for scritto in scritti}
    return list(dict.fromkeys(filter(None, letti.values()))), [s for s in scritti if not letti[s]]


def _in_ascii(scritto: str) -> str:
    """An address as it goes on the wire, "" for what is none."""
    # imported here: it is slow to load, and an ente may have no address
    from email_validator import EmailNotValidError, validate_email

    try:
        letto = validate_email(scritto, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return ""
    return letto.ascii_email or letto.normalized


def controlla(tabelle: Tabelle) -> list[Rilievo]:
    """The findings on what is typed; an address not typed is missed only by who needs it (`manca`)."""
    return [
        *_indirizzi_sbagliati(tabelle.righe.elenco),
        *_indirizzi_sbagliati(tabelle.righe.destinatari),
        *_messaggi(tabelle),
    ]


def manca(riga: Luogo, chi: str) -> Rilievo:
    """The finding for a row of Settori or Destinatari that has a message waiting and no address."""
    return Rilievo("E11", riga["file"], riga["foglio"], cella_di(riga, "email"), {"chi": chi})


def _indirizzi_sbagliati(elenco: Iterable[Elencato | Destinatario]) -> Iterator[Rilievo]:
    for riga in elenco:
        _, cattivi = indirizzi(riga["email"])
        if cattivi:
            dati = {"valore": citazione("; ".join(cattivi))}
            yield Rilievo("E08", riga["file"], riga["foglio"], cella_di(riga, "email"), dati)


def _messaggi(tabelle: Tabelle) -> Iterator[Rilievo]:
    for riga in tabelle.righe.messaggi:
        messaggio = messaggi.MESSAGGI[riga["messaggio"]]
        for campo, testo in ((messaggi.OGGETTO, riga["oggetto"]), (messaggi.TESTO, riga["testo"])):
            ammessi = messaggio.ammessi(campo)
            dati = {"campo": f"{messaggio.etichetta}, {campo.etichetta.lower()}"}
            posto = (riga["file"], riga["foglio"], cella_di(riga, campo.chiave))
            if not testo.strip():
                yield Rilievo("E10", *posto, dati)
            elif ignoti := messaggi.ignoti(testo, ammessi):
                dati |= {"valore": _a_parole(ignoti[0]), "ammessi": ", ".join(ammessi)}
                yield Rilievo("E09", *posto, dati)


def _a_parole(posto: str) -> str:
    nome = citazione(posto.strip("{} "))
    return f"«{nome}»" if nome else "una parentesi graffa da sola"
