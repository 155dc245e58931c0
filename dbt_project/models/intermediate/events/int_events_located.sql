{{ config(post_hook="alter view {{ this }} set (security_barrier)") }}

{%- set longest = var('text_max_characters') -%}
{%- set columns = [
    'page_host', 'page_path', 'referrer_host', 'utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content',
] -%}

with

events as (
    select * from {{ ref('int_events_parsed') }}
),

kept as (
    select
        *,
        {% for column in columns %}
            case when {{ is_short(column ~ '_sent', longest) }} then {{ column }}_sent end as {{ column }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from events
),

final as (
    select
        *,
        {{ unfit_columns('_sent', columns) }} as overlong_columns
    from kept
)

select * from final
