{{ config(materialized='table', tags=['daily']) }}

with

event_names as (
    select * from {{ ref('event_names') }}
),

events as (
    select * from {{ ref('clickstream_events') }}
    where event_name not in (select event_names.event_name from event_names)
),

final as (
    select
        event_name,
        count(*) as event_count,
        count(distinct visitor_id) as visitor_count,
        min(event_timestamp) as first_seen_at,
        max(event_timestamp) as last_seen_at
    from events
    group by 1
)

select * from final
