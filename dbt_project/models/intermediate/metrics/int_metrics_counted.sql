{%- set timezone = var('reporting_timezone') -%}

{{ config(materialized='table', tags=['daily']) }}

with

reached as (
    select * from {{ ref('int_loads_reached') }}
),

activity as (
    select * from {{ ref('activity_hourly') }}
),

sessions as (
    select * from {{ ref('sessions') }}
    where not is_bot
),

orders as (
    select * from {{ ref('orders') }}
    where not is_bot
),

started as (
    select min(activity_hour) as first_hour from activity
),

-- Somewhere clocks are changed by half an hour.
hours as (
    select distinct date_trunc('hour', moments.moment, '{{ timezone }}') as period_start
    from started
    cross join reached
    cross join
        lateral generate_series(started.first_hour, reached.last_event_at, interval '30 minutes') as moments (moment)
),

happened as (
    select
        'events' as metric,
        activity_hour as period_start,
        event_count::numeric as amount
    from activity
    union all
    select
        'sessions' as metric,
        date_trunc('hour', started_at, '{{ timezone }}') as period_start,
        1 as amount
    from sessions
    union all
    select
        sales.metric,
        date_trunc('hour', orders.ordered_at, '{{ timezone }}') as period_start,
        sales.amount
    from orders
    cross join lateral (values ('orders', 1), ('revenue', coalesce(orders.order_total, 0))) as sales (metric, amount)
),

counted as (
    select
        metric,
        period_start,
        sum(amount) as actual
    from happened
    group by 1, 2
),

by_hour as (
    select
        metrics.metric,
        hours.period_start,
        {{ reporting_date('hours.period_start') }} as activity_date,
        extract(hour from hours.period_start at time zone '{{ timezone }}')::integer as hour_of_day,
        coalesce(counted.actual, 0) as actual
    from hours
    cross join (values ('events'), ('sessions'), ('orders'), ('revenue')) as metrics (metric)
    left join counted
        on
            hours.period_start = counted.period_start
            and metrics.metric = counted.metric
),

periods as (
    select
        'hour' as grain,
        *
    from by_hour
    union all
    select
        'day' as grain,
        metric,
        activity_date::timestamp at time zone '{{ timezone }}' as period_start,
        activity_date,
        0 as hour_of_day,
        sum(actual) as actual
    from by_hour
    group by 2, 3, 4
),

-- The data begins and ends somewhere within the first and the last.
final as (
    select
        *,
        extract(isodow from activity_date)::integer as day_of_week,
        (
            period_start > min(period_start) over (partition by grain)
            and period_start < max(period_start) over (partition by grain)
        ) as is_complete
    from periods
)

select * from final
