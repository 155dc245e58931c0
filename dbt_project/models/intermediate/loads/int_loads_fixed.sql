{{ config(materialized='table') }}

with

loads as (
    select * from {{ ref('stg_clickstream__loads') }}
),

open_loads as (
    select * from loads
    where not is_closed
),

-- An open load below a closed one cannot be, as loaders take turns. Were there one, stopping before it loses nothing.
final as (
    select coalesce(
        (select min(open_loads.load_id) - 1 from open_loads),
        (select max(loads.load_id) from loads),
        0
    ) as load_id
)

select * from final
