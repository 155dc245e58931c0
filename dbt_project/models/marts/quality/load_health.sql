{{ config(materialized='table') }}

with

receipts as (
    select * from {{ ref('int_receipts_counted') }}
),

final as (
    select
        receipt_hour,
        count(*) as load_count,
        sum(object_count)::bigint as object_count,
        sum(event_count)::bigint as event_count,
        sum(rejected_count)::bigint as rejected_count,
        sum(event_count - kept_count - nameless_count)::bigint as duplicate_count,
        sum(nameless_count)::bigint as nameless_count,
        sum(late_count)::bigint as late_count,
        max(lag_seconds_max) as lag_seconds_max
    from receipts
    group by 1
)

select * from final
