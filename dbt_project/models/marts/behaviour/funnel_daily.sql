{{
    config(
        incremental_strategy='replace_touched',
        unique_key='activity_date',
        meta={'touched_in': 'int_dates_touched'},
        indexes=[{'columns': ['activity_date']}, {'columns': ['funnel_name', 'step_number']}],
    )
}}

with

touched_dates as (
    select activity_date from {{ ref('int_dates_touched') }}
    where {{ is_new('load_id') }}
),

funnel_steps as (
    select * from {{ ref('funnel_steps') }}
),

session_funnels as (
    select * from {{ ref('session_funnels') }}
    {{ where_touched('started_date') }}
),

sessions as (
    select * from {{ ref('sessions') }}
    {{ where_touched('started_date') }}
),

steps as (
    select
        session_funnels.started_date as activity_date,
        funnel_steps.funnel_name,
        funnel_steps.step_number,
        funnel_steps.step_name,
        sessions.channel,
        coalesce(sessions.device_type, '(none)') as device_type,
        coalesce(sessions.user_login_state, '(none)') as user_login_state,
        funnel_steps.step_number <= session_funnels.steps_reached as is_passed,
        funnel_steps.step_number = any(session_funnels.open_steps) as is_done,
        extract(
            epoch from session_funnels.step_timestamps[funnel_steps.step_number]
            - session_funnels.step_timestamps[funnel_steps.step_number - 1]
        ) as seconds_from_previous
    from session_funnels
    inner join sessions
        on
            session_funnels.visitor_id = sessions.visitor_id
            and session_funnels.session_key = sessions.session_key
    inner join funnel_steps on session_funnels.funnel_name = funnel_steps.funnel_name
    where not sessions.is_bot
),

final as (
    select
        activity_date,
        funnel_name,
        step_number,
        step_name,
        channel,
        device_type,
        user_login_state,
        count(*) filter (where is_passed) as session_count,
        count(*) filter (where is_done) as open_session_count,
        coalesce(sum(seconds_from_previous), 0) as seconds_from_previous_sum
    from steps
    where
        is_passed
        or is_done
    group by 1, 2, 3, 4, 5, 6, 7
)

select * from final
