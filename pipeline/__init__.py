"""From the settore workbooks of an ente to the consolidated Excel and the Word relazione."""

__version__ = "0.1.0"
