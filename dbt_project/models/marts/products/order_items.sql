{{
    config(
        incremental_strategy='replace_touched',
        unique_key='visitor_id',
        meta={'touched_in': 'int_visitors_touched'},
        indexes=[{'columns': ['order_key']}, {'columns': ['visitor_id']}, {'columns': ['product_id']}],
    )
}}

with

touched_visitors as (
    select visitor_id from {{ ref('int_visitors_touched') }}
    where {{ is_new('load_id') }}
),

orders as (
    select * from {{ ref('orders') }}
    {% if is_incremental() %}
        where visitor_id = any(array(select touched_visitors.visitor_id from touched_visitors))
    {% endif %}
),

events as (
    select * from {{ ref('clickstream_events') }}
),

items as (
    select * from {{ ref('int_items_sent') }}
),

carts as (
    select * from {{ ref('int_carts_inferred') }}
    {% if is_incremental() %}
        where session_key = any(array(select orders.session_key from orders))
    {% endif %}
),

-- What the order itself lists is believed first, even if it is that nothing was bought.
lines as (
    select
        orders.order_key,
        orders.visitor_id,
        items.product_id,
        coalesce(items.quantity, 1) as quantity,
        coalesce(items.product_discount_price, items.product_price) as price
    from orders
    inner join items
        on
            orders.visitor_id = items.visitor_id
            and orders.event_id = items.event_id
),

listed as (
    select
        order_key,
        visitor_id,
        product_id,
        sum(quantity) as quantity,
        sum(quantity * price) as revenue
    from lines
    where quantity > 0
    group by 1, 2, 3
),

unlisted as (
    select
        orders.order_key,
        orders.visitor_id,
        events.product_id,
        coalesce(events.product_quantity, 1) as quantity,
        coalesce(events.product_discount_price, events.product_price) as price
    from orders
    inner join events
        on
            orders.visitor_id = events.visitor_id
            and orders.event_id = events.event_id
    where orders.order_key not in (select lines.order_key from lines)
),

-- Only where it neither lists items nor names a product, the cart has to tell.
told as (
    select order_key from lines
    union all
    select order_key from unlisted
    where product_id is not null
),

found as (
    select
        order_key,
        visitor_id,
        product_id,
        quantity,
        round(revenue / quantity, 4) as price,
        revenue,
        'items' as source
    from listed
    union all
    select
        order_key,
        visitor_id,
        product_id,
        quantity,
        price,
        quantity * price as revenue,
        'event' as source
    from unlisted
    where
        product_id is not null
        and quantity > 0
    union all
    select
        order_key,
        visitor_id,
        product_id,
        quantity,
        price,
        quantity * price as revenue,
        'cart' as source
    from carts
    where order_key not in (select told.order_key from told)
),

final as (
    select
        order_key,
        visitor_id,
        product_id,
        source,
        quantity::bigint as quantity,
        price,
        coalesce(revenue, 0) as revenue
    from found
)

select * from final
