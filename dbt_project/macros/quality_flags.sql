{# The names of the columns that something was sent for, but nothing that fits. Few rows have any: NULLs are counted first. #}
{% macro unfit_columns(sent, typed, columns, suffix='') -%}
    case
        when
            num_nulls({% for column in columns %}{{ sent }}.{{ column }}{{ suffix }}{{ ', ' if not loop.last }}{% endfor %})
            < num_nulls({% for column in columns %}{{ typed }}.{{ column }}{{ ', ' if not loop.last }}{% endfor %})
            then array_remove(array[
                {%- for column in columns | sort %}
                case
                    when {{ typed }}.{{ column }} is null and {{ sent }}.{{ column }}{{ suffix }} is not null
                        then '{{ column }}'
                end
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
