# The memory of what dbt has done: raw.transformations, which the loader tells to CloudWatch. One row for each kind of
# run and the newest load that it was made for.
# shellcheck shell=bash

# end_try KIND LOAD complete|failed
end_try() {
    ask clickmart_dbt --set kind="$1" --set load="$2" --set status="$3" \
        --set disk="$(df --output=pcent "$DATA" | tr --complement --delete 0-9)" << 'SQL'
update raw.transformations
set status = :'status', finished_at = clock_timestamp(), disk_used_percent = :disk
where kind = :'kind' and load_id = :load;
SQL
}

# try KIND LOAD [dbt's arguments]: runs dbt, and remembers how that went.
try() {
    if "$scripts/run-dbt" "${@:3}"; then
        end_try "$1" "$2" complete
    else
        end_try "$1" "$2" failed
        fail "dbt failed after load $2"
    fi
}
