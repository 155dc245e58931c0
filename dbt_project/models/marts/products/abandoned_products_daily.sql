{{ config(materialized='table', tags=['daily']) }}

with

carts as (
    select * from {{ ref('int_carts_abandoned') }}
),

final as (
    select
        last_changed_date as activity_date,
        product_id,
        count(*) as abandoned_count,
        sum(quantity)::bigint as abandoned_quantity,
        sum(value) as abandoned_value,
        count(*) filter (where is_recovered) as recovered_count
    from carts
    group by 1, 2
)

select * from final
