# Everything is made inside .cache/ and dist/ of this checkout. `make help` lists what there is.
PYTHON ?= python3
VENV := .cache/develop/bin
LAYER := dist/aftercall-layer-$(shell uname -m | sed s/aarch64/arm64/).zip
LAYER_SOURCES := $(shell find src/aftercall launcher runtime_wrappers build_spec -type f -not -path '*/__pycache__/*' \
	-not -path '*/aftercall/sandbox/*' -not -path '*/aftercall/command/*')

.DELETE_ON_ERROR:
.PHONY: help demo test layer lint format clean environment lock

help:
	@echo "make demo    build the layer, run real functions with it in the local sandbox, show what came out"
	@echo "make test    lint, types, and every test, with the frozen layer"
	@echo "make layer   build $(LAYER)"
	@echo "make lint    ruff and mypy alone"
	@echo "make format  format the Python sources"
	@echo "make lock    pin the dependencies anew (build_spec/requirements/*.in)"
	@echo "make clean   remove .cache/ and dist/"
	@echo "PYTHON=python3.12 names the interpreter to build and test with"

environment:
	@$(PYTHON) build_spec/environment.py freeze develop

layer: $(LAYER)

$(LAYER): $(LAYER_SOURCES) | environment
	@.cache/freeze/bin/python -m build_spec.layer

demo: layer
	@$(VENV)/python -m tests.demo.demo --layer $(LAYER)

lint: environment
	@echo "test: ruff" && $(VENV)/ruff check . && $(VENV)/ruff format --check .
	@echo "test: mypy" && $(VENV)/mypy

format: environment
	@$(VENV)/ruff format . && $(VENV)/ruff check --fix-only .

test: lint layer
	@$(VENV)/python -m pytest $(PYTEST_OPTIONS)

lock:
	@$(PYTHON) build_spec/environment.py --lock

clean:
	rm -rf .cache dist
