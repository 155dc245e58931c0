{{ config(tags=['daily']) }}

with

sessions as (
    select
        visitor_id,
        session_key,
        session_number,
        row_number() over (partition by visitor_id order by started_at) as expected_number
    from {{ ref('sessions') }}
)

select *
from sessions
where session_number <> expected_number
