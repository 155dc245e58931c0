-- A flag of a field that int_fields_counted does not list would be counted nowhere.
{{ config(tags=['daily']) }}

with

flagged as (
    select
        event_date as activity_date,
        sum(cardinality(quality_flags)) as flag_count
    from {{ ref('clickstream_events') }}
    group by 1
),

counted as (
    select
        activity_date,
        sum(flag_count) as flag_count
    from {{ ref('data_quality_daily') }}
    group by 1
)

select
    flagged.activity_date,
    flagged.flag_count as flags,
    counted.flag_count as flags_counted
from flagged
left join counted on flagged.activity_date = counted.activity_date
where flagged.flag_count is distinct from counted.flag_count
