-- Whole each time: a person's orders of long ago get other credits when it turns out who she is.
{{ config(materialized='table', indexes=[{'columns': ['activity_date']}]) }}

with

credits as (
    select * from {{ ref('attribution_credits') }}
),

final as (
    select
        ordered_date as activity_date,
        model,
        channel,
        coalesce(campaign, '(none)') as campaign,
        sum(credit) as order_count,
        sum(credited_revenue) as revenue
    from credits
    group by 1, 2, 3, 4
)

select * from final
