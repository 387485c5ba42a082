"""The sheet Messaggi of ente.xlsx: the texts of the e-mails, written ready, to be changed at will."""

import re
from dataclasses import dataclass

from pipeline.excel import altezza
from pipeline.tables import Riga, Tabelle, righe
from pipeline.workbooks.fields import A_CAPO, Campo, Lettura, celle_di, trova_riga
from pipeline.workbooks.form import Modulo
from pipeline.workbooks.grid import Foglio
from pipeline.workbooks.sezioni import (
    annota_colonne,
    salta_senza_intestazione,
    segna_caselle,
    trova_sezione,
)

FOGLIO = "Messaggi"
TITOLO = "MESSAGGI DI POSTA"
OGGETTO = Campo("oggetto", "Oggetto", 2, aiuto="Una riga sola.")
TESTO = Campo("testo", "Testo", 3, aiuto=f"{A_CAPO} I segnaposto stanno nell'ultima colonna.")
COLONNE = (
    Campo("messaggio", "Messaggio", 1),
    OGGETTO,
    TESTO,
    Campo("quando", "Quando si usa", 4),
)
INTESTAZIONE = tuple(campo.etichetta for campo in COLONNE)

_LARGHEZZE = (24.0, 44.0, 90.0, 60.0)
SEGNAPOSTO = re.compile(r"\{[^{}]*\}|[{}]")
_DEL_SETTORE = ("ente", "anno", "settore", "responsabile", "file")
SCADENZA = "scadenza"


@dataclass(frozen=True)
class Messaggio:
    """One kind of e-mail: its label in the sheet, when it is used, its ready texts and their places."""

    etichetta: str
    quando: str
    oggetto: str
    testo: str
    segnaposto: tuple[str, ...] = _DEL_SETTORE
    elenco: bool = True

    def ammessi(self, campo: Campo) -> tuple[str, ...]:
        """The places that may stand in a cell; the list takes several lines, so never in the subject."""
        return (*self.segnaposto, "elenco") if self.elenco and campo is TESTO else self.segnaposto

    @property
    def spiegazione(self) -> str:
        posti = " ".join(f"{{{nome}}}" for nome in self.ammessi(TESTO))
        solo = " {elenco} va solo nel testo." if self.elenco else ""
        return f"{self.quando} Segnaposto: {posti}.{solo}"


MESSAGGI = {
    "invito": Messaggio(
        "Invito",
        "Al responsabile, con il modulo vuoto e la guida: quando nessun settore ha ancora consegnato e "
        "la scadenza non è passata. {scadenza} è nel foglio Ente.",
        "Relazione sulla performance {anno}: il file «{settore}» da compilare",
        "Gentile {responsabile},\n\n"
        "per la relazione sulla performance {anno} le mandiamo il file del settore "
        "«{settore}» ({file}), con la guida per compilarlo.\n\n"
        "Si scrive solo nelle caselle gialle. Le chiediamo di salvarlo in formato .xlsx, con lo stesso "
        "nome, e di rimandarcelo entro il {scadenza}.\n\n"
        "Per qualunque dubbio basta rispondere a questo messaggio.\n\n"
        "Cordiali saluti\n{ente}",
        (*_DEL_SETTORE, SCADENZA),
        elenco=False,
    ),
    "sollecito": Messaggio(
        "Sollecito",
        "Al responsabile che non ha ancora consegnato il file, o l'ha lasciato da compilare. Il "
        "modulo è allegato di nuovo.",
        "Relazione sulla performance {anno}: attendiamo il file «{settore}»",
        "Gentile {responsabile},\n\n"
        "per la relazione sulla performance {anno} il file del settore «{settore}» ({file}) "
        "non ci risulta ancora consegnato, o ci risulta ancora da compilare.\n\n"
        "Alleghiamo di nuovo il modulo: le chiediamo di compilare le caselle gialle e di rimandarcelo, "
        "in formato .xlsx, appena possibile.\n\n"
        "Se l'ha già spedito compilato, la preghiamo di avvisarci: non ci è arrivato.\n\n"
        "Cordiali saluti\n{ente}",
        (*_DEL_SETTORE, SCADENZA),
        elenco=False,
    ),
    "illeggibile": Messaggio(
        "File illeggibile",
        "Al responsabile che ha mandato un file che non si può leggere.",
        "Relazione sulla performance {anno}: il file «{settore}» non si può leggere",
        "Gentile {responsabile},\n\n"
        "abbiamo ricevuto il file del settore «{settore}» per la relazione sulla performance {anno}, ma "
        "non si può leggere:\n\n"
        "{elenco}\n\n"
        "Le chiediamo di rimandarcelo appena possibile, con il nome {file}.\n\n"
        "Cordiali saluti\n{ente}",
    ),
    "correzioni": Messaggio(
        "Correzioni",
        "Al responsabile del file che ha dei rilievi.",
        "Relazione sulla performance {anno}: file «{settore}» da rivedere",
        "Gentile {responsabile},\n\n"
        "abbiamo controllato il file del settore «{settore}» per la relazione sulla "
        "performance {anno} ({file}). Ecco che cosa c'è da rivedere, dove, e che cosa scrivere.\n\n"
        "{elenco}\n\n"
        "Le chiediamo di correggere dove serve e di rimandarci il file. Per qualunque dubbio basta "
        "rispondere a questo messaggio.\n\n"
        "Cordiali saluti\n{ente}",
    ),
    "conferme": Messaggio(
        "Conferme",
        "Al responsabile del file che ha solo avvisi: niente da correggere, qualcosa da "
        "confermare ({quante} diventa «una cosa», «due cose»…).",
        "Relazione sulla performance {anno}: file «{settore}», {quante} da confermare",
        "Gentile {responsabile},\n\n"
        "abbiamo controllato il file del settore «{settore}» per la relazione sulla "
        "performance {anno} ({file}). Non c'è niente che blocchi: le chiediamo di guardare "
        "{quante}.\n\n"
        "{elenco}\n\n"
        "Basta rispondere a questo messaggio, punto per punto: «va bene», oppure che cosa scrivere. "
        "Il file lo aggiorniamo noi.\n\n"
        "Cordiali saluti\n{ente}",
        (*_DEL_SETTORE, "quante"),
    ),
    "invio": Messaggio(
        "Invio della relazione",
        "Ai destinatari del foglio Destinatari, con la relazione e il consolidato.",
        "{ente}: relazione sulla performance {anno}",
        "Buongiorno,\n\n"
        "trasmettiamo la relazione sulla performance {anno}, con il consolidato Excel che riporta tutti "
        "i dati e i calcoli. In allegato:\n\n"
        "{elenco}\n\n"
        "Cordiali saluti\n{ente}",
        ("ente", "anno"),
    ),
    "atti": Messaggio(
        "Invio degli atti",
        "Ai destinatari che sono Giunta, Nucleo o segretario (lo dice il ruolo), con gli atti che li "
        "riguardano: quando make atti li ha preparati.",
        "{ente}: atti per la relazione sulla performance {anno}",
        "Buongiorno,\n\n"
        "trasmettiamo gli atti per la relazione sulla performance {anno}, da esaminare e da completare "
        "dove è segnato. In allegato:\n\n"
        "{elenco}\n\n"
        "Cordiali saluti\n{ente}",
        ("ente", "anno"),
    ),
}


_SOLLECITO_SENZA_MODULO = MESSAGGI["sollecito"].testo.replace(
    "Alleghiamo di nuovo il modulo: le chiediamo di compilare le caselle gialle e di rimandarcelo, in "
    "formato .xlsx, appena possibile.",
    "Le chiediamo di compilare le caselle gialle e di rimandarci il file, in formato .xlsx, appena "
    "possibile. Se non trova più il modello, basta rispondere a questo messaggio.",
)
SUPERATI = (
    _SOLLECITO_SENZA_MODULO,
    _SOLLECITO_SENZA_MODULO.replace("spedito compilato,", "spedito,"),
    MESSAGGI["correzioni"].testo.replace(
        "Ecco che cosa c'è da rivedere, dove, e che cosa scrivere.",
        "Questi sono i punti da rivedere: ognuno dice il foglio, la cella e che cosa scrivere.",
    ),
)
"""Ready texts of earlier versions: an ente.xlsx may hold them, and they are not its own words."""
_SI_DICEVA = (
    (
        "la cartella di lavoro del settore «{settore}» (file {file})",
        "il file del settore «{settore}» ({file})",
    ),
    ("la cartella di lavoro del settore", "il file del settore"),
    ("{anno} (file {file}).", "{anno} ({file})."),
    ("rimandarci la cartella", "rimandarci il file"),
    ("attendiamo la cartella", "attendiamo il file"),
    ("consegnato la cartella", "consegnato il file"),
    ("della cartella che", "del file che"),
    (": la cartella «", ": il file «"),
    (": cartella «", ": file «"),
    ("per compilarla", "per compilarlo"),
    ("di salvarla", "di salvarlo"),
    ("di rimandarcela", "di rimandarcelo"),
    ("ancora consegnata", "ancora consegnato"),
    ("l'ha lasciata", "l'ha lasciato"),
    ("spedita", "spedito"),
    ("spedito compilata", "spedito compilato"),
    ("ci è arrivata", "ci è arrivato"),
)
"""A workbook was called «cartella», that is also a folder: words of then -> words of now."""
ETICHETTE_DI_PRIMA = {"illeggibile": "Cartella illeggibile"}
SPIEGAZIONI_DI_PRIMA = (
    "Al responsabile che non ha ancora consegnato il file, o l'ha lasciato da compilare. "
    "Segnaposto: {ente} {anno} {settore} {responsabile} {file}.",
)
"""What earlier versions wrote in the last column, and do not write any more."""


def scrivi(modulo: Modulo, contenuto: list[Riga]) -> None:
    """Write the sheet: what the office typed, the ready texts for the messages it has no row of."""
    ws = modulo.foglio(FOGLIO, _LARGHEZZE, orizzontale=True)
    modulo.scrivi(ws, 1, 1, TITOLO, "titolo")
    ws.set_row(0, 22)
    for colonna, etichetta in enumerate(INTESTAZIONE, start=1):
        modulo.scrivi(ws, 3, colonna, etichetta, "intestazione")
    ws.repeat_rows(2)
    ws.freeze_panes(3, 0)
    scritti = {riga["messaggio"]: riga for riga in contenuto}
    for riga, (chiave, messaggio) in enumerate(MESSAGGI.items(), start=4):
        suo = scritti.get(chiave, {"oggetto": messaggio.oggetto, "testo": messaggio.testo})
        celle = (messaggio.etichetta, suo["oggetto"], suo["testo"], messaggio.spiegazione)
        aspetti = ("etichetta", "testo", "testo", "fisso")
        for colonna, (valore, aspetto) in enumerate(zip(celle, aspetti, strict=True), start=1):
            modulo.scrivi(ws, riga, colonna, valore, aspetto)
        for campo in (OGGETTO, TESTO):
            modulo.regola(ws, campo, riga, riga)
        ws.set_row(riga - 1, altezza(zip(celle, _LARGHEZZE, strict=True), 18))


def leggi(lettura: Lettura, foglio: Foglio) -> None:
    """Read the sheet: a row for each message whose label is there."""
    sezione = trova_sezione(foglio, COLONNE)
    if sezione is None:
        salta_senza_intestazione(lettura, foglio, COLONNE)
        return
    annota_colonne(lettura, foglio, sezione, foglio.ultima_riga())
    prima, quando = sezione["messaggio"].colonna, sezione["quando"].colonna
    campi = sezione.solo((OGGETTO, TESTO))
    for chiave, messaggio in MESSAGGI.items():
        nomi = (messaggio.etichetta, ETICHETTE_DI_PRIMA.get(chiave, messaggio.etichetta))
        righe_sue = (trova_riga(foglio, [n], sezione.testa + 1, colonna=prima) for n in nomi)
        riga = next(filter(None, righe_sue), None)
        if riga is not None:
            foglio.segna_modello((riga, prima))
            if _come_ora(foglio.testo(riga, quando)) in (messaggio.spiegazione, *SPIEGAZIONI_DI_PRIMA):
                foglio.segna_modello((riga, quando))
            segna_caselle(lettura, foglio, campi, range(riga, riga + 1))
            valori, celle = lettura.leggi_riga(campi, foglio, riga), celle_di(campi, riga)
            lettura.aggiungi("messaggi", foglio, riga, messaggio=chiave, celle=celle, **valori)


def _come_ora(testo: str) -> str:
    """A ready text of before in the words of now; of one of the office, whatever comes of it."""
    for prima, ora in _SI_DICEVA:
        testo = testo.replace(prima, ora)
    return testo


def ignoti(testo: str, ammessi: tuple[str, ...]) -> list[str]:
    """What stands in braces and is none of the places allowed; a brace alone counts as one."""
    trovati = SEGNAPOSTO.findall(testo)
    return [posto for posto in dict.fromkeys(trovati) if nome_di(posto) not in ammessi]


def riempi(testo: str, valori: dict[str, str]) -> str:
    """The text with its places filled; what is filled in is never searched for places again."""
    return SEGNAPOSTO.sub(lambda posto: valori[nome_di(posto[0])], testo)


def dice(testo: str, posto: str) -> bool:
    """Whether a text has a place."""
    return posto in map(nome_di, SEGNAPOSTO.findall(testo))


def nome_di(posto: str) -> str:
    """The name in the braces of a place: case and blanks do not count."""
    return posto.strip("{} ").lower()


def in_uso(tabelle: Tabelle, chiave: str) -> tuple[str, str]:
    """Subject and text of a message: the office's, or the ready one where its cell is blank or wrong."""
    messaggio = MESSAGGI[chiave]
    suoi = next((r for r in righe(tabelle.messaggi) if r["messaggio"] == chiave), {})

    def scelto(campo: Campo, pronto: str) -> str:
        suo = str(suoi.get(campo.chiave, ""))
        suo_davvero = suo.strip() and _come_ora(suo) not in (pronto, *SUPERATI)
        return suo if suo_davvero and not ignoti(suo, messaggio.ammessi(campo)) else pronto

    return scelto(OGGETTO, messaggio.oggetto), scelto(TESTO, messaggio.testo)
