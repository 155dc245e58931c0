{{ config(post_hook="alter view {{ this }} set (security_barrier)") }}

{#- JSON types that a column takes, where not text and numbers. -#}
{%- set json_types = {'event_name': ['string'], 'is_first_visit': ['string', 'number', 'boolean']} -%}

with

texts as (
    select * from {{ ref('base_clickstream__texts') }}
),

final as (
    select
        load_id,
        object_key,
        line_number,
        loaded_at,
        {% for column, place in payload_fields().items() %}
            {{ text_or_blank(column, json_field(*place), json_types.get(column)) }} as {{ column }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from texts
)

select * from final
