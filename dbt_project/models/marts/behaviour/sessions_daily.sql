{{
    config(
        incremental_strategy='replace_touched',
        unique_key='activity_date',
        meta={'touched_in': 'int_dates_touched'},
        indexes=[{'columns': ['activity_date']}],
    )
}}

with

touched_dates as (
    select activity_date from {{ ref('int_dates_touched') }}
    where {{ is_new('load_id') }}
),

sessions as (
    select * from {{ ref('sessions') }}
    {{ where_touched('started_date') }}
),

final as (
    select
        started_date as activity_date,
        channel,
        coalesce(device_type, '(none)') as device_type,
        coalesce(user_login_state, '(none)') as user_login_state,
        count(*) as session_count,
        count(*) filter (where is_new_visitor) as new_visitor_count,
        count(*) filter (where is_engaged) as engaged_count,
        count(*) filter (where is_bounce) as bounce_count,
        count(*) filter (where is_converted) as converted_count,
        sum(event_count)::bigint as event_count,
        sum(page_view_count)::bigint as page_view_count,
        sum(order_count)::bigint as order_count,
        sum(revenue) as revenue,
        sum(duration_seconds)::bigint as duration_seconds_sum
    from sessions
    where not is_bot
    group by 1, 2, 3, 4
)

select * from final
