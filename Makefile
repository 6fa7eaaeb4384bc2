# Commands for developers; `make help` lists them.  Works with make 3.81 (macOS) too.

HOST ?= 127.0.0.1
PORT ?= 8000
# The first of these that is Python 3.11 or later; PYTHON=... chooses another.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$name" && break; done)
VENV := .venv
# Tests start hundreds of processes, which load the package faster from bytecode.
PYTEST := PYTHONDONTWRITEBYTECODE= $(VENV)/bin/python -m pytest -n auto
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
PINS := setup.cfg pyproject.toml constraints.txt

.PHONY: run setup test test-long check fix lock migration bench bench-scale mutants screenshots translations help
.DEFAULT_GOAL := help

run: setup  ## Run the server on http://127.0.0.1:8000 (HOST=..., PORT=...)
	@exec $(BIN)/netpresenter-next serve --host "$(HOST)" --port "$(PORT)"

setup: $(VENV)/.run  ## Create .venv with the pinned packages, without running the server

test: $(VENV)/.test  ## Run the tests, some in a browser (T=path or pytest arguments)
	@$(BIN)/python tests/install_browser.py
	@$(PYTEST) $(T)

test-long: $(VENV)/.test  ## Run the tests that take many minutes
	@TEST_LONG=1 $(PYTEST) -m "long or repeated" $(T)

check: $(VENV)/.check  ## Check format, lint, types and the import contracts
	@$(BIN)/ruff format --check --quiet . || { echo 'Type: make fix' >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

fix: $(VENV)/.check  ## Format the code, and fix what ruff can
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

lock: $(VENV)/.run  ## Update constraints.txt, the pins of all packages
	@$(PIP) --upgrade uv
	@$(BIN)/uv pip compile setup.cfg --all-extras --universal --upgrade \
		--python-version 3.11 --no-header --quiet -o constraints.txt

migration: $(VENV)/.run  ## Write the migration for changed tables (NAME="badge number")
	@$(BIN)/python tests/make_migration.py "$(NAME)"

screenshots: $(VENV)/.test  ## Take the screenshots of the documentation (S=options)
	@$(BIN)/python tests/install_browser.py
	@$(BIN)/python tests/make_screenshots.py $(S)

translations: $(VENV)/.test  ## Update the translations, and list what has none
	@$(BIN)/python tests/make_translations.py

bench: $(VENV)/.bench  ## Compare the cost of requests with a bare server and a peer (B=options)
	@$(BIN)/python -m benchmarks $(B)

bench-scale: $(VENV)/.bench  ## Measure how the cost grows up to 1,000,000 people (B=options)
	@$(BIN)/python -m benchmarks.scale $(B)

mutants: $(VENV)/.mutation  ## Check the tests by a sample of small changes of the code
	@$(BIN)/python tests/mutation_check.py $(M)

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1 \2/p' Makefile | \
		while read -r make name words; do printf 'make %-11s %s\n' "$$name" "$$words"; done

# Each stamp file marks an installed set of packages; after a change of the pins, they are
# installed again.  Every set includes that of .run, which is not installed separately then.
$(VENV)/.run: $(PINS) | $(BIN)/pip
	@echo 'Installing the packages of Netpresenter Next into $(VENV) ...'
	@$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(PINS) | $(BIN)/pip
	@echo 'Installing what the tests need ...'
	@$(PIP) --editable '.[test]'
	@touch $(VENV)/.run $@

$(VENV)/.bench: $(PINS) | $(BIN)/pip
	@echo 'Installing what the benchmarks need ...'
	@$(PIP) --editable '.[bench]'
	@touch $(VENV)/.run $@

$(VENV)/.check: $(PINS) | $(BIN)/pip
	@echo 'Installing what the checks need ...'
	@$(PIP) --editable '.[check]'
	@touch $(VENV)/.run $@

$(VENV)/.mutation: $(VENV)/.test
	@echo 'Installing what the mutation check needs ...'
	@$(PIP) --editable '.[mutation]'
	@touch $@

# An incomplete environment has no pip, so that the next run creates it again.
$(BIN)/pip:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Python 3.11 or later is needed. Type one of these, then try again:' >&2; \
		echo '  sudo apt-get install python3 python3-venv  (Debian 12, Ubuntu 24.04)' >&2; \
		echo '  brew install python                        (macOS)' >&2; \
		echo '  make run PYTHON=/path/to/python3           (where you have it)' >&2; \
		exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
		sudo=$$([ "$$(id -u)" = 0 ] || echo 'sudo '); \
		version=$$("$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "Python $$version lacks its venv module. Type, then try again:" >&2; \
		echo "  $${sudo}apt-get install python$$version-venv" >&2; exit 1; }
	@"$(PYTHON)" -m venv --clear $(VENV)
