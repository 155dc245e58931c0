{# The instant at which a day ends where the shop's people live: the midnight that follows it. #}
{% macro reporting_day_end(day) -%}
    (({{ day }} + 1)::timestamp at time zone '{{ var("reporting_timezone") }}')
{%- endmacro %}
