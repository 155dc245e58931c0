{{
    config(
        materialized='incremental',
        incremental_strategy='replace_touched',
        unique_key='activity_date',
        meta={'touched_in': 'int_dates_counted'},
        indexes=[{'columns': ['activity_date']}],
    )
}}

{#- All that browsers send, and all that can be flagged. -#}
{%- set fields = [
    'event_id', 'event_name', 'event_timestamp', 'sent_at', 'received_at',
    'user_id', 'user_login_state', 'identity_source', 'client_id', 'session_id', 'is_first_visit',
    'page_url', 'page_host', 'page_path', 'referrer', 'referrer_host',
    'utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content',
    'product_id', 'category_id', 'product_name', 'product_category', 'product_brand', 'product_price',
    'product_discount_price', 'product_url_path', 'product_quantity',
    'order_id', 'order_total', 'cart_id', 'item_count', 'experiment', 'variant',
] -%}

with

touched_dates as (
    select activity_date from {{ ref('int_dates_counted') }}
    where {{ is_new('load_id') }}
),

events as (
    select * from {{ ref('clickstream_events') }}
    {{ where_touched('event_date') }}
),

-- One pass over a day's events, whatever the number of fields.
counted as (
    select
        event_date as activity_date,
        {% for field in fields %}
            count({{ field }}) as {{ field }},
            count(*) filter (where '{{ field }}' = any(quality_flags)) as {{ field }}_flags,
        {% endfor %}
        count(*) as event_count
    from events
    group by 1
),

final as (
    select
        counted.activity_date,
        by_field.field,
        counted.event_count,
        by_field.flag_count,
        counted.event_count - by_field.known_count as null_count
    from counted
    cross join lateral (
        values
        {% for field in fields %}
            ('{{ field }}', counted.{{ field }}, counted.{{ field }}_flags){{ ',' if not loop.last }}
        {% endfor %}
    ) as by_field (field, known_count, flag_count)
)

select * from final
