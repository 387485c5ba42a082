# Comandi per l'ufficio. «make» da solo li elenca.
CARTELLA ?= input_workbooks
USCITA ?= output
PYTHON ?= python3

PY := .venv/bin/python
PROGRAMMA := $(PY) -m pipeline

.DEFAULT_GOAL := aiuto
.PHONY: aiuto relazione pdf controlla modelli email test check lunghe bench golden pulisci

aiuto: ## Elenca i comandi
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

relazione: .venv/pronto ## Scrive consolidato Excel e relazione Word; con PUBBLICA=si anche da pubblicare
	@$(PROGRAMMA) relazione --cartella "$(CARTELLA)" --uscita "$(USCITA)" \
		$(if $(filter si sì SI Si,$(PUBBLICA)),--pubblica)

pdf: .venv/pronto ## Come relazione, e in più il PDF accessibile (serve LibreOffice); DA=documento Word
	@$(PROGRAMMA) pdf --cartella "$(CARTELLA)" --uscita "$(USCITA)" $(if $(DA),--da "$(DA)") \
		$(if $(filter si sì SI Si,$(PUBBLICA)),--pubblica)

controlla: .venv/pronto ## Controlla le cartelle e prepara le copie da rimandare ai responsabili
	@$(PROGRAMMA) controlla --cartella "$(CARTELLA)" --uscita "$(USCITA)"

modelli: .venv/pronto ## Prepara le cartelle vuote (DA=anno prima, RISCRIVI=cartelle da rifare)
	@$(PROGRAMMA) modelli --cartella "$(CARTELLA)" \
		$(if $(DA),--da "$(DA)") $(if $(RISCRIVI),--riscrivi "$(RISCRIVI)")

email: .venv/pronto ## Prepara le bozze di posta; con INVIA=si le manda (RIPETI=nome: una di nuovo)
	@$(PROGRAMMA) email --cartella "$(CARTELLA)" --uscita "$(USCITA)" \
		$(if $(filter si sì SI Si,$(INVIA)),--invia) $(if $(RIPETI),--ripeti "$(RIPETI)")

test: .venv/sviluppo ## Esegue le prove del programma
	@$(PY) -m pytest -n auto --dist worksteal

check: .venv/sviluppo ## Controlla stile, tipi e struttura del codice
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

lunghe: .venv/sviluppo ## Esegue le prove lunghe: 2.000 cartelle alterate, 100 interruzioni
	@$(PY) -m pytest -m lungo -s

bench: .venv/sviluppo ## Misura i tempi del programma
	@PYTHONPATH=. $(PY) tests/bench.py

golden: .venv/sviluppo ## Accetta i documenti di riferimento delle prove come escono ora
	@PYTHONPATH=. $(PY) tests/documents_as_text.py

pulisci: ## Cancella documenti prodotti e file di lavoro (non le cartelle dei settori, né il registro della posta)
	@find output/20?? ! -name inviati.jsonl -delete 2>/dev/null || true
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/bin/python:
	@echo "Preparo l'ambiente (solo la prima volta, qualche minuto)…"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Serve Python 3.11 o successivo: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/pronto: requirements.txt | .venv/bin/python
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/sviluppo: requirements-dev.txt .venv/pronto
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
