"""A text as XML has it, byte for byte as xml.sax.saxutils writes it: to load that one is to load what
opens addresses on the web."""


def escape(testo: str) -> str:
    """The text between two tags."""
    return testo.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")


def quoteattr(testo: str) -> str:
    """The text as the value of an attribute, with the quotes around it: single ones, where it holds only
    double ones. What who reads it would take for a blank is kept (XML 1.0, 3.3.3)."""
    valore = escape(testo).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    if '"' in testo and "'" not in testo:
        return f"'{valore}'"
    return f'"{valore.replace(chr(34), "&quot;")}"'
