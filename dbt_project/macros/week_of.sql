{# The Monday of the week in which a date lies. #}
{% macro week_of(date) -%}
    date_trunc('week', {{ date }}::timestamp)::date
{%- endmacro %}
