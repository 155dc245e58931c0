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

# Segment's own libraries: the one of browsers is a file, the one of servers comes with what it needs.
from_npm @segment/analytics-next@1.84.3 e0bed4badf9ec12029a63ef13f22acb9d26d7c7b38d721da8e4e552e7bd33088 \
    tests/vendor/segment-browser dist/umd/index.js LICENSE.MD || {
    [ $? = 2 ] || exit 1
    echo "tests: those of Segment's API cannot run before npm can get its libraries"
}

server_library() (
    folder=tests/vendor/segment-server
    file=node_modules/@segment/analytics-node/dist/cjs/plugins/segmentio/publisher.js
    sum=15b8dbea9d90e41e1e9ac50f95679d0b5c9e4730d75d9f49c90c974e5368a538
    is_file "$folder/$file" "$sum" && exit 0
    echo "install: @segment/analytics-node@2.2.1, with npm"
    new=$(mktemp -d tests/vendor/.new.XXXXXX) && trap 'rm -rf "$new"' EXIT
    npm install --prefix "$new" --loglevel=error --no-package-lock --no-save --no-audit --no-fund \
        --ignore-scripts @segment/analytics-node@2.2.1 > /dev/null || exit 2
    is_file "$new/$file" "$sum" || {
        echo "install: @segment/analytics-node@2.2.1 is not what it was; see what npm is set to use" >&2
        exit 1
    }
    rm -rf "$folder" && mv "$new" "$folder"
)

server_library || {
    [ $? = 2 ] || exit 1
    echo "tests: those of Segment's API cannot run before npm can get its libraries"
}

sh tracker/minify.sh || echo "tests: two of the tracker cannot run before npm can get terser"
