{{ config(tags=['daily']) }}

select *
from {{ ref('session_funnels') }}
where
    cardinality(step_timestamps) <> steps_reached
    or step_timestamps <> array(
        select reached_at from unnest(step_timestamps) as reached_at
        order by reached_at
    )
    or array_position(step_timestamps, null) is not null
    or step_timestamps[1] < started_at
    or step_timestamps[cardinality(step_timestamps)] > ended_at
