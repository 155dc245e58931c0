{{ config(tags=['daily']) }}

with

sessions as (
    select
        stitched_user_id as user_id,
        count(distinct visitor_id) as visitor_count,
        count(*) as session_count,
        sum(order_count) as order_count,
        sum(revenue) as revenue
    from {{ ref('sessions') }}
    where stitched_user_id is not null
    group by 1
)

select
    sessions.*,
    held.user_id as held_user_id
from {{ ref('users') }} as held
full join sessions on held.user_id = sessions.user_id
where
    (held.visitor_count, held.session_count, held.order_count, held.revenue)
    is distinct from (sessions.visitor_count, sessions.session_count, sessions.order_count, sessions.revenue)
