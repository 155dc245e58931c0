{{ config(post_hook="alter view {{ this }} set (security_barrier)") }}

with

documents as (
    select * from {{ ref('base_clickstream__documents') }}
),

final as (
    select
        *,
        {% for column, place in payload_fields().items() %}
            {{ json_field_text(*place) }} as {{ column }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from documents
)

select * from final
