{{ config(tags=['daily']) }}

with

sessions as (
    select
        started_date as activity_date,
        count(*) as session_count
    from {{ ref('sessions') }}
    where not is_bot
    group by 1
),

counted as (
    select
        'activity_daily' as counted_in,
        activity_date,
        session_count
    from {{ ref('activity_daily') }}
    where session_count > 0
    union all
    select
        'sessions_daily' as counted_in,
        activity_date,
        sum(session_count) as session_count
    from {{ ref('sessions_daily') }}
    group by 1, 2
    union all
    select
        'pages_daily, entries' as counted_in,
        activity_date,
        sum(entry_count) as session_count
    from {{ ref('pages_daily') }}
    group by 1, 2
    having sum(entry_count) > 0
    union all
    select
        'pages_daily, exits' as counted_in,
        activity_date,
        sum(exit_count) as session_count
    from {{ ref('pages_daily') }}
    group by 1, 2
    having sum(exit_count) > 0
    union all
    select
        'journey_transitions_daily, (start)' as counted_in,
        activity_date,
        sum(session_count) as session_count
    from {{ ref('journey_transitions_daily') }}
    where from_node = '(start)'
    group by 1, 2
    union all
    select
        'session_paths_daily' as counted_in,
        activity_date,
        sum(session_count) as session_count
    from {{ ref('session_paths_daily') }}
    group by 1, 2
),

places as (
    select distinct counted_in from counted
),

expected as (
    select
        places.counted_in,
        sessions.activity_date,
        sessions.session_count
    from places
    cross join sessions
)

select
    expected.counted_in as expected_in,
    expected.activity_date as expected_date,
    expected.session_count as expected_count,
    counted.*
from expected
full join counted
    on
        expected.counted_in = counted.counted_in
        and expected.activity_date = counted.activity_date
where expected.session_count is distinct from counted.session_count
