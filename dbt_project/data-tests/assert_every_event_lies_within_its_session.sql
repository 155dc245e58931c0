{{ config(tags=['daily']) }}

select
    events.event_id,
    events.session_key,
    events.event_timestamp,
    sessions.started_at,
    sessions.ended_at
from {{ ref('clickstream_events') }} as events
left join {{ ref('sessions') }} as sessions
    on
        events.visitor_id = sessions.visitor_id
        and events.session_key = sessions.session_key
where
    sessions.session_key is null
    or events.event_timestamp not between sessions.started_at and sessions.ended_at
