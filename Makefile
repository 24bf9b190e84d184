# What a developer and an operator type; everything machine-made lands in .venv, var and the user's cache.
.DEFAULT_GOAL := help
PYTHON ?= python3
PIP = .venv/bin/python -m pip --disable-pip-version-check install --quiet
WITH_NODE = PATH="$(CURDIR)/.venv/bin:$(PATH)"
LOCKED = $(PIP) --require-hashes --requirement
# Tests start some hundreds of processes of this tree: where Python keeps no bytecode, each compiles all of it again.
unexport PYTHONDONTWRITEBYTECODE

# Two processes for two cores. Each part is a process of its own, the longest first: the core that is free takes the
# next one, so that both end together whatever a part grows to. `make test JOBS=4` on a larger machine.
JOBS ?= 2
AT_ONCE = --no-print-directory --jobs=$(JOBS) --output-sync=target
PARTS = browser proofs views gate server recovery imports
# What the tests of the tree itself read is files; beside the others they fill the second core of make check.
TREE = tests/architecture tests/checks tests/docs
# What bandit sees is one of the tests (tests/checks), too: where they run it is not looked for twice.
LINTS_BESIDE_TESTS = lint-types lint-style
LINTS = $(LINTS_BESIDE_TESTS) lint-security

.PHONY: $(LINTS) $(PARTS:%=test-%)
.PHONY: help run dev check test test-quick test-tree test-others test-real proofs proofs-of-the-gate proofs-of-the-rest bench tour lint lock audit sbom clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/for-run ## set up what is missing, seed the demonstration, serve on http://127.0.0.1:8000
	@.venv/bin/python -m engine.supervise --until-parent-ends

dev: .venv/for-run ## serve as run does, reload on a change of code, show real tracebacks
	@.venv/bin/python -m engine.supervise --until-parent-ends --develop

check: .venv/for-test .venv/for-web ## lint, types, and every test that needs no store
	@$(MAKE) $(AT_ONCE) test-quick test-tree $(LINTS_BESIDE_TESTS)

test-quick:
	.venv/bin/python -m pytest -q -m "not proof and not store" $(TREE:%=--ignore=%)

test-tree:
	.venv/bin/python -m pytest -q -m "not proof and not store" $(TREE)

test: .venv/for-test .venv/for-web ## lint, types and every test, on the real store and a real browser
	@$(MAKE) $(AT_ONCE) --keep-going $(LINTS_BESIDE_TESTS) test-others $(PARTS:%=test-%)

$(PARTS:%=test-%): test-%: .venv/for-test
	.venv/bin/python -m pytest -m "not proof" tests/$*

test-others: .venv/for-test
	.venv/bin/python -m pytest -m "not proof" $(PARTS:%=--ignore=tests/%)

# On published records that are no part of the repository. SHUZOKO_REAL_RECORDS names the folder that holds them.
test-real: .venv/for-test ## tests on published records; SHUZOKO_REAL_RECORDS names their folder
	@if [ -d "$$SHUZOKO_REAL_RECORDS" ]; then .venv/bin/python -m pytest tests/imports/real; \
	else echo "test-real: no real records (SHUZOKO_REAL_RECORDS='$$SHUZOKO_REAL_RECORDS'), nothing was tested."; fi

# What is measured by the clock comes first and alone; the rest in two processes again.
BY_CLOCK = tests/audit/test_a_million.py tests/proofs/test_alike.py tests/proofs/test_flood.py
HOLES = tests/proofs/test_seeded_holes.py

# `make proofs NAME` runs one: tests/**/test_NAME.py.
ifeq (proofs,$(firstword $(MAKECMDGOALS)))
NAME := $(word 2,$(MAKECMDGOALS))
endif
ifneq (,$(NAME))
ONE = $(shell find tests -name 'test_$(NAME).py')
.PHONY: $(NAME)
$(NAME):
	@:

proofs: .venv/for-test
	@test -n "$(ONE)" || { echo "proofs: there is no tests/**/test_$(NAME).py"; exit 2; }
	.venv/bin/python -m pytest -s -m proof $(ONE)
else
proofs: .venv/for-test ## the long proofs, all; make proofs NAME runs one (docs/proofs.md)
	.venv/bin/python -m pytest -m proof $(BY_CLOCK)
	@$(MAKE) $(AT_ONCE) proofs-of-the-gate proofs-of-the-rest
endif

proofs-of-the-gate:
	.venv/bin/python -m pytest -s -m proof tests/proofs $(addprefix --ignore=,$(BY_CLOCK) $(HOLES))

proofs-of-the-rest:
	.venv/bin/python -m pytest -s -m proof --ignore=tests/proofs $(addprefix --ignore=,$(BY_CLOCK))
	.venv/bin/python -m pytest -s -m proof $(HOLES)

ifeq (,$(AGAINST))
bench: .venv/for-bench ## the benchmark beside its peers; make bench AGAINST=REV: what is slower than in that revision
	.venv/bin/python -m benchmarks
else
bench: .venv/for-test
	.venv/bin/python -m benchmarks.against $(AGAINST)
endif

tour: .venv/for-test ## take the pictures of README's tour again (docs/tour/)
	.venv/bin/python -m tests.docs.tour

lint: .venv/for-test .venv/for-web ## ruff, mypy, bandit, secrets, pins, biome
	@$(MAKE) $(AT_ONCE) $(LINTS)

lint-types:
	.venv/bin/python -m mypy .

lint-security:
	.venv/bin/python -m tests.checks.bandit

lint-style:
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m tests.checks.secrets
	.venv/bin/python -m tests.checks.pins
	$(WITH_NODE) .venv/web/node_modules/.bin/biome lint --error-on-warnings

# Asks the package index what is known against the pinned versions; says what it could not see.
audit: .venv/for-test .venv/audit/bin/pip-audit
	.venv/bin/python -m tests.checks.pins --ask .venv/audit/bin/pip-audit

.venv/audit/bin/pip-audit:
	.venv/bin/python -m venv .venv/audit
	-.venv/audit/bin/pip --disable-pip-version-check install --quiet pip-audit==2.10.1

sbom: .venv/for-test ## the bill of materials, CycloneDX, of what the locks hold: shuzoko.cdx.json
	.venv/bin/python -m tests.checks.sbom shuzoko.cdx.json

# Keeps the versions that are locked and still allowed by pyproject.toml; make lock NEWER=--upgrade takes the newest.
LOCK = .venv/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-annotate --custom-compile-command "make lock" $(NEWER) pyproject.toml

lock: .venv/lock/bin/uv ## lock the requirements of pyproject.toml with hashes, for run, test and bench
	$(LOCK) --output-file requirements.txt
	$(LOCK) --constraint requirements.txt --group test --output-file tests/requirements.txt
	$(LOCK) --constraint tests/requirements.txt --group bench --output-file benchmarks/requirements.txt

.venv/lock/bin/uv: | .venv/bin/python
	.venv/bin/python -m venv .venv/lock
	.venv/lock/bin/python -m pip --disable-pip-version-check install --quiet uv==0.13.9

# node and npm come from a wheel: a bare machine has none. Biome's lock names its files by their hashes.
.venv/for-web: tests/checks/web/package-lock.json .venv/for-test
	mkdir -p .venv/web && cp tests/checks/web/package.json tests/checks/web/package-lock.json .venv/web
	cd .venv/web && $(WITH_NODE) npm ci --no-audit --no-fund --silent
	@touch $@

.venv/for-bench: benchmarks/requirements.txt .venv/for-test
	$(LOCKED) benchmarks/requirements.txt
	@touch $@

# var holds a deployment's records and keys: clean never touches it.
clean: ## remove what a machine made, never var
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/for-run: requirements.txt | .venv/bin/python
	$(LOCKED) requirements.txt
	@touch $@

.venv/for-test: tests/requirements.txt | .venv/bin/python
	$(LOCKED) tests/requirements.txt
	@touch $@ .venv/for-run
