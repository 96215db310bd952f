# Everything runs in .venv, which the first target that needs it makes; pyproject.toml says what goes in.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The versions that the tests ran with; `make CONSTRAINTS= ...` takes the newest that pyproject.toml allows.
CONSTRAINTS ?= constraints.txt
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
export OPENBLAS_NUM_THREADS ?= 1
# Tests wait for browsers, servers and time limits for much of their time: more of them at once than there are cores.
WORKERS ?= $(shell expr 2 \* $$(nproc))
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# nbgrader starts alembic by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow test-gradescope test-hub check build verify coverage data models solved bench matrix constraints clean

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "The module venv is missing: install it (on Debian: apt-get install python3-venv)."; exit 1; }
	$(PIP) $(addprefix --constraint ,$(CONSTRAINTS)) --editable '.[test]'
	touch $@

demo: $(VENV)/installed ## Build the release, grade an invented class, say which pages to open
	$(BIN)/autograder demo

test: $(VENV)/installed ## Run the tests, all but those of test-slow
	$(PYTEST) -m "not slow"

test-slow: $(VENV)/installed ## Run the tests that make environments, train, measure, end batches by force, or carry out the documents (minutes)
	$(PYTEST) -m slow

coverage: $(VENV)/installed ## Run the same tests and say which branches of autograder they miss
	$(PYTEST) -m "not slow" --cov --cov-fail-under=95

check: $(VENV)/installed ## Lint, types and all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(MAKE) coverage
	$(MAKE) test-slow

build: $(VENV)/installed ## Build source_nbs/ and release/
	$(BIN)/autograder build

verify: $(VENV)/installed ## Check every promise made to authors, students and graders
	$(BIN)/autograder verify

test-gradescope: $(VENV)/installed ## Set up and run the zip for Gradescope as it would be there (installs from the registry; minutes)
	$(BIN)/python -m pytest -q -s tests/batch/gradescope_true_run.py

test-hub: $(VENV)/installed ## Carry out docs/hub.md: a JupyterHub with two students and an instructor (as root; needs npm and the registry; minutes)
	$(BIN)/python -m pytest -q -s -ra tests/hub/hub_true_run.py

data: $(VENV)/installed ## Make the digits again from their source
	$(BIN)/python assignments/vae/data/make_digits.py

models: $(VENV)/installed ## Train the models of the notebooks again (installs PyTorch; minutes)
	$(PIP) $(addprefix --constraint ,$(CONSTRAINTS)) --editable '.[train]'
	$(BIN)/python assignments/vae/data/make_models.py

solved: $(VENV)/installed ## Build solved notebooks with their pictures into solutions/vae/
	$(BIN)/autograder build --solved

bench: $(VENV)/installed ## Measure against nbgrader and against one bare process
	$(BIN)/python -m benchmarks.batch

matrix: $(VENV)/installed ## Grade the grader over 20 course seeds, and write docs/kill_matrix.md
	$(BIN)/autograder matrix --seeds 20 --page docs/kill_matrix.md
	$(BIN)/python -m benchmarks.mutants

constraints: ## Take the newest versions that pyproject.toml allows, and write them into both files constraints.txt
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade --upgrade-strategy eager --editable '.[test]'
	$(BIN)/python .ci/constraints.py
	touch $(VENV)/installed

clean: ## Remove what use and tests left behind, not the course's results
	rm -rf demo build dist solutions/*/ .pytest_cache .mypy_cache .ruff_cache .coverage .coverage.* *.egg-info
