# Everything a person does with this project. `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready-run
READY_DEV := $(VENV)/ready-dev

.DEFAULT_GOAL := help
.PHONY: help run test cover mutants faults soak check audit sbom fix bench lock clean

help: ## list these targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Sprung needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(READY): requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(READY_DEV): requirements-dev.lock $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

run: $(READY) ## start the bot: on Telegram with SPRUNG_TOKEN, without it on a phone in your browser
	@$(BIN)/python -m bot run

test: $(READY_DEV) ## run every test; what is left out says so and how to include it
	$(BIN)/python -m pytest -q -n auto --dist loadfile

cover: $(READY_DEV) ## branch coverage of the core modules: 100 %, or it fails
	$(BIN)/python -m tests.mutants --cover

mutants: $(READY_DEV) ## do the tests notice a change in the core modules? half an hour; MUTANTS.md
	@$(BIN)/python -c 'import cosmic_ray' 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check 'cosmic-ray==8.7.*'
	nice $(BIN)/python -m tests.mutants

check: $(READY_DEV) ## style, types, who may import whom, and the question sets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m bot banks lint
	$(BIN)/python -m bot banks fmt --check

audit: $(READY_DEV) ## ask for known weaknesses of everything locked; fails when there is one
	$(BIN)/python .ci/audit.py

sbom: $(BIN)/python ## write sbom.cdx.json: what the program is made of, as CycloneDX
	@$(BIN)/python .ci/sbom.py > sbom.cdx.json

fix: $(READY_DEV) ## put right what can be put right by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

faults: $(READY_DEV) ## every campaign against the promise, in a small size; minutes
	$(BIN)/python -m tests.faults.campaigns

soak: $(READY_DEV) ## the campaigns at full size, then ten hours of load with a fault a minute
	nice $(BIN)/python -m tests.faults.campaigns --full
	HOSTILE=1000 ERASE=100 $(BIN)/python -m pytest -q tests/faults/test_hostile_media.py tests/faults/test_erasure.py
	nice $(BIN)/python -m tests.faults.soak --minutes 600

bench: $(READY_DEV) ## measure: surprise, learning, network, and Sprung beside other bots
	$(BIN)/python -m tests.benchmarks.learning
	$(BIN)/python -m tests.benchmarks.surprise
	$(BIN)/python -m tests.benchmarks.transport
	$(BIN)/python -m tests.benchmarks.peers
	$(BIN)/python -m tests.benchmarks.duplicates
	$(BIN)/python -m bot banks stats

lock: $(READY_DEV) ## renew both lock files
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --allow-unsafe --extra build --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --allow-unsafe --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean: ## remove what make made; your data stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
