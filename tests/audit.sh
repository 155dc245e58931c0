#!/bin/sh
# Asks the package index whether a pinned version was withdrawn, and OSV whether one has a known hole. It wants a
# network, and what it hears changes from day to day: so it is no part of the tests.
# sh tests/audit.sh [file with pins]
set -eu
cd "$(dirname "$0")/.."
pins=$(realpath "${1:-constraints.txt}")
python="$PWD/.venv/bin/python"
uv() { "$python" -m uv "$@"; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

uv pip install --dry-run --no-deps --target "$folder/none" --requirement "$pins" > "$folder/said" 2>&1 || {
    echo "audit: the package index does not have all of these:" >&2
    cat "$folder/said" >&2
    exit 1
}
if grep 'is yanked' "$folder/said" >&2; then
    echo "audit: these were withdrawn by who made them" >&2
    exit 1
fi
echo "audit: no pinned version was withdrawn"

{
    printf '[project]\nname = "pins"\nversion = "0"\nrequires-python = "==3.11.*"\ndependencies = [\n'
    sed 's/.*/    "&",/' "$pins"
    echo ']'
} > "$folder/pyproject.toml"
cd "$folder"
uv lock --quiet
if uv audit --preview-features audit-command > audited 2>&1; then
    echo "audit: no pinned version has a known hole"
elif grep -q 'Request failed' audited; then
    echo "audit: whether one has a known hole cannot be asked from here" >&2
    exit 2
else
    cat audited >&2
    exit 1
fi
