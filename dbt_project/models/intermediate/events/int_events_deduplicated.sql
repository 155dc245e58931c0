{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        indexes=[{'columns': ['event_id']}, {'columns': ['load_id']}],
    )
}}

with

newest as (
    select * from {{ ref('int_loads_fixed') }}
),

new_events as (
    select * from {{ ref('int_events_timed') }}
    where
        event_name_raw is not null
        and load_id <= (select newest.load_id from newest)
        and {{ is_new('load_id') }}
),

-- Of an event that was sent twice, the first loaded is kept; within a load the first in the one order.
first_loaded as (
    select distinct on (event_id)
        event_id,
        visitor_id,
        event_timestamp,
        received_at,
        object_key,
        line_number,
        load_id
    from new_events
    order by event_id, load_id, event_timestamp, received_at, object_key, line_number
),

{% if is_incremental() %}
    already_held as (
        select held.event_id
        from {{ this }} as held
        where held.event_id = any(array(select new_events.event_id from new_events))
    ),
{% endif %}

final as (
    select * from first_loaded
    {% if is_incremental() %}
        where event_id not in (select already_held.event_id from already_held)
    {% endif %}
)

select * from final
