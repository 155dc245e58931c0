# The machine under test: a folder that is entered, with a volume for its data. Read by `checks`.
# shellcheck shell=bash disable=SC2154

# new_machine NAME
new_machine() {
    host=$cache/$1
    mkdir -p "$host"
    tar --extract --file "$cache/debian.tar" --directory "$host"
    mount --bind "$host" "$host"
    mount -t proc proc "$host/proc"
    mount --rbind /dev "$host/dev"
    mount -t tmpfs tmpfs "$host/run"
    mkdir -p "$host/etc/clickmart" "$host/opt/clickmart/releases" "$host/root/secrets" "$host/var/backups/clickmart"
    chmod 777 "$host/var/backups/clickmart"
    mkdir -p "$host/srv/releases"
    mount --bind "$cache/releases" "$host/srv/releases"
    touch "$host/root/bundle.tar"
    mount --bind "$cache/bundle.tar" "$host/root/bundle.tar"
    cat > "$host/etc/clickmart/host.env" <<- SETTINGS
		CLICKMART_LOADER_NETWORK=127.0.0.1/32
		CLICKMART_LISTEN_ADDRESSES=127.0.0.1
		CLICKMART_CERTIFICATE_NAMES=IP:127.0.0.1
		CLICKMART_RELEASES=/srv/releases
		CLICKMART_BACKUPS=/var/backups/clickmart
		CLICKMART_PUT_SECRET=/usr/local/bin/keep-secret
	SETTINGS
    printf '#!/bin/sh\numask 077\nmkdir -p "$(dirname "/root/secrets/$1")"\ncat > "/root/secrets/$1"\n' > "$host/usr/local/bin/keep-secret"
    chmod +x "$host/usr/local/bin/keep-secret"
}

# The volume is plugged in, and out again.
plug_volume() { inside /opt/clickmart/releases/"$1"/infra/dw_host/mount-data "$device"; }

stop_machine() {
    [[ -z ${dashboards-} ]] || { kill "$dashboards" && wait "$dashboards" || true; }
    dashboards=
    inside pg_ctlcluster 15 main stop
    umount "$host/var/lib/postgresql"
}

put_release() { tar --extract --gzip --file "$cache/releases/clickmart-$1.tar.gz" --directory "$host/opt/clickmart/releases" --no-same-owner; }

# altered VERSION [COMMAND]: release 1 once more, with something else in it.
altered() {
    local work
    work=$(mktemp --directory --tmpdir="$cache")
    tar --extract --gzip --file "$cache/releases/clickmart-1.tar.gz" --directory "$work"
    mv "$work/1" "$work/$1"
    (
        cd "$work/$1"
        echo "$1" > VERSION
        eval "${2-}"
        rm SHA256SUMS
        find . -type f -print0 | sort -z | xargs -0 sha256sum > "$work/SHA256SUMS"
        mv "$work/SHA256SUMS" .
    )
    tar --create --gzip --file "$cache/releases/clickmart-$1.tar.gz" --directory "$work" "$1"
    (cd "$cache/releases" && sha256sum "clickmart-$1.tar.gz" > "clickmart-$1.tar.gz.sha256")
    rm -r "$work"
}

# The real loader, from where it has nothing of this machine but its address, its certificate and its password.
load() {
    cp "$host/var/lib/postgresql/tls/server.crt" "$cache/server.crt"
    env PYTHONPATH="$project" DW_PG_HOST=127.0.0.1 DW_PG_USER=clickmart_loader DW_PG_SSL=true \
        DW_PG_SSL_ROOT_CERT="$cache/server.crt" DW_PG_PASSWORD="$(cat "$host/root/secrets/clickmart_loader")" \
        "$python" tests/dw_host/load_sample.py "$cache/cloud" "$1"
}

# With the keys of the local S3, where the host of a cloud has a role.
erase() {
    local keys
    keys=$(env PYTHONPATH="$project" "$python" -c '
import sys
from pathlib import Path
from local_stack import object_store
from local_stack.home import Home
for pair in object_store.environment(Home(Path(sys.argv[1])), 24399).items(): print("=".join(pair))' "$cache/cloud")
    # shellcheck disable=SC2086 # one word for each setting
    inside env $keys CLICKMART_RAW_BUCKET="$(sed -n 's/^RAW_BUCKET_NAME=//p' <<< "$keys")" "$scripts/erase" "$@"
}

transform() { inside "$scripts/transform-when-loaded"; }

at_once() {
    load 9 || return 1
    transform &
    local first=$!
    sleep 1
    transform > "$cache/second" || return 1
    [[ ! -s $cache/second ]] && kill -0 "$first" && wait "$first"
}

# What systemd would start.
start_dashboards() {
    mkdir -p "$host/var/log/clickmart-dashboards"
    inside chown clickmart_dashboard /var/log/clickmart-dashboards
    local unit=$host/etc/systemd/system/clickmart-dashboards.service environment command
    environment=$(sed -n 's/^Environment=//p' "$unit" | paste -s -d ' ')
    command=$(sed -n 's/^ExecStart=//p' "$unit")
    # shellcheck disable=SC2086 # words of a unit
    inside runuser -u clickmart_dashboard -- env $environment $command > "$cache/dashboards.log" 2>&1 &
    dashboards=$!
}

# Every table with its rows, and what is in them.
contents() {
    local table
    for table in $(sql "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('raw', 'marts', 'intermediate') and tablename not in ('transformations', 'upkeep') order by 1"); do
        echo "$table $(sql "select count(*), md5(string_agg(md5(t::text), '' order by md5(t::text))) from $table as t")"
    done
}
