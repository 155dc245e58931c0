{%- set identifier = var('identifier_max_characters') -%}
{%- set text = var('text_max_characters') -%}

with

events as (
    select
        load_id,
        object_key collate "default" as object_key,
        line_number,
        payload -> 'items' as items
    from {{ source('raw', 'events') }}
),

-- Whatever else may stand under this name, and in it, is not a list of items.
items as (
    select
        events.load_id,
        events.object_key,
        events.line_number,
        elements.item_number,
        elements.item
    from events
    cross join
        lateral jsonb_array_elements(
            case when jsonb_typeof(events.items) = 'array' then events.items else '[]' end
        ) with ordinality as elements (item, item_number)
    where
        jsonb_typeof(events.items) = 'array'
        and jsonb_typeof(elements.item) = 'object'
),

fields as (
    select
        items.load_id,
        items.object_key,
        items.line_number,
        items.item_number,
        {{ json_field('items.item', 'id', 'productId', 'product_id') }} as product_id,
        {{ json_field('items.item', 'name', 'productName', 'product_name') }} as product_name,
        {{ json_field('items.item', 'category', 'productCategory', 'product_category') }} as product_category,
        {{ json_field('items.item', 'brand', 'brandName', 'brand_name', 'product_brand') }} as product_brand,
        {{ json_field('items.item', 'price', 'productPrice', 'product_price') }} as product_price,
        {{ json_field('items.item', 'discountPrice', 'discount_price', 'product_discount_price') }}
            as product_discount_price,
        {{ json_field('items.item', 'urlPath', 'url_path', 'product_url_path') }} as product_url_path,
        {{ json_field('items.item', 'quantity', 'productQuantity', 'product_quantity') }} as quantity
    from items
),

texts as (
    select
        load_id,
        object_key,
        line_number,
        item_number,
        {{ json_text('product_id') }} as product_id,
        {{ json_text('product_name') }} as product_name,
        {{ json_text('product_category') }} as product_category,
        {{ json_text('product_brand') }} as product_brand,
        {{ json_text('product_price') }} as product_price,
        {{ json_text('product_discount_price') }} as product_discount_price,
        {{ json_text('product_url_path') }} as product_url_path,
        {{ json_text('quantity') }} as quantity
    from fields
),

final as (
    select
        load_id,
        object_key,
        line_number,
        item_number,
        {{ to_text('product_id', identifier) }} as product_id,
        {{ to_text('product_name', text) }} as product_name,
        {{ to_text('product_category', text) }} as product_category,
        {{ to_text('product_brand', text) }} as product_brand,
        {{ to_amount('product_price') }} as product_price,
        {{ to_amount('product_discount_price') }} as product_discount_price,
        {{ to_text('product_url_path', var('url_max_characters')) }} as product_url_path,
        -- Fewer than none is none, where what is unknown counts as one.
        case
            when quantity like '-%' then -({{ to_count('substr(quantity, 2)') }})
            else {{ to_count('quantity') }}
        end as quantity
    from texts
)

select * from final
where product_id is not null
