{# The first or the last value of a column that is known, of rows that are numbered by place. #}

{% macro first_known(column) -%}
    (array_agg({{ column }} order by place) filter (where {{ column }} is not null))[1]
{%- endmacro %}

{% macro last_known(column) -%}
    (array_agg({{ column }} order by place desc) filter (where {{ column }} is not null))[1]
{%- endmacro %}
