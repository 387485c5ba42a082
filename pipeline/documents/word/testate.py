"""The heads of the pages of our template: each chapter has its name there, the cover nothing."""

from copy import deepcopy
from typing import Any

from docx.document import Document as DocumentoWord
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn
from docx.parts.hdrftr import HeaderPart
from lxml import etree

from pipeline.parole import citazione

MAX_TESTA = 60
"""How much of the name of a chapter has room beside that of the ente."""


class Testate:
    """The sections of a document, closed one by one: programs that lay out a page do not all know which
    chapter it is of, so each has a header of its own."""

    def __init__(self, word: DocumentoWord) -> None:
        self.word = word
        ultima = word.sections[-1]
        self.proprieta, self.testata = ultima._sectPr, ultima.header.part
        self.aperta = ""

    def chiudi(self, testa: str) -> str:
        """The proprieta of the section that ends here, as XML; the next has `testa` at its head."""
        proprieta = deepcopy(self.proprieta)
        riferimenti = (qn("w:headerReference"), qn("w:footerReference"))
        for riferimento in list(proprieta.iterchildren(*riferimenti)):
            if not self.aperta:
                proprieta.remove(riferimento)
            elif riferimento.tag == qn("w:headerReference"):
                riferimento.set(qn("r:id"), self._nuova())
        self.aperta = testa
        return etree.tostring(proprieta, encoding="unicode")

    def finisci(self) -> None:
        """Write its name at the head of the last section."""
        if self.aperta:
            _intitola(self.testata.element, self.aperta)
            self.aperta = ""

    def _nuova(self) -> str:
        """The relation to a header like the one of the template, with the name of the open section."""
        modello, legami = self.testata, self.word.part.rels
        nome = PackURI(f"/word/header{len(legami) + 1}.xml")
        parte = HeaderPart(nome, modello.content_type, deepcopy(modello.element), modello.package)
        _intitola(parte.element, self.aperta)
        # not `relate_to`, that looks whether it is there already
        nuovo = legami.add_relationship(RELATIONSHIP_TYPE.HEADER, parte, legami._next_rId)
        return str(nuovo.rId)


def _intitola(testata: Any, nome: str) -> None:
    """Write the name of a chapter at the end of the line of a header."""
    corsa = etree.SubElement(next(testata.iterchildren(qn("w:p"))), qn("w:r"))
    etree.SubElement(corsa, qn("w:tab"))
    etree.SubElement(corsa, qn("w:t")).text = citazione(nome, MAX_TESTA)
