{{
    config(
        incremental_strategy='replace_spans',
        indexes=[{'columns': ['session_key']}, {'columns': ['visitor_id', 'started_at']}, {'columns': ['started_date']}],
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

funnels as (
    select
        funnel_name,
        array_agg(event_name order by step_number) as step_names
    from {{ ref('funnel_steps') }}
    group by funnel_name
),

-- Of each session, the events that any step asks for, in the one order.
candidates as (
    select
        sessions.session_key,
        sessions.visitor_id,
        sessions.started_date,
        sessions.started_at,
        sessions.ended_at,
        funnels.funnel_name,
        funnels.step_names,
        array_agg(
            events.event_name
            order by events.event_timestamp, events.received_at, events.object_key, events.line_number
        ) as event_names,
        array_agg(
            events.event_timestamp
            order by events.event_timestamp, events.received_at, events.object_key, events.line_number
        ) as event_timestamps
    from sessions
    inner join events
        on
            sessions.visitor_id = events.visitor_id
            and sessions.session_key = events.session_key
    inner join funnels on events.event_name = any(funnels.step_names)
    group by
        sessions.session_key,
        sessions.visitor_id,
        sessions.started_date,
        sessions.started_at,
        sessions.ended_at,
        funnels.funnel_name,
        funnels.step_names
),

-- The earliest event that does the first step; after it the earliest that does the second; and so on.
walked as (
    select
        candidates.*,
        array_remove(array[
            {% for number in range(1, var('funnel_max_steps') | int + 1) %}
                step_{{ number }}.place{{ ',' if not loop.last }}
            {% endfor %}
        ], null) as places
    from candidates
    cross join lateral (select array_position(candidates.event_names, candidates.step_names[1]) as place) as step_1
    {% for number in range(2, var('funnel_max_steps') | int + 1) %}
        cross join lateral (
            select
                case
                    when step_{{ number - 1 }}.place is not null and candidates.step_names[{{ number }}] is not null
                        then array_position(
                            candidates.event_names, candidates.step_names[{{ number }}], step_{{ number - 1 }}.place + 1
                        )
                end as place
            limit all offset 0
        ) as step_{{ number }}
    {% endfor %}
),

final as (
    select
        walked.session_key,
        walked.visitor_id,
        walked.funnel_name,
        cardinality(walked.places) as steps_reached,
        cardinality(walked.places) = cardinality(walked.step_names) as is_completed,
        array(
            select steps.step_number::integer
            from unnest(walked.step_names) with ordinality as steps (event_name, step_number)
            where steps.event_name = any(walked.event_names)
            order by steps.step_number
        ) as open_steps,
        array(
            select walked.event_timestamps[places.place]
            from unnest(walked.places) as places (place)
            order by places.place
        ) as step_timestamps,
        walked.started_date,
        walked.started_at,
        walked.ended_at
    from walked
)

select * from final
