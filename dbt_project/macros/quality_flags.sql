{# The names of the columns that something was sent for, but nothing that fits. #}
{% macro unfit_columns(sent, typed, columns) -%}
    array_remove(array[
        {%- for column in columns | sort %}
        case when {{ typed }}.{{ column }} is null and {{ sent }}.{{ column }} is not null then '{{ column }}' end
        {{- ',' if not loop.last }}
        {%- endfor %}
    ], null)
{%- endmacro %}

{# The same names in the one order, whatever the database's collation. #}
{% macro sorted_flags(flags) -%}
    array(select flag from unnest({{ flags }}) as flag order by flag collate "C")
{%- endmacro %}
