#!/bin/sh
# Makes .venv with everything that pyproject.toml names, at the versions of constraints.txt; then what the
# dashboards need.
set -eu
. local_stack/installing.sh

fail() {
    echo "install: $1" >&2
    exit 1
}

command -v python3 > /dev/null || fail "python3 is missing: install Python 3.11 or newer"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$(python3 --version) is too old: install Python 3.11 or newer"

# Debian keeps the making of virtual environments in a package of its own.
python3 -c 'import ensurepip' 2> /dev/null || apt_install python3-venv ||
    fail "python3 cannot make virtual environments: sudo apt-get install python3-venv"

echo "install: Python packages into .venv"
# A virtual environment does not survive a move of its folder, nor another Python: then it is made anew.
.venv/bin/python -c '' 2> /dev/null && .venv/bin/uv --version > /dev/null 2>&1 || python3 -m venv --clear .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv
.venv/bin/python -m uv pip install --quiet --python .venv/bin/python --constraint constraints.txt \
    --editable . --group dev

sh shiny/install.sh
