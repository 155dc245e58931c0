with

events as (
    select * from {{ ref('clickstream_events') }}
),

items as (
    select * from {{ ref('int_items_sent') }}
),

final as (
    select
        product_id,
        product_name,
        product_category,
        product_brand,
        product_price,
        product_url_path,
        event_timestamp,
        received_at,
        object_key,
        line_number,
        0 as item_number,
        load_id
    from events
    where product_id is not null
    union all
    select
        product_id,
        product_name,
        product_category,
        product_brand,
        product_price,
        product_url_path,
        event_timestamp,
        received_at,
        object_key,
        line_number,
        item_number,
        load_id
    from items
)

select * from final
