# Comandi per l'ufficio. «make» da solo li elenca.
CARTELLA ?= input_workbooks
USCITA ?= output
PYTHON ?= python3

# I valori arrivano al programma nell'ambiente, come sono scritti: né make ($(value …) e :=) né la shell li
# interpretano, qualunque carattere contengano. Con i loro nomi make li esporterebbe interpretati: perciò unexport.
export RELAZIONE_CARTELLA := $(value CARTELLA)
export RELAZIONE_USCITA := $(value USCITA)
export RELAZIONE_PUBBLICA := $(value PUBBLICA)
export RELAZIONE_PAGINE := $(value PAGINE)
export RELAZIONE_PDF := $(value PDF)
export RELAZIONE_TRACCE := $(value TRACCE)
export RELAZIONE_DA := $(value DA)
export RELAZIONE_RISCRIVI := $(value RISCRIVI)
export RELAZIONE_INVIA := $(value INVIA)
export RELAZIONE_RIPETI := $(value RIPETI)
export RELAZIONE_SI := $(value SI)
export RELAZIONE_SCHEDULER := $(value SCHEDULER)
export RELAZIONE_PROCESSI := $(value PROCESSI)
export RELAZIONE_NOMI := $(value NOMI)
export RELAZIONE_PYTHON := $(value PYTHON)
# Se CARTELLA l'ha scritta qualcuno o vale quella di sempre; e ciò che è scritto dopo make e non è di questo elenco.
VARIABILI := CARTELLA USCITA PUBBLICA PAGINE PDF TRACCE DA RISCRIVI INVIA RIPETI SI SCHEDULER PROCESSI NOMI PYTHON
export RELAZIONE_CARTELLA_DA := $(origin CARTELLA)
export RELAZIONE_ALTRE := $(filter-out $(VARIABILI),$(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $(v))),$(v))))
unexport $(VARIABILI) $(RELAZIONE_ALTRE)

PY := .venv/bin/python
PROGRAMMA := $(PY) -m pipeline
# Fino a 4 il programma ha già detto tutto (docs/per-il-ced.md, «Come finisce un comando»): per make non è un errore.
DETTO = || test $$? -lt 5
SERVE_PYTHON = command -v -- "$$RELAZIONE_PYTHON" >/dev/null || { \
	printf 'Serve Python 3.11 o successivo, e qui «%s» non c'"'"'è.\n' "$$RELAZIONE_PYTHON"; \
	echo "Debian e Ubuntu: sudo apt install python3-venv; Fedora: sudo dnf install python3; macOS: brew install python@3.12"; exit 1; }

ELENCO = grep -hE '^[a-z]+:.*\#\# ' Makefile | awk -F ':.*\#\# ' '{printf "  make %-12s %s\n", $$1, $$2}'

.DEFAULT_GOAL := aiuto
.PHONY: aiuto nuovo esempio relazione pdf atti controlla modelli carta nucleo email guide lotto pulisci test veloce check lunghe bench golden senza-rete ambiente \
	sviluppo

aiuto: ## Dice che cosa fare adesso, ed elenca i comandi
	@PYTHONDONTWRITEBYTECODE=1 "$$RELAZIONE_PYTHON" avvio.py aiuto 2>/dev/null || $(ELENCO)

nuovo: ambiente ## Mette un esempio completo in una cartella nuova (CARTELLA=nome), per provare
	@$(PROGRAMMA) nuovo $(DETTO)

esempio: ambiente ## Mette in una cartella nuova un piccolo ente inventato, con errori da correggere
	@$(PROGRAMMA) esempio $(DETTO)

relazione: ambiente ## Scrive consolidato Excel e relazione Word; con PUBBLICA=si anche da pubblicare
	@$(PROGRAMMA) relazione $(DETTO)

pdf: ambiente ## Come relazione, e in più il PDF accessibile (serve LibreOffice); DA=documento Word
	@$(PROGRAMMA) pdf $(DETTO)

atti: ambiente ## Come relazione, e in più gli atti per la delibera; PDF=si, TRACCE=si: i testi da cambiare
	@$(PROGRAMMA) atti $(DETTO)

controlla: ambiente ## Controlla i file e prepara le copie da rimandare ai responsabili
	@$(PROGRAMMA) controlla $(DETTO)

modelli: ambiente ## Prepara i file da compilare (DA=cartella dell'anno prima, RISCRIVI=cartella da rifare)
	@$(PROGRAMMA) modelli $(DETTO)

carta: ambiente ## Prepara una carta intestata con tutti gli stili, da vestire
	@$(PROGRAMMA) carta $(DETTO)

nucleo: ambiente ## Prepara il file in cui il Nucleo di valutazione scrive gradi e note
	@$(PROGRAMMA) nucleo $(DETTO)

email: ambiente ## Prepara le bozze di posta; con INVIA=si le manda (RIPETI=nome: una di nuovo)
	@$(PROGRAMMA) email $(DETTO)

guide: ambiente ## Scrive le guide in Word, da inoltrare; con CARTELLA sulla carta dell'ente
	@$(PROGRAMMA) guide $(DETTO)

lotto: ambiente ## Come relazione, per molti enti: una sotto-cartella di CARTELLA per ente (SCHEDULER=, PROCESSI=, NOMI=si)
	@"$$RELAZIONE_PYTHON" ambiente.py "$$RELAZIONE_PYTHON" requirements-lotto.txt
	@$(PROGRAMMA) lotto $(DETTO)

pulisci: ambiente ## Cancella ciò che i comandi hanno scritto, dopo averlo elencato (SI=si: senza chiedere)
	@$(PROGRAMMA) pulisci $(DETTO)

test: sviluppo ## Esegue le prove del programma
	@$(PY) -m pytest -n auto --dist worksteal

# what writes documents, starts other programs or takes a measure
LENTE := accessibilita ambiente aperti atti avvio bozze cambiamenti carta consolidato contorno controlli copie correzioni corrispondenza \
	deposito files formati grafici guide house_rules insieme inventato letture lotto makefile mani missioni modelli mutanti nucleo ods origine \
	ostili pagina_rilievi pdf posta pubblica pulizia relazione rete ripulitura risalvate run schede senza_rete stampa \
	terzo_modello testi_lunghi uscite versioni workbooks

veloce: sviluppo ## Esegue le prove di regole e calcoli
	@$(PY) -m pytest -n auto --dist loadfile -m "not lungo and not lento" -k "not costly_to_read" \
		$(filter-out $(LENTE:%=tests/test_%.py),$(wildcard tests/test_*.py))

check: sviluppo ## Controlla stile, tipi e struttura del codice
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

lunghe: sviluppo ## Esegue le prove lunghe: 2.000 cartelle alterate, 100 interruzioni
	@$(PY) -m pytest -m lungo -s

bench: sviluppo ## Misura i tempi del programma
	@PYTHONPATH=. $(PY) tests/bench.py

senza-rete: ambiente # uno zip per sistema, con i componenti, per computer senza rete
	@$(PY) senza_rete.py

golden: sviluppo ## Accetta i documenti di riferimento delle prove come escono ora
	@PYTHONPATH=. $(PY) tests/documents_as_text.py
	@PYTHONPATH=. $(PY) tests/pagina_rilievi.py
	@PYTHONPATH=. $(PY) tests/schema_aperti.py
	@PYTHONPATH=. $(PY) tests/figure_guide.py

.DEFAULT:
	@echo "Questo comando non c'è (e CARTELLA=nome si scrive senza spazi intorno a =). I comandi sono:"
	@$(ELENCO); exit 2

ambiente: # l'ambiente in .venv: c'è, o si prepara
	@$(SERVE_PYTHON)
	@"$$RELAZIONE_PYTHON" ambiente.py "$$RELAZIONE_PYTHON" requirements.txt

sviluppo:
	@$(SERVE_PYTHON)
	@"$$RELAZIONE_PYTHON" ambiente.py "$$RELAZIONE_PYTHON" requirements.txt requirements-dev.txt
