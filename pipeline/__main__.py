"""The program as a process: whatever happens, loading included, ends in Italian and with its code."""

import gc

from pipeline.fine import processo


def main() -> None:
    processo(_comandi)


def _comandi() -> None:
    gc.disable()  # until `run` is loaded, which says why
    from pipeline.cli.comandi import app  # here, that what goes wrong while it is loaded is told too

    app()


if __name__ == "__main__":
    main()
