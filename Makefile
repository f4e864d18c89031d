# netlearn. `make serve` shows the book; `make test` checks everything; `make help` lists the rest.
# What a target needs is installed into .venv first, and only when it is missing or out of date.

SHELL := /bin/sh
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help serve book test browser notebooks recordings jupyter bench report screens mutants clean python environment test-environment built style

# An activated environment or a search path of the caller's must not leak into ours.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONWARNINGS VIRTUAL_ENV JUPYTER_PATH JUPYTER_CONFIG_DIR PYTEST_ADDOPTS
export JUPYTER_PREFER_ENV_PATH := 1
export PYDEVD_DISABLE_FILE_VALIDATION := 1
NOTEBOOKS = $(sort $(wildcard book/*.ipynb))
BIN := .venv/bin
# Sockets come from the recorded snapshot, so that outputs are the same everywhere and show nobody's processes.
export NETLEARN_RECORDED := 1

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

serve: book ## build the book if needed and show it on this machine (PORT=8080 chooses the port)
	@$(BIN)/python tools/serve.py $(if $(PORT),--port $(PORT))

book: environment ## build the book into _build/html; any warning or failing notebook is an error
	@$(BIN)/python tools/build_book.py

test: test-environment browser ## check everything: style, types, library, notebooks, pages
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=line built style
	@echo "Running the tests ..."
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --cov --nbval --nbval-sanitize-with tests/nbval.cfg tests $(NOTEBOOKS)

# Neither needs the other, and each keeps one processor busy for two minutes.
built:
	@$(BIN)/python tools/build_book.py

style:
	@echo "Checking style and types ..."
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo 'Run .venv/bin/ruff format . for the normal form.' >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/python tools/check_js.py || { echo 'Run .venv/bin/python tools/check_js.py --write for the normal form.' >&2; exit 1; }

browser: test-environment ## find a Chromium for the tests of the pages, or install Debian's
	@$(BIN)/python tools/browser.py

notebooks: environment ## run all notebooks and store them, with their outputs, in the normal form
	@$(BIN)/python tools/notebooks.py $(NOTEBOOKS)

recordings: environment ## record anew what ip, ss, ping and others print, in networks of their own (root, on Linux)
	@$(BIN)/python tools/record/transcripts.py

jupyter: environment ## open the notebooks in JupyterLab, with this machine's own sockets
	@env -u NETLEARN_RECORDED $(BIN)/jupyter lab --config=tools/jupyter_config.py $(if $(filter 0,$(shell id -u)),--allow-root) book

bench: test-environment browser ## measure speed and weight, beside the peers and the limits
	@$(BIN)/python -m benchmarks

report: test-environment browser ## have Lighthouse rate pages, as a phone loads them (ten minutes)
	@$(BIN)/python tools/report.py

screens: test-environment browser ## walk every figure and page through all screens, hands and browsers (half an hour)
	@$(BIN)/python tools/other_browsers.py
	@$(BIN)/python tools/screens.py

mutants: test-environment ## change the rules of routing in 300 places, and name each that no test notices (an hour)
	@nice -n 19 $(BIN)/python tools/mutants.py

clean: ## remove what was built and installed
	rm -rf _build .venv .venv.lock .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find netlearn tests tools web benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and '$(PYTHON)' was not found." >&2; exit 1; }

environment: python
	@$(PYTHON) tools/environment.py reader

test-environment: python
	@$(PYTHON) tools/environment.py test
