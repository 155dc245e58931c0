with

sessions as (
    select * from {{ ref('int_sessions_channelled') }}
),

-- Sessions in which nobody was logged in stand in one group with the next in which somebody was,
-- and in another group with the one before.
grouped as (
    select
        *,
        count(user_id) over (partition by visitor_id order by started_at desc) as next_group,
        count(user_id) over (partition by visitor_id order by started_at) as previous_group
    from sessions
),

stitched as (
    select
        *,
        coalesce(
            max(user_id) over (partition by visitor_id, next_group),
            max(user_id) over (partition by visitor_id, previous_group)
        ) as stitched_user_id,
        -- What came before a session decides about it, too: where it came from, and which visit it is.
        max(load_id) over (partition by visitor_id order by started_at) as changed_load_id
    from grouped
),

final as (
    select
        *,
        coalesce(stitched_user_id, visitor_id) as person_id
    from stitched
)

select * from final
