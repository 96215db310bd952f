# Everything runs in .venv, which the first target that needs it makes; pyproject.toml says what goes in.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export OPENBLAS_NUM_THREADS ?= 1
# nbgrader starts alembic by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help demo test check build verify coverage data models solved bench matrix clean

help: ## Say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "The module venv is missing: install it (on Debian: apt-get install python3-venv)."; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

demo: $(VENV)/installed ## Build the release, grade an invented class, say which pages to open
	$(BIN)/autograder demo

test: $(VENV)/installed ## Run all tests
	$(BIN)/python -m pytest -n auto --dist loadfile

coverage: $(VENV)/installed ## Run all tests and say which branches of autograder they miss
	$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-fail-under=95

check: $(VENV)/installed ## Lint, types and tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(MAKE) coverage

build: $(VENV)/installed ## Build source_nbs/ and release/
	$(BIN)/autograder build

verify: $(VENV)/installed ## Check every promise made to authors, students and graders
	$(BIN)/autograder verify

data: $(VENV)/installed ## Make the digits again from their source
	$(BIN)/python assignments/vae/data/make_digits.py

models: $(VENV)/installed ## Train the models of the notebooks again (installs PyTorch; minutes)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train]'
	$(BIN)/python assignments/vae/data/make_models.py

solved: $(VENV)/installed ## Build solved notebooks with their pictures into solutions/vae/
	$(BIN)/autograder build --solved

bench: $(VENV)/installed ## Measure against nbgrader and against one bare process
	$(BIN)/python -m benchmarks.batch

matrix: $(VENV)/installed ## Grade the grader over 20 course seeds, and write docs/kill_matrix.md
	$(BIN)/autograder matrix --seeds 20 --page docs/kill_matrix.md
	$(BIN)/python -m benchmarks.mutants

clean: ## Remove what use and tests left behind, not the course's results
	rm -rf demo build dist solutions/*/ .pytest_cache .mypy_cache .ruff_cache .coverage .coverage.* *.egg-info
