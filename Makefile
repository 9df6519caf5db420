# What one does with Ideabox. Needs make and Python 3.11 or newer; everything else is fetched by hash into .venv.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -p tests.support.unskipped
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

# An environment whose Python has gone (moved, upgraded) is no environment: without it the stamps inside go as well.
$(shell test -x $(BIN)/python || rm -rf $(VENV))

.DEFAULT_GOAL := help
.PHONY: help install run test fuzz chaos mutants bench format docs lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

install: $(VENV)/.runtime ## Install the server and the `ideabox` command into .venv

run: export IDEABOX_ENVIRONMENT = development
run: export IDEABOX_DATABASE_URL = sqlite:///var/ideabox.db
run: export IDEABOX_DATA_DIR = var
run: export IDEABOX_BASE_URL = http://127.0.0.1:$(PORT)
run: $(VENV)/.runtime ## Start Ideabox with made-up people and ideas, on PORT (8000)
	@mkdir -p var
	@$(BIN)/ideabox migrate
	@$(BIN)/ideabox demo --if-empty --tenth
	@$(BIN)/ideabox serve --host 127.0.0.1 --port $(PORT)

test: $(VENV)/.development ## Check format, lint, types, layers; run all tests on SQLite, and those that touch a database on PostgreSQL
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	IDEABOX_TEST_ENGINE=sqlite $(PYTEST)
	IDEABOX_TEST_ENGINE=postgresql $(BIN)/python -m tests.support.postgres run -- $(PYTEST)
	@echo 'make test: passed. Format, lint, types and layers are clean; the whole suite ran on SQLite, and all of it that touches a database on PostgreSQL.'

fuzz: $(VENV)/.development ## Throw made-up requests at a server on each engine; CASES=2000, BUDGET=240 (seconds), SEED=
	CASES=$(CASES) BUDGET=$(BUDGET) SEED=$(SEED) $(BIN)/python -m tests.fuzz

mutants: $(VENV)/.development ## Plant changes in the rules and count those that the tests notice; BUDGET=1800 (seconds)
	BUDGET=$(BUDGET) nice $(BIN)/python -m tests.mutants

chaos: $(VENV)/.development ## Kill, cut and race installations on each engine; ONLY=kill ENGINE=sqlite SEED= KILLS=60, BUDGET=420 (seconds a trial)
	KILLS=$(KILLS) BUDGET=$(BUDGET) ONLY='$(ONLY)' ENGINE=$(ENGINE) SEED=$(SEED) $(BIN)/python -m tests.chaos

bench: $(VENV)/.development ## Measure speed beside a floor and write docs/bench.md; SCALE=10k|100k|1m, ROUNDS=3, SECONDS=4, ONLY=feed, GROWTH=1 (or the URL of a million ideas)
	SCALE=$(SCALE) ROUNDS=$(ROUNDS) SECONDS=$(SECONDS) ONLY='$(ONLY)' ENGINE=$(ENGINE) GROWTH=$(GROWTH) MEMORY=$(MEMORY) $(BIN)/python -m bench

format: $(VENV)/.development ## Format the code and mend what lint can mend
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

docs: $(VENV)/.development ## Write the pages of docs/ that are made from the code
	$(BIN)/python -m docs.pages

lock: $(VENV)/.development ## Lock requirements*.in by hash; UPGRADE=--upgrade takes newer releases
	$(LOCK) $(UPGRADE) -o requirements.txt requirements.in
	$(LOCK) $(UPGRADE) -o requirements-dev.txt requirements-dev.in

clean: ## Remove the environment and the caches; the data in var/ stays
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Ideabox needs Python 3.11 or newer: make PYTHON=/path/to/it")'
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.runtime: $(BIN)/python requirements.txt requirements.in pyproject.toml
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.development: $(BIN)/python requirements-dev.txt requirements.in pyproject.toml
	$(PIP) --require-hashes -r requirements-dev.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
