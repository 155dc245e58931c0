{# 1 to 5, by the share of the other rows that have less. In whole numbers, so that no rounding decides. #}
{% macro score_of_five(column) -%}
    least(5, 1 + 5 * (rank() over (order by {{ column }}) - 1) / greatest(count(*) over () - 1, 1))::integer
{%- endmacro %}
