{{ config(unique_key='visitor_id', indexes=[{'columns': ['visitor_id']}]) }}

with

touched_visitors as (
    select visitor_id from {{ ref('int_visitors_touched') }}
    where {{ is_new('load_id') }}
),

sessions as (
    select
        *,
        session_number as place
    from {{ ref('sessions') }}
    {% if is_incremental() %}
        where visitor_id = any(array(select touched_visitors.visitor_id from touched_visitors))
    {% endif %}
),

final as (
    select
        visitor_id,
        {{ last_known('user_id') }} as user_id,
        max(channel) filter (where session_number = 1) as first_channel,
        count(*) as session_count,
        sum(event_count)::bigint as event_count,
        sum(order_count)::bigint as order_count,
        sum(revenue) as revenue,
        bool_or(is_bot) as is_bot,
        min(started_at) as first_seen_at,
        max(ended_at) as last_seen_at
    from sessions
    group by 1
)

select * from final
