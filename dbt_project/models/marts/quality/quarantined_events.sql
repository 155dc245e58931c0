{{
    config(
        unique_key=['object_key', 'line_number'],
        indexes=[
            {'columns': ['object_key', 'line_number']},
            {'columns': ['load_id']},
            {'columns': ['quarantined_at', 'reason']},
        ],
    )
}}

with

newest as (
    select * from {{ ref('int_loads_fixed') }}
),

nameless_events as (
    select * from {{ ref('stg_clickstream__events') }}
    where
        event_name_raw is null
        and load_id <= (select newest.load_id from newest)
        and {{ is_new('load_id') }}
),

rejected_events as (
    select * from {{ ref('stg_clickstream__rejected_events') }}
    where
        load_id <= (select newest.load_id from newest)
        and {{ is_new('load_id') }}
),

final as (
    select
        object_key,
        line_number,
        load_id,
        'missing_event_name' as reason,
        null as detail,
        loaded_at as quarantined_at
    from nameless_events
    union all
    select
        object_key,
        line_number,
        load_id,
        reason,
        detail,
        rejected_at as quarantined_at
    from rejected_events
)

select * from final
