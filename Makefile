# What one can do here. `make` alone makes .venv ready, and does nothing when it is.
.DEFAULT_GOAL := setup
.PHONY: setup demo test test-heavy lint bench bench-hops bench-judge bench-web bench-keywords bench-archive bench-report bench-incidents bench-campaign bench-lab fuzz simulate lab-score example docs clean help
.DELETE_ON_ERROR:

PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest

setup:            ## .venv with Hushmap and its tools (no-op when it is up to date)
	@scripts/setup

demo: setup       ## a censored network in this computer, measured and judged; nothing leaves it
	@.venv/bin/hushmap lab demo

lint: setup       ## ruff (rules and format) and mypy
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy

test: lint        ## everything a change must pass: lint, tests, 100 % branch coverage of the pure rooms
	$(PYTHON) -m coverage erase
	$(PYTEST) -n auto --dist worksteal -m "not heavy and not lab" --cov --cov-report=
	$(PYTEST) -m "lab and not heavy"    # alone: real time passes in a lab; and unmeasured: a pure room needs no packets
	$(PYTHON) scripts/coverage_gate.py

test-heavy: setup ## the tests that are too long for every change
	@scripts/test_heavy

bench: setup      ## how fast the hot paths are on this computer
	$(PYTHON) scripts/bench.py

bench-judge: setup ## how fast measurements are judged, against the bars; exit code 1 where one is missed (long)
	$(PYTHON) tests/bench/judge.py

bench-web: setup  ## how fast and politely sites are measured, against the bars; exit code 1 where one is missed (long)
	$(PYTHON) tests/bench/web.py

bench-keywords: setup ## how many questions words take and how often what is found is right; 1 where a bar is missed (long)
	$(PYTHON) tests/bench/keywords.py --write; seen=$$?; $(PYTHON) tests/bench/keywords_lab.py --write && exit $$seen

bench-incidents: setup ## how soon a change is noticed and how rarely there is none; exit code 1 where a bar is missed (long)
	$(PYTHON) tests/bench/incidents.py --write

bench-campaign: setup ## how often a campaign is seen where there is one, and where there is none, and what platforms hide; 1 where a bar is missed (long)
	$(PYTHON) tests/bench/campaign.py --write; seen=$$?; $(PYTHON) tests/bench/platforms.py --write && exit $$seen

bench-archive: setup ## how fast an archive is made and answers, against the bars; exit code 1 where one is missed (long)
	$(PYTHON) tests/bench/archive.py --write; made=$$?; $(PYTHON) tests/bench/archive_query.py --write && exit $$made

bench-report: setup ## how fast a site is made and the explorer answers, against the bars; exit code 1 where one is missed (long)
	$(PYTHON) tests/bench/report.py --write; made=$$?; $(PYTHON) tests/bench/explore.py --write && exit $$made

bench-lab: setup  ## how fast a lab with every censor carries TCP, beside the bare path; exit code 1 below 0.8
	$(PYTHON) tests/bench/lab.py

fuzz: setup       ## a million damaged documents for every parser (an hour)
	$(PYTHON) tests/bench/fuzz.py --write

bench-hops: setup ## does hops say exactly the right link, on 100 seeds of each network; exit code 1 where not (long)
	$(PYTHON) tests/bench/hops.py

simulate: setup   ## how often an innocent site would be called blocked, in simulation (long)
	$(PYTHON) tests/bench/simulate.py
	$(PYTHON) tests/bench/simulate.py --innocents 30000

lab-score: setup  ## the whole matrix of the lab, and its page in docs/reference (an hour; goes on where it was ended)
	$(PYTHON) tests/bench/lab_score.py --write

example: setup    ## results/example made again: a month of invented networks (ten minutes; goes on where it was ended)
	nice -n 10 $(PYTHON) scripts/make_example.py

docs: setup       ## docs/reference and docs/images, made again from the code
	$(PYTHON) scripts/make_reference.py

clean:            ## what the tools leave behind; .venv and results stay
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* dist build

help:             ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 14
