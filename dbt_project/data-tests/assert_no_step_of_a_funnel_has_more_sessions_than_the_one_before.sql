{{ config(tags=['daily']) }}

-- Of each group, so also of all of them together. A step without a row has no sessions.
with

steps as (
    select * from {{ ref('funnel_daily') }}
),

steps_before as (
    select * from {{ ref('funnel_daily') }}
)

select
    steps.*,
    steps_before.session_count as session_count_before
from steps
left join steps_before
    on
        steps.activity_date = steps_before.activity_date
        and steps.funnel_name = steps_before.funnel_name
        and steps.channel = steps_before.channel
        and steps.device_type = steps_before.device_type
        and steps.user_login_state = steps_before.user_login_state
        and steps.step_number = steps_before.step_number + 1
where
    steps.session_count > steps.open_session_count
    or steps.step_number > 1
    and steps.session_count > coalesce(steps_before.session_count, 0)
