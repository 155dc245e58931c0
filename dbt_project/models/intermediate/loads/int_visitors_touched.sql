with

sessions as (
    select * from {{ ref('sessions') }}
),

final as (
    select distinct
        load_id,
        visitor_id
    from sessions
)

select * from final
