{{
    config(
        incremental_strategy='replace_touched',
        unique_key='activity_date',
        meta={'touched_in': 'int_dates_touched'},
        indexes=[{'columns': ['activity_date']}],
    )
}}

with

touched_dates as (
    select activity_date from {{ ref('int_dates_touched') }}
    where {{ is_new('load_id') }}
),

events as (
    select * from {{ ref('int_events_of_people') }}
    {{ where_events_touched() }}
),

orders as (
    select * from {{ ref('orders') }}
    {{ where_touched('ordered_date') }}
),

order_items as (
    select * from {{ ref('order_items') }}
),

touches as (
    select
        event_date as activity_date,
        product_id,
        count(*) filter (where event_name = 'product_view') as view_count,
        count(distinct visitor_id) filter (where event_name = 'product_view') as viewer_count,
        count(*) filter (where event_name = 'add_to_cart_click') as add_to_cart_count,
        count(*) filter (where event_name = 'remove_from_cart_click') as remove_from_cart_count,
        count(*) filter (where event_name = 'wishlist_click') as wishlist_count
    from events
    where
        product_id is not null
        and event_name in ('product_view', 'add_to_cart_click', 'remove_from_cart_click', 'wishlist_click')
    group by 1, 2
),

purchases as (
    select
        orders.ordered_date as activity_date,
        order_items.product_id,
        count(*) as order_count,
        sum(order_items.quantity)::bigint as quantity,
        sum(order_items.revenue) as revenue
    from orders
    inner join order_items
        on
            orders.visitor_id = order_items.visitor_id
            and orders.order_key = order_items.order_key
    where not orders.is_bot
    group by 1, 2
),

final as (
    select
        coalesce(touches.activity_date, purchases.activity_date) as activity_date,
        coalesce(touches.product_id, purchases.product_id) as product_id,
        coalesce(touches.view_count, 0) as view_count,
        coalesce(touches.viewer_count, 0) as viewer_count,
        coalesce(touches.add_to_cart_count, 0) as add_to_cart_count,
        coalesce(touches.remove_from_cart_count, 0) as remove_from_cart_count,
        coalesce(touches.wishlist_count, 0) as wishlist_count,
        coalesce(purchases.order_count, 0) as order_count,
        coalesce(purchases.quantity, 0) as quantity,
        coalesce(purchases.revenue, 0) as revenue,
        touches.add_to_cart_count::numeric / nullif(touches.view_count, 0) as view_to_cart_rate,
        coalesce(purchases.order_count, 0)::numeric / nullif(touches.add_to_cart_count, 0) as cart_to_order_rate
    from touches
    full join purchases
        on
            touches.activity_date = purchases.activity_date
            and touches.product_id = purchases.product_id
)

select * from final
