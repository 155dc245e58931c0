{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['load_id']}],
    )
}}

with

new_loads as (
    select * from {{ ref('int_loads_counted') }}
    {% if is_incremental() %}
        where load_id > (select coalesce(max(held.load_id), 0) from {{ this }} as held)
    {% endif %}
),

-- Nameless events are rare: without their counts, every run would read all loads since the last one that had any.
loads_to_search as (
    select * from new_loads
    where nameless_event_count > 0
),

nameless_events as (
    select * from {{ ref('stg_clickstream__events') }}
    where
        event_name_raw is null
        and load_id = any(array(select loads_to_search.load_id from loads_to_search))
),

rejected_events as (
    select * from {{ ref('stg_clickstream__rejected_events') }}
    where load_id = any(array(select new_loads.load_id from new_loads))
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
