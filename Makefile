PYTHON ?= python3
BIN := .venv/bin
SPREAD := --numprocesses logical --maxprocesses 8 --dist worksteal # one process for each core

.PHONY: install test check bench torture soak rehearse clean

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@

rehearse: install
	$(BIN)/folkmoot rehearse $(ARGS)

test: install
	$(BIN)/python -m pytest $(SPREAD) $(ARGS)

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/peers
	$(BIN)/python -m tests.bench $(ARGS)

.venv/peers: .venv/installed # whom Folkmoot is measured beside
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[bench]"
	touch $@

torture: install
	$(BIN)/python -m tests.faults.torture $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED)) $(if $(ENGINE),--engine $(ENGINE))

soak: install
	$(BIN)/python -m tests.soak $(if $(EVENTS),--events $(EVENTS)) $(if $(CHANNELS),--channels $(CHANNELS)) $(if $(SEED),--seed $(SEED)) $(if $(ENGINE),--engine $(ENGINE))

clean:
	rm -rf .venv build *.egg-info
