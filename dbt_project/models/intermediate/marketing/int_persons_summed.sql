{{ config(materialized='table', tags=['daily']) }}

with

sessions as (
    select * from {{ ref('sessions') }}
    where not is_bot
),

orders as (
    select * from {{ ref('orders') }}
    where not is_bot
),

carts as (
    select * from {{ ref('int_carts_abandoned') }}
    where not is_recovered
),

reached as (
    select * from {{ ref('int_loads_reached') }}
),

visits as (
    select
        person_id,
        min(started_at) as first_seen_at,
        max(ended_at) as last_seen_at,
        max(started_date) filter (where product_view_count > 0) as last_product_view_date
    from sessions
    group by person_id
),

purchases as (
    select
        person_id,
        count(*) as order_count,
        sum(coalesce(order_total, 0)) as revenue,
        max(ordered_date) as last_ordered_date
    from orders
    group by person_id
),

recent_carts as (
    select
        carts.person_id,
        sum(carts.value) as abandoned_value
    from carts
    cross join reached
    where carts.last_changed_date >= reached.as_of_date - {{ var('cart_abandoner_days') }}
    group by carts.person_id
),

final as (
    select
        visits.person_id,
        visits.first_seen_at,
        visits.last_seen_at,
        coalesce(purchases.order_count, 0) as order_count,
        coalesce(purchases.revenue, 0) as revenue,
        purchases.last_ordered_date,
        reached.as_of_date - purchases.last_ordered_date as recency_days,
        reached.as_of_date - visits.last_product_view_date as days_since_product_view,
        recent_carts.person_id is not null as is_cart_abandoner,
        coalesce(recent_carts.abandoned_value, 0) as abandoned_value
    from visits
    cross join reached
    left join purchases on visits.person_id = purchases.person_id
    left join recent_carts on visits.person_id = recent_carts.person_id
)

select * from final
