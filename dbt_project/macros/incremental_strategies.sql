{# Rows whose key is among the touched ones make room for those of this run, also where this run has none for a key. #}
{% macro get_incremental_replace_touched_sql(arguments) %}
    {%- set key = arguments.unique_key -%}
    {%- set touched = relation_named(config.require('meta').touched_in) %}

    delete from {{ arguments.target_relation }}
    where {{ key }} = any(array(
        select touched.{{ key }}
        from {{ touched }} as touched
        where touched.load_id = {{ new_loads(relation_named('int_loads_read')) }}
    ));

    {{ get_insert_into_sql(arguments.target_relation, arguments.temp_relation, arguments.dest_columns) }}
{% endmacro %}

{# An event takes its own place, found by its visitor and time: by id, each would be a page of an index of all history. #}
{% macro get_incremental_replace_recut_sql(arguments) %}
    delete from {{ arguments.target_relation }} as held
    using {{ arguments.temp_relation }} as recut
    where
        held.visitor_id = recut.visitor_id
        and held.event_timestamp = recut.event_timestamp
        and held.event_id = recut.event_id;

    {{ get_insert_into_sql(arguments.target_relation, arguments.temp_relation, arguments.dest_columns) }}
{% endmacro %}

{# A session takes the place of every session that began within its span: late events may have joined them. #}
{% macro get_incremental_replace_spans_sql(arguments) %}
    delete from {{ arguments.target_relation }} as held
    using {{ arguments.temp_relation }} as recut
    where
        held.visitor_id = recut.visitor_id
        and held.started_at between recut.started_at and recut.ended_at;

    {{ get_insert_into_sql(arguments.target_relation, arguments.temp_relation, arguments.dest_columns) }}
{% endmacro %}

{# What happened within sessions that have changed makes room, also where this run has none of it for a session. #}
{% macro get_incremental_replace_within_sessions_sql(arguments) %}
    delete from {{ arguments.target_relation }} as held
    using {{ relation_named('sessions') }} as changed
    where
        changed.load_id = {{ new_loads(relation_named('int_loads_read')) }}
        and held.visitor_id = changed.visitor_id
        and held.{{ config.require('meta').happened_at }} between changed.started_at and changed.ended_at;

    {{ get_insert_into_sql(arguments.target_relation, arguments.temp_relation, arguments.dest_columns) }}
{% endmacro %}
