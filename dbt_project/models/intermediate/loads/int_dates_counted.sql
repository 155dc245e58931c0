{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='load_id',
        indexes=[{'columns': ['load_id']}],
    )
}}

with

events as (
    select * from {{ ref('int_events_delivered') }}
    where {{ is_new('load_id') }}
),

final as (
    select
        load_id,
        event_date as activity_date,
        count(*) as event_count,
        count(*) filter (where is_late) as late_event_count,
        max(loaded_at) as latest_change_at
    from events
    group by 1, 2
)

select * from final
