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
    {% if is_incremental() %}
        where session_key = any(array(select sessions.session_key from sessions))
    {% endif %}
),

funnel_steps as (
    select * from {{ ref('funnel_steps') }}
),

funnel_lengths as (
    select
        funnel_name,
        max(step_number) as step_count
    from {{ ref('funnel_steps') }}
    group by 1
),

candidates as (
    select
        events.visitor_id,
        events.session_key,
        funnel_steps.funnel_name,
        funnel_steps.step_number,
        events.event_timestamp,
        -- The one order as a number: what is later is greater.
        dense_rank() over (
            partition by events.visitor_id, events.session_key
            order by events.event_timestamp, events.received_at, events.object_key, events.line_number
        ) as place
    from events
    inner join funnel_steps on events.event_name = funnel_steps.event_name
),

-- The earliest event that does the first step; after it the earliest that does the second; and so on.
step_1 as (
    select
        visitor_id,
        session_key,
        funnel_name,
        min(place) as place,
        min(event_timestamp) as reached_at
    from candidates
    where step_number = 1
    group by 1, 2, 3
),

{% for number in range(2, var('funnel_max_steps') + 1) %}
    step_{{ number }} as (
        select
            candidates.visitor_id,
            candidates.session_key,
            candidates.funnel_name,
            min(candidates.place) as place,
            min(candidates.event_timestamp) as reached_at
        from step_{{ number - 1 }} as before
        inner join candidates
            on
                before.visitor_id = candidates.visitor_id
                and before.session_key = candidates.session_key
                and before.funnel_name = candidates.funnel_name
                and before.place < candidates.place
        where candidates.step_number = {{ number }}
        group by 1, 2, 3
    ),
{% endfor %}

reached as (
    {% for number in range(1, var('funnel_max_steps') + 1) %}
        {{ 'union all' if not loop.first }}
        select *, {{ number }} as step_number from step_{{ number }}
    {% endfor %}
),

passed as (
    select
        visitor_id,
        session_key,
        funnel_name,
        count(*) as steps_reached,
        array_agg(reached_at order by step_number) as step_timestamps
    from reached
    group by 1, 2, 3
),

done as (
    select
        visitor_id,
        session_key,
        funnel_name,
        array_agg(distinct step_number order by step_number) as open_steps
    from candidates
    group by 1, 2, 3
),

final as (
    select
        sessions.session_key,
        sessions.visitor_id,
        done.funnel_name,
        coalesce(passed.steps_reached, 0) as steps_reached,
        coalesce(passed.steps_reached = funnel_lengths.step_count, false) as is_completed,
        done.open_steps,
        coalesce(passed.step_timestamps, '{}') as step_timestamps,
        sessions.started_date,
        sessions.started_at,
        sessions.ended_at
    from done
    inner join sessions
        on
            done.visitor_id = sessions.visitor_id
            and done.session_key = sessions.session_key
    inner join funnel_lengths on done.funnel_name = funnel_lengths.funnel_name
    left join passed
        on
            done.visitor_id = passed.visitor_id
            and done.session_key = passed.session_key
            and done.funnel_name = passed.funnel_name
)

select * from final
