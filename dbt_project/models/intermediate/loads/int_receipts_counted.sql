{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='load_id',
        indexes=[{'columns': ['load_id']}],
    )
}}

with

newest as (
    select * from {{ ref('int_loads_fixed') }}
),

objects as (
    select * from {{ ref('stg_clickstream__objects') }}
    where
        load_id <= (select newest.load_id from newest)
        and {{ is_new('load_id') }}
),

events as (
    select * from {{ ref('int_events_delivered') }}
    where {{ is_new('load_id') }}
),

nameless_events as (
    select * from {{ ref('quarantined_events') }}
    where
        reason = 'missing_event_name'
        and {{ is_new('load_id') }}
),

-- On one pile rather than joined: an object is then counted in one pass, however many there are.
pile as (
    select
        load_id,
        object_key,
        receipt_hour,
        event_count,
        rejected_count,
        0 as kept_count,
        0 as nameless_count,
        0 as late_count,
        null::interval as lag
    from objects
    union all
    select
        load_id,
        object_key,
        null as receipt_hour,
        0 as event_count,
        0 as rejected_count,
        1 as kept_count,
        0 as nameless_count,
        is_late::integer as late_count,
        lag
    from events
    union all
    select
        load_id,
        object_key,
        null as receipt_hour,
        0 as event_count,
        0 as rejected_count,
        0 as kept_count,
        1 as nameless_count,
        0 as late_count,
        null as lag
    from nameless_events
),

counted_objects as (
    select
        load_id,
        object_key,
        max(receipt_hour) as receipt_hour,
        sum(event_count) as event_count,
        sum(rejected_count) as rejected_count,
        sum(kept_count) as kept_count,
        sum(nameless_count) as nameless_count,
        sum(late_count) as late_count,
        max(lag) as longest_lag
    from pile
    group by 1, 2
),

final as (
    select
        load_id,
        receipt_hour,
        count(*) as object_count,
        sum(event_count)::bigint as event_count,
        sum(rejected_count)::bigint as rejected_count,
        sum(kept_count)::bigint as kept_count,
        sum(nameless_count)::bigint as nameless_count,
        sum(late_count)::bigint as late_count,
        floor(extract(epoch from max(longest_lag)))::bigint as lag_seconds_max
    from counted_objects
    where receipt_hour is not null
    group by 1, 2
)

select * from final
