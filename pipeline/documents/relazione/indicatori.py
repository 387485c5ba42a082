"""The indicatori of a scheda: what was expected, what was reached, what that measures."""

import re
from collections.abc import Sequence
from math import ceil

from pipeline.documents.cifre import con_base, su
from pipeline.documents.fascicolo import Fascicolo
from pipeline.documents.relazione import promesso
from pipeline.documents.relazione.promesso import PER_CENTIMETRO, TESTO
from pipeline.documents.word.blocchi import Barra, Cella, Tavola, forte
from pipeline.documents.word.documento import Documento
from pipeline.numeri import breve, con_segno, numero
from pipeline.parole import in_frase
from pipeline.tables import Fase, Indicatore, Scheda, chiave_scheda

LUNGO = 58
"""From how many characters a valore atteso, or a raggiunto, asks for a wide column."""
DI_CIFRE = (8.1, 2.3, 3.0, 3.6)
"""How wide the columns are, in centimetres."""
SENZA = "non indicato"


def scrivi(
    documento: Documento, fascicolo: Fascicolo, scheda: Scheda, indicatori: list[Indicatore]
) -> None:
    """Write the indicatori with an atteso in a table, those told in words in a wider one; the data of
    context and the names of those without any in a paragraph each."""
    codice, detto = fascicolo.codice(scheda), trovato(fascicolo.codice(scheda), scheda, indicatori)
    attesi = [i for i in indicatori if i["atteso"].strip()]
    brevi = [i for i in attesi if not _a_parole(i)]
    lunghi = [i for i in attesi if _a_parole(i)]
    if brevi:
        documento.tabella(
            Tavola(
                f"Indicatori: {codice}",
                ("Indicatore", "Atteso", "Raggiunto", "Misurato"),
                [riga(i) for i in brevi],
                DI_CIFRE,
                detto=detto,
            ),
            numerata=False,
        )
    if lunghi:
        sotto = f"Indicatori a parole: {codice}"
        documento.tabella(_larga(sotto, detto if not brevi else sotto, lunghi), numerata=False)
    if not attesi:
        documento.testo(f"{forte(detto)}.", "Contesto")
    _senza_atteso(documento, [i for i in indicatori if not i["atteso"].strip()])


def quante_righe(indicatori: Sequence[Indicatore]) -> int:
    """About how many lines they take."""
    testi = (testo for i in indicatori for testo in (i["indicatore"], i["motivo_scostamento"]))
    return len(indicatori) + sum(ceil(len(t) / (DI_CIFRE[0] * PER_CENTIMETRO)) for t in testi)


def trovato(codice: str, scheda: Scheda, indicatori: Sequence[Indicatore]) -> str:
    """How many indicatori of a scheda are measured, what they say in the mean, on which base."""
    tutti, misurati = len(indicatori), scheda["misurabili"]
    nome = f"Indicatori {codice}"
    if not tutti:
        return f"{nome}: nessuno"
    if not misurati:
        return f"{nome}: {'l’unico non si misura' if tutti == 1 else f'nessuno dei {tutti} si misura'}"
    media = scheda["grado_misurato"]
    detto = "ma non tutti hanno un peso" if media is None else f"in media {con_segno(breve(media))}"
    if tutti == 1:
        return f"{nome}: l'unico è misurato, {con_segno(breve(media)) if media is not None else detto}"
    return f"{nome}: {su(misurati, tutti)} misurati, {detto} – {con_base(misurati, tutti)}"


def perche(indicatore: Indicatore) -> str:
    """Why an indicatore is not measured, for who reads: without the value, and what to do about it,
    which are for who compiles."""
    return re.sub(" «[^»0-9]*[0-9][^»]*»", "", indicatore["motivo"]).partition(": ")[0]


def _a_parole(indicatore: Indicatore) -> bool:
    return max(len(indicatore["atteso"]), len(indicatore["raggiunto"])) > LUNGO


def _nome(indicatore: Indicatore) -> str:
    """What is measured, and what else the responsabile says of it."""
    altri = {
        "Peso": "" if indicatore["peso"] is None else numero(indicatore["peso"]),
        "Unità": indicatore["unita"],
        "Fonte": indicatore["fonte"],
        "Valore di partenza": indicatore["partenza"],
    }
    dati = "; ".join(f"{nome}: {in_frase(valore)}" for nome, valore in altri.items() if valore)
    detto = indicatore["indicatore"].strip().removeprefix("- ") or "senza nome"
    return f"{detto} ({dati})" if dati else detto


def riga(indicatore: Indicatore) -> Sequence[Cella]:
    """An indicatore with its atteso, its raggiunto and what that measures."""
    grado = indicatore["grado_misurato"]
    misura = _non_misurato(indicatore) if grado is None else con_segno(breve(grado))
    return (
        [(_nome(indicatore), TESTO), *motivo] if (motivo := _motivo(indicatore)) else _nome(indicatore),
        indicatore["atteso"].strip() or SENZA,
        indicatore["raggiunto"].strip() or SENZA,
        Barra(misura, grado),
    )


def _motivo(indicatore: Indicatore) -> promesso.Capoversi:
    """Why the raggiunto is under the atteso, as the responsabile says beside it."""
    motivo = in_frase(indicatore["motivo_scostamento"])
    return [(f"Motivo: {motivo}", TESTO)] if motivo else []


def _non_misurato(indicatore: Indicatore) -> str:
    motivo = perche(indicatore)
    return motivo if motivo.startswith("manca") else f"non misurato: {motivo}"


def _larga(titolo: str, detto: str, indicatori: list[Indicatore]) -> Tavola:
    """What was expected and what was reached side by side, for those told in words."""
    righe = [(_atteso([(_nome(i), TESTO)], i), _raggiunto(i)) for i in indicatori]
    return Tavola(
        titolo,
        ("Indicatore e valore atteso", "Raggiunto"),
        righe,
        promesso.misure(righe),
        detto=detto,
        griglia=False,
    )


def _atteso(prima: promesso.Capoversi, indicatore: Indicatore) -> promesso.Capoversi:
    return [*prima, (f"→ Atteso: {indicatore['atteso'].strip() or 'non scritto'}", TESTO)]


def _raggiunto(indicatore: Indicatore) -> promesso.Capoversi:
    grado = indicatore["grado_misurato"]
    misura = f"Misurato: {con_segno(breve(grado))}"
    if grado is None:
        manca = not indicatore["atteso"].strip()
        misura = "Dato di contesto" if manca else f"Non misurato: {perche(indicatore)}"
    raggiunto = indicatore["raggiunto"].strip() or SENZA
    return [(raggiunto, TESTO), (f"→ {misura}.", TESTO), *_motivo(indicatore)]


def con_le_fasi(
    documento: Documento,
    fascicolo: Fascicolo,
    scheda: Scheda,
    fasi: list[Fase],
    indicatori: list[Indicatore],
) -> None:
    """Write fase k beside indicatore k, where the author numbered both; then the others."""
    codice = fascicolo.codice(scheda)
    posti = promesso.paralleli(fasi, indicatori)
    definizioni = fascicolo.righe.obiettivi.della(chiave_scheda(scheda))
    propri = promesso.tempi_propri(fasi)
    righe = []
    for n, fase in enumerate(fasi, start=1):
        indicatore = indicatori[posti[n]]
        detto = [(forte(promesso.con_tempi(fase, propri)), TESTO), (_nome(indicatore), TESTO)]
        righe.append((_atteso(detto, indicatore), _raggiunto(indicatore)))
    for obiettivo in definizioni:
        if definizione := promesso.definizione(scheda, obiettivo):
            documento.testo(definizione, "Contesto", tieni=True)
    stati = promesso.scritti(fascicolo.righe.stati.della(chiave_scheda(scheda)))
    documento.testo(
        " ".join(f"{voce} {testo}".strip() for voce, testo in stati)
        or "Stato di attuazione non scritto: ciò che è successo è detto accanto a ogni indicatore.",
        "Contesto",
        tieni=True,
    )
    documento.tabella(
        Tavola(
            f"Fasi e indicatori: {codice}",
            ("Che cosa si era promesso: fase, indicatore, atteso", "Che cosa è successo: raggiunto"),
            righe,
            promesso.misure(righe),
            detto=trovato(codice, scheda, indicatori),
            griglia=False,
        ),
        numerata=False,
    )
    altri = [i for posto, i in enumerate(indicatori) if posto not in posti.values()]
    con_atteso = [i for i in altri if i["atteso"].strip()]
    if con_atteso:
        titolo = f"Altri indicatori: {codice}"
        documento.tabella(_larga(titolo, titolo, con_atteso), numerata=False)
    _senza_atteso(documento, [i for i in altri if not i["atteso"].strip()])


def _senza_atteso(documento: Documento, indicatori: list[Indicatore]) -> None:
    """Data of context with their value, and the names of the indicatori without any."""
    contesto = [f"{_nome(i)}: {i['raggiunto'].strip()}" for i in indicatori if i["raggiunto"].strip()]
    if contesto:
        documento.testo(
            f"{forte('Dati di contesto')} (senza valore atteso): {in_frase('; '.join(contesto))}.",
            "Contesto",
        )
    vuoti = [_nome(i) for i in indicatori if not i["raggiunto"].strip()]
    if vuoti:
        nomi = in_frase("; ".join(vuoti))
        documento.testo(f"{forte('Indicatori senza alcun dato')} ({len(vuoti)}): {nomi}.", "Contesto")
