with

touched_visitors as (
    select * from {{ ref('int_visitors_touched') }}
),

touched_users as (
    select * from {{ ref('int_users_touched') }}
),

-- Whom a session belongs to, and whom it may have belonged to before: all that the visitor ever said to be, and nobody.
final as (
    select
        load_id,
        visitor_id as person_id
    from touched_visitors
    union
    select
        load_id,
        user_id as person_id
    from touched_users
)

select * from final
