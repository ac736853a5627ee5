# Two commands do everything; each sets up what it needs in .venv.
#   make demo   a simulated class goes through release, submission, grading and feedback
#   make test   linters, types, drift, all tests, and every notebook under nbval

PYTHON ?= python3
BIN := .venv/bin
QUICK := "not slow and not many and not kernels and not sandbox and not browser"

# Tests start hundreds of processes, which otherwise would compile this package, and tests rewrite themselves, each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test quick tests-of-quick slow oldest proof build lint bar sheets bench clean
.DELETE_ON_ERROR:

demo: .venv/ready
	$(BIN)/lab demo

test: lint
	$(BIN)/python -m pytest -n auto --dist loadgroup -m "not slow" --nbval source tests

# What an author runs between two changes.
quick: .venv/ready
	$(MAKE) --no-print-directory --jobs --output-sync lint tests-of-quick

tests-of-quick: .venv/ready
	$(BIN)/python -m pytest -n auto --dist loadgroup -m $(QUICK)

# More of the same: known answers under every seed, all mutants, a class in every lab, all hostile submissions on every
# tier. CI runs it after `make test`.
slow: .venv/ready
	$(BIN)/python -m pytest -n auto --dist loadgroup -m "slow and not proof"

# The tests of `make quick` with the oldest versions that pyproject.toml admits, in an environment of their own.
oldest:
	@$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/python -m pip install --quiet --disable-pip-version-check uv
	.venv-oldest/bin/uv pip install --quiet --python .venv-oldest --resolution lowest-direct --editable '.[test]'
	.venv-oldest/bin/python -m pytest -n auto --dist loadgroup -m $(QUICK)

# Shows that the attacks on grading work: on stock nbgrader, which they are tried on. Ten minutes.
proof: .venv/ready
	$(BIN)/python -m pytest -n auto --dist loadgroup -m proof

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/vulture
	$(BIN)/lab build --check

build: .venv/ready
	$(BIN)/lab build

.venv/ready: pyproject.toml hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { echo "Python's venv module is missing; on Debian: apt install python3-venv"; rm -rf .venv; exit 1; }
	@echo "Installing into .venv; this takes less than a minute, once."
	@# uv takes a quarter of the time; pip may know of mirrors that uv doesn't.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv \
		&& $(BIN)/uv pip install --quiet --compile-bytecode --python .venv --editable '.[test]' \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

# What the labs' tests make of wrong answers: a table of each lab, what is below the bar, and a picture
# in docs/. Every mutant under every seed, which takes minutes; `make test` takes one seed for each.
bar: .venv/ready
	$(BIN)/python -m tests.labs.report

# All figures of each built notebook on one picture, on a light and on a dark ground, in build/sheets/.
sheets: .venv/ready
	$(BIN)/python -m tests.labs.contact_sheet

# What the README's figures come from: the reference against bare products, autograd and PyTorch; a class graded by us and
# by stock nbgrader. Minutes, best on an idle machine.
bench: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,mnist]'
	$(BIN)/python benchmarks/reference.py
	$(BIN)/python benchmarks/grading.py

clean:
	rm -rf .venv .venv-oldest .pytest_cache .mypy_cache .ruff_cache .hypothesis
