{{ config(tags=['daily']) }}

with

steps as (
    select
        session_funnels.funnel_name,
        funnel_steps.step_number,
        count(*) filter (where funnel_steps.step_number <= session_funnels.steps_reached) as session_count,
        count(*) filter (where funnel_steps.step_number = any(session_funnels.open_steps)) as open_session_count
    from {{ ref('session_funnels') }} as session_funnels
    inner join {{ ref('funnel_steps') }} as funnel_steps
        on session_funnels.funnel_name = funnel_steps.funnel_name
    inner join {{ ref('sessions') }} as sessions
        on
            session_funnels.visitor_id = sessions.visitor_id
            and session_funnels.session_key = sessions.session_key
    where not sessions.is_bot
    group by 1, 2
),

days as (
    select
        funnel_name,
        step_number,
        sum(session_count) as session_count,
        sum(open_session_count) as open_session_count
    from {{ ref('funnel_daily') }}
    group by 1, 2
)

select
    steps.funnel_name,
    steps.step_number,
    days.funnel_name as funnel_name_of_days,
    days.step_number as step_number_of_days,
    steps.session_count,
    days.session_count as session_count_of_days,
    steps.open_session_count,
    days.open_session_count as open_session_count_of_days
from steps
full join days
    on
        steps.funnel_name = days.funnel_name
        and steps.step_number = days.step_number
where
    coalesce(steps.session_count, 0) <> coalesce(days.session_count, 0)
    or coalesce(steps.open_session_count, 0) <> coalesce(days.open_session_count, 0)
