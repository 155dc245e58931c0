{#
    The names of the columns that something was sent for, but nothing that fits. What was sent stands in a column of the
    same name and this suffix. Few rows have any: NULLs are counted first.
#}
{% macro unfit_columns(suffix, columns) -%}
    case
        when
            num_nulls({% for column in columns %}{{ column }}{{ suffix }}{{ ', ' if not loop.last }}{% endfor %})
            < num_nulls({{ columns | join(', ') }})
            then array_remove(array[
                {%- for column in columns | sort %}
                case when {{ column }} is null and {{ column }}{{ suffix }} is not null then '{{ column }}' end
                {{- ',' if not loop.last }}
                {%- endfor %}
            ], null)
        else array[]::text[]
    end
{%- endmacro %}

{# The same names in the one order, whatever the database's collation. #}
{% macro sorted_flags(flags) -%}
    array(select flag from unnest({{ flags }}) as flag order by flag collate "C")
{%- endmacro %}
