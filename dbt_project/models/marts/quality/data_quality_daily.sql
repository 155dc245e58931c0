{{ config(materialized='table') }}

with

fields as (
    select * from {{ ref('int_fields_counted') }}
),

compared as (
    select
        *,
        sum(null_count) over week_before / sum(event_count) over week_before as null_share_week_before
    from fields
    window week_before as (
        partition by field
        order by activity_date
        range between interval '7 days' preceding and interval '1 day' preceding
    )
),

shared as (
    select
        *,
        null_count::numeric / event_count as null_share
    from compared
),

final as (
    select
        activity_date,
        field,
        event_count,
        flag_count,
        null_count,
        null_share,
        null_share_week_before,
        null_share - null_share_week_before as null_share_change
    from shared
)

select * from final
