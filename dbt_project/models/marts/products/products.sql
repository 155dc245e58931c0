{{ config(unique_key='product_id', indexes=[{'columns': ['product_id']}]) }}

with

seen as (
    select * from {{ ref('int_products_seen') }}
    where {{ is_new('load_id') }}
),

attributes as (
    select * from {{ ref('int_products_described') }}
),

final as (
    select
        seen.product_id,
        max(attributes.value) filter (where attributes.attribute = 'product_name') as product_name,
        max(attributes.value) filter (where attributes.attribute = 'product_category') as product_category,
        max(attributes.value) filter (where attributes.attribute = 'product_brand') as product_brand,
        max(attributes.value) filter (where attributes.attribute = 'product_price')::numeric(18, 4) as product_price,
        max(attributes.value) filter (where attributes.attribute = 'product_url_path') as product_url_path,
        seen.first_seen_at,
        seen.last_seen_at
    from seen
    left join attributes on seen.product_id = attributes.product_id
    group by seen.product_id, seen.first_seen_at, seen.last_seen_at
)

select * from final
