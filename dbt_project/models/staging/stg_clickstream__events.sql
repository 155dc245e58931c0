{{ config(post_hook="alter view {{ this }} set (security_barrier)") }}

{%- set identifier = var('identifier_max_characters') -%}
{%- set text = var('text_max_characters') -%}
{%- set url = var('url_max_characters') -%}

with

events as (
    select * from {{ ref('base_clickstream__events') }}
),

-- limit all offset 0 is a fence: dear casts are done once per row, not once per use further on. So is the security
-- barrier around this view. Neither keeps a filter on load_id from the index.
final as (
    select
        events.load_id,
        events.object_key,
        events.line_number,
        events.loaded_at,

        ---------- ids
        typed.event_id as event_id_sent,
        typed.user_id,
        typed.client_id,
        typed.session_id,
        typed.product_id as product_id_sent,
        typed.order_id,
        typed.cart_id,

        ---------- text
        typed.event_name as event_name_raw,
        typed.user_login_state,
        typed.identity_source as identity_source_sent,
        typed.page_url,
        typed.referrer,
        typed.product_name,
        typed.product_category,
        typed.product_brand,
        typed.product_url_path,
        typed.experiment,
        typed.variant,
        left(nullif(events.user_agent, ' '), {{ text }}) as user_agent,

        ---------- numbers
        typed.product_price,
        typed.product_discount_price,
        typed.product_quantity,
        typed.order_total,
        typed.item_count,

        ---------- booleans
        typed.is_first_visit,

        ---------- timestamps
        typed.event_timestamp as event_timestamp_sent,
        typed.sent_at,
        typed.received_at as received_at_sent,

        {{ unfit_columns('events', 'typed', [
            'event_id', 'user_id', 'client_id', 'session_id', 'product_id', 'order_id', 'cart_id',
            'event_name', 'user_login_state', 'identity_source', 'page_url', 'referrer',
            'product_name', 'product_category', 'product_brand', 'product_url_path', 'experiment', 'variant',
            'product_price', 'product_discount_price', 'product_quantity', 'order_total', 'item_count',
            'is_first_visit', 'event_timestamp', 'sent_at', 'received_at',
        ]) }} as unfit_columns
    from events
    cross join lateral (
        select
            casts.*,
            {{ to_text('events.user_id', identifier) }} as user_id,
            {{ to_text('events.client_id', identifier) }} as client_id,
            {{ to_text('events.session_id', identifier) }} as session_id,
            {{ to_text('events.product_id', identifier) }} as product_id,
            {{ to_text('events.order_id', identifier) }} as order_id,
            {{ to_text('events.cart_id', identifier) }} as cart_id,
            {{ to_text('events.event_name', identifier) }} as event_name,
            {{ to_one_of('events.user_login_state', ['logged_in', 'anonymous', 'guest']) }} as user_login_state,
            {{ to_text('events.identity_source', identifier) }} as identity_source,
            {{ to_text('events.page_url', url) }} as page_url,
            {{ to_text('events.referrer', url) }} as referrer,
            {{ to_text('events.product_name', text) }} as product_name,
            {{ to_text('events.product_category', text) }} as product_category,
            {{ to_text('events.product_brand', text) }} as product_brand,
            {{ to_text('events.product_url_path', url) }} as product_url_path,
            {{ to_text('events.experiment', identifier) }} as experiment,
            {{ to_text('events.variant', identifier) }} as variant,
            {{ to_boolean('events.is_first_visit') }} as is_first_visit
        from (
            select
                {{ to_event_id('events.event_id', identifier) }} as event_id,
                {{ to_amount('events.product_price') }} as product_price,
                {{ to_amount('events.product_discount_price') }} as product_discount_price,
                {{ to_count('events.product_quantity') }} as product_quantity,
                {{ to_amount('events.order_total') }} as order_total,
                {{ to_count('events.item_count') }} as item_count,
                {{ to_instant('events.event_timestamp') }} as event_timestamp,
                {{ to_instant('events.sent_at') }} as sent_at,
                {{ to_instant('events.received_at') }} as received_at
            limit all offset 0
        ) as casts
    ) as typed
)

select * from final
