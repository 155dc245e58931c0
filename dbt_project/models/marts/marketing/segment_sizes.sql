{{ config(materialized='table', tags=['daily']) }}

with

customers as (
    select * from {{ ref('customer_segments') }}
),

final as (
    select
        segment,
        coalesce(r, 0) as r,
        coalesce(f, 0) as f,
        coalesce(m, 0) as m,
        count(*) as person_count,
        sum(order_count)::bigint as order_count,
        sum(revenue) as revenue,
        sum(abandoned_value) as abandoned_value,
        count(*) filter (where is_one_time_buyer) as one_time_buyer_count,
        count(*) filter (where is_lapsed) as lapsed_count,
        count(*) filter (where is_cart_abandoner) as cart_abandoner_count,
        count(*) filter (where is_viewed_not_bought) as viewed_not_bought_count
    from customers
    group by 1, 2, 3, 4
)

select * from final
