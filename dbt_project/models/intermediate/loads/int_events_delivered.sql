with

events as (
    select * from {{ ref('clickstream_events') }}
),

final as (
    select
        event_id,
        load_id,
        object_key,
        event_date,
        received_at,
        loaded_at,
        loaded_at - received_at as lag,
        received_at
        >= {{ reporting_day_end('event_date') }} + interval '{{ var("day_closes_after_hours") }} hours' as is_late
    from events
)

select * from final
