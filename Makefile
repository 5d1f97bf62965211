# Every habit of this project is one word. `make help` lists them.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PORT   ?= 8050
MLFLOW_PORT ?= 5000
# Processes of the everyday tests; each trains its own demo model.
TEST_PROCESSES ?= 2
export STORE_DIR ?= store
export OMP_NUM_THREADS ?= 1
# Threads that wait by spinning stall a training that shares its processors.
export OMP_WAIT_POLICY ?= passive
export POLARS_MAX_THREADS ?= 1
export DO_NOT_TRACK = 1
export MLFLOW_DISABLE_TELEMETRY = true

.PHONY: help run mlflow test test-browser test-slow bench audit lint
help:  ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(VENV)/.runtime: requirements-web.txt requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(STORE_DIR)/banks/home_credit.duckdb: | $(VENV)/.runtime
	$(BIN)/python -m data demo home_credit --clients 10000 --seed 1

$(STORE_DIR)/models/home_credit/champion: | $(STORE_DIR)/banks/home_credit.duckdb
	env -u OMP_NUM_THREADS -u POLARS_MAX_THREADS $(BIN)/python -m model train home_credit --with-protected-cost

$(STORE_DIR)/banks/prospects.duckdb: | $(VENV)/.runtime
	$(BIN)/python -m data demo prospects --clients 20000 --seed 1

$(STORE_DIR)/models/prospects/champion: | $(STORE_DIR)/banks/prospects.duckdb
	env -u OMP_NUM_THREADS -u POLARS_MAX_THREADS $(BIN)/python -m model train prospects

run: $(VENV)/.runtime | $(STORE_DIR)/models/home_credit/champion $(STORE_DIR)/models/prospects/champion  ## Install, make the demo banks and first models, then serve on 127.0.0.1:8050
	@echo "Limpide is on http://127.0.0.1:$(PORT)"
	PORT=$(PORT) $(BIN)/gunicorn app:server

mlflow: $(VENV)/.runtime  ## Open the record of trainings on 127.0.0.1:5000
	@mkdir -p $(STORE_DIR)/mlflow
	@echo "MLflow is on http://127.0.0.1:$(MLFLOW_PORT)"
	MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false $(BIN)/mlflow ui --host 127.0.0.1 --port $(MLFLOW_PORT) --workers 1 \
		--backend-store-uri sqlite:///$(abspath $(STORE_DIR))/mlflow/mlflow.db \
		--default-artifact-root file://$(abspath $(STORE_DIR))/mlflow/artifacts

test: $(VENV)/.dev  ## The everyday tests
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile

test-browser: $(VENV)/.dev  ## The tests that drive a real Chromium
	$(BIN)/python -m pytest -m browser

test-slow: $(VENV)/.dev  ## The tests that take minutes
	$(BIN)/python -m pytest -m slow

bench: $(VENV)/.dev  ## Measure, with the peers beside
	$(BIN)/python -m benchmarks

audit: $(VENV)/.dev  ## Known vulnerabilities of what is installed
	$(BIN)/python .ci/audit

lint: $(VENV)/.dev  ## Style and likely bugs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
