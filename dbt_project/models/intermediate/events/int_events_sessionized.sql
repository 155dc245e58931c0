{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='event_id',
        indexes=[{'columns': ['event_id']}, {'columns': ['load_id']}, {'columns': ['visitor_id', 'event_timestamp']}],
    )
}}

with

new_events as (
    select
        *,
        null::text as held_key
    from {{ ref('int_events_deduplicated') }}
    where {{ is_new('load_id') }}
),

{% if is_incremental() %}
    touched_visitors as (
        select
            visitor_id,
            min(event_timestamp) as since
        from new_events
        group by visitor_id
    ),

    -- What the new events may join, or begin before: all that the visitor did later.
    later_events as (
        select
            held.event_id,
            held.visitor_id,
            held.event_timestamp,
            held.received_at,
            held.object_key,
            held.line_number,
            held.load_id,
            held.session_key as held_key
        from touched_visitors
        inner join {{ this }} as held
            on
                touched_visitors.visitor_id = held.visitor_id
                and touched_visitors.since <= held.event_timestamp
    ),

    -- What the new events may continue. One event tells, as it knows its session: history is not read again.
    earlier_events as (
        select earlier.*
        from touched_visitors
        cross join lateral (
            select
                held.event_id,
                held.visitor_id,
                held.event_timestamp,
                held.received_at,
                held.object_key,
                held.line_number,
                held.load_id,
                held.session_key as held_key
            from {{ this }} as held
            where
                held.visitor_id = touched_visitors.visitor_id
                and held.event_timestamp < touched_visitors.since
            order by held.event_timestamp desc
            limit 1
        ) as earlier
    ),
{% endif %}

events as (
    select
        *,
        false as is_earlier
    from new_events
    {% if is_incremental() %}
        where event_id not in (select later_events.event_id from later_events)
        union all
        select
            *,
            false as is_earlier
        from later_events
        union all
        select
            *,
            true as is_earlier
        from earlier_events
    {% endif %}
),

-- A pause of exactly the longest allowed does not end a session.
cut as (
    select
        *,
        coalesce(
            event_timestamp - lag(event_timestamp) over visitor_order
            > interval '{{ var("session_gap_seconds") }} seconds',
            true
        ) as is_first_of_session
    from events
    window visitor_order as (
        partition by visitor_id
        order by event_timestamp, received_at, object_key, line_number
    )
),

numbered as (
    select
        *,
        count(*) filter (where is_first_of_session) over (
            partition by visitor_id
            order by event_timestamp, received_at, object_key, line_number
        ) as session_place
    from cut
),

-- A session is called after its first event, so its key changes only when late data puts another one there.
keyed as (
    select
        *,
        first_value(case when is_earlier then held_key else md5(array[visitor_id, event_id]::text) end) over (
            partition by visitor_id, session_place
            order by event_timestamp, received_at, object_key, line_number
        ) as session_key
    from numbered
),

final as (
    select
        event_id,
        visitor_id,
        session_key,
        event_timestamp,
        received_at,
        object_key,
        line_number,
        load_id
    from keyed
    where session_key is distinct from held_key
)

select * from final
