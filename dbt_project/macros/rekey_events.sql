{# Late events may give a session another first event, and so another key: the rows that are held follow. #}
{% macro rekey_events() -%}
    {%- if is_incremental() -%}
        {%- set sessionized = relation_named('int_events_sessionized') -%}
        with

        touched_visitors as (
            select
                sessionized.visitor_id,
                min(sessionized.event_timestamp) as since
            from {{ sessionized }} as sessionized
            where sessionized.load_id = {{ new_loads(relation_named('int_loads_read')) }}
            group by 1
        ),

        later_events as (
            select later.*
            from touched_visitors
            cross join lateral (
                select
                    sessionized.event_id,
                    sessionized.session_key
                from {{ sessionized }} as sessionized
                where
                    sessionized.visitor_id = touched_visitors.visitor_id
                    and sessionized.event_timestamp >= touched_visitors.since
                {{ each_by_itself() }}
            ) as later
        )

        update {{ this }} as held
        set session_key = later_events.session_key
        from later_events
        where
            -- The array is what makes PostgreSQL look them up, however much history there is.
            held.event_id = any(array(select later_events.event_id from later_events))
            and held.event_id = later_events.event_id
            and held.session_key <> later_events.session_key
    {%- endif -%}
{%- endmacro %}
