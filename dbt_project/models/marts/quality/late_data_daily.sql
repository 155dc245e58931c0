{{ config(materialized='table') }}

with

dates as (
    select * from {{ ref('int_dates_counted') }}
),

reached as (
    select * from {{ ref('int_loads_reached') }}
),

summed as (
    select
        activity_date,
        sum(event_count)::bigint as event_count,
        sum(late_event_count)::bigint as late_event_count,
        max(latest_change_at) as latest_change_at
    from dates
    group by 1
),

-- No event is believed to be older than that, so what may still arrive belongs to later days.
final as (
    select
        summed.activity_date,
        summed.event_count,
        summed.late_event_count,
        summed.late_event_count::numeric / summed.event_count as late_share,
        summed.latest_change_at,
        reached.last_event_at
        > {{ reporting_day_end('summed.activity_date') }}
        + interval '{{ var("event_timestamp_max_age_hours") }} hours' as is_settled
    from summed
    cross join reached
)

select * from final
