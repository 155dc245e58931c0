{{ config(materialized='table', tags=['daily']) }}

with

exposed as (
    select * from {{ ref('int_visitors_exposed') }}
    where not is_excluded
),

orders as (
    select * from {{ ref('orders') }}
    where not is_bot
),

sessions as (
    select * from {{ ref('sessions') }}
    where
        not is_bot
        and add_to_cart_count > 0
),

events as (
    select * from {{ ref('clickstream_events') }}
    where event_name = 'add_to_cart_click'
),

-- Exposures and orders of a visitor in one line, from the last one back: to an exposure, it has passed what follows.
-- Joined, they would multiply, and anybody can send thousands of both.
lined_up as (
    select
        visitor_id,
        experiment,
        variant,
        first_exposed_at,
        first_exposed_at as happened_at,
        true as is_exposure,
        0 as order_total
    from exposed
    union all
    select
        visitor_id,
        null as experiment,
        null as variant,
        null as first_exposed_at,
        ordered_at as happened_at,
        false as is_exposure,
        coalesce(order_total, 0) as order_total
    from orders
),

ordered as (
    select
        *,
        count(*) filter (where not is_exposure) over what_follows as order_count,
        sum(order_total) over what_follows as revenue
    from lined_up
    window what_follows as (partition by visitor_id order by happened_at desc, is_exposure asc)
),

-- By way of the few sessions that are asked for, as PostgreSQL would think that hardly any event is one of people's.
added as (
    select
        sessions.visitor_id,
        max(events.event_timestamp) as last_added_at
    from sessions
    inner join events
        on
            sessions.visitor_id = events.visitor_id
            and sessions.session_key = events.session_key
    group by 1
),

final as (
    select
        ordered.experiment,
        ordered.variant,
        ordered.visitor_id,
        outcomes.metric,
        outcomes.value
    from ordered
    left join added on ordered.visitor_id = added.visitor_id
    cross join
        lateral (
            values
            ('conversion', (ordered.order_count > 0)::integer::numeric),
            ('revenue_per_visitor', ordered.revenue),
            ('add_to_cart_rate', coalesce(added.last_added_at >= ordered.first_exposed_at, false)::integer)
        ) as outcomes (metric, value)
    where ordered.is_exposure
)

select * from final
