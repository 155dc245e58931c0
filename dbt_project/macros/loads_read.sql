{#
    How incremental models know what is new. Each notes in int_loads_read, in the transaction that builds it, how far
    it has read: a run that is killed leaves the note and the rows, or neither. No model reads further than those it
    reads from, so a run of a part of the project leaves nothing out that a later run would not see.
#}

{#
    Two runs at once would both add what they both see as new, or build one table under one name. The second waits, and
    sees what is there then. Readers do not wait.
#}
{% macro take_turns() -%}
    {%- set takes_turns = execute and (model.config.materialized == 'table' or notes_reading()) -%}
    {%- set held = load_cached_relation(this) if takes_turns -%}
    {%- if held and not held.is_view -%}
        lock table {{ this }} in share row exclusive mode
    {%- endif -%}
{%- endmacro %}

{# A model that is built anew has seen nothing yet. #}
{% macro note_loads_read() -%}
    {%- if notes_reading() -%}
        {%- set parents = parents_noted(model) -%}
        insert into {{ relation_named('int_loads_read') }} as noted (model_name, seen_load_id, load_id)
        select
            '{{ model.name }}',
            0,
            least(
                {%- for parent in parents %}
                {%- if parent == 'int_loads_fixed' %}
                (select fixed.load_id from {{ relation_named(parent) }} as fixed)
                {%- else %}
                coalesce(
                    (
                        select parent.load_id
                        from {{ relation_named('int_loads_read') }} as parent
                        where parent.model_name = '{{ parent }}'
                    ),
                    0
                )
                {%- endif %}
                {{- ',' if not loop.last }}
                {%- endfor %}
            )
        on conflict (model_name) do update
        set
            seen_load_id = {{ 'noted.load_id' if is_incremental() else 0 }},
            load_id = greatest({{ 'noted.load_id' if is_incremental() else 0 }}, excluded.load_id)
    {%- endif -%}
{%- endmacro %}

{# A condition on rows: they came with loads that this model has not seen before this run. #}
{% macro is_new(load_id) -%}
    {%- set loads_read = ref('int_loads_read') -%}
    {%- if is_incremental() -%}
        {{ load_id }} = {{ new_loads(loads_read) }}
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{# An array, so that PostgreSQL looks up each load in an index, however much history there is. #}
{% macro new_loads(loads_read, model_name=this.identifier) -%}
    any(array(
        select generate_series(noted.seen_load_id + 1, noted.load_id)
        from {{ loads_read }} as noted
        where noted.model_name = '{{ model_name }}'
    ))
{%- endmacro %}

{% macro notes_reading() -%}
    {{ return(execute and is_noted(model)) }}
{%- endmacro %}

{# Tables that are built whole see all that is there; how far that went is what incremental ones below ask. #}
{% macro is_noted(node) -%}
    {{ return(node.config.materialized in ('incremental', 'table') and reads_loads(node)) }}
{%- endmacro %}

{# Thousands of ways may lead up to where loads are fixed: the first to be found is enough. #}
{% macro reads_loads(node) -%}
    {%- for parent_id in node.depends_on.nodes if parent_id.startswith('model.') -%}
        {%- set parent = graph.nodes[parent_id] -%}
        {%- if parent.name == 'int_loads_fixed' or reads_loads(parent) -%}
            {{ return(true) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(false) }}
{%- endmacro %}

{# The nearest models above that note what they read, be it through views. #}
{% macro parents_noted(node) -%}
    {%- set found = [] -%}
    {%- for parent_id in node.depends_on.nodes if parent_id.startswith('model.') -%}
        {%- set parent = graph.nodes[parent_id] -%}
        {%- if parent.config.materialized == 'view' -%}
            {%- do found.extend(parents_noted(parent)) -%}
        {%- elif parent.name == 'int_loads_fixed' or is_noted(parent) -%}
            {%- do found.append(parent.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found | unique | sort) }}
{%- endmacro %}

{# Hooks may not use ref(): they belong to all models, and would make each depend on it. #}
{% macro relation_named(name) -%}
    {%- set node = graph.nodes['model.' ~ project_name ~ '.' ~ name] -%}
    {{ return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) }}
{%- endmacro %}

{# Daily models compute a whole date anew as soon as any of its sessions has changed. #}
{% macro where_touched(date_column) -%}
    {%- if is_incremental() -%}
        where {{ date_column }} = any(array(select touched_dates.activity_date from touched_dates))
    {%- endif -%}
{%- endmacro %}

{# The same of int_events_of_people. That a session goes on for days at most lets PostgreSQL leave the others alone. #}
{% macro where_events_touched() -%}
    {{ where_touched('event_date') }}
    {%- if is_incremental() %}
        and session_date = any(array(
            select touched_dates.activity_date - days.before
            from touched_dates
            cross join generate_series(0, ceil({{ var('session_max_hours') }} / 24.0)::integer + 1) as days (before)
        ))
    {%- endif -%}
{%- endmacro %}
