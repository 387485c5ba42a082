"""The heads of the pages of our template: each chapter has its name there, the cover nothing."""

import re
from functools import cached_property

from docx.document import Document as DocumentoWord
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from lxml import etree

from pipeline.documents.word.in_xml import escape
from pipeline.parole import citazione

_RIFERIMENTO = re.compile(r"<w:(?:header|footer)Reference [^>]*>")
_TESTATA = re.compile(r'(?<=<w:headerReference w:type="default" r:id=")[^"]*')
"""Where the properties of a section say which header its pages have."""
MAX_TESTA = 60
"""How much of the name of a chapter has room beside that of the ente."""


class Testate:
    """The sections of a document, closed one by one: programs that lay out a page do not all know which
    chapter it is of, so each has a header of its own."""

    def __init__(self, word: DocumentoWord) -> None:
        self.word = word
        ultima = word.sections[-1]
        self.sezione, self.testata = ultima._sectPr, ultima.header.part
        self.aperta = ""

    @cached_property
    def _proprieta(self) -> str:
        """What every section has, as XML."""
        return etree.tostring(self.sezione, encoding="unicode")

    @cached_property
    def _vuota(self) -> bytes:
        """The header of the template, with the name of the ente: that of a chapter goes after it."""
        vuota: bytes = self.testata.blob
        return vuota

    def chiudi(self, testa: str) -> str:
        """The proprieta of the section that ends here, as XML; the next has `testa` at its head."""
        proprieta = self._proprieta
        if self.aperta:
            proprieta = _TESTATA.sub(self._nuova(), proprieta)
        else:
            proprieta = _RIFERIMENTO.sub("", proprieta)
        self.aperta = testa
        return proprieta

    def finisci(self) -> None:
        """Write its name at the head of the last section."""
        if self.aperta:
            self.testata._element = parse_xml(_intitolata(self._vuota, self.aperta))
            self.aperta = ""

    def _nuova(self) -> str:
        """The relation to a header like the one of the template, with the name of the open section."""
        legami = self.word.part.rels
        nome = PackURI(f"/word/header{len(legami) + 1}.xml")
        contenuto = _intitolata(self._vuota, self.aperta)
        parte = Part(nome, self.testata.content_type, contenuto, self.testata.package)
        # not `relate_to`, that looks whether it is there already
        nuovo = legami.add_relationship(RELATIONSHIP_TYPE.HEADER, parte, legami._next_rId)
        return str(nuovo.rId)


def _intitolata(testata: bytes, nome: str) -> bytes:
    """A header with the name of a chapter at the end of its line."""
    corsa = f"<w:r><w:tab/><w:t>{escape(citazione(nome, MAX_TESTA))}</w:t></w:r>"
    return testata.replace(b"</w:p>", f"{corsa}</w:p>".encode(), 1)
