{#
    The next model reads what this one has written before PostgreSQL would come to look at it by itself, and would be
    planned as if there was nothing, or nothing known of it, as creating an index tells the size but no more: a first
    load into an empty warehouse, or months loaded at once, would take hours.
#}
{% macro analyze_when_grown() -%}
    {%- if execute and model.config.materialized in ('table', 'incremental') -%}
        {%- set growth = run_query(
            "select pg_relation_size(oid) > 1.1 * (relpages + 8) * current_setting('block_size')::bigint "
            ~ "or not exists (select 1 from pg_stats where schemaname = '" ~ this.schema ~ "' and tablename = '"
            ~ this.identifier ~ "') from pg_class where oid = '" ~ this ~ "'::regclass"
        ) -%}
        {%- if growth[0][0] -%}
            analyze {{ this }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
