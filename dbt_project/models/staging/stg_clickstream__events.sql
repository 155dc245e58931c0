{{ config(post_hook="alter view {{ this }} set (security_barrier)") }}

with

fields as (
    select * from {{ ref('base_clickstream__values') }}
),

final as (
    select
        load_id,
        object_key,
        line_number,
        loaded_at,

        ---------- ids
        event_id as event_id_sent,
        user_id,
        client_id,
        session_id,
        product_id as product_id_sent,
        order_id,
        cart_id,

        ---------- text
        event_name as event_name_raw,
        user_login_state,
        identity_source as identity_source_sent,
        page_url,
        referrer,
        product_name,
        product_category,
        product_brand,
        product_url_path,
        experiment,
        variant,
        user_agent,

        ---------- numbers
        product_price,
        product_discount_price,
        product_quantity,
        order_total,
        item_count,

        ---------- booleans
        is_first_visit,

        ---------- timestamps
        event_timestamp as event_timestamp_sent,
        sent_at,
        received_at as received_at_sent,

        {{ unfit_columns('_text', [
            'event_id', 'user_id', 'client_id', 'session_id', 'product_id', 'order_id', 'cart_id',
            'event_name', 'user_login_state', 'identity_source', 'page_url', 'referrer',
            'product_name', 'product_category', 'product_brand', 'product_url_path', 'experiment', 'variant',
            'product_price', 'product_discount_price', 'product_quantity', 'order_total', 'item_count',
            'is_first_visit', 'event_timestamp', 'sent_at', 'received_at',
        ]) }} as unfit_columns
    from fields
)

select * from final
