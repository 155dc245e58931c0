with

rejected_events as (
    select * from {{ source('raw', 'rejected_events') }}
),

final as (
    select
        load_id,
        object_key collate "default" as object_key,
        line_number,
        reason,
        detail,
        rejected_at
    from rejected_events
)

select * from final
