#!/bin/sh
# The tests run on every PostgreSQL they find: the embedded 18 is always there, 15 where Debian's package is.
# Where we may, we install it; RUNLEVEL=1 keeps the package from starting a server that nobody asked for.
set -eu

if [ ! -x /usr/lib/postgresql/15/bin/postgres ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "install: postgresql-15, with apt-get"
    apt-get -qq update > /dev/null
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgresql-15 > /dev/null
fi
[ -x /usr/lib/postgresql/15/bin/postgres ] ||
    echo "tests: no PostgreSQL 15 here (apt-get install postgresql-15), so they run on 18 alone"
