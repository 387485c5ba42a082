"""What goes out: each module receives a finished `Fascicolo` and writes one document."""
