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

{# Likewise as text, of whatever type it is. #}
{% macro json_field_text(document) -%}
    coalesce({% for name in varargs %}{{ document }} ->> '{{ name }}'{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{# A field's trimmed text; a blank, which fits no column, if the field is of none of these JSON types. #}
{% macro text_or_blank(text, field, types) -%}
    {%- set types = types or ['string', 'number'] -%}
    case
        when {{ may_be_of_another_type(text, types) }}
            and jsonb_typeof({{ field }}) not in ('{{ types | join("', '") }}')
            then ' '
        else nullif(btrim({{ text }}, e' \t\r\n'), '')
    end
{%- endmacro %}

{# A first character is quicker to see than a type, and tells all types from one another but for strings. #}
{% macro may_be_of_another_type(text, types) -%}
    {%- set beginnings = {'object': '{', 'array': '[', 'boolean': 'tf', 'number': '-0123456789'} -%}
    {%- set others = [] -%}
    {%- for type, characters in beginnings.items() if type not in types -%}
        {%- do others.extend(characters) -%}
    {%- endfor -%}
    ascii({{ text }}) in ({% for other in others %}ascii('{{ other }}'){{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}
