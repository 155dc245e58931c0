{{ config(tags=['daily']) }}

with

counted as (
    select
        'sessions' as counted_in,
        coalesce(sum(event_count), 0) as event_count
    from {{ ref('sessions') }}
    where not is_bot
    union all
    select
        'sessions_daily' as counted_in,
        coalesce(sum(event_count), 0) as event_count
    from {{ ref('sessions_daily') }}
    union all
    select
        'activity_daily' as counted_in,
        coalesce(sum(event_count), 0) as event_count
    from {{ ref('activity_daily') }}
    union all
    select
        'activity_hourly' as counted_in,
        coalesce(sum(event_count), 0) as event_count
    from {{ ref('activity_hourly') }}
),

agreed as (
    select count(distinct event_count) as opinion_count
    from counted
)

select counted.*
from counted
cross join agreed
where agreed.opinion_count > 1
