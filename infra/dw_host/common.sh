# What the scripts of the warehouse host have in common. Each sources this first.
# shellcheck shell=bash disable=SC2034
set -euo pipefail
shopt -s inherit_errexit

scripts=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
release=$(realpath "$scripts/../..")
PRODUCT=/opt/clickmart
STATE=/var/lib/clickmart
SETTINGS=/etc/clickmart/host.env
DATABASE=clickstream_dw
DATA=/var/lib/postgresql

if [[ -r $SETTINGS ]]; then
    set -a
    # shellcheck source=/dev/null
    . "$SETTINGS"
    set +a
fi
# What a script needs to know of the warehouse; libpq reads these, too.
export LC_ALL=C.UTF-8 PGHOST=/var/run/postgresql PGPORT=5432 PGDATABASE=$DATABASE PGCONNECT_TIMEOUT=10
export PGOPTIONS="-c client_min_messages=warning"
cd /

say() { echo "${0##*/}: $1"; }
fail() {
    echo "${0##*/}: $1" >&2
    exit 1
}

# One of the settings, which must be there.
setting() {
    [[ -n ${!1-} ]] || fail "$1 is not set in $SETTINGS"
    echo "${!1}"
}

# The rest of the script is another user's: become USER "$@"
become() {
    [[ $(id --user --name) == "$1" ]] && return
    [[ $(id --user) == 0 ]] || fail "is run by $1 or root"
    exec runuser --user "$1" -- "$scripts/${0##*/}" "${@:2}"
}

as() { if [[ $(id --user --name) == "$1" ]]; then "${@:2}"; else runuser --user "$1" -- "${@:2}"; fi; }

# SQL in a role of the warehouse, each by the user whom it trusts on this host: ask ROLE [psql's arguments]
ask() {
    local user=$1
    [[ $1 != clickmart_owner ]] || user=postgres
    as "$user" psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 --username "$1" "${@:2}"
}

# Writes a file from stdin, if it is another than the one that is there, and says so: put FILE MODE OWNER
put() {
    local new
    new=$(mktemp)
    cat > "$new"
    if cmp --quiet "$new" "$1" && [[ $(stat --format %U "$1") == "${3%:*}" ]]; then
        rm "$new"
    else
        mkdir -p "$(dirname "$1")"
        install --mode "$2" --owner "${3%:*}" --group "${3#*:}" "$new" "$1"
        rm "$new"
        say "wrote $1"
    fi
}

# The loader tells CloudWatch how long ago that was: note_upkeep backup|maintenance
note_upkeep() { ask postgres --command "insert into raw.upkeep (kind) values ('$1')"; }

runs_systemd() { [[ -d /run/systemd/system ]]; }

# dbt runs, or a release or the database is changed under it: one at a time. hold_transformations [SECONDS TO WAIT]
hold_transformations() {
    exec 9> "$STATE/transform.lock"
    flock --wait "${1:-0}" 9
}

# S3 and folders look alike.
copy() { if [[ $1$2 == *s3://* ]]; then aws s3 cp --only-show-errors "$1" "$2"; else cp "$1" "$2"; fi; }
copy_stream_to() { if [[ $1 == s3://* ]]; then aws s3 cp --only-show-errors --expected-size "$2" - "$1"; else cat > "$1"; fi; }
names_in() { if [[ $1 == s3://* ]]; then aws s3 ls "$1/" | awk '{ print $4 }'; else ls "$1"; fi; }
