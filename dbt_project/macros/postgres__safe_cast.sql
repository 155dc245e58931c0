{# dbt's unit tests cast to what PostgreSQL calls a column's type, and it calls every array ARRAY. Ours hold text. #}
{% macro postgres__safe_cast(field, type) -%}
    cast({{ field }} as {{ 'text[]' if type == 'ARRAY' else type }})
{%- endmacro %}
