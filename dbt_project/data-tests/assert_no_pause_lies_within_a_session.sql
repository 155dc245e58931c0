{{ config(tags=['daily']) }}

with

events as (
    select
        visitor_id,
        session_key,
        event_id,
        event_timestamp,
        lag(event_timestamp) over (
            partition by visitor_id, session_key
            order by event_timestamp, received_at, object_key, line_number
        ) as previous_event_timestamp,
        min(event_timestamp) over (partition by visitor_id, session_key) as started_at
    from {{ ref('clickstream_events') }}
)

select *
from events
where
    event_timestamp - started_at >= interval '{{ var("session_max_hours") }} hours'
    or event_timestamp - previous_event_timestamp > interval '{{ var("session_gap_seconds") }} seconds'
