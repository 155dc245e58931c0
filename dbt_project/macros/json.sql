{# The only macros that know JSON. #}

{# The first of the given names that a document holds, as jsonb. JSON's null counts as absent. #}
{% macro json_field(document) -%}
    coalesce(
        {%- for name in varargs %}
        nullif({{ document }} -> '{{ name }}', 'null'::jsonb){{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# A value's trimmed text, if it is of these JSON types; blank text counts as absent. #}
{% macro json_text(value, types) -%}
    case
        when jsonb_typeof({{ value }}) in ('{{ (types or ['string', 'number']) | join("', '") }}')
            then nullif(btrim({{ value }} #>> '{}', e' \t\r\n'), '')
    end
{%- endmacro %}

{# The names of the columns for which an object or an array was sent, or a truth value that is none of theirs. #}
{% macro columns_without_text(fields, texts, columns) -%}
    array_remove(array[
        {%- for column in columns | sort %}
        case
            when {{ texts }}.{{ column }} is null and btrim({{ fields }}.{{ column }} #>> '{}', e' \t\r\n') <> ''
                then '{{ column }}'
        end{{ ',' if not loop.last }}
        {%- endfor %}
    ], null)
{%- endmacro %}
