with

events as (
    select * from {{ ref('clickstream_events') }}
),

orders as (
    select * from {{ ref('int_orders_deduplicated') }}
),

-- The orders of a session number its carts, each with the order that closes it.
numbered as (
    select
        events.visitor_id,
        events.session_key,
        events.event_name,
        events.product_id,
        events.product_quantity as quantity,
        coalesce(events.product_discount_price, events.product_price) as price,
        orders.order_key,
        row_number() over session_order as place,
        count(orders.order_key) over (session_order rows between unbounded preceding and 1 preceding) as cart_number
    from events
    left join orders
        on
            events.visitor_id = orders.visitor_id
            and events.event_id = orders.event_id
    where
        orders.order_key is not null
        or events.event_name in ('add_to_cart_click', 'remove_from_cart_click') and events.product_id is not null
    window session_order as (
        partition by events.visitor_id, events.session_key
        order by events.event_timestamp, events.received_at, events.object_key, events.line_number
    )
),

carts as (
    select
        *,
        event_name = 'add_to_cart_click' as is_addition,
        max(order_key) over (partition by visitor_id, session_key, cart_number) as cart_order_key
    from numbered
),

cart_events as (
    select * from carts
    where
        order_key is null
        and cart_order_key is not null
),

-- A removal that names no quantity takes the whole line out: what counts is what comes after it.
emptied as (
    select
        *,
        count(*) filter (where not is_addition and quantity is null) over (
            partition by visitor_id, session_key, cart_number, product_id
            order by place
            rows between current row and unbounded following
        ) as emptyings_to_come
    from cart_events
),

lines as (
    select
        cart_order_key as order_key,
        visitor_id,
        session_key,
        product_id,
        sum(case when is_addition then coalesce(quantity, 1) else -quantity end) as quantity,
        (array_agg(price order by place desc) filter (where is_addition))[1] as price
    from emptied
    where emptyings_to_come = 0
    group by 1, 2, 3, 4
),

final as (
    select * from lines
    where quantity > 0
)

select * from final
