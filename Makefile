# Ý Kiến: everything from a fresh clone. Needs Debian 12 or Ubuntu (or another Linux with the packages named below),
# Python 3.11 or newer, and make. `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
# Test processes, and more words for pytest: make test JOBS=4 PYTEST_ARGS="-x"
JOBS ?= 2
PYTEST_ARGS ?=
# Words for `ykien up` (make run ARGS=--drill), the fault programme, or the instruments (make instruments ARGS=--write)
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin

# Shell functions of the recipes below. `install WHY PACKAGE…`: Debian packages, as root or through sudo.
define functions
say() { printf '%s\n' "$$*" >&2; }
install() {
  local why=$$1 as=(); shift
  command -v apt-get > /dev/null || { say "$$why. Install what your system calls: $$*"; exit 1; }
  if [ "$$(id -u)" != 0 ]; then
    command -v sudo > /dev/null || { say "$$why. Ask an administrator for: apt-get install $$*"; exit 1; }
    as=(sudo)
  fi
  say "$$why: installing $$* (apt-get)"
  # sudo drops the variables of a proxy; env hands them on.
  as+=(env DEBIAN_FRONTEND=noninteractive)
  while IFS= read -r -d '' pair; do
    case "$$pair" in [hH][tT][tT][pP]*_[pP]*=*|[nN][oO]_[pP]*=*) as+=("$$pair") ;; esac
  done < <(env -0)
  "$${as[@]}" apt-get update -qq
  "$${as[@]}" apt-get install -qq -y --no-install-recommends "$$@" > /dev/null
}
endef

.PHONY: help setup setup-dev run test check faults instruments pictures format lock assets

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | awk -F ':.*## ' '{printf "make %-11s %s\n", $$1, $$2}'

setup: $(VENV)/.setup ## install what running needs into .venv

setup-dev: $(VENV)/.setup-dev ## install what the tests need too, PostgreSQL's server programs and a browser included
	@$(functions)
	compgen -G '/usr/lib/postgresql/*/bin/postgres' > /dev/null ||
	  install "The tests need PostgreSQL's server programs" postgresql
	command -v chromium > /dev/null || install "The tests drive a browser" chromium

run: setup ## start the one-machine copy and keep it running (ARGS=--drill: a training copy)
	@exec $(BIN)/ykien up $(ARGS)

test: setup-dev ## lint, types, import contracts, tests
	@$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -n $(JOBS) --dist worksteal $(PYTEST_ARGS)

check: test ## the same as test

faults: setup-dev ## kill, crash and shuffle for half an hour (ARGS="--minutes 8 --only F3 --seed 7 --write")
	@$(BIN)/python -m bench.faults $(ARGS)

instruments: setup-dev ## measure the clarity check and the suggester (ARGS="--fit --clarity --relevance --speed --write")
	@$(BIN)/python -m bench.instruments $(ARGS)

# Every page as everybody who opens it, at 1280 and 390 px, in a province with years behind it; those that the
# repository keeps are brought up to date.
pictures: setup-dev ## photograph every page into docs/screenshots/all (not committed)
	@mkdir -p docs/screenshots/all
	YKIEN_PICTURES="$$PWD/docs/screenshots/all" $(BIN)/pytest -q tests/ui/test_visits.py
	for kept in docs/screenshots/*.png; do cp "docs/screenshots/all/$${kept##*/}" "$$kept"; done

format: setup-dev ## put the sources into ruff's form
	@$(BIN)/ruff check --fix
	$(BIN)/ruff format

# The pages' assets, at the versions named here; what comes of it is committed, so that nothing else needs npm.
assets: ## fetch the pages' assets again and compile the style sheet (needs npm)
	@make=$$(mktemp -d); trap 'rm -rf "$$make"' EXIT
	npm install --silent --prefix "$$make" htmx.org@4.0.1 bootstrap@5.3.9 sass@1 \
	  @fontsource/be-vietnam-pro@5.3.0 @fontsource/tinos@5.3.0
	from="$$make/node_modules"
	cp "$$from/htmx.org/dist/htmx.min.js" api/static/htmx-4.0.1.min.js
	cp "$$from/htmx.org/LICENSE" api/static/LICENSE-htmx.txt
	cp "$$from/bootstrap/LICENSE" api/static/LICENSE-bootstrap.txt
	"$$from/.bin/sass" --load-path="$$from" --no-source-map --style=compressed --quiet \
	  api/assets/bootstrap.scss api/static/bootstrap.css
	for cut in be-vietnam-pro:400 be-vietnam-pro:600 tinos:400 tinos:700; do
	  for letters in latin vietnamese; do
	    cp "$$from/@fontsource/$${cut%:*}/files/$${cut%:*}-$$letters-$${cut#*:}-normal.woff2" api/static/fonts/
	  done
	  cp "$$from/@fontsource/$${cut%:*}/LICENSE" "api/static/fonts/LICENSE-$${cut%:*}.txt"
	done

lock: $(BIN)/pip ## resolve the dependencies of pyproject.toml into the two lock files
	@command -v uv > /dev/null || { $(BIN)/pip install --quiet uv; PATH="$$PWD/$(BIN):$$PATH"; }
	for group in "" dev; do
	  uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
	    pyproject.toml $${group:+--group $$group} -o "requirements$${group:+-$$group}.lock"
	done

# An environment with a working pip, or none at all.
$(BIN)/pip:
	@$(functions)
	command -v $(PYTHON) > /dev/null || { say "Python 3.11 or newer is missing (or name one: make PYTHON=…)"; exit 1; }
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
	  say "$$($(PYTHON) --version) is too old: Python 3.11 or newer is needed. Name one: make setup PYTHON=python3.12"; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null ||
	  install "Python's venv module is missing" "$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)

# Stamps: a target is up to date while its lock file and pyproject.toml are no newer than its last full installation.
$(VENV)/.setup: requirements.lock pyproject.toml | $(BIN)/pip
	@echo "Installing into $(VENV): $$(grep -c '==' $<) locked packages" >&2
	$(BIN)/pip install --disable-pip-version-check --quiet --require-hashes -r $<
	$(BIN)/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.setup-dev: requirements-dev.lock $(VENV)/.setup
	@echo "Installing into $(VENV): $$(grep -c '==' $<) locked packages, the tests' included" >&2
	$(BIN)/pip install --disable-pip-version-check --quiet --require-hashes -r $<
	touch $@
