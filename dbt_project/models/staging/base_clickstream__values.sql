{{ config(post_hook="alter view {{ this }} set (security_barrier)") }}

{%- set identifier = var('identifier_max_characters') -%}
{%- set text = var('text_max_characters') -%}
{%- set url = var('url_max_characters') -%}
{%- set casts = {
    'event_id': to_event_id('event_id', identifier),
    'user_id': to_text('user_id', identifier),
    'client_id': to_text('client_id', identifier),
    'session_id': to_text('session_id', identifier),
    'product_id': to_text('product_id', identifier),
    'order_id': to_text('order_id', identifier),
    'cart_id': to_text('cart_id', identifier),
    'event_name': to_text('event_name', identifier),
    'user_login_state': to_one_of('user_login_state', ['logged_in', 'anonymous', 'guest']),
    'identity_source': to_text('identity_source', identifier),
    'page_url': to_text('page_url', url),
    'referrer': to_text('referrer', url),
    'user_agent': "left(nullif(user_agent, ' '), " ~ text ~ ')',
    'product_name': to_text('product_name', text),
    'product_category': to_text('product_category', text),
    'product_brand': to_text('product_brand', text),
    'product_url_path': to_text('product_url_path', url),
    'experiment': to_text('experiment', identifier),
    'variant': to_text('variant', identifier),
    'product_price': to_amount('product_price'),
    'product_discount_price': to_amount('product_discount_price'),
    'product_quantity': to_count('product_quantity'),
    'order_total': to_amount('order_total'),
    'item_count': to_count('item_count'),
    'is_first_visit': to_boolean('is_first_visit'),
    'event_timestamp': to_instant('event_timestamp'),
    'sent_at': to_instant('sent_at'),
    'received_at': to_instant('received_at'),
} -%}

with

events as (
    select * from {{ ref('base_clickstream__events') }}
),

final as (
    select
        load_id,
        object_key,
        line_number,
        loaded_at,
        {% for column, value in casts.items() %}
            {{ column }} as {{ column }}_text,
            {{ value }} as {{ column }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from events
)

select * from final
