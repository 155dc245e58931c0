with

touched_visitors as (
    select * from {{ ref('int_visitors_touched') }}
),

identified as (
    select * from {{ ref('int_visitors_identified') }}
),

final as (
    select distinct
        touched_visitors.load_id,
        identified.user_id
    from touched_visitors
    inner join identified on touched_visitors.visitor_id = identified.visitor_id
)

select * from final
