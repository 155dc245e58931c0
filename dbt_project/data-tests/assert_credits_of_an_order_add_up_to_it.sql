{{ config(tags=['daily']) }}

with

orders as (
    select * from {{ ref('orders') }}
    where not is_bot
),

models as (
    select distinct model
    from {{ ref('attribution_credits') }}
),

credits as (
    select
        order_key,
        model,
        sum(credit) as credit,
        sum(credited_revenue) as revenue
    from {{ ref('attribution_credits') }}
    group by 1, 2
)

select
    models.model,
    orders.order_key,
    orders.order_total,
    credits.credit,
    credits.revenue
from orders
cross join models
left join credits
    on
        orders.order_key = credits.order_key
        and models.model = credits.model
where
    credits.credit is null
    or abs(credits.credit - 1) > 1e-9
    or abs(credits.revenue - coalesce(orders.order_total, 0)) > 1e-9 * coalesce(orders.order_total, 0)
