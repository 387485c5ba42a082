"""The `{campi}` of the acts and what each is worth: data of ente.xlsx and figures of the results.

A figure comes from the room that gives it to the consolidato and the relazione; nothing is worked out
here but counts of what those list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.documents import cifre
from pipeline.documents.fascicolo import Fascicolo, di_provincia
from pipeline.documents.word.corpo import MANCA, Valori
from pipeline.numeri import breve, con_segno, numero, percentuale
from pipeline.parole import citazione, elenco_di, in_frase, normalizza, quanti
from pipeline.rilievi import GRAVITA
from pipeline.score import NUCLEO, PARAMETRO, Scarto, SettoreValutato, VoceValutata
from pipeline.tables import TRASVERSALI, chiave_scheda
from pipeline.workbooks import estremi
from pipeline.workbooks.ente import CASELLE, FILE

DELL_ENTE = ("provincia", "organo", "atto", "data", "valutatore")
"""The boxes of the sheet Ente that the acts need; the year and the name are always there."""
ELENCHI_DI_RIGHE = ("altri_atti", "componenti")
"""The boxes that are lists, and not simple `{campi}`."""
MAX_TITOLO = 120

SEMPLICI = {
    "anno": "l'anno rendicontato",
    "anno_dopo": "l'anno dopo",
    "ente": "la denominazione",
    "provincia": "«Provincia di …»",
    "organo": "l'organo che approva",
    "l_organo": "lo stesso con l'articolo: la Giunta comunale",
    "dell_organo": "con «di»: della Giunta comunale",
    "atto": "gli estremi dell'atto",
    "data": "la data della relazione",
    "valutatore": "l'organo di valutazione",
    "il_valutatore": "con l'articolo: il Nucleo di valutazione",
    "del_valutatore": "con «di»: del Nucleo di valutazione",
    **{
        campo.chiave: f"foglio Atti, «{campo.etichetta}»"
        for campo in estremi.ESTREMI
        if campo.chiave not in ELENCHI_DI_RIGHE
    },
    "grado_ente": "il grado dell'ente pubblicato",
    "regola_media": "la media che è",
    "altro_grado": "l'altra media dell'ente",
    "altra_regola": "quale media è",
    "chi_attribuisce": "frase: di chi sono i gradi",
    "non_consuntivati": "frase: gli obiettivi non consuntivati con un grado fissato; o niente",
    "settori": "«6 settori»",
    "cartelle": "«7 file su 7» consegnati",
    "schede": "«38 schede su 38», se ente.xlsx dice quante se ne attendono",
    "fuori_valutazione": "«2 schede non comprese nella valutazione»",
    "obiettivi": "quanti obiettivi distinti",
    "valutati": "quanti valutati",
    "esclusi": "quanti esclusi dalla media",
    "obiettivi_distinti": "«33 obiettivi distinti»",
    "obiettivi_valutati": "«31 obiettivi valutati»",
    "obiettivi_esclusi": "«2 obiettivi esclusi dalla media»",
    "motivi_esclusi": "« (1 rinviato, 1 non valutabile)», o niente",
    "esclusi_in_frase": "frase: se ci sono obiettivi esclusi dalla media",
    "indicatori": "quanti indicatori",
    "con_atteso": "quanti con un valore atteso",
    "quantificabili": "quanti quantificabili",
    "misurati": "quanti misurati",
    "raggiunti": "quanti raggiunti",
    "sotto_atteso": "quanti misurati sotto il valore atteso",
    "indicatori_comuni": "frase: quanti sono misurati negli obiettivi comuni a più settori; o niente",
    "tolleranza": "i punti di tolleranza fra dichiarato e misurato",
    "scarti": "quante schede li superano",
    "scarti_motivati": "di quante c'è un motivo o una nota",
    "scarti_in_frase": "frase: se ce ne sono",
    "gradi_nucleo": "quanti gradi ha attribuito l'organo di valutazione",
    "visti": "quanti obiettivi ha visto e confermato",
    "anticorruzione": "frase: gli obiettivi che nominano corruzione, trasparenza o legalità",
    "rilievi": "frase: quanti rilievi restano nei file",
}
"""Name of every simple `{campo}` -> what it is, for the office."""
DI_UN_SETTORE = {
    "settore": "la denominazione",
    "responsabile": "come nel suo file",
    "categoria": "come nel suo file",
    "obiettivi": "quanti, i comuni compresi",
    "valutati": "quanti valutati",
    "esclusi": "quanti esclusi dalla media",
    "grado": "il grado del settore",
    "fascia": "la sua fascia",
    "chiarimenti": "frase: perché qualcosa è escluso o ha un grado fissato; o niente",
}
"""The simple `{campi}` that only the sheet of a settore has; the first three count there."""
DELLA_NOTA = {
    "quanti_documenti": "«11 documenti»",
    "mancanti_in_frase": "frase: se c'è qualcosa da completare",
}
ELENCHI = {
    "settore": ("denominazione", "obiettivi", "valutati", "esclusi", "grado", "fascia", "misurati"),
    "escluso": ("settore", "obiettivo", "motivo", "note"),
    "scarto": ("scheda", "titolo", "settore", "dichiarato", "misurato", "punti", "motivo"),
    "componente": ("nome",),
    "atto_visto": ("testo",),
    "allegato": ("n", "titolo", "file"),
    "voce": ("n", "obiettivo", "peso", "stato", "dichiarato", "misurato", "nucleo", "grado", "note"),
    "documento": ("titolo", "file", "sha256"),
    "mancante": ("che_cosa", "dove", "documenti"),
}
"""Name of every list -> the `{elenco.campo}` of its items."""


@dataclass(frozen=True)
class Mancante:
    """A box of ente.xlsx that is blank and an act needs."""

    etichetta: str
    foglio: str

    @property
    def dove(self) -> str:
        return f"{FILE}, foglio {self.foglio}, «{self.etichetta}»"

    @property
    def posto(self) -> str:
        """What stands in its place in an act."""
        return MANCA.format(f"[da completare: {self.etichetta[:1].lower()}{self.etichetta[1:]}]")


CASELLE_USATE = {
    campo.chiave: Mancante(campo.etichetta, foglio)
    for foglio, campi in CASELLE.items()
    for campo in campi
    if foglio == estremi.FOGLIO or campo.chiave in DELL_ENTE
}
DA_CASELLE = {
    "l_organo": "organo",
    "dell_organo": "organo",
    "il_valutatore": "valutatore",
    "del_valutatore": "valutatore",
    "componente.nome": "componenti",
}
"""The other `{campi}` that come from a box -> which."""


def mancanti(fascicolo: Fascicolo, campi: Iterable[str]) -> list[Mancante]:
    """The blank boxes that some `{campi}` would need, each once."""
    chiavi = dict.fromkeys(DA_CASELLE.get(campo, campo) for campo in campi)
    usate = (chiave for chiave in chiavi if chiave in CASELLE_USATE and chiave != "altri_atti")
    return [CASELLE_USATE[chiave] for chiave in usate if not fascicolo.ente.get(chiave, "").strip()]


# --------------------------------------------------------------------------------- data of the ente


def comuni(fascicolo: Fascicolo) -> Valori:
    """What every act may say."""
    semplici = {
        "anno": str(fascicolo.anno),
        "anno_dopo": str(fascicolo.anno + 1),
        "ente": fascicolo.ente.get("denominazione", ""),
        **_caselle(fascicolo),
        **_gradi(fascicolo),
        **_conti(fascicolo),
        **_scarti_in_breve(fascicolo),
        **_del_nucleo(fascicolo),
    }
    elenchi = {
        "settore": [_settore(fascicolo, settore) for settore in fascicolo.settori],
        "escluso": _esclusi(fascicolo),
        "scarto": _scarti(fascicolo),
        "componente": [{"nome": nome} for nome in _righe_o_posto(fascicolo, "componenti")],
        "atto_visto": [{"testo": riga} for riga in _righe(fascicolo.ente.get("altri_atti", ""))],
    }
    return Valori(semplici, elenchi)


def _caselle(fascicolo: Fascicolo) -> dict[str, str]:
    """The boxes of ente.xlsx, or the place to complete where one is blank."""
    valori = {
        chiave: " ".join(fascicolo.ente.get(chiave, "").split()) or mancante.posto
        for chiave, mancante in CASELLE_USATE.items()
        if chiave not in ELENCHI_DI_RIGHE
    }
    organo, valutatore = valori["organo"], valori["valutatore"]
    return {
        **valori,
        "provincia": _di_provincia(valori["provincia"]),
        "l_organo": con_articolo(organo),
        "dell_organo": con_articolo(organo, di=True),
        "il_valutatore": con_articolo(valutatore),
        "del_valutatore": con_articolo(valutatore, di=True),
    }


def _di_provincia(scritta: str) -> str:
    return scritta if scritta.startswith(MANCA[0]) else di_provincia(scritta)


def con_articolo(nome: str, di: bool = False) -> str:
    """An organo with its article: "la Giunta comunale", "l'Organismo…"; with `di`, "della Giunta…"."""
    if nome.startswith(MANCA[0]):
        return f"di {nome}" if di else nome
    prima = normalizza(nome).partition(" ")[0]
    if prima[:1] in "aeiou":
        return f"{'dell' if di else 'l'}'{nome}"
    if prima.endswith(("a", "ione")):
        return f"{'della' if di else 'la'} {nome}"
    impuro = prima.startswith(("z", "ps", "gn")) or (prima[:1] == "s" and prima[1:2] not in "aeiou")
    return f"{'dello' if di else 'lo'} {nome}" if impuro else f"{'del' if di else 'il'} {nome}"


def _righe(testo: str) -> list[str]:
    return [in_frase(riga).removesuffix(";") for riga in testo.splitlines() if riga.strip()]


def _righe_o_posto(fascicolo: Fascicolo, chiave: str) -> list[str]:
    return _righe(fascicolo.ente.get(chiave, "")) or [CASELLE_USATE[chiave].posto]


# ------------------------------------------------------------------------------------------ figures


def _gradi(fascicolo: Fascicolo) -> dict[str, str]:
    (regola, grado), (altra, altro) = fascicolo.medie.items()
    return {
        "regola_media": regola,
        "grado_ente": _grado(percentuale(grado)),
        "altra_regola": altra,
        "altro_grado": _grado(percentuale(altro)),
        "chi_attribuisce": fascicolo.chi_attribuisce,
        "non_consuntivati": fascicolo.nota_non_consuntivati,
    }


def _grado(scritto: str) -> str:
    return con_segno(scritto) if scritto else "non calcolabile"


def _conti(fascicolo: Fascicolo) -> dict[str, str]:
    figure, imbuto = cifre.cifre(fascicolo), fascicolo.imbuto()
    distinti, valutati, esclusi = (
        int(figure[nome].valore or 0) for nome in (cifre.DISTINTI, cifre.VALUTATI, cifre.ESCLUSI)
    )
    conti = cifre.esclusi(fascicolo.valutazione.esclusi).most_common()
    motivi = ", ".join(f"{n} {motivo}" for motivo, n in conti)
    return {
        "settori": quanti(len(fascicolo.settori), "settore", "settori"),
        "cartelle": _cartelle(fascicolo),
        "schede": _schede(fascicolo),
        "fuori_valutazione": quanti(
            len(fascicolo.fuori_valutazione),
            "scheda non compresa nella valutazione",
            "schede non comprese nella valutazione",
        )
        if fascicolo.fuori_valutazione
        else "nessuna scheda fuori dalla valutazione",
        "obiettivi": str(distinti),
        "valutati": str(valutati),
        "esclusi": str(esclusi),
        "obiettivi_distinti": quanti(distinti, "obiettivo distinto", "obiettivi distinti"),
        "obiettivi_valutati": quanti(valutati, "obiettivo valutato", "obiettivi valutati"),
        "obiettivi_esclusi": quanti(
            esclusi, "obiettivo escluso dalla media", "obiettivi esclusi dalla media"
        )
        if esclusi
        else "nessun obiettivo escluso dalla media",
        "motivi_esclusi": f" ({motivi})" if motivi else "",
        "esclusi_in_frase": (
            "Restano nella relazione, con il motivo; quelli comuni a più settori sono detti una volta."
            if esclusi
            else "Nessun obiettivo è escluso dalla media."
        ),
        "indicatori": str(imbuto.indicatori),
        "con_atteso": str(imbuto.attesi),
        "quantificabili": str(imbuto.quantificabili),
        "misurati": str(imbuto.misurati),
        "raggiunti": str(imbuto.raggiunti),
        "sotto_atteso": str(imbuto.misurati - imbuto.raggiunti),
        "indicatori_comuni": _indicatori_comuni(fascicolo),
        "rilievi": _rilievi(fascicolo),
        "anticorruzione": _anticorruzione(fascicolo),
    }


def _cartelle(fascicolo: Fascicolo) -> str:
    consegnate = quanti(len(fascicolo.consegnate), "file", "file")
    return f"{consegnate} su {len(fascicolo.ordine)}"


def _schede(fascicolo: Fascicolo) -> str:
    """How many schede are reported, and out of how many where ente.xlsx says it of every settore."""
    rese = len(fascicolo.schede)
    attese = [fascicolo.tabelle.elencati[settore]["n_schede"] for settore in fascicolo.ordine]
    note = [n for n in attese if n is not None]
    su = f" su {numero(sum(note[1:], note[0]))}" if note and len(note) == len(attese) else ""
    return quanti(rese, "scheda", "schede") + su


def _rilievi(fascicolo: Fascicolo) -> str:
    parole = {
        "blocca": ("cosa che blocca", "cose che bloccano"),
        "da correggere": ("cosa da correggere", "cose da correggere"),
        "avviso": ("avviso", "avvisi"),
    }
    conti = [sum(r.gravita == gravita for r in fascicolo.rilievi) for gravita in GRAVITA]
    detti = [quanti(n, *parole[g]) for n, g in zip(conti, GRAVITA, strict=True) if n]
    if fascicolo.pubblica:
        return "I rilievi sono negli atti dell'ufficio"
    return f"Rilievi nei file: {elenco_di(detti) if detti else 'nessuno'}"


def _indicatori_comuni(fascicolo: Fascicolo) -> str:
    imbuto = fascicolo.imbuto(TRASVERSALI)
    if not imbuto.indicatori:
        return ""
    quanti_sono = cifre.su(imbuto.misurati, imbuto.indicatori)
    return f"Negli obiettivi comuni a più settori gli indicatori misurati sono {quanti_sono}."


def _anticorruzione(fascicolo: Fascicolo) -> str:
    trovate = [
        f"{fascicolo.codice(s)} «{citazione(s['titolo'], MAX_TITOLO)}»"
        for s in fascicolo.di_anticorruzione
    ]
    if not trovate:
        return "Nessuna scheda nomina nel titolo corruzione, trasparenza o legalità."
    return f"Le nominano nel titolo: {'; '.join(trovate)}."


def _settore(fascicolo: Fascicolo, settore: SettoreValutato) -> dict[str, str]:
    imbuto = fascicolo.imbuto(settore.settore)
    return {
        "denominazione": settore.denominazione,
        "obiettivi": str(settore.obiettivi),
        "valutati": str(settore.valutati),
        "esclusi": str(settore.esclusi),
        "grado": percentuale(settore.grado) or "non calcolabile",
        "fascia": settore.fascia,
        "misurati": cifre.su(imbuto.misurati, imbuto.indicatori),
    }


def _esclusi(fascicolo: Fascicolo) -> list[dict[str, str]]:
    return [
        {
            "settore": fascicolo.denominazioni[obiettivo.voce.settore],
            "obiettivo": " ".join(obiettivo.voce.riga["descrizione"].split()),
            "motivo": obiettivo.voce.motivo,
            "note": _note(obiettivo.voce),
        }
        for obiettivo in fascicolo.valutazione.esclusi
    ]


def _note(voce: VoceValutata) -> str:
    """The reason of the responsabile, then the note of the Nucleo, said whose it is."""
    del_nucleo = f"Nucleo: {voce.note}" if voce.note else ""
    return "\n".join(filter(None, (voce.riga["note_responsabile"], del_nucleo)))


# ------------------------------------------------------------------- declared far from what is measured


def _motivo(fascicolo: Fascicolo, scarto: Scarto) -> str:
    voci = fascicolo.voci_di(scarto.scheda)
    return "\n".join(dict.fromkeys(nota for voce in voci if (nota := _note(voce))))


def _scarti(fascicolo: Fascicolo) -> list[dict[str, str]]:
    return [
        {
            "scheda": fascicolo.codice_di(chiave_scheda(scarto.scheda)),
            "titolo": citazione(scarto.scheda["titolo"], MAX_TITOLO),
            "settore": fascicolo.denominazioni[scarto.scheda["settore"]],
            "dichiarato": dichiarato,
            "misurato": misurato,
            "punti": punti,
            "motivo": _motivo(fascicolo, scarto) or "non scritto",
        }
        for scarto, dichiarato, misurato, punti in cifre.scarti_in_colonna(
            fascicolo.valutazione.coerenza
        )
    ]


def _scarti_in_breve(fascicolo: Fascicolo) -> dict[str, str]:
    scarti, tolleranza = fascicolo.valutazione.coerenza, numero(fascicolo.parametri.tolleranza)
    frase = (
        f"Distano più di {tolleranza} punti, dalla differenza maggiore:"
        if scarti
        else cifre.nessuno_scarto(fascicolo)
    )
    return {
        "tolleranza": tolleranza,
        "scarti": str(len(scarti)),
        "scarti_motivati": str(sum(bool(_motivo(fascicolo, scarto)) for scarto in scarti)),
        "scarti_in_frase": frase,
    }


def _del_nucleo(fascicolo: Fascicolo) -> dict[str, str]:
    distinti = [obiettivo.voce for obiettivo in fascicolo.valutazione.distinti]
    return {
        "gradi_nucleo": str(cifre.attribuiti(fascicolo, NUCLEO)),
        "visti": str(sum(voce.riga["visto"] for voce in distinti)),
    }


# ------------------------------------------------------------------------------------- of a settore


def del_settore(fascicolo: Fascicolo, settore: SettoreValutato, base: Valori) -> Valori:
    """What the sheet of a settore says, besides what every act may say."""
    # imported here: most runs make no acts, and what finds the personal data is slow to load
    from pipeline.omissioni import NOME

    dati = fascicolo.righe.settori.prima(settore.settore)
    responsabile, categoria = (dati["responsabile"], dati["categoria"]) if dati else ("", "")
    suoi = _settore(fascicolo, settore)
    vuoto = NOME if fascicolo.pubblica else "–"
    semplici: Mapping[str, str] = {
        **base.semplici,
        **{chiave: suoi[chiave] for chiave in ("obiettivi", "valutati", "esclusi", "fascia")},
        "settore": settore.denominazione,
        "responsabile": in_frase(responsabile) or vuoto,
        "categoria": in_frase(categoria) or "–",
        "grado": _grado(percentuale(settore.grado)),
        "chiarimenti": " ".join(_chiarimenti(fascicolo, settore)),
    }
    voci = fascicolo.voci(settore.settore)
    return Valori(semplici, {**base.elenchi, "voce": [_voce(voce) for voce in voci]})


def _voce(voce: VoceValutata) -> dict[str, str]:
    """A voce as in the Valutazione of its workbook; what the Nucleo has not written stays blank."""
    detto = " ".join(voce.riga["descrizione"].split())
    gia_detto = not voce.trasversale or "trasversale" in normalizza(detto)
    return {
        "n": str(voce.n),
        "obiettivo": detto if gia_detto else f"{detto} (comune a più settori)",
        "peso": "–" if voce.riga["peso"] is None else numero(voce.riga["peso"]),
        "stato": voce.riga["stato"] or "–",
        "dichiarato": percentuale(voce.dichiarato) or "–",
        "misurato": percentuale(voce.grado_misurato) or "–",
        "nucleo": percentuale(voce.del_nucleo) or ("confermato" if voce.riga["visto"] else ""),
        "grado": percentuale(voce.grado) if voce.conta else "–",
        "note": _note(voce),
    }


def _chiarimenti(fascicolo: Fascicolo, settore: SettoreValutato) -> Iterable[str]:
    voci = fascicolo.voci(settore.settore)
    if fuori := [f"n. {voce.n} ({voce.motivo})" for voce in voci if not voce.conta]:
        yield f"Fuori dalla media: {elenco_di(fuori)}."
    fissato = fascicolo.parametri.grado_non_consuntivato
    if fissato is not None and any(voce.origine == PARAMETRO for voce in voci):
        yield f"Ciò che non è stato consuntivato conta {breve(fissato)}, per scelta dell'ente."
    if all(voce.riga["peso"] is None for voce in voci):
        yield "Gli obiettivi hanno tutti lo stesso peso."
    if settore.fascia:
        yield f"Fascia: {settore.fascia}."
