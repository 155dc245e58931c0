{# Parts of an address. What is no address has no parts; nothing here can fail. #}

{# An address without its query and fragment. #}
{% macro url_address(url) -%}
    split_part(split_part({{ url }}, '#', 1), '?', 1)
{%- endmacro %}

{# What stands between the first ? and the fragment, in which a ? is like any other character. #}
{% macro url_query(url) -%}
    substr(split_part({{ url }}, '#', 1), length({{ url_address(url) }}) + 2)
{%- endmacro %}

{# What stands between // and the first /, of any scheme: apps refer as android-app://name. #}
{% macro url_authority(address) -%}
    case
        when {{ address }} like '%://%' and {{ address }} not like '/%'
            then split_part(split_part({{ address }}, '://', 2), '/', 1)
    end
{%- endmacro %}

{# Without the user and the port that may stand beside it. #}
{% macro host_of_authority(authority) -%}
    nullif(lower(split_part(split_part({{ authority }}, '@', -1), ':', 1)), '')
{%- endmacro %}

{# Of a whole address, or of one that begins with its path; / where an address has none. #}
{% macro url_path(address, authority) -%}
    case
        when {{ address }} like '/%' then {{ address }}
        when {{ authority }} <> ''
            then '/' || substr({{ address }}, strpos({{ address }}, '://') + length({{ authority }}) + 4)
    end
{%- endmacro %}

{# The value of a parameter of a query, decoded; the first where it stands twice; NULL where it is empty. #}
{% macro url_parameter(query, name) -%}
    {%- set value = "split_part(split_part('&' || " ~ query ~ ", '&" ~ name ~ "=', 2), '&', 1)" -%}
    case when strpos({{ query }}, '{{ name }}=') > 0 then nullif({{ url_decode(value) }}, '') end
{%- endmacro %}

{#
    Percent-encoded UTF-8 as text. What does not decode to text that PostgreSQL can hold stays as it was sent.
    Without a subquery, which would keep whatever reads it from more than one process.
#}
{% macro url_decode(text) -%}
    {%- set octets = "convert_to(" ~ url_octets(text) ~ ", 'LATIN1')" -%}
    case
        when strpos({{ text }}, '%') = 0 then replace({{ text }}, '+', ' ')
        when strpos({{ text }}, '%00') > 0 then {{ text }}
        when encode({{ octets }}, 'hex') ~ {{ utf8_in_hexadecimal() }} then convert_from({{ octets }}, 'UTF8')
        else {{ text }}
    end
{%- endmacro %}

{# One character per octet, whatever octets make in UTF-8. JSON knows characters by their hexadecimal number. #}
{% macro url_octets(text) -%}
    (
        regexp_replace(
            to_json(convert_from(convert_to(replace({{ text }}, '+', ' '), 'UTF8'), 'LATIN1'))::text,
            '%([0-9A-Fa-f]{2})',
            '\\u00\1',
            'g'
        )::jsonb #>> '{}'
    )
{%- endmacro %}

{% macro utf8_in_hexadecimal() -%}
    (
        '^(0[1-9a-f]|[1-7].|(c[2-9a-f]|d.)[89ab].|e0[ab].[89ab].|e[1-9a-cef]([89ab].){2}|ed[89].[89ab].'
        || '|f0[9ab].([89ab].){2}|f[1-3]([89ab].){3}|f48.([89ab].){2})*$'
    )
{%- endmacro %}
