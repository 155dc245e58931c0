{{ config(materialized='table') }}

with

events as (
    select * from {{ ref('clickstream_events') }}
),

newest as (
    select max(load_id) as load_id
    from events
),

latest as (
    select max(event_date) as as_of_date
    from {{ ref('clickstream_events') }}
),

final as (
    select
        newest.load_id,
        (
            select max(events.loaded_at)
            from events
            where events.load_id = newest.load_id
        ) as loaded_at,
        (
            select max(events.event_timestamp)
            from events
            where events.event_date = latest.as_of_date
        ) as last_event_at,
        latest.as_of_date
    from newest
    cross join latest
    where newest.load_id is not null
)

select * from final
