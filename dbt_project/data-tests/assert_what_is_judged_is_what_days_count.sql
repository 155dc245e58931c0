{{ config(tags=['daily']) }}

with

counted as (
    select
        activity_date,
        sum(actual) filter (where metric = 'events') as event_count,
        sum(actual) filter (where metric = 'sessions') as session_count,
        sum(actual) filter (where metric = 'orders') as order_count,
        sum(actual) filter (where metric = 'revenue') as revenue
    from {{ ref('int_metrics_counted') }}
    where grain = 'hour'
    group by 1
),

days as (
    select * from {{ ref('activity_daily') }}
)

select
    counted.*,
    days.activity_date as date_of_days,
    days.event_count as event_count_of_days,
    days.session_count as session_count_of_days,
    days.order_count as order_count_of_days,
    days.revenue as revenue_of_days
from counted
full join days on counted.activity_date = days.activity_date
where
    coalesce(counted.event_count, 0) <> coalesce(days.event_count, 0)
    or coalesce(counted.session_count, 0) <> coalesce(days.session_count, 0)
    or coalesce(counted.order_count, 0) <> coalesce(days.order_count, 0)
    or coalesce(counted.revenue, 0) <> coalesce(days.revenue, 0)
