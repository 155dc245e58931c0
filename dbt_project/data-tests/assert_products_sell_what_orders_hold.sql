{{ config(tags=['daily']) }}

with

ordered as (
    select
        orders.ordered_date as activity_date,
        order_items.product_id,
        count(*) as order_count,
        sum(order_items.quantity) as quantity,
        sum(order_items.revenue) as revenue
    from {{ ref('order_items') }} as order_items
    inner join {{ ref('orders') }} as orders
        on
            order_items.visitor_id = orders.visitor_id
            and order_items.order_key = orders.order_key
    where not orders.is_bot
    group by 1, 2
),

sold as (
    select * from {{ ref('product_metrics_daily') }}
    where order_count > 0
)

select
    ordered.*,
    sold.activity_date as sold_date,
    sold.product_id as sold_product_id,
    sold.order_count as sold_order_count,
    sold.quantity as sold_quantity,
    sold.revenue as sold_revenue
from ordered
full join sold
    on
        ordered.activity_date = sold.activity_date
        and ordered.product_id = sold.product_id
where
    (ordered.order_count, ordered.quantity, ordered.revenue)
    is distinct from (sold.order_count, sold.quantity, sold.revenue)
