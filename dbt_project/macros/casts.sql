{#
    From trimmed text to a type, or NULL: no text makes these fail, on any version of PostgreSQL.
    A CASE is what keeps a cast from being tried before its guard. Guards compare shapes, in which every digit is 0:
    that is several times faster than a regular expression, and means ASCII digits in every locale.
#}

{% macro shape(text) -%}
    translate({{ text }}, '123456789', '000000000')
{%- endmacro %}

{# Digits, with or without a fraction. The first part is short, the second one does not have to be. #}
{% macro is_number(text, max_digits) -%}
    length({{ text }}) <= 60
    and translate({{ text }}, '0123456789', '') in ('', '.')
    and length(split_part({{ text }}, '.', 1)) between 1 and {{ max_digits }}
{%- endmacro %}

{% macro to_text(text, max_characters) -%}
    case when length({{ text }}) <= {{ max_characters }} then {{ text }} end
{%- endmacro %}

{# Money and the like: never negative, kept to four decimals. #}
{% macro to_amount(text) -%}
    (case when {{ is_number(text, 12) }} then {{ text }}::numeric end)::numeric(18, 4)
{%- endmacro %}

{# A whole number of things; 2.0 is 2. #}
{% macro to_count(text) -%}
    case
        when {{ is_number(text, 9) }} and translate(split_part({{ text }}, '.', 2), '0', '') = ''
            then split_part({{ text }}, '.', 1)::integer
    end
{%- endmacro %}

{% macro to_boolean(text) -%}
    case
        when lower({{ text }}) in ('true', '1') then true
        when lower({{ text }}) in ('false', '0') then false
    end
{%- endmacro %}

{# ISO 8601 with an offset, or seconds (up to 11 digits) or milliseconds since 1970. #}
{% macro to_instant(text) -%}
    case
        when {{ is_iso_instant(text) }} then {{ text }}::timestamptz
        when {{ is_number(text, 11) }} then to_timestamp({{ text }}::double precision)
        when {{ is_number(text, 13) }} then to_timestamp({{ text }}::double precision / 1000)
    end
{%- endmacro %}

{# A day that exists between 1970 and 2099, a time of day to the minute or better, and Z or an offset. #}
{% macro is_iso_instant(text) -%}
    length({{ text }}) <= 40
    and (
        {{ shape(text) }} = '0000-00-00T00:00:00.000Z'
        or {{ shape(text) }} ~ '^0000-00-00[T ]00:00(:00([.]0+)?)?(Z|[+-]00:?00)$'
    )
    and substr({{ text }}, 1, 4) between '1970' and '2099'
    and substr({{ text }}, 6, 2) between '01' and '12'
    and substr({{ text }}, 9, 2) between '01' and '31'
    and substr({{ text }}, 6, 5) not in ('02-30', '02-31', '04-31', '06-31', '09-31', '11-31')
    and (substr({{ text }}, 6, 5) <> '02-29' or substr({{ text }}, 3, 2) ~ '([02468][048]|[13579][26])')
    and substr({{ text }}, 12, 2) <= '23'
    and substr({{ text }}, 15, 2) <= '59'
    and substr({{ text }}, 18, 2) <= '59'
    and (right({{ text }}, 1) = 'Z' or (right({{ text }}, 2) <= '59' and {{ offset_hour(text) }} <= '14'))
{%- endmacro %}

{# In +0530 and +05:30. #}
{% macro offset_hour(text) -%}
    left(split_part(translate(substr({{ text }}, 17), '-', '+'), '+', 2), 2)
{%- endmacro %}

{# As sent; a UUID in lower case, as browsers and databases do not agree on one. #}
{% macro to_event_id(text, max_characters) -%}
    case
        when length({{ text }}) = 36 and translate(lower({{ text }}), '0123456789abcdef', '') = '----'
            then lower({{ text }})
        else {{ to_text(text, max_characters) }}
    end
{%- endmacro %}

{# One word of a closed list, however it is spelled. #}
{% macro to_one_of(text, words) -%}
    case
        when {{ text }} in ('{{ words | join("', '") }}') then {{ text }}
        when {{ snake_case(text) }} in ('{{ words | join("', '") }}') then {{ snake_case(text) }}
    end
{%- endmacro %}

{# loggedIn, logged-in and LOGGED IN are logged_in. #}
{% macro snake_case(text) -%}
    lower(translate(regexp_replace({{ text }}, '([a-z0-9])([A-Z])', '\1_\2', 'g'), ' ./:-', '_____'))
{%- endmacro %}

{# The hour that an object's key names, when there is such an hour. #}
{% macro object_hour(object_key) -%}
    {%- set hour -%}
    translate(substr({{ object_key }}, 8, 10), '/', '-') || 'T' || substr({{ object_key }}, 19, 2) || ':00:00.000Z'
    {%- endset -%}
    case
        when {{ object_key }} like 'events/____/__/__/__/%' and {{ is_iso_instant('(' ~ hour ~ ')') }}
            then ({{ hour }})::timestamptz
    end
{%- endmacro %}
