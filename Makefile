# Portail S&R: every command that a newcomer, a maintainer or the CI needs. `make` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo stop reset test lint format messages translations bench lives environment-demo environment-all

PYTHON ?= python3.11
PORT ?= 8000
YES ?=

export PORT
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON_PREFERENCE := only-system
export UV_PROJECT_ENVIRONMENT := .venv
export UV_LINK_MODE := copy
export PYTHONUNBUFFERED := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

# Scripts in .venv/bin name their interpreter by a path that may hold a space: call the modules instead.
RUN := .venv/bin/python
UV_VERSION := 0.13.9
UV := .uv/bin/uv
LOCK := $(PYTHON) .ci/one_at_a_time.py

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' Makefile | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

demo: export PORTAL_ENV := demo
demo: ## Start the demo: environment, database, sample data, server (PORT=8000)
	@$(PYTHON) sr_portal/demo_server.py check; code=$$?; \
	if [ $$code -eq 3 ] && [ -z "$$DATABASE_URL" ]; then exec $(RUN) -m sr_portal.embedded_postgres start > /dev/null; fi; \
	if [ $$code -ne 0 ]; then [ $$code -eq 3 ]; exit; fi; \
	$(MAKE) --no-print-directory environment-demo && \
	$(MAKE) --no-print-directory translations && \
	$(RUN) manage.py prepare --demo --verbosity 0 && \
	$(RUN) manage.py publish_static && \
	exec $(RUN) -m sr_portal.demo_server start

stop: export PORTAL_ENV := demo
stop: ## Stop the demo's server and the embedded database
	@$(PYTHON) sr_portal/demo_server.py stop
	@if [ -x $(RUN) ] && [ -z "$$DATABASE_URL" ]; then $(RUN) -m sr_portal.embedded_postgres stop; fi

reset: export PORTAL_ENV := demo
reset: ## Erase the data, after asking (YES=1: without), and load the sample data again
	@if [ "$(YES)" != 1 ]; then \
		read -r -p "Erase the database and the files of this folder? [y/N] " answer; \
		[ "$$answer" = y ] || { echo "Nothing was erased."; exit 1; }; \
	fi
	@$(MAKE) --no-print-directory stop environment-demo translations
	@if [ -z "$$DATABASE_URL" ]; then $(RUN) -m sr_portal.embedded_postgres remove; fi
	@rm -rf var/files
	@$(RUN) manage.py prepare --from-nothing --demo --verbosity 0
	@echo "Started over: make demo opens the portal."

test: export PORTAL_ENV := test
test: environment-all translations ## Run the whole suite, browser tests included
	@.ci/test

bench: export PORTAL_ENV := test
bench: environment-all ## Run the benchmarks: they print numbers and judge nothing
	$(RUN) -m pytest tests/bench -p no:xdist -p no:logging -s
	$(RUN) -m tests.bench.kill_payments --kills 20 --minutes 10

SEEDS ?= 1 2 3
EXAMPLES ?= 50
lives: export PORTAL_ENV := test
lives: environment-all ## Run random histories of projects by seed: make lives SEEDS="7 8 9" EXAMPLES=100
	@for one in $(SEEDS); do \
	  echo "seed $$one:"; \
	  LIFE_SEED=$$one LIFE_EXAMPLES=$(EXAMPLES) nice $(RUN) -m pytest tests/projects/test_life_machine.py \
	    -p no:xdist -q --reuse-db -s || exit 1; \
	done

lint: export PORTAL_ENV := test
lint: environment-all ## Check format, style, import contracts, types and security
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -c "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
	$(RUN) -m mypy
	$(RUN) -m bandit --quiet --recursive --configfile pyproject.toml sr_portal regions funds projects

format: environment-all ## Format the code and sort the imports
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

messages: export PORTAL_ENV := test
messages: environment-all ## Bring the catalogues of texts up to date with the code
	$(RUN) .ci/messages.py

translations: # Compile the catalogues; a portal without any is in French
	@if compgen -G "sr_portal/locale/*/LC_MESSAGES/*.po" > /dev/null; then \
		$(LOCK) $(RUN) -m babel.messages.frontend --quiet compile -D django -d sr_portal/locale; \
	fi

environment-demo: $(UV)
	@$(LOCK) $(UV) sync --frozen --quiet --inexact --python "$(PYTHON)" --group demo

environment-all: $(UV)
	@$(LOCK) $(UV) sync --frozen --quiet --python "$(PYTHON)" --group demo --group dev --group browser --group quality

$(UV):
	@$(LOCK) .ci/install-uv "$(PYTHON)" $(UV_VERSION)
