{{ config(materialized='table') }}

with

-- Three small questions, each answered by an index: asked of one CTE, they would read all of history.
newest as (
    select max(load_id) as load_id
    from {{ ref('clickstream_events') }}
),

latest as (
    select max(event_date) as as_of_date
    from {{ ref('clickstream_events') }}
),

events as (
    select * from {{ ref('clickstream_events') }}
),

final as (
    select
        newest.load_id,
        max(events.loaded_at) filter (where events.load_id = newest.load_id) as loaded_at,
        max(events.event_timestamp) as last_event_at,
        latest.as_of_date
    from newest
    cross join latest
    inner join events
        on
            newest.load_id = events.load_id
            or latest.as_of_date = events.event_date
    group by newest.load_id, latest.as_of_date
)

select * from final
