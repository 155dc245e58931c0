{# What was just built is read next, before PostgreSQL would look at it by itself. Later it does so often enough. #}
{% macro analyze_when_new() -%}
    {%- if model.config.materialized == 'table' or model.config.materialized == 'incremental' and not is_incremental() -%}
        analyze {{ this }}
    {%- endif -%}
{%- endmacro %}
