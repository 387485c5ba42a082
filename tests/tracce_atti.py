"""Our tracce of the acts, as Word documents, from the pages of tests/tracce: run it after changing one.

A page has a line a paragraph: `#` and `##` headings, `^` centred (`^^` bold), `>` where one signs, `-`
and `1.` items, `□` a box to tick, `_` a line to fill in, `:` a label and its value, `|` the rows of a
table (first `|:` the widths and the title; a heading that ends with `>` is of figures), `---` a heading
on a new page, `**` around what is bold.
"""

import re
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Twips
from lxml import etree

from pipeline.documents.word import blocchi
from pipeline.documents.word.blocchi import Tavola
from pipeline.documents.word.documento import Documento

PAGINE = Path(__file__).with_name("tracce")
TRACCE = Path(__file__).parent.parent / "pipeline" / "documents" / "atti" / "tracce"
TESTATA = "{ente} – anno {anno}"

CENTRATO = '<w:spacing w:before="120" w:after="120"/><w:jc w:val="center"/>'
STACCATO = '<w:keepNext/><w:spacing w:before="240" w:after="160"/><w:jc w:val="center"/>'
PROSA = '<w:spacing w:after="120"/><w:jc w:val="both"/>'
RIENTRO = '<w:spacing w:after="80"/><w:ind w:left="397" w:hanging="397"/><w:jc w:val="both"/>'
TITOLO = '<w:spacing w:before="160" w:after="120"/><w:jc w:val="center"/>'
TITOLI = {
    "#": f"<w:keepNext/>{TITOLO}",
    "---": f"<w:keepNext/><w:pageBreakBefore/>{TITOLO}",
    "##": "<w:keepNext/>",
}
FIRMA = '<w:keepLines/><w:spacing w:before="240"/><w:ind w:left="5103"/><w:jc w:val="center"/>'


def traccia(pagina: str) -> bytes:
    """The Word document of a page: the same page gives the same bytes."""
    documento = Documento()
    documento.testata(TESTATA)
    piede, _, testo = pagina.partition("\n")
    _piede(documento, piede.removeprefix("piede: "))
    righe: list[str] = []
    for riga in testo.strip().splitlines():
        if riga.startswith("|"):
            righe.append(riga)
        elif righe:
            _tabella(documento, righe)
            documento.blocchi.append(_staccato(_capoverso(documento, riga)))
            righe = []
        else:
            documento.blocchi.append(_capoverso(documento, riga))
    if righe:
        _tabella(documento, righe)
    documento.proprieta(piede.removeprefix("piede: "), "", datetime(2000, 1, 1))
    flusso = BytesIO()
    documento.salva(flusso)
    return flusso.getvalue()


def _piede(documento: Documento, testo: str) -> None:
    capoverso = documento.word.sections[-1].footer.paragraphs[0]
    scritta = next(corsa for corsa in capoverso.runs if "Relazione" in corsa.text)
    scritta.text = scritta.text.replace("Relazione sulla performance", testo)


def _capoverso(documento: Documento, riga: str) -> str:
    segno, _, testo = riga.partition(" ")
    if segno in TITOLI:
        aspetto, segno = TITOLI[segno], segno.replace("---", "#")
        return _con(aspetto, _corse(testo), documento.stili[f"heading {len(segno)}"])
    if segno == "_":
        return blocchi.paragrafo(_corse(f"{testo}\t"), documento.stili["Riga da compilare"])
    if segno == ":":
        etichetta, _, valore = testo.partition(" | ")
        return blocchi.paragrafo(_corse(f"{etichetta}\t{valore}"), documento.stili["Copertina"])
    normale = documento.stili["Normal"]
    if segno in ("-", "□") or re.fullmatch(r"\d+\.", segno):
        inizio = "–" if segno == "-" else segno
        return _con(RIENTRO, _corse(f"{inizio}\t{testo}"), normale)
    if segno in ("^", "^^", ">"):
        forte = f"**{testo}**" if segno == "^^" else testo
        aspetto = {"^": CENTRATO, "^^": STACCATO, ">": FIRMA}[segno]
        return _con(aspetto, _corse(forte), normale)
    return _con(PROSA, _corse(riga), normale)


def _con(aspetto: str, corse: str, stile: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{stile}"/>{aspetto}</w:pPr>{corse}</w:p>'


def _corse(testo: str) -> str:
    pezzi = re.split(r"\*\*(.*?)\*\*", testo)
    return "".join(blocchi.corsa(p) if n % 2 == 0 else _in_grassetto(p) for n, p in enumerate(pezzi))


def _in_grassetto(testo: str) -> str:
    return f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{escape(testo)}</w:t></w:r>'


def _tabella(documento: Documento, righe: list[str]) -> None:
    misure, _, titolo = righe[0].removeprefix("|:").partition("|")
    testa, *corpo = ([cella.strip() for cella in riga.strip("|").split(" | ")] for riga in righe[1:])
    documento.tabella(
        Tavola(
            titolo.strip(),
            [cella.removesuffix(" >") for cella in testa],
            corpo,
            [float(misura) for misura in misure.split()],
            cifre={n for n, cella in enumerate(testa) if cella.endswith(" >")},
        ),
        numerata=False,
    )
    # how many rows it will have is not known
    documento.blocchi[-1] = re.sub(r": (una riga|\d+ righe); ", "; ", documento.blocchi[-1])
    documento.blocchi[-1] = _staccate(documento.blocchi[-1])
    if documento.blocchi[-2].startswith("<w:p>") and "<w:keepNext/>" not in documento.blocchi[-2]:
        documento.blocchi[-2] = documento.blocchi[-2].replace("/>", "/><w:keepNext/>", 1)


def _staccato(capoverso: str) -> str:
    """A paragraph that stands off from the table before it."""
    if "w:before" in capoverso:
        return capoverso
    if "<w:spacing" in capoverso:
        return capoverso.replace("<w:spacing ", '<w:spacing w:before="160" ', 1)
    return capoverso.replace("</w:pPr>", '<w:spacing w:before="160"/></w:pPr>', 1)


def _staccate(tabella: str) -> str:
    """A column of words after one of figures stands off from it."""
    radice = parse_xml(tabella.replace("<w:tbl>", f"<w:tbl {nsdecls('w')}>", 1))
    for riga in radice.iter(qn("w:tr")):
        capoversi = [capoverso for cella in riga.tc_lst for capoverso in cella.p_lst]
        for prima, dopo in pairwise(capoversi):
            if "Numero" in prima.style and "Numero" not in dopo.style:
                dopo.get_or_add_pPr().ind_left = Twips(113)
    return etree.tostring(radice, encoding="unicode").replace(f" {nsdecls('w')}", "", 1)


def main() -> None:
    TRACCE.mkdir(exist_ok=True)
    for pagina in sorted(PAGINE.glob("*.md")):
        (TRACCE / f"{pagina.stem}.docx").write_bytes(traccia(pagina.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
