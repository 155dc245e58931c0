{#
    From trimmed text to a type, or NULL: no text makes these fail, on any version of PostgreSQL.
    A CASE is what keeps a cast from being tried before its guard. Guards look texts up in lists, where these are short:
    that takes a fraction of what a regular expression does, and means ASCII in every locale.
#}

{# Digits, with or without a fraction. The first part is short, the second one does not have to be. #}
{% macro is_number(text, max_digits) -%}
    octet_length({{ text }}) <= 60
    and ({{ text }} !~ '[^0-9]' or translate({{ text }}, '0123456789', '') = '.')
    and octet_length(split_part({{ text }}, '.', 1)) between 1 and {{ max_digits }}
{%- endmacro %}

{# Characters are no more than bytes, which need not be counted. #}
{% macro is_short(text, max_characters) -%}
    (octet_length({{ text }}) <= {{ max_characters }} or length({{ text }}) <= {{ max_characters }})
{%- endmacro %}

{# A blank stands for what has no text. #}
{% macro to_text(text, max_characters) -%}
    case when {{ is_short(text, max_characters) }} and {{ text }} <> ' ' then {{ text }} end
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
        when {{ text }} like '____-__-_____:__%'
            then case when {{ is_iso_instant(text) }} then {{ text }}::timestamptz end
        when {{ is_number(text, 13) }}
            then to_timestamp(
                {{ text }}::double precision
                / case when octet_length(split_part({{ text }}, '.', 1)) <= 11 then 1 else 1000 end
            )
    end
{%- endmacro %}

{#
    Of text with its punctuation in place: a day that exists between 1970 and 2099, a time of day to the minute or better,
    and Z or an offset.
#}
{% macro is_iso_instant(text) -%}
    octet_length({{ text }}) <= 40
    and substr({{ text }}, 1, 4) in ({{ numerals(1970, 2099) }})
    and substr({{ text }}, 6, 5) in ({{ days_of_a_leap_year() }})
    and (substr({{ text }}, 6, 5) <> '02-29' or substr({{ text }}, 3, 2) ~ '([02468][048]|[13579][26])')
    and substr({{ text }}, 11, 3) in ({{ numerals(0, 23, prefix='T') }}, {{ numerals(0, 23, prefix=' ') }})
    and substr({{ text }}, 15, 2) in ({{ numerals(0, 59) }})
    and case
        when {{ text }} like '____-__-_____:__:__.___%' and substr({{ text }}, 24) in ({{ usual_offsets() }})
            then substr({{ text }}, 18, 2) in ({{ numerals(0, 59) }}) and substr({{ text }}, 21, 3) !~ '[^0-9]'
        else substr({{ text }}, 17) ~ '^(:[0-5][0-9]([.][0-9]+)?)?(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])$'
    end
{%- endmacro %}

{# From the first to the last, of two digits or more. #}
{% macro numerals(first, last, prefix='') -%}
    {%- for number in range(first, last + 1) -%}'{{ prefix }}{{ '%02d' % number }}'{{ ', ' if not loop.last }}{%- endfor -%}
{%- endmacro %}

{% macro usual_offsets() -%}
    'Z'
    {%- for sign in '+-' -%}
        {%- for hour in range(15) -%}
            {%- for minute in [0, 15, 30, 45] -%}, '{{ '%s%02d:%02d' % (sign, hour, minute) }}'{%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}

{% macro days_of_a_leap_year() -%}
    {%- for length in [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] -%}
        {%- set month = loop -%}
        {%- for day in range(1, length + 1) -%}
            '{{ '%02d-%02d' % (month.index, day) }}'{{ ', ' if not (month.last and loop.last) }}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}

{# As sent; a UUID in lower case, as browsers and databases do not agree on one. Most are in lower case already. #}
{% macro to_event_id(text, max_characters) -%}
    case
        when {{ text }} <> lower({{ text }} collate "C")
            and length({{ text }}) = 36 and translate(lower({{ text }}), '0123456789abcdef', '') = '----'
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

{# loggedIn, logged-in and LOGGED IN are logged_in. Most names are in snake case already. #}
{% macro snake_case(text) -%}
    case
        when {{ text }} !~ '[^a-z0-9_]' then {{ text }}
        else lower(translate(regexp_replace({{ text }}, '([a-z0-9])([A-Z])', '\1_\2', 'g'), ' ./:-', '_____'))
    end
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
