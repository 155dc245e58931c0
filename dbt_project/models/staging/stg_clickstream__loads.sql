with

loads as (
    select * from {{ source('raw', 'loads') }}
),

final as (
    select
        load_id,
        started_at,
        finished_at,
        status,
        object_count,
        event_count,
        rejected_count,
        finished_at is not null as is_closed
    from loads
)

select * from final
