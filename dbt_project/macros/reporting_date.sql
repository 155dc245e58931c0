{# The calendar day of an instant where the shop's people live. #}
{% macro reporting_date(instant) -%}
    ({{ instant }} at time zone '{{ var("reporting_timezone") }}')::date
{%- endmacro %}
