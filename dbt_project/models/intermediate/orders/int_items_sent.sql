{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='event_id',
        indexes=[{'columns': ['event_id']}, {'columns': ['load_id']}],
    )
}}

with

events as (
    select * from {{ ref('int_events_deduplicated') }}
    where {{ is_new('load_id') }}
),

items as (
    select * from {{ ref('stg_clickstream__items') }}
    where {{ is_new('load_id') }}
),

final as (
    select
        events.event_id,
        events.visitor_id,
        items.item_number,
        items.product_id,
        items.product_name,
        items.product_category,
        items.product_brand,
        items.product_price,
        items.product_discount_price,
        items.product_url_path,
        items.quantity,
        events.event_timestamp,
        events.received_at,
        events.object_key,
        events.line_number,
        events.load_id
    from events
    inner join items
        on
            events.load_id = items.load_id
            and events.object_key = items.object_key
            and events.line_number = items.line_number
)

select * from final
