{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='event_id',
        indexes=[{'columns': ['event_id']}, {'columns': ['load_id']}],
    )
}}

with

events as (
    select * from {{ ref('int_events_deduplicated') }}
    where {{ is_new('load_id') }}
),

exposures as (
    select * from {{ ref('stg_clickstream__exposures') }}
    where {{ is_new('load_id') }}
),

final as (
    select
        events.event_id,
        events.visitor_id,
        exposures.experiment,
        exposures.variant,
        events.event_timestamp,
        events.received_at,
        events.object_key,
        events.line_number,
        events.load_id
    from events
    inner join exposures
        on
            events.load_id = exposures.load_id
            and events.object_key = exposures.object_key
            and events.line_number = exposures.line_number
)

select * from final
