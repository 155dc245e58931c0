#!/bin/sh
# What only the tests need. They run on every PostgreSQL they find: the embedded 18 is always there, 15 where
# Debian's package is.
set -eu
cd "$(dirname "$0")/.."
. local_stack/installing.sh

packages=$(missing_r r-cran-testthat r-cran-lintr)
[ -x /usr/bin/chromium ] || packages="$packages chromium"
[ -x /usr/lib/postgresql/15/bin/postgres ] || packages="$packages postgresql-15"
command -v npm > /dev/null || packages="$packages npm"

# shellcheck disable=SC2086 # one word for each package
[ -z "$packages" ] || apt_install $packages ||
    echo "tests: not all of them run here without: sudo apt-get install --no-install-recommends $packages"

from_npm axe-core@4.14.1 29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c \
    tests/vendor axe.min.js LICENSE LICENSE-3RD-PARTY.txt || {
    [ $? = 2 ] || exit 1
    echo "tests: those of the dashboards and of the demo shop cannot run before npm can get axe-core"
}
sh tracker/minify.sh || echo "tests: two of the tracker cannot run before npm can get terser"
