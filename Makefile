# The commands of Handrail. `make rehearse` and `make test` set up what is missing by themselves.
.DEFAULT_GOAL := help
.PHONY: help rehearse test quick run bench lock audit format

VENV := .venv
BIN := $(VENV)/bin
# The first interpreter that is new enough; `make PYTHON=... test` takes another.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
# A second run is fast because the first one kept its bytecode.
unexport PYTHONDONTWRITEBYTECODE
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url --no-emit-package handrail

help: ## show this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/'

rehearse: $(VENV)/.rehearsal ## open the bot in a simulated Discord, in the browser, without a token
	@$(BIN)/python -m bot rehearse $(ARGS)

run: $(VENV)/.run ## run the bot against Discord with the token from .env
	@$(BIN)/python -m bot run

test: $(VENV)/.test ## everything the pipeline runs
	@$(BIN)/ruff format --check --quiet . || { echo 'Some files are not formatted: run "make format".'; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }
	@$(BIN)/python -m pytest -q --cov --cov-report=term:skip-covered

quick: $(VENV)/.test ## the same without what is slow
	@$(BIN)/ruff format --check --quiet . || { echo 'Some files are not formatted: run "make format".'; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }
	@$(BIN)/python -m pytest -q -m "not slow" -n 2

bench: $(VENV)/.test ## measure against a plain discord.py bot in the same run
	@$(BIN)/python -m tests.bench

format: $(VENV)/.test ## put the code in its one layout
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

audit: $(VENV)/.test ## look for known vulnerabilities in what we depend on
	@$(BIN)/pip-audit --require-hashes -r requirements/run.txt

lock: $(VENV)/.test ## compile pyproject.toml into requirements/
	@$(COMPILE) -o requirements/run.txt
	@$(COMPILE) --extra rehearsal -o requirements/rehearsal.txt
	@$(COMPILE) --extra rehearsal --extra test -o requirements/test.txt

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'Handrail needs Python 3.11 or newer: install it, or name it with "make PYTHON=/path/to/python3.11 ...".'; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo 'This Python has no venv module: install it (on Debian and Ubuntu: "sudo apt-get install python3-venv") and run make again.'; exit 1; }
	@echo 'Setting up $(VENV) (once) ...'
	@$(PYTHON) -m venv $(VENV)

# A larger set holds the smaller ones: what is installed for tests also rehearses and runs.
$(VENV)/.run: requirements/run.txt | $(BIN)/python
	@$(PIP_INSTALL) -r $<
	@touch $@

$(VENV)/.rehearsal: requirements/rehearsal.txt | $(BIN)/python
	@$(PIP_INSTALL) -r $<
	@touch $@ $(VENV)/.run

$(VENV)/.test: requirements/test.txt | $(BIN)/python
	@$(PIP_INSTALL) -r $<
	@touch $@ $(VENV)/.run $(VENV)/.rehearsal
