{{ config(materialized='table', tags=['daily']) }}

with

sessions as (
    select * from {{ ref('sessions') }}
    where not is_bot
),

events as (
    select * from {{ ref('clickstream_events') }}
),

orders as (
    select * from {{ ref('int_orders_deduplicated') }}
),

reached as (
    select * from {{ ref('int_loads_reached') }}
),

-- A cart outlives the visit: it is the person's, until any order of theirs empties it.
numbered as (
    select
        sessions.person_id,
        events.product_id,
        events.event_name = 'add_to_cart_click' as is_addition,
        events.product_quantity as quantity,
        coalesce(events.product_discount_price, events.product_price) as price,
        events.event_timestamp,
        orders.order_key,
        row_number() over person_order as place,
        count(orders.order_key) over (person_order rows between unbounded preceding and 1 preceding) as cart_number
    from events
    inner join sessions
        on
            events.visitor_id = sessions.visitor_id
            and events.session_key = sessions.session_key
    left join orders
        on
            events.visitor_id = orders.visitor_id
            and events.event_id = orders.event_id
    where
        orders.order_key is not null
        or events.event_name in ('add_to_cart_click', 'remove_from_cart_click') and events.product_id is not null
    window person_order as (
        partition by sessions.person_id
        order by events.event_timestamp, events.received_at, events.object_key, events.line_number
    )
),

carts as (
    select
        *,
        max(event_timestamp) filter (where order_key is null) over cart as last_changed_at,
        max(event_timestamp) filter (where order_key is not null) over cart as ordered_at
    from numbered
    window cart as (partition by person_id, cart_number)
),

-- A removal that names no quantity takes the whole line out: what counts is what comes after it.
emptied as (
    select
        *,
        count(*) filter (where not is_addition and quantity is null) over (
            partition by person_id, cart_number, product_id
            order by place
            rows between current row and unbounded following
        ) as emptyings_to_come
    from carts
    where order_key is null
),

lines as (
    select
        person_id,
        cart_number,
        product_id,
        last_changed_at,
        ordered_at,
        sum(case when is_addition then coalesce(quantity, 1) else -quantity end) as quantity,
        (array_agg(price order by place desc) filter (where is_addition))[1] as price
    from emptied
    where emptyings_to_come = 0
    group by 1, 2, 3, 4, 5
    having bool_or(is_addition)
),

final as (
    select
        lines.person_id,
        lines.cart_number,
        lines.product_id,
        lines.quantity,
        lines.price,
        lines.quantity * coalesce(lines.price, 0) as value,
        lines.ordered_at is not null as is_recovered,
        {{ reporting_date('lines.last_changed_at') }} as last_changed_date,
        lines.last_changed_at
    from lines
    cross join reached
    where
        lines.quantity > 0
        and coalesce(lines.ordered_at, reached.last_event_at) - lines.last_changed_at
        > interval '{{ var("cart_abandoned_after_hours") }} hours'
)

select * from final
