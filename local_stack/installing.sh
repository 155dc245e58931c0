# What the install scripts have in common; each reads this from the project's folder.

# Debian packages, where we may install them. RUNLEVEL=1 keeps one from starting a server that nobody asked for.
apt_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || return 1
    echo "install: $*, with apt-get"
    {
        apt-get -qq update &&
            RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@"
    } > /dev/null
}

# Those of these Debian packages that R does not have, and R itself where there is none.
missing_r() {
    if command -v Rscript > /dev/null; then
        R_DEFAULT_PACKAGES=NULL Rscript --vanilla -e \
            'cat(setdiff(commandArgs(TRUE), paste0("r-cran-", tolower(unlist(lapply(.libPaths(), list.files))))))' "$@"
    else
        echo "r-base-core $*"
    fi
}

# from_npm PACKAGE@VERSION SHA256 FOLDER FILE OTHER...: puts a file of an npm package, and others such as its
# licence, into a folder. The file comes last and at once: where it is right, nothing is left to do.
# Answers 1 if it is another file than expected, 2 if there is no getting it.
from_npm() (
    package=$1 sum=$2 folder=$3 file=$4
    shift 4
    is_file "$folder/${file##*/}" "$sum" && exit 0
    mkdir -p "$folder" && new=$(mktemp -d "$folder/.new.XXXXXX") || exit 2
    trap 'rm -rf "$new"' EXIT
    trap 'exit 130' INT TERM
    echo "install: $package, with npm"
    (cd "$new" && npm pack --loglevel=error "$package" > npm.log 2>&1 && tar -xzf ./*.tgz --no-same-owner) || {
        cat "$new/npm.log" >&2
        exit 2
    }
    is_file "$new/package/$file" "$sum" || {
        echo "install: $package is not what it was: its $file has another SHA-256; see what npm is set to use" >&2
        exit 1
    }
    for other; do
        mv "$new/package/$other" "$folder/" || exit 2
    done
    mv "$new/package/$file" "$folder/" || exit 2
)

is_file() {
    echo "$2  $1" | sha256sum --check --status 2> /dev/null
}
