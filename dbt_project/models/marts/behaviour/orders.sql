{{
    config(
        unique_key='order_key',
        indexes=[
            {'columns': ['order_key']},
            {'columns': ['visitor_id']},
            {'columns': ['person_id']},
            {'columns': ['ordered_date']},
            {'columns': ['load_id']},
        ],
    )
}}

with

touched_visitors as (
    select visitor_id from {{ ref('int_visitors_touched') }}
    where {{ is_new('load_id') }}
),

orders as (
    select * from {{ ref('int_orders_deduplicated') }}
    {% if is_incremental() %}
        where visitor_id = any(array(select touched_visitors.visitor_id from touched_visitors))
    {% endif %}
),

events as (
    select * from {{ ref('clickstream_events') }}
),

sessions as (
    select * from {{ ref('sessions') }}
),

final as (
    select
        ---------- ids
        orders.order_key,
        events.order_id,
        orders.event_id,
        orders.visitor_id,
        sessions.person_id,
        events.user_id,
        sessions.session_key,

        ---------- numbers
        events.order_total,
        events.item_count,

        ---------- booleans
        sessions.is_bot,

        ---------- dates and times
        events.event_date as ordered_date,
        events.event_timestamp as ordered_at,

        ---------- the load that brought it
        orders.load_id
    from orders
    inner join events
        on
            orders.visitor_id = events.visitor_id
            and orders.event_id = events.event_id
    inner join sessions
        on
            events.visitor_id = sessions.visitor_id
            and events.session_key = sessions.session_key
)

select * from final
