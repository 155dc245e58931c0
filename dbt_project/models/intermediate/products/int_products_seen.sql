{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='product_id',
        indexes=[{'columns': ['product_id']}, {'columns': ['load_id']}],
    )
}}

with

observations as (
    select * from {{ ref('int_products_observed') }}
    where {{ is_new('load_id') }}
),

seen as (
    select
        product_id,
        min(event_timestamp) as first_seen_at,
        max(event_timestamp) as last_seen_at,
        max(load_id) as load_id
    from observations
    group by 1
),

final as (
    select
        seen.product_id,
        {% if is_incremental() %}
            least(seen.first_seen_at, held.first_seen_at) as first_seen_at,
            greatest(seen.last_seen_at, held.last_seen_at) as last_seen_at,
        {% else %}
            seen.first_seen_at,
            seen.last_seen_at,
        {% endif %}
        seen.load_id
    from seen
    {% if is_incremental() %}
        left join {{ this }} as held on seen.product_id = held.product_id
    {% endif %}
)

select * from final
