{{ config(tags=['daily']) }}

with

sessions as (
    select
        visitor_id,
        session_key,
        started_at,
        lag(ended_at) over (partition by visitor_id order by started_at) as previous_ended_at
    from {{ ref('sessions') }}
)

select *
from sessions
where started_at - previous_ended_at <= interval '{{ var("session_gap_seconds") }} seconds'
