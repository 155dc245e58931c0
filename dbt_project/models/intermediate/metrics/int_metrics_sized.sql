{{ config(tags=['daily']) }}

with

sessions as (
    select * from {{ ref('sessions') }}
    where not is_bot
),

orders as (
    select * from {{ ref('orders') }}
    where not is_bot
),

-- Events come by the session and revenue by the order, some of which are large: what comes in lumps scatters by the
-- size of that lump in which an average event, or euro, comes.
final as (
    select
        'events' as metric,
        started_date as activity_date,
        sum(event_count * event_count) / sum(event_count) as lump_size
    from sessions
    group by 2
    union all
    select
        'revenue' as metric,
        ordered_date as activity_date,
        sum(order_total * order_total) / sum(order_total) as lump_size
    from orders
    where order_total > 0
    group by 2
)

select * from final
