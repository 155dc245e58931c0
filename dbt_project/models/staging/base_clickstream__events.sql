{{ config(post_hook="alter view {{ this }} set (security_barrier)") }}

{#- Where each column's value stands: a document, and the names that it may have there. -#}
{%- set fields = {
    'event_id': ['documents.payload', 'eventId', 'event_id'],
    'event_name': ['documents.payload', 'eventName', 'event_name'],
    'event_timestamp': ['documents.payload', 'eventTimestamp', 'event_timestamp'],
    'sent_at': ['documents.payload', 'sentAt', 'sent_at'],
    'page_url': ['documents.payload', 'pageUrl', 'page_url'],
    'referrer': ['documents.payload', 'referrer'],
    'user_id': ['documents.payload', 'userId', 'user_id'],
    'user_login_state': ['documents.payload', 'userLoginState', 'user_login_state'],
    'identity_source': ['documents.payload', 'identitySource', 'identity_source'],
    'client_id': ['documents.payload', 'clientId', 'client_id'],
    'session_id': ['documents.payload', 'sessionId', 'session_id'],
    'is_first_visit': ['documents.payload', 'isFirstVisit', 'is_first_visit'],
    'product_id': ['documents.product', 'id', 'productId', 'product_id'],
    'product_name': ['documents.product', 'name', 'productName', 'product_name'],
    'product_category': ['documents.product', 'category', 'productCategory', 'product_category'],
    'product_brand': ['documents.product', 'brand', 'brandName', 'brand_name', 'product_brand'],
    'product_price': ['documents.product', 'price', 'productPrice', 'product_price'],
    'product_discount_price': ['documents.product', 'discountPrice', 'discount_price', 'product_discount_price'],
    'product_url_path': ['documents.product', 'urlPath', 'url_path', 'product_url_path'],
    'product_quantity': ['documents.product', 'quantity', 'productQuantity', 'product_quantity'],
    'order_id': ['documents.dataset', 'orderId', 'order_id', 'orderNumber', 'order_number'],
    'order_total': ['documents.dataset', 'total', 'orderTotal', 'order_total'],
    'cart_id': ['documents.dataset', 'cartId', 'cart_id'],
    'item_count': ['documents.dataset', 'itemCount', 'item_count'],
    'experiment': ['documents.dataset', 'experiment'],
    'variant': ['documents.dataset', 'variant'],
    'received_at': ['documents.ingest', 'receivedAt', 'received_at'],
    'user_agent': ['documents.ingest', 'userAgent', 'user_agent'],
} -%}
{#- JSON types that a column takes, where not text and numbers. -#}
{%- set json_types = {'event_name': ['string'], 'is_first_visit': ['string', 'number', 'boolean']} -%}

with

-- raw collates keys by byte. Every mart collates as its database does, and an event_id may be made of its key:
-- were it collated by byte, it would not be found by the marts' indexes.
events as (
    select
        load_id,
        object_key collate "default" as object_key,
        line_number,
        loaded_at,
        payload
    from {{ source('raw', 'events') }}
),

-- limit all offset 0 is a fence: what stands before it is computed once per row, not once per use further on.
-- So is the security barrier around this view. Neither keeps a filter on load_id from the index.
documents as (
    select
        events.*,
        parts.*
    from events
    cross join lateral (
        select
            {{ json_field('events.payload', 'product', 'context_product') }} as product,
            events.payload -> 'element' -> 'dataset' as dataset,
            events.payload -> '_ingest' as ingest
        limit all offset 0
    ) as parts
),

final as (
    select
        documents.load_id,
        documents.object_key,
        documents.line_number,
        documents.loaded_at,
        {% for column, place in fields.items() %}
            {{ text_or_blank('sent.' ~ column, json_field(*place), json_types.get(column)) }} as {{ column }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from documents
    cross join lateral (
        select
            {% for column, place in fields.items() %}
                {{ json_field_text(*place) }} as {{ column }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        limit all offset 0
    ) as sent
)

select * from final
