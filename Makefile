# Every chore of this project. A fresh machine needs python3 (3.11 or newer), git and make for the first two:
#
#   make demo    sets everything up, compiles the example fleet, and says what to look at
#   make test    sets everything up, then lint, types, layers and the whole test suite (what .ci/run calls)
#
# Set-up happens once, in .venv; it is repeated when pyproject.toml or the pins change.

VENV := .venv
READY := $(VENV)/.ready
MILEPOST := $(VENV)/bin/milepost
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
# Where more processes help, pytest-xdist counts the processors; PYTEST_ARGS narrows a run: make test PYTEST_ARGS=tests/plan
PYTEST_ARGS ?= -n auto

.DEFAULT_GOAL := help
.PHONY: help setup demo compile test test-fast coverage mutants lint format docs goldens bench faults real-parts plane test-plane test-failover lock site clean

help:
	@sed -n '3,4s/^# *//p' Makefile
	@echo "also: make setup | test-fast | test-FOLDER | coverage | mutants | lint | format | compile | docs | goldens | bench"
	@echo "      make faults | real-parts | test-plane | test-failover | lock | site | clean"

setup: $(READY)

$(READY): pyproject.toml .ci/requirements.txt .ci/setup
	@.ci/setup $(VENV)

demo: $(READY)
	@.ci/demo

compile: $(READY)
	$(MILEPOST) compile fleet-spec --output rendered

test: $(READY) real-parts plane
	@.ci/test $(VENV) $(PYTEST_ARGS)

# The quick part: no programs, no waiting. Under a minute on two processors.
test-fast: $(READY)
	$(VENV)/bin/python -m pytest -m "not slow and not plane" $(PYTEST_ARGS)

# The tests of one stage or folder, all of them: make test-plan, make test-cases.
test-%: $(READY)
	$(VENV)/bin/python -m pytest tests/$* $(PYTEST_ARGS)

# What the suite goes through, the programs that it starts among it; fails below the floor in pyproject.toml.
coverage: $(READY) real-parts
	$(VENV)/bin/python -m pytest $(PYTEST_ARGS) --cov --cov-report=term:skip-covered

# Small faults in the stages that no test notices, or a sample of them: make mutants MUTANTS="plan --sample 200"
mutants: $(READY)
	PYTHONPATH=tests $(VENV)/bin/python -m mutants $(MUTANTS)

# Every linter has its say, also after one has failed.
lint: $(READY)
	@$(MAKE) --no-print-directory --keep-going ruff format-check types layers

.PHONY: ruff format-check types layers
ruff: ; $(VENV)/bin/ruff check .
format-check: ; $(VENV)/bin/ruff format --check .
types: ; $(VENV)/bin/mypy
layers: ; $(VENV)/bin/lint-imports --no-logo

format: $(READY)
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

# Everything that is written from the code: schemas/spec, docs/reference, docs/diagnostics, what consoles show.
docs: $(READY)
	$(VENV)/bin/python -m milepost.reference .
	$(VENV)/bin/python -m pytest tests/docs/test_consoles.py --update-goldens=overwrite

goldens: $(READY)
	$(VENV)/bin/python -m pytest --update-goldens
	$(MILEPOST) compile fleet-spec --output rendered
	$(MILEPOST) owners --organization example --output .github/CODEOWNERS

# Writes docs/faults.md; an hour or more. FAULTS_ARGS="--share 0.01 --output /tmp/faults" takes a minute.
faults: $(READY)
	PYTHONPATH=tests $(VENV)/bin/python -m faults $(FAULTS_ARGS)

# Writes docs/benchmarks.md; about a quarter of an hour. BENCH_ARGS="--quick --no-peers --output /tmp/bench" takes a minute.
bench: $(READY)
	PYTHONPATH=tests $(VENV)/bin/python -m bench $(BENCH_ARGS)

# Programs that a few tests run for real; those tests are skipped by name where a program is missing.
real-parts:
	@.ci/real-parts

# All failovers of real keepalived in network namespaces, as root: five minutes. `make test` moves two addresses.
test-failover: $(READY) real-parts
	$(VENV)/bin/python -m pytest tests/failover -m "failover or not failover" -rs

# What tests on a real control plane run, as far as Go is here to build it: minutes the first time, then nothing.
plane: $(READY)
	@.ci/plane $(VENV) quick

# All that is held against a real control plane and the real agents; writes docs/verified.md.
test-plane: $(READY)
	@.ci/plane $(VENV) all
	MILEPOST_VERIFIED=docs/verified.md $(VENV)/bin/python -m pytest tests/plane -m plane -rs $(PLANE_ARGS)

# The pins with hashes in .ci/requirements*.txt, resolved anew; run the suite afterwards.
lock: $(READY)
	@.ci/lock $(VENV)

# The documentation as a site, in .site; a dead link fails it.
site: $(READY)
	NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --strict --config-file .ci/site.yml

clean:
	rm -rf $(VENV) .site .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
