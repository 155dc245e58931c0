{{
    config(
        materialized='incremental',
        incremental_strategy='replace_spans',
        indexes=[{'columns': ['visitor_id', 'started_at']}, {'columns': ['session_key']}, {'columns': ['started_date']}],
    )
}}

with

sessions as (
    select * from {{ ref('sessions') }}
    where {{ is_new('load_id') }}
),

events as (
    select * from {{ ref('clickstream_events') }}
),

pages as (
    select * from {{ ref('event_names') }}
    where page_type is not null
),

nodes as (
    select
        sessions.visitor_id,
        sessions.session_key,
        sessions.is_bot,
        sessions.started_date,
        sessions.started_at,
        sessions.ended_at,
        coalesce(pages.page_type, events.event_name) as node,
        row_number() over session_order as place,
        lag(coalesce(pages.page_type, events.event_name)) over session_order as previous_node
    from sessions
    inner join events
        on
            sessions.visitor_id = events.visitor_id
            and sessions.session_key = events.session_key
    left join pages on events.event_name = pages.sent_name
    window session_order as (
        partition by events.visitor_id, events.session_key
        order by events.event_timestamp, events.received_at, events.object_key, events.line_number
    )
),

-- Staying on a page is no step.
steps as (
    select
        *,
        row_number() over (partition by visitor_id, session_key order by place) as step_number
    from nodes
    where node is distinct from previous_node
),

final as (
    select
        visitor_id,
        session_key,
        is_bot,
        started_date,
        started_at,
        ended_at,
        array_agg(node order by step_number) as nodes
    from steps
    where step_number <= {{ var('journey_steps_kept') }}
    group by 1, 2, 3, 4, 5, 6
)

select * from final
