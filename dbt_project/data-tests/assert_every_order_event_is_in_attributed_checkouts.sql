{{ config(tags=['daily']) }}

with

orders as (
    select order_key from {{ ref('orders') }}
    where not is_bot
),

first_checkouts as (
    select order_key from {{ ref('attributed_checkouts') }}
    where is_first_of_order
)

select order_key
from orders
where order_key not in (select first_checkouts.order_key from first_checkouts)
union all
select order_key
from first_checkouts
where order_key not in (select orders.order_key from orders)
