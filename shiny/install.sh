#!/bin/sh
# What the dashboards need: R with its packages from Debian, ECharts from npm. Where we may not install it, we say
# what to do: the platform runs without dashboards. With --check nothing is installed; with --echarts only ECharts is,
# into a folder that is named.
set -eu
case $0 in */*) cd "${0%/*}/.." ;; *) cd .. ;; esac
. local_stack/installing.sh

FOLDER=shiny/www/vendor
ECHARTS_SHA256=bf4a223524e40b77c304bec67e1222cf551f14880cf42c69dc046558e11c07b1

has_echarts() {
    is_file "$FOLDER/echarts.min.js" "$ECHARTS_SHA256"
}

get_echarts() {
    from_npm echarts@5.6.0 "$ECHARTS_SHA256" "$FOLDER" dist/echarts.min.js LICENSE NOTICE
}

if [ "${1:-}" = --echarts ]; then
    FOLDER=$2
    get_echarts
    exit
fi

packages=$(missing_r r-cran-shiny r-cran-dbi r-cran-rpostgresql r-cran-cachem r-cran-jsonlite)
has_echarts || command -v npm > /dev/null || packages="$packages npm"
how="the dashboards need more: sudo apt-get install --no-install-recommends $packages && sh shiny/install.sh"

if [ "${1:-}" = --check ]; then
    [ -z "$packages" ] || { echo "$how" && exit 1; }
    has_echarts || { echo "the dashboards need ECharts: sh shiny/install.sh" && exit 1; }
    exit 0
fi

# shellcheck disable=SC2086 # one word for each package
[ -z "$packages" ] || apt_install $packages || { echo "install: $how" && exit 0; }
get_echarts || {
    [ $? = 2 ] || exit 1
    echo "install: no dashboards before npm can get ECharts: sh shiny/install.sh tries again"
}
