{#
    Data tests look at what the last run has changed, so that an hour costs the same however much history there is.
    Those tagged daily look at everything.
#}
{% macro postgres__get_where_subquery(relation) -%}
    {%- set node = graph.nodes.get('model.' ~ project_name ~ '.' ~ relation.identifier) if execute -%}
    {%- set columns = node.columns if node else {} -%}
    {%- if config.get('where') -%}
        {{ return(default__get_where_subquery(relation)) }}
    {%- elif 'daily' in config.get('tags', [])
        or not ('load_id' in columns or 'activity_date' in columns)
        or node.config.materialized != 'incremental'
        or not is_noted(node) -%}
        {{ return(relation) }}
    {%- endif -%}
    {%- set changed -%}
        (
            select *
            from {{ relation }}
            where {{ changed_rows(relation.identifier, columns) }}
        ) as changed
    {%- endset -%}
    {{ return(changed) }}
{%- endmacro %}

{% macro changed_rows(model_name, columns) -%}
    {%- set new_loads = new_loads(relation_named('int_loads_read'), model_name) -%}
    {%- if 'load_id' in columns -%}
        load_id = {{ new_loads }}
    {%- else -%}
        activity_date = any(array(
            select touched.activity_date
            from {{ relation_named('int_dates_touched') }} as touched
            where touched.load_id = {{ new_loads }}
        ))
    {%- endif -%}
{%- endmacro %}
