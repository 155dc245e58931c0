{{
    config(
        incremental_strategy='replace_touched',
        unique_key='activity_date',
        meta={'touched_in': 'int_dates_touched'},
        indexes=[
            {'columns': ['activity_date']},
            {'columns': ['channel', 'device_type', 'user_login_state', 'activity_date']},
        ],
    )
}}

with

touched_dates as (
    select activity_date from {{ ref('int_dates_touched') }}
    where {{ is_new('load_id') }}
),

visitors as (
    select visitor_id from {{ ref('sessions') }}
    {{ where_touched('started_date') }}
),

sessions as (
    select * from {{ ref('sessions') }}
    {% if is_incremental() -%}
        where visitor_id = any(array(select visitors.visitor_id from visitors))
    {%- endif %}
),

-- Once for each choice of filters, of which every one is either made or not.
visits as (
    select
        sessions.visitor_id,
        sessions.started_date,
        channels.channel,
        devices.device_type,
        states.user_login_state
    from sessions
    cross join lateral (values ('(all)'), (sessions.channel)) as channels (channel)
    cross join lateral (values ('(all)'), (coalesce(sessions.device_type, '(none)'))) as devices (device_type)
    cross join lateral (values ('(all)'), (coalesce(sessions.user_login_state, '(none)'))) as states (user_login_state)
    where not sessions.is_bot
),

returns as (
    select
        *,
        started_date - lag(started_date) over (
            partition by visitor_id, channel, device_type, user_login_state
            order by started_date
        ) as days_since_previous
    from visits
),

touched_returns as (
    select * from returns
    {{ where_touched('started_date') }}
),

-- The first session of a day stands for all of them.
final as (
    select
        started_date as activity_date,
        channel,
        device_type,
        user_login_state,
        coalesce(days_since_previous, 0) as days_since_previous,
        count(*) as visitor_count
    from touched_returns
    where days_since_previous is distinct from 0
    group by 1, 2, 3, 4, 5
)

select * from final
