{{ config(tags=['daily']) }}

with

orders as (
    select
        visitor_id,
        session_key,
        count(*) as order_count,
        coalesce(sum(order_total), 0) as revenue
    from {{ ref('orders') }}
    group by 1, 2
)

select
    sessions.session_key,
    orders.session_key as session_key_of_orders,
    sessions.order_count,
    orders.order_count as order_count_of_orders,
    sessions.revenue,
    orders.revenue as revenue_of_orders
from {{ ref('sessions') }} as sessions
full join orders
    on
        sessions.visitor_id = orders.visitor_id
        and sessions.session_key = orders.session_key
where
    sessions.session_key is null
    or sessions.order_count <> coalesce(orders.order_count, 0)
    or sessions.revenue <> coalesce(orders.revenue, 0)
