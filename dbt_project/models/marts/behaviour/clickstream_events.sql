{{
    config(
        incremental_strategy='append',
        indexes=[
            {'columns': ['event_id']},
            {'columns': ['load_id']},
            {'columns': ['session_key']},
            {'columns': ['visitor_id', 'event_timestamp']},
            {'columns': ['event_date', 'event_timestamp']},
        ],
        post_hook="{{ rekey_events() }}",
    )
}}

with

-- What one run adds. Rows of before stay as they are but for their session's key, see the hook.
sessionized as (
    select * from {{ ref('int_events_sessionized') }}
    where {{ is_new('load_id') }}
),

events as (
    select * from {{ ref('int_events_flagged') }}
    where {{ is_new('load_id') }}
),

final as (
    select
        ---------- ids
        events.event_id,
        events.user_id,
        events.client_id,
        events.session_id,
        events.visitor_id,
        sessionized.session_key,
        events.product_id,
        events.category_id,
        events.order_id,
        events.cart_id,

        ---------- text
        events.event_name,
        events.event_name_raw,
        events.user_login_state,
        events.identity_source,
        events.product_name,
        events.product_category,
        events.product_brand,
        events.product_url_path,
        events.page_url,
        events.page_host,
        events.page_path,
        events.referrer,
        events.referrer_host,
        events.utm_source,
        events.utm_medium,
        events.utm_campaign,
        events.utm_term,
        events.utm_content,
        events.experiment,
        events.variant,
        events.device_type,
        events.browser,
        events.operating_system,
        events.quality_flags,

        ---------- numbers
        events.product_price,
        events.product_discount_price,
        events.product_quantity,
        events.order_total,
        events.item_count,

        ---------- booleans
        events.is_first_visit,
        events.is_bot,

        ---------- dates and times
        events.event_date,
        events.event_timestamp,
        events.sent_at,
        events.received_at,

        ---------- where the row comes from
        events.load_id,
        events.object_key,
        events.line_number,
        events.loaded_at
    from sessionized
    inner join events
        on
            sessionized.load_id = events.load_id
            and sessionized.object_key = events.object_key
            and sessionized.line_number = events.line_number
)

select * from final
