{{ config(materialized='table', tags=['daily']) }}

{%- set band = var('anomaly_band_spreads') -%}

with

periods as (
    select * from {{ ref('int_metrics_expected') }}
),

-- Of a period that is not over, or without enough others to compare it with, nothing can be said.
judged as (
    select
        *,
        0.375 * lump_size as added
    from periods
    where
        is_complete
        and point_count >= {{ var('anomaly_min_points') }}
),

bounded as (
    select
        metric,
        grain,
        period_start,
        spread,
        (sqrt(actual + added) - root) / spread as deviation,
        round(greatest(0, root ^ 2 - added)::numeric, 4) as expected,
        round(greatest(0, greatest(0, root - {{ band }} * spread) ^ 2 - added)::numeric, 4) as lower,
        round(greatest(0, (root + {{ band }} * spread) ^ 2 - added)::numeric, 4) as upper
    from judged
),

final as (
    select
        periods.metric,
        periods.grain,
        periods.period_start,
        periods.actual,
        bounded.expected,
        bounded.lower,
        bounded.upper,
        round(bounded.spread::numeric, 4) as spread,
        round(bounded.deviation::numeric, 4) as deviation,
        periods.point_count,
        case
            when periods.actual between bounded.lower and bounded.upper then 'ok'
            when abs(bounded.deviation) > {{ var('anomaly_critical_spreads') }} then 'critical'
            when bounded.expected is not null then 'warning'
        end as severity
    from periods
    left join bounded
        on
            periods.metric = bounded.metric
            and periods.grain = bounded.grain
            and periods.period_start = bounded.period_start
)

select * from final
