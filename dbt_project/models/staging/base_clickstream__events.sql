{%- set columns = [
    'event_id', 'event_name', 'event_timestamp', 'sent_at', 'page_url', 'referrer', 'user_id', 'user_login_state',
    'identity_source', 'client_id', 'session_id', 'is_first_visit', 'product_id', 'product_name', 'product_category',
    'product_brand', 'product_price', 'product_discount_price', 'product_url_path', 'product_quantity', 'order_id',
    'order_total', 'cart_id', 'item_count', 'experiment', 'variant', 'received_at', 'user_agent',
] -%}
{#- JSON types that a column takes, where not text and numbers. #}
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
-- A filter on load_id still goes down to the index.
opened as (
    select
        events.load_id,
        events.object_key,
        events.line_number,
        events.loaded_at,
        events.payload,
        parts.product,
        parts.dataset,
        parts.ingest
    from events
    cross join lateral (
        select
            {{ json_field('events.payload', 'product', 'context_product') }} as product,
            events.payload #> '{element,dataset}' as dataset,
            events.payload -> '_ingest' as ingest
        limit all offset 0
    ) as parts
),

fields as (
    select
        opened.load_id,
        opened.object_key,
        opened.line_number,
        opened.loaded_at,
        sent.*
    from opened
    cross join lateral (
        select
            {{ json_field('opened.payload', 'eventId', 'event_id') }} as event_id,
            {{ json_field('opened.payload', 'eventName', 'event_name') }} as event_name,
            {{ json_field('opened.payload', 'eventTimestamp', 'event_timestamp') }} as event_timestamp,
            {{ json_field('opened.payload', 'sentAt', 'sent_at') }} as sent_at,
            {{ json_field('opened.payload', 'pageUrl', 'page_url') }} as page_url,
            {{ json_field('opened.payload', 'referrer') }} as referrer,
            {{ json_field('opened.payload', 'userId', 'user_id') }} as user_id,
            {{ json_field('opened.payload', 'userLoginState', 'user_login_state') }} as user_login_state,
            {{ json_field('opened.payload', 'identitySource', 'identity_source') }} as identity_source,
            {{ json_field('opened.payload', 'clientId', 'client_id') }} as client_id,
            {{ json_field('opened.payload', 'sessionId', 'session_id') }} as session_id,
            {{ json_field('opened.payload', 'isFirstVisit', 'is_first_visit') }} as is_first_visit,

            {{ json_field('opened.product', 'id', 'productId', 'product_id') }} as product_id,
            {{ json_field('opened.product', 'name', 'productName', 'product_name') }} as product_name,
            {{ json_field('opened.product', 'category', 'productCategory', 'product_category') }} as product_category,
            {{ json_field('opened.product', 'brand', 'brandName', 'brand_name', 'product_brand') }} as product_brand,
            {{ json_field('opened.product', 'price', 'productPrice', 'product_price') }} as product_price,
            {{ json_field('opened.product', 'discountPrice', 'discount_price', 'product_discount_price') }}
                as product_discount_price,
            {{ json_field('opened.product', 'urlPath', 'url_path', 'product_url_path') }} as product_url_path,
            {{ json_field('opened.product', 'quantity', 'productQuantity', 'product_quantity') }} as product_quantity,

            {{ json_field('opened.dataset', 'orderId', 'order_id', 'orderNumber', 'order_number') }} as order_id,
            {{ json_field('opened.dataset', 'total', 'orderTotal', 'order_total') }} as order_total,
            {{ json_field('opened.dataset', 'cartId', 'cart_id') }} as cart_id,
            {{ json_field('opened.dataset', 'itemCount', 'item_count') }} as item_count,
            {{ json_field('opened.dataset', 'experiment') }} as experiment,
            {{ json_field('opened.dataset', 'variant') }} as variant,

            {{ json_field('opened.ingest', 'receivedAt', 'received_at') }} as received_at,
            {{ json_field('opened.ingest', 'userAgent', 'user_agent') }} as user_agent
        limit all offset 0
    ) as sent
),

final as (
    select
        fields.load_id,
        fields.object_key,
        fields.line_number,
        fields.loaded_at,
        texts.*,
        {{ columns_without_text('fields', 'texts', columns | reject('equalto', 'user_agent')) }} as columns_without_text
    from fields
    cross join lateral (
        select
            {% for column in columns %}
                {{ json_text('fields.' ~ column, json_types.get(column)) }} as {{ column }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        limit all offset 0
    ) as texts
)

select * from final
