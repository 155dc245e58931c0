{{ config(tags=['daily']) }}

with

events as (
    select count(*) as event_count from {{ ref('clickstream_events') }}
),

sessions as (
    select coalesce(sum(event_count), 0) as event_count from {{ ref('sessions') }}
)

select
    events.event_count as events,
    sessions.event_count as events_of_sessions
from events
cross join sessions
where events.event_count <> sessions.event_count
