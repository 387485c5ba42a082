"""The tables of a sheet, found by their headings; their columns, found by heading within the table.

An office may insert rows and columns, add a column of its own, move one: what counts is the heading. A
workbook of an earlier version of the form has fewer headings, or other words in them.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from pipeline.parole import citazione, normalizza
from pipeline.tables import Riga
from pipeline.workbooks.fields import Campo, Casella, Lettura, Notata, come_intestazione
from pipeline.workbooks.form import formato_di
from pipeline.workbooks.grid import Foglio, Posto, indirizzo, ripulisci

COME_NEL_MODELLO = "Ripristinare la riga di intestazione come nel modello."
ELIMINARLO = "eliminarlo (tasto destro sulla linguetta in basso, Elimina)"


def segna_titolo(foglio: Foglio, *titoli: str) -> None:
    """Account for what the template writes in the first row of a sheet, wherever it has moved."""
    nostri = {normalizza(titolo) for titolo in titoli}
    posti = ((1, colonna) for colonna in foglio.colonne_piene(1))
    foglio.segna_modello(*(posto for posto in posti if normalizza(foglio.testo(*posto)) in nostri))


@dataclass(frozen=True)
class Sezione:
    """A table as it stands in a workbook: the row of its headings, its fields at their columns.

    A field that is not there (of another version of the form) is not in `campi`.
    """

    testa: int
    campi: dict[str, Campo]

    def __getitem__(self, chiave: str) -> Campo:
        return self.campi[chiave]

    def solo(self, campi: Iterable[Campo]) -> list[Campo]:
        """Some fields of the form, as they stand here."""
        return [self.campi[campo.chiave] for campo in campi if campo.chiave in self.campi]

    @property
    def prima(self) -> int:
        """The column in which the table begins."""
        return min(campo.colonna for campo in self.campi.values())

    @property
    def intestazioni(self) -> list[Posto]:
        return [(self.testa, campo.colonna) for campo in self.campi.values()]


def trova_sezione(foglio: Foglio, campi: Sequence[Campo], da: int = 1) -> Sezione | None:
    """The table in the first row from `da` on with the headings that cannot be done without."""
    necessari = [campo for campo in campi if campo.necessario]
    for riga in range(da, foglio.ultima_riga() + 1):
        if len(foglio.colonne_piene(riga)) < len(necessari):
            continue  # most rows are not even looked at
        scritte = _scritte(foglio, riga)
        if any(campo.intestazioni.isdisjoint(scritte.values()) for campo in necessari):
            continue
        trovati = _disposti(scritte, campi)
        if all(campo.chiave in trovati for campo in necessari):
            return Sezione(riga, trovati)
    return None


def _scritte(foglio: Foglio, riga: int) -> dict[int, str]:
    """What a row says, by column, as headings are compared."""
    return {c: come_intestazione(foglio.testo(riga, c)) for c in foglio.colonne_piene(riga)}


def _disposti(scritte: dict[int, str], campi: Iterable[Campo]) -> dict[str, Campo]:
    """The fields whose heading is written in a row, in the order of the form, each at its column; of two
    headings alike, the one in its place."""
    trovati = {}
    for campo in sorted(campi, key=_IN_ORDINE):
        sue = [colonna for colonna, testo in scritte.items() if testo in campo.intestazioni]
        if sue:
            colonna = campo.colonna if campo.colonna in sue else sue[0]
            trovati[campo.chiave] = campo.nella(colonna)
            del scritte[colonna]
    return trovati


_IN_ORDINE = attrgetter("colonna")


def salta_altro_foglio(
    lettura: Lettura,
    foglio: Foglio,
    attesi: Sequence[str],
    tabelle: Iterable[tuple[str, Sequence[Campo]]],
) -> None:
    """Report a sheet that the form does not have. One with the headings of a table of the form blocks:
    somebody has filled in there what belongs in the form, and it is left out.

    `tabelle` are the tables that have their place in the workbook: where, and their fields.
    """
    for dove, campi in tabelle:
        if trova_sezione(foglio, campi):
            che = f"ha le intestazioni di {dove}, ma non è un foglio del modulo"
            rimedio = f"Riportare in {dove} ciò che serve, poi {ELIMINARLO}."
            lettura.salta_foglio("M20", foglio, che=che, rimedio=rimedio)
            return
    lettura.salta_non_previsto(foglio, attesi)


def segna_caselle(
    lettura: Lettura,
    foglio: Foglio,
    campi: Iterable[Campo],
    righe: range,
    del_nucleo: Container[str] = (),
) -> None:
    """Note the cells to fill in of a table, in some rows that have been read. The last one, when it is
    empty and locked, is the blank row that the form leaves under a table; `del_nucleo` are the fields of
    the Nucleo."""
    campi = tuple(campi)
    ultima = {(righe.stop - 1, campo.colonna) for campo in campi}
    compilate = (ultima & foglio.piene()) - foglio.del_modello
    if len(righe) > 1 and not compilate and foglio.sbloccate.isdisjoint(ultima):
        righe = righe[:-1]
    da_compilare = lettura.da_compilare.setdefault(foglio.nome, [])
    for campo in campi:
        formato = formato_di(campo) + ("_nucleo" if campo.chiave in del_nucleo else "")
        da_compilare.append((righe, Casella(campo, formato)))


def annota_colonne(lettura: Lettura, foglio: Foglio, sezione: Sezione, ultima: int) -> None:
    """Account for the headings of a table, which ends in the row `ultima`, and note the columns that the
    form does not have, or has in another order. The cells of the template are marked before."""
    foglio.segna_modello(*sezione.intestazioni)
    testa = sezione.testa
    for colonna in foglio.colonne_piene(testa):
        if not foglio.contata((testa, colonna)):
            celle = tuple(p for p in foglio.non_lette() if p[1] == colonna and testa <= p[0] <= ultima)
            lettura.proprie.append(_annotata(foglio, foglio.testo(testa, colonna), celle))
            lettura.escluse.update((foglio.nome, posto) for posto in celle)
            foglio.lette.update(celle)
    come_sono = sorted(sezione.campi.values(), key=_IN_ORDINE)
    for campo, altro in zip(sezione.campi.values(), come_sono, strict=True):
        if campo.chiave != altro.chiave:
            posto = (sezione.testa, campo.colonna)
            lettura.spostate.append(_annotata(foglio, campo.etichetta, (posto,)))


def _annotata(foglio: Foglio, nome: str, celle: tuple[Posto, ...]) -> Notata:
    return Notata(foglio.nome, citazione(ripulisci(nome)[0]), celle)


def salta_senza_intestazione(
    lettura: Lettura, foglio: Foglio, campi: Sequence[Campo], da: int = 1, **dati: str
) -> None:
    """Report the heading for lack of which a sheet is not read, and where it is to be written."""
    in_ordine = sorted(campi, key=_IN_ORDINE)
    riga, trovati = da, dict[str, Campo]()
    for altra in range(da, foglio.ultima_riga() + 1):
        suoi = _disposti(_scritte(foglio, altra), campi)
        e_la_sua = in_ordine[0].chiave in suoi or len(suoi) > len(campi) // 2
        if e_la_sua and len(suoi) > len(trovati):
            riga, trovati = altra, suoi
    n, manca = next((n, c) for n, c in enumerate(in_ordine) if c.necessario and c.chiave not in trovati)
    rimedio = COME_NEL_MODELLO
    if trovati:
        prima = [trovati[c.chiave].colonna for c in in_ordine[:n] if c.chiave in trovati]
        colonna = prima[-1] + 1 if prima else manca.colonna
        occupata = colonna in {campo.colonna for campo in trovati.values()}
        da_inserire = "colonna" if occupata else ""
        rimedio = _da_scrivere(foglio, manca.etichetta, (riga, colonna), da_inserire)
    lettura.salta_foglio("M09", foglio, atteso=manca.etichetta, rimedio=rimedio, **dati)


def _da_scrivere(foglio: Foglio, etichetta: str, posto: Posto, da_inserire: str) -> str:
    """Where to write a heading: in its place, or in a column or row to be inserted before another."""
    dove, scritto = indirizzo(*posto), citazione(ripulisci(foglio.testo(*posto))[0])
    if da_inserire:
        return f"Inserire una {da_inserire} prima di {dove} e scrivere lì «{etichetta}»."
    return f"Scrivere «{etichetta}» nella cella {dove}" + (
        f", dove c'è «{scritto}»." if scritto else "."
    )


@dataclass(frozen=True)
class Caselle:
    """The labels of a sheet, one under the other, and the boxes beside them.

    `etichette` and `valori` are their columns, `righe` the rows of the labels by field.
    """

    campi: tuple[Campo, ...]
    etichette: int
    valori: int
    righe: dict[str, int]

    @property
    def manca(self) -> str:
        """The first label that is not there and cannot be done without, "" if all are."""
        mancano = (c.etichetta for c in self.campi if c.necessario and c.chiave not in self.righe)
        return next(mancano, "")

    def posto(self, chiave: str) -> Posto:
        """Where the box of a label stands."""
        return self.righe[chiave], self.valori

    def leggi(self, lettura: Lettura, foglio: Foglio) -> Riga:
        """What the boxes hold, by field."""
        foglio.segna_modello(*((riga, self.etichette) for riga in self.righe.values()))
        suoi = [c.nella(self.valori) for c in self.campi if c.chiave in self.righe]
        for campo in suoi:
            riga = self.righe[campo.chiave]
            segna_caselle(lettura, foglio, [campo], range(riga, riga + 1))
        return {c.chiave: lettura.leggi(c, foglio, self.righe[c.chiave]) for c in suoi}


def trova_caselle(foglio: Foglio, campi: Sequence[Campo]) -> Caselle:
    """The labels of some fields: in the first column that has all of them, or in the form's."""
    colonne = sorted({colonna for _, colonna in foglio.piene()})
    trovate = (_caselle(foglio, campi, colonna) for colonna in colonne)
    return next((caselle for caselle in trovate if not caselle.manca), _caselle(foglio, campi, 1))


def _caselle(foglio: Foglio, campi: Sequence[Campo], etichette: int) -> Caselle:
    """The labels that stand in a column; the boxes are in the nearest one with something beside them."""
    righe: dict[str, int] = {}
    for riga in range(1, foglio.ultima_riga() + 1):
        testo = come_intestazione(foglio.testo(riga, etichette))
        for campo in campi:
            if testo in campo.intestazioni:
                righe.setdefault(campo.chiave, riga)
    accanto = {c for riga in righe.values() for c in foglio.colonne_piene(riga) if c > etichette}
    return Caselle(tuple(campi), etichette, min(accanto, default=etichette + 1), righe)


def salta_senza_etichetta(lettura: Lettura, foglio: Foglio, caselle: Caselle) -> None:
    """Report the label for lack of which a sheet is not read, and where it is to be written: under the
    one before."""
    prima = ""
    for campo in caselle.campi:
        if campo.etichetta == caselle.manca:
            break
        prima = campo.chiave if campo.chiave in caselle.righe else prima
    rimedio = COME_NEL_MODELLO
    if prima:
        posto = (caselle.righe[prima] + 1, caselle.etichette)
        da_inserire = "riga" if posto[0] in caselle.righe.values() else ""
        rimedio = _da_scrivere(foglio, caselle.manca, posto, da_inserire)
    lettura.salta_foglio("M09", foglio, atteso=caselle.manca, rimedio=rimedio)


def trova_etichetta(foglio: Foglio, campo: Campo, righe: Iterable[int], colonna: int) -> int | None:
    """The first of some rows that has the label of a field in a column."""
    scritte = ((riga, come_intestazione(foglio.testo(riga, colonna))) for riga in righe)
    trovate = (riga for riga, scritta in scritte if scritta in campo.intestazioni)
    return next(trovate, None)
