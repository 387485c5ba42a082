"""A text as XML has it, byte for byte as xml.sax.saxutils writes it: to load that one is to load what
opens addresses on the web."""

_DA_TENERE = str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
"""What who reads an attribute would take for a blank. Source: XML 1.0, 3.3.3."""


def escape(testo: str) -> str:
    """The text between two tags."""
    return testo.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")


def quoteattr(testo: str) -> str:
    """The text as the value of an attribute, with the quotes around it: single ones, where it holds only
    double ones."""
    valore = escape(testo).translate(_DA_TENERE)
    if '"' in testo and "'" not in testo:
        return f"'{valore}'"
    return f'"{valore.replace(chr(34), "&quot;")}"'
