# Everything is made inside .cache/ and dist/ of this checkout. `make help` lists what there is.
PYTHON ?= python3
VENV := .cache/develop/bin
LAYER := dist/aftercall-layer-$(shell uname -m | sed s/aarch64/arm64/).zip
LAYER_SOURCES := $(shell find src/aftercall launcher runtime_wrappers build_spec -type f -not -path '*/__pycache__/*' -not -name '*.so' \
	-not -path '*/aftercall/sandbox/*' -not -path '*/aftercall/command/*')

.DELETE_ON_ERROR:
.PHONY: ALWAYS help demo bare-root test-quick test-all fuzz fuzz-masking test promises bench compare conformance matrix nodejs layer lint format clean environment lock dockerfile layer-arm64 mutants
.PHONY: test-layer release-files workflows

help:
	@echo "make demo        build the layer, run real functions with it in the local sandbox, show what came out"
	@echo "make test        lint, types and the tests, with the frozen layer (10 minutes on two cores)"
	@echo "make test-quick  one minute of them, of all languages, for while one works"
	@echo "make test-all    nightly: each row of the large tables, and what takes minutes (half an hour)"
	@echo "make promises    the promise tests alone, as an ordinary user (root becomes one)"
	@echo "make matrix      the promise tests on every Python of Lambda (AFTERCALL_MATRIX=3.9,3.12 names some)"
	@echo "make layer       build $(LAYER)"
	@echo "make bare-root   the two commands in a root that has only what the README names"
	@echo "make dockerfile  build the Dockerfile without Docker on an old base, and test what comes out"
	@echo "make layer-arm64 the same for arm64 on an x86_64 machine, under qemu"
	@echo "make test-layer  run functions with the zip that LAYER names, wherever it was built"
	@echo "make release-files  what goes with the zips in dist/ to a release: checksums, SBOM, notes (TAG=v1.2.3)"
	@echo "make workflows   check .github/workflows by actionlint (needs go)"
	@echo "make bench       what the layer costs, each figure against a baseline (RUNS=20)"
	@echo "make compare     the same beside OpenTelemetry, Datadog, Lumigo and X-Ray, in one run (RUNS=10 RUNTIME=python ROWS=boto3,cold)"
	@echo "make conformance the test suites of urllib3, requests and Apache HttpClient, hooks on and off (SUITES=requests)"
	@echo "make mutants     breaks one guard after the other in a copy, and sees that its tests notice (WORDS=launcher)"
	@echo "make fuzz        MINUTES=10 for the launcher's readers and for the scan of masking each, on ever new bytes; Ctrl-C ends one"
	@echo "make fuzz-masking MINUTES=10: looks for texts whose masking takes more than linear time"
	@echo "make lint        ruff, mypy, and for C clang-format and gcc's analyzer"
	@echo "make format      format the sources, Python and C"
	@echo "make lock        pin the dependencies anew (build_spec/requirements/*.in)"
	@echo "make clean       remove .cache/ and dist/"
	@echo "PYTHON=python3.12 names the interpreter to build and test with"

environment:
	@$(PYTHON) build_spec/environment.py freeze mypyc develop
	@.cache/freeze/bin/python -m build_spec.operations
	@.cache/freeze/bin/python -m build_spec.scanner

layer: $(LAYER)

# What is built changes when a JDK comes: without one the layer does not watch Java functions.
.cache/javac: ALWAYS
	@mkdir -p .cache && echo "$${JAVA_HOME-} $$(command -v javac)" > $@.new && { cmp -s $@.new $@ || cp $@.new $@; }

$(LAYER): $(LAYER_SOURCES) .cache/javac | environment
	@.cache/freeze/bin/python -m build_spec.layer

demo: layer nodejs
	@$(VENV)/python -m tests.tools.demo.demo --layer $(LAYER)

bare-root: environment
	@$(VENV)/python -m tests.bare_root

bench: layer
	@$(VENV)/python -m tests.tools.bench --runs $(or $(RUNS),20)

compare: layer nodejs
	@$(VENV)/python -m tests.tools.compare --runs $(or $(RUNS),10) $(if $(RUNTIME),--runtime $(RUNTIME)) $(if $(ROWS),--rows $(ROWS))

conformance: layer
	@$(VENV)/python -m tests.tools.conformance $(SUITES)

lint: environment
	@echo "test: ruff" && $(VENV)/ruff check . && $(VENV)/ruff format --check .
	@echo "test: mypy" && $(VENV)/mypy
	@echo "test: C" && $(VENV)/python -m build_spec.c_sources

format: environment
	@$(VENV)/ruff format . && $(VENV)/ruff check --fix-only . && $(VENV)/python -m build_spec.c_sources --write

nodejs:
	@$(PYTHON) -m build_spec.nodejs

# Named one by one, so that a file that has moved is missed.
QUICK := $(addprefix tests/,spool exporters pipeline http1 settings transport scenarios/test_chosen.py \
	$(addprefix masking/test_,scan.py pairs.py rules.py patterns.py faults.py excluded_hosts.py) extension/test_invocations.py \
	$(addprefix runtime_wrappers/python/test_,writer.py boundary.py hooks.py exceptions_not_ours.py) \
	$(addprefix runtime_wrappers/nodejs/test_,vectors.py boundary.py permission.py bounds.py) \
	$(addprefix runtime_wrappers/java/test_,vectors.py aot_cache.py boundary.py) \
	launcher/test_start.py end_to_end/test_lifecycle.py sandbox/test_layers.py command/check/test_check.py test_docs.py test_floors.py)

# A file's tests share what it sets up, so each file is one worker's; most of the time they wait, so two have one core.
# PYTEST_OPTIONS="-n 0" is for debuggers.
PYTEST := $(VENV)/python -m pytest -n $(shell expr 2 \* $$(nproc)) --dist loadfile --no-loadscope-reorder

test: lint layer nodejs
	@$(PYTEST) $(PYTEST_OPTIONS)

test-quick: layer nodejs
	@$(PYTEST) $(QUICK) $(PYTEST_OPTIONS)

test-all: lint layer nodejs
	@AFTERCALL_ALL=1 $(PYTEST) $(PYTEST_OPTIONS)

# Functions run as an ordinary user in Lambda, with these ids. Root becomes one in a user namespace of its own, where it still owns the checkout.
ORDINARY := $(if $(filter 0,$(shell id -u)),unshare --user --map-user=993 --map-group=990)
promises: layer nodejs
	@$(ORDINARY) $(PYTEST) tests/promises -o cache_dir=.pytest_cache/promises $(PYTEST_OPTIONS)

# `make test` runs these on the oldest and the newest alone.
MATRIX := $(addprefix tests/promises/test_,function_never_notices.py whatever_user_code_does.py hooks_fail_open.py other_runtimes.py) tests/runtime_wrappers/nodejs tests/end_to_end/test_node.py \
	tests/runtime_wrappers/java
matrix: layer nodejs
	@AFTERCALL_MATRIX=$${AFTERCALL_MATRIX:-all} $(PYTEST) $(MATRIX) $(PYTEST_OPTIONS)

mutants: layer nodejs
	@$(VENV)/python -m tests.tools.mutants $(WORDS)

MINUTES ?= 10
fuzz: environment
	@$(MAKE) -s -C launcher fuzz
	@$(VENV)/python -m tests.masking.scan_corpus .cache/launcher/scan-corpus
	@cd .cache/launcher && ./fuzz-mutations $(CURDIR)/tests/launcher/corpus --minutes $(MINUTES) && \
		./fuzz-scan scan-corpus --minutes $(MINUTES)

fuzz-masking: environment
	@$(VENV)/python -m tests.masking.growth --minutes $(MINUTES)

dockerfile: environment
	@$(VENV)/python -m tests.dockerfile

layer-arm64: environment
	@AFTERCALL_DOCKERFILE_ARCHITECTURE=arm64 $(VENV)/python -m tests.dockerfile

test-layer: environment
	@AFTERCALL_LAYER=$(abspath $(LAYER)) $(VENV)/python -m pytest $(addprefix tests/end_to_end/test_,lifecycle.py hangs.py exporters.py) \
		tests/test_version.py $(PYTEST_OPTIONS)

# Needs no package: the release's job has a bare Python.
release-files:
	@$(PYTHON) -m build_spec.release --tag "$(TAG)"

ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
workflows:
	@go run $(ACTIONLINT) .github/workflows/*.yml && echo "workflows: as they must be"

lock:
	@$(PYTHON) build_spec/environment.py --lock

clean:
	rm -rf .cache dist
