# Two commands matter: `make run` and `make test`. Everything they need they make themselves.

PYTHON ?= python3
BIN := .venv/bin
TEST := .venv-test/bin
PIP := -m pip --disable-pip-version-check install --quiet --require-hashes
STATIC := app/web/static/built/manifest.json
FRONTEND := $(wildcard app/web/frontend/*) $(wildcard app/web/static/*.*) $(wildcard app/web/static/sheets/*) \
  $(wildcard app/web/editor/*.js) $(wildcard app/web/editor/*/*.js) hatch_build.py

.PHONY: lock run test test-all test-postgres check bench bench-engine mutate build clean help

help:
	@echo "make run       start Engross on http://127.0.0.1:8000 (first time: a few minutes)"
	@echo "make test      the tests, in about four minutes"
	@echo "make test-all  the long ones too, in at most twenty"
	@echo "make test-postgres   make test, with PostgreSQL under every page and act"
	@echo "make soak-service  thirty people act while services are killed: is anything lost? In ten minutes (FOR=3 minutes each)"
	@echo "make bench     the benchmarks behind docs/performance.md"
	@echo "make mutate    do the tests notice a wrong line of the engine? A sample, in 20 minutes (ONLY='words merge', MINUTES=60)"
	@echo "make bench-engine HISTORIES=folder   the text engine beside its peers, on your own texts (MERGES=file, SLOW=1)"

run: $(STATIC) .venv/.ready
	@exec $(BIN)/engross start

test: .venv-test/.ready .venv-test/node/.ready $(STATIC)
	@$(TEST)/python -m pytest -n 2 -m "not long"

test-all: .venv-test/.ready .venv-test/node/.ready $(STATIC)
	@$(TEST)/python -m pytest -n 2

# What make test does, with the service at home on PostgreSQL in every test that copies a furnished installation.
test-postgres: .venv-test/.ready .venv-test/node/.ready $(STATIC)
	@ENGROSS_TEST_HOME=postgres $(TEST)/python -m pytest -n 2 -m "not long"

# Thirty people act for five minutes on each database while services are killed with -9. FOR=10 (minutes), PEOPLE, KILLS, SEED.
soak-service: .venv-test/.ready $(STATIC)
	@$(TEST)/python -m benchmarks.soak_service --minutes $(or $(FOR),5) --people $(or $(PEOPLE),30) \
	  --kills $(or $(KILLS),10) --seed $(or $(SEED),1)

check: .venv-test/.ready
	@$(TEST)/ruff check . && $(TEST)/ruff format --check . && $(TEST)/mypy && $(TEST)/lint-imports

bench: .venv-test/.ready $(STATIC)
	@$(TEST)/python -m benchmarks

bench-engine: .venv-bench/.ready
	@test -n "$(HISTORIES)" || { echo "Say where the texts are: make bench-engine HISTORIES=folder"; exit 2; }
	@.venv-bench/bin/python -m benchmarks --engine --histories "$(HISTORIES)" $(if $(MERGES),--merges "$(MERGES)") $(if $(SLOW),--slow)

build: $(STATIC)

.venv/.ready: requirements/run.txt requirements/install.txt pyproject.toml | $(STATIC)
	@echo "Making the environment in .venv (once)…"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Engross needs Python 3.11 or later.")'
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing: on Debian, apt-get install python3-venv"; exit 1; }
	@$(BIN)/python $(PIP) -r requirements/run.txt -r requirements/install.txt
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv-test/.ready: requirements/test.txt
	@echo "Making the test environment in .venv-test (once)…"
	@$(PYTHON) -m venv .venv-test
	@$(TEST)/python $(PIP) -r requirements/test.txt
	@touch $@

# What looks at pages in the tests: axe-core, in exactly the version of its lock file.
.venv-test/node/.ready: .venv-test/.ready .venv-build/.ready $(wildcard tests/axe/*)
	@.venv-build/bin/python tests/axe/fetch.py .venv-test/node
	@touch $@

# Peers of the engine. The one from npm is fetched where npm is; the benchmark names those it does not find.
.venv-bench/.ready: requirements/bench.txt benchmarks/peers_node/package-lock.json
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python $(PIP) -r requirements/bench.txt
	@mkdir -p .venv-bench/node && cp benchmarks/peers_node/package*.json benchmarks/peers_node/.npmrc .venv-bench/node
	@if command -v npm >/dev/null; then cd .venv-bench/node && npm ci --silent; fi
	@touch $@

.venv-build/.ready: requirements/build.txt
	@$(PYTHON) -m venv .venv-build
	@.venv-build/bin/python $(PIP) -r requirements/build.txt
	@touch $@

$(STATIC): .venv-build/.ready $(FRONTEND)
	@echo "Building style sheet and fonts…"
	@.venv-build/bin/python hatch_build.py
	@touch $@

clean:
	rm -rf .venv .venv-test .venv-build .venv-bench .venv-mutation mutants app/web/static/built app/render/fonts dist

lock:
	@for name in run test build install mutation bench; do \
	  case $$name in run) from=pyproject.toml;; test|mutation) from="pyproject.toml --group $$name";; *) from="--group $$name";; esac; \
	  uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	    --python-version 3.11 $$from -o requirements/$$name.txt; done

# Mutation testing of the engine, bounded by MINUTES: some mutants of every module, or all of some modules. The next
# run goes on where this one stopped. `make mutate ONLY='words dialect.*' SAMPLE=30 SEED=2`; AGAIN=1 after new tests.
MINUTES ?= 20
ONLY ?=
SAMPLE ?= $(if $(ONLY),0,10)
SEED ?= 1
mutate: .venv-mutation/.ready
	@.venv-mutation/bin/python -m benchmarks.mutation --minutes $(MINUTES) --sample $(SAMPLE) --seed $(SEED) \
	  $(if $(AGAIN),--again) $(if $(ONLY),--only $(foreach name,$(ONLY),'$(name)'))

.venv-mutation/.ready: requirements/mutation.txt
	@$(PYTHON) -m venv .venv-mutation
	@.venv-mutation/bin/python $(PIP) -r requirements/mutation.txt
	@touch $@
