with

objects as (
    select * from {{ source('raw', 'loaded_objects') }}
),

final as (
    select
        load_id,
        object_key collate "default" as object_key,
        event_count,
        rejected_count,
        coalesce({{ object_hour('object_key') }}, date_trunc('hour', loaded_at, 'UTC')) as receipt_hour,
        loaded_at
    from objects
)

select * from final
