# The two commands: `make demo` serves the portal, `make test` proves it. Only python3 (3.11), pip and make needed.
SHELL := /bin/bash
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON_PREFERENCE := only-system
export UV_LINK_MODE := copy
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .uv/bin/python -m uv
RUN := .venv/bin/python

.PHONY: test lint format check messages

.uv/ready-$(UV_VERSION):
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	touch "$@"

test: .uv/ready-$(UV_VERSION)
	$(UV) sync --quiet --frozen --group dev --group browser --group quality
	PORTAL_ENV=test $(RUN) -m pytest -n 2

lint: .uv/ready-$(UV_VERSION)
	$(UV) sync --quiet --frozen --all-groups
	$(RUN) -m ruff check .
	PORTAL_ENV=test $(RUN) -m importlinter.cli lint

check: .uv/ready-$(UV_VERSION)
	PORTAL_ENV=test $(RUN) manage.py makemigrations --check --dry-run

format:
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .
