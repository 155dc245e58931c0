{{ config(post_hook="alter view {{ this }} set (security_barrier)") }}

with

-- raw collates keys by byte. Every mart collates as its database does, and an event_id may be made of its key:
-- were it collated by byte, it would not be found by the marts' indexes.
final as (
    select
        load_id,
        object_key collate "default" as object_key,
        line_number,
        loaded_at,
        payload,
        {{ json_field('payload', 'product', 'context_product') }} as product,
        payload -> 'element' -> 'dataset' as dataset,
        payload -> '_ingest' as ingest
    from {{ source('raw', 'events') }}
)

select * from final
