-- The landing zone: what browsers sent, exactly as they sent it, and the ledger of what was loaded.
-- Idempotent. Run by the owner of the database, before infra/dw_host/roles.sql.

create schema if not exists raw;

-- One row per run of the loader. A load is open until finished_at is set; readers look at closed loads only.
create table if not exists raw.loads (
    load_id bigint generated always as identity primary key,
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    trigger jsonb not null,
    object_count bigint not null default 0,
    event_count bigint not null default 0,
    rejected_count bigint not null default 0,
    status text not null default 'running',
    constraint loads_status_is_known check (
        status in ('running', 'complete', 'partial', 'failed', 'abandoned')
    ),
    constraint loads_are_running_or_finished check ((status = 'running') = (finished_at is null))
);

-- One row per object that was read to its end. A key that stands here is never loaded again.
create table if not exists raw.loaded_objects (
    object_key text collate "C" primary key,
    etag text,
    size_bytes bigint not null,
    event_count bigint not null,
    rejected_count bigint not null,
    load_id bigint not null,
    loaded_at timestamptz not null default now()
);

-- Readers ask for what is newer than the last load they saw.
create index if not exists loaded_objects_load_id on raw.loaded_objects (load_id);

-- One row per event, in monthly partitions: a month that has had its day is dropped in milliseconds.
create table if not exists raw.events (
    load_id bigint not null,
    object_key text collate "C" not null,
    line_number integer not null,
    loaded_at timestamptz not null default now(),
    payload jsonb not null
) partition by range (loaded_at);

-- Readers ask for what is newer than the last load they saw.
create index if not exists events_load_id on raw.events (load_id);

-- Statistics of the whole would outlive months that are dropped, and hold payloads.
alter table only raw.events alter column payload set statistics 0;

-- Rows of a month without a partition of its own land here, so an insert never fails for want of one.
create table if not exists raw.events_default partition of raw.events default;

-- One row per document that is no event PostgreSQL can hold, with the reason why.
create table if not exists raw.rejected_events (
    load_id bigint not null,
    object_key text collate "C" not null,
    line_number integer not null,
    reason text not null,
    detail text,
    raw_text text,
    rejected_at timestamptz not null default now(),
    constraint rejected_events_reason_is_known check (
        reason in (
            'malformed_json', 'not_an_object', 'unstorable_text', 'too_deep', 'too_large', 'unreadable_object'
        )
    )
);

create index if not exists rejected_events_load_id on raw.rejected_events (load_id);

-- What was expired on purpose: whoever rebuilds from raw.events must know that it is no longer all there.
create table if not exists raw.expirations (
    expired_at timestamptz not null default now(),
    expired_before timestamptz not null,
    event_count bigint not null
);

-- One row per try to erase people, and what it changed: no ids stand here, nor what tells of any.
create table if not exists raw.erasures (
    erasure_id bigint generated always as identity primary key,
    asked_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    changed_rows jsonb not null default '{}',
    replaced_objects bigint not null default 0,
    deleted_versions bigint not null default 0
);

-- What makes the pseudonyms of an erasure, until it is finished. The fingerprint tells whether a command is its own.
create table if not exists raw.erasure_secrets (
    erasure_id bigint primary key references raw.erasures,
    secret bytea not null,
    fingerprint bytea not null
);

-- Statistics of a table outlive its rows.
alter table raw.erasure_secrets alter column secret set statistics 0, alter column fingerprint set statistics 0;

-- The objects that an erasure has still to replace.
create table if not exists raw.erasure_objects (
    erasure_id bigint not null references raw.erasures,
    object_key text collate "C" not null,
    primary key (erasure_id, object_key)
);

-- What dbt made of the loads, as the host that runs it tells: one row for each kind of run and the newest load it was for.
create table if not exists raw.transformations (
    kind text not null,
    load_id bigint not null,
    status text not null default 'running',
    tries integer not null default 1,
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    disk_used_percent integer,
    constraint transformations_key primary key (kind, load_id),
    constraint transformations_kind_is_known check (kind in ('hourly', 'nightly')),
    constraint transformations_status_is_known check (status in ('running', 'complete', 'failed')),
    constraint transformations_are_running_or_finished check ((status = 'running') = (finished_at is null))
);

-- When the host last made a backup of this database, and when it last tidied it up.
create table if not exists raw.upkeep (
    kind text not null,
    finished_at timestamptz not null default clock_timestamp(),
    constraint upkeep_kind_is_known check (kind in ('backup', 'maintenance'))
);

-- What the loader tells of all that. No row where nobody keeps such a memory.
create or replace view raw.host_health as
select
    coalesce(extract(epoch from now() - (
        select min(loads.finished_at)
        from raw.loads
        where loads.load_id > coalesce(max(transformations.load_id) filter (where transformations.status = 'complete'), 0)
    )), 0)::double precision as seconds_behind,
    count(*) filter (
        where transformations.status = 'failed' and transformations.finished_at > now() - interval '1 day'
    ) as failed_count,
    (
        select latest.disk_used_percent
        from raw.transformations as latest
        where latest.disk_used_percent is not null
        order by latest.finished_at desc
        limit 1
    ) as disk_used_percent,
    extract(epoch from now() - coalesce(
        (select max(upkeep.finished_at) from raw.upkeep where upkeep.kind = 'backup'),
        min(transformations.started_at)
    ))::double precision as backup_seconds_old,
    extract(epoch from now() - coalesce(
        (select max(upkeep.finished_at) from raw.upkeep where upkeep.kind = 'maintenance'),
        min(transformations.started_at)
    ))::double precision as maintenance_seconds_old
from raw.transformations
having count(*) > 0;

-- Makes the partition of the month that `moment` lies in. Attaching it waits for those who read the default
-- partition; while they read on, it is left to the next load, and there are as many of those as a month has hours.
create or replace function raw.prepare_month(moment timestamptz) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp set timezone = 'UTC' set lock_timeout = '1s' as $$
declare
    month_start constant timestamptz := date_trunc('month', moment);
    month_end constant timestamptz := month_start + interval '1 month';
    partition_name constant text := 'events_' || to_char(month_start, 'YYYY_MM');
begin
    if to_regclass('raw.' || partition_name) is not null then
        return;
    end if;

    if exists (select from raw.events_default where loaded_at >= month_start and loaded_at < month_end) then
        return;
    end if;

    execute format('create table raw.%I (like raw.events including defaults)', partition_name);
    execute format(
        'alter table raw.events attach partition raw.%I for values from (%L) to (%L)',
        partition_name, month_start, month_end
    );
exception
    when lock_not_available then
        raise notice 'raw.events_default is being read: the partition % has to wait', partition_name;
end
$$;

-- Drops the months that ended before `expired_before`. Nothing calls it unless the owner does.
create or replace function raw.expire_events(expired_before timestamptz) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
    partition_name text;
    partition_count bigint;
    expired_count bigint := 0;
begin
    for partition_name in
        select child.relname
        from pg_inherits
        inner join pg_class as child on pg_inherits.inhrelid = child.oid
        where
            pg_inherits.inhparent = 'raw.events'::regclass
            and child.relname ~ '^events_\d{4}_\d{2}$'
            and to_date(right(child.relname, 7), 'YYYY_MM') + interval '1 month' <= expired_before
    loop
        execute format('select count(*) from raw.%I', partition_name) into partition_count;
        execute format('drop table raw.%I', partition_name);
        expired_count := expired_count + partition_count;
    end loop;

    if expired_count > 0 then
        insert into raw.expirations (expired_before, event_count)
        values (expire_events.expired_before, expired_count);
    end if;
    return expired_count;
end
$$;

revoke all on function raw.prepare_month(timestamptz) from public;
revoke all on function raw.expire_events(timestamptz) from public;

select raw.prepare_month(now());
select raw.prepare_month(now() + interval '1 month');
