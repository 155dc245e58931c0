{{ config(tags=['daily']) }}

with

sessions as (
    select
        visitor_id,
        session_key,
        started_at,
        lag(started_at) over visitor_order as previous_started_at,
        lag(ended_at) over visitor_order as previous_ended_at
    from {{ ref('sessions') }}
    window visitor_order as (partition by visitor_id order by started_at)
)

-- Without one, the session before was as long as sessions may be, but for a pause at either end.

select *
from sessions
where
    started_at - previous_ended_at <= interval '{{ var("session_gap_seconds") }} seconds'
    and started_at - previous_started_at
    < interval '{{ var("session_max_hours") }} hours' - interval '{{ var("session_gap_seconds") }} seconds'
