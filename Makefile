# Himaya. `make demo` to look at it, `make test` to trust it. docs/operating.md explains everything else.
# PORT and HIMAYA_HOME (instance folder) may be given to each: make demo PORT=8001 HIMAYA_HOME=/srv/second

PORT ?= 8000
export PORT
export UV_PYTHON_DOWNLOADS = never
export UV_HTTP_TIMEOUT = 180
# Without compiled modules every process would spend seconds of its start on reading sources.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN = .venv/bin
STYLELINT = config/stylelint/node_modules/.bin/stylelint --config config/stylelint/stylelint.config.js
# What templates/layouts/public.html loads; tests/web/test_styles.py compares.
PUBLIC_STYLES = static/css/tokens.css static/css/base.css static/css/public.css
CATALOGUES = $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))

.DEFAULT_GOAL = help
.DELETE_ON_ERROR:
.PHONY: help setup demo run test check bench bench-names

help:
	@echo "make demo     an instance with invented data: prints its address and sign-ins"
	@echo "make run      an empty instance: prints a one-time set-up link"
	@echo "make test     everything that is tested, on SQLite and PostgreSQL, in a real browser"
	@echo "make check    style, types, layers, templates, style sheets, translations"
	@echo "make bench    the promises of speed, measured"
	@echo "make bench-names  the names engine: what it finds, what it takes for one, how fast"
	@echo "make setup    the environment alone"
	@echo "PORT and HIMAYA_HOME may be given to each."

# The environment. `uv` comes from the registry into the environment itself and reads uv.lock only.

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	  || { echo "Python 3.11, 3.12 or 3.13 is needed. On Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv \
	  || { rm -rf .venv; echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv \
	  || { rm -rf .venv; echo "The package registry cannot be reached. Check the network, then repeat."; exit 1; }

.venv/.runtime: uv.lock pyproject.toml | $(BIN)/uv
	@$(BIN)/uv sync --frozen --quiet --no-dev --inexact \
	  || { echo "The packages of uv.lock could not be fetched. Check the network, then repeat."; exit 1; }
	@touch $@

.venv/.dev: uv.lock pyproject.toml | $(BIN)/uv
	@$(BIN)/uv sync --frozen --quiet --inexact \
	  || { echo "The packages of uv.lock could not be fetched. Check the network, then repeat."; exit 1; }
	@touch $@ .venv/.runtime

%.mo: %.po | .venv/.runtime
	@$(BIN)/pybabel --quiet compile -i $< -o $@

# What prints documents. An instance works without it and says on its pages what is missing.
.venv/.printing: config/install.sh | .venv/.runtime
	@sh config/install.sh printing && touch $@ \
	  || echo "Until then documents cannot be printed; everything else works."

# What reads the style sheets of public pages: the packages of its lock, in a folder that git ignores.
config/stylelint/node_modules/.installed: config/stylelint/package-lock.json | .venv/.dev
	@sh config/install.sh checking
	@npm ci --prefix config/stylelint --silent --ignore-scripts --no-audit --no-fund \
	  || { echo "The packages of config/stylelint/package-lock.json could not be fetched. Check the network, then repeat."; exit 1; }
	@touch $@

setup: .venv/.runtime .venv/.printing $(CATALOGUES)

# Instances.

demo: export HIMAYA_HOME := $(or $(HIMAYA_HOME),instance/demo)
demo: export HIMAYA_MODE = demo
demo: setup
	@$(BIN)/himaya demo
	@$(BIN)/himaya migrate
	@$(BIN)/himaya run --log $(HIMAYA_HOME)/himaya.log

run: export HIMAYA_HOME := $(or $(HIMAYA_HOME),instance/main)
run: export HIMAYA_MODE := $(or $(HIMAYA_MODE),development)
run: setup
	@$(BIN)/himaya secrets make
	@$(BIN)/himaya migrate
	@$(BIN)/himaya run --log $(HIMAYA_HOME)/himaya.log

# Proof. pytest's closing line is the last. `make test ORDER=` runs in a new order each time.

ORDER ?= --randomly-dont-reorganize

test: .venv/.dev $(CATALOGUES)
	@sh tests/support/install.sh
	@$(MAKE) --no-print-directory config/stylelint/node_modules/.installed
	@$(BIN)/pytest -q -n 4 --dist loadfile --no-loadscope-reorder $(ORDER) --cov --cov-report= --gates

check: .venv/.dev config/stylelint/node_modules/.installed
	$(BIN)/uv lock --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint templates --quiet --lint
	$(STYLELINT) $(PUBLIC_STYLES)
	$(BIN)/python -m tests.support.catalogues
	$(BIN)/vulture
	$(BIN)/deptry .

bench: .venv/.dev $(CATALOGUES)
	@$(BIN)/python -m bench

bench-names: .venv/.dev $(CATALOGUES)
	@$(BIN)/python -m bench.names
