#!/bin/sh
# Makes dist/clickmart.js, which does the same in fewer bytes. clickmart.js itself works in a browser, too.
set -eu
cd "$(dirname "$0")"
mkdir -p dist
npm exec --yes --loglevel=error --package=terser@5.44.1 -- terser clickmart.js --output dist/clickmart.js \
    --ecma 2020 --compress passes=3,unsafe_arrows --mangle --preamble '/* Clickmart, Apache-2.0 */'
