{{ config(materialized='table', tags=['daily']) }}

with

events as (
    select * from {{ ref('int_events_of_people') }}
),

exposure_events as (
    select * from {{ ref('int_events_of_people') }}
    where event_name = 'experiment_exposure'
),

listed as (
    select * from {{ ref('int_exposures_sent') }}
),

exposures as (
    select
        visitor_id,
        experiment,
        variant,
        event_timestamp,
        received_at,
        object_key,
        line_number
    from exposure_events
    where
        experiment is not null
        and variant is not null
    union all
    select
        events.visitor_id,
        listed.experiment,
        listed.variant,
        events.event_timestamp,
        events.received_at,
        events.object_key,
        events.line_number
    from listed
    inner join events
        on
            listed.visitor_id = events.visitor_id
            and listed.event_id = events.event_id
),

final as (
    select
        experiment,
        visitor_id,
        (
            array_agg(variant order by event_timestamp, received_at, object_key, line_number, variant collate "C")
        )[1] as variant,
        array_agg(distinct variant) as variants,
        count(distinct variant) > 1 as is_excluded,
        min(event_timestamp) as first_exposed_at
    from exposures
    group by 1, 2
)

select * from final
