{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['load_id']}],
    )
}}

with

newest as (
    select * from {{ ref('int_loads_fixed') }}
),

loads as (
    select * from {{ ref('stg_clickstream__loads') }}
    where
        load_id <= (select newest.load_id from newest)
        {% if is_incremental() %}
            and load_id > (select coalesce(max(counted.load_id), 0) from {{ this }} as counted)
        {% endif %}
),

events as (
    select * from {{ ref('stg_clickstream__events') }}
    where load_id = any(array(select loads.load_id from loads))
),

counted as (
    select
        load_id,
        count(*) as event_count,
        count(*) filter (where event_name_raw is null) as nameless_event_count
    from events
    group by 1
),

final as (
    select
        loads.load_id,
        loads.started_at,
        loads.finished_at,
        loads.status,
        coalesce(counted.event_count, 0) as event_count,
        coalesce(counted.nameless_event_count, 0) as nameless_event_count
    from loads
    left join counted on loads.load_id = counted.load_id
)

select * from final
