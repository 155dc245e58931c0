{{ config(tags=['daily']) }}

with

sessions as (
    select
        visitor_id,
        count(*) as session_count,
        sum(event_count) as event_count,
        sum(order_count) as order_count,
        sum(revenue) as revenue,
        min(started_at) as first_seen_at,
        max(ended_at) as last_seen_at
    from {{ ref('sessions') }}
    group by 1
)

select
    sessions.*,
    visitors.visitor_id as held_visitor_id
from {{ ref('visitors') }} as visitors
full join sessions on visitors.visitor_id = sessions.visitor_id
where
    (
        visitors.session_count,
        visitors.event_count,
        visitors.order_count,
        visitors.revenue,
        visitors.first_seen_at,
        visitors.last_seen_at
    ) is distinct from (
        sessions.session_count,
        sessions.event_count,
        sessions.order_count,
        sessions.revenue,
        sessions.first_seen_at,
        sessions.last_seen_at
    )
