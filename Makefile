# `make run` and `make test` work on a machine that has Python 3.11, make and a C compiler; they set up what they need.
.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench format lock clean

PYTHON ?= python3.11
UV := $(shell command -v uv || echo .tools/bin/uv)
export UV_LINK_MODE ?= hardlink
VIGOR := .venv/bin/vigor

help:  ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

setup: .venv/.ready .venv-dialogue/.ready  ## Environments, model, index, database
	@$(VIGOR) setup

run: setup  ## Set up, then everything with the demo patients at http://localhost:8000
	@VIGOR_DEMO=1 $(VIGOR) up

test: setup  ## Set up, then the whole suite
	@$(VIGOR) browser
	@.venv/bin/python -m pytest --numprocesses auto --dist loadgroup $(PYTEST_OPTIONS)

lint: .venv/.ready  ## Style, types and structure
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy

format: .venv/.ready  ## Put the code in the house's format
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format --quiet .

bench: setup  ## Measure speed and memory
	@$(VIGOR) bench all

lock: uv  ## Choose new exact versions (needs a look before they are committed)
	@scripts/lock-requirements $(UV)

.PHONY: python uv
python:
	@command -v $(PYTHON) >/dev/null || { echo "ViGoR needs Python 3.11 as '$(PYTHON)'. Install it, or name it: make run PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "ViGoR needs Python 3.11, but '$(PYTHON)' is $$($(PYTHON) -V)." >&2; exit 1; }

uv: python
	@command -v $(UV) >/dev/null || { echo "· Installing uv"; $(PYTHON) -m venv .tools && .tools/bin/pip install --quiet uv==0.13.9; }

.venv/.ready: requirements/platform.txt pyproject.toml | uv
	@scripts/make-environment platform $(UV) $(PYTHON)

.venv-dialogue/.ready: requirements/dialogue.txt | uv
	@scripts/make-environment dialogue $(UV) $(PYTHON)
