{{ config(materialized='table', tags=['daily']) }}

with

reached as (
    select * from {{ ref('int_loads_reached') }}
),

days as (
    select * from {{ ref('int_metrics_counted') }}
    where grain = 'day'
),

past_days as (
    select
        counted.*,
        sized.lump_size
    from {{ ref('int_metrics_counted') }} as counted
    left join {{ ref('int_metrics_sized') }} as sized
        on
            counted.metric = sized.metric
            and counted.activity_date = sized.activity_date
    where counted.grain = 'day'
),

compared as (
    select
        days.metric,
        days.activity_date,
        days.day_of_week,
        past_days.activity_date as past_date,
        past_days.day_of_week as past_day_of_week,
        past_days.lump_size,
        case when past_days.is_complete then past_days.actual end as past_total
    from days
    inner join past_days
        on
            days.metric = past_days.metric
            and past_days.activity_date between days.activity_date - {{ var('anomaly_baseline_days') }}
            and days.activity_date - 1
    where days.activity_date > (select reached.as_of_date - {{ var('anomaly_days') }} from reached)
),

-- Medians, so that no incident among the days weighs. Of single things, as sessions and orders are, the lump is one.
lumps as (
    select
        metric,
        activity_date,
        coalesce(percentile_cont(0.5) within group (order by lump_size), 1) as lump_size
    from compared
    group by 1, 2
),

weekdays as (
    select
        metric,
        activity_date,
        past_day_of_week as day_of_week,
        percentile_cont(0.5) within group (order by past_total) as typical_total
    from compared
    group by 1, 2, 3
),

-- A lump more on each weekday: a weekday of none must not divide, and few say little about weekdays.
weighed as (
    select
        compared.*,
        lumps.lump_size as typical_lump_size,
        weekdays.typical_total + lumps.lump_size as past_weight
    from compared
    inner join lumps
        on
            compared.metric = lumps.metric
            and compared.activity_date = lumps.activity_date
    inner join weekdays
        on
            compared.metric = weekdays.metric
            and compared.activity_date = weekdays.activity_date
            and compared.past_day_of_week = weekdays.day_of_week
),

final as (
    select
        metric,
        activity_date,
        past_date,
        typical_lump_size as lump_size,
        coalesce(
            max(past_weight) filter (where past_day_of_week = day_of_week) over (partition by metric, activity_date)
            / past_weight,
            1
        ) as factor
    from weighed
)

select * from final
