{{ config(materialized='table', tags=['daily']) }}

with

reached as (
    select * from {{ ref('int_loads_reached') }}
),

periods as (
    select * from {{ ref('int_metrics_counted') }}
),

past_periods as (
    select * from {{ ref('int_metrics_counted') }}
    where is_complete
),

days as (
    select * from {{ ref('int_days_compared') }}
),

-- The same hour of the days before, as it would have been on this weekday. Counts scatter by their square root, and
-- the square roots of counts, with 3/8 added (Anscombe, 1948), all alike: one width fits few and many, above and below.
judged as (
    select
        periods.metric,
        periods.grain,
        periods.period_start,
        periods.actual,
        periods.is_complete,
        count(past_periods.actual) as point_count,
        coalesce(max(days.lump_size), 1) as lump_size,
        array_remove(array_agg(sqrt(past_periods.actual * days.factor + 0.375 * days.lump_size)), null) as roots
    from periods
    left join days
        on
            periods.metric = days.metric
            and periods.activity_date = days.activity_date
    left join past_periods
        on
            periods.metric = past_periods.metric
            and periods.grain = past_periods.grain
            and periods.hour_of_day = past_periods.hour_of_day
            and days.past_date = past_periods.activity_date
    where periods.activity_date > (select reached.as_of_date - {{ var('anomaly_days') }} from reached)
    group by 1, 2, 3, 4, 5
),

centred as (
    select
        judged.*,
        medians.root
    from judged
    cross join
        lateral (
            select percentile_cont(0.5) within group (order by points.point) as root
            from unnest(judged.roots) as points (point)
        ) as medians
),

-- 1.4826 median deviations are one standard deviation. Few points, or equal ones, show less than there is: what comes
-- by chance has a standard deviation of one half on this scale, times the square root of the lumps that it comes in.
final as (
    select
        centred.metric,
        centred.grain,
        centred.period_start,
        centred.actual,
        centred.is_complete,
        centred.point_count,
        centred.lump_size,
        centred.root,
        greatest(1.4826 * deviations.deviation, sqrt(centred.lump_size) / 2) as spread
    from centred
    cross join
        lateral (
            select percentile_cont(0.5) within group (order by abs(points.point - centred.root)) as deviation
            from unnest(centred.roots) as points (point)
        ) as deviations
)

select * from final
