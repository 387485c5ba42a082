#!/bin/bash
# I comandi del Makefile per chi ha macOS (o Linux) e non make. Doppio clic, oppure da un terminale:
#   ./relazione.command controlla CARTELLA=anno_2021
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 5
export RELAZIONE_CHIAMATO="${RELAZIONE_CHIAMATO:-./relazione.command}"
# il Finder non conosce le cartelle in cui Homebrew e python.org mettono i programmi
PATH="$PATH:/opt/homebrew/bin:/usr/local/bin:$HOME/.local/bin"

trova() {
    for python in python3.13 python3.12 python3.11 python3.14 python3; do
        # su un Mac nuovo questo non è Python: apre una finestra che chiede di installare gli strumenti di Xcode
        if [ "$(uname)" = Darwin ] && [ "$(command -v "$python")" = /usr/bin/python3 ]; then
            xcode-select -p >/dev/null 2>&1 || continue
        fi
        "$python" -c "" >/dev/null 2>&1 && return
    done
    return 1
}

if trova; then
    "$python" avvio.py "$@"
elif uv --version >/dev/null 2>&1; then
    uv run --quiet --no-project --python 3.12 avvio.py "$@"
else
    echo "Serve Python 3.11 o successivo, e su questo computer non si trova."
    echo "Si scarica da https://www.python.org/downloads/, si installa e si ripete."
    (exit 5)
fi
fine=$?
# la finestra di un doppio clic si chiuderebbe prima che si legga che cosa non va
if [ "$fine" -ne 0 ] && [ -t 0 ]; then
    read -r -p "Premere Invio per chiudere. " _
fi
exit "$fine"
