{{
    config(
        materialized='incremental',
        incremental_strategy='replace_spans',
        indexes=[{'columns': ['visitor_id', 'started_at']}, {'columns': ['load_id']}],
    )
}}

with

page_views as (
    select * from {{ ref('event_names') }}
    where is_page_view
),

orders as (
    select * from {{ ref('int_orders_deduplicated') }}
),

touched_visitors as (
    select
        visitor_id,
        min(event_timestamp) as since
    from {{ ref('clickstream_events') }}
    where {{ is_new('load_id') }}
    group by 1
),

{% if is_incremental() %}
    -- A new event may end sessions of before, and have those after it begin elsewhere.
    touched_sessions as (
        select distinct later_events.session_key
        from touched_visitors
        cross join lateral (
            select events.session_key
            from {{ ref('clickstream_events') }} as events
            where
                events.visitor_id = touched_visitors.visitor_id
                and events.event_timestamp >= touched_visitors.since
            {{ each_by_itself() }}
        ) as later_events
    ),
{% endif %}

events as (
    select
        *,
        row_number() over (
            partition by visitor_id, session_key
            order by event_timestamp, received_at, object_key, line_number
        ) as place,
        case when page_url is not null then event_id end as page_event_id
    from {{ ref('clickstream_events') }}
    {% if is_incremental() %}
        where session_key = any(array(select touched_sessions.session_key from touched_sessions))
    {% endif %}
),

-- The event with the session's first page tells where the session came from.
entry_events as (
    select * from {{ ref('clickstream_events') }}
),

aggregated as (
    select
        events.visitor_id,
        events.session_key,
        max(events.load_id) as load_id,
        {{ last_known('events.user_id') }} as user_id,
        {{ last_known('events.client_id') }} as client_id,
        {{ last_known('events.user_login_state') }} as user_login_state,
        {{ first_known('events.device_type') }} as device_type,
        {{ first_known('events.page_path') }} as landing_page_path,
        {{ last_known('events.page_path') }} as exit_page_path,
        {{ first_known('events.page_event_id') }} as entry_event_id,
        count(*) as event_count,
        count(page_views.event_name) as page_view_count,
        count(*) filter (where events.event_name = 'product_view') as product_view_count,
        count(*) filter (where events.event_name = 'add_to_cart_click') as add_to_cart_count,
        count(*) filter (where events.event_name = 'checkout_start') as checkout_start_count,
        count(orders.event_id) as order_count,
        coalesce(sum(events.order_total) filter (where orders.event_id is not null), 0) as revenue,
        bool_or(events.is_bot) as is_bot,
        min(events.event_timestamp) as started_at,
        max(events.event_timestamp) as ended_at
    from events
    left join page_views on events.event_name = page_views.sent_name
    left join orders
        on
            events.visitor_id = orders.visitor_id
            and events.event_id = orders.event_id
    group by 1, 2
),

final as (
    select
        aggregated.*,
        entry_events.page_url as entry_page_url,
        entry_events.page_host as entry_page_host,
        entry_events.referrer_host,
        entry_events.utm_source,
        entry_events.utm_medium,
        entry_events.utm_campaign,
        entry_events.utm_term,
        entry_events.utm_content
    from aggregated
    left join entry_events
        on
            aggregated.visitor_id = entry_events.visitor_id
            and aggregated.entry_event_id = entry_events.event_id
)

select * from final
