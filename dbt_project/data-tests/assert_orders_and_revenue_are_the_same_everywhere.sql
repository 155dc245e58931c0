{{ config(tags=['daily']) }}

with

counted as (
    select
        'orders' as counted_in,
        count(*) as order_count,
        coalesce(sum(order_total), 0) as revenue
    from {{ ref('orders') }}
    where not is_bot
    union all
    select
        'sessions' as counted_in,
        coalesce(sum(order_count), 0) as order_count,
        coalesce(sum(revenue), 0) as revenue
    from {{ ref('sessions') }}
    where not is_bot
    union all
    select
        'sessions_daily' as counted_in,
        coalesce(sum(order_count), 0) as order_count,
        coalesce(sum(revenue), 0) as revenue
    from {{ ref('sessions_daily') }}
    union all
    select
        'activity_daily' as counted_in,
        coalesce(sum(order_count), 0) as order_count,
        coalesce(sum(revenue), 0) as revenue
    from {{ ref('activity_daily') }}
),

agreed as (
    select count(distinct row(order_count, revenue)) as opinion_count
    from counted
)

select counted.*
from counted
cross join agreed
where agreed.opinion_count > 1
