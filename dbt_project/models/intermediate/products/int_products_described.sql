{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['product_id', 'attribute'],
        indexes=[{'columns': ['product_id', 'attribute']}],
    )
}}

with

observations as (
    select * from {{ ref('int_products_observed') }}
    where {{ is_new('load_id') }}
),

-- An observation that the next one repeats tells nothing.
compared as (
    select
        *,
        array[product_name, product_category, product_brand, product_price::text, product_url_path] as description,
        lead(array[product_name, product_category, product_brand, product_price::text, product_url_path]) over (
            partition by product_id
            order by event_timestamp, received_at, object_key, line_number, item_number
        ) as next_description
    from observations
),

described as (
    select
        compared.product_id,
        attributes.attribute,
        attributes.value,
        compared.event_timestamp,
        compared.received_at,
        compared.object_key,
        compared.line_number,
        compared.item_number
    from compared
    cross join
        lateral (
            values
            ('product_name', compared.product_name),
            ('product_category', compared.product_category),
            ('product_brand', compared.product_brand),
            ('product_price', compared.product_price::text),
            ('product_url_path', compared.product_url_path)
        ) as attributes (attribute, value)
    where
        compared.description is distinct from compared.next_description
        and attributes.value is not null
    {% if is_incremental() %}
        union all
        select held.*
        from {{ this }} as held
        where held.product_id = any(array(select observations.product_id from observations))
    {% endif %}
),

final as (
    select distinct on (product_id, attribute) *
    from described
    order by
        product_id asc,
        attribute asc,
        event_timestamp desc,
        received_at desc,
        object_key desc,
        line_number desc,
        item_number desc
)

select * from final
