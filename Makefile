# Every command of the project. Each sets up what it needs, and does so once.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
READY := .venv/ready
# Compiled once, read many times: dbt starts in a third of the time.
unexport PYTHONDONTWRITEBYTECODE

demo: $(READY) ## Start everything, send 30 days of shop traffic through it, and show the numbers
	@$(PYTHON) -m local_stack.cli demo

test: $(READY) ## Run every check
	@sh tests/install.sh
	@$(MAKE) --no-print-directory lint
	@$(PYTHON) -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(PYTEST)

lint: $(READY) ## Check form and types: ruff, mypy, sqlfluff, lintr
	@$(PYTHON) -m ruff check
	@$(PYTHON) -m ruff format --check
	@$(PYTHON) -m mypy
	@$(PYTHON) -m sqlfluff lint --processes 0 dbt_project
	@command -v Rscript > /dev/null || \
		{ echo "lint: R is missing: sudo apt-get install --no-install-recommends r-base-core r-cran-lintr" >&2; exit 1; }
	@Rscript --vanilla shiny/tests/lint.R

fmt: $(READY) ## Put Python and SQL into their usual form
	@$(PYTHON) -m ruff check --fix
	@$(PYTHON) -m ruff format
	@$(PYTHON) -m sqlfluff fix dbt_project

soak: $(READY) ## Faults and hostile input for an hour or so
	@sh tests/install.sh
	@CLICKMART_SOAK=1 $(PYTHON) -m pytest --timeout 3600 --capture no tests/faults tests/hostile $(PYTEST)

bench: $(READY) ## Measure on real servers, as ratios of one run; one part of it: make bench PARTS=loading
	@$(PYTHON) -m bench $(PARTS)

synth: $(READY) ## Write the templates of a stage to cdk.out: make synth STAGE=example
	@$(PYTHON) -m infra.app $(STAGE)

dw-host-test: $(READY) ## Install the warehouse host without network and check it; as root, on Debian 12
	@tests/dw_host/run

audit: $(READY) ## Ask whether a pinned version was withdrawn or has a known hole; wants a network
	@sh tests/audit.sh

stop: ## Stop what `make demo` started; what it stored stays
	@test ! -e $(READY) || $(PYTHON) -m local_stack.cli down

reset: ## Stop it and delete all that it stored
	@test ! -e $(READY) || $(PYTHON) -m local_stack.cli reset

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt local_stack/install.sh local_stack/installing.sh shiny/install.sh
	@sh local_stack/install.sh
	@touch $(READY)

.PHONY: demo test lint fmt bench synth soak dw-host-test audit stop reset help
