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

counted as (
    select
        started_date as activity_date,
        channel,
        count(*) as session_count,
        count(distinct visitor_id) as visitor_count,
        count(*) filter (where is_new_visitor) as new_visitor_count,
        count(*) filter (where is_engaged) as engaged_count,
        count(*) filter (where is_converted) as converted_count,
        sum(order_count)::bigint as order_count,
        sum(revenue) as revenue
    from sessions
    where not is_bot
    group by 1, 2
),

final as (
    select
        *,
        converted_count::numeric / session_count as conversion_rate,
        revenue / session_count as revenue_per_session
    from counted
)

select * from final
