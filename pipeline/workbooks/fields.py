"""What a field of a form is, and how the content of its cell becomes a value.

The same description writes the form (heading, drop-down, help) and reads it back.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property, lru_cache
from itertools import chain, filterfalse, pairwise, repeat
from typing import Any, Literal, NamedTuple

from pipeline.celle import intervalli, riquadri
from pipeline.guasti import parole_guaste
from pipeline.numeri import arrotonda
from pipeline.numeri import numero as in_italiano
from pipeline.parole import citazione, normalizza
from pipeline.rilievi import CATALOGO, Rilievo
from pipeline.tables import Riga, cella_di, in_posti, piena
from pipeline.valori import letture_dubbie, misura_testi
from pipeline.workbooks import contorno
from pipeline.workbooks.aspetto import giorno_del_seriale, in_numero, in_testo, mese_e_anno
from pipeline.workbooks.grid import BARRATO, Cartella, Foglio, Posto, Tratto, indirizzo, ripulisci

A_CAPO = "Per andare a capo: Alt+Invio in Excel, Ctrl+Invio in LibreOffice."
OBBLIGATORIO = "*"
"""What marks the headings of what must be filled in."""
NOTA_OBBLIGATORIO = f"{OBBLIGATORIO} da compilare in ogni riga usata"

GRADI = ("grado_dichiarato", "grado_nucleo")
"""The fields that the formulas of a workbook work on."""

MAX_TESTO = 32_767
"""What a cell holds in Excel, counted in UTF-16; other programs write more."""

INSIEME = 25
"""How many columns of a workbook one finding tells, so that it can be read to its end."""

MAX_IMPORTO = Decimal(10) ** 12
"""Over which an amount of euro is a slip: no ente has a thousand billions."""

MOLTE = 200
"""From how many stray cells in a sheet they are told together."""

CON_COPIA = "Scrivere nella copia annotata (quella di da_correggere), dove sono già sbloccate. "
"""What one does with boxes that are locked, in a workbook of which a copy is made."""

TipoCampo = Literal[
    "testo",
    "codice",
    "sigla",
    "data",
    "atteso",
    "raggiunto",
    "numero",
    "grado",
    "importo",
    "scelta",
    "segno",
]
"""A "codice" is text that may well be a number, a "sigla" one without blanks, a "data" one that may be a
date; an atteso and a raggiunto follow their own language."""
IN_CIFRE = ("numero", "grado", "importo")
_VUOTI: dict[str, Any] = {**dict.fromkeys(IN_CIFRE), "segno": False}
TESTI = ("testo", "codice", "sigla", "data", "atteso", "raggiunto")

SPUNTATA = ("x", "☒", "✗", "✘", "✓", "✔", "☑", "✅", "vero", "true")
NON_SPUNTATA = ("falso", "false", "☐", "□")
"""What a box to mark may hold: by hand, or by the check boxes of a spreadsheet program, that are cells
with TRUE or FALSE. A box not ticked is an empty box."""


@dataclass(frozen=True)
class Campo:
    """A cell to fill: the table column it feeds, its heading, its column in the form, its rules.

    `dalla` is the version of the form since which there is such a field, `fino_a` the last one that had
    it, `gia` the headings that it had before. A field read in a workbook has its column there. With
    `a_righe` each line of the cell may be a value of its own.
    """

    chiave: str
    etichetta: str
    colonna: int
    tipo: TipoCampo = "testo"
    aiuto: str = ""
    scelte: tuple[str, ...] = ()
    dalla: int = 1
    fino_a: int | None = None
    gia: tuple[str, ...] = ()
    a_righe: bool = False
    obbligatorio: bool = False
    """Whether a row in use must have it: the form says so with a mark."""

    @property
    def necessario(self) -> bool:
        """Whether a table without this heading cannot be read. Of what some version of the form did
        without, the program does without."""
        return self.dalla == 1 and self.fino_a is None

    @property
    def intestazione(self) -> str:
        """The heading as the form writes it."""
        return f"{self.etichetta} {OBBLIGATORIO}" if self.obbligatorio else self.etichetta

    @cached_property
    def intestazioni(self) -> frozenset[str]:
        """How its heading may read, as headings are compared."""
        return frozenset(come_intestazione(testo) for testo in (self.etichetta, *self.gia))

    @property
    def nome(self) -> str:
        """The heading as a message says it: not in capitals."""
        return self.etichetta.capitalize() if self.etichetta.isupper() else self.etichetta

    @property
    def vuoto(self) -> Any:
        """The value of an empty cell."""
        return _VUOTI.get(self.tipo, "")

    def nella(self, colonna: int) -> "Campo":
        """The same field where it stands in another column."""
        return self if colonna == self.colonna else replace(self, colonna=colonna)


class Casella(NamedTuple):
    """A cell of a workbook in which the form lets one write: its field, and its look in the form."""

    campo: Campo
    formato: str


@dataclass(frozen=True)
class Notata:
    """A column of a table that is worth a remark: its heading and its cells, the heading first."""

    foglio: str
    nome: str
    celle: tuple[Posto, ...]


@dataclass
class Lettura:
    """What comes out of reading one workbook: rows per table, findings, cells accounted for.

    `ripetuti` counts the values of the rows that have no cell of their own. `proprie` are the columns
    that the office added, `spostate` the headings that are not in the order of the form, by sheet.
    `superate`: the findings of the cells that the current version of the form has no more.
    `da_compilare`: by sheet, the cells to fill in, also those that are empty: in which rows, and what.
    """

    cartella: Cartella
    righe: dict[str, list[Riga]] = field(default_factory=dict)
    rilievi: list[Rilievo] = field(default_factory=list)
    escluse: set[tuple[str, Posto]] = field(default_factory=set)
    ripetuti: int = 0
    proprie: list[Notata] = field(default_factory=list)
    spostate: list[Notata] = field(default_factory=list)
    superate: list[Rilievo] = field(default_factory=list)
    da_compilare: dict[str, list[tuple[range, Casella]]] = field(default_factory=dict)
    in_percento: list[tuple[str, Posto]] = field(default_factory=list)
    """The gradi typed with the sign %, in which the formulas of the workbook see a hundredth."""
    complessiva: tuple[Posto, Decimal] | None = None
    """The percentage that the workbook itself has worked out, and where."""

    @property
    def file(self) -> str:
        return self.cartella.file

    @property
    def versione(self) -> int:
        """The version of the form with which the workbook was made, 0 when it does not say it."""
        return self.cartella.versione

    @property
    def compilate(self) -> int:
        """How many cells the office filled in: all that hold something, less the template's own."""
        fogli = self.cartella.fogli.values()
        return sum(len(foglio.piene() - foglio.del_modello) for foglio in fogli)

    def caselle(self) -> dict[str, dict[Posto, Casella]]:
        """The cells to fill in, by sheet and by their place; of two said of one place, the last."""
        return {
            nome: {(riga, casella.campo.colonna): casella for righe, casella in sue for riga in righe}
            for nome, sue in self.da_compilare.items()
        }

    def da_celle_unite(
        self, campi: Iterable[Campo], foglio: Foglio, riga: int, valori: Riga
    ) -> list[str]:
        """Fill in `valori` with what cells merged over several rows hold. Returns the keys filled in."""
        trovate = []
        for campo in campi:
            capo = foglio.unite.get((riga, campo.colonna))
            da_leggere = capo not in foglio.del_modello and (foglio.nome, capo) not in self.escluse
            if not valori[campo.chiave] and capo is not None and da_leggere:
                valori[campo.chiave], _ = ripulisci(foglio.testo(*capo))
                trovate.append(campo.chiave)
        return trovate

    def aggiungi(
        self,
        tabella: str,
        foglio: Foglio,
        riga: int,
        *,
        celle: Mapping[str, Posto],
        ripetuti: Iterable[str] = (),
        **valori: Any,
    ) -> None:
        """Add a row. `celle` says where its values stand, or would; `ripetuti` are the columns taken
        from a cell that another row has already, or that follow from others: the reconciliation must
        not count them as cells."""
        self.ripetuti += sum(piena(valori[colonna]) for colonna in ripetuti)
        origine = {"file": self.file, "foglio": foglio.nome, "riga": riga, "posti": in_posti(celle)}
        letta = {"modello": self.cartella.marchio.get("modello", ""), **valori, **origine}
        self.righe.setdefault(tabella, []).append(letta)

    def rileva(self, codice: str, foglio: str = "", posto: Posto | None = None, /, **dati: str) -> None:
        """Report a finding; with a `posto` whose rule says so, the cell stays out of the tables."""
        rilievo = Rilievo(codice, self.file, foglio, indirizzo(*posto) if posto else "", dati)
        self.rilievi.append(rilievo)
        if posto and rilievo.regola.esclude:
            self.escluse.add((foglio, posto))

    def rileva_in(self, codice: str, riga: Riga, chiave: str, /, **dati: str) -> None:
        """Report a finding on a value of a row that was read."""
        self.rilievi.append(Rilievo(codice, riga["file"], riga["foglio"], cella_di(riga, chiave), dati))

    def leggi(self, campo: Campo, foglio: Foglio, riga: int) -> Any:
        """The value of a field in a row, accounting for the cell and reporting what is wrong in it."""
        posto = (riga, campo.colonna)
        if posto not in foglio.piene() or posto in foglio.del_modello:
            return campo.vuoto  # a label of the template, moved among the boxes, is no content
        foglio.lette.add(posto)
        if campo.fino_a is not None:
            dati = {"valore": citazione(ripulisci(foglio.testo(*posto))[0])}
            self.superate.append(Rilievo("M10", self.file, foglio.nome, indirizzo(*posto), dati))
        if posto in foglio.particolari and self._resta_fuori(campo, foglio, posto):
            return campo.vuoto
        testo, sporco = ripulisci(foglio.testo(*posto))
        if sporco:
            self.rileva("C05", foglio.nome, posto)
        return self._valore(campo, foglio, posto, testo)

    def _resta_fuori(self, campo: Campo, foglio: Foglio, posto: Posto) -> bool:
        """Report a cell that does not say a value, or not that alone. Returns whether it has none."""
        if posto in foglio.errori:
            self.rileva("C06", foglio.nome, posto, valore=foglio.errori[posto])
            return True
        if posto in foglio.non_calcolate:
            self.rileva("C07", foglio.nome, posto)
            return True
        if posto in foglio.incerte:
            valore = citazione(ripulisci(foglio.incerte[posto])[0])
            self.rileva("C15", foglio.nome, posto, campo=campo.nome, valore=valore)
            return True
        if posto in foglio.segnate and self._segnato(campo, foglio, posto):
            return True
        return posto in foglio.aspetti and self._discorde(campo, foglio, posto)

    def _discorde(self, campo: Campo, foglio: Foglio, posto: Posto) -> bool:
        """Report a cell whose value is one thing, its look another, and no rule says which holds."""
        aspetto, valore = foglio.aspetti[posto], foglio.celle[posto]
        in_cifre = campo.tipo in IN_CIFRE and isinstance(valore, int | float)
        if not (aspetto.discorde or (in_cifre and aspetto.numero is None)):
            return False
        testo, _ = ripulisci(aspetto.testo)
        mostra = f"«{citazione(testo)}»" if testo.strip() else "niente"
        dati = {"valore": citazione(in_testo(valore)), "mostra": mostra}
        self.rileva("C16", foglio.nome, posto, campo=campo.nome, **dati)
        return True

    def _valore(self, campo: Campo, foglio: Foglio, posto: Posto, testo: str) -> Any:
        if campo.tipo in TESTI:
            if len(testo) * 2 >= MAX_TESTO and self._troppo_lungo(campo, foglio, posto, testo):
                return ""
            self._non_e_testo(campo, foglio, posto, testo)
            self._lettere_guaste(campo, foglio, posto, testo)
            if not testo:  # nothing but control characters
                self.escluse.add((foglio.nome, posto))
            if isinstance(foglio.celle[posto], str):  # a number typed as a number has one reading
                self._letture_dubbie(campo, foglio, posto, testo)
            return testo
        if campo.tipo == "segno":
            if normalizza(testo) in SPUNTATA:
                return True
            self.rileva("C09", foglio.nome, posto, valore=citazione(testo))
            return False
        if campo.tipo == "scelta":
            return self._scelta(campo, foglio, posto, testo)
        if campo.tipo == "importo":
            return self._importo(campo, foglio, posto, testo)
        return self._numero(campo, foglio, posto, testo)

    def _troppo_lungo(self, campo: Campo, foglio: Foglio, posto: Posto, testo: str) -> bool:
        """Report a text that is longer than a cell, or as long: it may have been cut."""
        lungo = len(testo.encode("utf-16-le", "surrogatepass")) // 2
        if lungo > MAX_TESTO:
            self.rileva("C10", foglio.nome, posto, campo=campo.nome, quanti=str(lungo))
        elif lungo == MAX_TESTO:
            self.rileva("C12", foglio.nome, posto, campo=campo.nome)
        return lungo > MAX_TESTO

    def _segnato(self, campo: Campo, foglio: Foglio, posto: Posto) -> bool:
        """Whether a mark takes a cell out of the tables; in words, it is told where it changes them."""
        tratti = foglio.segnate[posto]
        dati = {"campo": campo.nome, "valore": con_segni(tratti, foglio.testo(*posto))}
        if campo.tipo not in ("testo", "data"):
            self.rileva("C14", foglio.nome, posto, **dati)
            return True
        barrato = any(segno == BARRATO for _, segno in tratti)
        if barrato or any(
            segno and _IN_CIFRE.search(f"{prima}|{testo}")
            for (prima, _), (testo, segno) in pairwise(tratti)
        ):
            self.rileva("C20", foglio.nome, posto, **dati)
        return False

    def _non_e_testo(self, campo: Campo, foglio: Foglio, posto: Posto, testo: str) -> None:
        """Report a number or a date where words were expected: the spreadsheet may have made it."""
        valore = foglio.celle[posto]
        if isinstance(valore, str) and campo.tipo != "data":
            return
        in_cifre = isinstance(valore, int | float)
        giorno = giorno_del_seriale(testo)
        if giorno and (campo.tipo == "data" or (campo.tipo == "testo" and in_cifre)):
            self._forse(campo, foglio, posto, testo, f"{giorno:%d/%m/%Y}")
        elif campo.tipo not in ("data", "atteso") and isinstance(valore, date | time | timedelta):
            self.rileva("C13", foglio.nome, posto, campo=campo.nome, che="una data", valore=testo)
        elif campo.tipo == "testo" and in_cifre:
            self.rileva("C13", foglio.nome, posto, campo=campo.nome, che="un numero", valore=testo)

    def _forse(self, campo: Campo, foglio: Foglio, posto: Posto, testo: str, forse: str) -> None:
        self.rileva("C17", foglio.nome, posto, campo=campo.nome, valore=testo, forse=forse)

    def _lettere_guaste(self, campo: Campo, foglio: Foglio, posto: Posto, testo: str) -> None:
        """Report words that another program spoiled, the first three with what they were."""
        if guaste := parole_guaste(testo):
            detti = [
                f"«{citazione(come_e, 40)}»" + (f" era forse «{citazione(era, 40)}»" if era else "")
                for come_e, era in list(guaste.items())[:3]
            ]
            self.rileva("C18", foglio.nome, posto, campo=campo.nome, valore=", ".join(detti))

    def _letture_dubbie(self, campo: Campo, foglio: Foglio, posto: Posto, testo: str) -> None:
        """Report what the language of indicators read by rule in an atteso or raggiunto."""
        if campo.tipo not in ("atteso", "raggiunto"):
            return
        for valore in testo.split("\n") if campo.a_righe else [testo]:
            atteso, raggiunto = (valore, "") if campo.tipo == "atteso" else ("", valore)
            for nota in letture_dubbie(atteso, raggiunto):
                cella = f"«{citazione(valore)}»" if valore not in nota.letto else ""
                letto = f"{cella}: {nota.letto}" if cella else nota.letto
                self.rileva(
                    "I01", foglio.nome, posto, campo=campo.nome, lettura=letto, rimedio=nota.rimedio
                )

    def _scelta(self, campo: Campo, foglio: Foglio, posto: Posto, testo: str) -> str:
        ammesse = {normalizza(scelta): scelta for scelta in campo.scelte}
        scritta = normalizza(testo)
        al_maschile = scritta[:-1] + "o" if scritta.endswith("a") else scritta
        for forma in (scritta, al_maschile):  # «rinviata» is said of a voce
            if forma in ammesse:
                return ammesse[forma]
        simili = get_close_matches(scritta, ammesse, n=1, cutoff=0.75)
        self.rileva(
            "C03",
            foglio.nome,
            posto,
            campo=campo.nome,
            valore=citazione(testo),
            ammessi=", ".join(campo.scelte),
            forse=f"Forse «{ammesse[simili[0]]}»? " if simili else "",
        )
        return ""

    def _numero(self, campo: Campo, foglio: Foglio, posto: Posto, testo: str) -> Decimal | None:
        numero = foglio.numero(posto)
        if numero is None:
            numero = numero_scritto(testo)
        if numero is None:
            self.rileva("C01", foglio.nome, posto, campo=campo.nome, valore=citazione(testo))
            return None
        massimo = 100 if campo.tipo == "grado" else None
        if numero < 0 or (massimo is not None and numero > massimo):
            limiti = "da 0 a 100" if massimo else "non negativo"
            self.rileva(
                "C02",
                foglio.nome,
                posto,
                campo=campo.nome,
                valore=citazione(testo),
                limiti=limiti,
            )
            return None
        valore = foglio.celle[posto]
        in_cifre = campo.chiave in GRADI and isinstance(valore, int | float)
        if in_cifre and in_numero(valore) != numero:
            self.in_percento.append((foglio.nome, posto))
        if campo.tipo == "grado" and 0 < numero <= 1:
            dati = {"valore": in_italiano(numero), "forse": in_italiano(numero * 100)}
            self.rileva("C11", foglio.nome, posto, campo=campo.nome, **dati)
        return numero

    def _importo(self, campo: Campo, foglio: Foglio, posto: Posto, testo: str) -> Decimal | None:
        numero = foglio.numero(posto) if "%" not in testo else None
        if numero is None:
            numero = importo_scritto(testo)
        if numero is None:
            perche = "non si legge come un importo"
        elif numero < 0:
            perche = "è negativo"
        elif numero >= MAX_IMPORTO:
            perche = "è troppo grande"
        elif numero != arrotonda(numero):
            perche = "ha più di due decimali"
        else:
            return numero
        dati = {"campo": campo.nome, "valore": citazione(testo), "perche": perche}
        self.rileva("E19", foglio.nome, posto, **dati)
        return None

    def leggi_riga(self, campi: Iterable[Campo], foglio: Foglio, riga: int) -> Riga:
        campi = tuple(campi)
        valori = {campo.chiave: self.leggi(campo, foglio, riga) for campo in campi}
        if valori.get("atteso") and valori.get("raggiunto"):
            self._date_dubbie(
                [c for c in campi if c.tipo in ("atteso", "raggiunto")], foglio, riga, valori
            )
        return valori

    def _date_dubbie(self, campi: list[Campo], foglio: Foglio, riga: int, valori: Riga) -> None:
        """Leave out, and report, what may be another date or none, if the measure hangs on it."""
        altre = {}
        for campo in campi:
            valore = foglio.celle.get((riga, campo.colonna), "")
            if altra := self._altra_data(campo, valore, valori[campo.chiave]):
                altre[campo.chiave] = altra
        if not altre:
            return
        verso, anno = valori.get("verso"), self._anno
        letto, altro = (
            misura_testi(v["atteso"], v["raggiunto"], verso, anno)[1].grado
            for v in (valori, valori | altre)
        )
        if altro is None or letto == altro:
            return
        for campo in campi:
            if forse := altre.get(campo.chiave):
                posto = (riga, campo.colonna)
                self._forse(campo, foglio, posto, valori[campo.chiave], forse)
                self.escluse.add((foglio.nome, posto))
                valori[campo.chiave] = ""

    def _altra_data(self, campo: Campo, valore: Any, testo: str) -> str:
        """What else a date or a bare number may be: the month, which a spreadsheet turns into its first
        day; the day, which without its format is a number. A text is what was typed."""
        if isinstance(valore, date) and campo.tipo == "atteso" and testo == f"01/{valore:%m/%Y}":
            return mese_e_anno(valore)
        giorno = giorno_del_seriale(testo) if isinstance(valore, int | float) else None
        vicino = giorno and self._anno and abs(giorno.year - self._anno) <= 1
        return f"{giorno:%d/%m/%Y}" if vicino else ""

    @property
    def _anno(self) -> int | None:
        anno = self.cartella.proprieta.get("anno", "").strip()
        return int(anno) if re.fullmatch("[0-9]{4}", anno) else None

    def riporta_non_lette(self, foglio: Foglio) -> None:
        """Report every filled cell of a sheet that no field and no template text accounts for."""
        posti = foglio.non_lette()
        if len(posti) > MOLTE:
            prima, ultima = indirizzo(*posti[0]), indirizzo(*posti[-1])
            self.salta_foglio("M13", foglio, prima=prima, ultima=ultima)
            return
        for posto in posti:
            illeggibile = foglio.errori.get(posto) or foglio.incerte.get(posto)
            testo, _ = ripulisci(illeggibile or foglio.testo(*posto) or "una formula")
            self.rileva("M10", foglio.nome, posto, valore=citazione(testo))

    def concludi(self) -> None:
        """Report what is told once for the whole workbook, or for a whole sheet."""
        for codice, colonne in (("M17", self.proprie), ("M18", self.spostate)):
            for n in range(0, len(colonne), INSIEME):
                sue = colonne[n : n + INSIEME]
                self.rileva(codice, sue[0].foglio, sue[0].celle[0], colonne=in_parole(sue))
        self._riporta_contorno()
        self._riporta_bloccate()

    def _riporta_contorno(self) -> None:
        """Report, once for each sheet, what stands over its cells and what is read of it unseen."""
        causa = CATALOGO["M14"].segue
        saltati = {rilievo.foglio for rilievo in self.rilievi if rilievo.codice in causa}
        for foglio in self.cartella.fogli.values():
            elementi = contorno.non_letti(foglio.contorno)
            if elementi and foglio.nome not in saltati:
                self.rileva("M14", foglio.nome, None, che=contorno.in_parole(elementi))
            lette = foglio.celle_nascoste() & foglio.lette
            if nascoste := {p for p in lette if (foglio.nome, p) not in self.escluse}:
                self.rileva("M15", foglio.nome, None, che=contorno.nascoste_in_parole(foglio, nascoste))

    def _riporta_bloccate(self) -> None:
        """Report, once for each sheet, the boxes that a table pasted over them has locked. A row with
        nothing in the locked ones may only have been inserted."""
        in_copia = CON_COPIA if self.file.lower().endswith(".xlsx") else ""
        for nome, caselle in self.da_compilare.items():
            foglio = self.cartella.fogli[nome]
            posti = chain.from_iterable(zip(righe, repeat(c.campo.colonna)) for righe, c in caselle)
            chiuse = set(foglio.bloccate(filterfalse(foglio.sbloccate.__contains__, posti)))
            scritte = {riga for riga, _ in (chiuse & foglio.piene()) - foglio.del_modello}
            if bloccate := sorted(posto for posto in chiuse if posto[0] in scritte):
                celle = ", ".join(riquadri(indirizzo(*posto) for posto in bloccate))
                self.rileva("M21", nome, bloccate[0], celle=celle, copia=in_copia)

    def salta_non_previsto(self, foglio: Foglio, attesi: Sequence[str]) -> None:
        """Report a sheet that the template does not have, and the one it may have been."""
        simili = get_close_matches(foglio.nome, attesi, n=1, cutoff=0.75)
        self.salta_foglio("M11", foglio, forse=f"Forse è «{simili[0]}»? " if simili else "")

    def salta_foglio(self, codice: str, foglio: Foglio, **dati: str) -> None:
        """Report together the cells of a sheet that were not read, all or the rest."""
        rimaste = foglio.non_lette()
        dati["quante"] = str(len(rimaste))
        self.rileva(codice, foglio.nome, None, **dati)
        self.escluse.update((foglio.nome, posto) for posto in rimaste)
        foglio.lette.update(rimaste)


_IN_CIFRE = re.compile(r"[0-9]\|[0-9]")
"""Two digits with a change of mark between them: 32 and a note 1."""


def con_segni(tratti: Sequence[Tratto], testo: str) -> str:
    """A text as a finding quotes it, with its marks said: «32» con «1» in apice."""
    segni = list(dict.fromkeys(segno for parte, segno in tratti if segno))
    liscio = "".join(parte for parte, segno in tratti if not segno)
    if not liscio.strip():
        return f"«{citazione(ripulisci(testo)[0])}» {' e '.join(segni)}"
    detti = [
        f"«{citazione(ripulisci(''.join(parte for parte, suo in tratti if suo == segno))[0])}» {segno}"
        for segno in segni
    ]
    return f"«{citazione(ripulisci(liscio)[0])}» con {' e '.join(detti)}"


_NUMERO = re.compile(r"(-?\d+(?:,\d+)?)\s*%?")


def numero_scritto(testo: str) -> Decimal | None:
    """A number typed as text in a number cell: "98", "98,5", "98 %"; None for anything less plain."""
    trovato = _NUMERO.fullmatch(testo.strip())
    return Decimal(trovato[1].replace(",", ".")) if trovato else None


_IMPORTO = re.compile(
    r"(?:€|euro)?\s*(-?(?:\d{1,3}(?:[.\s'’]\d{3})+|\d+)(?:,\d{1,2})?)\s*(?:€|euro)?", re.IGNORECASE
)


def importo_scritto(testo: str) -> Decimal | None:
    """An amount typed as text, as Italians do: "1.234.567,89", "1234567,89", "€ 1 234"; None for
    anything else, "1234.56" included: nobody knows how the row after it is written."""
    trovato = _IMPORTO.fullmatch(testo.strip())
    return Decimal(re.sub(r"[.\s'’]", "", trovato[1]).replace(",", ".")) if trovato else None


def in_parole(colonne: Sequence[Notata]) -> str:
    """Columns with their cells: «Fonte» (Scheda 1 F23:F30; Scheda 2 F20:F24), «Note» (Scheda 1 G23)."""
    piu_fogli = len({colonna.foglio for colonna in colonne}) > 1
    per_nome: dict[str, list[str]] = {}
    for colonna in colonne:
        celle = ", ".join(intervalli(indirizzo(*posto) for posto in colonna.celle))
        dove = f"{colonna.foglio} {celle}" if piu_fogli else celle
        per_nome.setdefault(colonna.nome, []).append(dove)
    return ", ".join(f"«{nome}» ({'; '.join(dove)})" for nome, dove in per_nome.items())


@lru_cache(maxsize=1024)  # of many cells, few texts
def come_intestazione(testo: str) -> str:
    """A heading or a label for comparing them, with or without the mark of what must be filled in."""
    return normalizza(testo).removesuffix(OBBLIGATORIO).rstrip()


def celle_di(campi: Iterable[Campo], riga: int) -> dict[str, Posto]:
    """Where the values of some fields stand in a row."""
    return {campo.chiave: (riga, campo.colonna) for campo in campi}


def segna_non_spuntate(foglio: Foglio, campo: Campo, righe: Iterable[int]) -> None:
    """Account for the check boxes of a field that are not ticked: a program puts them in every row, also
    in the blank ones, so that they are part of the form and no content."""
    for posto in ((riga, campo.colonna) for riga in righe):
        if posto in foglio.piene() and normalizza(foglio.testo(*posto)) in NON_SPUNTATA:
            foglio.segna_modello(posto)


def colonne_compilate(foglio: Foglio, riga: int, campi: Iterable[Campo]) -> set[int]:
    """The columns of some fields in which a row holds something that is not the form's own."""
    scritte = {c for c in foglio.colonne_piene(riga) if (riga, c) not in foglio.del_modello}
    return scritte.intersection([campo.colonna for campo in campi]) if scritte else scritte


def trova_riga(
    foglio: Foglio,
    etichette: Sequence[str],
    da: int = 1,
    a: int | None = None,
    ultima: bool = False,
    colonna: int = 1,
) -> int | None:
    """The first (or last) row from `da` to `a` that carries these labels from a column on."""
    fine = foglio.ultima_riga() if a is None else a
    attese = [come_intestazione(etichetta) for etichetta in etichette]
    righe: Iterable[int] = range(da, fine + 1)
    for riga in reversed(list(righe)) if ultima else righe:
        dette = (foglio.testo(riga, c) for c in range(colonna, colonna + len(attese)))
        if [come_intestazione(detta) for detta in dette] == attese:
            return riga
    return None
