{{ config(materialized='table', tags=['daily'], enabled=var('shop_orders_enabled')) }}

with

shop_orders as (
    select * from {{ ref('stg_shop__orders') }}
    where order_id is not null
),

tracked_orders as (
    select * from {{ ref('orders') }}
    where order_id is not null
),

-- What the shop ignores is looked for, too, so that it is not taken for an order that the shop does not know.
matched as (
    select
        coalesce(shop_orders.ordered_date, tracked_orders.ordered_date) as activity_date,
        shop_orders.order_id is not null as is_known_to_shop,
        tracked_orders.order_id is not null as is_tracked,
        coalesce(shop_orders.order_total, 0) as shop_total,
        coalesce(tracked_orders.order_total, 0) as tracked_total
    from shop_orders
    full join tracked_orders on shop_orders.order_id = tracked_orders.order_id
    where shop_orders.is_ignored is not true
),

judged as (
    select
        *,
        is_known_to_shop and is_tracked as is_captured,
        abs(shop_total - tracked_total) > {{ var('shop_order_total_tolerance') }} as is_mismatched
    from matched
),

final as (
    select
        activity_date,
        count(*) filter (where is_known_to_shop) as shop_order_count,
        count(*) filter (where is_captured) as captured_count,
        count(*) filter (where not is_tracked) as missing_count,
        count(*) filter (where not is_known_to_shop) as extra_count,
        count(*) filter (where is_captured and is_mismatched) as mismatched_count,
        sum(shop_total) as shop_revenue,
        coalesce(sum(tracked_total) filter (where is_captured), 0) as captured_revenue,
        coalesce(sum(tracked_total) filter (where not is_known_to_shop), 0) as extra_revenue,
        sum(shop_total) - sum(tracked_total) as revenue_gap
    from judged
    group by 1
)

select * from final
