{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['visitor_id', 'user_id'],
        indexes=[{'columns': ['visitor_id', 'user_id']}],
    )
}}

with

events as (
    select * from {{ ref('clickstream_events') }}
    where
        user_id is not null
        and {{ is_new('load_id') }}
),

final as (
    select distinct
        visitor_id,
        user_id
    from events
)

select * from final
