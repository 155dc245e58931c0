{{
    config(
        materialized='incremental',
        incremental_strategy='replace_recut',
        indexes=[{'columns': ['load_id']}, {'columns': ['visitor_id', 'event_timestamp']}],
    )
}}

with

new_events as (
    select
        *,
        null::text as session_key,
        null::timestamptz as visit_started_at
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
        select later.*
        from touched_visitors
        cross join lateral (
            select held.*
            from {{ this }} as held
            where
                held.visitor_id = touched_visitors.visitor_id
                and held.event_timestamp >= touched_visitors.since
            {{ each_by_itself() }}
        ) as later
    ),

    -- What the new events may continue. One event tells, as it knows its session: history is not read again.
    earlier_events as (
        select earlier.*
        from touched_visitors
        cross join lateral (
            select held.*
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

-- A pause of exactly the longest allowed does not end a visit.
paused as (
    select
        *,
        coalesce(
            event_timestamp - lag(event_timestamp) over visitor_order
            > interval '{{ var("session_gap_seconds") }} seconds',
            true
        ) as begins_visit
    from events
    window visitor_order as (
        partition by visitor_id
        order by event_timestamp, received_at, object_key, line_number
    )
),

begun as (
    select
        *,
        max(case when is_earlier then visit_started_at when begins_visit then event_timestamp end) over (
            partition by visitor_id
            order by event_timestamp, received_at, object_key, line_number
        ) as begun_at
    from paused
),

-- What never pauses, as a screen in a shop window or an id that many browsers share, must not be one session for ever.
cut as (
    select
        *,
        date_bin(interval '{{ var("session_max_hours") }} hours', event_timestamp, begun_at) as session_begun_at
    from begun
),

-- A session is called after its first event, so its key changes only when late data puts another one there.
keyed as (
    select
        *,
        first_value(case when is_earlier then session_key else md5(array[visitor_id, event_id]::text) end) over (
            partition by visitor_id, session_begun_at
            order by event_timestamp, received_at, object_key, line_number
        ) as new_session_key
    from cut
),

final as (
    select
        event_id,
        visitor_id,
        event_timestamp,
        received_at,
        object_key,
        line_number,
        load_id,
        new_session_key as session_key,
        begun_at as visit_started_at
    from keyed
    where (session_key, visit_started_at) is distinct from (new_session_key, begun_at)
)

select * from final
